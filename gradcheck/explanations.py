"""What each code means, for people: the texts and worked examples behind `gradcheck explain`, in explanations.toml."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Any

from checkers.errors import UsageError
from checkers.findings import CODES_BY_FAMILY, FAMILY_OF, Family

STEP = 6e-6  # the cube root of eps: truncation h^2 balances rounding eps/h


@dataclass(frozen=True, slots=True)
class Example:
    """A pair of versions with tiny data, run whenever it is shown.

    Attributes:
        setup: what both versions start from; may be empty.
        wrong, right: the pair.
        shows: the expression whose values are compared; None where running says nothing.
        loss, wrt: an expression and the name of what it is differentiated with respect to; None where there is no loss.
    """

    setup: str
    wrong: str
    right: str
    shows: str | None
    loss: str | None
    wrt: str | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the versions of an example give: values, or the text of the exception that was raised.

    Attributes:
        measured: central differences of the example's loss; None where it has none.
    """

    wrong: Any
    right: Any
    measured: Any


@dataclass(frozen=True, slots=True)
class Explanation:
    """One mistake explained.

    Attributes:
        title: the mistake in one line.
        means: what was done, and what it does.
        paper: the wrong and the right formula; None where the mistake cannot be seen on paper.
        why: how people come to do it.
        numbers: how one sees it in a report.
        fix: what to do.
    """

    code: str
    title: str
    means: str
    paper: tuple[str, str] | None
    why: str
    numbers: str
    fix: str
    example: Example

    @property
    def family(self) -> Family:
        """The family of the code."""
        return FAMILY_OF[self.code]


@cache
def explanations() -> dict[str, Explanation]:
    """All explanations by code."""
    texts = tomllib.loads((Path(__file__).parent / "explanations.toml").read_text(encoding="utf-8"))
    setups = texts.pop("setups")
    return {code: _explanation(code, entry, setups) for code, entry in texts.items()}


def _explanation(code: str, entry: dict[str, Any], setups: dict[str, str]) -> Explanation:
    parts = (setups.get(entry.get("data", ""), ""), entry.get("setup", ""))
    example = Example(
        setup="\n".join(part.strip("\n") for part in parts if part),
        wrong=entry["wrong"].strip("\n"),
        right=entry["right"].strip("\n"),
        **{name: entry.get(name) for name in ("shows", "loss", "wrt")},
    )
    paper = tuple(entry["paper"]) if "paper" in entry else None
    texts = {name: entry[name] for name in ("title", "means", "why", "numbers", "fix")}
    return Explanation(code=code, paper=paper, example=example, **texts)


def explanation(code: str) -> Explanation:
    """The explanation of one code.

    Raises:
        UsageError: there is none; the text names the closest codes and families.
    """
    name = _normal(code)
    found = explanations().get(name)
    if found is not None:
        return found
    close = get_close_matches(name, [*FAMILY_OF, *Family], n=3, cutoff=0.5)
    meant = f" Did you mean {' or '.join(close)}?" if close else ""
    raise UsageError(f"There is no code {code}.{meant} gradcheck explain lists all codes.")


def family_named(name: str) -> Family | None:
    """The family of this name, unless a code is called the same.

    >>> family_named("Sign"), family_named("unknown")
    (<Family.SIGN: 'sign'>, None)
    """
    name = _normal(name)
    return Family(name) if name in list(CODES_BY_FAMILY) and name not in FAMILY_OF else None


def _normal(name: str) -> str:
    return name.strip().replace("_", "-").lower()


def run(example: Example) -> Outcome:
    """Run both versions of an example that shows something, and measure the derivative of its loss."""
    import numpy as np  # noqa: PLC0415 (the list of codes needs no NumPy, and it is slow to import)

    with np.errstate(all="ignore"):
        wrong, right = (_value(example, version) for version in (example.wrong, example.right))
        return Outcome(wrong, right, _central_differences(example))


def _value(example: Example, version: str) -> Any:
    try:
        names = _names(f"{example.setup}\n{version}")
        return eval(example.shows or "None", names)
    except Exception as error:
        text = error.msg if isinstance(error, SyntaxError) else error
        return f"{type(error).__name__}: {text}"


def _names(code: str) -> dict[str, Any]:
    """What is defined when the code has run; np, softmax and sigmoid are at hand."""
    import numpy as np  # noqa: PLC0415

    def softmax(z: Any) -> Any:
        powers = np.exp(z - np.max(z, axis=-1, keepdims=True))
        return powers / powers.sum(axis=-1, keepdims=True)

    names = {"np": np, "softmax": softmax, "sigmoid": lambda z: 1 / (1 + np.exp(-z))}
    exec(code, names)
    return names


def _central_differences(example: Example) -> Any:
    """The derivative of the loss with respect to every entry, at the values of the setup; None without a loss."""
    import numpy as np  # noqa: PLC0415

    if example.loss is None or example.wrt is None:
        return None
    names = _names(example.setup)
    at = np.array(names[example.wrt], np.float64)
    slopes = np.empty_like(at)
    for entry in np.ndindex(at.shape):
        ends = []
        for step in (STEP, -STEP):
            moved = at.copy()
            moved[entry] += step
            ends.append(eval(example.loss, {**names, example.wrt: moved}))
        slopes[entry] = (ends[0] - ends[1]) / (2 * STEP)
    return slopes


_SUBSCRIPTS = str.maketrans("0123456789ijklmnp=+-", "₀₁₂₃₄₅₆₇₈₉ᵢⱼₖₗₘₙₚ₌₊₋")
_SUPERSCRIPTS = str.maketrans("0123456789mnpMT", "⁰¹²³⁴⁵⁶⁷⁸⁹ᵐⁿᵖᴹᵀ")
_WORDS = {"sum": "Σ", "alpha": "α", "delta": "δ", "lambda": "λ", "sigma": "σ"}
# A sum with an index or before a symbol is an operator, otherwise a word.
_WORD = re.compile(r"(?<![A-Za-z])(?:sum(?=_| [b-z](?![a-z]))|(?:alpha|delta|lambda|sigma)(?![a-z]))")


def typeset(text: str) -> str:
    """Formulas in a sentence as mathematicians write them; `code` loses its marks and is left as it is.

    >>> typeset("dJ/dw_mj = sum_i dJ/dz_im x_ij + 2 lambda w_mj, not `dw - x_i`")
    '∂J/∂wₘⱼ = Σᵢ ∂J/∂zᵢₘ xᵢⱼ + 2 λ wₘⱼ, not dw - x_i'
    """
    parts = text.split("`")
    parts[::2] = map(_typeset, parts[::2])
    return "".join(parts)


def _typeset(text: str) -> str:
    text = re.sub(r"\bd(\w*(?:\^\w)?)/d(?=\w)", r"∂\1/∂", text)
    text = _WORD.sub(lambda match: _WORDS[match[0]], text)
    text = re.sub(r"_(?:\{([ijklmnp\d=+-]+)\}|([ijklmnp\d]+)(?![A-Za-z]))", _lowered, text)
    text = re.sub(r"\^(?:\{([mnpM\d]+)\}|([T\d]))", _raised, text)
    return re.sub(r"(?<=[ (\[=])-(?=[ \w(])|^-(?=\w)", "−", text)


def _lowered(match: re.Match[str]) -> str:
    return (match[1] or match[2]).translate(_SUBSCRIPTS)


def _raised(match: re.Match[str]) -> str:
    return (match[1] or match[2]).translate(_SUPERSCRIPTS)
