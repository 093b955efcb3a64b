"""What is painted how, and where: several styles, regions, what is kept, and how a run remembers it."""

import json

import numpy as np
import pytest

import nst_jax as nst
from nst_jax.images.reading import load_layers
from nst_jax.networks.formats import write_weights
from nst_jax.transfer import painting
from nst_jax.transfer import run as running
from nst_jax.transfer.job import prepare
from nst_jax.transfer.objective import objective_at
from nst_jax.transfer.painting import FlatColour, listed, read_painting, styles_of
from nst_jax.transfer.run_folder import RunFolder
from tests.support.pictures import picture
from tests.support.weights import random_weights

LAYERS = {"content_layers": ["conv2_2"], "style_layers": ["conv1_1", "conv2_1"]}
P, A, B = picture(48, 64), picture(40, 50, 1), picture(50, 40, 2)


@pytest.fixture(scope="module")
def vgg():
    return nst.VGG19(random_weights())


@pytest.fixture
def settings(vgg):
    return {"network": vgg, "size": 64, "steps": 5, "scales": 1, **LAYERS}


def half(side):
    mask = np.zeros((48, 64), np.float32)
    mask[:, :32] = side == "left"
    mask[:, 32:] = side == "right"
    return mask


def same(first, second):
    assert first.image.tobytes() == second.image.tobytes()


def test_weights_count_relative_to_each_other_and_equal_styles_are_one(settings):
    same(nst.stylize(P, [(A, 2), (B, 2)], **settings), nst.stylize(P, [A, B], **settings))
    same(nst.stylize(P, [A, A], **settings), nst.stylize(P, A, **settings))
    assert (
        np.abs(nst.stylize(P, [A, (B, 0.2)], **settings).image - nst.stylize(P, [A, B], **settings).image).max() > 0.01
    )


def test_styles_are_given_alone_in_a_list_or_with_weights():
    assert styles_of(None) == styles_of("none") == []
    assert styles_of("a.png") == [("a.png", 1.0)]
    assert styles_of(("a.png", 0.3)) == styles_of([("a.png", 0.3)]) == [("a.png", 0.3)]
    assert styles_of(("a.png", "b.png")) == [("a.png", 1.0), ("b.png", 1.0)]
    assert len(styles_of([A, (B, 2)])) == 2


@pytest.mark.parametrize("weight", [0, -1, np.nan, np.inf, "1", True, None])
def test_a_weight_that_is_none_is_named(weight):
    with pytest.raises(nst.SettingError, match="the weight of a style is"):
        styles_of([(A, weight)])


def test_one_region_that_is_everything_is_the_plain_run_bit_for_bit(settings):
    same(nst.stylize(P, regions=[(np.ones((48, 64)), A)], **settings), nst.stylize(P, A, **settings))


def test_regions_may_stand_in_any_order(settings):
    left, right = (half("left"), A), (half("right"), B)
    first, second = (nst.stylize(P, regions=each, **settings) for each in ([left, right], [right, left]))
    np.testing.assert_allclose(first.image, second.image, atol=2e-3)  # sums in another order


def test_what_no_mask_covers_is_painted_with_the_style_or_kept(settings):
    both = nst.stylize(P, regions=[(half("left"), A), (half("right"), B)], **settings)
    rest = nst.stylize(P, B, regions=[(half("left"), A)], **settings)
    np.testing.assert_allclose(rest.image, both.image, atol=2e-3)
    for regions in ([(half("left"), A)], [(half("left"), A), (half("right"), None)]):
        kept = nst.stylize(P, regions=regions, **settings).image
        np.testing.assert_array_equal(kept[:, 32:], P[:, 32:])
        assert np.abs(kept[:, :32] - P[:, :32]).mean() > 0.01


