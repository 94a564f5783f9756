#!/usr/bin/env python3
"""Downloads wheels with pip and unpacks what is kept of libtorch while they come.

    scripts/fetch.py WORK PIP-ARGUMENT...

WORK/tree gets the files, in the layout of the wheels; WORK/headers appears once those under
torch/include are there. pip checks the wheels' hashes. What was unpacked of a wheel before it was
whole is checked by its table of contents, and unpacked again where it is not the same."""
import os
import re
import shutil
import struct
import subprocess
import sys
import threading
import time
import zipfile
import zlib
from pathlib import Path

KEPT = re.compile(r"""torch/include/ | torch/lib/(libtorch_cpu\.so|libc10\.so|libgomp) |
    torch\.libs/ |  # the aarch64 wheel's own OpenBLAS and libgomp
    nvidia/(cuda_cupti/lib/libcupti\.so|cuda_runtime/lib/libcudart\.so)""", re.X)
HEADERS = "torch/include/"


def place(tree, name):
    """Where a file of a wheel goes; None where it is not kept."""
    if not KEPT.match(name) or name.endswith("/"):
        return None
    out = tree / name
    if not os.path.realpath(out).startswith(os.path.realpath(tree) + os.sep):
        sys.exit("a path in the wheel leaves its folder: " + name)
    out.parent.mkdir(parents=True, exist_ok=True)
    return out


class Ahead(threading.Thread):
    """Reads the wheel of torch as pip writes it, one file after the other; done has the size and
    the checksum of what it has unpacked. It stops at whatever it does not know."""

    def __init__(self, work):
        super().__init__(daemon=True)
        self.work, self.done, self.over, self.at = work, {}, False, 0

    def read(self, n):
        while os.fstat(self.file.fileno()).st_size < self.at + n:
            if self.over:
                raise EOFError
            time.sleep(0.05)
        self.file.seek(self.at)
        self.at += n
        return self.file.read(n)

    def run(self):
        try:
            while not (found := list((self.work / "tmp").rglob("torch-*.whl"))):
                if self.over:
                    return
                time.sleep(0.05)
            with open(found[0], "rb") as self.file:
                while self.member():
                    pass
        except (OSError, EOFError, struct.error, zlib.error):
            pass  # unpacked when the wheel is whole

    def member(self):
        sign, flags, method, packed, names, extra = struct.unpack("<4s2xHH8xI4xHH", self.read(30))
        if sign != b"PK\x03\x04" or flags & 9 or method not in (0, 8) or packed == 0xFFFFFFFF:
            return False
        name = self.read(names + extra)[:names].decode()
        if self.done and not name.startswith(HEADERS):
            (self.work / "headers").touch()
        out = place(self.work / "tree", name)
        if out is None:
            self.at += packed
            return True
        inflate = zlib.decompressobj(-15).decompress if method else bytes
        size = crc = 0
        with open(out, "wb") as f:
            while packed:
                chunk = inflate(self.read(n := min(packed, 1 << 20)))
                packed, size, crc = packed - n, size + len(chunk), zlib.crc32(chunk, crc)
                f.write(chunk)
        self.done[name] = size, crc
        return True


def main(work, *pip):
    work = Path(work)
    for name in ("tmp", "tree"):
        (work / name).mkdir()
    ahead = Ahead(work)
    ahead.start()
    command = [sys.executable, "-m", "pip", "download", "-d", str(work / "wheels"), *pip]
    failed = subprocess.run(command, stdout=sys.stderr, env=os.environ | {"TMPDIR": str(work / "tmp")}).returncode
    ahead.over = True
    ahead.join()
    if failed:
        sys.exit(failed)
    try:
        for wheel in sorted((work / "wheels").glob("*.whl")):
            with zipfile.ZipFile(wheel) as z:
                for i in z.infolist():
                    out = place(work / "tree", i.filename)
                    if out and ahead.done.get(i.filename) != (i.file_size, i.CRC):
                        with z.open(i) as a, open(out, "wb") as b:
                            shutil.copyfileobj(a, b, 1 << 20)
    except (OSError, zipfile.BadZipFile) as e:
        sys.exit(f"{e}")


if __name__ == "__main__":
    main(*sys.argv[1:])
