"""`gradcheck derive [MODEL]`."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from checkers.errors import UsageError

from .terminal import check_writable, print_with, write_document

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rich.console import Console

    from derivations.models import ModelEntry


class DerivationFormat(StrEnum):
    """What a derivation can be written as."""

    TEXT = "text"
    LATEX = "latex"
    MARKDOWN = "markdown"
    HTML = "html"
    NUMPY = "numpy"


class Detail(StrEnum):
    """How much of the chain of equalities is shown."""

    BRIEF = "brief"
    FULL = "full"


class Route(StrEnum):
    """By which way softmax cross-entropy is written: in one piece, or through the named node y-hat."""

    FUSED = "fused"
    Y_HAT = "y-hat"


class Regulariser(StrEnum):
    """The L2 term: none, lambda times the sum of squares, or half of that."""

    NONE = "none"
    FULL = "full"
    HALF = "half"


def derive(
    model: Annotated[str | None, typer.Argument(metavar="[MODEL]", help="Without it, the models are listed.")] = None,
    *,
    wrt: Annotated[
        str | None,
        typer.Option(metavar="NAME[,NAME]", help="Only what leads to the gradients with respect to these arrays."),
    ] = None,
    detail: Annotated[Detail, typer.Option(help="How much of each chain of equalities is shown.")] = Detail.FULL,
    route: Annotated[Route | None, typer.Option(help="Softmax cross-entropy in one piece, or through y-hat.")] = None,
    half: Annotated[bool, typer.Option("--half", help="1/(2n) for 1/n.")] = False,
    layers: Annotated[str | None, typer.Option(metavar="4,5,3", help="Sizes of the layers, input first.")] = None,
    activation: Annotated[
        str | None, typer.Option(metavar="NAME", help="relu, sigmoid, tanh or improved-sigmoid.")
    ] = None,
    l2: Annotated[Regulariser | None, typer.Option("--l2", help="The L2 term: lambda, or lambda/2.")] = None,
    format: Annotated[
        DerivationFormat, typer.Option("--format", "-f", help="How it is written.")
    ] = DerivationFormat.TEXT,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Write it to this file.", show_default=False)
    ] = None,
) -> None:
    """Print the derivation of a model's gradients.

    Every equality is proven on numbers before it is printed, and stands with its rule and its reason.
    """
    check_writable(output)
    if model is None:
        print_with(_print_models, output)
        return
    given = {
        "route": route and str(route),
        "half": half or None,
        "layers": None if layers is None else layer_sizes(layers),
        "activation": activation,
        "l2": l2 and str(l2),
    }
    options = {name: value for name, value in given.items() if value is not None}
    _write_derivation(
        _find(model),
        options,
        format=format,
        detail="brief" if detail is Detail.BRIEF else "full",
        wrt=None if wrt is None else array_names(wrt),
        output=output,
    )


def layer_sizes(text: str) -> tuple[int, ...]:
    """The sizes in "4,5,3".

    Raises:
        UsageError: it is not two or more positive whole numbers.

    >>> layer_sizes("784, 10")
    (784, 10)
    """
    parts = [part.strip() for part in text.split(",")]
    if len(parts) < 2 or not all(part.isdecimal() and int(part) > 0 for part in parts):
        raise UsageError(f"--layers takes two or more sizes with commas between, such as 4,5,3; it is {text!r}.")
    return tuple(map(int, parts))


def array_names(text: str) -> tuple[str, ...]:
    """The names in "W, b".

    Raises:
        UsageError: there is none.

    >>> array_names("W, b")
    ('W', 'b')
    """
    names = tuple(name.strip() for name in text.split(",") if name.strip())
    if not names:
        raise UsageError("--wrt takes the names of arrays with commas between, such as W,b.")
    return names


def _find(name: str) -> "ModelEntry":
    from difflib import get_close_matches

    from derivations.models import MODELS

    if name in MODELS:
        return MODELS[name]
    close = get_close_matches(name, MODELS, n=1)
    meant = f" Did you mean {close[0]}?" if close else ""
    raise UsageError(f"There is no model {name}.{meant} Known models: {', '.join(MODELS)}.")


def _write_derivation(
    entry: "ModelEntry",
    options: "Mapping[str, object]",
    *,
    format: DerivationFormat,
    detail: Literal["brief", "full"],
    wrt: tuple[str, ...] | None,
    output: Path | None,
) -> None:
    from derivations import derive as derive_model

    model = entry.build(**options)
    # Data, such as X, has a gradient when it is asked for.
    derivation = derive_model(model, dict.fromkeys((*model.parameters, *(wrt or ()))))
    if format is DerivationFormat.TEXT:
        from gradcheck.render.derivation_text import print_derivation

        print_with(lambda console: print_derivation(derivation, console, detail=detail, wrt=wrt), output)
        return
    from derivations.documents import render

    write_document(render(derivation, format=str(format), detail=detail, wrt=wrt), output)


def _print_models(console: "Console") -> None:
    from rich.table import Table
    from rich.text import Text

    from derivations.models import MODELS

    table = Table.grid(padding=(0, 3))
    for name, entry in MODELS.items():
        title = Text(entry.title)
        if entry.options:
            title.append("\n" + "  ".join(f"--{option}" for option in entry.options), style="dim")
        table.add_row(Text(name, style="bold"), title)
    console.print(table)
    console.print(Text("\ngradcheck derive MODEL prints the derivation.", style="dim"))
