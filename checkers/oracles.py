"""The three oracles of an exercise, and whether they agree: derivation, finite differences, reference MLP."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from . import finite_difference, reference_oracle
from .compiled_exercise import Case, LoadedExercise
from .errors import OracleError

AnyArray = NDArray[Any]

# Of the largest entry, or of 1 where that is less: what two correct ways to compute a gradient may differ by.
AGREEMENT = 1e-9


def measured(loaded: LoadedExercise, case: Case, values: Mapping[str, AnyArray]) -> dict[str, AnyArray]:
    """Every derivative of the case, measured by finite differences of the compiled loss."""
    found = {}
    for slope in case.slopes:
        function = loaded.slope_function(slope, values)
        with np.errstate(all="ignore"):
            found[slope.quantity] = finite_difference.jacobian(function, values[slope.wrt]).value
    return found


def by_reference(case: Case, values: Mapping[str, AnyArray]) -> dict[str, AnyArray]:
    """The quantities that the reference MLP computes; none where it cannot express the model."""
    if case.network is None:
        return {}
    computed = reference_oracle.quantities(case.network, values)
    # It keeps one output as a column; the model may have a vector.
    return {
        name: array.reshape(np.shape(values[name]))
        for name, array in computed.items()
        if name in values and array.size == np.size(values[name])
    }


def agreement(loaded: LoadedExercise, seed: int = 0) -> dict[str, float]:
    """The largest difference between the oracles for each quantity, on both sets of sizes.

    Raises:
        OracleError: one differs by more than rounding; the text says which, and by how much.
    """
    worst: dict[str, float] = {}
    for case in loaded.exercise.cases:
        for sizes in case.sizes:
            values = loaded.probe(case, sizes, seed)
            for oracle, name, error in _differences(loaded, case, values):
                if not error <= AGREEMENT:
                    raise OracleError(
                        f"{loaded.exercise.id}, {case.label}: derivation and {oracle} disagree on {name} "
                        f"by {error:.1e}, where {AGREEMENT:.0e} of the largest entry could be rounding. "
                        f"Nothing is judged by either."
                    )
                key = f"{case.label}: {name}" if len(loaded.exercise.cases) > 1 else name
                worst[key] = max(worst.get(key, 0.0), error)
    return worst


def _differences(
    loaded: LoadedExercise, case: Case, values: Mapping[str, AnyArray]
) -> Iterator[tuple[str, str, float]]:
    for oracle, found in (
        ("finite differences", measured(loaded, case, values)),
        ("the reference MLP", by_reference(case, values)),
    ):
        for name, array in found.items():
            yield oracle, name, difference(array, values[name])


def difference(ours: AnyArray, theirs: AnyArray) -> float:
    """max|a - b| / max(1, max|b|); infinite when the shapes differ."""
    if np.shape(ours) != np.shape(theirs):
        return float("inf")
    return float(np.max(np.abs(ours - theirs), initial=0.0) / max(1.0, float(np.max(np.abs(theirs), initial=0.0))))
