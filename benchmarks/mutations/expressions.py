"""Mutations of group A: one small edit of one expression undoes each."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import cast

from checkers.findings import Family

from .kinds import ARRAY_CALLS, Change, Families, Group, Slip, changed, either, kind, loss_too, returned, rewritten
from .source import (
    ACTIVATION,
    REGULARISER,
    Code,
    Role,
    arguments_of,
    calls,
    is_argument_of_helper,
    is_bound_of_loop,
    is_derivative_factor,
    is_number,
    is_size,
    last_name,
    operands,
    read_in,
    shapes_at,
    size_in_scope,
    stand_ins,
    text_of,
)


@kind("minus swapped", Group.A, Slip.SIGN, Family.SIGN)
def minus_swapped(code: Code) -> Iterator[Change]:
    """y - z for z - y."""
    for node in code.binary(ast.Sub):
        if not is_bound_of_loop(code, node) and not isinstance(code.parents[node], ast.Subscript | ast.Slice):
            yield Change(node, (code.put(node, changed(node, left=node.right, right=node.left)),))


@kind("sign flipped", Group.A, Slip.SIGN, Family.SIGN)
def sign_flipped(code: Code) -> Iterator[Change]:
    """+ for -, += for -=, a minus too many or too few."""
    flipped = {ast.Add: ast.Sub(), ast.Sub: ast.Add()}
    for node in code.binary(ast.Add, ast.Sub):
        if not is_bound_of_loop(code, node) and not isinstance(code.parents[node], ast.Subscript | ast.Slice):
            yield Change(node.right, (code.put(node, changed(node, op=flipped[type(node.op)])),))
    for statement in code.each(ast.AugAssign):
        if type(statement.op) in flipped:
            new = changed(statement, op=flipped[type(statement.op)])
            yield Change(statement, (rewritten(code, statement, new),))
    for unary in code.each(ast.UnaryOp):
        if isinstance(unary.op, ast.USub) and not isinstance(unary.operand, ast.Constant):
            yield Change(unary, (code.put(unary, unary.operand),))
    for ending in code.each(ast.Return):
        for value in returned(ending):
            if isinstance(value, ast.BinOp) or (isinstance(value, ast.Call) and last_name(value.func) in ARRAY_CALLS):
                yield Change(value, (code.put(value, ast.UnaryOp(ast.USub(), value)),), same="returned")


@kind("axis changed", Group.A, Slip.SUM, Family.SUM)
def axis_changed(code: Code) -> Iterator[Change]:
    """axis=0 for axis=1."""
    for keyword in code.each(ast.keyword):
        if keyword.arg == "axis" and is_number(keyword.value, 0, 1):
            old = cast(int, cast(ast.Constant, keyword.value).value)
            yield Change(keyword, (code.put(keyword.value, str(1 - old)),), same=f"{old}")


@kind("axis dropped", Group.A, Slip.SUM, Family.SUM)
def axis_dropped(code: Code) -> Iterator[Change]:
    """Summed to one number."""
    for call in code.each(ast.Call):
        kept = [keyword for keyword in call.keywords if keyword.arg != "axis"]
        if last_name(call.func) == "sum" and len(kept) < len(call.keywords):
            yield Change(call, (code.put(call, changed(call, keywords=kept)),), same="axis")


@kind("sum dropped", Group.A, Slip.SUM, Family.SUM)
def sum_dropped(code: Code) -> Iterator[Change]:
    """A sum over the samples forgotten, or one sample for all of them."""
    for call in code.each(ast.Call):
        if last_name(call.func) in {"sum", "mean"} and not calls(call, "range"):
            array = _summed(call)
            if array is not None and not isinstance(array, ast.GeneratorExp | ast.ListComp):
                yield Change(call, (code.put(call, array),), same="dropped")
                yield Change(call, (code.put(call, ast.Subscript(array, ast.Constant(0), ast.Load())),), same="[0]")


def _summed(call: ast.Call) -> ast.expr | None:
    if isinstance(call.func, ast.Attribute) and last_name(call.func.value) not in {"np", "numpy", "math"}:
        return call.func.value
    return call.args[0] if call.args else None


@kind("sum for mean", Group.A, Slip.AVERAGING, Family.SCALE)
def sum_for_mean(code: Code) -> Iterator[Change]:
    """Sum for mean, mean for sum."""
    other = {"sum": "mean", "mean": "sum"}
    for call in code.each(ast.Call):
        if isinstance(call.func, ast.Attribute) and call.func.attr in other:
            new = changed(call, func=changed(call.func, attr=other[call.func.attr]))
            yield Change(call, (code.put(call, new),), same=call.func.attr)


def _divisions_by_size(code: Code) -> Iterator[tuple[ast.BinOp, ast.expr]]:
    """Quotients by n, or products with 1/n, with what is divided."""
    for node in code.binary(ast.Div):
        if is_size(node.right) or last_name(node.right) in code.sizes:
            parent = code.parents[node]
            is_factor = is_number(node.left, 1) and isinstance(parent, ast.BinOp) and isinstance(parent.op, ast.Mult)
            if is_factor:
                product = cast(ast.BinOp, parent)
                yield product, product.left if product.right is node else product.right
            else:
                yield node, node.left


@kind("1/n dropped", Group.A, Slip.AVERAGING, Family.SCALE)
def mean_dropped(code: Code) -> Iterator[Change]:
    """No 1/n."""
    for node, divided in _divisions_by_size(code):
        yield Change(node, (code.put(node, divided),), same="n")


@kind("1/n twice", Group.A, Slip.AVERAGING, Family.SCALE)
def mean_twice(code: Code) -> Iterator[Change]:
    """1/n twice, or where there was none."""
    for node, _ in _divisions_by_size(code):
        if isinstance(node.op, ast.Div):
            yield Change(node, (code.put(node, ast.BinOp(node, ast.Div(), node.right)),), same="n")
    for node in code.binary(ast.MatMult):
        if (n := size_in_scope(code, node)) and code.role(node) is Role.GRADIENT:
            yield Change(node, (code.put(node, ast.BinOp(node, ast.Div(), ast.Name(n))),), same="@")


@kind("another size", Group.A, Slip.AVERAGING, Family.SCALE)
def another_size(code: Code) -> Iterator[Change]:
    """Divided by the number of features, classes or entries."""
    for node in code.nodes:
        if not isinstance(node, ast.expr) or not is_size(node) or is_bound_of_loop(code, node):
            continue
        parent = code.parents[node]
        if isinstance(parent, ast.Compare) or (isinstance(parent, ast.BinOp) and isinstance(parent.op, ast.FloorDiv)):
            continue
        if isinstance(node, ast.Subscript) and is_number(node.slice, 0, 1):
            other = 1 - cast(int, cast(ast.Constant, node.slice).value)
            yield Change(node, (code.put(node, changed(node, slice=ast.Constant(other))),))
            yield Change(node, (code.put(node, ast.Attribute(cast(ast.Attribute, node.value).value, "size")),))
        elif (
            isinstance(node, ast.Call) and last_name(node.func) == "len" and read_in(node) & set(shapes_at(code, node))
        ):
            yield Change(node, (code.put(node, ast.Attribute(node.args[0], "size")),))


@kind("* for @", Group.A, Slip.SHAPE, Family.PRODUCT)
def product_exchanged(code: Code) -> Iterator[Change]:
    """* for @, @ for *, np.dot written with *."""
    for node in code.binary(ast.MatMult):
        yield Change(node, (code.put(node, changed(node, op=ast.Mult())),), same="*")
    for node in code.binary(ast.Mult):
        if all(isinstance(n, ast.Name) and n.id in shapes_at(code, n) for n in operands(node)):
            yield Change(node, (code.put(node, changed(node, op=ast.MatMult())),))
    for call in code.each(ast.Call):
        if last_name(call.func) == "dot" and len(call.args) == 2:
            yield Change(call, (code.put(call, ast.BinOp(call.args[0], ast.Mult(), call.args[1])),))


@kind("transpose dropped", Group.A, Slip.SHAPE, Family.PRODUCT)
def transpose_dropped(code: Code) -> Iterator[Change]:
    """.T forgotten."""
    for node in code.each(ast.Attribute):
        if node.attr == "T":
            yield Change(node, (code.put(node, node.value),), same="T")


@kind("transpose added", Group.A, Slip.SHAPE, Family.PRODUCT)
def transpose_added(code: Code) -> Iterator[Change]:
    """.T where none belongs."""
    for node in code.binary(ast.MatMult):
        for operand in operands(node):
            if not (isinstance(operand, ast.Attribute) and operand.attr == "T"):
                yield Change(operand, (code.put(operand, ast.Attribute(operand, "T")),))
        yield Change(node, (code.put(node, ast.Attribute(node, "T")),))


@kind("constant changed", Group.A, Slip.CONSTANT, Family.SCALE)
def constant_changed(code: Code) -> Iterator[Change]:
    """2 forgotten, doubled or halved, 1.7259 for 1.7159."""
    for node in code.each(ast.Constant):
        if not is_number(node) or not _is_factor_or_summand(code, node):
            continue
        old = cast(float, node.value)
        for new in {1: (2,), 2: (1, 4), 0: (1,), -1: (1,)}.get(cast(int, old), (_mistyped(old),)):
            # Every 1 of a function doubled is no slip that anyone makes.
            yield Change(node, (code.put(node, repr(new)),), same="" if old == 1 else f"{old} {new}")


def _is_factor_or_summand(code: Code, node: ast.Constant) -> bool:
    """Does it count, and is it no axis, index, exponent or bound?"""
    above = [n for n in code.above(node) if isinstance(n, ast.expr | ast.keyword)]
    if any(isinstance(n, ast.Subscript | ast.keyword) for n in above) or is_bound_of_loop(code, node):
        return False
    parent = code.parents[node]
    if isinstance(parent, ast.BinOp):
        return node.value != 0 and not isinstance(parent.op, ast.Pow | ast.FloorDiv)
    if isinstance(parent, ast.AugAssign):
        return True
    return isinstance(parent, ast.Compare) and node.value == 0 and code.role(node) is Role.DERIVATIVE


def _mistyped(number: float) -> float:
    """Another digit in the second decimal; a tenth of what is tiny."""
    return number * 1e6 if number < 1e-4 else round(number + 0.01, 6)


@kind("square dropped", Group.A, Slip.CONSTANT, Family.SCALE)
def square_dropped(code: Code) -> Iterator[Change]:
    """w for w**2, or w * w."""
    for node in code.binary(ast.Pow):
        if is_number(node.right, 2):
            yield Change(node, (code.put(node, node.left),), same="**")
    for node in code.binary(ast.Mult):
        if ast.dump(node.left) == ast.dump(node.right):
            yield Change(node, (code.put(node, node.left),), same="**")


@kind("another name", Group.A, Slip.OTHER, Family.INDEX)
def another_name(code: Code) -> Iterator[Change]:
    """Another array of the same shape; inside an activation's derivative, z for a or a for z."""
    for node in code.each(ast.Name):
        is_size = last_name(code.parents[node]) in {"shape", "size", "len"}
        if isinstance(node.ctx, ast.Load) and not is_size and not is_argument_of_helper(code, node):
            for other in stand_ins(code, node):
                yield Change(node, (code.put(node, other),), same=f"{node.id} {other}")


