"""`initialize_parameters(layer_sizes, seed)`: normal weights of mean 0 and variance 0.01, fresh for every layer."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from ..findings import Finding
from .layers import Parameters, read
from .property import SEED, Arguments, Fault, Property, likely, seen, told

AnyArray = NDArray[Any]

# What is asked for: mean 0, variance 0.01.
STD = 0.1
# Standard errors: right weights are farther off once in 10^9 draws.
FAR = 6.0
# Of sqrt(N) times the largest distance between two distribution functions: exceeded once in 10^8 draws.
# Source: Kolmogorov's limit, P(D sqrt(N) > x) = 2 exp(-2 x^2) for large x.
KOLMOGOROV = 3.1
# The same random numbers in two layers, each scaled and shifted in its own way, correlate like this.
SAME = 0.999
FEWEST = 8  # numbers of which a correlation says something

FRESH = "Make one generator before the loop over the layers, rng = np.random.default_rng(seed), and draw all from it."
AS_ASKED = "0.1 * rng.standard_normal(shape) has mean 0 and variance 0.01; biases start at 0."


def _questions(generator: Generator) -> Iterator[Drawn]:
    """A network large enough for its distribution to be seen, and one without a hidden layer."""
    seed = int(generator.integers(1, 10_000))
    yield Drawn({"layer_sizes": [211, 127, 83, 10], "seed": seed})
    yield Drawn({"layer_sizes": [61, 7], "seed": seed + 1})


INITIAL_WEIGHTS = Property(("layer_sizes", SEED), ("parameters",), _questions)


@dataclass(frozen=True, slots=True)
class Drawn:
    """The weights of a network with given sizes."""

    given: Arguments

    def faults(self, value: Any) -> dict[str, Fault]:
        """Shapes, then what the layers share, then the distribution."""
        parameters = read(value, self.given["layer_sizes"])
        if isinstance(parameters, Fault):
            return {"parameters": parameters}
        found = _alike(parameters) or _distribution(parameters)
        return {} if found is None else {"parameters": found}


def _alike(parameters: Parameters) -> Fault | None:
    """Units or layers that begin with the same weights."""
    for number, W in enumerate(parameters.weights, 1):
        if np.ptp(W, axis=1).max() == 0:
            what = (
                f"all entries of W{number} are {W.flat[0]:g}"
                if np.ptp(W) == 0
                else f"all columns of W{number} are equal"
            )
            text = f"parameters: {what}, so all units of a layer compute the same and always will."
            return told(seen("same-initial-weights", text, AS_ASKED), _shown(parameters))
    for (one, W), (other, V) in combinations(enumerate(parameters.weights, 1), 2):
        if _same_numbers(W, V):
            text = f"parameters: W{one} and W{other} begin with the same random numbers"
            text = f"{text}: the generator is seeded anew for each layer."
            return told(likely("same-initial-weights", text, FRESH), _shown(parameters))
    return None


def _shown(parameters: Parameters) -> AnyArray:
    """The smallest weights: the line that set them set the others, and large arrays are not looked for."""
    return min(parameters.weights, key=np.size)


def _same_numbers(W: AnyArray, V: AnyArray) -> bool:
    """Were both filled from the start of the same stream, whatever was done to the numbers then?"""
    for first in (W.ravel(), W.T.ravel()):
        for second in (V.ravel(), V.T.ravel()):
            one, other = (array[: min(len(first), len(second))] for array in (first, second))
            if len(one) >= FEWEST and min(np.ptp(one), np.ptp(other)) > 0 and np.corrcoef(one, other)[0, 1] > SAME:
                return True
    return False


def _distribution(parameters: Parameters) -> Fault | None:
    """Mean, spread and shape of each layer's weights, and its biases."""
    for number, (W, b) in enumerate(zip(parameters.weights, parameters.biases, strict=True), 1):
        if (finding := _of_weights(f"W{number}", W)) is not None:
            return told(finding, _shown(parameters))
        if np.any(b != 0):
            return told(seen("wrong-distribution", f"parameters: b{number} does not start at 0.", AS_ASKED), b)
    return None


def _of_weights(name: str, W: AnyArray) -> Finding | None:
    mean, std = float(W.mean()), float(W.std())
    error = STD / math.sqrt(W.size)
    if abs(mean) <= FAR * error and abs(std - STD) <= FAR * error / math.sqrt(2):
        if math.sqrt(W.size) * _distance_to_normal(W.ravel() / STD) <= KOLMOGOROV:
            return None
        found = (
            f"have the right mean and variance, but are not normal: they lie between {W.min():.2g} and {W.max():.2g}"
        )
        return seen("wrong-distribution", f"parameters: the entries of {name} {found}.", AS_ASKED)
    measured = (
        f"parameters: the entries of {name} have mean {mean:.2g} and variance {std**2:.2g}, where 0 and 0.01 are asked "
        f"for"
    )
    why = _explained(W, mean, std)
    if why:
        return likely("wrong-distribution", f"{measured}: {why}.", AS_ASKED)
    return seen("wrong-distribution", f"{measured}.", AS_ASKED)


def _explained(W: AnyArray, mean: float, std: float) -> str:
    """Which other distribution has that mean and variance; "" for none that is known."""
    near = FAR / math.sqrt(2 * W.size)
    centred = abs(mean) <= FAR * std / math.sqrt(W.size)
    high = 2 * mean
    if W.min() >= 0 and W.max() <= 1.1 * high and abs(std * math.sqrt(12) / high - 1) <= 2 * near:
        return f"they are uniform between 0 and {_round(high)}"
    known = {
        "0.01 is taken for the standard deviation, not for the variance": 0.01,
        "they are standard normal, not scaled": 1.0,
        "they have the standard deviation 1 / sqrt(inputs)": 1 / math.sqrt(W.shape[0]),
        "they have the standard deviation sqrt(2 / inputs)": math.sqrt(2 / W.shape[0]),
    }
    return next((text for text, other in known.items() if centred and abs(std / other - 1) <= near), "")


def _round(number: float) -> str:
    return f"{number:.1g}"


def _distance_to_normal(values: AnyArray) -> float:
    """The largest distance between the values' distribution function and the standard normal's."""
    ordered = np.sort(values)
    normal = np.array([0.5 * math.erfc(-value / math.sqrt(2)) for value in ordered])
    steps = np.arange(len(ordered) + 1) / len(ordered)
    return float(max(np.abs(normal - steps[1:]).max(), np.abs(normal - steps[:-1]).max()))
