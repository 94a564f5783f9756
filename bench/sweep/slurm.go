package sweep

import (
	"cmp"
	"context"
	_ "embed"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"fig5/bench/config"
	"fig5/bench/english"
	"fig5/bench/record"
)

// Slurm trains on a cluster: a task of a job array for each run, pretrainings in arrays of
// their own and cells in others that wait for them. docs/cluster.md tells what it asks of a
// cluster and what each failure looks like.
//
// Every array has a name that tells the sweep's folder, and a list of its runs in
// <sweep>/slurm, which is written first. So whoever runs the sweep next finds its tasks,
// however its predecessor ended. Whether a run has ended its folder tells, never Slurm.
type Slurm struct {
	Limit int           // tasks at once; 0: as many as the cluster runs
	Poll  time.Duration // between two looks at the queue; 0: 10 seconds

	cfg    *config.Config
	queue  queue
	dir    record.Dir // <sweep>/slurm
	worker string
	most   int // tasks of an array
	tell   func(message)
	cancel context.CancelFunc

	refusal string // what sbatch last said when it took no more

	mu    sync.Mutex
	tasks map[*job]*watched
}

// watched is the task of a job, as far as it is known.
type watched struct {
	task
	array string // the ID of its array
	begun bool
	// Slurm could not launch it, and it was cancelled.
	dropped bool
	step    int64
	gone    int // looks at the queue since it is not there any more
}

//go:embed task.sh
var taskScript []byte

func (s *Slurm) check(c *config.Config) error {
	if d := c.Train.Device; d != "cpu" && d != "cuda:0" {
		return SettingError{"train.device", d + ": a task sees the one GPU that Slurm gives it as cuda:0; set it to that"}
	}
	return Check(c)
}

func (s *Slurm) open(c *config.Config, sweep record.Sweep, missing []*job, worker string, tell func(message)) (running []*job, remark string, err error) {
	folder, err := filepath.Abs(string(sweep))
	if err != nil {
		return nil, "", err
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return nil, "", err
	}
	if folder, err = filepath.EvalSymlinks(folder); err != nil {
		return nil, "", err
	}
	s.cfg, s.worker, s.tell, s.tasks = c, worker, tell, map[*job]*watched{}
	s.queue, s.dir = openQueue(record.Sweep(folder)), record.Dir(filepath.Join(folder, slurmFolder))
	s.Poll = cmp.Or(s.Poll, 10*time.Second)
	if s.most, err = maxArraySize(); err != nil {
		return nil, "", InputError{Err: err}
	}
	lock, err := s.dir.Lock(context.Background()) // whoever queues something holds it
	if err != nil {
		return nil, "", err
	}
	defer lock.Unlock()
	found, err := s.queue.look()
	if err != nil {
		return nil, "", err
	}
	s.queue.tidy(found)
	for t, e := range found {
		if e.stuck() {
			_, _ = client(time.Minute, "scancel", fmt.Sprintf("%s_%d", e.array, t.index)) // if it fails, the lock keeps it out
		}
	}
	running, arrays := s.adopt(found, missing)
	remark = "the others are trained by Slurm"
	if len(running) > 0 {
		remark = fmt.Sprintf("%s of an earlier start %s in Slurm's queue (%s)", english.Plural(len(running), "run"), areIs(len(running)), jobIDs(arrays))
	}
	ctx, cancel := context.WithCancel(context.Background())
	s.cancel = cancel
	go s.watch(ctx)
	return running, remark, nil
}

// adopt finds the tasks of jobs that are in the queue already.
func (s *Slurm) adopt(found map[task]entry, jobs []*job) (adopted []*job, arrays map[string]bool) {
	byRun := map[string]*job{}
	for _, j := range jobs {
		byRun[runIn(j.sweep(), j.dir)] = j
	}
	arrays = map[string]bool{}
	for t, e := range found {
		if j := byRun[t.run]; j != nil && e.live() && s.tasks[j] == nil {
			s.tasks[j] = &watched{task: t, array: e.array}
			adopted = append(adopted, j)
			arrays[e.array] = true
		}
	}
	return adopted, arrays
}

func (s *Slurm) queues() bool       { return true }
func (s *Slurm) room(int) int       { return 1 << 30 }
func (s *Slurm) workers() int       { return s.Limit }
func (s *Slurm) stop() (ended bool) { s.cancel(); return false }

