package figure

import (
	"math"

	"fig5/bench/tinygan"
)

// Point is one value that Theory draws. Amplitudes are relative to |α_r - α_0|, in panel
// d to the flow's.
type Point struct {
	Panel, Series string
	X, Y          float64
}

// maxK is as far as the curves of Theory against K go.
const maxK = 100

// Theory is what the theory of the tiny-GAN says of Figure 5, with the points drawn:
//
//	a  amplitude against the time constant T: Eq. 16, its counterpart for β', and a
//	   staircase that ends, after 3 T, with a jump of e^-3
//	b  K equal jumps at a fixed time τ per level (Algorithm 1): the swept τ, and the
//	   root mean square over it
//	c  K equal jumps at a fixed total time: the limit is a ramp's
//	d  the amplitude under gradient descent, as a multiple of the flow's, against
//	   the step
func Theory() (Figure, []Point) {
	panels := []Lines{smoothPanel(), levelPanel(), totalPanel(), stepPanel()}
	var points []Point
	for i := range panels {
		for j, l := range panels[i].Lines {
			for _, v := range l.Points {
				points = append(points, Point{string(rune('a' + i)), l.Name, v[0], v[1]})
			}
			if l.As == Guide && j > 3 { // one of the limits stands for all
				panels[i].Lines[j].Name = ""
			} else if l.As == Guide {
				panels[i].Lines[j].Name = "limit K → ∞"
			}
		}
	}
	return Panels("figure5-theory", "The oscillation of the tiny-GAN against T, K and the step of gradient descent", 2, panels...), points
}

// smoothPanel is panel a.
func smoothPanel() Lines {
	system := func(kind tinygan.Kind, T float64) tinygan.Steady {
		steady, _ := tinygan.System{Kind: kind, Target: 1, T: T}.Steady()
		return steady
	}
	return Lines{Title: "(a) smooth annealing", X: "time constant T", Y: "relative amplitude", Limits: [4]float64{0.1, 1000, 1e-3, 2}, Lines: []Line{
		{"β-GAN: 1/√(1+T²)", Plain, sampled(0.1, 1000, func(T float64) float64 { return system(tinygan.Beta, T).AmplitudeTheta })},
		{"β′-GAN, θ", Plain, sampled(0.1, 1000, func(T float64) float64 { return system(tinygan.BetaPrime, T).AmplitudeTheta })},
		{"ended after 3 T by a jump", Plain, sampled(0.1, 1000, func(T float64) float64 { return tinygan.ExponentialLimitRMS(T, 3) })},
	}}
}

// levelPanel is panel b.
func levelPanel() Lines {
	at := func(tau float64) [][2]float64 {
		return overK(func(k int) float64 { return tinygan.EqualJumps(k, tau) })
	}
	return Lines{Title: "(b) K levels, fixed time τ per level", X: "K", Y: "relative amplitude", Limits: [4]float64{1, maxK, 1e-3, 2}, Lines: []Line{
		{"τ = 1", Dots, at(1)}, {"τ = 3", Dots, at(3)}, {"τ = 2π", Dots, at(2 * math.Pi)},
		{"root mean square over τ", Plain, overK(func(k int) float64 { return tinygan.StaircaseRMS(0, tinygan.LinearLevels(0, 1, k), 1) })},
	}}
}

// totalPanel is panel c.
func totalPanel() Lines {
	at := func(total float64) [][2]float64 {
		return overK(func(k int) float64 { return tinygan.EqualJumps(k, total/float64(k)) })
	}
	limit := func(total float64) [][2]float64 {
		y := tinygan.EqualJumpsLimit(total)
		return [][2]float64{{1, y}, {maxK, y}}
	}
	return Lines{Title: "(c) K levels, fixed total time", X: "K", Y: "relative amplitude", Limits: [4]float64{1, maxK, 1e-3, 2}, Lines: []Line{
		{"total 3", Dots, at(3)}, {"total 10", Dots, at(10)}, {"total 30", Dots, at(30)},
		{"limit of total 3", Guide, limit(3)}, {"limit of total 10", Guide, limit(10)}, {"limit of total 30", Guide, limit(30)},
	}}
}

// stepPanel is panel d.
func stepPanel() Lines {
	s := tinygan.System{Kind: tinygan.Beta, Target: 1, T: 30}
	steady, _ := s.Steady()
	ratio := func(how tinygan.Descent, until, to float64) [][2]float64 {
		return sampled(3e-5, to, func(h float64) float64 {
			a, _ := s.DescentAmplitude(how, h, until)
			return a / steady.AmplitudePsi
		})
	}
	const tolerance = 0.05
	var ends [][2]float64
	for _, until := range []float64{50, 200, 1000} {
		ends = append(ends, [2]float64{s.LargestStep(tinygan.Simultaneous, until, tolerance), 1 + tolerance})
	}
	ends = append(ends, [2]float64{s.LargestStep(tinygan.Alternating, 1, tolerance), 1 + tolerance})
	return Lines{Title: "(d) gradient descent, T = 30", X: "step h", Y: "amplitude / the flow's", Limits: [4]float64{3e-5, 2, 0.05, 20}, Lines: []Line{
		{"simultaneous, t = 50", Plain, ratio(tinygan.Simultaneous, 50, 2)},
		{"simultaneous, t = 200", Plain, ratio(tinygan.Simultaneous, 200, 2)},
		{"simultaneous, t = 1000", Plain, ratio(tinygan.Simultaneous, 1000, 2)},
		{"alternating, any t", Plain, ratio(tinygan.Alternating, 0, 1.99)},
		{"5 % off", Rings, ends},
	}}
}

// sampled is y at 400 points from lo to hi, evenly spaced in the logarithm.
func sampled(lo, hi float64, y func(float64) float64) (points [][2]float64) {
	for i := range 400 {
		x := lo * math.Pow(hi/lo, float64(i)/399)
		points = append(points, [2]float64{x, y(x)})
	}
	return points
}

func overK(y func(k int) float64) (points [][2]float64) {
	for k := 1; k <= maxK; k++ {
		points = append(points, [2]float64{float64(k), y(k)})
	}
	return points
}
