"""The verdict on one tensor: is what the gradient function returned an array, of the right shape, finite, and right?"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from .findings import Certainty, Finding, Verdict
from .gradient_diagnosis import diagnose, looks_like_low_precision, note, repairs
from .gradient_probe import Measurement, TensorProbe
from .gradient_report import LISTED, TensorReport
from .report import Entry

if TYPE_CHECKING:
    from .estimate import FloatArray
    from .objective import Objective


@dataclass(frozen=True, slots=True)
class TensorOutcome:
    """What was found for one tensor, what is said of it, and what could still hide in it."""

    report: TensorReport
    findings: tuple[Finding, ...] = ()
    not_checked: tuple[str, ...] = ()
    at_kink: bool = False


@dataclass(frozen=True, slots=True)
class TensorCheck:
    """One tensor of an objective, to be held against what a gradient claims for it."""

    objective: Objective
    position: int
    rtol: float
    seed: int

    @property
    def name(self) -> str:
        """The tensor's name."""
        return self.objective.tree.names[self.position]

    @property
    def shape(self) -> tuple[int, ...]:
        """The tensor's shape."""
        return self.objective.point[self.position].shape

    def outcome(self, claim: Any) -> TensorOutcome:
        """Hold a claim against measurements; never raises for a wrong one."""
        gradient = numeric(claim)
        if gradient is None:
            message = f"grad returns no array of real numbers for {self.name}: {claim!r:.60}."
            return self._refused("not-implemented" if claim is None else "wrong-shape", message)
        if not np.all(np.isfinite(gradient)):
            return self._not_finite(gradient)
        single = np.asarray(claim).dtype in (np.float32, np.float16)
        if gradient.shape == self.shape:
            return self._judged(self._probe(gradient, single))
        return self._reshaped(gradient, single)

    def _reshaped(self, gradient: FloatArray, single: bool) -> TensorOutcome:
        """A gradient of the wrong shape: which change would make it right?"""
        for repair in repairs(gradient, self.shape):
            probe = self._probe(repair.array, single)
            if repair.code is None:
                outcome = self._judged(probe)
                said = note("wrong-shape", repair.message, self.name)
                return replace(outcome, findings=(*outcome.findings, said))
            if probe.run() is not Verdict.WRONG:
                finding = Finding(repair.code, repair.message, Certainty.LIKELY, outputs=(self.name,))
                report = replace(
                    tensor_report(self.name, probe),
                    verdict=Verdict.WRONG,
                    relative_error=None,
                    error_bar=None,
                    reason=None,
                )
                return TensorOutcome(report, (finding,))
        message = f"The gradient must have the shape of {self.name}, {self.shape}, but it is {gradient.shape}."
        return self._refused("wrong-shape", message)

    def _probe(self, gradient: FloatArray, single: bool) -> TensorProbe:
        rng = np.random.default_rng([self.seed, self.position])
        return TensorProbe(self.objective, self.position, gradient, self.rtol, rng, single_precision=single)

    def _judged(self, probe: TensorProbe) -> TensorOutcome:
        verdict = probe.run()
        report = tensor_report(self.name, probe)
        if verdict is Verdict.RIGHT:
            return TensorOutcome(report, self._single_note(probe), could_hide(report, probe))
        if verdict is Verdict.UNDECIDED:
            return TensorOutcome(report, at_kink=probe.at_kink)
        if looks_like_low_precision(probe):
            message = "The errors look like single precision: none above 1e-5 of the largest entry, in both directions."
            said = note("low-precision", message, self.name)
            return TensorOutcome(replace(report, verdict=Verdict.RIGHT, wrong=()), (said,))
        probe.locate()
        return TensorOutcome(tensor_report(self.name, probe), (diagnose(self.name, probe),))

    def _single_note(self, probe: TensorProbe) -> tuple[Finding, ...]:
        if not probe.rounding:
            return ()
        message = "The gradient is in single precision, so it was held to 1e-5 of its largest entry only."
        return (note("low-precision", message, self.name),)

    def _refused(self, code: str, message: str) -> TensorOutcome:
        report = TensorReport(self.name, self.shape, Verdict.WRONG, entries=int(np.prod(self.shape)))
        return TensorOutcome(report, (Finding(code, message, Certainty.OBSERVED, outputs=(self.name,)),))

    def _not_finite(self, gradient: FloatArray) -> TensorOutcome:
        bad = np.argwhere(~np.isfinite(gradient))
        message = f"{len(bad)} of {gradient.size} entries are nan or inf, though f(x) is finite."
        outcome = self._refused("not-finite", message)
        entries = [Entry(tuple(int(i) for i in index), float(gradient[tuple(index)]), None) for index in bad[:LISTED]]
        return replace(outcome, report=replace(outcome.report, wrong=tuple(entries)))


def numeric(claim: Any) -> FloatArray | None:
    """What a gradient function returned, as a float64 array; None when it is no array of real numbers."""
    try:
        array = np.asarray(claim)
    except ValueError:  # a ragged list
        return None
    if array.dtype.kind == "c" and not np.any(np.imag(array)):
        array = np.real(array)
    return array.astype(np.float64) if array.dtype.kind in "biuf" else None


def could_hide(report: TensorReport, probe: TensorProbe) -> tuple[str, ...]:
    """What measuring a tensor along directions only leaves open, in a sentence; nothing when every entry was seen."""
    if report.smallest_error_found is None or report.entries_checked == report.entries:
        return ()
    share = report.smallest_error_found / probe.largest if probe.largest else np.inf
    return (
        f"{report.name}: its {report.entries:,} entries one by one. They were checked together, along "
        f"{report.directions} directions: an error in one entry alone is certain to show above "
        f"{report.smallest_error_found:.1e} ({share:.1e} of the largest entry).",
    )


def tensor_report(name: str, probe: TensorProbe) -> TensorReport:
    """The report of a probe that has run."""
    wrong = sorted(
        (entry for entry in probe.entries if entry.verdict is Verdict.WRONG), key=lambda one: -abs(one.difference)
    )
    return TensorReport(
        name=name,
        shape=probe.claimed.shape,
        verdict=probe.verdict,
        relative_error=max((_relative(abs(one.difference), one, probe) for one in probe.measurements), default=None),
        error_bar=max((_relative(one.error, one, probe) for one in probe.measurements), default=None),
        entries=probe.claimed.size,
        entries_checked=len(probe.entries),
        directions=len(probe.directions),
        smallest_error_found=probe.smallest_error_found,
        wrong=tuple(Entry(one.index or (), one.claimed, one.measured) for one in wrong[:LISTED]),
        method=str(probe.method),
        reason=probe.reason(),
    )


def _relative(amount: float, one: Measurement, probe: TensorProbe) -> float:
    scale = max(abs(one.claimed), abs(one.measured), probe.typical)
    return amount / scale if scale else float(np.inf if amount else 0.0)
