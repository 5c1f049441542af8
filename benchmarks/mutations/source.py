"""A right submission's source: its text and syntax tree together, and what each part of it is for."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeVar, cast

Shapes = Mapping[str, Mapping[str, tuple[int, ...]]]
Block = list[ast.stmt]
N = TypeVar("N", bound=ast.AST)


class Role(StrEnum):
    """What a part of the source is for."""

    REGULARISER = "regulariser"
    DERIVATIVE = "activation derivative"
    ACTIVATION = "activation"
    SOFTMAX = "softmax"
    LOSS = "loss"
    FORWARD = "forward pass"
    GRADIENT = "gradient"


@dataclass(frozen=True, slots=True)
class Edit:
    """Text that takes the place of source[start:end]; `is_marked` if its lines are among those to point at."""

    start: int
    end: int
    text: str
    is_marked: bool = True


REGULARISER = re.compile(r"(?i)^(l2|reg|lam|lambda|lmbda|lamb|lambd|weight_?decay|penalty|strength)(_\w*|ul\w*)?$")
ACTIVATION = re.compile(r"(?i)relu|sigmoid|tanh|logistic|activation|^act_|_act$")
BACKWARD = re.compile(
    r"(?i)backward|^_?back|_back$|slope|deriv|prime|grad|delta|jacobian|backprop|bprop|^d_?(relu|sigm|tanh|act|improved)"
)
LOSS = re.compile(r"(?i)loss|cost|entropy|mse|objective|nll")
FORWARD = re.compile(r"(?i)forward|predict|logits|scores|affine|linear")
DISPLAYS = (ast.Dict, ast.Tuple, ast.List, ast.Lambda, ast.IfExp)
EXPONENTIALS = ("exp", "logaddexp", "reduce", "logsumexp")
LABELS = re.compile(r"(?i)^(y|y_?true|t|targets?|truth|labels?|one_?hot)$")
FIXED = (ast.Assert, ast.Import, ast.ImportFrom, ast.FunctionDef, ast.ClassDef, ast.Pass, ast.Global, ast.For, ast.If)
OPERATORS = (ast.BinOp, ast.UnaryOp, ast.Compare, ast.BoolOp, ast.IfExp, ast.Lambda)
TIGHT = (ast.BinOp, ast.UnaryOp, ast.Compare, ast.Attribute, ast.Subscript, ast.Call, ast.Starred)


@dataclass(slots=True)
class Code:
    """A right submission.

    Attributes:
        shapes: function -> name -> shape of the array it held in a trial call, for what may stand for what.
        otherwise: the role of what nothing else is known of.
        loss_statements: in functions that return a loss and gradients, what matters to the loss alone.
        shared_statements: there, what the loss and the gradients are both computed from.
    """

    source: str
    shapes: Shapes = field(default_factory=dict)
    otherwise: Role = Role.GRADIENT
    tree: ast.Module = field(init=False)
    nodes: list[ast.AST] = field(init=False)
    parents: dict[ast.AST, ast.AST] = field(init=False)
    sizes: set[str] = field(init=False)
    loss_statements: set[ast.stmt] = field(init=False)
    shared_statements: set[ast.stmt] = field(init=False)
    _starts: list[int] = field(init=False)
    _lines: list[str] = field(init=False)

    def __post_init__(self) -> None:
        self.tree = ast.parse(self.source)
        self._lines = self.source.splitlines(keepends=True)
        self._starts = [0]
        for line in self._lines:
            self._starts.append(self._starts[-1] + len(line))
        self.parents = {child: node for node in ast.walk(self.tree) for child in ast.iter_child_nodes(node)}
        # Before Python 3.12, what stands inside an f-string has no true place; an assert computes nothing.
        closed = (ast.JoinedStr, ast.Assert, ast.Raise)
        inside = {n for f in ast.walk(self.tree) if isinstance(f, closed) for n in ast.walk(f) if n is not f}
        self.nodes = [node for node in ast.walk(self.tree) if node not in inside]
        self.sizes = {name for statement in self.each(ast.Assign) for name in _sizes_bound_by(statement)}
        self.loss_statements, self.shared_statements = set(), set()
        for function in self.each(ast.FunctionDef):
            alone = self._loss_statements(function)
            self.loss_statements |= alone
            self.shared_statements |= self._before(function, alone) - alone

    def each(self, kind: type[N]) -> Iterator[N]:
        """Every node of a kind that has a place, from the top."""
        return (node for node in self.nodes if isinstance(node, kind))

    def binary(self, *operators: type[ast.operator]) -> Iterator[ast.BinOp]:
        """Every binary operation with one of the operators."""
        return (node for node in self.each(ast.BinOp) if isinstance(node.op, operators))

    def above(self, node: ast.AST) -> Iterator[ast.AST]:
        """The node and all that it stands in, from the inside."""
        current: ast.AST | None = node
        while current is not None:
            yield current
            current = self.parents.get(current)

    def statement(self, node: ast.AST) -> ast.stmt:
        """The statement it stands in, or is."""
        return next(n for n in self.above(node) if isinstance(n, ast.stmt))

    def function(self, node: ast.AST) -> str:
        """The qualified name of the function it stands in; empty at the top of the file."""
        names = [n.name for n in self.above(node) if isinstance(n, ast.FunctionDef | ast.ClassDef)]
        return ".".join(reversed(names))

    def blocks(self) -> Iterator[Block]:
        """Every list of statements inside a function, without docstrings."""
        for node in self.nodes:
            for name in ("body", "orelse"):
                block = getattr(node, name, None)
                if isinstance(block, list) and block and self.function(block[0]):
                    yield [s for s in block if not (isinstance(s, ast.Expr) and isinstance(s.value, ast.Constant))]

    def block_of(self, statement: ast.stmt) -> Block:
        """The statements among which it stands."""
        parent = self.parents[statement]
        return next(b for name in ("body", "orelse") if statement in (b := getattr(parent, name, [])))

    # Places

    def span(self, node: ast.AST) -> tuple[int, int]:
        """Where its text begins and ends. (The syntax tree counts bytes.)"""
        place = cast(ast.expr, node)

        def offset(line: int, column: int) -> int:
            return self._starts[line - 1] + len(self._lines[line - 1].encode()[:column].decode())

        return offset(place.lineno, place.col_offset), offset(place.end_lineno or 0, place.end_col_offset or 0)

    def put(self, node: ast.expr, new: ast.expr | str) -> Edit:
        """Another expression in its place, in brackets where it needs them."""
        start, end = self.span(node)
        text = new if isinstance(new, str) else ast.unparse(new)
        bracketed = self.source[start - 1 : start] == "(" and self.source[end : end + 1] == ")"
        value = new if isinstance(new, ast.expr) else ast.parse(text, mode="eval").body
        parent = self.parents[node]
        is_inside = isinstance(parent, ast.Call) and node is not parent.func
        is_inside |= isinstance(parent, ast.Subscript) and node is not parent.value
        if isinstance(value, OPERATORS) and isinstance(parent, TIGHT) and not bracketed and not is_inside:
            text = f"({text})"
        return Edit(start, end, text)

    def rows(self, statement: ast.stmt) -> tuple[int, int]:
        """Where its lines begin and end, the last line's end included."""
        return self._starts[statement.lineno - 1], self._starts[statement.end_lineno or 0]

    def lines_of(self, statement: ast.stmt) -> str:
        """Its lines, with their indentation."""
        start, end = self.rows(statement)
        text = self.source[start:end]
        return text if text.endswith("\n") else text + "\n"

    def stands_alone(self, statement: ast.stmt) -> bool:
        """Is nothing else on its lines?"""
        start, _ = self.rows(statement)
        begin, end = self.span(statement)
        rest = self.source[end : self.rows(statement)[1]].strip()
        return not self.source[start:begin].strip() and (not rest or rest.startswith("#"))

    def rewrite(self, statement: ast.stmt, text: str, is_marked: bool = True) -> Edit:
        """Other lines in place of a statement's."""
        return Edit(*self.rows(statement), text, is_marked)

    def without(self, statement: ast.stmt) -> Edit:
        """Nothing in place of a statement, or `pass` where a block would be empty."""
        is_last = len(self.block_of(statement)) == 1
        return self.rewrite(statement, " " * statement.col_offset + "pass\n" if is_last else "")

    # Roles

    def role(self, node: ast.AST) -> Role:
        """What it is for, from its function's name, its own shape, and where it flows."""
        if self.is_regulariser(node):
            return Role.REGULARISER
        statement = self.statement(node)
        function = self.function(node) + self._table(node)
        name = function.rsplit(".", 1)[-1]
        is_loss = name != "loss" and LOSS.search(name) and not BACKWARD.search(name)
        if any(REGULARISER.match(part) for part in function.split(".")):
            return Role.REGULARISER
        if statement in self.loss_statements or is_loss:
            return Role.LOSS
        if "softmax" in name.lower() or name == "jacobian" or self._in_softmax(node, is_sure=True):
            return Role.SOFTMAX
        if re.search("(?i)slope|deriv|prime", name) and not LOSS.search(name) and self._arguments(node) == 1:
            return Role.DERIVATIVE
        if ACTIVATION.search(function):
            return Role.DERIVATIVE if BACKWARD.search(name) else Role.ACTIVATION
        if self._in_derivative(node):
            return Role.DERIVATIVE
        if self._in_activation(node):
            return Role.ACTIVATION
        if self._in_softmax(node, is_sure=False):
            return Role.SOFTMAX
        return Role.FORWARD if FORWARD.search(name) and not BACKWARD.search(name) else self.otherwise

    def _arguments(self, node: ast.AST) -> int:
        """How many arguments its function or lambda takes."""
        functions = (n for n in self.above(node) if isinstance(n, ast.FunctionDef | ast.Lambda))
        return next((sum(a.arg != "self" for a in f.args.args) for f in functions), 0)

    def _table(self, node: ast.AST) -> str:
        """Where the lambda it stands in is kept: the names of a table and of its entry."""
        names, is_in_lambda, inner = "", False, node
        for outer in self.above(node):
            is_in_lambda |= isinstance(outer, ast.Lambda)
            if is_in_lambda and isinstance(outer, ast.Dict):
                entries = zip(outer.keys, outer.values, strict=True)
                names = f"_{''.join(text_of(key) for key, value in entries if value is inner)}{names}"
            elif is_in_lambda and isinstance(outer, ast.keyword):
                names = f"_{outer.arg}{names}"
            elif is_in_lambda and isinstance(outer, ast.Assign):
                names = f"_{'_'.join(bound_by(outer))}{names}"
            inner = outer
        return names

    def term(self, node: ast.AST) -> ast.AST:
        """The summand it stands in."""
        for inner in self.above(node):
            parent = self.parents.get(inner)
            additive = isinstance(parent, ast.BinOp) and isinstance(parent.op, ast.Add | ast.Sub)
            if additive or not isinstance(parent, ast.expr | ast.keyword) or isinstance(parent, DISPLAYS):
                return inner
        return node

    def is_regulariser(self, node: ast.AST) -> bool:
        """Is it inside a summand with lambda, or inside the statement that adds one?"""
        inside = node.value if isinstance(node, ast.AugAssign | ast.Assign) else node
        if isinstance(inside, ast.stmt):
            return False
        if isinstance(inside, ast.BinOp) and isinstance(inside.op, ast.Add | ast.Sub):
            # A sum is the regulariser only as a factor of lambda.
            return any(self._has_lambda(n) for n in [self.term(inside)] if n is not inside)
        return self._has_lambda(self.term(inside)) or self._is_multiplied_by_lambda(inside)

    def _is_multiplied_by_lambda(self, node: ast.AST) -> bool:
        """Is it inside the brackets of lambda * (a + b)?"""
        for inner in self.above(node):
            parent = self.parents.get(inner)
            if not isinstance(parent, ast.expr) or isinstance(parent, DISPLAYS):
                return False
            if isinstance(parent, ast.BinOp) and isinstance(parent.op, ast.Mult):
                other = parent.left if parent.right is inner else parent.right
                if any(REGULARISER.match(last_name(n)) for n in ast.walk(other)):
                    return True
        return False

    def _has_lambda(self, term: ast.AST) -> bool:
        """Is a factor, and not an argument of a call, the strength of the regulariser or a name for its term?"""
        factors = [n for product in ast.walk(term) if isinstance(product, ast.BinOp) for n in operands(product)]
        return any(REGULARISER.match(last_name(n)) for n in [*factors, term] if isinstance(n, ast.Name | ast.Attribute))

    def _in_derivative(self, node: ast.AST) -> bool:
        """Is it inside a factor 1 - a, 1 - a**2, z > 0, or act'(z), or in a statement that sets to 0 by a mask?"""
        inner: ast.AST
        for inner in self.above(node):
            if isinstance(inner, ast.stmt):
                break
            if isinstance(inner, ast.Call) and BACKWARD.search(last_name(inner.func)):
                return bool(ACTIVATION.search(last_name(inner.func)) or "act" in last_name(inner.func))
            parent = self.parents[inner]
            if isinstance(parent, ast.BinOp) and isinstance(parent.op, ast.Mult) and is_derivative_factor(inner):
                return True
        statement = self.statement(node)
        if isinstance(statement, ast.AugAssign) and isinstance(statement.op, ast.Mult):
            return is_derivative_factor(statement.value)
        if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Subscript):
            return isinstance(statement.targets[0].slice, ast.Compare)
        return False

    def _in_softmax(self, node: ast.AST, *, is_sure: bool) -> bool:
        """Is it inside something divided by its own sum, or inside exp? If sure, exp after subtracting a maximum."""
        for inner in self.above(node):
            if isinstance(inner, ast.AugAssign) and isinstance(inner.op, ast.Div):
                return _is_own_sum(inner.target, inner.value)
            if isinstance(inner, ast.stmt):
                return inner is node and not is_sure and calls(inner, *EXPONENTIALS)
            if isinstance(inner, ast.BinOp) and isinstance(inner.op, ast.Div) and _is_own_sum(*operands(inner)):
                return True
            is_exponential = isinstance(inner, ast.Call) and last_name(inner.func) in EXPONENTIALS
            if is_exponential and (not is_sure or calls(inner, "max", "amax")):
                return True
        return False

    def _in_activation(self, node: ast.AST) -> bool:
        """Is it inside max(z, 0), tanh(z), where(z > 0, ...) or 1 / (1 + exp(-z))?"""
        for inner in self.above(node):
            if isinstance(inner, ast.Call) and last_name(inner.func) in {"maximum", "tanh", "relu", "sigmoid"}:
                return True
            if isinstance(inner, ast.Call) and last_name(inner.func) == "where" and is_derivative_factor(inner.args[0]):
                return True
            if isinstance(inner, ast.BinOp) and isinstance(inner.op, ast.Div) and _is_one_and_exp(inner.right):
                return True
        return False

    def _loss_statements(self, function: ast.FunctionDef) -> set[ast.stmt]:
        """The statements of a function (loss, gradients) that matter to the loss alone."""
        returned = [n.value for n in ast.walk(function) if isinstance(n, ast.Return) and isinstance(n.value, ast.Tuple)]
        losses = [value.elts[0] for value in returned if LOSS.search(function.name) and value.elts]
        inside = {n for loss in losses for n in ast.walk(loss)}
        uses = [n for n in ast.walk(function) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)]
        found: set[ast.stmt] = set()
        while True:
            # x = x / n uses x only to give x another value.
            outside = {u.id for u in uses if u not in inside and u.id not in bound_by(self.statement(u))}
            wanted = {use.id for use in uses if use in inside} - outside
            more = {s for s in _computing(function) if set(bound_by(s)) and set(bound_by(s)) <= wanted} - found
            if not more:
                return found
            found |= more
            inside |= {n for s in more for n in ast.walk(s)}

    def _before(self, function: ast.FunctionDef, statements: set[ast.stmt]) -> set[ast.stmt]:
        """What these statements are computed from."""
        found = set(statements)
        while True:
            wanted = {name for s in found for name in read_in(s)}
            last = max((s.lineno for s in found), default=0)
            more = {s for s in _computing(function) if s.lineno < last and set(bound_by(s)) & wanted} - found
            if not more:
                return found
            found |= more


