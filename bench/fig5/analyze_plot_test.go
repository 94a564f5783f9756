package main

import (
	"bytes"
	"image"
	_ "image/png"
	"math"
	"os"
	"path/filepath"
	"testing"

	"gonum.org/v1/plot/plotter"

	"fig5/bench/curves"
	"fig5/bench/measure"
	"fig5/filters"
)

// A window of a thousandth of the curve is seen in the figure, and a curve of very many
// points makes no large file.
func TestFigureOfLongCurve(t *testing.T) {
	c := &curves.Curve{File: "long.csv", Source: curves.Source{X: "step", Y: "fid"}}
	for i := range 100000 {
		c.X, c.Y = append(c.X, float64(i)), append(c.Y, 20+280*math.Exp(-float64(i)/8000)+math.Sin(float64(i)/5))
	}
	a := filters.DefaultAnalysis()
	a.Window = 100
	r, err := measure.Curve(c, a)
	if err != nil {
		t.Fatal(err)
	}
	svg, err := curveFigure(c, r).SVG()
	if err != nil || len(svg) > 400e3 {
		t.Errorf("%d bytes, %v", len(svg), err)
	}
	b, err := curveFigure(c, r).PNG()
	if err != nil {
		t.Fatal(err)
	}
	img, _, err := image.Decode(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	seen, size := 0, img.Bounds().Size()
	for y := size.Y / 4; y < size.Y; y++ { // below the legend
		for x := range size.X / 2 {
			if r, g, b, _ := img.At(x, y).RGBA(); r>>8 == 0x80 && g>>8 == 0x80 && b>>8 == 0x80 {
				seen++
			}
		}
	}
	if seen < 60 { // 3 by 2.5 points are 130, the knee's line covers some
		t.Errorf("the window's edge has %d pixels", seen)
	}
	// What is left out of a line is between what stays.
	line := polyline(c.X, c.Y, black, 1)
	lo, hi := extent(c.Y)
	if _, _, l, h := plotter.XYRange(line.XYs); l != lo || h != hi || len(line.XYs) > 4100 {
		t.Errorf("%d points from %v to %v, want %v to %v", len(line.XYs), l, h, lo, hi)
	}
}

// The figure in its three forms, for curves that strain its axes. What it looks like
// a person has to judge; here it must come out, the same each time.
func TestFigure(t *testing.T) {
	scaled := func(f func(x, y float64) (float64, float64)) *curves.Curve {
		c, err := curves.ReadFile(filepath.Join(repository, "docs/example/fid.csv"), curves.Columns{})
		if err != nil {
			t.Fatal(err)
		}
		for i := range c.X {
			c.X[i], c.Y[i] = f(c.X[i], c.Y[i])
		}
		return c
	}
	for name, c := range map[string]*curves.Curve{
		"plain":    scaled(func(x, y float64) (float64, float64) { return x, y }),
		"tiny":     scaled(func(x, y float64) (float64, float64) { return x / 1e6, y * 1e-12 }),
		"huge":     scaled(func(x, y float64) (float64, float64) { return x * 1e9, y * 1e12 }),
		"negative": scaled(func(x, y float64) (float64, float64) { return x - 5e4, 5 - y }),
		"constant": scaled(func(x, y float64) (float64, float64) { return x, 3 }),
		"zero":     scaled(func(x, y float64) (float64, float64) { return x, 0 }),
		"decades":  scaled(func(x, y float64) (float64, float64) { return x, math.Exp(y) }),
	} {
		a := filters.DefaultAnalysis()
		a.Window = 500 * (c.X[1] - c.X[0])
		r, err := measure.Curve(c, a)
		if err != nil {
			t.Fatal(err)
		}
		f := curveFigure(c, r)
		dir := os.Getenv("FIGURES") // where to write them, for a look
		if dir != "" || name == "plain" {
			png, err := f.PNG()
			if err != nil {
				t.Fatal(err)
			}
			if _, _, err := image.Decode(bytes.NewReader(png)); err != nil {
				t.Errorf("%s: PNG: %v", name, err)
			}
			if dir != "" {
				if err := os.WriteFile(filepath.Join(dir, name+".png"), png, 0o644); err != nil {
					t.Fatal(err)
				}
			}
		}
		svg, err := f.SVG()
		if err != nil || !bytes.Contains(svg, []byte("<svg")) || bytes.Contains(svg, []byte("NaN")) || bytes.Contains(svg, []byte("Inf")) {
			t.Errorf("%s: SVG: %v", name, err)
		}
		again, _ := curveFigure(c, r).SVG()
		if !bytes.Equal(svg, again) {
			t.Errorf("%s: SVG differs", name)
		}
		if pdf, err := f.PDF(); err != nil || !bytes.HasPrefix(pdf, []byte("%PDF")) {
			t.Errorf("%s: PDF: %v", name, err)
		}
	}
}
