package worker

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"

	"fig5/fid/samples"
)

// FID lets the worker at path find the distance between the files a and b. features is
// raw, the name of a net or the file of a TorchScript module, and size the pixels a side
// that images are resized to for that. progress is told how far it is, once in a while. A
// result and an empty Outcome, or the Outcome of a failure; its error is that of starting it.
func FID(ctx context.Context, path, features string, size int, a, b string, progress func(file string, done, total int)) (*samples.Result, Outcome, error) {
	p, err := start(ctx, nil, path, "fid", "--parent", "--features", features, "--size", strconv.Itoa(size), "--", a, b)
	if err != nil {
		return nil, Outcome{}, fmt.Errorf("%s: cannot be started: %w", path, err)
	}
	var result *samples.Result
	eachLine(p.out, func(text []byte) {
		var line struct {
			Event, File string
			Step, Total int
			Result      *samples.Result
		}
		switch _ = json.Unmarshal(text, &line); line.Event { // libraries write other lines
		case "progress":
			progress(line.File, line.Step, line.Total)
		case "done":
			result = line.Result
		}
	})
	out := p.end("")
	if result == nil && out == (Outcome{}) {
		out.Failure = path + ": ended without a result; is it of the same version as fig5?"
	}
	return result, out, nil
}
