"""Every bundled submission through the whole check: right ones pass, wrong ones are found, named and placed.

One pool of processes checks the files that the chosen tests are about; the tests read its reports.
"""

from __future__ import annotations

import multiprocessing
import os
import tomllib
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from checkers.findings import FAMILY_OF, Finding, Verdict
from checkers.report import Report
from gradcheck import check_file

EXERCISES = Path(__file__).parents[2] / "exercises"
RIGHT = sorted([*EXERCISES.glob("*/solution.py"), *EXERCISES.glob("*/right/*.py")])
WRONG = sorted(EXERCISES.glob("*/wrong/*.py"))
SEED = 20231
# Seconds a call may take: a submission that hangs is waited for, and all others need milliseconds.
TIMEOUT = 3.0

# Of 365: found to be wrong, and not yet called what they are.
NOT_NAMED = frozenset(["two_layer_net/training_step_inside.py", "update_rules/weights_in_loop.py"])
# Of 365: placed at a line that shows the mistake and is not where it was made, or at none.
NOT_PLACED = frozenset(
    [
        "activations/cosh_not_squared.py",
        "activations/denominator_not_squared.py",
        "activations/improved_sigmoid_own_output.py",
        "activations/remembers_output.py",
        "convolution/one_channel.py",
        "linear_regression/gradient_not_split.py",
        "linear_regression/reversed_and_halved.py",
        "linear_regression/sum_over_features.py",
        "mlp/binary_cross_entropy.py",
        "mlp/delta_not_passed_on.py",
        "mlp/half_precision.py",
        "mlp/integer_labels.py",
        "mlp/keys_from_zero.py",
        "mlp/or_string.py",
        "mlp/predicted_classes.py",
        "mlp/reversed_and_summed.py",
        "softmax_regression/binary_cross_entropy.py",
        "softmax_regression/hinge_loss.py",
        "softmax_regression/jacobian_off_diagonal_sign.py",
        "softmax_regression/predicted_class.py",
        "training/a_number_for_each_batch.py",
        "training/all_samples_each_step.py",
        "training/divided_by_all_samples.py",
        "training/first_batch_only.py",
        "training/first_parameters_returned.py",
        "training/first_sample_left_out.py",
        "training/no_relu_in_predict.py",
        "training/not_shuffled.py",
        "training/probabilities_returned.py",
        "training/relu_at_the_end.py",
        "training/remainder_dropped.py",
        "training/same_seed_each_layer.py",
        "training/seeded_in_loop.py",
        "training/shuffled_apart.py",
        "training/targets_not_shuffled.py",
        "training/trained_on_test_set.py",
        "training/weights_zero.py",
        "training/whole_gradient_each_step.py",
        "training/with_replacement.py",
        "two_layer_net/gradient_left_empty.py",
        "two_layer_net/relu_not_undone.py",
        "update_rules/forward_again.py",
        "update_rules/updated_too_early_in_place.py",
        "update_rules/weights_in_loop.py",
        "update_rules/weights_left_out.py",
    ]
)


EVERY = 12  # wrong submissions of which one is checked by default; `pytest -m slow` checks the others


def sampled(paths: list[Path]) -> list[Any]:
    """One path in some; the rest are marked slow."""
    return [
        pytest.param(path, id=name_of(path), marks=() if WRONG.index(path) % EVERY == 0 else pytest.mark.slow)
        for path in paths
    ]


def name_of(path: Path) -> str:
    return f"{path.parents[1].name if path.name != 'solution.py' else path.parent.name}/{path.name}"


def check(path: Path) -> Report:
    return check_file(path, seed=SEED, timeout=TIMEOUT)


@pytest.fixture(scope="module")
def reports(request: pytest.FixtureRequest) -> Iterator[dict[Path, Future[Report]]]:
    """The reports on all files that the tests of this run need, as they come."""
    items = [item for item in request.session.items if isinstance(item, pytest.Function)]
    paths = {item.callspec.params["path"]: None for item in items if item.path == Path(__file__)}
    with ProcessPoolExecutor(os.cpu_count(), multiprocessing.get_context("spawn")) as pool:
        yield {path: pool.submit(check, path) for path in paths}
        pool.shutdown(cancel_futures=True)


Reports = dict[Path, "Future[Report]"]


@pytest.mark.parametrize("path", RIGHT, ids=name_of)
def test_right_submission_is_accused_of_nothing(path: Path, reports: Reports) -> None:
    report = reports[path].result()
    faults = [finding.message for task in report.tasks for finding in task.findings if finding.is_fault]
    assert (report.verdict, faults) == (Verdict.RIGHT, [])
    assert report.score == report.max_score


@pytest.mark.parametrize("path", sampled(WRONG))
def test_wrong_submission_is_found_in_the_outputs_that_are_wrong(path: Path, reports: Reports) -> None:
    expected = expected_of(path)
    report = reports[path].result()
    assert report.verdict is not Verdict.RIGHT
    assert report.score < report.max_score
    if report.problems or "outputs" not in expected:
        return
    wrong = {(task.name, o.name) for task in report.tasks for o in task.outputs if o.verdict is Verdict.WRONG}
    if expected["code"] not in {"missing-function", "keeps-state"}:
        assert {name for task, name in wrong if task == expected["task"]} == set(expected["outputs"])
        assert {task for task, _ in wrong} <= {expected["task"], *expected.get("also", [])}


@pytest.mark.parametrize("path", sampled([p for p in WRONG if name_of(p) not in NOT_NAMED]))
def test_wrong_submission_is_named(path: Path, reports: Reports) -> None:
    expected = expected_of(path)
    faults = faults_of(reports[path].result())
    named = {code for finding in faults for code in (finding.code, *(a.code for a in finding.alternatives))}
    codes = {expected["code"], *expected.get("accept", [])}
    assert named & codes, [finding.message for finding in faults]
    assert {FAMILY_OF[code] for code in named} & {FAMILY_OF[code] for code in codes}


@pytest.mark.parametrize("path", sampled([p for p in WRONG if name_of(p) not in NOT_PLACED]))
def test_wrong_submission_is_placed(path: Path, reports: Reports) -> None:
    lines = expected_of(path).get("line")
    if lines is not None:
        assert faults_of(reports[path].result())[0].line in (lines if isinstance(lines, list) else [lines])


@pytest.mark.parametrize("path", sampled(WRONG))
def test_every_wrong_output_stands_in_a_finding(path: Path, reports: Reports) -> None:
    for task in reports[path].result().tasks:
        wrong = {output.name for output in task.outputs if output.verdict is Verdict.WRONG}
        assert wrong <= {name for finding in task.findings if finding.is_fault for name in finding.outputs}


def faults_of(report: Report) -> list[Finding]:
    return [*report.problems, *(f for task in report.tasks for f in task.findings if f.is_fault)]


@cache
def table_of(folder: Path) -> dict[str, dict[str, Any]]:
    return tomllib.loads((folder / "expected.toml").read_text())


def expected_of(path: Path) -> dict[str, Any]:
    return table_of(path.parent)[path.name]
