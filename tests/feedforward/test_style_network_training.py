"""The training of a network of styles: its objective, its rows, resuming, adding a style, its file and its command."""

import csv
import json
from collections import Counter
from contextlib import contextmanager

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import nst_jax as nst
from nst_jax.cli.main import main
from nst_jax.errors import DivergedError
from nst_jax.feedforward import style_network_training as training
from nst_jax.feedforward.style_network import Geometry, everywhere, initial
from nst_jax.feedforward.style_network_files import read_style_network, row_of
from nst_jax.feedforward.style_network_losses import goals, log_loss, losses, shared_shape
from nst_jax.feedforward.style_network_settings import TrainSettings
from nst_jax.losses.style.catalogue import statistic_named
from nst_jax.networks.formats import write_weights
from nst_jax.networks.geometry import LAYERS
from nst_jax.transfer.settings import Settings
from tests.support.pictures import picture
from tests.support.weights import random_weights

TINY = {"size": 32, "batch": 2, "style_size": 40, "widths": (4, 4, 6), "blocks": 1, "rate": 1e-2}


@pytest.fixture(autouse=True)
def often_measured(monkeypatch):
    for name, value in (("MEASURE", 4), ("HELD_OUT", 3), ("TESTED", 2), ("TIMED", 1), ("SHOWN", 1)):
        monkeypatch.setattr(training, name, value)


@pytest.fixture(scope="module")
def material(tmp_path_factory):
    """A folder with a random loss network, photos, and three paintings."""
    folder = tmp_path_factory.mktemp("material")
    layers = LAYERS[: LAYERS.index("conv5_1") + 1]
    write_weights(folder / "loss.safetensors", random_weights((4, 4, 5, 5, 6), layers), {"pool": "avg"})
    for i in range(6):
        nst.save_image(folder / "photos" / f"{i}.png", picture(40, 50 + i, i))
    for i, name in enumerate("abc"):
        nst.save_image(folder / f"{name}.png", picture(50, 40 + 4 * i, 10 + i))
    return folder


def trained(material, styles, folder, steps=8, **more):
    given = {**TINY, "steps": steps, "network": material / "loss.safetensors", **more}
    styles = [material / f"{style}.png" for style in styles]
    return nst.train(styles, material / "photos", folder, **given)


@pytest.fixture(scope="module")
def whole(material, tmp_path_factory):
    """The folder of a training of two styles over 8 steps, and its snapshots."""
    folder = tmp_path_factory.mktemp("whole") / "run"
    with pytest.MonkeyPatch.context() as patched:
        for name, value in (("MEASURE", 4), ("HELD_OUT", 3), ("TESTED", 2), ("TIMED", 1), ("SHOWN", 1)):
            patched.setattr(training, name, value)
        return folder, list(trained(material, "ab", folder))


def test_it_learns_logs_and_shows(whole):
    folder, snapshots = whole
    assert [snapshot.step for snapshot in snapshots] == list(range(9))
    assert snapshots[0].left > 0
    assert snapshots[-1].left == 0
    assert [snapshot.step for snapshot in snapshots if snapshot.losses] == [4, 8]
    rows = list(csv.DictReader((folder / "log.csv").read_text().splitlines()))
    assert set(rows[0]) == {"step", "loss", "content/a", "style/a", "content/b", "style/b"}
    assert float(rows[1]["loss"]) < float(rows[0]["loss"])
    assert sorted(path.name for path in (folder / "pictures").iterdir()) == ["000004.jpg", "000008.jpg"]


def test_a_stopped_training_resumes_to_the_same_bytes(material, whole, tmp_path):
    steps = trained(material, "ab", tmp_path)
    for _ in range(6):  # the first snapshot, and five steps: one after the first checkpoint
        next(steps)
    steps.close()
    cut = trained(material, "ab", tmp_path, stop=iter([False, True]).__next__)
    assert [snapshot.step for snapshot in cut] == [4, 5, 6]
    assert [snapshot.step for snapshot in trained(material, "ab", tmp_path)] == [6, 7, 8]
    ours, theirs = (read_style_network(folder / "network.safetensors").network for folder in (tmp_path, whole[0]))
    assert jax.tree.all(jax.tree.map(np.array_equal, ours, theirs))
    assert [snapshot.step for snapshot in trained(material, "ab", tmp_path)] == [8]  # it is finished
    with pytest.raises(nst.RunError, match="another recipe"):
        next(trained(material, "ab", tmp_path, beta=3.0))
    with pytest.raises(nst.RunError, match="another styles"):
        next(trained(material, "ac", tmp_path))


