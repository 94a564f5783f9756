package record

import (
	"os"
	"regexp"
	"runtime"
	"runtime/debug"

	"golang.org/x/sys/cpu"
)

// Versions is the software that a run was made with.
type Versions struct {
	Fig5     string `json:"fig5"` // the commit, with "+changes" where the tree had some
	Go       string `json:"go"`
	Gotch    string `json:"gotch,omitempty"`
	Libtorch string `json:"libtorch,omitempty"`
}

// Machine is the hardware that a run was made on, as far as it decides its bits.
type Machine struct {
	CPU     string `json:"cpu"`
	Cores   int    `json:"cores"`
	OS      string `json:"os"`
	Arch    string `json:"arch"`
	Kernels string `json:"kernels"` // the widest instruction set there is: avx512, avx2, ...
}

// commit is set by the linker: -X fig5/bench/record.commit=...
var commit string

// ThisProgram is the versions of the running program; libtorch's is for the worker to add.
func ThisProgram() Versions {
	v := Versions{Fig5: commit, Go: runtime.Version()}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return v
	}
	for _, m := range info.Deps {
		if m.Path == "github.com/sugarme/gotch" {
			v.Gotch = m.Version
		}
	}
	vcs := map[string]string{} // what `go build` noted
	for _, s := range info.Settings {
		vcs[s.Key] = s.Value
	}
	if v.Fig5 == "" {
		v.Fig5 = vcs["vcs.revision"]
		if v.Fig5 != "" && vcs["vcs.modified"] == "true" {
			v.Fig5 += "+changes"
		}
	}
	return v
}

// ThisMachine is the machine the program runs on.
func ThisMachine() Machine {
	return Machine{CPU: cpuModel(), Cores: runtime.NumCPU(), OS: runtime.GOOS, Arch: runtime.GOARCH, Kernels: kernels()}
}

// kernels tells the instruction sets apart that libtorch and MKL have own kernels for.
func kernels() string {
	switch {
	case cpu.X86.HasAVX512F && cpu.X86.HasAVX512VL && cpu.X86.HasAVX512BW && cpu.X86.HasAVX512DQ:
		return "avx512"
	case cpu.X86.HasAVX2 && cpu.X86.HasFMA:
		return "avx2"
	case cpu.X86.HasAVX:
		return "avx"
	case cpu.ARM64.HasSVE:
		return "sve"
	case cpu.ARM64.HasASIMD:
		return "neon"
	}
	return "default"
}

var modelName = regexp.MustCompile(`(?m)^model name\s*:\s*(.*\S)`)

// cpuModel is the processor's name where the system tells it, else the architecture.
func cpuModel() string {
	text, _ := os.ReadFile("/proc/cpuinfo")
	if m := modelName.FindSubmatch(text); m != nil {
		return string(m[1])
	}
	return runtime.GOARCH
}
