"""Which of several files of a submission is the one with the functions."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePosixPath

from checkers.grading.submission import Refused

from ..signatures import MARKER

Choose = Callable[[Mapping[str, bytes]], str | None]
"""Files by name -> the name of the main one, or None where it cannot tell."""


def most_functions_of(functions: Iterable[str]) -> Choose:
    """Chooses the file that defines most of an exercise's functions; none where several define as many.

    >>> most_functions_of(["softmax", "loss"])({"a.py": b"def softmax(z): ...", "b.py": b"from a import softmax"})
    'a.py'
    """
    names = {name.encode() for name in functions}

    def choose(files: Mapping[str, bytes]) -> str | None:
        counts = {name: len(names & set(_DEFINED.findall(source))) for name, source in files.items()}
        most = max(counts.values(), default=0)
        (first, *others) = [name for name, count in counts.items() if count == most]
        return None if others or not most else first

    return choose


@dataclass(eq=False)
class MainFile:
    """The rule that finds the main file.

    In this order, each where the one before leaves several: the only Python file; the file called as `main` says; what
    `choose` says; the files with the line `# gradcheck: exercise ID`; not __init__, setup, conftest or tests; the files
    whose name more than half of the submissions share (and about as many as the commonest); those that no other file
    imports; the one with most `def`s; the first by name.

    Attributes:
        main: a file's name, with or without its folder; a submission that has none of that name goes by the rest.
        names: the files' names of each of the submissions, or of a fair part of them; asked for once, when needed.
    """

    main: str | None
    choose: Choose | None
    names: Callable[[], Iterable[Collection[str]]]

    def __call__(self, files: Mapping[str, bytes]) -> str:
        """The main file's name. `files` is not empty."""
        if len(files) == 1:
            return next(iter(files))
        if self.main is not None and (named := _called(self.main, files)):
            return named
        if self.choose is not None and (chosen := self.choose(files)) is not None:
            if chosen not in files:
                raise Refused(f"The main file was said to be {chosen!r}, which is not among {', '.join(files)}.")
            return chosen
        left = sorted(files)
        for rule in (_marked, _is_work, self._shared, _not_imported):
            left = rule(left, files) or left
            if len(left) == 1:
                return left[0]
        return max(left, key=lambda name: len(_DEFINED.findall(files[name])))

    def _shared(self, names: list[str], _: Mapping[str, bytes]) -> list[str]:
        count, common = self._common
        counts = {name: common[_base(name)] for name in names}
        most = max(counts.values())
        # A few have deleted a file that came with the exercise, or added one of that name: about as many is as many.
        return [name for name in names if 2 * most > count > 1 and counts[name] >= 0.9 * most]

    @cached_property
    def _common(self) -> tuple[int, Counter[str]]:
        """How many submissions were looked at, and in how many of them each name stands."""
        submissions = [{_base(name) for name in names} for names in self.names()]
        return len(submissions), Counter(name for names in submissions for name in names)


_DEFINED = re.compile(rb"^[ \t]*(?:async[ \t]+)?def[ \t]+(\w+)", re.MULTILINE)
_FROM = re.compile(rb"^[ \t]*from[ \t]+([.\w]+)[ \t]+import[ \t]+([^#\n]*)", re.MULTILINE)
_IMPORT = re.compile(rb"^[ \t]*import[ \t]+([^#\n]*)", re.MULTILINE)
_WORD = re.compile(r"\w+")


def imported(source: bytes) -> set[str]:
    """Every name that may be a module in the import lines of a source, which is not parsed.

    >>> sorted(imported(b"from .losses import mse\\nimport numpy as np, helpers.layers"))
    ['as', 'helpers', 'layers', 'losses', 'mse', 'np', 'numpy']
    """
    lines = [part for found in _FROM.findall(source) for part in found] + _IMPORT.findall(source)
    return set(_WORD.findall(b" ".join(lines).decode("utf-8", "replace")))


def _called(main: str, files: Iterable[str]) -> str | None:
    """The file of that name; without regard to folders or case where only one fits."""
    wanted = _base(main)
    fits = [name for name in files if name == main] or [name for name in files if _base(name) == wanted]
    return fits[0] if len(fits) == 1 else None


def _base(name: str) -> str:
    return re.sub(r"\.ipynb$", ".py", PurePosixPath(name).name.casefold())


def _marked(names: list[str], files: Mapping[str, bytes]) -> list[str]:
    return [name for name in names if MARKER.search(files[name])]


def _is_work(names: list[str], _: Mapping[str, bytes]) -> list[str]:
    return [
        name for name in names if not re.match(r"(__init__|__main__|setup|conftest|test_.*|.*_test)\.py$", _base(name))
    ]


def _not_imported(names: list[str], files: Mapping[str, bytes]) -> list[str]:
    used = {name: imported(source) for name, source in files.items()}
    stems = {name: PurePosixPath(name).stem for name in names}
    return [name for name in names if not any(stems[name] in used[other] for other in files if other != name)]
