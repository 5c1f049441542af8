"""Update rules: the learning rate left out or elsewhere, momentum in the wrong place."""

from __future__ import annotations

from collections.abc import Iterator

import sympy

from ..expressions import Adjoint, Entry
from ..model import Role
from ..program import Assignment
from .site import Mistake, Site, terms


def wrong_constant(site: Site) -> Iterator[Mistake]:
    """A constant of an update left out, upside down, twice, or another's in its place."""
    if site.is_derivative:
        return
    constants = _constants(site)
    for term, rest in terms(site.value):
        for constant in [entry for entry in sorted(term.atoms(Entry), key=str) if entry in constants]:
            hint = f"Where does {constant.name} stand in the rule, and how often?"
            for message, wrong, prior in (
                (f"The factor {constant.name} is missing.", term / constant, 3.0),
                (f"It is divided by {constant.name}, not multiplied.", term / constant**2, 1.0),
                (f"The factor {constant.name} is there twice.", term * constant, 1.0),
                (f"The factor is 1 - {constant.name}, not {constant.name}.", term / constant * (1 - constant), 1.0),
            ):
                yield site.mistake("factor", prior, message, hint, rest + wrong)
            for other in _all_constants(site):
                if other != constant and not term.has(other):
                    yield site.mistake(
                        "factor", 2, f"There is a factor 1 - {other.name} too many.", hint, rest + term * (1 - other)
                    )
                    yield site.mistake(
                        "factor", 1, f"There is a factor {other.name} too many.", hint, rest + term * other
                    )
                    yield site.mistake(
                        "wrong-operand",
                        1,
                        f"{other.name} stands where {constant.name} belongs.",
                        hint,
                        rest + term.xreplace({constant: other}),
                    )
            whole = sympy.expand(rest * constant)
            yield site.mistake(
                "precedence",
                1,
                f"{constant.name} multiplies the whole bracket, not one term.",
                "Write the brackets: which terms does the factor reach?",
                term + whole,
            )
    if len(constants) == 2:
        first, second = constants
        yield site.mistake(
            "wrong-operand",
            2,
            f"{first.name} and {second.name} are exchanged.",
            "Which of the two belongs to the gradient?",
            site.value.xreplace({first: second, second: first}),
        )


def _constants(site: Site) -> list[Entry]:
    return [entry for entry in _all_constants(site) if site.value.has(entry)]


def _all_constants(site: Site) -> list[Entry]:
    """The constants that the program's nodes use, the strength of a penalty apart."""
    nodes = [a for a in site.program.assignments if "/d" not in a.name and _is_update(a.value, site)]
    found = {entry for node in nodes for entry in node.value.atoms(Entry) if not isinstance(entry, Adjoint)}
    return sorted((e for e in found if site.model.arrays[e.name].role is Role.CONSTANT), key=str)


def _is_update(value: sympy.Expr, site: Site) -> bool:
    """Is it a sum of terms, one of them a gradient times a constant?"""
    return isinstance(value, sympy.Add) and any(
        term.has(Adjoint) or any(_is_gradient(entry, site) for entry in term.atoms(Entry)) for term in value.args
    )


def _is_gradient(entry: Entry, site: Site) -> bool:
    array = site.model.arrays.get(entry.name)
    return array is not None and array.role is Role.DATA and (array.note == "gradient" or entry.name.startswith("d"))


def wrong_step(site: Site) -> Iterator[Mistake]:
    """The step taken from the gradient, from the weights alone, or not from the weights at all."""
    if site.is_derivative or not _is_update(site.value, site):
        return
    for term, rest in terms(site.value):
        gradients = [e for e in term.atoms(Entry) if isinstance(e, Adjoint) or _is_gradient(e, site)]
        weights = [e for e in rest.atoms(Entry) if len(e.indices) == len(site.assignment.indices)]
        if len(gradients) == 1 and weights:
            yield site.mistake(
                "wrong-operand",
                1,
                "The weights stand where their gradient belongs.",
                "The step is the learning rate times the gradient.",
                rest + term.xreplace({gradients[0]: weights[0]}),
            )
            yield site.mistake(
                "hadamard",
                1,
                "The weights are multiplied with the step, not moved by it.",
                "w - rate * dw is a difference.",
                rest * term,
            )


def wrong_momentum(site: Site) -> Iterator[Mistake]:
    """The velocity of momentum with its rate or its sign in another place, or looked ahead."""
    if site.is_derivative or not site.is_output:
        return
    by_name = {a.name: a for a in site.program.assignments if _is_update(a.value, site)}
    for entry in sorted(site.value.atoms(Entry), key=str):
        velocity = by_name.get(entry.name)
        if velocity is None or entry.name == site.name or entry.indices != velocity.indices:
            continue
        weights = site.value - entry
        hint = "First the velocity, v = mu v - rate dw; then the weights, w = w + v."
        for term, rest in terms(velocity.value):
            rates = [e for e in sorted(term.atoms(Entry), key=str) if e in _constants(Site(site.program, velocity))]
            gradients = [e for e in term.atoms(Entry) if isinstance(e, Adjoint) or _is_gradient(e, site)]
            if len(rates) != 1 or not gradients:
                continue
            rate = rates[0]
            slow = Assignment(velocity.name, velocity.indices, rest + term / rate)
            moved = Assignment(site.name, site.assignment.indices, weights + rate * entry)
            message = f"{rate.name} multiplies the velocity when the weights move, not the gradient."
            yield site.mistake_of("factor", 2, message, hint, slow, moved)
            against = Assignment(velocity.name, velocity.indices, rest - term)
            backwards = Assignment(site.name, site.assignment.indices, weights - entry)
            message = "The velocity has the opposite sign, and is subtracted from the weights."
            yield site.mistake_of("sign-flipped", 2, message, hint, against, backwards)
            uphill = Assignment(velocity.name, velocity.indices, -(rest - term))
            yield site.mistake_of("sign-flipped", 1, message, hint, uphill, backwards)
            slow_against = Assignment(velocity.name, velocity.indices, rest - term / rate)
            moved_against = Assignment(site.name, site.assignment.indices, weights - rate * entry)
            message = f"{rate.name} multiplies the velocity, which has the opposite sign."
            yield site.mistake_of("factor", 2, message, hint, slow_against, moved_against)
            ahead = rest.xreplace({e: entry for e in rest.atoms(Entry) if e.indices == entry.indices and e.indices})
            yield site.mistake(
                "wrong-operand",
                2,
                "The weights are moved by the velocity of the step after this one, as Nesterov's method does.",
                hint,
                weights + ahead + term,
            )
            yield site.mistake(
                "wrong-operand",
                2,
                "The weights are moved by the gradient alone, without the velocity.",
                hint,
                weights + term,
            )
            yield site.mistake("sum-extra", 1, "The gradient moves the weights a second time.", hint, site.value + term)
