"""A term as LaTeX that reads back as the same term: what the correction of a mistake is printed with.

Brackets that the tree holds are printed; others are added where a formula without them would say something else, such
as round a sum that is a factor.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import groupby
from typing import Any

from ..faults import FormulaError
from ..grammar.lexicon import GREEK
from ..grammar.sides import parse_side
from ..source.layout import clean
from ..source.tokens import tokenise
from ..terms import (
    Call,
    Cases,
    Condition,
    Derivative,
    Dots,
    Entries,
    Grid,
    Indicator,
    Name,
    Negative,
    Norm,
    Number,
    Power,
    Product,
    Quotient,
    Raised,
    Script,
    Term,
    Terms,
    Times,
    Total,
    Transposed,
)
from .brackets import begins_with_bracket, is_bracket, is_hessian, is_sum, is_tall, needs_brackets, unfolded
from .events import event_of

_OWN_MACROS = {"exp", "log", "ln", "tanh", "sinh", "cosh", "sin", "cos", "max", "min", "det"}
# Functions that LaTeX has a macro for; the others are words in \operatorname.
_RAISED = {Raised.BARE: ("", ""), Raised.ROUND: ("(", ")"), Raised.SQUARE: ("[", "]")}
_CONDITIONS = {"ne": r"\neq", "le": r"\leq", "ge": r"\geq", "in": r"\in"}


def latex(term: Term) -> str:
    r"""The LaTeX of a term; the grammar reads it back as an equal term, but for brackets that had to be added.

    >>> from ..grammar.sides import parse_side
    >>> latex(parse_side(tokenise("-\\frac1n \\sum_i (y_i-z_i) x_{ij}")))
    '-\\frac{1}{n} \\sum_i (y_i - z_i) x_{ij}'
    """
    return _WRITERS[type(term)](term)


def _bracketed(body: str, term: Term) -> str:
    """LaTeX in brackets, which grow where the term is tall."""
    return rf"\left( {body} \right)" if is_tall(term) else f"({body})"


# Names ----------------------------------------------------------------------------------------------------------------


def _name(name: Name) -> str:
    if name.font == "probability":
        return event_of(name, latex)
    lowered = _lowered(name.sub)
    text = _letter(name) + "'" * name.primes + lowered
    return _with_superscripts(text, name.sup)


def _letter(name: Name) -> str:
    base = name.base
    if name.font == "text":
        if base in _OWN_MACROS and not (base == "max" and name.sub):
            written = f"\\{base}"
        else:
            written = rf"\operatorname{{{base}}}" if base.isalpha() and base.islower() else rf"\text{{{base}}}"
    else:
        written = f"\\{base}" if base in GREEK else base or "{}"
        if name.font == "bold":
            written = rf"\mathbf{{{written}}}" if len(base) == 1 else rf"\boldsymbol{{{written}}}"
        elif name.font == "blackboard":
            written = rf"\mathbb{{{written}}}"
    return rf"\{name.accent}{{{written}}}" if name.accent else written


def _lowered(indices: tuple[Term, ...]) -> str:
    return f"_{_braced(_indices(indices))}" if indices else ""


def _indices(indices: tuple[Term, ...]) -> str:
    """Letters side by side; commas where there is more than letters."""
    if not all(isinstance(index, Name) and index.font != "text" for index in indices):
        return ",".join(latex(index) for index in indices)
    text = ""
    for index in indices:
        written = latex(index)
        text += " " + written if _ends_in_macro(text) else written
    return text


def _ends_in_macro(text: str) -> bool:
    """Would a letter after it be read as part of a macro's name?"""
    return text.rpartition("\\")[2].isalpha() and "\\" in text


def _braced(text: str) -> str:
    return text if len(text) == 1 and text.isalnum() else f"{{{text}}}"


def _with_superscripts(text: str, scripts: tuple[Script, ...]) -> str:
    """Bracketed superscripts, such as a layer and an example, share one; a second bare one is raised on a group."""
    raised = ""
    for shape, group in groupby(scripts, key=lambda script: script.raised):
        opening, closing = _RAISED[shape]
        written = opening + ",".join(latex(script.body) for script in group) + closing
        if raised and (shape is Raised.BARE or not raised.endswith((")", "]"))):
            text, raised = f"{{{text}^{_braced(raised)}}}", ""
        raised += written
    return f"{text}^{_braced(raised)}" if raised else text


