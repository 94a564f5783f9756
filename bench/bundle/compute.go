package bundle

import (
	"fmt"
	"path"
	"path/filepath"
	"reflect"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"fig5/bench/claims"
	"fig5/bench/config"
	"fig5/bench/measure"
	"fig5/bench/record"
	"fig5/bench/report"
)

// computed is the sweeps of a bundle, measured. Every file that is made shows its numbers.
type computed struct {
	Index
	Parts []*part
	all   *claims.Comparisons // the sweeps against each other; nil where there is nothing to compare
}

// part is one sweep.
type part struct {
	Content
	Report  *report.Report
	given   []string              // the names of the config as it was given and its bases
	against []*claims.Comparisons // by each key in which two groups differ
}

// compute measures the sweeps of ix in the folder root, which is laid out as a bundle,
// and fills in how many runs they have and which are not finished.
func compute(root string, ix Index) (*computed, error) {
	b := &computed{Index: ix}
	b.Sweeps = slices.Clone(ix.Sweeps)
	var sweeps []*measure.Sweep
	for i := range b.Sweeps {
		p, err := newPart(root, &b.Sweeps[i], ix.Measure)
		if err != nil {
			return nil, err
		}
		b.Parts = append(b.Parts, p)
		sweeps = append(sweeps, p.Report.Sweep)
	}
	if len(sweeps) > 1 {
		if c, err := claims.Compare(sweeps, "sweep", ix.Measure); err == nil {
			b.all = c
		} // else no K is there twice
	}
	return b, nil
}

func newPart(root string, c *Content, amplitude string) (*part, error) {
	p := &part{}
	whole, err := p.config(root, *c)
	if err != nil {
		return nil, err
	}
	s, err := measure.Load(whole, record.OpenSweep(filepath.Join(root, RunsFolder), c.Name))
	if err != nil {
		return nil, err
	}
	c.Runs, c.Unfinished = s.Runs(), []string{}
	for _, r := range s.Distinct() {
		if r.Status == measure.Missing || r.Status == measure.Failed {
			c.Unfinished = append(c.Unfinished, r.ID)
		}
	}
	p.Content = *c
	if p.Report, err = report.New(s, amplitude); err == nil {
		err = p.Report.Complete()
	}
	if err != nil {
		return nil, err
	}
	for _, key := range append([]string{"baseline", "k"}, report.Coordinates(s)...) {
		if c, err := claims.Compare([]*measure.Sweep{s}, key, amplitude); err == nil {
			p.against = append(p.against, c)
		} // else no two groups differ in the key
	}
	return p, nil
}

// config reads the configs of a sweep: the whole one, which the one that was given has to
// come to.
func (p *part) config(root string, c Content) (*config.Config, error) {
	at := func(name string) string { return filepath.Join(root, filepath.FromSlash(name)) }
	whole, err := config.Load(at(configOf(c.Name)), nil)
	if err != nil {
		return nil, err
	}
	if whole.Name != c.Name {
		return nil, fmt.Errorf("%s: name: is %s, the bundle says %s", configOf(c.Name), whole.Name, c.Name)
	}
	if c.Given == "" {
		return whole, nil
	}
	sources, err := config.Sources(at(c.Given))
	if err != nil {
		return nil, err
	}
	for _, src := range sources {
		p.given = append(p.given, path.Join(path.Dir(c.Given), filepath.Base(src.Path)))
	}
	if whole.FID.Features.TorchScript != "" {
		return whole, nil // the module is not in the bundle, and Load would read it
	}
	given, err := config.Load(at(c.Given), c.Sets)
	if err == nil && !reflect.DeepEqual(given, whole) {
		err = fmt.Errorf("%s: is not the sweep of %s", c.Given, configOf(c.Name))
	}
	return whole, err
}

// checkBase is an error where a config's base is another file than one beside it.
func checkBase(name string, text []byte) error {
	var c struct {
		Base string `yaml:"base"`
	}
	if err := yaml.Unmarshal(text, &c); err == nil && c.Base != path.Base(c.Base) && c.Base != "" {
		return fmt.Errorf("%s: base: %q leads out of the bundle", name, c.Base)
	}
	return nil // where it is no config Load says so
}

// files is what makes the files that are not staged.
func (b *computed) files() ([]report.File, error) {
	numbers, err := b.numbers()
	if err != nil {
		return nil, err
	}
	out := []report.File{
		report.JSONFile(indexFile, b.Index),
		report.TextFile(numbersFile, numbers),
	}
	for _, name := range []string{"CITATION.cff", "REPRODUCE.md", "README.md"} {
		out = append(out, report.TextFile(name, say(name, b)))
	}
	for _, p := range b.Parts {
		in := reportOf(p.Name)
		for _, f := range p.Report.Files() {
			out = append(out, report.File{Name: path.Join(in, f.Name), Make: f.Make})
		}
		if len(p.Report.Answer.Questions) > 0 {
			out = append(out, report.TextFile(path.Join(in, "claims.tex"), p.claims()), report.TextFile(path.Join(in, "answer.tex"), say("answer.tex", p)))
		}
		for _, c := range p.against {
			out = append(out, comparison(path.Join(in, "compare-"+c.By), c)...)
		}
	}
	if b.all != nil {
		out = append(out, comparison("report/compare-sweep", b.all)...)
	}
	return out, nil
}

// comparison is the files of a comparison; name is theirs without extension.
func comparison(name string, c *claims.Comparisons) []report.File {
	return []report.File{
		report.JSONFile(name+".json", c),
		report.TextFile(name+".csv", report.Pairs(c).CSV()),
		{Name: name + ".tex", Make: func() ([]byte, error) { s, err := report.PairsLaTeX(c); return []byte(s), err }},
	}
}

// inside takes the folder that a bundle was laid out in out of an error.
func inside(err error, root string) error {
	return fmt.Errorf("%s", strings.ReplaceAll(err.Error(), root+string(filepath.Separator), ""))
}
