"""Judges every equality of a document: reads it, finds what it is about, evaluates both sides, compares."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from typing import Any

import numpy as np

from .batch import functions_by_words, read_as_batch
from .document import Document
from .evaluation import ANY_LOSS, ITSELF, Evaluation, World, keys_in
from .faults import FitError, FormulaError, IndexConflictError, MeaningError
from .functions import known_function
from .grammar import READINGS, Reach, Reading, parse_side
from .lines import ASSIGNING
from .manner import Flipped, Manner, Named
from .shapes import Definition, FunctionDefinition, function_key
from .statements import Statement
from .symbols import LOSSES, Symbols, Usage
from .terms import (
    Call,
    Cases,
    Condition,
    Derivative,
    Dots,
    Grid,
    Indicator,
    Name,
    Negative,
    Norm,
    Number,
    Power,
    Product,
    Raised,
    Term,
    Terms,
    Total,
    Transposed,
)
from .values import Value, entrywise, relative_difference
from .world import Draft, build, score

# Both sides come from the same arrays by different ways: rounding, times the number of operations.
TOLERANCE = 1e-8

# Where a derivative stands inside a derivative, differences of fourth order are used.
NESTED_TOLERANCE = 1e-5


FIXED_FUNCTIONS = {"tanh", "exp", "log", "ln", "cosh", "sinh", "sin", "cos"}
"""Functions that no document defines anew: what it says of them is a claim."""

# Digits from which on a decimal is taken for a rounded number: 1.14393, but not 0.5.
LEAST_DIGITS = 4

# The seed of the probe on which all that is drawn is positive, for logarithms and powers.
POSITIVE = 77

# Single numbers that an identity of functions is tried on.
DRAWS = 7


@dataclass(slots=True)
class Read:
    """A statement with its sides as terms; None where a side cannot be read."""

    statement: Statement
    left: Term | None
    right: Term | None
    fault: FormulaError | None = None

    @cached_property
    def readings(self) -> list[tuple[Term, Term]]:
        return []


@dataclass(frozen=True, slots=True)
class Comparison:
    """The outcome of comparing two sides.

    Attributes:
        holds: are they equal?
        error: the relative difference, None where the sides do not even fit together.
        reason: why they do not fit, or cannot be evaluated.
        meaningless: something in them has no meaning here, so nothing can be said.
        opaque: an entry whose index does not fit was taken as any number.
    """

    holds: bool
    error: float | None = None
    reason: str | None = None
    meaningless: bool = False
    opaque: bool = False
    conflict: bool = False
    """An index numbers different things in the two places where it stands."""
    infinite: bool = False
    """A side is infinite, or no number, on this probe."""
    left: Value | None = None
    right: Value | None = None


def read_statement(statement: Statement) -> Read:
    """Parse both sides under the plain reading."""
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
    return Read(statement, sides[0], sides[1], fault)


def other_readings(statement: Statement) -> Iterator[tuple[Reading, Term, Term]]:
    """The statement's sides under every reading that makes a difference, the plain one first."""
    seen: set[tuple[Term, Term]] = set()
    for reading in READINGS:
        try:
            pair = parse_side(statement.left, reading), parse_side(statement.right, reading)
        except FormulaError:
            continue
        if pair not in seen and (reading.total is not Reach.SIDE or all(map(_sums_what_it_reaches, pair))):
            seen.add(pair)
            yield reading, *pair


def _sums_what_it_reaches(term: Term) -> bool:
    """Does every term that a sum without brackets reaches have the sum's index? lambda w_j after it has not."""
    for part in term.walk():
        if isinstance(part, Total) and isinstance(part.body, Terms) and len(part.body.terms) > 1 and part.indices:
            bound = {name.base for name in part.indices}
            for inner in part.body.terms:
                letters = {p.base for p in inner.walk() if isinstance(p, Name)}
                if not letters & bound:
                    return False
    return True


# What a statement is --------------------------------------------------------------------------------------------------


def is_plain_name(term: Term | None) -> bool:
    """A letter with scripts, or a function of letters."""
    return isinstance(term, Name) or (
        isinstance(term, Call) and all(isinstance(argument, Name) for argument in term.arguments)
    )


