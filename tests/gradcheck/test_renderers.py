"""Every format against every way a check can end."""

import json
import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from html.parser import HTMLParser
from io import StringIO

import pytest
from rich.console import Console

from gradcheck.render import report_html, report_json, report_junit, report_markdown
from gradcheck.render.figures import MARKS
from gradcheck.render.report_text import print_report, quiet_line

VOID = {"meta", "br", "hr", "img", "link"}


def as_text(report, hints=2, width=80, **console):
    out = StringIO()
    print_report(report, Console(file=out, width=width, highlight=False, emoji=False, **console), hints=hints)
    return out.getvalue()


RENDERERS = {
    "text": as_text,
    "json": lambda report, hints: report_json.render(report, hints=hints),
    "markdown": lambda report, hints: report_markdown.render(report, hints=hints),
    "html": lambda report, hints: report_html.render(report, hints=hints),
    "junit": lambda report, hints: report_junit.render(report, hints=hints),
}


@pytest.fixture(params=sorted(RENDERERS))
def renderer(request):
    return RENDERERS[request.param]


@pytest.fixture(params=[0, 1, 2, 3], ids="level{}".format)
def level(request):
    return request.param


class Tags(HTMLParser):
    """Collects tags and refuses a page whose tags do not nest."""

    def __init__(self):
        super().__init__()
        self.names, self.open = set(), []

    def handle_starttag(self, tag, attrs):
        self.names.add(tag)
        assert not [name for name, _ in attrs if name.startswith("on")]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


# What a level hides stands nowhere in what a student is shown.


EXPECTED = ("0.820312", "-0.4375", "+0.3125", "-0.15625", "91.5625")


@pytest.mark.parametrize("name", ["wrong", "partly-wrong", "not-finite"])
@pytest.mark.parametrize("hints", [0, 1, 2])
def test_no_expected_value_source_or_fix_below_level_3(renderer, sample, name, hints):
    text = renderer(sample(name), hints)
    hidden = [*EXPECTED, "dZ = Y - A", "dZ = A - Y", "3e-16"]
    assert [value for value in hidden if value in text] == []


@pytest.mark.parametrize("hints", [0, 1])
def test_no_line_step_hint_or_own_value_below_level_2(renderer, sample, hints):
    text = renderer(sample("wrong"), hints)
    hidden = ["0.15625", "0.4375", "student.py:25", "line 25", '"line": 25', "∂J/∂z", "log-sum-exp"]
    assert [value for value in hidden if value in text] == []


def test_no_code_message_or_entry_at_level_0(renderer, sample):
    text = renderer(sample("wrong"), 0)
    hidden = ["residual-reversed", "sign-flipped", "negated", "mutates", "[2, 0]", "■", "xxx", "entries wrong"]
    assert [value for value in hidden if value in text] == []


@pytest.mark.parametrize("name", ["text", "markdown", "html"])
def test_level_3_shows_expected_values_source_and_fix(sample, name):
    text = RENDERERS[name](sample("wrong"), 3)
    assert [value for value in (*EXPECTED[:4], "dZ = Y - A", "dZ = A - Y", "3e-16") if value not in text] == []


# Text


def test_text_fits_80_columns(any_report, level):
    lines = [line for line in as_text(any_report, level).splitlines() if not line.startswith("  gradcheck ")]
    assert max(map(len, lines)) <= 80


def test_text_never_breaks_a_command(sample):
    report = replace(sample("wrong"), file=f"{'folder/' * 20}student.py")
    assert f"\n  gradcheck {'folder/' * 20}student.py --seed 20231 --hints 3\n" in as_text(report)


def test_text_repeats_the_exercise_that_was_given(sample):
    out = StringIO()
    print_report(sample("wrong"), Console(file=out, width=80), exercise="my exercise")
    assert "gradcheck student.py --exercise 'my exercise' --seed 20231 --hints 3\n" in out.getvalue()


