"""What somebody says of a gradient function that no rule would recognise: what it is the gradient of, and shapes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from .inputs import Input


class Meaning(StrEnum):
    """What an argument of a gradient function is, where it is no argument of what is differentiated."""

    UPSTREAM = "upstream"
    """The gradient with respect to what the forward returns."""
    CACHE = "cache"
    """What the forward returns besides its value."""
    OUTPUT = "output"
    """What the forward returns."""


@dataclass(frozen=True, slots=True)
class Call:
    """A function as a declaration names it: "foo", "foo(x, w)", "foo(x, w) -> out, cache".

    Attributes:
        arguments: those that it is called with; None where that is not said.
        returns: names of what comes back, in order; () where that is not said.
    """

    name: str
    arguments: tuple[str, ...] | None = None
    returns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Declaration:
    """One gradient function and what it is the gradient of.

    Attributes:
        place: where it was said, as an error's text begins: 'gradcheck.toml, gradient 2'.
        of: None where the function returns the loss together with its gradient.
        wrt: the arguments that there must be gradients for; () where what comes back must tell.
        shapes: argument -> the array, or the arrays of a dict.
        values: argument -> source of its value.
    """

    place: str
    gradient: Call
    of: Call | None = None
    wrt: tuple[str, ...] = ()
    shapes: Mapping[str, Input | tuple[Input, ...]] = field(default_factory=dict)
    values: Mapping[str, str] = field(default_factory=dict)
    meanings: Mapping[str, Meaning] = field(default_factory=dict)
