package claims

import (
	"math"
	"testing"

	"fig5/bench/anneal"
	"fig5/bench/measure"
)

// digits is a sweep of images: cold, hot and K = 20 of 8 seeds, whose filtered FID falls to
// low and is end in its last evaluation before iteration 30,000.
func digits(t *testing.T, low, end [3]float64) *measure.Sweep {
	t.Helper()
	s := &measure.Sweep{Name: "digits", Config: loaded(t, "digits", "")}
	s.Config.Data.Name = "mnist"
	s.Groups = []measure.Group{
		baseline("cold", high...),
		annealed(group(map[string]string{"baseline": "hot", "iterations": "10000"}, 0, "hot", high...), 10000),
		annealed(group(grid("geometric", "per-level 500"), 20, "", high...), 10000),
	}
	for i, g := range s.Groups {
		for _, r := range g.Runs {
			spread := math.Exp(float64(r.Seed%2*2-1) * 0.01 * float64(i))
			start := float64(r.Annealing())
			r.Levels = []anneal.Level{{Beta: 1, Iterations: int(start)}, {Beta: math.Inf(1), Iterations: 30000}}
			r.X = []float64{start, 20000, 29900, 30000, start + 29900}
			r.Measured.Filtered = []float64{700, low[i] * spread, end[i] * spread, 900, 950}
			if i == 0 { // its last evaluation is the one before 30,000
				r.X, r.Measured.Filtered = r.X[:3], r.Measured.Filtered[:3]
			}
		}
	}
	return s
}

func TestFID(t *testing.T) {
	s := digits(t, [3]float64{200, 100, 50}, [3]float64{220, 330, 660})
	a, err := FID(s)
	if err != nil {
		t.Fatal(err)
	}
	if len(a.Questions) != 4 {
		t.Fatalf("%+v", a.Questions)
	}
	for i, want := range []struct {
		id       int
		compared string
		ratio    float64
		verdict  Verdict
	}{
		{5, "K = 20 / cold", 0.25, Lower},
		{5, "K = 20 / hot, 10000 iterations", 0.5, Lower},
		{6, "K = 20 / cold", 3, Higher},
		{6, "K = 20 / hot, 10000 iterations", 2, Higher},
	} {
		q := a.Questions[i]
		if q.ID != want.id || q.Compared != want.compared || q.Verdict != want.verdict || q.Seeds != 8 || !q.Exact {
			t.Errorf("%+v, want %+v", q, want)
		}
		near(t, "ratio", float64(q.Ratio), want.ratio)
		near(t, "p: 8 signs of one side, two-sided", float64(q.P), 2./256)
		near(t, "Holm's p of four equal ones", float64(q.HolmP), 4*2./256)
	}

	// One that diverged is in the test as the largest, and in no ratio.
	r := s.Groups[2].Runs[0]
	r.Status, r.Measured = measure.Diverged, nil
	if a, err = FID(s); err != nil {
		t.Fatal(err)
	}
	if q := a.Questions[0]; q.Seeds != 8 || q.Pairs != 7 || q.LeftOut != 1 || !(q.P > 2./256) {
		t.Errorf("%+v", q)
	}

	// Points have no such questions, and a ladder that ends after the shortest run no question 6.
	if a, err = FID(steady().sweep()); err != nil || len(a.Questions) != 0 {
		t.Errorf("%+v, %v", a, err)
	}
	s = digits(t, [3]float64{1, 1, 1}, [3]float64{1, 1, 1})
	for _, r := range s.Groups[0].Runs {
		r.Levels = r.Levels[1:]
		r.Levels[0].Iterations = 5000
	}
	if a, err = FID(s); err != nil || a.Questions[2].Seeds != 0 || a.Questions[2].Verdict != Undecided {
		t.Errorf("%+v, %v", a, err)
	}
}

// Of images no amplitude is compared where more than a third of any group is still moving.
func TestNoPlateauOfImages(t *testing.T) {
	s := digits(t, [3]float64{1, 1, 1}, [3]float64{1, 1, 1})
	for i := range 3 {
		s.Groups[1].Runs[i].Measured.Knee.Limit = true
	}
	q := ask(t, s).Questions
	if len(q) != 2 || q[0].ID != 2 || q[0].Verdict != NoPlateau || q[1].ID != 4 || q[1].Verdict != NoPlateau {
		t.Errorf("%+v", q)
	}
	s.Groups[1].Runs[0].Measured.Knee.Limit = false
	for _, q := range ask(t, s).Questions {
		if q.Verdict == NoPlateau {
			t.Errorf("%+v", q)
		}
	}
}
