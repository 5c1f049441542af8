"""The code of a mistake, with what stands around it: a penalty, the derivative of an activation, a softmax."""

from __future__ import annotations

from ..evaluation import Evaluation, World
from ..faults import MeaningError
from ..judging.comparison import compare
from ..judging.manner import Manner
from ..rebuilding import free_letters, opened
from ..terms import NOWHERE, Call, Condition, Derivative, Name, Negative, Number, Quotient, Term, Terms, Total
from .edit import Edit

_OF_PENALTIES = {
    "factor": "regulariser-factor", "term-sign": "regulariser-sign", "sign-flipped": "regulariser-sign",
    "mean-missing": "regulariser-scaled", "mean-twice": "regulariser-scaled", "wrong-count": "regulariser-scaled",
    "wrong-power": "regulariser-form", "sum-extra": "regulariser-form", "wrong-index": "regulariser-form",
    "wrong-operand": "regulariser-form", "softmax-jacobian": "regulariser-form",
    "chain-factor-missing": "regulariser-form",
    "term-missing": "regulariser-on-bias", "factor-dropped": "regulariser-factor",
    "scope-of-operator": "regulariser-scaled",
}  # fmt: skip
_OF_SLOPES = {"wrong-power", "chain-factor-missing", "activation-missing", "wrong-operand", "factor", "wrong-index"}
_OF_DIAGONALS = {"softmax-jacobian", "wrong-index", "term-sign", "chain-factor-missing"}
_ACTIVATIONS = {"a", "h", "f", "g", "o", "s", "z", "y", "p", "sigma", "phi", "psi", "tanh", "sigmoid"}
_ARGUMENTS = {"z", "a", "u", "x", "t"}


def refined(edit: Edit, world: World, left: Term, right: Term) -> str:
    """The code of the mistake that an edit undoes, seen in its statement."""
    code = edit.code
    if code in _OF_PENALTIES and _is_in_penalty(edit, left, right):
        return _OF_PENALTIES[code]
    if code in _OF_SLOPES and (_is_slope(left) or (code == "wrong-power" and _is_in_slope(edit, right))):
        names_factor = code == "factor" and any(c.isdigit() or c == "." for c in edit.note)
        return code if names_factor or edit.note == "inner" else "activation-derivative"
    if code == "wrong-operand" and _is_in_slope(edit, right):
        return "activation-derivative"
    if code == "wrong-variable" and _is_chain_cut_short(left, right):
        return "chain-factor-missing"
    if code in {"mean-twice", "mean-missing", "wrong-count", "factor"} and _is_sum_of_constants(edit, left, right):
        return "sum-missing"
    if code in _OF_DIAGONALS and holds_on_diagonal(world, left, right):
        return "softmax-diagonal"
    if code == "wrong-operand" and _is_other_size(edit, right):
        return "wrong-count"
    if code == "wrong-operand" and _is_matrix_for_vector(world, edit, right):
        return "softmax-jacobian"
    if code == "sum-wrong-axis" and _is_normalisation(right):
        return "softmax-axis"
    return code


def _mentions_strength(term: Term) -> bool:
    return any(isinstance(part, Name) and part.base == "lambda" for part in term.walk())


def _is_in_penalty(edit: Edit, left: Term, right: Term) -> bool:
    """Was the change made in the term of the regulariser?"""
    start, end = edit.span
    sums = [part for part in right.walk() if isinstance(part, Terms) and len(part.terms) > 1]
    if not sums:
        return edit.code == "wrong-power" and _mentions_strength(right) and _mentions_strength(left)
    inside = (
        term for part in sums for term in part.terms
        if term.span != NOWHERE and term.span[0] <= start and end <= term.span[1]
    )  # fmt: skip
    innermost = min(inside, key=lambda term: term.span[1] - term.span[0], default=None)
    return innermost is not None and _mentions_strength(innermost)


def _is_other_size(edit: Edit, right: Term) -> bool:
    """1/p for 1/n: is it a divisor that was changed?"""
    new = _names(edit.term) - _names(right)
    return any(isinstance(part, Quotient) and part.below in new for part in edit.term.walk())


