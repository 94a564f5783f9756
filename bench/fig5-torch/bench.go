//go:build cgo

package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"fig5/bench/anneal"
	"fig5/bench/config"
	"fig5/bench/data"
	"fig5/bench/gan"
	"fig5/bench/models"
	"fig5/bench/nn"
	"fig5/bench/record"
	"fig5/fid/features"
	"fig5/fid/features/exception"
)

// ready is the first line of bench: what it is and what it took until then.
type ready struct {
	Name    string          `json:"name"`
	Version string          `json:"version"`           // of libtorch
	Commit  string          `json:"commit"`            // of fig5
	Machine *record.Machine `json:"machine,omitempty"` // and its kernels
	Flops   float64         `json:"flops"`             // of the matrix products of an iteration
	module                  // where the features are those of a TorchScript module
}

// module is what the features of a TorchScript module cost. They are left out of the
// evaluations, of which one can take minutes.
type module struct {
	Image float64 `json:"image_seconds,omitempty"` // of one image
	Real  int     `json:"real_images,omitempty"`   // whose statistics are made once a sweep
}

// slice is what bench made of one line "go SECONDS".
type slice struct {
	Iterations  int64              `json:"iterations"`
	Seconds     float64            `json:"seconds"`
	Evaluations int64              `json:"evaluations,omitempty"`
	Evaluating  float64            `json:"evaluation_seconds,omitempty"` // of Seconds
	CPU         float64            `json:"cpu_seconds,omitempty"`        // of Seconds; fewer on a busy machine
	Squares     map[string]float64 `json:"squares,omitempty"`            // of --products: GFLOPS by size
}

func newBench(in io.Reader, out io.Writer) *cobra.Command {
	var sets []string
	var warm float64
	var products bool
	c := &cobra.Command{
		Use:   "bench CONFIG",
		Short: "Train in slices of time, to measure speed",
		Long: `Bench trains at β = ∞ as a cold cell of CONFIG would, in a folder of its own that it
removes. It prints a JSON line when it is warm. For every line "go SECONDS" on stdin it
trains for that long, whole rows of the curve with their evaluations, and prints a JSON
line: iterations, seconds, evaluations, evaluation_seconds. It ends with its input. This
is what make bench and the estimate of fig5 plan are made from.

With --products it makes only the matrix products of the iterations, with libtorch's
operator: the limit of whatever trains with them. squares are the GFLOPS of products
n × n × n.`,
		Example: "  echo go 2 | fig5-torch bench configs/fig5.yaml",
		Args:    cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			cfg, err := config.Load(args[0], sets)
			if err != nil {
				return err
			}
			b := &bench{cfg: cfg, lines: bufio.NewScanner(in), out: json.NewEncoder(out), warm: warm}
			if products {
				return exception.Catch(b.multiply)
			}
			return b.train(c.Context())
		},
	}
	c.Flags().StringArrayVar(&sets, "set", nil, "override a config key: `path=value` (may be repeated)")
	c.Flags().Float64Var(&warm, "warm", 1, "`SECONDS` of training before the first line")
	c.Flags().BoolVar(&products, "products", false, "matrix products alone")
	return c
}

type bench struct {
	cfg   *config.Config
	lines *bufio.Scanner
	out   *json.Encoder
	warm  float64
}

// next waits for a line and gives its seconds; false at the end of the input.
func (b *bench) next() (seconds float64, ok bool, err error) {
	if !b.lines.Scan() {
		return 0, false, b.lines.Err()
	}
	text, isGo := strings.CutPrefix(b.lines.Text(), "go ")
	seconds, err = strconv.ParseFloat(text, 64)
	if !isGo || err != nil || seconds < 0 {
		return 0, false, fmt.Errorf("stdin: %q is not `go SECONDS`", b.lines.Text())
	}
	return seconds, true, nil
}

func (b *bench) ready(name string, extra module) error {
	m := record.ThisMachine()
	m.Kernels = nn.Kernels(nn.Engine(b.cfg.Train.Engine), b.cfg.Train.Device)
	return b.out.Encode(ready{name, nn.LibtorchVersion(), record.ThisProgram().Fig5, &m, models.Flops(b.products()), extra})
}

func (b *bench) products() []models.Product {
	g, d := b.cfg.Model.Nets(b.cfg.Data.Shape())
	return models.Products(g, d, b.cfg.Train.Batch)
}

