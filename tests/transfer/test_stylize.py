"""The recipe: scales, starts, settings, what it refuses, and real pictures."""

import dataclasses
import inspect
import os
import signal

import numpy as np
import pytest
from PIL import Image

import nst_jax as nst
from nst_jax.losses.style.catalogue import STATISTICS
from nst_jax.optim.first_order import adam
from nst_jax.optim.lbfgs import lbfgs
from nst_jax.transfer import run as running
from nst_jax.transfer.job import prepare
from nst_jax.transfer.objective import objective_at
from nst_jax.transfer.run import carried, run
from nst_jax.transfer.scales import steps_of
from tests.support.pictures import picture
from tests.support.weights import random_weights

# Shallow layers of a narrow network: fast, and small pictures will do.
LAYERS = {"content_layers": ["conv2_2"], "style_layers": ["conv1_1", "conv2_1"]}


@pytest.fixture(scope="module")
def narrow():
    return nst.VGG19(random_weights())


@pytest.fixture
def settings(narrow):
    return {"network": narrow, "size": 64, "steps": 6, "scales": 2, **LAYERS}


def test_scales_go_from_coarse_to_fine_and_each_starts_from_the_one_before(settings):
    job = prepare(picture(60, 80), picture(50, 70, 1), **settings | {"size": 160, "scales": 3, "steps": (5, 4, 3)})
    assert job.sizes == (40, 80, 160)
    snapshots = list(run(job, every=1))
    assert [(snapshot.scale, snapshot.spent_here) for snapshot in snapshots][::4] == [(0, 1), (0, 5), (1, 4)]
    assert [snapshot.image.shape for snapshot in snapshots if snapshot.spent_here == 1] == [
        (30, 40, 3),
        (60, 80, 3),
        (120, 160, 3),
    ]
    coarse, fine = snapshots[4].image, snapshots[5].image
    change = coarse - nst.resize(job.content, (30, 40))
    channels = [Image.fromarray(each).resize((80, 60), Image.Resampling.LANCZOS) for each in np.moveaxis(change, -1, 0)]
    expected = np.clip(nst.resize(job.content, (60, 80)) + np.stack(channels, axis=-1), 0, 1)
    np.testing.assert_allclose(fine, expected, atol=1e-6)


def test_a_change_of_nothing_leaves_all_the_detail_of_the_content_picture(settings):
    p = picture(64, 80)
    for carry, kept in (("change", True), ("picture", False)):
        job = prepare(p, p, **settings | {"size": 80, "scales": 2, "carry": carry})
        started = carried(job, nst.resize(p, (32, 40)), 1)
        assert (np.abs(started - p).max() < 1e-6) == kept
        if not kept:
            np.testing.assert_array_equal(started, nst.resize(nst.resize(p, (32, 40)), (64, 80)))


def test_each_scale_takes_half_the_time_of_the_next_finer_one_by_default(narrow):
    for sizes, steps in (
        ((128, 256, 512), (156, 78, 39)),
        ((200,), (150,)),
        ((128, 256, 512, 1024, 2048), (156, 78, 39, 20, 20)),
    ):
        assert steps_of(None, sizes) == steps


def test_scales_by_default_start_from_128_pixels_and_can_be_the_square_root_of_2_apart(narrow):
    for size, ratio, sizes in (
        (512, 2, (128, 256, 512)),
        (300, 2, (150, 300)),
        (100, 2, (100,)),
        (512, 2**0.5, (128, 181, 256, 362, 512)),
    ):
        assert prepare(picture(64, 64), picture(64, 64), network=narrow, size=size, ratio=ratio).sizes == sizes


def test_a_wide_picture_has_fewer_scales_rather_than_none(narrow):
    assert prepare(picture(40, 1200), picture(64, 64), network=narrow, size=512).sizes == (512,)


