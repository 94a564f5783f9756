package sweep

import (
	"context"
	"fmt"
	"runtime"

	"fig5/bench/config"
	"fig5/bench/data"
	"fig5/bench/sweep/worker"
)

// maxRaw is the most numbers of a sample that are compared as they are. The memory of a
// covariance grows with their square: 134 MB at 4096, and a worker holds about ten.
const maxRaw = 4096

// SettingError is a key of a valid config that this machine's workers cannot go by.
type SettingError struct{ Key, Message string }

func (e SettingError) Error() string { return e.Key + ": " + e.Message }

// Check refuses, as a SettingError, raw features of too many numbers, which every worker
// would fail on.
func Check(c *config.Config) error {
	if d := FeatureDim(c); c.FID.Features.Name == "raw" && d > maxRaw {
		return SettingError{"fid.features", fmt.Sprintf("raw compares all %d numbers of a sample, and a covariance of more than %d does not fit beside a worker's others; name a module, {torchscript: FILE}, or choose smaller samples", d, maxRaw)}
	}
	return nil
}

// CheckDevice has the worker at path look whether this machine has the GPU that c asks for; if
// not, the SettingError says why.
func CheckDevice(ctx context.Context, path string, c *config.Config) error {
	if c.Train.Device == "cpu" {
		return nil
	}
	err := worker.Device(ctx, path, c.Train.Device)
	if err == nil || ctx.Err() != nil {
		return ctx.Err()
	}
	return SettingError{"train.device", err.Error()}
}

// Workers is how many workers train c at a time where nobody says: one a core, or one on
// the GPU.
func Workers(c *config.Config) int {
	if c.Train.Device == "cpu" {
		return runtime.GOMAXPROCS(0)
	}
	return 1
}

// checkFiles finds a module that is not there, or a damaged data set, before every worker
// does. A set of many files is left to them, but for one that is decoded once and kept.
func checkFiles(c *config.Config) error {
	if f := c.FID.Features; f.Name == "torchscript" && f.SHA256 == "" {
		return SettingError{"fid.features", fmt.Sprintf("%s: no such file; `python scripts/export_inception.py -o %s` makes one of pytorch-fid's Inception (docs/features.md)", f.TorchScript, f.TorchScript)}
	}
	if c.Data.Kind().Many {
		return nil
	}
	_, err := data.Check(c.Data)
	return err
}

// checkEnded makes sure that what is not trained again is still there.
func checkEnded(cells []Cell) error {
	for _, cell := range cells {
		if !cell.Ended() {
			continue
		}
		r, err := cell.Dir.Load()
		if err == nil {
			err = cell.Dir.CheckFiles(r)
		}
		if err != nil {
			return fmt.Errorf("%w; delete %s to train it anew", err, cell.Dir)
		}
	}
	return nil
}
