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
	"strings"
	"testing"

	"golang.org/x/image/font/opentype"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
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
	c.FillText(Style(9, false, color.Black), vg.Point{X: 10, Y: 80}, "β = ∞, 0.1 → 10, ± −½ × ≤")
	c.FillText(Style(9, true, color.Black), vg.Point{X: 10, Y: 92}, "Ångström")
	sty := Style(7, false, color.Gray{0x60})
	sty.Rotation = math.Pi / 2
	c.FillText(sty, vg.Point{X: 140, Y: 20}, "upright")
	img := image.NewGray(image.Rect(0, 0, 2, 2))
	img.Pix = []byte{0, 80, 160, 240}
	c.DrawImage(vg.Rectangle{Min: vg.Point{X: 110, Y: 60}, Max: vg.Point{X: 130, Y: 80}}, img)
}}

func TestSubset(t *testing.T) {
	full := fontBytes(fonts.Lookup(Style(1, false, nil).Font, 1))
	chars := []rune("FID against K: 0.1β∞−×é \U0001F600")
	sub, err := Subset(full, chars)
	if err != nil {
		t.Fatal(err)
	}
	if len(sub) > 12<<10 {
		t.Errorf("%d bytes for %d characters", len(sub), len(chars))
	}
	a, err := opentype.Parse(full)
	if err != nil {
		t.Fatal(err)
	}
	b, err := opentype.Parse(sub)
	if err != nil {
		t.Fatal(err)
	}
	var buf sfnt.Buffer
	size := fixed.I(1000)
	for _, c := range chars {
		ga, _ := a.GlyphIndex(&buf, c)
		gb, err := b.GlyphIndex(&buf, c)
		if err != nil || (ga == 0) != (gb == 0) {
			t.Fatalf("%q: glyph %d, in the subset %d (%v)", c, ga, gb, err)
		}
		wa, _ := a.GlyphAdvance(&buf, ga, size, 0)
		wb, err := b.GlyphAdvance(&buf, gb, size, 0)
		if err != nil || wa != wb {
			t.Errorf("%q: width %v, in the subset %v (%v)", c, wa, wb, err)
		}
		sa, _ := a.LoadGlyph(&buf, ga, size, nil)
		want := append(sfnt.Segments(nil), sa...)
		sb, err := b.LoadGlyph(&buf, gb, size, nil)
		if err != nil || len(sb) != len(want) {
			t.Fatalf("%q: %d segments, in the subset %d (%v)", c, len(want), len(sb), err)
		}
		for i := range want {
			if want[i] != sb[i] {
				t.Fatalf("%q: segment %d differs", c, i)
			}
		}
	}
	if checksum(sub) != 0xB1B0AFBA {
		t.Errorf("checksum %x", checksum(sub))
	}
	for n := range len(sub) {
		Subset(sub[:n], chars) // a cut-off font is an error, never a panic
	}
	if _, err := Subset(sub[:100], chars); err == nil {
		t.Error("a cut-off font is accepted")
	}
}

func TestSameBytes(t *testing.T) {
	for name, f := range map[string]func() ([]byte, error){"svg": sample.SVG, "pdf": sample.PDF, "png": sample.PNG} {
		a, err := f()
		if err != nil {
			t.Fatal(err)
		}
		b, _ := f()
		if !bytes.Equal(a, b) {
			t.Errorf("%s: two drawings differ", name)
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
	if s := string(file); !strings.Contains(s, "@font-face") || !strings.Contains(s, "∞") || !strings.Contains(s, `width="144pt"`) {
		t.Error("no font, no text or no true size")
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
