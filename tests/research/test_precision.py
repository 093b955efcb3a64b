"""A run with features in bfloat16, before the referee."""

import pytest

import nst_jax as nst


@pytest.fixture(scope="module")
def scores():
    """precision → the referee's scores of a short run, with Adam, since L-BFGS enlarges any rounding at first."""
    p, a = (nst.load_image(name, size=96) for name in ("chelsea", "vortex"))
    referee = nst.Referee(p, a)
    given = {"size": 96, "scales": 1, "steps": 20, "optimizer": "adam"}
    made = {name: nst.stylize(p, a, precision=name, **given).image for name in ("float32", "bfloat16")}
    return {name: referee(x) for name, x in made.items()}


@pytest.mark.parametrize("score", ["content", "style", "structure", "colour"])
def test_scores_are_near_those_of_float32(scores, score):
    assert scores["bfloat16"][score] == pytest.approx(scores["float32"][score], rel=0.05)
    assert scores["bfloat16"][score] != scores["float32"][score]
