"""The files beside a student's file whose functions it imports, found without running anything."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterator
from pathlib import Path

LEVELS = 3  # folders above the file in which `from course.layers import *` may begin
MOST_FILES = 40
LARGEST = 1 << 20  # bytes


def texts_beside(path: Path, text: str) -> list[str]:
    """The texts of the files that a file imports, and of those that these import; its own comes not with them."""
    found: dict[Path, str] = {}
    waiting = [(path, text)]
    while waiting and len(found) < MOST_FILES:
        importer, source = waiting.pop(0)
        for module, level in _imports(source):
            other = _file_of(importer, module, level)
            if other is None or other in found or (path.exists() and other.samefile(path)):
                continue
            found[other] = _read(other)
            waiting.append((other, found[other]))
    return list(found.values())


def _imports(text: str) -> Iterator[tuple[str, int]]:
    """The modules that are imported, each with the number of dots before its name."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, 0) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            if node.module:
                yield node.module, node.level
            yield from (((f"{node.module}." if node.module else "") + alias.name, node.level) for alias in node.names)


def _file_of(importer: Path, module: str, level: int) -> Path | None:
    parts = module.split(".")
    folder = importer.parent
    starts = [folder, *list(folder.parents)[:LEVELS]] if not level else [[folder, *folder.parents][level - 1]]
    for start in starts:
        for tail in (parts, parts[-1:]):
            candidate = start.joinpath(*tail).with_suffix(".py")
            if all(part.isidentifier() for part in tail) and candidate.is_file() and candidate.stat().st_size < LARGEST:
                return candidate
    return None


def _read(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8", errors="replace")
    except OSError:
        return ""
