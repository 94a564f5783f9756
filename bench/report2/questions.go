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

// names is what the questions are called; the last is that against warm, which has no
// verdict.
var names = [...]string{1: "1. it falls with K", 2: "2. it is the ladder", 3: "3. it is the levels", 4: "4. annealing damps", 5: "annealing against warm"}

const warm = 5

// Questions is a row a question and series of an answer, warm the last.
func Questions(a *claims.Answer) *table.Table {
	right := func(name, head string) table.Column { return table.Column{Name: name, Head: head, Right: true} }
	t := &table.Table{Columns: slices.Concat([]table.Column{
		{Name: "sweep"}, {Name: "measure"}, {Name: "question"}, {Head: "claim", Break: true}, {Name: "series", Head: "series", Break: true}, {Name: "compared", Head: "compared", Break: true},
		{Name: "annealing", Head: "iterations before β = ∞", Break: true}, {Name: "test"}, {Name: "exact"},
	}, table.MeanColumns("ratio", "ratio [95 %]"), []table.Column{
		right("", "n"), {Name: "seeds"}, {Name: "pairs"}, right("p", "p"), right("holm_p", "Holm"), {Name: "moving"}, {Name: "runs"}, {Name: "verdict", Head: "verdict", Break: true},
	})}
	add := func(id int, q *claims.Question) {
		n := strconv.Itoa(q.Seeds)
		if q.LeftOut > 0 {
			n += fmt.Sprintf(" (ratio of %d)", q.Pairs)
		}
		verdict, holm, number := table.Text(string(q.Verdict)), table.PValue(q.HolmP), strconv.Itoa(id)
		if id == warm {
			verdict, holm, number = table.Text(""), table.Cell{Text: "–", Full: " "}, "warm"
		}
		t.Add(table.Cells(table.Text(a.Sweep), table.Text(a.Measure), table.Text(number), table.Text(names[id]), table.Text(q.Series), table.Text(q.Compared),
			table.Cell{Text: lengths(q.Annealing), Full: ints(q.Annealing)}, table.Text(q.Test), table.Text(strconv.FormatBool(q.Exact))),
			table.Mean(q.Ratio, q.RatioCI95),
			table.Cells(table.Text(n), table.Int(q.Seeds), table.Int(q.Pairs), table.PValue(q.P), holm,
				table.Text(ints(q.Moving)), table.Text(ints(q.Runs)), verdict))
	}
	for i := range a.Questions {
		add(a.Questions[i].ID, &a.Questions[i])
	}
	if a.Warm != nil {
		add(warm, a.Warm)
	}
	if !slices.ContainsFunc(a.Questions, func(q claims.Question) bool { return q.Series != "" }) {
		for i := range t.Columns {
			if t.Columns[i].Name == "series" {
				t.Columns[i].Head = ""
			}
		}
	}
	return t
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
			var compared, iterations, seeds []string
			note := func(to *[]string, s string) {
				if !slices.Contains(*to, s) {
					*to = append(*to, s)
				}
			}
			for _, q := range topic.Questions {
				note(&compared, q.Compared)
				note(&iterations, lengths(q.Annealing))
				note(&seeds, strconv.Itoa(q.Seeds))
			}
			t.Add(table.Cells(table.Text(sweep), table.Text(names[topic.ID]), table.Text(strings.Join(compared, "; ")), table.Text(strings.Join(iterations, "; ")),
				table.Text(topic.Ratios()), table.Text(strings.Join(seeds, ", ")), table.Int(len(topic.Questions)), table.Int(topic.Clear())))
		}
	}
	return t
}

// Definitions is the questions by the other amplitudes: a row an amplitude, a column a
// question, the ratio and its p before Holm's correction, or the range over series and
// how many have p < 0.05.
func (r *Report) Definitions() *table.Table {
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
			if q := topic.One(); q != nil {
				text += ", " + table.Is(q.P)
			} else {
				text += fmt.Sprintf(" (%d of %d)", topic.Clear(), len(topic.Questions))
			}
			cells = append(cells, table.Text(text))
		}
		t.Add(cells)
	}
	return t
}
