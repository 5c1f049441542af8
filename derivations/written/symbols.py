"""What the letters of a document are: indices, layers, labels, and the quantities that carry them.

The same mark means different things in different documents, and often in one line: `x^2` is a square, `x^n` the n-th
example, `W^2` the second layer, `W_1` a name, `x_1` an entry. What it means is decided from how the whole document
uses it, before any formula is evaluated.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any

from .faults import MeaningError
from .terms import (
    Call,
    Condition,
    Entries,
    Name,
    Negative,
    Norm,
    Number,
    Product,
    Quotient,
    Raised,
    Script,
    Term,
    Terms,
    Total,
    Transposed,
)

LOSSES = ("J", "C", "E", "L", "l", "R", "F", "Q", "S", "loss", "cost", "Loss", "error", "MSE", "NLL", "H", "RSS")
"""Letters for a loss, likeliest first."""

LAYER_LETTERS = {"l", "L"}
_LABEL_LETTERS = {"y", "t", "c", "Y", "T"}
_CAPITAL_INDICES = {"I", "J", "K", "M", "N", "D", "H", "C", "L", "P", "Q", "R", "S", "T", "U", "B"}


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


@dataclass(slots=True)
class Usage:
    """How a document writes its names."""

    bound: Counter[str] = field(default_factory=Counter)
    """Letters that sums run over."""
    lowered: Counter[str] = field(default_factory=Counter)
    """Letters that stand in subscripts."""
    raised: Counter[str] = field(default_factory=Counter)
    """Letters in brackets above, as in x^(i)."""
    bare: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    """For each letter that stands above without brackets, the bases it stands on."""
    layered: set[str] = field(default_factory=set)
    """Bases that carry l or L above."""
    layered_below: set[str] = field(default_factory=set)
    counts_layers: bool = False
    """Somewhere stands l + 1 or l - 1."""
    tops: Counter[str] = field(default_factory=Counter)
    """Bases that stand on the line."""
    lettered: dict[tuple[str, str], int] = field(default_factory=dict)
    """Base and accent: the most letters it carries below."""
    numbered: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    limits: Counter[str] = field(default_factory=Counter)
    """Letters that are upper limits of sums."""
    compared: set[str] = field(default_factory=set)
    """Letters that stand in a maximum or a condition: margins and other single numbers."""
    sizes: set[str] = field(default_factory=set)
    """Letters that are upper limits with something below, as n_x."""
    counts_from_zero: bool = False
    """A sum starts at 0, or there is an x_0."""
    divisors: set[str] = field(default_factory=set)
    """Letters without indices that something is divided by."""
    bases_indexed_by: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    label_bases: set[str] = field(default_factory=set)
    """Bases that stand as an index themselves, as y in z_{y_i}."""
    bold: set[str] = field(default_factory=set)
    bold_examples: set[str] = field(default_factory=set)
    """Bold letters that carry an index: one vector of several."""
    numbers_raised: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    arity: dict[tuple[str, str], Counter[int]] = field(default_factory=lambda: defaultdict(Counter))
    """How many indices each base and accent carries, and how often."""
    vectors: set[str] = field(default_factory=set)
    """Bases that are transposed or stand in a norm."""
    one_of_vectors: set[str] = field(default_factory=set)
    """Bases that are transposed with an index, or stand with one beside a transposed letter: x_i in w^T x_i."""
    arguments: dict[str, Name] = field(default_factory=dict)
    """What a function is called with where it is called first: sigma alone means sigma of that."""
    called: Counter[str] = field(default_factory=Counter)
    """Functions that stand with an index and an argument, each with _ behind."""
    bare_names: Counter[str] = field(default_factory=Counter)
    """Bases that stand on the line other than as a function's name."""
    letter_pairs: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    """For each base, the letters it stands with, primes left out."""
    split: dict[str, set[str]] = field(default_factory=dict)
    """Quantities that only their letters tell apart, with the letters that they are defined with."""
    labels_and_targets: set[str] = field(default_factory=set)
    """Letters that are the number of a class alone, and one-hot with an index: a_y and y_j."""
    plain_examples: set[str] = field(default_factory=set)
    """Letters for a loss that is defined without an index, and meant with one: L^(i) is L of example i."""
    only_examples: set[str] = field(default_factory=set)
    """Letters for a loss that is defined for one example only; without its index, it is that of one example, too."""
    same_letters: dict[str, str] = field(default_factory=dict)
    """Letters that number the same as another, where letters tell quantities apart."""
    numbered_names: set[str] = field(default_factory=set)
    """Bases that a number below tells apart: z_1 = ..., z_2 = ..."""
    stacked: dict[str, str] = field(default_factory=dict)
    """Small letters whose vectors are the rows, or the columns, of the capital."""
    raised_examples: set[str] = field(default_factory=set)
    """Bases that carry an example in brackets above."""

    @staticmethod
    def of(terms: Iterable[Term]) -> Usage:
        """Counted over all formulas of a document."""
        usage = Usage()
        everything = list(terms)
        for term in everything:
            _count_tops(term, usage)
        for term in everything:
            for part in term.walk():
                if isinstance(part, Transposed) and isinstance(part.body, Name):
                    usage.vectors.add(part.body.base)
                    if _has_one_letter(part.body):
                        usage.one_of_vectors.add(part.body.base)
                elif isinstance(part, Entries):
                    usage.label_bases |= {i.base for i in part.indices if isinstance(i, Name) and i.sub}
                elif isinstance(part, Product):
                    for name in _beside_transposed(part):
                        (usage.one_of_vectors if _has_one_letter(name) else usage.vectors).add(name.base)
                elif isinstance(part, Norm) and not part.is_bar:
                    usage.vectors |= _added(part.body)
                if isinstance(part, Total):
                    usage.bound.update(name.base for name in part.indices if not name.sub)
                    if isinstance(part.end, Name):
                        usage.limits[part.end.base] += 1
                        usage.sizes |= {part.end.base} if part.end.sub else set()
                    usage.counts_from_zero |= isinstance(part.start, Number) and part.start.value == 0
                elif isinstance(part, Condition) or (isinstance(part, Call) and part.function.base in {"max", "min"}):
                    usage.compared |= {inner.base for inner in part.walk() if isinstance(inner, Name) and not inner.sub}
                elif isinstance(part, Quotient) and isinstance(part.below, Name) and not part.below.sub:
                    usage.divisors.add(part.below.base)
                elif isinstance(part, Name):
                    usage._count_name(part)
        return usage

    def _count_name(self, name: Name) -> None:
        letters = 0
        if name.font == "bold":
            self.bold.add(name.base)
            if any(isinstance(index, Name) and index.font != "text" for index in name.sub):
                self.bold_examples.add(name.base)
        for index in name.sub:
            for inner in _flat(index, self):
                if isinstance(inner, Name) and inner.font != "text" and is_letter(inner.base):
                    letters += 1
                    if inner.sub:
                        self.label_bases.add(inner.base)
                    self.lowered[inner.base] += 1
                    self.bases_indexed_by[inner.base].add(name.base)
                    if inner.base in LAYER_LETTERS and len(name.sub) == 1:
                        self.layered_below.add(name.base)
                elif isinstance(inner, Number):
                    self.numbered[name.base].add(int(inner.value))
                    self.counts_from_zero |= inner.value == 0 and name.base in {"x", "X", "phi"}
            if isinstance(index, (Terms, Negative)) and any(
                isinstance(part, Name) and part.base in LAYER_LETTERS for part in index.walk()
            ):
                self.layered_below.add(name.base)
                self.counts_layers = True
        for script in name.sup:
            self._count_raised(name, script)
        kind = (name.base, name.accent)
        self.lettered[kind] = max(self.lettered.get(kind, 0), letters)
        above = sum(
            isinstance(script.body, Name) and script.raised is Raised.ROUND and script.body.base not in LAYER_LETTERS
            for script in name.sup
        )
        letters_below = [index.base.rstrip("'") for index in name.sub if isinstance(index, Name) and not index.sub]
        if letters_below and len(letters_below) == len(name.sub):
            self.letter_pairs[name.base].add("".join(letters_below))
        if above:
            self.raised_examples.add(name.base)
        self.arity[kind][letters + above] += 1

    def _count_raised(self, name: Name, script: Script) -> None:
        inside = [part for part in script.body.walk() if isinstance(part, Name)]
        if any(part.base in LAYER_LETTERS for part in inside):
            self.layered.add(name.base)
            self.counts_layers |= not isinstance(script.body, Name)
        if isinstance(script.body, Name) and not script.body.sub:
            if script.raised is Raised.BARE:
                self.bare[script.body.base][name.base] += 1
            else:
                self.raised[script.body.base] += 1
        if isinstance(script.body, Number) and script.raised is Raised.BARE:
            self.numbers_raised[name.base].add(int(script.body.value))

    def is_index(self, letter: str) -> bool:
        """Does this letter number entries somewhere in the document?"""
        return letter in self.bound or letter in self.lowered or letter in self.raised

    def is_example(self, letter: str) -> bool:
        """May this letter, standing above without brackets, number examples rather than be a power?"""
        if letter in {"T", "e"}:
            return False
        return letter in self.bound or (
            len(self.bare[letter]) >= 2 and letter.islower() and letter not in {"x", "z", "a"}
        )

    def is_layer(self, letter: str) -> bool:
        """l and L number layers unless a sum runs over them."""
        return letter in LAYER_LETTERS and letter not in self.bound


