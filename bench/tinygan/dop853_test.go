package tinygan

import (
	"math"
	"strings"
	"testing"
)

// The tableau satisfies the order conditions of quadrature: Σ b c^(k-1) = 1/k for
// every k up to the order, for the solution (8) and for the embedded ones (5, 3),
// and each row of the tableau sums to its node.
func TestOrderConditions(t *testing.T) {
	for i, row := range tableau {
		sum := 0.0
		for _, a := range row {
			sum += a
		}
		if math.Abs(sum-nodes[i]) > 2e-14 {
			t.Errorf("row %d sums to %v, want %v", i, sum, nodes[i])
		}
	}
	for _, c := range []struct {
		order int
		less  [stages]float64
	}{{8, [stages]float64{}}, {5, error5}, {3, error3}} {
		for k := 1; k <= c.order; k++ {
			sum := 0.0
			for i, b := range weights {
				sum += (b - c.less[i]) * math.Pow(nodes[i], float64(k-1))
			}
			if math.Abs(sum-1/float64(k)) > 2e-14 {
				t.Errorf("order %d: Σ b c^%d = %v, want 1/%d", c.order, k-1, sum, k)
			}
		}
	}
}

// Halving a fixed step divides the error by 2^8: on the nonlinear, driven system
// (Jensen-Shannon, β') against the adaptive integration, and on the linear one
// against its closed form.
func TestConvergenceOrder(t *testing.T) {
	const until = 4.0
	for _, s := range []System{
		{Kind: BetaPrime, Objective: JensenShannon, Start: State{1, 0.5, 1}, Target: 3, T: 3},
		{Kind: Beta, Start: State{1, 2, 0.5}, Target: 3, T: 3},
	} {
		tr, err := s.Integrate(until, until)
		if err != nil {
			t.Fatal(err)
		}
		want := tr.Path[1]
		if tr.Exact != nil {
			want = tr.Exact[1]
		}
		var errors []float64
		for _, n := range []int{5, 10, 20} {
			run := newSolver(s.rate, vector{s.Start.Theta, s.Start.Psi, s.Start.Alpha}, 1, 1)
			h := until / float64(n)
			for i := range n {
				x, _ := run.step(h)
				run.t = float64(i+1) * h
				run.x, run.slope = x, run.f(run.t, x)
			}
			errors = append(errors, State{run.x[0] - want.Theta, run.x[1] - want.Psi, run.x[2] - want.Alpha}.maxAbs())
		}
		for i := range len(errors) - 1 {
			order := math.Log2(errors[i] / errors[i+1])
			t.Logf("%v: errors %.2g, %.2g: order %.2f", s.Objective, errors[i], errors[i+1], order)
			if order < 7.5 || order > 10 {
				t.Errorf("%v: order %.2f, want 8", s.Objective, order)
			}
		}
	}
}

// The adaptive error follows the tolerance, and a hundred times finer one costs
// less than 10^(2/8) = 1.8 times the steps, and a margin.
func TestToleranceProportional(t *testing.T) {
	s := System{Kind: Beta, Start: State{1, 2, 0.5}, Target: 3, T: 3}
	want, _ := s.At(50)
	steps := 0
	for _, tolerance := range []float64{1e-5, 1e-7, 1e-9, 1e-11} {
		run := newSolver(s.rate, vector{s.Start.Theta, s.Start.Psi, s.Start.Alpha}, tolerance, tolerance)
		if err := run.advance(50); err != nil {
			t.Fatal(err)
		}
		e := State{run.x[0] - want.Theta, run.x[1] - want.Psi, run.x[2] - want.Alpha}.maxAbs()
		t.Logf("tolerance %g: %d steps, error %.2g", tolerance, run.steps, e)
		if e > 100*tolerance {
			t.Errorf("tolerance %g: error %.2g after 50 units of time", tolerance, e)
		}
		if steps > 0 && float64(run.steps) > 2.2*float64(steps) {
			t.Errorf("tolerance %g: %d steps after %d", tolerance, run.steps, steps)
		}
		steps = run.steps
	}
}

