"""The run: each source once, memory flat, and no submission, worker or interrupt that costs another one its result."""

import threading
import time
from concurrent.futures import BrokenExecutor, Executor, Future, ThreadPoolExecutor

import pytest

from checkers.errors import GradcheckError
from checkers.findings import Verdict
from checkers.grading.run import JOBS_A_WORKER, run_grading
from checkers.grading.run_record import State
from checkers.grading.submission import Source, Submission


class Grader:
    """Grades a file by the words in it, and remembers what it was asked."""

    def __init__(self, make):
        self.make = make
        self.texts: list[str] = []

    def __call__(self, text: str):
        self.texts.append(text)
        if "fault" in text:
            raise ValueError("a fault of ours")
        timed_out = "hangs" in text and self.texts.count(text) == 1
        timed_out = timed_out or "loops" in text
        if "worse" in text and self.texts.count(text) == 2:
            return self.make.outcome(0.0, "unknown")
        return self.make.outcome(0.5, "times-out") if timed_out else self.make.outcome()


@pytest.fixture
def grader(make):
    return Grader(make)


def text_of(name: str, source: Source) -> str:
    return dict(source.files)[source.main].decode()


def run(submissions, journal, grade, executor=None, *, workers=2, **options):
    with ThreadPoolExecutor(workers) as threads:
        return run_grading(
            submissions, grade, executor or threads, journal, make_job=text_of, workers=workers, **options
        )


def results(journal):
    return {row.name: (row.report.score, row.refusal) for row in journal.rows(journal.run())}


def test_the_same_source_is_graded_once(open_journal, make, grader):
    submissions = [make.submission(f"s{number}", f"text {number % 3}") for number in range(30)]
    journal = open_journal(submissions=30)
    progress = run(submissions, journal, grader)
    assert sorted(grader.texts) == ["text 0", "text 1", "text 2"]
    assert (progress.done, progress.graded, progress.verdicts) == (30, 3, {Verdict.RIGHT: 30})
    assert len(results(journal)) == 30


def test_a_single_file_is_the_same_source_under_any_name(open_journal, make):
    jobs = []

    def submission(name: str, text: str) -> Submission:
        return Submission(name, lambda: Source(f"{name}.py", ((f"{name}.py", text.encode()),)))

    def grade(text: str):
        jobs.append(text)
        return make.outcome()

    journal = open_journal()
    run([submission("ann", "x = 1"), submission("bob", "x = 1"), submission("cid", "import cid")], journal, grade)
    rows = list(journal.rows(journal.run()))
    assert sorted(jobs) == ["import cid", "x = 1"]
    # No student's report names another one's file.
    assert [(row.name, row.files, row.report.file, row.same_as) for row in rows] == [
        ("ann", ("ann.py",), "ann.py", None),
        ("bob", ("bob.py",), "bob.py", "ann"),
        ("cid", ("cid.py",), "cid.py", None),
    ]


def test_going_on_grades_only_what_is_missing(open_journal, make, grader):
    run([make.submission("a"), make.submission("b")], open_journal(), grader)
    progress = run([make.submission(name) for name in "abc"], open_journal(), grader)
    assert sorted(grader.texts) == ["a", "b", "c"]
    assert (progress.done, progress.graded) == (3, 1)


def test_a_changed_file_is_graded_anew(open_journal, make, grader):
    run([make.submission("a", "before")], open_journal(), grader)
    run([make.submission("a", "after")], open_journal(), grader)
    assert grader.texts == ["before", "after"]


def test_a_refused_submission_is_listed_and_the_rest_graded(open_journal, make, grader):
    def broken() -> Source:
        raise OSError("the disk is gone")

    submissions = [make.refused("link", "It is a link."), make.submission("doe"), Submission("odd", broken)]
    journal = open_journal()
    progress = run(submissions, journal, grader)
    assert results(journal) == {
        "link": (0.0, "It is a link."),
        "doe": (1.0, None),
        "odd": (0.0, "It cannot be read: OSError: the disk is gone."),
    }
    assert (progress.done, progress.refused) == (3, 2)


