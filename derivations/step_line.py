"""One step of a derivation as one line of text, to be printed beside a finding."""

from __future__ import annotations

from .derivation import Step
from .model import Model
from .notation import Notation
from .typesetting import Typesetter
from .unicode_text import style_for, unicode_text


def step_line(step: Step, model: Model) -> str:
    """The quantity, the first equality worth reading, and the result: dJ/dz = chain rule = result."""
    typesetter = Typesetter(Notation.of(model))
    brief = [equality.right for equality in step.equalities if equality.brief]
    sides = [step.quantity, *brief[:1], *brief[-1:]] if len(brief) > 1 else [step.quantity, *brief]
    layouts = [typesetter.layout(side) for side in sides]
    style = style_for(layouts)
    return " = ".join(unicode_text(layout, style) for layout in layouts)
