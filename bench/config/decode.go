package config

import (
	"fmt"
	"os"

	"gopkg.in/yaml.v3"

	"fig5/bench/anneal"
	"fig5/filters"
)

func load(path string, sets []string) (*Config, error) {
	c := &Config{
		Anneal: Anneal{
			Baselines: []string{"cold", "warm", "hot"}, Schedule: []anneal.Schedule{{Name: "geometric"}},
			Protocol: []anneal.Protocol{{Name: "budget", Iterations: 10000}}, Beta: []float64{.1, 10}, End: "inclusive",
			Box: anneal.Box{Kind: "reflect", HalfWidth: 2},
		},
		Train: Train{Pretrain: 3000, Final: 80000, Batch: 64, Loss: "minimax", Checkpoint: 5000, Device: "cpu", Engine: "auto",
			Optimizer: Optimizer{Name: "adam", LR: 2e-4, Beta1: .5, Beta2: .999, Eps: 1e-8}},
		FID: FID{100, 2000, "raw"}, Analysis: filters.DefaultAnalysis(), Seeds: []int{0, 1, 2, 3, 4, 5, 6, 7, 8, 9},
	}
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	if err := yaml.Unmarshal(b, c); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return c, nil
}

func loadAnalysis([]string) (filters.Analysis, error) { return filters.DefaultAnalysis(), nil }
