package data

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"fig5/fid/files"
)

// mnistMirrors are where MNIST's files lie, with .gz, the first to be tried first.
var mnistMirrors = []string{
	"https://ossci-datasets.s3.amazonaws.com/mnist",
	"https://storage.googleapis.com/cvdf-datasets/mnist",
}

const (
	maxFetched = 64 << 20         // bytes of a compressed file; MNIST's largest has 10 million
	tries      = 3                // of a mirror whose answer breaks off
	patience   = 30 * time.Second // without a byte
)

// FetchMNIST fetches those of MNIST's four files that are missing in dir or damaged, and
// compares their checksums. A file on the way is called .part; one that is there already
// is gone on with. Told, which may be nil, hears which file is begun and where from.
func FetchMNIST(ctx context.Context, dir string, told func(from string)) ([]File, error) {
	return fetch(ctx, dir, mnistMirrors, pinned, told)
}

// fetch is FetchMNIST for files of those names, without .gz, and checksums of their
// uncompressed content.
func fetch(ctx context.Context, dir string, mirrors []string, sums map[string]string, told func(from string)) ([]File, error) {
	if exists(filepath.Join(dir, sumsFile)) {
		return nil, fmt.Errorf("%s: vouches for other files; choose another folder to fetch MNIST into", filepath.Join(dir, sumsFile))
	}
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return nil, files.Error(dir, err)
	}
	var found []File
	for _, name := range slices.Sorted(maps.Keys(sums)) {
		f, err := whole(idxFile(dir, name), sums[name])
		if err != nil {
			f, err = fetchFile(ctx, filepath.Join(dir, name+".gz"), mirrors, sums[name], told)
		}
		if err != nil {
			return nil, err
		}
		found = append(found, f)
	}
	return found, nil
}

// whole is the file at path if its uncompressed content has that sum.
func whole(path, sum string) (File, error) {
	dims := 1
	if strings.Contains(path, "-images-") {
		dims = 3
	}
	x, err := readIDX(path, dims)
	if err != nil {
		return File{}, err
	}
	if x.content != sum {
		return File{}, fmt.Errorf("sha256 %.12s... uncompressed is not MNIST's (%.12s...)", x.content, sum)
	}
	return x.File, nil
}

// fetchFile fetches one file from the first mirror that has it whole.
func fetchFile(ctx context.Context, path string, mirrors []string, sum string, told func(from string)) (File, error) {
	part := path + ".part"
	var wrong []string
	for _, mirror := range mirrors {
		from := mirror + "/" + filepath.Base(path)
		if told != nil {
			told(from)
		}
		var err error
		for try, again := 0, true; again && try < tries; try++ {
			again, err = download(ctx, from, part)
			var local *fs.PathError
			switch {
			case ctx.Err() != nil:
				return File{}, fmt.Errorf("%s: interrupted; run the same command again to go on", path)
			case errors.As(err, &local):
				return File{}, files.Error(part, err)
			case err != nil:
				continue
			}
			var f File
			if f, err = whole(part, sum); err == nil {
				f.Path = path
				return f, files.Error(path, os.Rename(part, path))
			}
			os.Remove(part) // if another mirror began it, once more from the start
		}
		wrong = append(wrong, fmt.Sprintf("%s: %s", from, strings.TrimPrefix(err.Error(), part+": ")))
	}
	return File{}, fmt.Errorf("%s: no mirror has it (%s); fetch the four files by hand", path, strings.Join(wrong, "; "))
}

// download goes on with the file part from an address. That trying again may help is told with the
// error; without one, that the file was not fetched in one go.
func download(ctx context.Context, from, part string) (again bool, err error) {
	f, err := os.OpenFile(part, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o644)
	if err != nil {
		return false, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	info, err := f.Stat()
	if err != nil {
		return false, err
	}
	have := info.Size()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	silence := time.AfterFunc(patience, cancel)
	defer silence.Stop()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, from, nil)
	if err != nil {
		return false, err
	}
	req.Header.Set("Accept-Encoding", "identity") // the file as it is, compressed
	if have > 0 {
		req.Header.Set("Range", fmt.Sprintf("bytes=%d-", have))
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return true, reason(err)
	}
	defer resp.Body.Close()
	switch {
	case resp.StatusCode == http.StatusOK:
		have = 0
	case resp.StatusCode == http.StatusPartialContent && strings.HasPrefix(resp.Header.Get("Content-Range"), fmt.Sprintf("bytes %d-", have)):
	case resp.StatusCode == http.StatusRequestedRangeNotSatisfiable: // whole already, or too long
		return true, nil
	default:
		return resp.StatusCode >= 500, errors.New(resp.Status)
	}
	if err := f.Truncate(have); err != nil {
		return false, err
	}
	n, err := io.Copy(f, io.LimitReader(&heard{resp.Body, silence}, maxFetched+1-have))
	switch {
	case err != nil:
		return true, reason(err)
	case have+n > maxFetched:
		return false, fmt.Errorf("more than %d bytes", maxFetched)
	}
	return have > 0, nil
}

// heard puts off the end of patience with every byte.
type heard struct {
	io.Reader
	silence *time.Timer
}

func (h *heard) Read(b []byte) (int, error) {
	n, err := h.Reader.Read(b)
	if n > 0 {
		h.silence.Reset(patience)
	}
	return n, err
}

// reason is why a request failed, without the address that the caller names.
func reason(err error) error {
	switch {
	case errors.Is(err, context.Canceled):
		return fmt.Errorf("silent for %s", patience)
	case errors.Is(err, io.ErrUnexpectedEOF):
		return errors.New("broke off")
	}
	var request *url.Error
	if errors.As(err, &request) {
		return request.Err
	}
	return err
}
