package report

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"fig5/bench/stats"
)

// gridQuestions are asked of a sweep with several values of a coordinate.
var gridQuestions = []struct{ id, key, claim string }{
	{"G", "anneal.box.half_width", "Does the half-width of the box matter?"},
	{"H", "schedule", "Does the schedule matter?"},
	{"I", "anneal.end", "Does it matter whether the last level is reached (inclusive) or only approached (printed)?"},
	{"J", "anneal.protocol", "Does it matter whether n iterations are spent in all (budget) or at each level (per-level)?"},
}

// GridPair is two groups that differ in one coordinate of the grid alone.
type GridPair struct {
	Key    string // the coordinate
	A, B   string // its values, B held against A
	Within string // the other coordinates, in words
	K      int
	Numbers
	sd float64
}

// GridPairs is every group whose coordinate key is not the first, held against the
// one that is and agrees in the rest, unless both are the same training. P values are corrected over all of them.
func (d *Data) GridPairs(key, measure string) ([]GridPair, error) {
	series := d.Series()
	var values []string
	for _, s := range series {
		if v := s.By[key]; v != "" && !slices.Contains(values, v) {
			values = append(values, v)
		}
	}
	var out []GridPair
	for _, a := range series {
		for _, b := range series {
			if len(values) < 2 || a.By[key] != values[0] || b.By[key] == values[0] || !sameBut(a.By, b.By, key) {
				continue
			}
			for _, gb := range b.Groups {
				i := slices.IndexFunc(a.Groups, func(g *Group) bool { return g.K == gb.K })
				if i < 0 || sameTraining(a.Groups[i], gb) {
					continue
				}
				c, err := compareGroups(a.Groups[i], gb, measure)
				if err != nil {
					return nil, err
				}
				c.Of = b.By[key] + " / " + a.By[key]
				out = append(out, GridPair{key, a.By[key], b.By[key], d.within(a.By, key), gb.K, c.Numbers, c.sd})
			}
		}
	}
	p := make([]float64, len(out))
	for i := range out {
		p[i] = float64(out[i].P)
	}
	holm, err := stats.Holm(p)
	for i := range holm {
		out[i].HolmP = stats.Number(holm[i])
	}
	return out, err
}

// sameTraining says whether two groups are the same runs under two names, as n
// iterations a level and n K in all are.
func sameTraining(a, b *Group) bool {
	of := func(g *Group) (out []string) {
		for _, r := range g.Runs {
			if r.Training != "" {
				out = append(out, r.Training)
			}
		}
		return out
	}
	x, y := of(a), of(b)
	return len(x) > 0 && slices.Equal(x, y)
}

// sameBut says whether two sets of coordinates differ in key alone.
func sameBut(a, b map[string]string, key string) bool {
	a, b = maps.Clone(a), maps.Clone(b)
	delete(a, key)
	delete(b, key)
	return maps.Equal(a, b)
}

// within is the coordinates besides key that set series apart, in words.
func (d *Data) within(by map[string]string, key string) string {
	var words []string
	for _, k := range []string{"schedule", "anneal.end", "anneal.box.half_width", "anneal.protocol"} {
		if k == key || by[k] == "" {
			continue
		}
		if slices.ContainsFunc(d.Series(), func(s Series) bool { return s.By[k] != by[k] && s.By[k] != "" }) {
			words = append(words, coordinateWord(k, by[k])...)
		}
	}
	return strings.Join(words, ", ")
}

// gridFindings asks of each coordinate with several values whether it matters.
func (d *Data) gridFindings(measure string) ([]Finding, error) {
	var out []Finding
	for _, q := range gridQuestions {
		pairs, err := d.GridPairs(q.key, measure)
		if err != nil {
			return nil, err
		}
		if len(pairs) > 0 {
			f := matters(pairs)
			f.ID, f.Claim = q.id, q.claim
			out = append(out, f)
		}
	}
	return out, nil
}

// matters is no where every interval excludes a factor of relevant either way, yes
// where another pair differs after Holm's correction.
func matters(pairs []GridPair) Finding {
	close, seeds := 0, math.MaxInt
	most := comparison{sd: -1}
	lo, hi := math.Inf(1), math.Inf(-1)
	var which []string
	for _, p := range pairs {
		seeds = min(seeds, p.Seeds)
		switch {
		case p.CI95.Defined() && p.CI95.Lo > 1/relevant && p.CI95.Hi < relevant:
			close++
		case p.HolmP.Defined() && p.HolmP < 0.05:
			which = append(which, p.name())
		}
		if p.Ratio.Defined() {
			lo, hi = math.Min(lo, float64(p.Ratio)), math.Max(hi, float64(p.Ratio))
		}
		if p.sd > most.sd || math.IsNaN(p.sd) {
			most = comparison{Numbers: p.Numbers, sd: p.sd}
		}
	}
	var f Finding
	numbers := "No ratio is defined"
	if lo <= hi {
		numbers = fmt.Sprintf("%s, ratios %s to %s", plural(len(pairs), "pair"), digits(lo), digits(hi))
		if len(pairs) == 1 || digits(lo) == digits(hi) {
			numbers = fmt.Sprintf("%s, ratio %s", plural(len(pairs), "pair"), digits(lo))
		}
	}
	switch {
	case len(which) > 0:
		f.Verdict, f.Text = Yes, fmt.Sprintf("%s; after Holm's correction p < 0.05 for %s.", numbers, strings.Join(which, "; "))
	case close == len(pairs) && seeds >= fewSeeds:
		f.Verdict, f.Text = No, fmt.Sprintf("%s; %s a factor of %g either way.", numbers, intervals(0, len(pairs)), relevant)
	default:
		f.Verdict, f.Settle = Undecided, most.needed()
		none := "no difference is found after Holm's correction"
		if len(pairs) == 1 {
			none = "no difference is found"
		}
		f.Text = fmt.Sprintf("%s; %s, but %s a factor of %g either way.", numbers, none, intervals(len(pairs)-close, len(pairs)), relevant)
	}
	return f
}

// intervals says how many of them do not exclude something.
func intervals(open, of int) string {
	switch {
	case open == 0 && of == 1:
		return "its interval excludes"
	case open == 0:
		return "every interval excludes"
	case of == 1:
		return "its interval does not exclude"
	}
	if open == 1 {
		return fmt.Sprintf("1 of %d intervals does not exclude", of)
	}
	return fmt.Sprintf("%d of %d intervals do not exclude", open, of)
}

// name is the pair in words: "printed / inclusive at K = 20, linear (ratio 0.5)".
func (p GridPair) name() string {
	at := fmt.Sprintf("K = %d", p.K)
	if p.Within != "" {
		at += ", " + p.Within
	}
	return fmt.Sprintf("%s at %s (ratio %s %s)", p.Of, at, digits(float64(p.Ratio)), interval(p.CI95))
}
