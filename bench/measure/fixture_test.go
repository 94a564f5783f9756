package measure

import (
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
	"time"

	"fig5/bench/config"
	"fig5/bench/record"
)

// small is a sweep whose runs writeSweep makes up.
const small = `
name: small
data: {name: mixture}
model: {name: toy}
anneal:
  steps: [1, 5]
  baselines: [warm, {name: hot, iterations: [500, 2500]}]
  protocol: [{name: per-level, iterations: 500}, {name: budget, iterations: 2500}]
train: {pretrain: 300, final: 6000, checkpoint: 1000}
fid: {every: 100, samples: 500}
analysis: {lowpass: {name: butterworth, order: 3, cutoff: 0.2}, window: 3000}
seeds: 4
`

func write(t testing.TB, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func loadConfig(t testing.TB, text string, sets ...string) *config.Config {
	t.Helper()
	path := filepath.Join(t.TempDir(), "c.yaml")
	write(t, path, text)
	c, err := config.Load(path, sets)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// writeSweep writes the run folders of a sweep as if it had been trained: curves that fall
// to a plateau and oscillate about it, the less the larger K. The runs of end's keys end as
// its values say: missing, running, failed, diverged, unsettled, won.
func writeSweep(t testing.TB, root string, c *config.Config, end map[string]string) record.Sweep {
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
		how := end[cell.ID]
		if how == "missing" {
			continue
		}
		check(os.MkdirAll(string(dir), 0o755))
		r := record.NewRun(c, cell)
		r.Versions = record.Versions{Fig5: "0123456789abcdef", Go: "go1.24.0"}
		r.Machine = record.Machine{CPU: "a processor", Cores: 2, OS: "linux", Arch: "amd64"}
		r.Started = time.Date(2026, 11, 22, 12, 0, i, 0, time.UTC)
		r.Seconds = 12.5
		if how == "running" || how == "failed" {
			r.State, r.Message = record.State(how), "the worker was killed"
			check(dir.Save(r))
			continue
		}
		n := cell.Iterations / c.FID.Every
		if how == "diverged" {
			n -= 10
		}
		size, phase, from, loss := 0.3/math.Pow(float64(max(cell.K, 1)), 0.35), 6*rng.Float64(), cell.Iterations-c.Train.Final, 1.38
		if how == "won" {
			loss = 5e-4
		}
		var points []record.Point
		for row := range n {
			it := row * c.FID.Every
			since := float64(it - from)
			fid := 2 + 60*math.Exp(-float64(it)/400) + size*math.Sin(since/320+phase) + 0.02*rng.NormFloat64()
			if how == "unsettled" && it < cell.Iterations-2000 {
				fid += 4 // until a late mode transition
			}
			p := record.Point{Iteration: it, Beta: math.Inf(1), FID: fid, DLoss: loss, GLoss: math.NaN(), Modes: 5 - map[bool]int{true: 1}[cell.K == 1 && cell.Seed == 0 && row%5 == 0]}
			left := it
			for _, l := range cell.Levels {
				if left < l.Iterations {
					p.Beta = l.Beta
					break
				}
				left -= l.Iterations
			}
			points = append(points, p)
		}
		check(record.WriteCurve(dir.Curve(), points))
		state, message := record.Done, ""
		if how == "diverged" {
			state, message = record.Diverged, "the FID was not finite"
		} else {
			check(record.WriteCurve(dir.Floor(), frozen(rng, c, 1)))
		}
		check(dir.Finish(r, state, message, r.Started.Add(time.Minute)))
	}
	check(record.WriteCurve(sweep.RealFloor(), frozen(rand.New(rand.NewPCG(9, 9)), c, 2)))
	return sweep
}

// frozen is a curve of nothing but noise, as many rows as some windows have.
func frozen(rng *rand.Rand, c *config.Config, windows int) []record.Point {
	var points []record.Point
	for i := range windows * int(c.Analysis.Window) / c.FID.Every {
		points = append(points, record.Point{Iteration: i * c.FID.Every, Beta: math.Inf(1), FID: 0.1 * math.Exp(0.07*rng.NormFloat64()), DLoss: math.NaN(), GLoss: math.NaN(), Modes: -1})
	}
	return points
}

// writePretraining writes what the cells of a seed share.
func writePretraining(t testing.TB, sweep record.Sweep, c *config.Config, seed int) {
	t.Helper()
	dir := sweep.Pretrain(seed)
	if err := os.MkdirAll(string(dir), 0o755); err != nil {
		t.Fatal(err)
	}
	r := record.NewPretraining(c, seed)
	r.State = record.Done
	if err := dir.Save(r); err != nil {
		t.Fatal(err)
	}
}
