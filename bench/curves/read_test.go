package curves

import (
	"bytes"
	"compress/gzip"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf16"
)

func utf16LE(s string) string {
	var b strings.Builder
	for _, u := range utf16.Encode([]rune("\ufeff" + s)) {
		b.Write([]byte{byte(u), byte(u >> 8)})
	}
	return b.String()
}

// Each log holds FID 3, 2.5, 2 at 0, 100, 200, as its program writes it, or what is said.
func TestRead(t *testing.T) {
	x, y := []float64{0, 100, 200}, []float64{3, 2.5, 2}
	rows := []float64{0, 1, 2}
	for _, c := range []struct {
		name, text, xn, yn string
		columns            Columns
		x                  []float64
	}{
		{"ours", "iteration,beta,fid,d_loss,g_loss,modes\n-200,0.1,9,,,\n-100,10,8,,,\n0,inf,3,1.2,0.7,5\n100,inf,2.5,,,\n200,inf,2,,,\n", "iteration", "fid", Columns{}, x},
		{"TensorBoard's CSV", "Wall time,Step,Value\n1.7e9,0,3\n1.7e9,100,2.5\n1.7e9,200,2\n", "Step", "Value", Columns{}, x},
		{"pandas with a named column", ",iteration,fid\n0,0,3\n1,100,2.5\n2,200,2\n", "iteration", "fid", Columns{}, x},
		{"pandas, the index is x", ",fid\n0,3\n1,2.5\n2,2\n", "column 1", "fid", Columns{}, rows},
		{"pandas, an index read again", "Unnamed: 0,step,fid\n0,0,3\n1,100,2.5\n2,200,2\n", "step", "fid", Columns{}, x},
		{"pandas, without names", "0,1\n0,3.0\n100,2.5\n200,2.0\n", "column 1", "column 2", Columns{}, x},
		{"pandas.to_string", "   step  fid  loss\n0     0  3.0   NaN\n1   100  2.5   1.0\n2   200  2.0   NaN\n", "step", "fid", Columns{}, x},
		{"R's write.table", "\"step\" \"fid\"\n\"1\" 0 3\n\"2\" 100 2.5\n\"3\" 200 2\n", "step", "fid", Columns{}, x},
		{"numpy.savetxt", "# step fid\n0.000e+00 3.0e+00\n1.000e+02 2.5e+00\n2e2 2e0\n", "step", "fid", Columns{}, x},
		{"numpy.savetxt, commas, several lines", "# made by hand\n# step, fid\n0,3\n100,2.5\n200,2\n", "step", "fid", Columns{}, x},
		{"numpy.savetxt, commas below spaces", "# step fid\n0,3\n100,2.5\n200,2\n", "step", "fid", Columns{}, x},
		{"numpy.savetxt, no header", "0 3\n100 2.5\n200 2\n", "column 1", "column 2", Columns{}, x},
		{"a column of numbers", "3\n2.5\n2\n", "row", "column 1", Columns{}, rows},
		{"three columns of numbers", "9,0,3\n8,100,2.5\n9,200,2\n", "column 2", "column 3", Columns{X: "column 2", Y: "column 3"}, x},
		{"semicolons, CRLF, spaces, byte order mark", "\ufeffiteration; fid\r\n 0; 3 \r\n 100; 2.5\r\n200;2\r\n", "iteration", "fid", Columns{}, x},
		{"Excel", "sep=;\r\niteration;fid\r\n0;3\r\n100;2,5\r\n200;2\r\n", "iteration", "fid", Columns{}, x},
		{"UTF-16", utf16LE("iteration\tfid\r\n0\t3\r\n100\t2,5\r\n200\t2\r\n"), "iteration", "fid", Columns{}, x},
		{"lines of a Mac", "iteration,fid\r0,3\r100,2.5\r200,2\r", "iteration", "fid", Columns{}, x},
		{"decimal comma in quotes", "iteration,fid\n0,3\n100,\"2,5\"\n200,2\n", "iteration", "fid", Columns{}, x},
		{"decimal comma, spaces", "0 3,0\n100 2,5\n200 2,0\n", "column 1", "column 2", Columns{}, x},
		{"a separator at the end of lines", "iteration,fid\n0,3,\n100,2.5,\n200,2,\n", "iteration", "fid", Columns{}, x},
		{"W&B's export", "\"Step\",\"fid run - loss\",\"fid run - eval/FID\",\"fid run - eval/FID__MIN\",\"fid run - eval/FID__MAX\"\n\"0\",\"\",\"3\",\"3\",\"3\"\n\"50\",\"1\",\"\",\"\",\"\"\n\"100\",\"\",\"2.5\",\"1\",\"3\"\n\"200\",\"\",\"2\",\"2\",\"2\"\n", "Step", "fid run - eval/FID", Columns{}, x},
		{"W&B's export, of an axis", "\"trainer/global_step\",\"a - _step\",\"a - fid\"\n0,0,3\n100,1,2.5\n200,2,2\n", "trainer/global_step", "a - fid", Columns{}, x},
		{"W&B's history", ",_step,_runtime,step,eval/fid\n0,0,1,7,3\n1,100,2,8,2.5\n2,200,3,9,2\n", "_step", "eval/fid", Columns{}, x},
		{"W&B's scan_history, NaN for nothing", "{\"_step\": 0, \"fid\": 3}\n{\"_step\": 1, \"fid\": NaN}\n{\"_step\": 2, \"fid\": NaN}\n{\"_step\": 100, \"fid\": 2.5}\n{\"_step\": 101, \"fid\": NaN}\n{\"_step\": 102, \"fid\": NaN}\n{\"_step\": 200, \"fid\": 2}\n{\"_step\": 201, \"fid\": NaN}\n", "_step", "fid", Columns{}, x},
		{"Lightning", "epoch,fid,step,train_loss\n0,3,0,\n0,,50,0.5\n1,2.5,100,\n1,,150,0.5\n2,2,200,\n", "step", "fid", Columns{}, x},
		{"Lightning, its name", "epoch,step,val/FrechetInceptionDistance\n0,0,3\n1,100,2.5\n2,200,2\n", "step", "val/FrechetInceptionDistance", Columns{}, x},
		{"Keras", "epoch,fid,loss\n0,3,1\n1,2.5,1\n2,2,1\n", "epoch", "fid", Columns{}, rows},
		{"Keras' history", `{"loss": [1, 1, 1], "fid": [3, 2.5, 2]}`, "row", "fid", Columns{}, rows},
		{"a long table", "run,tag,step,value\na,loss,0,1\na,eval/fid,0,3\na,loss,100,1\na,eval/fid,100,2.5\na,eval/fid,200,2\n", "step", "eval/fid", Columns{}, x},
		{"a long table, a tag named", "tag,step,value\nfid,0,9\nscore,0,3\nscore,100,2.5\nscore,200,2\n", "step", "score", Columns{Y: "score"}, x},
		{"a long table of one tag", "tag,step,value\nscore,0,3\nscore,100,2.5\nscore,200,2\n", "step", "score", Columns{}, x},
		{"a long table of two runs", "run,tag,step,value\na,fid,0,3\nb,fid,0,9\na,fid,100,2.5\na,fid,200,2\n", "step", "a - fid", Columns{Y: "a - fid"}, x},
		{"two runs below each other", "run,_step,fid\na,0,3\na,100,2.5\na,200,2\nb,0,9\n", "_step", "a - fid", Columns{Y: "a - fid"}, x},
		{"MLflow's file", "1700000000027 3 0\n1700000021052 2.5 100\n1700000042086 2.0 200\n", "step", "value", Columns{}, x},
		{"MLflow's file, with a data set", "1700000000027 3 0 train ab12\n1700000021052 2.5 100 train ab12\n1700000042086 2.0 200 train ab12\n", "step", "value", Columns{}, x},
		{"Comet", `[{"metricName": "fid", "metricValue": "3", "step": 0}, {"metricName": "fid", "metricValue": "2.5", "step": 100}, {"metricName": "fid", "metricValue": "2", "step": 200}]`, "step", "fid", Columns{}, x},
		{"Hugging Face's log_history", `{"epoch": 3, "log_history": [{"loss": 1, "epoch": 0, "step": 0}, {"eval_fid": 3, "step": 0}, {"eval_fid": 2.5, "step": 100}, {"eval_fid": 2, "step": 200}]}`, "step", "eval_fid", Columns{}, x},
		{"Sacred", `{"loss": {"steps": [0, 1], "values": [1, 1]}, "fid": {"steps": [0, 100, 200], "timestamps": ["a", "b", "c"], "values": [3, 2.5, 2]}}`, "fid.steps", "fid.values", Columns{}, x},
		{"TensorBoard's JSON", "[[1700000000.0, 0, 3], [1700000100.0, 100, 2.5], [1700000200.0, 200, 2]]", "step", "value", Columns{}, x},
		{"step: value", `{"0": 3, "100": 2.5, "200": 2}`, "step", "value", Columns{}, x},
		{"step: object", `{"0": {"fid": 3}, "100": {"fid": 2.5}, "200": {"fid": 2}}`, "step", "fid", Columns{}, x},
		{"pandas.to_json", `{"step":{"0":0,"1":100,"2":200},"fid":{"0":3,"1":2.5,"2":2}}`, "step", "fid", Columns{}, x},
		{"pandas.to_json, split", `{"columns":["step","fid"],"index":[0,1,2],"data":[[0,3],[100,2.5],[200,2]]}`, "step", "fid", Columns{}, x},
		{"lists of pairs", `{"loss": [[0, 1], [1, 1]], "eval": {"fid": [[0, 3], [100, 2.5], [200, 2]]}}`, "step", "eval.fid", Columns{}, x},
		{"lists below their names", `[["step", "fid"], [0, 3], [100, 2.5], [200, 2]]`, "step", "fid", Columns{}, x},
		{"JSON lines, in each other", "{\"iter\": 0, \"eval\": {\"fid\": 3, \"kid\": 1}}\n\n{\"iter\": 100, \"eval\": {\"fid\": 2.5}}\n{\"iter\": 200, \"eval\": {\"fid\": 2}}\n", "iter", "eval.fid", Columns{}, x},
		{"StyleGAN, rounded down", `{"results": {"fid50k_full": 3}, "metric": "fid50k_full", "snapshot_pkl": "network-snapshot-000000.pkl"}` + "\n" + `{"results": {"fid50k_full": 2.5}, "metric": "fid50k_full", "snapshot_pkl": "network-snapshot-000100.pkl"}` + "\n" + `{"results": {"fid50k_full": 2}, "metric": "fid50k_full", "snapshot_pkl": "network-snapshot-000200.pkl"}`, "kimg", "results.fid50k_full", Columns{}, x},
		{"named", "a,b,c\n0,3,x\n100,2.5,y\n200,2,z\n", "a", "b", Columns{X: "a", Y: "B"}, x},
		{"exact name first", "FID,fid,step\n7,3,0\n8,2.5,100\n8,2,200\n", "step", "fid", Columns{}, x},
		{"fid before value", "step,value,fid\n0,9,3\n100,9,2.5\n200,9,2\n", "step", "fid", Columns{}, x},
		{"not the best, not the time", "step,best_fid,fid_time,fidelity,sFID,eval/fid50k_full\n0,1,2,3,4,3\n100,1,2,3,4,2.5\n200,1,2,3,4,2\n", "step", "eval/fid50k_full", Columns{}, x},
		{"steps before epochs, and those that a row has", "step,epoch,fid\n,0,3\n5,,\n,1,2.5\n,2,2\n", "epoch", "fid", Columns{}, rows},
		{"beta as the measured column", "iteration,beta\n0,3\n100,2.5\n200,2\n", "iteration", "beta", Columns{Y: "beta"}, x},
		{"a header in the middle, a resumed run", "iteration,fid\n0,3\n100,7\niteration,fid\n100,2.5\n200,2\n", "iteration", "fid", Columns{}, x},
		{"a resumed run that ended earlier", "iteration,fid\n0,3\n100,7\n200,7\n300,7\n100,2.5\n200,2\n", "iteration", "fid", Columns{}, x},
		{"killed while writing", "iteration,fid\n0,3\n100,2.5\n200,2\n300", "iteration", "fid", Columns{}, x},
	} {
		got, err := Read(strings.NewReader(c.text), "f.csv", c.columns)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if !slices.Equal(got.X, c.x) || !slices.Equal(got.Y, y) || got.Source.X != c.xn || got.Source.Y != c.yn || got.Source.Interval != c.x[1] {
			t.Errorf("%s: %+v", c.name, got)
		}
	}
}

