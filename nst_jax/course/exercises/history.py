"""Exercises on what came before the networks: a histogram, a cut between patches, and a comparison of many."""

import jax.numpy as jnp
import numpy as np

from ...history.heeger_bergen import with_histogram
from ...history.quilting import minimum_cut
from .model import Case, Exercise, Mistake


def match_histogram(x, a):
    ranks = jnp.argsort(jnp.argsort(x.ravel()))  # 0 for the smallest value of x, and so on
    return jnp.sort(a.ravel())[ranks].reshape(x.shape)


def cheapest_cut(e):
    costs = [e[0]]  # of the cheapest way from above to each pixel of a row
    for row in e[1:]:
        above = jnp.pad(costs[-1], 1, constant_values=jnp.inf)
        costs.append(row + jnp.minimum(jnp.minimum(above[:-2], above[1:-1]), above[2:]))
    path = [int(jnp.argmin(costs[-1]))]
    for cost in costs[-2::-1]:  # back, from the last row but one
        low = max(path[-1] - 1, 0)
        path.append(low + int(jnp.argmin(cost[low : path[-1] + 2])))
    return jnp.array(path[::-1])


def beaten_by(D):
    no_worse = (D[None] <= D[:, None]).all(2)  # [i, j]: j is no worse than i in any measure
    better = (D[None] < D[:, None]).any(2)  # j is better than i in one
    return (no_worse & better).sum(1)


def _two(seed, h, w):
    """Two pictures of as many values in other shapes, of other distributions."""
    rng = np.random.default_rng(seed)
    return {"x": rng.normal(size=(h, w)).astype(np.float32), "a": rng.exponential(size=(w, h)).astype(np.float32)}


def _ranks(x, **axis):
    return np.argsort(np.argsort(x, **axis), **axis)


def _moments(x, a):
    return (x - x.mean()) / x.std() * a.std() + a.mean()


def _row_by_row(x, a):
    return np.take_along_axis(np.sort(a.reshape(x.shape), axis=1), _ranks(x, axis=1), 1)


MATCH_HISTOGRAM = Exercise(
    "match_histogram",
    tuple(
        Case(_two(seed, *size), dict(zip("hw", size, strict=True)))
        for seed, size in enumerate(((3, 5), (4, 4), (6, 2), (2, 7), (5, 4)))
    ),
    lambda x, a: with_histogram(x, np.sort(a, None)),
    match_histogram,
    (
        "The result has the values of a, each once, at places that x decides: where x is smallest, the smallest value "
        "of a.",
        "The rank of a value says how many are smaller. argsort gives the places of the ranks; argsort of that gives "
        "the ranks of the places.",
        "ranks = jnp.argsort(jnp.argsort(x.ravel())); then jnp.sort(a.ravel())[ranks], in the shape of x.",
    ),
    (
        Mistake(
            "argsort_once",
            lambda x, a: np.sort(a, None)[np.argsort(x, None)].reshape(x.shape),
            "One argsort says where the smallest value of x is, not which rank each value has: it is the inverse "
            "permutation. Take argsort of it once more.",
        ),
        Mistake(
            "sorted",
            lambda x, a: np.sort(a, None).reshape(x.shape),
            "These are the values of a in ascending order, from the top left: the arrangement of x is lost.",
        ),
        Mistake(
            "not_sorted",
            lambda x, a: a.ravel()[_ranks(x.ravel())].reshape(x.shape),
            "What is picked from is not sorted: its first value need not be its smallest. The rank i asks for the "
            "value of rank i of a.",
        ),
        Mistake(
            "descending",
            lambda x, a: np.sort(a, None)[::-1][_ranks(x.ravel())].reshape(x.shape),
            "The largest value of a stands where x is smallest: a negative. Sort both in the same direction.",
        ),
        Mistake(
            "the_other_itself",
            lambda x, a: a.reshape(x.shape),
            "This is a itself. Its values are right and stand where they stood; x should say where.",
        ),
        Mistake(
            "exchanged",
            lambda x, a: np.sort(x, None)[_ranks(a.ravel())].reshape(x.shape),
            "The two are exchanged: these are the values of x, in the order of a.",
        ),
        Mistake(
            "moments",
            _moments,
            "Mean and spread are those of a; the shape of the distribution is still that of x. A histogram is more "
            "than two numbers.",
        ),
        Mistake(
            "mean_alone",
            lambda x, a: x - x.mean() + a.mean(),
            "Only the mean is matched. The histogram says how often every value occurs.",
        ),
        Mistake(
            "range",
            lambda x, a: (x - x.min()) / np.ptp(x) * np.ptp(a) + a.min(),
            "The smallest and the largest value are those of a, and between them x is stretched evenly.",
        ),
        Mistake(
            "row_by_row",
            _row_by_row,
            "Each row is matched by itself. The histogram is that of the whole picture: flatten first.",
        ),
    ),
)


