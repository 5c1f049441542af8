import io
import os
import sys

import pytest
from rich.text import Text

from checkers.errors import UsageError
from gradcheck.cli import terminal


@pytest.fixture
def stream(monkeypatch):
    """Standard output that encodes as told, and what was written to it."""

    def replace_stdout(encoding):
        raw = io.BytesIO()
        monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding=encoding))
        return raw

    return replace_stdout


def test_a_stream_that_can_encode_it_gets_unicode(stream):
    raw = stream("utf-8")
    terminal.print_with(lambda console: console.print(Text("✗ ∂J/∂z ■□")))
    assert raw.getvalue().decode("utf-8") == "✗ ∂J/∂z ■□\n"


@pytest.mark.parametrize("encoding", ["ascii", "latin-1"])
def test_a_stream_that_cannot_encode_it_gets_ascii(stream, encoding):
    raw = stream(encoding)
    terminal.print_with(lambda console: console.print(Text("✗ ∂J/∂z ■□ 漢")))
    assert raw.getvalue() == b"x dJ/dz #. ?\n"


def test_a_document_is_utf_8_whatever_the_stream(stream):
    raw = stream("ascii")
    terminal.write_document("✗\n", None)
    assert raw.getvalue() == "✗\n".encode()


def test_a_lone_surrogate_of_a_file_name_is_no_error(stream):
    raw = stream("utf-8")
    terminal.write_document("name\udcff.py\n", None)
    assert raw.getvalue() == b"name?.py\n"


def test_lines_are_no_wider_than_they_can_be_read(stream, monkeypatch):
    monkeypatch.setenv("COLUMNS", "300")
    raw = stream("utf-8")
    terminal.print_with(lambda console: console.print(Text("word " * 100)))
    assert max(map(len, raw.getvalue().decode("utf-8").splitlines())) <= terminal.WIDEST


@pytest.mark.skipif(sys.platform == "win32", reason="hard links")
def test_a_file_is_replaced_and_never_written_into(tmp_path):
    target, link = tmp_path / "report", tmp_path / "link"
    target.write_text("old", encoding="utf-8")
    os.link(target, link)
    terminal.write_file("new", target)
    assert (target.read_text(encoding="utf-8"), link.read_text(encoding="utf-8")) == ("new", "old")


def test_a_write_that_fails_leaves_the_old_file_and_no_other(tmp_path, monkeypatch):
    target = tmp_path / "report"
    target.write_text("old", encoding="utf-8")

    def full(self, target):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(type(target), "replace", full)
    with pytest.raises(UsageError, match="No space left"):
        terminal.write_file("new", target)
    assert [(path.name, path.read_text(encoding="utf-8")) for path in tmp_path.iterdir()] == [("report", "old")]
