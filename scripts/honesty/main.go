package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"fig5/bench/figure"
	"fig5/bench/record"
)

// Files, seen from the repository's root.
const (
	page        = "docs/measurement.md"
	figures     = "docs/figures"
	sweep       = record.Sweep("runs/recorded/fig5")
	samplesFile = "scripts/honesty/samples.csv"
	mnistFile   = "scripts/honesty/mnist.csv"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "honesty:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	switch {
	case len(args) == 0:
		files, err := outcome(".")
		if err != nil {
			return err
		}
		for name, b := range files {
			if err := os.WriteFile(name, b, 0o644); err != nil {
				return err
			}
		}
		return nil
	case args[0] == "samples" && len(args) > 1:
		return collectSamples(samplesFile, args[1:])
	case args[0] == "mnist" && len(args) == 2:
		return collectMNIST(mnistFile, args[1])
	}
	return errors.New("want no arguments, samples DIR..., or mnist DIR")
}

// outcome is the page and the figures as they should be, by their names below root.
func outcome(root string) (map[string][]byte, error) {
	s, err := measureSettings(record.Sweep(filepath.Join(root, string(sweep))))
	if err != nil {
		return nil, err
	}
	n, err := measureSamples(filepath.Join(root, samplesFile), s.data)
	if err != nil {
		return nil, err
	}
	m, err := readMNIST(filepath.Join(root, mnistFile))
	if err != nil {
		return nil, err
	}
	text, err := os.ReadFile(filepath.Join(root, page))
	if err != nil {
		return nil, err
	}
	blocks := s.tables()
	blocks["samples"], blocks["bias"], blocks["constant"] = n.table(), n.biasTable(), n.constantTable()
	blocks["mnist"] = m.table()
	text, err = fill(text, blocks)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", page, err)
	}
	files := map[string][]byte{filepath.Join(root, page): text}
	for _, f := range []figure.Figure{s.figure(), n.figure(m)} {
		b, err := f.SVG()
		if err != nil {
			return nil, err
		}
		files[filepath.Join(root, figures, f.Name+".svg")] = b
	}
	return files, nil
}

// fill puts each block between its markers, <!-- honesty: NAME --> and <!-- end -->.
func fill(text []byte, blocks map[string]string) ([]byte, error) {
	for name, block := range blocks {
		open := []byte("<!-- honesty: " + name + " -->\n")
		from := bytes.Index(text, open)
		if from < 0 {
			return nil, fmt.Errorf("no marker %q", strings.TrimSpace(string(open)))
		}
		from += len(open)
		length := bytes.Index(text[from:], []byte("<!-- end -->"))
		if length < 0 {
			return nil, fmt.Errorf("no <!-- end --> behind %q", strings.TrimSpace(string(open)))
		}
		text = bytes.Join([][]byte{text[:from], []byte("\n" + strings.TrimSpace(block) + "\n\n"), text[from+length:]}, nil)
	}
	return text, nil
}
