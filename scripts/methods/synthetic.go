package main

import (
	"math"
	"math/rand/v2"
)

// descents fall from 1 to 0 over n points with the time constant tau.
var descents = []func(t, n, tau float64) float64{
	func(t, n, tau float64) float64 { return math.Exp(-t / tau) },
	func(t, n, tau float64) float64 { return 0.9*math.Exp(-4*t/tau) + 0.1*math.Exp(-t/tau) },
	func(t, n, tau float64) float64 { return math.Pow(1+4*t/tau, -1.5) - math.Pow(1+4*n/tau, -1.5) },
	func(t, n, tau float64) float64 { return 1 / (1 + math.Exp((t-4*tau)/(tau/2))) },
	func(t, n, tau float64) float64 { return max(0, 1-t/(3*tau)) },
	func(t, n, tau float64) float64 { return 0 },
}

// plateaus are what they fall to: stationary, about 0, of standard deviation 1 but for
// the sine's 0.7 and what bursts add.
var plateaus = []struct {
	name string
	draw func(r *rand.Rand, n int) []float64
}{
	{"AR(1), 0.9", func(r *rand.Rand, n int) []float64 { return noise(r, n, 0.9) }},
	{"sine", func(r *rand.Rand, n int) []float64 {
		y, period, phase := noise(r, n, 0), 30+20*r.Float64(), 2*math.Pi*r.Float64()
		for i := range y {
			y[i] = y[i]/10 + math.Sin(2*math.Pi*float64(i)/period+phase)
		}
		return y
	}},
	{"bursts", func(r *rand.Rand, n int) []float64 {
		y := noise(r, n, 0.5)
		for range n / 60 {
			at, height := r.IntN(n-6), 2+6*r.Float64()
			for i := at; i < at+6; i++ {
				y[i] += height
			}
		}
		return y
	}},
}

// noise is n values of variance 1 that remember the share phi of the one before.
func noise(r *rand.Rand, n int, phi float64) []float64 {
	y, v := make([]float64, n), r.NormFloat64()
	for i := range y {
		v = phi*v + math.Sqrt(1-phi*phi)*r.NormFloat64()
		y[i] = v
	}
	return y
}

// fallen is a plateau with a fall of the given height before it.
func fallen(r *rand.Rand, plateau []float64, descent int, fall float64) []float64 {
	y, n := make([]float64, len(plateau)), float64(len(plateau))
	tau := n * (0.02 + 0.02*r.Float64())
	for i, v := range plateau {
		y[i] = v + fall*descents[descent](float64(i), n, tau)
	}
	return y
}
