#!/usr/bin/env bash
# scripts/record.sh DIR... : copies the finished runs of sweeps, each in a folder DIR such
# as runs/fig5, to runs/recorded/<sweep>: of each run run.json, curve.csv and floor.csv,
# and the sweep's real-floor.csv. Runs that were recorded before and are not finished in
# DIR stay, if they were trained with the settings that configs/<sweep>.yaml has now.
# `make results` then makes RESULTS.md from them, and `fig5 run --recorded` starts from them.
# Refused are a sweep that is no configs/<sweep>.yaml, that has no finished run, or of which
# a file does not verify. What was recorded before under the name is only replaced by a
# whole copy. Exit 2 and one line on a refusal.
set -euo pipefail
fail() { echo "scripts/record.sh: $*" >&2; exit 2; }
[ $# -gt 0 ] || fail "which sweeps? scripts/record.sh runs/fig5"
root=$(cd "$(dirname "$0")/.." && pwd)
fig5=${FIG5:-$root/bin/fig5}
command -v "$fig5" >/dev/null || fail "$fig5 is not built; make build"

# table CONFIG RUNS: the cells of a sweep in RUNS/<sweep>, the ID first and the state last
# on a line; fails where any was trained with other settings.
table() {
  local plan
  plan=$(FIG5_TORCH=none "$fig5" plan "$1" --runs "$2" 2>/dev/null) || return 1
  awk '!NF {exit} NR>1' <<<"$plan"
}
# finished: of its lines, the cells that have ended.
finished() { awk '$NF=="done" || $NF=="diverged" {print $1}'; }
# take FROM TO: the files of a run that are recorded.
take() {
  mkdir "$2"
  cp "$1/run.json" "$2/"
  for f in curve.csv floor.csv; do [ ! -f "$1/$f" ] || cp "$1/$f" "$2/"; done
}

for dir; do
  [ -d "$dir" ] || fail "$dir: not a folder of runs"
  dir=$(cd "$dir" && pwd)
  name=$(basename "$dir")
  config=$root/configs/$name.yaml
  old=$root/runs/recorded/$name
  [ -f "$config" ] || fail "$dir: there is no $config"
  [ "$dir" != "$old" ] || fail "$dir: is where it would be recorded"
  plan=$(table "$config" "$(dirname "$dir")") || fail "$dir: fig5 plan $config refuses it"
  cells=$(finished <<<"$plan")
  [ -n "$cells" ] || fail "$dir: has no finished run; fig5 run $config trains them"
  "$fig5" runs verify "$dir" >/dev/null 2>&1 || fail "$dir: does not verify; fig5 runs verify $dir says why"
  floor=$dir/real-floor.csv
  [ -f "$floor" ] || floor=$old/real-floor.csv
  [ -f "$floor" ] || fail "$dir/real-floor.csv: is missing"

  mkdir -p "$root/runs/recorded"
  tmp=$(mktemp -d "$root/runs/recorded/.record.XXXXXX")
  trap 'rm -rf "$tmp"' EXIT
  new=$tmp/$name
  mkdir "$new"
  cp "$floor" "$new/real-floor.csv"
  while read -r cell; do take "$dir/$cell" "$new/$cell"; done <<<"$cells"
  # One by one: of a sweep whose config has changed some may still be the same.
  for run in "$old"/*/run.json; do
    cell=$(basename "$(dirname "$run")")
    if [ ! -f "$run" ] || [ -d "$new/$cell" ]; then continue; fi
    mkdir -p "$tmp/one/$name"
    ln -s "$old/$cell" "$tmp/one/$name/$cell"
    [ "$(table "$config" "$tmp/one" | finished)" != "$cell" ] || take "$old/$cell" "$new/$cell"
    rm -r "$tmp/one"
  done
  "$fig5" runs verify "$new" >/dev/null 2>&1 || fail "$dir: its copy does not verify"
  count=$(find "$new" -mindepth 2 -name run.json | wc -l)
  rm -rf "$old"
  mv -T "$new" "$old"
  rm -rf "$tmp"
  trap - EXIT
  echo "runs/recorded/$name: $count of $(wc -l <<<"$plan") runs"
done
