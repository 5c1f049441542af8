"""Checks a written derivation: every statement gets a verdict, in the order of the document."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np

from checkers.findings import Certainty, Finding

from .attempts import LAYOUTS_SAID, attempt, has_matrix
from .circumstances import conditions_of
from .correction import Chain, diagnosed, finding_of, has_capitals, speaks_of_quantities
from .document import Document, read_document
from .edits import Edit
from .evaluation import ITSELF, keys_in
from .faults import FormulaError, MeaningError
from .known_models import definitions, domains
from .mended import with_notes
from .messages import hint
from .passed_over import notes
from .readings import Read, read_statement
from .session import FIXED_FUNCTIONS, Session
from .statements import found_in, statements
from .terms import Call, Cases, Derivative, Indicator, Name, Number, Product, Term, Terms, Total
from .updates import judge_update
from .verdicts import CheckedDerivation, CheckedStatement, Judgement


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
    found = found_in(document)
    own = [read_statement(statement) for statement in found.statements]
    preamble, domains = _preamble(model)
    session = Session(document, [*preamble, *own], len(preamble), document.text, dict(domains))
    session.conditions = conditions_of(document)
    session.prepare()
    with np.errstate(all="ignore"):
        checked = with_notes(document, _trusted(session, _judge_all(session)))
    return CheckedDerivation(document, checked, model, strict, notes(document, found.passed_over))


# What no small change mends is called wrong only where no more than one statement in so many is like that.
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
            if checked[place].findings[0].code == "unknown"
            and not _in_indices_alone(session, session.reads[session.given + place])
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
    given = read_document("model.tex", definitions(model) + _OUTPUTS.get(model, ""))
    return [read_statement(statement) for statement in statements(given)], dict(domains(model))


# A layout is the document's own where this many statements hold in it for each that holds in another only.
LAYOUT_HOLDS = 3


def _with_layout_slips(session: Session, checked: list[CheckedStatement], epochs: list[int]) -> list[CheckedStatement]:
    """One transposition that only another layout would allow, on a page that keeps to its layout, is a slip."""
    if session.given:
        return checked
    others = [place for place, s in enumerate(checked) if s.reason in LAYOUTS_SAID.values()]
    if not others:
        return checked
    right = [s for s in checked if s.judgement is Judgement.RIGHT and s.left is not None and s.right is not None]
    in_layout = sum(has_matrix(session, epochs[-1], s.left, s.right) for s in right if s.left and s.right)
    out = list(checked)
    for place in others:
        if in_layout < LAYOUT_HOLDS * len(others) or any(s.left == checked[place].left for s in right):
            continue
        number = session.given + place
        chain = Chain(checked[place].chain, session.reads[number].left)
        again, _ = _judge(session, number, epochs[place], chain, other_layouts=False)
        if again.judgement is Judgement.WRONG and again.repaired is not None:
            out[place] = again
    return out


def _judge_all(session: Session) -> list[CheckedStatement]:
    """Every statement by itself, then what only the whole shows: slips of layout, and which line of a chain is first."""
    judged: list[CheckedStatement] = []
    epochs: list[int] = []
    chain = Chain()
    epoch = 0
    for number in range(session.given, len(session.reads)):
        statement = session.reads[number].statement
        if statement.chain != chain.number:
            chain = Chain(statement.chain, session.reads[number].left)
        checked, renewed = _judge(session, number, epoch, chain)
        if renewed:
            session.epochs.append(number)
            epoch = len(session.epochs) - 1
        judged.append(checked)
        epochs.append(epoch)
        chain.wrong |= checked.judgement is Judgement.WRONG
    return _in_chains(session, _with_layout_slips(session, judged, epochs) if judged else [])


def _in_chains(session: Session, judged: list[CheckedStatement]) -> list[CheckedStatement]:
    """With the first wrong one of each chain marked, and whether each follows from the line before."""
    out: list[CheckedStatement] = []
    chain = Chain()
    heads: dict[Term, bool] = {}
    for read, checked in zip(session.reads[session.given :], judged, strict=True):
        statement = read.statement
        if statement.chain != chain.number:
            chain = Chain(statement.chain, read.left)
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


def _judge(  # noqa: PLR0912
    session: Session, number: int, epoch: int, chain: Chain, *, other_layouts: bool = True
) -> tuple[CheckedStatement, bool]:
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
        outcome = attempt(session, read, epoch)
        if outcome.holds or outcome.meaningless:
            return replace(base, judgement=Judgement.DEFINITION), False
        findings, repaired = diagnosed(session, read, epoch, chain, outcome)
        return replace(base, judgement=Judgement.WRONG, findings=findings, repaired=repaired), False
    if kind in {"condition", "definition", "function", "named", "number"}:
        return replace(base, judgement=Judgement.DEFINITION), False
    if kind == "update":
        return judge_update(session, base, read, epoch), False
    outcome = attempt(session, read, epoch, other_layouts=other_layouts)
    if not outcome.holds and session.unnumbered and outcome.error is None:
        other = attempt(session, read, epoch, unnumbered=True, other_layouts=other_layouts)
        outcome = replace(other, unnumbered=True) if other.holds or not other.meaningless else outcome
    if outcome.holds:
        judgement = Judgement.CONVENTION if outcome.convention else Judgement.RIGHT
        left, right = outcome.left or base.left, outcome.right or base.right
        known = replace(base, reason=outcome.convention, reading=outcome.reading, relative_error=outcome.error)
        return replace(known, judgement=judgement, left=left, right=right), False
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
    if not speaks_of_quantities(session, read, epoch) and _AMBIGUOUS_NUMBER.search(statement.formula.text):
        return replace(base, reason="a comma or a point between digits can be read in two ways"), False
    findings, repaired = diagnosed(session, read, epoch, chain, outcome)
    if repaired is None and outcome.conflict and findings and not has_capitals(session, read):
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
    if repaired is None and outcome.error is None and speaks_of_quantities(session, read, epoch):
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
    return finding_of(session, read, "wrong-index", edit, None)


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
    said = fault.reason[:1].upper() + fault.reason[1:] + "."
    return Finding(code, said, Certainty.OBSERVED, line=line, column=column,
                   end_line=end_line, end_column=end_column, source=document.text[fault.start : fault.end])  # fmt: skip


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
    r"\b(set(ting)?\b[^.]{0,60}(zero|0)|normal equation|optimum|minimum|minimi[sz]er|stationary|vanish"
    r"|solv(e|ing)|solution|equate)",
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
