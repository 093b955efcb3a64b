"""The scales of a run, from coarse to fine."""

from collections.abc import Sequence
from typing import TypeVar

from ..described import counted
from ..errors import ImageError, SettingError
from ..images.resizing import fit
from ..networks.vgg import VGG19
from .settings import Settings

T = TypeVar("T")
COARSEST = 128  # longest side of the coarsest automatic scale, in pixels
WORK = 20_000  # evaluations of a scale, times its longest side in pixels, unless given
FEWEST, FIRST = 20, 150  # evaluations of any scale, and of the coarsest, at least


def sizes_of(
    s: Settings,
    content: tuple[int, int],
    styles: Sequence[tuple[tuple[int, int], float]],
    networks: Sequence[VGG19],
    names: Sequence[str] = (),
) -> tuple[int, ...]:
    """The longest sides of the scales.

    Without a number of scales: those from about `COARSEST` up that are large enough for the network.

    Args:
        s: the settings.
        content: (height, width) of the content picture.
        styles: (height, width) and scale of each style picture.
        networks: what will measure the pictures.
        names: of the content picture and of each style picture, for the message.

    Returns:
        Pixels, coarse to fine; the last is `s.size`.

    Raises:
        ImageError: if a picture is too small for a layer at a scale that was asked for.
    """

    def check(size: int) -> None:
        shapes = [fit(content, size), *(style_shape(shape, size * scale) for shape, scale in styles)]
        for i, shape in enumerate(shapes):
            try:
                for network in networks:
                    network.shapes(*shape, [*s.style_layers, *(s.content_layers if i == 0 else ())])
            except ImageError as error:
                name = names[i] if i < len(names) else "a picture"
                raise ImageError(f"{name}, at size {size}: {error}") from None

    check(s.size)
    sizes = [s.size]
    while s.scales is None or len(sizes) < s.scales:
        smaller = max(1, round(s.size / s.ratio ** len(sizes)))
        if s.scales is None and smaller < COARSEST:
            break
        try:
            check(smaller)
        except ImageError:
            if s.scales is None:
                break
            raise
        sizes.insert(0, smaller)
    return tuple(sizes)


def style_shape(shape: tuple[int, int], size: float) -> tuple[int, int]:
    """The shape of a style picture at a scale: the longest side is the scale's, but it is never enlarged.

    Args:
        shape: (height, width) of the style picture.
        size: longest side of the scale, in pixels, times the scale of the style.

    Returns:
        (height, width).
    """
    return fit(shape, max(1, min(round(size), max(shape))))


def steps_of(steps: int | Sequence[int] | None, sizes: Sequence[int]) -> tuple[int, ...]:
    """The evaluations of each scale.

    By default they are inversely proportional to its longest side, so each scale takes half the time of the next finer
    one: the coarse scales lay out strokes and colours cheaply, and the finer ones only sharpen them.

    Args:
        steps: one number for all scales, or one a scale; None for the default.
        sizes: longest sides of the scales, coarse to fine, in pixels.

    Returns:
        One number a scale.

    Raises:
        SettingError: if there are fewer or more numbers than scales.
    """
    if steps is None:
        first, *finer = (max(FEWEST, round(WORK / size)) for size in sizes)
        return (max(FIRST, first), *finer)
    return each_scale("steps", (steps,) if isinstance(steps, int) else tuple(steps), sizes)


def each_scale(name: str, given: tuple[T, ...], sizes: Sequence[int]) -> tuple[T, ...]:
    """What is given for each scale: one serves all.

    Args:
        name: of the setting.
        given: one, or one a scale.
        sizes: longest sides of the scales, in pixels.

    Returns:
        One a scale.

    Raises:
        SettingError: if there are fewer or more than scales.
    """
    if len(given) not in (1, len(sizes)):
        raise SettingError(
            f"{name}: {len(given)} for {counted(len(sizes), 'scale')}, {' → '.join(map(str, sizes))} pixels; "
            "give one, or one a scale"
        )
    return given if len(given) == len(sizes) else given * len(sizes)


def stages_of(sizes: Sequence[int], steps: Sequence[int], stages: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Each scale in several stages, which share its evaluations.

    Args:
        sizes: longest sides of the scales, in pixels.
        steps: evaluations of each.
        stages: of a scale, at most; one of a single evaluation has one.

    Returns:
        sizes and steps, one a stage.
    """
    parts = [
        (size, [n // stages + (i < n % stages) for i in range(min(stages, n))])
        for size, n in zip(sizes, steps, strict=True)
    ]
    each = [(size, n) for size, part in parts for n in part]
    return tuple(size for size, _ in each), tuple(n for _, n in each)
