"""Mutations of group B: statements, branches, loops and whole helpers, which no small edit of one expression mends."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from itertools import pairwise
from typing import cast

from checkers.findings import Family

from .kinds import SLIP_BY_ROLE, Change, Families, Group, Slip, changed, either, kind, loss_too, returned, rewritten
from .source import (
    BACKWARD,
    FIXED,
    LABELS,
    LOSS,
    Block,
    Code,
    Edit,
    Role,
    bound_by,
    calls,
    is_argument_of_helper,
    last_name,
    operands,
    read_in,
    shapes_at,
    stand_ins,
)


def _movable(code: Code) -> Iterator[tuple[ast.stmt, Block]]:
    """Statements that compute something, with the block they stand in."""
    for block in code.blocks():
        for statement in block:
            is_call = isinstance(statement, ast.Expr) and not calls(statement, "print")
            if (isinstance(statement, ast.Assign | ast.AugAssign) or is_call) and code.stands_alone(statement):
                yield statement, block


def _purpose(code: Code, statement: ast.stmt) -> Families:
    """What is wrong of a gradient without this statement, or with it at another place."""
    role = code.role(statement)
    if role is Role.REGULARISER:
        return loss_too(code, statement)
    if role in {Role.DERIVATIVE, Role.ACTIVATION}:
        return either(Family.ACTIVATION)
    if role is Role.LOSS:
        return either(Family.LOSS)
    if role is Role.FORWARD:
        return either(Family.LOSS, Family.CHAIN)
    if isinstance(statement, ast.AugAssign):
        if isinstance(statement.op, ast.Div | ast.Mult):
            return either(Family.SOFTMAX if role is Role.SOFTMAX else Family.SCALE)
        if isinstance(statement.op, ast.Sub) and isinstance(statement.target, ast.Subscript):
            # The labels' term of softmax - one-hot: a path of the chain, or the softmax's derivative.
            return either(Family.CHAIN, Family.SOFTMAX)
        return either(Family.SUM, Family.CHAIN)
    return either(Family.SOFTMAX) if role is Role.SOFTMAX else either(Family.CHAIN)


def _other_bindings(code: Code, statement: ast.stmt) -> set[str]:
    """Names that something else in its function binds, too."""
    function = next(n for n in code.above(statement) if isinstance(n, ast.FunctionDef))
    others = [s for s in ast.walk(function) if isinstance(s, ast.stmt) and s is not statement]
    names = {n.id for s in others for n in _targets(s) if isinstance(n, ast.Name)}
    return names | {a.arg for a in function.args.args}


def _targets(statement: ast.stmt) -> list[ast.expr]:
    """What it gives a first value to: names, not entries of what is there already."""
    if isinstance(statement, ast.For):
        return [n for n in ast.walk(statement.target) if isinstance(n, ast.Name)]
    targets = statement.targets if isinstance(statement, ast.Assign) else []
    return [n for target in targets for n in (target.elts if isinstance(target, ast.Tuple) else [target])]


@kind("statement dropped", Group.B, Slip.OTHER)
def statement_dropped(code: Code) -> Iterator[Change]:
    """A line forgotten."""
    for statement, _ in _movable(code):
        undefined = tuple(n for n in bound_by(statement) if n and n not in _other_bindings(code, statement))
        families = _purpose(code, statement)
        if undefined and isinstance(statement, ast.Assign):
            families = either(Family.CODE)
        elif _is_entry(statement) and code.role(statement) is not Role.DERIVATIVE:
            families |= either(Family.CODE, Family.SHAPE)  # an entry of the result that is not there
        slip = Slip.AVERAGING if families == either(Family.SCALE) else None
        change = (code.without(statement),)
        yield Change(statement, change, only=families, slip=slip, around=True, undefined=undefined)


def _is_entry(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Subscript | ast.Attribute)


@kind("slice wrong", Group.B, Slip.OTHER, Family.INDEX, Family.SHAPE, Family.DATA)
def slice_wrong(code: Code) -> Iterator[Change]:
    """[1:] for [:-1], or one too few."""
    for node in code.each(ast.Slice):
        text = ast.unparse(node)
        for new in {":-1": ("1:", ":-2"), "1:": (":-1", "2:"), ":": ("1:", ":-1")}.get(text, ()):
            if code.span(node) != (0, 0):
                start, end = code.span(node)
                yield Change(node, (Edit(start, end, new),))


@kind("helper on another array", Group.B, Slip.OTHER, Family.INDEX)
def helper_on_another_array(code: Code) -> Iterator[Change]:
    """A function of the student's own called with another array of the same shape."""
    for node in code.each(ast.Name):
        if isinstance(node.ctx, ast.Load) and is_argument_of_helper(code, node):
            for other in stand_ins(code, node):
                yield Change(node, (code.put(node, other),))
    for entry in code.each(ast.Subscript):
        if is_argument_of_helper(code, entry) and isinstance(entry.value, ast.Name):
            for one, other in (("Zs", "As"), ("As", "Zs"), ("zs", "activations"), ("activations", "zs")):
                if entry.value.id == one and re.search(rf"\b{other}\b", code.source):
                    yield Change(entry, (code.put(entry.value, other),))


