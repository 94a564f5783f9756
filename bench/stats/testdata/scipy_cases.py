"""Writes scipy.json beside this file: python3 scipy_cases.py, with SciPy 1.17.1."""
import itertools
import json
import pathlib

import numpy as np
import scipy
from scipy import stats

rng = np.random.default_rng(1963)
page, wilcoxon, holm = [], [], []

for n, k in [(3, 3), (4, 3), (2, 4), (5, 4), (9, 6), (12, 8), (30, 5)]:
    a = rng.integers(1, 5, (n, k)).astype(float)
    r = stats.page_trend_test(a, predicted_ranks=list(range(k, 0, -1)), method="asymptotic")
    exact = None
    if n * np.log(float(np.prod(range(1, k + 1)))) < np.log(4e5):  # all orders within each seed, given the ties
        weights = np.arange(k, 0, -1)
        sums = [[float(weights @ np.array(p)) for p in itertools.permutations(stats.rankdata(row))] for row in a]
        total = sums[0]
        for s in sums[1:]:
            total = [x + y for x in total for y in s]
        exact = float(np.mean(np.array(total) >= r.statistic - 1e-9))
    page.append(dict(values=a.tolist(), L=float(r.statistic), p_normal=float(r.pvalue), p_exact=exact))

for n in (1, 2, 5, 8, 13, 40):
    for ties in (False, True):
        a, b = rng.gamma(4, 1, n), rng.gamma(4, 1.3, n)
        if ties:
            a, b = np.round(a), np.round(b)
        d = a - b
        if not d.any():
            continue
        r = stats.wilcoxon(a, b, method="asymptotic", zero_method="wilcox", correction=False)
        kept, exact = d[d != 0], None
        if not ties:
            exact = float(stats.wilcoxon(a, b, method="exact").pvalue)
        elif len(kept) <= 13:  # all signs, given the ties
            ranks = stats.rankdata(np.abs(kept))
            w = [float(np.array(s) @ ranks) for s in itertools.product((0, 1), repeat=len(kept))]
            exact = min(1.0, 2 * float(np.mean(np.array(w) <= r.statistic + 1e-9)))
        wilcoxon.append(dict(a=a.tolist(), b=b.tolist(), W=float(r.statistic), p_normal=float(r.pvalue), p_exact=exact))

for p in ([0.01, 0.04, 0.03, 0.005], [0.5], [0.2, 0.2, 0.9, 1.0, 0.0], [0.04, 0.04]):
    # Holm's definition, not his procedure: the largest bound among all smaller p values.
    s = sorted(p)
    holm.append(dict(p=p, adjusted=[max(min(1.0, (len(p) - j) * q) for j, q in enumerate(s) if q <= v) for v in p]))

about = "page with ties: scipy.stats.page_trend_test(method='asymptotic'), exact by enumeration given the ties; wilcoxon: scipy.stats.wilcoxon (asymptotic, zeros dropped, no continuity correction), exact by SciPy without ties and by enumeration with; holm: from its definition"
out = dict(about=about, versions=dict(numpy=np.__version__, scipy=scipy.__version__), page=page, wilcoxon=wilcoxon, holm=holm)
pathlib.Path(__file__).with_name("scipy.json").write_text(json.dumps(out, indent=1) + "\n")
