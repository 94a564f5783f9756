package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"text/template"

	"github.com/spf13/cobra"

	"fig5/bench/bundle"
	"fig5/bench/english"
	"fig5/bench/measure"
	"fig5/bench/sweep"
	"fig5/bench/verify"
)

// verified is what fig5 runs verify --json writes.
type verified struct {
	Runs       []verify.Run        `json:"runs"`
	Bundles    []verify.Bundle     `json:"bundles"`
	Whole      int                 `json:"whole"` // of the runs, as the following
	Unfinished int                 `json:"unfinished"`
	Damaged    int                 `json:"damaged"`
	Unmeasured int                 `json:"unmeasured"`
	Against    *measure.Comparison `json:"against,omitempty"`   // with --against
	Retrained  *verify.Retrained   `json:"retrained,omitempty"` // with --retrain
}

func newRunsVerifyCmd(e *env) *cobra.Command {
	var (
		against string
		again   int
	)
	c := &cobra.Command{
		Use:   "verify PATH...",
		Short: "Verify that runs, or a bundle of them, are whole and their amplitudes recompute",
		Long: `Verify reads every file of the runs at PATH, a folder at any depth, and below: the manifest
and its fingerprint, the checksums of curve.csv and floor.csv, their rows, the checkpoint
and its checksum; and computes the amplitude again. A damaged run is exit code 1, and so is
one whose analysis does not fit its curve; one that has not ended is none, if what is there
is whole.

A bundle (PATH is a zip that fig5 bundle wrote) is read without trusting it: names, sizes,
SHA256SUMS, every run as above, and every number that it holds is computed again from its
curves (docs/bundle.md). A file that is no zip is exit code 2.

--against holds curve.csv and floor.csv of every run against those of the same cell in
another folder of runs, byte by byte, and tells from which line on they differ.
--retrain N trains N of the whole cells again, drawn anew each time, in a folder that it
removes, and compares curve.csv and floor.csv byte by byte: what a referee would do. Runs
recorded before the eigenvalues of FID were made the same on every processor are compared
to 1e-12. What differs is exit code 1. docs/run-folder.md says which cells come out the same
on another processor or libtorch than run.json names.

--json has runs, each with path, id, state, verdict, problems and measured; the counts
whole, unfinished, damaged and unmeasured; and bundles, each with path, verdict, problems,
files, bytes, program, measure, sweeps, rows, numbers, again and unmade; with --against
also against, with dir, curves, same, differ (file, line) and missing; with --retrain
retrained, with cells (path, verdict same, within or differs, largest, file, line) and the
counts same, within and differ.`,
		Example: `  fig5 runs verify runs/fig5
  fig5 runs verify runs/fig5 --against runs/recorded/fig5
  fig5 runs verify runs/fig5 --retrain 3
  fig5 runs verify fig5.zip
  fig5 runs verify runs/fig5/cold-s23 --json`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			if err := atLeastOne(c, "retrain", again, "cells"); err != nil {
				return err
			}
			v := verified{Runs: []verify.Run{}, Bundles: []verify.Bundle{}}
			var folders []string
			for _, arg := range args {
				if info, err := os.Stat(arg); err != nil || !info.Mode().IsRegular() {
					folders = append(folders, arg)
					continue
				}
				b, runs, err := verify.CheckBundle(arg)
				if errors.Is(err, bundle.ErrNotBundle) || errors.Is(err, os.ErrPermission) {
					return badInput(err)
				}
				if err != nil {
					return err
				}
				v.Bundles = append(v.Bundles, b)
				v.Runs = append(v.Runs, runs...)
			}
			if (against != "" || again > 0) && len(folders) < len(args) {
				return badInput(errors.New("--against and --retrain: go with folders of runs, not with a bundle"))
			}
			if len(e.sets) > 0 || len(folders) > 0 {
				dirs, err := findRuns(e, folders)
				if err != nil {
					return err
				}
				e.note(measure.Notes(dirs)...)
				for _, d := range dirs {
					v.Runs = append(v.Runs, verify.CheckRun(d))
				}
				if against != "" {
					if v.Against, err = measure.Against(dirs, against); err != nil {
						return badInput(err)
					}
				}
				if again > 0 {
					if v.Retrained, err = verify.Retrain(c.Context(), v.Runs, again, e.retraining); errors.As(err, new(sweep.InputError)) {
						return badInput(err)
					} else if err != nil {
						return err
					}
				}
			}
			counts := map[string]*int{verify.Whole: &v.Whole, verify.Unfinished: &v.Unfinished, verify.Damaged: &v.Damaged, verify.Unmeasured: &v.Unmeasured}
			for _, r := range v.Runs {
				*counts[r.Verdict]++
			}
			if err := e.write(v, v.text); err != nil {
				return err
			}
			return v.err()
		},
	}
	e.jsonFlag(c)
	c.Flags().StringVar(&against, "against", "", "hold the curves against those of the same cells in this `DIR`")
	c.Flags().IntVar(&again, "retrain", 0, "train `N` random cells again and compare their curves")
	return c
}