def _computing(function: ast.FunctionDef) -> list[ast.stmt]:
    return [n for n in ast.walk(function) if isinstance(n, ast.Assign | ast.AugAssign)]


def _is_one_and_exp(node: ast.AST) -> bool:
    is_sum = isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add)
    return is_sum and calls(node, "exp") and any(is_number(n, 1) for n in operands(cast(ast.BinOp, node)))


def text_of(node: ast.AST | None) -> str:
    """The text that a literal stands for; empty for everything else."""
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def last_name(node: ast.AST) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


def operands(node: ast.BinOp) -> list[ast.expr]:
    return [node.left, node.right]


def is_number(node: ast.AST, *values: float) -> bool:
    is_number = isinstance(node, ast.Constant) and type(node.value) in {int, float}
    return is_number and (not values or cast(ast.Constant, node).value in values)


def calls(node: ast.AST, *names: str) -> bool:
    return any(isinstance(n, ast.Call) and last_name(n.func) in names for n in ast.walk(node))


def bound_by(statement: ast.stmt) -> list[str]:
    """Names that a statement gives a value, the x of x[i] included."""
    targets: Sequence[ast.AST] = []
    if isinstance(statement, ast.Assign):
        targets = [e for t in statement.targets for e in (t.elts if isinstance(t, ast.Tuple) else [t])]
    elif isinstance(statement, ast.AugAssign):
        targets = [statement.target]
    return [last_name(t.value if isinstance(t, ast.Subscript) else t) for t in targets]


