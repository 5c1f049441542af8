"""How long a whole `gradcheck FILE` takes, against a process that only imports NumPy.

    python benchmarks/start_up.py [--pairs 21]

Both are timed in turn, as whole processes, with a warm cache; the ratio is taken pair by pair, so that it holds when
the machine's speed drifts. Target: at most 4 times the bare import, aim 3.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import time
from pathlib import Path

SOLUTION = Path(__file__).resolve().parents[1] / "exercises" / "softmax_regression" / "solution.py"
CHECK = [sys.executable, "-m", "gradcheck", str(SOLUTION), "--quiet"]
IMPORT = [sys.executable, "-c", "import numpy"]


def seconds(command: list[str]) -> float:
    """Wall time of a whole process."""
    started = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - started


def main() -> None:
    """Time the pairs and print medians and quartiles."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=21)
    pairs = parser.parse_args().pairs
    seconds(CHECK)  # fills the cache
    times = [(seconds(CHECK), seconds(IMPORT)) for _ in range(pairs)]
    ratios = [check / bare for check, bare in times]
    low, median, high = statistics.quantiles(ratios, n=4)
    print(f"gradcheck FILE   {1000 * statistics.median(check for check, _ in times):6.0f} ms")
    print(f"import numpy     {1000 * statistics.median(bare for _, bare in times):6.0f} ms")
    print(f"ratio            {median:6.2f}    quartiles {low:.2f} to {high:.2f}, {pairs} pairs    target 4, aim 3")


if __name__ == "__main__":
    main()
