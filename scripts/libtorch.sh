#!/usr/bin/env bash
# Makes a libtorch ready for gotch and prints, on stdout, the shell assignments (CGO_*,
# GOFLAGS) that `make` builds with. Progress and errors go to stderr.
#
# 1. libtorch, in this order: LIBTORCH=python is the PyTorch of the python3 in use,
#    LIBTORCH=/path a libtorch or the folder torch of a PyTorch, 2.1 or later; else 2.1.0
#    out of the cache, ${XDG_CACHE_HOME:-~/.cache}/fig5/libtorch-2.1.0-<arch>, where it is
#    put from its PyPI wheel by sha256: the headers and the CPU libraries alone.
# 2. gotch v0.9.1 is generated for libtorch 2.1.0. A copy of what this project calls of it
#    (scripts/gotch.py) is made in the cache, and a copy of go.mod that names it.
# 3. C++ standard and ABI are read off the libtorch.
#
# Every step works on a temporary folder that is renamed when whole, so an interrupted
# set-up leaves nothing half-done. Exit 2 and one line on a failure. docs/libtorch.md has more.
set -euo pipefail

VERSION=2.1.0
top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
fail() { echo "scripts/libtorch.sh: $*" >&2; exit 2; }
say()  { echo "libtorch: $*" >&2; }

# ---- what the build needs -------------------------------------------------------
command -v go >/dev/null || fail "Go is not installed (1.24 or later is needed)"
gov=$(go env GOVERSION 2>/dev/null | sed -E 's/^go([0-9]+)\.([0-9]+).*/\1 \2/')
case "$gov" in [0-9]*\ [0-9]*) set -- $gov ;; *) set -- 99 0 ;; esac  # a development build counts as new
[ "$1" -gt 1 ] || [ "$2" -ge 24 ] || fail "Go $1.$2 is too old: 1.24 or later is needed"
for c in gcc g++ python3 sha256sum flock; do
  command -v "$c" >/dev/null || fail "$c is not installed (Debian/Ubuntu: apt-get install build-essential python3)"
done

# ---- where it is kept -----------------------------------------------------------
arch=$(uname -m)
[ "$(uname -s)" = Linux ] || [ -n "${LIBTORCH:-}" ] || fail "only Linux is set up automatically; point LIBTORCH at an unpacked libtorch"
[ -n "${XDG_CACHE_HOME:-}${HOME:-}" ] || fail "neither XDG_CACHE_HOME nor HOME is set"
cache=${XDG_CACHE_HOME:-$HOME/.cache}/fig5
mkdir -p "$cache" 2>/dev/null || fail "$cache cannot be made"
# the wheels, as pip requires them
case "$arch" in
  x86_64)
    plat=manylinux1_x86_64
    wheels="torch==2.1.0 --hash=sha256:2224622407ca52611cbc5b628106fde22ed8e679031f5a99ce286629fc696128
nvidia-cuda-cupti-cu12==12.1.105 --hash=sha256:e54fde3983165c624cb79254ae9818a456eb6e87a7fd4d56a2352c24ee542d7e
nvidia-cuda-runtime-cu12==12.1.105 --hash=sha256:6e258468ddf5796e25f1dc591a31029fa317d97a0a94ed93468fc86301d61e40" ;;
  aarch64)
    plat=manylinux2014_aarch64
    wheels="torch==2.1.0 --hash=sha256:8132efb782cd181cc2dcca5e58effbe4217cdb2581206ac71466d535bf778867" ;;
  *) plat=; wheels= ;;
esac

