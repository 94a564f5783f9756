package filters

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// curve is a made FID curve, one point a step, whose knee is known.
type curve struct {
	name  string
	y     []float64
	truth int // the first point after which the trend stays within 5 % of its largest distance from the plateau
}

// shape is a trend over n points as a distance from the plateau, from 1 (or 0) to 0;
// u are three numbers in [0, 1) that vary it.
type shape struct {
	name string
	at   func(t, n, tau float64, u [3]float64) float64
}

func sigmoid(t float64) float64 { return 1 / (1 + math.Exp(t)) }

// shapes: the first seven are those of testdata/knee_truth.json.
var shapes = []shape{
	{"exponential", func(t, n, tau float64, u [3]float64) float64 { return math.Exp(-t / tau) }},
	{"two exponentials", func(t, n, tau float64, u [3]float64) float64 {
		return 0.7*math.Exp(-4*t/tau) + 0.3*math.Exp(-t/tau)
	}},
	{"power law", func(t, n, tau float64, u [3]float64) float64 {
		f := func(t float64) float64 { return math.Pow(1+4*t/tau, -0.4-1.6*u[0]) }
		return f(t) - f(n-1)
	}},
	{"flat", func(t, n, tau float64, u [3]float64) float64 { return 0 }},
	{"mode transition", func(t, n, tau float64, u [3]float64) float64 {
		jump := 0.1 + 0.4*u[0]
		return (1-jump)*math.Exp(-3*t/tau) + jump*sigmoid((t-n*(0.2+0.6*u[1]))/(0.2+3*u[2]))
	}},
	{"rise then fall", func(t, n, tau float64, u [3]float64) float64 { return t / tau * math.Exp(1-t/tau) }},
	{"linear ramp", func(t, n, tau float64, u [3]float64) float64 { return max(0, 1-t/(3*tau)) }},
	{"flat start", func(t, n, tau float64, u [3]float64) float64 {
		return min(1, math.Exp(-(t-n*(0.05+0.4*u[0]))/tau))
	}},
	{"sigmoid", func(t, n, tau float64, u [3]float64) float64 { return sigmoid((t - n*(0.1+0.4*u[0])) / (tau / 2)) }},
	{"undershoot", func(t, n, tau float64, u [3]float64) float64 {
		return math.Exp(-t/tau) - 0.4*math.Exp(-math.Pow(t/tau-4, 2)/2)
	}},
	{"rising", func(t, n, tau float64, u [3]float64) float64 { return -math.Exp(-t / tau) }},
	{"stairs", func(t, n, tau float64, u [3]float64) float64 {
		d := 0.0
		for _, v := range u {
			if t < n*(0.02+0.68*v) {
				d += 1.0 / 3
			}
		}
		return d
	}},
}

// draw makes a curve: the shape's fall is ratio times the amplitude of an
// oscillation of 15 to 60 points a period, with autocorrelated noise on it and
// noise that goes with the distance from the plateau.
func (s shape) draw(r *rand.Rand, ratio float64) curve {
	uniform := func(a, b float64) float64 { return a + (b-a)*r.Float64() }
	n := int(100 * math.Exp(uniform(0, math.Log(20))))
	tau := float64(n) * uniform(0.02, 0.08)
	plateau := math.Exp(uniform(-6, 4))
	amplitude := uniform(0.1, 0.3) * plateau
	u := [3]float64{r.Float64(), r.Float64(), r.Float64()}
	period := min(uniform(15, 60), float64(n)/5)
	phase, phi := uniform(0, 2*math.Pi), uniform(0, 0.8)
	sd := amplitude * uniform(0.1, 0.6) * math.Sqrt(1-phi*phi)
	c := curve{name: s.name, y: make([]float64, n)}
	trend, most := make([]float64, n), 0.0
	for i := range trend {
		trend[i] = ratio * amplitude * s.at(float64(i), float64(n), tau, u)
		most = max(most, math.Abs(trend[i]))
	}
	noise := 0.0
	for i, d := range trend {
		if math.Abs(d) > 0.05*most {
			c.truth = i + 1
		}
		noise = phi*noise + sd*r.NormFloat64()
		oscillation := amplitude * math.Sin(2*math.Pi*float64(i)/period+phase)
		c.y[i] = plateau + d + oscillation + noise + 0.04*d*r.NormFloat64()
	}
	return c
}

