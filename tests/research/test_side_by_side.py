"""Methods of all kinds side by side: the list of makers, what each is scored by, who is beaten, and the conclusion."""

import numpy as np
import pandas as pd
import pytest

import nst_jax as nst
from nst_jax.images.recolouring import match_colours
from nst_jax.research.baselines import recoloured, untouched
from nst_jax.research.picture_makers import PICTURE_MAKERS
from nst_jax.research.referee import Referee
from nst_jax.research.side_by_side import conclusions, front, referees_of, row, summary
from tests.support.pictures import picture


@pytest.fixture
def files(tmp_path):
    nst.save_image(tmp_path / "p.png", picture(30, 40))
    nst.save_image(tmp_path / "a.png", picture(50, 36, 1))
    return {"content": str(tmp_path / "p.png"), "style": str(tmp_path / "a.png")}


def test_every_method_of_the_history_is_a_maker_and_a_texture_knows_no_photo():
    assert set(nst.METHODS) < set(PICTURE_MAKERS)
    for name, method in nst.METHODS.items():
        maker = PICTURE_MAKERS[name]
        assert (maker.kind, maker.year, maker.settings) == (method.kind, method.year, {"method": name})
        assert (maker.photo, maker.painting) == (method.kind != "texture", method.painting != "none")
    assert all(method.kind != "own" for method in nst.METHODS.values())
    assert [maker.name for maker in PICTURE_MAKERS.values()] == list(PICTURE_MAKERS)


def test_a_maker_is_one_run_of_a_grid(files, tmp_path):
    """One of each kind of function."""
    for name in ("recoloured photo", "kuwahara", "one pass"):
        maker = PICTURE_MAKERS[name]
        runs = nst.grid(maker.run, folder=tmp_path / "runs", size=40, **files, **maker.settings)
        assert not runs.errors
        assert runs[0].folder.image.shape == (30, 40, 3)


def test_many_styles_are_those_that_the_network_learned(files, tmp_path):
    maker = PICTURE_MAKERS["many styles"]
    given = {"folder": tmp_path / "runs", "content": files["content"], "size": 40, **maker.settings}
    known, unknown = (nst.grid(maker.run, style=style, **given) for style in ("woodcut", files["style"]))
    assert known[0].folder.image.shape == (30, 40, 3)
    assert "train --add" in str(next(iter(unknown.errors.values())))


def test_the_baselines_are_the_photo_and_the_photo_in_the_paintings_colours(files):
    p, a = nst.load_image(files["content"]), nst.load_image(files["style"])
    np.testing.assert_array_equal(untouched(**files, size=40).image, p)
    made = recoloured(**files, size=50)
    assert made.image.shape == (38, 50, 3)
    wanted = np.clip(match_colours(nst.resize(p, (38, 50)), a), 0, 1)
    np.testing.assert_allclose(made.image, wanted, atol=1e-6)
    assert made.inputs["style"]["kind"] == "style"


def test_a_row_leaves_out_what_a_maker_does_not_look_at():
    p, a, x = picture(32, 32), picture(32, 32, 1), picture(32, 32, 2)
    referees = {"random": Referee(p, a)}
    scores = referees["random"](x)
    for name, photo, painting in (("xdog", True, False), ("heeger-bergen", False, True), ("one pass", True, True)):
        found = row(PICTURE_MAKERS[name], "pair", x, 1.5, referees)
        assert (found["photo"], found["painting"]) == tuple("yes" if each else "no" for each in (photo, painting))
        for column, score, counts in (
            ("style random", "style", painting),
            ("content random", "content", photo),
            ("structure", "structure", photo),
        ):
            assert found[column] == scores[score] if counts else np.isnan(found[column])


def table():
    """Three methods on two pairs, with two referees that agree on style and not on content."""
    rows = []
    for pair in ("one", "two"):
        for i, name in enumerate(("recoloured photo", "near", "far", "drawing")):
            style = {"style r": 1 - 0.2 * i, "style s": 2 - 0.3 * i} if name != "drawing" else {}
            content = {"content r": 0.1 * i, "content s": 1 - 0.1 * i}
            of = {"pair": pair, "method": name, "kind": "k", "year": 2000, "photo": "yes"}
            seconds = {"seconds": 10.0 if pair == "one" else 1.0, "painting": "no" if name == "drawing" else "yes"}
            rows.append(of | seconds | style | content | {"structure": 0.5})
    return pd.DataFrame(rows)


def test_a_summary_has_means_over_pairs():
    found = summary(table())
    assert list(found.index) == ["recoloured photo", "near", "far", "drawing"]
    assert found.loc["near", "style r"] == pytest.approx(0.8)
    assert found.loc["near", "seconds"] == 5.5
    assert np.isnan(found.loc["drawing", "style s"])
    assert referees_of(table()) == ["r", "s"]


def test_the_front_is_what_nothing_beats_by_brute_force(rng):
    D = pd.DataFrame(rng.integers(0, 5, (40, 3)), columns=list("abc")).astype(float)
    D.loc[7, "b"] = np.nan
    kept = []
    for i, x in D.iterrows():
        beaten = any((y <= x).all() and (y < x).any() for _, y in D.iterrows())
        kept += [] if beaten or x.isna().any() else [i]
    assert 0 < len(kept) < 30
    assert front(D, list("abc")) == kept


def test_the_conclusion_says_who_is_nearer_than_recolouring_and_how_referees_agree():
    found = conclusions(table())
    assert "style r against method recoloured photo" in found[0]
    assert "lower with far (-40 ± 0 %), near (-20 ± 0 %)" in found[0]
    assert "none has less of both distances, style and content, than recoloured photo; near; far." in found[1]
    assert found[3].endswith("than far.")  # s: both distances fall
    assert found[4:] == [
        "style: of 3 methods, the referees' orders correlate with 1.00 (Spearman).",
        "content: of 3 methods, the referees' orders correlate with -1.00 (Spearman).",
    ]
    assert "drawing" not in "".join(found)
