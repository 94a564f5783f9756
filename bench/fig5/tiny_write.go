package main

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"iter"
	"math"
	"strconv"

	"fig5/bench/figure"
	"fig5/bench/stats"
	"fig5/bench/tinygan"
)

// tinyTolerance is how far off the prediction may be and still hold.
const tinyTolerance = 0.05

// tinyRows are the rows of --csv; NaN where there is no closed form.
func tinyRows(tr *tinygan.Trajectory) iter.Seq[[7]float64] {
	return func(yield func([7]float64) bool) {
		exact := tinygan.State{Theta: math.NaN(), Psi: math.NaN(), Alpha: math.NaN()}
		for i, x := range tr.Path {
			if tr.Exact != nil {
				exact = tr.Exact[i]
			}
			if !yield([7]float64{tr.Times[i], x.Theta, x.Psi, x.Alpha, exact.Theta, exact.Psi, exact.Alpha}) {
				return
			}
		}
	}
}

// writeTinyCSV writes one row a sample, in the shortest digits that read back as the same
// number.
func writeTinyCSV(out io.Writer, tr *tinygan.Trajectory) error {
	w := bufio.NewWriterSize(out, 1<<16)
	w.WriteString("t,theta,psi,alpha,theta_exact,psi_exact,alpha_exact\n")
	var line []byte
	for row := range tinyRows(tr) {
		line = line[:0]
		for _, v := range row {
			line = append(strconv.AppendFloat(line, v, 'g', -1, 64), ',')
		}
		line[len(line)-1] = '\n'
		w.Write(line)
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

// tinyAnswer is what fig5 tiny --json writes: the problem, what the theory says that it
// settles to, and the columns of --csv as arrays. NaN, in JSON null, where it is silent.
type tinyAnswer struct {
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

	Times      []stats.Number `json:"t"`
	Theta      []stats.Number `json:"theta"`
	Psi        []stats.Number `json:"psi"`
	Alpha      []stats.Number `json:"alpha"`
	ThetaExact []stats.Number `json:"theta_exact"`
	PsiExact   []stats.Number `json:"psi_exact"`
	AlphaExact []stats.Number `json:"alpha_exact"`

	steady bool // there is an oscillation that stays
}

func newTinyAnswer(f *tinyFlags, tr *tinygan.Trajectory, how tinygan.Descent) *tinyAnswer {
	s, nan := tr.System, stats.Number(math.NaN())
	a := &tinyAnswer{
		System: s.Kind.String(), F: s.Objective.String(), Method: f.method, AsPrinted: s.AsPrinted, Levels: s.Levels,
		Theta0: s.Start.Theta, Psi0: s.Start.Psi, Alpha0: s.Start.Alpha, AlphaR: s.Target,
		AmplitudeTheta: nan, AmplitudePsi: nan, CentreTheta: nan, Frequency: nan, Damping: nan, Slope: nan, GrowthRate: nan,
		Deviation: stats.Number(tr.Deviation()),
	}
	a.LargestStep.Simultaneous, a.LargestStep.Alternating = nan, nan
	if steady, ok := s.Steady(); ok {
		a.steady, a.Damping = true, 0
		a.AmplitudeTheta, a.AmplitudePsi, a.CentreTheta = stats.Number(steady.AmplitudeTheta), stats.Number(steady.AmplitudePsi), stats.Number(steady.CentreTheta)
		a.Frequency, a.Slope = stats.Number(steady.Frequency), stats.Number(steady.Slope)
		a.LargestStep.Simultaneous = stats.Number(s.LargestStep(tinygan.Simultaneous, f.until, tinyTolerance))
		a.LargestStep.Alternating = stats.Number(s.LargestStep(tinygan.Alternating, f.until, tinyTolerance))
		if f.descends() {
			a.GrowthRate = stats.Number(how.GrowthRate(steady.Frequency, f.step))
		}
	} else if s.Objective == tinygan.JensenShannon && s.Kind != tinygan.BetaPrime { // whose equilibrium is not the target
		damping, frequency := s.Objective.Linearise(s.Target)
		a.Damping, a.Frequency = stats.Number(damping), stats.Number(frequency)
	}
	if f.descends() {
		a.Step = &f.step
	}
	if s.Kind != tinygan.Autonomous && (s.Levels == nil || f.schedule == "exponential") {
		a.TimeConstant = &f.T
	}
	if s.Levels != nil {
		a.Tau = &f.tau
	}
	for row := range tinyRows(tr) {
		for i, to := range []*[]stats.Number{&a.Times, &a.Theta, &a.Psi, &a.Alpha, &a.ThetaExact, &a.PsiExact, &a.AlphaExact} {
			*to = append(*to, stats.Number(row[i]))
		}
	}
	return a
}

// text is the answer for a reader.
func (a *tinyAnswer) text(f *tinyFlags, tr *tinygan.Trajectory) string {
	s, last, t := tr.System, tr.Path[len(tr.Path)-1], columns()
	t.line("system", "%s", f.title(s))
	t.line("start", "θ %v, ψ %v, α %v; target %v", s.Start.Theta, s.Start.Psi, s.Start.Alpha, s.Target)
	switch {
	case a.steady:
		t.line("settles to", "θ = %.6g ± %.6g, ψ = 0 ± %.6g, angular frequency %.6g", a.CentreTheta, a.AmplitudeTheta, a.AmplitudePsi, a.Frequency)
		if a.Slope.Defined() {
			t.line("slope", "d log amplitude / d log T = %.6g", a.Slope)
		}
		if a.LargestStep.Simultaneous.Defined() {
			t.line("holds", "to %.0f %% until t = %v for gradient descent with steps up to %.2g (simultaneous), %.2g (alternating)",
				100*tinyTolerance, f.until, a.LargestStep.Simultaneous, a.LargestStep.Alternating)
		}
		if f.descends() {
			t.line("grows", "by a factor of %.4g until t = %v", math.Exp(float64(a.GrowthRate)*f.until), f.until)
		}
	case s.AsPrinted && s.Kind == tinygan.BetaPrime:
		t.line("settles to", "nothing: no force brings θ back to α, and ψ runs away (docs/paper.md, Errata)")
	case !a.Damping.Defined():
		t.line("settles to", "(no closed form)")
	case a.Frequency > 0:
		t.line("settles to", "the target, oscillations decay as e^(-%.4g t), angular frequency %.6g", a.Damping, a.Frequency)
	default:
		t.line("settles to", "the target without oscillation, as e^(-%.4g t)", a.Damping)
	}
	t.line("at the end", "t = %v: θ %.10g, ψ %.10g, α %.10g", tr.Times[len(tr.Times)-1], last.Theta, last.Psi, last.Alpha)
	if tr.Exact != nil {
		t.line("closed form", "differs by at most %.2g", tr.Deviation())
	}
	return t.text()
}
