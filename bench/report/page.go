package report

import (
	"bytes"
	_ "embed"
	"fmt"
	"html/template"
	"image/color"
	"strings"

	"fig5/bench/report/canvas"
	"fig5/bench/stats"
)

// curvesInPage is up to how many runs the page draws every curve.
const curvesInPage = 200

//go:embed page.html
var pageSource string

var pageTemplate = template.Must(template.New("page").Funcs(template.FuncMap{
	"num": func(key string, v stats.Number) template.HTML {
		return template.HTML(fmt.Sprintf("<td data-key=%q data-value=%q>%s</td>", key, exact(float64(v)), digits(float64(v))))
	},
	"span": func(key string, i stats.Interval) template.HTML {
		return template.HTML(fmt.Sprintf("<td data-key=%q data-lo=%q data-hi=%q>%s</td>", key, exact(i.Lo), exact(i.Hi), plainInterval(i)))
	},
}).Parse(pageSource))

type pageFigure struct {
	Caption string
	SVG     template.HTML
}

type pageGroup struct {
	GroupSummary
	Name, Lost, Marks string
}

// pageWarning is a warning with its footnote sign, where it has one.
type pageWarning struct{ Sign, Text string }

type pageRun struct {
	ID     string
	Seed   int
	Status Status
	Values []string
}

// Page is the report as one self-contained HTML page: no script, no network, light
// and dark by the reader's setting. Numbers stand in full in data-value attributes.
func (d *Data) Page(measure string) ([]byte, error) {
	r, err := d.Report(measure)
	if err != nil {
		return nil, err
	}
	findings, err := d.Findings(measure)
	if err != nil {
		return nil, err
	}
	onWhite, onBlack := themes()
	p := struct {
		Name, MeasureWords, Rule, Real, CurvesNote string
		Light, Dark                                template.CSS
		Report                                     *Report
		Figures, Curves                            []pageFigure
		Groups                                     []pageGroup
		Trends, Setting, Measures                  []string
		Warnings                                   []pageWarning
		Findings                                   []Finding
		Several, Missing                           bool
		Runs                                       []pageRun
		RunCount                                   int
	}{
		Name: d.Name, MeasureWords: measureWords[measure], Rule: strings.ReplaceAll(Rule, "*", ""), Light: onWhite, Dark: onBlack,
		Report: r, Setting: d.setting(), Measures: Measures, Findings: findings, RunCount: d.Runs(),
	}
	for _, w := range r.Warnings {
		p.Warnings = append(p.Warnings, pageWarning{r.Sign(w), w})
	}
	labels := d.labels()
	p.Several = len(labels) > 1
	for i := range p.Setting {
		p.Setting[i] = strings.ReplaceAll(p.Setting[i], "`", "")
	}
	for i, g := range r.Groups {
		lost := "–"
		if g.LostModes != nil {
			_, n := d.Groups[i].LostModes()
			lost = fmt.Sprintf("%d of %d", *g.LostModes, n)
		}
		p.Missing = p.Missing || g.Missing > 0
		p.Groups = append(p.Groups, pageGroup{g, groupName(g.By, g.K, g.Baseline, labels[seriesName(g.By)]), lost, r.marks(i)})
	}
	for _, t := range r.Trends {
		if len(t.K) < 2 {
			continue
		}
		s := TrendSentence(t) + fmt.Sprintf(" Log-log slope %s %s.", digits(float64(t.Slope)), plainInterval(t.SlopeCI95))
		if l := labels[seriesName(t.By)]; l != "" {
			s = l + ": " + s
		}
		p.Trends = append(p.Trends, s)
	}
	if r.RealFloor.Median.Defined() {
		p.Real = fmt.Sprintf("Real samples against real ones, measured in the same way: %s.", digits(float64(r.RealFloor.Median)))
	}
	n := 0
	inline := func(f canvas.Figure, caption string) pageFigure {
		n++
		return pageFigure{caption, themed(f.InlineSVG(fmt.Sprintf("figure-%d", n)))}
	}
	for _, f := range d.wideFigures("fig5", measure) {
		caption := f.Title + "."
		if len(d.Baselines()) > 0 {
			caption += " Left of the dashed line: the baselines without a ladder."
		}
		p.Figures = append(p.Figures, inline(f, caption))
	}
	if f, ok := d.StaircaseFigure(); ok {
		p.Figures = append(p.Figures, inline(f, f.Title+"."))
	}
	if d.Runs() > curvesInPage {
		p.CurvesNote = fmt.Sprintf("The curves of %d runs are too many for a page: they are in curves.pdf beside it.", d.Runs())
	} else {
		for _, f := range d.CurveFigures() {
			p.Curves = append(p.Curves, inline(f, strings.TrimPrefix(f.Title, "FID curves of ")))
		}
	}
	for i := range d.Groups {
		for j := range d.Groups[i].Runs {
			p.Runs = append(p.Runs, pageRow(&d.Groups[i].Runs[j]))
		}
	}
	var b bytes.Buffer
	if err := pageTemplate.Execute(&b, p); err != nil {
		return nil, fmt.Errorf("page: %w", err)
	}
	return b.Bytes(), nil
}

