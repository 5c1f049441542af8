"""What it costs to derive a model and to prove the derivation: CPU time after import, medians of fresh processes.

    python benchmarks/derive.py [--samples 15]

Cold: the first derivation in a process, when SymPy's caches and ours are empty, as `gradcheck derive` meets them.
Warm: the median of ten more in the same process. Proofs are timed apart from the derivation. SymPy imports its tensor
module when the first two terms are added; that import is counted as one, on a line of its own.
"""
# ruff: noqa: PLC0415 -- the parent process never imports SymPy; a sample's time begins after its imports

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from statistics import median, quantiles

# Model, options, and the most milliseconds its derivation may take; a proof may take three times that.
MODELS: dict[str, tuple[str, dict[str, object], float]] = {
    "linear regression": ("linear-regression", {}, 50),
    "softmax regression": ("softmax-regression", {}, 50),
    "softmax regression through y_hat": ("softmax-regression", {"route": "y-hat"}, 50),
    "three-layer MLP": ("mlp", {"layers": [4, 5, 6, 3]}, 150),
    "three-layer MLP, sigmoid, L2": ("mlp", {"layers": [4, 5, 6, 3], "activation": "sigmoid", "l2": "full"}, 150),
}
PROOF_FACTOR = 3
WARM_RUNS = 10


def sample(label: str) -> dict[str, float]:
    """Milliseconds of CPU of one process: derivation and proof, cold and warm."""
    from derivations.chain_rule import sweep
    from derivations.models import MODELS as BUILDERS
    from derivations.proof import prove

    name, options, _ = MODELS[label]
    if "layers" in options:
        options = {**options, "layers": tuple(options["layers"])}  # type: ignore[arg-type]

    def once(seed: int) -> tuple[float, float]:
        start = time.process_time()
        derivation = sweep(BUILDERS[name].build(**options))
        derived = time.process_time()
        prove(derivation, seed)
        return 1000 * (derived - start), 1000 * (time.process_time() - derived)

    start = time.process_time()
    import sympy.tensor.tensor  # noqa: F401

    late_import = 1000 * (time.process_time() - start)
    cold = once(0)
    warm = [once(seed) for seed in range(1, WARM_RUNS + 1)]
    return {
        "late import": late_import,
        "derive": cold[0],
        "prove": cold[1],
        "derive warm": median(derived for derived, _ in warm),
        "prove warm": median(proved for _, proved in warm),
    }


def fresh_samples(label: str, count: int) -> list[dict[str, float]]:
    """Samples of as many processes, one after the other."""
    command = [sys.executable, __file__, "--sample", label]
    return [json.loads(subprocess.run(command, check=True, capture_output=True).stdout) for _ in range(count)]


def report(count: int) -> bool:
    """Print the table; true when every target is met."""
    print(f"CPU milliseconds, medians of {count} fresh processes (quartiles); warm: {WARM_RUNS} runs more in each.\n")
    print(f"{'model':34} {'':8} {'cold':>20} {'target':>7} {'ratio':>6}   {'warm':>6}")
    is_met, late_imports = True, []
    for label, (_, _, limit) in MODELS.items():
        samples = fresh_samples(label, count)
        late_imports += [one["late import"] for one in samples]
        for what, target in (("derive", limit), ("prove", PROOF_FACTOR * limit)):
            low, middle, high = quantiles((one[what] for one in samples), n=4)
            warm = median(one[f"{what} warm"] for one in samples)
            spread = f"{middle:.1f} ({low:.1f}-{high:.1f})"
            is_met &= middle < target
            name = label if what == "derive" else ""
            print(f"{name:34} {what:8} {spread:>20} {target:7.0f} {middle / target:6.2f}   {warm:6.1f}")
    print(f"\nSymPy's late import, once in a process and in none of the above: {median(late_imports):.1f}")
    print("Every target is met." if is_met else "\nA target is missed.")
    return is_met


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--samples", type=int, default=15, help="processes for each model")
    parser.add_argument("--sample", choices=MODELS, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.sample:
        print(json.dumps(sample(options.sample)))
    elif not report(options.samples):
        sys.exit(1)


if __name__ == "__main__":
    main()
