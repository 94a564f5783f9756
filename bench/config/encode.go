package config

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
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
	dec := json.NewDecoder(bytes.NewReader(b))
	dec.UseNumber()
	n, err := parseJSON(dec)
	if _, end := dec.Token(); err == nil && end != io.EOF {
		err = errors.New("more than a map")
	}
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

func (c *Config) node() (*yaml.Node, error) {
	var e encoder
	n := e.encode("", reflect.ValueOf(c).Elem())
	if len(c.Slurm) > 0 && e.err == nil {
		var slurm yaml.Node
		e.err = slurm.Encode(c.Slurm)
		put(n, "slurm", &slurm)
	}
	return n, e.err
}

// encoder makes nodes of values. It keeps its first error and goes on.
type encoder struct{ err error }

// encode is the value v at path as a node. A section without sections below it is
// written on one line.
func (e *encoder) encode(path string, v reflect.Value) *yaml.Node {
	n := &yaml.Node{Kind: yaml.ScalarNode}
	switch v.Kind() {
	case reflect.Int:
		n.Tag, n.Value = "!!int", strconv.FormatInt(v.Int(), 10)
	case reflect.Float64:
		if math.IsNaN(v.Float()) || math.IsInf(v.Float(), 0) {
			e.err = errors.New("config: a number is not finite")
		}
		n.Value = number(v.Float()) // without a tag: 2 is written as 2, not as !!float 2
	case reflect.Bool:
		n.Tag, n.Value = "!!bool", strconv.FormatBool(v.Bool())
	case reflect.String:
		return word(v.String())
	case reflect.Slice:
		if plain[path] && v.Len() == 1 {
			return e.encode(path, v.Index(0))
		}
		n.Kind, n.Style = yaml.SequenceNode, yaml.FlowStyle
		for i := range v.Len() {
			n.Content = append(n.Content, e.encode(path, v.Index(i)))
		}
	default:
		return e.section(path, v)
	}
	return n
}

func (e *encoder) section(path string, v reflect.Value) *yaml.Node {
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
		item := e.encode(below, field)
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
func writeJSON(b *bytes.Buffer, n *yaml.Node) error {
	if n.Kind == yaml.ScalarNode {
		var x any
		if err := n.Decode(&x); err != nil {
			return err
		}
		text, err := json.Marshal(x)
		b.Write(text)
		return err
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
		if err := writeJSON(b, item); err != nil {
			return err
		}
	}
	b.WriteByte(ends[1])
	return nil
}
