"""What learning platforms read: one module a platform, from graded rows to its file.

`gradcheck grade --format NAME` calls `FORMATS[NAME].write`. No writer runs student code or changes a score.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from . import canvas, github_classroom, gradescope, junit, moodle, prairielearn
from .options import PlatformOptions, Visibility, Writer, Written

__all__ = ["FORMATS", "Format", "PlatformOptions", "Visibility", "Written"]


@dataclass(frozen=True, slots=True)
class Format:
    """One platform.

    Attributes:
        help: one line for the command's help.
        one_submission: it takes the result of a single submission, in the platform's own container; others take a run.
        check: raises what `write` would raise because of its options and the files they name, before hours of grading.
    """

    write: Writer
    help: str
    one_submission: bool = False
    check: Callable[[PlatformOptions], None] = lambda options: None


FORMATS: dict[str, Format] = {
    "canvas": Format(
        canvas.write, "gradebook CSV: one column of an exported gradebook, or a new file", check=canvas.check
    ),
    "github-classroom": Format(
        github_classroom.write, "result of a workflow step, and the notices that report it", one_submission=True
    ),
    "gradescope": Format(gradescope.write, "results.json of an autograder's container", one_submission=True),
    "junit": Format(junit.write, "JUnit XML: one suite a submission"),
    "moodle": Format(moodle.write, "the grading worksheet, filled", check=moodle.check),
    "prairielearn": Format(prairielearn.write, "results.json of an external grader's container", one_submission=True),
}
