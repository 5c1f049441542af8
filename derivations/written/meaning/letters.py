"""What letters mean in a whole document: which number layers, tell quantities apart, or are functions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from ..evaluation.functions import known_function
from ..judging.readings import Read, is_range, parts_of
from ..rebuilding import map_names
from ..renaming import index_letters, keys_named
from ..terms import Call, Cases, Derivative, Indicator, Name, Number, Raised, Term, Total
from .kinds import Kind
from .known_names import PARAMETER, WEIGHTS
from .symbols import LOSSES, Symbols, capital
from .usage import Usage


def usage_in(reads: Sequence[Read], fixed: frozenset[str]) -> Usage:
    """How a document writes its names, as far as the formulas alone show it."""
    bound = {
        name.base for read in reads for side in (read.left, read.right)
        for part in parts_of(side) if isinstance(part, Total) for name in part.indices
    }  # fmt: skip
    terms = [
        term for read in reads for term in _without_parameters(read, reads)
        if term is not None and not is_range(read, bound)
    ]  # fmt: skip
    usage = Usage.of(terms, fixed)
    _find_numbered(reads, usage)
    usage.primed = _primed(reads)
    usage.labels_and_targets = _labels_and_targets(terms, usage)
    usage.no_matrices = _no_matrices(reads)
    usage.kroneckers = _kroneckers(reads, usage)
    return usage


def _without_parameters(read: Read, reads: Sequence[Read]) -> tuple[Term | None, Term | None]:
    """The sides of a statement; where it defines a loss that is called with other arguments, its own are no letters."""
    left, right = read.left, read.right
    if not isinstance(left, Call) or right is None or left.function.base not in LOSSES:
        return left, right
    if not is_called_otherwise(left, reads):
        return left, right
    return with_own_parameters(left, left), with_own_parameters(right, left)


def with_own_parameters(term: Term, left: Call) -> Term:
    """A function's body with names of their own for its parameters: y_k in L(a, y) is no y of the page."""
    bases = {argument.base for argument in left.arguments if isinstance(argument, Name) and not argument.children}

    def change(name: Name) -> Term:
        return replace(name, base=PARAMETER + name.base) if name.base in bases and not name.sup else name

    return map_names(term, change)


def is_called_otherwise(left: Call, reads: Sequence[Read]) -> bool:
    """l(z_i, y_i) or l'(z) beside l(z) = ...: a loss that is a function of its arguments, and no quantity."""
    return any(
        isinstance(part, Call) and replace(part.function, primes=0) == left.function
        and (part.arguments != left.arguments or part.function.primes > 0)
        and len(part.arguments) == len(left.arguments)
        for read in reads for side in (read.left, read.right) for part in parts_of(side)
    )  # fmt: skip


def _kroneckers(reads: Sequence[Read], usage: Usage) -> set[str]:
    """The kj of a Kronecker delta_kj, where delta_k or delta_nk is an error signal."""
    signals = {
        "".join(index.base for index in left.sub if isinstance(index, Name)) for read in reads
        if isinstance(left := read.left, Name) and left.base == "delta"
        and not isinstance(read.right, (Number, Cases, Indicator))
    } - {""}  # fmt: skip
    outputs = [word for base, words in usage.letter_pairs.items() if base not in {"delta", *WEIGHTS} for word in words]
    samples = {word[0] for word in signals if len(word) == 2}
    entries = {word[1] for word in (*signals, *outputs) if len(word) == 2 and word[0] in samples}
    pairs = {word for word in usage.letter_pairs["delta"] if len(word) == 2} - signals
    if samples:
        return {word for word in pairs if samples.isdisjoint(word) and entries.issuperset(word)}
    return pairs - set(outputs) if signals else set()


def _no_matrices(reads: Sequence[Read]) -> set[str]:
    """Capitals that are no matrix of what the small letter has entries of: Z = sum_i exp(z_i), the F in dF/dw."""
    found: set[str] = set()
    for read in reads:
        for side in (read.left, read.right):
            losses = (part.of for part in parts_of(side) if isinstance(part, Derivative))
            found |= {of.base for of in losses if isinstance(of, Name) and of.base in LOSSES and not of.children}
        left, right = read.left, parts_of(read.right)
        if isinstance(left, Name) and len(left.sub) < 2 and any(isinstance(part, (Total, Call)) for part in right):
            found |= {left.base} & {capital(part.base) for part in right if isinstance(part, Name) and part.sub}
    return found


