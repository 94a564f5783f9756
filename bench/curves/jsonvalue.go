package curves

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// value is a JSON value. Numbers, words and strings are kept as the text they are, keys in
// the order they have; NaN and Infinity are taken, as Python writes them. encoding/json
// does neither, and takes ten times as long.
type value struct {
	kind  byte // '{', '[', or 0 of a scalar
	text  string
	keys  []string
	items []value
}

// parser reads JSON values out of text.
type parser struct {
	text  string
	at    int
	depth int
	some  bool // a scalar or a key was read
}

var errShort = errors.New("the file ends within a value")

// space passes over white space and tells whether something follows.
func (p *parser) space() bool {
	for p.at < len(p.text) {
		switch p.text[p.at] {
		case ' ', '\t', '\r', '\n':
			p.at++
		default:
			return true
		}
	}
	return false
}

// line is the line that the parser is at.
func (p *parser) line() int { return 1 + strings.Count(p.text[:min(p.at, len(p.text))], "\n") }

// rest is the beginning of what follows, for messages.
func (p *parser) rest() string { return clip(p.text[p.at:min(len(p.text), p.at+20)]) }

func (p *parser) value() (v value, err error) {
	if !p.space() {
		return v, errShort
	}
	switch c := p.text[p.at]; c {
	case '{', '[':
		if p.depth++; p.depth > 100 {
			return v, errors.New("more than 100 values in each other")
		}
		defer func() { p.depth-- }()
		v.kind = c
		end := c + 2 // } and ] in ASCII
		p.at++
		for first := true; ; first = false {
			if !p.space() {
				return v, errShort
			}
			if p.text[p.at] == end {
				p.at++
				return v, nil
			}
			if !first {
				if p.text[p.at] != ',' {
					return v, fmt.Errorf("a comma is missing before %q", p.rest())
				}
				p.at++
				if !p.space() {
					return v, errShort
				}
			}
			if c == '{' {
				key, err := p.string()
				if err != nil {
					return v, err
				}
				v.keys = append(v.keys, key)
				if !p.space() {
					return v, errShort
				}
				if p.text[p.at] != ':' {
					return v, fmt.Errorf("a colon is missing behind %q", clip(key))
				}
				p.at++
			}
			item, err := p.value()
			if err != nil {
				return v, err
			}
			v.items = append(v.items, item)
		}
	case '"':
		v.text, err = p.string()
		return v, err
	}
	start := p.at
	for p.at < len(p.text) && !strings.ContainsRune(",]}: \t\r\n", rune(p.text[p.at])) {
		p.at++
	}
	v.text = p.text[start:p.at]
	switch v.text {
	case "null", "true", "false", "NaN", "Infinity", "-Infinity":
	default:
		if _, err := strconv.ParseFloat(v.text, 64); err != nil && !errors.Is(err, strconv.ErrRange) {
			if p.at == len(p.text) {
				return v, errShort
			}
			p.at = start
			return v, fmt.Errorf("%q is no value", clip(v.text))
		}
	}
	p.some = true
	return v, nil
}

// string reads a string in quotes.
func (p *parser) string() (string, error) {
	if p.text[p.at] != '"' {
		return "", fmt.Errorf("a quote is missing before %q", p.rest())
	}
	start := p.at
	escaped := false
	for p.at++; p.at < len(p.text) && p.text[p.at] != '"'; p.at++ {
		if p.text[p.at] == '\\' {
			escaped = true
			p.at++
		}
	}
	if p.at >= len(p.text) {
		return "", errShort
	}
	p.at++
	p.some = true
	if !escaped {
		return p.text[start+1 : p.at-1], nil
	}
	var s string
	if err := json.Unmarshal([]byte(p.text[start:p.at]), &s); err != nil {
		return "", fmt.Errorf("a string is broken: %w", err)
	}
	return s, nil
}

func (v value) scalar() bool { return v.kind == 0 }

// texts are those of the items.
func (v value) texts() []string {
	texts := make([]string, len(v.items))
	for i, item := range v.items {
		texts[i] = item.text
	}
	return texts
}

// number tells whether a scalar is one, or stands for none.
func (v value) number() bool { return v.kind == 0 && (isNumber(v.text) || blank(v.text)) }

// numeric tells whether there are keys, and all of them are numbers.
func (v value) numeric() bool {
	return v.kind == '{' && len(v.keys) > 0 && !slices.ContainsFunc(v.keys, func(k string) bool { return !isNumber(k) })
}

func isNumber(s string) bool {
	_, err := strconv.ParseFloat(s, 64)
	return err == nil
}

// all tells whether there are items and f holds of all of them.
func (v value) all(f func(value) bool) bool {
	return len(v.items) > 0 && !slices.ContainsFunc(v.items, func(v value) bool { return !f(v) })
}
