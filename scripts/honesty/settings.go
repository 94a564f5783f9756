package main

import (
	"fmt"
	"math"
	"strings"

	"fig5/bench/config"
	"fig5/bench/record"
	"fig5/bench/report"
	"fig5/bench/stats"
	"fig5/filters"
)

// setting is one way to measure the sweep.
type setting struct {
	name   string // as --set would say it; empty for the sweep's own
	change func(*filters.Analysis)
	data   *report.Data
	report *report.Report
}

// settings is the sweep measured in all ways.
type settings struct {
	data    *report.Data // the sweep's own way
	own     map[string]*report.Report
	cutoffs []setting
	windows []setting
	knees   []setting
}

func lowpass(l filters.Lowpass) func(*filters.Analysis) {
	return func(a *filters.Analysis) { a.Lowpass = l }
}

func butterworth(order int, cutoff float64) func(*filters.Analysis) {
	return lowpass(filters.Lowpass{Name: "butterworth", Order: order, Cutoff: cutoff})
}

func window(w float64) func(*filters.Analysis) {
	return func(a *filters.Analysis) { a.Window = w }
}

func knee(k filters.Knee) func(*filters.Analysis) { return func(a *filters.Analysis) { a.Knee = k } }

// measureSettings measures the sweep.
func measureSettings(sweep record.Sweep) (*settings, error) {
	c, err := report.SweepConfig(sweep)
	if err != nil {
		return nil, err
	}
	s := &settings{own: map[string]*report.Report{}}
	if s.data, err = report.Load(c, sweep); err != nil {
		return nil, err
	}
	for _, m := range report.Measures {
		if s.own[m], err = s.data.Report(m); err != nil {
			return nil, err
		}
	}
	k := c.Analysis.Knee
	with := func(change func(*filters.Knee)) func(*filters.Analysis) {
		other := k
		change(&other)
		return knee(other)
	}
	s.cutoffs = []setting{
		{name: "none", change: lowpass(filters.Lowpass{Name: "none"})},
		{name: "cutoff 0.4: 500 iterations", change: butterworth(3, 0.4)},
		{name: "cutoff 0.2: 1000", change: butterworth(3, 0.2)},
		{name: "cutoff 0.1: 2000", change: butterworth(3, 0.1)},
		{name: "cutoff 0.05: 4000", change: butterworth(3, 0.05)},
		{name: "cutoff 0.02: 10,000", change: butterworth(3, 0.02)},
		{name: "cutoff 0.2, order 1", change: butterworth(1, 0.2)},
		{name: "cutoff 0.2, order 8", change: butterworth(8, 0.2)},
		{name: "moving average of 9", change: lowpass(filters.Lowpass{Name: "moving-average", Window: 9})},
		{name: "Savitzky-Golay, 13, cubic", change: lowpass(filters.Lowpass{Name: "savgol", Window: 13, PolyOrder: 3})},
	}
	s.windows = []setting{
		{name: "1500", change: window(1500)},
		{name: "3000", change: window(3000)},
		{name: "5000", change: window(5000)},
		{name: "7000", change: window(7000)},
	}
	s.knees = []setting{
		{name: "settle, least 3000", change: with(func(k *filters.Knee) { k.Least = 3000 })},
		{name: "settle, least 0", change: with(func(k *filters.Knee) { k.Least = 0 })},
		{name: "settle, tolerance 0.01", change: with(func(k *filters.Knee) { k.Tolerance = 0.01 })},
		{name: "settle, tolerance 0.2, least 0", change: with(func(k *filters.Knee) { k.Tolerance, k.Least = 0.2, 0 })},
		{name: "kneedle, least 0", change: knee(filters.Knee{Method: "kneedle", Sensitivity: 1})},
		{name: "none, least 3000", change: knee(filters.Knee{Method: "none", Least: 3000})},
		{name: "none, least 0", change: knee(filters.Knee{Method: "none"})},
	}
	for _, list := range [][]setting{s.cutoffs, s.windows, s.knees} {
		for i := range list {
			if err := list[i].measure(*c, sweep); err != nil {
				return nil, fmt.Errorf("%s: %w", list[i].name, err)
			}
		}
	}
	return s, nil
}

func (s *setting) measure(c config.Config, sweep record.Sweep) (err error) {
	s.change(&c.Analysis)
	if s.data, err = report.Load(&c, sweep); err != nil {
		return err
	}
	s.report, err = s.data.Report("max_to_min")
	return err
}

// columns are the groups of a table, in its order.
func columns(r *report.Report) (names []string, groups []report.GroupSummary) {
	for _, baseline := range []bool{false, true} {
		for _, g := range r.Groups {
			if (g.Baseline != "") != baseline || g.Baseline == "cold" {
				continue
			}
			name := g.Baseline
			if name == "" {
				name = fmt.Sprintf("K = %d", g.K)
			}
			names, groups = append(names, name), append(groups, g)
		}
	}
	return names, groups
}

// cells are the geometric means of a report's groups with their intervals, the number
// of settled seeds where some are not, the median floor, and Page's p.
func cells(r *report.Report) []string {
	var out []string
	var floors []float64
	_, groups := columns(r)
	for _, g := range groups {
		text := digits(float64(g.GeoMean)) + interval(g.GeoMeanCI95)
		if g.N < g.N+g.Unsettled+g.Failed {
			text += fmt.Sprintf(" (%d)", g.N)
		}
		out = append(out, text)
		floors = append(floors, g.Floor.Values...)
	}
	return append(out, digits(median(floors)), pValue(r))
}