// Marks between thousands, and what decides between them and decimal ones.
func TestNotation(t *testing.T) {
	for _, c := range []struct {
		sep, x, y string
		wx, wy    float64
	}{
		{",", `"1,000"`, "2.5", 1000, 2.5},
		{";", "1.000", "2,5", 1000, 2.5},
		{";", "1000", "1.234,5", 1000, 1234.5},
		{"\t", "1,234,000", "2.5", 1234000, 2.5},
		{";", "1\u202f000", "2,5", 1000, 2.5},
		{";", "1'000", "2.5", 1000, 2.5},
		{";", "1000", "2,125", 1000, 2.125}, // where no comma is between fields
		{",", "1000", "2.125", 1000, 2.125},
	} {
		got, err := Read(strings.NewReader("step"+c.sep+"fid\n0"+c.sep+"3\n"+c.x+c.sep+c.y+"\n"), "f.csv", Columns{})
		if err != nil || got.X[1] != c.wx || got.Y[1] != c.wy {
			t.Errorf("%s %s: %+v, %v", c.x, c.y, got, err)
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
		{"1,0,3\n2,100,2\n", "f.csv: no column is FID by its name; name one: --y 'column 1', --y 'column 2', --y 'column 3'", Columns{}},
		{"time,fid\n0,1\n", "f.csv: no column of steps; name one: --x time, --x fid", Columns{}},
		{"iteration,loss\n0,1\n", "f.csv: no column is FID by its name; name one: --y iteration, --y loss", Columns{}},
		{"iteration,loss\n0,1\n", `f.csv: no column is FID by its name; name one: in the list's column y: "iteration", "loss"`, Columns{Listed: true}},
		{"step,d_confidence,fidelity\n0,1,2\n", "f.csv: no column is FID by its name; name one: --y step, --y d_confidence, --y fidelity", Columns{}},
		{"iteration,train/fid,val fid\n0,1,2\n", `f.csv: "train/fid" and "val fid" may both be the FID; name one: --y train/fid, --y 'val fid'`, Columns{}},
		{"iteration,fid,frechet_inception_distance\n0,1,2\n", "", Columns{}},
		{"epoch,train_step,gen_step,fid\n0,1,2,3\n", `f.csv: "train_step" and "gen_step" may both be the steps; name one: --x train_step, --x gen_step`, Columns{}},
		{"tag,step,value\na,0,1\nb,0,1\n", "f.csv: none is FID by its name; name one: --y a, --y b", Columns{}},
		{"tag,step,value\na,0,1\nb,0,1\n", `f.csv: no c; there are "a", "b"`, Columns{Y: "c"}},
		{"run,_step,fid\na,0,3\nb,0,9\n", `f.csv: "a - fid" and "b - fid" may both be the FID; name one: --y 'a - fid', --y 'b - fid'`, Columns{}},
		{head + "0,1\n", `f.csv: no column FIDx; there are "iteration", "fid"`, Columns{Y: "FIDx"}},
		{head + "0,1\n", "f.csv: fid is both x and y", Columns{X: "fid"}},
		{"iteration,fid,fid\n0,1,2\n", "f.csv: two columns are named fid", Columns{}},
		{"PK\x03\x04\x00\x00", "f.csv: is not a whole .npz file: zip: not a valid zip file", Columns{}},
		{"PAR1\x15\x04", "f.csv: is a Parquet file; to CSV: python -c 'import pandas, sys; pandas.read_parquet(sys.argv[1]).to_csv(sys.argv[2])' f.csv fid.csv", Columns{}},
		{"a\x00b", "f.csv: is not a log of any kind that is read (docs/logs.md lists them)", Columns{}},
		{"[INFO] step 0 FID: 3.0\n[INFO] step 100 FID: 2.5\n", "f.csv:1: is a program's messages, not a table; its CSV, JSON or event files are read", Columns{}},
		{"itera\xfftion,fid\n0,1\n", "f.csv: no column of steps; name one: --x 'itera?tion', --x fid", Columns{}},
		{"epoch 1 loss 0.5\nepoch 1 FID 3.5\n", "f.csv:1: is a program's messages, not a table; its CSV, JSON or event files are read", Columns{}},
		{"a\x01\xff", "f.csv: is not a log of any kind that is read (docs/logs.md lists them)", Columns{}},
		{head + "0,1\n100,2,3\n", "f.csv:3: 3 fields, the header has 2; a number or name with a comma in it wants quotes", Columns{}},
		{head + "0,1\n100\n200,2\n", "f.csv:3: a field is missing; the header has 2", Columns{}},
		{head + "0,1\n\n,2\n", "f.csv:4: iteration: missing", Columns{}},
		{head + "0,1\n100,abc\n", `f.csv:3: fid: "abc" is not a number; --y names another column`, Columns{}},
		{head + "0,1\n100,0x10\n", `f.csv:3: fid: "0x10" is not a number; --y names another column`, Columns{}},
		{head + "0,\"3,125\"\n100,\"2,125\"\n", "f.csv: 2,125 may be 2125 or 2.125; write numbers with a decimal point", Columns{}},
		{"step;fid\n0;3,5\n100;3.51\n", "f.csv: numbers with a decimal point (3.51) and with a decimal comma (3,5); write all of them with a point", Columns{}},
		{head + "0,1\n100,nan\n", "f.csv:3: fid: nan is not a finite number, and none follows", Columns{}},
		{head + "0,1\n100,1e999\n", "f.csv:3: fid: 1e999 is not a finite number, and none follows", Columns{}},
		{head + "0,1\n100,inf\n200,1\n", "f.csv:3: fid: inf is not a finite number", Columns{}},
		{head + "0,1\n100,1e200\n", "f.csv:3: fid: 1e200 is too large (1e+150 at most); --y names another column", Columns{}},
		{head + "0,1\ninf,2\n", "f.csv:3: iteration: inf is not a finite number; --x names another column", Columns{}},
		{head + "100,1\n0,2\n", "f.csv:3: iteration 0 comes after 100; steps must ascend, one run a file", Columns{}},
		{head + "0,1\n100,2\n0,1\n", "f.csv:4: iteration begins again at 0; a curve is one run: each of them wants its own file", Columns{}},
		{head + "0,1\n100,2\n300,3\n", "f.csv: 1 of 4 points are missing or NaN; up to 5 % are filled; to interpolate: --resample 100", Columns{}},
		{head + "0,1\n100,2\n250,3\n", "f.csv:4: iteration 250: a step of 150 after steps of 100; to interpolate: --resample 100", Columns{}},
		{head + "0,1\n100,2\n250,3\n", "f.csv:4: iteration 250: a step of 150 after steps of 100; to interpolate: in the list's column resample: 100", Columns{Listed: true}},
		{head + "0,1\n100,2\n200,3\n300,NaN\n", "f.csv:5: fid: NaN is not a finite number, and none follows; to end before it: head -n 4 f.csv | fig5 analyze -", Columns{}},
		{head + "0,1\n100,2\n200,\n300,\n", "f.csv:4: fid: missing, and none follows; to end before it: head -n 3 f.csv | fig5 analyze -", Columns{}},
		{head + "0,1\n100,2\n", "f.csv: --resample 0.000001 makes 1e+08 points of iteration 0 to 100; 2 to 20000000 are possible", Columns{Resample: 1e-6}},
		{"{\"step\": 0, \"fid\": 3}\n", "f.csv: no list of numbers or objects in it; a log has one with steps and FID", Columns{}},
		{"[{\"step\": 0, \"fid\": 3},\n {\"step\": 1 \"fid\": 3}]", `f.csv:2: not JSON: a comma is missing before "\"fid\": 3}]"`, Columns{}},
		{"{\"step\": 0, \"fid\": 3}\n{\"step\": 1, \"fid\"}\n", `f.csv:2: not JSON lines: a colon is missing behind "fid"`, Columns{}},
		{`{"a_fid": [1, 2], "b_fid": [1, 2, 3]}`, "f.csv: several lists may be the FID; name one: --y a_fid, --y b_fid", Columns{}},
		{head + "0,1\n100,\"2\n", `f.csv:3: extraneous or missing " in quoted-field`, Columns{}},
		{"iteration,beta,fid\n0,1,5\n100,10,4\n", "f.csv: no row with beta = inf; the curve of β = ∞ is what is measured", Columns{}},
		{"iteration,beta,fid\n0,1,5\n100,inf,4\n200,10,4\n", "f.csv:4: beta 10 after beta inf", Columns{}},
		{"iteration,beta,fid\n0,hot,5\n", `f.csv:2: beta: "hot" is not a number or inf`, Columns{}},
	} {
		_, err := Read(strings.NewReader(c.text), "f.csv", c.columns)
		if err == nil || c.want != "" && err.Error() != c.want {
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

func pack(t *testing.T, text string) []byte {
	t.Helper()
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

// A file packed by gzip is read as what is in it, and what is wrong with it is told with
// the way to unpack it.
func TestReadGzip(t *testing.T) {
	whole := pack(t, "iteration,fid\n0,3\n100,2\n")
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
		{pack(t, "iteration,fid\n0,3\n100,2\n200,nan\n"), "my run.csv.gz:4: fid: nan is not a finite number, and none follows; to end before it: gunzip -c 'my run.csv.gz' | head -n 3 | fig5 analyze -"},
	} {
		if _, err := Read(bytes.NewReader(bad.b), "my run.csv.gz", Columns{}); err == nil || err.Error() != bad.want {
			t.Errorf("%v, want %s", err, bad.want)
		}
	}
}

// What a refusal advises works as it stands, pasted behind the command that was refused:
// on quoted fields, CRLF, more columns, JSON and packed files it measures the same column
// at the step of the log.
func TestAdvice(t *testing.T) {
	for _, tool := range []string{"sh", "head", "gunzip"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skip(err)
		}
	}
	t.Chdir(t.TempDir())
	full := []float64{5, 4, 3, 2.5, 2, 1}
	for _, c := range []struct {
		name, text string
		columns    Columns
		packed     bool
		y          []float64
	}{
		{"uneven, quoted, CRLF", "\"Step\",\"a, b\",\"x - fid\"\r\n\"0\",\"1\",\"5\"\r\n\"100\",\"1\",\"4\"\r\n\"200\",\"1\",\"3\"\r\n\"400\",\"1\",\"2\"\r\n\"500\",\"1\",\"1\"\r\n", Columns{}, false, full},
		{"uneven, JSON", "{\"m\": {\"fid\": 5}, \"step\": 0}\n{\"m\": {\"fid\": 4}, \"step\": 100}\n{\"m\": {\"fid\": 3}, \"step\": 200}\n{\"m\": {\"fid\": 2}, \"step\": 400}\n{\"m\": {\"fid\": 1}, \"step\": 500}\n", Columns{}, false, full},
		{"uneven, named", "a,b,c\n0,9,5\n100,9,4\n200,9,3\n400,9,2\n500,9,1\n", Columns{X: "a", Y: "c"}, false, full},
		{"odd steps", "step,fid\n0,5\n100,4\n200,3\n400,2\n500,1\n550,0\n", Columns{}, false, []float64{5, 4.5, 4, 3.5, 3, 2.75, 2.5, 2.25, 2, 1.5, 1, 0}},
		{"diverged, quoted, CRLF", "\"my, step\",\"FID a\"\r\n\"0\",\"5\"\r\n\"100\",\"4\"\r\n\"200\",\"nan\"\r\n\"300\",\"nan\"\r\n", Columns{X: "my, step"}, false, []float64{5, 4}},
		{"diverged, lines in quotes, packed", "step,note,val/fid,train/fid\n0,\"a\nb\",5,1\n100,\"c\nd\",4,1\n200,,inf,1\n", Columns{Y: "val/fid"}, true, []float64{5, 4}},
		{"diverged, JSON", "{\"fid\": 5, \"it's\": 0}\n{\"fid\": 4, \"it's\": 1}\n{\"fid\": NaN, \"it's\": 2}\n", Columns{X: "it's"}, false, []float64{5, 4}},
		{"two metrics", "step,train/fid,\"val, fid\"\n0,5,9\n1,4,9\n", Columns{}, false, []float64{5, 4}},
		{"two runs", "run,step,fid\na b,0,5\nc,0,9\na b,1,4\n", Columns{}, false, []float64{5, 4}},
		{"no step", "my time,fid\n0,5\n1,4\n", Columns{}, false, []float64{5, 4}},
		{"no name", "9,0,5\n8,100,4\n", Columns{X: "column 2"}, false, []float64{9, 8}},
	} {
		file := "a 'b'.log"
		data := []byte(c.text)
		if c.packed {
			data = pack(t, c.text)
		}
		if err := os.WriteFile(file, data, 0o644); err != nil {
			t.Fatal(err)
		}
		_, refusal := ReadFile(file, c.columns)
		if refusal == nil {
			t.Errorf("%s: is read", c.name)
			continue
		}
		if command, ok := cutBehind(refusal.Error(), "to end before it: "); ok {
			command, flags, _ := strings.Cut(command, " | fig5 analyze -")
			data, _ = exec.Command("sh", "-c", command).Output()
			c.columns = parseFlags(t, flags)
		} else {
			_, flags, _ := strings.Cut(refusal.Error(), "--")
			flags, _, _ = strings.Cut("--"+flags, ", --") // the first of several choices
			f := parseFlags(t, flags)
			c.columns.X, c.columns.Y, c.columns.Resample = c.columns.X+f.X, c.columns.Y+f.Y, f.Resample
		}
		got, err := Read(bytes.NewReader(data), "-", c.columns)
		if err != nil || !slices.Equal(got.Y, c.y) {
			t.Errorf("%s: %v\nmakes %+v, %v", c.name, refusal, got, err)
		}
	}
}

func cutBehind(s, mark string) (string, bool) {
	_, after, ok := strings.Cut(s, mark)
	return after, ok
}

// parseFlags reads flags as a shell does.
func parseFlags(t *testing.T, flags string) (c Columns) {
	t.Helper()
	out, err := exec.Command("sh", "-c", `printf '%s\n' `+flags).Output()
	if err != nil {
		t.Fatalf("%s: %v", flags, err)
	}
	words := strings.Split(strings.TrimSuffix(string(out), "\n"), "\n")
	for i := 0; i+1 < len(words); i += 2 {
		switch words[i] {
		case "--x":
			c.X = words[i+1]
		case "--y":
			c.Y = words[i+1]
		case "--resample":
			if c.Resample, err = strconv.ParseFloat(words[i+1], 64); err != nil {
				t.Fatal(err)
			}
		default:
			t.Fatalf("no flag: %q", words[i])
		}
	}
	return c
}