def test_overlapping_masks_share_and_soft_ones_keep_the_share_of_each(vgg):
    whole = np.ones((48, 64), np.float32)
    regions, _ = read_painting(None, [(whole, A), (half("left"), B)], (48, 64), None)
    np.testing.assert_allclose(regions[0].mask[:, 0], 0.5)
    np.testing.assert_allclose(regions[0].mask[:, -1], 1)
    np.testing.assert_allclose(regions[1].mask[:, 0], 0.5)
    ramp = np.tile(np.linspace(0, 1, 64, dtype=np.float32), (48, 1))
    job = prepare(P, A, regions=[(ramp, A)], network=vgg, size=64, normalize=False, **LAYERS)
    x = picture(48, 64, 7)
    parts, plain = (
        objective_at(job, -1).breakdown(x),
        objective_at(prepare(P, A, network=vgg, size=64, normalize=False, **LAYERS), -1),
    )
    assert set(parts) >= {"region 1/conv1_1", "rest/conv1_1"}
    weights = {term.name: float(term.weight) for term in objective_at(job, -1).terms}
    of_plain = {term.name: float(term.weight) for term in plain.terms}
    np.testing.assert_allclose(
        weights["region 1/conv1_1"] + weights["rest/conv1_1"], of_plain["style/conv1_1"], rtol=1e-5
    )


def test_a_picture_made_of_its_styles_has_no_style_loss_inside_its_regions_unless_they_are_swapped(vgg):
    a, b = picture(48, 32, 1), picture(48, 32, 2)
    x = np.concatenate([a, b], axis=1)
    how = {"network": vgg, "size": 64, "guides": "inside", "normalize": False, "alpha": 0, "tv": 0, **LAYERS}
    losses = [
        float(objective_at(prepare(x, regions=[(half("left"), left), (half("right"), right)], **how), -1)(x))
        for left, right in ((a, b), (b, a))
    ]
    assert losses[0] < 0.05 * losses[1]  # not 0: the styles' own rims see their borders


def test_what_is_transparent_stays_so_and_its_hidden_colours_do_not_matter(settings, tmp_path):
    alpha = np.zeros((48, 64, 1), np.float32)
    alpha[8:40, 8:56] = 1
    hidden = np.where(alpha > 0, P, picture(48, 64, 5))
    made = [nst.stylize(np.concatenate([x, alpha], axis=-1), A, **settings) for x in (P, hidden)]
    assert made[0].alpha is not None
    np.testing.assert_array_equal(made[0].alpha, alpha)
    inside = alpha[..., 0] > 0
    np.testing.assert_allclose(made[0].image[inside], made[1].image[inside], atol=1e-6)
    assert np.abs(made[0].image - P)[inside].mean() > 0.01
    made[0].save(tmp_path)
    assert nst.load_image(tmp_path / "result.png")[0, 0].tolist() == [1, 1, 1]  # laid on white


def test_a_style_picture_counts_where_it_is_opaque_and_its_mask_says(settings):
    left = np.concatenate([A, half("left")[:40, 7:57, None]], axis=-1)
    masked = nst.stylize(
        P, regions=[(np.ones((48, 64)), A, half("left")[:40, 7:57])], **settings | {"normalize": False}
    )
    opaque = nst.stylize(P, left, **settings | {"normalize": False})
    plain = nst.stylize(P, A, **settings | {"normalize": False})
    assert np.abs(masked.image - plain.image).max() > 0.01
    assert np.abs(masked.image - opaque.image).mean() < np.abs(masked.image - plain.image).mean()


def test_a_map_of_flat_colours_is_one_mask_a_colour(settings):
    map = np.zeros((48, 64, 3), np.float32)
    map[:, :32, 0] = map[:, 32:, 2] = 1
    assert listed((map, {"red": A, "blue": None})) == [
        (FlatColour(map, "red", ("red", "blue")), A),
        (FlatColour(map, "blue", ("red", "blue")), None),
    ]
    same(
        nst.stylize(P, regions=(map, {"red": A, "blue": B}), **settings),
        nst.stylize(P, regions=[(half("left"), A), (half("right"), B)], **settings),
    )


def test_the_scale_of_a_style_is_the_size_at_which_it_is_looked_at(vgg):
    how = {"network": vgg, "size": 48, "normalize": False, **LAYERS}
    half_size = objective_at(prepare(P, [A, B], style_scale=[1, 0.5], **how), -1)
    sizes = {tuple(a.shape[:2]) for a in (nst.resize(A, (38, 48)), nst.resize(B, (24, 19)))}
    assert sizes == {(38, 48), (24, 19)}
    F = [
        job_network(a)
        for job_network, a in (
            (vgg_features(vgg), nst.resize(A, (38, 48))),
            (vgg_features(vgg), nst.resize(B, (24, 19))),
        )
    ]
    expected = np.mean([nst.GRAM.target(f).total for f in F], axis=0)
    found = next(term.target.total for term in half_size.terms if term.name == "style/conv1_1")
    np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-6)


