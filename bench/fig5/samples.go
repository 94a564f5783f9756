package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"

	"github.com/spf13/cobra"

	"fig5/bench/config"
	"fig5/bench/data"
	"fig5/bench/figure"
	"fig5/bench/figure/samples"
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
			if out != "" {
				check := outputDir
				if drawer(out) != nil {
					check = outputFile
				}
				if err := check("-o", out); err != nil {
					return err
				}
			}
			pick, err := parseBetas(betas)
			if err != nil {
				return err
			}
			dirs, err := sampledRuns(e, args)
			if err != nil {
				return err
			}
			figures, err := interruptible(c.Context(), func() ([]sampleFigure, error) {
				if together {
					return e.drawTogether(dirs, out)
				}
				return e.drawSamples(c.Context(), dirs, out, pick)
			})
			if err != nil {
				return err
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
	c.MarkFlagsMutuallyExclusive("beta", "together")
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

// sampleFigure is what fig5 samples --json writes of a run.
type sampleFigure struct {
	Run      string        `json:"run"`
	ID       string        `json:"id"`
	Levels   []sampleLevel `json:"levels"` // shown
	Real     bool          `json:"real"`   // real data are shown
	Files    []string      `json:"files"`
	Warnings []string      `json:"warnings"`
}

type sampleLevel struct {
	Level      int `json:"level"`
	Beta       any `json:"beta"` // a number, or "inf"
	Iterations int `json:"iterations"`
	Samples    int `json:"samples"`
}

// drawSamples draws every run and writes its files: three below the folder out, or
// out alone where it has the ending of one.
func (e *env) drawSamples(ctx context.Context, dirs []record.Dir, out string, betas []float64) ([]sampleFigure, error) {
	if drawer(out) != nil && len(dirs) > 1 {
		return nil, badInput(fmt.Errorf("-o %s: is one file for %d runs; name a folder", out, len(dirs)))
	}
	type realData struct {
		set *data.Set
		err error
	}
	reals := map[config.Data]realData{}
	writtenBy := map[string]record.Dir{}
	var figures []sampleFigure
	for _, dir := range dirs {
		if ctx.Err() != nil {
			return nil, errors.New("interrupted")
		}
		sheet, err := samples.Load(dir, betas...)
		if err != nil {
			return nil, badInput(err)
		}
		source := sheet.Run.Config.Data
		real, ok := reals[source]
		if !ok {
			real.set, real.err = data.Open(source)
			reals[source] = real
		}
		drawing := figure.Samples(sheet, real.set)
		paths := sampleFiles(dir, out, drawing.Name)
		if other, ok := writtenBy[paths[0]]; ok {
			return nil, badInput(fmt.Errorf("%s: is the figure of %s and of %s; draw them into two folders", paths[0], other, dir))
		}
		writtenBy[paths[0]] = dir
		if err := writeFigures(paths, drawing); err != nil {
			return nil, err
		}
		f := newSampleFigure(sheet, real.err, paths)
		for _, w := range f.Warnings {
			fmt.Fprintf(e.err, "fig5: warning: %s: %s\n", dir, w)
		}
		figures = append(figures, f)
	}
	return figures, nil
}

// drawTogether draws all runs into one figure.
func (e *env) drawTogether(dirs []record.Dir, out string) ([]sampleFigure, error) {
	sheets, err := samples.Together(dirs)
	if err != nil {
		return nil, badInput(err)
	}
	var reals []*data.Set
	for _, s := range sheets {
		real, err := data.Open(s.Run.Config.Data)
		if err != nil {
			return nil, badInput(err)
		}
		reals = append(reals, real)
	}
	drawing, err := figure.Together(sheets, reals)
	if err != nil {
		return nil, badInput(err)
	}
	paths := sampleFiles(dirs[0], out, drawing.Name)
	if err := writeFigures(paths, drawing); err != nil {
		return nil, err
	}
	var figures []sampleFigure
	for _, s := range sheets {
		figures = append(figures, newSampleFigure(s, nil, paths))
		paths = []string{} // the first run's
	}
	return figures, nil
}

// sampleFiles is where a run's figure goes: out where that is a file, else three files in
// the folder out or in the report of its sweep.
func sampleFiles(dir record.Dir, out, name string) []string {
	if drawer(out) != nil {
		return []string{out}
	}
	at := filepath.Join(cmp.Or(out, dir.Sweep().Report()), name)
	return []string{at + ".svg", at + ".pdf", at + ".png"}
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

// newSampleFigure is what is told of a run that was drawn, real being why the real data
// are not shown.
func newSampleFigure(s *samples.Sheet, real error, files []string) sampleFigure {
	f := sampleFigure{
		Run: string(s.Dir), ID: s.Run.Cell.ID, Real: real == nil, Files: files,
		Warnings: append([]string{}, s.Warnings...),
	}
	for _, l := range s.Levels {
		level := sampleLevel{l.Index, l.Beta, l.Total, l.N}
		if math.IsInf(l.Beta, 1) {
			level.Beta = "inf"
		}
		f.Levels = append(f.Levels, level)
	}
	if real != nil {
		f.Warnings = append(f.Warnings, "drawn without the real data: "+oneLine(real))
	}
	return f
}
