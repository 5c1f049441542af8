"""docs/api.md is what the docstrings say."""

import inspect
import runpy
from pathlib import Path

import pytest

import gradcheck

ROOT = Path(__file__).parents[2]
GENERATOR = runpy.run_path(str(ROOT / "docs/api.py"))


def test_the_reference_is_up_to_date() -> None:
    written = (ROOT / "docs/api.md").read_text(encoding="utf-8")
    assert written == GENERATOR["page"](), "run python docs/api.py > docs/api.md"


def test_every_public_name_has_an_entry_or_a_row() -> None:
    page = GENERATOR["page"]()
    names = [name for name in gradcheck.__all__ if not name.startswith("__")]
    assert [name for name in names if f"### {name}\n" not in page and f"| `{name}(u)` |" not in page] == []


def noted(scale: float, *sizes: int, note: str = "") -> float:
    """A factor.

    It is not rounded.

    Args:
        scale: what is multiplied,
            in two lines.
        sizes: by which.

    Returns:
        The product.

    >>> noted(2.0, 3)
    6.0
    """
    for size in sizes:
        scale *= size
    return scale


def test_a_docstring_becomes_paragraphs_lists_and_examples() -> None:
    assert list(GENERATOR["_documentation"](inspect.getdoc(noted))) == [
        "A factor.",
        "It is not rounded.",
        "*Arguments*",
        "- `scale`: what is multiplied, in two lines.\n- `sizes`: by which.",
        "*Returns*",
        "The product.",
        "```pycon\n>>> noted(2.0, 3)\n6.0\n\n```",
    ]


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("noted", "noted(scale: float, *sizes: int, note: str = '') -> float"),
        ("a_name_of_a_function_that_is_long_enough_for_its_signature_to_be_broken", None),
    ],
)
def test_a_signature_is_broken_where_it_is_long(name: str, shown: str | None) -> None:
    text = GENERATOR["_signature"](name, noted)
    assert text == shown or (shown is None and len(text.splitlines()) == 5)
