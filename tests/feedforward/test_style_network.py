"""The network of styles: against PyTorch and NumPy, its mixtures, its borders, its sizes."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from nst_jax.feedforward.style_network import (
    FilterMoments,
    Geometry,
    at_strides,
    convolved,
    everywhere,
    extended,
    initial,
    normalised,
    standardised,
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
    """γ = 1 and β = 0 leave the mean 0 and the deviation 1 of each filter and picture."""
    F = rng.normal(3, 2, (2, 7, 5, 4)).astype(np.float32)
    mean, variance = F.mean(axis=(1, 2), keepdims=True), F.var(axis=(1, 2), keepdims=True)
    np.testing.assert_allclose(normalised(jnp.asarray(F)), (F - mean) / np.sqrt(variance + 1e-3), atol=1e-5)


def test_moments_that_are_given(network, rng):
    """(F − μ) / σ; those of a picture make that picture, and those of two pictures are as of one that shows both."""
    F = rng.normal(3, 2, (2, 7, 5, 4)).astype(np.float32)
    mean, variance = F.mean(axis=(0, 1, 2)), F.var(axis=(0, 1, 2))
    found = standardised(jnp.asarray(F), FilterMoments(jnp.asarray(mean), jnp.asarray(variance)))
    np.testing.assert_allclose(found, (F - mean) / np.sqrt(variance + 1e-3), atol=1e-5)
    x, w = np.stack([picture(16, 24, i) for i in (1, 2)]), everywhere(jnp.eye(3)[1:2])
    measured = jax.jit(lambda network, x: network.measured(x, w))
    held = measured(network, x[:1])
    assert len(held) == len(SMALL.layers)
    y = jax.jit(lambda network, x, held: network(x, w, held))(network, x[:1], held)
    np.testing.assert_allclose(y[0], paint(network, x[0], [0, 1, 0]), atol=1e-5)
    both = measured(network, x)
    F = np.asarray(convolved(2 * jnp.asarray(x) - 1, network.kernels["enter"], SMALL.layers[0]))
    np.testing.assert_allclose(both[0].mean, F.mean(axis=(0, 1, 2)), atol=1e-5)
    np.testing.assert_allclose(both[0].variance, F.var(axis=(0, 1, 2)), rtol=1e-4)
    twice = measured(network, np.repeat(x[:1], 2, axis=0))  # the same picture twice is that picture
    for one, two in zip(held, twice, strict=True):
        np.testing.assert_allclose(one.mean, two.mean, atol=1e-4)
        np.testing.assert_allclose(one.variance, two.variance, rtol=1e-3, atol=1e-5)


def of_pytorch(torch, network, x, weights):
    """The same network, by other layers: reflection padding, convolution, instance normalisation, interpolation."""
    f = torch.nn.functional
    h, begin, kept = torch.tensor(x).permute(2, 0, 1)[None] * 2 - 1, 0, None
    for layer in SMALL.layers:
        mine = slice(begin, begin := begin + layer.filters)
        kernel = torch.tensor(np.asarray(network.kernels[layer.name])).permute(3, 2, 0, 1)
        w = np.asarray(weights[layer.stride])
        gamma, beta = (
            torch.tensor(w @ np.asarray(each)[:, mine]).movedim(-1, 1) for each in (network.gamma, network.beta)
        )
        if layer.name.endswith(".first"):
            kept = h
        if layer.name in ("grow1", "grow2"):
            h = f.interpolate(h, scale_factor=2, mode="bilinear", align_corners=False)
        padded = f.pad(h, [layer.side // 2] * 4, mode="reflect")
        stride = 2 if layer.name in ("shrink1", "shrink2") else 1
        h = gamma * f.instance_norm(f.conv2d(padded, kernel, stride=stride), eps=1e-3) + beta
        if layer.name.endswith(".second"):
            h = h + kept
        elif layer.name != "leave":
            h = torch.relu(h)
    return torch.sigmoid(h)[0].permute(1, 2, 0).numpy()


def test_it_is_the_network_that_pytorch_computes(network, rng):
    """For one style, and for styles that differ from pixel to pixel."""
    torch = pytest.importorskip("torch")
    x, maps = picture(24, 24, 3), rng.dirichlet((1, 1, 1), (24, 24)).astype(np.float32)
    for weights in (everywhere(jnp.eye(3)[1:2]), at_strides(maps)):
        ours = np.asarray(one_pass(network, jnp.asarray(x)[None], weights))[0]
        np.testing.assert_allclose(ours, of_pytorch(torch, network, x, weights), atol=1e-4)


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
    assert not any(length % 4 for length in x.shape[:2])
    assert min(x.shape[:2]) >= 8
    assert np.array_equal(x[: shape[0], : shape[1]], p)
    assert paint(network, x, [0, 1, 0]).shape == x.shape


def test_gradients_of_scale_and_shift():
    """Against finite differences, in float64."""
    with jax.enable_x64(True):
        small = initial(Geometry((2, 3, 4), 1), 3, 0)
        exact = jax.tree.map(lambda leaf: jnp.asarray(np.asarray(leaf), jnp.float64), small)
        x = jnp.asarray(picture(8, 8, 9), jnp.float64)[None]

        def value(gamma, beta):
            y = exact.replace(gamma=gamma, beta=beta)(x, everywhere(jnp.asarray([[0.3, 0.7, 0.0]])))
            return jnp.sum(y**3)

        with_gradient = jax.jit(jax.value_and_grad(value, argnums=(0, 1)))
        rng, h = np.random.default_rng(0), 1e-5
        _, g = with_gradient(exact.gamma, exact.beta)
        d = [rng.normal(size=each.shape) for each in g]
        up, down = (with_gradient(exact.gamma + k * d[0], exact.beta + k * d[1])[0] for k in (h, -h))
        along = sum(np.vdot(each, part) for each, part in zip(g, d, strict=True))
        np.testing.assert_allclose((up - down) / (2 * h), along, rtol=1e-4)
    assert np.asarray(g[0][:2]).any()
    assert not np.asarray(g[0][2]).any()  # the third style has no weight