def is_condition(read: Read, usage: Usage) -> bool:
    """i = j, k = y_i, i = 1, ..., n, n = 5: no claim but a condition or an assumption."""
    left, right = read.left, read.right
    if isinstance(left, Name) and isinstance(right, Name) and (left.base, left.accent) == (right.base, right.accent):
        # C^n = C: the index is left out from here on.
        return left.primes == right.primes and (bool(left.sub) != bool(right.sub) or bool(left.sup) != bool(right.sup)
                                                or len(left.sub) != len(right.sub))  # fmt: skip
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
        or (isinstance(part, Call) and part.function.base in {"max", "min", "relu", "sign", "sgn", "abs"})
        for part in term.walk()
    )  # fmt: skip


def is_notation(read: Read) -> bool:
    """dz = dL/dz: says what dz stands for."""
    left, right = read.left, read.right
    return (
        isinstance(left, Derivative)
        and left.of is None
        and any(isinstance(part, Derivative) and part.of is not None and part.by == left.by for part in _walk(right))
    )


def _walk(term: Term | None) -> Iterator[Term]:
    return term.walk() if term is not None else iter(())


@dataclass
class Session:
    """All that is known of a document while its statements are judged.

    Attributes:
        document: the document.
        reads: its statements, the model's own first.
        given: how many of `reads` come from the model.
    """

    document: Document
    reads: list[Read]
    given: int
    prose: str
    domains: dict[str, object] = field(default_factory=dict)
    conditions: list[tuple[int, Condition]] = field(default_factory=list)
    usage: Usage = field(default_factory=Usage)
    einstein: bool = False
    worlds: dict[tuple[int, int, Flipped, int, bool], World] = field(default_factory=dict)
    epochs: list[int] = field(default_factory=lambda: [0])
    kinds: dict[int, str] = field(default_factory=dict)
    layers: list[dict[str, int]] = field(default_factory=list)

    def prepare(self) -> None:
        """Count how names are used, find definitions, number the layers."""
        terms = [term for read in self.reads for term in (read.left, read.right) if term is not None]
        self.usage = Usage.of(terms)
        _find_numbered(self.reads, self.usage)
        self.layers = _layer_numbers(terms, self.usage)
        self.einstein = bool(
            re.search(r"(?<!not use )einstein|(?<!not use the )summation convention|sum(mation)? signs? (is|are) (omitted|dropped|left out|suppressed)|repeated ind|summed over repeated|implied sum|sum(mation)? (is|are) implied"
                      r"|appears? twice|occurs? twice|stands? twice|index twice|twice in a (term|product)|no sum signs?",
                      self.prose, re.I)
        )  # fmt: skip
        known = self._classify()
        self.usage.only_examples = {base for base in LOSSES if f"{base}#" in known and base not in known}
        if self.usage.only_examples:
            self._classify()
        if self._split_by_letters():
            self._classify()
        self._stack_capitals()

    def _classify(self) -> set[str]:
        """Find out what each statement is; the keys that are defined."""
        symbols = self.symbols(0)
        known: set[str] = set()
        for number, read in enumerate(self.reads):
            self.kinds[number] = self._kind(read, known, symbols)
        return known

    def _split_by_letters(self) -> bool:
        """z_j = ... of the hidden layer and z_k = ... of the output: quantities that only their letter tells apart.

        They are recognised by two definitions with different letters, or by a quantity that would be made of itself.
        """
        symbols = self.symbols(0)
        letters: dict[str, set[str]] = {}
        made_of: dict[str, set[str]] = {}
        for number, read in enumerate(self.reads):
            if self.kinds.get(number) not in {"definition", "again", "function"} or not isinstance(read.left, Name):
                continue
            symbol = symbols.resolve(read.left)
            own = [index.base for index in read.left.sub if isinstance(index, Name) and index.font != "text"]
            if own and len(own) == len(read.left.sub) and read.right is not None:
                letters.setdefault(symbol.key, set()).add("".join(own))
                made_of.setdefault(symbol.key, set()).update(_names(read.right, symbols))
        twice = {key for key, found in letters.items() if len(found) > 1}
        circular = {key for key in made_of if key in _reached(made_of, key)}
        bases = {key for key in twice | circular if key in letters}
        if not circular & bases and not any(key in _reached(made_of, key) for key in bases):
            return False
        self.usage.split = {key: letters[key] for key in bases}
        layers = {letter for key in bases for word in letters[key] for letter in word}
        for key, found in letters.items():
            # y_l beside y_k = a_k: l runs over what k runs over.
            letter = next(iter(found))
            if key not in bases and len(found) == 1 and letter in layers:
                for other in self.usage.letter_pairs.get(key, set()):
                    if len(other) == 1 and other not in layers:
                        self.usage.same_letters[other] = letter
        return bool(bases)

    def _stack_capitals(self) -> None:
        """Is x_i row i or column i of X? The reading under which more of the document makes sense."""
        usage = self.usage
        small = {
            base for base, accent in usage.arity
            if len(base) == 1 and base in "xytzahp" and not accent and set(usage.arity[base, ""]) <= {0, 1} and 1 in usage.arity[base, ""]
            and base not in usage.raised_examples and set(usage.arity.get((base.upper(), ""), {9: 1})) <= {0}
        }  # fmt: skip
        if not small:
            return
        best: tuple[float, int, dict[str, str]] = (score(self._draft(0, 0)), 0, {})
        for place, kind in enumerate(("rows", "columns"), 1):
            usage.stacked = dict.fromkeys(small, kind)
            best = min(best, (score(self._draft(0, 0)), place, usage.stacked), key=lambda choice: choice[:2])
        usage.stacked = best[2]

    def symbols(self, layering: int) -> Symbols:
        """How names are resolved with the layers numbered in one of the ways that are tried."""
        return Symbols(self.usage, self.layers[layering], _aliases(self))

    def _kind(self, read: Read, known: set[str], symbols: Symbols) -> str:
        """definition, function, condition, update or claim; notes what is defined in `known`."""
        left, right = read.left, read.right
        if left is None or right is None:
            return "unread"
        if is_condition(read, self.usage) or is_notation(read):
            return "condition"
        if read.statement.sign in ASSIGNING and not is_plain_name(left) and not isinstance(left, Derivative):
            return "condition"
        sign = read.statement.sign
        if isinstance(left, Call) and is_plain_name(left) and not left.function.primes:
            return self._function_kind(left, right, known, symbols)
        if isinstance(left, Name):
            key = self._defined_key(left, symbols)
            if key is None:
                return "condition" if isinstance(right, Name) and read.statement.number == 1 else "claim"
            if isinstance(right.body if isinstance(right, Negative) else right, Number) and key not in known:
                return "number"
            if left.font == "text" and not any(isinstance(part, Name) and part.font != "text" for part in right.walk()):
                # acc = 97 %
                return "number" if key not in known and not isinstance(right, (Terms, Product)) else "definition"
            if sign in ASSIGNING and self._contains(right, key, symbols):
                return "update"
            if self._contains(right, key, symbols) and not any(isinstance(part, Total) for part in right.walk()):
                return "update"
            if any(isinstance(part, (Grid, Dots)) for part in right.walk()):
                # Written entry by entry, or with an ellipsis: it says what the symbol is, but no program can use it.
                return "number"
            if key in known:
                return "again"
            known.add(key)
            return "definition"
        if sign in {"=:", "eqqcolon"} or (isinstance(right, Name) and not isinstance(left, (Number,))):
            key = self._defined_key(right, symbols) if isinstance(right, Name) else None
            if (
                key is not None
                and key not in known
                and not self._is_used_before(read, key, symbols)
                and (not self._contains(left, key, symbols))
            ):
                known.add(key)
                return "named"
        return "claim"

    def _function_kind(self, left: Call, right: Term, known: set[str], symbols: Symbols) -> str:
        try:
            key = function_key(left.function, symbols)
        except MeaningError:
            return "claim"
        if known_function(left.function.base) == "softmax":
            return "claim" if any(isinstance(part, Cases) for part in right.walk()) else "function"
        if f"{key}()" in known or key in known:
            return "again"
        if left.function.base in {"log", "ln", "exp", "tr", "diag", "max", "min"}:
            return "claim"
        known.add(f"{key}()")
        known.add(key)
        return "function"

    @staticmethod
    def _defined_key(name: Name, symbols: Symbols) -> str | None:
        """The key that this name would define; None where it is no plain name with letters for indices."""
        try:
            symbol = symbols.resolve(name)
        except MeaningError:
            return None
        letters = [index.base for index in symbol.indices if isinstance(index, Name) and not index.sub]
        if len(letters) != len(symbol.indices) or len(set(letters)) != len(letters) or symbol.power is not None:
            return None
        return symbol.key

    @staticmethod
    def _contains(term: Term, key: str, symbols: Symbols) -> bool:
        for part in term.walk():
            if isinstance(part, Name):
                try:
                    if symbols.resolve(part).key == key:
                        return True
                except MeaningError:
                    continue
        return False

    def _is_used_before(self, read: Read, key: str, symbols: Symbols) -> bool:
        for other in self.reads:
            if other is read:
                return False
            for side in (other.left, other.right):
                if side is not None and self._contains(side, key, symbols):
                    return True
        return False

    # Worlds -----------------------------------------------------------------------------------------------------------

    def world(
        self, epoch: int, layering: int, flipped: Flipped = Flipped.NOTHING, seed: int = 0, *, unnumbered: bool = False
    ) -> World:
        """The world as the document has it at a point, with its layers numbered in one way.

        Args:
            flipped: which matrices are read with rows for columns.
            unnumbered: z, which nothing defines, is the last of z_2, z_3.
        """
        place = (epoch, layering, flipped, seed, unnumbered)
        if place not in self.worlds:
            if layering:
                # The same arrays; only what l and L stand for is another.
                own = self.world(epoch, 0, flipped, seed, unnumbered=unnumbered)
                self.worlds[place] = replace(own, symbols=self.symbols(layering), letters={}, slopes={})
            elif flipped is not Flipped.NOTHING:
                own = self.world(epoch, layering, seed=seed, unnumbered=unnumbered)
                self.worlds[place] = replace(own, flipped=flipped, letters={}, slopes={})
            else:
                self.worlds[place] = build(
                    self._draft(epoch, layering, unnumbered=unnumbered), seed, positive=seed == POSITIVE
                )
        return self.worlds[place]

    def valued_world(self, epoch: int) -> World | None:
        """The world with the numbers put in that the document gives; None where it gives none."""
        if "number" not in self.kinds.values():
            return None
        place = (epoch, 0, Flipped.NOTHING, -1, False)
        if place not in self.worlds:
            self.worlds[place] = build(self._draft(epoch, 0, values=True))
        return self.worlds[place]

    @staticmethod
    def _give(draft: Draft, read: Read, symbols: Symbols) -> None:
        right = read.right
        plain = right.body if isinstance(right, Negative) else right
        number = plain.value if isinstance(plain, Number) else None
        if number is not None and isinstance(right, Negative):
            number = -number
        if isinstance(read.left, Name) and number is not None:
            try:
                draft.given[symbols.resolve(read.left).key] = number
            except MeaningError:
                return

    def _draft(self, epoch: int, layering: int, *, values: bool = False, unnumbered: bool = False) -> Draft:
        draft = Draft(self.usage, self.symbols(layering), prose=self.prose, domains=dict(self.domains))  # type: ignore[arg-type]
        start = self.epochs[epoch]
        for variant in self._layerings(layering):
            symbols = Symbols(self.usage, variant, _aliases(self))
            for number, read in enumerate(self.reads):
                kind = self.kinds.get(number)
                if kind == "number" and values:
                    self._give(draft, read, symbols)
                elif kind in {"definition", "named", "again", "function", "renewed"}:
                    self._add(
                        draft, read, kind, symbols, renew=number in self.epochs and number <= start and number > 0
                    )
                elif kind in {"claim", "update"} and read.left is not None and read.right is not None:
                    draft.claims += self._readings_of(read)
        self._add_any_loss(draft)
        draft.named_functions = functions_by_words(self.prose)
        if unnumbered:
            for base, last in self.unnumbered.items():
                draft.definitions.setdefault(base, Definition(base, (), last))
            read_as_batch(draft, self.unnumbered.get("z"))
        return draft

    def _readings_of(self, read: Read) -> list[tuple[Term, Term]]:
        """A claim as it is written; where a nabla may reach further, as that, too."""
        assert read.left is not None
        assert read.right is not None
        plain = [(read.left, read.right)]
        if not any(isinstance(part, Derivative) and part.form == "nabla" for part in read.left.walk()):
            return plain
        further = [
            (left, right) for reading, left, right in other_readings(read.statement) if reading.nabla is Reach.TERM
        ]
        return further + plain

    def _add_any_loss(self, draft: Draft) -> None:
        """A loss that is differentiated but never written down: any function of what the definitions end in."""
        keys: set[str] = set()
        for left, right in draft.claims:
            for part in (*left.walk(), *right.walk()):
                if isinstance(part, Derivative) and isinstance(part.of, Name) and part.of.base in LOSSES:
                    symbol = draft.symbols.resolve(part.of)
                    if not symbol.indices and symbol.key not in draft.definitions and symbol.key not in draft.functions:
                        keys.add(symbol.key)
        made = {
            key: d
            for key, d in draft.definitions.items()
            if not any(isinstance(part, Derivative) for part in d.body.walk())
        }
        used = {name for d in made.values() for name in _names(d.body, draft.symbols)}
        ends = [key for key in made if key not in used]
        if len(keys) == 1 and ends:
            nodes = tuple(
                Name(ITSELF, accent=key, sub=tuple(Name(letter) for letter in made[key].letters)) for key in ends
            )
            draft.definitions[next(iter(keys))] = Definition(next(iter(keys)), (), Call(Name(ANY_LOSS), nodes))

    def has_layers(self, *terms: Term) -> bool:
        """Does a letter for a layer stand in them, so that they must hold for every layer?"""
        return len(self.layers) > 1 and any(
            isinstance(part, Name) and self.usage.is_layer(part.base) for term in terms for part in term.walk()
        )

    @cached_property
    def has_cases(self) -> bool:
        """Is anything defined by cases, so that one probe may not meet all of them?"""
        return any(
            is_piecewise(read.right) for number, read in enumerate(self.reads)
            if read.right is not None and self.kinds.get(number) in {"definition", "again", "function", "named"}
        )  # fmt: skip

    @cached_property
    def names_ones(self) -> bool:
        """Does a bold 1, the vector of ones, stand anywhere?"""
        return any(
            isinstance(part, Name) and part.base == "1" and part.font
            for read in self.reads for side in (read.left, read.right) for part in _walk(side)
        )  # fmt: skip

    @cached_property
    def named(self) -> Named:
        """What dW and dZ are derivatives of in this document: the meaning under which most of its statements hold."""
        claims = [
            read for number, read in enumerate(self.reads)
            if self.kinds.get(number) in {"claim", "again"} and read.left is not None and read.right is not None
            and any(isinstance(p, Derivative) and p.of is None for side in (read.left, read.right) for p in side.walk())
        ]  # fmt: skip
        if not claims:
            return Named.COST
        world = self.world(0, 0)
        held = {
            named: sum(compare(world, r.left, r.right, Manner(named=named)).holds for r in claims if r.left and r.right)
            for named in (Named.COST, Named.MIXED, Named.EXAMPLE)
        }
        # Where as much speaks for the one as for the other, dZ is per example, as courses have it.
        order = (Named.MIXED, Named.COST, Named.EXAMPLE) if held[Named.MIXED] else (Named.COST, Named.EXAMPLE)
        return max(order, key=lambda named: held[named])

    @cached_property
    def unnumbered(self) -> dict[str, Name]:
        """Letters that stand without a number although only their numbered ones are defined, and the last of these."""
        symbols = self.symbols(0)
        numbered: dict[str, Name] = {}
        plain: set[str] = set()
        for number, read in enumerate(self.reads):
            for side in (read.left, read.right):
                for part in _walk(side):
                    if isinstance(part, Name) and part.base in {"z", "a", "h"} and not part.accent and not part.primes:
                        plain |= {part.base} if symbols.resolve(part).key == part.base else set()
            left = read.left
            if (
                self.kinds.get(number) == "definition"
                and isinstance(left, Name)
                and left.base in self.usage.numbered_names
            ):
                key = symbols.resolve(left).key
                if key[0] in "zah" and key > (
                    symbols.resolve(numbered[left.base]).key if left.base in numbered else ""
                ):
                    numbered[left.base] = left
            elif self.kinds.get(number) == "definition" and isinstance(left, Name):
                plain.discard(symbols.resolve(left).key)
        defined = {symbols.resolve(r.left).key for n, r in enumerate(self.reads)
                   if self.kinds.get(n) == "definition" and isinstance(r.left, Name)}  # fmt: skip
        return {base: last for base, last in numbered.items() if base in plain and base not in defined}

    def _layerings(self, layering: int) -> list[dict[str, int]]:
        """The given numbering first, then the others: a definition for layer l defines every layer."""
        return [self.layers[layering], *(other for n, other in enumerate(self.layers) if n != layering)]

    def _add(self, draft: Draft, read: Read, kind: str, symbols: Symbols, *, renew: bool) -> None:
        left, right = (read.right, read.left) if kind == "named" else (read.left, read.right)
        assert left is not None
        assert right is not None
        try:
            if isinstance(left, Call):
                self._add_function(draft, left, right, symbols, renew=renew)
                return
            if not isinstance(left, Name):
                return
            symbol = symbols.resolve(left)
            letters = tuple(index.base for index in symbol.indices if isinstance(index, Name))
            body = with_layers(right, symbols)
            definition = Definition(symbol.key, letters, summed(body, set(letters)) if self.einstein else body)
        except MeaningError:
            return
        if renew or symbol.key not in draft.definitions:
            draft.definitions[symbol.key] = definition
        elif definition != draft.definitions[symbol.key]:
            draft.alternatives.setdefault(symbol.key, []).append(definition)

    def _add_function(self, draft: Draft, left: Call, right: Term, symbols: Symbols, *, renew: bool) -> None:
        key = function_key(left.function, symbols)
        if left.function.base in FIXED_FUNCTIONS:
            return
        if key in draft.functions and not renew:
            return
        symbol = symbols.resolve(left.function)
        letters = tuple(index.base for index in symbol.indices if isinstance(index, Name))
        arguments = tuple(argument for argument in left.arguments if isinstance(argument, Name))
        # h(x^(i)) = ...: inside, the parameter is what it stands for, with its index.
        plain = {argument: replace(argument, sub=(), sup=()) for argument in arguments if argument.sub or argument.sup}
        parameters = tuple(plain.get(argument, argument) for argument in arguments)
        body = with_layers(right, symbols)
        if plain:
            body = map_names(body, lambda name: plain.get(name, name))
        keys = [symbols.resolve(parameter).key for parameter in parameters]
        # J(w, b) names what J depends on; s(u) has a parameter of its own.
        used = {key for d in draft.definitions.values() for key in _names(d.body, symbols)}
        used |= {k for read in self.reads for side in (read.left, read.right) if side is not None
                 for part in side.walk() if isinstance(part, Derivative) for by in part.by for k in _names(by, symbols)}  # fmt: skip
        base = left.function.base
        if known_function(base) == "softmax":
            return
        mentions = base in LOSSES and base not in {"S", "s", "F"}
        is_known = known_function(base) or left.function.font == "text"
        if mentions or (
            not is_known and self.usage.bare_names[base] and all(k in used or k in draft.definitions for k in keys)
        ):
            definition = Definition(key, letters, body)
            if renew or key not in draft.definitions:
                draft.definitions[key] = definition
            else:
                draft.alternatives.setdefault(key, []).append(definition)
            if mentions:
                return
        draft.functions[key] = FunctionDefinition(key, parameters, letters, body)


