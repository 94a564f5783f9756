package main

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"math"
	"strconv"
	"text/tabwriter"

	"fig5/bench/figure"
	"fig5/bench/stats"
	"fig5/bench/tinygan"
)

// tinyTolerance is how far off the prediction may be and still hold.
const tinyTolerance = 0.05

// writeTinyCSV writes one row a sample, in the shortest digits that read back as
// the same number; NaN where there is no closed form.
func writeTinyCSV(out io.Writer, tr *tinygan.Trajectory) error {
	w := bufio.NewWriterSize(out, 1<<16)
	w.WriteString("t,theta,psi,alpha,theta_exact,psi_exact,alpha_exact\n")
	exact := tinygan.State{Theta: math.NaN(), Psi: math.NaN(), Alpha: math.NaN()}
	var row []byte
	for i, x := range tr.Path {
		if tr.Exact != nil {
			exact = tr.Exact[i]
		}
		row = row[:0]
		for j, v := range [...]float64{tr.Times[i], x.Theta, x.Psi, x.Alpha, exact.Theta, exact.Psi, exact.Alpha} {
			if j > 0 {
				row = append(row, ',')
			}
			row = strconv.AppendFloat(row, v, 'g', -1, 64)
		}
		w.Write(append(row, '\n'))
	}
	return w.Flush() // reports the writes' errors too
}

// theoryCSV is the points of the theoretical Figure 5.
func theoryCSV(points []figure.Point) []byte {
	var b bytes.Buffer
	b.WriteString("panel,series,x,y\n")
	for _, p := range points {
		fmt.Fprintf(&b, "%s,%q,%v,%v\n", p.Panel, p.Series, p.X, p.Y)
	}
	return b.Bytes()
}

// tinyJSON is what fig5 tiny --json writes: the problem, what it settles to, and
// the columns of --csv as arrays. Null where something does not exist.
type tinyJSON struct {
	System       string    `json:"system"`
	F            string    `json:"f"`
	Method       string    `json:"method"`
	Step         *float64  `json:"step"`
	AsPrinted    bool      `json:"as_printed"`
	TimeConstant *float64  `json:"time_constant"`
	Levels       []float64 `json:"levels"`
	Tau          *float64  `json:"tau"`
	Theta0       float64   `json:"theta0"`
	Psi0         float64   `json:"psi0"`
	Alpha0       float64   `json:"alpha0"`
	AlphaR       float64   `json:"alpha_r"`

	AmplitudeTheta stats.Number `json:"amplitude_theta"` // of the steady oscillation, half of peak to peak
	AmplitudePsi   stats.Number `json:"amplitude_psi"`
	CentreTheta    stats.Number `json:"centre_theta"`
	Frequency      stats.Number `json:"angular_frequency"` // of f = js: near the target
	Damping        stats.Number `json:"damping_rate"`      // per unit of time; 0 for f = linear
	Slope          stats.Number `json:"loglog_slope"`      // of the amplitude in T
	GrowthRate     stats.Number `json:"growth_rate"`       // of gradient descent, per unit of time
	LargestStep    struct {
		Simultaneous stats.Number `json:"simultaneous"`
		Alternating  stats.Number `json:"alternating"`
	} `json:"largest_step"` // up to which gradient descent keeps the amplitude to 5 % until the end
	Deviation stats.Number `json:"closed_form_max_abs_diff"`

	Times      []float64      `json:"t"`
	Theta      []float64      `json:"theta"`
	Psi        []float64      `json:"psi"`
	Alpha      []float64      `json:"alpha"`
	ThetaExact []stats.Number `json:"theta_exact"`
	PsiExact   []stats.Number `json:"psi_exact"`
	AlphaExact []stats.Number `json:"alpha_exact"`
}

