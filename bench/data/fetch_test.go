package data

import (
	"bytes"
	"context"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

const trainImages, trainLabels = "train-images-idx3-ubyte", "train-labels-idx1-ubyte"

// mirrored is two files as a mirror has them, and the sums of their content.
func mirrored(t *testing.T) (zipped map[string][]byte, sums map[string]string) {
	pixels := make([]byte, 50*28*28)
	random := rand.New(rand.NewPCG(3, 3))
	for i := range pixels {
		pixels[i] = byte(random.Uint32())
	}
	plain := map[string][]byte{trainImages: idxBytes(pixels, 50, 28, 28), trainLabels: idxBytes(make([]byte, 50), 50)}
	zipped, sums = map[string][]byte{}, map[string]string{}
	for name, b := range plain {
		zipped["/"+name+".gz"], sums[name] = zip(t, b), sumOf(b)
	}
	return zipped, sums
}

// mirror serves files and notes what it was asked for: a path, and a range if there was
// one. Before may answer in its place.
func mirror(t *testing.T, files map[string][]byte, before func(n int, w http.ResponseWriter, r *http.Request) bool) (url string, asked *[]string) {
	asked = new([]string)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		*asked = append(*asked, strings.TrimSpace(strings.TrimPrefix(r.URL.Path, "/train-")+" "+r.Header.Get("Range")))
		b, ok := files[r.URL.Path]
		switch {
		case before != nil && before(len(*asked), w, r):
		case !ok:
			http.NotFound(w, r)
		default:
			http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(b))
		}
	}))
	t.Cleanup(s.Close)
	return s.URL, asked
}

func TestFetch(t *testing.T) {
	zipped, sums := mirrored(t)
	const images, labels = "images-idx3-ubyte.gz", "labels-idx1-ubyte.gz"
	whole := zipped["/train-"+images]
	other := map[string][]byte{"/train-" + images: zip(t, idxBytes(make([]byte, 2*28*28), 2, 28, 28)), "/train-" + labels: []byte("<html>")}
	// short breaks the answers to the first few requests off after 1000 more bytes.
	short := func(few int) func(int, http.ResponseWriter, *http.Request) bool {
		return func(n int, w http.ResponseWriter, r *http.Request) bool {
			if n > few || !strings.Contains(r.URL.Path, "images") {
				return false
			}
			from := 0
			if r.Header.Get("Range") != "" {
				from = 1000 * (n - 1)
				w.Header().Set("Content-Range", "bytes "+strings.TrimPrefix(r.Header.Get("Range"), "bytes=")+"99999/100000")
			}
			w.Header().Set("Content-Length", "99999")
			if from > 0 {
				w.WriteHeader(http.StatusPartialContent)
			}
			_, _ = w.Write(whole[from:][:1000])
			w.(http.Flusher).Flush()
			panic(http.ErrAbortHandler)
		}
	}
	deaf := func(_ int, w http.ResponseWriter, r *http.Request) bool { // to ranges
		r.Header.Del("Range")
		return false
	}
	for _, c := range []struct {
		name          string
		before        func(n int, w http.ResponseWriter, r *http.Request) bool
		files         map[string][]byte
		there         map[string][]byte // in the folder
		first, second []string          // what the mirrors are asked for
	}{
		{name: "all", files: zipped, first: []string{images, labels}},
		{name: "404", files: nil, first: []string{images, labels}, second: []string{images, labels}},
		{name: "other content", files: other, first: []string{images, labels}, second: []string{images, labels}},
		{name: "broken off twice", files: zipped, before: short(2), first: []string{images, images + " bytes=1000-", images + " bytes=2000-", labels}},
		{name: "broken off always", files: zipped, before: short(9), first: []string{images, images + " bytes=1000-", images + " bytes=2000-", labels}, second: []string{images + " bytes=3000-"}},
		{name: "server error", before: func(_ int, w http.ResponseWriter, _ *http.Request) bool { w.WriteHeader(503); return true },
			first: []string{images, images, images, labels, labels, labels}, second: []string{images, labels}},
		{name: "begun", files: zipped, there: map[string][]byte{"train-" + images + ".part": whole[:777]}, first: []string{images + " bytes=777-", labels}},
		{name: "begun, and no ranges", files: zipped, before: deaf, there: map[string][]byte{"train-" + images + ".part": whole[:777]}, first: []string{images + " bytes=777-", labels}},
		{name: "begun with others", files: zipped, there: map[string][]byte{"train-" + images + ".part": []byte("others")}, first: []string{images + " bytes=6-", images, labels}},
		{name: "begun to the end", files: zipped, there: map[string][]byte{"train-" + images + ".part": whole}, first: []string{images + " bytes=" + strconv.Itoa(len(whole)) + "-", labels}},
		{name: "begun and too long", files: zipped, there: map[string][]byte{"train-" + images + ".part": append(bytes.Clone(whole), 1, 2, 3)}, first: []string{images + " bytes=" + strconv.Itoa(len(whole)+3) + "-", images, labels}},
		{name: "whole there", files: zipped, there: map[string][]byte{"train-" + images: whole}, first: []string{labels}},
		{name: "damaged there", files: zipped, there: map[string][]byte{"train-" + images: whole[:5000]}, first: []string{images, labels}},
	} {
		t.Run(c.name, func(t *testing.T) {
			one, first := mirror(t, c.files, c.before)
			two, second := mirror(t, zipped, nil)
			dir := filepath.Join(t.TempDir(), "a", "b")
			for name, b := range c.there {
				write(t, filepath.Join(dir, name), b)
			}
			told := 0
			found, err := fetch(context.Background(), dir, []string{one, two}, sums, func(string) { told++ })
			if err != nil {
				t.Fatal(err)
			}
			if len(found) != 2 || found[0].Holds != "50 x 28 x 28" || found[1].SHA256 != sums[trainLabels] {
				t.Errorf("%+v", found)
			}
			if !slices.Equal(*first, c.first) || !slices.Equal(*second, c.second) {
				t.Errorf("the mirrors were asked for %q and %q, want %q and %q", *first, *second, c.first, c.second)
			}
			for name := range sums {
				path := filepath.Join(dir, name+".gz")
				if b, err := os.ReadFile(path); err != nil || !bytes.Equal(b, zipped["/"+name+".gz"]) {
					t.Errorf("%s: %d bytes, %v", name, len(b), err)
				}
				if exists(path + ".part") {
					t.Errorf("%s.part is left", path)
				}
			}
			// Once more: nothing is asked for.
			n := len(*first) + len(*second)
			if _, err := fetch(context.Background(), dir, []string{one, two}, sums, nil); err != nil || len(*first)+len(*second) != n {
				t.Errorf("fetched again: %v", err)
			}
		})
	}
}

