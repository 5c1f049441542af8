"""Indexed expressions as NumPy source: vectorised, stable, and readable by a student.

A sum of a product of two becomes `@` in the order of axes that the target has, a larger one `einsum`; log-sum-exp and
softmax share one pass shifted by the maximum. A sum over anything but the whole range would not be a softmax: only
`SumOver` is taken for one, and it always has the whole range.
"""

from __future__ import annotations

import keyword
from collections.abc import Iterable
from dataclasses import replace
from itertools import count

import sympy

from .aligned_code import (
    ATOM,
    POWER,
    PRODUCT,
    SUM,
    Code,
    einsum,
    fit,
    is_decimal,
    is_matrix_product,
    matrix_product,
    named,
    number_code,
    scaled,
    transposed,
    union,
    windows,
)
from .derivation import Derivation
from .expressions import Adjoint, At, Delta, Entry, Index, Shift, SumOver, canonical, free_indices, named_arrays
from .functions import Elementary, exp, log
from .model import Array, Model
from .program import Assignment, Program, program, quantities


def variable(name: str, model: Model) -> str:
    """The Python name of an array or derivative: dz for dJ/dz, lambda_ for lambda, grad_z where dz is taken."""
    if name.startswith("dJ/d") and "d" + name.removeprefix("dJ/d") in model.arrays:
        name = name.replace("dJ/d", "grad_")
    name = name.replace("dJ/d", "d").replace("/", "_")
    return f"{name}_" if keyword.iskeyword(name) or name in RESERVED else name


# What generated source calls.
RESERVED = {"np"} | {
    kind.helper.split("(")[0].removeprefix("def ") for kind in Elementary.__subclasses__() if kind.helper
}


