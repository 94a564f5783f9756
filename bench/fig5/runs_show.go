package main

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"fig5/bench/measure"
	"fig5/bench/record"
	"fig5/bench/sweep"
	"fig5/bench/verify"
)

// shownRun is what fig5 runs show --json writes.
type shownRun struct {
	Path     string          `json:"path"`
	Busy     bool            `json:"busy"`
	Run      *record.Run     `json:"run"` // run.json
	Measured verify.Measured `json:"measured"`
	Rows     int             `json:"rows"` // of the curve
	LastFID  *float64        `json:"last_fid"`
}

func newRunsShowCmd(e *env) *cobra.Command {
	c := &cobra.Command{
		Use:               "show RUN",
		Short:             "Show what one run was, where and when, and what it came to",
		Example:           "  fig5 runs show runs/fig5/cold-s23",
		Args:              cobra.ExactArgs(1),
		ValidArgsFunction: runPaths,
		RunE: func(_ *cobra.Command, args []string) error {
			dirs, err := findRuns(e, args)
			if err != nil {
				return err
			}
			if len(dirs) > 1 {
				return badInput(fmt.Errorf("%s: holds %d runs; name one, as `fig5 runs ls %s` lists them", args[0], len(dirs), args[0]))
			}
			e.note(measure.Notes(dirs)...)
			s, err := showRun(dirs[0])
			if err != nil {
				return err
			}
			return e.write(s, s.text)
		},
	}
	e.jsonFlag(c)
	return c
}

func showRun(d record.Dir) (s shownRun, err error) {
	s.Path = string(d)
	if s.Run, err = d.Load(); err != nil {
		return s, err
	}
	if s.Busy, err = d.Busy(); err != nil {
		return s, err
	}
	if s.Run.Ended() { // else its last row may be half written
		points, err := record.ReadCurve(d.Curve())
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return s, err
		}
		if s.Rows = len(points); s.Rows > 0 {
			s.LastFID = &points[s.Rows-1].FID
		}
	}
	s.Measured.Curve, s.Measured.Floor, err = measure.MeasureRun(d, s.Run)
	return s, err
}

func (s shownRun) text() string {
	r := s.Run
	t := columns()
	t.line("run", "%s", s.Path)
	t.line("state", "%s", strings.TrimSuffix(sweep.NewListed(record.Dir(s.Path), r, s.Busy).Now()+": "+r.Message, ": "))
	t.line("sweep", "%s, seed %d", r.Config.Name, r.Cell.Seed)
	t.line("data, model", "%s, %s", r.Config.Data.Name, r.Config.Model.Name)
	t.line("levels", "%s", levelsText(r))
	if r.Step < int64(r.Cell.Iterations) {
		t.line("iterations", "%d of %d at the last checkpoint", r.Step, r.Cell.Iterations)
	} else {
		t.line("iterations", "%d", r.Cell.Iterations)
	}
	t.line("fingerprint", "%s", r.Fingerprint)
	if !r.Started.IsZero() {
		t.line("started", "%s", r.Started.Format(time.RFC3339))
	}
	if !r.Finished.IsZero() {
		t.line("finished", "%s", r.Finished.Format(time.RFC3339))
	}
	t.line("time", "%s", sweep.Duration(seconds(r.Seconds)))
	if m := r.Machine; m.CPU != "" {
		t.line("machine", "%s, %d cores, %s/%s, %s kernels", m.CPU, m.Cores, m.OS, m.Arch, m.Kernels)
	}
	if v := r.Versions; v.Go != "" {
		t.line("versions", "%s", versionsText(v))
	}
	if s.LastFID != nil {
		t.line("curve", "%d rows, the last at FID %.4g", s.Rows, *s.LastFID)
	}
	if m := s.Measured.Curve; m != nil {
		t.line("knee", "%g by %s", m.Knee.Iteration, m.Knee.Method)
		t.line("window", "%g to %g", m.Window.From, m.Window.To)
		t.line("level", "%.4g", m.Level)
		t.row("amplitude", amplitudeText(m))
		for _, warning := range m.Warnings {
			t.row("warning", warning)
		}
	}
	if m := s.Measured.Floor; m != nil {
		t.line("floor level", "%.4g", m.Level)
		t.row("floor amplitude", amplitudeText(m))
	}
	return t.text()
}

// amplitudeText is "0.00412 max to min, 0.00087 sd, 0.0401 relative".
func amplitudeText(m *measure.Result) string {
	a := m.Amplitude
	text := fmt.Sprintf("%.4g max to min, %.4g sd", a.MaxToMin, a.SD)
	if a.Relative != nil {
		text += fmt.Sprintf(", %.4g relative", *a.Relative)
	}
	if !m.Window.Complete {
		text += " (unsettled: the window is not complete)"
	}
	return text
}

// levelsText is "pretraining 3000; 0.1: 500, 10: 500, inf: 80000".
func levelsText(r *record.Run) string {
	var parts []string
	for _, l := range r.Cell.Levels {
		parts = append(parts, fmt.Sprintf("%s: %d", strings.ToLower(strings.TrimPrefix(fmt.Sprintf("%.4g", l.Beta), "+")), l.Iterations))
	}
	text := "beta " + strings.Join(parts, ", ")
	if r.Cell.Pretrain > 0 {
		text = fmt.Sprintf("pretraining %d; %s", r.Cell.Pretrain, text)
	}
	return text
}

// versionsText is "fig5 1a2b3c4d5e6f, go1.24.1, gotch v0.9.1, libtorch 2.1.0".
func versionsText(v record.Versions) string {
	var parts []string
	for _, p := range [][2]string{{"fig5 ", v.Fig5}, {"", v.Go}, {"gotch ", v.Gotch}, {"libtorch ", v.Libtorch}} {
		if p[1] != "" {
			parts = append(parts, p[0]+p[1])
		}
	}
	return strings.Join(parts, ", ")
}
