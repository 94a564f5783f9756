package main

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"fig5/bench/figure"
	"fig5/bench/report"
	"fig5/bench/tinygan"
)

// tinyFlags is the command line of fig5 tiny.
type tinyFlags struct {
	tinygan.Problem
	csv, figure1, figure5 bool
	svg, out              string
}

func newTinyCmd(e *env) *cobra.Command {
	var f tinyFlags
	c := &cobra.Command{
		Use:   "tiny",
		Short: "Tiny-GAN: trajectories, closed form, Figure 1",
		Long: `Tiny solves the paper's tiny-GAN (Sections 2 to 4), three numbers that behave as an
annealed GAN does: theta is the generator, psi the discriminator, alpha the data.

  autonomous   alpha stays at the target (Eq. 6)
  beta         alpha is annealed to the target: Eq. 7 (Eq. 8, lambda = 0)
  beta-prime   alpha is annealed and plays too (Eq. 8, lambda = 1)

Without an output flag it says what the oscillation settles to. --csv and --json give
the rows at t = i every, and beside each the closed form: the columns theta_exact,
psi_exact and alpha_exact (NaN, in JSON null, for --f js, which has none). With
--method they are still the closed form of the flow, so that the two show where
gradient descent leaves the prediction.

--levels K replaces Eq. 7 by a staircase, as Algorithm 1 has it: alpha jumps to the
first level at t = 0, to the next after each --tau, and from the last to the target.

--figure1 draws the paper's Figure 1 and --figure5 what the theory says of Figure 5:
the amplitude against T, against K, and against the step of gradient descent.`,
		Example: `  fig5 tiny --system beta --T 30 --start 1,0,1 --target 3
  fig5 tiny --system beta-prime --T 3 --until 40 --every 0.1 --csv
  fig5 tiny --system beta-prime --T 3 --until 20 --as-printed --svg runaway.svg
  fig5 tiny --method simultaneous --step 0.01 --until 400 --json
  fig5 tiny --levels 10 --schedule linear --tau 2 --svg staircase.svg
  fig5 tiny --figure1 -o figures`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			if len(e.sets) > 0 {
				return badInput(errors.New("--set: tiny reads no config; its flags say everything"))
			}
			if err := f.check(e, c); err != nil {
				return badInput(err)
			}
			if err := cmp.Or(outputDir("-o", f.out), outputFile("--svg", f.svg)); err != nil {
				return err
			}
			if f.figure1 || f.figure5 {
				return f.draw(e)
			}
			return f.solve(e)
		},
	}
	fl := c.Flags()
	fl.StringVar(&f.System, "system", "beta", "autonomous, beta or beta-prime")
	fl.StringVar(&f.Objective, "f", "linear", "the objective's f: linear (f(y) = y) or js (-log(1+e^-y))")
	fl.Float64Var(&f.T, "T", 30, "the time constant of Eq. 7")
	fl.StringVar(&f.Start, "start", "1,0,1", "theta,psi,alpha at t = 0 (autonomous: alpha is the target; default 1,2,TARGET)")
	fl.Float64Var(&f.Target, "target", 3, "alpha_r, where the annealing ends")
	fl.Float64Var(&f.Until, "until", 100, "the end")
	fl.Float64Var(&f.Every, "every", 0.5, "the time between rows")
	fl.BoolVar(&f.AsPrinted, "as-printed", false, "Eq. 8 with its printed sign, which runs away (beta-prime)")
	fl.StringVar(&f.Method, "method", "flow", "flow (the differential equation), or gradient descent: simultaneous or alternating")
	fl.Float64Var(&f.Step, "step", 0, "the step of gradient descent; --every must be a multiple")
	fl.IntVar(&f.Levels, "levels", 0, "anneal in `K` levels and a last jump")
	fl.Float64Var(&f.Tau, "tau", 1, "the time at each level")
	fl.StringVar(&f.Schedule, "schedule", "exponential", "the levels: exponential (Eq. 7 at tau, 2 tau, ...) or linear")
	fl.BoolVar(&f.csv, "csv", false, "write CSV: t,theta,psi,alpha,theta_exact,psi_exact,alpha_exact")
	e.jsonFlag(c)
	fl.StringVar(&f.svg, "svg", "", "draw time series and phase portrait into the file `OUT`")
	fl.BoolVar(&f.figure1, "figure1", false, "draw Figure 1, whole and by panels, as SVG, PDF and PNG")
	fl.BoolVar(&f.figure5, "figure5", false, "draw the theoretical Figure 5 as SVG, PDF and PNG, and its points as CSV")
	fl.StringVarP(&f.out, "out", "o", "", "the `DIR` for --figure1 and --figure5")
	for name, values := range map[string][]string{
		"system": {"autonomous", "beta", "beta-prime"}, "f": {"linear", "js"},
		"method": {"flow", "simultaneous", "alternating"}, "schedule": {"exponential", "linear"},
	} {
		complete(c, name, values)
	}
	return c
}

