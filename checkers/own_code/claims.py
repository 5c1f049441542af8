"""Which of the arrays that a gradient function gave is the gradient with respect to what: by name, shape and order."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import permutations
from typing import Any

import numpy as np
from numpy.typing import NDArray

AnyArray = NDArray[Any]
Path = tuple[int | str, ...]
Shape = tuple[int, ...]

MOST_READINGS = 6
MOST_PERMUTED = 4

# What stands before or after a name to say "the gradient with respect to".
_MARKS = re.compile(
    r"^(d_?l_?d_?|d_?j_?d_?|d_?e_?d_?|d_?c_?d_?|d_?loss_?d?_?|gradients?_?(of_?)?|grads?_?|nabla_?|delta_?|del_?|error_?|d_?)"
    r"|(_?gradients?|_?grads?|_?derivative|_?delta|_?prime)$"
)


@dataclass(frozen=True, slots=True)
class Claim:
    """One array that came back: where it stands in what was returned, and what it was called there."""

    path: Path
    label: str

    def array_in(self, returned: Any) -> Any:
        """What stands at its place; None where there is nothing."""
        value = returned
        for key in self.path:
            try:
                value = value[key]
            except (KeyError, IndexError, TypeError):
                return None
        return value


MISSING = Claim(("no gradient came back",), "")
"""A gradient that was promised and did not come back: nothing stands at this place in anything."""

Assignment = Mapping[str, Claim]
"""Name of an input -> the array that is its gradient."""


def assignments(
    returned: Any, texts: Sequence[Sequence[str]], wrt: Mapping[str, Shape], order: Sequence[str] = ()
) -> list[dict[str, Claim]]:
    """The ways to understand what was returned, likeliest first.

    Args:
        texts: what the return statements of the function name.
        wrt: the inputs that there may be gradients for, with their shapes.
        order: the inputs in the order of the function's arguments.
    """
    claims = list(_claims(returned, texts))
    arrays = {claim.path: as_array(claim.array_in(returned)) for claim in claims}
    claims = [claim for claim in claims if arrays[claim.path] is not None]
    claims.sort(key=lambda claim: is_named_otherwise(claim.label))
    named = _by_name(claims, wrt)
    rest = [claim for claim in claims if claim not in named.values()]
    left = [name for name in (order or wrt) if name in wrt and name not in named]
    left += [name for name in wrt if name not in named and name not in left]
    found: list[dict[str, Claim]] = []
    for further in _by_shape(rest, left, wrt, arrays):
        found.append({**named, **further, **_left_over(rest, left, further, arrays)})
        if len(found) == MOST_READINGS:
            break
    return [one for one in found if one]


def count_of_arrays(returned: Any) -> int:
    """How many arrays or numbers came back."""
    return sum(as_array(claim.array_in(returned)) is not None for claim in _claims(returned, ()))


def _left_over(
    claims: Sequence[Claim],
    names: Sequence[str],
    taken: Mapping[str, Claim],
    arrays: Mapping[Path, AnyArray | None],
) -> dict[str, Claim]:
    """What fits no shape, in order: a gradient that nothing else claims must not go unjudged.

    Not so what has another name, nor a number that is a share of it: hits / n is an accuracy.
    """
    numbers = [path for path, array in arrays.items() if array is not None and array.size == 1]
    free = [
        claim
        for claim in claims
        if claim not in taken.values()
        and not is_named_otherwise(claim.label)
        and not (claim.path in numbers and is_named_otherwise(claim.label.split(" / ", maxsplit=1)[0]))
    ]
    return dict(zip([name for name in names if name not in taken], free, strict=False))


def _claims(returned: Any, texts: Sequence[Sequence[str]], path: Path = (), label: str = "") -> Iterator[Claim]:
    if isinstance(returned, dict):
        for key, item in returned.items():
            yield from _claims(item, (), (*path, key), str(key) if isinstance(key, str) else f"{label}{key}")
    elif isinstance(returned, (tuple, list)) and not _is_vector(returned):
        names = next((t for t in texts if len(t) == len(returned)), ())
        for place, item in enumerate(returned):
            name = names[place] if names else f"{label}[{place}]" if label else ""
            yield from _claims(item, (), (*path, place), name)
    elif returned is not None:
        name = label or (texts[-1][0] if not path and texts and len(texts[-1]) == 1 else "")
        yield Claim(path, name)


def _is_vector(value: Any) -> bool:
    """A list of plain numbers, or of lists of them, is one array."""
    return (
        isinstance(value, list)
        and bool(value)
        and all(isinstance(part, (int, float)) or _is_vector(part) for part in value)
    )


def as_array(value: Any) -> AnyArray | None:
    """A value as an array of real numbers; None where it is none."""
    if value is None or isinstance(value, (str, bytes, dict)):
        return None
    try:
        array = np.asarray(value)
    except ValueError:
        return None
    return array if array.dtype.kind in "biuf" else None


def bare(label: str) -> str:
    """A gradient's name without its marks, in lower case: "dW1" and "grads['W1']" are "w1"."""
    name = re.sub(r"^.*\[['\"](\w+)['\"]\]$", r"\1", label)
    name = re.sub(r"^(self|np)\.", "", name).strip("_").lower()
    shorter = _MARKS.sub("", name).strip("_")
    return (shorter or name).replace("_", "")


