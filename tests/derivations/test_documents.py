"""Whole documents: complete, well-formed, honest about proofs, and safe against hostile texts."""

from __future__ import annotations

import itertools
import shutil
import subprocess
from dataclasses import replace
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import pytest

from checkers.errors import UsageError
from derivations import Derivation, Model, Sum, derive
from derivations.chain_rule import sweep
from derivations.documents import FORMATS, render
from derivations.models import MODELS
from derivations.presentation import present
from derivations.prose import polished, proof_text

if TYPE_CHECKING:
    from pathlib import Path

VARIANTS = {name: (name, {}) for name in MODELS} | {
    "softmax through y_hat": ("softmax-regression", {"route": "y-hat", "l2": "half"}),
    "deep": ("mlp", {"layers": (4, 5, 6, 3), "activation": "improved-sigmoid", "l2": "full"}),
}
HOSTILE = r"<script>alert(1)</script> \input{x} $y$ **bold** & 100% [red] {{ 7*7 }} 数"
VOID = {"meta", "br", "hr", "img", "link", "input"}


@pytest.fixture(scope="module", params=VARIANTS, ids=str)
def derivation(request: pytest.FixtureRequest) -> Derivation:
    name, options = VARIANTS[request.param]
    return derive(MODELS[name].build(**options))


