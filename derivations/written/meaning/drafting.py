"""A document's definitions and claims, brought together for the world that is built of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from ..evaluation import ANY_LOSS, ITSELF
from ..evaluation.functions import known_function
from ..faults import MeaningError
from ..grammar.series import run_of
from ..grammar.sides import Reach
from ..judging.readings import Read, function_named, is_bias_input, names_on_line, parts_of
from ..rebuilding import map_names
from ..renaming import index_letters, keys_named, summed, with_layers
from ..terms import Call, Condition, Derivative, Indicator, Name, Negative, Number, Raised, Script, Term, Terms, Total
from ..worlds.quantity import Definition, FunctionDefinition
from ..worlds.thresholds import compared_names, lower_bounds
from .batch import functions_by_words, read_as_batch
from .draft import Draft
from .folding import Part
from .kinds import DEFINING, Kind
from .known_names import function_key
from .letters import is_called_otherwise, with_own_parameters
from .symbols import LOSSES, Symbols
from .usage import Usage

if TYPE_CHECKING:
    from .session import Session

FIXED_FUNCTIONS = {"tanh", "exp", "log", "ln", "cosh", "sinh", "sin", "cos"}
"""Functions that no document defines anew: what it says of them is a claim."""


def draft_of(
    session: Session, epoch: int, layering: int, *, values: frozenset[int] = frozenset(), unnumbered: bool = False
) -> Draft:
    """What the document says of its quantities at a point, with its layers numbered in one way.

    Args:
        values: statements that give numbers for quantities, which are put in.
        unnumbered: z, which nothing defines, is the last of z_2, z_3.
    """
    symbols = session.symbols(layering)
    draft = Draft(session.usage, symbols, prose=session.prose, domains=dict(session.domains))
    for variant in _layerings(session, layering):
        _add_statements(draft, session, epoch, variant, values=values)
        _add_declared(draft, session, variant)
    for base in session.usage.labels_and_targets:
        is_class = Indicator(Condition(Name("j"), "=", Name(base)))
        draft.definitions.setdefault(f"{base}!", Definition(f"{base}!", ("j",), is_class))
    _add_next_layers(draft)
    _add_any_loss(draft)
    _add_unregularised_loss(draft)
    _add_folded(draft)
    _learn_from_parameters(draft)
    draft.named_functions = functions_by_words(session.prose)
    draft.is_scalar = bool(_SCALARS.search(session.prose))
    draft.runs = list(_runs(draft))
    for read in session.reads:
        if isinstance(read.left, Name) and (function := function_named(read)):
            draft.named_functions[read.left.base] = function
    if unnumbered:
        for base, last in session.unnumbered.items():
            draft.definitions.setdefault(base, Definition(base, (), last))
        read_as_batch(draft, session.unnumbered.get("z"))
    draft.thresholds = session.thresholds
    draft.above = lower_bounds(said.condition for said in session.conditions)
    draft.compared = frozenset(symbols.key(name) for name in compared_names(session.compared_terms))
    return draft


_SCALARS = re.compile(
    r"\b(all|everything|every (quantity|variable|letter))\b( \w+){0,3} (is|are)( an?)? scalars?\b|\bonly scalars\b"
    r"|\bscalars only\b|\b(in the|the|for the) scalar case\b", re.I,
)  # fmt: skip


def _runs(draft: Draft) -> Iterator[tuple[Term, int]]:
    """w_1 x_1 + w_2 x_2 + w_3 x_3: where terms that are counted begin, and how many they are."""
    terms = [definition.body for definition in draft.definitions.values()]
    for term in (*terms, *(side for pair in draft.claims for side in pair)):
        for terms_of_sum in (part.terms for part in term.walk() if isinstance(part, Terms)):
            for place in range(len(terms_of_sum) - 1):
                if count := run_of(terms_of_sum[place:]):
                    yield terms_of_sum[place], count


def _layerings(session: Session, layering: int) -> list[Symbols]:
    """The given numbering first, then the others: a definition for layer l defines every layer."""
    others = [number for number in range(len(session.layers)) if number != layering]
    return [session.symbols(number) for number in (layering, *others)]


def _add_statements(draft: Draft, session: Session, epoch: int, symbols: Symbols, *, values: frozenset[int]) -> None:
    start = session.epochs[epoch]
    pieces = session.pieces
    for number, read in enumerate(session.reads):
        kind = session.kinds.of[number]
        if kind is Kind.NUMBER and isinstance(read.left, Name):
            if number in values:
                _give(draft, read.left, read.right, symbols)
            elif is_bias_input(read.left, read.right):
                draft.bias_inputs.append(read.left)
        elif kind in DEFINING:
            left, right = session.kinds.forms.get(number, (read.left, read.right))
            left, right = (right, left) if kind is Kind.NAMED else (left, right)
            renew = number in session.epochs and 0 < number <= start
            right = pieces.get(number, right)
            if isinstance(left, Call) and right is not None:
                _add_function(draft, session, left, right, symbols, renew=renew)
            elif isinstance(left, Name) and right is not None:
                _add_quantity(draft, session, left, right, symbols, renew=renew)
        elif kind in {Kind.CLAIM, Kind.UPDATE}:
            draft.claims += _readings_of(read)


def _add_declared(draft: Draft, session: Session, symbols: Symbols) -> None:
    """The ranks and sizes that the text declares of what nothing defines."""
    for name, axes in session.declared:
        if key := symbols.key(name):
            draft.forced.setdefault(key, len(axes) + len(symbols.resolve(name).indices))
            draft.axes.setdefault(key, axes)


def _give(draft: Draft, name: Name, right: Term | None, symbols: Symbols) -> None:
    """A number that the document puts in."""
    plain = right.body if isinstance(right, Negative) else right
    if not isinstance(plain, Number):
        return
    try:
        draft.given[symbols.resolve(name).key] = -plain.value if isinstance(right, Negative) else plain.value
    except MeaningError:
        return


def _readings_of(read: Read) -> list[tuple[Term, Term]]:
    """A claim as it is written; where a nabla may reach further, as that, too."""
    if read.left is None or read.right is None:
        return []
    plain = [(read.left, read.right)]
    if not any(isinstance(part, Derivative) and part.form == "nabla" for part in read.left.walk()):
        return plain
    further = [(left, right) for reading, left, right in read.readings() if reading.nabla is Reach.TERM]
    return further + plain


def _add_quantity(draft: Draft, session: Session, left: Name, right: Term, symbols: Symbols, *, renew: bool) -> None:
    try:
        symbol = symbols.resolve(left)
        letters = tuple(index.base for index in symbol.indices if isinstance(index, Name))
        body = with_layers(right, symbols)
        body = summed(body, set(letters)) if session.einstein else body
    except MeaningError:
        return
    _define(draft, Definition(symbol.key, letters, body), renew=renew)


def _define(draft: Draft, definition: Definition, *, renew: bool) -> None:
    """As the quantity's definition, or as a further one."""
    if renew or definition.key not in draft.definitions:
        draft.definitions[definition.key] = definition
    elif definition != draft.definitions[definition.key]:
        draft.alternatives.setdefault(definition.key, []).append(definition)


