package config

import (
	"fmt"

	"fig5/bench/anneal"
	"fig5/bench/data"
	"fig5/bench/models"
	"fig5/filters"
)

// Config is a sweep with every key resolved. The keys are those of the YAML file and
// of its JSON form; docs/config.md tells what each means.
type Config struct {
	Name     string           `yaml:"name"`
	Data     Data             `yaml:"data"`
	Model    Model            `yaml:"model"`
	Anneal   Anneal           `yaml:"anneal"`
	Train    Train            `yaml:"train"`
	FID      FID              `yaml:"fid"`
	Analysis filters.Analysis `yaml:"analysis"`
	Seeds    []int            `yaml:"seeds"`
	Slurm    map[string]any   `yaml:"slurm,omitempty"` // options of sbatch: slurm.go
}

// Data names the real samples.
type Data = data.Source

// Model names the pair of networks.
type Model = models.Choice

// Anneal is the grid of a sweep: which ladders of beta, and which baselines.
type Anneal struct {
	Steps     []int             `yaml:"steps"` // K; 0 is the warm baseline
	Baselines []anneal.Baseline `yaml:"baselines"`
	Schedule  []anneal.Schedule `yaml:"schedule"`
	Protocol  []anneal.Protocol `yaml:"protocol"`
	Beta      []float64         `yaml:"beta"` // beta_1, beta_K
	End       []string          `yaml:"end"`  // inclusive | printed
	Box       Box               `yaml:"box"`
}

// Box is the boxes of a sweep, an anneal.Box for each half width.
type Box struct {
	Kind      string    `yaml:"kind"` // reflect | rescale | clip
	HalfWidth []float64 `yaml:"half_width"`
}

// Train is how every cell is trained.
type Train struct {
	Pretrain   int       `yaml:"pretrain"`                    // iterations on the uniform box
	Final      int       `yaml:"final"`                       // iterations at beta = infinity
	Snapshots  []int     `yaml:"snapshots" json:",omitempty"` // iterations, on curve.csv's axis, behind which samples are kept
	Batch      int       `yaml:"batch"`
	Loss       string    `yaml:"loss"` // minimax | nonsaturating
	Optimizer  Optimizer `yaml:"optimizer"`
	Checkpoint int       `yaml:"checkpoint"` // iterations between checkpoints
	Device     string    `yaml:"device"`     // cpu | cuda:N
	Engine     string    `yaml:"engine"`     // auto | torch
}

// Optimizer names an optimizer and its parameters; those of the other are zero.
type Optimizer struct {
	Name     string  `yaml:"name"` // adam | sgd
	LR       float64 `yaml:"lr"`
	Beta1    float64 `yaml:"beta1,omitempty"`
	Beta2    float64 `yaml:"beta2,omitempty"`
	Eps      float64 `yaml:"eps,omitempty"`
	Momentum float64 `yaml:"momentum,omitempty"`
}

// FID is how the distance is evaluated along a run.
type FID struct {
	Every    int      `yaml:"every"`   // iterations between evaluations
	Samples  int      `yaml:"samples"` // generated samples of one evaluation
	Features Features `yaml:"features"`
}

// Features names what of every sample is compared. All but the name belong to a
// TorchScript module.
type Features struct {
	Name        string `yaml:"name"`                  // raw | lenet | faces | torchscript
	TorchScript string `yaml:"torchscript,omitempty"` // its file
	Size        int    `yaml:"size,omitempty"`        // pixels a side that images are resized to; 0 = none
	SHA256      string `yaml:"sha256,omitempty"`      // of the file; Load fills it in
}

// String is raw, lenet, or the module by what determines its features.
func (f Features) String() string {
	if f.Name != "torchscript" {
		return f.Name
	}
	return fmt.Sprintf("torchscript %s at %d pixels", f.SHA256, f.Size)
}
