"""Before and after, the feature browser, the form and its formula: what they show, with a kernel and without."""

import base64
import io
import re

import numpy as np
import pytest
from PIL import Image

pytest.importorskip("ipywidgets", reason="the views need ipywidgets")
pytest.importorskip("matplotlib", reason="the views need matplotlib")

import nst_jax as nst
from nst_jax.losses.formula import formula, number
from nst_jax.networks.geometry import LAYERS
from nst_jax.notebook import widgets
from nst_jax.notebook.before_after import before_after, split
from nst_jax.notebook.feature_browser import browse
from nst_jax.notebook.next_run import form
from nst_jax.transfer.job import statistic_of
from nst_jax.transfer.settings import settings_of
from tests.support.pictures import picture
from tests.support.weights import random_weights

# What ipywidgets 7.7 does with the ipykernel of its time.
pytestmark = pytest.mark.filterwarnings("ignore:The `ipykernel.comm.Comm` class:DeprecationWarning")
WIDGET = "application/vnd.jupyter.widget-view+json"


@pytest.fixture(scope="module")
def network():
    return nst.VGG19(random_weights(widths=(2, 5), layers=LAYERS[:3]))


@pytest.fixture
def frontend(monkeypatch):
    monkeypatch.setattr(widgets, "headless", lambda: False)


def formula_of(s):
    layers = (s.content_layers, s.style_layers)
    return formula(s.convention, s.alpha, s.beta, s.tv, *layers, statistic_of(s), s.laplacian, s.self_similarity)


def decoded(jpeg):
    return np.asarray(Image.open(io.BytesIO(jpeg)))


def test_the_divider_shows_each_pixel_of_the_one_or_the_other():
    rng = np.random.default_rng(0)
    before, after = rng.integers(0, 256, (2, 5, 10, 3), dtype=np.uint8)
    for position, column in ((0.0, 0), (0.3, 3), (0.5, 5), (0.96, 10), (1.0, 10)):
        x = split(before, after, position, line=0)
        np.testing.assert_array_equal(x[:, :column], before[:, :column])
        np.testing.assert_array_equal(x[:, column:], after[:, column:])
    x = split(before, after, 0.5)
    assert (x[:, 4:6] == 255).all()
    np.testing.assert_array_equal(x[:, :4], before[:, :4])
    np.testing.assert_array_equal(x[:, 6:], after[:, 6:])
    np.testing.assert_array_equal(split(before, after, 0.0), after)
    np.testing.assert_array_equal(split(before, after, 1.0), before)


def test_moving_the_slider_redraws_the_picture():
    before, after = np.zeros((40, 64, 3), np.float32), np.ones((20, 32, 3), np.float32)
    view = before_after(before, after)
    for position in (0.25, 0.75):
        view.slider.value = position
        x = decoded(view.picture.value)
        assert x.shape == (20, 32, 3)  # of the second
        assert abs(int((x.mean(axis=(0, 2)) < 128).sum()) - position * 32) <= 1


def test_a_large_picture_is_shown_smaller_and_stands_side_by_side_without_a_kernel(frontend):
    view = before_after(picture(30, 40), picture(450, 600), labels=("photo", "painted"))
    assert decoded(view.picture.value).shape == (384, 512, 3)
    live, kept = (each.data for each in view._outputs())
    assert live[WIDGET]["model_id"] == view.widget.model_id
    assert kept["text/plain"] == "photo | painted"
    (alt, source) = re.search(r'<img alt="([^"]+)" src="data:image/jpeg;base64,([^"]+)"', kept["text/html"]).groups()
    assert alt == "photo | painted"
    sheet = decoded(base64.b64decode(source))
    assert sheet.shape[1] > 2 * 320
    with pytest.raises(nst.ImageError, match="before"):
        before_after(np.zeros((4, 4, 2)), picture(4, 4))


def test_without_a_frontend_there_is_no_widget_in_the_output(network):
    for view in (before_after(picture(8, 8), picture(8, 8)), browse(network, picture(16, 16))):
        (shown,) = view._outputs()
        assert set(shown.data) == {"text/plain", "image/jpeg"}
        assert shown.metadata["image/jpeg"]["alt"]