def _add_function(draft: Draft, session: Session, left: Call, right: Term, symbols: Symbols, *, renew: bool) -> None:
    try:
        definition = _function(left, right, symbols)
    except MeaningError:
        return
    base = left.function.base
    is_old = definition.key in draft.functions and not renew
    if base in FIXED_FUNCTIONS or known_function(base) == "softmax" or is_old:
        return
    is_loss = base in LOSSES and base not in {"S", "s", "F"}
    is_called = is_called_otherwise(left, session.reads)
    is_only_called = is_loss and is_called and _is_only_called(session, left, definition)
    mentions = is_loss and not is_only_called
    if is_only_called:
        own, body = (with_own_parameters(term, left) for term in (left, right))
        definition = _function(own, body, symbols) if isinstance(own, Call) else definition
    if mentions or _names_what_it_depends_on(draft, session, left, definition):
        _define(draft, Definition(definition.key, definition.letters, definition.body), renew=renew)
    if not is_loss or is_called:
        draft.functions[definition.key] = definition


def _learn_from_parameters(draft: Draft) -> None:
    """y^(i) is a vector where it stands for the parameter y of a function that is made of y_k."""
    for own, parameter, argument in draft.arguments():
        inner = [part for part in own.body.walk() if isinstance(part, Name) and part.base == parameter.base]
        most = max((len(part.sub) for part in inner), default=0)
        key = draft.symbols.key(argument)
        if most and key not in draft.definitions:
            draft.forced.setdefault(key, most + len(draft.symbols.resolve(argument).indices))


