"""A derivation in the terminal: complete, aligned, within the width, honest about proofs."""

from __future__ import annotations

import io
from dataclasses import replace
from functools import cache

import pytest
from rich.cells import cell_len
from rich.console import Console

from derivations import Derivation, derive
from derivations.chain_rule import sweep
from derivations.models import MODELS
from gradcheck.render.derivation_text import print_derivation


def printed(derivation: Derivation, *, width: int = 100, encoding: str = "utf-8", **options: object) -> str:
    buffer = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    print_derivation(derivation, Console(file=buffer, width=width), **options)  # type: ignore[arg-type]
    buffer.flush()
    return buffer.buffer.getvalue().decode(encoding)  # type: ignore[attr-defined]


@cache
def derived(name: str) -> Derivation:
    return derive(MODELS[name].build())


@pytest.fixture
def softmax() -> Derivation:
    return derived("softmax-regression")


@pytest.mark.parametrize("width", [60, 80, 100, 120, 200])
@pytest.mark.parametrize("name", MODELS)
@pytest.mark.parametrize("detail", ["brief", "full"])
def test_no_line_is_wider_than_the_terminal(name: str, width: int, detail: str) -> None:
    text = printed(derived(name), width=width, detail=detail)
    assert max(map(cell_len, text.splitlines())) <= width


def test_lines_have_no_trailing_blanks(softmax: Derivation) -> None:
    assert all(line == line.rstrip() for line in printed(softmax).splitlines())


def test_a_pipe_gets_no_colour(softmax: Derivation) -> None:
    assert "\x1b" not in printed(softmax)


def test_a_terminal_gets_colour(softmax: Derivation) -> None:
    buffer = io.StringIO()
    print_derivation(softmax, Console(file=buffer, width=100, force_terminal=True, color_system="standard"))
    assert "\x1b[36m" in buffer.getvalue()


def test_rules_and_reasons_stand_beside_the_equalities(softmax: Derivation) -> None:
    text = printed(softmax, width=120)
    line = next(line for line in text.splitlines() if "definition of ŷ: Read" in line)
    assert "= ŷᵢₘ − yᵢₘ" in line
    assert "this is ŷ" in line


def test_reasons_stand_below_where_there_is_no_room_beside(softmax: Derivation) -> None:
    lines = printed(softmax, width=60).splitlines()
    place = next(place for place, line in enumerate(lines) if line.endswith("= ŷᵢₘ − yᵢₘ"))
    assert lines[place + 1].strip().startswith("definition of ŷ: Read backwards")


def test_the_gradients_are_boxed_at_the_end(softmax: Derivation) -> None:
    text = printed(softmax)
    box = text[text.index("╭─ Gradients") :]
    assert "│ ∂J/∂wₘⱼ = (1/n) Σᵢ (ŷᵢₘ − yᵢₘ) xᵢⱼ │" in box
    assert "│  ∂J/∂bₘ = (1/n) Σᵢ (ŷᵢₘ − yᵢₘ)     │" in box


def test_wrt_shows_one_gradient(softmax: Derivation) -> None:
    text = printed(softmax, wrt=("b",))
    assert "∂J/∂wₘⱼ" not in text
    assert "∂J/∂bₘ" in text


def test_what_is_not_proven_is_never_printed_as_proven() -> None:
    text = printed(sweep(MODELS["linear-regression"].build()))
    assert "not proven" in text
    assert "proven to" not in text


def test_one_unproven_equality_is_marked(softmax: Derivation) -> None:
    first, *rest = softmax.steps
    broken = replace(first, equalities=(replace(first.equalities[0], error=None), *first.equalities[1:]))
    text = printed(replace(softmax, steps=(broken, *rest)), width=120)
    heading = next(line for line in text.splitlines() if "──" in line)
    assert heading.endswith("not proven")
    assert "Put in what J is. (not proven)" in text
    assert "marked as not proven" in " ".join(text.split())


def test_a_terminal_without_unicode_gets_ascii() -> None:
    text = printed(derive(MODELS["ridge"].build()), encoding="ascii")
    assert text.isascii()
    assert "?" not in text
    assert "dJ/dw_j = sum_i dJ/dz_i * dz_i/dw_j + dJ/dw_j|_L" in text


def test_a_title_cannot_steer_the_terminal(softmax: Derivation) -> None:
    model = MODELS["linear-regression"].build()
    model.title = "[red]\x1b[31mred"
    text = printed(sweep(model))
    assert "\x1b" not in text
    assert text.startswith("[red]\\x1b[31mred")
