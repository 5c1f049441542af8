"""The chain: a factor left out, another adjoint, a wrong power, a term of a bracket, a wrong index."""

from __future__ import annotations

from collections.abc import Iterator

import sympy

from ..expressions import Adjoint, At, Entry, Shift, SumOver, free_indices
from ..model import Role
from .site import Mistake, Site, is_over_samples, penalty_strength, sums, terms


def missing_factor(site: Site) -> Iterator[Mistake]:
    """A factor of the chain rule left out, where the shapes still fit."""
    if not site.is_derivative:
        return
    hint = "Every step from the loss to this quantity gives one factor: write them all down, then multiply."
    for product in _products(site):
        for factor in _array_factors(product):
            rest = product / factor
            if rest.has(Entry):
                yield site.mistake(
                    "chain-factor-missing",
                    1,
                    f"A factor of the chain rule is missing: {_described(factor)}.",
                    hint,
                    site.value.xreplace({product: rest}),
                )


def _products(site: Site) -> list[sympy.Expr]:
    """The products that a step consists of: itself, its terms, what it sums, and the terms of a bracket."""
    parts = [*sympy.Add.make_args(site.value), *(total.body for total in sums(site.value))]
    brackets = [f for part in parts for f in sympy.Mul.make_args(part) if isinstance(f, sympy.Add) and f != part]
    parts += [term for bracket in brackets for term in bracket.args]
    return [part for part in dict.fromkeys(parts) if isinstance(part, sympy.Mul)]


def missing_path(site: Site) -> Iterator[Mistake]:
    """One of the ways from a quantity to the loss left out: a mean or a variance taken for a constant."""
    if not site.is_derivative:
        return
    brackets = [site.value, *(factor for factor in sympy.Mul.make_args(site.value) if factor != site.value)]
    for bracket in brackets:
        for term, rest in terms(bracket):
            names = paths(term)
            if not names or not rest.has(Entry):
                continue
            # What has fewer indices than this is the same for many of its entries: a mean, a variance.
            is_shared = all(set(a.indices) < set(site.assignment.indices) for a in term.atoms(Adjoint))
            through = " and ".join(names)
            yield site.mistake(
                "term-missing",
                4 if is_shared else 2,
                f"{through} is held constant: the path through it is missing."
                if is_shared
                else f"The path through {through} is missing.",
                "Everything that is computed from a quantity hands back a term of its derivative: they add up.",
                site.value.xreplace({bracket: rest}),
            )


def paths(term: sympy.Expr) -> list[str]:
    """What a term of a derivative goes through: the names of the adjoints that it takes up."""
    return sorted({adjoint.name for adjoint in term.atoms(Adjoint)})


def parameter_for_derivative(site: Site) -> Iterator[Mistake]:
    """A parameter itself in the place of its derivative, which is 1: b for db/db."""
    array = site.model.arrays.get(site.name.removeprefix("dJ/d"))
    if array is not None and array.role is Role.PARAMETER and site.is_derivative:
        itself = Entry(sympy.Symbol(array.name), *site.assignment.indices)
        for total in sums(site.value):
            if isinstance(total.body, Adjoint):
                yield site.mistake(
                    "wrong-operand",
                    1,
                    f"{array.name} itself stands where its derivative, 1, belongs.",
                    f"The derivative of ... + {array.name} with respect to {array.name} is 1.",
                    site.value.xreplace({total: total * itself}),
                )


def _array_factors(product: sympy.Expr) -> list[sympy.Expr]:
    """Its factors that are arrays, sums apart."""
    return [f for f in sympy.Mul.make_args(product) if free_indices(f) and not isinstance(f, (Shift, SumOver))]


def _described(factor: sympy.Expr) -> str:
    names = sorted({f"dJ/d{e.name}" if isinstance(e, Adjoint) else e.name for e in factor.atoms(Entry)})
    return names[0] if isinstance(factor, Entry) else f"that with {' and '.join(names)}"


def wrong_adjoint(site: Site) -> Iterator[Mistake]:
    """The chain continued from another layer's adjoint, or from what is no adjoint at all."""
    if not site.is_derivative:
        return
    sizes = {a.name: tuple(index.size for index in a.indices) for a in site.program.assignments}
    for adjoint in sorted(site.value.atoms(Adjoint), key=str):
        own = f"dJ/d{adjoint.name}"
        wanted = tuple(index.size for index in adjoint.indices)
        for name, found in sizes.items():
            if found != wanted or name in {own, site.name} or not wanted:
                continue
            if name.startswith("dJ/d"):
                if site.name in site.needed(name):
                    continue  # it is computed from this very step
                other: Entry = Adjoint(sympy.Symbol(name.removeprefix("dJ/d")), *adjoint.indices)
                code, prior, what = "wrong-adjoint", 3.0, "The chain goes on from another derivative"
            elif "/d" not in name:
                other = Entry(sympy.Symbol(name), *adjoint.indices)
                code, prior, what = "wrong-operand", 0.5, "A value stands where a derivative belongs"
            else:
                continue
            yield site.mistake(
                code,
                prior,
                f"{what}: {name} stands where {own} belongs.",
                "Each layer takes the derivative that the layer above hands down.",
                site.value.xreplace({adjoint: other}),
            )


