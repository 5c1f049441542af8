"""What is said of a written derivation: a verdict for each statement, with findings and places."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from checkers.findings import Finding, Verdict

from .source.document import Document
from .terms import Term


class Judgement(StrEnum):
    """What is said of one statement. Listed from worst to best."""

    WRONG = "wrong"
    NOT_CHECKABLE = "not-checkable"
    CONVENTION = "convention"
    RIGHT = "right"
    DEFINITION = "definition"


@dataclass(frozen=True, slots=True)
class CheckedStatement:
    """A statement and what was found.

    Attributes:
        start, end: its place in the document's text; of a later equality of a chain, from its relation sign on.
        chain, equality: which chain of the document, and which equality of it, both counted from 1.
        left, right: its sides as terms, None where they cannot be read.
        sign: the relation sign, such as "=", ":=" or "leftarrow".
        follows: does it follow from the equality before it in its chain; None at the start.
        relative_error: of the two sides; None where there is no number.
        findings: what is wrong, the cause first; each with line, column and the LaTeX that makes it right as `fix`.
        repaired: the right side made right, None where no edit did so.
        reason: why it is not checkable, or under which convention it is right; None where there is nothing to say.
        reading: what was assumed to read it, such as how far an operator reaches; None where nothing was.
    """

    start: int
    end: int
    chain: int
    equality: int
    left: Term | None
    right: Term | None
    sign: str
    judgement: Judgement
    first_wrong_of_chain: bool = False
    follows: bool | None = None
    relative_error: float | None = None
    findings: tuple[Finding, ...] = ()
    repaired: Term | None = None
    reason: str | None = None
    reading: str | None = None


@dataclass(frozen=True, slots=True)
class CheckedDerivation:
    """A document and what is said of its statements.

    Attributes:
        model: the name of the model it was read against, None where its own definitions were used.
        notes: what holds for the document as a whole, such as mixed conventions.
    """

    document: Document
    statements: tuple[CheckedStatement, ...]
    model: str | None = None
    strict: bool = False
    notes: tuple[str, ...] = ()

    @property
    def counts(self) -> dict[str, int]:
        """How many statements there are, and how many of each judgement."""
        order = (Judgement.RIGHT, Judgement.WRONG, Judgement.CONVENTION, Judgement.DEFINITION, Judgement.NOT_CHECKABLE)
        numbers = {str(kind): sum(s.judgement is kind for s in self.statements) for kind in order}
        return {"statements": len(self.statements), **numbers}

    @property
    def coverage(self) -> float:
        """The share of the statements that were judged; 1 where there are none."""
        missed = sum(s.judgement is Judgement.NOT_CHECKABLE for s in self.statements)
        return 1 - missed / len(self.statements) if self.statements else 1.0

    @property
    def verdict(self) -> Verdict:
        """Of the document: wrong, undecided where something is not checkable, not-run where there is nothing."""
        kinds = {s.judgement for s in self.statements}
        bad = {Judgement.WRONG, *((Judgement.CONVENTION, Judgement.NOT_CHECKABLE) if self.strict else ())}
        if kinds & bad:
            return Verdict.WRONG
        if Judgement.NOT_CHECKABLE in kinds:
            return Verdict.UNDECIDED
        return Verdict.RIGHT if kinds else Verdict.NOT_RUN
