package record

import (
	"math"
	"os"
	"strings"
	"testing"
	"time"
)

// finished is the folder of a cold cell that is done.
func finished(t *testing.T) (Dir, *Run) {
	t.Helper()
	c := sweep(t)
	d, r := Dir(t.TempDir()), NewRun(c, cell(t, c, "cold-s00"))
	var curve []Point
	for i := 0; i < 2000; i += 100 {
		curve = append(curve, Point{Iteration: i, Beta: math.Inf(1), FID: 1 / float64(i+1), Modes: 5})
	}
	for _, err := range []error{
		WriteCurve(d.Curve(), curve),
		WriteCurve(d.Floor(), curve[:10]),
		(&Checkpoint{Step: 2000, Rows: 20}).Save(d.Checkpoint()),
		d.Finish(r, Done, "", time.Unix(0, 0)),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	return d, r
}

func TestVerify(t *testing.T) {
	for name, x := range map[string]struct {
		harm func(d Dir, r *Run) error
		want []string // substrings, one for each error
	}{
		"whole":         {func(Dir, *Run) error { return nil }, nil},
		"no checkpoint": {func(d Dir, _ *Run) error { return os.Remove(d.Checkpoint()) }, nil},
		"no curve": {func(d Dir, _ *Run) error { return os.Remove(d.Curve()) },
			[]string{"DIR/curve.csv: no such file or directory"}},
		"no floor": {func(d Dir, _ *Run) error { return os.Remove(d.Floor()) },
			[]string{"DIR/floor.csv: no such file or directory"}},
		"cut curve": {func(d Dir, _ *Run) error { return os.Truncate(d.Curve(), 100) },
			[]string{"DIR/curve.csv: is not the file the run ended with (100 bytes", "DIR/curve.csv:4: the file ends within a line"}},
		"cut checkpoint": {func(d Dir, _ *Run) error { return os.Truncate(d.Checkpoint(), 100) },
			[]string{"DIR/checkpoint.npz: is not a whole .npz file: zip: not a valid zip file"}},
		"old checkpoint": {func(d Dir, _ *Run) error { return (&Checkpoint{Step: 1500, Rows: 15}).Save(d.Checkpoint()) },
			[]string{"DIR/checkpoint.npz: is of iteration 1500 of 2000", "DIR/checkpoint.npz: knows 15 rows of the curve, there are 20"}},
		"another seed": {func(_ Dir, r *Run) error { r.Cell.Seed = 5; return nil },
			[]string{"DIR/run.json: fingerprint: "}},
		"short curve": {func(d Dir, r *Run) error {
			return firstError(WriteCurve(d.Curve(), []Point{{Beta: math.Inf(1)}}), d.Finish(r, Done, "", time.Unix(0, 0)))
		}, []string{"DIR/curve.csv: 1 rows, want 20 for 2000 iterations", "knows 20 rows of the curve, there are 1"}},
		"uneven floor": {func(d Dir, r *Run) error {
			return firstError(WriteCurve(d.Floor(), []Point{{Iteration: 1, Beta: math.Inf(1)}}), d.Finish(r, Done, "", time.Unix(0, 0)))
		}, []string{"DIR/floor.csv: row 1: iteration 1, want 0 (one row per 100 iterations)"}},
		"no sums": {func(_ Dir, r *Run) error { r.Files = nil; return nil },
			[]string{"DIR/run.json: files: curve.csv is not recorded", "DIR/run.json: files: floor.csv is not recorded"}},
		"not ended": {func(d Dir, r *Run) error { r.State = Running; return os.Remove(d.Curve()) },
			[]string{"DIR/curve.csv: is not there, its checkpoint knows 20 rows"}},
	} {
		t.Run(name, func(t *testing.T) {
			d, r := finished(t)
			if err := x.harm(d, r); err != nil {
				t.Fatal(err)
			}
			wrong := d.Verify(r)
			for i, err := range wrong {
				if text := strings.ReplaceAll(err.Error(), string(d), "DIR"); i >= len(x.want) || !strings.Contains(text, x.want[i]) {
					t.Errorf("%d: %s", i, text)
				}
			}
			if len(wrong) != len(x.want) {
				t.Errorf("%d errors, want %q", len(wrong), x.want)
			}
		})
	}
}

func firstError(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
