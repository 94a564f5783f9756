// Package words tells by its name what a column of a log is: FID, its steps, or what
// tells the series of a long table apart.
//
//  1. split takes a name apart into words in small letters.
//  2. FID and Axis rank a name by the words that it has and those that it must not have.
//  3. OneOf compares a name with lists such as Tags.
//
// docs/logs.md has the words.
package words

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
var before = split("train training trainer total cur current n num number of global gen generator eval progress iter")

// metrics are FID by its names.
var metrics = []string{"fid", "frechet inception distance", "fréchet inception distance", "cleanfid", "fidscore", "frechet distance"}

// others make of FID something that is no curve of it, wherever they stand in a name: the
// best so far, its error, the time it took, when it was measured; s and r begin sFID, rFID.
var others = split("best min max minimum maximum lowest std sd stddev var variance stderr sem err error ci lower upper time times timestamp timestamps " +
	"seconds sec secs ms duration runtime num count samples steps iters iterations epochs kimg every interval freq patience " +
	"threshold target weight delta diff improvement rank improved smooth smoothed rolling moving s r")

// Tags and Runs name the columns of a long table that say whose value a row has, Values
// that of the value, and what stands for the only metric of a log.
var (
	Values = []string{"value", "values", "metric value", "y"}
	Tags   = []string{"tag", "metric", "metric name", "key", "name", "variable", "series"}
	Runs   = []string{"run", "run id", "run name", "runname", "run uuid", "trial", "trial id", "seed", "experiment"}
)

// split is the words of a name in small letters: whatever is no letter ends one, and so
// does a capital behind small letters (evalFID; not sFID, which is another metric) and
// before a small one (FIDScore). Digits are words, too: fid50k_full is fid, 50, k, full.
func split(name string) []string {
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

// Metric is a name without the run that W&B writes before it.
func Metric(name string) string {
	if at := strings.LastIndex(name, " - "); at >= 0 {
		return name[at+3:]
	}
	return name
}

// FID is how well a name says that its column is FID: 2 it is nothing else, 1 with
// other words, 0 it is not.
func FID(name string) int {
	name = Metric(name)
	if low := strings.ToLower(name); strings.HasSuffix(low, "__min") || strings.HasSuffix(low, "__max") { // W&B's range of a smoothed value
		return 0
	}
	have := split(strings.ReplaceAll(name, "lower is better", ""))
	text := " " + strings.Join(have, " ") + " "
	for _, m := range metrics {
		switch m = " " + m + " "; {
		case text == m:
			return 2
		case strings.Contains(text, m) && !slices.ContainsFunc(have, func(w string) bool { return slices.Contains(others, w) }):
			return 1
		}
	}
	return 0
}

// Axis is the place of a name among axes, -1 where it is none. exact tells that it is
// the name and nothing else.
func Axis(name string) (rank int, exact bool) {
	if strings.Contains(name, " - ") { // a metric of a run, W&B's own step among them
		return -1, false
	}
	text := " " + strings.Join(split(name), " ")
	for i, names := range axes {
		for _, a := range names {
			if strings.EqualFold(name, a) || a == "unnamed" && strings.HasPrefix(name, "Unnamed: ") {
				return i, true
			}
			rest, ok := strings.CutSuffix(text, " "+a)
			ok = ok && !slices.Contains([]string{"", "_step", "x", "index", "unnamed"}, a)
			if ok && !slices.ContainsFunc(strings.Fields(rest), func(w string) bool { return !slices.Contains(before, w) }) {
				return i, false
			}
		}
	}
	return -1, false
}

// OneOf tells whether a name is one of names, its words apart by spaces.
func OneOf(names []string, name string) bool {
	return slices.Contains(names, strings.Join(split(name), " "))
}
