package report

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"

	"fig5/bench/config"
	"fig5/bench/record"
	"fig5/filters"
)

// Load measures every run of the sweep that c describes, in the folder sweep. Runs
// that are not there, or not trained to their end, are Missing; a run that was trained
// with other settings is an error.
func Load(c *config.Config, sweep record.Sweep) (*Data, error) {
	d := &Data{Name: c.Name, Dir: string(sweep), Config: c, Analysis: c.Analysis}
	cells := c.Cells()
	if len(cells) == 0 {
		return nil, fmt.Errorf("%s: the sweep has no cells", c.Name)
	}
	runs := make([]loaded, len(cells))
	each(len(cells), func(i int) { runs[i] = loadRun(c, sweep.Cell(cells[i].ID), cells[i]) })
	byID := map[string]Run{}
	versions, machines := map[record.Versions]bool{}, map[record.Machine]bool{}
	missing := 0
	for i, cell := range cells {
		r := runs[i]
		if r.err != nil {
			return nil, r.err
		}
		byID[cell.ID] = r.run
		d.Warnings = append(d.Warnings, r.warnings...)
		if r.run.Status == Missing {
			missing++
			continue
		}
		if !versions[r.versions] {
			versions[r.versions] = true
			d.Versions = append(d.Versions, r.versions)
		}
		if !machines[r.machine] {
			machines[r.machine] = true
			d.Machines = append(d.Machines, r.machine)
		}
	}
	for _, g := range c.Groups() {
		group := Group{By: g.By, K: g.K, Baseline: g.Baseline}
		for _, cell := range g.Cells {
			group.Runs = append(group.Runs, byID[cell.ID])
		}
		d.Groups = append(d.Groups, group)
	}
	d.sortRuns()
	if missing == len(cells) {
		return nil, fmt.Errorf("%s: no run of the sweep is finished there; `fig5 run` trains them", sweep)
	}
	if missing > 0 {
		d.Warnings = append([]string{fmt.Sprintf("%d of %d runs are not finished", missing, len(cells))}, d.Warnings...)
	}
	if len(d.Machines) > 1 || len(d.Versions) > 1 {
		d.Warnings = append(d.Warnings, fmt.Sprintf("the runs were made with %s of the programs on %s", plural(len(d.Versions), "version"), plural(len(d.Machines), "kind")+" of machine"))
	}
	var err error
	d.RealFloor, err = loadRealFloor(sweep.RealFloor(), c.Analysis)
	return d, err
}

// sortRuns puts the runs in the order of their seeds.
func (d *Data) sortRuns() {
	for i := range d.Groups {
		slices.SortFunc(d.Groups[i].Runs, func(a, b Run) int { return a.Seed - b.Seed })
	}
}

// SweepConfig is the config that the runs in a folder were made with; where a sweep
// grew or was cut between runs, the one that has most of them, of equals the last.
func SweepConfig(sweep record.Sweep) (*config.Config, error) {
	dirs, err := record.Find(string(sweep))
	if err != nil {
		return nil, err
	}
	runs := make([]*record.Run, len(dirs))
	errs := make([]error, len(dirs))
	each(len(dirs), func(i int) { runs[i], errs[i] = dirs[i].Load() })
	there := map[string]bool{}
	for i, r := range runs {
		if errs[i] != nil {
			return nil, errs[i]
		}
		if !r.Pretraining {
			there[r.Cell.ID] = true
		}
	}
	slices.SortStableFunc(runs, func(a, b *record.Run) int { return a.Started.Compare(b.Started) })
	var best *config.Config
	most := 0
	seen := map[string]bool{}
	for _, r := range slices.Backward(runs) {
		text, err := json.Marshal(r.Config)
		if err != nil {
			return nil, err
		}
		if r.Pretraining || seen[string(text)] {
			continue
		}
		seen[string(text)] = true
		n := 0
		for _, cell := range r.Config.Cells() {
			if there[cell.ID] {
				n++
			}
		}
		if n > most {
			best, most = r.Config, n
		}
	}
	if best == nil {
		return nil, fmt.Errorf("%s: no run of a sweep here or below", sweep)
	}
	return best, nil
}

// LoadFolder is Load with the config that the runs themselves carry.
func LoadFolder(sweep record.Sweep) (*Data, error) {
	c, err := SweepConfig(sweep)
	if err != nil {
		return nil, err
	}
	return Load(c, sweep)
}

// loaded is one run as read, before it is sorted into its group.
type loaded struct {
	run      Run
	versions record.Versions
	machine  record.Machine
	warnings []string
	err      error
}

