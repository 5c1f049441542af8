"""Pairs that somebody declared: on the command line, in gradcheck.toml, or by a decorator."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches

from checkers.errors import UsageError
from checkers.own_code.claims import bare, plain
from checkers.own_code.declared import Call, Declaration, Meaning
from checkers.own_code.declared_arrays import Arrays, arrays_for
from checkers.own_code.facts import Facts, Function
from checkers.own_code.roles import Role, role_of
from checkers.own_code.units import Allowance, Case, Nature, Reading, Unit

from .pairs import split_arguments

SAMPLES = ("N", "n", "m", "B")
LOSSES = ("loss", "cost", "j", "l", "e", "error", "value", "objective", "f", "c")


def find(facts: Facts) -> Iterator[Unit]:
    """The units of every declaration.

    Raises:
        UsageError: a function does not exist or has no such argument, or it is not clear what an argument is.
    """
    for declaration in facts.declared:
        yield from _Pair(declaration, facts).units()


class _Pair:
    """A declaration beside the functions that it speaks of.

    Attributes:
        inputs: arrays whose shape is said, by their own names: the members of a dict one by one.
        options: arguments with a value; each is the source of it.
    """

    def __init__(self, declaration: Declaration, facts: Facts) -> None:
        self.said, self.place, self.facts = declaration, declaration.place, facts
        self.gradient = self._function(declaration.gradient)
        self.is_joint = declaration.of is None
        self.value = self.gradient if declaration.of is None else self._function(declaration.of)
        self.value_call = declaration.of or declaration.gradient
        self.value_names = self._arguments(self.value_call, self.value)
        self.gradient_names = self._arguments(declaration.gradient, self.gradient)
        self._check_names()
        self.inputs = {
            one.name: one
            for said in declaration.shapes.values()
            for one in (said if isinstance(said, tuple) else (said,))
        }
        usual, options = split_arguments(self.value)
        self.options = {
            name: values[0] for name, values in options.items() if name in self.value_names and name not in self.inputs
        }
        self.options |= {name: text for name, text in declaration.values.items() if not self._names_in(text)}
        self.arrays = [name for name in self.value_names if name not in self.options]
        self.undeclared = [name for name in self.arrays if name not in declaration.shapes]
        self.is_usual = set(self.undeclared) <= set(usual)

    # Reading what is said ---------------------------------------------------------------------------------------------

    def _function(self, call: Call) -> Function:
        function = self.facts.functions.get(call.name)
        if function is None:
            known = [one.name for one in self.facts.own]
            close = get_close_matches(call.name, known, 1)
            hint = f"Did you mean {close[0]}?" if close else f"Its functions: {', '.join(known) or 'none'}."
            if "." in call.name:
                hint = "Only functions of the file itself can be declared, not methods."
            raise UsageError(f"{self.place}: there is no function {call.name} in the file. {hint}")
        return function

    def _arguments(self, call: Call, function: Function) -> tuple[str, ...]:
        """Those that it is called with, in the order of its own."""
        node = function.node.args
        said = {*self.said.shapes, *self.said.values, *self.said.meanings}
        if call.arguments is None:
            return tuple(p.name for p in function.parameters if not p.has_default or p.name in said)
        unknown = [name for name in call.arguments if name not in function.names]
        if unknown and node.kwarg is None:
            close = get_close_matches(unknown[0], function.names, 1)
            hint = f" Did you mean {close[0]}?" if close else ""
            raise UsageError(
                f"{self.place}: {call.name} has no argument {unknown[0]}; its arguments are "
                f"{', '.join(function.names)} (line {function.line}).{hint}"
            )
        missing = [name for name in function.required if name not in call.arguments]
        if missing and not said >= set(call.arguments):  # foo(alpha = 0.1) tells of alpha only
            raise UsageError(
                f"{self.place}: {call.name}({', '.join(call.arguments)}) leaves out {' and '.join(missing)}, which "
                f"has no default value (line {function.line}). Write {call.name}({', '.join(function.required)})."
            )
        names = (*call.arguments, *missing)
        return tuple(sorted(names, key=lambda n: function.names.index(n) if n in function.names else 99))

    def _check_names(self) -> None:
        """Shapes and values must be of arguments."""
        known = {*self.value_names, *self.gradient_names}
        for name in (*self.said.shapes, *self.said.values, *self.said.meanings):
            if name not in known:
                close = get_close_matches(name, sorted(known), 1)
                hint = f"Did you mean {close[0]}?" if close else f"The arguments are {', '.join(sorted(known))}."
                functions = self.gradient.name if self.is_joint else f"{self.gradient.name} nor {self.value.name}"
                raise UsageError(
                    f"{self.place}: {'no' if self.is_joint else 'neither'} argument of {functions} is called {name}. "
                    f"{hint}"
                )
        for name in self.said.shapes:
            if name in self.said.values:
                raise UsageError(f"{self.place}: {name} has a shape and a value. Leave one out.")

    def _names_in(self, text: str) -> set[str]:
        """The names in an expression that stand for something of the call: inputs, what came back."""
        known = {*self.value_names, *self.value_call.returns} if not self.is_joint else set(self.value_names)
        names = {node.id for node in ast.walk(ast.parse(text, mode="eval")) if isinstance(node, ast.Name)}
        return names & (known - set(self.said.values))

    @property
    def wrt(self) -> tuple[str, ...]:
        """The inputs that there must be gradients for: by what is said, or by the names of what comes back."""
        if self.said.wrt:
            return self.said.wrt
        known = {*self.undeclared, *self.inputs}
        return tuple(
            match
            for label in self.said.gradient.returns
            if (match := next((name for name in known if bare(label) == plain(name)), "")) and label != "_"
        )

    def _check_wrt(self) -> None:
        known = [*self.undeclared, *self.inputs]
        for name in self.said.wrt:
            if name not in known:
                raise UsageError(f"{self.place}: wrt {name}: there is no such array; there are {', '.join(known)}.")
        labels = [one for one in self.said.gradient.returns if one != "_"]
        strange = [one for one in labels if not any(bare(one) == plain(name) for name in known)]
        if strange and not (self.is_joint and len(strange) == 1) and len(labels) > 1:
            raise UsageError(
                f"{self.place}: {self.gradient.name} returns {', '.join(labels)}, but {strange[-1]} names the gradient "
                f"with respect to none of {', '.join(known)}. Write d and the argument's name, or _ for what is none."
            )

    @property
    def loss_place(self) -> int | None:
        """Where a function that returns its loss with the gradient has the loss; None where that is to be found."""
        known = {*self.undeclared, *self.inputs}
        for place, label in enumerate(self.said.gradient.returns):
            if label != "_" and not any(bare(label) == plain(name) for name in known):
                return place
        return next((p for p, one in enumerate(self.said.gradient.returns) if one.lower() in LOSSES), None)

    # Units ------------------------------------------------------------------------------------------------------------

    def units(self) -> Iterator[Unit]:
        """One unit; two where only a call shows whether a loss or something entry by entry is differentiated."""
        self._check_wrt()
        if self.is_joint and not self.said.gradient.returns:
            raise UsageError(
                f"{self.place}: what is {self.gradient.name} the gradient of? Say `{self.gradient.name} of NAME`, or, "
                f"if it returns the loss with its gradient, `{self.gradient.name}(...) -> loss, dW`."
            )
        upstream, rest = ((), []) if self.is_joint else self._unbound()
        natures = [Nature.LAYER] if upstream else [Nature.LOSS] if self.is_joint else [Nature.LOSS, Nature.ELEMENTWISE]
        indices = [name for name in (*self.value.indices, *self.gradient.indices) if name in self.undeclared]
        groups = list(arrays_for(self._array_names(), self.inputs, self.value, indices))
        if not groups:
            unsaid = " and ".join(self.undeclared)
            raise UsageError(f"{self.place}: no usual shape of {unsaid} goes with the others. Say `{unsaid}: (N, D)`.")
        readings = tuple(
            self._reading(arrays, upstream, call, said)
            for arrays in groups
            for call, said in self._calls(upstream, rest)
        )
        said = self.place.partition(' "')[0]
        for nature in natures:
            yield Unit(
                name=self.gradient.name,
                nature=nature,
                value_name=f"the loss of {self.value.name}" if self.is_joint else self.value.name,
                rule=f"the gradient of {'its own loss' if self.is_joint else self.value.name}, as {said} says",
                line=self.gradient.line,
                readings=readings,
                functions=tuple(dict.fromkeys((self.value.name, self.gradient.name))),
                returned=self._returned(),
                is_declared=True,
                names_gradients=bool(self.wrt),
            )

    def _returned(self) -> tuple[tuple[str, ...], ...]:
        labels = self.said.gradient.returns
        if not labels:
            return self.gradient.returns
        rest = tuple(one for place, one in enumerate(labels) if not (self.is_joint and place == self.loss_place))
        return (rest,)

    def _array_names(self) -> list[str]:
        """Every array by its own name: a dict's members in its place; what only the gradient takes last."""
        names: list[str] = []
        for name in dict.fromkeys((*self.arrays, *self.said.shapes)):
            said = self.said.shapes.get(name)
            names += [one.name for one in said] if isinstance(said, tuple) else [name]
        return names

    def _unbound(self) -> tuple[tuple[str, ...], list[str]]:
        """Of the gradient's arguments those that carry upstream gradients, and those that are told by nothing."""
        said = self.said.meanings
        free = [name for name in self.gradient_names if self._bound(name) is None and name not in said]
        upstream = [name for name in self.gradient_names if said.get(name) is Meaning.UPSTREAM]
        if not upstream:
            upstream = [name for name in free if role_of(name) is Role.UPSTREAM]
            values = max((len(texts) - 1 for texts in self.value.returns if len(texts) > 1), default=1)
            upstream = upstream[: max(values, 1)]
        rest = [name for name in free if name not in upstream]
        if not upstream and len(rest) == 2 and role_of(rest[1]) is Role.CACHE:
            upstream, rest = rest[:1], rest[1:]
        given = {name for name in self.value_names if name in self.arrays}
        # Beside everything that the forward was given, its cache or its output would be a strange thing to ask for.
        is_strange = not upstream and rest and given <= {*self.gradient_names} and not self._is_output(rest[0])
        if len(rest) > 1 or is_strange or (rest and Meaning.CACHE in said.values()):
            raise UsageError(
                f"{self.place}: what {'is' if len(rest) == 1 else 'are'} {' and '.join(rest)} of {self.gradient.name}? "
                f"{self.value.name} has no such argument ({', '.join(self.value.names)}). Say it as in "
                f"`{rest[0]}: upstream` (the gradient that comes in), `{rest[-1]}: cache`, `{rest[-1]}: (N,)` "
                f"or `{rest[-1]} = 0.1`."
            )
        return tuple(upstream), rest

    def _is_output(self, name: str) -> bool:
        """Is an argument called what the forward's value or cache is called?"""
        known = {text for texts in self.value.returns for text in texts}
        return name in known or role_of(name) in {Role.CACHE, Role.PREDICTION}

    def _bound(self, name: str) -> str | None:
        """The source of an argument of the gradient function, where what is said tells it."""
        returns = self.value_call.returns
        if name in self.said.values and name not in self.options:
            return self._rewritten(self.said.values[name])
        if name in returns and not self.is_joint:
            return self._came_back(name)
        if name in self.options:
            return f"_o[{name!r}]"
        if name in self.arrays or name in self.said.shapes:
            return self._array(name)
        for texts in () if returns or self.is_joint else self.value.returns:
            if len(texts) > 1 and name in texts and role_of(name) is not Role.CACHE:
                return f"_returned[{texts.index(name)}]" if texts.index(name) else "_out"
        return None

    def _array(self, name: str) -> str:
        said = self.said.shapes.get(name)
        if isinstance(said, tuple):
            return "{" + ", ".join(f"{one.name!r}: _v[{one.name!r}]" for one in said) + "}"
        return f"_v[{name!r}]"

    def _came_back(self, name: str) -> str:
        place = [self.value_call.returns[one] for one in self._order].index(name)
        return "_out" if place == 0 else f"_returned[{place}]"

    @property
    def _order(self) -> tuple[int, ...]:
        """The places of what the forward returns, its value first."""
        returns = self.value_call.returns
        places = range(len(returns))
        said = [self.said.meanings.get(name) for name in returns]
        likely = [place for place in places if said[place] is None and role_of(returns[place]) is not Role.CACHE]
        first = said.index(Meaning.OUTPUT) if Meaning.OUTPUT in said else next(iter(likely), 0)
        return (first, *(place for place in places if place != first)) if returns else ()

    def _rewritten(self, text: str) -> str:
        """An expression in which the names of arguments stand for what they are called with."""
        pair = self

        class Names(ast.NodeTransformer):
            def visit_Name(self, node: ast.Name) -> ast.expr:
                source = pair._came_back(node.id) if node.id in pair.value_call.returns else None
                if source is None and node.id in pair.value_names:
                    source = f"_o[{node.id!r}]" if node.id in pair.options else pair._array(node.id)
                return ast.parse(source, mode="eval").body if source else node

        return ast.unparse(Names().visit(ast.parse(text, mode="eval")))

    # Readings ---------------------------------------------------------------------------------------------------------

    def _calls(self, upstream: Sequence[str], rest: Sequence[str]) -> Iterator[tuple[str, tuple[str, ...]]]:
        """The calls of the gradient function that may be meant, each with what was taken for granted."""
        returns = self.value_call.returns
        is_tuple = len(returns) > 1 or (not returns and any(len(texts) > 1 for texts in self.value.returns))
        first = f"_v[{self.arrays[0]!r}]" if self.arrays else "None"
        cache = ("_cache", "what it returns besides its value")
        choices = [cache] if is_tuple else [("_out", "what it returns"), (first, "its first argument"), cache]
        for source, told in choices if rest else [("", "")]:
            parts = {}
            for name in self.gradient_names:
                meaning = self.said.meanings.get(name)
                parts[name] = (
                    f"_us[{upstream.index(name)}]"
                    if name in upstream
                    else {Meaning.CACHE: "_cache", Meaning.OUTPUT: "_out"}[meaning]
                    if meaning is not None
                    else self._bound(name) or source
                )
            assumed = (f"{rest[0]} is {told}: {self.value.name}",) if rest and not is_tuple else ()
            yield _call(self.gradient, parts), assumed

    def _reading(self, arrays: Arrays, upstream: Sequence[str], call: str, assumed: tuple[str, ...]) -> Reading:
        count = max(len(upstream), 1)
        value = _call(self.value, {n: f"_o[{n!r}]" if n in self.options else self._array(n) for n in self.value_names})
        if len(order := self._order) > 1 and order != tuple(range(len(order))):
            value = f"(lambda _r: ({', '.join(f'_r[{place}]' for place in order)}))({value})"
        if arrays.guessed:
            assumed = (*assumed, f"the shape of {', '.join(arrays.guessed)} was not said")
        texts = self._joint(value) if self.is_joint else self._apart(value, call, count)
        return Reading(
            label=arrays.label,
            value=texts[0],
            gradient=texts[1],
            cases=tuple(self._cases(arrays)),
            wrt=self.wrt or self._differentiable(arrays),
            allowances=self._allowances(arrays) if upstream else (),
            assumed=assumed,
            is_guess=arrays.is_guess,
        )

    def _differentiable(self, arrays: Arrays) -> tuple[str, ...]:
        """The inputs of what is differentiated; () where that is all of them."""
        only = [name for name in self.said.shapes if name not in self.value_names]
        return tuple(one.name for one in arrays.inputs if one.kind.is_smooth and one.name not in only) if only else ()

    def _joint(self, value: str) -> tuple[str, str]:
        place = self.loss_place
        if place is None:
            return f"return _T.split_loss({value})[0]", f"return _T.split_loss({value})"
        rest = [one for one in range(len(self.said.gradient.returns)) if one != place]
        parts = f"_r[{rest[0]}]" if len(rest) == 1 else f"({', '.join(f'_r[{one}]' for one in rest)})"
        return f"return {value}[{place}]", f"_r = {value}\nreturn _T.value_of(_r[{place}]), {parts}"

    def _apart(self, value: str, call: str, count: int) -> tuple[str, str]:
        returns_one = len(self.value_call.returns) == 1
        several = "_returned" if returns_one and count == 1 else f"_T.several(_returned, {count})"
        first = "_returned" if returns_one else "_T.first(_returned)"
        return (
            f"_returned = {value}\nreturn {several}",
            f"""\
_returned = {value}
_out = _T.value_of({first})
_whole = _T.value_of({several})
_us = _T.split(_u, _returned, {count})
_cache = _T.cache_of(_returned, {count})
return _whole, {call}
""",
        )

    def _cases(self, arrays: Arrays) -> Iterator[Case]:
        """The declared options; with a regulariser's strength also 0, which tells its term from the others."""
        strength = next((n for n, t in self.options.items() if role_of(n) is Role.REGULARISATION and _number(t)), "")
        if strength:
            yield Case(f"{strength} = 0", self.options | {strength: "0.0"}, arrays.inputs, arrays.sizes)
        label = f"{strength} = {self.options[strength]}" if strength else ""
        yield Case(label, self.options, arrays.inputs, arrays.sizes)

    def _allowances(self, arrays: Arrays) -> tuple[Allowance, ...]:
        """Samples in columns: 1/m is often taken into the gradients with respect to weights and bias."""
        columns = [one for one in arrays.inputs if len(one.shape) == 2 and one.shape[1] in SAMPLES]
        rest = tuple(one.name for one in arrays.inputs if one not in columns and one.kind.is_smooth)
        if not columns or not rest:
            return ()
        text = f"1/m is taken into the gradients with respect to {' and '.join(rest)}"
        return (Allowance(rest, str(columns[0].shape[1]), text),)


def _call(function: Function, parts: Mapping[str, str]) -> str:
    positional = {one.arg for one in function.node.args.posonlyargs}
    return f"{function.name}({', '.join(s if n in positional else f'{n}={s}' for n, s in parts.items())})"


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0.0
