package record

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fig5/bench/config"
)

// sweepText is a small sweep.
const sweepText = `name: tiny
data: {name: mixture}
model: {name: toy}
anneal: {steps: [2], baselines: [cold, hot], protocol: [{name: budget, iterations: 600}]}
train: {pretrain: 300, final: 2000, checkpoint: 500}
analysis: {window: 1000}
seeds: 2
`

// sweep is sweepText with some of its text replaced: old, new, old, new...
func sweep(t *testing.T, replace ...string) *config.Config {
	t.Helper()
	path := filepath.Join(t.TempDir(), "tiny.yaml")
	if err := os.WriteFile(path, []byte(strings.NewReplacer(replace...).Replace(sweepText)), 0o644); err != nil {
		t.Fatal(err)
	}
	c, err := config.Load(path, nil)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// cell is the cell of c with this ID.
func cell(t *testing.T, c *config.Config, id string) config.Cell {
	t.Helper()
	for _, cell := range c.Cells() {
		if cell.ID == id {
			return cell
		}
	}
	t.Fatalf("no cell %s in the sweep", id)
	return config.Cell{}
}

// mustRead is the content of a file.
func mustRead(t testing.TB, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// wantError checks an error's text, in which dir stands for DIR.
func wantError(t testing.TB, err error, dir, want string) {
	t.Helper()
	if err == nil {
		t.Fatalf("no error, want %q", want)
	}
	have := err.Error()
	if dir != "" {
		have = strings.ReplaceAll(have, dir, "DIR")
	}
	if have != want {
		t.Errorf("error\n have %s\n want %s", have, want)
	}
}
