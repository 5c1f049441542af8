"""Functions that are right by what holds of their result: initial weights, mini-batches, predictions, a training run.

Random numbers may be drawn in any order, so no array is expected of such a function. What must hold is computed from
what it was given and from what came back.
"""
