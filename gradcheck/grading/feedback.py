"""What students get: NAME.md and NAME.html of each submission at the hint level, in a folder of their own."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from gradcheck.render import report_html, report_markdown
from gradcheck.render.characters import on_one_line
from gradcheck.render.handed_in import HandedIn

from .whole_file import make_folder, whole_file

if TYPE_CHECKING:
    from checkers.grading.submission import Graded

FOLDER = "feedback"

# Names of the submissions whose feedback we wrote, one a line: only such files are ever removed.
WRITTEN = ".written-by-gradcheck"

# Rendered pages that are kept for the next submission with the same source: copies come in small groups, and most
# submissions have none.
KEPT = 256

_FORMATS = {".md": report_markdown.render, ".html": report_html.render}

# What no file's name may hold somewhere; names of submissions are safe already, and this is the last door.
_SEPARATORS = str.maketrans(dict.fromkeys('/\\:*?"<>|\0', "_"))


def file_stem(name: str) -> str:
    """The name of a submission as the name of a file, never a path.

    >>> file_stem("doejane"), file_stem("../../etc/passwd"), file_stem("..")
    ('doejane', '.._.._etc_passwd', '_..')
    """
    stem = on_one_line(name).translate(_SEPARATORS)
    return f"_{stem}" if stem in {"", ".", "..", WRITTEN} else stem


def link(name: str) -> str:
    """The address of a submission's page, as seen from the folder of the run.

    >>> link("Jane Doe #2")
    'feedback/Jane%20Doe%20%232.html'
    """
    return f"{FOLDER}/{quote(file_stem(name), safe='', errors='replace')}.html"


class Feedback:
    """Writes the feedback of a run, one submission after another.

    Args:
        out: the folder of the run.
        level: how much of a report students see.
    """

    def __init__(self, out: Path, level: int) -> None:
        self.folder, self.level = out / FOLDER, level
        make_folder(self.folder)
        self.before = self._written_before()
        self.names: set[str] = set()
        self._pages: dict[object, dict[str, str]] = {}

    def write(self, row: Graded) -> None:
        """Write both files of a submission."""
        stem = file_stem(row.name)
        for ending, text in self._rendered(row).items():
            # Not with_suffix: a name may hold a dot.
            with whole_file(self.folder / f"{stem}{ending}") as file:
                file.write(text)

    def keep(self, row: Graded) -> None:
        """The submission is in this run, whether its feedback is written now or was before."""
        self.names.add(file_stem(row.name))

    def close(self) -> None:
        """Remove what an earlier run wrote for submissions that are gone, and remember what this one wrote."""
        for stem in self.before - self.names:
            for ending in _FORMATS:
                with suppress(OSError):  # what cannot be removed, such as a folder of that name, stays
                    (self.folder / f"{stem}{ending}").unlink(missing_ok=True)
        with whole_file(self.folder / WRITTEN) as file:
            file.writelines(f"{stem}\n" for stem in sorted(self.names))

    def _rendered(self, row: Graded) -> dict[str, str]:
        handed_in = HandedIn.of(row)
        key = (row.sha256, handed_in)
        if key in self._pages:
            return self._pages[key]
        # Not what was printed: it may hold the random arrays, and a table of answers to them could be handed in next.
        report = replace(row.report, output="")
        pages = {ending: render(report, hints=self.level, handed_in=handed_in) for ending, render in _FORMATS.items()}
        if row.sha256:
            if len(self._pages) >= KEPT:
                self._pages.clear()
            self._pages[key] = pages
        return pages

    def _written_before(self) -> set[str]:
        try:
            stems = (self.folder / WRITTEN).read_text("utf-8", errors="replace").splitlines()
        except FileNotFoundError:
            return set()
        # The file lies where others may write: what it names is removed, so each name is checked again.
        return {stem for stem in stems if stem == file_stem(stem)}
