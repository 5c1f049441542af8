"""The reference of the public names, made from their docstrings.

python docs/api.py > docs/api.md    writes it
python docs/api.py --check          exits with 1 if docs/api.md is not what would be written
"""

import ast
import inspect
import re
import sys
import textwrap
from collections.abc import Iterator
from enum import Enum
from importlib import import_module
from itertools import pairwise
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).resolve().parents[1]

# Module -> under which heading its public names stand. One that is missing here is an error.
CHECKING, WRITING, FUNCTIONS = "Checking", "Deriving, and writing exercises", "Functions of a formula"
HEADINGS = {
    "checkers.errors": CHECKING,
    "checkers.findings": CHECKING,
    "checkers.gradient_check": CHECKING,
    "checkers.report": CHECKING,
    "gradcheck.decorator": CHECKING,
    "gradcheck.file_check": CHECKING,
    "derivations": WRITING,
    "derivations.derivation": WRITING,
    "derivations.exercise": WRITING,
    "derivations.expressions": WRITING,
    "derivations.model": WRITING,
    "derivations.functions": FUNCTIONS,
}
ABOUT = {
    CHECKING: "Of files, and of any NumPy function.",
    WRITING: "A loss in index notation, its gradients, and the functions that students write.",
    FUNCTIONS: "They take an expression of a model, and may be used where a loss or a node is defined.",
}
SECTIONS = {"Args": "Arguments", "Returns": "Returns", "Raises": "Raises", "Attributes": "Attributes"}
WIDTH = 100


def page() -> str:
    """The whole reference, as Markdown."""
    sys.path.insert(0, str(ROOT))
    package = import_module("gradcheck")
    public = {name: getattr(package, name) for name in package.__all__ if not name.startswith("__")}
    parts = [
        "# Reference",
        "<!-- Made by docs/api.py from the docstrings: change those, and run `python docs/api.py > docs/api.md`. -->",
        "What `import gradcheck` offers. In the examples:",
        "```pycon\n>>> import numpy as np\n>>> from gradcheck import *\n\n```",
    ]
    for heading, about in ABOUT.items():
        chosen = {name: value for name, value in public.items() if HEADINGS[_module(value).__name__] == heading}
        parts += [f"## {heading}", about]
        parts += (
            [_table(chosen)] if heading == FUNCTIONS else [text for item in chosen.items() for text in _entry(*item)]
        )
    return "\n\n".join(parts) + "\n"


def _module(value: object) -> ModuleType:
    module = inspect.getmodule(value)
    assert module is not None
    return module


def _table(functions: dict[str, object]) -> str:
    rows = [f"| `{name}(u)` | {_summary(value)} |" for name, value in functions.items()]
    return "\n".join(["| function | |", "|:--|:--|", *rows])


def _summary(value: object) -> str:
    return (inspect.getdoc(value) or "").split("\n\n")[0].replace("\n", " ").replace("|", "\\|")


def _entry(name: str, value: object) -> Iterator[str]:
    """A name of the package: signature, docstring, members."""
    yield f"### {name}"
    path = Path(inspect.getsourcefile(value) or "").resolve()  # type: ignore[arg-type]
    source = path.relative_to(ROOT).as_posix()
    if isinstance(value, type) and issubclass(value, Enum | Exception):
        yield f"`class {name}({value.__mro__[1].__name__})` in [{source}](../{source})"
    else:
        yield f"In [{source}](../{source})"
        yield f"```text\n{_signature(name, value)}\n```"
    yield from _documentation(inspect.getdoc(value) or "")
    if isinstance(value, type):
        yield from _members(name, value)


def _members(name: str, of: type) -> Iterator[str]:
    if issubclass(of, Enum):
        notes = _notes(of)
        yield "\n".join(f"- `{name}.{one.name}`: {notes.get(one.name, '')}".rstrip(": ") for one in of)
        return
    for member, value in vars(of).items():
        is_property = isinstance(value, property)
        function = value.fget if is_property else getattr(value, "__func__", value)
        if member.startswith("_") or not inspect.isfunction(function):
            continue
        shown = f"{name}.{member}"
        skipped = 0 if isinstance(value, staticmethod) else 1  # self
        yield f"#### `{shown if is_property else _one_line(shown, function, skipped)}`"
        yield from _documentation(inspect.getdoc(function) or "")


