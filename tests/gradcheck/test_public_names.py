import tomllib
from pathlib import Path

import pytest

import gradcheck

PYPROJECT = Path(__file__).parents[2] / "pyproject.toml"


def test_all_is_sorted():
    assert gradcheck.__all__ == sorted(gradcheck.__all__)
    assert dir(gradcheck) == gradcheck.__all__


@pytest.mark.parametrize("name", gradcheck.__all__)
def test_every_public_name_can_be_imported(name):
    assert getattr(gradcheck, name) is getattr(gradcheck, name)


def test_every_public_name_says_where_it_lives():
    assert set(gradcheck.__all__) == set(gradcheck._MODULE_OF) | {"__version__"}


def test_an_unknown_name_lists_the_public_ones():
    with pytest.raises(AttributeError, match=r"no attribute 'chekc_file'.*check_file"):
        gradcheck.chekc_file  # noqa: B018


def test_the_version_is_that_of_pyproject():
    assert gradcheck.__version__ == tomllib.loads(PYPROJECT.read_text(encoding="utf-8"))["project"]["version"]
