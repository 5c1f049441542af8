"""Terms as LaTeX, as text with places, and as MathML."""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Callable
from contextlib import suppress
from dataclasses import fields, replace
from functools import cache
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from derivations.unicode_text import ASCII, TextStyle
from derivations.written.faults import FormulaError
from derivations.written.grammar.sides import READINGS, Reading, parse_side
from derivations.written.source.document import read_document
from derivations.written.source.layout import clean
from derivations.written.source.statements import statements
from derivations.written.source.tokens import Token, tokenise
from derivations.written.terms import (
    Call,
    Derivative,
    Name,
    Negative,
    Number,
    Power,
    Product,
    Quotient,
    Raised,
    Script,
    Term,
    Terms,
    Times,
    Total,
    Transposed,
)
from derivations.written.writing import mathml as mathml_writing
from derivations.written.writing import text as text_writing
from derivations.written.writing.latex import latex
from derivations.written.writing.mathml import mathml
from derivations.written.writing.text import text_line, unicode
from derivations.written.writing.tidy import tidied

WRITTEN = Path(__file__).parent


def read(text: str) -> Term:
    return parse_side(clean(tokenise(text)))


@cache
def token_sides() -> tuple[tuple[Token, ...], ...]:
    """Every side of every statement of the document set, each text once."""
    found = {}
    for path in sorted(file for folder in ("cases", "documents") for file in (WRITTEN / folder).iterdir()):
        if path.suffix == ".toml":
            continue
        document = read_document(path.name, path.read_text(encoding="utf-8"))
        for statement in statements(document):
            for side in (statement.left, statement.right):
                if side:
                    found[document.text[side[0].start : side[-1].end]] = side
    return tuple(found.values())


@cache
def terms(reading: Reading) -> dict[Term, None]:
    """What the sides say, as far as they can be read; in their order."""
    found = {}
    for tokens in token_sides():
        with suppress(FormulaError):
            found[parse_side(tokens, reading)] = None
    return found


def test_every_side_of_the_document_set_reads_back() -> None:
    read_terms = terms(READINGS[0])
    assert len(read_terms) > 1000
    assert [latex(term) for term in read_terms if read(latex(term)) != term] == []


@pytest.mark.parametrize("reading", READINGS[1:], ids=str)
def test_another_reading_is_made_visible_by_brackets(reading: Reading) -> None:
    read_terms = terms(reading).keys() - terms(READINGS[0]).keys()
    assert [latex(term) for term in read_terms if unbracketed(read(latex(term))) != unbracketed(term)] == []


def test_a_part_put_in_the_place_of_another_reads_back() -> None:
    rng = random.Random(20)
    hosts = [term for term in terms(READINGS[0]) if slots(term) and not names_a_function(term)]
    parts = [
        part for term in hosts for part in term.walk() if isinstance(part, (Terms, Negative, Product, Total, Power))
    ]
    wrong = []
    for _ in range(1000):
        host, part = rng.choice(hosts), rng.choice(parts)
        edited = replaced(host, rng.choice(slots(host)), part)
        if unbracketed(read(latex(edited))) != unbracketed(edited):
            wrong.append(latex(edited))
    assert wrong == []


def slots(term: Term) -> list[Term]:
    """Factors and summands outside scripts and functions, where any part may stand."""
    inside = [slot for child in term.children for slot in slots(child)] if isinstance(term, OPEN) else []
    return [*term.children, *inside] if isinstance(term, (Product, Terms)) else inside


def names_a_function(term: Term) -> bool:
    """Does a function stand without its argument, as in tanh' = 1 - tanh^2? It would take what is put behind it."""
    if isinstance(term, Name):
        return term.font == "text"
    return any(names_a_function(child) for child in (term.arguments if isinstance(term, Call) else term.children))


OPEN = (Terms, Negative, Product, Quotient, Total, Derivative, Transposed)


def unbracketed(term: Term) -> Term:
    """The term without brackets that hold a single term."""
    if isinstance(term, Terms) and len(term.terms) == 1:
        return unbracketed(term.terms[0])
    return rebuilt(term, unbracketed)


def replaced(term: Term, old: Term, new: Term) -> Term:
    """The term with one part, that very one, in another's place."""
    return new if term is old else rebuilt(term, lambda child: replaced(child, old, new))


def rebuilt(value: Any, change: Callable[[Term], Term]) -> Any:
    """The term with every child changed."""

    def inside(item: Any) -> Any:
        if isinstance(item, tuple):
            return tuple(map(inside, item))
        if isinstance(item, Script):
            return Script(change(item.body), item.raised)
        return change(item) if isinstance(item, Term) else item

    return replace(value, **{field.name: inside(getattr(value, field.name)) for field in fields(value)})


