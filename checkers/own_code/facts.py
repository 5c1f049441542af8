"""What the text of a file says of its functions and classes, read without running anything."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from .declared import Declaration

OF_ARRAYS = frozenset(["shape", "T", "dot", "transpose", "reshape", "sum", "mean", "ndim", "size"])
OF_PRODUCTS = frozenset(["dot", "matmul", "einsum", "outer", "tensordot"])


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of a function, with its default as source text."""

    name: str
    default: str | None = None

    @property
    def has_default(self) -> bool:
        """May it be left out?"""
        return self.default is not None


@dataclass(frozen=True)
class Function:
    """A function or method.

    Attributes:
        parameters: without self; those after * as well.
        owner: the class it is a method of; "" for a plain function.
        is_own: is it in the file that is checked, not in one beside it?
    """

    name: str
    node: ast.FunctionDef
    parameters: tuple[Parameter, ...]
    owner: str = ""
    is_own: bool = True
    is_static: bool = False

    @property
    def full_name(self) -> str:
        """NAME, or CLASS.NAME."""
        return f"{self.owner}.{self.name}" if self.owner else self.name

    @property
    def line(self) -> int:
        """Of its `def`."""
        return self.node.lineno

    @property
    def names(self) -> tuple[str, ...]:
        """The names of its parameters."""
        return tuple(parameter.name for parameter in self.parameters)

    @property
    def required(self) -> tuple[str, ...]:
        """The names of those parameters that have no default."""
        return tuple(parameter.name for parameter in self.parameters if not parameter.has_default)

    @cached_property
    def doc(self) -> str:
        """Its docstring."""
        return ast.get_docstring(self.node) or ""

    @cached_property
    def returns(self) -> tuple[tuple[str, ...], ...]:
        """What each return statement returns, as texts: ("dx", "dw", "db")."""
        found = []
        for node in own_nodes(self.node):
            if isinstance(node, ast.Return) and node.value is not None:
                value = node.value
                parts = value.elts if isinstance(value, ast.Tuple | ast.List) else [value]
                found.append(tuple(ast.unparse(part) for part in parts))
        return tuple(found)

    @cached_property
    def calls(self) -> frozenset[str]:
        """The names of what it calls; of a method or module's function the last part."""
        found = set()
        for node in own_nodes(self.node):
            if isinstance(node, ast.Call):
                if isinstance(node.func, ast.Name):
                    found.add(node.func.id)
                elif isinstance(node.func, ast.Attribute):
                    found.add(node.func.attr)
        return frozenset(found)

    @cached_property
    def used_names(self) -> frozenset[str]:
        """Every name that its body reads."""
        return frozenset(node.id for node in own_nodes(self.node) if isinstance(node, ast.Name))

    @cached_property
    def self_attributes(self) -> frozenset[str]:
        """The attributes of self that it names."""
        return frozenset(
            node.attr
            for node in own_nodes(self.node)
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "self"
        )

    def options_of(self, parameter: str) -> tuple[str, ...]:
        """The texts that a parameter is compared with: "relu", "sigmoid"."""
        found: dict[str, None] = {}
        for node in own_nodes(self.node):
            if isinstance(node, ast.Compare) and _compares(node, parameter):
                for side in [node.left, *node.comparators]:
                    for part in side.elts if isinstance(side, ast.Tuple | ast.List | ast.Set) else [side]:
                        if isinstance(part, ast.Constant) and isinstance(part.value, str):
                            found[part.value] = None
        return tuple(found)

    @cached_property
    def flags(self) -> frozenset[str]:
        """The names that it asks by themselves: `if verbose:`, `if returns_gradient == True:`."""
        tests = [node.test for node in own_nodes(self.node) if isinstance(node, ast.If | ast.IfExp)]
        bare = [test.operand if isinstance(test, ast.UnaryOp) else test for test in tests]
        compared = [test.left for test in bare if isinstance(test, ast.Compare) and _is_truth(test.comparators[0])]
        return frozenset(part.id for part in [*bare, *compared] if isinstance(part, ast.Name))

    @cached_property
    def ranks(self) -> Mapping[str, int]:
        """How many axes an argument has, where its shape is unpacked: N, C, H, W = x.shape."""
        found: dict[str, int] = {}
        for node in own_nodes(self.node):
            if not (isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Tuple | ast.List)):
                continue
            target, value = node.targets[0], node.value
            pairs: list[tuple[ast.expr, ast.expr]] = [(target, value)]
            if isinstance(value, ast.Tuple) and len(value.elts) == len(target.elts):
                pairs = list(zip(target.elts, value.elts, strict=True))
            for part, source in pairs:
                is_shape = isinstance(source, ast.Attribute) and source.attr == "shape"
                if isinstance(part, ast.Tuple | ast.List) and isinstance(source, ast.Attribute) and is_shape:
                    is_whole = not any(isinstance(one, ast.Starred) for one in part.elts)
                    if is_whole and isinstance(source.value, ast.Name):
                        found.setdefault(source.value.id, len(part.elts))
        return found

    @cached_property
    def array_names(self) -> frozenset[str]:
        """The names that are used as only an array can be: x.shape, x.T, x @ w, np.dot(x, w)."""
        found = set()
        for node in own_nodes(self.node):
            parts: list[ast.expr] = []
            if isinstance(node, ast.Attribute) and node.attr in OF_ARRAYS:
                parts = [node.value]
            elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.MatMult):
                parts = [node.left, node.right]
            elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in OF_PRODUCTS:
                parts = list(node.args)
            found |= {part.id for part in parts if isinstance(part, ast.Name)}
        return frozenset(found)

    @cached_property
    def indices(self) -> frozenset[str]:
        """The names that stand as an index: W[x], np.add.at(dW, x, dout)."""
        found = set()
        for node in own_nodes(self.node):
            if isinstance(node, ast.Subscript):
                parts = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
                found |= {part.id for part in parts if isinstance(part, ast.Name)}
        return frozenset(found)

    def keys_of(self, name: str) -> tuple[str, ...]:
        """The texts by which a dict is read: parameters["W1"], "W1" in parameters."""
        found: dict[str, None] = {}
        for node in own_nodes(self.node):
            if isinstance(node, ast.Subscript) and _is_name(node.value, name):
                if isinstance(node.slice, ast.Constant) and isinstance(node.slice.value, str):
                    found[node.slice.value] = None
            elif (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr in {"get", "setdefault", "pop"}
                and _is_name(node.func.value, name)
                and node.args
                and isinstance(node.args[0], ast.Constant)
            ):
                found[str(node.args[0].value)] = None
        return tuple(found)

    @cached_property
    def returned_parameter(self) -> str | None:
        """The parameter that every return statement returns as it was given; None where there is none."""
        returned = set(self.returns)
        changed = {_changed(node) for node in ast.walk(self.node)}
        return next((name for name in self.names if returned == {(name,)} and name not in changed), None)

    @cached_property
    def is_unfinished(self) -> bool:
        """Is its body empty: pass, ..., raise NotImplementedError?"""
        body = [node for node in self.node.body if not _is_text(node)]
        return all(
            isinstance(node, ast.Pass)
            or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))
            or (isinstance(node, ast.Raise) and "NotImplemented" in ast.unparse(node))
            or (isinstance(node, ast.Return) and (node.value is None or ast.unparse(node.value) == "None"))
            for node in body
        )


