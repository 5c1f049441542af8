"""A quantity put in where its definition stands written out.

With u_k = f_k / T, a softmax of exp(f_k / T) depends on u, though it does not name it.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

from ..rebuilding import map_terms
from ..terms import Name, Number, Product, Script, Term, Terms
from ..worlds.quantity import Definition
from .usage import bare


@dataclass(frozen=True, slots=True)
class Part:
    """A definition's right side, to be looked for at any indices.

    Attributes:
        definition: whose right side it is.
        name: what it defines, with its indices as letters.
        fixed: letters below that are names, and no indices.
    """

    definition: Definition
    name: Name
    fixed: frozenset[str] = frozenset()

    def folded_in(self, definition: Definition) -> Definition | None:
        """A definition with the part replaced by its name; None where it does not stand there."""
        part = self.definition.body
        if isinstance(part, Number) or (isinstance(part, Name) and not part.sup):
            return None
        body = map_terms(definition.body, self._folded)
        return replace(definition, body=body) if body != definition.body else None

    def _folded(self, term: Term) -> Term | None:
        """The name in place of a term, or in place of some neighbouring factors or terms of it."""
        part = self.definition.body
        if (name := self._at(part, term)) is not None:
            return name
        if isinstance(part, Terms) and isinstance(term, Terms):
            for start in range(len(term.terms) - len(part.terms) + 1):
                end = start + len(part.terms)
                if (name := self._at(part.terms, term.terms[start:end])) is not None:
                    return Terms((*term.terms[:start], name, *term.terms[end:]), span=term.span)
        if isinstance(part, Product) and isinstance(term, Product):
            for start in range(len(term.factors) - len(part.factors) + 1):
                end = start + len(part.factors)
                name = self._at(part.factors, term.factors[start:end])
                if name is not None and term.signs[start : end - 1] == part.signs:
                    factors = (*term.factors[:start], name, *term.factors[end:])
                    return Product(factors, (*term.signs[:start], *term.signs[end - 1 :]), span=term.span)
        return None

    def _at(self, part: object, value: object) -> Name | None:
        """The name at the indices at which the part is this; None where it is something else."""
        found: dict[str, Term] = {}
        if not self._is(part, value, found):
            return None
        return replace(
            self.name,
            sub=tuple(found.get(index.base, index) if isinstance(index, Name) else index for index in self.name.sub),
        )

    def _is(self, part: object, value: object, found: dict[str, Term]) -> bool:
        """Is a value the part with other letters for its indices? Notes in `found` which."""
        if isinstance(part, Term) and isinstance(value, Term):
            return self._is_term(bare(part), bare(value), found)
        if isinstance(part, Script) and isinstance(value, Script):
            return part.raised is value.raised and self._is(part.body, value.body, found)
        if isinstance(part, tuple) and isinstance(value, tuple):
            return len(part) == len(value) and all(self._is(*pair, found) for pair in zip(part, value, strict=True))
        return part == value

    def _is_term(self, part: Term, term: Term, found: dict[str, Term]) -> bool:
        if isinstance(part, Name) and part.base in self.definition.letters and not part.sub:
            is_name = isinstance(term, Name) and term.base in self.fixed
            return not is_name and found.setdefault(part.base, term) == term
        return type(part) is type(term) and all(
            self._is(getattr(part, item.name), getattr(term, item.name), found)
            for item in fields(part) if item.compare
        )  # fmt: skip
