package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"text/tabwriter"
	"text/template"

	"fig5/fid/files"
)

// note tells the user of what is no mistake, a line each; nothing of an empty one.
func (e *env) note(texts ...string) {
	for _, text := range texts {
		if text != "" {
			fmt.Fprintln(e.err, "fig5:", text)
		}
	}
}

// warn warns of what makes a result weak, a line each, of the file or the run of that name.
func (e *env) warn(of string, texts ...string) {
	if of != "" {
		of += ": "
	}
	for _, text := range texts {
		fmt.Fprintf(e.err, "fig5: warning: %s%s\n", of, text)
	}
}

// write writes v to the results as JSON, or what text says of it.
func (e *env) write(v any, text func() string) error {
	if e.json {
		return files.WriteJSON(e.out, v)
	}
	_, err := io.WriteString(e.out, text())
	return err
}

// columned is a text in columns, two spaces apart.
type columned struct {
	b strings.Builder
	w *tabwriter.Writer
}

// columns begins one with a row of headings, where there are any.
func columns(head ...any) *columned {
	c := &columned{}
	c.w = tabwriter.NewWriter(&c.b, 0, 0, 2, ' ', 0)
	if len(head) > 0 {
		c.row(head...)
	}
	return c
}

func (c *columned) row(cells ...any) {
	fmt.Fprintf(c.w, strings.Repeat("%v\t", len(cells)-1)+"%v\n", cells...)
}

// line is a row of a name and a text in a format.
func (c *columned) line(name, format string, a ...any) { c.row(name, fmt.Sprintf(format, a...)) }

// text ends the columns: it is called once.
func (c *columned) text() string {
	c.w.Flush() // a strings.Builder takes every write
	return c.b.String()
}

// words is a template of lines, the texts between their tabs in columns two spaces apart.
func words(text string, functions template.FuncMap) *template.Template {
	return template.Must(template.New("").Funcs(functions).Parse(text))
}

// say is a template in words; an error in one is a mistake in this program.
func say(t *template.Template, data any) string {
	c := columns()
	if err := t.Execute(c.w, data); err != nil {
		panic(err)
	}
	return c.text()
}

// outputFile refuses, before any work is done, the path that a flag gives for a file
// where none can be: a folder, or in a folder that is not there. An empty one was not given.
func outputFile(flag, path string) error {
	if path == "" {
		return nil
	}
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return badInput(fmt.Errorf("%s %s: is a folder; name a file", flag, path))
	}
	dir := filepath.Dir(path)
	info, err := os.Stat(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return badInput(fmt.Errorf("%s %s: there is no folder %s", flag, path, dir))
	case errors.Is(err, syscall.ENOTDIR), err == nil && !info.IsDir():
		return badInput(fmt.Errorf("%s %s: %s is not a folder", flag, path, dir))
	}
	return nil
}

// outputDir refuses the path that a flag gives for a folder where a file is in its place
// or above it. A folder that is not there is made; an empty path is this folder.
func outputDir(flag, path string) error {
	for at := filepath.Clean(path); ; at = filepath.Dir(at) {
		info, err := os.Stat(at)
		switch {
		case err == nil && info.IsDir():
			return nil
		case err == nil:
			return badInput(fmt.Errorf("%s %s: %s is a file, not a folder", flag, path, at))
		case !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, syscall.ENOTDIR) || at == filepath.Dir(at):
			return nil // writing says what is wrong
		}
	}
}

// outputError marks an error of writing where the user asked to as the user's, unless
// the machine failed: a full disk is no wrong path.
func outputError(err error) error {
	for _, theirs := range []error{fs.ErrPermission, fs.ErrNotExist, syscall.ENOTDIR, syscall.EISDIR, syscall.EROFS, syscall.ENAMETOOLONG} {
		if errors.Is(err, theirs) {
			return badInput(err)
		}
	}
	return err
}
