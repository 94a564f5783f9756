package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"fig5/bench/config"
	"fig5/bench/record"
	"fig5/bench/sweep"
)

func newRunCmd(e *env) *cobra.Command {
	var (
		o        sweep.Options
		cell     string
		recorded bool
		executor string
		slurm    sweep.Slurm
	)
	c := &cobra.Command{
		Use:   "run CONFIG",
		Short: "Train what is missing of a sweep",
		Long: `Run trains the cells of a sweep that are missing, one worker process a core (one alone on a GPU), the longest
first, and the pretraining that the cells of a seed share before them. Each cell goes to a
folder DIR/<sweep>/<cell> (docs/run-folder.md). Where the machine's memory does not hold as
many workers, fewer are started.

It is safe to kill and repeat: what is done stays, what was interrupted goes on from its
last checkpoint, what failed is tried again, and the bytes are the same as if nothing had
happened. Two at once share the work. Ctrl-C lets the workers write a checkpoint first.

With --executor slurm the runs are trained by the tasks of Slurm job arrays, one each: this
machine submits them and watches. If fig5 ends, the tasks go on, and the next run of the
same command finds them; --detach ends it as soon as they are queued (docs/cluster.md).

With --recorded, cells that are missing but have ended in DIR/recorded/<sweep>, where the
runs behind RESULTS.md are committed, are copied from there, once their settings and
checksums are found to be right; what is neither here nor there is trained.

With --json, the keys are sweep, cells, done, diverged, failed (a list of id and message),
queued (runs that are left to Slurm) and stopped.`,
		Example: `  fig5 run configs/smoke.yaml
  fig5 run configs/fig5.yaml --jobs 4 --runs /scratch/runs
  fig5 run configs/fig5.yaml --cell warm-s13
  fig5 run configs/fig5.yaml --recorded --set seeds=20
  fig5 run configs/fig5.yaml --executor slurm --partition long --time 4:00:00 --detach`,
		Args:              cobra.ExactArgs(1),
		ValidArgsFunction: yamlFiles,
		RunE: func(c *cobra.Command, args []string) error {
			if err := cmp.Or(atLeastOne(c, "jobs", o.Jobs, "workers"), outputDir("--runs", e.runs)); err != nil {
				return err
			}
			if c.Flags().Changed("cell") {
				if o.Cells = []string{cell}; cell == "" {
					return badInput(errors.New("--cell: wants the ID of a cell; `fig5 plan` lists them"))
				}
			}
			sets, err := slurmSets(c, executor, slurm.Limit)
			if err != nil {
				return badInput(err)
			}
			cfg, err := config.Load(args[0], append(slices.Clone(e.sets), sets...))
			if err != nil && len(sets) > 0 {
				err = errors.New(strings.Replace(err.Error(), "--set slurm.", "--", 1)) // as it was given
			}
			if err != nil {
				return badInput(err)
			}
			if executor == "slurm" {
				o.Slurm = &slurm
			}
			if o.Runs = e.runs; recorded {
				o.Recorded = filepath.Join(e.runs, "recorded")
			}
			notify, end := progress(e.err)
			o.Notify = func(ev sweep.Event) {
				if ev.Kind == sweep.Began && ev.Sweep.Ended < ev.Sweep.Cells {
					e.warn(args[0], cfg.Warnings()...)
				}
				notify(ev)
			}
			result, err := sweep.Run(c.Context(), cfg, o)
			end()
			if err != nil {
				return sweepError(args[0], err)
			}
			return e.writeResult(result, record.OpenSweep(e.runs, cfg.Name))
		},
	}
	e.runsFlag(c)
	c.Flags().IntVarP(&o.Jobs, "jobs", "j", 0, "workers at once (default: one a core, or one on the GPU)")
	c.Flags().StringVar(&cell, "cell", "", "train only the cell of this `ID`, and the pretraining that it begins from")
	c.Flags().BoolVar(&recorded, "recorded", false, "take missing cells from DIR/recorded/<sweep> where they have ended there")
	c.Flags().StringVar(&executor, "executor", "local", "who trains: local or slurm")
	c.Flags().IntVar(&slurm.Limit, "array-limit", 0, "Slurm: tasks at once (default: as many as the cluster runs)")
	c.Flags().BoolVar(&o.Detach, "detach", false, "Slurm: end when all is queued")
	for _, name := range slurmFlags {
		c.Flags().String(name, "", "Slurm: as sbatch has it")
	}
	e.jsonFlag(c)
	complete(c, "executor", []string{"local", "slurm"})
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

// slurmFlags are the options of sbatch that are flags of fig5 run.
var slurmFlags = []string{"partition", "time", "mem", "account", "gres"}

// slurmSets is the flags of Slurm as settings of the config's map slurm.
func slurmSets(c *cobra.Command, executor string, limit int) (sets []string, err error) {
	given := func(name string) bool { return c.Flags().Changed(name) }
	switch executor {
	case "local":
		for _, name := range append([]string{"array-limit", "detach"}, slurmFlags...) {
			if given(name) {
				return nil, fmt.Errorf("--%s: has a meaning with --executor slurm only", name)
			}
		}
	case "slurm":
		if given("jobs") {
			return nil, errors.New("--jobs: is of --executor local; --array-limit is how many tasks of Slurm run at once")
		}
		if err := atLeastOne(c, "array-limit", limit, "tasks"); err != nil {
			return nil, err
		}
		for _, name := range slurmFlags {
			if given(name) {
				value, _ := c.Flags().GetString(name)
				sets = append(sets, "slurm."+name+"="+strconv.Quote(value))
			}
		}
	default:
		return nil, fmt.Errorf("--executor %s: is local or slurm", executor)
	}
	return sets, nil
}

// progress shows how a sweep goes: bars on a terminal, else a line now and then.
func progress(w io.Writer) (notify func(sweep.Event), end func()) {
	if f, ok := w.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		return sweep.Bars(w)
	}
	return sweep.Lines(w, 30*time.Second, time.Now), func() {}
}

