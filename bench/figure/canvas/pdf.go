package canvas

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	imagedraw "image/draw"
	"image/png"
	"math"
	"strconv"
	"strings"
	"time"

	"codeberg.org/go-fonts/liberation/liberationsansbold"
	"codeberg.org/go-fonts/liberation/liberationsansregular"
	"codeberg.org/go-pdf/fpdf"
	xfont "golang.org/x/image/font"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// PDF draws the figures, one or more, a page each, into one PDF. Its errors begin with
// the first one's name.
func PDF(figs ...Figure) ([]byte, error) {
	doc := fpdf.NewCustom(&fpdf.InitType{UnitStr: "pt", Size: fpdf.SizeType{Wd: 100, Ht: 100}})
	doc.SetCatalogSort(true) // the same bytes each time
	epoch := time.Unix(0, 0).UTC()
	doc.SetCreationDate(epoch)
	doc.SetModificationDate(epoch)
	doc.SetProducer("fig5", true)
	doc.SetMargins(0, 0, 0)
	doc.SetAutoPageBreak(false, 0)
	doc.SetTitle(figs[0].Title, true)
	for _, f := range figs {
		doc.AddPageFormat("P", fpdf.SizeType{Wd: f.Width.Points(), Ht: f.Height.Points()})
		c := &pdfCanvas{doc: doc, w: f.Width, h: f.Height, colors: make([]color.NRGBA, 1)}
		vg.Initialize(c)
		f.Draw(draw.New(c))
	}
	var b bytes.Buffer
	if err := doc.Output(&b); err != nil {
		return nil, fmt.Errorf("%s: %w", figs[0].Name, err)
	}
	// A font of which a part is embedded has a name with a tag, as PDF 1.7, 9.6.4 wants
	// it and publishers check it; fpdf writes none. Both names are of one length.
	return bytes.ReplaceAll(b.Bytes(), []byte("/utf8"+family), []byte("/FIGFIV+LiberationSans")), nil
}

// family is the font's name in an fpdf document, which puts utf8 before it.
const family = "liberationsans-id"

// pdfCanvas is a vg.Canvas on a page of an fpdf document. It writes the drawing
// operators itself, in the page's own coordinates (points, up from the lower
// left corner: those of vg), and leaves fonts, pages and the file to fpdf.
type pdfCanvas struct {
	doc    *fpdf.Fpdf
	w, h   vg.Length
	colors []color.NRGBA // that of text, which PDF's q does not save, and those that Push saved
	image  int
}

// op writes an operator behind its operands.
func (c *pdfCanvas) op(words ...string) { c.doc.RawWriteStr(strings.Join(words, " ")) }

func (c *pdfCanvas) Size() (w, h vg.Length) { return c.w, c.h }

func (c *pdfCanvas) SetLineWidth(w vg.Length) { c.op(number(w.Points()), "w") }

func (c *pdfCanvas) SetLineDash(dashes []vg.Length, offset vg.Length) {
	s := make([]string, len(dashes))
	for i, d := range dashes {
		s[i] = number(d.Points())
	}
	c.op("["+strings.Join(s, " ")+"]", number(offset.Points()), "d")
}

func (c *pdfCanvas) SetColor(col color.Color) {
	n := color.NRGBAModel.Convert(col).(color.NRGBA)
	c.colors[len(c.colors)-1] = n
	share := func(v uint8) string { return number(float64(v) / 255) }
	s := share(n.R) + " " + share(n.G) + " " + share(n.B)
	c.op(s, "rg", s, "RG")
}

func (c *pdfCanvas) Rotate(rad float64) {
	sin, cos := math.Sincos(rad)
	c.op(number(cos), number(sin), number(-sin), number(cos), "0 0 cm")
}

func (c *pdfCanvas) Translate(p vg.Point) {
	c.op("1 0 0 1", number(p.X.Points()), number(p.Y.Points()), "cm")
}

func (c *pdfCanvas) Scale(x, y float64) { c.op(number(x), "0 0", number(y), "0 0 cm") }

func (c *pdfCanvas) Push() {
	c.colors = append(c.colors, c.colors[len(c.colors)-1])
	c.op("q")
}

func (c *pdfCanvas) Pop() {
	c.colors = c.colors[:len(c.colors)-1]
	c.op("Q")
}

func (c *pdfCanvas) Stroke(p vg.Path) { c.path(p, "S") }
func (c *pdfCanvas) Fill(p vg.Path)   { c.path(p, "f") }

