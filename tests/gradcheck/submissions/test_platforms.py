"""The downloads of Canvas, Moodle and Gradescope."""

import sys
import time

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from checkers.errors import UsageError
from checkers.grading.submission import Person, Refused
from gradcheck.submissions import find_submissions


def named(collection):
    return {submission.name: submission for submission in collection.submissions}


# Canvas


def test_canvas_files_are_recognised_by_their_names(handed_in, found):
    path = handed_in(
        {
            "doejane_12345_678901_softmax.py": "",
            "roebob_LATE_12346_678902_hw.py": "",
            "müllerzoë_12347_678903_hw.ipynb": '{"nbformat": 4, "cells": []}',
            "anon_a1B2c_678904_hw.py": "",
        }
    )
    collection = find_submissions(path)
    assert collection.layout.startswith("Canvas download")
    assert found(collection) == {
        "anon_a1B2c": ("hw.py",),
        "doejane": ("softmax.py",),
        "müllerzoë": ("hw.py",),
        "roebob": ("hw.py",),
    }
    assert {name: s.people for name, s in named(collection).items()} == {
        "anon_a1B2c": (Person("anon_a1B2c"),),
        "doejane": (Person("doejane", id="12345"),),
        "müllerzoë": (Person("müllerzoë", id="12347"),),
        "roebob": (Person("roebob", id="12346"),),
    }
    assert [s.name for s in collection.submissions if s.is_late] == ["roebob"]


def test_canvas_several_files_of_one_student_are_one_submission(handed_in, found):
    path = handed_in(
        {
            "doejane_12345_678901_model-1.py": "from loss import mse",
            "doejane_12345_678902_loss-2.py": "",
            "doejane_12345_678903_report.pdf": "",
            "roebob_12346_678904_hw.py": "",
        }
    )
    assert found(path) == {"doejane": ("model.py", "loss.py"), "roebob": ("hw.py",)}


def test_canvas_newest_of_what_was_handed_in_again(handed_in, found):
    path = handed_in(
        {
            "doejane_12345_678901_hw.py": "",
            "doejane_12345_678955_hw-2.py": "",
            "doejane_12345_678944_hw-1.py": "",
            "roebob_12346_678904_part-1.py": "def one(): pass",
            "roebob_12346_678905_part-2.py": "",
        }
    )
    collection = find_submissions(path)
    assert found(collection) == {"doejane": ("hw-2.py",), "roebob": ("part-1.py", "part-2.py")}
    assert named(collection)["doejane"].attempt == "hw-2.py"
    assert set(collection.passed_over) == {
        (f"doejane_12345_{old}.py", "handed in again as doejane_12345_678955_hw-2.py")
        for old in ("678901_hw", "678944_hw-1")
    }


def test_canvas_same_names_are_told_apart(handed_in):
    path = handed_in({"doejane_2_678901_hw.py": "", "doejane_10_678902_hw.py": ""})
    collection = find_submissions(path)
    assert [(s.name, s.key) for s in collection.submissions] == [("doejane", "2"), ("doejane-2", "10")]


def test_canvas_text_entries_are_refused_by_name(handed_in):
    path = handed_in({"doejane_12345_text.html": "", "roebob_LATE_12346_link.html": "", "eve_5_678901_hw.py": ""})
    submissions = named(find_submissions(path))
    for name, held in (("doejane", "text"), ("roebob", "link")):
        with pytest.raises(Refused, match=rf"only {held}\.html"):
            submissions[name].read()
    assert submissions["eve"].read().main == "hw.py"


def test_canvas_a_file_name_cannot_pass_for_another_student(handed_in):
    path = handed_in({"mallory_666_678901_doejane_12345_678902_hw.py": "", "doejane_12345_678903_hw.py": ""})
    collection = find_submissions(path)
    assert [(s.name, s.people[0].id) for s in collection.submissions] == [("doejane", "12345"), ("mallory", "666")]


def test_canvas_one_number_with_two_names_is_nobodys(handed_in):
    """Whoever calls themselves "x_12345 _9990 _" becomes x_12345_9990_666_...: the number is not to be relied on."""
    path = handed_in({"x_12345_9990_666_678901_hw.py": "", "doejane_12345_678903_hw.py": "", "bob_7_678904_hw.py": ""})
    collection = find_submissions(path)
    assert [(s.name, s.people[0].id) for s in collection.submissions] == [("bob", "7"), ("doejane", ""), ("x", "")]


def test_a_file_beside_canvas_files_is_not_lost(handed_in, found):
    path = handed_in({"doejane_1_678901_hw.py": "", "roebob_2_678902_hw.py": "", "late.py": "", "roster.csv": ""})
    collection = find_submissions(path)
    assert list(found(collection)) == ["doejane", "late", "roebob"]
    assert collection.passed_over == (("roster.csv", "not Python"),)


