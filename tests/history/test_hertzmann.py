"""Hertzmann's strokes, and the round brush."""

import numpy as np
import pytest
from scipy.interpolate import BSpline

import nst_jax as nst
from nst_jax.history.brush import lay, spline
from nst_jax.history.hertzmann import MANNERS, Manner, hertzmann, jittered, normals, trace
from tests.support.pictures import picture

PLAIN = [name for name, how in MANNERS.items() if not (how.jitter_hue or how.jitter_value or how.jitter_rgb)]


def stripes(degrees, n=120, period=24):
    """Stripes along a direction, and the unit vector (x, y) of that direction."""
    y, x = np.mgrid[:n, :n]
    along = np.radians(degrees)
    p = 0.5 + 0.4 * np.sin((-np.sin(along) * x + np.cos(along) * y) * 2 * np.pi / period)
    return np.repeat(p[..., None], 3, -1).astype(np.float32), np.array([np.cos(along), np.sin(along)])


def test_a_spline_is_scipys_and_ends_where_its_path_ends(rng):
    paths, counts = rng.uniform(0, 50, (3, 6, 2)), np.array([6, 3, 1])
    points, samples = spline(paths, counts, 4)
    for path, count, point, n in zip(paths, counts, points, samples, strict=True):
        control = np.concatenate([path[:1].repeat(2, 0), path[:count], path[count - 1 : count].repeat(2, 0)])
        uniform = BSpline(np.arange(len(control) + 4), control, 3)
        if count > 1:
            np.testing.assert_allclose(point[:n], uniform(3 + np.arange(n) / 4), atol=1e-9)
        np.testing.assert_allclose(point[n - 1], path[count - 1])
        np.testing.assert_allclose(point[0], path[0])


def test_a_straight_stroke_covers_what_lies_within_its_radius():
    canvas = np.zeros((40, 60, 3), np.float32)
    x = np.linspace(12.3, 45.2, 200)
    points = np.stack([x, np.full_like(x, 20.4)], -1)[None]
    lay(canvas, points, np.array([200]), 5.0, np.ones((1, 3)), 0.6)
    i, j = np.mgrid[:40, :60]
    distance = np.hypot(j - np.clip(j, 12.3, 45.2), i - 20.4)
    np.testing.assert_allclose(canvas[..., 1], 0.6 * np.clip(5.5 - distance, 0, 1), atol=0.01)


def test_strokes_lie_over_those_before_and_never_over_themselves(monkeypatch):
    points = np.array([[[10.0, 10.0], [12, 10], [10, 10]], [[14, 10], [16, 10], [0, 0]]])
    whole = np.zeros((21, 30, 3), np.float32)
    lay(whole, points, np.array([3, 2]), 4.0, np.eye(3)[:2], 0.5)
    np.testing.assert_allclose(whole[10, 13], [0.25, 0.5, 0])
    np.testing.assert_allclose(whole[10, 8], [0.5, 0, 0])
    monkeypatch.setattr("nst_jax.history.brush.MOST", 1)  # one stroke at a time
    apart = np.zeros((21, 30, 3), np.float32)
    lay(apart, points, np.array([3, 2]), 4.0, np.eye(3)[:2], 0.5)
    np.testing.assert_array_equal(whole, apart)


@pytest.mark.parametrize("manner", PLAIN)
def test_a_constant_picture_stays_constant(manner):
    p = np.full((50, 70, 3), [0.2, 0.5, 0.8], np.float32)
    np.testing.assert_allclose(hertzmann(p, seed=0, manner=manner, ground="white", opacity=1.0), p, atol=1e-5)


def test_with_an_infinite_threshold_the_ground_stays_bare():
    p = picture(40, 50)
    assert (hertzmann(p, seed=0, threshold=float("inf"), ground="white") == 1).all()
    mean = np.broadcast_to(p.mean((0, 1)), p.shape)
    np.testing.assert_allclose(hertzmann(p, seed=0, threshold=float("inf")), mean, atol=0.05)


