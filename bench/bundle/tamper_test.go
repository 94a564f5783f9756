package bundle

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// resum is the files with SHA256SUMS made anew, as whoever tampers would.
func resum(files Files) Files {
	files = maps.Clone(files)
	files.sum()
	return files
}

// edit is the files with one replaced.
func edit(t *testing.T, files Files, name string, f func(string) string) Files {
	t.Helper()
	text := f(string(files[name]))
	if text == string(files[name]) {
		t.Fatalf("%s: nothing was changed", name)
	}
	return with(files, name, text)
}

func with(files Files, name, text string) Files {
	files = maps.Clone(files)
	files[name] = []byte(text)
	return files
}

func without(files Files, names ...string) Files {
	files = maps.Clone(files)
	for _, name := range names {
		delete(files, name)
	}
	return files
}

// lean is the bundle that tests share, without its figures.
func lean(t *testing.T) Files {
	_, files := bundled(t)
	files = maps.Clone(files)
	maps.DeleteFunc(files, func(name string, _ []byte) bool { return strings.HasPrefix(name, "report/") && !isNumbers(name) })
	files.sum()
	return files
}

// Each way of tampering is found, in one line that names the file.
func TestTampering(t *testing.T) {
	files := lean(t)
	replace := func(old, new string) func(string) string {
		return func(s string) string { return strings.Replace(s, old, new, 1) }
	}
	pattern := func(re, new string) func(string) string {
		r := regexp.MustCompile(re)
		return func(s string) string {
			at := r.FindStringSubmatchIndex(s)
			return s[:at[0]] + string(r.ExpandString(nil, new, s, at)) + s[at[1]:]
		}
	}
	const curve = "runs/small/hot-s01/curve.csv"
	cases := []struct {
		name  string
		files Files
		want  string
	}{
		{"a curve, not its checksum", edit(t, files, curve, replace("inf,0.0", "inf,0.1")),
			`runs/small/hot-s01/curve.csv: is not the file that was bundled \(sha256 [0-9a-f]{12}\.\.\., SHA256SUMS has [0-9a-f]{12}\.\.\.\)`},
		{"a curve and its checksum", resum(edit(t, files, curve, replace("inf,0.0", "inf,0.1"))),
			`runs/small/hot-s01/curve.csv: is not the file the run ended with \(.*`},
		{"an amplitude", resum(edit(t, files, "report/small/report.json", pattern(`("values": \[\s+0\.0)\d`, "${1}9"))),
			`report/small/report.json:\d+: has ".* 0\.09\d+,", the curves give ".* 0\.0\d+,"`},
		{"a geometric mean, a little", resum(edit(t, files, "report/small/report.json", pattern(`("geomean": 0\.0\d{6})\d+`, "${1}123"))),
			`report/small/report.json:\d+: has ".*geomean.*123,", the curves give ".*geomean.*"`},
		{"an amplitude in CSV", resum(edit(t, files, "report/small/amplitudes.csv", replace("settled,0.0", "settled,0.1"))),
			`report/small/amplitudes.csv:2: has ".*settled,0\.1.*", the curves give ".*settled,0\.0.*"`},
		{"a number of the table", resum(edit(t, files, "report/small/table.tex", pattern(`(cold & 3 & 0\.0\d)\d`, "${1}x"))),
			`report/small/table.tex:\d+: has ".*cold & 3 & 0\.0\dx.*", the curves give ".*"`},
		{"a macro", resum(edit(t, files, numbersFile, replace(`\smallGeomeanKTwo}{0.0`, `\smallGeomeanKTwo}{0.1`))),
			`numbers.tex:\d+: has ".*smallGeomeanKTwo}{0\.1.*", the curves give ".*smallGeomeanKTwo}{0\.0.*"`},
		{"a word of the answer", resum(edit(t, files, "report/small/answer.tex", replace("seeds", "runs"))),
			`report/small/answer.tex:\d+: has ".*runs.*", the curves give ".*seeds.*"`},
		{"a p value in a comparison", resum(edit(t, files, "report/small/compare-baseline.json", pattern(`"holm_p": [0-9.]+`, `"holm_p": 0.01`))),
			`report/small/compare-baseline.json:\d+: has ".*\\"holm_p\\": 0\.01,", the curves give ".*"`},
		{"the setting of the window", resum(edit(t, files, "configs/small.yaml", replace("window: 4000", "window: 3000"))),
			`configs/given/small/small.yaml: is not the sweep of configs/small.yaml`},
		{"the given config", resum(edit(t, files, "configs/given/small/small.yaml", replace("seeds: 3", "seeds: 2"))),
			`configs/given/small/small.yaml: is not the sweep of configs/small.yaml`},
		{"a base outside", resum(edit(t, files, "configs/given/small/small.yaml", replace("base: base.yaml", "base: ../../../../../etc/passwd"))),
			`configs/given/small/small.yaml: base: "../../../../../etc/passwd" leads out of the bundle`},
		{"a missing curve", without(files, curve), `runs/small/hot-s01/curve.csv: is listed in SHA256SUMS and is not there`},
		{"a missing curve, its checksum gone too", resum(without(files, curve)), `runs/small/hot-s01/curve.csv: no such file or directory`},
		{"a missing run", resum(without(files, curve, "runs/small/hot-s01/run.json", "runs/small/hot-s01/floor.csv")),
			`bundle.json: \d+ lines, the curves give \d+`},
		{"a missing table", resum(without(files, "report/small/groups.csv")), `report/small/groups.csv: is missing`},
		{"a file too many", with(files, "evil.sh", "rm"), `evil.sh: is there and is not listed in SHA256SUMS`},
		{"a file too many, with its checksum", resum(with(files, "evil.sh", "rm")), `evil.sh: does not come from these sweeps`},
		{"no checksums", without(files, sumsFile), `not a bundle \(a zip that fig5 bundle wrote\): it has no SHA256SUMS`},
		{"no index", resum(without(files, indexFile)), `not a bundle \(a zip that fig5 bundle wrote\): it has no bundle.json`},
		{"a later layout", resum(edit(t, files, indexFile, replace(`"schema": 2`, `"schema": 3`))), `bundle.json: schema 3, this fig5 reads 2; use the fig5 that wrote it \(.*\)`},
		{"a sweep elsewhere", resum(edit(t, files, indexFile, replace(`"name": "small"`, `"name": "../small"`))), `bundle.json: "../small" is not the name of a sweep`},
		{"a line of SHA256SUMS", edit(t, files, sumsFile, replace("  ", " ")), `SHA256SUMS:1: not a checksum and a name, each name once`},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			path := written(t, c.files)
			_, err := check(t, path)
			if err == nil || !regexp.MustCompile(`^`+regexp.QuoteMeta(path)+`: `+c.want+`$`).MatchString(err.Error()) {
				t.Errorf("%v\nwant %s", err, c.want)
			}
		})
	}
}

