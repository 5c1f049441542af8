"""Reports written by hand, one for every way a check can end; every renderer must do well with each."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from checkers.findings import Alternative, Certainty, Finding, Severity, Verdict
from checkers.report import Entry, Oracles, OutputReport, Report, TaskReport

# No expected value of these reports occurs in them anywhere else, so finding one in a text means that it leaked.
EXPECTED = (-0.4375, 0.3125, -0.15625, 91.5625, 0.8203125)
SOURCE, FIX = "dZ = Y - A", "dZ = A - Y"


def right_output(name: str, of: str, shape: tuple[int, ...] = ()) -> OutputReport:
    entries = 1
    for size in shape:
        entries *= size
    return OutputReport(
        name, of, Verdict.RIGHT, shape, 2.1e-16, 1e-7, entries, 0, oracles=Oracles(2.1e-16, 3.4e-11, 1.8e-16)
    )


def wrong_output(name: str, of: str, shape: tuple[int, ...], wrong: tuple[Entry, ...], entry_map: tuple[str, ...]):
    entries = sum(map(len, entry_map))
    count = sum(row.count("x") for row in entry_map)
    oracles = Oracles(2.0, 2.0, None)
    return OutputReport(name, of, Verdict.WRONG, shape, 2.0, 1e-7, entries, count, wrong, entry_map, oracles)


def right_task(name: str, line: int, *outputs: OutputReport) -> TaskReport:
    return TaskReport(name, Verdict.RIGHT, 1.0, 1.0, line, outputs or (right_output("J", "J"),))


def report(*tasks: TaskReport, **changes: object) -> Report:
    values = {
        "version": "0.1.0",
        "file": "student.py",
        "exercise": "softmax-regression",
        "seed": 20231,
        "isolation": "process",
        "seconds": 0.31,
    }
    return Report(**(values | changes), tasks=tasks)


def residual_reversed(*outputs: str) -> Finding:
    return Finding(
        "residual-reversed",
        "The residual is reversed: y - y_hat stands where y_hat - y belongs, so everything after it is negated.",
        Certainty.PROVEN,
        hint="Differentiate the log-sum-exp term first: it gives +softmax(z); the label term gives -y.",
        step="dJ/dz",
        outputs=outputs,
        line=25,
        column=4,
        end_line=25,
        end_column=14,
        source=SOURCE,
        fix=FIX,
        fix_relative_error=3e-16,
        alternatives=(Alternative("sign-flipped", "the whole gradient has the opposite sign"),),
    )


def wrong_report() -> Report:
    dz = wrong_output(
        "dZ", "Z", (5, 3), (Entry((1, 2), 0.4375, EXPECTED[0]), Entry((0, 0), -0.3125, EXPECTED[1])), ("xxx",) * 5
    )
    dw = wrong_output("dW", "W", (3, 7), (Entry((2, 0), 0.15625, EXPECTED[2]),), ("xxxxxxx",) * 3)
    db = wrong_output("db", "b", (3,), (Entry((1,), -0.25, EXPECTED[4]),), ("xxx",))
    step = ("dJ/dz", "∂J/∂z[i,m] = (softmax(z)[i,m] - y[i,m]) / n")
    note = Finding(
        "mutates-input",
        "model_backward changes its argument W in place.",
        Certainty.OBSERVED,
        hint="Work on a copy: W = W.copy().",
        severity=Severity.NOTE,
        line=28,
    )
    return report(
        right_task("softmax", 4, right_output("A", "A", (5, 3))),
        right_task("cross_entropy", 9),
        TaskReport("cross_entropy_gradient", Verdict.WRONG, 0, 2, 15, (dz,), (residual_reversed("dZ"),), steps=(step,)),
        TaskReport(
            "model_backward",
            Verdict.WRONG,
            0,
            4,
            21,
            (dw, db),
            (residual_reversed("dW", "db"), note),
            call="model_backward(Y, X, W, b)",
            steps=(step,),
        ),
        output="shapes (5, 3)\nhere\n",
    )


def partly_wrong_report() -> Report:
    """One column of several is wrong, nothing known explains it, and another function could not be judged."""
    rows = tuple("...x" + "." * 60 for _ in range(200))
    dw = wrong_output("dW1", "W1", (200, 64), (Entry((17, 3), 91.5, EXPECTED[3]),), rows)
    unknown = Finding(
        "unknown", "dW1 is wrong in one column and no known mistake gives these numbers.", Certainty.LIKELY
    )
    undecided = OutputReport("db1", "b1", Verdict.UNDECIDED, (64,), reason="finite differences are too coarse here")
    return report(
        TaskReport("loss", Verdict.WRONG, 1.5, 3, 3, (dw, undecided, right_output("J", "J")), (unknown,)),
        TaskReport("relu", Verdict.UNDECIDED, 1, 1, 30, (undecided,)),
        exercise="two-layer-net",
    )


def undecided_report() -> Report:
    undecided = OutputReport(
        "dz", "z", Verdict.UNDECIDED, (5,), reason="the loss has a kink at every probe that was tried"
    )
    return report(right_task("relu", 3), TaskReport("relu_backward", Verdict.UNDECIDED, 1, 1, 8, (undecided,)))


def missing_report() -> Report:
    missing = Finding("missing-function", "There is no function model_backward in student.py.", Certainty.OBSERVED)
    outputs = tuple(OutputReport(name, name[1:], Verdict.NOT_RUN) for name in ("dW", "db"))
    return report(
        right_task("softmax", 4), TaskReport("model_backward", Verdict.NOT_RUN, 0, 4, None, outputs, (missing,))
    )


def raised_report() -> Report:
    raised = Finding(
        "raises",
        "model_backward raises ValueError: operands could not be broadcast together with shapes (5,3) (3,5)",
        Certainty.OBSERVED,
        hint="X is (n, p) and dZ is (n, M): X.T @ dZ is (p, M).",
        outputs=("dW", "db"),
        line=26,
    )
    outputs = tuple(OutputReport(name, name[1:], Verdict.WRONG) for name in ("dW", "db"))
    return report(TaskReport("model_backward", Verdict.WRONG, 0, 4, 21, outputs, (raised,)))


def syntax_report() -> Report:
    problem = Finding(
        "syntax", "student.py does not parse: '(' was never closed.", Certainty.OBSERVED, line=7, column=12
    )
    outputs = (OutputReport("A", "A", Verdict.NOT_RUN),)
    return report(TaskReport("softmax", Verdict.NOT_RUN, 0, 1, None, outputs), problems=(problem,))


def not_finite_report() -> Report:
    nan, infinity = float("nan"), float("inf")
    output = OutputReport(
        "J",
        "J",
        Verdict.WRONG,
        (),
        nan,
        1e-7,
        1,
        1,
        (Entry((), -infinity, EXPECTED[4]),),
        (),
        Oracles(infinity, nan, None),
    )
    finding = Finding("not-finite", "J is -inf on ordinary data.", Certainty.OBSERVED, outputs=("J",), line=11)
    return report(TaskReport("cross_entropy", Verdict.WRONG, 0, 1, 9, (output,), (finding,)))


HOSTILE = "<script>alert(1)</script>[red]x[/red]\x1b[31m\x07\u202e`|*_{{7*7}}&amp;]]>\"'"


def hostile_report() -> Report:
    """Everything that a student controls tries to be markup, an escape sequence or a template."""
    finding = Finding(
        "raises",
        HOSTILE,
        Certainty.OBSERVED,
        hint=HOSTILE,
        step="dJ/dz",
        outputs=(HOSTILE,),
        line=1,
        source=f"{HOSTILE}\n```\n{HOSTILE}",
        fix=HOSTILE,
        alternatives=(Alternative("sign-flipped", HOSTILE),),
    )
    output = OutputReport(
        HOSTILE, "W", Verdict.WRONG, (2,), 1.0, 1e-7, 2, 1, (Entry((0,), 1.0, 2.0),), ("x.",), reason=HOSTILE
    )
    task = TaskReport(HOSTILE, Verdict.WRONG, 0, 1, 1, (output,), (finding,), HOSTILE, (("dJ/dz", HOSTILE),))
    return report(task, file=f"{HOSTILE}.py", problems=(finding,), output=f"{HOSTILE}\n" * 30)


SAMPLES = {
    "right": lambda: report(right_task("softmax", 4), right_task("model_backward", 9, right_output("dW", "W", (3, 7)))),
    "wrong": wrong_report,
    "partly-wrong": partly_wrong_report,
    "undecided": undecided_report,
    "missing": missing_report,
    "raised": raised_report,
    "syntax": syntax_report,
    "not-finite": not_finite_report,
    "hostile": hostile_report,
}


@pytest.fixture(params=sorted(SAMPLES))
def any_report(request: pytest.FixtureRequest) -> Report:
    return SAMPLES[request.param]()


@pytest.fixture
def sample():
    """The sample report of a name."""
    return lambda name: SAMPLES[name]()


def installed_command() -> list[str]:
    """The installed command, or the module where there is none (a checkout on PYTHONPATH)."""
    name = "gradcheck.exe" if os.name == "nt" else "gradcheck"
    path = Path(sys.executable).with_name(name)
    return [str(path)] if path.exists() else [sys.executable, "-m", "gradcheck"]


@pytest.fixture(scope="session")
def run_command(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Runs the installed command; `module=True` runs `python -m gradcheck`, `env` adds to the environment."""
    empty = tmp_path_factory.mktemp("empty")

    def run(*arguments: str, cwd: Path = empty, module: bool = False, env: dict[str, str] | None = None):
        command = [sys.executable, "-m", "gradcheck"] if module else installed_command()
        environment = {**os.environ, "PYTHONIOENCODING": "utf-8", **(env or {})}
        return subprocess.run(
            [*command, *arguments],
            cwd=cwd,
            env=environment,
            capture_output=True,
            encoding="utf-8",
            timeout=120,
            check=False,
        )

    return run
