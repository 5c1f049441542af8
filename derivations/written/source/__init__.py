"""What a document says, as text: where its formulas stand, their tokens, and the statements that they make.

`document` finds formulas in LaTeX, Markdown, notebooks and plain text; `tokens` and `layout` take out what is not
mathematics; `lines` and `statements` cut chains into equalities of two sides, each with its place.
"""
