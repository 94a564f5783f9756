package bundle

import (
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"fig5/bench/config"
	"fig5/bench/record"
)

// small is a sweep of every kind of group, short enough for a test.
const small = `base: base.yaml
name: small
anneal: {steps: [1, 2], baselines: [cold, hot], protocol: [{name: budget, iterations: 500}]}
seeds: 3
`

const base = `name: base
data: {name: mixture}
model: {name: toy}
anneal: {steps: [1]}
train: {pretrain: 300, final: 6000, checkpoint: 500}
analysis: {lowpass: {name: butterworth, order: 3, cutoff: 0.2}, knee: {name: none}, window: 5000}
`

// open writes the two files into a folder and reads the sweep, whose runs are in runs.
func open(t testing.TB, text, runs string, sets ...string) Sweep {
	t.Helper()
	dir := t.TempDir()
	write(t, filepath.Join(dir, "base.yaml"), base)
	path := filepath.Join(dir, "small.yaml")
	write(t, path, text)
	c, err := config.Load(path, sets)
	if err != nil {
		t.Fatal(err)
	}
	sources, err := config.Sources(path)
	if err != nil {
		t.Fatal(err)
	}
	return Sweep{Config: c, Dir: record.OpenSweep(runs, c.Name), Sources: sources, Sets: sets}
}

func write(t testing.TB, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// train writes the run folders of a sweep as if it had been trained; state says how
// some of its cells ended.
func train(t testing.TB, s Sweep, state map[string]record.State) {
	t.Helper()
	check := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	c := s.Config
	for i, cell := range c.Cells() {
		rng := rand.New(rand.NewPCG(3, uint64(i)))
		dir := s.Dir.Cell(cell.ID)
		check(os.MkdirAll(string(dir), 0o755))
		r := record.NewRun(c, cell)
		r.Versions = record.Versions{Fig5: "0123456789abcdef0123456789abcdef01234567", Go: "go1.24.0", Gotch: "v0.9.1", Libtorch: "2.1.0"}
		r.Machine = record.Machine{CPU: "a processor", Cores: 2, OS: "linux", Arch: "amd64", Kernels: "avx2"}
		r.Started, r.Seconds = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC), 12.5
		switch state[cell.ID] {
		case record.Running:
			check(dir.Save(r))
			continue
		case record.Failed:
			r.State, r.Message = record.Failed, "/home/someone/runs/x.npz: no space left"
			check(dir.Save(r))
			continue
		}
		final := cell.Iterations - c.Train.Final
		size := 0.02 * math.Exp(0.3*rng.NormFloat64()) / math.Pow(1+float64(final)/500, 0.4)
		var curve, floor []record.Point
		for it := 0; it < cell.Iterations; it += c.FID.Every {
			at, beta := 0, math.Inf(1)
			for _, l := range cell.Levels {
				if at += l.Iterations; it < at {
					beta = l.Beta
					break
				}
			}
			fid := 0.01 + math.Abs(size*(1+math.Sin(float64(it-final)/300)))*math.Exp(0.05*rng.NormFloat64())
			curve = append(curve, record.Point{Iteration: it, Beta: beta, FID: fid, DLoss: math.NaN(), GLoss: math.NaN(), Modes: 5})
		}
		for it := 0; it < int(c.Analysis.Window); it += c.FID.Every {
			floor = append(floor, record.Point{Iteration: it, Beta: math.Inf(1), FID: 0.01 * math.Exp(0.02*rng.NormFloat64()), DLoss: math.NaN(), GLoss: math.NaN(), Modes: -1})
		}
		end := record.Done
		if state[cell.ID] == record.Diverged {
			end, curve = record.Diverged, curve[:len(curve)/2]
		}
		check(record.WriteCurve(dir.Curve(), curve))
		if end == record.Done {
			check(record.WriteCurve(dir.Floor(), floor))
		}
		check(dir.Finish(r, end, "", r.Started.Add(time.Minute)))
		if i == 0 {
			check(record.WriteCurve(s.Dir.RealFloor(), floor))
		}
	}
	for _, seed := range c.Seeds {
		dir := s.Dir.Pretrain(seed)
		check(os.MkdirAll(string(dir), 0o755))
		check(dir.Finish(record.NewPretraining(c, seed), record.Done, "", time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)))
	}
}

// folder is where the runs are that tests share.
var folder string

func TestMain(m *testing.M) {
	var err error
	if folder, err = os.MkdirTemp("", "fig5-bundle-test-"); err != nil {
		panic(err)
	}
	code := m.Run()
	os.RemoveAll(folder)
	os.Exit(code)
}

// commit is the program that made the bundle that tests share.
const commit = "0123456789abcdef"

var shared struct {
	sync.Once
	sweep Sweep
	files Files
}

// bundled is the small sweep, trained, and the files of its bundle: made once, to be left
// as they are.
func bundled(t testing.TB) (Sweep, Files) {
	t.Helper()
	shared.Do(func() {
		pretend(t, commit)
		s := open(t, small, filepath.Join(folder, "runs"), "analysis.window=4000")
		train(t, s, nil)
		files, err := Build([]Sweep{s}, byMaxToMin)
		if err != nil {
			t.Fatal(err)
		}
		shared.sweep, shared.files = s, files
	})
	return shared.sweep, shared.files
}

var byMaxToMin = Options{Measure: "max_to_min"}

// plainFiles is a bundle without its figures, which take the time and hold no number that is
// checked.
func plainFiles(t testing.TB, o Options, sweeps ...Sweep) Files {
	t.Helper()
	files, err := build(sweeps, o, figureless)
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func figureless(name string) bool { return isNumbers(name) || !strings.HasPrefix(name, "report/") }

// pretend makes the running program one of a known commit while t runs.
func pretend(t testing.TB, commit string) {
	t.Helper()
	old := thisProgram
	p := old()
	p.Fig5 = commit
	thisProgram = func() Program { return p }
	t.Cleanup(func() { thisProgram = old })
}

// written is a bundle of these files.
func written(t testing.TB, files Files) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "x.zip")
	if err := Write(path, files); err != nil {
		t.Fatal(err)
	}
	return path
}

// check opens, unpacks and recomputes the bundle at path: the first thing that is
// wrong, or what was found.
func check(t testing.TB, path string) (*Recomputed, error) {
	t.Helper()
	a, err := Open(path)
	if err != nil {
		return nil, err
	}
	dir := t.TempDir()
	if err := a.Unpack(dir); err != nil {
		t.Fatal(err)
	}
	r, err := a.Recompute(dir)
	if err == nil && len(r.Problems) > 0 {
		err = fmt.Errorf("%s: %s", path, r.Problems[0])
	}
	return r, err
}
