package stats

import (
	"fmt"
	"math"
	"slices"

	"fig5/bench/english"
)

// Page tests for a decrease along ordered groups within blocks. values[seed][group]
// has the groups in their order, K ascending; +Inf is unsettled and ranks last.
//
// L = Σ_j (k+1-j) R_j, with R_j the sum over seeds of the average ranks of group j
// within the seed; large L speaks for a decrease. The null hypothesis: all orders
// within a seed are equally likely. E L = n k (k+1)²/4, Var L = n k² (k+1)(k²-1)/144,
// without a correction for ties (Page 1963, J. Am. Stat. Assoc. 58, 216;
// scipy.stats.page_trend_test with predicted ranks k..1): PApprox. PExact is over all
// orders within each seed, given the ties, by convolution over seeds; P is PExact
// wherever that can be computed (up to ten groups).
func Page(values [][]float64) (Test, error) {
	n := len(values)
	t := newTest()
	if n == 0 {
		t.warn("no seed has a value in every group")
		return t, nil
	}
	k := len(values[0])
	for i, row := range values {
		if len(row) != k {
			return t, fmt.Errorf("values[%d]: %d groups, but values[0] has %d", i, len(row), k)
		}
		if err := check(fmt.Sprintf("values[%d]", i), row); err != nil {
			return t, err
		}
	}
	if k < 2 {
		t.warn("no trend over %s", english.Plural(k, "group"))
		return t, nil
	}
	predicted := make([]int, k)
	for j := range predicted {
		predicted[j] = k - j
	}
	doubled, ties := 0, 0
	rows := make([][]int, n)
	for i, row := range values {
		r, classes := ranks(row)
		rows[i] = r
		if tied(classes) {
			ties++
		}
		for j := range r {
			doubled += predicted[j] * r[j]
		}
	}
	t.Statistic = Number(float64(doubled) / 2)

	fn, fk := float64(n), float64(k)
	mean := fn * fk * (fk + 1) * (fk + 1) / 4
	variance := fn * fk * fk * (fk + 1) * (fk*fk - 1) / 144
	z := (float64(doubled)/2 - mean) / math.Sqrt(variance)
	t.PApprox = Number(normalUpper(z))
	t.PExact = Number(pageExact(predicted, rows, doubled))

	if n < fewSeeds {
		t.warn("%s", fewWarning(n))
	}
	t.warnUnsettled(values...)
	if ties > 0 {
		t.warn("ties within %s: the normal approximation does not correct for them", english.Plural(ties, "seed"))
	}
	if t.PExact.Defined() && (t.PExact < 0.05) != (t.PApprox < 0.05) {
		t.warn("exact p = %.3g and normal p = %.3g lie on different sides of 0.05", float64(t.PExact), float64(t.PApprox))
	}
	t.pick()
	return t, nil
}

// pageExact is P(L ≥ observed) given the ranks within each seed; all ranks and the
// observed L are doubled. NaN where the work is too large.
func pageExact(predicted []int, rows [][]int, observed int) float64 {
	const most = 2e8 // products; about 0.2 s
	n, k := len(rows), len(predicted)
	width := k * (k*k - 1) / 3 // doubled L of one seed spans k(k²-1)/6, doubled
	if k > maxMatched || float64(n*n)*float64(width*width)/2 > most {
		return math.NaN()
	}
	known := map[string]struct {
		d   distribution
		low int
	}{}
	total, spare, low := distribution{1}, distribution{}, 0
	for _, r := range rows {
		sorted := slices.Sorted(slices.Values(r))
		key := fmt.Sprint(sorted)
		one, ok := known[key]
		if !ok {
			one.d, one.low = matched(predicted, sorted)
			known[key] = one
		}
		total, spare, low = total.convolve(one.d, spare), total, low+one.low
	}
	return total.where(func(i int) bool { return i >= observed-low })
}
