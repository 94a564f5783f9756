package sweep

import (
	"fmt"

	"fig5/bench/config"
)

// only is the one cell with this ID.
func only(cells []Cell, id string) ([]Cell, error) {
	ids := make([]string, len(cells))
	for i, cell := range cells {
		if ids[i] = cell.ID; cell.ID == id {
			return cells[i : i+1], nil
		}
	}
	nearest, _ := config.Nearest(id, ids)
	return nil, InputError{fmt.Errorf("--cell %s: the sweep has no such cell; the nearest is %s, `fig5 plan` lists all", id, nearest)}
}
