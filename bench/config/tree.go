package config

import (
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"
)

// value is a YAML value that knows where it was written.
type value struct {
	at    string // "file:line" or "--set"; empty for a default
	kind  kind
	tag   string   // scalars: !!int, !!float, !!bool, !!str, !!null
	text  string   // scalars
	keys  []string // maps: the key of each item
	items []*value // maps and lists
}

type kind int

const (
	scalar kind = iota
	list
	mapping
)

// get is the value of a key of a map, nil if it has none.
func (v *value) get(key string) *value {
	if i := slices.Index(v.keys, key); i >= 0 {
		return v.items[i]
	}
	return nil
}

// with is a copy of the map v in which key has the value item.
func (v *value) with(key string, item *value) *value {
	c := *v
	c.keys, c.items = slices.Clone(v.keys), slices.Clone(v.items)
	if i := slices.Index(c.keys, key); i >= 0 {
		c.items[i] = item
	} else {
		c.keys, c.items = append(c.keys, key), append(c.items, item)
	}
	return &c
}

// located is an error with the place it is about.
func located(at, message string) error { return errors.New(at + ": " + message) }

// yamlLine is how yaml.v3 says where a document cannot be read.
var yamlLine = regexp.MustCompile(`\Ayaml: (?:line (\d+): )?(.*)\z`)

// parse reads one YAML document that is a map; file is its name in messages.
func parse(file string, r io.Reader) (*value, error) {
	dec := yaml.NewDecoder(r)
	var doc, more yaml.Node
	err := dec.Decode(&doc)
	if errors.Is(err, io.EOF) {
		return nil, located(file, "is empty: a sweep has at least name, data.name, model.name and anneal.steps")
	}
	if err != nil {
		return nil, yamlError(file, err)
	}
	if err := dec.Decode(&more); !errors.Is(err, io.EOF) {
		if err != nil {
			return nil, yamlError(file, err)
		}
		return nil, located(fmt.Sprintf("%s:%d", file, more.Line), "a second YAML document; a sweep is one")
	}
	v, err := convert(doc.Content[0], "", func(n *yaml.Node) string { return fmt.Sprintf("%s:%d", file, n.Line) })
	if err != nil {
		return nil, err
	}
	if v.kind != mapping {
		return nil, located(v.at, fmt.Sprintf("%s is not a sweep, which is a map of keys", v.show()))
	}
	return v, nil
}

// parseSet reads the value of --set path=text.
func parseSet(path, text string) (*value, error) {
	var doc yaml.Node
	if err := yaml.Unmarshal([]byte(text), &doc); err != nil {
		return nil, located("--set "+path, yamlLine.ReplaceAllString(firstLine(err), "$2"))
	}
	if len(doc.Content) == 0 {
		return nil, located("--set "+path, "the value is missing: --set path=value")
	}
	keys := strings.Split(path, ".")
	keys = slices.DeleteFunc(keys, func(k string) bool { _, err := strconv.Atoi(k); return err == nil })
	return convert(doc.Content[0], strings.Join(keys, "."), func(*yaml.Node) string { return "--set" })
}

// yamlError puts the file and line before what yaml.v3 says.
func yamlError(file string, err error) error {
	m := yamlLine.FindStringSubmatch(firstLine(err))
	switch {
	case m == nil:
		return located(file, firstLine(err))
	case m[1] == "":
		return located(file, m[2])
	}
	return located(file+":"+m[1], m[2])
}

func firstLine(err error) string {
	line, _, _ := strings.Cut(err.Error(), "\n")
	return line
}

