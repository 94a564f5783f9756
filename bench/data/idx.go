package data

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// maxFile is the largest file that is read whole, in bytes.
const maxFile = 1 << 31

// idx is an IDX file of unsigned bytes.
type idx struct {
	path    string
	dims    []int
	values  []byte
	content string // sha256 (hex) of the file as it is uncompressed
	file    string // sha256 (hex) of the file as it lies
}

// readIDX reads an IDX file of unsigned bytes in so many dimensions; one whose name
// ends in .gz is unpacked.
func readIDX(path string, dims int) (*idx, error) {
	raw, err := readFile(path)
	if err != nil {
		return nil, err
	}
	f, err := parseIDX(raw, strings.HasSuffix(path, ".gz"), dims)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	f.path = path
	return f, nil
}

// readFile is the content of a regular file, with errors that begin with its path.
func readFile(path string) ([]byte, error) {
	info, err := os.Stat(path)
	if err == nil && !info.Mode().IsRegular() {
		err = errors.New("not a file")
	}
	if err == nil && info.Size() > maxFile {
		err = fmt.Errorf("%d bytes are more than the %d that are read", info.Size(), maxFile)
	}
	var b []byte
	if err == nil {
		b, err = os.ReadFile(path)
	}
	if err != nil {
		return nil, pathError(path, err)
	}
	return b, nil
}

// pathError is an error about a path, which err may name too.
func pathError(path string, err error) error {
	var pe *os.PathError
	if errors.As(err, &pe) {
		err = pe.Err
	}
	return fmt.Errorf("%s: %w", path, err)
}

// parseIDX reads the format of http://yann.lecun.com/exdb/mnist: two zero bytes, the
// type (8 = unsigned byte), the number of dimensions, each dimension as a big-endian
// 32-bit number, then the values. Nothing is allocated on the word of the header.
func parseIDX(raw []byte, zipped bool, dims int) (*idx, error) {
	f := &idx{file: sumOf(raw)}
	var r io.Reader = bytes.NewReader(raw)
	limit := int64(len(raw))
	if zipped {
		z, err := gzip.NewReader(r)
		if err != nil {
			return nil, fmt.Errorf("not a gzip file (%w)", err)
		}
		r = z
		limit = 1040 * (limit + 1) // deflate packs at most 1032 to 1
	}
	content := sha256.New()
	r = io.TeeReader(r, content)
	head := make([]byte, 4*(1+dims))
	if err := readFull(r, head); err != nil {
		return nil, err
	}
	if magic, want := binary.BigEndian.Uint32(head), 0x0800|uint32(dims); magic != want {
		return nil, fmt.Errorf("magic number 0x%08x, want 0x%08x (unsigned bytes in %d dimensions)", magic, want, dims)
	}
	n := int64(1)
	for i := range dims {
		d := binary.BigEndian.Uint32(head[4*(i+1):])
		f.dims = append(f.dims, int(d))
		if n *= int64(d); n > limit {
			return nil, fmt.Errorf("the header announces %s values, more than the file can hold", times(f.dims))
		}
	}
	f.values = make([]byte, n)
	if err := readFull(r, f.values); err != nil {
		return nil, fmt.Errorf("the header announces %s values: %w", times(f.dims), err)
	}
	if more, err := io.Copy(io.Discard, r); err != nil {
		return nil, damaged(err)
	} else if more > 0 {
		return nil, fmt.Errorf("the header announces %s values, the file has %d bytes more", times(f.dims), more)
	}
	f.content = hex.EncodeToString(content.Sum(nil))
	return f, nil
}

// readFull fills b.
func readFull(r io.Reader, b []byte) error {
	n, err := io.ReadFull(r, b)
	if errors.Is(err, io.EOF) || err == io.ErrUnexpectedEOF && n < len(b) {
		return fmt.Errorf("the file ends after %d of %d bytes", n, len(b))
	}
	if err != nil {
		return damaged(err)
	}
	return nil
}

func damaged(err error) error {
	return fmt.Errorf("the file is damaged (%w)", err)
}

func sumOf(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// times is "60000 x 28 x 28".
func times(dims []int) string {
	words := make([]string, len(dims))
	for i, d := range dims {
		words[i] = fmt.Sprint(d)
	}
	return strings.Join(words, " x ")
}

// sumsFile lists the checksums of a folder as sha256sum writes them.
const sumsFile = "SHA256SUMS"

// readSums is the folder's SHA256SUMS, the sum of each file name; nil if there is none.
func readSums(dir string) (map[string]string, error) {
	path := filepath.Join(dir, sumsFile)
	b, err := readFile(path)
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	sums := map[string]string{}
	for i, line := range strings.Split(string(b), "\n") {
		if line = strings.TrimSuffix(line, "\r"); line == "" {
			continue
		}
		sum, name, ok := strings.Cut(line, " ")
		name = strings.TrimPrefix(strings.TrimLeft(name, " *"), "./")
		if _, err := hex.DecodeString(sum); !ok || err != nil || len(sum) != 64 || name == "" {
			return nil, fmt.Errorf("%s:%d: not a line of sha256sum: a sum, two spaces, a file name", path, i+1)
		}
		sums[name] = strings.ToLower(sum)
	}
	return sums, nil
}