# Scripts on other things ----------------------------------------------------------------------------------------------


def _based(term: Term) -> str:
    """A term that carries a script: grouped where it has scripts itself, bracketed where it has parts."""
    if isinstance(term, (Name, Number, Call, Norm, Grid, Indicator)) or is_bracket(term):
        written = latex(term)
        return f"{{{written}}}" if isinstance(term, Name) and term.sup else written
    if isinstance(term, (Power, Transposed, Entries, Quotient)):
        return f"{{{latex(term)}}}"
    return _bracketed(latex(term), term)


def _transposed(term: Transposed) -> str:
    body = term.body
    if isinstance(body, Name) and body.sup and all(script.raised is not Raised.BARE for script in body.sup):
        return latex(body).removesuffix("}") + "T}"
    return f"{_based(body)}^T"


def _power(power: Power) -> str:
    if isinstance(power.exponent, Number) and power.exponent.text == "1/2":
        return rf"\sqrt{{{latex(power.base)}}}"
    return f"{_based(power.base)}^{_braced(latex(power.exponent))}"


# Sums and products ----------------------------------------------------------------------------------------------------


def _terms(terms: Terms) -> str:
    if len(terms.terms) == 1:
        return _bracketed(latex(terms.terms[0]), terms)
    text = ""
    for place, term in enumerate(terms.terms):
        written = latex(term)
        if isinstance(term, Negative):
            text += f" - {written[1:].lstrip()}" if place else written
        else:
            written = _bracketed(written, term) if is_sum(term) else written
            text += f" + {written}" if place else written
    return text


def _negative(negative: Negative) -> str:
    body = negative.body
    written = latex(body)
    return "-" + (_bracketed(written, body) if is_sum(body) or isinstance(body, Negative) else written)


def _product(product: Product) -> str:
    text = ""
    factors = product.factors
    for place, factor in enumerate(factors):
        sign = product.signs[place - 1] if place else Times.JUXTAPOSED
        written = latex(factor)
        follows_sign = place > 0 and sign is not Times.JUXTAPOSED
        if needs_brackets(factor, is_last=place == len(factors) - 1, follows_sign=follows_sign):
            written = _bracketed(written, factor)
        if place:
            if sign is Times.JUXTAPOSED and written.startswith(("(", r"\left(")):
                written = _uncalled(factors[place - 1], written)
            text += f" {sign} " if sign is not Times.JUXTAPOSED else " "
        text += written
    return text


def _uncalled(before: Term, written: str) -> str:
    """A round bracket after a name, or one of another shape where the name would be read as a function of it."""
    while isinstance(before, (Negative, Derivative)):
        before = before.body if isinstance(before, Negative) else before.of or before.by[-1]
    if not isinstance(before, Name):
        return written
    try:
        read = parse_side(clean(tokenise(f"{latex(before)} {written}")))
    except FormulaError:
        read = None
    return written if isinstance(read, Product) else _reshaped(written)


def _reshaped(written: str) -> str:
    """Square brackets for the round ones at its beginning; curly ones where square ones would hold a condition."""
    start, depth = written.index("("), 0
    for end in range(start, len(written)):
        depth += {"(": 1, ")": -1}.get(written[end], 0)
        if depth == 0:
            break
    inside = written[start + 1 : end]
    opening, closing = (r"\{", r"\}") if r"\mathbb{1}[" in inside else "[]"
    return written[:start] + opening + inside + closing + written[end + 1 :]


def _quotient(quotient: Quotient) -> str:
    return rf"\frac{{{latex(quotient.above)}}}{{{latex(quotient.below)}}}"


def _number(number: Number) -> str:
    above, slash, below = number.text.partition("/")
    return rf"\frac{{{above}}}{{{below}}}" if slash else number.text


# Operators ------------------------------------------------------------------------------------------------------------


