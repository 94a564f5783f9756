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

// readNPY reads a NumPy array: n values, or n rows of a few columns, or two rows of n.
func readNPY(in *input) (*table, error) {
	b, err := in.whole()
	if err != nil {
		return nil, err
	}
	a, err := npy.NewArray(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		return nil, plain(in.file, err)
	}
	t := &table{in: in, sep: ',', headless: true}
	if t.rows, err = matrix(a); err != nil {
		return nil, plain(in.file, err)
	}
	if len(t.rows) > 0 {
		t.names = bareNames(t.rows[0])
	}
	return t, nil
}

// matrix is an array as rows of numbers.
func matrix(a *npy.Array) ([][]string, error) {
	shape := slices.DeleteFunc(slices.Clone(a.Shape), func(n int) bool { return n == 1 })
	columns, turned := 1, false
	switch {
	case len(shape) == 2 && shape[0] == 2 && shape[1] > 2:
		columns, turned = 2, true
	case len(shape) == 2 && shape[1] <= 8:
		columns = shape[1]
	case len(shape) > 1:
		return nil, fmt.Errorf("an array of shape %s; a curve has n values, or n rows of x and y", a.ShapeString())
	}
	if a.Len() > maxRows {
		return nil, fmt.Errorf("more than %d numbers", maxRows)
	}
	v, err := a.All()
	if err != nil {
		return nil, err
	}
	bits := 64
	if a.Type == "float32" || a.Type == "float16" {
		bits = 32
	}
	rows := make([][]string, len(v)/max(columns, 1))
	for i := range rows {
		rows[i] = make([]string, columns)
		for j := range columns {
			at := i*columns + j
			if turned {
				at = j*len(rows) + i
			}
			rows[i][j] = strconv.FormatFloat(v[at], 'g', -1, bits)
		}
	}
	return rows, nil
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
		return nil, plain(in.file, err)
	}
	if len(z.Keys) == 0 {
		return nil, fmt.Errorf("%s: a zip archive without NumPy arrays; of a workbook (.xlsx) export CSV", in.file)
	}
	f := finder{in: in}
	columns := map[int]*table{} // by length
	for _, key := range z.Keys {
		a, err := z.Array(key)
		if err != nil {
			return nil, plain(in.file, err)
		}
		if one := len(z.Keys) == 1; one || single(a) && (len(z.Keys) <= 8 || in.keeps(key)) {
			rows, err := matrix(a)
			if err != nil {
				return nil, fmt.Errorf("%s: %s: %w", in.file, clean(key), err)
			}
			t := columns[len(rows)]
			switch {
			case t == nil && one && len(rows) > 0:
				t = &table{in: in, names: bareNames(rows[0]), headless: true, rows: rows, sep: ','}
				f.tables = append(f.tables, t)
			case t == nil:
				t = &table{in: in, names: []string{clean(key)}, counted: true, rows: rows, sep: ','}
				columns[len(rows)], f.tables = t, append(f.tables, t)
			default:
				t.names = append(t.names, clean(key))
				for i, r := range rows {
					t.rows[i] = append(t.rows[i], r...)
				}
			}
		}
	}
	return f.choose()
}

// single tells whether an array has one dimension, but for some of a single number.
func single(a *npy.Array) bool {
	return a.Len() <= maxRows && !slices.ContainsFunc(a.Shape, func(n int) bool { return n > 1 && n != a.Len() })
}
