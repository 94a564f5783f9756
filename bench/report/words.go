package report

import (
	"cmp"
	"embed"
	"fmt"
	"slices"
	"strings"
	"text/template"

	"fig5/bench/claims"
	"fig5/bench/config"
	"fig5/bench/english"
	"fig5/bench/measure"
	"fig5/bench/stats"
	"fig5/bench/table"
	"fig5/filters"
)

//go:embed templates
var sources embed.FS

// functions are what templates write numbers and lists with.
var functions = template.FuncMap{
	"digits": func(x stats.Number) string { return table.Digits(float64(x)) }, "defined": stats.Number.Defined,
	"ratio": table.Ratio, "is": table.Is, "thousands": english.Thousands, "plural": english.Plural, "list": english.List, "ints": english.Ints,
	"seeds": english.Seeds, "duration": english.Duration, "words": measure.Words, "commas": func(s []string) string { return strings.Join(s, ", ") },
	"window":    func(x float64) string { return english.Thousands(int(x)) },
	"first":     func(v []int) int { return v[0] },
	"last":      func(v []int) int { return v[len(v)-1] },
	"questions": Questions, "restless": restless, "schedules": schedules, "lowpass": lowpass,
	"wrap": func(s string) string { return table.Wrap(plain(s)) },
	"numbers": func(v []float64) string {
		words := make([]string, len(v))
		for i, x := range v {
			words[i] = table.Plain(x)
		}
		return strings.Join(words, ", ")
	},
}

var templates = template.Must(template.New("").Funcs(functions).ParseFS(sources, "templates/*.tmpl"))

// say is a template in words; an error in one is a mistake in this package.
func say(name string, data any) string {
	var b strings.Builder
	if err := templates.ExecuteTemplate(&b, name, data); err != nil {
		panic(err)
	}
	return b.String()
}

// caption is a template in words as LaTeX.
func caption(name string, data any) string {
	return strings.NewReplacer(" n ", " $n$ ", " p:", " $p$:", "K ", "$K$ ").Replace(table.TeX(say(name, data)))
}

// Sentences is the answer, a sentence a question that was asked; one for all where the same
// groups have not come to rest.
func Sentences(a *claims.Answer) []string {
	if q := a.Questions; len(q) > 1 && !slices.ContainsFunc(q, func(o claims.Question) bool {
		return o.Verdict != claims.NoPlateau || restless(&o) != restless(&q[0])
	}) {
		return []string{say("sentence all", &q[0])}
	}
	var out []string
	for _, t := range Topics(a) {
		if q := t.One(); q != nil {
			out = append(out, say(fmt.Sprintf("sentence %d", t.ID), q))
		} else {
			out = append(out, say(fmt.Sprintf("several %d", t.ID), t))
		}
	}
	return out
}

// restless is the groups of a question more than a third of whose runs are still moving.
func restless(q *claims.Question) string {
	var words []string
	for _, i := range q.Restless() {
		words = append(words, fmt.Sprintf("%s (%d of %d)", q.Groups[i], q.Moving[i], q.Runs[i]))
	}
	return english.List(words)
}

// schedules is the schedules of a sweep with each of its protocols.
func schedules(c *config.Config) string {
	var words []string
	for _, s := range c.Anneal.Schedule {
		for _, p := range c.Anneal.Protocol {
			words = append(words, s.String()+" "+p.String())
		}
	}
	return strings.Join(words, ", ")
}

// lowpass is the filter with its parameters.
func lowpass(a filters.Analysis) string {
	l := a.Lowpass
	switch l.Name {
	case "butterworth":
		if l.Period > 0 {
			return fmt.Sprintf("`butterworth` of order %d, a period of %s iterations", l.Order, table.Plain(l.Period))
		}
		return fmt.Sprintf("`butterworth` of order %d, cutoff %s of Nyquist", l.Order, table.Plain(l.Cutoff))
	case "moving-average":
		return fmt.Sprintf("`moving-average` of %d points", l.Window)
	case "savgol":
		return fmt.Sprintf("`savgol` of %d points, order %d", l.Window, l.PolyOrder)
	}
	return "`" + l.Name + "`"
}

// Counts is how many runs of a sweep fared how.
type Counts struct {
	Runs, Moving, Won, Lost, Without int
	Modes                            bool // were counted
}

// Counts counts each run once, whatever number of groups it stands in.
func (r *Report) Counts() Counts {
	var c Counts
	for _, run := range r.Sweep.Distinct() {
		c.Runs++
		if run.Status != measure.Settled {
			c.Without++
			continue
		}
		if run.Moving() {
			c.Moving++
		}
		if run.Won {
			c.Won++
		}
		if run.Lost != nil {
			c.Modes = true
			if *run.Lost > 0 {
				c.Lost++
			}
		}
	}
	return c
}

// Noise is the amplitudes of the groups beside their noise floors and FID levels.
type Noise struct {
	Floors string // the range over groups of amplitude / floor, – where there is no floor
	Levels string // the range over groups of the mean FID in the window
	Real   stats.Number
}

// Noise gives ranges over the groups that have both.
func (r *Report) Noise() *Noise {
	s := r.Summary()
	var floors, levels []float64
	for _, g := range s.Groups {
		floors = append(floors, float64(g.GeoMean/g.Floor.Median))
		levels = append(levels, float64(g.Level.GeoMean))
	}
	return &Noise{between(floors), between(levels), s.RealFloor.Median}
}

// Seconds is the work in all runs.
func (r *Report) Seconds() float64 {
	seconds := 0.
	for _, run := range r.Sweep.Distinct() {
		seconds += run.Seconds
	}
	return seconds
}

// Commits is the programs that made the runs.
func (r *Report) Commits() []string {
	var out []string
	for _, v := range r.Sweep.Versions {
		out = append(out, fmt.Sprintf("`%.12s` (libtorch %s, %s)", known(v.Fig5), known(v.Libtorch), v.Go))
	}
	return out
}

// Hashes is the commits of these programs.
func (r *Report) Hashes() []string {
	var out []string
	for _, v := range r.Sweep.Versions {
		if h := fmt.Sprintf("`%.12s`", known(v.Fig5)); !slices.Contains(out, h) {
			out = append(out, h)
		}
	}
	return out
}

func known(s string) string { return cmp.Or(s, "(unknown)") }

// Machines is where the runs were made.
func (r *Report) Machines() []string {
	var out []string
	for _, m := range r.Sweep.Machines {
		out = append(out, fmt.Sprintf("%s (%s, %s kernels)", m.CPU, english.Plural(m.Cores, "core"), m.Kernels))
	}
	return out
}

// plain is a sentence of Markdown without its marks.
func plain(s string) string { return strings.NewReplacer("*", "", "`", "").Replace(s) }