def test_text_gives_every_function_one_line_with_its_points(any_report, level):
    lines = as_text(any_report, level).splitlines()
    for task in any_report.tasks:
        start = f"  {MARKS[task.verdict]}  {task.name[:8]}"
        assert [line for line in lines if line.startswith(start) and (" of " in line or len(task.name) > 20)]


def test_text_in_a_pipe_has_no_colour_nor_control_character(any_report, level):
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f\u202e]", as_text(any_report, level))


def test_text_reads_no_markup_in_a_students_names(sample):
    assert "[red]x[/red]" in as_text(sample("hostile"), 3, width=200)


def test_text_tells_a_mistake_once(sample):
    text = as_text(sample("wrong"), 3)
    assert text.count("The residual is reversed") == 1
    assert "the same mistake as in cross_entropy_gradient" in text


def test_text_names_the_place_and_the_oracles(sample):
    text = as_text(sample("wrong"))
    assert "residual-reversed  dZ  student.py:25  proven" in text
    assert re.search(r"oracles +derivation +finite differences +reference network *\n +dZ +✗ 2 +✗ 2 +–", text)


def test_text_puts_notes_after_faults(sample):
    text = as_text(sample("wrong"))
    assert text.index("mutates-input") > text.rindex("residual-reversed: the same")


@pytest.mark.parametrize(
    ("name", "hints", "commands"),
    [
        ("right", 2, []),
        ("wrong", 2, ["gradcheck explain residual-reversed", "gradcheck student.py --seed 20231 --hints 3"]),
        ("wrong", 3, ["gradcheck explain residual-reversed"]),
        ("wrong", 0, ["gradcheck student.py --seed 20231 --hints 1"]),
        ("syntax", 3, ["gradcheck explain syntax"]),
    ],
)
def test_text_ends_with_what_to_run_next(sample, name, hints, commands):
    found = [
        line.strip().split("  ")[0] for line in as_text(sample(name), hints).splitlines() if "  gradcheck " in line
    ]
    assert found == commands


def test_text_quotes_a_file_name_for_the_shell(sample):
    report = replace(sample("wrong"), file="my file.py")
    assert "gradcheck 'my file.py' --seed" in as_text(report)


def test_text_cuts_a_large_map_and_says_so(sample):
    text = as_text(sample("partly-wrong"))
    assert "top left of 200 x 64" in text
    assert text.count("□□□■") == 13


def test_text_cuts_what_the_student_printed(sample):
    assert "... and 18 more lines" in as_text(sample("hostile"), width=200)


def test_quiet_is_one_line(any_report):
    assert "\n" not in quiet_line(any_report)


def test_quiet_names_verdict_score_exercise_and_seed(sample):
    assert quiet_line(sample("wrong")) == "student.py: wrong, 2 of 8 points, softmax-regression, seed 20231"


# JSON

REPORT_KEYS = [
    "schema",
    "version",
    "file",
    "exercise",
    "verdict",
    "score",
    "max_score",
    "seed",
    "isolation",
    "seconds",
    "tasks",
    "problems",
]
TASK_KEYS = ["name", "line", "verdict", "score", "max_score", "outputs", "findings"]
OUTPUT_KEYS = [
    "name",
    "of",
    "verdict",
    "shape",
    "relative_error",
    "tolerance",
    "entries",
    "wrong_entries",
    "worst",
    "oracles",
]
FINDING_KEYS = [
    "code",
    "family",
    "severity",
    "certainty",
    "message",
    "hint",
    "step",
    "outputs",
    "line",
    "column",
    "end_line",
    "end_column",
    "source",
    "fix",
    "fix_relative_error",
    "alternatives",
]


def no_constants(name):
    raise AssertionError(f"{name} is not JSON")


