package curves

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"

	"fig5/fid/npy"
)

func isNPY(head []byte) bool { return bytes.HasPrefix(head, []byte("\x93NUMPY")) }
func isNPZ(head []byte) bool { return bytes.HasPrefix(head, []byte("PK\x03\x04")) }

// readNPY reads a NumPy array.
func readNPY(in *input) (*table, error) {
	b, err := in.whole()
	if err != nil {
		return nil, err
	}
	t := &table{in: in}
	a, err := npy.NewArray(bytes.NewReader(b), int64(len(b)))
	if err == nil {
		err = t.matrix(a)
	}
	return t, in.fail(err)
}

// matrix makes rows of an array: n values, or n rows of a few columns, or two rows of n.
func (t *table) matrix(a *npy.Array) error {
	shape := slices.DeleteFunc(slices.Clone(a.Shape), func(n int) bool { return n == 1 })
	columns, turned := 1, false
	switch {
	case len(shape) == 2 && shape[0] == 2 && shape[1] > 2:
		columns, turned = 2, true
	case len(shape) == 2 && shape[1] <= 8:
		columns = shape[1]
	case len(shape) > 1:
		return fmt.Errorf("an array of shape %s; a curve has n values, or n rows of x and y", a.ShapeString())
	}
	v, err := texts(a)
	if err != nil || len(v) == 0 {
		return err
	}
	t.rows = make([][]string, len(v)/columns)
	for i := range t.rows {
		t.rows[i] = v[i*columns:][:columns:columns]
		if turned {
			t.rows[i] = []string{v[i], v[len(t.rows)+i]}
		}
	}
	t.names, t.headless = bareNames(t.rows[0]), true
	return nil
}

// texts are the numbers of an array as they are written.
func texts(a *npy.Array) ([]string, error) {
	if a.Len() > maxRows {
		return nil, fmt.Errorf("more than %d numbers", maxRows)
	}
	v, err := a.All()
	bits := 64
	if a.Type == "float32" || a.Type == "float16" {
		bits = 32
	}
	texts := make([]string, len(v))
	for i := range v {
		texts[i] = strconv.FormatFloat(v[i], 'g', -1, bits)
	}
	return texts, err
}

// readNPZ reads an archive of NumPy arrays: those of one dimension are columns; a single
// array is read as a .npy file is.
func readNPZ(in *input) (*table, error) {
	b, err := in.whole()
	if err != nil {
		return nil, err
	}
	z, err := npy.NewArchive(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		return nil, in.fail(err)
	}
	if len(z.Keys) == 0 {
		return nil, fmt.Errorf("%s: a zip archive without NumPy arrays; of a workbook (.xlsx) export CSV", in.file)
	}
	f := finder{in: in}
	var all []column
	for _, key := range z.Keys {
		a, err := z.Array(key)
		if err != nil {
			return nil, in.fail(err)
		}
		c := column{index: strconv.Itoa(a.Len()), name: key}
		// One dimension, but for some of a single number.
		row := a.Len() <= maxRows && !slices.ContainsFunc(a.Shape, func(n int) bool { return n > 1 && n != a.Len() })
		switch {
		case len(z.Keys) == 1:
			err = f.table().matrix(a)
		case row && (len(z.Keys) <= 8 || in.keeps(key)):
			c.values, err = texts(a)
			all = append(all, c)
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %s: %w", in.file, clean(key), err)
		}
	}
	f.columns(all...)
	return f.choose()
}