def test_the_browser_shows_the_channels_of_the_network_strongest_first(network):
    x = picture(24, 32)
    view = browse(network, x)
    assert list(view.features) == ["conv1_1", "conv2_1"]
    F = network(x, ("conv1_1", "conv2_1"))
    for layer in F:
        view.layer.value = layer
        strength = []
        for rank in range(1, F[layer].shape[2] + 1):
            view.rank.value = rank
            np.testing.assert_allclose(view.map, F[layer][:, :, view.channel], rtol=1e-6)
            strength.append(view.map.mean())
            assert f"{layer}, channel {view.channel}, {rank} of " in view.caption.value
        assert strength == sorted(strength, reverse=True)


def test_the_sliders_of_the_browser_only_index(network):
    class Counted:
        layers, calls = network.layers, 0

        def __call__(self, x, layers):
            self.calls += 1
            return network(x, layers)

    counted = Counted()
    view = browse(counted, picture(24, 32), ("conv2_1", "conv1_1"))
    shown = [view.view.value]
    for layer, rank in (("conv2_1", 5), ("conv1_1", 2), ("conv2_1", 1)):
        view.layer.value = layer
        view.rank.value = rank
        shown.append(view.view.value)
    assert counted.calls == 1
    assert len(set(shown)) == 4
    view.layer.value, view.rank.value = "conv2_1", 5
    view.layer.value = "conv1_1"  # has fewer
    assert view.rank.value == view.rank.max == 2


def test_the_browser_takes_dead_channels_and_refuses_layers_that_the_network_lacks(network):
    from nst_jax.notebook.feature_browser import Browser

    view = Browser(picture(16, 16), {"conv1_1": np.zeros((16, 16, 20), np.float32)})
    assert view.channel == 0
    assert decoded(view.view.value).shape[0] == 270
    with pytest.raises(nst.SettingError, match="conv5_1"):
        browse(network, picture(16, 16), "conv5_1")
    with pytest.raises(nst.SettingError, match="one layer"):
        browse(network, picture(16, 16), ())


def test_the_formula_states_the_settings_in_their_convention():
    latex = formula_of(nst.Settings(beta=1e3))
    assert r"\underbrace{1}_{\alpha}" in latex
    assert r"\underbrace{10^{3}}_{\beta}" in latex
    assert r"\underbrace{3}_{\mathrm{tv}}" in latex
    assert r"C = \{ \mathtt{conv4\_2} \}, \; v_l = 1" in latex
    assert r"\mathtt{conv1\_1},\; \mathtt{conv2\_1}" in latex
    assert "w_l = 0.2" in latex
    assert latex.count("{") == latex.count("}")
    paper = formula_of(nst.Settings(convention="paper", tv=0, style_layers={"conv1_1": 0.25, "conv2_1": 0.5}))
    assert r"\tfrac{1}{2}" in paper
    assert r"\frac{1}{4 N_l^2 M_l^2}" in paper
    assert "V(x)" not in paper
    assert r"\mathtt{conv2\_1}{:}\,0.5" in paper
    assert r"\alpha" not in formula_of(nst.Settings(alpha=0))


def test_the_formula_states_the_statistic_and_every_term():
    gram = nst.GRAM.formula.removeprefix(r"\frac{1}{4 N_l^2 M_l^2} ")
    plain = formula_of(nst.Settings())
    assert gram in plain
    for word in (r"\mathcal{D}_l", r"\kappa_l", "laplacian", "similarity"):
        assert word not in plain
    other = formula_of(nst.Settings(statistic="mean"))
    assert rf"\mathcal{{D}}_l = {statistic_of(nst.Settings(statistic='mean')).formula}" in other
    assert r"w_l \kappa_l \mathcal{D}_l" in other
    assert formula_of(nst.Settings(statistic="mean", beta=0)) == formula_of(nst.Settings(beta=0))
    both = formula_of(nst.Settings(alpha=0, laplacian=30, self_similarity=4))
    assert r"\underbrace{30}_{\mathrm{laplacian}}" in both
    assert r"\underbrace{4}_{\mathrm{self{-}similarity}}" in both
    assert r"C = \{ \mathtt{conv4\_2} \}" in both  # the layers of self-similarity, though alpha is 0
    for latex in (other, both):
        assert latex.count("{") == latex.count("}")


