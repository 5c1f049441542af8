"""What a grading run shows while it runs: pace, time left, counts, and no markup of a student's."""

from io import StringIO

from rich.console import Console

from checkers.findings import Verdict
from checkers.grading.run import Progress
from gradcheck.cli.progress import Pace, ProgressDisplay, drawn, line

HALF = Progress(
    total=1000,
    done=500,
    graded=450,
    verdicts={Verdict.RIGHT: 400, Verdict.WRONG: 97},
    refused=3,
    seconds=12.0,
    slowest=("[red]doe\x1b[31m", 3.25),
)


def pace_of(*seen: Progress) -> Pace:
    pace = Pace()
    for progress in seen:
        pace.add(progress)
    return pace


def test_a_line_of_the_log_has_pace_time_left_counts_and_the_slowest():
    pace = pace_of(Progress(total=1000, done=100, graded=50, seconds=4.0), HALF)
    assert line(HALF, pace) == (
        "500 of 1000, 50 a second, 10 s left: 400 right, 97 wrong, 3 not graded, slowest [red]doe\\x1b[31m 3 s"
    )


def test_the_start_of_the_workers_does_not_count_as_slow():
    begun = Progress(total=10, done=1, graded=1, seconds=30.0)
    assert line(begun, pace_of(begun)) == "1 of 10"
    assert line(Progress(total=10), Pace()) == "0 of 10, starting ..."


def test_what_runs_once_more_is_said():
    done = Progress(total=10, done=10, graded=10, seconds=5.0, again=2)
    assert line(done, Pace()) == "10 of 10, once more what timed out: 2"


def test_the_bar_fits_a_narrow_terminal_and_shows_markup_as_it_is():
    pace = pace_of(Progress(total=1000, done=100, graded=50, seconds=4.0), HALF)
    for width in (50, 120):
        console = Console(file=StringIO(), width=width, force_terminal=True, color_system=None)
        console.print(drawn(HALF, pace))
        lines = console.file.getvalue().splitlines()
        assert len(lines) == 2
        assert "500 of 1000  50 a second  10 s left" in lines[0]
    assert "slowest [red]doe\\x1b[31m" in lines[1]


def test_a_pipe_gets_no_line_of_a_run_that_is_soon_over_and_quiet_none_at_all(capsys, monkeypatch):
    moments = iter([0.0, 1.0, 11.0, 12.0, 0.0, 11.0])
    monkeypatch.setattr("gradcheck.cli.progress.time.monotonic", lambda: next(moments))
    with ProgressDisplay() as display:
        display(HALF)
        display(HALF)
        assert capsys.readouterr().err == ""
        display(HALF)
        display(HALF)
        assert capsys.readouterr().err.count("500 of 1000") == 1
    with ProgressDisplay(quiet=True) as display:
        display(HALF)
        display(HALF)
    assert capsys.readouterr().err == ""
