package record

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"fig5/bench/config"
)

// CheckSame is an error if r, a run found in d, is not a run of what want asks for. It
// names the first key that differs, both values and what to do. Both configs are
// hashed anew, so that runs outlive a change of the hash.
func (d Dir) CheckSame(r, want *Run) error {
	if err := r.SameAs(want); err != nil {
		return fmt.Errorf("%s: %w; delete the folder to train it anew, or give the sweep another name (--set name=...)", d.RunJSON(), err)
	}
	return nil
}

// SameAs is an error that names the first setting by which r is another run than want.
func (r *Run) SameAs(want *Run) error {
	if r.hash() == want.hash() {
		return nil
	}
	key, have, now := r.differs(want)
	return fmt.Errorf("was trained with %s = %s, the config now says %s", key, have, now)
}

// CheckFingerprint is an error if the config in the manifest is not the one that the
// run was begun with.
func (r *Run) CheckFingerprint() error {
	if hash := r.hash(); hash != r.Fingerprint {
		return fmt.Errorf("fingerprint: %s is not that of its config, %s; the file was edited, or written by a fig5 that hashes otherwise", r.Fingerprint, hash)
	}
	return nil
}

func (r *Run) hash() string {
	if r.Pretraining {
		return r.Config.PretrainFingerprint(r.Cell.Seed)
	}
	return r.Config.Fingerprint(r.Cell)
}

// differs is the first key, in the order of the config, that makes r and want
// different runs, and its two values. The grid itself is not compared, only the
// levels that it gave.
func (r *Run) differs(want *Run) (key, have, now string) {
	var same []string // with all keys below
	if reflect.DeepEqual(r.Cell.Levels, want.Cell.Levels) {
		same = append(same, "anneal.beta", "anneal.end", "train.final")
	}
	if r.Config.BoxOf(r.Cell) == want.Config.BoxOf(want.Cell) {
		same = append(same, "anneal.box.half_width")
	}
	switch {
	case r.Pretraining:
		same = append(same, "anneal", "fid", "train.final")
	case r.Cell.Pretrain == want.Cell.Pretrain:
		same = append(same, "train.pretrain")
	}
	skip := func(key string) bool {
		return !config.Changes(key) || slices.ContainsFunc(same, func(s string) bool { return key == s || strings.HasPrefix(key, s+".") })
	}
	if key, have, now = firstDifference(r.Config, want.Config, skip); key != "" {
		return key, have, now
	}
	key, have, now = firstDifference(r.Cell, want.Cell, func(string) bool { return false })
	return "cell." + key, have, now
}

func firstDifference(a, b any, skip func(key string) bool) (key, have, now string) {
	ka, va, errA := flatten(a)
	kb, vb, errB := flatten(b)
	if errors.Join(errA, errB) != nil {
		return "", "", ""
	}
	for _, k := range append(kb, ka...) {
		if !skip(k) && va[k] != vb[k] {
			return k, cmp.Or(va[k], "(none)"), cmp.Or(vb[k], "(none)")
		}
	}
	return "", "", ""
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
