package bundle

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
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
	c, err := config.Load("../../configs/fig5.yaml", []string{"analysis.window=3000"})
	if err != nil {
		t.Fatal(err)
	}
	s := Sweep{Config: c, Dir: record.OpenSweep(t.TempDir(), c.Name)}
	train(t, s, map[string]record.State{"cold-s11": record.Diverged})
	files := pick(t, byMaxToMin, []Sweep{s}, func(name string) bool { return isNumbers(name) || strings.HasSuffix(name, ".pdf") })
	dir := t.TempDir()
	for _, f := range files {
		write(t, filepath.Join(dir, "fig5", filepath.FromSlash(f.Name)), string(f.Data))
	}
	text, err := os.ReadFile(paper)
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, "paper.tex"), string(text))
	var log []byte
	for range 2 { // the second time the references are known
		c := exec.Command(tex, "-interaction=nonstopmode", "-halt-on-error", "paper.tex")
		c.Dir = dir
		if log, err = c.CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, log)
		}
	}
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
	for _, f := range files {
		if f.Name != numbersFile {
			continue
		}
		for _, m := range macro.FindAllStringSubmatch(string(f.Data), -1) {
			if used := strings.Contains(string(text), `\`+m[1]+"{}"); used && !strings.ContainsAny(m[2], `\$`) && !strings.Contains(string(words), m[2]) {
				t.Errorf(`the paper does not show \%s, %s`, m[1], m[2])
			}
		}
	}
}

// A bundle of a thousand runs with its figures.
func BenchmarkThousandRuns(b *testing.B) {
	text := strings.Replace(strings.Replace(small, "steps: [1, 2]", "steps: [1, 2, 3, 5, 7, 10, 15, 20]", 1), "seeds: 3", "seeds: 100", 1)
	s := open(b, text, b.TempDir())
	train(b, s, nil)
	path := filepath.Join(b.TempDir(), "x.zip")
	for b.Loop() {
		if err := Write(path, build(b, s)); err != nil {
			b.Fatal(err)
		}
	}
}
