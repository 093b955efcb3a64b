"""Exercises on clips: the temporal loss, where a flow can be trusted, and whom a pixel is compared with."""

import jax.numpy as jnp
import numpy as np

from ...losses.temporal import temporal_loss as package_temporal_loss
from ...video.masks import LEAST, SLACK
from ...video.masks import closest_first as package_closest_first
from .model import Case, Exercise, Mistake

# h, w and J, the number of earlier frames; no two alike, odd and even.
SIZES = ((7, 9, 3), (8, 8, 4), (10, 6, 3), (6, 11, 5), (9, 7, 4))


def temporal_loss(x, y, c):
    return jnp.mean(c[..., None] * (x - y) ** 2)


def consistent(w, v):
    def squared(each):
        return (each**2).sum(-1)

    return 1.0 * (squared(v + w) <= 0.01 * (squared(v) + squared(w)) + 0.5)


def closest_first(c):
    before = jnp.cumsum(c, axis=0) - c
    return jnp.maximum(c - before, 0)


def _mask(rng, *shape):
    """Soft, with places of exactly 0 and exactly 1."""
    return np.clip(rng.uniform(-0.3, 1.3, shape), 0, 1).astype(np.float32)


def _frames(seed, h, w, J):
    rng = np.random.default_rng(seed)
    x, y = rng.uniform(size=(2, h, w, 3)).astype(np.float32)
    return Case({"x": x, "y": y, "c": _mask(rng, h, w)}, {"h": h, "w": w})


def _flows(seed, h, w, J):
    """A flow, and one back that misses its start by more and less than what is allowed."""
    rng = np.random.default_rng(seed)
    flow = rng.normal(size=(h, w, 2)) * rng.choice([0.3, 2.0, 9.0], (h, w, 1))
    allowed = np.sqrt(2 * SLACK * (flow**2).sum(-1, keepdims=True) + LEAST)
    off = rng.normal(size=(h, w, 2))
    off *= allowed * rng.choice([0.3, 0.8, 1.2, 2.0, 3.0], (h, w, 1)) / np.linalg.norm(off, axis=-1, keepdims=True)
    return Case({"w": flow.astype(np.float32), "v": (off - flow).astype(np.float32)}, {"h": h, "w": w})


def _masks(seed, h, w, J):
    rng = np.random.default_rng(seed)
    c = _mask(rng, J, h, w) * rng.uniform(0.4, 1, (J, 1, 1)).astype(np.float32)
    c[0] = np.maximum(c[0], 0.05)  # so that every pixel is shown by one of them
    return Case({"c": c}, {"J": J, "h": h, "w": w})


def _of_masks(c):
    return np.stack(package_closest_first(list(c)))


def _minus_weights(c):
    weights, taken = [], np.zeros_like(c[0])
    for each in c:
        weights.append(np.maximum(each - taken, 0))
        taken = taken + weights[-1]
    return np.stack(weights)


def _to_end(c):
    """What the frames farther back show, in place of the nearer ones."""
    return np.cumsum(c[::-1], axis=0)[::-1] - c


def _squared(w):
    return (w**2).sum(-1)


def _test(off, bound):
    return (off <= bound).astype(np.float32)


