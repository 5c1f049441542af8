"""The error model: what comes out when one step of a derivation is done wrongly.

An operator looks at one assignment of a program (one step: a node or an adjoint) and yields the wrong ways to do it.
Each knows its code, a message, a hint and a prior: how often students make it. The priors follow a count of 99
confirmed mistakes in 502 files of course work: regulariser 22, activation's derivative 17, loss or softmax 15,
averaging 13, constant factor 7, sum 5, transposition 5, sign 4.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import sympy

from checkers.compiled_exercise import Variant

from .calculus import differentiate
from .expressions import Adjoint, At, Delta, Entry, Index, SumOver, free_indices, rename
from .functions import Elementary, absolute, exp, improved_sigmoid, log, relu, sigmoid, step, tanh
from .model import Definition, Model, Role
from .program import Assignment, Program


@dataclass(frozen=True, slots=True)
class Mistake:
    """One step done wrongly: the assignments that replace the right ones, and how to speak of it."""

    changed: dict[str, Assignment]
    variant: Variant


@dataclass(frozen=True, slots=True)
class Site:
    """The step an operator looks at."""

    program: Program
    assignment: Assignment

    @property
    def name(self) -> str:
        """The step's name."""
        return self.assignment.name

    @property
    def value(self) -> sympy.Expr:
        """What the step should compute."""
        return self.assignment.value

    @property
    def model(self) -> Model:
        """The model the program belongs to."""
        return self.program.model

    @property
    def is_output(self) -> bool:
        """Does the function return it? Only then may its shape go wrong without an exception."""
        return self.name in self.program.outputs

    @property
    def is_derivative(self) -> bool:
        """Is it a derivative?"""
        return "/d" in self.name

    @property
    def sample_sizes(self) -> list[sympy.Symbol]:
        """The sizes that the program divides by."""
        sizes = {
            power.base
            for assignment in self.program.assignments
            for power in assignment.value.atoms(sympy.Pow)
            if power.exp == -1 and power.base.is_Symbol
        }
        return sorted(sizes, key=str)

    def mistake(
        self, code: str, prior: float, message: str, hint: str, value: sympy.Expr, indices: tuple[Index, ...] | None = None
    ) -> Mistake:
        """The step with another value."""
        changed = Assignment(self.name, self.assignment.indices if indices is None else indices, value)
        return Mistake({self.name: changed}, Variant("", code, self.name, message, hint, prior))


Operator = Callable[[Site], Iterator[Mistake]]


def mistakes(program: Program) -> Iterator[Mistake]:
    """Every single mistake in a program, and every slip made at all its sites, whether or not it changes a number."""
    for operator in OPERATORS:
        found: dict[tuple[str, int], list[Mistake]] = {}
        for assignment in program.assignments:
            numbers: dict[str, int] = {}
            for mistake in operator(Site(program, assignment)):
                yield mistake
                code = mistake.variant.code
                numbers[code] = numbers.get(code, -1) + 1
                found.setdefault((code, numbers[code]), []).append(mistake)
        for same in found.values():
            if len(same) > 1:
                yield _at_every_site(same)


def _at_every_site(same: list[Mistake]) -> Mistake:
    """One slip made wherever it can be: both relu masks, the penalty of every layer."""
    changed = {name: assignment for mistake in same for name, assignment in mistake.changed.items()}
    return Mistake(changed, replace(same[0].variant, prior=same[0].variant.prior / 2))


# Signs ----------------------------------------------------------------------------------------------------------------


def reversed_sign(site: Site) -> Iterator[Mistake]:
    """The opposite sign: of a residual, or of the whole."""
    if not site.is_derivative and not site.is_output:
        return
    if _residual(site.value) is not None:
        yield site.mistake(
            "residual-reversed", 4,
            "The residual is taken the wrong way round, so all that follows from it has the opposite sign.",
            "Write out the derivative of the loss with respect to the prediction once more: which of the two is subtracted?",
            -site.value,
        )  # fmt: skip
    yield site.mistake(
        "sign-flipped", 2, "Every entry has the right size and the opposite sign.",
        "Look for a minus that was lost, or one too many.", -site.value,
    )  # fmt: skip


