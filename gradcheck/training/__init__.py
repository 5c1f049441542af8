"""Training on an exercise: the reference, a student's functions or a planted mistake, side by side."""

from .request import Request, Trained
from .run import prepared, train

__all__ = ["Request", "Trained", "prepared", "train"]
