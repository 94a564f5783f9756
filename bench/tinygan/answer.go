package tinygan

import (
	"bufio"
	"io"
	"iter"
	"math"
	"strconv"

	"fig5/bench/stats"
)

// Tolerance is how far off the prediction may be and still hold: the LargestStep of an Answer.
const Tolerance = 0.05

// Answer is the output of `fig5 tiny --json`: the problem, what the theory says that it
// settles to, and the columns of WriteCSV as arrays. NaN, in JSON null, where it is silent.
type Answer struct {
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

	Trajectory *Trajectory `json:"-"`
	Title      string      `json:"-"` // the system in a line
	Steady     bool        `json:"-"` // there is an oscillation that stays
}

func (p *Problem) answer(tr *Trajectory, how Descent) *Answer {
	s, nan := tr.System, stats.Number(math.NaN())
	a := &Answer{
		Trajectory: tr, Title: p.title(s), System: s.Kind.String(), F: s.Objective.String(), Method: p.Method, AsPrinted: s.AsPrinted, Levels: s.Levels,
		Theta0: s.Start.Theta, Psi0: s.Start.Psi, Alpha0: s.Start.Alpha, AlphaR: s.Target,
		AmplitudeTheta: nan, AmplitudePsi: nan, CentreTheta: nan, Frequency: nan, Damping: nan, Slope: nan, GrowthRate: nan,
		Deviation: stats.Number(tr.Deviation()),
	}
	a.LargestStep.Simultaneous, a.LargestStep.Alternating = nan, nan
	if steady, ok := s.Steady(); ok {
		a.Steady, a.Damping = true, 0
		a.AmplitudeTheta, a.AmplitudePsi, a.CentreTheta = stats.Number(steady.AmplitudeTheta), stats.Number(steady.AmplitudePsi), stats.Number(steady.CentreTheta)
		a.Frequency, a.Slope = stats.Number(steady.Frequency), stats.Number(steady.Slope)
		a.LargestStep.Simultaneous = stats.Number(s.LargestStep(Simultaneous, p.Until, Tolerance))
		a.LargestStep.Alternating = stats.Number(s.LargestStep(Alternating, p.Until, Tolerance))
		if p.Descends() {
			a.GrowthRate = stats.Number(how.GrowthRate(steady.Frequency, p.Step))
		}
	} else if s.Objective == JensenShannon && s.Kind != BetaPrime { // whose equilibrium is not the target
		damping, frequency := s.Objective.Linearise(s.Target)
		a.Damping, a.Frequency = stats.Number(damping), stats.Number(frequency)
	}
	if p.Descends() {
		a.Step = &p.Step
	}
	if s.Kind != Autonomous && (s.Levels == nil || p.Schedule == "exponential") {
		a.TimeConstant = &p.T
	}
	if s.Levels != nil {
		a.Tau = &p.Tau
	}
	for row := range tr.rows() {
		for i, to := range []*[]stats.Number{&a.Times, &a.Theta, &a.Psi, &a.Alpha, &a.ThetaExact, &a.PsiExact, &a.AlphaExact} {
			*to = append(*to, stats.Number(row[i]))
		}
	}
	return a
}

// rows are the rows of WriteCSV; NaN where there is no closed form.
func (tr *Trajectory) rows() iter.Seq[[7]float64] {
	return func(yield func([7]float64) bool) {
		exact := State{Theta: math.NaN(), Psi: math.NaN(), Alpha: math.NaN()}
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

// WriteCSV writes one row a sample, in the shortest digits that read back as the same
// number.
func (tr *Trajectory) WriteCSV(out io.Writer) error {
	w := bufio.NewWriterSize(out, 1<<16)
	w.WriteString("t,theta,psi,alpha,theta_exact,psi_exact,alpha_exact\n")
	var line []byte
	for row := range tr.rows() {
		line = line[:0]
		for _, v := range row {
			line = append(strconv.AppendFloat(line, v, 'g', -1, 64), ',')
		}
		line[len(line)-1] = '\n'
		w.Write(line)
	}
	return w.Flush() // reports the writes' errors too
}