def _residual(value: sympy.Expr) -> sympy.Expr | None:
    """The factor that is a difference of two arrays."""
    for factor in sympy.Mul.make_args(value):
        if isinstance(factor, sympy.Add) and len(factor.args) == 2 and not any(t.is_Number for t in factor.args):
            negative = [term.could_extract_minus_sign() for term in factor.args]
            if negative.count(True) == 1:
                return factor
    return None


def term_sign(site: Site) -> Iterator[Mistake]:
    """One term of a sum with the wrong sign."""
    for term, rest in _terms(site.value):
        if _penalty_strength(term, site.model):
            yield site.mistake(
                "regulariser-sign", 1, "The regulariser's term has the wrong sign.",
                "The penalty is added to the loss, so its derivative is added to the gradient.", rest - term,
            )  # fmt: skip
        else:
            yield site.mistake(
                "term-sign", 1, "One of the terms has the wrong sign.",
                "Check the sign of each term on its own.", rest - term,
            )  # fmt: skip


# Averages and factors -------------------------------------------------------------------------------------------------


def averaging(site: Site) -> Iterator[Mistake]:
    """1/n left out, applied twice, or with another size."""
    hint = "The mean over the samples divides by n once, on the way from J to the gradient."
    for n in site.sample_sizes:
        if site.value.has(1 / n):
            without = site.value.xreplace({1 / n: sympy.S.One})
            yield site.mistake("mean-missing", 5, f"The factor 1/{n} of the mean is missing.", hint, without)
            for other in _other_counts(site.model, n):
                yield site.mistake(
                    "wrong-count", 2, f"The mean divides by {other}, not by {n}.",
                    f"J is the mean over {site.model.size_notes.get(str(n), 'n')}: divide by their number.",
                    site.value.xreplace({1 / n: 1 / other}),
                )  # fmt: skip
        if site.is_derivative or site.is_output:
            yield site.mistake("mean-twice", 4, f"1/{n} is applied twice.", hint, site.value / n)


def _other_counts(model: Model, n: sympy.Symbol) -> list[sympy.Expr]:
    others = [sympy.Symbol(name, integer=True, positive=True) for name in model.size_notes if name != n.name]
    return [*others, *(n * other for other in others), n - 1]


def constant_factor(site: Site) -> Iterator[Mistake]:
    """A constant missing, extra or upside down."""
    coefficient = site.value.as_coeff_Mul()[0]
    hint = "Check the constants: the exponent that comes down, and a 1/2 in the loss."
    if abs(coefficient) != 1:
        yield site.mistake("factor", 3, f"The factor {abs(coefficient)} is missing.", hint, site.value / abs(coefficient))
    if site.is_derivative or site.is_output:
        for factor in (sympy.Integer(2), sympy.Rational(1, 2)):
            if coefficient * factor not in {1, -1}:
                yield site.mistake("factor", 2, f"It is {factor} times what it should be.", hint, factor * site.value)
    for term, rest in _terms(site.value):
        if not _penalty_strength(term, site.model):
            number = term.as_coeff_Mul()[0]
            if abs(number) not in {0, 1} and not term.is_Number:
                yield site.mistake("factor", 1, f"The factor {abs(number)} of one term is missing.", hint,
                                   rest + term / abs(number))  # fmt: skip


def missing_brackets(site: Site) -> Iterator[Mistake]:
    """A factor that reaches the first term of a bracket only: 2/n * z - y."""
    factors = list(sympy.Mul.make_args(site.value))
    for place, factor in enumerate(factors):
        rest = sympy.Mul(*factors[:place], *factors[place + 1 :])
        if isinstance(factor, sympy.Add) and rest != 1 and len(factor.args) == 2:
            for term in factor.args:
                yield site.mistake(
                    "precedence", 2, "A factor reaches only one term of the bracket.",
                    "Write the brackets: a factor in front of a - b multiplies a alone.", rest * term + (factor - term),
                )  # fmt: skip


# Sums -----------------------------------------------------------------------------------------------------------------


