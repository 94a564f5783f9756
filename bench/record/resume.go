package record

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"fig5/fid/files"
)

// What SaveCheckpoint adds to a checkpoint's Bytes. Those that an older fig5 wrote have
// neither.
const (
	curveKey       = "curve_sha256" // of the rows of curve.csv that belong to it, header included
	fingerprintKey = "fingerprint"  // of the run
)

// SaveCheckpoint replaces the checkpoint of the run r by c, to which it adds what it
// belongs to: r, and the rows of curve (nil in pretraining), which it syncs before, so
// that no checkpoint outlives rows that it counts. The one before stays as Previous.
func (d Dir) SaveCheckpoint(c *Checkpoint, r *Run, curve *CurveWriter) error {
	c.Bytes[fingerprintKey] = []byte(r.Fingerprint)
	if curve != nil {
		if err := curve.Sync(); err != nil {
			return err
		}
		c.Rows, c.Bytes[curveKey] = curve.rows, curve.sum.Sum(nil)
	}
	return c.save(d.Checkpoint(), d.Previous())
}

// LastGood is the newest checkpoint that is whole and whose rows are those of curve.csv;
// nil where the run has to begin anew. Those that are not good are set aside, and warnings
// say why, a line each. The caller holds the folder's lock.
func (d Dir) LastGood() (c *Checkpoint, warnings []string, err error) {
	for _, path := range []string{d.Checkpoint(), d.Previous()} {
		c, err := LoadCheckpoint(path)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			continue
		case err == nil:
			err = d.fits(c)
		}
		switch {
		case err == nil:
			return c, warnings, nil
		case errors.As(err, new(syscall.Errno)): // of the disk, not of what it holds
			return nil, warnings, err
		}
		aside, err := setAside(path, err)
		if err != nil {
			return nil, warnings, err
		}
		warnings = append(warnings, aside)
	}
	return nil, warnings, nil
}

// HasCheckpoint reports whether there is a checkpoint, good or not.
func (d Dir) HasCheckpoint() bool { return exists(d.Checkpoint()) || exists(d.Previous()) }

// fits is an error unless curve.csv begins with the rows that c belongs to.
func (d Dir) fits(c *Checkpoint) error {
	if c.Rows == 0 {
		return nil
	}
	f, _, err := files.Open(d.Curve())
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%s: is not there, its checkpoint knows %d rows", d.Curve(), c.Rows)
	}
	if err != nil {
		return err
	}
	defer f.Close()
	sum := sha256.New()
	if _, err := copyRows(sum, f, c.Rows); err != nil {
		return fmt.Errorf("%s%w", d.Curve(), err)
	}
	if want, known := c.Bytes[curveKey]; known && !bytes.Equal(sum.Sum(nil), want) {
		return fmt.Errorf("%s: its first %d rows are not those of its checkpoint", d.Curve(), c.Rows)
	}
	return nil
}

// Renew makes room for the manifest of want, in a folder whose own is damaged or gone: it
// is set aside, and so are checkpoints that are not known to be of such a run. The caller
// holds the folder's lock.
func (d Dir) Renew(want *Run) (warnings []string, err error) {
	aside := func(path string, why error) {
		if err != nil {
			return
		}
		var text string
		if text, err = setAside(path, why); err == nil {
			warnings = append(warnings, text)
		}
	}
	if _, wrong := d.Load(); errors.Is(wrong, ErrDamaged) {
		aside(d.RunJSON(), wrong)
	}
	for _, path := range []string{d.Checkpoint(), d.Previous()} {
		c, wrong := LoadCheckpoint(path)
		if wrong == nil && string(c.Bytes[fingerprintKey]) != want.hash() { // else it is for LastGood to see
			aside(path, fmt.Errorf("%s: is not known to be of this run, whose manifest is lost", path))
		}
	}
	return warnings, err
}

// setAside renames a file that is damaged and says so in a line.
func setAside(path string, why error) (string, error) {
	to := path + ".damaged"
	if err := os.Rename(path, to); err != nil {
		return "", files.Error(path, err)
	}
	return fmt.Sprintf("%v; set aside as %s", why, filepath.Base(to)), nil
}
