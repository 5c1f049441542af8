"""Findings and repairs put together: what the numbers say happened, and which change of the source undoes it.

Where both speak and agree they are one finding; where they are of different families, the finding says so.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any

from .binding import SYNONYMS
from .findings import FAMILY_OF, Alternative, Certainty, Family, Finding
from .locate import Repair
from .student_answers import DescribedEdit

# What is said of a mistake that only the edit speaks for.
SENTENCES = {
    "sign-flipped": "the sign is wrong.",
    "residual-reversed": "the difference is taken the wrong way round.",
    "term-sign": "one of the terms has the wrong sign.",
    "sum-missing": "a sum is missing.",
    "sum-extra": "there is a sum where none belongs.",
    "sum-wrong-axis": "the sum runs over the wrong axis.",
    "sum-range": "the range is off.",
    "overwritten-not-accumulated": "it is overwritten in every round, where it should add up.",
    "mean-missing": "the factor 1/n of a mean is missing.",
    "mean-twice": "it is divided by a count once too often.",
    "wrong-count": "it is divided by the wrong count.",
    "factor": "a constant factor is wrong.",
    "wrong-power": "a square is missing, or one too many.",
    "wrong-index": "an index is wrong.",
    "wrong-operand": "another array, function or value belongs here.",
    "transposed": "a factor is transposed where it should not be, or the reverse.",
    "hadamard": "an elementwise product stands where a matrix product belongs, or the reverse.",
    "activation-missing": "the activation's derivative is missing.",
    "activation-argument": "the activation's derivative is taken at the wrong place.",
    "activation-derivative": "the activation's derivative is itself wrong.",
    "softmax-twice": "softmax is applied to what is a probability already.",
    "chain-factor-missing": "a factor of the chain rule is missing.",
    "term-missing": "a term is missing, or one too many.",
    "updated-too-early": "it is replaced before it is used for the last time.",
    "regulariser-missing": "the regulariser's term is missing.",
    "regulariser-factor": "the regulariser's factor is wrong.",
    "regulariser-scaled": "the regulariser is divided by a count, or not by the right one.",
    "regulariser-sign": "the regulariser's term has the wrong sign.",
    "regulariser-form": "the regulariser's term has the wrong form.",
    "regulariser-on-bias": "the biases are regularised too.",
    "softmax-axis": "the exponentials are summed over the wrong axis.",
    "hard-argmax": "the most probable class stands where the probabilities belong.",
    "wrong-loss": "a number inside the logarithm changes the loss.",
    "not-a-loss": "the absolute value stands where the square belongs.",
    "samples-dropped": "some of the rows are left out.",
    "precedence": "the brackets are in the wrong place.",
    "broadcast": "the axis that is left away makes the shapes spread.",
    "integer-dtype": "// leaves out the fraction.",
}
# Findings that only say what was seen: a named mistake is the cause, and comes before them.
SYMPTOMS = frozenset(["unknown", "raises", "wrong-shape", "broadcast"])
# Codes of edits that say little about why: the name that the numbers give is kept, and no disagreement seen in it.
PLAIN_EDITS = frozenset(["wrong-operand", "factor", "wrong-power", "term-sign", "precedence", "term-missing"])
# Families whose mistakes are the regulariser's when they are made in its term.
UNSPECIFIC = frozenset([Family.SIGN, Family.SCALE, Family.SUM, Family.INDEX, Family.CHAIN])
# A truncated array is a symptom only where one of these is mended.
MEANT = frozenset(["precedence", "activation-derivative", "wrong-index"])
# What Python or the file itself tells; an edit adds its place and nothing else.
TOLD_BY_PYTHON = frozenset(["undefined-name", "not-implemented", "syntax", "wrong-loss", "not-finite", "integer-dtype"])


# An edit within the penalty's term, or within the derivative of an activation, by what it does elsewhere.
IN_PENALTY = {
    "factor": "regulariser-factor",
    "wrong-count": "regulariser-scaled",
    "mean-missing": "regulariser-scaled",
    "mean-twice": "regulariser-scaled",
    "term-sign": "regulariser-sign",
    "sign-flipped": "regulariser-sign",
    "term-missing": "regulariser-missing",
    "wrong-power": "regulariser-form",
    "wrong-operand": "regulariser-form",
    "wrong-index": "regulariser-form",
    "chain-factor-missing": "regulariser-form",
    "sum-missing": "regulariser-form",
    "sum-extra": "regulariser-form",
    "sum-wrong-axis": "regulariser-form",
    "activation-missing": "regulariser-form",
}
IN_DERIVATIVE = frozenset(
    [
        "factor",
        "wrong-power",
        "wrong-operand",
        "term-sign",
        "term-missing",
        "chain-factor-missing",
        "activation-missing",
    ]
)
STRENGTHS = next(names for names in SYNONYMS if "reg" in names) | {"strength", "l2strength"}
DERIVATIVE = re.compile(r"(?i)deriv|prime|slope|_der\b|^d_?(relu|sigmoid|tanh|act)")


def in_context(edit: DescribedEdit, has_penalty: bool) -> DescribedEdit:
    """The edit with the code that it has where it stands: a factor within the penalty is the regulariser's."""
    words = {word.replace("_", "").lower() for word in re.findall(r"[A-Za-z_]\w*", edit.term)}
    if has_penalty and words & STRENGTHS:
        return replace(edit, code=IN_PENALTY.get(edit.code, edit.code))
    if DERIVATIVE.search(edit.function) and edit.code in IN_DERIVATIVE:
        return replace(edit, code="activation-derivative")
    return edit