def _greedy(e, rows):
    """From the first of these rows on, always to the least of the three next pixels."""
    path = [int(np.argmin(e[rows[0]]))]
    for i in rows[1:]:
        low = max(path[-1] - 1, 0)
        path.append(low + int(np.argmin(e[i, low : path[-1] + 2])))
    return np.array(path)


def _by_costs(e, left=1, right=1, back=None):
    """Dynamic programming in which a path may come from so many columns to the left and to the right."""
    E = np.array(e, float)
    for i in range(1, len(E)):
        E[i] += [E[i - 1, max(j - left, 0) : j + right + 1].min() for j in range(E.shape[1])]
    path = [int(np.argmin(E[-1]))]
    for row in (E if back is None else back)[-2::-1]:
        low = max(path[-1] - left, 0)
        path.append(low + int(np.argmin(row[low : path[-1] + right + 1])))
    return np.array(path[::-1])


CUT_SIZES = ((6, 5), (5, 8), (7, 4), (4, 9), (9, 6))


CHEAPEST_CUT = Exercise(
    "cheapest_cut",
    tuple(
        Case({"e": np.random.default_rng(seed).uniform(size=size).astype(np.float32)}, {"h": size[0], "w": size[1]})
        for seed, size in enumerate(CUT_SIZES, 1)
    ),
    minimum_cut,
    cheapest_cut,
    (
        "There are far too many paths to try them all. But the cheapest way to a pixel comes from one of three pixels "
        "above it, by the cheapest way to that one.",
        "E_ij = e_ij + min(E_{i−1,j−1}, E_{i−1,j}, E_{i−1,j+1}), row by row. The end is the least of the last row; "
        "then go back up, each time to the least of the three above.",
        "Pad the row above with infinity on both sides, and take the minimum of its three shifts. On the way back, "
        "low = max(j − 1, 0), and j = low + argmin(E[i, low : j + 2]). Reverse the path at the end.",
    ),
    (
        Mistake(
            "each_row",
            lambda e: np.argmin(e, axis=1),
            "This takes the least pixel of each row, as does a minimum over the whole row above. Columns of a path in "
            "neighbouring rows differ by at most 1: here the cut is torn.",
        ),
        Mistake(
            "greedy",
            lambda e: _greedy(e, range(len(e))),
            "This starts at the least pixel of the first row and always takes the least of the three below. A path "
            "that pays more at first can be cheaper in the end: sum up costs row by row, and decide at the end.",
        ),
        Mistake(
            "greedy_upwards",
            lambda e: _greedy(e, range(len(e))[::-1])[::-1],
            "From the last row up, always the least of the three above: greedy, only the other way round. Sum up the "
            "costs from above first.",
        ),
        Mistake(
            "straight",
            lambda e: np.full(len(e), np.argmin(e.sum(0))),
            "This is the cheapest straight line. The cut may move by one column in each row.",
        ),
        Mistake(
            "back_by_pixels",
            lambda e: _by_costs(e, back=e),
            "The costs are summed up rightly, and on the way back the single costs e decide. Go back along the sums E.",
        ),
        Mistake(
            "upside_down",
            lambda e: minimum_cut(e)[::-1],
            "The path is right, from the last row to the first: turn it round.",
        ),
        Mistake(
            "dearest",
            lambda e: minimum_cut(-e),
            "This is the dearest path. The cut should run where the two blocks differ least.",
        ),
        Mistake(
            "leftwards",
            lambda e: _by_costs(e, 1, 0),
            "The pixel above to the right is left out: a path may come from there too. Slices end before their end.",
        ),
        Mistake(
            "rightwards",
            lambda e: _by_costs(e, 0, 1),
            "The pixel above to the left is left out: a path may come from there too.",
        ),
        Mistake(
            "too_far",
            lambda e: _by_costs(e, 2, 2),
            "Steps of two columns are allowed, which leaves holes in the cut. It moves by one at most.",
        ),
    ),
)


