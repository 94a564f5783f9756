package filters

import (
	"math"
	"math/rand/v2"
	"testing"
)

// skewed makes a curve of 100 to 2000 points as a GAN's FID goes: log-normal noise of
// sd 0.3 to 0.6, autocorrelated, about a plateau that is reached in one of the ways of
// TestSettleSkewed, and bursts of a few points that come back. A transition is larger
// than the tolerance times the fall before it.
func skewed(r *rand.Rand, way string, bursts int) curve {
	uniform := func(a, b float64) float64 { return a + (b-a)*r.Float64() }
	geometric := func(a, b float64) float64 { return a * math.Pow(b/a, r.Float64()) }
	n := int(geometric(100, 2000))
	tau, fall, exponent := float64(n)*uniform(0.01, 0.06), geometric(1, 200), uniform(1, 2)
	late, level := n*3/10+r.IntN(n/2), geometric(3, 50)
	sd, phi := uniform(0.3, 0.6), uniform(0, 0.8)
	plateau := geometric(1e-3, 100)
	c := curve{name: way, y: make([]float64, n)}
	d := make([]float64, n)
	most := 0.0
	for i := range d {
		t := float64(i)
		switch way {
		case "exponential":
			d[i] = fall * math.Exp(-t/tau)
		case "power law":
			d[i] = fall * (math.Pow(1+4*t/tau, -exponent) - math.Pow(1+4*float64(n-1)/tau, -exponent))
		case "transition down":
			if d[i] = min(fall, 5*level) * math.Exp(-t/tau); i < late {
				d[i] += level - 1
			}
		case "transition up":
			if d[i] = min(fall/level, 5) * math.Exp(-t/tau); i < late {
				d[i] -= (level - 1) / level
			}
		}
		most = max(most, math.Abs(d[i]))
	}
	noise := sd * r.NormFloat64()
	for i := range c.y {
		if math.Abs(d[i]) > 0.05*most {
			c.truth = i + 1
		}
		if i < late && (way == "transition down" || way == "transition up") {
			c.truth = i + 1
		}
		c.y[i] = plateau * (1 + d[i]) * math.Exp(noise)
		noise = phi*noise + sd*math.Sqrt(1-phi*phi)*r.NormFloat64()
	}
	for range bursts {
		height, length := geometric(3, 40), 1+r.IntN(n/25)
		at := n/3 + r.IntN(2*n/3-n/20-length)
		for j := at; j < at+length; j++ {
			c.y[j] += plateau * height
		}
	}
	return c
}

// go test -v -run SettleSkewed prints its table.
func TestSettleSkewed(t *testing.T) {
	const reps = 200
	for k, way := range []struct {
		name          string
		alone, bursts float64 // the least share of curves within 0.35 truth + 20 points, without and with bursts
	}{
		{"flat", 0.95, 0.92},
		{"exponential", 0.9, 0.85},
		{"power law", 0.83, 0.78},
		{"transition down", 0.97, 0.88},
		{"transition up", 0.68, 0.58},
	} {
		var alone, bursts score
		late := 0
		for i := range 2 * reps {
			r := rand.New(rand.NewPCG(uint64(500+k), uint64(i)))
			s, number := &alone, 0
			if i >= reps {
				s, number = &bursts, 1+i%4
			}
			c := skewed(r, way.name, number)
			knee := Settle(c.y, tolerance)
			s.add(knee, c.truth)
			if knee > c.truth+len(c.y)/3 {
				late++
			}
		}
		t.Logf("| %-15s | %v |", way.name, &alone)
		t.Logf("| %-15s | %v | with bursts; %d late by a third of the curve", way.name, &bursts, late)
		if share := float64(alone.good) / reps; share < way.alone {
			t.Errorf("%s: %.1f %% within 0.35 truth + 20 points", way.name, 100*share)
		}
		if share := float64(bursts.good) / reps; share < way.bursts {
			t.Errorf("%s with bursts: %.1f %% within 0.35 truth + 20 points", way.name, 100*share)
		}
	}
}
