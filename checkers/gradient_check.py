"""Is this gradient the derivative of this function? Any NumPy functions, no derivation needed.

check_gradient -> GradientReport      never raises for a wrong gradient
assert_gradient                       for pytest: AssertionError on wrong and on undecided
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from .errors import UsageError
from .findings import Certainty, Finding, Verdict
from .finite_difference import real_array
from .gradient_diagnosis import note
from .gradient_report import GradientReport, TensorReport
from .objective import Objective
from .parameter_tree import ParameterTree
from .tensor_check import TensorCheck, TensorOutcome, numeric

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from .estimate import FloatArray

RTOL = 1e-6  # measured slopes of ordinary losses are good to 1e-8, and the smallest slip worth finding is 1e-3
SMALLEST_RTOL = 1e-12  # a gradient summed over 100,000 terms in float64 is itself no better
SAME_VALUE = 1e-12  # two calls that differ by less have summed in another order, as threaded BLAS may
OFF_THE_KINK = 1e-3  # how far x is moved, relative to its size, when it lies on a kink: steps of 1e-5 see none there


def check_gradient(f: Callable[..., Any], grad: Any, x: Any, *, seed: int = 0, rtol: float = RTOL) -> GradientReport:
    """Hold a gradient against measured derivatives of its function at x.

    Tensors of up to 32 entries are measured entry by entry. Larger ones are measured along a few directions in which
    all entries move at once, so that a network of 100,000 parameters costs tens of evaluations; of one that fails,
    single entries are then measured. `not_checked` in the report says what could still hide.

    Args:
        f: the function; returns one number. Called with x; when x is a tuple, as f(*x).
        grad: the gradient: arrays in the structure of x, or a function that returns them and is called as f is.
            A dict may have "dW" for "W".
        x: where: an array, a number, or tuples, lists and dicts of them, nested to any depth. A list of plain numbers
            is one array.
        seed: of the random directions; the same seed gives the same report.
        rtol: the relative error allowed: of each entry where entries are measured, of each directional derivative (or
            its typical size, where that is larger) where directions are. The error bar of a measurement comes on top.

    Returns:
        A `GradientReport` with a verdict: right, wrong, or undecided with the reason. It never raises for a wrong
        gradient.

    Raises:
        ShapeError: f does not return one number.
        UsageError: x is not finite or not numeric, rtol cannot be met in float64, or seed is no whole number from 0 on.

    >>> def loss(w, b):
    ...     return np.mean((w * np.arange(4.0) + b - 1.0) ** 2)
    >>> def gradient(w, b):
    ...     residual = w * np.arange(4.0) + b - 1.0
    ...     return 2 * np.mean(residual * np.arange(4.0)), 2 * np.sum(residual)  # the mean is missing
    >>> report = check_gradient(loss, gradient, (0.5, 2.0))
    >>> print(report.verdict, [tensor.verdict.value for tensor in report.tensors])
    wrong ['right', 'wrong']
    >>> report.findings[0].code, report.findings[0].outputs
    ('mean-missing', ('b',))
    >>> report.findings[0].message
    'Every entry is 4 times the derivative. If 4 is the number of samples: the mean over 4 samples lacks its 1/4.'

    A small gradient gets no free pass:

    >>> tiny = lambda w: 1e-9 * np.sum(w**2)
    >>> print(check_gradient(tiny, lambda w: -2e-9 * w, np.array([1.0, 2.0])).findings[0].code)
    sign-flipped

    A backward with its forward: the loss is the sum of what the forward gives times a fixed upstream gradient, so that
    its gradient is what the backward makes of that one:

    >>> def forward(x, w):
    ...     return np.tanh(x @ w), (x, w)
    >>> def backward(dout, cache):
    ...     x, w = cache
    ...     d = dout * (1 - np.tanh(x @ w) ** 2)
    ...     return d @ w.T, x.T @ d
    >>> rng = np.random.default_rng(0)
    >>> x, w, dout = rng.standard_normal((5, 7)), rng.standard_normal((7, 3)), rng.standard_normal((5, 3))
    >>> pair = (lambda x, w: np.sum(forward(x, w)[0] * dout), lambda x, w: backward(dout, forward(x, w)[1]))
    >>> print(check_gradient(*pair, (x, w)).verdict)
    right

    A dict of arrays, and a gradient that is already computed:

    >>> report = check_gradient(lambda p: np.sum(p["W"] ** 2) / 2, {"W": np.ones((2, 3))}, {"W": np.ones((2, 3))})
    >>> print(report.verdict)
    right
    """
    if not callable(f):
        raise UsageError(f"f must be a function that returns one number, but it is {type(f).__name__}.")
    if not isinstance(seed, int) or seed < 0:
        raise UsageError(f"seed must be a whole number from 0 on, but it is {seed!r}.")
    if not SMALLEST_RTOL <= rtol < 1:
        raise UsageError(
            f"rtol={rtol:g} is not between {SMALLEST_RTOL:g} and 1: in float64 finite differences alone are off by "
            f"about 1e-10. Try rtol={RTOL:g}."
        )
    return _Check(f, grad, ParameterTree.of(x, f), seed, rtol).report()


def assert_gradient(f: Callable[..., Any], grad: Any, x: Any, *, seed: int = 0, rtol: float = RTOL) -> None:
    """Fail a test, with the whole report, unless the gradient is right; arguments as of `check_gradient`.

    Raises:
        AssertionError: the gradient is wrong or undecided.

    >>> assert_gradient(lambda w: np.sum(w**3), lambda w: 3 * w**2, np.array([1.0, 2.0]))
    """
    report = check_gradient(f, grad, x, seed=seed, rtol=rtol)
    if report.verdict is not Verdict.RIGHT:
        raise AssertionError(str(report))


@dataclass(slots=True)
class _Check:
    f: Callable[..., Any]
    grad: Any
    tree: ParameterTree
    seed: int
    rtol: float
    evaluations: int = 0
    notes: list[Finding] = field(default_factory=list)
    not_checked: list[str] = field(default_factory=list)

    def report(self) -> GradientReport:
        pairs = zip(self.tree.tensors, self.tree.names, strict=True)
        point = [real_array(tensor, name) for tensor, name in pairs]
        if not any(tensor.size for tensor in point):
            raise UsageError("x holds no numbers, so there is nothing to check.")
        obstacle = self._obstacle(point)
        outcomes = self._unmeasured(*obstacle) if obstacle else self._outcomes(point)
        self._note_dtypes()
        tensors = tuple(outcome.report for outcome in outcomes)
        hidden = [sentence for outcome in outcomes for sentence in outcome.not_checked]
        return GradientReport(
            verdict=Verdict.worst([tensor.verdict for tensor in tensors]),
            findings=_merged([*(one for outcome in outcomes for one in outcome.findings), *self.notes]),
            tensors=tensors,
            evaluations=self.evaluations,
            not_checked=(*hidden, *self.not_checked, "Any other x: the gradient was checked at one point."),
            seed=self.seed,
            rtol=self.rtol,
        )

    def _obstacle(self, point: Sequence[FloatArray]) -> tuple[Finding, str] | None:
        """Why f cannot be measured at all; also whether it changes its input."""
        objective = Objective(self.f, self.tree, point)
        first, again = float(objective.centre), objective.value()
        self.evaluations += objective.evaluations
        if objective.changes_input:
            self.notes.append(note("mutates-input", "f changes the arrays it is given; it was called with copies."))
        if not np.isfinite(first):
            message = f"f(x) is {first}, so there is no derivative to measure."
            return Finding("not-finite", message, Certainty.OBSERVED), message
        if abs(first - again) > SAME_VALUE * abs(first):
            message = f"f gives {first:.6g} and {again:.6g} for the same x."
            hint = "Fix the seed of what is random in it, or switch that off."
            return Finding("not-deterministic", message, Certainty.OBSERVED, hint), message
        return None

    def _unmeasured(self, finding: Finding, reason: str) -> list[TensorOutcome]:
        reports = [
            TensorReport(name, tensor.shape, Verdict.UNDECIDED, entries=tensor.size, reason=reason)
            for name, tensor in zip(self.tree.names, self.tree.tensors, strict=True)
        ]
        return [TensorOutcome(reports[0], (finding,)), *map(TensorOutcome, reports[1:])]

    def _outcomes(self, point: Sequence[FloatArray]) -> list[TensorOutcome]:
        claims = self._claims([_as_called(tensor) for tensor in self.tree.tensors])
        if claims is None:
            message = "grad gives two different results for the same x."
            finding = Finding("not-deterministic", message, Certainty.OBSERVED, "Fix the seed of what is random in it.")
            return [
                replace(outcome, report=replace(outcome.report, verdict=Verdict.WRONG, reason=None))
                for outcome in self._unmeasured(finding, message)
            ]
        outcomes = self._examined(point, claims)
        if callable(self.grad) and any(outcome.at_kink for outcome in outcomes):
            outcomes = self._beside_the_kink(point, outcomes)
        integers = any(tensor.dtype.kind in "biu" for tensor in self.tree.tensors)
        if callable(self.grad) and integers and _worst(outcomes) is Verdict.WRONG:
            outcomes = self._with_floats(point, outcomes)
        return outcomes

    def _claims(self, point: Sequence[NDArray[Any]]) -> tuple[Any, ...] | None:
        """What grad claims for each tensor; None when two calls disagree."""
        if not callable(self.grad):
            return self.tree.match(self.grad)
        given = [tensor.copy() for tensor in point]
        first = self.tree.match(self.tree.call(self.grad, given))
        first = tuple(item.copy() if isinstance(item, np.ndarray) else item for item in first)
        if not all(np.array_equal(a, b) for a, b in zip(given, point, strict=True)):
            message = "grad changes the arrays it is given; it was called with copies."
            self.notes.append(note("mutates-input", message))
        again = self.tree.match(self.tree.call(self.grad, [tensor.copy() for tensor in point]))
        return first if all(map(_same, first, again)) else None

    def _examined(self, point: Sequence[FloatArray], claims: Sequence[Any]) -> list[TensorOutcome]:
        objective = Objective(self.f, self.tree, point)
        outcomes = [
            TensorCheck(objective, position, self.rtol, self.seed).outcome(claim)
            for position, claim in enumerate(claims)
        ]
        self.evaluations += objective.evaluations
        return outcomes

    def _beside_the_kink(self, point: Sequence[FloatArray], outcomes: list[TensorOutcome]) -> list[TensorOutcome]:
        """The verdicts a little beside x, for a gradient that is a function and an x on a kink."""
        rng = np.random.default_rng([self.seed, len(point)])
        moved = [tensor + OFF_THE_KINK * _size(tensor) * rng.uniform(-1, 1, tensor.shape) for tensor in point]
        claims = self._claims(moved) if self._obstacle(moved) is None else None
        if claims is None:
            return outcomes
        beside = [
            new if old.at_kink and new.report.verdict is not Verdict.UNDECIDED else old
            for old, new in zip(outcomes, self._examined(moved, claims), strict=True)
        ]
        moved_names = [new.report.name for old, new in zip(outcomes, beside, strict=True) if new is not old]
        if moved_names:
            self.not_checked.append(
                f"{', '.join(moved_names)} at x itself: f has a kink there, so it has no derivative. The gradient was "
                f"checked at a point beside x, {OFF_THE_KINK:g} of its size away."
            )
        return beside

    def _with_floats(self, point: Sequence[FloatArray], outcomes: list[TensorOutcome]) -> list[TensorOutcome]:
        """Integer x, wrong gradient: is it the integers' fault?"""
        claims = self._claims(point)
        if claims is None or _worst(self._examined(point, claims)) is not Verdict.RIGHT:
            return outcomes
        wrong = tuple(outcome.report.name for outcome in outcomes if outcome.report.verdict is Verdict.WRONG)
        message = (
            "The gradient is right at the same x in float64, and wrong at integers: it is cut off to whole numbers."
        )
        hint = "Make arrays in grad with np.zeros(x.shape) or np.zeros_like(x, dtype=float)."
        finding = Finding("integer-dtype", message, Certainty.OBSERVED, hint, outputs=wrong)
        return [
            TensorOutcome(outcomes[0].report, (finding,)),
            *(TensorOutcome(outcome.report) for outcome in outcomes[1:]),
        ]

    def _note_dtypes(self) -> None:
        named = list(zip(self.tree.names, self.tree.tensors, strict=True))
        whole = [name for name, tensor in named if tensor.dtype.kind in "biu" and tensor.ndim]
        short = [name for name, tensor in named if tensor.dtype in (np.float32, np.float16)]
        if whole:
            self.notes.append(
                note("integer-dtype", "x is of integers; f was measured at the same x in float64.", *whole)
            )
        if short:
            message = "x is in single precision; f and grad were called with float64 copies of it."
            self.notes.append(note("low-precision", message, *short))


