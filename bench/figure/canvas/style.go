package canvas

import (
	"fmt"
	"image/color"
	"math"
	"strings"

	xfont "golang.org/x/image/font"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/font/liberation"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Sizes of text in print; none is smaller than Small.
const (
	Normal vg.Length = 8
	Small  vg.Length = 7
)

// Colours of Okabe and Ito, which stay apart for the colour-blind. Series are told apart
// by their marker or their dashes as well, so that figures can be read in grey.
var (
	Black  = color.NRGBA{0, 0, 0, 255}
	Dark   = color.NRGBA{0x40, 0x40, 0x40, 255}
	Grey   = color.NRGBA{0x60, 0x60, 0x60, 255}
	Faint  = color.NRGBA{0xB0, 0xB0, 0xB0, 255}
	Band   = color.NRGBA{0xE2, 0xE2, 0xE2, 255}
	white  = color.NRGBA{255, 255, 255, 255}
	Colors = []color.NRGBA{
		{0x00, 0x72, 0xB2, 255}, // blue
		{0xD5, 0x5E, 0x00, 255}, // vermilion
		{0x00, 0x9E, 0x73, 255}, // green
		{0xCC, 0x79, 0xA7, 255}, // purple
		{0xE6, 0x9F, 0x00, 255}, // orange
		{0x56, 0xB4, 0xE9, 255}, // sky
	}
	Blue, Vermilion = Colors[0], Colors[1]
)

// Dashes tell lines apart that have no markers: the first is solid.
var Dashes = [][]vg.Length{nil, {4, 1.5}, {1, 1.2}, {6, 1.5, 1.5, 1.5}}

// mix is share of a, the rest of b: solid, since transparency prints badly.
func mix(a, b color.NRGBA, share float64) color.NRGBA {
	f := func(x, y uint8) uint8 { return uint8(share*float64(x) + (1-share)*float64(y)) }
	return color.NRGBA{f(a.R, b.R), f(a.G, b.G), f(a.B, b.B), 255}
}

// Light is c for what lies behind the rest.
func Light(c color.NRGBA) color.NRGBA { return mix(c, white, 0.45) }

// Line is a stroke of that width in points, dashed where dashes are given.
func Line(c color.Color, width vg.Length, dashes ...vg.Length) draw.LineStyle {
	return draw.LineStyle{Color: c, Width: width, Dashes: dashes}
}

var fonts text.Handler = text.Plain{Fonts: font.NewCache(liberation.Collection())}

// Inked is text in Liberation Sans, which has the widths of Arial and Helvetica.
func Inked(size vg.Length, col color.Color) text.Style {
	return text.Style{Color: col, Font: font.Font{Typeface: "Liberation", Variant: "Sans", Size: size}, Handler: fonts}
}

// Bold is black text for titles.
func Bold(size vg.Length) text.Style {
	sty := Inked(size, Black)
	sty.Font.Weight = xfont.WeightBold
	return sty
}

// Label is text for the names of axes, Note for everything smaller.
var (
	Label = Inked(Normal, Black)
	Note  = Inked(Small, Black)
)

// Write writes s on the baseline y: to the right of x where share is 0, about it where
// it is 0.5, to the left of it where it is 1.
func Write(c draw.Canvas, sty text.Style, x, y vg.Length, share float64, s string) {
	sty.XAlign = text.XAlignment(-share)
	c.FillText(sty, vg.Point{X: x, Y: y}, s)
}

// Upright writes s from below to above, its baseline at x, centred about y.
func Upright(c draw.Canvas, sty text.Style, x, y vg.Length, s string) {
	sty.Rotation, sty.XAlign = math.Pi/2, text.XCenter
	c.FillText(sty, vg.Point{X: x, Y: y}, s)
}

// Fill fills the rectangle by its edges.
func Fill(c draw.Canvas, col color.Color, left, bottom, right, top vg.Length) {
	c.SetColor(col)
	c.Fill(Rectangle(left, bottom, right, top).Path())
}

// Rectangle is a rectangle by its edges.
func Rectangle(left, bottom, right, top vg.Length) vg.Rectangle {
	return vg.Rectangle{Min: vg.Point{X: left, Y: bottom}, Max: vg.Point{X: right, Y: top}}
}

// Clear makes the page white.
func Clear(c draw.Canvas) { Fill(c, white, c.Min.X, c.Min.Y, c.Max.X, c.Max.Y) }

// ink is a colour of figures in a page: the name of its variable, and it by day and by night.
type ink struct {
	name       string
	day, night color.NRGBA
}

func inks() []ink {
	at := func(v uint8) color.NRGBA { return color.NRGBA{v, v, v, 255} }
	all := []ink{
		{"ink", Black, at(0xE8)},
		{"paper", white, at(0x16)},
		{"grey", Grey, at(0xB0)},
		{"faint", Faint, at(0x60)},
		{"band", Band, at(0x33)},
		{"base", Dark, at(0xC8)},
		{"base-light", Light(Dark), at(0x6A)},
		{"grey-light", Light(Grey), at(0x70)},
	}
	for i, c := range Colors {
		all = append(all, ink{fmt.Sprintf("c%d", i), c, mix(c, white, 0.65)}, ink{fmt.Sprintf("l%d", i), Light(c), mix(c, at(0x16), 0.6)})
	}
	return all
}

// Themes is CSS declarations of the colours that InlineSVG draws with, on white and on
// black, and of --link.
func Themes() (onWhite, onBlack string) {
	for _, v := range append(inks(), ink{"link", Blue, mix(Blue, white, 0.55)}) {
		onWhite += fmt.Sprintf("--%s:%s;", v.name, hex(v.day))
		onBlack += fmt.Sprintf("--%s:%s;", v.name, hex(v.night))
	}
	return onWhite, onBlack
}

// themed turns the fixed colours of a drawing into the page's variables.
func themed(svg string) string {
	var pairs []string
	for _, v := range inks() {
		pairs = append(pairs, hex(v.day), "var(--"+v.name+")")
	}
	return strings.NewReplacer(pairs...).Replace(svg)
}

func hex(c color.NRGBA) string { return fmt.Sprintf("#%02X%02X%02X", c.R, c.G, c.B) }