func loadRun(c *config.Config, dir record.Dir, cell config.Cell) loaded {
	l := loaded{run: Run{ID: cell.ID, Seed: cell.Seed, Status: Missing, Levels: cell.Levels, Training: c.Fingerprint(cell), File: filepath.Base(string(dir)) + "/" + filepath.Base(dir.Curve())}}
	r, err := dir.Load()
	if errors.Is(err, fs.ErrNotExist) {
		return l
	}
	if err != nil {
		l.err = err
		return l
	}
	// Both fingerprints by this program, so that recorded runs outlive a change of the hash.
	if r.Config.Fingerprint(r.Cell) != c.Fingerprint(cell) {
		l.err = dir.CheckSame(r, record.NewRun(c, cell))
		if l.err != nil {
			return l
		}
	}
	l.versions, l.machine = r.Versions, r.Machine
	l.run.Message, l.run.Seconds = r.Message, r.Seconds
	switch r.State {
	case record.Running:
		return l
	case record.Failed:
		l.run.Status = Failed
		l.warnings = append(l.warnings, fmt.Sprintf("%s: failed: %s", cell.ID, r.Message))
		return l
	}
	points, err := record.ReadCurve(dir.Curve())
	if err != nil {
		l.err = err
		return l
	}
	x, y, modes := plateau(points)
	l.run.X, l.run.Y = x, y
	if r.State == record.Diverged {
		l.run.Status = Diverged
		l.warnings = append(l.warnings, fmt.Sprintf("%s: diverged: %s", cell.ID, r.Message))
		return l
	}
	m, err := c.Analysis.Measure(x, y)
	if err != nil {
		l.err = fmt.Errorf("%s: %w", dir.Curve(), err)
		return l
	}
	l.run.Measured, l.run.Status = &m, Settled
	if !m.Window.Complete {
		l.run.Status = Unsettled
	}
	l.run.Warnings = m.Warnings
	l.run.Lost = lost(modes[m.Window.Start:m.Window.End], modesOf(c.Data.Name))
	floor, err := record.ReadCurve(dir.Floor())
	switch {
	case errors.Is(err, fs.ErrNotExist):
		l.warnings = append(l.warnings, cell.ID+": has no noise floor")
	case err != nil:
		l.err = err
	default:
		a, err := measureFloor(floor, c.Analysis)
		if err != nil {
			l.err = fmt.Errorf("%s: %w", dir.Floor(), err)
			return l
		}
		l.run.Floor = &a
	}
	return l
}

// plateau is the part of a curve at β = ∞.
func plateau(points []record.Point) (x, y []float64, modes []int) {
	for _, p := range points {
		if math.IsInf(p.Beta, 1) {
			x, y, modes = append(x, float64(p.Iteration)), append(y, p.FID), append(modes, p.Modes)
		}
	}
	return x, y, modes
}

// lost is how many rows hold fewer modes than all; nil where they were not counted.
func lost(modes []int, all int) *int {
	n := 0
	for _, m := range modes {
		if m < 0 || all == 0 {
			return nil
		}
		if m < all {
			n++
		}
	}
	if len(modes) == 0 {
		return nil
	}
	return &n
}

// modesOf is how many modes a data set has; 0 where that is not known.
func modesOf(data string) int {
	return map[string]int{"mixture": 5, "cubes": 2, "mnist": 10}[data]
}

// measureFloor measures a frozen generator's curve: the same filter, and no knee.
func measureFloor(points []record.Point, a filters.Analysis) (filters.Amplitude, error) {
	x, y := make([]float64, len(points)), make([]float64, len(points))
	for i, p := range points {
		x[i], y[i] = float64(p.Iteration), p.FID
	}
	a.Knee = filters.Knee{Method: "none"}
	m, err := a.Measure(x, y)
	return m.Amplitude, err
}

// loadRealFloor reads the real-against-real curve and measures it one window's length
// at a time; none where the file is not there.
func loadRealFloor(path string, a filters.Analysis) ([]filters.Amplitude, error) {
	points, err := record.ReadCurve(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var out []filters.Amplitude
	for len(points) > 1 {
		end := float64(points[0].Iteration) + a.Window
		n := slices.IndexFunc(points, func(p record.Point) bool { return float64(p.Iteration) >= end })
		if n < 0 {
			n = len(points)
		}
		if len(out) > 0 && float64(points[n-1].Iteration+points[1].Iteration-points[0].Iteration) < end {
			break // a rest shorter than the window
		}
		m, err := measureFloor(points[:n], a)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		out = append(out, m)
		points = points[n:]
	}
	return out, nil
}

// inOrder is the sweeps of configs/ in the order in which RESULTS.md tells them;
// others follow by name.
var inOrder = []string{"fig5", "fig5-lr2e-4", "fig5-full", "fig5-halfwidth", "fig5-schedules", "mnist-pilot"}

// Recorded is the sweeps in a folder of recorded ones.
func Recorded(root string) ([]*Data, error) {
	dirs, err := record.Find(root)
	if err != nil {
		return nil, err
	}
	seen := map[record.Sweep]bool{}
	var out []*Data
	for _, dir := range dirs {
		s := dir.Sweep()
		if seen[s] || strings.HasSuffix(string(s), string(filepath.Separator)+"pretrain") {
			continue
		}
		seen[s] = true
		d, err := LoadFolder(s)
		if err != nil {
			return nil, err
		}
		out = append(out, d)
	}
	place := func(d *Data) int {
		if i := slices.Index(inOrder, d.Name); i >= 0 {
			return i
		}
		return len(inOrder)
	}
	slices.SortFunc(out, func(a, b *Data) int {
		return cmp.Or(cmp.Compare(place(a), place(b)), cmp.Compare(a.Name, b.Name))
	})
	return out, nil
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
