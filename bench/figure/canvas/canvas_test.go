package canvas

import (
	"bytes"
	"encoding/base64"
	"encoding/xml"
	"image"
	"image/color"
	"image/png"
	"io"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"pgregory.net/rapid"
)

// sample draws every kind of path, text and image that the figures use.
var sample = Figure{Name: "sample", Title: "a < b & β", Width: 2 * vg.Inch, Height: 1.5 * vg.Inch, Draw: func(c draw.Canvas) {
	c.StrokeLines(draw.LineStyle{Color: color.NRGBA{0, 0x72, 0xb2, 255}, Width: 1, Dashes: []vg.Length{3, 2}}, []vg.Point{{X: 5, Y: 5}, {X: 130, Y: 60}})
	c.SetColor(color.NRGBA{0xd5, 0x5e, 0, 255})
	var p vg.Path
	p.Move(vg.Point{X: 60, Y: 30})
	p.Arc(vg.Point{X: 50, Y: 30}, 10, 0, 2*math.Pi)
	p.Close()
	c.Fill(p)
	var q vg.Path
	q.Move(vg.Point{X: 80, Y: 20})
	q.QuadTo(vg.Point{X: 90, Y: 50}, vg.Point{X: 100, Y: 20})
	q.CubeTo(vg.Point{X: 110, Y: 5}, vg.Point{X: 115, Y: 5}, vg.Point{X: 120, Y: 20})
	c.SetLineStyle(draw.LineStyle{Color: color.Black, Width: 0.5})
	c.Stroke(q)
	c.FillText(Inked(9, color.Black), vg.Point{X: 10, Y: 80}, "β = ∞, 0.1 → 10, ± −½ × ≤")
	c.FillText(Bold(9), vg.Point{X: 10, Y: 92}, "Ångström")
	sty := Inked(7, color.Gray{0x60})
	sty.Rotation = math.Pi / 2
	c.FillText(sty, vg.Point{X: 140, Y: 20}, "upright")
	img := image.NewGray(image.Rect(0, 0, 2, 2))
	img.Pix = []byte{0, 80, 160, 240}
	c.DrawImage(vg.Rectangle{Min: vg.Point{X: 110, Y: 60}, Max: vg.Point{X: 130, Y: 80}}, img)
	other := image.NewGray(img.Rect) // of the same size
	other.Pix = []byte{240, 160, 80, 0}
	c.DrawImage(vg.Rectangle{Min: vg.Point{X: 85, Y: 60}, Max: vg.Point{X: 105, Y: 80}}, other)
}}

func TestSameBytes(t *testing.T) {
	for name, f := range map[string]func() ([]byte, error){"svg": sample.SVG, "pdf": sample.PDF, "png": sample.PNG} {
		a, err := f()
		if err != nil {
			t.Fatal(err)
		}
		for range 10 {
			if b, _ := f(); !bytes.Equal(a, b) {
				t.Fatalf("%s: two drawings differ", name)
			}
		}
		if dir := os.Getenv("FIGURES"); dir != "" {
			os.WriteFile(filepath.Join(dir, "sample."+name), a, 0o644)
		}
	}
}

func TestSVGIsWellFormed(t *testing.T) {
	file, err := sample.SVG()
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range []string{string(file), sample.InlineSVG("f1")} {
		d := xml.NewDecoder(strings.NewReader(s))
		var title string
		for {
			tok, err := d.Token()
			if err == io.EOF {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
			if e, ok := tok.(xml.StartElement); ok && e.Name.Local == "title" {
				if err := d.DecodeElement(&title, &e); err != nil {
					t.Fatal(err)
				}
			}
		}
		if title != sample.Title {
			t.Errorf("title %q", title)
		}
	}
	s := string(file)
	if strings.Contains(s, "@font-face") || !strings.Contains(s, "font-family:Arial,'Liberation Sans',Helvetica,sans-serif;") {
		t.Error("a font inside, or no fonts named")
	}
	if !strings.Contains(s, "∞") || !strings.Contains(s, `width="144pt"`) {
		t.Error("no text or no true size")
	}
	_, img, _ := strings.Cut(string(file), `xlink:href="data:image/png;base64,`)
	img, _, _ = strings.Cut(img, `"`)
	if c, err := png.DecodeConfig(base64.NewDecoder(base64.StdEncoding, strings.NewReader(img))); err != nil || c.Width != 2 || c.Height != 2 {
		t.Errorf("image %+v (%v)", c, err)
	}
}

func TestPNGSize(t *testing.T) {
	b, err := sample.PNG()
	if err != nil {
		t.Fatal(err)
	}
	c, err := png.DecodeConfig(bytes.NewReader(b))
	if !bytes.Contains(b[:100], []byte("pHYs\x00\x00\x2e\x23\x00\x00\x2e\x23\x01")) {
		t.Error("no resolution")
	}
	if err != nil || c.Width != 600 || c.Height != 450 {
		t.Errorf("%d x %d (%v), want 600 x 450", c.Width, c.Height, err)
	}
}

// The PDF is read by another program: its fonts are inside, its text is there.
func TestPDFReadByPoppler(t *testing.T) {
	if _, err := exec.LookPath("pdffonts"); err != nil {
		t.Skip("poppler-utils is not installed")
	}
	b, err := PDF(sample, sample)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "sample.pdf")
	if err := os.WriteFile(file, b, 0o644); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("pdffonts", file).CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")[2:]
	if len(lines) != 2 {
		t.Errorf("%d fonts, want the regular and the bold one:\n%s", len(lines), out)
	}
	for _, l := range lines {
		if !strings.Contains(l, " yes ") {
			t.Errorf("not embedded: %s", l)
		}
	}
	out, err = exec.Command("pdftotext", file, "-").CombinedOutput()
	if err != nil || !strings.Contains(string(out), "β = ∞, 0.1 → 10, ± −½ × ≤") {
		t.Errorf("text %q (%v)", out, err)
	}
}

