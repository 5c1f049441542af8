"""Checks a written derivation: every statement gets a verdict, in the order of the document."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from checkers.findings import Family
from checkers.probes import Domain

from .diagnosis.correction import Chain
from .faults import MeaningError
from .grammar.mended import with_notes
from .judging.assumptions import says_renewed
from .judging.attempts import LAYOUTS_SAID, has_matrix
from .judging.circumstances import conditions_of
from .judging.comparison import compare
from .judging.judge import judge
from .judging.readings import Read, read_statement
from .meaning.kinds import Kind
from .meaning.known_models import definitions, domains
from .meaning.session import Session
from .source.declarations import declarations_in
from .source.document import read_document
from .source.passed_over import notes
from .source.primes import with_transposes
from .source.statements import found_in, statements
from .source.words import with_words
from .terms import Derivative, Name, Term, Transposed
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
    typed = with_transposes(with_words(found.statements), document.text)
    own = [read_statement(statement) for statement in typed]
    preamble, domains = _preamble(model)
    session = Session(document, [*preamble, *own], len(preamble), document.text, dict(domains))
    session.conditions = conditions_of(document)
    session.declared = declarations_in(document)
    session.prepare()
    with np.errstate(all="ignore"):
        checked = with_notes(document, _trusted(session, _judge_all(session)))
    return CheckedDerivation(document, checked, model, strict, notes(document, found.passed_over))


# What is sure even where a sum has been read to run over one value only, since something was misread.
_SURE_FAMILIES = {Family.SIGN, Family.SCALE, Family.WRITTEN}

# What no small change mends is called wrong only where no more than one statement in so many is like that.
DOUBTFUL = 6


def _trusted(session: Session, checked: list[CheckedStatement]) -> tuple[CheckedStatement, ...]:
    """Statements that no small change makes right are called wrong only where all else is understood.

    Where something else fails, too, it is likelier that a letter is read otherwise than it was meant; so it is where a
    size that has a name turned out to be 1.
    """
    doubtful = {
        place for place, s in enumerate(checked)
        if s.judgement is Judgement.WRONG and s.repaired is None and s.findings and s.findings[0].code != "arithmetic"
    }  # fmt: skip
    misread = {
        place for place, s in enumerate(checked)
        if s.judgement is Judgement.WRONG and s.findings and s.findings[0].family not in _SURE_FAMILIES
    } if 1 in session.world(0, 0).sizes.values() else set()  # fmt: skip
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
        if place in doubtful | misread else s
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
            if not isinstance(part, Name) or part.font == "constant":
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


def _preamble(model: str | None) -> tuple[list[Read], dict[str, Domain]]:
    if model is None:
        return [], {}
    given = read_document("model.tex", definitions(model) + _OUTPUTS.get(model, ""))
    return [read_statement(statement) for statement in statements(given)], dict(domains(model))


# A layout is the document's own where this many statements hold in it for each further one that holds in another only.
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
        if in_layout < LAYOUT_HOLDS * (len(others) - 1) + 1 or _is_transposed(session, epochs[place], checked[place]):
            continue
        number = session.given + place
        chain = Chain(checked[place].chain, session.reads[number].left)
        again = judge(session, number, epochs[place], chain, other_layouts=False)
        if again.judgement is Judgement.WRONG and again.repaired is not None:
            out[place] = again
    return out


def _is_transposed(session: Session, epoch: int, checked: CheckedStatement) -> bool:
    """Are the sides the same numbers, one as columns and one as rows?"""
    if checked.left is None or checked.right is None:
        return False
    return compare(session.world(epoch, 0), Transposed(checked.left), checked.right).holds


def _judge_all(session: Session) -> list[CheckedStatement]:
    """Every statement by itself, then what only the whole page shows."""
    judged: list[CheckedStatement] = []
    epochs: list[int] = []
    chain = Chain()
    epoch = 0
    for number in range(session.given, len(session.reads)):
        statement = session.reads[number].statement
        if statement.chain != chain.number:
            chain = Chain(statement.chain, session.reads[number].left)
        checked = judge(session, number, epoch, chain)
        if session.kinds.of[number] is Kind.RENEWED:
            session.epochs.append(number)
            epoch = len(session.epochs) - 1
            if not says_renewed(session.reads[number]):
                session.doubtful.add(epoch)
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
