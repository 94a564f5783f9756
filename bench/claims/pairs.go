package claims

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"fig5/bench/config"
	"fig5/bench/measure"
)

// Keys that are not keys of a config.
const (
	bySweep    = "sweep"
	bySchedule = "schedule"
	byProtocol = "anneal.protocol"
	byEnd      = "anneal.end"
	byWidth    = "anneal.box.half_width"
	byBaseline = "baseline"
	byK        = "k"
	byLength   = "iterations" // of a hot phase, where there are several
)

// ladder is the value of byBaseline for groups that are no baselines.
const ladder = "annealed"

// aliases are other names of the coordinates, as a config or a curve list has them.
var aliases = map[string]string{
	"anneal.schedule": bySchedule, "anneal.schedule.name": bySchedule,
	"protocol": byProtocol, "anneal.protocol.name": byProtocol,
	"end": byEnd, "half_width": byWidth,
	"anneal.baselines": byBaseline, "baselines": byBaseline,
	"anneal.steps": byK, "steps": byK, "K": byK, "name": bySweep,
}

var (
	errNothing = errors.New("nothing to compare")
	errNoKey   = errors.New("not a key")
)

// unit is a group on its way into pairs.
type unit struct {
	group    *measure.Group
	at       int               // in Summary.Groups
	sweep    string            // the name of its sweep
	settings map[string]string // the config of its sweep
	variant  string            // its value of the key; empty where it has none
	within   map[string]string // coordinates that its partner must share
	runs     string            // what its runs are: equal where two groups are known to be the same runs, measured in the same way
	notes    []string          // warnings of its curves
}

// units are the groups of all sweeps that are compared.
type units []*unit

// pairing is two groups a and b: b is compared with a.
type pairing [2]*unit

// coordinates are the keys of the grid that set series apart.
var coordinates = []string{bySchedule, byEnd, byWidth, byProtocol}

// key is the key that by names, or the first that tells groups apart.
func (all units) key(by string) (string, error) {
	if by == "" {
		for _, key := range slices.Concat([]string{bySweep}, coordinates, []string{byBaseline}) {
			if len(all.values(key)) > 1 {
				return key, nil
			}
		}
		return byK, nil
	}
	if a, ok := aliases[by]; ok {
		by = a
	}
	if all.isCoordinate(by) || slices.ContainsFunc(all, func(u *unit) bool { _, ok := u.settings[by]; return ok }) {
		return by, nil
	}
	return "", fmt.Errorf("--by: %q is %w of the sweeps (schedule, anneal.protocol, baseline, sweep, k, or a key of their configs such as train.optimizer.lr)", by, errNoKey)
}

// value is the value of key for u; empty where it has none.
func (all units) value(u *unit, key string) string {
	baseline := u.group.Baseline
	switch {
	case key == bySweep:
		return u.sweep
	case key == byBaseline && baseline == "":
		return ladder
	case key == byK && baseline != "":
		return ""
	case key == byBaseline, key == byK:
		return u.group.Name() // of a hot phase with its length, where there are several
	}
	v, ok := u.group.By[key]
	if ok || key == bySchedule || key == byProtocol || baseline != "" && all.inGrid(key) {
		return v
	}
	return u.settings[key]
}

// values is the values of key among the units, in their order.
func (all units) values(key string) []string {
	var values []string
	for _, u := range all {
		if v := all.value(u, key); v != "" && !slices.Contains(values, v) {
			values = append(values, v)
		}
	}
	return values
}

// place gives each unit its variant and the coordinates that its partner must share.
// A coordinate with one value in each variant is none of them: two sweeps with a
// schedule each are compared as they are, and differences says so.
func (all units) place(by string) {
	for _, u := range all {
		u.variant = all.value(u, by)
		u.within = map[string]string{}
		if n := u.group.By[byLength]; n != "" && by != byLength { // of hot phases of several lengths
			u.within[byLength] = n
		}
	}
	for _, key := range slices.Concat([]string{bySweep}, coordinates) {
		if key == by || key == bySweep && !all.isCoordinate(by) {
			continue
		}
		one := map[string]string{} // a value of key in each variant
		several := false
		for _, u := range all {
			if v := all.value(u, key); v != "" && u.variant != "" {
				several = several || one[u.variant] != "" && one[u.variant] != v
				one[u.variant] = v
			}
		}
		for _, u := range all {
			if v := all.value(u, key); v != "" && several {
				u.within[key] = v
			}
		}
	}
}

// isCoordinate says whether groups of one sweep may differ in key, or sweeps by their name.
func (all units) isCoordinate(key string) bool {
	return slices.Contains([]string{bySweep, bySchedule, byProtocol, byBaseline, byK}, key) || all.inGrid(key)
}

func (all units) inGrid(key string) bool {
	return slices.ContainsFunc(all, func(u *unit) bool { _, ok := u.group.By[key]; return ok })
}

