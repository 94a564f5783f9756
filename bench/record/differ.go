package record

import (
	"cmp"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"

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

// firstDifference is the first key, in the order of b, that is not skipped and at which a
// and b differ as JSON.
func firstDifference(a, b any, skip func(key string) bool) (key, have, now string) {
	ka, va := flatten(a)
	kb, vb := flatten(b)
	for _, k := range append(kb, ka...) {
		if !skip(k) && va[k] != vb[k] {
			return k, cmp.Or(va[k], "(none)"), cmp.Or(vb[k], "(none)")
		}
	}
	return "", "", ""
}

// flatten is v's JSON as dotted keys, in their order, and the JSON text of each value.
func flatten(v any) (keys []string, values map[string]string) {
	text, _ := json.Marshal(v)
	root, err := config.ParseJSON(text)
	if err != nil {
		return nil, nil
	}
	values = map[string]string{}
	var walk func(path string, n *yaml.Node)
	walk = func(path string, n *yaml.Node) {
		for i, item := range n.Content {
			if n.Kind == yaml.SequenceNode {
				walk(fmt.Sprintf("%s.%d", path, i), item)
			} else if i%2 == 1 {
				walk(path+"."+n.Content[i-1].Value, item)
			}
		}
		if n.Kind == yaml.ScalarNode {
			value := n.Value
			if n.Tag == "!!str" {
				value = strconv.Quote(value)
			}
			keys, values[path[1:]] = append(keys, path[1:]), value
		}
	}
	walk("", root)
	return keys, values
}
