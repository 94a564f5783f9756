#!/usr/bin/env python3
"""Measures fig5 side by side with JAX and PyTorch on one core, in one run; `make bench` calls it.

    scripts/bench.py [--quick] [--json OUT.json] [--only toy,mnist,dcgan,cores,fid,cell] [--rounds N] [--core N]

Every program is started once and kept alive, pinned to the same core. They then take turns of a
fraction of a second, all of them in every round, in an order that rotates: a neighbour that slows
the machine down slows all of them. A rate is the median over rounds; a ratio is the median of the
rounds' own ratios, with its 95 % interval by order statistics. Nothing is asserted.

fig5 trains as a run does, with its FID evaluations (of the DCGAN 100 samples every 20 iterations, so
that a slice is not one long row of its curve); the others only train.
The limit is measured in the same rounds: the operations of an iteration's matrix products at the
best rate that libtorch's sgemm reaches on squares of 128 to 1024, and the time of those products
themselves, in their own shapes, by the same sgemm.

cores is what a second worker adds: two of them on two cores, one at a time and both together, and
two programs that do nothing but sgemm 256 x 256 x 256, which share nothing but the machine.

cell is a whole job, as a user waits for it: one cell of configs/fig5.yaml at a quarter of its
length, by fig5 run and fig5 analyze and by a program of PyTorch, pytorch-fid and SciPy, each
started anew in every round.

The peers (scripts/peers) need JAX and PyTorch. They are installed with pip, once, about 6 GB, into
${XDG_CACHE_HOME:-~/.cache}/fig5/bench; FIG5_BENCH_JAX and FIG5_BENCH_TORCH name interpreters that
have them already, `none` leaves them out."""
import argparse
import json
import math
import os
import platform
import random
import statistics
import struct
import subprocess
import sys
import tempfile
import time
import zlib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PEERS = ROOT / "scripts" / "peers"
PINNED = ["jax==0.10.2", "torch==2.15.0", "numpy", "scipy==1.17.1", "pytorch-fid==0.3.0"]
THREADS = {n: "1" for n in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS")}

MODELS = {  # config, seconds of a slice, rounds, what it is
    "toy": ("configs/fig5.yaml", 0.3, 40, "G 3-128-128-3, D 3-128-128-128-1, batch 64"),
    "mnist": ("configs/mnist.yaml", 0.8, 25, "G 784-256-256-256-784, D 784-256-512-512-1, batch norm, batch 64"),
    "dcgan": ("configs/fig5.yaml", 2.0, 15, "DCGAN of width 16, 32 x 32 x 3, z of 3072, batch norm, batch 64"),
}


def say(*words, end="\n"):
    print(*words, file=sys.stderr, flush=True, end=end)


# ---- the interpreters of the peers ------------------------------------------------------------


def interpreters():
    """The Python programs that have JAX and PyTorch; None where they could not be had."""
    found = {name: os.environ.get("FIG5_BENCH_" + name.upper()) for name in ("jax", "torch")}
    if any(path is None for path in found.values()):
        own = environment()
        found = {name: own if path is None else path for name, path in found.items()}
    for name, path in found.items():
        if path in ("", "none"):
            found[name] = None
        elif path and subprocess.run([path, "-c", "import " + name], capture_output=True).returncode:
            say(f"bench: {path} cannot import {name}; it is left out")
            found[name] = None
    return found


def environment():
    """The interpreter of the environment in the cache, which is made where it is missing."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "fig5" / "bench"
    python = cache / "bin" / "python"
    done = cache / "installed.txt"
    if done.exists() and done.read_text().split() == PINNED:
        return str(python)
    say(f"bench: installing {', '.join(PINNED)} into {cache} (once, about 6 GB)")
    for command in ([sys.executable, "-m", "venv", str(cache)], [str(python), "-m", "pip", "install", "--quiet", *PINNED]):
        run = subprocess.run(command, capture_output=True, text=True)
        if run.returncode:
            last = (run.stderr.strip() or run.stdout.strip() or "no message").splitlines()[-1]
            say(f"bench: {' '.join(command[-3:])}: {last}; without JAX and PyTorch (FIG5_BENCH_JAX and FIG5_BENCH_TORCH name interpreters that have them)")
            return None
    done.write_text("\n".join(PINNED) + "\n")
    return str(python)


# ---- programs that take turns -----------------------------------------------------------------


class Program:
    """A program that trains for a while whenever it is told to."""

    def __init__(self, name, command, core):
        pin = lambda: os.sched_setaffinity(0, {core}) if hasattr(os, "sched_setaffinity") else None
        self.name, self.slices = name, []
        self.process = subprocess.Popen(command, cwd=ROOT, env=os.environ | THREADS, text=True, bufsize=1, preexec_fn=pin,
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        line = self.process.stdout.readline()
        self.what = json.loads(line) if line else None
        if not line:
            self.end()

    def go(self, seconds):
        self.begin(seconds)
        self.wait()

    def begin(self, seconds):
        self.process.stdin.write(f"go {seconds}\n")

    def wait(self):
        line = self.process.stdout.readline()
        if not line:
            self.end()
            sys.exit(1)
        self.slices.append(json.loads(line))

    def end(self):
        self.process.stdin.close()
        last = (self.process.stderr.read().strip() or "no message").splitlines()[-1]
        if self.process.wait():
            say(f"bench: {self.name}: {last}")

    def rates(self):
        return [s["iterations"] / s["seconds"] for s in self.slices]


def pictures(folder, n, side):
    """Writes n pictures of random pixels, as PNG."""
    draw = random.Random(0)
    part = lambda kind, data: struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    for i in range(n):
        rows = b"".join(b"\0" + draw.randbytes(3 * side) for _ in range(side))
        Path(folder, f"{i:03}.png").write_bytes(b"\x89PNG\r\n\x1a\n" + part(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0))
                                                + part(b"IDAT", zlib.compress(rows, 1)) + part(b"IEND", b""))


def start(model, python, core, folder):
    """The programs that train a model, the first being fig5, and the one that makes its products."""
    config = MODELS[model][0]
    own = ["bin/fig5-torch", "bench", config]
    if model == "mnist":
        digits = "data/mnist" if (ROOT / "data/mnist").is_dir() else "bench/data/testdata/idx"
        own += ["--set", "data.path=" + digits, "--set", "fid.features=lenet"]
    if model == "dcgan":
        pictures(folder, 300, 32)
        for key in (f"data={{name: images, path: '{folder}', size: 32}}", "model={name: dcgan, width: 16}", "train.loss=nonsaturating",
                    "train.optimizer.lr=5e-4", "fid={every: 20, samples: 100}"):
            own += ["--set", key]
    commands = {"fig5": own, "fig5, engine torch": own + ["--set", "train.engine=torch"]}
    if model == "dcgan":
        if python["torch"]:
            commands["PyTorch, eager"] = [python["torch"], PEERS / "pytorch_dcgan.py", 16, 32]
        python = {"jax": None, "torch": None}
    if python["jax"]:
        commands["JAX, jit and scan"] = [python["jax"], PEERS / "jax_gan.py", model]
    if python["torch"]:
        for mode in ("eager", "compile"):
            commands["PyTorch, " + mode] = [python["torch"], PEERS / "pytorch_gan.py", model, mode]
    programs = []
    for name, command in (commands | {"products": own + ["--products"]}).items():
        say(f"bench: {model}: starting {name}")
        p = Program(name, [str(c) for c in command], core)
        if p.what:
            programs.append(p)
        elif name in ("fig5", "products"):
            sys.exit(1)
    return programs[:-1], programs[-1]


# ---- statistics -------------------------------------------------------------------------------


def quantile(values, q):
    values = sorted(values)
    at = q * (len(values) - 1)
    low = math.floor(at)
    high = min(low + 1, len(values) - 1)
    return values[low] + (at - low) * (values[high] - values[low])


def median_interval(values):
    """The median and its 95 % interval: the order statistics that hold it with that probability."""
    values, n = sorted(values), len(values)
    below, k = 0.5**n, 0
    while k + 1 < n / 2 and below + math.comb(n, k + 1) * 0.5**n <= 0.025:
        k += 1
        below += math.comb(n, k) * 0.5**n
    return statistics.median(values), values[k], values[n - 1 - k]


def summary(values):
    return {"median": statistics.median(values), "quartiles": [quantile(values, 0.25), quantile(values, 0.75)], "best": max(values)}


# ---- the rows ---------------------------------------------------------------------------------


def measure(model, python, core, rounds):
    _, seconds, usual, what = MODELS[model]
    rounds = rounds or usual
    with tempfile.TemporaryDirectory() as folder:
        programs, products = start(model, python, core, folder)
    order = programs + [products]
    for i in range(rounds):
        if sys.stderr.isatty():
            say(f"\rbench: {model}: round {i + 1} of {rounds} ", end="")
        for p in order[i % len(order):] + order[: i % len(order)]:
            p.go(seconds)
    say()
    for p in order:
        p.end()

    own = programs[0]
    flops = products.what["flops"]
    squares = {n: statistics.median([s["squares"][n] for s in products.slices]) for n in products.slices[0]["squares"]}
    best = max(squares, key=squares.get)
    limit = [s["squares"][best] * 1e9 / flops for s in products.slices]
    rows = []
    for p in programs:
        row = {"program": p.name, "version": p.what["version"], "rates": p.rates(), **summary(p.rates())}
        for key, others in (("fig5_ratio", p.rates()), ("limit_share", None)):
            mine = own.rates() if others else p.rates()
            ratio = [a / b for a, b in zip(mine, others or limit)]
            middle, low, high = median_interval(ratio)
            row[key] = {"median": middle, "ci95": [low, high]}
        rows.append(row)
    training = lambda s: s["seconds"] - s["evaluation_seconds"]
    share = [s["evaluation_seconds"] / s["seconds"] for s in own.slices]
    shapes = [a / b for a, b in zip(own.rates(), products.rates())]
    return {
        "model": model, "what": what, "slice_seconds": seconds, "rounds": rounds, "programs": rows,
        "limit": {"flops": flops, "square": int(best), "gflops": squares[best], "squares": squares, **summary(limit)},
        "products": {**summary(products.rates()), "gflops": statistics.median(products.rates()) * flops / 1e9,
                     "fig5_share": dict(zip(("median", "low", "high"), median_interval(shapes)))},
        "fid": {"every": round(statistics.median([s["iterations"] / s["evaluations"] for s in own.slices])), "share": statistics.median(share), "seconds": statistics.median([s["evaluation_seconds"] / s["evaluations"] for s in own.slices]),
                "training_rate": statistics.median([s["iterations"] / training(s) for s in own.slices])},
        "fig5": own.what,
    }


def table(m):
    lim, pro, fid = m["limit"], m["products"], m["fid"]
    print(f"\n{m['model']}: {m['what']}; {m['rounds']} rounds of slices of {m['slice_seconds']} s")
    print(f"{'':22}{'it/s':>8}  {'quartiles':<16}{'best':>7}  {'fig5 is so many times it':<26}{'share of the limit'}")
    for r in m["programs"]:
        q, f, s = r["quartiles"], r["fig5_ratio"], r["limit_share"]
        times = f"{f['median']:.2f} [{f['ci95'][0]:.2f}, {f['ci95'][1]:.2f}]"
        share = f"{s['median']:.0%} [{s['ci95'][0]:.0%}, {s['ci95'][1]:.0%}]"
        print(f"{r['program']:<22}{number(r['median']):>8}  {number(q[0]) + ' to ' + number(q[1]):<16}{number(r['best']):>7}  {times:<26}{share}")
    print(f"limit                 {number(lim['median']):>8}  {lim['flops'] / 1e6:.1f} MFLOP an iteration at the {lim['gflops']:.0f} GFLOPS of sgemm {lim['square']} x {lim['square']} x {lim['square']}")
    s = pro["fig5_share"]
    print(f"products alone        {number(pro['median']):>8}  the iteration's own shapes by sgemm, {pro['gflops']:.0f} GFLOPS; fig5 reaches {s['median']:.0%} [{s['low']:.0%}, {s['high']:.0%}] of it")
    print(f"an FID evaluation     {1e3 * fid['seconds']:.1f} ms every {fid['every']} iterations: {fid['share']:.1%} of fig5's time; without it {number(fid['training_rate'])} it/s")


def number(x):
    return f"{x:.0f}" if x >= 100 else f"{x:.1f}"


def cores(core, rounds):
    """What two cores do of what one does, of fig5's toy net and of sgemm."""
    seconds, rounds = 0.5, rounds or 30
    others = sorted(os.sched_getaffinity(0) - {core}) if hasattr(os, "sched_getaffinity") else []
    if not others:
        say("bench: cores: this machine has one core, or does not let programs be pinned; left out")
        return None
    own = ["bin/fig5-torch", "bench", MODELS["toy"][0]]
    pairs = {name: [Program(name, command, c) for c in (core, others[-1])] for name, command in (("fig5", own), ("sgemm", own + ["--products"]))}
    if not all(p.what for pair in pairs.values() for p in pair):
        sys.exit(1)
    gained = {name: [] for name in pairs}
    for i in range(rounds):
        for name, pair in pairs.items():
            for p in pair[:: 1 - 2 * (i % 2)]:
                p.go(seconds)
            for p in pair:
                p.begin(seconds)
            for p in pair:
                p.wait()
            rate = lambda at: sum(p.slices[at]["squares"]["256"] if name == "sgemm" else p.rates()[at] for p in pair)
            gained[name].append(2 * rate(-1) / rate(-2))
    result = {"cores": [core, others[-1]], "slice_seconds": seconds, "rounds": rounds}
    print(f"\ntwo cores; {rounds} rounds of slices of {seconds} s")
    for name, pair in pairs.items():
        for p in pair:
            p.end()
        middle, low, high = median_interval(gained[name])
        result[name] = {"median": middle, "ci95": [low, high], "rounds": gained[name]}
        print(f"{name:<22}two together do {middle:.2f} [{low:.2f}, {high:.2f}] times what one does alone")
    return result


def distances(python, quick):
    """The rows of scripts/bench_fid.py."""
    script, out = ROOT / "scripts" / "bench_fid.py", ROOT / "bin" / "bench-fid.json"
    if not script.exists():
        return None
    print("\nFID distance", flush=True)
    command = [python["torch"] or sys.executable, str(script), "--json", str(out)] + ["--quick"] * quick
    if subprocess.run(command, cwd=ROOT).returncode:
        say("bench: scripts/bench_fid.py failed")
        return None
    return json.loads(out.read_text())


def cell(python, core, rounds):
    """The seconds of a whole cell, from the start of the program to its amplitude."""
    if not python["torch"]:
        return None
    rounds, each = rounds or 5, 50
    sets = {"anneal.steps": "[5]", "anneal.baselines": "[]", "anneal.protocol": f"[{{name: per-level, iterations: {each}}}]",
            "seeds": "[20]", "train.pretrain": 750, "train.final": 7000, "analysis.window": 5000}
    fig5 = [ROOT / "bin/fig5"], [f"--set={key}={value}" for key, value in sets.items()]
    plan = json.loads(subprocess.run([*fig5[0], "plan", "configs/fig5.yaml", "--json", *fig5[1]], cwd=ROOT, check=True, capture_output=True).stdout)
    one = plan["cells"][0]
    job = json.dumps({"pretrain": sets["train.pretrain"], "betas": one["betas"], "level": each, "final": sets["train.final"],
                      "every": 100, "samples": 2000, "window": sets["analysis.window"], "lr": 5e-4})
    commands = {"fig5": lambda runs: [[*fig5[0], "run", "configs/fig5.yaml", "--jobs=1", "--runs", runs, *fig5[1]],
                                      [*fig5[0], "analyze", f"{runs}/fig5/{one['id']}", "--json", "--set=analysis.window=5000", "--set=analysis.lowpass.cutoff=0.2"]],
                "PyTorch, eager": lambda runs: [[python["torch"], PEERS / "pytorch_cell.py", job]]}
    pin = lambda: os.sched_setaffinity(0, {core}) if hasattr(os, "sched_setaffinity") else None
    took = {name: [] for name in commands}
    for i in range(rounds):
        say(f"bench: cell: round {i + 1} of {rounds}")
        for name in list(commands)[:: 1 - 2 * (i % 2)]:
            with tempfile.TemporaryDirectory() as runs:
                began = time.perf_counter()
                for command in commands[name](runs):
                    run = subprocess.run(command, cwd=ROOT, env=os.environ | THREADS, preexec_fn=pin, capture_output=True, text=True)
                    if run.returncode:
                        say(f"bench: cell: {name}: {(run.stderr.strip() or 'no message').splitlines()[-1]}")
                        return None
                took[name].append(time.perf_counter() - began)
    middle, low, high = median_interval([b / a for a, b in zip(*took.values())])
    print(f"\na whole cell, {plan['iterations']} iterations with an evaluation every 100, noise floors, filter and amplitude; {rounds} rounds")
    for name, seconds in took.items():
        print(f"{name:<22}{statistics.median(seconds):>8.1f} s")
    print(f"fig5 is {middle:.2f} [{low:.2f}, {high:.2f}] times as fast")
    return {"iterations": plan["iterations"], "seconds": took, "fig5_ratio": {"median": middle, "interval": [low, high]}}


def main():
    parts = [*MODELS, "cores", "fid", "cell"]
    usage = argparse.ArgumentParser(description="fig5 side by side with JAX and PyTorch on one core")
    usage.add_argument("--quick", action="store_true", help="few rounds: a look, no measurement")
    usage.add_argument("--rounds", type=int, help="rounds of slices for every model")
    usage.add_argument("--core", type=int, default=(os.cpu_count() or 1) - 1, help="the core that all programs share (default: the last)")
    usage.add_argument("--only", default=",".join(parts), help="what to measure, of " + ",".join(parts))
    usage.add_argument("--json", metavar="OUT", default="bin/bench.json", help="where the numbers go (default %(default)s)")
    a = usage.parse_args()
    only = a.only.split(",")
    if unknown := set(only) - set(parts):
        usage.error(f"--only: {', '.join(sorted(unknown))}: not of {', '.join(parts)}")
    python = interpreters()
    result = {"date": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()), "host": platform.platform(), "core": a.core,
              "load": os.getloadavg()[0], "models": []}
    if result["load"] > 0.5:
        say(f"bench: the load is {result['load']:.1f}: something else is running, and the numbers will show it")
    for model in MODELS:
        if model in only:
            result["models"].append(measure(model, python, a.core, 4 if a.quick and not a.rounds else a.rounds))
            if len(result["models"]) == 1:
                own = result["models"][0]["fig5"]
                print(f"{own['machine']['cpu']}, {own['machine']['kernels']}, one core; fig5 {own['commit'][:12]}{'+changes' * own['commit'].endswith('+changes')}, "
                      f"libtorch {own['version']}; " + ", ".join(f"{p['program']} {p['version']}" for p in result["models"][0]["programs"][2:]))
            table(result["models"][-1])
    if "cores" in only:
        result["cores"] = cores(a.core, 4 if a.quick and not a.rounds else a.rounds)
    if "fid" in only:
        result["fid"] = distances(python, a.quick)
    if "cell" in only:
        result["cell"] = cell(python, a.core, 1 if a.quick and not a.rounds else a.rounds)
    Path(a.json).parent.mkdir(parents=True, exist_ok=True)
    Path(a.json).write_text(json.dumps(result, indent=1) + "\n")
    print(f"\nall numbers: {a.json}")


if __name__ == "__main__":
    main()
