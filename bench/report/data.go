package report

import (
	"cmp"
	"maps"
	"math"
	"slices"
	"strings"

	"fig5/bench/anneal"
	"fig5/bench/config"
	"fig5/bench/record"
	"fig5/filters"
)

// Status is what became of a run.
type Status string

// The states of a run in a report. Every run of a sweep is in one of them.
const (
	Settled   Status = "settled"   // its window is complete: it has an amplitude
	Unsettled Status = "unsettled" // the curve ends before its window does: ranked last, never averaged
	Diverged  Status = "diverged"  // a result: ranked last, never averaged
	Failed    Status = "failed"    // no result; its seed is left out where seeds are blocks
	Missing   Status = "missing"   // not trained to its end yet
)

// Run is one run and its measurement.
type Run struct {
	ID       string
	Seed     int
	Status   Status
	Message  string // why it failed, where it diverged
	Seconds  float64
	X, Y     []float64 // the FID curve from the start of β = ∞; empty where there is none
	Measured *filters.Measurement
	Floor    *filters.Amplitude // of the frozen generator; nil where there is none
	Lost     *int               // rows of the window with fewer modes than the data have; nil where modes are not counted
	Levels   []anneal.Level
	Training string            // the fingerprint of its settings and seed; empty where that is not known
	File     string            // the curve
	Warnings []filters.Warning // of the measurement
}

// Amplitude is the run's amplitude by one of Measures: a number, +Inf where the run
// has no settled one (rank tests place it last), NaN where it has no result.
func (r *Run) Amplitude(measure string) float64 {
	switch r.Status {
	case Settled:
		if v := amplitude(r.Measured.Amplitude, measure); !math.IsNaN(v) {
			return v
		}
		return math.Inf(1)
	case Unsettled, Diverged:
		return math.Inf(1)
	}
	return math.NaN()
}

// Group is the runs that differ in their seed alone.
type Group struct {
	By       map[string]string // coordinates in the grid; those of a baseline are its name
	K        int
	Baseline string // cold, warm, hot; empty for an annealed group
	Runs     []Run  // by ascending seed
}

// Series is a name for the group's coordinates, the same for every K.
func (g *Group) Series() string { return seriesName(g.By) }

// Values is the amplitude of every settled run that has one, with its seed.
func (g *Group) Values(measure string) (values []float64, seeds []int) {
	values, seeds = []float64{}, []int{}
	for i := range g.Runs {
		if v := g.Runs[i].Amplitude(measure); !math.IsInf(v, 0) && !math.IsNaN(v) {
			values, seeds = append(values, v), append(seeds, g.Runs[i].Seed)
		}
	}
	return values, seeds
}

// Ranked maps a seed to its amplitude, +Inf where it has no settled one. Runs
// without a result are left out.
func (g *Group) Ranked(measure string) map[int]float64 {
	m := map[int]float64{}
	for i := range g.Runs {
		if v := g.Runs[i].Amplitude(measure); !math.IsNaN(v) {
			m[g.Runs[i].Seed] = v
		}
	}
	return m
}

// FloorValues is the amplitude of the frozen generator, one a run that has it.
func (g *Group) FloorValues(measure string) []float64 {
	values := []float64{}
	for i := range g.Runs {
		if f := g.Runs[i].Floor; f != nil {
			if v := amplitude(*f, measure); !math.IsNaN(v) {
				values = append(values, v)
			}
		}
	}
	return values
}

// FIDLevels is the mean filtered FID in the window, one a settled run.
func (g *Group) FIDLevels() []float64 {
	values := []float64{}
	for i := range g.Runs {
		if g.Runs[i].Status == Settled {
			values = append(values, g.Runs[i].Measured.Level)
		}
	}
	return values
}

// LostModes is how many runs held fewer modes than the data have somewhere in the
// window, and in how many runs modes were counted.
func (g *Group) LostModes() (lost, counted int) {
	for i := range g.Runs {
		if n := g.Runs[i].Lost; n != nil {
			counted++
			if *n > 0 {
				lost++
			}
		}
	}
	return lost, counted
}

