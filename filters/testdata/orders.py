"""Zero-phase Butterworth filtering in 50-digit arithmetic: orders.json.

    python orders.py > orders.json        # needs mpmath 1.3.0, numpy, scipy 1.17.1
"""
import json
import mpmath as mp
import numpy as np
from scipy import signal

mp.mp.dps = 50


def sections(order, cutoff):
    """(b, a) of every section, from the analog poles, pre-warped, by the bilinear transform; gain 1 at zero."""
    w = 4 * mp.tan(mp.pi * mp.mpf(cutoff) / 2)
    for m in range(order - 1, -1, -2):
        s = -w * mp.exp(1j * mp.pi * m / (2 * order))
        z = (4 + s) / (4 - s)
        a = [1, -z.real, mp.mpf(0)] if m == 0 else [1, -2 * z.real, abs(z) ** 2]
        b = [1, 1, 0] if m == 0 else [1, 2, 1]
        g = mp.fsum(a) / sum(b)
        yield [g * v for v in b], a


def filtfilt(x, order, cutoff):
    pad, x = 3 * (order + 1), [mp.mpf(v) for v in x]
    e = [2 * x[0] - x[i] for i in range(pad, 0, -1)] + x + [2 * x[-1] - x[-1 - i] for i in range(1, pad + 1)]
    for _ in range(2):
        for b, a in sections(order, cutoff):
            z1, z2 = (1 - b[0]) * e[0], (b[2] - a[2]) * e[0]
            for i, v in enumerate(e):
                e[i] = y = b[0] * v + z1
                z1, z2 = b[1] * v - a[1] * y + z2, b[2] * v - a[2] * y
        e.reverse()
    return [float(v) for v in e[pad:len(e) - pad]]


rng = np.random.default_rng(12)
cases = []
for order in range(1, 13):
    for cutoff in (0.0005, 0.02, 0.3, 0.98):
        n, t = 60, np.arange(60)
        x = [float("%.6g" % v) for v in 20 + 300 * np.exp(-t / 9) + 3 * np.sin(t / 4) + rng.standard_normal(n)]
        y = filtfilt(x, order, cutoff)
        scipy = signal.sosfiltfilt(signal.butter(order, cutoff, output="sos"), x)
        cases.append({"order": order, "cutoff": cutoff, "x": x, "y": y, "scipy_error": float(max(abs(scipy - y)) / max(x))})
print(json.dumps({"cases": cases}))
