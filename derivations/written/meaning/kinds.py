"""What each statement of a document is: a definition, a condition, an update, or a claim that is to be checked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from ..evaluation.functions import known_function
from ..faults import MeaningError
from ..judging.readings import (
    Read,
    function_named,
    is_bias_input,
    is_case,
    is_condition,
    is_model_of_data,
    is_notation,
    is_plain_name,
    parts_of,
)
from ..source.lines import ASSIGNING
from ..terms import Call, Cases, Derivative, Dots, Grid, Name, Negative, Number, Product, Term, Terms, Total
from ..worlds.ranks import looks_learnt
from .defining import has_dots, solved
from .known_names import function_key
from .symbols import Symbols


class Kind(StrEnum):
    """What a statement is."""

    DEFINITION = "definition"
    NAMED = "named"
    """A definition with the name on the right."""
    FUNCTION = "function"
    AGAIN = "again"
    """Of what is defined before: a claim, or another definition."""
    RENEWED = "renewed"
    """A new definition of what was something else before."""
    NUMBER = "number"
    """A number for a quantity, or a definition that no program can use."""
    CONDITION = "condition"
    UPDATE = "update"
    CLAIM = "claim"
    UNREAD = "unread"


DEFINING = frozenset({Kind.DEFINITION, Kind.NAMED, Kind.FUNCTION, Kind.AGAIN, Kind.RENEWED})
"""Kinds of statements that may say what a quantity is."""


@dataclass(slots=True)
class Kinds:
    """The kinds of a document's statements, by their numbers.

    Attributes:
        forms: the sides of definitions that are not written as name = term, as if they were.
        known: the keys of what is defined.
    """

    of: dict[int, Kind] = field(default_factory=dict)
    forms: dict[int, tuple[Term, Term]] = field(default_factory=dict)
    known: set[str] = field(default_factory=set)


def classified(reads: Sequence[Read], symbols: Symbols, text: str) -> Kinds:
    """The kind of each statement; `text` is the document's."""
    classifier = _Classifier(reads, symbols, text)
    head: Term | None = None
    for number, read in enumerate(reads):
        head = read.left if read.statement.number == 1 else head
        if has_dots(read.left) and read.left is not head and head is not None and read.right is not None:
            # h(x) = w_0 + ... + w_n x_n = w^T x: the last side says it without an ellipsis.
            classifier.found.forms[number] = head, read.right
        classifier.found.of[number] = classifier.kind(number)
    return classifier.found


