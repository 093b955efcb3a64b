"""What is cited: everything that can be chosen has its works, and the entries are BibTeX."""

import re

import numpy as np
import pytest

import nst_jax as nst
from nst_jax.losses.style.names import STATISTICS
from nst_jax.research.baselines import recoloured, untouched
from nst_jax.research.citing import BEHIND_CLIP, BEHIND_METHOD, BEHIND_STATISTIC, behind, bibtex, entry
from nst_jax.research.works import WORKS
from nst_jax.transfer.result import Result
from nst_jax.video.settings import METHODS as CLIP_METHODS
from nst_jax.video.synthetic import ball


def keys(text):
    return re.findall(r"^@\w+\{(\w+),$", text, re.M)


def result(**settings):
    return Result.computed(np.zeros((2, 2, 3), np.float32), settings, {}, 0.0)


def test_everything_that_can_be_chosen_has_works_and_every_work_is_behind_something():
    assert set(BEHIND_STATISTIC) == set(STATISTICS)
    assert set(BEHIND_METHOD) == set(nst.METHODS)
    assert set(BEHIND_CLIP) == set(CLIP_METHODS)
    choices = [
        {"optimizer": "lbfgs", "tv": 1.0, "laplacian": 1.0, "self_similarity": 1.0, "init": "paint", "memory": 10**9},
        {"optimizer": "adam", "colour": "content", "style_scale": 0.5},
        {"transform": "whitening", "network": "six-styles"},
        *({"statistic": name} for name in STATISTICS),
        *({"method": name} for name in nst.METHODS),
    ]
    of_clips = {key for works in BEHIND_CLIP.values() for key in works}
    assert {key for settings in choices for key in behind(settings)} | of_clips == set(WORKS)


@pytest.mark.parametrize("name", nst.METHODS)
def test_the_work_behind_a_method_is_the_one_that_the_method_names(name):
    method, work = nst.METHODS[name], WORKS[BEHIND_METHOD[name][0]]
    assert work.year == method.year
    first = re.sub(r'\{\\"(\w)\}', lambda m: {"o": "ö", "u": "ü"}[m[1]], work.author).split(",")[0]
    assert first in method.source


@pytest.mark.parametrize("key", WORKS)
def test_an_entry_has_balanced_braces_and_what_its_kind_needs(key):
    work, text = WORKS[key], entry(key)
    depth = 0
    for letter in text:
        depth += {"{": 1, "}": -1}.get(letter, 0)
        assert depth >= 0
    assert depth == 0
    fields = dict(re.findall(r"^  (\w+) = \{(.*)\},$", text, re.M))
    needed = {"article": {"journal"}, "inproceedings": {"booktitle"}, "misc": {"eprint", "archiveprefix"}}[work.kind]
    assert needed | {"author", "title", "year"} <= set(fields)
    assert all(re.fullmatch(r"[^,]+, [^,]+", author) for author in fields["author"].split(" and "))
    assert text.isascii()
    surname = re.sub(r"[^a-z]", "", fields["author"].split(",")[0].lower())
    assert key.startswith(surname + fields["year"])
    if work.arxiv:
        assert re.fullmatch(r"\d{4}\.\d{4,5}", work.arxiv)
        assert int(work.arxiv[:2]) + 2000 <= work.year


