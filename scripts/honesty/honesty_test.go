package main

import (
	"bytes"
	"os"
	"strings"
	"testing"
)

// The page and its figures are what comes out of the recorded runs.
func TestPage(t *testing.T) {
	const root = "../.."
	files, err := outcome(root)
	if err != nil {
		t.Fatal(err)
	}
	if len(files) != 3 {
		t.Fatalf("%d files", len(files))
	}
	for name, want := range files {
		have, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(have, want) {
			t.Errorf("%s is not what the recorded runs give: go run ./scripts/honesty", strings.TrimPrefix(name, root+"/"))
		}
	}
}

func TestFill(t *testing.T) {
	const page = "a\n<!-- honesty: x -->\nold\n<!-- end -->\nb\n"
	got, err := fill([]byte(page), map[string]string{"x": "new\n"})
	if want := "a\n<!-- honesty: x -->\n\nnew\n\n<!-- end -->\nb\n"; err != nil || string(got) != want {
		t.Errorf("%q, %v", got, err)
	}
	if again, err := fill(got, map[string]string{"x": "new"}); err != nil || !bytes.Equal(again, got) {
		t.Errorf("a second time: %q, %v", again, err)
	}
	for _, c := range []struct{ page, want string }{
		{"nothing", `no marker "<!-- honesty: x -->"`},
		{"<!-- honesty: x -->\nopen", `no <!-- end --> behind "<!-- honesty: x -->"`},
	} {
		if _, err := fill([]byte(c.page), map[string]string{"x": "new"}); err == nil || err.Error() != c.want {
			t.Errorf("%q: %v, want %s", c.page, err, c.want)
		}
	}
}
