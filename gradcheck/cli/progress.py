"""What a grading run shows while it runs: a bar in a terminal, a line now and then in a pipe, nothing when quiet."""

import sys
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import TYPE_CHECKING

from rich.console import Console, Group
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from checkers.findings import Verdict
from gradcheck.render.characters import on_one_line

if TYPE_CHECKING:
    from rich.console import RenderableType

    from checkers.grading.run import Progress

# Seconds between two lines of a log: often enough to see that it goes on.
LOG_EVERY = 10.0
# Seconds between two pictures: more are not seen.
DRAW_EVERY = 0.125
# Seconds that the rate is taken over: long enough to be steady, short enough to follow a slow part of the class.
PACE_OVER = 20.0
# The colour of each verdict, as in the reports.
STYLES = {Verdict.RIGHT: "green", Verdict.WRONG: "red", Verdict.UNDECIDED: "yellow", Verdict.NOT_RUN: "dim"}


class ProgressDisplay:
    """Shows the progress of a run on standard error; to be called with each `Progress`."""

    def __init__(self, *, quiet: bool = False) -> None:
        self._console = Console(stderr=True, highlight=False, emoji=False)
        is_drawn = self._console.is_terminal and not self._console.is_dumb_terminal
        self._live = Live(console=self._console, auto_refresh=False, transient=True) if is_drawn and not quiet else None
        self._is_logging = not is_drawn and not quiet
        self._next = 0.0
        self._pace = Pace()

    def __enter__(self) -> "ProgressDisplay":
        if self._live is not None:
            self._live.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._live is not None:
            self._live.stop()

    def __call__(self, progress: "Progress") -> None:
        """Show it, unless it was shown a moment ago."""
        now = time.monotonic()
        self._pace.add(progress)
        if self._next == 0.0:
            self._next = now + LOG_EVERY if self._is_logging else now
        if now < self._next:
            return
        if self._live is not None:
            self._next = now + DRAW_EVERY
            self._live.update(drawn(progress, self._pace), refresh=True)
        elif self._is_logging:
            self._next = now + LOG_EVERY
            print(line(progress, self._pace), file=sys.stderr, flush=True)


@contextmanager
def busy(text: str, *, quiet: bool = False) -> Iterator[None]:
    """Say in a terminal what takes a while, for as long as it does."""
    console = Console(stderr=True, highlight=False, emoji=False)
    if quiet or not console.is_terminal or console.is_dumb_terminal:
        yield
        return
    with console.status(text):
        yield


class Pace:
    """How many submissions a second are graded, of late; starting the workers does not count."""

    def __init__(self) -> None:
        self._seen: deque[tuple[float, int]] = deque()

    def add(self, progress: "Progress") -> None:
        """Take note of how far it is."""
        if not progress.graded:
            return
        if not self._seen or progress.done > self._seen[-1][1]:
            self._seen.append((progress.seconds, progress.done))
        while len(self._seen) > 2 and self._seen[0][0] < progress.seconds - PACE_OVER:
            self._seen.popleft()

    def rate(self, now: float) -> float | None:
        """Submissions a second; None when too few are graded to say."""
        if len(self._seen) < 2:
            return None
        begin, done = self._seen[0]
        return (self._seen[-1][1] - done) / max(now - begin, 1e-3)


def drawn(progress: "Progress", pace: Pace) -> "RenderableType":
    """Two lines for a terminal."""
    bar = Table.grid(padding=(0, 2))
    bar.add_column(min_width=8, max_width=28)
    bar.add_column(no_wrap=True)
    text = "  ".join(_parts(progress, pace))
    bar.add_row(ProgressBar(total=max(progress.total, 1), completed=progress.done), text)
    counts = Text(no_wrap=True, overflow="ellipsis")
    for verdict in reversed(Verdict):
        if progress.verdicts.get(verdict):
            counts.append(f"{progress.verdicts[verdict]} {verdict}   ", STYLES[verdict])
    if progress.refused:
        counts.append(f"{progress.refused} not graded   ", "magenta")
    if slowest := _slowest(progress):
        counts.append(slowest, "dim")
    return Group(bar, counts)


def line(progress: "Progress", pace: Pace) -> str:
    """One line for a log."""
    counts = [f"{count} {verdict}" for verdict in reversed(Verdict) if (count := progress.verdicts.get(verdict))]
    counts += [f"{progress.refused} not graded"] if progress.refused else []
    counts += filter(None, [_slowest(progress)])
    return ", ".join(_parts(progress, pace)) + (f": {', '.join(counts)}" if counts else "")


def duration(seconds: float) -> str:
    """A time for people.

    >>> duration(0.42), duration(8), duration(75), duration(7300)
    ('0.4 s', '8 s', '1 min 15 s', '2 h 1 min')
    """
    if seconds < 60:
        return f"{seconds:.1f} s" if seconds < 3 else f"{seconds:.0f} s"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes_left = divmod(minutes, 60)
    return f"{hours} h {minutes_left} min" if hours else f"{minutes} min {rest} s"


def _parts(progress: "Progress", pace: Pace) -> list[str]:
    parts = [f"{progress.done} of {progress.total}"]
    rate = pace.rate(progress.seconds)
    if rate is not None:
        parts.append(f"{rate:.0f} a second" if rate >= 10 else f"{rate:.1f} a second")
    left = progress.total - progress.done
    if left and not progress.graded:
        parts.append("starting ...")
    if left and rate:
        parts.append(f"{duration(left / rate)} left")
    if not left and progress.again:
        parts.append(f"once more what timed out: {progress.again}")
    return parts


def _slowest(progress: "Progress") -> str:
    name, seconds = progress.slowest
    return f"slowest {on_one_line(name)} {duration(seconds)}" if name else ""
