package main

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"math"
	"os"
	"strconv"
	"strings"
	"testing"
)

// tinyCase is one problem of the tiny-GAN's reference values; keys apart in case
// alone (t, T) are decoded one by one.
type tinyCase map[string]json.RawMessage

func (c tinyCase) number(t *testing.T, key string) float64 {
	var v float64
	if err := json.Unmarshal(c[key], &v); err != nil {
		t.Fatalf("%s: %v", key, err)
	}
	return v
}

func (c tinyCase) numbers(t *testing.T, key string) []float64 {
	var v []float64
	if err := json.Unmarshal(c[key], &v); err != nil {
		t.Fatalf("%s: %v", key, err)
	}
	return v
}

// args is the command line that asks for the case.
func (c tinyCase) args(t *testing.T) []string {
	text := func(key string) string {
		return strconv.FormatFloat(c.number(t, key), 'g', -1, 64)
	}
	var kind string
	if err := json.Unmarshal(c["kind"], &kind); err != nil {
		t.Fatal(err)
	}
	times := c.numbers(t, "t")
	until, every := strconv.FormatFloat(times[len(times)-1], 'g', -1, 64), strconv.FormatFloat(times[1], 'g', -1, 64)
	args := []string{"tiny", "--target=" + text("alpha_r"), "--until", until, "--every", every}
	alpha := "alpha0"
	switch kind {
	case "autonomous":
		args, alpha = append(args, "--system", "autonomous"), "alpha_r"
	case "beta":
		args = append(args, "--system", "beta", "--T", text("T"))
	case "betaprime":
		args = append(args, "--system", "beta-prime", "--T", text("T"))
	case "betaprime_printed_sign":
		args = append(args, "--system", "beta-prime", "--T", text("T"), "--as-printed")
	default:
		t.Fatalf("kind %q", kind)
	}
	return append(args, "--start="+text("theta0")+","+text("psi0")+","+text(alpha))
}

// The reference values through the command, as CSV and as JSON.
func TestTinyReference(t *testing.T) {
	raw, err := os.ReadFile("../tinygan/testdata/tiny.json")
	if err != nil {
		t.Fatal(err)
	}
	var file struct{ Cases []tinyCase }
	if err := json.Unmarshal(raw, &file); err != nil {
		t.Fatal(err)
	}
	const tolerance = 1e-10
	near := func(t *testing.T, what string, got, want []float64) {
		t.Helper()
		if len(got) != len(want) {
			t.Fatalf("%s: %d values, want %d", what, len(got), len(want))
		}
		for i := range want {
			if !(math.Abs(got[i]-want[i]) <= tolerance) {
				t.Fatalf("%s, row %d: %v, want %v", what, i, got[i], want[i])
			}
		}
	}
	for _, c := range file.Cases {
		t.Run(strings.Trim(string(c["name"]), `"`), func(t *testing.T) {
			answer := func(format string) *bytes.Buffer {
				var out, errOut bytes.Buffer
				if code := run(context.Background(), append(c.args(t), format), nil, &out, &errOut); code != 0 || errOut.Len() > 0 {
					t.Fatalf("exit code %d: %s", code, &errOut)
				}
				return &out
			}
			rows, err := csv.NewReader(answer("--csv")).ReadAll()
			if err != nil {
				t.Fatal(err)
			}
			if got := strings.Join(rows[0], ","); got != "t,theta,psi,alpha,theta_exact,psi_exact,alpha_exact" {
				t.Fatalf("header %s", got)
			}
			for i, name := range rows[0] {
				var got []float64
				for _, r := range rows[1:] {
					v, err := strconv.ParseFloat(r[i], 64)
					if err != nil {
						t.Fatal(err)
					}
					got = append(got, v)
				}
				near(t, "csv "+name, got, c.numbers(t, strings.TrimSuffix(name, "_exact")))
			}

			var doc map[string]json.RawMessage
			if err := json.Unmarshal(answer("--json").Bytes(), &doc); err != nil {
				t.Fatal(err)
			}
			for _, name := range rows[0] {
				near(t, "json "+name, tinyCase(doc).numbers(t, name), c.numbers(t, strings.TrimSuffix(name, "_exact")))
			}
			for _, name := range []string{"amplitude_theta", "amplitude_psi", "centre_theta", "angular_frequency"} {
				if _, ok := c[name]; !ok {
					if string(doc[name]) != "null" {
						t.Errorf("%s = %s, want null", name, doc[name])
					}
					continue
				}
				near(t, name, []float64{tinyCase(doc).number(t, name)}, []float64{c.number(t, name)})
			}
		})
	}
}
