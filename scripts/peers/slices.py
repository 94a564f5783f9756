"""The protocol of the programs that `make bench` measures side by side.

A program trains for a moment, so that everything is compiled and warm, prints a JSON line that
says what it is, and then waits on stdin. For every line "go SECONDS" it trains for that long and
prints how many iterations it made and in what time; it ends with its input."""
import json
import sys
import time


def serve(what, work, warm=1.0):
    """work makes some iterations and returns how many."""

    def slice_of(seconds):
        began, made = time.perf_counter(), 0
        while True:
            made += work()
            if (took := time.perf_counter() - began) >= seconds:
                return {"iterations": made, "seconds": took}

    slice_of(0)  # compiles
    slice_of(warm)
    print(json.dumps(what), flush=True)
    for line in sys.stdin:
        print(json.dumps(slice_of(float(line.split()[1]))), flush=True)
