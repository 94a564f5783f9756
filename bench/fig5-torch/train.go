//go:build cgo

package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"fig5/bench/gan"
	"fig5/bench/record"
	"fig5/bench/sweep/protocol"
)

func newTrain(in io.Reader, out io.Writer) *cobra.Command {
	var parent bool
	c := &cobra.Command{
		Use:   "train RUN_DIR",
		Short: "Train the cell or pretraining that RUN_DIR/run.json describes",
		Long: `Train the cell or pretraining that RUN_DIR/run.json describes, from its checkpoint
if it has one. Progress goes to stdout, a JSON object a line: start, progress
(every second or so), done, error. SIGINT and SIGTERM write a checkpoint and end
with exit code 3; run it again to go on.`,
		Example: "  fig5-torch train runs/fig5/warm-s00",
		Args:    cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			ctx := c.Context()
			if parent {
				ctx = untilEOF(ctx, in)
			}
			return train(ctx, record.Dir(args[0]), json.NewEncoder(out))
		},
	}
	c.Flags().BoolVar(&parent, "parent", false, "stop when stdin ends, as it does when the fig5 that holds it dies")
	return c
}

// untilEOF is a context that also ends with the input.
func untilEOF(ctx context.Context, in io.Reader) context.Context {
	ctx, cancel := context.WithCancel(ctx)
	go func() {
		io.Copy(io.Discard, in)
		cancel()
	}()
	return ctx
}

func train(ctx context.Context, dir record.Dir, out *json.Encoder) error {
	if _, err := dir.Load(); err != nil { // before Lock, which makes the folder
		if errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("%s: no such file; `fig5 run` makes it", dir.RunJSON())
		}
		return err
	}
	lock, err := dir.Lock(ctx)
	if err != nil {
		if ctx.Err() != nil {
			return gan.ErrStopped
		}
		return err
	}
	defer lock.Unlock()
	r, err := dir.Load()
	if err != nil {
		return err
	}
	began, told := time.Now(), time.Time{}
	out.Encode(protocol.Event{Event: protocol.Start, Cell: r.Cell.ID, Step: &r.Step, Total: int64(r.Cell.Iterations)})
	err = gan.Run(ctx, dir, func(p gan.Progress) {
		if p.Warning != "" {
			out.Encode(protocol.Event{Event: protocol.Warning, Cell: r.Cell.ID, Message: p.Warning})
			return
		}
		if time.Since(told) < time.Second {
			return
		}
		told = time.Now()
		e := protocol.Event{Event: protocol.Progress, Step: &p.Step, Total: p.Total, Rate: p.Rate}
		if !math.IsNaN(p.FID) {
			e.FID = &p.FID
		}
		out.Encode(e)
	})
	var bad gan.InputError
	if errors.Is(err, gan.ErrStopped) || errors.As(err, &bad) {
		return err
	}
	if err != nil {
		message := strings.Join(strings.Fields(err.Error()), " ")
		out.Encode(protocol.Event{Event: protocol.Error, Cell: r.Cell.ID, Message: message})
		return failure{errors.Join(err, fail(dir, message))}
	}
	if r, err = dir.Load(); err != nil {
		return failure{err}
	}
	out.Encode(protocol.Event{Event: protocol.Done, Cell: r.Cell.ID, State: r.State, Seconds: time.Since(began).Seconds(), Message: r.Message})
	return nil
}

// fail notes in the manifest why the run failed.
func fail(dir record.Dir, message string) error {
	r, err := dir.Load()
	if err != nil {
		return err
	}
	r.State, r.Message = record.Failed, message
	return dir.Save(r)
}
