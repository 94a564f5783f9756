package sheets

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"path/filepath"
	"strings"

	"fig5/bench/config"
	"fig5/bench/data"
	"fig5/bench/figure"
	"fig5/bench/figure/samples"
	"fig5/bench/record"
)

// Figure is what `fig5 samples --json` writes of a run.
type Figure struct {
	Run      string   `json:"run"`
	ID       string   `json:"id"`
	Levels   []Level  `json:"levels"` // shown
	Real     bool     `json:"real"`   // real data are shown
	Files    []string `json:"files"`
	Warnings []string `json:"warnings"`
}

type Level struct {
	Level      int `json:"level"`
	Beta       any `json:"beta"` // a number, or "inf"
	Iterations int `json:"iterations"`
	Samples    int `json:"samples"`
}

// Write writes a figure to files, each by its ending.
type Write func(paths []string, f figure.Figure) error

// Draw draws every run at the levels nearest to betas, all where there are none. The
// files are three in the folder out, in the report of the run's sweep where that is empty,
// or out alone, a single file. The figures before an error are returned.
func Draw(ctx context.Context, dirs []record.Dir, out string, single bool, betas []float64, write Write) (figures []Figure, err error) {
	if single && len(dirs) > 1 {
		return nil, fmt.Errorf("-o %s: is one file for %d runs; name a folder", out, len(dirs))
	}
	reals := map[config.Data]*data.Set{}
	writtenBy := map[string]record.Dir{}
	for _, dir := range dirs {
		if ctx.Err() != nil {
			return figures, errors.New("interrupted")
		}
		sheet, err := samples.Load(dir, betas...)
		if err != nil {
			return figures, err
		}
		var unread error
		source := sheet.Run.Config.Data
		if reals[source] == nil {
			reals[source], unread = data.Open(source)
		}
		drawing := sheet.Draw(reals[source])
		paths := filesOf(dir, out, single, drawing.Name)
		if other, ok := writtenBy[paths[0]]; ok {
			return figures, fmt.Errorf("%s: is the figure of %s and of %s; draw them into two folders", paths[0], other, dir)
		}
		writtenBy[paths[0]] = dir
		if err := write(paths, drawing); err != nil {
			return figures, err
		}
		figures = append(figures, newFigure(sheet, unread, paths))
	}
	return figures, nil
}

// Together draws all runs into one figure, whose files are the first one's.
func Together(dirs []record.Dir, out string, single bool, write Write) (figures []Figure, err error) {
	sheets, err := samples.LoadTogether(dirs)
	if err != nil {
		return nil, err
	}
	var reals []*data.Set
	for _, s := range sheets {
		real, err := data.Open(s.Run.Config.Data)
		if err != nil {
			return nil, err
		}
		reals = append(reals, real)
	}
	drawing, err := samples.DrawTogether(sheets, reals)
	if err != nil {
		return nil, err
	}
	paths := filesOf(dirs[0], out, single, drawing.Name)
	if err := write(paths, drawing); err != nil {
		return nil, err
	}
	for _, s := range sheets {
		figures = append(figures, newFigure(s, nil, paths))
		paths = []string{}
	}
	return figures, nil
}

// filesOf is where a run's figure goes: out where that is a file, else three files in
// the folder out or in the report of its sweep.
func filesOf(dir record.Dir, out string, single bool, name string) []string {
	if single {
		return []string{out}
	}
	at := filepath.Join(cmp.Or(out, dir.Sweep().Report()), name)
	return []string{at + ".svg", at + ".pdf", at + ".png"}
}

// newFigure is what is told of a run that was drawn, real being why the real data
// are not shown.
func newFigure(s *samples.Sheet, real error, files []string) Figure {
	f := Figure{
		Run: string(s.Dir), ID: s.Run.Cell.ID, Real: real == nil, Files: files,
		Warnings: append([]string{}, s.Warnings...),
	}
	for _, l := range s.Levels {
		level := Level{l.Index, l.Beta, l.Total, l.N}
		if math.IsInf(l.Beta, 1) {
			level.Beta = "inf"
		}
		f.Levels = append(f.Levels, level)
	}
	if real != nil {
		f.Warnings = append(f.Warnings, "drawn without the real data: "+strings.Join(strings.Fields(real.Error()), " "))
	}
	return f
}
