"""`gradcheck explain [CODE]`."""

from typing import TYPE_CHECKING, Annotated

import typer

from .terminal import print_with

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

    from gradcheck.explanations import Explanation


def explain(
    code: Annotated[
        str | None, typer.Argument(metavar="[CODE]", help="A code such as sign-flipped.", show_default=False)
    ] = None,
) -> None:
    """Explain a mistake, or list all codes.

    What it means, how it looks on paper and in code, why it happens, and how to fix it.
    """
    from gradcheck.explanations import explanation

    if code is None:
        print_with(_print_codes)
        return
    found = explanation(code)
    print_with(lambda console: _print_explanation(found, console))


def _print_codes(console: "Console") -> None:
    from rich.table import Table
    from rich.text import Text

    from checkers.findings import CODES_BY_FAMILY
    from gradcheck.explanations import explanations

    texts = explanations()
    for family, codes in CODES_BY_FAMILY.items():
        console.print(Text(f"{family}", style="bold cyan"))
        table = Table.grid(padding=(0, 2))
        table.add_column(
            min_width=29
        )  # the longest code, indented: the families' second columns then stand under one another
        for code in codes:
            table.add_row(Text(f"  {code}"), Text(texts[code].title, style="dim"))
        console.print(table)
    console.print(Text("\ngradcheck explain CODE says more.", style="dim"))


def _print_explanation(found: "Explanation", console: "Console") -> None:
    from rich.text import Text

    console.print(Text.assemble((found.code, "bold cyan"), (f"  {found.family}", "dim")))
    console.print(Text(found.title, style="bold"))
    for heading, text in (("", found.means), ("On paper", found.paper), ("Why", found.why), ("What to do", found.fix)):
        if text is not None:
            console.print(Text.assemble("\n", (f"{heading}. " if heading else "", "bold"), text))
    if found.wrong is not None:
        console.print(Text("\nIn code", style="bold"))
        console.print(_code_lines("- ", found.wrong, "red"))
    if found.right is not None:
        console.print(_code_lines("+ ", found.right, "green"))


def _code_lines(sign: str, code: str, style: str) -> "Text":
    from rich.text import Text

    return Text("\n".join(f"  {sign}{line}" for line in code.splitlines()), style=style)