def read_in(node: ast.AST) -> set[str]:
    return {n.id for n in ast.walk(node) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)}


def is_size(node: ast.AST) -> bool:
    if isinstance(node, ast.Call):
        return last_name(node.func) == "len" or (last_name(node.func) == "float" and is_size(node.args[0]))
    if isinstance(node, ast.Subscript):
        return last_name(node.value) == "shape"
    return isinstance(node, ast.Attribute) and node.attr == "size"


def _sizes_bound_by(statement: ast.Assign) -> list[str]:
    target = statement.targets[0]
    if isinstance(target, ast.Name) and is_size(statement.value):
        return [target.id]
    return bound_by(statement) if isinstance(target, ast.Tuple) and last_name(statement.value) == "shape" else []


def _is_own_sum(divided: ast.AST, divisor: ast.AST) -> bool:
    """Is something divided by its own sum?"""
    names = [{n.id for n in ast.walk(part) if isinstance(n, ast.Name)} for part in (divided, divisor)]
    return calls(divisor, "sum") and bool(names[0] & names[1] - {"np", "numpy"})


def is_derivative_factor(node: ast.AST) -> bool:
    if isinstance(node, ast.Compare):
        return is_number(node.comparators[0], 0)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Sub):
        if is_number(node.left, 1):
            return not calls(node, "exp")
        is_square = isinstance(node.right, ast.BinOp) and isinstance(node.right.op, ast.Mult | ast.Pow)
        return is_square and bool(last_name(node.left)) and read_in(node.left) == read_in(node.right)
    return isinstance(node, ast.Call) and bool(BACKWARD.search(last_name(node.func)))