// path writes the components that figures have, and how to paint them.
func (c *pdfCanvas) path(p vg.Path, paint string) {
	var b []byte
	add := func(operator string, points ...vg.Point) {
		for _, q := range points { // a hundredth of a point is finer than any printer
			b = append(strconv.AppendFloat(b, q.X.Points(), 'f', 2, 64), ' ')
			b = append(strconv.AppendFloat(b, q.Y.Points(), 'f', 2, 64), ' ')
		}
		b = append(b, operator...)
	}
	for _, comp := range p {
		switch comp.Type {
		case vg.MoveComp:
			add("m ", comp.Pos)
		case vg.LineComp:
			add("l ", comp.Pos)
		case vg.ArcComp:
			arc(comp, add)
		case vg.CloseComp:
			add("h ")
		}
	}
	add(paint)
	c.doc.RawWriteStr(string(b))
}

// arc goes to the beginning of a circular arc and draws it as cubic Bézier curves of at
// most a right angle each.
func arc(comp vg.PathComp, add func(operator string, points ...vg.Point)) {
	on := func(t float64) (p, tangent vg.Point) {
		sin, cos := math.Sincos(t)
		r := comp.Radius
		return vg.Point{X: comp.Pos.X + r*vg.Length(cos), Y: comp.Pos.Y + r*vg.Length(sin)},
			vg.Point{X: -r * vg.Length(sin), Y: r * vg.Length(cos)}
	}
	n := math.Ceil(math.Abs(comp.Angle) / (math.Pi/2 + 1e-9))
	step := comp.Angle / n
	k := vg.Length(4. / 3 * math.Tan(step/4))
	from, tangent := on(comp.Start)
	add("l ", from)
	for i := 1.; i <= n; i++ {
		end, next := on(comp.Start + i*step)
		add("c ", from.Add(tangent.Scale(k)), end.Sub(next.Scale(k)), end)
		from, tangent = end, next
	}
}

func (c *pdfCanvas) FillString(f font.Face, p vg.Point, s string) {
	style, file := "", liberationsansregular.TTF
	if f.Font.Weight == xfont.WeightBold {
		style, file = "B", liberationsansbold.TTF
	}
	c.doc.AddUTF8FontFromBytes(family, style, file) // once
	col := c.colors[len(c.colors)-1]
	c.doc.SetTextColor(int(col.R), int(col.G), int(col.B))
	c.op("q 1 0 0 1", number(p.X.Points()), number(p.Y.Points()), "cm")
	c.doc.SetFont(family, style, f.Font.Size.Points())
	c.doc.Text(0, c.h.Points(), s)
	c.op("Q")
}

// DrawImage draws an image with some white columns at its right. fpdf writes images in the
// order of their widths, those of one width as they come out of a map: so each has a column
// more than the last.
func (c *pdfCanvas) DrawImage(r vg.Rectangle, img image.Image) {
	var b bytes.Buffer
	size, width := r.Size(), img.Bounds().Dx()
	img = widened(img, c.image)
	size.X *= vg.Length(img.Bounds().Dx()) / vg.Length(width)
	if err := png.Encode(&b, img); err != nil {
		c.doc.SetError(err)
		return
	}
	c.image++
	name := fmt.Sprintf("page-%d-image-%d", c.doc.PageNo(), c.image)
	opt := fpdf.ImageOptions{ImageType: "png"}
	c.doc.RegisterImageOptionsReader(name, opt, &b)
	c.doc.ImageOptions(name, r.Min.X.Points(), c.h.Points()-r.Max.Y.Points(), size.X.Points(), size.Y.Points(), false, opt, 0, "")
}

// widened is img with so many white columns at its right.
func widened(img image.Image, columns int) image.Image {
	r := img.Bounds()
	var out imagedraw.Image = image.NewRGBA(image.Rect(0, 0, r.Dx()+columns, r.Dy()))
	if _, grey := img.(*image.Gray); grey {
		out = image.NewGray(out.Bounds())
	}
	imagedraw.Draw(out, out.Bounds(), image.White, image.Point{}, imagedraw.Src)
	imagedraw.Draw(out, image.Rect(0, 0, r.Dx(), r.Dy()), img, r.Min, imagedraw.Src)
	return out
}

// number writes v with as many of three digits behind the point as it needs.
func number(v float64) string {
	s := strings.TrimRight(strconv.FormatFloat(v, 'f', 3, 64), "0")
	s = strings.TrimSuffix(s, ".")
	if s == "-0" {
		return "0"
	}
	return s
}
