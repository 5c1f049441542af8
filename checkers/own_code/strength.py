"""The strength of a regulariser among the arguments of a loss, and what it is where the gradient takes none."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from .facts import Function, own_nodes
from .roles import Role, plain, role_of

LETTERS = frozenset(["l", "c"])
PENALTY = re.compile(r"^(l[12]|reg|penal|ridge|lasso)")


def is_strength(function: Function, name: str) -> bool:
    """Does an argument weigh the regulariser: by its name, or as a last `l` or `C` that is a factor of a penalty?"""
    if function.keys_of(name):
        return False
    if role_of(name) is Role.REGULARISATION:
        return True
    return plain(name) in LETTERS and name == function.names[-1] and _weighs_a_penalty(function, name)


def _weighs_a_penalty(function: Function, name: str) -> bool:
    """Does it stand in a product with the weights, and with neither data nor labels: l / (2 * m) * np.sum(w ** 2)?"""
    products = [one for one in own_nodes(function.node) if _is_product(one)]
    inner = {id(side) for one in products for side in (one.left, one.right)}  # type: ignore[attr-defined]
    for one in products:
        names = {part.id for part in ast.walk(one) if isinstance(part, ast.Name)}
        roles = {role_of(other) for other in names - {name}}
        has_penalty = Role.WEIGHTS in roles or any(PENALTY.match(plain(other)) for other in names)
        if id(one) not in inner and name in names and has_penalty and not roles & {Role.DATA, Role.LABELS}:
            return True
    return False


def _is_product(node: ast.AST) -> bool:
    return isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult | ast.Div)


@dataclass(frozen=True, slots=True)
class Strength:
    """What a loss is given as the strength, where its gradient takes none.

    Attributes:
        text: the source of the value; "" where the gradient takes the strength like any other argument.
        assumed: how it is told.
        is_guess: counts only where it is right.
    """

    text: str = ""
    assumed: tuple[str, ...] = ()
    is_guess: bool = False


def strengths(value: Function, gradient: Function, name: str) -> Iterator[Strength]:
    """What the strength may be: 0 if the gradient cannot take it, else what stands in its text for all calls.

    Args:
        name: of the loss's argument; "" where it has none.
    """
    if not name or name in gradient.names:
        yield Strength()
        return
    yield Strength("0.0", (f"{name} = 0: {gradient.full_name} takes no strength of the regulariser",))
    default = next((one.default for one in value.parameters if one.name == name), None)
    if default is not None:
        yield Strength(default, (f"{name} = {default}, its default: {gradient.full_name} takes none",), is_guess=True)
    for known in sorted(gradient.used_names - set(gradient.names)):
        if role_of(known) is Role.REGULARISATION:
            said = f"{name} is the module's {known}: {gradient.full_name} takes none"
            yield Strength(known, (said,), is_guess=True)
