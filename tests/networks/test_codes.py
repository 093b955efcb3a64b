"""Weights at 8 bits: what is written is what k-means says, and what is read is near."""

import numpy as np
import pytest

from nst_jax.networks.codes import encode
from nst_jax.networks.formats import decode


@pytest.fixture
def weights(rng):
    kernel = rng.standard_t(4, size=(3, 3, 16, 24)).astype(np.float32)  # heavy tails, as trained weights have
    return {"conv1_1.kernel": kernel, "conv1_1.bias": rng.normal(size=24), "preprocess.kernel": np.eye(3)}


def test_what_is_read_is_near_what_was_written(weights):
    coded = encode(weights)
    assert sorted(coded) == ["conv1_1.bias", "conv1_1.codes", "conv1_1.table", "preprocess.kernel"]
    assert (coded["conv1_1.codes"].dtype, coded["conv1_1.table"].shape) == (np.uint8, (256,))
    W, read = weights["conv1_1.kernel"], decode(coded)
    assert np.linalg.norm(read["conv1_1.kernel"] - W) < 0.015 * np.linalg.norm(W)
    np.testing.assert_allclose(read["conv1_1.bias"], weights["conv1_1.bias"], rtol=1e-6)
    np.testing.assert_array_equal(read["preprocess.kernel"], np.eye(3))


def test_each_weight_has_the_nearest_value_and_each_value_the_mean_of_its_weights(weights):
    coded, W = encode(weights), weights["conv1_1.kernel"]
    table, codes = coded["conv1_1.table"], coded["conv1_1.codes"]
    nearest = np.abs(W.ravel()[:, None] - table).argmin(axis=1)
    np.testing.assert_allclose(table[codes.ravel()], table[nearest], atol=1e-6)
    spread = np.ptp(W)
    for code in np.unique(codes):
        assert abs(table[code] - W[codes == code].mean()) < 2e-3 * spread


def test_few_different_weights_are_kept_exactly():
    kernel = np.resize(np.array([-1.5, 0.0, 0.25, 2.0], np.float32), (3, 3, 4, 5))
    np.testing.assert_array_equal(decode(encode({"conv1_1.kernel": kernel}))["conv1_1.kernel"], kernel)
    same = np.full((3, 3, 2, 2), 0.5, np.float32)
    np.testing.assert_array_equal(decode(encode({"conv1_1.kernel": same}))["conv1_1.kernel"], same)
