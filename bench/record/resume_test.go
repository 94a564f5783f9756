package record

import (
	"bytes"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

// halfway is the folder of a run with checkpoints after 3 and 5 rows and 2 rows more.
func halfway(t *testing.T) (Dir, *Run) {
	t.Helper()
	c := sweep(t)
	d, r := Dir(t.TempDir()), NewRun(c, cell(t, c, "cold-s00"))
	w, err := OpenCurve(d.Curve(), 0)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	for i := range 7 {
		if i == 3 || i == 5 {
			c := &Checkpoint{Step: int64(100 * i), Arrays: map[string][]float32{"params": {float32(i)}}, Bytes: map[string][]byte{}}
			if err := d.SaveCheckpoint(c, r, w); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Append(Point{Iteration: 100 * i, FID: 1 / float64(1+i), Modes: 5}); err != nil {
			t.Fatal(err)
		}
	}
	if err := d.Save(r); err != nil {
		t.Fatal(err)
	}
	return d, r
}

// flip inverts a bit of the byte at, from the end where that is negative.
func flip(t *testing.T, path string, at int) {
	t.Helper()
	b := []byte(mustRead(t, path))
	b[(at+len(b))%len(b)] ^= 1
	if err := os.WriteFile(path, b, 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestLastGood(t *testing.T) {
	const (
		content = ": params: cannot be read: zip: checksum error; set aside as "
		newest  = "DIR/checkpoint.npz" + content + "checkpoint.npz.damaged"
		other   = "DIR/checkpoint.1.npz" + content + "checkpoint.1.npz.damaged"
	)
	for name, x := range map[string]struct {
		harm func(d Dir)
		rows int // of the checkpoint that is good, -1: none
		want []string
	}{
		"whole":    {func(Dir) {}, 5, nil},
		"no curve": {func(d Dir) { os.Remove(d.Curve()) }, -1, []string{"DIR/curve.csv: is not there, its checkpoint knows 5 rows; set aside as checkpoint.npz.damaged", "DIR/curve.csv: is not there, its checkpoint knows 3 rows; set aside as checkpoint.1.npz.damaged"}},
		"row 2":    {func(d Dir) { flip(t, d.Curve(), 70) }, -1, []string{"DIR/curve.csv: its first 5 rows are not those of its checkpoint; set aside as checkpoint.npz.damaged", "DIR/curve.csv: its first 3 rows are not those of its checkpoint; set aside as checkpoint.1.npz.damaged"}},
		"row 5":    {func(d Dir) { flip(t, d.Curve(), strings.Index(mustRead(t, d.Curve()), "400,")) }, 3, []string{"DIR/curve.csv: its first 5 rows are not those of its checkpoint; set aside as checkpoint.npz.damaged"}},
		"row 7":    {func(d Dir) { flip(t, d.Curve(), -3) }, 5, nil},
		"4 rows":   {func(d Dir) { os.Truncate(d.Curve(), int64(strings.Index(mustRead(t, d.Curve()), "400,"))+3) }, 3, []string{"DIR/curve.csv: ends after 4 rows, its checkpoint knows 5; set aside as checkpoint.npz.damaged"}},
		"parameter": {func(d Dir) {
			flip(t, d.Checkpoint(), bytes.Index([]byte(mustRead(t, d.Checkpoint())), []byte{0, 0, 0xa0, 0x40}))
		}, 3, []string{newest}},
		"empty":      {func(d Dir) { os.Truncate(d.Checkpoint(), 0) }, 3, []string{"DIR/checkpoint.npz: is not a whole .npz file: zip: not a valid zip file; set aside as checkpoint.npz.damaged"}},
		"in between": {func(d Dir) { os.Remove(d.Checkpoint()) }, 3, nil},
		"none":       {func(d Dir) { os.Remove(d.Checkpoint()); os.Remove(d.Previous()) }, -1, nil},
		"both": {func(d Dir) {
			for i, path := range []string{d.Checkpoint(), d.Previous()} {
				flip(t, path, bytes.Index([]byte(mustRead(t, path)), []byte([]string{"\x00\x00\xa0\x40", "\x00\x00\x40\x40"}[i])))
			}
		}, -1, []string{newest, other}},
	} {
		t.Run(name, func(t *testing.T) {
			d, _ := halfway(t)
			x.harm(d)
			c, warnings, err := d.LastGood()
			if err != nil {
				t.Fatal(err)
			}
			if rows := -1; c != nil {
				rows = c.Rows
				if rows != x.rows || c.Arrays["params"][0] != float32(rows) {
					t.Errorf("%d rows and parameters %v, want %d", rows, c.Arrays["params"], x.rows)
				}
			} else if rows != x.rows {
				t.Errorf("no checkpoint, want that of %d rows", x.rows)
			}
			for i := range warnings {
				warnings[i] = strings.ReplaceAll(warnings[i], string(d), "DIR")
			}
			if !reflect.DeepEqual(warnings, x.want) {
				t.Errorf("have %q\nwant %q", warnings, x.want)
			}
			if again, warnings, err := d.LastGood(); err != nil || len(warnings) > 0 || !reflect.DeepEqual(again, c) {
				t.Errorf("looked at again: %v %q %v", again, warnings, err)
			}
		})
	}
	// A disk that cannot be read is no damage.
	d, _ := halfway(t)
	os.Remove(d.Checkpoint())
	if err := os.Symlink("checkpoint.npz", d.Checkpoint()); err != nil {
		t.Fatal(err)
	}
	_, _, err := d.LastGood()
	wantError(t, err, string(d), "DIR/checkpoint.npz: too many levels of symbolic links")
}

// A flipped bit or a cut anywhere in a manifest is noticed, or changes nothing that is read.
func TestManifestDamage(t *testing.T) {
	d, _ := halfway(t)
	text := []byte(mustRead(t, d.RunJSON()))
	want, err := parseRun(bytes.Clone(text))
	if err != nil {
		t.Fatal(err)
	}
	unnoticed := 0
	try := func(text []byte) {
		if have, err := parseRun(text); err == nil {
			unnoticed++
			if !reflect.DeepEqual(have, want) {
				t.Fatalf("not noticed, and read otherwise: %+v", have)
			}
		}
	}
	for i := range text {
		try(bytes.Clone(text[:i]))
		for bit := range 8 {
			flipped := bytes.Clone(text)
			flipped[i] ^= 1 << bit
			try(flipped)
		}
	}
	if max := 200; unnoticed > max { // those in the name of the checksum and around it
		t.Errorf("%d of %d not noticed, want at most %d", unnoticed, 9*len(text), max)
	}
	if _, err := parseRun(bytes.ReplaceAll(text, []byte("\n"), []byte("\r\n"))); err != nil {
		t.Errorf("with the line ends of another system: %v", err)
	}
}

// A manifest that is lost is made anew; a checkpoint stays if it is of the same run.
func TestRenew(t *testing.T) {
	d, r := halfway(t)
	flip(t, d.RunJSON(), 100)
	other := *r
	other.Cell.Seed++
	for _, x := range []struct {
		run  *Run
		want []string
		good bool
	}{
		{r, []string{"run.json: not a run's manifest: its checksum does not match its content; set aside as run.json.damaged"}, true},
		{r, nil, true},
		{&other, []string{
			"checkpoint.npz: is not known to be of this run, whose manifest is lost; set aside as checkpoint.npz.damaged",
			"checkpoint.1.npz: is not known to be of this run, whose manifest is lost; set aside as checkpoint.1.npz.damaged"}, false},
	} {
		warnings, err := d.Renew(x.run)
		for i := range warnings {
			warnings[i] = strings.TrimPrefix(warnings[i], string(d)+string(filepath.Separator))
		}
		if err != nil || !reflect.DeepEqual(warnings, x.want) {
			t.Errorf("%v, have %q\nwant %q", err, warnings, x.want)
		}
		if c, _, err := d.LastGood(); err != nil || (c != nil) != x.good {
			t.Errorf("%v %v", c, err)
		}
	}
}
