package main

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"fig5/bench/record"
	"fig5/bench/sweep"
)

func newRunsCmd(e *env) *cobra.Command {
	return group("runs", "What was trained: list runs, show one, verify their files", newRunsLsCmd(e), newRunsShowCmd(e), newRunsVerifyCmd(e))
}

// findRuns is the run folders at the paths given and below, each once.
func findRuns(e *env, paths []string) ([]record.Dir, error) {
	if len(e.sets) > 0 {
		return nil, badInput(errors.New("--set: a run keeps the config that it was trained with; `fig5 analyze --set analysis.key=value` measures it otherwise"))
	}
	var dirs []record.Dir
	seen := map[record.Dir]bool{}
	for _, path := range paths {
		found, err := record.Find(path)
		if err != nil {
			return nil, badInput(err)
		}
		for _, d := range found {
			if !seen[d] {
				seen[d] = true
				dirs = append(dirs, d)
			}
		}
	}
	return dirs, nil
}

func newRunsLsCmd(e *env) *cobra.Command {
	c := &cobra.Command{
		Use:   "ls [PATH...]",
		Short: "List the runs at PATH and below (default: runs)",
		Long: `Ls lists the run folders at PATH, a folder at any depth, and below, with the state of each:

  done       trained to its end
  diverged   a loss, a parameter or the FID was not finite: a result
  running    a process works on it
  queued     it waits in Slurm's queue for a task of its own
  stopped    nobody does; the next fig5 run goes on from its last checkpoint
  failed     its message says why; the next fig5 run tries again`,
		Example: `  fig5 runs ls
  fig5 runs ls runs/fig5 --json`,
		RunE: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				args = []string{"runs"}
			}
			dirs, err := findRuns(e, args)
			if err != nil {
				return err
			}
			runs, unread, notKnown, err := sweep.List(dirs)
			if err != nil {
				return err
			}
			e.warn("", notKnown...)
			for _, err := range unread {
				e.note(oneLine(err))
			}
			err = e.write(map[string]any{"runs": runs}, func() string { return runsText(runs) })
			if err == nil && len(unread) > 0 {
				err = fmt.Errorf("%d of %d manifests cannot be read", len(unread), len(dirs))
			}
			return err
		},
	}
	e.jsonFlag(c)
	return c
}

func runsText(lines []sweep.Listed) string {
	counts := map[string]int{}
	t := columns("RUN", "STATE", "ITERATIONS", "TIME", "FINISHED")
	for _, l := range lines {
		counts[l.Now()]++
		iterations := fmt.Sprint(l.Iterations)
		if l.Step < int64(l.Iterations) {
			iterations = fmt.Sprintf("%d of %d", l.Step, l.Iterations)
		}
		finished := "-"
		if l.Finished != nil {
			finished = l.Finished.Local().Format("2006-01-02 15:04")
		}
		t.row(l.Path, l.Now(), iterations, sweep.Duration(seconds(l.Seconds)), finished)
	}
	text := t.text()
	for _, l := range lines {
		if l.Message != "" {
			text += l.Path + ": " + l.Message + "\n"
		}
	}
	var parts []string
	for _, state := range []string{"done", "diverged", "running", "queued", "stopped", "failed"} {
		if n := counts[state]; n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, state))
		}
	}
	return text + fmt.Sprintf("%d runs: %s\n", len(lines), strings.Join(parts, ", "))
}

func seconds(s float64) time.Duration {
	return time.Duration(math.Min(s, 1e9) * float64(time.Second))
}

// runPaths completes arguments that are run folders.
func runPaths(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	return nil, cobra.ShellCompDirectiveFilterDirs
}
