"""Compiled exercises in the user's cache folder: made on first use, rebuilt when anything they depend on changes.

An entry is a folder of Python modules, each with the checksum of its text in the first line: a module that was cut off
or changed is not trusted, and the entry is built anew. Entries are written to a temporary name and renamed, so two
processes may build the same one at once.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from checkers.compiled_exercise import ErrorModel, LoadedExercise
from checkers.errors import ModelError

from .catalogue import ExerciseFolder
from .version import __version__

if TYPE_CHECKING:
    from derivations.exercise import Exercise

ORACLE = "oracle.py"
CHECKSUM = "# sha256 "


def compiled(folder: ExerciseFolder, *, rebuild: bool = False) -> LoadedExercise:
    """The exercise, ready to be checked against.

    Args:
        rebuild: compile it even if the cache has it.

    Raises:
        ModelError: exercise.py cannot be run, or its model or a task makes no sense.
        ProofError, OracleError: an equality does not hold, or the oracles disagree.
    """
    entry = cache_folder() / f"{folder.id}-{_fingerprint(folder)}"
    loaded = None if rebuild else _load(entry)
    if loaded is None:
        if not _is_writable(entry.parent):
            # Without a cache every check compiles anew; a folder of this process alone, since its code is run.
            entry = Path(tempfile.mkdtemp(prefix="gradcheck-")) / entry.name
        _build(folder, entry)
        loaded = _load(entry)
    if loaded is None:
        raise ModelError(f"The compiled exercise {folder.id} could not be read back from {entry}.")
    return loaded


def is_cached(folder: ExerciseFolder) -> bool:
    """Is there an entry for the exercise as it stands?"""
    return (cache_folder() / f"{folder.id}-{_fingerprint(folder)}" / ORACLE).is_file()


def cache_folder() -> Path:
    """Where entries are kept: GRADCHECK_CACHE, or the platform's cache folder for this user."""
    if chosen := os.environ.get("GRADCHECK_CACHE"):
        return Path(chosen)
    from platformdirs import user_cache_path  # noqa: PLC0415 (not needed when GRADCHECK_CACHE is set)

    return user_cache_path("gradcheck", appauthor=False) / "exercises"


def _is_writable(folder: Path) -> bool:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return False
    return os.access(folder, os.W_OK)


def _fingerprint(folder: ExerciseFolder) -> str:
    """A hash of the exercise's own files, of our version, and of the state of the code that compiles."""
    digest = hashlib.sha256(f"{__version__} {sys.version_info[:2]}".encode())
    for path in sorted(folder.path.glob("*.py")):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    for state in _compiler_state():
        digest.update(state.encode())
    return digest.hexdigest()[:20]


def _compiler_state() -> Iterator[str]:
    """Name, size and time of every module that a compiled exercise is made or read by."""
    root = Path(__file__).resolve().parent.parent
    for package in ("derivations", "derivations/mistakes", "checkers"):
        with os.scandir(root / package) as entries:
            for entry in sorted(entries, key=lambda entry: entry.name):
                if entry.name.endswith(".py"):
                    status = entry.stat()
                    yield f"{entry.name} {status.st_size} {status.st_mtime_ns}"


# Reading --------------------------------------------------------------------------------------------------------------


def _load(entry: Path) -> LoadedExercise | None:
    """The entry; None when it is missing or damaged."""
    namespace = _module(entry / ORACLE)
    if namespace is None:
        return None

    def load_errors(case: int, task: str) -> ErrorModel:
        wrong = _module(entry / _errors_name(case, task))
        if wrong is None:
            shutil.rmtree(entry, ignore_errors=True)  # damaged: the next check builds it anew
            return ErrorModel()
        errors: ErrorModel = wrong["ERRORS"]
        return errors

    return LoadedExercise(namespace["EXERCISE"], namespace, load_errors, namespace.get("AGREEMENT", {}))


def _module(path: Path) -> dict[str, Any] | None:
    """The names of a module whose checksum is right."""
    try:
        first, _, text = path.read_text(encoding="utf-8").partition("\n")
    except (OSError, UnicodeDecodeError):
        return None
    if first != _checksum(text):
        return None
    namespace: dict[str, Any] = {"__name__": f"gradcheck_compiled_{path.stem}"}
    exec(compile(text, str(path), "exec"), namespace)
    return namespace


def _checksum(text: str) -> str:
    return CHECKSUM + hashlib.sha256(text.encode()).hexdigest()


# Building -------------------------------------------------------------------------------------------------------------


def _build(folder: ExerciseFolder, entry: Path) -> None:
    from checkers.oracles import agreement  # noqa: PLC0415 (only building needs these)
    from checkers.solution_check import check_solution  # noqa: PLC0415
    from derivations.compiler import compile_exercise  # noqa: PLC0415

    exercise = load_definition(folder)
    source = compile_exercise(exercise, folder.title, __version__)
    new = Path(tempfile.mkdtemp(prefix=f".{entry.name}-", dir=entry.parent))
    try:
        _write(new / ORACLE, source.oracle)
        for (case, task), text in source.errors.items():
            _write(new / _errors_name(case, task), text)
        built = _load(new)
        if built is None:
            raise ModelError(f"The compiled exercise {folder.id} cannot be read.")
        _write(new / ORACLE, f"{source.oracle}\nAGREEMENT = {agreement(built)!r}\n")
        solution = folder.path / "solution.py"
        if solution.is_file():
            check_solution(built, solution)
        _put_in_place(new, entry)
    finally:
        shutil.rmtree(new, ignore_errors=True)


def _errors_name(case: int, task: str) -> str:
    return f"errors_{case}_{task}.py"


def _write(path: Path, text: str) -> None:
    path.write_text(f"{_checksum(text)}\n{text}", encoding="utf-8")


def _put_in_place(new: Path, entry: Path) -> None:
    """Rename into place; another process may have been faster, and its entry is as good."""
    try:
        new.rename(entry)
    except OSError:
        if _load(entry) is None:
            shutil.rmtree(entry, ignore_errors=True)
            new.rename(entry)


def load_definition(folder: ExerciseFolder) -> Exercise:
    """Run exercise.py and return the exercise it defines.

    Raises:
        ModelError: it cannot be read or run, or defines no exercise, or several.
    """
    from derivations.exercise import exercise_from  # noqa: PLC0415

    path = folder.definition
    namespace: dict[str, Any] = {"__name__": f"exercise_{folder.module_name}", "__file__": str(path)}
    try:
        # Standard output is the report's alone.
        with contextlib.redirect_stdout(sys.stderr):
            exec(compile(path.read_text(encoding="utf-8"), str(path), "exec"), namespace)
    except ModelError as error:
        raise ModelError(f"{path}: {error}") from error
    except SystemExit as error:
        raise ModelError(f"{path} ends the program with sys.exit{_line_in(error, path)}: take that out.") from error
    except Exception as error:
        raise ModelError(f"{path} cannot be run: {type(error).__name__}: {error}{_line_in(error, path)}") from error
    return exercise_from(namespace, str(path))


def _line_in(error: BaseException, path: Path) -> str:
    """The last line of a file that an exception passed."""
    import traceback  # noqa: PLC0415

    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == str(path)]
    return f" (line {lines[-1]})" if lines else ""