def test_a_fault_of_ours_costs_one_submission_and_is_tried_again_next_time(open_journal, make, grader):
    # The second one comes when the first has failed already.
    others = [make.submission(f"s{number}") for number in range(2 * JOBS_A_WORKER)]
    submissions = [make.submission("one", "fault"), *others, make.submission("two", "fault"), make.submission("doe")]
    journal = open_journal()
    progress = run(submissions, journal, grader, workers=1)
    assert grader.texts.count("fault") == 1
    assert (progress.done, progress.refused) == (len(submissions), 2)
    assert "by a fault of gradcheck: ValueError: a fault of ours" in results(journal)["two"][1]
    run(submissions, open_journal(), grader)
    assert (grader.texts.count("doe"), grader.texts.count("fault")) == (1, 2)


def test_a_fault_that_every_source_has_ends_the_run(open_journal, make):
    def grade(text: str):
        raise ModuleNotFoundError("No module named 'gradcheck'")

    submissions = [make.submission(f"s{number}") for number in range(100)]
    with pytest.raises(GradcheckError, match="Nothing can be graded: ModuleNotFoundError: No module named 'gradcheck'"):
        run(submissions, open_journal(), grade)
    assert 10 <= len(results(open_journal())) < 100


def test_few_sources_are_on_the_way_at_a_time(open_journal, make):
    read, ended, most = 0, 0, 0
    lock = threading.Lock()

    def read_one(text: str):
        def read_it() -> Source:
            nonlocal read, most
            read += 1
            most = max(most, read - ended)
            return make.source(text)

        return read_it

    def grade(text: str):
        nonlocal ended
        time.sleep(0.001)
        with lock:
            ended += 1
        return make.outcome()

    run([Submission(f"s{number}", read_one(str(number))) for number in range(200)], open_journal(), grade)
    assert most <= JOBS_A_WORKER * 2 + 2


# Timeouts -------------------------------------------------------------------------------------------------------------


def test_what_timed_out_runs_once_more_at_the_end_and_the_better_result_counts(open_journal, make, grader):
    submissions = [make.submission("hangs"), make.submission("copy", "hangs"), make.submission("z")]
    journal = open_journal()
    progress = run(submissions, journal, grader, workers=1)
    assert grader.texts == ["hangs", "z", "hangs"]
    assert {name: score for name, (score, _) in results(journal).items()} == {"hangs": 1.0, "copy": 1.0, "z": 1.0}
    assert (progress.verdicts[Verdict.RIGHT], progress.verdicts[Verdict.WRONG], progress.again) == (3, 0, 0)
    run(submissions, open_journal(), grader)
    assert len(grader.texts) == 3


@pytest.mark.parametrize("text", ["loops", "hangs worse"])
def test_a_second_run_that_is_no_better_leaves_the_first(open_journal, make, grader, text):
    journal = open_journal()
    submission = make.submission("doe", text)
    run([submission], journal, grader)
    assert len(grader.texts) == 2
    assert results(journal) == {"doe": (0.5, None)}
    assert journal.known(submission.read().sha256).state is State.DONE


def test_a_second_run_that_an_interrupt_prevented_is_made_next_time(open_journal, make, grader):
    journal = open_journal()
    source = make.source("hangs")
    journal.note(make.submission("hangs"), source)
    journal.record(source.sha256, grader("hangs"), State.TIMED_OUT)
    run([make.submission("hangs")], open_journal(), grader)
    assert grader.texts == ["hangs", "hangs"]
    assert results(open_journal()) == {"hangs": (1.0, None)}


# Workers that die -----------------------------------------------------------------------------------------------------


