package record

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"time"

	"fig5/bench/anneal"
	"fig5/bench/config"
	"fig5/fid/files"
)

// Schema is the version of run.json's keys that this program writes and reads.
const Schema = 1

// State is how far a run has come.
type State string

// The states. Done and Diverged are ends; Running (whether or not anybody works on
// it now) and Failed go on from the checkpoint when the sweep is run again.
const (
	Running  State = "running"
	Done     State = "done"
	Diverged State = "diverged" // a loss, a parameter or the FID was not finite: a result
	Failed   State = "failed"   // Message says why
)

// Run is the manifest of one run folder, run.json. Whoever changes it holds the
// folder's lock.
type Run struct {
	Schema      int             `json:"schema"`
	State       State           `json:"state"`
	Message     string          `json:"message,omitempty"` // one line: why it failed, where it diverged
	Pretraining bool            `json:"pretraining"`       // the shared pretraining of a seed, not a cell of the grid
	Cell        config.Cell     `json:"cell"`
	Config      *config.Config  `json:"config"`            // the sweep's, every key
	Fingerprint string          `json:"fingerprint"`       // of what determines the curve
	Step        int64           `json:"step"`              // iterations done at the last checkpoint
	Started     time.Time       `json:"started,omitzero"`  // the first start
	Finished    time.Time       `json:"finished,omitzero"` // done or diverged
	Seconds     float64         `json:"seconds"`           // of work, over all starts
	Versions    Versions        `json:"versions"`
	Machine     Machine         `json:"machine"`
	Files       map[string]File `json:"files,omitempty"` // of a run that has ended, by name
}

// File is what a file of a run was when the run ended.
type File struct {
	Bytes  int64  `json:"bytes"`
	SHA256 string `json:"sha256"`
}

// NewRun is the manifest of a cell that has not begun.
func NewRun(c *config.Config, cell config.Cell) *Run {
	return &Run{Schema: Schema, State: Running, Cell: cell, Config: c, Fingerprint: c.Fingerprint(cell)}
}

// NewPretraining is the manifest of a seed's shared pretraining: a cell with the
// uniform box (beta = 0) as its only level. It has no curve; its checkpoint is what
// the seed's cells start from.
func NewPretraining(c *config.Config, seed int) *Run {
	return &Run{
		Schema: Schema, State: Running, Pretraining: true, Config: c, Fingerprint: c.PretrainFingerprint(seed),
		Cell: config.Cell{
			ID:         fmt.Sprintf("pretrain-s%02d", seed),
			Seed:       seed,
			Levels:     []anneal.Level{{Beta: 0, Iterations: c.Train.Pretrain}},
			Iterations: c.Train.Pretrain,
			By:         map[string]string{},
		},
	}
}

// Ended reports whether there is nothing left to train.
func (r *Run) Ended() bool { return r.State == Done || r.State == Diverged }

// ErrDamaged is the error of a manifest that is not as it was written.
var ErrDamaged = errors.New("not a run's manifest")

// sumLine is the last line of a manifest: the SHA-256 of the manifest without it. Those
// that an older fig5 wrote have none.
var sumLine = regexp.MustCompile(`,\n  "sha256": "([^"\n]*)"\n}\n$`)

// Resum is the text of a manifest with the checksum that it ought to have, if it has one.
func Resum(text []byte) []byte {
	at := sumLine.FindSubmatchIndex(text)
	if at == nil {
		return text
	}
	sum := sha256.Sum256(slices.Concat(text[:at[0]], []byte("\n}\n")))
	return slices.Concat(text[:at[2]], []byte(hex.EncodeToString(sum[:])), text[at[3]:])
}

// Load reads the manifest. Where there is none, the error is fs.ErrNotExist; where it is
// not as it was written, ErrDamaged.
func (d Dir) Load() (*Run, error) {
	path := d.RunJSON()
	data, err := files.Read(path)
	if err != nil {
		return nil, err
	}
	r, err := parseRun(data)
	return r, files.Error(path, err)
}

