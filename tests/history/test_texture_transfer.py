"""Style transfer by texture synthesis: its steps against SciPy and brute force, and pictures whose answer is known."""

import numpy as np
import pytest
from scipy.optimize import minimize

import nst_jax as nst
from nst_jax.history.texture_transfer import (
    _grid,
    _nearest,
    candidates,
    detail,
    joined,
    robust_mean,
    taken,
    texture_transfer,
)
from tests.support.pictures import picture

SMALL = {"sides": (9, 5), "gaps": (6, 3), "updates": 1}


def test_a_picture_in_its_own_patches_is_itself():
    """Nothing is added and nothing is smoothed; the mask has no effect, since photo and painting agree."""
    p = picture(36, 40)
    np.testing.assert_allclose(texture_transfer(p, p, noise=0, denoise=0, scales=1, **SMALL), p, atol=1e-3)


def test_with_all_content_it_is_the_recoloured_photo():
    p, a = picture(36, 40), picture(30, 41, 1)
    from nst_jax.images.recolouring import match_colours

    mask = np.ones(p.shape[:2], np.float32)
    x = texture_transfer(p, a, content_weight=1e6, mask=mask, denoise=0, scales=1, **SMALL)
    recoloured = np.clip(match_colours(p, a), 0, 1)
    for _ in range(2):  # each update matches colours once more
        recoloured = np.clip(match_colours(recoloured, a), 0, 1)
    np.testing.assert_allclose(x, recoloured, atol=1e-3)


@pytest.mark.parametrize("r", [0.8, 1.5])
def test_the_robust_mean_has_the_least_sum_of_powers(rng, r):
    """One pixel under three patches of one pixel: the least of Σ |x − Q_k|^r, by SciPy, from many starts."""
    Q = np.array([[0.1, 0.2, 0.3], [0.15, 0.2, 0.3], [0.9, 0.8, 0.7]], np.float32)
    x = robust_mean(np.full((1, 1, 3), 0.4, np.float32), Q, np.zeros((3, 2), int), 1, r, iterations=200)

    def total(x):
        return np.sum(np.maximum(np.linalg.norm(x - Q, axis=1), 1e-9) ** r)

    best = min(minimize(total, rng.uniform(size=3), method="Nelder-Mead", tol=1e-9).fun for _ in range(10))
    assert total(x.ravel()) <= best + 2e-3  # near a patch, weights are bounded
    assert total(Q.mean(0)) > best + 1e-2


def test_with_exponent_2_it_is_the_mean(rng):
    x = picture(12, 14)
    corners = _grid(x.shape, 5, 3)
    Q = rng.uniform(size=(len(corners), 75)).astype("f")
    expected, votes = np.zeros((12, 14, 3)), np.zeros((12, 14, 1))
    for (i, j), q in zip(corners, Q, strict=True):
        expected[i : i + 5, j : j + 5] += q.reshape(5, 5, 3)
        votes[i : i + 5, j : j + 5] += 1
    np.testing.assert_allclose(robust_mean(x, Q, corners, 5, 2, iterations=1), expected / votes, atol=1e-6)


def test_the_order_of_the_patches_does_not_matter(rng):
    x = picture(20, 22)
    corners = _grid(x.shape, 7, 4)
    Q = taken(picture(30, 30, 1), rng.integers(23, size=(len(corners), 2)), 7)
    order = rng.permutation(len(corners))
    first, second = (robust_mean(x, Q[o], corners[o], 7, 0.8) for o in (np.arange(len(corners)), order))
    np.testing.assert_allclose(first, second, atol=1e-4)


def test_an_outlier_loses():
    """Two patches of three agree; the mean would be pulled by the third."""
    Q = np.repeat([[0.2], [0.2], [0.9]], 27, 1).astype("f")
    start, corners = np.full((3, 3, 3), 0.5, np.float32), np.zeros((3, 2), int)
    np.testing.assert_allclose(robust_mean(start, Q, corners, 3, 0.8), 0.2, atol=1e-2)
    np.testing.assert_allclose(robust_mean(start, Q, corners, 3, 2), 1.3 / 3, atol=1e-5)


def test_patches_are_found_among_principal_components(rng):
    a = picture(30, 28)
    corners = np.array([(3, 5), (20, 11)])
    x = np.zeros((7, 14, 3), np.float32)
    for column, (i, j) in zip((0, 7), corners, strict=True):
        x[:, column : column + 7] = a[i : i + 7, j : j + 7] + rng.normal(0, 0.01, (7, 7, 3))
    expected = np.concatenate([a[i : i + 7, j : j + 7] for i, j in corners], 1)
    np.testing.assert_allclose(joined(x, candidates(a, 7, rng), 7, 7, 0.8), expected, atol=1e-6)


def test_nearest_is_brute_force(rng, monkeypatch):
    from nst_jax.history import texture_transfer

    f, g = rng.uniform(size=(41, 5)), rng.uniform(size=(60, 5))
    expected = ((f[:, None] - g) ** 2).sum(-1).argmin(1)
    for products in (10**6, 100):
        monkeypatch.setattr(texture_transfer, "PRODUCTS", products)
        np.testing.assert_array_equal(_nearest(f, g), expected)


def test_detail_is_where_the_photo_changes():
    p = np.full((40, 60, 3), 0.3, np.float32)
    assert (detail(p) == 0).all()
    p[:, 30:] = 0.8
    W = detail(p)
    assert W[:, 30].min() > 0.7
    assert W[:, :10].max() < 0.05
    assert W.max() <= 1


def test_a_seed_makes_the_same_bytes():
    p, a = picture(30, 36), picture(28, 40, 1)
    first, again, other = (texture_transfer(p, a, seed=seed, scales=1, **SMALL) for seed in (1, 1, 2))
    assert first.shape == p.shape
    assert first.dtype == np.float32
    np.testing.assert_array_equal(first, again)
    assert (first != other).any()


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"sides": (50,), "gaps": (9,)}, "the photo of 40 × 40 pixels is smaller than a patch of 50 × 50"),
        ({"sides": (9, 5), "gaps": (6,)}, "give a gap from 1 to the side for each side"),
        ({"sides": (9,), "gaps": (10,)}, "give a gap from 1 to the side for each side"),
        ({"r": 3}, "r=3: give a number from 0.001 to 2"),
        ({"mask": np.ones((3, 3))}, "a mask .* for a photo"),
    ],
)
def test_bad_input_is_refused_in_one_line(settings, message):
    with pytest.raises(nst.NSTError, match=message) as raised:
        texture_transfer(picture(40, 40), picture(60, 60, 1), **settings)
    assert "\n" not in str(raised.value)