def missing_sum(site: Site) -> Iterator[Mistake]:
    """A sum left out: one sample's term for all, or the index left over."""
    hint = "The loss depends on this through every sample, so the contributions add up."
    for total in _sums(site.value):
        for index in total.indices:
            rest = SumOver(total.body, *(other for other in total.indices if other != index))
            letter = index.name.rstrip("'")
            for place, which, code, prior in ((-1, "last", "overwritten-not-accumulated", 2), (0, "first", "sum-missing", 1)):
                yield site.mistake(
                    code, prior, f"Only the {which} {letter} counts: its term stands for the sum over {letter}.",
                    f"{hint} In a loop, use += and start from zeros." if place else hint,
                    site.value.xreplace({total: At(rest, index, place)}),
                )  # fmt: skip
            if site.is_output and _is_term(site.value, total):
                yield from _left_over(site, total, rest, index, hint)


def _left_over(site: Site, total: SumOver, rest: sympy.Expr, index: Index, hint: str) -> Iterator[Mistake]:
    """The sum's index as a free index of the result; a product without its sum is an elementwise product."""
    letter = index.name.rstrip("'")
    value = site.value.xreplace({total: rest})
    for indices in {(index, *site.assignment.indices), (*site.assignment.indices, index)}:
        yield site.mistake(
            "sum-missing", 3, f"The sum over {letter} is missing: the index {letter} is left over.", hint, value, indices
        )
        if len([factor for factor in sympy.Mul.make_args(total.body) if free_indices(factor)]) > 1:
            yield site.mistake(
                "hadamard", 2 if site.model.arrays.get(site.name) else 1,
                "It is an elementwise product where a matrix product belongs.",
                f"@ multiplies and sums over {letter}; * only multiplies.", value, indices,
            )  # fmt: skip


def broadcast(site: Site) -> Iterator[Mistake]:
    """(n, 1) minus (n,): every sample's target against every sample's prediction."""
    for factor in (site.value.as_coeff_Mul()[1], *site.value.atoms(sympy.Pow)):
        base = factor.base if isinstance(factor, sympy.Pow) and factor.exp == 2 else None
        indices = _indices_of(base) if base is not None else ()
        if len(indices) != 1 or not isinstance(base, sympy.Add) or len(base.args) != 2:
            continue
        other = Index(indices[0].name + "'", indices[0].size)
        first, second = base.args
        crossed = site.value.xreplace({factor: (first + rename(second, {indices[0]: other})) ** 2})
        for average, count in (("mean", other.size), ("sum", sympy.S.One)):
            yield site.mistake(
                "broadcast", 2, f"Every sample is compared with every other: an (n,) and an (n, 1) made an (n, n), and its {average} was taken.",
                "Print the shapes: bring both to (n,), for instance with .ravel().", SumOver(crossed, other) / count,
            )  # fmt: skip


def sum_range(site: Site) -> Iterator[Mistake]:
    """A sum that leaves out its first or last term."""
    for total in _sums(site.value):
        if isinstance(total.body, exp):
            continue
        for index in total.indices:
            rest = SumOver(total.body, *(other for other in total.indices if other != index))
            letter = index.name.rstrip("'")
            for place, which in ((-1, "last"), (0, "first")):
                yield site.mistake(
                    "sum-range", 1, f"The sum over {letter} leaves out the {which} {letter}.",
                    "Check where the loop or the slice begins and ends.",
                    site.value.xreplace({total: total - At(rest, index, place)}),
                )  # fmt: skip


def wrong_axis(site: Site) -> Iterator[Mistake]:
    """A sum over another index of the same terms."""
    if not site.is_output:
        return
    for total in _sums(site.value):
        others = sorted(free_indices(total) & set(site.assignment.indices), key=lambda index: index.name)
        if len(total.indices) != 1 or not _is_whole(site.value, total):
            continue
        for other in others:
            indices = tuple(total.indices[0] if index == other else index for index in site.assignment.indices)
            yield site.mistake(
                "sum-wrong-axis", 3,
                f"The sum runs over {other.name}, not over {total.indices[0].name}.",
                "Which index does the result keep? Sum over the other one.",
                site.value.xreplace({total: SumOver(total.body, other)}), indices,
            )  # fmt: skip


def extra_sum(site: Site) -> Iterator[Mistake]:
    """A sum where none belongs: the result is one number, repeated."""
    if not site.is_derivative:
        return
    for index in site.assignment.indices:
        summed = SumOver(rename(site.value, {index: Index(index.name + "'", index.size)}), Index(index.name + "'", index.size))
        hint = f"{index.name} is a free index on the left, so nothing is summed over it on the right."
        message = f"There is a sum over {index.name} where none belongs."
        yield site.mistake("sum-extra", 2, message, hint, summed)
        if site.is_output and len(site.assignment.indices) > 0:
            kept = tuple(other for other in site.assignment.indices if other != index)
            yield site.mistake("sum-extra", 1, message, hint, summed, kept)


