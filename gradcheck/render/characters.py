"""Which characters reach a reader: none that would steer a terminal, and none that it cannot show."""

from __future__ import annotations

_ASCII = str.maketrans(
    {
        "·": "*", "×": "*", "−": "-", "–": "-", "—": "-", "…": "...", "√": "sqrt", "∞": "inf",
        "∂": "d", "Σ": "sum ", "∑": "sum ", "∏": "prod ", "⊙": "o", "∘": "o", "ᵀ": ".T", "′": "'",
        "≤": "<=", "≥": ">=", "≠": "!=", "≈": "~", "→": "->", "∈": "in", "²": "^2", "³": "^3", "½": "1/2",
        "ŷ": "y_hat", "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "eps", "η": "eta", "θ": "theta",
        "λ": "lambda", "μ": "mu", "π": "pi", "σ": "sigma", "τ": "tau", "φ": "phi", "ψ": "psi",
        "✓": "+", "✗": "x", "■": "#", "□": ".", "─": "-", "│": "|", "┌": "+", "┐": "+", "└": "+", "┘": "+",
        "₀": "0", "₁": "1", "₂": "2", "₃": "3", "₄": "4", "₅": "5", "₆": "6", "₇": "7", "₈": "8", "₉": "9",
        "“": '"', "”": '"', "‘": "'", "’": "'",
    }
)  # fmt: skip


def visible(text: str) -> str:
    """Text a student controls, made safe to print: control and direction characters are spelled out.

    >>> visible("red\\x1b[31m, right to left\\u202e, two\\nlines")
    'red\\\\x1b[31m, right to left\\\\u202e, two\\nlines'
    """
    if text.isprintable():  # nearly all, and ten times faster than looking at each character
        return text
    return "".join(
        character if character.isprintable() or character == "\n" else _escaped(character)
        for character in text.expandtabs(4)
    )


def on_one_line(text: str) -> str:
    """The same for a place where a second line would break the layout.

    >>> on_one_line("np.sum(dZ,\\n       axis=0)")
    'np.sum(dZ, axis=0)'
    """
    return visible(" ".join(text.split()))


def ascii_only(text: str) -> str:
    """The text in ASCII: mathematics spelled out, anything else as a question mark.

    >>> ascii_only("∂J/∂z = ŷ − y")
    'dJ/dz = y_hat - y'
    """
    return text.translate(_ASCII).encode("ascii", "replace").decode("ascii")


def _escaped(character: str) -> str:
    return character.encode("unicode_escape").decode("ascii")
