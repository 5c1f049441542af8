"""One case of a reading at one set of sizes: what goes in, what was measured, and the verdict on what came back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from checkers.binding import Binding
from checkers.comparison import LOW_PRECISION, Comparison, compare
from checkers.compiled_exercise import Case as ModelCase
from checkers.returned import Returned
from checkers.task_check import Judged, Probe
from checkers.tasks import Argument, Output, Task

from .claims import Assignment, as_array, squeezed
from .harness import GRADIENT
from .measure import Measured

AnyArray = NDArray[Any]

VALUE = "value"
"""The output that stands for what is differentiated: an edit that changes it has changed another function."""


def empty_case(label: str, sizes: tuple[Mapping[str, int], ...]) -> ModelCase:
    """A case without a model: nothing is derived."""
    return ModelCase(label, sizes, (), "", (), (), (), (), ())


@dataclass(frozen=True)
class MeasuredProbe(Probe):
    """A probe whose right values are finite differences of the student's own function.

    Attributes:
        measured: derivatives by the name of the input.
        assignment: where each gradient stands in what is returned.
        factors: of a convention: input -> what its gradient is expected to be multiplied by.
        value: of the function itself.
        regularisation: the strength that the case has.
    """

    measured: Mapping[str, Measured] = field(default_factory=dict)
    assignment: Assignment = field(default_factory=dict)
    factors: Mapping[str, float] = field(default_factory=dict)
    value: AnyArray | None = None
    regularisation: float = 0.0

    def expected(self, output: Output) -> AnyArray:
        """The derivative, 0 where it was not measured."""
        if output.name == VALUE:
            return np.zeros(()) if self.value is None else self.value
        found = self.measured[output.of]
        return np.nan_to_num(found.value) * self.factors.get(output.of, 1.0)

    @property
    def is_measured(self) -> bool:
        """Was something measured of each derivative?"""
        return all(bool(np.any(np.isfinite(found.error))) for found in self.measured.values())

    def judged(self, value: Any) -> tuple[Judged, ...]:
        """Every output of one call, compared."""
        if not (isinstance(value, (tuple, list)) and len(value) == 2):
            return ()
        result, returned = value
        return tuple(
            self._judge(output, result if output.name == VALUE else self._claimed(output, returned))
            for output in self.task.outputs
        )

    def _claimed(self, output: Output, returned: Any) -> Any:
        claim = self.assignment.get(output.of)
        return None if claim is None else claim.array_in(returned)

    def _judge(self, output: Output, item: Any) -> Judged:
        array = as_array(item)
        expected = self.expected(output)
        if array is None:
            problem = "is None" if item is None else "is no array of numbers"
            return Judged(output, Returned(problem=problem), expected, None)
        returned = Returned(array, is_integer=array.dtype.kind in "biu", is_single=array.dtype == np.float32)
        numbers = array.astype(float)
        if output.name != VALUE and self._is_for_every_entry(numbers, expected):
            numbers = np.full(expected.shape, float(numbers))
            return Judged(output, returned, expected, compare(numbers, expected, self._slack(output)), True)
        if array.shape != expected.shape and squeezed(array.shape) != squeezed(expected.shape):
            return Judged(output, returned, expected, None)
        numbers = numbers.reshape(expected.shape)
        is_reshaped = array.shape != expected.shape
        if output.name == VALUE:
            return Judged(output, returned, expected, compare(numbers, expected), is_reshaped)
        found, slack = self.measured[output.of], self._slack(output)
        comparison = compare(np.where(np.isfinite(found.error), numbers, expected), expected, slack)
        if not comparison.is_right and _is_rounded(comparison, slack):
            comparison = replace(comparison, is_low_precision=True)
        if comparison.is_right and not self._is_right_along(found, numbers):
            comparison = replace(comparison, wrong=np.isinf(found.error), is_low_precision=False)
        return Judged(output, returned, expected, comparison, is_reshaped)

    def _slack(self, output: Output) -> AnyArray:
        """How far each entry of what was measured may be off."""
        found = self.measured[output.of]
        return np.asarray(abs(self.factors.get(output.of, 1.0)) * (found.error + SPARE * found.largest))

    def _is_for_every_entry(self, numbers: AnyArray, expected: AnyArray) -> bool:
        """Is a single number the derivative at every entry of an activation, as 1 is that of the identity?"""
        is_entrywise = self.value is not None and self.value.shape == expected.shape and expected.size > 1
        return is_entrywise and not numbers.ndim and bool(np.allclose(expected, numbers, rtol=1e-6, atol=0.0))

    def _is_right_along(self, found: Measured, numbers: AnyArray) -> bool:
        """Do the entries that were not measured one by one agree along the directions?

        They may be as far off as those that were measured and found right: an epsilon in a logarithm moves all.
        """
        known = np.isfinite(found.error)
        off = float(np.max(np.abs(numbers - found.value)[known], initial=0.0))
        for direction, slope, error in found.directions:
            terms = numbers * direction
            spare = 1e-6 * float(np.abs(terms).max()) + ALL_OFF * off * np.sqrt(terms.size)
            if abs(float(terms.sum()) - slope) > 10 * error + spare + 1e-7 * abs(slope):
                return False
        return True


def _is_rounded(comparison: Comparison, slack: AnyArray) -> bool:
    """Is every entry right to five digits? A constant may be rounded so, as 2/3 of 1.7159 to 1.14393."""
    distance = np.abs(comparison.yours - comparison.expected)
    return bool(np.all(distance <= LOW_PRECISION * np.abs(comparison.expected) + slack))


# Finite differences of a function that sums in float64 are good to about 1e-10 of its largest derivative.
SPARE = 1e-9
# Errors of random signs add up as the square root of their number; those of a sample of entries are the smaller ones.
ALL_OFF = 10.0


def binding_of(task: Task) -> Binding:
    """How the harness is called with a probe's values."""
    return Binding(task.arguments, (), task.name, True)


def task_of(name: str, inputs: tuple[str, ...], outputs: tuple[Output, ...], has_upstream: bool) -> Task:
    """A unit as a task: its harness takes the part, the case, the inputs as a dict, and the upstream gradient."""
    arguments = [
        Argument("part", literal=GRADIENT),
        Argument("case", array="case#"),
        Argument("_v", members=tuple(Argument(one, array=one) for one in inputs)),
    ]
    if has_upstream:
        arguments.append(Argument("_u", array="upstream#"))
    return Task(name, tuple(arguments), outputs)
