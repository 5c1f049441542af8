"""A derivation as Markdown with LaTeX formulas, as GitHub, GitLab and Jupyter show it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from .latex import latex
from .prose import polished, proof_text, rule_text, sentence_text, summary_of_proofs

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from .layout import Layout
    from .presentation import Block, Line, Presentation


def markdown_document(shown: Presentation) -> str:
    """The document; reasons are listed under each chain by the number of the equality."""
    return "\n".join(_Writer(shown).document()) + "\n"


def markdown_words(sentence: str) -> str:
    """A sentence in which nothing is markup."""
    return re.sub(r"([\\`*_{}\[\]<>#|$~&])", r"\\\1", sentence)


class _Writer:
    def __init__(self, shown: Presentation) -> None:
        self.shown = shown

    def document(self) -> Iterator[str]:
        yield f"# {self.words(self.shown.title)}\n"
        yield "## Model\n"
        yield from self.model()
        yield "\n## Derivation"
        for number, block in enumerate(self.shown.blocks, 1):
            yield from self.block(number, block)
        yield "\n## Gradients\n"
        lines = [f"{latex(node.left)} &= {latex(node.right)}" for node in self.shown.gradients]
        yield _display(lines, boxed=True)
        yield f"\n{self.words(summary_of_proofs(self.shown.is_proven))}"

    def words(self, sentence: str) -> str:
        return sentence_text(polished(sentence), self.shown.names, markdown_words, _inline)

    def model(self) -> Iterator[str]:
        yield _display([f"{latex(node.left)} &= {latex(node.right)}" for node in self.shown.nodes])
        yield ""
        for node in self.shown.nodes:
            if node.note:
                yield f"- {_inline(node.left)}: {self.words(node.note)}"
        for array in self.shown.given:
            shape = r" \times ".join(map(latex, array.shape))
            yield f"- {_inline(array.name)}{f' (${shape}$)' if shape else ''}: {self.words(array.description)}"
        for entry in self.shown.ranges:
            letters = ", ".join(map(latex, entry.indices))
            yield rf"- ${letters} = 1, \dots, {latex(entry.size)}$: {self.words(entry.meaning)}"
        for remark in self.shown.remarks:
            yield f"- {_inline(remark.sign)}: {self.words(remark.meaning)}"

    def block(self, number: int, block: Block) -> Iterator[str]:
        how = f"How {_inline(block.of)} depends on {_inline(block.target)}{' directly' if block.is_direct else ''}"
        yield f"\n### {number}. {how} ({proof_text(block.error)})\n"
        yield from self.chain(block.quantity, block.lines, is_mixed=block.is_partly_proven)
        for fact in block.facts:
            yield "\nwhere\n"
            yield from self.chain(fact.quantity, fact.lines, is_mixed=block.is_partly_proven)

    def chain(self, left: Layout, lines: Sequence[Line], *, is_mixed: bool) -> Iterator[str]:
        rows = [
            rf"{'' if place else latex(left)} &= {latex(line.right)} && \text{{({place + 1})}}"
            for place, line in enumerate(lines)
        ]
        yield _display(rows) + "\n"
        for place, line in enumerate(lines):
            proof = f" ({proof_text(line.error)})" if is_mixed or line.error is None else ""
            yield f"{place + 1}. **{self.words(rule_text(line.rules))}**: {self.words(line.reason)}{proof}"


def _inline(layout: Layout) -> str:
    return f"${latex(layout)}$"


def _display(rows: Sequence[str], *, boxed: bool = False) -> str:
    aligned = "\\begin{aligned}\n" + " \\\\\n".join(rows) + "\n\\end{aligned}"
    return f"$$\n\\boxed{{{aligned}}}\n$$" if boxed else f"$$\n{aligned}\n$$"
