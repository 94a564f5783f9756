package models

import "fig5/bench/data"

// Choice is the model section of a config: a row of the table and what it leaves open.
type Choice struct {
	Name              string `yaml:"name"`                                           // of a Model
	Width             int    `yaml:"width,omitempty" json:",omitempty"`              // channels of G's last hidden layer and D's first; 0 for models without
	DiscriminatorNorm string `yaml:"discriminator_norm,omitempty" json:",omitempty"` // Batch or None; empty for models without the choice
}

// The norms of a discriminator.
const (
	Batch = "batch"
	None  = "none"
)

// Nets are the generator and the discriminator for samples of a shape; both nil where the
// table has no such model.
func (c Choice) Nets(s data.Shape) (g, d Net) {
	if m, ok := Find(c.Name); ok {
		return m.Nets(c, s)
	}
	return nil, nil
}

// Model is one row of the table.
type Model struct {
	Name string                              // model.name in a config
	For  string                              // which samples it is for, where not all data of a name are such
	Fits func(data.Shape) bool               // whether it is for samples of this shape
	Nets func(Choice, data.Shape) (g, d Net) // its generator, whose noise has as many numbers as a sample, and its discriminator
}

// table is every model; docs/config.md lists them in this order.
var table = []Model{
	toy,
	mnistFC,
	dcgan,
}

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
