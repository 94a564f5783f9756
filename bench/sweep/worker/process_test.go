package worker

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestFind(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	t.Setenv("PATH", dir+"/path")
	t.Setenv("FIG5_TORCH", "")
	_, err := Find()
	if want := "fig5-torch, the worker that trains, is neither beside fig5, in bin/ nor on the PATH; build it with `make build`, or name it in FIG5_TORCH"; err == nil || err.Error() != want {
		t.Errorf("%v, want %s", err, want)
	}
	for _, path := range []string{"path/fig5-torch", "bin/fig5-torch", "mine"} {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, nil, 0o755); err != nil {
			t.Fatal(err)
		}
		if path == "mine" {
			t.Setenv("FIG5_TORCH", "./mine")
		}
		if have, err := Find(); err != nil || have != filepath.Join(dir, path) {
			t.Errorf("%s %v, want %s", have, err, path)
		}
	}
	t.Setenv("FIG5_TORCH", "./none")
	_, err = Find()
	if want := "FIG5_TORCH=./none: is not a program; unset it, or build the worker with `make build`"; err == nil || err.Error() != want {
		t.Errorf("%v, want %s", err, want)
	}
}

func TestLastWords(t *testing.T) {
	for text, want := range map[string]string{
		"":             "",
		"one\ntwo\n\n": "two",
		"x\npanic: oh no\n\ngoroutine 1 [running]:\nmain.main()\n\t/x.go:1\nexit status 2\n":               "panic: oh no",
		"SIGSEGV: segmentation violation\nPC=0x0 m=0\nrip 0x0\n":                                           "SIGSEGV: segmentation violation",
		"terminate called after throwing an instance of 'c10::Error'\n  what():  out of memory\nAborted\n": "what(): out of memory",
		strings.Repeat("x", 1<<15) + "\nlast without newline":                                              "last without newline",
	} {
		if have := lastWords(strings.NewReader(text)); have != want {
			t.Errorf("%q: %q, want %q", text, have, want)
		}
	}
	if n := len([]rune(OneLine(strings.Repeat("ä ", 1000)))); n != 500 {
		t.Errorf("a line of %d characters", n)
	}
}
