"""Writes ask.json beside this file: python3 ask_cases.py, with SciPy 1.17.1 and statsmodels 0.15.0.

Sweeps with the groups of configs/fig5-confirm.yaml and few seeds; what the four questions
of docs/experiment.md come to is taken from SciPy. null is an unsettled run.
"""
import itertools
import json
import pathlib

import numpy as np
import scipy
import statsmodels
import statsmodels.api as sm
from scipy import stats
from statsmodels.stats.multitest import multipletests

rng = np.random.default_rng(2018)
K, LENGTHS, TOTAL = [1, 5, 20, 50], [500, 2500, 10000, 25000], 25000
FAR = 1e6  # an unsettled run: larger than every amplitude


def interval(logs):
    ci = stats.ttest_1samp(logs, 0).confidence_interval(0.95)
    return dict(ratio=float(np.exp(np.mean(logs))), ci95=[float(np.exp(ci.low)), float(np.exp(ci.high))], pairs=len(logs))


def page(groups):
    ranks = np.array([stats.rankdata([FAR if v is None else v for v in row]) for row in zip(*groups)])
    p = stats.page_trend_test(ranks, ranked=True, predicted_ranks=[4, 3, 2, 1], method="exact").pvalue
    logs = [np.log(b / a) for a, b in zip(groups[0], groups[-1]) if a is not None and b is not None]
    return dict(p=float(p), seeds=len(ranks), left_out=len(ranks) - len(logs), **interval(logs))


def signed(differences, n, logs):
    d = np.array(differences)
    ranks = stats.rankdata(np.abs(d))
    if len(np.unique(ranks)) == len(ranks):
        p = stats.wilcoxon(d, method="exact").pvalue
    else:  # all signs, given the ties
        w = np.array(list(itertools.product((0, 1), repeat=len(d)))) @ ranks
        low = min(ranks[d > 0].sum(), ranks[d < 0].sum())
        p = min(1.0, 2 * np.mean(w <= low + 1e-9))
    return dict(p=float(p), seeds=len(d), left_out=n - len(logs), **interval(logs))


def against(a, b):
    both = [(x, y) for x, y in zip(a, b) if x is not None or y is not None]
    d = [FAR if y is None else -FAR if x is None else y - x for x, y in both]
    return signed(d, len(a), [np.log(y / x) for x, y in both if x is not None and y is not None])


def hot(ladders, hots):
    d, logs = [], []
    for ls, hs in zip(zip(*ladders), zip(*hots)):
        up, down = None in ls, None in hs
        if up and down:
            continue
        m = FAR if up else -FAR if down else float(np.mean(np.log(np.array(ls) / np.array(hs))))
        d.append(m)
        if not (up or down):
            logs.append(m)
    return signed(d, len(ladders[0]), logs)


def fit(ladders, n):
    x, y, block = [], [], []
    for (k, length), values in ladders.items():
        for seed, v in enumerate(values):
            if v is not None:
                x.append([np.log(length), np.log(k)])
                y.append(np.log(v))
                block.append(seed)
    x, y, block = np.array(x), np.array(y), np.array(block)
    dummies = (block[:, None] == np.arange(n)[None]).astype(float)
    r = sm.OLS(y, np.hstack([x, dummies])).fit(cov_type="cluster", cov_kwds=dict(groups=block, use_correction=False))
    out = dict(slopes=r.params[:2].tolist(), runs=len(y))
    if len(y) == n * len(ladders):  # balanced: CR2 is CR0 times G/(G-1)
        h = stats.t.ppf(0.975, n - 1) * r.bse[:2] * np.sqrt(n / (n - 1))
        out["ci95"] = [[float(b - e), float(b + e)] for b, e in zip(r.params[:2], h)]
    return out


cases = []
for n, spoil in ((8, False), (9, True), (16, False)):
    level = rng.normal(-4.5, 0.4, n)
    draw = lambda shift, sd=0.3: [float(v) for v in np.exp(level + shift + rng.normal(0, sd, n))]
    cold, warm = draw(0.9, 0.6), draw(0.2)
    hots = [draw(-0.3 * np.log(m / 500)) for m in LENGTHS]
    per = [draw(-0.25 * np.log(m / 500)) for m in LENGTHS]
    fixed = [draw(-1.0) for _ in K[:-1]] + [per[-1]]
    if spoil:
        per[0][0] = None  # last in Page's order, in no ratio; ladder above hot
        cold[3] = None
        hots[1][5] = None  # hot above ladder
        per[2][5] = None  # both: the seed is in no test of question 2
        hots[3][6] = None
        warm[2] = per[3][2] = None  # both sides of a pair
        fixed[1][7] = None
    want = [page(per), hot(per, hots), page(fixed), against(cold, per[-1])]
    for i, h in enumerate(multipletests([w["p"] for w in want], method="holm")[1]):
        want[i].update(id=i + 1, holm_p=float(h))
    ladders = {(k, m): v for k, m, v in zip(K, LENGTHS, per)} | {(k, TOTAL): v for k, v in zip(K[:-1], fixed)}
    cases.append(dict(cold=cold, warm=warm, hot=hots, per_level=per, budget=fixed, want=want, want_warm=against(warm, per[-1]), fit=fit(ladders, n)))

about = "page: scipy.stats.page_trend_test on ranks, exact; wilcoxon: scipy.stats.wilcoxon, exact, an unsettled run as a difference of 1e6, by enumeration where those tie; intervals: scipy.stats.ttest_1samp on logs; holm: statsmodels' multipletests; fit: statsmodels' OLS with a dummy a seed, cluster covariance times G/(G-1)"
out = dict(about=about, versions=dict(numpy=np.__version__, scipy=scipy.__version__, statsmodels=statsmodels.__version__), cases=cases)
pathlib.Path(__file__).with_name("ask.json").write_text(json.dumps(out) + "\n")
