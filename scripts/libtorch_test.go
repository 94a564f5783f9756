// Package scripts has the test of what scripts/libtorch.sh refuses.
package scripts

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// tree makes the files of a libtorch, by their path; a folder of it is what LIBTORCH names.
func tree(t *testing.T, files map[string]string) string {
	t.Helper()
	root := filepath.Join(t.TempDir(), "torch")
	for path, text := range files {
		path = filepath.Join(root, path)
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

// version is the headers of a libtorch, as they are until 2.8.
func version(major, minor string) string {
	return "#define TORCH_VERSION_MAJOR " + major + "\n#define TORCH_VERSION_MINOR " + minor + "\n#define TORCH_VERSION_PATCH 0\n"
}

// programs is a folder with links to the programs that the script uses, but those left out.
func programs(t *testing.T, without ...string) string {
	t.Helper()
	dir := t.TempDir()
	for _, name := range []string{"bash", "go", "gcc", "g++", "ar", "python3", "sha256sum", "flock", "uname", "sed", "awk", "grep", "cat", "sort", "cut", "mkdir", "mktemp", "mv", "rm", "tail", "head", "cp", "dirname"} {
		path, err := exec.LookPath(name)
		if err != nil || strings.Contains(" "+strings.Join(without, " ")+" ", " "+name+" ") {
			continue
		}
		// A script, since gcc looks for its parts beside the link.
		if err := os.WriteFile(filepath.Join(dir, name), []byte("#!/bin/sh\nexec "+path+" \"$@\"\n"), 0o777); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// What can be wrong with a libtorch is one line that says so, and exit code 2.
func TestRefused(t *testing.T) {
	const header, lib, v = "include/ATen/ATen.h", "lib/libtorch_cpu.so", "include/torch/csrc/api/include/torch/version.h"
	plain := os.Getenv("PATH")
	old := tree(t, map[string]string{header: "", lib: "", v: version("2", "0")})
	future := tree(t, map[string]string{header: "#error C++99 or later compatible compiler is required to use ATen.\n", lib: "", v: version("2", "15"), "lib/libc10.so": ""})
	bare := t.TempDir() // a Python that has no PyTorch
	if err := os.WriteFile(filepath.Join(bare, "python3"), []byte("#!/bin/sh\necho\n"), 0o777); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct{ libtorch, path, want string }{
		"no folder":    {"/nosuch", plain, `LIBTORCH=/nosuch is not a folder`},
		"empty":        {t.TempDir(), plain, `holds no lib/libtorch_cpu\.so: it should be`},
		"no headers":   {tree(t, map[string]string{lib: ""}), plain, `the headers of libtorch are missing`},
		"ROCm":         {tree(t, map[string]string{lib: "", "lib/libtorch_hip.so": ""}), plain, `is built for ROCm; a PyTorch for the CPU or CUDA is needed`},
		"too old":      {old, plain, `is libtorch 2\.0\.0; 2\.1 or later is needed`},
		"C++ too new":  {future, plain, `libtorch 2\.15\.0 needs C\+\+99, which .* cannot compile: install a newer g\+\+`},
		"no PyTorch":   {"python", bare + ":" + plain, `python3 has no PyTorch: activate the environment that has it, or pip install torch`},
		"no compiler":  {old, programs(t, "g++"), `g\+\+ is not installed \(Debian/Ubuntu: apt-get install build-essential python3\)`},
		"spaces":       {tree(t, map[string]string{"a b/lib": ""}) + "/a b", plain, `cannot hold a path with spaces`},
		"no Python 3":  {old, programs(t, "python3"), `python3 is not installed`},
		"one too deep": {filepath.Join(old, "lib"), plain, `holds no lib/libtorch_cpu\.so`},
	} {
		t.Run(name, func(t *testing.T) {
			cmd := exec.Command("bash", "libtorch.sh")
			cmd.Env = append(os.Environ(), "LIBTORCH="+c.libtorch, "PATH="+c.path, "XDG_CACHE_HOME="+t.TempDir())
			text, err := cmd.CombinedOutput()
			if cmd.ProcessState.ExitCode() != 2 || !regexp.MustCompile(`\Ascripts/libtorch\.sh: .*`+c.want+`.*\n\z`).Match(text) {
				t.Errorf("%v: %q, want %s", err, text, c.want)
			}
		})
	}
}
