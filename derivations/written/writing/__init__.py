"""Terms written down again: as LaTeX that reads back as the same term, as Unicode text, as MathML."""
