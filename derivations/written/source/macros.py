"""The macros that a document defines, those of the package physics, and those that courses write."""

from __future__ import annotations

import re
from collections.abc import Mapping

from .tokens import Macro

_MACRO = re.compile(
    r"\\(?:re|provide)?newcommand\*?\s*\{?\s*\\(?P<name>[A-Za-z]+)\s*\}?\s*(?:\[(?P<count>\d)\])?\s*(?:\[(?P<default>[^\]]*)\])?\s*\{"
    r"|\\[xge]?def\s*\\(?P<def>[A-Za-z]+)(?P<hashes>(?:\#\d)*)\s*\{"
    r"|\\DeclareMathOperator\*?\s*\{?\s*\\(?P<operator>[A-Za-z]+)\s*\}?\s*\{"
)
_USES_PHYSICS = re.compile(r"\\usepackage(?:\[[^\]]*\])?\{[^}]*\bphysics\b")

_NAME = re.compile(r"[*\s]*\{?\s*\\?[A-Za-z]+\s*\}?")
_ARGUMENTS = re.compile(r"(?:#\d|\[[^\]\n]*\]|\s+)*")


def after_definition(text: str, begin: int, braces: Mapping[int, int], *, bodies: int) -> int:
    """Where a definition ends whose macro's name stands here: the name, options, so many bodies in braces.

    Args:
        braces: where each brace of the text closes.
        bodies: one of a macro, two of an environment.
    """
    name = _NAME.match(text, begin)
    place = begin if name is None else name.end()
    for _ in range(bodies):
        arguments = _ARGUMENTS.match(text, place)
        body = place if arguments is None else arguments.end()
        if body not in braces:
            return begin
        place = braces[body] + 1
    return place


def without_comments(text: str) -> str:
    """The text with spaces in the place of LaTeX's comments."""
    return re.sub(r"(?<!\\)%[^\n]*", lambda match: " " * len(match.group()), text)


def macros_of(text: str, braces: Mapping[int, int]) -> dict[str, Macro]:
    """The macros that a text without comments may use: its own before the known ones."""
    macros: dict[str, Macro] = {}
    for match in _MACRO.finditer(text):
        end = braces.get(match.end() - 1)
        if end is None:
            continue
        body = text[match.end() : end]
        if match["operator"]:
            macros[match["operator"]] = Macro(0, rf"\operatorname{{{body}}}")
        elif match["def"]:
            macros[match["def"]] = Macro(len(match["hashes"]) // 2, body)
        else:
            macros[match["name"]] = Macro(int(match["count"] or 0), body, match["default"])
    return (PHYSICS if _USES_PHYSICS.search(text) else _KNOWN) | macros


def _derivative(sign: str) -> Macro:
    r"""\pdv{x}, \pdv{f}{x}, \pdv[2]{f}{x}: a derivative by the number of its arguments."""
    once = rf"\frac{{{sign} #1}}{{{sign} #2}}"
    return Macro(2, once, variants={
        (1, False): rf"\frac{{{sign}}}{{{sign} #1}}",
        (2, False): once,
        (1, True): rf"\frac{{{sign}^{{#1}}}}{{{sign} #2^{{#1}}}}",
        (2, True): rf"\frac{{{sign}^{{#1}} #2}}{{{sign} #3^{{#1}}}}",
        **({(3, False): rf"\frac{{{sign}^2 #1}}{{{sign} #2 {sign} #3}}"} if sign != "d" else {}),
    })  # fmt: skip


# What the package physics defines, and macros that courses write; a document's own go before.
_KNOWN = {
    "pdv": _derivative(r"\partial"), "norm": Macro(1, r"\|#1\|"), "R": Macro(0, r"\mathbb{R}"),
    "diff": Macro(0, r"\partial"),
}  # fmt: skip
PHYSICS = {
    "pdv": _derivative(r"\partial"), "dv": _derivative("d"), "norm": Macro(1, r"\|#1\|"), "abs": Macro(1, r"|#1|"),
    "qty": Macro(0, ""), "grad": Macro(0, r"\nabla"), "dd": Macro(0, r"\mathrm{d}"), "vdot": Macro(0, r"\cdot"),
    "vb": Macro(1, r"\mathbf{#1}"), "va": Macro(1, r"\mathbf{#1}"), "vectorbold": Macro(1, r"\mathbf{#1}"),
    "partialderivative": _derivative(r"\partial"), "derivative": _derivative("d"),
}  # fmt: skip
