package bundle

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"fig5/bench/record"
	"fig5/bench/report"
)

// citation is CITATION.cff: the software, and the paper that it reproduces.
func (b *builder) citation() string {
	var s strings.Builder
	s.WriteString(`cff-version: 1.2.0
message: If you use these results, please cite the software and the paper that it reproduces.
type: software
title: "fig5: FID oscillations of annealed GANs"
authors:
  - name: The fig5 authors
license: BSD-3-Clause
`)
	if hash, _ := commit(b.Program.Fig5); hash != "" {
		fmt.Fprintf(&s, "commit: %s\n", hash)
	}
	s.WriteString(`keywords:
  - generative adversarial networks
  - annealing
  - Fréchet inception distance
references:
  - type: conference-paper
    title: "Nonstationary GANs: Analysis as Nonautonomous Dynamical Systems"
    authors:
      - family-names: Mehrjou
        given-names: Arash
      - family-names: Schölkopf
        given-names: Bernhard
    year: 2018
    conference:
      name: ICML 2018 Workshop on Theoretical Foundations and Applications of Deep Generative Models
`)
	return s.String()
}

// commit takes the mark of changes off a commit.
func commit(s string) (hash string, changed bool) {
	hash, changed = strings.CutSuffix(s, "+changes")
	return hash, changed
}

// readme is the index of the bundle.
func (b *builder) readme() string {
	var s strings.Builder
	fmt.Fprintf(&s, "# %s\n\nFID oscillations of annealed GANs: figures, tables, numbers, and the curves and settings behind them.\n\n", b.sweepNames())
	for _, p := range b.parts {
		fmt.Fprintf(&s, "- `%s`: %s", p.Name, runs(p.Runs))
		if n := len(p.Unfinished); n > 0 {
			fmt.Fprintf(&s, ", **of which %d are not finished** and are left out of every number: %s", n, strings.Join(p.Unfinished, ", "))
		}
		s.WriteString("\n")
	}
	s.WriteString("\n## In a paper\n\n```latex\n\\usepackage{booktabs,graphicx}\n\\input{numbers}")
	p := b.parts[0]
	fmt.Fprintf(&s, "\n\\includegraphics{%s}\n\\input{%s}\n```\n\n", path.Join(reportOf(p.Name), "fig5-column"), path.Join(reportOf(p.Name), "table"))
	s.WriteString("The figures are as wide as they should be printed: `*-column` 3.25 in, the others 6.75 in.\n\n## What is here\n\n| file | what |\n|---|---|\n")
	settings := "the settings: every key"
	if slices.ContainsFunc(b.parts, func(p *part) bool { return p.Given != "" }) {
		settings += ", and in `configs/given/` the files as they were written"
	}
	for _, row := range [][2]string{
		{"`numbers.tex`", "a macro for every number; docs/bundle.md of the repository says how they are named"},
		{"`report/<sweep>/`", "figures (PDF, SVG, PNG), tables (`table.tex`, `table-wide.tex`, `compare-*.tex`, CSV), `report.json`, `index.html`, RESULTS.md"},
		{"`runs/<sweep>/`", "of each run the manifest `run.json`, the FID curve `curve.csv`, the noise floor `floor.csv`"},
		{"`configs/`", settings},
		{"`REPRODUCE.md`", "the commands that make all of it again"},
		{"`CITATION.cff`", "how to cite"},
		{"`bundle.json`", "what this bundle was made of, and by what"},
		{"`SHA256SUMS`", "`sha256sum -c SHA256SUMS` checks every file"},
	} {
		fmt.Fprintf(&s, "| %s | %s |\n", row[0], row[1])
	}
	return s.String()
}

