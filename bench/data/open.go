package data

import (
	"fmt"

	"fig5/bench/config"
)

// Open reads or draws the set that the config names. An error about a file begins
// with its path.
func Open(c config.Data) (*Set, error) {
	switch c.Name {
	case "mixture":
		return mixture()
	case "cubes":
		return cubes()
	case "mnist":
		return mnist(c.Path)
	case "images":
		set, _, err := images(c.Path, c.Size)
		return set, err
	}
	return nil, fmt.Errorf("data.name: %q is not a data set (mixture, cubes, mnist or images)", c.Name)
}