class _Writer:
    """Writes the lines of one function."""

    def __init__(self, source: Program) -> None:
        self.program = source
        self.lines: list[str] = []
        self.helpers: dict[str, None] = {}
        self.sizes: set[str] = set()
        self.shifted: dict[sympy.Expr, tuple[str, tuple[Index, ...], Index]] = {}
        self.temporaries: dict[sympy.Expr, Code] = {}
        self.assignments = _with_squares_turned(source.assignments)
        self.repeated = _repeated(self.assignments)

    def write(self) -> None:
        """All lines of the body but the return."""
        for assignment in self.assignments:
            code = self.ordered(assignment.value, assignment.indices)
            missing = tuple(index for index in assignment.indices if index not in code.axes)
            text = code.text
            if missing:
                shape = "".join(f"{self.size(index.size)}, " for index in assignment.indices)
                text = f"np.broadcast_to({fit(code, assignment.indices).within(ATOM)}, ({shape.strip()}))"
            self.lines.append(f"{variable(assignment.name, self.program.model)} = {text}")

    def size(self, size: sympy.Symbol) -> str:
        """The variable that holds a size."""
        self.sizes.add(size.name)
        return str(size.name)

    def ordered(self, expression: sympy.Expr, order: tuple[Index, ...]) -> Code:
        """The expression with its axes in the given order."""
        code = self.code(expression, order)
        return transposed(code, tuple(index for index in order if index in code.axes))

    def code(self, expression: sympy.Expr, order: tuple[Index, ...]) -> Code:
        """The expression; `order` is what its axes should preferably be in."""
        key = canonical(expression)
        if key in self.temporaries:
            return self.temporaries[key]
        code = self._code(expression, order)
        if key in self.repeated and code.axes:
            name = self._new_name("residual" if _is_difference(expression) else "t")
            self.lines.append(f"{name} = {code.text}")
            code = self.temporaries[key] = Code(name, code.axes)
        return code

    def _code(self, expression: sympy.Expr, order: tuple[Index, ...]) -> Code:
        if isinstance(expression, Entry):
            name = f"dJ/d{expression.name}" if isinstance(expression, Adjoint) else expression.name
            return named(variable(name, self.program.model), expression.indices)
        if isinstance(expression, Delta):
            axes = tuple(dict.fromkeys([*(index for index in order if index in expression.args), *expression.args]))
            return Code(f"np.eye({self.size(expression.args[0].size)})", axes)
        if isinstance(expression, Shift):
            return self._shift_of_index(expression)
        if isinstance(expression, SumOver):
            return self._sum(expression, order)
        if isinstance(expression, At):
            return self._at(expression)
        if isinstance(expression, Elementary):
            return self._function(expression, order)
        if isinstance(expression, sympy.Add):
            return self._add(expression, order)
        if isinstance(expression, (sympy.Mul, sympy.Pow)):
            return self._product(expression, order)
        if expression.is_Symbol:
            return Code(self.size(expression), ())
        return number_code(expression)

    # Sums of terms, products ------------------------------------------------------------------------------------------

    def _add(self, expression: sympy.Add, order: tuple[Index, ...]) -> Code:
        terms = sorted(expression.args, key=_place_in_sum)
        signs = ["-" if term.could_extract_minus_sign() else "+" for term in terms]
        codes = [self.code(-term if sign == "-" else term, order) for term, sign in zip(terms, signs, strict=True)]
        axes = union(codes, order)
        texts = [fit(code, axes).within(PRODUCT) for code in codes]
        joined = " ".join(f"{sign} {text}" for sign, text in zip(signs, texts, strict=True))
        return Code(joined.removeprefix("+ ").replace("- ", "-", 1) if signs[0] == "-" else joined[2:], axes, SUM)

    def _product(self, expression: sympy.Expr, order: tuple[Index, ...]) -> Code:
        factors = [_base_power(factor) for factor in sympy.Mul.make_args(expression)]
        codes, factors = self._softmax(factors, order)
        number = sympy.Mul(*(base**power for base, power in factors if base.is_Number))
        factors.sort(key=_place_in_product)
        scalars = [(base, power) for base, power in factors if not base.is_Number and not free_indices(base)]
        arrays = [(base, power) for base, power in factors if not base.is_Number and free_indices(base)]
        codes += [self._power(base, power, order) for base, power in arrays if power.is_positive]
        divisors = [self._power(base, -power, order) for base, power in arrays if power.is_negative]
        scale = self._scale(number, scalars)
        axes = union([*codes, *divisors], order)
        if len(codes) == 1 and not divisors:
            return scaled(codes[0], scale)
        text = " * ".join(fit(code, axes).within(PRODUCT) for code in codes) or "1"
        for divisor in divisors:
            text += f" / {fit(divisor, axes).within(POWER)}"
        return scaled(Code(text, axes, PRODUCT) if codes or divisors else None, scale)

    def _scale(self, number: sympy.Rational, scalars: list[tuple[sympy.Expr, sympy.Expr]]) -> tuple[str, str]:
        """The scalar factors, as a numerator and a denominator."""
        above = [self._power(base, power, ()).within(POWER) for base, power in scalars if power.is_positive]
        below = [self._power(base, -power, ()).within(POWER) for base, power in scalars if power.is_negative]
        inverse = 1 / number
        if is_decimal(number):
            above = [number_code(number).text, *above] if number != 1 else above
        elif number.q > 1000 and is_decimal(inverse):  # a decimal constant such as 1.7159 under the line
            below = [number_code(inverse).text, *below]
        else:
            above = [str(number.p), *above] if number.p != 1 else above
            below = [str(number.q), *below]
        return " * ".join(above), " * ".join(below) if len(below) < 2 else f"({' * '.join(below)})"

    def _power(self, base: sympy.Expr, power: sympy.Expr, order: tuple[Index, ...]) -> Code:
        code = self.code(base, order)
        if power == 1:
            return code
        if power == sympy.Rational(1, 2):
            return Code(f"np.sqrt({code.text})", code.axes)
        return Code(f"{code.within(ATOM)}**{number_code(power).within(ATOM)}", code.axes, POWER)

    # Functions --------------------------------------------------------------------------------------------------------

    def _function(self, expression: Elementary, order: tuple[Index, ...]) -> Code:
        kind, argument = type(expression), expression.args[0]
        if (
            kind is log
            and isinstance(argument, SumOver)
            and isinstance(argument.body, exp)
            and len(argument.indices) == 1
        ):
            return self._log_sum_exp(argument)
        if kind.helper:
            self.helpers[kind.helper] = None
        code = self.code(argument, order)
        return Code(kind.source.format(u=code.text), code.axes)

    def _log_sum_exp(self, total: SumOver) -> Code:
        name, axes, bound = self._shift(total)
        place = axes.index(bound)
        remaining = axes[:place] + axes[place + 1 :]
        # Keeping the summed axis lets the shift and the sum serve the softmax too; here it is dropped.
        drop = ", ".join("0" if index == bound else ":" for index in axes)
        text = f"(np.log(sum_exp_{name}) + max_{name})"
        return Code(f"{text}[{drop}]", tuple(index for index in remaining))

    def _softmax(
        self, factors: list[tuple[sympy.Expr, sympy.Expr]], order: tuple[Index, ...]
    ) -> tuple[list[Code], list[tuple[sympy.Expr, sympy.Expr]]]:
        """Take exp(z[m]) / sum_l exp(z[l]) out of a product, if it is there."""
        for number, (total, power) in enumerate(factors):
            if power != -1 or not isinstance(total, SumOver) or not isinstance(total.body, exp):
                continue
            for other, (top, top_power) in enumerate(factors):
                for index in free_indices(top) - free_indices(total):
                    if top_power == 1 and canonical(SumOver(top, index)) == canonical(total):
                        name, axes, bound = self._shift(total)
                        axes = tuple(index if axis == bound else axis for axis in axes)
                        rest = [factor for place, factor in enumerate(factors) if place not in {number, other}]
                        return [Code(f"exp_{name} / sum_exp_{name}", axes, PRODUCT)], rest
        return [], factors

    def _shift(self, total: SumOver) -> tuple[str, tuple[Index, ...], Index]:
        """Exponentials of z minus its maximum, and their sum; written once."""
        key = canonical(total)
        if key not in self.shifted:
            bound, argument = total.indices[0], total.body.args[0]
            code = self.code(argument, _natural_order(argument))
            name = code.text if code.text.isidentifier() else self._new_name("u")
            axis = code.axes.index(bound)
            if name != code.text:
                self.lines.append(f"{name} = {code.text}")
            self.lines.append(f"max_{name} = {name}.max(axis={axis}, keepdims=True)")
            self.lines.append(f"exp_{name} = np.exp({name} - max_{name})")
            self.lines.append(f"sum_exp_{name} = exp_{name}.sum(axis={axis}, keepdims=True)")
            self.shifted[key] = (name, code.axes, bound)
        name, axes, bound = self.shifted[key]
        # The free indices may have other names here than where it was written.
        argument = total.body.args[0]
        return name, self.code(argument, axes).axes, total.indices[0]

    def _new_name(self, letter: str) -> str:
        taken = {*self.program.model.arrays, *(code.text for code in self.temporaries.values())}
        taken |= {name for name, _, _ in self.shifted.values()}
        names = (f"{letter}{number or ''}" for number in count(0 if len(letter) > 1 else 1))
        return next(name for name in names if name not in taken)

    # Sums over indices ------------------------------------------------------------------------------------------------

    def _sum(self, expression: SumOver, order: tuple[Index, ...]) -> Code:
        idle = [index for index in expression.indices if index not in free_indices(expression.body)]
        if idle:
            # The sum of something over an index it does not have is that many times it.
            bound = [index for index in expression.indices if index not in idle]
            times = sympy.Mul(*(index.size for index in idle))
            return self.code(sympy.Mul(times, SumOver(expression.body, *bound), evaluate=False), order)
        if expression.has(Shift):
            slides = _slides(expression)
            if slides:
                return self._windows(expression, slides, order)
        factors = list(sympy.Mul.make_args(expression.body))
        scalars = [factor for factor in factors if not free_indices(factor)]
        arrays = [factor for factor in factors if free_indices(factor)]
        groups = _groups(arrays, expression.indices)
        order = tuple(index for index in order if index not in expression.indices)
        if len(groups) == 1:
            code = self._plain_sum(sympy.Mul(*groups[0]), expression.indices, order)
        else:
            code = self._contraction([sympy.Mul(*group) for group in groups], expression.indices, order)
        if not scalars:
            return code
        return scaled(code, self._scale(*_number_and_scalars(scalars)))

    def _windows(self, total: SumOver, slides: list[tuple[Entry, Shift]], order: tuple[Index, ...]) -> Code:
        """A sum over windows of an array; what else is in it comes after them."""
        entry = slides[0][0]
        shifts = [shift for user, shift in slides if user == entry]
        places = [shift.place for shift in shifts]
        rest = sympy.Mul(*(f for f in sympy.Mul.make_args(total.body) if f != entry and f not in shifts))
        bound = tuple(index for index in total.indices if index not in places)
        if rest != 1:
            return self.code(SumOver(rest * SumOver(sympy.Mul(entry, *shifts), *places), *bound), order)
        sizes = {shift.place: (*shift.parts, self.size(shift.parts[1].size)) for shift in shifts}
        code = windows(self.code(entry, ()), sizes)
        if not bound:
            return code
        where = ", ".join(str(code.axes.index(index)) for index in bound)
        axes = tuple(index for index in code.axes if index not in bound)
        return Code(f"{code.text}.sum(axis={where if len(bound) == 1 else f'({where})'})", axes)

    def _shift_of_index(self, shift: Shift) -> Code:
        """Ones where u = h + a."""
        if shift not in self.temporaries:
            place, start, offset = (f"np.arange({self.size(index.size)})" for index in shift.args)
            name = self._new_name("shift")
            self.lines.append(f"{name} = {place}[:, None, None] == {start}[:, None] + {offset}")
            self.temporaries[shift] = Code(name, tuple(shift.args))
        return self.temporaries[shift]

    def _plain_sum(self, body: sympy.Expr, bound: tuple[Index, ...], order: tuple[Index, ...]) -> Code:
        code = self.code(body, _natural_order(body))
        places = [place for place, index in enumerate(code.axes) if index in bound]
        axes = tuple(index for index in code.axes if index not in bound)
        if not axes:
            return Code(f"{code.within(ATOM)}.sum()", ())
        where = places[0] if len(places) == 1 else tuple(places)
        return Code(f"{code.within(ATOM)}.sum(axis={where})", axes)

    def _at(self, expression: At) -> Code:
        code = self.code(expression.body, _natural_order(expression.body))
        bound = expression.indices[0]
        picks = ", ".join(str(expression.place) if index == bound else ":" for index in code.axes)
        return Code(f"{code.within(ATOM)}[{picks}]", tuple(index for index in code.axes if index != bound))

    def _contraction(self, groups: list[sympy.Expr], bound: tuple[Index, ...], order: tuple[Index, ...]) -> Code:
        codes = [self.code(group, _natural_order(group)) for group in groups]
        free = union(codes, order)
        out = tuple(index for index in free if index not in bound)
        if len(codes) == 2 and len(bound) == 1 and is_matrix_product(codes, bound[0]):
            return matrix_product(codes, bound[0], out)
        return einsum(codes, out, in_pairs=any(group.has(Shift) for group in groups))


