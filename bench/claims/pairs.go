package claims

import (
	"bytes"
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

// comparer is the groups of sweeps on their way into pairs.
type comparer struct {
	names    []string            // of the sweeps
	settings []map[string]string // their configs
	units    []*unit
}

// key is the key that by names, or the first that tells groups apart.
func (c *comparer) key(by string) (string, error) {
	if by == "" {
		if len(c.names) > 1 {
			return bySweep, nil
		}
		for _, key := range []string{bySchedule, byEnd, byWidth, byProtocol} {
			if len(c.values(key)) > 1 {
				return key, nil
			}
		}
		if len(c.values(byBaseline)) > 1 {
			return byBaseline, nil
		}
		return byK, nil
	}
	if a, ok := aliases[by]; ok {
		by = a
	}
	switch by {
	case bySweep, bySchedule, byProtocol, byBaseline, byK:
		return by, nil
	}
	if c.inGrid(by) {
		return by, nil
	}
	for _, s := range c.settings {
		if _, ok := s[by]; ok {
			return by, nil
		}
	}
	return "", fmt.Errorf("--by: %q is %w of the sweeps (schedule, anneal.protocol, baseline, sweep, k, or a key of their configs such as train.optimizer.lr)", by, errNoKey)
}

// value is the value of key for u; empty where it has none.
func (c *comparer) value(u *unit, key string) string {
	baseline := u.group.Baseline
	switch key {
	case bySweep:
		return c.names[u.sweep]
	case byBaseline:
		if baseline == "" {
			return "annealed"
		}
		return u.group.Name() // with its length, where there are several
	case byK:
		if baseline == "" {
			return fmt.Sprintf("K = %d", u.group.K)
		}
		return ""
	case bySchedule, byProtocol:
		return u.group.By[key]
	}
	if v, ok := u.group.By[key]; ok || baseline != "" && c.inGrid(key) {
		return v
	}
	return c.settings[u.sweep][key]
}

// values is the values of key among the units, in their order.
func (c *comparer) values(key string) []string {
	var all []string
	for _, u := range c.units {
		if v := c.value(u, key); v != "" && !slices.Contains(all, v) {
			all = append(all, v)
		}
	}
	return all
}

// place gives each unit its variant and the coordinates that its partner must share.
// A coordinate with one value in each variant is none of them: two sweeps with a
// schedule each are compared as they are, and differences says so.
func (c *comparer) place(by string) {
	for _, u := range c.units {
		u.variant = c.value(u, by)
		u.within = map[string]string{}
	}
	for _, key := range []string{bySweep, bySchedule, byEnd, byWidth, byProtocol} {
		if key == by || key == bySweep && !c.isCoordinate(by) {
			continue
		}
		perVariant := map[string]map[string]bool{}
		for _, u := range c.units {
			if v := c.value(u, key); v != "" && u.variant != "" {
				if perVariant[u.variant] == nil {
					perVariant[u.variant] = map[string]bool{}
				}
				perVariant[u.variant][v] = true
			}
		}
		if !slices.ContainsFunc(slices.Collect(maps.Values(perVariant)), func(m map[string]bool) bool { return len(m) > 1 }) {
			continue
		}
		for _, u := range c.units {
			if v := c.value(u, key); v != "" {
				u.within[key] = v
			}
		}
	}
	for _, u := range c.units { // of hot phases of several lengths
		if n := u.group.By[byLength]; n != "" && by != byLength {
			u.within[byLength] = n
		}
	}
}

func (c *comparer) isCoordinate(by string) bool {
	return slices.Contains([]string{bySweep, bySchedule, byProtocol, byBaseline, byK}, by) || c.inGrid(by)
}

// inGrid says whether groups of one sweep may differ in key.
func (c *comparer) inGrid(key string) bool {
	return slices.ContainsFunc(c.units, func(u *unit) bool { _, ok := u.group.By[key]; return ok })
}

// pairs lines up the units that differ in the key and agree in the rest.
func (c *comparer) pairs(by string) ([][2]*unit, error) {
	var pairs [][2]*unit
	var err error
	switch by {
	case byBaseline:
		pairs = c.againstBaselines()
	case byK:
		pairs = c.againstSmallest()
	default:
		pairs, err = c.againstFirst(by)
	}
	if err != nil || len(pairs) > 0 {
		return pairs, err
	}
	values := c.values(by)
	switch {
	case len(values) == 0:
		return nil, fmt.Errorf("%w by %s: no group has it", errNothing, by)
	case len(values) == 1:
		return nil, fmt.Errorf("%w by %s: there is only %s", errNothing, by, values[0])
	}
	return nil, fmt.Errorf("%w by %s: no K is there for two of %s", errNothing, by, strings.Join(values, ", "))
}

// againstFirst pairs each later variant with the first.
func (c *comparer) againstFirst(by string) ([][2]*unit, error) {
	values := c.values(by)
	at := map[string]*unit{}
	row := func(u *unit) string { return fmt.Sprint(u.group.Baseline, u.group.K, u.within) }
	for _, u := range c.units {
		if u.variant == "" {
			continue
		}
		key := u.variant + "\n" + row(u)
		if o := at[key]; o != nil {
			return nil, fmt.Errorf("--by %s: %s and %s both have %s; give one sweep for each value", by, c.names[o.sweep], c.names[u.sweep], u.variant)
		}
		at[key] = u
	}
	var pairs [][2]*unit
	for i, second := range values {
		if i == 0 {
			continue
		}
		for _, u := range c.units {
			if u.variant != second {
				continue
			}
			if a := at[values[0]+"\n"+row(u)]; a != nil {
				pairs = append(pairs, [2]*unit{a, u})
			}
		}
	}
	return pairs, nil
}

// againstBaselines pairs each baseline with every ladder of its sweep.
func (c *comparer) againstBaselines() [][2]*unit {
	var pairs [][2]*unit
	for _, a := range c.units {
		if a.group.Baseline == "" {
			continue
		}
		for _, b := range c.units {
			if b.group.Baseline == "" && b.sweep == a.sweep {
				pairs = append(pairs, [2]*unit{a, b})
			}
		}
	}
	return pairs
}

// againstSmallest pairs each ladder with that of the smallest K in its series.
func (c *comparer) againstSmallest() [][2]*unit {
	var pairs [][2]*unit
	smallest := map[string]*unit{}
	series := func(u *unit) string { return fmt.Sprint(u.sweep, u.group.By) }
	for _, u := range c.units {
		if s := smallest[series(u)]; u.group.Baseline == "" && (s == nil || u.group.K < s.group.K) {
			smallest[series(u)] = u
		}
	}
	for _, u := range c.units {
		if a := smallest[series(u)]; u.group.Baseline == "" && a != u {
			pairs = append(pairs, [2]*unit{a, u})
		}
	}
	return pairs
}

// differences says in which settings sweeps that are compared differ besides the
// key: what a difference in amplitude may also be due to.
func (c *comparer) differences(by string, pairs [][2]*unit) []string {
	var notes []string
	seen := map[string]bool{}
	for _, p := range pairs {
		a, b := p[0], p[1]
		var words []string
		for _, key := range []string{bySchedule, byEnd, byWidth, byProtocol} {
			va, vb := c.value(a, key), c.value(b, key)
			if key != by && va != "" && vb != "" && va != vb {
				words = append(words, fmt.Sprintf("%s (%s, %s)", key, va, vb))
			}
		}
		if a.sweep != b.sweep {
			sa, sb := c.settings[a.sweep], c.settings[b.sweep]
			for _, key := range slices.Sorted(maps.Keys(sa)) {
				if vb, ok := sb[key]; ok && vb != sa[key] && key != by && key != byEnd && key != byWidth && !strings.HasPrefix(by, key+".") && !indifferent(key) {
					words = append(words, fmt.Sprintf("%s (%s, %s)", key, sa[key], vb))
				}
			}
		}
		if words == nil {
			continue
		}
		note := fmt.Sprintf("%s and %s differ in %s", a.variant, b.variant, strings.Join(words, ", "))
		if by != bySweep {
			note = fmt.Sprintf("%s and %s differ also in %s", a.variant, b.variant, strings.Join(words, ", "))
		}
		if !seen[note] {
			seen[note] = true
			notes = append(notes, note)
		}
	}
	return notes
}

// indifferent says whether a key changes no amplitude, or does so as a coordinate. The
// analysis changes amplitudes, though not the curve.
func indifferent(key string) bool {
	return !config.Changes(key) && key != "analysis" && !strings.HasPrefix(key, "analysis.")
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
	var top any
	dec := json.NewDecoder(bytes.NewReader(b))
	dec.UseNumber() // numbers as the config writes them
	if err := dec.Decode(&top); err != nil {
		return nil, err
	}
	if err := flatten(out, "", top); err != nil {
		return nil, err
	}
	for i := range s.Groups {
		for key := range s.Groups[i].By {
			delete(out, key)
		}
	}
	return out, nil
}

func flatten(out map[string]string, path string, v any) error {
	switch v := v.(type) {
	case map[string]any:
		for key, below := range v {
			if path != "" {
				key = path + "." + key
			}
			if err := flatten(out, key, below); err != nil {
				return err
			}
		}
	case string:
		out[path] = v
	default:
		b, err := json.Marshal(v)
		out[path] = string(b)
		return err
	}
	return nil
}

// name is the group in words, with its place in the comparison.
func (u *unit) name() string {
	if u.variant == "" || u.group.Baseline != "" && u.variant == u.group.Name() {
		return u.group.Name()
	}
	if u.variant == "annealed" || strings.HasPrefix(u.variant, "K = ") {
		return fmt.Sprintf("K = %d", u.group.K)
	}
	return u.variant
}
