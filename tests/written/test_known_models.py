"""The models that ship, as the reader of students' definitions reads them; and their printed derivations, judged."""

from __future__ import annotations

from functools import cache

import pytest

from checkers.errors import UsageError
from derivations import derive
from derivations.documents import render
from derivations.model import Model
from derivations.models import MODELS
from derivations.written import CheckedDerivation, CheckedStatement, Judgement, verify
from derivations.written.grammar.sides import parse_side
from derivations.written.meaning.known_models import definitions, domains
from derivations.written.meaning.symbols import Symbols, Usage
from derivations.written.source.document import read_document
from derivations.written.source.statements import Statement, statements
from derivations.written.terms import Name, Term

DEEP: dict[str, object] = {"layers": (4, 6, 5, 3), "activation": "tanh", "l2": "half"}
CASES: list[tuple[str, dict[str, object]]] = [
    *((name, {}) for name in MODELS),
    ("mlp", DEEP),
    ("softmax-regression", {"l2": "full"}),
]
IDS = [f"{name}{' ' if options else ''}{','.join(options)}" for name, options in CASES]

# The documents that `gradcheck derive --format` writes.
FORMATS = {".tex": "latex", ".md": "markdown"}
# The share of their equalities that is judged.
CHECKED = 0.95


def _model(name: str, options: dict[str, object]) -> Model:
    """The model by the route that `definitions` takes."""
    return MODELS[name].build(**({"route": "y-hat"} if "route" in MODELS[name].options else {}) | options)


def _read(name: str, options: dict[str, object]) -> list[tuple[Statement, Term, Term]]:
    found = statements(read_document("model.md", definitions(name, **options)))
    return [(one, parse_side(one.left), parse_side(one.right)) for one in found]


@pytest.mark.parametrize(("name", "options"), CASES, ids=IDS)
def test_every_definition_is_one_statement_that_defines_a_name(name: str, options: dict[str, object]) -> None:
    read = _read(name, options)
    model = _model(name, options)
    assert len(read) == len(model.definitions)
    assert all(one.fault is None and one.sign == "=" for one, _, _ in read)
    assert all(isinstance(left, Name) for _, left, _ in read)


@pytest.mark.parametrize(("name", "options"), CASES, ids=IDS)
def test_names_resolve_to_as_many_quantities_as_the_model_has_arrays(name: str, options: dict[str, object]) -> None:
    read = _read(name, options)
    symbols = Symbols(Usage.of([side for _, *sides in read for side in sides]))
    model = _model(name, options)
    defined = [symbols.resolve(left).key for _, left, _ in read if isinstance(left, Name)]
    assert len(set(defined)) == len(model.definitions)
    assert defined[-1] == "J"
    used = {symbols.resolve(part).key for _, _, right in read for part in right.walk() if isinstance(part, Name)}
    assert set(domains(name, **options)) <= used


