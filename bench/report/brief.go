package report

import (
	"slices"
	"strconv"
	"strings"

	"fig5/bench/anneal"
	"fig5/bench/claims"
	"fig5/bench/measure"
	"fig5/bench/table"
)

const (
	// briefLines is how many lines of a terminal the summary of a sweep takes at most; two
	// more are said beside it, of the recorded runs and of where the files are.
	briefLines = 13
	// briefColumns is how many groups a row of it has room for.
	briefColumns = 8
)

// Text is the report for a terminal: the answer, the amplitudes in a few rows and the
// counts, no wider than table.Width; or, of all, every column of every table.
func (r *Report) Text(all bool) string {
	p := r.sweepPage("", nil)
	if all {
		return say("summary", p)
	}
	answer := say("brief answer", p)
	counts := table.Wrap(say("brief counts", p)) + "\n"
	room := briefLines - strings.Count(answer+counts, "\n") - 2 // headings and baselines
	amplitudes, rows := r.brief(max(1, room))
	if rows < room {
		answer += "\n"
	}
	return answer + amplitudes.Text(table.Width) + counts
}

// brief is the amplitudes as the figure has them: a column a K, before it the baselines
// that stand apart, a row a series, up to most of them, and one for what is no ladder: hot
// phases stand under the K of the ladder that is as long.
func (r *Report) brief(most int) (t *table.Table, rows int) {
	is := map[*measure.Group]*claims.Group{}
	for i := range r.Sweep.Groups {
		is[&r.Sweep.Groups[i]] = &r.Summary().Groups[i]
	}
	cell := func(g *measure.Group) table.Cell { return table.Text(table.Digits(float64(is[g].GeoMean))) }
	series := r.Sweep.Series()
	var first []*measure.Group
	if len(series) > 0 {
		first = series[0].Groups
	}
	for _, s := range series { // of one length a level, as the figure has it
		if strings.HasPrefix(s.By["anneal.protocol"], "per-level") {
			first = s.Groups
			break
		}
	}
	var apart []*measure.Group
	beside := map[int]*measure.Group{} // by K
	for _, g := range r.Sweep.Baselines() {
		at := slices.IndexFunc(first, func(l *measure.Group) bool { return l.Annealing() == g.Annealing() })
		if alone := at >= 0 && !slices.ContainsFunc(first[at+1:], func(l *measure.Group) bool { return l.Annealing() == g.Annealing() }); alone && g.Baseline == anneal.Hot && len(first) > 1 {
			beside[first[at].K] = g
		} else if len(apart) < briefColumns-2 {
			apart = append(apart, g)
		}
	}
	ks := r.Sweep.Steps()
	if room := briefColumns - len(apart); len(ks) > room {
		ks = append(ks[:room-1:room-1], ks[len(ks)-1])
	}
	t = &table.Table{Columns: []table.Column{{Head: measure.ShortWords(r.Measure), Break: true}}}
	none := table.Cells(table.Text("no ladder"))
	for _, g := range apart {
		t.Columns = append(t.Columns, table.Column{Head: strings.TrimSuffix(g.Name(), " iterations"), Right: true})
		none = append(none, cell(g))
	}
	for i, k := range ks {
		head := strconv.Itoa(k)
		if i == 0 {
			head = "K = " + head
		}
		t.Columns = append(t.Columns, table.Column{Head: head, Right: true})
		if g := beside[k]; g != nil {
			none = append(none, cell(g))
		} else {
			none = append(none, table.Text(""))
		}
	}
	for _, s := range series[:min(most, len(series))] {
		label := s.Label
		if label == "" {
			label = "ladder"
		}
		row := append(table.Cells(table.Text(label)), slices.Repeat(table.Cells(table.Text("")), len(apart))...)
		for _, k := range ks {
			if i := slices.IndexFunc(s.Groups, func(g *measure.Group) bool { return g.K == k }); i >= 0 {
				row = append(row, cell(s.Groups[i]))
			} else {
				row = append(row, table.Text(""))
			}
		}
		t.Add(row)
	}
	if len(apart)+len(beside) > 0 {
		t.Add(none)
	}
	return t, min(most, len(series))
}
