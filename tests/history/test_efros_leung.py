"""Efros and Leung: a periodic sample is continued; the draw against brute force; batches keep the order."""

import numpy as np
import pytest

import nst_jax as nst
from nst_jax.history.efros_leung import Windows, efros_leung, independent
from tests.support.pictures import picture


def test_a_periodic_sample_is_continued(rng):
    a = np.tile(rng.uniform(size=(4, 4, 3)).astype(np.float32), (5, 6, 1))
    x = efros_leung(a, (18, 22), window=9)
    np.testing.assert_array_equal(x[4:], x[:-4])
    np.testing.assert_array_equal(x[:, 4:], x[:, :-4])
    assert set(map(tuple, x.reshape(-1, 3))) == set(map(tuple, a.reshape(-1, 3)))


def test_the_draw_is_from_the_nearest_windows(rng):
    a, n, m = picture(14, 15), 5, 2
    x, filled = rng.uniform(size=(12, 12, 3)).astype(np.float32), rng.uniform(size=(12, 12)) < 0.6
    places = np.array([[3, 4], [6, 8], [9, 2]])
    u = np.arange(-m, m + 1)
    g = np.exp(-(u[:, None] ** 2 + u**2) / (2 * (n / 6.4) ** 2))
    windows = Windows(a, n)
    drawn = [windows.sampled(x, filled, places, 0.1, rng) for _ in range(200)]
    for k, (i, j) in enumerate(places):
        here = (slice(i - m, i + m + 1), slice(j - m, j + m + 1))
        weight = g * filled[here]
        distances = {
            tuple(a[r, c]): (weight[..., None] * (a[r - m : r + m + 1, c - m : c + m + 1] - x[here]) ** 2).sum()
            / weight.sum()
            for r in range(m, 14 - m)
            for c in range(m, 15 - m)
        }
        near = {value: d for value, d in distances.items() if d <= 1.1 * min(distances.values())}
        assert len(near) < 20
        assert {tuple(values[k]) for values, _ in drawn} == set(near)
        for values, d in drawn:
            np.testing.assert_allclose(d[k], near[tuple(values[k])], rtol=1e-4)


def test_batches_keep_the_order_of_what_depends(rng):
    places, m = rng.integers(0, 30, (80, 2)), 3
    batches = independent(places, m)
    batch = np.empty(80, int)
    for b, members in enumerate(batches):
        batch[members] = b
    assert sorted(np.concatenate(batches)) == list(range(80))
    for later in range(80):
        for earlier in range(later):
            if abs(places[later] - places[earlier]).max() <= m:
                assert batch[earlier] < batch[later]
    assert len(batches) < 40
    assert independent(np.empty((0, 2), int), m) == []


def test_it_fills_where_nothing_is_near(rng):
    a = rng.uniform(size=(12, 12, 3)).astype(np.float32)
    x = efros_leung(a, (9, 8), window=5, most=1e-4)
    assert set(map(tuple, x.reshape(-1, 3))) <= set(map(tuple, a.reshape(-1, 3)))


def test_the_seed_decides():
    a = picture(20, 24)
    x, again, other = (efros_leung(a, (16, 14), window=5, seed=seed) for seed in (1, 1, 2))
    assert x.shape == (16, 14, 3)
    assert x.tobytes() == again.tobytes() != other.tobytes()


def test_a_texture_smaller_than_its_seed():
    a = picture(12, 12)
    assert tuple(efros_leung(a, (1, 2), window=3)[0, 0]) in set(map(tuple, a.reshape(-1, 3)))


def test_bad_input():
    a = picture(12, 12)
    with pytest.raises(nst.SettingError, match="window=4: must be odd"):
        efros_leung(a, (9, 9), window=4)
    with pytest.raises(nst.ImageError, match="too small for windows of 15"):
        efros_leung(a, (9, 9), window=15)
    with pytest.raises(nst.SettingError, match="most=0"):
        efros_leung(a, (9, 9), window=5, most=0)
    with pytest.raises(nst.SettingError, match="tolerance=-1"):
        efros_leung(a, (9, 9), window=5, tolerance=-1)
