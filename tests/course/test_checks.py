"""The checks: every solution passes, every known mistake is known from all others, and nothing escapes the checker."""

import inspect
import itertools

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy.optimize import linear_sum_assignment
from scipy.stats import wasserstein_distance

import nst_jax as nst
from nst_jax.course import checks
from nst_jax.course.exercises import EXERCISES
from nst_jax.networks.geometry import LAYERS
from nst_jax.video.masks import consistent
from tests.support.weights import random_weights

MISTAKES = [(e.name, mistake) for e in EXERCISES.values() for mistake in e.mistakes]
NAMES = [f"{exercise}-{mistake.name}" for exercise, mistake in MISTAKES]


def written(source, **names):
    """The function that the source defines, run on its own."""
    exec(source, names)
    return next(value for value in names.values() if inspect.isfunction(value))


# Solutions


@pytest.mark.parametrize("exercise", EXERCISES)
def test_a_solution_as_printed_passes_in_jax_and_in_numpy(exercise):
    source = checks.solution(exercise)
    assert checks.check(exercise, written(source))
    plain = source.replace("import jax.numpy as jnp", "import numpy as jnp")
    verdict = getattr(checks, exercise)(written(plain))
    assert verdict.right
    assert verdict.mistake == ""


@pytest.mark.parametrize("exercise", ["gram", "content_loss", "total_variation", "preprocess", "average_pool"])
def test_a_compiled_solution_passes(exercise):
    assert checks.check(exercise, jax.jit(EXERCISES[exercise].solution))


@pytest.mark.parametrize("name", ["gram", "content_loss", "style_loss", "total_variation"])
def test_the_packages_own_functions_pass(name):
    assert checks.check(name, getattr(nst, name))


def test_a_solution_with_at_needs_jax_and_one_with_assignment_needs_numpy():
    def by_jax(F, P):
        return (F - P).at[:].multiply(F > 0)

    def by_numpy(F, P):
        gradient = F - P
        gradient[F <= 0] = 0
        return gradient

    assert checks.content_gradient(by_jax)
    assert checks.content_gradient(by_numpy)


@pytest.mark.parametrize("convert", [float, np.float32, np.float64, jnp.asarray, np.asarray])
def test_a_number_may_come_in_any_type(convert):
    assert checks.content_loss(lambda F, P: convert(0.5 * ((F - P) ** 2).sum()))


# References that are written in the exercises, against the package and the definition


def expected(name):
    exercise = EXERCISES[name]
    return [(case.arguments, exercise.reference(*case.arguments.values())) for case in exercise.cases]


def test_gradients_against_autodiff_through_relu():
    def content(z, P):
        return nst.content_loss(jax.nn.relu(z), P)

    def style(z, G, A):
        return nst.style_loss(nst.gram(jax.nn.relu(z)), A, positions=z.shape[0] * z.shape[1])

    for name, loss in (("content_gradient", content), ("style_gradient", style)):
        arguments, gradient = expected(name)[0]
        F, *others = arguments.values()
        z = np.where(F > 0, F, -1)
        assert 0 < (F == 0).mean() < 0.5
        np.testing.assert_allclose(gradient, jax.jit(jax.grad(loss))(z, *others), rtol=1e-4, atol=1e-6)


def test_the_test_of_two_flows_is_the_packages():
    """Where the flow back is the same everywhere, the place that it is read at does not matter."""
    exercise = EXERCISES["consistent"]
    for w, v in (((3.0, -4.0), (-3.4, 4.5)), ((3.0, -4.0), (-2.0, 4.5)), ((0.1, 0.0), (0.5, 0.3))):
        flow, back = (np.broadcast_to(np.float32(each), (5, 6, 2)) for each in (w, v))
        np.testing.assert_array_equal(exercise.reference(flow, back), consistent(flow, back))


def test_preprocessing_is_the_networks(vgg):
    for arguments, want in expected("preprocess"):
        np.testing.assert_allclose(want, vgg.preprocess(arguments["x"]), rtol=1e-5, atol=1e-4)


