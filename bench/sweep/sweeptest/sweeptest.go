// Package sweeptest is a stand-in for the worker fig5-torch in tests: it keeps to the
// worker's protocol (package protocol), trains nothing, and fails where it is told to.
package sweeptest

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"fig5/bench/record"
	"fig5/bench/rng"
	"fig5/bench/sweep/protocol"
)

// Faults is the environment variable that holds what goes wrong, and where, as
// RUN:STEP:FAULT,... with * for any run. The faults are
//
//	kill   the worker kills itself (SIGKILL) before the step
//	torn   the same, in the middle of writing a row
//	ahead  the same, between the rows of a checkpoint and the checkpoint
//	fail   it reports an error: exit code 1
//	bad    it finds its input wrong: exit code 2
//	full   its disk is full
//	panic  it panics
//	quit   it ends well without having finished
//	stall  it reports its process, as the FID -PID, and trains no further until it is told to stop
//	early  it stalls and does not listen, as one whose libraries are still being loaded
//	ctrl-c it interrupts (SIGINT) the process that started it, and then stalls
//	orphan it kills (SIGKILL) the process that started it, and then stalls
//	junk   it writes what is no JSON to its standard output
//	nan    it diverges
const Faults = "FIG5_FAKE_FAULTS"

// Once is the environment variable that names a folder in which each fault leaves a
// mark, so that it does not happen again. Unset, faults happen every time.
const Once = "FIG5_FAKE_ONCE"

// Main is the worker: its arguments are those of the process, it never returns.
func Main() {
	args := os.Args[1:]
	if len(args) > 1 && args[0] == "bench" {
		bench()
		os.Exit(0)
	}
	if len(args) == 2 && args[0] == "device" {
		fmt.Fprintf(os.Stderr, "fig5-torch: %s: the stand-in has no GPU\n", args[1])
		os.Exit(2)
	}
	parent := len(args) == 3 && args[1] == "--parent"
	if args[0] != "train" || !parent && len(args) != 2 {
		fmt.Fprintf(os.Stderr, "fake worker: arguments %q, want train [--parent] DIR\n", args)
		os.Exit(2)
	}
	ctx, cancel := signal.NotifyContext(context.Background(), syscall.SIGTERM, os.Interrupt)
	if parent {
		go func() {
			_, _ = io.Copy(io.Discard, os.Stdin)
			cancel()
		}()
	}
	w := &fake{ctx: ctx, dir: record.Dir(args[len(args)-1]), out: json.NewEncoder(os.Stdout)}
	if err := w.train(); errors.Is(err, errStopped) {
		os.Exit(protocol.ExitStopped)
	} else if err != nil {
		w.say(protocol.Event{Event: protocol.Error, Message: err.Error()})
		fmt.Fprintln(os.Stderr, "fig5-torch:", err)
		os.Exit(1)
	}
	os.Exit(0)
}

// bench answers every "go": 1000 iterations a second, an evaluation in 10 ms.
func bench() {
	fmt.Println(`{"name":"fake"}`)
	for in := bufio.NewScanner(os.Stdin); in.Scan(); {
		fmt.Println(`{"iterations":100,"seconds":0.15,"cpu_seconds":0.15,"evaluations":5,"evaluation_seconds":0.05}`)
	}
}

var errStopped = errors.New("stopped")

type fake struct {
	ctx    context.Context
	dir    record.Dir
	out    *json.Encoder
	run    *record.Run
	curve  *record.CurveWriter // nil: a pretraining
	noise  *rng.Stream
	params []float32
	step   int64
}

func (w *fake) train() error {
	lock, err := w.dir.Lock(w.ctx)
	if w.ctx.Err() != nil {
		return errStopped
	} else if err != nil {
		return err
	}
	defer lock.Unlock()
	if w.run, err = w.dir.Load(); err != nil {
		return err
	}
	if !w.run.Ended() {
		if err := w.begin(); err != nil {
			return err
		}
		if err := w.loop(); err != nil {
			return err
		}
	}
	w.say(protocol.Event{Event: protocol.Done, State: w.run.State, Seconds: w.run.Seconds})
	return nil
}

