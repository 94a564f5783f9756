//go:build cgo

package gan

import (
	"context"
	"errors"
	"fmt"
	"image"
	"image/png"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"fig5/bench/config"
	"fig5/bench/nn"
	"fig5/bench/record"
	"fig5/bench/rng"
)

// small is a sweep of a few hundred iterations with every stage in it.
const small = `
name: small
data: {name: mixture}
model: {name: toy}
anneal: {steps: [1, 2], baselines: [cold, warm, hot], protocol: [{name: budget, iterations: 130}]}
train: {pretrain: 70, final: 200, checkpoint: 90}
fid: {every: 20, samples: 300}
analysis: {window: 100}
seeds: 1
`

func load(t testing.TB, sets ...string) *config.Config {
	t.Helper()
	model := func(name string) bool {
		return slices.ContainsFunc(sets, func(s string) bool { return strings.HasPrefix(s, "model") && strings.Contains(s, name) })
	}
	if slices.Contains(sets, "model.name=mnist-fc") || slices.Contains(sets, "model=mnist-fc") {
		sets = append([]string{"data={name: mnist, path: ../data/testdata/idx}", "anneal.protocol.0.iterations=30",
			"train.pretrain=10", "train.final=60", "train.checkpoint=25", "fid.every=10", "analysis.window=30"}, sets...)
	}
	if model("dcgan") {
		sets = append([]string{fmt.Sprintf("data={name: images, size: 32, path: %q}", pictures(t)), "anneal.protocol.0.iterations=10",
			"train.pretrain=5", "train.final=20", "train.checkpoint=8", "fid.every=5", "fid.samples=70", "analysis.window=10"}, sets...)
	}
	path := filepath.Join(t.TempDir(), "small.yaml")
	if err := os.WriteFile(path, []byte(small), 0o666); err != nil {
		t.Fatal(err)
	}
	c, err := config.Load(path, sets)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// pictures draws a folder of 50 pictures in grey: discs of every place, size and shade.
func pictures(t testing.TB) string {
	t.Helper()
	dir, s := t.TempDir(), rng.New(1, "pictures")
	for i := range 50 {
		img := image.NewGray(image.Rect(0, 0, 32, 32))
		x, y, r, shade := s.IntN(32), s.IntN(32), 4+s.IntN(12), uint8(s.IntN(256))
		for v := range 32 {
			for u := range 32 {
				if img.Pix[32*v+u] = uint8(8 * v); (u-x)*(u-x)+(v-y)*(v-y) < r*r {
					img.Pix[32*v+u] = shade
				}
			}
		}
		f, err := os.Create(filepath.Join(dir, fmt.Sprintf("%02d.png", i)))
		if err == nil {
			err = errors.Join(png.Encode(f, img), f.Close())
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// cell prepares the run folder of one cell in a sweep folder of its own.
func cell(t testing.TB, c *config.Config, id string) record.Dir {
	t.Helper()
	for _, cell := range c.Cells() {
		if cell.ID == id {
			dir := record.OpenSweep(t.TempDir(), c.Name).Cell(id)
			if err := os.MkdirAll(string(dir), 0o777); err != nil {
				t.Fatal(err)
			}
			if err := dir.Save(record.NewRun(c, cell)); err != nil {
				t.Fatal(err)
			}
			return dir
		}
	}
	t.Fatalf("no cell %s", id)
	return ""
}

// files are the results of a finished run: curve, floors and samples.
func files(t testing.TB, dir record.Dir) map[string]string {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(dir.Samples(), "*.npy"))
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for _, path := range append(paths, dir.Curve(), dir.Floor(), dir.Checkpoint(), dir.Sweep().RealFloor()) {
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		out[filepath.Base(path)] = string(b)
	}
	return out
}

func same(t *testing.T, got, want map[string]string) {
	t.Helper()
	if len(got) != len(want) {
		t.Errorf("%d files, want %d", len(got), len(want))
	}
	for name := range want {
		if got[name] != want[name] {
			t.Errorf("%s: differs from that of the undisturbed run", name)
		}
	}
}

// TestResume stops a run at every place it can be stopped, and sometimes loses what
// was written after the checkpoint, as a kill does: the files come out the same.
func TestResume(t *testing.T) {
	for _, test := range []struct {
		model, id          string
		rowsAtATime, stops int
	}{{"toy", "cold-s00", 2, 5}, {"toy", "geometric-budget130-k02-s00", 2, 8}, {"mnist-fc", "geometric-budget30-k02-s00", 3, 3}, {"{name: dcgan, width: 2}", "geometric-budget10-k02-s00", 2, 2}} {
		t.Run(test.model+" "+test.id, func(t *testing.T) {
			c, id := load(t, "model="+test.model), test.id
			whole := cell(t, c, id)
			if err := Run(context.Background(), whole, nil); err != nil {
				t.Fatal(err)
			}
			want := files(t, whole)
			checkRun(t, whole)

			dir := cell(t, c, id)
			stops := 0
			for {
				ctx, cancel := context.WithCancel(context.Background())
				rows := 0
				err := Run(ctx, dir, func(Progress) {
					if rows++; rows == test.rowsAtATime {
						cancel()
					}
				})
				cancel()
				if err == nil {
					break
				}
				if !errors.Is(err, ErrStopped) {
					t.Fatal(err)
				}
				stops++
				if f, err := os.OpenFile(dir.Curve(), os.O_WRONLY|os.O_APPEND, 0); err == nil && stops%2 == 0 {
					fmt.Fprint(f, "100000,inf,1,,,5\n1000") // rows of a killed run, the last one torn
					f.Close()
				}
			}
			if stops < test.stops {
				t.Errorf("stopped %d times, expected at least %d", stops, test.stops)
			}
			same(t, files(t, dir), want)
		})
	}
}

// checkRun looks at a finished run as its user would.
func checkRun(t *testing.T, dir record.Dir) {
	t.Helper()
	r, err := dir.Load()
	if err != nil {
		t.Fatal(err)
	}
	if r.State != record.Done || r.Step != int64(r.Cell.Iterations) || r.Seconds <= 0 || r.Versions.Libtorch != nn.LibtorchVersion() {
		t.Errorf("run.json: state %s, step %d of %d, %g s, libtorch %q", r.State, r.Step, r.Cell.Iterations, r.Seconds, r.Versions.Libtorch)
	}
	if err := dir.CheckFiles(r); err != nil {
		t.Error(err)
	}
	points, err := record.ReadCurve(dir.Curve())
	if err != nil {
		t.Fatal(err)
	}
	if err := r.CheckCurve(points); err != nil {
		t.Error(err)
	}
	for i, p := range points {
		if known := !math.IsNaN(p.DLoss); known != (i > 0) {
			t.Errorf("row %d: d_loss known: %v", i, known)
		}
	}
	floor, err := record.ReadCurve(dir.Floor())
	if err != nil {
		t.Fatal(err)
	}
	if want := int(r.Config.Analysis.Window) / r.Config.FID.Every; len(floor) != want {
		t.Errorf("floor.csv has %d rows, the window %d", len(floor), want)
	}
}

// TestSharedPretraining: a cell that finds its seed's pretraining done ends with the
// same bytes as one that made it.
func TestSharedPretraining(t *testing.T) {
	c := load(t)
	first := cell(t, c, "warm-s00")
	if err := Run(context.Background(), first, nil); err != nil {
		t.Fatal(err)
	}
	second := cell(t, c, "hot-s00")
	if err := Run(context.Background(), second, nil); err != nil {
		t.Fatal(err)
	}
	want := files(t, second)
	beside := first.Sweep().Cell("hot-s00")
	if err := os.MkdirAll(string(beside), 0o777); err != nil {
		t.Fatal(err)
	}
	r, err := second.Load()
	if err != nil {
		t.Fatal(err)
	}
	if err := beside.Save(record.NewRun(c, r.Cell)); err != nil {
		t.Fatal(err)
	}
	if err := Run(context.Background(), beside, nil); err != nil {
		t.Fatal(err)
	}
	same(t, files(t, beside), want)
}

// TestDivergence: a run that leaves the numbers is a result, with the rows it had. A
// parameter of its checkpoint is made NaN, since no learning rate is sure to do it.
func TestDivergence(t *testing.T) {
	dir := cell(t, load(t), "cold-s00")
	ctx, cancel := context.WithCancel(context.Background())
	rows := 0
	err := Run(ctx, dir, func(Progress) {
		if rows++; rows == 3 {
			cancel()
		}
	})
	if !errors.Is(err, ErrStopped) {
		t.Fatal(err)
	}
	c, err := record.LoadCheckpoint(dir.Checkpoint())
	if err != nil {
		t.Fatal(err)
	}
	c.Arrays["generator_params"][0] = float32(math.NaN())
	if err := c.Save(dir.Checkpoint()); err != nil {
		t.Fatal(err)
	}
	if err := Run(context.Background(), dir, nil); err != nil {
		t.Fatal(err)
	}
	r, err := dir.Load()
	if err != nil {
		t.Fatal(err)
	}
	if r.State != record.Diverged || r.Message == "" {
		t.Errorf("state %s, message %q", r.State, r.Message)
	}
	points, err := record.ReadCurve(dir.Curve())
	if err != nil || len(points) != rows {
		t.Errorf("curve of %d rows, want the %d before: %v", len(points), rows, err)
	}
}

// TestEnginesAgree: the fused kernels and libtorch's operators train alike. Adam turns
// a rounding of a tiny gradient into a step of its full length, so runs drift apart;
// package nn compares single steps to rounding.
func TestEnginesAgree(t *testing.T) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	for model, id := range map[string]string{"toy": "geometric-budget130-k02-s00", "mnist-fc": "geometric-budget30-k02-s00", "{name: dcgan, width: 2}": "geometric-budget10-k02-s00"} {
		fids := map[string][]record.Point{}
		for _, engine := range []string{"torch", "auto"} {
			c := load(t, "model="+model, "train.engine="+engine)
			dir := cell(t, c, id)
			if err := Run(context.Background(), dir, nil); err != nil {
				t.Fatal(err)
			}
			points, err := record.ReadCurve(dir.Curve())
			if err != nil {
				t.Fatal(err)
			}
			fids[engine] = points
		}
		for i, p := range fids["torch"][:4] {
			if q := fids["auto"][i]; math.Abs(p.FID-q.FID) > 5e-3*p.FID {
				t.Errorf("%s: FID at iteration %d: torch %g, auto %g", model, p.Iteration, p.FID, q.FID)
			}
		}
	}
}
