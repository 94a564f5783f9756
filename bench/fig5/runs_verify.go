package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"fig5/bench/measure"
	"fig5/bench/record"
)

// How a run was found by fig5 runs verify.
const (
	whole      = "whole"
	unfinished = "unfinished" // what is there is whole
	damaged    = "damaged"
	unmeasured = "unmeasured" // whole, but its analysis does not fit its curve
)

// verified is what fig5 runs verify --json writes.
type verified struct {
	Runs       []verifiedRun       `json:"runs"`
	Bundles    []verifiedBundle    `json:"bundles"`
	Whole      int                 `json:"whole"` // of the runs, as the following
	Unfinished int                 `json:"unfinished"`
	Damaged    int                 `json:"damaged"`
	Unmeasured int                 `json:"unmeasured"`
	Against    *measure.Comparison `json:"against,omitempty"`   // with --against
	Retrained  *retrained          `json:"retrained,omitempty"` // with --retrain
}

// verifiedRun is one run as fig5 runs verify found it.
type verifiedRun struct {
	Path     string       `json:"path"`
	ID       string       `json:"id"`
	State    record.State `json:"state"`
	Verdict  string       `json:"verdict"` // whole, unfinished, damaged or unmeasured
	Problems []string     `json:"problems"`
	Measured measured     `json:"measured"`

	pretraining bool
}

func newRunsVerifyCmd(e *env) *cobra.Command {
	var (
		asJSON  bool
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
SHA256SUMS, every run as above; then every number of its JSON, CSV and LaTeX files is
computed again from its curves and compared, and where this very program made the bundle
every other file is made again too. A file that is no zip is exit code 2.

--against holds curve.csv and floor.csv of every run against those of the same cell in
another folder of runs, byte by byte, and tells from which line on they differ. Where some
differ it is exit code 1.

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
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			return nil, cobra.ShellCompDirectiveDefault
		},
		RunE: func(c *cobra.Command, args []string) error {
			if c.Flags().Changed("retrain") && again < 1 {
				return badInput(fmt.Errorf("--retrain %d: not a number of cells (1 or more)", again))
			}
			v := verified{Runs: []verifiedRun{}, Bundles: []verifiedBundle{}}
			var folders []string
			for _, arg := range args {
				if !isBundle(arg) {
					folders = append(folders, arg)
					continue
				}
				b, runs, err := verifyBundle(arg)
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
					v.Runs = append(v.Runs, verifyRun(d))
				}
				if against != "" {
					if v.Against, err = measure.Against(dirs, against); err != nil {
						return badInput(err)
					}
				}
				if again > 0 {
					if v.Retrained, err = retrain(c.Context(), e, v.Runs, again); err != nil {
						return err
					}
				}
			}
			v.count()
			if asJSON {
				if err := e.writeJSON(v); err != nil {
					return err
				}
			} else if err := v.write(e.out); err != nil {
				return err
			}
			return v.err()
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "write JSON")
	c.Flags().StringVar(&against, "against", "", "hold the curves against those of the same cells in this `DIR`")
	c.Flags().IntVar(&again, "retrain", 0, "train `N` random cells again and compare their curves")
	return c
}

func verifyRun(d record.Dir) verifiedRun {
	v := verifiedRun{Path: string(d), Verdict: whole, Problems: []string{}}
	r, err := d.Load()
	if err != nil {
		v.Verdict, v.Problems = damaged, []string{oneLine(err)}
		return v
	}
	v.ID, v.State, v.pretraining = r.Cell.ID, r.State, r.Pretraining
	ends := lineEnds(d, r)
	for _, err := range d.Verify(r) {
		text := oneLine(err)
		if !slices.ContainsFunc(ends, func(path string) bool { return strings.HasPrefix(text, path+":") }) {
			v.Problems = append(v.Problems, text)
		}
	}
	for _, path := range ends {
		v.Problems = append(v.Problems, path+": its line ends were changed to CRLF, by git (core.autocrlf), an editor or a transfer as text; the numbers are whole: sed -i 's/\\r$//' "+path)
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

// lineEnds is the files of a run that are those it ended with but for CRLF in place of LF.
func lineEnds(d record.Dir, r *record.Run) []string {
	var changed []string
	for _, path := range []string{d.Curve(), d.Floor()} {
		want, ok := r.Files[filepath.Base(path)]
		b, err := os.ReadFile(path)
		if !ok || err != nil || int64(len(b)) == want.Bytes {
			continue
		}
		sum := sha256.Sum256(bytes.ReplaceAll(b, []byte("\r\n"), []byte("\n")))
		if hex.EncodeToString(sum[:]) == want.SHA256 {
			changed = append(changed, path)
		}
	}
	return changed
}

func (v *verified) count() {
	for _, r := range v.Runs {
		switch r.Verdict {
		case whole:
			v.Whole++
		case unfinished:
			v.Unfinished++
		case damaged:
			v.Damaged++
		case unmeasured:
			v.Unmeasured++
		}
	}
}

// err is what is wrong on the whole: exit code 1.
func (v *verified) err() error {
	broken := 0
	for _, b := range v.Bundles {
		if b.Verdict == damaged {
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

func (v *verified) write(out io.Writer) error {
	if len(v.Runs) > 0 {
		if err := v.writeRuns(out); err != nil {
			return err
		}
	}
	for _, b := range v.Bundles {
		if err := b.write(out); err != nil {
			return err
		}
	}
	if v.Against != nil {
		if err := writeAgainst(out, v.Against); err != nil {
			return err
		}
	}
	if v.Retrained != nil {
		return v.Retrained.write(out)
	}
	return nil
}

// writeAgainst says which curves differ and from where on.
func writeAgainst(out io.Writer, c *measure.Comparison) error {
	var b strings.Builder
	for _, d := range c.Differ {
		if d.Line == 0 {
			fmt.Fprintf(&b, "%s: is on one side alone\n", d.File)
		} else {
			fmt.Fprintf(&b, "%s: differs from line %d on\n", d.File, d.Line)
		}
	}
	if n := len(c.Missing); n > 0 {
		fmt.Fprintf(&b, "%s has not: %s\n", c.Dir, strings.Join(c.Missing, ", "))
	}
	fmt.Fprintf(&b, "%d of %d curves are byte for byte those of %s\n", c.Same, c.Curves, c.Dir)
	_, err := io.WriteString(out, b.String())
	return err
}

func (v *verified) writeRuns(out io.Writer) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "RUN\tVERDICT\tAMPLITUDE\tFLOOR")
	for _, r := range v.Runs {
		amplitude, floor := "-", "-"
		if m := r.Measured; m.Curve != nil && m.Floor != nil {
			amplitude, floor = fmt.Sprintf("%.6g", m.Curve.Amplitude.MaxToMin), fmt.Sprintf("%.6g", m.Floor.Amplitude.MaxToMin)
			if !m.Curve.Window.Complete {
				amplitude += " (window not complete)"
			}
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", r.Path, r.Verdict, amplitude, floor)
	}
	if err := w.Flush(); err != nil {
		return err
	}
	for _, r := range v.Runs {
		for _, problem := range r.Problems {
			if _, err := fmt.Fprintln(out, problem); err != nil {
				return err
			}
		}
	}
	text := fmt.Sprintf("%d runs: %d whole, %d unfinished, %d damaged", len(v.Runs), v.Whole, v.Unfinished, v.Damaged)
	if v.Unmeasured > 0 {
		text += fmt.Sprintf(", %d unmeasured", v.Unmeasured)
	}
	_, err := fmt.Fprintln(out, text)
	return err
}
