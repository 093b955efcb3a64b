"""`paint` for the frames of a clip: what it measures is measured once, so that one frame is painted as the next."""

from collections.abc import Sequence
from pathlib import Path

import jax.numpy as jnp
import numpy as np

from ..errors import SettingError
from ..images.picture import Picture
from ..transfer.one_pass import Fast, OnePass, PaintFrame
from ..transfer.painting import Regions, StyleLike
from ..transfer.scene import read_scene
from ..transfer.settings import Settings
from .colouring import held_maps, mapped, stacked
from .paint import at_levels, described_networks, networks, notes_on, target_of
from .settings import PaintSettings
from .style_network import extended
from .style_network_paint import measured, one_pass, weights_of
from .style_network_scene import read_network_scene

SAMPLED = 8  # frames that are measured, evenly over the clip
PIXELS = 4 << 20  # of all of them together, for a network: it holds their features at once


def paint_frames(p: Picture, style: StyleLike, regions: Regions | None, settings: Settings) -> Fast:
    """What `paint` does, with the photo's statistics measured over the clip and not frame by frame.

    Args:
        p: [h, w, 3], the first frame.
        style: as in `paint`, and so are the regions.
        regions: likewise.
        settings: of a picture.

    Returns:
        What frames are painted with.

    Raises:
        NSTError: if a picture cannot be used, or a region is too small at every level.
    """
    s = settings
    scene = read_scene(
        p, style, regions, size=s.size, style_scale=s.style_scale, colour=s.colour, colour_match=s.colour_match
    )
    encoder, decoder = networks()
    size = max(p.shape[:2])
    targets = [target_of(region, scene.content, size, encoder) for region in scene.regions]

    def hold(frames: Sequence[Picture], strength: float) -> PaintFrame:
        of = PaintSettings(strength=strength)
        sample = [scene.colours.content(frames[t]) for t in sampled(len(frames), SAMPLED)]
        r = at_levels(np.full(sample[0].shape[:2], strength, np.float32), sample[0], encoder)
        maps, guides = held_maps(encoder, decoder, sample, targets, r, of.detail, of.transform), stacked(targets)
        return lambda p: mapped(encoder, decoder, p, maps, guides, r, of.detail)

    return Fast(scene, {**scene.inputs, **described_networks()}, notes_on(scene.regions, targets, size), hold)


def network_frames(p: Picture, style: StyleLike, regions: Regions | None, settings: Settings) -> Fast:
    """What a network of styles does, with each filter's mean and deviation measured over the clip.

    Args:
        p: [h, w, 3], the first frame.
        style: names of the network's styles.
        regions: masks, each with such a style.
        settings: of a picture, with the network.

    Returns:
        What frames are painted with.

    Raises:
        NSTError: if a picture, a style or the network cannot be used.
    """
    s = settings
    if not isinstance(s.network, str | Path):
        raise SettingError(f"network={s.network!r:.40}: give a name or a file of a network of styles")
    made = read_network_scene(p, style, regions, s.network, size=s.size, colour=s.colour, colour_match=s.colour_match)
    network, scene = made.trained.network, made.scene

    def hold(frames: Sequence[Picture], strength: float) -> PaintFrame:
        h, w, _ = scene.content.shape
        chosen = sampled(len(frames), min(SAMPLED, max(1, PIXELS // (h * w))))
        sample = np.stack([extended(scene.colours.content(frames[t])) for t in chosen])
        weights = weights_of(network, (h, w), scene.regions, made.rows)
        held = measured(network, jnp.asarray(sample), weights)
        return lambda p: one_pass(network, p, weights, held)

    return Fast(scene, made.inputs, made.notes, hold)


def sampled(count: int, most: int) -> list[int]:
    """Frames at even distances, the first and the last among them if there are several."""
    return list(dict.fromkeys(round(t) for t in np.linspace(0, count - 1, most)))


OF_BOTH = ("size", "colour", "colour_match")
PAINT = OnePass((*OF_BOTH, "style_scale"), None, paint_frames)
NETWORK = OnePass((*OF_BOTH, "network"), "six-styles", network_frames)
