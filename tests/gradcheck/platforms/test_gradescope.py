"""results.json against the shape that Gradescope documents."""

import json
from dataclasses import replace

import pytest

from checkers.errors import UsageError
from gradcheck.platforms import PlatformOptions, Visibility
from gradcheck.platforms.gradescope import student_names, write
from gradcheck.platforms.json_file import write_json

VISIBILITIES = {"hidden", "after_due_date", "after_published", "visible"}
FORMATS = {"text", "html", "simple_format", "md", "ansi"}
NUMBER = (int, float)

# docs/specs.md: key -> what may stand there. What is not among these is ignored at best.
DOCUMENT = {
    "score": NUMBER,
    "execution_time": NUMBER,
    "output": str,
    "output_format": FORMATS,
    "test_output_format": FORMATS,
    "test_name_format": FORMATS,
    "visibility": VISIBILITIES,
    "stdout_visibility": VISIBILITIES,
    "extra_data": dict,
    "tests": list,
    "leaderboard": list,
}
TEST = {
    "score": NUMBER,
    "max_score": NUMBER,
    "status": {"passed", "failed"},
    "name": str,
    "name_format": FORMATS,
    "number": str,
    "output": str,
    "output_format": FORMATS,
    "tags": list,
    "visibility": VISIBILITIES,
    "extra_data": dict,
}


def check_shape(found: dict, shape: dict) -> None:
    for key, value in found.items():
        allowed = shape[key]
        assert value in allowed if isinstance(allowed, set) else isinstance(value, allowed), key
        assert not isinstance(value, bool), key


def refuse_constant(name: str):
    raise AssertionError(f"{name} is no JSON")


@pytest.fixture
def written(tmp_path, info):
    """Writes rows and reads the document as Gradescope does: strictly, and every key in its place."""

    def write_and_read(*rows, **options) -> dict:
        options = {"metadata": tmp_path / "none.json"} | options
        [file] = write(info, rows, tmp_path, PlatformOptions(**options)).files
        document = json.loads(file.read_bytes(), parse_constant=refuse_constant)
        check_shape(document, DOCUMENT)
        for test in document["tests"]:
            check_shape(test, TEST)
        return document

    return write_and_read


@pytest.mark.parametrize("name", ["right", "reversed", "unparsable"])
def test_real_reports_have_the_documented_shape_and_sum_up(written, graded, reports, name):
    document = written(graded(name))
    assert document["score"] == reports[name].score == pytest.approx(sum(t["score"] for t in document["tests"]))
    assert [t["name"] for t in document["tests"]] == [task.name for task in reports[name].tasks]
    assert sum(t["max_score"] for t in document["tests"]) == 6


def test_every_sample_report_has_the_documented_shape(written, graded, any_report):
    document = written(graded(any_report))
    assert document["score"] == any_report.score


def test_status_follows_the_verdict_not_the_points(written, graded, reports):
    first, *others = reports["right"].tasks
    cheap = replace(reports["right"], tasks=(replace(first, score=0.0, max_score=0.0), *others))
    assert {test["status"] for test in written(graded(cheap))["tests"]} == {"passed"}
    of_reversed = {test["name"]: test["status"] for test in written(graded("reversed"))["tests"]}
    assert of_reversed["softmax"] == "passed"
    assert of_reversed["model_backward"] == "failed"


def test_a_function_that_was_not_run_has_failed(written, graded, sample):
    of_missing = {test["name"]: test["status"] for test in written(graded(sample("missing")))["tests"]}
    assert of_missing == {"softmax": "passed", "model_backward": "failed"}


def test_a_number_that_is_not_finite_is_never_written(tmp_path):
    write_json({"score": 1.0}, tmp_path / "results.json")
    with pytest.raises(ValueError, match="not JSON compliant"):
        write_json({"score": float("nan")}, tmp_path / "results.json")
    assert json.loads((tmp_path / "results.json").read_bytes()) == {"score": 1.0}


def test_output_is_at_the_hint_level(written, graded):
    def said(level):
        document = written(graded("reversed"), level=level)
        return "\n".join(test["output"] for test in document["tests"])

    assert "residual-reversed" not in said(0)
    assert "residual-reversed" in said(1)
    assert "student.py:" not in said(1)
    assert "student.py:" in said(2)
    assert "```diff" not in said(2)
    assert "```diff" in said(3)


def test_level_of_the_run_holds_where_none_is_given(written, graded, info, tmp_path):
    silent = replace(info, feedback_level=0)
    [file] = write(silent, [graded("reversed")], tmp_path, PlatformOptions()).files
    assert "residual-reversed" not in file.read_text()


@pytest.mark.parametrize("visibility", list(Visibility))
def test_visibility_is_passed_on_and_our_own_prints_stay_hidden(written, graded, visibility):
    document = written(graded(), visibility=visibility)
    assert document["visibility"] == str(visibility)
    assert document["stdout_visibility"] == "hidden"


def test_what_the_student_printed_is_not_shown(written, graded, reports):
    report = replace(reports["reversed"], output="printed by the student")
    assert "printed by the student" not in json.dumps(written(graded(report)))


def test_points_can_be_scaled_to_those_of_the_assignment(written, graded, reports):
    document = written(graded("reversed"), scale_to=60)
    assert document["score"] == pytest.approx(10 * reports["reversed"].score)
    assert sum(test["max_score"] for test in document["tests"]) == 60


def test_a_refused_submission_gets_a_document_that_says_why_and_has_points_to_get(written, graded, sample):
    document = written(graded(sample("missing"), refusal="answer.py is a <b>link</b>."))
    assert "not graded: answer.py is a \\<b\\>link\\</b\\>." in document["output"]
    assert "says nothing about your gradients" in document["output"]
    assert sum(test["max_score"] for test in document["tests"]) > 0


def test_nothing_handed_in_gets_a_document_too(written):
    document = written()
    assert document["score"] == 0
    assert "nothing was graded" in document["output"]


def test_several_submissions_are_refused_by_name(written, graded):
    with pytest.raises(UsageError, match=r"one submission.*several: a, b"):
        written(graded(name="a"), graded(name="b"), graded(name="c"))


def test_names_come_from_the_container_and_are_escaped(written, graded, tmp_path):
    metadata = tmp_path / "submission_metadata.json"
    users = [{"email": "j@x", "id": 1, "name": "Jane *Doe*"}, {"email": "r@x", "id": 2, "name": "Roe\n# Richard"}]
    metadata.write_text(json.dumps({"id": 1, "users": users}))
    assert "by Jane \\*Doe\\*, Roe # Richard: wrong" in written(graded(), metadata=metadata)["output"]


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b"\xff\xfe", b'{"users": null}', b'{"users": [null, {"name": 3}, {}]}', b"[" * 100_000],
    ids=["empty", "cut", "list", "no UTF-8", "null", "odd users", "deep"],
)
def test_a_metadata_file_of_another_shape_is_passed_over(tmp_path, content):
    file = tmp_path / "metadata.json"
    file.write_bytes(content)
    assert student_names(file) == ()
    assert student_names(tmp_path) == ()


def test_hostile_texts_stay_text(written, graded, sample):
    document = written(graded(sample("hostile")))
    texts = [document["output"], *(test["output"] for test in document["tests"])]
    for text in texts:
        outside_code = "".join(text.split("`")[::2])
        assert "<script" not in outside_code.replace("\\<", "")
        assert "\x1b" not in text
