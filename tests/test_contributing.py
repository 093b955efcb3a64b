"""CONTRIBUTING: its statistic is one object that works, as it says."""

import re
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import nst_jax as nst
from tests.support.pictures import picture

TEXT = (Path(__file__).parents[1] / "CONTRIBUTING.md").read_text(encoding="utf-8")
SOURCE = re.search(r"<!-- statistic -->\n```python\n(.*?)```", TEXT, re.S)[1]


@pytest.fixture(scope="module")
def statistic():
    names = {}
    exec(compile(SOURCE, "CONTRIBUTING.md", "exec"), names)
    return names["MEAN_AND_SPREAD"]


def test_it_is_twenty_lines():
    assert len([line for line in SOURCE.splitlines() if line.strip()]) <= 20


def test_its_closed_form(statistic, rng):
    F, A = (rng.normal(size=shape).astype(np.float32) for shape in ((6, 8, 4), (5, 5, 4)))
    want = np.mean((F.mean((0, 1)) - A.mean((0, 1))) ** 2 + (F.std((0, 1)) - A.std((0, 1))) ** 2)
    S, target = statistic.measure(jnp.asarray(F), None), statistic.target(jnp.asarray(A))
    assert float(statistic.distance(S, target)) == pytest.approx(want, rel=1e-4)
    assert float(statistic.distance(S, statistic.target(jnp.asarray(F)))) == pytest.approx(0, abs=1e-9)
    halves = [statistic.measure(jnp.asarray(half), None) for half in (F[:3], F[3:])]
    whole = jax.tree.map(lambda a, b: a + b, *halves)
    np.testing.assert_allclose(whole.total["f2"], S.total["f2"], rtol=1e-5)
    ones = statistic.measure(jnp.asarray(F), jnp.ones((6, 8)))
    np.testing.assert_allclose(ones.total["f"], S.total["f"], rtol=1e-6)


def test_the_optimiser_reaches_it(statistic, vgg):
    layers = {"conv1_1": 1.0, "conv2_1": 1.0}
    objective = nst.build_objective(vgg, None, picture(48, 40, 2), {}, layers, statistic=statistic)
    snapshot = nst.minimize(objective, picture(32, 32, 5), nst.lbfgs(), 60)
    assert snapshot.losses["style"][-1] < 1e-2 * snapshot.losses["style"][0]
    assert {term.kind for term in snapshot.terms.values()} == {"style"}