// Rows closer than the natural step cost a step each and no precision.
func TestManyRows(t *testing.T) {
	s := System{Kind: Beta, Start: State{1, 0, 1}, Target: 3, T: 3}
	tr, err := s.Integrate(20, 1e-3)
	if err != nil {
		t.Fatal(err)
	}
	if len(tr.Times) != 20001 || tr.Deviation() > 1e-12 {
		t.Errorf("%d rows, deviation %.2g", len(tr.Times), tr.Deviation())
	}
}

func TestIntegrateRefuses(t *testing.T) {
	ok := System{Kind: Beta, Start: State{1, 0, 1}, Target: 3, T: 3}
	staircase := ok
	staircase.Levels = []float64{2}
	for _, c := range []struct {
		name         string
		change       func(*System)
		until, every float64
		want         string
	}{
		{"no time constant", func(s *System) { s.T = 0 }, 10, 1, "T: 0 is not a time constant (above 0, finite)"},
		{"negative time constant", func(s *System) { s.T = -3 }, 10, 1, "T: -3 is not a time constant (above 0, finite)"},
		{"NaN time constant", func(s *System) { s.T = math.NaN() }, 10, 1, "T: NaN is not a time constant (above 0, finite)"},
		{"infinite time constant", func(s *System) { s.T = math.Inf(1) }, 10, 1, "T: +Inf is not a time constant (above 0, finite)"},
		{"infinite target", func(s *System) { s.Target = math.Inf(-1) }, 10, 1, "target: -Inf is not a number within ±1e+100"},
		{"huge start", func(s *System) { s.Start.Psi = 1e200 }, 10, 1, "start: 1e+200 is not a number within ±1e+100"},
		{"autonomous elsewhere", func(s *System) { s.Kind = Autonomous }, 10, 1, "start: the autonomous system has α = α_r = 3 throughout, not 1"},
		{"unknown kind", func(s *System) { s.Kind = 7 }, 10, 1, "system: 7 is not a system"},
		{"unknown objective", func(s *System) { s.Objective = -1 }, 10, 1, "f: -1 is not an objective"},
		{"autonomous staircase", func(s *System) { *s = staircase; s.Kind, s.Start.Alpha = Autonomous, 3 }, 10, 1, "levels: the autonomous system is not annealed"},
		{"printed staircase", func(s *System) { *s = staircase; s.AsPrinted = true }, 10, 1, "as-printed: Eq. 8 prints no staircase; leave out levels"},
		{"no time at a level", func(s *System) { *s = staircase }, 10, 1, "tau: 0 is not a time at each level (above 0, finite)"},
		{"NaN level", func(s *System) { *s = staircase; s.Tau, s.Levels = 1, []float64{2, math.NaN()} }, 10, 1, "levels: level 2: NaN is not a number within ±1e+100"},
		{"negative time", func(s *System) {}, -1, 1, "until: -1 is not a time (0 or more, finite)"},
		{"no interval", func(s *System) {}, 10, 0, "every: 0 is not an interval (above 0, finite)"},
		{"too many rows", func(s *System) {}, 10, 1e-9, "every: 1e-09 up to 10 is more than 1000000 rows"},
	} {
		s := ok
		c.change(&s)
		_, err := s.Integrate(c.until, c.every)
		if err == nil || err.Error() != c.want {
			t.Errorf("%s: %v, want %s", c.name, err, c.want)
		}
	}
}

// An endless question ends with an error: steps are counted, and a solution that
// leaves the arithmetic stops the step from shrinking for ever.
func TestSolverGivesUp(t *testing.T) {
	stiff := System{Kind: Beta, Objective: JensenShannon, Start: State{1e6, 0, 1e6}, Target: 3e6, T: 3}
	run := newSolver(stiff.rate, vector{1e6, 0, 1e6}, 1e-14, 1e-8)
	run.most = 1000
	const want = "until: 1000 steps lead no further than t = "
	if err := run.advance(1); err == nil || !strings.HasPrefix(err.Error(), want) {
		t.Errorf("%v, want %s...", err, want)
	}
	explodes := func(_ float64, x vector) vector { return vector{x[0] * x[0], 0, 0} } // 1/(1-t)
	run = newSolver(explodes, vector{1, 0, 0}, 1e-10, 1e-10)
	if err := run.advance(2); err == nil || err.Error() != "until: the solution leaves the range of the arithmetic at t = 1" {
		t.Errorf("%v, want the pole at t = 1", err)
	}
}