// sweepError marks what is wrong with a config, or with what was asked for, as the user's.
func sweepError(path string, err error) error {
	switch {
	case errors.As(err, new(sweep.SettingError)):
		return badInput(fmt.Errorf("%s: %w", path, err))
	case errors.As(err, new(sweep.InputError)):
		return badInput(err)
	}
	return err
}

// writeResult writes what the sweep has come to; what is missing is an error.
func (e *env) writeResult(r sweep.Result, folder record.Sweep) error {
	r.Failed = append([]sweep.Failure{}, r.Failed...) // in JSON a list, also of none
	ran := struct {
		Sweep string `json:"sweep"` // its folder
		sweep.Result
	}{string(folder), r}
	if err := e.write(ran, func() string {
		text := fmt.Sprintf("%s: %d of %d cells done", folder, r.Done, r.Cells)
		if r.Diverged > 0 {
			text += fmt.Sprintf(", %d diverged", r.Diverged)
		}
		if r.Queued > 0 {
			text += fmt.Sprintf(", %d runs are left to Slurm", r.Queued)
		}
		return text + "\n"
	}); err != nil {
		return err
	}
	for i, f := range r.Failed {
		if i == 20 {
			e.note(fmt.Sprintf("%d more failed; `fig5 runs ls %s` says why", len(r.Failed)-i, folder))
			break
		}
		e.note(f.ID + " failed: " + f.Message)
	}
	switch missing := r.Cells - r.Done - r.Diverged; {
	case missing == 0, r.Queued > 0 && !r.Stopped:
		return nil
	case r.Queued > 0:
		return fmt.Errorf("%s: stopped watching with %d of %d cells to go; Slurm goes on with them, run the same command again to watch", folder, missing, r.Cells)
	case r.Stopped:
		return fmt.Errorf("%s: stopped with %d of %d cells to go; run the same command again to go on", folder, missing, r.Cells)
	default:
		return fmt.Errorf("%s: %d of %d cells are missing because of what failed; run the same command again to try anew", folder, missing, r.Cells)
	}
}
