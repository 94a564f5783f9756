package claims

import (
	"fig5/bench/stats"
)

// Summary is the statistics of a sweep by one amplitude. Its JSON form is the output of
// `fig5 report --json`.
type Summary struct {
	Measure   string   `json:"measure"` // one of measure.Amplitudes
	Groups    []Group  `json:"groups"`
	Trends    []Trend  `json:"trends"`
	RealFloor Floor    `json:"real_floor"`
	Warnings  []string `json:"warnings"` // the Notes among them
	Notes     []Note   `json:"-"`        // the warnings of the curves, one a kind
}

// Group describes one group; N + Failed + Unsettled + Missing is its number of seeds.
type Group struct {
	By          map[string]string `json:"by"`
	Name        string            `json:"name"` // in words: "warm", "hot, 500 iterations", "per-level 500, K = 5"
	K           int               `json:"k"`
	Baseline    string            `json:"baseline"`
	Annealing   int               `json:"annealing"` // iterations before β = ∞, pretraining apart; 0 for a given curve
	N           int               `json:"n"`
	Failed      int               `json:"failed"` // diverged ones among them
	Diverged    int               `json:"diverged"`
	Unsettled   int               `json:"unsettled"`
	Missing     int               `json:"missing"`
	Moving      int               `json:"moving"` // of N: still moving at their latest cut
	Won         int               `json:"won"`    // of N: D has won for good
	Mean        stats.Number      `json:"mean"`
	SD          stats.Number      `json:"sd"`
	CI95        stats.Interval    `json:"ci95"`
	GeoMean     stats.Number      `json:"geomean"`
	GeoMeanCI95 stats.Interval    `json:"geomean_ci95"`
	Median      stats.Number      `json:"median"`
	MedianCI95  stats.Interval    `json:"median_ci95"`
	IQM         stats.Number      `json:"iqm"`
	SDLog       stats.Number      `json:"sd_log"` // of ln amplitude: the spread over seeds
	Values      []float64         `json:"values"`
	Seeds       []int             `json:"seeds"` // those of Values
	Floor       Floor             `json:"floor"`
	Level       Level             `json:"level"`
	LostModes   *int              `json:"lost_modes"` // runs that held too few modes somewhere in the window; null where not counted
	Warnings    []string          `json:"warnings"`
}

// Floor is the amplitude that the measurement shows where nothing oscillates.
type Floor struct {
	Median stats.Number `json:"median"`
	Values []float64    `json:"values"`
}

// Level is the mean filtered FID in the window, over seeds.
type Level struct {
	GeoMean     stats.Number   `json:"geomean"`
	GeoMeanCI95 stats.Interval `json:"geomean_ci95"`
	Median      stats.Number   `json:"median"`
	Values      []float64      `json:"values"`
}

// Trend is how one series falls with K. P values are one-sided, for a decrease, but
// for Spearman's, which is two-sided.
type Trend struct {
	By          map[string]string `json:"by"`
	K           []int             `json:"k"`
	Seeds       int               `json:"seeds"`        // blocks of Page's test: seeds with a result at every K
	PageP       stats.Number      `json:"page_p"`       // the normal approximation
	PagePExact  stats.Number      `json:"page_p_exact"` // over all orders within the seeds; null where they are too many
	PageL       stats.Number      `json:"page_l"`
	JonckheereP stats.Number      `json:"jonckheere_p"`
	Spearman    stats.Number      `json:"spearman"`
	SpearmanP   stats.Number      `json:"spearman_p"`
	Slope       stats.Number      `json:"slope"` // d ln amplitude / d ln K, K ≥ 1
	SlopeCI95   stats.Interval    `json:"slope_ci95"`
	Warnings    []string          `json:"warnings"`
}

// P is the p value that verdicts and pages use: the exact one where it can be computed.
func (t *Trend) P() stats.Number {
	if t.PagePExact.Defined() {
		return t.PagePExact
	}
	return t.PageP
}

// Comparisons is the comparisons by one key and one amplitude, with the summary of all
// groups. Its JSON form is the output of `fig5 compare --json`.
type Comparisons struct {
	*Summary
	By          string       `json:"by"`
	Comparisons []Comparison `json:"comparisons"`
}

// Comparison is one pair of groups: a against b.
type Comparison struct {
	A        string            `json:"a"`        // the value of By in the first group
	B        string            `json:"b"`        // the value of By in the second
	By       string            `json:"by"`       // the key that sets them apart
	Within   map[string]string `json:"within"`   // coordinates that they share and other pairs do not
	K        int               `json:"k"`        // of b; 0 where both are baselines
	Baseline string            `json:"baseline"` // where both are this baseline
	N        int               `json:"n"`        // pairs of seeds, or values on both sides where seeds are not shared

	Ratio        stats.Number   `json:"ratio"`         // geometric mean over seeds of b / a, paired by seed where seeds are shared; else of the groups' geometric means
	RatioCI95    stats.Interval `json:"ratio_ci95"`    // t interval on logs: of the pairs, or Welch's
	Pairs        int            `json:"pairs"`         // seeds settled in both, of which Ratio is made; 0 where seeds are not shared
	LeftOut      int            `json:"left_out"`      // the other seeds with a result in both: diverged or unsettled on a side
	DeltaPercent stats.Number   `json:"delta_percent"` // change of the group means: 100 (geomean b / geomean a - 1), each over all its seeds
	Test         string         `json:"test"`          // which test P is of: wilcoxon or mann-whitney
	P            stats.Number   `json:"p"`
	HolmP        stats.Number   `json:"holm_p"`       // P corrected over all pairs of trainings; null where both sides are the same runs
	SharedSeeds  int            `json:"shared_seeds"` // pairs of Wilcoxon's test
	WilcoxonP    stats.Number   `json:"wilcoxon_p"`   // null where no seed is shared
	MannWhitneyP stats.Number   `json:"mann_whitney_p"`
	Improvement  stats.Number   `json:"improvement"` // probability that a run of b has the smaller amplitude
	CI95         stats.Interval `json:"ci95"`        // of Improvement
	Warnings     []string       `json:"warnings"`

	GroupA int `json:"-"` // in Summary.Groups
	GroupB int `json:"-"`

	counted bool // in Holm's correction: the first row of its pair of trainings
}

