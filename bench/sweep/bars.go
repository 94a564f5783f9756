package sweep

import (
	"io"
	"math"
	"sync/atomic"

	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"

	"fig5/bench/record"
)

// Bars is a Notify that draws progress bars on the terminal w, one for the sweep and
// one for each run being trained. close draws them a last time.
func Bars(w io.Writer) (notify func(Event), close func()) {
	return newBars(mpb.WithOutput(w))
}

func newBars(options ...mpb.ContainerOption) (notify func(Event), close func()) {
	b := &bars{
		progress: mpb.New(append(options, mpb.WithWidth(40))...),
		runs:     map[string]*mpb.Bar{},
	}
	return b.notify, b.close
}

// bars is the state behind Bars. Events come one at a time; mpb draws from a
// goroutine of its own.
type bars struct {
	progress *mpb.Progress
	sweep    *mpb.Bar
	status   atomic.Pointer[Status] // the newest
	runs     map[string]*mpb.Bar
}

// maxBars is how many runs have a bar at once, so that they fit on a screen.
const maxBars = 20

// whole is the sweep bar's total: a share in millionths.
const whole = 1e6

func (b *bars) notify(e Event) {
	b.status.Store(&e.Sweep)
	if b.sweep == nil {
		b.sweep = b.progress.AddBar(whole, mpb.BarPriority(math.MaxInt32),
			mpb.AppendDecorators(decor.Any(func(decor.Statistics) string { return summary(*b.status.Load()) })))
	}
	b.sweep.SetCurrent(min(int64(whole*e.Sweep.Share), whole-1)) // close completes it
	switch e.Kind {
	case Started, Progress:
		if b.runs[e.ID] == nil && len(b.runs) < maxBars {
			b.runs[e.ID] = b.progress.AddBar(e.Total, mpb.BarRemoveOnComplete(),
				mpb.AppendDecorators(decor.Name(e.ID, decor.WCSyncSpaceR), decor.Percentage(decor.WCSyncSpace)))
		}
		if bar := b.runs[e.ID]; bar != nil {
			bar.SetCurrent(min(e.Step, e.Total-1)) // Ended completes it
		}
	case Ended:
		if bar := b.runs[e.ID]; bar != nil {
			bar.Abort(true)
			delete(b.runs, e.ID)
		}
	}
	shown := e.Kind == Started || e.Kind == Ended && e.State == record.Done // by the bars
	if text := announce(e); text != "" && !shown {
		io.WriteString(b.progress, text+"\n")
	}
}

func (b *bars) close() {
	for _, bar := range b.runs {
		bar.Abort(true)
	}
	if b.sweep != nil {
		b.sweep.Abort(false)
	}
	b.progress.Wait()
}