def _call(call: Call) -> str:
    arguments = ", ".join(latex(argument) for argument in call.arguments)
    tall = next((argument for argument in call.arguments if is_tall(argument)), call.arguments[0])
    return _name(call.function) + _bracketed(arguments, tall)


def _total(total: Total) -> str:
    body = _bracketed(latex(total.body), total.body) if is_sum(total.body) else latex(total.body)
    upper = "" if total.end is None else f"^{_braced(latex(total.end))}"
    lower = _below(total)
    return rf"\{total.operator}{f'_{_braced(lower)}' if lower else ''}{upper} {body}"


def _below(total: Total) -> str:
    """What stands under the sum sign."""
    bound = _indices(total.indices)
    if total.start is not None:
        bound = f"{bound}={latex(total.start)}"
    if total.but is None:
        return bound
    condition = _condition(total.but)
    only = total.start is None and total.indices == (total.but.left,)
    return condition if only else f"{bound}, {condition}"


def _derivative(derivative: Derivative) -> str:
    of, names, form = unfolded(derivative)
    if of is None:
        by = ",".join(latex(variable) for variable in names)
        return f"d{by}" if form == "named" else rf"\nabla_{_braced(by)} J"
    written = latex(of)
    alone = not (is_sum(of) or isinstance(of, (Product, Negative)))
    if form in {"nabla", "index"}:
        by = ",".join(latex(variable) for variable in derivative.by)
        sign = (r"\nabla^2" if is_hessian(derivative) else r"\nabla") if form == "nabla" else r"\partial"
        return f"{sign}{f'_{_braced(by)}' if by else ''} {written if alone else _bracketed(written, of)}"
    below = [rf"\partial {latex(variable)}" for variable in names]
    if is_hessian(derivative):
        below[-1] += "^T"
    sign = r"\partial" if len(names) == 1 else rf"\partial^{len(names)}"
    if form == "operator":
        opens = written.startswith(("(", "[", r"\left")) and not begins_with_bracket(of)
        body = _bracketed(written, of) if opens or is_sum(of) else written
        return rf"\frac{{{sign}}}{{{' '.join(below)}}} {body}"
    return rf"\frac{{{sign} {written}}}{{{' '.join(below)}}}"


# Conditions, environments ---------------------------------------------------------------------------------------------


def _condition(condition: Condition) -> str:
    if condition.left is None or condition.right is None:
        return r"\text{otherwise}"
    sign = _CONDITIONS.get(condition.sign, condition.sign)
    written = f"{latex(condition.left)} {sign} {latex(condition.right)}"
    return f"{written}, {_condition(condition.also)}" if condition.also else written


def _cases(cases: Cases) -> str:
    rows = [
        f"{latex(value)} & " + (rf"\text{{if }} {_condition(condition)}" if condition else r"\text{otherwise}")
        for value, condition in cases.branches
    ]
    return r"\begin{cases} " + r" \\ ".join(rows) + r" \end{cases}"


def _indicator(indicator: Indicator) -> str:
    return rf"\mathbb{{1}}[{_condition(indicator.condition)}]"


def _norm(norm: Norm) -> str:
    opening, closing = ("|", "|") if norm.is_bar else (r"\lVert ", r" \rVert")
    return opening + latex(norm.body) + closing + (f"_{norm.order}" if norm.order != "2" else "")


def _grid(grid: Grid) -> str:
    rows = (" & ".join(latex(entry) for entry in row) for row in grid.rows)
    return r"\begin{bmatrix} " + r" \\ ".join(rows) + r" \end{bmatrix}"


_WRITERS: dict[type, Callable[[Any], str]] = {
    Name: _name,
    Number: _number,
    Call: _call,
    Entries: lambda entries: _based(entries.body) + _lowered(entries.indices),
    Terms: _terms,
    Negative: _negative,
    Product: _product,
    Quotient: _quotient,
    Power: _power,
    Transposed: _transposed,
    Condition: _condition,
    Total: _total,
    Derivative: _derivative,
    Cases: _cases,
    Indicator: _indicator,
    Norm: _norm,
    Grid: _grid,
    Dots: lambda _: r"\ldots",
}
