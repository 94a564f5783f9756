package bundle

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"maps"
	"os"
	"path"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"

	"fig5/bench/compare"
	"fig5/bench/config"
	"fig5/bench/record"
	"fig5/bench/report"
)

// Options is how a bundle is made.
type Options struct {
	Measure string // one of report.Measures
	Partial bool   // bundle a sweep that is not finished, and say so inside
}

// ErrUnfinished is what the error of a sweep that is not finished wraps.
var ErrUnfinished = errors.New("not finished")

// thisProgram is the running program, as far as it decides bytes.
var thisProgram = func() Program {
	v := record.ThisProgram()
	return Program{v.Fig5, v.Go, runtime.GOARCH}
}

// same says whether two programs are known to write the same bytes. One that was built
// from a tree with changes, or from no known commit, is not known to be any other.
func (p Program) same(o Program) bool {
	return p == o && p.Fig5 != "" && !strings.HasSuffix(p.Fig5, "+changes")
}

// part is a sweep of a bundle, measured.
type part struct {
	Content
	data    *report.Data
	reports map[string]*report.Report // by measure
	against []*compare.Result         // by key
}

// Build makes the files of a bundle, sorted by name, SHA256SUMS last. A run whose files
// are not those it ended with, a sweep without finished runs, and without
// Options.Partial one that is not finished, are errors.
func Build(sweeps []Sweep, o Options) ([]File, error) {
	b, err := newBuilder(sweeps, o)
	if err != nil {
		return nil, err
	}
	makers, err := b.makers()
	if err != nil {
		return nil, err
	}
	made := make([]File, len(makers))
	errs := make([]error, len(makers))
	each(len(makers), func(i int) {
		data, err := makers[i].Make()
		if err != nil {
			err = fmt.Errorf("%s: %w", makers[i].Name, err)
		}
		made[i], errs[i] = File{makers[i].Name, data}, err
	})
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	files := append(b.files, made...)
	slices.SortFunc(files, func(x, y File) int { return strings.Compare(x.Name, y.Name) })
	return append(files, File{sumsFile, sums(files)}), nil
}

// sums is SHA256SUMS over the files, as sha256sum -c reads it.
func sums(files []File) []byte {
	var b bytes.Buffer
	for _, f := range files {
		fmt.Fprintf(&b, "%x  %s\n", sha256.Sum256(f.Data), f.Name)
	}
	return b.Bytes()
}

// builder holds what the files of a bundle are made from.
type builder struct {
	Index
	files []File // staged
	parts []*part
	all   *compare.Result // the sweeps against each other; nil where there is nothing to compare
}

