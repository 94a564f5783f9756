package canvas

import (
	"encoding/binary"
	"errors"
	"fmt"
	"sort"
)

var errFont = errors.New("canvas: the font is not a TrueType font that can be cut down")

// Subset cuts a TrueType font down to the glyphs of the given characters (and
// the missing-glyph sign). The result is a font of its own with a Unicode
// character map, without hinting, kerning and substitution tables. Characters
// that the font does not have are left out. The name table, which holds the
// font's copyright and licence, is kept.
//
// The tables are those of the OpenType specification 1.9.
func Subset(ttf []byte, chars []rune) ([]byte, error) {
	t, err := tables(ttf)
	if err != nil {
		return nil, err
	}
	head, maxp, hhea := t["head"], t["maxp"], t["hhea"]
	if len(head) < 54 || len(maxp) < 6 || len(hhea) < 36 {
		return nil, errFont
	}
	src := glyphs{
		glyf:     t["glyf"],
		loca:     t["loca"],
		long:     binary.BigEndian.Uint16(head[50:]) == 1,
		n:        int(binary.BigEndian.Uint16(maxp[4:])),
		hmtx:     t["hmtx"],
		nMetrics: int(binary.BigEndian.Uint16(hhea[34:])),
	}
	cmap, err := parseCmap(t["cmap"])
	if err != nil {
		return nil, err
	}

	// The glyphs that are kept: .notdef, those of the characters, and their parts.
	chars = append([]rune(nil), chars...)
	sort.Slice(chars, func(i, j int) bool { return chars[i] < chars[j] })
	keep := []int{0}
	index := map[int]int{0: 0}
	add := func(g int) int {
		i, ok := index[g]
		if !ok {
			i = len(keep)
			index[g] = i
			keep = append(keep, g)
		}
		return i
	}
	type mapping struct {
		char  rune
		glyph int
	}
	var maps []mapping
	for i, c := range chars {
		if i > 0 && c == chars[i-1] {
			continue
		}
		if g := cmap[c]; g != 0 {
			maps = append(maps, mapping{c, add(g)})
		}
	}
	var glyf []byte
	var loca, hmtx []byte
	for i := 0; i < len(keep); i++ { // grows as parts are added
		g, err := src.outline(keep[i], add)
		if err != nil {
			return nil, err
		}
		loca = binary.BigEndian.AppendUint32(loca, uint32(len(glyf)))
		glyf = append(glyf, g...)
		for len(glyf)%4 != 0 {
			glyf = append(glyf, 0)
		}
		m, err := src.metric(keep[i])
		if err != nil {
			return nil, err
		}
		hmtx = append(hmtx, m...)
	}
	loca = binary.BigEndian.AppendUint32(loca, uint32(len(glyf)))

	// A format 12 character map: one group a character.
	sub := binary.BigEndian.AppendUint16(nil, 12)
	sub = binary.BigEndian.AppendUint16(sub, 0)
	sub = binary.BigEndian.AppendUint32(sub, uint32(16+12*len(maps)))
	sub = binary.BigEndian.AppendUint32(sub, 0)
	sub = binary.BigEndian.AppendUint32(sub, uint32(len(maps)))
	for _, m := range maps {
		sub = binary.BigEndian.AppendUint32(sub, uint32(m.char))
		sub = binary.BigEndian.AppendUint32(sub, uint32(m.char))
		sub = binary.BigEndian.AppendUint32(sub, uint32(m.glyph))
	}
	cm := []byte{0, 0, 0, 1, 0, 3, 0, 10, 0, 0, 0, 12} // version 0, one table: Windows, full Unicode, at 12
	cm = append(cm, sub...)

	head = append([]byte(nil), head...)
	binary.BigEndian.PutUint32(head[8:], 0)  // checksum, below
	binary.BigEndian.PutUint16(head[50:], 1) // long offsets in loca
	maxp = append([]byte(nil), maxp...)
	binary.BigEndian.PutUint16(maxp[4:], uint16(len(keep)))
	hhea = append([]byte(nil), hhea...)
	binary.BigEndian.PutUint16(hhea[34:], uint16(len(keep)))
	post := make([]byte, 32)
	copy(post, t["post"])
	binary.BigEndian.PutUint32(post, 0x00030000) // no glyph names

	return assemble(map[string][]byte{
		"OS/2": t["OS/2"], "cmap": cm, "glyf": glyf, "head": head, "hhea": hhea, "hmtx": hmtx,
		"loca": loca, "maxp": maxp, "name": t["name"], "post": post,
	}), nil
}

// tables cuts a font file into its tables by tag.
func tables(ttf []byte) (map[string][]byte, error) {
	if len(ttf) < 12 || binary.BigEndian.Uint32(ttf) != 0x00010000 {
		return nil, errFont
	}
	n := int(binary.BigEndian.Uint16(ttf[4:]))
	if len(ttf) < 12+16*n {
		return nil, errFont
	}
	t := map[string][]byte{}
	for i := range n {
		e := ttf[12+16*i:]
		off, size := uint64(binary.BigEndian.Uint32(e[8:])), uint64(binary.BigEndian.Uint32(e[12:]))
		if off+size > uint64(len(ttf)) {
			return nil, errFont
		}
		t[string(e[:4])] = ttf[off : off+size]
	}
	return t, nil
}