def _counts(beats):
    """D → for each i, of how many others j beats(D[j], D[i]) holds."""

    def function(D):
        n = range(len(D))
        return np.array([sum(bool(beats(D[j], D[i])) for j in n if j != i) for i in n])

    return function


_beats = _counts(lambda b, a: (b <= a).all() and (b < a).any())

BEATEN_BY = Exercise(
    "beaten_by",
    tuple(
        Case({"D": np.random.default_rng(seed).integers(1, 5, (n, k)).astype(np.float32)}, {"n": n, "k": k})
        for seed, (n, k) in enumerate(((12, 2), (9, 3), (14, 2), (3, 3), (10, 2)))
    ),
    _beats,
    beaten_by,
    (
        "A method that is nearer to the photo and farther from the painting is neither better nor worse. When is one "
        "better, whatever one cares about?",
        "j beats i if no distance of j is larger, and at least one is smaller. Compare all with all: D[None] and "
        "D[:, None] have the shape [n, n, k] together.",
        "no_worse = (D[None] <= D[:, None]).all(2), better = (D[None] < D[:, None]).any(2); then the sum of "
        "no_worse & better over j.",
    ),
    (
        Mistake(
            "in_all",
            _counts(lambda b, a: (b < a).all()),
            "This asks for less in every distance. One that is equal in one and less in another beats too.",
        ),
        Mistake(
            "in_one",
            _counts(lambda b, a: (b < a).any()),
            "This counts those that are better in at least one distance; they may be worse in another.",
        ),
        Mistake(
            "equals",
            _counts(lambda b, a: (b <= a).all()),
            "This counts those that are equal in everything, too. One distance has to be smaller.",
        ),
        Mistake(
            "itself",
            lambda D: (D[None] <= D[:, None]).all(2).sum(1),
            "Nothing beats itself: ≤ in all distances holds for i = j, and for equals. One distance has to be smaller.",
        ),
        Mistake(
            "beats",
            _counts(lambda b, a: (a <= b).all() and (a < b).any()),
            "This counts how many each one beats. Asked is how many beat it: sum over the other axis, and mind that "
            "less is better.",
        ),
        Mistake(
            "beaten",
            lambda D: (_beats(D) > 0).astype(float),
            "This says whether one is beaten, 1 or 0. Asked is by how many.",
        ),
        Mistake(
            "kept",
            lambda D: (_beats(D) == 0).astype(float),
            "This marks those that nothing beats with 1. Asked is by how many each one is beaten, so theirs is 0.",
        ),
        Mistake(
            "sums",
            _counts(lambda b, a: b.sum() < a.sum()),
            "This compares sums of distances. Of different measures, a sum has no meaning: that is why the front is "
            "looked for.",
        ),
        Mistake(
            "first_alone",
            _counts(lambda b, a: b[0] < a[0]),
            "Only the first distance is compared. All have to be no larger.",
        ),
    ),
)
