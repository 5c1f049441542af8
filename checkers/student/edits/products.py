"""Products: * and @, transposes, the order of factors, outer products."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from .site import Edit, Site, name_of_call, number

if TYPE_CHECKING:
    from collections.abc import Iterator


def _has_number(site: Site, *nodes: ast.expr) -> bool:
    """Is one of the factors a number, which has no transpose?"""
    return any(number(node) is not None or site.scope.arrays.get(site.text(node)) == () for node in nodes)


def matrix_products(site: Site) -> Iterator[Edit]:
    """a @ b with factors swapped, transposed, or multiplied entry by entry; the same of np.dot."""
    node = site.node
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.MatMult):
        left, right = node.left, node.right
    elif isinstance(node, ast.Call) and name_of_call(node) in {"dot", "matmul"} and len(node.args) == 2:
        left, right = node.args
    elif isinstance(node, ast.Call) and name_of_call(node) == "dot" and isinstance(node.func, ast.Attribute):
        if len(node.args) != 1:
            return
        left, right = node.func.value, node.args[0]
    else:
        return
    if _has_number(site, left, right):
        return
    a, b, c, d = site.operand(left), site.operand(right), _turned(site, left), _turned(site, right)
    yield site.replaced("hadamard", 1, f"{a} * {b}")
    for cost, text in (
        (1, f"{c} @ {b}"),
        (1, f"{a} @ {d}"),
        (1.2, f"{b} @ {a}"),
        (1.3, f"{d} @ {a}"),
        (1.3, f"{b} @ {c}"),
        (1.4, f"({a} @ {b}).T"),
        (1.5, f"{c} @ {d}"),
        (1.6, f"({b} @ {c}).T"),
    ):
        yield site.replaced("transposed", cost, text)
    yield site.replaced("hadamard", 1.5, f"{site.scope.numpy}outer({a}, {b})")


def _turned(site: Site, node: ast.expr) -> str:
    """The transpose of a factor, without a second .T behind the first."""
    if isinstance(node, ast.Attribute) and node.attr == "T":
        return site.text(node.value)
    return f"{site.operand(node)}.T"


def entrywise_products(site: Site) -> Iterator[Edit]:
    """a * b as a @ b, with either transposed."""
    node = site.node
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult):
        left, right = node.left, node.right
    elif isinstance(node, ast.Call) and name_of_call(node) in {"multiply", "outer"} and len(node.args) == 2:
        left, right = node.args
    else:
        return
    if _has_number(site, left, right):
        return
    a, b, c, d = site.operand(left), site.operand(right), _turned(site, left), _turned(site, right)
    for cost, text in ((1, f"{a} @ {b}"), (1.3, f"{c} @ {b}"), (1.3, f"{a} @ {d}"), (1.5, f"{b} @ {a}")):
        yield site.replaced("hadamard", cost, text)
    if isinstance(node, ast.Call):
        yield site.replaced("hadamard", 1, f"{a} * {b}")


def transposes(site: Site) -> Iterator[Edit]:
    """x.T as x, x as x.T where it is assigned, returned or multiplied."""
    node, parent = site.node, site.parent
    if isinstance(node, ast.Attribute) and node.attr == "T":
        yield site.replaced("transposed", 1, site.text(node.value))
        return
    if not isinstance(node, ast.Name | ast.Call | ast.Subscript | ast.Attribute | ast.BinOp):
        return
    if not isinstance(getattr(node, "ctx", ast.Load()), ast.Load):
        return
    if isinstance(parent, ast.Assign | ast.Return | ast.Tuple | ast.Dict | ast.BinOp):
        later = 0.3 if isinstance(parent, ast.Return | ast.Tuple) else 0.0
        yield site.replaced("transposed", 1.5 + later, f"{site.operand(node)}.T")


def swapped_arguments(site: Site) -> Iterator[Edit]:
    """f(a, b) as f(b, a); return a, b as return b, a."""
    node = site.node
    if isinstance(node, ast.Call):
        parts, code = node.args, "wrong-operand"
        if name_of_call(node) in {"outer", "dot", "matmul"}:
            code = "transposed"
        elif name_of_call(node) == "where":
            code = "activation-derivative"
    elif isinstance(node, ast.Tuple) and isinstance(node.ctx, ast.Load) and not isinstance(site.parent, ast.Subscript):
        parts, code = node.elts, "wrong-operand"
    elif isinstance(node, ast.Tuple) and isinstance(site.parent, ast.Assign):
        parts, code = node.elts, "wrong-operand"  # a cache unpacked in another order
    else:
        return
    for i, first in enumerate(parts):
        for second in parts[i + 1 :]:
            start, end = site.source.span(first)[0], site.source.span(second)[1]
            between = site.source.data[site.source.span(first)[1] : site.source.span(second)[0]].decode()
            text = site.text(second) + between + site.text(first)
            yield Edit(code, 1.5, start, end, text)
