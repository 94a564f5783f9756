package samples

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
)

// besideSingular is the warnings but for those of few samples.
func besideSingular(warnings []string) []string {
	return slices.DeleteFunc(warnings, func(w string) bool { return strings.Contains(w, "covariance is singular") })
}

// fortran is x, of that shape, with the first index fastest.
func fortran(x []float64, shape ...int) []float64 {
	y := make([]float64, len(x))
	for i := range x {
		rest, at, stride := i, 0, len(x)
		for k := len(shape) - 1; k >= 0; k-- {
			stride /= shape[k]
			at += rest % shape[k] * stride
			rest /= shape[k]
		}
		y[at] = x[i]
	}
	return y
}

// The same pictures, as bytes in a folder and in arrays of any order and range, are
// one and the same to a distance, and what they were taken for is said.
func TestImagesOfArrays(t *testing.T) {
	const n, side = 4, 5
	bytes, floats := make([]byte, n*side*side*3), make([]float64, n*side*side*3)
	files := map[string][]byte{}
	for i := range n {
		m := rgb(side, side)
		for p := range side * side {
			for c := range 3 {
				v := byte(97*i*i + 31*p*(c+1) + 50*c*p*p)
				m.Pix[4*p+c], bytes[(i*side*side+p)*3+c] = v, v
			}
		}
		files[fmt.Sprintf("%d.png", i)] = encoded(t, "a.png", m)
	}
	dir := folder(t, files)
	first := func(x []float64) []float64 { // channels first
		y := make([]float64, len(x))
		for i := range x {
			image, p, c := i/(3*side*side), i/3%(side*side), i%3
			y[(image*3+c)*side*side+p] = x[i]
		}
		return y
	}
	of := func(f func(v float64) float64) []float64 {
		for i, v := range bytes {
			floats[i] = f(float64(v))
		}
		return slices.Clone(floats)
	}
	alpha := make([]byte, 0, 4*len(bytes)/3)
	for i := 0; i < len(bytes); i += 3 {
		alpha = append(alpha, bytes[i], bytes[i+1], bytes[i+2], byte(i))
	}
	unit := of(func(v float64) float64 { return v / 255 })
	fine := func(v float64) float64 { return v/127.5 - 1 }
	const words = "4 colour images of 5×5 pixels, "
	for _, c := range []struct {
		name   string
		data   []byte
		source string
		differ bool
	}{
		{"bytes", npyFile("|u1", "(4, 5, 5, 3)", false, bytes), "channels last, bytes, brought to [-1, 1]", false},
		{"alpha", npyFile("|u1", "(4, 5, 5, 4)", false, alpha), "channels last, alpha dropped, bytes, brought to [-1, 1]", false},
		{"255", npyFile("<f8", "(4, 5, 5, 3)", false, of(func(v float64) float64 { return v })), "channels last, bytes, brought to [-1, 1]", false},
		{"unit", npyFile("<f8", "(4, 5, 5, 3)", false, unit), "channels last, numbers in [0, 1], brought to [-1, 1]", true},
		{"rounded", npyFile("<f8", "(4, 5, 5, 3)", false, of(func(v float64) float64 { return v/255*(1+2e-7) - 1e-7 })), "channels last, numbers in [0, 1], brought to [-1, 1]", true},
		{"first", npyFile("<f8", "(4, 3, 5, 5)", false, first(unit)), "channels first, numbers in [0, 1], brought to [-1, 1]", true},
		{"fortran", npyFile("<f8", "(4, 5, 5, 3)", true, fortran(unit, n, side, side, 3)), "channels last, numbers in [0, 1], brought to [-1, 1]", true},
		{"signed", npyFile("<f8", "(4, 5, 5, 3)", false, of(fine)), "channels last, numbers in [-1, 1]", true},
	} {
		path := write(t, c.name+".npy", c.data)
		r, err := Distance(dir, path, Method{})
		if err != nil {
			t.Fatal(err)
		}
		if math.Abs(r.FID) > 1e-8 || r.Source[0] != words+"bytes, brought to [-1, 1]" || r.Source[1] != words+c.source {
			t.Errorf("%s: %g, %q", c.name, r.FID, r.Source)
		}
		w := besideSingular(r.Warnings)
		if warned := len(w) == 1 && strings.HasPrefix(w[0], path+": taken as "); warned != c.differ || len(w) > 1 {
			t.Errorf("%s: %q", c.name, w)
		}
	}
}