def test_shapes_are_the_networks():
    vgg = nst.VGG19(random_weights(widths=(1, 2, 4, 8, 8)))
    for arguments, (h, w, N) in expected("feature_shape"):
        layer = arguments["layer"]
        assert (h, w, N // 64) == vgg.shapes(arguments["h"], arguments["w"], [layer])[layer]


def test_receptive_fields_are_where_the_gradient_reaches():
    # One filter per layer, positive: nothing cancels and ReLU lets everything through.
    weights = {name: np.abs(array) for name, array in random_weights((1, 1, 1), LAYERS[:5]).items()}
    vgg = nst.VGG19(weights)
    fields = {arguments["layer"]: field for arguments, field in expected("receptive_field")}
    assert list(fields) == list(LAYERS)
    gradient = jax.jit(jax.grad(lambda x, layer, i: vgg(x, (layer,))[layer][i, i, 0]), static_argnums=(1, 2))
    for layer in ("conv1_1", "conv1_2", "conv2_2", "conv3_1"):
        middle = vgg.shapes(48, 48, [layer])[layer][0] // 2
        reached = gradient(np.ones((48, 48, 3), np.float32), layer, middle)[..., 0] != 0
        assert int(reached.any(axis=0).sum()) == fields[layer]


def test_a_halo_is_the_receptive_field_beyond_the_units_own_square():
    fields = {arguments["layer"]: field for arguments, field in expected("receptive_field")}
    for arguments, halo in expected("halo"):
        layer = arguments["layer"]
        assert 2 * halo == fields[layer] - 2 ** (int(layer[4]) - 1)


def test_the_gram_matrix_of_tiles_is_that_of_what_they_own():
    for arguments, G in expected("gram_of_tiles"):
        owned = arguments["windows"][arguments["owned"] > 0]  # [M, N]
        np.testing.assert_allclose(G, nst.gram(owned[None]), rtol=1e-5)


def test_parameters_add_up_to_vgg19s():
    # Table 2 of arXiv 1409.1556 has 144 million with the classifier, whose three layers have 123,642,856.
    count = EXERCISES["parameters"].reference
    assert sum(map(count, LAYERS)) == 143_667_240 - 123_642_856


def test_a_match_has_the_mean_and_the_covariance_of_the_other_picture():
    for arguments, y in expected("cholesky_match"):
        found, wanted = (np.asarray(each, np.float64).reshape(-1, 3) for each in (y, arguments["to"]))
        np.testing.assert_allclose(found.mean(0), wanted.mean(0), atol=1e-5)
        np.testing.assert_allclose(np.cov(found.T), np.cov(wanted.T), atol=1e-5)


def test_hard_guides_cut_a_gram_matrix_into_parts():
    for arguments, _ in expected("guided_gram"):
        F, T = arguments["F"], (arguments["T"] > 0.5).astype(np.float32)
        parts = [EXERCISES["guided_gram"].solution(F, t) * t.sum() for t in (T, 1 - T)]
        np.testing.assert_allclose(sum(parts), gram_of_rows(F), rtol=1e-4, atol=1e-5)


def test_the_squared_way_on_a_line_is_the_least_of_all_pairings():
    for arguments, want in expected("wasserstein_1d"):
        f, a = arguments.values()
        ways = (f[:, None] - a) ** 2
        np.testing.assert_allclose(want, ways[linear_sum_assignment(ways)].mean(), rtol=1e-5)


def test_a_step_is_the_mean_over_all_pairs_of_neighbours():
    def step(F):
        h, w, _ = F.shape
        places = [(i, j) for i in range(h) for j in range(w)]
        squares = [(F[p] - F[q]) ** 2 for p in places for q in ((p[0] + 1, p[1]), (p[0], p[1] + 1)) if q in places]
        return np.sqrt(np.mean(squares, axis=0))

    for arguments, want in expected("mean_and_step"):
        np.testing.assert_allclose(want, means_and(step)(*arguments.values()), rtol=1e-4)


def test_white_features_are_white_and_of_all_that_are_the_nearest():
    for arguments, y in expected("whiten"):
        f, white = (np.asarray(each, np.float64).reshape(-1, y.shape[-1]) for each in (arguments["F"], y))
        np.testing.assert_allclose(white.mean(0), 0, atol=1e-6)
        np.testing.assert_allclose(np.cov(white.T, bias=True), np.eye(y.shape[-1]), atol=1e-5)
        U, _, Vt = np.linalg.svd(f - f.mean(0), full_matrices=False)  # √M U Vᵀ is the nearest: Procrustes
        np.testing.assert_allclose(white, np.sqrt(len(f)) * U @ Vt, atol=1e-4)


def test_a_matched_histogram_is_the_others_and_keeps_the_order():
    for arguments, want in expected("match_histogram"):
        x, a = arguments.values()
        np.testing.assert_allclose(np.sort(want, None), np.sort(a, None))
        assert (np.argsort(want, None) == np.argsort(x, None)).all()


def test_the_cheapest_cut_is_the_least_of_all_paths_by_brute_force():
    def ways(h, w):
        paths = [[j] for j in range(w)]
        for _ in range(h - 1):
            paths = [[*path, j] for path in paths for j in (path[-1] - 1, path[-1], path[-1] + 1) if 0 <= j < w]
        return np.array(paths)

    for arguments, want in expected("cheapest_cut"):
        e = arguments["e"].astype(float)
        paths = ways(*e.shape)
        costs = e[np.arange(len(e)), paths].sum(1)
        np.testing.assert_array_equal(paths[costs.argmin()], want)


def test_what_nothing_beats_is_what_no_other_row_is_below():
    for arguments, want in expected("beaten_by"):
        for i, row in enumerate(arguments["D"]):
            others = [other for j, other in enumerate(arguments["D"]) if j != i]
            below = [other for other in others if max(other - row) <= 0 and min(other - row) < 0]
            assert want[i] == len(below)


def test_instance_norm_is_pytorch_s():
    torch = pytest.importorskip("torch")
    for arguments, y in expected("instance_norm"):
        x, gamma, beta = (torch.tensor(arguments[name]) for name in ("F", "gamma", "beta"))
        theirs = torch.nn.functional.instance_norm(x.permute(2, 0, 1)[None], weight=gamma, bias=beta, eps=1e-3)
        np.testing.assert_allclose(y, theirs[0].permute(1, 2, 0), atol=1e-5)


def test_break_even_is_the_first_number_of_pictures_that_is_cheaper():
    for seconds, n in expected("break_even"):
        cheaper = [
            seconds["training"] + i * seconds["one_pass"] < i * seconds["optimiser"] for i in range(1, int(n) + 5)
        ]
        assert cheaper.index(True) + 1 == n


def test_an_affordable_size_is_the_largest_whose_pixels_are_done_in_time():
    for given, size in expected("affordable_size"):
        seconds = [given["seconds"] * side**2 / given["size"] ** 2 for side in (size, size + 1)]
        assert seconds[0] <= given["budget"] < seconds[1]


def test_adain_gives_mean_and_spread_of_the_style_and_keeps_correlations():
    for arguments, y in expected("adain"):
        F, S = arguments.values()
        found, wanted, own = (np.asarray(each, np.float64).reshape(-1, y.shape[-1]) for each in (y, S, F))
        np.testing.assert_allclose(found.mean(0), wanted.mean(0), rtol=1e-4)
        np.testing.assert_allclose(found.std(0), wanted.std(0), rtol=1e-4)
        np.testing.assert_allclose(np.corrcoef(found.T), np.corrcoef(own.T), atol=1e-4)


def test_the_direction_is_the_matrix_of_the_definition():
    for arguments, direction in expected("lbfgs_direction"):
        g, s, y = (np.asarray(array, np.float64).ravel() for array in arguments.values())
        assert s @ y > 0
        V = np.eye(len(s)) - np.outer(y, s) / (s @ y)
        H = V.T @ V * (s @ y) / (y @ y) + np.outer(s, s) / (s @ y)
        np.testing.assert_allclose(direction.ravel(), -H @ g, rtol=1e-3, atol=1e-4)


# Mistakes


@pytest.mark.parametrize(("exercise", "mistake"), MISTAKES, ids=NAMES)
def test_a_known_mistake_is_told_from_all_others(exercise, mistake):
    verdict = checks.check(exercise, mistake.function)
    assert not verdict
    assert (verdict.mistake, verdict.diagnosis) == (mistake.name, mistake.diagnosis)
    assert verdict.evidence["input"]


def gram_of_rows(F):
    X = F.reshape(-1, F.shape[-1])
    return X.T @ X


def halved_once_too_often(layer, h, w):
    block = int(layer[4])
    return h >> block, w >> block, {1: 64, 2: 128, 3: 256, 4: 512, 5: 512}[block]


def shifts(layer, h, w):
    block = int(layer[4])
    return h >> block, w >> block, 64 << block


def without_brackets(layer, h, w):
    block = int(layer[4])
    return h // 2**block - 1, w // 2**block - 1, {1: 64, 2: 128, 3: 256, 4: 512, 5: 512}[block]


def product(layer, h, w):
    block = int(layer[4])
    return h // 2 * (block - 1), w // 2 * (block - 1), {1: 64, 2: 128, 3: 256, 4: 512, 5: 512}[block]


def sum_of_four(F):
    h, w = F.shape[0] // 2 * 2, F.shape[1] // 2 * 2
    return F[:h:2, :w:2] + F[1:h:2, :w:2] + F[:h:2, 1:w:2] + F[1:h:2, 1:w:2] / 4


def reshaped_gradient(F, G, A):
    h, w, N = F.shape
    return ((G - A) @ F.reshape(N, -1)).reshape(h, w, N) / (N**2 * (h * w) ** 2) * (F > 0)


def gradient_reshaped_back(F, G, A):
    h, w, N = F.shape
    return ((G - A) @ F.reshape(h * w, N).T).reshape(h, w, N) / (N**2 * (h * w) ** 2) * (F > 0)


def per_channel(x, to):
    (mean, spread), (to_mean, to_spread) = ((each.mean((0, 1)), each.std((0, 1))) for each in (x, to))
    return (x - mean) / spread * to_spread + to_mean


def means_and(step):
    """A distance in the mean and in `step` of every filter."""

    def distance(F, A):
        means, steps = (F.mean((0, 1)) - A.mean((0, 1))) ** 2, (step(F) - step(A)) ** 2
        return (means + steps).mean()

    return distance


def step_of_two_directions(F):
    down, right = (np.diff(F, axis=axis) for axis in (0, 1))
    return np.sqrt((down**2).mean((0, 1)) + (right**2).mean((0, 1)))


def step_per_position(F):
    down, right = (np.diff(F, axis=axis) for axis in (0, 1))
    return np.sqrt(((down**2).sum((0, 1)) + (right**2).sum((0, 1))) / (F.shape[0] * F.shape[1]))


def whitened(F, *, white=lambda eigenvalues: eigenvalues**-0.5, mean=True):
    """Whitening as a student writes it: eigenvectors of np.cov, another function of the eigenvalues, another mean."""
    f = F.reshape(-1, F.shape[-1])
    eigenvalues, Q = np.linalg.eigh(np.cov(f.T, bias=True))
    return ((f - f.mean(0) * mean) @ Q @ np.diag(white(eigenvalues)) @ Q.T).reshape(F.shape)


def whitened_by_svd(F):
    f = F.reshape(-1, F.shape[-1])
    U, _, Vt = np.linalg.svd(f - f.mean(0), full_matrices=False)
    return (U @ Vt).reshape(F.shape)


def normalised(F, S, axes=(0, 1)):
    return (F - F.mean(axes)) / F.std(axes) * S.std(axes) + S.mean(axes)


def instance_normalised(F):
    return (F - F.mean((0, 1))) / np.sqrt(F.var((0, 1)) + 1e-3)


def lengths(w):
    return np.linalg.norm(w, axis=-1) ** 2


AS_WRITTEN = [
    ("gram", "correlation", lambda F: np.corrcoef(F.reshape(-1, F.shape[-1]).T)),
    ("gram", "correlation", lambda F: np.corrcoef(F.reshape(-1, F.shape[-1]), rowvar=False)),
    ("gram", "correlation_of_positions", lambda F: np.corrcoef(F.reshape(-1, F.shape[-1]))),
    ("gram", "brackets", lambda F: gram_of_rows(F) / F.shape[0] * F.shape[1]),
    ("content_loss", "grams", lambda F, P: ((gram_of_rows(F) - gram_of_rows(P)) ** 2).sum() / 2),
    ("content_loss", "brackets", lambda F, P: (F - P**2).sum() / 2),
    ("style_loss", "squared_apart", lambda G, A, M: (G**2 - A**2).sum() / (4 * len(G) ** 2 * M**2)),
    ("style_loss", "brackets", lambda G, A, M: ((G - A) ** 2).sum() / 4 * len(G) ** 2 * M**2),
    ("style_loss", "brackets_of_positions", lambda G, A, M: ((G - A) ** 2).sum() / (4 * len(G) ** 2) * M**2),
    ("style_loss", "brackets_of_square", lambda G, A, M: (G - A**2).sum() / (4 * len(G) ** 2 * M**2)),
    ("style_loss", "gram_of_gram", lambda G, A, M: ((G.T @ G - A.T @ A) ** 2).sum() / (4 * len(G) ** 2 * M**2)),
    ("style_loss", "plus", lambda G, A, M: ((G + A) ** 2).sum() / (4 * len(G) ** 2 * M**2)),
    ("content_gradient", "mask_of_both", lambda F, P: (F - P) * (F > 0) * (P > 0)),
    ("content_gradient", "squared_apart", lambda F, P: (F**2 - P**2) * (F > 0)),
    ("style_gradient", "gram_for_features", lambda F, G, A: G @ (G - A) / F.size**2),
    ("style_gradient", "brackets", lambda F, G, A: F @ (G - A) / len(G) ** 2 * (F.size / len(G)) ** 2 * (F > 0)),
    ("style_gradient", "squared_apart", lambda F, G, A: F @ (G**2 - A**2) / F.size**2 * (F > 0)),
    ("style_gradient", "reshaped_not_transposed", reshaped_gradient),
    ("style_gradient", "reshaped_back", gradient_reshaped_back),
    ("style_gradient", "mask_of_gradient", lambda F, G, A: np.maximum(F @ (G - A) / F.size**2, 0)),
    ("style_gradient", "mask_inverted", lambda F, G, A: F @ (G - A) / F.size**2 * (F <= 0)),
    ("style_gradient", "loss", lambda F, G, A: ((G - A) ** 2).sum() / (4 * F.size**2)),
    ("total_variation", "squared_apart", lambda x: np.diff(x**2, axis=0).sum() + np.diff(x**2, axis=1).sum()),
    ("feature_shape", "shifted_once_too_often", shifts),
    ("feature_shape", "brackets", without_brackets),
    ("feature_shape", "product_for_power", product),
    ("jcjohnson_to_paper", "brackets", lambda alpha, beta, N, M: (alpha * 2 / N * M, beta * 4 / N**2)),
    ("jcjohnson_to_paper", "brackets_twice", lambda alpha, beta, N, M: (alpha * 2 / N * M, beta * 4 / N * N)),
    ("affordable_size", "linear", lambda size, seconds, budget: int(size * budget / seconds)),
    ("affordable_size", "not_whole", lambda size, seconds, budget: size * np.sqrt(budget / seconds)),
    ("average_pool", "brackets", sum_of_four),
    ("gradient_step", "brackets", lambda x, g, lr: (x - lr) * g),
    ("blend_targets", "not_normalised", lambda A, weights: np.tensordot(weights, A, 1)),
    ("blend_targets", "equal", lambda A, weights: np.mean(A, 0)),
    ("blend_targets", "mean_of_weighted", lambda A, weights: (weights[:, None, None] * A).mean(0)),
    ("guided_gram", "on_features", lambda F, T: gram_of_rows(F * T[..., None]) / T.sum()),
    ("guided_gram", "on_features_by_square", lambda F, T: gram_of_rows(F * T[..., None]) / (T**2).sum()),
    ("guided_gram", "on_features_per_position", lambda F, T: gram_of_rows(F * T[..., None]) / T.size),
    ("guided_gram", "not_divided", lambda F, T: gram_of_rows(F * np.sqrt(T)[..., None])),
    ("guided_gram", "per_position", lambda F, T: gram_of_rows(F * np.sqrt(T)[..., None]) / T.size),
    ("guided_gram", "hard", lambda F, T: gram_of_rows(F[T > 0.5]) / (T > 0.5).sum()),
    ("cholesky_match", "wrong_way_round", lambda x, to: EXERCISES["cholesky_match"].solution(to, x)),
    ("cholesky_match", "per_channel", per_channel),
    ("cholesky_match", "clipped", lambda x, to: EXERCISES["cholesky_match"].solution(x, to).clip(0, 1)),
    ("wasserstein_1d", "one_sorted", lambda f, a: ((np.array(sorted(f)) - a) ** 2).mean()),
    ("wasserstein_1d", "root", lambda f, a: np.linalg.norm(np.sort(f) - np.sort(a)) / np.sqrt(len(f))),
    ("wasserstein_1d", "absolute", wasserstein_distance),  # SciPy's
    ("mean_and_step", "spread", means_and(lambda F: np.sqrt((F**2).mean((0, 1)) - F.mean((0, 1)) ** 2))),
    ("mean_and_step", "only_down", means_and(lambda F: np.sqrt((np.diff(F, axis=0) ** 2).mean((0, 1))))),
    ("mean_and_step", "two_means", means_and(step_of_two_directions)),
    ("mean_and_step", "positions_for_pairs", means_and(step_per_position)),
    ("match_histogram", "argsort_once", lambda x, a: np.sort(a.flatten())[x.flatten().argsort()].reshape(x.shape)),
    ("match_histogram", "moments", lambda x, a: a.mean() + a.std() * (x - x.mean()) / x.std()),
    ("cheapest_cut", "each_row", lambda e: [int(np.argmin(row)) for row in e]),
    ("beaten_by", "itself", lambda D: [sum(all(b <= a) for b in D) for a in D]),
    ("beaten_by", "in_one", lambda D: [sum(any(b < a) for b in D) for a in D]),
    ("whiten", "no_root", lambda F: whitened(F, white=lambda eigenvalues: 1 / eigenvalues)),
    ("whiten", "coloured", lambda F: whitened(F, white=np.sqrt)),
    ("whiten", "not_centred", lambda F: whitened(F, mean=False)),
    ("whiten", "mean_put_back", lambda F: whitened(F) + F.reshape(-1, F.shape[-1]).mean(0)),
    ("whiten", "not_divided", whitened_by_svd),
    ("whiten", "over_filters", lambda F: (F - F.mean(-1)[..., None]) / F.std(-1)[..., None]),
    ("whiten", "per_filter", lambda F: (F - F.mean((0, 1))) / np.sqrt(((F - F.mean((0, 1))) ** 2).mean((0, 1)))),
    ("adain", "exchanged", lambda F, S: normalised(S, F)),
    ("adain", "of_all", lambda F, S: normalised(F, S, None)),
    ("adain", "variance", lambda F, S: (F - F.mean((0, 1))) / F.var((0, 1)) * S.var((0, 1)) + S.mean((0, 1))),
    ("adain", "not_centred", lambda F, S: F / F.std((0, 1)) * S.std((0, 1)) + S.mean((0, 1))),
    ("adain", "cut", lambda F, S: normalised(F, S).clip(0)),
    ("instance_norm", "no_epsilon", lambda F, g, b: g * (F - F.mean((0, 1))) / F.std((0, 1)) + b),
    ("instance_norm", "exchanged", lambda F, g, b: b * instance_normalised(F) + g),
    ("instance_norm", "of_all", lambda F, g, b: g * (F - F.mean()) / np.sqrt(F.var() + 1e-3) + b),
    ("instance_norm", "shift_scaled", lambda F, g, b: g * (instance_normalised(F) + b)),
    ("break_even", "not_whole", lambda training, optimiser, one_pass: training / (optimiser - one_pass)),
    ("break_even", "pass_is_free", lambda training, optimiser, one_pass: training // optimiser + 1),
    ("temporal_loss", "no_mask", lambda x, y, c: np.mean((x - y) ** 2)),
    ("temporal_loss", "by_mask", lambda x, y, c: (c[..., None] * (x - y) ** 2).sum() / (3 * c.sum())),
    ("temporal_loss", "mask_squared", lambda x, y, c: np.mean((c[..., None] * x - c[..., None] * y) ** 2)),
    ("consistent", "difference", lambda w, v: 1.0 * (lengths(w - v) <= 0.01 * (lengths(w) + lengths(v)) + 0.5)),
    ("consistent", "inverted", lambda w, v: 1.0 * (lengths(w + v) > 0.01 * (lengths(w) + lengths(v)) + 0.5)),
    ("closest_first", "not_cut", lambda c: np.stack([c[j] - c[:j].sum(0) for j in range(len(c))])),
    ("closest_first", "previous_only", lambda c: np.stack([c[0], *np.maximum(c[1:] - c[:-1], 0)])),
]


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize(("exercise", "mistake", "answer"), AS_WRITTEN, ids=[f"{e}-{m}" for e, m, _ in AS_WRITTEN])
def test_a_wrong_answer_as_students_write_it_is_diagnosed(exercise, mistake, answer):
    assert checks.check(exercise, answer).mistake == mistake


def test_halving_once_too_often_is_explained_as_the_notebook_has_it():
    assert "before each block from the second on" in checks.feature_shape(halved_once_too_often).diagnosis


@pytest.mark.parametrize(
    "exercise", [e for e in EXERCISES if e not in ("feature_shape", "receptive_field", "parameters", "halo")]
)
def test_known_mistakes_in_jax_are_the_same(exercise):
    for mistake in EXERCISES[exercise].mistakes:

        def in_jax(*arguments, mistake=mistake):
            return jax.tree.map(jnp.asarray, mistake.function(*map(np.asarray, arguments)))

        assert checks.check(exercise, in_jax).mistake == mistake.name


@pytest.mark.parametrize("exercise", EXERCISES.values(), ids=EXERCISES)
def test_mistakes_have_names_and_sentences_of_their_own(exercise):
    names = [mistake.name for mistake in exercise.mistakes]
    texts = [mistake.diagnosis for mistake in exercise.mistakes]
    assert len(set(names)) == len(names)
    assert len(set(texts)) == len(texts)
    assert not [text for text in texts if (text[0].islower() and text[0].isascii() and text[:2] != "x[")]
    assert not [text for text in texts if not text.endswith((".", ".)"))]


def test_any_constant_for_the_sizes_is_the_keras_mistake():
    for constant in (1.0e-9, 7.0):
        verdict = checks.style_loss(lambda G, A, positions, c=constant: c * ((G - A) ** 2).sum())
        assert verdict.mistake == "fixed_size"
    assert checks.style_loss(lambda G, A, positions: ((G - A) ** 2).sum()).mistake == "not_normalised"


@pytest.mark.parametrize(
    ("power", "formula"),
    [
        (lambda h, w, N: 3.0, "3"),
        (lambda h, w, N: 1 / 3, "1 / 3"),
        (lambda h, w, N: -1.0, "-1"),
        (lambda h, w, N: 2 / (N * h * w), "2 / (M·N)"),
        (lambda h, w, N: h * w / N**2, "M / N²"),
        (lambda h, w, N: N**2 / (9 * h), "N² / (9·h)"),
        (lambda h, w, N: 1 / (h * w) ** 2, "1 / M²"),
        (lambda h, w, N: -h / w, "-h / w"),
        (lambda h, w, N: 1.23456, "1.235"),
        (lambda h, w, N: 1 / 255, "1 / 255"),
    ],
)
def test_an_unknown_factor_is_told_as_a_formula(power, formula):
    verdict = checks.gram(lambda F: power(*F.shape) * nst.gram(F))
    assert verdict.mistake == "factor"
    assert f"yours is {formula} times" in verdict.diagnosis


def test_two_mistakes_at_once():
    verdict = checks.gram(lambda F: 0.5 * F.reshape(-1, F.shape[-1]) @ F.reshape(-1, F.shape[-1]).T)
    assert verdict.mistake == "over_positions, factor"
    assert "a factor: 1 / 2." in verdict.diagnosis
    assert checks.content_gradient(lambda F, P: P - F).mistake == "no_relu, factor"


def test_of_two_numbers_the_wrong_one_is_named():
    verdict = checks.jcjohnson_to_paper(lambda alpha, beta, N, M: (alpha * 2 / N, beta * 4 / N**2))
    assert verdict.mistake == "one_number"
    assert "only number 1 is wrong. It is M times" in verdict.diagnosis
    verdict = checks.feature_shape(lambda layer, h, w: (*EXERCISES["feature_shape"].reference(layer, h, w)[:2], 100))
    assert "only number 3 is wrong." in verdict.diagnosis


def test_a_size_written_as_a_number_is_not_taken_for_a_square():
    verdict = checks.gram(lambda F: F.reshape(-1, 3).T @ F.reshape(-1, 3))
    assert verdict.mistake == "raises"
    assert "h = w" not in verdict.diagnosis
    assert checks.feature_shape(lambda layer, h, w: (h // 8, w // 8, 512)).mistake == "partly"


def paper_loop(F):
    """As the paper writes it, where F is [N, M]."""
    G = np.zeros((2, 2))
    for i, j, k in np.ndindex(2, 2, 3):
        G[i, j] += F[i, k] * F[j, k]
    return G


def test_what_an_exception_says_is_explained():
    assert "takes all axes before them as a batch" in checks.gram(lambda F: F.T @ F).diagnosis
    assert "written as a number" in checks.gram(lambda F: F.reshape(784, 64)).diagnosis
    assert "a cell that has not been run" in checks.gram(lambda F: undefined).diagnosis
    assert "write `**`" in checks.style_loss(lambda G, A, positions: ((G - A) ^ 2).sum()).diagnosis
    assert "np.maximum" in checks.content_gradient(lambda F, P: max(F - P, 0)).diagnosis
    assert "A plain number" in checks.style_loss(lambda G, A, positions: G / positions.size).diagnosis
    assert "three numbers" in checks.gram(lambda F: [0 for h, w in [F.shape]]).diagnosis
    assert "a table" in checks.receptive_field(lambda layer: {"conv1_1": 3}[layer]).diagnosis
    assert "all N filters at a position" in checks.gram(paper_loop).diagnosis
    assert "without `return`" in checks.gram(lambda F: F + [].sort()).diagnosis
    assert "x[..., i] along the last" in checks.gram(lambda F: F[len(F)]).diagnosis
    immutable = checks.gram(lambda F: jnp.asarray(F).__setitem__(0, 1)).diagnosis
    assert "x.at[idx].set(y)" in immutable
    assert ": ." not in immutable
    weights = nst.loss_weights(1, 1)  # the package's own messages say what to do
    verdict = checks.gram(lambda F: nst.convert(weights, "paper", "author", {}))
    assert verdict.diagnosis.endswith("give (h, w, N) of every layer.")


def test_the_input_that_is_shown_is_the_one_that_is_spoken_of():
    verdict = checks.receptive_field(lambda layer: (3, 5)[["conv1_1", "conv1_2"].index(layer)] + 1)
    assert "For layer = 'conv2_1' it raises" in verdict.diagnosis
    assert verdict.evidence["input"] == "layer = 'conv2_1'"
    verdict = checks.gradient_step(lambda x, g, lr: np.concatenate([x - lr * g, g[:, 3:]], 1) if len(x) == 4 else -x)
    assert "For x [4, 4, 3]" in verdict.diagnosis
    assert verdict.evidence["input"].startswith("x [4, 4, 3]")


def test_another_order_of_the_axes_is_told_from_wrong_numbers():
    verdict = checks.content_gradient(lambda F, P: ((F - P) * (F > 0)).T)
    assert verdict.mistake == "axes"
    assert "[2, 5, 3] where it should be [3, 5, 2]" in verdict.diagnosis
    # [3, 5, 3] is a shape that .T leaves as it is: it shows nothing, and another input is shown.
    verdict = checks.gradient_step(lambda x, g, lr: (x - lr * g).T)
    assert verdict.mistake == "axes"
    assert "[3, 4, 4] where it should be [4, 4, 3]" in verdict.diagnosis


def test_one_number_in_the_place_of_two():
    verdict = checks.jcjohnson_to_paper(lambda alpha, beta, N, M: alpha * 2 / (N * M))
    assert verdict.mistake == "shape"
    assert "2 are asked for" in verdict.diagnosis
    assert verdict.evidence["expected"] == "shape [2]: 2, 4"
    assert verdict.evidence["got"] == "2"
    evidence = checks.jcjohnson_to_paper(lambda alpha, beta, N, M: (alpha * 2 / (N * M), beta * 4)).evidence
    assert (evidence["expected"], evidence["got"]) == ("2, 4", "2, 16")


def test_a_print_in_the_place_of_return(capsys):
    assert "`print`" in checks.gram(lambda F: print(F.sum())).diagnosis


def test_a_second_name_is_no_copy():
    def student(x):
        y = x
        for i in range(3):
            y[..., i] = 255 * x[..., 2 - i]
        return y

    diagnosis = checks.preprocess(student).diagnosis
    assert "x.copy()" in diagnosis
    assert "none of the mistakes" not in diagnosis


def test_a_factor_that_follows_the_data_is_told():
    verdict = checks.gram(lambda F: nst.gram(F) / nst.gram(F).max())
    assert verdict.mistake == "changing_factor"


# What may happen otherwise


class Hostile:
    def __array__(self, *args, **kwargs):
        raise RuntimeError("no")

    def __getattr__(self, name):
        raise RuntimeError("no")


def raise_(error):
    raise error


@pytest.mark.parametrize(
    ("mistake", "function"),
    [
        ("no_function", None),
        ("no_function", np.eye(3)),
        ("arguments", lambda: 1),
        ("arguments", lambda F, other: F),
        ("raises", lambda F: 1 / 0),
        ("raises", lambda F: undefined),
        ("raises", lambda F: F.reshape(784, 64)),
        ("raises", lambda F: raise_(SystemExit(1))),
        ("raises", lambda F: raise_(RecursionError())),
        ("raises", lambda F: raise_(type("Mute", (Exception,), {"__str__": lambda self: 1 / 0})())),
        ("raises", type("Mean", (), {"__call__": lambda self, F: raise_(ValueError("x"))})()),
        ("empty", lambda F: raise_(NotImplementedError)),
        ("unusable", lambda F: None),
        ("unusable", lambda F: ...),
        ("unusable", lambda F: "G"),
        ("unusable", lambda F: {"G": F}),
        ("unusable", lambda F: [[1.0], [1.0, 2.0]]),
        ("unusable", lambda F: F > 0),
        ("unusable", lambda F: 1j * F),
        ("unusable", lambda F: lambda: F),
        ("unusable", lambda F: (f for f in F)),
        ("unusable", lambda F: Hostile()),
        ("ignores_input", lambda F: np.eye(3)),
        ("ignores_input", lambda F: 0.0),
        ("not_finite", lambda F: F * np.nan),
        ("not_finite", lambda F: np.full((F.shape[-1],) * 2, np.inf)),
        ("only_square", lambda F: F.reshape(F.shape[0] ** 2, -1).T @ F.reshape(F.shape[0] ** 2, -1)),
        ("only_even", lambda F: nst.gram(F) if F.shape[0] % 2 == F.shape[1] % 2 == 0 else nst.gram(F) + 1),
        ("partly", lambda F: nst.gram(F) if F.shape[0] == 3 else nst.gram(F) + 1),
        ("reshaped", lambda F: nst.gram(F)[None]),
        ("reshaped", lambda F: nst.gram(F).ravel()),
        ("shape", lambda F: F[0]),
        ("shape", lambda F: F.sum()),
        ("nearly", lambda F: nst.gram(F.astype(np.float16)).astype(np.float16) * 1.003),
        ("unknown", lambda F: nst.gram(F**3)),
        ("unknown", lambda F: 0 * nst.gram(F)),
    ],
)
def test_whatever_a_function_does_there_is_a_verdict(mistake, function):
    verdict = checks.gram(function)
    assert not verdict
    assert verdict.mistake == mistake
    assert verdict.diagnosis
    assert repr(verdict).startswith("✗ gram: ")


@pytest.mark.parametrize("exercise", EXERCISES)
def test_garbage_is_never_right_and_never_raises(exercise):
    for garbage in (None, 3, "", [], Hostile(), np.nan, lambda: 0, print, type, Hostile, dict, repr):
        assert not checks.check(exercise, garbage)
        assert not checks.check(exercise, lambda *arguments, garbage=garbage: garbage)


@pytest.mark.parametrize("exercise", EXERCISES)
def test_functions_of_their_own_kind_are_not_taken_for_known_ones(exercise):
    generator = np.random.default_rng(0)
    wants = itertools.cycle(np.shape(want) for _, want in expected(exercise))
    verdict = checks.check(exercise, lambda *arguments: generator.normal(size=next(wants)))
    assert verdict.mistake == "unknown"
    assert "checks.hint" in verdict.diagnosis


def test_an_exception_is_told_with_its_input_and_the_students_line():
    def student(F):
        h, w = F.shape  # too many values
        return h * w

    verdict = checks.gram(student)
    assert verdict.mistake == "raises"
    assert "F [3, 5, 2]" in verdict.diagnosis
    assert "ValueError: too many values to unpack" in verdict.diagnosis
    assert "h, w = F.shape" in verdict.evidence["line"]


def test_a_missing_argument_is_told_with_the_call():
    assert "style_loss(G, A, positions)" in checks.style_loss(lambda G, A: 0).diagnosis


def test_arguments_must_stay_as_they_are():
    def right(x, g, lr):
        x -= lr * g
        return x

    def wrong(x, g, lr):
        x += lr * g
        return x

    verdict = checks.gradient_step(right)
    assert not verdict
    assert verdict.mistake == "changes_argument"
    assert "argument x" in verdict.diagnosis
    assert checks.gradient_step(wrong).mistake == "uphill"
    assert "in place" in checks.gradient_step(wrong).diagnosis


def test_cases_are_not_harmed_by_a_function_that_writes_on_its_arguments():
    checks.gram(lambda F: F.fill(0))
    assert checks.gram(nst.gram)


def test_a_global_of_the_notebook_in_place_of_the_argument():
    F_of_another_cell = np.ones((4, 4, 3), np.float32)
    verdict = checks.gram(lambda F: nst.gram(F_of_another_cell))
    assert verdict.mistake == "ignores_input"


# What is shown


def test_a_verdict_reads_as_plain_text():
    assert repr(checks.gram(nst.gram)) == "✓ gram: right on all 5 inputs."
    text = repr(checks.content_loss(lambda F, P: ((F - P) ** 2).sum()))
    assert text.startswith("✗ content_loss: Twice the right value")
    assert "input:     F [3, 5, 2], P [3, 5, 2]" in text
    assert max(map(len, text.splitlines())) <= 110


def test_evidence_names_the_place_that_differs_most():
    def student(F):
        G = np.array(nst.gram(F))
        G[1, 0] += 1000
        return G

    evidence = checks.gram(student).evidence
    assert evidence["at"] == "[1, 0]"
    assert float(evidence["got"]) == pytest.approx(float(evidence["expected"]) + 1000, abs=0.01)


@pytest.mark.parametrize("exercise", EXERCISES)
def test_hints_go_from_the_idea_to_the_code(exercise):
    hints = [checks.hint(exercise, level) for level in (1, 2, 3)]
    assert hints[0] == checks.hint(getattr(checks, exercise))
    assert [hint.split(":")[0] for hint in hints] == ["Hint 1 of 3", "Hint 2 of 3", "Hint 3 of 3"]
    assert repr(hints[0]) == str(hints[0])


@pytest.mark.parametrize("exercise", EXERCISES)
def test_every_exercise_has_a_check_whose_text_names_its_arguments(exercise):
    arguments = ", ".join(EXERCISES[exercise].cases[0].arguments)
    assert f"Check `{exercise}({arguments})`" in getattr(checks, exercise).__doc__
    assert list(inspect.signature(EXERCISES[exercise].solution).parameters) == arguments.split(", ")


def test_an_exercise_or_a_hint_that_does_not_exist():
    with pytest.raises(nst.SettingError, match=r"there is no exercise grma; did you mean gram\?"):
        checks.hint("grma")
    with pytest.raises(nst.SettingError, match="no exercise"):
        checks.solution(print)
    with pytest.raises(nst.SettingError, match="use 1 to 3"):
        checks.hint("gram", 4)
