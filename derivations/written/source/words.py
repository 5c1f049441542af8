r"""Names that are typed in several bare letters: net_k, out, FL(p), which LaTeX sets as products.

A run of letters is one name where it is a known word, or where it is the whole left side of a definition and its
letters stand nowhere else: WX = Z says nothing of a name WX.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import takewhile

from .statements import Statement
from .tokens import Kind, Token, script_end

_WORDS = {"net", "out", "err", "error", "loss", "cost", "logit", "logits", "BCE", "MSE", "NLL", "RSS"}
"""Words that are names wherever they are typed."""
_INITIALS = {"FL", "CE", "KL"}
"""Two capitals that are a name where they are defined, whatever else stands in the document."""

# A product of more letters than this is rarer than a word; words of five letters and more are read as such anyway.
_LONGEST = 4


def with_words(statements: Iterable[Statement]) -> tuple[Statement, ...]:
    r"""The statements with every name of several letters as one token.

    >>> from derivations.written.source.document import read_document
    >>> from derivations.written.source.statements import statements
    >>> found = with_words(statements(read_document("a.md", r"$net = w x$ and $\frac{dE}{dnet} = 2 w x$")))
    >>> [token.text for token in found[1].left]
    ['frac', '{', 'd', 'E', '}', '{', 'd', 'net', '}']
    """
    statements = tuple(statements)
    names = _names(statements)
    return tuple(
        replace(
            statement,
            left=_joined(statement.left, names),
            right=_joined(statement.right, names),
            conditions=tuple(_joined(tokens, names) for tokens in statement.conditions),
        )
        for statement in statements
    )


def _names(statements: Sequence[Statement]) -> set[str]:
    """The runs of letters that are names in these statements."""
    sides = [side for statement in statements for side in (statement.left, statement.right)]
    runs = {"".join(token.text for token in run) for side in sides for run in _runs(side)}
    defined = {_run_on_the_left(statement) for statement in statements if statement.number == 1}
    return {run for run in runs if run in _WORDS or (run in defined and (run in _INITIALS or _stand_alone(run, runs)))}


def _stand_alone(run: str, runs: Iterable[str]) -> bool:
    """Do the letters of a run stand in no other?"""
    others = set().union(*(other for other in runs if other != run))
    return 1 < len(run) <= _LONGEST and run[0] != "d" and others.isdisjoint(run)


def _run_on_the_left(statement: Statement) -> str:
    """The letters that are the whole left side, but for scripts and an argument; "" where it is none."""
    run = next(_runs(statement.left), ())
    rest = statement.left[len(run) :]
    is_whole = bool(run) and run[0] is statement.left[0] and (not rest or rest[0].is_symbol("_", "^", "("))
    return "".join(token.text for token in run) if is_whole else ""


def _runs(tokens: Sequence[Token]) -> Iterator[tuple[Token, ...]]:
    """Letters that stand together without a space, other than in subscripts."""
    place = 0
    while place < len(tokens):
        if tokens[place].is_symbol("_"):
            place = script_end(tokens, place)
            continue
        run = _run(tokens, place)
        if run:
            yield run
        place += len(run) or 1


def _run(tokens: Sequence[Token], place: int) -> tuple[Token, ...]:
    if tokens[place].kind is not Kind.LETTER:
        return ()
    rest = takewhile(lambda token: token.kind is Kind.LETTER and not token.spaced, tokens[place + 1 :])
    return (tokens[place], *rest)


def _joined(tokens: tuple[Token, ...], names: set[str]) -> tuple[Token, ...]:
    """The tokens with each run that is a name as one."""
    out = list(tokens)
    for run in _runs(tokens):
        text = "".join(token.text for token in run)
        begin = 1 if text not in names and text[0] == "d" and text[1:] in names else 0
        if text[begin:] in names:
            first, last = run[begin], run[-1]
            place = next(place for place, token in enumerate(out) if token is first)
            out[place : place + len(run) - begin] = [replace(first, kind=Kind.TEXT, text=text[begin:], end=last.end)]
    return tuple(out)
