package fid

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

// TestMoments: the moments of rows, added one by one or many at a time, are those of two
// passes over them.
func TestMoments(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := rapid.IntRange(1, 5).Draw(t, "d")
		var all []float64
		whole, parts := NewMoments(d), NewMoments(d)
		for range rapid.IntRange(1, 4).Draw(t, "parts") {
			x := drawRows(t, "x", rapid.SampledFrom([]int{0, 1, 2, 7, 512, 513, 514, 1100}).Draw(t, "n"), d)
			all = append(all, x...)
			parts.AddRows(x)
		}
		for at := 0; at < len(all); at += d {
			whole.AddRows(all[at : at+d])
		}
		if len(all)/d < 2 {
			return
		}
		mean, cov := twoPass(all, d)
		size := make([]float64, d)
		for i, v := range all {
			size[i%d] = max(size[i%d], math.Abs(v))
		}
		for _, m := range []*Moments{whole, parts} {
			s, err := m.Stats()
			if err != nil {
				t.Fatal(err)
			}
			if s.N != len(all)/d {
				t.Fatalf("%d rows, want %d", s.N, len(all)/d)
			}
			for i := range d {
				within(t, "mean", s.Mean[i], mean[i], 1e-13*size[i])
				for j := range d {
					within(t, "covariance", s.Cov().At(i, j), cov[i*d+j], 1e-13*size[i]*size[j])
				}
			}
		}
	})
}

// twoPass is mean and covariance by their definitions.
func twoPass(x []float64, d int) (mean, cov []float64) {
	n := float64(len(x) / d)
	mean, cov = make([]float64, d), make([]float64, d*d)
	for i, v := range x {
		mean[i%d] += v
	}
	for j := range mean {
		mean[j] /= n
	}
	for at := 0; at < len(x); at += d {
		for i := range d {
			for j := range d {
				cov[i*d+j] += (x[at+i] - mean[i]) * (x[at+j] - mean[j]) / (n - 1)
			}
		}
	}
	return mean, cov
}

// TestFarFromZero: the variance 2/3·n/(n-1) of 0, 1, 2, 0, 1, 2, ... about a mean of 1e9.
func TestFarFromZero(t *testing.T) {
	m := NewMoments(2)
	const n = 3000
	for i := range n {
		m.AddRows([]float64{1e9 + float64(i%3), -1e9 - float64(i%3)})
	}
	s, err := m.Stats()
	if err != nil {
		t.Fatal(err)
	}
	want := 2. / 3 * n / (n - 1)
	within(t, "mean", s.Mean[0], 1e9+1, 1e-6)
	within(t, "variance", s.Cov().At(0, 0), want, 1e-13)
	within(t, "covariance", s.Cov().At(0, 1), -want, 1e-13)
}

func TestMomentsRefuse(t *testing.T) {
	for _, c := range []struct {
		m    func() *Moments
		want string
	}{
		{func() *Moments { m := new(Moments); m.AddRows([]float64{1}); return m }, "moments are made by NewMoments"},
		{func() *Moments { return NewMoments(0) }, "0 features; a covariance is held for 1 to 16384"},
		{func() *Moments { m := NewMoments(0); m.AddRows32([]float32{1}); return m }, "0 features; a covariance is held for 1 to 16384"},
		{func() *Moments { return NewMoments(2) }, "0 samples; a covariance needs at least two"},
		{func() *Moments { m := NewMoments(2); m.AddRows([]float64{1, 2, 3}); return m }, "3 numbers are not rows of 2 features"},
		{func() *Moments {
			m := NewMoments(1)
			m.AddRows(make([]float64, 1000))
			m.AddRows32([]float32{1, float32(math.Inf(1))})
			return m
		}, "sample 1001, feature 0 is +Inf"},
		{func() *Moments { m := NewMoments(1); m.AddRows([]float64{1e300, -1e300}); return m }, "the variance of feature 0 overflows a float64"},
		{func() *Moments { m := NewMoments(1); m.AddRows([]float64{1.5e308, -1.5e308}); return m }, "samples 0 to 1: their sum overflows a float64"},
	} {
		if _, err := c.m().Stats(); err == nil || err.Error() != c.want {
			t.Errorf("got %v\nwant %s", err, c.want)
		}
	}
	if _, err := OfRows([]float64{1, 2, 3}, 2, 2); err == nil || err.Error() != "3 numbers are not 2 samples of 2 features" {
		t.Error(err)
	}
}
