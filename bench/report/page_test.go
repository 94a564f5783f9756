package report

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"testing"
	"time"
)

// The page is well formed, calls nothing from outside, and its numbers are those of --json.
func TestPage(t *testing.T) {
	c, sweep := fixture(t)
	d, err := Load(c, sweep)
	if err != nil {
		t.Fatal(err)
	}
	page, err := d.Page("max_to_min")
	if err != nil {
		t.Fatal(err)
	}
	r, err := d.Report("max_to_min")
	if err != nil {
		t.Fatal(err)
	}
	checkPage(t, page, r)
	for _, bad := range []string{"<script", "http://fonts", "https://", "@import", "url(http"} {
		if bytes.Contains(page, []byte(bad)) {
			t.Errorf("the page has %q", bad)
		}
	}
}

// checkPage reads the numbers of the table of groups and compares them with the report.
func checkPage(t *testing.T, page []byte, r *Report) {
	t.Helper()
	dec := xml.NewDecoder(bytes.NewReader(page))
	dec.Strict = true
	dec.Entity = xml.HTMLEntity
	type cell struct{ key, value, lo, hi, text string }
	var rows [][]cell
	ids := map[string]bool{}
	inTable := false
	var current *cell
	for {
		tok, err := dec.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		switch e := tok.(type) {
		case xml.StartElement:
			attr := map[string]string{}
			for _, a := range e.Attr {
				attr[a.Name.Local] = a.Value
			}
			if id := attr["id"]; id != "" {
				if ids[id] {
					t.Errorf("two elements have the id %q", id)
				}
				ids[id] = true
			}
			switch {
			case e.Name.Local == "table":
				inTable = attr["id"] == "groups"
			case e.Name.Local == "tr" && inTable:
				rows = append(rows, nil)
			case e.Name.Local == "td" && inTable:
				n := len(rows) - 1
				rows[n] = append(rows[n], cell{key: attr["data-key"], value: attr["data-value"], lo: attr["data-lo"], hi: attr["data-hi"]})
				current = &rows[n][len(rows[n])-1]
			case e.Name.Local == "svg" && attr["role"] != "img":
				t.Error("a drawing without role=img")
			}
		case xml.EndElement:
			if e.Name.Local == "td" {
				current = nil
			}
		case xml.CharData:
			if current != nil {
				current.text += string(e)
			}
		}
	}
	rows = rows[1:]
	if len(rows) != len(r.Groups) {
		t.Fatalf("%d rows for %d groups", len(rows), len(r.Groups))
	}
	for i, g := range r.Groups {
		seen := map[string]cell{}
		for _, c := range rows[i] {
			seen[c.key] = c
		}
		for key, want := range map[string]float64{"geomean": float64(g.GeoMean), "median": float64(g.Median), "mean": float64(g.Mean), "floor": float64(g.Floor.Median), "level": float64(g.Level.GeoMean)} {
			if got, err := strconv.ParseFloat(seen[key].value, 64); err != nil || got != want || seen[key].text != digits(want) {
				t.Errorf("group %d: %s is %+v, want %v", i, key, seen[key], want)
			}
		}
		if lo, err := strconv.ParseFloat(seen["geomean_ci95"].lo, 64); err != nil || lo != g.GeoMeanCI95.Lo {
			t.Errorf("group %d: interval %+v, want %v", i, seen["geomean_ci95"], g.GeoMeanCI95)
		}
		if seen["n"].text != fmt.Sprint(g.N) {
			t.Errorf("group %d: n = %s, want %d", i, seen["n"].text, g.N)
		}
	}
}

// A browser shows the same numbers.
func TestPageInBrowser(t *testing.T) {
	browser, err := exec.LookPath("chromium")
	if err != nil {
		t.Skip("chromium is not installed")
	}
	c, sweep := fixture(t)
	d, err := Load(c, sweep)
	if err != nil {
		t.Fatal(err)
	}
	page, err := d.Page("max_to_min")
	if err != nil {
		t.Fatal(err)
	}
	r, err := d.Report("max_to_min")
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "index.html")
	if err := os.WriteFile(file, page, 0o644); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(browser, "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--user-data-dir="+t.TempDir(), "--dump-dom", "file://"+file)
	cmd.WaitDelay = time.Second
	dom, err := cmd.Output()
	if err != nil {
		t.Skipf("chromium does not run here: %v", err)
	}
	// The other side is what --json prints.
	text, err := JSON(r)
	if err != nil {
		t.Fatal(err)
	}
	var printed struct {
		Groups []map[string]any `json:"groups"`
	}
	if err := json.Unmarshal(text, &printed); err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{"geomean", "median", "mean", "sd_log", "floor", "level"} {
		cells := regexp.MustCompile(`<td data-key="`+key+`" data-value="([^"]*)">([^<]*)</td>`).FindAllSubmatch(dom, -1)
		if len(cells) != len(printed.Groups) {
			t.Fatalf("%d groups in the browser, want %d", len(cells), len(printed.Groups))
		}
		for i, g := range printed.Groups {
			want := g[key]
			switch key {
			case "floor":
				want = want.(map[string]any)["median"]
			case "level":
				want = want.(map[string]any)["geomean"]
			}
			if v, err := strconv.ParseFloat(string(cells[i][1]), 64); err != nil || v != want || string(cells[i][2]) != digits(v) {
				t.Errorf("group %d: %s, want %s %v", i, cells[i][0], key, want)
			}
		}
	}
	for _, key := range []string{"geomean_ci95", "ci95"} {
		cells := regexp.MustCompile(`<td data-key="`+key+`" data-lo="([^"]*)" data-hi="([^"]*)">`).FindAllSubmatch(dom, -1)
		for i, g := range printed.Groups {
			ends := g[key].([]any)
			for j, want := range ends {
				if v, err := strconv.ParseFloat(string(cells[i][j+1]), 64); err != nil || v != want {
					t.Errorf("group %d: %s, want %s %v", i, cells[i][0], key, ends)
				}
			}
		}
	}
}
