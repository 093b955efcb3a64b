"""Ashikhmin: pieces are coherent; the candidates against brute force; a periodic sample; steps are raster order."""

import numpy as np
import pytest

import nst_jax as nst
from nst_jax.history.ashikhmin import ashikhmin, wave_fronts
from tests.support.pictures import picture


def distinct(h, w):
    """A picture whose pixels all differ, so that each tells where it is from."""
    i, j = np.mgrid[:h, :w]
    return np.stack([i / h, j / w, (5 * i + 3 * j) % 7 / 7], -1).astype(np.float32)


def sources(x, a):
    """Where in a each pixel of x is from: [h, w, 2]."""
    place = {tuple(a[i, j]): (i, j) for i in range(a.shape[0]) for j in range(a.shape[1])}
    return np.array([[place[tuple(value)] for value in row] for row in x])


def test_a_periodic_sample_is_continued(rng):
    a = np.tile(rng.uniform(size=(3, 3, 3)).astype(np.float32), (6, 6, 1))
    x = ashikhmin(a, (40, 15), window=7)[20:]  # random pixels stand above the first row, and are outgrown
    np.testing.assert_array_equal(x[3:], x[:-3])
    np.testing.assert_array_equal(x[:, 3:], x[:, :-3])


def test_a_pass_is_the_loop_over_pixels(rng):
    """Of the last pass: each pixel takes the best candidate of its neighbours, in raster order."""
    a, m = picture(20, 22), 1
    first, second = (ashikhmin(a, (12, 13), window=3, passes=passes) for passes in (1, 2))
    where = sources(first, a)
    x = first.copy()
    steps = [(u, v) for u in (-1, 0, 1) for v in (-1, 0, 1)]
    wrong = 0
    for i in range(12):
        for j in range(13):
            inside = [(u, v) for u, v in steps if 0 <= i + u < 12 and 0 <= j + v < 13]
            candidates = [where[i + u, j + v] - (u, v) for u, v in inside]
            usable = [(r, c) for r, c in candidates if m <= r < 20 - m and m <= c < 22 - m]

            def d(place, i=i, j=j, inside=inside):
                r, c = place
                return sum(((a[r + u, c + v] - x[i + u, j + v]) ** 2).sum() for u, v in inside if (u, v) != (0, 0))

            best = min(map(d, usable))
            # where a candidate is missing, a random one may be better
            taken = sources(second, a)[i, j]
            if len(usable) == 9 and d(taken) > best + 1e-6:
                wrong += 1
            where[i, j], x[i, j] = taken, second[i, j]
    assert wrong == 0


def test_pieces_are_coherent():
    a = distinct(30, 32)
    where = sources(ashikhmin(a, (40, 40), window=5), a)
    right = (where[:, 1:] - where[:, :-1] == (0, 1)).all(-1)
    down = (where[1:] - where[:-1] == (1, 0)).all(-1)
    assert right.mean() > 0.7
    assert down.mean() > 0.7
    assert not right.all()


def test_steps_are_raster_order():
    h, w, m = 7, 9, 2
    step = np.full((h, w), -1)
    for t, (i, j) in enumerate(wave_fronts(h, w, m)):
        assert (step[i, j] == -1).all()
        step[i, j] = t
    assert (step >= 0).all()
    for i, j, u, v in np.ndindex(h, w, m + 1, 2 * m + 1):
        if (u, v - m) > (0, 0) and i + u < h and 0 <= j + v - m < w:
            assert step[i + u, j + v - m] > step[i, j]  # all later pixels in its window


def test_the_seed_decides():
    a = picture(20, 24)
    x, again, other = (ashikhmin(a, (16, 30), window=5, seed=seed) for seed in (1, 1, 2))
    assert x.shape == (16, 30, 3)
    assert x.tobytes() == again.tobytes() != other.tobytes()


def test_bad_input():
    a = picture(12, 12)
    with pytest.raises(nst.SettingError, match="window=4: must be odd"):
        ashikhmin(a, (9, 9), window=4)
    with pytest.raises(nst.ImageError, match="too small for windows of 15"):
        ashikhmin(a, (9, 9), window=15)
    with pytest.raises(nst.SettingError, match="passes=0"):
        ashikhmin(a, (9, 9), window=5, passes=0)
