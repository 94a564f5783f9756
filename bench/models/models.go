package models

import "fig5/bench/data"

// Model is one row of the table.
type Model struct {
	Name string                      // model.name in a config
	Fits func(data.Shape) bool       // whether it is for samples of this shape
	Nets func(data.Shape) (g, d Net) // its generator, whose noise has as many numbers as a sample, and its discriminator
}

// table is every model; docs/config.md lists them in this order.
var table = []Model{toy, mnistFC}

// Find is the model of that name.
func Find(name string) (m Model, ok bool) {
	for _, m := range table {
		if m.Name == name {
			return m, true
		}
	}
	return Model{}, false
}

// Names are the names of all models, in the order of the table.
func Names() []string {
	var names []string
	for _, m := range table {
		names = append(names, m.Name)
	}
	return names
}
