"""Is my function right, and if not, which kind of mistake is it? One check for each exercise of the course.

    >>> from nst_jax import checks
    >>> def my_gram(F):
    ...     rows = F.reshape(-1, F.shape[-1])
    ...     return rows.T @ rows / len(rows)
    >>> checks.gram(my_gram)
    ✗ gram: This is the mean over the M positions. The paper's Gram matrix (eq. 3) is the sum; ...

Each check gives a `Verdict`, which is true where the function is right. Functions may use NumPy or JAX.
"""

import inspect
import textwrap
from collections.abc import Callable
from datetime import date
from difflib import get_close_matches
from pathlib import Path

from ..errors import SettingError
from .codes import Report, write_code
from .diagnosis import diagnose
from .exercises import EXERCISES, Exercise
from .record import note, overview, standings
from .reports import class_word
from .verdict import Verdict


class Text(str):
    """A string that a notebook shows as it is, without quotes."""

    __slots__ = ()

    def __repr__(self) -> str:
        return str(self)


# One check per exercise: the docstring is the exercise's text.


def gram(function: Callable) -> Verdict:
    """Check `gram(F)`: the Gram matrix G_ij = Σ_k F_ik F_jk over the positions k, a sum and not a mean.

    F: features [h, w, N]. To return: [N, N].
    Source: arXiv 1508.06576, eq. 3.
    """
    return check("gram", function)


def content_loss(function: Callable) -> Verdict:
    """Check `content_loss(F, P)`: ½ Σ_ij (F_ij - P_ij)².

    F, P: features [h, w, N] of the generated picture and of the photo. To return: one number.
    Source: arXiv 1508.06576, eq. 1.
    """
    return check("content_loss", function)


def style_loss(function: Callable) -> Verdict:
    """Check `style_loss(G, A, positions)`: E_l = Σ_ij (G_ij - A_ij)² / (4 N² M²).

    G, A: Gram matrices [N, N], unnormalised; positions: M = h·w. To return: one number.
    Source: arXiv 1508.06576, eq. 4.
    """
    return check("style_loss", function)


def total_variation(function: Callable) -> Verdict:
    """Check `total_variation(x)`: Σ (x[i+1, j] - x[i, j])² + Σ (x[i, j+1] - x[i, j])², over all colours.

    x: [h, w, 3] in [0, 1]. To return: one number.
    Source: Mahendran and Vedaldi, arXiv 1412.0035, eq. 5 with β = 2.
    """
    return check("total_variation", function)


def content_gradient(function: Callable) -> Verdict:
    """Check `content_gradient(F, P)`: F - P where F > 0, and 0 elsewhere.

    F, P: features [h, w, N] after ReLU, so that F ≥ 0 and about a third of it is exactly 0. To return: [h, w, N].
    Expected is the paper's gradient, which goes back through the layer's ReLU. F - P everywhere, which is what
    `jax.grad` gives of ½ Σ (F - P)² alone, is not accepted, but has its own diagnosis.
    Source: arXiv 1508.06576, eq. 2.
    """
    return check("content_gradient", function)


def style_gradient(function: Callable) -> Verdict:
    """Check `style_gradient(F, G, A)`: (Fᵀ (G - A))ᵀ / (N² M²) where F > 0, and 0 elsewhere.

    F: features [h, w, N] after ReLU; G: their Gram matrix [N, N]; A: the painting's. To return: ∂E_l/∂F, [h, w, N].
    Expected is the paper's gradient, which goes back through the layer's ReLU; without the mask it is not accepted,
    but has its own diagnosis.
    Source: arXiv 1508.06576, eq. 6.
    """
    return check("style_gradient", function)


def preprocess(function: Callable) -> Verdict:
    """Check `preprocess(x)`: what Caffe's VGG expects, BGR in 0 to 255 minus (103.939, 116.779, 123.68).

    x: [h, w, 3], RGB in [0, 1]. To return: [h, w, 3].
    Source: the model's page by Simonyan and Zisserman in Caffe's Model Zoo.
    """
    return check("preprocess", function)


