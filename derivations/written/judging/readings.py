"""A statement read: its sides as terms, under every reading that makes a difference, and what kind of line it is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from ..evaluation.functions import known_function
from ..faults import FormulaError
from ..grammar.sides import READINGS, Reach, Reading, parse_side
from ..meaning.symbols import LOSSES
from ..meaning.usage import Usage
from ..rebuilding import free_letters, standing_letters
from ..source.statements import Statement
from ..terms import Call, Cases, Derivative, Dots, Indicator, Name, Norm, Number, Term, Terms, Total


@dataclass(slots=True)
class Read:
    """A statement with its sides as terms; None where a side cannot be read.

    Attributes:
        reading: the first reading, under which the sides are `left` and `right`.
    """

    statement: Statement
    left: Term | None
    right: Term | None
    fault: FormulaError | None = None
    reading: Reading = READINGS[0]
    parsed: list[tuple[Reading, Term, Term]] = field(default_factory=list, compare=False, repr=False)
    unparsed: Iterator[tuple[Reading, Term, Term]] | None = field(default=None, compare=False, repr=False)

    def readings(self) -> Iterator[tuple[Reading, Term, Term]]:
        """The sides under every reading that makes a difference, the likeliest first; parsed when first asked for."""
        if self.left is None or self.right is None:
            return
        if self.unparsed is None:
            self.parsed = [(self.reading, self.left, self.right)]
            self.unparsed = _other_readings(self.statement, self.left, self.right)
        place = 0
        while place < len(self.parsed) or self._parses_another():
            yield self.parsed[place]
            place += 1

    def _parses_another(self) -> bool:
        """Parse the next reading, if there is one more."""
        following = next(self.unparsed or iter(()), None)
        if following is not None:
            self.parsed.append(following)
        return following is not None


def read_statement(statement: Statement) -> Read:
    """Parse both sides under the plain reading, or where a definition leaves an index open, with sums that reach on."""
    if statement.fault is not None:
        return Read(statement, None, None, statement.fault)
    sides: list[Term | None] = []
    fault: FormulaError | None = None
    for tokens in (statement.left, statement.right):
        try:
            sides.append(parse_side(tokens) if tokens else None)
        except FormulaError as error:
            sides.append(None)
            fault = fault or error
    left, right = sides
    if left is not None and right is not None and (closed := _closed(statement, left, right)) is not None:
        return Read(statement, left, closed, reading=SUMS_REACH_ON)
    return Read(statement, left, right, fault)


SUMS_REACH_ON = Reading(total=Reach.SIDE)


def _closed(statement: Statement, left: Term, right: Term) -> Term | None:
    """Of J = -sum_k y_k log a_k + (1 - y_k) log(1 - a_k), the right side with all of it under the sum.

    None where the sum leaves no index open that the left side lacks, or where its summands have other indices.
    """
    open_letters = _left_open(left, right)
    if not is_plain_name(left) or not (open_letters or any(map(_is_carried_by_none, _sums(right)))):
        return None
    try:
        closed = parse_side(statement.right, SUMS_REACH_ON)
    except FormulaError:
        return None
    is_alike = closed != right and all(map(_sums_alike, _sums(closed)))
    return closed if is_alike and not open_letters & _left_open(left, closed) else None


def _sums(term: Term) -> list[Total]:
    return [part for part in term.walk() if isinstance(part, Total)]


def _left_open(left: Term, right: Term) -> set[str]:
    """Letters that a sum on the right runs over and that stand outside of it, too, though not on the left."""
    bound = {name.base for total in _sums(right) for name in total.indices}
    return bound & standing_letters(right) - standing_letters(left)


def _is_carried_by_none(total: Total) -> bool:
    """Has nothing in the sum its index, as where the number of the example is left out?"""
    return standing_letters(total.body).isdisjoint(name.base for name in total.indices)


def _sums_alike(total: Total) -> bool:
    """Have all summands the same indices; or where none is written, the same quantities?"""
    summands = total.body.terms if isinstance(total.body, Terms) else ()
    letters = standing_letters if _is_carried_by_none(total) else free_letters
    return len({letters(summand) for summand in summands}) <= 1


def _other_readings(statement: Statement, left: Term, right: Term) -> Iterator[tuple[Reading, Term, Term]]:
    """A statement's sides under every reading but the first one, under which they are `left` and `right`."""
    seen = {(left, right)}
    for reading in READINGS:
        try:
            pair = parse_side(statement.left, reading), parse_side(statement.right, reading)
        except FormulaError:
            continue
        if pair not in seen:
            seen.add(pair)
            yield reading, *pair


def is_plain_name(term: Term | None) -> bool:
    """A letter with scripts, or a function of letters."""
    return isinstance(term, Name) or (
        isinstance(term, Call) and all(isinstance(argument, (Name, Dots)) for argument in term.arguments)
    )


