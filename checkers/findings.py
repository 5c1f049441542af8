"""The public vocabulary of a check: verdicts, families, codes and findings.

The codes and families are a public interface: a code may be added to a family, none is ever renamed.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """What is said of an output, a task or a file. Listed from worst to best."""

    WRONG = "wrong"
    UNDECIDED = "undecided"
    NOT_RUN = "not-run"
    RIGHT = "right"

    @staticmethod
    def worst(verdicts: list[Verdict]) -> Verdict:
        """The worst of several verdicts; of none, not-run.

        >>> Verdict.worst([Verdict.RIGHT, Verdict.UNDECIDED])
        <Verdict.UNDECIDED: 'undecided'>
        """
        order = list(Verdict)
        return min(verdicts, key=order.index) if verdicts else Verdict.NOT_RUN


class Severity(StrEnum):
    """Only a fault changes a verdict, a score or an exit code."""

    FAULT = "fault"
    NOTE = "note"


class Certainty(StrEnum):
    """How a finding is known. Listed from the most certain to the least."""

    PROVEN = "proven"
    """An edit of the student's own source was run and made every output right."""
    OBSERVED = "observed"
    """It happened: an exception, a timeout, a changed input, a wrong shape."""
    LIKELY = "likely"
    """One class of mistakes gives these numbers."""
    AMBIGUOUS = "ambiguous"
    """Several classes of mistakes give these numbers."""


class Family(StrEnum):
    """The closed set of kinds of mistake."""

    SIGN = "sign"
    SUM = "sum"
    SCALE = "scale"
    INDEX = "index"
    PRODUCT = "product"
    ACTIVATION = "activation"
    SOFTMAX = "softmax"
    CHAIN = "chain"
    REGULARISER = "regulariser"
    LOSS = "loss"
    DATA = "data"
    CODE = "code"
    SHAPE = "shape"
    NUMERICS = "numerics"
    BEHAVIOUR = "behaviour"
    WRITTEN = "written"
    UNKNOWN = "unknown"


CODES_BY_FAMILY: dict[Family, tuple[str, ...]] = {
    Family.SIGN: ("sign-flipped", "residual-reversed", "term-sign"),
    Family.SUM: ("sum-missing", "sum-extra", "sum-wrong-axis", "sum-range", "overwritten-not-accumulated"),
    Family.SCALE: ("mean-missing", "mean-twice", "wrong-count", "factor", "wrong-power"),
    Family.INDEX: ("wrong-index", "wrong-operand"),
    Family.PRODUCT: ("transposed", "hadamard"),
    Family.ACTIVATION: ("activation-missing", "activation-argument", "activation-derivative", "wrong-activation"),
    Family.SOFTMAX: ("softmax-diagonal", "softmax-jacobian", "softmax-axis", "softmax-twice"),
    Family.CHAIN: ("chain-factor-missing", "wrong-adjoint", "term-missing", "updated-too-early"),
    Family.REGULARISER: (
        "regulariser-missing",
        "regulariser-factor",
        "regulariser-on-bias",
        "regulariser-sign",
        "regulariser-scaled",
        "regulariser-form",
    ),
    Family.LOSS: ("wrong-loss", "not-a-loss"),
    Family.DATA: (
        "samples-dropped",
        "wrong-data",
        "labels-shifted",
        "hard-argmax",
        "wrong-metric",
        "wrong-distribution",
        "same-initial-weights",
    ),
    Family.CODE: (
        "precedence",
        "not-implemented",
        "undefined-name",
        "missing-function",
        "wrong-signature",
        "raises",
        "syntax",
    ),
    Family.SHAPE: ("wrong-shape", "broadcast"),
    Family.NUMERICS: ("overflow", "not-finite", "low-precision", "integer-dtype", "unstable"),
    Family.BEHAVIOUR: (
        "mutates-input",
        "not-deterministic",
        "keeps-state",
        "times-out",
        "too-much-memory",
        "forbidden",
    ),
    Family.WRITTEN: (
        "free-index",
        "wrong-variable",
        "scope-of-operator",
        "derivative-lost",
        "factor-dropped",
        "arithmetic",
        "undefined-symbol",
    ),
    Family.UNKNOWN: ("unknown",),
}

FAMILY_OF: dict[str, Family] = {code: family for family, codes in CODES_BY_FAMILY.items() for code in codes}


@dataclass(frozen=True, slots=True)
class Alternative:
    """Another mistake that gives the same numbers as the finding it stands in."""

    code: str
    message: str

    @property
    def family(self) -> Family:
        """The family of the code."""
        return FAMILY_OF[self.code]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is said of a student's work.

    Attributes:
        code: stable name of the mistake, a key of `FAMILY_OF`.
        message: what happened, one sentence that follows from the numbers.
        hint: what to try; None where there is nothing sensible to say.
        step: the derivation's step concerned, such as "dJ/dz".
        outputs: names of the outputs it explains.
        line, column, end_line, end_column: where; lines count from 1, columns from 0.
        source: the student's own text at that place.
        fix: the text that makes it right, run and measured: `fix_relative_error` is the error left.
        alternatives: other mistakes with the same numbers, likeliest first.
    """

    code: str
    message: str
    certainty: Certainty
    hint: str | None = None
    severity: Severity = Severity.FAULT
    step: str | None = None
    outputs: tuple[str, ...] = ()
    line: int | None = None
    column: int | None = None
    end_line: int | None = None
    end_column: int | None = None
    source: str | None = None
    fix: str | None = None
    fix_relative_error: float | None = None
    alternatives: tuple[Alternative, ...] = ()

    @property
    def family(self) -> Family:
        """The family of the code."""
        return FAMILY_OF[self.code]

    @property
    def is_fault(self) -> bool:
        """Does it change verdict, score and exit code?"""
        return self.severity is Severity.FAULT
