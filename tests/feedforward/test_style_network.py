"""The network of styles: against PyTorch and NumPy, its mixtures, its borders, its sizes."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from nst_jax.feedforward.style_network import (
    Geometry,
    at_strides,
    everywhere,
    extended,
    initial,
    normalised,
)
from tests.support.pictures import picture

SMALL = Geometry((4, 6, 8), 2)


@pytest.fixture(scope="module")
def network():
    """Three styles, with rows that differ."""
    network, rng = initial(SMALL, 3, 0), np.random.default_rng(1)
    gamma, beta = (jnp.asarray(rng.normal(mean, 0.5, network.gamma.shape), jnp.float32) for mean in (1, 0))
    return network.replace(gamma=gamma, beta=beta)


one_pass = jax.jit(lambda network, x, weights: network(x, weights))


def paint(network, x, weights):
    return np.asarray(one_pass(network, jnp.asarray(x)[None], everywhere(jnp.asarray([weights], jnp.float32))))[0]


def test_it_has_the_published_number_of_weights():
    """Johnson's network with instance normalisation of all layers, and no biases: 1,677,638."""
    network = initial(Geometry((32, 64, 128), 5), 1, 0)
    count = sum(kernel.size for kernel in network.kernels.values()) + network.gamma.size + network.beta.size
    assert count == 1_677_638


def test_plain_instance_normalisation(rng):
    F = rng.normal(3, 2, (2, 7, 5, 4)).astype(np.float32)
    mean, deviation = F.mean(axis=(1, 2), keepdims=True), F.std(axis=(1, 2), keepdims=True)
    np.testing.assert_allclose(normalised(jnp.asarray(F)), (F - mean) / deviation, atol=1e-4)