// Verdict is what the data say of a question.
type Verdict string

// The verdicts of docs/experiment.md.
const (
	Falls      Verdict = "it falls"                 // 1
	LadderMore Verdict = "the ladder damps more"    // 2
	HotMore    Verdict = "the hot phase damps more" // 2
	HotAsWell  Verdict = "a hot phase does as well" // 2
	LevelsMore Verdict = "more levels damp more"    // 3
	LevelsNot  Verdict = "they do not"              // 3
	Damps      Verdict = "it damps"                 // 4
	Adds       Verdict = "it does not, it adds"     // 4
	Lower      Verdict = "lower"                    // 5, 6
	Higher     Verdict = "higher"                   // 5, 6
	Undecided  Verdict = "undecided"
	NoPlateau  Verdict = "no plateau" // more than a third of the runs of a group are still moving
)

// Question is one of the questions put to one series of a sweep.
type Question struct {
	ID        int            `json:"id"`        // 1 to 4, as docs/experiment.md numbers them; 5 and 6 of FID, 0 of Answer.Warm
	Series    string         `json:"series"`    // the label of the series; empty where the sweep has one
	Compared  string         `json:"compared"`  // the effect: "K = 50 / K = 1", "ladder / hot of the same length"
	Groups    []string       `json:"groups"`    // names of the groups that must have come to rest: those that the question compares, of images all
	K         []int          `json:"k"`         // of the ladders compared
	Annealing []int          `json:"annealing"` // iterations before β = ∞ of the groups of the effect, in its order; in question 2 of each ladder, as of its hot phase
	Test      string         `json:"test"`      // page (one-sided, for a decrease) or wilcoxon (two-sided)
	Exact     bool           `json:"exact"`
	Seeds     int            `json:"seeds"`    // that enter the test; of pairs, not those diverged or unsettled on both sides
	Pairs     int            `json:"pairs"`    // of which Ratio is made: settled in its groups
	LeftOut   int            `json:"left_out"` // seeds with a result in the groups of Ratio, and diverged or unsettled in one
	Ratio     stats.Number   `json:"ratio"`
	RatioCI95 stats.Interval `json:"ratio_ci95"`
	P         stats.Number   `json:"p"`
	HolmP     stats.Number   `json:"holm_p"`  // over the questions asked of the sweep
	Moving    []int          `json:"moving"`  // of each of Groups, how many of Runs are still moving
	Runs      []int          `json:"runs"`    // of each of Groups, those that settled
	Verdict   Verdict        `json:"verdict"` // empty of Answer.Warm
}

// Answer is the questions that a sweep can be asked, and what it says.
type Answer struct {
	Sweep     string     `json:"sweep"`
	Measure   string     `json:"measure"`
	Questions []Question `json:"questions"` // by ID, then by series
	Warm      *Question  `json:"warm"`      // K = last against warm: no verdict, its own p, outside Holm; nil where there is no warm
}

// Fit is ln amplitude on ln length and ln K over the ladders of a sweep, seeds as blocks,
// standard errors clustered by seed.
type Fit struct {
	Length     stats.Number   `json:"length"` // exponent of the iterations of annealing
	LengthCI95 stats.Interval `json:"length_ci95"`
	K          stats.Number   `json:"k"` // exponent of K
	KCI95      stats.Interval `json:"k_ci95"`
	Runs       int            `json:"runs"`
	Seeds      int            `json:"seeds"`
}

// Setting is one way to measure: a filter's cutoff, a window, an amplitude, a knee.
type Setting struct {
	Cutoff  float64 `json:"cutoff"`
	Window  float64 `json:"window"`
	Measure string  `json:"measure"`
	Knee    string  `json:"knee"` // mser, or end: the window fixed to the end of the curve
}

// Agreement is how many settings give a question the verdict that the fixed one gives.
type Agreement struct {
	ID       int       `json:"id"`
	Series   string    `json:"series"`
	Verdict  Verdict   `json:"verdict"`
	Agree    int       `json:"agree"`
	Settings int       `json:"settings"`
	Others   []Setting `json:"others"` // those that do not agree
}

// Secondary is the numbers without a verdict.
type Secondary struct {
	Fit        *Fit              `json:"fit"`        // nil where the ladders have one length or one K
	Amplitudes map[string]Answer `json:"amplitudes"` // the questions by the other amplitudes
	Agreement  []Agreement       `json:"agreement"`
}