// start puts jobs into the queue, pretrainings before the cells that wait for them. What
// the cluster has no room for, by whatever limit, is left for later.
func (s *Slurm) start(jobs []*job) (taken int, remark string, err error) {
	lock, err := s.dir.Lock(context.Background())
	if err != nil {
		return 0, "", err
	}
	defer lock.Unlock()
	s.mu.Lock()
	defer s.mu.Unlock()
	script := filepath.Join(string(s.dir), "task.sh")
	if err := record.WriteFile(script, taskScript); err != nil {
		return 0, "", err
	}
	found, err := s.queue.look() // another fig5 may have been quicker
	if err != nil {
		return 0, "", err
	}
	adopted, arrays := s.adopt(found, jobs)
	slices.SortStableFunc(jobs, func(a, b *job) int { return cmp.Compare(btoi(s.tasks[a] == nil), btoi(s.tasks[b] == nil)) })
	taken = len(adopted)
	last := "" // the array before, where there is a limit
	for _, part := range s.parts(jobs[taken:]) {
		id, err := s.submit(script, part, s.after(part, last))
		if err != nil {
			if len(s.tasks) == 0 {
				return 0, "", err
			}
			if s.refusal != err.Error() { // once
				s.refusal = err.Error()
				remark = fmt.Sprintf("%s wait until others have ended: %s", english.Plural(len(jobs)-taken, "run"), s.refusal)
			}
			return taken, remark, nil
		}
		arrays[id], last = true, id
		taken += len(part)
	}
	return taken, fmt.Sprintf("%s in Slurm's queue (%s)", english.Plural(taken, "run"), jobIDs(arrays)), nil
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

// parts cuts jobs, pretrainings first, into arrays.
func (s *Slurm) parts(jobs []*job) (parts [][]*job) {
	n := 0
	for n < len(jobs) && jobs[n].want.Pretraining {
		n++
	}
	for _, half := range [][]*job{jobs[:n], jobs[n:]} {
		parts = slices.AppendSeq(parts, slices.Chunk(half, s.most))
	}
	return parts
}

// after is the arrays that a part waits for: those of its pretrainings and, where there is
// a limit for all arrays together, the one before it or whatever an earlier start left.
func (s *Slurm) after(part []*job, last string) []string {
	arrays := map[string]bool{}
	for _, j := range part {
		if w := s.tasks[j.needs]; j.needs != nil && w != nil {
			arrays[w.array] = true
		}
	}
	if s.Limit > 0 && last != "" {
		arrays[last] = true
	} else if s.Limit > 0 {
		for _, w := range s.tasks {
			arrays[w.array] = true
		}
	}
	return sorted(arrays)
}

// submit puts one array into the queue.
func (s *Slurm) submit(script string, part []*job, after []string) (id string, err error) {
	runs := make([]string, len(part))
	for i, j := range part {
		runs[i] = runIn(j.sweep(), j.dir)
	}
	name, list, err := s.queue.newArray(runs)
	if err != nil {
		return "", err
	}
	array := fmt.Sprintf("--array=1-%d", len(part))
	if s.Limit > 0 {
		array += fmt.Sprintf("%%%d", s.Limit)
	}
	args := []string{"--parsable", "--job-name=" + name, "--requeue", "--open-mode=append", array,
		"--output=" + strings.ReplaceAll(strings.TrimSuffix(list, listSuffix), "%", "%%") + "-%a.log",
		fmt.Sprintf("--signal=B:TERM@%d", s.warning())}
	if len(after) > 0 {
		args = append(args, "--dependency=afterany:"+strings.Join(after, ":"))
	}
	has := func(names ...string) bool {
		return slices.ContainsFunc(names, func(name string) bool { _, ok := s.cfg.Slurm[name]; return ok })
	}
	if !has("ntasks", "ntasks-per-node", "nodes") {
		args = append(args, "--ntasks=1")
	}
	if s.cfg.Train.Device != "cpu" && !has("gres", "gpus", "gpus-per-node", "gpus-per-task", "tres-per-task") {
		args = append(args, "--gres=gpu:1")
	}
	args = append(args, s.cfg.SlurmOptions()...) // the last of two counts: signal
	args = append(args, script, s.worker, s.queue.folder, list)
	out, err := client(time.Minute, "sbatch", args...)
	id, _, _ = strings.Cut(strings.TrimSpace(out), ";")
	if err != nil { // it may have arrived all the same
		found, lookErr := s.queue.look()
		for t, e := range found {
			if t.name == name && e.live() {
				id, err = e.array, nil
			}
		}
		if err != nil && lookErr == nil {
			os.Remove(list)
		}
	}
	if err != nil {
		return "", err
	}
	for i, j := range part {
		s.tasks[j] = &watched{task: task{name: name, index: i + 1, run: runs[i]}, array: id}
	}
	return id, nil
}

// warning is how many seconds before its time limit a task is told to stop. Slurm looks
// every half minute, so it may be told that much earlier.
func (s *Slurm) warning() int {
	if limit := s.cfg.SlurmTimeLimit(); limit > 0 {
		return int(min(limit/4, 2*time.Minute).Seconds())
	}
	return 120
}

// maxArraySize is how many tasks an array may have.
func maxArraySize() (int, error) {
	out, err := client(time.Minute, "scontrol", "show", "config")
	if err != nil {
		return 0, err
	}
	for _, line := range strings.Split(out, "\n") {
		key, value, _ := strings.Cut(line, "=")
		if strings.TrimSpace(key) != "MaxArraySize" {
			continue
		}
		n := 0
		if _, err := fmt.Sscan(value, &n); err != nil || n < 2 {
			return 0, fmt.Errorf("scontrol show config: MaxArraySize =%s: this cluster takes no job arrays", value)
		}
		return n - 1, nil // it is the first index that is too large
	}
	return 0, errors.New("scontrol show config: names no MaxArraySize")
}

func areIs(n int) string {
	if n == 1 {
		return "is"
	}
	return "are"
}
