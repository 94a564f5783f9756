package config

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"reflect"
	"regexp"
	"strconv"
	"sync/atomic"
	"unicode/utf8"

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

var notASCII = regexp.MustCompile(`[^\x00-\x7e]`)

// ParseJSON is a JSON text as YAML nodes, which keep the order of its keys. JSON is YAML but
// for some characters, which may be escaped.
func ParseJSON(text []byte) (*yaml.Node, error) {
	text = notASCII.ReplaceAllFunc(text, func(c []byte) []byte {
		r, _ := utf8.DecodeRune(c)
		return fmt.Appendf(nil, `\U%08X`, r)
	})
	var n yaml.Node
	err := yaml.Unmarshal(text, &n)
	if err != nil || len(n.Content) == 0 {
		return nil, cmp.Or(err, io.ErrUnexpectedEOF)
	}
	return n.Content[0], nil
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
