package report

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// trained maps a run's name to how many iterations it was trained for in all,
// pretraining included; empty for a list of curves, which does not tell.
type trained map[string]int

// trained is the lengths of the sweep's cells.
func (d *Data) trained() trained {
	m := trained{}
	if d.Config == nil {
		return m
	}
	for _, cell := range d.Config.Cells() {
		m[cell.ID] = cell.Pretrain + cell.Iterations
	}
	return m
}

// span is the shortest and the longest training of groups; ok is false where one is not known.
func (t trained) span(groups ...*Group) (lo, hi int, ok bool) {
	lo = math.MaxInt
	for _, g := range groups {
		for i := range g.Runs {
			n, known := t[g.Runs[i].ID]
			if !known {
				return 0, 0, false
			}
			lo, hi = min(lo, n), max(hi, n)
		}
	}
	return lo, hi, hi > 0
}

// words is the span: "23,000", "13,500 to 38,000", nothing where it is not known.
func (t trained) words(groups ...*Group) string {
	lo, hi, ok := t.span(groups...)
	switch {
	case !ok:
		return ""
	case lo == hi:
		return thousands(lo)
	}
	return thousands(lo) + " to " + thousands(hi)
}

// inBrackets is the words behind a group's name: " (23,000 iterations of training)".
func (t trained) inBrackets(groups ...*Group) string {
	if s := t.words(groups...); s != "" {
		return " (" + s + " iterations)"
	}
	return ""
}

// against is the lengths of b and of a as a cell of a table: "23,000 / 10,000".
func (t trained) against(b []*Group, a *Group) string {
	of, with := t.words(b...), t.words(a)
	if of == "" || with == "" {
		return ""
	}
	return of + " / " + with
}

// lostCell is how many runs of b and of a lost a mode: "1 of 10 / 5 of 10"; nothing
// where modes were not counted.
func lostCell(b []*Group, a *Group) string {
	of, with := lostOf(b...), lostOf(a)
	if of == "" && with == "" {
		return ""
	}
	dash := func(s string) string {
		if s == "" {
			return "–"
		}
		return s
	}
	return dash(of) + " / " + dash(with)
}

// lostOf is how many runs of groups lost a mode: "1 of 10"; nothing where modes were not counted.
func lostOf(groups ...*Group) string {
	lost, of := 0, 0
	for _, g := range groups {
		n, m := g.LostModes()
		lost, of = lost+n, of+m
	}
	if of == 0 {
		return ""
	}
	return fmt.Sprintf("%d of %d", lost, of)
}

// thousands writes n with a comma before every three digits from 10,000 on.
func thousands(n int) string {
	s := strconv.Itoa(n)
	if n < 10000 {
		return s
	}
	var parts []string
	for ; len(s) > 3; s = s[:len(s)-3] {
		parts = append([]string{s[len(s)-3:]}, parts...)
	}
	return strings.Join(append([]string{s}, parts...), ",")
}

// pace is how the iterations of annealing are dealt out to the levels of a series.
type pace int

const (
	paceUnknown  pace = iota // a list of curves
	pacePerLevel             // as many at each level for every K: a larger K is a longer annealing
	paceBudget               // as many in all for every K: a larger K has shorter levels
	paceOther
)

// pace tells it from the levels themselves; n is the iterations a level or in all.
func (s Series) pace() (p pace, n int) {
	level, total := -1, -1
	sameLevel, sameTotal := true, true
	for _, g := range s.Groups {
		if g.K == 0 {
			continue
		}
		if len(g.Runs) == 0 || annealed(g.Runs[0].Levels) == 0 {
			return paceUnknown, 0
		}
		all := int(annealed(g.Runs[0].Levels))
		sameTotal = sameTotal && (total < 0 || total == all)
		total = all
		for _, l := range g.Runs[0].Levels {
			if math.IsInf(l.Beta, 1) {
				continue
			}
			sameLevel = sameLevel && (level < 0 || level == l.Iterations)
			level = l.Iterations
		}
	}
	switch {
	case level < 0:
		return paceUnknown, 0
	case sameLevel:
		return pacePerLevel, level
	case sameTotal:
		return paceBudget, total
	}
	return paceOther, 0
}
