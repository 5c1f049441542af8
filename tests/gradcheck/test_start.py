import pytest

from checkers.errors import UsageError
from gradcheck.cli.app import run_command_line
from gradcheck.cli.start import copy_all


@pytest.fixture
def exercise(tmp_path):
    folder = tmp_path / "elsewhere" / "huber-regression"
    folder.mkdir(parents=True)
    for name, text in (("exercise.py", ""), ("starter.py", "def f(): ...\n"), ("README.md", "# Huber\n")):
        (folder / name).write_text(text, encoding="utf-8")
    return str(folder)


def test_start_copies_starter_and_handout_and_says_what_is_next(exercise, tmp_path, capsys):
    target = tmp_path / "new" / "work"
    assert run_command_line(["start", exercise, str(target)]) == 0
    assert {path.name: path.read_text(encoding="utf-8") for path in target.iterdir()} == {
        "huber_regression.py": "def f(): ...\n",
        "huber_regression.md": "# Huber\n",
    }
    assert f"gradcheck {target / 'huber_regression.py'}" in capsys.readouterr().out


def test_start_copies_to_the_current_folder(exercise, tmp_path, monkeypatch):
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    assert run_command_line(["start", exercise]) == 0
    assert (tmp_path / "here" / "huber_regression.py").is_file()


@pytest.mark.parametrize("existing", ["huber_regression.py", "huber_regression.md"])
def test_start_never_overwrites_and_copies_nothing(exercise, tmp_path, capsys, existing):
    (tmp_path / existing).write_text("mine", encoding="utf-8")
    assert run_command_line(["start", exercise, str(tmp_path)]) == 2
    assert f"{tmp_path / existing} exists already" in capsys.readouterr().err
    assert (tmp_path / existing).read_text(encoding="utf-8") == "mine"
    assert len(list(tmp_path.glob("huber_regression.*"))) == 1


def test_start_into_a_file_leaves_nothing_behind(exercise, tmp_path, capsys):
    (tmp_path / "file").touch()
    assert run_command_line(["start", exercise, str(tmp_path / "file" / "sub")]) == 2
    assert "Nothing was copied" in capsys.readouterr().err


def test_a_copy_that_fails_midway_takes_the_first_away_again(tmp_path):
    first, missing = tmp_path / "first", tmp_path / "missing"
    first.write_text("1", encoding="utf-8")
    with pytest.raises(UsageError, match="Nothing was copied"):
        copy_all({first: tmp_path / "a", missing: tmp_path / "b"})
    assert sorted(path.name for path in tmp_path.iterdir()) == ["first"]


def test_a_target_that_comes_into_being_while_copying_is_not_overwritten(tmp_path):
    first, second = tmp_path / "first", tmp_path / "second"
    for source in (first, second):
        source.write_text(source.name, encoding="utf-8")
    with pytest.raises(UsageError, match="Nothing was copied"):
        copy_all({first: tmp_path / "same", second: tmp_path / "same"})
    assert not (tmp_path / "same").exists()


def test_start_does_not_write_through_a_dangling_link(exercise, tmp_path):
    (tmp_path / "huber_regression.py").symlink_to(tmp_path / "nowhere")
    assert run_command_line(["start", exercise, str(tmp_path)]) == 2
    assert not (tmp_path / "nowhere").exists()
