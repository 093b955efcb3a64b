"""Training against flicker: two frames of a scene, what is compared, its gradient, and what it does in a training."""

import csv

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import nst_jax as nst
from nst_jax.feedforward import steadiness
from nst_jax.feedforward import style_network_training as training
from nst_jax.feedforward.steadiness import NOISE, REACH, two_frames, unsteadiness
from nst_jax.feedforward.style_network import Geometry, everywhere, initial
from nst_jax.feedforward.style_network_files import read_style_network
from nst_jax.feedforward.style_network_losses import goals, losses
from nst_jax.feedforward.style_network_settings import TrainSettings
from nst_jax.losses.style.catalogue import statistic_named
from nst_jax.networks.formats import write_weights
from nst_jax.networks.geometry import LAYERS
from tests.support.pictures import picture
from tests.support.weights import random_weights


@pytest.fixture
def scenes(rng):
    return rng.uniform(0.2, 0.8, (5, 24 + REACH, 20 + REACH, 3)).astype(np.float32)


def test_two_frames_of_a_scene(scenes, rng, monkeypatch):
    """The second shows at i what the first shows at i + shift; both move; noise is as strong as is said."""
    monkeypatch.setattr(steadiness, "NOISE", 0.0)
    p, moved = two_frames(scenes, rng)
    x, shift = map(np.asarray, moved)
    assert p.shape == x.shape == (5, 24, 20, 3)
    assert np.abs(shift).max() <= REACH
    assert len(np.unique(shift)) > 3
    for first, second, (down, right) in zip(p, x, shift, strict=True):
        for i, j in np.ndindex(24, 20):
            if 0 <= i + down < 24 and 0 <= j + right < 20:
                np.testing.assert_array_equal(second[i, j], first[i + down, j + right])
    still = np.full((64, 64 + REACH, 64 + REACH, 3), 0.5, np.float32)
    for noise in (NOISE, 0.1):
        monkeypatch.setattr(steadiness, "NOISE", noise)
        found = np.asarray(two_frames(still, rng)[1].x).std(axis=(1, 2, 3))
        assert 0 < found.min() < 0.2 * noise
        assert 0.8 * noise < found.max() < 1.1 * noise


def test_it_is_the_mean_square_over_what_both_show(rng):
    y, x, shift = rng.uniform(size=(9, 7, 3)), rng.uniform(size=(9, 7, 3)), (2, -3)
    total = 0.0
    for i, j in np.ndindex(9, 7):
        if 0 <= i + 2 < 9 and 0 <= j - 3 < 7:
            total += ((x[i, j] - y[i + 2, j - 3]) ** 2).sum()
    found = unsteadiness(jnp.asarray(y), jnp.asarray(x), jnp.asarray(shift))
    np.testing.assert_allclose(found, total / (9 * 7 * 3), rtol=1e-5)


def test_a_network_that_moves_with_its_frame_is_steady(scenes, rng, monkeypatch):
    """f(T p) = T f(p) exactly, for a function of each pixel; not for one that looks at the place."""
    monkeypatch.setattr(steadiness, "NOISE", 0.0)
    p, moved = two_frames(scenes, rng)
    x, shift = map(np.asarray, moved)
    of_all = jax.vmap(unsteadiness)
    np.testing.assert_array_equal(of_all(1 - p**2, 1 - x**2, shift), 0)
    place = np.linspace(0, 1, 24, dtype=np.float32)[:, None, None]
    assert (np.asarray(of_all(p * place, x * place, shift))[shift[:, 0] != 0] > 1e-5).all()


def test_noise_counts_by_its_variance(rng):
    """Of f(p) = p, and a frame that does not move: σ²."""
    p = np.full((200, 200, 3), 0.5)
    found = unsteadiness(jnp.asarray(p), jnp.asarray(p + rng.normal(0, 0.03, p.shape)), jnp.zeros(2, int))
    np.testing.assert_allclose(found, 0.03**2, rtol=0.02)


def test_its_gradient():
    """Through both frames, with respect to scale and shift, against finite differences in float64."""
    with jax.enable_x64(True):
        small = initial(Geometry((2, 3, 4), 1), 1, 0)
        exact = jax.tree.map(lambda leaf: jnp.asarray(np.asarray(leaf), jnp.float64), small)
        scene = picture(16, 16, 9)
        p, x = (jnp.asarray(scene[i : i + 12, i : i + 12], jnp.float64)[None] for i in (0, 3))

        def value(gamma, beta):
            f = exact.replace(gamma=gamma, beta=beta)
            weights = everywhere(jnp.ones((1, 1)))
            return unsteadiness(f(p, weights)[0], f(x, weights)[0], jnp.asarray((3, 3)))

        with_gradient = jax.jit(jax.value_and_grad(value, argnums=(0, 1)))
        _, g = with_gradient(exact.gamma, exact.beta)
        rng, h = np.random.default_rng(0), 1e-5
        d = [rng.normal(size=each.shape) for each in g]
        up, down = (with_gradient(exact.gamma + k * d[0], exact.beta + k * d[1])[0] for k in (h, -h))
        along = sum(np.vdot(each, part) for each, part in zip(g, d, strict=True))
        assert abs(along) > 1e-4
        np.testing.assert_allclose((up - down) / (2 * h), along, rtol=1e-4)


