"""What is said of a mistake in a written derivation: one sentence on what is wrong, one on what to look at."""

from __future__ import annotations

from .edit import Edit

_MESSAGES: dict[str, tuple[str, str]] = {
    "sign-flipped": (
        "The right side has the opposite sign.",
        "Which of the two terms is differentiated, and with which sign?",
    ),
    "residual-reversed": (
        "The difference is the wrong way round.",
        "Prediction minus target, or target minus prediction?",
    ),
    "term-sign": ("One term has the wrong sign.", "Follow the sign of this term from the line before."),
    "sum-missing": (
        "A sum{over} is missing.",
        "Through how many terms does the loss depend on this variable?",
    ),
    "sum-extra": (
        "The sum{over} does not belong here.",
        "The index is given on the left: only one term of the sum depends on it.",
    ),
    "sum-wrong-axis": ("The sum runs over the wrong index{instead}.", "Which index is still free on the left?"),
    "sum-range": ("The sum{over} runs over the wrong range.", "From where to where does this index run?"),
    "mean-missing": ("The factor{note} is missing.", "Is this the derivative of the mean, or of one example's loss?"),
    "mean-twice": (
        "There is a factor{note} too many.",
        "Has the line before divided by the number of examples already?",
    ),
    "wrong-count": ("It is divided by the wrong size{counts}.", "The mean over what is taken here?"),
    "factor": ("A constant factor is wrong{factor}.", "Where does the constant of the derivative go?"),
    "wrong-power": ("A power is wrong.", "Differentiate the power again."),
    "wrong-index": (
        "An index is wrong{index}.",
        "Which indices are free on the left? The same must be free on the right.",
    ),
    "wrong-operand": ("Another quantity belongs here.", "Which quantity does this derivative leave behind?"),
    "transposed": (
        "A transpose is missing or too many, or the order of the factors is wrong.",
        "Write the shapes under the factors.",
    ),
    "hadamard": (
        "The kind of product is wrong: entry by entry for one of matrices, or the reverse.",
        "Write the shapes under the factors.",
    ),
    "activation-missing": (
        "The derivative of the activation is missing.",
        "The chain rule passes through the activation.",
    ),
    "activation-argument": (
        "The derivative of the activation is taken at the wrong place.",
        "At which argument was the activation itself taken?",
    ),
    "activation-derivative": (
        "The derivative of the activation is wrong.",
        "Differentiate the activation again.",
    ),
    "softmax-jacobian": (
        "This is not the derivative of the softmax.",
        "Every output depends on every input: look at i = j and at i different from j.",
    ),
    "softmax-diagonal": (
        "This holds for equal indices only.",
        "What is the derivative where the two indices differ?",
    ),
    "softmax-axis": (
        "The softmax is normalised over the wrong index.",
        "Which probabilities add up to 1: those of one example, or of one class?",
    ),
    "chain-factor-missing": ("A factor of the chain rule is missing.", "What stands between the two quantities?"),
    "wrong-adjoint": (
        "The chain goes on from the wrong quantity.",
        "Whose derivative was found in the line before?",
    ),
    "term-missing": ("A term is missing or does not belong here.", "Compare the terms with the line before."),
    "regulariser-missing": ("The term of the regulariser is missing.", "The penalty has a derivative, too."),
    "regulariser-factor": ("The regulariser has the wrong factor.", "Differentiate the square."),
    "regulariser-on-bias": ("What is not penalised is regularised.", "Which parameters does the penalty name?"),
    "regulariser-sign": ("The regulariser has the wrong sign.", "The penalty is added to the loss."),
    "regulariser-scaled": (
        "The regulariser is divided by a size, or should be.",
        "Does the mean stand before the penalty?",
    ),
    "regulariser-form": (
        "The derivative of the regulariser has another form.",
        "Differentiate the penalty again.",
    ),
    "wrong-variable": (
        "It is differentiated with respect to the wrong variable.",
        "What stands below on the left?",
    ),
    "wrong-shape": ("The two sides have different shapes.", "Write the shapes under the factors."),
    "scope-of-operator": ("A bracket is missing, or reaches too far.", "What belongs under the sign?"),
    "derivative-lost": (
        "A derivative sign is lost, or stands where none belongs.",
        "Is this the quantity or its derivative?",
    ),
    "factor-dropped": ("The factor{note} is dropped.", "What stood before the bracket must stand on both sides."),
    "arithmetic": ("The numbers do not add up.", "Calculate again."),
    "free-index": (
        "The two sides do not have the same free indices.",
        "An index that is free on one side only is a missing sum or a wrong letter.",
    ),
    "unknown": ("The two sides are not equal.", "No small change makes them equal: derive this line again."),
}

LINE_BEFORE = "line before"
"""The note of a change that is none: this side is right, and the line before is not."""


def message(code: str, edit: Edit | None = None) -> str:
    """One sentence on what is wrong, with the names that the edit knows.

    >>> message("sum-missing"), message("wrong-power")
    ('A sum is missing.', 'A power is wrong.')
    """
    note = edit.note if edit is not None else ""
    if note == LINE_BEFORE:
        return "This does not follow from the line before, which is wrong; by itself it is right."
    extra, plain = note.startswith("extra"), note.removeprefix("extra").strip()
    if plain in {"order", "layer", "inner"}:
        plain = ""
    parts = dict.fromkeys(("note", "over", "instead", "index", "counts", "factor"), "")
    if plain:
        parts = {
            "note": f" {plain}",
            "over": f" over {plain}",
            "instead": f": it should run over {plain}",
            "index": f": {plain} belongs here" if len(plain) < 3 else "",
            "counts": f", {plain}" if " for " in plain else "",
            "factor": f": {plain} is too many" if extra else f": {plain} belongs here",
        }
    return _MESSAGES.get(code, _MESSAGES["unknown"])[0].format(**parts)


def hint(code: str) -> str:
    """What to look at."""
    return _MESSAGES.get(code, _MESSAGES["unknown"])[1]