// Texts that this very program made are made again.
func TestTamperedText(t *testing.T) {
	files := lean(t)
	pretend(t, commit)
	path := written(t, resum(edit(t, files, "README.md", strings.ToUpper)))
	if _, err := check(t, path); err == nil || err.Error() != path+": README.md: is not what the curves and configs give" {
		t.Error(err)
	}
}

// Whatever byte is changed or wherever the file ends, it is found out, or it was none
// of the files' bytes.
func TestEveryByte(t *testing.T) {
	files := lean(t)
	whole, err := os.ReadFile(written(t, files))
	if err != nil {
		t.Fatal(err)
	}
	good, err := read(bytes.NewReader(whole), int64(len(whole)))
	if err != nil {
		t.Fatal(err)
	}
	same := func(a *Archive) bool {
		return maps.EqualFunc(a.Files, good.Files, func(x, y []byte) bool { return bytes.Equal(x, y) })
	}
	z, err := zip.NewReader(bytes.NewReader(whole), int64(len(whole)))
	if err != nil {
		t.Fatal(err)
	}
	inFile := func(i int) bool {
		return slices.ContainsFunc(z.File, func(f *zip.File) bool {
			from, err := f.DataOffset()
			return err == nil && int64(i) >= from && int64(i) < from+int64(f.CompressedSize64)
		})
	}
	checked := 0
	for i := 0; i < len(whole); i += 997 {
		b := slices.Clone(whole)
		b[i] ^= 0x10
		a, err := read(bytes.NewReader(b), int64(len(b)))
		if err == nil && !same(a) {
			t.Errorf("byte %d: another bundle", i)
		}
		if inFile(i) {
			checked++
			if err == nil {
				t.Errorf("byte %d of a file: not found", i)
			}
		}
		if _, err := read(bytes.NewReader(whole[:i]), int64(i)); err == nil {
			t.Errorf("cut at %d: not found", i)
		}
	}
	if checked < 20 {
		t.Errorf("%d bytes of files were changed: too few to tell", checked)
	}
	_, err = read(bytes.NewReader(whole[:len(whole)-100]), int64(len(whole)-100))
	if want := "cut short or damaged: its list of files cannot be read; fetch it again"; err == nil || err.Error() != want {
		t.Errorf("%v, want %s", err, want)
	}
}

// entry is one of a zip that is made by hand.
type entry struct {
	name string
	data string
	mode fs.FileMode
}

