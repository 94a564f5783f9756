package config

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"fig5/bench/anneal"
	"fig5/bench/data"
	"fig5/bench/models"
	"fig5/fid/features/kinds"
)

// maxLevels is the largest sum of K over the ladders of a sweep.
const maxLevels = 1_000_000

// validate checks what no key can tell by itself. Its errors are keyErrors.
func (c *Config) validate() error {
	reserved := map[string]string{"pretrain": "the folder of each sweep's pretraining", "recorded": "the folder of the recorded sweeps"}
	if what := reserved[strings.ToLower(c.Name)]; what != "" {
		return keyError{"name", fmt.Sprintf("%s is %s; choose another name", c.Name, what)}
	}
	if err := cmp.Or(c.validateLists(), c.validateSchedules()); err != nil {
		return err // so that the grid below has something to expand
	}
	_, tooShort := c.Analysis.Lowpass.At(float64(c.FID.Every))
	return cmp.Or(
		c.validateGrid(),
		check(c.FID.Every <= c.Train.Final, "fid.every", "%d is longer than the %d iterations of train.final", c.FID.Every, c.Train.Final),
		c.validateModel(),
		c.fits("model.name", c.Model.Name, func(k data.Kind) bool {
			m, _ := models.Find(c.Model.Name)
			return m.Fits(k.ShapeOf(c.Data))
		}),
		c.fits("fid.features", c.FID.Features.Name, func(k data.Kind) bool {
			return kinds.Find(c.FID.Features.Name).Fits(k.Name, !k.ShapeOf(c.Data).Points())
		}),
		analysisError(c.Analysis.Validate(), ""),
		analysisError(tooShort, "lowpass."),
		c.validateSlurm(),
	)
}

// check is a keyError unless ok.
func check(ok bool, path, format string, args ...any) error {
	if ok {
		return nil
	}
	return keyError{path, fmt.Sprintf(format, args...)}
}

// fits checks that a thing of that name, the value of a key, is for the data: ok says for
// which data sets it is.
func (c *Config) fits(path, name string, ok func(data.Kind) bool) error {
	of := data.Names(ok)
	return check(slices.Contains(of, c.Data.Name), path, "%s is for data.name %s, not %s", name, oneOf(of...).text, c.Data.Name)
}

// validateModel checks that a model for some sizes alone has data of such a size.
func (c *Config) validateModel() error {
	m, _ := models.Find(c.Model.Name)
	s := c.Data.Shape()
	of := fmt.Sprintf("%d × %d", s.Height, s.Width)
	if s.Points() {
		of = "the points of " + c.Data.Name
	}
	return check(m.For == "" || m.Fits(s), "model.name", "%s is for %s, not %s", m.Name, m.For, of)
}

// analysisError is an error of package filters, which begins with the key, as a keyError.
func analysisError(err error, section string) error {
	if err == nil {
		return nil
	}
	key, message, _ := strings.Cut(err.Error(), ": ")
	return keyError{"analysis." + section + key, message}
}

// distinct checks that nothing is twice in the list at path.
func distinct[T comparable](path string, list []T) error {
	seen := make(map[T]bool, len(list))
	for i, x := range list {
		if seen[x] {
			return itemError(path, i, fmt.Sprint(x)+" is there twice")
		}
		seen[x] = true
	}
	return nil
}

func itemError(path string, i int, message string) error {
	return keyError{path + "." + strconv.Itoa(i), message}
}

// validateLists checks that lists name nothing twice and are as long as they must be.
func (c *Config) validateLists() error {
	a := c.Anneal
	names := make([]string, len(a.Baselines))
	var lengths error
	for i, b := range a.Baselines {
		names[i] = b.Name
		lengths = cmp.Or(lengths, distinct(fmt.Sprintf("anneal.baselines.%d.iterations", i), b.Iterations))
	}
	return cmp.Or(
		distinct("anneal.steps", a.Steps), distinct("anneal.baselines", names), lengths, distinct("seeds", c.Seeds), distinct("train.snapshots", c.Train.Snapshots),
		check(len(c.Seeds) > 0 && len(c.Seeds) <= maxSeeds, "seeds", "%d seeds (1 to %d)", len(c.Seeds), maxSeeds),
		check(len(a.Beta) == 2 && a.Beta[0] <= a.Beta[1], "anneal.beta", "%s is not two β, the smaller (hotter) first", strings.ReplaceAll(fmt.Sprint(a.Beta), " ", ", ")),
		distinct("anneal.protocol", a.Protocol), distinct("anneal.end", a.End), distinct("anneal.box.half_width", a.Box.HalfWidth),
		check(len(a.End) > 0, "anneal.end", "no end; without the key it is "+anneal.Inclusive),
		check(len(a.Box.HalfWidth) > 0, "anneal.box.half_width", "no half width; without the key it is 2"),
		check(len(a.Schedule) > 0, "anneal.schedule", "no schedule; anneal.steps: [] is the way to anneal nothing"),
		check(len(a.Protocol) > 0, "anneal.protocol", "no protocol; anneal.steps: [] is the way to anneal nothing"),
	)
}

// validateSchedules checks names, compared without case as they become names of folders,
// and levels.
func (c *Config) validateSchedules() error {
	seen := map[string]bool{}
	for i, s := range c.Anneal.Schedule {
		id := strings.ToLower(fileSafe(s.String()))
		if seen[id] {
			return itemError("anneal.schedule", i, s.String()+" is there twice")
		}
		seen[id] = true
		if variant("anneal.schedule", s.Name) == ownSchedule && len(s.Levels) == 0 {
			return itemError("anneal.schedule", i, s.Name+" has no levels")
		}
		for j, beta := range s.Levels {
			if j > 0 && beta < s.Levels[j-1] {
				return itemError(fmt.Sprintf("anneal.schedule.%d.levels", i), j, fmt.Sprintf("%s after %s: levels ascend, from hot to cold", number(beta), number(s.Levels[j-1])))
			}
		}
	}
	return nil
}

// validateGrid checks what schedules, protocols and baselines expand to.
func (c *Config) validateGrid() error {
	a, n := c.Anneal, 0
	for _, K := range a.Steps {
		n += K * len(a.Schedule) * len(a.Protocol) * len(a.End) * len(a.Box.HalfWidth)
	}
	if n > maxLevels {
		return keyError{"anneal.steps", fmt.Sprintf("%d levels in all ladders are more than %d", n, maxLevels)}
	}
	grid, err := c.grid()
	if err != nil {
		return err
	}
	if len(grid) == 0 {
		return keyError{"anneal.steps", "no steps and no baselines: nothing to run"}
	}
	seen := map[string]bool{}
	for _, p := range grid {
		id := strings.ToLower(p.ID)
		if !p.twin && seen[id] {
			return keyError{"anneal.schedule", p.ID + " would be the name of two cells; rename a schedule"}
		}
		seen[id] = true
	}
	return nil
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
