package config

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"

	"fig5/bench/anneal"
	"fig5/bench/models"
)

// outside are the keys that Fingerprint leaves out, with all below them: what names a
// sweep or a place, the grid (a cell is trained by the levels that the grid gives it),
// how often a checkpoint is written, the analysis, slurm. A module is known by its sha256.
var outside = []string{"name", "data.path", "anneal.steps", "anneal.baselines", "anneal.schedule", "anneal.protocol",
	"train.snapshots", "train.checkpoint", "fid.features.torchscript", "analysis", "seeds", "slurm"}

// Changes reports whether a key such as "train.optimizer.lr" or "anneal.beta.0" is a part
// of what Fingerprint hashes: whether a cell trained with another value is another run.
func Changes(key string) bool {
	return !slices.ContainsFunc(outside, func(o string) bool { return key == o || strings.HasPrefix(key, o+".") })
}

// Fingerprint is a hash (16 hex digits) of everything that determines the cell's curve:
// the keys of which Changes is true, its levels and its seed. The box of a cell that is
// never heated in it does not count.
func (c *Config) Fingerprint(cell Cell) string {
	var box anneal.Box
	for _, l := range cell.Levels {
		if l.Beta > 0 && !math.IsInf(l.Beta, 1) {
			box = c.BoxOf(cell)
		}
	}
	type measured struct {
		Every, Samples int
		Features       string
	}
	return fingerprint(struct {
		Pretrained string
		Box        anneal.Box
		Levels     []anneal.Level
		FID        measured
	}{c.pretrained(cell.Seed, cell.Pretrain), box, cell.Levels, measured{c.FID.Every, c.FID.Samples, c.FID.Features.String()}})
}

// PretrainFingerprint is the same for the pretraining that all cells of a seed share.
func (c *Config) PretrainFingerprint(seed int) string { return c.pretrained(seed, c.Train.Pretrain) }

// pretrained hashes what determines the networks and the training rule.
func (c *Config) pretrained(seed, iterations int) string {
	data, model, train := c.Data, c.Model, c.Train
	data.Path = ""
	if model.DiscriminatorNorm == models.Batch { // what there was before the key
		model.DiscriminatorNorm = ""
	}
	train.Pretrain, train.Final, train.Checkpoint, train.Snapshots = iterations, 0, 0, nil // Final is in the levels
	return fingerprint(struct {
		Seed  int
		Data  Data
		Model Model
		Train Train
	}{seed, data, model, train})
}

func fingerprint(v any) string {
	b, err := json.Marshal(v)
	if err != nil { // a number that is not finite, which Load refuses
		b = fmt.Appendf(nil, "%#v", v)
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:8])
}
