package config

import (
	"fmt"
	"math"
	"reflect"
	"strings"

	"gopkg.in/yaml.v3"
)

// value is the default of k.
func (k Key) value() *value { return defaultValue("", k.Default) }

// defaultValue is a default, in YAML, of the section at path; "" for a key.
func defaultValue(path, text string) *value {
	var n yaml.Node
	if err := yaml.Unmarshal([]byte(text), &n); err != nil {
		panic(err) // a mistake in Keys; every default is read by a test
	}
	v, err := convert(n.Content[0], path, func(*yaml.Node) string { return "" })
	if err != nil {
		panic(err)
	}
	return v
}

// read is the scalar v as a value of k, or what is wrong with it.
func (k Key) read(v *value) (x any, wrong string) {
	bad := k.not(v.show())
	if v.kind != scalar {
		return nil, bad
	}
	n := yaml.Node{Kind: yaml.ScalarNode, Tag: v.tag, Value: v.text}
	switch k.rule.zero.(type) {
	case int:
		var f float64
		if v.tag != "!!int" && v.tag != "!!float" || n.Decode(&f) != nil || f != math.Trunc(f) || math.Abs(f) > 1<<53 {
			return nil, bad
		}
		x = int(f) // 1e4 is a whole number too
	case float64:
		var f float64
		if v.tag != "!!int" && v.tag != "!!float" || n.Decode(&f) != nil {
			return nil, bad
		}
		x = f
	case bool:
		var b bool
		if v.tag != "!!bool" || n.Decode(&b) != nil {
			return nil, bad
		}
		x = b
	default:
		if v.tag != "!!str" && v.tag != "!!timestamp" {
			return nil, bad
		}
		x = v.text
	}
	return x, k.check(x)
}

// decode puts the complete section v at path into the struct dst.
func decode(path string, v *value, dst reflect.Value) error {
	of := ""
	if named(path) {
		of = variant(path, v.get("name").text)
	}
	for i, key := range v.keys {
		below, item, field := join(path, key), v.items[i], fieldOf(dst, key)
		switch {
		case isList(below):
			field.Set(reflect.MakeSlice(field.Type(), len(item.items), len(item.items)))
			for j, c := range item.items {
				if err := decode(below, c, field.Index(j)); err != nil {
					return err
				}
			}
		case isSection(below):
			if err := decode(below, item, field); err != nil {
				return err
			}
		default:
			k, _ := findKey(below, of)
			if err := decodeKey(k, item, field); err != nil {
				return err
			}
		}
	}
	return nil
}

// decodeKey puts the value v of k into dst, which may be a slice: then a scalar is a
// list of one, or for seeds their number.
func decodeKey(k Key, v *value, dst reflect.Value) error {
	if dst.Kind() != reflect.Slice {
		x, wrong := k.read(v)
		if wrong != "" {
			return errorAt(v.at, k.Path, wrong)
		}
		dst.Set(reflect.ValueOf(x))
		return nil
	}
	items := []*value{v}
	if v.kind == list {
		items = v.items
	}
	dst.SetZero()
	for _, item := range items {
		at := item.at
		if at == "" {
			at = v.at
		}
		x, wrong := k.read(item)
		if wrong != "" {
			return errorAt(at, k.Path, wrong)
		}
		if k.Path == "seeds" && v.kind == scalar {
			n := x.(int)
			if n < 1 || n > maxSeeds {
				return errorAt(at, k.Path, fmt.Sprintf("%d is not a number of seeds (1 to %d)", n, maxSeeds))
			}
			for seed := range n {
				dst.Set(reflect.Append(dst, reflect.ValueOf(seed)))
			}
			return nil
		}
		dst.Set(reflect.Append(dst, reflect.ValueOf(x)))
	}
	return nil
}

// maxSeeds is the largest number of seeds of a sweep.
const maxSeeds = 10_000

// fieldOf is the field of a struct with that YAML key.
func fieldOf(v reflect.Value, key string) reflect.Value {
	for i := range v.NumField() {
		if tag, _, _ := strings.Cut(v.Type().Field(i).Tag.Get("yaml"), ","); tag == key {
			return v.Field(i)
		}
	}
	panic("config: no field for the key " + key) // a mistake in Keys, found by any test
}

// free is a value without a schema, as the slurm section is.
func (v *value) free() (any, error) {
	switch v.kind {
	case list:
		out := make([]any, len(v.items))
		for i, item := range v.items {
			var err error
			if out[i], err = item.free(); err != nil {
				return nil, err
			}
		}
		return out, nil
	case mapping:
		out := make(map[string]any, len(v.items))
		for i, item := range v.items {
			x, err := item.free()
			if err != nil {
				return nil, err
			}
			out[v.keys[i]] = x
		}
		return out, nil
	}
	if v.tag == "!!timestamp" { // 2026-11-22 is a word here, not a time
		return v.text, nil
	}
	var x any
	err := (&yaml.Node{Kind: yaml.ScalarNode, Tag: v.tag, Value: v.text}).Decode(&x)
	if f, ok := x.(float64); ok && (math.IsNaN(f) || math.IsInf(f, 0)) {
		return nil, errorAt(v.at, "slurm", v.text+" is not a finite number")
	}
	if err != nil {
		return nil, errorAt(v.at, "slurm", firstLine(err))
	}
	return x, nil
}
