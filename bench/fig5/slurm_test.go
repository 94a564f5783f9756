package main

import (
	"bufio"
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// testSlurm is the environment variable that make test-slurm sets.
const testSlurm = "FIG5_TEST_SLURM"

// cluster is a real Slurm of one node, and the programs that a user has.
type cluster struct {
	t    *testing.T
	bed  string
	root string // of the repository
}

// A sweep on a real Slurm ends with the bytes of the local executor, whatever happens to
// its tasks, to Slurm and to fig5.
func TestSlurm(t *testing.T) {
	if os.Getenv(testSlurm) == "" {
		t.Skip("minutes on a Slurm of its own: make test-slurm")
	}
	root, err := filepath.Abs(repository)
	if err != nil {
		t.Fatal(err)
	}
	for _, program := range []string{"fig5", "fig5-torch"} {
		if _, err := os.Stat(filepath.Join(root, "bin", program)); err != nil {
			t.Fatalf("%v; make build", err)
		}
	}
	t.Setenv("FIG5_TORCH", filepath.Join(root, "bin", "fig5-torch"))
	private, err := os.MkdirTemp("", "fig5-slurm") // of mode 0700
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if !t.Failed() {
			os.RemoveAll(private)
		}
	})
	c := &cluster{t, filepath.Join(private, "bed"), root}
	t.Setenv("SLURM_CONF", filepath.Join(c.bed, "slurm.conf"))
	c.testbed("up", c.bed)
	t.Cleanup(func() { c.testbed("down", c.bed) })
	smoke := c.local(private, "smoke")
	long := []string{"--cell", "hot-s00", "--set", "train.final=60000", "--set", "fid.every=50", "--set", "analysis.window=1000"}
	longer := c.local(private, "long", long...)

	for _, x := range []struct {
		name string
		do   func(*cluster, string)
		want map[string][]byte
	}{
		{"detached", (*cluster).detached, smoke},
		{"worker killed", (*cluster).workerKilled, smoke},
		{"running task cancelled", (*cluster).runningCancelled, smoke},
		{"pending task cancelled", (*cluster).pendingCancelled, smoke},
		{"controller killed", (*cluster).controllerKilled, smoke},
		{"fig5 killed twice", (*cluster).fig5Killed, smoke},
		{"two tasks on a cell", func(c *cluster, runs string) { c.twoTasks(runs, long...) }, longer},
		{"preempted", func(c *cluster, runs string) { c.preempted(runs, long...) }, longer},
		{"time limit", func(c *cluster, runs string) { c.timeLimit(runs, long...) }, longer},
		{"arrays of three", (*cluster).smallArrays, smoke},
	} {
		t.Run(x.name, func(t *testing.T) {
			runs := filepath.Join(private, strings.ReplaceAll(x.name, " ", "-"))
			x.do(&cluster{t, c.bed, c.root}, runs)
			wantFiles(t, filesOf(t, runs), x.want)
		})
	}
}

// detached is what a user sees of a sweep that nothing happens to.
func (c *cluster) detached(runs string) {
	out := c.must("run", "configs/smoke.yaml", "--runs", runs, "--executor", "slurm", "--detach")
	if !strings.HasSuffix(out, "smoke: 0 of 10 cells done, 12 runs are left to Slurm\n") {
		c.t.Errorf("--detach says %q", out)
	}
	if list := c.must("runs", "ls", runs); !regexp.MustCompile(`(?m)^\S+/smoke/warm-s01 +queued +0 of 500`).MatchString(list) {
		c.t.Errorf("runs ls does not show what is queued:\n%s", list)
	}
	f := c.start(runs)
	f.until("12 runs of an earlier start are in Slurm's queue (jobs ")
	f.done()
	if list := c.must("runs", "ls", runs); !strings.HasSuffix(list, "12 runs: 12 done\n") {
		c.t.Errorf("runs ls at the end:\n%s", list)
	}
	c.must("run", "configs/smoke.yaml", "--runs", runs, "--executor", "slurm")
	c.arrays(runs, 2)
}

func (c *cluster) workerKilled(runs string) {
	f := c.start(runs)
	c.kill("train " + runs + "/smoke/hot-s00")
	f.fails("hot-s00 failed: its Slurm task ended as FAILED")
	c.start(runs).done()
}

