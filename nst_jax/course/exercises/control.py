"""Exercises on control: several styles, regions, and the photo's colours."""

import jax.numpy as jnp
import numpy as np

from ...images.recolouring import match_colours
from ...losses.style.gram import GRAM
from .model import SIZES, Case, Exercise, Mistake, active, cases, np_gram, pictures, positions, rows, uniform


def blend_targets(A, weights):
    shares = weights / weights.sum()
    return (shares[:, None, None] * A).sum(axis=0)  # [N, N]


def guided_gram(F, T):
    F, t = F.reshape(-1, F.shape[-1]), T.reshape(-1, 1)  # [M, N] and [M, 1]
    return (t * F).T @ F / t.sum()  # each position counts t times, not t² times


def cholesky_match(x, to):
    X, Y = x.reshape(-1, 3), to.reshape(-1, 3)
    L, L_to = (jnp.linalg.cholesky(jnp.cov(colours, rowvar=False)) for colours in (X, Y))
    A = L_to @ jnp.linalg.inv(L)  # A C Aᵀ = L_to L_toᵀ = C of `to`
    return (x - X.mean(axis=0)) @ A.T + Y.mean(axis=0)


def _styles(seed, h, w, N):
    """As many styles as `h`, with weights whose sum is not 1."""
    A = np.stack([np_gram(active(seed + 10 * s, w, w, N)) / w**2 for s in range(h)])
    return {"A": A, "weights": np.random.default_rng(seed).uniform(0.5, 3, h).astype(np.float32)}


def _weighted(A, shares):
    return np.einsum("s,sij->ij", shares, A)


BLEND_TARGETS = Exercise(
    "blend_targets",
    tuple(Case(_styles(seed, h, w, N), {"S": h, "N": N}) for seed, (h, w, N) in enumerate(SIZES)),
    lambda A, weights: _weighted(A, weights / weights.sum()),
    blend_targets,
    (
        "What target lies between several others? Doubling all weights must give the same one.",
        "Ā = Σ_s w_s A_s / Σ_s w_s, with s the first axis of A [S, N, N]. A weight [S] needs two more axes to multiply "
        "it.",
        "shares = weights / weights.sum(); then sum shares[:, None, None] * A over axis 0.",
    ),
    (
        Mistake(
            "not_normalised",
            _weighted,
            "The weights are not divided by their sum, so doubling them doubles the target: a Gram matrix of twice "
            "the energy, which no blend of these pictures has.",
        ),
        Mistake(
            "mean_of_weighted",
            lambda A, weights: _weighted(A, weights) / len(A),
            "The weighted sum is divided by the number of styles. Divide it by the sum of the weights.",
        ),
        Mistake(
            "equal",
            lambda A, weights: A.mean(axis=0),
            "This is the plain mean: the weights have no effect.",
        ),
        Mistake(
            "sum",
            lambda A, weights: A.sum(axis=0),
            "This is the plain sum: the weights have no effect, and S styles have S times the energy of one.",
        ),
        Mistake(
            "by_largest",
            lambda A, weights: _weighted(A, weights / weights.max()),
            "The weights are divided by the largest. Divide them by their sum, so that the shares sum to 1.",
        ),
        Mistake(
            "by_length",
            lambda A, weights: _weighted(A, weights / np.linalg.norm(weights)),
            "The weights are divided by their length (np.linalg.norm). Divide them by their sum.",
        ),
        Mistake(
            "softmax",
            lambda A, weights: _weighted(A, np.exp(weights) / np.exp(weights).sum()),
            "This is a softmax of the weights: 1 and 3 become shares of 0.12 and 0.88. The shares of 1 and 3 are a "
            "quarter and three quarters.",
        ),
        Mistake(
            "squared",
            lambda A, weights: _weighted(A, weights**2 / (weights**2).sum()),
            "The weights are squared. A loss w ‖G − A‖² has w once, and so has its gradient.",
        ),
        Mistake(
            "strongest",
            lambda A, weights: A[weights.argmax()],
            "This is the style of the largest weight alone; the others have no effect.",
        ),
        Mistake(
            "not_summed",
            lambda A, weights: A * (weights / weights.sum())[:, None, None],
            "The shares are right, but they are not summed over the styles, [S, N, N]. Return one target, [N, N].",
        ),
    ),
)


def _region(seed, h, w, N):
    """Features, and a guide with inside, outside and a soft edge."""
    T = np.clip(np.random.default_rng(seed).uniform(-0.4, 1.4, (h, w)), 0, 1).astype(np.float32)
    return {"F": active(seed, h, w, N), "T": T}


