"""The chain rule over the named nodes of a model, from the loss back to each parameter."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import sympy
from sympy.core.parameters import distribute

from checkers.errors import ModelError, UsageError

from .calculus import collapse, differentiate, rule_of_differentiation
from .derivation import Derivation, Equality, Step
from .expressions import Adjoint, Entry, Index, Partial, SumOver, fresh, named_arrays, rename, size_of_tree
from .model import Array, Definition, Model
from .rewriting import Rule, rules_of


def sweep(model: Model, wrt: Iterable[str] | None = None) -> Derivation:
    """Derive the gradient of a model's loss, without proving it: `derivations.derive` does both.

    Args:
        wrt: names of arrays; all parameters when None.
    """
    # SymPy would write 2*(y - z) as 2*y - 2*z on its own.
    with distribute(False):
        return _Sweep(model).run(tuple(model.parameters if wrt is None else wrt))


class _Sweep:
    def __init__(self, model: Model) -> None:
        self.model = model
        self.loss = model.loss_definition
        self.rules = rules_of(model)
        self.steps: list[Step] = []
        self.results: dict[str, Step] = {}

    def run(self, wrt: tuple[str, ...]) -> Derivation:
        unknown = [name for name in wrt if name not in self.model.arrays]
        if unknown:
            raise UsageError(
                f"{self.model.name} has no array {', '.join(unknown)}. "
                f"It has {', '.join(name for name in self.model.arrays if name != self.loss.name)}."
            )
        idle = [name for name in wrt if name not in self.model.ancestors(self.loss.name)]
        if idle:
            raise ModelError(f"The loss of {self.model.name} does not depend on {', '.join(idle)}.")
        for definition in reversed(self.model.definitions):
            if definition is not self.loss and self._is_on_path(definition.name, wrt):
                self._derive(definition.entry)
        for name in wrt:
            if name not in self.results:
                self._derive(_natural_entry(self.model, self.model.arrays[name]))
        return Derivation(self.model, tuple(self.steps))

    def _is_on_path(self, name: str, wrt: tuple[str, ...]) -> bool:
        """Does the loss depend on the node, and the node on one of the arrays (or is it one)?"""
        if name not in self.model.ancestors(self.loss.name):
            return False
        return name in wrt or bool(self.model.ancestors(name) & set(wrt))

    def _derive(self, target: Entry) -> None:
        """Add the local derivatives and the adjoint of one array."""
        locals_, chain, inserted, substituted = [], [], [], []
        for consumer in self.model.definitions:
            reaches = consumer is self.loss or consumer.name in self.results
            if not reaches or target.name not in named_arrays(consumer.value):
                continue
            local, summed = self._local(consumer, target)
            locals_.append(local)
            adjoint = self._adjoint_entry(consumer, local.quantity.of)
            chain.append(SumOver(adjoint * local.quantity, *summed))
            inserted.append(SumOver(adjoint * local.result, *summed))
            substituted.append(SumOver(self._adjoint_value(consumer, adjoint) * local.result, *summed))
        writer = _Chain(Adjoint(*target.args))
        if chain == [locals_[0].quantity]:
            # Only the loss itself uses it: the local derivative is the adjoint.
            writer.equalities = (replace(locals_[0].equalities[0], left=writer.last), *locals_[0].equalities[1:])
            result = locals_[0].result
        else:
            self.steps.extend(locals_)
            chained = sympy.Add(*chain)
            writer.add(
                chained,
                "chain rule",
                self._chain_reason(target.name, [local.quantity.of for local in locals_], chained),
            )
            result = self._finish(writer, sympy.Add(*inserted), sympy.Add(*substituted))
        step = Step(f"d{self.loss.name}/d{target.name}", Adjoint(*target.args), result, writer.equalities)
        self.steps.append(step)
        self.results[target.name] = step

    def _local(self, consumer: Definition, target: Entry) -> tuple[Step, tuple[Index, ...]]:
        """The derivative of a node by its definition, and the node's indices that the chain rule sums over."""
        names = _aligned(consumer, target)
        entry, value = rename(consumer.entry, names), rename(consumer.value, names)
        summed = tuple(index for index in entry.indices if index not in target.indices)
        writer = _Chain(Partial(entry, target))
        writer.add(
            Partial(value, target), f"definition of {consumer.name}", f"Put in what {consumer.name} is.", brief=False
        )
        raw = differentiate(value, target)
        rule, reason = rule_of_differentiation(value, target)
        writer.add(raw, rule, reason, brief=False)
        self._collapse(writer, raw)
        self._rewrite(writer, self.rules)
        # What the loss depends on directly, beside other paths, is only a part of its derivative.
        name = f"d{consumer.name}/d{target.name}" + (" (direct)" if consumer is self.loss else "")
        return Step(name, Partial(entry, target), writer.last, writer.equalities), summed

    def _finish(self, writer: _Chain, inserted: sympy.Expr, substituted: sympy.Expr) -> sympy.Expr:
        """Take the adjoints by name or by value, whichever reads shorter, and end with the result."""
        named = _rewritten(collapse(inserted), self.rules)
        valued = _rewritten(collapse(substituted), self.rules)
        writer.add(inserted, "put in", "These local derivatives were found above.")
        if size_of_tree(valued) <= size_of_tree(named):
            writer.add(substituted, "put in", "The derivative of the loss was found above.")
            self._collapse(writer, substituted)
            self._rewrite(writer, self.rules)
            return writer.last
        self._collapse(writer, inserted)
        self._rewrite(writer, self.rules)
        result = writer.last
        self._close(writer)
        return result

    def _close(self, writer: _Chain) -> None:
        """Show the result once more with its adjoints put in, where those are short."""
        closed = writer.last
        for adjoint in sorted(closed.atoms(Adjoint), key=str):
            value = self._value_of(adjoint)
            if value.has(SumOver) or value.has(Adjoint):
                return
            closed = closed.xreplace({adjoint: value})
        writer.add(_rewritten(closed, self.rules), "put in", "The derivative of the loss was found above.")

    def _adjoint_entry(self, consumer: Definition, entry: Entry) -> sympy.Expr:
        return sympy.S.One if consumer is self.loss else Adjoint(*entry.args)

    def _adjoint_value(self, consumer: Definition, adjoint: sympy.Expr) -> sympy.Expr:
        return sympy.S.One if consumer is self.loss else self._value_of(adjoint)

    def _value_of(self, adjoint: Adjoint) -> sympy.Expr:
        step = self.results[adjoint.name]
        return rename(step.result, dict(zip(step.quantity.indices, adjoint.indices, strict=True)))

    def _chain_reason(self, name: str, through: list[sympy.Expr], chained: sympy.Expr) -> str:
        """Why these are all the terms: what the loss depends on it through."""
        paths = [entry.name for entry in through if entry.name != self.loss.name]
        direct = [] if len(paths) == len(through) else ["directly"]
        ways = " and ".join([*(f"through {path}" for path in paths), *direct])
        over = sorted({index.name for total in chained.atoms(SumOver) for index in total.indices})
        added = f", at every {', '.join(over)}: these contributions add up" if over else ""
        return f"{self.loss.name} depends on {name} only {ways}{added}."

    @staticmethod
    def _collapse(writer: _Chain, expression: sympy.Expr) -> None:
        writer.add(collapse(expression), "collapse the deltas", "A delta keeps the one term where both indices agree.")

    @staticmethod
    def _rewrite(writer: _Chain, rules: tuple[Rule, ...]) -> None:
        for rule in rules:
            writer.add(rule.apply(writer.last), rule.name, rule.reason)


