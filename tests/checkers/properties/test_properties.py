"""What properties judge, weights to training runs: right results pass for every seed, wrong ones are named."""

import importlib.util
from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from checkers.properties.initial_weights import KOLMOGOROV, _distance_to_normal
from checkers.properties.known import PROPERTIES
from checkers.properties.property import explained

SOLUTION = Path(__file__).parents[3] / "exercises" / "training" / "solution.py"


@pytest.fixture(scope="module")
def solution():
    spec = importlib.util.spec_from_file_location("training_solution", SOLUTION)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def copied(given):
    return {
        name: {key: array.copy() for key, array in value.items()} if isinstance(value, dict) else value
        for name, value in given.items()
    }


@cache
def questions(name, seed):
    return list(PROPERTIES[name].questions(np.random.default_rng(seed)))


def faults_of(name, function, seed=0):
    """Code and text of what is said of each output that has a fault."""
    found = {}
    for question in questions(name, seed):
        given = copied(question.given)
        for output, fault in question.faults(function(**given)).items():
            if not fault.is_open:
                found.setdefault(output, []).append(fault)
    said = {output: explained(faults) for output, faults in found.items()}
    return {output: (finding.code, finding.message) for output, finding in said.items()}


FUNCTIONS = {
    "initial-weights": "initialize_parameters",
    "mini-batches": "create_mini_batches",
    "predictions": "predict",
    "training-run": "train_model",
}


@pytest.mark.parametrize(("name", "function"), FUNCTIONS.items())
def test_the_solution_has_no_fault_for_any_seed(name, function, solution):
    for seed in range(4 if name == "training-run" else 12):
        assert faults_of(name, getattr(solution, function), seed) == {}


# Initial weights ------------------------------------------------------------------------------------------------------


def drawn(draw, *, shared=False, bias=0.0):
    """initialize_parameters that draws its weights so; from one stream, or the same one in every layer."""

    def initialize_parameters(layer_sizes, seed):
        rng = np.random.default_rng(seed)
        parameters = {}
        for layer, shape in enumerate(pairwise(layer_sizes), 1):
            rng = np.random.default_rng(seed) if shared else rng
            parameters |= {f"W{layer}": draw(rng, shape), f"b{layer}": np.full(shape[1], bias)}
        return parameters

    return initialize_parameters


def normal(rng, shape):
    return rng.normal(0, 0.1, shape)


@pytest.mark.parametrize(
    "draw",
    [
        normal,
        lambda rng, shape: 0.1 * rng.standard_normal(shape[::-1]).T,
        lambda rng, shape: rng.normal(0, 0.1, shape).astype(np.float32),
        lambda rng, shape: np.array([[0.1 * rng.standard_normal() for _ in range(shape[1])] for _ in range(shape[0])]),
    ],
)
def test_normal_weights_of_any_make_pass(draw):
    for seed in range(3):
        assert faults_of("initial-weights", drawn(draw), seed) == {}


@pytest.mark.parametrize(
    ("draw", "code", "said"),
    [
        (lambda rng, shape: rng.uniform(0, 0.01, shape), "wrong-distribution", "uniform between 0 and 0.01"),
        (lambda rng, shape: rng.normal(0, 0.01, shape), "wrong-distribution", "not for the variance"),
        (lambda rng, shape: rng.standard_normal(shape), "wrong-distribution", "not scaled"),
        (lambda rng, shape: rng.normal(0, shape[0] ** -0.5, shape), "wrong-distribution", "1 / sqrt(inputs)"),
        (lambda rng, shape: rng.normal(0, np.sqrt(2 / shape[0]), shape), "wrong-distribution", "sqrt(2 / inputs)"),
        (lambda rng, shape: rng.normal(0.02, 0.1, shape), "wrong-distribution", "mean 0.02"),
        (lambda rng, shape: rng.normal(0, 0.11, shape), "wrong-distribution", "variance 0.012"),
        (lambda rng, shape: rng.uniform(-(0.03**0.5), 0.03**0.5, shape), "wrong-distribution", "not normal"),
        (lambda rng, shape: np.zeros(shape), "same-initial-weights", "all entries of W1 are 0"),
        (lambda rng, shape: np.tile(normal(rng, (shape[0], 1)), shape[1]), "same-initial-weights", "columns of W1"),
        (lambda rng, shape: normal(rng, shape[::-1]), "transposed", "the transpose of"),
        (lambda rng, shape: normal(rng, shape)[:-1], "wrong-shape", "is asked for"),
        (lambda rng, shape: np.full(shape, np.nan), "not-finite", "not finite"),
    ],
)
def test_other_weights_are_named(draw, code, said):
    found = faults_of("initial-weights", drawn(draw))["parameters"]
    assert found[0] == code
    assert said in found[1]


