package main

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/google/renameio/v2"
	"github.com/spf13/cobra"

	"fig5/bench/curves"
	"fig5/bench/figure"
	"fig5/bench/measure"
	"fig5/bench/record"
	"fig5/bench/stats"
	"fig5/bench/table"
	"fig5/fid/files"
)

func newAnalyzeCmd(e *env) *cobra.Command {
	var (
		columns        curves.Columns
		asCSV          bool
		filtered, plot string
	)
	c := &cobra.Command{
		Use:   "analyze LOG|RUN...",
		Short: "Low-pass, knee, window and amplitude of any FID curve",
		Long: `Analyze measures how far an FID curve swings once it has settled. It smooths the
curve without moving it in time, finds the knee behind which it is on its plateau, and
measures the filtered curve in a window there. docs/measurement.md has the definitions.

A log goes in as its program wrote it: CSV of any kind, the exports and files of W&B,
TensorBoard (a run's folder, too), Lightning, Keras, MLflow, Hugging Face and StyleGAN, JSON
and JSON lines, NumPy arrays; packed by gzip or not; - is standard input. docs/logs.md has
the list. A run folder of ours stands for its curve, of which the rows from the start of
beta = inf on are measured.

FID and its steps are found by the words of their names, and the first line of the output
says which were taken; --x and --y name others. Steps that are uneven are refused, and
--resample N interpolates them every N.

What makes a number weak is a warning on standard error, in the JSON and in the CSV, with
the flags that mend it where there are any. The settings are the defaults of the section
analysis of a config (docs/config.md), or those of the run whose folder is named; --set
analysis.KEY=VALUE changes one.`,
		Example: `  fig5 analyze docs/example/fid.csv
  fig5 analyze docs/example/fid.csv --plot fid.svg --set analysis.lowpass.order=4
  fig5 analyze --x Step --y Value --json 'logs/*.csv'
  fig5 analyze runs/my-run --y eval/fid --resample 100`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			if c.Flags().Changed("resample") && !(columns.Resample > 0 && columns.Resample < math.Inf(1)) {
				return badInput(fmt.Errorf("--resample %g: is not a step (above 0)", columns.Resample))
			}
			if plot != "" && drawer(plot) == nil {
				return badInput(fmt.Errorf("--plot %s: the ending is not .svg, .pdf or .png", plot))
			}
			if err := cmp.Or(exclude(c, "json", "csv"), outputFile("--filtered", filtered), outputFile("--plot", plot)); err != nil {
				return err
			}
			inputs, err := curves.Paths(args)
			if err != nil {
				return badInput(err)
			}
			if len(inputs) > 1 && (filtered != "" || plot != "") {
				return badInput(fmt.Errorf("--filtered and --plot take one curve, not %d", len(inputs)))
			}
			var runs []record.Dir
			for _, in := range inputs {
				if in.Run != "" {
					runs = append(runs, in.Run)
				}
			}
			e.note(measure.Notes(runs)...)
			outcomes, err := interruptible(c.Context(), func() ([]measure.Outcome, error) {
				return measure.Curves(c.Context(), inputs, columns, e.sets, e.in)
			})
			if c.Context().Err() != nil {
				return errors.New("interrupted")
			}
			if err != nil {
				return badInput(err)
			}
			if len(inputs) == 1 && outcomes[0].Err == nil {
				if err := writeOne(outcomes[0], filtered, plot); err != nil {
					return outputError(err)
				}
			}
			var results []*measure.Result
			var refused []error
			for _, o := range outcomes {
				if o.Err != nil {
					refused = append(refused, o.Err)
					continue
				}
				results = append(results, o.Result)
				e.warn(o.Result.File, o.Result.Warnings...)
			}
			switch {
			case len(results) == 0:
			case asCSV:
				_, err = io.WriteString(e.out, amplitudes(results).CSV())
			default:
				err = e.write(map[string]any{"curves": results}, func() string {
					return strings.Join(taken(results), "\n") + "\n" + amplitudes(results).Text(0)
				})
			}
			if err != nil || len(refused) == 0 {
				return err
			}
			last := len(refused) - 1
			for _, err := range refused[:last] {
				e.note(oneLine(err))
			}
			return badInput(refused[last])
		},
	}
	f := c.Flags()
	f.StringVar(&columns.X, "x", "", "the `COLUMN` of iterations")
	f.StringVar(&columns.Y, "y", "", "the `COLUMN` or tag of the FID")
	f.Float64Var(&columns.Resample, "resample", 0, "interpolate the curve every `N` units of x")
	e.jsonFlag(c)
	f.BoolVar(&asCSV, "csv", false, "write CSV, a row a curve")
	f.StringVar(&filtered, "filtered", "", "write iteration,fid,filtered to the CSV file `OUT`")
	f.StringVar(&plot, "plot", "", "draw the curve to `OUT`, by its ending SVG, PDF or PNG")
	return c
}

