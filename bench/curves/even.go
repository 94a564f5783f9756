package curves

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

// The most that is filled: a share of the points, and how many in a row.
const (
	maxFilled = 0.05
	maxInRow  = 3
)

// even makes the points a curve of even steps. Points that are missing or NaN are filled
// linearly.
func (t *table) even(c *Curve, points []point) error {
	x := make([]float64, len(points))
	missing := 0
	for i, q := range points {
		x[i] = q.x
		if math.IsNaN(q.y) {
			missing++
		}
	}
	at, step, exact, odd := grid(x)
	if odd >= 0 {
		q := points[odd]
		return fmt.Errorf("%s: %s %s: a step of %s after steps of %s%s", t.place(q.row), c.Source.X, short(q.x), short(rounded(q.x-x[odd-1])), short(rounded(step)), t.advice(points))
	}
	total := at[len(at)-1] + 1
	missing += total - len(points)
	if float64(missing) > maxFilled*float64(total) {
		return t.fail("%d of %d points are missing or NaN; up to %g %% are filled%s", missing, total, 100*maxFilled, t.advice(points))
	}
	c.X, c.Y = make([]float64, total), make([]float64, total)
	before := 0 // the last one with a value
	var filled []string
	for i, q := range points {
		c.X[at[i]], c.Y[at[i]] = q.x, q.y
		if math.IsNaN(q.y) {
			continue
		}
		a, b := at[before], at[i]
		if b-a-1 > maxInRow {
			return fmt.Errorf("%s: %s %s: %d points before it are missing or NaN; up to %d in a row are filled%s", t.place(q.row), c.Source.X, short(q.x), b-a-1, maxInRow, t.advice(points))
		}
		for k := a + 1; k < b; k++ {
			share := float64(k-a) / float64(b-a)
			c.X[k] = x[before] + share*(q.x-x[before])
			c.Y[k] = points[before].y + share*(q.y-points[before].y)
			filled = append(filled, short(c.X[k]))
		}
		before = i
	}
	if !exact { // x on the line, which begins at the first of them
		for k := range c.X {
			c.X[k], _ = strconv.ParseFloat(strconv.FormatFloat(x[0]+float64(k)*step, 'g', 14, 64), 64) // decimals as a reader has them
		}
	}
	if c.Source.Interval = step; exact {
		if c.Source.Interval = (c.X[total-1] - c.X[0]) / float64(total-1); math.Abs(rounded(c.Source.Interval)/c.Source.Interval-1) < 1e-12 {
			c.Source.Interval = rounded(c.Source.Interval)
		}
	}
	if c.Source.Filled = missing; missing > 0 {
		if len(filled) > 6 {
			filled = append(filled[:6], "...")
		}
		c.Warnings = append(c.Warnings, fmt.Sprintf("%d of %d points are missing or NaN and stand on the line between their neighbours: %s %s", missing, total, c.Source.X, strings.Join(filled, ", ")))
	}
	return nil
}

// resample makes the points a curve with a step of its own: what stands between two of them
// is on the line between them.
func (t *table) resample(c *Curve, points []point) error {
	step := t.in.columns.Resample
	points = known(points)
	first, last := points[0].x, points[len(points)-1].x
	n := math.Floor((last-first)/step*(1+1e-12)) + 1
	if !(n >= 2) || n > maxRows {
		return t.fail("%s %s makes %.3g points of %s %s to %s; 2 to %d are possible", t.in.flag("resample"), short(step), n, c.Source.X, short(first), short(last), maxRows)
	}
	c.X, c.Y = make([]float64, int(n)), make([]float64, int(n))
	j := 0
	for i := range c.X {
		v := first + float64(i)*step
		for j+2 < len(points) && points[j+1].x <= v {
			j++
		}
		a, b := points[j], points[j+1]
		c.X[i] = v
		switch near := 1e-9 * step; {
		case math.Abs(v-a.x) <= near:
			c.Y[i] = a.y
		case math.Abs(v-b.x) <= near:
			c.Y[i] = b.y
		default:
			c.Y[i] = a.y + (v-a.x)/(b.x-a.x)*(b.y-a.y)
			c.Source.Filled++
		}
	}
	c.Source.Interval = step
	c.Warnings = append(c.Warnings, fmt.Sprintf("resampled every %s: %d of %d points stand on the line between two of the log's %d", short(step), c.Source.Filled, len(c.X), len(points)))
	return nil
}

// advice is how uneven points become a curve.
func (t *table) advice(points []point) string {
	var steps []float64
	for i := 1; i < len(points); i++ {
		steps = append(steps, points[i].x-points[i-1].x)
	}
	sorted := slices.Sorted(slices.Values(steps))
	// The smallest step; one that is odd among a hundred is none of the log's.
	step := sorted[0]
	for i, j := 0, (len(sorted)-1)/100; j < len(sorted); i, j = i+1, j+1 {
		if sorted[j] <= sorted[i]*(1+1e-6) {
			step = sorted[i]
			break
		}
	}
	text := ""
	if total, ok := sampled(steps, step); ok {
		text = fmt.Sprintf("; these look like %d of some %d points, drawn at random: %s", len(points), total, t.whole())
	}
	if (points[len(points)-1].x-points[0].x)/step > maxRows {
		return text
	}
	return fmt.Sprintf("%s; to interpolate: %s %s", text, t.in.flag("resample"), short(rounded(step)))
}

// sampled tells whether steps are those of a log of which points were left out at random:
// multiples of the smallest, of several sizes from its beginning to its end. It had total.
func sampled(steps []float64, least float64) (total int, ok bool) {
	if len(steps) < 20 {
		return 0, false
	}
	sum := 0.0
	all := map[float64]bool{}
	for third := range 3 {
		part := steps[third*len(steps)/3 : (third+1)*len(steps)/3]
		sizes := map[float64]bool{}
		for _, d := range part {
			n := math.Round(d / least)
			if math.Abs(d/least-n) > 0.02 {
				return 0, false
			}
			sizes[n], all[n] = true, true
			sum += n
		}
		if len(sizes) < 2 {
			return 0, false
		}
	}
	return int(sum) + 1, len(all) > 2 && sum > 1.05*float64(len(steps)) && sum < maxRows
}

// whole says how all points of the log are got from the program that seems to have
// written it.
func (t *table) whole() string {
	const (
		wandb       = "of W&B take run.scan_history(), as run.history() and charts are samples"
		tensorboard = "of TensorBoard take the event file itself, as its downloads are samples"
	)
	var fromWandb, fromTensorBoard bool
	for _, name := range t.all {
		low := strings.ToLower(name)
		fromWandb = fromWandb || low == "_step" || low == "_runtime" || strings.HasSuffix(low, "__min")
		fromTensorBoard = fromTensorBoard || low == "wall time"
	}
	switch {
	case fromWandb:
		return wandb
	case fromTensorBoard:
		return tensorboard
	}
	return wandb + "; " + tensorboard
}
