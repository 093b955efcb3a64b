"""Fields of nearest patches, against brute force, SciPy's k-d tree, and pictures whose field is known."""

import numpy as np
import pytest
from scipy.spatial import cKDTree

import nst_jax as nst
from nst_jax.history.patch_fields import exact, nearest_rows, patch_match, patches, voted
from tests.support.pictures import picture

SIDE = 5


def distances(x, y, field):
    return np.sum((patches(x, SIDE) - patches(y, SIDE)[field[..., 0], field[..., 1]]) ** 2, -1)


def test_a_patch_is_a_square_of_the_picture():
    x = picture(9, 11)
    np.testing.assert_array_equal(patches(x, 4)[2, 3], x[2:6, 3:7].ravel())
    assert patches(x, 4).shape == (6, 8, 48)


def test_exact_is_brute_force():
    x, y = picture(12, 14, 1), picture(15, 13, 2)
    F, G = patches(x, SIDE).astype(float), patches(y, SIDE).astype(float)
    D = ((F[:, :, None, None] - G) ** 2).sum(-1)
    expected = np.stack(np.divmod(D.reshape(*F.shape[:2], -1).argmin(-1), G.shape[1]), -1)
    np.testing.assert_array_equal(exact(x, y, SIDE), expected)


def test_exact_finds_what_a_k_d_tree_finds():
    x, y = picture(40, 30, 1), picture(30, 45, 2)
    nearest, _ = cKDTree(patches(y, SIDE).reshape(-1, 75)).query(patches(x, SIDE).reshape(-1, 75))
    np.testing.assert_allclose(distances(x, y, exact(x, y, SIDE)).ravel(), nearest**2, rtol=1e-5)


def test_blocks_do_not_matter(monkeypatch, rng):
    from nst_jax.losses.style import rows

    f, g = rng.uniform(size=(301, 7)).astype("f"), rng.uniform(size=(700, 7)).astype("f")
    whole = nearest_rows(f, g)
    monkeypatch.setattr(rows, "PRODUCTS", 5000)
    monkeypatch.setattr(rows, "GROUP", 64)
    np.testing.assert_array_equal(nearest_rows(f[:300], g), whole[:300])


def test_of_equal_rows_the_first_is_found(rng):
    g = np.tile(rng.uniform(size=(300, 4)).astype("f"), (2, 1))
    np.testing.assert_array_equal(nearest_rows(g, g), np.tile(np.arange(300), 2))


def test_the_order_of_the_rows_does_not_matter(rng):
    f, g = rng.uniform(size=(50, 6)).astype("f"), rng.uniform(size=(400, 6)).astype("f")
    order = rng.permutation(400)
    np.testing.assert_array_equal(order[nearest_rows(f, g[order])], nearest_rows(f, g))


def test_patch_match_of_a_picture_with_itself_is_the_identity():
    x = picture(40, 36)
    rows, columns = np.meshgrid(np.arange(36), np.arange(32), indexing="ij")
    np.testing.assert_array_equal(patch_match(x, x, SIDE), np.stack([rows, columns], -1))


def test_patch_match_finds_a_shift():
    y = picture(60, 50)
    field = patch_match(y[7:47, 9:49], y, SIDE)
    assert np.mean(field[0, 0] == (7, 9)) == 1
    assert np.mean(distances(y[7:47, 9:49], y, field) == 0) == 1


def test_patch_match_approaches_the_exact_field():
    x, y = picture(36, 34, 1), picture(40, 30, 2)
    best = distances(x, y, exact(x, y, SIDE)).mean()
    excess = [distances(x, y, patch_match(x, y, SIDE, sweeps=sweeps)).mean() / best - 1 for sweeps in (1, 5, 40)]
    assert excess[0] > excess[1] > excess[2] >= 0
    assert excess[2] < 0.05


def test_patch_match_never_leaves_a_better_start():
    x, y = picture(20, 22, 1), picture(25, 21, 2)
    start = exact(x, y, SIDE)
    np.testing.assert_allclose(distances(x, y, patch_match(x, y, SIDE, start=start)), distances(x, y, start), rtol=1e-5)


def test_patch_match_is_seeded():
    x, y = picture(20, 22, 1), picture(25, 21, 2)
    first, again, other = (patch_match(x, y, SIDE, seed=seed, sweeps=1) for seed in (3, 3, 4))
    np.testing.assert_array_equal(first, again)
    assert (first != other).any()


def test_votes_of_the_identity_are_the_picture():
    y = picture(12, 15)
    field = np.stack(np.meshgrid(np.arange(8), np.arange(11), indexing="ij"), -1)
    np.testing.assert_allclose(voted(field, y, SIDE), y, atol=1e-6)


def test_a_vote_is_a_mean():
    y = picture(9, 9)
    field = np.array([[[0, 0], [4, 3]]])
    x = voted(field, y, SIDE)
    np.testing.assert_allclose(x[2, 0], y[2, 0], atol=1e-6)
    np.testing.assert_allclose(x[2, 3], (y[2, 3] + y[6, 5]) / 2, atol=1e-6)


@pytest.mark.parametrize("field", [exact, patch_match])
def test_a_picture_smaller_than_a_patch_is_refused(field):
    with pytest.raises(nst.NSTError, match="the painting of 20 × 4 pixels is smaller than a patch of 5 × 5"):
        field(picture(20, 20), picture(4, 20), SIDE)