@pytest.fixture(scope="module")
def material(tmp_path_factory):
    folder = tmp_path_factory.mktemp("material")
    layers = LAYERS[: LAYERS.index("conv5_1") + 1]
    write_weights(folder / "loss.safetensors", random_weights((4, 4, 5, 5, 6), layers), {"pool": "avg"})
    for i in range(4):
        nst.save_image(folder / "photos" / f"{i}.png", picture(50, 50 + i, i))
    nst.save_image(folder / "a.png", picture(50, 40, 10))
    return folder


def train(material, folder, steps=8, **more):
    how = {"size": 32, "batch": 2, "style_size": 40, "widths": (4, 4, 6), "blocks": 1, "rate": 3e-3}
    how |= {"steps": steps, "network": material / "loss.safetensors", "steadiness": 1e5}
    return nst.train(material / "a.png", material / "photos", folder, **how | more)


@pytest.fixture
def often_measured(monkeypatch):
    for name, value in (("MEASURE", 4), ("HELD_OUT", 2), ("TESTED", 2), ("TIMED", 1), ("SHOWN", 1)):
        monkeypatch.setattr(training, name, value)


def test_a_training_makes_the_network_steadier_and_resumes_to_the_same_bytes(material, tmp_path, often_measured):
    assert list(train(material, tmp_path / "whole", 12))[-1].step == 12
    rows = list(csv.DictReader((tmp_path / "whole" / "log.csv").read_text().splitlines()))
    assert set(rows[0]) == {"step", "loss", "content/a", "style/a", "steadiness/a"}
    assert float(rows[-1]["steadiness/a"]) < float(rows[0]["steadiness/a"])
    assert list(train(material, tmp_path / "cut", 12, stop=iter([False] * 5 + [True]).__next__))[-1].step == 6
    list(train(material, tmp_path / "cut", 12))
    ours, theirs = (read_style_network(tmp_path / name / "network.safetensors") for name in ("cut", "whole"))
    assert jax.tree.all(jax.tree.map(np.array_equal, ours.network, theirs.network))
    assert theirs.provenance["recipe"]["steadiness"] == 1e5


def test_off_it_leaves_no_trace(vgg, material):
    """The same crops as without it, no other term, and a recipe that trainings from before there was one have."""
    s = TrainSettings(size=32, batch=2, content_layers="conv3_2", style_layers=("conv2_1",))
    files = [path.read_bytes() for path in sorted((material / "photos").iterdir())]
    x, numbers, moved = training._batch(files, 3, s, 1)
    assert moved is None
    crops = training._crops(files, 2, 32, s.zoom, np.random.default_rng([s.seed, 3]))
    np.testing.assert_array_equal(x, crops)
    aims = goals(vgg, [picture(40, 36, 20)], x[0], statistic_named("gram"), s)
    network = initial(Geometry((4, 4, 6), 1), 1, 0)
    assert set(losses(network, aims, x, numbers)) == {"content", "style", "tv"}
    assert "steadiness" not in training._recipe(s)
    assert set(training._recipe(TrainSettings(steadiness=1.0))) == {*training._recipe(s), "steadiness"}


def test_its_weight_is_a_factor(vgg, material):
    s = TrainSettings(size=32, batch=2, content_layers="conv3_2", style_layers=("conv2_1",), steadiness=50.0)
    files = [path.read_bytes() for path in sorted((material / "photos").iterdir())]
    x, numbers, moved = training._batch(files, 0, s, 1)
    aims = goals(vgg, [picture(40, 36, 20)], x[0], statistic_named("gram"), s)
    network = initial(Geometry((4, 4, 6), 1), 1, 0)
    found = losses(network, aims, x, numbers, moved)["steadiness"]
    weights = everywhere(jnp.ones((2, 1)))
    y, z = (network(jnp.asarray(each), weights) for each in (x, moved.x))
    expected = [50 * unsteadiness(*each) for each in zip(y, z, moved.shift, strict=True)]
    np.testing.assert_allclose(found, expected, rtol=1e-4)
    with pytest.raises(nst.SettingError, match="steadiness=-1"):
        TrainSettings(steadiness=-1)
