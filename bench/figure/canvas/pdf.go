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
	"sync"
	"time"

	"codeberg.org/go-pdf/fpdf"
	xfont "golang.org/x/image/font"
	"golang.org/x/image/font/opentype"
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
		c := &pdfCanvas{doc: doc, w: f.Width, h: f.Height, stack: []pdfState{{}}}
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
	doc   *fpdf.Fpdf
	w, h  vg.Length
	stack []pdfState
	image int
}

// pdfState is what Push saves beside the state that PDF's q saves.
type pdfState struct {
	color color.Color
	width vg.Length
}

func (c *pdfCanvas) top() *pdfState { return &c.stack[len(c.stack)-1] }

// op writes an operator behind its operands.
func (c *pdfCanvas) op(words ...string) { c.doc.RawWriteStr(strings.Join(words, " ")) }

func (c *pdfCanvas) Size() (w, h vg.Length) { return c.w, c.h }

func (c *pdfCanvas) SetLineWidth(w vg.Length) {
	c.top().width = w
	c.op(number(w.Points()), "w")
}

func (c *pdfCanvas) SetLineDash(dashes []vg.Length, offset vg.Length) {
	s := make([]string, len(dashes))
	for i, d := range dashes {
		s[i] = number(d.Points())
	}
	c.op("["+strings.Join(s, " ")+"]", number(offset.Points()), "d")
}

func (c *pdfCanvas) SetColor(col color.Color) {
	if col == nil {
		col = color.Black
	}
	c.top().color = col
	r, g, b := rgb(col)
	s := number(r) + " " + number(g) + " " + number(b)
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
	c.stack = append(c.stack, *c.top())
	c.op("q")
}

func (c *pdfCanvas) Pop() {
	c.stack = c.stack[:len(c.stack)-1]
	c.op("Q")
}

func (c *pdfCanvas) Stroke(p vg.Path) {
	if c.top().width > 0 {
		c.path(p, "S")
	}
}

func (c *pdfCanvas) Fill(p vg.Path) { c.path(p, "f") }

func (c *pdfCanvas) path(p vg.Path, paint string) {
	var b []byte
	pt := func(p vg.Point) {
		// A hundredth of a point is finer than any printer.
		b = append(strconv.AppendFloat(b, p.X.Points(), 'f', 2, 64), ' ')
		b = append(strconv.AppendFloat(b, p.Y.Points(), 'f', 2, 64), ' ')
	}
	var at vg.Point
	open := false
	to := func(p vg.Point) {
		pt(p)
		if open {
			b = append(b, "l "...)
		} else {
			b = append(b, "m "...)
			open = true
		}
		at = p
	}
	for _, comp := range p {
		switch comp.Type {
		case vg.MoveComp:
			open = false
			to(comp.Pos)
		case vg.LineComp:
			to(comp.Pos)
		case vg.CurveComp:
			ctl := comp.Control
			if len(ctl) == 1 { // quadratic to cubic
				q := ctl[0]
				ctl = []vg.Point{at.Add(q.Sub(at).Scale(2. / 3)), comp.Pos.Add(q.Sub(comp.Pos).Scale(2. / 3))}
			}
			pt(ctl[0])
			pt(ctl[1])
			pt(comp.Pos)
			b = append(b, "c "...)
			at = comp.Pos
		case vg.ArcComp:
			c.arc(comp, to, func(a, d, e vg.Point) {
				pt(a)
				pt(d)
				pt(e)
				b = append(b, "c "...)
				at = e
			})
		case vg.CloseComp:
			b = append(b, "h "...)
		}
	}
	c.doc.RawWriteStr(string(append(b, paint...)))
}

// arc draws a circular arc as cubic Bézier curves of at most a right angle each.
func (c *pdfCanvas) arc(comp vg.PathComp, to func(vg.Point), curve func(a, b, end vg.Point)) {
	n := int(math.Ceil(math.Abs(comp.Angle) / (math.Pi/2 + 1e-9)))
	on := func(t float64) (p, tangent vg.Point) {
		sin, cos := math.Sincos(t)
		r := comp.Radius
		return vg.Point{X: comp.Pos.X + r*vg.Length(cos), Y: comp.Pos.Y + r*vg.Length(sin)},
			vg.Point{X: -r * vg.Length(sin), Y: r * vg.Length(cos)}
	}
	from, tan := on(comp.Start)
	to(from)
	step := comp.Angle / float64(max(n, 1))
	k := vg.Length(4. / 3 * math.Tan(step/4))
	for i := range n {
		end, endTan := on(comp.Start + float64(i+1)*step)
		curve(from.Add(tan.Scale(k)), end.Sub(endTan.Scale(k)), end)
		from, tan = end, endTan
	}
}

func (c *pdfCanvas) FillString(f font.Face, p vg.Point, s string) {
	if f.Font.Size == 0 || s == "" {
		return
	}
	style := ""
	if f.Font.Weight == xfont.WeightBold {
		style = "B"
	}
	if f.Font.Style == xfont.StyleItalic {
		style += "I"
	}
	c.doc.AddUTF8FontFromBytes(family, style, fontBytes(f))
	r, g, b := rgb(c.top().color)
	c.doc.SetTextColor(int(math.Round(255*r)), int(math.Round(255*g)), int(math.Round(255*b)))
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

// number writes v with as many of three digits behind the point as it needs.
func number(v float64) string {
	s := strings.TrimRight(strconv.FormatFloat(v, 'f', 3, 64), "0")
	s = strings.TrimSuffix(s, ".")
	if s == "-0" {
		return "0"
	}
	return s
}

func rgb(c color.Color) (r, g, b float64) {
	if c == nil {
		c = color.Black
	}
	n := color.NRGBAModel.Convert(c).(color.NRGBA)
	return float64(n.R) / 255, float64(n.G) / 255, float64(n.B) / 255
}
