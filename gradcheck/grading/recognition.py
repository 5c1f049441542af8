"""Which exercise a class handed in: by the marker lines of a sample of the files, else by their functions.

Nothing of the students' is run or parsed here, only searched for the lines that define functions.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence

from checkers.errors import NoExerciseError
from checkers.grading.submission import Refused, Source, Submission
from checkers.student_answers import FunctionInfo, Parameter
from gradcheck.catalogue import ExerciseFolder, bundled
from gradcheck.file_check import CLOSE
from gradcheck.signatures import MARKER, declared, fit

# Enough to see that two exercises lie in one folder, and read in a moment.
SAMPLE = 40
# Bytes of a file that are searched.
SEARCHED = 256 << 10

_FUNCTION = re.compile(rb"^def[ \t]+([A-Za-z_]\w{0,80})[ \t]*\(([^()]{0,500})", re.MULTILINE)


def recognise(submissions: Sequence[Submission]) -> ExerciseFolder:
    """The exercise that the submissions belong to.

    Raises:
        NoExerciseError: they belong to none, or to several; the text says how many to which. Or to one that does not
            come with gradcheck: a folder that a student names is not looked into, since its exercise.py would be run.
    """
    votes: dict[str, list[str]] = defaultdict(list)
    for submission in sample(submissions):
        try:
            source = submission.read()
        except Refused:
            continue
        if (identifier := exercise_of(source)) is not None:
            votes[identifier].append(submission.name)
    if not votes:
        known = ", ".join(folder.id for folder in bundled())
        raise NoExerciseError(f"No submission tells its exercise. Say which it is with --exercise. Known: {known}.")
    if len(votes) > 1:
        raise NoExerciseError(_disagreement(votes))
    identifier = next(iter(votes))
    for folder in bundled():
        if folder.id == identifier:
            return folder
    raise NoExerciseError(
        f"The submissions name the exercise {identifier}, which does not come with gradcheck. Give its folder: "
        "--exercise PATH."
    )


def sample(submissions: Sequence[Submission]) -> list[Submission]:
    """Some of them, from the whole range of names.

    >>> len(sample(range(1000)))
    40
    """
    step = max(1, -(-len(submissions) // SAMPLE))
    return list(submissions[::step])


def exercise_of(source: Source) -> str | None:
    """The exercise that one source belongs to; None when nothing tells, or several would fit."""
    content = dict(source.files)[source.main][:SEARCHED]
    if marker := MARKER.search(content):
        return marker[1].decode(errors="replace").replace("_", "-")
    functions = functions_in(content)
    scores = {folder.id: fit(declared(folder), functions).score for folder in bundled()}
    best = max(scores.values(), default=0.0)
    close = [identifier for identifier, score in scores.items() if score > CLOSE * best]
    return close[0] if len(close) == 1 else None


def functions_in(content: bytes) -> Mapping[str, FunctionInfo]:
    """The functions that a file defines, by the look of its lines.

    >>> [one.name for one in functions_in(b"def f(x, y=1):").values()]
    ['f']
    """
    found = {}
    for name, arguments in _FUNCTION.findall(content):
        pieces = [piece.strip() for piece in arguments.decode(errors="replace").split(",") if piece.strip()]
        parameters = tuple(
            Parameter(re.split(r"[:=]", p)[0].strip(), has_default="=" in p) for p in pieces if p[0] not in "*/"
        )
        found[name.decode()] = FunctionInfo(name.decode(), parameters)
    return found


def _disagreement(votes: Mapping[str, Sequence[str]]) -> str:
    parts = [
        f"{len(names)} to {identifier} ({', '.join(names[:3])}{' ...' if len(names) > 3 else ''})"
        for identifier, names in sorted(votes.items(), key=lambda item: -len(item[1]))
    ]
    total = sum(map(len, votes.values()))
    likeliest = max(votes, key=lambda identifier: len(votes[identifier]))
    return (
        f"The submissions belong to several exercises: of {total} looked at, {', '.join(parts)}. "
        f"Say which one is graded: --exercise {likeliest}."
    )
