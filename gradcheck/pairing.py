"""Where pairings are said: options of the command line, gradcheck.toml, decorators; each read into a `Declaration`."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

from checkers.errors import UsageError
from checkers.own_code.declared import Call, Declaration
from checkers.own_code.facts import Facts, Function

from .pairing_notation import read_call, read_names, read_pairing, with_array, with_value

DECORATOR = "gradient_of"
KEYS = ("file", "function", "of", "returns", "wrt", "shapes", "options")
KEYWORDS = ("of", "wrt", "returns", "shapes", "options")
LARGEST = 1 << 20  # bytes of a file that a person wrote


@dataclass(frozen=True, slots=True)
class _Entry:
    """What is said of one gradient function, in whatever way, before it is read."""

    place: str
    function: str
    of: str | None = None
    returns: str | None = None
    wrt: str | None = None
    shapes: Mapping[str, str] | None = None
    options: Mapping[str, str] | None = None

    def read(self) -> Declaration:
        """The declaration."""
        found = read_pairing(self.function, self.place)
        if self.of is not None:
            if found.of is not None:
                raise UsageError(f"{self.place}: `of` is said twice, in the function's text and apart. Leave one out.")
            found = read_call(self.of, f"{self.place}, of", found)
        if self.returns is not None:
            names = read_names(self.returns, f"{self.place}, returns")
            found = replace(found, gradient=replace(found.gradient, returns=names))
        if self.wrt is not None:
            found = replace(found, wrt=read_names(self.wrt, f"{self.place}, wrt"))
        for name, text in (self.shapes or {}).items():
            found = with_array(found, name, text, self.place)
        for name, text in (self.options or {}).items():
            found = with_value(found, name, text, self.place)
        return _with_arguments(found)


def _with_arguments(found: Declaration) -> Declaration:
    """An argument of which something is said, though it is not in its function's brackets, belongs there."""
    said = (*found.shapes, *found.values, *found.meanings)

    def whole(call: Call, others: Sequence[str]) -> Call:
        if call.arguments is None:
            return call
        return replace(call, arguments=(*call.arguments, *(name for name in said if name not in others)))

    of = found.of
    others = (*(found.gradient.arguments or ()), *((of.arguments or ()) if of else ()))
    if of is None or of.arguments is None or found.gradient.arguments is None:
        return found if of is not None else replace(found, gradient=whole(found.gradient, others))
    return replace(found, of=whole(of, others))


# The command line -----------------------------------------------------------------------------------------------------


def joined(functions: Sequence[str], ofs: Sequence[str]) -> list[str]:
    """Texts of pairings from `--function` and `--of`, the first with the first.

    Raises:
        UsageError: there are not as many `--of` as functions that lack one.
    """
    open_ones = [text for text in functions if not re.search(r"\)?\s+of\s", text) and "->" not in text]
    if ofs and len(ofs) != len(functions):
        raise UsageError(
            f"--of stands {len(ofs)} times and --function {len(functions)} times. Give one --of for each --function, "
            'or write both in one: --function "bar(dout, cache) of foo(x, w)".'
        )
    if ofs and len(open_ones) != len(functions):
        raise UsageError('--of is given beside a --function that says " of " or "->" itself. Leave one of the two out.')
    return [f"{text} of {of}" for text, of in zip(functions, ofs, strict=True)] if ofs else list(functions)


def from_texts(texts: Sequence[str]) -> tuple[Declaration, ...]:
    """Declarations of the command line.

    Raises:
        UsageError: one cannot be read.
    """
    return tuple(_Entry(f'--function "{text}"', text).read() for text in texts)


# gradcheck.toml -------------------------------------------------------------------------------------------------------


def from_config(config: Path, path: Path, facts: Facts) -> tuple[Declaration, ...]:
    """The declarations of a gradcheck.toml that speak of a file.

    Args:
        path: the file that is checked. An entry with `file` speaks of the files that it names or matches; one without
            speaks of every file that has its function.

    Raises:
        UsageError: it cannot be read, it has an unknown key, or a function is in no file.
    """
    entries = list(_entries(config))
    return tuple(entry.read() for file, entry in entries if _speaks_of(file, entry, config, path, facts))


