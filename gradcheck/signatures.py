"""The functions an exercise declares, read from its starter without running anything."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from checkers.student_answers import FunctionInfo

from .catalogue import ExerciseFolder

# The line that names a file's exercise, as every starter carries it.
MARKER = re.compile(rb"^#\s*gradcheck:\s*exercise\s+(\S+)", re.MULTILINE)

# A starter is ours and plain: def name(a, b, c="relu"): with or without annotations, on one line or several.
_DEFINITION = re.compile(r"^def\s+(\w+)\s*\((.*?)\)\s*(?:->[^:]*)?:", re.MULTILINE | re.DOTALL)


# What stands in the body of a function that students are to write.
TO_WRITE = "NotImplementedError"


@dataclass(frozen=True, slots=True)
class Signature:
    """A declared function, the names of its arguments, and how many of them have no default."""

    name: str
    arguments: tuple[str, ...]
    required: int

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
        fits = fits and (len(names) >= self.required or function.has_varargs or function.has_varkw)
        return (0.4 + 0.6 * shared / max(len(names), len(self.arguments), 1)) * (1.0 if fits else 0.5)


def declared(folder: ExerciseFolder) -> tuple[Signature, ...]:
    """The functions to be written in an exercise's starter, not those that are given; none when it has no starter."""
    try:
        text = folder.starter.read_text(encoding="utf-8")
    except OSError:
        return ()
    found = list(_DEFINITION.finditer(text))
    ends = [one.start() for one in found[1:]] + [len(text)]
    bodies = [text[one.end() : end] for one, end in zip(found, ends, strict=True)]
    has_bodies = any(TO_WRITE in body for body in bodies)
    pairs = zip(found, bodies, strict=True)
    return tuple(_signature(*one.groups()) for one, body in pairs if TO_WRITE in body or not has_bodies)


@dataclass(frozen=True, slots=True)
class Fit:
    """How well a student's functions fit an exercise.

    Attributes:
        coverage: the mean likeness of its functions: 1 where all are there as declared.
        score: likeness in all, times coverage: a few helpers that go by the names of a large exercise's functions
            count less than all functions of a small one, half of an exercise more than one function of another.
    """

    coverage: float
    score: float

    @property
    def is_whole(self) -> bool:
        """Is every function there, most of their arguments by name?"""
        return self.coverage >= WHOLE


# A file that holds this part of an exercise, by names and arguments, is a submission to it, whatever else is in it.
MOSTLY = 0.62
EXACTLY = 0.99  # the likeness of a function whose arguments are all called as declared


def may_be_submission(signatures: Sequence[Signature], functions: Mapping[str, FunctionInfo | None]) -> bool:
    """Is a file a submission: is most of the exercise there, or some of it as declared and little else?

    A file of other work with a function that goes by the name of an exercise's is none.
    """
    names = {signature.name for signature in signatures}
    is_little = 2 * sum(name in names for name in functions) >= len(functions)
    is_exact = any(signature.likeness(functions) >= EXACTLY for signature in signatures)
    unknown = all(function is None for function in functions.values())
    if fit(signatures, functions).coverage >= MOSTLY or has_the_names(signatures, functions):
        return True
    return is_little and (is_exact or unknown)


def has_the_names(signatures: Sequence[Signature], names: Collection[str]) -> bool:
    """Are all functions of an exercise there by name, and more than a forward and a backward, which many have?"""
    wanted = {signature.name for signature in signatures}
    return len(wanted) > 2 and wanted <= set(names)


# The functions of one exercise fit another that shares all their names (mlp, softmax-regression) by 0.7.
WHOLE = 0.8


def fit(signatures: Sequence[Signature], functions: Mapping[str, FunctionInfo | None]) -> Fit:
    """How well a student's functions fit the declared ones."""
    likeness = sum(signature.likeness(functions) for signature in signatures)
    coverage = likeness / max(len(signatures), 1)
    return Fit(coverage, likeness * coverage)


def _signature(name: str, arguments: str) -> Signature:
    pieces = [piece.strip() for piece in arguments.split(",") if piece.strip()]
    names = tuple(re.split(r"[:=]", piece)[0].strip() for piece in pieces)
    return Signature(name, names, sum("=" not in piece for piece in pieces))


def _plain(name: str) -> str:
    return name.replace("_", "").lower()