def _loop_families(code: Code, loop: ast.AST) -> Families:
    """A loop over layers carries the chain; a loop over samples or entries is a sum."""
    over = cast(ast.For, loop)
    text = f"{ast.unparse(over.target)} {ast.unparse(over.iter)}"
    letters = {n.id for n in ast.walk(over.target) if isinstance(n, ast.Name)}
    keys = [n for n in ast.walk(loop) if isinstance(n, ast.JoinedStr) or calls(n, "str")]
    names_a_layer = any(letters & {n.id for n in ast.walk(key) if isinstance(n, ast.Name)} for key in keys)
    is_over_layers = re.search(r"(?i)layer|weights|params|depth|\bws\b|cache|\bl\b|dense|steps|pairs", text)
    return either(Family.CHAIN, Family.INDEX) if is_over_layers or names_a_layer else either(Family.SUM, Family.DATA)


@kind("loop bound wrong", Group.B, Slip.SUM, Family.SUM)
def loop_bound_wrong(code: Code) -> Iterator[Change]:
    """One too early, one too late."""
    for call in code.each(ast.Call):
        owner = code.parents[call]
        if last_name(call.func) != "range" or not isinstance(owner, ast.For | ast.comprehension):
            continue
        loop = owner if isinstance(owner, ast.For) else code.statement(call)
        first, *rest = call.args
        later = [ast.Constant(1), first] if not rest else [ast.BinOp(first, ast.Add(), ast.Constant(1)), *rest]
        stop = rest[0] if rest else first
        earlier = ast.BinOp(stop, ast.Sub(), ast.Constant(1))
        shorter = [earlier] if not rest else [first, earlier, *rest[1:]]
        for arguments in (later, shorter):
            edit = code.put(call, changed(call, args=arguments))
            # An off-by-one is `sum-range`, whatever the loop is for.
            families = _loop_families(code, owner) | either(Family.SUM)
            slip = Slip.CHAIN if Family.CHAIN in families else Slip.SUM
            yield Change(call, (edit,), families, slip=slip)
    for loop in code.each(ast.For):
        if isinstance(loop.iter, ast.Name | ast.Attribute):
            families = _loop_families(code, loop)
            yield Change(loop, (code.put(loop.iter, f"{ast.unparse(loop.iter)}[1:]"),), families)


@kind("statements swapped", Group.B, Slip.OTHER)
def statements_swapped(code: Code) -> Iterator[Change]:
    """Two neighbours in the other order, where one needs the other."""
    for first, block in _movable(code):
        place = block.index(first)
        second = block[place + 1] if place + 1 < len(block) else None
        if not isinstance(second, ast.Assign | ast.AugAssign) or not code.stands_alone(second):
            continue
        bound = {n for n in bound_by(first) if n}
        if not bound & (read_in(second) | set(bound_by(second))) and not set(bound_by(second)) & read_in(first):
            continue
        undefined = bound & read_in(second) - _other_bindings(code, first)
        families = _purpose(code, first) | _purpose(code, second)
        if undefined and isinstance(first, ast.Assign):
            families = either(Family.CODE)
        edits = (code.rewrite(first, code.lines_of(second)), code.rewrite(second, code.lines_of(first)))
        yield Change(first, edits, only=families)


