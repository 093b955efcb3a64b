"""The papers' figures as data, and made: every number has a source, panels are resumed, gaps are marked."""

import dataclasses
import json

import numpy as np
import pytest

import nst_jax as nst
from nst_jax.cli.main import main
from nst_jax.images import bundled
from nst_jax.images.remote import REMOTE
from nst_jax.networks.formats import write_weights
from nst_jax.networks.geometry import LAYERS
from nst_jax.research.papers import making
from nst_jax.research.papers import presets as figures
from nst_jax.research.papers.making import figure
from nst_jax.research.papers.presets import FIGURES, STAND_INS
from nst_jax.transfer.settings import settings_of
from tests.support.pictures import picture
from tests.support.weights import random_weights

PANELS = [(name, panel) for name, known in FIGURES.items() for row in known.panels for panel in row]


def test_every_panel_has_settings_that_mean_something_and_a_source_for_each_number():
    for name, panel in PANELS:
        for reading in figures.READINGS:
            settings_of(panel.given(reading))
        assert {each.source for each in panel.settings.values()} <= {"paper", "code", "derived", "open"}, name
        for known in (panel.content, panel.style):
            assert known in REMOTE or known in ("jesuiten_iii", "city_by_day", "city_by_night")


def test_the_presets_are_those_of_the_papers():
    ratios = {name: [p.settings["ratio"].value for row in f.panels for p in row] for name, f in FIGURES.items()}
    assert ratios["arxiv-2"] == [1e-3, 1e-3, 1e-3, 1e-4, 1e-4]
    assert ratios["cvpr-3"] == [1e-3, 8e-4, 5e-3, 5e-4, 5e-4]
    assert ratios["arxiv-3"] == 5 * [1e-5, 1e-4, 1e-3, 1e-2]
    rows = [row[0].settings["style_layers"].value for row in FIGURES["arxiv-3"].panels]
    assert [len(row) for row in rows] == [1, 2, 3, 4, 5]
    assert rows[-1] == ("conv1_1", "conv2_1", "conv3_1", "conv4_1", "conv5_1")
    top, bottom = FIGURES["cvpr-1"].panels
    assert [p.settings["content_layers"].value[0] for p in top] == [f"conv{i}_2" for i in range(1, 6)]
    assert all(p.given("author")["beta"] == 0 for p in top)
    assert all(p.given("author")["alpha"] == 0 for p in bottom)
    assert not any(p.settings["normalize"].value for name in ("arxiv-1", "cvpr-1") for p in FIGURES[name].panels[0])
    assert FIGURES["arxiv-3"].panels[0][2].given("paper")["beta"] == pytest.approx(1000)


def test_stand_ins_come_with_the_package_and_are_all_different():
    assert set(STAND_INS.values()) <= set(bundled.BUNDLED)
    assert len(set(STAND_INS.values())) == len(STAND_INS)
    assert {known for _, panel in PANELS for known in (panel.content, panel.style)} == set(STAND_INS)


@pytest.mark.parametrize(("ratio", "words"), [(1e-3, "10⁻³"), (8e-4, "8·10⁻⁴"), (1e-2, "10⁻²"), (5e-3, "5·10⁻³")])
def test_ratios_are_written_with_powers(ratio, words):
    assert figures.power(ratio) == words


@pytest.fixture
def narrow(tmp_path):
    write_weights(tmp_path / "narrow.safetensors", random_weights(), {})
    return str(tmp_path / "narrow.safetensors")


def test_a_figure_is_made_panel_by_panel_goes_on_and_keeps_the_source_of_each_number(tmp_path, narrow, monkeypatch):
    how = {"network": narrow, "size": 32, "steps": 2, "stand_ins": True, "width": 64}
    made_figure = figure("cvpr-5", tmp_path / "out", **how)
    sheet = made_figure.sheet(64).image
    assert nst.load_image(tmp_path / "out" / "sheet-cvpr-5-author.jpg").shape == sheet.shape
    facts = json.loads((tmp_path / "out" / "figure-cvpr-5-author.json").read_text())
    assert [panel["settings"]["content_layers"] for panel in facts["panels"]] == [["conv2_2"], ["conv4_2"]]
    assert facts["panels"][0]["sources"]["ratio"] == "paper"
    assert facts["panels"][0]["sources"]["steps"] == "changed here"
    assert facts["panels"][0]["pictures"] == ["coffee", "dabs"]
    made = {path: path.stat().st_mtime_ns for path in tmp_path.glob("out/*/result.png")}
    assert len(made) == 2
    np.testing.assert_array_equal(figure("cvpr-5", tmp_path / "out", **how).sheet(64).image, sheet)
    assert {path: path.stat().st_mtime_ns for path in tmp_path.glob("out/*/result.png")} == made


