"""A class sees it from the last row: larger letters, lines, pictures and live views."""

from ..images import screen


def projector(zoom: float = 1.3) -> None:
    """Show sheets, figures of matplotlib and live views larger, from the next one on; `projector(1)` ends it.

    Letters and lines grow with the picture. At the default the live view's picture, curves and first knobs fit a screen
    of 1280 × 800 pixels whose file browser is closed (Ctrl and B); the notebook's own text grows with the browser's
    zoom (Ctrl and +).

    Args:
        zoom: 1 to 3.

    Raises:
        SettingError: for another value.

    Example:
        >>> from nst_jax import show
        >>> show.projector()
        >>> show.projector(1)
    """
    import matplotlib

    before = screen.zoom()
    matplotlib.rcParams["figure.dpi"] *= screen.set_zoom(zoom) / before
