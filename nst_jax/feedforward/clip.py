"""`paint` for the frames of a clip: their statistics are measured once, so that one frame is painted as the next."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from ..images.picture import Picture
from ..networks.loading import weights_file
from ..transfer.one_pass import OnePass, PaintFrame
from ..transfer.scene import Scene
from .colouring import held_maps, mapped, stacked
from .paint import DECODER, ENCODER, at_levels, networks, notes_on, target_of
from .settings import PaintSettings

SAMPLED = 8  # frames that are measured, evenly over the clip


def hold(frames: Sequence[Picture], scene: Scene, strength: float) -> PaintFrame:
    """What `paint` does, with the photo's statistics measured over the clip and not frame by frame.

    Args:
        frames: of the clip, [h, w, 3] each.
        scene: what they are painted with.
        strength: as in `paint`.

    Returns:
        Frame [h, w, 3] → picture.

    Raises:
        ImageError: if a region is too small at every level.
    """
    s = PaintSettings(strength=strength)
    encoder, decoder = networks()
    chosen = dict.fromkeys(round(t) for t in np.linspace(0, len(frames) - 1, SAMPLED))
    sample = [scene.colours.content(frames[t]) for t in chosen]
    first, size = sample[0], max(sample[0].shape[:2])
    targets = [target_of(region, first, size, encoder) for region in scene.regions]
    notes_on(scene.regions, targets, size)
    r = at_levels(np.full(first.shape[:2], strength, np.float32), first, encoder)
    maps, guides = held_maps(encoder, decoder, sample, targets, r, s.detail, s.transform), stacked(targets)
    return lambda p: mapped(encoder, decoder, p, maps, guides, r, s.detail)


def _files() -> Mapping[str, Path]:
    return {"network": weights_file(ENCODER), "decoder": DECODER}


PAINT = OnePass(_files, hold)
