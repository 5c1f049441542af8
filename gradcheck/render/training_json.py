"""A training run as one strict JSON document, schema gradcheck/training/1: null where there is nothing to tell."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from gradcheck.version import __version__

from .json_number import number
from .report_json import finding_as_json

if TYPE_CHECKING:
    from collections.abc import Iterable

    from checkers.training.divergence import Divergence
    from checkers.training.history import Epoch, LearningError
    from gradcheck.training import Trained

SCHEMA = "gradcheck/training/1"

JsonObject = dict[str, Any]


def render(trained: Trained) -> str:
    """The document, indented, ending in a line feed."""
    return json.dumps(as_json(trained), indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def as_json(trained: Trained) -> JsonObject:
    """The document as a dict of what JSON knows: strings, finite numbers, booleans, lists, dicts and None."""
    request = trained.request
    return {
        "schema": SCHEMA,
        "version": __version__,
        "exercise": trained.exercise,
        "title": trained.title,
        "file": None if request.file is None else str(request.file),
        "planted": None if request.mistake is None else {"code": request.mistake, "message": trained.mistake},
        "layers": list(trained.sizes),
        "activation": trained.activation,
        "settings": asdict(trained.settings) | {"start": request.start, "dtype": request.dtype},
        "data": _data(trained),
        "learners": [_learner(trained, name) for name in trained.histories],
        "step_sizes": _step_sizes(trained),
        "interrupted": trained.interrupted,
    }


def _data(trained: Trained) -> JsonObject:
    data = trained.data
    return {
        "name": data.name,
        "source": data.source,
        "train": len(data.train),
        "test": len(data.test),
        "classes": data.classes,
        "features": list(data.features),
        "image": None if data.image is None else list(data.image),
    }


def _learner(trained: Trained, name: str) -> JsonObject:
    history = trained.histories[name]
    return {
        "name": name,
        "epochs": [_epoch(epoch) for epoch in history.epochs],
        "stopped": _stopped(history.stopped),
        "divergence": _divergence(trained.divergences.get(name)),
    }


def _epoch(epoch: Epoch) -> JsonObject:
    return {
        "number": epoch.number,
        "cost": number(epoch.train.cost),
        "test_cost": number(epoch.test.cost),
        "accuracy": number(epoch.train.accuracy),
        "test_accuracy": number(epoch.test.accuracy),
        "seconds": number(epoch.seconds),
    }


def _stopped(stopped: LearningError | None) -> JsonObject | None:
    return None if stopped is None else {"step": stopped.step, "finding": finding_as_json(stopped.finding)}


def _divergence(found: Divergence | None) -> JsonObject | None:
    return None if found is None else asdict(found)


def _step_sizes(trained: Trained) -> JsonObject | None:
    """Relative errors of finite differences of the cost before the first step, by their step."""
    curve = trained.step_sizes
    if curve is None:
        return None
    return {"steps": _numbers(curve.steps), "forward": _numbers(curve.forward), "central": _numbers(curve.central)}


def _numbers(values: Iterable[float]) -> list[float | str | None]:
    return [number(float(value)) for value in values]