// A page with the figures defines every colour that they name.
func TestThemes(t *testing.T) {
	day, night := Themes()
	svg := sample.InlineSVG("f1")
	for _, part := range strings.Split(svg, "var(--")[1:] {
		name, _, _ := strings.Cut(part, ")")
		for _, css := range []string{day, night} {
			if !strings.Contains(css, "--"+name+":#") {
				t.Errorf("no --%s in %s", name, css)
			}
		}
	}
	if !strings.Contains(svg, "var(--c0)") || strings.Contains(svg, hex(Blue)) {
		t.Error("blue is not the page's")
	}
}

// A thinned line has the same height in every stretch of its width, begins and ends
// where it did, and is short.
func TestThinned(t *testing.T) {
	extent := func(pts []vg.Point) map[int][2]vg.Length {
		m := map[int][2]vg.Length{}
		for _, p := range pts {
			k := int(math.Floor(float64(p.X / stretch)))
			e, ok := m[k]
			if !ok {
				e = [2]vg.Length{p.Y, p.Y}
			}
			m[k] = [2]vg.Length{min(e[0], p.Y), max(e[1], p.Y)}
		}
		return m
	}
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 4000).Draw(t, "points")
		width := rapid.Float64Range(0.1, 100).Draw(t, "width")
		f := rapid.Float64Range(0, 30).Draw(t, "frequency")
		pts := make([]vg.Point, n)
		for i := range pts {
			x := float64(i) / float64(n)
			pts[i] = vg.Point{X: vg.Length(width * x), Y: vg.Length(math.Sin(f*x) + math.Sin(float64(i*i)))}
		}
		got := thinned(pts)
		if got[0] != pts[0] || got[len(got)-1] != pts[n-1] {
			t.Fatal("another end")
		}
		if most := 4 * (int(width/float64(stretch)) + 2); len(got) > most {
			t.Fatalf("%d points of %d, want %d at most", len(got), n, most)
		}
		if !reflect.DeepEqual(extent(got), extent(pts)) {
			t.Fatal("another height")
		}
	})
}

// Ticks are round, inside the axis, three or more where there is room, and their labels
// are apart.
func TestMarks(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := Axis{Log: rapid.Bool().Draw(t, "log")}
		across := rapid.Bool().Draw(t, "across")
		length := vg.Length(rapid.Float64Range(60, 450).Draw(t, "length"))
		a.Min = math.Pow(10, rapid.Float64Range(-5, 5).Draw(t, "min"))
		a.Max = a.Min * math.Pow(10, rapid.Float64Range(0.3, 8).Draw(t, "decades"))
		labels, end := 0, math.Inf(-1)
		for _, m := range a.Marks(length, across) {
			s := a.share(m.At)
			if s < -1e-6 || s > 1+1e-6 {
				t.Fatalf("%+v at %v of the axis", m, s)
			}
			if m.Label == "" {
				continue
			}
			labels++
			half := 4.0
			if across {
				half = Note.Width(m.Label).Points() / 2
			}
			if at := s * length.Points(); at-half < end {
				t.Fatalf("%q touches the label before it", m.Label)
			} else {
				end = at + half
			}
		}
		// Steps grow by 2.5 at most until labels fit, which take 11 points of an axis up and
		// 39 of one across: eight characters and the space between two.
		three := max(130, 3*2.5*11)
		if across {
			three = 3 * 2.5 * 39
		}
		if labels == 0 && !a.Log || labels < 3 && !a.Log && length.Points() > three {
			t.Fatalf("%d labels from %v to %v on %v", labels, a.Min, a.Max, length)
		}
	})
}

func TestTickLabel(t *testing.T) {
	for _, c := range []struct {
		v, step float64
		want    string
	}{{0, 5, "0"}, {-0.5, 0.5, "−0.5"}, {0.1, 0.1, "0.1"}, {0.30000000000000004, 0.1, "0.3"}, {1000, 1000, "1000"}, {25000, 25000, "25000"}, {0.0001, 0.0001, "0.0001"}, {1e-5, 1e-5, "1e−05"}, {1e6, 1e6, "1e+06"}} {
		if got := TickLabel(c.v, c.step); got != c.want {
			t.Errorf("%v in steps of %v: %s, want %s", c.v, c.step, got, c.want)
		}
	}
}
