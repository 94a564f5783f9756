package record

import (
	"io"
	"os"
	"strconv"
	"strings"
)

// Newest is the iteration and the FID of the last whole row of the curve at path, for those
// who watch it grow; false where there is none.
func Newest(path string) (iteration int, fid float64, ok bool) {
	f, err := os.Open(path)
	if err != nil {
		return 0, 0, false
	}
	defer f.Close()
	const tail = 1024 // a row is shorter
	if info, err := f.Stat(); err == nil && info.Size() > tail {
		f.Seek(-tail, io.SeekEnd)
	}
	b, err := io.ReadAll(io.LimitReader(f, tail))
	lines := strings.Split(string(b), "\n")
	if err != nil || len(lines) < 2 {
		return 0, 0, false
	}
	columns := strings.Split(lines[len(lines)-2], ",") // behind the last newline a row is being written
	if len(columns) < 3 {
		return 0, 0, false
	}
	iteration, err = strconv.Atoi(columns[0])
	if err != nil { // the header
		return 0, 0, false
	}
	fid, err = strconv.ParseFloat(columns[2], 64)
	return iteration, fid, err == nil
}
