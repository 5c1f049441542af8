"""The version: a constant, since reading the installed metadata costs 10 ms at every start."""

__version__ = "0.1.0"