def _entries(config: Path) -> Iterator[tuple[str | None, _Entry]]:
    try:
        document = tomllib.loads(config.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise UsageError(f"There is no file {config}.") from None
    except OSError as error:
        raise UsageError(f"{config} cannot be read: {error.strerror}.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise UsageError(f"{config} is no TOML: {error}.") from None
    _check_keys(document, ("gradient",), f"{config}")
    tables = document.get("gradient", [])
    if not isinstance(tables, list) or not all(isinstance(one, dict) for one in tables):
        raise UsageError(f"{config}: `gradient` must be a list of tables. Write [[gradient]] in double brackets.")
    for number, table in enumerate(tables, 1):
        yield _entry(table, f"{config}, gradient {number}")


def _entry(table: Mapping[str, Any], place: str) -> tuple[str | None, _Entry]:
    _check_keys(table, KEYS, place)
    if "function" not in table:
        raise UsageError(f'{place}: `function` is missing. Write function = "bar(dout, cache)".')
    texts = {key: _text(table, key, place) for key in ("file", "function", "of", "returns")}
    wrt = table.get("wrt")
    if isinstance(wrt, list) and all(isinstance(one, str) for one in wrt):
        wrt = ", ".join(wrt)
    elif wrt is not None and not isinstance(wrt, str):
        raise UsageError(f'{place}: `wrt` must be a text or a list of texts, but it is {wrt!r}. Write wrt = "w, b".')
    shapes = _table(table, "shapes", place)
    for name, shape in shapes.items():
        if not isinstance(shape, str):
            raise UsageError(
                f'{place}: the shape of {name} must be a text, but it is {shape!r}. Write {name} = "(N, D)".'
            )
    options = {name: repr(value) for name, value in _table(table, "options", place).items()}
    return texts["file"], _Entry(
        place, texts["function"] or "", texts["of"], texts["returns"], wrt, dict(shapes), options
    )


def _check_keys(table: Mapping[str, Any], known: Sequence[str], place: str) -> None:
    for key in table:
        if key not in known:
            close = get_close_matches(key, known, 1)
            hint = f"Did you mean `{close[0]}`?" if close else f"Known: {', '.join(known)}."
            raise UsageError(f"{place}: there is no key `{key}`. {hint}")


def _text(table: Mapping[str, Any], key: str, place: str) -> str | None:
    value = table.get(key)
    if value is not None and not isinstance(value, str):
        raise UsageError(f"{place}: `{key}` must be a text, but it is {value!r}.")
    return value


def _table(table: Mapping[str, Any], key: str, place: str) -> Mapping[str, Any]:
    value = table.get(key, {})
    if not isinstance(value, dict):
        example = 'shapes = {x = "(N, D)"}' if key == "shapes" else "options = {alpha = 0.1}"
        raise UsageError(f"{place}: `{key}` must be a table, but it is {value!r}. Write {example}.")
    return value


def _speaks_of(file: str | None, entry: _Entry, config: Path, path: Path, facts: Facts) -> bool:
    if file is not None:
        return fnmatch(path.name, file) or (config.parent / file).resolve() == path.resolve()
    name = re.match(r"\s*(\w*)", entry.function)[1]  # type: ignore[index]
    if name in facts.functions and facts.functions[name].is_own:
        return True
    if not path.is_file():  # a notebook's cell: another one may have it
        return False
    # It may speak of another file of the folder; of none, it is a slip, which reading it against this file tells.
    return not any(_defines(other, name) for other in config.parent.glob("*.py") if other.resolve() != path.resolve())


def _defines(path: Path, name: str) -> bool:
    try:
        text = path.read_bytes() if path.stat().st_size < LARGEST else b""
    except OSError:
        return False
    return re.search(rb"^\s*def\s+" + name.encode() + rb"\s*\(", text, re.MULTILINE) is not None


# Decorators -----------------------------------------------------------------------------------------------------------


def from_decorators(path: Path, facts: Facts) -> tuple[Declaration, ...]:
    """What `@gradient_of(...)` says in a file.

    Raises:
        UsageError: its arguments do not stand there as they are.
    """
    if DECORATOR in facts.functions:  # another one's decorator
        return ()
    found = []
    for function in facts.own:
        for node in function.node.decorator_list:
            called = node.func if isinstance(node, ast.Call) else node
            if ast.unparse(called).rpartition(".")[2] == DECORATOR:
                found.append(_decorated(function, node, f"{path}:{node.lineno}, @{DECORATOR}"))
    return tuple(found)


def _decorated(function: Function, node: ast.expr, place: str) -> Declaration:
    if not isinstance(node, ast.Call):
        raise UsageError(f"{place} on {function.name}: say of what, as in @{DECORATOR}(foo).")
    said: dict[str, Any] = {}
    if len(node.args) > 1:
        raise UsageError(f"{place}: one function is expected, but {len(node.args)} arguments stand there.")
    for key, value in [*(("of", one) for one in node.args), *((one.arg or "**", one.value) for one in node.keywords)]:
        _check_keys({key: value}, KEYWORDS, place)
        if key == "of" and isinstance(value, ast.Name | ast.Attribute):
            said[key] = ast.unparse(value)
            continue
        said[key] = _literal(value, key, place)
    for key in ("of", "wrt", "returns"):
        if not isinstance(said.get(key), str | None):
            raise UsageError(f"{place}: `{key}` must be a text, but it is {said[key]!r}.")
    shapes = _table({"shapes": said.get("shapes") or {}}, "shapes", place)
    options = _table({"options": said.get("options") or {}}, "options", place)
    for name, shape in shapes.items():
        if not isinstance(shape, str):
            raise UsageError(f'{place}: the shape of {name} must be a text such as "(N, D)", but it is {shape!r}.')
    texts = {str(name): repr(value) for name, value in options.items()}
    return _Entry(place, function.name, said.get("of"), said.get("returns"), said.get("wrt"), shapes, texts).read()


def _literal(node: ast.expr, key: str, place: str) -> Any:
    try:
        return ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError, RecursionError):
        raise UsageError(
            f"{place}: `{key}` is `{ast.unparse(node)}`, but the file is not run to read it. Write the text itself."
        ) from None
