"""Progress bars: tqdm's, in text. `TQDM_DISABLE=1` in the environment hides them all."""

import os
import sys
from collections.abc import Iterable
from typing import Any

from tqdm import tqdm


def bar(items: Iterable | None = None, *, visible: bool = True, **how: Any) -> tqdm:
    """A bar over items, or one moved by hand.

    Args:
        items: what to iterate over; None for a bar moved by hand.
        visible: whether it is shown, unless the environment hides all bars.
        **how: as in tqdm.

    Returns:
        The bar, as wide as the terminal. In a notebook it clears itself at the end, and is not a widget, which a
        notebook that is opened again could not show.
    """
    hidden = os.environ.get("TQDM_DISABLE") == "1"
    place: dict[str, Any] = {"dynamic_ncols": True}
    if (kernel := sys.modules.get("ipykernel.kernelapp")) is not None and kernel.IPKernelApp.initialized():
        place = {"ncols": 80, "leave": False, "file": sys.stdout}  # what goes to stderr is shown in red
    return tqdm(items, disable=hidden or not visible, **(place | how))