// convert turns a node at path into a value. A name alone stands for the map with
// that name: `optimizer: sgd` is `optimizer: {name: sgd}`.
func convert(n *yaml.Node, path string, at func(*yaml.Node) string) (*value, error) {
	v := &value{at: at(n)}
	if n.Anchor != "" || n.Kind == yaml.AliasNode {
		return nil, errorAt(v.at, path, "anchors and aliases (& and *) are not read; base: and lists do their work")
	}
	switch n.Kind {
	case yaml.ScalarNode:
		v.kind, v.tag, v.text = scalar, n.ShortTag(), n.Value
		if named(path) && v.tag != "!!null" {
			return &value{at: v.at, kind: mapping, keys: []string{"name"}, items: []*value{v}}, nil
		}
	case yaml.SequenceNode:
		v.kind = list
		for _, c := range n.Content {
			item, err := convert(c, path, at)
			if err != nil {
				return nil, err
			}
			v.items = append(v.items, item)
		}
	case yaml.MappingNode:
		v.kind = mapping
		lines := map[string]string{}
		for i := 0; i+1 < len(n.Content); i += 2 {
			key, here := n.Content[i].Value, at(n.Content[i])
			if n.Content[i].Kind != yaml.ScalarNode {
				return nil, errorAt(here, path, "a key is a word, not a list or a map")
			}
			if first, twice := lines[key]; twice {
				return nil, errorAt(here, join(path, key), fmt.Sprintf("the key is there twice (first at %s)", first))
			}
			lines[key] = here
			item, err := convert(n.Content[i+1], join(path, key), at)
			if err != nil {
				return nil, err
			}
			if item.kind != scalar { // the line of the key, not of the first entry below it
				item.at = here
			}
			v.keys, v.items = append(v.keys, key), append(v.items, item)
		}
	default:
		return nil, errorAt(v.at, path, "not a scalar, list or map")
	}
	return v.withName(path), nil
}

// withName is the map v at path with the name that one of its keys tells.
func (v *value) withName(path string) *value {
	if v.kind != mapping || !tagged[path] || v.get("name") != nil {
		return v
	}
	for i, key := range v.keys {
		if k, ok := findKey(join(path, key), key); ok && k.Of == key {
			return v.with("name", &value{at: v.items[i].at, kind: scalar, tag: "!!str", text: key})
		}
	}
	return v
}

// show is a value as a message shows it.
func (v *value) show() string {
	switch {
	case v.kind == list:
		return "a list"
	case v.kind == mapping:
		return "a map"
	case v.tag == "!!null":
		return "an empty value"
	case v.tag == "!!str":
		return strconv.Quote(v.text)
	}
	return v.text
}

// join is the path of a key in the section at path.
func join(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}

// merge lays over on the value under, which may be nil: maps merge, everything else
// replaces. A map with another name than under's replaces it whole, so that the keys
// of another optimizer or filter do not linger; the sweep's own name does not count.
func merge(path string, under, over *value) *value {
	if under == nil || under.kind != mapping || over.kind != mapping {
		return over
	}
	if path != "" {
		if name := over.get("name"); name != nil && !sameName(path, under.get("name"), name) {
			return over
		}
	}
	out := under
	for i, key := range over.keys {
		out = out.with(key, merge(join(path, key), under.get(key), over.items[i]))
	}
	return out
}

// sameName reports whether two names of the section at path, the first perhaps left
// to its default, are the same.
func sameName(path string, under, over *value) bool {
	if over.kind != scalar {
		return false
	}
	if under == nil {
		k, ok := findKey(path+".name", "")
		return ok && k.Default == over.text
	}
	return under.kind == scalar && under.text == over.text
}

// set lays item on the value at the rest of a path given by --set; whole is the path
// as given and done its part that leads to v.
func set(v *value, whole, done string, rest []string, item *value) (*value, error) {
	if len(rest) == 0 {
		return merge(done, v, item), nil
	}
	if v != nil && v.kind == list {
		i, err := strconv.Atoi(rest[0])
		if err != nil {
			return nil, located("--set "+whole, fmt.Sprintf("%s is a list: its first item is %s.0, or give a whole list", done, done))
		}
		if i < 0 || i >= len(v.items) {
			return nil, located("--set "+whole, fmt.Sprintf("%s has %d items, 0 to %d", done, len(v.items), len(v.items)-1))
		}
		changed, err := set(v.items[i], whole, done, rest[1:], item)
		if err != nil {
			return nil, err
		}
		c := *v
		c.items = slices.Clone(v.items)
		c.items[i] = changed
		return &c, nil
	}
	over := &value{at: "--set", kind: mapping}
	var below *value
	if v != nil && v.kind == mapping {
		below = v.get(rest[0])
	}
	path := join(done, rest[0])
	if len(rest) > 1 {
		changed, err := set(below, whole, path, rest[1:], item)
		if err != nil {
			return nil, err
		}
		if v != nil && v.kind == mapping {
			return v.with(rest[0], changed), nil
		}
		return over.with(rest[0], changed), nil
	}
	return merge(done, v, over.with(rest[0], item).withName(done)), nil
}
