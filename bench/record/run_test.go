package record

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"syscall"
	"testing"
	"time"
)

func TestRunRoundTrip(t *testing.T) {
	c := sweep(t)
	for _, id := range []string{"cold-s00", "hot-s01", "geometric-budget600-k02-s00"} {
		d := Dir(t.TempDir())
		want := NewRun(c, cell(t, c, id))
		want.Step, want.Seconds = 500, 1.25
		want.Started = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
		want.Versions, want.Machine = ThisProgram(), ThisMachine()
		want.Message = "<b>&</b>"
		if err := d.Save(want); err != nil {
			t.Fatal(err)
		}
		have, err := d.Load()
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(have, want) {
			t.Errorf("%s:\nhave %+v\nwant %+v", id, have, want)
		}
		if f := have.Config.Fingerprint(have.Cell); f != want.Fingerprint {
			t.Errorf("%s: the fingerprint of what was read is %s, not %s", id, f, want.Fingerprint)
		}
		text := mustRead(t, d.RunJSON())
		if !strings.Contains(text, `"<b>&</b>"`) || strings.Contains(text, `"finished"`) || strings.Contains(text, "0001-01-01") {
			t.Errorf("%s:\n%s", id, text)
		}
	}
}

func TestPretraining(t *testing.T) {
	c := sweep(t)
	r := NewPretraining(c, 1)
	if r.Cell.ID != "pretrain-s01" || r.Cell.Iterations != 300 || r.Cell.Pretrain != 0 || r.Fingerprint != c.PretrainFingerprint(1) {
		t.Errorf("%+v", r)
	}
	if len(r.Cell.Levels) != 1 || r.Cell.Levels[0].Beta != 0 || r.Cell.Levels[0].Iterations != 300 {
		t.Errorf("levels %v", r.Cell.Levels)
	}
}

func TestLoadRefuses(t *testing.T) {
	d := Dir(t.TempDir())
	_, err := d.Load()
	if !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("no manifest: %v", err)
	}
	c := sweep(t)
	good, err := json.Marshal(NewRun(c, cell(t, c, "cold-s00")))
	if err != nil {
		t.Fatal(err)
	}
	edit := func(old, new string) string {
		if !strings.Contains(string(good), old) {
			t.Fatalf("no %s in %s", old, good)
		}
		return strings.Replace(string(good), old, new, 1)
	}
	for text, want := range map[string]string{
		"":                                  "not a run's manifest: unexpected end of JSON input",
		string(good[:100]):                  "not a run's manifest: unexpected end of JSON input",
		"[]":                                "not a run's manifest: json: cannot unmarshal array into Go value of type record.Run",
		"{}":                                "schema 0, this fig5 reads 1; use the fig5 that wrote it",
		edit(`"schema":1`, `"schema":2`):    "schema 2, this fig5 reads 1; use the fig5 that wrote it",
		edit(`"running"`, `"asleep"`):       `state: "asleep" is not running, done, diverged or failed`,
		`{"schema":1,"state":"done"}`:       "config: is missing",
		edit(`"name":"toy"`, `"name":"to"`): "",
	} {
		if err := os.WriteFile(d.RunJSON(), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		_, err := d.Load()
		if want == "" { // the config's own complaint
			if err == nil || !strings.Contains(err.Error(), "model.name") {
				t.Errorf("a config that is not valid: %v", err)
			}
			continue
		}
		wantError(t, err, string(d), "DIR/run.json: "+want)
	}
}

// What was recorded is read, also as earlier versions wrote it, and its config hashes to
// the fingerprint that it was recorded with.
func TestRecordedManifests(t *testing.T) {
	dirs, err := Find("../../runs/recorded")
	if err != nil || len(dirs) < 100 {
		t.Fatal(len(dirs), err)
	}
	for _, d := range dirs {
		r, err := d.Load()
		if err == nil {
			err = r.CheckFingerprint()
		}
		if err != nil {
			t.Errorf("%s: %v", d, err)
			continue
		}
		var file struct{ Config json.RawMessage }
		var had bytes.Buffer
		if err := errors.Join(json.Unmarshal([]byte(mustRead(t, d.RunJSON())), &file), json.Compact(&had, file.Config)); err != nil {
			t.Fatal(err)
		}
		have, err := json.Marshal(r.Config)
		want := strings.Replace(had.String(), `"end":["inclusive"]`, `"end":"inclusive"`, 1) // as it was written once
		if err != nil || string(have) != want {
			t.Errorf("%s: %v\nhave %s\nwant %s", d, err, have, want)
		}
	}
}

