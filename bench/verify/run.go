package verify

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"fig5/bench/measure"
	"fig5/bench/record"
)

// How a run, or a bundle, was found.
const (
	Whole      = "whole"
	Unfinished = "unfinished" // what is there is whole
	Damaged    = "damaged"
	Unmeasured = "unmeasured" // whole, but its analysis does not fit its curve
)

// Run is one run as it was found.
type Run struct {
	Path     string       `json:"path"`
	ID       string       `json:"id"`
	State    record.State `json:"state"`
	Verdict  string       `json:"verdict"`
	Problems []string     `json:"problems"` // a line each
	Measured Measured     `json:"measured"`

	pretraining bool
}

// Measured is what the curves of a run come to, by the analysis of its config; nil
// where there is nothing to measure.
type Measured struct {
	Curve *measure.Result `json:"curve"`
	Floor *measure.Result `json:"floor"` // the same window and filter from the first row on
}

// CheckRun reads every file of the run in d and measures it again.
func CheckRun(d record.Dir) Run {
	v := Run{Path: string(d), Verdict: Whole, Problems: []string{}}
	r, err := d.Load()
	if err != nil {
		v.Verdict, v.Problems = Damaged, []string{oneLine(err)}
		return v
	}
	v.ID, v.State, v.pretraining = r.Cell.ID, r.State, r.Pretraining
	ends := lineEnds(d, r)
	for _, err := range d.Verify(r) {
		text := oneLine(err)
		if !slices.ContainsFunc(ends, func(path string) bool { return strings.HasPrefix(text, path+":") }) {
			v.Problems = append(v.Problems, text)
		}
	}
	for _, path := range ends {
		v.Problems = append(v.Problems, path+": its line ends were changed to CRLF, by git (core.autocrlf), an editor or a transfer as text; the numbers are whole: sed -i 's/\\r$//' "+path)
	}
	switch {
	case len(v.Problems) > 0:
		v.Verdict = Damaged
	case !r.Ended():
		v.Verdict = Unfinished
	default:
		if v.Measured.Curve, v.Measured.Floor, err = measure.MeasureRun(d, r); err != nil {
			v.Verdict, v.Problems = Unmeasured, []string{oneLine(err)}
		}
	}
	return v
}

// lineEnds is the files of a run that are those it ended with but for CRLF in place of LF.
func lineEnds(d record.Dir, r *record.Run) []string {
	var changed []string
	for _, path := range []string{d.Curve(), d.Floor()} {
		want, ok := r.Files[filepath.Base(path)]
		b, err := os.ReadFile(path)
		if !ok || err != nil || int64(len(b)) == want.Bytes {
			continue
		}
		sum := sha256.Sum256(bytes.ReplaceAll(b, []byte("\r\n"), []byte("\n")))
		if hex.EncodeToString(sum[:]) == want.SHA256 {
			changed = append(changed, path)
		}
	}
	return changed
}

// oneLine is an error's message with its line breaks taken out.
func oneLine(err error) string { return strings.Join(strings.Fields(err.Error()), " ") }
