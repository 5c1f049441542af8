"""Scales: means and sums, what is divided by, constants, squares, factors left out or twice."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from .site import Edit, Site, is_method, name_of_call, number

if TYPE_CHECKING:
    from collections.abc import Iterator

# The numbers of the field that are mistyped or forgotten: exponents and halves, and the improved sigmoid's
# 1.7159 tanh(2z/3) (LeCun et al., Efficient BackProp, section 4.4).
CONSTANTS = ("1.7159", "2 / 3", "2", "0.5", "1", "0", "4", "1.7159 * 2 / 3", "2 / 3 / 1.7159")

# The slip that a call too many is.
CODE_OF_CALL = {"softmax": "softmax-twice", "square": "wrong-power", "sqrt": "wrong-power", "sum": "sum-extra"}
CODE_OF_CALL |= dict.fromkeys(["reshape", "ravel", "flatten"], "broadcast")


def constants(site: Site) -> Iterator[Edit]:
    """Another number in the place of one."""
    node = site.node
    value = number(node)
    if value is None or not isinstance(node, ast.Constant) or site.within(ast.Subscript, ast.keyword):
        return
    if any(isinstance(p, ast.Call) and name_of_call(p) in {"range", "reversed", "reshape"} for p in site.parents):
        return
    if isinstance(site.parent, ast.Call) and name_of_call(site.parent) in {"sum", "mean", "max", "argmax"}:
        return
    if isinstance(node.value, int) and site.within(ast.Call, ast.List):
        yield site.replaced("integer-dtype", 0.9, f"{value:.1f}")
    in_power = isinstance(site.parent, ast.BinOp) and isinstance(site.parent.op, ast.Pow)
    in_log = any(isinstance(parent, ast.Call) and name_of_call(parent) == "log" for parent in site.parents)
    if in_log and 0 < value < 0.1:
        yield site.replaced("wrong-loss", 1, "1e-12")
        return
    code = "wrong-power" if in_power else "factor"
    if isinstance(site.parent, ast.Compare):
        is_equality = isinstance(site.parent.ops[0], ast.Eq | ast.NotEq)
        code = "wrong-index" if is_equality else "activation-derivative"
    near = [f"{value + 1:g}", f"{value - 1:g}", f"{2 * value:g}", f"{value / 2:g}", f"-{value:g}"]
    for place, text in enumerate(dict.fromkeys([*near, *CONSTANTS])):
        if text.lstrip("-").replace(".", "").isdigit() and float(text) == value:
            continue
        yield site.replaced("term-sign" if text[0] == "-" else code, 1 if place < len(near) else 1.5, text)
    if in_power:
        return
    for count in site.scope.counts:
        yield site.replaced("wrong-count", 2, count)


def term_factors(site: Site) -> Iterator[Edit]:
    """One term of a sum times 2 or 1/2."""
    node, parent = site.node, site.parent
    is_sum = isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub)
    is_term = isinstance(parent, ast.BinOp) and isinstance(parent.op, ast.Add | ast.Sub) and not is_sum
    if is_term and isinstance(node, ast.BinOp | ast.Name | ast.Call):
        for factor in ("2", "0.5"):
            yield site.replaced("factor", 1.6, f"{factor} * {site.operand(node)}")


def _is_scalar(node: ast.expr, site: Site) -> bool:
    """Is it made of numbers only?"""
    names = {part.id for part in ast.walk(node) if isinstance(part, ast.Name)}
    return all(site.scope.arrays.get(name) == () for name in names) and not any(
        isinstance(part, ast.Call | ast.Subscript) for part in ast.walk(node)
    )


def sizes(site: Site) -> Iterator[Edit]:
    """x.size as the number of its rows."""
    node = site.node
    if isinstance(node, ast.Attribute) and node.attr == "size":
        for axis in (0, 1):
            yield site.replaced("wrong-count", 1, f"{site.text(node.value)}.shape[{axis}]")


def quotients(site: Site) -> Iterator[Edit]:
    """a / b as a, as a * b, or by another count."""
    node = site.node
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div | ast.FloorDiv):
        code = "factor" if number(node.right) is not None else "mean-twice"
        yield site.replaced(code, 1, site.text(node.left))
        yield site.replaced("factor", 1.5, f"{site.text(node.left)} * {site.operand(node.right)}")
        if isinstance(node.op, ast.FloorDiv):
            yield site.replaced("integer-dtype", 1, f"{site.text(node.left)} / {site.operand(node.right)}")
        divisor, target = node.right, None
    elif isinstance(node, ast.AugAssign) and isinstance(node.op, ast.Div):
        divisor, target = node.value, node
    else:
        return
    for count in site.scope.counts:
        if count != site.text(divisor):
            text = f"{site.text(target.target)} /= {count}" if target else f"{site.text(node.left)} / {count}"  # type: ignore[union-attr]
            yield site.replaced("wrong-count", 1.5, text)


def means(site: Site) -> Iterator[Edit]:
    """sum for mean, mean for sum."""
    node = site.node
    other = {"sum": "mean", "mean": "sum", "average": "sum", "nansum": "mean"}
    if isinstance(node, ast.Call) and name_of_call(node) in other and isinstance(node.func, ast.Attribute):
        name = name_of_call(node)
        start, end = site.source.span(node.func)
        text = site.source.data[start : end - len(name)].decode() + other[name]
        yield site.replaced("mean-missing" if name == "sum" else "mean-twice", 1, text, node.func)
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in other:
        name = node.func.id
        if name != "sum" or site.scope.numpy == "":
            yield site.replaced("mean-missing" if name == "sum" else "mean-twice", 1, other[name], node.func)


def powers(site: Site) -> Iterator[Edit]:
    """a ** 2 as a, a as a ** 2; np.square and np.sqrt taken away; np.abs as a square."""
    node = site.node
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Pow):
        yield site.replaced("wrong-power", 1, site.text(node.left))
    elif isinstance(node, ast.Call) and len(node.args) == 1 and name_of_call(node) in {"abs", "absolute", "fabs"}:
        yield site.replaced("not-a-loss", 1, f"{site.operand(node.args[0])} ** 2")
    elif _may_be_squared(site):
        assert isinstance(node, ast.expr)
        yield site.replaced("wrong-power", 2, f"{site.operand(node)} ** 2")


def all_squares(site: Site) -> Iterator[Edit]:
    """norm(a) + norm(b) as norm(a) ** 2 + norm(b) ** 2."""
    node = site.node
    if not isinstance(node, ast.BinOp) or not isinstance(node.op, ast.Add) or isinstance(site.parent, ast.BinOp):
        return
    calls: dict[str, list[ast.Call]] = {}
    for part in ast.walk(node):
        if isinstance(part, ast.Call):
            calls.setdefault(site.text(part.func), []).append(part)
    for found in calls.values():
        if len(found) > 1:
            texts = [f"{site.text(call)} ** 2" for call in found]
            yield site.all_replaced("wrong-power", 2, found, texts, node)
            inner = [_last_factor(call.args[0]) for call in found if len(call.args) == 1]
            if len(inner) == len(found):
                yield site.all_replaced("wrong-power", 2, inner, [f"{site.operand(i)} ** 2" for i in inner], node)


def _last_factor(node: ast.expr) -> ast.expr:
    if isinstance(node, ast.GeneratorExp | ast.ListComp):
        return node.elt
    return node.right if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult) else node


def all_constants(site: Site) -> Iterator[Edit]:
    """A number that stands several times in a statement as another one, in all places."""
    node = site.node
    value = getattr(node, "value", None)
    if node is not site.statement or not isinstance(value, ast.expr):
        return
    places: dict[float, list[ast.expr]] = {}
    for part in ast.walk(value):
        known = number(part)
        if known is not None and isinstance(part, ast.Constant):
            places.setdefault(known, []).append(part)
    for known, found in places.items():
        if len(found) > 1:
            for text in dict.fromkeys((f"{2 * known:g}", f"{known / 2:g}", f"{known:.0f}", *CONSTANTS[:3])):
                yield site.all_replaced("factor", 1.6, found, [text] * len(found), value)


def _may_be_squared(site: Site) -> bool:
    node, parent = site.node, site.parent
    if not isinstance(node, ast.Name | ast.Call | ast.BinOp | ast.Subscript | ast.Attribute):
        return False
    if not isinstance(getattr(node, "ctx", ast.Load()), ast.Load):
        return False
    if isinstance(parent, ast.BinOp):
        return isinstance(parent.op, ast.Sub | ast.Add | ast.Mult)
    if isinstance(parent, ast.Attribute):
        return parent.attr in {"sum", "mean"}
    if isinstance(parent, ast.GeneratorExp | ast.ListComp):
        return parent.elt is node
    return isinstance(parent, ast.Call) and node in parent.args and name_of_call(parent) in {"sum", "mean", "average"}


def factors(site: Site) -> Iterator[Edit]:
    """a * b without one of its factors, or one divided by in place of multiplied with."""
    node = site.node
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult):
        for kept, dropped in ((node.left, node.right), (node.right, node.left)):
            code, cost = "factor" if _is_scalar(dropped, site) else "wrong-operand", 1.5
            if site.text(dropped) in site.scope.counts or ".shape[" in site.text(dropped):
                code, cost = "wrong-count", 1.3
            if isinstance(dropped, ast.Compare):
                code = "activation-derivative"
            elif site.text(dropped) in _other_factors(site, kept):
                code = "wrong-power"
            yield site.replaced(code, cost, site.text(kept))
        yield site.replaced("factor", 1.5, f"{site.operand(node.left)} / {site.operand(node.right)}")
    elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub):
        minus = "-" if isinstance(node.op, ast.Sub) else ""
        yield site.replaced("term-missing", 2, site.text(node.left))
        yield site.replaced("term-missing", 2, f"{minus}{site.operand(node.right)}")


def whole_numbers(site: Site) -> Iterator[Edit]:
    """dtype=int as dtype=float, x.astype(int) and int(x) as x."""
    node = site.node
    if isinstance(node, ast.keyword) and node.arg == "dtype":
        yield site.replaced("integer-dtype", 1, "float", node.value)
    elif isinstance(node, ast.Call) and name_of_call(node) == "astype" and isinstance(node.func, ast.Attribute):
        yield site.replaced("integer-dtype", 1, site.text(node.func.value))
    elif isinstance(node, ast.Call) and node.args:
        text = site.text(node.args[0])
        if name_of_call(node) in {"int", "round"}:
            yield site.replaced("integer-dtype", 1, text)
        elif name_of_call(node) in {"zeros_like", "empty_like"}:
            yield site.replaced("integer-dtype", 1, f"0.0 * {text}")


def masks(site: Site) -> Iterator[Edit]:
    """maximum(d, 0) and where(d > 0, d, 0) as d where another array is positive."""
    node = site.node
    if not isinstance(node, ast.Call) or name_of_call(node) not in {"maximum", "where", "clip", "relu"}:
        return
    for part in node.args:
        text = site.text(part)
        if site.scope.arrays.get(text):
            for other, _ in site.beside(site.scope.arrays[text]):
                if other != text:
                    yield site.replaced("activation-argument", 2, f"{text} * ({other} > 0)")


def _other_factors(site: Site, kept: ast.expr) -> str:
    """What a factor is multiplied with, in its own product and in the one round it."""
    parent = site.parent
    is_product = isinstance(parent, ast.BinOp) and isinstance(parent.op, ast.Mult) and isinstance(site.node, ast.BinOp)
    around = (parent.right if parent.left is site.node else parent.left) if is_product else kept  # type: ignore[attr-defined]
    return f"{site.text(kept)} {site.text(around)}"


def wrappers(site: Site) -> Iterator[Edit]:
    """f(x) as x."""
    node = site.node
    if not isinstance(node, ast.Call) or name_of_call(node) in {"len", "range", "float", "int", "list", "print"}:
        return
    if isinstance(site.parent, ast.Expr):
        return  # an append left out is another matter
    if name_of_call(node) in {"copy", "astype", "array", "asarray", "zeros", "ones", "zeros_like"}:
        return
    inner = None
    if is_method(node, site.scope) and isinstance(node.func, ast.Attribute) and len(node.args) <= 1:
        inner = node.func.value
        if isinstance(inner, ast.Name) and inner.id not in site.scope.arrays:
            inner = None  # self.softmax(Z), not Z.sum()
    if inner is None and node.args:
        inner = node.args[0]
    if inner is None or isinstance(inner, ast.Starred | ast.Tuple | ast.List):
        return
    yield site.replaced(CODE_OF_CALL.get(name_of_call(node), "wrong-operand"), 1.5, site.text(inner))