# What an expression is made of ----------------------------------------------------------------------------------------


def _place_in_sum(term: sympy.Expr) -> tuple[bool, bool, bool]:
    """Positive terms first; of those a number, then what is itself a sum: 1 - a, X @ W + b."""
    return term.could_extract_minus_sign(), not term.is_Number, not term.has(SumOver)


def _place_in_product(factor: tuple[sympy.Expr, sympy.Expr]) -> tuple[bool, bool]:
    """Adjoints first, then entries, then the rest: da * a * (1 - a)."""
    return not isinstance(factor[0], Adjoint), not isinstance(factor[0], Entry)


def _base_power(factor: sympy.Expr) -> tuple[sympy.Expr, sympy.Expr]:
    return (factor.base, factor.exp) if isinstance(factor, sympy.Pow) else (factor, sympy.S.One)


def _number_and_scalars(factors: list[sympy.Expr]) -> tuple[sympy.Expr, list[tuple[sympy.Expr, sympy.Expr]]]:
    number = sympy.Mul(*(factor for factor in factors if factor.is_Number))
    return number, [_base_power(factor) for factor in factors if not factor.is_Number]


def _natural_order(expression: sympy.Expr) -> tuple[Index, ...]:
    """The order of axes in which the expression needs the fewest transpositions: that of its largest entry."""
    entries = [entry for entry in sympy.preorder_traversal(expression) if isinstance(entry, Entry)]
    free = free_indices(expression)
    entries.sort(key=lambda entry: -len(set(entry.indices) & free))
    return tuple(dict.fromkeys(index for entry in entries for index in entry.indices if index in free))


