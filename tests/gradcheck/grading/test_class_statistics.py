"""The sums over a class."""

from dataclasses import replace

import pytest

from checkers.call_findings import failure
from checkers.findings import Certainty, Finding, Severity, Verdict
from checkers.report import OutputReport, TaskReport
from checkers.student_answers import Ending, EndingKind, Outcome, Run
from gradcheck.grading.class_statistics import NAMED, ClassStatistics, Look, fault_codes, looks


def counted(*rows) -> ClassStatistics:
    statistics = ClassStatistics()
    for row in rows:
        statistics.add(row)
    return statistics


def with_finding(report, code, **changes):
    """The report with this finding alone, in its last task."""
    finding = Finding(code, f"{code} happened", changes.pop("certainty", Certainty.LIKELY), **changes)
    last = replace(report.tasks[-1], findings=(finding,), verdict=Verdict.WRONG, score=0.0)
    return replace(report, tasks=(*report.tasks[:-1], last))


def with_score(report, *scores):
    tasks = tuple(TaskReport(f"f{n}", Verdict.RIGHT if s == 2 else Verdict.WRONG, s, 2.0) for n, s in enumerate(scores))
    return replace(report, tasks=tasks)


def test_mean_and_median_of_an_even_and_an_odd_number(graded, sample):
    rows = [graded(f"s{score}", with_score(sample("right"), score, 0.5)) for score in (0, 0.5, 1, 2)]
    assert (counted(*rows).mean, counted(*rows).median) == (1.375, 1.25)
    assert counted(*rows[1:]).median == 1.5
    assert counted(*rows).max_score == 4


def test_an_empty_class_has_no_mean_that_divides_by_zero():
    assert (counted().mean, counted().median, counted().mistakes) == (0, 0, [])


def test_each_function_has_its_pass_rate(graded, sample):
    rows = [graded("a", with_score(sample("right"), 2, 0)), graded("b", with_score(sample("right"), 2, 1))]
    first, second = counted(*rows).tasks.values()
    assert (first.pass_rate, first.mean, second.pass_rate, second.mean) == (1, 2, 0, 0.5)
    assert second.verdicts == {Verdict.WRONG: 2}


def test_a_mistake_in_two_functions_counts_once_a_submission_and_once_a_function(graded, sample):
    mistake = counted(graded("a", sample("wrong")), graded("b", sample("right"))).mistakes[0]
    assert (mistake.code, mistake.members.count, mistake.members.names) == ("residual-reversed", 1, ["a"])
    assert mistake.tasks == {"cross_entropy_gradient": 1, "model_backward": 1}
    assert mistake.proven == 1


def test_a_mistake_made_twice_in_a_function_counts_once(graded, sample):
    report = with_finding(sample("right"), "transposed")
    last = report.tasks[-1]
    report = replace(report, tasks=(replace(last, findings=last.findings * 2),))
    (mistake,) = counted(graded("a", report)).mistakes
    assert (mistake.members.count, dict(mistake.tasks)) == (1, {last.name: 1})


def test_the_commonest_mistake_stands_first(graded, sample):
    rows = [graded(name, with_finding(sample("right"), "transposed")) for name in "ab"]
    statistics = counted(graded("c", with_finding(sample("right"), "factor")), *rows)
    assert [mistake.code for mistake in statistics.mistakes] == ["transposed", "factor"]


def test_notes_are_no_mistakes(graded, sample):
    statistics = counted(graded("a", with_finding(sample("right"), "unstable", severity=Severity.NOTE)))
    assert (statistics.mistakes, dict(statistics.notes)) == ([], {"unstable": 1})


def test_what_concerns_the_whole_file_is_no_mistake_of_every_function(graded, sample):
    report = sample("syntax")
    report = replace(report, tasks=tuple(replace(task, findings=report.problems) for task in report.tasks))
    (mistake,) = counted(graded("a", report)).mistakes
    assert (mistake.code, dict(mistake.tasks), mistake.example.task) == ("syntax", {}, "")


