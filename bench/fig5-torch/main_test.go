//go:build cgo

package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// fig5 is the built command; the test binary itself, under another name, is the worker.
var fig5 string

func TestMain(m *testing.M) {
	if filepath.Base(os.Args[0]) != "fig5-torch" {
		dir, err := os.MkdirTemp("", "fig5")
		if err == nil {
			fig5 = filepath.Join(dir, "fig5")
			build := exec.Command("go", "build", "-o", fig5, "fig5/bench/fig5")
			build.Env = append(os.Environ(), "CGO_ENABLED=0")
			build.Stderr = os.Stderr
			err = build.Run()
		}
		if err != nil {
			fmt.Fprintln(os.Stderr, "building fig5:", err)
			os.Exit(1)
		}
		defer os.RemoveAll(dir)
	}
	testscript.Main(m, map[string]func(){
		"fig5-torch": main,
	})
}

// TestScripts runs both programs as a user would, on real training.
func TestScripts(t *testing.T) {
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireExplicitExec: true,
		Setup: func(e *testscript.Env) error {
			worker, err := exec.LookPath("fig5-torch") // testscript.Main put it on the PATH
			if err != nil {
				return err
			}
			e.Setenv("PATH", filepath.Dir(fig5)+string(os.PathListSeparator)+e.Getenv("PATH"))
			e.Setenv("FIG5_TORCH", worker)
			e.Setenv("ROOT", root)
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"exits": exits, "kill9": kill9, "same": same},
	})
}
