"""A derivation in the terminal: one block a step, the rule and its reason beside each equality, the gradients boxed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from rich.cells import cell_len
from rich.console import Console, Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from derivations.derivation import Derivation
from derivations.layout import Layout
from derivations.presentation import Block, Detail, Line, Node, Presentation, present
from derivations.prose import polished, proof_text, with_names
from derivations.unicode_text import ASCII, TextStyle, style_for, unicode_text

from .characters import ascii_only, visible
from .formula_lines import formula_lines

_INDENT = 2
_REASON_WIDTH = 28  # narrower, and a reason breaks after every other word
_WIDEST = 120  # lines of text beyond this are hard to follow


def print_derivation(
    derivation: Derivation, console: Console, *, detail: Detail = "full", wrt: Sequence[str] | None = None
) -> None:
    """Print a derivation: the model, one block a step, and the gradients in a box.

    Args:
        detail: "full" for every equality, "brief" for the main line of the argument.
        wrt: names of arrays whose gradients are shown with the steps they need; all parameters when None.

    Raises:
        UsageError: wrt names an array that the derivation has no gradient of.
    """
    shown = present(derivation, detail=detail, wrt=wrt)
    style = style_for([node.right for node in shown.nodes])
    unicode = console.encoding.lower().startswith("utf")
    printer = _Printer(console, shown, style if unicode else ASCII, detail)
    for part in printer.document():
        console.print(part, highlight=False)


@dataclass(frozen=True, slots=True)
class _Printer:
    console: Console
    shown: Presentation
    style: TextStyle
    detail: Detail

    @property
    def width(self) -> int:
        return min(self.console.width, _WIDEST)

    def document(self) -> Iterable[RenderableType]:
        yield self.words(self.shown.title, "bold")
        yield Text()
        yield self.model()
        for block in self.shown.blocks:
            yield Text()
            yield self.heading(block)
            yield from self.block(block)
        yield Text()
        yield self.gradients()
        yield self.words(_closing_words(self.shown), "dim")

    # Words and formulas -----------------------------------------------------------------------------------------------

    def formula(self, layout: Layout, *, bounds: bool = False) -> str:
        return unicode_text(layout, replace(self.style, bounds=bounds))

    def words(self, sentence: str, style: str = "") -> Text:
        sentence = with_names(polished(sentence), self.shown.names, self.formula)
        return Text(ascii_only(sentence) if self.style.ascii else visible(sentence), style)

    def dot(self) -> str:
        return "-" if self.style.ascii else "·"

    # The model --------------------------------------------------------------------------------------------------------

    def model(self) -> RenderableType:
        return Group(self.definitions(), Text(), self.given(), *self.ranges(), *self.remarks())

    def definitions(self) -> RenderableType:
        grid = _grid("right", "left", "left")
        for node in self.shown.nodes:
            left, right = self.formula(node.left), self.formula(node.right, bounds=True)
            lines = formula_lines(right, self.width - cell_len(left) - 8)
            grid.add_row(
                Text(left, "bold"), Text("= " + "\n  ".join(lines), no_wrap=True), self.words(node.note, "dim")
            )
        return grid

    def given(self) -> RenderableType:
        grid = _grid("right", "left", "left")
        times = " x " if self.style.ascii else " × "
        for array in self.shown.given:
            shape = times.join(self.formula(size) for size in array.shape) or "scalar"
            grid.add_row(Text(self.formula(array.name), "bold"), Text(shape), self.words(array.description, "dim"))
        return grid

    def ranges(self) -> Iterable[RenderableType]:
        grid = _grid("right", "left", "left")
        for entry in self.shown.ranges:
            letters = ", ".join(self.formula(letter) for letter in entry.indices)
            grid.add_row(
                Text(letters, "bold"), Text(f"= 1..{self.formula(entry.size)}"), self.words(entry.meaning, "dim")
            )
        return (Text(), grid)

    def remarks(self) -> Iterable[RenderableType]:
        if not self.shown.remarks:
            return ()
        grid = _grid("right", "left")
        for remark in self.shown.remarks:
            grid.add_row(Text(self.formula(remark.sign), "bold"), self.words(remark.meaning, "dim"))
        return (Text(), grid)

    # The steps --------------------------------------------------------------------------------------------------------

    def heading(self, block: Block) -> Text:
        """The step's name, a line, and how well it is proven."""
        proof = proof_text(block.error)
        name = self.formula(block.quantity)
        rule = ("-" if self.style.ascii else "─") * max(3, self.width - cell_len(name) - len(proof) - 2)
        return Text.assemble((name, "bold"), " ", (rule, "dim"), " ", (proof, _proof_style(block.error)))

    def block(self, block: Block) -> Iterable[RenderableType]:
        left = self.formula(block.quantity)
        yield self.chain(left, block.lines, block.error)
        for fact in block.facts:
            yield Text(" " * _INDENT + "with", "dim")
            yield self.chain(self.formula(fact.quantity), fact.lines, fact.error)

    def chain(self, left: str, lines: Sequence[Line], error: float | None) -> RenderableType:
        """Equalities aligned at their signs, reasons beside them if all formulas leave enough room, else below."""
        formulas = [self.formula(line.right) for line in lines]
        start = _INDENT + cell_len(left) + 3
        widest = max(map(cell_len, formulas), default=0)
        if start + widest + 3 + _REASON_WIDTH <= self.width:
            return self.beside(left, lines, formulas, error)
        return self.below(left, lines, formulas, error)

    def beside(self, left: str, lines: Sequence[Line], formulas: Sequence[str], error: float | None) -> RenderableType:
        grid = _grid("right", "left", "left", expand=min(self.width, self.console.width))
        for place, (line, formula) in enumerate(zip(lines, formulas, strict=True)):
            grid.add_row(
                Text("" if place else left, "bold", no_wrap=True),
                Text(f"= {formula}", no_wrap=True),
                self.reason(line, error),
            )
        return grid

    def below(self, left: str, lines: Sequence[Line], formulas: Sequence[str], error: float | None) -> RenderableType:
        grid = _grid("right", "left", expand=self.width)
        room = self.width - _INDENT - cell_len(left) - 5
        for place, (line, formula) in enumerate(zip(lines, formulas, strict=True)):
            broken = Text("= " + "\n  ".join(formula_lines(formula, room)), no_wrap=True)
            grid.add_row(Text("" if place else left, "bold", no_wrap=True), Group(broken, self.reason(line, error)))
        return grid

    def reason(self, line: Line, error: float | None) -> Text:
        """The rule, why it holds, and the proof where it is not the whole block's."""
        text = self.words(", ".join(line.rules), "cyan")
        text.append_text(self.words(f". {line.reason}", "dim"))
        if self.detail == "full" or (line.error is None) != (error is None):
            text.append(f" {self.dot()} {proof_text(line.error)}", _proof_style(line.error))
        return text

    # The end ----------------------------------------------------------------------------------------------------------

    def gradients(self) -> RenderableType:
        grid = Table.grid(padding=(0, 1))
        grid.add_column(justify="right", no_wrap=True)
        grid.add_column()
        for node in self.shown.gradients:
            grid.add_row(Text(self.formula(node.left), "bold"), self.result(node))
        return Panel(grid, title="Gradients", title_align="left", border_style="green", expand=False, padding=(0, 1))

    def result(self, node: Node) -> Text:
        room = self.width - cell_len(self.formula(node.left)) - 8
        return Text("= " + "\n  ".join(formula_lines(self.formula(node.right), room)), no_wrap=True)


def _proof_style(error: float | None) -> str:
    return "green" if error is not None else "yellow"


def _grid(*columns: str, expand: int | None = None) -> Table:
    """Columns without lines, indented; the last one takes the rest of the width."""
    grid = Table.grid(padding=(0, 1 if len(columns) < 3 else 1))
    grid.width = expand
    grid.add_column(width=_INDENT - 1)
    for place, justify in enumerate(columns):
        last = place == len(columns) - 1
        grid.add_column(
            justify="right" if justify == "right" else "left", no_wrap=not last, ratio=1 if last and expand else None
        )
    original = grid.add_row
    return _Indented(grid, original) if False else grid


def _closing_words(shown: Presentation) -> str:
    if shown.is_proven:
        return (
            "Proven: both sides of every equality agree on random arrays of distinct prime sizes, to the error given."
        )
    return "Not proven: this derivation was printed before its equalities were checked."
