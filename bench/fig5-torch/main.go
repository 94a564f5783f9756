//go:build cgo

// Command fig5-torch is the worker of fig5: the one program that links libtorch.
// fig5 starts one process of it for every cell; it can be run by hand as well.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime"
	"strings"
	"syscall"

	"github.com/spf13/cobra"
	"gonum.org/v1/gonum/blas/blas64"

	"fig5/bench/gan"
	"fig5/bench/nn"
	"fig5/bench/nn/kernel"
	"fig5/bench/sweep/protocol"
)

func main() {
	oneThread()
	runtime.LockOSThread() // libtorch keeps its last error per thread
	nn.FlushDenormals()
	blas64.Use(nn.BLAS{})
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// oneThread starts the program again with single-threaded libraries where nobody
// chose: they read these variables when they are loaded, before main.
func oneThread() {
	if os.Getenv("OMP_NUM_THREADS") != "" {
		return
	}
	os.Setenv("OMP_NUM_THREADS", "1")
	os.Setenv("MKL_NUM_THREADS", "1")
	if self, err := os.Executable(); err == nil {
		syscall.Exec(self, os.Args, os.Environ()) // on failure: go on as we are
	}
}

func run(ctx context.Context, args []string, in io.Reader, out, errOut io.Writer) int {
	root := &cobra.Command{
		Use:           "fig5-torch",
		Short:         "The worker of fig5: what needs libtorch, one process a cell",
		SilenceUsage:  true,
		SilenceErrors: true,
		PersistentPreRunE: func(*cobra.Command, []string) error {
			return kernel.Err()
		},
	}
	root.SetArgs(args)
	root.SetOut(out)
	root.SetErr(errOut)
	root.AddCommand(newTrain(in, out), newFeatures(out), newFID(in, out), newTrainFeatures(out), newBench(in, out), newDevice())
	err := root.ExecuteContext(ctx)
	if err == nil {
		return 0
	}
	fmt.Fprintln(errOut, "fig5-torch:", strings.Join(strings.Fields(err.Error()), " "))
	var failed failure
	switch {
	case errors.Is(err, gan.ErrStopped):
		return protocol.ExitStopped
	case errors.As(err, &failed):
		return 1
	}
	return protocol.ExitInput
}

// failure is an error in the work and not in what was asked: exit code 1.
type failure struct{ error }

func (f failure) Unwrap() error { return f.error }