def vgg_features(vgg):
    return lambda a: vgg(a, ["conv1_1"])["conv1_1"]


def test_a_region_too_small_for_a_layer_is_named_and_left_out_there(vgg):
    dot = np.zeros((48, 64), np.float32)
    dot[20, 20] = 1
    how = {"network": vgg, "size": 64, "content_layers": ["conv2_2"]}
    job = prepare(P, A, regions=[(dot, B)], style_layers=["conv1_1", "conv2_1"], **how)
    assert job.notes == ("region 1 is too small at conv2_1 of 64 pixels, and is left out there",)
    losses = objective_at(job, -1).breakdown(P)
    assert losses["region 1/conv2_1"] == 0
    assert losses["region 1/conv1_1"] > 0
    with pytest.raises(nst.ImageError, match="region 1 is too small at 64 pixels; enlarge its mask"):
        prepare(P, A, regions=[(dot, B)], style_layers=["conv2_1"], **how)


def test_a_region_that_appears_at_a_finer_scale_is_painted_there(vgg, tmp_path):
    spot = np.zeros((48, 64), np.float32)
    spot[20:23, 20:23] = 1  # two positions of conv2_1 at 64 pixels, half of one at 32
    how = {"network": vgg, "size": 64, "steps": 3, "scales": 2, **LAYERS}
    made = nst.stylize(P, A, regions=[(spot, B)], **how)
    assert made.notes == ("region 1 is too small at conv2_1 of 32 pixels, and is left out there",)
    losses = made.losses["region 1/conv2_1"]
    assert (losses[:3] == 0).all()
    assert (losses[3:] > 0).all()
    np.testing.assert_allclose(
        sum(made.losses[kind] for kind in ("content", "style", "tv")), made.losses["total"], rtol=1e-4
    )
    made.save(tmp_path)
    rows = (tmp_path / "losses.csv").read_text().splitlines()
    assert {row.count(",") for row in rows} == {len(made.losses) - 2}  # but seconds


def test_scales_of_styles_are_those_of_the_regions_first_then_of_the_rest(vgg):
    how = {"network": vgg, "size": 64, **LAYERS}
    job = prepare(P, [A, B], regions=[(half("left"), B)], style_scale=[0.25, 0.5, 1], **how)
    assert [(each.name, style.scale) for each in job.regions for style in each.styles] == [
        ("region 1", 0.25),
        ("rest", 0.5),
        ("rest", 1),
    ]
    covered = prepare(P, A, regions=[(np.ones((48, 64)), B)], style_scale=[0.25, 0.5], **how)  # nothing is left for A
    assert [style.scale for each in covered.regions for style in each.styles] == [0.25]


def test_a_map_of_colours_is_read_once_and_targets_are_measured_once_a_scale(settings, monkeypatch):
    read, measured = [], []
    real_read, real_measure = painting.load_regions, running.objective_at
    monkeypatch.setattr(painting, "load_regions", lambda *given: read.append(1) or real_read(*given))
    monkeypatch.setattr(running, "objective_at", lambda *given: measured.append(given[1]) or real_measure(*given))
    map = np.repeat(half("left")[..., None], 3, axis=-1)
    nst.stylize(P, regions=(map, {"white": A, "black": B}), **settings | {"statistic": "nearest", "scales": 2})
    assert read == [1]
    assert measured == [0, 3]  # of three stages each


def test_pictures_on_the_way_are_transparent_where_the_photo_is(settings, tmp_path):
    alpha = half("left")[..., None]
    nst.save_image(tmp_path / "p.png", P, alpha)
    nst.save_image(tmp_path / "a.png", A)
    weights = {name: array for name, array in random_weights().items() if name[:5] in ("prepr", "conv1", "conv2")}
    write_weights(tmp_path / "narrow.safetensors", weights, {})
    kept = RunFolder(tmp_path / "run")
    how = settings | {"network": tmp_path / "narrow.safetensors", "scales": 2}
    kept.follow(kept.begin(tmp_path / "p.png", tmp_path / "a.png", save_every=5, **how))
    pictures = [*sorted((kept.path / "pictures").iterdir()), kept.picture]
    assert len(pictures) == 3
    for path in pictures:
        opacity = load_layers(path)[1]
        assert opacity is not None
        assert opacity[0, 0] == 1
        assert opacity[0, -1] == 0


