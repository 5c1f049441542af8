"""From a document's definitions to numbers: shapes, distinct prime sizes, random arrays, values of all definitions."""

from __future__ import annotations

import numpy as np

from ..evaluation import World, dependencies, keys_in
from ..meaning.draft import Draft
from ..meaning.symbols import LOSSES
from ..renaming import keys_named
from ..terms import Call, Name, Quotient
from .drawing import fill
from .inference import Guess, examples_of, give_sizes, infer, learn_from_claims, sizes_of
from .quantity import Definition
from .ranks import looks_learnt, multiplied_by_matrices


def build(draft: Draft, guess: Guess, seed: int = 0, *, positive: bool = False, turn: int | None = None) -> World:
    """The world a document speaks of, on random arrays.

    Definitions that make no sense are left out; what depends on them then has no meaning, and is said so.

    Args:
        turn: of which interval between thresholds numbers are that are compared with them; None for any numbers.
    """
    draft.vectors = multiplied_by_matrices(draft)
    shapes, failed, _ = infer(draft, guess.ranks, guess.dropped)
    give_sizes(shapes)
    learn_from_claims(draft, shapes)
    sizes = sizes_of(shapes, draft)
    world = World(
        draft.symbols, shapes.quantities, {}, {}, draft.functions, draft.named_functions, sizes, draft.alternatives
    )
    definitions = _understood(draft, {
        key: shapes.taken.get(key, definition) for key, definition in draft.definitions.items()
        if key in shapes.defined and key not in failed
    })  # fmt: skip
    world.definitions.update(definitions)
    _find_losses(world)
    for attempt in range(3):
        # The second of two probes is the first one mirrored, so that every number is met with both signs.
        mirrored = seed > 0 and seed % 2 == 0
        generator = np.random.default_rng(seed - mirrored + 1000 * attempt)
        fill(world, definitions, draft, generator, positive=positive or attempt > 0, mirrored=mirrored, turn=turn)
        if all(np.isfinite(array).all() for array in world.arrays.values()):
            break
    _find_losses(world)
    world.thresholds, world.above = draft.thresholds, draft.above
    world.examples = frozenset(examples_of(draft) | set(draft.usage.raised))
    world.not_understood = frozenset(draft.definitions) - set(world.definitions)
    world.parameters = tuple(key for key in world.quantities if key not in world.definitions and looks_learnt(key))
    return world


def _understood(draft: Draft, kept: dict[str, Definition]) -> dict[str, Definition]:
    """Of definitions that make sense, those that are made of nothing else than such, and of what is free."""
    while True:
        lost = draft.definitions.keys() - kept.keys()
        left = {key: d for key, d in kept.items() if not keys_named(d.body, draft.symbols) & lost}
        if len(left) == len(kept):
            return kept
        kept = left


def _find_losses(world: World) -> None:
    """What is differentiated, of one example and of all, and how many examples there are."""
    world.loss = _loss(world)
    world.example_loss = _example_loss(world)
    world.samples = _samples(world)


def _example_loss(world: World) -> str | None:
    """What the cost is the mean of: the loss of one example."""
    if world.loss is None:
        return None
    for part in world.definitions[world.loss].body.walk():
        if isinstance(part, Name):
            key = world.symbols.resolve(part).key
            if key in world.definitions and len(world.quantities[key].sizes) == 1 and key[0] in "LlCEJ":
                return key
        if isinstance(part, Call):
            key = world.symbols.resolve(part.function).key
            if key in world.definitions and len(world.quantities[key].sizes) == 1 and key[0] in "LlCEJ":
                return key
    return None


def _samples(world: World) -> int | None:
    """The number of examples: the size that the cost is divided by."""
    if world.loss is None:
        return None
    for key in (world.loss, *sorted(dependencies(world, world.loss) & set(world.definitions))):
        for part in world.definitions[key].body.walk():
            if isinstance(part, Quotient):
                for below in part.below.walk():
                    if isinstance(below, Name) and below.base in world.sizes:
                        return int(world.sizes[below.base])
    return None


def _loss(world: World) -> str | None:
    """What dW and the like are derivatives of: a scalar that nothing else is made of."""
    scalars = [key for key in world.definitions if not world.quantities[key].sizes and key not in world.sizes]
    used = {k for key in world.definitions for k in keys_in(world, world.definitions[key].body)}
    # A loss of one example that is called as a function is no end, either.
    used |= {
        world.symbols.key(part.function) for definition in world.definitions.values()
        for part in definition.body.walk() if isinstance(part, Call)
    }  # fmt: skip
    ends = [key for key in scalars if key not in used] or scalars
    ranked = sorted(
        ends, key=lambda key: LOSSES.index(key.split("_")[0]) if key.split("_")[0] in LOSSES else len(LOSSES)
    )
    return ranked[0] if ranked else None