TEMPORAL_LOSS = Exercise(
    "temporal_loss",
    tuple(_frames(seed, *size) for seed, size in enumerate(SIZES)),
    package_temporal_loss,
    temporal_loss,
    (
        "It is a mean of squared differences, like many losses; only that some pixels count less, and some not at all.",
        "(1 / 3hw) Σ c (x − y)², over pixels and colours. c has one number a pixel, x − y has three.",
        "c[..., None] is [h, w, 1], and multiplies all three colours. Then jnp.mean over everything.",
    ),
    (
        Mistake(
            "sum",
            lambda x, y, c: (c[..., None] * (x - y) ** 2).sum(),
            "This is the sum. The loss is the mean over 3hw numbers, so that its weight means the same at every size.",
        ),
        Mistake(
            "by_pixels",
            lambda x, y, c: (c[..., None] * (x - y) ** 2).sum() / c.size,
            "This is three times too much: it is divided by hw pixels, and there are 3hw numbers.",
        ),
        Mistake(
            "half",
            lambda x, y, c: (c[..., None] * (x - y) ** 2).mean() / 2,
            "A half stands in front. The content loss has one; this loss has none.",
        ),
        Mistake(
            "by_mask",
            lambda x, y, c: (c[..., None] * (x - y) ** 2).sum() / (3 * c.sum()),
            "This is divided by 3 Σ c: the warping error, which measures flicker. In the loss a frame of which little "
            "is known should be held less, so it is divided by 3hw.",
        ),
        Mistake(
            "no_mask",
            lambda x, y, c: ((x - y) ** 2).mean(),
            "The mask is missing: places that the earlier frame does not show are held to what is drawn over them.",
        ),
        Mistake(
            "mask_squared",
            lambda x, y, c: ((c[..., None] * (x - y)) ** 2).mean(),
            "The mask is squared with the difference. It weights the squares: c (x − y)².",
        ),
        Mistake(
            "inverted",
            lambda x, y, c: ((1 - c[..., None]) * (x - y) ** 2).mean(),
            "The mask is upside down: c is 1 where the earlier frame can be trusted.",
        ),
        Mistake(
            "hard",
            lambda x, y, c: ((c > 0.5)[..., None] * (x - y) ** 2).mean(),
            "The mask is cut to 0 and 1. Its soft edge matters: without it, a seam shows around what moves.",
        ),
        Mistake(
            "absolute",
            lambda x, y, c: (c[..., None] * abs(x - y)).mean(),
            "Absolute differences stand in place of squares.",
        ),
        Mistake(
            "not_squared",
            lambda x, y, c: (c[..., None] * (x - y)).mean(),
            "The difference is not squared: brighter and darker cancel.",
        ),
        Mistake(
            "root",
            lambda x, y, c: np.sqrt((c[..., None] * (x - y) ** 2).mean()),
            "A root is taken of the mean. The loss is the mean of the squares itself.",
        ),
        Mistake(
            "grey",
            lambda x, y, c: (c * ((x - y).mean(-1)) ** 2).mean(),
            "The colours are averaged before the square, so that a change from red to green costs nothing.",
        ),
    ),
)

CONSISTENT = Exercise(
    "consistent",
    tuple(_flows(seed, *size) for seed, size in enumerate(SIZES)),
    lambda w, v: _test(_squared(v + w), SLACK * (_squared(v) + _squared(w)) + LEAST),
    consistent,
    (
        "Walk along w, and then back along v. How far are you from where you started, and how far is too far?",
        "|v + w|² ≤ 0.01 (|v|² + |w|²) + 0.5. |w|² is the sum of the squares of the two components.",
        "(w ** 2).sum(-1) is |w|², [h, w]. A comparison gives booleans; 1.0 * makes them numbers.",
    ),
    (
        Mistake(
            "difference",
            lambda w, v: _test(_squared(v - w), SLACK * (_squared(v) + _squared(w)) + LEAST),
            "This is |v − w|². The way back points the other way: where the two agree, v is about −w, and v + w "
            "about 0.",
        ),
        Mistake(
            "inverted",
            lambda w, v: 1 - _test(_squared(v + w), SLACK * (_squared(v) + _squared(w)) + LEAST),
            "This is 1 where the flows contradict each other. The mask is 1 where they can be trusted.",
        ),
        Mistake(
            "not_squared",
            lambda w, v: _test(np.sqrt(_squared(v + w)), SLACK * (_squared(v) + _squared(w)) + LEAST),
            "On the left stands |v + w|, not its square.",
        ),
        Mistake(
            "bound_not_squared",
            lambda w, v: _test(_squared(v + w), SLACK * (np.sqrt(_squared(v)) + np.sqrt(_squared(w))) + LEAST),
            "On the right stand lengths, not their squares: fast movement is allowed too little.",
        ),
        Mistake(
            "no_least",
            lambda w, v: _test(_squared(v + w), SLACK * (_squared(v) + _squared(w))),
            "The 0.5 is missing: where nothing moves, no error at all would be allowed.",
        ),
        Mistake(
            "no_slack",
            lambda w, v: _test(_squared(v + w), np.full(w.shape[:2], LEAST)),
            "What is allowed does not grow with the flow: 0.01 (|v|² + |w|²) is missing. A long way is measured less "
            "well than a short one.",
        ),
        Mistake(
            "only_forward",
            lambda w, v: _test(_squared(v + w), SLACK * _squared(w) + LEAST),
            "Only |w|² stands on the right. Both ways are measured, and both may err: |v|² + |w|².",
        ),
        Mistake(
            "mean",
            lambda w, v: _test(_squared(v + w) / 2, SLACK * (_squared(v) + _squared(w)) / 2 + LEAST),
            "The mean of the two components stands in place of their sum: |w|² = u² + v².",
        ),
        Mistake(
            "one_component",
            lambda w, v: _test((v + w)[..., 0] ** 2, SLACK * (v[..., 0] ** 2 + w[..., 0] ** 2) + LEAST),
            "Only the first component is looked at: what moves up or down is always trusted.",
        ),
        Mistake(
            "only_back",
            lambda w, v: _test(_squared(v + w), SLACK * _squared(v) + LEAST),
            "Only |v|² stands on the right. Both ways are measured, and both may err: |v|² + |w|².",
        ),
    ),
)