// train is the training of a run, held up at rows of its curve between the slices.
func (b *bench) train(ctx context.Context) error {
	extra, err := b.module()
	if err != nil {
		return err
	}
	tmp, err := os.MkdirTemp("", "fig5-bench")
	if err != nil {
		return failure{err}
	}
	defer os.RemoveAll(tmp)
	dir := record.Dir(filepath.Join(tmp, "sweep", "bench"))
	if err := os.MkdirAll(string(dir), 0o777); err != nil {
		return failure{err}
	}
	const forever = 1 << 40
	cell := config.Cell{ID: "bench", Seed: 0, Iterations: forever, By: map[string]string{},
		Levels: []anneal.Level{{Beta: math.Inf(1), Iterations: forever}}}
	if err := dir.Save(record.NewRun(b.cfg, cell)); err != nil {
		return failure{err}
	}

	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var (
		first  gan.Progress // of the slice
		began  = time.Now()
		busy   = cpuSeconds()
		want   = b.warm
		warm   bool
		failed error
	)
	err = gan.Run(ctx, dir, func(p gan.Progress) {
		took := time.Since(began).Seconds()
		if took < want || failed != nil || ctx.Err() != nil {
			return
		}
		if warm {
			failed = b.out.Encode(slice{Iterations: p.Step - first.Step, Seconds: took,
				Evaluations: (p.Step - first.Step) / int64(b.cfg.FID.Every), Evaluating: p.Evaluating - first.Evaluating, CPU: cpuSeconds() - busy})
		} else {
			failed = b.ready("fig5 "+b.cfg.Train.Engine, extra)
		}
		warm, first = true, p
		if failed == nil {
			var ok bool
			want, ok, failed = b.next()
			if !ok {
				cancel()
			}
		}
		began, busy = time.Now(), cpuSeconds()
	})
	if err == nil && failed == nil {
		err = errors.New("the training diverged: choose another config to measure speed with")
	}
	if errors.Is(err, gan.ErrStopped) {
		err = nil
	}
	return errors.Join(failed, err)
}

// cpuSeconds is what this process has had of the processor.
func cpuSeconds() float64 {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return float64(u.Utime.Nano()+u.Stime.Nano()) / 1e9
}

// module times the features of a TorchScript module and puts raw ones in their place.
func (b *bench) module() (module, error) {
	f := b.cfg.FID.Features
	if f.TorchScript == "" {
		return module{}, nil
	}
	set, err := data.Open(b.cfg.Data)
	if err != nil {
		return module{}, err
	}
	x, err := features.Open(features.Spec{Name: f.Name, Path: f.TorchScript, Size: f.Size, SHA256: f.SHA256}, features.Shape(set.Shape))
	if err != nil {
		return module{}, err
	}
	defer x.Close()
	images := min(8, set.Len())
	sample := make([]float32, images*set.Dim)
	set.Fill(sample, 0)
	var took float64
	for range 2 { // libtorch optimises a module in its first call
		began := time.Now()
		if _, err := x.Extract(sample, images); err != nil {
			return module{}, failure{err}
		}
		took = time.Since(began).Seconds()
	}
	b.cfg.FID.Features = config.Features{Name: features.Raw}
	return module{took / float64(images), set.Len()}, nil
}

// multiply does the products of the iterations, and square ones, in turn.
func (b *bench) multiply() error {
	net := nn.NewMultiplier(b.products())
	defer net.Free()
	sizes := []int{128, 256, 512, 1024}
	var squares []*nn.Multiplier
	for _, n := range sizes {
		m := nn.NewMultiplier([]models.Product{{M: n, N: n, K: n}})
		defer m.Free()
		squares = append(squares, m)
	}
	// do repeats m for a while and gives how often, and the time that took.
	do := func(m *nn.Multiplier, seconds float64) (n int64, took float64) {
		for began := time.Now(); ; {
			m.Do()
			n++
			if took = time.Since(began).Seconds(); took >= seconds {
				return n, took
			}
		}
	}
	do(net, b.warm)
	if err := b.ready("products", module{}); err != nil {
		return err
	}
	for {
		seconds, ok, err := b.next()
		if !ok {
			return err
		}
		s := slice{Squares: map[string]float64{}}
		s.Iterations, s.Seconds = do(net, seconds/2)
		for i, m := range squares {
			size := float64(sizes[i])
			n, took := do(m, seconds/2/float64(len(sizes)))
			s.Squares[strconv.Itoa(sizes[i])] = 2 * size * size * size * float64(n) / took / 1e9
		}
		if err := b.out.Encode(s); err != nil {
			return err
		}
	}
}
