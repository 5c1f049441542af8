"""The reference network in the place of a case of an exercise, with its loss and its penalty."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..reference_mlp import ReferenceMLP
from ..reference_oracle import NetworkSpec
from .dataset import Samples
from .history import Score
from .plan import Plan
from .reference_learner import Layers, measured
from .step_sizes import StepSizeCurve, cost_curve

AnyArray = NDArray[Any]


@dataclass(frozen=True, slots=True)
class Reference:
    """The reference network with the loss and the penalty of a case.

    Attributes:
        spec: how the case names the arrays of the layers.
        reg: strength of the penalty.
    """

    spec: NetworkSpec
    network: ReferenceMLP
    reg: float

    @classmethod
    def of(cls, plan: Plan, activation: str | None = None) -> Reference | None:
        """The network for a case; None where it has no such loss.

        Args:
            activation: of the hidden layers; None for the case's own.

        Raises:
            UsageError: there is no such activation.
        """
        spec = plan.case.network
        if spec is None:
            return None
        reg = plan.constants[spec.strength] if spec.strength else 0.0
        return cls(spec, ReferenceMLP(activation or spec.activation, spec.loss, spec.l2), reg)

    @property
    def has_biases(self) -> bool:
        """Has the case biases?"""
        return self.spec.layers[0].bias is not None

    def layers(self, parameters: Mapping[str, AnyArray]) -> Layers:
        """Parameters of the case as the network takes them: copies, weights of shape (fan_in, fan_out)."""
        weights, biases = [], []
        for layer in self.spec.layers:
            W = np.array(parameters[layer.weights])
            weights.append(np.ascontiguousarray(W[:, None] if W.ndim == 1 else W.T if layer.is_transposed else W))
            biases.append(None if layer.bias is None else np.array(np.atleast_1d(parameters[layer.bias])))
        return Layers(weights, biases)

    def cost(self, layers: Layers, samples: Samples) -> float:
        """The mean loss of some samples, the penalty included."""
        return self.network.loss_value(layers.weights, layers.biases, samples.X, samples.Y, self.reg)

    def measure(self, layers: Layers, samples: Samples, *, classes: bool) -> Score:
        """Cost and accuracy on all samples."""
        return measured(self.network, layers, samples, self.reg, classes=classes)

    def step_sizes(self, layers: Layers, samples: Samples) -> StepSizeCurve:
        """Finite differences of the cost along a random direction of all parameters, in the layers' precision."""
        found = self.network.gradients(layers.weights, layers.biases, samples.X, samples.Y, self.reg)
        gradients = [*found.weights, *(db for db in found.biases if db is not None)]
        return cost_curve(layers.arrays(), gradients, lambda moved: self.cost(layers.like(moved), samples))
