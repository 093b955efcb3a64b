"""Optical flow between two frames: w with a(p) ≈ b(p + w(p)), to the right and down, in pixels."""

from collections.abc import Callable
from functools import cache
from importlib.util import find_spec
from typing import Any, Literal

import numpy as np
from skimage.color import rgb2gray
from skimage.registration import optical_flow_ilk

from ..errors import SettingError, ShapeError
from ..images.picture import Picture, bytes8
from .masks import Flow, Mask

Estimator = Callable[[Picture, Picture], Flow]
RADIUS = 7  # pixels, of ILK's windows


def dis(a: Picture, b: Picture) -> Flow:
    """Dense inverse search (Kroeger et al., arXiv 1603.03590) at its medium preset, by OpenCV.

    Args:
        a: [h, w, 3] in [0, 1].
        b: [h, w, 3] in [0, 1].

    Returns:
        [h, w, 2]; 0 everywhere if the two are equal.

    Raises:
        SettingError: if OpenCV is not installed.
    """
    _check(a, b)
    if np.array_equal(a, b):
        return np.zeros((*a.shape[:2], 2), np.float32)
    grey = [bytes8(rgb2gray(x)) for x in (a, b)]
    return np.asarray(_dis().calc(*grey, None), np.float32)  # of its own: the next call fills another


def ilk(a: Picture, b: Picture) -> Flow:
    """The iterative Lucas–Kanade method (Le Besnerais and Champagnat, 2005), by scikit-image.

    Args:
        a: [h, w, 3] in [0, 1].
        b: [h, w, 3] in [0, 1].

    Returns:
        [h, w, 2]; 0 everywhere if the two are equal.
    """
    _check(a, b)
    if np.array_equal(a, b):
        return np.zeros((*a.shape[:2], 2), np.float32)
    down, right = optical_flow_ilk(rgb2gray(a), rgb2gray(b), radius=RADIUS, dtype=np.float32)
    return np.stack([right, down], axis=-1).astype(np.float32)


def estimator_named(name: Literal["auto", "dis", "ilk"]) -> Estimator:
    """How flow is computed.

    Args:
        name: "dis", "ilk", or "auto": the first if OpenCV is installed, else the second.

    Returns:
        (a, b) → flow.

    Raises:
        SettingError: for another name.
    """
    if name not in ("auto", "dis", "ilk"):
        raise SettingError(f"flow {name!r} is not known; use auto, dis or ilk, or a folder of .flo or .npy files")
    if name == "auto":
        name = "dis" if find_spec("cv2") else "ilk"
    return {"dis": dis, "ilk": ilk}[name]


def end_point_error(flow: Flow, true: Flow, where: Mask | None = None) -> float:
    """mean √((u − u*)² + (v − v*)²), in pixels, over the pixels whose true flow is known.

    Args:
        flow: [h, w, 2].
        true: [h, w, 2], not finite where it is unknown.
        where: [h, w], 1 for the pixels that count; None for all.

    Returns:
        The error.

    Raises:
        ShapeError: if the two differ in shape.
    """
    if flow.shape != true.shape:
        raise ShapeError(f"the flows are {list(flow.shape)} and {list(true.shape)}; give two of one shape")
    known = np.isfinite(true).all(-1) & (True if where is None else where > 0)
    return float(np.linalg.norm(flow[known] - true[known], axis=-1).mean())


@cache
def _dis() -> Any:
    try:
        import cv2  # pyright: ignore[reportMissingImports] - an extra
    except ImportError:
        raise SettingError(
            'flow dis needs OpenCV; run pip install "nst_jax[video]", or take ilk, which is slower'
        ) from None
    return cv2.DISOpticalFlow_create(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM)  # pyright: ignore[reportAttributeAccessIssue]


def _check(a: Picture, b: Picture) -> None:
    if a.shape != b.shape:
        raise ShapeError(f"the frames are {list(a.shape)} and {list(b.shape)}; give two of one shape")
