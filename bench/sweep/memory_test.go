package sweep

import (
	"context"
	"fmt"
	"os"
	"testing"

	"fig5/bench/english"
)

// What every worker would fail on is refused before one starts, and before a folder is made.
func TestCheck(t *testing.T) {
	for _, c := range []struct{ data, replace, with, want string }{
		{"", "final: 1500", "final: 1500, device: cuda:0", "train.device: cuda:0: the stand-in has no GPU"},
		{"{name: images, path: pictures}", "", "", "fid.features: raw compares all 12288 numbers of a sample, and a covariance of more than 4096 does not fit beside a worker's others; name a module, {torchscript: FILE}, or choose smaller samples"},
	} {
		replace := []string{c.replace, c.with}
		if c.data != "" {
			replace = []string{"{name: mixture}", c.data, "{name: toy}", "{name: mnist-fc}"}
		}
		runs := t.TempDir()
		_, err := Run(context.Background(), with(t, smallText, replace...), options(runs, nil))
		wantError(t, err, true, c.want)
		if left, err := os.ReadDir(runs); err != nil || len(left) > 0 {
			t.Error(left, err)
		}
	}
	// Grey or not is not known before images are read: 36 × 36 pixels fit in colour.
	for size, ok := range map[string]bool{"36": true, "37": false} {
		c := with(t, smallText, "{name: mixture}", "{name: images, path: pictures, size: "+size+"}", "{name: toy}", "{name: mnist-fc}")
		if err := Check(c); (err == nil) != ok {
			t.Errorf("size %s: %v", size, err)
		}
	}
}

// The memory is that of workers as they were measured, in MB: the largest resident size
// that getrusage told of runs on an AMD EPYC with AVX-512.
func TestMemory(t *testing.T) {
	t.Chdir(t.TempDir())
	pictures(t, "pictures", 4000)
	pictures(t, "few", 500)
	for _, c := range []struct {
		data, model, fid string
		measured         float64
	}{
		{"{name: mixture}", "toy", "{samples: 2000}", 115},
		{"{name: mnist}", "mnist-fc", "{samples: 2000}", 589},
		{"{name: mnist}", "mnist-fc", "{samples: 2000, features: lenet}", 461},
		{"{name: mnist}", "mnist-fc", "{samples: 64}", 517},
		{"{name: images, path: pictures, size: 16}", "mnist-fc", "{samples: 500}", 201},
		{"{name: images, path: pictures, size: 16}", "mnist-fc", "{samples: 2000}", 218},
		{"{name: images, path: pictures, size: 32}", "mnist-fc", "{samples: 1000}", 702},
		{"{name: images, path: pictures, size: 32}", "mnist-fc", "{samples: 3500}", 989},
		{"{name: images, path: few, size: 32}", "dcgan, width: 16", "{samples: 200}", 597},
	} {
		cfg := with(t, smallText, "{name: mixture}", c.data, "{name: toy}", "{name: "+c.model+"}", "seeds: 1", "seeds: 1\nfid: "+c.fid)
		if got := float64(Memory(cfg)) / 1e6; got < 0.85*c.measured || got > 1.25*c.measured {
			t.Errorf("%s %s: %.0f MB, measured %.0f", c.data, c.fid, got, c.measured)
		}
	}
}

// pictures makes a folder of files that are called as images are.
func pictures(t *testing.T, dir string, n int) {
	t.Helper()
	if err := os.Mkdir(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	for i := range n {
		if err := os.WriteFile(fmt.Sprintf("%s/%d.png", dir, i), nil, 0o666); err != nil {
			t.Fatal(err)
		}
	}
}

func TestFit(t *testing.T) {
	c := with(t, smallText)
	need := Memory(c)
	for _, test := range []struct {
		workers int
		free    int64
		want    int
	}{{4, 0, 4}, {4, 4 * need, 4}, {4, 4*need - 1, 3}, {4, need, 1}, {4, need / 2, 1}, {1, need, 1}} {
		got, why := Fit(c, test.workers, test.free)
		if got != test.want || (why != "") != (got < test.workers || test.free > 0 && test.free < need) {
			t.Errorf("%d workers in %d bytes: %d, %q", test.workers, test.free, got, why)
		}
	}
	if free := Free(); free < 0 || free == 0 && exists("/proc/meminfo") {
		t.Errorf("%d bytes are free", free)
	}
}

// A sweep starts no more workers than fit, and says so when it begins.
func TestFewerWorkers(t *testing.T) {
	c := with(t, smallText)
	o := options(t.TempDir(), nil)
	o.Memory = Memory(c)
	running, most, said := 0, 0, ""
	o.Notify = func(e Event) {
		switch e.Kind {
		case Began:
			said = announce(e)
		case Started:
			running++
		case Ended:
			running--
		}
		most = max(most, running)
	}
	mustRun(t, c, o)
	need := english.Bytes(o.Memory)
	if want := fmt.Sprintf("0 of 2 cells are there; 1 worker at a time: a worker takes about %s of memory and %s are free", need, need); most != 1 || said != want {
		t.Errorf("%d workers at a time; %s", most, said)
	}
}
