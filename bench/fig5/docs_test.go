package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/cobra"
)

// repository is the root as seen from this package.
const repository = "../.."

// pages are README.md and docs/*.md.
func pages(t *testing.T) map[string]string {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(repository, "docs", "*.md"))
	if err != nil || len(paths) == 0 {
		t.Fatalf("%v: no pages", err)
	}
	out := map[string]string{}
	for _, path := range append(paths, filepath.Join(repository, "README.md")) {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		name, _ := filepath.Rel(repository, path)
		out[name] = string(text)
	}
	return out
}

// savedFiles are the files that the pages tell their reader to save.
func savedFiles(t *testing.T) map[string]bool {
	t.Helper()
	saved := map[string]bool{}
	for name, text := range pages(t) {
		found, err := blocks(text)
		if err != nil {
			t.Errorf("%s:%v", name, err)
		}
		for _, b := range found {
			saved[b.save] = true
		}
	}
	return saved
}

// world is a folder like a user's: the configs and pages of the repository, and data.
type world struct {
	dir string
	env []string
}

func newWorld(t *testing.T) world {
	t.Helper()
	if _, err := exec.LookPath("sh"); err != nil {
		t.Skip("no shell")
	}
	worker, err := exec.LookPath("fig5-torch") // testscript.Main put on the PATH one that only pretends
	if err != nil {
		t.Fatal(err)
	}
	w := world{t.TempDir(), append(os.Environ(), "FIG5_TORCH="+worker)}
	idx := "bench/data/testdata/idx"
	for _, c := range [][2]string{{"configs", "configs"}, {"docs", "docs"}, {"runs/recorded", "runs/recorded"}, {idx, idx}, {idx, "data/mnist"}, {idx, "data/mine"}} {
		if err := os.CopyFS(filepath.Join(w.dir, c[1]), os.DirFS(filepath.Join(repository, c[0]))); err != nil {
			t.Fatal(err)
		}
	}
	w.must(t, "rm data/mine/SHA256SUMS")
	return w
}

func (w world) must(t *testing.T, line string) {
	t.Helper()
	if _, err := w.run(t, line); err != nil {
		t.Fatal(err)
	}
}

// run types a line and returns what it printed to standard output.
func (w world) run(t *testing.T, line string) (string, error) {
	t.Helper()
	dir := w.dir
	if strings.Contains(line, "go build ") { // the repository's packages, but not into it
		dir, line = repository, strings.ReplaceAll(line, "-o bin/", "-o "+filepath.Join(w.dir, "bin")+"/")
	}
	c := exec.CommandContext(t.Context(), "sh", "-c", line)
	c.Dir, c.Env = dir, w.env
	var out, errOut bytes.Buffer
	c.Stdout, c.Stderr = &out, &errOut
	if err := c.Run(); err != nil {
		return "", fmt.Errorf("`%s`: %w: %s", line, err, strings.TrimSpace(errOut.String()))
	}
	return out.String(), nil
}

// oneSeed keeps what the pages train to a seed, which is enough to see that it does.
var oneSeed = regexp.MustCompile(`^((?:bin/)?fig5 (?:run|report|bundle) \S+\.yaml)`)

// Every command in README.md and docs works as printed, in the order of the page, and
// prints what the page says; those that take too long or need another machine carry
// <!-- not run: why -->.
func TestDocsRun(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for name, text := range pages(t) {
		found, err := blocks(text)
		if err != nil {
			t.Errorf("%s:%v", name, err)
		}
		for _, b := range found {
			if b.save != "" {
				if err := os.WriteFile(filepath.Join(w.dir, b.save), []byte(strings.Join(b.lines, "\n")), 0o644); err != nil {
					t.Errorf("%s:%d: %v", name, b.line, err)
				}
				continue
			}
			commands := b.commands()
			if b.mark != "" {
				if len(commands) == 0 {
					t.Errorf("%s:%d: `not run: %s` stands before no command", name, b.line, b.mark)
				}
				continue
			}
			for _, c := range commands {
				if !harmless.MatchString(c.text) {
					t.Errorf("%s:%d: `%s` is not a command this test runs; put <!-- not run: why --> before the block", name, c.line, c.text)
					break
				}
				have, err := w.run(t, oneSeed.ReplaceAllString(c.text, "$1 --set seeds=1"))
				if err != nil {
					t.Errorf("%s:%d: %v", name, c.line, err)
					break
				}
				if c.prints && strings.TrimSpace(have) != strings.TrimSpace(c.want) {
					t.Errorf("%s:%d: `%s` prints\n%s\nthe page says\n%s", name, c.line, c.text, have, c.want)
				}
			}
		}
	}
}