def test_an_added_style_leaves_the_others_byte_equal(material, whole, tmp_path, monkeypatch):
    monkeypatch.setattr(training, "WARM", 2)
    before = whole[0] / "network.safetensors"
    list(trained(material, "c", tmp_path, steps=24, add_to=before))
    path = tmp_path / "network.safetensors"
    old, new = (read_style_network(each) for each in (before, path))
    assert new.names == ("a", "b", "c")
    p = picture(33, 30, 0)
    for style in "ab":
        first, second = (nst.paint(p, style, network=each, size=33).image for each in (before, path))
        assert np.array_equal(first, second)
    start = np.asarray(old.network.gamma).mean(axis=0)
    assert np.abs(np.asarray(new.network.gamma[2]) - start).max() > 1e-3  # it has learned
    rows = list(csv.DictReader((tmp_path / "log.csv").read_text().splitlines()))
    assert float(rows[-1]["loss"]) < float(rows[0]["loss"])
    with pytest.raises(nst.SettingError, match="two styles are called a"):
        next(trained(material, "a", tmp_path / "again", add_to=before))
    with pytest.raises(nst.SettingError, match="start has no effect with add_to"):
        next(trained(material, "c", tmp_path / "both", add_to=before, start=before))


def test_a_training_begins_with_another_network(material, whole, tmp_path):
    before = whole[0] / "network.safetensors"
    plan = training._plan([material / "b.png", material / "c.png"], TrainSettings(style_size=40), before, None)
    old = read_style_network(before).network
    assert np.array_equal(plan.start.gamma[0], old.gamma[1])
    np.testing.assert_allclose(plan.start.gamma[1], np.asarray(old.gamma).mean(axis=0), atol=1e-6)
    assert np.array_equal(plan.start.kernels["enter"], old.kernels["enter"])


@pytest.mark.parametrize("statistic", ["gram", "nearest"])
def test_its_loss_is_the_objective_of_stylize(material, vgg, statistic):
    """Of each picture that it paints, with the same terms; at one scale, with the style at the size given."""
    paintings = shared_shape([picture(40, 36, 20), picture(36, 44, 21)])
    s = TrainSettings(size=32, statistic=statistic, content_layers="conv3_2", style_layers=("conv2_1", "conv3_1"))
    photos = np.stack([picture(32, 32, 30 + i) for i in range(3)])
    aims = goals(vgg, paintings, photos[0], statistic_named(statistic), s)
    network, numbers = initial(Geometry((4, 4, 6), 1), 2, 0), np.array([1, 0, 1])
    found = jax.jit(losses)(network, aims, photos, numbers)
    y = jax.jit(lambda n, x, w: n(x, w))(network, jnp.asarray(photos), everywhere(jnp.eye(2)[numbers]))
    shapes = vgg.shapes(32, 32)
    given = nst.loss_weights(s.alpha, s.beta, s.content_layers, s.style_layers)
    weights = nst.convert(given, "author", "paper", shapes)
    if statistic == "gram":
        for i, number in enumerate(numbers):
            objective = nst.build_objective(
                vgg, photos[i], paintings[number], weights.content, weights.style, s.tv / photos[0].size
            )
            parts = objective.breakdown(y[i])
            for kind in ("content", "style", "tv"):
                expected = sum(float(v) for name, v in parts.items() if name.startswith(kind))
                np.testing.assert_allclose(found[kind][i], expected, rtol=1e-4)
    total = sum(np.asarray(each) for each in found.values())
    np.testing.assert_allclose(log_loss(network, aims, photos, numbers), np.log(total + 1e-6).mean(), rtol=1e-5)


def test_the_styles_take_turns(material):
    files = [path.read_bytes() for path in sorted((material / "photos").iterdir())]
    s = TrainSettings(size=32, batch=4)
    numbers = np.concatenate([training._batch(files, step, s, 3)[1] for step in range(6)])
    assert set(Counter(numbers.tolist()).values()) == {8}
    x = training._batch(files, 0, s, 3)[0]
    assert x.shape == (4, 32, 32, 3)
    assert 0 <= x.min() < x.max() <= 1
    assert np.array_equal(x, training._batch(files, 0, s, 3)[0])
    assert not np.array_equal(x, training._batch(files, 1, s, 3)[0])


def test_what_is_not_finite_stops_it(material, tmp_path, monkeypatch):
    monkeypatch.setattr(training, "_measured", lambda *_: {"loss": float("nan")})
    with pytest.raises(DivergedError, match="smaller rate"):
        list(trained(material, "ab", tmp_path))
    assert not (tmp_path / "network.safetensors").exists()


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"steps": 0}, "steps=0"),
        ({"size": 40}, "multiple of 16"),
        ({"zoom": 0.5}, "zoom=0.5"),
        ({"batch": 0}, "batch=0"),
        ({"rate": -1}, "rate=-1"),
        ({"blocks": 0}, "blocks=0"),
        ({"widths": (1, 2)}, "widths"),
        ({"beta": -1}, "beta"),
        ({"statistic": "grams"}, "statistic"),
        ({"style_layers": "conv9_1"}, "conv9_1"),
        ({"epochs": 2}, "no setting epochs"),
    ],
)
def test_invalid_settings_are_named(settings, words, tmp_path):
    with pytest.raises(nst.SettingError, match=words):
        nst.train("vortex", "photos", tmp_path, **settings)


