"""Folders without a platform's names: a file, a zip or a folder for each student."""

import os
import time
import tracemalloc

import pytest

from checkers.errors import UsageError
from checkers.grading.submission import Refused
from gradcheck.submissions import find_submissions


def test_each_file_is_a_students(handed_in, found):
    path = handed_in({"jane.py": "a = 1", "bob.py": "b = 2", "notes.txt": "-", "grades.csv": "-"})
    collection = find_submissions(path)
    assert collection.layout.startswith("files, one for each student")
    assert found(collection) == {"bob": ("bob.py",), "jane": ("jane.py",)}
    assert collection.passed_over == (("grades.csv", "not Python"), ("notes.txt", "not Python"))
    assert [s.people for s in collection.submissions] == [(), ()]


def test_content_arrives_as_it_was_handed_in(handed_in):
    (submission,) = find_submissions(handed_in({"jane.py": b"\xef\xbb\xbfx = '\xff'\r\n"})).submissions
    assert submission.read().files == (("jane.py", b"\xef\xbb\xbfx = '\xff'\r\n"),)


def test_each_folder_is_a_students(handed_in, found):
    path = handed_in(
        {
            "jane/model.py": "import layers.dense",
            "jane/layers/dense.py": "",
            "jane/report.pdf": "-",
            "bob/deep/er/hw.py": "",
        }
    )
    collection = find_submissions(path)
    assert collection.layout.startswith("folders, one for each student")
    assert found(collection) == {"bob": ("deep/er/hw.py",), "jane": ("model.py", "layers/dense.py")}


def test_a_zip_for_each_student(handed_in, found, zip_of):
    path = handed_in(
        {"jane.zip": zip_of({"hw/model.py": "import layers", "hw/layers.py": ""}), "bob.zip": zip_of({"hw.py": ""})}
    )
    collection = find_submissions(path)
    assert collection.layout.startswith("zips, one for each student")
    assert found(collection) == {"bob": ("hw.py",), "jane": ("hw/model.py", "hw/layers.py")}


def test_a_zip_in_a_students_folder_is_read_if_there_is_no_python_beside_it(handed_in, found, zip_of):
    archive = zip_of({"hw.py": ""})
    path = handed_in({"jane/hw.zip": archive, "bob/data.zip": archive, "bob/mine.py": ""})
    assert found(path) == {"bob": ("mine.py",), "jane": ("hw.py",)}


def test_files_zips_and_folders_may_be_mixed(handed_in, found, zip_of):
    path = handed_in({"a.py": "", "b.zip": zip_of({"hw.py": ""}), "c/hw.py": "", "pictures/x.png": "-"})
    collection = find_submissions(path)
    assert collection.layout.startswith("files and zips and folders")
    assert list(found(collection)) == ["a", "b", "c"]
    assert collection.passed_over == (("pictures", "a folder without a Python file"),)


@pytest.mark.parametrize("wrapping", ["hw1/", "download/hw1/", "a/b/c/"])
def test_folders_that_only_wrap_the_class_are_gone_through(handed_in, found, wrapping):
    flat = {f"{wrapping}jane.py": "", f"{wrapping}bob.py": "", "roster.csv": "name"}
    assert found(handed_in(flat)) == {"bob": ("bob.py",), "jane": ("jane.py",)}


def test_a_folder_of_folders_may_be_wrapped(handed_in, found):
    assert list(found(handed_in({"hw1/jane/hw.py": "", "hw1/bob/hw.py": ""}))) == ["bob", "jane"]


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"jane/hw.py": ""}, {"jane": ("hw.py",)}),
        ({"jane/src/hw.py": ""}, {"jane": ("src/hw.py",)}),
        ({"jane/hw.py": "from loss import mse", "jane/loss.py": ""}, {"jane": ("hw.py", "loss.py")}),
    ],
    ids=["one file", "nested", "files that import each other"],
)
def test_the_folder_of_an_only_student_wraps_nothing(handed_in, found, files, expected):
    assert found(handed_in(files)) == expected


def test_what_systems_and_editors_leave_behind_is_passed_over_quietly(handed_in, found):
    noise = [
        ".DS_Store",
        "__MACOSX/._jane.py",
        "__MACOSX/jane/._hw.py",
        "jane.py~",
        "#jane.py#",
        ".jane.py.swp",
        "Thumbs.db",
    ]
    inside = [
        "__pycache__/hw.py",
        ".git/hooks/x.py",
        ".ipynb_checkpoints/hw-checkpoint.ipynb",
        "venv/pyvenv.cfg",
        "venv/x.py",
    ]
    path = handed_in(
        dict.fromkeys(noise, "-") | {f"bob/{name}": "-" for name in inside} | {"jane.py": "", "bob/hw.py": ""}
    )
    collection = find_submissions(path)
    assert found(collection) == {"bob": ("hw.py",), "jane": ("jane.py",)}
    assert collection.passed_over == ()


