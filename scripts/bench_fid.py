#!/usr/bin/env python3
"""The Fréchet distance of fig5 beside pytorch-fid's, on one core, in turns.

    make build
    pip install numpy scipy torch pytorch-fid
    python3 scripts/bench_fid.py --json fid.json

Every round takes each program once, so that whatever else the machine does falls on all
of them; a ratio is of one round. Columns, in seconds (medians):

  pytorch-fid  calculate_frechet_distance, from means and covariances
  eigvalsh     the symmetric route in PyTorch's LAPACK, from the same
  worker       fig5-torch, from the same; from the samples where they are fewer than features
  fig5 fid     the whole command: start, reading two files of samples, statistics, distance

ratio is pytorch-fid over worker, with the smallest and the largest of the rounds.
"""
import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time

for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS", "GOMAXPROCS"):
    os.environ[name] = "1"

# Features, samples, rounds, and how often each is timed in a round, of which the median counts.
SIZES = [(64, 2000, 11, 21), (784, 2000, 7, 3), (2048, 512, 5, 1), (2048, 2500, 5, 1)]
QUICK = [(64, 2000, 5, 11), (784, 2000, 3, 1), (2048, 512, 1, 1)]


def eigvalsh(torch, np, mu1, sigma1, mu2, sigma2):
    a, b = torch.from_numpy(sigma1), torch.from_numpy(sigma2)
    w, v = torch.linalg.eigh(a)
    root = (v * w.clamp(min=0).sqrt()) @ v.T
    m = root @ b @ root
    w = torch.linalg.eigvalsh((m + m.T) / 2)
    return ((mu1 - mu2) ** 2).sum() + np.trace(sigma1) + np.trace(sigma2) - 2 * w.clamp(min=0).sqrt().sum().item()


def timed(times, f, *args):
    """The median seconds of f, and its value."""
    took = []
    for _ in range(times):
        began = time.perf_counter()
        try:
            value = f(*args)
        except ValueError:  # pytorch-fid on an imaginary part, which singular covariances bring
            value = float("nan")
        took.append(time.perf_counter() - began)
    return sorted(took)[times // 2], value


def cpu():
    try:
        with open("/proc/cpuinfo") as f:
            return next(line.split(":")[1].strip() for line in f if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor() or platform.machine()


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--quick", action="store_true", help="fewer rounds, and no full rank at 2048: under two minutes")
    p.add_argument("--json", metavar="OUT", help="write the table as JSON")
    p.add_argument("--core", type=int, help="the core to stay on (the last one)")
    p.add_argument("--bin", default="bin", help="the folder of fig5 and fig5-torch")
    args = p.parse_args()
    fig5, worker = (os.path.join(args.bin, name) for name in ("fig5", "fig5-torch"))
    for program in (fig5, worker):
        if not os.access(program, os.X_OK):
            sys.exit(f"{program}: is not there; make build makes it")
    core = args.core
    if hasattr(os, "sched_setaffinity"):  # inherited by what is started
        core = max(os.sched_getaffinity(0)) if core is None else core
        os.sched_setaffinity(0, {core})
    try:
        import numpy as np
        import pytorch_fid
        import scipy
        import torch
        from pytorch_fid.fid_score import calculate_frechet_distance
    except ImportError as e:
        sys.exit(f"{e}: pip install numpy scipy torch pytorch-fid")
    torch.set_num_threads(1)
    rng = np.random.default_rng(2018)
    rows = []
    print(f"{'d':>5} {'n':>5} {'pytorch-fid':>12} {'eigvalsh':>9} {'worker':>9} {'fig5 fid':>9} {'ratio':>7} {'of rounds':>14} {'difference':>11}")
    for d, n, rounds, times in QUICK if args.quick else SIZES:
        with tempfile.TemporaryDirectory() as folder:
            files, moments = [], []
            for name in "ab":
                x = (rng.normal(size=(n, d)) @ (rng.normal(size=(d, d)) / d**0.5)).astype(np.float32)
                files.append(os.path.join(folder, name + ".npy"))
                np.save(files[-1], x)
                x = x.astype(np.float64)
                moments += [x.mean(0), np.cov(x, rowvar=False)]
            if n >= d:  # from statistics, as the peers
                given = [os.path.join(folder, name + ".npz") for name in "ab"]
                for i, path in enumerate(given):
                    np.savez(path, mu=moments[2 * i], sigma=moments[2 * i + 1])
            else:
                given = files
            peer, plain, inside, whole = [], [], [], []
            for _ in range(rounds):
                t, theirs = timed(times, calculate_frechet_distance, *moments)
                peer.append(t)
                out = subprocess.run([worker, "fid", "--rounds", str(times), *given], check=True, stdout=subprocess.PIPE).stdout
                done = json.loads(out.splitlines()[-1])
                inside.append(done["seconds"])
                plain.append(timed(times, eigvalsh, torch, np, *moments)[0])
                whole.append(timed(1, lambda: subprocess.run([fig5, "fid", *files], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL))[0])
            median = lambda t: float(np.median(t))
            ratios = np.array(peer) / np.array(inside)
            row = {
                "d": d, "n": n, "rounds": rounds, "given": "statistics" if n >= d else "samples",
                "peer_s": median(peer), "eigvalsh_s": median(plain), "ours_s": median(inside), "command_s": median(whole),
                "ratio": median(ratios), "ratio_lo": float(ratios.min()), "ratio_hi": float(ratios.max()),
                "fid": done["result"]["fid"], "peer_fid": None if theirs != theirs else float(theirs),
            }
            rows.append(row)
            apart = "refused" if theirs != theirs else f"{abs(row['fid'] / theirs - 1):.1e}"
            spread = f"{row['ratio_lo']:.1f}..{row['ratio_hi']:.1f}"
            print(f"{d:5} {n:5} {row['peer_s']:12.4f} {row['eigvalsh_s']:9.4f} {row['ours_s']:9.4f} {row['command_s']:9.3f} {row['ratio']:7.1f} {spread:>14} {apart:>11}", flush=True)
    facts = {
        "cpu": cpu(), "core": core, "load": os.getloadavg()[0],
        "pytorch_fid": getattr(pytorch_fid, "__version__", None), "scipy": scipy.__version__, "numpy": np.__version__, "torch": torch.__version__,
    }
    print(", ".join(f"{k} {v}" for k, v in facts.items()))
    if args.json:
        with open(args.json, "w") as f:
            json.dump({"rows": rows, **facts}, f, indent=1)


if __name__ == "__main__":
    main()