X, Y, Z = (Name(letter) for letter in "xyz")
I = Name("i")  # noqa: E741


@pytest.mark.parametrize(
    ("term", "expected"),
    [
        (Product((Terms((X, Y)), Z), (Times.JUXTAPOSED,)), "(x + y) z"),
        (Product((X, Negative(Y)), (Times.JUXTAPOSED,)), "x (-y)"),
        (Product((X, Negative(Y)), (Times.DOT,)), r"x \cdot -y"),
        (Product((Total("sum", (I,), None, None, None, X), Y), (Times.JUXTAPOSED,)), r"\left( \sum_i x \right) y"),
        (Total("sum", (I,), Number(1.0, "1"), Name("n"), None, Terms((X, Y))), r"\sum_{i=1}^n (x + y)"),
        (Negative(Terms((X, Negative(Y)))), "-(x - y)"),
        (Terms((X, Negative(Negative(Y)))), "x - (-y)"),
        (Derivative(Terms((X, Y)), (Z,), form="operator"), r"\frac{\partial}{\partial z} (x + y)"),
        (Derivative(None, (Name("W"),), form="named"), "dW"),
        (Name("W", sup=(Script(Number(2.0, "2"), Raised.ROUND), Script(X))), "{W^{(2)}}^x"),
        (Name("theta", sub=(Name("alpha"), Name("j")), font="bold"), r"\boldsymbol{\theta}_{\alpha j}"),
        (Name("y", accent="hat", primes=1), r"\hat{y}'"),
        (Power(Terms((X, Y)), Number(2.0, "2")), "(x + y)^2"),
        (Power(X, Number(0.5, "1/2")), r"\sqrt{x}"),
        (Call(Name("softmax", font="text"), (Z,)), r"\operatorname{softmax}(z)"),
    ],
)
def test_brackets_stand_where_they_are_needed(term: Term, expected: str) -> None:
    assert latex(term) == expected


def test_a_bracket_after_a_name_is_not_read_as_an_argument() -> None:
    product = Product((Name("h"), Terms((Terms((X, Y)),))), (Times.JUXTAPOSED,))
    assert latex(product) == "h [x + y]"
    assert read(latex(product)) == product


# On one line of text --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (r"\frac{\partial J}{\partial b_m} \frac{1}{n}", "∂J/∂bₘ · (1/n)"),
        (r"\frac1n \sum_{i=1}^{n} (\hat y_{im}-y_{im})x_{ij}", "(1/n) Σᵢ₌₁ⁿ (ŷᵢₘ − yᵢₘ) xᵢⱼ"),
        (r"\frac{a + b}{c d}", "(a + b) / (c d)"),
        (r"a^{(2)}_i {W^{[1]}}^T x_i^2", "a⁽²⁾ᵢ W^[1]ᵀ xᵢ²"),
        (r"e^{-z} - e^{z_i}", "e⁻ᶻ − e^zᵢ"),
        (r"z_{i_m} + w_{k'}", "zᵢₘ + wₖ′"),
        (r"y_{y_i} x_i", "y_{y_i} x_i"),
        (r"\sum_{k \neq i} \mathbb{1}[k = 2]", "Σ_{k ≠ i} 1[k = 2]"),
        (r"\frac{\partial}{\partial z} a b", "∂/∂z [a b]"),
        (r"\frac{\partial}{\partial z} (a) b", "∂/∂z (a) · b"),
        (r"\|w\|_2^2 \odot \sqrt{a+b}", "‖w‖² ⊙ √(a + b)"),
        (r"\begin{cases} 1 & i = j \\ 0 & \text{else} \end{cases}", "{1 if i = j; 0 otherwise}"),
        (r"\begin{bmatrix} 1 & 2 \\ 3 & 4 \end{bmatrix} \ldots", "[1, 2; 3, 4] …"),
        (r"\nabla_{w} J", "∇_w J"),
        (r"\frac{\partial^2 J}{\partial w \partial b}", "∂²J/∂w∂b"),
        (r"\frac{\partial^2 J}{\partial w \partial w^T}", "∂²J/∂w∂wᵀ"),
        (r"\nabla_w^2 J + \partial_k \ln L", "∇²_w J + ∂ₖ ln(L)"),
        (r"dW \cdot \text{softmax}(z)_k", "dW · softmax(z)ₖ"),
    ],
)
def test_one_line_of_unicode(source: str, expected: str) -> None:
    assert unicode(read(source)) == expected


def test_ascii_where_a_terminal_has_no_more() -> None:
    term = read(r"-\frac1n \sum_{i=1}^n \hat y_{im} \odot \theta^T")
    assert unicode(term, ASCII) == "-(1/n) * sum_{i=1}^n y_hat_im (*) theta.T"