def _base_of_factor(code: Code, factor: ast.expr) -> Families:
    """What it is to lose or repeat a factor."""
    if code.role(factor) is Role.DERIVATIVE:
        return either(Family.ACTIVATION)
    is_number = all(isinstance(n, ast.Constant | ast.BinOp | ast.operator) for n in ast.walk(factor))
    if is_number or re.match(r"(?i)(lr|alpha|eta|rate|learning|mu|momentum|beta)", last_name(factor)):
        return either(Family.SCALE)
    return either(Family.CHAIN)


@kind("factor dropped", Group.A, Slip.CHAIN, Family.CHAIN)
def factor_dropped(code: Code) -> Iterator[Change]:
    """A factor left out."""
    for node in code.binary(ast.Mult):
        for kept, lost in ((node.left, node.right), (node.right, node.left)):
            base = _base_of_factor(code, lost)
            slip = Slip.CONSTANT if Family.SCALE in base else Slip.ACTIVATION if Family.ACTIVATION in base else None
            same = ast.unparse(lost) if code.role(lost) is Role.REGULARISER else "act'" * (Family.ACTIVATION in base)
            yield Change(lost, (code.put(node, kept),), base, slip=slip, same=same)


@kind("factor repeated", Group.A, Slip.CONSTANT, Family.SCALE)
def factor_repeated(code: Code) -> Iterator[Change]:
    """A factor twice: a square too many."""
    for node in code.binary(ast.Mult):
        if isinstance(node.right, ast.BinOp) and not is_derivative_factor(node.right):
            continue
        lost = _base_of_factor(code, node.right)
        slip = Slip.ACTIVATION if Family.ACTIVATION in lost else None
        base = lost | either(Family.SCALE)
        yield Change(node.right, (code.put(node, ast.BinOp(node, ast.Mult(), node.right)),), base, slip=slip)