def _as_called(tensor: NDArray[Any]) -> NDArray[Any]:
    """What grad is called with: integer arrays as they are, since some gradients fail on them; all else in float64."""
    return tensor if tensor.dtype.kind in "biu" and tensor.ndim else tensor.astype(np.float64)


def _same(one: Any, other: Any) -> bool:
    first, second = numeric(one), numeric(other)
    if first is None or second is None:
        return first is None and second is None
    return first.shape == second.shape and bool(
        np.allclose(first, second, rtol=SAME_VALUE, atol=SAME_VALUE * _largest(first), equal_nan=True)
    )


def _largest(array: FloatArray) -> float:
    finite = array[np.isfinite(array)]
    return float(np.max(np.abs(finite), initial=0.0))


def _size(tensor: FloatArray) -> float:
    """The typical size of an entry; 1 for an array of zeros."""
    return float(np.sqrt(np.mean(tensor**2))) or 1.0 if tensor.size else 1.0


def _worst(outcomes: Sequence[TensorOutcome]) -> Verdict:
    return Verdict.worst([outcome.report.verdict for outcome in outcomes])


def _merged(findings: list[Finding]) -> tuple[Finding, ...]:
    """One finding for all tensors of which the same is said; faults first."""
    said: dict[tuple[str, str], Finding] = {}
    for finding in findings:
        key = (finding.code, finding.message)
        outputs = said[key].outputs if key in said else ()
        said[key] = replace(finding, outputs=tuple(dict.fromkeys((*outputs, *finding.outputs))))
    return tuple(sorted(said.values(), key=lambda finding: not finding.is_fault))
