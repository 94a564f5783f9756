package main

import (
	"bytes"
	"encoding/binary"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"

	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/gonum/stat/distuv"

	"fig5/bench/config"
	"fig5/bench/data"
)

const (
	rounds = 6
	worker = "bin/fig5-torch"
)

var mnistSizes = []int{250, 500, 1000, 2000, 5000, 10000, 30000}

// collectMNIST writes the distance of two halves of N training images each, which
// have none in common, by raw pixels and by LeNet's features.
func collectMNIST(to, folder string) error {
	set, err := data.Open(config.Data{Name: "mnist", Path: folder})
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "honesty")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	r := rand.New(rand.NewPCG(2018, 60000))
	var b bytes.Buffer
	b.WriteString("features,samples,round,fid\n")
	for _, n := range mnistSizes {
		for round := range rounds {
			order := r.Perm(set.Len())
			var halves [2]string
			for h := range halves {
				halves[h] = filepath.Join(dir, fmt.Sprint(h))
				if err := writeIDX(halves[h], set, order[h*n:(h+1)*n]); err != nil {
					return err
				}
			}
			for _, features := range []string{"raw", "lenet"} {
				out, err := exec.Command(worker, "fid", "--features", features, halves[0], halves[1]).Output()
				if err != nil {
					return fmt.Errorf("%s: %w", worker, err)
				}
				lines := bytes.Split(bytes.TrimSpace(out), []byte("\n"))
				var done struct{ Result struct{ FID float64 } }
				if err := json.Unmarshal(lines[len(lines)-1], &done); err != nil {
					return err
				}
				fmt.Fprintf(&b, "%s,%d,%d,%.6g\n", features, n, round, done.Result.FID)
			}
		}
	}
	return os.WriteFile(to, b.Bytes(), 0o644)
}

// writeIDX writes images of 28×28 pixels in [-1, 1] as bytes.
func writeIDX(path string, set *data.Set, index []int) error {
	b := []byte{0, 0, 8, 3}
	for _, v := range []int{len(index), 28, 28} {
		b = binary.BigEndian.AppendUint32(b, uint32(v))
	}
	for _, i := range index {
		for _, v := range set.X[i*set.Dim : (i+1)*set.Dim] {
			b = append(b, byte((v+1)*127.5+0.5))
		}
	}
	return os.WriteFile(path, b, 0o644)
}

// halves is the distances between halves of MNIST, by features and N.
type halves map[string]map[int][]float64

func readMNIST(path string) (halves, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	h := halves{"raw": {}, "lenet": {}}
	for i, row := range rows[1:] {
		n, err := strconv.Atoi(row[1])
		v, errV := strconv.ParseFloat(row[3], 64)
		if err != nil || errV != nil || h[row[0]] == nil {
			return nil, fmt.Errorf("%s:%d: want features,samples,round,fid", path, i+2)
		}
		h[row[0]][n] = append(h[row[0]][n], v)
	}
	return h, nil
}

// halfInterval is half of Student's 95 % interval of the mean of n values.
func halfInterval(sd float64, n int) float64 {
	t := distuv.StudentsT{Sigma: 1, Nu: float64(n - 1)}
	return t.Quantile(0.975) * sd / math.Sqrt(float64(n))
}

func (h halves) table() string {
	t := newTable("N", "raw pixels: mean", "N · mean", "sd", "LeNet: mean", "N · mean", "sd")
	for _, n := range mnistSizes {
		cells := []string{fmt.Sprint(n)}
		for _, features := range []string{"raw", "lenet"} {
			mean, sd := stat.MeanStdDev(h[features][n], nil)
			cells = append(cells, digits(mean), fmt.Sprintf("%.0f ± %.0f", float64(n)*mean, float64(n)*halfInterval(sd, len(h[features][n]))), digits(sd))
		}
		t.row(cells...)
	}
	return t.String()
}