def _groups(factors: list[sympy.Expr], bound: tuple[Index, ...]) -> list[list[sympy.Expr]]:
    """Factors to be multiplied entry by entry: those with the same indices, or else those within another's."""
    by_indices: dict[frozenset[Index], list[sympy.Expr]] = {}
    for factor in sorted(factors, key=lambda factor: -len(free_indices(factor))):
        by_indices.setdefault(free_indices(factor), []).append(factor)
    if len(by_indices) == 2:
        left, right = by_indices
        if left & right == set(bound) and len(bound) == 1:
            return list(by_indices.values())  # a matrix product
    groups: list[list[sympy.Expr]] = []
    for indices, same in by_indices.items():
        home = next((group for group in groups if indices <= free_indices(group[0])), None)
        if home is None:
            groups.append(list(same))
        else:
            home += same
    return groups


def _slides(total: SumOver) -> list[tuple[Entry, Shift]]:
    """Entries x[u] with their Shift(u, h, a), where u is summed and nothing else has it: windows of x."""
    factors = sympy.Mul.make_args(total.body)
    found = []
    for shift in sorted((f for f in factors if isinstance(f, Shift) and f.place in total.indices), key=str):
        users = [f for f in factors if f != shift and shift.place in free_indices(f)]
        if len(users) == 1 and isinstance(users[0], Entry):
            found.append((users[0], shift))
    return found


