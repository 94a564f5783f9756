package config

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"math"

	"fig5/bench/anneal"
)

// Fingerprint is a hash (16 hex digits) of everything that determines the cell's
// curve. It leaves out what may change between two runs of the same cell: the
// sweep's name, the grid around the cell, the analysis, where the data and modules lie, how often
// a checkpoint is written, slurm, and the box of a cell that is never heated in it.
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
	data, train := c.Data, c.Train
	data.Path = ""
	train.Pretrain, train.Final, train.Checkpoint = iterations, 0, 0 // Final is in the levels
	return fingerprint(struct {
		Seed  int
		Data  Data
		Model Model
		Train Train
	}{seed, data, c.Model, train})
}

func fingerprint(v any) string {
	b, err := json.Marshal(v)
	if err != nil { // only a value that Load refuses, such as NaN
		return "invalid"
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:8])
}
