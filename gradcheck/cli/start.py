"""`gradcheck start EXERCISE [DIR]`."""

from pathlib import Path
from typing import Annotated

import typer

from checkers.errors import UsageError

from .terminal import write_line


def start(
    exercise: Annotated[str, typer.Argument(metavar="EXERCISE", help="Its id (see gradcheck list), or its folder.")],
    directory: Annotated[
        Path, typer.Argument(metavar="[DIR]", help="Where to; created if needed.", show_default=False)
    ] = Path(),
) -> None:
    """Copy an exercise's starter and handout.

    Nothing is ever overwritten.
    """
    from gradcheck.catalogue import find

    folder = find(exercise)
    starter = directory / f"{folder.module_name}.py"
    handout = directory / f"{folder.module_name}.md"
    copy_all({folder.starter: starter, folder.handout: handout})
    write_line(f"{starter}  fill in its functions")
    write_line(f"{handout}  says what they compute")
    write_line(f"\nNext: gradcheck {starter}")


def copy_all(targets: dict[Path, Path]) -> None:
    """Copy every file, or none.

    Args:
        targets: source -> where it is copied to; the folders are created.

    Raises:
        UsageError: a target exists, or cannot be written; nothing was left behind.
    """
    existing = [str(target) for target in targets.values() if target.exists() or target.is_symlink()]
    if existing:
        raise UsageError(
            f"{' and '.join(existing)} {'exists' if len(existing) == 1 else 'exist'} already, "
            "and nothing is overwritten: give another folder, or move what is there."
        )
    written: list[Path] = []
    try:
        for source, target in targets.items():
            _copy_new(source, target)
            written.append(target)
    except OSError as error:
        for target in written:
            target.unlink()
        raise UsageError(f"{error.filename} cannot be written: {error.strerror}. Nothing was copied.") from error


def _copy_new(source: Path, target: Path) -> None:
    content = source.read_bytes()
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("xb") as file:  # x: refuses a file that came into being since we looked
        try:
            file.write(content)
        except OSError:
            target.unlink()
            raise
