"""The time line: its table is whole, names what the package has, and is drawn."""

import io

import numpy as np
from PIL import Image

import nst_jax as nst
from nst_jax.losses.style.names import STATISTICS
from nst_jax.notebook.time_line import COLOURS, time_line, works
from nst_jax.research.picture_makers import PICTURE_MAKERS

ELSEWHERE = {"gram", "stylize_video", "memory=", "transform mean-spread", "train"} | {
    f"statistic {name}" for name in STATISTICS
}


def test_every_work_has_a_year_a_source_and_a_name_that_exists():
    found = works()
    assert found["year"].is_monotonic_increasing
    assert found["year"].min() == 1962
    assert set(found["kind"]) == set(COLOURS)
    for column in ("authors", "title", "source"):
        assert found[column].str.strip().ne("").all()
    assert set(found["here"]) - {""} <= ELSEWHERE | set(PICTURE_MAKERS)
    assert not found.duplicated(["authors", "title"]).any()


def test_its_years_are_those_of_the_methods():
    found = works()
    years = dict(zip(found["here"], found["year"], strict=True))
    for name, method in nst.METHODS.items():
        if name in years:
            assert years[name] == method.year, name


def test_an_arxiv_number_is_not_younger_than_its_year():
    found = works()
    for source, year in zip(found["source"], found["year"], strict=True):
        if source.startswith("arXiv"):
            assert 2000 + int(source.split()[1][:2]) <= year <= 2001 + int(source.split()[1][:2])


def test_it_is_drawn_with_a_dot_for_each_work():
    drawn = np.asarray(Image.open(io.BytesIO(time_line().png)).convert("RGB"), int)
    for colour in COLOURS.values():
        rgb = [int(colour[i : i + 2], 16) for i in (1, 3, 5)]
        assert (np.abs(drawn - rgb).max(-1) < 12).sum() > 15
    few = time_line(works().head(3))
    assert Image.open(io.BytesIO(few.png)).height < len(drawn) / 3