def _is_slope(left: Term) -> bool:
    """da/dz or f'(z)."""
    if isinstance(left, Call):
        return left.function.primes > 0
    if not isinstance(left, Derivative):
        return False
    of = opened(left.of) if left.of is not None else None
    if isinstance(of, Call):
        return of.function.base in _ACTIVATIONS
    by = left.by[0] if left.by else None
    is_of_activation = isinstance(of, Name) and of.base in _ACTIVATIONS
    return is_of_activation and isinstance(by, Name) and by.base in _ARGUMENTS


def _is_in_slope(edit: Edit, right: Term) -> bool:
    """Was a square changed in 1 - a^2?"""
    for part in right.walk():
        if isinstance(part, Terms) and len(part.terms) == 2 and isinstance(other := part.terms[1], Negative):
            one = part.terms[0]
            begin, stop = other.span if other.span != NOWHERE else other.body.span
            inside = begin <= edit.span[0] and edit.span[1] <= stop and edit.span != NOWHERE
            if isinstance(one, Number) and one.value == 1 and inside:
                return True
    return False


def _is_chain_cut_short(left: Term, right: Term) -> bool:
    """dC/dz dz/da for dC/dw: does the chain rule end before it reaches the variable?"""
    links = [part for part in right.walk() if isinstance(part, Derivative)]
    return isinstance(left, Derivative) and len(links) > 1 and not any(link.by == left.by for link in links)


def _is_sum_of_constants(edit: Edit, left: Term, right: Term) -> bool:
    """A sum of n equal terms, taken for one of them."""
    sums = [part for part in left.walk() if isinstance(part, Total)]
    sized = "/" in edit.note and not any(c.isdigit() for c in edit.note.split("/")[-1])
    return bool(sums) and sized and not any(isinstance(part, Total) for part in right.walk())


def holds_on_diagonal(world: World, left: Term, right: Term) -> bool:
    """Of a derivative with two indices: is it right where they are the same?"""
    if not isinstance(left, Derivative):
        return False
    evaluation = Evaluation(world)
    evaluation.learn_letters(left, right)
    letters = sorted(free_letters(left) & set(evaluation.letters))
    for place, first in enumerate(letters):
        for second in letters[place + 1 :]:
            if evaluation.letters[first] == evaluation.letters[second]:
                condition = Condition(Name(first), "=", Name(second))
                if compare(world, left, right, Manner(), condition).holds:
                    return True
    return False


def _is_matrix_for_vector(world: World, edit: Edit, right: Term) -> bool:
    """p in place of the Jacobian diag(p) - p p^T."""
    for name in _names(edit.term) - _names(right):
        try:
            definition = world.definitions.get(world.symbols.resolve(name).key)
        except MeaningError:
            continue
        parts = definition.body.walk() if definition is not None else ()
        if any(isinstance(part, Call) and part.function.base == "diag" for part in parts):
            return True
    return False


def _names(term: Term) -> set[Name]:
    return {part for part in term.walk() if isinstance(part, Name)}


def _is_normalisation(right: Term) -> bool:
    """e^z over a sum of e^z."""
    for part in right.walk():
        below = list(part.below.walk()) if isinstance(part, Quotient) else []
        if any(isinstance(inner, Total) for inner in below) and any(map(_is_exponential, below)):
            return True
    return False


def _is_exponential(term: Term) -> bool:
    word = term.function if isinstance(term, Call) else term
    return isinstance(word, Name) and word.base in {"e", "exp"}


def unexplained(world: World, left: Term, right: Term) -> str:
    """The code where no change makes it right: it holds for i = j, the free indices differ, or nothing is known."""
    if holds_on_diagonal(world, left, right):
        return "softmax-diagonal"
    evaluation = Evaluation(world)
    evaluation.learn_letters(left, right)
    known = set(evaluation.letters)
    if (free_letters(left) & known) != (free_letters(right) & known) and not isinstance(right, Number):
        return "free-index"
    return "unknown"