def plain(name: str) -> str:
    """An input's name in lower case, without underscores."""
    return re.sub(r"^.*\[['\"](\w+)['\"]\]$", r"\1", name).replace("_", "").replace("self.", "").lower()


def _by_name(claims: Sequence[Claim], wrt: Mapping[str, Shape]) -> dict[str, Claim]:
    found: dict[str, Claim] = {}
    for same in (_identical, _equal, _alike):
        for name in wrt:
            if name in found:
                continue
            meant = [
                claim for claim in claims if claim.label and claim not in found.values() and same(claim.label, name)
            ]
            # The last of several names the gradient: {"W1": .., "dW1": ..}.
            marked = [claim for claim in meant if plain(claim.label) != plain(name)] or meant
            if len(marked) == 1:
                found[name] = marked[0]
    return found


def _identical(label: str, name: str) -> bool:
    return label == name


def _equal(label: str, name: str) -> bool:
    return bare(label) == plain(name)


# What stands beside a loss and is no gradient, though its name begins with a d.
_NO_GRADIENTS = re.compile(r"^d(ata|iff|ist|en|ev|im|ot|iv|et|ict|oc|eg|ec|efault|rop)")
_GRADIENT = re.compile(r"(^d_?[a-z]|grad|^g_?[a-z]?$|nabla|delta|deriv|jac)")


def is_gradient_name(label: str) -> bool:
    """Does a text say that it is a gradient: dW, grad / n, but not data or probs?

    >>> [is_gradient_name(text) for text in ("dW / n", "g", "grads['W1']", "diff", "probs")]
    [True, True, True, False, False]
    """
    name = re.sub(r"\s*[*/+-].*$", "", label.lower()).removeprefix("self.")
    return _GRADIENT.search(name) is not None and _NO_GRADIENTS.match(name) is None


def is_named_otherwise(label: str) -> bool:
    """Is it a plain name, and none of a gradient: loss, acc, hessian?"""
    return label.isidentifier() and not is_gradient_name(label)


_SAME = (
    {"x", "input", "inputs", "data", "features"},
    {"w", "weight", "weights", "kernel", "theta"},
    {"b", "bias", "biases"},
    {"aprev", "a", "aprevious", "al", "x"},
    {"prevh", "hprev", "h"},
    {"h0", "h"},
)


def _alike(label: str, name: str) -> bool:
    one, other = bare(label), plain(name)
    return any(one in group and other in group for group in _SAME)


def _by_shape(
    claims: Sequence[Claim], names: Sequence[str], wrt: Mapping[str, Shape], arrays: Mapping[Path, AnyArray | None]
) -> Iterator[dict[str, Claim]]:
    """Assignments of the rest by shape, in the given order first."""
    if not claims or not names:
        yield {}
        return
    fitting = {
        name: [claim for claim in claims if _fits(arrays[claim.path], wrt[name])]
        for name in names
        if wrt[name] is not None
    }
    fitting = {name: some for name, some in fitting.items() if some}
    seen: set[tuple[tuple[str, Path], ...]] = set()
    orders = permutations(fitting) if len(fitting) <= MOST_PERMUTED else iter([tuple(fitting)])
    for order in orders:
        taken: dict[str, Claim] = {}
        for name in order:
            free = [claim for claim in fitting[name] if claim not in taken.values()]
            if free:
                taken[name] = free[0]
        key = tuple(sorted((name, claim.path) for name, claim in taken.items()))
        if key not in seen:
            seen.add(key)
            yield taken
    if not fitting:
        yield {}


def _fits(array: AnyArray | None, shape: Shape) -> bool:
    return array is not None and squeezed(array.shape) == squeezed(shape)


def squeezed(shape: Shape) -> Shape:
    """A shape without its axes of length 1."""
    return tuple(length for length in shape if length != 1)