// Count is how many runs are in one of the states.
func (g *Group) Count(states ...Status) int {
	n := 0
	for i := range g.Runs {
		if slices.Contains(states, g.Runs[i].Status) {
			n++
		}
	}
	return n
}

// Data is a sweep, or a list of curves, measured.
type Data struct {
	Name      string
	Dir       string // where the runs are; the list's name for a list of curves
	Config    *config.Config
	Analysis  filters.Analysis
	Groups    []Group             // baselines first, then by series, then by K
	RealFloor []filters.Amplitude // real samples against real, one a window's length
	Versions  []record.Versions   // all that runs were made with
	Machines  []record.Machine
	Warnings  []string
}

// Runs is how many runs there are, trained or not. One may stand in two groups.
func (d *Data) Runs() int { return len(d.distinct()) }

// distinct is every run once, in the order of the groups.
func (d *Data) distinct() []*Run {
	var runs []*Run
	seen := map[string]bool{}
	for i := range d.Groups {
		for j := range d.Groups[i].Runs {
			if r := &d.Groups[i].Runs[j]; !seen[r.ID] {
				seen[r.ID] = true
				runs = append(runs, r)
			}
		}
	}
	return runs
}

// Seeds is every seed of the sweep, ascending.
func (d *Data) Seeds() []int {
	seen := map[int]bool{}
	for i := range d.Groups {
		for j := range d.Groups[i].Runs {
			seen[d.Groups[i].Runs[j].Seed] = true
		}
	}
	return slices.Sorted(maps.Keys(seen))
}

// Baselines is the groups that are not annealed ladders, in their order.
func (d *Data) Baselines() []*Group {
	var out []*Group
	for i := range d.Groups {
		if d.Groups[i].Baseline != "" {
			out = append(out, &d.Groups[i])
		}
	}
	return out
}

// Baseline is the baseline of that name, nil where the sweep has none.
func (d *Data) Baseline(name string) *Group {
	for _, g := range d.Baselines() {
		if g.Baseline == name {
			return g
		}
	}
	return nil
}

// Series is the annealed groups of one place in the grid, K ascending.
type Series struct {
	By     map[string]string
	Label  string // short: the coordinates that set it apart from the other series
	Groups []*Group
}

// Series is the annealed groups by their coordinates, in the order of the grid.
func (d *Data) Series() []Series {
	var out []Series
	at := map[string]int{}
	for i := range d.Groups {
		g := &d.Groups[i]
		if g.Baseline != "" {
			continue
		}
		j, ok := at[g.Series()]
		if !ok {
			j = len(out)
			at[g.Series()] = j
			out = append(out, Series{By: g.By})
		}
		out[j].Groups = append(out[j].Groups, g)
	}
	for i := range out {
		slices.SortStableFunc(out[i].Groups, func(a, b *Group) int { return cmp.Compare(a.K, b.K) })
		var words []string
		for _, key := range slices.Sorted(maps.Keys(out[i].By)) {
			for j := range out {
				if out[j].By[key] != out[i].By[key] {
					words = append(words, coordinateWord(key, out[i].By[key])...)
					break
				}
			}
		}
		slices.Reverse(words) // the schedule before its protocol
		out[i].Label = strings.Join(words, ", ")
	}
	return out
}

// coordinateWord is a value of a coordinate as a label has it; none where a series has
// not the coordinate.
func coordinateWord(key, value string) []string {
	switch {
	case value == "":
		return nil
	case key == "anneal.box.half_width":
		return []string{"half-width " + value}
	}
	return []string{value}
}

// Steps is every K of the annealed groups, ascending.
func (d *Data) Steps() []int {
	seen := map[int]bool{}
	for i := range d.Groups {
		if d.Groups[i].Baseline == "" {
			seen[d.Groups[i].K] = true
		}
	}
	return slices.Sorted(maps.Keys(seen))
}

// seriesName writes coordinates in a fixed order.
func seriesName(by map[string]string) string {
	var words []string
	for _, key := range slices.Sorted(maps.Keys(by)) {
		words = append(words, key+"="+by[key])
	}
	return strings.Join(words, ", ")
}
