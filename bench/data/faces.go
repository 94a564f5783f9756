package data

import (
	"fmt"
	"math"

	"fig5/bench/rng"
)

// facesSums are the sums of the first checkedFaces faces at 32 and 64 pixels a side: every
// machine must draw the same bits.
var facesSums = map[int]string{
	32: "58ecd8ec98e3b6fb171ab223818dba2790f68bcbd33026ff8cbe551c665f5d58",
	64: "64dbd7b2fc5eb870a1f11a69580244e1d01af45b4420a7805a0bc5203f499646",
}

// checkedFaces is the number of faces that facesSums covers, the fewest that are drawn.
const checkedFaces = 100

var facesKind = Kind{
	Name: "faces", Modes: 10, Classifier: "faces", Drawn: true,
	shape: colours,
	open: func(c Source) (*Set, error) {
		set, _, err := Faces(0, c.Count, c.Size)
		return set, err
	},
}

// Faces draws count faces, side pixels a side (32 or 64), from the one of number first on,
// and tells their attributes: for each face the index of its value of each of
// FaceAttributes. A face depends on its number alone.
func Faces(first, count, side int) (*Set, []byte, error) {
	shape := Shape{3, side, side}
	if facesSums[side] == "" || count < checkedFaces {
		return nil, nil, fmt.Errorf("data.name: %d faces of %d pixels a side are not drawn, but %d or more of 32 or 64", count, side, checkedFaces)
	}
	d, k := shape.Len(), len(FaceAttributes)
	x, pixels, is := make([]float32, count*d), make([]byte, count*d), make([]byte, count*k)
	parallel(count, func(i int) {
		f, row := takeFace(first+i), pixels[i*d:][:d]
		f.draw(row, side)
		copy(is[i*k:], f.is)
		for j, v := range row {
			x[i*d+j] = pixel(v)
		}
	})
	if got := sumOf(pixels[:checkedFaces*d]); first == 0 && got != facesSums[side] {
		return nil, nil, fmt.Errorf("data.name: the faces drawn here are not those of other machines (sha256 %s, want %s)", got, facesSums[side])
	}
	return newSet(shape, x, sumOf(pixels)), is, nil
}

// Attribute is what a face has one of several values of, all by chance and independently.
type Attribute struct {
	Name   string
	Values []string
}

// FaceAttributes are those of a drawn face. The values of the first two are the modes of
// the data: hair of each colour, short and long.
var FaceAttributes = []Attribute{
	{"hair", []string{"black", "brown", "blond", "red", "grey"}},
	{"length", []string{"short", "long"}},
	{"skin", []string{"light", "tan", "brown", "dark"}},
	{"eyes", []string{"brown", "blue", "green"}},
	{"shirt", []string{"red", "blue", "green", "yellow", "white", "black"}},
	{"above", []string{"sky", "sand", "rose", "leaf", "night", "snow"}},
	{"below", []string{"sky", "sand", "rose", "leaf", "night", "snow"}},
	{"fringe", []string{"left", "right"}},
	{"glasses", []string{"none", "glasses"}},
	{"mouth", []string{"sad", "calm", "smiling"}},
	{"turn", []string{"left", "ahead", "right"}},
	{"light", []string{"left", "right"}},
	{"x", []string{"left", "middle", "right"}},
	{"y", []string{"high", "middle", "low"}},
	{"size", []string{"small", "middle", "large"}},
}

var (
	hairs   = []rgb{{.09, .08, .10}, {.35, .21, .12}, {.90, .74, .40}, {.70, .28, .10}, {.70, .70, .73}}
	skins   = []rgb{{.97, .82, .72}, {.87, .66, .50}, {.63, .43, .30}, {.40, .27, .20}}
	irises  = []rgb{{.25, .14, .08}, {.20, .45, .80}, {.22, .55, .28}}
	shirts  = []rgb{{.80, .15, .18}, {.16, .28, .70}, {.15, .52, .28}, {.93, .80, .22}, {.95, .95, .95}, {.13, .13, .16}}
	grounds = []rgb{{.45, .70, .92}, {.85, .75, .55}, {.88, .55, .62}, {.45, .68, .42}, {.16, .20, .38}, {.93, .94, .96}}
)

// face is one of them: its attributes, in the order of FaceAttributes, and what they are
// drawn by.
type face struct {
	is                                     []byte
	hair, skin, iris, shirt, above, below  rgb
	long, glasses                          bool
	fringe, smile, turn, light, x, y, size float64
}

// takeFace is the face of that number: the same whatever else is drawn.
func takeFace(number int) face {
	s := rng.New(int64(number), "data faces")
	var f face
	next := func() (int, int) { // the value of the next attribute, and how many it has
		n := len(FaceAttributes[len(f.is)].Values)
		v := s.IntN(n)
		f.is = append(f.is, byte(v))
		return v, n
	}
	colour := func(of []rgb) rgb {
		v, _ := next()
		c, shade := of[v], mul(.12, s.Float64()-.5)
		for i := range c {
			c[i] = min(max(c[i]+shade+mul(.05, s.Float64()-.5), 0), 1)
		}
		return c
	}
	either := func() float64 { v, _ := next(); return float64(2*v - 1) }
	within := func(lo, hi float64) float64 { // its values are parts of the range
		v, n := next()
		return lo + mul(hi-lo, (float64(v)+s.Float64())/float64(n))
	}
	f.hair = colour(hairs)
	f.long = either() > 0
	f.skin, f.iris, f.shirt, f.above, f.below = colour(skins), colour(irises), colour(shirts), colour(grounds), colour(grounds)
	f.fringe = mul(either(), .3+mul(.7, s.Float64()))
	worn := 1 - min(s.IntN(5), 1) // by one of five
	f.glasses, f.is = worn == 1, append(f.is, byte(worn))
	f.smile = within(-.5, 1)
	f.turn = within(-.07, .07)
	f.light = mul(either(), .1+mul(.2, s.Float64()))
	f.x, f.y, f.size = within(-.06, .06), within(-.06, .06), within(.9, 1.1)
	return f
}

