package report

import (
	"math"
	"regexp"
	"strconv"
	"strings"
)

const (
	longLine = 100 // points from which on a line is thinned
	bin      = 5   // points of print, in which two are drawn of it

	hairline = `" style="fill:none;stroke:var(--ink);stroke-width:0.5" />` // ends what axes are made of
	nextPath = "\n" + `<path d="`
)

var (
	line    = regexp.MustCompile(`M[0-9.,e-]+(?:L[0-9.,e-]+)+`)
	further = regexp.MustCompile(`(\.\d)\d+`) // decimals than one
	axis    = regexp.MustCompile(`(?:` + nextPath + `[^"]+` + regexp.QuoteMeta(hairline) + `)+`)
	// inherited is what the page says once of all text.
	inherited = strings.NewReplacer("font-family:Arial,'Liberation Sans',Helvetica,sans-serif;", "", "font-weight:normal;font-style:normal;", "")
)

// compact makes a drawing smaller than it is in print: a page has a hundred curves and
// more, on a screen, and what goes is nothing that a reader sees. The lines of axes become
// one path, long lines are thinned, coordinates of lines have one decimal.
func compact(svg string) string {
	svg = axis.ReplaceAllStringFunc(svg, func(s string) string { return strings.ReplaceAll(s, hairline+nextPath, "") })
	return line.ReplaceAllStringFunc(inherited.Replace(svg), func(path string) string { return further.ReplaceAllString(thin(path), "$1") })
}

// thin keeps of a long line, the data of an SVG path, the first and the last point, and of
// every bin of its width the lowest and the highest.
func thin(path string) string {
	points := strings.Split(path, "L")
	if len(points) < longLine {
		return path
	}
	var bins, heights []float64
	for _, p := range points {
		x, y, _ := strings.Cut(strings.TrimPrefix(p, "M"), ",")
		across, _ := strconv.ParseFloat(x, 64) // written of a float64
		height, _ := strconv.ParseFloat(y, 64)
		bins, heights = append(bins, math.Floor(across/bin)), append(heights, height)
	}
	last := len(points) - 1
	kept := points[:1:1]
	for from := 1; from < last; {
		lo, hi, to := from, from, from
		for ; to < last && bins[to] == bins[from]; to++ {
			if heights[to] < heights[lo] {
				lo = to
			}
			if heights[to] > heights[hi] {
				hi = to
			}
		}
		kept = append(kept, points[min(lo, hi)])
		if lo != hi {
			kept = append(kept, points[max(lo, hi)])
		}
		from = to
	}
	return strings.Join(append(kept, points[last]), "L")
}
