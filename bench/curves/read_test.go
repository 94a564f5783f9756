package curves

import (
	"bytes"
	"compress/gzip"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
)

func TestRead(t *testing.T) {
	for _, c := range []struct {
		name, text string
		columns    Columns
		x, y       []float64
		xn, yn     string
	}{
		{"ours", "iteration,beta,fid,d_loss,g_loss,modes\n0,0.1,9,,,\n100,10,8,,,\n200,inf,3,1.2,0.7,5\n300,inf,2.5,,,\n", Columns{}, []float64{200, 300}, []float64{3, 2.5}, "iteration", "fid"},
		{"TensorBoard", "Wall time,Step,Value\n1700000000.123,0,250.5\n1700000060.5,1000,9e1\n", Columns{}, []float64{0, 1000}, []float64{250.5, 90}, "Step", "Value"},
		{"pandas with a named column", ",iteration,fid\n0,100,3\n1,200,2\n", Columns{}, []float64{100, 200}, []float64{3, 2}, "iteration", "fid"},
		{"pandas, the index is x", ",fid\n0,3\n1,2\n", Columns{}, []float64{0, 1}, []float64{3, 2}, "column 1", "fid"},
		{"W&B", "\"Step\",\"run-1 - eval/FID\",\"run-1 - eval/FID__MIN\",\"run-1 - eval/FID__MAX\"\n\"0\",\"3\",\"3\",\"3\"\n\"5\",\"2\",\"2\",\"2\"\n", Columns{}, []float64{0, 5}, []float64{3, 2}, "Step", "run-1 - eval/FID"},
		{"another name", "kimg,metrics/fid50k_full\n0,3\n200,2\n", Columns{}, []float64{0, 200}, []float64{3, 2}, "kimg", "metrics/fid50k_full"},
		{"named", "a,b,c\n1,2,x\n2,3,y\n", Columns{X: "a", Y: "B"}, []float64{1, 2}, []float64{2, 3}, "a", "b"},
		{"exact name first", "FID,fid,step\n7,1,0\n8,2,1\n", Columns{}, []float64{0, 1}, []float64{1, 2}, "step", "fid"},
		{"semicolons, CRLF, spaces, byte order mark", "\ufeffiteration; fid\r\n 0; 3 \r\n 10; 2\r\n", Columns{}, []float64{0, 10}, []float64{3, 2}, "iteration", "fid"},
		{"tabs, no last newline", "iteration\tfid\tnote\n0\t3\t\n1\t-2\tx", Columns{}, []float64{0, 1}, []float64{3, -2}, "iteration", "fid"},
		{"decimal steps, other columns broken", "epoch,fid,loss\n0.1,1,nan\n0.2,2,\n0.3,3,oops\n0.4,4,inf\n", Columns{}, []float64{0.1, 0.2, 0.3, 0.4}, []float64{1, 2, 3, 4}, "epoch", "fid"},
		{"blank lines", "iteration,fid\n\n0,3\n\n1,2\n\n", Columns{}, []float64{0, 1}, []float64{3, 2}, "iteration", "fid"},
		{"spaces", "step    fid  loss\n   0   3.0  nan\n\n 100  2.0   1\n", Columns{}, []float64{0, 100}, []float64{3, 2}, "step", "fid"},
		{"numpy.savetxt", "# step fid\n0.000e+00 3.0e+00\n1.000e+02 2.0e+00\n", Columns{}, []float64{0, 100}, []float64{3, 2}, "step", "fid"},
		{"numpy.savetxt, commas", "# step, fid\n0,3\n100,2\n", Columns{}, []float64{0, 100}, []float64{3, 2}, "step", "fid"},
		{"the first name of the list", "epoch,step,fid\n1,0,3\n1,100,2\n", Columns{}, []float64{0, 100}, []float64{3, 2}, "step", "fid"},
		{"fid before value", "step,value,fid\n0,9,3\n100,9,2\n", Columns{}, []float64{0, 100}, []float64{3, 2}, "step", "fid"},
		{"beta as the measured column", "iteration,beta\n0,3\n1,2\n", Columns{Y: "beta"}, []float64{0, 1}, []float64{3, 2}, "iteration", "beta"},
	} {
		got, err := Read(strings.NewReader(c.text), "f.csv", c.columns)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if !slices.Equal(got.X, c.x) || !slices.Equal(got.Y, c.y) || got.Source.X != c.xn || got.Source.Y != c.yn {
			t.Errorf("%s: %+v", c.name, got)
		}
	}
}

