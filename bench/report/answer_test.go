package report

import (
	"math"
	"slices"
	"strings"
	"testing"

	"fig5/bench/claims"
	"fig5/bench/stats"
)

func question(id int, v claims.Verdict) claims.Question {
	return claims.Question{ID: id, Verdict: v, Compared: "K = 50 / K = 1", K: []int{1, 5, 20, 50}, Annealing: []int{25000, 500}, Exact: true,
		Groups: []string{"K = 1", "K = 50"}, Moving: []int{9, 1}, Runs: []int{16, 16}, Seeds: 16, Pairs: 16,
		Ratio: 0.371, RatioCI95: stats.Interval{Lo: 0.28, Hi: 0.5}, P: 0.003, HolmP: 0.0124}
}

// Every verdict of every question has a sentence of its own, as docs/experiment.md words
// it, with the numbers of the question in it.
func TestSentences(t *testing.T) {
	words := map[int]map[claims.Verdict]string{
		4: {claims.Damps: "Annealing damps ", claims.Adds: "it adds to it", claims.Undecided: "is undecided", claims.NoPlateau: "have not come to rest"},
		1: {claims.Falls: "falls with K, as the paper's Figure 5 has it", claims.Undecided: "is undecided", claims.NoPlateau: "have not come to rest"},
		3: {claims.LevelsMore: "matters at equal length", claims.LevelsNot: "what counts is the length", claims.Undecided: "is undecided", claims.NoPlateau: "have not come to rest"},
		2: {claims.LadderMore: "is better than a hot phase", claims.HotMore: "is worse than a hot phase", claims.HotAsWell: "does as well", claims.Undecided: "is undecided", claims.NoPlateau: "have not come to rest"},
	}
	seen := map[string]bool{}
	for id, verdicts := range words {
		for v, want := range verdicts {
			got := Sentences(&claims.Answer{Questions: []claims.Question{question(id, v)}})
			if len(got) != 1 || !strings.Contains(got[0], want) || strings.Count(got[0], ". ") > 1 || seen[got[0]] {
				t.Errorf("question %d, %s: %q", id, v, got)
				continue
			}
			seen[got[0]] = true
			numbers := "0.371 [0.280, 0.500] times"
			if v == claims.NoPlateau {
				numbers = "K = 1 (9 of 16)"
			}
			if !strings.Contains(got[0], numbers) || v != claims.NoPlateau && !strings.Contains(got[0], "(p = 0.012, 16 seeds)") {
				t.Errorf("question %d, %s: the numbers are not in %q", id, v, got[0])
			}
		}
	}
}

// The sentences stand in the order 4, 1, 3, 2; what was not asked is left out.
func TestOrder(t *testing.T) {
	a := &claims.Answer{}
	for id := 1; id <= 4; id++ {
		a.Questions = append(a.Questions, question(id, claims.Undecided))
	}
	all := Sentences(a)
	if len(all) != 4 || !strings.Contains(all[0], "annealing damps") || !strings.Contains(all[1], "Figure 5") || !strings.Contains(all[2], "levels or length") || !strings.Contains(all[3], "hot phase") {
		t.Errorf("%q", all)
	}
	a.Questions = slices.Delete(a.Questions, 1, 3)
	if got := Sentences(a); !slices.Equal(got, []string{all[0], all[1]}) {
		t.Errorf("%q", got)
	}
}

// Several series of one question are told in one sentence: verdicts with their numbers,
// and the range of the ratios.
func TestSeveralSeries(t *testing.T) {
	a := &claims.Answer{Sweep: "x", Questions: []claims.Question{question(3, claims.Undecided), question(3, claims.LevelsMore), question(3, claims.Undecided)}}
	a.Questions[0].Ratio, a.Questions[2].Ratio = 1.25, stats.Number(math.NaN())
	a.Questions[1].P, a.Questions[2].P = 0.2, 0.01
	a.Questions[0].Exact = false
	got := Sentences(a)
	if want := "Of 3 series: *undecided* in 2 and *more levels damp more* in 1; ratios 0.371 to 1.25."; len(got) != 1 || !strings.HasSuffix(got[0], want) {
		t.Errorf("%q", got)
	}
	others := Others([]*claims.Answer{a}, func(s string) string { return "[" + s + "]" })
	if n := len(others.Columns); n > 9 || len(others.Rows) != 1 {
		t.Fatalf("%d columns, %d rows", n, len(others.Rows))
	}
	row := others.Rows[0].Cells
	// Of the three one is not exact and one has p = 0.2.
	if row[0].Text != "[x]" || row[4].Text != "0.371 to 1.25" || row[6].Text != "3" || row[7].Text != "1" {
		t.Errorf("%q", row)
	}
}

// A seed without a ratio is told, and a ratio that is not known is not written as one.
func TestLeftOut(t *testing.T) {
	q := question(4, claims.Undecided)
	q.Pairs, q.LeftOut = 14, 2
	a := &claims.Answer{Questions: []claims.Question{q}}
	if got := Sentences(a)[0]; !strings.Contains(got, "16 seeds, 2 of them without a ratio") {
		t.Error(got)
	}
	if got := Questions(a).Text(0); !strings.Contains(got, "16 (ratio of 14)") {
		t.Error(got)
	}
	a.Questions[0].Ratio = stats.Number(math.NaN())
	if got := Sentences(a)[0]; !strings.Contains(got, "an unknown multiple of that") {
		t.Error(got)
	}
}

// The table of the claims holds the row against warm, which has no verdict and no
// corrected p; its CSV reads back equal.
func TestQuestions(t *testing.T) {
	a := &claims.Answer{Sweep: "x", Measure: "max_to_min", Questions: []claims.Question{question(1, claims.Falls)}}
	warm := question(0, "")
	warm.P, warm.HolmP = 0.04, stats.Number(math.NaN())
	a.Warm = &warm
	q := Questions(a)
	if n := len(q.Shown().Columns); n != 8 {
		t.Errorf("%d columns", n)
	}
	rows := csvRows(t, q.CSV())
	for i, want := range []map[string]string{
		{"question": "1", "annealing": "25000 500", "ratio": "0.371", "ratio_lo": "0.28", "ratio_hi": "0.5", "p": "0.003", "holm_p": "0.0124", "verdict": "it falls", "moving": "9 1"},
		{"question": "warm", "p": "0.04", "holm_p": "", "verdict": ""},
	} {
		for key, v := range want {
			if rows[i][key] != v {
				t.Errorf("row %d: %s is %q, want %q", i, key, rows[i][key], v)
			}
		}
	}
}

// Of a question without a plateau CSV alone has the ratio and p.
func TestNoPlateau(t *testing.T) {
	q := claims.Question{ID: 4, Compared: "K = 5 / cold", Ratio: 2.03125, P: 0.015625, HolmP: 0.0625, Verdict: claims.NoPlateau}
	table := Questions(&claims.Answer{Questions: []claims.Question{q}})
	for of, text := range map[string]string{"LaTeX": table.LaTeX(), "Markdown": table.Markdown(), "text": table.Text(0)} {
		if strings.Contains(text, "2.03") || strings.Contains(text, "0.01") || strings.Contains(text, "0.06") {
			t.Errorf("%s shows numbers:\n%s", of, text)
		}
	}
	if csv := table.CSV(); !strings.Contains(csv, "2.03125,") || !strings.Contains(csv, "0.015625,0.0625,") {
		t.Errorf("%s", csv)
	}
}
