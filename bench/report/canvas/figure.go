package canvas

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"html"
	"image/color"
	"image/png"
	"sort"
	"strings"
	"sync"

	xfont "golang.org/x/image/font"
	"golang.org/x/image/font/opentype"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/font/liberation"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"
	"gonum.org/v1/plot/vg/vgsvg"
)

// The widths of a column and of a page in print.
const (
	Column = 3.25 * vg.Inch
	Page   = 6.75 * vg.Inch
)

// DPI is the resolution of a PNG.
const DPI = 300

// Figure is a drawing.
type Figure struct {
	Name          string // the files' base name
	Title         string // what it shows, for those who cannot see it
	Width, Height vg.Length
	Draw          func(draw.Canvas)
}

var fonts = font.NewCache(liberation.Collection())

// Handler lays text out in the figures' font.
var Handler text.Handler = text.Plain{Fonts: fonts}

// Style is text of the given size and colour in the figures' font, Liberation
// Sans (the widths of Arial and Helvetica).
func Style(size vg.Length, bold bool, col color.Color) text.Style {
	f := font.Font{Typeface: "Liberation", Variant: "Sans", Size: size}
	if bold {
		f.Weight = xfont.WeightBold
	}
	return text.Style{Color: col, Font: f, Handler: Handler}
}

// SVG is the figure as a scalable drawing with real text and the font inside.
func (f Figure) SVG() ([]byte, error) {
	body, used := f.svg()
	var css strings.Builder
	for _, bold := range []bool{false, true} {
		chars := used[bold]
		if len(chars) == 0 {
			continue
		}
		face := fonts.Lookup(Style(1, bold, nil).Font, 1)
		sub, err := Subset(fontBytes(face), chars)
		if err != nil {
			return nil, err
		}
		weight := "normal"
		if bold {
			weight = "bold"
		}
		fmt.Fprintf(&css, "@font-face{font-family:'Liberation Sans';font-weight:%s;src:url(data:font/ttf;base64,%s)}\n",
			weight, base64.StdEncoding.EncodeToString(sub))
	}
	head := fmt.Sprintf("<title>%s</title>\n<style>\n%s</style>\n", html.EscapeString(f.Title), css.String())
	return []byte(strings.Replace(body, "\n<g", "\n"+head+"<g", 1)), nil
}

// InlineSVG is the figure as an <svg> element for a page: without an XML header
// and font (the widths of Arial and Helvetica are those of the font drawn with).
// The identifier of its title begins with id. On a screen it is up to 1.8 times as
// large as in print.
func (f Figure) InlineSVG(id string) string {
	body, _ := f.svg()
	_, body, _ = strings.Cut(body, "<svg ")
	open, rest, _ := strings.Cut(body, ">")
	_, view, _ := strings.Cut(open, "viewBox=")
	view, _, _ = strings.Cut(view[1:], `"`)
	return fmt.Sprintf("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=%q role=\"img\" aria-labelledby=%q style=\"max-width:%.0fpx\">\n<title id=%q>%s</title>%s",
		view, id+"-title", 1.8*f.Width.Points(), id+"-title", html.EscapeString(f.Title), rest)
}

// svg draws the figure with vgsvg; used is the characters of its regular and bold text.
func (f Figure) svg() (body string, used map[bool][]rune) {
	c := &svgCanvas{Canvas: vgsvg.NewWith(vgsvg.UseWH(f.Width, f.Height)), used: map[bool]map[rune]bool{false: {}, true: {}}}
	f.Draw(draw.New(c))
	var b bytes.Buffer
	c.WriteTo(&b) // a bytes.Buffer takes every write
	used = map[bool][]rune{}
	for bold, set := range c.used {
		for r := range set {
			used[bold] = append(used[bold], r)
		}
		sort.Slice(used[bold], func(i, j int) bool { return used[bold][i] < used[bold][j] })
	}
	return vgsvgFixes.Replace(b.String()), used
}

// vgsvgFixes names fonts to fall back on, and images what they are: vgsvg writes PNG
// and calls it JPEG, which not every reader forgives.
var vgsvgFixes = strings.NewReplacer(
	"font-family:Liberation Sans;font-variant:normal;", "font-family:'Liberation Sans',Arial,Helvetica,sans-serif;",
	`xlink:href="data:image/jpg;base64,`, `xlink:href="data:image/png;base64,`,
)

// svgCanvas notes which characters are written.
type svgCanvas struct {
	*vgsvg.Canvas
	used map[bool]map[rune]bool
}

func (c *svgCanvas) FillString(f font.Face, p vg.Point, s string) {
	for _, r := range s {
		c.used[f.Font.Weight == xfont.WeightBold][r] = true
	}
	c.Canvas.FillString(f, p, s)
}

// PDF is the figure as a page of its size with the font inside.
func (f Figure) PDF() ([]byte, error) { return PDF(f) }

// PNG is the figure as an image at DPI dots an inch, with its size in the file.
func (f Figure) PNG() ([]byte, error) {
	c := vgimg.NewWith(vgimg.UseWH(f.Width, f.Height), vgimg.UseDPI(DPI))
	f.Draw(draw.New(c))
	var b bytes.Buffer
	enc := png.Encoder{CompressionLevel: png.BestSpeed}
	if err := enc.Encode(&b, c.Image()); err != nil {
		return nil, fmt.Errorf("canvas: %w", err)
	}
	return withDPI(b.Bytes()), nil
}

// withDPI puts the resolution behind the header of a PNG, for which image/png has no
// field, so that the figure has its true size in print.
func withDPI(b []byte) []byte {
	const header = 8 + 4 + 4 + 13 + 4 // signature; length, type, data, checksum of IHDR
	chunk := []byte("pHYs")
	chunk = binary.BigEndian.AppendUint32(chunk, 11811) // dots a metre: 300 an inch
	chunk = binary.BigEndian.AppendUint32(chunk, 11811)
	chunk = append(chunk, 1) // the unit is the metre
	out := append([]byte(nil), b[:header]...)
	out = binary.BigEndian.AppendUint32(out, 9)
	out = append(out, chunk...)
	out = binary.BigEndian.AppendUint32(out, crc32.ChecksumIEEE(chunk))
	return append(out, b[header:]...)
}

var (
	fontMu    sync.Mutex
	fontFiles = map[*opentype.Font][]byte{}
)

// fontBytes is the font file of a face.
func fontBytes(f font.Face) []byte {
	fontMu.Lock()
	defer fontMu.Unlock()
	b, ok := fontFiles[f.Face]
	if !ok {
		var w bytes.Buffer
		f.Face.WriteSourceTo(nil, &w) // the fonts are in memory
		b = w.Bytes()
		fontFiles[f.Face] = b
	}
	return b
}
