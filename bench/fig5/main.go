// Command fig5 measures the FID oscillations of annealed GANs against the number
// of annealing steps. It is pure Go: what needs libtorch it hands to the worker
// fig5-torch, one process a cell.
package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"strings"
	"syscall"

	"github.com/spf13/cobra"

	"fig5/bench/english"
	"fig5/bench/record"
)

// env is what every verb is given.
type env struct {
	in   io.Reader
	out  io.Writer // results
	err  io.Writer // progress and warnings
	sets []string  // --set path=value, in order
	json bool      // --json, of verbs that have it
	runs string    // --runs, of verbs that have it: the folder of all runs
}

// jsonFlag gives a verb --json.
func (e *env) jsonFlag(c *cobra.Command) {
	c.Flags().BoolVar(&e.json, "json", false, "write JSON")
}

// runsFlag gives a verb --runs.
func (e *env) runsFlag(c *cobra.Command) {
	c.Flags().StringVar(&e.runs, "runs", "runs", "the `DIR` of all runs")
}

// verbs are the commands, in the order of --help.
var verbs = []func(*env) *cobra.Command{
	newPlanCmd,
	newRunCmd,
	newAnalyzeCmd,
	newReportCmd,
	newCompareCmd,
	newBundleCmd,
	newFIDCmd,
	newSamplesCmd,
	newTinyCmd,
	newRunsCmd,
	newDataCmd,
}

func main() {
	debug.SetMemoryLimit(400 << 20) // from there on the collector works harder: a report of 10,000 runs stays below 500 MB
	// The first Ctrl-C or TERM lets the verb stop cleanly; the second ends the program.
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	go func() { <-ctx.Done(); stop() }()
	os.Exit(run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

// run is the program but for the process: arguments in, exit code out
// (0 done, 1 failed, 2 wrong usage or input).
func run(ctx context.Context, args []string, in io.Reader, out, errOut io.Writer) int {
	e := &env{in: in, out: out, err: errOut}
	root := newRoot(e)
	root.SetArgs(args)
	root.SetIn(in)
	root.SetOut(out)
	root.SetErr(errOut)
	err := root.ExecuteContext(ctx)
	if err == nil {
		return 0
	}
	if msg := oneLine(err); msg != "" {
		fmt.Fprintln(errOut, "fig5:", msg)
	}
	if errors.As(err, new(inputError)) {
		return 2
	}
	return 1
}

func newRoot(e *env) *cobra.Command {
	root := &cobra.Command{
		Use:           "fig5",
		Short:         "FID oscillations of annealed GANs, as a function of the number of annealing steps",
		SilenceUsage:  true,
		SilenceErrors: true,
		Version:       version(),
		Args:          knownCommand,
		RunE:          func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	root.SetVersionTemplate("{{.Version}}\n")
	root.PersistentFlags().StringArrayVar(&e.sets, "set", nil, "override a config key: `path=value` (may be repeated)")
	root.SetFlagErrorFunc(func(c *cobra.Command, err error) error {
		return badInput(fmt.Errorf("%w; `%s --help` lists the flags", err, c.CommandPath()))
	})
	for _, newCmd := range verbs {
		c := newCmd(e)
		badArgs(c)
		root.AddCommand(c)
	}
	return root
}

// group is a verb that is others.
func group(use, short string, verbs ...*cobra.Command) *cobra.Command {
	c := &cobra.Command{Use: use, Short: short, Args: knownCommand, RunE: func(c *cobra.Command, _ []string) error { return c.Help() }}
	c.AddCommand(verbs...)
	return c
}

// version is the program's name, commit and surroundings.
func version() string {
	v, m := record.ThisProgram(), record.ThisMachine()
	return fmt.Sprintf("fig5 %s, %s, %s/%s", cmp.Or(v.Fig5, "of an unknown commit"), v.Go, m.OS, m.Arch)
}

// knownCommand refuses what is none of c's commands, and names the nearest.
func knownCommand(c *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	nearest := ""
	c.SuggestionsMinimumDistance = 2
	if like := c.SuggestionsFor(args[0]); len(like) > 0 {
		nearest = fmt.Sprintf("; did you mean %q?", like[0])
	}
	return badInput(fmt.Errorf("%q is not a command of %s%s; `%s --help` lists them", args[0], c.CommandPath(), nearest, c.CommandPath()))
}

// badArgs makes a wrong number of arguments of a command, or of one below it, a usage error.
func badArgs(c *cobra.Command) {
	if check := c.Args; check != nil {
		c.Args = func(c *cobra.Command, args []string) error {
			err := check(c, args)
			if err == nil || errors.As(err, new(inputError)) {
				return err
			}
			return badInput(fmt.Errorf("%w; usage: %s", err, c.UseLine()))
		}
	}
	for _, sub := range c.Commands() {
		badArgs(sub)
	}
}

// exclude refuses more than one of the flags.
func exclude(c *cobra.Command, flags ...string) error {
	given := 0
	for i, name := range flags {
		if c.Flags().Changed(name) {
			given++
		}
		flags[i] = "--" + name
	}
	if given > 1 {
		return badInput(fmt.Errorf("%s exclude each other", english.List(flags)))
	}
	return nil
}

// atLeastOne refuses a flag that is given with less than 1 of what it counts.
func atLeastOne(c *cobra.Command, flag string, n int, what string) error {
	if c.Flags().Changed(flag) && n < 1 {
		return badInput(fmt.Errorf("--%s %d: not a number of %s (1 or more)", flag, n, what))
	}
	return nil
}

// inputError is an error in what the user gave: exit code 2.
type inputError struct{ error }

func (e inputError) Unwrap() error { return e.error }

// badInput marks err, which may be nil, as the user's: exit code 2.
func badInput(err error) error {
	if err == nil {
		return nil
	}
	return inputError{err}
}

// oneLine is an error's message with its line breaks taken out.
func oneLine(err error) string {
	return strings.Join(strings.Fields(err.Error()), " ")
}
