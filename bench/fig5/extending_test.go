package main

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// docs/extending.md: its files and lines are laid over the repository, the programs are
// built with them, and what its commands print begins as it says.
func TestExtending(t *testing.T) {
	t.Parallel()
	root, err := filepath.Abs(repository)
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(root, "docs", "extending.md"))
	if err != nil {
		t.Fatal(err)
	}
	found, err := blocks(string(text))
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	overlay := struct{ Replace map[string]string }{map[string]string{}}
	lay := func(name, content string) { // over the file of that name
		path := filepath.Join(dir, strings.ReplaceAll(name, "/", "-"))
		if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
		overlay.Replace[filepath.Join(root, name)] = path
	}
	var commands []command
	for _, b := range found {
		name, rest := b.lines[0], b.lines[1:]
		body := strings.Join(rest, "\n") + "\n"
		switch b.lang {
		case "go":
			lay(strings.TrimPrefix(name, "// "), body)
		case "yaml":
			lay(strings.TrimPrefix(name, "# "), body)
		case "diff":
			name = strings.TrimPrefix(name, "--- ")
			old, err := os.ReadFile(filepath.Join(root, name))
			if err != nil {
				t.Fatal(err)
			}
			before, after := "", ""
			for _, l := range rest {
				if l[0] != '+' {
					before += l[1:] + "\n"
				}
				if l[0] != '-' {
					after += l[1:] + "\n"
				}
			}
			if strings.Count(string(old), before) != 1 {
				t.Fatalf("%d: %s does not have the lines\n%s", b.line, name, before)
			}
			lay(name, strings.Replace(string(old), before, after, 1))
		default:
			commands = append(commands, b.commands()...)
		}
	}
	list, err := json.Marshal(overlay)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "overlay.json"), list, 0o644); err != nil {
		t.Fatal(err)
	}
	build := func(program string, cgo string) {
		t.Helper()
		c := exec.CommandContext(t.Context(), "go", "build", "-overlay", filepath.Join(dir, "overlay.json"), "-o", dir, "./bench/"+program)
		c.Dir, c.Env = root, append(os.Environ(), "CGO_ENABLED="+cgo)
		if out, err := c.CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
	}
	build("fig5", "0")
	libtorch := strings.Contains(os.Getenv("CGO_LDFLAGS"), "torch") // as scripts/libtorch.sh sets it
	if libtorch {
		build("fig5-torch", "1")
	}
	if len(commands) != 4 {
		t.Errorf("%d commands", len(commands))
	}
	for _, c := range commands {
		if strings.Contains(c.text, "--features") && !libtorch {
			t.Logf("%s: not run without libtorch", c.text)
			continue
		}
		words := strings.Fields(c.text)
		for i, w := range words { // a config of the page, as any file
			if path, ok := overlay.Replace[filepath.Join(root, w)]; ok {
				words[i] = path
			}
		}
		run := exec.CommandContext(t.Context(), filepath.Join(dir, words[0]), words[1:]...)
		run.Dir, run.Env = root, append(os.Environ(), "FIG5_TORCH="+filepath.Join(dir, "fig5-torch"), "XDG_CACHE_HOME="+dir)
		var out, errOut bytes.Buffer
		run.Stdout, run.Stderr = &out, &errOut
		if err := run.Run(); err != nil {
			t.Errorf("%s: %v\n%s", c.text, err, errOut.String())
		} else if have := out.String(); !strings.HasPrefix(have, strings.TrimSpace(c.want)) {
			t.Errorf("%d: `%s` prints\n%s\nthe page says\n%s", c.line, c.text, have, c.want)
		}
	}
}