// reproduce is REPRODUCE.md.
func (b *builder) reproduce() string {
	var s strings.Builder
	s.WriteString("# Doing it again\n\nThe program is fig5, in Go with libtorch. REPOSITORY stands for where the paper says that it is, BUNDLE for the folder of this file.\n\n")
	s.WriteString("## Check it (seconds, no libtorch)\n\n```sh\n(cd BUNDLE && sha256sum -c SHA256SUMS)\n")
	b.checkout(&s, []string{b.Program.Fig5})
	s.WriteString("CGO_ENABLED=0 go build -o bin/fig5 ./bench/fig5\nbin/fig5 runs verify BUNDLE.zip     # every amplitude, from the curves\n```\n\n")
	s.WriteString("## Draw it again, or measure otherwise (seconds)\n\n```sh\n")
	for _, p := range b.parts {
		fmt.Fprintf(&s, "bin/fig5 report BUNDLE/%s --runs BUNDLE/runs -o again%s\n", configOf(p.Name), measureFlag(b.Measure))
	}
	s.WriteString("bin/fig5 bundle")
	for _, p := range b.parts {
		switch {
		case p.Given != "":
			fmt.Fprintf(&s, " BUNDLE/%s", p.Given)
		default:
			fmt.Fprintf(&s, " BUNDLE/%s", runsOf(p.Name))
		}
	}
	s.WriteString(" --runs BUNDLE/runs")
	for _, set := range b.sets() {
		fmt.Fprintf(&s, " --set '%s'", set)
	}
	if slices.ContainsFunc(b.parts, func(p *part) bool { return len(p.Unfinished) > 0 }) {
		s.WriteString(" --partial")
	}
	fmt.Fprintf(&s, " -o again.zip%s     # BUNDLE.zip again, byte for byte\n", measureFlag(b.Measure))
	s.WriteString("```\n\n## Train it again\n\n```sh\n")
	b.checkout(&s, b.trainedBy())
	s.WriteString("make build        # sets libtorch up, once\n")
	for _, p := range b.parts {
		fmt.Fprintf(&s, "bin/fig5 run BUNDLE/%s\nbin/fig5 report BUNDLE/%s --against BUNDLE/%s%s\n", configOf(p.Name), configOf(p.Name), runsOf(p.Name), measureFlag(b.Measure))
	}
	s.WriteString("```\n\n`fig5 run` trains, for minutes or hours; `fig5 report --against` then prints a line a group: its new amplitude, the one in this bundle, and whether their intervals overlap. ")
	if slices.ContainsFunc(b.parts, func(p *part) bool { return p.Name == "fig5" && p.Given != "" && len(p.Sets) == 0 }) {
		s.WriteString("For the sweep `fig5` of the repository, `make reproduce` trains and reports in one. ")
	}
	s.WriteString("A run has the same bytes again on the same libtorch build and the same CPU kernels; elsewhere the curves part after some hundred iterations, as with another seed.\n")
	for _, p := range b.parts {
		if c := p.data.Config; c.Data.Path != "" {
			fmt.Fprintf(&s, "`%s` reads its data from `%s`; where yours are elsewhere, add `--set data.path=FOLDER`.\n", p.Name, c.Data.Path)
		}
	}
	s.WriteString("\n## How it was made\n\n")
	for _, p := range b.parts {
		fmt.Fprintf(&s, "- `%s`: %s", p.Name, runs(p.Runs))
		if p.Given != "" {
			fmt.Fprintf(&s, ", configured by `%s`", p.Given)
		}
		for _, set := range p.Sets {
			fmt.Fprintf(&s, ", `--set '%s'`", set)
		}
		s.WriteString("\n")
		for _, v := range p.data.Versions {
			fmt.Fprintf(&s, "  - trained by fig5 %s, %s, gotch %s, libtorch %s\n", known(v.Fig5), known(v.Go), known(v.Gotch), known(v.Libtorch))
		}
		for _, m := range p.data.Machines {
			fmt.Fprintf(&s, "  - on %s\n", machine(m))
		}
	}
	fmt.Fprintf(&s, "- measured and bundled by fig5 %s, %s, %s\n", known(b.Program.Fig5), b.Program.Go, b.Program.Arch)
	return s.String()
}

func runs(n int) string {
	if n == 1 {
		return "1 run"
	}
	return fmt.Sprintf("%d runs", n)
}

// sets is what was laid over the configs.
func (b *builder) sets() []string {
	var out []string
	for _, p := range b.parts {
		for _, set := range p.Sets {
			if !slices.Contains(out, set) {
				out = append(out, set)
			}
		}
	}
	return out
}

// checkout writes the commands that bring the repository to the last of the commits,
// and says where that is not all there is to it.
func (b *builder) checkout(s *strings.Builder, commits []string) {
	s.WriteString("git clone REPOSITORY fig5 && cd fig5\n")
	for _, c := range commits {
		hash, changed := commit(c)
		switch {
		case hash == "" || hash == "unknown":
			s.WriteString("# the commit is not known\n")
		case changed:
			fmt.Fprintf(s, "git checkout %s     # and changes that were not committed\n", hash)
		default:
			fmt.Fprintf(s, "git checkout %s\n", hash)
		}
	}
}

// trainedBy is the commits that the runs were made with.
func (b *builder) trainedBy() []string {
	var out []string
	for _, p := range b.parts {
		for _, v := range p.data.Versions {
			if !slices.Contains(out, v.Fig5) {
				out = append(out, v.Fig5)
			}
		}
	}
	return out
}

func measureFlag(measure string) string {
	if measure == report.Measures[0] {
		return ""
	}
	return " --measure " + measure
}

func known(s string) string {
	if s == "" {
		return "(unknown)"
	}
	return s
}

func machine(m record.Machine) string {
	return fmt.Sprintf("%s, %d cores, %s/%s, %s kernels", known(m.CPU), m.Cores, m.OS, m.Arch, known(m.Kernels))
}
