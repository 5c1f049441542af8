"""The parameters of a network as a student hands them over: {"W1": .., "b1": .., ..} and what is as good."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..returned import sort_out
from ..tasks import Output, Task
from .property import Fault, seen, told

AnyArray = NDArray[Any]

RETURN_THEM = (
    "Return a dict with the keys W1, b1, W2, b2, ...; W has the shape (inputs, outputs), b the shape (outputs,)."
)


@dataclass(frozen=True, slots=True)
class Parameters:
    """Weights (inputs, outputs) and biases (outputs,) of every layer."""

    weights: list[AnyArray]
    biases: list[AnyArray]

    def arrays(self) -> dict[str, AnyArray]:
        """By name: W1, b1, ..."""
        found: dict[str, AnyArray] = {}
        for layer, (W, b) in enumerate(zip(self.weights, self.biases, strict=True), 1):
            found |= {f"W{layer}": W, f"b{layer}": b}
        return found

    @classmethod
    def of(cls, arrays: Mapping[str, AnyArray]) -> Parameters:
        """From arrays by name."""
        numbers = range(1, len(arrays) // 2 + 1)
        return cls([arrays[f"W{number}"] for number in numbers], [arrays[f"b{number}"] for number in numbers])


def read(value: Any, sizes: Sequence[int]) -> Parameters | Fault:
    """The parameters of a network with layers of these sizes, in float64; or why they are none."""
    layers = range(1, len(sizes))
    names = [f"{letter}{layer}" for layer in layers for letter in "Wb"]
    task = Task("", (), tuple(Output(name, name, group="parameters") for name in names))
    found = sort_out(task, value)
    shapes = [shape for fan_in, fan_out in pairwise(sizes) for shape in ((fan_in, fan_out), (fan_out,))]
    arrays: dict[str, AnyArray] = {}

    def fault(code: str, text: str) -> Fault:
        return told(seen(code, f"parameters: {text}", RETURN_THEM), array)

    for name, shape in zip(names, shapes, strict=True):
        array = found[name].array
        if array is None:
            return fault("wrong-shape", f"{name} {found[name].problem}.")
        if array.dtype.kind != "f":
            return fault("wrong-shape", f"{name} is not an array of real numbers.")
        if array.shape != shape and name.startswith("W") and array.shape == shape[::-1]:
            return fault("transposed", f"{name} has the shape {array.shape}, the transpose of {shape}.")
        if sorted(n for n in array.shape if n != 1) != sorted(n for n in shape if n != 1):
            return fault("wrong-shape", f"{name} has the shape {array.shape}, where {shape} is asked for.")
        if not np.isfinite(array).all():
            return fault("not-finite", f"{name} has entries that are not finite.")
        arrays[name] = array.reshape(shape)
    return Parameters.of(arrays)


def drawn(sizes: Sequence[int], generator: np.random.Generator) -> dict[str, AnyArray]:
    """Random parameters that are handed to a function: no entry is 0."""
    found: dict[str, AnyArray] = {}
    for layer, (fan_in, fan_out) in enumerate(pairwise(sizes), 1):
        found[f"W{layer}"] = generator.standard_normal((fan_in, fan_out)) / np.sqrt(fan_in)
        found[f"b{layer}"] = 0.3 * generator.standard_normal(fan_out)
    return found