@pytest.mark.parametrize(
    ("style", "regions", "message"),
    [
        (None, None, "nothing is painted: give a style, or a region with one"),
        (None, [(half("left"), None)], "nothing is painted"),
        ([], None, "nothing is painted"),
        (A, "mask.png", r"regions='mask.png': give regions as a list of \(mask, style\)"),
        (A, [half("left")], "is not a region"),
        (A, [(half("left"), B, half("left"), 3)], "is not a region"),
        (A, [(half("left")[:30], B)], "mask 1 is 64 × 30, the photo 64 × 48; give a mask of the same proportions"),
        (A, [(0 * half("left"), B)], "mask 1 is 0 everywhere"),
        (A, [("nowhere.png", B)], r"nowhere\.png: no such file"),
        ("nowhere.png", None, r"nowhere\.png: no such file"),
    ],
)
def test_what_cannot_be_painted_is_named(settings, style, regions, message):
    with pytest.raises(nst.NSTError, match=message):
        nst.stylize(P, style, regions=regions, **settings)


@pytest.mark.parametrize("statistic", ["gram", "nearest"])
def test_a_run_of_several_styles_and_regions_resumes_to_the_same_bytes(tmp_path, statistic):
    for name, x in {"p": P, "a": A, "b": B, "left": np.repeat(half("left")[..., None], 3, axis=-1)}.items():
        nst.save_image(tmp_path / f"{name}.png", x)
    weights = {name: array for name, array in random_weights().items() if name[:5] in ("prepr", "conv1", "conv2")}
    write_weights(tmp_path / "narrow.safetensors", weights, {})
    style = [(tmp_path / "a.png", 0.7), (tmp_path / "b.png", 0.3)]
    regions = [(tmp_path / "left.png", tmp_path / "b.png")]
    how = {
        "network": tmp_path / "narrow.safetensors",
        "size": 64,
        "steps": 9,
        "scales": 1,
        "statistic": statistic,
        **LAYERS,
    }
    whole, parted = RunFolder(tmp_path / "whole"), RunFolder(tmp_path / "parted")
    made = whole.follow(whole.begin(tmp_path / "p.png", style, regions=regions, **how))
    job = parted.begin(tmp_path / "p.png", style, regions=regions, **how)
    again = parted.reopen()
    assert [(each.name, [(of.name, of.weight) for of in each.styles]) for each in again.regions] == [
        (each.name, [(of.name, of.weight) for of in each.styles]) for each in job.regions
    ]
    from nst_jax.files import write_arrays
    from nst_jax.transfer.run import run

    snapshots = run(again, every=4)
    middle = next(each for each in snapshots if each.evaluations >= 4)
    write_arrays(parted.path / "checkpoint.npz", middle.checkpoint() | {"run": np.asarray(parted.manifest["run"])})
    same(parted.follow(parted.reopen()), made)
    assert (parted.path / "result.png").read_bytes() == (whole.path / "result.png").read_bytes()
    manifest = json.loads((whole.path / "manifest.json").read_text())
    assert manifest["inputs"]["style"]["weight"] == 1.0  # of the region, which is read first
    assert manifest["inputs"]["style 2"]["weight"] == 0.7


def test_a_statistic_that_matches_runs_each_scale_in_stages(settings):
    job = prepare(P, A, **settings | {"statistic": "nearest", "steps": 8, "size": 64, "scales": 2})
    assert job.sizes == (32, 32, 32, 64, 64, 64)
    assert job.steps == (3, 3, 2, 3, 3, 2)
    assert prepare(P, A, **settings | {"statistic": "nearest", "steps": 2}).steps == (1, 1)


def test_a_statistic_that_is_not_smooth_runs_with_adam_unless_an_optimiser_is_given(settings):
    optimizers = [
        prepare(P, A, **settings | how).optimizer
        for how in ({}, {"statistic": "central-moments"}, {"statistic": "central-moments", "optimizer": "lbfgs"})
    ]
    assert [each == nst.lbfgs() for each in optimizers] == [True, False, True]
    assert prepare(P, A, **settings).notes == ()
    said = [prepare(P, A, **settings | {"statistic": name}).notes for name in ("central-moments", "nearest")]
    assert said == [
        ("the objective has a kink at its minimum, so Adam minimises it and not L-BFGS",),
        ("each scale has 3 stages; what nearest matches is chosen at the start of each",),
    ]
