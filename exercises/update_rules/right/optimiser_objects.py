from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass
class Sgd:
    learning_rate: float

    def step(self, w: np.ndarray, dw: np.ndarray) -> np.ndarray:
        return w - self.learning_rate * dw


@dataclass
class Momentum(Sgd):
    mu: float
    velocity: np.ndarray | None = None

    def step(self, w: np.ndarray, dw: np.ndarray) -> np.ndarray:
        old = np.zeros_like(w) if self.velocity is None else self.velocity
        self.velocity = self.mu * old + super().step(np.zeros_like(w), dw)
        return w + self.velocity


def sgd_update(w, dw, learning_rate):
    return Sgd(learning_rate).step(w, dw)


def momentum_update(w, dw, v, learning_rate, mu):
    optimiser = Momentum(learning_rate, mu, v)
    return optimiser.step(w, dw), optimiser.velocity


class Layer:
    def __init__(self, W, optimiser):
        self.W, self.optimiser = W, optimiser

    def forward(self, A):
        self.A = A
        return A @ self.W

    def backward(self, dZ):
        dA = dZ @ self.W.T
        self.W = self.optimiser.step(self.W, self.A.T @ dZ)
        return dA


def backward_update(X, Y, W1, W2, learning_rate):
    hidden, output = Layer(W1, Sgd(learning_rate)), Layer(W2, Sgd(learning_rate))
    a = 1 / (1 + np.exp(-hidden.forward(X)))
    scores = output.forward(a)
    probs = np.exp(scores - scores.max(axis=1, keepdims=True))
    probs /= probs.sum(axis=1, keepdims=True)
    # a layer hands dA down before it changes its own weights
    da = output.backward((probs - Y) / len(Y))
    hidden.backward(da * a * (1 - a))
    return hidden.W, output.W