// drawer draws a figure for a file of that ending; nil where it is none.
func drawer(path string) func(figure.Figure) ([]byte, error) {
	return map[string]func(figure.Figure) ([]byte, error){
		".svg": figure.Figure.SVG, ".pdf": figure.Figure.PDF, ".png": figure.Figure.PNG,
	}[strings.ToLower(filepath.Ext(path))]
}

// writeOne writes the files asked for of the only curve.
func writeOne(o measure.Outcome, filtered, plot string) error {
	if filtered != "" {
		var b bytes.Buffer
		err := measure.WriteFiltered(&b, o.Curve, o.Result)
		if err == nil {
			err = writeOut(filtered, b.Bytes())
		}
		if err != nil {
			return err
		}
	}
	if plot == "" {
		return nil
	}
	b, err := drawer(plot)(figure.Analyzed(o.Curve, o.Result.Lowpass, &o.Result.Measurement))
	if err != nil {
		return fmt.Errorf("%s: %w", plot, err)
	}
	return writeOut(plot, b)
}

// writeOut replaces the file at path; what is no file (/dev/stdout) is written to.
func writeOut(path string, b []byte) error {
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() {
		return files.Error(path, os.WriteFile(path, b, 0o644))
	}
	return files.Error(path, renameio.WriteFile(path, b, 0o644))
}

// amplitudes is a row a curve: what people read, and for programs all that is known.
func amplitudes(results []*measure.Result) *table.Table {
	return table.Tabulate(results, func(t *table.Rows, r *measure.Result) {
		window := table.Plain(r.Window.From) + ".." + table.Plain(r.Window.To)
		if !r.Window.Complete {
			window += " incomplete"
		}
		number := func(name, head string, v float64) {
			cell := table.Number(stats.Number(v))
			if cell.Text = fmt.Sprintf("%.4g", v); math.IsNaN(v) {
				cell.Text = "-"
			}
			t.Left(name, head, cell)
		}
		t.Left("file", "FILE", r.File)
		t.Left("points", "POINTS", strconv.Itoa(r.Points))
		t.Data("interval", table.Plain(r.Interval), "knee_method", r.Knee.Method)
		t.Left("knee", "KNEE", table.Plain(r.Knee.Iteration))
		t.Data("fallback", r.Knee.Fallback, "from", table.Plain(r.Window.From), "to", table.Plain(r.Window.To), "complete", r.Window.Complete)
		t.Left("", "WINDOW", window)
		number("level", "LEVEL", r.Level)
		for i, head := range []string{"MAX-MIN", "PEAK-TROUGH", "SD", "DETRENDED", "RELATIVE"} {
			name := measure.Amplitudes[i]
			number(name, head, measure.Of(r.Amplitude, name))
		}
		t.Data("x", r.Source.X, "y", r.Source.Y, "rows", r.Source.Rows, "skipped", r.Source.Skipped, "filled", r.Source.Filled,
			"repeated", r.Source.Repeated, "warnings", strings.Join(r.Warnings, "; "))
	})
}

// taken says which columns, steps and points were measured: a line a file, or one for all
// files of which the same was taken.
func taken(results []*measure.Result) []string {
	var order []string
	files := map[string][]string{}
	for _, r := range results {
		what := fmt.Sprintf("y = %s, x = %s, every %s, %d points", r.Source.Y, r.Source.X, table.Plain(r.Source.Interval), r.Points)
		if files[what] == nil {
			order = append(order, what)
		}
		files[what] = append(files[what], r.File)
	}
	for i, what := range order {
		of := files[what][0]
		if n := len(files[what]); n > 1 {
			of = fmt.Sprintf("%d curves", n)
		}
		order[i] = of + ": " + what
	}
	return order
}
