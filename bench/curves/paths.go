package curves

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"fig5/bench/curves/words"
	"fig5/bench/record"
	"fig5/fid/files"
)

// Input is one curve to be read.
type Input struct {
	File string     // the path of a log, or of a folder of event files; "-" for standard input
	Run  record.Dir // the run it belongs to, if its folder was named
}

// Paths turns arguments into inputs: a file; a run folder, which stands for its
// curve; a pattern with *, ? or [ that no file has for its name; or "-".
func Paths(args []string) ([]Input, error) {
	var inputs []Input
	for _, arg := range args {
		if arg == "-" && slices.Contains(inputs, Input{File: "-"}) {
			return nil, fmt.Errorf("-: standard input can be read but once")
		}
		paths := []string{arg}
		if _, err := os.Stat(arg); os.IsNotExist(err) && strings.ContainsAny(arg, "*?[") {
			if paths, err = filepath.Glob(arg); err != nil {
				return nil, files.Error(arg, err)
			}
			if len(paths) == 0 {
				return nil, fmt.Errorf("%s: no file matches", arg)
			}
		}
		for _, path := range paths {
			in, err := stands(path)
			if err != nil {
				return nil, err
			}
			inputs = append(inputs, in)
		}
	}
	return inputs, nil
}

// stands is what a path stands for.
func stands(path string) (Input, error) {
	if path == "-" {
		return Input{File: path}, nil
	}
	info, err := os.Stat(path)
	if err != nil {
		return Input{}, files.Error(path, err)
	}
	if !info.IsDir() {
		return Input{File: path}, nil
	}
	dir := record.Dir(path)
	in := Input{File: dir.Curve()}
	if _, err := os.Stat(dir.RunJSON()); err == nil {
		in.Run = dir
	}
	logs := []string{path}
	switch _, err = os.Stat(in.File); {
	case err == nil:
		return in, nil
	case in.Run != "":
		return in, fmt.Errorf("%s: the run has no curve yet", path)
	case len(eventFiles(path)) == 0:
		logs = logsBelow(path)
	}
	switch {
	case len(logs) == 1 && len(eventFiles(logs[0])) > 0: // perhaps a folder deeper
		return Input{File: logs[0]}, nil
	case len(logs) > 0:
		return in, fmt.Errorf("%s: is a folder; name a log in it: %s", path, some(logs, 6, shell))
	}
	return in, fmt.Errorf("%s: is a folder without a curve; name files, run folders, or a pattern such as '%s'", path, filepath.Join(path, "*", filepath.Base(in.File)))
}

// logsBelow are the folders with event files and the files that by their names are logs, in
// a folder and up to three deeper.
func logsBelow(dir string) []string {
	var logs []string
	seen := 0
	filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		rel, _ := filepath.Rel(dir, path)
		seen++
		switch name := filepath.Base(path); {
		case err != nil:
			return nil
		case seen > 10_000:
			return fs.SkipAll
		case d.IsDir() && strings.Count(rel, string(filepath.Separator)) > 3:
			return fs.SkipDir
		case d.IsDir() && len(eventFiles(path)) > 0:
			logs = append(logs, path)
		case !d.IsDir() && (slices.Contains([]string{"metrics.csv", "progress.csv", "history.csv", "trainer_state.json"}, name) ||
			strings.HasPrefix(name, "metric-") && strings.HasSuffix(name, ".jsonl") || words.FID(strings.TrimSuffix(name, filepath.Ext(name))) > 0):
			logs = append(logs, path)
		}
		return nil
	})
	return logs
}
