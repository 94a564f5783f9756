package sweep

import (
	"fmt"
	"slices"

	"fig5/bench/config"
)

// only is the cells with these IDs.
func only(cells []Cell, wanted []string) ([]Cell, error) {
	ids := make([]string, len(cells))
	for i, cell := range cells {
		ids[i] = cell.ID
	}
	var out []Cell
	for _, id := range wanted {
		i := slices.Index(ids, id)
		if i < 0 {
			nearest, _ := config.Nearest(id, ids)
			return nil, InputError{Err: fmt.Errorf("--cell %s: the sweep has no such cell; the nearest is %s, `fig5 plan` lists all", id, nearest)}
		}
		out = append(out, cells[i])
	}
	return out, nil
}
