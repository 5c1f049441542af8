"""The place of an edit in a student's source: a node of its syntax tree, the text round it, the names in scope."""

from __future__ import annotations

import ast
from bisect import bisect_right
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

# What binds closer than any operator, so that it needs no brackets beside one.
ATOMS = (ast.Name, ast.Attribute, ast.Subscript, ast.Call, ast.Constant, ast.List, ast.Dict, ast.ListComp)
OPERATORS = (ast.BinOp, ast.UnaryOp, ast.Compare, ast.Attribute)


@dataclass(frozen=True, slots=True)
class Edit:
    """One small change of a source: the bytes from start to end become `text`.

    Attributes:
        code: the finding's code that a student who needs this change has earned.
        cost: how much it changes; the cheapest edit that makes the outputs right is the finding.
    """

    code: str
    cost: float
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Scope:
    """What a line can name, as it was when the line ran.

    Attributes:
        arrays: expression -> shape, of arrays and numbers; () for a number.
        counts: expressions whose value is a whole number, such as n, len(X), X.shape[0].
        functions: the student's own functions of one argument.
        numpy: how the file calls NumPy, such as "np."; "" after `from numpy import *`.
        results: name -> shape at the end of the function.
    """

    arrays: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    counts: tuple[str, ...] = ()
    functions: tuple[str, ...] = ()
    numpy: str = "np."
    results: Mapping[str, tuple[int, ...]] = field(default_factory=dict)


class Source:
    """A source text with its tree; positions are bytes, as the tree's are."""

    def __init__(self, text: str) -> None:
        self.data = text.encode("utf-8", "surrogatepass")
        self.tree = ast.parse(text)  # positions count UTF-8 bytes, whatever the coding line says
        self.starts = [0]
        for line in self.data.split(b"\n"):
            self.starts.append(self.starts[-1] + len(line) + 1)

    def span(self, node: ast.expr | ast.stmt) -> tuple[int, int]:
        """From the node's first byte to behind its last."""
        end_line, end_column = node.end_lineno or node.lineno, node.end_col_offset or 0
        return self.starts[node.lineno - 1] + node.col_offset, self.starts[end_line - 1] + end_column

    def text(self, node: ast.expr | ast.stmt) -> str:
        """The node as the student wrote it."""
        start, end = self.span(node)
        return self.data[start:end].decode("utf-8", "replace")

    def position(self, offset: int) -> tuple[int, int]:
        """Line, counted from 1, and column in characters, counted from 0."""
        line = bisect_right(self.starts, offset)
        before = self.data[self.starts[line - 1] : offset]
        return line, len(before.decode("utf-8", "replace"))

    def with_edits(self, edits: list[Edit], start: int, end: int) -> bytes:
        """The bytes from start to end with the edits made."""
        result, place = b"", start
        for edit in sorted(edits, key=lambda edit: edit.start):
            result += self.data[place : edit.start] + edit.text.encode()
            place = edit.end
        return result + self.data[place:end]