func handmade(t testing.TB, entries ...entry) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, e := range entries {
		h := &zip.FileHeader{Name: e.name, Method: zip.Deflate}
		h.SetMode(0o644 | e.mode)
		w, err := z.CreateHeader(h)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasSuffix(e.name, "/") {
			if _, err := w.Write([]byte(e.data)); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// Zips made to do harm are refused from their list of files, before anything is read.
func TestHostile(t *testing.T) {
	for _, name := range []string{"../evil", "/etc/passwd", "a/../../evil", `..\evil`, "C:evil", "a//b", "./a", "nul\x00", "line\nbreak", "..", ".", strings.Repeat("a", 300), "a\xff"} {
		_, err := read2(handmade(t, entry{name: "first"}, entry{name: name}))
		if want := fmt.Sprintf("%q: is not the name of a file in a bundle", name); err == nil || err.Error() != want {
			t.Errorf("%q: %v", name, err)
		}
	}
	good := handmade(t, entry{name: "a", data: "x"}, entry{name: "b", data: "y"})
	for what, c := range map[string]struct {
		zip  []byte
		want string
	}{
		"twice":         {handmade(t, entry{name: "a"}, entry{name: "a"}), "a: is there twice"},
		"twice by case": {handmade(t, entry{name: "README.md"}, entry{name: "readme.md"}), "readme.md: is there twice"},
		"file, folder":  {handmade(t, entry{name: "a"}, entry{name: "a/", mode: fs.ModeDir}), "a/: is there twice"},
		"file above":    {handmade(t, entry{name: "A"}, entry{name: "a/b/c"}), "a/b/c: a file stands where its folder should"},
		"folders":       {handmade(t, entry{name: "a/", mode: fs.ModeDir}, entry{name: "a/b"}), ErrNotBundle.Error() + ": it has no SHA256SUMS"},
		"symlink":       {handmade(t, entry{name: "a", data: "/etc/passwd", mode: fs.ModeSymlink}), "a: is not a plain file (L---------)"},
		"device":        {handmade(t, entry{name: "a", mode: fs.ModeDevice}), "a: is not a plain file (D---------)"},
		"encrypted":     {central(good, 8, 2, 1), "a: is packed in a way that no bundle is"},
		"method":        {central(good, 10, 2, 12), "a: is packed in a way that no bundle is"},
		"huge":          {central(good, 24, 4, 1<<31), "a: 2147483648 bytes are more than 268435456"},
		"larger":        {central(good, 24, 4, 5), "a: damaged: unexpected EOF"},
		"smaller":       {central(good, 24, 4, 0), "a: damaged: zip: not a valid zip file"},
		"overlap":       {central(good, 20, 4, 1<<20), "its files overlap: a zip bomb, not a bundle"},
		"no zip":        {[]byte("name: fig5\n"), ErrNotBundle.Error()},
		"empty":         {nil, ErrNotBundle.Error()},
		"other zip":     {good, ErrNotBundle.Error() + ": it has no SHA256SUMS"},
	} {
		if _, err := read2(c.zip); err == nil || err.Error() != c.want {
			t.Errorf("%s: %v, want %s", what, err, c.want)
		}
	}
	// Many files that are within bounds each, and not together.
	var many bytes.Buffer
	z := zip.NewWriter(&many)
	for i := range 6 {
		if _, err := z.CreateRaw(&zip.FileHeader{Name: fmt.Sprint(i), Method: zip.Deflate, UncompressedSize64: maxFile}); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := read2(many.Bytes()); err == nil || err.Error() != "4: all files up to this one are more than 1073741824 bytes" {
		t.Error(err)
	}
}

func read2(b []byte) (*Archive, error) { return read(bytes.NewReader(b), int64(len(b))) }

// central is the zip with a field of its first entry in the central directory changed.
func central(b []byte, offset, size int, v uint32) []byte {
	b = slices.Clone(b)
	at := bytes.Index(b, []byte("PK\x01\x02")) + offset
	var field [4]byte
	binary.LittleEndian.PutUint32(field[:], v)
	copy(b[at:at+size], field[:size])
	return b
}

// The reader never panics, and what it accepts it reads again.
func FuzzRead(f *testing.F) {
	f.Add(handmade(f, entry{name: "a", data: "x"}))
	f.Add(handmade(f, entry{name: sumsFile, data: ""}))
	files := Files{indexFile: []byte(fmt.Sprintf(`{"schema":%d,"sweeps":[{"name":"s"}]}`, schema)), "configs/s.yaml": []byte("name: s\n")}
	files.sum()
	b, err := os.ReadFile(written(f, files))
	if err != nil {
		f.Fatal(err)
	}
	if _, err := read2(b); err != nil {
		f.Fatal(err)
	}
	f.Add(b)
	f.Add(b[:len(b)-30])
	f.Fuzz(func(t *testing.T, b []byte) {
		a, err := read2(b)
		if err != nil {
			if strings.Contains(err.Error(), "\n") {
				t.Errorf("%q is not one line", err)
			}
			return
		}
		for _, name := range a.Names() {
			if checkName(name) != nil {
				t.Errorf("%q got through", name)
			}
		}
		if _, err := Open(written(t, a.Files)); err != nil {
			t.Error(err)
		}
	})
}
