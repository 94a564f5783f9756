package measure

import (
	"cmp"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"fig5/bench/anneal"
	"fig5/bench/curves"
	"fig5/bench/record"
	"fig5/fid/files"
	"fig5/filters"
)

// listColumns are the columns that a list of curves must have.
var listColumns = []string{"k", "seed", "schedule", "path"}

// listed is one line of a list.
type listed struct {
	line, k, seed  int
	schedule, path string
	columns        curves.Columns

	run   *Run    // what it is measured to be
	step  float64 // between the points of its curve; 0 of fewer than two
	place int     // of its series; below 0 of a baseline
}

// LoadList measures the curves of a list by a: a CSV with the columns k, seed, schedule
// and path, in any order, a line a run. A path, of a curve file or a run folder, is
// relative to the list's folder. Columns x, y and resample, where there are any, name the
// columns of a curve and the steps at which it is interpolated. K = 0 with the schedule cold, warm or hot is that
// baseline. A curve that is not finite from some row to its end has diverged. There are no
// noise floors.
//
// Errors begin with the list and the line. One file on two lines is refused, and so are
// curves of several intervals with a cutoff that is a fraction of Nyquist.
func LoadList(path string, a filters.Analysis) (*Sweep, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, files.Error(path, err)
	}
	defer f.Close()
	lines, err := parseList(f, path)
	if err != nil {
		return nil, err
	}
	lines, err = Each(lines, func(l listed) (listed, error) {
		if err := l.measure(filepath.Dir(path), a); err != nil {
			return l, fmt.Errorf("%s:%d: %w", path, l.line, err)
		}
		return l, nil
	})
	if err != nil {
		return nil, err
	}
	if err := alike(lines, a); err != nil {
		return nil, fmt.Errorf("%s:%w", path, err)
	}
	s := &Sweep{Name: strings.TrimSuffix(filepath.Base(path), filepath.Ext(path)), Dir: path, Analysis: a}
	series := map[string]int{} // where each begins
	for i := range lines {
		l := &lines[i]
		if n := slices.Index(baselines, l.schedule); n >= 0 && l.k == 0 {
			l.place = n - len(baselines)
		} else {
			if _, ok := series[l.schedule]; !ok {
				series[l.schedule] = i
			}
			l.place = series[l.schedule]
		}
		for _, w := range l.run.warnings {
			s.Warnings = append(s.Warnings, l.path+": "+w)
		}
	}
	slices.SortStableFunc(lines, func(a, b listed) int {
		return cmp.Or(cmp.Compare(a.place, b.place), cmp.Compare(a.k, b.k), cmp.Compare(a.seed, b.seed))
	})
	for i, l := range lines {
		if i == 0 || l.place != lines[i-1].place || l.k != lines[i-1].k {
			g := Group{By: map[string]string{"schedule": l.schedule}, K: l.k}
			if l.place < 0 {
				g.By, g.Baseline = map[string]string{"baseline": l.schedule}, l.schedule
			}
			s.Groups = append(s.Groups, g)
		} else if l.seed == lines[i-1].seed {
			return nil, fmt.Errorf("%s:%d: k %d, seed %d, schedule %s is there twice", path, l.line, l.k, l.seed, l.schedule)
		}
		g := &s.Groups[len(s.Groups)-1]
		g.Runs = append(g.Runs, l.run)
	}
	return s, nil
}

// baselines in the order in which they stand before all series.
var baselines = []string{anneal.Cold, anneal.Warm, anneal.Hot}

// alike is an error where two lines name one file, or where the filter would be another
// one for two curves. It begins with the line.
func alike(lines []listed, a filters.Analysis) error {
	var first *listed // of those whose step is known
	seen := map[string]int{}
	for i := range lines {
		l := &lines[i]
		file, err := filepath.Abs(l.run.path)
		if err == nil {
			file, err = filepath.EvalSymlinks(file)
		}
		if err != nil {
			return fmt.Errorf("%d: %w", l.line, err)
		}
		if line, twice := seen[file]; twice {
			return fmt.Errorf("%d: path: %s is on line %d, too; a curve is one run", l.line, l.path, line)
		}
		seen[file] = l.line
		if first == nil && l.step > 0 {
			first = l
		}
		if l.step == 0 || math.Abs(l.step-first.step) <= 1e-6*first.step {
			continue
		}
		advice, step := "", max(l.step, first.step)
		switch {
		case a.Lowpass.Window > 0:
			advice = fmt.Sprintf("a window of %d points is another filter for each; the same for all: --set 'analysis.lowpass={name: butterworth, order: 3, period: %g}'", a.Lowpass.Window, math.Round(float64(a.Lowpass.Window)*step))
		case a.Lowpass.Cutoff > 0:
			advice = fmt.Sprintf("a cutoff in fractions of Nyquist is another filter for each; give its period in iterations, %slowpass.period=%g", SetFlag, math.Round(2*step/a.Lowpass.Cutoff))
		default:
			continue
		}
		return fmt.Errorf("%d: %s has a point every %g iterations, %s on line %d every %g: %s", l.line, l.path, l.step, first.path, first.line, first.step, advice)
	}
	return nil
}

