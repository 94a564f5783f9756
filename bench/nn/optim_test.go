//go:build cgo

package nn

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"strconv"
	"testing"

	"fig5/bench/models"
)

// TestOptimizers repeats PyTorch's Adam and SGD over 100 steps. Reference values:
// testdata/optim.json, made by testdata/optim.py.
func TestOptimizers(t *testing.T) {
	quiet(t)
	data, err := os.ReadFile("testdata/optim.json")
	if err != nil {
		t.Fatal(err)
	}
	var golden struct {
		N     int
		Cases []struct {
			Name string
			Args struct {
				LR, Eps, Momentum float64
				Betas             [2]float64
			}
			Params map[string][]float64
		}
	}
	if err := json.Unmarshal(data, &golden); err != nil {
		t.Fatal(err)
	}
	for _, c := range golden.Cases {
		for _, s := range []setting{{Float64, EngineTorch, 1e-12}, {Float32, EngineTorch, 2e-6}, {Float32, EngineAuto, 2e-6}} {
			t.Run(fmt.Sprintf("%s lr=%v %v %v", c.Name, c.Args.LR, s.dtype, s.engine), func(t *testing.T) {
				n := New(models.Net{{In: 1, Out: golden.N / 2}}, s.dtype, s.engine, CPU) // W and b: N parameters
				n.Params.each(func(i int) float64 { return math.Sin(3 * float64(i)) })
				o := NewSGD(n, SGD{LR: c.Args.LR, Momentum: c.Args.Momentum})
				if c.Name == "adam" {
					o = NewAdam(n, Adam{LR: c.Args.LR, Beta1: c.Args.Betas[0], Beta2: c.Args.Betas[1], Eps: c.Args.Eps})
				}
				for step := 1; step <= 100; step++ {
					p := values(n.Params)
					n.Grads.each(func(i int) float64 { return math.Cos(float64(i+1))*p[i] + math.Sin(float64(i*step)) })
					o.Step(n)
					if want, ok := c.Params[strconv.Itoa(step)]; ok {
						near(t, fmt.Sprintf("step %d", step), values(n.Params), want, s.tol)
					}
				}
			})
		}
	}
}
