"""The Python function that calls a student's forward and gradient for us, as source that is run in their module."""

from __future__ import annotations

from textwrap import dedent, indent

from .units import Case, Reading

VALUE, GRADIENT, PARAMETERS, OBJECTIVE, SLOPES = "value", "gradient", "parameters", "objective", "slopes"


def name_of(number: int) -> str:
    """What the harness of a reading is called in the student's module; no student's name begins so."""
    return f"__gradcheck_{number}"


def source(reading: Reading, name: str) -> str:
    """A function of (part, case, inputs, upstream): see `Reading` for what the parts return.

    The part "objective" takes the name of an input and many values of it, and returns for each the sum of the value
    times the upstream gradient, in one call: a finite difference needs thousands. The part "slopes" does so for several
    inputs, and returns with it what the gradient function returned.
    """
    parts = [("_value_", "_o, _v", reading.value), ("_gradient_", "_o, _v, _u", reading.gradient)]
    if reading.parameters:
        parts.append(("_parameters_", "_o, _v", reading.parameters))
    functions = "\n".join(f"def {part}({arguments}):\n{_indented(body)}" for part, arguments, body in parts)
    body = f"""\
from _gradcheck_student import tools as _T
_T.lend(globals(), {reading.usual!r})
{dedent(reading.setup).strip()}
{functions}
_options_ = [{", ".join(f"lambda: {_options(case)}" for case in reading.cases)}][int(case)]
_o = _options_()
def _anew_(v):
    nonlocal _o
    _o = _options_()  # the student's functions may change what they are given
    return _value_(_o, v)
if part == {OBJECTIVE!r}:
    return _T.objective(_anew_, _v, _u, _name, _moved)
if part == {SLOPES!r}:
    _found = {{name: _T.objective(_anew_, _v, _u, name, many) for name, many in _moved.items()}}
_T.begin()
with _T.quiet():
    if part == {VALUE!r}:
        return _T.value_of(_value_(_o, _v))
    if part == {PARAMETERS!r}:
        return _T.gather(_parameters_(_o, _v))
    _value, _returned = _gradient_(_o, _v, _u)
    if part == {SLOPES!r}:
        return _found, _T.gather(_returned)
    return _T.value_of(_value), _T.gather(_returned)
"""
    return f"def {name}(part, case, _v, _u=None, _name=None, _moved=()):\n{_indented(body)}"


def _indented(text: str) -> str:
    return indent(dedent(text).strip("\n"), "    ")


def _options(case: Case) -> str:
    return "{" + ", ".join(f"{name!r}: {text}" for name, text in case.options.items()) + "}"
