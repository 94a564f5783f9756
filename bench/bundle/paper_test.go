package bundle

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"fig5/bench/config"
	"fig5/bench/record"
)

const paper = "../../docs/example/paper/paper.tex"

// The sample paper compiles with what a bundle holds, nothing too wide, every reference
// found, every font embedded and the numbers in its text those of the bundle (TeX:
// Debian's texlive-latex-base and texlive-latex-recommended).
func TestPaper(t *testing.T) {
	tex, err := exec.LookPath("pdflatex")
	if err != nil {
		t.Skip("pdflatex is not installed: Debian's texlive-latex-base has it")
	}
	for _, style := range []string{"booktabs.sty", "geometry.sty", "graphicx.sty"} {
		if exec.Command("kpsewhich", style).Run() != nil {
			t.Skipf("%s is not installed: Debian's texlive-latex-recommended and texlive-latex-base have it", style)
		}
	}
	c, err := config.Load("../../configs/fig5-confirm.yaml", []string{"seeds=6", "train.final=6000", "analysis.window=4000"})
	if err != nil {
		t.Fatal(err)
	}
	s := Sweep{Config: c, Dir: record.OpenSweep(t.TempDir(), c.Name)}
	train(t, s, map[string]record.State{"cold-s01": record.Diverged})
	results := reportOf(c.Name)
	used := []string{numbersFile, results + "/answer.pdf", results + "/answer.tex", results + "/claims.tex"}
	files, err := build([]Sweep{s}, byMaxToMin, func(name string) bool { return slices.Contains(used, name) })
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if keep := os.Getenv("FIG5_PAPER"); keep != "" {
		dir = keep
	}
	for _, name := range used {
		if err := put(dir, "bundle/"+name, string(files[name])); err != nil {
			t.Fatal(err)
		}
	}
	text, err := os.ReadFile(paper)
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, "paper.tex"), string(text))
	bare := "\\documentclass{article}\\usepackage{booktabs,graphicx}\\begin{document}\\input{bundle/" + results + "/answer}\\end{document}\n"
	write(t, filepath.Join(dir, "bare.tex"), bare)
	compile(t, tex, dir, "bare.tex")
	compile(t, tex, dir, "paper.tex") // the second time the references are known
	log := compile(t, tex, dir, "paper.tex")
	for _, bad := range []string{"Overfull", "undefined", "multiply defined", "LaTeX Warning"} {
		if bytes.Contains(log, []byte(bad)) {
			t.Errorf("%s\n%s", bad, log)
		}
	}
	if fonts, err := exec.Command("pdffonts", filepath.Join(dir, "paper.pdf")).Output(); err == nil {
		for _, line := range strings.Split(strings.TrimSpace(string(fonts)), "\n")[2:] {
			if !regexp.MustCompile(`^[A-Z]{6}\+.* yes yes (yes|no) +\d+ +\d+$`).MatchString(line) {
				t.Errorf("a font that is not embedded as a subset: %s", line)
			}
		}
	}
	words, err := exec.Command("pdftotext", "-layout", filepath.Join(dir, "paper.pdf"), "-").Output()
	if err != nil {
		t.Skip("the text of the PDF was not read: Debian's poppler-utils has pdftotext")
	}
	shown := strings.Join(strings.Fields(string(words)), " ")
	seen := 0
	for name, value := range macrosOf(files) {
		if !strings.Contains(string(text), `\`+name+"{}") || strings.ContainsAny(value, `\$`) {
			continue
		}
		if seen++; !strings.Contains(shown, value) {
			t.Errorf(`the paper does not show \%s, %s`, name, value)
		}
	}
	if seen < 2 {
		t.Errorf("%d macros of the paper were looked for", seen)
	}
}

// compile runs pdflatex in dir and returns what it printed.
func compile(t *testing.T, tex, dir, name string) []byte {
	t.Helper()
	c := exec.Command(tex, "-interaction=nonstopmode", "-halt-on-error", name)
	c.Dir = dir
	log, err := c.CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", name, err, log)
	}
	return log
}

// A bundle of a thousand runs with its figures.
func BenchmarkThousandRuns(b *testing.B) {
	text := strings.Replace(strings.Replace(small, "steps: [1, 2]", "steps: [1, 2, 3, 5, 7, 10, 15, 20]", 1), "seeds: 3", "seeds: 100", 1)
	s := open(b, text, b.TempDir())
	train(b, s, nil)
	path := filepath.Join(b.TempDir(), "x.zip")
	for b.Loop() {
		files, err := Build([]Sweep{s}, byMaxToMin)
		if err != nil {
			b.Fatal(err)
		}
		if err := Write(path, files); err != nil {
			b.Fatal(err)
		}
	}
}
