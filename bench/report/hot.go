package report

import "fmt"

// beatsHot: does a ladder do more than a hot phase? Asked of the longest ladder, and
// where there are several, of all together and of each.
func beatsHot(hot *Group, groups []*Group, long trained, measure string) ([]Finding, error) {
	n := len(groups)
	against := func(of []*Group) (Finding, error) {
		c, err := compareGroups(hot, of[0], measure)
		return againstHot(c, fmt.Sprintf("K = %d", of[0].K), hot, of, long), err
	}
	one, err := against(groups[n-1:])
	if err != nil {
		return nil, err
	}
	one.ID, one.Claim = "B1", "Does the ladder of the largest K do more than a hot phase?"
	if n == 1 {
		return []Finding{one}, nil
	}
	c, err := compareSeeds(hot.Ranked(measure), median(groups, measure))
	if err != nil {
		return nil, err
	}
	if measure != "relative" {
		if err := c.relate(hot.Ranked("relative"), median(groups, "relative")); err != nil {
			return nil, err
		}
	}
	all := againstHot(c, fmt.Sprintf("K = %d … %d", groups[0].K, groups[n-1].K), hot, groups, long)
	all.ID, all.Claim = "B2", "Do ladders of every K, the median of each seed, do more than a hot phase?"
	out := []Finding{one, all}
	for i := range groups {
		f, err := against(groups[i : i+1])
		if err != nil {
			return nil, err
		}
		f.ID, f.Claim = "B3", "Does the ladder of each K by itself do more than a hot phase?"
		out = append(out, f)
	}
	return out, nil
}

func againstHot(c comparison, what string, hot *Group, groups []*Group, long trained) Finding {
	c.Of = what + " / hot"
	f := Finding{Numbers: &c.Numbers, Trained: long.against(groups, hot), Lost: lostCell(groups, hot)}
	text := fmt.Sprintf("%s%s against hot%s: %s", what, long.inBrackets(groups...), long.inBrackets(hot), c.words())
	if shortest, _, ok := long.span(groups...); ok {
		if _, n, ok := long.span(hot); ok && n > shortest {
			f.Note = "hot is trained longer"
		}
	}
	switch {
	case c.Seeds >= fewSeeds && c.less():
		f.Verdict, text = Yes, text+": the ladder oscillates less."
	case c.Seeds >= fewSeeds && c.more():
		f.Verdict, text = No, text+": the ladder oscillates more."
	case c.Seeds >= fewSeeds && c.CI95.Defined() && c.CI95.Lo > 1/relevant:
		f.Verdict, text = No, text+fmt.Sprintf(": the hot phase does as well, to within a factor of %g.", relevant)
	default:
		f.Verdict, text, f.Settle = Undecided, text+": no difference is shown, nor excluded.", c.needed()
	}
	f.Text = sentences(text, c.level())
	return f
}
