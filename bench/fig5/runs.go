package main

import (
	"errors"
	"fmt"
	"maps"
	"math"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"fig5/bench/record"
	"fig5/bench/sweep"
)

func newRunsCmd(e *env) *cobra.Command {
	c := &cobra.Command{
		Use:   "runs",
		Short: "What was trained: list runs, show one, verify their files",
		Args:  knownCommand,
		RunE:  func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddCommand(newRunsLsCmd(e), newRunsShowCmd(e), newRunsVerifyCmd(e))
	return c
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

// runLine is one run in the list.
type runLine struct {
	Path        string       `json:"path"`
	ID          string       `json:"id"`
	State       record.State `json:"state"`
	Busy        bool         `json:"busy"`   // a process works on it
	Queued      bool         `json:"queued"` // it waits in Slurm's queue
	Pretraining bool         `json:"pretraining"`
	K           int          `json:"k"`
	Baseline    string       `json:"baseline"`
	Seed        int          `json:"seed"`
	Schedule    string       `json:"schedule"`
	Protocol    string       `json:"protocol"`
	Step        int64        `json:"step"`
	Iterations  int          `json:"iterations"`
	Seconds     float64      `json:"seconds"`
	Started     *time.Time   `json:"started"`
	Finished    *time.Time   `json:"finished"`
	Message     string       `json:"message"`
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
			lines := make([]runLine, 0, len(dirs))
			unread := 0
			queued := e.queued(dirs)
			for _, d := range dirs {
				r, err := d.Load()
				if err != nil {
					unread++
					fmt.Fprintln(e.err, "fig5:", oneLine(err))
					continue
				}
				busy, err := d.Busy()
				if err != nil {
					return err
				}
				line := newRunLine(d, r, busy)
				line.Queued = queued[d] && !busy && !r.Ended()
				lines = append(lines, line)
			}
			err = e.write(map[string]any{"runs": lines}, func() string { return runsText(lines) })
			if err == nil && unread > 0 {
				err = fmt.Errorf("%d of %d manifests cannot be read", unread, len(dirs))
			}
			return err
		},
	}
	e.jsonFlag(c)
	return c
}

func newRunLine(d record.Dir, r *record.Run, busy bool) runLine {
	c := r.Cell
	return runLine{
		Path: string(d), ID: c.ID, State: r.State, Busy: busy, Pretraining: r.Pretraining,
		K: c.K, Baseline: c.Baseline, Seed: c.Seed, Schedule: c.Schedule, Protocol: c.Protocol,
		Step: r.Step, Iterations: c.Iterations, Seconds: r.Seconds,
		Started: timeOrNil(r.Started), Finished: timeOrNil(r.Finished), Message: r.Message,
	}
}

// queued are those of the runs that wait in the queue of a cluster.
func (e *env) queued(dirs []record.Dir) map[record.Dir]bool {
	all, seen := map[record.Dir]bool{}, map[record.Sweep]bool{}
	for _, d := range dirs {
		s := d.Sweep() // of a cell: each sweep has one
		if seen[s] {
			continue
		}
		seen[s] = true
		waiting, err := sweep.Queued(s)
		if err != nil {
			fmt.Fprintf(e.err, "fig5: warning: %s: what is queued is not known: %s\n", s, oneLine(err))
		}
		maps.Copy(all, waiting)
	}
	return all
}

func timeOrNil(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

// state is what is said of the run: that it is running only while it is.
func (l runLine) state() string {
	if l.Queued {
		return "queued"
	}
	if l.State == record.Running && !l.Busy {
		return "stopped"
	}
	return string(l.State)
}

func runsText(lines []runLine) string {
	counts := map[string]int{}
	t := columns("RUN", "STATE", "ITERATIONS", "TIME", "FINISHED")
	for _, l := range lines {
		counts[l.state()]++
		iterations := fmt.Sprint(l.Iterations)
		if l.Step < int64(l.Iterations) {
			iterations = fmt.Sprintf("%d of %d", l.Step, l.Iterations)
		}
		finished := "-"
		if l.Finished != nil {
			finished = l.Finished.Local().Format("2006-01-02 15:04")
		}
		t.row(l.Path, l.state(), iterations, sweep.Duration(seconds(l.Seconds)), finished)
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