@pytest.mark.parametrize(
    "draw",
    [normal, lambda rng, shape: rng.uniform(0, 1 / shape[0], shape), lambda rng, shape: normal(rng, shape[::-1]).T],
)
def test_one_stream_for_every_layer_is_seen_whatever_is_drawn(draw):
    code, message = faults_of("initial-weights", drawn(draw, shared=True))["parameters"]
    assert code == "same-initial-weights"
    assert "W1 and W2" in message


def test_biases_start_at_zero():
    assert faults_of("initial-weights", drawn(normal, bias=0.1))["parameters"][0] == "wrong-distribution"


def test_what_is_no_network_is_said():
    assert "W1" in faults_of("initial-weights", lambda layer_sizes, seed: None)["parameters"][1]


def test_the_limit_of_the_distance_is_exceeded_as_often_as_is_said():
    rng = np.random.default_rng(0)
    # P(D sqrt(N) > 1) = 0.27 for a large N; the limit of the check is three times as far.
    distances = [np.sqrt(500) * _distance_to_normal(rng.standard_normal(500)) for _ in range(200)]
    assert 0.17 < np.mean(np.array(distances) > 1.0) < 0.37
    assert max(distances) < KOLMOGOROV


# Mini-batches ---------------------------------------------------------------------------------------------------------


def cut(X, Y, order, size):
    return [(X[order[at : at + size]], Y[order[at : at + size]]) for at in range(0, len(order), size)]


def shuffled(X, seed):
    return np.random.default_rng(seed).permutation(len(X))