// check finds flags that contradict each other, and notes which were given.
func (f *tinyFlags) check(e *env, c *cobra.Command) error {
	given := c.Flags().Changed
	var outputs []string
	for _, o := range []struct {
		name string
		on   bool
	}{{"--csv", f.csv}, {"--json", e.json}, {"--svg", given("svg")}, {"--figure1", f.figure1}, {"--figure5", f.figure5}} {
		if o.on {
			outputs = append(outputs, o.name)
		}
	}
	paper := f.figure1 || f.figure5
	switch {
	case len(outputs) > 1:
		return fmt.Errorf("%s: choose one", strings.Join(outputs, ", "))
	case given("svg") && f.svg == "":
		return errors.New("--svg: name a file")
	case paper && f.out == "":
		return fmt.Errorf("%s: name a folder with -o DIR", outputs[0])
	case !paper && given("out"):
		return errors.New("-o: only --figure1 and --figure5 write to a folder")
	case f.Method == "flow" && given("step"):
		return errors.New("--step: the flow has none; choose --method simultaneous or alternating")
	case !given("levels") && (given("tau") || given("schedule")):
		return errors.New("--levels: --tau and --schedule describe a staircase; say how many levels it has")
	}
	if paper {
		for _, name := range []string{"system", "f", "T", "start", "target", "until", "every", "as-printed", "method", "levels"} {
			if given(name) {
				return fmt.Errorf("--%s: %s draws systems of its own; use --svg for others", name, outputs[0])
			}
		}
	}
	f.Staircase = given("levels")
	if f.System == "autonomous" && !given("start") {
		f.Start = fmt.Sprintf("1,2,%v", f.Target)
	}
	return nil
}

// solve answers about one trajectory.
func (f *tinyFlags) solve(e *env) error {
	flag := func(err error) error { return badInput(fmt.Errorf("--%w", err)) }
	if f.svg != "" {
		step := 0.0
		if f.Descends() {
			step = f.Step
		}
		var err error
		if f.Every, err = figure.Sampling(f.Until, step); err != nil {
			return flag(err)
		}
	}
	a, err := f.Solve()
	if err != nil {
		return flag(err)
	}
	if f.AsPrinted && f.System != "beta-prime" {
		e.warn("", "--as-printed: the printed sign matters to --system beta-prime only")
	}
	switch {
	case f.csv:
		return a.Trajectory.WriteCSV(e.out)
	case f.svg != "":
		b, err := figure.Trajectory(a.Trajectory, a.Title).SVG()
		if err != nil {
			return err
		}
		return outputError(writeOut(f.svg, b))
	}
	return e.write(a, func() string { return f.text(a) })
}

// text is the answer for a reader.
func (f *tinyFlags) text(a *tinygan.Answer) string {
	tr, t := a.Trajectory, columns()
	s, last := tr.System, tr.Path[len(tr.Path)-1]
	t.line("system", "%s", a.Title)
	t.line("start", "θ %v, ψ %v, α %v; target %v", s.Start.Theta, s.Start.Psi, s.Start.Alpha, s.Target)
	switch {
	case a.Steady:
		t.line("settles to", "θ = %.6g ± %.6g, ψ = 0 ± %.6g, angular frequency %.6g", a.CentreTheta, a.AmplitudeTheta, a.AmplitudePsi, a.Frequency)
		if a.Slope.Defined() {
			t.line("slope", "d log amplitude / d log T = %.6g", a.Slope)
		}
		if a.LargestStep.Simultaneous.Defined() {
			t.line("holds", "to %.0f %% until t = %v for gradient descent with steps up to %.2g (simultaneous), %.2g (alternating)",
				100*tinygan.Tolerance, f.Until, a.LargestStep.Simultaneous, a.LargestStep.Alternating)
		}
		if f.Descends() {
			t.line("grows", "by a factor of %.4g until t = %v", math.Exp(float64(a.GrowthRate)*f.Until), f.Until)
		}
	case s.AsPrinted && s.Kind == tinygan.BetaPrime:
		t.line("settles to", "nothing: no force brings θ back to α, and ψ runs away (docs/paper.md, Errata)")
	case !a.Damping.Defined():
		t.line("settles to", "(no closed form)")
	case a.Frequency > 0:
		t.line("settles to", "the target, oscillations decay as e^(-%.4g t), angular frequency %.6g", a.Damping, a.Frequency)
	default:
		t.line("settles to", "the target without oscillation, as e^(-%.4g t)", a.Damping)
	}
	t.line("at the end", "t = %v: θ %.10g, ψ %.10g, α %.10g", tr.Times[len(tr.Times)-1], last.Theta, last.Psi, last.Alpha)
	if tr.Exact != nil {
		t.line("closed form", "differs by at most %.2g", tr.Deviation())
	}
	return t.text()
}

// draw writes the figures and lists their files.
func (f *tinyFlags) draw(e *env) error {
	var files []report.File
	if f.figure1 {
		figs, err := figure.Figure1()
		if err != nil {
			return err
		}
		files = report.FigureFiles("", figs)
	} else {
		fig, points := figure.Theory()
		files = append(report.FigureFiles("", []figure.Figure{fig}),
			report.TextFile(fig.Name+".csv", theoryCSV(points)))
	}
	if err := report.Write(f.out, files); err != nil {
		return outputError(err)
	}
	for _, file := range files {
		fmt.Fprintln(e.out, filepath.Join(f.out, file.Name))
	}
	return nil
}

// theoryCSV is the points of the theoretical Figure 5.
func theoryCSV(points []figure.Point) string {
	var b strings.Builder
	b.WriteString("panel,series,x,y\n")
	for _, p := range points {
		fmt.Fprintf(&b, "%s,%q,%v,%v\n", p.Panel, p.Series, p.X, p.Y)
	}
	return b.String()
}
