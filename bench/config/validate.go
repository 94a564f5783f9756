package config

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"fig5/bench/anneal"
	"fig5/bench/data"
	"fig5/bench/models"
	"fig5/filters"
)

// validate checks what no key can tell by itself. Its errors are keyErrors.
func (c *Config) validate() error {
	a := c.Anneal
	for i, K := range a.Steps {
		if twice(a.Steps, i) {
			return itemError("anneal.steps", i, fmt.Sprintf("%d is there twice", K))
		}
	}
	for i, b := range a.Baselines {
		if slices.ContainsFunc(a.Baselines[:i], func(o anneal.Baseline) bool { return o.Name == b.Name }) {
			return itemError("anneal.baselines", i, b.Name+" is there twice")
		}
		for j, n := range b.Iterations {
			if twice(b.Iterations, j) {
				return keyError{fmt.Sprintf("anneal.baselines.%d.iterations.%d", i, j), fmt.Sprintf("%d is there twice", n)}
			}
		}
	}
	for i, seed := range c.Seeds {
		if twice(c.Seeds, i) {
			return itemError("seeds", i, fmt.Sprintf("%d is there twice", seed))
		}
	}
	if n := len(c.Seeds); n == 0 || n > maxSeeds {
		return keyError{"seeds", fmt.Sprintf("%d seeds (1 to %d)", n, maxSeeds)}
	}
	if len(a.Beta) != 2 || a.Beta[0] > a.Beta[1] {
		return keyError{"anneal.beta", fmt.Sprintf("[%s] is not two β, the smaller (hotter) first", list64(a.Beta))}
	}
	if err := c.validateGrid(); err != nil {
		return err
	}
	if c.FID.Every > c.Train.Final {
		return keyError{"fid.every", fmt.Sprintf("%d is longer than the %d iterations of train.final", c.FID.Every, c.Train.Final)}
	}
	if err := c.validateModel(); err != nil {
		return err
	}
	if err := c.validateFeatures(); err != nil {
		return err
	}
	return validateAnalysis(c.Analysis)
}

// validateGrid checks schedules, protocols and what they expand to.
func (c *Config) validateGrid() error {
	a := c.Anneal
	schedules := map[string]bool{}
	for i, s := range a.Schedule {
		// Compared without case: they become names of folders.
		if id := strings.ToLower(fileSafe(s.String())); schedules[id] {
			return itemError("anneal.schedule", i, s.String()+" is there twice")
		} else {
			schedules[id] = true
		}
		if variant("anneal.schedule", s.Name) == ownSchedule && len(s.Levels) == 0 {
			return itemError("anneal.schedule", i, s.Name+" has no levels")
		}
		for j, beta := range s.Levels {
			if j > 0 && beta < s.Levels[j-1] {
				return keyError{fmt.Sprintf("anneal.schedule.%d.levels.%d", i, j), fmt.Sprintf("%s after %s: levels ascend, from hot to cold", number(beta), number(s.Levels[j-1]))}
			}
		}
	}
	for i, p := range a.Protocol {
		if twice(a.Protocol, i) {
			return itemError("anneal.protocol", i, p.String()+" is there twice")
		}
	}
	for i, end := range a.End {
		if twice(a.End, i) {
			return itemError("anneal.end", i, end+" is there twice")
		}
	}
	for i, width := range a.Box.HalfWidth {
		if twice(a.Box.HalfWidth, i) {
			return itemError("anneal.box.half_width", i, number(width)+" is there twice")
		}
	}
	if len(a.End) == 0 {
		return keyError{"anneal.end", "no end; without the key it is " + anneal.Inclusive}
	}
	if len(a.Box.HalfWidth) == 0 {
		return keyError{"anneal.box.half_width", "no half width; without the key it is 2"}
	}
	if len(a.Schedule) == 0 {
		return keyError{"anneal.schedule", "no schedule; anneal.steps: [] is the way to anneal nothing"}
	}
	if len(a.Protocol) == 0 {
		return keyError{"anneal.protocol", "no protocol; anneal.steps: [] is the way to anneal nothing"}
	}
	n := 0
	for _, K := range a.Steps {
		n += K * len(a.Schedule) * len(a.Protocol) * len(a.End) * len(a.Box.HalfWidth)
	}
	if n > maxLevels {
		return keyError{"anneal.steps", fmt.Sprintf("%d levels in all ladders are more than %d", n, maxLevels)}
	}
	groups, err := c.groups()
	if err == nil && len(groups) == 0 {
		return keyError{"anneal.steps", "no steps and no baselines: nothing to run"}
	}
	seen := map[string]bool{}
	for _, g := range groups {
		if g.twin {
			continue
		}
		id := strings.ToLower(g.ID)
		if seen[id] {
			return keyError{"anneal.schedule", g.ID + " would be the name of two cells; rename a schedule"}
		}
		seen[id] = true
	}
	return err
}

// maxLevels is the largest sum of K over the ladders of a sweep.
const maxLevels = 1_000_000

// validateModel checks that the networks fit the data.
func (c *Config) validateModel() error {
	m, _ := models.Find(c.Model.Name)
	fits := data.Names(func(k data.Kind) bool {
		d := c.Data
		d.Name = k.Name
		return m.Fits(d.Shape())
	})
	if slices.Contains(fits, c.Data.Name) {
		return nil
	}
	return keyError{"model.name", fmt.Sprintf("%s is for data.name %s, not %s", c.Model.Name, strings.Join(fits, " or "), c.Data.Name)}
}

// validateFeatures checks that the features are for the data.
func (c *Config) validateFeatures() error {
	fits := data.Names(func(k data.Kind) bool { return slices.Contains(k.Features, c.FID.Features.Name) })
	if slices.Contains(fits, c.Data.Name) {
		return nil
	}
	return keyError{"fid.features", fmt.Sprintf("%s is for data.name %s, not %s", c.FID.Features.Name, strings.Join(fits, " or "), c.Data.Name)}
}

// validateAnalysis checks the analysis section by the rules of package filters.
func validateAnalysis(a filters.Analysis) error {
	err := a.Validate()
	if err == nil {
		return nil
	}
	key, message, _ := strings.Cut(err.Error(), ": ")
	return keyError{"analysis." + key, message}
}

// Warnings are what a valid sweep will probably not be meant to be.
func (c *Config) Warnings() []string {
	var w []string
	if room := float64(c.Train.Final) - c.Analysis.Knee.Least; c.Analysis.Window > room {
		w = append(w, fmt.Sprintf("analysis.window: %s iterations after the knee do not fit in the %d of train.final; every cell will be unsettled", number(c.Analysis.Window), c.Train.Final))
	}
	if n := len(c.Seeds); n < 6 {
		w = append(w, fmt.Sprintf("seeds: %d; fewer than 6 decide no test at the 5 %% level", n))
	}
	return w
}

// twice reports whether list[i] is in the list before i.
func twice[T comparable](list []T, i int) bool {
	for _, x := range list[:i] {
		if x == list[i] {
			return true
		}
	}
	return false
}

func itemError(path string, i int, message string) error {
	return keyError{path + "." + strconv.Itoa(i), message}
}

func list64(x []float64) string {
	words := make([]string, len(x))
	for i, v := range x {
		words[i] = number(v)
	}
	return strings.Join(words, ", ")
}