def _has_one_letter(name: Name) -> bool:
    return len(name.sub) == 1 and isinstance(name.sub[0], Name) and name.sub[0].font != "text" and not name.sub[0].sub


def _beside_transposed(product: Product) -> Iterator[Name]:
    """x_i in w^T x_i, beta in x_i^T beta: beside the transpose of a column stands a column."""
    for first, second in pairwise(product.factors):
        is_row = isinstance(first, Transposed) and isinstance(first.body, Name) and first.body.base.islower()
        if is_row and isinstance(second, Name) and second.base.islower() and len(second.sub) < 2:
            yield second


def _added(term: Term) -> set[str]:
    """The names that are terms of a sum."""
    if isinstance(term, Name):
        return {term.base}
    if isinstance(term, Terms):
        return {base for part in term.terms for base in _added(part)}
    return _added(term.body) if isinstance(term, Negative) else set()


def _count_tops(term: Term, usage: Usage) -> None:
    if isinstance(term, Name):
        usage.tops[term.base] += 1
        usage.bare_names[term.base] += 1
        return
    if isinstance(term, Call):
        usage.tops[term.function.base] += 1
        if len(term.arguments) == 1 and isinstance(term.arguments[0], Name) and term.function.base == "sigma":
            usage.arguments.setdefault(term.function.base, term.arguments[0])
        if term.function.sub:
            usage.called[term.function.base + "_"] += 1
        for argument in term.arguments:
            _count_tops(argument, usage)
        return
    if isinstance(term, Total):
        for child in (term.body, term.end):
            if child is not None:
                _count_tops(child, usage)
        return
    if isinstance(term, Entries):
        _count_tops(term.body, usage)
        return
    if isinstance(term, Condition):
        # An index in a condition stands on the line, but is no quantity.
        for side in (term.left, term.right):
            if side is not None and not (isinstance(side, Name) and not side.sub and not side.sup):
                _count_tops(side, usage)
        return
    for child in term.children:
        _count_tops(child, usage)


