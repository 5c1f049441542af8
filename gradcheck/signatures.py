"""The functions an exercise declares, read from its starter without running anything."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from checkers.student_answers import FunctionInfo

from .catalogue import ExerciseFolder

# A starter is ours and plain: def name(a, b, c="relu"): with or without annotations, on one line or several.
_DEFINITION = re.compile(r"^def\s+(\w+)\s*\((.*?)\)\s*(?:->[^:]*)?:", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Signature:
    """A declared function and the names of its arguments."""

    name: str
    arguments: tuple[str, ...]

    def likeness(self, functions: Mapping[str, FunctionInfo | None]) -> float:
        """How much like this one a student's functions have: 0 for none, up to 1 by the names of its arguments."""
        if self.name not in functions:
            return 0.0
        function = functions[self.name]
        if function is None or function.parameters is None:
            return 0.5
        names = [parameter.name for parameter in function.parameters]
        shared = sum(1.0 for name in names if name in self.arguments)
        shared += sum(
            0.8 for name in names if name not in self.arguments and _plain(name) in map(_plain, self.arguments)
        )
        fits = sum(not p.has_default for p in function.parameters) <= len(self.arguments)
        return (0.4 + 0.6 * shared / max(len(names), len(self.arguments), 1)) * (1.0 if fits else 0.5)


def declared(folder: ExerciseFolder) -> tuple[Signature, ...]:
    """The functions in an exercise's starter; none when it has no starter."""
    try:
        text = folder.starter.read_text(encoding="utf-8")
    except OSError:
        return ()
    return tuple(Signature(name, _names(arguments)) for name, arguments in _DEFINITION.findall(text))


def _names(arguments: str) -> tuple[str, ...]:
    pieces = (re.split(r"[:=]", piece)[0].strip() for piece in arguments.split(","))
    return tuple(piece for piece in pieces if piece)


def _plain(name: str) -> str:
    return name.replace("_", "").lower()
