"""Projector mode: sheets, figures and the live view grow by one factor, and shrink again."""

import io

import numpy as np
import pytest
from PIL import Image

import nst_jax as nst
from nst_jax.images import screen
from nst_jax.notebook import show

matplotlib = pytest.importorskip("matplotlib", reason="figures need matplotlib")
GREY = np.full((30, 40, 3), 0.5, np.float32)


@pytest.fixture(autouse=True)
def as_before():
    yield
    show.projector(1)


def sizes():
    """Pixels across of a sheet, a gallery and a drawing."""
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(figsize=(3, 2), layout="constrained")
    axes.plot([0, 1], linewidth=2)
    drawn = Image.open(io.BytesIO(show.drawing(figure).png)).width
    return [show.pictures({"a": GREY}, width=200).image.shape[1], show.gallery({"a": GREY}).image.shape[1], drawn]


def test_everything_grows_by_the_factor_and_back():
    before = sizes()  # with the room between panels, which stays
    for factor in (1.4, 2.0):
        show.projector(factor)
        show.projector(factor)  # once more changes nothing
        assert sizes() == [pytest.approx(factor * size, rel=0.05) for size in before]
    show.projector(1)
    assert sizes() == before
    assert screen.zoom() == 1


def test_the_live_view_grows_too():
    pytest.importorskip("ipywidgets", reason="the views need ipywidgets")
    from nst_jax.notebook.live_panel import LivePanel

    def measured():
        panel = LivePanel((), lambda name, value: None)
        curves = Image.open(io.BytesIO(panel.curves.value)).width
        return [int(image.layout.width.removesuffix("px")) for image in (panel.picture, panel.curves)] + [curves]

    before = measured()
    show.projector()
    assert measured() == [pytest.approx(1.3 * size, abs=1) for size in before]
    # Beside each other in JupyterLab at 1280 pixels with its file browser closed: an output is 1100 wide there, and
    # each widget has a margin of 2.
    assert sum(measured()[:2]) + 2 * 4 < 1090


@pytest.mark.parametrize("wrong", [0.5, 4, "large", None])
def test_another_factor_is_refused_and_changes_nothing(wrong):
    before = matplotlib.rcParams["figure.dpi"]
    with pytest.raises(nst.SettingError, match="zoom="):
        show.projector(wrong)
    assert (screen.zoom(), matplotlib.rcParams["figure.dpi"]) == (1, before)