def test_newest_of_attempts_that_say_so(handed_in, found):
    path = handed_in(
        {"jane_attempt2.py": "", "jane_attempt10.py": "", "bob_2.py": "", "bob_3.py": "", "eve attempt 1/hw.py": ""}
    )
    collection = find_submissions(path)
    assert found(collection) == {
        "bob_2": ("bob_2.py",),
        "bob_3": ("bob_3.py",),
        "eve": ("hw.py",),
        "jane": ("jane_attempt10.py",),
    }
    assert [s.attempt for s in collection.submissions] == ["", "", "1", "10"]
    assert collection.passed_over == (("jane_attempt2.py", "an earlier attempt than jane_attempt10.py"),)


def test_a_folder_and_an_attempt_of_one_name_are_both_kept(handed_in, found):
    path = handed_in({"jane/hw.py": "", "jane_attempt2.py": "", "bob.py": ""})
    assert found(path) == {"bob": ("bob.py",), "jane": ("hw.py",), "jane-2": ("jane_attempt2.py",)}


def test_names_in_any_script_are_read(handed_in, found):
    names = ["課題\u30001.py", "می\u200cخواهم.py", "zoë's (1).py", "हिन्दी.py", "a\xa0b.py"]
    assert sorted(main for main, *_ in found(handed_in(dict.fromkeys(names, ""))).values()) == sorted(names)


def test_a_single_file(folder, found):
    path = folder({"jane.py": "", "bob.py": ""}) / "jane.py"
    collection = find_submissions(path)
    assert collection.layout == "a single file"
    assert found(collection) == {"jane": ("jane.py",)}


def test_a_student_without_python_is_refused_by_name_and_the_rest_is_read(handed_in, zip_of):
    path = handed_in({"jane/hw.pdf": "-", "jane/a.txt": "-", "bob/hw.py": "", "eve/": "", "zoe.rar": "Rar!"})
    bob, eve, jane, zoe = find_submissions(path).submissions
    assert bob.read().main == "hw.py"
    with pytest.raises(Refused, match=r"^There is no Python file or notebook in it, only a\.txt, hw\.pdf\.$"):
        jane.read()
    with pytest.raises(Refused, match=r"^There is no Python file or notebook in it\.$"):
        eve.read()
    with pytest.raises(Refused, match=r"only zoe\.rar"):
        zoe.read()


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("nothing", "There is no .*nothing"),
        ("a.txt", "neither a folder nor a zip"),
        ("pipe", "neither a folder nor a zip"),
    ],
)
def test_a_path_that_holds_nothing_is_a_wrong_call(tmp_path, name, message):
    (tmp_path / "a.txt").write_text("-")
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(UsageError, match=message):
        find_submissions(tmp_path / name)


def test_an_empty_folder_says_what_was_looked_for(folder):
    with pytest.raises(UsageError, match=r"holds no submission: no Python file.* notes\.txt is not Python\."):
        find_submissions(folder({"notes.txt": "-"}))


def test_downloads_that_hold_zips_of_students(handed_in, found, zip_of):
    archive = zip_of({"hw/model.py": "import loss", "hw/loss.py": ""})
    expected = ("hw/model.py", "hw/loss.py")
    canvas = {"canvas/doejane_11_678901_hw.zip": archive, "canvas/roebob_12_678902_hw-1.zip": archive}
    assert found(handed_in(canvas)) == {"doejane": expected, "roebob": expected}


def test_moodle_downloads_that_hold_zips_of_students(handed_in, found, zip_of):
    path = handed_in({"Jane Doe_12_assignsubmission_file_/hw.zip": zip_of({"hw.py": ""})})
    assert found(path) == {"Jane Doe": ("hw.py",)}


def test_a_link_to_the_folder_itself_is_the_instructors_and_followed(folder, tmp_path, found):
    (tmp_path / "link").symlink_to(folder({"jane.py": ""}))
    assert list(found(tmp_path / "link")) == ["jane"]


def test_thousands_of_files_are_found_at_ten_thousand_a_second(folder):
    path = folder({})
    for number in range(2_000):
        (path / f"student{number}.py").touch()
    seconds = []
    for _ in range(3):  # the best of three: others share the machine
        started = time.process_time()
        assert len(find_submissions(path).submissions) == 2_000
        seconds.append(time.process_time() - started)
    assert min(seconds) < 0.2


def test_no_content_is_held(folder):
    collection = find_submissions(folder({f"student{number}.py": "x = 1\n" * 5_000 for number in range(300)}))
    collection.submissions[0].read()
    tracemalloc.start()
    for submission in collection.submissions:
        submission.read()
    held, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert held < 100_000 < most < 3_000_000  # bytes; all files together have 9,000,000
