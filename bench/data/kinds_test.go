package data

import (
	"image"
	"path/filepath"
	"testing"

	features "fig5/fid/features/kinds"
)

// What the table says of a set before it is read is what the set is.
func TestKinds(t *testing.T) {
	pictures := t.TempDir()
	for _, name := range []string{"a.png", "b.png"} {
		write(t, filepath.Join(pictures, name), encodePNG(t, image.NewGray(image.Rect(0, 0, 4, 4))))
	}
	sources := map[string]Source{
		"mixture": {Name: "mixture"}, "cubes": {Name: "cubes"},
		"mnist": {Name: "mnist", Path: fixture}, "images": {Name: "images", Path: pictures, Size: 4},
		"celeba": {Name: "celeba", Path: pictures, Size: 2, Crop: 3}, "faces": {Name: "faces", Size: 32, Count: 100},
	}
	for _, name := range Names(nil) {
		c, ok := sources[name]
		if !ok {
			t.Errorf("%s: is not tested", name)
			continue
		}
		set, err := Open(c)
		if err != nil {
			t.Fatal(err)
		}
		k := c.Kind()
		if set.Name != name || set.Dim != set.Shape.Len() || set.Len()*set.Dim != len(set.X)+len(set.Pixels) || k.Packed != (set.X == nil) {
			t.Errorf("%s: %q, %v, %d numbers a sample, %d in all", name, set.Name, set.Shape, set.Dim, len(set.X))
		}
		if known := c.Shape(); set.Shape != known && (name != "images" || set.Shape != Shape{1, known.Height, known.Width}) {
			t.Errorf("%s: shape %v, the table says %v", name, set.Shape, known)
		}
		if rows := c.Rows(); name != "mnist" && rows != set.Len() || name == "mnist" && rows != 60000 { // the fixture is a part
			t.Errorf("%s: %d samples, the table says %d", name, set.Len(), rows)
		}
		if byCentre := set.Centres != nil; byCentre != (k.Modes > 0 && k.Classifier == "") || byCentre && len(set.Centres) != k.Modes {
			t.Errorf("%s: %d centres, %d modes told by %q", name, len(set.Centres), k.Modes, k.Classifier)
		}
		if k.Classifier != "" && !features.Find(k.Classifier).Fits(name, !set.Shape.Points()) {
			t.Errorf("%s: modes by %q, which is not for it", name, k.Classifier)
		}
		if k.Drawn == (c.Path != "") {
			t.Errorf("%s: drawn %v, read from %q", name, k.Drawn, c.Path)
		}
	}
	none := Source{Name: "none"}
	if none.Shape() != (Shape{}) || none.Rows() != 0 || none.Kind().Name != "" {
		t.Error("what is no data set has a shape")
	}
	if (Source{Name: "images", Path: "nosuch", Size: 8}).Rows() != 0 {
		t.Error("a folder that is not there has images")
	}
}