@kind("= for +=", Group.A, Slip.SUM, Family.SUM)
def assigned_not_added(code: Code) -> Iterator[Change]:
    """Only the last summand is left."""
    for statement in code.each(ast.AugAssign):
        if isinstance(statement.op, ast.Add):
            new = ast.Assign([statement.target], statement.value, lineno=0)
            # What is lost is all that was there before: in a loop other samples, else another term.
            looped = any(isinstance(n, ast.For | ast.While) for n in code.above(statement))
            base = None if looped else either(Family.CHAIN)
            if code.role(statement) is Role.REGULARISER:
                yield Change(
                    statement, (rewritten(code, statement, new),), only=loss_too(code, statement, Family.CHAIN)
                )
            else:
                yield Change(statement, (rewritten(code, statement, new),), base)


@kind("comparison turned", Group.A, Slip.OTHER, Family.INDEX)
def comparison_turned(code: Code) -> Iterator[Change]:
    """< for >, == for !=, > for >=."""
    turned = {ast.Gt: (ast.Lt, ast.GtE), ast.Lt: (ast.Gt,), ast.GtE: (ast.Lt,), ast.LtE: (ast.Gt, ast.Lt)}
    for node in code.each(ast.Compare):
        if isinstance(code.parents[node], ast.If | ast.IfExp):
            continue
        for new in {**turned, ast.Eq: (ast.NotEq,), ast.NotEq: (ast.Eq,)}.get(type(node.ops[0]), ()):
            is_mask = is_number(node.comparators[0], 0) or bool(ACTIVATION.search(ast.unparse(node)))
            yield Change(
                node,
                (code.put(node, changed(node, ops=[new()])),),
                either(Family.ACTIVATION) if is_mask else None,
                slip=Slip.ACTIVATION if is_mask else None,
            )


