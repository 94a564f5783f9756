package report

import (
	"math"
	"regexp"
	"strconv"
	"strings"
)

// A page has a hundred curves and more, on a screen: compact makes a drawing smaller than
// it is in print, by nothing that a reader sees. Lines of one style that follow each
// other become one path, a long line has its lowest and highest point in every bin of
// its width, coordinates are relative and have one decimal.
func compact(svg string) string {
	var b strings.Builder
	b.Grow(len(svg) / 2)
	at, style, path := 0, "", ""
	flush := func() {
		if path != "" {
			b.WriteString(`<path d="` + path + `" style="` + style + `"/>`)
		}
		path = ""
	}
	for _, m := range lines.FindAllStringSubmatchIndex(svg, -1) {
		between := svg[at:m[0]]
		if s := svg[m[4]:m[5]]; strings.TrimSpace(between) != "" || s != style {
			flush()
			b.WriteString(between)
			style = s
		}
		path += shortPath(svg[m[2]:m[3]])
		at = m[1]
	}
	flush()
	b.WriteString(svg[at:])
	return rounded(inherited.ReplaceAllString(b.String(), ""))
}

// rounded cuts every number in a tag behind its second decimal; one between tags is what
// people read.
func rounded(svg string) string {
	out := make([]byte, 0, len(svg))
	tag, decimals := false, -1 // digits behind the point so far; -1: no number with a point
	for i := range len(svg) {
		switch c := svg[i]; {
		case c == '<' || c == '>':
			tag, decimals = c == '<', -1
		case c >= '0' && c <= '9':
			if decimals >= 0 {
				decimals++
			}
		case c == '.' && i > 0 && svg[i-1] >= '0' && svg[i-1] <= '9':
			decimals = 0
		default:
			decimals = -1
		}
		if !tag || decimals <= 2 {
			out = append(out, svg[i])
		}
	}
	return string(out)
}

var (
	lines = regexp.MustCompile(`<path d="([ML0-9.,e-]+)"\s+style="(fill:none;[^"]*)"\s*/>`)
	// inherited is what the page says once of all text.
	inherited = regexp.MustCompile(`font-family:Arial[^;]*;|font-(weight|style):normal;`)
)

const (
	longLine = 100 // points from which on a line is thinned
	bin      = 4   // points of print, in which two are drawn of it
)

// shortPath is the path of a line, or of several, each beginning with M.
func shortPath(d string) string {
	var b strings.Builder
	for _, line := range strings.Split(d, "M")[1:] {
		var pts [][2]float64
		for _, p := range strings.Split(line, "L") {
			x, y, _ := strings.Cut(p, ",")
			px, errX := strconv.ParseFloat(x, 64)
			py, errY := strconv.ParseFloat(y, 64)
			if errX != nil || errY != nil {
				return d // as it is
			}
			pts = append(pts, [2]float64{px, py})
		}
		if len(pts) > longLine {
			pts = thin(pts)
		}
		var last [2]float64 // in tenths
		for i, p := range pts {
			x, y := math.Round(10*p[0]), math.Round(10*p[1])
			switch i {
			case 0:
				b.WriteString("M" + pair(x, y))
			case 1:
				b.WriteString("l" + pair(x-last[0], y-last[1]))
			default: // of one l
				b.WriteString(joined(pair(x-last[0], y-last[1])))
			}
			last = [2]float64{x, y}
		}
	}
	return b.String()
}

// pair writes two numbers of tenths; a minus parts them, too.
func pair(x, y float64) string { return tenths(x) + joined(tenths(y)) }

func joined(s string) string {
	if s[0] == '-' {
		return s
	}
	return " " + s
}

// tenths writes v/10: 3 is ".3", -12 is "-1.2".
func tenths(v float64) string {
	s := strconv.FormatFloat(v/10, 'f', -1, 64)
	if rest, ok := strings.CutPrefix(s, "0."); ok {
		return "." + rest
	}
	if rest, ok := strings.CutPrefix(s, "-0."); ok {
		return "-." + rest
	}
	return s
}

// thin keeps the first and the last point, and of every bin the lowest and the highest.
func thin(pts [][2]float64) [][2]float64 {
	out := pts[:1:1]
	for from := 1; from < len(pts)-1; {
		lo, hi, to := from, from, from
		for ; to < len(pts)-1 && math.Floor(pts[to][0]/bin) == math.Floor(pts[from][0]/bin); to++ {
			if pts[to][1] < pts[lo][1] {
				lo = to
			}
			if pts[to][1] > pts[hi][1] {
				hi = to
			}
		}
		first, second := min(lo, hi), max(lo, hi)
		out = append(out, pts[first])
		if second != first {
			out = append(out, pts[second])
		}
		from = to
	}
	return append(out, pts[len(pts)-1])
}
