"""Python 2 in what students hand in: told from other errors, and converted line for line where that is safe.

The conversion is that of fissix, which goes on with the standard library's lib2to3; it is an extra. Only what needs no
new line is done, so that every statement stays where the student wrote it; reduce, which would need one, a lenient load
provides.
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterator

from checkers.errors import UsageError


class NoPython2Error(UsageError):
    """A text cannot be converted; the message says why."""


FIXERS = (
    *("basestring", "dict", "except", "exec", "filter", "funcattrs", "has_key", "itertools", "itertools_imports"),
    *("long", "map", "ne", "next", "numliterals", "print", "raise", "raw_input", "repr", "throw", "unicode"),
    *("xrange", "zip"),
)

# Entries of the courses' dicts that are whole numbers, as everybody writes them.
WHOLE_KEYS = frozenset(["pad", "pool_height", "pool_width", "stride"])

# What Python 3's compiler says of Python 2 -> what it is.
_SAID = {
    "Missing parentheses in call to 'print'": "print without brackets",
    "Missing parentheses in call to 'exec'": "exec without brackets",
    "multiple exception types must be parenthesized": "a comma after except",
    "leading zeros in decimal integer literals": "an octal number that begins with 0",
    "inconsistent use of tabs and spaces": "tabs and spaces mixed",
}
# How the line reads in which it saw nothing but an error, without its strings -> what it is.
_READS = {
    r"(^|[;:])\s*print\s*([\w'\"`\[{~-]|>>|$)": "print without brackets",
    r"(^|[;:])\s*exec\s*['\"\w]": "exec without brackets",
    r"\bexcept\s+[\w.()\s,]+,\s*\w+\s*:": "a comma after except",
    r"(^|[;:])\s*raise\s+[\w.]+\s*,": "a comma after raise",
    r"<>": "<> for !=",
    r"`": "backticks for repr",
    r"\b[uU][rR]['\"]": "a string that begins with ur",
    r"\b0\d": "an octal number that begins with 0",
    r"\b\d+[lL]\b": "a long number with L",
    r"\blambda\s*\(|\bdef\s+\w+\s*\([^)]*\(": "brackets among the parameters",
}
_STRING = re.compile(r"""(["'])(?:\\.|(?!\1).)*\1|#.*""")


def complaint(text: str) -> tuple[int, str] | None:
    r"""Where a text is no Python 3 because it is Python 2: a line, and what to say of it.

    >>> complaint("x = 1\nprint x\n")
    (2, 'is Python 2 (print without brackets)')
    >>> complaint("print(x)\n") is complaint("x = (\n") is None
    True
    """
    error = _syntax_error(text)
    if error is None or error.lineno is None:
        return None
    lines = text.split("\n")
    line = _STRING.sub(r"\1\1", lines[error.lineno - 1]) if error.lineno <= len(lines) else ""
    said = [meaning for message, meaning in _SAID.items() if message in str(error.msg)]
    found = said or [meaning for pattern, meaning in _READS.items() if re.search(pattern, line)]
    return (error.lineno, f"is Python 2 ({found[0]})") if found else None


def _syntax_error(text: str) -> SyntaxError | None:
    try:
        _parsed(text)
    except SyntaxError as error:
        return error
    except (ValueError, RecursionError, MemoryError):  # no text that Python of any age could read
        return None
    return None


def _parsed(text: str) -> ast.Module:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of "\d" in a string
        return ast.parse(text)


def converted(text: str) -> str:
    """A Python 2 text as Python 3; every statement stays in its line.

    Raises:
        NoPython2Error: the text is no Python 2 either.
        UsageError: fissix is not installed.
    """
    try:
        from fissix.refactor import RefactoringTool  # noqa: PLC0415 - an extra
    except ImportError:
        raise UsageError("Converting Python 2 needs fissix: pip install 'gradcheck[python2]'.") from None
    source = _with_spaces(text) + "\n"
    fixers = [f"fissix.fixes.fix_{name}" for name in FIXERS]
    problem: Exception | None = None
    # A text may use print() with keywords, and so is Python 3 in this, and Python 2 in other things.
    for options in ({}, {"print_function": True}):
        try:
            changed = str(RefactoringTool(fixers, options).refactor_string(source, "student"))[:-1]
        except Exception as error:  # the parser's own, and whatever strange text does to it
            problem = error
        else:
            if changed.count("\n") != text.count("\n"):
                raise NoPython2Error("Converting this Python 2 would move its lines.")
            return _with_whole_divisions(changed)
    raise NoPython2Error(f"This is no Python 2 that can be read: {_first_line(problem)}.") from problem


def _first_line(error: Exception | None) -> str:
    return str(error).partition("\n")[0].rstrip(".")


def _with_spaces(text: str) -> str:
    """Tabs before a line as spaces, where both are used: to Python 2 a tab reached to the next multiple of 8."""
    indents = re.findall(r"^[ \t]+", text, re.MULTILINE)
    if not any("\t" in indent for indent in indents) or not any(" " in indent for indent in indents):
        return text
    return re.sub(r"^[ \t]+", lambda match: match[0].expandtabs(8), text, flags=re.MULTILINE)


def _with_whole_divisions(text: str) -> str:
    """`/` between whole numbers as `//`, as Python 2 divided them; the rest of the divisions stay."""
    try:
        tree = _parsed(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return text  # loading it will tell
    if any(_is_future_division(node) for node in tree.body):
        return text
    data = text.encode()
    starts = [0]
    for line in data.split(b"\n"):
        starts.append(starts[-1] + len(line) + 1)
    slashes = []
    for left, right in _whole_divisions(tree):
        start = starts[(left.end_lineno or 1) - 1] + (left.end_col_offset or 0)
        end = starts[right.lineno - 1] + right.col_offset
        # Between the two stand brackets, the sign, and perhaps a comment with a slash in it.
        between = re.sub(rb"#[^\n]*", lambda match: b" " * len(match[0]), data[start:end])
        slashes.append(start + between.index(b"/"))
    for place in sorted(slashes, reverse=True):
        data = data[:place] + b"/" + data[place:]
    return data.decode()


def _is_future_division(node: ast.stmt) -> bool:
    return (
        isinstance(node, ast.ImportFrom)
        and node.module == "__future__"
        and any(entry.name == "division" for entry in node.names)
    )


def _whole_divisions(tree: ast.Module) -> Iterator[tuple[ast.expr, ast.expr]]:
    """Both sides of the divisions of whole numbers."""
    scopes = [tree, *(node for node in ast.walk(tree) if isinstance(node, _FUNCTIONS))]
    for scope in scopes:
        inside = list(_inside(scope))
        whole = _WholeNumbers(inside)
        for node in inside:
            match node:
                case ast.BinOp(left, ast.Div(), right) | ast.AugAssign(left, ast.Div(), right):
                    if whole.is_whole(left) and whole.is_whole(right):
                        yield left, right


_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)


def _inside(scope: ast.AST) -> Iterator[ast.AST]:
    """A function's nodes, or the module's, without those of the functions in it."""
    waiting = list(ast.iter_child_nodes(scope))
    while waiting:
        node = waiting.pop()
        yield node
        if not isinstance(node, _FUNCTIONS):
            waiting += ast.iter_child_nodes(node)


class _WholeNumbers:
    """Which expressions of a function are evidently whole numbers: entries of shapes, lengths, sums of them.

    A name is one if all that it is bound to is; what an argument is, nobody knows.
    """

    def __init__(self, inside: list[ast.AST]) -> None:
        bound: dict[str, list[ast.expr | None]] = {}
        for node in inside:
            for name, value in _bindings(node):
                bound.setdefault(name, []).append(value)
        stored = [node.id for node in inside if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)]
        known = {name: values for name, values in bound.items() if stored.count(name) == len(values)}
        # All names at first, then without those that others disprove: a counter is bound to itself plus one.
        self.names = set(known)
        while wrong := {name for name in self.names if not all(map(self._may_be_bound, known[name]))}:
            self.names -= wrong

    def _may_be_bound(self, value: ast.expr | None) -> bool:
        return value is None or self.is_whole(value)

    def is_whole(self, node: ast.expr) -> bool:
        """Is its value a whole number, whatever the arguments are?"""
        match node:
            case ast.Constant(value):
                return type(value) is int
            case ast.Name(name):
                return name in self.names
            case ast.UnaryOp(ast.USub() | ast.UAdd(), operand):
                return self.is_whole(operand)
            case ast.BinOp(left, ast.Add() | ast.Sub() | ast.Mult() | ast.Div() | ast.FloorDiv() | ast.Mod(), right):
                return self.is_whole(left) and self.is_whole(right)
            case ast.Subscript(ast.Attribute(attr="shape"), index):
                return not isinstance(index, ast.Slice)
            case ast.Subscript(_, ast.Constant(key)):
                return key in WHOLE_KEYS
            case ast.Attribute(attr="size" | "ndim"):
                return True
            case ast.Call(ast.Name("len" | "int")):
                return True
            case ast.Call(ast.Name("min" | "max" | "abs"), args):
                return bool(args) and all(map(self.is_whole, args))
        return False


