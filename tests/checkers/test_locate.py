"""Where the mistake is: lines, fixes that were run, two at once, what follows from another function, kept states."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from checkers.findings import Certainty, Finding, Verdict
from checkers.report import Report
from checkers.trace import Traced, first_difference, read_trace, spread
from gradcheck import check_file

EXERCISES = Path(__file__).parents[2] / "exercises"
WRONG = sorted(EXERCISES.glob("*/wrong/*.py"))
SEED = 20231


def solution(exercise: str) -> str:
    return (EXERCISES / exercise / "solution.py").read_text()


def report_on(folder: Path, text: str, **options: float) -> Report:
    path = folder / "student.py"
    path.write_text(text)
    return check_file(path, seed=SEED, **options)  # type: ignore[arg-type]


def faults(report: Report) -> list[Finding]:
    return [finding for task in report.tasks for finding in task.findings if finding.is_fault]


def line_with(text: str, part: str) -> int:
    return next(number for number, line in enumerate(text.split("\n"), 1) if part in line)


def changed(text: str, old: str, new: str) -> str:
    assert text.count(old) >= 1
    return text.replace(old, new, 1)


def changed_at(text: str, line: int, old: str, new: str) -> str:
    """The text with the old part replaced that stands at a line."""
    start = text.find(old)
    while start >= 0 and text.count("\n", 0, start + len(old)) + 1 < line:
        start = text.find(old, start + 1)
    assert start >= 0
    return text[:start] + new + text[start + len(old) :]


def test_a_repair_carries_line_source_fix_and_the_error_left(tmp_path: Path) -> None:
    text = changed(solution("two-layer-net".replace("-", "_")), "* (H > 0)", "* (H < 0)")
    finding = faults(report_on(tmp_path, text))[0]
    assert finding.certainty is Certainty.PROVEN
    assert (finding.line, finding.source) == (line_with(text, "(H < 0)"), "dH = (dS @ W2.T) * (H < 0)")
    assert finding.fix == "dH = (dS @ W2.T) * (H > 0)"
    assert finding.fix_relative_error is not None
    assert finding.fix_relative_error < 1e-12
    source_line = text.split("\n")[finding.line - 1]
    assert source_line[finding.column : finding.end_column] == finding.source


def test_without_a_budget_nothing_is_located(tmp_path: Path) -> None:
    text = changed(solution("two_layer_net"), "* (H > 0)", "* (H < 0)")
    finding = faults(report_on(tmp_path, text, locate_budget=0))[0]
    assert (finding.line, finding.fix, finding.certainty) == (None, None, Certainty.LIKELY)


def test_two_mistakes_are_two_findings_with_a_fix_each(tmp_path: Path) -> None:
    text = changed(solution("two_layer_net"), "dH.sum(axis=0)", "-dH.sum(axis=0)")
    text = changed(text, "H.T @ dS + 2 * reg", "H.T @ dS + reg")
    found = {finding.outputs: finding for finding in faults(report_on(tmp_path, text))}
    assert set(found) == {("b1",), ("W2",)}
    assert {finding.certainty for finding in found.values()} == {Certainty.PROVEN}
    assert found["b1",].line == line_with(text, "-dH.sum")
    assert found["W2",].line == line_with(text, "H.T @ dS + reg")


def test_what_follows_from_another_function_is_not_judged_twice(tmp_path: Path) -> None:
    wrong = EXERCISES / "softmax_regression" / "wrong" / "shift_only_above.py"
    report = check_file(wrong, seed=SEED)
    first, *rest = faults(report)
    assert first.outputs == ("y_hat",)
    assert rest
    assert all("follow" in finding.message and "softmax" in finding.message for finding in rest)
    assert {finding.line for finding in rest} == {first.line}


def test_what_only_earlier_calls_make_wrong_is_a_kept_state(tmp_path: Path) -> None:
    text = changed(solution("linear_regression"), "import numpy as np\n", "import numpy as np\n\nseen = []\n")
    text += "\n_right = model_forward\n\n\ndef model_forward(X, w, b):\n"
    text += "    seen.append(X)\n    return _right(seen[0], w, b)\n"
    found = [finding for finding in faults(report_on(tmp_path, text)) if "z" in finding.outputs]
    assert [finding.code for finding in found] == ["keeps-state"]


def test_right_functions_beside_a_wrong_one_stay_right(tmp_path: Path) -> None:
    text = changed(solution("linear_regression"), "def model_backward", "calls = 0\n\n\ndef model_backward")
    text = text.replace("return X.T @", "return -X.T @")
    report = report_on(tmp_path, text)
    verdicts = {task.name: task.verdict for task in report.tasks}
    assert verdicts.pop("model_backward") is Verdict.WRONG
    assert set(verdicts.values()) == {Verdict.RIGHT}


def test_a_caller_is_not_changed_for_what_its_helper_gets_wrong(tmp_path: Path) -> None:
    (tmp_path / "helpers.py").write_text("def cost_gradient(z, y):\n    return 2 * (y - z) / len(y)\n")
    text = solution("linear_regression").replace("def cost_gradient(", "def _own_gradient(")
    text = changed(text, "import numpy as np\n", "import numpy as np\nfrom helpers import cost_gradient\n")
    start = text.index("def model_backward")
    text = text[:start] + "def model_backward(X, y, w, b):\n    dz = cost_gradient(model_forward(X, w, b), y)\n"
    text += "    return X.T @ dz, dz.sum()\n\n\ndef update_parameters(w, b, dw, db, learning_rate):\n"
    text += "    return w - learning_rate * dw, b - learning_rate * db\n"
    found = faults(report_on(tmp_path, text))
    assert Certainty.PROVEN not in {finding.certainty for finding in found}
    assert any("cost_gradient, which is wrong itself" in (finding.hint or "") for finding in found)


def test_what_was_computed_when_the_file_was_loaded_is_no_proof(tmp_path: Path) -> None:
    text = changed(
        solution("linear_regression"), "import numpy as np\n", "import numpy as np\n\nA = 1.0\nB = 2 * A - 1\n"
    )
    start = text.index("def cost_gradient")
    end = text.index("def model_backward")
    text = text[:start] + "def cost_gradient(z, y):\n    return A * (z - y) / len(y)\n\n\n" + text[end:]
    text = text.replace("- learning_rate * dw", "- B * learning_rate * dw")
    assert all(finding.fix != "A = 2" for finding in faults(report_on(tmp_path, text)))


@pytest.mark.slow
@pytest.mark.parametrize("path", WRONG, ids=lambda path: f"{path.parents[1].name}/{path.name}")
def test_a_proven_fix_written_into_the_file_makes_the_outputs_right(path: Path, tmp_path: Path) -> None:
    report = check_file(path, seed=SEED, timeout=3.0)
    proven = [finding for finding in faults(report) if finding.certainty is Certainty.PROVEN]
    lines = path.read_text().split("\n")
    for finding in {(f.line, f.source, f.fix): f for f in proven}.values():
        text = "\n".join(lines)
        assert finding.source is not None
        assert finding.fix is not None
        lines = changed_at(text, finding.line or 1, finding.source, finding.fix).split("\n")
    if proven:
        again = report_on(tmp_path, "\n".join(lines), timeout=3.0)
        names = {name for finding in proven for name in finding.outputs}
        tasks = {task.name for task in report.tasks if any(finding in proven for finding in task.findings)}
        assert all(
            output.verdict is Verdict.RIGHT
            for task in again.tasks
            if task.name in tasks
            for output in task.outputs
            if output.name in names
        )


# The trace ------------------------------------------------------------------------------------------------------------


def test_a_trace_leaves_out_what_is_none() -> None:
    assert [
        traced.line for traced in read_trace([[3, "z", np.ones(2)], ["3", "z", np.ones(2)], [4, "s", np.array("a")]])
    ] == [3]


def test_two_runs_part_ways_where_a_value_differs() -> None:
    one = [Traced(1, "a", np.ones(2)), Traced(2, "b", np.ones(2)), Traced(3, "c", np.ones(2))]
    other = [one[0], Traced(2, "b", np.zeros(2)), one[2]]
    assert first_difference(one, other) == 2
    assert first_difference(one, one) is None


def test_a_spread_shape_is_no_identity_matrix() -> None:
    trace = [Traced(1, "Y", np.eye(5)), Traced(2, "r", np.ones((5, 5)))]
    found = spread(trace, [5, 7])
    assert found is not None
    assert found.line == 2
    assert spread(trace, [7]) is None
