package curves

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
)

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestPaths(t *testing.T) {
	t.Chdir(t.TempDir())
	const text = "iteration,fid\n0,1\n"
	write(t, "b.csv", text)
	write(t, "a.csv", text)
	write(t, "[odd].csv", text)
	write(t, "sweep/k01/curve.csv", text)
	write(t, "sweep/k01/run.json", "{}")
	write(t, "sweep/k02/run.json", "{}")
	write(t, "copied/curve.csv", text)
	in, err := Paths([]string{"-", "?.csv", "[odd].csv", "sweep/k01", "copied"})
	want := []Input{{"-", ""}, {"a.csv", ""}, {"b.csv", ""}, {"[odd].csv", ""}, {"sweep/k01/curve.csv", "sweep/k01"}, {"copied/curve.csv", ""}}
	if err != nil || !slices.Equal(in, want) {
		t.Errorf("%v, %v", in, err)
	}
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"no.csv"}, "no.csv: no such file or directory"},
		{[]string{"x*.csv"}, "x*.csv: no file matches"},
		{[]string{"["}, "[: syntax error in pattern"},
		{[]string{"-", "-"}, "-: standard input can be read but once"},
		{[]string{"sweep"}, "sweep: is a folder without a curve; name files, run folders, or a pattern such as 'sweep/*/curve.csv'"},
		{[]string{"sweep/k02"}, "sweep/k02: the run has no curve yet"},
	} {
		if _, err := Paths(c.args); err == nil || err.Error() != c.want {
			t.Errorf("%q: %v, want %s", c.args, err, c.want)
		}
	}
}
