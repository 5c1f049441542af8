"""Checks a written derivation: every statement gets a verdict, in the order of the document."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TypeGuard

import numpy as np

from checkers.findings import FAMILY_OF, Certainty, Family, Finding

from .diagnosis import refined, repair
from .document import Document, read_document
from .edits import Edit
from .evaluation import ITSELF, Evaluation, World, keys_in
from .faults import FormulaError, MeaningError
from .grammar import Reading, parse_condition
from .judge import (
    FIXED_FUNCTIONS,
    POSITIVE,
    Comparison,
    Read,
    Session,
    compare,
    is_piecewise,
    map_names,
    other_readings,
    read_statement,
    with_layers,
)
from .lines import segments
from .manner import Flipped, Manner, Named
from .messages import hint, message
from .rebuilding import times
from .statements import statements
from .symbols import LOSSES, Symbols
from .terms import (
    Call,
    Cases,
    Condition,
    Derivative,
    Entries,
    Indicator,
    Name,
    Negative,
    Norm,
    Number,
    Power,
    Product,
    Term,
    Terms,
    Times,
    Total,
    Transposed,
)
from .tokens import tokenise
from .verdicts import CheckedDerivation, CheckedStatement, Judgement
from .writing import latex
from .writing_tidy import tidied


def verify(name: str, text: str, *, model: str | None = None, strict: bool = False) -> CheckedDerivation:
    """Check every equality of a written derivation.

    Args:
        name: of the file; its ending says whether it is LaTeX, Markdown, a notebook or plain text.
        text: what the file holds.
        model: the name of one of our models, whose quantities the document may use without defining them.
        strict: what is right by convention only, or cannot be checked, counts as wrong.

    Raises:
        UsageError: the file is a notebook that is none, or there is no such model.

    >>> checked = verify("notes.md", "Let $L = (y - z)^2$. Then $\\\\frac{\\\\partial L}{\\\\partial z} = 2 (y - z)$.")
    >>> [str(statement.judgement) for statement in checked.statements]
    ['definition', 'wrong']
    """
    document = read_document(name, text)
    own = [read_statement(statement) for statement in statements(document)]
    preamble, domains = _preamble(model)
    session = Session(document, [*preamble, *own], len(preamble), document.text, dict(domains))
    session.conditions = _conditions(document)
    session.prepare()
    with np.errstate(all="ignore"):
        return CheckedDerivation(document, _trusted(session, _judge_all(session)), model, strict)


# What is called wrong although no small change mends it is doubted where more than one statement in so many is doubtful.
DOUBTFUL = 6


def _trusted(session: Session, checked: list[CheckedStatement]) -> tuple[CheckedStatement, ...]:
    """Statements that no small change makes right are called wrong only where all else is understood.

    Where something else fails, too, it is likelier that a letter is read otherwise than it was meant.
    """
    doubtful = {
        place for place, s in enumerate(checked)
        if s.judgement is Judgement.WRONG and s.repaired is None and s.findings and s.findings[0].code != "arithmetic"
    }  # fmt: skip
    unread = sum(s.judgement is Judgement.NOT_CHECKABLE and s.left is not None and s.right is not None for s in checked)
    sure = sum(s.judgement in {Judgement.RIGHT, Judgement.CONVENTION, Judgement.WRONG} for s in checked) - len(doubtful)
    if not unread and len(doubtful) * DOUBTFUL <= max(sure, DOUBTFUL):
        doubtful = {
            place for place in doubtful
            if checked[place].findings[0].code == "unknown" and not _in_indices_alone(session, session.reads[session.given + place])
        }  # fmt: skip
    reason = "it does not hold as it is read here, and no small change makes it hold; a symbol may be meant otherwise"
    return tuple(
        replace(s, judgement=Judgement.NOT_CHECKABLE, reason=reason, findings=(), first_wrong_of_chain=False)
        if place in doubtful else s
        for place, s in enumerate(checked)
    )  # fmt: skip


# The output of a linear model is its prediction, which texts call y-hat.
_OUTPUTS = dict.fromkeys(
    ("linear-regression", "ridge", "huber", "quantile", "log-cosh"), "\n\\[ \\hat{y}_i = z_i \\]\n"
)


def _in_indices_alone(session: Session, read: Read) -> bool:
    """Is this a derivative in indices alone, where nothing but the letters themselves had to be understood?"""
    if not isinstance(read.left, Derivative) or read.left.of is None or session.usage.split or len(session.layers) > 1:
        return False
    world = session.world(0, 0)
    for side in (read.left, read.right):
        for part in side.walk() if side is not None else ():
            if not isinstance(part, Name):
                continue
            try:
                symbol = world.symbols.resolve(part)
            except MeaningError:
                return False
            quantity = world.quantities.get(symbol.key)
            whole = quantity is not None and len(quantity.sizes) - len(quantity.dropped) > len(symbol.indices)
            if whole or symbol.key.split("_")[0] not in {part.base, f"{part.base}#", f"{part.base}^{part.accent}"}:
                return False
    return True


def _preamble(model: str | None) -> tuple[list[Read], dict[str, object]]:
    if model is None:
        return [], {}
    from .known_models import definitions, domains

    given = read_document("model.tex", definitions(model) + _OUTPUTS.get(model, ""))
    return [read_statement(statement) for statement in statements(given)], dict(domains(model))


def _conditions(document: Document) -> list[tuple[int, Condition]]:
    """Where the document says i = j or k != y_i: in a formula of its own, or beside another."""
    found: list[tuple[int, Condition]] = []
    for formula in document.formulas:
        if not (
            "=" in formula.text
            or "ne" in formula.text
            or "<" in formula.text
            or ">" in formula.text
            or "≠" in formula.text
        ):
            continue
        try:
            pieces = segments(tokenise(formula.text, formula.start, document.macros))
            for piece in pieces:
                if len(piece.signs) == 1 and all(piece.sides) and max(map(len, piece.sides)) <= 6:
                    condition = parse_condition([*piece.sides[0], piece.signs[0][1], *piece.sides[1]])
                    if condition is not None and _is_plain(condition):
                        found.append((piece.sides[0][0].start, condition))
        except FormulaError:
            continue
    return found


def _is_plain(condition: Condition) -> bool:
    return isinstance(condition.left, (Name, Terms, Call)) and isinstance(condition.right, (Name, Number, Negative))


# Judging --------------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Chain:
    """What is known of the chain that a statement belongs to."""

    number: int = -1
    head: Term | None = None
    wrong: bool = False


def _judge_all(session: Session) -> list[CheckedStatement]:
    out: list[CheckedStatement] = []
    chain = _Chain()
    heads: dict[Term, bool] = {}
    epoch = 0
    for number in range(session.given, len(session.reads)):
        read = session.reads[number]
        statement = read.statement
        if statement.chain != chain.number:
            chain = _Chain(statement.chain, read.left)
        checked, renewed = _judge(session, number, epoch, chain)
        if renewed:
            session.epochs.append(number)
            epoch = len(session.epochs) - 1
        wrong = checked.judgement is Judgement.WRONG
        follows: bool | None = None
        if statement.number > 1:
            follows = not wrong and not chain.wrong
        elif (
            chain.head is not None
            and heads.get(chain.head)
            and checked.judgement in {Judgement.RIGHT, Judgement.CONVENTION}
        ):
            follows = False
        out.append(replace(checked, first_wrong_of_chain=wrong and not chain.wrong, follows=follows))
        chain.wrong |= wrong
        if chain.head is not None:
            heads[chain.head] = heads.get(chain.head, False) or wrong
    return out


def _judge(session: Session, number: int, epoch: int, chain: _Chain) -> tuple[CheckedStatement, bool]:
    read = session.reads[number]
    statement = read.statement
    base = CheckedStatement(
        statement.start, statement.end, statement.chain, statement.number, read.left, read.right, statement.sign,
        Judgement.NOT_CHECKABLE,
    )  # fmt: skip
    if read.fault is not None:
        fault = _fault_finding(session.document, read.fault)
        return replace(base, reason=read.fault.reason, findings=(fault,)), False
    if read.left is None or read.right is None:
        return replace(base, reason="the left side of this chain is nowhere in the document"), False
    kind = session.kinds[number]
    if kind == "definition" and (misindexed := _misindexed(session, read)) is not None:
        return replace(base, judgement=Judgement.WRONG, findings=(misindexed,), repaired=read.right), False
    if kind == "function" and isinstance(read.left, Call) and read.left.function.base in FIXED_FUNCTIONS:
        outcome = _attempts(session, read, epoch)
        if outcome.holds or outcome.meaningless:
            return replace(base, judgement=Judgement.DEFINITION), False
        findings, repaired = _diagnose(session, read, epoch, chain, outcome)
        return replace(base, judgement=Judgement.WRONG, findings=findings, repaired=repaired), False
    if kind in {"condition", "definition", "function", "named", "number"}:
        return replace(base, judgement=Judgement.DEFINITION), False
    if kind == "update":
        return _judge_update(session, base, read, epoch), False
    outcome = _attempts(session, read, epoch)
    if not outcome.holds and session.unnumbered and outcome.error is None:
        other = _attempts(session, read, epoch, unnumbered=True)
        outcome = replace(other, unnumbered=True) if other.holds or not other.meaningless else outcome
    if outcome.holds:
        judgement = Judgement.CONVENTION if outcome.convention else Judgement.RIGHT
        return replace(base, judgement=judgement, reason=outcome.convention, reading=outcome.reading,
                       relative_error=outcome.error, left=outcome.left or base.left, right=outcome.right or base.right), False  # fmt: skip
    if kind == "again" and _is_renewed(session, number):
        session.kinds[number] = "renewed"
        return replace(base, judgement=Judgement.DEFINITION), True
    if outcome.meaningless:
        return replace(base, reason=outcome.reason), False
    if (unsaid := _said_nowhere(session, read, epoch)) is not None:
        return replace(base, reason=f"nothing says what {unsaid} is"), False
    if _is_at_optimum(session, read):
        return replace(base, judgement=Judgement.DEFINITION, reason="an equation to be solved, not an identity"), False
    if isinstance(read.right, Number) and isinstance(read.left, Name):
        return replace(base, reason="which numbers are put in here is not said"), False
    if _is_assumption(session, read):
        return replace(base, judgement=Judgement.DEFINITION, reason="taken as an assumption on the data"), False
    if not _quantities(session, read, epoch) and _AMBIGUOUS_NUMBER.search(statement.formula.text):
        return replace(base, reason="a comma or a point between digits can be read in two ways"), False
    findings, repaired = _diagnose(session, read, epoch, chain, outcome)
    if repaired is None and outcome.conflict and findings and not _has_capitals(session, read):
        finding = replace(
            findings[0], code="wrong-index", message=f"An index is wrong: {outcome.reason}.", hint=hint("wrong-index")
        )
        return replace(base, judgement=Judgement.WRONG, findings=(finding,)), False
    if (
        repaired is None
        and outcome.error is None
        and outcome.unnumbered
        and "have no product" in (outcome.reason or "")
    ):
        finding = replace(
            findings[0],
            code="transposed",
            message=f"The factors do not fit: {outcome.reason}.",
            hint=hint("transposed"),
        )
        return replace(base, judgement=Judgement.WRONG, findings=(finding,), repaired=read.right), False
    if repaired is None and outcome.error is None and _quantities(session, read, epoch):
        return replace(base, reason=f"the two sides do not fit as they are read here: {outcome.reason}"), False
    if repaired is None and kind == "again" and not _is_derived(session, read):
        session.kinds[number] = "renewed"
        return replace(base, judgement=Judgement.DEFINITION), True
    return replace(
        base, judgement=Judgement.WRONG, findings=findings, repaired=repaired, relative_error=outcome.error
    ), False


def _misindexed(session: Session, read: Read) -> Finding | None:
    """sigma_i = y_k - z_k: the left side has one index, the right side another."""
    left, right = read.left, read.right
    if not isinstance(left, Name) or right is None or any(isinstance(p, (Cases, Indicator)) for p in right.walk()):
        return None
    usage = session.usage
    given = {
        index.base for index in left.sub if isinstance(index, Name) and not index.sub and usage.is_index(index.base)
    }
    bound = {name.base for part in right.walk() if isinstance(part, Total) for name in part.indices}
    used = {
        index.base for part in right.walk() if isinstance(part, Name)
        for index in part.sub if isinstance(index, Name) and not index.sub and usage.is_index(index.base)
    } - bound  # fmt: skip
    examples = session.world(0, 0).examples
    if len(given) != 1 or len(used) != 1 or given & used or (given | used) & examples or left.sup:
        return None
    (wrong,), (letter,) = given, used
    meant = replace(left, sub=tuple(Name(letter) if index == Name(wrong) else index for index in left.sub))
    edit = Edit(meant, "wrong-index", 1, left.span, letter)
    return _finding(session, read, "wrong-index", edit, None)


def _said_nowhere(session: Session, read: Read, epoch: int) -> str | None:
    """A quantity that stands beside defined ones here, and that no definition knows."""
    world = session.world(epoch, 0)
    known = {key for d in world.definitions.values() for key in keys_in(world, d.body)} | set(world.definitions)
    names: dict[str, Name] = {}
    for side in (read.left, read.right):
        for part in side.walk() if side is not None else ():
            if isinstance(part, Name) and part.base != ITSELF:
                try:
                    names[world.symbols.resolve(part).key] = part
                except MeaningError:
                    continue
    keys = set(names) & set(world.quantities)
    strange = [key for key in sorted(keys - known) if world.quantities[key].sizes or names[key].accent]
    return names[strange[0]].base if strange and keys & known else None


# 0,5 and 1.000.000: a decimal comma, or points between thousands.
_AMBIGUOUS_NUMBER = re.compile(r"\d,\d{1,2}(?!\d)|\d,\d{4,}|\d\.\d{3}\.\d{3}")


def _fault_finding(document: Document, fault: FormulaError) -> Finding:
    line, column = document.position(fault.start)
    end_line, end_column = document.position(fault.end)
    code = (
        "undefined-symbol"
        if "macro" in fault.reason
        else "scope-of-operator"
        if "operator" in fault.reason
        else "unknown"
    )
    return Finding(code, fault.reason[:1].upper() + fault.reason[1:] + ".", Certainty.OBSERVED, line=line, column=column,
                   end_line=end_line, end_column=end_column, source=document.text[fault.start : fault.end])  # fmt: skip


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of all readings of a statement."""

    holds: bool
    convention: str | None = None
    reading: str | None = None
    error: float | None = None
    reason: str | None = None
    meaningless: bool = False
    conflict: bool = False
    unnumbered: bool = False
    left: Term | None = None
    right: Term | None = None


