package main

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"github.com/spf13/cobra"

	"fig5/fid"
	"fig5/fid/samples"
)

func newFIDCmd(e *env) *cobra.Command {
	var (
		features string
		asJSON   bool
	)
	c := &cobra.Command{
		Use:   "fid A B",
		Short: "Fréchet distance between two sets of samples or their statistics",
		Long: `Fid prints the Fréchet distance between A and B, ‖μA-μB‖² + tr(ΣA) + tr(ΣB) - 2 tr((ΣA^½ ΣB ΣA^½)^½),
in its two parts: the means' and the covariances'. No ridge is added; equal statistics are at
distance 0 to rounding, which may leave a tiny negative number.

A and B are each one of

  .npz with mu and sigma   statistics, as pytorch-fid writes them
  .npy                     samples, n×d or images n×h×w(×c), taken as they are
  .npz                     samples: its only array, or the one named samples, or arr_0
  IDX, IDX.gz              images (MNIST), scaled to [-1, 1]
  a folder                 of PNG and JPEG images of one size, scaled to [-1, 1]`,
		Example: `  fig5 fid generated.npy real.npz
  fig5 fid t10k-images-idx3-ubyte.gz train-images-idx3-ubyte.gz --json`,
		Args: cobra.ExactArgs(2),
		RunE: func(c *cobra.Command, args []string) error {
			switch {
			case features != "raw":
				return badInput(fmt.Errorf("--features %q: want raw, the numbers of the samples themselves", features))
			case len(e.sets) > 0:
				return badInput(errors.New("--set: fid reads no config"))
			}
			r, err := interruptible(c.Context(), func() (fidResult, error) { return fidOf(args[0], args[1]) })
			if err != nil {
				return err
			}
			for _, w := range r.Warnings {
				fmt.Fprintln(e.err, "fig5: warning:", w)
			}
			if asJSON {
				return e.writeJSON(r)
			}
			r.write(e)
			return nil
		},
	}
	c.Flags().StringVar(&features, "features", "raw", "what of each sample is compared: raw")
	c.Flags().BoolVar(&asJSON, "json", false, "write JSON")
	return c
}

// fidResult is what fig5 fid --json writes.
type fidResult struct {
	FID       float64  `json:"fid"`
	MeanTerm  float64  `json:"mean_term"`
	TraceTerm float64  `json:"trace_term"`
	Dims      int      `json:"dims"`
	N         [2]*int  `json:"n"` // null for statistics that do not tell
	Features  string   `json:"features"`
	Warnings  []string `json:"warnings"`
}

// fidOf is the distance between two files; all its errors are the input's.
func fidOf(a, b string) (fidResult, error) {
	r := fidResult{Features: "raw", Warnings: []string{}}
	sa, unitA, err := samples.Stats(a)
	if err != nil {
		return r, badInput(err)
	}
	sb, unitB, err := samples.Stats(b)
	if err != nil {
		return r, badInput(err)
	}
	if sa.Dim() != sb.Dim() {
		return r, badInput(fmt.Errorf("%s: is of dimension %d, but %s of dimension %d", b, sb.Dim(), a, sa.Dim()))
	}
	ref, err := fid.NewReference(sa, nil)
	if err != nil {
		return r, badInput(fmt.Errorf("%s: %w", a, err))
	}
	d, err := ref.Distance(sb)
	if err != nil {
		return r, badInput(fmt.Errorf("%s: %w", b, err))
	}
	r.FID, r.MeanTerm, r.TraceTerm, r.Dims = d.FID, d.MeanTerm, d.TraceTerm, sa.Dim()
	for i, s := range []fid.Stats{sa, sb} {
		if s.N > 0 {
			r.N[i] = &s.N
		}
	}
	for _, w := range ref.Warnings {
		r.Warnings = append(r.Warnings, a+": "+w)
	}
	for _, w := range d.Warnings {
		r.Warnings = append(r.Warnings, b+": "+w)
	}
	const mixed = "%s: integers taken as they are, but the pixels of %s are scaled to [-1, 1]"
	switch {
	case unitA == samples.Integers && unitB == samples.Pixels:
		r.Warnings = append(r.Warnings, fmt.Sprintf(mixed, a, b))
	case unitA == samples.Pixels && unitB == samples.Integers:
		r.Warnings = append(r.Warnings, fmt.Sprintf(mixed, b, a))
	}
	return r, nil
}

func (r fidResult) write(e *env) {
	n := [2]string{"unknown", "unknown"}
	for i, v := range r.N {
		if v != nil {
			n[i] = strconv.Itoa(*v)
		}
	}
	fmt.Fprintf(e.out, "FID         %.10g\n", r.FID)
	fmt.Fprintf(e.out, "mean term   %.10g\n", r.MeanTerm)
	fmt.Fprintf(e.out, "trace term  %.10g\n", r.TraceTerm)
	fmt.Fprintf(e.out, "dimensions  %d\n", r.Dims)
	fmt.Fprintf(e.out, "samples     %s, %s\n", n[0], n[1])
}

// interruptible is f, but an interrupt does not wait for its end.
func interruptible[T any](ctx context.Context, f func() (T, error)) (T, error) {
	type answer struct {
		v   T
		err error
	}
	done := make(chan answer, 1)
	go func() {
		v, err := f()
		done <- answer{v, err}
	}()
	select {
	case a := <-done:
		return a.v, a.err
	case <-ctx.Done():
		var none T
		return none, errors.New("interrupted")
	}
}
