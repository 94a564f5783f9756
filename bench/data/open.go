package data

import (
	"fmt"

	"fig5/bench/config"
)

// Open reads or draws the set that the config names.
func Open(c config.Data) (*Set, error) {
	switch c.Name {
	case "mixture":
		return mixture(), nil
	case "cubes":
		return cubes(), nil
	}
	return nil, fmt.Errorf("data.name: %q is not a data set", c.Name)
}
