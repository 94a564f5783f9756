package bundle

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"path"
	"slices"
	"strconv"
	"strings"
)

// tolerance is by how much of its value a number computed on another machine may differ.
const tolerance = 1e-9

// compareNumbers is an error that names the first number of a file that the curves do
// not give; want is the file as they give it.
func compareNumbers(name string, have, want []byte) error {
	switch path.Ext(name) {
	case ".json":
		return compareJSON(have, want)
	case ".csv":
		return compareCSV(have, want)
	}
	return compareLines(have, want)
}

func compareJSON(have, want []byte) error {
	h, err := decode(have)
	if err != nil {
		return err
	}
	w, err := decode(want)
	if err != nil {
		return err
	}
	return agree("", h, w)
}

func decode(b []byte) (v any, err error) {
	dec := json.NewDecoder(bytes.NewReader(b))
	dec.UseNumber()
	if err = dec.Decode(&v); err == nil {
		if _, err := dec.Token(); err != io.EOF {
			return nil, fmt.Errorf("more than one JSON value")
		}
	}
	return v, err
}

// agree compares two JSON values; at is where they are. A key that a later program
// adds is no difference.
func agree(at string, have, want any) error {
	differ := func() error { return fmt.Errorf("%s is %s, the curves give %s", at, show(have), show(want)) }
	switch h := have.(type) {
	case map[string]any:
		w, ok := want.(map[string]any)
		if !ok {
			return differ()
		}
		keys := make([]string, 0, len(h))
		for key := range h {
			keys = append(keys, key)
		}
		slices.Sort(keys)
		for _, key := range keys {
			below := strings.TrimPrefix(at+"."+key, ".")
			v, ok := w[key]
			if !ok {
				return fmt.Errorf("%s: is not a key that the curves give", below)
			}
			if err := agree(below, h[key], v); err != nil {
				return err
			}
		}
		return nil
	case []any:
		w, ok := want.([]any)
		if !ok || len(h) != len(w) {
			return differ()
		}
		for i := range h {
			if err := agree(fmt.Sprintf("%s[%d]", at, i), h[i], w[i]); err != nil {
				return err
			}
		}
		return nil
	case json.Number:
		if w, ok := want.(json.Number); !ok || !near(string(h), string(w)) {
			return differ()
		}
		return nil
	}
	if have != want {
		return differ()
	}
	return nil
}

// show is a value in a message: numbers and short texts as they are.
func show(v any) string {
	switch v := v.(type) {
	case []any:
		return fmt.Sprintf("a list of %d", len(v))
	case map[string]any:
		return fmt.Sprintf("an object of %d keys", len(v))
	case nil:
		return "null"
	case string:
		return strconv.Quote(v)
	}
	return fmt.Sprint(v)
}

// near says whether two numbers, or texts, are the same up to rounding.
func near(a, b string) bool {
	if a == b {
		return true
	}
	x, errX := strconv.ParseFloat(a, 64)
	y, errY := strconv.ParseFloat(b, 64)
	return errX == nil && errY == nil && math.Abs(x-y) <= tolerance*math.Max(math.Abs(x), math.Abs(y))
}

func compareCSV(have, want []byte) error {
	h, err := csv.NewReader(bytes.NewReader(have)).ReadAll()
	if err != nil {
		return err
	}
	w, err := csv.NewReader(bytes.NewReader(want)).ReadAll()
	if err != nil {
		return err
	}
	if len(h) != len(w) || len(h) == 0 {
		return fmt.Errorf("%d lines, the curves give %d", len(h), len(w))
	}
	for j, name := range h[0] {
		at := slices.Index(w[0], name)
		if at < 0 {
			return fmt.Errorf("1: %s is not a column that the curves give", name)
		}
		for i := 1; i < len(h); i++ {
			if !near(h[i][j], w[i][at]) {
				return fmt.Errorf("%d: %s is %q, the curves give %q", i+1, name, h[i][j], w[i][at])
			}
		}
	}
	return nil
}

func compareLines(have, want []byte) error {
	if bytes.Equal(have, want) {
		return nil
	}
	h, w := strings.Split(string(have), "\n"), strings.Split(string(want), "\n")
	for i := range min(len(h), len(w)) {
		if h[i] != w[i] {
			return fmt.Errorf("%d: is %q, the curves give %q", i+1, h[i], w[i])
		}
	}
	return fmt.Errorf("%d lines, the curves give %d", len(h), len(w))
}
