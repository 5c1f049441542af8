"""How a document writes its names: which letters index, which stand alone, which are transposed, called or summed."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any

from ..terms import (
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

LAYER_LETTERS = {"l", "L"}
_LABEL_LETTERS = {"y", "t", "c", "Y", "T"}
_ENTRY_LETTERS = {"i", "j", "k", "m", "n"}


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
    names_input: bool = False
    """Something carries a 0 above: A^[0], the input, which makes layer 1 one like the others."""
    layered_below: set[str] = field(default_factory=set)
    paired: set[str] = field(default_factory=set)
    """Letters that stand below beside another: l in W_kl."""
    numbered_alike: set[str] = field(default_factory=set)
    """Letters that a condition compares with a letter, as l in k = l."""
    labels: set[str] = field(default_factory=set)
    """Letters that a condition compares with a letter and that carry an index, as c in c_i = k: the class of each i."""
    counts_layers: bool = False
    """Somewhere stands l + 1 or l - 1."""
    tops: Counter[str] = field(default_factory=Counter)
    """Bases that stand on the line."""
    lettered: dict[tuple[str, str], int] = field(default_factory=dict)
    """The most letters that a name carries below, by `lettered_kind`."""
    numbered: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    limits: Counter[str] = field(default_factory=Counter)
    """Letters that are upper limits of sums."""
    ends: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    """For each letter that a sum runs over, the names of the numbers that it runs to."""
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
    last_layers: dict[str, int] = field(default_factory=dict)
    """Letters that stand without a layer where something is differentiated by them: those of the last layer."""
    fixed: frozenset[str] = frozenset()
    """Letters below that name one thing, as o in u_o, the vector of the word outside."""
    primed: set[str] = field(default_factory=set)
    """Functions that stand with a prime only, so that it belongs to their names."""
    arguments: dict[str, Name] = field(default_factory=dict)
    """What a function is called with where it is called first: sigma alone means sigma of that."""
    called_alone: set[str] = field(default_factory=set)
    """Functions that stand somewhere without an index or a number."""
    called: Counter[str] = field(default_factory=Counter)
    """Functions that stand with an index and an argument, each with _ behind."""
    bare_names: Counter[str] = field(default_factory=Counter)
    """Bases that stand on the line other than as a function's name."""
    letter_pairs: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    """For each base, the letters it stands with, primes left out."""
    split: dict[str, set[str]] = field(default_factory=dict)
    """Quantities that only their letters tell apart, with the letters that they are defined with."""
    same_as: dict[str, str] = field(default_factory=dict)
    """Other letters for what a model names: the key of each, and the key that is meant."""
    kroneckers: set[str] = field(default_factory=set)
    """Pairs of letters with which delta is Kronecker's, though it is an error signal with others."""
    no_matrices: set[str] = field(default_factory=set)
    """Capitals that are no matrix of the entries that the small letter has."""
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
    one_of_columns: dict[str, str] = field(default_factory=dict)
    """Small letters, with @ behind where they have layers, that stand for column i of their capital, and this i."""
    raised_examples: set[str] = field(default_factory=set)
    """Bases that carry an example in brackets above."""

    @staticmethod
    def of(terms: Iterable[Term], fixed: frozenset[str] = frozenset()) -> Usage:
        """Counted over all formulas of a document; `fixed` letters below are parts of names."""
        usage = Usage(fixed=fixed)
        everything = list(terms)
        for term in everything:
            usage._count_tops(term)
            for part in term.walk():
                if isinstance(part, Condition):
                    usage._count_condition(part)
        for term in everything:
            for part in term.walk():
                count = _COUNTS.get(type(part))
                if count is not None:
                    count(usage, part)
        return usage

    # What stands on the line ------------------------------------------------------------------------------------------

    def _count_tops(self, term: Term) -> None:
        if isinstance(term, Name) and term.font != "constant":
            self.tops[term.base] += 1
            self.bare_names[term.base] += 1
        for child in self._on_line(term):
            self._count_tops(child)

    def _on_line(self, term: Term) -> tuple[Term, ...]:
        """The parts of a term that are quantities, other than indices."""
        if isinstance(term, Name):
            return ()
        if isinstance(term, Call):
            self._count_call(term)
            return term.arguments
        if isinstance(term, Total):
            return (term.body, term.end) if term.end is not None else (term.body,)
        if isinstance(term, Entries):
            return (term.body,)
        if isinstance(term, Condition):
            # An index in a condition stands on the line, but is no quantity.
            sides = (side for side in (term.left, term.right) if side is not None)
            return tuple(side for side in sides if not (isinstance(side, Name) and not side.sub and not side.sup))
        return term.children

    def _count_call(self, call: Call) -> None:
        function, arguments = call.function, call.arguments
        self.tops[function.base] += 1
        if len(arguments) == 1 and isinstance(arguments[0], Name) and function.base == "sigma":
            self.arguments.setdefault(function.base, arguments[0])
        if function.sub:
            self.called[function.base + "_"] += 1
        elif not function.sup:
            self.called_alone.add(function.base)

    # What stands where ------------------------------------------------------------------------------------------------

    def _count_transposed(self, part: Transposed) -> None:
        if isinstance(body := bare(part.body), Name):
            self.vectors.add(body.base)
            if self._has_one_letter(body):
                self.one_of_vectors.add(body.base)

    def _count_entries(self, part: Entries) -> None:
        self.label_bases |= {index.base for index in part.indices if isinstance(index, Name) and index.sub}

    def _count_product(self, part: Product) -> None:
        for name in _beside_transposed(part):
            (self.one_of_vectors if self._has_one_letter(name) else self.vectors).add(name.base)

    def _has_one_letter(self, name: Name) -> bool:
        index = name.sub[0] if len(name.sub) == 1 else None
        is_letter = isinstance(index, Name) and index.font != "text" and not index.sub
        return is_letter and isinstance(index, Name) and index.base not in self.fixed

    def _count_norm(self, part: Norm) -> None:
        if not part.is_bar:
            self.vectors |= _added(part.body)

    def _count_total(self, part: Total) -> None:
        self.bound.update(name.base for name in part.indices if not name.sub and not _is_over_layers(name, part.body))
        if (end := last_number(part)) is not None:
            self.limits[end.base] += 1
            self.sizes |= {end.base} if end.sub else set()
            for letter in part.letters:
                self.ends[letter].add("" if end.sub else end.base)
        self.counts_from_zero |= isinstance(part.start, Number) and part.start.value == 0

    def _count_condition(self, part: Condition) -> None:
        left, right = part.left, part.right
        if part.sign not in {"=", "ne"} or not isinstance(left, Name) or not isinstance(right, Name):
            return
        if not {left.base, right.base} <= LAYER_LETTERS:
            self.numbered_alike |= {side.base for side in (left, right) if not side.sub}
            self.labels |= {side.base for side in (left, right) if side.sub}

    def _count_compared(self, part: Term) -> None:
        if isinstance(part, Condition) or (isinstance(part, Call) and part.function.base in {"max", "min"}):
            self.compared |= {inner.base for inner in part.walk() if isinstance(inner, Name) and not inner.sub}

    def _count_quotient(self, part: Quotient) -> None:
        if isinstance(part.below, Name) and not part.below.sub:
            self.divisors.add(part.below.base)

    # Names ------------------------------------------------------------------------------------------------------------

    def _count_name(self, name: Name) -> None:
        if name.font == "bold":
            self.bold.add(name.base)
            if any(isinstance(index, Name) and index.font != "text" for index in name.sub):
                self.bold_examples.add(name.base)
        letters = sum(self._count_lowered(name, index) for index in name.sub)
        for script in name.sup:
            self._count_raised(name, script)
        if any(isinstance(index, Name) and index.base in self.fixed for index in name.sub):
            return
        kind = (name.base, name.accent)
        own = lettered_kind(name)
        self.lettered[own] = max(self.lettered.get(own, 0), letters)
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

    def _count_lowered(self, name: Name, index: Term) -> int:
        """How many letters a subscript has."""
        letters = 0
        if len(name.sub) > 1 and isinstance(index, Name):
            self.paired.add(index.base)
        for inner in flat(index, self):
            if isinstance(inner, Name) and inner.font != "text" and is_letter(inner.base):
                letters += 1
                self._count_letter(name, inner)
            elif isinstance(inner, Number):
                self.numbered[name.base].add(int(inner.value))
                self.counts_from_zero |= inner.value == 0 and name.base in {"x", "X", "phi"}
        if isinstance(index, (Terms, Negative)) and any(
            isinstance(part, Name) and part.base in LAYER_LETTERS for part in index.walk()
        ):
            self.layered_below.add(name.base)
            self.counts_layers = True
        return letters

    def _count_letter(self, name: Name, letter: Name) -> None:
        if letter.sub:
            self.label_bases.add(letter.base)
        self.lowered[letter.base] += 1
        self.bases_indexed_by[letter.base].add(name.base)
        if letter.base in LAYER_LETTERS and len(name.sub) == 1:
            self.layered_below.add(name.base)

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
        self.names_input |= isinstance(script.body, Number) and script.body.value == 0

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
        """l and L number layers unless a sum runs over them, or they stand beside another index."""
        return letter in LAYER_LETTERS and letter not in self.bound and (
            self.counts_layers or not (letter in self.paired or self._numbers_entries(letter))
        )  # fmt: skip

    def _numbers_entries(self, letter: str) -> bool:
        """Does it stand below only, where k does as well, or in k = l?"""
        beside = any(letter in found and len(found & _ENTRY_LETTERS) for found in self.letter_pairs.values())
        return not self.layered and (letter in self.numbered_alike or beside)