# Products -------------------------------------------------------------------------------------------------------------


def transposition(site: Site) -> Iterator[Mistake]:
    """The transpose of the right array."""
    if site.is_output and len(site.assignment.indices) == 2:
        yield site.mistake(
            "transposed", 3, "It is the transpose of the right array.",
            "The gradient has the shape of what it is the gradient of: which index comes first there?",
            site.value, site.assignment.indices[::-1],
        )  # fmt: skip


def wrong_operand(site: Site) -> Iterator[Mistake]:
    """Pre-activation for activation, or the reverse, as a factor of a product."""
    for outer, inner in _activations(site.model):
        for used, other in ((outer.name, inner), (inner, outer.name)):
            entries = [entry for entry in site.value.atoms(Entry) if entry.name == used and not isinstance(entry, Adjoint)]
            inside = {e for function in site.value.atoms(Elementary) for e in function.atoms(Entry)}
            plain = [entry for entry in entries if entry not in inside]
            if plain and site.is_derivative and any(_stands_in_sum(site.value, entry) for entry in plain):
                swap = {entry: Entry(sympy.Symbol(other), *entry.indices) for entry in plain}
                yield site.mistake(
                    "wrong-operand", 1, f"{other} stands where {used} belongs.",
                    "The factor is what the layer took in on the way forward.", site.value.xreplace(swap),
                )  # fmt: skip


def own_output(site: Site) -> Iterator[Mistake]:
    """A layer's own output in place of what it took in, as when layers are counted from the wrong one."""
    if not (site.is_output and site.is_derivative):
        return
    for total in _sums(site.value):
        adjoints = [factor for factor in sympy.Mul.make_args(total.body) if isinstance(factor, Adjoint)]
        inputs = [f for f in sympy.Mul.make_args(total.body) if isinstance(f, Entry) and not isinstance(f, Adjoint)]
        if len(adjoints) != 1 or len(inputs) != 1 or len(site.assignment.indices) != 2:
            continue
        took, kept = inputs[0], [index for index in adjoints[0].indices if index not in total.indices]
        lost = [index for index in took.indices if index in site.assignment.indices]
        for definition in site.model.definitions:
            # The node itself, or what is computed from it entry by entry or by rows: a and y_hat.
            same_layer = definition.name == adjoints[0].name or adjoints[0].name in {
                e.name for e in definition.value.atoms(Entry) if e.name in site.model.arrays
            } and len(definition.indices) == 2 and definition.indices[1].size == kept[0].size  # fmt: skip
            if not same_layer or len(kept) != 1 or len(lost) != 1:
                continue
            new = Index(kept[0].name + "'", kept[0].size)
            indices = tuple(new if index == lost[0] else index for index in site.assignment.indices)
            swapped = Entry(sympy.Symbol(definition.name), *total.indices, new)
            yield site.mistake(
                "wrong-operand", 2, f"The layer's own output {definition.name} stands where its input {took.name} belongs.",
                "The weights multiplied the layer's input on the way forward, so the gradient has the input as a factor.",
                site.value.xreplace({total: total.rebound(total.body.xreplace({took: swapped}), total.indices)}), indices,
            )  # fmt: skip


def old_value(site: Site) -> Iterator[Mistake]:
    """In an update, the old value where the new one belongs."""
    if site.is_derivative or not site.is_output:
        return
    nodes = {d.name: d for d in site.model.definitions}
    for entry in sorted(site.value.atoms(Entry), key=str):
        if isinstance(entry, Adjoint) or entry.name not in nodes or free_indices(site.value) != set(entry.indices):
            continue
        definition = nodes[entry.name]
        for old in sorted(definition.value.atoms(Entry), key=str):
            if old.indices == definition.indices and not isinstance(old, Adjoint):
                yield site.mistake(
                    "wrong-operand", 2, f"{old.name} stands where {entry.name} belongs.",
                    "Which of the two is computed first, and which does the formula use?",
                    site.value.xreplace({entry: Entry(sympy.Symbol(old.name), *entry.indices)}),
                )  # fmt: skip


