"""Refining: the brushed part is optimised, and nothing else changes."""

import numpy as np
import pytest

import nst_jax as nst
from nst_jax.feedforward import composition as state
from nst_jax.feedforward.composition import Composition, Source
from nst_jax.feedforward.refining import FEATHER, STEP, feathered, refining, window
from nst_jax.transfer.objective import objective_at
from nst_jax.transfer.run import finish
from tests.support.pictures import picture

H, W = 96, 144


@pytest.fixture
def two():
    c = Composition(Source("photo", picture(H, W)))
    return state.with_style(state.with_style(c, Source("a", picture(90, 90, 1))), Source("b", picture(90, 90, 2)), 0)


@pytest.fixture
def brushed():
    """A spot right of the middle, on a canvas of half the size."""
    brushed = np.zeros((H // 2, W // 2), np.uint8)
    brushed[18:30, 40:56] = 1
    return brushed


def test_only_what_is_brushed_changes_and_its_loss_falls(two, brushed):
    before = state.photo_at(two, W)
    ready = refining(two, before, brushed, evaluations=5)
    result = finish(ready.job)
    after = ready.pasted(result.image)
    far = np.ones((H, W), bool)
    reach = int(np.ceil(4 * FEATHER * W))
    far[36 - reach : 60 + reach, 80 - reach : 112 + reach] = False
    np.testing.assert_array_equal(after[far], before[far])
    inside = np.abs(after - before)[40:56, 84:108]
    assert inside.mean() > 0.01
    objective = objective_at(ready.job, 0)
    assert objective(result.image) < 0.8 * objective(before[ready.window])
    kept = ready.refinement(result.image, {"evaluations": result.evaluations})
    np.testing.assert_allclose(state.composed(before, [kept]), after, atol=0.15)  # T twice at the soft edge
    np.testing.assert_array_equal(state.composed(before, [kept])[far], before[far])
    rows, columns = ready.window
    assert kept.described["window"] == {
        "left": columns.start, "top": rows.start, "width": result.image.shape[1], "height": result.image.shape[0],
    }  # fmt: skip


def test_each_pixel_is_refined_for_the_style_that_it_is_painted_with(two, brushed):
    labels = np.zeros((H, W), np.uint8)
    labels[:, :96], labels[:, 104:] = 2, two.keep  # b, the mixture (which is a), the photo
    ready = refining(state.with_labels(two, labels), state.photo_at(two, W), brushed)
    names = [len(region.styles) for region in ready.job.regions]
    assert names == [1, 1]
    rows, columns = ready.window
    mixture, b = (region.mask for region in ready.job.regions)
    x = np.arange(columns.start, columns.stop)
    touched = ready.mask[rows, columns] > 0
    np.testing.assert_array_equal(mixture > 0, touched & (x >= 96) & (x < 104))
    np.testing.assert_array_equal(b > 0, touched & (x < 96))
    np.testing.assert_array_equal(ready.job.regions[1].styles[0].picture, two.styles[1].source.picture)
    assert ready.mask[48, 110:].max() < 0.5  # the photo is kept, up to the soft edge


def test_a_style_keeps_its_size_in_a_window(two, brushed):
    ready = refining(two, state.photo_at(two, W), brushed)
    (region,) = ready.job.regions
    longest = max(ready.job.content.shape[:2])
    assert longest < W
    assert region.styles[0].scale * longest == pytest.approx(W)


def test_nothing_to_refine_is_one_line(two, brushed):
    p = state.photo_at(two, W)
    with pytest.raises(nst.SettingError, match="nothing is brushed"):
        refining(two, p, np.zeros_like(brushed))
    with pytest.raises(nst.SettingError, match="nothing is brushed that a style paints"):
        refining(state.with_labels(two, np.full((H, W), two.keep, np.uint8)), p, brushed)
    with pytest.raises(nst.SettingError, match="no style has a weight where it is brushed"):
        refining(state.with_weight(two, 0, 0), p, brushed)


@pytest.mark.parametrize("n", [40, 64, 100, 300, 512])
def test_windows_hold_what_is_touched_and_have_whole_steps(n, rng):
    for _ in range(50):
        touched = np.zeros((n, n + 20), bool)
        top, left = rng.integers(0, n - 1, 2)
        bottom, right = rng.integers((top + 1, left + 1), n + 1)
        touched[top:bottom, left:right] = True
        rows, columns = window(touched, margin=32)
        for side, (first, last), length in ((rows, (top, bottom), n), (columns, (left, right), n + 20)):
            assert 0 <= side.start <= max(0, first - 32)
            assert min(length, last + 32) <= side.stop <= length
            assert (side.stop - side.start) % STEP == 0 or side.stop - side.start == length
            assert side.stop - side.start < last - first + 64 + STEP


def test_a_soft_edge_is_whole_inside_and_ends():
    chosen = np.zeros((60, 60), bool)
    chosen[20:40, 20:40] = True
    T = feathered(chosen, 2.0)
    assert T.min() == 0
    np.testing.assert_allclose(T[27:33, 27:33], 1, atol=1e-3)
    assert (T[:13] == 0).all()
    assert T[20, 30] == pytest.approx(0.6, abs=0.05)
    assert T.sum() == pytest.approx(chosen.sum(), rel=0.01)