class _Classifier:
    """Goes through the statements in order, with what is defined so far."""

    def __init__(self, reads: Sequence[Read], symbols: Symbols, text: str) -> None:
        self.reads = reads
        self.symbols = symbols
        self.text = text
        self.found = Kinds()

    def kind(self, number: int) -> Kind:
        """Of the next statement."""
        read = self.reads[number]
        left, right = self.found.forms.get(number, (read.left, read.right))
        if left is None or right is None:
            return Kind.UNREAD
        kind = self._plain_kind(read, left, right)
        if (
            kind in {Kind.CLAIM, Kind.NUMBER}
            and (form := solved(left, right, diagonal="diag" in self.text)) is not None
        ):
            defined = self._plain_kind(read, *form)
            if defined in {Kind.DEFINITION, Kind.FUNCTION}:
                self.found.forms[number] = form
                return defined
        return kind

    def _plain_kind(self, read: Read, left: Term, right: Term) -> Kind:
        if self._is_condition(read, left):
            return Kind.CONDITION
        if isinstance(left, Call) and is_plain_name(left) and not self._is_derivative(left):
            return self._kind_of_function(left, right)
        if isinstance(left, Name):
            return self._kind_of_name(read, left, right)
        is_backwards = read.statement.sign in {"=:", "eqqcolon"} or not isinstance(left, Number)
        return (
            Kind.NAMED if is_backwards and isinstance(right, Name) and self._is_named(read, left, right) else Kind.CLAIM
        )

    def _is_condition(self, read: Read, left: Term) -> bool:
        start = read.statement.formula.start
        if is_condition(read, self.symbols.usage) or is_notation(read) or is_model_of_data(read, self.reads):
            return True
        if is_case(read, self.reads, self.text[max(0, start - 12) : start]):
            return True
        if function_named(read):
            return True
        assigns = read.statement.sign in ASSIGNING
        return assigns and not is_plain_name(left) and not isinstance(left, Derivative)

    def _is_derivative(self, function: Call) -> bool:
        """f'(x), unless the prime belongs to the name."""
        return function.function.primes > 0 and function.function.base not in self.symbols.usage.primed

    def _kind_of_name(self, read: Read, left: Name, right: Term) -> Kind:
        key = self._defined_key(left)
        if key is None:
            return self._kind_of_entry(read, left, right)
        if isinstance(right.body if isinstance(right, Negative) else right, Number) and key not in self.found.known:
            return Kind.NUMBER
        if left.font == "text" and not any(isinstance(part, Name) and part.font != "text" for part in right.walk()):
            # acc = 97 %
            is_new = key not in self.found.known and not isinstance(right, (Terms, Product))
            return Kind.NUMBER if is_new else Kind.DEFINITION
        if self._is_update(read, key, right):
            return Kind.UPDATE
        if any(isinstance(part, (Grid, Dots)) for part in right.walk()):
            # Written entry by entry, or with an ellipsis: it says what the symbol is, but no program can use it.
            return Kind.NUMBER
        if key in self.found.known:
            return Kind.AGAIN
        if looks_learnt(key) and self._is_differentiated_by(read, left):
            # theta = (X^T X)^-1 X^T y: where the gradient vanishes, not what theta is.
            return Kind.CONDITION
        self.found.known.add(key)
        return Kind.DEFINITION

    @staticmethod
    def _kind_of_entry(read: Read, left: Name, right: Term) -> Kind:
        """Of x_0 = 1, W_11 = ..., z^2 = ...: no name that could be defined."""
        if is_bias_input(left, right):
            return Kind.NUMBER
        return Kind.CONDITION if isinstance(right, Name) and read.statement.number == 1 else Kind.CLAIM

    def _is_update(self, read: Read, key: str, right: Term) -> bool:
        """w := w - ...; or w = w - ..., but not a sum over the same letter."""
        if not self._contains(right, key):
            return False
        return read.statement.sign in ASSIGNING or not any(isinstance(part, Total) for part in right.walk())

    def _kind_of_function(self, left: Call, right: Term) -> Kind:
        try:
            key = function_key(left.function, self.symbols)
        except MeaningError:
            return Kind.CLAIM
        if known_function(left.function.base) == "softmax":
            return Kind.CLAIM if any(isinstance(part, Cases) for part in right.walk()) else Kind.FUNCTION
        if f"{key}()" in self.found.known or key in self.found.known:
            return Kind.AGAIN
        if has_dots(right):
            return Kind.NUMBER
        if left.function.base in {"log", "ln", "exp", "tr", "diag", "max", "min"}:
            return Kind.CLAIM
        self.found.known |= {key, f"{key}()"}
        return Kind.FUNCTION

    def _is_named(self, read: Read, left: Term, right: Name) -> bool:
        """... = r, where r is named here for the first time; noted as known."""
        key = self._defined_key(right)
        is_identity = right.base == "I" and len(right.sub) in {0, 2}
        if is_identity or (right.base == "delta" and len(right.sub) == 2):
            # dx_i/dx_j = delta_ij: what the delta is, is known.
            return False
        if key is None or key in self.found.known or self._is_used_before(read, key) or self._contains(left, key):
            return False
        self.found.known.add(key)
        return True

    def _defined_key(self, name: Name) -> str | None:
        """The key that this name would define; None where it is no plain name with letters for indices."""
        try:
            symbol = self.symbols.resolve(name)
        except MeaningError:
            return None
        letters = [index.base for index in symbol.indices if isinstance(index, Name) and not index.sub]
        if len(letters) != len(symbol.indices) or len(set(letters)) != len(letters) or symbol.power is not None:
            return None
        return symbol.key

    def _contains(self, term: Term, key: str) -> bool:
        return any(isinstance(part, Name) and self.symbols.key(part) == key for part in term.walk())

    def _is_differentiated_by(self, read: Read, name: Name) -> bool:
        """Does a derivative by this name, at any index, stand before the statement?"""
        return any(
            isinstance(by, Name) and (by.base, by.accent, by.sup) == (name.base, name.accent, name.sup)
            for other in self._before(read)
            for part in (*parts_of(other.left), *parts_of(other.right)) if isinstance(part, Derivative)
            for by in part.by
        )  # fmt: skip

    def _is_used_before(self, read: Read, key: str) -> bool:
        return any(
            self._contains(side, key)
            for other in self._before(read) for side in (other.left, other.right) if side is not None
        )  # fmt: skip

    def _before(self, read: Read) -> Sequence[Read]:
        return self.reads[: next(place for place, other in enumerate(self.reads) if other is read)]