def summed(term: Term, kept: set[str]) -> Term:
    """Einstein's convention written out: an index that stands twice in a product, and not on the left, is summed."""
    if isinstance(term, Terms):
        return replace(term, terms=tuple(summed(part, kept) for part in term.terms))
    if isinstance(term, Negative):
        return replace(term, body=summed(term.body, kept))
    if isinstance(term, Total) or not isinstance(term, (Product, Power)):
        return term
    letters: dict[str, int] = {}
    for part in _names_on_line(term):
        for index in part.sub:
            if isinstance(index, Name) and not index.sub:
                letters[index.base] = letters.get(index.base, 0) + (2 if part.sup or isinstance(term, Power) else 1)
    repeated = tuple(Name(letter) for letter in sorted(letters) if letters[letter] > 1 and letter not in kept)
    return Total("sum", repeated, None, None, None, term, span=term.span) if repeated else term


def _reached(made_of: dict[str, set[str]], key: str) -> set[str]:
    """All that a quantity is made of, directly or through others."""
    known: set[str] = set()
    waiting = [key]
    while waiting:
        for used in made_of.get(waiting.pop(), ()):
            if used not in known:
                known.add(used)
                waiting.append(used)
    return known


def _names(term: Term, symbols: Symbols) -> set[str]:
    out = set()
    for part in term.walk():
        if isinstance(part, Name):
            try:
                out.add(symbols.resolve(part).key)
            except MeaningError:
                continue
    return out