_MANNERS = (
    Manner(),
    Manner(entries=True),
    Manner(contract=True),
    Manner(denominator=True),
    Manner(rows=True),
    Manner(example=True),
    Manner(pointwise=True),
)


def _manners(session: Session) -> list[Manner]:
    """Every manner of reading, with the document's own meaning of dW."""
    return [replace(manner, named=session.named) for manner in _MANNERS]


def _attempts(session: Session, read: Read, epoch: int, *, unnumbered: bool = False) -> Outcome:
    """Try every reading of a statement until one holds; a statement for layer l must hold for every layer."""
    first: Comparison | None = None
    assert read.left is not None
    assert read.right is not None
    readings = list(other_readings(read.statement)) or [(Reading(), read.left, read.right)]
    for reading, left, right in readings:
        for manner in _manners(session):
            if replace(manner, named=Named.COST) != Manner() and not _matters(manner, left, right):
                continue
            outcome = _everywhere(session, read, epoch, left, right, manner, unnumbered=unnumbered)
            if first is None or (first.meaningless and not outcome.meaningless):
                first = outcome
            if outcome.holds:
                said = None if reading == Reading() else _reach_said(reading)
                convention = None
                if outcome.opaque:
                    convention = "right whatever stands at the index that does not fit"
                return Outcome(True, convention, said, outcome.error, left=left, right=right)
    assert first is not None
    by_convention = _by_convention(session, read, epoch, readings, unnumbered=unnumbered)
    if by_convention is not None:
        return by_convention
    if first.conflict:
        for _, left, right in readings[:2]:
            both = all(compare(session.world(epoch, 0), side, side).conflict for side in (left, right))
            if both and _everywhere(session, read, epoch, left, right, Manner(any_number=True)).holds:
                return Outcome(True, left=left, right=right)
    return Outcome(False, None, None, first.error, first.reason, first.meaningless, conflict=first.conflict)