func parseRun(data []byte) (*Run, error) {
	data = bytes.ReplaceAll(data, []byte("\r\n"), []byte("\n")) // as git may have made it
	if !bytes.Equal(data, Resum(data)) {
		return nil, fmt.Errorf("%w: its checksum does not match its content", ErrDamaged)
	}
	r := &Run{}
	if err := json.Unmarshal(data, r); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	if r.Schema != Schema {
		return nil, fmt.Errorf("schema %d, this fig5 reads %d; use the fig5 that wrote it", r.Schema, Schema)
	}
	if !slices.Contains([]State{Running, Done, Diverged, Failed}, r.State) {
		return nil, fmt.Errorf("state: %q is not running, done, diverged or failed", r.State)
	}
	if r.Config == nil {
		return nil, errors.New("config: is missing")
	}
	return r, nil
}

// Save writes the manifest.
func (d Dir) Save(r *Run) error {
	var b bytes.Buffer
	if err := files.WriteJSON(&b, r); err != nil {
		return fmt.Errorf("%s: %w", d.RunJSON(), err)
	}
	return WriteFile(d.RunJSON(), Resum(append(bytes.TrimSuffix(b.Bytes(), []byte("\n}\n")), ",\n  \"sha256\": \"\"\n}\n"...)))
}

// Finish ends the run as Done or Diverged: it removes the checkpoint before the last,
// records the time, the checksums of curve.csv and floor.csv where there are such, and
// saves the manifest. Every file is written before.
func (d Dir) Finish(r *Run, state State, message string, now time.Time) error {
	r.State, r.Message, r.Finished = state, message, now.UTC().Truncate(time.Second)
	if state == Done {
		r.Step = int64(r.Cell.Iterations)
	}
	if err := os.Remove(d.Previous()); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return files.Error(d.Previous(), err)
	}
	r.Files = map[string]File{}
	for _, path := range []string{d.Curve(), d.Floor()} {
		sum, size, err := files.Sum(path)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return err
		}
		r.Files[filepath.Base(path)] = File{size, sum}
	}
	return d.Save(r)
}

// CheckFiles compares the files of a run that has ended with what they were then.
func (d Dir) CheckFiles(r *Run) error {
	return cmp.Or(r.checkFile(d.Curve()), r.checkFile(d.Floor()))
}

// checkFile is CheckFiles for the one at path; one that was not there then is not looked at.
func (r *Run) checkFile(path string) error {
	want, ok := r.Files[filepath.Base(path)]
	if !ok {
		return nil
	}
	sum, size, err := files.Sum(path)
	if err != nil || (File{size, sum}) == want {
		return err
	}
	text, err := files.Read(path)
	if err == nil && fmt.Sprintf("%x", sha256.Sum256(bytes.ReplaceAll(text, []byte("\r\n"), []byte("\n")))) == want.SHA256 {
		return fmt.Errorf("%s: its line ends were changed to CRLF, by git (core.autocrlf), an editor or a transfer as text; the numbers are whole: sed -i 's/\\r$//' %s", path, path)
	}
	return fmt.Errorf("%s: is not the file the run ended with (%d bytes, sha256 %.12s...; recorded %d bytes, sha256 %.12s...)",
		path, size, sum, want.Bytes, want.SHA256)
}

// CheckCurve verifies that a curve of this run is as long and as evenly spaced as
// its config says; one that diverged may end early.
func (r *Run) CheckCurve(points []Point) error {
	if err := r.checkRows(points, r.Cell.BetaAt); err != nil {
		return err
	}
	want := (r.Cell.Iterations + r.Config.FID.Every - 1) / r.Config.FID.Every
	if r.State == Done && len(points) != want || len(points) > want {
		return fmt.Errorf("%d rows, want %d for %d iterations", len(points), want, r.Cell.Iterations)
	}
	return nil
}

// checkRows verifies that the rows of curve.csv or floor.csv are evenly spaced, and of the
// level that is trained then.
func (r *Run) checkRows(points []Point, beta func(iteration int) float64) error {
	every := r.Config.FID.Every
	for i, p := range points {
		if p.Iteration != i*every {
			return fmt.Errorf("row %d: iteration %d, want %d (one row per %d iterations)", i+1, p.Iteration, i*every, every)
		}
		if want := beta(p.Iteration); p.Beta != want {
			return fmt.Errorf("row %d: beta %v at iteration %d, its level is %v", i+1, p.Beta, p.Iteration, want)
		}
	}
	return nil
}