def test_it_is_the_network_that_pytorch_computes(network):
    """With other layers: reflection padding, convolution, instance normalisation with γ and β, nearest enlargement."""
    torch = pytest.importorskip("torch")
    f = torch.nn.functional
    x = picture(24, 32, 3)
    h, begin = torch.tensor(x).permute(2, 0, 1)[None] * 2 - 1, 0
    kept = None
    for layer in SMALL.layers:
        mine = slice(begin, begin := begin + layer.filters)
        kernel = torch.tensor(np.asarray(network.kernels[layer.name])).permute(3, 2, 0, 1)
        gamma, beta = (torch.tensor(np.asarray(each[1, mine])) for each in (network.gamma, network.beta))
        if layer.name.endswith(".first"):
            kept = h
        if layer.name in ("grow1", "grow2"):
            h = f.interpolate(h, scale_factor=2, mode="nearest")
        rim = [layer.side // 2] * 4
        stride = 2 if layer.name in ("shrink1", "shrink2") else 1
        h = f.instance_norm(f.conv2d(f.pad(h, rim, mode="reflect"), kernel, stride=stride), weight=gamma, bias=beta)
        if layer.name.endswith(".second"):
            h = h + kept
        elif layer.name != "leave":
            h = torch.relu(h)
    theirs = torch.sigmoid(h)[0].permute(1, 2, 0).numpy()
    np.testing.assert_allclose(paint(network, x, [0, 1, 0]), theirs, atol=1e-4)


def test_one_style_with_weight_1_is_that_style_bit_for_bit(network):
    x = picture(16, 24, 0)
    for s in range(3):
        alone = network.replace(gamma=network.gamma[s : s + 1], beta=network.beta[s : s + 1])
        assert np.array_equal(paint(network, x, np.eye(3)[s]), paint(alone, x, [1]))


def test_a_mixture_is_the_style_of_the_mixed_rows(network):
    x, w = picture(16, 16, 5), np.float32([0.2, 0.5, 0.3])
    gamma, beta = (w @ np.asarray(each) for each in (network.gamma, network.beta))
    mixed = network.replace(gamma=jnp.asarray(gamma[None]), beta=jnp.asarray(beta[None]))
    np.testing.assert_allclose(paint(network, x, w), paint(mixed, x, [1]), atol=1e-5)


def test_maps_of_a_constant_are_the_mixture(network):
    x, w = picture(16, 24, 6), np.float32([0.6, 0.1, 0.3])
    maps = np.broadcast_to(w, (16, 24, 3))
    y = one_pass(network, jnp.asarray(x)[None], at_strides(maps))[0]
    np.testing.assert_allclose(y, paint(network, x, w), atol=1e-5)


def test_maps_are_averaged_over_the_pixels_of_a_position(rng):
    maps = rng.uniform(size=(8, 12, 2)).astype(np.float32)
    found = at_strides(maps)
    assert np.array_equal(found[1][0], maps)
    np.testing.assert_allclose(found[4][0, 1, 2], maps[4:8, 8:12].mean(axis=(0, 1)), atol=1e-6)
    np.testing.assert_allclose(found[2][0, 3, 1], maps[6:8, 2:4].mean(axis=(0, 1)), atol=1e-6)


def test_a_map_changes_its_half_alone_but_for_what_the_statistics_carry(network):
    """Half in style 0, half in style 1: with frozen statistics the halves would be equal far from the seam."""
    x = np.tile(picture(32, 32, 2), (1, 4, 1))  # periodic: the statistics of the halves agree
    maps = np.zeros((32, 128, 3), np.float32)
    maps[:, :64, 0], maps[:, 64:, 1] = 1, 1
    y = np.asarray(one_pass(network, jnp.asarray(x)[None], at_strides(maps)))[0]
    first, second = paint(network, x, [1, 0, 0]), paint(network, x, [0, 1, 0])
    left, right = np.s_[:, :8], np.s_[:, -8:]
    assert np.abs(y - first)[left].mean() < np.abs(y - second)[left].mean()
    assert np.abs(y - second)[right].mean() < np.abs(y - first)[right].mean()


def test_it_moves_with_the_picture(network):
    """A patch on a flat ground, moved by the stride: the statistics stay, and so does the picture, moved."""
    still, moved = (np.full((160, 160, 3), 0.5, np.float32) for _ in range(2))
    patch = picture(24, 24, 4)
    still[64:88, 64:88], moved[68:92, 72:96] = patch, patch
    y, z = (paint(network, x, [1, 0, 0]) for x in (still, moved))
    np.testing.assert_allclose(z[4:, 8:], y[:-4, :-8], atol=2e-4)
    assert np.abs(z - y).max() > 0.05


def test_a_flat_picture_stays_flat_up_to_its_border(network):
    """Zeros around a picture would leave a rim."""
    y = paint(network, np.full((16, 20, 3), 0.3, np.float32), [0, 0, 1])
    assert np.ptp(y, axis=(0, 1)).max() < 1e-4
    assert np.isfinite(y).all()


@pytest.mark.parametrize("shape", [(1, 1), (1, 9), (7, 10), (8, 8), (33, 41)])
def test_every_size_is_extended_to_one_that_it_reads(network, shape):
    p = picture(*shape, 1) if min(shape) > 1 else np.full((*shape, 3), 0.4, np.float32)
    x = extended(p)
    assert x.shape[0] % 4 == 0 and x.shape[1] % 4 == 0 and min(x.shape[:2]) >= 8
    assert np.array_equal(x[: shape[0], : shape[1]], p)
    assert paint(network, x, [0, 1, 0]).shape == x.shape


def test_gradients_of_scale_and_shift(network):
    """Against finite differences, in float64."""
    with jax.enable_x64(True):
        exact = jax.tree.map(lambda leaf: jnp.asarray(np.asarray(leaf), jnp.float64), network)
        x = jnp.asarray(picture(8, 8, 9), jnp.float64)[None]

        def value(gamma, beta):
            y = exact.replace(gamma=gamma, beta=beta)(x, everywhere(jnp.asarray([[0.3, 0.7, 0.0]])))
            return jnp.sum(y**3)

        g = jax.grad(value, argnums=(0, 1))(exact.gamma, exact.beta)
        rng = np.random.default_rng(0)
        direction = [jnp.asarray(rng.normal(size=each.shape)) for each in g]
        h = 1e-5
        up, down = (value(*(p + sign * h * d for p, d in zip((exact.gamma, exact.beta), direction))) for sign in (1, -1))
        along = sum(jnp.vdot(a, d) for a, d in zip(g, direction))
        np.testing.assert_allclose((up - down) / (2 * h), along, rtol=1e-4)
    assert not np.asarray(g[0][2]).any()  # the third style has no weight
