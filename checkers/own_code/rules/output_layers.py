"""softmax_backward(Y, cache): the derivative of the cross-entropy through the network's last activation, in one."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from checkers.own_code.facts import Facts, Function
from checkers.own_code.inputs import Input, Kind
from checkers.own_code.roles import Role, describe, plain, role_of
from checkers.own_code.units import Case, Nature, Reading, Unit

from .pairs import BACKWARD, forward_of

TERMS = {
    "softmax": "_v['Y'] * np.log(_out)",
    "sigmoid": "_v['Y'] * np.log(_out) + (1 - _v['Y']) * np.log(1 - _out)",
}


def find(facts: Facts) -> Iterator[Unit]:
    """Every backward of a softmax or sigmoid that takes labels and one thing more."""
    for function in facts.own:
        forward = forward_of(function, facts) if BACKWARD.search(function.name.lower()) else None
        name = next((name for name in TERMS if plain(function.name).startswith(name)), None)
        labels = [one for one in function.required if role_of(one) is Role.LABELS]
        if (
            forward is not None
            and name
            and len(labels) == 1
            and len(function.required) == 2
            and len(forward.required) == 1
        ):
            yield _unit(function, forward, name, labels[0])


def _unit(backward: Function, forward: Function, name: str, labels: str) -> Unit:
    other = next(one for one in backward.required if one != labels)
    return Unit(
        name=backward.name,
        nature=Nature.LOSS,
        value_name=f"the cross-entropy of {forward.name}",
        rule=f"{backward.name} takes labels: the derivative of the cross-entropy through {forward.name}",
        line=backward.line,
        readings=tuple(_readings(backward, forward, TERMS[name], labels, other)),
        functions=(forward.name, backward.name),
        returned=backward.returns,
    )


def _readings(backward: Function, forward: Function, term: str, labels: str, other: str) -> Iterator[Reading]:
    z = forward.required[0]
    kind = Kind.BINARY if "1 -" in term else Kind.ONE_HOT
    for in_columns, is_mean, given in product((True, False), (False, True), ("_cache", "_out")):
        axis = 0 if in_columns else 1
        shape = ("C", "n") if in_columns else ("n", "C")
        inputs = (Input(z, shape), Input("Y", shape, kind, axis=axis))
        loss = f"""\
import numpy as np
_returned = {forward.name}(_v[{z!r}])
_out, _cache = _T.first(_returned), _T.cache_of(_returned)
_loss = -np.sum({term}){f" / _out.shape[{1 - axis}]" if is_mean else ""}
"""
        yield Reading(
            label=describe({one.name: one for one in inputs}),
            value=loss + "return _loss",
            gradient=loss + f"return _loss, {backward.name}({labels}=_v['Y'], {other}={given})",
            cases=(Case("", {}, inputs),),
            wrt=(z,),
            assumed=(f"the cost is the cross-entropy, {'averaged' if is_mean else 'summed'} over the samples",),
        )
