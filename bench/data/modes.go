package data

// CountModes is how many of the centres hold at least a fifth of their fair share of
// x, rows of d values, each row counted for its nearest centre.
func CountModes(x []float32, d int, centres [][]float32) int {
	n := len(x) / d
	if n == 0 || len(centres) == 0 {
		return 0
	}
	count := make([]int, len(centres))
	for i := range n {
		row := x[i*d : (i+1)*d]
		nearest, least := 0, float32(0)
		for c, centre := range centres {
			var sum float32
			for j, v := range row {
				sum += (v - centre[j]) * (v - centre[j])
			}
			if c == 0 || sum < least {
				nearest, least = c, sum
			}
		}
		count[nearest]++
	}
	return Held(count)
}

// Held is how many of the modes have at least a fifth of their fair share of the
// samples, by the number that each has.
func Held(count []int) int {
	n, held := 0, 0
	for _, k := range count {
		n += k
	}
	for _, k := range count {
		if n > 0 && 5*k*len(count) >= n {
			held++
		}
	}
	return held
}