@kind("term dropped", Group.A, Slip.CHAIN, Family.CHAIN)
def term_dropped(code: Code) -> Iterator[Change]:
    """A summand left out: the regulariser, the bias, the labels."""
    for node in code.binary(ast.Add, ast.Sub):
        if is_bound_of_loop(code, node) or isinstance(code.parents[node], ast.Subscript | ast.Slice):
            continue
        same = "lambda" if code.role(node.right) is Role.REGULARISER else ""
        yield Change(node.right, (code.put(node, node.left),), same=same)


def _regularised(code: Code) -> Iterator[ast.BinOp]:
    """The summands lambda W of gradients."""
    for node in code.binary(ast.Mult):
        is_outermost = code.term(node) is node
        if is_outermost and code.is_regulariser(node) and code.statement(node) not in code.loss_statements:
            yield node


@kind("regulariser's form", Group.A, Slip.REGULARISER, Family.REGULARISER)
def regulariser_form(code: Code) -> Iterator[Change]:
    """Lambda w^2, lambda sum(w), or divided by n, for lambda w."""
    for node in _regularised(code):
        yield Change(node, (code.put(node.right, f"{ast.unparse(node.right)} ** 2"),), same="**2")
        yield Change(node, (code.put(node.right, f"np.sum({ast.unparse(node.right)})"),), same="sum")
        if n := size_in_scope(code, node):
            yield Change(node, (code.put(node, ast.BinOp(node, ast.Div(), ast.Name(n))),), same="/n")


@kind("biases regularised", Group.A, Slip.REGULARISER, Family.REGULARISER)
def biases_regularised(code: Code) -> Iterator[Change]:
    """2 lambda b in the gradient of b."""
    for value, bias in _bias_gradients(code):
        names = {name for name in _known(code, value) if REGULARISER.match(name)}
        for strength in sorted(names)[:1]:
            edit = code.put(value, f"{ast.unparse(value)} + 2 * {strength} * {bias}")
            yield Change(value, (edit,), only=either(Family.REGULARISER), same="b")


