package config

import (
	"slices"
	"strings"

	"fig5/bench/anneal"
	"fig5/bench/data"
	"fig5/bench/models"
	"fig5/fid/features/kinds"
	"fig5/filters"
)

// Key is one key of a sweep file. Keys is the only place that lists them: reading,
// checking, defaults and docs/config.md all go by it.
type Key struct {
	Path    string // from the top: "train.optimizer.lr"; an item of a list has no index
	Of      string // the name, beside it in the same map, with which it exists; empty for any
	Default string // in YAML; empty if the key is required
	Noun    string // what a value is: "a learning rate"
	Meaning string
	rule    rule
}

// Range says which values are accepted.
func (k Key) Range() string { return k.rule.text }

// ownSchedule stands in Key.Of for the schedules that list their levels.
const ownSchedule = "any other name"

// Keys are all keys of a sweep file but base and slurm, in the order of the file.
var Keys = []Key{
	{"name", "", "", "a sweep name", "Names the folder of the runs and the report.", fileName},

	{"data.name", "", "", "a data set", "The real samples: five Gaussians in 3-D, two cubes in 3-D, MNIST's training images, a folder of images, CelebA's aligned images, or drawn faces.", oneOf(data.Names(nil)...)},
	{"data.path", "mnist", "data/mnist", "a folder", "Where `train-images-idx3-ubyte.gz` and its labels lie, from the working directory.", filled},
	{"data.path", "images", "", "a folder", "Where the PNG, JPEG, WebP, BMP and TIFF files lie, at any depth, from the working directory.", filled},
	{"data.size", "images", "64", "a number of pixels", "Side of the square that every image is cut and scaled to.", whole(1, 1024)},
	{"data.path", "celeba", "data/celeba", "a folder", "Where the aligned images lie, at any depth, from the working directory.", filled},
	{"data.size", "celeba", "64", "a number of pixels", "Side of an image after it is cut and averaged.", whole(1, 1024)},
	{"data.crop", "celeba", "108", "a number of pixels", "Side of the square in the middle of each file that is kept.", whole(1, 4096)},
	{"data.size", "faces", "32", "a number of pixels", "Side of an image.", faceSize},
	{"data.count", "faces", "5000", "a number of faces", "How many are drawn.", atLeast(100, 100_000)},

	{"model.name", "", "", "a model", "The networks of the paper's Figure 2 (toy, for 3-D data), Figure 3 (mnist-fc, for images of any size) or Figure 4 (dcgan, for images of 32 or 64 pixels a side).", oneOf(models.Names()...)},
	{"model.width", "dcgan", "128", "a number of channels", "Channels of G's last hidden layer and of D's first; the others have twice, four and eight times as many.", whole(1, 1024)},
	{"model.discriminator_norm", "dcgan", models.Batch, "a norm", "Batch norm in the hidden layers of D but the first, or none.", oneOf(models.Batch, models.None)},
	{"model.discriminator_norm", "mnist-fc", models.Batch, "a norm", "Batch norm in the hidden layers of D, as in the paper's caption, with which it does not learn; or none.", oneOf(models.Batch, models.None)},

	{"anneal.steps", "", "", "a step count", "K, the number of finite levels of β; a list makes a grid. 0 is the warm baseline, which is run once.", atLeast(0, 100_000)},
	{"anneal.baselines.name", "", "", "a baseline", "cold = no pretraining; warm = pretraining only; hot = as warm, then the uniform box for as long as an annealing. A list, `[cold, warm, hot]` by default; `[]` = none.", oneOf(anneal.Cold, anneal.Warm, anneal.Hot)},
	{"anneal.baselines.iterations", anneal.Hot, "[]", "a number of iterations", "Lengths of the hot phase, a group of runs each: `{name: hot, iterations: [500, 25000]}`; `[]` = the longest annealing of the sweep.", iterations(1)},
	{"anneal.schedule.name", "", anneal.Geometric, "a schedule", "The rule for the levels; a list of schedules makes a grid.", scheduleName},
	{"anneal.schedule.tau", anneal.Exponential, "0", "a time constant", "Time constant in levels; 0 = a third of K, the same shape for every K.", nonnegative},
	{"anneal.schedule.levels", ownSchedule, "", "a β", "The levels themselves, ascending: `{name: mine, levels: [0.1, 0.7, 10]}`. K is their number, whatever `anneal.steps` says.", nonnegative},
	{"anneal.protocol.name", "", anneal.Budget, "a protocol", "budget: `iterations` in all, the first levels take the remainder; per-level: `iterations` at each level, as in Algorithm 1. A list makes a grid.", oneOf(anneal.Budget, anneal.PerLevel)},
	{"anneal.protocol.iterations", anneal.Budget, "10000", "a number of iterations", "All iterations of the annealing.", iterations(1)},
	{"anneal.protocol.iterations", anneal.PerLevel, "", "a number of iterations", "Iterations at each level.", iterations(1)},
	{"anneal.beta", "", "[0.1, 10]", "a β", "β₁ and β_K, ascending: inverse variances of the noise in the units of the box.", positive},
	{"anneal.end", "", anneal.Inclusive, "an end", "inclusive reaches β_K; printed = Algorithm 1 and Eq. 7 as printed, which approach it. A list makes a grid.", oneOf(anneal.Inclusive, anneal.Printed)},
	{"anneal.box.kind", "", anneal.Reflect, "a kind of box", "What the walls at ±1 do to a heated point: fold it back, cut it after scaling by 1/(1 + 3 σ), or cut it.", oneOf(anneal.Reflect, anneal.Rescale, anneal.Clip)},
	{"anneal.box.half_width", "", "2", "a half width", "Half side of the box in the units of β: σ = 1/(half_width √β). A list makes a grid.", positive},

	{"train.pretrain", "", "3000", "a number of iterations", "Iterations on the uniform box, shared by all cells of a seed but the cold ones.", iterations(0)},
	{"train.final", "", "80000", "a number of iterations", "Iterations at β = ∞.", iterations(1)},
	{"train.snapshots", "", "[]", "a number of iterations", "Iterations of curve.csv behind which samples are kept, besides those of the ends of the levels; those past the end of a run are passed over. Changes no result.", iterations(0)},
	{"train.batch", "", "64", "a batch size", "Real samples, and generated ones, of one step.", atLeast(2, 1e6)},
	{"train.loss", "", "minimax", "a loss", "minimax as in Algorithm 1, or the nonsaturating generator loss.", oneOf("minimax", "nonsaturating")},
	{"train.optimizer.name", "", "adam", "an optimizer", "Its state is kept across levels.", oneOf("adam", "sgd")},
	{"train.optimizer.lr", "adam", "0.0002", "a learning rate", "Learning rate.", positive},
	{"train.optimizer.beta1", "adam", "0.5", "a decay rate", "Decay of the first moment.", below1},
	{"train.optimizer.beta2", "adam", "0.999", "a decay rate", "Decay of the second moment.", below1},
	{"train.optimizer.eps", "adam", "1e-8", "an epsilon", "Added to the root of the second moment.", positive},
	{"train.optimizer.lr", "sgd", "", "a learning rate", "Learning rate.", positive},
	{"train.optimizer.momentum", "sgd", "0", "a momentum", "Momentum, not dampened.", below1},
	{"train.checkpoint", "", "5000", "a number of iterations", "Iterations between checkpoints; changes no result.", iterations(1)},
	{"train.device", "", "cpu", "a device", "Where libtorch computes.", device},
	{"train.engine", "", "auto", "an engine", "auto = fused CPU kernels where they exist; torch = libtorch's operators only.", oneOf("auto", "torch")},

	{"fid.every", "", "100", "a number of iterations", "Iterations between two evaluations, the rows of curve.csv.", iterations(1)},
	{"fid.samples", "", "2000", "a number of samples", "Generated samples of one evaluation.", atLeast(2, 1e8)},
	{"fid.features.name", "", "raw", "a kind of features", "What of each sample is compared. raw = the values themselves; lenet and faces = the 84 features of a LeNet, for MNIST and for the drawn faces, which then counts digits or kinds of hair as modes too; torchscript = those of a module, written `{torchscript: FILE, size: 299}`.", oneOf(kinds.Names()...)},
	{"fid.features.torchscript", "torchscript", "", "a file", "A TorchScript module, from the working directory: images n × 3 × size × size in [0, 1] to n × d features (docs/features.md).", filled},
	{"fid.features.size", "torchscript", "299", "a number of pixels", "Side of the square that images are resized to; 0 = as they are.", whole(0, 4096)},
	{"fid.features.sha256", "torchscript", `""`, "a sha256 in hex", "The module must have it; empty = whatever the file has when the sweep is read.", matching("64 hex digits, or empty", `([0-9a-f]{64})?`)},

	{"analysis.lowpass.name", "", "butterworth", "a filter", "The zero-phase filter that smooths the curve.", oneOf("butterworth", "moving-average", "savgol", "none")},
	{"analysis.lowpass.order", "butterworth", "3", "an order", "Order.", whole(1, 12)},
	{"analysis.lowpass.cutoff", "butterworth", "0.1", "a cutoff", "Cutoff as a fraction of Nyquist: 0.1 at one point per 100 iterations is a period of 2000 iterations.", inside01},
	{"analysis.lowpass.period", "butterworth", "", "a period", "The shortest period that is kept, in iterations (units of x), in place of the cutoff.", positive},
	{"analysis.lowpass.window", "moving-average", "", "a window in points", "Points averaged.", odd},
	{"analysis.lowpass.window", "savgol", "", "a window in points", "Points of one polynomial.", odd},
	{"analysis.lowpass.polyorder", "savgol", "", "a polynomial order", "Order of the polynomial, below the window.", atLeast(0, 100)},
	{"analysis.knee.name", "", "mser", "a knee rule", "How the end of the descent is found; none = the window begins at the first point.", oneOf(filters.KneeRules()...)},
	{"analysis.knee.tolerance", "settle", "0.05", "a tolerance", "Share of the way to the plateau that is left at the knee.", inside01},
	{"analysis.knee.least", "settle", "0", "a number of iterations", "Iterations after the first point before which no knee is looked for.", nonnegative},
	{"analysis.knee.sensitivity", "kneedle", "1", "a sensitivity", "S of Kneedle.", nonnegative},
	{"analysis.knee.online", "kneedle", "false", "true or false", "The last knee found instead of the first.", boolean},
	{"analysis.knee.least", "kneedle", "0", "a number of iterations", "Iterations after the first point before which no knee is looked for.", nonnegative},
	{"analysis.knee.least", "mser", "0", "a number of iterations", "Iterations after the first point; an earlier knee is moved there.", nonnegative},
	{"analysis.knee.least", "none", "0", "a number of iterations", "Iterations after the first point before which the window does not begin.", nonnegative},
	{"analysis.window", "", "50000", "a number of iterations", "Length of the window after the knee; longer than the curve is a warning.", positive},

	{"seeds", "", "10", "a seed", "A count n, for seeds 0 to n-1, or a list of seeds.", atLeast(0, 1e9)},
}

