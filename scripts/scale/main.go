//go:build cgo

// Command scale measures how the cost of a sweep grows with K, the seeds, the samples
// of an evaluation and their dimension, and draws it:
//
//	make scale
//
// It trains with bin/fig5 and bin/fig5-torch and writes scale.json and scale.svg, .pdf
// and .png. -draw draws a scale.json that is there. It takes three minutes on a machine
// that does nothing else.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"math"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"time"

	"gonum.org/v1/gonum/blas/blas64"

	"fig5/bench/figure"
	"fig5/bench/nn"
	"fig5/bench/record"
	"fig5/bench/rng"
	"fig5/fid"
)

// scale is what was measured.
type scale struct {
	Machine  record.Machine  `json:"machine"`
	Versions record.Versions `json:"versions"`
	Panels   []figure.Lines  `json:"panels"` // seconds against a size
}

func main() {
	out := flag.String("o", "scale", "the files to write, without their extension")
	draw := flag.Bool("draw", false, "draw the JSON that is there, measure nothing")
	flag.Parse()
	if err := run(*out, *draw); err != nil {
		fmt.Fprintln(os.Stderr, "scale:", err)
		os.Exit(1)
	}
}

func run(out string, drawOnly bool) error {
	var s scale
	if drawOnly {
		text, err := os.ReadFile(out + ".json")
		if err == nil {
			err = json.Unmarshal(text, &s)
		}
		if err != nil {
			return err
		}
		return s.draw(out)
	}
	runtime.LockOSThread() // libtorch keeps its last error per thread
	blas64.Use(nn.BLAS{})
	s.Machine, s.Versions = record.ThisMachine(), record.ThisProgram()
	s.Versions.Libtorch = nn.LibtorchVersion()
	for _, measure := range []func() (figure.Lines, error){levels, seeds, samples, dimensions} {
		p, err := measure()
		if err != nil {
			return err
		}
		fmt.Fprintln(os.Stderr, "scale:", p.Title, "is measured")
		s.Panels = append(s.Panels, p)
	}
	text, err := json.MarshalIndent(s, "", " ")
	if err != nil {
		return err
	}
	if err := os.WriteFile(out+".json", append(text, '\n'), 0o666); err != nil {
		return err
	}
	return s.draw(out)
}

// draw writes the panels, two in a row, as out.svg, out.pdf and out.png.
func (s scale) draw(out string) error {
	for i, p := range s.Panels {
		for _, xy := range p.Lines[0].Points {
			s.Panels[i].Ticks = append(s.Panels[i].Ticks, xy[0])
		}
	}
	f := figure.Panels("scale", "Seconds against K, seeds, samples of an evaluation, and dimension of the features", 2, s.Panels...)
	for extension, write := range map[string]func() ([]byte, error){".svg": f.SVG, ".pdf": f.PDF, ".png": f.PNG} {
		text, err := write()
		if err != nil {
			return err
		}
		if err := os.WriteFile(out+extension, text, 0o666); err != nil {
			return err
		}
	}
	return nil
}

// sweep trains the toy net in a folder of its own, with so many workers, and gives that
// folder and the wall time.
func sweep(jobs int, sets ...string) (folder string, seconds float64, err error) {
	folder, err = os.MkdirTemp("", "fig5-scale")
	if err != nil {
		return "", 0, err
	}
	args := []string{"run", "configs/fig5.yaml", "--runs", folder, "--jobs", fmt.Sprint(jobs), "--set", "anneal.baselines=[]", "--set", "train.pretrain=0",
		"--set", "train.final=2000", "--set", "analysis.window=1000", "--set", "analysis.knee={name: none}"}
	for _, s := range sets {
		args = append(args, "--set", s)
	}
	c := exec.Command("bin/fig5", args...)
	began := time.Now()
	if text, err := c.CombinedOutput(); err != nil {
		return folder, 0, fmt.Errorf("fig5 run: %w: %s", err, text)
	}
	return folder, time.Since(began).Seconds(), nil
}

// levels is the time of a run against K: with a budget K costs nothing, with so many
// iterations a level it costs these.
func levels() (figure.Lines, error) {
	folder, _, err := sweep(1, "seeds=[0]", "anneal.steps=[1,2,5,10,20,50]",
		"anneal.protocol=[{name: budget, iterations: 2000}, {name: per-level, iterations: 100}]")
	defer os.RemoveAll(folder)
	if err != nil {
		return figure.Lines{}, err
	}
	dirs, err := record.Find(folder)
	if err != nil {
		return figure.Lines{}, err
	}
	byProtocol := map[string]*figure.Line{"budget 2000": {Name: "2000 iterations in all"}, "per-level 100": {Name: "100 iterations a level"}}
	for _, d := range dirs {
		r, err := d.Load()
		if err != nil {
			return figure.Lines{}, err
		}
		if l := byProtocol[r.Cell.Protocol]; l != nil {
			l.Points = append(l.Points, [2]float64{float64(r.Cell.K), r.Seconds})
		}
	}
	return figure.Lines{Title: "Annealing levels", X: "K", Y: "seconds a run", Lines: []figure.Line{*byProtocol["budget 2000"], *byProtocol["per-level 100"]}}, nil
}

