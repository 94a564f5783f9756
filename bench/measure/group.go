package measure

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
)

// Moving reports whether the curve was still moving where its last window begins: its
// amplitude may hold a drift.
func (r *Run) Moving() bool { return r.Measured != nil && r.Measured.Knee.Limit }

// Annealing is how many iterations the run was trained for before β = ∞, pretraining
// apart; 0 for a given curve.
func (r *Run) Annealing() int {
	n := 0
	for _, l := range r.Levels {
		if !math.IsInf(l.Beta, 1) {
			n += l.Iterations
		}
	}
	return n
}

// Trained is how many iterations the run was trained for in all, pretraining included;
// 0 for a given curve.
func (r *Run) Trained() int {
	n := r.Pretrain
	for _, l := range r.Levels {
		n += l.Iterations
	}
	return n
}

// Shortest is the fewest iterations that a run is trained for, pretraining apart; 0 for
// given curves.
func (s *Sweep) Shortest() int {
	n := 0
	for i, r := range s.Distinct() {
		if own := r.Trained() - r.Pretrain; i == 0 || own < n {
			n = own
		}
	}
	return n
}

// Annealing is that of the group's runs.
func (g *Group) Annealing() int {
	if len(g.Runs) == 0 {
		return 0
	}
	return g.Runs[0].Annealing()
}

// Name is the group's name within its series: "K = 5", "cold", "hot, 500 iterations".
// Sweep.Names has those that are unique in the sweep.
func (g *Group) Name() string {
	switch n := g.By["iterations"]; {
	case g.Baseline != "" && n != "":
		return g.Baseline + ", " + n + " iterations"
	case g.Baseline != "":
		return g.Baseline
	}
	return fmt.Sprintf("K = %d", g.K)
}

// LostModes is how many runs held fewer modes than the data have somewhere in the
// window, and in how many runs modes were counted.
func (g *Group) LostModes() (lost, counted int) {
	for _, r := range g.Runs {
		if r.Lost != nil {
			counted++
			if *r.Lost > 0 {
				lost++
			}
		}
	}
	return lost, counted
}

// Count is how many runs are in one of the states.
func (g *Group) Count(states ...Status) int {
	n := 0
	for _, r := range g.Runs {
		if slices.Contains(states, r.Status) {
			n++
		}
	}
	return n
}

// Distinct is every run of the sweep once, in the order of the groups.
func (s *Sweep) Distinct() []*Run {
	var out []*Run
	seen := map[*Run]bool{}
	for _, g := range s.Groups {
		for _, r := range g.Runs {
			if !seen[r] {
				seen[r] = true
				out = append(out, r)
			}
		}
	}
	return out
}

// Runs is how many runs there are, trained or not. One that stands in two groups counts
// once.
func (s *Sweep) Runs() int { return len(s.Distinct()) }

// Missing is how many of them are not trained to their end.
func (s *Sweep) Missing() int {
	all := Group{Runs: s.Distinct()}
	return all.Count(Missing)
}

// Seeds is every seed of the sweep, ascending.
func (s *Sweep) Seeds() []int {
	seen := map[int]bool{}
	for _, r := range s.Distinct() {
		seen[r.Seed] = true
	}
	return slices.Sorted(maps.Keys(seen))
}

// Steps is every K of the annealed groups, ascending.
func (s *Sweep) Steps() []int {
	seen := map[int]bool{}
	for _, g := range s.Groups {
		if g.Baseline == "" {
			seen[g.K] = true
		}
	}
	return slices.Sorted(maps.Keys(seen))
}

// Baselines is the groups that are no ladders, in their order.
func (s *Sweep) Baselines() []*Group {
	var out []*Group
	for i := range s.Groups {
		if s.Groups[i].Baseline != "" {
			out = append(out, &s.Groups[i])
		}
	}
	return out
}

// Baseline is the first baseline of that name, nil where the sweep has none.
func (s *Sweep) Baseline(name string) *Group {
	return s.first(func(g Group) bool { return g.Baseline == name })
}

// Hot is the baseline hot with a hot phase of that many iterations, nil where there is
// none.
func (s *Sweep) Hot(length int) *Group {
	return s.first(func(g Group) bool { return g.Baseline == "hot" && g.Annealing() == length })
}

func (s *Sweep) first(is func(Group) bool) *Group {
	if i := slices.IndexFunc(s.Groups, is); i >= 0 {
		return &s.Groups[i]
	}
	return nil
}

// Series is the annealed groups by their coordinates, in the order of the grid.
func (s *Sweep) Series() []Series {
	var out []Series
	at := map[string]int{}
	for i := range s.Groups {
		g := &s.Groups[i]
		if g.Baseline != "" {
			continue
		}
		key := fmt.Sprint(g.By) // in the order of its keys
		if _, ok := at[key]; !ok {
			at[key] = len(out)
			out = append(out, Series{By: g.By})
		}
		series := &out[at[key]]
		series.Groups = append(series.Groups, g)
	}
	for i := range out {
		slices.SortStableFunc(out[i].Groups, func(a, b *Group) int { return cmp.Compare(a.K, b.K) })
		var words []string
		for _, key := range slices.Sorted(maps.Keys(out[i].By)) {
			value := out[i].By[key]
			if value == "" || !slices.ContainsFunc(out, func(o Series) bool { return o.By[key] != value }) {
				continue
			}
			if key == "anneal.box.half_width" {
				value = "half-width " + value
			}
			words = append(words, value)
		}
		slices.Reverse(words) // the schedule before its protocol
		out[i].Label = strings.Join(words, ", ")
	}
	return out
}

// Names is the name of each of Groups, with the label of its series where there are
// several: "warm", "per-level 500, K = 5".
func (s *Sweep) Names() []string {
	labels := map[*Group]string{}
	for _, series := range s.Series() {
		for _, g := range series.Groups {
			if series.Label != "" {
				labels[g] = series.Label + ", "
			}
		}
	}
	names := make([]string, len(s.Groups))
	for i := range s.Groups {
		g := &s.Groups[i]
		names[i] = labels[g] + g.Name()
	}
	return names
}
