"""`gradcheck explain [CODE]`."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from .terminal import print_with

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rich.console import Console
    from rich.text import Text

    from checkers.findings import Family
    from gradcheck.explanations import Example, Explanation, Outcome


def explain(
    code: Annotated[
        str | None,
        typer.Argument(metavar="[CODE]", help="A code such as sign-flipped, or a family.", show_default=False),
    ] = None,
) -> None:
    """Explain a mistake, or list all codes.

    What it means, how it looks on paper, in code and in the numbers, why it happens, how to fix it, and an example
    that is run before your eyes.
    """
    from gradcheck.explanations import explanation, family_named

    family = None if code is None else family_named(code)
    if code is None or family is not None:
        print_with(lambda console: _print_codes(family, console))
        return
    found = explanation(code)
    print_with(lambda console: _print_explanation(found, console))


def _print_codes(only: "Family | None", console: "Console") -> None:
    from rich.table import Table
    from rich.text import Text

    from checkers.findings import CODES_BY_FAMILY, FAMILY_OF
    from gradcheck.explanations import explanations

    texts = explanations()
    for family in CODES_BY_FAMILY if only is None else [only]:
        console.print(Text(f"{family}", style="bold cyan"))
        table = Table.grid(padding=(0, 2))
        # The families' second columns stand under one another.
        table.add_column(min_width=2 + max(map(len, FAMILY_OF)))
        for code in CODES_BY_FAMILY[family]:
            table.add_row(Text(f"  {code}"), Text(texts[code].title, style="dim"))
        console.print(table)
    console.print(Text("\ngradcheck explain CODE says more.", style="dim"))


def _print_explanation(found: "Explanation", console: "Console") -> None:
    from rich.text import Text

    console.print(Text.assemble((found.code, "bold cyan"), (f"  {found.family}", "dim")))
    console.print(Text(found.title, style="bold"))
    console.print()
    console.print(_words(found.means, console))
    if found.paper is not None:
        console.print(Text("\nOn paper", style="bold"))
        _print_pair(found.paper, console)
    sections = (("Why it happens", found.why), ("In the numbers", found.numbers), ("What to do", found.fix))
    for heading, text in sections:
        console.print(Text.assemble("\n", (f"{heading}. ", "bold"), _words(text, console)))
    _print_example(found.example, console)


def _words(text: str, console: "Console", style: str = "") -> "Text":
    from rich.text import Text

    from gradcheck.explanations import typeset

    unicode = console.encoding.lower().startswith("utf")
    return Text(typeset(text) if unicode else text.replace("`", ""), style=style)


def _print_pair(formulas: tuple[str, str], console: "Console") -> None:
    from gradcheck.render.aligned_text import wrapped

    wrong, right = (wrapped(_words(formula, console), console.width - 9, console) for formula in formulas)
    _print_rows((_named("wrong", "red", wrong), _named("right", "green", right)), console)


def _print_example(example: "Example", console: "Console") -> None:
    from rich.text import Text

    console.print(Text("\nExample" if example.shows else "\nIn code", style="bold"))
    for sign, code, style in ((" ", example.setup, ""), ("-", example.wrong, "red"), ("+", example.right, "green")):
        for line in code.splitlines():
            console.print(Text(f"  {sign} {line}".rstrip(), style=style), soft_wrap=True)
    if example.shows is not None:
        from gradcheck.explanations import run

        _print_outcome(example, run(example), console)


def _print_outcome(example: "Example", outcome: "Outcome", console: "Console") -> None:
    """The values beside each other, or below each other where they are too wide for that."""
    from rich.text import Text

    columns = [("wrong", "red", _lines(outcome.wrong, console)), ("right", "green", _lines(outcome.right, console))]
    if outcome.measured is not None:
        columns.append(("central differences", "", _lines(outcome.measured, console)))
    console.print(Text.assemble("\n", ("  this gives ", "dim"), f"{example.shows}", (" =", "dim")))
    beside = [[[Text(name, style), *values] for name, style, values in columns]]
    widths = (max(line.cell_len for line in cell) for cell in beside[0])
    if sum(widths) + 2 * len(columns) <= console.width:
        _print_rows(beside, console)
    else:
        _print_rows((_named(*column) for column in columns), console)
    if outcome.measured is not None:
        console.print()
        console.print(Text(_judgement(example, outcome)))


def _named(name: str, style: str, lines: "list[Text]") -> "list[list[Text]]":
    from rich.text import Text

    return [[Text(name, style)], lines]


def _print_rows(rows: "Iterable[list[list[Text]]]", console: "Console") -> None:
    from rich.text import Text

    from gradcheck.render.aligned_text import aligned

    table = list(rows)
    lines: Iterator[Text] = aligned(table, ["left"] * len(table[0]), gap=2, indent=2)
    console.print(Text("\n").join(lines), soft_wrap=True)


def _lines(value: Any, console: "Console") -> "list[Text]":
    """A value for people: four places, no -0."""
    import numpy as np
    from rich.text import Text

    from gradcheck.render.aligned_text import wrapped

    if isinstance(value, np.ndarray) and value.ndim:
        rounded = np.round(value, 4) + 0
        text = np.array2string(rounded, precision=4, suppress_small=True, separator=" ")
    elif isinstance(value, int | np.integer):
        text = f"{value:,}"
    elif isinstance(value, float | np.ndarray):
        text = f"{float(value):.4g}"
    else:
        return wrapped(Text(str(value)), console.width - 9, console)
    return [Text(line) for line in text.splitlines()]


def _judgement(example: "Example", outcome: "Outcome") -> str:
    """What the central differences say of both versions."""
    import numpy as np

    def error(value: Any) -> str:
        if isinstance(value, str):
            return "has no value"
        if np.shape(value) != np.shape(outcome.measured):
            return f"has shape {np.shape(value)} and not {np.shape(outcome.measured)}"
        return f"is off by {np.max(np.abs(value - outcome.measured)):.1g}"

    return (
        f"Central differences of {example.loss} with respect to {example.wrt} judge: "
        f"the wrong version {error(outcome.wrong)}, the right one {error(outcome.right)}."
    )
