"""The models that ship, as the reader of students' definitions reads them; and their printed derivations, judged."""

from __future__ import annotations

import pytest

from checkers.errors import UsageError
from derivations.model import Model
from derivations.models import MODELS
from derivations.written.document import read_document
from derivations.written.grammar import parse_side
from derivations.written.known_models import definitions, domains
from derivations.written.statements import Statement, statements
from derivations.written.symbols import Symbols, Usage
from derivations.written.terms import Name, Term

DEEP = {"layers": (4, 6, 5, 3), "activation": "tanh", "l2": "half"}
CASES = [*((name, {}) for name in MODELS), ("mlp", DEEP), ("softmax-regression", {"l2": "full"})]
IDS = [f"{name}{' ' if options else ''}{','.join(options)}" for name, options in CASES]


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
