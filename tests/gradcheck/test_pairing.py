"""Where pairings are said: the command line, gradcheck.toml, decorators; each is read strictly."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from checkers.errors import UsageError
from checkers.findings import Verdict
from checkers.own_code.inputs import Input, Kind
from gradcheck import check_file, gradient_of
from gradcheck.pairing import joined
from gradcheck.pairing_notation import read_array, read_pairing

LAYER = """
def foo(x, w):
    return x @ w, (x, w)


def bar(g, memo):
    x, w = memo
    return g @ w.T, x.T @ g
"""
WRONG = LAYER.replace("x.T @ g", "2 * x.T @ g")
TOML = '[[gradient]]\nfunction = "bar(g, memo)"\nof = "foo(x, w)"\nshapes = {x = "(N, D)", w = "(D, M)"}\n'


def check(folder: Path, source: str = LAYER, name: str = "layers.py", **options: Any) -> Any:
    path = folder / name
    path.write_text(source)
    return check_file(path, seed=3, timeout=5.0, locate_budget=0, **options)


# The notation ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("(N, D)", Input("x", ("N", "D"))),
        ("(N,)", Input("x", ("N",))),
        ("N", Input("x", ("N",))),
        ("m", Input("x", ("m",))),
        ("number", Input("x", ())),
        ("(2, 4H, D + 1)", Input("x", (2, "4*H", "D+1"))),
        ("labels of C", Input("x", ("N",), Kind.LABELS, "C")),
        ("int (N, T) < V", Input("x", ("N", "T"), Kind.LABELS, "V")),
        ("one-hot (C, N) of C", Input("x", ("C", "N"), Kind.ONE_HOT, "C", 0)),
        ("positive (N, D)", Input("x", ("N", "D"), Kind.POSITIVE)),
    ],
)
def test_shapes_are_read(text: str, expected: Input) -> None:
    assert read_array("x", text, "here") == expected


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("(N; D)", "`N; D` in `.N; D.` is no length"),
        ("(N,, D)", "is no length"),
        ("(0, D)", "`0` in"),
        ("lables (N,) of C", "Did you mean `labels`"),
        ("labels (N,)", "below which"),
        ("foo bar", "Kinds of array: real, int"),
        ("", "Write `x: .N, D.`"),
    ],
)
def test_shapes_that_cannot_be_read_are_refused_with_their_place(text: str, told: str) -> None:
    with pytest.raises(UsageError, match=f"^here: .*{told}"):
        read_array("x", text, "here")


def test_a_pairing_is_read_whole() -> None:
    found = read_pairing("bar(g: upstream, k = (1, 2)) -> dx, _ of foo(x: (N, D)) -> out, cache wrt x", "here")
    assert (found.gradient.name, found.gradient.arguments, found.gradient.returns) == ("bar", ("g", "k"), ("dx", "_"))
    assert found.of is not None
    assert (found.of.name, found.of.returns, found.wrt) == ("foo", ("out", "cache"), ("x",))
    assert (found.values, found.meanings) == ({"k": "(1, 2)"}, {"g": "upstream"})


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("bar of", "a name is expected after `bar of`, but the text ends"),
        ("bar off foo", "but `off foo` stands there"),
        ("bar(x of foo", "the bracket that opens at character 4 is never closed"),
        ("bar(3) of foo", "`3` is no argument"),
        ("bar(a = 1 +) of foo", "the value of a is no Python expression"),
        ("bar(a = 1) of foo(a = 2)", "a has two values, 1 and 2"),
        ("bar(a: (N,)) of foo(a: (D,))", "a has two shapes"),
    ],
)
def test_pairings_that_cannot_be_read_are_refused(text: str, told: str) -> None:
    with pytest.raises(UsageError, match=r"^here: ") as error:
        read_pairing(text, "here")
    assert told in str(error.value)


# The command line -----------------------------------------------------------------------------------------------------


def test_function_and_of_go_together_in_their_order() -> None:
    assert joined(["bar", "baz(g)"], ["foo", "faz(x)"]) == ["bar of foo", "baz(g) of faz(x)"]
    assert joined(["bar of foo", "f -> loss, dW"], []) == ["bar of foo", "f -> loss, dW"]


@pytest.mark.parametrize(("functions", "ofs"), [(["a", "b"], ["c"]), (["a of b"], ["c"]), ([], ["c"])])
def test_functions_and_ofs_that_do_not_match_are_refused(functions: list[str], ofs: list[str]) -> None:
    with pytest.raises(UsageError, match=r"--of stands|--of is given"):
        joined(functions, ofs)


def test_the_command_checks_a_declared_pair(tmp_path: Path, run_command: Any) -> None:
    path = tmp_path / "layers.py"
    path.write_text(WRONG)
    done = run_command(str(path), "--function", "bar(g, memo)", "--of", "foo(x: (N, D), w: (D, M))")
    assert done.returncode == 1, done.stderr
    assert "dw is 2 times what it should be" in done.stdout


def test_a_wrong_declaration_ends_with_2_and_one_line_on_standard_error(tmp_path: Path, run_command: Any) -> None:
    path = tmp_path / "layers.py"
    path.write_text(LAYER)
    done = run_command(str(path), "--function", "baz of foo")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        'gradcheck: --function "baz of foo": there is no function baz in the file. Did you mean bar?\n'
    )


def test_a_pairing_beside_an_exercise_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="--exercise mlp says"):
        check(tmp_path, exercise="mlp", pairings=["bar of foo"])


# gradcheck.toml -------------------------------------------------------------------------------------------------------


def test_the_file_beside_is_read(tmp_path: Path) -> None:
    (tmp_path / "gradcheck.toml").write_text(TOML)
    report = check(tmp_path, WRONG)
    assert report.verdict is Verdict.WRONG
    assert report.recognised[0].layout == "x (N, D), w (D, M)"
    assert report.recognised[0].rule.endswith("gradcheck.toml, gradient 1 says")


def test_config_takes_the_place_of_the_file_beside(tmp_path: Path) -> None:
    (tmp_path / "gradcheck.toml").write_text("not toml")
    other = tmp_path / "other.toml"
    other.write_text(TOML)
    assert check(tmp_path, config=other).verdict is Verdict.RIGHT


def test_every_key_is_read(tmp_path: Path) -> None:
    source = "def f(a, b, k):\n    return k * (a * b).sum()\ndef g(a, b, k):\n    return k * b, k * a, 7\n"
    (tmp_path / "gradcheck.toml").write_text(
        '[[gradient]]\nfile = "la*.py"\nfunction = "g"\nof = "f"\nreturns = "da, db, _"\nwrt = ["a", "b"]\n'
        'shapes = {a = "(N,)", b = "N"}\noptions = {k = 3}\n'
    )
    report = check(tmp_path, source)
    assert report.verdict is Verdict.RIGHT
    assert [output.name for output in report.tasks[0].outputs] == ["da", "db"]


def test_an_entry_for_another_file_of_the_folder_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "gradcheck.toml").write_text(TOML + '[[gradient]]\nfunction = "far"\nof = "near"\n')
    (tmp_path / "others.py").write_text("def far(x):\n    return x\n")
    assert check(tmp_path).verdict is Verdict.RIGHT


def test_an_entry_whose_function_is_in_no_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "gradcheck.toml").write_text(TOML.replace("bar", "barr"))
    with pytest.raises(UsageError, match=r"gradcheck\.toml, gradient 1: there is no function barr.*Did you mean bar\?"):
        check(tmp_path)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[[gradient]\n", "is no TOML: .*line 1"),
        ("[[gradients]]\n", "there is no key `gradients`. Did you mean `gradient`"),
        ("[gradient]\n", "must be a list of tables"),
        ("[[gradient]]\nof = 'foo'\n", "`function` is missing"),
        (TOML.replace("shapes", "shape"), "gradient 1: there is no key `shape`. Did you mean `shapes`"),
        (TOML.replace('"(N, D)"', "[5, 7]"), "the shape of x must be a text, but it is .5, 7."),
        (TOML.replace("(N, D)", "(N D)"), "the shape of x cannot be read: `N D`"),
        (TOML.replace("x = ", "v = "), "neither argument of bar nor foo is called v|foo has no argument v"),
        (TOML + "wrt = 3\n", "`wrt` must be a text or a list"),
        (TOML + "options = 3\n", "`options` must be a table"),
        (TOML + "of = 3\n", "is no TOML"),
        (TOML.replace('"foo(x, w)"', "3"), "`of` must be a text, but it is 3"),
    ],
)
def test_a_config_that_cannot_be_read_is_refused(tmp_path: Path, text: str, told: str) -> None:
    (tmp_path / "gradcheck.toml").write_text(text)
    with pytest.raises(UsageError, match=told):
        check(tmp_path)


def test_a_config_of_functions_elsewhere_leaves_recognition_alone(tmp_path: Path) -> None:
    (tmp_path / "gradcheck.toml").write_text('[[gradient]]\nfile = "b.py"\nfunction = "q"\nof = "p"\n')
    source = LAYER.replace("foo", "affine_forward").replace("bar", "affine_backward")
    assert check(tmp_path, source).recognised[0].rule == "the backward of affine_forward, by its name"


# Decorators -----------------------------------------------------------------------------------------------------------


def decorated(decorator: str, source: str = LAYER) -> str:
    # The name that counts is the decorator's; the file needs no gradcheck where it is run.
    start = "try:\n    from gradcheck import gradient_of\nexcept ImportError:\n"
    start += "    gradient_of = lambda *a, **k: lambda function: function\n"
    return start + source.replace("def bar", f"{decorator}\ndef bar")


@pytest.mark.parametrize(
    "decorator",
    [
        "@gradient_of(foo)",
        '@gradient_of("foo(x: (N, D), w: (D, M))")',
        '@gradient_of(foo, wrt="x, w", returns="dx, dw", shapes={"x": "(N, D)", "w": "(D, M)"})',
    ],
)
def test_a_decorator_is_read_from_the_text(tmp_path: Path, decorator: str) -> None:
    report = check(tmp_path, decorated(decorator))
    assert report.verdict is Verdict.RIGHT
    assert report.recognised[0].rule.endswith("@gradient_of says")
    assert check(tmp_path, decorated(decorator, WRONG)).verdict is Verdict.WRONG


@pytest.mark.parametrize(
    ("decorator", "told"),
    [
        ("@gradient_of(fooo)", r"layers\.py:\d+, @gradient_of, of: there is no|there is no function fooo"),
        ("@gradient_of", "say of what, as in @gradient_of.foo."),
        ("@gradient_of(foo, shape={})", "there is no key `shape`. Did you mean `shapes`"),
        ("@gradient_of(foo, shapes=SHAPES)", "`shapes` is `SHAPES`, but the file is not run to read it"),
        ("@gradient_of(foo, foo)", "one function is expected, but 2"),
    ],
)
def test_a_decorator_that_cannot_be_read_is_refused(tmp_path: Path, decorator: str, told: str) -> None:
    with pytest.raises(UsageError, match=told):
        check(tmp_path, decorated(decorator))


def test_the_decorator_returns_the_very_same_function() -> None:
    def cube(z: float) -> float:
        return z**3

    def slope(z: float) -> float:
        return 3 * z**2

    assert gradient_of(cube)(slope) is slope
    assert vars(slope) == {"__gradient_of__": cube}
