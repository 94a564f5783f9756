package report

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"fig5/bench/anneal"
	"fig5/bench/curves"
	"fig5/filters"
)

// listColumns are the columns that a list of curves must have.
var listColumns = []string{"k", "seed", "schedule", "path"}

// listed is one line of a list.
type listed struct {
	line, k, seed  int
	schedule, path string
}

// LoadCurves measures the curves of a list: a CSV with the columns k, seed, schedule
// and path, in any order, a line a run. A path, of a curve file or a run folder, is
// relative to the list's folder. K = 0 with the schedule cold, warm or hot is that
// baseline. There are no noise floors.
func LoadCurves(list string, a filters.Analysis) (*Data, error) {
	lines, err := readList(list)
	if err != nil {
		return nil, err
	}
	runs := make([]Run, len(lines))
	errs := make([]error, len(lines))
	each(len(lines), func(i int) { runs[i], errs[i] = lines[i].measure(filepath.Dir(list), a) })
	name := strings.TrimSuffix(filepath.Base(list), filepath.Ext(list))
	d := &Data{Name: name, Dir: list, Analysis: a}
	at := map[string]int{}
	for i, l := range lines {
		if errs[i] != nil {
			return nil, fmt.Errorf("%s:%d: %w", list, l.line, errs[i])
		}
		g := Group{By: map[string]string{"schedule": l.schedule}, K: l.k}
		if l.k == 0 && slices.Contains([]string{anneal.Cold, anneal.Warm, anneal.Hot}, l.schedule) {
			g.By, g.Baseline = map[string]string{"baseline": l.schedule}, l.schedule
		}
		key := fmt.Sprintf("%s %d", l.schedule, l.k)
		j, ok := at[key]
		if !ok {
			j = len(d.Groups)
			at[key] = j
			d.Groups = append(d.Groups, g)
		}
		for _, r := range d.Groups[j].Runs {
			if r.Seed == l.seed {
				return nil, fmt.Errorf("%s:%d: k %d, seed %d, schedule %s is there twice", list, l.line, l.k, l.seed, l.schedule)
			}
		}
		d.Groups[j].Runs = append(d.Groups[j].Runs, runs[i])
	}
	d.sortGroups()
	d.sortRuns()
	return d, nil
}

// sortGroups puts baselines first, then the series as they come, K ascending.
func (d *Data) sortGroups() {
	order := map[string]int{}
	for i, name := range []string{anneal.Cold, anneal.Warm, anneal.Hot} {
		order["baseline="+name] = i - 3
	}
	for i := range d.Groups {
		s := d.Groups[i].Series()
		if _, ok := order[s]; !ok {
			order[s] = i
		}
	}
	slices.SortStableFunc(d.Groups, func(a, b Group) int {
		if c := order[a.Series()] - order[b.Series()]; c != 0 {
			return c
		}
		return a.K - b.K
	})
}

func (l listed) measure(dir string, a filters.Analysis) (Run, error) {
	path := l.path
	if !filepath.IsAbs(path) {
		path = filepath.Join(dir, path)
	}
	r := Run{ID: fmt.Sprintf("%s-k%02d-s%02d", l.schedule, l.k, l.seed), Seed: l.seed, Status: Settled, File: l.path}
	in, err := curves.Paths([]string{path})
	if err != nil {
		return r, err
	}
	if len(in) != 1 {
		return r, fmt.Errorf("%s: stands for %d files, one curve is wanted", l.path, len(in))
	}
	c, err := curves.ReadFile(in[0].File, curves.Columns{})
	if err != nil {
		return r, err
	}
	m, err := a.Measure(c.X, c.Y)
	if err != nil {
		return r, err
	}
	r.X, r.Y, r.Measured, r.Warnings = c.X, c.Y, &m, m.Warnings
	if !m.Window.Complete {
		r.Status = Unsettled
	}
	return r, nil
}

// readList reads the list itself; its errors begin with the file and line.
func readList(path string) ([]listed, error) {
	f, err := os.Open(path)
	if err != nil {
		var pe *os.PathError
		if errors.As(err, &pe) {
			err = pe.Err
		}
		return nil, fmt.Errorf("%s: %w", path, err)
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
	var file *os.PathError
	if errors.As(err, &file) { // a folder can be opened, but not read
		err = file.Err
	}
	return fmt.Errorf("%s: %w", path, err)
}
