"""Where formulas and statements stand: kinds of documents, places, damage that stays where it is."""

from __future__ import annotations

import json
import time
import tomllib
from collections import Counter
from pathlib import Path

import pytest

from checkers.errors import UsageError
from derivations.written.grammar.sides import parse_side
from derivations.written.source.brackets import checked_braces
from derivations.written.source.document import Document, read_document
from derivations.written.source.statements import Statement, statements
from derivations.written.source.tokens import tokenise

SET = Path(__file__).parent
# What was written later need not be read whole.
FILES = sorted(
    path for part in ("cases", "documents") for path in (SET / part).iterdir()
    if path.suffix in {".tex", ".md", ".ipynb", ".txt"}
)  # fmt: skip


def formulas(text: str, name: str = "a.md") -> list[str]:
    return [formula.text for formula in read_document(name, text).formulas]


def sources(text: str, name: str = "a.md") -> list[str]:
    document = read_document(name, text)
    return [document.text[found.start : found.end] for found in statements(document)]


def read(text: str, name: str = "a.md") -> tuple[Document, tuple[Statement, ...]]:
    document = read_document(name, text)
    return document, statements(document)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_statement_of_the_set_is_found_reads_and_has_a_whole_source(path: Path) -> None:
    document, found = read(path.read_text(), path.name)
    labels = tomllib.loads(path.with_suffix(".toml").read_text())["statement"]
    counted: Counter[tuple[int | None, int]] = Counter()
    places = set()
    for statement in found:
        place = document.cell(statement.sign_at), document.position(statement.sign_at)[0]
        counted[place] += 1
        places.add((*place, counted[place]))
        assert statement.fault is None
        assert all(parse_side(tokens) for tokens in (statement.left, statement.right) if tokens)
        checked_braces(tokenise(document.text[statement.start : statement.end]))
    assert places == {(label.get("cell"), label["line"], label.get("nth", 1)) for label in labels}


@pytest.mark.parametrize(
    ("text", "name", "expected"),
    [
        ("$a$ $$b$$ \\(c\\) \\[d\\]", "a.md", ["a", "b", "c", "d"]),
        ("$a$ $$b$$ \\(c\\) \\[d\\]", "a.tex", ["a", "b", "c", "d"]),
        (r"\begin{align*}a &= b\end{align*} \begin{equation}c\end{equation}", "a.tex", ["a &= b", "c"]),
        ("It costs $5 and $6, but $x = 1$.", "a.md", ["x = 1"]),
        ("Costs \\$5, $x$.", "a.tex", ["x"]),
        ("`price $a` and $b$", "a.md", ["b"]),
        ("$`a`$", "a.md", ["a"]),
        ("```python\nx = '$a$'\n```\n$b$", "a.md", ["b"]),
        ("```math\na = b\n```\n$c$", "a.md", ["a = b\n", "c"]),
        ("% $a$\n$b$", "a.tex", ["b"]),
        ("5 % of $b$", "a.md", ["b"]),
        ("\\verb|$a$| $b$", "a.tex", ["b"]),
        ("\\begin{verbatim}$a$\\end{verbatim} $b$", "a.tex", ["b"]),
        ("<!-- $a$ --> $b$", "a.md", ["b"]),
        ("\\newcommand{\\x}{$a$}\\begin{document}$b$\\end{document}", "a.tex", ["b"]),
        ("\\begin{document}$b$\\end{document} $c$", "a.tex", ["b"]),
        ("a \\\\[2pt] b $c$", "a.tex", ["c"]),
    ],
)
def test_where_formulas_are_found(text: str, name: str, expected: list[str]) -> None:
    assert formulas(text, name) == expected


@pytest.mark.parametrize("name", ["a.md", "a.tex", "a.txt"])
@pytest.mark.parametrize(
    "damage", ["$x = 1", "$$ x = 1", "a $ b", r"\[ x = 1", r"\( x = 1", r"\begin{align} x &= 1", "$a=b$ and $ c"]
)
def test_an_unclosed_formula_swallows_no_other_paragraph(damage: str, name: str) -> None:
    found = sources(f"$p = q$\n\n{damage}\n\n$$r = s$$\n\n$t = u$", name)
    assert found[0] == "p = q"
    assert found[-2:] == ["r = s", "t = u"]


def test_an_odd_dollar_loses_only_itself() -> None:
    assert sources("The price is $ and $a = b$ and $c = d$.") == ["a = b", "c = d"]


def test_a_damaged_line_leaves_the_others() -> None:
    text = "\\begin{align}\na &= b \\\\\nc &= \\frac{d}{e \\\\\nf &= g\n\\end{align}"
    document, found = read(text, "a.tex")
    assert [document.text[statement.start : statement.end] for statement in found if statement.fault is None] == [
        "a &= b", "f &= g",
    ]  # fmt: skip
    (damaged,) = (statement for statement in found if statement.fault is not None)
    assert damaged.fault is not None
    assert "opened here and not closed" in damaged.fault.reason
    assert document.position(damaged.fault.start) == (3, 13)


def test_places_count_lines_from_one_and_columns_from_zero() -> None:
    document, (first, second) = read("Let\n  $z = w x\n + b = c$.")
    assert [document.position(place) for place in (first.start, first.sign_at, first.end)] == [(2, 3), (2, 5), (3, 4)]
    assert [document.position(place) for place in (second.start, second.sign_at, second.end)] == [
        (3, 5),
        (3, 5),
        (3, 8),
    ]


@pytest.mark.parametrize("ends", ["\r\n", "\r"])
def test_line_ends_of_other_systems_change_no_place(ends: str) -> None:
    text = "One\n\n$$\na = b\n= c\n$$\n\nand $d = e$.\n"
    plain, foreign = read(text), read(text.replace("\n", ends))
    assert [s.start for s in plain[1]] == [s.start for s in foreign[1]]
    assert [plain[0].position(s.end) for s in plain[1]] == [foreign[0].position(s.end) for s in foreign[1]]
    assert plain[0].position(plain[1][-1].start) == (8, 5)