def _is_only_called(session: Session, left: Call, definition: FunctionDefinition) -> bool:
    """Made of nothing but its parameters, does it stand neither alone nor again with these?"""
    own = {parameter.base for parameter in definition.parameters} | set(session.usage.limits)
    bound = {name.base for part in definition.body.walk() if isinstance(part, Total) for name in part.indices}
    calls = sum(part == left for read in session.reads for side in (read.left, read.right) for part in parts_of(side))
    is_pure = {name.base for name in names_on_line(definition.body)} <= own | bound | {"e", "pi"}
    return is_pure and calls == 1 and not session.usage.bare_names[left.function.base]


def _function(left: Call, right: Term, symbols: Symbols) -> FunctionDefinition:
    """A function with its parameters without indices: of h(x^(i)) = ..., x is what stands inside, too."""
    arguments = tuple(argument for argument in left.arguments if isinstance(argument, Name))
    plain = {
        argument: replace(argument, sub=(), sup=_layers(argument)) for argument in arguments
        if argument.sub or any(not isinstance(script.body, Number) for script in argument.sup)
    }  # fmt: skip
    parameters = tuple(plain.get(argument, argument) for argument in arguments)
    letters = tuple(i.base for i in symbols.resolve(left.function).indices if isinstance(i, Name))
    body = map_names(right, lambda name: plain.get(name, name)) if plain else right
    return FunctionDefinition(function_key(left.function, symbols), parameters, letters, with_layers(body, symbols))


def _layers(name: Name) -> tuple[Script, ...]:
    """The [2] of a^[2](i)."""
    return tuple(script for script in name.sup if script.raised is Raised.SQUARE and isinstance(script.body, Number))


def _names_what_it_depends_on(draft: Draft, session: Session, left: Call, definition: FunctionDefinition) -> bool:
    """y(w, x), which stands as y elsewhere, is a quantity with what it depends on; s(u) has a parameter of its own."""
    is_known = known_function(left.function.base)
    stands_for_itself = left.function.base in session.usage.arguments
    if is_known or stands_for_itself or not session.usage.bare_names[left.function.base]:
        return False
    if _has_gradient(session, left.function):
        return True
    symbols = draft.symbols
    used = {key for d in draft.definitions.values() for key in (d.key, *keys_named(d.body, symbols))}
    used |= {
        key for read in session.reads for side in (read.left, read.right)
        for part in parts_of(side) if isinstance(part, Derivative)
        for by in part.by for key in keys_named(by, symbols)
    }  # fmt: skip
    return all(symbols.key(parameter) in used for parameter in definition.parameters)


def _has_gradient(session: Session, function: Name) -> bool:
    """Does nabla f stand somewhere, which differentiates by what f depends on?"""
    return any(
        isinstance(part, Derivative) and part.form == "nabla" and not part.by and part.of == function
        for read in session.reads for side in (read.left, read.right) for part in parts_of(side)
    )  # fmt: skip


