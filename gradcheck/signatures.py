"""The functions an exercise declares, read from its starter without running anything."""

from __future__ import annotations

import re
from dataclasses import dataclass

from .catalogue import ExerciseFolder

# A starter is ours and plain: def name(a, b, c="relu"): with or without annotations, on one line or several.
_DEFINITION = re.compile(r"^def\s+(\w+)\s*\((.*?)\)\s*(?:->[^:]*)?:", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Signature:
    """A declared function and the names of its arguments."""

    name: str
    arguments: tuple[str, ...]


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
