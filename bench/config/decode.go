package config

import (
	"fmt"
	"math"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"
)

// decode puts the section n at path, nil if it is not given, into the struct dst, every
// key as it is given or by default. at is the place of the section around it.
func (r *reader) decode(path string, n *yaml.Node, at string, dst reflect.Value) {
	if n == nil {
		n = mapping()
	}
	if here := r.at(n); here != "" {
		at = here
	}
	if n.Kind != yaml.MappingNode {
		r.fail(r.at(n), path, "%s is not a map (%s)", show(n), strings.Join(children(path, "", true), ", "))
	}
	name := r.name(path, n, at)
	if r.err != nil {
		return
	}
	of := variant(path, name)
	known := children(path, of, false)
	for key, item := range pairs(n) {
		if !slices.Contains(known, key) && join(path, key) != "slurm" {
			r.fail(r.at(item), join(path, key), "not a key of %s, which has %s", name, strings.Join(known, ", "))
		}
	}
	for _, key := range known {
		below, item, field := join(path, key), get(n, key), fieldOf(dst, key)
		switch {
		case isList(below):
			if item == nil && lists[below] != "" {
				item = defaultValue(below, lists[below])
			}
			items := []*yaml.Node{item}
			if item != nil && item.Kind == yaml.SequenceNode {
				items = item.Content
			}
			field.Set(reflect.MakeSlice(field.Type(), len(items), len(items)))
			for i, item := range items {
				r.decode(below, item, at, field.Index(i))
			}
		case isSection(below):
			r.decode(below, item, at, field)
		default:
			k, _ := findKey(below, of)
			rival, hasRival := rivals[below]
			switch {
			case item != nil:
				r.decodeKey(k, item, field)
			case hasRival && (k.Default == "" || get(n, rival) != nil):
			case k.Default == "":
				r.missing(k, at)
			default:
				r.decodeKey(k, defaultValue("", k.Default), field)
			}
		}
	}
}

func (r *reader) missing(k Key, at string) {
	r.fail(at, k.Path, "missing; it is %s (%s)", k.Noun, k.Range())
}

// defaultValue is a default, in YAML, of the section at path; "" for a key. A mistake in
// one is found by the test that reads them all.
func defaultValue(path, text string) *yaml.Node {
	var doc yaml.Node
	if err := yaml.Unmarshal([]byte(text), &doc); err != nil {
		panic(err)
	}
	newReader().tidy(path, "", doc.Content[0])
	return doc.Content[0]
}

// name is the name in the section n at path, given or by default.
func (r *reader) name(path string, n *yaml.Node, at string) string {
	if !named(path) {
		return ""
	}
	k, _ := findKey(path+".name", "")
	given, about := get(n, "name"), k.Path
	if given == nil {
		if k.Default == "" {
			r.missing(k, at)
		}
		return k.Default
	}
	x, wrong := k.read(given)
	name, _ := x.(string)
	switch {
	case brief[path]:
		about = path
	case wrong == "" && path == "anneal.schedule" && variant(path, name) == ownSchedule && get(n, "levels") == nil:
		about, wrong = path, k.not(strconv.Quote(name))
	}
	if wrong != "" {
		r.fail(r.at(given), about, "%s", wrong)
	}
	return name
}

// decodeKey puts the value n of k into dst, which may be a slice: then a scalar is a
// list of one, or for seeds their number.
func (r *reader) decodeKey(k Key, n *yaml.Node, dst reflect.Value) {
	items := []*yaml.Node{n}
	if dst.Kind() == reflect.Slice && n.Kind == yaml.SequenceNode {
		items = n.Content
	}
	for _, item := range items {
		x, wrong := k.read(item)
		switch {
		case wrong != "":
			r.fail(r.at(item), k.Path, "%s", wrong)
			return
		case dst.Kind() != reflect.Slice:
			dst.Set(reflect.ValueOf(x))
		case k.Path == "seeds" && n.Kind == yaml.ScalarNode:
			count := x.(int)
			if count < 1 || count > maxSeeds {
				r.fail(r.at(n), k.Path, "%d is not a number of seeds (1 to %d)", count, maxSeeds)
				return
			}
			for seed := range count {
				dst.Set(reflect.Append(dst, reflect.ValueOf(seed)))
			}
		default:
			dst.Set(reflect.Append(dst, reflect.ValueOf(x)))
		}
	}
}

