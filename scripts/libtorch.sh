#!/usr/bin/env bash
# Makes libtorch 2.1.0 ready for gotch v0.9.1 and prints, on stdout, the shell
# assignments (CGO_*, FIG5_LIBTORCH) that `make` builds with. Progress and errors
# go to stderr. Looks in this order:
#   1. $LIBTORCH          an unpacked libtorch 2.1.0 (ABI detected, not assumed)
#   2. the cache          ${XDG_CACHE_HOME:-~/.cache}/fig5/libtorch-2.1.0-<arch>
#   3. PyPI               the wheel torch==2.1.0 by pinned sha256, of which the
#                         headers and the CPU libraries alone are kept
# Every step works on a temporary folder that is renamed when whole, so an
# interrupted set-up leaves nothing half-done. Exit 2 and one line on a failure.
set -euo pipefail

VERSION=2.1.0
fail() { echo "scripts/libtorch.sh: $*" >&2; exit 2; }
say()  { echo "libtorch: $*" >&2; }

# ---- what the build needs -------------------------------------------------------
command -v go >/dev/null || fail "Go is not installed (1.24 or later is needed)"
gov=$(go env GOVERSION 2>/dev/null | sed -E 's/^go([0-9]+)\.([0-9]+).*/\1 \2/')
case "$gov" in [0-9]*\ [0-9]*) set -- $gov ;; *) set -- 99 0 ;; esac  # a development build counts as new
[ "$1" -gt 1 ] || [ "$2" -ge 24 ] || fail "Go $1.$2 is too old: 1.24 or later is needed"
for c in gcc g++ ar sha256sum flock; do
  command -v "$c" >/dev/null || fail "$c is not installed (Debian/Ubuntu: apt-get install build-essential)"
done

# ---- where it is kept -----------------------------------------------------------
arch=$(uname -m)
[ "$(uname -s)" = Linux ] || [ -n "${LIBTORCH:-}" ] || fail "only Linux is set up automatically; point LIBTORCH at an unpacked libtorch $VERSION"
[ -n "${XDG_CACHE_HOME:-}${HOME:-}" ] || fail "neither XDG_CACHE_HOME nor HOME is set"
cache=${XDG_CACHE_HOME:-$HOME/.cache}/fig5
mkdir -p "$cache" 2>/dev/null || fail "$cache cannot be made"
# wheel: sha256, platform tag, pip requirement
case "$arch" in
  x86_64)
    plat=manylinux1_x86_64
    wheels="2224622407ca52611cbc5b628106fde22ed8e679031f5a99ce286629fc696128 torch==2.1.0
e54fde3983165c624cb79254ae9818a456eb6e87a7fd4d56a2352c24ee542d7e nvidia-cuda-cupti-cu12==12.1.105
6e258468ddf5796e25f1dc591a31029fa317d97a0a94ed93468fc86301d61e40 nvidia-cuda-runtime-cu12==12.1.105" ;;
  aarch64)
    plat=manylinux2014_aarch64
    wheels="8132efb782cd181cc2dcca5e58effbe4217cdb2581206ac71466d535bf778867 torch==2.1.0" ;;
  *) plat=; wheels= ;;
esac

# unpack WHEEL DIR: the parts of a wheel that are kept, in the wheel's own layout.
unpack() {
  python3 - "$1" "$2" <<'PY' || return 1
import sys, zipfile, os, shutil
wheel, dest = sys.argv[1:]
keep_lib = ("libtorch_cpu.so", "libc10.so", "libgomp")
def keep(n):
    base = os.path.basename(n)
    if n.startswith("torch/include/"): return True
    if n.startswith("torch/lib/"): return base.startswith(keep_lib)
    if n.startswith("torch.libs/"): return True          # the aarch64 wheel's own OpenBLAS and libgomp
    if n.startswith("nvidia/cuda_cupti/lib/libcupti.so"): return True
    if n.startswith("nvidia/cuda_runtime/lib/libcudart.so"): return True
    return False
try:
    with zipfile.ZipFile(wheel) as z:
        for i in z.infolist():
            if i.is_dir() or not keep(i.filename): continue
            out = os.path.join(dest, i.filename)
            if not os.path.realpath(out).startswith(os.path.realpath(dest) + os.sep):
                sys.exit("a path in the wheel leaves its folder: " + i.filename)
            os.makedirs(os.path.dirname(out), exist_ok=True)
            with z.open(i) as a, open(out, "wb") as b: shutil.copyfileobj(a, b, 1 << 20)
except OSError as e:
    sys.exit("%s" % e)
PY
}