def updated_too_early(site: Site) -> Iterator[Mistake]:
    """A weight replaced before a gradient that needs its old value."""
    for definition in site.model.definitions:
        for adjoint in definition.value.atoms(Adjoint):
            name = adjoint.name
            uses = [e for e in site.value.atoms(Entry) if e.name == name and not isinstance(e, Adjoint)]
            if site.is_derivative and uses and definition.name in site.program.outputs:
                swap = {entry: Entry(sympy.Symbol(definition.name), *entry.indices) for entry in uses}
                yield site.mistake(
                    "updated-too-early", 4, f"{name} was already replaced when {site.name} was computed from it.",
                    "Compute all gradients first, then update all weights.", site.value.xreplace(swap),
                )  # fmt: skip


def _stands_in_sum(value: sympy.Expr, entry: Entry) -> bool:
    return any(entry in total.body.args for total in value.atoms(SumOver) if isinstance(total.body, sympy.Mul))


# Activations ----------------------------------------------------------------------------------------------------------


def activation(site: Site) -> Iterator[Mistake]:
    """The derivative of an activation left out, taken elsewhere, or itself wrong."""
    for definition, inner in _activations(site.model):
        if site.name != f"d{site.model.loss_definition.name}/d{inner}":
            continue
        names = dict(zip(_entry_of(definition.value).indices, site.assignment.indices, strict=True))
        value = rename(definition.value, names)
        argument, result = _entry_of(value), rename(definition.entry, names)
        right = differentiate(value, argument)
        above = sympy.cancel(site.value / _in_terms_of(right, value, result))
        if above.has(*(type(f) for f in right.atoms(Elementary))) or above == site.value:
            continue
        yield site.mistake(
            "activation-missing", 5, f"The derivative of the activation {definition.name} is missing.",
            f"Between {definition.name} and {inner} lies the activation: the chain rule needs its derivative.", above,
        )  # fmt: skip
        hint = "Is your derivative written for the pre-activation or for the activation? Give it what it expects."
        elsewhere = [
            (f"at {definition.name}, not at {inner}", right.xreplace({argument: result})),
            (f"at {inner}, though it is written for {definition.name}",
             _in_terms_of(right, value, result).xreplace({result: argument})),
            (f"at the gradient that comes from above, not at {inner}", right.xreplace({argument: above})),
        ]  # fmt: skip
        for where, wrong in elsewhere:
            yield site.mistake(
                "activation-argument", 4, f"The activation's derivative is taken {where}.", hint, above * wrong
            )
        for wrong in _wrong_derivatives(type(value), argument, result):
            yield site.mistake(
                "activation-derivative", 3, "The derivative of the activation is itself wrong.",
                f"Derive the activation once more: {type(value).rule}.", above * wrong,
            )  # fmt: skip


def _wrong_derivatives(kind: type[Elementary], z: Entry, a: Entry) -> list[sympy.Expr]:
    """Derivatives that students write for an activation; a is its value at z."""
    one = sympy.S.One
    table: dict[type[Elementary], list[sympy.Expr]] = {
        relu: [one - step(z), z, a, relu(-z), a * (1 - a), 1 - a**2],
        sigmoid: [a, 1 - a, a**2, 1 - a**2, a * (1 + a), step(z), a * (1 - a) ** 2],
        tanh: [1 - a, 1 + a**2, a * (1 - a), a**2, step(z), (1 - a) ** 2],
    }
    A, B = sympy.Rational(17159, 10000), sympy.Rational(2, 3)
    table[improved_sigmoid] = [A - a**2 / A, A * B * (1 - a**2), 1 - a**2, B * (1 - a**2), A * (1 - a**2), A * B * (1 - tanh(z) ** 2)]
    return table.get(kind, [])


def _activations(model: Model) -> list[tuple[Definition, str]]:
    """The nodes that are an elementary function of one entry of another array, with that array's name."""
    return [
        (definition, definition.value.args[0].name)
        for definition in model.definitions
        if isinstance(definition.value, Elementary) and isinstance(definition.value.args[0], Entry)
    ]


def _entry_of(value: sympy.Expr) -> Entry:
    entry: Entry = value.args[0]
    return entry


