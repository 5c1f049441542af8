"""What each hint level shows and hides."""

import pytest

from checkers.findings import Alternative, Certainty, Finding, Severity, Verdict
from checkers.hints import DEFAULT, redact
from checkers.report import Entry, Oracles, OutputReport, Report, TaskReport

FINDING = Finding(
    "sign-flipped",
    "dW has the opposite sign.",
    Certainty.PROVEN,
    hint="Look at the minus.",
    step="dJ/dz",
    outputs=("dW",),
    line=4,
    column=2,
    end_line=4,
    end_column=9,
    source="-x",
    fix="x",
    fix_relative_error=1e-16,
    alternatives=(Alternative("residual-reversed", "or the residual"),),
)
OUTPUT = OutputReport(
    "dW", "W", Verdict.WRONG, (2,), 2.0, 1e-7, 2, 1, (Entry((1,), 0.5, -0.5),), (".x",), Oracles(2.0, 2.0, None), "why"
)
TASK = TaskReport("f", Verdict.WRONG, 0, 1, 3, (OUTPUT,), (FINDING,), "f(y, x)", (("dJ/dz", "= z - y"),))
SYNTAX = Finding("syntax", "does not parse", Certainty.OBSERVED, line=7)
REPORT = Report("0.1.0", "s.py", "e", 1, "process", 0.1, (TASK,), (SYNTAX,), "printed")


def test_level_3_shows_everything():
    assert redact(REPORT, 3) == REPORT


def test_level_2_hides_expected_values_source_and_fix():
    (task,) = redact(REPORT, 2).tasks
    (finding,) = task.findings
    assert task.outputs[0].wrong == (Entry((1,), 0.5, None),)
    assert (finding.source, finding.fix, finding.fix_relative_error) == (None, None, None)
    assert (finding.line, finding.column, finding.step, finding.hint) == (4, 2, "dJ/dz", "Look at the minus.")
    assert (task.line, task.steps) == (3, TASK.steps)


def test_level_1_shows_what_and_which_entries_but_not_where_nor_values():
    (task,) = redact(REPORT, 1).tasks
    (finding,) = task.findings
    assert (finding.code, finding.message, finding.outputs) == ("sign-flipped", FINDING.message, ("dW",))
    assert finding.alternatives == FINDING.alternatives
    assert task.outputs[0].wrong == (Entry((1,), None, None),)
    assert task.outputs[0].entry_map == (".x",)
    places = (finding.line, finding.column, finding.end_line, finding.end_column, finding.step, finding.hint, task.line)
    assert places == (None,) * 7
    assert task.steps == ()


def test_level_0_shows_verdicts_and_scores_only():
    (task,) = redact(REPORT, 0).tasks
    assert task.findings == ()
    assert task.outputs == (OutputReport("dW", "W", Verdict.WRONG),)
    assert (task.verdict, task.score, task.max_score) == (Verdict.WRONG, 0, 1)


@pytest.mark.parametrize("level", [0, 1, 2, 3])
def test_verdict_score_and_severity_are_the_same_at_every_level(level):
    shown = redact(REPORT, level)
    assert (shown.verdict, shown.score, shown.max_score) == (REPORT.verdict, REPORT.score, REPORT.max_score)
    assert shown.problems[0].severity is Severity.FAULT
    assert shown.problems[0].message == "does not parse"


def test_a_file_that_does_not_parse_is_wrong_at_level_0():
    not_run = TaskReport("f", Verdict.NOT_RUN, 0, 1)
    assert redact(Report("0.1.0", "s.py", "e", 1, "process", 0.1, (not_run,), (SYNTAX,)), 0).verdict is Verdict.WRONG


def test_default_level_hides_the_expected_values():
    assert redact(REPORT, DEFAULT).tasks[0].outputs[0].wrong[0].expected is None


@pytest.mark.parametrize("level", [-1, 4])
def test_a_level_outside_0_to_3_is_refused(level):
    with pytest.raises(ValueError, match="HintLevel"):
        redact(REPORT, level)
