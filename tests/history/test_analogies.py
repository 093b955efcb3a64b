"""Image Analogies, against a scan of one pixel at a time, and pairs whose answer is known."""

import numpy as np
import pytest

import nst_jax as nst
from nst_jax.history import analogies
from nst_jax.history.analogies import analogy, gaussian_weights, image_analogy, principal, remapped, waves
from tests.support.pictures import picture


def test_of_an_equal_photo_the_answer_is_the_painting():
    A, painted = picture(34, 40), picture(34, 40, 1)
    for kappa in (0, 5):
        np.testing.assert_array_equal(analogy(A, painted, A, kappa=kappa, scales=2, slack=0), painted)


def test_of_a_piece_of_the_photo_the_answer_is_that_piece_of_the_painting():
    """From the first pixel whose neighbourhoods lie within the piece: beyond the border, pixels are invented."""
    A, painted = picture(30, 40), picture(30, 40, 1)
    x = analogy(A, painted, A[5:27, 7:36], kappa=5, scales=1, slack=0)
    np.testing.assert_array_equal(x[4:-2, 2:-2], painted[5:27, 7:36][4:-2, 2:-2])


def test_pixels_are_made_as_by_a_scan(monkeypatch):
    """The paper's algorithm at one scale, one pixel at a time, every distance computed."""
    monkeypatch.setattr(analogies, "KEPT", 1)
    A, painted, B = picture(10, 9), picture(10, 9, 1), picture(9, 11, 2)
    (H, W), (h, w), κ = A.shape[:2], B.shape[:2], 1.5
    weights = gaussian_weights(5).ravel()
    mean = painted.mean((0, 1))

    def neighbourhood(plain, made, y, x):
        f = []
        for i, (dy, dx) in enumerate(np.ndindex(5, 5)):
            v, u = y + dy - 2, x + dx - 2
            f.append(np.sqrt(weights[i]) * plain[np.clip(v, 0, len(plain) - 1), np.clip(u, 0, plain.shape[1] - 1)])
            if i < 12:
                within = 0 <= v < made.shape[0] and 0 <= u < made.shape[1]
                f.append(np.sqrt(weights[i]) * (made[v, u] if within else mean))
        return np.concatenate(f)

    features = np.array([[neighbourhood(A, painted, y, x) for x in range(W)] for y in range(H)])
    expected, source = np.zeros_like(B), {}
    for y, x in np.ndindex(h, w):
        D = ((features - neighbourhood(B, expected, y, x)) ** 2).sum(-1)
        best = np.unravel_index(D.argmin(), D.shape)
        moved = [(dy - 2, dx - 2) for dy, dx in list(np.ndindex(5, 5))[:12]]
        continued = [(source[y + j, x + i], (j, i)) for j, i in moved if (y + j, x + i) in source]
        continued = [(r[0] - j, r[1] - i) for r, (j, i) in continued]
        continued = [(v, u) for v, u in continued if 0 <= v < H and 0 <= u < W]
        if continued:
            coherent = min(continued, key=lambda r: D[r])
            best = coherent if D[coherent] <= D[best] * (1 + κ) else best
        source[y, x], expected[y, x] = best, painted[best]
    np.testing.assert_array_equal(analogy(A, painted, B, kappa=κ, scales=1, slack=0), expected)


def test_a_wave_needs_earlier_ones_alone():
    done = np.zeros((7, 9), bool)
    for rows, columns in waves(7, 9):
        for y, x in zip(rows, columns, strict=True):
            assert done[max(0, y - 2) : y, max(0, x - 2) : x + 3].all()
            assert done[y, max(0, x - 2) : x].all()
        done[rows, columns] = True
    assert done.all()


def test_coherence_copies_larger_pieces():
    A, painted, B = picture(40, 40), picture(40, 40, 1), picture(30, 30, 2)
    marks = np.stack(np.meshgrid(np.arange(40.0), np.arange(40.0)), -1)
    painted = np.concatenate([painted, marks * 1e-5], -1).astype("f")  # where a pixel comes from
    A, B = (np.pad(x, ((0, 0), (0, 0), (0, 2))) for x in (A, B))

    def continued(kappa):
        x = analogy(A, painted, B, kappa=kappa, scales=1, slack=0)
        return np.mean(np.abs(np.diff(x[..., 3], axis=1) - 1e-5) < 2e-6)

    assert continued(10) > continued(1) > continued(0)


def test_luminance_is_remapped():
    Y = remapped(picture(9, 9)[..., 0], picture(20, 9, 1)[..., 1])
    np.testing.assert_allclose(
        [Y.mean(), Y.std()], [f(picture(20, 9, 1)[..., 1]) for f in (np.mean, np.std)], rtol=1e-5
    )


def test_principal_axes_hold_the_variance(rng):
    f = rng.normal(size=(500, 6)) * (9, 5, 1, 0.1, 0.1, 0.1) + 3
    mean, axes = principal(f)
    np.testing.assert_allclose(mean, f.mean(0))
    assert axes.shape == (6, 2)
    np.testing.assert_allclose(axes.T @ axes, np.eye(2), atol=1e-6)


def test_colours():
    p, a = picture(24, 30), picture(30, 24, 1)
    pixels = set(map(tuple, image_analogy(p, a).reshape(-1, 3)))
    assert pixels <= set(map(tuple, a.reshape(-1, 3)))
    x = image_analogy(p, a, colours="photo")
    inside = ((x > 0) & (x < 1)).all(-1)
    np.testing.assert_allclose(
        (x - x.mean(-1, keepdims=True))[inside], (p - p.mean(-1, keepdims=True))[inside], atol=1e-5
    )


def test_the_same_bytes_again():
    p, a = picture(24, 30), picture(30, 24, 1)
    np.testing.assert_array_equal(image_analogy(p, a, seed=1), image_analogy(p, a, seed=1))


@pytest.mark.parametrize(
    ("p", "settings", "message"),
    [
        (picture(4, 30), {}, "the photo of 30 × 4 pixels is smaller than a patch of 5 × 5"),
        (picture(30, 30), {"colours": "red"}, "colours='red': give painting, photo"),
        (picture(30, 30), {"kappa": -1}, "kappa=-1: give a number from 0 up"),
    ],
)
def test_bad_input_is_refused_in_one_line(p, settings, message):
    with pytest.raises(nst.NSTError, match=message) as raised:
        image_analogy(p, picture(20, 20, 1), **settings)
    assert "\n" not in str(raised.value)
