"""Runs at an equal content distance."""

import numpy as np
import pytest

import nst_jax as nst
from nst_jax.networks.formats import write_weights
from nst_jax.research import balance
from nst_jax.research.balance import TOLERANCE, balanced
from nst_jax.research.roughness import roughness
from tests.support.pictures import picture
from tests.support.weights import random_weights


@pytest.fixture(scope="module")
def axes(tmp_path_factory):
    folder = tmp_path_factory.mktemp("files")
    photo = picture(60, 80)
    noise = np.random.default_rng(0).normal(0, 0.02, photo.shape)
    nst.save_image(folder / "photo.png", photo)
    nst.save_image(folder / "noisy.png", np.clip(photo + noise, 0, 1).astype(np.float32))
    nst.save_image(folder / "painting.png", picture(70, 50, 1))
    weights = {name: array for name, array in random_weights().items() if name[:5] in ("prepr", "conv1", "conv2")}
    write_weights(folder / "narrow.safetensors", weights, {})
    files = {"content": folder / "photo.png", "network": folder / "narrow.safetensors"}
    layers = {"content_layers": ("conv2_2",), "style_layers": ("conv1_1", "conv2_1")}
    same = {"size": 32, "steps": 8, "tv": 0.0, "beta": 0.01}
    starts = {"init": [folder / "photo.png", folder / "noisy.png"]}
    return files | layers | same | starts | {"style": [folder / "painting.png"], "alpha": [1.0, 2.0]}


def test_twice_the_alpha_wants_twice_the_beta(axes, tmp_path):
    runs = balanced(tmp_path, "alpha", 1.0, "init", **axes)
    table = runs.table()
    assert list(table.alpha) == [1, 1, 2, 2]
    assert list(table.init) == 2 * ["photo", "noisy"]
    assert list(table.beta) == [0.01, 0.01, *2 * [pytest.approx(0.02, rel=0.2)]]
    means = table.groupby("alpha").content_distance.mean()
    assert means[2.0] == pytest.approx(means[1.0], rel=2 * TOLERANCE)
    made = {folder: folder.stat().st_mtime_ns for folder in tmp_path.glob("*/*.png")}
    again = balanced(tmp_path, "alpha", 1.0, "init", **axes)  # as after a stop: nothing is made twice
    assert again.table().equals(table)
    assert made == {folder: folder.stat().st_mtime_ns for folder in tmp_path.glob("*/*.png")}


@pytest.mark.parametrize("power", [0.2, 1.0, 3.0])
def test_the_weight_is_found_where_distances_grow_with_any_power_of_it(power, monkeypatch):
    monkeypatch.setattr(balance, "_content", lambda beta: beta**power)
    found = balance._nearest(lambda beta: beta, 1.0, 37.0**power)
    assert found**power == pytest.approx(37**power, rel=2 * TOLERANCE)


@pytest.mark.parametrize("seed", range(20))
def test_no_weight_is_tried_twice_where_chance_moves_the_distances(seed, monkeypatch):
    chance, tried = np.random.default_rng(seed), []
    monkeypatch.setattr(balance, "_content", lambda beta: beta * chance.uniform(0.5, 2))
    assert balance._nearest(lambda beta: tried.append(beta) or beta, 1.0, 5.0) in tried
    assert len(set(tried)) == len(tried) <= balance.TRIES


def test_a_level_whose_run_fails_keeps_it(monkeypatch):
    tried = []
    monkeypatch.setattr(balance, "_content", lambda beta: 0.5 if beta < 3 else np.nan)
    assert balance._nearest(lambda beta: tried.append(beta) or beta, 1.0, 1.0) == 1
    assert tried == [1, pytest.approx(4)]


def test_roughness_is_relative_to_the_painting(rng):
    a = picture(24, 24)
    assert roughness(a, a) == 1
    assert roughness(0.5 * a, a) == pytest.approx(0.5, rel=1e-5)
    assert roughness(np.full_like(a, 0.5), a) == 0
    assert roughness(np.tile(a, (2, 2, 1))[:24, :24], a) == 1
    assert roughness(rng.uniform(size=a.shape).astype(np.float32), a) > 1
