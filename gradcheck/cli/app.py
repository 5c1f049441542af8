"""Puts the commands together, and turns what they raise into exit codes."""

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from checkers.errors import GradcheckError
from gradcheck.version import __version__

from .build import build
from .check import check
from .compare import compare
from .default_command import ChecksByDefault
from .derive import derive
from .exit_codes import of_error
from .explain import explain
from .grade import grade
from .list import list_exercises
from .merge import merge
from .report import report
from .start import start
from .train import train
from .verify import verify

if TYPE_CHECKING:
    import subprocess

app = typer.Typer(
    name="gradcheck",
    cls=ChecksByDefault,
    no_args_is_help=True,
    # Plain help and plain error texts: rich's come in boxes, which neither a screen reader nor grep likes.
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command("check")(check)
app.command("derive")(derive)
app.command("verify")(verify)
app.command("list")(list_exercises)
app.command("start")(start)
app.command("build")(build)
app.command("train")(train)
app.command("explain")(explain)
app.command("grade")(grade)
app.command("report")(report)
app.command("merge")(merge)
app.command("compare")(compare)


def _print_version(wanted: bool) -> None:
    if wanted:
        print(f"gradcheck {__version__}")
        raise typer.Exit


@app.callback()
def gradcheck(
    version: Annotated[
        bool,
        typer.Option("--version", help="Print the version and exit.", is_eager=True, callback=_print_version),
    ] = False,
) -> None:
    """Check hand-derived gradients in NumPy: what is wrong, where, and a proof.

    gradcheck FILE.py is short for gradcheck check FILE.py; its options: gradcheck check --help.
    """


def run_command_line(arguments: list[str], process: "subprocess.Popen[bytes] | None" = None) -> int:
    """Run one command line and return its exit code.

    Args:
        arguments: what follows the command's name.
        process: what is to run the student's file, where it was started early.
    """
    try:
        app(arguments, prog_name="gradcheck", obj=process)
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    except GradcheckError as error:
        from gradcheck.render.characters import visible

        print(visible(f"gradcheck: {error}"), file=sys.stderr)
        return of_error(error)
    return 0
