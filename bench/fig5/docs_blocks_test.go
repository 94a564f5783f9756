package main

import (
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// block is a piece of a page that is code.
type block struct {
	line  int      // where it begins
	lang  string   // sh, yaml, ... as its fence says
	lines []string // without indentation
	mark  string   // why its commands are not run: <!-- not run: why --> before it
	save  string   // the file it is to be saved as: "Save it as `FILE`" behind it
}

var (
	fence    = regexp.MustCompile("^(```+|~~~+) *([a-z]*)")
	listItem = regexp.MustCompile(`^([-*+]|\d+\.) `)
	notRun   = regexp.MustCompile(`^<!-- not run: (.+) -->$`)
	saveAs   = regexp.MustCompile("(?i)\\bsave it as `([^`]+)`")
)

// blocks are the fenced and the indented code of a page in Markdown.
func blocks(text string) (out []block, err error) {
	var mark string
	lines := strings.Split(text, "\n")
	blank, list := true, false // of the line before; in a list, whose paragraphs are indented
	for i := 0; i < len(lines); i++ {
		line, b := lines[i], block{line: i + 1, mark: mark}
		switch m := fence.FindStringSubmatch(line); {
		case m != nil:
			b.lang = m[2]
			for i++; i < len(lines) && !strings.HasPrefix(lines[i], m[1]); i++ {
				b.lines = append(b.lines, lines[i])
			}
			out, mark, blank = append(out, b), "", false
			continue
		case strings.HasPrefix(line, "    ") && blank && !list:
			for ; i < len(lines) && (strings.HasPrefix(lines[i], "    ") || lines[i] == ""); i++ {
				b.lines = append(b.lines, strings.TrimPrefix(lines[i], "    "))
			}
			i--
			out, mark, blank = append(out, b), "", true
			continue
		}
		if m := notRun.FindStringSubmatch(line); m != nil {
			mark, blank = m[1], true
			continue
		}
		blank = strings.TrimSpace(line) == ""
		if blank {
			continue
		}
		if mark != "" {
			return nil, fmt.Errorf("%d: `not run: %s` stands before no code", i+1, mark)
		}
		if listItem.MatchString(line) || !strings.HasPrefix(line, " ") {
			list = listItem.MatchString(line)
		}
		if m := saveAs.FindStringSubmatch(line); m != nil && len(out) > 0 {
			out[len(out)-1].save = m[1]
		}
	}
	if mark != "" {
		return nil, fmt.Errorf("%d: `not run: %s` stands before no code", len(lines), mark)
	}
	return out, nil
}

// command is a line to be typed.
type command struct {
	line   int
	text   string
	want   string // what it prints
	prints bool   // where the page says so
}

// shell are the words that commands begin with.
var shell = regexp.MustCompile(`^([A-Z0-9_]+=\S* )*(fig5|fig5-torch|bin/fig5|bin/fig5-torch|make|go|git|cd|cp|mkdir|python3?|pip|sbatch) `)

// commands are those of a block that is shell; those behind a $ are followed by what
// they print.
func (b block) commands() (out []command) {
	session := slices.ContainsFunc(b.lines, func(l string) bool { return strings.HasPrefix(l, "$ ") })
	if b.lang != "sh" && !session && (b.lang != "" || !slices.ContainsFunc(b.lines, shell.MatchString)) {
		return nil
	}
	going := false // on to the next line
	for i, l := range b.lines {
		typed := strings.TrimPrefix(l, "$ ")
		if session && typed == l && !going {
			if n := len(out); n > 0 {
				out[n-1].want += l + "\n"
				out[n-1].prints = true
			}
			continue
		}
		if typed = strings.TrimSpace(typed); typed == "" || strings.HasPrefix(typed, "#") {
			continue
		}
		part, more := strings.CutSuffix(typed, "\\")
		if going {
			out[len(out)-1].text += part
		} else {
			out = append(out, command{line: b.line + i, text: part})
		}
		going = more
	}
	return out
}

func TestBlocks(t *testing.T) {
	have, err := blocks(`Text.

    fig5 plan x.yaml   # indented
    fig5 run x.yaml

    make more

- an item

    of two paragraphs, fig5 is no command here

Another text.
    Not code: no blank line before it.

    name: mine

Save it as ` + "`configs/mine.yaml`" + `, then

<!-- not run: hours -->

~~~sh
FIG5_TORCH=x fig5 run \
  y.yaml
~~~
` + "```" + `
$ fig5 data check cubes
FILE
  two
$ fig5 plan
` + "```" + `
`)
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for _, b := range have {
		for _, c := range b.commands() {
			lines = append(lines, fmt.Sprintf("%d %s %q %s", c.line, c.text, c.want, b.mark))
		}
		if b.save != "" {
			lines = append(lines, b.save+" "+strings.Join(b.lines, "|"))
		}
	}
	want := []string{
		`3 fig5 plan x.yaml   # indented "" `,
		`4 fig5 run x.yaml "" `,
		`6 make more "" `,
		`configs/mine.yaml name: mine|`,
		`21 FIG5_TORCH=x fig5 run y.yaml "" hours`,
		`25 fig5 data check cubes "FILE\n  two\n" `,
		`28 fig5 plan "" `,
	}
	if !reflect.DeepEqual(lines, want) {
		t.Errorf("%s\nwant\n%s", strings.Join(lines, "\n"), strings.Join(want, "\n"))
	}
	for _, text := range []string{"<!-- not run: hours -->\n\nNo code.\n\n    make x\n", "<!-- not run: hours -->\n"} {
		if _, err := blocks(text); err == nil {
			t.Errorf("%q: the mark stands before no code", text)
		}
	}
}