_REPAIRING = (Manner(), Manner(entries=True), Manner(contract=True), Manner(opaque=True))

# Readings of one statement that a correction is looked for in.
MOST_READINGS = 2


def _matters(manner: Manner, left: Term, right: Term) -> bool:
    parts = [part for side in (left, right) for part in side.walk()]
    if manner.pointwise or manner.rows:
        return True
    if manner.example:
        return True
    if manner.contract:
        return sum(isinstance(part, Derivative) for part in parts) >= 2
    if manner.denominator:
        return any(isinstance(part, Derivative) for part in parts)
    return any(isinstance(part, Product) for part in parts)


def _reach_said(reading: Reading) -> str:
    parts = []
    if reading.derivative != Reading().derivative:
        parts.append("the derivative sign reaches to the end of the side")
    if reading.total != Reading().total:
        parts.append("the sum reaches to the end of the side")
    if reading.function != Reading().function:
        parts.append("the logarithm reaches over all factors")
    return "; ".join(parts)


def _everywhere(
    session: Session,
    read: Read,
    epoch: int,
    left: Term,
    right: Term,
    manner: Manner,
    *,
    flipped: Flipped = Flipped.NOTHING,
    unnumbered: bool = False,
) -> Comparison:
    """Compare for every number of the layer l; numbers for which something does not exist are passed over."""
    best: Comparison | None = None
    for layering in range(len(session.layers)) if session.has_layers(left, right) else (0,):
        world = session.world(epoch, layering, flipped, unnumbered=unnumbered)
        outcome = compare(world, left, right, manner)
        if outcome.infinite:
            # Logarithms and powers want positive numbers.
            outcome = compare(
                session.world(epoch, layering, flipped, POSITIVE, unnumbered=unnumbered), left, right, manner
            )
        if outcome.holds and not flipped and (session.has_cases or is_piecewise(left) or is_piecewise(right)):
            outcome = _on_other_probes(session, epoch, layering, left, right, manner, unnumbered) or outcome
        if (
            not outcome.holds
            and manner == Manner(named=session.named)
            and (valued := session.valued_world(epoch)) is not None
        ):
            with_values = compare(valued, left, right, manner)
            outcome = with_values if with_values.holds else outcome
        if not outcome.holds and not outcome.meaningless:
            restricted = _under_conditions(session, read, world, left, right, manner)
            outcome = restricted or outcome
        if outcome.meaningless:
            best = best or outcome
            continue
        if not outcome.holds:
            return outcome
        best = outcome
    assert best is not None
    return best