// harmless is what a test may run: nothing that fetches, installs or takes minutes.
var harmless = regexp.MustCompile(`^\(?(cd \S+ && |mkdir -p \S+ && )?((bin/)?fig5 |sha256sum |cp |CGO_ENABLED=0 go build -o bin/fig5 \./bench/fig5$)`)

// leaves are the commands that do something.
func leaves(c *cobra.Command) (out []*cobra.Command) {
	for _, sub := range c.Commands() {
		if sub.Name() == "help" || sub.Name() == "completion" {
			continue
		}
		if sub.HasSubCommands() {
			out = append(out, leaves(sub)...)
		} else {
			out = append(out, sub)
		}
	}
	return out
}

// Every verb has examples in its --help; each is a command that can be, and the first
// one works.
func TestExamples(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.must(t, "fig5 run configs/fig5.yaml --set seeds=[20,23]")
	w.must(t, "cp runs/fig5/cold-s20/samples/*.npy generated.npy && cp runs/fig5/cold-s23/samples/*.npy real.npz")
	saved := savedFiles(t)
	for _, c := range leaves(newRoot(&env{})) {
		lines := strings.Split(strings.TrimSpace(c.Example), "\n")
		if c.Example == "" {
			t.Errorf("%s --help has no example", c.CommandPath())
			continue
		}
		for i, line := range lines {
			line = strings.TrimSpace(line)
			if !strings.HasPrefix(line, c.CommandPath()+" ") && line != c.CommandPath() {
				t.Errorf("%s --help: `%s` is no example of it", c.CommandPath(), line)
				continue
			}
			if err := possible(line, saved); err != nil {
				t.Errorf("%s --help: `%s`: %v", c.CommandPath(), line, err)
			}
			if i == 0 && c.Name() != "fetch" { // which needs a network
				if _, err := w.run(t, line); err != nil {
					t.Errorf("%s --help: %v", c.CommandPath(), err)
				}
			}
		}
	}
}

// possible reports what keeps a line from being a command: a verb, flag or number of
// arguments that does not exist, or a config that neither the repository has nor a
// reader saves.
func possible(line string, saved map[string]bool) error {
	words := strings.Fields(strings.NewReplacer("'", "", `"`, "").Replace(line))
	c, rest, err := newRoot(&env{}).Find(words[1:])
	if err != nil {
		return err
	}
	if err := c.ParseFlags(rest); err != nil {
		return err
	}
	if err := c.ValidateArgs(c.Flags().Args()); err != nil {
		return err
	}
	for _, w := range words {
		if strings.HasPrefix(w, "configs/") && !saved[w] {
			if _, err := os.Stat(filepath.Join(repository, w)); err != nil {
				return fmt.Errorf("%s does not exist", w)
			}
		}
	}
	return nil
}

var (
	link      = regexp.MustCompile(`\]\(([^)#\s:]+)(#[^)]*)?\)`)
	path      = regexp.MustCompile("`((?:bench|configs|docs|scripts|fid|filters)/[^`\\s]*)`")
	generated = regexp.MustCompile(`^(RESULTS\.md|docs/figures)`) // by make results; package report has a test of them
)

