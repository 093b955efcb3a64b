"""`paint` with a network of styles: the bundled one, its styles by name, mixtures, regions, colours, the command."""

import numpy as np
import pytest

import nst_jax as nst
from nst_jax.cli.main import main
from nst_jax.feedforward.style_network_files import read_style_network, style_network_file
from nst_jax.images.drawn.programs import PROGRAMS
from nst_jax.images.luminance import luminance
from tests.support.pictures import picture

SIZE = 64
NETWORK = "six-styles"


def paint(style, **more):
    return nst.paint("chelsea", style, **{"network": NETWORK, "size": SIZE, **more})


@pytest.fixture(scope="module")
def plain():
    return paint("vortex")


@pytest.fixture(scope="module")
def other():
    return paint("woodcut").image


def test_it_has_the_six_styles_and_is_small():
    assert sorted(read_style_network(NETWORK).names) == sorted(PROGRAMS)
    assert style_network_file(NETWORK).stat().st_size < 1e6


def test_it_paints_and_says_how(plain):
    assert plain.image.shape[1] == SIZE
    assert plain.settings["network"] == NETWORK
    assert plain.inputs["network"]["name"] == "six-styles"
    assert plain.inputs["style"]["path"].endswith("vortex.jpg")
    assert not plain.notes
    assert np.array_equal(paint("vortex").image, plain.image)


def test_the_styles_differ_and_each_has_the_colours_of_its_picture():
    """Of all styles, the mean colour of a painting is nearest to that of the picture in its style, for most of them."""
    made = {style: paint(style, size=128).image.mean(axis=(0, 1)) for style in PROGRAMS}
    theirs = {style: nst.load_image(style, 128).mean(axis=(0, 1)) for style in PROGRAMS}
    nearest = [min(PROGRAMS, key=lambda b, a=a: np.linalg.norm(made[a] - theirs[b])) for a in PROGRAMS]
    assert sum(a == b for a, b in zip(PROGRAMS, nearest, strict=True)) >= 4


def test_several_styles_are_mixed(plain, other):
    assert np.array_equal(paint([("vortex", 0.7)]).image, plain.image)  # weights are shares
    half = paint(["vortex", "woodcut"]).image
    distance = np.abs(plain.image - other).mean()
    assert np.abs(half - plain.image).mean() < distance
    assert np.abs(half - other).mean() < distance


def test_regions_are_painted_pixel_by_pixel(plain, other):
    mask = np.zeros(plain.image.shape[:2], np.float32)
    mask[:, : SIZE // 2] = 1
    x = paint("woodcut", regions=[(mask, "vortex")]).image
    left, right = np.s_[:, : SIZE // 4], np.s_[:, -SIZE // 4 :]
    assert np.abs(x - plain.image)[left].mean() < np.abs(x - other)[left].mean()
    assert np.abs(x - other)[right].mean() < np.abs(x - plain.image)[right].mean()
    whole = paint("vortex", regions=[(mask, "vortex")]).image  # two regions of one style
    np.testing.assert_allclose(whole, plain.image, atol=2e-4)
    kept = paint(None, regions=[(mask, "vortex")]).image
    p = nst.load_image("chelsea", SIZE)
    np.testing.assert_allclose(kept[:, SIZE // 2 + 2 :], p[:, SIZE // 2 + 2 :], atol=1e-6)
    assert np.abs(kept - p)[:, : SIZE // 2].mean() > 0.02


def test_colours_are_the_photo_s():
    x, p = paint("vortex", colour="luminance").image, nst.load_image("chelsea", SIZE)
    chroma = (x - luminance(x)[..., None]) - (p - luminance(p)[..., None])
    assert np.median(np.abs(chroma)) < 0.02


def test_odd_sizes_and_transparency():
    p = picture(37, 50, 1)
    alpha = np.ones((37, 50, 1), np.float32)
    alpha[:20] = 0
    r = nst.paint(np.concatenate([p, alpha], axis=-1), "mosaic", network=NETWORK, size=50)
    assert r.image.shape == (37, 50, 3)
    np.testing.assert_allclose(r.alpha, alpha, atol=1e-6)


def test_what_a_trained_network_lacks_is_said():
    r = paint("vortex", strength=0.3, detail=0.1)
    assert r.notes == ("strength has no effect with a trained network", "detail has no effect with a trained network")


def test_another_picture_of_a_style_s_name_is_said(tmp_path):
    nst.save_image(tmp_path / "vortex.png", picture(40, 40, 2))
    assert "another picture than the one that the network learned" in paint(tmp_path / "vortex.png").notes[0]


@pytest.mark.parametrize(
    ("style", "settings", "words"),
    [
        ("coffee", {}, "coffee: this network paints in vortex"),
        (np.zeros((8, 8, 3), np.float32), {}, "a style is ndarray"),
        ("vortex", {"network": "seven-styles"}, "no such network of styles"),
        ("vortex", {"network": 3}, "network=3"),
        ("vortex", {"network": "vgg19-slim"}, "no such network of styles"),
        (None, {}, "nothing is painted"),
    ],
)
def test_what_cannot_be_painted_is_named(style, settings, words):
    with pytest.raises(nst.NSTError, match=words):
        paint(style, **settings)


def test_it_is_a_command(plain, tmp_path, capsys):
    out = tmp_path / "out.png"
    command = ["paint", "chelsea", "vortex", "--network", NETWORK, "--size", str(SIZE), "-o", str(out)]
    assert main(command) == 0
    np.testing.assert_allclose(nst.load_image(out), plain.image, atol=1 / 255)
    command[2] = "coffee"
    assert main(command) == 2
    assert "this network paints in" in capsys.readouterr().err


def test_it_is_a_picture_maker_of_grids(tmp_path):
    runs = nst.grid(
        nst.paint, folder=tmp_path, content="chelsea", network=NETWORK, size=SIZE, style=["vortex", "mosaic"]
    )
    table = runs.table()
    assert list(table["state"]) == ["done", "done"]
    assert (table["style_distance"] > 0).all()
