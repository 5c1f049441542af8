"""Files of numbers that lie beside a submission's code: a module may read them when it is imported."""

from __future__ import annotations

import zipfile

import pytest

from checkers.grading.submission import Refused
from gradcheck.submissions import Limits, find_submissions


@pytest.fixture
def handed_in(tmp_path):
    folder = tmp_path / "class" / "ada"
    folder.mkdir(parents=True)
    (folder / "net.py").write_text("import numpy as np\ndata = np.loadtxt('data/x.csv')\n")
    (folder / "data").mkdir()
    (folder / "data" / "x.csv").write_text("1 2 3\n")
    (folder / "notes.docx").write_bytes(b"PK")
    return tmp_path / "class"


def test_they_travel_with_the_code(handed_in):
    (submission,) = find_submissions(handed_in).submissions
    source = submission.read()
    assert source.main == "net.py"
    assert [name for name, _ in source.files] == ["data/x.csv", "net.py"]


def test_they_are_found_in_a_zip(handed_in, tmp_path):
    with zipfile.ZipFile(tmp_path / "class.zip", "w") as archive:
        for path in sorted(handed_in.rglob("*.*")):
            archive.write(path, path.relative_to(handed_in).as_posix())
    (submission,) = find_submissions(tmp_path / "class.zip").submissions
    assert dict(submission.read().files)["data/x.csv"] == b"1 2 3\n"


def test_a_large_one_is_left_out_and_the_code_is_graded(handed_in):
    (submission,) = find_submissions(handed_in, limits=Limits(data=3)).submissions
    assert [name for name, _ in submission.read().files] == ["net.py"]


def test_one_that_changes_is_another_source(handed_in):
    def sha256() -> str:
        return find_submissions(handed_in).submissions[0].read().sha256

    before = sha256()
    (handed_in / "ada" / "data" / "x.csv").write_text("4 5 6\n")
    assert sha256() != before


def test_data_alone_is_no_submission(tmp_path):
    (tmp_path / "class" / "ada").mkdir(parents=True)
    (tmp_path / "class" / "ada" / "x.csv").write_text("1")
    (tmp_path / "class" / "bob").mkdir()
    (tmp_path / "class" / "bob" / "net.py").write_text("x = 1\n")
    ada, bob = find_submissions(tmp_path / "class").submissions
    with pytest.raises(Refused, match=r"There is no Python file or notebook in it, only .*x\.csv"):
        ada.read()
    assert bob.read().main == "net.py"
