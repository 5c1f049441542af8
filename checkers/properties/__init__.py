"""Functions that are right by what holds of their result: initial weights, mini-batches, predictions, a training run.

Random numbers may be drawn in any order, so no array is expected of such a function. What must hold is computed from
what it was given and from what came back.
"""

from __future__ import annotations

from .initial_weights import INITIAL_WEIGHTS
from .mini_batches import MINI_BATCHES
from .predictions import PREDICTIONS
from .property import Property
from .training_run import TRAINING_RUN

PROPERTIES: dict[str, Property] = {
    "initial-weights": INITIAL_WEIGHTS,
    "mini-batches": MINI_BATCHES,
    "predictions": PREDICTIONS,
    "training-run": TRAINING_RUN,
}
