"""Strokes as parameters: Bézier curves, their picture and its gradients, and the descent of an objective."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import nst_jax as nst
from nst_jax.history import kotovenko
from nst_jax.history.curves import UNITS, Curves, bend, curves_of, distances, points_of, render
from tests.support.pictures import picture


def curves(place, start, control, end, width, colour, ground=(0.0, 0.0, 0.0)):
    leaves = (place, start, control, end, width, colour, ground)
    return Curves(*(jnp.asarray(leaf, jnp.float32) for leaf in leaves))


def one(width=10.0, place=(128.0, 64.0), reach=60.0, colour=(1.0, 0.5, 0.0)):
    """One straight level stroke."""
    return curves([place], [[-reach, 0]], [[0, 0]], [[reach, 0]], [width], [colour])


def some(rng, n=12, shape=(48, 64)):
    """Random strokes in a picture of that shape."""
    span = np.array(shape[::-1]) * UNITS / max(shape)
    ways = [rng.uniform(-40, 40, (n, 2)) for _ in range(3)]
    return curves(rng.uniform(0, 1, (n, 2)) * span, *ways, rng.uniform(4, 16, n), rng.uniform(0, 1, (n, 3)))


def test_points_lie_on_the_curve(rng):
    c = some(rng)
    t = np.linspace(0, 1, 7)[:, None]
    s, m, e = (np.asarray(each) for each in (c.start, c.control, c.end))
    for i in range(12):
        expected = np.asarray(c.place)[i] + (1 - t) ** 2 * s[i] + 2 * t * (1 - t) * m[i] + t**2 * e[i]
        np.testing.assert_allclose(points_of(c)[i], expected, atol=1e-4)


def test_distances_from_a_straight_stroke_are_those_of_geometry(rng):
    x = rng.uniform(-50, 50, (200, 2)).astype(np.float32)
    a, b = np.array([-20.0, 5]), np.array([30.0, 25])
    points = jnp.asarray(a + np.linspace(0, 1, 7)[:, None] * (b - a), jnp.float32)[None]
    t = np.clip((x - a) @ (b - a) / ((b - a) ** 2).sum(), 0, 1)
    np.testing.assert_allclose(
        distances(x, points)[:, 0], np.linalg.norm(x - a - t[:, None] * (b - a), axis=-1), atol=2e-3
    )


def test_a_straight_stroke_covers_its_width_with_soft_edges():
    h, w = 64, 128
    x = np.asarray(render(one(), (h, w)))
    j, i = (np.arange(n) * UNITS / w + UNITS / w / 2 for n in (w, h))
    d = np.hypot(np.maximum(np.abs(j[None] - 128) - 60, 0), i[:, None] - 64)
    covered = 1 / (1 + np.exp(-(10 - d) / (0.5 * UNITS / w)))
    np.testing.assert_allclose(x, covered[..., None] * [1, 0.5, 0], atol=2e-3)


def test_the_same_strokes_at_another_size_are_the_same_picture():
    small, large = (np.asarray(render(one(), shape)) for shape in ((64, 128), (192, 384)))
    means = large.reshape(64, 3, 128, 3, 3).mean((1, 3))
    assert np.abs(means - small).mean() < 0.01


def test_of_two_strokes_the_nearer_one_has_a_pixel():
    two = curves([[64, 64]] * 2, [[-60, -20], [-60, 20]], [[0, -20], [0, 20]], [[60, -20], [60, 20]], [40, 40],
                 [[1, 0, 0], [0, 0, 1]])  # fmt: skip
    x = np.asarray(render(two, (128, 128)))
    np.testing.assert_allclose(x[22, 32], [1, 0, 0], atol=1e-3)
    np.testing.assert_allclose(x[42, 32], [0, 0, 1], atol=1e-3)


def test_few_nearest_strokes_give_the_picture_of_all(rng):
    c = some(rng, n=40)
    few, every = (np.asarray(render(c, (48, 64), nearest)) for nearest in (12, 40))
    assert np.abs(few - every).max() < 0.02
    assert np.abs(np.asarray(render(c, (48, 64), 1)) - every).max() > 0.2


def test_no_pixel_is_lost_where_cells_do_not_fit(rng):
    c = some(rng)
    whole = np.asarray(render(c, (48, 64), 12))
    assert np.asarray(render(c, (47, 64), 12)).shape == (47, 64, 3)
    np.testing.assert_allclose(render(c, (47, 64), 12), whole[:47], atol=1e-5)


def test_gradients_are_finite_differences(rng):
    with jax.enable_x64():
        c = jax.tree.map(lambda leaf: jnp.asarray(np.asarray(leaf), jnp.float64), some(rng, n=5, shape=(24, 32)))
        target = rng.uniform(0, 1, (24, 32, 3))

        @jax.jit
        def loss(c):
            return ((render(c, (24, 32), 5) - target) ** 2).sum() + bend(c)

        gradient = jax.jit(jax.grad(loss))(c)
        for name in ("place", "start", "control", "end", "width", "colour", "ground"):
            leaf = getattr(c, name)
            way = rng.standard_normal(leaf.shape)
            step = 1e-6
            ahead, back = (loss(c.replace(**{name: leaf + sign * step * way})) for sign in (1, -1))
            expected = float((ahead - back) / (2 * step))
            assert float((getattr(gradient, name) * way).sum()) == pytest.approx(expected, rel=2e-4, abs=1e-6), name


def test_straight_strokes_have_no_bend(rng):
    assert float(bend(one())) == 0
    bent = curves([[0, 0]], [[-3, 0]], [[0, 4]], [[3, 0]], [1.0], [[0, 0, 0]])
    assert float(bend(bent)) == pytest.approx(64 / 37)


def test_the_first_strokes_paint_the_photo_roughly(rng):
    p = nst.load_image("coffee", 96)
    c = curves_of(p, 400, rng)
    x = np.asarray(render(c, p.shape[:2]))
    flat = np.broadcast_to(p.mean((0, 1)), p.shape)
    assert np.abs(x - p).mean() < 0.45 * np.abs(flat - p).mean()


def test_strokes_go_down_an_objective_of_their_picture(rng):
    p = picture(32, 48)

    @jax.tree_util.Partial
    def objective(x):
        return ((x - p) ** 2).sum()

    first = curves_of(p, 60, rng)
    way = list(kotovenko.optimised(first, objective, (32, 48), 40, rate=0.3))
    losses = [loss for _, loss in way]
    assert len(losses) == 40
    assert losses[-1] < 0.85 * losses[0]
    assert (np.diff(losses)[:5] < 0).all()
    assert losses[0] == pytest.approx(float(objective(render(first, (32, 48)))), rel=1e-5)
    last = way[-1][0]
    assert (np.asarray(last.width) >= kotovenko.THINNEST).all()
    assert 0 <= np.asarray(last.colour).min() <= np.asarray(last.colour).max() <= 1
    np.testing.assert_array_equal(last.ground, first.ground)


def test_the_method_minimises_the_projects_objective(monkeypatch):
    p, a = picture(48, 64), picture(60, 60, 1)
    seen = {}

    def watched(curves, objective, shape, *more):
        seen.update(objective=objective, shape=shape)
        return iter([(curves, 0.0)])

    monkeypatch.setattr(kotovenko, "optimised", watched)
    how = {"strokes": 50, "work": 64}
    made = kotovenko.kotovenko(np.repeat(np.repeat(p, 2, 0), 2, 1), a, seed=0, **how)
    assert made.shape == (96, 128, 3)
    assert seen["shape"] == (48, 64)
    kinds = [term.kind for term in seen["objective"].terms]
    assert set(kinds) == {"content", "style"}
    assert float(seen["objective"](jnp.asarray(p))) > 0


def test_wrong_values_are_refused():
    for given, words in (({"strokes": 0}, "strokes=0"), ({"work": 8}, "work=8"), ({"rate": -1.0}, "rate=-1")):
        with pytest.raises(nst.SettingError, match=words):
            kotovenko.kotovenko(picture(20, 20), picture(20, 20), seed=0, **given)
