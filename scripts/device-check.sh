#!/usr/bin/env bash
# scripts/device-check.sh [cuda:N] : what a machine with a GPU is to show, in under ten
# minutes, with the PyTorch (with CUDA) of the python3 in use:
#   1. the gradients of every layer and of whole steps, on the GPU, beside autograd's;
#   2. a short sweep on the GPU beside the same on the CPU: the FID of the first rows;
#   3. iterations a second of fig5 and of the same net in PyTorch, both on the GPU, in turns.
# Prints what it finds; exit 1 where 1 or 2 is off, 2 where there is no GPU.
set -euo pipefail
device=${1:-cuda:0}
cd "$(dirname "$0")/.."
export LIBTORCH=python
make build
bin/fig5-torch device "$device" || exit 2
env=$(scripts/libtorch.sh); eval "$env"
FIG5_TEST_DEVICE=$device go test -count 1 -run 'Gradients|RunningStatistics' ./bench/nn || exit 1

tmp=$(mktemp -d); trap 'rm -rf "$tmp"' EXIT
for model in smoke idx-smoke; do
  for d in cpu "$device"; do
    bin/fig5 run "configs/$model.yaml" --runs "$tmp/$d" --cell cold-s00 --set train.engine=torch --set "train.device=$d"
  done
done
python3 - "$tmp/cpu" "$tmp/$device" <<'PY' || exit 1
import csv, glob, sys
one, two = sys.argv[1:]
for path in sorted(glob.glob(one + "/*/cold-s00/curve.csv")):
    fid = [[float(r["fid"]) for r in csv.DictReader(open(p))] for p in (path, path.replace(one, two))]
    off = [abs(a / b - 1) for a, b in zip(*fid)]
    print(f"{path.split('/')[-3]}: FID on the GPU off by at most {max(off[:4]):.1g} of that on the CPU in 4 rows, {max(off):.1g} in {len(off)}")
    if not max(off[:4]) < 5e-3:  # the bound that package gan holds its engines to
        sys.exit("too far apart")
PY

python3 - "$device" <<'PY'
import os, statistics, sys
sys.path.insert(0, "scripts")
import bench
core = max(os.sched_getaffinity(0))
for model, (config, seconds, rounds, _) in bench.MODELS.items():
    own = ["bin/fig5-torch", "bench", config, "--set", "train.device=" + sys.argv[1]]
    if model == "mnist":
        own += ["--set", "data.path=bench/data/testdata/idx", "--set", "fid.features=lenet"]
    programs = [bench.Program("fig5", own, core)]
    programs += [bench.Program("PyTorch " + mode, [sys.executable, "scripts/peers/pytorch_gan.py", model, mode, sys.argv[1]], core) for mode in ("eager", "compile")]
    programs = [p for p in programs if p.what]
    for i in range(rounds):
        for p in programs[i % len(programs):] + programs[: i % len(programs)]:
            p.go(seconds)
    for p in programs:
        p.end()
        print(f"{model}: {p.name}: {statistics.median(p.rates()):.0f} it/s")
PY
