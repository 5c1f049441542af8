"""All that is known of a document while its statements are judged: what its names mean, and its worlds."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from functools import cached_property

from .batch import functions_by_words, read_as_batch
from .comparison import compare
from .defining import has_dots, solved
from .document import Document
from .evaluation import ANY_LOSS, ITSELF, World
from .faults import MeaningError
from .folding import fold
from .functions import known_function
from .grammar import Reach
from .lines import ASSIGNING
from .manner import Flipped, Manner, Named
from .readings import Read, is_bias_input, is_condition, is_case, is_model_of_data, is_notation, is_piecewise, is_range, is_plain_name, parts_of
from .renaming import keys_named, map_names, summed, with_layers
from .shapes import Definition, FunctionDefinition, function_key
from .symbols import LOSSES, Symbols, Usage, capital
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
    Number,
    Product,
    Raised,
    Term,
    Terms,
    Total,
)
from .world import Draft, Guess, best_guess, build, looks_learnt, score

FIXED_FUNCTIONS = {"tanh", "exp", "log", "ln", "cosh", "sinh", "sin", "cos"}
"""Functions that no document defines anew: what it says of them is a claim."""


_STACKED = {"x", "y", "t", "z", "a", "h", "p", "phi"}
"""Letters whose vectors may be the rows, or the columns, of the capital."""

# The seed of the probe on which all that is drawn is positive, for logarithms and powers.
POSITIVE = 77


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
    guesses: list[tuple[Draft, Guess]] = field(default_factory=list)
    """Drafts whose ranks were searched for, with what was found."""
    epochs: list[int] = field(default_factory=lambda: [0])
    kinds: dict[int, str] = field(default_factory=dict)
    forms: dict[int, tuple[Term, Term]] = field(default_factory=dict)
    """The sides of definitions that are not written as name = term, as if they were."""
    layers: list[dict[str, int]] = field(default_factory=list)

    def prepare(self) -> None:
        """Count how names are used, find definitions, number the layers."""
        bound = {
            name.base for read in self.reads for side in (read.left, read.right)
            for part in parts_of(side) if isinstance(part, Total) for name in part.indices
        }  # fmt: skip
        terms = [
            term for read in self.reads for term in (read.left, read.right)
            if term is not None and not is_range(read, bound)
        ]  # fmt: skip
        self.usage = Usage.of(terms)
        _find_numbered(self.reads, self.usage)
        self.usage.labels_and_targets = _labels_and_targets(terms, self.usage)
        self.layers = _layer_numbers(terms, self.usage)
        self.einstein = bool(_EINSTEIN.search(self.prose))
        known = self._classify()
        self.usage.only_examples = {base for base in LOSSES if f"{base}#" in known and base not in known}
        self.usage.plain_examples = {
            base for base in LOSSES
            if base in known and f"{base}#" not in known and base in self.usage.raised_examples
        }  # fmt: skip
        if self.usage.only_examples or self.usage.plain_examples:
            self._classify()
        if self._split_by_letters():
            self._classify()
        self._stack_capitals()

    def _classify(self) -> set[str]:
        """Find out what each statement is; the keys that are defined."""
        symbols = self.symbols(0)
        known: set[str] = set()
        head: Term | None = None
        for number, read in enumerate(self.reads):
            self.forms.pop(number, None)
            head = read.left if read.statement.number == 1 else head
            if has_dots(read.left) and read.left is not head and head is not None and read.right is not None:
                # h(x) = w_0 + ... + w_n x_n = w^T x: the last side says it without an ellipsis.
                self.forms[number] = head, read.right
            self.kinds[number] = self._kind(number, known, symbols)
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
                made_of.setdefault(symbol.key, set()).update(keys_named(read.right, symbols))
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
            if base in _STACKED and not accent
            and set(usage.arity[base, ""]) <= {0, 1, 2} and 1 in usage.arity[base, ""]
            and base not in usage.raised_examples and set(usage.arity.get((capital(base), ""), {9: 1})) <= {0}
        }  # fmt: skip
        if not small:
            return
        # Where both make sense, vectors are rows of their capital, as texts have it; numbers are no rows.
        vectors = small & (usage.one_of_vectors | usage.bold_examples)
        choices: list[dict[str, str]] = [{}, dict.fromkeys(small, "rows"), dict.fromkeys(small, "columns")]
        if vectors:
            choices = [dict.fromkeys(vectors, "rows"), {}, dict.fromkeys(vectors, "columns"), *choices[1:]]
        scores = []
        for choice in choices:
            usage.stacked = choice
            scores.append(score(self._draft(0, 0)))
        usage.stacked = choices[scores.index(min(scores))]

    def symbols(self, layering: int) -> Symbols:
        """How names are resolved with the layers numbered in one of the ways that are tried."""
        return Symbols(self.usage, self.layers[layering], _aliases(self))

    def _kind(self, number: int, known: set[str], symbols: Symbols) -> str:
        """definition, function, condition, update or claim; notes what is defined in `known`."""
        read = self.reads[number]
        left, right = self.forms.get(number, (read.left, read.right))
        if left is None or right is None:
            return "unread"
        kind = self._plain_kind(read, left, right, known, symbols)
        diagonal = "diag" in self.prose
        if kind == "claim" and (form := solved(left, right, diagonal=diagonal)) is not None:
            defined = self._plain_kind(read, *form, known, symbols)
            if defined in {"definition", "function"}:
                self.forms[number] = form
                return defined
        return kind

    def _plain_kind(self, read: Read, left: Term, right: Term, known: set[str], symbols: Symbols) -> str:  # noqa: PLR0912
        start = read.statement.formula.start
        before = self.document.text[max(0, start - 12) : start]
        if is_condition(read, self.usage) or is_notation(read) or is_model_of_data(read):
            return "condition"
        if is_case(read, self.reads, before):
            return "condition"
        if read.statement.sign in ASSIGNING and not is_plain_name(left) and not isinstance(left, Derivative):
            return "condition"
        sign = read.statement.sign
        if isinstance(left, Call) and is_plain_name(left) and not left.function.primes:
            return self._function_kind(left, right, known, symbols)
        if isinstance(left, Name):
            key = self._defined_key(left, symbols)
            if key is None and is_bias_input(left, right):
                return "number"
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
            if looks_learnt(key) and self._is_differentiated_by(read, left):
                # theta = (X^T X)^-1 X^T y: where the gradient vanishes, not what theta is.
                return "condition"
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
        if has_dots(right):
            return "number"
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

    def _is_differentiated_by(self, read: Read, name: Name) -> bool:
        """Does a derivative by this name, at any index, stand before the statement?"""
        for other in self.reads:
            if other is read:
                return False
            for part in (*parts_of(other.left), *parts_of(other.right)):
                if isinstance(part, Derivative) and any(
                    isinstance(by, Name) and (by.base, by.accent, by.sup) == (name.base, name.accent, name.sup)
                    for by in part.by
                ):
                    return True
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
                draft = self._draft(epoch, layering, unnumbered=unnumbered)
                self.worlds[place] = build(draft, self._guess(draft), seed, positive=seed == POSITIVE)
        return self.worlds[place]

    def valued_world(self, epoch: int) -> World | None:
        """The world with the numbers put in that the document gives; None where it gives none."""
        if "number" not in self.kinds.values():
            return None
        place = (epoch, 0, Flipped.NOTHING, -1, False)
        if place not in self.worlds:
            draft = self._draft(epoch, 0, values=True)
            self.worlds[place] = build(draft, self._guess(draft))
        return self.worlds[place]

    def _guess(self, draft: Draft) -> Guess:
        """The ranks of a draft, searched for once: drafts that are equal have the same."""
        for other, guess in self.guesses:
            if other == draft:
                return guess
        self.guesses.append((draft, best_guess(draft)))
        return self.guesses[-1][1]

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
                elif kind == "number" and isinstance(read.left, Name) and is_bias_input(read.left, read.right):
                    draft.bias_inputs.append(read.left)
                elif kind in {"definition", "named", "again", "function", "renewed"}:
                    self._add(
                        draft, number, kind, symbols, renew=number in self.epochs and number <= start and number > 0
                    )
                elif kind in {"claim", "update"} and read.left is not None and read.right is not None:
                    draft.claims += self._readings_of(read)
        for base in self.usage.labels_and_targets:
            is_class = Indicator(Condition(Name("j"), "=", Name(base)))
            draft.definitions.setdefault(f"{base}!", Definition(f"{base}!", ("j",), is_class))
        self._add_any_loss(draft)
        _add_folded(draft)
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
            (left, right) for reading, left, right in read.readings() if reading.nabla is Reach.TERM
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
        used = {name for d in made.values() for name in keys_named(d.body, draft.symbols)}
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
            for read in self.reads for side in (read.left, read.right) for part in parts_of(side)
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
                for part in parts_of(side):
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

    def _add(self, draft: Draft, number: int, kind: str, symbols: Symbols, *, renew: bool) -> None:
        left, right = self.forms.get(number, (self.reads[number].left, self.reads[number].right))
        left, right = (right, left) if kind == "named" else (left, right)
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
        plain = {
            argument: replace(argument, sub=(), sup=()) for argument in arguments
            if argument.sub or any(not isinstance(script.body, Number) for script in argument.sup)
        }  # fmt: skip
        parameters = tuple(plain.get(argument, argument) for argument in arguments)
        body = with_layers(right, symbols)
        if plain:
            body = map_names(body, lambda name: plain.get(name, name))
        keys = [symbols.resolve(parameter).key for parameter in parameters]
        # J(w, b) names what J depends on; s(u) has a parameter of its own.
        used = {key for d in draft.definitions.values() for key in keys_named(d.body, symbols)}
        used |= {k for read in self.reads for side in (read.left, read.right) if side is not None
                 for part in side.walk() if isinstance(part, Derivative)
                 for by in part.by for k in keys_named(by, symbols)}  # fmt: skip
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


def _add_folded(draft: Draft) -> None:
    """What contains another definition written out depends on it, too: a further definition of it."""
    for key, part in draft.definitions.items():
        name = Name(ITSELF, accent=key, sub=tuple(Name(letter) for letter in part.letters))
        for other, definition in draft.definitions.items():
            if other != key and (folded := fold(definition, part, name)) is not None:
                draft.alternatives.setdefault(other, []).append(folded)


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


def _looks_updated(left: Name, right: Term) -> bool:
    """w = w - ...: the old value first, then what is taken away."""
    return isinstance(right, Terms) and right.terms[0] == left


_SQUARED = {"sigma", "r", "R", "s", "tau", "chi"}
"""Letters that are squared on the left side too, a variance say, and do not number layers above."""


def _find_numbered(reads: list[Read], usage: Usage) -> None:
    """Numbers that tell names apart, below (z_2 = ...) or above (z^2 = w^2 a^1)."""
    for read in reads:
        left = read.left
        if not isinstance(left, Name) or isinstance(read.right, Number):
            continue
        if len(left.sub) == 1 and isinstance(left.sub[0], Number) and left.sub[0].value > 0:
            usage.numbered_names.add(left.base)
        numbered = any(isinstance(script.body, Number) and script.raised is Raised.BARE for script in left.sup)
        if numbered and left.base not in _SQUARED:
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


def _labels_and_targets(terms: list[Term], usage: Usage) -> set[str]:
    """y in a_y, where y_j stands, too."""
    return {
        index.base for term in terms for part in term.walk() if isinstance(part, Name)
        for index in part.sub if isinstance(index, Name) and not index.sub
        and index.base in {"y", "t", "c"} and index.base not in usage.bound and index.base not in usage.label_bases
        and usage.letter_pairs.get(index.base) and max(usage.arity[index.base, ""]) == 1
    }  # fmt: skip


def _aliases(session: Session) -> dict[str, str]:
    """Names that mean another quantity: sigma_j, which is never called, where there is a delta_j."""
    arity = session.usage.arity
    misprinted = arity[("sigma", "")][1] and not session.usage.called["sigma_"] and arity[("delta", "")][1]
    return {"sigma": "delta"} if misprinted else {}