@pytest.mark.parametrize(
    ("name", "options", "expected"),
    [
        ("softmax-regression", {}, {"x": "real", "y": "one-hot"}),
        ("logistic-regression", {}, {"x": "real", "y": "binary"}),
        ("hinge", {}, {"x": "real", "y": "signs"}),
        ("poisson", {}, {"x": "real", "y": "counts"}),
        ("quantile", {}, {"tau": "unit", "x": "real", "y": "real"}),
        ("mlp", DEEP, {"lambda": "positive", "x": "real", "y": "one-hot"}),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_domains_stand_under_the_keys_of_the_names(
    name: str, options: dict[str, object], expected: dict[str, str]
) -> None:
    assert domains(name, **options) == expected


def test_layers_are_told_apart_by_number() -> None:
    read = _read("mlp", DEEP)
    symbols = Symbols(Usage.of([side for _, *sides in read for side in sides]))
    defined = [symbols.resolve(left).key for _, left, _ in read if isinstance(left, Name)]
    assert defined == ["z@1", "a@1", "z@2", "a@2", "z@3", "y^hat", "L", "J"]


def test_losses_with_two_routes_are_written_through_the_probabilities() -> None:
    assert r"\ln \hat{y}_{im}" in definitions("softmax-regression")
    assert r"\ln \sum" in definitions("softmax-regression", route="fused")


def test_unknown_model_lists_the_known_ones() -> None:
    with pytest.raises(UsageError, match=r"No model 'lasso'\. Known: linear-regression, ridge"):
        definitions("lasso")
    with pytest.raises(UsageError, match="no option --layers here"):
        domains("ridge", layers=(2, 3))


# Our own printed derivations, read back -------------------------------------------------------------------------------

# Two by default; the others take seconds each. What a penalty adds to dJ/dw is printed as a derivative in which L
# is held fixed, after a bar, which is not read; so far not strictly, since the lines after it differ.
HELD = pytest.mark.xfail(reason="what is held fixed behind a bar is not read", strict=False)
PRINTED = [
    pytest.param(
        case,
        id=IDS[case],
        marks=[
            *([] if IDS[case] in {"poisson", "softmax-regression"} else [pytest.mark.slow]),
            *([HELD] if name == "ridge" or "l2" in options else []),
        ],
    )
    for case, (name, options) in enumerate(CASES)
]
SUFFIXES = [".md", ".tex"]


@cache
def _printed(case: int, suffix: str) -> str:
    name, options = CASES[case]
    return render(derive(MODELS[name].build(**options)), format=FORMATS[suffix])


@cache
def _judged(case: int, suffix: str) -> CheckedDerivation:
    name, options = CASES[case]
    # With options the document is not about the model as it ships, and its own definitions must do.
    return verify(f"derivation{suffix}", _printed(case, suffix), model=None if options else name)


def _shown(checked: CheckedDerivation, one: CheckedStatement) -> str:
    said = "; ".join(finding.message for finding in one.findings) or one.reason
    line = checked.document.position(one.start)[0]
    return f"{line}: {one.judgement}: {checked.document.text[one.start : one.end]}\n    {said}"


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("case", PRINTED)
def test_no_equality_of_our_own_derivations_is_accused(case: int, suffix: str) -> None:
    checked = _judged(case, suffix)
    assert len(checked.statements) > 15
    accused = [_shown(checked, one) for one in checked.statements if one.judgement is Judgement.WRONG]
    assert not accused, "\n".join(accused)


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("case", PRINTED)
def test_nearly_all_equalities_of_our_own_derivations_are_right(case: int, suffix: str) -> None:
    checked = _judged(case, suffix)
    known = {Judgement.RIGHT, Judgement.DEFINITION}
    others = [_shown(checked, one) for one in checked.statements if one.judgement not in known]
    assert len(others) <= (1 - CHECKED) * len(checked.statements), "\n".join(others)


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_residual_reversed_in_our_own_derivation_is_found(suffix: str) -> None:
    text = _printed(IDS.index("softmax-regression"), suffix)
    right, reversed_ = r"\hat{y}_{im} - y_{im}", r"y_{im} - \hat{y}_{im}"
    assert right in text
    checked = verify(f"derivation{suffix}", text.replace(right, reversed_), model="softmax-regression")
    wrong = [one for one in checked.statements if one.judgement is Judgement.WRONG]
    assert wrong
    assert wrong[0].findings[0].family == "sign"


OTHER_LETTERS = {
    "C for the cost, a for the output, t for the target": (
        "logistic-regression",
        r"\frac{\partial C}{\partial w_j} = \frac1n \sum_{i=1}^n (a_i - t_i) x_{ij}",
        r"\frac{\partial C}{\partial w_j} = \frac1n \sum_{i=1}^n (t_i - a_i) x_{ij}",
    ),
    "a for the logit": (
        "logistic-regression",
        r"\frac{\partial E}{\partial a_i} = \frac1n (\sigma(a_i) - t_i)",
        r"\frac{\partial E}{\partial a_i} = \sigma(a_i) - t_i",
    ),
    "theta for the weights, L for the cost": (
        "linear-regression",
        r"\frac{\partial \mathcal{L}}{\partial \theta} = \frac2n X^T (X \theta + b - y)",
        r"\frac{\partial \mathcal{L}}{\partial \theta} = \frac1n X^T (X \theta + b - y)",
    ),
    "W for the weights, with indices and as a whole": (
        "softmax-regression",
        r"\frac{\partial J}{\partial W_{mj}} = \frac1n \sum_{i=1}^n (\hat y_{im} - y_{im}) x_{ij}",
        r"\frac{\partial J}{\partial W_{mj}} = \frac1n \sum_{i=1}^n (y_{im} - \hat y_{im}) x_{ij}",
    ),
}


@pytest.mark.parametrize(("model", "right", "wrong"), OTHER_LETTERS.values(), ids=OTHER_LETTERS.keys())
def test_a_model_may_be_written_in_other_letters(model: str, right: str, wrong: str) -> None:
    page = verify("notes.tex", rf"\[ {right} \]" + "\n\n" + rf"\[ {wrong} \]", model=model)
    assert [statement.judgement for statement in page.statements] == [Judgement.RIGHT, Judgement.WRONG]


def test_a_loss_without_an_index_is_that_of_one_example_where_more_holds_so() -> None:
    page = verify(
        "notes.md", r"$\frac{\partial L}{\partial w_j} = 2 (\hat y_i - y_i) x_{ij}$", model="linear-regression"
    )
    assert page.statements[0].judgement is Judgement.RIGHT


def test_an_error_that_nothing_defines_is_no_kronecker_delta() -> None:
    page = verify(
        "notes.md", r"$\frac{\partial J}{\partial w_{mj}} = \sum_i \delta_{im} x_{ij}$", model="softmax-regression"
    )
    assert page.statements[0].judgement is Judgement.NOT_CHECKABLE