_COUNTS: dict[type, Callable[[Usage, Any], None]] = {
    Transposed: Usage._count_transposed, Entries: Usage._count_entries, Product: Usage._count_product,
    Norm: Usage._count_norm, Total: Usage._count_total, Condition: Usage._count_compared,
    Call: Usage._count_compared, Quotient: Usage._count_quotient, Name: Usage._count_name,
}  # fmt: skip


def _is_over_layers(letter: Name, body: Term) -> bool:
    """The l of a sum of |W^[l]|^2: it stands above only, or below a matrix in a norm."""
    if letter.base != "l":
        return False
    above = below = False
    matrices = {id(part) for norm in body.walk() if isinstance(norm, Norm) for part in norm.walk()}
    for part in body.walk():
        if isinstance(part, Name):
            above |= any(inner == letter for script in part.sup for inner in script.body.walk())
            if any(inner == letter for index in part.sub for inner in index.walk()):
                if id(part) not in matrices or not part.base[0].isupper():
                    return False
                below = True
    return above or below


def bare(term: Term) -> Term:
    """What stands in brackets."""
    while isinstance(term, Terms) and len(term.terms) == 1:
        term = term.terms[0]
    return term


def _beside_transposed(product: Product) -> Iterator[Name]:
    """x_i in w^T x_i, beta in x_i^T beta: beside the transpose of a column stands a column."""
    for first, second in pairwise(product.factors):
        row = bare(first.body) if isinstance(first, Transposed) else None
        is_row = isinstance(row, Name) and (row.base.islower() or row.base == "1")
        if is_row and isinstance(second, Name) and second.base.islower() and len(second.sub) < 2:
            yield second


