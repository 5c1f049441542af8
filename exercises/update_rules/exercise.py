"""Update rules: gradient descent, momentum, and one whole step of a sigmoid network with the bias trick."""

from derivations.models import network
from gradcheck import Case, Exercise, Model, Task


def rules() -> Case:
    """Gradient descent and momentum for any gradient: v = mu v - rate dw, w = w + v."""
    m = Model("update-rules", "Gradient descent and momentum")
    p, H = m.sizes(p="inputs", H="units")
    j, k = m.indices(j=p, k=H)
    w, dw, v = m.data("w", p, H), m.data("dw", p, H, note="gradient"), m.data("v", p, H, note="velocity")
    rate, mu = m.constant("learning_rate", domain="unit"), m.constant("mu", domain="unit", note="momentum")
    w_step, v_new, w_new = m.node("w_step"), m.node("v_new"), m.node("w_new")
    w_step[j, k] = w[j, k] - rate * dw[j, k]
    v_new[j, k] = mu * v[j, k] - rate * dw[j, k]
    w_new[j, k] = w[j, k] + v_new[j, k]
    tasks = (
        Task("sgd_update", "w, dw, learning_rate", "w = w_step"),
        Task("momentum_update", "w, dw, v, learning_rate, mu", "w = w_new, v = v_new"),
    )
    return Case(m, tasks, label="rules")


def step_of_network() -> Case:
    """Both layers of a sigmoid network moved against their gradients, both taken at the old weights."""
    m = network(
        "two-layer-sigmoid",
        "Two-layer sigmoid network with the bias trick",
        depth=2,
        activation="sigmoid",
        l2="none",
        rows=True,
        biases=False,
        inputs="with-ones",
    )
    rate = m.constant("learning_rate", domain="unit")
    for name, source, target in (("W1", "j", "k"), ("W2", "k", "m")):
        W, new = m[name][m.index(source), m.index(target)], m.node(f"{name}_new")
        new[m.index(source), m.index(target)] = W - rate * m.derivative(W)
        m.add_update(f"{name}_new", name, "learning_rate")
    task = Task("backward_update", "X, Y, W1, W2, learning_rate", "W1 = W1_new, W2 = W2_new", points=4)
    return Case(m, (task,), label="step of a network")


exercise = Exercise("update-rules", cases=(rules(), step_of_network()))
