package report

import (
	"bytes"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"fig5/bench/config"
	"fig5/bench/record"
)

// writeSweep writes the run folders of a sweep as if it had been trained: curves that
// fall to a plateau and oscillate about it, the less the larger K. The first runs
// of spoil's keys end as its values say.
func writeSweep(t testing.TB, root string, c *config.Config, spoil map[string]string) record.Sweep {
	t.Helper()
	check := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	sweep := record.OpenSweep(root, c.Name)
	for i, cell := range c.Cells() {
		rng := rand.New(rand.NewPCG(7, uint64(i)))
		dir := sweep.Cell(cell.ID)
		check(os.MkdirAll(string(dir), 0o755))
		r := record.NewRun(c, cell)
		r.Versions = record.Versions{Fig5: "0123456789abcdef", Go: "go1.24.0", Gotch: "v0.9.1", Libtorch: "2.1.0"}
		r.Machine = record.Machine{CPU: "a processor", Cores: 2, OS: "linux", Arch: "amd64", Kernels: "avx2"}
		r.Started = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
		r.Seconds = 12.5
		state := spoil[cell.ID]
		switch state {
		case "missing":
			continue
		case "running", "failed":
			r.State, r.Message = record.State(state), "the worker was killed"
			check(dir.Save(r))
			continue
		}
		size, level := 0.012*math.Exp(0.5*rng.NormFloat64())/math.Pow(float64(max(cell.K, 1)), 0.35), 0.008
		if cell.Baseline == "cold" {
			size, level = 6*size, 0.03
		}
		modes := 5
		if rng.Float64() < 20*size {
			modes = 4
		}
		var points []record.Point
		n := (cell.Iterations + c.FID.Every - 1) / c.FID.Every
		if state == "diverged" {
			n /= 2
		}
		phase := 6 * rng.Float64()
		for row := range n {
			it := row * c.FID.Every
			beta, from := betaAt(cell, it)
			p := record.Point{Iteration: it, Beta: beta, DLoss: math.NaN(), GLoss: math.NaN(), Modes: modes}
			since := float64(it - from)
			fid := level + 0.3*math.Exp(-since/250) + size/2*math.Sin(since/320+phase)
			if state == "unsettled" && since > 2500 {
				fid += 0.2
			}
			p.FID = math.Max(fid, level/8) * math.Exp(0.05*rng.NormFloat64())
			points = append(points, p)
		}
		check(record.WriteCurve(dir.Curve(), points))
		check(record.WriteCurve(dir.Floor(), frozen(rng, c, level)))
		if state == "diverged" {
			check(dir.Finish(r, record.Diverged, "the FID was not finite at iteration 3300", r.Started.Add(time.Minute)))
			continue
		}
		check(dir.Finish(r, record.Done, "", r.Started.Add(time.Minute)))
	}
	check(record.WriteCurve(sweep.RealFloor(), frozen(rand.New(rand.NewPCG(9, 9)), c, 0.0008)))
	return sweep
}

// frozen is a curve of nothing but noise, as many rows as the window has.
func frozen(rng *rand.Rand, c *config.Config, level float64) []record.Point {
	var points []record.Point
	for i := range int(c.Analysis.Window) / c.FID.Every {
		points = append(points, record.Point{Iteration: i * c.FID.Every, Beta: math.Inf(1), FID: level * math.Exp(0.07*rng.NormFloat64()), DLoss: math.NaN(), GLoss: math.NaN(), Modes: -1})
	}
	return points
}

// betaAt is the level of an iteration and where β = ∞ begins.
func betaAt(cell config.Cell, it int) (beta float64, from int) {
	beta = -1
	for _, l := range cell.Levels {
		if math.IsInf(l.Beta, 1) {
			break
		}
		if beta < 0 && it < from+l.Iterations {
			beta = l.Beta
		}
		from += l.Iterations
	}
	if beta < 0 {
		beta = math.Inf(1)
	}
	return beta, from
}

func loadConfig(t testing.TB, path string, sets ...string) *config.Config {
	t.Helper()
	c, err := config.Load(path, sets)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// fixture is the committed fixture, trained by nobody: UPDATE=1 go test writes it anew.
func fixture(t testing.TB) (*config.Config, record.Sweep) {
	t.Helper()
	c := loadConfig(t, "testdata/small.yaml")
	sweep := record.OpenSweep("testdata/runs/recorded", c.Name)
	if os.Getenv("UPDATE") != "" {
		if err := os.RemoveAll(string(sweep)); err != nil {
			t.Fatal(err)
		}
		writeSweep(t, "testdata/runs/recorded", c, map[string]string{"geometric-budget500-k01-s03": "unsettled", "warm-s02": "diverged"})
	}
	return c, sweep
}

// golden compares got with testdata/name, which UPDATE=1 writes.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if os.Getenv("UPDATE") != "" {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Equal(got, want) {
		return
	}
	a, b := strings.Split(string(got), "\n"), strings.Split(string(want), "\n")
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			t.Fatalf("%s:%d: is\n%s\nwant\n%s\n(UPDATE=1 go test writes it anew)", path, i+1, a[i], b[i])
		}
	}
	t.Fatalf("%s: %d lines, want %d", path, len(a), len(b))
}

func TestWriteLook(t *testing.T) {
	dir := os.Getenv("FIGURES")
	if dir == "" {
		t.Skip("FIGURES names no folder")
	}
	c := loadConfig(t, "testdata/small.yaml", "seeds=8", "anneal.steps=[1,2,5]", "anneal.baselines=[cold,warm,hot]")
	d, err := Load(c, writeSweep(t, t.TempDir(), c, map[string]string{"geometric-budget500-k02-s01": "unsettled", "cold-s02": "diverged", "warm-s01": "missing"}))
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Write(dir+"/small", "max_to_min"); err != nil {
		t.Fatal(err)
	}
	r, _ := d.Report("max_to_min")
	d.WriteText(os.Stdout, r)
	d.WriteAgainst(os.Stdout, Against(r, r), "runs/recorded/small")
}

func BenchmarkThousandRuns(b *testing.B) {
	c := loadConfig(b, "testdata/small.yaml", "seeds=100", "anneal.steps=[1,2,3,5,7,10,20]", "train.final=100000", "analysis.window=50000", "analysis.knee.least=3000")
	sweep := writeSweep(b, b.TempDir(), c, nil)
	for b.Loop() {
		d, err := Load(c, sweep)
		if err != nil {
			b.Fatal(err)
		}
		out := fmt.Sprintf("%s/%d", b.TempDir(), b.N)
		if err := d.Write(out, "max_to_min"); err != nil {
			b.Fatal(err)
		}
	}
}