func newTinyJSON(f *tinyFlags, tr *tinygan.Trajectory, how tinygan.Descent) *tinyJSON {
	s := tr.System
	a := newTinyAnswer(f, tr, how)
	j := &tinyJSON{
		System: s.Kind.String(), F: s.Objective.String(), Method: f.method, AsPrinted: s.AsPrinted, Levels: s.Levels,
		Theta0: s.Start.Theta, Psi0: s.Start.Psi, Alpha0: s.Start.Alpha, AlphaR: s.Target,
		AmplitudeTheta: stats.Number(a.AmplitudeTheta), AmplitudePsi: stats.Number(a.AmplitudePsi), CentreTheta: stats.Number(a.CentreTheta),
		Frequency: stats.Number(a.Frequency), Damping: stats.Number(a.damping), Slope: stats.Number(a.Slope),
		GrowthRate: stats.Number(a.growth), Deviation: stats.Number(tr.Deviation()), Times: tr.Times,
	}
	j.LargestStep.Simultaneous, j.LargestStep.Alternating = stats.Number(a.largest[tinygan.Simultaneous]), stats.Number(a.largest[tinygan.Alternating])
	if f.descends() {
		j.Step = &f.step
	}
	if s.Kind != tinygan.Autonomous && (s.Levels == nil || f.schedule == "exponential") {
		j.TimeConstant = &f.T
	}
	if s.Levels != nil {
		j.Tau = &f.tau
	}
	n := len(tr.Path)
	j.Theta, j.Psi, j.Alpha = make([]float64, n), make([]float64, n), make([]float64, n)
	j.ThetaExact, j.PsiExact, j.AlphaExact = make([]stats.Number, n), make([]stats.Number, n), make([]stats.Number, n)
	exact := tinygan.State{Theta: math.NaN(), Psi: math.NaN(), Alpha: math.NaN()}
	for i, x := range tr.Path {
		if tr.Exact != nil {
			exact = tr.Exact[i]
		}
		j.Theta[i], j.Psi[i], j.Alpha[i] = x.Theta, x.Psi, x.Alpha
		j.ThetaExact[i], j.PsiExact[i], j.AlphaExact[i] = stats.Number(exact.Theta), stats.Number(exact.Psi), stats.Number(exact.Alpha)
	}
	return j
}

// tinyAnswer is what the theory says of a system; NaN where it is silent.
type tinyAnswer struct {
	tinygan.Steady
	steady  bool
	damping float64
	growth  float64
	largest [2]float64 // steps, by tinygan.Descent
}

func newTinyAnswer(f *tinyFlags, tr *tinygan.Trajectory, how tinygan.Descent) tinyAnswer {
	nan := math.NaN()
	a := tinyAnswer{damping: nan, growth: nan, largest: [2]float64{nan, nan}}
	s := tr.System
	a.Steady, a.steady = s.Steady()
	switch {
	case a.steady:
		a.damping = 0
		for _, d := range []tinygan.Descent{tinygan.Simultaneous, tinygan.Alternating} {
			a.largest[d] = s.LargestStep(d, f.until, tinyTolerance)
		}
		if f.descends() {
			a.growth = how.GrowthRate(a.Frequency, f.step)
		}
	default:
		a.Steady = tinygan.Steady{Frequency: nan, AmplitudeTheta: nan, AmplitudePsi: nan, CentreTheta: nan, Slope: nan}
		if s.Objective == tinygan.JensenShannon && s.Kind != tinygan.BetaPrime { // whose equilibrium is not the target
			a.damping, a.Frequency = s.Objective.Linearise(s.Target)
		}
	}
	return a
}

// writeTinyText is the answer for a reader.
func writeTinyText(out io.Writer, f *tinyFlags, tr *tinygan.Trajectory, how tinygan.Descent) error {
	s, a := tr.System, newTinyAnswer(f, tr, how)
	last := tr.Path[len(tr.Path)-1]
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	row := func(name, format string, args ...any) { fmt.Fprintf(w, name+"\t"+format+"\n", args...) }
	row("system", "%s", f.title(s))
	row("start", "θ %v, ψ %v, α %v; target %v", s.Start.Theta, s.Start.Psi, s.Start.Alpha, s.Target)
	switch {
	case a.steady:
		row("settles to", "θ = %.6g ± %.6g, ψ = 0 ± %.6g, angular frequency %.6g", a.CentreTheta, a.AmplitudeTheta, a.AmplitudePsi, a.Frequency)
		if !math.IsNaN(a.Slope) {
			row("slope", "d log amplitude / d log T = %.6g", a.Slope)
		}
		if largest := a.largest[tinygan.Simultaneous]; !math.IsNaN(largest) {
			row("holds", "to %.0f %% until t = %v for gradient descent with steps up to %.2g (simultaneous), %.2g (alternating)",
				100*tinyTolerance, f.until, largest, a.largest[tinygan.Alternating])
		}
		if f.descends() {
			row("grows", "by a factor of %.4g until t = %v", math.Exp(a.growth*f.until), f.until)
		}
	case s.AsPrinted && s.Kind == tinygan.BetaPrime:
		row("settles to", "nothing: no force brings θ back to α, and ψ runs away (docs/paper.md, Errata)")
	case math.IsNaN(a.damping):
		row("settles to", "(no closed form)")
	case a.Frequency > 0:
		row("settles to", "the target, oscillations decay as e^(-%.4g t), angular frequency %.6g", a.damping, a.Frequency)
	default:
		row("settles to", "the target without oscillation, as e^(-%.4g t)", a.damping)
	}
	row("at the end", "t = %v: θ %.10g, ψ %.10g, α %.10g", tr.Times[len(tr.Times)-1], last.Theta, last.Psi, last.Alpha)
	if tr.Exact != nil {
		row("closed form", "differs by at most %.2g", tr.Deviation())
	}
	return w.Flush()
}