# unpack DIR WHEEL...: the parts of the wheels that are kept, in the wheels' own layout.
unpack() {
  python3 - "$@" <<'PY' || return 1
import os, shutil, sys, zipfile
from concurrent.futures import ThreadPoolExecutor
dest, *wheels = sys.argv[1:]
def keep(n):
    base = os.path.basename(n)
    return (n.startswith("torch/include/") or n.startswith("torch.libs/")  # the aarch64 wheel's own OpenBLAS and libgomp
            or n.startswith("torch/lib/") and base.startswith(("libtorch_cpu.so", "libc10.so", "libgomp"))
            or n.startswith(("nvidia/cuda_cupti/lib/libcupti.so", "nvidia/cuda_runtime/lib/libcudart.so")))
def write(wheel, members):
    with zipfile.ZipFile(wheel) as z:
        for i in members:
            out = os.path.join(dest, i.filename)
            if not os.path.realpath(out).startswith(os.path.realpath(dest) + os.sep):
                sys.exit("a path in the wheel leaves its folder: " + i.filename)
            os.makedirs(os.path.dirname(out), exist_ok=True)
            with z.open(i) as a, open(out, "wb") as b: shutil.copyfileobj(a, b, 1 << 20)
try:
    with ThreadPoolExecutor() as pool:  # the one large library beside the 9000 headers
        jobs = []
        for wheel in wheels:
            with zipfile.ZipFile(wheel) as z:
                members = [i for i in z.infolist() if not i.is_dir() and keep(i.filename)]
            for large in (True, False):
                jobs.append(pool.submit(write, wheel, [i for i in members if (i.file_size > 1 << 20) == large]))
        for j in jobs: j.result()
except (OSError, zipfile.BadZipFile) as e:
    sys.exit("%s" % e)
PY
}

