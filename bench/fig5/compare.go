package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"fig5/bench/compare"
	"fig5/bench/config"
	"fig5/bench/record"
	"fig5/bench/report"
	"fig5/filters"
)

func newCompareCmd(e *env) *cobra.Command {
	var (
		by, measure, runs, out string
		curves                 []string
		asJSON, asCSV, asLaTeX bool
	)
	c := &cobra.Command{
		Use:   "compare CONFIG|DIR...",
		Short: "Schedules, protocols, baselines or sweeps side by side across seeds",
		Long: `Compare sets the groups of one or more sweeps side by side: a row for each K with both
geometric means over seeds and their 95 % intervals, the change in percent (~ where it is
not significant at 0.05), the p value of Wilcoxon's signed-rank test over shared seeds
(Mann-Whitney where seeds are not shared), and the probability that a run of the second
group has the smaller amplitude. * marks what remains significant after Holm's correction
over all rows; runs that failed or did not settle are counted below the table. So is what
inflates amplitudes (the end of the descent in the window and the like): a footnote to
the rows that have it, with how many runs and which, and the flags that mend it.

--by names the key that sets the groups apart: schedule, anneal.end,
anneal.box.half_width, anneal.protocol, baseline (ladders against cold, warm and hot), k
(each K against the smallest), sweep, or any key of the configs, such as
train.optimizer.lr. Without it the first of sweep, schedule, anneal.end,
anneal.box.half_width, anneal.protocol, baseline and k that has more than one value is
taken.

An argument is a config, whose runs are sought in --runs, or a folder of runs as they
are, or of several sweeps. --curves reads your own curve files instead: a CSV list with
the columns k, seed, schedule and path.

--json has the keys of report --json for all groups, and comparisons, each with a, b, by,
within, k, baseline, delta_percent, test, p (of that test), holm_p, shared_seeds,
wilcoxon_p, mann_whitney_p, improvement, ci95 (of improvement), warnings.`,
		Example: `  fig5 compare configs/fig5.yaml --by baseline
  fig5 compare configs/mine.yaml --by schedule --measure relative
  fig5 compare runs/recorded/fig5 --by baseline --latex -o table.tex
  fig5 compare --curves mine.csv --json`,
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			return nil, cobra.ShellCompDirectiveDefault
		},
		RunE: func(_ *cobra.Command, args []string) error {
			if len(args)+len(curves) == 0 {
				return badInput(errors.New("nothing to compare: name configs, folders of runs or --curves LIST"))
			}
			if asJSON && asCSV || asJSON && asLaTeX || asCSV && asLaTeX {
				return badInput(errors.New("--json, --csv and --latex exclude each other"))
			}
			if err := report.CheckMeasure(measure); err != nil {
				return badInput(err)
			}
			if out != "" {
				if err := outputFile("-o", out); err != nil {
					return err
				}
			}
			var sweeps []*report.Data
			for _, arg := range args {
				found, err := openSweeps(arg, runs, e.sets)
				if err != nil {
					return badInput(err)
				}
				sweeps = append(sweeps, found...)
			}
			if len(curves) > 0 {
				analysis, err := config.AnalysisWith(filters.DefaultAnalysis(), e.sets)
				if err != nil {
					return badInput(err)
				}
				for _, list := range curves {
					d, err := report.LoadCurves(list, analysis)
					if err != nil {
						return badInput(err)
					}
					sweeps = append(sweeps, d)
				}
			}
			r, err := compare.Compare(sweeps, by, measure)
			if err != nil {
				return badInput(err)
			}
			for _, w := range r.Warnings {
				if asJSON || asCSV || !r.Noted(w) { // the tables have the others as footnotes
					fmt.Fprintf(e.err, "fig5: warning: %s\n", w)
				}
			}
			write := func(w io.Writer) error {
				switch {
				case asJSON:
					return (&env{out: w}).writeJSON(r)
				case asCSV:
					return r.CSV(w)
				case asLaTeX:
					return r.LaTeX(w)
				}
				return r.Text(w)
			}
			if out == "" {
				return write(e.out)
			}
			var b bytes.Buffer
			if err := write(&b); err != nil {
				return err
			}
			return outputError(writeOut(out, b.Bytes()))
		},
	}
	f := c.Flags()
	f.StringVar(&by, "by", "", "the `KEY` that sets groups apart")
	measureFlag(c, &measure)
	f.StringArrayVar(&curves, "curves", nil, "a `LIST` of curve files, CSV with the columns k,seed,schedule,path (may be repeated)")
	f.StringVar(&runs, "runs", "runs", "the `DIR` of all runs")
	f.StringVarP(&out, "out", "o", "", "write to `FILE` in place of stdout")
	f.BoolVar(&asJSON, "json", false, "write JSON")
	f.BoolVar(&asCSV, "csv", false, "write CSV, all digits")
	f.BoolVar(&asLaTeX, "latex", false, "write a LaTeX table (package booktabs)")
	complete(c, "by", []string{"schedule", "anneal.end", "anneal.box.half_width", "anneal.protocol", "baseline", "k", "sweep"})
	return c
}

// measureFlag is --measure, the amplitude by its name.
func measureFlag(c *cobra.Command, to *string) {
	c.Flags().StringVar(to, "measure", report.Measures[0], "the amplitude by `NAME`: "+strings.Join(report.Measures, ", "))
	complete(c, "measure", report.Measures)
}

// complete lets the shell complete a flag of c to words.
func complete(c *cobra.Command, flag string, words []string) {
	if err := c.RegisterFlagCompletionFunc(flag, cobra.FixedCompletions(words, cobra.ShellCompDirectiveNoFileComp)); err != nil {
		panic(err) // a flag that was not defined
	}
}

// openSweeps measures the sweep of a config, or the sweeps in a folder by the configs
// that their runs carry; sets lie over either.
func openSweeps(arg, runs string, sets []string) ([]*report.Data, error) {
	if info, err := os.Stat(arg); err != nil || !info.IsDir() {
		c, err := config.Load(arg, sets)
		if err != nil {
			return nil, err
		}
		d, err := report.Load(c, record.OpenSweep(runs, c.Name))
		if err != nil {
			return nil, err
		}
		return []*report.Data{d}, nil
	}
	sweeps, err := sweepsIn(arg)
	if err != nil {
		return nil, err
	}
	var found []*report.Data
	for _, sweep := range sweeps {
		c, err := report.SweepConfig(sweep)
		if err != nil {
			return nil, err
		}
		if c, err = c.With(sets); err != nil {
			return nil, err
		}
		d, err := report.Load(c, sweep)
		if err != nil {
			return nil, err
		}
		found = append(found, d)
	}
	return found, nil
}

// sweepsIn is the folders of the sweeps whose runs are in a folder and below.
func sweepsIn(folder string) ([]record.Sweep, error) {
	dirs, err := record.Find(folder)
	if err != nil {
		return nil, err
	}
	var sweeps []record.Sweep
	for _, dir := range dirs {
		sweep := dir.Sweep()
		if filepath.Base(string(sweep)) != "pretrain" && !slices.Contains(sweeps, sweep) {
			sweeps = append(sweeps, sweep)
		}
	}
	return sweeps, nil
}
