package main

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"text/template"
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
			return e.write(s, func() string { return say(shownText, s) })
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

// State is the state of the run, and why.
func (s shownRun) State() string {
	return strings.TrimSuffix(sweep.NewListed(record.Dir(s.Path), s.Run, s.Busy).Now()+": "+s.Run.Message, ": ")
}

var shownText = words(`run	{{.Path}}
state	{{.State}}
{{with .Run}}sweep	{{.Config.Name}}, seed {{.Cell.Seed}}
data, model	{{.Config.Data.Name}}, {{.Config.Model.Name}}
levels	{{with .Cell.Pretrain}}pretraining {{.}}; {{end}}beta {{range $i, $l := .Cell.Levels}}{{if $i}}, {{end}}{{beta $l.Beta}}: {{$l.Iterations}}{{end}}
iterations	{{if lt .Step .Cell.Iterations}}{{.Step}} of {{.Cell.Iterations}} at the last checkpoint{{else}}{{.Cell.Iterations}}{{end}}
fingerprint	{{.Fingerprint}}
{{if not .Started.IsZero}}started	{{time .Started}}
{{end}}{{if not .Finished.IsZero}}finished	{{time .Finished}}
{{end}}time	{{duration .Seconds}}
{{with .Machine}}{{if .CPU}}machine	{{.CPU}}, {{.Cores}} cores, {{.OS}}/{{.Arch}}, {{.Kernels}} kernels
{{end}}{{end}}{{with .Versions}}{{if .Go}}versions	{{with .Fig5}}fig5 {{.}}, {{end}}{{.Go}}{{with .Gotch}}, gotch {{.}}{{end}}{{with .Libtorch}}, libtorch {{.}}{{end}}
{{end}}{{end}}{{end}}{{with .LastFID}}curve	{{$.Rows}} rows, the last at FID {{digits .}}
{{end}}{{with .Measured.Curve}}knee	{{.Knee.Iteration}} by {{.Knee.Method}}
window	{{.Window.From}} to {{.Window.To}}
level	{{printf "%.4g" .Level}}
amplitude	{{amplitude .}}
{{range .Warnings}}warning	{{.}}
{{end}}{{end}}{{with .Measured.Floor}}floor level	{{printf "%.4g" .Level}}
floor amplitude	{{amplitude .}}
{{end}}`, template.FuncMap{
	"amplitude": amplitudeText,
	"beta":      func(b float64) string { return strings.ToLower(strings.TrimPrefix(fmt.Sprintf("%.4g", b), "+")) },
	"digits":    func(x *float64) string { return fmt.Sprintf("%.4g", *x) },
	"duration":  func(s float64) string { return sweep.Duration(seconds(s)) },
	"time":      func(t time.Time) string { return t.Format(time.RFC3339) },
})

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
