"""A network that is written layer by layer without saying where its examples are, read with its examples as rows.

Reports write z_2 = W_1 a_1 in one line and z_3 = a_2 W_2 in the next, and the loss once with the entries of one example
and once with rows. As it stands this fits no arrays. Read as a batch it does: every product is taken in the order in
which rows fit, and the loss is the mean cross-entropy of the softmax of the last layer.
"""

from __future__ import annotations

import re
from dataclasses import replace

from ..terms import Call, Entries, Name, Negative, Number, Product, Quotient, Term, Terms, Times, Total
from ..worlds.quantity import Definition
from .draft import Draft

_WORDS = {
    "relu": "relu", "rectified": "relu", "rectifier": "relu", "sigmoid": "sigmoid", "logistic": "sigmoid",
    "softmax": "softmax", "tanh": "tanh", "hyperbolic": "tanh",
}  # fmt: skip
_RANKS = {"a": 2, "h": 2, "x": 2, "W": 2, "V": 2, "U": 2, "b": 1, "Delta": 2}
_LETTER = r"\$\s*\\?(?P<{name}>phi|psi|varphi|sigma|g|f|h|S)\s*(?:\([^$)]*\))?\s*\$"
_LETTER_FIRST = re.compile(
    _LETTER.format(name="letter") + r"(?P<between>[^$.;,]{0,50}?)\b(?P<word>" + "|".join(_WORDS) + ")", re.I
)
_WORD_FIRST = re.compile(
    r"\b(?P<word>" + "|".join(_WORDS) + r")\b(?:\s+(?!and\b|or\b)\w+){0,3}\s+" + _LETTER.format(name="letter"), re.I
)
_CUMULATIVE = r"(?i:\bcdf\b|cumulative|distribution)"
_NORMAL = re.compile(
    r"\\Phi\b(?=[^.;]{0,80}\b(?i:normal|gaussian)\b)(?=[^.;]{0,80}" + _CUMULATIVE + ")"
    r"|\b(?i:normal|gaussian)\b[^.;$]{0,40}" + _CUMULATIVE + r"[^.;$]{0,30}\$\s*\\Phi\b"
)
_DENSITY = re.compile(r"\\(var)?phi\b[^.;]{0,40}\b(?i:density|pdf)\b|\b(?i:density|pdf)\b[^.;]{0,40}\\(var)?phi\b")


def functions_by_words(prose: str) -> dict[str, str]:
    """Which function a letter stands for, where the text says so: "$\\psi$ for the softmax".

    >>> functions_by_words(r"We write $\\phi$ for the relu function and $\\psi$ for the softmax.")
    {'phi': 'relu', 'psi': 'softmax'}
    """
    found = _normal(prose)
    for pattern in (_LETTER_FIRST, _WORD_FIRST):
        for match in pattern.finditer(prose):
            letter = {"varphi": "phi"}.get(match["letter"], match["letter"])
            found.setdefault(letter, _WORDS[match["word"].lower()])
    return found


def _normal(prose: str) -> dict[str, str]:
    """Phi and phi, where the text speaks of the normal distribution and its density."""
    if not _NORMAL.search(prose):
        return {}
    density = {"phi": "normaldensity"} if _DENSITY.search(prose) else {}
    return {"Phi": "normaldistribution", **density}


def read_as_batch(draft: Draft, last: Name | None) -> None:
    """Read a draft's layers and its cross-entropy with the examples as rows; nothing changes where it has neither."""
    cost = next(
        (key for key, d in draft.definitions.items() if key[0] in "JLCE" and not d.letters and _mean_of_logs(d.body)),
        None,
    )
    softmax = any(_is_softmax(part, draft) for d in draft.definitions.values() for part in d.body.walk())
    if last is None or cost is None or not softmax:
        return
    for key, definition in list(draft.definitions.items()):
        if key[0] == "z" and not definition.letters:
            draft.definitions[key] = replace(definition, body=_rows_first(definition.body))
        for part in definition.body.walk():
            if isinstance(part, Name) and part.base in _RANKS and not part.sup:
                draft.forced[draft.symbols.resolve(part).key] = _RANKS[part.base]
    count = _mean_of_logs(draft.definitions[cost].body)
    targets = Name("Delta" if draft.usage.tops["Delta"] else "y", sub=(Name("i"), Name("j")))
    # The last layer under the name without a number, which is what the text differentiates by; it is made of the other.
    outputs = Entries(Call(Name("softmax", font="text"), (Name(last.base),)), (Name("i"), Name("j")))
    logs = Call(Name("log", font="text"), (outputs,))
    classes = Total("sum", (Name("j"),), None, None, None, Product((targets, logs), (Times.JUXTAPOSED,)))
    both = Total("sum", (Name("i"),), None, count, None, classes)
    mean = Product((Quotient(Number(1.0, "1"), count or Number(1.0, "1")), both), (Times.JUXTAPOSED,))
    draft.definitions[cost] = Definition(cost, (), Negative(mean))


def _mean_of_logs(body: Term) -> Term | None:
    """What a sum of logarithms is divided by; None where the term is none."""
    for part in body.walk():
        if isinstance(part, Total) and any(
            isinstance(p, Call) and p.function.base in {"log", "ln"} for p in part.walk()
        ):
            for quotient in body.walk():
                if isinstance(quotient, Quotient) and isinstance(quotient.below, Name):
                    return quotient.below
    return None


def _is_softmax(part: Term, draft: Draft) -> bool:
    return isinstance(part, Call) and (
        part.function.base == "softmax" or draft.named_functions.get(part.function.base) == "softmax"
    )


def _rows_first(body: Term) -> Term:
    """W a as a W."""
    if isinstance(body, Terms):
        return replace(body, terms=tuple(_rows_first(term) for term in body.terms))
    if isinstance(body, Product) and len(body.factors) == 2:
        first, second = body.factors
        if isinstance(first, Name) and first.base in {"W", "V", "U"} and isinstance(second, Name):
            return replace(body, factors=(second, first))
    return body
