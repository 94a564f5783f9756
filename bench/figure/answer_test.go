package figure

import (
	"bytes"
	"image/color"
	"math"
	"path/filepath"
	"strings"
	"testing"

	"fig5/bench/claims"
	"fig5/bench/config"
	"fig5/bench/figure/canvas"
	"fig5/bench/measure"
	"fig5/bench/record"
	"fig5/bench/stats"
)

// vermilion, blue and green are the looks of ladders per level, of one length, and of hot
// phases beside them.
var blue, vermilion, green = canvas.Colors[0], canvas.Colors[1], canvas.Colors[2]

// Every run is a dot and every group a mean, each once, though K = 50 stands in two series.
func TestAnswer(t *testing.T) {
	sw, sum, _ := confirm.sample(t, "max_to_min", "relative")
	ladders, total, hot := 4*16, 3*16, 4*16
	f, ok := AnswerLength(sw, sum)
	if !ok {
		t.Fatal("no figure of several lengths")
	}
	for name, c := range map[string]struct {
		f      Figure
		counts map[color.NRGBA]int // dots; a legend has one more of the means
		means  map[color.NRGBA]int
	}{
		"a": {AnswerK(sw, sum), map[color.NRGBA]int{blue: ladders, vermilion: 0, green: hot, canvas.Dark: 2 * 16}, map[color.NRGBA]int{blue: 4 + 1, vermilion: 0, canvas.Dark: 2}},
		"b": {f, map[color.NRGBA]int{blue: ladders, vermilion: total, green: hot, canvas.Dark: 0}, map[color.NRGBA]int{blue: 4 + 1, vermilion: 3 + 1, canvas.Dark: 0}},
		"both": {Answer(sw, sum), map[color.NRGBA]int{blue: 2 * ladders, vermilion: total, green: 2 * hot, canvas.Dark: 2 * 16},
			map[color.NRGBA]int{blue: 2*4 + 1, vermilion: 3 + 1, canvas.Dark: 2}},
	} {
		seen := look(c.f)
		for col, want := range c.counts {
			if got := seen.of(canvas.Light(col)); got != want {
				t.Errorf("%s: %d dots of %v, want %d", name, got, col, want)
			}
		}
		for col, want := range c.means {
			if got := seen.of(col); got != want {
				t.Errorf("%s: %d means of %v, want %d", name, got, col, want)
			}
		}
	}
	words := look(Answer(sw, sum)).words()
	for _, want := range []string{"ladder, 500 iterations a level", "ladder, 25,000 iterations in all", "hot phase, no ladder", "|cold|", "|warm|", "|25,000|", "iterations of annealing", "noise floor"} {
		if !strings.Contains(words, want) {
			t.Errorf("no %q in %q", want, words)
		}
	}
	if strings.Contains(words, "hot 25k") {
		t.Errorf("the hot phase of K = 50's length stands apart: %q", words)
	}
}

// The means are those of the summary, wherever the runs are: figures compute none.
func TestNoStatistic(t *testing.T) {
	s := synthetic{seeds: 8, warm: true, ladders: []ladders{perLevel(500, 1, 5, 20)}}
	sw, sum, _ := s.sample(t, "max_to_min", "relative")
	means := func() []float64 { // heights of the ladders' means
		c := newChart(sw, sum)
		p := c.answerPanel(c.overK(c.series, true))
		y := p.vertical()
		var out []float64
		for _, s := range look(AnswerK(sw, sum)).filled[1:] {
			if s.color == blue {
				share := float64((s.middle.Y - 27) / 150)
				out = append(out, y.Min*math.Pow(y.Max/y.Min, share))
			}
		}
		return out[1:] // the legend's first
	}
	for _, factor := range []float64{1, 1.3} {
		var want []float64
		for i := range sum.Groups {
			g := &sum.Groups[i]
			g.GeoMean *= stats.Number(factor)
			if g.Baseline == "" {
				want = append(want, float64(g.GeoMean))
			}
		}
		for i, got := range means() {
			if r := got / want[i]; r < 0.97 || r > 1.03 { // the middle of a circle, by its centre and its first point
				t.Errorf("factor %v, ladder %d: %v, want %v", factor, i, got, want[i])
			}
		}
	}
}

