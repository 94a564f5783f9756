package config

import (
	"reflect"
	"testing"
	"time"
)

// The map slurm becomes arguments, a value one argument whatever is in it.
func TestSlurmOptions(t *testing.T) {
	c := load(t, minimal+"slurm: {partition: gpu, time: 2-12:00:00, mem: 4G, nice: 100, exclusive: true, comment: 'a; rm -rf $HOME \"b\"'}\n")
	want := []string{"--comment=a; rm -rf $HOME \"b\"", "--exclusive", "--mem=4G", "--nice=100", "--partition=gpu", "--time=2-12:00:00"}
	if have := c.SlurmOptions(); !reflect.DeepEqual(have, want) {
		t.Errorf("%q, want %q", have, want)
	}
	if have := c.SlurmTimeLimit(); have != 60*time.Hour {
		t.Errorf("%v", have)
	}
}

// The forms of man sbatch, --time.
func TestSlurmTime(t *testing.T) {
	for text, want := range map[string]time.Duration{
		"90": 90 * time.Minute, "1:30": 90 * time.Second, "1:30:15": time.Hour + 30*time.Minute + 15*time.Second,
		"2-3": 51 * time.Hour, "2-3:30": 51*time.Hour + 30*time.Minute, "2-3:30:15": 51*time.Hour + 30*time.Minute + 15*time.Second,
		"": 0, "0": 0, "1h": 0, "-1": 0, "1-": 0, "1:2:3:4": 0, "unlimited": 0,
	} {
		if have := SlurmTime(text); have != want {
			t.Errorf("%q: %v, want %v", text, have, want)
		}
	}
}
