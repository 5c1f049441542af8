"""All that is known of a document while its statements are judged: what its names mean, and its worlds."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import pairwise
from typing import Any

from checkers.probes import Domain

from ..evaluation import Work, World, dependencies
from ..judging.circumstances import INEQUALITIES, Sayings, circumstances
from ..judging.comparison import compare
from ..judging.manner import Flipped, Manner, Named
from ..judging.readings import Read, is_piecewise, names_derivative, parts_of
from ..judging.said import Said
from ..source.declarations import Declaration
from ..source.document import Document
from ..source.prose import Prose
from ..terms import Cases, Condition, Derivative, Name, Number, Product, Term, Transposed
from ..worlds.building import build
from ..worlds.inference import Guess, best_guess, score
from ..worlds.thresholds import branches, thresholds_in
from .draft import Draft
from .drafting import draft_of
from .kinds import DEFINING, Kind, Kinds, classified
from .letters import (
    aliases,
    columns_of_capitals,
    fixed_letters,
    last_layers,
    layer_numbers,
    losses_of_examples,
    split_by_letters,
    usage_in,
)
from .other_letters import letters_of_model
from .symbols import LOSSES, Symbols, capital
from .usage import Usage

_STACKED = {"x", "y", "t", "z", "a", "h", "p", "phi"}
"""Letters whose vectors may be the rows, or the columns, of the capital."""

_COLUMNS_OF_W = re.compile(r"column[^.]{0,40}\bW\b", re.I)

# The seed of the probe on which all that is drawn is positive, for logarithms and powers.
POSITIVE = 77

# Further probes for a formula with cases, so that every case is met; where cases begin at other numbers than 0, those
# from WIDE on, whose numbers lie on both sides of these.
PROBES = (1, 2, 3, 4)
WIDE = 101


_EINSTEIN = re.compile(
    r"(?<!not use )einstein|(?<!not use the )summation convention|sum(mation)? signs? (is|are) (omitted|dropped)"
    r"|repeated ind|summed over repeated|implied sum|sum(mation)? (is|are) implied|appears? twice|occurs? twice"
    r"|stands? twice|index twice|twice in a (term|product)|no sum signs?",
    re.I,
)
"""The document says that repeated indices are summed."""


@dataclass
class Session:
    """All that is known of a document while its statements are judged.

    Attributes:
        document: the document.
        reads: its statements, the model's own first.
        given: how many of `reads` come from the model.
        declared: the shapes that the text declares.
        epochs: the statements from which on something is defined anew.
        work: what may still be computed for it.
        fixed: letters below that are read as names of one thing rather than as indices.
        depth: how many layers there are, 0 where nothing says so.
    """

    document: Document
    reads: list[Read]
    given: int
    prose: str
    domains: dict[str, Domain] = field(default_factory=dict)
    conditions: list[Said] = field(default_factory=list)
    declared: list[Declaration] = field(default_factory=list)
    usage: Usage = field(default_factory=Usage)
    einstein: bool = False
    worlds: dict[tuple[int, int, Flipped, int, bool], World] = field(default_factory=dict)
    guesses: list[tuple[Draft, Guess]] = field(default_factory=list)
    """Drafts whose ranks were searched for, with what was found."""
    epochs: list[int] = field(default_factory=lambda: [0])
    doubtful: set[int] = field(default_factory=set)
    """Epochs that begin without a word of it: what holds for the definition before is right, too."""
    kinds: Kinds = field(default_factory=Kinds)
    layers: list[dict[str, int]] = field(default_factory=list)
    fixed: frozenset[str] = frozenset()
    depth: int = 0
    work: Work = field(default_factory=Work)
    sayings: Sayings | None = None
    """The conditions with their places, once they are asked for."""

    def prepare(self) -> None:
        """Count how names are used, find definitions, number the layers."""
        self.usage = usage_in(self.reads, self.fixed)
        self.layers = layer_numbers(self.reads, self.usage, self.depth)
        self.einstein = bool(_EINSTEIN.search(self.prose))
        known = self._classify().known
        if losses_of_examples(self.usage, known):
            self._classify()
        self.usage.one_of_columns = columns_of_capitals(self.reads, self.symbols(0), known)
        if self.usage.one_of_columns:
            known = self._classify().known
        self.usage.last_layers = last_layers(self.reads, self.symbols(0), known)
        if split_by_letters(self.reads, self.kinds.of, self.symbols(0)):
            self._classify()
        self._stack_capitals()
        if self.given:
            self.usage.same_as = letters_of_model(self)
            self._classify()

    @cached_property
    def otherwise(self) -> Session | None:
        """The same document with letters that may be names read as names; None where there are none."""
        letters = frozenset() if self.fixed else fixed_letters(self.reads, self.usage)
        return self._again(fixed=letters) if letters else None

    @cached_property
    def shallow(self) -> Session | None:
        """The same document with as many layers as "for L = 2" says; None where nothing says so."""
        depths = {
            int(read.right.value) for number, read in enumerate(self.reads)
            if self.kinds.of[number] is Kind.CONDITION and read.left == Name("L") and isinstance(read.right, Number)
        }  # fmt: skip
        return self._again(depth=min(depths)) if depths and len(self.layers) > 1 and not self.depth else None

    def _again(self, **otherwise: Any) -> Session:
        """The same document, understood otherwise."""
        other = Session(
            self.document, self.reads, self.given, self.prose, self.domains, self.conditions, self.declared,
            work=self.work, **otherwise,
        )  # fmt: skip
        other.prepare()
        return other

    def _classify(self) -> Kinds:
        """Find out what each statement is."""
        self.kinds = classified(self.reads, self.symbols(0), self.document.text)
        self.sayings = None
        return self.kinds

    def _stack_capitals(self) -> None:
        """Is x_i row i or column i of X? The reading under which more of the document makes sense."""
        usage = self.usage
        small = {base for base in _STACKED if self._has_capital(base, {0, 1, 2}, {0})}
        if small:
            # Where both make sense, vectors are rows of their capital, as texts have it; numbers are no rows.
            vectors = small & (usage.one_of_vectors | usage.bold_examples)
            choices: list[dict[str, str]] = [{}, dict.fromkeys(small, "rows"), dict.fromkeys(small, "columns")]
            if vectors:
                choices = [dict.fromkeys(vectors, "rows"), {}, dict.fromkeys(vectors, "columns"), *choices[1:]]
            usage.stacked = self._best_stacked(choices)
        if "w" in usage.one_of_vectors and self._has_capital("w", {0, 1}, {0, 2}):
            # w_j of class j, and the W of the penalty.
            kinds = ("columns", "rows") if _COLUMNS_OF_W.search(self.prose) else ("rows", "columns")
            usage.stacked = self._best_stacked([{**usage.stacked, "w": kind} for kind in kinds])

    def _has_capital(self, base: str, own: set[int], capitals: set[int]) -> bool:
        """Do a letter and its capital both stand, each with so many indices only?"""
        usage = self.usage
        arity, other = usage.arity[base, ""], usage.arity[capital(base), ""]
        is_plain = base not in usage.raised_examples and capital(base) not in usage.limits
        return is_plain and 1 in arity and set(arity) <= own and bool(other) and set(other) <= capitals

    def _best_stacked(self, choices: list[dict[str, str]]) -> dict[str, str]:
        scores = []
        for choice in choices:
            self.usage.stacked = choice
            scores.append(score(draft_of(self, 0, 0)))
        return choices[scores.index(min(scores))]

    def symbols(self, layering: int) -> Symbols:
        """How names are resolved with the layers numbered in one of the ways that are tried."""
        return Symbols(self.usage, self.layers[layering], aliases(self.usage))

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
                draft = draft_of(self, epoch, layering, unnumbered=unnumbered)
                self.worlds[place] = self._built(draft, seed)
        return self.worlds[place]

    def valued_world(self, epoch: int, read: Read) -> World | None:
        """The world with the numbers put in that the document gives before a statement; None where it gives none."""
        given = frozenset(
            number for number, kind in self.kinds.of.items()
            if kind is Kind.NUMBER and self.reads[number].statement.start < read.statement.start
        )  # fmt: skip
        if not given:
            return None
        place = (epoch, 0, Flipped.NOTHING, -len(given), False)
        if place not in self.worlds:
            draft = draft_of(self, epoch, 0, values=given)
            self.worlds[place] = self._built(draft)
        return self.worlds[place]

    def _built(self, draft: Draft, seed: int = 0) -> World:
        turn = seed - WIDE if seed >= WIDE else None
        world = build(draft, self._guess(draft), seed, positive=seed == POSITIVE, turn=turn)
        world.work = self.work
        return world

    def _guess(self, draft: Draft) -> Guess:
        """The ranks of a draft, searched for once: drafts that are equal have the same."""
        for other, guess in self.guesses:
            if other == draft:
                return guess
        self.guesses.append((draft, best_guess(draft)))
        return self.guesses[-1][1]

    def has_layers(self, *terms: Term | None) -> bool:
        """Does a letter for a layer stand in them, so that they must hold for every layer?"""
        return len(self.layers) > 1 and any(
            isinstance(part, Name) and self.usage.is_layer(part.base) for term in terms for part in parts_of(term)
        )

    @cached_property
    def has_own_output(self) -> bool:
        """Is the last layer, L, defined apart from the others, as A^[L] = softmax(Z^[L])?"""
        return any(
            self.kinds.of[number] is Kind.DEFINITION and isinstance(read.left, Name)
            and any(script.body == Name("L") for script in read.left.sup)
            for number, read in enumerate(self.reads)
        )  # fmt: skip

    @cached_property
    def has_columns(self) -> bool:
        """Does a definition say that vectors are columns, as z = w^T x does?"""
        world = self.world(0, 0)
        return any(
            isinstance(one, Transposed) and all(_is_vector(world, part) for part in (one.body, two))
            for definition in world.definitions.values()
            for part in definition.body.walk() if isinstance(part, Product)
            for one, two in pairwise(part.factors)
        )  # fmt: skip

    @cached_property
    def has_cases(self) -> bool:
        """Is anything defined by cases, so that one probe may not meet all of them?"""
        return any(
            is_piecewise(read.right) for number, read in enumerate(self.reads)
            if read.right is not None and self.kinds.of[number] in DEFINING
        ) or bool(self.pieces)  # fmt: skip

    def has_branches(self, *sides: Term) -> bool:
        """May some of the cases not be met on one probe, in what is defined or in these sides themselves?"""
        return self.has_cases or any(map(is_piecewise, sides))

    @cached_property
    def compared_terms(self) -> list[Term]:
        """Where something may be compared with something: the sides of all statements, and all conditions."""
        sides = [side for read in self.reads for side in (read.left, read.right) if side is not None]
        return [*sides, *(said.condition for said in self.conditions)]

    @cached_property
    def thresholds(self) -> tuple[float, ...]:
        """Numbers at which functions change their branch; none where 0 is the only one."""
        return thresholds_in(self.compared_terms)

    @property
    def probes(self) -> tuple[int, ...]:
        """Further probes, on which every case is met."""
        turns = 2 * branches(self.thresholds) if self.thresholds else 0
        return (*PROBES, *range(WIDE, WIDE + turns))

    @property
    def pieces(self) -> dict[int, Cases]:
        """What is defined by several statements, each under an inequality, by the number of the first: its cases."""
        found: dict[Term, list[int]] = {}
        for number, read in enumerate(self.reads[self.given :], self.given):
            is_definition = self.kinds.of.get(number) in {Kind.DEFINITION, Kind.FUNCTION, Kind.AGAIN}
            if is_definition and read.left is not None and read.right is not None and self._inequality_of(read):
                found.setdefault(read.left, []).append(number)
        return {
            numbers[0]: Cases(tuple(self._branch(self.reads[number]) for number in numbers))
            for numbers in found.values() if len(numbers) > 1
        }  # fmt: skip

    def _branch(self, read: Read) -> tuple[Term, Condition | None]:
        assert read.right is not None
        return read.right, self._inequality_of(read)

    def _inequality_of(self, read: Read) -> Condition | None:
        """The one inequality under which a statement is made."""
        if not self.conditions:
            return None
        own = circumstances(self, read).own
        return own[0] if len(own) == 1 and own[0].sign in INEQUALITIES else None

    @cached_property
    def words(self) -> Prose:
        """The document's words without its formulas."""
        return Prose(self.document)

    @cached_property
    def names_ones(self) -> bool:
        """Does a bold 1, the vector of ones, stand anywhere?"""
        return any(
            isinstance(part, Name) and part.base == "1" and part.font
            for read in self.reads for side in (read.left, read.right) for part in parts_of(side)
        )  # fmt: skip

    @cached_property
    def named(self) -> Named:
        """What dW and dZ are derivatives of in this document: the meaning under which most of its statements hold."""
        claims = [
            read for number, read in enumerate(self.reads)
            if self.kinds.of[number] in {Kind.CLAIM, Kind.AGAIN} and read.left is not None and read.right is not None
            and names_derivative(read)
        ]  # fmt: skip
        if not claims:
            return Named.COST
        world = self.world(0, 0)
        held = {
            named: [
                compare(world, r.left, r.right, Manner(named=named, loss=self.loss_before(r))).holds
                for r in claims
                if r.left and r.right
            ]
            for named in (Named.COST, Named.MIXED, Named.EXAMPLE)
        }
        # Where as much speaks for the one as for the other, the first statement decides; dZ is per example in courses.
        order = (Named.MIXED, Named.COST, Named.EXAMPLE) if any(held[Named.MIXED]) else (Named.COST, Named.EXAMPLE)
        return max(order, key=lambda named: (sum(held[named]), held[named]))

    def loss_before(self, read: Read) -> str:
        """What dW is a derivative of in a statement that stands before the last loss, a penalised one, is defined.

        "" where it is the document's last loss.
        """
        world = self.world(0, 0)
        if world.loss is None or not names_derivative(read):
            return ""
        before: list[str] = []
        left = read.left
        # dJ_reg/dW = dW + lambda W: the dW of the loss without its penalty.
        is_beside = (
            isinstance(left, Derivative) and isinstance(left.of, Name) and world.symbols.key(left.of) == world.loss
        )
        for number, other in enumerate(self.reads):
            if self.kinds.of[number] is Kind.DEFINITION and isinstance(other.left, Name):
                key = world.symbols.key(other.left)
                is_loss = key in world.definitions and key[0] in {base[0] for base in LOSSES}
                if is_loss and not world.quantities[key].sizes and other.statement.start < read.statement.start:
                    before += [] if is_beside and key == world.loss else [key]
        if world.loss in before:
            return ""
        before = [key for key in before if key in dependencies(world, world.loss)]
        ends = [key for key in before if not any(key in dependencies(world, other) for other in before if other != key)]
        return ends[-1] if ends else ""

    @cached_property
    def unnumbered(self) -> dict[str, Name]:
        """Letters that stand without a number although only their numbered ones are defined, and the last of these."""
        symbols = self.symbols(0)
        numbered: dict[str, Name] = {}
        plain: set[str] = set()
        for number, read in enumerate(self.reads):
            for side in (read.left, read.right):
                for part in parts_of(side):
                    if isinstance(part, Name) and part.base in {"z", "a", "h"} and not part.accent and not part.primes:
                        plain |= {part.base} if symbols.key(part) == part.base else set()
            left = read.left
            if (
                self.kinds.of[number] is Kind.DEFINITION
                and isinstance(left, Name)
                and left.base in self.usage.numbered_names
            ):
                key = symbols.resolve(left).key
                if key[0] in "zah" and key > (
                    symbols.resolve(numbered[left.base]).key if left.base in numbered else ""
                ):
                    numbered[left.base] = left
            elif self.kinds.of[number] is Kind.DEFINITION and isinstance(left, Name):
                plain.discard(symbols.resolve(left).key)
        defined = {symbols.resolve(r.left).key for n, r in enumerate(self.reads)
                   if self.kinds.of[n] is Kind.DEFINITION and isinstance(r.left, Name)}  # fmt: skip
        return {base: last for base, last in numbered.items() if base in plain and base not in defined}


def _is_vector(world: World, term: Term) -> bool:
    """Is this a vector by its own name, one of several perhaps?"""
    if not isinstance(term, Name):
        return False
    quantity = world.quantities.get(world.symbols.key(term))
    letters = world.symbols.resolve(term).indices if quantity is not None else ()
    return quantity is not None and len(quantity.sizes) - len(quantity.dropped) - len(letters) == 1
