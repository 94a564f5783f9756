package sweep

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"

	"fig5/bench/config"
	"fig5/bench/record"
	"fig5/bench/sweep/worker"
)

// The states of a cell that run.json does not tell.
const (
	Missing record.State = "missing" // it has no run folder
	Damaged record.State = "damaged" // run.json is; Run makes it anew
)

// Cell is a cell of the sweep and how far it has come.
type Cell struct {
	config.Cell
	Dir   record.Dir
	State record.State // Missing, Damaged, or what run.json says
	Step  int64        // iterations done at the last checkpoint
}

// Ended reports whether there is nothing left of the cell to train.
func (c Cell) Ended() bool { return c.State == record.Done || c.State == record.Diverged }

// InputError is worker.InputError.
type InputError = worker.InputError

// Plan looks up every cell of the sweep below the folder runs. Cells that were
// trained with other settings than the config's are an InputError.
func Plan(c *config.Config, runs string) ([]Cell, error) {
	var (
		cells  []Cell
		others []error
		folder = record.OpenSweep(runs, c.Name)
	)
	for _, cc := range c.Cells() {
		cell := Cell{Cell: cc, Dir: folder.Cell(cc.ID), State: Missing}
		r, err := load(cell.Dir, wanted(c, cc))
		switch {
		case errors.As(err, new(InputError)):
			others = append(others, err)
		case errors.Is(err, record.ErrDamaged):
			cell.State = Damaged
		case err != nil:
			return nil, err
		case r != nil:
			cell.State, cell.Step = r.State, r.Step
		}
		cells = append(cells, cell)
	}
	switch len(others) {
	case 0:
		return cells, nil
	case 1:
		return nil, others[0]
	}
	return nil, InputError{Err: fmt.Errorf("%w (and so it is with %d more)", others[0], len(others)-1)}
}

// only is the cells with these IDs.
func only(cells []Cell, wanted []string) (out []Cell, err error) {
	ids := make([]string, len(cells))
	for i, cell := range cells {
		ids[i] = cell.ID
	}
	for _, id := range wanted {
		i := slices.Index(ids, id)
		if i < 0 {
			nearest, _ := config.Nearest(id, ids)
			return nil, InputError{Err: fmt.Errorf("--cell %s: the sweep has no such cell; the nearest is %s, `fig5 plan` lists all", id, nearest)}
		}
		out = append(out, cells[i])
	}
	return out, nil
}

// wanted is record.NewRun without the fingerprint, which takes long for many cells.
func wanted(c *config.Config, cell config.Cell) *record.Run {
	return &record.Run{Config: c, Cell: cell}
}

// load is the manifest in d, nil where there is none. One that is not of the run
// that is wanted is an InputError.
func load(d record.Dir, want *record.Run) (*record.Run, error) {
	r, err := d.Load()
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	if err := d.CheckSame(r, want); err != nil {
		return nil, InputError{Err: err}
	}
	return r, nil
}

// job is one run folder to be trained.
type job struct {
	dir   record.Dir
	want  *record.Run // what is to be trained
	needs *job        // the pretraining it begins from, or nil
	held  []*job      // the cells that wait for it, where it is a pretraining
	step  int64       // iterations done
	ahead int64       // iterations to the end of the longest job that waits for it, or its own
}

func (j *job) id() string   { return j.want.Cell.ID }
func (j *job) total() int64 { return int64(j.want.Cell.Iterations) }
func (j *job) left() int64  { return j.total() - j.step }

// jobs makes a job of every cell that has not ended, and of the pretrainings that
// those without a checkpoint of their own begin from.
func jobs(c *config.Config, runs string, cells []Cell) ([]*job, error) {
	folder := record.OpenSweep(runs, c.Name)
	pretrain := map[int]*job{}
	var first, rest []*job
	for _, cell := range cells {
		if cell.Ended() {
			continue
		}
		j := &job{dir: cell.Dir, want: wanted(c, cell.Cell), step: cell.Step}
		resumes := cell.Dir.HasCheckpoint()
		if !resumes {
			j.step = 0
		}
		if cell.Pretrain > 0 && !resumes {
			p, seen := pretrain[cell.Seed]
			if !seen {
				p = &job{dir: folder.Pretrain(cell.Seed), want: record.NewPretraining(c, cell.Seed)}
				r, err := load(p.dir, p.want)
				if err != nil && !errors.Is(err, record.ErrDamaged) {
					return nil, err
				}
				if r != nil && p.dir.HasCheckpoint() {
					p.step = r.Step
				}
				pretrain[cell.Seed] = p
				first = append(first, p)
			}
			j.needs, p.held = p, append(p.held, j)
		}
		rest = append(rest, j)
	}
	all := append(first, rest...)
	for _, j := range all {
		j.ahead = j.left()
	}
	for _, p := range first {
		own := p.ahead
		for _, j := range p.held {
			p.ahead = max(p.ahead, own+j.ahead)
		}
	}
	return all, nil
}

// ready are jobs that can start: the one with the most ahead of it is the first, of equals
// the one that was added first.
type ready []*job

func (r *ready) add(jobs ...*job) {
	for _, j := range jobs {
		at, _ := slices.BinarySearchFunc(*r, j.ahead, func(o *job, ahead int64) int {
			return cmp.Or(cmp.Compare(ahead, o.ahead), -1) // behind its equals
		})
		*r = slices.Insert(*r, at, j)
	}
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}
