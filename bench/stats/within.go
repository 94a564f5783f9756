package stats

import (
	"fmt"
	"maps"
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"
)

// WithinFit is y = intercept of the block + Σ Slopes[j]·x[j].
type WithinFit struct {
	Slopes []Number
	StdErr []Number
	CI95   []Interval // slope ∓ t(0.975, Blocks-1) stderr
	N      int        // values
	Blocks int        // of two values or more
}

// Within fits y on the rows of x by least squares within blocks (an intercept a block:
// block[i] is the seed of y[i]). Standard errors are clustered by block by CR2, the
// bias-reduced form (Bell and McCaffrey 2002, Survey Methodology 28, 169; Pustejovsky
// and Tipton 2018, J. Bus. Econ. Stat. 36, 672), with Blocks-1 degrees of freedom.
// Where every block has the same rows of x, that is the t interval of the slopes
// fitted to each block alone. Blocks of one value say nothing and are left out. Slopes
// that the rows cannot tell apart, and a single block, leave all of it undefined.
func Within(y []float64, x [][]float64, block []int) (WithinFit, error) {
	if len(x) != len(y) || len(block) != len(y) {
		return WithinFit{}, fmt.Errorf("y has %d values, x %d rows, block %d", len(y), len(x), len(block))
	}
	p := 0
	if len(x) > 0 {
		p = len(x[0])
	}
	of := map[int][]int{}
	for i, row := range x {
		if len(row) != p {
			return WithinFit{}, fmt.Errorf("x[%d]: %d columns, but x[0] has %d", i, len(row), p)
		}
		for _, v := range append(slices.Clone(row), y[i]) {
			if math.IsNaN(v) || math.IsInf(v, 0) {
				return WithinFit{}, fmt.Errorf("row %d: %v is not a finite number", i, v)
			}
		}
		of[block[i]] = append(of[block[i]], i)
	}
	maps.DeleteFunc(of, func(_ int, rows []int) bool { return len(rows) < 2 })
	fit := WithinFit{Blocks: len(of), CI95: slices.Repeat([]Interval{noInterval}, p)}
	fit.Slopes, fit.StdErr = slices.Repeat([]Number{undefined}, p), slices.Repeat([]Number{undefined}, p)
	order := slices.Sorted(maps.Keys(of)) // so that the rounding is the same each time
	var xs []*mat.Dense                   // of each block, less its means
	var ys []*mat.VecDense
	xx, xy := mat.NewSymDense(max(p, 1), nil), mat.NewVecDense(max(p, 1), nil)
	for _, b := range order {
		xb, yb := centred(of[b], x, y)
		xs, ys, fit.N = append(xs, xb), append(ys, yb), fit.N+yb.Len()
		var s mat.SymDense
		s.SymOuterK(1, xb.T())
		xx.AddSym(xx, &s)
		var v mat.VecDense
		v.MulVec(xb.T(), yb)
		xy.AddVec(xy, &v)
	}
	var chol mat.Cholesky
	if p == 0 || fit.Blocks < 2 || !chol.Factorize(xx) || chol.Cond() > 1e12 {
		return fit, nil
	}
	var bread mat.SymDense
	if err := chol.InverseTo(&bread); err != nil {
		return fit, nil
	}
	var slopes mat.VecDense
	slopes.MulVec(&bread, xy)
	meat := mat.NewSymDense(p, nil)
	for i, xb := range xs {
		var e, score mat.VecDense
		e.MulVec(xb, &slopes)
		e.SubVec(ys[i], &e)
		score.MulVec(xb.T(), adjusted(xb, &bread, &e))
		meat.SymRankOne(meat, 1, &score)
	}
	var half, cov mat.Dense
	half.Mul(&bread, meat)
	cov.Mul(&half, &bread)
	t := tCritical(float64(fit.Blocks - 1))
	for j := range p {
		b, se := slopes.AtVec(j), math.Sqrt(max(cov.At(j, j), 0))
		fit.Slopes[j], fit.StdErr[j], fit.CI95[j] = Number(b), Number(se), Interval{b - t*se, b + t*se}
	}
	return fit, nil
}

// centred is the rows of one block less their means.
func centred(rows []int, x [][]float64, y []float64) (*mat.Dense, *mat.VecDense) {
	n, p := len(rows), len(x[0])
	xb, yb := mat.NewDense(n, max(p, 1), nil), mat.NewVecDense(n, nil)
	for k, i := range rows {
		for _, other := range rows {
			yb.SetVec(k, yb.AtVec(k)-y[other]/float64(n))
			for j := range p {
				xb.Set(k, j, xb.At(k, j)-x[other][j]/float64(n))
			}
		}
		yb.SetVec(k, yb.AtVec(k)+y[i])
		for j := range p {
			xb.Set(k, j, xb.At(k, j)+x[i][j])
		}
	}
	return xb, yb
}

// adjusted is (I - H)^-½ e with H = x bread xᵀ, the block's part of the hat matrix:
// what makes CR2 free of bias where errors are independent.
func adjusted(x *mat.Dense, bread mat.Symmetric, e *mat.VecDense) *mat.VecDense {
	n := e.Len()
	var xb, h mat.Dense
	xb.Mul(x, bread)
	h.Mul(&xb, x.T())
	rest := mat.NewSymDense(n, nil)
	for i := range n {
		for j := i; j < n; j++ {
			rest.SetSym(i, j, -(h.At(i, j)+h.At(j, i))/2)
		}
		rest.SetSym(i, i, 1+rest.At(i, i))
	}
	var eigen mat.EigenSym
	out := mat.NewVecDense(n, nil)
	if !eigen.Factorize(rest, true) {
		return e
	}
	var v mat.Dense
	eigen.VectorsTo(&v)
	for k, value := range eigen.Values(nil) {
		if value < 1e-10 { // a direction that this block alone determines
			continue
		}
		u := v.ColView(k)
		out.AddScaledVec(out, mat.Dot(u, e)/math.Sqrt(value), u)
	}
	return out
}