def _looks_updated(left: Name, right: Term) -> bool:
    """w = w - ...: the old value first, then what is taken away."""
    return isinstance(right, Terms) and right.terms[0] == left


def with_layers(term: Term, symbols: Symbols) -> Term:
    """The term with l and L as numbers, so that it means the same under every numbering."""
    if not symbols.layers:
        return term
    return map_names(term, lambda name: _numbered(name, symbols))


def _numbered(name: Name, symbols: Symbols) -> Name:
    usage = symbols.usage
    scripts = []
    for script in name.sup:
        kind, value = symbols._superscript(name, script)
        scripts.append(
            replace(script, body=Number(float(value), str(value)))
            if kind == "layer" and isinstance(value, int)
            else script
        )
    subs: list[Term] = []
    for sub in name.sub:
        parts = [part for part in sub.walk() if isinstance(part, Name)]
        if any(usage.is_layer(part.base) for part in parts) and name.base in usage.layered_below and len(name.sub) == 1:
            value = symbols._layer(sub)
            subs.append(Number(float(value), str(value)))
        else:
            subs.append(sub)
    return replace(name, sup=tuple(scripts), sub=tuple(subs))


def map_names(term: Term, change: Callable[[Name], Term]) -> Term:
    """The term with every name on the line replaced."""
    if isinstance(term, Name):
        return change(term)
    updates = {}
    for item in fields(term):
        if item.name == "span":
            continue
        value = getattr(term, item.name)
        new = _map_value(value, change)
        if new is not value:
            updates[item.name] = new
    return replace(term, **updates) if updates else term