_ALTOGETHER = re.compile(
    r"together|in general|altogether|both cases|combin|summar|one (formula|line|expression)|in short|all in all|in total",
    re.I,
)


def _is_near(session: Session, at: int, start: int) -> bool:
    """Does a condition still hold here, or did the text go on to all cases?"""
    return not _ALTOGETHER.search(session.document.text[at:start])


# Further probes for a formula with cases, so that every case is met.
PROBES = (1, 2, 3, 4)


def _on_other_probes(
    session: Session, epoch: int, layering: int, left: Term, right: Term, manner: Manner, unnumbered: bool
) -> Comparison | None:
    """The first probe on which it fails."""
    for seed in PROBES:
        outcome = compare(session.world(epoch, layering, seed=seed, unnumbered=unnumbered), left, right, manner)
        # A derivative that vanishes here did not on the first probe: it depends on the case.
        if not outcome.holds and (not outcome.meaningless or outcome.error is not None):
            return replace(outcome, meaningless=False, reason=None)
    return None


def _under_conditions(
    session: Session, read: Read, world: World, left: Term, right: Term, manner: Manner
) -> Comparison | None:
    """Does it hold where the condition that the text names holds?"""
    formula = read.statement.formula
    near = [c for at, c in session.conditions if formula.start <= at <= formula.start + len(formula.text)]
    if any(isinstance(part, Cases) for part in right.walk()):
        # The cases say themselves when they hold.
        near = []
    before = [c for at, c in session.conditions if at < formula.start and _is_near(session, at, formula.start)]
    end = formula.start + len(formula.text)
    # "..., i != j" and "... if i != j" go on with the sentence; "For i = j:" opens what follows.
    after = [
        c for at, c in session.conditions
        if at > end and re.fullmatch(r"[\s$,;(]*(if|when|where|with|for|falls|provided)?[\s$(]*", session.document.text[end:at], re.I)
        and not re.search(r"[.:]|\n\s*\n|\\end", session.document.text[end:at])
    ][:1]  # fmt: skip
    by_words = [*_conditions_in_text(read.statement.words), *_conditions_in_words(session, read, world, left, right)]
    for condition in (*near, *before[-1:], *after, *by_words):
        outcome = compare(world, left, right, manner, condition)
        if outcome.holds:
            return outcome
    return None


