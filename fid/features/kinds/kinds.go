// Package kinds is the table of features: what is known of each without libtorch, which
// package features needs to compute them. A new feature net is a file of package features,
// which says there how it is opened, and a row here.
package kinds

// Shape is how the numbers of a sample lie: channel by channel, each row by row. A point in
// space is a single row.
type Shape struct{ Channels, Height, Width int }

// Kind is a row of the table.
type Kind struct {
	Name   string
	Dim    int     // how many features a sample has; 0: as many as it has numbers
	Memory float64 // bytes that its network takes, with its activations
	Own    bool    // of this project, which needs no more than its name
	fits   func(Shape) bool
}

// table is every kind of features; docs/config.md lists them in this order. A module's
// numbers are those of Inception v3.
var table = []Kind{
	{Name: "raw", Own: true, fits: any},
	{Name: "lenet", Dim: 84, Own: true, fits: digits},
	{Name: "torchscript", Dim: 2048, Memory: 500e6, fits: images},
}

func any(Shape) bool      { return true }
func digits(s Shape) bool { return s == Shape{1, 28, 28} }
func images(s Shape) bool { return s.Channels*s.Height != 1 }

// Fits says whether the features are for samples of that shape.
func (k Kind) Fits(s Shape) bool { return k.fits != nil && k.fits(s) }

// Names are the names of all kinds.
func Names() []string {
	var names []string
	for _, k := range table {
		names = append(names, k.Name)
	}
	return names
}

// Find is the kind of that name; the zero Kind where there is none.
func Find(name string) Kind {
	for _, k := range table {
		if k.Name == name {
			return k
		}
	}
	return Kind{}
}
