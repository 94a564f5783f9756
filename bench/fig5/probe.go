package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"fig5/bench/config"
	"fig5/bench/record"
	"fig5/bench/sweep"
)

// probeTime is how long a probe trains.
const probeTime = 2 * time.Second

// probed is a probe as it is kept: what was measured, and of what.
type probed struct {
	Of   probedThing `json:"of"`
	Cost sweep.Cost  `json:"cost"`
}

// probedThing is all that the cost depends on.
type probedThing struct {
	Machine  record.Machine  `json:"machine"`
	Kernels  string          `json:"kernels"` // FIG5_KERNELS, which chooses among the machine's
	Worker   string          `json:"worker"`
	Built    time.Time       `json:"built"`
	Workers  int             `json:"workers"` // at once
	Model    config.Model    `json:"model"`
	Data     config.Data     `json:"data"`
	Batch    int             `json:"batch"`
	Engine   string          `json:"engine"`
	Device   string          `json:"device"`
	Samples  int             `json:"samples"`
	Features config.Features `json:"features"`
}

// probe is the cost of the sweep's training on this machine: measured by the worker in
// a few seconds, once; then kept in the user's cache for every sweep with the same
// model, data and batch, until the worker is built anew. Unless anew, only one that is
// kept is given.
func probe(ctx context.Context, e *env, path string, c *config.Config, workers int, anew bool) (sweep.Cost, error) {
	worker, err := sweep.FindWorker()
	if err != nil {
		return sweep.Cost{}, err
	}
	info, err := os.Stat(worker)
	if err != nil {
		return sweep.Cost{}, err
	}
	of := probedThing{record.ThisMachine(), os.Getenv("FIG5_KERNELS"), worker, info.ModTime().UTC(), workers,
		c.Model, c.Data, c.Train.Batch, c.Train.Engine, c.Train.Device, c.FID.Samples, c.FID.Features}
	key, err := json.Marshal(of)
	if err != nil {
		return sweep.Cost{}, err
	}
	file := ""
	if cache, err := os.UserCacheDir(); err == nil {
		sum := sha256.Sum256(key)
		file = filepath.Join(cache, "fig5", "probe", hex.EncodeToString(sum[:8])+".json")
		var kept probed
		if text, err := os.ReadFile(file); err == nil && json.Unmarshal(text, &kept) == nil && kept.Cost.Iteration > 0 {
			return kept.Cost, nil
		}
	}
	if !anew {
		return sweep.Cost{}, errors.New("no probe is kept")
	}
	fmt.Fprintln(e.err, "fig5: measuring the speed of this machine for 2 seconds, once")
	cost, err := sweep.Probe(ctx, worker, path, e.sets, workers, probeTime, c.FID.Samples)
	if err != nil {
		return sweep.Cost{}, err
	}
	if cost.Busy {
		fmt.Fprintln(e.err, "fig5: other programs run as well: the time is as long as with them, and the next plan measures again")
	} else if file != "" { // a cache that cannot be written costs the next plan 2 seconds
		if text, err := json.MarshalIndent(probed{of, cost}, "", "  "); err == nil && os.MkdirAll(filepath.Dir(file), 0o777) == nil {
			_ = os.WriteFile(file, append(text, '\n'), 0o666)
		}
	}
	return cost, nil
}