def with_repair(findings: Sequence[Finding], repair: Repair, penalised: Collection[str]) -> list[Finding]:
    """The findings of one function, with the repair's place, source and fix, and its name where they have none.

    Args:
        penalised: the outputs that a regulariser may make wrong.
    """
    left = list(findings)
    located = []
    for plain, outputs in zip(repair.edits, repair.repairs, strict=True):
        edit = in_context(plain, bool(outputs & set(penalised)))
        about = [finding for finding in left if set(finding.outputs) & outputs and finding.is_fault]
        if about:
            located.append(_one_finding(about, edit, outputs, repair))
        left = [rest for finding in left if (rest := _without(finding, outputs, finding in about)) is not None]
    return [*located, *left]


def _without(finding: Finding, outputs: frozenset[str], is_explained: bool) -> Finding | None:
    if not is_explained:
        return finding
    rest = tuple(name for name in finding.outputs if name not in outputs)
    if not rest:
        return None
    return replace(finding, outputs=rest, message=_of(finding.message, finding.outputs, rest))


def _of(message: str, before: tuple[str, ...], names: tuple[str, ...]) -> str:
    """A message about some outputs as one about others."""
    head, colon, sentence = message.partition(": ")
    if not colon or tuple(head.replace(" and ", ", ").split(", ")) != before:
        return message
    listing = " and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else names[0]
    return f"{listing}: {sentence}"


def _one_finding(about: list[Finding], edit: DescribedEdit, outputs: frozenset[str], repair: Repair) -> Finding:
    """All that is said about some outputs as one finding with a place."""
    followed = {name for f in about if f.code == "wrong-loss" for name in f.outputs}
    if any(set(f.outputs) - followed for f in about):
        # Only some gradients follow from the loss as it is: the loss is not the cause.
        about = [f for f in about if f.code != "wrong-loss"] + [f for f in about if f.code == "wrong-loss"]
    named = [f for f in about if f.code != "unknown" and not (f.code in SYMPTOMS and f.certainty is Certainty.OBSERVED)]
    base = max(named or about, key=lambda f: (f.code != "wrong-loss" or len(about) == 1, len(f.outputs)))
    names = tuple(dict.fromkeys(name for finding in about for name in finding.outputs if name in outputs))
    others = {a.code: a for f in about for a in (*f.alternatives, Alternative(f.code, f.message))}
    code, message = _named(base, edit, bool(named), others)
    others.pop(code, None)
    others.pop("unknown", None)
    return replace(
        base,
        code=code,
        message=_of(message, base.outputs, names),
        certainty=Certainty.PROVEN if repair.is_complete else base.certainty,
        hint=None if base.code == "unknown" else base.hint,
        outputs=names,
        **_place(edit, repair),
        alternatives=tuple(others.values()),
    )


def _place(edit: DescribedEdit, repair: Repair) -> dict[str, Any]:
    """The fields of a finding that say where, what stands there, and what makes it right."""
    _, column, end_line, end_column = edit.place
    return {
        "line": edit.line,
        "column": column,
        "end_line": end_line,
        "end_column": end_column,
        "source": edit.source,
        "fix": edit.fix,
        "fix_relative_error": repair.error,
    }


def _named(base: Finding, edit: DescribedEdit, is_named: bool, others: dict[str, Alternative]) -> tuple[str, str]:
    """Code and message: the numbers' own, the edit's where it chooses among equals or where the numbers say nothing."""
    name = re.match(r"[A-Za-z_]\w*", edit.target)
    where = f"{name[0]}: " if name and "," not in edit.target else ""
    sentence = f"{where}{SENTENCES[edit.code]}" if where else SENTENCES[edit.code].capitalize()
    if not is_named:
        return edit.code, sentence if base.code == "unknown" else f"{sentence} {base.message}"
    if base.code == "integer-dtype" and edit.code in MEANT:
        return edit.code, sentence
    if base.code in TOLD_BY_PYTHON or edit.code == base.code:
        return base.code, base.message
    if edit.code.startswith("regulariser-") and base.family in UNSPECIFIC:
        return edit.code, others[edit.code].message if edit.code in others else sentence
    if edit.code in others and (edit.code not in PLAIN_EDITS or base.code in PLAIN_EDITS):
        return edit.code, others[edit.code].message
    told_apart = FAMILY_OF[edit.code] is not base.family and edit.code not in PLAIN_EDITS
    if told_apart and base.family not in {Family.CODE, Family.DATA, Family.LOSS, Family.BEHAVIOUR}:
        others[edit.code] = Alternative(edit.code, sentence)
        return base.code, f"{base.message} The change that makes it right is of another kind: {sentence}"
    return base.code, base.message


def following(findings: Sequence[Finding], name: str, repair: Repair, outputs: tuple[str, ...]) -> Finding:
    """The one finding of a function that is wrong only because it calls another: nothing is judged twice."""
    edit = repair.edits[0]
    base = next((finding for finding in findings if finding.is_fault), None)
    code = base.code if base is not None else edit.code
    return Finding(
        code=code,
        message=f"{', '.join(outputs)} follow{'s' if len(outputs) == 1 else ''} from {name}, which is wrong itself: "
        f"with {name} right, {'it is' if len(outputs) == 1 else 'they are'} right too.",
        certainty=Certainty.PROVEN,
        hint=f"Mend {name} first.",
        outputs=outputs,
        **_place(edit, repair),
    )
