"""`paint`: the same words as `stylize`, with the bundled network and decoder."""

import inspect

import numpy as np
import pytest

import nst_jax as nst
from nst_jax.cli.main import main
from nst_jax.images.luminance import luminance
from tests.support.pictures import picture

SIZE = 64


@pytest.fixture(scope="module")
def plain():
    return nst.paint("chelsea", "vortex", size=SIZE)


def test_it_paints_and_says_how(plain, tmp_path):
    assert plain.image.shape[1] == SIZE
    assert plain.settings["strength"] == 0.6
    assert plain.loss is None
    assert {"content", "style", "network", "decoder"} <= set(plain.inputs)
    plain.save(tmp_path / "run")
    np.testing.assert_allclose(nst.load_image(tmp_path / "run" / "result.png"), plain.image, atol=1 / 255)


def test_the_same_call_gives_the_same_picture(plain):
    assert np.array_equal(nst.paint("chelsea", "vortex", size=SIZE).image, plain.image)


def test_strength_is_a_number_or_a_picture(plain):
    """A map of one value is that number; where it is 0, the picture is the autoencoder's, far from the border."""
    mask = np.full(plain.image.shape[:2], 0.6, np.float32)
    np.testing.assert_allclose(nst.paint("chelsea", "vortex", size=SIZE, strength=mask).image, plain.image, atol=2e-3)
    mask[:, : SIZE // 2] = 0
    half = nst.paint("chelsea", "vortex", size=SIZE, strength=mask).image
    none = nst.paint("chelsea", "vortex", size=SIZE, strength=0).image
    full = nst.paint("chelsea", "vortex", size=SIZE).image
    left = np.abs(half - none)[:, :4].mean()
    assert left < 0.2 * np.abs(half - full)[:, :4].mean()


def test_two_styles_lie_between(plain):
    both = nst.paint("chelsea", ["vortex", ("woodcut", 1e-6)], size=SIZE).image
    np.testing.assert_allclose(both, plain.image, atol=0.02)
    other = nst.paint("chelsea", "woodcut", size=SIZE).image
    half = nst.paint("chelsea", ["vortex", "woodcut"], size=SIZE).image
    distance = np.abs(plain.image - other).mean()
    assert np.abs(half - plain.image).mean() < distance
    assert np.abs(half - other).mean() < distance


def test_kept_regions_are_the_photo(plain):
    mask = np.zeros(plain.image.shape[:2], np.float32)
    mask[:, : SIZE // 2] = 1
    x = nst.paint("chelsea", None, regions=[(mask, "vortex")], size=SIZE).image
    p = nst.load_image("chelsea", SIZE)
    kept = slice(SIZE // 2 + 2, None)  # masks are resized twice, which softens their edge
    np.testing.assert_allclose(x[:, kept], p[:, kept], atol=1e-6)
    assert np.abs(x - p)[:, : SIZE // 2].mean() > 0.02


def test_transparent_pictures_stay_so(tmp_path):
    p = picture(48, 48, 1)
    alpha = np.ones((48, 48, 1), np.float32)
    alpha[:20] = 0
    r = nst.paint(np.concatenate([p, alpha], axis=-1), "vortex", size=48)
    assert r.alpha is not None
    np.testing.assert_allclose(r.alpha, alpha, atol=1e-6)


def test_colours_are_the_photo_s():
    x, p = nst.paint("coffee", "vortex", size=SIZE, colour="luminance").image, nst.load_image("coffee", SIZE)
    chroma = (x - luminance(x)[..., None]) - (p - luminance(p)[..., None])
    assert np.median(np.abs(chroma)) < 0.01


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"strength": 1.5}, "strength=1.5"),
        ({"strength": -0.1}, "strength=-0.1"),
        ({"strength": float("nan")}, "strength=nan"),
        ({"detail": 2}, "detail=2"),
        ({"transform": "zca"}, "transform='zca'"),
        ({"size": 0}, "size=0"),
        ({"steps": 5}, "no setting steps"),
        ({"style_scale": [1.0, 2.0]}, "style_scale"),
        ({"strength": np.ones((10, 90), np.float32)}, "strength is 90 × 10"),
    ],
)
def test_invalid_settings_are_named(settings, words):
    with pytest.raises(nst.NSTError, match=words):
        nst.paint("chelsea", "vortex", **{"size": SIZE, **settings})


def test_its_signature_lists_the_settings():
    names = list(inspect.signature(nst.paint).parameters)
    assert names[:3] == ["content", "style", "regions"]
    assert {"strength", "transform", "style_scale", "colour"} <= set(names)
    assert "strength: how far" in (nst.paint.__doc__ or "")


def test_it_is_a_command(plain, tmp_path, capsys):
    out = tmp_path / "out.png"
    assert main(["paint", "chelsea", "vortex", "-o", str(out), "--size", str(SIZE)]) == 0
    np.testing.assert_allclose(nst.load_image(out), plain.image, atol=1 / 255)
    assert "painted in" in capsys.readouterr().out
    before = out.read_bytes()
    assert main(["paint", str(out), "vortex", "-o", str(out)]) == 2
    assert out.read_bytes() == before
    assert main(["paint", "chelsea", "vortex", "-o", str(tmp_path / "a.png"), "--strength", "many"]) == 2


def test_it_is_a_picture_maker_of_grids(tmp_path):
    runs = nst.grid(nst.paint, folder=tmp_path, content="chelsea", style="vortex", size=SIZE, strength=[0.3, 0.9])
    table = runs.table()
    assert list(table["state"]) == ["done", "done"]
    assert table["style_distance"][1] < table["style_distance"][0]
    assert runs.sheet().image.ndim == 3
