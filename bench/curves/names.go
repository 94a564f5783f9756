package curves

import (
	"slices"
	"strings"
	"unicode"
)

// axes are the last words of the names of an x axis, the first one that a log has: an
// optimizer's step counts before an epoch. docs/logs.md lists them.
var axes = [][]string{
	{"_step"}, {"global step", "global steps"}, {"step", "steps", "timestep", "timesteps"}, {"iter", "iters", "it"}, {"iteration", "iterations"},
	{"kimg", "kimgs"}, {"nimg", "nimgs"}, {"epoch", "epochs"}, {"x"}, {"", "index", "unnamed"},
}

// before are the words that may stand before an axis: global_step, train/step, num_iters.
var before = words("train training trainer total cur current n num number of global gen generator eval progress iter")

// metrics are FID by its names, values what stands for the only metric of a log.
var (
	metrics = []string{"fid", "frechet inception distance", "fréchet inception distance", "cleanfid", "fidscore", "frechet distance"}
	values  = []string{"value", "values", "metric value", "y"}
)

// others make of FID something that is no curve of it, wherever they stand in a name: the
// best so far, its error, the time it took, when it was measured; s and r begin sFID, rFID.
var others = words("best min max minimum maximum lowest std sd stddev var variance stderr sem err error ci lower upper time times timestamp timestamps " +
	"seconds sec secs ms duration runtime num count samples steps iters iterations epochs kimg every interval freq patience " +
	"threshold target weight delta diff improvement rank improved smooth smoothed rolling moving s r")

// tags and runs name the columns of a long table that say whose value a row has.
var (
	tags = []string{"tag", "metric", "metric name", "key", "name", "variable", "series"}
	runs = []string{"run", "run id", "run name", "runname", "run uuid", "trial", "trial id", "seed", "experiment"}
)

// words are the words of a name in small letters: whatever is no letter ends one, and so
// does a capital behind small letters (evalFID; not sFID, which is another metric) and
// before a small one (FIDScore). Digits are words, too: fid50k_full is fid, 50, k, full.
func words(name string) []string {
	var out []string
	r := []rune(name)
	start := 0
	end := func(i int) {
		if i > start {
			out = append(out, strings.ToLower(string(r[start:i])))
		}
	}
	for i, c := range r {
		switch {
		case !unicode.IsLetter(c) && !unicode.IsDigit(c):
			end(i)
			start = i + 1
		case i > start && (unicode.IsDigit(c) != unicode.IsDigit(r[i-1]) ||
			unicode.IsUpper(c) && (unicode.IsLower(r[i-1]) && i > start+1 || i+1 < len(r) && unicode.IsUpper(r[i-1]) && unicode.IsLower(r[i+1]))):
			end(i)
			start = i
		}
	}
	end(len(r))
	return out
}

// metric is the name without the run that W&B writes before it.
func metric(name string) string {
	if at := strings.LastIndex(name, " - "); at >= 0 {
		return name[at+3:]
	}
	return name
}

// fidRank is how well a name says that its column is FID: 2 it is nothing else, 1 with
// other words, 0 it is not.
func fidRank(name string) int {
	name = metric(name)
	if low := strings.ToLower(name); strings.HasSuffix(low, "__min") || strings.HasSuffix(low, "__max") { // W&B's range of a smoothed value
		return 0
	}
	have := words(strings.ReplaceAll(name, "lower is better", ""))
	text := " " + strings.Join(have, " ") + " "
	for _, m := range metrics {
		if !strings.Contains(text, " "+m+" ") {
			continue
		}
		switch {
		case len(text) == len(m)+2:
			return 2
		case !slices.ContainsFunc(have, func(w string) bool { return slices.Contains(others, w) }):
			return 1
		}
	}
	return 0
}

// axisRank is the place of a name among axes, -1 where it is none. exact tells that it is
// the name and nothing else.
func axisRank(name string) (rank int, exact bool) {
	if strings.Contains(name, " - ") { // a metric of a run, W&B's own step among them
		return -1, false
	}
	have := words(name)
	text := strings.Join(have, " ")
	for i, names := range axes {
		for _, a := range names {
			if strings.EqualFold(name, a) || a == "unnamed" && strings.HasPrefix(name, "Unnamed: ") {
				return i, true
			}
			if a == "" || a == "_step" || a == "x" || a == "index" || a == "unnamed" {
				continue
			}
			if text == a {
				return i, false
			}
			rest, ok := strings.CutSuffix(text, " "+a)
			if ok && !slices.ContainsFunc(strings.Fields(rest), func(w string) bool { return !slices.Contains(before, w) }) {
				return i, false
			}
		}
	}
	return -1, false
}

// oneOf tells whether a name is one of names, its words apart by spaces.
func oneOf(names []string, name string) bool {
	return slices.Contains(names, strings.Join(words(name), " "))
}

// parentOf is a name up to the last point or slash in it, both included.
func parentOf(name string) string { return name[:strings.LastIndexAny(name, "./")+1] }

// clean is a name on one line, without space around it.
func clean(name string) string {
	if strings.ContainsFunc(name, unicode.IsControl) {
		name = strings.Map(func(r rune) rune {
			if unicode.IsControl(r) {
				return ' '
			}
			return r
		}, name)
	}
	return strings.TrimSpace(name)
}
