"""Edits as plain data, to be told to who asked for them."""

from __future__ import annotations

import ast
from dataclasses import replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .edits import Edit, Source


def described(source: Source, edit: Edit) -> dict[str, Any]:
    """Where an edit begins to change something, what stands there, and what it becomes."""
    edit = _trimmed(source, edit)
    statement = _statement_of(source, edit)
    start, end = source.span(statement) if statement is not None else (edit.start, edit.end)
    if source.data.count(b"\n", start, end) or not (start <= edit.start and edit.end <= end):
        # Of a statement of many lines, the lines that change.
        start = source.data.rfind(b"\n", 0, edit.start) + 1
        start += len(source.data[start:]) - len(source.data[start:].lstrip(b" \t"))
        stop = source.data.find(b"\n", edit.end)
        end = len(source.data) if stop < 0 else stop
    line, column = source.position(start)
    end_line, end_column = source.position(end)
    return {
        "code": edit.code,
        "cost": float(edit.cost),
        "becomes": edit.text,
        "target": _target(source, statement),
        "term": _term(source, edit),
        "function": _function(source, edit),
        "was": source.data[edit.start : edit.end].decode("utf-8", "replace"),
        "line": source.position(edit.start)[0],
        "place": [line, column, end_line, end_column],
        "source": source.data[start:end].decode("utf-8", "replace").rstrip(),
        "fix": source.with_edits([edit], start, end).decode("utf-8", "replace").rstrip(),
    }


def _trimmed(source: Source, edit: Edit) -> Edit:
    """The edit without the lines at its beginning that it leaves as they are."""
    old, new = source.data[edit.start : edit.end], edit.text.encode()
    same = next((place for place, (one, other) in enumerate(zip(old, new, strict=False)) if one != other), 0)
    lines = old.rfind(b"\n", 0, same) + 1
    return replace(edit, start=edit.start + lines, text=new[lines:].decode()) if lines else edit


def _enclosing(source: Source, edit: Edit) -> list[ast.AST]:
    """The nodes that hold the edit, outermost first."""
    found: list[ast.AST] = []
    for node in ast.walk(source.tree):
        if isinstance(node, ast.expr | ast.stmt):
            start, end = source.span(node)
            if start <= edit.start and edit.end <= end:
                found.append(node)
    return found


def _term(source: Source, edit: Edit) -> str:
    """The term of a sum that changes, with the factors in front of its bracket; the whole value where it is no sum."""
    term: ast.expr | None = None
    factors: list[str] = []
    for node in _enclosing(source, edit):
        if isinstance(node, ast.stmt):
            term = getattr(node, "value", None)
        elif isinstance(node, ast.BinOp):
            inside = [side for side in (node.left, node.right) if _holds(source, side, edit)]
            other = node.left if inside == [node.right] else node.right
            if inside and isinstance(node.op, ast.Add | ast.Sub):
                term = inside[0]
            elif inside and isinstance(node.op, ast.Mult):
                factors.append(source.text(other))
    return " ".join([*factors, source.text(term)]) if isinstance(term, ast.expr) else ""


def _holds(source: Source, node: ast.expr, edit: Edit) -> bool:
    start, end = source.span(node)
    return start <= edit.start and edit.end <= end


def _function(source: Source, edit: Edit) -> str:
    """The name of the innermost function that changes."""
    names = [node.name for node in _enclosing(source, edit) if isinstance(node, ast.FunctionDef)]
    return names[-1] if names else ""


def _target(source: Source, statement: ast.stmt | None) -> str:
    if isinstance(statement, ast.Assign) and len(statement.targets) == 1:
        return source.text(statement.targets[0])
    return source.text(statement.target) if isinstance(statement, ast.AugAssign | ast.AnnAssign) else ""


def _statement_of(source: Source, edit: Edit) -> ast.stmt | None:
    """The smallest statement that holds the edit."""
    found: ast.stmt | None = None
    for node in ast.walk(source.tree):
        if isinstance(node, ast.stmt):
            start, end = source.span(node)
            if start <= edit.start and edit.end <= end:
                found = node  # ast.walk goes from the outside in
    return found
