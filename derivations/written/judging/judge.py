"""The verdict on one statement by itself: what it is, whether it holds under any reading, and if not, why."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from checkers.findings import Certainty, Finding

from ..diagnosis.correction import Chain, diagnosed, finding_of, has_capitals, has_powers, speaks_of_quantities
from ..diagnosis.edits import Edit
from ..diagnosis.messages import hint
from ..faults import FormulaError, TooMuchWorkError
from ..meaning.drafting import FIXED_FUNCTIONS
from ..meaning.kinds import Kind
from ..meaning.session import Session
from ..meaning.updates import judge_update
from ..source.document import Document
from ..terms import Call, Cases, Indicator, Name, Number, Total
from ..verdicts import CheckedStatement, Judgement
from .assumptions import (
    function_left_open,
    is_assumption,
    is_at_optimum,
    is_derived,
    is_differential,
    is_property,
    is_renewed,
    said_nowhere,
    says_derivative,
    says_rewritten,
    slope_meant,
)
from .attempts import Outcome, attempt, reach_said
from .readings import Read
from .under_conditions import is_said_of_a_case

# 0,5 and 1.000.000: a decimal comma, or points between thousands.
_AMBIGUOUS_NUMBER = re.compile(r"\d,\d{1,2}(?!\d)|\d,\d{4,}|\d\.\d{3}\.\d{3}")


def judge(session: Session, number: int, epoch: int, chain: Chain, *, other_layouts: bool = True) -> CheckedStatement:
    """The verdict on a statement; where it defines something anew, its kind is set to that.

    Args:
        epoch: which definitions hold at this point.
        other_layouts: what holds only with all matrices transposed is right by convention.
    """
    statement = _Statement(session, number, epoch, chain, other_layouts)
    try:
        with session.work.limited():
            return statement.unread() or statement.definition() or statement.claim()
    except TooMuchWorkError as fault:
        return statement.not_checkable(str(fault))


@dataclass(frozen=True, slots=True)
class _Statement:
    """A statement at its place in the document."""

    session: Session
    number: int
    epoch: int
    chain: Chain
    other_layouts: bool

    @property
    def read(self) -> Read:
        return self.session.reads[self.number]

    @property
    def kind(self) -> Kind:
        return self.session.kinds.of[self.number]

    def _said(self, judgement: Judgement, **about: object) -> CheckedStatement:
        read, statement = self.read, self.read.statement
        checked = CheckedStatement(
            statement.start, statement.end, statement.chain, statement.number, read.left, read.right, statement.sign,
            judgement,
        )  # fmt: skip
        return replace(checked, **about)  # type: ignore[arg-type]

    def not_checkable(self, reason: str | None) -> CheckedStatement:
        return self._said(Judgement.NOT_CHECKABLE, reason=reason)

    def _definition(self, reason: str | None = None) -> CheckedStatement:
        return self._said(Judgement.DEFINITION, reason=reason, reading=reach_said(self.read.reading))

    # Before anything is evaluated -------------------------------------------------------------------------------------

    def unread(self) -> CheckedStatement | None:
        """What is said where a side cannot be read."""
        read = self.read
        if read.fault is not None:
            fault = _fault_finding(self.session.document, read.fault)
            return self._said(Judgement.NOT_CHECKABLE, reason=read.fault.reason, findings=(fault,))
        if read.left is None or read.right is None:
            return self.not_checkable("the left side of this chain is nowhere in the document")
        return None

    def definition(self) -> CheckedStatement | None:
        """What is said of a definition, a condition or an update."""
        read, kind = self.read, self.kind
        if kind is Kind.DEFINITION and (misindexed := _misindexed(self.session, read)) is not None:
            return self._said(Judgement.WRONG, findings=(misindexed,), repaired=read.right)
        if kind is Kind.FUNCTION and isinstance(read.left, Call) and read.left.function.base in FIXED_FUNCTIONS:
            outcome = attempt(self.session, read, self.epoch)
            return self._definition() if outcome.holds or outcome.meaningless else self._wrong(outcome)
        if kind in {Kind.CONDITION, Kind.DEFINITION, Kind.FUNCTION, Kind.NAMED, Kind.NUMBER}:
            return self._definition()
        if kind is Kind.UPDATE:
            return judge_update(self.session, self.not_checkable(None), read, self.epoch)
        return None

    # Claims -----------------------------------------------------------------------------------------------------------

    def claim(self) -> CheckedStatement:
        """What is said of a claim."""
        if is_differential(self.session, self.read):
            return self.not_checkable("differentials are not checked")
        outcome = self._outcome()
        if outcome.holds:
            return self._right(outcome)
        if self.kind is Kind.AGAIN and is_renewed(self.session, self.number) and not self._is_rewritten(outcome):
            return self._renewed()
        return self._no_claim(outcome) or self._diagnosed(outcome)

    def _is_rewritten(self, outcome: Outcome) -> bool:
        """Is it said to be what was defined before, in other words, and of nothing new?"""
        is_known = not outcome.meaningless and said_nowhere(self.session, self.read, self.epoch) is None
        return is_known and says_rewritten(self.read)

    def _outcome(self) -> Outcome:
        session, read = self.session, self.read
        outcome = attempt(session, read, self.epoch, other_layouts=self.other_layouts)
        if not outcome.holds and session.otherwise is not None:
            named = attempt(session.otherwise, read, 0, other_layouts=self.other_layouts)
            outcome = named if named.holds else outcome
        if not outcome.holds and session.shallow is not None and not session.has_layers(read.left, read.right):
            example = attempt(session.shallow, read, 0, other_layouts=self.other_layouts)
            outcome = example if example.holds else outcome
        if not outcome.holds and self.epoch in session.doubtful:
            before = attempt(session, read, self.epoch - 1, other_layouts=self.other_layouts)
            outcome = before if before.holds else outcome
        if not outcome.holds and (meant := slope_meant(session, read, self.epoch)) is not None:
            other = attempt(session, meant, self.epoch, other_layouts=False)
            if other.holds:
                return replace(other, reading="the prime is the derivative of what the right side is made of")
        if outcome.holds or not session.unnumbered or outcome.error is not None:
            return outcome
        other = attempt(session, read, self.epoch, unnumbered=True, other_layouts=self.other_layouts)
        return replace(other, unnumbered=True) if other.holds or not other.meaningless else outcome

    def _right(self, outcome: Outcome) -> CheckedStatement:
        return self._said(
            Judgement.CONVENTION if outcome.convention else Judgement.RIGHT,
            reason=outcome.convention, reading=outcome.reading, relative_error=outcome.error,
            left=outcome.left or self.read.left, right=outcome.right or self.read.right,
        )  # fmt: skip

    def _renewed(self) -> CheckedStatement:
        self.session.kinds.of[self.number] = Kind.RENEWED
        return self._definition()

    def _no_claim(self, outcome: Outcome) -> CheckedStatement | None:
        """Why nothing can be said of a statement that does not hold, if that is so."""
        session, read = self.session, self.read
        if outcome.meaningless:
            return self.not_checkable(outcome.reason)
        if (unsaid := said_nowhere(session, read, self.epoch)) is not None:
            return self.not_checkable(f"nothing says what {unsaid} is")
        if (unsaid := function_left_open(session, read, self.epoch)) is not None:
            return self.not_checkable(f"the document has no formula for the function {unsaid}")
        if is_at_optimum(session, read, self.epoch):
            if says_derivative(read) and (wrong := self._wrong(outcome)).repaired is not None:
                return wrong
            return self._definition("an equation to be solved, not an identity")
        if isinstance(read.right, Number) and isinstance(read.left, Name):
            return self.not_checkable("which numbers are put in here is not said")
        if is_assumption(session, read) or is_property(session, read, self.epoch):
            return self._definition("taken as an assumption on the data")
        if is_said_of_a_case(session, read, self.epoch):
            return self.not_checkable("it holds in some cases only, and which of them is meant is said in words")
        is_arithmetic = not speaks_of_quantities(session, read, self.epoch)
        if is_arithmetic and _AMBIGUOUS_NUMBER.search(read.statement.formula.text):
            return self.not_checkable("a comma or a point between digits can be read in two ways")
        return None

    def _wrong(self, outcome: Outcome) -> CheckedStatement:
        findings, repaired = diagnosed(self.session, self.read, self.epoch, self.chain, outcome)
        return self._said(Judgement.WRONG, findings=findings, repaired=repaired, relative_error=outcome.error)

    def _diagnosed(self, outcome: Outcome) -> CheckedStatement:
        """Wrong, with what is wrong; not checkable where the sides do not even fit and nothing explains it."""
        session, read = self.session, self.read
        wrong = self._wrong(outcome)
        if wrong.repaired is not None:
            return wrong
        if outcome.conflict and wrong.findings and not has_capitals(session, read) and not has_powers(session, read):
            return self._misfit(wrong, "wrong-index", f"An index is wrong: {outcome.reason}.")
        if outcome.error is None and outcome.unnumbered and "have no product" in (outcome.reason or ""):
            misfit = self._misfit(wrong, "transposed", f"The factors do not fit: {outcome.reason}.")
            return replace(misfit, repaired=read.right)
        if outcome.error is None and speaks_of_quantities(session, read, self.epoch):
            return self.not_checkable(f"the two sides do not fit as they are read here: {outcome.reason}")
        if self.kind is Kind.AGAIN and not is_derived(session, read) and not self._is_rewritten(outcome):
            return self._renewed()
        return wrong

    @staticmethod
    def _misfit(wrong: CheckedStatement, code: str, message: str) -> CheckedStatement:
        finding = replace(wrong.findings[0], code=code, message=message, hint=hint(code))
        return replace(wrong, findings=(finding,), relative_error=None)


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
