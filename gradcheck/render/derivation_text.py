"""A derivation in the terminal: one block a step, the rule and its reason beside each equality, the gradients boxed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from rich.panel import Panel
from rich.text import Text

from derivations.line_breaking import formula_lines
from derivations.presentation import Block, Detail, Given, Line, Node, Presentation, Range, present
from derivations.prose import polished, proof_text, rule_text, sentence_text, summary_of_proofs
from derivations.unicode_text import ASCII, TextStyle, style_for, unicode_text

from .aligned_text import Cell, aligned, wrapped
from .characters import ascii_only, visible

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.console import Console

    from derivations.derivation import Derivation
    from derivations.layout import Layout
    from derivations.remarks import Remark

_INDENT = 2
_REASON_WIDTH = 28  # narrower, and a reason breaks after every other word
_NOTE_WIDTH = 16  # the least for a word on a node
_WIDEST = 120  # sentences in wider lines are hard to follow


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
    printer = _Printer(console, shown, style if unicode else ASCII)
    # Lines are wrapped already: as one text they are printed ten times as fast as one by one.
    console.print(Text("\n").join(printer.derivation()), soft_wrap=True, highlight=False)
    console.print(printer.gradients())
    console.print(Text("\n").join(printer.closing()), soft_wrap=True, highlight=False)


@dataclass(frozen=True, slots=True)
class _Printer:
    console: Console
    shown: Presentation
    style: TextStyle

    def derivation(self) -> Iterator[Text]:
        yield self.words(self.shown.title, "bold")
        yield from self.model()
        for block in self.shown.blocks:
            yield Text()
            yield self.heading(block)
            yield from self.block(block)
        yield Text()

    def closing(self) -> list[Text]:
        return self.sentence(self.words(summary_of_proofs(self.shown.is_proven), "dim"), self.width)

    @property
    def width(self) -> int:
        return min(self.console.width, _WIDEST)

    # Words and formulas -----------------------------------------------------------------------------------------------

    def formula(self, layout: Layout, *, bounds: bool = False) -> str:
        return self.shown_as(unicode_text(layout, replace(self.style, bounds=bounds)))

    def shown_as(self, text: str) -> str:
        """The text in characters that this terminal shows, and that do not steer it."""
        return ascii_only(text) if self.style.ascii else visible(text)

    def quantity(self, layout: Layout) -> Text:
        return Text(self.formula(layout), "bold")

    def equation(self, formula: str, room: int) -> list[Text]:
        """A right side with its equals sign, in as many lines as it needs."""
        lines = formula_lines(formula, room - 2)
        return [Text(("  " if place else "= ") + line) for place, line in enumerate(lines)]

    def words(self, sentence: str, style: str = "") -> Text:
        sentence = sentence if self.style.ascii else polished(sentence)
        return Text(sentence_text(sentence, self.shown.names, self.shown_as, self.formula), style)

    def sentence(self, words: Text, room: int) -> list[Text]:
        return wrapped(words, room, self.console)

    # The model --------------------------------------------------------------------------------------------------------

    def model(self) -> Iterator[Text]:
        yield Text()
        yield from self.described([self.node(node) for node in self.shown.nodes], gap=1)
        yield Text()
        yield from self.described([self.given(array) for array in self.shown.given], gap=2)
        yield Text()
        yield from self.described([self.range(entry) for entry in self.shown.ranges], gap=1)
        if self.shown.remarks:
            yield Text()
            yield from self.described([self.remark(remark) for remark in self.shown.remarks], gap=1)

    def described(self, rows: Sequence[tuple[Cell, Cell, str]], gap: int) -> Iterator[Text]:
        """A list of names, formulas and, as wide as the terminal leaves room, a word on each."""
        used = max(_width(name) for name, _, _ in rows) + max(_width(formula) for _, formula, _ in rows)
        room = max(self.width - _INDENT - used - gap - 2, _NOTE_WIDTH)
        cells = [(name, formula, self.sentence(self.words(note, "dim"), room)) for name, formula, note in rows]
        return aligned(cells, ("right", "left", "left"), gap=gap, indent=_INDENT)

    def node(self, node: Node) -> tuple[Cell, Cell, str]:
        left = self.quantity(node.left)
        room = self.width - _INDENT - left.cell_len - _NOTE_WIDTH - 6
        return [left], self.equation(self.formula(node.right, bounds=True), room), node.note

    def given(self, array: Given) -> tuple[Cell, Cell, str]:
        times = " x " if self.style.ascii else " × "
        shape = times.join(self.formula(size) for size in array.shape) or "scalar"
        return [self.quantity(array.name)], [Text(shape)], array.description

    def range(self, entry: Range) -> tuple[Cell, Cell, str]:
        letters = ", ".join(self.formula(letter) for letter in entry.indices)
        return [Text(letters, "bold")], [Text(f"= 1..{self.formula(entry.size)}")], entry.meaning

    def remark(self, remark: Remark) -> tuple[Cell, Cell, str]:
        return [self.quantity(remark.sign)], [Text()], remark.meaning

    # The steps --------------------------------------------------------------------------------------------------------

    def heading(self, block: Block) -> Text:
        """The derivative the step is about, a line, and how well it is proven."""
        name, proof = self.quantity(block.quantity), proof_text(block.error)
        dash = "-" if self.style.ascii else "─"
        rule = dash * max(3, self.width - name.cell_len - len(proof) - 2)
        return Text.assemble(name, " ", (rule, "dim"), " ", (proof, _proof_style(block.error)))

    def block(self, block: Block) -> Iterator[Text]:
        yield from self.chain(self.quantity(block.quantity), block.lines, block.error)
        for fact in block.facts:
            left = Text.assemble(("where ", "dim"), self.quantity(fact.quantity))
            yield from self.chain(left, fact.lines, block.error)

    def chain(self, left: Text, lines: Sequence[Line], error: float | None) -> Iterator[Text]:
        """Equalities aligned at their signs; reasons stand beside them if every formula leaves room, else below."""
        formulas = [self.formula(line.right) for line in lines]
        room = self.width - _INDENT - left.cell_len - 1
        widest = max((Text(formula).cell_len for formula in formulas), default=0) + 2
        beside = widest + 2 + _REASON_WIDTH <= room
        rows: list[Sequence[Cell]] = []
        for place, (line, formula) in enumerate(zip(lines, formulas, strict=True)):
            name = [Text() if place else left]
            reason = self.reason(line, error)
            if beside:
                rows.append((name, self.equation(formula, room), self.sentence(reason, room - widest - 2)))
            else:
                below = [Text.assemble(" " * 6, words) for words in self.sentence(reason, room - 6)]
                rows.append((name, [*self.equation(formula, room), *below], []))
        yield from aligned(rows, ("right", "left", "left"), indent=_INDENT)

    def reason(self, line: Line, error: float | None) -> Text:
        """The rule and why it holds; how well it is proven, where that is not said for the whole block."""
        text = Text.assemble(self.words(rule_text(line.rules), "cyan"), (": ", "dim"), self.words(line.reason, "dim"))
        if error is None and line.error is not None:
            text.append(f" ({proof_text(line.error)})", _proof_style(line.error))
        elif line.error is None:
            text.append(f" ({proof_text(None)})", _proof_style(None))
        return text

    # The end ----------------------------------------------------------------------------------------------------------

    def gradients(self) -> Panel:
        """The results, in the order in which code would compute them."""
        room = self.width - 4
        rows = []
        for node in self.shown.gradients:
            left = self.quantity(node.left)
            rows.append(([left], self.equation(self.formula(node.right), room - left.cell_len - 1)))
        lines = Text("\n").join(aligned(rows, ("right", "left")))
        return Panel(lines, title="Gradients", title_align="left", border_style="green", expand=False)


def _width(cell: Cell) -> int:
    return max(line.cell_len for line in cell)


def _proof_style(error: float | None) -> str:
    return "yellow" if error is None else "green"
