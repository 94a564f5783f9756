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
	var reports []*Report
	var keys []string // of all sweeps, so that their rows have the same columns
	for _, s := range sweeps {
		r, err := New(s, measure.Amplitudes[0])
		if err == nil {
			err = r.Complete()
		}
		if err != nil {
			return nil, err
		}
		reports, keys = append(reports, r), append(keys, r.keys...)
	}
	slices.Sort(keys)
	keys = slices.Compact(keys)
	page := newResults(root, reports)
	files := append(FigureFiles("docs/figures/", answerFigures(page.Main)), TextFile("RESULTS.md", say("results", page)))
	var groups, trends, questions []*table.Table
	for _, r := range reports {
		figures := r.fidFigure()
		for i := range figures {
			figures[i].Name = r.Sweep.Name
		}
		if figures == nil {
			figures = figure.Sweep(r.Sweep.Name, r.Sweep, r.Summary(), r.All["relative"])
		}
		files = append(files, FigureFiles("docs/figures/", figures)...)
		files = append(files, TextFile("docs/results/"+r.Sweep.Name+".md", say("sweep", sweepPage{r, "../", "../figures/", figures})))
		r.keys = keys
		for _, name := range measure.Amplitudes {
			groups, trends = append(groups, r.Groups(name)), append(trends, r.Trends(name))
		}
		questions = append(questions, Questions(r.Answer), Questions(r.FID))
		for _, a := range r.others() {
			questions = append(questions, Questions(&a))
		}
	}
	return append(files,
		TextFile("docs/results/results.csv", stack(groups...).CSV()),
		TextFile("docs/results/trends.csv", stack(trends...).CSV()),
		TextFile("docs/results/questions.csv", stack(questions...).CSV()),
	), nil
}

// others is the answers by the other amplitudes.
func (r *Report) others() []claims.Answer {
	var out []claims.Answer
	if r.Secondary != nil {
		for _, name := range measure.Amplitudes {
			if a, ok := r.Secondary.Amplitudes[name]; ok && name != r.Measure {
				out = append(out, a)
			}
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
	Others   *table.Table // without a row where no other sweep can be asked
	Images   []*Report    // of which the FID itself is asked
	Sources  *table.Table
}

func newResults(root string, reports []*Report) *resultsPage {
	p := &resultsPage{Root: filepath.ToSlash(root), Main: reports[0]}
	var answers []*claims.Answer
	for _, r := range reports {
		switch {
		case r.Sweep.Name == experiment:
			p.Main, p.Fixed = r, true
		case r.Fixed():
			p.FixedToo = append(p.FixedToo, "`"+r.Sweep.Name+"`")
		}
		if len(r.FID.Questions) > 0 {
			p.Images = append(p.Images, r)
		}
	}
	for _, r := range reports {
		if r != p.Main {
			answers = append(answers, r.Answer)
		}
	}
	link := func(sweep string) string { return fmt.Sprintf("[%s](docs/results/%s.md)", sweep, sweep) }
	p.Others = Others(answers, link)
	p.Sources = table.Tabulate(reports, func(t *table.Rows, r *Report) {
		t.Left("", "sweep", link(r.Sweep.Name))
		t.Left("", "seeds", english.Seeds(r.Sweep.Seeds()))
		t.Right("", "runs", r.Sweep.Runs())
		t.Right("", "of one core", english.Duration(r.Seconds()))
		t.Left("", "commit", strings.Join(r.Hashes(), ", "))
		t.Left("", "machine", strings.Join(r.Machines(), "; "))
	})
	return p
}
