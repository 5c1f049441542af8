"""Signs: operands of a minus, plus for minus, a minus lost or one too many."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from .site import Edit, Site, is_count, name_of_call, number

if TYPE_CHECKING:
    from collections.abc import Iterator


def differences(site: Site) -> Iterator[Edit]:
    """a - b as b - a or a + b; a + b as a - b or b - a."""
    node = site.node
    if not isinstance(node, ast.BinOp) or not isinstance(node.op, ast.Sub | ast.Add):
        return
    left, right = site.text(node.left), site.operand(node.right)
    if isinstance(node.op, ast.Sub):
        yield site.replaced("residual-reversed", 1, f"{site.text(node.right)} - {site.operand(node.left)}")
        yield site.replaced("term-sign", 1, f"{left} + {site.text(node.right)}")
    else:
        yield site.replaced("term-sign", 1, f"{left} - {right}")
        yield site.replaced("term-sign", 1.5, f"{site.text(node.right)} - {site.operand(node.left)}")


def lost_minus(site: Site) -> Iterator[Edit]:
    """-a as a, and a as -a where a value is assigned, returned, passed on or multiplied."""
    node, parent = site.node, site.parent
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        yield site.replaced("sign-flipped", 1 if number(node) is None else 1.1, site.text(node.operand))
        return
    if not isinstance(node, ast.expr) or isinstance(node, ast.Constant | ast.Tuple | ast.List | ast.Dict | ast.Lambda):
        return
    if getattr(node, "ctx", None) is not None and not isinstance(node.ctx, ast.Load):  # type: ignore[attr-defined]
        return
    is_value = isinstance(parent, ast.Assign | ast.Return | ast.AugAssign | ast.Tuple | ast.Dict | ast.Lambda)
    is_argument = isinstance(parent, ast.Call) and node in parent.args
    is_factor = isinstance(parent, ast.BinOp) and isinstance(parent.op, ast.Mult | ast.Div)
    if (
        is_count(site)
        or isinstance(parent, ast.Subscript)
        or (isinstance(parent, ast.Call) and name_of_call(parent) == "range")
    ):
        return
    if is_value or is_argument or is_factor:
        yield site.replaced("sign-flipped" if is_value else "term-sign", 1.2, f"-{site.operand(node)}")


def both_signs(site: Site) -> Iterator[Edit]:
    """return -a, -b as return a, b, and the reverse; the same of a dict's values."""
    node = site.node
    parts = node.elts if isinstance(node, ast.Tuple) else node.values if isinstance(node, ast.Dict) else []
    if len(parts) < 2 or not isinstance(site.statement, ast.Return | ast.Assign) or site.within(ast.Subscript):
        return
    if not isinstance(node, ast.Tuple | ast.Dict) or not isinstance(getattr(node, "ctx", ast.Load()), ast.Load):
        return
    minus = [part for part in parts if isinstance(part, ast.UnaryOp) and isinstance(part.op, ast.USub)]
    chosen = minus if len(minus) > 1 else parts
    texts = [site.text(part.operand) if part in minus else f"-{site.operand(part)}" for part in chosen]
    yield site.all_replaced("sign-flipped", 1.1, chosen, texts, node)


def augmented(site: Site) -> Iterator[Edit]:
    """a -= b as a += b, and the reverse."""
    node = site.node
    turned = {ast.Add: "-=", ast.Sub: "+=", ast.Mult: "/=", ast.Div: "*="}
    if isinstance(node, ast.AugAssign) and type(node.op) in turned:
        code = "term-sign" if isinstance(node.op, ast.Add | ast.Sub) else "factor"
        yield site.replaced(code, 1, f"{site.text(node.target)} {turned[type(node.op)]} {site.text(node.value)}")


def comparisons(site: Site) -> Iterator[Edit]:
    """a > b as a < b, and the reverse."""
    node = site.node
    if isinstance(node, ast.Compare) and isinstance(site.parent, ast.Expr) and isinstance(node.ops[0], ast.Eq):
        # A comparison for an assignment, whose result nobody uses.
        left, right = site.text(node.left), site.text(node.comparators[0])
        yield site.replaced("activation-missing", 0.8, f"{left} = {right}", site.parent)
        return
    turned = {ast.Gt: "<", ast.GtE: "<", ast.Lt: ">", ast.LtE: ">", ast.Eq: "!=", ast.NotEq: "=="}
    edge = {ast.GtE: ">", ast.LtE: "<", ast.Gt: ">=", ast.Lt: "<="}
    if isinstance(node, ast.Compare) and len(node.ops) == 1 and type(node.ops[0]) in edge:
        text = f"{site.operand(node.left)} {edge[type(node.ops[0])]} {site.operand(node.comparators[0])}"
        yield site.replaced("activation-derivative", 1, text)
    if isinstance(node, ast.Compare) and len(node.ops) == 1 and type(node.ops[0]) in turned:
        left, right = site.operand(node.left), site.operand(node.comparators[0])
        is_equality = isinstance(node.ops[0], ast.Eq | ast.NotEq)
        code = "wrong-index" if is_equality else "activation-derivative"
        yield site.replaced(code, 1, f"{left} {turned[type(node.ops[0])]} {right}")
        if isinstance(node.ops[0], ast.Gt | ast.Lt | ast.GtE | ast.LtE) and number(node.comparators[0]) != 0:
            yield site.replaced("activation-derivative", 1.5, f"{left} > 0")
