package samples

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// Links are followed once, whatever leads where, and hidden names are not met.
func TestFolder(t *testing.T) {
	dir := folder(t, map[string][]byte{
		"data/a.png": nil, "data/b/c.JPG": nil, "data/notes.txt": nil, "data/.hidden.png": nil, "data/b/.git/x.png": nil,
		"other/d.png": nil, "other/e/f.jpeg": nil, "other/.g.png": nil, "other/h.txt": nil,
		".cache/1234": nil,
	})
	for link, to := range map[string]string{
		"data/copy.png":     "a.png",
		"data/again":        "b",
		"data/b/self":       "../b",
		"data/up":           "..",
		"data/out":          "../zero",
		"data/zero":         "../other",
		"data/far.png":      "../.cache/1234",
		"data/far.txt":      "../other/d.png",
		"data/.out":         "../third",
		"other/back":        "../data",
		"zero":              "other",
		"linked":            "data",
		"data/b/linked.png": "../../linked/a.png",
	} {
		if err := os.Symlink(to, filepath.Join(dir, link)); err != nil {
			t.Fatal(err)
		}
	}
	for link, to := range map[string]string{"data/whole.png": "data/a.png", "other/whole": "data"} {
		if err := os.Symlink(filepath.Join(dir, to), filepath.Join(dir, link)); err != nil {
			t.Fatal(err)
		}
	}
	t.Chdir(filepath.Join(dir, "data"))
	for _, root := range []string{filepath.Join(dir, "data"), filepath.Join(dir, "linked"), ".", "../linked"} {
		got, warning, err := Images(root)
		if err != nil {
			t.Fatal(err)
		}
		want := []string{"a.png", "b/c.JPG", "far.png", "out/d.png", "out/e/f.jpeg"}
		for i := range want {
			want[i] = filepath.Join(root, want[i])
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s:\n got %v\nwant %v", root, got, want)
		}
		if want := "16 of what is in the folder not read: 3 .txt, 4 hidden, 9 met again by a link; "; !strings.HasPrefix(warning, want) {
			t.Errorf("%s: warning %q, want %q", root, warning, want)
		}
	}
	lost := filepath.Join(dir, "data", "lost")
	for _, to := range []string{"nowhere", "lost"} {
		if err := os.Symlink(to, lost); err != nil {
			t.Fatal(err)
		}
		if _, _, err := Images(filepath.Join(dir, "data")); err == nil || err.Error() != lost+": is a link that leads nowhere; mend it or remove it" {
			t.Errorf("to %s: %v", to, err)
		}
		if err := os.Remove(lost); err != nil {
			t.Fatal(err)
		}
	}
	none := filepath.Join(dir, "none")
	if _, _, err := Images(none); err == nil || err.Error() != none+": no such file or directory" {
		t.Error(err)
	}
}
