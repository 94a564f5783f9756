//go:build cgo

package main

import (
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"fig5/bench/data"
	"fig5/fid/features"
)

func newTrainLeNet(out io.Writer) *cobra.Command {
	var dir, to string
	recipe := features.LeNetRecipe
	c := &cobra.Command{
		Use:   "train-lenet",
		Short: "Train the LeNet of the features lenet on MNIST and test it",
		Long: `Train-lenet trains the LeNet whose 84 features fid.features: lenet compares, on MNIST's
60,000 training images, and prints its accuracy on the 10,000 test images. The result is
the same on every run with the same instruction set (docs/features.md).`,
		Example: "  fig5-torch train-lenet --data data/mnist -o fid/features/lenet.npz",
		Args:    cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			train, err := labelled(dir, "train")
			if err != nil {
				return err
			}
			test, err := labelled(dir, "t10k")
			if err != nil {
				return err
			}
			l, err := features.TrainLeNet(c.Context(), train, recipe, func(epoch int, loss float64) {
				fmt.Fprintf(out, "epoch %d of %d: loss %.4f\n", epoch, recipe.Epochs, loss)
			})
			if err != nil {
				return failure{err}
			}
			defer l.Free()
			accuracy, err := l.Accuracy(test)
			if err != nil {
				return failure{err}
			}
			fmt.Fprintf(out, "accuracy on %d test images: %.2f %%\n", len(test.Y), 100*accuracy)
			if err := l.Write(to); err != nil {
				return failure{err}
			}
			fmt.Fprintln(out, to)
			return nil
		},
	}
	c.Flags().StringVar(&dir, "data", "data/mnist", "the `DIR` of MNIST's four files")
	c.Flags().StringVarP(&to, "out", "o", "lenet.npz", "the `FILE` to write")
	c.Flags().IntVar(&recipe.Epochs, "epochs", recipe.Epochs, "passes over the training images")
	return c
}

// labelled is a part of MNIST.
func labelled(dir, part string) (features.Labelled, error) {
	set, digits, err := data.Digits(dir, part)
	if err != nil {
		return features.Labelled{}, err
	}
	return features.Labelled{X: set.X, Y: digits}, nil
}