@dataclass(frozen=True)
class Class:
    """A class with its methods, those of its bases in the same files included."""

    name: str
    node: ast.ClassDef
    methods: Mapping[str, Function]
    is_own: bool = True
    bases: tuple[str, ...] = ()

    @property
    def line(self) -> int:
        """Of its `class`."""
        return self.node.lineno


@dataclass(frozen=True)
class Facts:
    """What is known of a file and of those beside it that it imports.

    Attributes:
        functions: by name; those of the file hide others of the same name.
        assigned: names of the module that are no functions or classes by `def` and `class`, but may hold some.
        declared: pairs that somebody named, see `rules.declared`.
        imported: names that the file itself imports from modules: `from utils import sigmoid`; "*" for all.
    """

    functions: Mapping[str, Function] = field(default_factory=dict)
    classes: Mapping[str, Class] = field(default_factory=dict)
    declared: tuple[Declaration, ...] = ()
    assigned: frozenset[str] = frozenset()
    imported: frozenset[str] = frozenset()

    @property
    def own(self) -> list[Function]:
        """The file's own functions, in their order."""
        return sorted((f for f in self.functions.values() if f.is_own), key=lambda f: f.line)

    @property
    def own_classes(self) -> list[Class]:
        """The file's own classes, in their order."""
        return sorted((c for c in self.classes.values() if c.is_own), key=lambda c: c.line)


