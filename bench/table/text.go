package table

import (
	"strings"

	"github.com/rivo/uniseg"
)

// Width is how many columns a terminal has at least.
const Width = 100

// Text writes the table in lines of at most width columns; 0 is as wide as it needs.
// Where it is too wide, headings break first, then the cells of columns that may. Notes
// are broken at width.
func (t *Table) Text(width int) string {
	s := t.Shown()
	w := s.widths(width)
	var b strings.Builder
	if s.Title != "" {
		b.WriteString(strings.Join(wrap(s.Title, width), "\n") + "\n\n")
	}
	s.line(&b, s.heads(), w)
	for i, r := range s.Rows {
		if r.Section != "" {
			if i > 0 {
				b.WriteString("\n")
			}
			b.WriteString(r.Section + "\n")
			continue
		}
		s.line(&b, r.texts(), w)
	}
	for i, n := range s.Notes {
		if i == 0 {
			b.WriteString("\n")
		}
		b.WriteString(strings.Join(wrap(n, width), "\n") + "\n")
	}
	return b.String()
}

// line writes cells, broken where they are wider than their columns.
func (t *Table) line(b *strings.Builder, cells []string, w []int) {
	lines := make([][]string, len(cells))
	height := 1
	for i, c := range cells {
		lines[i] = wrap(c, w[i])
		height = max(height, len(lines[i]))
	}
	for y := range height {
		var line strings.Builder
		for i := range cells {
			text := ""
			if y < len(lines[i]) {
				text = lines[i][y]
			}
			space := strings.Repeat(" ", max(0, w[i]-uniseg.StringWidth(text)))
			if t.Columns[i].Right {
				text = space + text
			} else {
				text += space
			}
			if i > 0 {
				line.WriteString("  ")
			}
			line.WriteString(text)
		}
		b.WriteString(strings.TrimRight(line.String(), " ") + "\n")
	}
}

// widths is the width of every column in a table of at most width.
func (t *Table) widths(width int) []int {
	n := len(t.Columns)
	w, least, body := make([]int, n), make([]int, n), make([]int, n)
	total := 2 * (n - 1)
	for i, c := range t.Columns {
		least[i] = word(c.Head)
		for _, r := range t.Rows {
			if r.Section != "" {
				continue
			}
			text := r.Cells[i].Text
			body[i] = max(body[i], uniseg.StringWidth(text))
			if c.Break {
				least[i] = max(least[i], word(text))
			} else {
				least[i] = max(least[i], body[i])
			}
		}
		w[i] = max(uniseg.StringWidth(c.Head), body[i])
		total += w[i]
	}
	if width == 0 {
		return w
	}
	shrink := func(to func(i int) int) {
		for ; total > width; total-- {
			at, most := -1, 0
			for i := range w { // the widest of those that can give
				if w[i] > to(i) && w[i] > most {
					at, most = i, w[i]
				}
			}
			if at < 0 {
				return
			}
			w[at]--
		}
	}
	shrink(func(i int) int { return max(body[i], least[i]) })
	shrink(func(i int) int { return least[i] })
	return w
}

// word is the width of the longest word.
func word(s string) int {
	n := 0
	for _, f := range strings.Fields(s) {
		n = max(n, uniseg.StringWidth(f))
	}
	return n
}

// Wrap is a sentence in lines of at most Width.
func Wrap(s string) string { return strings.Join(wrap(s, Width), "\n") }

// wrap breaks s at spaces into lines of at most width; a longer word keeps its line.
func wrap(s string, width int) []string {
	if width == 0 || uniseg.StringWidth(s) <= width {
		return []string{s}
	}
	var lines []string
	at := ""
	for _, f := range strings.Fields(s) {
		switch {
		case at == "":
			at = f
		case uniseg.StringWidth(at)+1+uniseg.StringWidth(f) <= width:
			at += " " + f
		default:
			lines = append(lines, at)
			at = f
		}
	}
	return append(lines, at)
}
