"""Names beside the points of a figure, none over another."""

from collections.abc import Mapping
from typing import Any

ROOM = 3  # points of a page around each point, kept free
PLACES = [
    (across * side, up, "left" if side > 0 else "right")
    for up in (ROOM, -ROOM, 2.5 * ROOM, -2.5 * ROOM, 4.5 * ROOM, -4.5 * ROOM)
    for side in (1, -1)
    for across in (ROOM, 2 * ROOM)
]


def label_points(
    axes: Any, points: Mapping[str, tuple[float, float]], size: float = 6, colour: str = "#333333"
) -> None:
    """Write the name of each point beside it, in the nearest place within the axes that covers no point and no name.

    A name for which there is no such place is written at the nearest. Call it last: the places depend on the limits of
    the axes.

    Args:
        axes: of matplotlib.
        points: name → (x, y).
        size: of the letters, in points of a page.
        colour: of the letters.
    """
    from matplotlib.transforms import Bbox

    figure = axes.figure
    figure.draw_without_rendering()
    room, frame = ROOM * 0.8 * figure.dpi / 72, axes.get_window_extent()
    centres = {name: axes.transData.transform(place) for name, place in points.items()}
    taken = [Bbox.from_extents(*(c - room), *(c + room)) for c in centres.values()]
    for name in sorted(points, key=lambda name: -centres[name][1]):
        for i, (x, y, side) in enumerate([*PLACES, PLACES[0]]):
            text = axes.annotate(
                name, points[name], (x, y), textcoords="offset points", fontsize=size, color=colour, ha=side,
                va="bottom" if y > 0 else "top", annotation_clip=False,
            )  # fmt: skip
            box = text.get_window_extent()
            within = frame.x0 <= box.x0 and box.x1 <= frame.x1 and frame.y0 <= box.y0 and box.y1 <= frame.y1
            if i == len(PLACES) or (within and not any(box.overlaps(other) for other in taken)):
                taken.append(box)
                break
            text.remove()
