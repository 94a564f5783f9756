package config

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"fig5/bench/anneal"
)

// Cell is one run of a sweep: everything a worker needs beside the Config.
type Cell struct {
	ID         string            `json:"id"` // safe as a file name, unique in the sweep, the same when the grid grows
	K          int               `json:"k"`  // number of finite levels; 0 for baselines
	Baseline   string            `json:"baseline"`
	Seed       int               `json:"seed"`
	Schedule   string            `json:"schedule"`             // display name; empty for baselines
	Protocol   string            `json:"protocol"`             // display name; empty for baselines
	HalfWidth  float64           `json:"half_width,omitempty"` // of the box, where the sweep has several; else 0
	Levels     []anneal.Level    `json:"levels"`               // pretraining excluded; the last is beta = +Inf
	Pretrain   int               `json:"pretrain"`             // iterations on the uniform box first
	Iterations int               `json:"iterations"`
	By         map[string]string `json:"by"` // coordinates in the grid: schedule, anneal.protocol and, where there are several, anneal.end and anneal.box.half_width; or baseline
}

// Betas is the K finite levels of an annealed cell, none for a baseline.
func (c Cell) Betas() []float64 {
	betas := []float64{}
	if c.Baseline == "" {
		for _, l := range c.Levels {
			if !math.IsInf(l.Beta, 1) {
				betas = append(betas, l.Beta)
			}
		}
	}
	return betas
}

// BoxOf is the box that the cell's points are heated in.
func (c *Config) BoxOf(cell Cell) anneal.Box {
	b := anneal.Box{Kind: c.Anneal.Box.Kind, HalfWidth: cell.HalfWidth}
	if b.HalfWidth == 0 {
		b.HalfWidth = c.Anneal.Box.HalfWidth[0]
	}
	return b
}

// Cells expands the grid: the baselines, then the ladders by schedule, end, half width,
// protocol and K, each for every seed. K = 0 is the warm baseline, which is there once.
// A schedule that lists its levels has one K, their number, whatever anneal.steps says,
// and is there once whatever anneal.end says.
// The config must be valid, as Load gives it.
func (c *Config) Cells() []Cell {
	groups, err := c.groups()
	if err != nil {
		return nil
	}
	cells := make([]Cell, 0, len(groups)*len(c.Seeds))
	for _, g := range groups {
		for _, seed := range c.Seeds {
			cell := g
			cell.ID = fmt.Sprintf("%s-s%02d", g.ID, seed)
			cell.Seed = seed
			cells = append(cells, cell)
		}
	}
	return cells
}

// groups is the grid, a cell without a seed for each group of cells.
func (c *Config) groups() ([]Cell, error) {
	ladders, longest, err := c.ladders()
	if err != nil {
		return nil, err
	}
	var groups []Cell
	for _, name := range c.baselines() {
		levels, err := anneal.Baseline(name, longest, c.Train.Final)
		if err != nil {
			return nil, keyError{"anneal.baselines", err.Error()}
		}
		g := Cell{ID: name, Baseline: name, Levels: levels, Pretrain: c.Train.Pretrain, By: map[string]string{"baseline": name}}
		if name == anneal.Cold {
			g.Pretrain = 0
		}
		groups = append(groups, g)
	}
	groups = append(groups, ladders...)
	for i := range groups {
		for _, l := range groups[i].Levels {
			groups[i].Iterations += l.Iterations
		}
	}
	return groups, nil
}

// baselines is anneal.baselines in their own order, with warm if K = 0 is asked for.
func (c *Config) baselines() []string {
	var names []string
	for _, name := range []string{anneal.Cold, anneal.Warm, anneal.Hot} {
		if slices.Contains(c.Anneal.Baselines, name) || name == anneal.Warm && slices.Contains(c.Anneal.Steps, 0) {
			names = append(names, name)
		}
	}
	return names
}

// ladders is the annealed part of the groups, and the length of the longest annealing.
func (c *Config) ladders() (groups []Cell, longest int, err error) {
	a := c.Anneal
	for i, s := range a.Schedule {
		steps, ends := a.Steps, a.End
		if len(s.Levels) > 0 {
			steps, ends = []int{len(s.Levels)}, a.End[:1] // which its levels do not go by
		}
		for _, end := range ends {
			for _, width := range a.Box.HalfWidth {
				base := Cell{Schedule: s.String(), Pretrain: c.Train.Pretrain, By: map[string]string{"schedule": s.String()}}
				name := fileSafe(s.String())
				if len(ends) > 1 {
					name += "-" + end
					base.By["anneal.end"] = end
				}
				if len(a.Box.HalfWidth) > 1 {
					name += "-w" + strings.ReplaceAll(number(width), "+", "")
					base.By["anneal.box.half_width"] = number(width)
					base.HalfWidth = width
				}
				for j, p := range a.Protocol {
					for _, K := range steps {
						if K == 0 {
							continue
						}
						betas, err := anneal.Levels(s, K, a.Beta[0], a.Beta[1], end)
						if err != nil {
							return nil, 0, keyError{"anneal.schedule." + strconv.Itoa(i), err.Error()}
						}
						g := base
						if g.Levels, err = anneal.Ladder(betas, p, c.Train.Final); err != nil {
							return nil, 0, keyError{"anneal.protocol." + strconv.Itoa(j), err.Error()}
						}
						n := 0
						for _, l := range g.Levels[:K] {
							n += l.Iterations
						}
						longest = max(longest, n)
						g.ID = fmt.Sprintf("%s-%s-k%02d", name, fileSafe(p.String()), K)
						g.K, g.Protocol = K, p.String()
						g.By = maps.Clone(base.By)
						g.By["anneal.protocol"] = p.String()
						groups = append(groups, g)
					}
				}
			}
		}
	}
	return groups, longest, nil
}

// fileSafe is a display name as a part of a file name: "budget 10000" is "budget10000",
// "exponential tau 5" is "exponential-tau5".
func fileSafe(s string) string {
	words := strings.Fields(s)
	out := words[0]
	for _, w := range words[1:] {
		if w[0] < '0' || w[0] > '9' {
			out += "-"
		}
		out += w
	}
	return out
}
