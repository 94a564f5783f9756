package main

import (
	"fmt"
	"io"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"fig5/bench/record"
)

// How a run was found by fig5 runs verify.
const (
	whole      = "whole"
	unfinished = "unfinished" // what is there is whole
	damaged    = "damaged"
	unmeasured = "unmeasured" // whole, but its analysis does not fit its curve
)

// verifiedRun is one run as fig5 runs verify found it.
type verifiedRun struct {
	Path     string       `json:"path"`
	ID       string       `json:"id"`
	State    record.State `json:"state"`
	Verdict  string       `json:"verdict"` // whole, unfinished, damaged or unmeasured
	Problems []string     `json:"problems"`
	Measured measured     `json:"measured"`
}

func newRunsVerifyCmd(e *env) *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use:   "verify PATH...",
		Short: "Verify that the files of runs are whole and their amplitudes recompute",
		Long: `Verify reads every file of the runs at PATH, a folder at any depth, and below: the manifest
and its fingerprint, the checksums of curve.csv and floor.csv, their rows, the checkpoint
and its checksum; and computes the amplitude again. A damaged run is exit code 1, and so is
one whose analysis does not fit its curve; one that has not ended is none, if what is there
is whole.`,
		Example: `  fig5 runs verify runs/fig5
  fig5 runs verify runs/fig5/warm-s13 --json`,
		Args:              cobra.MinimumNArgs(1),
		ValidArgsFunction: runPaths,
		RunE: func(_ *cobra.Command, args []string) error {
			dirs, err := findRuns(e, args)
			if err != nil {
				return err
			}
			counts := map[string]int{}
			runs := make([]verifiedRun, 0, len(dirs))
			for _, d := range dirs {
				v := verifyRun(d)
				counts[v.Verdict]++
				runs = append(runs, v)
			}
			if asJSON {
				err = e.writeJSON(map[string]any{"runs": runs, whole: counts[whole], unfinished: counts[unfinished], damaged: counts[damaged], unmeasured: counts[unmeasured]})
			} else {
				err = writeVerified(e.out, runs, counts)
			}
			if err == nil && counts[damaged] == 0 && counts[unmeasured] > 0 {
				err = fmt.Errorf("%d of %d runs are whole but cannot be measured; `fig5 analyze --set analysis...` can measure them in another way", counts[unmeasured], len(runs))
			}
			if err == nil && counts[damaged] > 0 {
				err = fmt.Errorf("%d of %d runs are damaged; delete their folders and run again", counts[damaged], len(runs))
			}
			return err
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "write JSON")
	return c
}

func verifyRun(d record.Dir) verifiedRun {
	v := verifiedRun{Path: string(d), Verdict: whole, Problems: []string{}}
	r, err := d.Load()
	if err != nil {
		v.Verdict, v.Problems = damaged, []string{oneLine(err)}
		return v
	}
	v.ID, v.State = r.Cell.ID, r.State
	for _, err := range d.Verify(r) {
		v.Problems = append(v.Problems, oneLine(err))
	}
	switch {
	case len(v.Problems) > 0:
		v.Verdict = damaged
	case !r.Ended():
		v.Verdict = unfinished
	default:
		if v.Measured, err = measureRun(d, r); err != nil {
			v.Verdict, v.Problems = unmeasured, []string{oneLine(err)}
		}
	}
	return v
}

func writeVerified(out io.Writer, runs []verifiedRun, counts map[string]int) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "RUN\tVERDICT\tAMPLITUDE\tFLOOR")
	for _, v := range runs {
		amplitude, floor := "-", "-"
		if m := v.Measured; m.Curve != nil && m.Floor != nil {
			amplitude, floor = fmt.Sprintf("%.6g", m.Curve.Amplitude.MaxToMin), fmt.Sprintf("%.6g", m.Floor.Amplitude.MaxToMin)
			if !m.Curve.Window.Complete {
				amplitude += " (window not complete)"
			}
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", v.Path, v.Verdict, amplitude, floor)
	}
	if err := w.Flush(); err != nil {
		return err
	}
	for _, v := range runs {
		for _, problem := range v.Problems {
			if _, err := fmt.Fprintln(out, problem); err != nil {
				return err
			}
		}
	}
	text := fmt.Sprintf("%d runs: %d whole, %d unfinished, %d damaged", len(runs), counts[whole], counts[unfinished], counts[damaged])
	if counts[unmeasured] > 0 {
		text += fmt.Sprintf(", %d unmeasured", counts[unmeasured])
	}
	_, err := fmt.Fprintln(out, text)
	return err
}
