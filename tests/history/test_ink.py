"""What is drawn in ink and in pieces: stippling, hatching, mosaic and cartoon, and Litwinowicz's strokes."""

import numpy as np
import pytest
from scipy import ndimage
from scipy.spatial.distance import cdist
from skimage.color import lab2rgb, rgb2lab

import nst_jax as nst
from nst_jax.history.cartoon import cartoon, smoothed, stepped
from nst_jax.history.hatching import angles, hatching
from nst_jax.history.litwinowicz import directions, litwinowicz
from nst_jax.history.mosaic import mosaic, without_slivers
from nst_jax.history.stippling import lloyd, sampled, stippling
from nst_jax.history.tone import darkness_of
from tests.support.pictures import picture


def ramp(h, w):
    """From black at the left to white at the right."""
    return np.broadcast_to(np.linspace(0, 1, w, dtype=np.float32)[None, :, None], (h, w, 3)).copy()


def test_darkness_is_stretched_and_that_of_a_flat_picture_is_not():
    p = 0.3 + 0.3 * ramp(40, 200)
    L = rgb2lab(p)[..., 0] / 100
    found = darkness_of(p, 1.0, 0.0)
    low, high = np.percentile(L, [1, 99])
    np.testing.assert_allclose(found, np.clip((high - L) / (high - low), 0, 1), atol=1e-6)
    half = darkness_of(p, 0.5, 0.0)
    np.testing.assert_allclose(np.ptp(half), 0.5 * np.ptp(0.5 - (L - L.mean()) / (high - low)), atol=1e-6)
    flat = np.full((10, 10, 3), 0.4, np.float32)
    np.testing.assert_allclose(darkness_of(flat, 1.0, 2.0), 1 - rgb2lab(flat)[..., 0] / 100, atol=1e-6)


def test_one_step_of_lloyd_moves_points_to_the_centroids_by_brute_force(rng):
    density = rng.uniform(0, 1, (30, 40))
    points = rng.uniform(0, 30, (7, 2))
    (_, energy), (moved, _) = lloyd(points, density, 1)
    y, x = np.mgrid[:30, :40]
    places, mass = np.stack([x.ravel(), y.ravel()], -1), density.ravel()
    distances = cdist(places, points)
    nearest = distances.argmin(1)
    assert energy == pytest.approx((mass * distances.min(1) ** 2).sum())
    for i in range(7):
        own = nearest == i
        np.testing.assert_allclose(moved[i], np.average(places[own], axis=0, weights=mass[own]))


@pytest.mark.parametrize("n", [5, 300])
def test_the_energy_never_rises(rng, n):
    density = np.clip(rng.uniform(-0.5, 1, (30, 40)), 0, None)
    energies = [energy for _, energy in lloyd(sampled(rng, density, n), density, 12)]
    assert (np.diff(energies) <= 1e-9).all()
    assert energies[-1] < 0.9 * energies[0]


def test_a_uniform_density_gives_equal_areas(rng):
    density = np.ones((60, 60))
    *_, (points, _) = lloyd(sampled(rng, density, 60), density, 150)
    y, x = (f.ravel() for f in (np.mgrid[:240, :240] + 0.5) / 4 - 0.5)
    areas = np.bincount(cdist(np.stack([x, y], -1), points).argmin(1), minlength=60) / 16
    assert areas.std() < 0.17 * areas.mean()
    first = sampled(np.random.default_rng(0), density, 60)
    before = np.bincount(cdist(np.stack([x, y], -1), first).argmin(1), minlength=60) / 16
    assert before.std() > 0.4 * before.mean()


def test_points_are_sampled_by_density_within_their_pixels(rng):
    density = np.zeros((10, 20))
    density[4, 7], density[8, 15] = 1, 3
    points = sampled(rng, density, 4000)
    pixels = np.rint(points).astype(int)
    counts = [(pixels == place).all(1).sum() for place in ((7, 4), (15, 8))]
    assert sum(counts) == 4000
    assert abs(counts[0] - 1000) < 120
    assert np.ptp(points[(pixels == (7, 4)).all(1)], axis=0).min() > 0.95
    assert len(sampled(rng, np.zeros((5, 5)), 10)) == 0