func TestReadRefuses(t *testing.T) {
	const head = "iteration,fid\n"
	for _, c := range []struct {
		text, want string
		columns    Columns
	}{
		{"", "f.csv: empty", Columns{}},
		{"\n\n", "f.csv: empty", Columns{}},
		{head, "f.csv: no rows below the header", Columns{}},
		{head + "0,1\n", "f.csv: a single point is no curve", Columns{}},
		{"0,1\n100,2\n", "f.csv:1: no header, numbers from the first line on; columns are found by name: sed '1i iteration,fid' f.csv | fig5 analyze -", Columns{}},
		{"time,fid\n0,1\n", `f.csv:1: no column iteration; name one of "time", "fid" with --x`, Columns{}},
		{"iteration,loss\n0,1\n", `f.csv:1: no column fid; name one of "iteration", "loss" with --y`, Columns{}},
		{"iteration,fid_a,fid_b\n0,1,2\n", `f.csv:1: no column fid; name one of "iteration", "fid_a", "fid_b" with --y`, Columns{}},
		{head + "0,1\n", `f.csv:1: no column FIDx; there are "iteration", "fid"`, Columns{Y: "FIDx"}},
		{head + "0,1\n", `f.csv:1: fid is both x and y; --x and --y name two columns`, Columns{X: "fid"}},
		{"iteration,fid,fid\n0,1,2\n", "f.csv:1: two columns are named fid", Columns{}},
		{"PK\x03\x04\x00\x00", "f.csv: not a text file; CSV in UTF-8 is read, as it is or packed by gzip", Columns{}},
		{"itera\xfftion,fid\n0,1\n", `f.csv:1: not a header: "itera\xfftion" is not UTF-8`, Columns{}},
		{head + "0,1\n100,2,3\n", "f.csv:3: 3 fields, the header has 2; numbers are read with a decimal point, a field with a comma in quotes", Columns{}},
		{head + "0,1\n100\n", "f.csv:3: 1 fields, the header has 2; each row wants a field for every column", Columns{}},
		{head + "0,1\n100,\n", "f.csv:3: fid: missing; to leave out such rows: awk -F',' 'NR == 1 || $2 != \"\"' f.csv | fig5 analyze -", Columns{}},
		{head + "0,1\n\n,2\n", "f.csv:4: iteration: missing; to leave out such rows: awk -F',' 'NR == 1 || $1 != \"\"' f.csv | fig5 analyze -", Columns{}},
		{head + "0,1\n100,abc\n", `f.csv:3: fid: "abc" is not a number; a curve wants a finite number in every row; --x and --y name other columns`, Columns{}},
		{head + "0,1\n100,0x10\n", `f.csv:3: fid: "0x10" is not a number; a curve wants a finite number in every row; --x and --y name other columns`, Columns{}},
		{head + "0,1\n100,nan\n", "f.csv:3: fid: nan is not a finite number; a curve wants a finite number in every row; --x and --y name other columns", Columns{}},
		{head + "0,1\n100,-Inf\n", "f.csv:3: fid: -Inf is not a finite number; a curve wants a finite number in every row; --x and --y name other columns", Columns{}},
		{head + "0,1\n100,1e999\n", "f.csv:3: fid: 1e999 is not a finite number; a curve wants a finite number in every row; --x and --y name other columns", Columns{}},
		{head + "0,1\n100,1e200\n", "f.csv:3: fid: 1e200 is too large (1e+150 at most); a curve wants a finite number in every row; --x and --y name other columns", Columns{}},
		{head + "0,1\ninf,2\n", "f.csv:3: iteration: inf is not a finite number; a curve wants a finite number in every row; --x and --y name other columns", Columns{}},
		{head + "100,1\n0,2\n", "f.csv:3: iteration 0 comes after 100; they must ascend: one run a file, a row of a resumed run once", Columns{}},
		{head + "0,1\n100,2\n100,2\n", "f.csv:4: iteration 100 repeats 100; they must ascend: one run a file, a row of a resumed run once", Columns{}},
		{head + "0,1\n100,2\n250,3\n", "f.csv:4: iteration 250: a step of 150 after steps of 100; they must be even: interpolate the curve at even steps", Columns{}},
		{head + "50,1\n150,2\n350,3\n", "f.csv:4: iteration 350: a step of 200 after steps of 100; they must be even: fill in what is missing, or keep every 200: awk -F',' 'NR == 1 || $1 % 200 == 50' f.csv | fig5 analyze -", Columns{}},
		{"fid step\n1 0\n2 100\n3 150\n", "f.csv:4: step 150: a step of 50 after steps of 100; they must be even: fill in what is missing, or keep every 100: awk 'NR == 1 || $2 % 100 == 0' f.csv | fig5 analyze -", Columns{}},
		{head + "0,1\n100,2\n200,3\n300,NaN\n", "f.csv:5: fid: NaN is not a finite number; to end before it: head -n 4 f.csv | fig5 analyze -", Columns{}},
		{"iteration;fid\n0;3,5\n", `f.csv:2: fid: "3,5" is not a number; numbers are read with a decimal point: sed 's/,/./g' f.csv | fig5 analyze -`, Columns{}},
		{"iteration\tfid\n0\t3,5\n", `f.csv:2: fid: "3,5" is not a number; numbers are read with a decimal point: sed 's/,/./g' f.csv | fig5 analyze -`, Columns{}},
		{head + "0,\"3,5\"\n", `f.csv:2: fid: "3,5" is not a number; numbers are read with a decimal point`, Columns{}},
		{"{\"step\": 0, \"fid\": 3}\n", "f.csv:1: JSON, not CSV; with the names of its keys: (echo iteration,fid; jq -r '[.iteration, .fid] | @csv' f.csv) | fig5 analyze -", Columns{}},
		{"step fid\n0 3\n100\n", "f.csv:3: 1 fields, the header has 2; each row wants a field for every column", Columns{}},
		{"0 3\n100 2\n", "f.csv:1: no header, numbers from the first line on; columns are found by name: sed '1i iteration fid' f.csv | fig5 analyze -", Columns{}},
		{"\xff\xfei\x00", "f.csv: is UTF-16; CSV in UTF-8 is read: iconv -f UTF-16 -t UTF-8 f.csv | fig5 analyze -", Columns{}},
		{head + "0,1\n100,\"2\n", `f.csv:3: extraneous or missing " in quoted-field`, Columns{}},
		{"iteration,beta,fid\n0,1,5\n100,10,4\n", "f.csv: no row with beta = inf; the curve of β = ∞ is what is measured", Columns{}},
		{"iteration,beta,fid\n0,1,5\n100,inf,4\n200,10,4\n", "f.csv:4: beta 10 after beta inf", Columns{}},
		{"iteration,beta,fid\n0,hot,5\n", `f.csv:2: beta: "hot" is not a number or inf`, Columns{}},
		{"iteration,beta,fid\n0,1,nan\n100,inf,4\n", "f.csv:2: fid: nan is not a finite number; a curve wants a finite number in every row; --x and --y name other columns", Columns{}},
	} {
		_, err := Read(strings.NewReader(c.text), "f.csv", c.columns)
		if err == nil || err.Error() != c.want {
			t.Errorf("%q: %v, want %s", c.text, err, c.want)
		}
	}
	if _, err := Read(iotest.ErrReader(os.ErrPermission), "f.csv", Columns{}); err == nil || err.Error() != "f.csv: permission denied" && err.Error() != "f.csv: "+os.ErrPermission.Error() {
		t.Errorf("unreadable: %v", err)
	}
	dir := t.TempDir()
	if _, err := ReadFile(dir, Columns{}); err == nil || err.Error() != dir+": is a directory" {
		t.Errorf("folder: %v", err)
	}
	missing := filepath.Join(dir, "no.csv")
	if _, err := ReadFile(missing, Columns{}); err == nil || err.Error() != missing+": no such file or directory" {
		t.Errorf("missing: %v", err)
	}
}

