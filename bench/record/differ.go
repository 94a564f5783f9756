package record

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// CheckSame is an error if r, a run found in d, is not a run of what want asks for. It
// names the first key that differs, both values and what to do.
func (d Dir) CheckSame(r, want *Run) error {
	if r.Fingerprint == want.Fingerprint {
		return nil
	}
	const todo = "delete the folder to train it anew, or give the sweep another name (--set name=...)"
	key, have, now := r.differs(want)
	if key == "" { // the same keys, made into a curve in another way
		return fmt.Errorf("%s: was trained by a fig5 that trains differently (fingerprint %s, now %s); %s", d.RunJSON(), r.Fingerprint, want.Fingerprint, todo)
	}
	return fmt.Errorf("%s: was trained with %s = %s, the config now says %s; %s", d.RunJSON(), key, have, now, todo)
}

// differs is the first key, in the order of the config, that makes r and want
// different runs, and its two values. The grid itself is not compared, only the
// levels that it gave.
func (r *Run) differs(want *Run) (key, have, now string) {
	skip := []string{"name", "analysis", "seeds", "slurm", "data.path", "train.checkpoint",
		"anneal.steps", "anneal.baselines", "anneal.schedule", "anneal.protocol"}
	if reflect.DeepEqual(r.Cell.Levels, want.Cell.Levels) {
		skip = append(skip, "anneal.beta", "anneal.end", "train.final")
	}
	if r.Cell.Pretrain == want.Cell.Pretrain {
		skip = append(skip, "train.pretrain")
	}
	if r.Pretraining {
		skip = append(skip, "anneal", "fid")
	}
	if key, have, now = firstDifference(r.Config, want.Config, skip); key != "" {
		return key, have, now
	}
	key, have, now = firstDifference(r.Cell.Levels, want.Cell.Levels, nil)
	if key != "" {
		key = "cell.levels." + key
	}
	return key, have, now
}

func firstDifference(a, b any, skip []string) (key, have, now string) {
	ka, va, errA := flatten(a)
	kb, vb, errB := flatten(b)
	if errors.Join(errA, errB) != nil {
		return "", "", ""
	}
	for _, k := range append(kb, ka...) {
		skipped := slices.ContainsFunc(skip, func(s string) bool { return k == s || strings.HasPrefix(k, s+".") })
		if !skipped && va[k] != vb[k] {
			return k, orNone(va[k]), orNone(vb[k])
		}
	}
	return "", "", ""
}

func orNone(s string) string {
	if s == "" {
		return "(none)"
	}
	return s
}

// flatten is v's JSON as dotted keys, in their order, and the JSON text of each value.
func flatten(v any) (keys []string, values map[string]string, err error) {
	b, err := json.Marshal(v)
	if err != nil {
		return nil, nil, err
	}
	values = map[string]string{}
	dec := json.NewDecoder(bytes.NewReader(b))
	dec.UseNumber()
	var walk func(path string) error
	walk = func(path string) error {
		t, err := dec.Token()
		if err != nil {
			return err
		}
		delim, nested := t.(json.Delim)
		if !nested {
			text, err := json.Marshal(t)
			keys, values[path] = append(keys, path), string(text)
			return err
		}
		for i := 0; dec.More(); i++ {
			name := fmt.Sprint(i)
			if delim == '{' {
				if t, err = dec.Token(); err != nil {
					return err
				}
				name = fmt.Sprint(t)
			}
			if err := walk(strings.TrimPrefix(path+"."+name, ".")); err != nil {
				return err
			}
		}
		_, err = dec.Token()
		return err
	}
	return keys, values, walk("")
}
