package report

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"fig5/bench/claims"
	"fig5/bench/table"
)

// names is what the questions are called; the first is that against warm, which has no
// verdict.
var names = [...]string{"annealing against warm", "1. it falls with K", "2. it is the ladder", "3. it is the levels", "4. annealing damps",
	"5. the lowest FID", "6. the FID at equal length"}

// Questions is a row a question and series of an answer, warm the last.
func Questions(a *claims.Answer) *table.Table {
	questions, series := a.Questions, ""
	if a.Warm != nil {
		questions = append(slices.Clone(questions), *a.Warm)
	}
	if slices.ContainsFunc(Topics(a), func(t Topic) bool { return t.One() == nil }) { // else what is compared tells it
		series = "series"
	}
	return table.Tabulate(questions, func(t *table.Rows, q claims.Question) {
		t.Data("sweep", a.Sweep, "measure", a.Measure)
		if q.ID == 0 {
			t.Data("question", "warm")
		} else {
			t.Data("question", q.ID)
		}
		t.Long("", "claim", names[q.ID])
		t.Long("series", series, q.Series)
		t.Long("compared", "compared", q.Compared)
		t.Long("annealing", "iterations before β = ∞", table.Cell{Text: lengths(&q), Full: ints(q.Annealing)})
		t.Data("test", q.Test, "exact", q.Exact)
		ratio, p, holm := table.Mean(q.Ratio, q.RatioCI95), table.PValue(q.P), table.PValue(q.HolmP)
		if q.Verdict == claims.NoPlateau { // programs have the numbers, readers do not compare them
			for _, c := range []*table.Cell{&ratio[0], &p, &holm} {
				*c = table.Cell{Text: "–", Full: c.Full}
			}
		}
		for i, c := range table.MeanColumns("ratio", "ratio [95 %]") {
			t.Cell(c, ratio[i])
		}
		t.Right("seeds", "n", table.Cell{Text: seeds(&q), Full: strconv.Itoa(q.Seeds)})
		t.Data("pairs", q.Pairs)
		t.Right("p", "p", p)
		t.Right("holm_p", "Holm", holm)
		t.Data("moving", ints(q.Moving), "runs", ints(q.Runs))
		t.Long("verdict", "verdict", string(q.Verdict))
	})
}

// seeds is how many seeds a question's test has, and its ratio where that has fewer.
func seeds(q *claims.Question) string {
	n := strconv.Itoa(q.Seeds)
	if q.LeftOut > 0 {
		n += fmt.Sprintf(" (ratio of %d)", q.Pairs)
	}
	return n
}

// ints is numbers for programs: "1 5 20".
func ints(v []int) string { return strings.Trim(fmt.Sprint(v), "[]") }

// Others is a row a sweep and question: the range of the ratios over its series. link
// gives a sweep's page.
func Others(answers []*claims.Answer, link func(sweep string) string) *table.Table {
	var topics []Topic
	for _, a := range answers {
		topics = append(topics, Topics(a)...)
	}
	last := ""
	return table.Tabulate(topics, func(t *table.Rows, x Topic) {
		sweep := ""
		if x.Sweep != last {
			sweep, last = link(x.Sweep), x.Sweep
		}
		n := func(q *claims.Question) string { return strconv.Itoa(q.Seeds) }
		if x.One() != nil {
			n = seeds
		}
		t.Left("", "sweep", sweep)
		t.Left("", "question", names[x.ID])
		t.Left("", "compared", x.each("; ", func(q *claims.Question) string { return q.Compared }))
		t.Left("", "iterations", x.each("; ", lengths))
		t.Left("", "ratio", x.Ratios())
		t.Right("", "seeds", x.each(", ", n))
		t.Right("", "series", len(x.Questions))
		t.Right("", "p < 0.05", x.Clear())
	})
}

