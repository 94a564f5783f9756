package report

import (
	"fmt"
	"strconv"
	"strings"
)

// setting is how the numbers came about, a line each.
func (d *Data) setting() []string {
	var out []string
	add := func(format string, args ...any) { out = append(out, fmt.Sprintf(format, args...)) }
	seeds := d.Seeds()
	if c := d.Config; c != nil {
		add("command: %s, then `fig5 report configs/%s.yaml`", d.command(), c.Name)
		add("data `%s`, model `%s`, FID on `%s` features of %d samples every %d iterations", c.Data.Name, c.Model.Name, c.FID.Features, c.FID.Samples, c.FID.Every)
		var series []string
		var widths []string
		for _, w := range c.Anneal.Box.HalfWidth {
			widths = append(widths, number(w))
		}
		for _, s := range c.Anneal.Schedule {
			for _, p := range c.Anneal.Protocol {
				series = append(series, s.String()+" "+p.String())
			}
		}
		add("annealing: %s; K = %s; β %s → %s (%s), box %s of half-width %s", strings.Join(series, ", "), joinInts(c.Anneal.Steps),
			number(c.Anneal.Beta[0]), number(c.Anneal.Beta[1]), strings.Join(c.Anneal.End, ", "), c.Anneal.Box.Kind, strings.Join(widths, ", "))
		add("training: %d iterations of pretraining, %d at β = ∞, batch %d, %s, %s at %s", c.Train.Pretrain, c.Train.Final, c.Train.Batch, c.Train.Loss, c.Train.Optimizer.Name, number(c.Train.Optimizer.LR))
	} else {
		add("curves listed in `%s`", d.Dir)
	}
	a := d.Analysis
	add("analysis: low-pass %s, knee `%s`, window %s iterations", lowpassWords(d), a.Knee.Method, number(a.Window))
	seconds := d.seconds()
	line := fmt.Sprintf("seeds: %s; %s", seedRange(seeds), plural(d.Runs(), "run"))
	if seconds > 0 {
		line += fmt.Sprintf(", %s of one core", duration(seconds))
	}
	out = append(out, line)
	for _, v := range d.Versions {
		add("made by fig5 %s, %s, gotch %s, libtorch %s", orUnknown(v.Fig5), v.Go, orUnknown(v.Gotch), orUnknown(v.Libtorch))
	}
	for _, m := range d.Machines {
		add("machine: %s, %d cores, %s/%s, %s kernels", m.CPU, m.Cores, m.OS, m.Arch, m.Kernels)
	}
	return out
}

// command is what trained the runs.
func (d *Data) command() string {
	if d.Config == nil {
		return "curves listed in `" + d.Dir + "`"
	}
	return "`fig5 run configs/" + d.Config.Name + ".yaml`"
}

// seconds is the work in all runs.
func (d *Data) seconds() float64 {
	seconds := 0.
	for _, r := range d.distinct() {
		seconds += r.Seconds
	}
	return seconds
}

func lowpassWords(d *Data) string {
	l := d.Analysis.Lowpass
	switch l.Name {
	case "butterworth":
		return fmt.Sprintf("`butterworth` of order %d, cutoff %s of Nyquist", l.Order, number(l.Cutoff))
	case "moving-average":
		return fmt.Sprintf("`moving-average` of %d points", l.Window)
	case "savgol":
		return fmt.Sprintf("`savgol` of %d points, order %d", l.Window, l.PolyOrder)
	}
	return "`" + l.Name + "`"
}

func number(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }

func orUnknown(s string) string {
	if s == "" {
		return "(unknown)"
	}
	return s
}

// seedRange writes "0 to 7 (8)" for consecutive seeds, else their list.
func seedRange(seeds []int) string {
	n := len(seeds)
	if n > 2 && seeds[n-1]-seeds[0] == n-1 {
		return fmt.Sprintf("%d to %d (%d)", seeds[0], seeds[n-1], n)
	}
	return joinInts(seeds)
}

func duration(seconds float64) string {
	switch {
	case seconds < 120:
		return fmt.Sprintf("%.0f s", seconds)
	case seconds < 7200:
		return fmt.Sprintf("%.0f min", seconds/60)
	}
	return fmt.Sprintf("%.1f h", seconds/3600)
}
