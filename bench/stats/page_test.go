package stats

import (
	"math"
	"strings"
	"testing"
)

// With few groups the normal approximation is too sure of itself: eight seeds, L = 103.
func TestPageWarnsOfItsApproximation(t *testing.T) {
	r := must1(Page([][]float64{{3, 2, 1}, {3, 2, 1}, {3, 2, 1}, {3, 2, 1}, {3, 2, 1}, {1, 3, 2}, {1, 3, 2}, {1, 3, 2}}))
	if !r.Exact || r.P < 0.05 || r.PApprox >= 0.05 || !strings.Contains(strings.Join(r.Warnings, ""), "different sides of 0.05") {
		t.Errorf("%+v", r)
	}
}

// Two groups: L counts the seeds in which the second is smaller, so that p is that of
// the sign test. 8 of 10 seeds: 56/1024, where the normal approximation says .029.
func TestPageOfTwoGroups(t *testing.T) {
	rows := [][]float64{{1, 2}, {1, 2}}
	for range 8 {
		rows = append(rows, []float64{2, 1})
	}
	r := must1(Page(rows))
	if !near(r.P, 56./1024) || !r.Exact || math.Abs(float64(r.PApprox)-0.0289) > 1e-4 {
		t.Errorf("%+v", r)
	}
}

// Beyond ten groups the normal approximation answers.
func TestPageOfManyGroups(t *testing.T) {
	row := []float64{11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1}
	if r := must1(Page([][]float64{row, row})); r.Exact || r.P != r.PApprox || r.PExact.Defined() {
		t.Errorf("%+v", r)
	}
}

// The error of the normal approximation where the exact p lies between .01 and .1,
// without ties, as docs/statistics.md tells it: by groups, at 6 and at 16 seeds.
func TestPageNormalError(t *testing.T) {
	for groups, want := range map[int][2]float64{2: {0.54, 0.42}, 3: {0.27, 0.17}, 4: {0.14, 0.09}, 5: {0.09, 0.05}, 6: {0.06, 0.03}} {
		for i, seeds := range []int{6, 16} {
			if got := normalError(seeds, groups); math.Abs(got-want[i]) > 0.006 {
				t.Errorf("%d seeds, %d groups: p too small by %.3f of itself, want %.2f", seeds, groups, got, want[i])
			}
		}
	}
}

// normalError is the largest share by which the normal p is below the exact one.
func normalError(seeds, groups int) float64 {
	predicted, ranks := make([]int, groups), make([]int, groups)
	for j := range groups {
		predicted[j], ranks[j] = groups-j, 2*(j+1)
	}
	one, low := matched(predicted, ranks)
	total, at := distribution{1}, 0
	for range seeds {
		total, at = total.convolve(one, nil), at+low
	}
	n, k := float64(seeds), float64(groups)
	mean, sd := n*k*(k+1)*(k+1)/4, math.Sqrt(n*k*k*(k+1)*(k*k-1)/144)
	p, most := 0.0, 0.0
	for s := len(total) - 1; s >= 0; s-- {
		p += total[s]
		if total[s] > 0 && p >= 0.01 && p <= 0.1 {
			most = math.Max(most, 1-normalUpper((float64(s+at)/2-mean)/sd)/p)
		}
	}
	return most
}
