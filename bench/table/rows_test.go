package table

import (
	"math"
	"testing"

	"fig5/bench/stats"
)

// What a row is told stands in the column told with it; without a row the columns stay.
func TestTabulate(t *testing.T) {
	type item struct {
		name string
		n    *int
		x    float64
	}
	one := 1
	tell := func(t *Rows, i item) {
		t.Left("name", "name", i.name)
		t.Blank = i.n == nil
		t.Data("known", true, "ci", stats.Interval{Lo: 1, Hi: 2})
		t.Blank = false
		t.Right("n", "n", i.n)
		t.Mean("x", "x", stats.Number(i.x), stats.Interval{Lo: math.NaN(), Hi: math.NaN()})
	}
	table := Tabulate([]item{{"a", &one, 0.5}, {"", nil, math.NaN()}}, tell)
	const head = "name,known,ci_lo,ci_hi,n,x,x_lo,x_hi\n"
	if got, want := table.CSV(), head+"a,true,1,2,1,0.5,,\n,,,,,,,\n"; got != want {
		t.Errorf("%s\nwant\n%s", got, want)
	}
	if got, want := table.Text(0), "name  n  x\na     1  0.500\n         –\n"; got != want {
		t.Errorf("%s\nwant\n%s", got, want)
	}
	if got := Tabulate(nil, tell).CSV(); got != head {
		t.Errorf("%s", got)
	}
}
