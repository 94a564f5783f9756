package curves

import (
	"bufio"
	"fmt"
	"io"
	"strconv"

	"fig5/filters"
)

// Result is what is known of one curve. As JSON it is an item of `fig5 analyze --json`.
type Result struct {
	File     string          `json:"file"`
	Points   int             `json:"points"`   // measured: those of β = ∞
	Interval float64         `json:"interval"` // between two of them
	Lowpass  filters.Lowpass `json:"lowpass"`
	filters.Measurement
	Warnings []string `json:"warnings"` // of the measurement, in Words
}

// Words is warnings of the measurement with their remedies as flags of the command.
func Words(warnings []filters.Warning) []string {
	words := make([]string, len(warnings))
	for i, w := range warnings {
		words[i] = w.Words(SetFlag)
	}
	return words
}

// SetFlag stands before the key of a setting on the command line.
const SetFlag = "--set analysis."

// Measure is the amplitude of the curve. Its errors begin with the file.
func (c *Curve) Measure(a filters.Analysis) (*Result, error) {
	m, err := a.Measure(c.X, c.Y)
	interval, _ := filters.Interval(c.X) // an error of either is Measure's
	lowpass, _ := a.Lowpass.At(interval)
	if err != nil {
		if _, short := lowpass.Apply(make([]float64, len(c.X))); short != nil && lowpass.Validate() == nil {
			return nil, fmt.Errorf("%s: %w; to measure the curve itself: %slowpass.name=none", c.File, err, SetFlag)
		}
		return nil, fmt.Errorf("%s: %w", c.File, err)
	}
	return &Result{File: c.File, Points: len(c.X), Interval: interval, Lowpass: lowpass, Measurement: m, Warnings: Words(m.Warnings)}, nil
}

// WriteFiltered writes the curve and the filtered curve as CSV, iteration,fid,filtered
// with 17 significant digits, which keeps every bit.
func WriteFiltered(w io.Writer, c *Curve, r *Result) error {
	b := bufio.NewWriter(w)
	b.WriteString("iteration,fid,filtered\n")
	var line []byte
	for i, x := range c.X {
		line = line[:0]
		for _, v := range [3]float64{x, c.Y[i], r.Filtered[i]} {
			line = append(strconv.AppendFloat(line, v, 'g', 17, 64), ',')
		}
		line[len(line)-1] = '\n'
		b.Write(line)
	}
	return b.Flush()
}