def map_numbers(term: Term) -> Term:
    """The term with every factor 1 as the vector of ones."""
    if isinstance(term, Product):
        ones = Name("1", font="bold")
        return replace(term, factors=tuple(ones if f == Number(1.0, "1") else map_numbers(f) for f in term.factors))
    if isinstance(term, Terms):
        return replace(term, terms=tuple(map_numbers(part) for part in term.terms))
    return replace(term, body=map_numbers(term.body)) if isinstance(term, Negative) else term


def _is_square_of_vector(left: Term, right: Term) -> bool:
    """|W|^2 = W^T W."""
    return (
        isinstance(left, (Power, Norm)) and any(isinstance(part, Norm) for part in left.walk()) and isinstance(right, Product)
        and len(right.factors) == 2 and isinstance(right.factors[0], Transposed) and right.factors[0].body == right.factors[1]
    )  # fmt: skip


def _conditions_in_text(words: str) -> Iterator[Condition]:
    """Formulas in words that stand between the lines of a formula."""
    for part in words[-300:].split("$"):
        if not 3 <= len(part) <= 40 or not re.search(r"=|\\ne|<|>|≠", part):
            continue
        try:
            condition = parse_condition(tokenise(part))
        except FormulaError:
            continue
        if condition is not None and _is_plain(condition):
            yield condition


_DIFFERENT = re.compile(
    r"different|distinct|otherwise|not equal|unequal|\bother\b|second case|\belse\b|off-diagonal|not the same|differ",
    re.I,
)
_SAME = re.compile(r"\bsame\b|equal|diagonal|first case|coincide", re.I)


def _conditions_in_words(session: Session, read: Read, world: World, left: Term, right: Term) -> Iterator[Condition]:
    """i and j are the same, or different: conditions that the sentence before says in words."""
    start = read.statement.formula.start
    said = session.document.text[max(0, start - 200) : start] + read.statement.words
    signs = [sign for sign, words in (("ne", _DIFFERENT), ("=", _SAME)) if words.search(said)]
    if re.search(r"\b(otherwise|else)\b", said, re.I):
        # Of what was said before: the complement, whichever that was.
        signs = ["ne", "="]
    if not signs:
        return
    evaluation = Evaluation(world)
    evaluation.learn_letters(left, right)
    letters = sorted(evaluation.letters)
    for sign in signs:
        for place, first in enumerate(letters):
            for second in letters[place + 1 :]:
                if evaluation.letters[first] == evaluation.letters[second]:
                    yield Condition(Name(first), sign, Name(second))


_LAYOUTS = (Flipped.EVERYTHING, Flipped.DATA, Flipped.LEARNT)
_LAYOUT_SAID = {
    Flipped.EVERYTHING: "right for columns, wrong for rows, or the reverse: every matrix is the transpose of what was defined",
    Flipped.DATA: "right for examples in columns",
    Flipped.LEARNT: "right for weights that stand behind, as in X W",
}


def _layouts(session: Session, epoch: int, left: Term, right: Term, unnumbered: bool) -> tuple[Flipped, ...]:
    """The layouts to try; none where no matrix stands as a whole."""
    world = session.world(epoch, 0, unnumbered=unnumbered)
    for side in (left, right):
        for part in side.walk():
            if isinstance(part, Name) and part.base != ITSELF:
                try:
                    symbol = world.symbols.resolve(part)
                except MeaningError:
                    continue
                quantity = world.quantities.get(symbol.key)
                if quantity is not None and len(quantity.sizes) - len(symbol.indices) >= 2:
                    return _LAYOUTS if session.given else _LAYOUTS[:1]
    return ()