def jcjohnson_to_paper(function: Callable) -> Verdict:
    """Check `jcjohnson_to_paper(alpha, beta, N, M)`: α · 2/(N M), β · 4/N².

    alpha, beta: weights in jcjohnson's neural-style of a content and of a style term at a layer of N filters and M
    positions. To return: the two weights of the paper's terms that contribute the same.
    Source: `nst_jax.losses.conventions`.
    """
    return check("jcjohnson_to_paper", function)


def feature_shape(function: Callable) -> Verdict:
    """Check `feature_shape(layer, h, w)`: the shape of VGG-19's features, (28, 28, 512) for ("conv4_2", 224, 224).

    layer: "conv1_1" to "conv5_4"; h, w: size of the picture. To return: (h_l, w_l, N_l).
    Source: arXiv 1409.1556, table 1, column E.
    """
    return check("feature_shape", function)


def receptive_field(function: Callable) -> Verdict:
    """Check `receptive_field(layer)`: the side, in pixels, of what one unit of the layer sees; 3 for "conv1_1".

    layer: "conv1_1" to "conv5_4". To return: one whole number.
    Source: with r the field and j the distance of neighbouring units in pixels, a convolution or pooling with a window
    of k and a stride of s makes them r + (k - 1) j and s j.
    """
    return check("receptive_field", function)


def parameters(function: Callable) -> Verdict:
    """Check `parameters(layer)`: how many numbers VGG-19 learns in this convolution, 9 C N + N.

    layer: "conv1_1" to "conv5_4". To return: one whole number, of this layer alone.
    Source: arXiv 1409.1556, table 1, column E.
    """
    return check("parameters", function)


def gradient_step(function: Callable) -> Verdict:
    """Check `gradient_step(x, g, lr)`: one step of gradient descent, x - lr · g.

    x, g: picture and gradient [h, w, 3]; lr: a number. To return: [h, w, 3], a new array.
    """
    return check("gradient_step", function)


def lbfgs_direction(function: Callable) -> Verdict:
    """Check `lbfgs_direction(g, s, y)`: -H g, with L-BFGS's H from one remembered step and γ = s·y / y·y.

    g: gradient [h, w, 3]; s: the last step of the picture, y: that of the gradient, both [h, w, 3], s·y > 0. To return:
    the direction of descent, [h, w, 3].
    Source: Nocedal and Wright, Numerical Optimization, algorithm 7.4 and eq. 7.20.
    """
    return check("lbfgs_direction", function)


def affordable_size(function: Callable) -> Verdict:
    """Check `affordable_size(size, seconds, budget)`: the longest side, in whole pixels, that is done in the budget.

    size: longest side of a run that took `seconds`; budget: seconds that there are for one with as many evaluations. To
    return: the largest whole number L with L² · seconds / size² ≤ budget.
    """
    return check("affordable_size", function)


def average_pool(function: Callable) -> Verdict:
    """Check `average_pool(F)`: the mean of each window of 2 × 2, odd edges dropped.

    F: [h, w, N]. To return: [h // 2, w // 2, N].
    Source: arXiv 1508.06576, which replaces VGG's maximum.
    """
    return check("average_pool", function)


def blend_targets(function: Callable) -> Verdict:
    """Check `blend_targets(A, weights)`: Σ_s w_s A_s / Σ_s w_s, one target for several styles.

    A: [S, N, N], a Gram matrix per position for each style; weights: [S], positive, of any sum. To return: [N, N].
    Source: `nst_jax.losses.style.statistic`.
    """
    return check("blend_targets", function)


def guided_gram(function: Callable) -> Verdict:
    """Check `guided_gram(F, T)`: Σ_k T_k f_k f_kᵀ / Σ_k T_k, the Gram matrix of a region, per position.

    F: features [h, w, N]; T: [h, w] in [0, 1], how much of each position belongs to the region. To return: [N, N].
    Source: arXiv 1611.07865, section 4, with T as a weight of positions.
    """
    return check("guided_gram", function)


def cholesky_match(function: Callable) -> Verdict:
    """Check `cholesky_match(x, to)`: (x - μ) Aᵀ + μ*, A = L* L⁻¹, which gives x the mean and covariance of `to`.

    x: [h, w, 3]; to: [H, W, 3]; L, L*: the lower Cholesky factors of their covariances. To return: [h, w, 3], not
    clipped.
    Source: Gatys et al. 2016, arXiv 1606.05897.
    """
    return check("cholesky_match", function)


