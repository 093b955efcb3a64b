"""A wall of bricks repeats where it says, and nowhere before."""

import numpy as np

from nst_jax.history.bricks import bricks


def test_a_wall_repeats_where_it_says():
    x = bricks(96)
    np.testing.assert_array_equal(x[16:], x[:-16])
    np.testing.assert_array_equal(x[:, 32:], x[:, :-32])
    assert not np.array_equal(x[8:], x[:-8])
    assert not np.array_equal(x[:, 16:], x[:, :-16])