// lists are the sections of which there may be several, with what is taken where there
// is none, in YAML; empty for one with the defaults of its keys.
var lists = map[string]string{"anneal.baselines": "[cold, warm, hot]", "anneal.schedule": "", "anneal.protocol": ""}

// isList reports whether there may be several sections at path.
func isList(path string) bool { _, ok := lists[path]; return ok }

// plain are the lists that are written as their one item where they have one.
var plain = map[string]bool{"anneal.end": true, "anneal.box.half_width": true}

// brief are the sections that are written as their name alone where nothing else is set.
var brief = map[string]bool{"anneal.baselines": true}

// tagged are the sections whose name may be left out beside the key that is called as
// it: {torchscript: FILE} is {name: torchscript, torchscript: FILE}.
var tagged = map[string]bool{"fid.features": true}

// rivals are keys, and the key beside each that it stands in place of.
var rivals = map[string]string{"analysis.lowpass.cutoff": "period", "analysis.lowpass.period": "cutoff"}

// unsaid are the lists that are left out where they are empty.
var unsaid = map[string]bool{"train.snapshots": true}

// variant is the value of Key.Of that goes with a name in the section at path.
func variant(path, name string) string {
	if path == "anneal.schedule" && !slices.Contains(anneal.Rules(), name) {
		return ownSchedule
	}
	return name
}

