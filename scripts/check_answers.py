#!/usr/bin/env python3
"""Recomputes the answers of a recorded sweep with SciPy, from its curves alone.

usage: scripts/check_answers.py bin/fig5 runs/recorded/fig5-confirm      (needs numpy and scipy)

Of every run the filtered curve, the cut by MSER on ranks, the window and max - min are
computed anew and held against `fig5 analyze --json`; then the p values and ratios of the
four questions of docs/experiment.md. The last jump to another level is taken from fig5,
where its knee is later than cut + half a period: such runs are listed.
"""
import csv, json, math, os, subprocess, sys
import numpy as np
from scipy import signal, stats

fig5, sweep = sys.argv[1:]
runs = {}
for name in sorted(os.listdir(sweep)):
    path = os.path.join(sweep, name, "run.json")
    if os.path.exists(path):
        runs[name] = json.load(open(path))
config = next(iter(runs.values()))["config"]
a = config["analysis"]
step, order, cutoff = config["fid"]["every"], a["lowpass"]["order"], a["lowpass"]["cutoff"]
w, h = math.ceil(a["window"] / step), max(1, math.floor(1 / cutoff + .5))

out = subprocess.run([fig5, "analyze", "--json"] + [os.path.join(sweep, n) for n in runs], capture_output=True, text=True, check=True).stdout
ours = dict(zip(runs, json.loads(out)["curves"]))

amplitude, worst, jumps, moving = {}, 0.0, [], {}
for name in runs:
    rows = [r for r in csv.DictReader(open(os.path.join(sweep, name, "curve.csv"))) if r["beta"] == "inf"]
    x, y = np.array([float(r["iteration"]) for r in rows]), np.array([float(r["fid"]) for r in rows])
    f = signal.sosfiltfilt(signal.butter(order, cutoff, output="sos"), y)
    n, r = len(f), stats.rankdata(f)
    last = n - w - h
    e = [((r[d:] - r[d:].mean()) ** 2).sum() / (n - d) ** 2 for d in range(last + 1)]
    cut = int(np.argmin(e))
    knee = min(cut + h, n - 2)
    mine = int(round((ours[name]["knee"]["iteration"] - x[0]) / step))
    if mine != knee:
        jumps.append((name, knee, mine))
        knee = mine
    moving[name] = cut == last > 0
    assert moving[name] == ours[name]["knee"]["limit"], name
    assert (n - knee >= w) == ours[name]["window"]["complete"], name
    amplitude[name] = float(np.ptp(f[knee:knee + w])) if n - knee >= w else math.inf
    if amplitude[name] < math.inf:
        worst = max(worst, abs(ours[name]["amplitude"]["max_to_min"] / amplitude[name] - 1))
print(f"{len(runs)} runs, largest relative difference of an amplitude {worst:.1e}")
print(f"{sum(v == math.inf for v in amplitude.values())} unsettled, {sum(moving.values())} still moving, {len(jumps)} with a later jump: {jumps}")

seeds = config["seeds"]
def group(*prefixes):
    for p in prefixes:
        if f"{p}-s{seeds[0]:02d}" in amplitude:
            return np.array([amplitude[f"{p}-s{s:02d}"] for s in seeds])
    raise SystemExit(f"no group {prefixes}")

def ratio(b, a):
    ok = np.isfinite(a) & np.isfinite(b)
    d = np.log(b[ok] / a[ok])
    m, half = d.mean(), stats.t.ppf(.975, len(d) - 1) * d.std(ddof=1) / math.sqrt(len(d))
    return f"{math.exp(m):.6g} [{math.exp(m - half):.6g}, {math.exp(m + half):.6g}]"

def show(question, p, effect):
    print(f"{question}: p = {p:.6g}, ratio {effect}")
    return p

def page(columns):
    big = np.where(np.isfinite(np.array(columns)), columns, 1e300).T
    return stats.page_trend_test(-big, method="exact").pvalue

K, lengths = [1, 5, 20, 50], [500, 2500, 10000, 25000]
ladder = [group(f"geometric-per-level500-k{k:02d}") for k in K]
fixed = [group(f"geometric-budget25000-k{k:02d}", "geometric-per-level500-k50") for k in K]
hot = [group(f"hot{n}") for n in lengths]
cold, warm = group("cold"), group("warm")
logs = np.mean([np.log(l / q) for l, q in zip(ladder, hot)], axis=0)
ok = np.isfinite(logs)
there = ~np.isnan(logs)  # unsettled on one side: the largest difference in its direction
ranked = np.clip(logs[there], -1e3, 1e3)
half = stats.t.ppf(.975, ok.sum() - 1) * logs[ok].std(ddof=1) / math.sqrt(ok.sum())
p = [show("1 per level, Page", page(ladder), ratio(ladder[3], ladder[0])),
     show("2 ladder against hot, Wilcoxon", stats.wilcoxon(ranked, method="exact").pvalue,
          f"{math.exp(logs[ok].mean()):.6g} [{math.exp(logs[ok].mean() - half):.6g}, {math.exp(logs[ok].mean() + half):.6g}]"),
     show("3 fixed length, Page", page(fixed), ratio(fixed[3], fixed[0])),
     show("4 K = 50 against cold, Wilcoxon", stats.wilcoxon(ladder[3], cold, method="exact").pvalue, ratio(ladder[3], cold))]
holm, top = [0.0] * 4, 0.0
for rank, i in enumerate(np.argsort(p)):
    top = max(top, (4 - rank) * p[i])
    holm[i] = min(1.0, top)
print("Holm:", ", ".join(f"{i + 1}: {v:.6g}" for i, v in enumerate(holm)))
show("K = 50 against warm, Wilcoxon", stats.wilcoxon(ladder[3], warm, method="exact").pvalue, ratio(ladder[3], warm))
