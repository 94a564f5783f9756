package data

import (
	"slices"
	"testing"
)

// Faces are the same whatever else is drawn and at both sizes; every value of every
// attribute is there.
func TestFaces(t *testing.T) {
	small, is, err := Faces(0, 200, 32)
	if err != nil {
		t.Fatal(err)
	}
	large, _, err := Faces(0, 100, 64)
	if err != nil {
		t.Fatal(err)
	}
	later, after, err := Faces(50, 100, 32)
	if err != nil {
		t.Fatal(err)
	}
	inBox(t, small)
	if !slices.Equal(later.X, small.X[50*small.Dim:150*small.Dim]) || !slices.Equal(after, is[50*len(FaceAttributes):150*len(FaceAttributes)]) {
		t.Error("a face depends on those before it")
	}
	for i := range 100 * small.Dim { // the mean of 2×2, each rounded to a level, is the level or the next
		plane, y, x := i/1024, i/32%32, i%32
		at := plane*4096 + 2*y*64 + 2*x
		mean := (large.X[at] + large.X[at+1] + large.X[at+64] + large.X[at+65]) / 4
		if off := small.X[i] - mean; off > 1.01/127.5 || off < -1.01/127.5 {
			t.Fatalf("number %d is %g at 32 pixels and %g at 64", i, small.X[i], mean)
		}
	}
	for a, attribute := range FaceAttributes {
		count := make([]int, len(attribute.Values))
		for i := a; i < len(is); i += len(FaceAttributes) {
			count[is[i]]++
		}
		for v, n := range count { // 200 faces: four standard deviations below the rarest, of a sixth
			if n < 12 {
				t.Errorf("%s %s: %d of 200", attribute.Name, attribute.Values[v], n)
			}
		}
	}
	if hair := FaceAttributes[0].Values; len(hair)*len(FaceAttributes[1].Values) != facesKind.Modes {
		t.Errorf("%d modes", facesKind.Modes)
	}
}

// Attributes are seen in the pixels: short hair leaves the ground beside the neck free,
// the shirt is below, glasses darken.
func TestFacesShow(t *testing.T) {
	set, is, err := Faces(0, 1000, 32)
	if err != nil {
		t.Fatal(err)
	}
	mean := func(attribute, value, plane, y, x int) (sum float32) {
		n := float32(0)
		for i := range set.Len() {
			if int(is[i*len(FaceAttributes)+attribute]) == value {
				sum += set.X[i*set.Dim+plane*1024+y*32+x]
				n++
			}
		}
		return sum / n
	}
	const hair, length, shirt, glasses, light = 0, 1, 4, 8, 11
	for _, c := range []struct {
		what   string
		dark   float32
		bright float32
	}{
		{"black and blond hair", mean(hair, 0, 0, 6, 16), mean(hair, 2, 0, 6, 16)},
		{"blue and red shirts, in red", mean(shirt, 1, 0, 30, 16), mean(shirt, 0, 0, 30, 16)},
		{"red and blue shirts, in blue", mean(shirt, 0, 2, 30, 16), mean(shirt, 1, 2, 30, 16)},
		{"glasses", mean(glasses, 1, 0, 13, 10), mean(glasses, 0, 0, 13, 10)},
		{"light from the left and right", mean(light, 0, 0, 18, 20), mean(light, 1, 0, 18, 20)},
		{"hair and ground beside the chin", mean(length, 1, 1, 22, 7), mean(length, 0, 1, 22, 7)},
	} {
		if !(c.bright > c.dark+.1) {
			t.Errorf("%s: %g is not above %g", c.what, c.bright, c.dark)
		}
	}
}

func TestBadFaces(t *testing.T) {
	for _, c := range []Source{{Name: "faces", Size: 48, Count: 100}, {Name: "faces", Size: 32, Count: 99}} {
		if _, err := Open(c); err == nil {
			t.Errorf("%+v is drawn", c)
		}
	}
}