def _by_convention(
    session: Session, read: Read, epoch: int, readings: list[tuple[Reading, Term, Term]], *, unnumbered: bool = False
) -> Outcome | None:
    """Is it right under another convention than the document's own?"""
    layouts = re.search(r"numerator|jacobian layout|row vector", session.prose, re.I)
    ones = session.names_ones or re.search(
        r"(vector|column|row) of (all )?ones|all-ones|ones vector|1 is a vector", session.prose, re.I
    )
    for _reading, left, right in readings[:2]:
        if _is_square_of_vector(left, right):
            return Outcome(True, "right for a vector; for a matrix it is the trace", left=left, right=right)
        for manner in _manners(session):
            for flipped in _layouts(session, epoch, left, right, unnumbered):
                outcome = _everywhere(session, read, epoch, left, right, manner, flipped=flipped, unnumbered=unnumbered)
                if outcome.holds:
                    return Outcome(True, _LAYOUT_SAID[flipped], None, outcome.error, left=left, right=right)
        if layouts and any(isinstance(p, Derivative) for p in left.walk()):
            for one, numerator in ((Transposed(left), False), (Transposed(left), True), (left, True)):
                manner = Manner(numerator=numerator)
                outcome = _everywhere(session, read, epoch, one, right, manner, unnumbered=unnumbered)
                if outcome.holds:
                    return Outcome(True, "right in numerator layout", None, outcome.error, left=left, right=right)
        if ones and (with_ones := map_numbers(right)) != right:
            outcome = _everywhere(session, read, epoch, left, with_ones, Manner(), unnumbered=unnumbered)
            if outcome.holds:
                return Outcome(True, "right if 1 is the vector of ones", None, outcome.error, left=left, right=right)
        if session.einstein:
            letters = frozenset(_letters(right) | _letters(left))
            outcome = _everywhere(session, read, epoch, left, right, Manner(sums=letters))
            if outcome.holds:
                return Outcome(
                    True,
                    "right if summation over repeated indices is implied",
                    None,
                    outcome.error,
                    left=left,
                    right=right,
                )
        outcome = _everywhere(session, read, epoch, left, right, Manner(opaque=True))
        if outcome.holds:
            return Outcome(
                True,
                "right whatever stands at the index that does not fit",
                None,
                outcome.error,
                left=left,
                right=right,
            )
    return None


def _letters(term: Term) -> set[str]:
    return {
        index.base
        for part in term.walk()
        if isinstance(part, Name)
        for index in (*part.sub, *(script.body for script in part.sup))
        if isinstance(index, Name)
    }


def _has_capitals(session: Session, read: Read) -> bool:
    """Does a small letter stand for the rows or columns of a capital, so that an index may be another's?"""
    symbols = session.symbols(0)
    for side in (read.left, read.right):
        for part in side.walk() if side is not None else ():
            if isinstance(part, Name) and part.base != ITSELF:
                try:
                    key = symbols.resolve(part).key
                except MeaningError:
                    continue
                if key[:1] == part.base.upper() != part.base:
                    return True
    return False


def _is_derived(session: Session, read: Read) -> bool:
    """Is what stands on the left known from a derivative, and so nothing to be chosen anew?"""
    return any(
        other.left == read.left
        and other.right is not None
        and any(isinstance(p, Derivative) for p in other.right.walk())
        for other in session.reads
    )


_KNOWN_FUNCTIONS = {"sigma", "tanh", "softmax", "sigmoid", "relu", "exp", "log", "softplus"}


def _is_renewed(session: Session, number: int) -> bool:
    """Does the document define this anew, rather than claim something of what it defined before?"""
    read = session.reads[number]
    if read.statement.number != 1 or _is_derived(session, read):
        return False
    if isinstance(read.left, Call) and read.left.function.base in _KNOWN_FUNCTIONS:
        return False
    return not session.given or not any(other.left == read.left for other in session.reads[: session.given])


def _is_assumption(session: Session, read: Read) -> bool:
    """Said of data alone, and a number on the right: sum_k y_k = 1."""
    left, right = read.left, read.right
    if not isinstance(right, Number) or not isinstance(left, (Name, Total, Terms, Product)):
        return False
    if not read.statement.formula.is_display and not any(isinstance(p, (Derivative, Number)) for p in left.walk()):
        return True
    world = session.world(0, 0)
    keys = set()
    for part in (left or right).walk():
        if isinstance(part, (Derivative, Number)) and isinstance(part, Derivative):
            return False
        if isinstance(part, Name):
            try:
                keys.add(world.symbols.resolve(part).key)
            except MeaningError:
                return False
    known = keys & set(world.quantities)
    return bool(known) and not known & set(world.definitions)


_OPTIMUM = re.compile(
    r"\b(set(ting)?\b[^.]{0,60}(zero|0)|normal equation|optimum|minimum|minimi[sz]er|stationary|vanish|solv(e|ing)|solution|equate)",
    re.I,
)


def _is_at_optimum(session: Session, read: Read) -> bool:
    """A gradient set to zero, and what follows from that: true at the optimum only."""
    right = read.right
    zero = isinstance(right, Number) and right.value == 0
    statement = read.statement
    text = session.document.text
    near = text[max(0, statement.formula.start - 120) : statement.formula.start]
    differentiated = read.left is not None and any(isinstance(part, Derivative) for part in read.left.walk())
    return (zero and differentiated) or bool(_OPTIMUM.search(near))


