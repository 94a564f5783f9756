package main

import (
	"errors"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"fig5/bench/bundle"
	"fig5/bench/english"
	"fig5/bench/measure"
)

func newBundleCmd(e *env) *cobra.Command {
	var (
		out string
		o   bundle.Options
	)
	c := &cobra.Command{
		Use:   "bundle CONFIG|DIR... -o X.zip",
		Short: "What a paper attaches: figures, LaTeX, curves, configs and checksums in one zip",
		Long: `Bundle measures the runs of one or more sweeps and writes a zip with the figures (PDF,
SVG, PNG), a LaTeX table (booktabs), a macro for every number (numbers.tex), comparisons,
the curves and manifests, the configs, CITATION.cff, REPRODUCE.md and SHA256SUMS; equal runs
give equal bytes. docs/bundle.md of the repository lists every file and macro.

An argument is a config, whose runs are sought in --runs, or a folder with the runs of one
or more sweeps. A sweep that is not finished is refused; --partial bundles it, and the bundle says
which runs are missing. fig5 runs verify X.zip checks a bundle on any machine.`,
		Example: `  fig5 bundle configs/fig5.yaml -o fig5.zip --partial
  fig5 bundle configs/fig5.yaml configs/mine.yaml -o paper.zip --measure relative
  fig5 bundle runs/recorded/fig5 -o fig5.zip`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			if out == "" {
				return badInput(errors.New("--output: name the bundle, as in -o fig5.zip"))
			}
			if err := errors.Join(bundle.CheckPath(out), measure.CheckAmplitude(o.Measure)); err != nil {
				return badInput(err)
			}
			var sweeps []bundle.Sweep
			for _, arg := range args {
				found, err := bundle.Find(arg, e.runs, e.sets)
				if err != nil {
					return badInput(err)
				}
				for _, s := range found {
					e.note(s.Note)
				}
				sweeps = append(sweeps, found...)
			}
			files, err := bundle.Build(sweeps, o)
			if err != nil {
				return badInput(err)
			}
			if err := bundle.Write(out, files); err != nil {
				return outputError(err)
			}
			info, err := os.Stat(out)
			if err != nil {
				return err
			}
			_, err = fmt.Fprintf(e.out, "%s: %d files, %s; `fig5 runs verify %s` checks it\n", out, len(files), english.Bytes(info.Size()), out)
			return err
		},
	}
	f := c.Flags()
	e.runsFlag(c)
	f.StringVarP(&out, "output", "o", "", "write the bundle to `X.zip`")
	measureFlag(c, &o.Measure)
	f.BoolVar(&o.Partial, "partial", false, "bundle a sweep that is not finished, and say so inside")
	return c
}
