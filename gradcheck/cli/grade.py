"""`gradcheck grade SUBMISSIONS`."""

import gc
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from checkers.errors import UsageError

from .run_outputs import (
    AssignmentOption,
    FeedbackOption,
    FillFeedbackOption,
    FormatOption,
    GradebookOption,
    HeaderOption,
    MetadataOption,
    Platforms,
    ScaleOption,
    VisibilityOption,
    WorksheetOption,
    chosen_platforms,
    print_summary,
    write_all,
)
from .terminal import write_line

if TYPE_CHECKING:
    from gradcheck.catalogue import ExerciseFolder
    from gradcheck.grading.run import GradingRun, Shard
    from gradcheck.submissions import Collection

INTERRUPTED = 130  # 128 + SIGINT, as shells count

# So many names are read; the rest is counted.
NAMED = 3


class Isolation(StrEnum):
    """How well submissions are shut in; no more than the level that is named is used."""

    AUTO = "auto"
    STRONG = "strong"
    GOOD = "good"
    WEAK = "weak"


def grade(
    submissions: Annotated[
        Path,
        typer.Argument(
            metavar="SUBMISSIONS",
            help="A folder, a zip, or a download of Canvas, Moodle or Gradescope.",
            show_default=False,
        ),
    ],
    *,
    exercise: Annotated[
        str | None,
        typer.Option(
            "--exercise",
            "-e",
            metavar="ID|PATH",
            help="The exercise; found from the submissions if left out.",
            show_default=False,
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            "-o",
            metavar="DIR",
            help="Where everything goes; SUBMISSIONS-graded if left out.",
            show_default=False,
        ),
    ] = None,
    jobs: Annotated[
        int | None,
        typer.Option(
            "--jobs", "-j", min=1, help="Processes that grade; twice the processors if left out.", show_default=False
        ),
    ] = None,
    seed: Annotated[
        int | None,
        typer.Option(
            min=0, help="Seed of the random probes; the run's own, or a fresh one, if left out.", show_default=False
        ),
    ] = None,
    timeout: Annotated[float, typer.Option(help="Seconds one call of a function may take.")] = 10.0,
    locate_budget: Annotated[
        float,
        typer.Option(
            "--locate-budget", min=0, help="Seconds to look for the line, and the change that mends it, per function."
        ),
    ] = 2.0,
    isolation: Annotated[Isolation, typer.Option(help="How well submissions are shut in.")] = Isolation.AUTO,
    main: Annotated[
        str | None,
        typer.Option(
            metavar="FILE",
            help="Name of the file with the functions, where submissions have several.",
            show_default=False,
        ),
    ] = None,
    roster: Annotated[
        Path | None,
        typer.Option(metavar="CSV", help="Who is in the class: names, ids, e-mail addresses.", show_default=False),
    ] = None,
    regrade: Annotated[
        str | None,
        typer.Option(metavar="NAME|all", help="Grade a submission, or all, once more.", show_default=False),
    ] = None,
    shard: Annotated[
        str | None,
        typer.Option(
            metavar="I/N", help="Grade the I-th of N parts only; join them with gradcheck merge.", show_default=False
        ),
    ] = None,
    cluster: Annotated[
        str | None,
        typer.Option(metavar="ADDRESS", help="Grade on the workers of this Dask scheduler.", show_default=False),
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="One line at the end, and nothing else.")] = False,
    feedback: FeedbackOption = None,
    format: FormatOption = None,
    worksheet: WorksheetOption = None,
    fill_feedback: FillFeedbackOption = False,
    header: HeaderOption = None,
    gradebook: GradebookOption = None,
    assignment: AssignmentOption = None,
    visibility: VisibilityOption = "visible",
    metadata: MetadataOption = None,
    scale_to: ScaleOption = None,
) -> None:
    """Grade a class: every submission in a box of its own, with feedback, grades and a page for the instructor.

    Whatever stops it, the same command goes on where it stopped. Exit code: 0 finished, whatever the marks; 2 the call
    was wrong; 3 some submissions could not be graded; 130 interrupted.
    """
    gc.enable()  # the entry module turns it off, for commands that are over in a moment
    if not timeout > 0:
        raise typer.BadParameter(f"a call needs some time: {timeout:g} s is not more than 0.", param_hint="--timeout")
    platforms = chosen_platforms(
        format,
        worksheet=worksheet,
        fill_feedback=fill_feedback,
        header=header,
        gradebook=gradebook,
        assignment=assignment,
        visibility=visibility,
        metadata=metadata,
        scale_to=scale_to,
        level=feedback,
    )
    from gradcheck.grading.run import Settings, Shard, open_run
    from gradcheck.grading.worker import isolation_here
    from gradcheck.platforms import FORMATS

    for name in platforms.names:  # before hours of grading
        FORMATS[name].check(platforms.options)

    part = None if shard is None else Shard.parsed(shard)
    if part is not None and seed is None:
        raise UsageError("--shard needs --seed: all parts of a class must be graded with the same one.")
    out = out or _default_folder(submissions, part)
    _refuse_overlap(submissions, out)
    collection = _collected(submissions, main, roster, platforms)
    if regrade is not None and regrade != "all":
        _check_name(regrade, collection)
    folder = _exercise(exercise, collection)
    if main is None:
        # Now it is known which functions the file must have that is graded of several.
        collection = _collected(submissions, main, roster, platforms, folder)
    reached, layers = isolation_here(isolation)
    settings = Settings(seed, timeout, locate_budget, isolation, reached, layers, cluster is None, feedback, part)
    say: Callable[[str], None] = (lambda text: None) if quiet else write_line
    with open_run(collection.submissions, folder, out, settings) as run, _interruptible(run):
        for line in _head(collection, run, found=exercise is None):
            say(line)
        if regrade is not None:
            again = run.journal.mark_stale(None if regrade == "all" else regrade)
            say(f"{_counted(again, 'result')} {'is' if again == 1 else 'are'} graded again.")
        _grade(run, jobs, cluster, quiet=quiet)
        finished = write_all(run.journal, run.journal.run(), feedback, platforms, quiet=quiet)
    print_summary(finished, quiet=quiet)
    raise typer.Exit(finished.exit_code)