func pageRow(r *Run) pageRun {
	row := pageRun{ID: r.ID, Seed: r.Seed, Status: r.Status, Values: make([]string, len(Measures)+2)}
	if m := r.Measured; m != nil {
		for i, name := range Measures {
			row.Values[i] = digits(amplitude(m.Amplitude, name))
		}
		row.Values[len(Measures)] = digits(m.Level)
		row.Values[len(Measures)+1] = number(m.Knee.Iteration)
	}
	return row
}

// themes is the colours of the figures as CSS variables, on white and on black.
func themes() (onWhite, onBlack template.CSS) {
	var l, k strings.Builder
	add := func(name string, day, night color.NRGBA) {
		fmt.Fprintf(&l, "--%s:%s;", name, hex(day))
		fmt.Fprintf(&k, "--%s:%s;", name, hex(night))
	}
	at := func(v uint8) color.NRGBA { return color.NRGBA{v, v, v, 255} }
	add("ink", black, at(0xE8))
	add("paper", white, at(0x16))
	add("grey", grey, at(0xB0))
	add("faint", faint, at(0x60))
	add("band", band, at(0x33))
	add("base", baselineColor, at(0xC8))
	add("base-light", light(baselineColor), at(0x6A))
	add("grey-light", light(grey), at(0x70))
	add("link", colors[0], mix(colors[0], white, 0.55))
	for i, c := range colors {
		add(fmt.Sprintf("c%d", i), c, mix(c, white, 0.65))
		add(fmt.Sprintf("l%d", i), light(c), mix(c, at(0x16), 0.6))
	}
	return template.CSS(l.String()), template.CSS(k.String())
}

// mix is share of a, the rest of b.
func mix(a, b color.NRGBA, share float64) color.NRGBA {
	f := func(x, y uint8) uint8 { return uint8(share*float64(x) + (1-share)*float64(y)) }
	return color.NRGBA{f(a.R, b.R), f(a.G, b.G), f(a.B, b.B), 255}
}

func hex(c color.NRGBA) string { return fmt.Sprintf("#%02X%02X%02X", c.R, c.G, c.B) }

// themed turns the fixed colours of a drawing into the page's variables.
func themed(svg string) template.HTML {
	pairs := []string{
		hex(black), "var(--ink)", hex(white), "var(--paper)", hex(grey), "var(--grey)", hex(faint), "var(--faint)",
		hex(band), "var(--band)", hex(baselineColor), "var(--base)", hex(light(baselineColor)), "var(--base-light)", hex(light(grey)), "var(--grey-light)",
	}
	for i, c := range colors {
		pairs = append(pairs, hex(c), fmt.Sprintf("var(--c%d)", i), hex(light(c)), fmt.Sprintf("var(--l%d)", i))
	}
	return template.HTML(strings.NewReplacer(pairs...).Replace(svg))
}
