package sweep

import "fmt"

// only is the one cell with this ID.
func only(cells []Cell, id string) ([]Cell, error) {
	nearest, least := "", -1
	for _, cell := range cells {
		if cell.ID == id {
			return []Cell{cell}, nil
		}
		if d := distance(cell.ID, id); least < 0 || d < least {
			nearest, least = cell.ID, d
		}
	}
	return nil, InputError{fmt.Errorf("--cell %s: the sweep has no such cell; the nearest is %s, `fig5 plan` lists all", id, nearest)}
}

// distance is the Levenshtein distance of two words.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			change := diagonal
			if a[i] != b[j] {
				change++
			}
			diagonal = row[j+1]
			row[j+1] = min(change, row[j+1]+1, row[j]+1)
		}
	}
	return row[len(b)]
}