def test_the_form_states_the_statistic_that_it_was_given():
    assert r"\mathcal{D}_l" in form("photo.jpg", "painting.jpg", statistic="mean", laplacian=30).formula.value
    assert r"\mathrm{laplacian}" in form("photo.jpg", "painting.jpg", laplacian=30).formula.value
    assert "no statistic 'men'" in form("photo.jpg", "painting.jpg", statistic="men").formula.value


def test_the_form_chooses_statistic_colours_and_scale_and_the_layers_follow_the_statistic():
    chosen = form("photo.jpg", "painting.jpg")
    inputs = chosen.inputs
    inputs["statistic"].value, inputs["colour"].value, inputs["style_scale"].value = "patches", "content", 0.5
    s = settings_of(chosen.settings)
    assert (s.statistic, s.colour, s.style_scale) == ("patches", "content", 0.5)
    assert s.style_layers == ("conv3_1", "conv4_1")
    inputs["style_layers"].value = ("conv1_1", "conv2_1")
    assert settings_of(chosen.settings).style_layers == ("conv1_1", "conv2_1")
    given = form("photo.jpg", "painting.jpg", style_layers=("conv2_1",), statistic="patches")
    assert settings_of(given.settings).style_layers == ("conv2_1",)


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (1.0, "1"),
        (0.2, "0.2"),
        (1000.0, "10^{3}"),
        (2500.0, r"2.5 \cdot 10^{3}"),
        (1e-4, "10^{-4}"),
        (0.0, "0"),
        (3e8, r"3 \cdot 10^{8}"),
    ],
)
def test_numbers_in_the_formula(value, written):
    assert number(value) == written


def test_the_form_prepares_settings_and_shows_their_formula():
    chosen = form("photo.jpg", "painting.jpg", network="some.safetensors", beta=1e3, seed=3)
    s = nst.Settings(**chosen.settings)
    assert (s.network, s.seed, s.size, s.beta, s.init) == ("some.safetensors", 3, 256, 1e3, "content")
    inputs = chosen.inputs
    assert inputs["seed"].tooltip == "seed of the noise [0]"  # as the setting describes itself
    inputs["alpha/beta"].value = 1e-2
    inputs["style_layers"].value = ("conv1_1", "conv3_1")
    inputs["init"].value = "noise"
    inputs["size"].value = 128
    inputs["laplacian"].value = 30
    s = nst.Settings(**chosen.settings)
    assert (s.laplacian, s.self_similarity) == (30, 0)
    assert r"\underbrace{30}_{\mathrm{laplacian}}" in chosen.formula.value
    assert (s.alpha, s.beta) == (pytest.approx(10.0), 1e3)
    assert (s.style_layers, s.init, s.size) == (("conv1_1", "conv3_1"), "noise", 128)
    assert r"\underbrace{10}_{\alpha}" in chosen.formula.value
    assert chosen._outputs()[0].data["text/latex"] == chosen.formula.value


def test_the_form_says_what_means_nothing_and_does_not_run_it():
    chosen = form("photo.jpg", "painting.jpg", beta=0)
    assert "alpha/beta" not in chosen.inputs
    chosen.inputs["tv"].value = 0
    chosen.inputs["content_layers"].value = ()
    assert "every weight is zero" in chosen.formula.value
    assert chosen.run.disabled
    chosen.inputs["content_layers"].value = ("conv4_2",)
    assert not chosen.run.disabled


def test_run_opens_the_live_view_and_stops_the_one_before(network):
    small = {"content_layers": "conv2_1", "style_layers": {"conv1_1": 0.5}, "scales": 1, "normalize": False}
    chosen = form(picture(20, 24), picture(20, 24, seed=1), network=network, size=24, steps=1000, **small)
    chosen.run.click()
    first = chosen.view
    assert chosen._place.children == (first.widget,)
    chosen.inputs["steps"].value = 10
    chosen.run.click()
    assert chosen.view is not first
    first.background.wait()
    assert first.background.state in ("stopped", "failed")
    result = chosen.view.wait()
    assert result.evaluations == 10
    assert result.settings["style_layers"] == {"conv1_1": 0.5}
    assert "image/jpeg" in chosen._outputs()[0].data


def test_without_ipywidgets_a_view_says_what_to_install(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "ipywidgets", None)
    with pytest.raises(nst.NSTError, match="pip install"):
        before_after(picture(4, 4), picture(4, 4))