@kind("statement moved last", Group.B, Slip.OTHER)
def statement_moved_last(code: Code) -> Iterator[Change]:
    """What changes an array in place, done after the array was used: dW1 and db1 from the unmasked delta."""
    for statement, block in _movable(code):
        target = statement.targets[0] if isinstance(statement, ast.Assign) else getattr(statement, "target", None)
        in_place = isinstance(statement, ast.AugAssign) or isinstance(target, ast.Subscript)
        later = block[block.index(statement) + 1 :]
        if not in_place or len(later) < 2 or not any(set(bound_by(statement)) & read_in(s) for s in later[:-1]):
            continue
        last = later[-1]
        moved = code.lines_of(statement)
        is_return = isinstance(last, ast.Return)
        place = code.rows(last)[0] if is_return else code.rows(last)[1]
        edits = (code.rewrite(statement, ""), Edit(place, place, moved))
        yield Change(statement, edits, only=_purpose(code, statement), around=True)


@kind("into the loop", Group.B, Slip.SUM)
def into_the_loop(code: Code) -> Iterator[Change]:
    """The statement before or after a loop, indented into it."""
    for block in code.blocks():
        for loop, after in pairwise(block):
            if isinstance(loop, ast.For) and code.stands_alone(after) and not isinstance(after, FIXED):
                text = "".join("    " + line + "\n" for line in code.lines_of(after).splitlines())
                families = _loop_families(code, loop) | _moved_purpose(code, after)
                yield Change(after, (code.rewrite(after, text),), only=families)
        for before, loop in pairwise(block):
            if isinstance(loop, ast.For) and isinstance(before, ast.Assign) and code.stands_alone(before):
                start = code.rows(loop.body[0])[0]
                moved = " " * loop.body[0].col_offset + code.lines_of(before).lstrip()
                edits = (code.rewrite(before, ""), Edit(start, start, moved))
                yield Change(before, edits, only=_loop_families(code, loop))


def _moved_purpose(code: Code, statement: ast.stmt) -> Families:
    return _purpose(code, statement) if isinstance(statement, ast.Assign | ast.AugAssign) else frozenset()


@kind("out of the loop", Group.B, Slip.SUM)
def out_of_the_loop(code: Code) -> Iterator[Change]:
    """The last statement of a loop's body, after the loop: done once."""
    for loop in code.each(ast.For):
        last = loop.body[-1]
        if len(loop.body) > 1 and isinstance(last, ast.Assign | ast.AugAssign) and code.stands_alone(last):
            text = "".join(line[4:] + "\n" for line in code.lines_of(last).splitlines())
            yield Change(last, (code.rewrite(last, text),), only=_loop_families(code, loop) | _purpose(code, last))


@kind("branch wrong", Group.B, Slip.OTHER)
def branch_wrong(code: Code) -> Iterator[Change]:
    """The other branch, or always the same one."""
    for node in code.each(ast.If):
        test, families = node.test, _branch_families(code, node.test)
        yield Change(node, (code.put(test, ast.UnaryOp(ast.Not(), test)),), only=families, slip=_branch_slip(families))
        for always in ("True", "False"):
            yield Change(node, (code.put(test, always),), only=families, slip=_branch_slip(families))
    for choice in code.each(ast.IfExp):
        families = _branch_families(code, choice.test)
        swapped = changed(choice, body=choice.orelse, orelse=choice.body)
        for new in (swapped, choice.body, choice.orelse):
            yield Change(choice, (code.put(choice, new),), only=families, slip=_branch_slip(families))


