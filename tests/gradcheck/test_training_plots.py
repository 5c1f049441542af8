"""The pictures of a training run: what they show is what there is, in files that are well formed."""

import re
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest

from checkers.errors import UsageError
from checkers.training.settings import Settings
from gradcheck.render.training_html import NAMES
from gradcheck.render.training_plots import charts, check_plottable, composed, content, mosaic, picture, weight_images
from gradcheck.training import Request, train

SOLUTION = Path(__file__).parents[2] / "exercises/linear_regression/solution.py"


@pytest.fixture(scope="module")
def learnt():
    return train(Request("softmax-regression", mistake="mean-twice"), Settings(epochs=2))


@pytest.fixture(scope="module")
def diverged(tmp_path_factory):
    """Of a file whose name would be markup, mathematics, or no entry of a legend."""
    file = tmp_path_factory.mktemp("odd") / "_<b>$x&.py"
    file.write_bytes(SOLUTION.read_bytes())
    return train(Request("linear-regression", file), Settings(epochs=9, rate=1e3))


def axes(trained):
    """Every chart drawn: caption -> Axes."""
    from matplotlib.figure import Figure

    found = {}
    for chart in charts(trained):
        found[chart.caption.partition(" ")[0]] = axis = Figure().subplots()
        chart.draw(axis)
    return found


def test_the_curves_are_the_history(learnt):
    drawn = axes(learnt)
    assert list(drawn) == ["Cost", "Accuracy", "How"]
    for line, (name, part) in zip(
        drawn["Accuracy"].lines,
        [(name, part) for name in ("reference", "mean-twice") for part in ("train", "test")],
        strict=True,
    ):
        assert line.get_label() == f"{part}: {name}"
        shown = [100 * getattr(epoch, part).accuracy for epoch in learnt.histories[name].epochs]
        assert list(line.get_ydata()) == shown
    assert all(tick == round(tick) for tick in drawn["Accuracy"].get_xticks())
    assert drawn["Cost"].get_legend().get_texts()[0].get_text() == "train: reference"


def test_a_cost_that_grows_beyond_all_bounds_is_seen_on_a_logarithmic_axis(diverged, learnt):
    assert axes(learnt)["Cost"].get_yscale() == "linear"
    cost = axes(diverged)["Cost"]
    assert cost.get_yscale() == "log"
    finite = [epoch.train.cost for epoch in diverged.histories["reference"].epochs if np.isfinite(epoch.train.cost)]
    assert cost.get_ylim()[1] > max(finite) > 1e200
    shown = np.asarray(cost.lines[0].get_ydata(), dtype=float)
    assert list(shown[np.isfinite(shown)]) == finite
    assert len(cost.get_legend().get_texts()) == 4


def test_an_error_of_nothing_is_not_drawn(learnt):
    curve = learnt.step_sizes
    assert curve is not None
    exact = replace(curve, forward=np.where(np.arange(len(curve.steps)) == 5, 0.0, curve.forward))
    shown = np.asarray(axes(replace(learnt, step_sizes=exact))["How"].lines[0].get_ydata(), dtype=float)
    assert np.flatnonzero(np.isnan(shown)).tolist() == [5]


def test_weights_are_those_of_the_units_pixel_by_pixel(learnt):
    reference, mistaken = weight_images(learnt)
    assert "10 units" in reference.caption
    assert "of mean-twice" in mistaken.caption
    weights = learnt.first_weights["reference"]
    assert reference.images[3][1, 2] == weights[1 * 8 + 2, 3]
    with_ones = replace(learnt, first_weights={"reference": np.vstack([weights, np.full((1, 10), 99.0)])})
    np.testing.assert_array_equal(weight_images(with_ones)[0].images, reference.images)
    many = replace(learnt, first_weights={"reference": np.hstack([weights] * 3)})
    assert "20 of 30 units" in weight_images(many)[0].caption


def test_units_are_drawn_each_in_its_own_scale_and_what_is_no_number_as_nothing(learnt):
    weights = learnt.first_weights["reference"][:, :2] * [1.0, 1e200]
    weights[9, 1] = np.inf
    (shown,) = weight_images(replace(learnt, first_weights={"reference": weights}))
    drawn = mosaic(shown)
    assert drawn.shape == (8, 17)
    np.testing.assert_allclose(drawn[:, :8], shown.images[0] / np.abs(shown.images[0]).max())
    assert np.isnan(drawn[:, 8]).all()
    assert np.argwhere(np.isnan(drawn[:, 9:])).tolist() == [[1, 1]]
    assert np.nanmax(np.abs(drawn[:, 9:])) == 1.0


def test_the_page_is_well_formed_and_its_names_are_its_own(diverged):
    page = picture(diverged, ".html").decode()
    names = re.findall(r'\bid="([^"]+)"', page)
    assert len(names) == len(set(names)) > 20
    assert set(re.findall(r'href="#([^"]+)"|url\(#([^)]+)\)', page)) <= {(n, "") for n in names} | {
        ("", n) for n in names
    }
    assert "_&lt;b&gt;$x&amp;.py diverges" in page
    assert "<b>" not in page
    assert "#000000" not in page
    for svg in re.findall(r"<svg.*?</svg>", page, re.DOTALL):
        ElementTree.fromstring(svg)
    assert NAMES.search(page) is not None


def test_the_same_run_is_the_same_svg(diverged):
    few = replace(diverged, step_sizes=None)
    once, again = picture(few, ".svg"), picture(few, ".svg")
    assert once == again
    ElementTree.fromstring(once)


def test_a_png_has_all_charts_and_the_weights_below_each_other(learnt):
    figure = composed(replace(learnt, step_sizes=None))
    title, *parts = figure.subfigs
    assert "64-10; digits" in title.texts[0].get_text()
    assert [len(part.axes) for part in parts] == [2, 1, 1]
    assert content(figure, "png").startswith(b"\x89PNG")


def test_a_name_that_cannot_be_drawn_is_refused():
    with pytest.raises(UsageError, match="should end in"):
        check_plottable(Path("out.pdf"))