@pytest.mark.parametrize("order", [1, -1], ids=["best last", "best first"])
def test_the_example_is_one_with_a_fix_and_nothing_else_wrong(graded, sample, order):
    plain = with_finding(sample("right"), "transposed")
    fixed = with_finding(sample("right"), "transposed", source="a", fix="a.T", certainty=Certainty.PROVEN)
    several = replace(fixed, tasks=(*with_finding(sample("right"), "factor").tasks, fixed.tasks[-1]))
    rows = [graded("plain", plain), graded("several", several), graded("fixed", fixed)]
    example = next(m for m in counted(*rows[::order]).mistakes if m.code == "transposed").example
    assert (example.name, example.finding.fix) == ("fixed", "a.T")


def test_an_example_comes_with_its_step_of_the_derivation(graded, sample):
    example = counted(graded("a", sample("wrong"))).mistakes[0].example
    assert example.finding.step == "dJ/dz"
    assert "∂J/∂z" in example.step


def test_of_a_large_group_the_number_is_exact_and_the_names_are_bounded(graded, sample):
    report = with_finding(sample("right"), "factor")
    members = counted(*(graded(f"s{n}", report) for n in range(NAMED + 5))).mistakes[0].members
    assert (members.count, len(members.names)) == (NAMED + 5, NAMED)


def test_fault_codes_name_each_fault_once_the_files_problems_first(sample):
    report = replace(sample("wrong"), problems=sample("syntax").problems)
    assert fault_codes(report) == ("syntax", "residual-reversed")


# Who needs a look


@pytest.mark.parametrize(
    ("code", "look"),
    [
        ("times-out", Look.TIMES_OUT),
        ("forbidden", Look.FORBIDDEN),
        ("too-much-memory", Look.TOO_MUCH_MEMORY),
        ("unknown", Look.UNKNOWN),
        ("not-deterministic", Look.UNSTEADY),
    ],
)
def test_a_code_that_needs_a_look(graded, sample, code, look):
    assert looks(graded("a", with_finding(sample("right"), code))) == (look,)


@pytest.mark.parametrize("code", ["transposed", "raises"])
def test_an_ordinary_mistake_needs_none(graded, sample, code):
    assert looks(graded("a", with_finding(sample("right"), code))) == ()
    assert looks(graded("a", sample("right"))) == ()


def test_a_process_that_died_has_crashed(graded, sample):
    died = Run(outcome=Outcome.DIED, ending=Ending(EndingKind.SIGNALLED, "was stopped by signal 11", -11))
    finding = failure(died, "softmax(Z)", 10.0)
    report = sample("right")
    report = replace(report, tasks=(replace(report.tasks[0], findings=(finding,)), *report.tasks[1:]))
    assert looks(graded("a", report)) == (Look.CRASHED,)


def test_what_was_not_graded_needs_a_look_for_that_alone(refused):
    assert looks(refused("a", "a link")) == (Look.REFUSED,)


def test_a_file_that_does_not_run_needs_a_look_once(graded, sample):
    assert looks(graded("a", sample("syntax"))) == (Look.DOES_NOT_RUN,)


def test_undecided_and_ambiguous_need_a_look(graded, sample):
    assert looks(graded("a", sample("undecided"))) == (Look.UNDECIDED,)
    ambiguous = with_finding(sample("right"), "factor", certainty=Certainty.AMBIGUOUS)
    assert looks(graded("a", ambiguous)) == (Look.AMBIGUOUS,)


def test_a_file_of_which_nothing_ran_needs_a_look(graded, sample):
    tasks = (TaskReport("f", Verdict.NOT_RUN, 0.0, 1.0, outputs=(OutputReport("J", "J", Verdict.NOT_RUN),)),)
    assert looks(graded("a", replace(sample("right"), tasks=tasks))) == (Look.NOT_RUN,)


def test_identical_sources_form_a_group_with_the_first_of_them(graded, sample):
    rows = [graded("a", sample("right")), *(graded(name, sample("right"), same_as="a") for name in "bc")]
    statistics = counted(*rows, graded("d", sample("right")))
    assert {first: group.names for first, group in statistics.identical.items()} == {"a": ["a", "b", "c"]}
    assert statistics.needs_a_look == 2


def test_every_reason_has_its_words_on_the_page():
    from gradcheck.render.class_report import LOOKS

    assert list(LOOKS) == list(Look)