// A file packed by gzip is read as what is in it, and what is wrong with it is told with
// the way to unpack it.
func TestReadGzip(t *testing.T) {
	pack := func(text string) []byte {
		var b bytes.Buffer
		z := gzip.NewWriter(&b)
		if _, err := z.Write([]byte(text)); err != nil {
			t.Fatal(err)
		}
		if err := z.Close(); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	whole := pack("iteration,fid\n0,3\n100,2\n")
	c, err := Read(bytes.NewReader(whole), "f.csv.gz", Columns{})
	if err != nil || !slices.Equal(c.Y, []float64{3, 2}) {
		t.Errorf("%+v, %v", c, err)
	}
	for _, bad := range []struct {
		b    []byte
		want string
	}{
		{whole[:len(whole)-9], "my run.csv.gz: gzip: unexpected EOF; copy the file again (gunzip -t tells whether it is whole)"},
		{whole[:5], "my run.csv.gz: gzip: unexpected EOF; copy the file again (gunzip -t tells whether it is whole)"},
		{pack("iteration,fid\n0,3\n100,\n"), `my run.csv.gz:3: fid: missing; to leave out such rows: gunzip -c 'my run.csv.gz' | awk -F',' 'NR == 1 || $2 != ""' | fig5 analyze -`},
	} {
		if _, err := Read(bytes.NewReader(bad.b), "my run.csv.gz", Columns{}); err == nil || err.Error() != bad.want {
			t.Errorf("%v, want %s", err, bad.want)
		}
	}
}

// The commands that errors advise work as they stand.
func TestAdvice(t *testing.T) {
	for _, tool := range []string{"sh", "awk", "sed", "head", "gzip", "iconv"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skip(err)
		}
	}
	t.Chdir(t.TempDir())
	for _, c := range []struct {
		text string
		y    []float64
	}{
		{"0,3\n100,2\n", []float64{3, 2}},
		{"iteration;fid\n0;3,5\n100;2,5\n", []float64{3.5, 2.5}},
		{"iteration\tfid\n0\t3\n50\t\n100\t2\n", []float64{3, 2}},
		{"loss,iteration,fid\n1,0,3\n1,100,2\n1,200,1\n1,250,0\n1,300,0.5\n", []float64{3, 2, 1, 0.5}},
		{"step fid\n0 3\n100 2\n200 1\n300 nan\n400 nan\n", []float64{3, 2, 1}},
		{"\xff\xfei\x00t\x00e\x00r\x00,\x00f\x00i\x00d\x00\n\x001\x00,\x003\x00\n\x002\x00,\x002\x00\n\x00", []float64{3, 2}},
	} {
		write(t, "a 'b'.csv", c.text)
		_, err := ReadFile("a 'b'.csv", Columns{})
		if err == nil {
			t.Errorf("%q is read", c.text)
			continue
		}
		command, _ := strings.CutSuffix(err.Error()[strings.LastIndex(err.Error(), ": ")+2:], " | fig5 analyze -")
		out, errRun := exec.Command("sh", "-c", command).Output()
		if errRun != nil {
			t.Errorf("%v: %v", err, errRun)
			continue
		}
		got, errRead := Read(bytes.NewReader(out), "-", Columns{})
		if errRead != nil || !slices.Equal(got.Y, c.y) {
			t.Errorf("%v\nmakes %q: %+v, %v", err, out, got, errRead)
		}
	}
}

