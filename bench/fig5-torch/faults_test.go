//go:build cgo && linux

package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"fig5/bench/record"
)

// faultSweep ends in seconds and writes a checkpoint every few milliseconds.
const faultSweep = `name: faults
data: {name: mixture}
model: {name: toy}
anneal: {steps: [2], baselines: [cold, warm], protocol: [{name: budget, iterations: 200}]}
train: {pretrain: 300, final: 1000, checkpoint: 50}
fid: {every: 5, samples: 200}
analysis: {lowpass: {name: butterworth, order: 3, cutoff: 0.2}, window: 200}
seeds: 1
`

// TestFaults is the fault campaign: whatever happens to a sweep, it ends with the bytes of
// one that was left alone. FIG5_FAULTS is the number of kills (make test-faults has 50),
// FIG5_FAULTS_SEED repeats what a campaign drew; when a kill hits is the machine's doing.
func TestFaults(t *testing.T) {
	kills := number(t, "FIG5_FAULTS", 6)
	seed := number(t, "FIG5_FAULTS_SEED", int(time.Now().UnixNano()>>10))
	t.Logf("FIG5_FAULTS=%d FIG5_FAULTS_SEED=%d", kills, seed)
	worker, err := exec.LookPath("fig5-torch") // testscript.Main put it on the PATH
	if err != nil {
		t.Fatal(err)
	}
	c := &campaign{t: t, rng: rand.New(rand.NewPCG(uint64(seed), 0)), worker: worker}
	whole, began := c.folder(), time.Now()
	c.mustRun(whole)
	c.took, c.want = time.Since(began), tree(t, whole, "report")

	half := c.kills(kills)
	c.reports(whole, max(kills/8, 1))
	c.damages(half, max(kills/4, 2))
	c.clock(half)
	c.fullDisks(max(kills/12, 1))
	c.readOnly(whole, half)
	t.Logf("a campaign of %v, %v of it the sweep left alone", time.Since(began).Round(time.Second), c.took.Round(time.Second))
}

func number(t *testing.T, name string, otherwise int) int {
	text := os.Getenv(name)
	if text == "" {
		return otherwise
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		t.Fatalf("%s: %q is not a number", name, text)
	}
	return n
}

type campaign struct {
	t      *testing.T
	rng    *rand.Rand
	worker string
	took   time.Duration     // of the sweep left alone
	want   map[string]string // its files
}

// folder is a new folder with the sweep's config; fig5 is run in it.
func (c *campaign) folder() string {
	dir := c.t.TempDir()
	c.config(dir)
	return dir
}

func (c *campaign) config(dir string) {
	if err := os.WriteFile(filepath.Join(dir, "faults.yaml"), []byte(faultSweep), 0o644); err != nil {
		c.t.Fatal(err)
	}
}

// start begins a fig5 in dir; its words go to out.
func (c *campaign) start(ctx context.Context, dir string, out *bytes.Buffer, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, fig5, args...)
	cmd.Dir, cmd.Stdout, cmd.Stderr = dir, out, out
	cmd.Env = append(os.Environ(), "FIG5_TORCH="+c.worker)
	cmd.WaitDelay = time.Minute // a worker that lives on holds no pipe of ours for long
	if err := cmd.Start(); err != nil {
		c.t.Fatal(err)
	}
	return cmd
}

// fig5 runs a command to its end.
func (c *campaign) fig5(dir string, args ...string) (out string, code int) {
	c.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Minute)
	defer cancel()
	var b bytes.Buffer
	cmd := c.start(ctx, dir, &b, args...)
	err := cmd.Wait()
	if ctx.Err() != nil || err != nil && !errors.As(err, new(*exec.ExitError)) {
		c.t.Fatalf("fig5 %v: %v\n%s", args, err, b.String())
	}
	return b.String(), cmd.ProcessState.ExitCode()
}

var sweepArgs = []string{"run", "faults.yaml", "--jobs", "2"}