@pytest.mark.parametrize(
    ("settings", "among", "missing"),
    [
        ({}, ["gatys2015neural", "simonyan2015very", "gatys2015texture", "liu1989limited"], "kingma2015adam"),
        ({"optimizer": "adam"}, ["kingma2015adam"], "liu1989limited"),
        ({"statistic": "histogram"}, ["risser2017stable"], "gatys2015texture"),
        ({"memory": 4_000_000_000}, ["galerne2022scaling"], "li2017laplacian"),
        ({"tv": 3.0, "laplacian": 30.0}, ["mahendran2015understanding", "li2017laplacian"], "kolkin2019style"),
        ({"self_similarity": 1.0, "init": "paint"}, ["kolkin2019style", "li2017universal"], "li2017laplacian"),
        ({"colour": "luminance"}, ["gatys2016preserving"], "gatys2017controlling"),
        ({"statistic": "nearest", "optimizer": None}, ["kolkin2022neural", "liu1989limited"], "kingma2015adam"),
        ({"self_similarity": 1.0, "optimizer": None}, ["kingma2015adam"], "liu1989limited"),
        ({"style_scale": 0.5}, ["gatys2017controlling"], "gatys2016preserving"),
        ({"transform": "whitening", "network": None}, ["li2017universal", "simonyan2015very"], "gatys2015neural"),
        ({"transform": "mean-spread", "network": None}, ["huang2017arbitrary"], "li2017universal"),
        ({"transform": "whitening", "network": "six-styles"}, ["dumoulin2017learned"], "li2017universal"),
        ({"method": "xdog"}, ["winnemoller2012xdog"], "gatys2015neural"),
        ({"method": "kotovenko"}, ["kotovenko2021rethinking", "gatys2016image"], "liu1989limited"),
    ],
)
def test_settings_bring_their_works_and_no_others(settings, among, missing):
    found = list(behind(settings))
    assert set(among) <= set(found)
    assert missing not in found


def test_the_default_optimiser_is_the_one_that_the_statistic_gets():
    for name in STATISTICS:
        cited = set(behind({"statistic": name, "optimizer": None}))
        assert ("liu1989limited" in cited) == nst.STATISTICS[name].smooth
        assert ("kingma2015adam" in cited) != nst.STATISTICS[name].smooth


def test_a_region_cites_the_work_on_regions():
    mask = {"mask 1": {"kind": "mask", "region": 1}}
    assert "gatys2017controlling" in behind({}, mask)
    assert "gatys2017controlling" not in list(behind({}, {"content": {"path": "a.png"}}))


def test_several_results_cite_each_work_once_and_the_package():
    text = bibtex(result(), result(optimizer="adam"))
    found = keys(text)
    assert found == list(dict.fromkeys(found))
    assert found[:2] == ["gatys2015neural", "gatys2016image"]
    assert found[-1] == "nst_jax"
    assert nst.__version__ in text


def test_results_and_folders_of_runs_are_cited_alike(tmp_path):
    made = nst.make("xdog", np.full((8, 8, 3), 0.5, np.float32), size=8)
    made.save(tmp_path)
    assert keys(bibtex(nst.RunFolder(tmp_path))) == keys(bibtex(made)) == ["winnemoller2012xdog", "nst_jax"]
    painted = nst.paint(np.full((16, 16, 3), 0.5, np.float32), np.full((16, 16, 3), 0.2, np.float32), size=16)
    assert keys(bibtex(painted))[0] == "li2017universal"


def test_a_baseline_has_the_package_alone():
    p, a = np.random.default_rng(0).uniform(size=(2, 16, 16, 3)).astype(np.float32)
    assert keys(bibtex(untouched(p, a, size=16), recoloured(p, a, size=16))) == ["nst_jax"]


@pytest.mark.parametrize(
    ("how", "cited"),
    [
        ({"style": "vortex", "method": "paint"}, "li2017universal simonyan2015very"),
        ({"style": "vortex", "method": "network"}, "johnson2016perceptual dumoulin2017learned simonyan2015very"),
        ({"method": lambda p: p}, ""),
    ],
)
def test_a_clip_in_one_pass_has_the_works_of_its_method(how, cited):
    made = nst.stylize_video(ball(2, (24, 32)), **how)
    assert keys(bibtex(made)) == [*cited.split(), "nst_jax"]


def test_a_clip_by_the_optimiser_has_the_work_on_clips_unless_its_frames_are_alone():
    how = {"style": "vortex", "size": 32, "steps": 1, "warm_steps": 1, "scales": 1, "style_layers": "conv1_1"}
    how |= {"content_layers": "conv2_2", "tv": 1.0}
    warm, alone = (
        keys(bibtex(nst.stylize_video(ball(2, (24, 32)), method=method, **how))) for method in ("optimise", "alone")
    )
    assert {"gatys2016image", "mahendran2015understanding", "ruder2016artistic"} <= set(warm)
    assert set(warm) - set(alone) == {"ruder2016artistic"}
