"""Written derivations: LaTeX, Markdown, notebooks or plain text, checked equality by equality."""

from .checking import verify
from .verdicts import CheckedDerivation, CheckedStatement, Judgement

__all__ = ["CheckedDerivation", "CheckedStatement", "Judgement", "verify"]