// pairs lines up the units that differ in the key and agree in the rest.
func (all units) pairs(by string) (pairs []pairing, err error) {
	switch by {
	case byBaseline: // each with every ladder of its sweep
		for _, a := range all {
			for _, b := range all {
				if a.group.Baseline != "" && b.group.Baseline == "" && a.sweep == b.sweep {
					pairs = append(pairs, pairing{a, b})
				}
			}
		}
	case byK: // the smallest of each series with the others
		smallest := map[string]*unit{}
		series := func(u *unit) string { return fmt.Sprint(u.sweep, u.group.By) }
		for _, u := range all {
			if s := smallest[series(u)]; u.group.Baseline == "" && (s == nil || u.group.K < s.group.K) {
				smallest[series(u)] = u
			}
		}
		for _, u := range all {
			if a := smallest[series(u)]; a != u && u.group.Baseline == "" {
				pairs = append(pairs, pairing{a, u})
			}
		}
	default:
		pairs, err = all.againstFirst(by)
	}
	if err != nil || len(pairs) > 0 {
		return pairs, err
	}
	values := all.values(by)
	switch {
	case len(values) == 0:
		return nil, fmt.Errorf("%w by %s: no group has it", errNothing, by)
	case len(values) == 1:
		return nil, fmt.Errorf("%w by %s: there is only %s", errNothing, by, values[0])
	}
	return nil, fmt.Errorf("%w by %s: no K is there for two of %s", errNothing, by, strings.Join(values, ", "))
}

// againstFirst pairs each later variant with the first.
func (all units) againstFirst(by string) (pairs []pairing, err error) {
	at := map[string]*unit{}
	row := func(u *unit, variant string) string {
		return variant + "\n" + fmt.Sprint(u.group.Baseline, u.group.K, u.within)
	}
	for _, u := range all {
		if u.variant == "" {
			continue
		}
		if o := at[row(u, u.variant)]; o != nil {
			return nil, fmt.Errorf("--by %s: %s and %s both have %s; give one sweep for each value", by, o.sweep, u.sweep, u.variant)
		}
		at[row(u, u.variant)] = u
	}
	values := all.values(by)
	for _, variant := range values {
		for _, u := range all {
			if u.variant != variant || variant == values[0] {
				continue
			}
			if a := at[row(u, values[0])]; a != nil {
				pairs = append(pairs, pairing{a, u})
			}
		}
	}
	return pairs, nil
}

// differences says in which settings sweeps that are compared differ besides the
// key: what a difference in amplitude may also be due to. The analysis changes
// amplitudes, though not the curve.
func (all units) differences(by string, pairs []pairing) []string {
	also := ""
	if by != bySweep {
		also = "also "
	}
	var notes []string
	for _, p := range pairs {
		a, b := p[0], p[1]
		var words []string
		differ := func(key, of, other string) {
			if key != by && of != other {
				words = append(words, fmt.Sprintf("%s (%s, %s)", key, of, other))
			}
		}
		for _, key := range coordinates {
			if of, other := all.value(a, key), all.value(b, key); of != "" && other != "" {
				differ(key, of, other)
			}
		}
		for _, key := range slices.Sorted(maps.Keys(a.settings)) {
			other, ok := b.settings[key]
			if ok && !slices.Contains(coordinates, key) && !strings.HasPrefix(by, key+".") && (config.Changes(key) || strings.HasPrefix(key, "analysis.")) {
				differ(key, a.settings[key], other)
			}
		}
		note := fmt.Sprintf("%s and %s differ %sin %s", a.variant, b.variant, also, strings.Join(words, ", "))
		if words != nil && !slices.Contains(notes, note) {
			notes = append(notes, note)
		}
	}
	return notes
}

// settings is the keys of a sweep's config with their values; lists in one piece, and
// without those that are coordinates of its groups.
func settings(s *measure.Sweep) (map[string]string, error) {
	out := map[string]string{}
	if s.Config == nil {
		return out, nil
	}
	b, err := json.Marshal(s.Config)
	if err != nil {
		return nil, err
	}
	flatten(out, "", b)
	for _, g := range s.Groups {
		for key := range g.By {
			delete(out, key)
		}
	}
	return out, nil
}

// flatten adds what json.Marshal wrote at a path, and below it.
func flatten(out map[string]string, path string, value json.RawMessage) {
	var below map[string]json.RawMessage
	var text string
	switch value[0] {
	case '{':
		json.Unmarshal(value, &below)
		for key, v := range below {
			flatten(out, strings.TrimPrefix(path+"."+key, "."), v)
		}
	case '"':
		json.Unmarshal(value, &text)
		out[path] = text
	default:
		out[path] = string(value)
	}
}

// name is the group in words, with its place in the comparison.
func (u *unit) name() string {
	if u.variant == "" || u.variant == ladder {
		return u.group.Name()
	}
	return u.variant
}
