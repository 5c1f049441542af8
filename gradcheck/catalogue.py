"""Where exercises are: those that are bundled, and an instructor's own folder anywhere on disk."""

from __future__ import annotations

import os
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from checkers.errors import UsageError

DEFINITION = "exercise.py"
"""The file that makes a folder an exercise."""


@dataclass(frozen=True, slots=True)
class ExerciseFolder:
    """One exercise on disk, not loaded.

    Attributes:
        id: the name it is called by, such as "softmax-regression": the folder's, with dashes.
        title: first heading of its handout; the id where there is none.
        path: the folder.
    """

    id: str
    title: str
    path: Path

    @property
    def module_name(self) -> str:
        """The id as a Python name: "softmax_regression"."""
        return self.id.replace("-", "_")

    @property
    def definition(self) -> Path:
        """The file with the model and the tasks."""
        return self.path / DEFINITION

    @property
    def starter(self) -> Path:
        """The file a student starts from."""
        return self.path / "starter.py"

    @property
    def solution(self) -> Path:
        """The exercise solved, which tasks without a gradient are compared with."""
        return self.path / "solution.py"

    @property
    def handout(self) -> Path:
        """The text a student is given."""
        return self.path / "README.md"


def bundled() -> tuple[ExerciseFolder, ...]:
    """The exercises that come with gradcheck, sorted by id."""
    import exercises  # noqa: PLC0415 (only its __path__ is wanted, and only here)

    folders = [entry for root in exercises.__path__ for entry in Path(root).iterdir() if (entry / DEFINITION).is_file()]
    return tuple(sorted(map(_exercise_folder, folders), key=lambda folder: folder.id))


def find(id_or_path: str) -> ExerciseFolder:
    """The exercise of this id, or in this folder.

    Args:
        id_or_path: "softmax-regression" (or with underscores), a folder that holds exercise.py, or that file itself.

    Raises:
        UsageError: neither; the text lists the ids that are known.
    """
    known = bundled()
    for folder in known:
        if folder.id == id_or_path.replace("_", "-"):
            return folder
    path = Path(id_or_path)
    if path.name == DEFINITION and path.is_file():
        return _exercise_folder(path.resolve().parent)
    if (path / DEFINITION).is_file():
        return _exercise_folder(path.resolve())
    raise UsageError(_not_found(id_or_path, path, [folder.id for folder in known]))


def _exercise_folder(path: Path) -> ExerciseFolder:
    identifier = path.name.replace("_", "-")
    return ExerciseFolder(id=identifier, title=_first_heading(path / "README.md") or identifier, path=path)


def _first_heading(handout: Path) -> str | None:
    try:
        lines = handout.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return None
    return next((line.removeprefix("# ").strip() for line in lines if line.startswith("# ")), None)


def _not_found(wanted: str, path: Path, known: list[str]) -> str:
    if path.is_dir():
        return f"{wanted} is a folder without {DEFINITION}, so it is no exercise."
    if path.exists() or os.sep in wanted:
        return f"{wanted} is no exercise: give a folder that holds {DEFINITION}, or that file."
    listing = ", ".join(known) or "none"
    close = get_close_matches(wanted, known, n=1)
    return f"There is no exercise {wanted}.{f' Did you mean {close[0]}?' if close else ''} Known exercises: {listing}."
