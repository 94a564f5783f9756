package sweep

import (
	"cmp"
	"context"
	_ "embed"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
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

	run     *run
	cfg     *config.Config
	sweep   record.Sweep
	queue   queue
	most    int    // tasks of an array
	refusal string // what sbatch last said when it took no more
	tasks   map[*job]*watched
}

// watched is the task of a job, as far as it is known.
type watched struct {
	task
	array   string // the ID of its array
	begun   bool
	dropped bool // Slurm could not launch it, and it was cancelled
	step    int64
	gone    int // looks at the queue since it is not there any more
}

//go:embed task.sh
var taskScript []byte

func (s *Slurm) check(_ context.Context, c *config.Config, _ string) error {
	if d := c.Train.Device; d != "cpu" && d != "cuda:0" {
		return SettingError{"train.device", d + ": a task sees the one GPU that Slurm gives it as cuda:0; set it to that"}
	}
	return nil
}

func (s *Slurm) open(r *run, c *config.Config, missing []*job) (running []*job, workers int, remark string, err error) {
	s.run, s.cfg, s.sweep, s.tasks = r, c, record.OpenSweep(r.o.Runs, c.Name), map[*job]*watched{}
	s.Poll = cmp.Or(s.Poll, 10*time.Second)
	if err := os.MkdirAll(string(s.sweep), 0o755); err != nil {
		return nil, 0, "", err
	}
	if s.queue, err = queueOf(s.sweep); err != nil {
		return nil, 0, "", err
	}
	if s.most, err = maxArraySize(); err != nil {
		return nil, 0, "", InputError{Err: err}
	}
	lock, err := s.queue.lock()
	if err != nil {
		return nil, 0, "", err
	}
	defer lock.Unlock()
	found, err := s.queue.look()
	if err != nil {
		return nil, 0, "", err
	}
	s.queue.tidy(found)
	for t, e := range found {
		if e.stuck() {
			_ = e.cancel(t) // if it fails, the lock keeps it out
		}
	}
	remark = "the others are trained by Slurm"
	if running = s.adopt(found, missing); len(running) > 0 {
		are := "are"
		if len(running) == 1 {
			are = "is"
		}
		remark = fmt.Sprintf("%s of an earlier start %s in Slurm's queue (%s)", english.Plural(len(running), "run"), are, s.jobIDs(running))
	}
	go s.watch()
	return running, s.Limit, remark, nil
}

// adopt finds the tasks of jobs that are in the queue already.
func (s *Slurm) adopt(found map[task]entry, jobs []*job) (adopted []*job) {
	byRun := map[string]*job{}
	for _, j := range jobs {
		byRun[s.runOf(j)] = j
	}
	for t, e := range found {
		if j := byRun[t.run]; j != nil && e.live() && s.tasks[j] == nil {
			s.tasks[j] = &watched{task: t, array: e.array}
			adopted = append(adopted, j)
		}
	}
	return adopted
}

// runOf is the run folder of a job as seen from its sweep's.
func (s *Slurm) runOf(j *job) string {
	run, _ := filepath.Rel(string(s.sweep), string(j.dir)) // it lies below
	return run
}

func (s *Slurm) stop() bool { return false }

// start puts jobs into the queue, pretrainings before the cells that wait for them. What
// the cluster has no room for, by whatever limit, is left for later.
func (s *Slurm) start(jobs []*job) (taken, left []*job, remark string, err error) {
	lock, err := s.queue.lock()
	if err != nil {
		return nil, nil, "", err
	}
	defer lock.Unlock()
	script := filepath.Join(s.queue.dir, "task.sh")
	if err := record.WriteFile(script, taskScript); err != nil {
		return nil, nil, "", err
	}
	found, err := s.queue.look() // another fig5 may have been quicker
	if err != nil {
		return nil, nil, "", err
	}
	taken = s.adopt(found, jobs)
	left = slices.DeleteFunc(jobs, func(j *job) bool { return s.tasks[j] != nil })
	before := slices.Collect(maps.Keys(s.tasks)) // whatever an earlier start left, then the last array
	for len(left) > 0 {
		n := s.part(left)
		if err := s.submit(script, left[:n], before); err != nil {
			if len(s.tasks) == 0 {
				return nil, nil, "", err
			}
			if s.refusal != err.Error() { // once
				s.refusal = err.Error()
				remark = fmt.Sprintf("%s wait until others have ended: %s", english.Plural(len(left), "run"), s.refusal)
			}
			return taken, left, remark, nil
		}
		before = left[:n]
		taken, left = append(taken, before...), left[n:]
	}
	return taken, nil, fmt.Sprintf("%s in Slurm's queue (%s)", english.Plural(len(taken), "run"), s.jobIDs(taken)), nil
}

