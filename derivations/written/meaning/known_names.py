"""Names that mean something by their letter alone, where nothing defines them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ..faults import MeaningError
from ..terms import Entries, Name, Transposed
from .symbols import Symbols

# Letters that are indices wherever they carry none themselves.
COUNTERS = frozenset("ijklmnpq")

PARAMETER = "~"
"""Before the letter of a function's parameter, where the page has the same letter for something else."""

WEIGHTS = {"W", "V", "U", "Theta", "w", "A", "B", "Phi"}


def function_key(function: Name, symbols: Symbols) -> str:
    """The key of a function's name, without its indices, and without primes unless they belong to the name."""
    key = symbols.resolve(replace(function, primes=0) if function.primes else function).key
    return key + "'" if function.primes and function.base in symbols.usage.primed else key


_FUNCTION_LETTERS = {*"fghsSaFGpq", "sigma", "phi", "psi", "Phi", "rho", "theta", "act"}


def may_be_function(name: Name) -> bool:
    """May this letter, before brackets, be a function that nothing defines?"""
    return (name.base in _FUNCTION_LETTERS and not name.accent) or name.font == "text" or name.primes > 0


def require_transpose(term: Entries, symbols: Symbols) -> None:
    """The T of p^T_k is a transpose, unless T is a quantity.

    Raises:
        MeaningError: it is one, a temperature say, and may be a part of the name.
    """
    body, usage = term.body, symbols.usage
    is_vector = isinstance(body, Transposed) and isinstance(body.body, Name) and body.body.base.islower()
    if is_vector and len(term.indices) == 1 and usage.tops["T"] and "T" not in usage.limits:
        raise MeaningError("T is a quantity here, so that it need not be a transpose where it stands above a letter")


def is_kronecker(name: Name, key: str, shapes: Any) -> bool:
    """delta_ij with two indices, I_ij of the identity, or 1_{ij}."""
    if name.base in {"delta", "Delta", "I", "1"}:
        # Delta_ij beside a bare Delta is the matrix of the targets.
        is_matrix = name.base == "Delta" and shapes.symbols.usage.arity[name.base, ""][0]
        return key not in shapes.defined and not is_matrix
    return False


def special_name(name: Name, key: str, shapes: Any) -> str:
    """ "ones" for a bold 1, "identity" for an I that nothing defines."""
    if name.base == "1":
        return "ones"
    is_size = name.base in shapes.symbols.usage.limits
    if name.base == "I" and key not in shapes.defined and not name.sup and not is_size:
        return "identity"
    return ""