def _map_value(value: Any, change: Callable[[Name], Term]) -> Any:
    if isinstance(value, Term):
        return map_names(value, change)
    if isinstance(value, tuple):
        new = tuple(_map_value(item, change) for item in value)
        return new if any(a is not b for a, b in zip(new, value, strict=True)) else value
    return value


def _find_numbered(reads: list[Read], usage: Usage) -> None:
    """Numbers that tell names apart, below (z_2 = ...) or above (z^2 = w^2 a^1)."""
    for read in reads:
        left = read.left
        if not isinstance(left, Name) or isinstance(read.right, Number):
            continue
        if len(left.sub) == 1 and isinstance(left.sub[0], Number) and left.sub[0].value > 0:
            usage.numbered_names.add(left.base)
        if any(isinstance(script.body, Number) and script.raised is Raised.BARE for script in left.sup):
            usage.layered.add(left.base)
            usage.layered |= {
                base for base in usage.numbers_raised if base in {"w", "W", "b", "a", "z", "h", "delta", "y"}
            }
    if usage.numbered_names & {"z", "a", "h", "W"}:
        usage.numbered_names |= {base for base in usage.numbered if base in {"W", "b", "a", "z", "h"}}


def _layer_numbers(terms: list[Term], usage: Usage) -> list[dict[str, int]]:
    """Every numbering of the layers l and L to try; one empty one where no layer is lettered."""
    generic = any(
        isinstance(part, Name)
        and any(
            isinstance(inner, Name) and usage.is_layer(inner.base)
            for script in (*(s.body for s in part.sup), *part.sub)
            for inner in script.walk()
        )
        for term in terms
        for part in term.walk()
    )
    if not generic:
        return [{}]
    numbers = [n for base in usage.numbers_raised for n in usage.numbers_raised[base] if base in usage.layered]
    last = max([n for n in numbers if n < 8], default=0)
    last = max(last, 4)
    return [{"l": layer, "L": last} for layer in range(2, last + 1)]