def _bias_gradients(code: Code) -> Iterator[tuple[ast.expr, str]]:
    """What is put into grads["b1"] or db1, with the name of the bias, where that is in scope."""
    for node in code.nodes:
        pairs: list[tuple[str, ast.expr]] = []
        if isinstance(node, ast.Dict):
            pairs = [(text_of(k), v) for k, v in zip(node.keys, node.values, strict=True)]
        elif isinstance(node, ast.Assign):
            target = node.targets[0]
            key = target.slice if isinstance(target, ast.Subscript) else None
            pairs = [(text_of(key) or last_name(target), node.value)]
        for name, value in pairs:
            match = re.fullmatch(r"d?(b\d?)", name)
            if not match or match[1] not in _known(code, value) or calls(value, "zeros", "zeros_like"):
                continue
            # An entry {"b1": db1} only passes on what was put into db1.
            if not isinstance(value, ast.Name):
                yield value, match[1]


def _known(code: Code, node: ast.AST) -> set[str]:
    return {*shapes_at(code, node), *(arguments_of(code, node) if code.function(node) else [])}


@kind("brackets regrouped", Group.A, Slip.OTHER, Family.CODE)
def brackets_regrouped(code: Code) -> Iterator[Change]:
    """a + b * c for (a + b) * c, and a / (b * c) for a / b * c."""
    for node in code.binary(ast.Mult, ast.Div, ast.Pow, ast.MatMult):
        left, right = node.left, node.right
        if isinstance(left, ast.BinOp) and isinstance(left.op, ast.Add | ast.Sub):
            new = changed(left, right=ast.BinOp(left.right, node.op, right))
            yield Change(node, (code.put(node, new),))
        if isinstance(right, ast.BinOp) and isinstance(right.op, ast.Add | ast.Sub):
            new = changed(right, left=ast.BinOp(left, node.op, right.left))
            yield Change(node, (code.put(node, new),))
    for node in code.binary(ast.Add):
        quotient = node.left
        if isinstance(quotient, ast.BinOp) and isinstance(quotient.op, ast.Div):
            base = either(Family.CODE, Family.REGULARISER) if code.is_regulariser(node.right) else None
            whole = ast.BinOp(ast.BinOp(quotient.left, ast.Add(), node.right), ast.Div(), quotient.right)
            below = ast.BinOp(quotient.left, ast.Div(), ast.BinOp(quotient.right, ast.Add(), node.right))
            for new in (whole, below):
                yield Change(node, (code.put(node, new),), base, slip=Slip.REGULARISER if base else None)


@kind("epsilon in the log", Group.A, Slip.LOSS, Family.LOSS)
def epsilon_in_log(code: Code) -> Iterator[Change]:
    """log(p + 0.01)."""
    for call in code.each(ast.Call):
        if last_name(call.func) == "log" and len(call.args) == 1:
            edit = code.put(call.args[0], ast.BinOp(call.args[0], ast.Add(), ast.Constant(0.01)))
            yield Change(call, (edit,), only=either(Family.LOSS))


@kind("softmax twice", Group.A, Slip.LOSS, Family.SOFTMAX)
def softmax_twice(code: Code) -> Iterator[Change]:
    """softmax(softmax(z))."""
    for call in code.each(ast.Call):
        if last_name(call.func) == "softmax" and call.args:
            yield Change(call, (code.put(call, changed(call, args=[call])),), only=either(Family.SOFTMAX))


@kind("another function", Group.A, Slip.OTHER, Family.INDEX)
def another_function(code: Code) -> Iterator[Change]:
    """Minimum for maximum, log10 for log."""
    others = {"maximum": "minimum", "log": "log10", "tanh": "arctan", "argmax": "argmin", "outer": "multiply"}
    for call in code.each(ast.Call):
        new = others.get(last_name(call.func))
        if new and isinstance(call.func, ast.Attribute) and last_name(call.func.value) in {"np", "numpy"}:
            base = either(Family.SCALE, Family.INDEX) if new == "log10" else None
            yield Change(call, (code.put(call.func, changed(call.func, attr=new)),), base)