@pytest.mark.parametrize(
    "function",
    [
        lambda X, Y, batch_size, seed: tuple(cut(X, Y, shuffled(X, seed), batch_size)),
        lambda X, Y, batch_size, seed: [{"X": A, "Y": B} for A, B in cut(X, Y, shuffled(X, seed), batch_size)],
        lambda X, Y, batch_size, seed: [
            (X[rows], Y[rows]) for rows in np.array_split(shuffled(X, seed), -(-len(X) // batch_size))
        ],
        lambda X, Y, batch_size, seed: tuple([A, B] for A, B in cut(X, Y, shuffled(X, seed), batch_size)),
        lambda X, Y, batch_size, seed: dict(enumerate(cut(X, Y, shuffled(X, seed), batch_size))),
        lambda X, Y, batch_size, seed: [(A.astype(np.float32), B) for A, B in cut(X, Y, shuffled(X, seed), batch_size)],
        lambda X, Y, batch_size, seed: (
            [A for A, _ in cut(X, Y, shuffled(X, seed), batch_size)],
            [B for _, B in cut(X, Y, shuffled(X, seed), batch_size)],
        ),
    ],
)
def test_mini_batches_of_any_form_pass(function):
    for seed in range(5):
        assert faults_of("mini-batches", function, seed) == {}


@pytest.mark.parametrize(
    ("function", "code", "said"),
    [
        (lambda X, Y, n, s: cut(X, Y, shuffled(X, s)[: len(X) // n * n], n), "samples-dropped", "3 of 23"),
        (lambda X, Y, n, s: cut(X, Y, shuffled(X, s)[1:], n), "samples-dropped", "1 of 23"),
        (
            lambda X, Y, n, s: cut(X, Y, np.random.default_rng(s).integers(0, len(X), len(X)), n),
            "samples-dropped",
            "with replacement",
        ),
        (lambda X, Y, n, s: cut(X, Y, np.append(shuffled(X, s), 0), n), "wrong-data", "1 of 23 samples are in several"),
        (lambda X, Y, n, s: cut(X, Y[shuffled(X, s)], shuffled(X, s), n), "labels-shifted", "different orders"),
        (lambda X, Y, n, s: cut(X, Y, np.arange(len(X)), n), "wrong-data", "not shuffled"),
        (lambda X, Y, n, s: cut(X, Y, np.roll(np.arange(len(X))[::-1], 3), n), "wrong-data", "not shuffled"),
        (lambda X, Y, n, s: cut(X / 255, Y, shuffled(X, s), n), "wrong-data", "no rows of X"),
        (lambda X, Y, n, s: [*cut(X, Y, shuffled(X, s), n), (X[:0], Y[:0])], "wrong-shape", "An empty one"),
        (lambda X, Y, n, s: cut(X, Y, shuffled(X, s), 2 * n), "wrong-shape", "sizes 10, 10, 3"),
        (lambda X, Y, n, s: [(A.T, B.T) for A, B in cut(X, Y, shuffled(X, s), n)], "transposed", "columns"),
        (
            lambda X, Y, n, s: [(A, B[:1]) for A, B in cut(X, Y, shuffled(X, s), n)],
            "wrong-shape",
            "5 rows of X and 1 of Y",
        ),
        (lambda X, Y, n, s: X, "wrong-shape", "no list"),
        (lambda X, Y, n, s: [X], "wrong-shape", "no pair"),
    ],
)
def test_other_mini_batches_are_named(function, code, said):
    found = faults_of("mini-batches", lambda **given: function(*given.values()))["batches"]
    assert found[0] == code
    assert said in found[1]


# Training -------------------------------------------------------------------------------------------------------------


def trained(solution, record=None, *, step=None, batches=None, epochs=range):
    """train_model with one thing done otherwise."""

    def train_model(X, Y, X_test, Y_test, parameters, learning_rate, batch_size, epochs_, seed):
        history = {"cost": [], "accuracy": [], "test_accuracy": []}
        cut_up = batches or solution.create_mini_batches
        for epoch in epochs(epochs_):
            for A, B in cut_up(X, Y, batch_size, seed + epoch):
                gradients = (step or solution.cost_gradients)(A, B, parameters)
                parameters = {name: parameters[name] - learning_rate * gradients[name] for name in parameters}
            recorded = {
                "cost": solution.mean_cost(X, Y, parameters),
                "accuracy": solution.accuracy(X, Y, parameters),
                "test_accuracy": solution.accuracy(X_test, Y_test, parameters),
            }
            for name, value in (recorded | (record(X, Y, A, B, parameters) if record else {})).items():
                history[name].append(value)
        return parameters, history

    return lambda **given: train_model(**{("epochs_" if key == "epochs" else key): v for key, v in given.items()})


def times(gradients, factor):
    return {name: factor * array for name, array in gradients.items()}


@pytest.mark.parametrize(
    ("change", "code", "said"),
    [
        (lambda s: {"step": lambda A, B, p: times(s.cost_gradients(A, B, p), -1)}, "sign-flipped", "uphill"),
        (
            lambda s: {"step": lambda A, B, p: times(s.cost_gradients(A, B, p), len(A))},
            "mean-missing",
            "not their mean",
        ),
        (lambda s: {"step": lambda A, B, p: times(s.cost_gradients(A, B, p), 1 / len(A))}, "mean-twice", "twice"),
        (lambda s: {"step": lambda A, B, p: times(s.cost_gradients(A, B, p), len(A) / 2)}, "wrong-count", "smaller"),
        (lambda s: {"step": lambda A, B, p: times(s.cost_gradients(A, B, p), 0)}, "wrong-operand", "no step"),
        (lambda s: {"step": lambda A, B, p: times(s.cost_gradients(A, B, p), 1.01)}, "unknown", "no order"),
        (lambda s: {"batches": lambda X, Y, n, r: s.create_mini_batches(X, Y, n, r)[:1]}, "samples-dropped", "first"),
        (
            lambda s: {"batches": lambda X, Y, n, r: s.create_mini_batches(X, Y, batch_size=1, seed=r)},
            "wrong-data",
            "one sample",
        ),
        (lambda s: {"batches": lambda X, Y, n, r: [(X, Y)] * -(-len(X) // n)}, "wrong-data", "all samples"),
        (lambda s: {"step": lambda A, B, p: times(s.cost_gradients(A, B, p), 0.5)}, "unknown", "no order"),
        (lambda s: {"batches": lambda X, Y, n, r: [(X[:n], Y[:n])] * -(-len(X) // n)}, "samples-dropped", "the same"),
        (
            lambda s: {
                "step": lambda A, B, p: {k: g * k.startswith("W") for k, g in s.cost_gradients(A, B, p).items()}
            },
            "term-missing",
            "biases are never moved",
        ),
    ],
)
def test_other_descents_are_named(change, code, said, solution):
    found = faults_of("training-run", trained(solution, **change(solution)))["parameters"]
    assert found[0] == code
    assert said in found[1]


@pytest.mark.parametrize(
    ("output", "value", "said"),
    [
        ("cost", lambda s, X, Y, A, B, p: np.abs(Y - s.forward_pass(X, p)[1]).mean(), "mean absolute error"),
        ("cost", lambda s, X, Y, A, B, p: s.mean_cost(A, B, p), "the last mini-batch alone"),
        ("cost", lambda s, X, Y, A, B, p: len(X) * s.mean_cost(X, Y, p), "not their mean"),
        ("cost", lambda s, X, Y, A, B, p: 0.99 * s.mean_cost(X, Y, p), "is recorded where"),
        ("cost", lambda s, X, Y, A, B, p: -s.mean_cost(X, Y, p), "the negative of the cost"),
        ("accuracy", lambda s, X, Y, A, B, p: 1 - s.accuracy(X, Y, p), "share of errors"),
        ("accuracy", lambda s, X, Y, A, B, p: len(X) * s.accuracy(X, Y, p), "the number of samples"),
        ("accuracy", lambda s, X, Y, A, B, p: s.accuracy(A, B, p), "last mini-batch"),
        ("test_accuracy", lambda s, X, Y, A, B, p: s.accuracy(A, B, p), "last mini-batch of the training set"),
        ("test_accuracy", lambda s, X, Y, A, B, p: s.accuracy(X, Y, p), "on the training set"),
    ],
)
def test_another_quantity_under_a_name_is_said(output, value, said, solution):
    function = trained(solution, lambda *arrays: {output: value(solution, *arrays)})
    found = faults_of("training-run", function)
    assert {name: code for name, (code, _) in found.items()} == {output: "wrong-metric"}
    assert said in found[output][1]


def test_the_mini_batches_of_a_run_may_be_cut_anywhere(solution):
    def cut_evenly(X, Y, size, seed):
        parts = np.array_split(shuffled(X, seed), -(-len(X) // size))
        return [(X[rows], Y[rows]) for rows in reversed(parts)]

    assert faults_of("training-run", trained(solution, batches=cut_evenly)) == {}


def test_means_of_the_wrong_mini_batches_are_not_accused_too(solution):
    """Where every step takes all samples, the mean of their costs is what it is called."""

    def train_model(X, Y, X_test, Y_test, parameters, learning_rate, batch_size, epochs, seed):
        history = {"cost": [], "accuracy": [], "test_accuracy": []}
        for _ in range(epochs):
            costs, shares = [], []
            for _ in range(-(-len(X) // batch_size)):
                costs.append(solution.mean_cost(X, Y, parameters))
                shares.append(solution.accuracy(X, Y, parameters))
                gradients = solution.cost_gradients(X, Y, parameters)
                parameters = {name: parameters[name] - learning_rate * gradients[name] for name in parameters}
            history["cost"].append(np.mean(costs))
            history["accuracy"].append(np.mean(shares))
            history["test_accuracy"].append(solution.accuracy(X_test, Y_test, parameters))
        return parameters, history

    for seed in range(2):
        assert {name: code for name, (code, _) in faults_of("training-run", train_model, seed).items()} == {
            "parameters": "wrong-data"
        }


def test_a_rate_of_its_own_and_steps_on_the_test_set_are_named(solution):
    def at_a_rate(X, Y, X_test, Y_test, parameters, learning_rate, **others):
        return trained(solution)(
            X=X, Y=Y, X_test=X_test, Y_test=Y_test, parameters=parameters, learning_rate=0.01, **others
        )

    def on_the_test_set(X, Y, X_test, Y_test, **others):
        return trained(solution)(X=X_test, Y=Y_test, X_test=X_test, Y_test=Y_test, **others)

    assert "the learning rate is 0.01" in faults_of("training-run", at_a_rate)["parameters"][1]
    assert "use the test set" in faults_of("training-run", on_the_test_set)["parameters"][1]


def recorded_as(solution, names, measure=lambda value: value):
    """train_model that calls what it records by other names, among others."""

    def train_model(**given):
        parameters, history = trained(solution)(**given)
        lists = {name: [measure(value) for value in history[name]] for name in history}
        return parameters, {
            names.get(name, name): numbers for name, numbers in [*names.get("first", ()), *lists.items()]
        }

    return train_model


@pytest.mark.parametrize(
    "names",
    [
        {"first": [("batch_costs", [1.0] * 7), ("error_rate", [0.4] * 3)]},
        {"first": [("train_acc_per_batch", [0.5])], "accuracy": "latest_accuracy"},
        {"cost": "trainLoss", "accuracy": "trainAccuracy", "test_accuracy": "valAccuracy"},
        {"cost": "cost_values", "test_accuracy": "testacc"},
    ],
)
def test_the_lists_are_found_under_many_names(names, solution):
    assert faults_of("training-run", recorded_as(solution, names)) == {}


def test_rounded_numbers_pass_and_other_numbers_do_not(solution):
    assert faults_of("training-run", recorded_as(solution, {}, lambda value: round(float(value), 4))) == {}
    assert "cost" in faults_of("training-run", recorded_as(solution, {}, lambda value: round(float(value), 4) + 1e-4))


def test_what_is_recorded_on_a_wrong_way_is_left_open(solution):
    junk = trained(
        solution, lambda *_: {"cost": 123.0}, step=lambda A, B, p: times(solution.cost_gradients(A, B, p), -1)
    )
    assert set(faults_of("training-run", junk)) == {"parameters"}
    for question in questions("training-run", 0):
        assert question.faults(junk(**copied(question.given)))["cost"].is_open


def test_accuracies_in_percent_pass(solution):
    percent = trained(solution, lambda X, Y, A, B, p: {"accuracy": 100 * solution.accuracy(X, Y, p)})
    assert faults_of("training-run", percent) == {}


def test_another_number_of_epochs_is_said(solution):
    function = trained(solution, epochs=lambda epochs: range(epochs + 1))
    *_, question = questions("training-run", 0)
    faults = question.faults(function(**copied(question.given)))
    fault = faults.pop("parameters")
    assert all(other.is_open for other in faults.values())
    assert (fault.finding.code, fault.finding.message[-40:]) == (
        "sum-range",
        "epochs led there, where 3 are asked for.",
    )


RAGGED = [[1.0], [1.0, 2.0]]
NO_HISTORY = {"cost": RAGGED, "accuracy": [1j], "test_accuracy": [10**400]}


@pytest.mark.parametrize(
    "value", [None, 3.0, {}, (), ({}, {}), "text", [np.zeros(3)], [(RAGGED, RAGGED)], RAGGED, ({}, NO_HISTORY)]
)
def test_what_no_training_run_returns_is_a_fault_not_an_exception(value):
    for name in PROPERTIES:
        for question in questions(name, 0):
            assert question.faults(value), name