def test_settings_that_stylize_has_too_mean_the_same():
    ours, theirs = TrainSettings(), Settings()
    for name in ("alpha", "tv", "convention", "statistic", "content_layers", "style_layers", "network"):
        assert getattr(ours, name) == getattr(theirs, name)


def test_files_that_are_something_else_are_refused(whole, material, tmp_path):
    path = whole[0] / "network.safetensors"
    for name, damage, words in (
        ("cut", lambda data: data[: len(data) // 2], "truncated"),
        ("empty", lambda data: b"", "truncated"),
        ("other", lambda data: (material / "loss.safetensors").read_bytes(), "not a network of styles"),
    ):
        other = tmp_path / f"{name}.safetensors"
        other.write_bytes(damage(path.read_bytes()))
        with pytest.raises(nst.WeightsError, match=words):
            read_style_network(other)
    with pytest.raises(nst.WeightsError, match="no such network"):
        read_style_network(tmp_path / "none.safetensors")


@pytest.mark.parametrize("harm", ["shape", "nan", "missing", "names", "geometry"])
def test_damaged_numbers_are_refused(whole, tmp_path, harm):
    from safetensors import safe_open

    with safe_open(whole[0] / "network.safetensors", framework="numpy") as file:
        arrays, metadata = {name: file.get_tensor(name) for name in file.keys()}, file.metadata()
    if harm == "shape":
        arrays["gamma"] = arrays["gamma"][:, 1:]
    elif harm == "nan":
        arrays["beta"][0, 0] = np.nan
    elif harm == "missing":
        del arrays["grow1.kernel"]
    elif harm == "names":
        metadata["styles"] = json.dumps([{"name": "a"}])
    else:
        metadata["geometry"] = "[]"
    write_weights(tmp_path / "bad.safetensors", arrays, metadata)
    with pytest.raises(nst.WeightsError, match="damaged"):
        read_style_network(tmp_path / "bad.safetensors")


def test_styles_are_asked_for_by_name(whole):
    network = read_style_network(whole[0] / "network.safetensors")
    assert [row_of(network, name) for name in ("a", "b", "folder/b.jpg")] == [0, 1, 1]
    with pytest.raises(nst.SettingError, match="paints in a, b"):
        row_of(network, "c")
    with pytest.raises(nst.SettingError, match="a style is ndarray"):
        row_of(network, np.zeros((4, 4, 3)))


def test_it_is_a_command(material, tmp_path, capsys):
    run = tmp_path / "run"
    given = ["--size", "32", "--batch", "2", "--style-size", "40", "--widths", "4", "4", "6", "--blocks", "1"]
    given += [
        "--network",
        str(material / "loss.safetensors"),
        "--pictures",
        str(material / "photos"),
        "--run",
        str(run),
    ]
    given += ["--rate", "0.01"]
    command = ["train", "--styles", str(material / "a.png"), str(material / "b.png"), "--steps", "8", *given]
    assert main(command) == 0
    said = capsys.readouterr()
    assert "use it with paint --network" in said.out
    assert "8 steps, about" in said.out + said.err
    out, photo = tmp_path / "out.png", material / "photos" / "0.png"
    assert main(["paint", str(photo), "a", "--network", str(run / "network.safetensors"), "-o", str(out)]) == 0
    assert out.is_file()
    assert main(command) == 2
    assert "finished" in capsys.readouterr().err
    assert main(["train", "--add", "vortex", "--steps", "8", *given]) == 2
    assert "belong together" in capsys.readouterr().err
    assert main(["train", "--styles", "vortex", "--steps", "8", *given]) == 2
    assert "another" in capsys.readouterr().err


def test_ctrl_c_keeps_what_is_there(material, whole, tmp_path, monkeypatch, capsys):
    """The command says so, exits as others do, and resumes."""
    asked = iter([False, False, True])

    @contextmanager
    def interrupted():
        yield lambda: next(asked, False)

    monkeypatch.setattr("nst_jax.transfer.interrupt.interruptible", interrupted)
    command = ["train", "--styles", str(material / "a.png"), str(material / "b.png"), "--steps", "8"]
    command += ["--size", "32", "--batch", "2", "--style-size", "40", "--widths", "4", "4", "6", "--blocks", "1"]
    command += ["--network", str(material / "loss.safetensors"), "--pictures", str(material / "photos")]
    command += ["--rate", "0.01", "--run", str(tmp_path)]
    assert main(command) == 130
    assert "the same command resumes" in capsys.readouterr().err
    assert (tmp_path / "network.safetensors").is_file()
    assert main(command) == 0
    ours, theirs = (read_style_network(folder / "network.safetensors").network for folder in (tmp_path, whole[0]))
    assert jax.tree.all(jax.tree.map(np.array_equal, ours, theirs))
