"""A folder that is one submission, as a platform's container has it."""

from __future__ import annotations

import pytest

from checkers.grading.submission import Refused
from gradcheck.submissions import find_submissions, most_functions_of


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "student").mkdir()
    (tmp_path / "student" / "softmax.py").write_text("def softmax(Z): pass\ndef model_forward(X, W, b): pass\n")
    (tmp_path / "student" / "test_mine.py").write_text("from softmax import softmax\n\ndef test_it(): pass\n")
    return tmp_path / "student"


def test_all_its_files_are_one_submission(folder):
    (submission,) = find_submissions(folder, one=True).submissions
    source = submission.read()
    assert [name for name, _ in source.files] == ["softmax.py", "test_mine.py"]
    assert len(find_submissions(folder).submissions) == 2


def test_the_file_with_most_of_the_functions_is_graded(folder):
    (folder / "aaa.py").write_text("def softmax(Z): pass\ndef a(): pass\ndef b(): pass\ndef c(): pass\n")
    choose = most_functions_of(["softmax", "model_forward"])
    (submission,) = find_submissions(folder, one=True, choose=choose).submissions
    assert submission.read().main == "softmax.py"


def test_a_link_in_it_is_refused(folder):
    (folder / "answer.py").symlink_to("/etc/passwd")
    (submission,) = find_submissions(folder, one=True).submissions
    with pytest.raises(Refused, match=r"answer\.py"):
        submission.read()