def wasserstein_1d(function: Callable) -> Verdict:
    """Check `wasserstein_1d(f, a)`: the squared Wasserstein distance of two samples, Σ_k (sort(f)_k − sort(a)_k)² / M.

    f, a: M values each. To return: one number.
    Source: Peyré and Cuturi, Computational Optimal Transport, arXiv 1803.00567, section 2.6.
    """
    return check("wasserstein_1d", function)


def mean_and_step(function: Callable) -> Verdict:
    """Check `mean_and_step(F, A)`: Σ_i [(μ_i − μ*_i)² + (δ_i − δ*_i)²] / N, where δ_i is the root mean square step.

    F, A: features [h, w, N] and [H, W, N] of two pictures. A step is the difference of two neighbours, side by side or
    one above the other; its mean square is over all pairs of them. To return: one number.
    """
    return check("mean_and_step", function)


def halo(function: Callable) -> Verdict:
    """Check `halo(layer)`: pixels that a unit sees beyond those that it stands for, on each side, 38 for "conv4_2".

    layer: "conv1_1" to "conv5_4". A unit stands for stride × stride pixels, and its receptive field has a side of
    stride + 2 · halo. To return: a whole number.
    Source: `nst_jax.networks.geometry.reach`.
    """
    return check("halo", function)


def gram_of_tiles(function: Callable) -> Verdict:
    """Check `gram_of_tiles(windows, owned)`: Σ over windows and positions k of owned_k f_k f_kᵀ.

    windows: [T, h, w, N], features of T windows with their halos; owned: [T, h, w], 1 at the positions that a window
    owns and 0 in its halo. To return: [N, N], the Gram matrix of the whole picture.
    Source: `nst_jax.losses.tiled`.
    """
    return check("gram_of_tiles", function)


def instance_norm(function: Callable) -> Verdict:
    """Check `instance_norm(F, gamma, beta)`: γ (F − μ) / √(σ² + ε) + β, filter by filter, with ε = 1e-3.

    F: features [h, w, N] of one picture; gamma, beta: [N]. μ and σ² are mean and variance over all positions. To
    return: [h, w, N].
    Source: Ulyanov, Vedaldi and Lempitsky 2016, arXiv 1607.08022.
    """
    return check("instance_norm", function)


def break_even(function: Callable) -> Verdict:
    """Check `break_even(training, optimiser, one_pass)`: the fewest pictures for which training a network is faster.

    training: seconds, once; optimiser, one_pass: seconds a picture, one_pass < optimiser. To return: the smallest whole
    number n of pictures with training + n · one_pass < n · optimiser.
    """
    return check("break_even", function)


def whiten(function: Callable) -> Verdict:
    """Check `whiten(F)`: C^−½ (f_k − μ) at every position k, which has the mean 0 and the identity as its covariance.

    F: features [h, w, N] whose covariance C = Σ_k (f_k − μ) (f_k − μ)ᵀ / M has full rank. To return: [h, w, N]. The
    root is the symmetric one, C^−½ = Q Λ^−½ Qᵀ with the eigenvectors of C in the columns of Q.
    Source: Li et al. 2017, arXiv 1705.08086.
    """
    return check("whiten", function)


def adain(function: Callable) -> Verdict:
    """Check `adain(F, S)`: σ* (F − μ) / σ + μ*, filter by filter: mean and spread of the style.

    F: features [h, w, N] of the photo; S: [H, W, N] of the style picture; every filter varies. To return: [h, w, N].
    Source: Huang and Belongie 2017, arXiv 1703.06868.
    """
    return check("adain", function)


def match_histogram(function: Callable) -> Verdict:
    """Check `match_histogram(x, a)`: the values of a, each once, the smallest where x is smallest, and so on.

    x: [h, w]; a: [w, h], of as many values; no two values of x are equal. To return: [h, w].
    Source: Heeger and Bergen, Pyramid-Based Texture Analysis/Synthesis, 1995.
    """
    return check("match_histogram", function)


def cheapest_cut(function: Callable) -> Verdict:
    """Check `cheapest_cut(e)`: the path from the first row to the last along which e sums to the least.

    e: [h, w], the cost of each pixel. A path has one pixel a row; its columns in neighbouring rows differ by at most 1.
    To return: [h], the column in each row, from the first row on.
    Source: Efros and Freeman, Image Quilting for Texture Synthesis and Transfer, 2001.
    """
    return check("cheapest_cut", function)


