package main

import (
	"cmp"
	"fmt"
	"math"

	"github.com/spf13/cobra"
	"gopkg.in/yaml.v3"

	"fig5/bench/config"
	"fig5/bench/english"
	"fig5/bench/record"
	"fig5/bench/sweep"
)

func newPlanCmd(e *env) *cobra.Command {
	var (
		jobs     int
		resolved bool
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
			if err := cmp.Or(exclude(c, "json", "resolved"), atLeastOne(c, "jobs", jobs, "workers")); err != nil {
				return err
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
			cells, err := sweep.Plan(cfg, e.runs)
			if err != nil {
				return sweepError(args[0], err)
			}
			e.warn(args[0], cfg.Warnings()...)
			est, err := sweep.NewEstimate(c.Context(), cfg, cells, e.runs, jobs, args[0], e.sets, e.note)
			if err != nil {
				return sweepError(args[0], err)
			}
			p := newPlan(cells, est)
			return e.write(p, func() string { return p.text(cfg.Name, string(record.OpenSweep(e.runs, cfg.Name))) })
		},
	}
	e.runsFlag(c)
	c.Flags().IntVarP(&jobs, "jobs", "j", 0, "workers at once to estimate the time for (default: one a core, or one on the GPU)")
	e.jsonFlag(c)
	c.Flags().BoolVar(&resolved, "resolved", false, "write the whole config with every default as YAML")
	return c
}

// yamlFiles completes an argument that is a config.
func yamlFiles(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	return []string{"yaml", "yml"}, cobra.ShellCompDirectiveFilterFileExt
}

// plan is what fig5 plan --json writes.
type plan struct {
	Cells []planCell `json:"cells"`
	*sweep.Estimate
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

func newPlan(cells []sweep.Cell, est *sweep.Estimate) plan {
	p := plan{[]planCell{}, est}
	for _, c := range cells {
		p.Cells = append(p.Cells, planCell{c.ID, c.K, c.Baseline, c.Seed, c.Schedule, c.Protocol, c.Betas(), c.Iterations, c.State})
	}
	return p
}

// text is the plan as a table.
func (p plan) text(name, folder string) string {
	t := columns("CELL", "K", "BETA", "ITERATIONS", "STATE")
	for _, c := range p.Cells {
		K := fmt.Sprint(c.K)
		if c.Baseline != "" {
			K = "-"
		}
		t.row(c.ID, K, betaText(c), c.Iterations, c.State)
	}
	text := t.text() + fmt.Sprintf("\n%s: %d cells, %d iterations, %s in %s\n", name, len(p.Cells), p.Iterations, english.Bytes(p.Disk), folder)
	text += fmt.Sprintf("a worker takes about %s of memory\n", english.Bytes(p.Memory))
	if p.Fewer != "" {
		text += fmt.Sprintf("%d jobs: %s\n", p.Jobs, p.Fewer)
	}
	if p.Missing == 0 {
		return text + "nothing is missing\n"
	}
	return text + fmt.Sprintf("%d cells to train, about %s with %d jobs, by the speed of %s\n", p.Missing, english.Duration(math.Ceil(p.Seconds)), p.Jobs, p.Source)
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