@pytest.mark.parametrize("manner", list(MANNERS))
def test_the_same_seed_gives_the_same_bytes(manner):
    p = picture(60, 80)
    made = [hertzmann(p, seed=seed, manner=manner).tobytes() for seed in (1, 1, 2)]
    assert made[0] == made[1] != made[2]


def test_a_lower_threshold_comes_nearer_to_the_photo():
    p = picture(80, 80)
    errors = [np.abs(hertzmann(p, seed=0, threshold=T) - p).mean() for T in (200, 60, 10)]
    assert errors[0] > errors[1] > errors[2]


@pytest.mark.parametrize("degrees", [0, 25, 90, 140])
def test_strokes_follow_the_stripes(degrees):
    p, along = stripes(degrees)
    at = np.array([[60.0, 60.0], [50, 65]])
    for tangents in (normals(p), np.broadcast_to(along, (*p.shape[:2], 2))):
        paths, counts = trace(at, p, np.full_like(p, 9), tangents, 4.0, Manner(longest=8))
        assert (counts == 9).all()  # the canvas never suits
        way = (paths[:, -1] - paths[:, 0]) / np.linalg.norm(paths[:, -1] - paths[:, 0], axis=-1, keepdims=True)
        assert (np.abs(way @ along) > 0.995).all()
        np.testing.assert_allclose(np.linalg.norm(np.diff(paths, axis=1), axis=-1), 4, atol=1e-9)


def test_a_stroke_ends_where_the_canvas_suits_better_and_where_there_is_no_gradient():
    p = np.zeros((40, 80, 3), np.float32)
    p[:, 40:] = 1  # a stroke that goes right leaves its colour behind here
    right = np.broadcast_to([1.0, 0.0], (40, 80, 2))
    _, counts = trace(np.array([[10.0, 20.0]]), p, p, right, 4.0, Manner(shortest=4, longest=16))
    assert counts == 9  # 10 + 8 · 4 = 42: the first of the other colour
    _, counts = trace(np.array([[10.0, 20.0]]), p, p, right, 4.0, Manner(shortest=12, longest=16))
    assert counts == 13
    _, counts = trace(np.array([[10.0, 20.0]]), p, np.full_like(p, 9), normals(p), 4.0, Manner())
    assert counts == 1


def test_a_curvature_below_one_lags_behind_the_field():
    tangents = np.zeros((60, 60, 2))
    tangents[:, :30], tangents[:, 30:] = [1, 0], [0, 1]
    p = np.zeros((60, 60, 3), np.float32)
    ends = []
    for f_c in (1.0, 0.25):
        how = Manner(longest=8, curvature=f_c)
        paths, _ = trace(np.array([[14.0, 10.0]]), p, np.ones_like(p), tangents, 4.0, how)
        ends.append(paths[0, -1])
    np.testing.assert_allclose(ends[0], [30, 26])
    assert ends[1][0] > 34


def test_jitters_change_colours_by_a_quarter_at_most(rng):
    colours = np.full((500, 3), 0.5)
    assert np.abs(jittered(rng, colours, Manner(jitter_rgb=0.4)) - 0.5).max() == pytest.approx(0.1, abs=2e-3)
    grey = jittered(rng, colours, Manner(jitter_value=0.8))
    assert np.ptp(grey, axis=1).max() < 1e-6
    assert np.abs(grey - 0.5).max() == pytest.approx(0.2, abs=2e-3)
    np.testing.assert_array_equal(jittered(rng, colours, Manner()), 0.5)


def test_a_painting_gives_its_colours():
    p, a = picture(60, 80), picture(60, 60, 1) * np.float32([1, 0.5, 0.2])
    with_painting = hertzmann(p, a, seed=0, threshold=20)
    assert np.abs(with_painting.mean((0, 1)) - a.mean((0, 1))).max() < 0.03


def test_a_brush_without_a_radius_is_refused():
    with pytest.raises(nst.SettingError, match="radii=0"):
        hertzmann(picture(20, 20), seed=0, radii=(4.0, 0.0))
