"""The page for the instructor: how the class did, which mistakes it made, who needs a look, and every submission.

One file without a network: its script and style are named by their hashes in its Content-Security-Policy, so that
nothing else runs, whatever a student's file is called. The table of all submissions is data that the script shows in
pages; all that stands above it needs no script.
"""

from __future__ import annotations

import base64
import hashlib
import json
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from markupsafe import Markup

from checkers.findings import Verdict
from gradcheck.explanations import explanations, typeset
from gradcheck.grading.class_statistics import Look, fault_codes, looks
from gradcheck.grading.feedback import FOLDER, file_stem, link

from .characters import on_one_line
from .report_html import environment

if TYPE_CHECKING:
    from checkers.grading.submission import Graded, RunInfo
    from gradcheck.grading.class_statistics import ClassStatistics

# Bars of the histogram, besides the one for full marks: more are too narrow for their labels on a phone.
BARS = 12
_WIDTHS = (0.05, 0.1, 0.2, 0.25, 0.5, 1, 2, 2.5, 5, 10, 20, 25, 50, 100)

# Groups of identical sources that are listed; in a class that hands in an unchanged starter there is one large group.
GROUPS = 100

LOOKS = {
    Look.REFUSED: "They were not run; their feedback says why.",
    Look.FORBIDDEN: "The code tried something that a submission may not do, and was stopped.",
    Look.CRASHED: "The process died during a call.",
    Look.TIMES_OUT: "A call did not end in time. On a busy machine a second run may tell.",
    Look.TOO_MUCH_MEMORY: "A call wanted more memory than it may have.",
    Look.DOES_NOT_RUN: "The file does not parse, import or run: often one slip that costs every point.",
    Look.NOT_RUN: "No function of the exercise could be called.",
    Look.UNDECIDED: "The probes could not decide; full points were given.",
    Look.UNKNOWN: "Wrong, and no known mistake gives these numbers.",
    Look.AMBIGUOUS: "Several mistakes give these numbers.",
    Look.UNSTEADY: "The same call gives different results: another run may judge otherwise.",
    Look.IDENTICAL: "Byte for byte the same files as an earlier submission. An untouched starter counts too.",
}
"""Why each group deserves a look."""

_HERE = Path(__file__).parent / "templates"


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of the histogram.

    Attributes:
        start, end: the scores it holds, the end not included; both the same for full marks.
        left, width: in percent of the figure's width.
        height: 0 to 1, of the highest bar.
    """

    start: float
    end: float
    count: int
    left: float
    width: float
    height: float


class Listing:
    """The rows of the table, kept in a file until the page can be written.

    Args:
        file: a temporary one, for writing and reading.
    """

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self._codes: dict[str, int] = {}
        self._separator = ""

    def add(self, row: Graded) -> None:
        """Add a submission."""
        codes = [self._codes.setdefault(code, len(self._codes)) for code in fault_codes(row.report)]
        verdict = list(Verdict).index(row.report.verdict)
        reasons = [list(Look).index(look) for look in looks(row)]
        people = ", ".join(on_one_line(person.name) for person in row.people)
        attempt = ", ".join(filter(None, (on_one_line(row.attempt), "late" if row.is_late else "")))
        name = on_one_line(row.name)
        cells: list[object] = [name, people, round(row.report.score, 4), verdict, codes, reasons]
        cells += [round(row.seconds, 2), attempt]
        if file_stem(row.name) != name:
            cells.append(file_stem(row.name))
        self._file.write(self._separator + _in_a_script(cells))
        self._separator = ",\n"

    def pieces(self) -> Iterator[Markup]:
        """The data of the table as JSON, piece by piece."""
        head = {"folder": FOLDER, "codes": list(self._codes), "verdicts": list(Verdict), "looks": list(Look)}
        yield Markup(_in_a_script(head)[:-1] + ', "rows": [\n')
        self._file.seek(0)
        while piece := self._file.read(1 << 16):
            yield Markup(piece)
        yield Markup("\n]}")


def pieces(info: RunInfo, statistics: ClassStatistics, listing: Listing) -> Iterator[str]:
    """The page, piece by piece."""
    style, script = _source("class_report.css"), _source("class_report.js")
    sources = f"style-src '{_hash(style)}'; script-src '{_hash(script)}'"
    policy = f"default-src 'none'; {sources}; base-uri 'none'; form-action 'none'"
    return environment().get_template("class_report.html").generate(
        info=info,
        title=on_one_line(info.title) or info.exercise,
        finished=_time(info.finished),
        statistics=statistics,
        bars=histogram(statistics),
        verdicts=list(reversed(Verdict)),
        mistakes=statistics.mistakes,
        explained=_explained,
        looks=[(look, text, statistics.looks[look]) for look, text in LOOKS.items() if statistics.looks[look].count],
        groups=list(statistics.identical.values()),
        shown_groups=GROUPS,
        listing=listing,
        link=link,
        look_identical=Look.IDENTICAL,
        percent=percent,
        policy=policy,
        style=Markup(style),
        script=Markup(script),
    )  # fmt: skip


def histogram(statistics: ClassStatistics) -> list[Bar]:
    """How many submissions have how many points; full marks are a bar of their own."""
    top = statistics.max_score
    if not top:
        return []
    least = 1 if all(score == int(score) for score in statistics.scores) else 0  # half points would be empty bars
    width = next((width for width in _WIDTHS if width >= least and top / width <= BARS), top / BARS)
    edges = [0.0]
    while edges[-1] + width < top - 1e-9:  # rounding must not leave a bar of no width
        edges.append(edges[-1] + width)
    counts = [0] * (len(edges) + 1)
    for score, count in statistics.scores.items():
        counts[-1 if score >= top else bisect_right(edges, max(score, 0.0)) - 1] += count
    slot = 100 / (len(edges) + 1.5)  # half a slot apart from the others stands the bar for full marks
    bounds = [*zip(edges, [*edges[1:], top], strict=True), (top, top)]
    highest = max(counts) or 1
    return [
        Bar(start, end, count, slot * (index + 0.5 * (start == end)), slot, count / highest)
        for index, ((start, end), count) in enumerate(zip(bounds, counts, strict=True))
    ]


def percent(part: float, whole: float) -> str:
    """A part in percent, in whole numbers; neither 0 nor 100 when it is not quite that.

    >>> percent(1, 3), percent(1, 1000), percent(999, 1000), percent(0, 0)
    ('33\\xa0%', '<1\\xa0%', '>99\\xa0%', '0\\xa0%')
    """
    share = 100 * part / whole if whole else 0.0
    if 0 < share < 1:
        return "<1\xa0%"
    return ">99\xa0%" if 99 < share < 100 else f"{share:.0f}\xa0%"


def _time(text: str) -> str:
    """A time for people; a text that is no time stays as it is."""
    try:
        return f"{datetime.fromisoformat(text):%Y-%m-%d %H:%M %Z}".strip()
    except ValueError:
        return on_one_line(text)


def _explained(code: str) -> tuple[str, str]:
    """The title and the explanation of a code."""
    text = explanations()[code]
    return typeset(text.title), typeset(text.means)


@cache
def _source(name: str) -> str:
    return (_HERE / name).read_text(encoding="utf-8")


def _hash(source: str) -> str:
    """How a Content-Security-Policy names what it lets run."""
    return f"sha256-{base64.b64encode(hashlib.sha256(source.encode()).digest()).decode()}"


def _in_a_script(value: object) -> str:
    """JSON that can neither end the script element it stands in nor begin a comment in it."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
