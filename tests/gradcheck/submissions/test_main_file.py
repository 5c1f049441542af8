"""Which of several files is the one with the functions."""

import time

import pytest

from checkers.grading.submission import Refused
from gradcheck.submissions import find_submissions, most_functions_of
from gradcheck.submissions.main_file import MainFile


def main_of(files, main=None, choose=None, names=()):
    return MainFile(main, choose, lambda: names)({name: text.encode() for name, text in files.items()})


def test_an_only_file_is_it_whatever_is_asked_for():
    assert main_of({"x.py": ""}, main="hw.py", choose=lambda files: "y.py") == "x.py"


@pytest.mark.parametrize("main", ["src/HW.py", "HW.py", "hw.py"])
def test_the_name_that_is_asked_for(main):
    files = {"a.py": "# gradcheck: exercise mlp\ndef f(): pass", "src/HW.py": ""}
    assert main_of(files, main=main) == "src/HW.py"


def test_a_name_that_is_missing_or_not_clear_leaves_it_to_the_rest():
    files = {"a.py": "def f(): pass", "b/hw.py": "", "c/hw.py": ""}
    assert main_of(files, main="model.py") == "a.py"
    assert main_of(files, main="hw.py") == "a.py"
    assert main_of(files, main="c/hw.py") == "c/hw.py"


def test_the_chooser_sees_the_files():
    seen = {}
    assert main_of({"a.py": "x = 1", "b.py": "y = 2"}, choose=lambda files: seen.update(files) or "b.py") == "b.py"
    assert seen == {"a.py": b"x = 1", "b.py": b"y = 2"}


def test_the_file_with_most_functions_of_the_exercise():
    choose = most_functions_of(["softmax", "loss", "gradient"])
    files = {"a.py": "def softmax(z): ...\n", "b.py": "class C:\n    def loss(z): ...\n    def gradient(z): ...\n"}
    assert main_of(files, choose=choose) == "b.py"
    # as many in both: the rest of the rule decides
    files["a.py"] += "def loss(z): ...\n# gradcheck: exercise softmax-regression"
    assert main_of(files, choose=choose) == "a.py"
    assert main_of({"a.py": "x = 1", "b.py": "def f(): ..."}, choose=choose) == "b.py"


def test_a_chooser_that_names_no_file_is_told_so():
    with pytest.raises(Refused, match=r"said to be 'c\.py', which is not among a\.py, b\.py"):
        main_of({"a.py": "", "b.py": ""}, choose=lambda files: "c.py")


def test_the_line_that_names_the_exercise_comes_first():
    files = {"a.py": "def f(): pass", "b.py": "# gradcheck: exercise softmax-regression\n", "run.py": "import a, b"}
    assert main_of(files, names=[{"a.py"}] * 5) == "b.py"


def test_the_name_that_most_submissions_share():
    files = {"run.py": "import softmax\ndef f(): pass", "softmax.py": ""}
    common = [{"softmax.py", f"{n}.py"} for n in range(9)] + [{"run.py"}]
    assert main_of(files, names=common) == "softmax.py"
    # as many as the commonest, or nearly: both came with the exercise
    assert main_of(files, names=[{"softmax.py", "run.py"}] * 10 + [{"softmax.py"}]) == "run.py"
    # of less than half: says nothing
    assert main_of(files, names=[{"softmax.py"}] * 4 + [{"x.py"}] * 5) == "run.py"


def test_not_the_tests_nor_what_the_others_import():
    files = {
        "__init__.py": "",
        "layers.py": "def a(): pass\ndef b(): pass",
        "test_model.py": "from model import f\n" + "def t(): pass\n" * 9,
        "model.py": "from .layers import (a, b)\ndef f(): pass",
    }
    # the tests import the model; what is left without them is imported by one of the two
    assert main_of(files) in ("layers.py", "model.py")
    del files["test_model.py"]
    assert main_of(files) == "model.py"


def test_most_functions_and_then_the_first_name():
    assert main_of({"b.py": "def f(): pass\ndef g(): pass", "a.py": "def f(): pass"}) == "b.py"
    assert main_of({"b.py": "def f(): pass", "a.py": "class C:\n    def f(self): pass"}) == "a.py"


def test_the_class_is_asked_which_name_is_common(handed_in):
    files = {f"s{number}/softmax.py": "" for number in range(5)}
    path = handed_in(files | {"jane/softmax.py": "", "jane/zz.py": "import softmax\ndef f(): pass"})
    jane = find_submissions(path).submissions[0]
    assert (jane.name, jane.read().main) == ("jane", "softmax.py")
    (jane, *_) = find_submissions(path, main="zz.py").submissions
    assert jane.read().main == "zz.py"


def test_hostile_sources_are_scanned_in_no_time():
    started = time.process_time()
    for hostile in (
        "#" + "\n" * 10**6,
        " " * 10**6,
        "from " * 200_000,
        "import " + "," * 10**6,
        "from a import " * 70_000,
    ):
        main_of({"a.py": hostile, "b.py": ""})
    assert time.process_time() - started < 20  # seconds; 0.1 where it grows with the length, hours with its square
