package main

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"fig5/bench/config"
	"fig5/bench/data"
)

func newDataCmd(e *env) *cobra.Command {
	return group("data", "Data sets: check their files, fetch them", newDataCheckCmd(e), newDataFetchCmd(e))
}

func newDataCheckCmd(e *env) *cobra.Command {
	var path string
	c := &cobra.Command{
		Use:   "check NAME",
		Short: "Read a data set whole and compare every checksum",
		Long: `Check reads every file of a data set and compares its checksum, header and length.

NAME is mixture, cubes or faces (drawn by fig5), mnist (IDX files in --path, data/mnist if
not given; a SHA256SUMS beside them takes the place of MNIST's checksums), images (PNG,
JPEG, WebP, BMP, TIFF below --path) or celeba (aligned images below --path, data/celeba if
not given), whose images are decoded once, which takes minutes, and kept in one file with a
checksum; damaged ones are listed. docs/config.md has more of each.`,
		Example: `  fig5 data check mixture
  fig5 data check mnist --path data/mnist`,
		Args:      cobra.ExactArgs(1),
		ValidArgs: data.Names(nil),
		RunE: func(c *cobra.Command, args []string) error {
			d, err := dataSet(args[0], path)
			if err != nil {
				return badInput(err)
			}
			files, err := data.Check(d)
			if err != nil {
				return badInput(err)
			}
			return e.write(map[string]any{"name": d.Name, "path": d.Path, "files": files}, func() string { return filesText(files) })
		},
	}
	c.Flags().StringVar(&path, "path", "", "the `DIR` of the files")
	e.jsonFlag(c)
	return c
}

func newDataFetchCmd(e *env) *cobra.Command {
	var path string
	c := &cobra.Command{
		Use:   "fetch mnist",
		Short: "Fetch the files of a data set and compare their checksums",
		Long: `Fetch fetches MNIST's four files, 12 MB, from the first of several mirrors that has
them, and compares the checksums of their uncompressed content. What is there already and
right stays, and a file that broke off is gone on with.`,
		Example: `  fig5 data fetch mnist
  fig5 data fetch mnist --path /scratch/mnist`,
		Args:      cobra.ExactArgs(1),
		ValidArgs: []string{"mnist"},
		RunE: func(c *cobra.Command, args []string) error {
			if args[0] != "mnist" {
				return badInput(fmt.Errorf("%q is no data set that is fetched (mnist)", args[0]))
			}
			files, err := data.FetchMNIST(c.Context(), path, func(from string) { e.note("fetching " + from) })
			if err != nil {
				return err
			}
			return e.write(nil, func() string { return filesText(files) })
		},
	}
	c.Flags().StringVar(&path, "path", data.Source{Name: "mnist"}.Kind().Folder, "the `DIR` to fetch to")
	return c
}

func filesText(files []data.File) string {
	t := columns("FILE", "HOLDS", "SHA256", "CHECKED BY")
	for _, f := range files {
		t.row(f.Path, f.Holds, fmt.Sprintf("%.16s", f.SHA256), f.By)
	}
	return t.text()
}

// dataSet is the data section of a config for a set of that name.
func dataSet(name, path string) (config.Data, error) {
	d := config.Data{Name: name, Path: path}
	k := d.Kind()
	switch {
	case k.Name == "":
		return d, fmt.Errorf("%q is not a data set (%s)", name, strings.Join(data.Names(nil), ", "))
	case k.Drawn && path != "":
		return d, fmt.Errorf("%s is drawn, not read: it has no --path", name)
	case !k.Drawn && path == "":
		d.Path = k.Folder
	}
	if !k.Drawn && d.Path == "" {
		return d, fmt.Errorf("%s: --path DIR is missing", name)
	}
	sizes := map[string]*int{"data.size": &d.Size, "data.crop": &d.Crop, "data.count": &d.Count}
	for _, key := range config.Keys { // as a sweep has it by default
		if to := sizes[key.Path]; to != nil && key.Of == name {
			*to, _ = strconv.Atoi(key.Default)
		}
	}
	if k.Many {
		d.Size = 1 // every pixel is read, few are kept
	}
	return d, nil
}