def test_history_runs_on_over_the_scales(settings):
    result = nst.stylize(picture(60, 80), picture(50, 70, 1), **settings)
    assert result.image.shape == (48, 64, 3)
    assert result.evaluations == 12
    assert list(result.losses["evaluations"]) == list(range(1, 13))
    assert list(result.losses["scale"]) == [32] * 6 + [64] * 6
    assert (np.diff(result.losses["seconds"]) > 0).all()
    assert {"total", "content", "style", "tv", "style/conv2_1", "gradient_norm"} <= set(result.losses)
    assert result.losses["total"][5] < result.losses["total"][0]
    assert result.losses["total"][11] < result.losses["total"][6]


def test_the_style_picture_follows_the_scale_but_is_never_enlarged(settings):
    a = picture(45, 30, 1)
    job = prepare(picture(60, 80), a, **settings)
    for scale, shape in enumerate([(32, 21), (45, 30)]):
        F = job.network(nst.resize(a, shape), ["conv1_1"])["conv1_1"]
        target = next(term.target for term in objective_at(job, scale).terms if term.name == "style/conv1_1")
        np.testing.assert_allclose(target.total, nst.GRAM.target(F).total, rtol=1e-5)
    assert job.notes == ()
    assert prepare(picture(60, 80), a, **settings | {"style_scale": 2.0}).notes == (
        "style has 45 pixels, is not enlarged to 128, and is used as it is",
    )


def test_the_same_call_gives_the_same_bytes(settings):
    first, second = (nst.stylize(picture(60, 80), picture(50, 70, 1), **settings) for _ in range(2))
    assert first.image.tobytes() == second.image.tobytes()
    assert first.losses["total"].tobytes() == second.losses["total"].tobytes()


def first_image(settings, **changes):
    return next(run(prepare(picture(60, 80), picture(50, 70, 1), **settings | changes), every=1)).image


def test_starts(settings, tmp_path):
    p, a = picture(60, 80), picture(50, 70, 1)
    small = nst.resize(nst.resize(p, (48, 64)), (24, 32))
    np.testing.assert_allclose(first_image(settings, init="content"), small, atol=1e-6)
    np.testing.assert_allclose(first_image(settings, init="style"), nst.resize(a, (24, 32)), atol=1e-6)
    other = picture(90, 90, 5)
    np.testing.assert_allclose(first_image(settings, init=other), nst.resize(other, (24, 32)), atol=1e-6)
    nst.save_image(tmp_path / "x.png", other)
    np.testing.assert_allclose(first_image(settings, init=tmp_path / "x.png"), nst.resize(other, (24, 32)), atol=1e-2)


def test_noise_is_white_and_its_own_for_each_seed(settings):
    noise = [first_image(settings, init="noise", seed=seed) for seed in (0, 0, 1)]
    np.testing.assert_array_equal(noise[0], noise[1])
    assert np.abs(noise[0] - noise[2]).mean() > 0.2
    assert noise[0].mean() == pytest.approx(0.5, abs=0.02)
    assert noise[0].std() == pytest.approx(12**-0.5, abs=0.02)
    assert np.abs(np.corrcoef(noise[0][:, 1:].ravel(), noise[0][:, :-1].ravel())[0, 1]) < 0.05


def test_the_convention_says_how_alpha_and_beta_are_read(settings):
    """The same function, stated by two conventions, gives the same picture; the same numbers do not."""
    one = {"scales": 1, "normalize": False, "tv": 0.0}
    result = nst.stylize(picture(60, 80), picture(50, 70, 1), **settings | one | {"convention": "author", "beta": 30.0})
    N, M = 6, 24 * 32
    same = {"alpha": 2 / (N * M), "beta": 120.0, "convention": "paper"}
    again = nst.stylize(picture(60, 80), picture(50, 70, 1), **settings | one | same)
    np.testing.assert_allclose(again.losses["total"][0], result.losses["total"][0], rtol=1e-4)
    np.testing.assert_allclose(again.image, result.image, atol=2e-2)
    other = nst.stylize(picture(60, 80), picture(50, 70, 1), **settings | one | {"convention": "paper", "beta": 30.0})
    assert abs(other.losses["total"][0] / result.losses["total"][0] - 1) > 0.5