func (c *cluster) runningCancelled(runs string) {
	f := c.start(runs)
	c.worker("train " + runs + "/smoke/hot-s00")
	c.sh("scancel", c.task(runs, "hot-s00"))
	f.fails("hot-s00 failed: its Slurm task was cancelled")
	c.start(runs).done()
}

func (c *cluster) pendingCancelled(runs string) {
	f := c.start(runs)
	f.until("Slurm's queue")
	c.sh("scancel", c.task(runs, "warm-s01"))
	f.fails("warm-s01 failed: its Slurm task is gone from the queue, as one that was cancelled before it began")
	c.start(runs).done()
}

func (c *cluster) controllerKilled(runs string) {
	f := c.start(runs)
	c.worker("train " + runs + "/smoke/hot-s00")
	pid, err := os.ReadFile(filepath.Join(c.bed, "run", "slurmctld"))
	if err != nil {
		c.t.Fatal(err)
	}
	c.sh("kill", "-9", strings.TrimSpace(string(pid)))
	f.until("Slurm does not answer")
	c.testbed("controller", c.bed)
	f.until("Slurm answers again")
	over := make(chan error, 1)
	go func() { over <- f.rest() }()
	for {
		select {
		case err := <-over:
			if err != nil { // a task that was launched twice, or whose end nobody noted, may count as failed
				c.start(runs).done()
			}
			return
		case <-time.After(2 * time.Second): // what an administrator does with a node that a job reached twice
			if state, _ := exec.Command("sinfo", "-h", "-p", "debug", "-o", "%t").Output(); strings.HasPrefix(string(state), "dr") {
				host := strings.TrimSpace(c.sh("hostname", "-s"))
				_ = exec.Command("scontrol", "update", "nodename="+host, "state=resume").Run()
			}
		}
	}
}

func (c *cluster) fig5Killed(runs string) {
	for range 2 {
		f := c.start(runs)
		f.until("started")
		if err := f.Process.Kill(); err != nil {
			c.t.Fatal(err)
		}
		_ = f.rest()
	}
	c.start(runs).done()
	c.arrays(runs, 2)
}

// twoTasks puts a second task for the same cell beside that of fig5, and kills the one that
// came first: the other, which waited for the lock, goes on.
func (c *cluster) twoTasks(runs string, more ...string) {
	f := c.start(runs, more...)
	f.until("hot-s00: started")
	sweep := runs + "/smoke"
	twin := strings.TrimSpace(c.sh("sbatch", "--parsable", "--array=1", "--output=/dev/null",
		sweep+"/slurm/task.sh", os.Getenv("FIG5_TORCH"), sweep, sweep+"/slurm/2.tasks"))
	first := c.worker("train " + sweep + "/hot-s00")
	c.wait("two tasks on a cell", func() bool { return len(c.workers("train "+sweep+"/hot-s00")) == 2 })
	time.Sleep(2 * time.Second) // so that the second waits for the lock
	if err := syscall.Kill(first, syscall.SIGKILL); err != nil {
		c.t.Fatal(err)
	}
	f.done()
	c.wait("the second task", func() bool { return c.sh("squeue", "-h", "-j", twin, "-t", "PD,R,CG") == "" })
}

// preempted has a job of the urgent partition take the node.
func (c *cluster) preempted(runs string, more ...string) {
	f := c.start(runs, more...)
	f.until("hot-s00: started")
	id := c.task(runs, "hot-s00")
	c.sh("sbatch", "--parsable", "--partition=urgent", "--ntasks=2", "--output=/dev/null", "--wrap=sleep 20")
	c.wait("the preemption", func() bool { return c.restarts(id) > 0 })
	f.done()
	if log := c.log(id); !strings.Contains(log, "stopped; its checkpoint is written") {
		c.t.Errorf("the task's log:\n%s", log)
	}
}

func (c *cluster) timeLimit(runs string, more ...string) {
	f := c.start(runs, append([]string{"--time", "1"}, more...)...)
	f.until("hot-s00: started")
	id := c.task(runs, "hot-s00")
	f.done()
	if n := c.restarts(id); n == 0 {
		c.t.Errorf("the cell was done within the limit; the log:\n%s", c.log(id))
	}
}

