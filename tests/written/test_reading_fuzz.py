"""Damaged formulas: whatever is deleted or swapped, only a located message may come out, and soon."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from derivations.written.faults import FormulaError
from derivations.written.grammar.sides import READINGS, parse_condition, parse_side
from derivations.written.source.document import read_document
from derivations.written.source.lines import segments
from derivations.written.source.statements import statements
from derivations.written.source.tokens import tokenise

SET = Path(__file__).parent
HANGS = 60
"""Seconds after which reading hangs, on however slow a machine; how fast it is stands in benchmarks/."""


@cache
def formulas() -> tuple[str, ...]:
    """The formulas of the document set, each once."""
    files = sorted(path for path in SET.glob("*/*") if path.suffix in {".tex", ".md", ".ipynb", ".txt"})
    found = {formula.text for path in files for formula in read_document(path.name, path.read_text()).formulas}
    return tuple(sorted(found))


def damaged(formula: str, generator: random.Random) -> str:
    """The formula with some tokens deleted, swapped, doubled or moved in from another."""
    tokens = tokenise(formula)
    pieces = [formula[token.start : token.end] + " " for token in tokens]
    for _ in range(generator.randint(1, 4)):
        if len(pieces) < 2:
            break
        one, two = generator.randrange(len(pieces)), generator.randrange(len(pieces))
        match generator.randrange(4):
            case 0:
                del pieces[one]
            case 1:
                pieces[one], pieces[two] = pieces[two], pieces[one]
            case 2:
                pieces.insert(one, pieces[two])
            case _:
                pieces.insert(
                    one, generator.choice(["{", "}", "(", ")", "^", "_", "|", r"\right", "$", "&", r"\\", "=", "!"])
                )
    return "".join(pieces)


def attempt(action: Callable[[], Any], length: int) -> Any:
    """What comes of it, None where it is refused; the fault must lie inside the formula."""
    try:
        return action()
    except FormulaError as error:
        fault = error
    assert fault.reason
    assert 0 <= fault.start <= fault.end <= length + 1
    return None


def read(formula: str) -> None:
    """Read it as the judge does."""
    length = len(formula)
    found = attempt(lambda: segments(tokenise(formula)), length) or []
    for side in (side for segment in found for side in segment.sides if side):
        for reading in READINGS:
            term = attempt(lambda side=side, reading=reading: parse_side(side, reading), length)
            if term is not None:
                assert all(0 <= part.span[0] <= part.span[1] <= length for part in term.walk())
        attempt(lambda side=side: parse_condition(side), length)


@pytest.mark.parametrize("seed", range(4))
def test_only_located_messages_come_out_of_damaged_formulas(seed: int) -> None:
    generator = random.Random(seed)
    for _ in range(40):
        text = damaged(generator.choice(formulas()), generator)
        begin = time.perf_counter()
        try:
            read(text)
        except Exception as error:
            raise AssertionError(f"{type(error).__name__}: {error} from {text!r}") from error
        assert time.perf_counter() - begin < HANGS, text


@pytest.mark.parametrize("seed", range(3))
def test_damaged_documents_lose_no_other_formula(seed: int) -> None:
    generator = random.Random(100 + seed)
    for _ in range(40):
        text = f"First $a = b$.\n\n${damaged(generator.choice(formulas()), generator)}$\n\nLast $c = d$.\n"
        found = [(s.start, text[s.start : s.end]) for s in statements(read_document("notes.md", text))]
        assert (7, "a = b") in found
        assert "c = d" in {source for _, source in found}, text


@pytest.mark.slow
@pytest.mark.parametrize(
    "text",
    ["(" * 3000, "{" * 1000 + "}" * 1000, "x" + "^{x" * 300 + "}" * 300, "-" * 2000 + "x", r"\sum " * 3000 + "x",
     r"\hat" * 3000 + "x", r"\frac{\partial}{\partial x}" * 800 + "x", "d(" * 200 + ")" * 200, r"\log " * 3000 + "x",
     "|" * 3000, "x'" * 2000, "a + " * 1500 + "b", "[" * 40 + "x" + "]" * 40, r"\sqrt" * 2000 + "2", "x_" * 1500,
     "^" * 3000, "d" * 5000, "x = " * 1500 + "y", r"\begin{cases}" * 500, "W" + "^{(1)}" * 2000, r"\nabla" * 2000 + "x",
     "W^{" + "(1)" * 2000 + "}", "{{{a b} c} d}" * 300, "a/" * 1500 + "b", "b = a - (a - y ())", "x_i ()",
     "a_{" + "{" * 60 + "i j" + "} k" * 60 + "}"],
    ids=lambda text: text[:14],
)  # fmt: skip
def test_deep_and_long_formulas_end(text: str) -> None:
    begin = time.perf_counter()
    read(text)
    read(f"y = {text}")
    assert time.perf_counter() - begin < HANGS


@pytest.mark.parametrize(
    "opening",
    ["$", "$$", r"\[", r"\(", r"\begin{align}", "```", "`", "<!--", r"\begin{verbatim}", r"\def\a{", r"\newcommand"],
)
@pytest.mark.parametrize("name", ["a.md", "a.tex"])
def test_documents_of_unclosed_openings_end(opening: str, name: str) -> None:
    begin = time.perf_counter()
    statements(read_document(name, f"{opening} x = 1 " * 3000))
    statements(read_document(name, f"{opening} x = 1\n\n" * 3000))
    assert time.perf_counter() - begin < HANGS
