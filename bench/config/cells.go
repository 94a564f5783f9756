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
// and is there once whatever anneal.end says. A ladder that two protocols give alike is
// there once, under the name that the first of them gives.
// The config must be valid, as Load gives it.
func (c *Config) Cells() []Cell {
	groups, err := c.groups()
	if err != nil {
		return nil
	}
	cells := make([]Cell, 0, len(groups)*len(c.Seeds))
	for _, g := range groups {
		if !g.twin {
			cells = append(cells, g.cells(c.Seeds)...)
		}
	}
	return cells
}

// Group is the cells that differ in their seed alone, at a place in the grid. Two
// groups have the same cells where two protocols give the same ladder.
type Group struct {
	By       map[string]string // as Cell.By
	K        int
	Baseline string
	Cells    []Cell // one a seed, in the order of the seeds
}

// Groups is the grid, in the order of Cells.
func (c *Config) Groups() []Group {
	groups, err := c.groups()
	if err != nil {
		return nil
	}
	out := make([]Group, len(groups))
	trained := map[string][]Cell{}
	for i, g := range groups {
		if !g.twin {
			trained[g.ID] = g.cells(c.Seeds)
		}
		out[i] = Group{By: g.By, K: g.K, Baseline: g.Baseline, Cells: trained[g.ID]}
	}
	return out
}

// gridPoint is a group of the grid: a cell without a seed. One that is trained as an
// earlier one is its twin and has its ID.
type gridPoint struct {
	Cell
	twin bool
}

func (p gridPoint) cells(seeds []int) []Cell {
	cells := make([]Cell, len(seeds))
	for i, seed := range seeds {
		cells[i] = p.Cell
		cells[i].ID = fmt.Sprintf("%s-s%02d", p.ID, seed)
		cells[i].Seed = seed
	}
	return cells
}

// groups is the grid.
func (c *Config) groups() ([]gridPoint, error) {
	ladders, longest, err := c.ladders()
	if err != nil {
		return nil, err
	}
	var groups []gridPoint
	for _, b := range c.baselines() {
		lengths := b.Iterations
		if len(lengths) == 0 {
			lengths = []int{longest}
		}
		for _, n := range lengths {
			g := Cell{ID: b.Name, Baseline: b.Name, Pretrain: c.Train.Pretrain, By: map[string]string{"baseline": b.Name}}
			if len(b.Iterations) > 0 {
				g.ID += strconv.Itoa(n)
				g.By["iterations"] = strconv.Itoa(n)
			}
			if g.Levels, err = anneal.BaselineLevels(b.Name, n, c.Train.Final); err != nil {
				return nil, keyError{"anneal.baselines", err.Error()}
			}
			if b.Name == anneal.Cold {
				g.Pretrain = 0
			}
			groups = append(groups, gridPoint{Cell: g})
		}
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
func (c *Config) baselines() []anneal.Baseline {
	var out []anneal.Baseline
	for _, name := range []string{anneal.Cold, anneal.Warm, anneal.Hot} {
		i := slices.IndexFunc(c.Anneal.Baselines, func(b anneal.Baseline) bool { return b.Name == name })
		switch {
		case i >= 0:
			out = append(out, c.Anneal.Baselines[i])
		case name == anneal.Warm && slices.Contains(c.Anneal.Steps, 0):
			out = append(out, anneal.Baseline{Name: name})
		}
	}
	return out
}

// ladders is the annealed part of the groups, and the length of the longest annealing.
func (c *Config) ladders() (groups []gridPoint, longest int, err error) {
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
				same := len(groups) // from here on the ladders differ in protocol and K
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
						ladder := gridPoint{Cell: g}
						for _, o := range groups[same:] {
							if slices.Equal(o.Levels, g.Levels) {
								ladder.ID, ladder.twin = o.ID, true
								break
							}
						}
						groups = append(groups, ladder)
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
