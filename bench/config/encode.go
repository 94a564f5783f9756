package config

import (
	"bytes"
	"encoding/json"
	"errors"
	"math"
	"reflect"
	"strconv"
	"sync/atomic"

	"gopkg.in/yaml.v3"
)

// MarshalYAML writes every key that goes with the names chosen, in the order of Keys.
func (c *Config) MarshalYAML() (any, error) { return c.node() }

// MarshalJSON writes the same keys as MarshalYAML.
func (c *Config) MarshalJSON() ([]byte, error) {
	n, err := c.node()
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	err = writeJSON(&b, n)
	return b.Bytes(), err
}

// decoded is a config and the text that it was read from.
type decoded struct {
	text   string
	config Config
}

// lastDecoded is of the last UnmarshalJSON: all runs of a sweep carry the same config,
// and checking it is most of reading a manifest.
var lastDecoded atomic.Pointer[decoded]

// UnmarshalJSON reads and checks what MarshalJSON writes. Configs that were read from
// the same text share their lists, which nothing changes once they are checked.
func (c *Config) UnmarshalJSON(b []byte) error {
	if last := lastDecoded.Load(); last != nil && last.text == string(b) {
		*c = last.config
		return nil
	}
	var doc yaml.Node
	if err := yaml.Unmarshal(b, &doc); err != nil { // JSON is YAML
		return errors.New("config: " + firstLine(err))
	}
	if len(doc.Content) == 0 {
		return errors.New("config: empty")
	}
	v, err := convert(doc.Content[0], "", func(*yaml.Node) string { return "" })
	if err != nil {
		return err
	}
	got, err := resolve(v)
	if err != nil {
		return err
	}
	*c = *got
	lastDecoded.Store(&decoded{string(b), *got})
	return nil
}

func (c *Config) node() (*yaml.Node, error) {
	n, err := encode("", reflect.ValueOf(c).Elem())
	if err != nil || len(c.Slurm) == 0 {
		return n, err
	}
	var slurm yaml.Node
	if err := slurm.Encode(c.Slurm); err != nil {
		return nil, err
	}
	n.Content = append(n.Content, word("slurm"), &slurm)
	return n, nil
}

func word(s string) *yaml.Node {
	return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: s}
}

// encode is the section at path of which v is the struct. A section without sections
// below it is written on one line.
func encode(path string, v reflect.Value) (*yaml.Node, error) {
	of := ""
	if named(path) {
		of = variant(path, fieldOf(v, "name").String())
	}
	n := &yaml.Node{Kind: yaml.MappingNode, Style: yaml.FlowStyle}
	for _, key := range children(path, of, false) {
		below, field := join(path, key), fieldOf(v, key)
		var item *yaml.Node
		var err error
		switch {
		case plain[below] && field.Len() == 1:
			item, err = encodeScalar(field.Index(0))
		case isList(below) || field.Kind() == reflect.Slice:
			item = &yaml.Node{Kind: yaml.SequenceNode, Style: yaml.FlowStyle}
			for i := range field.Len() {
				var c *yaml.Node
				if isList(below) {
					c, err = encode(below, field.Index(i))
				} else {
					c, err = encodeScalar(field.Index(i))
				}
				if err != nil {
					return nil, err
				}
				item.Content = append(item.Content, c)
			}
		case isSection(below):
			item, err = encode(below, field)
		default:
			item, err = encodeScalar(field)
		}
		if err != nil {
			return nil, err
		}
		if isSection(below) && item.Kind != yaml.ScalarNode {
			n.Style = 0
		}
		n.Content = append(n.Content, word(key), item)
	}
	if tagged[path] {
		return untagged(n), nil
	}
	if brief[path] && len(n.Content) > 2 && len(n.Content[3].Content) == 0 {
		n.Content = n.Content[:2]
	}
	if brief[path] && len(n.Content) == 2 {
		return n.Content[1], nil
	}
	return n, nil
}

// untagged is a map with the name first as it is read again: the name alone where
// there is nothing else, or without it.
func untagged(n *yaml.Node) *yaml.Node {
	if len(n.Content) == 2 {
		return n.Content[1]
	}
	n.Content = n.Content[2:]
	return n
}

func encodeScalar(v reflect.Value) (*yaml.Node, error) {
	n := &yaml.Node{Kind: yaml.ScalarNode}
	switch v.Kind() {
	case reflect.Int:
		n.Tag, n.Value = "!!int", strconv.FormatInt(v.Int(), 10)
	case reflect.Float64:
		if math.IsNaN(v.Float()) || math.IsInf(v.Float(), 0) {
			return nil, errors.New("config: a number is not finite")
		}
		n.Value = number(v.Float()) // without a tag: 2 is written as 2, not as !!float 2
	case reflect.Bool:
		n.Tag, n.Value = "!!bool", strconv.FormatBool(v.Bool())
	default:
		return word(v.String()), nil
	}
	return n, nil
}

// writeJSON writes a node that node made.
func writeJSON(b *bytes.Buffer, n *yaml.Node) error {
	switch n.Kind {
	case yaml.MappingNode:
		b.WriteByte('{')
		for i := 0; i < len(n.Content); i += 2 {
			if i > 0 {
				b.WriteByte(',')
			}
			if err := writeScalar(b, n.Content[i].Value); err != nil {
				return err
			}
			b.WriteByte(':')
			if err := writeJSON(b, n.Content[i+1]); err != nil {
				return err
			}
		}
		b.WriteByte('}')
		return nil
	case yaml.SequenceNode:
		b.WriteByte('[')
		for i, c := range n.Content {
			if i > 0 {
				b.WriteByte(',')
			}
			if err := writeJSON(b, c); err != nil {
				return err
			}
		}
		b.WriteByte(']')
		return nil
	}
	var x any
	if err := n.Decode(&x); err != nil {
		return err
	}
	return writeScalar(b, x)
}

func writeScalar(b *bytes.Buffer, x any) error {
	j, err := json.Marshal(x)
	b.Write(j)
	return err
}
