"""What `check_gradient` says: verdicts, findings and what was not checked, as text and for a notebook."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from .findings import Finding, Verdict
    from .report import Entry

LISTED = 5  # entries shown for one tensor; more hide the pattern


@dataclass(frozen=True, slots=True)
class TensorReport:
    """The verdict on the gradient by one tensor.

    Attributes:
        name: the argument's name or the dict's key; "x[1]" where there is neither.
        shape: of the tensor.
        relative_error: the largest |yours - measured| over the scale of the gradient; None when nothing was measured.
        error_bar: how far the measurement itself may be off, over the same scale.
        entries: how many the tensor has.
        entries_checked: how many were looked at one by one.
        directions: along how many directions all entries were looked at together.
        smallest_error_found: an error above this in any one entry alone is certain to be seen; None when unknown.
        wrong: the worst wrong entries, at most five; `expected` is what was measured.
        method: "complex step" or "central difference".
        reason: why it is undecided.
    """

    name: str
    shape: tuple[int, ...]
    verdict: Verdict
    relative_error: float | None = None
    error_bar: float | None = None
    entries: int = 0
    entries_checked: int = 0
    directions: int = 0
    smallest_error_found: float | None = None
    wrong: tuple[Entry, ...] = ()
    method: str | None = None
    reason: str | None = None

    @property
    def checked(self) -> str:
        """How it was checked, in words."""
        if not self.entries_checked and not self.directions:
            return "not measured"
        if self.entries_checked == self.entries:
            return "every entry"
        looked = f"{self.directions} directions"
        return f"{looked}, {self.entries_checked} entries" if self.entries_checked else looked


@dataclass(frozen=True, slots=True)
class GradientReport:
    """The result of `check_gradient`. It has three verdicts, so it is neither true nor false: ask for `.verdict`.

    Attributes:
        verdict: the worst of the tensors' verdicts: right, wrong or undecided.
        findings: what is wrong, likeliest cause first, and notes.
        tensors: one report for each tensor.
        evaluations: how often f was called.
        not_checked: what this check cannot vouch for, in sentences.
        seed: of the random directions.
        rtol: the relative error allowed.
    """

    verdict: Verdict
    findings: tuple[Finding, ...]
    tensors: tuple[TensorReport, ...]
    evaluations: int
    not_checked: tuple[str, ...]
    seed: int
    rtol: float

    def __bool__(self) -> NoReturn:
        raise TypeError(
            "A gradient is right, wrong or undecided, so a report is neither true nor false. "
            "Compare report.verdict with 'right', or call assert_gradient."
        )

    def __str__(self) -> str:
        rows = [_HEADINGS, *(_cells(tensor) for tensor in self.tensors)]
        widths = [max(len(row[column]) for row in rows) for column in range(len(_HEADINGS))]
        lines = [self._headline, ""]
        lines += [
            "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
        ]
        for title, sentences in self._sections:
            lines += ["", f"{title}:", *(f"  {sentence}" for sentence in sentences)]
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        head = "".join(f"<th>{escape(heading)}</th>" for heading in _HEADINGS)
        body = "".join(
            "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in _cells(tensor)) + "</tr>" for tensor in self.tensors
        )
        sections = "".join(
            f"<p>{escape(title)}:</p><ul>" + "".join(f"<li>{escape(sentence)}</li>" for sentence in sentences) + "</ul>"
            for title, sentences in self._sections
        )
        table = f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
        return f"<div><p><strong>{escape(self._headline)}</strong></p>{table}{sections}</div>"

    @property
    def _headline(self) -> str:
        return f"Gradient {self.verdict} ({self.evaluations} evaluations of f, rtol {self.rtol:g}, seed {self.seed})"

    @property
    def _sections(self) -> list[tuple[str, list[str]]]:
        entries = [
            f"{tensor.name}{_index(entry)}: yours {_number(entry.yours)}, measured {_number(entry.expected)}"
            for tensor in self.tensors
            for entry in tensor.wrong[:LISTED]
        ]
        undecided = [f"{tensor.name}: {tensor.reason}" for tensor in self.tensors if tensor.reason]
        sections = [
            ("Findings", [_sentence(finding) for finding in self.findings]),
            ("Worst entries", entries),
            ("Undecided", undecided),
            ("Not checked", list(self.not_checked)),
        ]
        return [(title, sentences) for title, sentences in sections if sentences]


_HEADINGS = ("tensor", "shape", "verdict", "relative error", "error bar", "checked")


def _cells(tensor: TensorReport) -> tuple[str, ...]:
    return (
        tensor.name,
        str(tensor.shape),
        str(tensor.verdict),
        _size(tensor.relative_error),
        _size(tensor.error_bar),
        tensor.checked,
    )


def _sentence(finding: Finding) -> str:
    where = f"{', '.join(finding.outputs)}: " if finding.outputs else ""
    others = "".join(f" Or {other.code}: {other.message}" for other in finding.alternatives)
    hint = f" {finding.hint}" if finding.hint else ""
    note = "" if finding.is_fault else "note, "
    return f"{where}{finding.message}{others}{hint} [{note}{finding.code}]"


def _index(entry: Entry) -> str:
    return f"[{', '.join(map(str, entry.index))}]" if entry.index else ""


def _number(value: float | None) -> str:
    return "nothing" if value is None else f"{value:+.6g}"


def _size(value: float | None) -> str:
    return "-" if value is None else f"{value:.1e}"
