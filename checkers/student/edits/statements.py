"""Whole statements: one too many, two in the wrong order, a condition turned round."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from .site import Edit, Scope, Source

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

SIMPLE = (ast.Assign, ast.AugAssign, ast.Expr)
FARTHEST = 8  # statements a statement is moved across


def reordered(source: Source, body: Sequence[ast.stmt], place: int) -> Iterator[Edit]:
    """A statement left out, or moved down behind one of those that follow it."""
    moved = body[place]
    if not isinstance(moved, SIMPLE):
        return
    start, end = source.span(moved)
    if isinstance(moved, ast.AugAssign) or (isinstance(moved, ast.Assign) and place):
        code = "wrong-operand"
        if isinstance(moved, ast.AugAssign):
            code = {ast.Div: "mean-twice", ast.Mult: "factor"}.get(type(moved.op), "term-missing")
        elif any(isinstance(part, ast.Slice) for part in ast.walk(moved.value)):
            code = "samples-dropped"
        yield Edit(code, 1.8, start, end, "pass")
    for other in range(place + 1, min(len(body), place + 1 + FARTHEST)):
        if not isinstance(body[other], (*SIMPLE, ast.For)):
            break
        last = source.span(body[other])[1]
        text = source.data[start:end].decode("utf-8", "replace")
        between = source.data[source.span(body[place + 1])[0] : last].decode("utf-8", "replace")
        indent = " " * moved.col_offset
        yield Edit("updated-too-early", 2 + 0.1 * (other - place), start, last, f"{between}\n{indent}{text}")


def divided_in_place(source: Source, statement: ast.stmt, scope: Scope) -> Iterator[Edit]:
    """A division that is missing behind a change in place: d[rows, y] -= 1, and no d /= n."""
    target = statement.target if isinstance(statement, ast.AugAssign) else None
    if isinstance(statement, ast.Assign):
        target = statement.targets[0]  # type: ignore[assignment]
    if not isinstance(target, ast.Subscript) or not isinstance(target.value, ast.Name):
        return
    start, end = source.span(statement)
    text, indent = source.text(statement), " " * statement.col_offset
    for count in scope.counts:
        division = f"{target.value.id} = {target.value.id} / {count}"
        yield Edit("mean-missing", 1.7, start, end, f"{text}\n{indent}{division}")


def conditions(source: Source, node: ast.AST) -> Iterator[Edit]:
    """if c as if not c; if self.is_relu, which is always true of a method, as if self.is_relu()."""
    if isinstance(node, ast.If | ast.IfExp):
        start, end = source.span(node.test)
        text = source.text(node.test)
        yield Edit("activation-derivative", 2.5, start, end, f"not ({text})")
        if isinstance(node.test, ast.Attribute | ast.Name):
            yield Edit("activation-derivative", 1.5, start, end, f"{text}()")
