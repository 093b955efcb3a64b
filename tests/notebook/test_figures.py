"""Figures of curves: labels at the ends of their lines that do not overlap, and words for those who do not see them."""

import numpy as np
import pytest
from scipy.optimize import minimize

pytest.importorskip("matplotlib", reason="figures need matplotlib")

import matplotlib

matplotlib.use("agg")

from matplotlib.text import Text

from nst_jax.notebook import show
from nst_jax.notebook.figures import apart


@pytest.mark.parametrize("seed", range(4))
def test_places_are_the_nearest_that_keep_apart(seed):
    y, gap = np.random.default_rng(seed).uniform(0, 10, 6), 1.2
    places = apart(y, gap, 0, 10)
    order = np.argsort(y)

    def distance(z):
        return ((z - y[order]) ** 2).sum()

    kept = {"type": "ineq", "fun": lambda z: np.diff(z) - gap}
    best = minimize(distance, gap * np.arange(6) + 1, bounds=[(0, 10)] * 6, constraints=kept, tol=1e-12)
    np.testing.assert_allclose(places[order], best.x, atol=1e-4)


def test_without_room_places_still_keep_apart_in_order():
    places = apart(np.array([3.0, 1.0, 2.0]), 10, 0, 5)
    np.testing.assert_allclose(places, [20, 0, 10])


def test_labels_stand_at_the_ends_and_do_not_overlap():
    evaluations = np.arange(1, 101)
    ends = {"a": 1, "b": 1.001, "c": 1, "d": 3}
    runs = {name: {"evaluations": evaluations, "total": 1 / evaluations + end} for name, end in ends.items()}
    axes = show.curves(runs | {"short": {"evaluations": evaluations[:50], "total": np.full(50, 2.0)}}, title="t")
    axes.figure.draw_without_rendering()
    # An annotation's extent would include its line.
    labels = {text.get_text(): Text.get_window_extent(text) for text in axes.texts}
    assert set(labels) == {*"abcd", "short"}
    boxes = list(labels.values())
    assert not [(i, j) for i in range(5) for j in range(i) if boxes[i].overlaps(boxes[j])]
    for line in axes.get_lines():
        x, y = axes.transData.transform(line.get_xydata()[-1])
        box = labels[line.get_label()]
        assert 0 < box.x0 - x < 40
        assert abs((box.y0 + box.y1) / 2 - y) < 4 * box.height
    assert len({line.get_linestyle() for line in axes.get_lines()[:4]}) == 4
    figure = show.drawing(axes.figure)
    assert figure.text == "figure: t: loss against evaluations: a, b, c, d, short"
    assert figure._repr_png_() == (figure.png, {"alt": figure.text})


def test_labels_find_their_places_again_when_limits_titles_and_neighbours_have_changed():
    import matplotlib.pyplot as plt

    x = np.arange(1, 51)
    figure, panels = plt.subplots(1, 2, figsize=(6, 2.4), layout="constrained", sharey=True)
    for axes, scale in zip(panels, (1, 1000), strict=True):
        lines = {name: {"evaluations": x, "total": scale * end + 10 / x} for name, end in (("a", 1), ("b", 2))}
        show.curves(lines, axes=axes)
        axes.set(title="two\nlines", xscale="log", ylim=(0.1, 1e5))
    drawn = show.drawing(figure).figure
    drawn.draw_without_rendering()
    for axes in drawn.axes:
        boxes = [Text.get_window_extent(text) for text in axes.texts]
        assert not boxes[0].overlaps(boxes[1])
        ends = axes.transData.transform([line.get_xydata()[-1] for line in axes.get_lines()])[:, 1]
        middles = np.array([(box.y0 + box.y1) / 2 for box in boxes])
        np.testing.assert_allclose(middles.mean(), ends.mean(), atol=1.5)  # moved apart, both ways alike
        assert (np.abs(middles - ends) < boxes[0].height).all()


def test_lines_without_a_label_or_a_finite_point_get_none():
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots()
    show.label_ends(axes)
    axes.plot([0, 1], [1, 2])
    axes.plot([0, 1], [np.nan, np.nan], label="nowhere")
    axes.plot([0, 1, 2], [1, 2, np.nan], label="ends early")
    show.label_ends(axes)
    assert [(text.get_text(), tuple(text.xy)) for text in axes.texts] == [("ends early", (1, 2))]
    plt.close(figure)
