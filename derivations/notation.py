"""How a model's names are written: y_hat as a letter with a hat, W2 with a layer number, lambda in Greek."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from .expressions import Entry, Index, IndexSum, named_arrays
from .layout import Accent, Indices, Letter, LetterSum, Scripts
from .model import Model, Role

if TYPE_CHECKING:
    from collections.abc import Mapping

GREEK = {
    "alpha": "α",
    "beta": "β",
    "gamma": "γ",
    "delta": "δ",
    "epsilon": "ε",
    "eta": "η",
    "theta": "θ",
    "kappa": "κ",
    "lambda": "λ",
    "mu": "μ",
    "nu": "ν",
    "xi": "ξ",
    "pi": "π",
    "rho": "ρ",
    "sigma": "σ",
    "tau": "τ",
    "phi": "φ",
    "psi": "ψ",
    "omega": "ω",
}
"""Greek letters by the names they are typed with."""

_COMBINING = {"\N{COMBINING CIRCUMFLEX ACCENT}": "hat", "\N{COMBINING MACRON}": "bar", "\N{COMBINING TILDE}": "tilde"}
_NAME = re.compile(r"(?P<stem>.+?)(?:_(?P<accent>hat|bar|tilde))?_?(?P<layer>\d*)")


@dataclass(frozen=True, slots=True)
class Name:
    """The parts of an array's name."""

    letter: Letter
    layer: str = ""


@lru_cache(maxsize=1_000)
def read_name(name: str) -> Name:
    """The parts of a name as it is typed.

    >>> read_name("W2")
    Name(letter=Letter(text='W', accent=<Accent.NONE: ''>, primes=0), layer='2')
    >>> read_name("y_hat").letter.accent.value, read_name("lambda").letter.text
    ('hat', 'λ')
    """
    found = _NAME.fullmatch(name)
    if found is None:
        return Name(Letter(name))
    stem, accent = _split_accent(found["stem"])
    return Name(Letter(GREEK.get(stem, stem), Accent(found["accent"] or accent)), found["layer"])


def _split_accent(stem: str) -> tuple[str, str]:
    """A letter typed with its hat, such as U+0177, as letter and accent."""
    plain = unicodedata.normalize("NFD", stem)
    if len(plain) == 2 and plain[1] in _COMBINING:
        return plain[0], _COMBINING[plain[1]]
    return stem, ""


@lru_cache(maxsize=1_000)
def read_index(index: Index) -> Letter:
    """The letter of an index, its primes apart."""
    letter = str(index.name).rstrip("'")
    return Letter(GREEK.get(letter, letter), primes=len(index.name) - len(letter))


def index_layout(index: Index | IndexSum) -> Letter | LetterSum:
    """An index, or the sum of two."""
    return LetterSum(*map(read_index, index.args)) if isinstance(index, IndexSum) else read_index(index)


def size_layout(name: str) -> Letter | Scripts:
    """A size; its number is a subscript, since only arrays belong to a layer."""
    parts = read_name(name)
    return Scripts(parts.letter, Indices((Letter(parts.layer),))) if parts.layer else parts.letter


def entry_layout(entry: Entry) -> Letter | Scripts:
    """One entry of an array; adjoints are written by their array, the entries of a matrix W as w_mj."""
    name = read_name(entry.name)
    if len(entry.indices) > 1 and len(name.letter.text) == 1:
        name = replace(name, letter=replace(name.letter, text=name.letter.text.lower()))
    if not entry.indices and not name.layer:
        return name.letter
    indices = Indices(tuple(index_layout(index) for index in entry.indices)) if entry.indices else None
    return Scripts(name.letter, indices, name.layer)


@dataclass(frozen=True, slots=True)
class Notation:
    """What a printer must know of a model to order terms and factors and to name the loss.

    Attributes:
        loss: the loss's name.
        roles: each array's role, in the order of declaration.
        sizes: the names of the sizes.
        uses: for each node, the arrays its definition names.
    """

    loss: str
    roles: Mapping[str, Role]
    sizes: frozenset[str]
    uses: Mapping[str, frozenset[str]]

    @classmethod
    def of(cls, model: Model) -> Notation:
        """The notation of a model."""
        return cls(
            loss=model.loss_definition.name,
            roles={name: array.role for name, array in model.arrays.items()},
            sizes=frozenset(model.size_notes),
            uses={definition.name: named_arrays(definition.value) for definition in model.definitions},
        )

    def is_constant(self, name: str) -> bool:
        """Is it a constant of the model, such as the strength of a regulariser?"""
        return self.roles.get(name) is Role.CONSTANT

    def position(self, name: str) -> tuple[int, int]:
        """Where an array stands among factors: parameters, then data, then nodes, each as declared."""
        order = (Role.CONSTANT, Role.PARAMETER, Role.DATA, Role.NODE, Role.LOSS)
        role = self.roles.get(name, Role.NODE)
        return order.index(role), list(self.roles).index(name) if name in self.roles else 0

    def held(self, of: str, target: str) -> tuple[str, ...]:
        """Nodes in the definition of `of` that depend on the target too: a local derivative holds them fixed."""
        names = self.uses.get(of, frozenset()) - {target}
        return tuple(sorted(name for name in names if self._depends(name, target)))

    def _depends(self, name: str, target: str) -> bool:
        uses = self.uses.get(name, frozenset())
        return target in uses or any(self._depends(use, target) for use in uses)