def is_condition(read: Read, usage: Usage) -> bool:
    """i = j, k = y_i, i = 1, ..., n, n = 5: no claim but a condition or an assumption."""
    left, right = read.left, read.right
    if (
        isinstance(left, Name) and isinstance(right, Name) and left.primes == right.primes
        and (left.base, left.accent) == (right.base, right.accent)
    ):  # fmt: skip
        # C^n = C: the index is left out from here on; but a = a^3 says which layer is meant.
        is_numbered = any(isinstance(script.body, Number) for script in (*left.sup, *right.sup))
        is_left_out = len(left.sub) != len(right.sub) or bool(left.sup) != bool(right.sup)
        return is_left_out and not is_numbered
    if isinstance(left, Name) and not left.sub and not left.sup and isinstance(right, (Name, Number, Dots)):
        letter = left.base
        if isinstance(right, Dots) or letter in usage.limits:
            return True
        if not _is_counter(letter, usage):
            return False
        if isinstance(right, Number):
            return True
        return _is_counter(right.base, usage) or bool(right.sub) or right.base in {"y", "t", "c"}
    return False


def _is_counter(letter: str, usage: Usage) -> bool:
    """Is this letter an index, and never a quantity with indices of its own?"""
    return usage.is_index(letter) and set(usage.arity.get((letter, ""), {0: 1})) <= {0}


def is_piecewise(term: Term) -> bool:
    """Has it cases, written or in a function such as relu?"""
    return any(
        isinstance(part, (Cases, Indicator)) or (isinstance(part, Norm) and part.is_bar)
        or (isinstance(part, Call) and known_function(part.function.base) in _PIECEWISE)
        for part in term.walk()
    )  # fmt: skip


_PIECEWISE = {"max", "min", "relu", "leakyrelu", "sign", "abs", "step", "huber"}


def is_range(read: Read, bound: set[str]) -> bool:
    """n = 1, ..., N: what a letter counts that sums run over."""
    return isinstance(read.left, Name) and read.left == Name(read.left.base) and (
        read.left.base in bound and isinstance(read.right, Number)
    )  # fmt: skip


_AT = re.compile(r"\b(at|for|if|when)\W*$", re.I)


def is_case(read: Read, reads: Sequence[Read], before: str) -> bool:
    """At r = kappa, where r is the parameter of a function; `before` is the text before it."""
    if not isinstance(read.left, Name) or read.left.children or not _AT.search(before):
        return False
    if not isinstance(read.right, (Name, Number)):
        return False
    return any(
        isinstance(other.left, Call) and other.left.function.base not in LOSSES and read.left in other.left.arguments
        for other in reads
    )


def is_bias_input(left: Name, right: Term | None) -> bool:
    """x_0 = 1: an input that is always 1, so that its weight is the bias."""
    return right == Number(1.0, "1") and left.base in {"x", "X", "phi", "Phi"} and (
        any(isinstance(index, Number) for index in left.sub)
    )  # fmt: skip


def is_model_of_data(read: Read, reads: Sequence[Read]) -> bool:
    """y_i = x_i^T beta + epsilon_i: how the data come about, not what a derivative is taken of."""
    if not (isinstance(read.left, Name) and isinstance(read.right, Terms)):
        return False
    has_noise = any(isinstance(part, Name) and part.base in {"epsilon", "noise"} for part in read.right.terms)
    return has_noise and not _is_output(read.left, read.right, reads)


def _is_output(name: Name, right: Term, reads: Sequence[Read]) -> bool:
    """Is this differentiated, and compared nowhere with what it is made of, as data are in |y - X beta|^2?"""
    made_of = {part.base for part in names_on_line(right)}
    differentiated = any(
        isinstance(part, Derivative) and isinstance(part.of, Name)
        and (part.of.base, part.of.accent) == (name.base, name.accent)
        for read in reads for side in (read.left, read.right) for part in parts_of(side)
    )  # fmt: skip
    bases = [
        {part.base for part in names_on_line(read.right)} for read in reads
        if is_plain_name(read.left) and read.right is not None and read.right != right
    ]  # fmt: skip
    return differentiated and not any(name.base in found and found & made_of for found in bases)


def function_named(read: Read) -> str:
    """tanh in g = tanh: which function the letter on the left stands for, or ""."""
    left, right = read.left, read.right
    is_letter = isinstance(left, Name) and left == Name(left.base)
    return known_function(right.base) if is_letter and isinstance(right, Name) and right.font == "text" else ""


def is_notation(read: Read) -> bool:
    """dz = dL/dz: says what dz stands for."""
    left, right = read.left, read.right
    return (
        isinstance(left, Derivative)
        and left.of is None
        and any(isinstance(part, Derivative) and part.of is not None and part.by == left.by for part in parts_of(right))
    )


def parts_of(term: Term | None) -> Iterator[Term]:
    """All parts of a term; none of a side that cannot be read."""
    return term.walk() if term is not None else iter(())


def names_derivative(read: Read) -> bool:
    """Does dW stand in it, which does not say of what?"""
    return any(
        isinstance(part, Derivative) and part.of is None
        for side in (read.left, read.right) for part in parts_of(side)
    )  # fmt: skip


def names_on_line(term: Term) -> Iterator[Name]:
    """Names that stand on the line, functions that are called left out."""
    if isinstance(term, Name):
        yield term
        return
    children = term.arguments if isinstance(term, Call) else term.children
    for child in children:
        yield from names_on_line(child)