// Whatever is read is a curve: finite, ascending, even.
func FuzzRead(f *testing.F) {
	f.Add("iteration,fid\n0,1\n100,2\n200,3\n", "", "")
	f.Add("iteration,beta,fid,d_loss,g_loss,modes\n0,0.1,9,,,\n100,inf,3,1.2,0.7,5\n200,inf,2.5,,,\n", "", "")
	f.Add("Wall time,Step,Value\n1.5,0,250.5\n2.5,1000,9e1\n", "Step", "Value")
	f.Add("# step fid\n0 1\n1  2\n", "", "")
	f.Add("\x1f\x8b\x08\x00\x00", "", "")
	f.Add("step\tfid\n0\t1,5\n", "", "")
	f.Add("\ufeffa;b\r\n1;2\r\n2;3\r\n", "a", "b")
	f.Add(",fid\n0,\"3\"\n1,2", "", "fid")
	f.Fuzz(func(t *testing.T, text, x, y string) {
		c, err := Read(strings.NewReader(text), "f.csv", Columns{X: x, Y: y})
		if err != nil {
			if !strings.HasPrefix(err.Error(), "f.csv:") {
				t.Fatalf("the error does not begin with the file: %v", err)
			}
			return
		}
		if len(c.X) < 2 || len(c.X) != len(c.Y) {
			t.Fatalf("%d and %d points", len(c.X), len(c.Y))
		}
		for i, v := range c.Y {
			if math.IsNaN(v) || math.IsInf(v, 0) || i > 0 && c.X[i] <= c.X[i-1] {
				t.Fatalf("point %d: %v, %v", i, c.X[i], v)
			}
		}
	})
}