CLOSEST_FIRST = Exercise(
    "closest_first",
    tuple(_masks(seed, *size) for seed, size in enumerate(SIZES)),
    _of_masks,
    closest_first,
    (
        "c[0] is of the frame before, c[1] of one farther back, … A pixel that the frame before shows needs no other.",
        "w_j = max(c_j − Σ_{k<j} c_k, 0): what nearer frames show is taken away.",
        "jnp.cumsum(c, axis=0) sums up to j, with c_j; without it, jnp.cumsum(c, axis=0) − c. Then jnp.maximum(…, 0).",
    ),
    (
        Mistake(
            "as_they_are",
            lambda c: c,
            "These are the masks as they are: a pixel that three frames show would be held three times.",
        ),
        Mistake(
            "with_itself",
            lambda c: np.maximum(c - np.cumsum(c, axis=0), 0),
            "The sum contains c_j itself, so that nothing is left. Only frames nearer than j are taken away, k < j.",
        ),
        Mistake(
            "not_cut",
            lambda c: 2 * c - np.cumsum(c, axis=0),
            "Some weights are below 0: they would push the picture away from earlier ones. Cut at 0.",
        ),
        Mistake(
            "previous_only",
            lambda c: np.maximum(c - np.concatenate([np.zeros_like(c[:1]), c[:-1]]), 0),
            "Only the next nearer mask is taken away. All of them count: Σ_{k<j} c_k.",
        ),
        Mistake(
            "minus_weights",
            _minus_weights,
            "What is taken away are the weights of nearer frames. The paper takes their masks, Σ_{k<j} c_k.",
        ),
        Mistake(
            "product",
            lambda c: c * np.concatenate([np.ones_like(c[:1]), np.cumprod(1 - c, axis=0)[:-1]]),
            "This is c_j Π_{k<j} (1 − c_k), as transparent layers are laid over each other. For masks of 0 and 1 it is "
            "the same; the paper takes max(c_j − Σ_{k<j} c_k, 0).",
        ),
        Mistake(
            "normalised",
            lambda c: c / c.sum(0),
            "The masks are divided by their sum: every frame that shows a pixel has its share. Here the closest one "
            "that shows it has all of it.",
        ),
        Mistake(
            "farthest_first",
            lambda c: np.maximum(c - _to_end(c), 0),
            "The farthest frame comes first. c[0] is the closest, and nothing is taken away from it.",
        ),
    ),
)
