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

	twin bool // of grid alone: it is trained as an earlier cell is, and has its ID
}

// Betas is the K finite levels of an annealed cell, none for a baseline.
func (c Cell) Betas() []float64 {
	betas := []float64{}
	for _, l := range c.Levels {
		if c.Baseline == "" && !math.IsInf(l.Beta, 1) {
			betas = append(betas, l.Beta)
		}
	}
	return betas
}

// BetaAt is the beta that iteration i, counted from 0 after the pretraining, is trained at.
func (c Cell) BetaAt(i int) float64 {
	for _, l := range c.Levels {
		if i < l.Iterations {
			return l.Beta
		}
		i -= l.Iterations
	}
	return math.Inf(1)
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
func (c *Config) Cells() []Cell {
	var cells []Cell
	seen := map[string]bool{}
	for _, g := range c.Groups() {
		if id := g.Cells[0].ID; !seen[id] {
			seen[id] = true
			cells = append(cells, g.Cells...)
		}
	}
	return cells
}

// Group is the cells that differ in their seed alone, at a place in the grid. Two
// groups have the same cells where two protocols give the same ladder.
type Group struct {
	Cell         // without a seed
	Cells []Cell // one a seed, in the order of the seeds
}

// Groups is the grid, in the order of Cells. It cannot fail on a config that Load, With
// or UnmarshalJSON gives, for they have expanded it; it panics on one that was changed
// since to what they refuse.
func (c *Config) Groups() []Group {
	grid, err := c.grid()
	if err != nil {
		panic("config: changed after it was checked: " + err.Error())
	}
	groups := make([]Group, len(grid))
	trained := map[string][]Cell{}
	for i, p := range grid {
		cells := trained[p.ID]
		if cells == nil {
			for _, seed := range c.Seeds {
				cell := p
				cell.ID, cell.Seed = fmt.Sprintf("%s-s%02d", p.ID, seed), seed
				cells = append(cells, cell)
			}
			trained[p.ID] = cells
		}
		groups[i] = Group{p, cells}
	}
	return groups
}

// grid is the baselines and the ladders, cells without a seed. Its errors are keyErrors.
func (c *Config) grid() ([]Cell, error) {
	ladders, err := c.ladders()
	if err != nil {
		return nil, err
	}
	longest := 0
	for _, l := range ladders {
		longest = max(longest, length(l.Levels[:l.K]))
	}
	var grid []Cell
	for _, name := range []string{anneal.Cold, anneal.Warm, anneal.Hot} {
		var several []int
		if i := slices.IndexFunc(c.Anneal.Baselines, func(b anneal.Baseline) bool { return b.Name == name }); i >= 0 {
			several = c.Anneal.Baselines[i].Iterations
		} else if name != anneal.Warm || !slices.Contains(c.Anneal.Steps, 0) {
			continue
		}
		p := Cell{ID: name, Baseline: name, Pretrain: c.Train.Pretrain, By: map[string]string{"baseline": name}}
		if name == anneal.Cold {
			p.Pretrain = 0
		}
		for i := range max(1, len(several)) {
			n := longest
			if len(several) > 0 {
				n = several[i]
				p.ID, p.By = name+strconv.Itoa(n), map[string]string{"baseline": name, "iterations": strconv.Itoa(n)}
			}
			if p.Levels, err = anneal.BaselineLevels(name, n, c.Train.Final); err != nil {
				return nil, keyError{"anneal.baselines", err.Error()}
			}
			p.Iterations = length(p.Levels)
			grid = append(grid, p)
		}
	}
	return append(grid, ladders...), nil
}

// length is the iterations of all levels.
func length(levels []anneal.Level) (n int) {
	for _, l := range levels {
		n += l.Iterations
	}
	return n
}

// ladders is the annealed part of the grid.
func (c *Config) ladders() ([]Cell, error) {
	var all []Cell
	a := c.Anneal
	for i, s := range a.Schedule {
		steps, ends := a.Steps, a.End
		if len(s.Levels) > 0 {
			steps, ends = []int{len(s.Levels)}, a.End[:1] // which its levels do not go by
		}
		for _, end := range ends {
			for _, width := range a.Box.HalfWidth {
				at := Cell{ID: fileSafe(s.String()), Schedule: s.String(), Pretrain: c.Train.Pretrain, By: map[string]string{"schedule": s.String()}}
				if len(ends) > 1 {
					at.ID += "-" + end
					at.By["anneal.end"] = end
				}
				if len(a.Box.HalfWidth) > 1 {
					at.ID += "-w" + strings.ReplaceAll(number(width), "+", "")
					at.By["anneal.box.half_width"] = number(width)
					at.HalfWidth = width
				}
				first := len(all) // from here on the ladders differ in protocol and K
				for j, p := range a.Protocol {
					for _, K := range steps {
						if K == 0 {
							continue
						}
						l := at
						betas, err := anneal.Levels(s, K, a.Beta[0], a.Beta[1], end)
						if err != nil {
							return nil, itemError("anneal.schedule", i, err.Error())
						}
						if l.Levels, err = anneal.Ladder(betas, p, c.Train.Final); err != nil {
							return nil, itemError("anneal.protocol", j, err.Error())
						}
						l.ID = fmt.Sprintf("%s-%s-k%02d", at.ID, fileSafe(p.String()), K)
						l.K, l.Protocol, l.Iterations, l.By = K, p.String(), length(l.Levels), maps.Clone(at.By)
						l.By["anneal.protocol"] = l.Protocol
						if o := slices.IndexFunc(all[first:], func(o Cell) bool { return slices.Equal(o.Levels, l.Levels) }); o >= 0 {
							l.ID, l.twin = all[first+o].ID, true
						}
						all = append(all, l)
					}
				}
			}
		}
	}
	return all, nil
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
