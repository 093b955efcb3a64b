"""A ladder for the referee: pictures whose order in content and in style is known."""

import numpy as np
from scipy.ndimage import gaussian_filter
from skimage.color import lab2rgb, rgb2gray, rgb2lab

from nst_jax import resize
from nst_jax.images.recolouring import match_colours

BLUR = 0.7  # pixels, the deviation of a slight blur
ZOOM = 1.15  # of the painting whose middle is another crop of it
NEAR, UNRELATED = 0.15, 0.2  # content distances below are near 0; within of 1 they are those of unrelated pictures
SAME = ("slightly blurred", "grey", "recoloured", "other hues")  # pictures with the photo's content


def content_rungs(p, a, other):
    """Pictures with the content of the photo p, and with none of it.

    Args:
        p: [h, w, 3] in [0, 1].
        a: [H, W, 3] in [0, 1], whose colours one of the pictures has.
        other: [H', W', 3] in [0, 1], another photo.

    Returns:
        Name → [h, w, 3].
    """
    lab = rgb2lab(p)
    turned = np.stack([lab[..., 0], -lab[..., 2], lab[..., 1]], axis=-1)
    return {
        "photo": p,
        "slightly blurred": gaussian_filter(p, (BLUR, BLUR, 0)),
        "grey": np.repeat(rgb2gray(p)[..., None], 3, axis=-1).astype(np.float32),
        "recoloured": np.clip(match_colours(p, a), 0, 1),
        "other hues": np.clip(lab2rgb(turned), 0, 1).astype(np.float32),
        "another photo": resize(other, p.shape[:2]),
        "noise": np.random.default_rng(0).uniform(size=p.shape).astype(np.float32),
    }


def style_rungs(p, a, larger):
    """Pictures with the style of the painting a, and with less and less of it.

    Args:
        p: [h, w, 3] in [0, 1], a photo.
        a: [H, W, 3] in [0, 1].
        larger: the painting, ZOOM times as large.

    Returns:
        Name → [h, w, 3].
    """
    return {
        "painting": resize(a, p.shape[:2]),
        "another crop": _middle(larger, p.shape),
        "recoloured": np.clip(match_colours(p, a), 0, 1),
        "photo": p,
    }


def _middle(x, shape):
    """The middle of x, and where x is smaller its reflection: nothing is stretched."""
    h, w, _ = shape
    i, j = (max(0, (n - m) // 2) for n, m in zip(x.shape[:2], (h, w), strict=True))
    x = x[i : i + h, j : j + w]
    return np.pad(x, ((0, h - x.shape[0]), (0, w - x.shape[1]), (0, 0)), mode="symmetric")


def content_faults(scores, stylised):
    """What is not as it should be, a line each.

    Args:
        scores: name of a rung → content distance.
        stylised: content distances of stylised pictures.

    Returns:
        The lines.
    """
    holds = {
        "the photo is not at 0": scores["photo"] == 0,
        "a picture with the photo's content is not near": max(scores[name] for name in SAME) < NEAR,
        "a stylised picture is as near as one": max(scores[name] for name in SAME) < min(stylised),
        "a stylised picture is as far as another photo": max(stylised) < scores["another photo"],
        "another photo is not at 1": abs(scores["another photo"] - 1) < UNRELATED,
        "noise is not at 1": abs(scores["noise"] - 1) < UNRELATED / 2,
        "another photo is farther than noise": scores["another photo"] < scores["noise"] + UNRELATED / 2,
    }
    return [fault for fault, held in holds.items() if not held]


def style_faults(scores, stylised):
    """What is not as it should be, a line each.

    Args:
        scores: name of a rung → style distance.
        stylised: style distances of pictures stylised by the optimiser.

    Returns:
        The lines.
    """
    steps = [scores["painting"], scores["another crop"], max(stylised), scores["recoloured"], scores["photo"]]
    names = ["the painting", "another crop of it", "a stylised picture", "the recoloured photo", "the photo"]
    return [
        f"{names[i]} is not nearer than {names[i + 1]}" for i in range(len(steps) - 1) if not steps[i] < steps[i + 1]
    ]