def _flat(index: Term, usage: Usage) -> list[Term]:
    """m_j in a subscript is the pair m, j, unless m is data itself: then it is an index taken from data."""
    if isinstance(index, Name) and index.sub and index.font != "text" and not index.sup:
        if index.base in _LABEL_LETTERS and index.base not in usage.bound:
            return [index]
        inner = [part for sub in index.sub for part in _flat(sub, usage)]
        return [replace(index, sub=()), *inner]
    if isinstance(index, Name) and index.sup and not index.sub and index.base not in usage.tops:
        # z_{m^n}: the pair m, n.
        return [replace(index, sup=()), *(script.body for script in index.sup)]
    return [index]


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
            known = self._resolved[name] = self._resolve(name)
        return known

    def _resolve(self, name: Name) -> Symbol:  # noqa: PLR0912
        marks: list[str] = []
        examples: list[Term] = []
        indices: list[Term] = []
        power: Term | None = None
        for script in name.sup:
            kind, value = self._superscript(name, script)
            if kind == "layer":
                marks.append(f"@{value}")
            elif kind == "index":
                examples.append(value)
            elif kind == "label":
                marks.append(f"^{value}")
            else:
                power = value
        for sub in name.sub:
            for index in _flat(sub, self.usage):
                kind, value = self._subscript(name, index)
                if kind == "layer":
                    marks.append(f"@{value}")
                elif kind == "index":
                    indices.append(value)
                else:
                    marks.append(f"_{value}")
        accent = f"^{name.accent}" if name.accent else ""
        if not marks and (name.base in self.aliases) and name.sub:
            return self._resolve(replace(name, base=self.aliases[name.base]))
        blackboard = "!" if name.font == "blackboard" or (name.font == "bold" and name.base in {"1", "0"}) else ""
        key = name.base + blackboard + accent + "'" * name.primes + "".join(sorted(marks))
        only = name.base in self.usage.only_examples
        arity = self.usage.arity[name.base, name.accent]
        if name.base in LOSSES and name.base not in self.usage.plain_examples and (only or ((examples or indices) and arity[0] and max(arity) < 2)):
            # C^n beside C: the loss of one example and the cost.
            key += "#"
        if name.base in self.usage.labels_and_targets and len(indices) == 1 and not marks:
            return Symbol(f"{name.base}!", tuple(indices), power)
        alias = self._capital(name, key, len(examples) + len(indices))
        if self.usage.split and (letters := self._told_apart(key, indices)):
            key += "|" + letters
        if alias is None and name.base in self.usage.stacked and (examples or indices):
            kind = self.usage.stacked[name.base]
            return Symbol(capital(name.base) + key[len(name.base) :], (*examples, *indices), power, columns=kind == "columns")
        is_column = bool(examples) and (bool(alias) or name.base.isupper()) and name.base not in LOSSES
        return Symbol(alias or key, (*examples, *indices), power, columns=is_column)

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

    def _capital(self, name: Name, key: str, given: int) -> str | None:
        """X for x_ij, where the document writes the matrix with a capital and its entries without."""
        base, usage = name.base, self.usage
        if len(base) != 1 or not base.islower() or base.upper() not in usage.tops:
            return None
        capital = usage.arity[base.upper(), name.accent]
        small = usage.arity[base, name.accent]
        if not capital or max(capital) > 1 or not small or base.upper() in usage.limits:
            return None
        is_data = base in {"x", "y", "t", "z", "p", "s"}
        entries = given == 2 and base not in usage.raised_examples and set(small) in ([{2}, {0, 2}][: 1 + is_data])
        columns = base in usage.raised_examples and set(small) <= {1, 2}
        return base.upper() + key[1:] if entries or columns else None

    def _superscript(self, name: Name, script: Script) -> tuple[str, Any]:
        body, bare = script.body, script.raised is Raised.BARE
        usage = self.usage
        if isinstance(body, Number):
            if not bare:
                return "layer", int(body.value)
            layered = name.base in usage.layered and name.base not in {"e"}
            if layered and body.value == int(body.value):
                return "layer", int(body.value)
            return "power", body
        if isinstance(body, Name) and not body.sub and not body.sup:
            if body.font == "text" or (body.base in {"star", "*", "prime"}):
                return "label", body.base
            letter = body.base
            if usage.is_layer(letter) and (not bare or name.base in usage.layered) and name.base != "e":
                return "layer", self._layer(body)
            if not bare:
                return "index", body
            if usage.is_example(letter) and name.base not in {"e"} and letter not in usage.tops:
                return "index", body
            return "power", body
        if any(isinstance(part, Name) and part.base in LAYER_LETTERS for part in body.walk()) and (
            not bare or name.base in usage.layered
        ):
            return "layer", self._layer(body)
        if not bare:
            raise MeaningError(f"what stands above {name.base} in brackets is no number of a layer or an example")
        return "power", body

    def _subscript(self, name: Name, index: Term) -> tuple[str, Any]:
        usage = self.usage
        if isinstance(index, Number):
            whole = int(index.value)
            lettered = usage.lettered.get((name.base, name.accent), 0)
            if name.base in usage.numbered_names or (whole == 0 and not usage.counts_from_zero):
                return "label", whole
            if (
                lettered >= 1
                and lettered == len(name.sub)
                and name.base not in usage.layered_below
                and not _is_series(name, usage)
            ):
                return "index", index
            return "label", whole
        if isinstance(index, Name):
            if name.base in usage.sizes or index.font == "text" or not (is_letter(index.base) or index.base in _GREEK_INDICES):
                return "label", index.base
            if usage.is_layer(index.base) and (name.base in usage.layered_below) and len(name.sub) == 1:
                # Without l + 1 or l - 1 anywhere, l and L are names of two layers.
                return "label", self._layer(index) if usage.counts_layers else index.base
            if index.base[0].isupper() and index.base not in usage.bound:
                if usage.is_layer(index.base) and usage.counts_layers:
                    return "label", self._layer(index)
                return "label", index.base
            if len(index.base) > 1 and index.base not in usage.bound and index.base in usage.tops:
                return "label", index.base
            if (
                index.base in usage.tops
                and index.base not in usage.bound
                and not index.sub
                and (index.base in {"w", "x", "W", "b", "v"} and name.base in {"h", "f", "p", "P", "J", "L"})
            ):
                # h_w(x): the function with these parameters.
                return "label", index.base
            return "index", index
        if any(isinstance(part, Name) and usage.is_layer(part.base) for part in index.walk()):
            return "label", self._layer(index)
        return "index", index

    def _layer(self, body: Term) -> int:
        if isinstance(body, Name):
            if body.base not in self.layers:
                raise MeaningError("no number of layers is known")
            return self.layers[body.base]
        if isinstance(body, Number):
            return int(body.value)
        if isinstance(body, Negative):
            return -self._layer(body.body)
        if isinstance(body, Terms):
            return sum(self._layer(term) for term in body.terms)
        raise MeaningError("the number of a layer cannot be read")


def capital(base: str) -> str:
    """The capital of a letter: X for x, Phi for phi."""
    return base.upper() if len(base) == 1 else base.capitalize()


def is_letter(base: str) -> bool:
    """One letter, with or without primes."""
    return len(base.rstrip("'")) == 1


_GREEK_INDICES = {"mu", "nu", "alpha", "beta", "gamma", "rho", "sigma", "kappa", "lambda"}


def _is_series(name: Name, usage: Usage) -> bool:
    """W_1, W_2 beside W_{ij}: numbered names rather than entries."""
    return name.base.isupper() and name.base not in {"X", "Y"} and len(name.sub) == 1