def size_in_scope(code: Code, node: ast.AST) -> str | None:
    """A name for the number of samples in its function."""
    function = next((n for n in code.above(node) if isinstance(n, ast.FunctionDef)), None)
    names = {n for s in ast.walk(function) if isinstance(s, ast.Assign) for n in bound_by(s)} if function else set()
    return next((n for n in ("n", "m", "N") if n in names & code.sizes), None)


def is_bound_of_loop(code: Code, node: ast.AST) -> bool:
    return any(isinstance(n, ast.Call) and last_name(n.func) in {"range", "arange", "zeros"} for n in code.above(node))


def shapes_at(code: Code, node: ast.AST) -> Mapping[str, tuple[int, ...]]:
    return code.shapes.get(code.function(node), {})


def stand_ins(code: Code, node: ast.Name) -> list[str]:
    """Names that are bound before it in its function to arrays of the same shape."""
    shapes = shapes_at(code, node)
    function = next((n for n in code.above(node) if isinstance(n, ast.FunctionDef)), None)
    if node.id not in shapes or function is None or not shapes[node.id]:
        return []
    bound = {argument.arg for argument in function.args.args}
    bound |= {
        n for s in ast.walk(function) if isinstance(s, ast.stmt) and s.lineno < node.lineno for n in bound_by(s) if n
    }
    return [n for n in sorted(bound & set(shapes)) if n != node.id and shapes[n] == shapes[node.id]]


def is_argument_of_helper(code: Code, node: ast.AST) -> bool:
    parent = code.parents[node]
    return isinstance(parent, ast.Call) and node in parent.args and last_name(parent.func) in _defined_functions(code)


def _defined_functions(code: Code) -> set[str]:
    return {f.name for f in code.each(ast.FunctionDef)}


def arguments_of(code: Code, node: ast.AST) -> list[str]:
    function = next(n for n in code.above(node) if isinstance(n, ast.FunctionDef))
    return [argument.arg for argument in function.args.args]
