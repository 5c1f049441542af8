"""The layers of protection round a submission, and the levels that they make."""

from __future__ import annotations

from enum import StrEnum


class Layer(StrEnum):
    """One layer; each holds by itself."""

    NAMESPACES = "bubblewrap"
    """A root folder, process table and network of its own."""
    LANDLOCK = "Landlock"
    """Reads Python, NumPy and its own folder; writes nothing; no network."""
    SECCOMP = "seccomp"
    """The system calls that computing needs."""
    LIMITS = "rlimits"
    """Memory, processor time, files, processes."""
    UID = "not root"


class Level(StrEnum):
    """How well a submission is shut in; decided by trying what is forbidden, see `attempts`."""

    STRONG = "strong"
    """Every layer, and every attempt failed."""
    GOOD = "good"
    """Every layer but the namespaces, and every attempt failed."""
    WEAK = "weak"
    """Some attempt got through, or layers are missing."""


EVERY = frozenset(Layer)
OF_LEVEL = {
    Level.STRONG: EVERY,
    Level.GOOD: EVERY - {Layer.NAMESPACES},
    Level.WEAK: frozenset([Layer.LIMITS, Layer.UID]),
}