@pytest.mark.parametrize(
    "names",
    [
        ("hw_2024_01_doe.py", "hw_2024_02_roe.py"),
        ("jane_1_100_a.py", "bob_2_100_a.py"),
        ("a_1_200_b.py", "x.py", "y.py"),
    ],
    ids=["dates", "one attachment of two", "most are not"],
)
def test_files_that_only_look_like_canvas_are_each_a_students(handed_in, names):
    collection = find_submissions(handed_in(dict.fromkeys(names, "")))
    assert collection.layout.startswith("files")
    assert len(collection.submissions) == len(names)


# Moodle


@pytest.mark.parametrize("ending", ["file/", "file_/"], ids=["new", "older"])
def test_moodle_folders(handed_in, found, ending):
    path = handed_in(
        {
            f"Jane Doe_1327627_assignsubmission_{ending}hw.py": "",
            f"Jane Doe_1327627_assignsubmission_{ending}src/loss.py": "",
            "Jane Doe_1327627_assignsubmission_onlinetext/onlinetext.html": "",
            f"jdoe2 Zoë Roe_1327628_assignsubmission_{ending}a.py": "",
            "Max Mustermann_1327629_assignsubmission_onlinetext/onlinetext.html": "",
            f"Default group_assignsubmission_{ending}a.py": "",
        }
    )
    collection = find_submissions(path)
    assert collection.layout.startswith("Moodle download")
    assert {s.name: (s.people, s.key) for s in collection.submissions} == {
        "Default group": ((Person("Default group"),), ""),
        "Jane Doe": ((Person("Jane Doe", id="1327627"),), "1327627"),
        "Max Mustermann": ((Person("Max Mustermann", id="1327629"),), "1327629"),
        "jdoe2 Zoë Roe": ((Person("jdoe2 Zoë Roe", id="1327628"),), "1327628"),
    }
    submissions = named(collection)
    assert [name for name, _ in submissions["Jane Doe"].read().files] == ["hw.py", "src/loss.py"]
    with pytest.raises(Refused, match=r"only onlinetext\.html"):
        submissions["Max Mustermann"].read()
    assert collection.passed_over == (("Jane Doe_1327627_assignsubmission_onlinetext", "typed into Moodle, no file"),)


def test_moodle_flat_files(handed_in, found):
    path = handed_in(
        {
            "Jane Doe_12_assignsubmission_file_hw.py": "import util",
            "Jane Doe_12_assignsubmission_file_util.py": "",
            "Bob Roe_13_assignsubmission_file_hw.py": "",
            "Bob Roe_13_assignsubmission_onlinetext_onlinetext.html": "",
        }
    )
    collection = find_submissions(path)
    assert found(collection) == {"Bob Roe": ("hw.py",), "Jane Doe": ("hw.py", "util.py")}
    assert len(collection.passed_over) == 1


def test_moodle_a_file_name_cannot_pass_for_another_student(handed_in):
    path = handed_in(
        {
            "Mallory_66_assignsubmission_file_Jane Doe_12_assignsubmission_file_hw.py": "",
            "Jane Doe_12_assignsubmission_file_hw.py": "",
        }
    )
    assert [(s.name, s.key) for s in find_submissions(path).submissions] == [("Jane Doe", "12"), ("Mallory", "66")]


@pytest.mark.parametrize("word", ["Participant", "Teilnehmer"])
def test_moodle_blind_marking_is_told_apart_by_number(handed_in, word):
    path = handed_in({f"{word}_{number}_assignsubmission_file_/hw.py": "" for number in (12, 7)})
    assert [s.name for s in find_submissions(path).submissions] == [f"{word} 12", f"{word} 7"]


# Gradescope

METADATA = """\
---
submission_201:
  :submitters:
  - :name: Jane Doe
    :sid: '0012345'
    :email: jane@uni.edu
    :Section: B
  :created_at: 2024-02-03 10:00:00.123456789 -08:00
  :score: 3.0
  :status: processed
  :results:
    tests:
    - name: a
      output: |
        submission_201:
          :submitters:
          - :name: Mallory
  :history:
  - :created_at: 2024-02-01 10:00:00.000000000 -08:00
    :submitters:
    - :name: Mallory
submission_202:
  :submitters:
  - :name: Bob Roe
    :sid:
    :email: bob@uni.edu
  - :name: Eve Poe
    :sid: 77
    :email: eve@uni.edu
  :created_at: !ruby/object:ActiveSupport::TimeWithZone 2024-02-03 10:00:00 Z
submission_203:
  :submitters:
  :created_at: 2024-02-03 10:00:00 Z
submission_204:
  :submitters: []
submission_205:
  :submitters:
  - :name: Zoë
    :email: zoe@uni.edu
  :created_at: 2024-02-03 10:00:00 Z
submission_206:
  :submitters:
  - :name: Zoë
    :email: zoe@uni.edu
  :created_at: 2024-02-02 10:00:00 Z
submission_999:
  :submitters: []
4711.pdf: {':submitters': []}
"""


