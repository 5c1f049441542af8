"""Measuring one tensor's gradient: along directions when it is large, entry by entry when it is small.

A claim is refused only when estimates at three different steps bear it out, and accepted only when the error bar is
smaller than what the tolerance allows; all between is undecided.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from .central_difference import START_STEP, central_difference
from .complex_step import agrees, complex_step
from .estimate import EPS, Estimate, FloatArray, Limit, Line, Method
from .findings import Verdict
from .finite_difference import coordinate, start_step, unit_direction

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .objective import Objective

EVERY_ENTRY = 32  # up to this size every entry is measured: 64 calls by complex step, the price of a few directions
DIRECTIONS = 3  # the claimed gradient's own (which a wrong factor cannot miss) and two random ones
SPARE_DIRECTIONS = 3  # tried in place of those that cross a kink; three in a row do so less than once in 10,000
SAMPLED_ENTRIES = 2  # beside the largest one: three show whether all are wrong, and each costs as much as a direction
SMALL_ENTRY = 1e-5  # an entry this much smaller than the largest is measured to rtol of the latter times this
SINGLE_ACCURACY = 1e-5  # of the largest entry: right float32 code is off by 3e-7 to 5e-7 of it
GOAL = 0.1  # of the tolerance: an error bar this small leaves the verdict to the claim
COARSE = 1e4  # times eps: a loss summed in float64 is off by less, and one in float32 by more
SURE = 3.0  # times the largest disagreement of three estimates: beyond it they are not all off by luck
RESCALED = (0.37, 2.3)  # other steps for a second and third opinion; no powers of 2, so that rounding differs


@dataclass(frozen=True, slots=True)
class Measurement:
    """One directional derivative: what the gradient claims, and what was measured.

    Attributes:
        direction: of length 1.
        claimed: the sum of gradient times direction.
        estimate: the measurement.
        allowed: the difference that rtol allows.
        needed: the error bar must be below this to call the claim right.
        index: of the entry, when the direction is a coordinate.
    """

    direction: FloatArray
    claimed: float
    estimate: Estimate
    allowed: float
    needed: float
    index: tuple[int, ...] | None = None

    @property
    def measured(self) -> float:
        """The derivative measured."""
        return float(self.estimate.value)

    @property
    def error(self) -> float:
        """Its error bar."""
        return float(self.estimate.error)

    @property
    def difference(self) -> float:
        """Claimed minus measured."""
        return self.claimed - self.measured

    @property
    def verdict(self) -> Verdict:
        """Right, wrong or undecided."""
        if not np.isfinite(self.error):
            return Verdict.UNDECIDED
        if abs(self.difference) > self.error + self.allowed:
            return Verdict.WRONG
        both_nothing = self.claimed == 0 and self.measured == 0 and self.estimate.constant
        return Verdict.RIGHT if self.error <= self.needed or both_nothing else Verdict.UNDECIDED


class TensorProbe:
    """The gradient claimed for one tensor, held against measurements.

    >>> from checkers.objective import Objective
    >>> from checkers.parameter_tree import ParameterTree
    >>> tree = ParameterTree.of(np.ones(3), np.sum)
    >>> objective = Objective(lambda w: np.sum(w**2), tree, tree.tensors)
    >>> probe = TensorProbe(objective, 0, np.full(3, 2.0), 1e-6, np.random.default_rng(0))
    >>> probe.run()
    <Verdict.RIGHT: 'right'>
    """

    def __init__(
        self,
        objective: Objective,
        position: int,
        claimed: FloatArray,
        rtol: float,
        rng: np.random.Generator,
        *,
        single_precision: bool = False,
    ) -> None:
        self.objective, self.position, self.claimed, self.rtol, self.rng = objective, position, claimed, rtol, rng
        self.largest = float(np.max(np.abs(claimed), initial=0.0))
        # Of a direction of length 1; dividing first keeps the squares of very small entries from vanishing.
        self.typical = self.largest and self.largest * float(np.sqrt(np.mean((claimed / self.largest) ** 2)))
        self.rounding = SINGLE_ACCURACY * self.largest if single_precision else 0.0
        self.method = Method.CENTRAL
        self.refused = False
        self.measurements: list[Measurement] = []

    def run(self) -> Verdict:
        """Measure until the verdict is clear or no direction is left to try."""
        if not self.claimed.size:
            return self.verdict
        self.measurements.append(self._first())
        if self.claimed.size <= EVERY_ENTRY:
            self.measure_entries(np.ndindex(self.claimed.shape))
        else:
            self._measure_directions()
        return self.verdict

    @property
    def verdict(self) -> Verdict:
        """Wrong when one measurement refuses the claim; right when enough of them confirm it."""
        if any(measurement.verdict is Verdict.WRONG for measurement in self.measurements):
            return Verdict.WRONG
        entries = self.entries
        if not self.claimed.size:
            return Verdict.RIGHT
        if len(entries) == self.claimed.size:
            return Verdict.worst([entry.verdict for entry in entries])
        confirmed = sum(measurement.verdict is Verdict.RIGHT for measurement in self.directions)
        return Verdict.RIGHT if confirmed >= DIRECTIONS else Verdict.UNDECIDED

    @property
    def entries(self) -> list[Measurement]:
        """The measurements of one entry each."""
        return [measurement for measurement in self.measurements if measurement.index is not None]

    @property
    def directions(self) -> list[Measurement]:
        """The measurements of all entries together."""
        return [measurement for measurement in self.measurements if measurement.index is None]

    def measure_entries(self, indices: Iterable[tuple[int, ...]]) -> None:
        """Measure entries one by one."""
        known = {entry.index for entry in self.entries}
        for index in indices:
            if index not in known:
                self.measurements.append(self._measure(coordinate(self.claimed.shape, index), index))

    def locate(self) -> None:
        """Measure a few entries of a tensor that is wrong, and search one wrong entry by halving if those are right."""
        if len(self.entries) == self.claimed.size:
            return
        drawn = self.rng.choice(self.claimed.size, size=SAMPLED_ENTRIES, replace=False)
        self.measure_entries(self._index(int(flat)) for flat in (np.argmax(np.abs(self.claimed)), *drawn))
        if not any(entry.verdict is Verdict.WRONG for entry in self.entries):
            self.measure_entries([self._halved()])

    def _first(self) -> Measurement:
        """Along a random direction, by both methods: decides which one the tensor is measured with."""
        direction = unit_direction(self.claimed.shape, self.rng)
        line, step = self._line(direction)
        claimed = self._claim(direction)
        goal = GOAL * self.rtol * max(self.typical, abs(claimed))
        central = self._central(line, step, goal, claimed)
        exact = complex_step(line)
        if exact is not None and agrees(exact, central):
            self.method = Method.COMPLEX_STEP
            central = replace(exact, constant=central.constant, noise=central.noise)
        return self._judged(direction, central, None)

    def _measure_directions(self) -> None:
        if self.largest:
            scaled = self.claimed / self.largest
            self.measurements.append(self._measure(scaled / np.linalg.norm(scaled), None))
        for _ in range(DIRECTIONS + SPARE_DIRECTIONS - 1):
            if self.verdict is not Verdict.UNDECIDED:
                break
            self.measurements.append(self._measure(unit_direction(self.claimed.shape, self.rng), None))

    def _measure(self, direction: FloatArray, index: tuple[int, ...] | None) -> Measurement:
        return self._judged(direction, self._estimate(direction, 1.0), index)

    def _judged(self, direction: FloatArray, estimate: Estimate, index: tuple[int, ...] | None) -> Measurement:
        """The measurement; a refusal stands only when estimates at three steps bear it out.

        Their error bar together covers each of them and what they differ by. A refusal by complex step must be one by
        central difference too: what is not analytic in f may lie along this direction and have been missed so far.
        """
        measurement = self._measurement(direction, estimate, index)
        if measurement.verdict is not Verdict.WRONG or self.refused:
            return measurement
        if self.method is Method.COMPLEX_STEP:
            second = self._measurement(direction, self._estimate(direction, 1.0, Method.CENTRAL), index)
            if second.verdict is not Verdict.WRONG:
                return second
        opinions = [estimate, *(self._estimate(direction, scale) for scale in RESCALED)]
        values = [float(opinion.value) for opinion in opinions]
        error = SURE * max(max(values) - min(values), *(float(opinion.error) for opinion in opinions))
        if np.isfinite(error):
            measurement = self._measurement(direction, replace(estimate, error=np.asarray(error)), index)
        self.refused = measurement.verdict is Verdict.WRONG
        return measurement

    def _measurement(self, direction: FloatArray, estimate: Estimate, index: tuple[int, ...] | None) -> Measurement:
        claimed = self._claim(direction)
        size = max(abs(claimed), abs(float(estimate.value)))
        needed = self.rtol * max(size, self.typical)
        allowed = needed if index is None else self.rtol * (size + SMALL_ENTRY * self.largest)
        return Measurement(direction, claimed, estimate, allowed + self.rounding, needed + self.rounding, index)

    def _estimate(self, direction: FloatArray, scale: float, method: Method | None = None) -> Estimate:
        line, step = self._line(direction)
        wanted = method or self.method
        exact = complex_step(lambda t: line(scale * t)) if wanted is Method.COMPLEX_STEP else None
        claimed = self._claim(direction)
        goal = GOAL * self.rtol * max(self.typical, abs(claimed))
        found = exact or self._central(lambda t: line(scale * t), step, goal * scale, claimed)
        return replace(found, value=np.asarray(found.value / scale), error=np.asarray(found.error / scale))

    def _central(self, line: Line, step: float, goal: float, claimed: float) -> Estimate:
        """By central differences; a claim of 0 at a dead unit is confirmed without looking for the unit's kink."""
        centre = self.objective.centre
        if claimed == 0:
            found = central_difference(line, centre, step=step, goal=goal, attempts=1)
            if found.constant:
                return found
        return central_difference(line, centre, step=step, goal=goal)

    def _line(self, direction: FloatArray) -> tuple[Line, float]:
        step = start_step(self.objective.point[self.position], direction)
        return self.objective.line(self.position, direction), max(step, START_STEP)

    def _claim(self, direction: FloatArray) -> float:
        return float(np.sum(self.claimed * direction))

    def _index(self, flat: int) -> tuple[int, ...]:
        return tuple(int(i) for i in np.unravel_index(flat, self.claimed.shape))

    def _halved(self) -> tuple[int, ...]:
        """The entry in which a random direction's difference is found when it is halved again and again."""
        worst = max(self.directions, key=lambda measurement: abs(measurement.difference))
        low, high, difference = 0, self.claimed.size, worst.difference
        while high - low > 1:
            middle = (low + high) // 2
            half = np.zeros(self.claimed.size)
            half[low:middle] = worst.direction.ravel()[low:middle]
            length = float(np.linalg.norm(half))
            part = length * self._measure((half / length).reshape(self.claimed.shape), None).difference
            if abs(part) >= abs(difference - part):
                high, difference = middle, part
            else:
                low, difference = middle, difference - part
        return self._index(low)

    @property
    def at_kink(self) -> bool:
        """Is it undecided because f has a kink at x?"""
        return self.verdict is Verdict.UNDECIDED and any(
            one.verdict is Verdict.UNDECIDED and one.estimate.limit is Limit.KINK for one in self.measurements
        )

    @property
    def smallest_error_found(self) -> float | None:
        """An error above this in any one entry is certain to be seen; None when nothing could be measured."""
        if len(self.entries) == self.claimed.size:
            return max((one.allowed + one.error for one in self.entries), default=None)
        return min(
            (
                (one.allowed + one.error + abs(one.difference)) / weight
                for one in self.directions
                if (weight := float(np.min(np.abs(one.direction)))) > 0 and one.verdict is Verdict.RIGHT
            ),
            default=None,
        )

    def reason(self) -> str | None:
        """Why the tensor is undecided, in words; None when it is not."""
        if self.verdict is not Verdict.UNDECIDED:
            return None
        open_ones = [one for one in self.measurements if one.verdict is Verdict.UNDECIDED]
        worst = max(open_ones, key=lambda one: one.error)
        if not np.isfinite(worst.error):
            return "f is not finite near x, however small the step."
        if worst.estimate.limit is Limit.KINK:
            return "f has a kink at x or too near to it: the slopes to both sides differ. Try another x."
        noise = worst.estimate.noise or EPS * abs(float(self.objective.centre))
        why = f"f is {float(self.objective.centre):.3g} with rounding errors near {noise:.0e}"
        if noise > COARSE * EPS * abs(float(self.objective.centre)):
            why += ", far more than float64 needs (does it use float32, or subtract large numbers?)"
        return f"measured to +-{worst.error:.1e} only, but rtol={self.rtol:g} needs {worst.needed:.1e}: {why}."
