package report

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"

	"fig5/bench/measure"
	"fig5/bench/stats"
)

// coordinates is every grid key of the data, without the baseline's.
func (d *Data) coordinates() []string {
	seen := map[string]bool{}
	for i := range d.Groups {
		for key := range d.Groups[i].By {
			if key != "baseline" {
				seen[key] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(seen))
}

// exact writes v so that it reads back equal, nothing where it is not a number.
func exact(v float64) string {
	if !stats.Number(v).Defined() {
		return ""
	}
	return strconv.FormatFloat(v, 'g', -1, 64)
}

// AmplitudesCSV has a row a run: everything that was measured.
func (d *Data) AmplitudesCSV() []byte {
	keys := d.coordinates()
	head := append([]string{"id", "baseline", "k"}, keys...)
	head = append(head, "seed", "status")
	head = append(head, Measures...)
	head = append(head, "level", "knee", "knee_fallback", "window_from", "window_to")
	for _, m := range Measures {
		head = append(head, "floor_"+m)
	}
	head = append(head, "rows_with_lost_modes", "seconds", "message", "warnings", "curve")
	rows := [][]string{head}
	for i := range d.Groups {
		g := &d.Groups[i]
		for j := range g.Runs {
			r := &g.Runs[j]
			row := []string{r.ID, g.Baseline, strconv.Itoa(g.K)}
			for _, key := range keys {
				row = append(row, g.By[key])
			}
			row = append(row, strconv.Itoa(r.Seed), string(r.Status))
			if m := r.Measured; m != nil {
				for _, name := range Measures {
					row = append(row, exact(amplitude(m.Amplitude, name)))
				}
				row = append(row, exact(m.Level), exact(m.Knee.Iteration), strconv.FormatBool(m.Knee.Fallback), exact(m.Window.From), exact(m.Window.To))
			} else {
				row = append(row, make([]string, len(Measures)+5)...)
			}
			for _, name := range Measures {
				v := ""
				if r.Floor != nil {
					v = exact(amplitude(*r.Floor, name))
				}
				row = append(row, v)
			}
			lost := ""
			if r.Lost != nil {
				lost = strconv.Itoa(*r.Lost)
			}
			rows = append(rows, append(row, lost, exact(r.Seconds), r.Message, strings.Join(measure.Flagged(r.Warnings), "; "), r.File))
		}
	}
	return writeCSV(rows)
}

// GroupsCSV has a row a group and measure.
func GroupsCSV(d *Data, reports []*Report) []byte {
	keys := d.coordinates()
	head := append([]string{"measure", "baseline", "k"}, keys...)
	head = append(head, "n", "failed", "diverged", "unsettled", "missing", "geomean", "geomean_lo", "geomean_hi",
		"median", "median_lo", "median_hi", "mean", "mean_lo", "mean_hi", "sd", "iqm", "sd_log", "floor_median", "level_geomean", "lost_modes")
	rows := [][]string{head}
	for _, r := range reports {
		for _, g := range r.Groups {
			row := []string{r.Measure, g.Baseline, strconv.Itoa(g.K)}
			for _, key := range keys {
				row = append(row, g.By[key])
			}
			for _, n := range []int{g.N, g.Failed, g.Diverged, g.Unsettled, g.Missing} {
				row = append(row, strconv.Itoa(n))
			}
			for _, v := range []float64{
				float64(g.GeoMean), g.GeoMeanCI95.Lo, g.GeoMeanCI95.Hi, float64(g.Median), g.MedianCI95.Lo, g.MedianCI95.Hi,
				float64(g.Mean), g.CI95.Lo, g.CI95.Hi, float64(g.SD), float64(g.IQM), float64(g.SDLog), float64(g.Floor.Median), float64(g.Level.GeoMean),
			} {
				row = append(row, exact(v))
			}
			lost := ""
			if g.LostModes != nil {
				lost = strconv.Itoa(*g.LostModes)
			}
			rows = append(rows, append(row, lost))
		}
	}
	return writeCSV(rows)
}

// TrendsCSV has a row a series and measure.
func TrendsCSV(d *Data, reports []*Report) []byte {
	keys := d.coordinates()
	head := append([]string{"measure"}, keys...)
	head = append(head, "k", "seeds", "page_l", "page_p", "page_p_exact", "page_method", "jonckheere_p", "spearman", "spearman_p", "slope", "slope_lo", "slope_hi")
	rows := [][]string{head}
	for _, r := range reports {
		for _, t := range r.Trends {
			row := []string{r.Measure}
			for _, key := range keys {
				row = append(row, t.By[key])
			}
			row = append(row, strings.ReplaceAll(joinInts(t.K), ",", ""), strconv.Itoa(t.Seeds), exact(float64(t.PageL)), exact(float64(t.PageP)), exact(float64(t.PagePExact)), t.PageMethod)
			for _, v := range []float64{float64(t.JonckheereP), float64(t.Spearman), float64(t.SpearmanP), float64(t.Slope), t.SlopeCI95.Lo, t.SlopeCI95.Hi} {
				row = append(row, exact(v))
			}
			rows = append(rows, row)
		}
	}
	return writeCSV(rows)
}

func writeCSV(rows [][]string) []byte {
	var b bytes.Buffer
	csv.NewWriter(&b).WriteAll(rows) // a bytes.Buffer takes every write
	return b.Bytes()
}

// groupTable is the groups as cells of text, for the terminal, Markdown and HTML.
func (d *Data) groupTable(r *Report) (head []string, rows [][]string) {
	labels := d.labels()
	head = []string{"group", "n", "geometric mean", "95 % interval", "median", "mean", "95 % interval", "sd of ln", "floor", "FID level", "lost a mode", "unsettled", "failed"}
	missing := false
	for _, g := range r.Groups {
		missing = missing || g.Missing > 0
	}
	if missing {
		head = append(head, "missing")
	}
	for i, g := range r.Groups {
		lost := "–"
		if g.LostModes != nil {
			_, counted := d.Groups[i].LostModes()
			lost = fmt.Sprintf("%d of %d", *g.LostModes, counted)
		}
		failed := strconv.Itoa(g.Failed)
		if g.Diverged > 0 {
			failed += fmt.Sprintf(" (%d diverged)", g.Diverged)
		}
		row := []string{
			strings.TrimSpace(groupName(g.By, g.K, g.Baseline, labels[seriesName(g.By)]) + " " + r.marks(i)), strconv.Itoa(g.N),
			digits(float64(g.GeoMean)), plainInterval(g.GeoMeanCI95), digits(float64(g.Median)),
			digits(float64(g.Mean)), plainInterval(g.CI95), digits(float64(g.SDLog)),
			digits(float64(g.Floor.Median)), digits(float64(g.Level.GeoMean)), lost, strconv.Itoa(g.Unsettled), failed,
		}
		if missing {
			row = append(row, strconv.Itoa(g.Missing))
		}
		rows = append(rows, row)
	}
	return head, rows
}

// plainInterval is interval, a dash where there is none.
func plainInterval(i stats.Interval) string {
	if !i.Defined() {
		return "–"
	}
	return interval(i)
}

// labels is the short name of every series.
func (d *Data) labels() map[string]string {
	m := map[string]string{}
	for _, s := range d.Series() {
		m[seriesName(s.By)] = s.Label
	}
	return m
}

// WriteText writes the report for a terminal: a line a group with its footnotes, the
// trends in words.
func (d *Data) WriteText(w io.Writer, r *Report) error {
	fmt.Fprintf(w, "%s: %s, window %s iterations, %s\n\n", d.Name, measureWords[r.Measure], strconv.FormatFloat(d.Analysis.Window, 'f', -1, 64), plural(len(d.Seeds()), "seed"))
	head, rows := d.groupTable(r)
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, row := range append([][]string{head}, rows...) {
		fmt.Fprintln(t, strings.Join(row, "\t"))
	}
	if err := t.Flush(); err != nil {
		return err
	}
	fmt.Fprintln(w)
	for _, n := range r.Notes {
		fmt.Fprintf(w, "%s %s\n", r.Sign(n.Text), n.Text)
	}
	if len(r.Notes) > 0 {
		fmt.Fprintln(w)
	}
	labels := d.labels()
	for _, tr := range r.Trends {
		if len(tr.K) < 2 {
			continue
		}
		name := labels[seriesName(tr.By)]
		if name != "" {
			name += ": "
		}
		fmt.Fprintf(w, "%s%s log-log slope %s %s\n", name, TrendSentence(tr), digits(float64(tr.Slope)), plainInterval(tr.SlopeCI95))
	}
	if r.RealFloor.Median.Defined() {
		fmt.Fprintf(w, "real samples against real: %s\n", digits(float64(r.RealFloor.Median)))
	}
	return nil
}

func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
