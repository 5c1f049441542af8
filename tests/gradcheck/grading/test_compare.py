"""Two runs beside each other."""

import json
from dataclasses import replace
from io import StringIO

import pytest
from rich.console import Console

from gradcheck.grading.compare import Reason, compare_runs, comparison_json, print_comparison


def with_points(report, points):
    return replace(report, tasks=(replace(report.tasks[0], score=points), *report.tasks[1:]))


def printed(comparison, width=100) -> str:
    out = StringIO()
    print_comparison(comparison, Console(file=out, width=width, highlight=False, emoji=False))
    return out.getvalue()


def test_the_same_run_twice_has_no_change(graded, refused, sample):
    rows = [graded("adam", sample("wrong")), graded("zoe", sample("right")), refused("rex", "a link")]
    comparison = compare_runs(rows, list(reversed(rows)))
    assert (comparison.scores, comparison.findings, comparison.same) == ((), (), 3)
    assert "0 of 3 scores changed" in printed(comparison)


def test_another_source_is_why_a_score_changed(graded, sample):
    before = [graded("adam", sample("wrong"), sha256="1")]
    (change,) = compare_runs(before, [graded("adam", with_points(sample("wrong"), 0.5), sha256="2")]).scores
    assert (change.difference, change.reasons) == (-0.5, (Reason.SOURCE,))


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("version", "0.2.0", Reason.VERSION),
        ("seed", 8, Reason.SEED),
        ("isolation", "weak", Reason.ISOLATION),
        ("exercise", "mlp", Reason.EXERCISE),
    ],
)
def test_what_is_different_between_the_runs_is_named(graded, sample, field, value, reason):
    after = replace(with_points(sample("wrong"), 0), **{field: value})
    (change,) = compare_runs([graded("adam", sample("wrong"))], [graded("adam", after)]).scores
    assert change.reasons == (reason,)


def test_an_exercise_that_changed_under_its_name_is_seen_by_its_fingerprint(graded, sample, info):
    rows = [graded("adam", sample("wrong"))], [graded("adam", with_points(sample("wrong"), 0))]
    (change,) = compare_runs(*rows, info, replace(info, fingerprint="beef")).scores
    assert change.reasons == (Reason.EXERCISE,)
    (change,) = compare_runs(*rows, info, info).scores
    assert change.reasons == (Reason.CHANCE,)


def test_faults_that_went_and_came_are_told_by_function(graded, sample):
    before, after = graded("adam", sample("wrong")), graded("adam", sample("raised"))
    (change,) = compare_runs([before], [after]).scores
    assert list(map(str, change.gone)) == [
        "cross_entropy_gradient: residual-reversed",
        "model_backward: residual-reversed",
    ]
    assert list(map(str, change.new)) == ["model_backward: raises"]


def test_what_concerns_the_whole_file_is_told_once(graded, sample):
    report = sample("syntax")
    report = replace(report, tasks=tuple(replace(task, findings=report.problems) for task in report.tasks))
    (change,) = compare_runs([graded("adam", sample("right"))], [graded("adam", report)]).scores
    assert list(map(str, change.new)) == ["syntax"]


def test_other_findings_for_the_same_points_stand_apart(graded, sample):
    report = sample("wrong")
    other = replace(report, tasks=tuple(replace(task, findings=()) for task in report.tasks))
    comparison = compare_runs([graded("adam", report)], [graded("adam", other)])
    assert (comparison.scores, [change.name for change in comparison.findings], comparison.same) == ((), ["adam"], 0)


def test_a_refusal_is_told(graded, refused, sample):
    comparison = compare_runs([refused("rex", "it is a link")], [graded("rex", sample("right"))])
    assert Reason.REFUSAL in comparison.scores[0].reasons
    assert "was not graded: it is a link" in printed(comparison)


def test_submissions_of_one_run_only_are_listed(graded, sample):
    right = sample("right")
    comparison = compare_runs(map(graded, "ab", [right] * 2), map(graded, "bc", [right] * 2))
    assert (comparison.only_before, comparison.only_after, comparison.same) == (("a",), ("c",), 1)
    assert "Only in the first run: a." in printed(comparison)


def test_the_greatest_loss_stands_first(graded, sample):
    before = [graded(name, with_points(sample("wrong"), 1)) for name in "abc"]
    after = [
        graded(name, with_points(sample("wrong"), points)) for name, points in zip("abc", (2, 0, 0.5), strict=True)
    ]
    assert [change.name for change in compare_runs(before, after).scores] == ["b", "c", "a"]


def test_a_score_that_differs_by_rounding_is_the_same(graded, sample):
    before, after = (with_points(sample("right"), points) for points in (0.1 + 0.2, 0.3))
    assert compare_runs([graded("a", before)], [graded("a", after)]).same == 1


def test_the_comparison_is_strict_json(graded, refused, sample):
    before = [graded("adam", sample("not-finite")), refused("rex", "a link"), graded("zoe", sample("right"))]
    after = [
        graded("adam", sample("wrong"), sha256="2"),
        graded("rex", sample("syntax")),
        graded("eve", sample("right")),
    ]
    document = json.loads(json.dumps(comparison_json(compare_runs(before, after)), allow_nan=False))
    assert document["schema"] == "gradcheck/comparison/1"
    rex, adam = document["scores"]
    assert (adam["name"], adam["before"]["score"], adam["after"]["score"], adam["difference"]) == ("adam", 0, 2, 2)
    assert adam["gone"] == [{"task": "cross_entropy", "code": "not-finite"}]
    assert adam["reasons"] == ["source"]
    assert rex["new"] == [{"task": None, "code": "syntax"}]
    assert (document["only_before"], document["only_after"]) == (["zoe"], ["eve"])


def test_nothing_hostile_steers_the_terminal(graded, refused, sample):
    name = "[red]\x1b[31m\u202ex"
    before, after = [refused(name, name)], [graded(name, sample("hostile"))]
    text = printed(compare_runs([*before, graded(f"{name}2", sample("right"))], after))
    assert "[red]" in text
    assert not {"\x1b", "\u202e"} & set(text)


def test_the_text_fits_a_narrow_terminal(graded, sample):
    before, after = graded("x" * 80, sample("wrong")), graded("x" * 80, sample("raised"))
    assert max(map(len, printed(compare_runs([before], [after]), width=60).splitlines())) <= 60
