"""Reference trajectories of the tiny-GAN with the Jensen-Shannon objective: python3 js.py > js.json (SciPy)."""
import json
import sys

import numpy as np
import scipy
from scipy.integrate import solve_ivp
from scipy.special import expit


def run(system, start, target, T, until, every, as_printed=False):
    lam = 0 if system != "beta-prime" else -1 if as_printed else 1
    K = 0 if system == "autonomous" else (target - start[2]) / T

    def rhs(t, v):
        theta, psi, alpha = v
        fake, real = expit(-psi * theta), expit(psi * alpha)  # f'(y) = expit(-y)
        return [-psi * fake, theta * fake - alpha * real, lam * psi * real + K * np.exp(-t / T)]

    n = round(until / every)
    t = np.arange(n + 1) * every
    sol = solve_ivp(rhs, (0, t[-1]), start, "DOP853", t_eval=t, rtol=3e-14, atol=1e-15, max_step=0.02)
    assert sol.success
    return dict(system=system, as_printed=as_printed, start=start, target=target, time_constant=T, until=until, every=every, rows=sol.y.T.tolist())


cases = [
    run("autonomous", [1.0, 2.0, 3.0], 3.0, 1.0, 30.0, 1.5),
    run("autonomous", [0.9, 0.4, 0.5], 0.5, 1.0, 60.0, 2.5),
    run("beta", [1.0, 0.0, 1.0], 3.0, 3.0, 40.0, 2.0),
    run("beta", [0.0, 0.3, 0.2], -0.6, 12.0, 80.0, 4.0),
    run("beta-prime", [1.0, 0.0, 1.0], 3.0, 3.0, 40.0, 2.0),
    run("beta-prime", [1.0, 0.0, 1.0], 3.0, 3.0, 8.0, 0.5, as_printed=True),
]
json.dump(dict(about="tiny-GAN with f(y) = -log(1+e^-y); rows are theta, psi, alpha at t = i*every; solve_ivp DOP853, rtol 3e-14, atol 1e-15, max_step 0.02",
               versions=dict(numpy=np.__version__, scipy=scipy.__version__), cases=cases), sys.stdout)
