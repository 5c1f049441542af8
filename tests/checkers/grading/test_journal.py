"""The journal: nothing that was finished is lost, whatever happens to the process, the file or the disk."""

import os
import subprocess
import sys
from dataclasses import replace

import pytest

from checkers.errors import UsageError
from checkers.findings import Verdict
from checkers.grading.journal import Journal
from checkers.grading.journal_reader import FILE, JournalReader
from checkers.grading.run_record import State


def rows_of(journal):
    return list(journal.rows(journal.run()))


def record(journal, make, submission, outcome=None, state=State.DONE):
    source = submission.read()
    journal.note(submission, source)
    if outcome is not None:
        journal.record(source.sha256, outcome, state)
    return source.sha256


def test_a_result_is_read_back_as_it_was(open_journal, make, tmp_path):
    journal = open_journal()
    outcome = make.outcome(0.25, "sum-missing")
    submission = make.submission("doe", attempt="2", is_late=True, key="submission_7")
    sha256 = record(journal, make, submission, outcome)
    (row,) = rows_of(open_journal())
    assert row.report == outcome.report
    assert (row.name, row.sha256, row.files, row.people) == ("doe", sha256, ("submission.py",), submission.people)
    assert (row.attempt, row.is_late, row.key, row.seconds, row.refusal) == ("2", True, "submission_7", 0.5, None)


def test_rows_are_sorted_and_name_the_first_of_the_same_source(open_journal, make):
    journal = open_journal()
    for name, text in (("c", "x"), ("a", "y"), ("b", "x")):
        record(journal, make, make.submission(name, text), make.outcome())
    assert [(row.name, row.same_as) for row in rows_of(journal)] == [("a", None), ("b", None), ("c", "b")]


def test_what_has_no_result_yet_is_left_out_and_counted(open_journal, make):
    journal = open_journal(submissions=3)
    record(journal, make, make.submission("a"), make.outcome())
    record(journal, make, make.submission("b"))
    assert [row.name for row in rows_of(journal)] == ["a"]
    assert journal.not_graded(journal.run()) == 2


def test_a_refused_submission_has_a_report_in_which_no_task_was_run(open_journal, make):
    journal = open_journal()
    journal.note(make.refused("doe", ""), None, "It is a link.")
    (row,) = rows_of(journal)
    (task,) = row.report.tasks
    assert (row.refusal, row.report.verdict, row.report.max_score) == ("It is a link.", Verdict.NOT_RUN, 1.0)
    assert [output.reason for output in task.outputs] == ["It is a link."]


