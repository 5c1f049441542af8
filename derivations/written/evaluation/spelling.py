"""How names are spelled in messages."""

from __future__ import annotations

from ..terms import Name


def spelled(name: Name) -> str:
    """A name without its scripts, as read aloud: hat y'."""
    text = f"{name.accent} {name.base}".strip()
    return text + "'" * name.primes


def spelled_key(key: str) -> str:
    """A quantity's key: y-hat, a^1."""
    return key.replace("^hat", "-hat").replace("@", "^").replace("^bar", "-bar")
