"""Small edits of a student's source, of which one may undo the mistake.

Each operator looks at one node of the syntax tree and yields the ways in which it may have been meant. What an edit is
worth is seen by running it; nothing here knows what is right.
"""

from __future__ import annotations

import ast
from dataclasses import replace
from typing import TYPE_CHECKING

from . import brackets, insertions, names, products, scales, signs, statements, sums
from .site import Edit, Scope, Site, Source

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

__all__ = ["Edit", "Scope", "Source", "edits"]

OPERATORS: tuple[Callable[[Site], Iterator[Edit]], ...] = (
    signs.differences,
    signs.lost_minus,
    signs.both_signs,
    signs.augmented,
    signs.comparisons,
    scales.constants,
    scales.quotients,
    scales.means,
    scales.powers,
    scales.all_squares,
    scales.all_constants,
    scales.factors,
    scales.term_factors,
    scales.sizes,
    scales.whole_numbers,
    scales.masks,
    scales.wrappers,
    sums.axes,
    sums.kept_dimensions,
    sums.missing_sums,
    sums.loops_over_keys,
    sums.accumulation,
    sums.repeated_places,
    sums.ranges,
    sums.slices,
    sums.missing_denominators,
    products.matrix_products,
    products.entrywise_products,
    products.transposes,
    products.swapped_arguments,
    names.operands,
    names.functions,
    names.everywhere,
    names.turned_round,
    names.library_functions,
    names.indices,
    names.keys,
    brackets.regrouped,
    brackets.distributed,
    brackets.deeper,
    brackets.calls,
    brackets.fractions,
    brackets.comparisons,
    insertions.missing_factors,
    insertions.scalar_factors,
    insertions.inner_terms,
    insertions.missing_products,
    insertions.missing_terms,
)

# A statement that names one of these does more than compute: it is left alone.
DANGEROUS = frozenset(["open", "os", "sys", "shutil", "subprocess", "exec", "eval", "input", "Path", "save", "savez"])
SIMPLE = (ast.Assign, ast.AugAssign, ast.AnnAssign, ast.Return, ast.Expr)


def edits(source: Source, scope_at: Callable[[int, int], Scope | None]) -> Iterator[Edit]:
    """Every edit of the statements that were run.

    Args:
        scope_at: from a statement's first and last line, the scope it ran in; None where it did not run.
    """
    for edit in _edits(source, scope_at):
        # Whatever takes the largest entry away, that was the slip.
        hardened = b"argmax" in source.data[edit.start : edit.end] and "argmax" not in edit.text
        yield replace(edit, code="hard-argmax") if hardened else edit


def _edits(source: Source, scope_at: Callable[[int, int], Scope | None]) -> Iterator[Edit]:
    for body in _bodies(source.tree):
        for place, statement in enumerate(body):
            last = statement.end_lineno if isinstance(statement, SIMPLE) else _header_end(statement)
            scope = scope_at(statement.lineno, last or statement.lineno)
            if scope is None or _is_dangerous(statement):
                continue
            yield from statements.reordered(source, body, place)
            yield from statements.conditions(source, statement)
            yield from statements.divided_in_place(source, statement, scope)
            for root in _expressions(statement):
                for node, parents in _walk(root, (statement,) if root is not statement else ()):
                    site = Site(source, node, parents, statement, scope)
                    if isinstance(node, ast.IfExp):
                        yield from statements.conditions(source, node)
                    for operator in OPERATORS:
                        yield from operator(site)


def _bodies(tree: ast.AST) -> Iterator[Sequence[ast.stmt]]:
    for node in ast.walk(tree):
        for field in ("body", "orelse", "finalbody", "handlers"):
            body = getattr(node, field, None)
            if isinstance(body, list) and body and isinstance(body[0], ast.stmt):
                yield body


def _header_end(statement: ast.stmt) -> int:
    body = getattr(statement, "body", None)
    return body[0].lineno - 1 if body and body[0].lineno > statement.lineno else statement.lineno


def _expressions(statement: ast.stmt) -> list[ast.AST]:
    """What of a statement is walked; of a loop its range only, since a changed condition may never end."""
    if isinstance(statement, SIMPLE):
        return [statement]
    if isinstance(statement, ast.For):
        return [statement.iter]
    return [statement.test] if isinstance(statement, ast.If) else []


def _is_dangerous(statement: ast.stmt) -> bool:
    if not isinstance(statement, SIMPLE):
        return False
    return any(
        (isinstance(node, ast.Name) and node.id in DANGEROUS)
        or (isinstance(node, ast.Attribute) and node.attr in DANGEROUS)
        for node in ast.walk(statement)
    )


def _walk(root: ast.AST, parents: tuple[ast.AST, ...]) -> Iterator[tuple[ast.AST, tuple[ast.AST, ...]]]:
    """The nodes below a root, with their ancestors; positions inside f-strings are not to be trusted."""
    yield root, parents
    if isinstance(root, ast.JoinedStr):
        return
    for child in ast.iter_child_nodes(root):
        if not isinstance(child, ast.expr_context | ast.operator | ast.cmpop | ast.unaryop):
            yield from _walk(child, (*parents, root))