def test_names_of_files_that_are_no_text_are_kept(open_journal, make):
    journal = open_journal()
    journal.note(make.submission("doe"), make.source("x"), "no: \udcff")
    assert rows_of(journal)[0].refusal == "no: \\udcff"


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"fingerprint": "e" * 20}, "the exercise's files have changed"),
        ({"version": "0.2.0"}, "gradcheck is 0.2.0, not 0.1.0"),
        ({"seed": 6}, "the seed is 6, not 5"),
        ({"settings": "timeout 1 s"}, "the settings are timeout 1 s, not timeout 10 s"),
        ({"exercise": "mlp", "fingerprint": "e" * 20}, "the exercise is mlp, not softmax-regression"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_what_changes_results_starts_a_new_run_and_keeps_the_old_one(open_journal, make, changes, text):
    sha256 = record(open_journal(), make, make.submission("doe"), make.outcome())
    other = replace(make.key, **changes)
    journal = open_journal(other)
    assert journal.known(sha256) is None
    assert make.key.differences(other) == (text,)
    assert [len(list(journal.rows(run))) for run in journal.runs()] == [1, 0]
    assert open_journal().known(sha256).state is State.DONE


def test_the_run_that_was_used_last_is_the_run(open_journal, make):
    open_journal()
    open_journal(replace(make.key, seed=6))
    assert open_journal().run().key.seed == 5
    assert open_journal().run(2).key.seed == 6
    with pytest.raises(UsageError, match="has not a run 3"):
        open_journal().run(3)


def test_a_run_is_as_well_protected_as_its_least_protected_submission(open_journal, make):
    journal = open_journal()
    assert (journal.run().info.isolation, journal.run().info.layers) == ("strong", ("all",))
    record(journal, make, make.submission("doe"), make.outcome())
    assert (open_journal().run().info.isolation, open_journal().run().info.layers) == ("good", ("Landlock",))


def test_what_is_graded_again_stands_until_the_new_result(open_journal, make):
    journal = open_journal()
    first, other = (record(journal, make, make.submission(name), make.outcome()) for name in "ab")
    assert journal.mark_stale("a") == 1
    assert (journal.known(first).state, journal.known(other).state) == (State.STALE, State.DONE)
    assert rows_of(journal)[0].report.score == 1.0
    journal.record(first, make.outcome(0.0, "factor"))
    assert [row.report.score for row in rows_of(journal)] == [0.0, 1.0]
    assert journal.mark_stale(None) == 2


def test_what_is_no_longer_handed_in_leaves_the_list_and_keeps_its_result(open_journal, make):
    journal = open_journal()
    sha256 = record(journal, make, make.submission("gone"), make.outcome())
    journal = open_journal()
    record(journal, make, make.submission("doe"), make.outcome())
    journal.finish()
    assert [row.name for row in rows_of(journal)] == ["doe"]
    assert journal.known(sha256) is not None


def test_joining_twice_changes_nothing(open_journal, make, tmp_path):
    part = open_journal(folder=tmp_path / "part")
    record(part, make, make.submission("a"), make.outcome())
    part.note(make.refused("b", ""), None, "no")
    for _ in range(2):
        joined = open_journal(folder=tmp_path / "all")
        with JournalReader(tmp_path / "part", make.codec) as reader:
            absorbed = joined.absorb(reader, reader.run())
        joined.finish()
        assert (absorbed.repeated, absorbed.differing) == ((), 0)
        assert [(row.name, row.refusal) for row in rows_of(joined)] == [("a", None), ("b", "no")]


def test_joining_says_what_both_have(open_journal, make, tmp_path):
    other = open_journal(folder=tmp_path / "other")
    record(other, make, make.submission("a"), make.outcome(0.0, "factor"))
    record(other, make, make.submission("b"), make.outcome(0.0, "factor"))
    journal = open_journal(folder=tmp_path / "all")
    record(journal, make, make.submission("a"), make.outcome())
    journal.fail(make.source("b").sha256, "died")
    with JournalReader(tmp_path / "other", make.codec) as reader:
        absorbed = journal.absorb(reader, reader.run())
    assert (absorbed.repeated, absorbed.differing) == (("a",), 1)
    assert [(row.name, row.report.score, row.refusal) for row in rows_of(journal)] == [
        ("a", 1.0, None),
        ("b", 0.0, None),
    ]


def test_a_reader_sees_what_another_writes(open_journal, make, tmp_path):
    journal = open_journal()
    with JournalReader(tmp_path, make.codec) as reader:
        assert rows_of(reader) == []
        record(journal, make, make.submission("doe"), make.outcome())
        assert [row.name for row in rows_of(reader)] == ["doe"]


# One writer at a time -------------------------------------------------------------------------------------------------

WRITER = """
import os, sys
from pathlib import Path
from checkers.grading.journal import Journal
journal = Journal(Path(sys.argv[1]), None)
print("open", flush=True)
sys.stdin.read()
"""


def test_a_second_writer_is_refused_and_told_who_writes(open_journal, make, tmp_path):
    open_journal()
    with pytest.raises(UsageError, match=f"is in use: process {os.getpid()} on .* is grading into it"):
        Journal(tmp_path, make.codec)


def test_the_lock_of_a_process_that_was_killed_is_free(make, tmp_path):
    command = [sys.executable, "-c", WRITER, str(tmp_path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as writer:
        assert writer.stdout.readline() == b"open\n"
        with pytest.raises(UsageError, match=f"process {writer.pid} on"):
            Journal(tmp_path, make.codec)
        writer.kill()
    Journal(tmp_path, make.codec).close()


# Files and disks ------------------------------------------------------------------------------------------------------


def test_a_file_that_is_no_journal_is_named(make, tmp_path):
    (tmp_path / FILE).write_bytes(b"not a database, " * 100)
    for kind in (Journal, JournalReader):
        with pytest.raises(UsageError, match=r"journal\.sqlite is damaged\. Move it away"):
            kind(tmp_path, make.codec)


def test_a_journal_that_was_cut_off_is_named(open_journal, make, tmp_path):
    journal = open_journal()
    for number in range(200):
        record(journal, make, make.submission(f"s{number}"), make.outcome())
    journal.close()
    content = (tmp_path / FILE).read_bytes()
    (tmp_path / FILE).write_bytes(content[: len(content) // 2])
    with pytest.raises(UsageError, match=r"journal\.sqlite is damaged"):
        Journal(tmp_path, make.codec)


def test_a_report_that_was_changed_is_named(open_journal, make, tmp_path):
    journal = open_journal()
    record(journal, make, make.submission("doe"), make.outcome())
    journal._database.execute("UPDATE results SET report = x'00112233'")
    with pytest.raises(UsageError, match=r"journal\.sqlite is damaged"):
        rows_of(journal)


def test_a_journal_of_a_newer_gradcheck_is_left_alone(open_journal, make, tmp_path):
    open_journal()._database.execute("PRAGMA user_version = 99")
    with pytest.raises(UsageError, match="was written by a newer gradcheck"):
        open_journal()


def test_a_full_disk_is_said_and_costs_nothing_that_was_finished(open_journal, make):
    journal = open_journal()
    record(journal, make, make.submission("a"), make.outcome())
    pages = journal._database.execute("PRAGMA page_count").fetchone()[0]
    journal._database.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(UsageError, match=r"the disk is full\. What has been graded is safe"):
        [record(journal, make, make.submission(f"b{number}"), make.outcome()) for number in range(1000)]
    assert rows_of(open_journal())[0].name == "a"


def test_an_output_folder_that_is_a_file_is_named(make, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match=r"The output folder .*file cannot be made"):
        Journal(tmp_path / "file", make.codec)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_cannot_be_written_to_is_named(open_journal, make, tmp_path):
    journal = open_journal()
    record(journal, make, make.submission("doe"), make.outcome())
    journal.close()
    tmp_path.chmod(0o500)
    try:
        with pytest.raises(UsageError, match="cannot be opened for writing"):
            Journal(tmp_path, make.codec)
        with JournalReader(tmp_path, make.codec) as reader:
            assert [row.name for row in rows_of(reader)] == ["doe"]
    finally:
        tmp_path.chmod(0o700)


def test_a_folder_without_a_journal_is_no_run(make, tmp_path):
    with pytest.raises(UsageError, match="holds no journal of a grading run"):
        JournalReader(tmp_path, make.codec)