func (c *campaign) mustRun(dir string) string {
	c.t.Helper()
	out, code := c.fig5(dir, sweepArgs...)
	if code != 0 {
		c.t.Fatalf("exit code %d:\n%s", code, out)
	}
	return out
}

// mustEqual runs the sweep in dir to its end, and holds it against the one left alone.
func (c *campaign) mustEqual(dir, after string) {
	c.t.Helper()
	out := c.mustRun(dir)
	have := tree(c.t, dir, "report")
	for _, name := range slices.Sorted(maps.Keys(c.want)) {
		_, err := os.Stat(filepath.Dir(filepath.Join(dir, name)))
		if unneeded := strings.Contains(name, "pretrain") && err != nil; have[name] != c.want[name] && !unneeded {
			c.t.Fatalf("after %s %s differs from that of the sweep left alone; the last run said\n%s", after, name, out)
		}
	}
	for name := range have {
		if _, ok := c.want[name]; !ok {
			c.t.Fatalf("after %s there is %s", after, name)
		}
	}
	if out, code := c.fig5(dir, "runs", "verify", "runs"); code != 0 {
		c.t.Fatalf("after %s: %s", after, out)
	}
}

// tree is the results below dir: curves, floors, samples, checkpoints (as they are read:
// the zip around them holds bytes that mean nothing), and what a report is made of; the
// folder that is called without is left out.
func tree(t *testing.T, dir, without string) map[string]string {
	t.Helper()
	files := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		switch name, _ := filepath.Rel(dir, path); {
		case err != nil:
			return err
		case e.IsDir() && (e.Name() == without || e.Name() == ".lease"):
			return fs.SkipDir
		case e.IsDir(), slices.Contains([]string{".json", ".lock", ".yaml", ".tmp", ".damaged"}, filepath.Ext(path)):
		case strings.HasPrefix(e.Name(), "checkpoint"):
			c, err := record.LoadCheckpoint(path)
			files[name] = fmt.Sprint(c)
			return err
		default:
			b, err := os.ReadFile(path)
			files[name] = string(b)
			return err
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// kills kills fig5, a worker or both n times, wherever they are, while they pretrain, and
// while a checkpoint is written. It gives the folder of a sweep that was killed halfway.
func (c *campaign) kills(n int) (half string) {
	dir, hits := c.folder(), map[string]int{}
	for i := 0; i < n; {
		when := []string{"any", "any", "checkpoint"}[c.rng.IntN(3)]
		if i < max(n/8, 2) {
			when = "pretraining"
		}
		who := []string{"worker", "fig5", "both"}[c.rng.IntN(3)]
		where, hit := c.kill(dir, who, when)
		if !hit {
			c.mustEqual(dir, fmt.Sprint(i, " kills"))
			dir = c.folder()
			continue
		}
		i++
		hits[who]++
		hits[where]++
	}
	c.mustEqual(dir, fmt.Sprint(n, " kills"))
	for half == "" { // both, as what is copied must not change
		if dir = c.folder(); c.killCell(dir) {
			half = dir
		}
	}
	c.t.Logf("killed -9 %d times: %s", n, counts(hits))
	return half
}

// killCell kills the sweep in dir and its workers once a cell has two checkpoints; false
// where it ended before.
func (c *campaign) killCell(dir string) bool {
	for {
		if _, hit := c.kill(dir, "both", "any"); !hit {
			return false
		}
		if found, _ := filepath.Glob(filepath.Join(dir, "runs/faults/*/checkpoint.1.npz")); len(found) > 0 {
			return true
		}
	}
}

func counts(m map[string]int) string {
	var parts []string
	for _, k := range slices.Sorted(maps.Keys(m)) {
		parts = append(parts, fmt.Sprintf("%d %s", m[k], k))
	}
	return strings.Join(parts, ", ")
}

// kill starts the sweep in dir and kills it. It says where that hit; false where the
// sweep ended before.
func (c *campaign) kill(dir, who, when string) (where string, hit bool) {
	var out bytes.Buffer
	cmd := c.start(context.Background(), dir, &out, sweepArgs...)
	ended := make(chan bool)
	go func() { cmd.Wait(); close(ended) }()
	moment := time.Now().Add(time.Duration(c.rng.Float64() * float64(c.took) / 4))
	sweep := record.OpenSweep(filepath.Join(dir, "runs"), "faults")
	pretrains := func() bool {
		r, err := sweep.Pretrain(0).Load()
		return err == nil && !r.Ended()
	}
	saves := func() bool {
		for _, d := range []record.Dir{sweep.Pretrain(0), sweep.Cell("cold-s00"), sweep.Cell("warm-s00"), sweep.Cell("geometric-budget200-k02-s00")} {
			if _, err := os.Lstat(d.Checkpoint() + ".tmp"); err == nil {
				return true
			}
		}
		return false
	}
	var workers []int
	var looked time.Time
	for ready := false; !ready; {
		late := time.Now().After(moment)
		wait := time.Millisecond
		if late { // a checkpoint is not written for long
			wait = 20 * time.Microsecond
		}
		select {
		case <-ended:
			return "", false
		case <-time.After(wait):
		}
		switch when {
		case "any":
			ready = late
		case "pretraining":
			ready = late && pretrains()
		case "checkpoint":
			ready = late && saves()
		}
		if late && time.Since(looked) > 20*time.Millisecond {
			workers, looked = children(cmd.Process.Pid), time.Now()
		}
	}
	if who == "worker" && len(workers) > 1 {
		workers = []int{workers[c.rng.IntN(len(workers))]}
	}
	for _, pid := range workers {
		if who != "fig5" && isChild(pid, cmd.Process.Pid) {
			syscall.Kill(pid, syscall.SIGKILL)
		}
	}
	if who != "worker" {
		cmd.Process.Kill()
	}
	where = "anywhere"
	if saves() {
		where = "in a checkpoint"
	} else if pretrains() {
		where = "in the pretraining"
	}
	if who == "worker" { // the others go on, until Ctrl-C
		time.Sleep(time.Duration(c.rng.Float64() * float64(c.took) / 10))
		cmd.Process.Signal(os.Interrupt)
	}
	<-ended
	return where, true
}

// children is the processes that pid started.
func children(pid int) (pids []int) {
	folders, _ := filepath.Glob("/proc/[0-9]*")
	for _, path := range folders {
		if child, _ := strconv.Atoi(filepath.Base(path)); isChild(child, pid) {
			pids = append(pids, child)
		}
	}
	return pids
}

func isChild(pid, parent int) bool {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid)) // PID (name) state parent ...
	fields := strings.Fields(string(b[bytes.LastIndexByte(b, ')')+1:]))
	return err == nil && len(fields) > 1 && fields[1] == strconv.Itoa(parent)
}