def names_with_places(term: Term) -> list[Name]:
    return [part for part in term.walk() if isinstance(part, Name) and part.span[0] < part.span[1]]


@pytest.mark.parametrize("style", [None, ASCII], ids=["unicode", "ascii"])
def test_every_name_of_the_document_set_is_found_on_its_line(style: TextStyle | None) -> None:
    """The part of the line at a name's place holds the name, whatever was respelt before it."""
    for term in list(terms(READINGS[0]))[::7]:
        line = text_line(term, style)
        assert line.text.isprintable()
        for name in names_with_places(term):
            found = line.find(name.span)
            assert found is not None
            inside = line.text[found[0] : found[1]]
            plain = replace(name, sub=(), sup=(), primes=0, accent="", font="")
            if len(name.base) == 1 and name.font != "blackboard" and name.base.isupper():
                assert unicode(plain, style) in unicodedata.normalize("NFKD", inside)


def test_a_piece_of_the_source_is_found_by_its_parts() -> None:
    source = r"a + \frac{\partial J}{\partial b} c"
    line = text_line(read(source))

    def marked(piece: str) -> str:
        start = source.rindex(piece)
        found = line.find((start, start + len(piece)))
        assert found is not None
        return line.text[found[0] : found[1]]

    assert marked(r"\frac{\partial J}{\partial b}") == "∂J/∂b"
    assert marked(r"\frac{\partial J}{\partial b} c") == "∂J/∂b · c"
    assert marked("c") == "c"
    assert marked(r"\partial b") == "b"
    assert marked("+") == line.text
    assert line.find((900, 901)) is None


# As MathML ------------------------------------------------------------------------------------------------------------


def test_every_side_of_the_document_set_is_well_formed_mathml() -> None:
    for term in list(terms(READINGS[0]))[::5]:
        root = ET.fromstring(mathml(None, "=", term))
        assert root.tag == "math"
        for tag, count in (("mfrac", 2), ("msub", 2), ("msup", 2), ("msubsup", 3), ("munder", 2), ("munderover", 3)):
            assert all(len(element) == count for element in root.iter(tag)), latex(term)


def test_the_parts_in_a_piece_of_the_document_are_marked() -> None:
    source = r"a + \frac{b}{c}"
    page = mathml(X, "ne", read(source), marked=(4, len(source)))
    assert '<mrow class="marked"><mfrac>' in page
    assert "<mo>≠</mo>" in page
    assert "marked" not in mathml(X, "=", read(source))


@pytest.mark.parametrize("writer", [text_writing._Writer, mathml_writing._Writer], ids=["text", "MathML"])
def test_every_kind_of_term_has_its_writer(writer: type) -> None:
    kinds = {kind.__name__.lower() for kind in Term.__subclasses__()}
    assert len(kinds) == 18
    assert {kind for kind in kinds if not hasattr(writer, kind)} == set()


def test_what_a_word_holds_is_escaped() -> None:
    assert "<script>" not in mathml(None, "=", Name("<script>", font="text"))
    assert "&lt;script&gt;" in mathml(None, "=", Name("<script>", font="text"))


# As one would write it ------------------------------------------------------------------------------------------------

ONE, TWO = Number(1.0, "1"), Number(2.0, "2")
JUXTAPOSED = Times.JUXTAPOSED


@pytest.mark.parametrize(
    ("term", "expected"),
    [
        (Product((ONE, X), (JUXTAPOSED,)), "x"),
        (Product((ONE, X, Y), (JUXTAPOSED, Times.DOT)), r"x \cdot y"),
        (Product((X, ONE), (Times.DOT,)), "x"),
        (Product((ONE, ONE), (JUXTAPOSED,)), "1"),
        (Product((ONE, X), (Times.DIVIDED,)), r"1 \oslash x"),
        (Product((Y, Product((TWO, X), (JUXTAPOSED,))), (JUXTAPOSED,)), r"y \cdot 2 x"),
        (Product((Y, Product((X, Z), (JUXTAPOSED,))), (JUXTAPOSED,)), "y [x z]"),
        (Terms((Terms((X, Y)),)), "x + y"),
        (Negative(Product((ONE, X), (JUXTAPOSED,))), "-x"),
        (Total("sum", (I,), ONE, Name("n"), None, Product((ONE, X), (JUXTAPOSED,))), r"\sum_{i=1}^n x"),
    ],
)
def test_what_a_change_left_behind_is_tidied_up(term: Term, expected: str) -> None:
    assert latex(tidied(term, None)) == expected


def test_a_one_that_was_written_stays() -> None:
    term = Product((ONE, X), (JUXTAPOSED,))
    assert tidied(term, term) == term
