package report

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"fig5/bench/anneal"
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
	if all {
		return say("summary", r)
	}
	answer := say("brief answer", r)
	counts := table.Wrap(say("brief counts", r)) + "\n"
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
func (r *Report) brief(most int) (t *table.Table, series int) {
	type line struct {
		label string
		cells map[string]string // by their heading
	}
	digits := map[*measure.Group]string{}
	for i, g := range r.Summary().Groups {
		digits[&r.Sweep.Groups[i]] = table.Digits(float64(g.GeoMean))
	}
	var lines []line
	var ladder []*measure.Group // of one length a level, where there is one, as the figure has it
	perLevel := false
	for _, s := range r.Sweep.Series() {
		l := line{cmp.Or(s.Label, "ladder"), map[string]string{}}
		for _, g := range slices.Backward(s.Groups) { // of two of one K the first
			l.cells[strconv.Itoa(g.K)] = digits[g]
		}
		lines = append(lines, l)
		if is := strings.HasPrefix(s.By["anneal.protocol"], "per-level"); ladder == nil || is && !perLevel {
			ladder, perLevel = s.Groups, is
		}
	}
	none := line{"no ladder", map[string]string{}}
	var heads []string
	for _, g := range r.Sweep.Baselines() {
		long := slices.DeleteFunc(slices.Clone(ladder), func(l *measure.Group) bool { return l.Annealing() != g.Annealing() })
		name := strings.TrimSuffix(g.Name(), " iterations")
		if g.Baseline == anneal.Hot && len(ladder) > 1 && len(long) == 1 {
			none.cells[strconv.Itoa(long[0].K)] = digits[g]
		} else if len(heads) < briefColumns-2 {
			heads = append(heads, name)
			none.cells[name] = digits[g]
		}
	}
	series = min(most, len(lines))
	if lines = lines[:series]; len(none.cells) > 0 {
		lines = append(lines, none)
	}
	ks := r.Sweep.Steps()
	if room := briefColumns - len(heads); len(ks) > room {
		ks = append(ks[:room-1:room-1], ks[len(ks)-1])
	}
	return table.Tabulate(lines, func(t *table.Rows, l line) {
		t.Long("", measure.ShortWords(r.Measure), l.label)
		for _, name := range heads {
			t.Right("", name, l.cells[name])
		}
		for i, k := range ks {
			head := strconv.Itoa(k)
			if i == 0 {
				head = "K = " + head
			}
			t.Right("", head, l.cells[strconv.Itoa(k)])
		}
	}), series
}