def test_dots_are_as_dark_as_the_photo_and_white_stays_white():
    p = ramp(80, 160)
    made = stippling(p, seed=0, dots=1500, gamma=1.0, detail=0.0, iterations=15)
    darkness = darkness_of(p, 1.0, 0.0)
    strips = [(1 - made[:, i : i + 20]).mean() for i in range(0, 160, 20)]
    wanted = [darkness[:, i : i + 20].mean() for i in range(0, 160, 20)]
    np.testing.assert_allclose(strips[2:], wanted[2:], atol=0.07)  # in the darks dots overlap
    assert (stippling(np.ones((30, 30, 3), np.float32), seed=0) == 1).all()


def test_eyes_in_a_dark_face_are_told_from_it_with_detail():
    p = np.ones((120, 120, 3), np.float32)
    y, x = np.mgrid[:120, :120]
    face, eye = ((x - 60) ** 2 + (y - 60) ** 2 < r**2 for r in (50, 4))
    p[face], p[eye] = 0.2, 0.1
    L = rgb2lab(p)[..., 0] / 100
    plain, with_detail = (darkness_of(p, 1.0, 0.0, detail) for detail in (0.0, 2.0))
    changed = 3 * L - 2 * ndimage.gaussian_filter(L, 3)
    low, high = np.percentile(changed, [1, 99])
    np.testing.assert_allclose(with_detail, np.clip((high - changed) / (high - low), 0, 1), atol=1e-6)
    ring = (x - 60) ** 2 + (y - 60) ** 2 < 9**2
    apart = [found[eye].mean() - found[ring & ~eye].mean() for found in (plain, with_detail)]
    assert apart[1] > apart[0] + 0.05
    inked = [1 - stippling(p, seed=0, dots=1500, detail=detail).mean(-1) for detail in (0.0, 2.0)]
    apart = [x[eye].mean() - x[ring & ~eye].mean() for x in inked]
    assert apart[1] > apart[0]


def test_hatching_is_darker_where_the_photo_is_and_white_stays_white():
    made = hatching(ramp(100, 200), seed=0, outline=0.0)
    strips = [(1 - made[:, i : i + 40]).mean() for i in range(0, 200, 40)]
    assert (np.diff(strips) < 0).all()
    assert strips[0] > 0.55
    assert strips[-1] < 0.1
    assert (hatching(np.ones((40, 40, 3), np.float32), seed=0) == 1).all()


@pytest.mark.parametrize("degrees", [0, 30, 90, 150])
def test_strokes_lie_along_the_stripes(degrees):
    y, x = np.mgrid[:100, :100]
    turn = np.radians(degrees)
    p = 0.5 + 0.4 * np.sin((-np.sin(turn) * x + np.cos(turn) * y) / 3)
    p = np.repeat(p[..., None], 3, -1).astype(np.float32)
    inner = np.s_[15:-15, 15:-15]
    assert np.abs(np.sin(angles(p, turn + 1.2, 1.0) - turn))[inner].max() < 0.1
    np.testing.assert_allclose(np.sin(angles(p, 1.0, 0.0) - 1.0), 0, atol=1e-6)
    assert np.abs(np.sin(directions(p[..., 0].astype(float)) - turn))[inner].mean() < 0.05


def test_in_flat_parts_strokes_lie_as_the_strong_gradients_around_do():
    Y = np.zeros((80, 80))
    Y[:, 40:] = 1
    assert np.abs(np.cos(directions(Y))).max() < 1e-6  # upright everywhere


@pytest.mark.parametrize("degrees", [20, 110])
def test_litwinowiczs_strokes_stop_at_edges(degrees):
    y, x = np.mgrid[:80, :80]
    turn = np.radians(degrees)
    side = (np.cos(turn) * (x - 40) + np.sin(turn) * (y - 40))[..., None]
    p = np.where(side < 0, 0.2, 0.8) * np.ones(3, np.float32)
    how = {"seed": 0, "colour": 0.0, "intensity": 0.0, "angle": 90.0}
    errors = [np.abs(litwinowicz(p.astype(np.float32), clip=clip, **how) - p).mean() for clip in (True, False)]
    assert errors[0] < 0.5 * errors[1]


def test_a_constant_picture_stays_constant():
    p = np.full((50, 60, 3), [0.2, 0.5, 0.8], np.float32)
    np.testing.assert_allclose(litwinowicz(p, seed=0, colour=0.0, intensity=0.0), p, atol=1e-5)
    made = cartoon(p, seed=0)
    np.testing.assert_allclose(made, np.broadcast_to(made[0, 0], made.shape), atol=1e-5)
    tiles = mosaic(p, seed=0, uneven=0.0, relief=0.0, grout=0.5)
    inside = np.abs(tiles - p).max(-1) < 0.06  # glass has veins
    assert 0.5 < inside.mean() < 0.95