def _in_terms_of(derivative: sympy.Expr, value: sympy.Expr, result: Entry) -> sympy.Expr:
    return derivative.xreplace({value: result})


# Softmax --------------------------------------------------------------------------------------------------------------


def softmax(site: Site) -> Iterator[Mistake]:
    """Normalised over the wrong index; the Jacobian's diagonal only."""
    for total in _sums(site.value):
        if isinstance(total.body, exp) and not site.is_derivative:
            for other in sorted(free_indices(total) & set(site.assignment.indices), key=lambda index: index.name):
                swapped = SumOver(total.body, other)
                bound = total.indices[0]
                partner = next((i for i in site.assignment.indices if i.size == bound.size), None)
                if partner is not None:
                    yield site.mistake(
                        "softmax-axis", 3, "The exponentials are normalised over the samples, not over the classes.",
                        "Each sample's probabilities sum to 1: which axis is that?",
                        site.value.xreplace({total: rename(swapped, {bound: partner})}),
                    )  # fmt: skip
    for delta in site.value.atoms(Delta):
        yield site.mistake(
            "softmax-diagonal", 3, "Only the diagonal of the Jacobian is there: the case of two different classes is missing.",
            "Every probability depends on every logit; the off-diagonal entries are -s_i s_j.", site.value * delta,
        )  # fmt: skip
        yield site.mistake(
            "softmax-jacobian", 1, "The diagonal of the Jacobian lacks its own term.",
            "For equal indices the derivative is s_i (1 - s_i).", site.value.xreplace({delta: sympy.S.Zero}),
        )  # fmt: skip
        yield site.mistake(
            "softmax-jacobian", 1, "The off-diagonal entries of the Jacobian have the wrong sign.",
            "For different indices the derivative is -s_i s_j.", site.value * (2 * delta - 1),
        )  # fmt: skip


def jacobian_through_softmax(site: Site) -> Iterator[Mistake]:
    """The derivative by the logits with the diagonal of the softmax Jacobian only: -t (1 - y_hat) for y_hat - t."""
    for definition in _softmaxes(site.model):
        output = Entry(sympy.Symbol(definition.name), *site.assignment.indices)
        if site.name not in {f"dJ/d{entry.name}" for entry in definition.value.atoms(Entry)}:
            continue
        for factor in sympy.Mul.make_args(site.value):
            if isinstance(factor, sympy.Add) and output in factor.args:
                target = output - factor
                yield site.mistake(
                    "softmax-diagonal", 3, "Only the diagonal of the softmax Jacobian was used.",
                    "Every probability depends on every logit; the off-diagonal entries are -s_i s_j.",
                    site.value.xreplace({factor: -target * (1 - output)}),
                )  # fmt: skip


def softmax_twice(site: Site) -> Iterator[Mistake]:
    """Softmax of what is a probability already."""
    for definition in _softmaxes(site.model):
        if site.name != definition.name:
            continue
        once = f"{definition.name}_once"
        swap = {
            entry: Entry(sympy.Symbol(once), *entry.indices) for entry in definition.value.atoms(Entry)
        }
        mistake = site.mistake(
            "softmax-twice", 3, "Softmax is applied twice.",
            "What comes out of softmax is a probability already.", definition.value.xreplace(swap),
        )  # fmt: skip
        yield replace(mistake, changed=mistake.changed | {once: Assignment(once, definition.indices, definition.value)})


def _softmaxes(model: Model) -> list[Definition]:
    return [
        definition for definition in model.definitions
        if isinstance(definition.value, sympy.Mul)
        and any(isinstance(total.body, exp) for total in definition.value.atoms(SumOver))
    ]  # fmt: skip


def large_epsilon(site: Site) -> Iterator[Mistake]:
    """A number inside a logarithm that is large enough to be seen."""
    for logarithm in sorted(site.value.atoms(log), key=str):
        if isinstance(logarithm.args[0], Entry):
            for power in range(2, 8):
                epsilon = sympy.Rational(1, 10**power)
                yield site.mistake(
                    "wrong-loss", 1, f"1e-{power:02d} is added inside the logarithm, which changes the loss.",
                    "At most 1e-8 can be added unnoticed; better, take the loss from the logits.",
                    site.value.xreplace({logarithm: log(logarithm.args[0] + epsilon)}),
                )  # fmt: skip


