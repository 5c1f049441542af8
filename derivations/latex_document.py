"""A derivation as a LaTeX document that needs amsmath, geometry and graphicx only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .latex import latex, latex_words
from .prose import polished, proof_text, rule_text, sentence_text, summary_of_proofs
from .unicode_text import unicode_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from .layout import Layout
    from .presentation import Block, Line, Node, Presentation

_PREAMBLE = r"""\documentclass[11pt,a4paper,fleqn]{article}
\usepackage[utf8]{inputenc}
\usepackage[T1]{fontenc}
\usepackage{amsmath,graphicx}
\usepackage[margin=2cm]{geometry}
\setlength{\parindent}{0pt}
\allowdisplaybreaks
% A word on a node of the model.
\newcommand{\note}[1]{\parbox{3.6cm}{\raggedright\footnotesize #1}}
% A rule and its reason, beside an equality or below it.
\newcommand{\beside}[2]{\parbox{5.6cm}{\raggedright\footnotesize\textbf{#1}: #2}}
\newcommand{\below}[2]{\parbox{11cm}{\raggedright\footnotesize\textbf{#1}: #2}}
% A formula that is wider than its share of the line, made to fit.
\newcommand{\fit}[2]{\sbox0{$\displaystyle #2$}%
  \ifdim\wd0>#1\linewidth\resizebox{#1\linewidth}{!}{\usebox0}\else\usebox0\fi}
"""
# Characters of the one-line form: about what leaves room for a reason beside it, and what fills a line.
_BESIDE, _LINE = 46, 80
# TeX cannot break a box: so many gradients fit one page.
_BOXED = 14


def latex_document(shown: Presentation) -> str:
    """The document, ready for pdflatex."""
    return "\n".join(_Writer(shown).document()) + "\n"


class _Writer:
    def __init__(self, shown: Presentation) -> None:
        self.shown = shown

    def document(self) -> Iterator[str]:
        yield _PREAMBLE + r"\begin{document}"
        yield rf"{{\raggedright\LARGE {self.words(self.shown.title)}\par}}"
        yield from self.model()
        yield r"\section*{Derivation}"
        for number, block in enumerate(self.shown.blocks, 1):
            yield from self.block(number, block)
        yield r"\section*{Gradients}"
        yield from self.gradients()
        yield self.words(summary_of_proofs(self.shown.is_proven))
        yield r"\end{document}"

    def words(self, sentence: str) -> str:
        return sentence_text(polished(sentence), self.shown.names, latex_words, lambda layout: f"${latex(layout)}$")

    # The model --------------------------------------------------------------------------------------------------------

    def model(self) -> Iterator[str]:
        yield r"\section*{Model}"
        yield r"\begin{alignat*}{2}"
        yield " \\\\\n".join(self.node(node) for node in self.shown.nodes)
        yield r"\end{alignat*}"
        yield from _table("lll", self.given())
        yield from _table("rll", self.ranges())
        yield from _table("rl", self.remarks())

    def node(self, node: Node) -> str:
        note = rf" &\qquad& \note{{{self.words(node.note)}}}" if node.note else ""
        return f"{latex(node.left)} &= {_fitting(node.right, share=0.6)}{note}"

    def given(self) -> Iterator[str]:
        for array in self.shown.given:
            shape = r" \times ".join(map(latex, array.shape)) or r"\text{scalar}"
            yield f"${latex(array.name)}$ & ${shape}$ & {self.words(array.description)}"

    def ranges(self) -> Iterator[str]:
        for entry in self.shown.ranges:
            letters = ", ".join(map(latex, entry.indices))
            yield rf"${letters}$ & $= 1, \dots, {latex(entry.size)}$ & {self.words(entry.meaning)}"

    def remarks(self) -> Iterator[str]:
        for remark in self.shown.remarks:
            yield rf"$\displaystyle {latex(remark.sign)}$ & {self.words(remark.meaning)}"

    # The steps --------------------------------------------------------------------------------------------------------

    def block(self, number: int, block: Block) -> Iterator[str]:
        how = rf"How ${latex(block.of)}$ depends on ${latex(block.target)}${' directly' if block.is_direct else ''}"
        proof = latex_words(proof_text(block.error))
        yield rf"\subsubsection*{{{number}. {how} \hfill \normalfont\footnotesize {proof}}}"
        yield from self.chain(block.quantity, block.lines, is_mixed=block.is_partly_proven)
        for fact in block.facts:
            yield "where"
            yield from self.chain(fact.quantity, fact.lines, is_mixed=block.is_partly_proven)

    def chain(self, left: Layout, lines: Sequence[Line], *, is_mixed: bool) -> Iterator[str]:
        lengths = [len(unicode_text(line.right)) for line in lines]
        beside = len(unicode_text(left)) + max(lengths, default=0) <= _BESIDE
        # A star keeps a reason below on the page of its formula.
        between, macro = (r" &\qquad& ", "beside") if beside else (" \\\\*[3pt]\n" + r"&\phantom{{}={}} ", "below")
        rows = [
            f"{'' if place else latex(left)} &= {_fitting(line.right)}{between}{self.reason(macro, line, is_mixed)}"
            for place, line in enumerate(lines)
        ]
        yield r"\begin{alignat*}{2}"
        yield " \\\\[6pt]\n".join(rows)
        yield r"\end{alignat*}"

    def reason(self, macro: str, line: Line, is_mixed: bool) -> str:
        proof = f" ({proof_text(line.error)})" if is_mixed or line.error is None else ""
        return rf"\{macro}{{{self.words(rule_text(line.rules))}}}{{{self.words(line.reason)}{latex_words(proof)}}}"

    def gradients(self) -> Iterator[str]:
        rows = [f"{latex(node.left)} &= {_fitting(node.right)}" for node in self.shown.gradients]
        for first in range(0, len(rows), _BOXED):
            yield r"\[\boxed{\begin{aligned}"
            yield " \\\\[3pt]\n".join(rows[first : first + _BOXED])
            yield r"\end{aligned}}\]" + "\n\\medskip"


def _fitting(layout: Layout, share: float = 0.8) -> str:
    """The formula, scaled down to a share of the line's width if it may be wider."""
    return rf"\fit{{{share}}}{{{latex(layout)}}}" if len(unicode_text(layout)) > _LINE * share else latex(layout)


def _table(columns: str, rows: Iterator[str]) -> Iterator[str]:
    lines = [f"{row} \\\\" for row in rows]
    if lines:
        yield rf"\par\medskip\begin{{tabular}}{{@{{}}{columns}@{{}}}}"
        yield from lines
        yield r"\end{tabular}"