def _is_difference(expression: sympy.Expr) -> bool:
    """Is it z - y, the difference of two entries with the same indices?"""
    if not isinstance(expression, sympy.Add) or len(expression.args) != 2:
        return False
    entries = [-term if term.could_extract_minus_sign() else term for term in expression.args]
    return all(isinstance(entry, Entry) and entry.indices for entry in entries) and (
        entries[0].indices == entries[1].indices and entries != list(expression.args)
    )


def _with_squares_turned(assignments: tuple[Assignment, ...]) -> tuple[Assignment, ...]:
    """(y - z)^2 as (z - y)^2 where z - y is needed too, so that one temporary serves both."""
    parts = {part for assignment in assignments for part in sympy.preorder_traversal(assignment.value)}
    turned = {
        part: (-part.base.args[0] - part.base.args[1]) ** part.exp
        for part in parts
        if isinstance(part, sympy.Pow) and part.exp.is_even and _is_difference(part.base)
        if -part.base.args[0] - part.base.args[1] in parts
    }
    return tuple(replace(assignment, value=assignment.value.xreplace(turned)) for assignment in assignments)


def _repeated(assignments: tuple[Assignment, ...]) -> set[sympy.Expr]:
    """Sums, function values and differences that are needed more than once."""
    seen: set[sympy.Expr] = set()
    repeated: set[sympy.Expr] = set()
    for assignment in assignments:
        for part in sympy.preorder_traversal(assignment.value):
            if not (isinstance(part, (SumOver, Elementary)) or _is_difference(part)) or isinstance(part, exp):
                continue
            # The sum of a softmax is shared by its shifted pass already.
            if isinstance(part, SumOver) and isinstance(part.body, exp):
                continue
            key = canonical(part)
            (repeated if key in seen else seen).add(key)
    return {key for key in repeated if not isinstance(key, log)}


# Functions ------------------------------------------------------------------------------------------------------------


def function_source(source: Program, name: str, arguments: tuple[str, ...], docstring: str = "") -> str:
    """The source of a function that computes a program's outputs, helpers first; needs NumPy as np."""
    writer = _Writer(source)
    writer.write()
    body = [f'"""{docstring}"""'] if docstring else []
    body += [*_size_lines(source.model, arguments, writer.sizes), *writer.lines]
    body.append("return " + ", ".join(variable(output, source.model) for output in source.outputs))
    indented = "\n".join("    " + line if line else "" for piece in body for line in piece.split("\n"))
    head = f"def {name}({', '.join(variable(argument, source.model) for argument in arguments)}):"
    return "\n\n".join([*writer.helpers, f"{head}\n{indented}\n"])


