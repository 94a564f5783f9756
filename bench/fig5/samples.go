package main

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"

	"github.com/spf13/cobra"

	"fig5/bench/figure"
	"fig5/bench/figure/sheets"
	"fig5/bench/record"
	"fig5/fid/files"
)

func newSamplesCmd(e *env) *cobra.Command {
	var (
		out      string
		betas    []string
		together bool
	)
	c := &cobra.Command{
		Use:   "samples RUN...",
		Short: "What a generator made at each level of beta: points or a grid of images (Figures 2, 3, 4)",
		Long: `Samples draws, for each run, what its generator made at the end of each level of beta, of
the same noise at every level: images as grids, points in three dimensions as their three
projections. At most 8 levels are shown, the first and the last always; with --beta those
nearest to the β named. Real data stand beside them where they can be read, and below
images whose classes the run's features tell the share of each, counted among fid.samples
others. A folder of runs stands for all in it that have samples.

With --together, runs of points in three dimensions are drawn into one figure, a row a run,
a column a number of iterations (train.snapshots), real points blue and generated ones red.

The figures go to the report folder of the sweep, DIR/<sweep>/report/samples-<cell> as
SVG, PDF and PNG. -o names another folder or, of one run, a file by whose ending it is
one of the three. Their paths are printed.

With --json, the keys are figures, each with run, id, levels (each with level, beta,
iterations with pretraining, samples), real, files, warnings. Level is -1
for a snapshot.`,
		Example: `  fig5 samples runs/fig5/cold-s20
  fig5 samples runs/mnist/*-s00 -o figures
  fig5 samples runs/fig5/geometric-per-level200-k05-s20 --beta 0.1,1,inf -o levels.pdf`,
		Args:              cobra.MinimumNArgs(1),
		ValidArgsFunction: runPaths,
		RunE: func(c *cobra.Command, args []string) error {
			single, check := drawer(out) != nil, outputDir
			if single {
				check = outputFile
			}
			pick, err := parseBetas(betas)
			if err := cmp.Or(exclude(c, "beta", "together"), check("-o", out), err); err != nil {
				return err
			}
			dirs, err := sampledRuns(e, args)
			if err != nil {
				return err
			}
			var failed error
			write := func(paths []string, f figure.Figure) error {
				failed = writeFigures(paths, f)
				return failed
			}
			figures, err := interruptible(c.Context(), func() ([]sheets.Figure, error) {
				if together {
					return sheets.Together(dirs, out, single, write)
				}
				return sheets.Draw(c.Context(), dirs, out, single, pick, write)
			})
			for _, f := range figures {
				e.warn(f.Run, f.Warnings...)
			}
			switch {
			case err != nil && c.Context().Err() != nil, err != nil && failed != nil:
				return err
			case err != nil:
				return badInput(err)
			}
			return e.write(map[string]any{"figures": figures}, func() (text string) {
				for _, f := range figures {
					for _, path := range f.Files {
						text += path + "\n"
					}
				}
				return text
			})
		},
	}
	c.Flags().StringVarP(&out, "out", "o", "", "write to this folder, or the figure of one run to this file, `OUT`")
	c.Flags().StringSliceVar(&betas, "beta", nil, "the levels nearest to these β, as 0.1,1,5,inf")
	c.Flags().BoolVar(&together, "together", false, "one figure of all runs, at the same iterations")
	e.jsonFlag(c)
	return c
}

// parseBetas reads the levels to be shown.
func parseBetas(words []string) (betas []float64, err error) {
	for _, w := range words {
		beta, err := strconv.ParseFloat(w, 64)
		if err != nil || !(beta >= 0) {
			return nil, badInput(fmt.Errorf("--beta: %q is not a β (0 or more, or inf)", w))
		}
		betas = append(betas, beta)
	}
	return betas, nil
}

// sampledRuns is the run folders at the paths and, below folders that are no run
// themselves, those with samples.
func sampledRuns(e *env, paths []string) ([]record.Dir, error) {
	var dirs []record.Dir
	for _, path := range paths {
		found, err := findRuns(e, []string{path})
		if err != nil {
			return nil, err
		}
		if len(found) > 1 {
			n := len(found)
			found = slices.DeleteFunc(found, func(d record.Dir) bool {
				_, err := os.Stat(d.Samples())
				return err != nil
			})
			if len(found) == 0 {
				return nil, badInput(fmt.Errorf("%s: none of its %d runs has samples; fig5 run writes them at the end of each level", path, n))
			}
		}
		for _, d := range found {
			if !slices.Contains(dirs, d) {
				dirs = append(dirs, d)
			}
		}
	}
	return dirs, nil
}

// writeFigures draws to every file by its ending; three of them into a folder that it makes.
func writeFigures(paths []string, f figure.Figure) error {
	for _, path := range paths {
		b, err := drawer(path)(f)
		if err == nil && len(paths) > 1 {
			err = os.MkdirAll(filepath.Dir(path), 0o755)
		}
		if err == nil {
			err = writeOut(path, b)
		}
		if err != nil {
			return outputError(files.Error(path, err))
		}
	}
	return nil
}
