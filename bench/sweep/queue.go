package sweep

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
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
var final = map[string]bool{"COMPLETED": true, "FAILED": true, "CANCELLED": true, "TIMEOUT": true, "NODE_FAIL": true,
	"OUT_OF_MEMORY": true, "BOOT_FAIL": true, "DEADLINE": true, "PREEMPTED": true, "REVOKED": true}

func (e entry) live() bool { return e.state != "" && !final[e.state] && !e.stuck() }

// stuck reports whether Slurm could not launch the task and holds it for ever.
func (e entry) stuck() bool { return strings.HasPrefix(e.reason, "launch failed") }

// running reports whether its worker may be at work.
func (e entry) running() bool {
	return e.live() && e.state != "PENDING" && e.state != "CONFIGURING" && e.state != "REQUEUED" && e.state != "REQUEUE_HOLD" && e.state != "SPECIAL_EXIT"
}

func openQueue(sweep record.Sweep) queue {
	sum := sha256.Sum256([]byte(sweep))
	return queue{string(sweep), fmt.Sprintf("fig5.%s.%s.", filepath.Base(string(sweep)), hex.EncodeToString(sum[:4]))}
}

// runIn is a run folder as seen from its sweep's.
func runIn(sweep record.Sweep, d record.Dir) string {
	run, err := filepath.Rel(string(sweep), string(d))
	if err != nil { // it lies below
		return string(d)
	}
	return run
}

// newArray notes the runs of a new array in a list of its own.
func (q queue) newArray(runs []string) (name, list string, err error) {
	dir := filepath.Join(q.folder, slurmFolder)
	entries, err := os.ReadDir(dir)
	if err != nil {
		return "", "", files.Error(dir, err)
	}
	n := 1
	for _, e := range entries { // 3.tasks, 3-17.log
		number := strings.FieldsFunc(e.Name(), func(r rune) bool { return r == '.' || r == '-' })
		if i, err := strconv.Atoi(number[0]); err == nil {
			n = max(n, i+1)
		}
	}
	list = filepath.Join(dir, strconv.Itoa(n)+listSuffix)
	return q.prefix + strconv.Itoa(n), list, record.WriteFile(list, []byte(strings.Join(runs, "\n")+"\n"))
}

// lists are the runs of every array, by its name.
func (q queue) lists() (map[string][]string, error) {
	paths, err := os.ReadDir(filepath.Join(q.folder, slurmFolder))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, files.Error(q.folder, err)
	}
	lists := map[string][]string{}
	for _, e := range paths {
		number, isList := strings.CutSuffix(e.Name(), listSuffix)
		if !isList {
			continue
		}
		path := filepath.Join(q.folder, slurmFolder, e.Name())
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
		lists[q.prefix+number] = runs
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
	out, err := client(time.Minute, "squeue", "--noheader", "--array", "--all", "--states=all", "--name="+names, "--format=%F|%K|%T|%j|%r")
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
		known[strings.TrimPrefix(t.name, q.prefix)] = true
	}
	dir := filepath.Join(q.folder, slurmFolder)
	entries, _ := os.ReadDir(dir)
	for _, e := range entries {
		number, isList := strings.CutSuffix(e.Name(), listSuffix)
		array, _, isLog := strings.Cut(strings.TrimSuffix(e.Name(), ".log"), "-")
		if isList && !known[number] {
			os.Remove(filepath.Join(dir, e.Name()))
		} else if info, err := e.Info(); isLog && !known[array] && err == nil && info.Size() == 0 {
			os.Remove(filepath.Join(dir, e.Name()))
		}
	}
}

// Queued are the run folders of a sweep that wait in the queue of a cluster; none where it
// was never given to one.
func Queued(sweep record.Sweep) (map[record.Dir]bool, error) {
	folder, err := filepath.Abs(string(sweep))
	if err == nil {
		folder, err = filepath.EvalSymlinks(folder)
	}
	if err != nil {
		return nil, err
	}
	found, err := openQueue(record.Sweep(folder)).look()
	waiting := map[record.Dir]bool{}
	for t, e := range found {
		if e.live() && !e.running() {
			waiting[record.Dir(filepath.Join(string(sweep), t.run))] = true
		}
	}
	return waiting, err
}

// client runs a program of Slurm's and returns what it writes. Its error is one line.
func client(patience time.Duration, name string, args ...string) (string, error) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
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

// sorted are the members of a set of IDs, which are numbers.
func sorted(set map[string]bool) []string {
	return slices.SortedFunc(maps.Keys(set), func(a, b string) int {
		if len(a) != len(b) {
			return len(a) - len(b)
		}
		return strings.Compare(a, b)
	})
}

// jobIDs is "job 7", "jobs 7, 8" or, of many, "jobs 7, 8, 9, ... 70".
func jobIDs(set map[string]bool) string {
	ids := sorted(set)
	if len(ids) == 1 {
		return "job " + ids[0]
	}
	if n := len(ids); n > 6 {
		ids = []string{ids[0], ids[1], ids[2], "... " + ids[n-1]}
	}
	return "jobs " + strings.Join(ids, ", ")
}
