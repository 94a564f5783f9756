#!/usr/bin/env bash
# scripts/record.sh DIR... : copies finished sweeps, each in a folder DIR such as
# runs/fig5, to runs/recorded/<sweep>: of each run run.json, curve.csv and floor.csv,
# and the sweep's real-floor.csv. `make results` then makes RESULTS.md from them.
# Refused are a sweep that is no configs/<sweep>.yaml, that lacks a run which its
# config asks for, or of which a file does not verify. What was recorded before under
# the name is replaced, but only by a whole copy. Exit 2 and one line on a refusal.
set -euo pipefail
fail() { echo "scripts/record.sh: $*" >&2; exit 2; }
[ $# -gt 0 ] || fail "which sweeps? scripts/record.sh runs/fig5"
root=$(cd "$(dirname "$0")/.." && pwd)
fig5=${FIG5:-$root/bin/fig5}
command -v "$fig5" >/dev/null || fail "$fig5 is not built; make build"

for dir; do
  [ -d "$dir" ] || fail "$dir: not a folder of runs"
  dir=$(cd "$dir" && pwd)
  name=$(basename "$dir")
  config=$root/configs/$name.yaml
  [ -f "$config" ] || fail "$dir: there is no $config"
  [ "$dir" != "$root/runs/recorded/$name" ] || fail "$dir: is where it would be recorded"
  plan=$("$fig5" plan "$config" --runs "$(dirname "$dir")" 2>/dev/null) || fail "$dir: fig5 plan $config refuses it"
  grep -qx 'nothing is missing' <<<"$plan" || fail "$dir: is not finished; fig5 run $config goes on"
  "$fig5" runs verify "$dir" >/dev/null 2>&1 || fail "$dir: does not verify; fig5 runs verify $dir says why"
  [ -f "$dir/real-floor.csv" ] || fail "$dir/real-floor.csv: is missing"

  mkdir -p "$root/runs/recorded"
  tmp=$(mktemp -d "$root/runs/recorded/.record.XXXXXX")
  trap 'rm -rf "$tmp"' EXIT
  chmod 755 "$tmp"
  cp "$dir/real-floor.csv" "$tmp/"
  # The cells of the config, in the order of the plan; others are not recorded.
  cells=0
  while read -r cell _; do
    mkdir "$tmp/$cell"
    cp "$dir/$cell/run.json" "$tmp/$cell/"
    for f in curve.csv floor.csv; do [ ! -f "$dir/$cell/$f" ] || cp "$dir/$cell/$f" "$tmp/$cell/"; done
    cells=$((cells + 1))
  done < <(awk '$NF=="done" || $NF=="diverged" {print $1}' <<<"$plan")
  "$fig5" runs verify "$tmp" >/dev/null 2>&1 || fail "$dir: its copy does not verify"
  rm -rf "$root/runs/recorded/$name"
  mv -T "$tmp" "$root/runs/recorded/$name"
  trap - EXIT
  echo "runs/recorded/$name: $cells runs"
done
