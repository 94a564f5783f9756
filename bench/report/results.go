package report

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"fig5/bench/claims"
	"fig5/bench/english"
	"fig5/bench/figure"
	"fig5/bench/measure"
	"fig5/bench/table"
)

// Recorded is the files that the recorded sweeps in the folder root give: RESULTS.md on
// the experiment (the first sweep, where that is not recorded), docs/results/ with a page
// a sweep and every number as CSV, and docs/figures/.
func Recorded(root string, sweeps []*measure.Sweep) ([]File, error) {
	if len(sweeps) == 0 {
		return nil, fmt.Errorf("%s: no sweep is recorded there; scripts/record.sh records one", root)
	}
	reports := make([]*Report, len(sweeps))
	for i, s := range sweeps {
		r, err := New(s, measure.Amplitudes[0])
		if err != nil {
			return nil, err
		}
		if err := r.Complete(); err != nil {
			return nil, err
		}
		reports[i] = r
	}
	page := newResults(root, reports)
	files := append(FigureFiles("docs/figures/", answerFigures(page.Main)), text("RESULTS.md", say("results", page)))
	var keys []string // of all sweeps, so that their rows have the same columns
	for _, r := range reports {
		keys = append(keys, r.keys...)
	}
	slices.Sort(keys)
	keys = slices.Compact(keys)
	var groups, trends, questions []*table.Table
	for _, r := range reports {
		figures := r.fidFigure()
		for i := range figures {
			figures[i].Name = r.Sweep.Name
		}
		if figures == nil {
			figures = figure.Sweep(r.Sweep.Name, r.Sweep, r.Summary(), r.other())
		}
		files = append(files, FigureFiles("docs/figures/", figures)...)
		files = append(files, text("docs/results/"+r.Sweep.Name+".md", say("sweep", r.sweepPage("../", images("../figures/", figures)))))
		r.keys = keys
		for _, name := range measure.Amplitudes {
			groups, trends = append(groups, r.Groups(name)), append(trends, r.Trends(name))
		}
		questions = append(questions, Questions(r.Answer), Questions(r.FID))
		for _, a := range r.others() {
			questions = append(questions, Questions(a))
		}
	}
	return append(files,
		text("docs/results/results.csv", stack(groups).CSV()),
		text("docs/results/trends.csv", stack(trends).CSV()),
		text("docs/results/questions.csv", stack(questions).CSV()),
	), nil
}

// others is the answers by the other amplitudes.
func (r *Report) others() []*claims.Answer {
	var out []*claims.Answer
	if r.Secondary == nil {
		return nil
	}
	for _, name := range measure.Amplitudes {
		if a, ok := r.Secondary.Amplitudes[name]; ok && name != r.Measure {
			out = append(out, &a)
		}
	}
	return out
}

// resultsPage is what RESULTS.md shows.
type resultsPage struct {
	Root     string
	Main     *Report
	Fixed    bool
	FixedToo []string     // the other sweeps of which the questions were fixed before their runs
	Others   *table.Table // nil where no other sweep can be asked
	Images   []*Report    // of which the FID itself is asked
	Sources  *table.Table
}

func newResults(root string, reports []*Report) *resultsPage {
	p := &resultsPage{Root: filepath.ToSlash(root), Main: reports[0]}
	for _, r := range reports {
		switch r.Sweep.Name {
		case experiment:
			p.Main, p.Fixed = r, true
		default:
			if r.Fixed() {
				p.FixedToo = append(p.FixedToo, "`"+r.Sweep.Name+"`")
			}
		}
	}
	link := func(sweep string) string { return fmt.Sprintf("[%s](docs/results/%s.md)", sweep, sweep) }
	var answers []*claims.Answer
	p.Sources = &table.Table{Columns: []table.Column{{Head: "sweep"}, {Head: "seeds"}, {Head: "runs", Right: true}, {Head: "of one core", Right: true}, {Head: "commit"}, {Head: "machine"}}}
	for _, r := range reports {
		if r != p.Main && len(r.Answer.Questions) > 0 {
			answers = append(answers, r.Answer)
		}
		if len(r.FID.Questions) > 0 {
			p.Images = append(p.Images, r)
		}
		p.Sources.Add(table.Cells(table.Text(link(r.Sweep.Name)), table.Text(english.Seeds(r.Sweep.Seeds())), table.Int(r.Sweep.Runs()),
			table.Text(english.Duration(r.Seconds())), table.Text(strings.Join(r.Hashes(), ", ")), table.Text(strings.Join(r.Machines(), "; "))))
	}
	if len(answers) > 0 {
		p.Others = Others(answers, link)
	}
	return p
}