// maxSeeds is the largest number of seeds of a sweep.
const maxSeeds = 10_000

// fieldOf is the field of a struct with that YAML key. A key without one is a mistake in
// Keys that any test finds.
func fieldOf(v reflect.Value, key string) reflect.Value {
	for i := range v.NumField() {
		if tag, _, _ := strings.Cut(v.Type().Field(i).Tag.Get("yaml"), ","); tag == key {
			return v.Field(i)
		}
	}
	panic("config: no field for the key " + key)
}

// read is the scalar n as a value of k, or what is wrong with it.
func (k Key) read(n *yaml.Node) (x any, wrong string) {
	bad := k.not(show(n))
	if n.Kind != yaml.ScalarNode {
		return nil, bad
	}
	tag := n.ShortTag()
	switch k.rule.zero.(type) {
	case int, float64:
		if tag != "!!int" && tag != "!!float" {
			return nil, bad
		}
		if wrong := leadingZero(n.Value); wrong != "" {
			return nil, wrong
		}
		f, err := strconv.ParseFloat(n.Value, 64) // far faster than Decode, which also reads 0x1f, 1_000 and .inf
		if err != nil && n.Decode(&f) != nil {
			return nil, bad
		}
		x = f
		if _, whole := k.rule.zero.(int); whole {
			if f != math.Trunc(f) || math.Abs(f) > 1<<53 {
				return nil, bad
			}
			x = int(f) // 1e4 is a whole number too
		}
	case bool:
		var b bool
		if tag != "!!bool" || n.Decode(&b) != nil {
			return nil, bad
		}
		x = b
	default:
		if what := notWord[tag]; k.Path == "name" && what != "" && k.check(n.Value) == "" {
			return nil, fmt.Sprintf("YAML reads %s as %s; write %q, in quotes", n.Value, what, n.Value)
		}
		if tag != "!!str" && tag != "!!timestamp" {
			return nil, bad
		}
		x = n.Value
	}
	return x, k.check(x)
}

// notWord is what YAML may read a word without quotes as, by tag.
var notWord = map[string]string{"!!int": "a number", "!!float": "a number", "!!bool": "true or false", "!!null": "nothing", "!!timestamp": "a date"}

var padded = regexp.MustCompile(`\A([-+]?)0[0_]*([0-9].*)\z`)

// leadingZero is what is wrong with a number that begins with a zero, which YAML takes
// for octal; "" with any other.
func leadingZero(text string) string {
	if m := padded.FindStringSubmatch(text); m != nil {
		return fmt.Sprintf("%s begins with a zero; write %s", text, m[1]+m[2])
	}
	return ""
}

// free is a scalar without a schema, as those of the slurm section are: what YAML makes of
// it, but dates are words. It is nil for a list or a map.
func (r *reader) free(n *yaml.Node) (x any) {
	tag := n.ShortTag()
	if n.Kind != yaml.ScalarNode {
		return nil
	} else if tag == "!!timestamp" {
		return n.Value
	}
	if err := n.Decode(&x); err != nil {
		r.fail(r.at(n), "slurm", "%s", strings.Split(err.Error(), "\n")[0])
	}
	if f, ok := x.(float64); ok && (math.IsNaN(f) || math.IsInf(f, 0)) {
		r.fail(r.at(n), "slurm", "%s is not a finite number", n.Value)
	}
	if wrong := leadingZero(n.Value); wrong != "" && (tag == "!!int" || tag == "!!float") {
		r.fail(r.at(n), "slurm", "%s, or put it in quotes", wrong)
	}
	return x
}