def test_more_style_weight_gives_less_style_loss(settings):
    style = []
    for beta in (1e-4, 1e-3, 1e-1):
        result = nst.stylize(picture(60, 80), picture(50, 70, 1), **settings | {"beta": beta, "steps": 40, "tv": 0.0})
        style.append(result.losses["style"][-1] / beta)
    assert style[0] > style[1] > style[2]


def test_content_alone_and_style_alone(settings):
    p, a = picture(60, 80), picture(50, 70, 1)
    content = nst.stylize(p, a, **settings | {"style_layers": [], "init": "noise", "steps": 40, "tv": 0})
    assert "style" not in content.losses
    assert content.losses["content"][-1] < 0.1 * content.losses["content"][0]
    style = nst.stylize(p, a, **settings | {"content_layers": [], "init": "noise", "tv": 0})
    assert "content" not in style.losses


@pytest.mark.parametrize("shapes", [((33, 47), (95, 21)), ((64, 64), (64, 64)), ((17, 90), (50, 16))])
def test_sizes_that_differ_and_are_no_multiples_of_16(narrow, shapes):
    settings = {"network": narrow, "size": 95, "steps": 2, "scales": 1}
    result = nst.stylize(picture(*shapes[0]), picture(*shapes[1], 1), **settings)
    assert max(result.image.shape) == 95
    assert np.isfinite(result.image).all()


def test_a_size_too_small_for_the_deepest_layer_is_refused_at_once(narrow):
    with pytest.raises(nst.ImageError, match="content, at size 15: 15 × 8 pixels is too small for conv5_1"):
        nst.stylize(picture(30, 56), picture(30, 40), network=narrow, size=15, content_layers=["conv5_1"])
    with pytest.raises(nst.ImageError, match="60 × 8 pixels is too small for conv5_1, which needs 16 × 16"):
        nst.stylize(picture(64, 64), picture(8, 60), network=narrow, size=64)


def test_ctrl_c_returns_what_is_there(settings, monkeypatch):
    real, before = running.run, signal.getsignal(signal.SIGINT)

    def interrupted_at_the_third_snapshot(job):
        for i, snapshot in enumerate(real(job)):
            if i == 2:
                os.kill(os.getpid(), signal.SIGINT)
            yield snapshot

    monkeypatch.setattr(running, "run", interrupted_at_the_third_snapshot)
    result = nst.stylize(
        picture(60, 80), picture(50, 70, 1), **settings | {"steps": 10**6, "scales": 1, "optimizer": "adam"}
    )
    assert result.stopped == "interrupted"
    assert 0 < result.evaluations < 10**6
    assert result.losses["total"][-1] < result.losses["total"][0]
    assert signal.getsignal(signal.SIGINT) is before


def test_a_run_that_diverges_hands_over_its_last_good_picture(settings):
    with pytest.raises(nst.DivergedError, match="evaluation ") as caught:
        nst.stylize(
            picture(60, 80), picture(50, 70, 1), **settings | {"optimizer": nst.gradient_descent(1e30), "steps": 50}
        )
    assert np.isfinite(caught.value.result.image).all()
    assert "not finite" in caught.value.result.stopped


def test_a_result_is_saved_with_all_that_made_it(settings, tmp_path):
    result = nst.stylize(picture(60, 80), picture(50, 70, 1), **settings)
    result.save(tmp_path / "folder")
    names = {path.name for path in (tmp_path / "folder").iterdir()}
    assert names == {"result.png", "losses.csv", "seconds.csv", "manifest.json"}
    np.testing.assert_allclose(nst.load_image(tmp_path / "folder" / "result.png"), result.image, atol=0.5 / 255 + 1e-6)
    header, *rows = (tmp_path / "folder" / "losses.csv").read_text().splitlines()
    assert header.split(",")[:3] == ["scale", "evaluations", "failures"]
    column = header.split(",").index("total")
    assert np.float32(rows[7].split(",")[column]) == result.losses["total"][7]
    manifest = result.manifest()
    assert manifest["inputs"]["content"]["shape"] == [60, 80, 3]
    assert len(manifest["inputs"]["style"]["sha256"]) == 64
    assert manifest["settings"]["beta"] == 50.0
    assert manifest["scales"] == [{"size": 32, "evaluations": 6}, {"size": 64, "evaluations": 6}]
    assert manifest["environment"]["versions"]["jax"]
    assert manifest["evaluations"] == 12