// score is how a knee rule does on curves.
type score struct {
	n, good, inside int
	ratios          []float64
}

func (s *score) add(knee, truth int) {
	s.n++
	if math.Abs(float64(knee-truth)) <= 0.35*float64(truth)+20 {
		s.good++
	}
	if truth > 0 {
		r := float64(knee) / float64(truth)
		s.ratios = append(s.ratios, r)
		if r >= 0.5 && r <= 2 {
			s.inside++
		}
	}
}

func (s *score) quantile(q float64) float64 {
	if len(s.ratios) == 0 {
		return math.NaN()
	}
	v := slices.Sorted(slices.Values(s.ratios))
	return v[int(q*float64(len(v)-1)+0.5)]
}

func (s *score) String() string {
	text := fmt.Sprintf("%4d | %5.1f %%", s.n, 100*float64(s.good)/float64(s.n))
	if len(s.ratios) == 0 {
		return text + " |         |      |      |     "
	}
	return text + fmt.Sprintf(" | %5.1f %% | %.2f | %.2f | %.2f", 100*float64(s.inside)/float64(len(s.ratios)), s.quantile(0.05), s.quantile(0.5), s.quantile(0.95))
}

// tolerance is the default of settle in a config.
const tolerance = 0.05

// The criteria of the two golden files: knee/truth has its median in 0.85-1.25 and
// is nowhere outside 0.5-2; |knee - truth| <= 0.35 truth + 2000 iterations.
func TestSettleGolden(t *testing.T) {
	a := DefaultAnalysis()
	a.Knee = Knee{Method: "settle", Tolerance: tolerance}
	settle := func(x, y []float64) float64 {
		m, err := a.Measure(x, y)
		if err != nil {
			t.Fatal(err)
		}
		return m.Knee.Iteration
	}
	var all score
	for _, c := range readGolden[kneeCase](t, "knee.json") {
		if c.Truth == nil || strings.HasSuffix(c.Name, "online") { // the same curve again
			continue
		}
		knee := settle(c.X, c.Y)
		r := knee / *c.Truth
		all.ratios = append(all.ratios, r)
		if r < 0.5 || r > 2 {
			t.Errorf("%s: knee %v, truth %v", c.Name, knee, *c.Truth)
		}
	}
	if m := all.quantile(0.5); m < 0.85 || m > 1.25 {
		t.Errorf("median knee/truth %.2f", m)
	}
	type golden struct {
		Name     string
		Interval float64
		Y        []float64
		Truth    float64
	}
	for _, c := range readGolden[golden](t, "knee_truth.json") {
		x := points(len(c.Y))
		for i := range x {
			x[i] *= c.Interval
		}
		knee := settle(x, c.Y)
		if math.Abs(knee-c.Truth) > 0.35*c.Truth+2000 {
			t.Errorf("%s: knee %v, truth %v", c.Name, knee, c.Truth)
		}
	}
}

// go test -v -run SettleFamilies prints its table.
func TestSettleFamilies(t *testing.T) {
	const reps = 100
	for _, size := range []struct {
		lo, hi       float64 // fall over amplitude of the oscillation
		good, inside float64 // the least share of curves within either criterion
	}{{20, 300, 0.99, 0.99}, {5, 20, 0.97, 0.93}} {
		var all score
		for k, s := range shapes {
			var one score
			for i := range reps {
				r := rand.New(rand.NewPCG(uint64(k), uint64(i)))
				c := s.draw(r, size.lo*math.Pow(size.hi/size.lo, r.Float64()))
				knee := Settle(c.y, tolerance)
				one.add(knee, c.truth)
				all.add(knee, c.truth)
			}
			t.Logf("| %g-%g | %-16s | %v |", size.lo, size.hi, s.name, &one)
		}
		t.Logf("| %g-%g | %-16s | %v |", size.lo, size.hi, "all", &all)
		if share := float64(all.good) / float64(all.n); share < size.good {
			t.Errorf("fall %g-%g: %.1f %% within 0.35 truth + 20 points", size.lo, size.hi, 100*share)
		}
		if share := float64(all.inside) / float64(len(all.ratios)); share < size.inside {
			t.Errorf("fall %g-%g: %.1f %% within 0.5-2", size.lo, size.hi, 100*share)
		}
	}
}
