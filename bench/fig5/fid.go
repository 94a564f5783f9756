package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"fig5/bench/sweep/worker"
	"fig5/fid/features/kinds"
	"fig5/fid/samples"
)

func newFIDCmd(e *env) *cobra.Command {
	var features string
	var size int
	c := &cobra.Command{
		Use:   "fid A B",
		Short: "Fréchet distance between two sets of samples or their statistics",
		Long: `Fid prints the Fréchet distance between A and B, ‖μA-μB‖² + tr(ΣA) + tr(ΣB) - 2 tr((ΣA^½ ΣB ΣA^½)^½),
in its two parts: the means' and the covariances'. No ridge is added; equal statistics are at
distance 0 to rounding, which may leave a tiny negative number.

A and B are each one of

  .npz with mu and sigma   statistics, as pytorch-fid writes them
  .npy                     samples n×d, taken as they are, or images n×h×w, n×h×w×c, n×c×h×w
  .npz                     the same: its only array, or the one named samples, or arr_0
  IDX, IDX.gz              images (MNIST)
  a folder                 of images of one size: PNG, JPEG, WebP, BMP, TIFF

Images are brought to [-1, 1] by the range that the numbers of the whole array fit; what was
assumed is printed, and two files for which it differs are warned of. Pixels are those of
Pillow's convert("RGB"), which pytorch-fid, torch-fidelity and clean-fid measure.
docs/features.md has the rules.

With --features lenet (for MNIST), faces (for the drawn ones) or the file of a TorchScript module (Inception, made by
scripts/export_inception.py) the features of the images are compared; statistics are taken
as those of the same features. This, and large problems, are the worker's: fig5-torch, made by
` + "`make build`" + `.`,
		Example: `  fig5 fid generated.npy real.npz
  fig5 fid t10k-images-idx3-ubyte.gz train-images-idx3-ubyte.gz --json
  fig5 fid t10k-images-idx3-ubyte.gz train-images-idx3-ubyte.gz --features lenet
  fig5 fid generated/ real/ --features inception.pt`,
		Args: cobra.ExactArgs(2),
		RunE: func(c *cobra.Command, args []string) error {
			if len(e.sets) > 0 {
				return badInput(errors.New("--set: fid reads no config"))
			}
			if c.Flags().Changed("size") && kinds.Find(features).Own {
				return badInput(fmt.Errorf("--size: is for the images of a TorchScript module, not for --features %s", features))
			}
			r, err := interruptible(c.Context(), func() (samples.Result, error) {
				return worker.FID(c.Context(), features, size, args[0], args[1], func(file string, done, total int) {
					e.note(fmt.Sprintf("%s: %d of %d images", file, done, total))
				})
			})
			if err != nil {
				return sweepError("", err)
			}
			e.warn("", r.Warnings...)
			return e.write(r, func() string { return say(fidText, r) })
		},
	}
	c.Flags().StringVar(&features, "features", "raw", "what of each sample is compared: raw (its numbers), lenet, faces, or a TorchScript `FILE`")
	c.Flags().IntVar(&size, "size", 299, "`pixels` a side that images are resized to for a TorchScript file; 0 = as they are")
	e.jsonFlag(c)
	return c
}

var fidText = words(`FID	{{printf "%.10g" .FID}}
mean term	{{printf "%.10g" .MeanTerm}}
trace term	{{printf "%.10g" .TraceTerm}}
dimensions	{{.Dims}}
samples	{{range $i, $n := .N}}{{if $i}}, {{end}}{{with $n}}{{.}}{{else}}unknown{{end}}{{end}}
A	{{index .Source 0}}
B	{{index .Source 1}}
`, nil)

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
