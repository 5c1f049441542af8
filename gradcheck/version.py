"""The version: a constant, since reading the installed metadata costs a third of importing NumPy, at every start."""

__version__ = "0.1.0"