class Checker(HTMLParser):
    """Notes elements that are closed in the wrong order."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.add(tag)
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.mark.parametrize("detail", ["brief", "full"])
def test_html_is_well_formed_and_self_contained(derivation: Derivation, detail: str) -> None:
    page = render(derivation, format="html", detail=detail)
    checker = Checker()
    checker.feed(page)
    assert checker.open == []
    assert "math" in checker.seen
    assert not checker.seen & {"script", "link", "img", "iframe"}
    for outside in ("http://", "https://", "@import", "url("):
        assert outside not in page
    assert "prefers-color-scheme: dark" in page


@pytest.mark.parametrize("detail", ["brief", "full"])
@pytest.mark.parametrize("format", ["latex", "markdown"])
def test_braces_and_environments_balance(derivation: Derivation, format: str, detail: str) -> None:
    text = render(derivation, format=format, detail=detail)
    plain = text.replace(r"\{", "").replace(r"\}", "")
    assert plain.count("{") == plain.count("}")
    assert text.count(r"\begin{") == text.count(r"\end{")
    assert text.count("$$") % 2 == 0


@pytest.mark.parametrize("format", FORMATS)
def test_every_format_ends_with_one_newline(derivation: Derivation, format: str) -> None:
    text = render(derivation, format=format)
    assert text.endswith("\n")
    assert not text.endswith("\n\n")


def test_numpy_source_compiles(derivation: Derivation) -> None:
    compile(render(derivation, format="numpy"), "gradients.py", "exec")


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="needs pdflatex")
@pytest.mark.parametrize("detail", ["brief", "full"])
def test_latex_compiles(derivation: Derivation, detail: str, tmp_path: Path) -> None:
    (tmp_path / "derivation.tex").write_text(render(derivation, format="latex", detail=detail), encoding="utf-8")
    run = subprocess.run(
        ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "derivation.tex"],
        cwd=tmp_path, capture_output=True, text=True, errors="replace", check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stdout[-2000:]
    assert "Overfull \\hbox" not in run.stdout


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="needs pdflatex")
def test_a_hostile_title_compiles_to_text(tmp_path: Path) -> None:
    (tmp_path / "hostile.tex").write_text(render(sweep(_small(HOSTILE)), format="latex"), encoding="utf-8")
    command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "hostile.tex"]
    assert subprocess.run(command, cwd=tmp_path, capture_output=True, check=False).returncode == 0


def _small(title: str) -> Model:
    model = Model("small", title)
    (n,) = model.sizes(n="samples")
    (i,) = model.indices(i=n)
    y, b = model.data("y", n), model.parameter("b", note=title)
    L, J = model.node("L"), model.loss("J")
    L[i] = (y[i] - b) ** 2
    J[()] = Sum(L[i], i) / n
    return model


def test_hostile_texts_are_shown_and_do_nothing() -> None:
    derivation = sweep(_small(HOSTILE))
    page = render(derivation, format="html")
    assert "<script>" not in page
    assert "&lt;script&gt;" in page
    assert "{{ 7*7 }}" in page
    assert r"\input" not in render(derivation, format="latex")
    markdown = render(derivation, format="markdown")
    assert r"\<script\>" in markdown
    assert r"\*\*bold\*\*" in markdown


@pytest.mark.parametrize("format", ["latex", "markdown", "html"])
def test_what_is_not_proven_is_never_printed_as_proven(format: str) -> None:
    text = render(sweep(MODELS["softmax-regression"].build()), format=format)
    assert "not proven" in text
    assert "proven to" not in text.replace('"proven to"', "")


@pytest.mark.parametrize("format", ["latex", "markdown", "html"])
def test_one_unproven_equality_makes_its_step_unproven(format: str) -> None:
    proven = derive(MODELS["linear-regression"].build())
    *rest, last = proven.steps
    broken = replace(last, equalities=(replace(last.equalities[0], error=None), *last.equalities[1:]))
    mixed = replace(proven, steps=(*rest, broken))
    assert present(mixed).blocks[-1].error is None
    assert not present(mixed).is_proven
    text = render(mixed, format=format)
    # The step's heading and the one equality.
    assert text.count("not proven") >= 2


def test_the_error_printed_is_the_largest() -> None:
    proven = derive(MODELS["linear-regression"].build())
    *rest, last = proven.steps
    worse = replace(last, equalities=(replace(last.equalities[0], error=3.2e-11), *last.equalities[1:]))
    assert "proven to 3e-11" in render(replace(proven, steps=(*rest, worse)), format="markdown")


@pytest.mark.parametrize(
    ("error", "expected"), [(None, "not proven"), (0.0, "proven to 1e-16"), (4e-13, "proven to 4e-13")]
)
def test_proof_texts(error: float | None, expected: str) -> None:
    assert proof_text(error) == expected


def test_wrt_leaves_out_the_steps_that_are_not_needed() -> None:
    derivation = derive(MODELS["mlp"].build())
    names = [block.name for block in present(derivation, wrt=("W2",)).blocks]
    assert names[-1] == "dJ/dW2"
    assert not {"dJ/dW1", "dJ/da1", "dJ/db2"} & set(names)


def test_wrt_of_an_early_layer_keeps_every_step_between() -> None:
    derivation = derive(MODELS["mlp"].build())
    names = [block.name for block in present(derivation, wrt=("W1",)).blocks]
    assert {"dJ/dz2", "dJ/da1", "dJ/dz1", "dJ/dW1"} <= set(names)


def test_an_unknown_array_is_refused_with_the_known_ones() -> None:
    with pytest.raises(UsageError, match=r"no gradient with respect to Q\. It has those of L, z, w, b"):
        render(derive(MODELS["linear-regression"].build()), format="html", wrt=("Q",))


def test_an_unknown_format_is_refused_with_the_known_ones() -> None:
    with pytest.raises(UsageError, match=r"No format 'pdf'.*latex, markdown, html, numpy"):
        render(sweep(MODELS["linear-regression"].build()), format="pdf")


def test_brief_folds_one_line_derivatives_into_the_step_that_uses_them() -> None:
    derivation = derive(MODELS["softmax-regression"].build(route="y-hat"))
    brief = {block.name: block for block in present(derivation, detail="brief").blocks}
    full = present(derivation, detail="full").blocks
    assert len(brief) < len(full)
    assert [fact.name for fact in brief["dJ/dW"].facts] == ["dz/dW"]
    # The softmax Jacobian is the heart of this derivation: it keeps a block of its own.
    assert any(name.startswith("dy_hat/dz") for name in brief)


def test_brief_ends_every_chain_with_its_result(derivation: Derivation) -> None:
    brief = [fact for block in present(derivation, detail="brief").blocks for fact in (*block.facts, block)]
    full = {block.name: block for block in present(derivation, detail="full").blocks}
    assert {block.name: block.lines[-1].right for block in brief} == {n: b.lines[-1].right for n, b in full.items()}


def test_no_line_repeats_the_line_before(derivation: Derivation) -> None:
    for block in present(derivation).blocks:
        chain = [block.quantity, *(line.right for line in block.lines)]
        assert all(left != right for left, right in itertools.pairwise(chain))


def test_gradients_come_after_what_they_refer_to() -> None:
    shown = present(derive(MODELS["mlp"].build()), wrt=("W1",))
    assert len(shown.gradients) > 1
    assert shown.gradients[-1].left == shown.blocks[-1].quantity


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("(u v)' = u' v + u v'", "(u v)′ = u′ v + u v′"),
        ("(u^k)' = k u^(k-1) u'.", "(uᵏ)′ = k uᵏ⁻¹ u′."),
        ("sigma' = sigma (1 - sigma)", "σ′ = σ (1 − σ)"),
        ("Huber's loss has the slope u, cut off at -1 and 1", "Huber's loss has the slope u, cut off at −1 and 1"),
        ("log-sum-exp", "log-sum-exp"),
    ],
)
def test_mathematics_in_sentences_is_polished(typed: str, written: str) -> None:
    assert polished(typed) == written
