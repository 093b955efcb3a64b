"""`paint` for the frames of a clip: what is measured once, and what then holds for every frame."""

import jax.numpy as jnp
import numpy as np
import pytest

import nst_jax as nst
from nst_jax.feedforward.clip import hold
from nst_jax.feedforward.colouring import LEVELS, held_maps, stacked
from nst_jax.feedforward.paint import at_levels, networks, paint_regions, target_of
from nst_jax.feedforward.settings import PaintSettings
from nst_jax.transfer.scene import read_scene

SIZE = 64


def scene_of(p, **more):
    how = {"size": SIZE, "style_scale": 1.0, "colour": "style", "colour_match": "monge-kantorovich", **more}
    return read_scene(p, "vortex", None, **how)


@pytest.fixture(scope="module")
def frames():
    return [nst.load_image(name, SIZE)[:40] for name in ("chelsea", "coffee", "astronaut")]


def test_of_a_single_frame_it_is_what_paint_makes(frames):
    p = frames[0]
    scene = scene_of(p)
    x, _ = paint_regions(p, scene.regions, np.full(p.shape[:2], 0.6, np.float32), PaintSettings())
    np.testing.assert_allclose(hold([p], scene, 0.6)(p), x, atol=2e-4)


def test_strength_zero_leaves_what_the_decoder_makes_of_any_style(frames):
    p = frames[0]
    make = hold([p], scene_of(p), 0.0)
    x = nst.paint(p, "woodcut", size=SIZE, strength=0).image
    np.testing.assert_allclose(make(p), x, atol=2e-4)


def test_a_frame_is_painted_the_same_whatever_comes_before_it(frames):
    make = hold(frames[:2], scene_of(frames[0]), 0.6)
    x = make(frames[2])
    make(frames[0])
    np.testing.assert_array_equal(make(frames[2]), x)


def test_at_the_deepest_level_the_features_of_all_frames_together_take_the_mean_of_the_style(frames):
    """μ* = mean over all frames of A f + b, and their covariance is the style's."""
    p = frames[0]
    encoder, decoder = networks()
    targets = [target_of(region, p, SIZE, encoder) for region in scene_of(p).regions]
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


def test_no_more_than_a_few_frames_are_read(frames):
    class Counted(list):
        read = 0

        def __getitem__(self, t):
            Counted.read += 1
            return super().__getitem__(t)

    hold(Counted(frames * 10), scene_of(frames[0]), 0.6)
    assert Counted.read == 8
