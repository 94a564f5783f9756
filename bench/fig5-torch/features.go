//go:build cgo

package main

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"fig5/bench/nn"
	"fig5/fid"
	"fig5/fid/features"
	"fig5/fid/features/kinds"
	"fig5/fid/samples"
)

// measured is one line on stdout of features and fid: progress or done.
type measured struct {
	Event    string          `json:"event"`
	File     string          `json:"file,omitempty"`
	Step     int             `json:"step,omitempty"` // images done
	Total    int             `json:"total,omitempty"`
	Result   *samples.Result `json:"result,omitempty"`
	Source   string          `json:"source,omitempty"` // what IN was taken for
	Warnings []string        `json:"warnings,omitempty"`
	Seconds  float64         `json:"seconds,omitempty"` // of the distance, from the statistics
}

// source is where the statistics of the features come from.
type source struct {
	name string // raw, lenet, faces or a module's file
	size int
}

func (s *source) flags(c *cobra.Command) {
	c.Flags().StringVar(&s.name, "features", features.Raw, "raw, lenet, faces, or the `FILE` of a TorchScript module")
	c.Flags().IntVar(&s.size, "size", 299, "pixels a side that images are resized to for a module; 0 = as they are")
}

func (s *source) spec() features.Spec {
	if kinds.Find(s.name).Own {
		return features.Spec{Name: s.name}
	}
	return features.Spec{Name: features.TorchScript, Path: s.name, Size: s.size}
}

// stats is the statistics of a file's features; progress goes to out every few seconds.
func (s *source) stats(ctx context.Context, path string, out *json.Encoder) (samples.Measured, error) {
	told := time.Now()
	return features.Stats(ctx, path, s.spec(), func(done, of int) {
		if time.Since(told) > 2*time.Second {
			told = time.Now()
			out.Encode(measured{Event: "progress", File: path, Step: done, Total: of})
		}
	})
}

func newFeatures(out io.Writer) *cobra.Command {
	var s source
	var to string
	c := &cobra.Command{
		Use:   "features IN",
		Short: "Mean and covariance of the features of images",
		Long: `Features computes the features of the images in IN (.npy, .npz, IDX or a folder, as
fig5 fid takes them) and writes their mean and covariance to an .npz file that fig5 fid and
pytorch-fid read. Progress goes to stdout, a JSON object a line: progress, done.`,
		Example: "  fig5-torch features generated.npy -o generated.npz --features lenet\n" +
			"  fig5-torch features images/ -o images.npz --features inception.pt",
		Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			lines := json.NewEncoder(out)
			m, err := s.stats(c.Context(), args[0], lines)
			if err != nil {
				return err
			}
			if err := fid.WriteStats(to, m.Stats); err != nil {
				return failure{err}
			}
			return lines.Encode(measured{Event: "done", File: to, Source: m.Source, Warnings: m.Warnings})
		},
	}
	s.flags(c)
	c.Flags().StringVarP(&to, "out", "o", "", "the `FILE` to write")
	c.MarkFlagRequired("out")
	return c
}

func newFID(in io.Reader, out io.Writer) *cobra.Command {
	var s source
	var parent bool
	var rounds int
	c := &cobra.Command{
		Use:   "fid A B",
		Short: "Fréchet distance by libtorch's LAPACK; fig5 fid hands over to it",
		Long: `Fid is fig5 fid with libtorch's features and LAPACK. Its result goes to stdout as JSON,
after lines of progress; seconds is what the distance took from the statistics on.`,
		Example: "  fig5-torch fid generated/ real.npz --features inception.pt",
		Args:    cobra.ExactArgs(2),
		RunE: func(c *cobra.Command, args []string) error {
			if rounds < 1 {
				return errors.New("--rounds: want 1 or more")
			}
			ctx, lines := c.Context(), json.NewEncoder(out)
			if parent {
				ctx = untilEOF(ctx, in)
			}
			known := map[string]samples.Measured{} // before the clock starts
			for _, path := range slices.Compact(slices.Clone(args)) {
				m, err := s.stats(ctx, path, lines)
				if err != nil {
					return err
				}
				known[path] = m
			}
			method := samples.Method{Features: s.name, Eigen: nn.Eigen, Singular: nn.Singular,
				Stats: func(path string) (samples.Measured, error) { return known[path], nil }}
			done := measured{Event: "done"}
			took := make([]float64, rounds)
			for i := range took {
				began := time.Now()
				r, err := samples.Distance(args[0], args[1], method)
				if err != nil {
					return err
				}
				took[i], done.Result = time.Since(began).Seconds(), &r
			}
			slices.Sort(took)
			done.Seconds = took[rounds/2]
			return lines.Encode(done)
		},
	}
	s.flags(c)
	c.Flags().BoolVar(&parent, "parent", false, "stop when stdin ends, as it does when the fig5 that holds it dies")
	c.Flags().IntVar(&rounds, "rounds", 1, "take the distance so often, and tell the median of the seconds")
	c.Flags().MarkHidden("rounds") // scripts/bench_fid.py
	return c
}
