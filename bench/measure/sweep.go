package measure

import (
	"fig5/bench/anneal"
	"fig5/bench/config"
	"fig5/bench/curves"
	"fig5/bench/record"
	"fig5/filters"
)

// Status is what became of a run.
type Status string

// The states of a run. Every run of a sweep is in one of them.
const (
	Settled   Status = "settled"   // its window is complete: it has an amplitude
	Unsettled Status = "unsettled" // the curve ends before its window does: ranked last, never averaged
	Diverged  Status = "diverged"  // a result: ranked last, never averaged
	Failed    Status = "failed"    // no result; its seed is left out where seeds are blocks
	Missing   Status = "missing"   // not trained to its end yet
)

// Run is one run and its measurement.
type Run struct {
	ID       string
	Seed     int
	Status   Status
	Message  string    // why it failed, where it diverged
	Seconds  float64   // of training
	X, Y     []float64 // the FID curve from the start of β = ∞; empty where there is none
	HeatX    []float64 // the FID curve before it; empty for a given curve
	HeatY    []float64
	Measured *filters.Measurement
	Floor    *filters.Amplitude // of the frozen generator; nil where there is none as long as the window
	Lost     *int               // rows of the window with fewer modes than the data have; nil where modes are not counted
	Won      bool               // D has won for good: the median of its loss in the window is below 1e-3
	Levels   []anneal.Level     // nil for a given curve
	Pretrain int                // iterations of pretraining
	Training string             // the fingerprint of its settings and seed; empty for a given curve
	File     string             // the curve

	path     string         // where the curve is, for errors
	rows     []record.Point // of the curve, at β = ∞; none of a given curve
	modes    int            // of the data; 0 where that is not known
	floor    *curves.Curve  // of the frozen generator; nil where there is none
	warnings []string       // of reading it
	manifest *record.Run    // while it is loaded
}

// Group is the runs that differ in their seed alone.
type Group struct {
	By       map[string]string // coordinates in the grid; those of a baseline are its name and, where there are several, its length
	K        int
	Baseline string // cold, warm, hot; empty for an annealed group
	Runs     []*Run // by ascending seed
}

// Sweep is the runs of a sweep, or the curves of a list, measured.
type Sweep struct {
	Name      string
	Dir       string         // where the runs are; the list's name for a list of curves
	Config    *config.Config // nil for a list of curves
	Analysis  filters.Analysis
	Groups    []Group             // baselines first, then by series, then by K
	RealFloor []filters.Amplitude // real samples against real, one a window's length
	Versions  []record.Versions   // all that runs were made with
	Machines  []record.Machine
	Warnings  []string
	MadeUnder string // the knee rule in the runs' manifests, where it is another one

	real *curves.Curve // real against real; nil where there is none
}

// Series is the annealed groups of one place in the grid, K ascending.
type Series struct {
	By     map[string]string
	Label  string // short: the coordinates that set it apart from the other series; empty where there is one series
	Groups []*Group
}
