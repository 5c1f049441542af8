from dataclasses import replace

from checkers.findings import Verdict
from gradcheck.render.grouping import arrange


def test_each_output_stands_under_one_finding_only(sample):
    *_, backward = arrange(sample("wrong"))
    assert [[output.name for output in told.outputs] for told in backward.faults] == [["dW", "db"]]
    assert backward.unexplained == ()


def test_a_mistake_is_told_once_and_then_referred_to(sample):
    gradient, backward = arrange(sample("wrong"))[2:]
    assert gradient.faults[0].told_in is None
    assert backward.faults[0].told_in == "cross_entropy_gradient"
    assert (len(gradient.faults[0].steps), backward.faults[0].steps) == (1, ())


def test_two_places_are_two_mistakes(sample):
    report = sample("wrong")
    task = report.tasks[3]
    elsewhere = replace(task, findings=(replace(task.findings[0], line=40),))
    assert arrange(replace(report, tasks=(report.tasks[2], elsewhere)))[1].faults[0].told_in is None


def test_notes_stand_apart_from_faults(sample):
    backward = arrange(sample("wrong"))[3]
    assert [note.code for note in backward.notes] == ["mutates-input"]


def test_an_undecided_output_is_not_explained_by_a_finding_that_names_none(sample):
    loss = arrange(sample("partly-wrong"))[0]
    assert [output.name for output in loss.faults[0].outputs] == ["dW1"]
    assert [output.verdict for output in loss.unexplained] == [Verdict.UNDECIDED]


def test_a_right_task_has_no_details(sample):
    assert not any(view.has_details for view in arrange(sample("right")))


def test_a_task_does_not_repeat_a_problem_of_the_file(sample):
    report = sample("syntax")
    (problem,), (task,) = report.problems, report.tasks
    reasons = tuple(replace(output, reason=problem.message) for output in task.outputs)
    repeating = replace(task, findings=(problem,), outputs=reasons)
    assert not arrange(replace(report, tasks=(repeating,)))[0].has_details


def test_outputs_that_did_not_run_without_a_reason_are_left_out(sample):
    assert not arrange(sample("syntax"))[0].has_details
