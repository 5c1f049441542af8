"""What a property is, and the findings of which its judgement is made."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Protocol

from numpy.random import Generator
from numpy.typing import NDArray

from ..findings import Certainty, Finding

Arguments = dict[str, Any]


@dataclass(frozen=True)
class Fault:
    """What does not hold of one output.

    Attributes:
        explain: why it is so; asked only where it is told, since it may take a while.
        array: the part of the result that shows it; the line that set it is where it went wrong.
        others: of a number that is another quantity than its name says: all that it may be, and what is said of each.
        is_open: it cannot be judged; what is said is why.
    """

    explain: Callable[[], Finding]
    array: NDArray[Any] | None = None
    others: Mapping[str, Finding] = field(default_factory=dict)
    is_open: bool = False

    @cached_property
    def finding(self) -> Finding:
        """What is said of it."""
        return self.explain()


def told(finding: Finding, array: NDArray[Any] | None = None) -> Fault:
    """A fault that needs no search for its reason."""
    return Fault(lambda: finding, array)


def undecided(why: str) -> Fault:
    """Something that cannot be judged."""
    return Fault(lambda: seen("unknown", why), is_open=True)


def explained(faults: Sequence[Fault]) -> Finding:
    """What is said of one output for which several calls have faults: a mistake before what was only seen."""
    first, *rest = faults
    if all(fault.others for fault in faults):
        for name, finding in first.others.items():
            if all(name in fault.others for fault in rest):
                return finding
    findings = [fault.finding for fault in faults]
    return next((one for one in findings if one.certainty is Certainty.LIKELY), findings[0])


class Question(Protocol):
    """One call, and what must hold of its result."""

    @property
    def given(self) -> Arguments:
        """What the function is called with."""

    def faults(self, value: Any) -> dict[str, Fault]:
        """What does not hold of the value that it returned: at most one fault for each output."""


# The argument that a function may do without: then it may draw random numbers as it likes.
SEED = "seed"


@dataclass(frozen=True, slots=True)
class Property:
    """What must hold of the result of a function.

    Attributes:
        arguments: what the function takes, in the declared order.
        outputs: the parts of its result that are judged.
        questions: random calls on which it is judged, the most telling first.
    """

    arguments: tuple[str, ...]
    outputs: tuple[str, ...]
    questions: Callable[[Generator], Iterator[Question]]


def seen(code: str, message: str, hint: str | None = None) -> Finding:
    """A fault that the result itself shows."""
    return Finding(code, message, Certainty.OBSERVED, hint)


def likely(code: str, message: str, hint: str | None = None) -> Finding:
    """A mistake that would give the result."""
    return Finding(code, message, Certainty.LIKELY, hint)
