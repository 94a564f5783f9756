package samples

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"fig5/fid/files"
)

// Images are the image files below dir (.png, .jpg, .jpeg, .webp, .bmp, .tif, .tiff), in
// the order of their paths. Links are followed, to files and to folders; what has been
// met before, or holds dir, is passed over, and so are names that begin with a dot. What
// is not read is counted in the warning, "" if there is nothing. A link to nothing is
// an error: it may stand for half of the data. Errors begin with a path.
func Images(dir string) (paths []string, warning string, err error) {
	root, err := realPath(dir)
	if err != nil {
		return nil, "", files.Error(dir, err)
	}
	w := walk{seen: map[string]bool{}, unread: map[string]int{}}
	if err := w.folder(dir, root); err != nil {
		return nil, "", err
	}
	// Links come last, so that what lies below dir has its path there.
	for len(w.links) > 0 {
		path := w.links[0]
		w.links = w.links[1:]
		real, err := realPath(path)
		if err != nil {
			return nil, "", files.Error(path, errors.New("is a link that leads nowhere; mend it or remove it"))
		}
		info, err := os.Stat(real)
		switch {
		case err != nil:
			return nil, "", files.Error(path, err)
		case !info.IsDir():
			w.file(path, real)
		case strings.HasPrefix(root, strings.TrimSuffix(real, "/")+"/"):
			w.unread[metAgain]++
		default:
			if err := w.folder(path, real); err != nil {
				return nil, "", err
			}
		}
	}
	slices.Sort(w.images)
	return w.images, w.warning(), nil
}

// realPath is the absolute path without links, one for each file or folder.
func realPath(path string) (string, error) {
	real, err := filepath.EvalSymlinks(path)
	if err != nil || filepath.IsAbs(real) {
		return real, err
	}
	here, err := os.Getwd()
	if err == nil {
		here, err = filepath.EvalSymlinks(here)
	}
	return filepath.Join(here, real), err
}

// walk is what was met on the way through folders.
type walk struct {
	images, links []string
	seen          map[string]bool // folders and images, without links in their paths
	unread        map[string]int  // what is passed over, by kind
}

// Kinds of what is passed over, besides endings.
const (
	metAgain = "met again by a link"
	isHidden = "hidden"
)

// warning counts what is passed over.
func (w *walk) warning() string {
	total := 0
	var kinds []string
	for _, kind := range slices.Sorted(maps.Keys(w.unread)) {
		total += w.unread[kind]
		kinds = append(kinds, fmt.Sprintf("%d %s", w.unread[kind], kind))
	}
	if len(kinds) > 10 {
		kinds = append(kinds[:10], "others")
	}
	if total == 0 {
		return ""
	}
	return fmt.Sprintf("%d of what is in the folder not read: %s; read are %s files", total, strings.Join(kinds, ", "), imageFiles)
}

func (w *walk) folder(path, real string) error {
	if w.seen[real] {
		w.unread[metAgain]++
		return nil
	}
	w.seen[real] = true
	entries, err := os.ReadDir(path)
	if err != nil {
		return files.Error(path, err)
	}
	for _, e := range entries {
		name := e.Name()
		path, real := filepath.Join(path, name), filepath.Join(real, name)
		switch {
		case strings.HasPrefix(name, "."):
			w.unread[isHidden]++
		case e.Type()&fs.ModeSymlink != 0:
			w.links = append(w.links, path)
		case e.IsDir():
			if err := w.folder(path, real); err != nil {
				return err
			}
		default:
			w.file(path, real)
		}
	}
	return nil
}

func (w *walk) file(path, real string) {
	switch ext := strings.ToLower(filepath.Ext(path)); {
	case ext == "":
		w.unread["without an ending"]++
	case !slices.Contains(endings, ext):
		w.unread[ext]++
	case w.seen[real]:
		w.unread[metAgain]++
	default:
		w.seen[real] = true
		w.images = append(w.images, path)
	}
}