// each is what the series say, each text once.
func (t Topic) each(between string, say func(*claims.Question) string) string {
	var words []string
	for i := range t.Questions {
		if w := say(&t.Questions[i]); !slices.Contains(words, w) {
			words = append(words, w)
		}
	}
	return strings.Join(words, between)
}

// Definitions is the questions by the other amplitudes: a row an amplitude, a column a
// question, the ratio and its p before Holm's correction, or the range over series and
// how many have p < 0.05. Nil where no question has a plateau.
func (r *Report) Definitions() *table.Table {
	if !slices.ContainsFunc(r.Answer.Questions, func(q claims.Question) bool { return q.Verdict != claims.NoPlateau }) {
		return nil
	}
	return table.Tabulate(r.others(), func(t *table.Rows, a claims.Answer) {
		t.Left("", "amplitude", "`"+a.Measure+"`")
		for _, x := range Topics(&a) {
			text := x.Ratios()
			if q := x.One(); q == nil {
				text += fmt.Sprintf(" (%d of %d)", x.Clear(), len(x.Questions))
			} else if q.Verdict != claims.NoPlateau {
				text += ", " + table.Is(q.P)
			}
			t.Left("", names[x.ID], text)
		}
	})
}

// Reading is a row a series: what else a reader asks of its largest K against its
// smallest, of its noise floor and of its modes. Nil where no series has two K.
func (r *Report) Reading() *table.Table {
	if !slices.ContainsFunc(r.Readings, func(x claims.Reading) bool { return x.Compared != "" }) {
		return nil
	}
	ratio := func(x *claims.Ratio) string {
		if x == nil {
			return "–"
		}
		return table.Ratio(x.Ratio, x.CI95) + ", " + table.Is(x.P)
	}
	return table.Tabulate(r.Readings, func(t *table.Rows, x claims.Reading) {
		t.Long("", "series", cmp.Or(x.Series, r.Sweep.Name))
		t.Long("", "compared", x.Compared)
		t.Long("", "amplitude", ratio(x.Amplitude))
		t.Long("", "relative to the level", ratio(x.Relative))
		t.Long("", "FID level", ratio(x.Level))
		t.Left("", "times the floor", between([]float64{x.OverFloor.Lo, x.OverFloor.Hi}))
		t.Right("", "runs in the floor", of(x.InFloor, x.Runs))
		t.Right("", "lost a mode", of(x.Lost, x.Counted))
	})
}

// of is a share as counts: "3 of 10", a dash where none were counted.
func of(n, all int) string {
	if all == 0 {
		return "–"
	}
	return fmt.Sprintf("%d of %d", n, all)
}

// Matter is a row a coordinate of the grid: how far it matters. Nil where the groups
// differ in none.
func (r *Report) Matter() *table.Table {
	if len(r.Matters) == 0 {
		return nil
	}
	return table.Tabulate(r.Matters, func(t *table.Rows, m claims.Matter) {
		t.Left("", "coordinate", column(m.Key))
		t.Right("", "pairs", m.Pairs)
		t.Right("", "seeds", m.Seeds)
		t.Left("", "ratios", between([]float64{m.Ratios.Lo, m.Ratios.Hi}))
		t.Right("", "within 1/1.5 and 1.5", m.Close)
		t.Right("", "differ (Holm p < 0.05)", m.Differ)
	})
}

// Agreed is how many settings agree with the verdicts of one question, over its series.
type Agreed struct{ ID, Agree, Settings int }

// Agreed sums the agreement over series, in the order of an answer; nil where there is none.
func (r *Report) Agreed() []Agreed {
	if r.Secondary == nil {
		return nil
	}
	var out []Agreed
	for _, t := range Topics(r.Answer) {
		sum := Agreed{ID: t.ID}
		for _, a := range r.Secondary.Agreement {
			if a.ID == t.ID {
				sum.Agree, sum.Settings = sum.Agree+a.Agree, sum.Settings+a.Settings
			}
		}
		if sum.Settings > 0 {
			out = append(out, sum)
		}
	}
	return out
}