def _aliases(session: Session) -> dict[str, str]:
    """Names that mean another quantity: sigma_j, which is never called, where there is a delta_j."""
    arity = session.usage.arity
    misprinted = arity[("sigma", "")][1] and not session.usage.called["sigma_"] and arity[("delta", "")][1]
    return {"sigma": "delta"} if misprinted else {}


# Comparing ------------------------------------------------------------------------------------------------------------


def compare(
    world: World, left: Term, right: Term, manner: Manner | None = None, condition: Condition | None = None
) -> Comparison:
    """Evaluate both sides in one world and compare them."""
    evaluation = Evaluation(world, manner)
    try:
        if manner is not None and manner.pointwise:
            evaluation.bound = _single_numbers(world, left, right)
        evaluation.learn_letters(left, right)
        one = evaluation.value(left)
        two = evaluation.value(right)
        if condition is not None:
            evaluation.learn_letters(condition)
            mask = evaluation._compared(condition)
            if not mask.array.any() or mask.array.all():
                return Comparison(False, None, "the condition says nothing here", True)
            one, two = (entrywise(np.multiply, side, mask) for side in (one, two))
        if (
            manner is not None
            and manner.pointwise
            and not (np.isfinite(one.array).all() and np.isfinite(two.array).all())
        ):
            # Logarithms and roots of single numbers want positive ones.
            evaluation.bound = _single_numbers(world, left, right, positive=True)
            one, two = evaluation.value(left), evaluation.value(right)
        if not np.isfinite(one.array).all() or not np.isfinite(two.array).all():
            return Comparison(False, None, "its value is not finite on the probe", True, infinite=True)
        error = relative_difference(one, two)
        if error > TOLERANCE and (_vanishes(left, one) or _vanishes(right, two)):
            return Comparison(False, error, "nothing says how one side depends on what it is differentiated by", True)
    except IndexConflictError as fault:
        return Comparison(False, None, str(fault), conflict=True)
    except FitError as fault:
        return Comparison(False, None, str(fault))
    except MeaningError as fault:
        return Comparison(False, None, str(fault), True)
    except (RecursionError, np.linalg.LinAlgError, ValueError, IndexError, OverflowError, MemoryError) as fault:
        return Comparison(False, None, f"this cannot be evaluated ({fault})", True)
    tolerance = NESTED_TOLERANCE if "differences" in evaluation.notes else TOLERANCE
    holds = error <= tolerance or _rounded(left, right, one, two) or error <= _typed_precision(left, right)
    return Comparison(holds, error, opaque="opaque" in evaluation.notes, left=one, right=two)


