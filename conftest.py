"""Names that every docstring example may use."""

import numpy as np
import pytest


@pytest.fixture(autouse=True)
def _numpy_in_docstring_examples(doctest_namespace: dict[str, object]) -> None:
    doctest_namespace["np"] = np


# Students' files are run by the tests, not as tests.
collect_ignore_glob = [
    "tests/course_code/*/*",
    "tests/course_code/*/*/*",
]
