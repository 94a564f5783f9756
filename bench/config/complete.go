package config

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// errorAt is an error about the value at path that was written at a place.
func errorAt(at, path, message string) error {
	switch {
	case path == "":
		return located(at, message)
	case at == "":
		return located(path, message)
	case at == "--set":
		return located(at+" "+path, message)
	}
	return located(at, path+": "+message)
}

// checkKnown refuses a key that no section of that path has, whatever its name. It is
// asked of every file before they are merged, so that nothing mistyped is hidden by
// what replaces it.
func checkKnown(path string, v *value) error {
	if v.kind == list && isList(path) {
		for _, item := range v.items {
			if err := checkKnown(path, item); err != nil {
				return err
			}
		}
	}
	if v.kind != mapping || !isSection(path) {
		return nil
	}
	known := children(path, "", true)
	if path == "" {
		known = append(known, "slurm")
	}
	for i, key := range v.keys {
		below := join(path, key)
		if !slices.Contains(known, key) {
			return errorAt(v.items[i].at, below, "unknown key; "+suggest(path, key, known))
		}
		if err := checkKnown(below, v.items[i]); err != nil {
			return err
		}
	}
	return nil
}

// suggest names the known key that was perhaps meant: the nearest in the same
// section, or one of the same name elsewhere.
func suggest(path, key string, known []string) string {
	best, least := "", 1+max(1, len(key)/3)
	for _, k := range known {
		if d := distance(strings.ToLower(key), k); d < least {
			best, least = join(path, k), d
		}
	}
	if best == "" {
		for _, k := range Keys {
			if strings.HasSuffix("."+k.Path, "."+key) {
				best = k.Path
				break
			}
		}
	}
	if best != "" {
		return "did you mean " + best + "?"
	}
	if path == "" {
		path = "a sweep"
	}
	return fmt.Sprintf("%s has %s", path, strings.Join(known, ", "))
}

// distance is the number of letters to add, drop, change or swap with a neighbour
// to make a of b (optimal string alignment).
func distance(a, b string) int {
	rows := make([][]int, len(a)+1)
	for i := range rows {
		rows[i] = make([]int, len(b)+1)
		rows[i][0] = i
		for j := range rows[i] {
			switch {
			case i == 0:
				rows[i][j] = j
				continue
			case j == 0:
				continue
			}
			change := 1
			if a[i-1] == b[j-1] {
				change = 0
			}
			d := min(rows[i-1][j]+1, rows[i][j-1]+1, rows[i-1][j-1]+change)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				d = min(d, rows[i-2][j-2]+1)
			}
			rows[i][j] = d
		}
	}
	return rows[len(a)][len(b)]
}

// complete is the section at path with every key of its name, each given or by
// default. at is the place of the section around it.
func complete(path string, v *value, at string) (*value, error) {
	if v == nil {
		v = &value{kind: mapping}
	}
	if v.at != "" {
		at = v.at
	}
	if v.kind != mapping {
		return nil, errorAt(v.at, path, fmt.Sprintf("%s is not a map (%s)", v.show(), strings.Join(children(path, "", true), ", ")))
	}
	of := ""
	if named(path) {
		var err error
		if of, err = nameOf(path, v, at); err != nil {
			return nil, err
		}
	}
	known := children(path, variant(path, of), false)
	for i, key := range v.keys {
		if !slices.Contains(known, key) {
			return nil, errorAt(v.items[i].at, join(path, key), fmt.Sprintf("not a key of %s, which has %s", of, strings.Join(known, ", ")))
		}
	}
	out := &value{at: at, kind: mapping, keys: known}
	for _, key := range known {
		below := join(path, key)
		item, err := completeKey(below, variant(path, of), v.get(key), at)
		if err != nil {
			return nil, err
		}
		out.items = append(out.items, item)
	}
	return out, nil
}

// completeKey is the value of the key at path in a map of that name.
func completeKey(path, of string, v *value, at string) (*value, error) {
	if isList(path) {
		if v == nil && lists[path] != "" {
			v = defaultValue(path, lists[path])
		}
		if v == nil || v.kind != list {
			v = &value{at: at, kind: list, items: []*value{v}}
		}
		out := &value{at: v.at, kind: list}
		for _, item := range v.items {
			c, err := complete(path, item, at)
			if err != nil {
				return nil, err
			}
			out.items = append(out.items, c)
		}
		return out, nil
	}
	if isSection(path) {
		return complete(path, v, at)
	}
	if v != nil {
		return v, nil
	}
	k, _ := findKey(path, of)
	if k.Default == "" {
		return nil, errorAt(at, path, fmt.Sprintf("missing; it is %s (%s)", k.Noun, k.Range()))
	}
	return k.value(), nil
}

// nameOf is the name given in the section at path, or its default.
func nameOf(path string, v *value, at string) (string, error) {
	k, _ := findKey(path+".name", "")
	name := v.get("name")
	if name == nil {
		if k.Default == "" {
			return "", errorAt(at, k.Path, fmt.Sprintf("missing; it is %s (%s)", k.Noun, k.Range()))
		}
		return k.Default, nil
	}
	x, wrong := k.read(name)
	if wrong != "" && brief[path] {
		return "", errorAt(name.at, path, wrong)
	}
	if wrong != "" {
		return "", errorAt(name.at, k.Path, wrong)
	}
	of := x.(string)
	if path == "anneal.schedule" && variant(path, of) == ownSchedule && v.get("levels") == nil {
		return "", errorAt(name.at, path, k.not(strconv.Quote(of)))
	}
	return of, nil
}