def fixed_letters(reads: Sequence[Read], usage: Usage) -> frozenset[str]:
    """o and c in a loss of u_o^T v_c, which no sum runs over: indices, or names of one word each."""
    found: set[str] = set()
    for read in reads:
        left = read.left.function if isinstance(read.left, Call) else read.left
        if isinstance(left, Name) and left.base in LOSSES and not left.children and read.right is not None:
            found |= index_letters(read.right)
    return frozenset(
        letter for letter in found
        if len(letter) == 1 and letter not in usage.bound and letter not in usage.raised and not usage.tops[letter]
        and letter not in _RUNNING
    )  # fmt: skip


_RUNNING = set("ijklmnrst")
"""Letters that run, whether a sum says so or not."""


def losses_of_examples(usage: Usage, known: set[str]) -> bool:
    """Note which losses are defined for one example only, and which without an index that they are meant with."""
    usage.only_examples = {base for base in LOSSES if f"{base}#" in known and base not in known}
    usage.plain_examples = {
        base for base in LOSSES if base in known and f"{base}#" not in known and base in usage.raised_examples
    }
    return bool(usage.only_examples or usage.plain_examples)


def columns_of_capitals(reads: Sequence[Read], symbols: Symbols, known: set[str]) -> dict[str, str]:
    """z^[1] beside a defined Z^[1], and y beside Y and y^(i): of example i, whose number is left out."""
    usage = symbols.usage
    letters = sorted(set(usage.raised) - {"l", "L"})
    if len(letters) != 1:
        return {}
    parameters = {
        argument.base for read in reads if isinstance(read.left, Call) and not read.left.function.primes
        for argument in read.left.arguments if isinstance(argument, Name) and not argument.children
    }  # fmt: skip
    layered = {key.split("@")[0] for key in known if "@" in key}
    bases = {base for base in usage.tops if len(base) == 1 and base.islower() and base not in LOSSES}
    found = {f"{base}@" for base in bases if base not in layered and base.upper() in layered}
    data = (bases & {"x", "y"} & usage.raised_examples) - parameters - known
    found |= {base for base in data if found and set(usage.arity[base.upper(), ""]) == {0}}
    return dict.fromkeys(found, letters[0])


_SQUARED = {"sigma", "r", "R", "s", "tau", "chi"}
"""Letters that are squared on the left side too, a variance say, and do not number layers above."""


def _find_numbered(reads: Sequence[Read], usage: Usage) -> None:
    """Numbers that tell names apart, below (z_2 = ...) or above (z^2 = w^2 a^1)."""
    for read in reads:
        left = read.left
        if not isinstance(left, Name) or isinstance(read.right, Number):
            continue
        if len(left.sub) == 1 and isinstance(left.sub[0], Number) and left.sub[0].value > 0:
            usage.numbered_names.add(left.base)
        numbered = any(isinstance(script.body, Number) and script.raised is Raised.BARE for script in left.sup)
        if numbered and left.base not in _SQUARED:
            usage.layered.add(left.base)
            usage.layered |= {
                base for base in usage.numbers_raised if base in {"w", "W", "b", "a", "z", "h", "delta", "y"}
            }
    # W^1 is no power, so that W^2 is none.
    usage.layered |= {base for base in ("W", "w", "b", "theta") if {1, 2} <= usage.numbers_raised.get(base, set())}
    if usage.numbered_names & {"z", "a", "h", "W"}:
        usage.numbered_names |= {base for base in usage.numbered if base in {"W", "b", "a", "z", "h"}}


def layer_numbers(reads: Sequence[Read], usage: Usage, depth: int = 0) -> list[dict[str, int]]:
    """Every numbering of the layers l and L to try; one empty one where no layer is lettered.

    Args:
        depth: how many layers there are, if that is known.
    """
    generic = any(
        isinstance(part, Name)
        and any(
            isinstance(inner, Name) and usage.is_layer(inner.base)
            for script in (*(s.body for s in part.sup), *part.sub)
            for inner in script.walk()
        )
        for read in reads
        for part in (*parts_of(read.left), *parts_of(read.right))
    )
    if not generic:
        return [{}]
    numbers = [n for base in usage.numbers_raised for n in usage.numbers_raised[base] if base in usage.layered]
    last = max([n for n in numbers if n < 8], default=0)
    last = depth or max(last, 4)
    return [{"l": layer, "L": last} for layer in range(1 if usage.names_input else 2, last + 1)]


def _primed(reads: Sequence[Read]) -> set[str]:
    """Sigma in Sigma'(z) = diag(...), where no Sigma without a prime stands."""
    names = {
        (part.function.base, part.function.primes) for read in reads for side in (read.left, read.right)
        for part in parts_of(side) if isinstance(part, Call)
    }  # fmt: skip
    defined = {read.left.function.base for read in reads if isinstance(read.left, Call) and read.left.function.primes}
    return {base for base in defined if (base, 0) not in names and not known_function(base) and base != "sigma"}


