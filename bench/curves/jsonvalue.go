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

// parser reads JSON values out of text. After the first mistake it keeps the error, and
// at, and takes nothing more.
type parser struct {
	text  string
	at    int
	depth int
	some  bool // a scalar or a key was read
	err   error
}

var errShort = errors.New("the file ends within a value")

// fail keeps the first mistake; at the end of the text it is errShort.
func (p *parser) fail(format string, a ...any) {
	switch {
	case p.err != nil:
	case p.at >= len(p.text):
		p.err = errShort
	default:
		p.err = fmt.Errorf(format, a...)
	}
}

// space passes over white space and tells whether something follows.
func (p *parser) space() bool {
	for p.at < len(p.text) && strings.IndexByte(" \t\r\n", p.text[p.at]) >= 0 {
		p.at++
	}
	return p.at < len(p.text)
}

// take passes over c, if it is what follows.
func (p *parser) take(c byte) bool {
	if p.err != nil || !p.space() || p.text[p.at] != c {
		return false
	}
	p.at++
	return true
}

// line is the line that the parser is at.
func (p *parser) line() int { return 1 + strings.Count(p.text[:min(p.at, len(p.text))], "\n") }

// rest is the beginning of what follows, for messages.
func (p *parser) rest() string { return clip(p.text[p.at:min(len(p.text), p.at+20)]) }

func (p *parser) value() (v value) {
	if p.err != nil || !p.space() {
		p.fail("")
		return v
	}
	switch c := p.text[p.at]; c {
	case '{', '[':
		if p.depth++; p.depth > 100 {
			p.fail("more than 100 values in each other")
			return v
		}
		v.kind = c
		p.at++
		for p.err == nil && !p.take(c+2) { // } and ] in ASCII
			if len(v.items) > 0 && !p.take(',') {
				p.fail("a comma is missing before %q", p.rest())
			}
			if c == '{' {
				v.keys = append(v.keys, p.string())
				if !p.take(':') {
					p.fail("a colon is missing behind %q", clip(v.keys[len(v.keys)-1]))
				}
			}
			v.items = append(v.items, p.value())
		}
		p.depth--
	case '"':
		v.text = p.string()
	default:
		start := p.at
		for p.at < len(p.text) && !strings.ContainsRune(",]}: \t\r\n", rune(p.text[p.at])) {
			p.at++
		}
		v.text = p.text[start:p.at]
		_, err := strconv.ParseFloat(v.text, 64)
		if !errors.Is(err, strconv.ErrSyntax) || v.text == "null" || v.text == "true" || v.text == "false" {
			p.some = true
			break
		}
		if p.at < len(p.text) {
			p.at = start
		}
		p.fail("%q is no value", clip(v.text))
	}
	return v
}

// string reads a string in quotes.
func (p *parser) string() string {
	if !p.take('"') {
		p.fail("a quote is missing before %q", p.rest())
		return ""
	}
	start, escaped := p.at, false
	for ; p.at < len(p.text) && p.text[p.at] != '"'; p.at++ {
		if p.text[p.at] == '\\' {
			escaped = true
			p.at++
		}
	}
	if p.at >= len(p.text) {
		p.fail("")
		return ""
	}
	p.at++
	p.some = true
	if !escaped {
		return p.text[start : p.at-1]
	}
	var s string
	if err := json.Unmarshal([]byte(p.text[start-1:p.at]), &s); err != nil {
		p.err = fmt.Errorf("a string is broken: %w", err)
	}
	return s
}

func (v value) scalar() bool { return v.kind == 0 }
func (v value) object() bool { return v.kind == '{' }

// row tells whether v can be the row of a table.
func (v value) row() bool { return v.object() || v.kind == '[' && v.all(value.scalar) }

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
	return len(v.keys) > 0 && !slices.ContainsFunc(v.keys, func(k string) bool { return !isNumber(k) })
}

func isNumber(s string) bool {
	_, err := strconv.ParseFloat(s, 64)
	return err == nil
}

// all tells whether there are items and f holds of all of them.
func (v value) all(f func(value) bool) bool {
	return len(v.items) > 0 && !slices.ContainsFunc(v.items, func(v value) bool { return !f(v) })
}
