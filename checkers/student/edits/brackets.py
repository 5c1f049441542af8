"""Brackets: the same operators bound the other way."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from .site import Edit, Site

if TYPE_CHECKING:
    from collections.abc import Iterator

SIGNS = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.Pow: "**", ast.MatMult: "@"}
# a + (b + c) = (a + b) + c, and so on: nothing changes.
SAME = {
    (ast.Add, ast.Add),
    (ast.Add, ast.Sub),
    (ast.Mult, ast.Mult),
    (ast.MatMult, ast.MatMult),
    (ast.Mult, ast.Div),
}


def regrouped(site: Site) -> Iterator[Edit]:
    """(a o b) p c as a o (b p c), and the reverse."""
    node = site.node
    if not isinstance(node, ast.BinOp) or type(node.op) not in SIGNS:
        return
    outer = SIGNS[type(node.op)]
    for inner, is_left in ((node.left, True), (node.right, False)):
        if isinstance(inner, ast.UnaryOp) and isinstance(inner.op, ast.USub) and is_left:
            yield site.replaced("precedence", 1.5, f"-({site.text(inner.operand)} {outer} {site.text(node.right)})")
        if not isinstance(inner, ast.BinOp) or type(inner.op) not in SIGNS:
            continue
        order = (type(inner.op), type(node.op)) if is_left else (type(node.op), type(inner.op))
        if order in SAME:
            continue
        sign = SIGNS[type(inner.op)]
        a, b = site.operand(inner.left), site.operand(inner.right)
        if is_left:
            c = site.operand(node.right)
            yield site.replaced("precedence", 1.2, f"{a} {sign} ({b} {outer} {c})")
        else:
            c = site.operand(node.left)
            yield site.replaced("precedence", 1.2, f"({c} {outer} {a}) {sign} {b}")


def distributed(site: Site) -> Iterator[Edit]:
    """(a + b) / c as a / c + b, and a /= c + b as a = a / c + b: a factor or divisor that reaches one term too many."""
    node = site.node
    if isinstance(node, ast.AugAssign) and isinstance(node.op, ast.Div | ast.Mult):
        value, target = node.value, site.text(node.target)
        if isinstance(value, ast.BinOp) and isinstance(value.op, ast.Add | ast.Sub):
            outer, sign = SIGNS[type(node.op)], SIGNS[type(value.op)]
            text = f"{target} = {target} {outer} {site.operand(value.left)} {sign} {site.operand(value.right)}"
            yield site.replaced("precedence", 1.2, text)
        return
    if not isinstance(node, ast.BinOp) or not isinstance(node.op, ast.Div | ast.Mult):
        return
    outer = SIGNS[type(node.op)]
    before = node.left
    if isinstance(before, ast.BinOp) and isinstance(before.op, ast.Mult) and isinstance(before.right, ast.BinOp):
        summed = before.right
        if isinstance(summed.op, ast.Add | ast.Sub):  # u * (a + b) * c as u * (a + b * c)
            sign, factor = SIGNS[type(summed.op)], site.operand(node.right)
            a, b = site.operand(summed.left), site.operand(summed.right)
            yield site.replaced("precedence", 1.5, f"{site.operand(before.left)} * ({a} {sign} {b} {outer} {factor})")
    for inner, other in ((node.left, node.right), (node.right, node.left)):
        is_divided = isinstance(node.op, ast.Mult) or inner is node.left
        if is_divided and isinstance(inner, ast.BinOp) and isinstance(inner.op, ast.Add | ast.Sub):
            sign, factor = SIGNS[type(inner.op)], site.operand(other)
            a, b = site.operand(inner.left), site.operand(inner.right)
            yield site.replaced("precedence", 1.4, f"{a} {outer} {factor} {sign} {b}")
            yield site.replaced("precedence", 1.4, f"{a} {sign} {b} {outer} {factor}")


def deeper(site: Site) -> Iterator[Edit]:
    """a o b p c q d as a o b p (c q d), and (a o b p c) q d: the last operand bound to the one before, or the first."""
    node = site.node
    if not isinstance(node, ast.BinOp):
        return
    for inner, middle in (
        (node.left, getattr(node.left, "right", None)),
        (node.right, getattr(node.right, "left", None)),
    ):
        if not isinstance(inner, ast.BinOp) or not isinstance(middle, ast.BinOp):
            continue
        if not {type(node.op), type(inner.op), type(middle.op)} <= set(SIGNS):
            continue
        outer, sign, between = SIGNS[type(node.op)], SIGNS[type(inner.op)], SIGNS[type(middle.op)]
        b, c = site.operand(middle.left), site.operand(middle.right)
        if inner is node.left:
            a, d = site.operand(inner.left), site.operand(node.right)
            yield site.replaced("precedence", 1.6, f"{a} {sign} {b} {between} ({c} {outer} {d})")
        else:
            a, d = site.operand(node.left), site.operand(inner.right)
            yield site.replaced("precedence", 1.6, f"(({a} {outer} {b}) {between} {c}) {sign} {d}")


def calls(site: Site) -> Iterator[Edit]:
    """f(x) o c as f(x o c), f(x o c) as f(x) o c."""
    node = site.node
    if isinstance(node, ast.BinOp) and type(node.op) in SIGNS:
        sign = SIGNS[type(node.op)]
        for call, other, is_left in ((node.left, node.right, True), (node.right, node.left, False)):
            if isinstance(call, ast.Call) and call.args:
                head, tail = _round(site, call)
                inside = [site.operand(call.args[0]), site.operand(other)]
                text = f" {sign} ".join(inside if is_left else inside[::-1])
                yield site.replaced("precedence", 1.5 if is_left else 1.6, f"{head}{text}{tail}")
    if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.BinOp):
        inner = node.args[0]
        if type(inner.op) in SIGNS:
            sign = SIGNS[type(inner.op)]
            head, tail = _round(site, node)
            left, right = site.text(inner.left), site.text(inner.right)
            yield site.replaced("precedence", 1.5, f"{head}{left}{tail} {sign} {site.operand(inner.right)}")
            yield site.replaced("precedence", 1.6, f"{site.operand(inner.left)} {sign} {head}{right}{tail}")


def _round(site: Site, call: ast.Call) -> tuple[str, str]:
    """What stands before and behind a call's first argument."""
    start, end = site.source.span(call)
    first, last = site.source.span(call.args[0])
    return site.source.data[start:first].decode(), site.source.data[last:end].decode()


