"""How many axes a quantity has that nothing defines, guessed from its letter and from what stands beside it."""

from __future__ import annotations

from collections.abc import Mapping

from ..grammar.lexicon import GREEK
from ..meaning.draft import Draft
from ..meaning.known_names import WEIGHTS
from ..meaning.usage import bare, lettered_kind
from ..terms import Name, Product, Term, Terms, Transposed


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
    if key in usage.labels_and_targets:
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
    is_number = base in {"J", "C", "E", "L", "N", "K", "D"} and key not in draft.vectors
    return also if is_number else max(also, 2)


def multiplied_by_matrices(draft: Draft) -> set[str]:
    """x and b in W x + b: small letters without indices beside a capital one."""
    found: set[str] = set()
    bodies = [d.body for d in draft.definitions.values()] + [function.body for function in draft.functions.values()]
    terms = bodies + [side for pair in draft.claims for side in pair]
    for term in terms:
        for part in term.walk():
            if isinstance(part, Terms) and any(_matrix_product(t, draft) and not _is_prediction(t) for t in part.terms):
                found |= {
                    draft.symbols.key(name) for t in part.terms for name in _without_ones(t)
                    if name.base == "b" and not has_letters(name)
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


def _is_small(term: Term) -> bool:
    return isinstance(term, Name) and term.base.islower() and not has_letters(term)


def _without_ones(term: Term) -> list[Name]:
    """b, also in b 1^T or 1 b^T."""
    factors = term.factors if isinstance(term, Product) and len(term.factors) == 2 else (term,)
    plain = [factor.body if isinstance(factor, Transposed) else factor for factor in factors]
    names = [factor for factor in plain if isinstance(factor, Name) and factor.base != "1"]
    return names if len(names) == 1 and len(plain) - len(names) == len(factors) - 1 else []


def _is_matrix(term: Term, draft: Draft) -> bool:
    term = bare(term.body) if isinstance(term, Transposed) else term
    if isinstance(term, Name) and term.base == "w" and "@" in draft.symbols.key(term) and not has_letters(term):
        return "w" in draft.usage.vectors
    return (
        isinstance(term, Name) and term.base.isupper() and len(term.base) == 1 and not has_letters(term)
        and term.base not in draft.usage.limits and term.base not in {"J", "L", "E", "C", "N", "T", "K", "M"}
    )  # fmt: skip


def _matrix_product(term: Term, draft: Draft) -> bool:
    """W x or X W, but not w^T X, to which a number is added."""
    if not isinstance(term, Product) or any(
        isinstance(f, Transposed) and not _is_matrix(f, draft) for f in term.factors
    ):
        return False
    return any(_is_matrix(factor, draft) for factor in term.factors)


def _is_prediction(term: Term) -> bool:
    """X w: one number for each example, to which one number is added."""
    factors = term.factors if isinstance(term, Product) else ()
    return len(factors) == 2 and all(isinstance(f, Name) for f in factors) and (
        isinstance(factors[0], Name)
        and factors[0].base not in WEIGHTS
        and isinstance(factors[1], Name)
        and factors[1].base.islower()
    )  # fmt: skip


def has_letters(name: Name) -> bool:
    """Does it carry an index?"""
    return any(isinstance(index, Name) and index.font != "text" for index in name.sub)
