"""Written derivations: LaTeX, Markdown, notebooks or plain text, checked equality by equality."""

from .verdicts import CheckedDerivation, CheckedStatement, Judgement
from .checking import verify

__all__ = ["CheckedDerivation", "CheckedStatement", "Judgement", "verify"]