# Regularisers ---------------------------------------------------------------------------------------------------------


def regulariser(site: Site) -> Iterator[Mistake]:
    """The penalty's term left out, with another factor, divided by n, in another form, or on a bias."""
    for term, rest in _terms(site.value):
        strength = _penalty_strength(term, site.model)
        if strength is None:
            continue
        yield site.mistake("regulariser-missing", 8, "The regulariser's term is missing.",
                           "The penalty on the weights is part of the loss: differentiate it too.", rest)  # fmt: skip
        for factor, what in ((sympy.Rational(1, 2), "half"), (sympy.Integer(2), "twice")):
            yield site.mistake(
                "regulariser-factor", 6, f"The regulariser's term is {what} of what it should be.",
                "Is the penalty lambda w^2 or lambda/2 w^2? Its derivative is 2 lambda w or lambda w.", rest + factor * term,
            )  # fmt: skip
        for n in site.sample_sizes:
            yield site.mistake("regulariser-scaled", 4, f"The regulariser's term is divided by {n}.",
                               "The penalty does not belong to the mean over the samples.", rest + term / n)  # fmt: skip
            if site.is_derivative:
                yield site.mistake(
                    "precedence", 2, f"It is divided by {n} plus the regulariser's term, not by {n}.",
                    "In dW /= n + reg * W, the sum is the divisor: divide first, then add.", rest * n / (n + term),
                )  # fmt: skip
        yield from _wrong_forms(site, term, rest)
    yield from _all_penalties(site)
    yield from _penalty_on_bias(site)


def _all_penalties(site: Site) -> Iterator[Mistake]:
    """The same slip in the penalty of every layer, where one line adds them all."""
    penalties = [term for term, _ in _terms(site.value) if _penalty_strength(term, site.model)]
    if len(penalties) > 1:
        total = sympy.Add(*penalties)
        rest = site.value - total
        yield site.mistake("regulariser-missing", 3, "The regulariser is missing.",
                           "The penalty on the weights is part of the loss.", rest)  # fmt: skip
        for factor, what in ((sympy.Rational(1, 2), "half"), (sympy.Integer(2), "twice")):
            yield site.mistake(
                "regulariser-factor", 3, f"The regulariser is {what} of what it should be.",
                "Is the penalty lambda w^2 or lambda/2 w^2?", rest + sympy.Add(*(factor * term for term in penalties)),
            )  # fmt: skip
        for n in site.sample_sizes:
            yield site.mistake("regulariser-scaled", 3, f"The regulariser is divided by {n}.",
                               "The penalty does not belong to the mean over the samples.",
                               rest + sympy.Add(*(term / n for term in penalties)))  # fmt: skip


def _wrong_forms(site: Site, term: sympy.Expr, rest: sympy.Expr) -> Iterator[Mistake]:
    hint = "The derivative of the sum of w^2 with respect to one weight is 2 times that weight."
    parameters = [entry for entry in term.atoms(Entry) if site.model.arrays[entry.name].role is Role.PARAMETER]
    if site.is_derivative and len(parameters) == 1 and not term.has(SumOver):
        weight = parameters[0]
        fresh = {index: Index(index.name + "'", index.size) for index in weight.indices}
        total = SumOver(rename(weight, fresh), *fresh.values())
        yield site.mistake("regulariser-form", 1, "The regulariser's term has the square of the weights.", hint,
                           rest + term * weight)  # fmt: skip
        yield site.mistake("regulariser-form", 1, "The regulariser's term has the sum of the weights.", hint,
                           rest + term.xreplace({weight: total}))  # fmt: skip


def _penalty_on_bias(site: Site) -> Iterator[Mistake]:
    """The bias's gradient with a term that only the weights should have."""
    name = site.name.partition("/d")[2]
    array = site.model.arrays.get(name)
    if not site.is_derivative or array is None or array.role is not Role.PARAMETER:
        return
    terms = [
        (term, strength)
        for assignment in site.program.assignments
        if "/d" in assignment.name and assignment.name != site.name
        for term, _ in _terms(assignment.value)
        if (strength := _penalty_strength(term, site.model))
    ]
    if terms and not any(_penalty_strength(term, site.model) for term, _ in _terms(site.value)):
        term, strength = terms[0]
        bias = Entry(sympy.Symbol(name), *site.assignment.indices)
        yield site.mistake(
            "regulariser-on-bias", 4, "The bias is regularised too.",
            "The penalty is on the weights only.", site.value + term.as_coeff_Mul()[0] * strength * bias,
        )  # fmt: skip


