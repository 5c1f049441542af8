"""Authoring time: a loss in index notation becomes a proven derivation, NumPy source and the mistakes around it."""
