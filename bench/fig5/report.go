package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"fig5/bench/config"
	"fig5/bench/record"
	"fig5/bench/report"
	"fig5/filters"
)

func newReportCmd(e *env) *cobra.Command {
	var (
		runs, out, measure, curves, against string
		asJSON, recorded                    bool
	)
	c := &cobra.Command{
		Use:   "report CONFIG | --curves LIST.csv | --recorded",
		Short: "The figure, per-run curves, tables, an HTML page and RESULTS.md of a sweep",
		Long: `Report measures every run of a sweep, prints a line a group and the trend over K in
words, and writes figures (SVG, PDF, PNG), tables, one self-contained HTML page and
RESULTS.md to DIR/<sweep>/report. What inflates amplitudes (the end of the descent in
the window and the like) is a footnote to the groups that have it, with how many runs and
which, and the flags that mend it. Where the same sweep has recorded runs
(DIR/recorded/<sweep>, those behind the committed RESULTS.md), each group is set beside
its recorded one.

--curves reads FID curves of any origin: a CSV list with the columns k, seed, schedule
and path, the paths relative to the list. --recorded regenerates RESULTS.md and
docs/figures from all sweeps in DIR/recorded.

With --json, the numbers go to standard output and nothing is written unless -o is
given. The keys: measure; groups, each with by, k, baseline, n, failed (diverged ones
among them), unsettled, missing, mean, sd, ci95, geomean, geomean_ci95, median, iqm,
values, seeds, floor, level, lost_modes; trends, each with by, page_p, page_p_exact,
jonckheere_p, spearman, spearman_p, slope, slope_ci95; real_floor; warnings.`,
		Example: `  fig5 report configs/fig5.yaml
  fig5 report configs/fig5.yaml --measure relative --json
  fig5 report configs/fig5.yaml --set analysis.window=4000 -o /tmp/report
  fig5 report --curves mycurves.csv --set analysis.window=20000 -o report`,
		Args:              cobra.MaximumNArgs(1),
		ValidArgsFunction: yamlFiles,
		RunE: func(cmd *cobra.Command, args []string) error {
			if n := len(args) + count(curves != "", recorded); n != 1 {
				return badInput(errors.New("report wants one of CONFIG, --curves LIST.csv and --recorded"))
			}
			if err := report.CheckMeasure(measure); err != nil {
				return badInput(err)
			}
			if out != "" {
				if err := outputDir("-o", out); err != nil {
					return err
				}
			}
			if recorded {
				if asJSON || len(e.sets) > 0 || cmd.Flags().Changed("measure") {
					return badInput(errors.New("--recorded goes with --runs and -o alone"))
				}
				return e.reportRecorded(filepath.Join(runs, "recorded"), out)
			}
			d, err := loadReport(args, curves, runs, e.sets)
			if err != nil {
				return badInput(err)
			}
			r, err := d.Report(measure)
			if err != nil {
				return err
			}
			for _, w := range r.Warnings {
				if asJSON || r.Sign(w) == "" { // the text has the others as footnotes
					fmt.Fprintln(e.err, "fig5: warning:", w)
				}
			}
			if asJSON {
				if out != "" {
					if err := d.Write(out, measure); err != nil {
						return outputError(err)
					}
				}
				return e.writeJSON(r)
			}
			if err := d.WriteText(e.out, r); err != nil {
				return err
			}
			if err := e.writeAgainst(d, r, runs, against); err != nil {
				return err
			}
			if out == "" {
				out = string(record.OpenSweep(runs, d.Name).Report())
				if curves != "" {
					out = strings.TrimSuffix(curves, filepath.Ext(curves)) + "-report"
				}
			}
			if err := d.Write(out, measure); err != nil {
				return outputError(err)
			}
			fmt.Fprintf(e.err, "fig5: figures, tables, RESULTS.md and index.html are in %s\n", out)
			return nil
		},
	}
	c.Flags().StringVar(&runs, "runs", "runs", "the `DIR` of all runs")
	c.Flags().StringVarP(&out, "out", "o", "", "write to this `DIR` (default: DIR/<sweep>/report; with --recorded, here)")
	measureFlag(c, &measure)
	c.Flags().StringVar(&curves, "curves", "", "report on the curves in a CSV `LIST` in place of a sweep")
	c.Flags().StringVar(&against, "against", "", "set the groups beside those of the runs in this `DIR` (default: DIR/recorded/<sweep> where it is)")
	c.Flags().BoolVar(&recorded, "recorded", false, "regenerate RESULTS.md and docs/figures from DIR/recorded")
	c.Flags().BoolVar(&asJSON, "json", false, "write JSON")
	return c
}

func count(flags ...bool) int {
	n := 0
	for _, f := range flags {
		if f {
			n++
		}
	}
	return n
}

// loadReport measures the sweep of a config, or the curves of a list.
func loadReport(args []string, curves, runs string, sets []string) (*report.Data, error) {
	if curves != "" {
		a, err := config.AnalysisWith(filters.DefaultAnalysis(), sets)
		if err != nil {
			return nil, err
		}
		return report.LoadCurves(curves, a)
	}
	cfg, err := config.Load(args[0], sets)
	if err != nil {
		return nil, err
	}
	return report.Load(cfg, record.OpenSweep(runs, cfg.Name))
}

// writeAgainst sets the groups beside those of recorded runs, where there are any.
func (e *env) writeAgainst(d *report.Data, r *report.Report, runs, against string) error {
	dir := against
	if dir == "" {
		if d.Config == nil {
			return nil
		}
		dir = filepath.Join(runs, "recorded", d.Name)
		if _, err := os.Stat(dir); errors.Is(err, fs.ErrNotExist) {
			return nil
		}
	}
	old, err := report.LoadFolder(record.Sweep(dir))
	if err != nil {
		return badInput(err)
	}
	other, err := old.Report(r.Measure)
	if err != nil {
		return err
	}
	for _, w := range report.Differences(d, old) {
		fmt.Fprintln(e.err, "fig5: warning:", w)
	}
	return d.WriteAgainst(e.out, report.Against(r, other), dir)
}

// reportRecorded regenerates RESULTS.md and the figures of docs.
func (e *env) reportRecorded(root, out string) error {
	sweeps, err := report.Recorded(root)
	if err != nil {
		return badInput(err)
	}
	if out == "" {
		out = "."
	}
	if err := report.WriteResults(out, root, sweeps); err != nil {
		return outputError(err)
	}
	for _, d := range sweeps {
		fmt.Fprintf(e.out, "%s: %d runs\n", d.Name, d.Runs())
	}
	fmt.Fprintf(e.err, "fig5: wrote %s and docs/figures\n", filepath.Join(out, "RESULTS.md"))
	return nil
}