// begin goes to the last checkpoint, or to the start.
func (w *fake) begin() error {
	cell := w.run.Cell
	w.noise = rng.New(int64(cell.Seed), "fake "+cell.ID)
	w.params = []float32{1, 2, 3}
	c, warnings, err := w.dir.LastGood()
	for _, text := range warnings {
		w.say(protocol.Event{Event: protocol.Warning, Message: text})
	}
	switch {
	case err != nil:
		return err
	case c != nil:
		w.step, w.params = c.Step, c.Arrays["params"]
		if err := w.noise.UnmarshalBinary(c.Bytes["noise"]); err != nil {
			return err
		}
	default:
		c = &record.Checkpoint{}
		if cell.Pretrain > 0 {
			p, err := record.LoadCheckpoint(w.dir.Sweep().Pretrain(cell.Seed).Checkpoint())
			if err != nil {
				return err
			}
			w.params = p.Arrays["params"]
		}
	}
	if !w.run.Pretraining {
		if w.curve, err = record.OpenCurve(w.dir.Curve(), c.Rows); err != nil {
			return err
		}
	}
	if w.run.Started.IsZero() {
		w.run.Started = time.Unix(0, 0).UTC()
		w.run.Versions, w.run.Machine = record.ThisProgram(), record.ThisMachine()
	}
	w.say(protocol.Event{Event: protocol.Start, Cell: cell.ID, Step: &w.step, Total: int64(cell.Iterations)})
	return nil
}

func (w *fake) loop() error {
	total, every := int64(w.run.Cell.Iterations), int64(w.run.Config.FID.Every)
	for begin := w.step; w.step < total; w.step++ {
		if w.step > begin && w.step%int64(w.run.Config.Train.Checkpoint) == 0 {
			if err := w.save(); err != nil {
				return err
			}
		}
		if w.ctx.Err() != nil {
			return errors.Join(w.save(), errStopped)
		}
		if err := w.fault(); err != nil {
			return err
		}
		if w.run.Ended() {
			return nil
		}
		if w.curve != nil && w.step%every == 0 {
			p := w.point()
			if err := w.curve.Append(p); err != nil {
				return err
			}
			w.say(protocol.Event{Event: protocol.Progress, Step: &w.step, Total: total, FID: &p.FID, Rate: 1000})
		}
		for i := range w.params {
			w.params[i] += float32(w.noise.Float64() - 0.5)
		}
		if err := w.samples(w.step + 1); err != nil {
			return err
		}
	}
	if err := w.save(); err != nil {
		return err
	}
	if w.curve != nil {
		rows := make([]record.Point, int(w.run.Config.Analysis.Window)/int(every))
		for i := range rows {
			rows[i] = w.point()
			rows[i].Iteration = i * int(every)
		}
		if err := record.WriteCurve(w.dir.Floor(), rows); err != nil {
			return err
		}
	}
	w.run.Seconds = float64(total) / 1000
	return w.dir.Finish(w.run, record.Done, "", time.Unix(3600, 0))
}

// point is a curve that falls and then wavers.
func (w *fake) point() record.Point {
	var sum float64
	for _, p := range w.params {
		sum += float64(p)
	}
	p := record.Point{Iteration: int(w.step), Beta: w.run.Cell.BetaAt(int(w.step)), FID: sum * sum * 1e-4, DLoss: 1.38, GLoss: .69, Modes: 5}
	if w.step < int64(w.run.Cell.Iterations) { // else it is a row of the floor
		p.FID += 1 / (1 + float64(w.step))
	}
	return p
}

// samples keeps uniform noise of the level that ends with this step.
func (w *fake) samples(step int64) error {
	d := w.run.Config.Data.Shape().Len()
	if w.curve == nil {
		return nil
	}
	end := int64(0)
	for i, l := range w.run.Cell.Levels {
		if end += int64(l.Iterations); end == step {
			x := make([]float32, 30*d)
			rng.New(int64(w.run.Cell.Seed), "samples").Uniform(x)
			return record.WriteSamples(w.dir.LevelSamples(i, l.Beta), x, 30, d)
		}
	}
	return nil
}

