"""Progress bars: tqdm's. `TQDM_DISABLE=1` in the environment hides them all."""

import os
from collections.abc import Iterable
from typing import Any

from tqdm.auto import tqdm


def bar(items: Iterable | None = None, *, visible: bool = True, **how: Any) -> tqdm:
    """A bar over items, or one moved by hand.

    Args:
        items: what to iterate over; None for a bar moved by hand.
        visible: whether it is shown, unless the environment hides all bars.
        **how: as in tqdm.

    Returns:
        The bar, as wide as the terminal.
    """
    hidden = os.environ.get("TQDM_DISABLE") == "1"  # which tqdm's bars for notebooks ignore
    return tqdm(items, dynamic_ncols=True, disable=hidden or not visible, **how)
