package config

import "math"

// Nearest is the first of the words with the least distance from word, and that
// distance: how many letters to add, drop, change or swap with a neighbour make one of
// the other (optimal string alignment). Without words it is "" at math.MaxInt.
func Nearest(word string, words []string) (nearest string, letters int) {
	letters = math.MaxInt
	for _, w := range words {
		if d := distance(word, w); d < letters {
			nearest, letters = w, d
		}
	}
	return nearest, letters
}

func distance(a, b string) int {
	d := make([][]int, len(a)+1) // of the first i letters of a from the first j of b
	for i := range d {
		d[i] = make([]int, len(b)+1)
		for j := range d[i] {
			switch {
			case i == 0 || j == 0:
				d[i][j] = i + j
			case a[i-1] == b[j-1]:
				d[i][j] = d[i-1][j-1]
			default:
				d[i][j] = 1 + min(d[i-1][j], d[i][j-1], d[i-1][j-1])
				if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
					d[i][j] = min(d[i][j], 1+d[i-2][j-2])
				}
			}
		}
	}
	return d[len(a)][len(b)]
}
