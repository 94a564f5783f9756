package curves

import (
	"encoding/binary"
	"hash/crc32"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fig5/fid/npy"
)

// check reads data: a line that begins with the file, or a curve that is finite, ascends
// and is as long as its axis.
func check(t *testing.T, data string, columns Columns) {
	t.Helper()
	c, err := Read(strings.NewReader(data), "f.csv", columns)
	if err != nil {
		if !strings.HasPrefix(err.Error(), "f.csv:") || strings.Contains(err.Error(), "\n") {
			t.Fatalf("no line that begins with the file: %q", err)
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
}

func FuzzRead(f *testing.F) {
	for _, text := range []string{
		"iteration,fid\n0,1\n100,2\n200,3\n", "iteration,beta,fid,d_loss,g_loss,modes\n0,0.1,9,,,\n100,inf,3,1.2,0.7,5\n200,inf,2.5,,,\n",
		"Wall time,Step,Value\n1.5,0,250.5\n2.5,1000,9e1\n", "# step fid\n0 1\n1  2\n", "\x1f\x8b\x08\x00\x00", "step\tfid\n0\t1,5\n", "\ufeffa;b\r\n1;2\r\n2;3\r\n",
		",fid\n0,\"3\"\n1,2", "run,tag,step,value\na,fid,0,3\nb,fid,0,9\na,fid,100,2.5\n", "1700000000027 3 0\n1700000021052 2.5 100\n", utf16LE("step,fid\n0,1\n1,2\n"),
		"kimg,fid\n0,1\n204,2\n409,3\n614,2\n", "x;y\n1.000;2,5\n2.000;3\n", "step,fid\n0,1\n1,nan\n2,3\n1,4\n2,2\n",
	} {
		f.Add(text, "", "", 0.0)
	}
	f.Add("a,b\n0,1\n3,2\n7,1", "a", "b", 1.5)
	f.Fuzz(func(t *testing.T, text, x, y string, step float64) {
		if step > 0 && step < 1e-3 {
			step = 1e-3
		}
		check(t, text, Columns{X: x, Y: y, Resample: step})
	})
}

func FuzzJSON(f *testing.F) {
	for _, text := range []string{
		"{\"_step\": 0, \"eval\": {\"fid\": 3}}\n{\"_step\": 1, \"eval\": {\"fid\": NaN}}\n", `[[1700000000.0, 0, 3], [1700000100.0, 100, 2.5]]`,
		`{"0": 3, "100": 2.5, "200": 2}`, `{"step":{"0":0,"1":100},"fid":{"0":3,"1":2.5}}`, `{"columns":["step","fid"],"index":[0,1],"data":[[0,3],[100,2.5]]}`,
		`{"log_history": [{"eval_fid": 3, "step": 0}, {"eval_fid": 2.5, "step": 100}]}`, `{"fid": {"steps": [0, 100], "values": [3, 2.5]}}`,
		`{"results": {"fid50k_full": 3}, "snapshot_pkl": "network-snapshot-000204.pkl"}` + "\n" + `{"results": {"fid50k_full": 2}, "snapshot_pkl": "network-snapshot-000409.pkl"}`,
	} {
		f.Add(text, "")
	}
	f.Add(`{"a": [1, "2\u0041"], "b": [null, -Infinity]}`, "a")
	f.Fuzz(func(t *testing.T, text, y string) {
		if isJSON([]byte(text)) {
			check(t, text, Columns{Y: y})
		}
	})
}

// The records are whole, so that what is in them is read.
func FuzzEvents(f *testing.F) {
	for _, file := range []string{"events.out.tfevents.1700000000.host", "events.out.tfevents.1700000002.host"} {
		b, err := os.ReadFile(filepath.Join("testdata", "run", file))
		if err != nil {
			f.Fatal(err)
		}
		size := func(at int) int { return int(binary.LittleEndian.Uint64(b[at:])) }
		second := 16 + size(0)
		f.Add(b[second+12:][:size(second)], b[len(b)-1:])
	}
	masked := func(b []byte) uint32 { // the checksum of TFRecords
		c := crc32.Checksum(b, crc32.MakeTable(crc32.Castagnoli))
		return (c>>15 | c<<17) + 0xa282ead8
	}
	f.Fuzz(func(t *testing.T, event, rest []byte) {
		var b []byte
		for range 2 {
			start := len(b)
			b = binary.LittleEndian.AppendUint64(b, uint64(len(event)))
			b = binary.LittleEndian.AppendUint32(b, masked(b[start:]))
			b = append(b, event...)
			b = binary.LittleEndian.AppendUint32(b, masked(event))
		}
		check(t, string(append(b, rest...)), Columns{})
	})
}

func FuzzNumPy(f *testing.F) {
	for _, file := range []string{"xy.npy", "turned.npy", "y.npy", "named.npz", "xy.npz"} {
		b, err := os.ReadFile(filepath.Join("testdata", file))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	var b strings.Builder
	if err := npy.Write(&b, []float64{0, 3, 1, 2}, 2, 2); err != nil {
		f.Fatal(err)
	}
	f.Add([]byte(b.String()))
	f.Fuzz(func(t *testing.T, data []byte) {
		if isNPY(data) || isNPZ(data) {
			check(t, string(data), Columns{})
		}
	})
}
