"""What the letters of a document are: indices, layers, labels, and the quantities that carry them.

The same mark means different things in different documents, and often in one line: `x^2` is a square, `x^n` the n-th
example, `W^2` the second layer, `W_1` a name, `x_1` an entry. What it means is decided from how the whole document
uses it, before any formula is evaluated.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ..faults import MeaningError
from ..terms import Name, Negative, Number, Raised, Script, Term, Terms
from .usage import LAYER_LETTERS, Usage, flat, is_letter, lettered_kind

LOSSES = ("J", "C", "E", "L", "l", "R", "F", "Q", "S", "loss", "cost", "Loss", "error", "MSE", "NLL", "H", "RSS")
"""Letters for a loss, likeliest first."""


WITHOUT_INDEX = "()"
"""Marks a key in `Usage.same_as` that is meant only where it carries no index."""


@dataclass(frozen=True, slots=True)
class Symbol:
    """A name resolved: which quantity, and at which indices.

    Attributes:
        key: what tells quantities apart: base, accent, primes, layer and label.
        indices: terms that index it, in order: letters, numbers, or names of label data.
        power: a superscript that turned out to be a power.
    """

    key: str
    indices: tuple[Term, ...]
    power: Term | None = None
    columns: bool = False
    """The first index numbers columns: x^(i) is column i of X."""


class Symbols:
    """Resolves names to quantities, for given numbers of the layers l and L."""

    def __init__(self, usage: Usage, layers: Mapping[str, int] | None = None, aliases: Mapping[str, str] | None = None):
        self.usage = usage
        self.layers = dict(layers or {})
        self.aliases = dict(aliases or {})
        self._resolved: dict[Name, Symbol] = {}

    def resolve(self, name: Name) -> Symbol:
        """Which quantity a name is, and at which indices.

        Raises:
            MeaningError: a script that has no meaning here.
        """
        known = self._resolved.get(name)
        if known is None:
            known = self._resolve(name)
            if self.usage.same_as:
                same, bare = self.usage.same_as, known.key + WITHOUT_INDEX * (not known.indices)
                known = replace(known, key=same.get(bare, same.get(known.key, known.key)))
            self._resolved[name] = known
        return known

    def key(self, name: Name) -> str:
        """Which quantity a name is; "" where a script of it has no meaning."""
        try:
            return self.resolve(name).key
        except MeaningError:
            return ""

    def _resolve(self, name: Name) -> Symbol:
        usage = self.usage
        marks, examples, indices, power = self._scripts(name)
        if not marks and name.sub and name.base in self.aliases:
            return self._resolve(replace(name, base=self.aliases[name.base]))
        if not marks and name.base in usage.labels_and_targets and len(indices) == 1:
            return Symbol(f"{name.base}!", tuple(indices), power)
        if name.base == "delta" and not name.sup and usage.kroneckers and _word(indices) in usage.kroneckers:
            return Symbol("delta!", tuple(indices))
        if not marks and name.base in usage.last_layers and not name.accent:
            marks = [f"@{usage.last_layers[name.base]}"]
        is_apart = name.font in {"blackboard", "constant"} or (name.font == "bold" and name.base in {"1", "0"})
        accent = f"^{name.accent}" if name.accent else ""
        key = name.base + "!" * is_apart + accent + "'" * name.primes + "".join(sorted(marks))
        if self._is_of_example(name, has_index=bool(examples or indices)):
            key += "#"
        column = self._column(name, key)
        if column and not examples and not indices and not name.accent:
            return Symbol(capital(name.base) + key[len(name.base) :], (Name(column),), power, columns=True)
        alias = self._capital(name, key, len(examples) + len(indices))
        if usage.split and (letters := self._told_apart(key, indices)):
            key += "|" + letters
        given = (*examples, *indices)
        if alias is None and given and (stacked := usage.stacked.get(name.base)):
            return Symbol(capital(name.base) + key[len(name.base) :], given, power, columns=stacked == "columns")
        is_column = bool(examples) and (bool(alias) or name.base.isupper()) and name.base not in LOSSES
        return Symbol(alias or key, given, power, columns=is_column)

    def _scripts(self, name: Name) -> tuple[list[str], list[Term], list[Term], Term | None]:
        """What a name's scripts are: marks of its key, numbers of examples, indices, a power."""
        marks: list[str] = []
        examples: list[Term] = []
        indices: list[Term] = []
        power: Term | None = None
        for script in name.sup:
            kind, value = self._superscript(name, script)
            if kind == "index":
                examples.append(value)
            elif kind == "power":
                power = value
            else:
                marks.append(f"@{value}" if kind == "layer" else f"^{value}")
        for sub in name.sub:
            for index in flat(sub, self.usage):
                kind, value = self._subscript(name, index)
                if kind == "index":
                    indices.append(value)
                else:
                    marks.append(f"_{value}")
        return marks, examples, indices, power

    def _is_of_example(self, name: Name, *, has_index: bool) -> bool:
        """C^n beside C: the loss of one example and the cost."""
        usage = self.usage
        if name.base not in LOSSES or name.base in usage.plain_examples:
            return False
        arity = usage.arity[name.base, name.accent]
        if name.base in {"S", "R", "F", "Q", "H"} and max(arity, default=0) > 1:
            # S_ik are the entries of a matrix, no losses.
            arity = Counter()
        return name.base in usage.only_examples or (has_index and arity[0] > 0)

    def _told_apart(self, key: str, indices: list[Term]) -> str:
        """The letters that tell quantities of this name apart, primes left out."""
        same, split = self.usage.same_letters, self.usage.split
        plain = [index.base.rstrip("'") for index in indices if isinstance(index, Name) and not index.sub]
        letters = "".join(same.get(letter, letter) for letter in plain)
        if key in split:
            return letters
        pairs = self.usage.letter_pairs.get(key, set())
        inner = {letter for found in split.values() for word in found for letter in word}
        return letters if len(letters) >= 1 and len(pairs) > 1 and set(letters) & inner and key[0] in "wWbvVudt" else ""

    def _column(self, name: Name, key: str) -> str:
        """The example whose column of the capital this is; "" where it is none."""
        return self.usage.one_of_columns.get(name.base + "@" * ("@" in key), "")

    def _capital(self, name: Name, key: str, given: int) -> str | None:
        """X for x_ij, where the document writes the matrix with a capital and its entries without."""
        base, usage = name.base, self.usage
        if len(base) != 1 or not base.islower() or base.upper() not in usage.tops:
            return None
        capital = usage.arity[base.upper(), name.accent]
        small = usage.arity[base, name.accent]
        if not capital or max(capital) > 1 or not small or base.upper() in {*usage.limits, *usage.no_matrices}:
            return None
        is_data = base in {"x", "y", "t", "z", "p", "s"}
        entries = given == 2 and base not in usage.raised_examples and set(small) in ([{2}, {0, 2}][: 1 + is_data])
        is_layered = "@" in key and given == len([s for s in name.sup if s.raised is Raised.ROUND]) == 1
        is_column = given == 1 and bool(self._column(name, key))
        columns = base in usage.raised_examples and (set(small) <= {1, 2} or is_layered or is_column)
        return base.upper() + key[1:] if entries or columns else None

    def _superscript(self, name: Name, script: Script) -> tuple[str, Any]:
        usage, body = self.usage, script.body
        # In z^{x,l} each letter numbers something.
        is_listed = len(name.sup) > 1 and all(other.raised is Raised.BARE for other in name.sup)
        bare = script.raised is Raised.BARE and not is_listed
        if isinstance(body, Number):
            if not bare:
                return "layer", int(body.value)
            # sum_w w^2 where no other number stands above w: a square, though there are w^l.
            is_square = name.base == "w" and not name.sub and usage.numbers_raised["w"] == {2}
            layered = name.base in usage.layered and name.base != "e" and not is_square
            if layered and body.value == int(body.value):
                return "layer", int(body.value)
            return "power", body
        if isinstance(body, Name) and not body.sub and not body.sup:
            if body.font == "text" or (body.base in {"star", "*", "prime"}):
                return "label", body.base
            letter = body.base
            if usage.is_layer(letter) and (not bare or name.base in usage.layered) and name.base != "e":
                return "layer", self.layer_number(body)
            if not bare:
                return "index", body
            if usage.is_example(letter) and name.base not in {"e"} and letter not in usage.tops:
                return "index", body
            # delta^z is the error of z.
            return ("label", letter) if name.base == "delta" else ("power", body)
        if any(isinstance(part, Name) and part.base in LAYER_LETTERS for part in body.walk()) and (
            not bare or name.base in usage.layered
        ):
            return "layer", self.layer_number(body)
        if not bare:
            raise MeaningError(f"what stands above {name.base} in brackets is no number of a layer or an example")
        return "power", body

    def _subscript(self, name: Name, index: Term) -> tuple[str, Any]:
        if isinstance(index, Number):
            is_entry = self._numbers_entries(name, int(index.value))
            return ("index", index) if is_entry else ("label", int(index.value))
        if isinstance(index, Name):
            return self._lettered_subscript(name, index)
        if any(isinstance(part, Name) and self.usage.is_layer(part.base) for part in index.walk()):
            return "label", self.layer_number(index)
        return "index", index

    def _numbers_entries(self, name: Name, number: int) -> bool:
        """x_1 beside x_j, but not W_1 or theta_0 that stands apart."""
        usage = self.usage
        if name.base in usage.numbered_names or (number == 0 and not usage.counts_from_zero):
            return False
        lettered = usage.lettered.get(lettered_kind(name), 0)
        is_series = name.base in usage.layered_below or _is_series(name)
        return lettered >= 1 and lettered == len(name.sub) and not is_series

    def _lettered_subscript(self, name: Name, index: Name) -> tuple[str, Any]:
        usage = self.usage
        is_word = index.font == "text" or not (is_letter(index.base) or index.base in _GREEK_INDICES)
        if name.base in usage.sizes or index.base in usage.fixed or is_word:
            return "label", index.base
        if usage.is_layer(index.base) and name.base in usage.layered_below and len(name.sub) == 1:
            # Without l + 1 or l - 1 anywhere, l and L are names of two layers.
            return "label", self.layer_number(index) if usage.counts_layers else index.base
        if index.base in usage.bound:
            return "index", index
        if index.base[0].isupper():
            is_layer = usage.is_layer(index.base) and usage.counts_layers
            return "label", self.layer_number(index) if is_layer else index.base
        is_quantity = index.base in usage.tops
        # h_w(x): the function with these parameters.
        is_parameter = index.base in {"w", "x", "b", "v"} and name.base in {"h", "f", "p", "P", "J", "L"}
        if is_quantity and (len(index.base) > 1 or (is_parameter and not index.sub)):
            return "label", index.base
        return "index", index

    def layer_above(self, name: Name, script: Script) -> Number | None:
        """The number of the layer that a superscript is; None where it is something else."""
        try:
            kind, value = self._superscript(name, script)
        except MeaningError:
            return None
        return Number(float(value), str(value)) if kind == "layer" and isinstance(value, int) else None

    def layer_below(self, name: Name, index: Term) -> Number | None:
        """The number of the layer that a subscript is; None where it is something else."""
        named = any(isinstance(part, Name) and self.usage.is_layer(part.base) for part in index.walk())
        if not named or name.base not in self.usage.layered_below or len(name.sub) != 1:
            return None
        value = self.layer_number(index)
        return Number(float(value), str(value))

    def layer_number(self, body: Term) -> int:
        """The number of a layer: of l, L or l - 1.

        Raises:
            MeaningError: it is none.
        """
        if isinstance(body, Name):
            if body.base not in self.layers:
                raise MeaningError("no number of layers is known")
            return self.layers[body.base]
        if isinstance(body, Number):
            return int(body.value)
        if isinstance(body, Negative):
            return -self.layer_number(body.body)
        if isinstance(body, Terms):
            return sum(self.layer_number(term) for term in body.terms)
        raise MeaningError("the number of a layer cannot be read")


def capital(base: str) -> str:
    """The capital of a letter: X for x, Phi for phi."""
    return base.upper() if len(base) == 1 else base.capitalize()


def _word(indices: Sequence[Term]) -> str:
    return "".join(index.base.rstrip("'") for index in indices if isinstance(index, Name))


_GREEK_INDICES = {"mu", "nu", "alpha", "beta", "gamma", "rho", "sigma", "kappa", "lambda"}


def _is_series(name: Name) -> bool:
    """W_1, W_2 beside W_{ij}: numbered names rather than entries."""
    return name.base.isupper() and name.base not in {"X", "Y"} and len(name.sub) == 1