def test_pieces_are_square_and_keep_to_their_regions():
    p = np.full((90, 90, 3), 0.1, np.float32)
    p[:, 45:] = 0.9
    made = mosaic(p, seed=0, side=9.0, uneven=0.0, relief=0.0, grout=0.5)
    left, right = made[:, :42].mean(-1), made[:, 48:].mean(-1)
    assert left.max() < 0.65  # joints, and no light glass
    assert right.min() > 0.3
    light = np.abs(right - 0.9).min(0) < 0.1
    assert light.all() or light.mean() > 0.8


def test_slivers_fall_to_the_nearest_region_that_is_wide_enough():
    segments = np.zeros((40, 60), int)
    segments[:, 28:31] = 1
    segments[:, 31:] = 2
    found = without_slivers(segments, 9.0)
    assert set(np.unique(found)) == {0, 2}
    assert (found[:, :29] == 0).all()
    assert (found[:, 31:] == 2).all()
    np.testing.assert_array_equal(without_slivers(np.zeros((20, 20), int), 9.0), 0)
    narrow = np.arange(20)[None].repeat(5, 0)
    np.testing.assert_array_equal(without_slivers(narrow, 9.0), narrow)


def test_steps_of_lightness_are_flat_between_and_keep_the_order():
    L = np.linspace(0, 100, 4001)
    found = stepped(L, 8, 0.05)
    assert len(np.unique(np.round(found[np.abs((L % 12.5) - 6.25) > 0.5], 3))) == 9
    assert (np.diff(stepped(L, 8, 1.5)) >= -1e-9).all()
    np.testing.assert_allclose(stepped(L, 8, 1e6), (np.floor(np.minimum(L, 99.99) / 12.5) + 0.5) * 12.5, atol=1e-3)


def test_the_bilateral_filter_is_its_formula(rng):
    lab = rgb2lab(picture(14, 20))
    found = smoothed(lab, 1.0, 8.0)
    near = np.mgrid[-2:3, -2:3].reshape(2, -1).T
    at = lab[7 + near[:, 0], 7 + near[:, 1]]
    weights = np.exp(-0.5 * (near**2).sum(-1) / 1.0**2 - 0.5 * ((at - lab[7, 7]) ** 2).sum(-1) / 8.0**2)
    np.testing.assert_allclose(found[7, 7], np.average(at, axis=0, weights=weights), atol=1e-3)


def test_a_cartoon_keeps_edges_and_draws_them():
    step = np.zeros((60, 60, 3), np.float32)
    step[:, :30], step[:, 30:] = lab2rgb([[[30.0, 20, 10]]])[0, 0], lab2rgb([[[70.0, -20, 10]]])[0, 0]
    plain, drawn = (cartoon(step, seed=0, line=line, saturation=1.0) for line in (0.0, 1.0))
    assert np.abs(plain[:, :28] - plain[0, 0]).max() < 0.02
    assert np.abs(plain[:, 32:] - plain[0, 59]).max() < 0.02
    assert drawn[30, 27:31].min() < 0.3 * plain[30, 27:31].max()
    np.testing.assert_allclose(drawn[30, 45:], plain[30, 45:], atol=0.01)


@pytest.mark.parametrize("method", [stippling, hatching, litwinowicz, mosaic])
def test_the_same_seed_gives_the_same_bytes(method):
    p = picture(48, 60)
    how = {"dots": 200} if method is stippling else {}
    made = [method(p, seed=seed, **how).tobytes() for seed in (1, 1, 2)]
    assert made[0] == made[1] != made[2]


@pytest.mark.parametrize(
    ("method", "given", "words"),
    [
        (stippling, {"dots": 0}, "dots=0: give a number from 1"),
        (hatching, {"close": 9.0}, "wide=5: give a number from 9 up"),
        (litwinowicz, {"shortest": 20.0}, "shortest=20: give a number from 0 to 10"),
        (mosaic, {"side": 30.0}, "side=30: give a number from 3 to"),
        (cartoon, {"bins": 0}, "bins=0: give a number from 1"),
    ],
)
def test_wrong_values_are_refused(method, given, words):
    with pytest.raises(nst.SettingError, match=words):
        method(picture(30, 30), seed=0, **given)