fetch() { # into $1, which is then complete
  local dest=$1 tmp need have quiet=--quiet
  [ -n "$plat" ] || fail "no libtorch $VERSION wheel is known for $arch; point LIBTORCH at an unpacked one"
  python3 -m pip --version >/dev/null 2>&1 || fail "Python's pip is missing (Debian/Ubuntu: apt-get install python3-pip)"
  # One set-up at a time; what a killed one left behind goes first.
  exec 9>"$cache/.lock" || fail "$cache cannot be written"
  flock -n 9 || { say "waiting for another set-up"; flock 9; }
  [ ! -f "$dest/torch/lib/libtorch_cpu.so" ] || return 0
  rm -rf "$cache"/.setup.*
  need=1500000  # kB: wheels and unpacked files side by side
  have=$(df -Pk "$cache" | awk 'NR==2{print $4}')
  [ "$have" -ge "$need" ] || fail "$cache: $((have/1024)) MB are free, the set-up needs $((need/1024)) MB for a moment and keeps 470"
  tmp=$(mktemp -d "$cache/.setup.XXXXXX") || fail "$cache cannot be written"
  trap 'rm -rf "$tmp"' EXIT
  trap 'exit 130' INT TERM HUP
  say "fetching libtorch $VERSION for $arch, 670 MB (step 1 of 3)"
  echo "$wheels" > "$tmp/wheels.txt"
  [ ! -t 2 ] || quiet=  # pip shows how far it is
  python3 -m pip download $quiet --disable-pip-version-check --no-cache-dir --no-deps --only-binary=:all: --require-hashes \
    --python-version 3.11 --implementation cp --abi cp311 --platform "$plat" -d "$tmp/wheels" -r "$tmp/wheels.txt" >&2 \
    || fail "pip could not fetch libtorch (network? disk? its lines above say); nothing was changed, run it again"
  say "unpacking (step 2 of 3)"
  unpack "$tmp/tree" "$tmp"/wheels/*.whl || fail "the wheels could not be unpacked (disk full?); nothing was changed, run it again"
  [ -f "$tmp/tree/torch/lib/libtorch_cpu.so" ] || fail "the wheel holds no libtorch_cpu.so"
  rm -rf "$dest"
  mv -T "$tmp/tree" "$dest" || fail "$dest cannot be made"
  rm -rf "$tmp"; trap - EXIT INT TERM HUP
  exec 9>&-
}

# ---- which libtorch ---------------------------------------------------------------
what="LIBTORCH=${LIBTORCH:-}"
case "${LIBTORCH:-}" in
  "")
    tree=$cache/libtorch-$VERSION-$arch
    [ -f "$tree/torch/lib/libtorch_cpu.so" ] || fetch "$tree"
    root=$tree/torch ;;
  python)
    root=$(python3 -c 'import importlib.util as u; s = u.find_spec("torch"); print(s.submodule_search_locations[0] if s else "")') || root=
    [ -n "$root" ] || fail "LIBTORCH=python: $(command -v python3) has no PyTorch: activate the environment that has it, or pip install torch"
    what="LIBTORCH=python, $root" ;;
  *) root=$(cd "$LIBTORCH" 2>/dev/null && pwd) || fail "$what is not a folder" ;;
esac
case "$root$cache" in *[[:space:]]*) fail "$root, $cache: the compiler's flags cannot hold a path with spaces; move it" ;; esac
libs=$root/lib
[ ! -f "$libs/libtorch_hip.so" ] || fail "$what is built for ROCm; a PyTorch for the CPU or CUDA is needed"
[ -f "$libs/libtorch_cpu.so" ] || fail "$what holds no lib/libtorch_cpu.so: it should be an unpacked libtorch or the folder torch of a PyTorch"
[ -f "$root/include/ATen/ATen.h" ] || fail "$what holds no include/ATen/ATen.h: the headers of libtorch are missing"
# Newer headers have the version in torch/headeronly.
version=$({ cat "$root"/include/torch/{headeronly,csrc/api/include/torch}/version.h 2>/dev/null || :; } |
  awk '$2 ~ /^TORCH_VERSION_(MAJOR|MINOR|PATCH)$/ && !($2 in v) {v[$2] = $3} END {print v["TORCH_VERSION_MAJOR"] "." v["TORCH_VERSION_MINOR"] "." v["TORCH_VERSION_PATCH"]}')
case "$version" in
  2.[1-9]*.* | [3-9].*) ;;
  *) fail "$what is libtorch $version; 2.1 or later is needed" ;;
esac

# ---- gotch: a copy of what is called, and a go.mod that names it --------------------
cd "$top"
err=$(go mod download github.com/sugarme/gotch 2>&1) || fail "go mod download github.com/sugarme/gotch: $(tail -n 1 <<<"$err")"
gotch=$(go list -m -f '{{.Dir}}' github.com/sugarme/gotch)
# once DEST COMMAND...: the command makes what DEST is to hold, in a folder that it is given.
once() {
  local dest=$1 tmp; shift
  [ ! -d "$dest" ] || return 0
  tmp=$(mktemp -d "$cache/.part.XXXXXX") || fail "$cache cannot be written"
  "$@" "$tmp" || { rm -rf "$tmp"; fail "$dest cannot be made"; }
  mv -T "$tmp" "$dest" 2>/dev/null || rm -rf "$tmp"
}
key() { cat "$@" | sha256sum | cut -c1-12; }
copy=$cache/gotch-$(grep -rhoE --include='*.go' 'libtch\.[A-Za-z]\w*' bench fid scripts | LC_ALL=C sort -u | key - scripts/gotch.py)
once "$copy" python3 scripts/gotch.py "$gotch"
modules() {
  { cat go.mod; echo "replace github.com/sugarme/gotch => $copy"; } > "$1/go.mod"
  cp go.sum "$1/go.sum"
}
mod=$cache/mod-$(echo "$copy" | key - go.mod go.sum)
once "$mod" modules

# ---- how C++ is compiled against this libtorch --------------------------------------
standard=$(sed -nE 's/^#error C\+\+([0-9]+) or later.*/\1/p' "$root/include/ATen/ATen.h" | head -n 1)
abi=0
if grep -q -a -m1 '_ZN3c106detail14torchCheckFailEPKcS2_jRKNSt7__cxx1112basic_string' "$libs/libc10.so"; then abi=1; fi
echo 'int main() {}' | g++ "-std=c++${standard:=17}" -fsyntax-only -x c++ - 2>/dev/null || fail "libtorch $version needs C++$standard, which $(g++ --version | head -n 1) cannot compile: install a newer g++"
rpath="-Wl,-rpath,$libs"
for d in "$root"/../nvidia/*/lib "$root"/../torch.libs; do
  [ -d "$d" ] && d=$(cd "$d" && pwd) && rpath="$rpath -Wl,-rpath,$d -Wl,-rpath-link,$d"
done

cat <<EOF
export GOFLAGS='${GOFLAGS:+$GOFLAGS }-modfile=$mod/go.mod'
export CGO_ENABLED=1
export CGO_CXXFLAGS='-std=c++$standard -O1 -g0 -w -D_GLIBCXX_USE_CXX11_ABI=$abi -I$root/include -I$root/include/torch/csrc/api/include'
export CGO_CFLAGS='-O2 -g0'
export CGO_LDFLAGS='-L$libs $rpath'
export CGO_LDFLAGS_ALLOW='.*'
EOF
