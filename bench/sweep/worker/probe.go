package worker

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"
)

// Cost is what training costs on one worker of this machine, in seconds.
type Cost struct {
	Start      float64 `json:"start"`      // until a worker trains
	Iteration  float64 `json:"iteration"`  // its evaluation excluded
	Evaluation float64 `json:"evaluation"` // one FID evaluation
	Once       float64 `json:"once"`       // once a sweep: the features of the real data
	Busy       bool    `json:"busy"`       // others had the cores too, and all this is too much
}

// probeEvery is how many iterations a probe makes between two evaluations: few, so
// that it holds some of both whatever the model.
const probeEvery = 20

// Probe has so many workers at once, of the program at path, train the model of a sweep's
// config with sets over it, for the time given, and gives the mean of what it cost them.
func Probe(ctx context.Context, path, config string, sets []string, workers int, length time.Duration, samples int) (Cost, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	args := []string{"bench", config, "--warm", "0"}
	for _, s := range append(slices.Clone(sets), fmt.Sprintf("fid.every=%d", probeEvery)) {
		args = append(args, "--set", s)
	}
	probes := make([]*probe, workers)
	began := make([]time.Time, workers)
	for i := range probes {
		began[i] = time.Now()
		p, err := start(ctx, oneThread, path, args...)
		if err != nil {
			return Cost{}, fmt.Errorf("cannot start the worker: %w", err)
		}
		probes[i] = &probe{process: p, lines: bufio.NewScanner(p.out)}
		defer probes[i].close()
	}
	for i, p := range probes {
		if err := p.read(&p.ready); err != nil {
			return Cost{}, err
		}
		p.start = time.Since(began[i]).Seconds()
	}
	var mean Cost
	for _, p := range probes {
		if _, err := fmt.Fprintf(p.in, "go %g\n", length.Seconds()); err != nil {
			return Cost{}, p.failed(err)
		}
	}
	n := float64(workers)
	for _, p := range probes {
		var s struct {
			Iterations  float64 `json:"iterations"`
			Seconds     float64 `json:"seconds"`
			Evaluations float64 `json:"evaluations"`
			Evaluating  float64 `json:"evaluation_seconds"`
			CPU         float64 `json:"cpu_seconds"`
		}
		if err := p.read(&s); err != nil {
			return Cost{}, err
		}
		if s.Iterations <= 0 || s.Evaluations <= 0 {
			return Cost{}, errors.New("the worker trained nothing in the probe")
		}
		evaluation := s.Evaluating / s.Evaluations
		mean.Start += max(p.start-evaluation, 0) / n // it has made its first row
		mean.Iteration += (s.Seconds - s.Evaluating) / s.Iterations / n
		mean.Evaluation += (evaluation + p.ready.Image*float64(samples)) / n
		mean.Busy = mean.Busy || s.CPU < 0.9*s.Seconds
		mean.Once += p.ready.Image * p.ready.Real / n
	}
	return mean, nil
}

// probe is one worker in a probe.
type probe struct {
	*process
	lines *bufio.Scanner
	start float64
	ready struct {
		Image float64 `json:"image_seconds"`
		Real  float64 `json:"real_images"`
	}
}

// read takes the worker's next line.
func (p *probe) read(v any) error {
	if !p.lines.Scan() {
		return p.failed(errors.New("the worker ended before its probe did"))
	}
	return json.Unmarshal(p.lines.Bytes(), v)
}

// failed is the worker's own account of why it ended, else err.
func (p *probe) failed(err error) error {
	select {
	case last := <-p.last:
		if last != "" {
			return errors.New(trimName(last))
		}
	case <-time.After(time.Second):
	}
	return err
}

func (p *probe) close() {
	p.in.Close()
	_ = p.cmd.Wait() // what it has to say it has said
}

// Device is an error, which says why, unless this machine has the device, a GPU.
func Device(ctx context.Context, path, device string) error {
	p, err := start(ctx, nil, path, "device", device)
	if err != nil {
		return fmt.Errorf("%s: the worker cannot tell: %w", device, err)
	}
	if out := p.end(""); out.Failure != "" && ctx.Err() == nil {
		return errors.New(out.Failure)
	}
	return ctx.Err()
}
