"""Activation functions, what they do to a gradient on its way back, and the Jacobian of softmax."""

from derivations.functions import ACTIVATIONS, Elementary
from gradcheck import Case, Exercise, Model, Sum, Task, exp


def activation(name: str, function: type[Elementary]) -> Case:
    """An activation A = f(Z) in front of anything: J has the derivative dA with respect to A."""
    m = Model(name, f"The activation {name}")
    n, H = m.sizes(n="samples", H="units")
    i, k = m.indices(i=n, k=H)
    Z, dA = m.parameter("Z", n, H, note="pre-activations"), m.data("dA", n, H, note="gradient from above")
    A, J = m.node("A", "activations"), m.loss("J")
    A[i, k] = function(Z[i, k])
    J[()] = Sum(dA[i, k] * A[i, k], i, k)
    return Case(m, (Task(name, "Z", "A"), Task(f"{name}_backward", "dA, Z", "dJ/dZ")), label=name)


def softmax_jacobian() -> Case:
    """ds_k/dz_j of s = softmax(z); v stands for whatever s is used for."""
    m = Model("softmax", "The softmax function")
    (M,) = m.sizes(M="classes")
    k, c = m.indices(k=M, l=M)
    z, v = m.parameter("z", M, note="logits"), m.data("v", M, note="gradient from above")
    s, J = m.node("s", "probabilities"), m.loss("J")
    s[k] = exp(z[k]) / Sum(exp(z[c]), c)
    J[()] = Sum(v[k] * s[k], k)
    return Case(m, (Task("softmax_jacobian", "z", "jacobian = ds/dz"),), label="softmax")


exercise = Exercise(
    "activations",
    cases=(*(activation(name.replace("-", "_"), f) for name, f in ACTIVATIONS.items()), softmax_jacobian()),
)