// parseCmap reads the format 4 table (Windows, basic plane), which every
// TrueType font with Unicode characters has.
func parseCmap(b []byte) (map[rune]int, error) {
	if len(b) < 4 {
		return nil, errFont
	}
	u16 := func(b []byte, i int) int { return int(binary.BigEndian.Uint16(b[i:])) }
	for i := range u16(b, 2) {
		if len(b) < 12+8*i {
			return nil, errFont
		}
		e := b[4+8*i:]
		off := int(binary.BigEndian.Uint32(e[4:]))
		if u16(e, 0) != 3 || u16(e, 2) != 1 || off+14 > len(b) || u16(b, off) != 4 {
			continue
		}
		s := b[off:]
		if u16(s, 2) > len(s) {
			return nil, errFont
		}
		segs := u16(s, 6) / 2
		if 16+8*segs > len(s) {
			return nil, errFont
		}
		m := map[rune]int{}
		for k := range segs {
			end, start := u16(s, 14+2*k), u16(s, 16+2*segs+2*k)
			delta, at := u16(s, 16+4*segs+2*k), 16+6*segs+2*k
			for c := start; c <= end && c != 0xFFFF; c++ {
				g := c
				if r := u16(s, at); r != 0 {
					p := at + r + 2*(c-start)
					if p+2 > len(s) {
						return nil, errFont
					}
					if g = u16(s, p); g == 0 {
						continue
					}
				}
				m[rune(c)] = (g + delta) & 0xFFFF
			}
		}
		return m, nil
	}
	return nil, fmt.Errorf("%w: it has no Unicode character map", errFont)
}

// glyphs is the outlines and widths of a font.
type glyphs struct {
	glyf, loca, hmtx []byte
	long             bool
	n, nMetrics      int
}

// metric is the advance width and left side bearing of glyph g: 4 bytes.
func (s glyphs) metric(g int) ([]byte, error) {
	if g < s.nMetrics {
		if 4*g+4 > len(s.hmtx) {
			return nil, errFont
		}
		return s.hmtx[4*g : 4*g+4], nil
	}
	w, b := 4*(s.nMetrics-1), 4*s.nMetrics+2*(g-s.nMetrics)
	if w < 0 || b+2 > len(s.hmtx) {
		return nil, errFont
	}
	return []byte{s.hmtx[w], s.hmtx[w+1], s.hmtx[b], s.hmtx[b+1]}, nil
}

// outline is glyph g without its instructions, its parts renumbered by add.
func (s glyphs) outline(g int, add func(int) int) ([]byte, error) {
	var from, to int
	switch {
	case g < 0 || g >= s.n:
		return nil, errFont
	case s.long && 4*g+8 <= len(s.loca):
		from, to = int(binary.BigEndian.Uint32(s.loca[4*g:])), int(binary.BigEndian.Uint32(s.loca[4*g+4:]))
	case !s.long && 2*g+4 <= len(s.loca):
		from, to = 2*int(binary.BigEndian.Uint16(s.loca[2*g:])), 2*int(binary.BigEndian.Uint16(s.loca[2*g+2:]))
	default:
		return nil, errFont
	}
	if from == to {
		return nil, nil // a space
	}
	if from > to || to > len(s.glyf) || to-from < 10 {
		return nil, errFont
	}
	b := append([]byte(nil), s.glyf[from:to]...)
	if contours := int(int16(binary.BigEndian.Uint16(b))); contours >= 0 {
		at := 10 + 2*contours
		if at+2 > len(b) {
			return nil, errFont
		}
		n := int(binary.BigEndian.Uint16(b[at:]))
		if at+2+n > len(b) {
			return nil, errFont
		}
		b[at], b[at+1] = 0, 0
		return append(b[:at+2], b[at+2+n:]...), nil
	}
	const (
		words, scale, more, xyScale, twoByTwo, instructions = 1 << 0, 1 << 3, 1 << 5, 1 << 6, 1 << 7, 1 << 8
	)
	for at := 10; ; {
		if at+4 > len(b) {
			return nil, errFont
		}
		flags := binary.BigEndian.Uint16(b[at:])
		binary.BigEndian.PutUint16(b[at:], flags&^instructions)
		binary.BigEndian.PutUint16(b[at+2:], uint16(add(int(binary.BigEndian.Uint16(b[at+2:])))))
		at += 6
		if flags&words != 0 {
			at += 2
		}
		switch {
		case flags&scale != 0:
			at += 2
		case flags&xyScale != 0:
			at += 4
		case flags&twoByTwo != 0:
			at += 8
		}
		if at > len(b) {
			return nil, errFont
		}
		if flags&more == 0 {
			return b[:at], nil
		}
	}
}

// assemble joins tables to a font file, with the checksums.
func assemble(t map[string][]byte) []byte {
	tags := make([]string, 0, len(t))
	for tag := range t {
		tags = append(tags, tag)
	}
	sort.Strings(tags)
	n, log := len(tags), 0
	for 2<<log <= n {
		log++
	}
	out := binary.BigEndian.AppendUint32(nil, 0x00010000)
	for _, v := range []int{n, 16 << log, log, 16 * (n - 1<<log)} {
		out = binary.BigEndian.AppendUint16(out, uint16(v))
	}
	var body []byte
	headAt := 0
	for _, tag := range tags {
		b := t[tag]
		off := 12 + 16*n + len(body)
		if tag == "head" {
			headAt = off
		}
		out = append(out, tag...)
		out = binary.BigEndian.AppendUint32(out, checksum(b))
		out = binary.BigEndian.AppendUint32(out, uint32(off))
		out = binary.BigEndian.AppendUint32(out, uint32(len(b)))
		body = append(body, b...)
		for len(body)%4 != 0 {
			body = append(body, 0)
		}
	}
	out = append(out, body...)
	binary.BigEndian.PutUint32(out[headAt+8:], 0xB1B0AFBA-checksum(out))
	return out
}

func checksum(b []byte) uint32 {
	var sum uint32
	for i := 0; i < len(b); i += 4 {
		var w [4]byte
		copy(w[:], b[i:])
		sum += binary.BigEndian.Uint32(w[:])
	}
	return sum
}
