package table

import (
	"encoding/csv"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/rivo/uniseg"
	"pgregory.net/rapid"

	"fig5/bench/stats"
)

var nan = stats.Number(math.NaN())

func TestWords(t *testing.T) {
	for _, c := range []struct{ got, want string }{
		// Rounded by hand to three significant digits.
		{Digits(0), "0"},
		{Digits(0.09996), "0.100"},
		{Digits(0.0123), "0.0123"},
		{Digits(0.5), "0.500"},
		{Digits(12.345), "12.3"},
		{Digits(99.96), "100"},
		{Digits(1234), "1234"},
		{Digits(-0.25), "-0.250"},
		{Digits(1.234e-5), "1.23e-05"},
		{Digits(0.000099999), "0.000100"},
		{Digits(2.5e7), "2.50e+07"},
		{Digits(999999), "1.00e+06"},
		{Digits(math.NaN()), "–"},
		{Digits(math.Inf(1)), "∞"},
		{Full(1. / 3), "0.3333333333333333"},
		{Full(math.Inf(1)), ""},
		{Interval(stats.Interval{Lo: 0.33, Hi: 12.34}), "[0.330, 12.3]"},
		{Interval(stats.Interval{Lo: math.NaN(), Hi: 1}), "–"},
		{Ratio(0.5, stats.Interval{Lo: 0.33, Hi: 0.75}), "0.500 [0.330, 0.750]"},
		{Ratio(0.5, stats.Interval{Lo: math.NaN(), Hi: 0.75}), "0.500"},
		{P(0.0123), "0.012"},
		{P(0.000999), "< 0.001"},
		{P(0.32), "0.32"},
		{P(0.0996), "0.10"},
		{P(0.0501), "0.050"},
		{P(0.04996), "0.04996"},
		{P(0.05), "0.050"},
		{P(nan), "–"},
		{Is(0.0123), "p = 0.012"},
		{Is(1e-9), "p < 0.001"},
		{Share(0.123), "0.12"},
		{Change(-23.14), "-23.1 %"},
		{Change(4), "+4.0 %"},
		{Mark(12), "¹²"},
	} {
		if c.got != c.want {
			t.Errorf("%q, want %q", c.got, c.want)
		}
	}
}

func TestTeX(t *testing.T) {
	for s, want := range map[string]string{
		`50% of #1_x {a} & ~`:   `50\% of \#1\_x \{a\} \& \textasciitilde{}`,
		"falls (p = 0.012)":     "falls ($p = 0.012$)",
		"(p = 0.041, 10 seeds)": "($p = 0.041$, 10 seeds)",
		"p < 0.001, n = 16":     "$p < 0.001$, $n = 16$",
		"over K = 1, 5, 20":     `over $K = 1,\,5,\,20$`,
		"1.20e-05 [-3, 4e+07]":  `$1.20\times10^{-5}$ [$-3$, $4\times10^{7}$]`,
		"-23.1 %":               `$-23.1$\,\%`,
		"< 0.001":               "$<0.001$",
		"seeds 20-35":           "seeds 20-35",
		"x¹ β → ∞":              `x$^1$ $\beta$ $\to$ $\infty$`,
	} {
		if got := TeX(s); got != want {
			t.Errorf("%s: %s, want %s", s, got, want)
		}
	}
	if got := TeXInterval(stats.Interval{Lo: -0.62, Hi: 1e-6}); got != `[\ensuremath{-0.620},\,\ensuremath{1.00\times10^{-6}}]` {
		t.Error(got)
	}
}

// sample has a column of each kind.
func sample() *Table {
	none := stats.Interval{Lo: math.NaN(), Hi: math.NaN()}
	t := &Table{Title: "Amplitudes", Label: "x", Notes: []string{"¹ A note on the first row."}}
	t.Columns = slices.Concat([]Column{{Name: "group", Head: "group", Break: true}, {Name: "n", Head: "n", Right: true}},
		MeanColumns("geomean", "geometric mean"), []Column{{Head: "ratio"}, {Name: "ratio_lo"}, {Name: "ratio_hi"}})
	span := func(i stats.Interval) []Cell {
		return []Cell{{Text: Interval(i), TeX: TeXInterval(i)}, {Full: full(i.Lo)}, {Full: full(i.Hi)}}
	}
	t.Add(Cells(Text("per-level 500, K = 5|¹"), Int(10000)), Mean(0.12345, stats.Interval{Lo: 0.1, Hi: 0.2}), span(stats.Interval{Lo: 1. / 3, Hi: 2}))
	t.Rows = append(t.Rows, Row{Section: "baselines"})
	t.Add(Cells(Text(""), Int(3)), Mean(nan, none), span(none))
	return t
}