def test_a_made_figure_holds_runs_scores_and_settings_with_their_sources(tmp_path, narrow):
    made = nst.figure("cvpr-5", tmp_path, network=narrow, size=32, steps=2, stand_ins=True, width=64)
    assert [run.state for run in made.runs] == ["done", "done"]
    scores = made.scores()
    assert list(scores.content_layers) == ["conv2_2", "conv4_2"]
    assert np.isfinite(scores.style_distance).all()
    table = made.settings().set_index(["panel", "setting"])
    assert tuple(table.loc[(1, "ratio")]) == ("0.001", "paper")
    assert tuple(table.loc[(2, "steps")]) == ("2", "changed here")


def test_a_figure_can_be_made_with_another_statistic_under_a_name_of_its_own(tmp_path, narrow):
    how = {"network": narrow, "size": 32, "steps": 2, "stand_ins": True, "width": 64}
    gram, mean = (nst.figure("cvpr-5", tmp_path, statistic=name, **how) for name in ("gram", "mean"))
    assert {path.name for path in tmp_path.glob("sheet-*")} == {
        "sheet-cvpr-5-author.jpg",
        "sheet-cvpr-5-author-mean.jpg",
    }
    assert not {run.path for run in gram.runs} & {run.path for run in mean.runs}
    assert [run.manifest["settings"]["statistic"] for run in mean.runs] == ["mean", "mean"]
    assert tuple(mean.settings().set_index(["panel", "setting"]).loc[(1, "statistic")]) == ("mean", "changed here")
    with pytest.raises(nst.SettingError, match="there is no statistic 'men'"):
        nst.figure("cvpr-5", tmp_path, statistic="men", **how)


def test_a_figure_of_ones_own_is_a_preset_and_leaves_the_table_alone(tmp_path, narrow):
    known = FIGURES["cvpr-5"]
    own = dataclasses.replace(known, name="mine", panels=(known.panels[0][:1],), columns=("mine",))
    made = nst.figure(own, tmp_path, network=narrow, size=32, steps=2, stand_ins=True, width=64)
    assert len(made.runs) == 1
    assert (tmp_path / "sheet-mine-author.jpg").is_file()
    assert FIGURES["cvpr-5"] is known
    with pytest.raises(TypeError):
        FIGURES["mine"] = own


def test_the_two_readings_are_two_sheets(tmp_path, narrow, capsys):
    nst.save_image(tmp_path / "a.png", picture(40, 40))
    nst.save_image(tmp_path / "b.png", picture(40, 40, 1))
    names = [f"neckarfront={tmp_path / 'a.png'}", f"jesuiten_iii={tmp_path / 'b.png'}"]
    more = ["--network", narrow, "--size", "32", "--steps", "2", "--reading", "both", "--pictures", *names]
    assert main(["figure", "cvpr-5", "-o", str(tmp_path / "out"), *more]) == 0
    facts = [json.loads((tmp_path / "out" / f"figure-cvpr-5-{r}.json").read_text()) for r in ("author", "paper")]
    assert [each["panels"][0]["settings"]["convention"] for each in facts] == ["author", "paper"]
    assert not {panel["run"] for panel in facts[0]["panels"]} & {panel["run"] for panel in facts[1]["panels"]}
    assert len(list((tmp_path / "out").glob("sheet-cvpr-5-*.jpg"))) == 2
    assert "to the letter" in capsys.readouterr().out


