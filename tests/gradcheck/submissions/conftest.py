"""Real folders and real zips, built as a test needs them."""

import io
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from gradcheck.submissions import Collection, find_submissions

Files = Mapping[str, str | bytes]
Build = Callable[[Files], Path]


def _bytes(content: str | bytes) -> bytes:
    return content.encode() if isinstance(content, str) else content


@pytest.fixture
def folder(tmp_path: Path) -> Build:
    """Writes a folder of files and gives its path."""

    def build(files: Files) -> Path:
        root = tmp_path / "submissions"
        root.mkdir(exist_ok=True)
        for name, content in files.items():
            path = root / name
            (path if name.endswith("/") else path.parent).mkdir(parents=True, exist_ok=True)
            if not name.endswith("/"):
                path.write_bytes(_bytes(content))
        return root

    return build


@pytest.fixture
def zipped(tmp_path: Path) -> Build:
    """Writes a zip of files and gives its path."""

    def build(files: Files) -> Path:
        path = tmp_path / "submissions.zip"
        path.write_bytes(zip_of(files))
        return path

    return build


@pytest.fixture(params=["folder", "zip"])
def handed_in(request: pytest.FixtureRequest, folder: Build, zipped: Build) -> Build:
    """Both in turn: what holds for a folder holds for a zip of it."""
    return folder if request.param == "folder" else zipped


def zip_of(files: Files, compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as archive:
        for name, content in files.items():
            archive.writestr(name, _bytes(content))
    return buffer.getvalue()


@pytest.fixture(name="zip_of")
def _zip_of() -> Callable[..., bytes]:
    return zip_of


@pytest.fixture
def found() -> Callable[..., dict[str, tuple[str, ...]]]:
    """Reads all submissions of a path: name -> names of its files, the main one first."""

    def read(path: Path | Collection, **options: object) -> dict[str, tuple[str, ...]]:
        collection = path if isinstance(path, Collection) else find_submissions(path, **options)
        result = {}
        for submission in collection.submissions:
            source = submission.read()
            rest = [name for name, _ in source.files if name != source.main]
            result[submission.name] = (source.main, *rest)
        return result

    return read
