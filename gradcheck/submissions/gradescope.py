"""Gradescope's "Download Submissions": a folder for each submission, and submission_metadata.yml with who made it."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from io import BytesIO
from typing import Any, BinaryIO

from checkers.errors import UsageError
from checkers.grading.submission import Person, Refused

from .entries import DAMAGED, Entry, Folder, Kind
from .gather import Piece
from .names import displayed, shown
from .plain import others
from .recognised import Found, Layout, grouped

METADATA = "submission_metadata.yml"

# What is left of the metadata without results has about 300 bytes for each submission.
_MOST = 256 * 2**20


def recognised(root: Folder, entries: Sequence[Entry]) -> Layout | None:
    """The submissions of a Gradescope export; None if it is none.

    Raises:
        UsageError: the metadata cannot be read, or PyYAML is not installed.
    """
    if not any(entry.name == METADATA and entry.kind is Kind.FILE for entry in entries):
        return None
    metadata = _metadata(root)
    folders = {entry.name: entry for entry in entries if entry.kind is Kind.FOLDER and entry.name in metadata}
    theirs = [_submission(root, entry, metadata[name]) for name, entry in folders.items()]
    newest, passed_over = _newest(theirs)
    passed_over += [
        (shown(str(name)), f"named in {METADATA}, but there is no such folder")
        for name in metadata
        if name not in folders
    ]
    rest = others(root, [e for e in entries if e.name not in folders and e.name != METADATA])
    return Layout("Gradescope export", (*newest, *rest.found), (*passed_over, *rest.passed_over))


def _newest(found: Sequence[Found]) -> tuple[list[Found], list[tuple[str, str]]]:
    """Of the submissions of the very same people the last."""
    newest, passed_over = [], []
    for people, group in grouped((frozenset(one.people), one) for one in found).items():
        ordered = sorted(group, key=lambda one: (one.attempt, len(one.key), one.key))
        kept = ordered if not people else ordered[-1:]
        newest += kept
        passed_over += [
            (one.key, f"an earlier attempt than {ordered[-1].key}") for one in ordered[: len(ordered) - len(kept)]
        ]
    return newest, passed_over


def _submission(root: Folder, entry: Entry, about: object) -> Found:
    about = about if isinstance(about, dict) else {}
    submitters = _value(about, "submitters")
    people = tuple(_person(one) for one in submitters or () if isinstance(one, dict)) if _is_list(submitters) else ()
    name = " and ".join(person.name or person.id or person.email for person in people)
    return Found(
        name or entry.name, (Piece(root, entry),), people, key=entry.name, attempt=_time(_value(about, "created_at"))
    )


def _is_list(value: object) -> bool:
    return isinstance(value, list)


def _person(about: Mapping[object, object]) -> Person:
    name, number, email, section = (_text(_value(about, key)) for key in ("name", "sid", "email", "section"))
    return Person(name, id=number, email=email, section=section)


def _value(about: Mapping[Any, Any], key: str) -> Any:
    """What stands at a key: Ruby writes symbols, `:name`, some of them with a capital letter."""
    for called, value in about.items():
        if str(called).lstrip(":").lower() == key:
            return value
    return None


def _text(value: object) -> str:
    return displayed(str(value)) if isinstance(value, (str, int, float, datetime.date)) else ""


def _time(value: object) -> str:
    """A time as text that sorts: in UTC; YAML has none without a zone that Gradescope writes."""
    if isinstance(value, str):
        try:
            value = datetime.datetime.fromisoformat(value.replace(" UTC", "+00:00"))
        except ValueError:
            return shown(str(value))
    if not isinstance(value, datetime.datetime):
        return _text(value)
    zone = value if value.tzinfo else value.replace(tzinfo=datetime.UTC)
    return zone.astimezone(datetime.UTC).isoformat(sep=" ", timespec="milliseconds").replace("+00:00", " UTC")


def _metadata(root: Folder) -> dict[str, Any]:
    try:
        import yaml  # type: ignore[import-untyped]  # noqa: PLC0415 (an extra)
    except ImportError:
        raise UsageError(f"{METADATA} needs PyYAML: pip install 'gradcheck[platforms]'") from None
    try:
        with root.open(METADATA, _LARGEST) as file:
            wanted = _without_results(file)
        metadata = yaml.load(wanted, Loader=_loader(yaml))
    except Refused as error:
        raise UsageError(str(error)) from error
    except (OSError, *DAMAGED, yaml.YAMLError, RecursionError) as error:
        raise UsageError(f"{METADATA} cannot be read: {shown(str(error), 300)}.") from error
    if not isinstance(metadata, dict):
        raise UsageError(f"{METADATA} does not list submissions. Download them from Gradescope again.")
    return {str(name): about for name, about in metadata.items()}


# With all results of all attempts it may have this many bytes; they are skipped line by line.
_LARGEST = 64 * 2**30


def _loader(yaml: Any) -> Any:
    """The safe loader, with Ruby's own types read as what they hold: `!ruby/hash:...` as a mapping."""

    class Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
        pass

    def plain(loader: Any, _: str, node: Any) -> Any:
        if isinstance(node, yaml.MappingNode):
            return loader.construct_mapping(node)
        return loader.construct_sequence(node) if isinstance(node, yaml.SequenceNode) else loader.construct_scalar(node)

    Loader.add_multi_constructor("!ruby/", plain)
    return Loader


_WANTED = (b"submitters", b"created_at")


def _without_results(file: BinaryIO) -> bytes:
    """The lines about who and when, without `:results:` and `:history:`, which hold all output of all attempts.

    A submission is a key in the first column, what is said of it a key in the next; all that is longer than its line is
    indented further, or is a list in the same column.
    """
    kept = BytesIO()
    for line in _wanted(file):
        if kept.tell() + len(line) > _MOST:
            raise UsageError(f"{METADATA} is too large: more than {_MOST:,} bytes without the results.")
        kept.write(line)
    return kept.getvalue()


def _wanted(file: BinaryIO) -> Iterator[bytes]:
    indent = None  # of the keys of a submission
    is_wanted, is_start = True, True
    while line := file.readline(2**16):
        text = line.lstrip(b" ")
        column = len(line) - len(text)
        if is_start and text.strip():  # the rest of a very long line goes with its beginning
            if indent is None and column:
                indent = column
            if column == 0:
                is_wanted = True
            elif column == indent and not text.startswith(b"-"):
                is_wanted = text.lstrip(b"\"':").lower().startswith(_WANTED)
        is_start = line.endswith(b"\n")
        if is_wanted:
            yield line