// Uncompressed files are as good.
func TestFetchPlain(t *testing.T) {
	_, sums := mirrored(t)
	dir := t.TempDir()
	b := idxBytes(make([]byte, 50), 50)
	write(t, filepath.Join(dir, trainLabels), b)
	found, err := fetch(context.Background(), dir, nil, map[string]string{trainLabels: sums[trainLabels]}, nil)
	if err != nil || found[0].Path != filepath.Join(dir, trainLabels) {
		t.Errorf("%+v, %v", found, err)
	}
}

func TestFetchFails(t *testing.T) {
	zipped, sums := mirrored(t)
	labels := map[string]string{trainLabels: sums[trainLabels]}
	gone, _ := mirror(t, nil, nil)
	three := idxBytes(make([]byte, 3), 3)
	other, _ := mirror(t, map[string][]byte{"/" + trainLabels + ".gz": zip(t, three)}, nil)
	page, _ := mirror(t, map[string][]byte{"/" + trainLabels + ".gz": []byte("<html>")}, nil)
	nobody := httptest.NewServer(nil)
	nobody.Close()
	dir := t.TempDir()
	path := filepath.Join(dir, trainLabels+".gz")
	_, err := fetch(context.Background(), dir, []string{gone, other, page, nobody.URL}, labels, nil)
	const file = "/" + trainLabels + ".gz: "
	want := path + ": no mirror has it (" + gone + file + "404 Not Found; " + other + file + "sha256 " + sumOf(three)[:12] + "... uncompressed is not MNIST's (" + sums[trainLabels][:12] + "...); " +
		page + file + "is not an IDX file: it does not begin with two zero bytes, a type and a number of dimensions; " +
		nobody.URL + file + "dial tcp " + strings.TrimPrefix(nobody.URL, "http://") + ": connect: connection refused); fetch the four files by hand"
	if err == nil || err.Error() != want {
		t.Errorf("%v\nwant %s", err, want)
	}

	// An interrupt leaves what there is to be gone on with.
	ctx, cancel := context.WithCancel(context.Background())
	whole := zipped["/"+trainImages+".gz"]
	slow, _ := mirror(t, nil, func(_ int, w http.ResponseWriter, r *http.Request) bool {
		_, _ = w.Write(whole[:5000])
		w.(http.Flusher).Flush()
		for !exists(filepath.Join(dir, trainImages+".gz.part")) {
			time.Sleep(time.Millisecond)
		}
		cancel()
		<-r.Context().Done()
		return true
	})
	path = filepath.Join(dir, trainImages+".gz")
	if _, err := fetch(ctx, dir, []string{slow}, map[string]string{trainImages: sums[trainImages]}, nil); err == nil || err.Error() != path+": interrupted; run the same command again to go on" {
		t.Error(err)
	}
	good, asked := mirror(t, zipped, nil)
	if _, err := fetch(context.Background(), dir, []string{good}, map[string]string{trainImages: sums[trainImages]}, nil); err != nil || len(*asked) != 1 {
		t.Error(err, *asked)
	}

	// A folder that cannot be made.
	write(t, filepath.Join(dir, "file"), nil)
	if _, err := fetch(context.Background(), filepath.Join(dir, "file", "x"), nil, labels, nil); err == nil || err.Error() != filepath.Join(dir, "file")+": not a directory" {
		t.Error(err)
	}
}
