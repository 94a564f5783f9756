package npy

import (
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
)

// maxHeader bounds the dictionary of a .npy header; NumPy itself refuses more
// than 10,000 bytes by default.
const maxHeader = 1 << 16

const magic = "\x93NUMPY"

// header is the dictionary at the start of a .npy file.
type header struct {
	descr   string
	fortran bool
	shape   []int
}

// readHeader reads magic, version and dictionary and returns the number of bytes
// they take of the size bytes there are.
// https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
func readHeader(r io.Reader, size int64) (h header, length int64, err error) {
	var start [12]byte
	if _, err := io.ReadFull(r, start[:10]); err != nil || string(start[:6]) != magic {
		return h, 0, fmt.Errorf("is not a .npy file: it does not begin with \\x93NUMPY and a version")
	}
	switch major := start[6]; major {
	case 1:
		length = 10 // of the next number two bytes; the others are 0
	case 2, 3:
		length = 12
	default:
		return h, 0, fmt.Errorf("has .npy format version %d, which is unknown (want 1, 2 or 3)", major)
	}
	if _, err := io.ReadFull(r, start[10:length]); err != nil {
		return h, 0, fmt.Errorf("ends inside its .npy header")
	}
	n := int64(binary.LittleEndian.Uint32(start[8:]))
	if n > maxHeader || n > size-length {
		return h, 0, fmt.Errorf("announces a .npy header of %d bytes, in %d bytes", n, size)
	}
	text := make([]byte, n)
	if _, err := io.ReadFull(r, text); err != nil {
		return h, 0, fmt.Errorf("ends inside its .npy header")
	}
	h, err = parseHeader(string(text))
	return h, length + n, err
}

// parseHeader reads the Python literal
// {'descr': '<f8', 'fortran_order': False, 'shape': (3, 2), }.
func parseHeader(text string) (h header, err error) {
	p := &parser{rest: text}
	seen := map[string]bool{}
	p.want("{")
	for p.err == nil && !p.take("}") {
		key := p.quoted()
		if seen[key] {
			p.fail("key %q twice", key)
		}
		seen[key] = true
		p.want(":")
		switch key {
		case "descr":
			if p.peek("[") {
				return h, fmt.Errorf("holds a structured array; save a plain array of numbers")
			}
			h.descr = p.quoted()
		case "fortran_order":
			if h.fortran = p.take("True"); !h.fortran {
				p.want("False")
			}
		case "shape":
			h.shape = p.tuple()
		default:
			p.fail("unknown key %q", key)
		}
		if !p.take(",") && !p.peek("}") {
			p.fail("no comma at %q", clip(p.rest))
		}
	}
	if rest := strings.TrimSpace(p.rest); rest != "" {
		p.fail("text after the dictionary: %q", clip(rest))
	}
	for _, key := range []string{"descr", "fortran_order", "shape"} {
		if !seen[key] {
			p.fail("no key %q", key)
		}
	}
	return h, p.err
}

// parser reads the few Python literals of a header; after the first mistake it
// keeps the error and takes nothing more.
type parser struct {
	rest string
	err  error
}

func (p *parser) fail(format string, args ...any) {
	if p.err == nil {
		p.err = fmt.Errorf("has a malformed .npy header: "+format, args...)
	}
}

func (p *parser) peek(token string) bool {
	p.rest = strings.TrimLeft(p.rest, " \t\n")
	return strings.HasPrefix(p.rest, token)
}

func (p *parser) take(token string) bool {
	if p.err != nil || !p.peek(token) {
		return false
	}
	p.rest = p.rest[len(token):]
	return true
}

func (p *parser) want(token string) {
	if !p.take(token) {
		p.fail("no %q at %q", token, clip(p.rest))
	}
}

func (p *parser) quoted() string {
	quote := "'"
	if p.peek(`"`) {
		quote = `"`
	}
	p.want(quote)
	text, rest, ok := strings.Cut(p.rest, quote)
	if !ok {
		p.fail("no end of the text %q", clip(p.rest))
	}
	p.rest = rest
	return text
}

// tuple reads (), (3,) or (3, 2); Python 2 wrote 3L.
func (p *parser) tuple() []int {
	shape := []int{}
	p.want("(")
	for p.err == nil && !p.take(")") {
		p.peek("")
		digits := len(p.rest) - len(strings.TrimLeft(p.rest, "0123456789"))
		n, err := strconv.Atoi(p.rest[:digits])
		if err != nil {
			p.fail("no dimension at %q", clip(p.rest))
			return nil
		}
		shape = append(shape, n)
		p.rest = strings.TrimPrefix(p.rest[digits:], "L")
		if comma := p.take(","); !comma && (len(shape) == 1 || !p.peek(")")) {
			p.fail("no comma in the shape at %q", clip(p.rest))
		}
	}
	return shape
}

// clip shortens what an error quotes.
func clip(s string) string {
	if len(s) > 20 {
		return s[:20] + "..."
	}
	return s
}

// elements is the product of the dimensions, -1 where it overflows an int64.
func elements(shape []int) int64 {
	if slices.Contains(shape, 0) {
		return 0
	}
	n := int64(1)
	for _, s := range shape {
		if n > math.MaxInt64/int64(s) {
			return -1
		}
		n *= int64(s)
	}
	return n
}
