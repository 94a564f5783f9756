package config

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"iter"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"
)

// reader reads sweeps as YAML nodes. It keeps its first error and goes on.
type reader struct {
	from    map[*yaml.Node]string // where a node was written: a file, or onSet; nothing for a default and for JSON
	sources []Source
	err     error
}

func newReader() *reader { return &reader{from: map[*yaml.Node]string{}} }

// onSet is the place of what --set gives.
const onSet = "--set"

// at is the place of a node: "file:line" or onSet; empty for a default.
func (r *reader) at(n *yaml.Node) string {
	from := r.from[n]
	if from == "" || from == onSet {
		return from
	}
	return fmt.Sprintf("%s:%d", from, n.Line)
}

// fail notes an error about the value at path that was written at a place; either may be
// empty.
func (r *reader) fail(at, path, format string, args ...any) {
	between := ": "
	if at == onSet {
		between = " "
	}
	if at == "" || path == "" {
		between = ""
	}
	if r.err == nil {
		r.err = errors.New(at + between + path + ": " + fmt.Sprintf(format, args...))
	}
}

// yamlLine is how yaml.v3 says where a document cannot be read.
var yamlLine = regexp.MustCompile(`\Ayaml: (?:line (\d+): )?(.*)`)

// parse reads one YAML document that is a map; file is its name in messages.
func (r *reader) parse(file string, text []byte) *yaml.Node {
	dec := yaml.NewDecoder(bytes.NewReader(text))
	var doc, more yaml.Node
	err := dec.Decode(&doc)
	if err == io.EOF {
		r.fail(file, "", "is empty: a sweep has at least name, data.name, model.name and anneal.steps")
		return nil
	}
	if err == nil {
		err = dec.Decode(&more)
	}
	if err != io.EOF {
		at, message := file, fmt.Sprint(err)
		if err == nil {
			at, message = fmt.Sprintf("%s:%d", file, more.Line), "a second YAML document; a sweep is one"
		} else if m := yamlLine.FindStringSubmatch(message); m != nil {
			at, message = strings.TrimSuffix(file+":"+m[1], ":"), m[2]
		}
		r.fail(at, "", "%s", message)
		return nil
	}
	n := doc.Content[0]
	r.tidy("", file, n)
	if n.Kind != yaml.MappingNode {
		r.fail(r.at(n), "", "%s is not a sweep, which is a map of keys", show(n))
	}
	return n
}

// parseSet reads the value of --set path=text.
func (r *reader) parseSet(path, text string) *yaml.Node {
	var doc yaml.Node
	if err := yaml.Unmarshal([]byte(text), &doc); err != nil {
		r.fail(onSet, path, "%s", yamlLine.FindStringSubmatch(err.Error())[2])
	} else if len(doc.Content) == 0 {
		r.fail(onSet, path, "the value is missing: --set path=value")
	}
	if r.err != nil {
		return nil
	}
	keys := slices.DeleteFunc(strings.Split(path, "."), func(k string) bool { _, err := strconv.Atoi(k); return err == nil })
	r.tidy(strings.Join(keys, "."), onSet, doc.Content[0])
	return doc.Content[0]
}

func mapping(pairs ...*yaml.Node) *yaml.Node {
	return &yaml.Node{Kind: yaml.MappingNode, Content: pairs}
}

func word(s string) *yaml.Node {
	return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: s}
}

// pairs is the keys and values of a map; none of any other node.
func pairs(n *yaml.Node) iter.Seq2[string, *yaml.Node] {
	return func(yield func(string, *yaml.Node) bool) {
		for i := 1; n.Kind == yaml.MappingNode && i < len(n.Content); i += 2 {
			if !yield(n.Content[i-1].Value, n.Content[i]) {
				return
			}
		}
	}
}

// get is the value of a key of a map, nil if it has none.
func get(n *yaml.Node, key string) *yaml.Node {
	for k, item := range pairs(n) {
		if k == key {
			return item
		}
	}
	return nil
}

// put gives a key of a map a value.
func put(n *yaml.Node, key string, item *yaml.Node) {
	if old := get(n, key); old != nil {
		n.Content[slices.Index(n.Content, old)] = item
	} else {
		n.Content = append(n.Content, word(key), item)
	}
}

// take removes a key of a map and returns its value, nil if it has none.
func take(n *yaml.Node, key string) *yaml.Node {
	item := get(n, key)
	if item != nil {
		i := slices.Index(n.Content, item)
		n.Content = slices.Delete(n.Content, i-1, i+1)
	}
	return item
}

// tidy checks the value n at path for what no sweep may have and notes where it was
// written. A name alone becomes the map with that name: `optimizer: sgd` is
// `optimizer: {name: sgd}`.
func (r *reader) tidy(path, from string, n *yaml.Node) {
	r.from[n] = from
	if n.Anchor != "" || n.Kind == yaml.AliasNode {
		r.fail(r.at(n), path, "anchors and aliases (& and *) are not read; base: and lists do their work")
	}
	switch n.Kind {
	case yaml.ScalarNode:
		if named(path) && n.ShortTag() != "!!null" {
			name := *n
			*n = yaml.Node{Kind: yaml.MappingNode, Line: n.Line, Content: []*yaml.Node{word("name"), &name}}
			r.from[&name] = from
		}
	case yaml.SequenceNode:
		for _, item := range n.Content {
			r.tidy(path, from, item)
		}
	case yaml.MappingNode:
		seen := map[string]*yaml.Node{}
		for i := 0; i < len(n.Content); i += 2 {
			key, item := n.Content[i], n.Content[i+1]
			below, first := join(path, key.Value), seen[key.Value]
			r.from[key] = from
			if key.Kind != yaml.ScalarNode {
				r.fail(r.at(key), path, "a key is a word, not a list or a map")
			} else if first != nil && from == "" {
				r.fail("", below, "the key is there twice")
			} else if first != nil {
				r.fail(r.at(key), below, "the key is there twice (first at %s)", r.at(first))
			}
			seen[key.Value] = key
			r.tidy(below, from, item)
			if item.Kind != yaml.ScalarNode { // the line of the key, not of the first entry below it
				item.Line = key.Line
			}
			r.known(path, key.Value, item)
		}
		r.addName(path, n)
	}
}