@dataclass(frozen=True, slots=True)
class Site:
    """A node that edits are looked for at, with its ancestors in the statement, outermost first."""

    source: Source
    node: ast.AST
    parents: tuple[ast.AST, ...]
    statement: ast.stmt
    scope: Scope

    @property
    def parent(self) -> ast.AST:
        """What the node stands in."""
        return self.parents[-1] if self.parents else self.statement

    def text(self, node: ast.expr) -> str:
        """The text of a node."""
        return self.source.text(node)

    def operand(self, node: ast.expr) -> str:
        """The text of a node as an operand: in brackets unless it is an atom."""
        return self.text(node) if isinstance(node, ATOMS) else f"({self.text(node)})"

    def replaced(self, code: str, cost: float, text: str, node: ast.expr | ast.stmt | None = None) -> Edit:
        """The edit that puts `text` in the place of a node, in brackets where an operator stands beside it."""
        chosen = self.node if node is None else node
        assert isinstance(chosen, ast.expr | ast.stmt)
        start, end = self.source.span(chosen)
        # The brackets that an expression stands in lie outside of its node.
        data = self.source.data
        inside = data[:start].rstrip()[-1:] == b"(" and data[end:].lstrip()[:1] == b")"
        parent = self.parent if node is None else self.node
        if isinstance(parent, OPERATORS) and not inside and not is_atom(text):
            text = f"({text})"
        return Edit(code, cost, start, end, text)

    def all_replaced(
        self, code: str, cost: float, nodes: Sequence[ast.expr], texts: Sequence[str], whole: ast.expr
    ) -> Edit:
        """The edit that puts other texts in the places of several nodes of one expression."""
        start, end = self.source.span(whole)
        edits = [Edit(code, cost, *self.source.span(node), text) for node, text in zip(nodes, texts, strict=True)]
        return Edit(code, cost, start, end, self.source.with_edits(edits, start, end).decode("utf-8", "replace"))

    @property
    def shape(self) -> tuple[int, ...] | None:
        """The shape of a value that is assigned, or is a name; None where it is not known."""
        parent = self.parent
        if isinstance(parent, ast.Assign) and len(parent.targets) == 1:
            known = self.scope.results.get(self.text(parent.targets[0]))
        elif isinstance(parent, ast.AugAssign):
            known = self.scope.results.get(self.text(parent.target))
        else:
            known = None
        if known is None and isinstance(self.node, ast.expr):
            known = self.scope.results.get(self.text(self.node), self.scope.arrays.get(self.text(self.node)))
        return known

    def beside(self, wanted: tuple[int, ...] | None = None) -> Iterator[tuple[str, tuple[int, ...]]]:
        """The arrays in scope that the value can be multiplied with entry by entry, keeping its shape."""
        shape = self.shape if wanted is None else wanted
        for name, other in self.scope.arrays.items():
            if other and (shape is None or _keeps(shape, other)):
                yield name, other

    def within(self, *kinds: type[ast.AST]) -> bool:
        """Does the node stand in one of these, within its statement?"""
        return any(isinstance(parent, kinds) for parent in self.parents)


def _keeps(shape: tuple[int, ...], other: tuple[int, ...]) -> bool:
    """Does an array of the other shape times one of this shape have this shape?"""
    if len(other) > len(shape):
        return False
    return all(a in (b, 1) for a, b in zip(other[::-1], shape[::-1], strict=False))


def is_atom(text: str) -> bool:
    """Does a text need no brackets beside an operator?"""
    try:
        return isinstance(ast.parse(text, mode="eval").body, ATOMS)
    except SyntaxError:
        return True  # the edit is none: compiling it will tell


def name_of_call(call: ast.Call) -> str:
    """The last part of a called name: sum for np.sum(x) and x.sum()."""
    if isinstance(call.func, ast.Attribute):
        return call.func.attr
    return call.func.id if isinstance(call.func, ast.Name) else ""


def is_count(site: Site) -> bool:
    """Is the value a count, such as n = X.shape[0]? A change of sign or factor is never meant there."""
    if not isinstance(site.node, ast.expr):
        return False
    text = site.text(site.node)
    return text in site.scope.counts or ".shape" in text[-10:] or text.startswith("len(") or text.endswith(".size")


def is_method(call: ast.Call, scope: Scope) -> bool:
    """Is it x.sum(), not np.sum(x)?"""
    return isinstance(call.func, ast.Attribute) and f"{ast.unparse(call.func.value)}." != scope.numpy


def number(node: ast.AST | None) -> float | None:
    """The value of a numeric constant, a minus before it included."""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        value = number(node.operand)
        return None if value is None else -value
    if isinstance(node, ast.Constant) and isinstance(node.value, int | float) and not isinstance(node.value, bool):
        return node.value
    return None
