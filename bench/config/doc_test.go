package config

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"
)

var update = flag.Bool("update", false, "write the table of keys in docs/config.md anew")

// docTable is Keys as docs/config.md shows them.
func docTable() string {
	var b strings.Builder
	b.WriteString("| key | default | values | meaning |\n|---|---|---|---|\n")
	for _, k := range Keys {
		key, def := "`"+k.Path+"`", "required"
		if k.Of != "" {
			key += " (" + k.Of + ")"
		}
		if rival := rivals[k.Path]; rival != "" {
			def = "in place of `" + rival + "`"
		}
		if k.Default != "" {
			def = "`" + k.Default + "`"
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s |\n", key, def, k.Range(), k.Meaning)
	}
	return b.String()
}

// docs/config.md has every key, as it is, and no other.
func TestDoc(t *testing.T) {
	const path = "../../docs/config.md"
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	re := regexp.MustCompile(`(?s)(<!-- keys: [^\n]* -->\n)(.*)(<!-- end -->)`)
	m := re.FindSubmatch(b)
	if m == nil {
		t.Fatal("the marks around the table of keys are gone")
	}
	if string(m[2]) == docTable() {
		return
	}
	if !*update {
		t.Fatal("the table of keys in docs/config.md is not that of Keys; go test ./bench/config -run Doc -update")
	}
	text := re.ReplaceAllFunc(b, func([]byte) []byte { return []byte(string(m[1]) + docTable() + string(m[3])) })
	if err := os.WriteFile(path, text, 0o666); err != nil {
		t.Fatal(err)
	}
}

// The YAML in docs/config.md is accepted: the first block whole, others over it.
func TestDocExamples(t *testing.T) {
	b, err := os.ReadFile("../../docs/config.md")
	if err != nil {
		t.Fatal(err)
	}
	blocks := regexp.MustCompile("(?s)```yaml\n(.*?)```").FindAllStringSubmatch(string(b), -1)
	if len(blocks) < 2 {
		t.Fatalf("%d examples", len(blocks))
	}
	files := map[string]string{"0.yaml": blocks[0][1]}
	for i, m := range blocks[1:] {
		files[fmt.Sprintf("%d.yaml", i+1)] = "base: 0.yaml\n" + m[1]
	}
	write(t, files)
	for name := range files {
		if _, err := Load(name, nil); err != nil {
			t.Error(err)
		}
	}
}

// Every key has a field, a readable default in its own range, and a place in Config;
// every field has a key.
func TestKeys(t *testing.T) {
	seen := map[string]bool{}
	for _, k := range Keys {
		if seen[k.Path+" "+k.Of] {
			t.Errorf("%s (%s) is there twice", k.Path, k.Of)
		}
		seen[k.Path+" "+k.Of] = true
		if k.Default != "" {
			n := defaultValue("", k.Default)
			items := []*yaml.Node{n}
			if n.Kind == yaml.SequenceNode {
				items = n.Content
			}
			for _, item := range items {
				if _, wrong := k.read(item); wrong != "" {
					t.Errorf("%s: default: %s", k.Path, wrong)
				}
			}
		}
		if k.Noun == "" || k.Range() == "" || !strings.HasSuffix(k.Meaning, ".") {
			t.Errorf("%s: not described", k.Path)
		}
	}
	var walk func(path string, v reflect.Type)
	walk = func(path string, v reflect.Type) {
		for i := range v.NumField() {
			f := v.Field(i)
			key, _, _ := strings.Cut(f.Tag.Get("yaml"), ",")
			below, of := join(path, key), f.Type
			if below == "slurm" {
				continue
			}
			if of.Kind() == reflect.Slice {
				of = of.Elem()
			}
			known := false
			for _, k := range Keys {
				known = known || k.Path == below || strings.HasPrefix(k.Path, below+".")
			}
			if !known {
				t.Errorf("%s has no entry in Keys", below)
			}
			if of.Kind() == reflect.Struct {
				walk(below, of)
			}
		}
	}
	walk("", reflect.TypeFor[Config]())
}

// The committed sweeps are valid and warn of nothing that is not meant.
func TestCommittedSweeps(t *testing.T) {
	t.Chdir("../..")
	paths, err := filepath.Glob("configs/*.yaml")
	if err != nil || len(paths) == 0 {
		t.Fatal(paths, err)
	}
	for _, path := range paths {
		c, err := Load(path, nil)
		if err != nil {
			t.Error(err)
			continue
		}
		roundTrip(t, c)
		if want := strings.TrimSuffix(filepath.Base(path), ".yaml"); c.Name != want {
			t.Errorf("%s: name: %s, want %s", path, c.Name, want)
		}
		shown := strings.Contains(path, "smoke") || regexp.MustCompile("fig[234]").MatchString(path) // not compared
		for _, w := range c.Warnings() {
			if shown && strings.HasPrefix(w, "seeds: ") {
				continue
			}
			t.Errorf("%s: %s", path, w)
		}
	}
}
