"""Recognising a wrong result: the error model's mistakes, run on the same probes, and compared.

A mistake explains a result when it gives the same numbers, at two sets of sizes, for every output of the function at
once. Where no single one does, one with a common factor on top is tried, and then pairs of likely ones. Mistakes with
the same numbers are one class: the likeliest is the finding, the others stand beside it. Nothing is accepted for being
the nearest: it must be equal up to rounding, and far nearer than the right value and than any other class.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, groupby
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .compiled_exercise import ErrorModel, Variant
from .scale import Scale, read
from .tasks import Task
from .wrong_steps import WrongRun, WrongSteps

AnyArray = NDArray[Any]

# Closer than this it is the variant, even in float32; two variants are never so close on random arrays by chance.
SAME = 1e-5
# A variant must be this much nearer than the right value, or a tiny error would be named after a tiny mistake; and than
# any other class, or float32 could not tell them apart.
GAP = 0.1
# What rounding leaves of a sum that is 0; probes are of size 1.
NOTHING = 1e-13
# Two variants nearer than this to each other, of the largest entry, differ by the order of summation only.
EQUAL = 1e-9
# Pairs that are run, at 0.1 to 0.3 milliseconds each: about a quarter of a second at the most.
MOST_PAIRS = 1000
# Groups that are paired with each other when neither is seen on its own in some output: 780 pairs.
LIKELY_GROUPS = 40
# A factor says nothing of an array of fewer entries: one number is always a multiple of another.
ENTRIES_FOR_A_FACTOR = 3


@dataclass(frozen=True, slots=True)
class Observation:
    """What a function returned at one set of sizes, and what it was given."""

    values: Mapping[str, AnyArray]
    sizes: Mapping[str, int]
    returned: Mapping[str, AnyArray]


@dataclass(frozen=True, slots=True)
class Explanation:
    """A mistake that gives the numbers.

    Attributes:
        variants: those of its class, the likeliest first.
        is_clear: is no other class as near?
    """

    variants: tuple[Variant, ...]
    is_clear: bool = True

    @property
    def outputs(self) -> tuple[str, ...]:
        """What it changes."""
        return self.variants[0].outputs


class _Target:
    """One output at one set of sizes, prepared for many comparisons."""

    def __init__(self, yours: AnyArray, right: AnyArray) -> None:
        self.yours, self.right = yours, right
        size = np.abs(yours)
        self.size = float(np.max(size, initial=0.0))
        self.is_finite = bool(np.isfinite(self.size)) and yours.size > 0
        order = np.argsort(size, axis=None)
        self.places = [int(place) for place in order[-2:]]
        self.from_right = float(np.max(np.abs(yours - right), initial=0.0)) if yours.shape == right.shape else np.inf

    def distance(self, other: AnyArray | None) -> float | None:
        """How far it is from a variant's array, of its largest entry; None when it is another array."""
        if other is None or not self.is_finite or other.shape != self.yours.shape:
            return None
        place = self.places[-1]
        if not abs(self.yours.item(place) - other.item(place)) <= 2 * SAME * self.size + 2 * NOTHING:
            return None  # most end here
        apart = float(np.max(np.abs(self.yours - other)))
        size = float(np.max(np.abs(other)))
        if not apart <= SAME * size + NOTHING or apart > GAP * self.from_right + NOTHING:
            return None
        if not np.any(self.yours) and np.any(self.right):
            return None  # exact zeros are what is left when nothing is computed
        return apart / size if size > NOTHING else 0.0

    def factor(self, other: AnyArray | None) -> float | None:
        """c where it is c times a variant's array; None when it is no multiple, or too few numbers say so."""
        if other is None or not self.is_finite or other.shape != self.yours.shape:
            return None
        if self.yours.size < ENTRIES_FOR_A_FACTOR or np.iscomplexobj(self.yours):
            return None
        one, two = (other.item(place) for place in self.places)
        first, second = (self.yours.item(place) for place in self.places)
        if not abs(first * two - second * one) <= 4 * SAME * abs(second * two) + NOTHING or two == 0:
            return None
        factor = float(second / two)
        if not np.max(np.abs(self.yours - factor * other)) <= SAME * self.size:
            return None
        return factor