func FuzzLoad(f *testing.F) {
	f.Add([]byte(`{"schema":1,"state":"done","cell":{"levels":[{"beta":"inf","iterations":5}]},"config":{"name":"x","data":{"name":"mixture"},"model":{"name":"toy"},"anneal":{"steps":[1]}}}`))
	f.Add([]byte(`{"config":null,"started":"x"}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := parseRun(data)
		if err != nil {
			return
		}
		if _, err := json.Marshal(r); err != nil {
			t.Fatal(err)
		}
	})
}

func TestFinish(t *testing.T) {
	c := sweep(t)
	d := Dir(t.TempDir())
	r := NewRun(c, cell(t, c, "cold-s00"))
	curve := []Point{{0, math.Inf(1), 1, math.NaN(), math.NaN(), -1}}
	for _, path := range []string{d.Curve(), d.Floor()} {
		if err := WriteCurve(path, curve); err != nil {
			t.Fatal(err)
		}
	}
	if err := d.Finish(r, Done, "", time.Date(2026, 1, 2, 3, 4, 5, 6, time.FixedZone("x", 3600))); err != nil {
		t.Fatal(err)
	}
	have, err := d.Load()
	if err != nil {
		t.Fatal(err)
	}
	if !have.Ended() || !have.Finished.Equal(time.Date(2026, 1, 2, 2, 4, 5, 0, time.UTC)) || have.Step != 2000 || len(have.Files) != 2 {
		t.Errorf("%+v", have)
	}
	if err := d.CheckFiles(have); err != nil {
		t.Error(err)
	}
	f, err := os.OpenFile(d.Floor(), os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	io.WriteString(f, "x")
	f.Close()
	if err := d.CheckFiles(have); err == nil || !strings.HasPrefix(err.Error(), d.Floor()+": is not the file the run ended with (51 bytes, sha256 ") {
		t.Errorf("a changed floor.csv: %v", err)
	}
	if err := os.Remove(d.Curve()); err != nil {
		t.Fatal(err)
	}
	wantError(t, d.CheckFiles(have), string(d), "DIR/curve.csv: no such file or directory")
}

func TestCheckSame(t *testing.T) {
	base := sweep(t)
	const todo = "; delete the folder to train it anew, or give the sweep another name (--set name=...)"
	for _, x := range []struct{ cell, old, new, want string }{
		{"cold-s00", "name: tiny", "name: other", ""},
		{"cold-s00", "steps: [2]", "steps: [2, 5]", ""},
		{"cold-s00", "pretrain: 300", "pretrain: 400", ""},
		{"cold-s00", "window: 1000", "window: 1500", ""},
		{"cold-s00", "checkpoint: 500", "checkpoint: 100", ""},
		{"cold-s00", "checkpoint: 500", "checkpoint: 100, engine: torch", `train.engine = "auto", the config now says "torch"`},
		{"cold-s00", "seeds: 2", "seeds: [0, 7]", ""},
		{"cold-s00", "final: 2000", "final: 2100", "train.final = 2000, the config now says 2100"},
		{"hot-s00", "pretrain: 300", "pretrain: 400", "train.pretrain = 300, the config now says 400"},
		{"hot-s00", "iterations: 600", "iterations: 800", "cell.levels.0.iterations = 600, the config now says 800"},
		{"geometric-budget600-k02-s00", "steps: [2]", "steps: [2], beta: [0.2, 10]", "anneal.beta.0 = 0.1, the config now says 0.2"},
		{"cold-s00", "final: 2000", "final: 2000, optimizer: {name: sgd, lr: 0.1}", `train.optimizer.name = "adam", the config now says "sgd"`},
		{"cold-s00", "final: 2000", "final: 2000, loss: nonsaturating", `train.loss = "minimax", the config now says "nonsaturating"`},
		{"cold-s00", "seeds: 2", "seeds: 2\nfid: {every: 50}", "fid.every = 100, the config now says 50"},
	} {
		now := sweep(t, x.old, x.new)
		err := Dir("DIR").CheckSame(NewRun(base, cell(t, base, x.cell)), NewRun(now, cell(t, now, x.cell)))
		if x.want == "" {
			if err != nil {
				t.Errorf("%s: %v", x.new, err)
			}
			continue
		}
		wantError(t, err, "", "DIR/run.json: was trained with "+x.want+todo)
	}
	r := NewRun(base, cell(t, base, "cold-s00"))
	if err := r.CheckFingerprint(); err != nil {
		t.Error(err)
	}
	hash := r.Fingerprint
	r.Fingerprint = "feedfeedfeedfeed"
	if err := Dir("DIR").CheckSame(r, NewRun(base, r.Cell)); err != nil {
		t.Errorf("another hash of the same settings: %v", err)
	}
	wantError(t, r.CheckFingerprint(), "", "fingerprint: feedfeedfeedfeed is not that of its config, "+hash+"; the file was edited, or written by a fig5 that hashes otherwise")
	pre := NewPretraining(base, 0)
	now := sweep(t, "pretrain: 300", "pretrain: 400", "seeds: 2", "seeds: 2\nfid: {every: 50}")
	wantError(t, Dir("DIR").CheckSame(pre, NewPretraining(now, 0)), "", "DIR/run.json: was trained with train.pretrain = 300, the config now says 400"+todo)
}

func TestCheckCurve(t *testing.T) {
	c := sweep(t)
	r := NewRun(c, cell(t, c, "geometric-budget600-k02-s00"))
	r.State = Done
	var good []Point
	for i := 0; i < 2600; i += 100 {
		beta := math.Inf(1)
		if i < 300 {
			beta = 0.1
		} else if i < 600 {
			beta = 10
		}
		good = append(good, Point{Iteration: i, Beta: beta, FID: 1})
	}
	if err := r.CheckCurve(good); err != nil {
		t.Error(err)
	}
	wantError(t, r.CheckCurve(good[:25]), "", "25 rows, want 26 for 2600 iterations")
	wantError(t, r.CheckCurve(good[1:]), "", "row 1: iteration 100, want 0 (one row per 100 iterations)")
	wrong := append([]Point{}, good...)
	wrong[4].Beta = 9
	wantError(t, r.CheckCurve(wrong), "", "row 5: beta 9 at iteration 400, its level is 10")
	wantError(t, r.CheckCurve(append(good, Point{Iteration: 2600, Beta: math.Inf(1)})), "", "27 rows, want 26 for 2600 iterations")
	r.State = Diverged
	if err := r.CheckCurve(good[:3]); err != nil {
		t.Error(err)
	}
}

func TestFind(t *testing.T) {
	root := t.TempDir()
	s := OpenSweep(root, "fig5")
	for _, d := range []Dir{s.Cell("warm-s01"), s.Cell("cold-s00"), s.Pretrain(3)} {
		if err := os.MkdirAll(string(d), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(d.RunJSON(), nil, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for path, want := range map[string][]Dir{
		root:                       {s.Cell("cold-s00"), s.Pretrain(3), s.Cell("warm-s01")},
		string(s.Cell("warm-s01")): {s.Cell("warm-s01")},
	} {
		have, err := Find(path)
		if err != nil || !reflect.DeepEqual(have, want) {
			t.Errorf("%s: %v %v, want %v", path, have, err, want)
		}
	}
	_, err := Find(filepath.Join(root, "none"))
	wantError(t, err, root, "DIR/none: no such file or directory")
	_, err = Find(s.Pretrain(3).RunJSON())
	wantError(t, err, root, "DIR/fig5/pretrain/3/run.json: is a file, not a run folder")
	_, err = Find(t.TempDir())
	if err == nil || !strings.HasSuffix(err.Error(), ": no run folder (a folder with a run.json) here or below") {
		t.Errorf("an empty folder: %v", err)
	}
	if s.Cell("warm-s01").Sweep() != s {
		t.Errorf("the sweep of %s is %s", s.Cell("warm-s01"), s.Cell("warm-s01").Sweep())
	}
}

// A disk that is full while a file is replaced costs the new file, never the old one.
func TestReplaceFullDisk(t *testing.T) {
	if _, err := os.Stat("/dev/full"); err != nil {
		t.Skip("no /dev/full here")
	}
	d := Dir(t.TempDir())
	old := &Checkpoint{Step: 1}
	if err := old.Save(d.Checkpoint()); err != nil {
		t.Fatal(err)
	}
	before := mustRead(t, d.Checkpoint())
	if err := os.Symlink("/dev/full", d.Checkpoint()+".tmp"); err != nil {
		t.Fatal(err)
	}
	err := (&Checkpoint{Step: 2, Arrays: map[string][]float32{"a": make([]float32, 1<<16)}}).Save(d.Checkpoint())
	wantError(t, err, string(d), "DIR/checkpoint.npz.tmp: no space left on device")
	if !errors.Is(err, syscall.ENOSPC) {
		t.Errorf("%v is not ENOSPC", err)
	}
	if mustRead(t, d.Checkpoint()) != before {
		t.Error("the old checkpoint was changed")
	}
	if _, err := os.Lstat(d.Checkpoint() + ".tmp"); err == nil {
		t.Error("the temporary file was left behind")
	}
}

// What a killed writer leaves under the temporary name does not stay.
func TestReplaceAfterKill(t *testing.T) {
	d := Dir(t.TempDir())
	if err := os.WriteFile(d.Checkpoint()+".tmp", make([]byte, 1<<20), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := (&Checkpoint{Step: 2}).Save(d.Checkpoint()); err != nil {
		t.Fatal(err)
	}
	files, err := os.ReadDir(string(d))
	if err != nil || len(files) != 1 {
		t.Errorf("%v %v", files, err)
	}
	if c, err := LoadCheckpoint(d.Checkpoint()); err != nil || c.Step != 2 {
		t.Errorf("%v %v", c, err)
	}
}