def fractions(site: Site) -> Iterator[Edit]:
    """a - b / c + d as (a - b) / (c + d)."""
    node = site.node
    if not isinstance(node, ast.BinOp) or not isinstance(node.op, ast.Add | ast.Sub):
        return
    inner, right = node.left, node.right
    if isinstance(inner, ast.BinOp) and isinstance(inner.op, ast.Add | ast.Sub) and isinstance(inner.right, ast.BinOp):
        middle = inner.right
        if isinstance(middle.op, ast.Div):
            above = f"{site.text(inner.left)} {SIGNS[type(inner.op)]} {site.operand(middle.left)}"
            below = f"{site.text(middle.right)} {SIGNS[type(node.op)]} {site.operand(right)}"
            yield site.replaced("precedence", 1.4, f"({above}) / ({below})")


def comparisons(site: Site) -> Iterator[Edit]:
    """a * b > c as a * (b > c)."""
    node = site.node
    if isinstance(node, ast.Compare) and isinstance(node.left, ast.BinOp) and type(node.left.op) in SIGNS:
        left, sign = node.left, SIGNS[type(node.left.op)]
        _, end = site.source.span(node)
        rest = site.source.data[site.source.span(left)[1] : end].decode("utf-8", "replace")
        yield site.replaced("precedence", 1, f"{site.operand(left.left)} {sign} ({site.operand(left.right)}{rest})")