// Plain samples stay what they are, whatever they look like.
func TestPlainSamplesStay(t *testing.T) {
	unit := []float64{0, 0.25, 0.5, 1, 0.75, 0.125, 1, 0.5}
	for _, shape := range []string{"(4, 2)", "(4, 2, 1)", "(4, 2, 1, 1)", "(4, 1, 1, 2)", "(8,)", "(8, 1, 1)"} {
		for _, c := range []struct {
			descr string
			data  any
			x     []float64
			scale Scale
		}{
			{"<f8", unit, unit, AsStored},
			{"|u1", []byte{0, 1, 1, 0, 255, 9, 8, 7}, []float64{0, 1, 1, 0, 255, 9, 8, 7}, Integers},
		} {
			s, x := all(t, write(t, "x.npy", npyFile(c.descr, shape, false, c.data)))
			if !slices.Equal(x, c.x) || s.Scale != c.scale || !strings.HasSuffix(s.Source(), "not rescaled") {
				t.Errorf("%s %s: %v, %s", shape, c.descr, x, s.Source())
			}
		}
	}
}

func TestScaleOf(t *testing.T) {
	for _, c := range []struct {
		integer bool
		lo, hi  float64
		want    Scale
	}{
		{true, 0, 255, Bytes}, {true, 3, 17, Bytes}, {true, 0, 1, ZeroOne}, {true, 0, 256, Integers}, {true, -1, 1, Integers},
		{false, 0, 1, ZeroOne}, {false, 0.2, 0.3, ZeroOne}, {false, -1e-6, 1 + 1e-6, ZeroOne},
		{false, -1, 1, Signed}, {false, -0.1, 0.1, Signed}, {false, -1.02, 1.1, Signed},
		{false, 0, 255, Bytes}, {false, 12, 200, Bytes}, {false, 0, 5, AsStored}, {false, -2.1, 2.6, AsStored}, {false, 0, 65535, AsStored},
		{false, 0, math.Inf(1), AsStored},
	} {
		if got := scaleOf(c.integer, c.lo, c.hi); got != c.want {
			t.Errorf("%v, %g to %g: %v, want %v", c.integer, c.lo, c.hi, got, c.want)
		}
	}
}

// What may be of another range than it is taken for is warned of.
func TestScaleWarnings(t *testing.T) {
	array := func(name string, x ...float64) string {
		return write(t, name, npyFile("<f8", fmt.Sprintf("(%d, 2, 2)", len(x)/4), false, x))
	}
	bytes := write(t, "bytes.npy", npyFile("|u1", "(2, 2, 2)", false, []byte{1, 2, 3, 4, 50, 60, 70, 80}))
	plain := write(t, "plain.npy", npyFile("<f8", "(2, 4)", false, []float64{0, 1, 0.5, 0.25, 1, 1, 0, 0}))
	signed := write(t, "signed.npy", npyFile("<f8", "(2, 4)", false, []float64{-0.9, 1, 0.5, 0.25, 1, 1, 0, 0}))
	stats := "../testdata/pytorch_fid.npz"
	for _, c := range []struct {
		a, b string
		want []string
	}{
		{array("x", -0.06, 0.5, 1, 1.02, 0, 0, 0.5, 1), signed, []string{"smallest number, -0.06"}},
		{array("x", -2, 0.5, 1, 1.02, 0, 0, 0.5, 2), array("y", -2, 0.5, 1, 1.02, 0, 0, 0.5, 2), []string{"numbers from -2 to 2 are not", "numbers from -2 to 2 are not"}},
		{bytes, plain, []string{plain + ": taken as floats, not rescaled; " + bytes + " as bytes, brought to [-1, 1]; see"}},
		{bytes, signed, nil},
		{plain, signed, nil},
		{bytes, bytes, nil},
	} {
		r, err := Distance(c.a, c.b, Method{})
		got := besideSingular(r.Warnings)
		if err != nil || len(got) != len(c.want) {
			t.Errorf("%q, %v; want %q", got, err, c.want)
			continue
		}
		for i, w := range c.want {
			if !strings.Contains(got[i], w) {
				t.Errorf("%q, want %q", got[i], w)
			}
		}
	}
	m, err := Stats(stats)
	if err != nil || m.Scale != NoScale || m.Source != "statistics of 3 numbers" {
		t.Error(m, err)
	}
	// Wanted as images, integers beyond bytes are refused.
	s, err := Open(write(t, "x.npy", npyFile("<i4", "(2, 4)", false, []int32{0, 1, 2, 3, 4, 5, 6, 300})))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if l, err := s.AsImages(); err != nil || l != (Layout{1, 2, 2}) {
		t.Fatal(l, err)
	}
	if _, err := s.Read(make([]float64, 4)); err == nil || !strings.HasSuffix(err.Error(), "x.npy: holds integers from 0 to 300; pixels are 0 to 255") {
		t.Error(err)
	}
}
