"""`paint`, and a network, for the frames of a clip: what is measured once, and what then holds for every frame."""

from pathlib import Path

import jax.numpy as jnp
import numpy as np
import pytest

import nst_jax as nst
from nst_jax.feedforward.clip import network_frames, paint_frames, sampled
from nst_jax.feedforward.colouring import LEVELS, held_maps, stacked
from nst_jax.feedforward.paint import at_levels, networks, paint_regions, target_of
from nst_jax.feedforward.settings import PaintSettings
from nst_jax.transfer.settings import settings_of

SIZE = 64


def fast_of(p, style="vortex", regions=None):
    return paint_frames(p, style, regions, settings_of({"size": SIZE}))


def network_of(p, style="vortex", regions=None):
    return network_frames(p, style, regions, settings_of({"size": SIZE, "network": "six-styles"}))


@pytest.fixture(scope="module")
def frames():
    return [nst.load_image(name, SIZE)[:40] for name in ("chelsea", "coffee", "astronaut")]


def test_of_a_single_frame_it_is_what_paint_makes(frames):
    p = frames[0]
    fast = fast_of(p)
    x, _ = paint_regions(p, fast.scene.regions, np.full(p.shape[:2], 0.6, np.float32), PaintSettings())
    np.testing.assert_allclose(fast.hold([p], 0.6)(p), x, atol=2e-4)


def test_strength_zero_leaves_what_the_decoder_makes_of_any_style(frames):
    p = frames[0]
    make = fast_of(p).hold([p], 0.0)
    x = nst.paint(p, "woodcut", size=SIZE, strength=0).image
    np.testing.assert_allclose(make(p), x, atol=2e-4)


@pytest.mark.parametrize("of", [fast_of, network_of])
def test_a_frame_is_painted_the_same_whatever_comes_before_it(frames, of):
    make = of(frames[0]).hold(frames[:2], 0.6)
    x = make(frames[2])
    make(frames[0])
    np.testing.assert_array_equal(make(frames[2]), x)


def test_at_the_deepest_level_the_features_of_all_frames_together_take_the_mean_of_the_style(frames):
    """μ* = mean over all frames of A f + b, and their covariance is the style's."""
    p = frames[0]
    encoder, decoder = networks()
    targets = [target_of(region, p, SIZE, encoder) for region in fast_of(p).scene.regions]
    r = at_levels(np.ones(p.shape[:2], np.float32), p, encoder)
    maps = held_maps(encoder, decoder, frames, targets, r, 0.3)
    level = LEVELS[0]
    N = len(targets[0].moments[level].mean)
    F = np.concatenate([np.asarray(encoder(jnp.asarray(x), (level,))[level]).reshape(-1, N) for x in frames])
    y = F + F @ np.asarray(maps[level].A[0]).T + np.asarray(maps[level].b[0])
    wanted = targets[0].moments[level]
    scale = np.sqrt(np.diag(wanted.covariance).max())
    np.testing.assert_allclose(y.mean(0), wanted.mean, atol=2e-3 * scale)
    own = np.cov(F.T, bias=True)
    rank = (np.linalg.eigvalsh(own) > 1e-5 * np.linalg.eigvalsh(own)[-1]).sum()
    if rank == len(own):
        np.testing.assert_allclose(np.cov(y.T, bias=True), wanted.covariance, atol=0.01 * scale**2)
    assert stacked(targets)[level].shape == (1, *encoder(jnp.asarray(p), (level,))[level].shape[:2])


@pytest.mark.parametrize("of", [fast_of, network_of])
def test_no_more_than_a_few_frames_are_read(frames, of):
    class Counted(list):
        read = 0

        def __getitem__(self, t):
            Counted.read += 1
            return super().__getitem__(t)

    of(frames[0]).hold(Counted(frames * 10), 0.6)
    assert Counted.read == 8


def test_the_frames_that_are_measured():
    assert sampled(1, 8) == [0]
    assert sampled(3, 8) == [0, 1, 2]
    assert sampled(29, 8) == [0, 4, 8, 12, 16, 20, 24, 28]
    assert sampled(29, 1) == [0]


def test_a_network_that_measures_one_frame_makes_what_paint_makes_of_it(frames):
    p = frames[0]
    for style in ("vortex", [("vortex", 0.25), ("mosaic", 0.75)]):
        x = nst.paint(p, style, network="six-styles", size=SIZE).image
        np.testing.assert_allclose(network_of(p, style).hold([p], 0.6)(p), x, atol=2e-4)


def test_what_a_network_holds_does_not_change_with_the_rest_of_the_frame(frames):
    """A pixel far from what changes stays as it is; measured in each frame, all pixels change."""
    p = nst.resize(frames[0], (40, 200))
    q = np.concatenate([p[:, :196], 1 - p[:, 196:]], axis=1)
    make = network_of(p).hold([p], 0.6)
    far = np.s_[:, :40]
    np.testing.assert_allclose(make(p)[far], make(q)[far], atol=1e-5)
    alone = [nst.paint(x, "vortex", network="six-styles", size=200).image for x in (p, q)]
    assert np.abs(alone[0] - alone[1])[far].max() > 1e-3


def test_a_network_paints_each_region_in_its_style_and_keeps_the_rest(frames):
    p = frames[0]
    mask = np.zeros(p.shape[:2], np.float32)
    mask[:, : SIZE // 2] = 1
    fast = network_of(p, "woodcut", [(mask, "vortex")])
    x = fast.hold([p], 0.6)(p)
    y = nst.paint(p, "woodcut", regions=[(mask, "vortex")], network="six-styles", size=SIZE).image
    np.testing.assert_allclose(x, y, atol=2e-4)
    assert fast.inputs["network"]["sha256"]
    assert [Path(fast.inputs[name]["path"]).stem for name in ("style", "style 2")] == ["vortex", "woodcut"]


def test_what_differs_from_what_was_asked_is_said(frames, tmp_path):
    """A region too small for some levels; a picture under the name of a style that the network learned from another."""
    p = frames[0]
    mask = np.zeros(p.shape[:2], np.float32)
    mask[:3, :3] = 1
    assert "region 1 is too small at" in fast_of(p, "woodcut", [(mask, "vortex")]).notes[0]
    nst.save_image(tmp_path / "vortex.png", frames[1])
    assert "another picture than the one that the network learned" in network_of(p, tmp_path / "vortex.png").notes[0]
