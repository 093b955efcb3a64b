"""Transfer by nearest patches: each patch of the photo votes for the most similar one of the painting, from coarse to
fine."""

from typing import Literal, get_args

import numpy as np

from ..errors import SettingError
from ..images.picture import Picture
from ..images.recolouring import match_colours
from ..images.resizing import halved, resize
from .chosen import check
from .patch_fields import Field, exact, fits, patch_match, voted

Search = Literal["patch-match", "exact"]


def nearest_patches(
    p: Picture,
    a: Picture,
    *,
    seed: int = 0,
    side: int = 7,
    coarsest: int = 128,
    rounds: int = 6,
    content_weight: float = 0.5,
    search: Search = "patch-match",
) -> Picture:
    """The picture whose patches all occur in the painting, and which is near to the photo: search and vote.

    At each scale, from coarse to fine, and in each round r of R: every patch of x looks for its nearest in a, and each
    pixel becomes the mean of what the patches over it ask for. Before each search, x ← (1 − λ_r) x + λ_r p̂, where p̂ is
    the photo in the colours of the painting and λ_r falls from `content_weight` in the first round to 0.3 of it in the
    last. The photo helps to decide what is looked for; what is seen is the painting's alone.

    Where the photo is flat, one patch of the painting is the nearest of all that lie there, and its grain repeats: a
    faint weave of a few pixels. It comes from search and vote, and exact search has it too.

    Args:
        p: [h, w, 3] in [0, 1], the photo.
        a: [H, W, 3] in [0, 1], the painting.
        seed: of the search's random numbers.
        side: of a patch, in pixels, at each scale.
        coarsest: longest side of the photo at the first scale, in pixels, at least; each scale has twice the size of
            the one before. A smaller one loses structure and gains strokes.
        rounds: of search and vote at each scale, ≥ 1.
        content_weight: λ in the first round, from 0 to 1.
        search: "patch-match", or "exact", whose time grows with the square of the pixels.

    Returns:
        [h, w, 3] in [0, 1].

    Raises:
        ImageError: if a picture is smaller than a patch.
        SettingError: for an invalid setting.

    Departs from the paper: there, the method retouches one photo; here, the two pictures differ, so that the photo is
    recoloured, and takes part in every round.

    Source: Barnes et al. 2009; search and vote, Wexler et al., "Space-Time Completion of Video", 2007.
    """
    if search not in get_args(Search):
        raise SettingError(f"search={search!r}: give {', '.join(get_args(Search))}")
    for name, value in (("side", side), ("coarsest", coarsest), ("rounds", rounds)):
        check(name, value, 1)
    check("content_weight", content_weight, 0, 1)
    fits(p, side, "the photo")
    fits(a, side, "the painting")
    recoloured = np.clip(match_colours(p, a), 0, 1)
    x, field = recoloured, None
    for scale in reversed(range(max(p.shape).bit_length())):
        shape, shape_a = halved(p.shape, scale), halved(a.shape, scale)
        if scale and (max(shape) < coarsest or min(shape + shape_a) < 2 * side):
            continue
        p_, a_ = resize(recoloured, shape), resize(a, shape_a)
        x = resize(x, shape)
        field = None if field is None else _doubled(field, shape, side)
        for r in range(rounds):
            λ = content_weight * (1 - 0.7 * r / max(rounds - 1, 1))
            x = (1 - λ) * x + λ * p_
            if search == "exact":
                field = exact(x, a_, side)
            else:
                field = patch_match(x, a_, side, seed=seed + r, start=field, sweeps=4 if field is None else 1)
            x = voted(field, a_, side)
    return x


def _doubled(field: Field, shape: tuple[int, int], side: int) -> Field:
    """The field of a coarse scale, for the next one."""
    rows, columns = (np.arange(n - side + 1) for n in shape)
    h, w = field.shape[:2]
    coarse = field[np.minimum(rows // 2, h - 1)[:, None], np.minimum(columns // 2, w - 1)]
    within = np.stack(np.meshgrid(rows % 2, columns % 2, indexing="ij"), -1)
    return 2 * coarse + within