// sketch draws the face, from behind to the front.
func (f *face) sketch() *sketch {
	const half = faceSide / 2
	s := &sketch{x: half, y: half, unit: half}
	s.fill(box{-1, -1, 1, 1}, func(x, y float64) float64 { return 1 }, func(x, y float64) rgb {
		return mix(f.above, f.below, (y+1)/2)
	})
	s.x, s.y, s.unit = mul(half, 1+f.x), mul(half, .92+f.y), mul(half, f.size)
	lit := func(c rgb) func(x, y float64) rgb { // from one side
		return func(x, y float64) rgb { return c.dim(1 + mul(f.light, min(max(2*x, -1), 1))) }
	}
	skin, hair, dark := lit(f.skin), lit(f.hair), lit(f.hair.dim(.75))
	if f.long {
		s.oval(0, -.12, .60, .70, dark)
		s.fill(box{-.7, 0, .7, .8}, func(x, y float64) float64 {
			return min(.60-math.Abs(x)+mul(.06, y), .66-y)
		}, dark)
	}
	s.oval(0, 1.28, .86, .62, lit(f.shirt))
	s.fill(box{-.3, .3, .3, .9}, func(x, y float64) float64 { // the neck
		return min(.19-math.Abs(x), .74-y)
	}, lit(f.skin.dim(.82)))
	s.oval(0, .72, .22, .12, lit(f.skin.dim(.9)))
	if !f.long {
		s.oval(0, -.2, .50, .56, dark)
		for _, side := range []float64{-1, 1} {
			s.oval(mul(side, .47)-f.turn/2, .06, .07, .12, lit(f.skin.dim(.88)))
		}
	}
	head := func(x, y float64) float64 { // narrower towards the chin
		return ellipse(0, 0, .46-mul(.10, max(y, 0)), .60)(x, y)
	}
	s.fill(box{-.55, -.7, .55, .7}, head, skin)
	at := mul(1.6, f.turn) // the features of a turned head
	for _, side := range []float64{-1, 1} {
		s.oval(at+mul(side, .25), .2, .11, .08, lit(mix(f.skin, rgb{.9, .35, .32}, .22)))
		x := at + mul(side, .19)
		s.oval(x, .0, .105, .068, flat(rgb{.97, .97, .97}))
		s.oval(x+f.turn/3, .0, .058, .062, flat(f.iris))
		s.oval(x+f.turn/3, .0, .026, .030, flat(rgb{.03, .03, .04}))
		s.fill(box{x - .2, -.3, x + .2, 0}, stroke(x, -.16, .12, -.03, .024), flat(f.hair.dim(.6)))
	}
	s.fill(box{at - .2, -.1, at + .2, .3}, func(x, y float64) float64 { // the nose
		return min(mul(.22, y+.08)-math.Abs(x-at-f.turn/2), .21-y)
	}, lit(f.skin.dim(.90)))
	s.oval(at+f.turn/2, .195, .075, .028, lit(f.skin.dim(.72)))
	s.mouth(at, f)
	s.fill(box{-.7, -.95, .7, .2}, func(x, y float64) float64 { // the hair above the forehead
		edge := -.30 + mul(.45, mul(f.fringe, x)) + mul(.9, mul(x, x))
		return min(ellipse(0, -.12, .54, .66)(x, y), edge-y)
	}, hair)
	if f.glasses {
		frame := flat(rgb{.07, .07, .09})
		for _, side := range []float64{-1, 1} {
			x := at + mul(side, .19)
			outer, inner := ellipse(x, .01, .165, .135), ellipse(x, .01, .125, .095)
			s.fill(box{x - .2, -.2, x + .2, .2}, func(x, y float64) float64 { return min(outer(x, y), -inner(x, y)) }, frame)
		}
		s.fill(box{at - .1, -.1, at + .1, .1}, stroke(at, -.01, .05, .01, .022), frame)
	}
	return s
}

// mouth draws the lips, which part in a broad smile.
func (s *sketch) mouth(at float64, f *face) {
	bend := mul(.13, f.smile)
	y := .345 + bend/2
	lips := mix(f.skin.dim(.8), rgb{.72, .16, .20}, .65)
	if open := f.smile - .5; open > 0 {
		s.fill(box{at - .3, .2, at + .3, .6}, stroke(at, y, .17, bend, .035+mul(.06, open)), flat(lips))
		s.fill(box{at - .3, .2, at + .3, .6}, stroke(at, y, .13, bend, .012+mul(.06, open)), flat(rgb{.97, .96, .93}))
		return
	}
	s.fill(box{at - .3, .2, at + .3, .6}, stroke(at, y, .17, bend, .034), flat(lips))
	s.fill(box{at - .3, .2, at + .3, .6}, stroke(at, y, .16, bend, .010), flat(lips.dim(.55)))
}

// draw fills to with the face at so many pixels a side, which divide faceSide: R, G and B
// from 0 to 255, channel by channel, each the mean of those it was drawn with.
func (f *face) draw(to []byte, side int) {
	s, k := f.sketch(), faceSide/side
	for i := range side * side {
		for c := range 3 {
			sum := 0.0
			for j := range k * k {
				sum += s.pix[(i/side*k+j/k)*faceSide+i%side*k+j%k][c]
			}
			to[c*side*side+i] = byte(mul(255, sum/float64(k*k)) + .5)
		}
	}
}