def _branch_families(code: Code, test: ast.expr) -> Families:
    text = ast.unparse(test)
    if "is None" in text:
        return either(Family.CODE, Family.SHAPE)
    if code.role(test) is Role.SOFTMAX:
        return either(Family.SOFTMAX)
    if re.search(r"(?i)act|relu|sigmoid|tanh|kind|[<>]=? 0", text) and "layer" not in text:
        return either(Family.ACTIVATION)
    return either(Family.INDEX, Family.CHAIN)


def _branch_slip(families: Families) -> Slip | None:
    return Slip.ACTIVATION if Family.ACTIVATION in families else None


@kind("another variable returned", Group.B, Slip.OTHER, Family.INDEX)
def another_variable_returned(code: Code) -> Iterator[Change]:
    """What was computed on the way, for the result."""
    for statement in code.each(ast.Return):
        for value in returned(statement):
            shape = shapes_at(code, value)
            if isinstance(value, ast.Dict | ast.Lambda) or (isinstance(value, ast.Name) and value.id not in shape):
                continue
            names = [n for n in shape if shape[n] and n != ast.unparse(value)]
            if isinstance(value, ast.Name) and value.id in shape:
                names = [n for n in names if shape[n] == shape[value.id]]
            for other in sorted(names)[:3]:
                yield Change(value, (code.put(value, other),), either(Family.INDEX, Family.SHAPE))


@kind("results exchanged", Group.B, Slip.OTHER, Family.INDEX, Family.SHAPE)
def results_exchanged(code: Code) -> Iterator[Change]:
    """Two results returned in the other order: another array in its place, and often another shape."""
    for statement in code.each(ast.Return):
        if isinstance(statement.value, ast.Tuple | ast.List) and len(statement.value.elts) > 1:
            if any(isinstance(n, ast.Lambda) for n in statement.value.elts):
                continue
            first, second, *rest = statement.value.elts
            new = changed(statement, value=changed(statement.value, elts=[second, first, *rest]))
            yield Change(statement, (rewritten(code, statement, new),), only=either(Family.INDEX, Family.SHAPE))


@kind("unpacked in another order", Group.B, Slip.OTHER, Family.INDEX)
def unpacked_in_another_order(code: Code) -> Iterator[Change]:
    """z, a = cache for a, z = cache."""
    for statement in code.each(ast.Assign):
        target = statement.targets[0]
        if isinstance(target, ast.Tuple) and len(target.elts) > 1 and not isinstance(statement.value, ast.Tuple):
            first, second, *rest = target.elts
            if not isinstance(first, ast.Starred):
                new = changed(target, elts=[second, first, *rest])
                is_shape = last_name(statement.value) == "shape"
                families = either(Family.SCALE, Family.INDEX) if is_shape else either(Family.INDEX)
                start, end = code.span(target)
                edit = Edit(start, end, ast.unparse(new).strip("()"))
                yield Change(statement, (edit,), only=families)


# Plausible bodies of helpers, by their names: what is returned for the first argument z.
BODIES: tuple[tuple[str, bool, tuple[str, ...]], ...] = (
    ("relu", False, ("np.where({z} > 0, {z}, 0.01 * {z})", "np.abs({z})", "np.log1p(np.exp({z}))")),
    ("improved", False, ("1.7159 * np.tanh({z})", "np.tanh(2 / 3 * {z})")),
    ("sigmoid|logistic", False, ("np.clip({z} / 4 + 0.5, 0, 1)", "{z} / (1 + np.abs({z}))")),
    ("tanh", False, ("2 / (1 + np.exp(-{z})) - 1",)),
    ("relu", True, ("np.ones_like({z}, dtype=float)", "np.sign({z})")),
    ("sigmoid|logistic|tanh", True, ("{z} * (1 - {z})", "1 - {z} ** 2")),
    ("softmax", False, ("{z} / {z}.sum(axis={axis}, keepdims=True)", "1 / (1 + np.exp(-{z}))")),
)


