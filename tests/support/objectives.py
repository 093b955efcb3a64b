"""Small objectives with known minima, and a run to its end."""

import dataclasses

import jax
import numpy as np

import nst_jax as nst

START = np.full((8, 9, 3), 0.5, np.float32)


@dataclasses.dataclass(frozen=True)
class Part:
    """A term's name, kind and layer, as the loop asks for them."""

    name: str
    kind: str = "part"
    layer: str | None = None


@jax.tree_util.register_dataclass
@dataclasses.dataclass(frozen=True)
class Quadratic:
    """½ Σ curvature (x − target)², in two parts; counts how often it is traced."""

    target: jax.Array
    curvature: jax.Array
    terms = (Part("upper"), Part("lower"))
    traced = 0

    def breakdown(self, x):
        type(self).traced += 1
        terms = 0.5 * self.curvature * (x - self.target) ** 2
        half = x.shape[0] // 2
        return {"upper": terms[:half].sum(), "lower": terms[half:].sum()}


def run_to_end(*args, **options):
    """The last snapshot of `optimize`."""
    *_, snapshot = nst.optimize(*args, **options)
    return snapshot
