"""Strict JSON for platforms, within a limit of bytes."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from gradcheck.grading.whole_file import whole_file

JsonObject = dict[str, Any]

# What a platform shows of one task; a longer text is no longer read, and its end is the part that is missed least.
LONGEST_TEXT = 20_000


def write_json(document: JsonObject, path: Path) -> None:
    """Write one document; a number that is not finite is a fault of ours, not the platform's to understand."""
    with whole_file(path) as file:
        file.write(as_text(document))


def as_text(document: JsonObject) -> str:
    """The document, indented, ending in a line feed."""
    return json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def fitting(build: Callable[[int], JsonObject], limit: int) -> JsonObject:
    """The document of `build(longest text)` with the longest texts that keep it within a limit of bytes."""
    longest = LONGEST_TEXT
    document = build(longest)
    while len(as_text(document).encode("utf-8", "replace")) > limit and longest > 0:
        longest //= 2
        document = build(longest)
    return document
