"""Writes fits.json beside this file: python3 fit_cases.py, with SciPy 1.17.1 and statsmodels 0.15.0."""
import json
import pathlib

import numpy as np
import scipy
import statsmodels
import statsmodels.api as sm
from scipy import stats

rng = np.random.default_rng(2026)
within, paired, groups = [], [], []


def cr2(X, e, block):
    """Covariance by its definition, on the whole design with a dummy a block."""
    bread = np.linalg.inv(X.T @ X)
    meat = np.zeros_like(bread)
    for b in np.unique(block):
        Xb, eb = X[block == b], e[block == b]
        w, V = np.linalg.eigh(np.eye(len(Xb)) - Xb @ bread @ Xb.T)
        A = (V * np.where(w > 1e-10, 1 / np.sqrt(np.where(w > 1e-10, w, 1)), 0)) @ V.T
        s = Xb.T @ A @ eb
        meat += np.outer(s, s)
    return bread @ meat @ bread


for seeds, lost in ((10, 0), (16, 0), (8, 11), (6, 3)):
    ladders = np.log([[500, 1], [2500, 5], [10000, 20], [25000, 50], [25000, 1], [25000, 5], [25000, 20]])
    block = np.repeat(np.arange(20, 20 + seeds), len(ladders))
    x = np.tile(ladders, (seeds, 1))
    y = -0.3 * x[:, 0] - 0.02 * x[:, 1] + np.repeat(rng.normal(0, 0.5, seeds), len(ladders)) + rng.normal(0, 0.4, len(x))
    keep = np.sort(rng.permutation(len(y))[lost:])
    x, y, block = x[keep], y[keep], block[keep]
    G = len(np.unique(block))
    X = np.hstack([x, (block[:, None] == np.unique(block)[None]).astype(float)])
    fit = sm.OLS(y, X).fit(cov_type="cluster", cov_kwds=dict(groups=block, use_correction=False))
    se = np.sqrt(np.diag(cr2(X, y - X @ fit.params, block))[:2])
    if not lost:  # every seed has every ladder: CR2 is statsmodels' CR0 times G/(G-1)
        assert np.allclose(se, fit.bse[:2] * np.sqrt(G / (G - 1)), rtol=1e-9)
        se = fit.bse[:2] * np.sqrt(G / (G - 1))
    t = stats.t.ppf(0.975, G - 1)
    within.append(dict(x=x.tolist(), y=y.tolist(), block=block.tolist(), slopes=fit.params[:2].tolist(), stderr=se.tolist(),
                       ci95=[[b - t * s, b + t * s] for b, s in zip(fit.params[:2], se)]))

for n in (2, 6, 10, 16):
    a, b = rng.lognormal(0, 1, n), rng.lognormal(-0.4, 0.7, n)
    r = stats.ttest_rel(np.log(b), np.log(a))
    ci = r.confidence_interval(0.95)
    paired.append(dict(a=a.tolist(), b=b.tolist(), ratio=float(np.exp(np.mean(np.log(b) - np.log(a)))), ci95=[float(np.exp(ci.low)), float(np.exp(ci.high))]))

for n, m in ((2, 3), (6, 9), (16, 10)):
    a, b = rng.lognormal(0, 1, n), rng.lognormal(-0.4, 0.5, m)
    ci = stats.ttest_ind(np.log(b), np.log(a), equal_var=False).confidence_interval(0.95)
    groups.append(dict(a=a.tolist(), b=b.tolist(), ratio=float(stats.gmean(b) / stats.gmean(a)), ci95=[float(np.exp(ci.low)), float(np.exp(ci.high))]))

about = "within: slopes by statsmodels' OLS with a dummy a block; stderr by CR2, where all blocks are alike statsmodels' cluster covariance (use_correction=False) times G/(G-1), else from CR2's definition; t interval with G-1 degrees of freedom. paired: scipy.stats.ttest_rel on logs. groups: scipy.stats.ttest_ind on logs, equal_var=False"
out = dict(about=about, versions=dict(numpy=np.__version__, scipy=scipy.__version__, statsmodels=statsmodels.__version__), within=within, paired=paired, groups=groups)
pathlib.Path(__file__).with_name("fits.json").write_text(json.dumps(out) + "\n")
