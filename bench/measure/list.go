package measure

import (
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
	lines, err := readList(path)
	if err != nil {
		return nil, err
	}
	runs := make([]*Run, len(lines))
	steps := make([]float64, len(lines))
	errs := make([]error, len(lines))
	each(len(lines), func(i int) { runs[i], steps[i], errs[i] = lines[i].measure(filepath.Dir(path), a) })
	for i, err := range errs {
		if err != nil {
			return nil, fmt.Errorf("%s:%d: %w", path, lines[i].line, err)
		}
	}
	if err := alike(lines, runs, steps, a); err != nil {
		return nil, fmt.Errorf("%s:%w", path, err)
	}
	s := &Sweep{Name: strings.TrimSuffix(filepath.Base(path), filepath.Ext(path)), Dir: path, Analysis: a}
	at := map[string]int{}
	for i, l := range lines {
		g := Group{By: map[string]string{"schedule": l.schedule}, K: l.k}
		if l.k == 0 && slices.Contains(baselines, l.schedule) {
			g.By, g.Baseline = map[string]string{"baseline": l.schedule}, l.schedule
		}
		key := fmt.Sprintf("%s %d", l.schedule, l.k)
		j, ok := at[key]
		if !ok {
			j = len(s.Groups)
			at[key] = j
			s.Groups = append(s.Groups, g)
		}
		if slices.ContainsFunc(s.Groups[j].Runs, func(r *Run) bool { return r.Seed == l.seed }) {
			return nil, fmt.Errorf("%s:%d: k %d, seed %d, schedule %s is there twice", path, l.line, l.k, l.seed, l.schedule)
		}
		s.Groups[j].Runs = append(s.Groups[j].Runs, runs[i])
		for _, w := range runs[i].mended {
			s.Warnings = append(s.Warnings, l.path+": "+w)
		}
	}
	s.sortGroups()
	s.sortRuns()
	return s, nil
}

var baselines = []string{anneal.Cold, anneal.Warm, anneal.Hot}

// alike is an error where two lines name one file, or where the filter would be another
// one for two curves. It begins with the line.
func alike(lines []listed, runs []*Run, steps []float64, a filters.Analysis) error {
	first := -1
	seen := map[string]int{}
	for i, r := range runs {
		file, err := filepath.Abs(r.path)
		if err == nil {
			file, err = filepath.EvalSymlinks(file)
		}
		if err != nil {
			return fmt.Errorf("%d: %w", lines[i].line, err)
		}
		if j, twice := seen[file]; twice {
			return fmt.Errorf("%d: path: %s is on line %d, too; a curve is one run", lines[i].line, lines[i].path, lines[j].line)
		}
		seen[file] = i
		switch {
		case steps[i] == 0:
		case first < 0:
			first = i
		case math.Abs(steps[i]-steps[first]) <= 1e-6*steps[first]:
		case a.Lowpass.Window > 0:
			return fmt.Errorf("%d: %s has a point every %g iterations, %s on line %d every %g: a window of %d points is another filter for each; the same for all: --set 'analysis.lowpass={name: butterworth, order: 3, period: %g}'",
				lines[i].line, lines[i].path, steps[i], lines[first].path, lines[first].line, steps[first], a.Lowpass.Window, math.Round(float64(a.Lowpass.Window)*max(steps[i], steps[first])))
		case a.Lowpass.Cutoff > 0:
			return fmt.Errorf("%d: %s has a point every %g iterations, %s on line %d every %g: a cutoff in fractions of Nyquist is another filter for each; give its period in iterations, %slowpass.period=%g",
				lines[i].line, lines[i].path, steps[i], lines[first].path, lines[first].line, steps[first], SetFlag, math.Round(2*max(steps[i], steps[first])/a.Lowpass.Cutoff))
		}
	}
	return nil
}

// sortGroups puts baselines first, then the series as they come, K ascending.
func (s *Sweep) sortGroups() {
	order := map[string]int{}
	for i, name := range baselines {
		order["baseline="+name] = i - len(baselines)
	}
	for i, g := range s.Groups {
		if _, ok := order[coordinates(g.By)]; !ok {
			order[coordinates(g.By)] = i
		}
	}
	slices.SortStableFunc(s.Groups, func(a, b Group) int {
		if c := order[coordinates(a.By)] - order[coordinates(b.By)]; c != 0 {
			return c
		}
		return a.K - b.K
	})
}

// measure reads and measures the curve, whose interval it returns.
func (l listed) measure(dir string, a filters.Analysis) (*Run, float64, error) {
	path := l.path
	if !filepath.IsAbs(path) {
		path = filepath.Join(dir, path)
	}
	r := &Run{ID: fmt.Sprintf("%s-k%02d-s%02d", l.schedule, l.k, l.seed), Seed: l.seed, Status: Settled, File: l.path}
	in, err := curves.Paths([]string{path})
	if err != nil {
		return nil, 0, err
	}
	if len(in) != 1 {
		return nil, 0, fmt.Errorf("%s: stands for %d files, one curve is wanted", l.path, len(in))
	}
	c, err := curves.ReadFile(in[0].File, l.columns)
	var diverged *curves.Diverged
	switch {
	case errors.As(err, &diverged):
		c, r.Status, r.Message = diverged.Curve, Diverged, err.Error()
	case err != nil:
		return nil, 0, err
	case in[0].Run != "":
		manifest, err := in[0].Run.Load()
		if err != nil {
			return nil, 0, err
		}
		if manifest.State == record.Diverged {
			r.Status, r.Message = Diverged, manifest.Message
		}
	}
	r.X, r.Y, r.path, r.mended = c.X, c.Y, in[0].File, c.Warnings
	return r, c.Source.Interval, r.measure(a)
}

// readList reads the list itself; its errors begin with the file and line.
func readList(path string) ([]listed, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, files.Error(path, err)
	}
	defer f.Close()
	return parseList(f, path)
}

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
		field := func(name string) string { return strings.TrimSpace(row[at[name]]) }
		l := listed{line: line, schedule: field("schedule"), path: field("path")}
		l.columns = curves.Columns{Listed: true}
		for name, to := range map[string]*string{"x": &l.columns.X, "y": &l.columns.Y} {
			if _, ok := at[name]; ok {
				*to = field(name)
			}
		}
		if _, ok := at["resample"]; ok && field("resample") != "" {
			if l.columns.Resample, err = strconv.ParseFloat(field("resample"), 64); err != nil || !(l.columns.Resample > 0) {
				return nil, fmt.Errorf("%s:%d: resample: %q is not a step (above 0)", path, line, field("resample"))
			}
		}
		if l.k, err = strconv.Atoi(field("k")); err != nil || l.k < 0 {
			return nil, fmt.Errorf("%s:%d: k: %q is not a number of steps (0 or more)", path, line, field("k"))
		}
		if l.seed, err = strconv.Atoi(field("seed")); err != nil {
			return nil, fmt.Errorf("%s:%d: seed: %q is not a whole number", path, line, field("seed"))
		}
		if l.schedule == "" {
			return nil, fmt.Errorf("%s:%d: schedule: missing", path, line)
		}
		if l.path == "" || l.path == "-" {
			return nil, fmt.Errorf("%s:%d: path: %q is not a file", path, line, l.path)
		}
		out = append(out, l)
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
