//go:build cgo

package main

import (
	"testing"

	"fig5/bench/data"
	"fig5/fid/features"
)

// The built-in network tells the attributes of faces that it was not trained on, hair
// above all, of which it counts the modes; a size apart it sees the same.
func TestBuiltInFaces(t *testing.T) {
	l, err := features.NewLeNet(features.Drawn)
	if err != nil {
		t.Fatal(err)
	}
	set, is, err := data.Faces(0, 1000, 32)
	if err != nil {
		t.Fatal(err)
	}
	accuracy, err := l.Accuracy(features.Labelled{X: set.X, Y: is})
	if err != nil {
		t.Fatal(err)
	}
	if len(accuracy) != len(data.FaceAttributes) {
		t.Fatalf("%d heads for %d attributes", len(accuracy), len(data.FaceAttributes))
	}
	for i, a := range data.FaceAttributes {
		least := .98
		switch a.Name {
		case "turn", "x", "y", "size": // the third of a range
			least = .85
		case "mouth": // the same, of a few pixels
			least = .6
		}
		if len(a.Values) != features.Drawn.Heads[i] || accuracy[i] < least {
			t.Errorf("%s: %d values, %.3f seen", a.Name, features.Drawn.Heads[i], accuracy[i])
		}
	}

	large, _, err := data.Faces(0, 1000, 64)
	if err != nil {
		t.Fatal(err)
	}
	counts := func(x []float32, side int) []int {
		e, err := features.Open(features.Spec{Name: features.Faces}, features.Shape{Channels: 3, Height: side, Width: side})
		if err != nil {
			t.Fatal(err)
		}
		defer e.Close()
		f, err := e.Extract(x, 1000)
		if err != nil {
			t.Fatal(err)
		}
		return e.LeNet().Count(f)
	}
	small, big := counts(set.X, 32), counts(large.X, 64)
	for mode, n := range small {
		if d := n - big[mode]; d < -3 || d > 3 || n < 60 || n > 140 { // a hundred, and four standard deviations
			t.Errorf("mode %d: %d of 1000 at 32 pixels, %d at 64", mode, n, big[mode])
		}
	}
}