@kind("helper's body wrong", Group.B, Slip.OTHER)
def helper_body_wrong(code: Code) -> Iterator[Change]:
    """Leaky relu for relu, softmax without exp, a derivative of another function."""
    for function in code.each(ast.FunctionDef):
        arguments = [a.arg for a in function.args.args if a.arg != "self"]
        body = [s for s in function.body if not (isinstance(s, ast.Expr) and isinstance(s.value, ast.Constant))]
        if len(arguments) != 1 or isinstance(code.parents[function], ast.ClassDef):
            continue
        for pattern, is_derivative, texts in BODIES:
            if (
                re.search(pattern, function.name, re.IGNORECASE)
                and bool(BACKWARD.search(function.name)) == is_derivative
            ):
                role = Role.SOFTMAX if pattern == "softmax" else Role.ACTIVATION
                axis = re.search(r"axis=(-?\d)", ast.unparse(function))
                for text in texts:
                    value = text.format(z=arguments[0], axis=axis[1] if axis else "1")
                    start, end = code.rows(body[0])[0], code.rows(body[-1])[1]
                    edit = Edit(start, end, f"{' ' * body[0].col_offset}return {value}\n")
                    families = either(Family.SOFTMAX if role is Role.SOFTMAX else Family.ACTIVATION)
                    yield Change(body[0], (edit,), only=families, slip=SLIP_BY_ROLE[role])
                break


@kind("samples dropped", Group.B, Slip.OTHER, Family.DATA, Family.SUM)
def samples_dropped(code: Code) -> Iterator[Change]:
    """The last sample left out of a gradient."""
    for function in code.each(ast.FunctionDef):
        shapes = code.shapes.get(code.function(function), {})
        data = [a.arg for a in function.args.args if a.arg.lower() in {"x", "y", "data", "labels", "targets"}]
        body = [s for s in function.body if not (isinstance(s, ast.Expr) and isinstance(s.value, ast.Constant))]
        if len(data) != 2 or not BACKWARD.search(function.name) or any(n not in shapes for n in data):
            continue
        first, second = (shapes[n] for n in data)
        columns = len(first) == len(second) == 2 and first[1] == second[1]
        cut = "[:, :-1]" if columns else "[:-1]"
        text = f"{' ' * body[0].col_offset}{data[0]}, {data[1]} = {data[0]}{cut}, {data[1]}{cut}\n"
        start = code.rows(body[0])[0]
        yield Change(body[0], (Edit(start, start, text),), only=either(Family.DATA, Family.SUM))


@kind("repeats dropped", Group.B, Slip.OTHER, Family.SUM)
def repeats_dropped(code: Code) -> Iterator[Change]:
    """a[i] += v for np.add.at(a, i, v)."""
    for statement in code.each(ast.Expr):
        call = statement.value
        if isinstance(call, ast.Call) and ast.unparse(call.func).endswith(("add.at", "subtract.at")):
            array, index, value = map(ast.unparse, call.args)
            operator = "+=" if "add" in ast.unparse(call.func) else "-="
            start, end = code.span(statement)
            yield Change(statement, (Edit(start, end, f"{array}[{index.strip('()')}] {operator} {value}"),))


@kind("loss and gradient negated", Group.B, Slip.LOSS, Family.LOSS, Family.SIGN)
def loss_and_gradient_negated(code: Code) -> Iterator[Change]:
    """The minus forgotten in both, so that each is the derivative of the other."""
    losses: list[ast.expr] = []
    for statement in code.each(ast.Return):
        name = code.function(statement)
        if LOSS.search(name) and not BACKWARD.search(name):
            losses += [value for value in returned(statement)[:1] if not isinstance(value, ast.Constant)]
    residuals = [
        node
        for node in code.binary(ast.Sub)
        if code.role(node) is Role.GRADIENT and any(LABELS.match(last_name(n)) for n in operands(node))
    ]
    if losses and residuals:
        edits = [code.put(value, ast.UnaryOp(ast.USub(), value)) for value in losses]
        edits += [code.put(node, changed(node, left=node.right, right=node.left)) for node in residuals]
        yield Change(losses[0], tuple(edits), only=either(Family.LOSS, Family.SIGN), slip=Slip.LOSS)