def beaten_by(function: Callable) -> Verdict:
    """Check `beaten_by(D)`: how many others are no farther in any distance, and nearer in at least one.

    D: [n, k], k distances of n methods, less is better. To return: [n] counts; 0 for those on the Pareto front.
    """
    return check("beaten_by", function)


def temporal_loss(function: Callable) -> Verdict:
    """Check `temporal_loss(x, y, c)`: (1 / 3hw) Σ c (x − y)², over pixels and colours.

    x, y: [h, w, 3], the picture of a frame, and the earlier one moved along; c: [h, w] in [0, 1]. To return: one
    number.
    Source: Ruder, Dosovitskiy and Brox 2016, arXiv 1604.08610, eq. 7.
    """
    return check("temporal_loss", function)


def consistent(function: Callable) -> Verdict:
    """Check `consistent(w, v)`: 1 where |v + w|² ≤ 0.01 (|v|² + |w|²) + 0.5, and 0 elsewhere.

    w: flow [h, w, 2]; v: [h, w, 2], the flow back, read at the place where w leads. To return: [h, w].
    Source: arXiv 1604.08610, eq. 5.
    """
    return check("consistent", function)


def closest_first(function: Callable) -> Verdict:
    """Check `closest_first(c)`: w_j = max(c_j − Σ_{k<j} c_k, 0).

    c: masks [J, h, w] in [0, 1], that of the closest frame first. To return: weights [J, h, w].
    Source: arXiv 1604.08610, eq. 9.
    """
    return check("closest_first", function)


def hint(exercise: str | Callable, level: int = 1) -> Text:
    """A hint for an exercise, from the idea (1) to nearly the code (3).

    exercise: its name, or its check: `hint("gram", 2)`, `hint(checks.gram, 2)`. Raises SettingError for others.
    """
    hints = _exercise(exercise).hints
    if level not in range(1, len(hints) + 1):
        raise SettingError(f"there is no hint {level!r} for {_name(exercise)}; use 1 to {len(hints)}")
    return Text(textwrap.fill(f"Hint {level} of {len(hints)}: {hints[level - 1]}", 100))


def solution(exercise: str | Callable) -> Text:
    """The source of a solution, which passes the check. Raises SettingError for an exercise that does not exist."""
    source = inspect.getsource(_exercise(exercise).solution)
    return Text(("import jax.numpy as jnp\n\n\n" if "jnp." in source else "") + source)


def check(exercise: str | Callable, function: Callable) -> Verdict:
    """The verdict on `function` as an answer to `exercise`, a name or a check; never raises because of `function`.

    In a notebook with a kernel it is kept, for `progress` and `report`. Raises SettingError for an exercise that does
    not exist.
    """
    verdict = diagnose(_exercise(exercise), function)
    note(verdict)
    return verdict


def progress(folder: str | Path = "") -> Text:
    """What is done in all notebooks of a folder, the current one unless given: ✓ passed, ✗ not yet, · not begun.

    An exercise is passed if its last verdict was right; answers that return the same are one try.
    """
    return Text(overview(standings(folder)))


def report(name: str, folder: str | Path = "") -> Text:
    """Your code for the teacher: your name, the day, and what is done in all notebooks of a folder.

    The teacher reads many of them by `nst_jax reports FILE`. Raises SettingError for a name that is empty or longer
    than 60 letters.
    """
    found = standings(folder)
    code = write_code(Report(name, date.today(), found), class_word(folder))
    return Text(f"{code}\n\nSend this line to your teacher. It says, for {name.strip()}: {overview(found)}")


def _name(exercise):
    return exercise if isinstance(exercise, str) else getattr(exercise, "__name__", repr(exercise))


def _exercise(exercise: str | Callable) -> Exercise:
    if _name(exercise) not in EXERCISES:
        near = get_close_matches(_name(exercise), EXERCISES, 1)
        meant = f"did you mean {near[0]}?" if near else f"there are {', '.join(EXERCISES)}"
        raise SettingError(f"there is no exercise {_name(exercise)}; {meant}")
    return EXERCISES[_name(exercise)]
