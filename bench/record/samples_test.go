package record

import (
	"math"
	"reflect"
	"strings"
	"testing"

	"fig5/fid/npy"
)

func TestSamples(t *testing.T) {
	d := Dir(t.TempDir())
	if have, want := d.LevelSamples(10, math.Inf(1)), d.Samples()+"/level-10-beta-inf.npy"; have != want {
		t.Errorf("%s, want %s", have, want)
	}
	path := d.LevelSamples(3, 0.1)
	if have, want := strings.TrimPrefix(path, string(d)), "/samples/level-03-beta-0.1.npy"; have != want {
		t.Errorf("%s, want %s", have, want)
	}
	want := []float32{1, -2, 3, 4, 5, 6.5}
	if err := WriteSamples(path, want, 2, 3); err != nil {
		t.Fatal(err)
	}
	file := mustRead(t, path)
	a, err := npy.NewArray(strings.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	if have, err := npy.Exact[float32](a); err != nil || !reflect.DeepEqual(have, want) || !reflect.DeepEqual(a.Shape, []int{2, 3}) {
		t.Errorf("holds %v %v (%v)", a.Shape, have, err)
	}
	wantError(t, WriteSamples(path, want, 2, 2), string(d), "DIR/samples/level-03-beta-0.1.npy: 6 values are not 2 rows of 2")
}
