package report

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"testing"
)

func TestCompact(t *testing.T) {
	const hair, other = `style="fill:none;stroke:var(--ink);stroke-width:0.5" />`, `style="fill:none;stroke:#000" />`
	for svg, want := range map[string]string{
		// Hairlines that follow each other become one path; numbers by hand.
		"\n" + `<path d="M1.04,2L3,4.26" ` + hair + "\n" + `<path d="M0,0L-1,0.26" ` + hair: "\n" + `<path d="M1.0,2L3,4.2M0,0L-1,0.2" ` + hair,
		// Another style or a text between them parts them.
		"\n" + `<path d="M1,1L2,2" ` + hair + "\n" + `<path d="M1,1L2,2" ` + other:                "\n" + `<path d="M1,1L2,2" ` + hair + "\n" + `<path d="M1,1L2,2" ` + other,
		"\n" + `<path d="M1,1L2,2" ` + hair + "\n<text>x</text>\n" + `<path d="M1,1L2,2" ` + hair: "\n" + `<path d="M1,1L2,2" ` + hair + "\n<text>x</text>\n" + `<path d="M1,1L2,2" ` + hair,
		// What is read keeps its decimals.
		`<text x="1.2345">0.005</text>`: `<text x="1.2345">0.005</text>`,
	} {
		if got := compact(svg); got != want {
			t.Errorf("%s\nwant %s", got, want)
		}
	}
}

// A thinned line begins and ends where it did, and in every bin reaches as high and as low.
func TestThin(t *testing.T) {
	var points []string
	for i := range 2000 {
		x := float64(i) / 10
		points = append(points, fmt.Sprintf("%g,%g", x, 50*math.Sin(x)+20*math.Sin(77*x)))
	}
	long := "M" + strings.Join(points, "L")
	kept := strings.Split(strings.TrimPrefix(thin(long), "M"), "L")
	if n := len(kept); n > 2*int(200/bin)+6 || kept[0] != points[0] || kept[n-1] != points[len(points)-1] {
		t.Fatalf("%d points", n)
	}
	extent := func(points []string) map[int][2]float64 {
		m := map[int][2]float64{}
		for _, p := range points[1 : len(points)-1] {
			left, up, _ := strings.Cut(p, ",")
			x, errX := strconv.ParseFloat(left, 64)
			y, errY := strconv.ParseFloat(up, 64)
			if errX != nil || errY != nil {
				t.Fatal(p)
			}
			k := int(math.Floor(x / bin))
			e, ok := m[k]
			if !ok {
				e = [2]float64{y, y}
			}
			m[k] = [2]float64{min(e[0], y), max(e[1], y)}
		}
		return m
	}
	if a, b := fmt.Sprint(extent(points)), fmt.Sprint(extent(kept)); a != b {
		t.Errorf("%s\n%s", a, b)
	}
	if short := "M" + strings.Join(points[:longLine-1], "L"); thin(short) != short {
		t.Error("a short line is thinned")
	}
}
