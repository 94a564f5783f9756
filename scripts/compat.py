#!/usr/bin/env python3
"""Builds and tests the worker with several versions of PyTorch and sets it beside the default.

    scripts/compat.py [--versions 2.1.0,2.5.1,2.8.0,2.15.0] [--rounds N]    (make compat)

Every version is installed with pip into ${XDG_CACHE_HOME:-~/.cache}/fig5/compat/VERSION, without
the CUDA libraries that a CPU does not need (about 1.5 GB each); the first is the default, which is
set up as always. With each, the worker is built, the tests that link libtorch are run, and two
short sweeps are trained, with the kernels and with libtorch's operators. Speed is measured in turns
of a fraction of a second on one core (see bench.py). Prints the table of docs/libtorch.md."""
import argparse
import csv
import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import bench
from bench import ROOT, say

CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "fig5" / "compat"
TESTED = ["./bench/nn/...", "./bench/gan", "./bench/fig5-torch", "./fid/features/..."]
SWEEPS = {"mixture": "configs/smoke.yaml", "MNIST": "configs/idx-smoke.yaml"}
SPEED = {"toy": ["configs/fig5.yaml"], "toy, operators": ["configs/fig5.yaml", "--set", "train.engine=torch"],
         "MNIST, operators": ["configs/mnist.yaml", "--set", "train.engine=torch", "--set", "data.path=bench/data/testdata/idx", "--set", "fid.features=lenet"]}


def sh(command, **more):
    return subprocess.run([str(c) for c in command], cwd=ROOT, capture_output=True, text=True, **more)


def install(version):
    """The environment variables that choose the PyTorch of a version."""
    home = CACHE / version
    python = home / "bin" / "python"
    done = home / "installed"
    if not done.exists():
        say(f"compat: installing PyTorch {version} into {home}")
        needs = ("import re, importlib.metadata as m; print(*{re.sub(r'\\[.*?\\]', '[cudart,cupti]', re.sub(r'[ ()]', '', r.split(';')[0])) for r in m.requires('torch') "
                 "if re.match('nvidia-cuda-(runtime|cupti)|cuda-toolkit', r)})")
        steps = [[sys.executable, "-m", "venv", home], [python, "-m", "pip", "install", "-q", "--no-deps", "torch==" + version]]
        for step in steps:
            if (run := sh(step)).returncode:
                sys.exit(f"compat: {' '.join(map(str, step))}: {run.stderr.strip().splitlines()[-1]}")
        wanted = sh([python, "-c", needs]).stdout.split()
        if wanted and (run := sh([python, "-m", "pip", "install", "-q", *wanted])).returncode:
            sys.exit(f"compat: {' '.join(wanted)}: {run.stderr.strip().splitlines()[-1]}")
        done.touch()
    return {"LIBTORCH": "python", "PATH": f"{home / 'bin'}:{os.environ['PATH']}"}


def rows(curve):
    return [float(r["fid"]) for r in csv.DictReader(curve.open())]


class Version:
    """What one version came to."""

    def __init__(self, version, default):
        self.name, self.worker = version, CACHE / f"fig5-torch-{version}"
        self.env = os.environ | {"GOAMD64": "v1", "FIG5_TORCH": str(self.worker)} | ({} if default else install(version))
        self.runs = CACHE / f"runs-{version}"

    def go(self, command):
        return sh(["bash", "-c", 'env=$(scripts/libtorch.sh) || exit 2; eval "$env"; ' + command], env=self.env)

    def measure(self):
        say(f"compat: {self.name}: building")
        built = self.go(f"go build -o '{self.worker}' ./bench/fig5-torch")
        self.row = {"version": self.name, "built": not built.returncode}
        if built.returncode:
            say(built.stderr)
            return False
        say(f"compat: {self.name}: tests")
        tests = self.go("go test " + " ".join(TESTED))
        self.row["tests"] = not tests.returncode
        if tests.returncode:
            say(tests.stdout)
        shutil.rmtree(self.runs, ignore_errors=True)
        for engine in ("auto", "torch"):
            for what, config in SWEEPS.items():
                run = sh(["bin/fig5", "run", config, "--runs", self.runs / engine, "--set", "train.engine=" + engine], env=self.env)
                if run.returncode:
                    say(f"compat: {self.name}: {config}: {run.stderr.strip()}")
        return True

    def beside(self, other):
        """Sets the curves beside those of another version."""
        for what, config in SWEEPS.items():
            name = Path(config).stem
            curves = {e: sorted((other.runs / e / name).glob("*/curve.csv")) for e in ("auto", "torch")}
            mine = lambda c: self.runs / c.relative_to(other.runs)
            self.row[what + " bytes"] = all(mine(c).read_bytes() == c.read_bytes() for c in curves["auto"]) and bool(curves["auto"])
            self.row[what + " operators"] = max(abs(a / b - 1) for c in curves["torch"] for a, b in zip(rows(mine(c)), rows(c)))


def speed(versions, rounds, core):
    """Iterations a second beside those of the first version, as medians of the turns' ratios."""
    for what, command in SPEED.items():
        programs = [bench.Program(v.name, [str(v.worker), "bench", *command], core) for v in versions]
        for i in range(rounds):
            for p in programs[i % len(programs):] + programs[: i % len(programs)]:
                p.go(0.4)
        for v, p in zip(versions, programs):
            p.end()
            v.row["speed " + what] = bench.median_interval([a / b for a, b in zip(p.rates(), programs[0].rates())])


def main():
    usage = argparse.ArgumentParser(description="the worker with several versions of PyTorch")
    usage.add_argument("--versions", default="2.1.0,2.5.1,2.8.0,2.15.0", help="the default first (default %(default)s)")
    usage.add_argument("--rounds", type=int, default=20, help="turns of the speed (default %(default)s; 0: none)")
    usage.add_argument("--core", type=int, default=(os.cpu_count() or 1) - 1)
    a = usage.parse_args()
    CACHE.mkdir(parents=True, exist_ok=True)
    versions = [Version(v, i == 0) for i, v in enumerate(a.versions.split(","))]
    for v in versions:
        v.good = v.measure()
    good = [v for v in versions if v.good]
    for v in good:
        v.beside(good[0])
    if a.rounds:
        speed(good, a.rounds, a.core)
    word = lambda ok: "yes" if ok else "no"
    keys = [f"speed {k}" for k in SPEED if a.rounds]
    print("| PyTorch | built | tests | mixture, MNIST by the kernels: same bytes | by the operators: largest change of an FID |" + "".join(f" {k} |" for k in keys))
    print("|---|---|---|---|---|" + "---|" * len(keys))
    for v in versions:
        r = v.row
        if not v.good:
            print(f"| {v.name} | no |")
            continue
        same = ", ".join(word(r[w + " bytes"]) for w in SWEEPS)
        off = ", ".join(f"{r[w + ' operators']:.1g}" for w in SWEEPS)
        times = "".join(" {:.2f} [{:.2f}, {:.2f}] |".format(*r[k]) for k in keys)
        print(f"| {v.name} | yes | {'pass' if r['tests'] else 'FAIL'} | {same} | {off} |{times}")
    (ROOT / "bin" / "compat.json").write_text(json.dumps({"date": time.strftime("%Y-%m-%d"), "versions": [v.row for v in versions]}, indent=1) + "\n")
    sys.exit(not all(v.good and v.row["tests"] for v in versions))


if __name__ == "__main__":
    main()
