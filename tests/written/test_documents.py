"""The frozen set of written derivations: what is said of every equality, held against its label.

Statements of which something else is said than labelled stand in expected_failures.toml with the reason. That list is
held to strictly: a statement that comes right must be taken off it, and one that fails must not be new.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

FOLDER = Path(__file__).parent
PARTS = ("cases", "documents", "later")
DOCUMENTS = sorted(p for part in PARTS for p in (FOLDER / part).iterdir() if p.suffix != ".toml")
# The five reports and every twentieth of the other documents by default; the others are slow.
CHOSEN = [path for number, path in enumerate(DOCUMENTS) if path.parent.name == "cases" or number % 20 == 0]
COVERAGE = {"cases": 0.95, "documents": 0.95, "later": 0.8}
"""The share of the statements that is to be checked: of the set that was written before the parser, and of documents
that were written later, by people who did not know it."""


def _listed() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = tomllib.loads((FOLDER / "expected_failures.toml").read_text(encoding="utf-8")).get(
        "failure", []
    )
    return found


def _expected(path: Path) -> dict[tuple[Any, ...], str]:
    """The statements of a document that fail today: place and what is wrong with what is said."""
    file = f"{path.parent.name}/{path.name}"
    return {(one.get("cell"), one["line"], one.get("nth", 1)): one["fault"] for one in _listed() if one["file"] == file}


def _shown(some: Iterable[Any]) -> str:
    return "\n".join(map(str, some))


@pytest.mark.parametrize(
    "path",
    [pytest.param(path, id=path.name, marks=() if path in CHOSEN else pytest.mark.slow) for path in DOCUMENTS],
)
def test_what_is_said_of_a_document_is_what_its_labels_say(path: Path, judged: Callable[[Path], Any]) -> None:
    run = judged(path)
    assert not run.crash, run.crash
    unlabelled = [one for one in run.marked if one.label is None]
    assert not unlabelled, _shown(unlabelled)
    expected = _expected(path)
    found = {one.place: one for one in run.marked if one.fault}
    new = [one for place, one in found.items() if expected.get(place) != one.fault]
    assert not new, f"not in expected_failures.toml:\n{_shown(new)}"
    mended = sorted(set(expected) - set(found), key=str)
    assert not mended, f"right now, so take (cell, line, nth) off expected_failures.toml: {mended}"


@pytest.mark.xfail(strict=True, reason="expected_failures.toml still lists such statements")
def test_no_right_line_is_accused_and_every_mistake_of_the_five_reports_is_named() -> None:
    """Neither may be expected to fail: the runs themselves are held against the list above."""
    listed = [(one["file"], one["fault"]) for one in _listed()]
    assert not [file for file, fault in listed if fault == "accused"]
    assert not [file for file, fault in listed if file.startswith("cases/") and fault in {"missed", "wrong family"}]


@pytest.mark.slow
@pytest.mark.parametrize("part", PARTS)
def test_so_many_statements_are_checked(part: str, written: ModuleType, judged: Callable[[Path], Any]) -> None:
    figures = written.Figures.of(judged(path) for path in DOCUMENTS if path.parent.name == part)
    assert figures.coverage >= COVERAGE[part]


# The comparison itself ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("verdicts", "families", "said", "named", "fault"),
    [
        ({"right"}, (), "wrong", ("sign",), "accused"),
        ({"right", "convention"}, (), "wrong", ("sign",), "accused"),
        ({"definition"}, (), "wrong", ("sign",), "accused"),
        ({"convention", "wrong"}, (), "wrong", ("sign",), None),
        ({"wrong"}, ("sign",), "right", (), "missed"),
        ({"wrong"}, ("sign",), "not-checkable", (), "missed"),
        ({"wrong"}, ("sign",), "definition", (), "missed"),
        ({"wrong"}, ("sign",), "wrong", ("sum",), "wrong family"),
        ({"wrong"}, ("sign",), "wrong", (), "wrong family"),
        ({"wrong"}, ("sign", "sum"), "wrong", ("index", "sum"), None),
        ({"right"}, (), "not-checkable", (), "not checked"),
        ({"right", "not-checkable"}, (), "not-checkable", (), None),
        ({"right"}, (), "definition", (), "other verdict"),
        ({"definition"}, (), "right", (), None),
        ({"right"}, (), None, (), "not found as a statement"),
    ],
)
def test_what_is_said_otherwise_than_labelled_is_a_fault(
    verdicts: set[str],
    families: tuple[str, ...],
    said: str | None,
    named: tuple[str, ...],
    fault: str | None,
    written: ModuleType,
) -> None:
    label = written.Label(frozenset(verdicts), frozenset(families))
    assert written.Marked("a.tex", (None, 1, 1), label, said, named).fault == fault
