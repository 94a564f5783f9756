#!/usr/bin/env bash
# Makes a libtorch ready for gotch and prints, on stdout, the shell assignments (CGO_*,
# GOFLAGS) that `make` builds with. Progress and errors go to stderr.
#
# 1. libtorch, in this order: LIBTORCH=python is the PyTorch of the python3 in use,
#    LIBTORCH=/path a libtorch or the folder torch of a PyTorch, 2.1 or later; else 2.1.0
#    out of the cache, ${XDG_CACHE_HOME:-~/.cache}/fig5/libtorch-2.1.0-<arch>, where it is
#    put from its PyPI wheel by sha256: the headers and the CPU libraries alone.
# 2. gotch v0.9.1 is generated for libtorch 2.1.0. A copy of what this project calls of it
#    (scripts/gotch.py) is made in the cache, and a workspace that names it.
# 3. Its C++ is compiled into an archive in the cache, by the C++ standard and the ABI that
#    are read off the libtorch; during the download, as soon as the headers are there.
#
# Every step works on a temporary folder that is renamed when whole, so an interrupted
# set-up leaves nothing half-done. Exit 2 and one line on a failure. docs/libtorch.md has more.
set -euo pipefail

VERSION=2.1.0
top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
case "${LIBTORCH:-}" in "" | python | /*) ;; *) LIBTORCH=$PWD/$LIBTORCH ;; esac
cd "$top"
fail() { echo "scripts/libtorch.sh: $*" >&2; exit 2; }
say()  { echo "libtorch: $*" >&2; }

# ---- what the build needs -------------------------------------------------------
command -v go >/dev/null || fail "Go is not installed (1.24 or later is needed)"
gov=$(go env GOVERSION 2>/dev/null | sed -E 's/^go([0-9]+)\.([0-9]+).*/\1 \2/')
case "$gov" in [0-9]*\ [0-9]*) set -- $gov ;; *) set -- 99 0 ;; esac  # a development build counts as new
[ "$1" -gt 1 ] || [ "$2" -ge 24 ] || fail "Go $1.$2 is too old: 1.24 or later is needed"
for c in gcc g++ ar python3 sha256sum flock; do
  command -v "$c" >/dev/null || fail "$c is not installed (Debian/Ubuntu: apt-get install build-essential python3)"
done

# ---- where it is kept -----------------------------------------------------------
arch=$(uname -m)
[ "$(uname -s)" = Linux ] || [ -n "${LIBTORCH:-}" ] || fail "only Linux is set up automatically; point LIBTORCH at an unpacked libtorch"
[ -n "${XDG_CACHE_HOME:-}${HOME:-}" ] || fail "neither XDG_CACHE_HOME nor HOME is set"
cache=${XDG_CACHE_HOME:-$HOME/.cache}/fig5
mkdir -p "$cache" 2>/dev/null || fail "$cache cannot be made"
# the wheels, as pip requires them, and their C++ ABI where it is known
abi=
case "$arch" in
  x86_64)
    plat=manylinux1_x86_64 abi=0
    wheels="torch==2.1.0 --hash=sha256:2224622407ca52611cbc5b628106fde22ed8e679031f5a99ce286629fc696128
nvidia-cuda-cupti-cu12==12.1.105 --hash=sha256:e54fde3983165c624cb79254ae9818a456eb6e87a7fd4d56a2352c24ee542d7e
nvidia-cuda-runtime-cu12==12.1.105 --hash=sha256:6e258468ddf5796e25f1dc591a31029fa317d97a0a94ed93468fc86301d61e40" ;;
  aarch64)
    plat=manylinux2014_aarch64
    wheels="torch==2.1.0 --hash=sha256:8132efb782cd181cc2dcca5e58effbe4217cdb2581206ac71466d535bf778867" ;;
  *) plat=; wheels= ;;
esac

# once DEST COMMAND...: makes the folder DEST by a command that fills the folder it is given.
once() {
  local dest=$1 tmp; shift
  [ ! -d "$dest" ] || return 0
  tmp=$(mktemp -d "$cache/.part.XXXXXX") || fail "$cache cannot be written"
  "$@" "$tmp" || { rm -rf "$tmp"; return 1; }
  mv -T "$tmp" "$dest" 2>/dev/null || rm -rf "$tmp"  # another was faster
}
key() { cat "$@" | sha256sum | cut -c1-12; }

