import pytest

from checkers.errors import UsageError
from gradcheck import catalogue
from gradcheck.catalogue import bundled, find


@pytest.fixture
def folders(tmp_path, monkeypatch):
    """Two exercises as if they were bundled."""
    for name, readme in (
        ("softmax_regression", "# Softmax regression\n\nText.\n# More"),
        ("linear_regression", "none"),
    ):
        folder = tmp_path / "exercises" / name
        folder.mkdir(parents=True)
        (folder / "exercise.py").touch()
        (folder / "README.md").write_text(readme, encoding="utf-8")
    (tmp_path / "exercises" / "__pycache__").mkdir()
    monkeypatch.setattr("exercises.__path__", [str(tmp_path / "exercises")])
    return tmp_path / "exercises"


def test_bundled_exercises_are_sorted_folders_with_a_definition(folders):
    assert [folder.id for folder in bundled()] == ["linear-regression", "softmax-regression"]


def test_the_title_is_the_first_heading_or_the_id(folders):
    assert [folder.title for folder in bundled()] == ["linear-regression", "Softmax regression"]


@pytest.mark.parametrize("name", ["softmax-regression", "softmax_regression"])
def test_an_exercise_is_found_by_id(folders, name):
    assert find(name).path == folders / "softmax_regression"


@pytest.mark.parametrize("ending", ["", "exercise.py"], ids=["folder", "file"])
def test_an_exercise_is_found_by_path(folders, tmp_path, ending):
    own = tmp_path / "my own_exercise"
    own.mkdir()
    (own / "exercise.py").touch()
    found = find(str(own / ending))
    assert (found.id, found.path, found.definition) == ("my own-exercise", own, own / "exercise.py")


def test_an_exercise_in_the_current_folder_has_the_folders_name(folders, monkeypatch):
    monkeypatch.chdir(folders / "softmax_regression")
    assert find(".").id == "softmax-regression"


def test_an_unknown_id_lists_the_known_ones_and_the_closest(folders):
    message = "Did you mean softmax-regression.*Known exercises: linear-regression, softmax-regression"
    with pytest.raises(UsageError, match=message):
        find("softmax-regresion")


def test_a_folder_without_a_definition_says_so(folders, tmp_path):
    with pytest.raises(UsageError, match=r"without exercise\.py"):
        find(str(tmp_path))


def test_the_bundled_folder_is_the_packages_own():
    assert all(folder.definition.is_file() for folder in bundled())
    assert catalogue.DEFINITION == "exercise.py"
