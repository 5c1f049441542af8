"""What goes in is not what should: samples dropped or in another order, inputs scaled, labels elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import sympy

from checkers.probes import Domain

from ..expressions import Entry
from ..model import Array, Role
from .site import Mistake, Site, Written


@dataclass(frozen=True, slots=True)
class _Slip:
    """Another array in the place of a data array, as NumPy makes it from that array {0}."""

    code: str
    prior: float
    message: str
    hint: str
    lines: tuple[str, ...]

    def of(self, name: str, array: str, variable: str) -> Written:
        """The slipped array, called `name`."""
        return Written(name, (array,), tuple(line.replace("{0}", variable) for line in self.lines))


CLASS_HINT = "Each row has a label of its own: d[np.arange(n), y] picks one entry of each row."
INPUTS = (
    _Slip("wrong-data", 1, "The inputs are centred first.", "Take the inputs as they are given.",
          ("return {0} - {0}.mean(axis=0)",)),
    _Slip("wrong-data", 0.5, "The mean of all inputs is subtracted first.", "Take the inputs as they are given.",
          ("return {0} - {0}.mean()",)),
    _Slip("wrong-data", 1, "The inputs are standardised first.", "Take the inputs as they are given.",
          ("return ({0} - {0}.mean(axis=0)) / ({0}.std(axis=0) + ({0}.std(axis=0) == 0))",)),
    _Slip("wrong-data", 0.5, "The inputs are divided by their largest.", "Take the inputs as they are given.",
          ("return {0} / {0}.max()",)),
    _Slip("wrong-data", 1, "The inputs are scaled to [0, 1] first.", "Take the inputs as they are given.",
          ("low, high = {0}.min(axis=0), {0}.max(axis=0)",
           "return ({0} - low) / (high - low + (high == low))")),
    _Slip("wrong-data", 1, "The inputs are divided by 255 first.", "Take the inputs as they are given.",
          ("return {0} / 255",)),
    _Slip("wrong-data", 0.5, "The last column of the inputs is left out.", "Count the columns of the inputs.",
          ("result = 1.0 * {0}", "result[:, -1] = 0", "return result")),
)  # fmt: skip
NO_ONES = _Slip(
    "wrong-index",
    2,
    "The column of ones is left out, so the biases' row gets no gradient.",
    "The biases are the weights of the column of ones: their row is updated like the others.",
    ("result = 1.0 * {0}", "result[:, -1] = 0", "return result"),
)
ROWS = (
    _Slip("wrong-data", 1, "The samples are in reverse order.", "Inputs and targets must stay in the same order.",
          ("return {0}[::-1]",)),
    _Slip("wrong-data", 0.5, "The samples are shifted by one.", "Inputs and targets must stay in the same order.",
          ("return np.roll({0}, 1, axis=0)",)),
    _Slip("wrong-data", 0.5, "The samples are shifted by one.", "Inputs and targets must stay in the same order.",
          ("return np.roll({0}, -1, axis=0)",)),
)  # fmt: skip
CLASSES = (
    _Slip("labels-shifted", 2, "The labels are shifted by one class.", "Do the labels count from 0 or from 1?",
          ("return np.roll({0}, 1, axis=1)",)),
    _Slip("labels-shifted", 2, "The labels are shifted by one class.", "Do the labels count from 0 or from 1?",
          ("return np.roll({0}, -1, axis=1)",)),
    _Slip("wrong-index", 3, "The labels are taken as columns of every row: d[:, y] for d[np.arange(n), y].", CLASS_HINT,
          ("return 1.0 * np.broadcast_to({0}.any(axis=0), {0}.shape)",)),
    _Slip("wrong-index", 1, "The labels are taken as rows: d[y] for d[np.arange(n), y].", CLASS_HINT,
          ("rows = np.isin(np.arange(len({0})), {0}.argmax(axis=1))",
           "return 1.0 * np.broadcast_to(rows[:, None], {0}.shape)")),
    _Slip("wrong-index", 1, "Every sample's label is taken to be the first class.", CLASS_HINT,
          ("return 1.0 * np.broadcast_to(np.arange({0}.shape[1]) == 0, {0}.shape)",)),
    _Slip("wrong-index", 1, "Every sample's label is taken to be the last class.", CLASS_HINT,
          ("return 1.0 * np.broadcast_to(np.arange({0}.shape[1]) == {0}.shape[1] - 1, {0}.shape)",)),
    _Slip("wrong-index", 1, "Every sample has the first sample's label.", CLASS_HINT,
          ("return 1.0 * np.broadcast_to({0}[0], {0}.shape)",)),
    _Slip("wrong-index", 1, "Every sample has the last sample's label.", CLASS_HINT,
          ("return 1.0 * np.broadcast_to({0}[-1], {0}.shape)",)),
    _Slip("wrong-index", 0.5, "The right class is taken for the wrong ones, and the wrong ones for it.", CLASS_HINT,
          ("return 1 - {0}",)),
    _Slip("overwritten-not-accumulated", 2, "Of all samples with the same label, only the last counts.",
          "With repeated labels, a[y] -= x drops all but the last: use np.add.at, or one-hot labels and @.",
          ("labels = {0}.argmax(axis=1)",
           "later = (labels[:, None] == labels) & (np.arange(len({0})) > np.arange(len({0}))[:, None])",
           "return {0} * ~later.any(axis=1)[:, None]")),
    _Slip("wrong-data", 2, "The number of the class is used, in every column, where one-hot labels belong.", CLASS_HINT,
          ("return 1.0 * np.broadcast_to({0}.argmax(axis=1)[:, None], {0}.shape)",)),
    _Slip("wrong-index", 0.5, "1 is subtracted from every class.", CLASS_HINT, ("return np.ones({0}.shape)",)),
)  # fmt: skip


def wrong_data(site: Site) -> Iterator[Mistake]:
    """Other data in one step: reversed, centred, with other labels; the other steps take the right ones."""
    for array in _data(site):
        for slip in _slips(array):
            name = f"{array.name}_slipped"
            swap = {e: Entry(sympy.Symbol(name), *e.indices) for e in site.value.atoms(Entry) if e.name == array.name}
            mistake = site.mistake(slip.code, slip.prior, slip.message, slip.hint, site.value.xreplace(swap))
            mistake.changed[name] = slip.of(name, array.name, array.name)
            yield mistake


def wrong_data_throughout(site: Site) -> Iterator[Mistake]:
    """Other data in all of a function, from its first line on; said at the first step that takes it."""
    for array in _data(site):
        if site.assignment is _first_use(site, array.name):
            for slip in _slips(array):
                written = slip.of(array.name, array.name, array.name)
                yield site.mistake_of(slip.code, slip.prior, slip.message, slip.hint, written)


def dropped_samples(site: Site) -> Iterator[Mistake]:
    """Half the batch, all but the last or the first sample; the mean over those, or still divided by n."""
    if site.assignment is not site.program.assignments[0]:
        return
    for size in site.sample_sizes:
        arrays = [a.name for a in site.model.arrays.values() if a.role is Role.DATA and (a.shape or (None,))[0] == size]
        for what, rows, count in (
            ("Only the first half of the samples counts.", "[: len({0}) // 2]", f"{size} // 2"),
            ("The last sample is left out.", "[:-1]", f"{size} - 1"),
            ("The first sample is left out.", "[1:]", f"{size} - 1"),
            ("Every sample but the first is left out.", "[:1]", "1"),
        ):
            cut = [Written(name, (name,), (f"return {name}{rows.replace('{0}', name)}",)) for name in arrays]
            counted = Written(size.name, (size.name,), (f"return {count}",))
            hint = "Check where the loop or the slice begins and ends."
            yield site.mistake_of("samples-dropped", 2, what, hint, *cut, counted)
            yield site.mistake_of(
                "samples-dropped", 1, f"{what[:-1]}, and the mean still divides by {size}.", hint, *cut
            )


def _data(site: Site) -> list[Array]:
    """The data arrays that the step takes entries of; gradients and states that an update takes are none."""
    if not site.model.parameters:
        return []
    names = sorted({entry.name for entry in site.value.atoms(Entry) if entry.name in site.model.arrays})
    arrays = [site.model.arrays[name] for name in names]
    return [a for a in arrays if a.role is Role.DATA and a.shape and "gradient" not in a.note]


def _slips(array: Array) -> tuple[_Slip, ...]:
    if array.domain is Domain.ONE_HOT:
        return (*CLASSES, *ROWS)
    if array.domain is Domain.WITH_ONES:
        return (NO_ONES, *INPUTS, *ROWS)
    if array.shape is not None and len(array.shape) == 2:
        return (*INPUTS, *ROWS)
    return ROWS


def _first_use(site: Site, name: str) -> object:
    """The first step that takes entries of an array."""
    uses = (a for a in site.program.assignments if any(e.name == name for e in a.value.atoms(Entry)))
    return next(uses, None)
