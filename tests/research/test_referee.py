"""The referee: its formulas against others' ways to compute them, and its sanity on pictures that are known."""

import numpy as np
import pytest

import nst_jax as nst
from nst_jax.images.drawn import vortex
from nst_jax.research.referee import Eyes, Referee
from tests.support.ladder import ZOOM, content_faults, content_rungs, style_faults, style_rungs
from tests.support.pictures import picture


def pixels(x):
    """Features that are the pixels themselves."""
    return {"rgb": np.asarray(x)}


PIXELS = Eyes(pixels, ("rgb",), ("rgb",))


@pytest.fixture(scope="module")
def pair():
    return nst.load_image(nst.picture("coffee"), 128), nst.load_image(nst.picture("vortex"), 128)


@pytest.fixture(scope="module")
def referee(pair):
    return Referee(*pair)


def test_style_is_the_formula_computed_by_hand():
    p, a, x = picture(20, 24), picture(32, 20, 1), picture(20, 24, 2)
    P, S, F = (pixels(image)["rgb"].reshape(-1, 3).astype(np.float64) for image in (p, a, x))
    scale = 2 / (P.mean(0) + S.mean(0))
    F, S = F * scale, S * scale
    G, A = np.einsum("ki,kj->ij", F, F) / len(F), np.einsum("ki,kj->ij", S, S) / len(S)
    expected = np.sqrt(((G - A) ** 2).sum() / (A**2).sum())
    assert Referee(p, a, PIXELS)(x)["style"] == pytest.approx(expected, rel=1e-5)


def local_contrast(y, deviation=16, c=0.03):
    """(y − μ) / √(σ² + c²) by loops, with borders reflected at the edge of the outermost pixels."""
    d = np.arange(-4 * deviation, 4 * deviation + 1)
    g = np.exp(-(d**2) / (2 * deviation**2))
    g /= g.sum()

    def blurred(z):
        for axis in (0, 1):
            z = np.moveaxis(z, axis, 0)
            far = np.pad(z, ((4 * deviation, 4 * deviation), (0, 0)), mode="symmetric")
            z = np.moveaxis(sum(w * far[i : i + len(z)] for i, w in enumerate(g)), 0, axis)
        return z

    mean = blurred(y)
    return (y - mean) / np.sqrt(blurred((y - mean) ** 2) + c**2)


def test_content_is_one_minus_the_correlation_of_local_contrasts():
    grey, p, x = np.array([0.2125, 0.7154, 0.0721]), picture(70, 84), picture(70, 84, 2)
    z, z_p = (np.clip(0.45 + 0.2 * local_contrast(image @ grey), 0, 1).ravel() for image in (x, p))
    expected = 1 - np.corrcoef(z, z_p)[0, 1]
    assert Referee(p, picture(32, 20, 1), PIXELS)(x)["content"] == pytest.approx(expected, rel=1e-4)


def test_content_of_a_picture_and_its_negative_is_two_and_of_a_flat_one_a_half():
    p = picture(40, 48)
    referee = Referee(p, None, PIXELS)
    assert referee(1 - p)["content"] == pytest.approx(2, abs=0.01)
    assert referee(np.full_like(p, 0.5))["content"] == pytest.approx(0.5)
    assert Referee(np.full_like(p, 0.5), None, PIXELS)(np.full_like(p, 0.7))["content"] == 0


@pytest.mark.parametrize(
    ("photo", "painting", "other"),
    [("coffee", "vortex", "chelsea"), ("chelsea", "cutout", "coffee"), ("astronaut", "dabs", "rocket")],
)
def test_pictures_whose_order_is_known_are_in_order(photo, painting, other):
    p, a, larger = (
        nst.load_image(name, n) for name, n in ((photo, 128), (painting, 128), (painting, round(ZOOM * 128)))
    )
    made = [nst.paint(p, a).image, nst.stylize(p, a, size=128, steps=80).image]
    referee = Referee(p, a)
    contents = {name: referee(x)["content"] for name, x in content_rungs(p, a, nst.load_image(other, 128)).items()}
    styles = {name: referee(x)["style"] for name, x in style_rungs(p, a, larger).items()}
    scores = [referee(x) for x in made]
    assert content_faults(contents, [each["content"] for each in scores]) == []
    assert style_faults(styles, [scores[1]["style"]]) == []


def test_another_picture_by_the_same_hand_is_nearer_in_style_than_another_hand_and_a_photo(pair):
    p, _ = pair
    drawn = [np.asarray(vortex.draw(np.random.default_rng(seed), 192, 128), np.float32) for seed in (0, 1)]
    referee = Referee(p, drawn[0])
    same = referee(drawn[1])["style"]
    assert 0 < same < 0.5 * min(referee(nst.load_image(name, 128))["style"] for name in ("mosaic", "woodcut", "coffee"))


