package report

import (
	"fmt"
	"math"
	"strings"
	"testing"
)

func TestCompact(t *testing.T) {
	const style = `style="fill:none;stroke:#000"`
	for svg, want := range map[string]string{
		// Two lines of one style become one path; numbers by hand.
		`<path d="M1.04,2L3,4.26" ` + style + ` />` + "\n" + `<path d="M0,0L-1,0.26L0,0" ` + style + ` />`: `<path d="M1 2l2 2.3M0 0l-1 .3 1-.3" ` + style + `/>`,
		// Another style, a text between them, or a filled path part them.
		`<path d="M1,1L2,2" ` + style + ` /><text>x</text><path d="M1,1L2,2" ` + style + ` />`: `<path d="M1 1l1 1" ` + style + `/><text>x</text><path d="M1 1l1 1" ` + style + `/>`,
		// Coordinates lose decimals, what is read does not.
		`<text x="1.2345">0.005</text>`:            `<text x="1.23">0.005</text>`,
		`<path d="M1,1L2,2Z" style="fill:#000" />`: `<path d="M1,1L2,2Z" style="fill:#000" />`,
	} {
		if got := compact(svg); got != want {
			t.Errorf("%s\nwant %s", got, want)
		}
	}
}

// A thinned line begins and ends where it did, and in every bin reaches as high and as low.
func TestThin(t *testing.T) {
	var pts [][2]float64
	for i := range 2000 {
		x := float64(i) / 10
		pts = append(pts, [2]float64{x, 50*math.Sin(x) + 20*math.Sin(77*x)})
	}
	thinned := thin(pts)
	if n := len(thinned); n > 2*int(200/bin)+6 || thinned[0] != pts[0] || thinned[n-1] != pts[len(pts)-1] {
		t.Fatalf("%d points", n)
	}
	extent := func(pts [][2]float64) map[int][2]float64 {
		m := map[int][2]float64{}
		for _, p := range pts[1 : len(pts)-1] {
			k := int(math.Floor(p[0] / bin))
			e, ok := m[k]
			if !ok {
				e = [2]float64{p[1], p[1]}
			}
			m[k] = [2]float64{min(e[0], p[1]), max(e[1], p[1])}
		}
		return m
	}
	if a, b := fmt.Sprint(extent(pts)), fmt.Sprint(extent(thinned)); a != b {
		t.Errorf("%s\n%s", a, b)
	}
	var d strings.Builder
	for i, p := range pts {
		fmt.Fprintf(&d, "%c%g,%g", "ML"[min(i, 1)], p[0], p[1])
	}
	if short := shortPath(d.String()); len(short) > len(d.String())/10 {
		t.Errorf("%d bytes of %d", len(short), d.Len())
	}
}
