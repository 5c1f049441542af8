"""What a run leaves in its folder."""

import csv
import json
from dataclasses import replace
from pathlib import Path

import pytest

from checkers.errors import UsageError
from checkers.grading.submission import Person
from gradcheck.grading.feedback import file_stem
from gradcheck.grading.outputs import write_outputs
from gradcheck.render.report_json import from_json


def write(info, out: Path, *rows, level=2, **options):
    write_outputs(info, lambda: iter(rows), out, level=level, **options)
    return out


def grades(out: Path) -> list[dict[str, str]]:
    with (out / "grades.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def results(out: Path):
    def refuse(constant):
        raise AssertionError(f"{constant} is no JSON")

    return json.loads((out / "results.json").read_text(encoding="utf-8"), parse_constant=refuse)


# grades.csv


def test_grades_have_the_documented_columns_in_the_order_of_the_rows(info, sample, tmp_path, graded, refused):
    out = write(
        info, tmp_path, graded("zoe", sample("wrong")), graded("adam", sample("right")), refused("bob", "a link")
    )
    assert (out / "grades.csv").read_text().splitlines()[0] == "name,score,max_score,verdict,codes,seconds"
    assert [(row["name"], row["verdict"]) for row in grades(out)] == [
        ("zoe", "wrong"),
        ("adam", "right"),
        ("bob", "not-run"),
    ]
    assert grades(out)[1] == {
        "name": "adam", "score": "2", "max_score": "2", "verdict": "right", "codes": "", "seconds": "0.100"
    }  # fmt: skip


def test_codes_stand_once_with_problems_first_and_without_notes(info, sample, tmp_path, graded):
    wrong, syntax = sample("wrong"), sample("syntax")
    report = replace(wrong, problems=syntax.problems)
    assert "mutates-input" in str(wrong)
    assert grades(write(info, tmp_path, graded("a", report)))[0]["codes"] == "syntax residual-reversed"


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@SUM(A1)"])
def test_no_cell_of_the_grades_is_a_formula(info, sample, tmp_path, name, graded):
    out = write(info, tmp_path, graded(name, sample("right")))
    assert grades(out)[0]["name"] == f"'{name}"


def test_a_fractional_score_is_not_cut_to_a_whole_one(info, sample, tmp_path, graded):
    report = sample("right")
    report = replace(report, tasks=(replace(report.tasks[0], score=2 / 3), *report.tasks[1:]))
    assert grades(write(info, tmp_path, graded("a", report)))[0]["score"] == "1.666667"


# results.json


def test_results_follow_their_schema_and_hold_the_whole_reports(info, any_report, tmp_path, graded):
    person = Person("Zoë <b>", id="17", email="z@example.org")
    row = graded("zoe", any_report, people=(person,), attempt="2", is_late=True, same_as="adam", key="k")
    document = results(write(info, tmp_path, row, level=0))
    assert document["schema"] == "gradcheck/run/1"
    assert {name: document[name] for name in ("exercise", "version", "seed", "isolation")} == {
        "exercise": "softmax-regression", "version": "0.1.0", "seed": 7, "isolation": "strong"
    }  # fmt: skip
    (submission,) = document["submissions"]
    assert (submission["name"], submission["sha256"], submission["same_as"]) == ("zoe", row.sha256, "adam")
    assert submission["people"] == [{"name": "Zoë <b>", "id": "17", "email": "z@example.org", "section": ""}]
    assert repr(from_json(submission["report"])) == repr(any_report)


def test_an_empty_run_leaves_whole_files(info, tmp_path):
    out = write(info, tmp_path)
    assert results(out)["submissions"] == []
    assert grades(out) == []
    assert "No submission has been graded" in (out / "report.html").read_text()


def test_a_refusal_is_told(info, tmp_path, refused):
    assert results(write(info, tmp_path, refused("bob", "it is a link")))["submissions"][0]["refusal"] == "it is a link"


# The files


def test_the_rows_are_read_one_at_a_time(info, sample, tmp_path, graded):
    alive = []

    def rows():
        for number in range(20):
            row = graded(f"s{number}", sample("right"))
            alive.append(row.name)
            yield row
            assert (tmp_path / "feedback" / f"s{number}.md").exists()  # written before the next one is asked for

    write_outputs(info, rows, tmp_path, level=2)
    assert len(alive) == 20


def test_what_was_there_stays_whole_when_writing_fails(info, sample, tmp_path, graded):
    write(info, tmp_path, graded("adam", sample("right")))
    before = {path: path.read_bytes() for path in tmp_path.iterdir() if path.is_file()}

    def rows():
        yield graded("adam", sample("wrong"))
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_outputs(info, rows, tmp_path, level=2)
    assert {path: path.read_bytes() for path in tmp_path.iterdir() if path.is_file()} == before
    assert not list(tmp_path.rglob("*.part"))


@pytest.mark.parametrize("name", ["run", "run/feedback"])
def test_a_file_in_a_folders_place_is_named(info, sample, tmp_path, name, graded):
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text("mine")
    with pytest.raises(UsageError, match=f"{name} cannot be made: File exists"):
        write(info, tmp_path / "run", graded("adam", sample("right")))


@pytest.mark.parametrize("name", ["grades.csv", "feedback/adam.html"])
def test_a_file_that_cannot_take_its_place_is_named(info, sample, tmp_path, name, graded):
    (tmp_path / name).mkdir(parents=True)
    with pytest.raises(UsageError, match="cannot be written"):
        write(info, tmp_path, graded("adam", sample("right")))


# feedback/


def feedback(out: Path, name: str) -> str:
    return "\n".join((out / "feedback" / f"{name}{ending}").read_text(encoding="utf-8") for ending in (".md", ".html"))


def test_feedback_says_at_its_top_what_was_graded(info, sample, tmp_path, graded):
    row = graded("zoe", sample("wrong"), files=("a.py", "student.py"), attempt="2026-11-20 10:31", is_late=True)
    out = write(info, tmp_path, row)
    for ending in (".md", ".html"):
        top = (out / "feedback" / f"zoe{ending}").read_text(encoding="utf-8").split("model_backward")[0]
        for said in ("student.py", "a.py", "2026-11-20 10:31", "late", "2 of 8 points"):
            assert said in top.replace("\\", "")


def test_feedback_of_a_refused_submission_says_why(info, tmp_path, refused):
    out = write(info, tmp_path, refused("bob", "hw.zip is encrypted <b>: hand it in without."))
    assert "**Not graded:** hw.zip is encrypted" in feedback(out, "bob")
    assert "hw.zip is encrypted &lt;b&gt;" in feedback(out, "bob")
    assert "0 of 4 points" in feedback(out, "bob")


def test_only_the_feedback_that_is_asked_for_is_written(info, sample, tmp_path, graded):
    rows = [graded("adam", sample("right")), graded("zoe", sample("right"))]
    out = write(info, tmp_path, *rows)
    for name in ("adam", "zoe"):
        (out / "feedback" / f"{name}.md").write_text("old")
    write(info, tmp_path, *rows, only={"zoe"})
    assert (out / "feedback/adam.md").read_text() == "old"
    assert (out / "feedback/zoe.md").read_text() != "old"
    assert [row["name"] for row in grades(out)] == ["adam", "zoe"]


def test_feedback_of_a_submission_that_is_gone_is_removed(info, sample, tmp_path, graded):
    write(info, tmp_path, graded("adam", sample("right")), graded("zoe", sample("right")))
    out = write(info, tmp_path, graded("zoe", sample("right")), only=set())
    assert sorted(path.name for path in (out / "feedback").glob("[!.]*")) == ["zoe.html", "zoe.md"]


def test_a_file_that_we_did_not_write_is_left_alone(info, sample, tmp_path, graded):
    notes = tmp_path / "feedback/notes.md"
    notes.parent.mkdir()
    notes.write_text("mine")
    outside = tmp_path / "outside.md"
    outside.write_text("mine")
    (notes.parent / ".written-by-gradcheck").write_text("../outside\n\n..\n")
    write(info, tmp_path, graded("zoe", sample("right")))
    write(info, tmp_path, graded("adam", sample("right")))
    assert (notes.read_text(), outside.read_text()) == ("mine", "mine")


@pytest.mark.parametrize("name", ["../../evil", "/etc/evil", "..", "a\\..\\b", "a\0b", "a/b", "\x1b[31mred"])
def test_no_name_leads_out_of_the_folder(info, sample, tmp_path, name, graded):
    out = write(info, tmp_path / "run", graded(name, sample("right")))
    written = {path.relative_to(out).as_posix() for path in tmp_path.rglob("*") if path.is_file()}
    stem = file_stem(name)
    assert written == {
        "grades.csv", "results.json", "report.html", "feedback/.written-by-gradcheck",
        f"feedback/{stem}.md", f"feedback/{stem}.html",
    }  # fmt: skip


def test_the_same_source_is_rendered_once(info, sample, tmp_path, monkeypatch, graded):
    from gradcheck.grading import feedback as module

    rendered = []
    monkeypatch.setattr(module, "_FORMATS", {".md": lambda *_, **__: rendered.append(1) or "text"})
    same = [graded(f"s{number}", sample("right"), sha256="0" * 64) for number in range(5)]
    write(info, tmp_path, *same, graded("other", sample("right")), replace(same[0], name="again", attempt="2"))
    assert len(rendered) == 3


def test_two_refusals_are_not_taken_for_the_same_source(info, tmp_path, refused):
    out = write(info, tmp_path, refused("adam", "a link"), refused("zoe", "too large"))
    assert "too large" in feedback(out, "zoe")
    assert "a link" not in feedback(out, "zoe")


def test_rows_without_a_source_are_not_taken_for_the_same(info, graded, sample, tmp_path):
    rows = [graded(name, sample(name), sha256="") for name in ("right", "undecided")]
    out = write(info, tmp_path, *rows)
    assert "the loss has a kink" in feedback(out, "undecided")
    assert "the loss has a kink" not in feedback(out, "right")


# What feedback must not tell


def secrets_of(report):
    """Expected values as they may be printed, and fixes; not what the student's own values or words are as well."""
    own = {
        text
        for task in report.tasks
        for output in task.outputs
        for entry in output.wrong
        for text in figures_of(entry.yours)
    }
    expected = {
        text
        for task in report.tasks
        for output in task.outputs
        for entry in output.wrong
        for text in figures_of(entry.expected)
    }
    fixes = {
        finding.fix
        for task in report.tasks
        for finding in task.findings
        # A name or a number may stand anywhere; a fix of some length is a giveaway.
        if finding.fix is not None and len(finding.fix) > 8
    }
    return (expected - own) | fixes


def figures_of(value):
    if value is None or value == int(value):
        return set()
    return {f"{value:.6g}".lstrip("-"), repr(value).lstrip("-"), f"{value:.4g}".lstrip("-")}


@pytest.mark.parametrize("level", [0, 1, 2, 3])
def test_feedback_below_level_3_holds_no_expected_value_and_no_fix(info, real_wrong, tmp_path, level, graded):
    rows = [graded(f"s{number}", report) for number, report in enumerate(real_wrong)]
    out = write(info, tmp_path, *rows, level=level)
    leaked, known = [], 0
    for row in rows:
        secrets = secrets_of(row.report)
        known += len(secrets)
        text = feedback(out, row.name)
        leaked += [secret for secret in secrets if secret in text]
    assert known > 20
    assert bool(leaked) == (level == 3), leaked


def test_feedback_tells_nothing_of_other_submissions(info, sample, tmp_path, graded):
    rows = [
        graded("adamsmith", sample("wrong"), people=(Person("Adam Smith", email="adam@example.org"),)),
        graded("zoedoe", sample("wrong"), same_as="adamsmith"),
    ]
    assert "adam" not in feedback(write(info, tmp_path, *rows), "zoedoe").lower()


def test_the_students_own_prints_are_shown_and_escaped(info, sample, tmp_path, graded):
    page = (write(info, tmp_path, graded("zoe", sample("hostile"))) / "feedback/zoe.html").read_text(encoding="utf-8")
    assert "alert(1)" in page
    assert "<script" not in page