def test_colour_is_the_wasserstein_distance_of_normal_distributions():
    sqrtm = pytest.importorskip("scipy.linalg").sqrtm
    from skimage.color import rgb2lab

    a, x = picture(32, 20, 1), picture(20, 24, 2) ** 2
    (m, C), (n, D) = ((lab.mean(0), np.cov(lab.T)) for lab in (rgb2lab(i).reshape(-1, 3) for i in (x, a)))
    expected = np.sqrt(((m - n) ** 2).sum() + np.trace(C + D - 2 * np.real(sqrtm(C @ D))))
    assert Referee(picture(20, 24), a, PIXELS)(x)["colour"] == pytest.approx(expected, rel=1e-5)


def test_colour_of_a_picture_that_is_one_grey_moved_is_the_distance_moved():
    from skimage.color import rgb2lab

    dark, light = np.full((16, 16, 3), 0.3, np.float32), np.full((16, 16, 3), 0.6, np.float32)
    apart = rgb2lab(light)[0, 0, 0] - rgb2lab(dark)[0, 0, 0]
    assert Referee(picture(16, 16), dark, PIXELS)(light)["colour"] == pytest.approx(apart, rel=1e-5)


def test_structure_is_one_minus_ssim_of_grey_pictures():
    from skimage.color import rgb2gray
    from skimage.metrics import structural_similarity

    p, x = picture(40, 48), picture(40, 48, 1)
    how = {"data_range": 1, "gaussian_weights": True, "sigma": 1.5, "use_sample_covariance": False}
    expected = 1 - structural_similarity(rgb2gray(p), rgb2gray(x), **how)
    assert Referee(p, picture(32, 32, 2), PIXELS)(x)["structure"] == pytest.approx(expected)


def test_style_does_not_see_positions_and_content_does():
    p, a, x = picture(20, 24), picture(32, 20, 1), picture(20, 24, 2)
    shuffled = np.random.default_rng(0).permutation(x.reshape(-1, 3)).reshape(x.shape)
    before, after = (Referee(p, a, PIXELS)(each) for each in (x, shuffled))
    assert after["style"] == pytest.approx(before["style"], rel=1e-4)
    assert after["colour"] == pytest.approx(before["colour"], rel=1e-4)
    assert abs(after["content"] - before["content"]) > 0.01


def test_the_photo_is_best_in_content_the_painting_in_style_and_noise_is_bad_in_both(pair, referee):
    p, a = pair
    noise = np.random.default_rng(0).uniform(size=p.shape).astype(np.float32)
    scores = {"p": referee(p), "a": referee(nst.resize(a, p.shape[:2])), "noise": referee(noise)}
    assert scores["p"]["content"] == 0
    assert scores["p"]["structure"] == pytest.approx(0, abs=1e-6)
    assert scores["a"]["style"] < 0.3
    assert scores["a"]["colour"] < 2
    assert all(scores[name]["content"] > 0.5 and scores[name]["structure"] > 0.5 for name in ("a", "noise"))
    assert all(scores[name]["style"] > 0.7 and scores[name]["colour"] > 20 for name in ("p", "noise"))


def test_between_photo_and_painting_content_rises_and_style_falls(pair, referee):
    p, a = pair
    a = nst.resize(a, p.shape[:2])
    scores = [referee((1 - t) * p + t * a) for t in (0.0, 0.3, 0.6, 1.0)]
    assert np.all(np.diff([each["content"] for each in scores]) > 0)
    assert np.all(np.diff([each["style"] for each in scores]) < 0)


def test_along_a_sweep_of_the_ratio_content_falls_and_style_rises(pair, referee):
    runs = [nst.stylize(*pair, size=128, steps=100, beta=beta) for beta in (0.1, 1.0, 10.0, 100.0, 1000.0)]
    scores = [referee(run.image) for run in runs]  # by falling α/β
    assert np.all(np.diff([each["content"] for each in scores]) > 0)
    assert np.all(np.diff([each["style"] for each in scores]) < 0)


def test_the_same_picture_has_the_same_scores_each_time(pair, referee):
    x = 0.5 * pair[0] + 0.1
    assert referee(x) == Referee(*pair)(x)


def test_a_picture_of_another_size_is_judged_at_the_photos(pair, referee):
    h, w, _ = pair[0].shape
    assert referee(nst.resize(pair[0], (2 * h, 2 * w)))["content"] < 0.1


@pytest.mark.parametrize("shape", [(8, 20, 3), (20, 20, 2)])
def test_what_cannot_be_judged_is_refused_in_one_line(referee, shape):
    with pytest.raises(nst.ImageError, match=r"^[^\n]*picture[^\n]*$"):
        referee(np.zeros(shape, np.float32))
