"""What docs/gallery.md says of eight mistakes holds for more than the seed that it shows."""

import re
import runpy
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from checkers.training.exercise_learner import ExerciseLearner
from checkers.training.history import History
from checkers.training.run import race
from checkers.training.settings import Settings
from gradcheck.training import Request, Trained, prepared, train

SEEDS = pytest.mark.parametrize("seed", [0, 1, 2])
THIRTIETH = 0.1 / 30

Runs = tuple[History, History]


def runs(exercise: str, mistake: str, **settings: float) -> Runs:
    """Of the reference, and of the mistake."""
    return compared(train(Request(exercise, mistake=mistake), Settings(**settings)))


def compared(trained: Trained) -> Runs:
    right, wrong = trained.histories.values()
    return right, wrong


def cost(history: History) -> float:
    return history.last.train.cost


def accuracy(history: History) -> float:
    assert history.last.test.accuracy is not None
    return history.last.test.accuracy


def grows_evenly(right: History, wrong: History) -> bool:
    growth = np.diff([epoch.train.cost for epoch in wrong.epochs])[1:]
    return bool(growth.min() > 0.999 * growth.max() > 0)


def learns_no_more_than_chance(right: History, wrong: History) -> bool:
    return abs(cost(wrong) - np.log(10)) < 0.03 and accuracy(wrong) < 0.15


def is_below_chance(right: History, wrong: History) -> bool:
    return accuracy(wrong) < 0.01


def is_accurate_at_a_high_cost(right: History, wrong: History) -> bool:
    return 0 < accuracy(right) - accuracy(wrong) < 0.05 and 1.6 < cost(wrong) < 1.7 and cost(right) < 0.44


def costs_the_same_and_is_less_accurate(right: History, wrong: History) -> bool:
    same = abs(right.last.test.cost - wrong.last.test.cost) < 0.01
    return same and 0.03 < accuracy(right) - accuracy(wrong) < 0.05


def grows_a_thousandfold(right: History, wrong: History) -> bool:
    costs = np.array([epoch.train.cost for epoch in wrong.epochs])
    return bool((costs[2:] > 1000 * costs[1:-1]).all())


def is_a_fifth_dearer(right: History, wrong: History) -> bool:
    return 1.15 < cost(wrong) / cost(right) < 1.25 and abs(accuracy(right) - accuracy(wrong)) < 0.01


def is_cheaper_at_first(right: History, wrong: History) -> bool:
    pairs = zip(right.epochs[1:7], wrong.epochs[1:7], strict=True)
    return all(mine.train.cost < theirs.train.cost for theirs, mine in pairs) and is_a_fifth_dearer(right, wrong)


def is_seven_times_dearer(right: History, wrong: History) -> bool:
    return 6.9 < cost(wrong) / cost(right) < 7.1 and accuracy(wrong) >= accuracy(right)


CLAIMS = [
    ("softmax-regression", "sign-flipped", {"epochs": 5}, grows_evenly),
    ("mlp", "mean-missing", {"epochs": 5}, learns_no_more_than_chance),
    ("softmax-regression", "labels-shifted", {"epochs": 10}, is_below_chance),
    ("softmax-regression", "hard-argmax", {"epochs": 10}, is_accurate_at_a_high_cost),
    ("softmax-regression", "softmax-diagonal", {"epochs": 10}, costs_the_same_and_is_less_accurate),
    ("mlp", "softmax-diagonal", {"epochs": 5}, grows_a_thousandfold),
    ("mlp", "wrong-adjoint", {"epochs": 20}, is_a_fifth_dearer),
    ("two-layer-net", "regulariser-sign", {"epochs": 20, "reg": 0.001}, is_cheaper_at_first),
    ("two-layer-net", "regulariser-sign", {"epochs": 20, "reg": 0.005}, is_seven_times_dearer),
]


@pytest.mark.slow
@SEEDS
@pytest.mark.parametrize(
    ("exercise", "mistake", "settings", "holds"), CLAIMS, ids=[f"{claim[1]}-{claim[3].__name__}" for claim in CLAIMS]
)
def test_the_page_says_what_happens(
    exercise: str, mistake: str, settings: dict[str, float], holds: Callable[..., bool], seed: int
) -> None:
    assert holds(*runs(exercise, mistake, seed=seed, **settings))


@pytest.mark.slow
@SEEDS
@pytest.mark.parametrize(
    ("exercise", "mistake", "rate"),
    [("mlp", "mean-missing", THIRTIETH), ("softmax-regression", "mean-twice", 30 * 0.1)],
    ids=["mean-missing", "mean-twice"],
)
def test_another_rate_makes_good_for_the_mean(exercise: str, mistake: str, rate: float, seed: int) -> None:
    right, _ = runs(exercise, mistake, epochs=5, seed=seed)
    _, wrong = runs(exercise, mistake, epochs=5, seed=seed, rate=rate)
    assert cost(wrong) == pytest.approx(cost(right), rel=0.02)


@contextmanager
def trained_on(exercise: str, mistake: str, epochs: int, seed: int) -> Iterator[tuple[Trained, ExerciseLearner]]:
    with prepared(Request(exercise, mistake=mistake), Settings(epochs=epochs, seed=seed)) as (
        trained,
        learners,
        _,
    ):
        race(learners, trained.data, trained.settings, trained.histories)
        learner = learners[mistake]
        assert isinstance(learner, ExerciseLearner)
        yield trained, learner


@pytest.mark.slow
@pytest.mark.parametrize(("seed", "dark"), [(0, 32), (1, 32), (2, 31)])
def test_without_the_mean_the_relus_go_dark(seed: int, dark: int) -> None:
    with trained_on("mlp", "mean-missing", 3, seed) as (trained, learner):
        z = trained.data.train.X @ learner.parameters["W1"].T + learner.parameters["b1"]
    assert (z <= 0).all(axis=0).sum() == dark


@pytest.mark.slow
@SEEDS
def test_with_shifted_labels_the_next_class_is_learnt(seed: int) -> None:
    with trained_on("softmax-regression", "labels-shifted", 10, seed) as (trained, learner):
        test = trained.data.test
        said = (test.X @ learner.parameters["W"].T + learner.parameters["b"]).argmax(axis=1)
    share = np.mean(said == (test.Y.argmax(axis=1) + 1) % 10)
    assert round(100 * share) == 93
    assert abs(share - accuracy(trained.histories["reference"])) < 0.01


ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/gallery.md").read_text(encoding="utf-8")
DRAWING = runpy.run_path(str(ROOT / "docs/gallery.py"))


def test_the_picture_has_a_panel_for_each_mistake_of_the_table() -> None:
    told = re.findall(r"^\| \d \| \[([\w-]+)\]", PAGE, re.MULTILINE)
    drawn = [arguments[arguments.index("--mistake") + 1] for _, arguments in DRAWING["sections"](PAGE)]
    assert drawn == told
    assert len(told) == 8


@pytest.mark.slow
def test_a_panel_shows_the_costs_of_its_command() -> None:
    one = "## 3. 1/n twice\n\n$ gradcheck train softmax-regression --mistake mean-twice --epochs 4 --quiet\n"
    cost, accuracy, *_ = (axis for axis in DRAWING["draw"](one).axes if axis.lines)
    right, wrong = runs("softmax-regression", "mean-twice", epochs=4)
    shown = [list(line.get_ydata()) for line in cost.lines]
    assert shown == [[epoch.train.cost for epoch in history.epochs] for history in (right, wrong)]
    assert list(accuracy.lines[1].get_ydata())[-1] == 100 * wrong.last.test.accuracy