// retraining tells that cells are trained again, and shows how that goes.
func (e *env) retraining(cells []string) (notify func(sweep.Event), end func()) {
	fmt.Fprintf(e.err, "training again: %s\n", strings.Join(cells, ", "))
	return progress(e.err)
}

// err is what is wrong on the whole: exit code 1.
func (v *verified) err() error {
	broken := 0
	for _, b := range v.Bundles {
		if b.Verdict == verify.Damaged {
			broken++
		}
	}
	switch {
	case broken > 0:
		return fmt.Errorf("%d of %d bundles are damaged, or were changed after they were made; fetch them again", broken, len(v.Bundles))
	case v.Damaged > 0:
		return fmt.Errorf("%d of %d runs are damaged; delete their folders and run again", v.Damaged, len(v.Runs))
	case v.Against != nil && v.Against.Curves == 0:
		return fmt.Errorf("%s: has none of these cells", v.Against.Dir)
	case v.Against != nil && len(v.Against.Differ) > 0:
		return fmt.Errorf("%d of %d curves are not those of %s", v.Against.Curves-v.Against.Same, v.Against.Curves, v.Against.Dir)
	case v.Retrained != nil && v.Retrained.Differ > 0:
		return fmt.Errorf("%d of %d cells came out otherwise when they were trained again", v.Retrained.Differ, len(v.Retrained.Cells))
	case v.Unmeasured > 0:
		return fmt.Errorf("%d of %d runs are whole but cannot be measured; `fig5 analyze --set analysis...` can measure them in another way", v.Unmeasured, len(v.Runs))
	}
	return nil
}

// text says what was checked, and what not.
func (v *verified) text() string {
	var b strings.Builder
	if len(v.Runs) > 0 {
		v.runsText(&b)
	}
	return b.String() + say(verifiedText, v)
}

// verifiedText is what is said below the runs.
var verifiedText = words(`{{range .Bundles}}{{range .Problems}}{{.}}
{{end}}{{if eq .Verdict "whole"}}{{.Path}}: whole
  {{.Files}} files of {{bytes .Bytes}}: names, sizes and SHA256SUMS hold
{{range .Sweeps}}  {{.Name}}: {{plural .Runs "run"}}{{with .Unfinished}}, {{len .}} of them not finished when it was bundled: {{join . ", "}}{{end}}
{{end}}  {{.Rows}} rows of curves read; every amplitude computed again
  {{len .Numbers}} files of numbers (JSON, CSV, LaTeX) agree with them
{{with .Again}}  {{len .}} other files made again: the same bytes
{{end}}{{if .Unmade}}  {{len .Unmade}} figures and texts known by their checksum alone: made by fig5 {{or .Program.Fig5 "of unknown commit"}}, which this is not
{{end}}{{end}}{{end}}{{with .Against}}{{range .Differ}}{{.File}}: {{if .Line}}differs from line {{.Line}} on{{else}}is on one side alone{{end}}
{{end}}{{with .Missing}}{{$.Against.Dir}} has not: {{join . ", "}}
{{end}}{{.Same}} of {{.Curves}} curves are byte for byte those of {{.Dir}}
{{end}}{{with .Retrained}}{{range .Cells}}{{.Path}}: trained again,
{{- if eq .Verdict "same"}} byte for byte the same
{{- else if eq .Verdict "within"}} the same to {{part .Largest}}; it was recorded before the eigenvalues were made the same on every processor, so 1e-12 is asked for
{{- else}} {{base .File}} differs from line {{.Line}} on{{with .Largest}}, by {{part .}} of a number at most{{end}}
{{- end}}
{{end}}{{end}}`, template.FuncMap{
	"base": filepath.Base, "bytes": english.Bytes, "plural": english.Plural, "join": strings.Join,
	"part": func(x *float64) string { return fmt.Sprintf("%.2g", *x) },
})

func (v *verified) runsText(b *strings.Builder) {
	t := columns("RUN", "VERDICT", "AMPLITUDE", "FLOOR")
	for _, r := range v.Runs {
		amplitude, floor := "-", "-"
		if m := r.Measured; m.Curve != nil && m.Floor != nil {
			amplitude, floor = fmt.Sprintf("%.6g", m.Curve.Amplitude.MaxToMin), fmt.Sprintf("%.6g", m.Floor.Amplitude.MaxToMin)
			if !m.Curve.Window.Complete {
				amplitude += " (unsettled)"
			}
		}
		t.row(r.Path, r.Verdict, amplitude, floor)
	}
	b.WriteString(t.text())
	for _, r := range v.Runs {
		for _, problem := range r.Problems {
			b.WriteString(problem + "\n")
		}
	}
	fmt.Fprintf(b, "%d runs: %d whole, %d unfinished, %d damaged", len(v.Runs), v.Whole, v.Unfinished, v.Damaged)
	if v.Unmeasured > 0 {
		fmt.Fprintf(b, ", %d unmeasured", v.Unmeasured)
	}
	b.WriteString("\n")
}