def _vanishes(side: Term, value: Value) -> bool:
    """Is a derivative zero for want of anything that it depends on?"""
    has_derivative = any(isinstance(p, Derivative) or (isinstance(p, Call) and p.function.primes) for p in side.walk())
    return has_derivative and not value.array.any()


def _single_numbers(world: World, left: Term, right: Term, *, positive: bool = False) -> dict[str, Value]:
    """For an identity of functions of single numbers: a number for every letter.

    Raises:
        MeaningError: the statement speaks of indices, or of quantities that are made of others.
    """
    generator = np.random.default_rng(7 + positive)
    numbers: dict[str, Value] = {}
    for side in (left, right):
        for part in side.walk():
            if isinstance(part, (Total, Transposed, Norm)):
                raise MeaningError("no identity of single numbers")
            if isinstance(part, Derivative) and isinstance(part.of, Name) and not is_function_name(world, part.of):
                raise MeaningError("no identity of single numbers")
    for side in (left, right):
        for name in _names_on_line(side):
            symbol = world.symbols.resolve(name)
            if symbol.indices:
                raise MeaningError("no identity of single numbers")
            for key in _free_numbers(world, symbol.key):
                if not is_function_name(world, name) and name.base not in {"e", "pi"} and key not in numbers:
                    # Several numbers, on both sides of 0, so that every branch of a function is met.
                    drawn = generator.uniform(0.3, 0.9, DRAWS) if positive else generator.normal(size=DRAWS)
                    numbers[key] = Value(drawn, ("~draw",))
    if not numbers:
        numbers["~u"] = Value(generator.uniform(0.3, 0.9, DRAWS), ("~draw",))
    elif len(numbers) == 1:
        numbers["~u"] = next(iter(numbers.values()))
    return numbers