def notebook(*cells: tuple[str, str | list[str]]) -> str:
    return json.dumps({"cells": [{"cell_type": kind, "source": source} for kind, source in cells]})


def test_places_in_a_notebook_count_from_each_cell() -> None:
    text = notebook(("markdown", ["# One\r\n", "$a = b$"]), ("code", "$x = y$"), ("markdown", "\n$c = d$ $$ e"),
                    ("markdown", "$$f = g$$"))  # fmt: skip
    document, found = read(text, "a.ipynb")
    places = [(document.cell(s.start), *document.position(s.start), *document.position(s.end)) for s in found]
    assert places == [(1, 2, 1, 2, 6), (3, 2, 1, 2, 6), (4, 1, 2, 1, 7)]
    assert document.text == read("\ufeff" + text, "-")[0].text


def test_a_cell_without_text_is_empty() -> None:
    assert read_document("a.ipynb", '{"cells": [{"cell_type": "markdown"}, 3]}').formulas == ()


@pytest.mark.parametrize("text", ["no json", "[]", '{"cells": 1}'])
def test_a_file_that_is_no_notebook_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match=r"a\.ipynb is no notebook"):
        read_document("a.ipynb", text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("$a = b = c$", [("a = b", 1, 1), ("= c", 1, 2)]),
        ("$$\\begin{aligned} a &= b \\\\ &= c \\end{aligned}$$", [("a &= b", 1, 1), ("= c", 1, 2)]),
        ("$a = b$\n\n$= c$", [("a = b", 1, 1), ("= c", 1, 2)]),
        ("$$a = \\\\ = b$$", [("a = \\\\ = b", 1, 1)]),
        ("$a = b, \\quad c = d$", [("a = b", 1, 1), ("c = d", 2, 1)]),
        ("$$a = b \\\\ + c = d$$", [("a = b \\\\ + c", 1, 1), ("= d", 1, 2)]),
        ("$w \\leftarrow w - a$", [("w \\leftarrow w - a", 1, 1)]),
        (
            "$a \\overset{(1)}{=} b \\stackrel{(2)}{=} c$",
            [("a \\overset{(1)}{=} b", 1, 1), ("\\stackrel{(2)}{=} c", 1, 2)],
        ),
        ("$\\sum_{i=1}^n x_i = s$", [("\\sum_{i=1}^n x_i = s", 1, 1)]),
        ("$\\boxed{a = \\underline{b}}.$", [("\\boxed{a = \\underline{b}}", 1, 1)]),
        ("$\\left. a \\right. = b$", [("\\left. a \\right. = b", 1, 1)]),
    ],
)
def test_statements_and_their_chains(text: str, expected: list[tuple[str, int, int]]) -> None:
    document, found = read(text)
    assert [(document.text[s.start : s.end], s.chain, s.number) for s in found] == expected


@pytest.mark.parametrize(
    ("text", "sign"), [("a := b", ":="), (r"a \overset{\text{def}}{=} b", "coloneqq"), ("a ≡ b", "equiv")]
)
def test_the_sign_of_a_statement(text: str, sign: str) -> None:
    assert [statement.sign for statement in read(f"${text}$")[1]] == [sign]


@pytest.mark.parametrize(
    "text", [r"$d = -s_i s_j (i \neq j)$", r"$d = s_{ij} \quad (i \neq j)$", r"$d = s_i(1-s_j)\ (i \neq j)$"]
)
def test_a_condition_in_brackets_at_the_end_belongs_to_no_side(text: str) -> None:
    document, (found,) = read(text)
    assert [token.text for token in found.conditions[0]] == ["i", "neq", "j"]
    assert parse_side(found.right) is not None
    assert not document.text[found.start : found.end].endswith(r"\neq j)")


@pytest.mark.parametrize("text", [r"$d = P(y = k)$", r"$d = \mathbb{1}(i = j)$", r"$d = a \odot (z > 0)$"])
def test_a_condition_in_brackets_that_is_an_argument_stays(text: str) -> None:
    document, (found,) = read(text)
    assert document.text[found.start : found.end] == text[1:-1]


def test_words_before_a_formula_end_at_the_formula_before() -> None:
    document, (_, second) = read("Let $a = b$, so for all k $c = d$.")
    assert document.prose_before(document.formulas[1]) == "$, so for all k $"
    assert second.words == "$, so for all k $"


@pytest.mark.slow
def test_reading_takes_time_in_proportion() -> None:
    line = r"Text $\frac{\partial L_i}{\partial z_{im}} = \frac{e^{z_{im}}}{\sum_{l=1}^M e^{z_{il}}} - y_{im}$ and "

    def seconds(times: int) -> float:
        begin = time.perf_counter()
        assert len(read(line * times)[1]) == times
        return time.perf_counter() - begin

    seconds(50)
    assert seconds(1600) < 12 * max(min(seconds(400), seconds(400)), 0.1)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("$2 + 3 = 5$\n\n$28\\times28$\n\n$= 784$", ["28", "times", "28"]),
        ("$a = b$\n\n$$c$$\n\n$$= d$$", ["c"]),
        ("$a = b$ where $c$ is given\n\n$$= d$$", ["b"]),
        ("$2 + 3 = 5$, and $28\\times28$ pixels are in all\n\n$$= 784$$", []),
    ],
)
def test_a_formula_alone_is_the_left_side_of_an_equality_right_after(text: str, left: list[str]) -> None:
    assert [token.text for token in read(text)[1][-1].left] == left
