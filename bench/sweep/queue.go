package sweep

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"fig5/bench/record"
	"fig5/bench/sweep/worker"
	"fig5/fid/files"
)

// slurmFolder is the folder of a sweep that holds what its tasks on a cluster need: the
// script of a task, lists of runs, a line a task, and a log of each task.
const (
	slurmFolder = "slurm"
	listSuffix  = ".tasks"
)

// queue is what belongs to one sweep in the queue of a cluster.
type queue struct {
	folder string // of the sweep, absolute
	dir    string // slurmFolder in it
	prefix string // of the names of its arrays
}

// task is one of an array's.
type task struct {
	name  string // of the array
	index int    // from 1
	run   string // the run folder, from the sweep's
}

// entry is what Slurm says of a task.
type entry struct {
	array  string // its ID
	state  string // PENDING, RUNNING, ...
	reason string
}

// final are the states in which a task stays; in every other it is, or will be, at work.
var final = []string{"", "COMPLETED", "FAILED", "CANCELLED", "TIMEOUT", "NODE_FAIL", "OUT_OF_MEMORY", "BOOT_FAIL", "DEADLINE", "PREEMPTED", "REVOKED"}

// early are the states of a task whose worker is yet to begin.
var early = []string{"PENDING", "CONFIGURING", "REQUEUED", "REQUEUE_HOLD", "SPECIAL_EXIT"}

func (e entry) live() bool { return !slices.Contains(final, e.state) && !e.stuck() }

// stuck reports whether Slurm could not launch the task and holds it for ever.
func (e entry) stuck() bool { return strings.HasPrefix(e.reason, "launch failed") }

// waits reports whether its worker is yet to begin.
func (e entry) waits() bool { return e.live() && slices.Contains(early, e.state) }

// cancel takes the task t, whose entry e is, out of the queue.
func (e entry) cancel(t task) error {
	_, err := client("scancel", fmt.Sprintf("%s_%d", e.array, t.index))
	return err
}

func openQueue(sweep record.Sweep) queue {
	sum := sha256.Sum256([]byte(sweep))
	return queue{string(sweep), filepath.Join(string(sweep), slurmFolder), fmt.Sprintf("fig5.%s.%x.", filepath.Base(string(sweep)), sum[:4])}
}

// queueOf is the queue of a sweep whose folder is there, by whatever path.
func queueOf(sweep record.Sweep) (queue, error) {
	folder, err := filepath.Abs(string(sweep))
	if err == nil {
		folder, err = filepath.EvalSymlinks(folder)
	}
	return openQueue(record.Sweep(folder)), err
}

// lock is held by whoever queues something.
func (q queue) lock() (*record.Lock, error) { return record.Dir(q.dir).Lock(context.Background()) }

// numbered matches the files of an array: 3.tasks, 3-17.log.
var numbered = regexp.MustCompile(`^(\d{1,9})(?:-\d+\.log|\.tasks)$`)

// files are the names of the files of all arrays, with the number of the array.
func (q queue) files() (map[string]int, error) {
	entries, err := os.ReadDir(q.dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, files.Error(q.dir, err)
	}
	found := map[string]int{}
	for _, e := range entries {
		if m := numbered.FindStringSubmatch(e.Name()); m != nil {
			found[e.Name()], _ = strconv.Atoi(m[1])
		}
	}
	return found, nil
}

// newArray notes the runs of a new array in a list of its own.
func (q queue) newArray(runs []string) (name, list string, err error) {
	found, err := q.files()
	if err != nil {
		return "", "", err
	}
	n := 1
	for _, number := range found {
		n = max(n, number+1)
	}
	list = filepath.Join(q.dir, strconv.Itoa(n)+listSuffix)
	return q.prefix + strconv.Itoa(n), list, record.WriteFile(list, []byte(strings.Join(runs, "\n")+"\n"))
}

// lists are the runs of every array, by its name.
func (q queue) lists() (map[string][]string, error) {
	found, err := q.files()
	if err != nil {
		return nil, err
	}
	lists := map[string][]string{}
	for file, number := range found {
		if !strings.HasSuffix(file, listSuffix) {
			continue
		}
		path := filepath.Join(q.dir, file)
		b, err := files.Read(path)
		if err != nil {
			return nil, err
		}
		runs := strings.Split(strings.TrimSuffix(string(b), "\n"), "\n")
		for i, run := range runs {
			if !filepath.IsLocal(run) {
				return nil, fmt.Errorf("%s:%d: %q is no run folder of this sweep; delete the file", path, i+1, run)
			}
		}
		lists[q.prefix+strconv.Itoa(number)] = runs
	}
	return lists, nil
}

// look asks Slurm once about all tasks of the sweep. Tasks that it has forgotten are left out.
func (q queue) look() (map[task]entry, error) {
	lists, err := q.lists()
	if err != nil || len(lists) == 0 {
		return nil, err
	}
	names := strings.Join(slices.Sorted(maps.Keys(lists)), ",")
	out, err := client("squeue", "--noheader", "--array", "--all", "--states=all", "--name="+names, "--format=%F|%K|%T|%j|%r")
	if err != nil {
		return nil, err
	}
	found := map[task]entry{}
	for _, line := range strings.Split(out, "\n") {
		f := strings.SplitN(strings.TrimSpace(line), "|", 5)
		if len(f) < 5 {
			continue
		}
		i, err := strconv.Atoi(f[1])
		if runs := lists[f[3]]; err == nil && i >= 1 && i <= len(runs) {
			found[task{f[3], i, runs[i-1]}] = entry{array: f[0], state: f[2], reason: f[4]}
		}
	}
	return found, nil
}

// tidy deletes the lists, and the logs with nothing in them, of arrays that Slurm has
// forgotten. Until then their names are not free.
func (q queue) tidy(found map[task]entry) {
	known := map[string]bool{}
	for t := range found {
		known[t.name] = true
	}
	all, _ := q.files()
	for file, number := range all {
		path := filepath.Join(q.dir, file)
		info, err := os.Stat(path)
		if !known[q.prefix+strconv.Itoa(number)] && (strings.HasSuffix(file, listSuffix) || err == nil && info.Size() == 0) {
			os.Remove(path)
		}
	}
}

// Queued are the run folders of a sweep that wait in the queue of a cluster; none where it
// was never given to one.
func Queued(sweep record.Sweep) (map[record.Dir]bool, error) {
	q, err := queueOf(sweep)
	if err != nil {
		return nil, err
	}
	found, err := q.look()
	waiting := map[record.Dir]bool{}
	for t, e := range found {
		if e.waits() {
			waiting[record.Dir(filepath.Join(string(sweep), t.run))] = true
		}
	}
	return waiting, err
}

// client runs a program of Slurm's, for a minute at most, and returns what it writes. Its
// error is one line.
func client(name string, args ...string) (string, error) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, name, args...)
	for _, v := range os.Environ() { // of squeue's options that a user likes to see
		if !strings.HasPrefix(v, "SQUEUE_") {
			cmd.Env = append(cmd.Env, v)
		}
	}
	worker.OwnGroup(cmd)
	var out, errOut bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errOut
	err := cmd.Run()
	switch {
	case errors.Is(err, exec.ErrNotFound):
		return "", fmt.Errorf("%s is not on the PATH: --executor slurm wants Slurm's commands on this machine", name)
	case ctx.Err() != nil:
		return "", fmt.Errorf("%s does not answer", name)
	case err != nil && errOut.Len() > 0:
		return "", errors.New(worker.OneLine(errOut.String()))
	case err != nil:
		return "", fmt.Errorf("%s: %w", name, err)
	}
	return out.String(), nil
}
