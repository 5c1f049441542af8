"""One document for a run."""

import re
import xml.etree.ElementTree as ET

import pytest

from gradcheck.platforms import PlatformOptions
from gradcheck.platforms.junit import write


@pytest.fixture
def written(tmp_path, info):
    def write_and_parse(*rows, **options) -> ET.Element:
        [file] = write(info, iter(rows), tmp_path, PlatformOptions(**options)).files
        text = file.read_text(encoding="utf-8")
        assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", text)
        return ET.fromstring(text)

    return write_and_parse


def test_a_suite_a_submission_and_a_case_a_task(written, graded, reports):
    root = written(graded("right", "ann"), graded("reversed", "bob"), graded("unparsable", "cleo"))
    assert root.tag == "testsuites"
    assert [suite.get("name") for suite in root] == ["ann", "bob", "cleo"]
    for suite, name in zip(root, ("right", "reversed", "unparsable"), strict=True):
        names = [case.get("name") for case in suite.iter("testcase")]
        assert names[-5:] == [task.name for task in reports[name].tasks]
        assert {case.get("classname") for case in suite} == {suite.get("name")}


def test_counts_are_those_of_the_cases_and_no_case_has_two_results(written, graded, any_report):
    root = written(graded(any_report), graded(any_report, "late", refusal="It is a <link>."))
    for suite in root:
        assert int(suite.get("tests")) == len(list(suite.iter("testcase")))
        for count, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
            assert int(suite.get(count)) == len(list(suite.iter(tag))), count
        assert all(len(case) <= 1 for case in suite.iter("testcase"))


def test_a_refused_submission_has_an_error_of_its_own(written, graded, sample):
    case = written(graded(sample("missing"), refusal="It is a <link>.\x00")).find("testsuite/testcase")
    assert case.get("name") == "submission"
    assert case.find("error").get("message") == "It is a <link>.\\x00"


def test_an_empty_run_is_a_document(written):
    assert len(written()) == 0


def test_hints_follow_the_level(written, graded):
    assert "residual-reversed" not in ET.tostring(written(graded("reversed"), level=0), encoding="unicode")
    assert "residual-reversed" in ET.tostring(written(graded("reversed"), level=1), encoding="unicode")


def test_a_hostile_name_is_a_name(written, graded):
    name = 'a"b<c>&\x1b\ud800\u202e'
    assert written(graded("right", name)).find("testsuite").get("name") == 'a"b<c>&\\x1b\\ud800\\u202e'
