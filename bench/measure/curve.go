package measure

import (
	"bufio"
	"cmp"
	"context"
	"fmt"
	"io"
	"runtime"
	"sync"

	"fig5/bench/config"
	"fig5/bench/curves"
	"fig5/bench/record"
	"fig5/filters"
)

// SetFlag stands before the key of a setting on the command line.
const SetFlag = "--set analysis."

// Flagged is warnings of the measurement with their remedies as flags of the command.
func Flagged(warnings []filters.Warning) []string {
	words := make([]string, len(warnings))
	for i, w := range warnings {
		words[i] = w.Words(SetFlag)
	}
	return words
}

// Result is what is known of one curve. As JSON it is an item of `fig5 analyze --json`.
type Result struct {
	File     string          `json:"file"`
	Points   int             `json:"points"`   // measured: those of β = ∞
	Interval float64         `json:"interval"` // between two of them
	Lowpass  filters.Lowpass `json:"lowpass"`
	filters.Measurement
	Source   curves.Source `json:"source"`   // what was taken from the file
	Warnings []string      `json:"warnings"` // of the log, and of the measurement, Flagged
}

// Curve measures a curve by a. Its errors begin with the file.
func Curve(c *curves.Curve, a filters.Analysis) (*Result, error) {
	m, err := a.Measure(c.X, c.Y)
	interval, _ := filters.Interval(c.X) // an error of either is Measure's
	lowpass, _ := a.Lowpass.At(interval)
	if err != nil {
		if _, short := lowpass.Apply(make([]float64, len(c.X))); short != nil && lowpass.Validate() == nil {
			return nil, fmt.Errorf("%s: %w; to measure the curve itself: %slowpass.name=none", c.File, err, SetFlag)
		}
		return nil, fmt.Errorf("%s: %w", c.File, err)
	}
	return &Result{File: c.File, Points: len(c.X), Interval: interval, Lowpass: lowpass, Measurement: m, Source: c.Source, Warnings: append(append([]string{}, c.Warnings...), Flagged(m.Warnings)...)}, nil
}

// Outcome is what became of one input of Curves: Err, or a Result. Of a single input the
// curve and the filtered curve are kept too.
type Outcome struct {
	Curve  *curves.Curve
	Result *Result
	Err    error
}

// Curves reads and measures the inputs, a core each: a run whose folder was named by
// AnalysisOf, other curves by the defaults, each with sets
// ("analysis.key=value") over it. stdin is what "-" stands for. Its own error is about
// sets, or that of ctx.
func Curves(ctx context.Context, inputs []curves.Input, columns curves.Columns, sets []string, stdin io.Reader) ([]Outcome, error) {
	defaults, err := config.AnalysisWith(filters.DefaultAnalysis(), sets)
	if err != nil {
		return nil, err
	}
	return Each(inputs, func(in curves.Input) (o Outcome, _ error) {
		a := defaults
		if o.Err = ctx.Err(); o.Err == nil && in.Run != "" {
			a, o.Err = runAnalysis(in.Run, sets)
		}
		if o.Err == nil && in.File == "-" {
			o.Curve, o.Err = curves.Read(stdin, in.File, columns)
		} else if o.Err == nil {
			o.Curve, o.Err = curves.ReadFile(in.File, columns)
		}
		if o.Err == nil {
			o.Result, o.Err = Curve(o.Curve, a)
		}
		if o.Err == nil && len(inputs) > 1 {
			o.Curve, o.Result.Filtered = nil, nil
		}
		return o, ctx.Err()
	})
}

// runAnalysis is AnalysisOf a run with sets over it.
func runAnalysis(dir record.Dir, sets []string) (filters.Analysis, error) {
	r, err := dir.Load()
	if err != nil {
		return filters.Analysis{}, err
	}
	a, _, err := AnalysisOf(dir.Sweep(), r.Config)
	if err != nil {
		return a, err
	}
	return config.AnalysisWith(a, sets)
}

// WriteFiltered writes the curve and the filtered curve as CSV, iteration,fid,filtered
// with 17 significant digits, which keep every bit.
func WriteFiltered(w io.Writer, c *curves.Curve, r *Result) error {
	b := bufio.NewWriter(w)
	b.WriteString("iteration,fid,filtered\n")
	for i, x := range c.X {
		fmt.Fprintf(b, "%.17g,%.17g,%.17g\n", x, c.Y[i], r.Filtered[i])
	}
	return b.Flush()
}

// Each is f of every item, by all processors. The error is that of the first item that
// has one.
func Each[T, R any](items []T, f func(T) (R, error)) ([]R, error) {
	out, errs := make([]R, len(items)), make([]error, len(items))
	var all sync.WaitGroup
	busy := make(chan struct{}, runtime.GOMAXPROCS(0))
	for i, item := range items {
		busy <- struct{}{}
		all.Add(1)
		go func() {
			defer all.Done()
			out[i], errs[i] = f(item)
			<-busy
		}()
	}
	all.Wait()
	return out, cmp.Or(errs...)
}