class Fingerprint:
    """What a function returned, held against its error model."""

    def __init__(self, model: ErrorModel, task: Task, observations: Sequence[Observation]) -> None:
        self.model = model
        self.observations = observations
        self.settings = [WrongSteps(model, task, o.values, o.sizes) for o in observations]
        self.groups = [tuple(group) for _, group in groupby(model.variants, key=lambda variant: variant.group)]
        self.targets = [
            {
                output.name: _Target(o.returned[output.name], np.asarray(output.form.apply(o.values[output.quantity])))
                for output in task.outputs
                if output.name in o.returned
            }
            for o in observations
        ]
        depth = {output.name: len(self.settings[0].upstream(output.quantity)) for output in task.outputs}
        self._alone: dict[int, dict[str, float]] = {}
        # What is computed from the fewest steps decides soonest.
        self.names = sorted(self.targets[0], key=lambda name: depth[name])

    # One mistake ------------------------------------------------------------------------------------------------------

    def together(self, wrong: Iterable[str]) -> Explanation | None:
        """The mistake that gives all outputs, the wrong ones and the right ones."""
        wrong = frozenset(wrong)
        return self._nearest(
            (group, self._distance(group[0].changed, wrong.union(group[0].outputs)))
            for group in self.groups
            if wrong <= set(group[0].outputs)
        )

    def alone(self, name: str, quantity: str) -> Explanation | None:
        """The mistake that gives one output; one in its own step before one further up, which would show elsewhere."""
        found = self._nearest(
            (group, self._each(group).get(name))
            for group in self.groups
            if name in group[0].outputs and len(self.targets[0]) > 1
        )
        if found is None:
            return None
        own = [variant for variant in found.variants if variant.step == quantity]
        others = [variant for variant in found.variants if variant.step != quantity]
        return Explanation((*own, *others), found.is_clear)

    def _each(self, group: tuple[Variant, ...]) -> dict[str, float]:
        """The outputs that a mistake gives, each on its own, with their distances."""
        number, changed = group[0].group, group[0].changed
        if number not in self._alone:
            run = self.settings[0].run(changed)
            with np.errstate(all="ignore"):
                near = [
                    name
                    for name in self.names
                    if name in group[0].outputs and self.targets[0][name].distance(run.output(name)) is not None
                ]
            distances = {name: self._distance(changed, (name,)) for name in near}
            self._alone[number] = {name: distance for name, distance in distances.items() if distance is not None}
        return self._alone[number]

    def _distance(self, changed: Iterable[int], names: Iterable[str]) -> float | None:
        """The largest distance of some outputs at all sets of sizes; None when one is another array."""
        changed, wanted = tuple(changed), set(names) & set(self.names)
        worst = 0.0
        with np.errstate(all="ignore"):
            for setting, targets in zip(self.settings, self.targets, strict=True):
                run = setting.run(changed)
                for name in self.names:
                    if name in wanted:
                        distance = targets[name].distance(run.output(name)) if name in targets else None
                        if distance is None:
                            return None
                        worst = max(worst, distance)
        return worst

    @staticmethod
    def _nearest(candidates: Iterable[tuple[tuple[Variant, ...], float | None]]) -> Explanation | None:
        found = sorted(((d, g) for g, d in candidates if d is not None), key=lambda one: one[0])
        if not found:
            return None
        nearest = found[0][0]
        same = [group for distance, group in found if distance <= nearest + EQUAL]
        rivals = [group for distance, group in found if nearest + EQUAL < distance <= nearest / GAP]
        members = [variant for group in (*same, *rivals) for variant in group]
        return Explanation(tuple(sorted(members, key=lambda variant: -variant.prior)), not rivals)

    # A mistake and a factor -------------------------------------------------------------------------------------------

    def scaled(self, wrong: Iterable[str]) -> tuple[Explanation, Scale, tuple[str, ...]] | None:
        """The mistake that gives all wrong outputs up to one readable factor; the factor, and the outputs with it."""
        wrong = tuple(wrong)
        found: list[tuple[int, tuple[Variant, ...], Scale, tuple[str, ...]]] = []
        for group in self.groups:
            if not set(group[0].outputs) & set(wrong) or not set(group[0].outputs) <= set(wrong):
                continue
            reading = self._reading(group[0], wrong)
            if reading is not None:
                found.append((len(reading[0].powers), group, *reading))
        if not found:
            return None
        _, group, scale, names = min(found, key=lambda one: (one[0], -one[1][0].prior))
        return Explanation(group), scale, names

    def _reading(self, variant: Variant, wrong: tuple[str, ...]) -> tuple[Scale, tuple[str, ...]] | None:
        runs = [setting.run(variant.changed) for setting in self.settings]
        scale: Scale | None = None
        names: list[str] = []
        with np.errstate(all="ignore"):
            for name in sorted(wrong, key=lambda name: name not in variant.outputs):
                if all(t[name].distance(run.output(name)) is not None for t, run in self._sets(runs, name)):
                    continue
                factors = [t[name].factor(run.output(name)) for t, run in self._sets(runs, name)]
                known = [factor for factor in factors if factor is not None]
                reading = None
                if len(known) == len(self.settings):
                    reading = read(known, [o.sizes for o in self.observations])
                elif scale is not None and self._is_multiple(scale, runs, name):
                    reading = scale
                if reading is None or not reading.is_simple or (scale is not None and scale != reading):
                    return None
                scale = reading
                names.append(name)
        return None if scale is None or not set(names) & set(variant.outputs) else (scale, tuple(names))

    def _sets(self, runs: Sequence[WrongRun], name: str) -> Iterator[tuple[dict[str, _Target], WrongRun]]:
        return ((targets, run) for targets, run in zip(self.targets, runs, strict=True) if name in targets)

    def _is_multiple(self, scale: Scale, runs: Sequence[WrongRun], name: str) -> bool:
        """Is an output of too few numbers the known multiple of the variant's?"""
        for targets, run, o in zip(self.targets, runs, self.observations, strict=True):
            array = run.output(name)
            if array is None or name not in targets or targets[name].distance(scale.at(o.sizes) * array) is None:
                return False
        return True

    # Two mistakes -----------------------------------------------------------------------------------------------------

    def pair(self, wrong: Iterable[str]) -> tuple[Explanation, Explanation] | None:
        """Two mistakes that give all outputs together: with one that is seen on its own, or else of the likeliest."""
        wrong = frozenset(wrong)
        tried: set[tuple[int, int]] = set()
        for first, second in (*self._pairs_with_a_visible_one(wrong), *self._likely_pairs(wrong)):
            key = (min(first[0].group, second[0].group), max(first[0].group, second[0].group))
            if key in tried or not wrong <= {*first[0].outputs, *second[0].outputs} or self._collide(first, second):
                continue
            tried.add(key)
            if len(tried) > MOST_PAIRS:
                return None
            names = wrong.union(first[0].outputs, second[0].outputs)
            if self._distance((*first[0].changed, *second[0].changed), names) is not None:
                return Explanation(first), Explanation(second)
        return None

    def _pairs_with_a_visible_one(self, wrong: frozenset[str]) -> Iterator[tuple[tuple[Variant, ...], ...]]:
        """A mistake that gives some of the outputs, with every one that changes the rest."""
        seen: list[tuple[int, tuple[Variant, ...], frozenset[str]]] = []
        for group in self.groups:
            given = wrong.intersection(self._each(group))
            if given:
                seen.append((len(given), group, given))
        for _, group, given in sorted(seen, key=lambda one: (-one[0], -one[1][0].prior)):
            for other in self.groups:
                if wrong - given <= set(other[0].outputs):
                    yield group, other

    def _likely_pairs(self, wrong: frozenset[str]) -> Iterator[tuple[tuple[Variant, ...], ...]]:
        likely = [group for group in self.groups if wrong & set(group[0].outputs)][:LIKELY_GROUPS]
        return iter(sorted(combinations(likely, 2), key=lambda pair: -pair[0][0].prior * pair[1][0].prior))

    def _collide(self, first: tuple[Variant, ...], second: tuple[Variant, ...]) -> bool:
        """Do both change the same step?"""
        wrong = self.model.wrong
        names = {wrong[place].name for place in first[0].changed}
        return any(wrong[place].name in names for place in second[0].changed)
