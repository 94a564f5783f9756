package data

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"

	"fig5/fid/files"
)

// sumsFile lists the checksums of a folder as sha256sum writes them.
const sumsFile = "SHA256SUMS"

// readSums is the folder's SHA256SUMS, the sum of each file name; nil if there is none.
func readSums(dir string) (map[string]string, error) {
	path := filepath.Join(dir, sumsFile)
	b, err := files.Read(path)
	if errors.Is(err, fs.ErrNotExist) {
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

// compare checks a file's sum against the one listed under a name.
func compare(sums map[string]string, name, path, sum string) error {
	want, ok := sums[name]
	if !ok {
		return fmt.Errorf("%s: not listed in %s beside it", path, sumsFile)
	}
	if sum != want {
		return fmt.Errorf("%s: sha256 %.12s... is not the %.12s... of %s; fetch it again", path, sum, want, sumsFile)
	}
	return nil
}

func sumOf(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}
