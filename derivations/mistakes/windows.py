"""Layers that slide a filter over an array: the filter turned round."""

from __future__ import annotations

from collections.abc import Iterator

import sympy

from ..expressions import Adjoint, Entry, Shift
from .site import Mistake, Site, Written


def turned_filter(site: Site) -> Iterator[Mistake]:
    """A filter turned by 180 degrees: a textbook's convolution where networks take the correlation, or one turn more.

    On the way back to the inputs, the gradient meets the turned filter when it is slid over from outside.
    """
    offsets = {shift.parts[1] for shift in site.value.atoms(Shift)}
    for entry in sorted(site.value.atoms(Entry), key=str):
        axes = [axis for axis, index in enumerate(entry.indices) if index in offsets]
        if not axes or isinstance(entry, Adjoint):
            continue
        name = f"{entry.name}_turned"
        turned = {e: Entry(sympy.Symbol(name), *e.indices) for e in site.value.atoms(Entry) if e.name == entry.name}
        picks = ", ".join("::-1" if axis in axes else ":" for axis in range(len(entry.indices)))
        mistake = site.mistake(
            "wrong-index",
            5,
            f"{entry.name} is turned round: its first row stands where its last belongs."
            if not site.is_derivative
            else f"{entry.name} is turned round, or is not where it has to be.",
            "Which entry of the filter meets which entry of the window? Try it with a single 1 in the filter.",
            site.value.xreplace(turned),
        )
        mistake.changed[name] = Written(name, (entry.name,), (f"return {entry.name}[{picks}]",))
        yield mistake
