//go:build cgo

package kernel

import (
	"fmt"
	"os"
	"sort"
	"testing"
	"time"
)

func TestDevMin(t *testing.T) {
	if os.Getenv("DEVMIN") == "" {
		t.Skip()
	}
	for _, c := range []struct {
		name string
		g    *gan
		n    int
	}{{"toy", newToy(), 1}, {"mnist", newMNIST(), 1}} {
		var ts []float64
		end := time.Now().Add(3 * time.Second)
		for time.Now().Before(end) {
			b := time.Now()
			for range c.n {
				c.g.iteration()
			}
			ts = append(ts, time.Since(b).Seconds()/float64(c.n))
		}
		sort.Float64s(ts)
		fmt.Printf("%s best %.1f it/s 10%% %.1f median %.1f\n", c.name, 1/ts[0], 1/ts[len(ts)/10], 1/ts[len(ts)/2])
	}
}
