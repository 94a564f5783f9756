package curves

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"fig5/bench/record"
)

// Input is one curve to be read.
type Input struct {
	File string     // the path of the CSV, "-" for standard input
	Run  record.Dir // the run it belongs to, if its folder was named
}

// Paths turns arguments into inputs: a file; a run folder, which stands for its
// curve; a pattern with *, ? or [ that no file has for its name; or "-".
func Paths(args []string) ([]Input, error) {
	var inputs []Input
	stdin := false
	for _, arg := range args {
		if arg == "-" {
			if stdin {
				return nil, fmt.Errorf("-: standard input can be read but once")
			}
			stdin = true
			inputs = append(inputs, Input{File: arg})
			continue
		}
		paths := []string{arg}
		if _, err := os.Stat(arg); os.IsNotExist(err) && strings.ContainsAny(arg, "*?[") {
			found, err := filepath.Glob(arg)
			if err != nil {
				return nil, plain(arg, err)
			}
			if len(found) == 0 {
				return nil, fmt.Errorf("%s: no file matches", arg)
			}
			paths = found
		}
		for _, path := range paths {
			in, err := input(path)
			if err != nil {
				return nil, err
			}
			inputs = append(inputs, in)
		}
	}
	return inputs, nil
}

func input(path string) (Input, error) {
	info, err := os.Stat(path)
	if err != nil {
		return Input{}, plain(path, err)
	}
	if !info.IsDir() {
		return Input{File: path}, nil
	}
	dir := record.Dir(path)
	in := Input{File: dir.Curve()}
	if _, err := os.Stat(dir.RunJSON()); err == nil {
		in.Run = dir
	}
	if _, err := os.Stat(in.File); err != nil {
		if in.Run != "" {
			return in, fmt.Errorf("%s: the run has no curve yet", path)
		}
		return in, fmt.Errorf("%s: is a folder without a curve; name files, run folders, or a pattern such as '%s'", path, filepath.Join(path, "*", filepath.Base(in.File)))
	}
	return in, nil
}