@pytest.mark.parametrize(
    ("setting", "message"),
    [  # regular expressions
        ({"size": 0}, "size=0: give a whole number from 1 up"),
        ({"size": 64.5}, "size=64.5: give a whole number"),
        ({"alpha": -1}, "alpha=-1: give a number from 0 up"),
        ({"beta": float("nan")}, "beta=nan: give a number from 0 up"),
        ({"steps": 0}, "steps=0: give a whole number from 1 up"),
        ({"steps": [3, 2.5]}, "steps=2.5: give a whole number"),
        ({"steps": []}, r"steps=\[\]: give a whole number"),
        ({"steps": (1, 2, 3)}, "steps: 3 for 2 scales, 32 → 64 pixels; give one"),
        ({"alpha": 1e30}, "alpha=1e[+]30: give a number from 0 up, 1e[+]20 at most"),
        (
            {"beta": 1e15, "style_layers": {"conv1_1": 1e15}},
            "beta times its layers' weights is 1e[+]30; 1e[+]20 is the",
        ),
        ({"carry": "nothing"}, "carry='nothing': give change or picture"),
        ({"pool": ["avg"]}, r"pool=\['avg'\]: give avg or max"),
        ({"normalize": "yes"}, "normalize='yes': give True or False"),
        ({"scales": 0}, "scales=0: give a whole number from 1 up"),
        ({"ratio": 1.0}, "ratio=1.0: give a number from 1.1 up"),
        ({"ratio": "2"}, "ratio='2': give a number"),
        ({"optimizer": "sgd"}, "optimizer 'sgd' is not known; use lbfgs or adam"),
        ({"convention": "gatys"}, "convention 'gatys' is not known"),
        ({"content_layers": ["conv9_9"]}, "content_layers: there is no layer conv9_9"),
        ({"content_layers": None}, "content_layers=None: give names of layers"),
        ({"style_layers": ["conv1_1", "conv1_1"]}, "style_layers: conv1_1 is named twice"),
        ({"style_layers": {"conv1_1": "1"}}, "style_layers: conv1_1='1': give a number from 0 up"),
        ({"style_layers": {"conv1_1": 0.0}, "alpha": 0, "tv": 0}, "every weight is zero"),
        ({"network": 3}, "network=3: give a name, a path, or a network"),
        ({"optimizer": "sgd"}, "optimizer 'sgd' is not known"),
        ({"statistic": "gramm"}, "there is no statistic 'gramm'; there are gram, mean"),
        ({"style_scale": 0}, "style_scale=0: give a number from 0.01 up, 100 at most"),
        ({"style_scale": [1, 1]}, "style_scale: 2 numbers for 1 style picture"),
        ({"colour": "none"}, "colour='none': give style or content or luminance"),
        ({"convention": ["a"]}, "convention .* is not known"),
        ({"alpha": 0, "beta": 0, "tv": 0}, "every weight is zero"),
        ({"pool": "max"}, "set when a network is loaded"),
        ({"color": "red"}, "there is no setting color; there are network, size"),
        ({"init": "nowhere.png"}, r"nowhere\.png: no such file"),
    ],
)
def test_bad_settings_are_named(settings, setting, message):
    with pytest.raises(nst.NSTError, match=message):
        nst.stylize(picture(60, 80), picture(50, 70, 1), **settings | setting)


def test_settings_may_be_numpys_numbers_and_a_layer_may_stand_alone(settings):
    numbers = {
        "size": np.int64(64),
        "beta": np.float32(3),
        "steps": np.array([2, 3]).tolist(),
        "content_layers": "conv2_1",
    }
    assert nst.stylize(picture(60, 80), picture(50, 70, 1), **settings | numbers).evaluations == 5