def test_every_ratio_can_be_multiplied_and_says_so(tmp_path, narrow):
    figure("cvpr-5", tmp_path, network=narrow, size=32, steps=2, stand_ins=True, times=100, width=64)
    facts = json.loads((tmp_path / "figure-cvpr-5-author-x100.json").read_text())
    assert facts["panels"][0]["settings"]["beta"] == pytest.approx(10)
    assert facts["panels"][0]["sources"]["ratio"] == "paper, times 100"
    assert (tmp_path / "sheet-cvpr-5-author-x100.jpg").is_file()
    three = FIGURES["cvpr-4"]
    assert three.labels()[0] == "α/β = 10⁻⁴"
    assert three.labels(100)[0] == "α/β = 10⁻⁴ × 100"
    assert FIGURES["cvpr-5"].labels(100) == ("conv2_2\nα/β × 100", "conv4_2\nα/β × 100")
    for name, preset in FIGURES.items():
        factored = ["× 100" in label for label in preset.labels(100)]
        assert all(factored) if not name.endswith("-1") else not any(factored)  # the first figures have no ratio
        assert preset.labels() == preset.columns
    for each in FIGURES.values():
        assert each.by_ratio == all("α/β = " in label for label in each.columns), each.name
    with pytest.raises(nst.SettingError, match="times=0"):
        figure("cvpr-5", tmp_path, times=0)


def test_pictures_not_at_hand_leave_a_gap_that_says_so(tmp_path, narrow, monkeypatch):
    monkeypatch.setenv("NST_JAX_DATA", str(tmp_path / "empty"))
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    nst.save_image(tmp_path / "photo.png", picture(40, 40))
    own = {"neckarfront": tmp_path / "photo.png", "scream": tmp_path / "photo.png"}
    made = figure("arxiv-2", tmp_path / "out", network=narrow, size=32, steps=2, pictures=own, width=64)
    sheet = made.sheet(64).image
    assert [bool(panel.run) for panel in made.panels[0]] == [False, False, True, False, False]
    facts = json.loads((tmp_path / "out" / "figure-arxiv-2-author.json").read_text())
    assert ["gap" in panel for panel in facts["panels"]] == [True, True, False, True, True]
    assert "copyright" in facts["panels"][3]["gap"]
    assert sheet.shape[1] > 5 * 64
    assert len(list(tmp_path.glob("out/*/result.png"))) == 1


def test_a_layer_that_the_network_lacks_leaves_a_gap(tmp_path):
    short = random_weights(layers=LAYERS[: LAYERS.index("conv5_1") + 1])
    write_weights(tmp_path / "short.safetensors", short, {})
    how = {"network": str(tmp_path / "short.safetensors"), "size": 32, "steps": 2, "stand_ins": True, "width": 64}
    figure("cvpr-1", tmp_path, **how)
    facts = json.loads((tmp_path / "figure-cvpr-1-author.json").read_text())
    assert ["gap" in panel for panel in facts["panels"]] == 4 * [False] + [True] + 5 * [False]
    assert "no layer conv5_2" in facts["panels"][4]["gap"]


def test_the_command_makes_a_figure_and_says_what_the_papers_shows(tmp_path, capsys, monkeypatch):
    calls = []
    monkeypatch.setattr(making, "figure", lambda name, folder, **how: calls.append((name, how["reading"])))
    given = ["figure", "arxiv-3", "-o", str(tmp_path), "--network", "vgg19-slim", "--reading", "both"]
    assert main(given) == 0
    assert calls == [("arxiv-3", reading) for reading in figures.READINGS]
    assert f"what the paper's figure shows: {FIGURES['arxiv-3'].shows}\n" in capsys.readouterr().out


def test_figures_are_listed_and_faults_are_one_line(tmp_path, capsys):
    assert main(["figure"]) == 0
    assert [line.split()[0] for line in capsys.readouterr().out.splitlines()] == list(FIGURES)
    for arguments, words in (
        (["arxiv-9", "-o", str(tmp_path)], "no figure 'arxiv-9'"),
        (["arxiv-1"], "-o FOLDER"),
        (["arxiv-1", "-o", str(tmp_path), "--pictures", "photo.jpg"], "NAME=FILE"),
    ):
        assert main(["figure", *arguments]) == 2
        assert words in capsys.readouterr().err