def _added(term: Term) -> set[str]:
    """The names that are terms of a sum."""
    if isinstance(term, Name):
        return {term.base}
    if isinstance(term, Terms):
        return {base for part in term.terms for base in _added(part)}
    return _added(term.body) if isinstance(term, Negative) else set()


def last_number(total: Total) -> Name | None:
    """What names how many values the index of a sum has: n of sum_{i=1}^n and of sum_{i=0}^{n-1}."""
    end, start = total.end, total.start
    if isinstance(start, Number) and start.value == 0 and isinstance(end, Terms) and len(end.terms) == 2:
        count, less = end.terms
        return count if isinstance(count, Name) and less == Negative(Number(1, "1")) else None
    return end if isinstance(end, Name) else None


def lettered_kind(name: Name) -> tuple[str, str]:
    """w^l_jk carries other letters than w_j: base and accent, and whether a layer stands above."""
    has_layer = any(
        script.raised is Raised.SQUARE or any(isinstance(part, Name) and part.base in LAYER_LETTERS
                                              for part in script.body.walk())
        for script in name.sup
    )  # fmt: skip
    return name.base, name.accent + ("@" if has_layer else "")


def flat(index: Term, usage: Usage) -> list[Term]:
    """m_j in a subscript is the pair m, j, unless m is data itself: then it is an index taken from data."""
    if isinstance(index, Name) and index.sub and index.font != "text" and not index.sup:
        if index.base in {*_LABEL_LETTERS, *usage.labels} and index.base not in usage.bound:
            return [index]
        inner = [part for sub in index.sub for part in flat(sub, usage)]
        return [replace(index, sub=()), *inner]
    if isinstance(index, Name) and index.sup and not index.sub and index.base not in usage.tops:
        # z_{m^n}: the pair m, n.
        return [replace(index, sup=()), *(script.body for script in index.sup)]
    return [index]


def is_letter(base: str) -> bool:
    """One letter, with or without primes."""
    return len(base.rstrip("'")) == 1