// pValue is Page's p with two digits, three where two would hide its side of 0.05.
func pValue(r *report.Report) string {
	if len(r.Trends) == 0 || !r.Trends[0].PageP.Defined() {
		return "–"
	}
	p := float64(r.Trends[0].PageP)
	if s := fmt.Sprintf("%.2g", p); s != "0.05" {
		return s
	}
	return fmt.Sprintf("%.3g", p)
}

func median(values []float64) float64 {
	s, err := stats.Summarize(values)
	if err != nil {
		return math.NaN()
	}
	return float64(s.Median)
}

// interval is " [lo, hi]", nothing where there is none.
func interval(i stats.Interval) string {
	if !i.Defined() {
		return ""
	}
	return " [" + digits(i.Lo) + ", " + digits(i.Hi) + "]"
}

// middle is the median of values with its interval.
func middle(values []float64) string {
	s, err := stats.Summarize(values)
	if err != nil {
		return digits(math.NaN())
	}
	return digits(float64(s.Median)) + interval(s.MedianCI95)
}

// tables is the blocks of the page.
func (s *settings) tables() map[string]string {
	names, _ := columns(s.own["max_to_min"])
	head := append(names, "frozen", "Page p")
	of := func(first string, list []setting) string {
		t := newTable(append([]string{first}, head...)...)
		for _, way := range list {
			t.row(append([]string{way.name}, cells(way.report)...)...)
		}
		return t.String()
	}
	definitions := newTable(append([]string{"amplitude"}, head...)...)
	for _, m := range report.Measures {
		definitions.row(append([]string{"`" + m + "`"}, cells(s.own[m])...)...)
	}
	blocks := map[string]string{
		"source":      s.source(),
		"cutoff":      of("low-pass", s.cutoffs),
		"window":      of("window", s.windows),
		"knee":        of("knee", s.knees),
		"definitions": definitions.String(),
		"floor":       s.floorTable(),
	}
	return blocks
}

// source says where the numbers come from.
func (s *settings) source() string {
	d := s.data
	var versions, machines []string
	for _, v := range d.Versions {
		versions = append(versions, fmt.Sprintf("`%.12s`", v.Fig5))
	}
	for _, m := range d.Machines {
		machines = append(machines, fmt.Sprintf("%s (%s)", m.CPU, m.Kernels))
	}
	seeds := d.Seeds()
	return fmt.Sprintf("The runs: `runs/recorded/fig5`, made by `fig5 run configs/fig5.yaml` with seeds %d to %d (fig5 %s; %s). Their own settings: %s, %s, window %g.",
		seeds[0], seeds[len(seeds)-1], strings.Join(versions, ", "), strings.Join(machines, ", "),
		fmt.Sprintf("%s of order %d with cutoff %g", d.Analysis.Lowpass.Name, d.Analysis.Lowpass.Order, d.Analysis.Lowpass.Cutoff),
		fmt.Sprintf("knee by %s with least %g", d.Analysis.Knee.Method, d.Analysis.Knee.Least), d.Analysis.Window)
}

// floorTable sets each group's amplitude beside its floor.
func (s *settings) floorTable() string {
	t := newTable("", "seeds", "level", "amplitude", "frozen", "amplitude / frozen", "smallest ratio")
	r := s.own["max_to_min"]
	names, groups := columns(r)
	for i, g := range groups {
		least := math.Inf(1)
		for _, run := range s.group(g).Runs {
			if run.Status == report.Settled && run.Floor != nil {
				least = min(least, run.Measured.Amplitude.MaxToMin/run.Floor.MaxToMin)
			}
		}
		t.row(names[i], fmt.Sprint(g.N), middle(g.Level.Values), middle(g.Values), middle(g.Floor.Values),
			digits(float64(g.Median)/float64(g.Floor.Median)), digits(least))
	}
	t.row("real against real", "", "", "", digits(float64(r.RealFloor.Median)), "", "")
	return t.String()
}

// group is the runs behind a summary.
func (s *settings) group(g report.GroupSummary) *report.Group {
	for i := range s.data.Groups {
		if o := &s.data.Groups[i]; o.K == g.K && o.Baseline == g.Baseline {
			return o
		}
	}
	return &report.Group{}
}

// table is a Markdown table.
type table struct{ strings.Builder }

func newTable(head ...string) *table {
	t := &table{}
	t.row(head...)
	t.WriteString(strings.Repeat("|---", len(head)) + "|\n")
	return t
}

func (t *table) row(cells ...string) { t.WriteString("| " + strings.Join(cells, " | ") + " |\n") }

// digits writes v with three significant digits.
func digits(v float64) string {
	switch a := math.Abs(v); {
	case math.IsNaN(v) || math.IsInf(v, 0):
		return "–"
	case a != 0 && (a < 1e-4 || a >= 1e5):
		return strings.Replace(fmt.Sprintf("%.2e", v), "e-0", "e-", 1)
	case a >= 100:
		return fmt.Sprintf("%.0f", v)
	}
	return fmt.Sprintf("%.3g", v)
}