def _bindings(node: ast.AST) -> Iterator[tuple[str, ast.expr | None]]:
    """The names that a statement binds, with their values; None for what is a whole number by its form."""
    match node:
        case ast.Assign(targets, value):
            for target in targets:
                yield from _assigned(target, value)
        case ast.AnnAssign(ast.Name(name), _, value) if value is not None:
            yield name, value
        case ast.AugAssign(ast.Name(name) as target, operator, value):
            yield name, ast.BinOp(ast.Name(target.id, ast.Load()), operator, value)
        case ast.For(ast.Name(name), ast.Call(ast.Name("range" | "xrange"))):
            yield name, None
        case ast.For(ast.Tuple([ast.Name(name), *_]), ast.Call(ast.Name("enumerate"))):
            yield name, None


def _assigned(target: ast.expr, value: ast.expr) -> Iterator[tuple[str, ast.expr | None]]:
    match target, value:
        case ast.Name(name), _:
            yield name, value
        case ast.Tuple(targets), ast.Tuple(values) if len(targets) == len(values):
            for one, part in zip(targets, values, strict=True):
                yield from _assigned(one, part)
        case ast.Tuple(targets), ast.Attribute(attr="shape"):
            for one in targets:
                if isinstance(one, ast.Name):
                    yield one.id, None