func newBuilder(sweeps []Sweep, o Options) (*builder, error) {
	if err := report.CheckMeasure(o.Measure); err != nil {
		return nil, err
	}
	root, err := os.MkdirTemp("", "fig5-bundle-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(root)
	s := &stage{root: root}
	b := &builder{Index: Index{Schema: schema, Program: thisProgram(), Measure: o.Measure}}
	seen := map[string]bool{}
	for _, in := range sweeps {
		name := in.Config.Name
		if fold := strings.ToLower(name); seen[fold] {
			return nil, fmt.Errorf("%s: two sweeps of that name do not go into one bundle", name)
		} else {
			seen[fold] = true
		}
		p, err := b.part(s, in)
		if err != nil {
			return nil, err
		}
		if len(p.Unfinished) > 0 && !o.Partial {
			return nil, fmt.Errorf("%s: %d of %d runs are %w (%s); `fig5 run` trains them, --partial bundles the others",
				in.Dir, len(p.Unfinished), p.Runs, ErrUnfinished, some(p.Unfinished, 3))
		}
		b.parts = append(b.parts, p)
		b.Sweeps = append(b.Sweeps, p.Content)
	}
	if len(b.parts) > 1 {
		var data []*report.Data
		for _, p := range b.parts {
			data = append(data, p.data)
		}
		if b.all, err = compare.Compare(data, "sweep", o.Measure); err != nil {
			b.all = nil // no K is there twice
		}
	}
	b.files = s.files
	return b, nil
}

// part stages and measures one sweep.
func (b *builder) part(s *stage, in Sweep) (*part, error) {
	given, err := s.sweep(in)
	if err != nil {
		return nil, err
	}
	name := in.Config.Name
	c, err := config.Load(filepath.Join(s.root, filepath.FromSlash(configOf(name))), nil)
	if err != nil {
		return nil, err
	}
	d, err := report.Load(c, record.OpenSweep(filepath.Join(s.root, RunsFolder), name))
	if err != nil {
		// The message names the runs where they are, not where they were staged.
		staged := string(record.OpenSweep(filepath.Join(s.root, RunsFolder), name))
		return nil, errors.New(strings.ReplaceAll(err.Error(), staged, string(in.Dir)))
	}
	d.Dir = runsOf(name)
	p := &part{Content: Content{Name: name, Given: given, Sets: []string{}, Runs: d.Runs(), Unfinished: []string{}}, data: d, reports: map[string]*report.Report{}}
	clean := newCleaner(in.Config.Data.Path, in.Config.FID.Features.TorchScript)
	for _, set := range in.Sets { // of a sweep without a file they are in the config
		p.Sets = append(p.Sets, clean.text(set))
	}
	for i := range d.Groups {
		for _, r := range d.Groups[i].Runs {
			if r.Status == report.Missing || r.Status == report.Failed {
				p.Unfinished = append(p.Unfinished, r.ID)
			}
		}
	}
	for _, m := range report.Measures {
		if p.reports[m], err = d.Report(m); err != nil {
			return nil, err
		}
	}
	for _, key := range append([]string{"baseline", "k"}, coordinates(d)...) {
		r, err := compare.Compare([]*report.Data{d}, key, b.Measure)
		if err == nil {
			p.against = append(p.against, r)
		} // else the sweep has no two groups that differ in the key
	}
	return p, nil
}

// coordinates is the keys of the grid, sorted.
func coordinates(d *report.Data) []string {
	keys := map[string]bool{}
	for _, s := range d.Series() {
		for key := range s.By {
			keys[key] = true
		}
	}
	return slices.Sorted(maps.Keys(keys))
}

// makers is what makes the files that are not staged.
func (b *builder) makers() ([]report.File, error) {
	text := func(name string, f func() string) report.File {
		return report.File{Name: name, Make: func() ([]byte, error) { return []byte(f()), nil }}
	}
	var out []report.File
	for _, p := range b.parts {
		files, err := p.data.Files(b.Measure)
		if err != nil {
			return nil, err
		}
		for _, f := range files {
			out = append(out, report.File{Name: path.Join(reportOf(p.Name), f.Name), Make: f.Make})
		}
		out = append(out,
			text(path.Join(reportOf(p.Name), "table.tex"), func() string { return p.table(b.Measure) }),
			text(path.Join(reportOf(p.Name), "table-wide.tex"), func() string { return p.wideTable(b.Measure) }))
		for _, r := range p.against {
			out = append(out, comparison(path.Join(reportOf(p.Name), "compare-"+r.By), r)...)
		}
	}
	if b.all != nil {
		out = append(out, comparison("report/compare-sweep", b.all)...)
	}
	numbers, err := b.numbers()
	if err != nil {
		return nil, err
	}
	return append(out,
		report.File{Name: indexFile, Make: func() ([]byte, error) { return report.JSON(b.Index) }},
		text(numbersFile, func() string { return numbers }),
		text(citationFile, b.citation),
		text(reproduceFile, b.reproduce),
		text(readmeFile, b.readme),
	), nil
}

// comparison is the files of a comparison; name is theirs without extension.
func comparison(name string, r *compare.Result) []report.File {
	write := func(f func(*bytes.Buffer) error) func() ([]byte, error) {
		return func() ([]byte, error) {
			var b bytes.Buffer
			err := f(&b)
			return b.Bytes(), err
		}
	}
	return []report.File{
		{Name: name + ".json", Make: func() ([]byte, error) { return report.JSON(r) }},
		{Name: name + ".csv", Make: write(func(b *bytes.Buffer) error { return r.CSV(b) })},
		{Name: name + ".tex", Make: write(func(b *bytes.Buffer) error { return r.LaTeX(b) })},
	}
}

// some lists the first n of names.
func some(names []string, n int) string {
	if len(names) <= n {
		return strings.Join(names, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(names[:n], ", "), len(names)-n)
}

// each calls f with 0 to n-1 on all processors.
func each(n int, f func(int)) {
	var wg sync.WaitGroup
	next := make(chan int)
	for range min(n, runtime.GOMAXPROCS(0)) {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for i := range next {
				f(i)
			}
		}()
	}
	for i := range n {
		next <- i
	}
	close(next)
	wg.Wait()
}