func (w *fake) save() error {
	noise, err := w.noise.MarshalBinary()
	if err != nil {
		return err
	}
	c := &record.Checkpoint{
		Step:   w.step,
		Arrays: map[string][]float32{"params": w.params},
		Bytes:  map[string][]byte{"noise": noise},
	}
	if w.happens("ahead", w.step) {
		die()
	}
	if err := w.dir.SaveCheckpoint(c, w.run, w.curve); err != nil {
		return err
	}
	w.run.Step = w.step
	return w.dir.Save(w.run)
}

// fault does what is to go wrong at this step.
func (w *fake) fault() error {
	here := func(fault string) bool { return w.happens(fault, w.step) }
	switch {
	case here("kill"):
		die()
	case here("torn"):
		f, err := os.OpenFile(w.dir.Curve(), os.O_APPEND|os.O_WRONLY, 0)
		if err != nil {
			return err
		}
		fmt.Fprintf(f, "%d,0.1,0.12", w.step)
		die()
	case here("fail"):
		return fmt.Errorf("told to fail at step %d", w.step)
	case here("full"):
		return &fs.PathError{Op: "write", Path: w.dir.Curve(), Err: syscall.ENOSPC}
	case here("bad"):
		w.say(protocol.Event{Event: protocol.Error, Message: "data/train.gz: is not an IDX file"})
		os.Exit(protocol.ExitInput)
	case here("panic"):
		panic("told to panic")
	case here("quit"):
		os.Exit(0)
	case here("junk"):
		o := bufio.NewWriter(os.Stdout)
		fmt.Fprintf(o, "[W] a library speaks\n{\n\x00\xff\n%s\n[1,2]\nnull\n{\"event\":7}\n", strings.Repeat("x", 1<<18))
		if err := o.Flush(); err != nil {
			return err
		}
	case here("nan"):
		return w.dir.Finish(w.run, record.Diverged, fmt.Sprintf("fid is not finite at iteration %d", w.step), time.Unix(3600, 0))
	case here("early"):
		signal.Reset(syscall.SIGTERM, os.Interrupt)
		w.sayStalled()
		select {}
	case here("ctrl-c"):
		return errors.Join(syscall.Kill(os.Getppid(), syscall.SIGINT), w.stall())
	case here("orphan"):
		return errors.Join(syscall.Kill(os.Getppid(), syscall.SIGKILL), w.stall())
	case here("stall"):
		w.sayStalled()
		return w.stall()
	}
	return nil
}

func (w *fake) sayStalled() {
	pid := -float64(os.Getpid())
	w.say(protocol.Event{Event: protocol.Progress, Step: &w.step, FID: &pid})
}

// stall waits until the worker is told to stop.
func (w *fake) stall() error {
	<-w.ctx.Done()
	return errors.Join(w.save(), errStopped)
}

// happens reports whether this fault is to happen at this step, and has not yet.
func (w *fake) happens(fault string, step int64) bool {
	for _, f := range strings.Split(os.Getenv(Faults), ",") {
		parts := strings.Split(f, ":")
		if len(parts) != 3 || parts[2] != fault || parts[1] != strconv.FormatInt(step, 10) || parts[0] != "*" && parts[0] != w.run.Cell.ID {
			continue
		}
		folder := os.Getenv(Once)
		if folder == "" {
			return true
		}
		mark := filepath.Join(folder, fmt.Sprintf("%s-%d-%s", w.run.Cell.ID, step, fault))
		f, err := os.OpenFile(mark, os.O_CREATE|os.O_EXCL, 0o644)
		if err == nil {
			f.Close()
		}
		return err == nil
	}
	return false
}

// die ends the process as kill -9 does.
func die() {
	_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
	select {}
}

func (w *fake) say(e protocol.Event) {
	if err := w.out.Encode(e); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