def _grade(run: "GradingRun", jobs: int | None, cluster: str | None, *, quiet: bool) -> None:
    """Grade what is to be graded, here or on a cluster, and show how far it is."""
    from .progress import ProgressDisplay

    with ExitStack() as stack:
        if cluster is not None:
            from gradcheck.grading.cluster import Cluster

            machines = stack.enter_context(Cluster(cluster))
            show = stack.enter_context(ProgressDisplay(quiet=quiet))
            run.grade(machines.executor, show, workers=machines.workers, lost=machines.lost)
            return
        from checkers.grading.worker_pool import WorkerPool, default_workers

        workers = min(jobs or default_workers(), max(len(run.submissions), 1))
        pool = stack.enter_context(WorkerPool(workers, preload=["gradcheck.grading.worker"]))
        show = stack.enter_context(ProgressDisplay(quiet=quiet))
        run.grade(pool.executor, show, workers=pool.workers, renew=pool.renew)


@contextmanager
def _interruptible(run: "GradingRun") -> "Iterator[None]":
    """Ctrl-C, and SIGTERM by which queues and containers end a job, stop a run with everything kept.

    Raises:
        typer.Exit: interrupted; what to do was printed.
    """
    before = signal.signal(signal.SIGTERM, lambda number, frame: signal.raise_signal(signal.SIGINT))
    try:
        yield
    except KeyboardInterrupt:
        graded = run.run.info.submissions - run.journal.not_graded(run.run)
        print(
            f"Interrupted: {graded} of {len(run.submissions)} are graded and kept in {run.journal.folder}. "
            "The same command goes on from there; gradcheck report makes the pages of what there is.",
            file=sys.stderr,
        )
        raise typer.Exit(INTERRUPTED) from None
    finally:
        signal.signal(signal.SIGTERM, before)


# What is graded -------------------------------------------------------------------------------------------------------


def _default_folder(submissions: Path, shard: "Shard | None") -> Path:
    """Beside what is graded: hw1.zip and hw1/ go to hw1-graded, a part of them to hw1-graded-1-of-4."""
    path = submissions.resolve()
    name = path.stem if path.is_file() else path.name
    part = "" if shard is None else f"-{shard.number}-of-{shard.count}"
    return path.with_name(f"{name}-graded{part}")


def _refuse_overlap(submissions: Path, out: Path) -> None:
    """The results of one run must not be graded by the next."""
    inside, outside = out.resolve(), submissions.resolve()
    if outside.is_dir() and inside.is_relative_to(outside):
        raise UsageError(f"--out {out} lies in {submissions}, and would be graded itself. Choose a folder beside it.")


def _collected(
    submissions: Path,
    main: str | None,
    roster: Path | None,
    platforms: Platforms,
    exercise: "ExerciseFolder | None" = None,
) -> "Collection":
    from gradcheck.platforms import FORMATS
    from gradcheck.signatures import declared
    from gradcheck.submissions import find_submissions, most_functions_of

    choose = None if exercise is None else most_functions_of(signature.name for signature in declared(exercise))
    one = any(FORMATS[name].one_submission for name in platforms.names)
    return find_submissions(submissions, main=main, choose=choose, roster=roster, one=one)


def _exercise(wanted: str | None, collection: "Collection") -> "ExerciseFolder":
    if wanted is None:
        from gradcheck.grading.recognition import recognise

        return recognise(collection.submissions)
    from gradcheck.catalogue import find

    return find(wanted)


def _check_name(wanted: str, collection: "Collection") -> None:
    from difflib import get_close_matches

    names = [submission.name for submission in collection.submissions]
    if wanted not in names:
        close = get_close_matches(wanted, names, n=1)
        meant = f" Did you mean {close[0]}?" if close else ""
        raise UsageError(f"--regrade {wanted}: no submission is called so.{meant}")


def _head(collection: "Collection", run: "GradingRun", *, found: bool) -> "Iterator[str]":
    """What is graded and how, in a few lines."""
    from gradcheck.render.characters import on_one_line

    info = run.run.info
    part = f", of which part {run.run.shard} is graded" if run.run.shard else ""
    layout = collection.layout[:1].upper() + collection.layout[1:]
    yield f"{layout}: {_counted(len(collection.submissions), 'submission')}{part}"
    if collection.passed_over:
        named = ", ".join(f"{on_one_line(what)} ({why})" for what, why in collection.passed_over[:NAMED])
        yield f"Passed over: {named}{_more(len(collection.passed_over))}"
    if collection.missing:
        named = ", ".join(on_one_line(person.name or person.id) for person in collection.missing[:NAMED])
        yield f"Nothing from: {named}{_more(len(collection.missing))}"
    layers = f" ({', '.join(run.settings.layers)})" if run.settings.layers else ""
    yield (
        f"Exercise {info.exercise}{', found from the files' if found else ''}; seed {info.seed}; "
        f"isolation {run.settings.reached}{layers}"
    )
    if run.changes:
        which = "A new run" if run.is_new else "Back to an earlier run"
        yield f"{which}, since {' and '.join(run.changes)}. What was graded before stays in the journal."
    elif not run.is_new:
        yield f"Going on with the run in {run.journal.folder}."


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}{'s' * (count != 1)}"


def _more(count: int) -> str:
    return f" and {count - NAMED} more" if count > NAMED else ""