def _notes(of: type) -> dict[str, str]:
    """The texts below the members of a class, which Python itself does not keep."""
    body = ast.parse(textwrap.dedent(inspect.getsource(of))).body[0].body  # type: ignore[attr-defined]
    found = {}
    for statement, after in pairwise(body):
        if isinstance(statement, ast.Assign) and isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant):
            found[ast.unparse(statement.targets[0])] = " ".join(str(after.value.value).split())
    return found


def _signature(name: str, value: object) -> str:
    """A signature, in one line if it fits."""
    line = _one_line(name, value)
    if len(line) <= WIDTH:
        return line
    parts, end = _parts(value)
    return f"{name}(\n" + "".join(f"    {part},\n" for part in parts) + f"){end}"


def _one_line(name: str, value: object, skipped: int = 0) -> str:
    parts, end = _parts(value, skipped)
    return f"{name}({', '.join(parts)}){end}"


def _parts(value: object, skipped: int = 0) -> tuple[list[str], str]:
    """The parameters behind the first `skipped`, and what is returned."""
    signature = inspect.signature(value)  # type: ignore[arg-type]
    parameters = list(signature.parameters.values())[skipped:]
    kinds = [parameter.kind for parameter in parameters]
    parts = [_parameter(parameter) for parameter in parameters]
    if inspect.Parameter.KEYWORD_ONLY in kinds and inspect.Parameter.VAR_POSITIONAL not in kinds:
        parts.insert(kinds.index(inspect.Parameter.KEYWORD_ONLY), "*")
    returned = signature.return_annotation
    is_said = not isinstance(value, type) and returned is not signature.empty
    return parts, f" -> {_annotation(returned)}" if is_said else ""


def _parameter(parameter: inspect.Parameter) -> str:
    text = parameter.name
    if parameter.kind is parameter.VAR_POSITIONAL:
        text = f"*{text}"
    elif parameter.kind is parameter.VAR_KEYWORD:
        text = f"**{text}"
    if parameter.annotation is not parameter.empty:
        text += f": {_annotation(parameter.annotation)}"
    if parameter.default is not parameter.empty:
        text += f" = {_default(parameter.default)}"
    return text


def _annotation(annotation: object) -> str:
    return annotation if isinstance(annotation, str) else inspect.formatannotation(annotation)


def _default(default: object) -> str:
    if isinstance(default, Enum):
        return f"{type(default).__name__}.{default.name}"
    return "{}" if repr(default) == "<factory>" else repr(default)


# Docstrings -----------------------------------------------------------------------------------------------------------


def _documentation(text: str) -> Iterator[str]:
    """The paragraphs, sections and examples of a docstring, as Markdown."""
    for paragraph in re.split(r"\n\n(?! )", text):
        heading, _, rest = paragraph.partition(":\n")
        if heading in SECTIONS:
            yield f"*{SECTIONS[heading]}*"
            yield _section(heading, textwrap.dedent(rest))
        elif paragraph.startswith(">>> "):
            yield f"```pycon\n{paragraph}\n\n```"
        else:
            yield paragraph


def _section(heading: str, text: str) -> str:
    """A list: of what has a name, one item each."""
    items = re.split(r"\n(?! )", text.strip("\n"))
    lines = [" ".join(item.split()) for item in items]
    if heading == "Returns":
        return " ".join(lines)
    named = (re.fullmatch(r"([\w, .*]+): (.*)", line) for line in lines)
    return "\n".join(
        f"- `{match[1]}`: {match[2]}" if match else f"- {line}" for match, line in zip(named, lines, strict=True)
    )


if __name__ == "__main__":
    if "--check" in sys.argv[1:]:
        sys.exit((ROOT / "docs/api.md").read_text(encoding="utf-8") != page())
    sys.stdout.write(page())
