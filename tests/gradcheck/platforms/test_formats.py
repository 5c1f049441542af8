"""The table that the command reads."""

import subprocess
import sys

import pytest

from checkers.errors import UsageError
from gradcheck.platforms import FORMATS, PlatformOptions


def test_names_are_sorted_and_explained():
    assert list(FORMATS) == sorted(FORMATS)
    assert all(one.help and len(one.help) < 80 for one in FORMATS.values())


def test_every_writer_writes_into_the_folder_and_leaves_nothing_else(tmp_path, info, graded, person):
    (tmp_path / "sheet.csv").write_text("Identifier,Grade\nParticipant 12345,\n")
    options = PlatformOptions(worksheet=tmp_path / "sheet.csv", assignment="Softmax (55)")
    for name, one in FORMATS.items():
        out = tmp_path / name
        out.mkdir()
        written = one.write(info, [graded("right", people=(person,))], out, options)
        assert sorted(out.iterdir()) == sorted(written.files), name
        assert written.left_out == (), name


@pytest.mark.parametrize("name", FORMATS)
def test_a_folder_that_cannot_be_written_to_is_a_usage_error(tmp_path, info, graded, person, name):
    (tmp_path / "sheet.csv").write_text("Identifier,Grade\nParticipant 12345,\n")
    options = PlatformOptions(worksheet=tmp_path / "sheet.csv", assignment="Softmax (55)")
    with pytest.raises(UsageError, match="cannot be written"):
        FORMATS[name].write(info, [graded("right", people=(person,))], tmp_path / "none", options)


@pytest.mark.parametrize("name", FORMATS)
def test_an_old_file_stays_where_writing_fails(tmp_path, info, graded, person, name):
    (tmp_path / "sheet.csv").write_text("Identifier,Grade\nParticipant 12345,\n")
    options = PlatformOptions(worksheet=tmp_path / "sheet.csv", assignment="Softmax (55)")
    files = FORMATS[name].write(info, [graded("right", people=(person,))], tmp_path, options).files
    before = [file.read_bytes() for file in files]

    def rows():
        yield graded("reversed", people=(person,))
        raise RuntimeError("a fault")

    with pytest.raises(RuntimeError):
        FORMATS[name].write(info, rows(), tmp_path, options)
    assert [file.read_bytes() for file in files] == before
    assert not list(tmp_path.glob(".*"))


def test_the_command_itself_does_not_import_them():
    code = "import sys, gradcheck.cli.app; sys.exit('gradcheck.platforms' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize("name", ["canvas", "moodle"])
def test_options_that_will_not_do_are_refused_before_any_grading(tmp_path, name):
    (tmp_path / "sheet.csv").write_text("Identifier,ID,Section,Grade,Softmax (55)\n")
    file = tmp_path / "sheet.csv"
    FORMATS[name].check(PlatformOptions(worksheet=file, gradebook=file))
    with pytest.raises(UsageError):
        FORMATS[name].check(PlatformOptions())
    with pytest.raises(UsageError, match="Other"):
        FORMATS[name].check(
            PlatformOptions(worksheet=file, headers={"Grade": "Other"}, gradebook=file, assignment="Other")
        )
