"""Which argument of a function holds all parameters of a model in one vector, and which ones say how it is cut up."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from .facts import Facts, Function, own_nodes
from .roles import Role, role_of

RESHAPES = frozenset(["reshape", "resize"])


@dataclass(frozen=True, slots=True)
class ParameterVector:
    """A vector that a function cuts into matrices: params[: h * n].reshape(h, n).

    Attributes:
        name: of the argument.
        sizes: the arguments that its slices and shapes are computed from -> how many sizes one holds as a list; 0 where
            it is a single number.
        parts: the names of the matrices, in their order; () where not each is reshaped and given a name, no more.
    """

    name: str
    sizes: Mapping[str, int]
    parts: tuple[str, ...] = ()


def argument_names(function: Function) -> tuple[str, ...]:
    """The names of the arguments without a default, those that *args is unpacked into as well."""
    rest = function.node.args.vararg
    unpacked = [
        target.elts
        for node in function.node.body
        if rest is not None and isinstance(node, ast.Assign) and isinstance(target := node.targets[0], ast.Tuple)
        and isinstance(node.value, ast.Name) and node.value.id == rest.arg
    ]  # fmt: skip
    further = [one.id for one in (unpacked[0] if unpacked else []) if isinstance(one, ast.Name)]
    return (*function.required, *further)


def parameter_vector(function: Function, facts: Facts) -> ParameterVector | None:
    """The vector that a function reshapes itself, or hands to one that does; None where there is none."""
    return _cut_here(function) or _cut_elsewhere(function, facts)


def _cut_here(function: Function) -> ParameterVector | None:
    names = argument_names(function)
    sources = _sources(function, names)
    for name in names:
        cuts = list(_cuts(function, name))
        mentioned = {source for cut in cuts for source in _mentioned(cut.sizes, sources)}
        sizes = [one for one in names if one in mentioned and one != name and _may_be_size(function, one)]
        if sizes:
            targets = [cut.target for cut in sorted(cuts, key=lambda cut: cut.line)]
            parts = tuple(targets) if all(targets) else ()
            return ParameterVector(name, {one: _count(function, one) for one in sizes}, parts)
    return None


def _cut_elsewhere(function: Function, facts: Facts) -> ParameterVector | None:
    """What is known from the function that takes the vector apart: deserialize(params, users, movies, features)."""
    names = argument_names(function)
    for node in own_nodes(function.node):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name)):
            continue
        called = facts.functions.get(node.func.id)
        found = _cut_here(called) if called is not None and called.name != function.name else None
        if called is None or found is None:
            continue
        handed = {
            parameter: argument.id
            for parameter, argument in zip(called.names, node.args, strict=False)
            if isinstance(argument, ast.Name) and argument.id in names
        }
        if found.name in handed and all(one in handed for one in found.sizes):
            sizes = {handed[one]: count for one, count in found.sizes.items()}
            return ParameterVector(handed[found.name], sizes)
    return None


@dataclass(frozen=True, slots=True)
class _Cut:
    """One place where the vector, or a slice of it, is reshaped; `target` is the name that it is given, or ""."""

    line: int
    sizes: tuple[ast.expr, ...]
    target: str


def _cuts(function: Function, vector: str) -> Iterator[_Cut]:
    targets = {
        node.value: node.targets[0].id
        for node in own_nodes(function.node)
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
    }
    for node in own_nodes(function.node):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if name not in RESHAPES:
            continue
        is_method = isinstance(node.func, ast.Attribute) and not _is_module(node.func.value)
        parts = [node.func.value, *node.args] if is_method and isinstance(node.func, ast.Attribute) else node.args
        bounds = _bounds(parts[0], vector) if parts else None
        if bounds is not None:
            target = "" if node.keywords else targets.get(node, "")
            yield _Cut(node.lineno, (*bounds, *parts[1:]), target)


def _is_module(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id in {"np", "numpy"}


def _bounds(node: ast.expr, vector: str) -> tuple[ast.expr, ...] | None:
    """The bounds of a slice of the vector, none for the whole; None for anything else."""
    match node:
        case ast.Name(id) if id == vector:
            return ()
        case ast.Subscript(ast.Name(id), ast.Slice(lower, upper)) if id == vector:
            return tuple(part for part in (lower, upper) if part is not None)
    return None


def _sources(function: Function, names: Sequence[str]) -> dict[str, set[str]]:
    """The arguments that each name is computed from."""
    found = {name: {name} for name in names}
    assigned = [node for node in own_nodes(function.node) if isinstance(node, ast.Assign | ast.AugAssign)]
    for node in sorted(assigned, key=lambda node: node.lineno):
        for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
            for part in ast.walk(target):
                if isinstance(part, ast.Name):
                    found[part.id] = found.get(part.id, set()) | _mentioned([node.value], found)
    return found


def _mentioned(nodes: Sequence[ast.expr], sources: Mapping[str, set[str]]) -> set[str]:
    names = {part.id for node in nodes for part in ast.walk(node) if isinstance(part, ast.Name)}
    return {source for name in names for source in sources.get(name, ())}


def _may_be_size(function: Function, name: str) -> bool:
    """Is an argument a number or a list of numbers, not an array whose shape is read?"""
    return name not in function.array_names and role_of(name) not in {Role.DATA, Role.LABELS}


def _count(function: Function, name: str) -> int:
    """How many sizes a list holds, to judge by how it is read: sizes[0], or a, b, c = sizes."""
    count = 0
    for node in own_nodes(function.node):
        match node:
            case ast.Subscript(ast.Name(id), ast.Constant(int(place))) if id == name:
                count = max(count, place + 1)
            case ast.Assign([ast.Tuple(parts) | ast.List(parts)], ast.Name(id)) if id == name:
                count = max(count, len(parts))
    return count
