package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"fig5/bench/config"
	"fig5/bench/record"
	"fig5/bench/sweep"
)

func newRunCmd(e *env) *cobra.Command {
	var (
		o                sweep.Options
		cell             string
		asJSON, recorded bool
	)
	c := &cobra.Command{
		Use:   "run CONFIG",
		Short: "Train what is missing of a sweep",
		Long: `Run trains the cells of a sweep that are missing, one worker process a core, the longest
first, and the pretraining that the cells of a seed share before them. Each cell goes to a
folder DIR/<sweep>/<cell> (docs/run-folder.md). Where the machine's memory does not hold as
many workers, fewer are started.

It is safe to kill and repeat: what is done stays, what was interrupted goes on from its
last checkpoint, what failed is tried again, and the bytes are the same as if nothing had
happened. Two at once share the work. Ctrl-C lets the workers write a checkpoint first.

With --recorded, cells that are missing but have ended in DIR/recorded/<sweep>, where the
runs behind RESULTS.md are committed, are copied from there, once their settings and
checksums are found to be right; what is neither here nor there is trained.

With --json, the keys are sweep, cells, done, diverged, failed (a list of id and message)
and stopped.`,
		Example: `  fig5 run configs/smoke.yaml
  fig5 run configs/fig5.yaml --jobs 4 --runs /scratch/runs
  fig5 run configs/fig5.yaml --cell warm-s13
  fig5 run configs/fig5.yaml --recorded --set seeds=20`,
		Args:              cobra.ExactArgs(1),
		ValidArgsFunction: yamlFiles,
		RunE: func(c *cobra.Command, args []string) error {
			if c.Flags().Changed("jobs") && o.Jobs < 1 {
				return badInput(fmt.Errorf("--jobs %d: not a number of workers (1 or more)", o.Jobs))
			}
			if c.Flags().Changed("cell") {
				if o.Cells = []string{cell}; cell == "" {
					return badInput(errors.New("--cell: wants the ID of a cell; `fig5 plan` lists them"))
				}
			}
			cfg, err := config.Load(args[0], e.sets)
			if err != nil {
				return badInput(err)
			}
			if err := outputDir("--runs", o.Runs); err != nil {
				return err
			}
			if recorded {
				o.Recorded = filepath.Join(o.Runs, "recorded")
			}
			notify, end := progress(e.err)
			o.Notify = func(ev sweep.Event) {
				if ev.Kind == sweep.Began && ev.Sweep.Ended < ev.Sweep.Cells {
					for _, w := range cfg.Warnings() {
						fmt.Fprintf(e.err, "fig5: warning: %s: %s\n", args[0], w)
					}
				}
				notify(ev)
			}
			result, err := sweep.Run(c.Context(), cfg, o)
			end()
			if errors.As(err, new(sweep.SettingError)) {
				return badInput(fmt.Errorf("%s: %w", args[0], err))
			}
			if errors.As(err, new(sweep.InputError)) {
				return badInput(err)
			}
			if err != nil {
				return err
			}
			return e.writeResult(result, record.OpenSweep(o.Runs, cfg.Name), asJSON)
		},
	}
	c.Flags().StringVar(&o.Runs, "runs", "runs", "the `DIR` of all runs")
	c.Flags().IntVarP(&o.Jobs, "jobs", "j", 0, "workers at once (default: one a core)")
	c.Flags().StringVar(&cell, "cell", "", "train only the cell of this `ID`, and the pretraining that it begins from")
	c.Flags().BoolVar(&recorded, "recorded", false, "take missing cells from DIR/recorded/<sweep> where they have ended there")
	c.Flags().BoolVar(&asJSON, "json", false, "write JSON")
	_ = c.RegisterFlagCompletionFunc("cell", func(_ *cobra.Command, args []string, _ string) (ids []string, _ cobra.ShellCompDirective) {
		if len(args) == 1 {
			if cfg, err := config.Load(args[0], e.sets); err == nil {
				for _, cell := range cfg.Cells() {
					ids = append(ids, cell.ID)
				}
			}
		}
		return ids, cobra.ShellCompDirectiveNoFileComp
	})
	return c
}

// progress shows how a sweep goes: bars on a terminal, else a line now and then.
func progress(w io.Writer) (notify func(sweep.Event), end func()) {
	if f, ok := w.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		return sweep.Bars(w)
	}
	return sweep.Lines(w, 30*time.Second, time.Now), func() {}
}

// ranSweep is what fig5 run --json writes.
type ranSweep struct {
	Sweep    string          `json:"sweep"` // its folder
	Cells    int             `json:"cells"` // asked for
	Done     int             `json:"done"`
	Diverged int             `json:"diverged"`
	Failed   []sweep.Failure `json:"failed"`
	Stopped  bool            `json:"stopped"`
}

// writeResult writes what the sweep has come to; what is missing is an error.
func (e *env) writeResult(r sweep.Result, folder record.Sweep, asJSON bool) (err error) {
	if asJSON {
		err = e.writeJSON(ranSweep{string(folder), r.Cells, r.Done, r.Diverged, append([]sweep.Failure{}, r.Failed...), r.Stopped})
	} else {
		text := fmt.Sprintf("%s: %d of %d cells done", folder, r.Done, r.Cells)
		if r.Diverged > 0 {
			text += fmt.Sprintf(", %d diverged", r.Diverged)
		}
		_, err = fmt.Fprintln(e.out, text)
	}
	if err != nil {
		return err
	}
	for i, f := range r.Failed {
		if i == 20 {
			fmt.Fprintf(e.err, "fig5: %d more failed; `fig5 runs ls %s` says why\n", len(r.Failed)-i, folder)
			break
		}
		fmt.Fprintf(e.err, "fig5: %s failed: %s\n", f.ID, f.Message)
	}
	switch missing := r.Cells - r.Done - r.Diverged; {
	case missing == 0:
		return nil
	case r.Stopped:
		return fmt.Errorf("%s: stopped with %d of %d cells to go; run the same command again to go on", folder, missing, r.Cells)
	default:
		return fmt.Errorf("%s: %d of %d cells are missing because of what failed; run the same command again to try anew", folder, missing, r.Cells)
	}
}