def _penalty_strength(term: sympy.Expr, model: Model) -> Entry | None:
    """The constant in front of a penalty's term; None when it is none."""
    names = [entry for entry in term.atoms(Entry) if not isinstance(entry, Adjoint)]
    constants = [entry for entry in names if model.arrays[entry.name].role is Role.CONSTANT]
    others = [entry for entry in names if model.arrays[entry.name].role is not Role.CONSTANT]
    if len(constants) == 1 and others and all(model.arrays[e.name].role is Role.PARAMETER for e in others):
        return constants[0] if not term.has(Adjoint) else None
    return None


# The loss itself ------------------------------------------------------------------------------------------------------


def not_a_loss(site: Site) -> Iterator[Mistake]:
    """A loss function that returns something else: each sample's loss, the residual, the absolute error."""
    if site.is_derivative or not site.is_output or site.model.arrays[site.name].role is not Role.LOSS:
        return
    hint = "The loss is one number: what it is the mean of is squared or taken the logarithm of first."
    for total in _sums(site.value):
        if len(total.indices) == 1 and isinstance(total.body, Entry):
            yield site.mistake("not-a-loss", 2, "It returns each sample's loss, not their mean.", hint, total.body, total.indices)
    for square in _squares(site):
        index = _indices_of(square)
        mean = site.value.xreplace({total: SumOver(square.base, *index) for total in _sums(site.value)})
        yield site.mistake("not-a-loss", 3, "It returns the mean residual, not the mean of its square.", hint, mean)
        size = site.value.xreplace({total: SumOver(absolute(square.base), *index) for total in _sums(site.value)})
        yield site.mistake("not-a-loss", 3, "It returns the mean absolute error, not the mean squared error.", hint, size)
        yield site.mistake("not-a-loss", 2, "It returns the residual of every sample.", hint, square.base, index)


def _squares(site: Site) -> list[sympy.Pow]:
    """The squares that the loss of one sample consists of."""
    values = [assignment.value for assignment in site.program.assignments if assignment.name != site.name]
    parts = [value.as_coeff_Mul()[1] for value in values]
    return [part for part in parts if isinstance(part, sympy.Pow) and part.exp == 2 and len(_indices_of(part)) == 1]


def _indices_of(expression: sympy.Expr) -> tuple[Index, ...]:
    return tuple(sorted(free_indices(expression), key=lambda index: index.name))


def missing_term(site: Site) -> Iterator[Mistake]:
    """A term left out, such as the bias."""
    for term, rest in _terms(site.value):
        if not _penalty_strength(term, site.model) and not term.is_Number:
            yield site.mistake("term-missing", 1, "One of the terms is missing.", "Count the terms on paper and in code.", rest)


# Walking --------------------------------------------------------------------------------------------------------------


def _terms(value: sympy.Expr) -> Iterator[tuple[sympy.Expr, sympy.Expr]]:
    """Each term of a sum of terms, with the rest."""
    if isinstance(value, sympy.Add):
        for term in value.args:
            yield term, value - term


def _sums(value: sympy.Expr) -> list[SumOver]:
    return sorted(value.atoms(SumOver), key=str)


def _is_term(value: sympy.Expr, total: SumOver) -> bool:
    """Is the sum a term of the value, scalar factors apart?"""
    return any(_is_whole(term, total) for term in sympy.Add.make_args(value))


def _is_whole(value: sympy.Expr, total: SumOver) -> bool:
    """Is the sum all of the value, scalar factors apart?"""
    return all(factor == total or not free_indices(factor) for factor in sympy.Mul.make_args(value))


OPERATORS: tuple[Operator, ...] = (
    reversed_sign, term_sign, averaging, constant_factor, missing_brackets, missing_sum, broadcast, sum_range, wrong_axis,
    extra_sum, transposition, wrong_operand, own_output, old_value, updated_too_early, activation, softmax,
    jacobian_through_softmax, softmax_twice, large_epsilon, regulariser, not_a_loss, missing_term,
)  # fmt: skip
