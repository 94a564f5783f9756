package filters

// Lowpass names a smoothing filter and its parameters; those of the other
// filters are zero.
type Lowpass struct {
	Name      string  `yaml:"name" json:"name"`                               // butterworth | moving-average | savgol | none
	Order     int     `yaml:"order,omitempty" json:"order,omitempty"`         // butterworth: 1 to 12
	Cutoff    float64 `yaml:"cutoff,omitempty" json:"cutoff,omitempty"`       // butterworth: fraction of Nyquist, in (0, 1)
	Period    float64 `yaml:"period,omitempty" json:"period,omitempty"`       // butterworth: in units of x, in place of Cutoff
	Window    int     `yaml:"window,omitempty" json:"window,omitempty"`       // moving-average, savgol: points, odd
	PolyOrder int     `yaml:"polyorder,omitempty" json:"polyorder,omitempty"` // savgol: below Window, MaxPolyOrder at most
}

// Knee names a rule for the start of the plateau and its parameters.
type Knee struct {
	Method      string  `yaml:"name" json:"method"`                                 // mser | settle | kneedle | none
	Tolerance   float64 `yaml:"tolerance,omitempty" json:"tolerance,omitempty"`     // settle: share of the descent left, in (0, 1)
	Sensitivity float64 `yaml:"sensitivity,omitempty" json:"sensitivity,omitempty"` // kneedle: S
	Online      bool    `yaml:"online,omitempty" json:"online,omitempty"`           // kneedle: the last knee instead of the first
	Least       float64 `yaml:"least,omitempty" json:"least,omitempty"`             // x after the first point before which no knee is looked for
}

// Analysis is everything that turns a curve into an amplitude.
type Analysis struct {
	Lowpass Lowpass `yaml:"lowpass" json:"lowpass"`
	Knee    Knee    `yaml:"knee" json:"knee"`
	Window  float64 `yaml:"window" json:"window"` // length in units of x (iterations)
}

// DefaultAnalysis is the analysis section's defaults: a Butterworth filter of
// order 3 with its cutoff at a tenth of Nyquist, the knee by mser, a window of 50,000
// iterations (the paper's).
func DefaultAnalysis() Analysis {
	return Analysis{
		Lowpass: Lowpass{Name: "butterworth", Order: 3, Cutoff: 0.1},
		Knee:    Knee{Method: "mser"},
		Window:  50000,
	}
}

// KneeResult is where the plateau was found to begin.
type KneeResult struct {
	Method    string  `json:"method"`
	Iteration float64 `json:"iteration"` // on the curve's own x axis
	Index     int     `json:"-"`
	Fallback  bool    `json:"fallback"` // kneedle found none that counts, mser answered
	Limit     bool    `json:"limit"`    // the curve is still moving where the last window begins: of mser alone
}

// Window is the half-open stretch From <= x < To behind the knee.
type Window struct {
	From     float64 `json:"from"`
	To       float64 `json:"to"`
	Complete bool    `json:"complete"` // the data reach To
	Start    int     `json:"-"`        // index of the first point inside
	End      int     `json:"-"`        // index behind the last point inside
}

// Amplitude is the size of the oscillation in the window of the filtered curve,
// by five definitions; nil where one is undefined.
type Amplitude struct {
	MaxToMin     float64  `json:"max_to_min"`     // the paper's: max - min
	PeakToTrough *float64 `json:"peak_to_trough"` // mean |difference| of consecutive inner extrema; nil with fewer than two
	SD           float64  `json:"sd"`             // standard deviation, n-1; NaN for one point
	Detrended    float64  `json:"detrended"`      // max - min about the least-squares line
	Relative     *float64 `json:"relative"`       // max - min of the logarithm; nil where the curve is not positive
}

// Measurement is what Analysis.Measure returns.
type Measurement struct {
	Filtered  []float64  `json:"-"`
	Knee      KneeResult `json:"knee"`
	Window    Window     `json:"window"`
	Level     float64    `json:"level"` // mean of the filtered curve in the window
	Amplitude Amplitude  `json:"amplitude"`
	Warnings  []Warning  `json:"warnings"`
}