# ---- gotch: a copy of what is called, a workspace that names it, its C++ compiled -----------
gotch() {
  local err
  err=$(go mod download github.com/sugarme/gotch 2>&1) || fail "go mod download github.com/sugarme/gotch: $(tail -n 1 <<<"$err")"
  copy=$cache/gotch-$(grep -rhoE --include='*.go' 'libtch\.[A-Za-z]\w*' bench fid scripts | LC_ALL=C sort -u | key - scripts/gotch.py)
  once "$copy" python3 scripts/gotch.py "$(go list -m -f '{{.Dir}}' github.com/sugarme/gotch)" || fail "$copy cannot be made"
  work=$cache/work-$(echo "$PWD $copy" | key - go.mod)
  once "$work" workspace || fail "$work cannot be made"
}
workspace() { # a workspace, since go/packages takes no -modfile
  printf '%s\n\nuse "%s"\n\nreplace github.com/sugarme/gotch => "%s"\n' "$(grep '^go ' go.mod)" "$PWD" "$copy" > "$1/go.work"
}

# flags ROOT: how C++ is compiled against a libtorch, with its ABI in $abi.
flags() {
  standard=$(sed -nE 's/^#error C\+\+([0-9]+) or later.*/\1/p' "$1/include/ATen/ATen.h" | head -n 1)
  cxxflags="-std=c++${standard:=17} -O2 -g0 -w -D_GLIBCXX_USE_CXX11_ABI=$abi -I$1/include -I$1/include/torch/csrc/api/include"
}
compile() { # ROOT DEST
  flags "$1"
  say "compiling gotch's C++ against it (once, some 15 seconds of a core)"
  g++ $cxxflags -fPIC -c "$copy/torch_api.cpp" -o "$2/torch_api.o" 2> "$cache/.errors" && ar crs "$2/libgotch.a" "$2/torch_api.o" && rm "$2/torch_api.o"
}
archive() { echo "$cache/cxx-$(g++ --version | cat - "$copy/libtch/torch_api.h" "$copy/torch_api.cpp" | key - <(echo "$1 $2"))"; } # ROOT VERSION

fetch() { # into $1, which is then complete
  local dest=$1 tmp need have fetching quiet=--quiet
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
  trap 'kill ${fetching:-} 2>/dev/null; exit 130' INT TERM HUP
  say "fetching libtorch $VERSION for $arch, 670 MB, and unpacking it as it comes (once)"
  echo "$wheels" > "$tmp/wheels.txt"
  [ ! -t 2 ] || quiet=  # pip shows how far it is
  gotch
  python3 scripts/fetch.py "$tmp" $quiet --disable-pip-version-check --no-cache-dir --no-deps --only-binary=:all: --require-hashes \
    --python-version 3.11 --implementation cp --abi cp311 --platform "$plat" -r "$tmp/wheels.txt" >&2 & fetching=$!
  while [ ! -e "$tmp/headers" ] && kill -0 $fetching 2>/dev/null; do sleep 0.1; done
  if [ -e "$tmp/headers" ] && [ -n "$abi" ]; then  # if it fails, it is tried again with the whole
    mkdir "$tmp/cxx"
    compile "$tmp/tree/torch" "$tmp/cxx" || rm -rf "$tmp/cxx"
  fi
  wait $fetching || fail "libtorch could not be fetched (network? disk? the lines above say); nothing was changed, run it again"
  [ -f "$tmp/tree/torch/lib/libtorch_cpu.so" ] || fail "the wheel holds no libtorch_cpu.so"
  rm -rf "$dest"
  mv -T "$tmp/tree" "$dest" || fail "$dest cannot be made"
  [ ! -d "$tmp/cxx" ] || mv -T "$tmp/cxx" "$(archive "$dest/torch" $VERSION)" 2>/dev/null || :
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
  *) [ -d "$LIBTORCH" ] && root=$LIBTORCH || fail "$what is not a folder" ;;
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

# ---- what the build is told -----------------------------------------------------------
abi=0
if grep -q -a -m1 '_ZN3c106detail14torchCheckFailEPKcS2_jRKNSt7__cxx1112basic_string' "$libs/libc10.so"; then abi=1; fi
flags "$root"
echo 'int main() {}' | g++ "-std=c++$standard" -fsyntax-only -x c++ - 2>/dev/null || fail "libtorch $version needs C++$standard, which $(g++ --version | head -n 1) cannot compile: install a newer g++"
gotch
cxx=$(archive "$root" "$version")
once "$cxx" compile "$root" || fail "gotch's C++ cannot be compiled against libtorch $version: $(grep -m1 error "$cache/.errors")"
rpath="-Wl,-rpath,$libs"
for d in "$root"/../nvidia/*/lib "$root"/../torch.libs; do
  [ -d "$d" ] && d=$(cd "$d" && pwd) && rpath="$rpath -Wl,-rpath,$d -Wl,-rpath-link,$d"
done

cat <<EOF
export GOWORK='$work/go.work'
export CGO_ENABLED=1
export CGO_CXXFLAGS='$cxxflags'
export CGO_CFLAGS='-O2 -g0'
export CGO_LDFLAGS='-L$cxx -L$libs $rpath'
export CGO_LDFLAGS_ALLOW='.*'
EOF
