package worker

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strconv"

	"fig5/fid/features/kinds"
	"fig5/fid/samples"
)

// largeWork is the multiplications of a distance from which the worker, which takes a
// second to start, is the faster: three seconds or more in Go on one core.
const largeWork = 6e9

// FID is the distance between the files a and b: the worker's for features of a net and for
// large problems, else found here. features is raw, the name of a net or the file of a
// TorchScript module, and size the pixels a side that images are resized to for that.
// progress is told how far the worker is, once in a while. What is wrong with the files,
// the features, or no worker, is an InputError.
func FID(ctx context.Context, features string, size int, a, b string, progress func(file string, done, total int)) (none samples.Result, err error) {
	if info, err := os.Stat(features); !kinds.Find(features).Own && (err != nil || !info.Mode().IsRegular()) {
		return none, InputError{fmt.Errorf("--features %q: want raw, lenet, faces, or the file of a TorchScript module", features)}
	}
	path, missing := Find()
	switch {
	case missing != nil && features != "raw":
		return none, InputError{fmt.Errorf("--features %s: %w", features, missing)}
	case features == "raw" && (missing != nil || samples.Work(a, b) <= largeWork):
		r, err := samples.Distance(a, b, samples.Method{Features: features})
		if err != nil {
			return none, InputError{err}
		}
		return r, nil
	}
	p, err := start(ctx, nil, path, "fid", "--parent", "--features", features, "--size", strconv.Itoa(size), "--", a, b)
	if err != nil {
		return none, fmt.Errorf("%s: cannot be started: %w", path, err)
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
	switch out := p.end(""); {
	case out.BadInput:
		return none, InputError{errors.New(out.Failure)}
	case out.crash != "":
		return none, fmt.Errorf("%s: ended with %s: %.200s", path, p.cmd.ProcessState, out.crash)
	case out != Outcome{}:
		return none, errors.New(cmp.Or(out.Failure, "the worker was stopped"))
	case result == nil:
		return none, fmt.Errorf("%s: ended without a result; is it of the same version as fig5?", path)
	}
	return *result, nil
}
