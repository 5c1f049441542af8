"""Updates, w := w - rate * gradient: the gradient is what is checked."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TypeGuard

from ..diagnosis.correction import finding_of
from ..diagnosis.edits import Edit
from ..diagnosis.repair import refined, repair
from ..evaluation import ITSELF
from ..judging.comparison import compare
from ..judging.manner import Manner
from ..judging.readings import Read
from ..rebuilding import times
from ..terms import Derivative, Name, Negative, Product, Term, Terms, Times, Transposed
from ..verdicts import CheckedStatement, Judgement
from ..writing.latex import latex
from ..writing.tidy import tidied
from .session import Session


def judge_update(session: Session, base: CheckedStatement, read: Read, epoch: int) -> CheckedStatement:
    """w := w - rate * gradient: the gradient is what is checked."""
    gradient = _update_gradient(read)
    definition = replace(base, judgement=Judgement.DEFINITION)
    if gradient is None or not isinstance(read.left, Name):
        return definition
    if (
        _is_entrywise(gradient)
        and read.left.base in {"W", "V", "U"}
        and not any(isinstance(i, Name) and i.base in "ijk" for i in read.left.sub)
    ):
        outer = Product((gradient.factors[0], Transposed(gradient.factors[1])), (Times.JUXTAPOSED,), span=gradient.span)
        edit = Edit(outer, "hadamard", 1, gradient.span)
        return replace(
            base,
            judgement=Judgement.WRONG,
            findings=(finding_of(session, read, "hadamard", edit, None),),
            repaired=outer,
        )
    world = session.world(epoch, 0)
    is_said = any(isinstance(part, Derivative) for part in gradient.walk())
    if (is_said and not isinstance(gradient, Negative)) or world.loss is None:
        return definition
    claims = []
    for loss, convention in ((world.loss, None), (world.example_loss, "right for one example")):
        if loss is None:
            continue
        letters = tuple(Name(letter) for letter in world.quantities[loss].letters if letter)
        claims.append(Derivative(Name(ITSELF, accent=loss, sub=letters), (read.left,)))
        for manner in (Manner(), Manner(example=True)):
            outcome = compare(world, claims[-1], gradient, manner)
            if outcome.holds:
                judgement = Judgement.CONVENTION if convention else Judgement.RIGHT
                return replace(base, judgement=judgement, reason=convention, relative_error=outcome.error)
    found = repair(world, session.world(epoch, 0, seed=1), claims[0], gradient, None, (), (Manner(),))
    if found is None or re.search(r"likelihood|maximi[sz]", session.prose, re.I):
        return definition
    assert isinstance(read.right, Terms)
    step = tidied(found.edit.term, gradient)
    whole = Terms((read.right.terms[0], Negative(times(_rate(read.right), step))), span=read.right.span)
    finding = finding_of(session, read, refined(found.edit, world, claims[0], gradient), found.edit, None)
    return replace(base, judgement=Judgement.WRONG, findings=(replace(finding, fix=latex(whole)),), repaired=whole)


def _rate(right: Terms) -> Term:
    """The rate of an update."""
    last = right.terms[1]
    step = last.body if isinstance(last, Negative) else last
    return step.factors[0] if isinstance(step, Product) else step


def _is_entrywise(gradient: Term) -> TypeGuard[Product]:
    """delta (Hadamard) a: an error signal and an activation, entry by entry, have not the shape of weights."""
    return (
        isinstance(gradient, Product) and len(gradient.factors) == 2 and gradient.signs[0].is_elementwise
        and all(isinstance(factor, Name) for factor in gradient.factors)
        and any(isinstance(factor, Name) and factor.base == "delta" for factor in gradient.factors)
    )  # fmt: skip


def _update_gradient(read: Read) -> Term | None:
    """What is multiplied by the rate; where the step is added, minus that."""
    right = read.right
    if not isinstance(right, Terms) or len(right.terms) != 2:
        return None
    last = right.terms[1]
    step = last.body if isinstance(last, Negative) else last
    rates = {"alpha", "eta", "epsilon", "mu", "gamma"}
    if isinstance(step, Product) and isinstance(step.factors[0], Name) and step.factors[0].base in rates:
        rest, signs = step.factors[1:], step.signs[1:]
        gradient = rest[0] if len(rest) == 1 else Product(rest, signs, span=step.span)
        return gradient if isinstance(last, Negative) else Negative(gradient, span=step.span)
    return None