def _add_next_layers(draft: Draft) -> None:
    """a_k of the layer after, where a_j = sum_i w_ji z_i is said of every unit: the same with the next letters."""
    usage = draft.usage
    for base, defined in usage.split.items():
        for letter in sorted(usage.letter_pairs.get(base, set()) - defined):
            for own in sorted(defined):
                definition = draft.definitions.get(f"{base}|{own}")
                if definition is None or f"{base}|{letter}" in draft.definitions or len(letter + own) != 2:
                    continue
                others = index_letters(definition.body) - {own}
                if len(others) == 1:
                    body = _shifted(definition.body, {others.pop(): own, own: letter})
                    if _is_written(body, usage):
                        key = f"{base}|{letter}"
                        draft.definitions[key] = Definition(key, (letter,), body)


def _shifted(body: Term, letters: dict[str, str]) -> Term:
    """A term with other letters for its indices."""

    def shifted(name: Name) -> Term:
        if not name.sub and name.base in letters:
            return replace(name, base=letters[name.base])
        return replace(name, sub=tuple(shifted(index) if isinstance(index, Name) else index for index in name.sub))

    return map_names(body, shifted)


def _is_written(body: Term, usage: Usage) -> bool:
    """Do all its names stand with these letters somewhere in the document?"""
    return all(
        "".join(index.base for index in part.sub if isinstance(index, Name)) in usage.letter_pairs[part.base]
        for part in body.walk() if isinstance(part, Name) and part.sub
    )  # fmt: skip


def _add_any_loss(draft: Draft) -> None:
    """A loss that is differentiated but never written down: any function of what the definitions end in."""
    keys: set[str] = set()
    for of, _ in _derivatives(draft):
        symbol = draft.symbols.resolve(of)
        is_open = symbol.key not in draft.definitions and symbol.key not in draft.functions
        if of.base in LOSSES and not symbol.indices and is_open:
            keys.add(symbol.key)
    made = {
        key: d
        for key, d in draft.definitions.items()
        if not any(isinstance(part, Derivative) for part in d.body.walk())
    }
    used = {name for d in made.values() for name in keys_named(d.body, draft.symbols)}
    ends = [key for key in made if key not in used]
    if len(keys) == 1 and ends:
        nodes = tuple(Name(ITSELF, accent=key, sub=tuple(Name(letter) for letter in made[key].letters)) for key in ends)
        draft.definitions[next(iter(keys))] = Definition(next(iter(keys)), (), Call(Name(ANY_LOSS), nodes))


def _add_unregularised_loss(draft: Draft) -> None:
    """C_0, of which nothing says how it depends on the weights: any function of what it is differentiated by."""
    for key in ("C_0", "J_0", "L_0", "E_0"):
        by = {
            draft.symbols.key(variable): Name(variable.base)
            for of, variable in _derivatives(draft) if draft.symbols.key(of) == key
        }  # fmt: skip
        definition = draft.definitions.get(key)
        if by and (definition is None or not keys_named(definition.body, draft.symbols) & set(by)):
            draft.definitions[key] = Definition(key, (), Call(Name(ANY_LOSS), tuple(by.values())))


def _derivatives(draft: Draft) -> Iterator[tuple[Name, Name]]:
    """What claims differentiate by what, of names whose scripts have a meaning."""
    for left, right in draft.claims:
        for part in (*left.walk(), *right.walk()):
            if isinstance(part, Derivative) and isinstance(part.of, Name) and len(part.by) == 1:
                by = part.by[0]
                if isinstance(by, Name) and draft.symbols.key(part.of) and draft.symbols.key(by):
                    yield part.of, by


def _add_folded(draft: Draft) -> None:
    """What contains another definition written out depends on it, too: a further definition of it."""
    for key, definition in draft.definitions.items():
        name = Name(ITSELF, accent=key, sub=tuple(Name(letter) for letter in definition.letters))
        part = Part(definition, name, draft.usage.fixed)
        for other in draft.definitions.values():
            if other.key != key and (folded := part.folded_in(other)) is not None:
                draft.alternatives.setdefault(other.key, []).append(folded)
