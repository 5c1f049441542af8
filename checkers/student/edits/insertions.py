"""What may have been left out: a factor, an activation's derivative, a term, a division by a count."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from .site import Edit, Site, is_count

if TYPE_CHECKING:
    from collections.abc import Iterator


def missing_factors(site: Site) -> Iterator[Edit]:
    """A value times a constant, an array, an activation's derivative, or divided by a count."""
    text = _value(site)
    if text is None or is_count(site):
        return
    is_at_end = isinstance(site.statement, ast.Return) and isinstance(
        site.node, ast.Name | ast.Subscript | ast.Attribute
    )
    later = 0.6 if is_at_end else 0.0  # of a value that is ready: most is forgotten where it is computed
    for count in site.scope.counts:
        yield site.replaced("mean-missing", 1.6 + later, f"{text} / {count}")
    for constant in ("2", "0.5"):
        yield site.replaced("factor", 1.8 + later, f"{constant} * {text}")
    for name, shape in site.scope.arrays.items():
        if not shape and name not in site.scope.counts:
            yield site.replaced("factor", 2 + later, f"{text} * {name}")
    for name, _ in site.beside():
        yield site.replaced("activation-missing", 2 + later, f"{text} * ({name} > 0)")
        yield site.replaced("activation-missing", 2.2 + later, f"{text} * {name} * (1 - {name})")
        yield site.replaced("activation-missing", 2.2 + later, f"{text} * (1 - {name} ** 2)")
        yield site.replaced("chain-factor-missing", 2.4 + later, f"{text} * {name}")
        for function in site.scope.functions:
            yield site.replaced("activation-missing", 2.4 + later, f"{text} * {function}({name})")


def scalar_factors(site: Site) -> Iterator[Edit]:
    """In a loop over entries, a number times an activation's derivative."""
    text = _value(site)
    if text is None or site.shape not in ((), None):
        return
    for name, shape in site.scope.arrays.items():
        if shape or name in site.scope.counts:
            continue
        yield site.replaced("activation-missing", 2.3, f"{text} * ({name} > 0)")
        yield site.replaced("activation-missing", 2.4, f"{text} * {name} * (1 - {name})")
        yield site.replaced("activation-missing", 2.4, f"{text} * (1 - {name} ** 2)")
        for function in site.scope.functions:
            yield site.replaced("activation-missing", 2.5, f"{text} * {function}({name})")


def inner_terms(site: Site) -> Iterator[Edit]:
    """z as z - y, and reg as reg * W, inside of an expression."""
    node, parent = site.node, site.parent
    if not isinstance(node, ast.Name | ast.Attribute | ast.Subscript) or not isinstance(parent, ast.BinOp | ast.Call):
        return
    text = site.text(node)
    shape = site.scope.arrays.get(text)
    if shape is None or getattr(parent, "func", None) is node or site.within(ast.Subscript):
        return
    if not shape and text not in site.scope.counts:
        for name, other in site.scope.arrays.items():
            if len(other) == 2 and isinstance(parent, ast.BinOp):
                yield site.replaced("chain-factor-missing", 2.5, f"{text} * {name}")
    elif shape:
        for name, other in site.scope.arrays.items():
            if other == shape and name != text:
                yield site.replaced("term-missing", 2.6, f"{text} - {name}")
                yield site.replaced("term-missing", 2.7, f"{text} + {name}")


def missing_products(site: Site) -> Iterator[Edit]:
    """A value times a matrix."""
    text = _value(site)
    if text is None or site.shape == ():
        return
    for name, shape in site.scope.arrays.items():
        if len(shape) == 2:
            for product in (f"{text} @ {name}", f"{text} @ {name}.T", f"{name} @ {text}", f"{name}.T @ {text}"):
                yield site.replaced("chain-factor-missing", 3, product)


def missing_terms(site: Site) -> Iterator[Edit]:
    """A value plus another array, or plus a penalty."""
    text = _value(site)
    if text is None:
        return
    later = 0.5 if isinstance(site.parent, ast.Return | ast.Tuple) else 0.0
    # Where lambda stands already, the other layer's penalty was forgotten.
    words = set(re.findall(r"\w+", text))
    numbers = {name for name, shape in site.scope.arrays.items() if not shape} - set(site.scope.counts)
    later -= 0.2 if numbers & words else 0.0
    arrays = [(name, shape) for name, shape in site.scope.arrays.items() if shape]
    strengths = [name for name, shape in site.scope.arrays.items() if not shape and name not in site.scope.counts]
    square = f"{site.scope.numpy}sum"
    for name, shape in site.beside():
        yield site.replaced("term-missing", 2.2 + later, f"{text} + {name}")
        yield site.replaced("term-missing", 2.2 + later, f"{text} - {name}")
        for strength in strengths if site.shape in (shape, None) else ():
            for front in ("2 * ", ""):
                yield site.replaced("regulariser-missing", 2.4 + later, f"{text} + {front}{strength} * {name}")
    for name in strengths:
        yield site.replaced("term-missing", 2.3 + later, f"{text} + {name}")
        yield site.replaced("term-missing", 2.3 + later, f"{text} - {name}")
    if site.shape not in ((), None):
        return
    matrices = [name for name, shape in arrays if len(shape) == 2]
    for name in matrices:
        for strength in strengths:
            for front in ("", "0.5 * "):
                penalty = f"{front}{strength} * {square}({name} ** 2)"
                yield site.replaced("regulariser-missing", 2.6 + later, f"{text} + {penalty}")
    weights = [name for name in matrices if "W" in name.upper()]
    total = " + ".join(f"{square}({name} ** 2)" for name in weights)
    if len(weights) > 1 and later == 0:
        for strength in strengths:
            for front in ("", "0.5 * "):
                yield site.replaced("regulariser-missing", 3, f"{text} + {front}{strength} * ({total})")


def _value(site: Site) -> str | None:
    """The text of a value that is assigned, returned or added up; None for any other node."""
    node, parent = site.node, site.parent
    if not isinstance(node, ast.expr) or isinstance(node, ast.Constant | ast.Tuple | ast.List | ast.Dict | ast.Lambda):
        return None
    if not isinstance(getattr(node, "ctx", ast.Load()), ast.Load):
        return None
    if isinstance(parent, ast.Assign | ast.AugAssign | ast.Return | ast.Dict | ast.Lambda | ast.AnnAssign):
        return site.operand(node)
    if isinstance(parent, ast.Tuple) and isinstance(parent.ctx, ast.Load) and not site.within(ast.Subscript):
        return site.operand(node)
    if isinstance(parent, ast.Call) and node in parent.args and isinstance(node, ast.BinOp | ast.Name):
        return site.operand(node) if getattr(parent.func, "attr", "") in {"sum", "mean", "append", "dot"} else None
    return None
