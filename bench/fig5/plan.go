package main

import (
	"errors"
	"fmt"
	"math"
	"text/tabwriter"

	"github.com/spf13/cobra"
	"gopkg.in/yaml.v3"

	"fig5/bench/config"
	"fig5/bench/record"
	"fig5/bench/sweep"
	"fig5/bench/table"
)

func newPlanCmd(e *env) *cobra.Command {
	var (
		runs             string
		jobs             int
		asJSON, resolved bool
	)
	c := &cobra.Command{
		Use:   "plan CONFIG",
		Short: "Cells, iterations, estimated time, disk and memory of a sweep; starts nothing",
		Long: `Plan lists the cells of a sweep with the state of each, and estimates how long what
is missing will take, how much disk the whole sweep will fill, and how much memory each of
its workers needs. It starts nothing of the sweep, and says what would keep fig5 run from
starting it here.

The time is that of the runs of the sweep that this machine has finished, where there are
such. Else the worker trains the model for two seconds to measure the machine, which is
kept in the user's cache for the next plan. Where there is no worker, the time is that of
a common machine.`,
		Example: `  fig5 plan configs/fig5.yaml
  fig5 plan configs/fig5.yaml --set anneal.steps=[1,50] --set seeds=2 --json
  fig5 plan configs/fig5.yaml --resolved`,
		Args:              cobra.ExactArgs(1),
		ValidArgsFunction: yamlFiles,
		RunE: func(c *cobra.Command, args []string) error {
			if asJSON && resolved {
				return badInput(errors.New("--json and --resolved exclude each other"))
			}
			if c.Flags().Changed("jobs") && jobs < 1 {
				return badInput(fmt.Errorf("--jobs %d: not a number of workers (1 or more)", jobs))
			}
			cfg, err := config.Load(args[0], e.sets)
			if err != nil {
				return badInput(err)
			}
			if resolved {
				enc := yaml.NewEncoder(e.out)
				enc.SetIndent(2)
				return enc.Encode(cfg)
			}
			cells, err := sweep.Plan(cfg, runs)
			if errors.As(err, new(sweep.InputError)) {
				return badInput(err)
			}
			if err != nil {
				return err
			}
			for _, w := range cfg.Warnings() {
				fmt.Fprintf(e.err, "fig5: warning: %s: %s\n", args[0], w)
			}
			p := newPlan(cells)
			est := newEstimate(cfg, cells)
			if jobs == 0 {
				jobs = sweep.Workers(cfg)
			}
			if p.missing > 0 {
				if err := sweep.Check(cfg); err != nil {
					return badInput(fmt.Errorf("%s: %w", args[0], err))
				}
				if worker, err := sweep.FindWorker(); err == nil {
					if err := sweep.CheckDevice(c.Context(), worker, cfg); err != nil {
						return badInput(fmt.Errorf("%s: %w", args[0], err))
					}
				}
				jobs, p.fewer = sweep.Fit(cfg, jobs, sweep.Free())
				if err := est.measure(c.Context(), e, args[0], jobs); err != nil {
					return err
				}
			}
			if p.Seconds, err = est.wall(runs, jobs); err != nil {
				return err
			}
			p.DiskBytes, p.MemoryBytes = est.disk(), sweep.Memory(cfg)
			p.source, p.jobs = est.source, jobs
			if asJSON {
				return e.writeJSON(p)
			}
			return p.write(e, cfg, runs)
		},
	}
	c.Flags().StringVar(&runs, "runs", "runs", "the `DIR` of all runs")
	c.Flags().IntVarP(&jobs, "jobs", "j", 0, "workers at once to estimate the time for (default: one a core, or one on the GPU)")
	c.Flags().BoolVar(&asJSON, "json", false, "write JSON")
	c.Flags().BoolVar(&resolved, "resolved", false, "write the whole config with every default as YAML")
	return c
}

// yamlFiles completes an argument that is a config.
func yamlFiles(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	return []string{"yaml", "yml"}, cobra.ShellCompDirectiveFilterFileExt
}

// plan is what fig5 plan --json writes.
type plan struct {
	Cells       []planCell `json:"cells"`
	Iterations  int64      `json:"iterations"`   // of the whole sweep, pretraining included
	Seconds     float64    `json:"seconds"`      // of wall time, for what is missing
	DiskBytes   int64      `json:"disk_bytes"`   // of the whole sweep
	MemoryBytes int64      `json:"memory_bytes"` // of one worker
	missing     int
	jobs        int
	fewer       string // why the jobs are fewer than were asked for
	source      string // what the time is that of
}

type planCell struct {
	ID         string       `json:"id"`
	K          int          `json:"k"`
	Baseline   string       `json:"baseline"`
	Seed       int          `json:"seed"`
	Schedule   string       `json:"schedule"`
	Protocol   string       `json:"protocol"`
	Betas      []float64    `json:"betas"`      // the K finite levels
	Iterations int          `json:"iterations"` // pretraining excluded
	State      record.State `json:"state"`
}

func newPlan(cells []sweep.Cell) plan {
	p := plan{Cells: []planCell{}}
	pretrained := map[int]bool{}
	for _, c := range cells {
		p.Cells = append(p.Cells, planCell{c.ID, c.K, c.Baseline, c.Seed, c.Schedule, c.Protocol, c.Betas(), c.Iterations, c.State})
		p.Iterations += int64(c.Iterations)
		if c.Pretrain > 0 && !pretrained[c.Seed] {
			pretrained[c.Seed] = true
			p.Iterations += int64(c.Pretrain)
		}
		if !ended(c) {
			p.missing++
		}
	}
	return p
}

func ended(c sweep.Cell) bool { return c.State == record.Done || c.State == record.Diverged }

// write is the plan as a table.
func (p plan) write(e *env, cfg *config.Config, runs string) error {
	w := tabwriter.NewWriter(e.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "CELL\tK\tBETA\tITERATIONS\tSTATE")
	for _, c := range p.Cells {
		K := fmt.Sprint(c.K)
		if c.Baseline != "" {
			K = "-"
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%d\t%s\n", c.ID, K, betaText(c), c.Iterations, c.State)
	}
	if err := w.Flush(); err != nil {
		return err
	}
	fmt.Fprintf(e.out, "\n%s: %d cells, %d iterations, %s in %s\n", cfg.Name, len(p.Cells), p.Iterations, sweep.Bytes(p.DiskBytes), record.OpenSweep(runs, cfg.Name))
	fmt.Fprintf(e.out, "a worker takes about %s of memory\n", sweep.Bytes(p.MemoryBytes))
	if p.fewer != "" {
		fmt.Fprintf(e.out, "%d jobs: %s\n", p.jobs, p.fewer)
	}
	if p.missing == 0 {
		_, err := fmt.Fprintln(e.out, "nothing is missing")
		return err
	}
	_, err := fmt.Fprintf(e.out, "%d cells to train, about %s with %d jobs, by the speed of %s\n", p.missing, table.Duration(math.Ceil(p.Seconds)), p.jobs, p.source)
	return err
}

// betaText is the way of a cell: "0.1 .. 10, inf".
func betaText(c planCell) string {
	n := len(c.Betas)
	switch {
	case c.Baseline == "hot":
		return "0, inf"
	case n == 0:
		return "inf"
	case n == 1:
		return fmt.Sprintf("%.4g, inf", c.Betas[0])
	case n == 2:
		return fmt.Sprintf("%.4g, %.4g, inf", c.Betas[0], c.Betas[1])
	}
	return fmt.Sprintf("%.4g .. %.4g, inf", c.Betas[0], c.Betas[n-1])
}
