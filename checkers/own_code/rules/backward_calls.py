"""How the backward function of a pair is called: which of its arguments is what, by their names."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from checkers.own_code.claims import bare
from checkers.own_code.facts import Function, Parameter
from checkers.own_code.roles import Role, plain, role_of

FROM_CACHE = (("_cache", ""),)


@dataclass(frozen=True, slots=True)
class Call:
    """How the backward is called.

    Attributes:
        text: its source.
        places: of the values that the upstream gradients belong to, in what the forward returns; () for the first.
        assumed: what was taken for granted.
    """

    text: str
    places: tuple[int, ...] = ()
    assumed: tuple[str, ...] = ()
    is_guess: bool = False


@dataclass(slots=True)
class _Parts:
    """The arguments of a call, as they are put together."""

    sources: list[str] = field(default_factory=list)
    assumed: list[str] = field(default_factory=list)
    from_cache: int = 0


def backward_calls(
    backward: Function, forward: Function, upstream: Sequence[str], given: Mapping[str, str]
) -> Iterator[Call]:
    """The calls that may be meant: where a forward returns no cache, it may be the input or the output.

    Args:
        given: the sources of the forward's arguments.
    """
    has_cache = any(len(texts) > 1 for texts in forward.returns) or not forward.returns
    first = next((text for text in given.values() if text.startswith("_v[")), "_cache")
    choices = FROM_CACHE if has_cache else ((first, "the input"), ("_out", "the output"), *FROM_CACHE)
    for cache, said in choices:
        parts = _Parts()
        for parameter in backward.parameters:
            _add(parts, parameter, forward, upstream, given, (cache, said))
        if parts.from_cache > 1:
            return  # arguments of which nothing tells what they are
        text = f"{backward.name}({', '.join(parts.sources)})"
        for places in dict.fromkeys((value_places(forward, upstream), ())):
            yield Call(text, places, tuple(parts.assumed))
        if (axis := _axis_without_first(backward, upstream[0])) is not None:
            yield _with_bias_unit(Call(text, (), tuple(parts.assumed)), axis)
        if not parts.from_cache:
            return


def _add(
    parts: _Parts,
    parameter: Parameter,
    forward: Function,
    upstream: Sequence[str],
    given: Mapping[str, str],
    cache: tuple[str, str],
) -> None:
    """One more argument."""
    name = parameter.name
    place = _returned_place(forward, name)
    if name in upstream:
        parts.sources.append(f"{name}=_us[{upstream.index(name)}]")
    elif place is not None:
        parts.sources.append(f"{name}=_returned[{place}]" if place else f"{name}=_out")
    elif name in given:
        parts.sources.append(f"{name}={given[name]}")
    elif name in forward.names:
        parts.sources += [] if parameter.has_default else [f"{name}=_o[{name!r}]"]
    elif role_of(name) is Role.REGULARISATION:
        parts.sources.append(f"{name}=0.0")
        parts.assumed.append(f"{name} = 0: its term belongs to the cost, not to the layer")
    elif not parameter.has_default:
        source, said = cache
        parts.from_cache += 1
        parts.sources.append(f"{name}={source}")
        if said:
            parts.assumed.append(f"{name} is {said} of {forward.name}")


def value_places(forward: Function, upstream: Sequence[str]) -> tuple[int, ...]:
    """Where the values that upstream gradients are named after stand in what a forward returns: da_next for a_next.

    Nothing where that is where they are looked for anyway, or where the names do not tell.
    """
    texts = next((texts for texts in forward.returns if len(texts) > 1), ())
    values = {plain(text): place for place, text in enumerate(texts) if text not in forward.names}
    places = tuple(values[bare(name)] for name in upstream if bare(name) in values)
    is_told = len(places) == len(upstream) and places != tuple(range(len(upstream)))
    return places if is_told else ()


def cache_place(forward: Function, values: int) -> int | None:
    """Where the cache stands in what a forward returns, where more than that follows its values: a, y_pred, cache."""
    for texts in forward.returns:
        caches = [place for place, text in enumerate(texts) if text[0] in "([{" or role_of(text) is Role.CACHE]
        if len(texts) > values + 1 and len(caches) == 1 and caches[0] >= values:
            return caches[0]
    return None


def _returned_place(forward: Function, name: str) -> int | None:
    """The place in what a forward returns of something that is called the same."""
    for texts in forward.returns:
        if len(texts) > 1 and name in texts and role_of(name) is not Role.CACHE:
            return texts.index(name)
    return None


def _axis_without_first(function: Function, name: str) -> int | None:
    """The axis along which a function leaves out the first entry of an argument: np.delete(g, 0), g[1:], g[:, 1:]."""
    text = ast.unparse(function.node)
    if re.search(rf"\b{name}\[:, 1:|\bdelete\({name}, 0, (axis=)?1\)", text):
        return 1
    return 0 if re.search(rf"\b{name}\[1:|\bdelete\({name}, 0(, (axis=)?0)?\)", text) else None


def _with_bias_unit(call: Call, axis: int) -> Call:
    """The call in which a bias unit stands before the units of the layer, as the next layer takes them."""
    text = re.sub(r"=(_us\[0\]|_out)", rf"=_T.with_bias_unit(\1, {axis})", call.text)
    assumed = (*call.assumed, "a bias unit stands before what it is given, and is left out of it")
    return Call(text, call.places, assumed, is_guess=True)