func (c *campaign) copy(dir string) string {
	to := c.t.TempDir()
	if err := os.CopyFS(to, os.DirFS(dir)); err != nil {
		c.t.Fatal(err)
	}
	return to
}

// reports kills fig5 report n times: the next one makes the same report.
func (c *campaign) reports(dir string, n int) {
	report := func() map[string]string {
		if out, code := c.fig5(dir, "report", "faults.yaml"); code != 0 {
			c.t.Fatal(out)
		}
		return tree(c.t, dir, "pretrain")
	}
	began := time.Now()
	want := report()
	took := time.Since(began)
	for range n {
		if c.rng.IntN(2) == 0 {
			os.RemoveAll(filepath.Join(dir, "runs/faults/report"))
		}
		ctx, cancel := context.WithTimeout(context.Background(), time.Duration(c.rng.Float64()*float64(took)))
		var out bytes.Buffer
		c.start(ctx, dir, &out, "report", "faults.yaml").Wait()
		cancel()
	}
	if !reflect.DeepEqual(report(), want) {
		c.t.Fatalf("the report differs after %d kills", n)
	}
	c.t.Logf("killed fig5 report -9 %d times", n)
}

var deleteAdvice = regexp.MustCompile(`delete (\S+)`)

// damages flips bits of a file of an unfinished sweep, cuts it or fills it with zeros, n
// times. The file is named by verify, unless nothing that is read of it has changed; run
// mends the sweep or says what is to be deleted.
func (c *campaign) damages(half string, n int) {
	var files []string
	for _, pattern := range []string{"*/run.json", "*/curve.csv", "*/floor.csv", "*/checkpoint*.npz", "pretrain/*/run.json", "pretrain/*/checkpoint*.npz"} {
		found, err := filepath.Glob(filepath.Join(half, "runs/faults", pattern))
		if err != nil {
			c.t.Fatal(err)
		}
		files = append(files, found...)
	}
	if len(files) < 4 {
		c.t.Fatalf("the sweep that was killed has only %v", files)
	}
	hits := map[string]int{}
	for range n {
		dir := c.copy(half)
		name, _ := filepath.Rel(half, files[c.rng.IntN(len(files))])
		path := filepath.Join(dir, name)
		before := read(path)
		how := c.damage(path)
		did := fmt.Sprintf("%s %s", name, how)
		if out, code := c.fig5(dir, "runs", "verify", "runs"); code == 0 || !strings.Contains(out, name) {
			if !reflect.DeepEqual(read(path), before) && !strings.HasSuffix(name, ".csv") { // rows behind the last checkpoint
				c.t.Fatalf("%s: not noticed:\n%s", did, out)
			}
			hits["without effect"]++
		}
		out, code := c.fig5(dir, sweepArgs...)
		if code == 0 {
			if strings.Contains(out, "set aside") {
				hits["set aside"]++
			}
		} else {
			m := deleteAdvice.FindStringSubmatch(out)
			if m == nil || !strings.Contains(out, name) {
				c.t.Fatalf("%s: exit code %d:\n%s", did, code, out)
			}
			hits["refused"]++
			os.RemoveAll(filepath.Join(dir, m[1]))
		}
		if out, code := c.fig5(dir, "runs", "verify", "runs"); code != 0 { // what run had no need of
			if !strings.Contains(out, name) || !strings.Contains(out, "delete their folders") {
				c.t.Fatalf("%s: exit code %d:\n%s", did, code, out)
			}
			hits["named by verify alone"]++
			os.RemoveAll(filepath.Dir(path))
		}
		c.mustEqual(dir, did)
	}
	c.t.Logf("damaged %d files: %s", n, counts(hits))
}