// measure reads and measures the curve; dir is the list's folder.
func (l *listed) measure(dir string, a filters.Analysis) error {
	path := l.path
	if !filepath.IsAbs(path) {
		path = filepath.Join(dir, path)
	}
	in, err := curves.Paths([]string{path})
	if err != nil {
		return err
	}
	if len(in) != 1 {
		return fmt.Errorf("%s: stands for %d files, one curve is wanted", l.path, len(in))
	}
	r := &Run{ID: fmt.Sprintf("%s-k%02d-s%02d", l.schedule, l.k, l.seed), Seed: l.seed, Status: Settled, File: l.path, path: in[0].File}
	c, err := curves.ReadFile(in[0].File, l.columns)
	var diverged *curves.Diverged
	switch {
	case errors.As(err, &diverged):
		c, r.Status, r.Message = diverged.Curve, Diverged, err.Error()
	case err != nil:
		return err
	case in[0].Run != "":
		manifest, err := in[0].Run.Load()
		if err != nil {
			return err
		}
		if manifest.State == record.Diverged {
			r.Status, r.Message = Diverged, manifest.Message
		}
	}
	r.X, r.Y, r.warnings = c.X, c.Y, c.Warnings
	l.run, l.step = r, c.Source.Interval
	return r.measure(a)
}

// parseList reads the list itself; its errors begin with the file and line.
func parseList(in io.Reader, path string) ([]listed, error) {
	r := csv.NewReader(in)
	r.FieldsPerRecord = -1 // checked here, for the message
	r.TrimLeadingSpace = true
	head, err := r.Read()
	if errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%s: empty; a list of curves has the columns %s", path, strings.Join(listColumns, ","))
	}
	if err != nil {
		return nil, listError(path, err)
	}
	at := map[string]int{}
	for i, name := range head {
		name = strings.ToLower(strings.TrimSpace(strings.TrimPrefix(name, "\ufeff")))
		if _, twice := at[name]; twice {
			return nil, fmt.Errorf("%s:1: two columns are named %s", path, name)
		}
		at[name] = i
	}
	for _, name := range listColumns {
		if _, ok := at[name]; !ok {
			return nil, fmt.Errorf("%s:1: no column %s; a list of curves has the columns %s", path, name, strings.Join(listColumns, ","))
		}
	}
	var out []listed
	for {
		row, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, listError(path, err)
		}
		line, _ := r.FieldPos(0)
		if len(row) != len(head) {
			return nil, fmt.Errorf("%s:%d: %d fields, the header has %d", path, line, len(row), len(head))
		}
		field := map[string]string{} // empty where the list has no such column
		for name, i := range at {
			field[name] = strings.TrimSpace(row[i])
		}
		k, errK := strconv.Atoi(field["k"])
		seed, errSeed := strconv.Atoi(field["seed"])
		step, errStep := strconv.ParseFloat(field["resample"], 64) // 0 of an empty field
		for _, c := range []struct {
			wrong        bool
			column, what string
		}{
			{field["resample"] != "" && (errStep != nil || !(step > 0)), "resample", "is not a step (above 0)"},
			{errK != nil || k < 0, "k", "is not a number of steps (0 or more)"},
			{errSeed != nil, "seed", "is not a whole number"},
			{field["schedule"] == "", "schedule", "is not a name"},
			{field["path"] == "" || field["path"] == "-", "path", "is not a file"},
		} {
			if c.wrong {
				return nil, fmt.Errorf("%s:%d: %s: %q %s", path, line, c.column, field[c.column], c.what)
			}
		}
		out = append(out, listed{line: line, k: k, seed: seed, schedule: field["schedule"], path: field["path"],
			columns: curves.Columns{X: field["x"], Y: field["y"], Resample: step, Listed: true}})
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("%s: no curves below the header", path)
	}
	return out, nil
}

// listError is an error of encoding/csv with the file and line first.
func listError(path string, err error) error {
	var pe *csv.ParseError
	if errors.As(err, &pe) {
		return fmt.Errorf("%s:%d: %w", path, pe.Line, pe.Err)
	}
	return files.Error(path, err) // a folder can be opened, but not read
}