def wrong_power(site: Site) -> Iterator[Mistake]:
    """A square missing, or one too many."""
    message, hint = "A square is missing.", "Which factors are squared on paper, and which in the code?"
    for power in sorted(site.value.atoms(sympy.Pow), key=str):
        if power.exp == 2 and power.has(Entry) and not power.base.has(SumOver):
            yield site.mistake("wrong-power", 2, message, hint, site.value.xreplace({power: power.base}))
            yield site.mistake(
                "wrong-power", 0.5, "The power is 3, not 2.", hint, site.value.xreplace({power: power.base**3})
            )
    if not site.is_derivative and not site.is_output:
        return
    for factor in sympy.Mul.make_args(site.value):
        if isinstance(factor, (sympy.Add, Entry)) and free_indices(factor) and not factor.has(SumOver):
            yield site.mistake(
                "wrong-power", 1, "There is a square too many.", hint, site.value.xreplace({factor: factor**2})
            )


def bracket_terms(site: Site) -> Iterator[Mistake]:
    """One term of a bracket left out, or with the wrong sign: y_hat for y_hat - y."""
    if not site.is_derivative and not site.is_output:
        return
    for factor in sympy.Mul.make_args(site.value):
        bracket = factor.base if isinstance(factor, sympy.Pow) else factor
        if not isinstance(bracket, sympy.Add) or factor == site.value or not free_indices(bracket):
            continue
        for term, rest in terms(bracket):
            if rest.has(Entry) and term.has(Entry) and not (site.is_derivative and paths(term)):
                yield site.mistake(
                    "term-missing",
                    2,
                    f"A term is missing in the bracket: that with {_names(term)}.",
                    "Count the terms on paper and in code.",
                    site.value.xreplace({bracket: rest}),
                )
            yield site.mistake(
                "term-sign",
                1,
                "One term of the bracket has the wrong sign.",
                "Check the sign of each term on its own.",
                site.value.xreplace({bracket: rest - term}),
            )


def _names(term: sympy.Expr) -> str:
    return " and ".join(sorted({entry.name for entry in term.atoms(Entry)}))


def one_sample(site: Site) -> Iterator[Mistake]:
    """In a sum over the samples, one factor that is always the same sample's; one sample's term, n times over."""
    if not site.is_derivative:
        return
    for total in sums(site.value):
        for index in total.indices:
            if len(total.indices) > 1 or not is_over_samples(index, site.model):
                continue
            for place, which in ((0, "first"), (-1, "last")):
                for factor in _array_factors(total.body):
                    if index in free_indices(factor) and factor != total.body:
                        body = total.body.xreplace({factor: At(factor, index, place)})
                        yield site.mistake(
                            "wrong-index",
                            0.5,
                            f"The {which} sample's {_described(factor)} stands for that of every sample.",
                            "Does the index of this factor move with the sum?",
                            site.value.xreplace({total: total.rebound(body, total.indices)}),
                        )
                yield site.mistake(
                    "sum-missing",
                    1,
                    f"The {which} sample's term, times their number, stands for the sum.",
                    "The samples' terms differ: a sum of them is not n times one.",
                    site.value.xreplace({total: index.size * At(total.body, index, place)}),
                )


def idle_rows(site: Site) -> Iterator[Mistake]:
    """A loop that ends before the last row, or begins after the first: a row that stays 0."""
    if not site.is_output or len(site.assignment.indices) != 2:
        return
    row = site.assignment.indices[0]
    note = site.model.size_notes.get(row.size.name, "rows").rstrip("s")
    for place, which in ((-1, "last"), (0, "first")):
        changed = site.written((site.name,), ("result = 1.0 * {0}", f"result[{place}] = 0", "return result"))
        yield site.mistake_of(
            "samples-dropped" if is_over_samples(row, site.model) else "sum-range",
            1,
            f"The {which} {note} is left out: its row is 0.",
            "Check where the loop or the slice begins and ends.",
            changed,
        )


def penalty_strength_missing(site: Site) -> Iterator[Mistake]:
    """The penalty's strength left out."""
    for term, rest in terms(site.value):
        strength = penalty_strength(term, site.model)
        if strength is not None:
            yield site.mistake(
                "regulariser-factor",
                1,
                f"The regulariser's term has no factor {strength.name}.",
                "How strong the penalty is, is part of it.",
                rest + term / strength,
            )
