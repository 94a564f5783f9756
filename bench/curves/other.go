package curves

import (
	"bytes"
	"fmt"
	"strings"
)

// otherFiles are files that are no logs, by their first bytes, with what to do.
var otherFiles = []struct{ magic, what string }{
	{"PAR1", "a Parquet file; to CSV: python -c 'import pandas, sys; pandas.read_parquet(sys.argv[1]).to_csv(sys.argv[2])' FILE fid.csv"},
	{":W&B", "the data of an offline W&B run; wandb sync it, and take run.scan_history()"},
	{"SQLite format 3\x00", "an SQLite database; export the metric as CSV"},
	{"\x89HDF", "an HDF5 file; export the metric as CSV"},
	{"\x80\x02", "a Python pickle; save the curve with numpy.save or as CSV"},
	{"\x80\x03", "a Python pickle; save the curve with numpy.save or as CSV"},
	{"\x80\x04", "a Python pickle; save the curve with numpy.save or as CSV"},
	{"\x80\x05", "a Python pickle; save the curve with numpy.save or as CSV"},
	{"\xd0\xcf\x11\xe0", "an Excel workbook; export CSV"},
	{"\x28\xb5\x2f\xfd", "packed by zstd; unzstd unpacks it"},
	{"BZh", "packed by bzip2; bunzip2 unpacks it"},
	{"\xfd7zXZ", "packed by xz; unxz unpacks it"},
	{"%PDF", "a PDF"}, {"\x89PNG", "a picture"}, {"\xff\xd8\xff", "a picture"}, {"<", "a web page or XML"},
}

func otherFile(head []byte) string {
	for _, o := range otherFiles {
		if bytes.HasPrefix(head, []byte(o.magic)) {
			return o.what
		}
	}
	if bytes.ContainsFunc(head, func(r rune) bool { return r < ' ' && !strings.ContainsRune("\t\n\v\f\r", r) || r == 0x7f }) {
		return "not a log of any kind that is read (docs/logs.md lists them)"
	}
	return ""
}

func isOther(head []byte) bool { return otherFile(head) != "" }

func refuseOther(in *input) (*table, error) {
	head, _ := in.Peek(peek)
	what := otherFile(head)
	if in.file != "-" {
		what = strings.ReplaceAll(what, "FILE", shell(in.file))
	}
	return nil, fmt.Errorf("%s: is %s", in.file, what)
}
