"""How many axes a quantity has that nothing defines, guessed from its letter and from what stands beside it."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

from ..grammar.lexicon import GREEK
from ..meaning.draft import Draft
from ..meaning.known_names import WEIGHTS
from ..meaning.usage import bare, lettered_kind
from ..terms import Derivative, Name, Product, Term, Terms, Transposed

_NUMBERS = {"J", "C", "E", "L", "N", "K", "D"}
"""Capitals that stand for losses and sizes more often than for matrices."""

_BIASES = {"b", "c", "d", "r", "beta", "gamma", "theta", "mu"}
_VECTORS = {"x", "w", "z", "h", "v", "u", "y", "a"}


def looks_learnt(key: str) -> bool:
    """May this be a parameter, by its letter?"""
    return key[0] in "wWbBvVuU" or key.split("@", maxsplit=1)[0].split("_", maxsplit=1)[0] in {
        "theta",
        "Theta",
        "beta",
        "alpha",
        "gamma",
    }


def rank_of(key: str, name: Name, draft: Draft, ranks: Mapping[str, int]) -> int:
    """How many axes a quantity has that nothing defines; `ranks` are what is tried."""
    known = draft.forced.get(key, ranks.get(key))
    if known is not None:
        return known
    usage, base = draft.usage, name.base
    if key in usage.labels_and_targets or (draft.is_scalar and not name.children):
        return 0
    is_column = base in usage.vectors | usage.one_of_vectors | usage.bold
    if any(isinstance(index, Name) and index.base in usage.fixed for index in name.sub):
        return int(is_column)
    if base in usage.stacked and not name.sub:
        return 1
    raised = sum(
        isinstance(script.body, Name) and script.body.font != "text" and not usage.is_layer(script.body.base)
        for script in name.sup
    )
    if usage.lettered.get(lettered_kind(name), 0):
        return _rank_of_lettered(key, name, draft) + raised
    if base.isupper() and len(base) == 1:
        return _rank_of_capital(key, name, draft)
    if base == "w" and "@" in key and base in usage.vectors:
        # (w^{l+1})^T delta: the weights of a layer, in a text that has no capitals.
        return 2
    if base in {"Theta", "Phi", "Delta", "Gamma", "Lambda", "Sigma", "Psi"}:
        return 0 if base in usage.compared else 2
    is_letter = len(base) == 1 or base in GREEK
    is_vector = base in usage.bold or key in draft.vectors or (base in usage.vectors and is_letter and base != "b")
    return int(is_vector) + raised


def _rank_of_lettered(key: str, name: Name, draft: Draft) -> int:
    """As many as it carries letters, and one more where it is one of several vectors."""
    usage, base = draft.usage, name.base
    lettered = usage.lettered[lettered_kind(name)]
    if key.endswith("_0") and lettered == len(name.sub):
        # theta_0 beside theta_j: the bias, which stands apart from the weights.
        return lettered - 1
    if base == "W" and lettered == 1 and usage.arity[base, name.accent][0]:
        return 2
    other = base.swapcase() if base.isupper() and len(base) == 1 else ""
    is_vector = base in usage.bold_examples | usage.one_of_vectors and not base.isupper() and lettered < 2
    return max(lettered, usage.lettered.get((other, lettered_kind(name)[1]), 0)) + int(is_vector)


def _rank_of_capital(key: str, name: Name, draft: Draft) -> int:
    """Of a capital without indices: a size or a loss is a number, others are matrices."""
    usage, base = draft.usage, name.base
    if base in usage.divisors or base in usage.limits:
        return 0
    also = usage.lettered.get((base.lower(), lettered_kind(name)[1]), 0)
    is_number = base in _NUMBERS and key not in draft.vectors
    return also if is_number else max(also, 2)


def multiplied_by_matrices(draft: Draft) -> set[str]:
    """x and b in W x + b: small letters without indices beside a capital one; capitals that no loss or size is."""
    bodies = [d.body for d in draft.definitions.values()] + [function.body for function in draft.functions.values()]
    terms = bodies + [side for pair in draft.claims for side in pair]
    found = draft.vectors = _matrices(terms, draft)
    for term in terms:
        for part in term.walk():
            products = part.terms if isinstance(part, Terms) else ()
            if any(_matrix_product(term, draft) and not _is_prediction(term, draft) for term in products):
                found |= {
                    draft.symbols.key(name) for added in products for name in _without_ones(added)
                    if name.base in _BIASES and not has_letters(name)
                }  # fmt: skip
            if isinstance(part, Product):
                for first, second in zip(part.factors, part.factors[1:], strict=False):
                    if isinstance(first, Transposed) and first.body == Name("b") and _is_small(second):
                        # b^T x
                        found.add(draft.symbols.key(first.body))
                    if (
                        _is_matrix(first, draft)
                        and isinstance(second, Name)
                        and second.base.islower()
                        and not has_letters(second)
                    ):
                        found.add(draft.symbols.key(second))
    return found - {""}


def _matrices(terms: list[Term], draft: Draft) -> set[str]:
    """C in C W and E in E x, though these letters often stand for losses and sizes: what is neither is a matrix."""
    parts = [part for term in terms for part in term.walk()]
    losses = {part.of.base for part in parts if isinstance(part, Derivative) and isinstance(part.of, Name)}
    sizes = draft.usage.limits.keys() | draft.usage.divisors
    pairs = (pair for part in parts if isinstance(part, Product) for pair in pairwise(part.factors))
    multiplied = {
        one for pair in pairs for one, other in (pair, pair[::-1])
        if isinstance(one, Name) and isinstance(other, Name) and not has_letters(other)
        and (other.base in _VECTORS or _is_matrix(other, draft))
    }  # fmt: skip
    return {
        draft.symbols.key(name) for name in multiplied
        if name.base in _NUMBERS and not name.children and name.base not in losses | sizes
    } - draft.definitions.keys()  # fmt: skip


def _is_small(term: Term) -> bool:
    return isinstance(term, Name) and term.base.islower() and not has_letters(term)


def _without_ones(term: Term) -> list[Name]:
    """b, also in b 1^T or 1 b^T."""
    factors = term.factors if isinstance(term, Product) and len(term.factors) == 2 else (term,)
    plain = [factor.body if isinstance(factor, Transposed) else factor for factor in factors]
    if not all(isinstance(factor, Name) for factor in plain):
        return []
    names = [factor for factor in plain if isinstance(factor, Name) and factor.base != "1"]
    return names if len(names) == 1 else []


def _is_matrix(term: Term, draft: Draft) -> bool:
    term = bare(term.body) if isinstance(term, Transposed) else term
    if isinstance(term, Name) and term.base == "w" and "@" in draft.symbols.key(term) and not has_letters(term):
        return "w" in draft.usage.vectors
    return (
        isinstance(term, Name) and term.base.isupper() and len(term.base) == 1 and not has_letters(term)
        and term.base not in draft.usage.limits
        and (term.base not in {"J", "L", "E", "C", "N", "T", "K", "M"} or term.base in draft.vectors)
    )  # fmt: skip


def _matrix_product(term: Term, draft: Draft) -> bool:
    """W x or X W, but not w^T X, to which a number is added."""
    if not isinstance(term, Product) or any(
        isinstance(f, Transposed) and not _is_matrix(f, draft) for f in term.factors
    ):
        return False
    return any(_is_matrix(factor, draft) for factor in term.factors)


def _is_prediction(term: Term, draft: Draft) -> bool:
    """X w, or A v of the activations A: one number for each example, to which one number is added."""
    factors = term.factors if isinstance(term, Product) else ()
    if len(factors) != 2 or not all(isinstance(factor, Name) for factor in factors):
        return False
    first, second = (factor for factor in factors if isinstance(factor, Name))
    is_weight = first.base in WEIGHTS and draft.symbols.key(first) not in draft.definitions
    return not is_weight and second.base.islower()


def has_letters(name: Name) -> bool:
    """Does it carry an index?"""
    return any(isinstance(index, Name) and index.font != "text" for index in name.sub)
