"""How far operators reach, where the writing leaves it open."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Reach(StrEnum):
    """How far an operator without brackets reaches."""

    NEAR = "near"
    TERM = "term"
    SIDE = "side"


@dataclass(frozen=True, slots=True)
class Reading:
    """How far each kind of operator reaches; a statement is read in more than one way where that makes a difference."""

    derivative: Reach = Reach.TERM
    total: Reach = Reach.TERM
    function: Reach = Reach.NEAR
    nabla: Reach = Reach.NEAR


READINGS = (
    Reading(),
    Reading(derivative=Reach.SIDE),
    Reading(total=Reach.SIDE),
    Reading(derivative=Reach.SIDE, total=Reach.SIDE),
    Reading(function=Reach.TERM),
    Reading(derivative=Reach.NEAR),
    Reading(derivative=Reach.SIDE, function=Reach.TERM),
    Reading(nabla=Reach.TERM),
)
