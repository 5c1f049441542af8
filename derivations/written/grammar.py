"""The grammar of one side of an equality: tokens become a tree of terms.

What no rule settles is left open as a `Reading`: how far a sum, a derivative sign or a logarithm without brackets
reaches. A statement is read in more than one way where that makes a difference.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from .faults import FormulaError
from .lines import OPENING
from .terms import (
    Call,
    Cases,
    Condition,
    Derivative,
    Dots,
    Entries,
    Grid,
    Indicator,
    Name,
    Negative,
    Norm,
    Number,
    Power,
    Product,
    Quotient,
    Raised,
    Script,
    Term,
    Terms,
    Times,
    Total,
    Transposed,
)
from .tokens import Kind, Token, closing


class Reach(StrEnum):
    """How far an operator without brackets reaches."""

    NEAR = "near"
    TERM = "term"
    SIDE = "side"


@dataclass(frozen=True, slots=True)
class Reading:
    """How far operators reach, where the writing leaves it open."""

    derivative: Reach = Reach.TERM
    total: Reach = Reach.TERM
    function: Reach = Reach.NEAR


READINGS = (
    Reading(),
    Reading(derivative=Reach.SIDE),
    Reading(total=Reach.SIDE),
    Reading(derivative=Reach.SIDE, total=Reach.SIDE),
    Reading(function=Reach.TERM),
    Reading(derivative=Reach.NEAR),
    Reading(derivative=Reach.SIDE, function=Reach.TERM),
)

ACCENTS = {
    "hat": "hat", "widehat": "hat", "tilde": "tilde", "widetilde": "tilde", "bar": "bar", "overline": "bar",
    "vec": "", "dot": "dot", "check": "check", "overrightarrow": "", "breve": "breve", "ddot": "ddot",
}  # fmt: skip
FONTS = {
    "mathbf": "bold", "boldsymbol": "bold", "bm": "bold", "bf": "bold", "mathbb": "blackboard", "mathcal": "",
    "mathscr": "", "mathfrak": "", "pmb": "bold", "mathbfit": "bold", "symbf": "bold", "mathds": "blackboard",
    "Bbb": "blackboard", "cal": "", "vect": "bold",
}  # fmt: skip
FUNCTIONS = {
    "exp", "log", "ln", "tanh", "sinh", "cosh", "sin", "cos", "max", "min", "softmax", "sigmoid", "relu", "softplus",
    "sign", "sgn", "tr", "trace", "diag", "sqrt", "logistic", "abs", "heaviside", "logcosh", "huber", "sigm", "lg",
    "step", "elu", "id", "leakyrelu", "onehot", "sum", "mean", "det", "rank", "logsumexp", "lse", "sech",
}  # fmt: skip
PREFIXED = {"exp", "log", "ln", "tanh", "sinh", "cosh", "sin", "cos", "tr", "trace", "diag", "lg", "sgn", "sign", "sech"}
"""Functions whose argument may stand without brackets."""
_TYPED_WORDS = (
    "softmax", "sigmoid", "softplus", "params", "parameters", "logits", "scores", "score", "loss", "cost", "relu", "ReLU", "tanh",
    "exp", "log", "ln", "diag", "max", "min", "trace", "sign", "sgn", "MSE", "RSS", "SSE", "NLL", "BCE", "error",
    "grad", "tr", "input", "output", "hidden", "total", "logistic", "sum",
)  # fmt: skip
GREEK = {
    "alpha", "beta", "gamma", "delta", "epsilon", "varepsilon", "zeta", "eta", "theta", "vartheta", "iota", "kappa",
    "lambda", "mu", "nu", "xi", "pi", "rho", "sigma", "tau", "upsilon", "phi", "varphi", "chi", "psi", "omega",
    "Gamma", "Delta", "Theta", "Lambda", "Xi", "Pi", "Sigma", "Upsilon", "Phi", "Psi", "Omega", "ell", "imath", "jmath",
    "varsigma", "hbar", "Re",
}  # fmt: skip
_SAME_LETTER = {"varepsilon": "epsilon", "varphi": "phi", "vartheta": "theta", "ell": "l", "varsigma": "sigma"}
_TOTALS = {"sum": "sum", "prod": "prod", "max": "max"}
_TRANSPOSES = {"T", "top", "intercal", "mathsf", "transpose", "tran", "t", "trans", "dagger"}
_TIMES = {
    "cdot": Times.DOT, "times": Times.CROSS, "odot": Times.HADAMARD, "circ": Times.HADAMARD, "ast": Times.STAR,
    "oslash": Times.DIVIDED, "otimes": Times.OUTER, "bullet": Times.DOT, "star": Times.STAR, "cdotp": Times.DOT,
}  # fmt: skip
_DOTS = {"ldots", "cdots", "dots", "vdots", "ddots", "dotsc", "dotsb", "dotso", "dotsm", "hdots", "mathellipsis"}
_MATRICES = {"matrix", "pmatrix", "bmatrix", "Bmatrix", "vmatrix", "Vmatrix", "smallmatrix", "array", "psmallmatrix"}
_DEEPEST = 60
# A tree deeper than this is no formula; Python's own recursion has its limit, too.


def parse_side(tokens: Sequence[Token], reading: Reading | None = None) -> Term:
    """The term that one side of an equality says.

    Raises:
        FormulaError: it cannot be read; with the place and what was expected there.
    """
    parser = _Parser(list(tokens), reading or Reading())
    term = parser.expression()
    if not parser.at_end:
        token = parser.peek
        raise FormulaError(f"{_shown(token)} is not expected here", token.start, token.end)
    return term


def parse_condition(tokens: Sequence[Token]) -> Condition | None:
    """The condition of a case; None where it is words only."""
    parser = _Parser([token for token in tokens if token.kind is not Kind.TEXT or "_" in token.text], Reading())
    return parser.condition()


def _shown(token: Token) -> str:
    return f"\\{token.text}" if token.kind is Kind.MACRO else f"{token.text!r}"


class _Parser:
    def __init__(self, tokens: list[Token], reading: Reading, depth: int = 0) -> None:
        self.tokens = tokens
        self.reading = reading
        self.place = 0
        self.depth = depth
        if depth > _DEEPEST:
            raise FormulaError("this formula is nested too deeply", tokens[0].start, tokens[-1].end)

    # Looking ahead ----------------------------------------------------------------------------------------------------

    @property
    def at_end(self) -> bool:
        return self.place >= len(self.tokens)

    @property
    def peek(self) -> Token:
        if self.at_end:
            where = self.tokens[-1].end if self.tokens else 0
            raise FormulaError("the formula ends where something should follow", max(where - 1, 0), where)
        return self.tokens[self.place]

    def ahead(self, number: int = 1) -> Token | None:
        return self.tokens[self.place + number] if self.place + number < len(self.tokens) else None

    def next(self) -> Token:
        token = self.peek
        self.place += 1
        return token

    def _inside(self, tokens: list[Token]) -> _Parser:
        return _Parser(tokens, self.reading, self.depth + 1)

    def _span(self, start: int) -> tuple[int, int]:
        return start, max(token.end for token in self.tokens[: self.place])

    # Sums and products ------------------------------------------------------------------------------------------------

    def expression(self) -> Term:
        start = self.peek.start
        terms: list[Term] = []
        negative = False
        while True:
            while not self.at_end and self.peek.is_symbol("+", "-"):
                negative ^= self.next().text == "-"
            if self.at_end:
                self.peek  # noqa: B018  (raises: the formula ends after an operator)
            begin = self.tokens[self.place - 1].start if negative else self.peek.start
            term = self.term()
            terms.append(Negative(term, span=(begin, self._span(begin)[1])) if negative else term)
            negative = False
            if self.at_end or not self.peek.is_symbol("+", "-"):
                break
        return terms[0] if len(terms) == 1 else Terms(tuple(terms), span=self._span(start))

    def term(self) -> Term:
        """Factors with their signs; a slash divides what stands before it by the next factor."""
        start = self.peek.start
        factors: list[Term] = [self.factor()]
        signs: list[Times] = []
        while not self.at_end:
            sign = self._times()
            if sign is None and self.peek.is_symbol("/"):
                self.next()
                below = self._signed_factor()
                factors[-1] = Quotient(factors[-1], below, span=(factors[-1].span[0], below.span[1]))  # type: ignore[attr-defined]
                continue
            if sign is None and not self._starts_factor():
                break
            factors.append(self._signed_factor() if sign is not None else self.factor())
            signs.append(sign or Times.JUXTAPOSED)
        return factors[0] if len(factors) == 1 else Product(tuple(factors), tuple(signs), span=self._span(start))

    def _signed_factor(self) -> Term:
        if not self.at_end and self.peek.is_symbol("-", "+"):
            sign = self.next()
            body = self._signed_factor()
            return body if sign.text == "+" else Negative(body, span=(sign.start, body.span[1]))  # type: ignore[attr-defined]
        return self.factor()

    def _times(self) -> Times | None:
        token = self.peek
        if token.is_symbol("*"):
            self.next()
            return Times.STAR
        if token.is_symbol(".") and (following := self.ahead()) is not None and not following.is_symbol("."):
            self.next()
            return Times.DOT
        if token.kind is Kind.MACRO and token.text in _TIMES:
            self.next()
            return _TIMES[token.text]
        return None

    def _starts_factor(self) -> bool:
        token = self.peek
        if token.kind in {Kind.LETTER, Kind.NUMBER, Kind.OPEN, Kind.TEXT, Kind.BEGIN}:
            return True
        if token.kind is Kind.MACRO:
            return token.text not in {"\\", "pm", "mp"}
        if token.is_symbol("|", "‖"):
            # An opening bar: one that closes again.
            return any(later.is_symbol(token.text) for later in self.tokens[self.place + 1 :]) and not self._bar_open
        return token.kind is Kind.SYMBOL and token.text in OPENING

    _bar_open = False

    # Factors ----------------------------------------------------------------------------------------------------------

    def factor(self) -> Term:
        """An atom with its scripts, or an operator with what it reaches."""
        token = self.peek
        if token.kind is Kind.MACRO and token.text in _TOTALS and not self._is_plain_max(token):
            return self.total()
        if token.is_macro("nabla"):
            return self.gradient()
        if self._is_derivative_sign():
            return self.derivative_sign()
        return self.scripted(self.atom())

    def _is_plain_max(self, token: Token) -> bool:
        following = self.ahead()
        return token.text == "max" and not (following is not None and following.is_symbol("_"))

    def scripted(self, base: Term) -> Term:
        """A base with the scripts that follow."""
        if isinstance(base, (Derivative, Total)) and base.span == (0, 0):
            return base
        while not self.at_end and self.peek.is_symbol("^", "_", "'"):
            token = self.next()
            if token.text == "'":
                base = self._primed(base, token)
            elif token.text == "^":
                base = self._raised(base)
            else:
                base = self._lowered(base)
        if isinstance(base, Name) and self._is_function(base):
            return self.call(base)
        return base

    def _primed(self, base: Term, token: Token) -> Term:
        if not isinstance(base, Name):
            raise FormulaError("a prime stands after something that is no name", token.start, token.end)
        return replace(base, primes=base.primes + 1, span=(base.span[0], token.end))

    def _script_tokens(self) -> list[Token]:
        token = self.next()
        if token.kind is Kind.OPEN:
            end = closing(self.tokens, self.place - 1)
            inside = self.tokens[self.place : end]
            self.place = end + 1
            return inside
        if token.kind is Kind.MACRO and (token.text in FONTS or token.text in ACCENTS or token.text in {"frac"}):
            begin = self.place - 1
            self._skip_group()
            if token.text == "frac":
                self._skip_group()
            return self.tokens[begin : self.place]
        if token.is_symbol("(", "["):
            # x^(i), typed without braces.
            end = self._matching(self.place - 1)
            inside = self.tokens[self.place - 1 : end + 1]
            self.place = end + 1
            return inside
        if token.is_symbol("-") and not self.at_end:
            return [token, self.next()]
        return [token]

    def _skip_group(self) -> None:
        if not self.at_end:
            self.place = (closing(self.tokens, self.place) if self.peek.kind is Kind.OPEN else self.place) + 1

    def _matching(self, place: int) -> int:
        depth = 0
        for end in range(place, len(self.tokens)):
            token = self.tokens[end]
            if token.kind is Kind.SYMBOL:
                depth += 1 if token.text in OPENING else -1 if token.text in OPENING.values() else 0
            if depth == 0:
                return end
        raise FormulaError(f"{_shown(self.tokens[place])} is opened here and not closed",
                           self.tokens[place].start, self.tokens[place].end)  # fmt: skip

    def _raised(self, base: Term) -> Term:
        tokens = self._script_tokens()
        end = max((token.end for token in tokens), default=self.tokens[self.place - 1].end)
        start = base.span[0]  # type: ignore[attr-defined]
        primes = [token for token in tokens if token.is_symbol("'") or token.is_macro("prime")]
        if tokens and len(primes) == len(tokens):
            return replace(base, primes=base.primes + len(primes)) if isinstance(base, Name) else base
        tokens = [token for token in tokens if token not in primes]
        if primes and isinstance(base, Name):
            base = replace(base, primes=base.primes + len(primes))
        while tokens and _is_transpose(tokens):
            tokens = tokens[: -1 - (len(tokens) > 1 and tokens[-1].kind is Kind.CLOSE)]
            if tokens:
                base = self._raise_script(base, tokens, (start, end))
            return Transposed(base, span=(start, end))
        if not tokens:
            return base
        return self._raise_script(base, tokens, (start, end))

    def _raise_script(self, base: Term, tokens: list[Token], span: tuple[int, int]) -> Term:
        if isinstance(base, Name) and base.base == "exp":
            return Call(base, (self._inside(tokens).expression(),), span=span)
        raised = Raised.BARE
        pieces = [tokens]
        if tokens[0].is_symbol("(", "["):
            parser = self._inside(tokens)
            end = parser._matching(0)
            if end == len(tokens) - 1:
                raised = Raised.ROUND if tokens[0].text == "(" else Raised.SQUARE
                pieces = [tokens[1:-1]]
            elif tokens[end + 1].is_symbol("(", "["):
                # a^{[2](i)}: the layer and the example.
                return self._raise_script(self._raise_script(base, tokens[: end + 1], span), tokens[end + 1 :], span)
        if not pieces[0]:
            return base
        parts = _at_commas(pieces[0])
        scripts = tuple(Script(primed_letter(self._inside(part).expression()), raised) for part in parts if part)
        if isinstance(base, Name) and not (base.base == "e" and raised is Raised.BARE and not base.sub):
            return replace(base, sup=(*base.sup, *scripts), span=span)
        return Power(base, scripts[0].body, span=span)

    def _lowered(self, base: Term) -> Term:
        tokens = self._script_tokens()
        end = max((token.end for token in tokens), default=self.tokens[self.place - 1].end)
        indices = self._indices(tokens)
        start = base.span[0]  # type: ignore[attr-defined]
        if isinstance(base, Name):
            return replace(base, sub=(*base.sub, *indices), span=(start, end))
        if isinstance(base, Norm):
            order = tokens[0].text if tokens else "2"
            return replace(base, order=order if order in {"1", "2", "F"} else base.order, span=(start, end))
        return Entries(base, indices, span=(start, end))

    def _indices(self, tokens: list[Token]) -> tuple[Term, ...]:
        """The indices of a subscript: mj, m,j and m_j are the same pair; l-1 is one index."""
        indices: list[Term] = []
        for part in _at_commas(tokens):
            if not part:
                continue
            if all(token.kind is Kind.TEXT for token in part):
                word = " ".join(token.text.strip() for token in part)
                indices.append(Name(word, font="text", span=(part[0].start, part[-1].end)))
                continue
            if any(token.is_symbol("+", "-", "=", "(", "[", "/", "*") or token.is_macro("neq", "ne") for token in part):
                if any(token.is_symbol("=") or token.is_macro("neq", "ne") for token in part):
                    raise FormulaError("a condition stands in a subscript", part[0].start, part[-1].end)
                indices.append(self._inside(part).expression())
                continue
            parser = self._inside(part)
            while not parser.at_end:
                parser._skip_dots_and_signs()
                if parser.at_end:
                    break
                indices.append(primed_letter(parser.scripted(parser.atom(index=True))))
        return tuple(indices)

    def _skip_dots_and_signs(self) -> None:
        while not self.at_end and (self.peek.is_symbol(":", "*", ".") or self.peek.is_macro("cdot", "bullet", "ast")):
            token = self.peek
            if token.is_symbol(":", ".") or token.is_macro("cdot", "bullet"):
                raise FormulaError("a whole row or column is meant here, which is not read yet", token.start, token.end)
            self.next()

    # Atoms ------------------------------------------------------------------------------------------------------------

    def atom(self, *, index: bool = False) -> Term:
        token = self.next()
        here = (token.start, token.end)
        match token.kind:
            case Kind.NUMBER:
                if index and len(token.text) > 1 and token.text.isdigit() and False:
                    return Number(float(token.text), token.text, span=here)
                digits = token.text.replace("{,}", "").replace(r"\,", "").replace(",", "")
                return Number(float(digits), token.text, span=here)
            case Kind.LETTER:
                return self._letter(token, index=index)
            case Kind.TEXT:
                return self._word(token.text, here)
            case Kind.OPEN:
                end = closing(self.tokens, self.place - 1)
                inside = self.tokens[self.place : end]
                self.place = end + 1
                if not inside:
                    return self.factor() if not self.at_end else Name("", span=here)
                return self._grouped(inside, (token.start, self.tokens[end].end), index=index)
            case Kind.BEGIN:
                return self.environment(token)
            case Kind.MACRO:
                return self._macro(token)
            case Kind.SYMBOL:
                return self._symbol(token)
            case _:
                raise FormulaError(f"{_shown(token)} is not expected here", *here)

    def _grouped(self, inside: list[Token], span: tuple[int, int], *, index: bool) -> Term:
        if index:
            indices = self._indices(inside)
            if len(indices) == 1:
                return indices[0]
        parser = self._inside(inside)
        body = parser.expression()
        if not parser.at_end:
            raise FormulaError(f"{_shown(parser.peek)} is not expected here", parser.peek.start, parser.peek.end)
        return body.at(span) if isinstance(body, (Name, Number)) else body

    def _letter(self, token: Token, *, index: bool) -> Term:
        span = (token.start, token.end)
        if index:
            return Name(token.text, span=span)
        word = self._typed_word()
        if word:
            self.place += len(word) - 1
            return self._word(word, (token.start, self.tokens[self.place - 1].end))
        if token.text == "d" and self._is_differential():
            of = self.scripted(self.atom())
            return Derivative(None, (of,), form="named", span=(token.start, self.tokens[self.place - 1].end))
        return Name(token.text, span=span)

    def _typed_word(self) -> str:
        """A word typed letter by letter: ln, exp, softmax, or anything of four letters and more."""
        begin = self.place - 1
        end = begin
        while end < len(self.tokens) and self.tokens[end].kind is Kind.LETTER and (
            end == begin or not self.tokens[end].spaced
        ):
            end += 1
        run = "".join(token.text for token in self.tokens[begin:end])
        for word in _TYPED_WORDS:
            if run.startswith(word):
                return word
        return run if len(run) >= 5 else ""

    def _is_differential(self) -> bool:
        """dZ, dW, db: the derivative of the loss, as some courses name it."""
        following = self.tokens[self.place] if not self.at_end else None
        if following is None or following.spaced:
            return False
        return following.kind is Kind.LETTER or following.is_macro("mathbf", "hat", "boldsymbol", "theta", "tilde")

    def _word(self, text: str, span: tuple[int, int]) -> Term:
        word = text.strip()
        if word.isdigit():
            return Number(float(word), word, span=span)
        known = word.lower().replace("-", "").replace(" ", "")
        if known in FUNCTIONS:
            word = known
        if word in {"d", "T"} or not word:
            return Name(word, span=span)
        return Name(word, font="text", span=span)

    def _macro(self, token: Token) -> Term:
        here = (token.start, token.end)
        name = token.text
        if name in GREEK:
            return Name(_SAME_LETTER.get(name, name), span=here)
        if name in ACCENTS or name in {"not"}:
            return self._accented(name, token)
        if name in FONTS:
            return self._in_font(name, token)
        if name in {"frac", "dfrac", "tfrac", "cfrac", "sfrac", "nicefrac"}:
            return self.fraction(token)
        if name == "sqrt":
            body, end = self._braced(token)
            return Power(body, Number(0.5, "1/2"), span=(token.start, end))
        if name in FUNCTIONS or name in {"Tr", "arg"}:
            return Name(name.lower(), font="text", span=here)
        if name in _DOTS:
            return Dots(span=here)
        if name in {"infty", "emptyset", "R", "N"}:
            raise FormulaError(f"{_shown(token)} has no value here", *here)
        if name == "partial":
            return self._partial_letter(token)
        if name == "operatorname":
            return self._word(self._raw_text(), here)
        if name == "binom":
            raise FormulaError("binomials are not read", *here)
        raise FormulaError(f"the macro \\{name} is not known here", *here)

    def _raw_text(self) -> str:
        token = self.next()
        if token.kind is not Kind.OPEN:
            return token.text
        end = closing(self.tokens, self.place - 1)
        text = "".join(inner.text for inner in self.tokens[self.place : end])
        self.place = end + 1
        return text

    def _braced(self, token: Token) -> tuple[Term, int]:
        """The argument of a macro, and where it ends."""
        if self.at_end:
            raise FormulaError(f"{_shown(token)} lacks its argument", token.start, token.end)
        if self.peek.kind is Kind.OPEN:
            end = closing(self.tokens, self.place)
            inside = self.tokens[self.place + 1 : end]
            if not inside:
                raise FormulaError(f"{_shown(token)} has an empty argument", token.start, self.tokens[end].end)
            self.place = end + 1
            return self._grouped(inside, (inside[0].start, inside[-1].end), index=False), self.tokens[end].end
        if self.peek.kind is Kind.NUMBER and len(self.peek.text) > 1 and token.text.endswith("frac"):
            # \frac12: one digit each.
            digit = self.peek
            self.tokens[self.place : self.place + 1] = [
                replace(digit, text=character, start=digit.start + n, end=digit.start + n + 1)
                for n, character in enumerate(digit.text)
            ]
        term = self.atom()
        return term, term.span[1]  # type: ignore[attr-defined]

    def _accented(self, name: str, token: Token) -> Term:
        body, end = self._braced(token)
        if isinstance(body, Transposed) and isinstance(body.body, Name):
            return Transposed(replace(body.body, accent=ACCENTS[name]), span=(token.start, end))
        if not isinstance(body, Name):
            raise FormulaError(f"\\{name} stands over something that is no name", token.start, end)
        return replace(body, accent=ACCENTS[name] or body.accent, span=(token.start, end))

    def _in_font(self, name: str, token: Token) -> Term:
        if name in {"bf", "cal"} and not self.at_end and self.peek.kind is not Kind.OPEN:
            return self._bold(self.atom(), "bold" if name == "bf" else "", token.start)
        if not self.at_end and self.peek.kind is Kind.OPEN:
            end = closing(self.tokens, self.place)
            letters = self.tokens[self.place + 1 : end]
            if len(letters) > 1 and all(letter.kind is Kind.LETTER for letter in letters) and name in {"mathbf", "bf", "mathcal", "boldsymbol", "bm"}:
                text = "".join(letter.text for letter in letters)
                if text.lower() in FUNCTIONS or len(text) > 2:
                    self.place = end + 1
                    return self._word(text, (token.start, self.tokens[end].end))
        body, end_place = self._braced(token)
        if name == "mathbb" or name in {"mathds", "Bbb"}:
            return self._blackboard(body, token, end_place)
        return self._bold(body, FONTS[name], token.start)

    @staticmethod
    def _bold(body: Term, font: str, start: int) -> Term:
        if isinstance(body, Name):
            return replace(body, font=font or body.font, span=(start, body.span[1]))
        if isinstance(body, Number):
            return Name(body.text, font=font, span=(start, body.span[1])) if font else body
        return body

    def _blackboard(self, body: Term, token: Token, end: int) -> Term:
        letter = body.text if isinstance(body, Number) else body.base if isinstance(body, Name) else ""
        if letter in {"1", "I"}:
            indicator = self._indicator(token)
            return indicator or Name(letter, font="blackboard", span=(token.start, end))
        if isinstance(body, Name):
            return replace(body, font="blackboard", span=(token.start, end))
        return body

    def _indicator(self, token: Token) -> Term | None:
        """The condition in the brackets or the subscript that follow, if one does."""
        if self.at_end:
            return None
        if self.peek.is_symbol("_"):
            begin = self.place
            self.next()
            inside = self._script_tokens()
            inside = [t for t in inside if not t.is_symbol("lbrace", "rbrace", "[", "]")]
            condition = self._inside(inside).condition() if inside else None
            if condition is not None and condition.left is not None:
                return Indicator(condition, span=(token.start, self.tokens[self.place - 1].end))
            self.place = begin
            return None
        if not (self.peek.kind is Kind.SYMBOL and self.peek.text in OPENING):
            return None
        end = self._matching(self.place)
        inside = self.tokens[self.place + 1 : end]
        condition = self._inside(inside).condition() if inside and _has_relation(inside) else None
        if condition is None or condition.left is None:
            return None
        self.place = end + 1
        return Indicator(condition, span=(token.start, self.tokens[end].end))

    def condition(self) -> Condition | None:
        """left = right; more than one joined by "and"."""
        for place, token in enumerate(self.tokens):
            sign = _condition_sign(token)
            if not sign:
                continue
            length = 1
            if token.text in {"=", "!"} and place + 1 < len(self.tokens) and self.tokens[place + 1].is_symbol("="):
                length = 2
            sides = self.tokens[:place], self.tokens[place + length :]
            if token.is_macro("not"):
                sides = self.tokens[:place], self.tokens[place + 2 :]
            if not all(sides):
                return None
            rest = [p for p, t in enumerate(sides[1]) if t.is_symbol(",") or t.is_macro("wedge", "land", "quad", "qquad") or t.kind is Kind.TEXT]
            second = sides[1][: rest[0]] if rest else sides[1]
            if not second:
                return None
            also = self._inside(list(sides[1][rest[0] + 1 :])).condition() if rest and sides[1][rest[0] + 1 :] else None
            first = [t for t in sides[0] if t.kind is not Kind.TEXT]
            if not first:
                return None
            return Condition(
                primed_letter(self._inside(first).expression()),
                sign,
                primed_letter(self._inside(list(second)).expression()),
                also,
                span=(self.tokens[0].start, self.tokens[-1].end),
            )
        return None

    def _partial_letter(self, token: Token) -> Term:
        """The sign outside a fraction: ∂J/∂w on one line, or ∂_k for ∂/∂x_k."""
        of = self.scripted(self.atom()) if not self.at_end and not self.peek.is_symbol("/", "_") else None
        if self.at_end or not self.peek.is_symbol("/"):
            raise FormulaError("\\partial stands alone: write \\frac{\\partial A}{\\partial B}", token.start, token.end)
        slash = self.place
        self.next()
        if self.at_end or not self.peek.is_macro("partial"):
            self.place = slash
            raise FormulaError("after \\partial .../ a second \\partial is expected", token.start, token.end)
        self.next()
        by = self.scripted(self.atom())
        span = (token.start, by.span[1])  # type: ignore[attr-defined]
        if of is None:
            return self._applied(by, span)
        return Derivative(of, (by,), span=span)

    def _symbol(self, token: Token) -> Term:
        if token.text in {"|", "‖"}:
            return self._bars(token)
        if token.text not in OPENING:
            raise FormulaError(f"{_shown(token)} is not expected here", token.start, token.end)
        begin = self.place
        following = self.peek if not self.at_end else None
        if token.text == "lbrace" and following is not None and following.kind is Kind.BEGIN:
            return self._braced_cases(token)
        end = self._matching(begin - 1)
        inside = self.tokens[begin:end]
        if not inside:
            raise FormulaError("these brackets are empty", token.start, self.tokens[end].end)
        if _condition_inside(inside) and token.text == "[":
            condition = self._inside(inside).condition()
            self.place = end + 1
            if condition is not None:
                return Indicator(condition, span=(token.start, self.tokens[end].end))
        parser = self._inside(inside)
        body = parser.expression()
        if not parser.at_end:
            raise FormulaError(f"{_shown(parser.peek)} is not expected here", parser.peek.start, parser.peek.end)
        self.place = end + 1
        span = (token.start, self.tokens[end].end)
        # (y - z)^2 raises the bracket; a name in brackets is no name with scripts.
        return Terms((body,), span=span)

    def _bars(self, token: Token) -> Term:
        depth = 0
        for end in range(self.place, len(self.tokens)):
            other = self.tokens[end]
            depth += {Kind.OPEN: 1, Kind.CLOSE: -1}.get(other.kind, 0)
            depth += 1 if other.is_symbol(*OPENING) else -1 if other.is_symbol(*OPENING.values()) else 0
            if depth == 0 and other.is_symbol(token.text) and end > self.place:
                doubled = token.text == "|" and self.tokens[self.place].is_symbol("|")
                begin = self.place + doubled
                last = end
                if doubled:
                    last = next((e for e in range(begin, len(self.tokens) - 1)
                                 if self.tokens[e].is_symbol("|") and self.tokens[e + 1].is_symbol("|")), -1)  # fmt: skip
                    if last < 0:
                        break
                body = self._inside(self.tokens[begin:last]).expression()
                self.place = last + 1 + doubled
                single = token.text == "|" and not doubled
                return Norm(body, "2", is_bar=single, span=(token.start, self.tokens[self.place - 1].end))
        raise FormulaError("a bar is opened here and not closed", token.start, token.end)

    # Functions --------------------------------------------------------------------------------------------------------

    def _is_function(self, name: Name) -> bool:
        """Is what follows its argument? Decided for names that are functions everywhere; others stay products."""
        if name.base in FUNCTIONS and name.font == "text":
            if self.at_end:
                return False
            opening = self.peek.is_symbol("(", "[", "lbrace")
            return opening or (name.base in PREFIXED and (self._starts_factor() or self.peek.is_symbol("-")))
        return not self.at_end and self.peek.is_symbol("(") and self._looks_called(name)

    def _looks_called(self, name: Name) -> bool:
        """A letter before brackets that hold no sum with the letter itself: f(x), J(w, b), but not a(1 - a)."""
        end = self._matching(self.place)
        inside = self.tokens[self.place + 1 : end]
        if not inside:
            return False
        if any(token.is_symbol(",", ";") for token in inside if token.kind is Kind.SYMBOL) and not name.sub:
            return True
        if inside[0].kind is Kind.NUMBER or inside[0].is_symbol("-", "+"):
            return name.base in {"sigma", "phi", "psi", "f", "g", "h"} and inside[0].is_symbol("-") and not _has_token(inside, name)
        return not _has_token(inside, name)

    def call(self, function: Name) -> Term:
        """A function and its argument, in brackets or without."""
        start = function.span[0]
        if self.peek.is_symbol("(", "[", "lbrace"):
            end = self._matching(self.place)
            parts = _at_commas(self.tokens[self.place + 1 : end], separators=(",", ";", "|"))
            if not all(parts) or not parts:
                raise FormulaError("an argument is missing here", self.peek.start, self.tokens[end].end)
            arguments = tuple(self._whole(part) for part in parts)
            self.place = end + 1
            called: Term = Call(function, arguments, span=(start, self.tokens[end].end))
            while not self.at_end and self.peek.is_symbol("_", "^"):
                called = self._lowered(called) if self.next().text == "_" else self._raised(called)
            return called
        reach = self.reading.function
        if self.peek.is_symbol("-"):
            body: Term = self._signed_factor()
        elif reach is Reach.NEAR or function.base in {"tr", "trace", "diag"}:
            body = self._near()
        else:
            body = self._juxtaposed()
        return Call(function, (body,), span=(start, body.span[1]))  # type: ignore[attr-defined]

    def _whole(self, tokens: list[Token]) -> Term:
        parser = self._inside(tokens)
        body = parser.expression()
        if not parser.at_end:
            raise FormulaError(f"{_shown(parser.peek)} is not expected here", parser.peek.start, parser.peek.end)
        return body

    def _near(self) -> Term:
        """A number and the factor after it, or one factor."""
        first = self.factor()
        if isinstance(first, Number) and not self.at_end and self._starts_factor():
            second = self.factor()
            return Product((first, second), (Times.JUXTAPOSED,), span=(first.span[0], second.span[1]))  # type: ignore[attr-defined]
        return first

    def _juxtaposed(self) -> Term:
        factors = [self.factor()]
        while not self.at_end and self._starts_factor() and not self.peek.is_macro(*PREFIXED, "sum"):
            factors.append(self.factor())
        if len(factors) == 1:
            return factors[0]
        span = (factors[0].span[0], factors[-1].span[1])  # type: ignore[attr-defined]
        return Product(tuple(factors), (Times.JUXTAPOSED,) * (len(factors) - 1), span=span)

    # Sums and derivatives ---------------------------------------------------------------------------------------------

    def total(self) -> Term:
        """A sum with its limits, in either order, and what it reaches."""
        token = self.next()
        lower: list[Token] = []
        upper: list[Token] = []
        while not self.at_end and self.peek.is_symbol("_", "^"):
            if self.next().text == "_":
                lower = self._script_tokens()
            else:
                upper = self._script_tokens()
        indices, start, but = self._limits(lower)
        end = self._inside(upper).expression() if upper else None
        body = self._reached(self.reading.total)
        span = (token.start, body.span[1])  # type: ignore[attr-defined]
        return Total(_TOTALS[token.text], indices, start, end, but, body, span=span)

    def _limits(self, tokens: list[Token]) -> tuple[tuple[Name, ...], Term | None, Condition | None]:
        if not tokens:
            return (), None, None
        tokens = _without_substack(tokens)
        sign = next((p for p, t in enumerate(tokens) if t.is_symbol("=")), None)
        if sign is not None and not _has_inequality(tokens[:sign]):
            rest = tokens[sign + 1 :]
            comma = next((p for p, t in enumerate(rest) if t.is_symbol(",") or t.is_macro("\\", "colon", "mid")), len(rest))
            start = self._whole(rest[:comma]) if rest[:comma] else None
            but = self._inside(rest[comma + 1 :]).condition() if rest[comma + 1 :] else None
            return self._bound(tokens[:sign]), start, but
        for place, token in enumerate(tokens):
            if _condition_sign(token) in {"ne", "<", ">", "le", "ge"}:
                but = self._inside(tokens).condition()
                comma = next((p for p, t in enumerate(tokens) if t.is_symbol(",") or t.is_macro("\\")), None)
                if comma is not None and comma < place:
                    return self._bound(tokens[:comma]), None, self._inside(tokens[comma + 1 :]).condition()
                bound = self._bound(tokens[:place])
                return bound, None, but
            if token.is_macro("in"):
                return self._bound(tokens[:place]), None, None
        return self._bound(tokens), None, None

    def _bound(self, tokens: list[Token]) -> tuple[Name, ...]:
        names = self._indices(tokens) if tokens else ()
        if not names or not all(isinstance(name, Name) for name in names):
            token = tokens[0] if tokens else self.tokens[max(self.place - 1, 0)]
            raise FormulaError("what a sum runs over must be a letter", token.start, token.end)
        return tuple(name for name in names if isinstance(name, Name))

    def _reached(self, reach: Reach) -> Term:
        if self.at_end:
            raise FormulaError("nothing stands after this operator", self.tokens[-1].start, self.tokens[-1].end)
        if reach is Reach.SIDE:
            return self.expression()
        if reach is Reach.NEAR:
            return self._signed_factor()
        if self.peek.is_symbol("-"):
            sign = self.next()
            body = self.term()
            return Negative(body, span=(sign.start, body.span[1]))  # type: ignore[attr-defined]
        return self.term()

    def fraction(self, token: Token) -> Term:
        """A fraction: a derivative, a derivative sign with what follows it, or a quotient."""
        above, below = self._argument_tokens(token), self._argument_tokens(token)
        end = self.tokens[self.place - 1].end
        sign = _derivative_sign(above, below)
        if sign:
            return self._derivative(above, below, (token.start, end), sign)
        return Quotient(self._whole(above), self._whole(below), span=(token.start, end))

    def _argument_tokens(self, token: Token) -> list[Token]:
        if self.at_end:
            raise FormulaError("this fraction lacks an argument", token.start, token.end)
        begin = self.place
        if self.peek.kind is Kind.OPEN:
            end = closing(self.tokens, begin)
            inside = self.tokens[begin + 1 : end]
            self.place = end + 1
            if not inside:
                raise FormulaError("this fraction has an empty part", token.start, self.tokens[end].end)
            return inside
        if self.peek.kind is Kind.NUMBER and len(self.peek.text) > 1:
            digit = self.peek
            self.tokens[begin : begin + 1] = [
                replace(digit, text=character, start=digit.start + n, end=digit.start + n + 1)
                for n, character in enumerate(digit.text)
            ]
        self.atom()
        return self.tokens[begin : self.place]

    def _derivative(self, above: list[Token], below: list[Token], span: tuple[int, int], sign: str) -> Term:
        inside = above[1:]
        if inside and inside[0].is_symbol("^"):
            raise FormulaError("second derivatives are not checked yet", *span)
        names = self._differentiated(below, sign)
        if not inside:
            return self._applied(names[0], span)
        of = self._whole(inside)
        return Derivative(of, names, span=span)

    def _differentiated(self, below: list[Token], sign: str) -> tuple[Term, ...]:
        pieces: list[list[Token]] = [[]]
        for token in below:
            if (token.is_macro("partial") if sign == "partial" else _is_d(token)) and (sign == "partial" or not pieces[-1]):
                pieces.append([])
            else:
                pieces[-1].append(token)
        parts = [piece for piece in pieces if piece]
        if len(parts) != 1:
            raise FormulaError("second derivatives are not checked yet" if parts else "nothing stands below \\partial",
                               below[0].start, below[-1].end)  # fmt: skip
        return (self._whole(parts[0]),)

    def _applied(self, by: Term, span: tuple[int, int]) -> Term:
        """A derivative sign and what it reaches: a bracket alone, or without one the rest of the term."""
        if self.at_end or self.peek.is_symbol(")", "]", "+"):
            raise FormulaError("nothing stands after this derivative sign", *span)
        bracket = self.peek.kind is Kind.SYMBOL and self.peek.text in OPENING
        reach = Reach.NEAR if bracket and self.reading.derivative is Reach.TERM else self.reading.derivative
        body = self._reached(reach)
        return Derivative(body, (by,), form="operator", span=(span[0], body.span[1]))  # type: ignore[attr-defined]

    def gradient(self) -> Term:
        """Nabla with what it differentiates by, and what."""
        token = self.next()
        by: tuple[Term, ...] = ()
        if not self.at_end and self.peek.is_symbol("_"):
            self.next()
            inside = self._script_tokens()
            by = tuple(self._whole(part) for part in _at_commas(inside) if part)
        if self.at_end:
            raise FormulaError("nothing stands after \\nabla", token.start, token.end)
        body = self._reached(Reach.NEAR)
        return Derivative(body, by, form="nabla", span=(token.start, body.span[1]))  # type: ignore[attr-defined]

    def _is_derivative_sign(self) -> bool:
        return self.peek.is_macro("partial") or (
            _is_d(self.peek) and self._slash_follows()
        )

    def _slash_follows(self) -> bool:
        """dL/dz or d/dx on one line."""
        place = self.place + 1
        if place < len(self.tokens) and self.tokens[place].is_symbol("/"):
            return place + 1 < len(self.tokens) and _is_d(self.tokens[place + 1])
        trial = _Parser(self.tokens, self.reading, self.depth + 1)
        trial.place = place
        try:
            trial.scripted(trial.atom())
        except FormulaError:
            return False
        place = trial.place
        return place + 1 < len(self.tokens) and self.tokens[place].is_symbol("/") and _is_d(self.tokens[place + 1]) and not self.tokens[self.place + 1].spaced

    def derivative_sign(self) -> Term:
        token = self.next()
        if token.kind is Kind.MACRO:
            return self._partial_letter(token)
        of = self.scripted(self.atom()) if not self.peek.is_symbol("/") else None
        self.next()
        self.next()
        by = self.scripted(self.atom())
        span = (token.start, by.span[1])  # type: ignore[attr-defined]
        return Derivative(of, (by,), span=span) if of is not None else self._applied(by, span)

    # Environments -----------------------------------------------------------------------------------------------------

    def _environment_tokens(self, token: Token) -> list[Token]:
        depth = 1
        for end in range(self.place, len(self.tokens)):
            depth += {Kind.BEGIN: 1, Kind.END: -1}.get(self.tokens[end].kind, 0)
            if depth == 0:
                inside = self.tokens[self.place : end]
                self.place = end + 1
                return inside
        raise FormulaError(f"\\begin{{{token.text}}} is not ended", token.start, token.end)

    def environment(self, token: Token) -> Term:
        """A matrix, or cases."""
        inside = self._environment_tokens(token)
        span = (token.start, self.tokens[self.place - 1].end)
        if token.text.rstrip("*") in {"cases", "dcases", "rcases", "numcases"}:
            return self._cases(inside, span)
        if token.text.rstrip("*") in _MATRICES:
            rows = [[cell for cell in row] for row in _cells(inside)]
            return Grid(tuple(tuple(self._whole(cell) for cell in row if cell) for row in rows if any(row)), span=span)
        raise FormulaError(f"the environment {token.text} is not read here", token.start, token.end)

    def _braced_cases(self, token: Token) -> Term:
        """\\left\\{ \\begin{array}...: cases by hand."""
        begin = self.next()
        inside = self._environment_tokens(begin)
        if not self.at_end and self.peek.is_symbol("rbrace"):
            self.next()
        return self._cases(inside, (token.start, self.tokens[self.place - 1].end))

    def _cases(self, inside: list[Token], span: tuple[int, int]) -> Term:
        branches: list[tuple[Term, Condition | None]] = []
        for row in _cells(inside):
            if not any(row):
                continue
            value = [t for t in row[0] if not t.is_macro("quad", "qquad")]
            condition = [token for cell in row[1:] for token in cell]
            if not condition:
                split = next((p for p, t in enumerate(value) if t.kind is Kind.TEXT or t.is_symbol(",")), len(value))
                value, condition = value[:split], value[split:]
            while value and value[-1].is_symbol(",", ";", "."):
                value = value[:-1]
            while condition and condition[-1].is_symbol(",", ";", "."):
                condition = condition[:-1]
            if not value:
                raise FormulaError("a case without a value", *span)
            branches.append((self._whole(value), _case_condition(self, condition)))
        if not branches:
            raise FormulaError("these cases are empty", *span)
        return Cases(tuple(branches), span=span)


def _case_condition(parser: _Parser, tokens: list[Token]) -> Condition | None:
    words = [token for token in tokens if token.kind is Kind.TEXT]
    rest = [token for token in tokens if token.kind is not Kind.TEXT and not token.is_macro("quad", "qquad")]
    while rest and rest[0].is_symbol(",", ":"):
        rest = rest[1:]
    if rest and _has_relation(rest):
        return parser._inside(rest).condition()
    written = " ".join(token.text for token in words)
    if "=" in written or "≠" in written or "$" in written or ">" in written or "<" in written:
        from .tokens import tokenise

        bare = written.replace("$", " ")
        for word in ("if", "when", "for", "falls", "otherwise", "and"):
            bare = bare.replace(word + " ", " ")
        inner = [replace(t, start=words[0].start, end=words[-1].end) for t in tokenise(bare)]
        if _has_relation(inner):
            return parser._inside(inner).condition()
    return None


def _is_d(token: Token) -> bool:
    return (token.kind is Kind.LETTER and token.text == "d") or (token.kind is Kind.TEXT and token.text == "d")


def _derivative_sign(above: list[Token], below: list[Token]) -> str:
    """Is this fraction a derivative? A missing sign below is mended: \\frac{\\partial C}{w} is one."""
    if above[0].is_macro("partial"):
        return "partial"
    if _is_d(above[0]) and _is_d(below[0]) and len(below) > 1:
        return "d"
    return ""


def _is_transpose(tokens: list[Token]) -> bool:
    last = tokens[-1]
    if last.kind is Kind.CLOSE and len(tokens) >= 3:
        # \mathsf{T}
        return tokens[-2].text == "T" and tokens[-3].kind is Kind.OPEN
    if last.kind is Kind.TEXT:
        return last.text.strip() in {"T", "t"}
    if last.kind is Kind.LETTER:
        return last.text == "T" and (len(tokens) == 1 or not tokens[-2].is_symbol("+", "-", "="))
    return last.kind is Kind.MACRO and last.text in _TRANSPOSES - {"T", "t", "mathsf"}


def primed_letter(term: Term) -> Term:
    """k' as an index is a letter of its own."""
    if isinstance(term, Name) and term.primes and not term.sup and term.font != "text":
        return replace(term, base=term.base + "'" * term.primes, primes=0)
    return term


def _at_commas(tokens: Sequence[Token], separators: tuple[str, ...] = (",",)) -> list[list[Token]]:
    parts: list[list[Token]] = [[]]
    depth = 0
    for token in tokens:
        if token.kind in {Kind.OPEN, Kind.BEGIN} or token.is_symbol(*OPENING):
            depth += 1
        elif token.kind in {Kind.CLOSE, Kind.END} or token.is_symbol(*OPENING.values()):
            depth -= 1
        if depth == 0 and token.is_symbol(*separators):
            parts.append([])
        else:
            parts[-1].append(token)
    return parts


def _cells(tokens: Sequence[Token]) -> list[list[list[Token]]]:
    rows: list[list[list[Token]]] = [[[]]]
    depth = 0
    for token in tokens:
        depth += {Kind.OPEN: 1, Kind.BEGIN: 1, Kind.CLOSE: -1, Kind.END: -1}.get(token.kind, 0)
        if depth == 0 and token.is_symbol("&"):
            rows[-1].append([])
        elif depth == 0 and token.is_macro("\\", "cr"):
            rows.append([[]])
        else:
            rows[-1][-1].append(token)
    for row in rows:
        if row[0] and row[0][0].is_symbol("["):
            end = next((p for p, t in enumerate(row[0]) if t.is_symbol("]")), None)
            if end is not None and end <= 3 and len(row[0]) > end + 1 and row[0][1].kind is Kind.NUMBER:
                row[0] = row[0][end + 1 :]
    return rows


_CONDITIONS = {
    "neq": "ne", "ne": "ne", "lt": "<", "gt": ">", "le": "le", "leq": "le", "ge": "ge", "geq": "ge", "equiv": "=",
    "leqslant": "le", "geqslant": "ge", "not": "ne", "in": "in",
}  # fmt: skip


def _condition_sign(token: Token) -> str:
    if token.kind is Kind.SYMBOL and token.text in {"=", "<", ">"}:
        return token.text
    if token.is_symbol("!"):
        return "ne"
    return _CONDITIONS.get(token.text, "") if token.kind is Kind.MACRO else ""


def _has_relation(tokens: Sequence[Token]) -> bool:
    return any(_condition_sign(token) for token in tokens)


def _has_inequality(tokens: Sequence[Token]) -> bool:
    return any(_condition_sign(token) not in {"", "="} for token in tokens)


def _condition_inside(tokens: Sequence[Token]) -> bool:
    depth = 0
    for token in tokens:
        depth += 1 if token.kind in {Kind.OPEN, Kind.BEGIN} else -1 if token.kind in {Kind.CLOSE, Kind.END} else 0
        if depth == 0 and _condition_sign(token):
            return True
    return False


def _has_token(tokens: Sequence[Token], name: Name) -> bool:
    """Does the name itself stand in these tokens, other than as an index?"""
    return any(
        token.text == name.base and not (place and tokens[place - 1].is_symbol("_", "^"))
        for place, token in enumerate(tokens)
        if token.kind in {Kind.LETTER, Kind.MACRO, Kind.TEXT}
    )


def _without_substack(tokens: list[Token]) -> list[Token]:
    """The lines of \\substack or an array below a sum, with commas between."""
    out: list[Token] = []
    for token in tokens:
        if token.is_macro("substack") or token.kind in {Kind.BEGIN, Kind.END}:
            continue
        if token.is_macro("\\"):
            out.append(Token(Kind.SYMBOL, ",", token.start, token.end))
        elif token.is_symbol("&"):
            continue
        else:
            out.append(token)
    while out and out[0].kind is Kind.OPEN and out[-1].kind is Kind.CLOSE:
        out = out[1:-1]
    return out


Parse = Callable[[Sequence[Token], Reading], Term]
