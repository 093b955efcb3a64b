"""The exercise on pooling: the mean of each window."""

import numpy as np

from ...networks import vgg
from .model import Exercise, Mistake, cases, normal


def average_pool(F):
    h, w, N = F.shape
    windows = F[: h // 2 * 2, : w // 2 * 2].reshape(h // 2, 2, w // 2, 2, N)
    return windows.mean(axis=(1, 3))  # [h // 2, w // 2, N]


def _quarters(F):
    """The four members of each 2 × 2 window, odd edges dropped: [4, h // 2, w // 2, N]."""
    F = F[: F.shape[0] // 2 * 2, : F.shape[1] // 2 * 2]
    return np.stack([F[i::2, j::2] for i in (0, 1) for j in (0, 1)])


def _edges_kept(F):
    h, w, _ = F.shape
    return np.array([[F[i : i + 2, j : j + 2].mean(axis=(0, 1)) for j in range(0, w, 2)] for i in range(0, h, 2)])


def _padded(F):
    return _quarters(np.pad(F, ((0, F.shape[0] % 2), (0, F.shape[1] % 2), (0, 0)))).mean(0)


def _even(F):
    return F[: F.shape[0] // 2 * 2, : F.shape[1] // 2 * 2]


def _halves(F):
    return F.shape[0] // 2, F.shape[1] // 2, F.shape[2]


AVERAGE_POOL = Exercise(
    "average_pool",
    cases(lambda seed, h, w, N: {"F": normal(seed, h, w, N)}),
    vgg.average_pool,
    average_pool,
    (
        "Each output is the mean of four neighbours; windows do not overlap. What happens to a last odd row?",
        "out[i, j] = mean of F[2i : 2i + 2, 2j : 2j + 2], for i < h // 2 and j < w // 2: an odd edge is dropped.",
        "Cut to even sizes, reshape to (h // 2, 2, w // 2, 2, N), and take the mean over axes 1 and 3.",
    ),
    (
        Mistake(
            "maximum",
            lambda F: _quarters(F).max(0),
            "This takes the maximum, as VGG was trained. The paper replaces it with the mean.",
        ),
        Mistake("sum", lambda F: _quarters(F).sum(0), "This is the sum of the four. Divide by 4."),
        Mistake(
            "half", lambda F: _quarters(F).sum(0) / 2, "The sum of four is divided by 2. A 2 × 2 window has 4 members."
        ),
        Mistake(
            "brackets",
            lambda F: _quarters(F)[:3].sum(0) + _quarters(F)[3] / 4,
            "Brackets are missing: `a + b + c + d / 4` divides only the last by 4. Write `(a + b + c + d) / 4`.",
        ),
        Mistake(
            "subsampled",
            lambda F: _quarters(F)[0],
            "Only the upper left of each window is taken. Average all four.",
        ),
        Mistake(
            "subsampled_with_edges",
            lambda F: F[::2, ::2],
            "F[::2, ::2] takes every second position and averages nothing; odd edges must be dropped, too.",
        ),
        Mistake(
            "edges_kept",
            _edges_kept,
            "The windows are right, but an odd last row or column makes extra, smaller windows. Drop it: [h // 2, "
            "w // 2].",
        ),
        Mistake(
            "edges_padded",
            _padded,
            "The windows are right, but odd sizes are filled up with zeros, which darkens the edge. Drop the odd "
            "edge: [h // 2, w // 2].",
        ),
        Mistake(
            "overlapping",
            lambda F: (F[1:, 1:] + F[1:, :-1] + F[:-1, 1:] + F[:-1, :-1]) / 4,
            "The windows overlap: they move by 1. Move them by 2, and the result is half as large.",
        ),
        Mistake(
            "only_rows",
            lambda F: (F[: F.shape[0] // 2 * 2 : 2] + F[1::2]) / 2,
            "Only pairs of rows are averaged. Average pairs of columns as well.",
        ),
        Mistake(
            "only_columns",
            lambda F: (F[:, : F.shape[1] // 2 * 2 : 2] + F[:, 1::2]) / 2,
            "Only pairs of columns are averaged. Average pairs of rows as well.",
        ),
        Mistake(
            "halves_averaged",
            lambda F: _even(F).reshape(2, F.shape[0] // 2, 2, *_halves(F)[1:]).mean((0, 2)),
            "The shape (2, h // 2, 2, w // 2, N) averages the upper half of the picture with the lower. Neighbours "
            "are the faster index: reshape(h // 2, 2, w // 2, 2, N).",
        ),
        Mistake(
            "windows_misread",
            lambda F: _even(F).reshape(*_halves(F)[:2], 2, 2, -1).mean((2, 3)),
            "The shape (h // 2, w // 2, 2, 2, N) leaves the right size but the wrong neighbours: it cuts memory into "
            "runs of four. Use (h // 2, 2, w // 2, 2, N).",
        ),
        Mistake(
            "flattened_filters",
            lambda F: _quarters(F).mean((0, -1)),
            "The filters are averaged too. Each keeps its own map: [h // 2, w // 2, N].",
        ),
        Mistake(
            "global",
            lambda F: F.mean((0, 1)),
            "This averages over the whole picture. Average over windows of 2 × 2.",
        ),
    ),
)