// named are the files of the repository that a page links to or names.
func named(page, text string) (files []string) {
	for _, m := range link.FindAllStringSubmatch(text, -1) {
		files = append(files, filepath.Join(filepath.Dir(page), m[1]))
	}
	for _, m := range path.FindAllStringSubmatch(text, -1) {
		files = append(files, filepath.Clean(m[1]))
	}
	return files
}

var (
	span   = regexp.MustCompile("`([^`\n]+)`")
	isFlag = regexp.MustCompile(`^--?[a-z][a-z0-9-]*`)
	target = regexp.MustCompile(`(?m)^([a-z0-9-]+):`)
)

// The verbs, flags, targets of make and files that the pages and --help name exist.
func TestDocsNameWhatExists(t *testing.T) {
	makefile, err := os.ReadFile(filepath.Join(repository, "Makefile"))
	if err != nil {
		t.Fatal(err)
	}
	targets := map[string]bool{}
	for _, m := range target.FindAllStringSubmatch(string(makefile), -1) {
		targets[m[1]] = true
	}
	texts, saved := pages(t), savedFiles(t)
	for name, text := range texts {
		for _, file := range named(name, text) {
			if found, _ := filepath.Glob(filepath.Join(repository, file)); len(found) == 0 && !saved[file] && !generated.MatchString(file) {
				t.Errorf("%s: %s does not exist", name, file)
			}
		}
	}
	root := newRoot(&env{})
	for _, c := range leaves(root) {
		texts[c.CommandPath()+" --help"] = c.Long
	}
	for name, text := range texts {
		check := func(code string) {
			if err := mentions(root, targets, code); err != nil {
				t.Errorf("%s: `%s`: %v", name, code, err)
			}
		}
		for _, m := range span.FindAllStringSubmatch(text, -1) {
			check(m[1])
		}
		found, err := blocks(text)
		if err != nil {
			t.Errorf("%s:%v", name, err)
		}
		for _, b := range found {
			for _, c := range b.commands() {
				check(c.text)
			}
		}
	}
}

// mentions checks a piece of code that begins with fig5, make or a flag of fig5's; of
// others it knows nothing.
func mentions(root *cobra.Command, targets map[string]bool, code string) error {
	words := strings.Fields(code)
	switch first := strings.TrimPrefix(words[0], "bin/"); {
	case first == "make" && len(words) > 1 && !targets[words[1]]:
		return fmt.Errorf("make has no target %s", words[1])
	case first == "fig5" && len(words) > 1:
		c, words := root, words[1:]
		for ; len(words) > 0; words = words[1:] {
			i := slices.IndexFunc(c.Commands(), func(sub *cobra.Command) bool { return sub.Name() == words[0] })
			if i < 0 {
				break
			}
			c = c.Commands()[i]
		}
		if c.HasSubCommands() && len(words) > 0 && !strings.HasPrefix(words[0], "-") && !strings.Contains(words[0], "|") {
			return fmt.Errorf("%s has no command %s", c.CommandPath(), words[0])
		}
		for _, w := range words {
			if strings.HasPrefix(w, "#") {
				break
			}
			if f := isFlag.FindString(w); f != "" && !has(c, f) {
				return fmt.Errorf("%s has no flag %s", c.CommandPath(), f)
			}
		}
	case isFlag.MatchString(first) && strings.HasPrefix(first, "--"):
		if !slices.ContainsFunc(leaves(root), func(c *cobra.Command) bool { return has(c, isFlag.FindString(first)) }) {
			return fmt.Errorf("no command has it")
		}
	}
	return nil
}

// has reports whether a command has a flag, its own or inherited, as --name or -n.
func has(c *cobra.Command, flag string) bool {
	c.InitDefaultHelpFlag()
	c.InheritedFlags() // makes Flags hold them too
	if name, ok := strings.CutPrefix(flag, "--"); ok {
		return c.Flags().Lookup(name) != nil
	}
	return len(flag) == 2 && c.Flags().ShorthandLookup(flag[1:]) != nil
}
