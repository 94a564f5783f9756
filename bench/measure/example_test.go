package measure

import (
	"bytes"
	"flag"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"testing"

	"fig5/bench/curves"
	"fig5/filters"
)

var update = flag.Bool("update", false, "write docs/example/fid.csv anew")

// exampleCurve is docs/example/fid.csv: made up, as the log of a GAN might be, with
// one FID every 100 iterations. It falls from 95 to a plateau of 17 in two stages,
// resonates with a period of about 4000 iterations, and is measured with noise.
func exampleCurve() []byte {
	r := rand.New(rand.NewPCG(2018, 5))
	var b bytes.Buffer
	b.WriteString("iteration,fid\n")
	// Noise through a resonance: poles of radius 0.93 at the period's angle.
	const radius, period = 0.93, 40
	var swing, before float64
	for i := range 750 {
		t := float64(i)
		swing, before = 2*radius*math.Cos(2*math.Pi/period)*swing-radius*radius*before+0.11*r.NormFloat64(), swing
		fid := 17 + 48*math.Exp(-t/12) + 30*math.Exp(-t/45) + swing*(1+math.Exp(-t/40)) + 0.6*r.NormFloat64()
		fmt.Fprintf(&b, "%d,%.2f\n", 100*i, fid)
	}
	return b.Bytes()
}

// The example in README and docs is what exampleCurve makes, and is measured well.
func TestExample(t *testing.T) {
	const path = "../../docs/example/fid.csv"
	want := exampleCurve()
	if *update {
		if err := os.WriteFile(path, want, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	have, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(have, want) {
		t.Error("docs/example/fid.csv is not what exampleCurve makes; go test ./bench/measure -run Example -update")
	}
	c, err := curves.ReadFile(path, curves.Columns{})
	if err != nil {
		t.Fatal(err)
	}
	r, err := Curve(c, filters.DefaultAnalysis())
	if err != nil {
		t.Fatal(err)
	}
	if r.Points != 750 || r.Interval != 100 || !r.Window.Complete || len(r.Warnings) != 0 {
		t.Errorf("%d points, one every %v, window %+v, warnings %q", r.Points, r.Interval, r.Window, r.Warnings)
	}
}
