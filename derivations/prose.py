"""The words beside the formulas: names as the formulas write them, errors of proofs, mathematics in sentences."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from .typesetting import Typesetter

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from .layout import Layout

_POWER = re.compile(r"\^\((?P<formula>[^()]*)\)|\^(?P<letter>\w)\b")
_RAISED = {"0": "⁰", "1": "¹", "2": "²", "3": "³", "k": "ᵏ", "u": "ᵘ", "k-1": "ᵏ⁻¹"}
# Two numbers that differ in the last bit differ by about this; a smaller error would only be an accident.
_LEAST_ERROR = 1e-16


def proof_text(error: float | None) -> str:
    """What is said about the proof of an equality.

    >>> proof_text(3.1e-16), proof_text(0.0), proof_text(None)
    ('proven to 3e-16', 'proven to 1e-16', 'not proven')
    """
    return "not proven" if error is None else f"proven to {max(error, _LEAST_ERROR):.0e}"


def polished(sentence: str) -> str:
    """A sentence with the mathematics typed in it written properly.

    >>> polished("tanh' = 1 - tanh^2")
    'tanh′ = 1 − tanh²'
    """
    sentence = _POWER.sub(lambda found: _RAISED.get(found["formula"] or found["letter"], found[0]), sentence)
    sentence = re.sub(r"\b[Ss]igma\b", "σ", sentence)
    sentence = re.sub(r"(?<=[\w)])'(?!\w)", "′", sentence)
    return re.sub(r" - |(?<![\w-])-(?=\w)", lambda found: found[0].replace("-", "−"), sentence)


def pieces(sentence: str, names: Iterable[str]) -> Iterator[str | Layout]:
    """A sentence cut into words and, for names typed otherwise than written, such as y_hat, formulas.

    Names that are one plain letter stay among the words: "a" is a word, too.
    """
    special = sorted((name for name in names if not (len(name) == 1 and name.isascii())), key=len, reverse=True)
    pattern = "|".join(map(re.escape, special))
    for place, piece in enumerate(re.split(rf"(?<!\w)({pattern})(?!\w)", sentence) if special else [sentence]):
        if place % 2:
            yield Typesetter.array(piece)
        elif piece:
            yield piece


def sentence_text(
    sentence: str, names: Iterable[str], words: Callable[[str], str], formula: Callable[[Layout], str]
) -> str:
    """A sentence in some format: its words written by one function, the formulas among them by another."""
    return "".join(words(piece) if isinstance(piece, str) else formula(piece) for piece in pieces(sentence, names))


def rule_text(rules: Iterable[str]) -> str:
    """The names of the rules that one line follows from."""
    return ", ".join(rules)


def summary_of_proofs(is_proven: bool) -> str:
    """The sentence at the end of a derivation."""
    if is_proven:
        return (
            'Each equality was evaluated on random arrays whose sizes all differ; "proven to" gives the largest '
            "relative difference between its two sides."
        )
    return "Not all of these equalities were evaluated on random arrays; those are marked as not proven."