def _by(F, t):
    """Σ_k t_k f_k f_kᵀ."""
    return (rows(F) * t.reshape(-1, 1)).T @ rows(F)


def _masked_then_centred(F, T):
    mean = (rows(F) * T.reshape(-1, 1)).sum(axis=0) / T.sum()
    return _by(F - mean, T) / T.sum()


GUIDED_GRAM = Exercise(
    "guided_gram",
    cases(_region),
    lambda F, T: GRAM.target(F, T).total,
    guided_gram,
    (
        "A position that is half in the region counts half. How much would it count if you halved its features?",
        "G = Σ_k T_k f_k f_kᵀ / Σ_k T_k. The weight T_k stands once, the features f_k twice.",
        "Make F [M, N] and T [M, 1]. Multiply one of the two factors of the Gram matrix by T, and divide by T.sum().",
    ),
    (
        Mistake(
            "on_features",
            lambda F, T: _by(F, T**2) / T.sum(),
            "The features are multiplied by T, so that the product of two has T². A position that is half in the "
            "region counts a quarter, and a soft seam is left half unstyled. Multiply one factor only.",
        ),
        Mistake(
            "on_features_by_square",
            lambda F, T: _by(F, T**2) / (T**2).sum(),
            "This is the author's Σ T² f fᵀ / Σ T²: the energy is right, and positions count by T². With T as weight, "
            "a position that is half in the region counts half: Σ T f fᵀ / Σ T.",
        ),
        Mistake(
            "on_features_per_position",
            lambda F, T: _by(F, T**2) / positions(F),
            "The features are multiplied by T, so T counts twice, and the sum is divided by all M positions: small "
            "regions come out weak twice over. Use Σ T f fᵀ / Σ T.",
        ),
        Mistake(
            "on_features_not_divided",
            lambda F, T: _by(F, T**2),
            "This is the Gram matrix of T · F: T counts twice (T²), and nothing is divided. Use Σ T f fᵀ / Σ T.",
        ),
        Mistake(
            "not_divided",
            _by,
            "The weights are right, but the division by Σ T is missing: a large region would need another target than "
            "a small one of the same texture.",
        ),
        Mistake(
            "per_position",
            lambda F, T: _by(F, T) / positions(F),
            "The sum is divided by all M positions, even those outside the region. Divide by Σ T, or a small "
            "region never reaches its target.",
        ),
        Mistake(
            "per_touched",
            lambda F, T: _by(F, T) / (T > 0).sum(),
            "The sum is divided by the number of positions with any weight. A position that is half in the region is "
            "half a position: divide by Σ T.",
        ),
        Mistake(
            "root",
            lambda F, T: _by(F, np.sqrt(T)) / T.sum(),
            "The weight is √T. √T on both factors would make T of it; here it is on one.",
        ),
        Mistake(
            "hard",
            lambda F, T: _by(F, T > 0.5) / (T > 0.5).sum(),
            "The guide is rounded to 0 or 1, so its soft edge is lost. Use T itself as the weight.",
        ),
        Mistake(
            "touched",
            lambda F, T: _by(F, T > 0) / (T > 0).sum(),
            "Every position with any weight counts fully. Use T itself as the weight.",
        ),
        Mistake(
            "ignored",
            lambda F, T: np_gram(F) / positions(F),
            "This is the Gram matrix of the whole picture, per position: T has no effect.",
        ),
        Mistake(
            "outside",
            lambda F, T: _by(F, 1 - T) / (1 - T).sum(),
            "This is the Gram matrix of what lies outside the region: 1 − T is used in place of T.",
        ),
        Mistake(
            "centred",
            _masked_then_centred,
            "The mean over the region is subtracted first: that is a covariance. The Gram matrix keeps the mean.",
        ),
    ),
)


def _colours(seed, h, w):
    """Two pictures of as many pixels, so that a covariance divided by M − 1 serves as well."""
    mix = np.random.default_rng(seed + 50).normal(size=(3, 3)) / 4
    return {"x": uniform(seed, h, w), "to": (uniform(seed + 100, w, h) @ mix + 0.4).astype(np.float32)}


def _moments(x):
    return rows(x).mean(axis=0), np.cov(rows(x), rowvar=False)


def _lower(x):
    return np.linalg.cholesky(_moments(x)[1])