def test_pictures_of_another_range_or_type_are_refused(settings):
    photo = picture(60, 80)
    with pytest.raises(nst.ImageError, match=r"content has values from .* give floats \[h, w, 3\] in \[0, 1\]"):
        nst.stylize(255 * photo, picture(50, 70, 1), **settings)
    with pytest.raises(nst.ImageError, match=r"content is an array of int64 .*, or uint8 up to 255"):
        nst.stylize((255 * photo).astype(np.int64), picture(50, 70, 1), **settings)
    with pytest.raises(nst.ImageError, match="the network was given uint8"):
        settings["network"]((255 * photo).astype(np.uint8), ["conv1_1"])


def test_the_loss_of_a_result_is_that_of_its_picture(settings):
    """The last evaluation may be a trial of the line search that was rejected."""
    result = nst.stylize(picture(60, 80), picture(50, 70, 1), **settings | {"scales": 1, "steps": 30})
    assert result.loss == pytest.approx(result.losses["total"].min())
    assert result.manifest()["loss"] == result.loss


def test_help_shows_the_settings_with_their_meanings():
    parameters = inspect.signature(nst.stylize).parameters
    assert parameters["beta"].default == nst.Settings().beta
    assert list(parameters)[:3] == ["content", "style", "regions"]
    for documented in (nst.stylize, nst.Settings):
        for field in dataclasses.fields(nst.Settings):
            assert f"{field.name}: {field.metadata['meaning']}" in documented.__doc__


def test_known_pictures_go_by_their_names(settings):
    by_name, by_file = (
        nst.stylize(content, style, **settings)
        for content, style in (("coffee", "vortex"), (nst.picture("coffee"), nst.picture("vortex")))
    )
    np.testing.assert_array_equal(by_name.image, by_file.image)
    assert by_name.inputs["content"]["path"] == str(nst.picture("coffee"))


def test_neckarfront_takes_on_the_starry_night(shared):
    """On real pictures: both losses fall far, the layout stays, the palette comes over."""
    images = shared / "images" / "paper"
    result = nst.stylize(
        images / "tubingen_neckarfront.jpg",
        images / "starry_night.jpg",
        network=shared / "networks" / "vgg19-16x.safetensors",
        size=160,
        scales=1,
        steps=80,
    )
    style = result.losses["style"]
    assert style[-1] < 0.01 * style[0]
    p, a = nst.load_image(images / "tubingen_neckarfront.jpg", 160), nst.load_image(images / "starry_night.jpg", 160)
    colour = [image.mean((0, 1)) for image in (result.image, a, p)]
    assert np.linalg.norm(colour[0] - colour[1]) < 0.5 * np.linalg.norm(colour[2] - colour[1])
    grey = [image.mean(-1).ravel() for image in (result.image, p)]
    assert np.corrcoef(*grey)[0, 1] > 0.4
    assert result.image.std() > 0.1  # neither grey nor black
    roughness = [np.abs(np.diff(image, axis=0)).mean() for image in (result.image, a)]
    assert roughness[0] < 2 * roughness[1]  # and no noise


def test_line_searches_pass_the_jumps_of_matches_and_come_further_than_adam(settings):
    given = settings | {"size": 32, "scales": 1, "steps": 25, "statistic": "contextual"}
    default, by_adam = (
        nst.stylize(picture(32, 32), picture(32, 32, 1), **given | chosen) for chosen in ({}, {"optimizer": "adam"})
    )
    assert default.loss < 0.9 * by_adam.loss
    assert default.losses["failures"][-1] == 0


def test_adam_is_for_the_statistic_with_a_kink_at_its_minimum(settings):
    jobs = {name: prepare(picture(40, 40), picture(40, 40, 1), **settings, statistic=name) for name in STATISTICS}
    assert [name for name, job in jobs.items() if job.optimizer is adam(average=0.9)] == ["central-moments"]
    assert all(job.optimizer is lbfgs() for name, job in jobs.items() if name != "central-moments")
