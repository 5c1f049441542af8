"""The properties by name."""

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
