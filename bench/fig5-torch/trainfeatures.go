//go:build cgo

package main

import (
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"fig5/bench/data"
	"fig5/fid/features"
)

// Faces that a network is trained on, and tested on, by their numbers: none of them is in
// a data set, which has the first million at most.
const (
	trainedFrom, trained = 1_000_000, 40_000
	testedFrom, tested   = 2_000_000, 10_000
)

func newTrainFeatures(out io.Writer) *cobra.Command {
	var dir, to string
	var epochs int
	c := &cobra.Command{
		Use:   "train-features digits|faces",
		Short: "Train the network of the features lenet or faces and test it",
		Long: `Train-features trains a LeNet and prints what share of other images it tells: digits is
that of the features lenet, trained on MNIST's 60,000 images and tested on its 10,000 others;
faces is that of the features faces, trained to tell the attributes of 40,000 drawn faces and
tested on 10,000 others. The result is the same on every run with the same instruction set
(docs/features.md).`,
		Example: "  fig5-torch train-features digits --data data/mnist -o fid/features/lenet.npz\n" +
			"  fig5-torch train-features faces -o fid/features/faces.npz",
		Args:      cobra.MatchAll(cobra.ExactArgs(1), cobra.OnlyValidArgs),
		ValidArgs: []string{"digits", "faces"},
		RunE: func(c *cobra.Command, args []string) error {
			design, recipe, heads := features.Digits, features.DigitsRecipe, []string{"digit"}
			images := func(part string, _, _ int) (*data.Set, []byte, error) { return data.Digits(dir, part) }
			if args[0] == "faces" {
				design, recipe, heads = features.Drawn, features.DrawnRecipe, nil
				images = func(_ string, first, count int) (*data.Set, []byte, error) { return data.Faces(first, count, 32) }
				for i, a := range data.FaceAttributes {
					heads = append(heads, a.Name)
					if i >= len(design.Heads) || design.Heads[i] != len(a.Values) {
						return failure{fmt.Errorf("the network has no head for the %d values of %s", len(a.Values), a.Name)}
					}
				}
			}
			if epochs > 0 {
				recipe.Epochs = epochs
			}
			train, trainLabels, err := images("train", trainedFrom, trained)
			if err != nil {
				return err
			}
			test, testLabels, err := images("t10k", testedFrom, tested)
			if err != nil {
				return err
			}
			l, err := features.TrainLeNet(c.Context(), design, features.Labelled{X: train.X, Y: trainLabels}, recipe, func(epoch int, loss float64) {
				fmt.Fprintf(out, "epoch %d of %d: loss %.4f\n", epoch, recipe.Epochs, loss)
			})
			if err != nil {
				return failure{err}
			}
			accuracy, err := l.Accuracy(features.Labelled{X: test.X, Y: testLabels})
			if err != nil {
				return failure{err}
			}
			for i, share := range accuracy {
				fmt.Fprintf(out, "accuracy of %s on %d other images: %.2f %%\n", heads[i], len(testLabels)/len(heads), 100*share)
			}
			if err := l.Write(to); err != nil {
				return failure{err}
			}
			fmt.Fprintln(out, to)
			return nil
		},
	}
	c.Flags().StringVar(&dir, "data", "data/mnist", "the `DIR` of MNIST's four files, for digits")
	c.Flags().StringVarP(&to, "out", "o", "", "the `FILE` to write")
	c.Flags().IntVar(&epochs, "epochs", 0, "passes over the images (default: as the built-in network had)")
	c.MarkFlagRequired("out")
	return c
}
