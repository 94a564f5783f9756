package figures

import (
	"bytes"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fig5/bench/report/canvas"
	"fig5/bench/tinygan"
)

// check draws each figure twice as SVG and wants the same bytes, with the given
// words in them; the folder that FIGURES names gets the PNG, to be looked at.
func check(t *testing.T, figs []canvas.Figure, words ...string) {
	t.Helper()
	for _, f := range figs {
		a, err := f.SVG()
		if err != nil {
			t.Fatal(err)
		}
		if b, _ := f.SVG(); !bytes.Equal(a, b) {
			t.Errorf("%s: two drawings differ", f.Name)
		}
		if len(a) > 600<<10 {
			t.Errorf("%s: %d kB", f.Name, len(a)>>10)
		}
		if bytes.Contains(a, []byte("NaN")) || bytes.Contains(a, []byte("Inf")) {
			t.Errorf("%s: a coordinate is not a number", f.Name)
		}
		for _, w := range words {
			if !strings.Contains(string(a), w) {
				t.Errorf("%s: no %q", f.Name, w)
			}
		}
		if dir := os.Getenv("FIGURES"); dir != "" {
			b, err := f.PNG()
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(dir, f.Name+".png"), b, 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func TestFigure1(t *testing.T) {
	figs, err := Figure1()
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, f := range figs {
		names = append(names, f.Name)
	}
	if got := strings.Join(names, " "); got != "figure1 figure1a figure1b figure1c figure1d" {
		t.Errorf("figures %s", got)
	}
	check(t, figs, "θ (generator)", "ψ (discriminator)", "α (data)")
	check(t, figs[:1], "(a) autonomous", "wrong equilibrium (2, 0, 2)", "(c) β-GAN (λ = 0), T = 3", "(d) β-GAN (λ = 0), T = 30")
}

// The amplitudes in the titles of panels c and d are Eq. 16's.
func TestFigure1Titles(t *testing.T) {
	for T, title := range map[float64]float64{3: 0.63, 30: 0.067} {
		if got := 2 / math.Hypot(1, T); math.Abs(got/title-1) > 0.01 {
			t.Errorf("T = %v: amplitude %v, the title says %v", T, got, title)
		}
	}
}

func TestTheory(t *testing.T) {
	fig, points := Theory()
	check(t, []canvas.Figure{fig}, "fixed time τ per level", "fixed total time", "5 % off")
	series := map[string]int{}
	for _, p := range points {
		if !(p.X > 0) || !(p.Y >= 0) || math.IsInf(p.Y, 0) {
			t.Errorf("%+v", p)
		}
		series[p.Panel+" "+p.Series]++
	}
	if series["b τ = 2π"] != maxK || series["c total 30"] != maxK {
		t.Errorf("points %v", series)
	}
}

func TestTrajectory(t *testing.T) {
	equilibrium := tinygan.State{Theta: 1, Alpha: 1}
	sys := tinygan.System{Kind: tinygan.Beta, Start: equilibrium, Target: 3, T: 30}
	js, staircase, still, printed := sys, sys, sys, sys
	js.Objective = tinygan.JensenShannon
	staircase.Levels, staircase.Tau = tinygan.LinearLevels(1, 3, 5), 8
	still.Start = tinygan.State{Theta: 3, Alpha: 3}
	printed.Kind, printed.AsPrinted, printed.T = tinygan.BetaPrime, true, 3
	for name, s := range map[string]tinygan.System{"flow": sys, "js": js, "staircase": staircase, "still": still, "printed": printed} {
		every, err := Sampling(100, 0)
		if err != nil {
			t.Fatal(err)
		}
		tr, err := s.Integrate(100, every)
		if err != nil {
			t.Fatal(err)
		}
		f := Trajectory(tr, name)
		f.Name = "trajectory-" + name
		check(t, []canvas.Figure{f}, name)
	}
	every, err := Sampling(100, 0.02)
	if err != nil {
		t.Fatal(err)
	}
	tr, err := sys.Descend(tinygan.Simultaneous, 0.02, 100, every)
	if err != nil {
		t.Fatal(err)
	}
	f := Trajectory(tr, "simultaneous gradient descent, h = 0.02")
	f.Name = "trajectory-descent"
	check(t, []canvas.Figure{f}, "flow")
	tr, err = sys.Integrate(0, 1) // one row
	if err != nil {
		t.Fatal(err)
	}
	check(t, []canvas.Figure{Trajectory(tr, "one point")})
}

func TestSampling(t *testing.T) {
	for _, c := range []struct{ until, step, want float64 }{{40, 0, 0.1}, {2000, 0, 0.1}, {4, 0, 0.01}, {40, 0.03, 0.09}, {40, 0.5, 0.5}} {
		if got, err := Sampling(c.until, c.step); err != nil || math.Abs(got-c.want) > 1e-12 {
			t.Errorf("%+v: %v, %v", c, got, err)
		}
	}
	if _, err := Sampling(1e5, 0); err == nil || err.Error() != "until: 100000 is too long to draw (2000 at most); take the numbers instead" {
		t.Error(err)
	}
}
