package record

import (
	"encoding/json"
	"strings"
	"testing"
	"time"
)

// Every key of run.json and every file is in docs/run-folder.md.
func TestDocs(t *testing.T) {
	text := mustRead(t, "../../docs/run-folder.md")
	c := sweep(t)
	r := NewRun(c, cell(t, c, "hot-s00"))
	r.Message, r.Files = "x", map[string]File{"curve.csv": {}}
	r.Started, r.Finished = time.Unix(1, 0), time.Unix(1, 0)
	r.Versions, r.Machine = Versions{"x", "x", "x", "x"}, ThisMachine()
	b, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	var top map[string]json.RawMessage
	if err := json.Unmarshal(b, &top); err != nil {
		t.Fatal(err)
	}
	for key, value := range top {
		names := []string{key}
		var below map[string]json.RawMessage
		if json.Unmarshal(value, &below) == nil && key != "config" && key != "files" {
			names = nil
			for k := range below {
				names = append(names, key+"."+k)
			}
		}
		for _, name := range names {
			if !strings.Contains(text, "`"+name+"`") {
				t.Errorf("%s is not described", name)
			}
		}
	}
	for _, name := range []string{"run.json", "curve.csv", "floor.csv", "checkpoint.npz", ".lock", "samples/", "real-floor.csv", "real-stats-", "report/", curveHeader} {
		if !strings.Contains(text, name) {
			t.Errorf("%s is not described", name)
		}
	}
}