@pytest.mark.parametrize("wrapping", ["", "assignment_55_export/"])
def test_gradescope_export(handed_in, wrapping):
    files = {f"{wrapping}submission_{number}/hw.py": "" for number in range(201, 207)}
    collection = find_submissions(handed_in(files | {f"{wrapping}submission_metadata.yml": METADATA}))
    assert collection.layout.startswith("Gradescope export")
    assert {s.name: (s.key, s.attempt) for s in collection.submissions} == {
        "Bob Roe and Eve Poe": ("submission_202", "2024-02-03 10:00:00.000 UTC"),
        "Jane Doe": ("submission_201", "2024-02-03 18:00:00.123 UTC"),
        "Zoë": ("submission_205", "2024-02-03 10:00:00.000 UTC"),
        "submission_203": ("submission_203", "2024-02-03 10:00:00.000 UTC"),
        "submission_204": ("submission_204", ""),
    }
    submissions = named(collection)
    assert submissions["Jane Doe"].people == (Person("Jane Doe", "0012345", "jane@uni.edu", "B"),)
    assert submissions["Bob Roe and Eve Poe"].people == (
        Person("Bob Roe", "", "bob@uni.edu"),
        Person("Eve Poe", "77", "eve@uni.edu"),
    )
    assert submissions["submission_203"].people == ()
    assert submissions["Jane Doe"].read().main == "hw.py"
    assert set(collection.passed_over) == {
        ("submission_206", "an earlier attempt than submission_205"),
        ("submission_999", "named in submission_metadata.yml, but there is no such folder"),
        ("4711.pdf", "named in submission_metadata.yml, but there is no such folder"),
    }


def test_gradescope_metadata_as_other_programs_write_it(handed_in):
    text = """{"submission_1": {":submitters": [{":name": "Jane"}], ":created_at": "2024-02-03T10:00:00Z"}}"""
    (one,) = find_submissions(handed_in({"submission_metadata.yml": text, "submission_1/hw.py": ""})).submissions
    assert (one.name, one.attempt) == ("Jane", "2024-02-03 10:00:00.000 UTC")


def test_gradescope_results_of_many_megabytes_are_skipped(folder):
    one = (
        "submission_{0}:\n  :submitters:\n  - :name: S{0}\n  :results:\n    output: |\n"
        + "      noise: ' \" [\n" * 40_000
    )
    path = folder(
        {"submission_metadata.yml": "".join(map(one.format, range(10)))}
        | {f"submission_{n}/a.py": "" for n in range(10)}
    )
    assert (path / "submission_metadata.yml").stat().st_size > 7e6
    started = time.perf_counter()
    assert {s.name for s in find_submissions(path).submissions} == {f"S{n}" for n in range(10)}
    assert time.perf_counter() - started < 3  # PyYAML reads about 1 MB a second, or 0.2 without its C part


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("submission_1: [", r"submission_metadata\.yml cannot be read: "),
        (
            "submission_1:\n  :submitters: !!python/object/apply:os.system ['exit']",
            r"could not determine a constructor",
        ),
        ("- a\n- b", "does not list submissions"),
        ("", "does not list submissions"),
    ],
)
def test_gradescope_broken_metadata_is_a_wrong_call(handed_in, text, message):
    with pytest.raises(UsageError, match=message):
        find_submissions(handed_in({"submission_metadata.yml": text, "submission_1/hw.py": ""}))


def test_gradescope_without_pyyaml_says_how_to_get_it(folder, monkeypatch):
    monkeypatch.setitem(sys.modules, "yaml", None)
    with pytest.raises(UsageError, match=r"pip install 'gradcheck\[platforms\]'"):
        find_submissions(folder({"submission_metadata.yml": METADATA, "submission_201/hw.py": ""}))


def test_gradescope_a_folder_that_the_metadata_does_not_name_is_not_lost(handed_in):
    path = handed_in({"submission_metadata.yml": METADATA, "submission_201/hw.py": "", "submission_777/hw.py": ""})
    assert [s.name for s in find_submissions(path).submissions] == ["Jane Doe", "submission_777"]


YAML = st.recursive(
    st.none() | st.integers() | st.text(max_size=5) | st.dates(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from([":submitters", ":created_at", ":name", ":sid", ":results"]), inner, max_size=4
        )
    ),
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=40)
@given(st.dictionaries(st.sampled_from(["submission_1", "submission_2"]), YAML, min_size=1))
def test_gradescope_metadata_of_any_content_loses_no_submission(folder, about):
    path = folder({"submission_metadata.yml": yaml.dump(about), "submission_1/a.py": "", "submission_2/a.py": ""})
    collection = find_submissions(path)
    assert len(collection.submissions) + len([why for _, why in collection.passed_over if "earlier" in why]) == 2
