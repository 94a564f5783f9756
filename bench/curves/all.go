package curves

import (
	"context"
	"io"
	"runtime"
	"sync"

	"fig5/bench/config"
	"fig5/filters"
)

// Job is how curves are read and measured.
type Job struct {
	Columns Columns
	Sets    []string  // changes of the settings, each "analysis.key=value"
	Stdin   io.Reader // what "-" stands for
}

// Outcome is what became of one input: Err, or a Result. Of a single input the curve
// and the filtered curve are kept too.
type Outcome struct {
	Curve  *Curve
	Result *Result
	Err    error
}

// Do measures the inputs, a core each. Its own error is that of the settings or of ctx.
func (j Job) Do(ctx context.Context, inputs []Input) ([]Outcome, error) {
	defaults, err := config.AnalysisWith(filters.DefaultAnalysis(), j.Sets)
	if err != nil {
		return nil, err
	}
	outcomes := make([]Outcome, len(inputs))
	next := make(chan int)
	var workers sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(inputs)) {
		workers.Add(1)
		go func() {
			defer workers.Done()
			for i := range next {
				o := j.one(inputs[i], defaults)
				if o.Err == nil && len(inputs) > 1 {
					o.Curve, o.Result.Filtered = nil, nil
				}
				outcomes[i] = o
			}
		}()
	}
	for i := range inputs {
		if ctx.Err() != nil {
			break
		}
		next <- i
	}
	close(next)
	workers.Wait()
	return outcomes, ctx.Err()
}

func (j Job) one(in Input, settings filters.Analysis) (o Outcome) {
	if in.Run != "" {
		if settings, o.Err = runAnalysis(in.Run, j.Sets); o.Err != nil {
			return o
		}
	}
	if in.File == "-" {
		o.Curve, o.Err = Read(j.Stdin, in.File, j.Columns)
	} else {
		o.Curve, o.Err = ReadFile(in.File, j.Columns)
	}
	if o.Err == nil {
		o.Result, o.Err = o.Curve.Measure(settings)
	}
	return o
}
