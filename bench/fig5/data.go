package main

import (
	"fmt"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"fig5/bench/config"
	"fig5/bench/data"
)

func newDataCmd(e *env) *cobra.Command {
	c := &cobra.Command{
		Use:   "data",
		Short: "Data sets: check their files",
		Args:  knownCommand,
		RunE:  func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddCommand(newDataCheckCmd(e))
	return c
}

func newDataCheckCmd(e *env) *cobra.Command {
	var (
		path   string
		asJSON bool
	)
	c := &cobra.Command{
		Use:   "check NAME",
		Short: "Read a data set whole and compare every checksum",
		Long: `Check reads every file of a data set and compares its checksum, header and length.

NAME is mixture or cubes (drawn by fig5), mnist (IDX files in --path, data/mnist if not
given) or images (PNG, JPEG, WebP, BMP, TIFF below --path). The checksums are those of MNIST,
whether or not the files are compressed; a SHA256SUMS beside the files, as sha256sum
writes it, takes their place, and so other IDX files of 28 x 28 pixels can be used.`,
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
			if asJSON {
				return e.writeJSON(map[string]any{"name": d.Name, "path": d.Path, "files": files})
			}
			w := tabwriter.NewWriter(e.out, 0, 0, 2, ' ', 0)
			fmt.Fprintln(w, "FILE\tHOLDS\tSHA256\tCHECKED BY")
			for _, f := range files {
				fmt.Fprintf(w, "%s\t%s\t%.16s\t%s\n", f.Path, f.Holds, f.SHA256, f.By)
			}
			return w.Flush()
		},
	}
	c.Flags().StringVar(&path, "path", "", "the `DIR` of the files")
	c.Flags().BoolVar(&asJSON, "json", false, "write JSON")
	return c
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
	if k.Many {
		d.Size = 1 // every pixel is read, few are kept
	}
	return d, nil
}