def read_facts(text: str, beside: Sequence[str] = ()) -> Facts | None:
    """What a file says; None where it is no Python.

    Args:
        beside: the texts of files beside it whose names it imports; those that are no Python are left out.
    """
    tree = _parsed(text)
    if tree is None:
        return None
    functions: dict[str, Function] = {}
    classes: dict[str, Class] = {}
    for other in beside:
        if (tree_beside := _parsed(other)) is not None:
            _collect(tree_beside, functions, classes, is_own=False)
    _collect(tree, functions, classes, is_own=True)
    inherited = {name: _with_inherited(one, classes) for name, one in classes.items()}
    assigned = (target for node in _top_level(tree.body) if isinstance(node, ast.Assign) for target in node.targets)
    names = frozenset(part.id for target in assigned for part in ast.walk(target) if isinstance(part, ast.Name))
    imports = (node for node in _top_level(tree.body) if isinstance(node, ast.ImportFrom))
    imported = frozenset(alias.asname or alias.name for node in imports for alias in node.names)
    return Facts(functions, inherited, assigned=names, imported=imported)


def _parsed(text: str) -> ast.Module | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _collect(tree: ast.Module, functions: dict[str, Function], classes: dict[str, Class], *, is_own: bool) -> None:
    for node in _top_level(tree.body):
        if isinstance(node, ast.FunctionDef):
            functions[node.name] = _function(node, "", is_own)
        elif isinstance(node, ast.ClassDef):
            methods = {
                part.name: _function(part, node.name, is_own) for part in node.body if isinstance(part, ast.FunctionDef)
            }
            bases = tuple(ast.unparse(base) for base in node.bases)
            classes[node.name] = Class(node.name, node, methods, is_own, bases)


def _top_level(body: Sequence[ast.stmt]) -> Iterator[ast.stmt]:
    """Statements of the module, those under `if` and `try` as well."""
    for node in body:
        yield node
        if isinstance(node, ast.If | ast.Try | ast.With):
            for part in ("body", "orelse", "finalbody"):
                yield from _top_level(getattr(node, part, []))


def _function(node: ast.FunctionDef, owner: str, is_own: bool) -> Function:
    decorators = {ast.unparse(one) for one in node.decorator_list}
    is_static = "staticmethod" in decorators
    arguments = node.args
    positional = [*arguments.posonlyargs, *arguments.args]
    defaults = [None] * (len(positional) - len(arguments.defaults)) + [ast.unparse(d) for d in arguments.defaults]
    parameters = [Parameter(one.arg, default) for one, default in zip(positional, defaults, strict=True)]
    parameters += [
        Parameter(one.arg, None if default is None else ast.unparse(default))
        for one, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
    ]
    if owner and not is_static and parameters:
        parameters = parameters[1:]
    return Function(node.name, node, tuple(parameters), owner, is_own, is_static)


def _with_inherited(one: Class, classes: Mapping[str, Class], depth: int = 8) -> Class:
    methods = dict(one.methods)
    for base in one.bases:
        if base in classes and depth and classes[base] is not one:
            above = _with_inherited(classes[base], classes, depth - 1)
            methods = {**above.methods, **methods}
    return Class(one.name, one.node, methods, one.is_own, one.bases)


def own_nodes(function: ast.FunctionDef) -> Iterator[ast.AST]:
    """The nodes of a function's body without those of functions and classes inside of it."""
    waiting: list[ast.AST] = list(function.body)
    while waiting:
        node = waiting.pop(0)
        yield node
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda):
            waiting = [*ast.iter_child_nodes(node), *waiting]


def _compares(node: ast.Compare, name: str) -> bool:
    """Is a name compared with texts: name == "relu", name in ("relu", "tanh"); not "relu" in name."""
    if _is_name(node.left, name):
        return True
    return isinstance(node.ops[0], ast.Eq | ast.NotEq) and any(_is_name(side, name) for side in node.comparators)


def _is_truth(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, bool)


def _is_name(node: ast.expr, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name


def _changed(node: ast.AST) -> str:
    """The name that a node gives a value to, or to a part of it: x = .., x[i] = .., x.y = ..; "" of any other node."""
    if not isinstance(getattr(node, "ctx", None), ast.Store | ast.Del):
        return ""
    while isinstance(node, ast.Subscript | ast.Attribute):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""


def _is_text(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