def _free_numbers(world: World, key: str) -> set[str]:
    """What can be chosen in a quantity: itself, or for a = g(z) what z is."""
    definition = world.definitions.get(key)
    if definition is None:
        return {key}
    if definition.letters or any(isinstance(part, (Derivative, Total)) for part in definition.body.walk()):
        raise MeaningError("no identity of single numbers")
    used = {name for name in keys_in(world, definition.body) if name not in {"e", "pi"}}
    return set().union(*(_free_numbers(world, name) for name in used if name != key)) or {key}


def is_function_name(world: World, name: Name) -> bool:
    """Does this name stand for a function, with or without its argument?"""
    key = function_key(name, world.symbols)
    return key in world.functions or name.font == "text" or (name.base == "sigma" and key not in world.definitions)


def _names_on_line(term: Term) -> Iterator[Name]:
    """Names that stand on the line, functions that are called left out."""
    if isinstance(term, Name):
        yield term
        return
    children = term.arguments if isinstance(term, Call) else term.children
    for child in children:
        yield from _names_on_line(child)


def _typed_precision(left: Term, right: Term) -> float:
    """How far decimals that stand on one side only may be off: half of their last digit."""
    decimals = [
        {part.text: part.value for part in side.walk() if isinstance(part, Number) and "." in part.text}
        for side in (left, right)
    ]
    off = 0.0
    for text, value in {**decimals[0], **decimals[1]}.items():
        digits = len(text.replace(".", "").strip("0"))
        if (text in decimals[0]) != (text in decimals[1]) and digits >= LEAST_DIGITS and value:
            off = max(off, 0.6 * 10.0 ** -len(text.split(".")[1]) / abs(value))
    return off


def _rounded(left: Term, right: Term, one: Value, two: Value) -> bool:
    """Numbers alone may be given to a few digits."""
    if not isinstance(right, Number) or "." not in right.text or one.axes or one.rank:
        return False
    digits = len(right.text.split(".")[1])
    return abs(float(np.real(one.array)) - right.value) <= 0.5000001 * 10.0**-digits
