package config

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strconv"
	"sync/atomic"

	"gopkg.in/yaml.v3"
)

// MarshalYAML writes every key that goes with the names chosen, in the order of Keys.
func (c *Config) MarshalYAML() (any, error) { return c.node(), nil }

// MarshalJSON writes the same keys as MarshalYAML.
func (c *Config) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	writeJSON(&b, c.node())
	return b.Bytes(), nil
}

// decoded is the last text that UnmarshalJSON read, and its config. The runs of a sweep
// all carry the same.
var decoded atomic.Pointer[struct {
	text   string
	config Config
}]

// UnmarshalJSON reads and checks what MarshalJSON writes, and what earlier versions
// wrote: a key that they did not have takes its default. Configs of the same text share
// their lists, which nobody changes.
func (c *Config) UnmarshalJSON(b []byte) error {
	last := decoded.Load()
	if last != nil && last.text == string(b) {
		*c = last.config
		return nil
	}
	n, err := ParseJSON(b)
	if err != nil {
		return fmt.Errorf("config: %w", err)
	}
	r := newReader()
	r.tidy("", "", n)
	if got := r.resolve(n); r.err == nil {
		*c = *got
		decoded.Store(&struct {
			text   string
			config Config
		}{string(b), *got})
	}
	return r.err
}

// ParseJSON is a JSON text as YAML nodes, which keep the order of its keys. YAML's own
// parser is slower, and does not take every character.
func ParseJSON(text []byte) (*yaml.Node, error) {
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.UseNumber()
	n, err := parseJSON(dec)
	if _, end := dec.Token(); err == nil && end != io.EOF {
		err = errors.New("more than one value")
	}
	return n, err
}

// parseJSON is the next value of a JSON text.
func parseJSON(dec *json.Decoder) (*yaml.Node, error) {
	t, err := dec.Token()
	if err != nil {
		return nil, err
	}
	switch t := t.(type) {
	case json.Delim:
		n := mapping()
		if t == '[' {
			n.Kind = yaml.SequenceNode
		}
		for dec.More() {
			item, err := parseJSON(dec) // of a map its keys too
			if err != nil {
				return nil, err
			}
			n.Content = append(n.Content, item)
		}
		_, err := dec.Token()
		return n, err
	case string:
		return word(t), nil
	case nil:
		return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!null"}, nil
	}
	return &yaml.Node{Kind: yaml.ScalarNode, Value: fmt.Sprint(t)}, nil // a number or bool, which YAML reads as JSON does
}

func (c *Config) node() *yaml.Node {
	n := encode("", reflect.ValueOf(c).Elem())
	if len(c.Slurm) > 0 {
		var slurm yaml.Node
		_ = slurm.Encode(c.Slurm) // scalars, all of them
		put(n, "slurm", &slurm)
	}
	return n
}

// encode is the value v at path as a node. A section without sections below it is
// written on one line.
func encode(path string, v reflect.Value) *yaml.Node {
	n := &yaml.Node{Kind: yaml.ScalarNode}
	switch v.Kind() {
	case reflect.Int:
		n.Tag, n.Value = "!!int", strconv.FormatInt(v.Int(), 10)
	case reflect.Float64:
		n.Value = number(v.Float()) // without a tag: 2 is written as 2, not as !!float 2
	case reflect.Bool:
		n.Tag, n.Value = "!!bool", strconv.FormatBool(v.Bool())
	case reflect.String:
		return word(v.String())
	case reflect.Slice:
		if plain[path] && v.Len() == 1 {
			return encode(path, v.Index(0))
		}
		n.Kind, n.Style = yaml.SequenceNode, yaml.FlowStyle
		for i := range v.Len() {
			n.Content = append(n.Content, encode(path, v.Index(i)))
		}
	default:
		return section(path, v)
	}
	return n
}

func section(path string, v reflect.Value) *yaml.Node {
	of := ""
	if named(path) {
		of = variant(path, fieldOf(v, "name").String())
	}
	n := mapping()
	n.Style = yaml.FlowStyle
	for _, key := range children(path, of, false) {
		below, field := join(path, key), fieldOf(v, key)
		if (rivals[below] != "" || unsaid[below]) && field.IsZero() {
			continue
		}
		item := encode(below, field)
		if isSection(below) && item.Kind != yaml.ScalarNode {
			n.Style = 0
		}
		n.Content = append(n.Content, word(key), item)
	}
	if brief[path] && len(n.Content) > 2 && len(n.Content[3].Content) == 0 { // an empty list
		n.Content = n.Content[:2]
	}
	switch {
	case len(n.Content) == 2 && (brief[path] || tagged[path]):
		return n.Content[1]
	case tagged[path]:
		n.Content = n.Content[2:] // without the name, which the next key tells
	}
	return n
}

// writeJSON writes a node that node made.
func writeJSON(b *bytes.Buffer, n *yaml.Node) {
	if n.Kind == yaml.ScalarNode {
		var x any
		_ = n.Decode(&x)
		text, _ := json.Marshal(x)
		b.Write(text)
		return
	}
	ends, separators := "[]", ",,"
	if n.Kind == yaml.MappingNode {
		ends, separators = "{}", ",:"
	}
	b.WriteByte(ends[0])
	for i, item := range n.Content {
		if i > 0 {
			b.WriteByte(separators[i%2])
		}
		writeJSON(b, item)
	}
	b.WriteByte(ends[1])
}