def test_json_is_strict_and_every_key_is_present(any_report, level):
    document = json.loads(report_json.render(any_report, hints=level), parse_constant=no_constants)
    assert document["schema"] == "gradcheck/report/1"
    assert set(REPORT_KEYS) <= document.keys()
    for task in document["tasks"]:
        assert set(TASK_KEYS) <= task.keys()
        assert all(set(OUTPUT_KEYS) <= output.keys() for output in task["outputs"])
        assert all(
            output["oracles"].keys() == {"derivation", "finite_difference", "reference"} for output in task["outputs"]
        )
        for finding in [*(task["findings"] or []), *document["problems"]]:
            assert set(FINDING_KEYS) == finding.keys()
            assert all(one.keys() == {"code", "family", "message"} for one in finding["alternatives"])


def test_json_writes_numbers_that_are_not_finite_as_strings(sample):
    (output,) = report_json.as_json(sample("not-finite"), hints=3)["tasks"][0]["outputs"]
    assert output["relative_error"] == "nan"
    assert output["worst"]["yours"] == "-inf"
    assert output["oracles"] == {"derivation": "inf", "finite_difference": "nan", "reference": None}


def test_json_says_null_for_what_a_level_hides(sample):
    hidden = report_json.as_json(sample("wrong"), hints=0)["tasks"][2]
    assert (hidden["findings"], hidden["steps"], hidden["outputs"][0]["wrong"]) == (None, None, None)
    shown = report_json.as_json(sample("wrong"), hints=2)["tasks"][2]
    assert shown["outputs"][0]["worst"] == {"index": [1, 2], "yours": 0.4375, "expected": None}
    assert shown["findings"][0]["fix"] is None


def test_json_of_the_interface_example(sample):
    document = report_json.as_json(sample("wrong"), hints=3)
    (finding,) = document["tasks"][2]["findings"]
    assert (document["verdict"], document["score"], document["seed"]) == ("wrong", 2.0, 20231)
    assert (finding["family"], finding["severity"], finding["certainty"]) == ("sign", "fault", "proven")
    assert document["tasks"][2]["outputs"][0]["map"] == ["xxx"] * 5


# HTML, Markdown, JUnit


def test_html_nests_and_has_no_script_nor_link(any_report, level):
    tags = Tags()
    page = report_html.render(any_report, hints=level)
    tags.feed(page)
    assert tags.open == []
    assert not tags.names & {"script", "link", "img", "iframe", "a", "form", "object"}
    assert "http:" not in page
    assert "https:" not in page


def test_html_follows_the_readers_light_or_dark(sample):
    assert "prefers-color-scheme: dark" in report_html.render(sample("right"), hints=2)


def test_html_escapes_what_a_student_controls(sample):
    page = report_html.render(sample("hostile"), hints=3)
    assert "&lt;script&gt;alert(1)" in page
    assert "{{7*7}}" in page
    assert "\x1b" not in page
    assert "\u202e" not in page


def test_markdown_escapes_what_a_student_controls(sample):
    text = report_markdown.render(sample("hostile"), hints=3)
    outside_blocks = re.sub(r"(?ms)^(`{3,})\w*\n.*?^\1$", "", text)
    assert "<script>" not in outside_blocks
    assert "\x1b" not in text


def test_markdown_fence_is_longer_than_any_in_the_students_code(sample):
    assert "````diff" in report_markdown.render(sample("hostile"), hints=3)


def test_markdown_tables_have_equally_many_cells(any_report, level):
    text = report_markdown.render(any_report, hints=level)
    for rows in re.findall(r"(?m)(?:^\|.*\|\n)+", text):
        assert len({len(re.findall(r"(?<!\\)\|", row)) for row in rows.splitlines()}) == 1


def test_junit_counts_what_it_holds(any_report, level):
    suite = ET.fromstring(report_junit.render(any_report, hints=level))
    cases = suite.findall("testcase")
    assert int(suite.get("tests")) == len(cases) == len(any_report.tasks) + len(any_report.problems)
    for name, element in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        assert int(suite.get(name)) == len(suite.findall(f"testcase/{element}"))


def test_junit_counts_a_missing_function_as_an_error(sample):
    suite = ET.fromstring(report_junit.render(sample("missing"), hints=2))
    assert [error.get("type") for error in suite.findall("testcase/error")] == ["missing-function"]
