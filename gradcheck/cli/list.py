"""`gradcheck list`."""

from typing import TYPE_CHECKING

from .terminal import print_with

if TYPE_CHECKING:
    from rich.console import Console

    from gradcheck.catalogue import ExerciseFolder


def list_exercises() -> None:
    """List the exercises."""
    from gradcheck.catalogue import bundled

    folders = bundled()
    print_with(lambda console: _print_catalogue(folders, console))


def _print_catalogue(folders: "tuple[ExerciseFolder, ...]", console: "Console") -> None:
    from rich.table import Table
    from rich.text import Text

    table = Table.grid(padding=(0, 3))
    for folder in folders:
        table.add_row(Text(folder.id, style="bold"), Text(folder.title))
    console.print(table)
    console.print(Text("\ngradcheck start EXERCISE copies the starter and the handout here.", style="dim"))
