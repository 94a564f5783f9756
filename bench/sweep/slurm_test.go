package sweep

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"fig5/bench/record"
)

// stubs are Slurm's commands as far as Slurm calls them: sbatch notes its arguments in
// sbatch.log and trains the tasks at once; squeue shows the file queue; a file refuse makes
// sbatch refuse that many times.
func stubs(t *testing.T) (dir string) {
	t.Helper()
	dir = t.TempDir()
	for name, text := range map[string]string{
		"scontrol": `echo "MaxArraySize            = 4"`,
		"scancel":  `echo "$@" >>` + dir + `/scancel.log`,
		"squeue":   `[ ! -e ` + dir + `/down ] || { echo "slurm_load_jobs error: Unable to contact slurm controller" >&2; exit 1; }; cat ` + dir + `/queue 2>/dev/null || true`,
		"sbatch": `
cd ` + dir + `
if [ -s refuse ]; then sed -i 1d refuse; echo "sbatch: error: QOSMaxSubmitJobPerUserLimit" >&2; exit 1; fi
echo "$*" >>sbatch.log
id=$(wc -l <sbatch.log)
while [ "${1#--}" != "$1" ]; do case $1 in --array=*) n=${1#--array=1-}; n=${n%%%*};; --output=*) log=${1#--output=};; esac; shift; done
for i in $(seq $n); do SLURM_ARRAY_JOB_ID=$id SLURM_ARRAY_TASK_ID=$i sh "$@" >>"$(echo "$log" | sed "s/%a/$i/")" 2>&1; done
echo $id`,
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("#!/bin/sh\n"+text+"\n"), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("PATH", dir+":"+os.Getenv("PATH"))
	return dir
}

// onSlurm runs with the fake worker on the stubs.
func onSlurm(runs string, limit int, notify func(Event)) Options {
	return Options{Runs: runs, Worker: os.Args[0], Notify: notify, Slurm: &Slurm{Limit: limit, Poll: 10 * time.Millisecond}}
}

func read(t *testing.T, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// wantRuns compares all files but those of the queue.
func wantRuns(t *testing.T, runs string, want map[string]string) {
	t.Helper()
	have := tree(t, runs)
	for path := range have {
		if strings.HasPrefix(path, "/tiny/slurm/") {
			delete(have, path)
		}
	}
	wantTree(t, have, want)
}

// The sweep is cut into arrays of at most three tasks, pretrainings first, the longest
// cells next; under a limit each array waits for the one before.
func TestSlurmArrays(t *testing.T) {
	bed, runs := stubs(t), t.TempDir()
	c := with(t, sweepText+"slurm: {time: 4, mem: 2G}\n", "checkpoint: 2000", "checkpoint: 2000, device: 'cuda:0'")
	r := mustRun(t, c, onSlurm(runs, 2, nil))
	if r.Done != 14 {
		t.Errorf("%+v", r)
	}
	lines := strings.Split(strings.TrimSpace(read(t, bed+"/sbatch.log")), "\n")
	sizes := []string{"1-2", "1-3", "1-3", "1-3", "1-3", "1-2"}
	if len(lines) != len(sizes) {
		t.Fatalf("%d arrays: %s", len(lines), strings.Join(lines, "\n"))
	}
	q := openQueue(record.OpenSweep(runs, "tiny"))
	for i, line := range lines {
		for _, want := range []string{"--array=" + sizes[i] + "%2 ", "--job-name=" + q.prefix + string(rune('1'+i)) + " ", "--requeue ",
			"--signal=B:TERM@60 ", "--ntasks=1 --gres=gpu:1 --mem=2G --time=4 " + runs + "/tiny/slurm/task.sh " + os.Args[0]} {
			if !strings.Contains(line, want) {
				t.Errorf("array %d: %q is not in %s", i+1, want, line)
			}
		}
		if waits := strings.Contains(line, "--dependency=afterany:") && strings.Contains(line, ":"+string(rune('0'+i))+" "); waits != (i > 0) {
			t.Errorf("array %d: %s", i+1, line)
		}
	}
	if list := read(t, runs+"/tiny/slurm/1.tasks"); list != "pretrain/0\npretrain/1\n" {
		t.Errorf("the first list: %q", list)
	}
	if list := read(t, runs+"/tiny/slurm/2.tasks"); list != "hot-s00\nhot-s01\ngeometric-per-level300-k03-s00\n" {
		t.Errorf("the second list: %q", list)
	}
	mustRun(t, c, onSlurm(runs, 2, nil)) // Slurm has forgotten all
	if n := strings.Count(read(t, bed+"/sbatch.log"), "\n"); n != 6 {
		t.Errorf("a finished sweep was queued again: %d arrays", n)
	}
}

// The files are those of this machine's executor; what Slurm refuses is offered again; a
// controller that is silent is no failure; a task that left its run unfinished is one, with
// the last words of its log.
func TestSlurmFailures(t *testing.T) {
	c := with(t, smallText)
	want := undisturbed(t, c)
	bed, runs := stubs(t), t.TempDir()
	var said []string
	notify := func(e Event) {
		said = append(said, announce(e))
		if strings.Contains(announce(e), "does not answer") {
			os.Remove(bed + "/down")
		}
		if e.Kind == Queue && strings.Contains(e.Message, "in Slurm's queue") && len(said) == 2 {
			os.WriteFile(bed+"/down", nil, 0o644)
		}
	}
	faults(t, smallCell+":700:kill", smallCold+":600:fail")
	r, err := Run(context.Background(), c, onSlurm(runs, 0, notify))
	text := strings.Join(said, "\n")
	if err != nil || len(r.Failed) != 2 || r.Done != 0 || !strings.Contains(text, "Slurm answers again") {
		t.Fatalf("%+v %v\n%s", r, err, text)
	}
	for _, f := range r.Failed {
		if w := map[string]string{smallCell: "its Slurm task is gone from the queue", smallCold: "its Slurm task is gone from the queue: told to fail at step 600"}[f.ID]; !strings.HasPrefix(f.Message, w) {
			t.Errorf("%+v, want %q", f, w)
		}
	}
	if err := os.WriteFile(bed+"/refuse", []byte("1\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	_, err = Run(context.Background(), c, onSlurm(runs, 0, nil))
	wantError(t, err, false, "sbatch: error: QOSMaxSubmitJobPerUserLimit")
	mustRun(t, c, onSlurm(runs, 0, nil))
	wantRuns(t, runs, want)
}

// Tasks that are in the queue are found by the names of their arrays, and not queued twice.
// Run leaves them to Slurm when it is told to stop; those that Slurm holds because it could
// not launch them are cancelled and queued anew.
func TestSlurmAdopts(t *testing.T) {
	c := with(t, smallText)
	bed, runs := stubs(t), t.TempDir()
	dir := filepath.Join(runs, "tiny", "slurm")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(dir+"/7.tasks", []byte("pretrain/0\n"+smallCell+"\n"+smallCold+"\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	name := openQueue(record.OpenSweep(runs, "tiny")).prefix + "7"
	queue := "12|1|PENDING|" + name + "|None\n12|2|PENDING|" + name + "|Dependency\n12|3|PENDING|" + name + "|launch failed requeued held\n99|1|RUNNING|other|None\n"
	if err := os.WriteFile(bed+"/queue", []byte(queue), 0o644); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	r, err := Run(ctx, c, onSlurm(runs, 0, func(e Event) {
		if e.Kind == Ended && e.ID == smallCold {
			cancel()
		}
	}))
	if err != nil || r.Queued != 2 || r.Done != 1 || !r.Stopped {
		t.Errorf("%+v %v", r, err)
	}
	if log := read(t, bed+"/scancel.log"); log != "12_3\n" {
		t.Errorf("cancelled: %q", log)
	}
	waiting, err := Queued(record.OpenSweep(runs, "tiny"))
	if s := record.OpenSweep(runs, "tiny"); err != nil || len(waiting) != 2 || !waiting[s.Pretrain(0)] || !waiting[s.Cell(smallCell)] {
		t.Errorf("%v %v", waiting, err)
	}
	if err := os.WriteFile(dir+"/8.tasks", []byte("../../x\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	_, err = Run(context.Background(), c, onSlurm(runs, 0, nil))
	wantError(t, err, false, dir+`/8.tasks:1: "../../x" is no run folder of this sweep; delete the file`)
}

// A look at many runs does not hold up a user who wants to stop watching: here all have
// ended before the first look.
func TestSlurmStopsLooking(t *testing.T) {
	stubs(t)
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	r, err := Run(ctx, with(t, sweepText), onSlurm(t.TempDir(), 0, func(e Event) {
		if e.Kind == Ended {
			cancel()
		}
	}))
	if err != nil || !r.Stopped || r.Done > 1 {
		t.Errorf("%+v %v", r, err)
	}
}

// The login node refuses what no task can train, and where there is no Slurm.
func TestSlurmRefuses(t *testing.T) {
	_, err := Run(context.Background(), with(t, smallText, "checkpoint: 500", "checkpoint: 500, device: 'cuda:1'"), onSlurm(t.TempDir(), 0, nil))
	wantError(t, err, true, "train.device: cuda:1: a task sees the one GPU that Slurm gives it as cuda:0; set it to that")
	t.Setenv("PATH", t.TempDir())
	_, err = Run(context.Background(), with(t, smallText), onSlurm(t.TempDir(), 0, nil))
	wantError(t, err, true, "scontrol is not on the PATH: --executor slurm wants Slurm's commands on this machine")
}