def _judge_update(session: Session, base: CheckedStatement, read: Read, epoch: int) -> CheckedStatement:
    """w := w - rate * gradient: the gradient is what is checked."""
    gradient = _update_gradient(read)
    definition = replace(base, judgement=Judgement.DEFINITION)
    if gradient is None or not isinstance(read.left, Name):
        return definition
    if (
        _is_entrywise(gradient)
        and read.left.base in {"W", "V", "U"}
        and not any(isinstance(i, Name) and i.base in "ijk" for i in read.left.sub)
    ):
        outer = Product((gradient.factors[0], Transposed(gradient.factors[1])), (Times.JUXTAPOSED,), span=gradient.span)
        edit = Edit(outer, "hadamard", 1, gradient.span)
        return replace(
            base, judgement=Judgement.WRONG, findings=(_finding(session, read, "hadamard", edit, None),), repaired=outer
        )
    world = session.world(epoch, 0)
    is_said = any(isinstance(part, Derivative) for part in gradient.walk())
    if (is_said and not isinstance(gradient, Negative)) or world.loss is None:
        return definition
    claims = []
    for loss, convention in ((world.loss, None), (world.example_loss, "right for one example")):
        if loss is None:
            continue
        letters = tuple(Name(letter) for letter in world.quantities[loss].letters if letter)
        claims.append(Derivative(Name(ITSELF, accent=loss, sub=letters), (read.left,)))
        for manner in (Manner(), Manner(example=True)):
            outcome = compare(world, claims[-1], gradient, manner)
            if outcome.holds:
                judgement = Judgement.CONVENTION if convention else Judgement.RIGHT
                return replace(base, judgement=judgement, reason=convention, relative_error=outcome.error)
    found = repair(world, session.world(epoch, 0, seed=1), claims[0], gradient, None, (), (Manner(),))
    if found is None or re.search(r"likelihood|maximi[sz]", session.prose, re.I):
        return definition
    assert isinstance(read.right, Terms)
    step = tidied(found.edit.term, gradient)
    whole = Terms((read.right.terms[0], Negative(times(_rate(read.right), step))), span=read.right.span)
    finding = _finding(session, read, refined(found.edit, world, claims[0], gradient), found.edit, None)
    return replace(base, judgement=Judgement.WRONG, findings=(replace(finding, fix=latex(whole)),), repaired=whole)


def _rate(right: Terms) -> Term:
    """The rate of an update."""
    last = right.terms[1]
    step = last.body if isinstance(last, Negative) else last
    return step.factors[0] if isinstance(step, Product) else step


def _is_entrywise(gradient: Term) -> TypeGuard[Product]:
    """delta (Hadamard) a: an error signal and an activation, entry by entry, which has not the shape of a matrix of weights."""
    return (
        isinstance(gradient, Product) and len(gradient.factors) == 2 and gradient.signs[0].is_elementwise
        and all(isinstance(factor, Name) for factor in gradient.factors)
        and any(isinstance(factor, Name) and factor.base == "delta" for factor in gradient.factors)
    )  # fmt: skip


def _update_gradient(read: Read) -> Term | None:
    """What is multiplied by the rate; where the step is added, minus that."""
    right = read.right
    if not isinstance(right, Terms) or len(right.terms) != 2:
        return None
    last = right.terms[1]
    step = last.body if isinstance(last, Negative) else last
    rates = {"alpha", "eta", "epsilon", "mu", "gamma"}
    if isinstance(step, Product) and isinstance(step.factors[0], Name) and step.factors[0].base in rates:
        rest, signs = step.factors[1:], step.signs[1:]
        gradient = rest[0] if len(rest) == 1 else Product(rest, signs, span=step.span)
        return gradient if isinstance(last, Negative) else Negative(gradient, span=step.span)
    return None


def _diagnose(
    session: Session, read: Read, epoch: int, chain: _Chain, outcome: Outcome
) -> tuple[tuple[Finding, ...], Term | None]:
    """The finding of a wrong statement, and its right side corrected."""
    left, right = read.left, read.right
    assert left is not None
    assert right is not None
    if not _quantities(session, read, epoch):
        return (_finding(session, read, "arithmetic", None, None),), None
    layering = _layering_that_fails(session, read, epoch, left, right)
    numbered = Symbols(session.usage, session.layers[layering])
    head = with_layers(chain.head, numbered) if chain.head is not None else None
    others = [side for other in session.reads for side in (other.left, other.right) if side is not None]
    sides = [(with_layers(one, numbered), with_layers(two, numbered)) for _, one, two in other_readings(read.statement)]
    for unnumbered in (False, True) if outcome.unnumbered else (False,):
        world, second = (session.world(epoch, layering, seed=seed, unnumbered=unnumbered) for seed in (0, 1))
        for one, two in sides[:MOST_READINGS]:
            found = _corrected(world, second, one, two, head, others)
            if found is not None and _is_likely(session, read, found, outcome):
                code = refined(found, world, one, two)
                return (_finding(session, read, code, found, outcome),), tidied(found.term, two)
    if outcome.unnumbered and outcome.error is None and (by_shape := _sum_by_shape(left, right)):
        return (_finding(session, read, by_shape, None, None),), right
    return (_finding(session, read, "unknown", None, outcome),), None


