package config

import (
	"encoding/json"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"
)

const onMNIST = "name: digits\ndata: mnist\nmodel: mnist-fc\nanneal:\n  steps: [1]\n"

const onFaces = "name: faces\ndata: {name: faces, size: 64}\nmodel: mnist-fc\nanneal:\n  steps: [1]\n"

// Drawn faces have features of their own, two sizes and a number.
func TestFaces(t *testing.T) {
	c := load(t, onFaces+"fid: {features: faces}\n")
	roundTrip(t, c)
	if c.FID.Features.Name != "faces" || c.Data != (Data{Name: "faces", Size: 64, Count: 5000}) || c.Data.Shape().Len() != 12288 {
		t.Errorf("%+v, %+v", c.FID.Features, c.Data)
	}
	for text, want := range map[string]string{
		strings.Replace(onFaces, "64", "48", 1):            "c.yaml:2: data.size: 48 is not a number of pixels (32 or 64)",
		strings.Replace(onFaces, "64", "32, count: 99", 1): "c.yaml:2: data.count: 99 is not a number of faces (100 or more)",
		onMNIST + "fid: {features: faces}\n":               "c.yaml:6: fid.features: faces is for data.name faces, not mnist",
	} {
		write(t, map[string]string{"c.yaml": text})
		if _, err := Load("c.yaml", nil); err == nil || err.Error() != want {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

// Features are read in each of their forms and written in the shortest.
func TestFeatures(t *testing.T) {
	sum := strings.Repeat("0a", 32)
	for _, c := range []struct{ yaml, set, want string }{
		{"", "", "raw"},
		{"fid: {features: lenet}\n", "", "lenet"},
		{"fid: {features: {name: lenet}}\n", "", "lenet"},
		{"fid: {features: lenet}\n", "fid.features=raw", "raw"},
		{"fid: {features: {torchscript: m.pt, sha256: " + sum + "}}\n", "", "{torchscript: m.pt, size: 299, sha256: " + sum + "}"},
		{"fid: {features: {name: torchscript, torchscript: m.pt, size: 0, sha256: " + sum + "}}\n", "", "{torchscript: m.pt, size: 0, sha256: " + sum + "}"},
		{"fid: {features: lenet}\n", "fid.features={torchscript: m.pt, sha256: " + sum + "}", "{torchscript: m.pt, size: 299, sha256: " + sum + "}"},
		{"fid: {features: {torchscript: m.pt, size: 64, sha256: " + sum + "}}\n", "fid.features.torchscript=n.pt", "{torchscript: n.pt, size: 64, sha256: " + sum + "}"},
		{"fid: {features: {torchscript: m.pt, sha256: " + sum + "}}\n", "fid.features.size=75", "{torchscript: m.pt, size: 75, sha256: " + sum + "}"},
	} {
		var sets []string
		if c.set != "" {
			sets = []string{c.set}
		}
		cfg := load(t, onMNIST+c.yaml, sets...)
		roundTrip(t, cfg)
		b, err := yaml.Marshal(cfg)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(b), "features: "+c.want) {
			t.Errorf("%s --set %s: resolved to\n%s", c.yaml, c.set, b)
		}
	}
	b, err := json.Marshal(load(t, onMNIST+"fid: {features: lenet}\n"))
	if err != nil || !strings.Contains(string(b), `"features":"lenet"`) {
		t.Error(string(b), err)
	}
}

// A sweep notes which file its module is; another content is another sweep, another
// place is not.
func TestModuleIdentity(t *testing.T) {
	write(t, map[string]string{
		"c.yaml": onMNIST + "fid:\n  features: {torchscript: a.pt}\n",
		"a.pt":   "weights", "b.pt": "weights", "c.pt": "others",
	})
	of := func(sets ...string) *Config {
		t.Helper()
		c, err := Load("c.yaml", sets)
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	if none := of("fid.features.torchscript=none.pt"); none.FID.Features.SHA256 != "" { // for a plan; a run refuses
		t.Errorf("what is not there has the sum %s", none.FID.Features.SHA256)
	}
	base := of()
	const want = "9a129038d9a00aed0cf6a7ea059ca50a813449061ab87848cf1a13eafdf33b2c" // printf weights | sha256sum
	if got := base.FID.Features.SHA256; got != want {
		t.Errorf("sha256 %s, want %s", got, want)
	}
	cell := base.Cells()[0]
	for set, same := range map[string]bool{
		"fid.features.torchscript=b.pt": true,
		"fid.features.torchscript=c.pt": false,
		"fid.features.size=64":          false,
		"fid.features=lenet":            false,
	} {
		if got := of(set).Fingerprint(cell) == base.Fingerprint(cell); got != same {
			t.Errorf("%s: the same fingerprint: %v, want %v", set, got, same)
		}
	}
}

func TestBadFeatures(t *testing.T) {
	for text, want := range map[string]string{
		"fid: {features: inception}":                          `c.yaml:6: fid.features.name: "inception" is not a kind of features (raw, lenet, faces or torchscript)`,
		"fid:\n  features: {torchscript: .}":                  "c.yaml:7: fid.features.torchscript: .: is a folder, not a file",
		"fid: {features: torchscript}":                        "c.yaml:6: fid.features.torchscript: missing; it is a file (not empty)",
		"fid: {features: {size: 64}}":                         "c.yaml:6: fid.features.size: not a key of raw, which has name",
		"fid: {features: {torchscript: m.pt, size: 5000}}":    "c.yaml:6: fid.features.size: 5000 is not a number of pixels (0 to 4096)",
		"fid: {features: {torchscript: m.pt, sise: 50}}":      "c.yaml:6: fid.features.sise: unknown key; did you mean fid.features.size?",
		"fid: {features: {torchscript: m.pt, sha256: \"0\"}}": `c.yaml:6: fid.features.sha256: "0" is not a sha256 in hex (64 hex digits, or empty)`,
		"fid: {features: {name: lenet, torchscript: m.pt}}":   "c.yaml:6: fid.features.torchscript: not a key of lenet, which has name",
		"fid: {features: [raw]}":                              "c.yaml:6: fid.features: a list is not a map (name, torchscript, size, sha256)",
		"fid: {features: ~}":                                  "c.yaml:6: fid.features: an empty value is not a map (name, torchscript, size, sha256)",
	} {
		write(t, map[string]string{"c.yaml": onMNIST + text + "\n"})
		if _, err := Load("c.yaml", nil); err == nil || err.Error() != want {
			t.Errorf("%s:\n got %v\nwant %s", text, err, want)
		}
	}
	write(t, map[string]string{"c.yaml": minimal + "fid: {features: lenet}\n"})
	const want = "c.yaml:6: fid.features: lenet is for data.name mnist, not mixture"
	if _, err := Load("c.yaml", nil); err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}