// seeds is the wall time of a sweep against its seeds, by one worker and by one a core.
func seeds() (figure.Lines, error) {
	p := figure.Lines{Title: "Seeds", X: "seeds", Y: "seconds a sweep"}
	for _, jobs := range []int{1, runtime.NumCPU()} {
		l := figure.Line{Name: fmt.Sprintf("jobs: %d", jobs)}
		for _, n := range []int{1, 2, 4, 8} {
			folder, seconds, err := sweep(jobs, fmt.Sprintf("seeds=%d", n), "anneal.steps=[2]", "anneal.protocol={name: budget, iterations: 1000}")
			os.RemoveAll(folder)
			if err != nil {
				return p, err
			}
			l.Points = append(l.Points, [2]float64{float64(n), seconds})
		}
		p.Lines = append(p.Lines, l)
		if runtime.NumCPU() == 1 {
			break
		}
	}
	return p, nil
}

// samples is the time of one FID evaluation in training against its samples.
func samples() (figure.Lines, error) {
	p := figure.Lines{Title: "Samples of an evaluation", X: "samples", Y: "seconds an evaluation"}
	for _, kind := range []struct {
		name, config string
		sets         []string
	}{
		{"toy, 3 values", "configs/fig5.yaml", nil},
		{"MNIST, LeNet", "configs/mnist.yaml", []string{"data.path=bench/data/testdata/idx", "fid.features=lenet"}},
		{"MNIST, 784 values", "configs/mnist.yaml", []string{"data.path=bench/data/testdata/idx"}},
	} {
		l := figure.Line{Name: kind.name}
		for _, n := range []int{250, 500, 1000, 2000, 4000, 8000} {
			args := []string{"bench", kind.config, "--warm", "0"}
			for _, s := range append(kind.sets, "fid.every=5", fmt.Sprintf("fid.samples=%d", n)) {
				args = append(args, "--set", s)
			}
			c := exec.Command("bin/fig5-torch", args...)
			c.Stdin = strings.NewReader(strings.Repeat("go 0.5\n", 5))
			text, err := c.Output()
			if err != nil {
				return p, fmt.Errorf("fig5-torch bench: %w", err)
			}
			best := math.Inf(1) // of the slices: what else runs only adds
			for _, one := range strings.Split(strings.TrimSpace(string(text)), "\n")[1:] {
				var s struct {
					Evaluations float64 `json:"evaluations"`
					Seconds     float64 `json:"evaluation_seconds"`
				}
				if err := json.Unmarshal([]byte(one), &s); err != nil {
					return p, err
				}
				best = min(best, s.Seconds/s.Evaluations)
			}
			l.Points = append(l.Points, [2]float64{float64(n), best})
		}
		p.Lines = append(p.Lines, l)
	}
	return p, nil
}

// dimensions is the time of the distance of samples to a reference against their
// dimension, the moments of the samples included.
func dimensions() (figure.Lines, error) {
	p := figure.Lines{Title: "Dimension of the features", X: "dimension d", Y: "seconds a distance"}
	for _, n := range []int{500, 2000} {
		l := figure.Line{Name: fmt.Sprintf("%d samples", n)}
		for _, d := range []int{3, 16, 64, 256, 784, 2048} {
			s := rng.New(0, "scale")
			real, x := make([]float32, (d+500)*d), make([]float32, n*d)
			s.Uniform(real)
			s.Uniform(x)
			m := fid.NewMoments(d)
			m.AddRows32(real)
			stats, err := m.Stats()
			if err != nil {
				return p, err
			}
			ref, err := fid.NewReference(stats, nn.Eigen)
			if err != nil {
				return p, err
			}
			best := 0.0
			for began := time.Now(); best == 0 || time.Since(began) < time.Second; {
				one := time.Now()
				if _, err := ref.DistanceSamples(x, n); err != nil {
					return p, err
				}
				if took := time.Since(one).Seconds(); best == 0 || took < best {
					best = took
				}
			}
			l.Points = append(l.Points, [2]float64{float64(d), best})
		}
		p.Lines = append(p.Lines, l)
	}
	return p, nil
}