// Where all have one length there is panel a alone; a list of curves has no lengths.
func TestAnswerOfOneLength(t *testing.T) {
	sw, sum, _ := (synthetic{seeds: 8, hot: []int{10000}, ladders: []ladders{budget(10000, 1, 5, 20)}}).sample(t, "max_to_min", "relative")
	if _, ok := AnswerLength(sw, sum); ok {
		t.Error("a figure of one length")
	}
	if words := look(Answer(sw, sum)).words(); strings.Contains(words, "iterations of annealing") || !strings.Contains(words, "|hot|") {
		t.Errorf("%q", words)
	}
	for i := range sw.Groups {
		sum.Groups[i].Annealing = 0
		for _, r := range sw.Groups[i].Runs {
			r.Levels = nil
		}
	}
	plain(t, "list", Answer(sw, sum), AnswerK(sw, sum))
	if _, ok := AnswerLength(sw, sum); ok {
		t.Error("a figure of lengths that are not known")
	}
	if _, ok := Staircase(sw); ok {
		t.Error("a staircase of levels that are not known")
	}
	empty := &measure.Sweep{Name: "empty"}
	sum, err := claims.Summarize(empty, "max_to_min")
	check(t, err)
	plain(t, "empty", append(Sweep("fig5", empty, sum, sum), Answer(empty, sum))...)
}

// The recorded sweep with ladders of one length a level and of one length in all.
func TestRecorded(t *testing.T) {
	root := filepath.Join("..", "..")
	c, err := config.Load(filepath.Join(root, "configs", "fig5-full.yaml"), nil)
	check(t, err)
	sw, err := measure.Load(c, record.Sweep(filepath.Join(root, "runs", "recorded", "fig5-full")))
	check(t, err)
	sum, err := claims.Summarize(sw, "max_to_min")
	check(t, err)
	other, err := claims.Summarize(sw, "relative")
	check(t, err)
	length, ok := AnswerLength(sw, sum)
	if !ok {
		t.Fatal("no figure of several lengths")
	}
	figs := append(Sweep("fig5", sw, sum, other), Answer(sw, sum), AnswerK(sw, sum), length)
	plain(t, "recorded", figs...)
	curves := Curves(sw, sum)
	plain(t, "recorded", curves[0])
	if len(curves) != len(sw.Groups) {
		t.Errorf("%d figures of curves, %d groups", len(curves), len(sw.Groups))
	}
	for i, f := range figs {
		for name, make := range map[string]func(Figure) ([]byte, error){"svg": Figure.SVG, "pdf": Figure.PDF} {
			a, err := make(f)
			check(t, err)
			if b, _ := make(f); !bytes.Equal(a, b) {
				t.Errorf("figure %d: two drawings as %s differ", i, name)
			}
			if name == "svg" && bytes.Contains(a, []byte("NaN")) || name == "svg" && bytes.Contains(a, []byte("Inf")) {
				t.Errorf("figure %d: %s with a coordinate that is no number", i, name)
			}
		}
	}
}

// The names of the figures, which are those of files.
func TestNames(t *testing.T) {
	names := func(figs ...Figure) string {
		var words []string
		for _, f := range figs {
			words = append(words, f.Name)
		}
		return strings.Join(words, " ")
	}
	s := synthetic{seeds: 14, cold: true, ladders: []ladders{perLevel(500, 1, 20)}}
	sw, sum, other := s.sample(t, "max_to_min", "relative")
	if got := names(append(Curves(sw, sum), Sweep("fig5", sw, sum, other)...)...); got != "curves-cold curves-cold-2 curves-k01 curves-k01-2 curves-k20 curves-k20-2 fig5" {
		t.Error(got)
	}
	s.seeds, s.ladders = 1, nil
	for _, name := range []string{"a", "b", "c", "d", "e"} {
		s.ladders = append(s.ladders, perLevel(500, 1).named(name))
	}
	sw, sum, other = s.sample(t, "max_to_min", "relative")
	if got := names(Sweep("docs/fig5", sw, sum, other)...); got != "docs/fig5-1 docs/fig5-2" {
		t.Error(got)
	}
}
