package main

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"fig5/bench/figure"
	"fig5/bench/report"
	"fig5/bench/tinygan"
)

// tinyFlags is the command line of fig5 tiny.
type tinyFlags struct {
	system, objective, start, method, schedule string
	T, target, until, every, step, tau         float64
	levels                                     int
	asPrinted                                  bool
	staircase                                  bool // --levels was given

	csv, json, figure1, figure5 bool
	svg, out                    string
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
			if err := f.check(c); err != nil {
				return badInput(err)
			}
			if f.figure1 || f.figure5 {
				if err := outputDir("-o", f.out); err != nil {
					return err
				}
				return f.draw(e)
			}
			if f.svg != "" {
				if err := outputFile("--svg", f.svg); err != nil {
					return err
				}
			}
			return f.solve(e)
		},
	}
	fl := c.Flags()
	fl.StringVar(&f.system, "system", "beta", "autonomous, beta or beta-prime")
	fl.StringVar(&f.objective, "f", "linear", "the objective's f: linear (f(y) = y) or js (-log(1+e^-y))")
	fl.Float64Var(&f.T, "T", 30, "the time constant of Eq. 7")
	fl.StringVar(&f.start, "start", "1,0,1", "theta,psi,alpha at t = 0 (autonomous: alpha is the target; default 1,2,TARGET)")
	fl.Float64Var(&f.target, "target", 3, "alpha_r, where the annealing ends")
	fl.Float64Var(&f.until, "until", 100, "the end")
	fl.Float64Var(&f.every, "every", 0.5, "the time between rows")
	fl.BoolVar(&f.asPrinted, "as-printed", false, "Eq. 8 with its printed sign, which runs away (beta-prime)")
	fl.StringVar(&f.method, "method", "flow", "flow (the differential equation), or gradient descent: simultaneous or alternating")
	fl.Float64Var(&f.step, "step", 0, "the step of gradient descent; --every must be a multiple")
	fl.IntVar(&f.levels, "levels", 0, "anneal in `K` levels and a last jump")
	fl.Float64Var(&f.tau, "tau", 1, "the time at each level")
	fl.StringVar(&f.schedule, "schedule", "exponential", "the levels: exponential (Eq. 7 at tau, 2 tau, ...) or linear")
	fl.BoolVar(&f.csv, "csv", false, "write CSV: t,theta,psi,alpha,theta_exact,psi_exact,alpha_exact")
	fl.BoolVar(&f.json, "json", false, "write JSON")
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
func (f *tinyFlags) check(c *cobra.Command) error {
	given := c.Flags().Changed
	var outputs []string
	for _, o := range []struct {
		name string
		on   bool
	}{{"--csv", f.csv}, {"--json", f.json}, {"--svg", given("svg")}, {"--figure1", f.figure1}, {"--figure5", f.figure5}} {
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
	case f.method == "flow" && given("step"):
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
	f.staircase = given("levels")
	if f.system == "autonomous" && !given("start") {
		f.start = fmt.Sprintf("1,2,%v", f.target)
	}
	return nil
}

// parse is the system that the flags describe, and how it moves. Errors begin
// with the flag without its dashes, as those of tinygan do.
func (f *tinyFlags) parse() (s tinygan.System, how tinygan.Descent, err error) {
	if s.Kind, err = tinygan.ParseKind(f.system); err != nil {
		return s, 0, fmt.Errorf("system: %w", err)
	}
	if s.Objective, err = tinygan.ParseObjective(f.objective); err != nil {
		return s, 0, fmt.Errorf("f: %w", err)
	}
	if s.Start, err = tinygan.ParseState(f.start); err != nil {
		return s, 0, fmt.Errorf("start: %w", err)
	}
	if f.descends() {
		if how, err = tinygan.ParseDescent(f.method); err != nil {
			return s, 0, fmt.Errorf("method: %q is not one of flow, simultaneous or alternating", f.method)
		}
	}
	s.Target, s.T, s.AsPrinted = f.target, f.T, f.asPrinted
	if !f.staircase {
		return s, how, nil
	}
	if f.levels < 0 || f.levels > tinygan.MaxLevels {
		return s, 0, fmt.Errorf("levels: %d is not a number of levels (0 to %d)", f.levels, tinygan.MaxLevels)
	}
	s.Tau = f.tau
	switch f.schedule {
	case "linear":
		s.Levels = tinygan.LinearLevels(s.Start.Alpha, s.Target, f.levels)
	case "exponential":
		smooth := s
		if err := smooth.Validate(); err != nil { // T is that of the levels
			return s, 0, err
		}
		s.Levels = tinygan.ExponentialLevels(s.Start.Alpha, s.Target, s.T, s.Tau, f.levels)
	default:
		return s, 0, fmt.Errorf("schedule: %q is not one of exponential or linear", f.schedule)
	}
	return s, how, nil
}

func (f *tinyFlags) descends() bool { return f.method != "flow" }

// solve answers about one trajectory.
func (f *tinyFlags) solve(e *env) error {
	flag := func(err error) error { return badInput(fmt.Errorf("--%w", err)) }
	s, how, err := f.parse()
	if err != nil {
		return flag(err)
	}
	every := f.every
	if f.svg != "" {
		step := 0.0
		if f.descends() {
			step = f.step
		}
		if every, err = figure.Sampling(f.until, step); err != nil {
			return flag(err)
		}
	}
	var tr *tinygan.Trajectory
	if f.descends() {
		tr, err = s.Descend(how, f.step, f.until, every)
	} else {
		tr, err = s.Integrate(f.until, every)
	}
	if err != nil {
		return flag(err)
	}
	if f.asPrinted && s.Kind != tinygan.BetaPrime {
		fmt.Fprintln(e.err, "fig5: warning: --as-printed: the printed sign matters to --system beta-prime only")
	}
	switch {
	case f.csv:
		return writeTinyCSV(e.out, tr)
	case f.svg != "":
		b, err := figure.Trajectory(tr, f.title(s)).SVG()
		if err != nil {
			return err
		}
		return outputError(writeOut(f.svg, b))
	}
	a := newTinyAnswer(f, tr, how)
	return e.write(f.json, a, func() string { return a.text(f, tr) })
}

// title describes the system in one line.
func (f *tinyFlags) title(s tinygan.System) string {
	parts := []string{map[tinygan.Kind]string{tinygan.Autonomous: "autonomous", tinygan.Beta: "β-GAN (λ = 0)", tinygan.BetaPrime: "β′-GAN (λ = 1)"}[s.Kind]}
	if s.AsPrinted && s.Kind == tinygan.BetaPrime {
		parts[0] += " as printed"
	}
	if s.Objective == tinygan.JensenShannon {
		parts = append(parts, "Jensen-Shannon")
	}
	switch {
	case f.staircase && f.schedule == "linear":
		parts = append(parts, fmt.Sprintf("%d even levels of %v", f.levels, s.Tau))
	case f.staircase:
		parts = append(parts, fmt.Sprintf("%d levels of %v, T = %v", f.levels, s.Tau, s.T))
	case s.Kind != tinygan.Autonomous:
		parts = append(parts, fmt.Sprintf("T = %v", s.T))
	}
	if f.descends() {
		parts = append(parts, fmt.Sprintf("%s descent, h = %v", f.method, f.step))
	}
	return strings.Join(parts, ", ")
}

// draw writes the figures and lists their files.
func (f *tinyFlags) draw(e *env) error {
	var figs []figure.Figure
	var points []figure.Point
	if f.figure1 {
		var err error
		if figs, err = figure.Figure1(); err != nil {
			return err
		}
	} else {
		var fig figure.Figure
		fig, points = figure.Theory()
		figs = []figure.Figure{fig}
	}
	files := report.FigureFiles("", figs)
	if points != nil {
		files = append(files, report.File{Name: figs[0].Name + ".csv", Make: func() ([]byte, error) { return theoryCSV(points), nil }})
	}
	if err := report.Write(f.out, files); err != nil {
		return outputError(err)
	}
	for _, file := range files {
		fmt.Fprintln(e.out, filepath.Join(f.out, file.Name))
	}
	return nil
}