def _cholesky_of(x, to):
    return _lower(to) @ np.linalg.inv(_lower(x))


def _moved(x, to, A):
    return (x - _moments(x)[0]) @ A.T + _moments(to)[0]


CHOLESKY_MATCH = Exercise(
    "cholesky_match",
    pictures(_colours),
    lambda x, to: match_colours(x, to, "cholesky", most_gain=np.inf),
    cholesky_match,
    (
        "y = A (x − μ) + μ* has the mean μ*, whatever A is. Which A gives it the covariance C*?",
        "A C Aᵀ = C*. With C = L Lᵀ and C* = L* L*ᵀ, A = L* L⁻¹ does it: first to white noise, then to the other "
        "colours.",
        "L = jnp.linalg.cholesky(jnp.cov(x.reshape(-1, 3), rowvar=False)), L_to likewise; colours are rows here, so "
        "that the product is (x − mean) @ A.T.",
    ),
    (
        Mistake(
            "wrong_way_round",
            lambda x, to: _moved(to, x, _cholesky_of(to, x)),
            "The colours are matched the wrong way round: `to` is recoloured, and x gives the colours.",
        ),
        Mistake(
            "inverse",
            lambda x, to: _moved(x, to, _cholesky_of(to, x)),
            "A is L L*⁻¹, the way from `to` to x. Here x is whitened first, with L⁻¹, and then given the covariance of "
            "`to`: A = L* L⁻¹.",
        ),
        Mistake(
            "order",
            lambda x, to: _moved(x, to, np.linalg.inv(_lower(x)) @ _lower(to)),
            "A is L⁻¹ L*, in the wrong order: the factor on the right acts first, and that must be the whitening, L⁻¹.",
        ),
        Mistake(
            "not_transposed",
            lambda x, to: _moved(x, to, _cholesky_of(x, to).T),
            "Pixels are rows, so that y = A x becomes x @ A.T; here it is x @ A.",
        ),
        Mistake(
            "upper",
            lambda x, to: _moved(x, to, _lower(to).T @ np.linalg.inv(_lower(x).T)),
            "L is the lower triangle, C = L Lᵀ. With the upper one (L.T, or SciPy's default) A C Aᵀ is another matrix.",
        ),
        Mistake(
            "mean_kept",
            lambda x, to: _moved(x, to, _cholesky_of(x, to)) - _moments(to)[0] + _moments(x)[0],
            "The mean of x is put back. The result must have the mean of `to`.",
        ),
        Mistake(
            "no_mean",
            lambda x, to: _moved(x, to, _cholesky_of(x, to)) - _moments(to)[0],
            "The mean of `to` is missing: the result has the mean 0.",
        ),
        Mistake(
            "not_centred",
            lambda x, to: x @ _cholesky_of(x, to).T + _moments(to)[0],
            "The mean of x is not subtracted before the product with A: the mean of the result is off by A μ.",
        ),
        Mistake(
            "only_mean",
            lambda x, to: x - _moments(x)[0] + _moments(to)[0],
            "Only the mean is matched. The covariance needs A = L* L⁻¹.",
        ),
        Mistake(
            "per_channel",
            lambda x, to: _moved(x, to, np.diag(rows(to).std(axis=0) / rows(x).std(axis=0))),
            "Each channel gets its mean and its spread, and the correlations of the channels stay those of x. The full "
            "covariance needs A = L* L⁻¹.",
        ),
        Mistake(
            "no_root",
            lambda x, to: _moved(x, to, _moments(to)[1] @ np.linalg.inv(_moments(x)[1])),
            "A is C* C⁻¹, without roots: A C Aᵀ is then C* C⁻¹ C*. Take the Cholesky factors, A = L* L⁻¹.",
        ),
        Mistake(
            "monge_kantorovich",
            lambda x, to: match_colours(x, to, most_gain=np.inf),
            "This is Monge–Kantorovich, which has the right covariance, too. Here Cholesky's A = L* L⁻¹ is asked for.",
        ),
        Mistake(
            "principal_axes",
            lambda x, to: match_colours(x, to, "pca", most_gain=np.inf),
            "A is C*^½ C^−½, with symmetric roots: the covariance is right, too. Here Cholesky's A = L* L⁻¹ is asked "
            "for.",
        ),
        Mistake(
            "clipped",
            lambda x, to: np.clip(_moved(x, to, _cholesky_of(x, to)), 0, 1),
            "The result is clipped to [0, 1], which changes its covariance. Clip when it is shown.",
        ),
    ),
)