# What can be wrong where the two sides do not even fit together.
_MISFITS = {Family.PRODUCT, Family.SUM, Family.INDEX, Family.CHAIN, Family.WRITTEN, Family.SHAPE}


def _is_likely(session: Session, read: Read, found: Edit, outcome: Outcome) -> bool:
    """Where the sides do not fit as they are read, only what would explain that is believed."""
    if outcome.error is not None:
        return True
    if found.code == "wrong-index" and _has_capitals(session, read):
        return False
    if found.note == "the samples" and not any(
        isinstance(part, Name) and part.base.isupper() and not part.sub and part.base not in LOSSES
        for side in (read.left, read.right) if side is not None for part in side.walk()
    ):  # fmt: skip
        return False
    return FAMILY_OF[found.code] in _MISFITS


def _corrected(
    world: World, second: World, left: Term, right: Term, head: Term | None, others: list[Term]
) -> Edit | None:
    """The change that makes the statement right, on two probes."""
    if (label := _label_as_factor(world, right)) is not None:
        return label
    found = repair(world, second, left, right, head, others, _REPAIRING)
    if found is None and (single := _of_one_example(world, left)) is not None:
        # The loss of one example is meant: what else is wrong?
        found = repair(world, second, single, right, None, others, (Manner(example=True),))
    if found is not None:
        return found.edit
    if _lost_derivative(world, left, right, others):
        return Edit(right, "derivative-lost", 1, left.span)
    return None


def _label_as_factor(world: World, right: Term) -> Edit | None:
    """e^{z_i} y_i, where y_i numbers a class: e^{z_{y_i}} is meant."""
    for part in right.walk():
        if not isinstance(part, Product):
            continue
        for first, second in zip(part.factors, part.factors[1:], strict=False):
            if not (isinstance(second, Name) and isinstance(first, Power) and isinstance(first.exponent, Name)):
                continue
            quantity = world.quantities.get(world.symbols.resolve(second).key)
            if quantity is not None and quantity.is_label:
                meant = replace(first, exponent=replace(first.exponent, sub=(second,)))
                return Edit(meant, "wrong-index", 1, (first.span[0], second.span[1]))
    return None


def _sum_by_shape(left: Term, right: Term) -> str | None:
    """A number where a matrix belongs, or the reverse, since a sum stands on one side only."""
    sums = [any(isinstance(part, Total) for part in side.walk()) for side in (left, right)]
    return None if sums[0] == sums[1] else "sum-missing" if sums[0] else "sum-extra"


def _of_one_example(world: World, left: Term) -> Term | None:
    """The left side with the loss of one example for the cost."""
    if world.loss is None or world.example_loss is None:
        return None
    letters = tuple(Name(letter) for letter in world.quantities[world.example_loss].letters if letter)
    example = Name(ITSELF, accent=world.example_loss, sub=letters)
    changed = map_names(
        left, lambda name: example if name.base == world.loss and not name.sub and not name.sup else name
    )
    return changed if changed != left else None


def _lost_derivative(world: World, left: Term, right: Term, others: list[Term]) -> bool:
    """Does the right side say the derivative of what stands on the left?"""
    if not isinstance(left, (Name, Call)):
        return False
    variables = dict.fromkeys(
        by.at((0, 0)) for other in others for p in other.walk() if isinstance(p, Derivative) for by in p.by
    )
    letters = sorted(_letters(right))
    for variable in variables:
        for of in (left, *(Entries(left, (Name(letter),)) for letter in letters)):
            if compare(world, Derivative(of, (variable,)), right).holds:
                return True
    return False


def _quantities(session: Session, read: Read, epoch: int) -> bool:
    """Does the statement speak of anything but numbers?"""
    return any(isinstance(part, Name) for side in (read.left, read.right) if side is not None for part in side.walk())


def _layering_that_fails(session: Session, read: Read, epoch: int, left: Term, right: Term) -> int:
    for layering in range(len(session.layers)):
        outcome = compare(session.world(epoch, layering), left, right)
        if not outcome.holds and not outcome.meaningless:
            return layering
    return 0


def _finding(session: Session, read: Read, code: str, edit: Edit | None, outcome: Outcome | None) -> Finding:
    document, statement = session.document, read.statement
    start, end = edit.span if edit is not None and edit.span != (0, 0) else (statement.start, statement.end)
    line, column = document.position(start)
    end_line, end_column = document.position(end)
    said = message(code, edit)
    if edit is None and outcome is not None and outcome.reason:
        said = f"The two sides do not fit: {outcome.reason}."
    return Finding(
        code, said, Certainty.PROVEN if edit is not None else Certainty.OBSERVED, hint(code), line=line, column=column,
        end_line=end_line, end_column=end_column, source=document.text[start:end],
        fix=latex(tidied(edit.term, read.right)) if edit is not None and read.right not in {None, edit.term} else None, fix_relative_error=None,
    )  # fmt: skip