def step_source(assignment: Assignment, model: Model) -> tuple[tuple[str, ...], str]:
    """The source of one assignment alone, as the function `step`, and what it takes: quantities, then sizes."""
    inputs = tuple(sorted(named_arrays(assignment.value)))
    writer = _Writer(Program(model, inputs, (assignment,), (assignment.name,)))
    writer.write()
    sizes = tuple(sorted(writer.sizes))
    arguments = ", ".join([*(variable(name, model) for name in inputs), *sizes])
    body = "\n".join(f"    {line}" for line in [*writer.lines, f"return {variable(assignment.name, model)}"])
    return (*inputs, *sizes), "\n\n".join([*writer.helpers, f"def step({arguments}):\n{body}\n"])


def _size_lines(model: Model, arguments: tuple[str, ...], sizes: set[str]) -> list[str]:
    """n = X.shape[0] for each size in use; what a window reaches over follows from its parts, or they from it."""
    axes = {
        size.name: f"{variable(name, model)}.shape[{axis}]"
        for name in reversed(arguments)
        for axis, size in enumerate(model.arrays[name].shape or ())
    }
    lines: dict[str, str] = {}

    def need(size: str) -> None:
        if size in axes:
            lines[size] = axes[size]
        elif size in model.reaches:
            start, offset = model.reaches[size]
            need(start)
            need(offset)
            lines[size] = f"{start} + {offset} - 1"
        else:
            whole = next(whole for whole, parts in model.reaches.items() if size in parts and whole in axes)
            other = next(part for part in model.reaches[whole] if part != size)
            need(whole)
            need(other)
            lines[size] = f"{whole} - {other} + 1"

    for size in model.size_notes:
        if size in sizes:
            need(size)
    return [f"{size} = {value}" for size, value in lines.items()]


def shape_text(array: Array) -> str:
    """(n, p), (n,) or "scalar"."""
    sizes = [size.name for size in array.shape or ()]
    return f"({', '.join(sizes)}{',' * (len(sizes) == 1)})" if sizes else "scalar"


def gradient_source(derivation: Derivation, wrt: Iterable[str] | None = None) -> str:
    """NumPy source of a module with one function, which returns the loss and its gradients.

    >>> from derivations import derive
    >>> from derivations.models import MODELS
    >>> source = gradient_source(derive(MODELS["poisson"].build()), ["b"])
    >>> print(*source.splitlines()[-7:], sep="\\n")
        n = X.shape[0]
        z = X @ w + b
        L = np.exp(z) - y * z
        J = L.sum() / n
        dz = (np.exp(z) - y) / n
        db = dz.sum()
        return J, db
    """
    loss = derivation.model.loss_definition.name
    targets = list(derivation.model.parameters if wrt is None else wrt)
    outputs = [loss, *(f"dJ/d{name}" for name in targets)]
    title = f"{derivation.model.title}: the loss and its gradient with respect to {', '.join(targets)}."
    return "import numpy as np\n\n\n" + _documented(derivation, "loss_and_gradients", outputs, title)


def single_gradient_source(derivation: Derivation, name: str) -> str:
    """NumPy source of the function `gradient`, which returns the gradient with respect to one array."""
    title = f"{derivation.model.title}: gradient of the loss with respect to {name}."
    return _documented(derivation, "gradient", [f"dJ/d{name}"], title)


def _documented(derivation: Derivation, function: str, outputs: list[str], title: str) -> str:
    arrays = derivation.model.arrays
    source = program(derivation.model, quantities(derivation), outputs)
    returned = [
        f"{variable(output, derivation.model)}: {shape_text(arrays[output.removeprefix('dJ/d')])}" for output in outputs
    ]
    described = [
        f"    {variable(name, derivation.model)}: {shape_text(arrays[name])}{_note(arrays[name])}"
        for name in source.inputs
    ]
    lines = [title, "", "Args:", *described, "", "Returns:", *(f"    {line}" for line in returned), ""]
    return function_source(source, function, source.inputs, "\n".join(lines))


def _note(array: Array) -> str:
    return f", {array.note}" if array.note else ""