class _Chain:
    """A chain of equalities that is being written: each new right side follows the last."""

    def __init__(self, first: sympy.Expr) -> None:
        self.last = first
        self.equalities: tuple[Equality, ...] = ()

    def add(self, right: sympy.Expr, rule: str, reason: str, *, brief: bool = True) -> None:
        """Add an equality, unless it says nothing new."""
        if right != self.last:
            self.equalities += (Equality(self.last, right, rule, reason, brief),)
            self.last = right


def _rewritten(expression: sympy.Expr, rules: tuple[Rule, ...]) -> sympy.Expr:
    for rule in rules:
        expression = rule.apply(expression)
    return expression


def _aligned(consumer: Definition, target: Entry) -> dict[Index, Index]:
    """New names for a node's indices: the target's where the node uses the target at that index only, else fresh ones.

    z[i] = sum_j w[j] x[i, j] uses y[i] in L[i] = (y[i] - z[i])^2 at i only, so dL/dz needs one i; softmax uses z at two
    classes, so its Jacobian needs two.
    """
    places: dict[Index, Index] = {}
    uses = [entry for entry in consumer.value.atoms(Entry) if entry.name == target.name]
    for axis, index in enumerate(target.indices):
        used = {entry.indices[axis] for entry in uses}
        if len(used) == 1 and used <= set(consumer.indices) and not used & set(places):
            places[used.pop()] = index
    taken = set(target.indices) | set(places.values())
    for index in consumer.indices:
        if index not in places:
            places[index] = fresh(index, taken) if index in taken else index
            taken.add(places[index])
    return places


def _natural_entry(model: Model, array: Array) -> Entry:
    """An entry of a declared array with the index letters the model first uses for it."""
    for definition in model.definitions:
        for entry in sympy.preorder_traversal(definition.value):
            if isinstance(entry, Entry) and entry.name == array.name and len(set(entry.indices)) == len(entry.indices):
                return entry
    raise ModelError(f"{model.name} never uses {array.name} with indices that all differ.")
