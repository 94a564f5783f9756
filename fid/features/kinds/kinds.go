// Package kinds is the table of features: what is known of each without libtorch, which
// package features needs to compute them. A new feature net is a file of package features,
// which says there how it is opened, and a row here.
package kinds

import "slices"

// Kind is a row of the table.
type Kind struct {
	Name   string
	Dim    int      // how many features a sample has; 0: as many as it has numbers
	Memory float64  // bytes that its network takes, with its activations
	Own    bool     // of this project, which needs no more than its name
	For    []string // the data sets that it is for, by name; nil: all
	Images bool     // nil: all of images
}

// table is every kind of features; docs/config.md lists them in this order. A module's
// numbers are those of Inception v3.
var table = []Kind{
	{Name: "raw", Own: true},
	{Name: "lenet", Dim: 84, Own: true, For: []string{"mnist"}},
	{Name: "faces", Dim: 84, Own: true, For: []string{"faces"}},
	{Name: "torchscript", Dim: 2048, Memory: 500e6, Images: true},
}

// Fits says whether the features are for the data set of that name, which are images or not.
func (k Kind) Fits(set string, images bool) bool {
	return (k.For == nil || slices.Contains(k.For, set)) && (images || !k.Images)
}

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
