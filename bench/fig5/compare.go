package main

import (
	"bytes"
	"cmp"
	"errors"
	"strings"

	"github.com/spf13/cobra"

	"fig5/bench/claims"
	"fig5/bench/config"
	"fig5/bench/measure"
	"fig5/bench/report"
	"fig5/filters"
)

func newCompareCmd(e *env) *cobra.Command {
	var (
		by, amplitude, out string
		curves             []string
		asCSV, asLaTeX     bool
	)
	c := &cobra.Command{
		Use:   "compare CONFIG|DIR...",
		Short: "Schedules, protocols, baselines or sweeps side by side across seeds",
		Long: `Compare sets the groups of one or more sweeps side by side: a row for each K with both
geometric means over seeds, their ratio b / a, paired by seed where seeds are shared, with
its 95 % interval, the change of the means, the p value of Wilcoxon's signed-rank test over
shared seeds (Mann-Whitney where seeds are not shared), p after Holm's correction over all
rows, the number of seeds, and the probability that a run of the second group has the
smaller amplitude. What inflates amplitudes is a footnote to the rows that have it.
docs/statistics.md has the tests.

--by names the key that sets the groups apart: schedule, anneal.end,
anneal.box.half_width, anneal.protocol, baseline (ladders against cold, warm and hot), k
(each K against the smallest), sweep, or any key of the configs, such as
train.optimizer.lr. Without it the first of these that has more than one value is taken,
sweep before all.

An argument is a config, whose runs are sought in --runs, or a folder of runs of one or
more sweeps, measured as their manifests say, and in runs/recorded as the config of the
sweep says. --curves reads your own curve files instead, by a list (docs/logs.md).

--json has the keys of report --json for all groups, and comparisons, each with a, b, by,
within, k, baseline, n, ratio, ratio_ci95, pairs, delta_percent, test, p (of that test), holm_p, shared_seeds,
wilcoxon_p, mann_whitney_p, improvement, ci95 (of improvement), warnings.`,
		Example: `  fig5 compare configs/fig5.yaml --by baseline
  fig5 compare configs/mine.yaml --by schedule --measure relative
  fig5 compare runs/recorded/fig5 --by baseline --latex -o table.tex
  fig5 compare --curves mine.csv --json`,
		RunE: func(c *cobra.Command, args []string) error {
			if len(args)+len(curves) == 0 {
				return badInput(errors.New("nothing to compare: name configs, folders of runs or --curves LIST"))
			}
			if err := cmp.Or(exclude(c, "json", "csv", "latex"), badInput(measure.CheckAmplitude(amplitude)), outputFile("-o", out)); err != nil {
				return err
			}
			var sweeps []*measure.Sweep
			for _, arg := range args {
				found, err := measure.Find(arg, e.runs, e.sets)
				if err != nil {
					return badInput(err)
				}
				for _, f := range found {
					e.note(f.Note)
					s, err := f.Load()
					if err != nil {
						return badInput(err)
					}
					sweeps = append(sweeps, s)
				}
			}
			for _, list := range curves {
				s, err := e.loadList(list)
				if err != nil {
					return badInput(err)
				}
				sweeps = append(sweeps, s)
			}
			r, err := claims.Compare(sweeps, by, amplitude)
			if err != nil {
				return badInput(err)
			}
			for _, w := range r.Warnings {
				if e.json || asCSV || !report.Noted(r, w) { // the tables have the others as footnotes
					e.warn("", w)
				}
			}
			text := ""
			switch {
			case e.json: // as it is
			case asCSV:
				text = report.Pairs(r).CSV()
			case asLaTeX:
				text, err = report.PairsLaTeX(r)
			default:
				text, err = report.PairsText(r)
			}
			if err != nil {
				return err
			}
			var b bytes.Buffer
			if out != "" {
				e.out = &b
			}
			if err := e.write(r, func() string { return text }); err != nil || out == "" {
				return err
			}
			return outputError(writeOut(out, b.Bytes()))
		},
	}
	f := c.Flags()
	f.StringVar(&by, "by", "", "the `KEY` that sets groups apart")
	measureFlag(c, &amplitude)
	f.StringArrayVar(&curves, "curves", nil, "a `LIST` of curve files, CSV with the columns k,seed,schedule,path (may be repeated)")
	e.runsFlag(c)
	f.StringVarP(&out, "out", "o", "", "write to `FILE` in place of stdout")
	e.jsonFlag(c)
	f.BoolVar(&asCSV, "csv", false, "write CSV, all digits")
	f.BoolVar(&asLaTeX, "latex", false, "write a LaTeX table (package booktabs)")
	complete(c, "by", []string{"schedule", "anneal.end", "anneal.box.half_width", "anneal.protocol", "baseline", "k", "sweep"})
	return c
}

// loadList measures the curves of a list.
func (e *env) loadList(path string) (*measure.Sweep, error) {
	a, err := config.AnalysisWith(filters.DefaultAnalysis(), e.sets)
	if err != nil {
		return nil, err
	}
	return measure.LoadList(path, a)
}

// measureFlag is --measure, the amplitude by its name.
func measureFlag(c *cobra.Command, to *string) {
	c.Flags().StringVar(to, "measure", measure.Amplitudes[0], "the amplitude by `NAME`: "+strings.Join(measure.Amplitudes, ", "))
	complete(c, "measure", measure.Amplitudes)
}

// complete lets the shell complete a flag of c to words.
func complete(c *cobra.Command, flag string, words []string) {
	if err := c.RegisterFlagCompletionFunc(flag, cobra.FixedCompletions(words, cobra.ShellCompDirectiveNoFileComp)); err != nil {
		panic(err) // a flag that was not defined
	}
}
