package data

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"fig5/fid/files"
	"fig5/fid/samples"
)

// pinned are the sha256 sums of MNIST's four files, uncompressed: the same whoever
// compressed them.
var pinned = map[string]string{
	"train-images-idx3-ubyte": "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
	"train-labels-idx1-ubyte": "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
	"t10k-images-idx3-ubyte":  "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
	"t10k-labels-idx1-ubyte":  "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
}

var mnistKind = Kind{
	Name: "mnist", Modes: 10, Classifier: "lenet", Folder: mnistFolder,
	shape: digit, rows: 60000, open: mnist, check: checkMNIST,
}

const mnistFolder = "data/mnist"

// digit is the shape of an image.
var digit = Shape{1, 28, 28}

// idx is an IDX file of unsigned bytes.
type idx struct {
	File
	dims    []int
	values  []byte
	content string // sha256 (hex) of the file as it is uncompressed
	file    string // sha256 (hex) of the file as it lies
}

// readIDX reads an IDX file of unsigned bytes in so many dimensions.
func readIDX(path string, dims int) (*idx, error) {
	f, size, err := files.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	file, content := sha256.New(), sha256.New()
	x, err := samples.NewIDX(io.TeeReader(f, file), size)
	if err == nil && len(x.Dims) != dims {
		err = fmt.Errorf("holds %s values; images have 3 dimensions, labels 1", times(x.Dims))
	}
	var values []byte
	if err == nil {
		values, err = x.All()
	}
	if err != nil {
		return nil, files.Error(path, err)
	}
	content.Write(x.Header)
	content.Write(values)
	sum := hex.EncodeToString(content.Sum(nil))
	found := File{path, times(x.Dims), sum, "MNIST, uncompressed"}
	return &idx{found, x.Dims, values, sum, hex.EncodeToString(file.Sum(nil))}, nil
}

// times is "60000 x 28 x 28".
func times(dims []int) string {
	return strings.ReplaceAll(strings.Trim(fmt.Sprint(dims), "[]"), " ", " x ")
}

// mnist reads the training images and checks their labels.
func mnist(c Source) (*Set, error) {
	images, _, err := readPart(c.Path, "train")
	if err != nil {
		return nil, err
	}
	return images.set(), nil
}

// set is the set of the images.
func (f *idx) set() *Set {
	x := make([]float32, len(f.values))
	for i, v := range f.values {
		x[i] = pixel(v)
	}
	return newSet(digit, x, f.content)
}

// checkMNIST checks the training images and, of the other files, those that are there.
func checkMNIST(c Source) ([]File, error) {
	var found []File
	for _, part := range []string{"train", "t10k"} {
		images, labels, err := readPart(c.Path, part)
		if part == "t10k" && errors.Is(err, os.ErrNotExist) {
			break
		}
		if err != nil {
			return nil, err
		}
		found = append(found, images.File)
		if labels != nil {
			found = append(found, labels.File)
		}
	}
	return found, nil
}

// pixel brings 0..255 to [-1, 1]. The curves of runs depend on its bits.
func pixel(v byte) float32 { return float32(v)/127.5 - 1 }

// Digits reads the images of a part of MNIST, train or t10k, and their labels, 0 to 9.
func Digits(dir, part string) (*Set, []byte, error) {
	images, labels, err := readPart(dir, part)
	if err != nil {
		return nil, nil, err
	}
	if labels == nil {
		return nil, nil, fmt.Errorf("%s: holds no %s-labels-idx1-ubyte.gz", dir, part)
	}
	for i, v := range labels.values {
		if v > 9 {
			return nil, nil, fmt.Errorf("%s: label %d is %d, not a digit", labels.Path, i, v)
		}
	}
	return images.set(), labels.values, nil
}

// readPart reads the images and labels of a part (train or t10k) and checks both. Labels
// may be absent. That the images are is an os.ErrNotExist.
func readPart(dir, part string) (images, labels *idx, err error) {
	sums, err := readSums(dir)
	if err != nil {
		return nil, nil, err
	}
	images, err = idxNamed(dir, part+"-images-idx3-ubyte", 3, sums)
	if errors.Is(err, os.ErrNotExist) {
		to := ""
		if dir != mnistFolder {
			to = " --path " + dir
		}
		err = fmt.Errorf("%w; `fig5 data fetch mnist%s` fetches MNIST's four files", err, to)
	}
	if err != nil {
		return nil, nil, err
	}
	if d := images.dims; d[0] < 2 || d[1] != 28 || d[2] != 28 {
		return nil, nil, fmt.Errorf("%s: %s pixels, want two or more images of 28 x 28", images.Path, images.Holds)
	}
	labels, err = idxNamed(dir, part+"-labels-idx1-ubyte", 1, sums)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return images, nil, nil
	case err != nil:
		return nil, nil, err
	case labels.dims[0] != images.dims[0]:
		return nil, nil, fmt.Errorf("%s: %d labels for %d images", labels.Path, labels.dims[0], images.dims[0])
	}
	return images, labels, nil
}

// idxNamed reads the file of that name, or the same with .gz, and compares its checksum:
// with the folder's SHA256SUMS where there is one, else with MNIST's.
func idxNamed(dir, name string, dims int, sums map[string]string) (*idx, error) {
	path := idxFile(dir, name)
	f, err := readIDX(path, dims)
	switch {
	case err != nil:
		return nil, err
	case sums != nil:
		f.SHA256, f.By = f.file, sumsFile
		return f, compare(sums, filepath.Base(path), path, f.file)
	case f.content != pinned[name]:
		return nil, fmt.Errorf("%s: sha256 %.12s... uncompressed is not MNIST's (%.12s...); `fig5 data fetch mnist` fetches it again; or vouch for other IDX files with a SHA256SUMS beside them (sha256sum * > SHA256SUMS)", path, f.content, pinned[name])
	}
	return f, nil
}

// idxFile is the path of the file of that name, or of the same with .gz.
func idxFile(dir, name string) string {
	path := filepath.Join(dir, name+".gz")
	if plain := filepath.Join(dir, name); !exists(path) && exists(plain) {
		return plain
	}
	return path
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}