def _labels_and_targets(terms: list[Term], usage: Usage) -> set[str]:
    """y in a_y, where y_j stands, too."""
    return {
        index.base for term in terms for part in term.walk() if isinstance(part, Name)
        for index in part.sub if isinstance(index, Name) and not index.sub
        and index.base in {"y", "t", "c"} and index.base not in usage.bound and index.base not in usage.label_bases
        and usage.letter_pairs.get(index.base) and max(usage.arity[index.base, ""]) == 1
    }  # fmt: skip


def aliases(usage: Usage) -> dict[str, str]:
    """Names that mean another quantity: sigma_j, which is never called, where there is a delta_j."""
    arity = usage.arity
    misprinted = arity[("sigma", "")][1] and not usage.called["sigma_"] and arity[("delta", "")][1]
    return {"sigma": "delta"} if misprinted else {}


def last_layers(reads: Sequence[Read], symbols: Symbols, known: set[str]) -> dict[str, int]:
    """a in nabla_a C, where there are a^1 to a^L: only where nothing but derivatives are by a letter without layer."""
    last: dict[str, int] = {}
    parts = [part for read in reads for side in (read.left, read.right) for part in parts_of(side)]
    for base in ("a", "z"):
        layers = [int(key[2:]) for key in known if key.startswith(f"{base}@") and key[2:].isdecimal()]
        names = [part for part in parts if isinstance(part, Name) and part.base == base and not part.accent]
        plain = sum(symbols.key(name) == base for name in names)
        by = sum(
            isinstance(part, Derivative) and any(isinstance(by, Name) and symbols.key(by) == base for by in part.by)
            for part in parts
        )
        if layers and plain and plain == by:
            last[base] = symbols.layers.get("L", max(layers))
    return last


def split_by_letters(reads: Sequence[Read], kinds: Mapping[int, Kind], symbols: Symbols) -> bool:
    """z_j = ... of the hidden layer and z_k = ... of the output: quantities that only their letter tells apart.

    They are recognised by two definitions with different letters, or by a quantity that would be made of itself.
    """
    usage = symbols.usage
    letters: dict[str, set[str]] = {}
    made_of: dict[str, set[str]] = {}
    for number, read in enumerate(reads):
        if kinds[number] not in {Kind.DEFINITION, Kind.AGAIN, Kind.FUNCTION} or not isinstance(read.left, Name):
            continue
        symbol = symbols.resolve(read.left)
        own = [index.base for index in read.left.sub if isinstance(index, Name) and index.font != "text"]
        if own and len(own) == len(read.left.sub) and read.right is not None:
            letters.setdefault(symbol.key, set()).add("".join(own))
            made_of.setdefault(symbol.key, set()).update(keys_named(read.right, symbols))
    twice = {key for key, found in letters.items() if len(found) > 1}
    circular = {key for key in made_of if key in _reached(made_of, key)}
    bases = {key for key in twice | circular if key in letters}
    # delta_k by the outputs and delta_j by the hidden units.
    errors = {"delta"} & twice
    if errors and not _are_apart(letters["delta"], usage):
        errors -= _without_derivatives(reads, kinds, symbols)
    if not circular & bases and not errors:
        return False
    bases = bases if circular & bases else errors
    usage.split = {key: letters[key] for key in bases}
    layers = {letter for key in bases for word in letters[key] for letter in word}
    for key, found in letters.items():
        # y_l beside y_k = a_k: l runs over what k runs over.
        letter = next(iter(found))
        if key not in bases and len(found) == 1 and letter in layers:
            for other in usage.letter_pairs.get(key, set()):
                if len(other) == 1 and other not in layers:
                    usage.same_letters[other] = letter
    return bool(bases)


def _are_apart(words: set[str], usage: Usage) -> bool:
    """Does nothing but the errors stand with two of these letters, so that each is of a layer of its own?"""
    return all(len(words & found) < 2 for base, found in usage.letter_pairs.items() if base != "delta")


def _without_derivatives(reads: Sequence[Read], kinds: Mapping[int, Kind], symbols: Symbols) -> set[str]:
    """The keys of quantities that a definition without a derivative has."""
    return {
        symbols.resolve(read.left).key for number, read in enumerate(reads)
        if kinds[number] in {Kind.DEFINITION, Kind.AGAIN} and isinstance(read.left, Name)
        and not any(isinstance(part, Derivative) for part in parts_of(read.right))
    }  # fmt: skip


def _reached(made_of: dict[str, set[str]], key: str) -> set[str]:
    """All that a quantity is made of, directly or through others."""
    known: set[str] = set()
    waiting = [key]
    while waiting:
        for used in made_of.get(waiting.pop(), ()):
            if used not in known:
                known.add(used)
                waiting.append(used)
    return known
