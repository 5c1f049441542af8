"""`gradcheck build`."""

import sys
import time
from typing import TYPE_CHECKING, Annotated

import typer

from checkers.errors import GradcheckError, UsageError

from .exit_codes import ExitCode, of_error
from .terminal import write_line

if TYPE_CHECKING:
    from gradcheck.catalogue import ExerciseFolder


def build(
    exercises: Annotated[list[str] | None, typer.Argument(metavar="[ID|PATH]...", show_default=False)] = None,
    all: Annotated[bool, typer.Option("--all", help="Every bundled exercise.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Build again what is in the cache already.")] = False,
) -> None:
    """Compile exercises before their first use.

    Derives and proves their gradients, and prints how far their oracles are apart. A wrong exercise exits with 1.
    """
    folders = _chosen(exercises or [], all)
    codes = [_build_one(folder, force) for folder in folders]
    raise typer.Exit(max(codes))


def _chosen(names: list[str], all: bool) -> "tuple[ExerciseFolder, ...]":
    from gradcheck.catalogue import bundled, find

    if all:
        return (*bundled(), *(folder for folder in map(find, names) if folder not in bundled()))
    if not names:
        raise UsageError("Say what to build: gradcheck build ID or a folder, or gradcheck build --all.")
    return tuple(find(name) for name in names)


def _build_one(folder: "ExerciseFolder", force: bool) -> ExitCode:
    """Build one exercise and print how far its oracles are apart; one that is wrong does not stop the rest."""
    from checkers.oracles import agreement
    from gradcheck.compiled import compiled

    begin = time.perf_counter()
    try:
        differences = agreement(compiled(folder, rebuild=force))
    except GradcheckError as error:
        print(f"{folder.id} does not build: {error}", file=sys.stderr)
        return of_error(error, exercise_in_question=True)
    write_line(f"{folder.id}  {time.perf_counter() - begin:.2f} s")
    for output, difference in differences.items():
        write_line(f"  {output}  oracles agree to {difference:.1e}")
    return ExitCode.RIGHT