func TestCSV(t *testing.T) {
	rows, err := csv.NewReader(strings.NewReader(sample().CSV())).ReadAll()
	want := [][]string{
		{"group", "n", "geomean", "geomean_lo", "geomean_hi", "ratio_lo", "ratio_hi"},
		{"per-level 500, K = 5|¹", "10000", "0.12345", "0.1", "0.2", "0.3333333333333333", "2"},
		{"", "3", "", "", "", "", ""},
	}
	if err != nil || !slices.EqualFunc(rows, want, slices.Equal[[]string]) {
		t.Errorf("%v %q", err, rows)
	}
}

func TestMarkdown(t *testing.T) {
	want := `| group | n | geometric mean | ratio |
|:--|--:|:--|:--|
| per-level 500, K = 5\|¹ | 10,000 | 0.123 [0.100, 0.200] | [0.333, 2.00] |
| **baselines** |  |  |  |
|  | 3 | – | – |

- ¹ A note on the first row.
`
	if got := sample().Markdown(); got != want {
		t.Errorf("%s", got)
	}
}

func TestOnly(t *testing.T) {
	some := sample().Only("group", "ratio")
	if got, want := some.Text(0), sample(); !strings.Contains(got, "group                   ratio\n") || some.CSV() != want.CSV() {
		t.Errorf("%s", got)
	}
}

func TestText(t *testing.T) {
	want := `Amplitudes

group                        n  geometric mean        ratio
per-level 500, K = 5|¹  10,000  0.123 [0.100, 0.200]  [0.333, 2.00]

baselines
                             3  –                     –

¹ A note on the first row.
`
	if got := sample().Text(0); got != want {
		t.Errorf("%s", got)
	}
	narrow := `group           n  geometric mean        ratio
per-level  10,000  0.123 [0.100, 0.200]  [0.333, 2.00]
500, K =
5|¹
`
	s := sample()
	s.Title, s.Notes, s.Rows = "", nil, s.Rows[:1]
	if got := s.Text(54); got != narrow {
		t.Errorf("%s", got)
	}
}

// A text table is no wider than asked for, as long as its numbers fit, and loses no word.
func TestTextWidth(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		word := rapid.StringMatching(`[a-zβ]{1,9}`)
		words := rapid.Map(rapid.SliceOfN(word, 1, 12), func(w []string) string { return strings.Join(w, " ") })
		n := rapid.IntRange(1, 7).Draw(t, "columns")
		table := &Table{}
		for range n {
			table.Columns = append(table.Columns, Column{Head: words.Draw(t, "head"), Break: true, Right: rapid.Bool().Draw(t, "right")})
		}
		var all []string
		for range rapid.IntRange(0, 4).Draw(t, "rows") {
			var cells []Cell
			for range n {
				s := words.Draw(t, "cell")
				all = append(all, strings.Fields(s)...)
				cells = append(cells, Text(s))
			}
			table.Add(cells)
		}
		got := table.Text(Width)
		for _, line := range strings.Split(got, "\n") {
			if w := uniseg.StringWidth(line); w > Width {
				t.Errorf("%d columns: %s", w, line)
			}
		}
		for _, w := range all {
			if !strings.Contains(got, w) {
				t.Errorf("%q is lost", w)
			}
		}
	})
}

// What CSV holds of a number reads back equal.
func TestExact(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := rapid.Float64().Draw(t, "x")
		if got, err := strconv.ParseFloat(Number(stats.Number(x)).Value(), 64); err != nil || got != x {
			t.Errorf("%v is written %v", x, got)
		}
	})
}

// The table compiles, where TeX and booktabs are installed (Debian: texlive-latex-base,
// texlive-latex-recommended).
func TestLaTeXCompiles(t *testing.T) {
	tex, err := exec.LookPath("pdflatex")
	if err != nil {
		t.Skip("pdflatex is not installed")
	}
	if exec.Command("kpsewhich", "booktabs.sty").Run() != nil {
		t.Skip("booktabs is not installed")
	}
	s := sample()
	s.Wide = true
	s.Rows[0].Cells[0] = Text(`odd_name & 50% of #1 {β} ^ ~ \ "x" <y> 1e-7¹`)
	dir := t.TempDir()
	page := "\\documentclass{article}\n\\usepackage{booktabs}\n\\begin{document}\n" + s.LaTeX() + "\\end{document}\n"
	if err := os.WriteFile(filepath.Join(dir, "table.tex"), []byte(page), 0o644); err != nil {
		t.Fatal(err)
	}
	c := exec.Command(tex, "-interaction=nonstopmode", "-halt-on-error", "table.tex")
	c.Dir = dir
	if out, err := c.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}
