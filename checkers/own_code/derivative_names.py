"""Which function a derivative belongs to, by their names: sigmoid_prime, dReLU, f_prime, nonlin(x, deriv=True)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from .facts import Class, Function
from .roles import Role, plain, role_of

MARKS = frozenset(
    """
    prime derivative derivatives deriv derivate derive der grad gradient gradients grads diff
    derivada derivee ableitung jacobian slope
    """.split()  # noqa: SIM905
)
FILLERS = frozenset(
    """
    of the compute calc calculate get function func fn fun wrt with respect to from output a z x y
    activation act apply loss cost error forward f value
    """.split()  # noqa: SIM905
)
FLAGS = re.compile(
    r"^(is|use|return|calc|get|compute|do|want)?(deriv(ative|ate|e)?s?|prime|der|grad(ient)?|diff|derivada|d)$"
)
# A gradient's name that says nothing of its function: `fn` and `delta` of one class.
VALUES = tuple(
    """
    fn f cost loss forward function func value activate activation call __call__ calculate compute calc evaluate
    """.split()  # noqa: SIM905
)

# Functions as they are known, for a derivative that is handed in without its own: names -> what is computed.
KNOWN: Mapping[str, tuple[str, ...]] = {
    "sigmoid": ("1 / (1 + np.exp(-z))",),
    "sigm": ("1 / (1 + np.exp(-z))",),
    "sig": ("1 / (1 + np.exp(-z))",),
    "logistic": ("1 / (1 + np.exp(-z))",),
    "tanh": ("np.tanh(z)",),
    "relu": ("np.maximum(0, z)",),
    "leakyrelu": ("np.where(z > 0, z, 0.01 * z)", "np.where(z > 0, z, 0.1 * z)", "np.where(z > 0, z, 0.2 * z)"),
    "lrelu": ("np.where(z > 0, z, 0.01 * z)", "np.where(z > 0, z, 0.1 * z)", "np.where(z > 0, z, 0.2 * z)"),
    "softplus": ("np.log(1 + np.exp(z))",),
    "improvedsigmoid": ("1.7159 * np.tanh(2 / 3 * z)",),
    "elu": ("np.where(z > 0, z, np.exp(z) - 1)",),
    "swish": ("z / (1 + np.exp(-z))",),
    "silu": ("z / (1 + np.exp(-z))",),
    "linear": ("z",),
    "identity": ("z",),
}


@dataclass(frozen=True, slots=True)
class Pair:
    """A derivative and its function.

    Attributes:
        prime: source of what is called for the derivative; flags are given.
        base: the function's name without what marks the derivative.
        setup: functions and objects that both calls need.
    """

    gradient: Function
    value: Function | None
    base: str
    calls: tuple[str, str]
    setup: str = ""
    flag: str = ""


def tokens(name: str) -> list[str]:
    """The words of a name: leakyReluPrime and leaky_relu_prime alike.

    >>> tokens("leakyReluPrime"), tokens("d_ReLU")
    (['leaky', 'relu', 'prime'], ['d', 'relu'])
    """
    spaced = re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", re.sub(r"ReLU|RELU", "Relu", re.sub(r"ELU", "Elu", name)))
    return [part for part in spaced.lower().split("_") if part]


def base_of(name: str, others: Sequence[str]) -> str | None:
    """A derivative's name without what marks it; None where nothing does.

    Args:
        others: names of functions that it may be the derivative of, for dsigmoid and dswish.

    >>> base_of("sigmoid_prime", []), base_of("dReLU", []), base_of("d_half_mse", ["half_mse"]), base_of("delta", [])
    ('sigmoid', 'relu', 'halfmse', None)
    """
    words = tokens(name)
    if any(word in MARKS for word in words):
        left = [word for word in words if word not in MARKS and word != "d"]
        return "".join(left)
    joined = "".join(words)
    ending = re.search(r"(prime|derivative|deriv|gradient|grad)$", joined)
    if ending and ending.start():
        return joined[: ending.start()]
    if words[0] == "d" and len(words) > 1:
        return re.sub(r"(dz|dx)$", "", "".join(words[1:]))
    if joined.startswith("d") and (joined[1:] in {plain(one) for one in others} or joined[1:] in KNOWN):
        return joined[1:]
    return None


def _without_fillers(name: str) -> str:
    return "".join(word for word in tokens(name) if word not in FILLERS and word not in MARKS and word != "d")


def pairs_of(function: Function, scope: Sequence[Function], owner: Class | None) -> Iterator[Pair]:
    """The functions that a derivative may belong to."""
    if not function.parameters or function.name.startswith("__") or any(_is_carried(n) for n in function.required):
        return
    flag = next((p.name for p in function.parameters[1:] if FLAGS.match(plain(p.name)) and _is_flag(p.default)), None)
    if flag is not None and flag in function.used_names:
        setup, caller = _caller(function, owner)
        yield Pair(function, function, plain(function.name), (caller, caller), setup, flag)
        return
    others = [one for one in scope if one.name != function.name]
    base = base_of(function.name, [one.name for one in others])
    if base is None and {role_of(name) for name in function.required} == {Role.LABELS, Role.PREDICTION}:
        base = _of_backward(function.name)
    if base is None and function.name in {"delta"} and owner is not None:
        base = ""
    if base is None:
        return
    value = _value_of(function, base, others)
    if value is not None and value.is_unfinished:
        return
    if function.is_unfinished and (value is None or owner is not None):
        return
    setup, caller = _caller(function, owner)
    yield Pair(function, value, base, (_caller(value, owner)[1] if value else "", caller), setup)


def _of_backward(name: str) -> str | None:
    """The loss that mse_backward(pred, target) belongs to: it is given no upstream gradient."""
    words = tokens(name)
    marked = [word for word in words if re.fullmatch(r"backwards?|back|bwd|bprop", word)]
    return "".join(word for word in words if word not in marked) if marked else None


def _is_flag(default: str | None) -> bool:
    return default in {None, "False", "0", "None"}


def _is_carried(name: str) -> bool:
    """An upstream gradient or a cache: then it is a backward function, which other rules know."""
    return role_of(name) in {Role.UPSTREAM, Role.CACHE, Role.SETTINGS} and name not in {"g"}


def _caller(function: Function, owner: Class | None) -> tuple[str, str]:
    """Setup, and what is called."""
    if owner is None:
        return "", function.name
    if function.is_static:
        return "", f"{owner.name}.{function.name}"
    return f"_object = _T.instance({owner.name})", f"_object.{function.name}"


def _value_of(gradient: Function, base: str, others: Sequence[Function]) -> Function | None:
    """The function that a derivative belongs to: by its whole name, by its words that tell, by its beginning."""
    plain_others = [
        one for one in others if one.parameters and base_of(one.name, []) is None and one.name != "__init__"
    ]
    if not base:
        named = [one for name in VALUES for one in plain_others if plain(one.name) == plain(name)]
        return next((one for one in named if len(one.required) <= len(gradient.required)), None)
    for is_same in (_has_name, _tells_the_same, _has_core, _holds, _is_longer):
        found = [one for one in plain_others if is_same(one.name, base) and not _is_other_kind(one, gradient)]
        if found:
            return min(found, key=lambda one: abs(one.line - gradient.line))
    return None


def _has_name(name: str, base: str) -> bool:
    return "".join(tokens(name)) == base


def _tells_the_same(name: str, base: str) -> bool:
    """apply_sigmoid and sigmoid: the same without words such as compute, function, loss."""
    return _core(_without_fillers(name)) == base


def _has_core(name: str, base: str) -> bool:
    """cross_entropy_loss and crossEntropy."""
    return _core(plain(name)) == _core(base) != ""


def _holds(name: str, base: str) -> bool:
    """leakyrelu and leaky, apply_activation and activation."""
    whole = "".join(tokens(name))
    return len(base) > 4 and (whole.startswith(base) or whole.endswith(base))


def _is_longer(name: str, base: str) -> bool:
    return plain(name) in {base + "loss", base + "cost", base + "function", "compute" + base, base + "value"}


def _core(name: str) -> str:
    return re.sub(r"(loss|cost|function|error|activation|apply|compute|calculate)", "", name)


def _is_other_kind(value: Function, gradient: Function) -> bool:
    """Does it need more than the derivative is given?"""
    return len(value.required) > len(gradient.parameters) or any(_is_carried(name) for name in value.required)
