"""The models that ship, in the notation of written derivations: the reader of students' definitions reads these too."""

from __future__ import annotations

from typing import Any

from checkers.errors import UsageError

from ...expressions import Entry
from ...latex import latex
from ...model import Domain, Model, Role
from ...models import MODELS
from ...notation import Notation
from ...typesetting import Typesetter
from ..faults import MeaningError
from ..grammar.sides import parse_side
from ..source.document import read_document
from ..source.statements import statements
from ..source.tokens import tokenise
from ..terms import Name
from .symbols import Symbols
from .usage import Usage


def definitions(model_id: str, **options: Any) -> str:
    r"""The definitions of a model, each a display formula, what is used before what uses it.

    Args:
        options: of the model, such as layers=(4, 5, 6, 3) of mlp. Where it has two routes, that through y_hat is taken,
            since every quantity then has a name.

    Raises:
        UsageError: there is no such model, or it does not take one of the options.

    >>> print(definitions("linear-regression"))
    $$z_{i} = \sum_{j=1}^{p} w_{j} x_{ij} + b$$
    $$L_{i} = (y_{i} - z_{i})^{2}$$
    $$J = \frac{1}{n} \, \sum_{i=1}^{n} L_{i}$$
    """
    model = _model(model_id, options)
    typesetter = Typesetter(Notation.of(model))
    return "\n".join(
        f"$${latex(typesetter.layout(one.entry))} = {latex(typesetter.layout(one.value))}$$"
        for one in model.definitions
    )


def domains(model_id: str, **options: Any) -> dict[str, Domain]:
    """Which values the data and the constants of a model take, by the key that `Symbols` gives their names.

    Raises:
        UsageError: there is no such model, or it does not take one of the options.

    >>> domains("softmax-regression")
    {'x': Domain.REAL, 'y': Domain.ONE_HOT}
    """
    model = _model(model_id, options)
    names = {array.name: array for array in model.arrays.values() if array.role in {Role.DATA, Role.CONSTANT}}
    typesetter = Typesetter(Notation.of(model))
    symbols = _symbols(definitions(model_id, **options))
    found: dict[str, Domain] = {}
    for definition in model.definitions:
        for entry in sorted(definition.value.atoms(Entry), key=str):
            if (array := names.get(entry.name)) is not None:
                found[_key(latex(typesetter.layout(entry)), symbols)] = array.domain
    return dict(sorted(found.items()))


def _model(model_id: str, options: dict[str, Any]) -> Model:
    if model_id not in MODELS:
        raise UsageError(f"No model {model_id!r}. Known: {', '.join(MODELS)}.")
    entry = MODELS[model_id]
    return entry.build(**({"route": "y-hat"} if "route" in entry.options else {}) | options)


def _symbols(text: str) -> Symbols:
    """How the names of a document of definitions are resolved."""
    sides = [parse_side(side) for one in statements(read_document("model.md", text)) for side in (one.left, one.right)]
    return Symbols(Usage.of(sides))


def _key(name: str, symbols: Symbols) -> str:
    term = parse_side(tokenise(name))
    if not isinstance(term, Name):
        raise MeaningError(f"an entry of a model is written as a name, but {name} is read as something else")
    return symbols.resolve(term).key
