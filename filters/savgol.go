package filters

import (
	"fmt"
	"math"
)

// MaxPolyOrder is the highest degree of a Savitzky-Golay polynomial.
const MaxPolyOrder = 100

// savitzkyGolay replaces each point by the value there of the polynomial of degree
// polyorder that fits the window points around it best (least squares); window is
// odd and above polyorder. The first and the last (window-1)/2 points are taken
// from the polynomials of the first and the last full window. It is SciPy's
// savgol_filter(y, window, polyorder, mode="interp"); at least window points are
// needed.
//
// A. Savitzky, M. J. E. Golay, Anal. Chem. 36 (1964) 1627.
func savitzkyGolay(y []float64, window, polyorder int) ([]float64, error) {
	n, h := len(y), window/2
	if n < window {
		return nil, fmt.Errorf("%d points are too few for savgol with a window of %d", n, window)
	}
	basis := polynomials(window, polyorder)
	weights := make([]float64, window) // of the points of a window, for the value in its middle
	for _, q := range basis {
		for i := range weights {
			weights[i] += q[h] * q[i]
		}
	}
	// Weights add up to 1, so a constant may be taken out and put back: an offset
	// then costs no precision.
	out := make([]float64, n)
	for i := h; i < n-h; i++ {
		for j, w := range weights {
			out[i] += w * (y[i-h+j] - y[i])
		}
		out[i] += y[i]
	}
	for t := range h {
		out[t], out[n-h+t] = 0, 0
	}
	first, last := y[:window], y[n-window:]
	for _, q := range basis {
		var a, b float64
		for j, v := range q {
			a += v * (first[j] - first[h])
			b += v * (last[j] - last[h])
		}
		for t := range h {
			out[t] += a * q[t]
			out[n-h+t] += b * q[h+1+t]
		}
	}
	for t := range h {
		out[t] += first[h]
		out[n-h+t] += last[h]
	}
	return out, nil
}

// polynomials are those of degree 0 to degree on n equally spaced points,
// orthonormal there. Each is the one before times x, made orthogonal to all, twice:
// the powers of x themselves are hopelessly dependent (P. Brubeck, Y. Nakatsukasa,
// L. N. Trefethen, "Vandermonde with Arnoldi", SIAM Review 63 (2021) 405).
func polynomials(n, degree int) [][]float64 {
	q := make([][]float64, degree+1)
	for k := range q {
		v := make([]float64, n)
		for i := range v {
			v[i] = 1
			if k > 0 {
				v[i] = q[k-1][i] * (2*float64(i)/float64(n-1) - 1)
			}
		}
		for range 2 {
			for _, u := range q[:k] {
				d := dot(u, v)
				for i := range v {
					v[i] -= d * u[i]
				}
			}
		}
		norm := math.Sqrt(dot(v, v))
		for i := range v {
			v[i] /= norm
		}
		q[k] = v
	}
	return q
}

func dot(a, b []float64) float64 {
	s := 0.0
	for i, v := range a {
		s += v * b[i]
	}
	return s
}