// part is how many of the first jobs go into one array: pretrainings, or cells.
func (s *Slurm) part(jobs []*job) int {
	n := slices.IndexFunc(jobs, func(j *job) bool { return j.want.Pretraining != jobs[0].want.Pretraining })
	if n < 0 {
		n = len(jobs)
	}
	return min(n, s.most)
}

// arrays are the IDs, which are numbers, of the arrays that these jobs have tasks in.
func (s *Slurm) arrays(jobs []*job) (ids []string) {
	for _, j := range jobs {
		if w := s.tasks[j]; w != nil {
			ids = append(ids, w.array)
		}
	}
	slices.SortFunc(ids, func(a, b string) int { return cmp.Or(len(a)-len(b), strings.Compare(a, b)) })
	return slices.Compact(ids)
}

// jobIDs is "job 7", "jobs 7, 8" or, of many, "jobs 7, 8, 9, ... 70".
func (s *Slurm) jobIDs(jobs []*job) string {
	ids := s.arrays(jobs)
	if len(ids) == 1 {
		return "job " + ids[0]
	}
	if n := len(ids); n > 6 {
		ids = []string{ids[0], ids[1], ids[2], "... " + ids[n-1]}
	}
	return "jobs " + strings.Join(ids, ", ")
}

// submit puts one array into the queue. It waits for the arrays of its pretrainings and,
// where there is a limit for all arrays together, for those of the jobs before.
func (s *Slurm) submit(script string, part, before []*job) error {
	var wait []*job
	runs := make([]string, len(part))
	for i, j := range part {
		runs[i], wait = s.runOf(j), append(wait, j.needs)
	}
	name, list, err := s.queue.newArray(runs)
	if err != nil {
		return err
	}
	array := fmt.Sprintf("--array=1-%d", len(part))
	if s.Limit > 0 {
		array += fmt.Sprintf("%%%d", s.Limit)
		wait = append(wait, before...)
	}
	args := []string{"--parsable", "--job-name=" + name, "--requeue", "--open-mode=append", array,
		"--output=" + strings.ReplaceAll(strings.TrimSuffix(list, listSuffix), "%", "%%") + "-%a.log",
		fmt.Sprintf("--signal=B:TERM@%d", s.warning())}
	if ids := s.arrays(wait); len(ids) > 0 {
		args = append(args, "--dependency=afterany:"+strings.Join(ids, ":"))
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
	args = append(args, script, s.run.o.Worker, s.queue.folder, list)
	out, err := client("sbatch", args...)
	id, _, _ := strings.Cut(strings.TrimSpace(out), ";")
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
		return err
	}
	for i, j := range part {
		s.tasks[j] = &watched{task: task{name: name, index: i + 1, run: runs[i]}, array: id}
	}
	return nil
}

// warning is how many seconds before its time limit a task is told to stop. Slurm looks
// every half minute, so it may be told that much earlier.
func (s *Slurm) warning() int {
	if limit := s.cfg.SlurmTimeLimit(); limit > 0 {
		return int(min(limit/4, 2*time.Minute).Seconds())
	}
	return 120
}

var arraySize = regexp.MustCompile(`(?m)^\s*MaxArraySize\s*=(.*)$`)

// maxArraySize is how many tasks an array may have.
func maxArraySize() (int, error) {
	out, err := client("scontrol", "show", "config")
	if err != nil {
		return 0, err
	}
	m := arraySize.FindStringSubmatch(out)
	if m == nil {
		return 0, errors.New("scontrol show config: names no MaxArraySize")
	}
	n, err := strconv.Atoi(strings.TrimSpace(m[1]))
	if err != nil || n < 2 {
		return 0, fmt.Errorf("scontrol show config: MaxArraySize =%s: this cluster takes no job arrays", m[1])
	}
	return n - 1, nil // it is the first index that is too large
}