func (c *cluster) smallArrays(runs string) {
	c.testbed("down", c.bed)
	if err := os.RemoveAll(c.bed); err != nil {
		c.t.Fatal(err)
	}
	c.testbed("up", c.bed, "MaxArraySize=4")
	c.start(runs, "--array-limit", "2").done()
	c.arrays(runs, 1+4) // 2 pretrainings, 10 cells
}

// local is the files of the sweep that this machine's executor leaves.
func (c *cluster) local(dir, name string, more ...string) map[string][]byte {
	runs := filepath.Join(dir, "local-"+name)
	c.must(append([]string{"run", "configs/smoke.yaml", "--runs", runs}, more...)...)
	return filesOf(c.t, runs)
}

// filesOf are the files below runs that have the same bytes wherever and however they were made.
func filesOf(t *testing.T, runs string) map[string][]byte {
	t.Helper()
	found := map[string][]byte{}
	err := filepath.WalkDir(runs, func(path string, e fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case e.IsDir() && (e.Name() == "slurm" || e.Name() == ".lease"):
			return fs.SkipDir
		case e.IsDir() || e.Name() == "run.json" || e.Name() == ".lock":
			return nil
		}
		name, err := filepath.Rel(runs, path)
		if err == nil {
			found[name], err = os.ReadFile(path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func wantFiles(t *testing.T, have, want map[string][]byte) {
	t.Helper()
	for name, b := range want {
		if other, ok := have[name]; !ok {
			t.Errorf("%s: is missing", name)
		} else if !bytes.Equal(b, other) {
			t.Errorf("%s: is not what the local executor leaves", name)
		}
	}
	for name := range have {
		if _, ok := want[name]; !ok {
			t.Errorf("%s: the local executor leaves no such file", name)
		}
	}
}

// follower is a fig5 run being watched.
type follower struct {
	*exec.Cmd
	t    *testing.T
	said *bufio.Scanner
	all  strings.Builder
}

func (c *cluster) fig5(args ...string) *exec.Cmd {
	cmd := exec.Command(filepath.Join(c.root, "bin", "fig5"), args...)
	cmd.Dir = c.root
	return cmd
}

// must runs fig5 to its end, which must be good, and returns its results.
func (c *cluster) must(args ...string) string {
	c.t.Helper()
	out, err := c.fig5(args...).Output()
	if err != nil {
		text := ""
		if exit, ok := err.(*exec.ExitError); ok {
			text = string(exit.Stderr)
		}
		c.t.Fatalf("fig5 %s: %v: %s", strings.Join(args, " "), err, text)
	}
	return string(out)
}

// start starts the sweep on the cluster.
func (c *cluster) start(runs string, more ...string) *follower {
	c.t.Helper()
	cmd := c.fig5(append([]string{"run", "configs/smoke.yaml", "--runs", runs, "--executor", "slurm"}, more...)...)
	out, err := cmd.StderrPipe()
	if err != nil {
		c.t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		c.t.Fatal(err)
	}
	c.t.Cleanup(func() { cmd.Process.Kill(); cmd.Wait() })
	return &follower{Cmd: cmd, t: c.t, said: bufio.NewScanner(out)}
}

// until reads on to a line with this text.
func (f *follower) until(text string) {
	f.t.Helper()
	for f.said.Scan() {
		fmt.Fprintln(&f.all, f.said.Text())
		if strings.Contains(f.said.Text(), text) {
			return
		}
	}
	f.t.Fatalf("fig5 did not say %q:\n%s", text, f.all.String())
}

// rest reads on to the end.
func (f *follower) rest() error {
	for f.said.Scan() {
		fmt.Fprintln(&f.all, f.said.Text())
	}
	return f.Cmd.Wait()
}

func (f *follower) done() {
	f.t.Helper()
	if err := f.rest(); err != nil {
		f.t.Fatalf("%v:\n%s", err, f.all.String())
	}
}

// fails expects exit code 1 and a text.
func (f *follower) fails(text string) {
	f.t.Helper()
	err := f.rest()
	if exit, ok := err.(*exec.ExitError); !ok || exit.ExitCode() != 1 || !strings.Contains(f.all.String(), text) {
		f.t.Fatalf("%v, want exit code 1 and %q:\n%s", err, text, f.all.String())
	}
}

func (c *cluster) sh(name string, args ...string) string {
	c.t.Helper()
	out, err := exec.Command(name, args...).CombinedOutput()
	if err != nil {
		c.t.Fatalf("%s %s: %v: %s", name, strings.Join(args, " "), err, out)
	}
	return string(out)
}

// testbed calls the script; its daemons keep no pipe of the caller's.
func (c *cluster) testbed(args ...string) {
	c.t.Helper()
	c.sh(filepath.Join(c.root, "scripts", "slurm-testbed.sh"), args...)
}

func (c *cluster) wait(what string, ok func() bool) {
	c.t.Helper()
	for end := time.Now().Add(3 * time.Minute); !ok(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			c.t.Fatalf("waited three minutes for %s; %s", what, c.sh("squeue", "-r", "-t", "all"))
		}
	}
}

// workers are the processes of fig5-torch with these arguments.
func (c *cluster) workers(args string) (pids []int) {
	c.t.Helper()
	entries, err := os.ReadDir("/proc")
	if err != nil {
		c.t.Fatal(err)
	}
	for _, e := range entries {
		id, err := strconv.Atoi(e.Name())
		if err != nil {
			continue
		}
		b, _ := os.ReadFile(filepath.Join("/proc", e.Name(), "cmdline")) // it may be gone
		line := strings.ReplaceAll(string(b), "\x00", " ")
		if strings.HasPrefix(line, c.root+"/bin/fig5-torch ") && strings.Contains(line, args) {
			pids = append(pids, id)
		}
	}
	return pids
}

// worker waits for such a process.
func (c *cluster) worker(args string) (pid int) {
	c.t.Helper()
	c.wait("a worker "+args, func() bool {
		pids := c.workers(args)
		if len(pids) > 0 {
			pid = pids[0]
		}
		return pid > 0
	})
	return pid
}

func (c *cluster) kill(args string) {
	c.t.Helper()
	if err := syscall.Kill(c.worker(args), syscall.SIGKILL); err != nil {
		c.t.Fatal(err)
	}
}

// task is Slurm's ID of the task of a cell, by the list that fig5 run wrote.
func (c *cluster) task(runs, cell string) string {
	c.t.Helper()
	lists, _ := filepath.Glob(runs + "/smoke/slurm/*.tasks")
	for _, list := range lists {
		b, err := os.ReadFile(list)
		if err != nil {
			c.t.Fatal(err)
		}
		i := slices.Index(strings.Split(string(b), "\n"), cell)
		if i < 0 {
			continue
		}
		for _, line := range strings.Split(c.sh("squeue", "-h", "-r", "-t", "all", "-o", "%F|%K|%o"), "\n") {
			f := strings.SplitN(line, "|", 3)
			if len(f) == 3 && f[1] == strconv.Itoa(i+1) && strings.HasSuffix(strings.TrimSpace(f[2]), list) {
				return f[0] + "_" + f[1]
			}
		}
	}
	c.t.Fatalf("no task of %s", cell)
	return ""
}

// restarts is how often Slurm has put a task back into the queue.
func (c *cluster) restarts(id string) int {
	m := regexp.MustCompile(`Restarts=(\d+)`).FindStringSubmatch(c.sh("scontrol", "-o", "show", "job", id))
	n, _ := strconv.Atoi(m[1])
	return n
}

// arrays checks how many arrays the sweep was given to Slurm in.
func (c *cluster) arrays(runs string, want int) {
	c.t.Helper()
	if lists, _ := filepath.Glob(runs + "/smoke/slurm/*.tasks"); len(lists) != want {
		c.t.Errorf("%d arrays, want %d", len(lists), want)
	}
}

// log is what the task of a cell said.
func (c *cluster) log(id string) string {
	c.t.Helper()
	m := regexp.MustCompile(`StdOut=(\S+)`).FindStringSubmatch(c.sh("scontrol", "-o", "show", "job", id))
	b, err := os.ReadFile(m[1])
	if err != nil {
		c.t.Error(err)
	}
	return string(b)
}