// known refuses a key that no section of that path has, whatever its name. It is asked
// of every file before they are merged, so that nothing mistyped is hidden by what
// replaces it.
func (r *reader) known(path, key string, item *yaml.Node) {
	if !isSection(path) || path == "" && (key == "slurm" || key == "base" && r.at(item) != "") {
		return
	}
	if known := children(path, "", true); !slices.Contains(known, key) {
		r.fail(r.at(item), join(path, key), "unknown key; %s", suggest(path, key, known))
	}
}

// suggest names the known key that was perhaps meant: the nearest in the same
// section, or one of the same name elsewhere.
func suggest(path, key string, known []string) string {
	if path == "" {
		known = append(known, "slurm")
	}
	if k, d := Nearest(strings.ToLower(key), known); d <= max(1, len(key)/3) {
		return "did you mean " + join(path, k) + "?"
	}
	for _, k := range Keys {
		if strings.HasSuffix("."+k.Path, "."+key) {
			return "did you mean " + k.Path + "?"
		}
	}
	if path == "" {
		path = "a sweep"
	}
	return fmt.Sprintf("%s has %s", path, strings.Join(known, ", "))
}

// addName gives the map n at path the name that one of its keys tells.
func (r *reader) addName(path string, n *yaml.Node) {
	if !tagged[path] || get(n, "name") != nil {
		return
	}
	for key, item := range pairs(n) {
		if k, ok := findKey(join(path, key), key); ok && k.Of == key {
			name := word(key)
			name.Line, r.from[name] = item.Line, r.from[item]
			put(n, "name", name)
			return
		}
	}
}

// show is a value as a message shows it.
func show(n *yaml.Node) string {
	switch {
	case n.Kind == yaml.SequenceNode:
		return "a list"
	case n.Kind == yaml.MappingNode:
		return "a map"
	case n.ShortTag() == "!!null":
		return "an empty value"
	case n.ShortTag() == "!!str":
		return strconv.Quote(n.Value)
	}
	return n.Value
}

// join is the path of a key in the section at path.
func join(path, key string) string { return strings.TrimPrefix(path+"."+key, ".") }

// merge lays over on the value under, which may be nil: maps merge, everything else
// replaces. A map with another name than under's replaces it whole, so that the keys
// of another optimizer or filter do not linger; the sweep's own name does not count.
func merge(path string, under, over *yaml.Node) *yaml.Node {
	if under == nil || under.Kind != yaml.MappingNode || over.Kind != yaml.MappingNode {
		return over
	}
	if name := get(over, "name"); path != "" && name != nil && nameOf(path, under) != nameOf(path, over) {
		return over
	}
	for key, item := range pairs(over) {
		if rival := rivals[join(path, key)]; rival != "" && get(over, rival) == nil {
			take(under, rival)
		}
		put(under, key, merge(join(path, key), get(under, key), item))
	}
	return under
}

// nameOf is the name of the section n at path as it is written, or by default.
func nameOf(path string, n *yaml.Node) string {
	if name := get(n, "name"); name != nil {
		return name.Value
	}
	k, _ := findKey(path+".name", "")
	return k.Default
}

// applySets lays each "path=value" on the sweep n, in order.
func (r *reader) applySets(n *yaml.Node, sets []string) {
	for _, s := range sets {
		path, text, ok := strings.Cut(s, "=")
		path = strings.TrimSpace(path)
		keys := strings.Split(path, ".")
		if !ok || slices.Contains(keys, "") {
			r.fail(onSet+" "+s, "", "not path=value, as in train.final=20000")
		} else if keys[0] == "base" {
			r.fail(onSet, "base", "a base is named in the file")
		} else if item := r.parseSet(path, text); item != nil {
			r.set(n, path, "", keys, item)
		}
	}
}

// set is the value n, which may be nil, with item laid on it at the rest of a path given
// by --set; whole is the path as given and done its part that leads to n.
func (r *reader) set(n *yaml.Node, whole, done string, rest []string, item *yaml.Node) *yaml.Node {
	if len(rest) == 0 {
		return merge(done, n, item)
	}
	key := rest[0]
	if n != nil && n.Kind == yaml.SequenceNode {
		if i, err := strconv.Atoi(key); err != nil {
			r.fail(onSet, whole, "%s is a list: its first item is %s.0, or give a whole list", done, done)
		} else if i < 0 || i >= len(n.Content) {
			r.fail(onSet, whole, "%s has %d items, 0 to %d", done, len(n.Content), len(n.Content)-1)
		} else {
			n.Content[i] = r.set(n.Content[i], whole, done, rest[1:], item)
		}
		return n
	}
	if len(rest) > 1 {
		var below *yaml.Node
		if n != nil {
			below = get(n, key)
		}
		item = r.set(below, whole, join(done, key), rest[1:], item)
	}
	over := mapping(word(key), item)
	r.from[over] = onSet
	r.known(done, key, item)
	r.addName(done, over)
	return merge(done, n, over)
}
