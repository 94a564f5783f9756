package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"fig5/bench/config"
	"fig5/bench/measure"
	"fig5/bench/record"
	"fig5/bench/report"
)

func newReportCmd(e *env) *cobra.Command {
	var (
		out, amplitude, curves, against string
		recorded, all                   bool
	)
	c := &cobra.Command{
		Use:   "report CONFIG | --curves LIST.csv | --recorded",
		Short: "The figure, per-run curves, tables, an HTML page and RESULTS.md of a sweep",
		Long: `Report measures every run of a sweep, prints what it answers to the four questions of
docs/experiment.md and the amplitudes against K, in 15 lines, and writes figures (SVG, PDF,
PNG), tables, one self-contained HTML page and RESULTS.md to DIR/<sweep>/report.
docs/report.md lists the files, and the keys of --json. --all prints every column of every
table; there, and in the files, what inflates amplitudes is a footnote to the groups that
have it. Where the same sweep has recorded runs (DIR/recorded/<sweep>, those behind the
committed RESULTS.md), it says how many curves are byte for byte the recorded ones and,
where some are not, how many groups agree with them; --all and --against DIR set each group
beside its recorded one.

--curves reads FID curves of any origin: a CSV list with the columns k, seed, schedule
and path, the paths relative to the list, and x, y and resample where a curve needs them
(docs/logs.md). --recorded regenerates RESULTS.md, docs/results and docs/figures from all
sweeps in DIR/recorded. With --json the numbers go to standard output, and nothing is
written unless -o is given.`,
		Example: `  fig5 report configs/fig5.yaml
  fig5 report configs/fig5.yaml --measure relative --json
  fig5 report configs/fig5.yaml --set analysis.window=4000 -o /tmp/report
  fig5 report --curves mycurves.csv --set analysis.window=20000 -o report`,
		Args:              cobra.MaximumNArgs(1),
		ValidArgsFunction: yamlFiles,
		RunE: func(cmd *cobra.Command, args []string) error {
			given := len(args)
			if curves != "" {
				given++
			}
			if recorded {
				given++
			}
			if given != 1 {
				return badInput(errors.New("report wants one of CONFIG, --curves LIST.csv and --recorded"))
			}
			if err := cmp.Or(badInput(measure.CheckAmplitude(amplitude)), outputDir("-o", out)); err != nil {
				return err
			}
			if recorded {
				if e.json || all || len(e.sets) > 0 || cmd.Flags().Changed("measure") {
					return badInput(errors.New("--recorded goes with --runs and -o alone"))
				}
				return e.reportRecorded(filepath.Join(e.runs, "recorded"), out)
			}
			s, err := e.loadReport(args, curves)
			if err != nil {
				return badInput(err)
			}
			r, err := report.New(s, amplitude)
			if err == nil {
				err = r.Complete()
			}
			if err != nil {
				return err
			}
			warnings := r.Summary().Warnings
			if !e.json {
				warnings = r.OtherWarnings() // the text has the rest as footnotes
			}
			e.warn("", warnings...)
			if err := e.write(r.Numbers(), func() string { return r.Text(all) }); err != nil {
				return err
			}
			switch {
			case out != "":
			case e.json:
				return nil
			case curves != "":
				out = strings.TrimSuffix(curves, filepath.Ext(curves)) + "-report"
			default:
				out = string(record.OpenSweep(e.runs, s.Name).Report())
			}
			if err := report.Write(out, r.Files()); err != nil || e.json {
				return outputError(err)
			}
			e.note(fmt.Sprintf("figures, tables, RESULTS.md and index.html are in %s", out))
			return e.writeAgainst(r, against, all)
		},
	}
	e.runsFlag(c)
	c.Flags().StringVarP(&out, "out", "o", "", "write to this `DIR` (default: DIR/<sweep>/report; with --recorded, here)")
	measureFlag(c, &amplitude)
	c.Flags().StringVar(&curves, "curves", "", "report on the curves in a CSV `LIST` in place of a sweep")
	c.Flags().StringVar(&against, "against", "", "set the groups beside those of the runs in this `DIR` (default: DIR/recorded/<sweep> where it is)")
	c.Flags().BoolVar(&recorded, "recorded", false, "regenerate RESULTS.md, docs/results and docs/figures from DIR/recorded")
	c.Flags().BoolVar(&all, "all", false, "print every column of every table")
	e.jsonFlag(c)
	return c
}

// loadReport measures the sweep of a config, or the curves of a list.
func (e *env) loadReport(args []string, curves string) (*measure.Sweep, error) {
	if curves != "" {
		return e.loadList(curves)
	}
	cfg, err := config.Load(args[0], e.sets)
	if err != nil {
		return nil, err
	}
	return measure.Load(cfg, record.OpenSweep(e.runs, cfg.Name))
}

// writeAgainst sets the report beside recorded runs, where there are any: in a line, and
// a row a group where all is asked for or the runs were named.
func (e *env) writeAgainst(r *report.Report, against string, all bool) error {
	dir := against
	if dir == "" {
		if r.Sweep.Config == nil {
			return nil
		}
		dir = filepath.Join(e.runs, "recorded", r.Sweep.Name)
		if _, err := os.Stat(dir); errors.Is(err, fs.ErrNotExist) {
			return nil
		}
	}
	old, err := measure.Open(dir, "", nil)
	if err == nil && len(old) > 1 {
		err = fmt.Errorf("%s: holds %d sweeps; name one", dir, len(old))
	}
	if err != nil {
		return badInput(err)
	}
	a, err := r.Beside(old[0])
	if err != nil {
		return err
	}
	e.warn("", a.Warnings()...)
	_, err = io.WriteString(e.out, a.Text(all || against != ""))
	return err
}

// reportRecorded regenerates RESULTS.md, docs/results and docs/figures.
func (e *env) reportRecorded(root, out string) error {
	sweeps, partial, err := measure.Recorded(root)
	if err != nil {
		return badInput(err)
	}
	if out == "" {
		out = "."
	}
	files, err := report.Recorded(root, sweeps)
	if err != nil {
		return badInput(err)
	}
	if err := report.Write(out, files); err != nil {
		return outputError(err)
	}
	for _, s := range sweeps {
		fmt.Fprintf(e.out, "%s: %d runs\n", s.Name, s.Runs())
	}
	for _, s := range partial {
		e.note(fmt.Sprintf("%s: %d of %d runs are recorded; it is told once all are", s.Name, s.Runs()-s.Missing(), s.Runs()))
	}
	e.note(fmt.Sprintf("wrote %s, docs/results and docs/figures", filepath.Join(out, "RESULTS.md")))
	return nil
}