fetch() { # into $1, which is then complete
  local dest=$1 tmp need have
  [ -n "$plat" ] || fail "no libtorch $VERSION wheel is known for $arch; point LIBTORCH at an unpacked one"
  command -v python3 >/dev/null || fail "python3 is not installed (Debian/Ubuntu: apt-get install python3 python3-pip)"
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
  mkdir -p "$tmp/wheels" "$tmp/tree"
  say "fetching libtorch $VERSION for $arch (once, about a minute)"
  echo "$wheels" | while read -r sum req; do
    python3 -m pip download --quiet --disable-pip-version-check --no-cache-dir --no-deps --only-binary=:all: \
      --python-version 3.11 --implementation cp --abi cp311 --platform "$plat" -d "$tmp/wheels" "$req" >&2 \
      || fail "pip could not fetch $req (network? disk?); nothing was changed, run it again"
    w=$(ls -t "$tmp"/wheels/*.whl | head -n 1)
    got=$(sha256sum "$w" | cut -d' ' -f1)
    [ "$got" = "$sum" ] || fail "$req: sha256 is $got, expected $sum: not used"
    say "unpacking $req"
    unpack "$w" "$tmp/tree" || fail "$req could not be unpacked (disk full?); nothing was changed, run it again"
    rm -f "$w"
  done || exit 2
  [ -f "$tmp/tree/torch/lib/libtorch_cpu.so" ] || fail "the wheel holds no libtorch_cpu.so"
  rm -rf "$dest"
  mv -T "$tmp/tree" "$dest" || fail "$dest cannot be made"
  rm -rf "$tmp"; trap - EXIT INT TERM HUP
  exec 9>&-
}

if [ -n "${LIBTORCH:-}" ]; then
  root=$(cd "$LIBTORCH" 2>/dev/null && pwd) || fail "LIBTORCH=$LIBTORCH is not a folder"
  [ -f "$root/lib/libtorch_cpu.so" ] || fail "LIBTORCH=$LIBTORCH holds no lib/libtorch_cpu.so: it should be an unpacked libtorch $VERSION"
  found=$(cat "$root/build-version" 2>/dev/null || sed -nE "s/^__version__ *= *'([^']*)'.*/\1/p" "$root/version.py" 2>/dev/null || true)
  case "$found" in ""|$VERSION*) ;; *) fail "LIBTORCH=$LIBTORCH is libtorch $found; gotch v0.9.1 needs $VERSION" ;; esac
  link=$cache/link-$(printf %s "$root" | sha256sum | cut -c1-12)
else
  tree=$cache/libtorch-$VERSION-$arch
  [ -f "$tree/torch/lib/libtorch_cpu.so" ] || fetch "$tree"
  root=$tree/torch
  link=$cache/link-$VERSION-$arch
fi
[ -d "$root/include/torch/csrc/api/include" ] || fail "$root/include: the headers of libtorch are missing"

# ---- the link folder: what gotch's linker flags name and a CPU does not have ------
libs=$root/lib
rpath="-Wl,-rpath,$libs"
for d in "$root"/../nvidia/*/lib "$root"/../torch.libs; do
  [ -d "$d" ] && d=$(cd "$d" && pwd) && rpath="$rpath -Wl,-rpath,$d -Wl,-rpath-link,$d"
done
if [ ! -f "$link/.whole" ]; then
  tmp=$(mktemp -d "$cache/.link.XXXXXX") || fail "$cache cannot be written"
  for n in cuda cudart cublas cudnn caffe2_nvrtc nvrtc-builtins nvrtc nvToolsExt c10_cuda torch_cuda; do ar crs "$tmp/lib$n.a"; done
  echo 'INPUT(-ltorch_cpu -lc10)' > "$tmp/libtorch.so"
  touch "$tmp/.whole"
  mv -T "$tmp" "$link" 2>/dev/null || rm -rf "$tmp"
fi

# ---- the C++ ABI, read off the library --------------------------------------------
abi=0
if grep -q -a -m1 '_ZN3c106detail14torchCheckFailEPKcS2_jRKNSt7__cxx1112basic_string' "$libs/libc10.so"; then abi=1; fi

cat <<EOF
export FIG5_LIBTORCH='$root'
export CGO_ENABLED=1
export CGO_CXXFLAGS='-O2 -g0 -D_GLIBCXX_USE_CXX11_ABI=$abi -I$root/include -I$root/include/torch/csrc/api/include'
export CGO_CFLAGS='-O2 -g0'
export CGO_LDFLAGS='-L$link -L$libs $rpath'
export CGO_LDFLAGS_ALLOW='.*'
EOF
