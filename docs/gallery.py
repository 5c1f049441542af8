"""The picture of docs/gallery.md: cost and accuracy of the first command of each of its sections.

python docs/gallery.py    writes docs/pictures/gallery.png
"""

import re
import shlex
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from importlib import import_module
from inspect import signature
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
PICTURE = ROOT / "docs/pictures/gallery.png"
COLUMNS = 4
COLOURS = ("tab:blue", "tab:red")


def sections(page: str) -> Iterator[tuple[str, list[str]]]:
    """Each heading with a number, and the arguments of the first training command below it."""
    for section in re.split(r"^## (?=\d)", page, flags=re.MULTILINE)[1:]:
        command = re.search(r"^\$ gradcheck train (.*)$", section, re.MULTILINE)
        if command is not None:
            yield section.splitlines()[0], shlex.split(command[1])


def default_of(option: str) -> Any:
    """What `gradcheck train` takes for an option that is not given."""
    return signature(import_module("gradcheck.cli.train").train).parameters[option].default


def trained(arguments: list[str]) -> Any:
    """What came of a command."""
    parser = ArgumentParser()
    parser.add_argument("exercise")
    parser.add_argument("--mistake")
    parser.add_argument("--epochs", type=int, default=default_of("epochs"))
    parser.add_argument("--quiet", action="store_true")
    given = parser.parse_args(arguments)
    training, settings = import_module("gradcheck.training"), import_module("checkers.training.settings")
    request = training.Request(given.exercise, mistake=given.mistake)
    return training.train(request, settings.Settings(given.epochs, reg=default_of("reg")))


def draw(page: str) -> Any:
    """A figure with two axes for each section: the cost, and below it the accuracy on the test set."""
    from matplotlib.figure import Figure  # noqa: PLC0415 - not pyplot, which wants a screen

    runs = [(title, trained(arguments)) for title, arguments in sections(page)]
    bands = -(-len(runs) // COLUMNS)
    figure = Figure(figsize=(3 * COLUMNS, 3.6 * bands), layout="constrained")
    axes = figure.subplots(2 * bands, COLUMNS, squeeze=False, height_ratios=[3, 2] * bands)
    for place, (title, run) in enumerate(runs):
        band, column = divmod(place, COLUMNS)
        cost, accuracy = axes[2 * band, column], axes[2 * band + 1, column]
        for (name, history), colour in zip(run.histories.items(), COLOURS, strict=True):
            epochs = [epoch.number for epoch in history.epochs]
            cost.plot(epochs, [epoch.train.cost for epoch in history.epochs], color=colour, label=name)
            accuracy.plot(epochs, [100 * epoch.test.accuracy for epoch in history.epochs], color=colour)
        # Twice the first cost: what leaves the picture grows without end.
        cost.set_ylim(0, 2 * max(history.epochs[0].train.cost for history in run.histories.values()))
        cost.set_title(title, loc="left", fontsize="medium")
        cost.legend(fontsize="small")
        accuracy.set_ylim(0, 100)
        for axis in (cost, accuracy):
            axis.xaxis.get_major_locator().set_params(integer=True)
        if column == 0:
            cost.set_ylabel("cost")
            accuracy.set_ylabel("test accuracy, %")
        if band == bands - 1:
            accuracy.set_xlabel("epoch")
    return figure


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    PICTURE.parent.mkdir(exist_ok=True)
    draw((ROOT / "docs/gallery.md").read_text(encoding="utf-8")).savefig(PICTURE, dpi=80)