// read is what a manifest or a checkpoint holds, nil where it is damaged.
func read(path string) any {
	if filepath.Base(path) == "run.json" {
		r, _ := record.Dir(filepath.Dir(path)).Load()
		return r
	}
	c, _ := record.LoadCheckpoint(path)
	return c
}

func (c *campaign) damage(path string) (how string) {
	b, err := os.ReadFile(path)
	if err != nil || len(b) == 0 {
		c.t.Fatal(path, err)
	}
	at := c.rng.IntN(len(b))
	switch c.rng.IntN(4) {
	case 0:
		b, how = b[:at], fmt.Sprintf("cut after %d of %d bytes", at, len(b))
	case 1:
		end := min(at+1+c.rng.IntN(4096), len(b))
		clear(b[at:end])
		how = fmt.Sprintf("zero from byte %d to %d of %d", at, end, len(b))
	default:
		for range 1 + c.rng.IntN(3) {
			bit := 1 << c.rng.IntN(8)
			b[at] ^= byte(bit)
			how += fmt.Sprintf("byte %d of %d ^ %#x ", at, len(b), bit)
			at = c.rng.IntN(len(b))
		}
	}
	if err := os.WriteFile(path, b, 0o644); err != nil {
		c.t.Fatal(err)
	}
	return how
}