// byPath holds the keys of every path, sections the names of the keys below every path.
var byPath, sections = indexKeys()

func indexKeys() (map[string][]Key, map[string][]string) {
	keys, below := map[string][]Key{}, map[string][]string{}
	for _, k := range Keys {
		keys[k.Path] = append(keys[k.Path], k)
		section := ""
		for _, name := range strings.Split(k.Path, ".") {
			if !slices.Contains(below[section], name) {
				below[section] = append(below[section], name)
			}
			section = join(section, name)
		}
	}
	return keys, below
}

// findKey is the key at path in a map of that name.
func findKey(path, of string) (Key, bool) {
	for _, k := range byPath[path] {
		if k.Of == "" || k.Of == of {
			return k, true
		}
	}
	return Key{}, false
}

// children are the keys of the section at path ("" = the top), in order: those that
// exist with the name of, or with any name if every.
func children(path, of string, every bool) []string {
	var names []string
	for _, name := range sections[path] {
		below := join(path, name)
		if _, ok := findKey(below, of); ok || every || isSection(below) {
			names = append(names, name)
		}
	}
	return names
}

// isSection reports whether there are keys below path.
func isSection(path string) bool { return len(sections[path]) > 0 }

// named reports whether the maps at path have a name that chooses their other keys.
func named(path string) bool { return path != "" && len(byPath[path+".name"]) > 0 }