class FragileExecutor(Executor):
    """Runs a job when it is asked for; one of a killer breaks it, and all others that were waiting fail with it."""

    def __init__(self, waits: int = 4):
        self.waits, self.queue, self.is_broken = waits, [], False

    def submit(self, function, /, *arguments):
        if self.is_broken:
            raise BrokenExecutor("broken")
        future: Future = Future()
        self.queue.append((future, function, arguments))
        threading.Timer(0.005, self._run).start()
        return future

    def _run(self):
        batch, self.queue = self.queue, []
        self.is_broken = self.is_broken or any("kills" in arguments[0] for _, _, arguments in batch)
        for future, function, arguments in batch:
            if self.is_broken:
                future.set_exception(BrokenExecutor("a worker died"))
                continue
            try:
                future.set_result(function(*arguments))
            except Exception as error:
                future.set_exception(error)


def test_a_submission_that_kills_its_worker_twice_is_refused_and_costs_no_other(open_journal, make, grader):
    submissions = [make.submission(name) for name in ("a", "b", "c kills", "d", "e", "f kills", "g")]
    journal, renewed = open_journal(submissions=7), []

    def renew() -> Executor:
        renewed.append(FragileExecutor())
        return renewed[-1]

    progress = run(submissions, journal, grader, FragileExecutor(), workers=2, renew=renew)
    scores = results(journal)
    refused = {name: reason for name, (_, reason) in scores.items() if reason is not None}
    assert set(refused) == {"c kills", "f kills"}
    assert all("the process that graded it died" in reason for reason in refused.values())
    assert sorted(grader.texts) == ["a", "b", "d", "e", "g"]
    assert (progress.done, progress.refused) == (7, 2)
    assert renewed


def test_workers_that_die_before_anything_is_graded_end_the_run(open_journal, make, grader):
    submissions = [make.submission(f"{number} kills") for number in range(20)]
    with pytest.raises(GradcheckError, match="die one after another, before any result is there"):
        run(submissions, open_journal(), grader, FragileExecutor(), renew=FragileExecutor)


def test_a_broken_executor_that_cannot_be_renewed_ends_the_run(open_journal, make, grader):
    with pytest.raises(GradcheckError, match=r"The executor broke\. What was graded is in the journal"):
        run([make.submission("kills")], open_journal(), grader, FragileExecutor())


def test_a_lost_job_of_an_executor_that_goes_on_is_tried_again(open_journal, make, grader):
    class LostError(Exception):
        pass

    def lose_once(text: str):
        outcome = grader(text)
        if "lost" in text and grader.texts.count(text) == 1:
            raise LostError
        return outcome

    journal = open_journal()
    run([make.submission(name) for name in ("a", "lost", "z")], journal, lose_once, lost=(BrokenExecutor, LostError))
    assert sorted(grader.texts) == ["a", "lost", "lost", "z"]
    assert {score for score, _ in results(journal).values()} == {1.0}


class PromptExecutor(Executor):
    """Has run a job when `submit` returns."""

    def submit(self, function, /, *arguments):
        future: Future = Future()
        future.set_result(function(*arguments))
        return future


def test_an_interrupt_keeps_what_had_ended_and_was_not_looked_at(open_journal, make, grader):
    def interrupt(progress):
        if progress.done == 1:
            raise KeyboardInterrupt

    journal = open_journal(submissions=50)
    submissions = [make.submission(f"s{number}") for number in range(50)]
    with pytest.raises(KeyboardInterrupt):
        run(submissions, journal, grader, PromptExecutor(), on_progress=interrupt)
    assert len(results(journal)) == len(grader.texts) > 1


def test_an_interrupt_keeps_what_was_finished(open_journal, make, grader):
    def interrupt(progress):
        if progress.done == 5:
            raise KeyboardInterrupt

    journal = open_journal(submissions=50)
    submissions = [make.submission(f"s{number}") for number in range(50)]
    with pytest.raises(KeyboardInterrupt):
        run(submissions, journal, grader, on_progress=interrupt)
    finished = results(journal)
    assert 5 <= len(finished) < 50
    before = len(grader.texts)
    run(submissions, open_journal(submissions=50), grader)
    assert len(results(open_journal())) == 50
    assert not {f"{name}" for name in finished} & set(grader.texts[before:])
