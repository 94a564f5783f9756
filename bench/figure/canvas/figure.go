package canvas

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"html"
	"image/png"
	"slices"
	"strings"

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

// Figure is one drawing at its size in print. SVG, PDF and PNG give the same bytes each
// time.
type Figure struct {
	Name          string // the files' base name
	Title         string // what it shows, for those who cannot see it
	Width, Height vg.Length
	Draw          func(draw.Canvas)
}

// SVG is the figure as a scalable drawing whose text is text. It names fonts of one
// width, which readers have, and embeds none.
func (f Figure) SVG() ([]byte, error) {
	head := "<title>" + html.EscapeString(f.Title) + "</title>\n"
	return []byte(strings.Replace(f.svg(), "\n<g", "\n"+head+"<g", 1)), nil
}

// InlineSVG is the figure as an <svg> element for a page that defines the variables of
// Themes. The identifier of its title begins with id. On a screen it is up to 1.8 times
// as large as in print.
func (f Figure) InlineSVG(id string) string {
	_, body, _ := strings.Cut(f.svg(), "<svg ")
	open, rest, _ := strings.Cut(body, ">")
	_, view, _ := strings.Cut(open, "viewBox=")
	view, _, _ = strings.Cut(view[1:], `"`)
	return fmt.Sprintf("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=%q role=\"img\" aria-labelledby=%q style=\"max-width:%.0fpx;fill:var(--ink)\">\n<title id=%q>%s</title>%s",
		view, id+"-title", 1.8*f.Width.Points(), id+"-title", html.EscapeString(f.Title), themed(rest))
}

func (f Figure) svg() string {
	c := vgsvg.NewWith(vgsvg.UseWH(f.Width, f.Height))
	f.Draw(draw.New(c))
	var b bytes.Buffer
	c.WriteTo(&b) // a bytes.Buffer takes every write
	return vgsvgFixes.Replace(b.String())
}

// vgsvgFixes names the fonts, and images what they are: vgsvg writes PNG and calls it
// JPEG, which not every reader forgives.
var vgsvgFixes = strings.NewReplacer(
	"font-family:Liberation Sans;font-variant:normal;", "font-family:Arial,'Liberation Sans',Helvetica,sans-serif;",
	`xlink:href="data:image/jpg;base64,`, `xlink:href="data:image/png;base64,`,
)

// PDF is the figure as a page of its size with the font inside.
func (f Figure) PDF() ([]byte, error) { return PDF(f) }

// PNG is the figure as an image at DPI dots an inch, with its size in the file.
func (f Figure) PNG() ([]byte, error) {
	c := vgimg.NewWith(vgimg.UseWH(f.Width, f.Height), vgimg.UseDPI(DPI))
	f.Draw(draw.New(c))
	var b bytes.Buffer
	enc := png.Encoder{CompressionLevel: png.BestSpeed}
	if err := enc.Encode(&b, c.Image()); err != nil {
		return nil, fmt.Errorf("%s: %w", f.Name, err)
	}
	return withDPI(b.Bytes()), nil
}

// withDPI puts the resolution behind the header of a PNG, for which image/png has no
// field, so that the figure has its true size in print.
func withDPI(b []byte) []byte {
	const header = 8 + 4 + 4 + 13 + 4                             // signature; length, type, data, checksum of IHDR
	chunk := binary.BigEndian.AppendUint32([]byte("pHYs"), 11811) // dots a metre: 300 an inch
	chunk = binary.BigEndian.AppendUint32(chunk, 11811)
	chunk = append(chunk, 1) // the unit is the metre
	out := binary.BigEndian.AppendUint32(slices.Clone(b[:header]), 9)
	out = binary.BigEndian.AppendUint32(append(out, chunk...), crc32.ChecksumIEEE(chunk))
	return append(out, b[header:]...)
}
