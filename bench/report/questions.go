package report

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"fig5/bench/claims"
	"fig5/bench/measure"
	"fig5/bench/table"
)

// names is what the questions are called; the first is that against warm, which has no
// verdict.
var names = [...]string{"annealing against warm", "1. it falls with K", "2. it is the ladder", "3. it is the levels", "4. annealing damps",
	"5. the lowest FID", "6. the FID at equal length"}

// Questions is a row a question and series of an answer, warm the last.
func Questions(a *claims.Answer) *table.Table {
	right := func(name, head string) table.Column { return table.Column{Name: name, Head: head, Right: true} }
	t := &table.Table{Columns: slices.Concat([]table.Column{
		{Name: "sweep"}, {Name: "measure"}, {Name: "question"}, {Head: "claim", Break: true}, {Name: "series", Head: "series", Break: true}, {Name: "compared", Head: "compared", Break: true},
		{Name: "annealing", Head: "iterations before β = ∞", Break: true}, {Name: "test"}, {Name: "exact"},
	}, table.MeanColumns("ratio", "ratio [95 %]"), []table.Column{
		right("", "n"), {Name: "seeds"}, {Name: "pairs"}, right("p", "p"), right("holm_p", "Holm"), {Name: "moving"}, {Name: "runs"}, {Name: "verdict", Head: "verdict", Break: true},
	})}
	add := func(q *claims.Question) {
		number := strconv.Itoa(q.ID)
		if q.ID == 0 {
			number = "warm"
		}
		ratio, p, holm := table.Mean(q.Ratio, q.RatioCI95), table.PValue(q.P), table.PValue(q.HolmP)
		if q.Verdict == claims.NoPlateau { // programs have the numbers, readers do not compare them
			ratio[0].Text, p.Text, holm.Text = "–", "–", "–"
		}
		t.Add(table.Cells(table.Text(a.Sweep), table.Text(a.Measure), table.Text(number), table.Text(names[q.ID]), table.Text(q.Series), table.Text(q.Compared),
			table.Cell{Text: lengths(q), Full: ints(q.Annealing)}, table.Text(q.Test), table.Text(strconv.FormatBool(q.Exact))),
			ratio,
			table.Cells(table.Text(seeds(q)), table.Int(q.Seeds), table.Int(q.Pairs), p, holm,
				table.Text(ints(q.Moving)), table.Text(ints(q.Runs)), table.Text(string(q.Verdict))))
	}
	for i := range a.Questions {
		add(&a.Questions[i])
	}
	if a.Warm != nil {
		add(a.Warm)
	}
	if !slices.ContainsFunc(Topics(a), func(t Topic) bool { return t.One() == nil }) { // what is compared tells the series
		for i := range t.Columns {
			if t.Columns[i].Name == "series" {
				t.Columns[i].Head = ""
			}
		}
	}
	return t
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
	right := func(head string) table.Column { return table.Column{Head: head, Right: true} }
	t := &table.Table{Columns: []table.Column{{Head: "sweep"}, {Head: "question"}, {Head: "compared"}, {Head: "iterations"}, {Head: "ratio"}, right("seeds"), right("series"), right("p < 0.05")}}
	for _, a := range answers {
		for i, topic := range Topics(a) {
			sweep := link(a.Sweep)
			if i > 0 {
				sweep = ""
			}
			var compared, iterations, of []string
			note := func(to *[]string, s string) {
				if !slices.Contains(*to, s) {
					*to = append(*to, s)
				}
			}
			for i := range topic.Questions {
				q := &topic.Questions[i]
				note(&compared, q.Compared)
				note(&iterations, lengths(q))
				if topic.One() != nil {
					note(&of, seeds(q))
				} else {
					note(&of, strconv.Itoa(q.Seeds))
				}
			}
			t.Add(table.Cells(table.Text(sweep), table.Text(names[topic.ID]), table.Text(strings.Join(compared, "; ")), table.Text(strings.Join(iterations, "; ")),
				table.Text(topic.Ratios()), table.Text(strings.Join(of, ", ")), table.Int(len(topic.Questions)), table.Int(topic.Clear())))
		}
	}
	return t
}

// Definitions is the questions by the other amplitudes: a row an amplitude, a column a
// question, the ratio and its p before Holm's correction, or the range over series and
// how many have p < 0.05. Nil where no question has a plateau.
func (r *Report) Definitions() *table.Table {
	if !slices.ContainsFunc(r.Answer.Questions, func(q claims.Question) bool { return q.Verdict != claims.NoPlateau }) {
		return nil
	}
	t := &table.Table{Columns: []table.Column{{Head: "amplitude"}}}
	topics := Topics(r.Answer)
	for _, topic := range topics {
		t.Columns = append(t.Columns, table.Column{Head: names[topic.ID]})
	}
	for _, name := range measure.Amplitudes {
		a, ok := r.Secondary.Amplitudes[name]
		if !ok || name == r.Measure {
			continue
		}
		cells := table.Cells(table.Text("`" + name + "`"))
		for i, topic := range Topics(&a) {
			if i == len(topics) {
				break
			}
			text := topic.Ratios()
			if q := topic.One(); q != nil && q.Verdict != claims.NoPlateau {
				text += ", " + table.Is(q.P)
			} else if q == nil {
				text += fmt.Sprintf(" (%d of %d)", topic.Clear(), len(topic.Questions))
			}
			cells = append(cells, table.Text(text))
		}
		t.Add(cells)
	}
	return t
}

// Reading is a row a series: what else a reader asks of its largest K against its
// smallest, of its noise floor and of its modes. Nil where no series has two K.
func (r *Report) Reading() *table.Table {
	if !slices.ContainsFunc(r.Readings, func(x claims.Reading) bool { return x.Compared != "" }) {
		return nil
	}
	right := func(head string) table.Column { return table.Column{Head: head, Right: true} }
	t := &table.Table{Columns: []table.Column{{Head: "series", Break: true}, {Head: "compared", Break: true}, {Head: "amplitude", Break: true}, {Head: "relative to the level", Break: true}, {Head: "FID level", Break: true},
		{Head: "times the floor"}, right("runs in the floor"), right("lost a mode")}}
	ratio := func(x *claims.Ratio) table.Cell {
		if x == nil {
			return table.Text("–")
		}
		return table.Text(table.Ratio(x.Ratio, x.CI95) + ", " + table.Is(x.P))
	}
	for _, x := range r.Readings {
		series := x.Series
		if series == "" {
			series = r.Sweep.Name
		}
		t.Add(table.Cells(table.Text(series), table.Text(x.Compared), ratio(x.Amplitude), ratio(x.Relative), ratio(x.Level),
			table.Text(between([]float64{x.OverFloor.Lo, x.OverFloor.Hi})), table.Text(of(x.InFloor, x.Runs)), table.Text(of(x.Lost, x.Counted))))
	}
	return t
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
	right := func(head string) table.Column { return table.Column{Head: head, Right: true} }
	t := &table.Table{Columns: []table.Column{{Head: "coordinate"}, right("pairs"), right("seeds"), {Head: "ratios"}, right("within 1/1.5 and 1.5"), right("differ (Holm p < 0.05)")}}
	for _, m := range r.Matters {
		t.Add(table.Cells(table.Text(column(m.Key)), table.Int(m.Pairs), table.Int(m.Seeds), table.Text(between([]float64{m.Ratios.Lo, m.Ratios.Hi})), table.Int(m.Close), table.Int(m.Differ)))
	}
	return t
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
