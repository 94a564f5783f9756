package sweep

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fig5/bench/config"
	"fig5/bench/record"
	"fig5/bench/sweep/sweeptest"
)

// TestMain makes the test binary serve as two other programs: the worker, when it is
// called as one, and as "sweep CONFIG RUNS" a program that runs a sweep and writes
// the processes that stall to its standard output.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 {
		switch os.Args[1] {
		case "train", "device":
			sweeptest.Main()
		case "sweep":
			c, err := config.Load(os.Args[2], nil)
			if err == nil {
				_, err = Run(context.Background(), c, Options{
					Runs: os.Args[3], Jobs: 2, Worker: os.Args[0],
					Notify: func(e Event) {
						if pid := stalledPID(e); pid > 0 {
							fmt.Println(pid)
						}
					},
				})
			}
			if err != nil {
				fmt.Println(err)
				os.Exit(1)
			}
			os.Exit(0)
		}
	}
	// These tests sync thousands of small files; killed processes, unlike a power cut,
	// are no different on a disk in memory.
	if info, err := os.Stat("/dev/shm"); err == nil && info.IsDir() && os.Getenv("TMPDIR") == "" {
		os.Setenv("TMPDIR", "/dev/shm")
	}
	flag.Set("rapid.checks", "8") // processes are slow; -rapid.checks asks for more
	os.Exit(m.Run())
}

// sweepText has seven cells for each of two seeds: three baselines, K = 1 and 3 by two
// protocols.
const sweepText = `name: tiny
data: {name: mixture}
model: {name: toy}
anneal:
  steps: [1, 3]
  baselines: [cold, warm, hot]
  protocol: [{name: budget, iterations: 600}, {name: per-level, iterations: 300}]
train: {pretrain: 400, final: 2000, checkpoint: 2000}
analysis: {window: 1000}
seeds: 2
`

// smallText is a sweep of two cells with a pretraining.
const smallText = `name: tiny
data: {name: mixture}
model: {name: toy}
anneal: {steps: [2], baselines: [cold], protocol: [{name: budget, iterations: 600}]}
train: {pretrain: 400, final: 1500, checkpoint: 500}
analysis: {window: 500}
seeds: 1
`

const (
	smallCell     = "geometric-budget600-k02-s00"
	smallCold     = "cold-s00"
	smallPretrain = "pretrain-s00"
)

// writeConfig writes a sweep with some of its text replaced: old, new, old, new...
func writeConfig(t testing.TB, text string, replace ...string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "tiny.yaml")
	if err := os.WriteFile(path, []byte(strings.NewReplacer(replace...).Replace(text)), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

func loadConfig(t testing.TB, path string) *config.Config {
	t.Helper()
	c, err := config.Load(path, nil)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// with is smallText or sweepText as a config.
func with(t testing.TB, text string, replace ...string) *config.Config {
	t.Helper()
	return loadConfig(t, writeConfig(t, text, replace...))
}

// faults tells the workers of this test what goes wrong, each once.
func faults(t *testing.T, faults ...string) {
	t.Helper()
	t.Setenv(sweeptest.Faults, strings.Join(faults, ","))
	t.Setenv(sweeptest.Once, t.TempDir())
}

// options runs in runs with the fake worker, two at a time.
func options(runs string, notify func(Event)) Options {
	return Options{Runs: runs, Jobs: 2, Worker: os.Args[0], Notify: notify}
}

// mustRun runs the sweep to its end, which must be complete.
func mustRun(t testing.TB, c *config.Config, o Options) Result {
	t.Helper()
	r, err := Run(context.Background(), c, o)
	if err != nil {
		t.Fatal(err)
	}
	if !r.Complete() || r.Stopped || len(r.Failed) > 0 {
		t.Fatalf("not complete: %+v", r)
	}
	return r
}

// undisturbed is the files of a sweep that nothing happened to.
func undisturbed(t testing.TB, c *config.Config) map[string]string {
	t.Helper()
	runs := t.TempDir()
	mustRun(t, c, Options{Runs: runs, Jobs: 1, Worker: os.Args[0]})
	return tree(t, runs)
}

// tree is the content of every file below a folder.
func tree(t testing.TB, root string) map[string]string {
	t.Helper()
	files := map[string]string{}
	err := filepath.WalkDir(root, func(path string, e fs.DirEntry, err error) error {
		if err == nil && e.Name() == ".lease" { // of a folder that was ended before its holder died
			return fs.SkipDir
		}
		if err != nil || e.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		files[strings.TrimPrefix(path, root)] = string(b)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// wantTree checks that two trees have the same files with the same bytes.
func wantTree(t testing.TB, have, want map[string]string) {
	t.Helper()
	for path := range want {
		if _, ok := have[path]; !ok {
			t.Errorf("%s: is missing", path)
		} else if have[path] != want[path] {
			t.Errorf("%s: differs from the undisturbed run's\nhave %.2000s\nwant %.2000s", path, have[path], want[path])
		}
	}
	for path := range have {
		if _, ok := want[path]; !ok {
			t.Errorf("%s: is not left by an undisturbed run", path)
		}
	}
}

func wantState(t testing.TB, runs, id string, state record.State, message string) {
	t.Helper()
	d := record.OpenSweep(runs, "tiny").Cell(id)
	if id == smallPretrain {
		d = record.OpenSweep(runs, "tiny").Pretrain(0)
	}
	r, err := d.Load()
	if err != nil {
		t.Error(err)
	} else if r.State != state || r.Message != message {
		t.Errorf("%s: %s %q, want %s %q", id, r.State, r.Message, state, message)
	}
}

func wantError(t testing.TB, err error, input bool, want string) {
	t.Helper()
	if err == nil {
		t.Errorf("no error, want %s", want)
	} else if err.Error() != want || errors.As(err, new(InputError)) != input {
		t.Errorf("error (input %v)\n have %v\n want %s", errors.As(err, new(InputError)), err, want)
	}
}
