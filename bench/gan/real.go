//go:build cgo

package gan

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"fig5/bench/config"
	"fig5/bench/record"
	"fig5/fid"
	"fig5/fid/features"
)

// realRows is how many real samples go through the features at a time.
const realRows = 1000

// quick is up to how many multiplications the statistics of raw numbers are computed
// by each cell: a tenth of a second.
const quick = 1e9

// realStats is the statistics of the features of all real data. Those of a module
// can take hours, of LeNet seconds, so the first cell of a sweep that needs them
// stores them for the others, under a lock; all read the same file, that cell too.
func (j *judge) realStats(ctx context.Context, sweep record.Sweep, f config.Features) (fid.Stats, error) {
	d := float64(j.features.Dim())
	if j.features.Name() == features.Raw && float64(j.set.Len())*d*d < quick {
		return j.gather(ctx)
	}
	what := f.String() + " of " + j.set.Sum
	if j.features.LeNet() != nil {
		what += " by " + j.features.LeNet().Sum()
	}
	key := sha256.Sum256([]byte(what))
	path := sweep.RealStats(hex.EncodeToString(key[:8]))
	lock, err := record.Dir(sweep).Lock(ctx)
	if err != nil {
		return fid.Stats{}, err
	}
	defer lock.Unlock()
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		stats, err := j.gather(ctx)
		if err != nil {
			return fid.Stats{}, err
		}
		if err := fid.WriteStats(path, stats); err != nil {
			return fid.Stats{}, err
		}
	}
	stats, err := fid.ReadStats(path)
	if err != nil {
		return fid.Stats{}, fmt.Errorf("%w; delete the file, and it is made again", err)
	}
	return stats, nil
}

// gather computes the statistics.
func (j *judge) gather(ctx context.Context) (fid.Stats, error) {
	m := fid.NewMoments(j.features.Dim())
	x := make([]float32, realRows*j.set.Dim)
	for from, n := 0, j.set.Len(); from < n; from += realRows {
		if ctx.Err() != nil {
			return fid.Stats{}, ctx.Err()
		}
		rows := min(realRows, n-from)
		x = x[:rows*j.set.Dim]
		j.set.Fill(x, from)
		f, err := j.features.Extract(x, rows)
		if err != nil {
			return fid.Stats{}, err
		}
		m.AddRows32(f)
	}
	stats, err := m.Stats()
	if err != nil {
		return fid.Stats{}, fmt.Errorf("data.name: %s: %w", j.set.Name, err)
	}
	return stats, nil
}
