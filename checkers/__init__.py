"""Check time: finite differences, the reference MLP, diagnosis, and student code in a process of its own.

Imports NumPy and the standard library only; what a check needs from a derivation reaches it as data.
"""
