#!/usr/bin/env python3
"""Makes a copy of gotch's C layer, libtch, of what this project calls.

    scripts/gotch.py GOTCH DEST

GOTCH is the folder of the gotch module, DEST that of the copy, a module of the same name. Of the
2600 functions of libtch this project calls fifty: they take a third of the time to compile, and
libtorch has them in every version from 2.1 on, whatever became of the others. What is called is
read off the Go files here; what those functions call in turn, off gotch's. The C++ of the copy,
torch_api.cpp, is compiled by scripts/libtorch.sh into libgotch.a."""
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# Definitions at the margin, with the comment before them; they end with a brace at the margin,
# those of C++ also on the line they begin on.
GO = re.compile(r"(?:^//.*\n)*^func (?:\([^)]*\) )?(\w+)\([\s\S]*?^}\n", re.M)
CXX = re.compile(r"^(?:template <.*>\n)?[a-zA-Z][\w:<>, *\n]*?[ *](\w+)\([^;{}]*\) {(?:.*}\n|[\s\S]*?^}\n)", re.M)
DECLARATION = re.compile(r"^\w+ \**(\w+)\([^;{}]*\);.*\n", re.M)
# torch/torch.h takes 15 seconds to read, these take 8.
HEADERS = """#include <ATen/Functions.h>
#include <torch/csrc/autograd/grad_mode.h>
#include <torch/csrc/jit/api/module.h>
#include <torch/csrc/jit/runtime/graph_executor.h>
#include <torch/csrc/jit/serialization/import.h>
namespace torch { using namespace at; }
"""


def bodies(pattern, texts):
    return {m[1]: m[0] for text in texts for m in pattern.finditer(text)}


def reached(functions, words):
    """The names of functions that words lead to."""
    found, todo = set(), set(words) & functions.keys()
    while todo:
        found |= todo
        todo = {w for name in todo for w in re.findall(r"\w+", functions[name])} & functions.keys() - found
    return found


def without(pattern, text, keep):
    return pattern.sub(lambda m: m[0] if m[1] in keep else "", text)


def go_part(source, dest):
    """Writes the Go files; gives the C functions that they call."""
    files = {p.name: p.read_text() for p in source.glob("*.go")}
    functions = bodies(GO, files.values())
    words = {"init"}
    for text in files.values():
        words |= set(re.findall(r"\w+", re.sub(r"//.*|/\*[\s\S]*?\*/", "", GO.sub("", text))))
    for p in (p for folder in ("bench", "fid", "scripts") for p in (ROOT / folder).rglob("*.go")):
        words |= set(re.findall(r"\blibtch\.(\w+)", p.read_text()))
    keep = reached(functions, words)
    for name, text in files.items():
        text = without(GO, text, keep)
        for path in re.findall(r'^\t"([\w/]+)"\n', text, re.M):
            if not re.search(rf"\b{path.split('/')[-1]}\.", text):
                text = text.replace(f'\t"{path}"\n', "")
        if not re.search(r"\bunsafe\.", text):
            text = text.replace('import "unsafe"\n', "")
        if re.search(r"^(func|type|var) ", text, re.M):
            (dest / name).write_text(text)
    return set(re.findall(r"\bC\.(\w+)", "".join(functions[name] for name in keep)))


def main(gotch, dest):
    source, dest = Path(gotch) / "libtch", Path(dest)
    (dest / "libtch").mkdir(parents=True)
    (dest / "go.mod").write_text((Path(gotch) / "go.mod").read_text())
    dest /= "libtch"
    called = go_part(source, dest)
    (dest / "lib.go").write_text('package libtch\n\n// #cgo LDFLAGS: -lgotch -ltorch_cpu -lc10 -lstdc++\nimport "C"\n')

    functions = bodies(CXX, [(source / name).read_text() for name in ("torch_api.cpp", "torch_api_generated.cpp.h")])
    keep = reached(functions, called)
    if lost := {name for name in called if re.match("at|get_", name)} - keep:
        sys.exit(f"{gotch}: {', '.join(sorted(lost))}: not found in its C++ files")
    (dest.parent / "torch_api.cpp").write_text('#include "libtch/torch_api.h"\n' + "".join(functions[name] for name in functions if name in keep))
    header = (source / "torch_api.h").read_text().replace("#include <torch/torch.h>\n", HEADERS)
    header = re.sub(r"^typedef torch::optim.*\n", "", header, flags=re.M)
    for name, text in (("torch_api.h", header), ("torch_api_generated.h", (source / "torch_api_generated.h").read_text())):
        (dest / name).write_text(without(DECLARATION, text, keep))


if __name__ == "__main__":
    main(*sys.argv[1:])
