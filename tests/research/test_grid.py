"""Grids of runs: made once, resumed after kills, the same on other executors, shown in tables and sheets."""

import concurrent.futures
import json
import multiprocessing
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

import nst_jax as nst
from nst_jax.cli.main import main
from nst_jax.feedforward.style_network_files import style_network_file
from nst_jax.networks.formats import write_weights
from nst_jax.research import execution
from nst_jax.research.combinations import name_of
from nst_jax.research.labels import labels
from nst_jax.research.scores import side_by_side
from tests.support.pictures import picture
from tests.support.weights import random_weights

LAYERS = {"content_layers": ("conv2_2",), "style_layers": ("conv1_1", "conv2_1")}


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("files")
    nst.save_image(folder / "photo.png", picture(60, 80))
    nst.save_image(folder / "painting.png", picture(70, 50, 1))
    weights = {name: array for name, array in random_weights().items() if name[:5] in ("prepr", "conv1", "conv2")}
    write_weights(folder / "narrow.safetensors", weights, {})
    return folder


@pytest.fixture(scope="module")
def fixed(files):
    """What is the same in all runs: small, narrow, short."""
    names = {"content": "photo.png", "style": "painting.png", "network": "narrow.safetensors"}
    return {name: str(files / file) for name, file in names.items()} | {"size": 48, "steps": 5, **LAYERS}


@pytest.fixture(scope="module")
def made(tmp_path_factory, fixed):
    return nst.grid(
        nst.stylize, folder=tmp_path_factory.mktemp("runs"), beta=[1.0, 100.0], seed=[0, 1], init="noise", **fixed
    )


def test_a_start_that_has_a_name_is_not_looked_for_as_a_file(fixed):
    names = {init: name_of(nst.stylize, fixed | {"init": init}, {}) for init in ("content", "noise", "paint")}
    assert len(set(names.values())) == 3
    with pytest.raises(nst.RunError, match="no such init"):
        name_of(nst.stylize, fixed | {"init": "missing.png"}, {})


def test_every_combination_is_a_row_with_its_scores(made):
    table = made.table()
    assert repr(made) == "4 runs: 4 done"
    assert list(zip(table.beta, table.seed, strict=True)) == [(1, 0), (1, 1), (100, 0), (100, 1)]
    assert (table.evaluations == 5).all()
    assert (table.state == "done").all()
    distances = [name for name in table if name.endswith("_distance")]
    assert len(distances) == 4
    assert np.isfinite(table[distances].to_numpy()).all()
    assert table.loss[2] > table.loss[0]
    assert table.loss[0] != table.loss[1]


def test_a_run_is_what_stylize_makes_of_its_settings(made, fixed):
    alone = nst.stylize(**fixed, beta=100.0, seed=1, init="noise")
    np.testing.assert_allclose(made[3].folder.image, alone.image, atol=0.5 / 255 + 1e-6)
    assert made.table().loss[3] == alone.loss


def test_what_is_done_is_not_made_again_and_a_larger_grid_makes_what_it_lacks(made, fixed, monkeypatch):
    folder = made[0].folder.path.parent
    asked = []
    make = execution.make
    monkeypatch.setattr(
        execution, "make", lambda run, folder, settings: asked.append(settings) or make(run, folder, settings)
    )
    again = nst.grid(nst.stylize, folder=folder, beta=[1.0, 100.0], seed=[0, 1], init="noise", **fixed)
    assert not asked
    assert again.table().equals(made.table())
    nst.grid(nst.stylize, folder=folder, beta=[1.0, 10.0], seed=[0], init="noise", **fixed)
    assert [settings["beta"] for settings in asked] == [10.0]


def test_the_folder_depends_on_settings_and_on_the_bytes_of_files_and_not_on_their_places(made, fixed, tmp_path):
    def name(**changes):
        return name_of(nst.stylize, fixed | changes, {})

    copy = tmp_path / "copy.png"
    copy.write_bytes(Path(fixed["content"]).read_bytes())
    assert name() == name(content=copy) == name(beta=50) == name(beta=50.0)  # 50 is the default
    other = tmp_path / "other.png"
    nst.save_image(other, picture(60, 80, 5))
    assert len({name(), name(content=other), name(beta=51.0), name(seed=1), name(style_layers=("conv1_1",))}) == 5


def test_what_is_painted_in_one_pass_is_named_by_the_bytes_of_its_files(fixed, tmp_path):
    """A network that was trained again at the same path makes other pictures."""
    network, photo = tmp_path / "network.safetensors", tmp_path / "photo.png"
    network.write_bytes(style_network_file("six-styles").read_bytes())
    photo.write_bytes(Path(fixed["content"]).read_bytes())
    pictures = {"content": photo, "style": fixed["style"]}

    def name(**changes):
        return name_of(nst.paint, pictures | changes, {})

    styled = {"network": network, "style": "vortex"}
    assert name() == name(size=512) == name(content=fixed["content"])
    assert name(**styled) == name(**styled | {"network": "six-styles"})
    region = [(fixed["content"], fixed["style"])]
    different = [name(), name(**styled), name(**styled | {"style": "dabs"}), name(strength=1.0), name(regions=region)]
    different.append(name(**styled, regions=[(fixed["content"], "dabs")]))
    assert len(set(different)) == len(different)
    before = name(), name(**styled)
    network.write_bytes(network.read_bytes() + b"trained again")
    nst.save_image(photo, picture(60, 80, 5))
    assert (name() != before[0]) & (name(**styled | {"content": fixed["content"]}) != before[1])
    with pytest.raises(nst.SettingError, match="there is no setting beta"):
        name(beta=1.0)


def test_the_sheet_has_a_panel_for_each_pair_of_levels_and_gaps_for_what_is_missing(made):
    sheet = made.sheet("seed", "beta", width=64)
    assert sheet.text == "2 × 2 pictures: beta 1,  100, seed 0, seed 1"
    panel = nst.resize(made[1].folder.image, (48, 64))
    places = [
        (i, j)
        for i in range(sheet.image.shape[0] - 48)
        for j in range(sheet.image.shape[1] - 64)
        if np.abs(sheet.image[i, j] - panel[0, 0]).max() < 0.01
        and np.abs(sheet.image[i : i + 48, j : j + 64] - panel).max() < 0.01
    ]
    assert len(places) == 1
    picture_file = made[1].folder.path / "result.png"
    hidden = picture_file.rename(picture_file.with_name("hidden.png"))
    gap = made.sheet("seed", "beta", width=64).image
    hidden.rename(picture_file)
    assert np.abs(gap[places[0][0] + 20, places[0][1] + 20] - 1).max() < 0.01
    only = made.sheet(columns="seed", beta=100.0, width=64)
    assert only.text == "1 × 2 pictures: seed 0,  1"
    with pytest.raises(nst.SettingError, match="no factor gamma; there are beta, seed"):
        made.sheet("gamma")


SCRIPT = """
import sys, pandas as pd, nst_jax as nst
runs = nst.grid(nst.stylize, folder=sys.argv[1], content=sys.argv[2], style=sys.argv[3], network=sys.argv[4], size=128,
    steps=60, scales=1, content_layers=("conv2_2",), style_layers=("conv1_1", "conv2_1"), init="noise",
    beta=[1.0, 10.0, 100.0], pool=["avg", "max"], seed=[0, 1])
runs.table().to_csv(sys.argv[5], index=False)
"""


def test_a_grid_of_12_killed_three_times_gives_the_same_table_byte_for_byte(files, tmp_path):
    def command(name):
        pictures = [str(files / file) for file in ("photo.png", "painting.png", "narrow.safetensors")]
        return [sys.executable, "-c", SCRIPT, str(tmp_path / name), *pictures, str(tmp_path / f"{name}.csv")]

    subprocess.run(command("quiet"), check=True, timeout=300, capture_output=True)
    for runs_done in (1, 5, 9):
        process = subprocess.Popen(command("killed"), stderr=subprocess.DEVNULL)
        deadline = time.time() + 120
        while len(list((tmp_path / "killed").glob("*/scores.json"))) < runs_done and time.time() < deadline:
            time.sleep(0.01)
        time.sleep(0.15)  # in the midst of the next run
        process.kill()
        assert process.wait() == -signal.SIGKILL
    begun = [json.loads(path.read_text())["stopped"] for path in (tmp_path / "killed").glob("*/manifest.json")]
    assert 9 <= begun.count("") < 12
    subprocess.run(command("killed"), check=True, timeout=300, capture_output=True)
    assert (tmp_path / "killed.csv").read_bytes() == (tmp_path / "quiet.csv").read_bytes()
    assert (tmp_path / "quiet.csv").read_text().count("done") == 12


def test_another_executor_gives_the_same_table(made, fixed, tmp_path):
    spawn = multiprocessing.get_context("spawn")
    with concurrent.futures.ProcessPoolExecutor(2, mp_context=spawn) as executor:
        elsewhere = nst.grid(
            nst.stylize,
            folder=tmp_path / "there",
            executor=executor,
            beta=[1.0, 100.0],
            seed=[0, 1],
            init="noise",
            **fixed,
        )
    assert elsewhere.table().equals(made.table())


def test_a_dask_cluster_gives_the_same_table_though_a_worker_is_killed(fixed, tmp_path):
    distributed = pytest.importorskip("distributed", reason="Dask is not installed")
    axes = fixed | {"size": 128, "steps": 150, "scales": 1, "init": "noise", "beta": [1.0, 100.0], "seed": [0, 1]}
    with (
        distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster,
        distributed.Client(cluster) as client,
        client.get_executor() as executor,
    ):

        def kill_one():
            while not list((tmp_path / "cluster").glob("*/manifest.json")):
                time.sleep(0.02)
            time.sleep(0.5)  # in the midst of the first runs
            pid = next(iter(cluster.workers.values())).pid
            os.kill(pid, signal.SIGKILL)
            return pid

        with concurrent.futures.ThreadPoolExecutor(1) as thread:
            killed = thread.submit(kill_one)
            there = nst.grid(nst.stylize, folder=tmp_path / "cluster", executor=executor, **axes)
        assert killed.result() > 0
    here = nst.grid(nst.stylize, folder=tmp_path / "here", **axes)
    there, here = there.table(), here.table()
    exact = ["beta", "seed", "state", "evaluations", "run"]
    assert there[exact].equals(here[exact])
    assert (there.state == "done").all()
    distances = [name for name in here if name.endswith("_distance")]
    # Dask gives a worker one thread, so that sums are made in another order.
    np.testing.assert_allclose(there[distances], here[distances], rtol=0.1)


def test_a_budget_ends_the_call_and_the_next_goes_on(fixed, tmp_path):
    axes = fixed | {"seed": [0, 1, 2], "init": "noise"}
    some = nst.grid(nst.stylize, folder=tmp_path, evaluations=8, **axes)  # 5 an run: the second begins, the third not
    assert repr(some) == "3 runs: 2 done, 1 not begun"
    assert list(some.table().state) == ["done", "done", "not begun"]
    assert np.isnan(some.table().style_distance[2])
    assert repr(nst.grid(nst.stylize, folder=tmp_path, seconds=0.0, **axes)) == "3 runs: 2 done, 1 not begun"
    assert repr(nst.grid(nst.stylize, folder=tmp_path, seconds=600.0, **axes)) == "3 runs: 3 done"


def test_a_run_that_fails_is_told_of_and_the_others_go_on(fixed, tmp_path):
    tiny = tmp_path / "tiny.png"
    nst.save_image(tiny, picture(60, 1))
    runs = nst.grid(nst.stylize, folder=tmp_path / "runs", **fixed | {"content": [str(tiny), fixed["content"]]})
    assert list(runs.table().state) == ["failed", "done"]
    assert "too small" in next(iter(runs.errors.values()))


def test_any_function_that_gives_a_result_can_be_run(fixed, tmp_path):
    runs = nst.grid(twice, folder=tmp_path, settings=fixed, seed=[3])
    assert runs[0].folder.state == "done"
    assert runs[0].folder.manifest["settings"]["seed"] == 4
    assert (runs.table().style_distance > 0).all()


def twice(settings, seed):
    return nst.stylize(**settings, seed=seed + 1)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"beta": []}, "beta=.*one value or more"),
        ({"beta": [1.0, -1.0]}, "beta=-1.0"),
        ({"sise": [1]}, "no setting sise"),
        ({"content": "nowhere.png"}, "nowhere.png: there is no such content"),
        ({"content": np.zeros((20, 20, 3))}, "content: give it as a file"),
        ({"optimizer": nst.adam()}, "optimizer: give it by its name"),
    ],
)
def test_what_means_nothing_is_refused_before_any_run(fixed, tmp_path, changes, words):
    with pytest.raises(nst.NSTError, match=words):
        nst.grid(nst.stylize, folder=tmp_path / "runs", **fixed | changes)
    assert not (tmp_path / "runs").exists()


def test_compare_shows_where_runs_differ_and_writes_their_sheet(made, tmp_path, capsys):
    folders = [str(run.folder.path) for run in made.runs[:3]]
    assert main(["compare", *folders, "-o", str(tmp_path / "sheet.png")]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split() == [
        "beta", "seed", "state", "evaluations", "loss", "content_distance", "style_distance", "colour_distance",
        "structure_distance",
    ]  # fmt: skip
    assert [line.split()[1:4] for line in lines[1:]] == [["1", "0", "done"], ["1", "1", "done"], ["100", "0", "done"]]
    assert nst.load_image(tmp_path / "sheet.png").shape[1] > 3 * 320
    assert main(["compare", str(tmp_path / "nowhere")]) == 2
    assert "holds no run" in capsys.readouterr().err


def test_compare_does_without_scores_where_the_photo_is_gone(files, fixed, tmp_path, capsys):
    photo = tmp_path / "photo.png"
    photo.write_bytes((files / "photo.png").read_bytes())
    nst.stylize(**fixed | {"content": str(photo)}).save(tmp_path / "run")
    photo.unlink()
    assert main(["compare", str(tmp_path / "run")]) == 0
    assert "NaN" in capsys.readouterr().out


def test_several_styles_regions_and_statistics_are_factors_like_others(files, fixed, tmp_path):
    mask = np.zeros((60, 80, 3), np.float32)
    mask[:, :40] = 1
    nst.save_image(tmp_path / "mask.png", mask)
    other = str(tmp_path / "other.png")
    nst.save_image(other, picture(60, 50, 2))
    pairs = ((fixed["style"], 0.25), (other, 0.75))
    styles = nst.grid(folder=tmp_path / "runs", **fixed | {"style": [fixed["style"], pairs]})
    assert repr(styles) == "2 runs: 2 done"
    alone, both = styles.table().style_distance
    assert alone != both
    assert list(styles.table()["style"]) == ["painting", "painting, 0.25, other, 0.75"]
    regions = [((tmp_path / "mask.png", other),), ((tmp_path / "mask.png", None),)]
    parts = nst.grid(folder=tmp_path / "runs", **fixed | {"regions": regions})
    table = parts.table()
    assert repr(parts) == "2 runs: 2 done"
    assert table.style_distance.isna().all()  # the referee looks at whole pictures
    assert table.content_distance.notna().all()
    kept = parts[1].folder.image
    np.testing.assert_allclose(kept[:, :20], nst.load_image(fixed["content"], 48)[:, :20], atol=0.5 / 255)
    statistics = nst.grid(folder=tmp_path / "runs", statistic=["gram", "mean"], **fixed)
    assert repr(statistics) == "2 runs: 2 done"
    assert statistics[0].folder.path == styles[0].folder.path  # the default, made before


def test_labels_that_would_fall_together_are_told_apart():
    assert labels(["a/photo.png", "b/photo.png", "a/photo.png"]) == ["a/photo.png", "b/photo.png", "a/photo.png"]
    assert labels(["a/photo.png", "a/photo.jpg"]) == ["photo.png", "photo.jpg"]
    assert labels(["a/photo.png", "a/other.png"]) == ["photo", "other"]
    assert labels([1e-3, 1.0004e-3]) == ["0.001", "0.0010004"]
    assert labels([1.0, 2.0]) == ["1", "2"]


def test_two_photos_of_one_name_are_two_columns_and_two_rows(tmp_path, fixed):
    for i, folder in enumerate(("a", "b")):
        nst.save_image(tmp_path / folder / "photo.png", picture(60, 80, i))
    photos = [str(tmp_path / folder / "photo.png") for folder in ("a", "b")]
    runs = nst.grid(nst.stylize, folder=tmp_path / "runs", **fixed | {"content": photos, "steps": 1})
    assert list(runs.table().content) == ["a/photo.png", "b/photo.png"]
    assert "a/photo.png" in runs.sheet(columns="content").text
    table, _ = side_by_side([run.folder.path for run in runs.runs])
    assert list(table.content) == ["a/photo.png", "b/photo.png"]


def test_scores_of_another_version_of_the_referee_are_measured_again(tmp_path, fixed):
    runs = nst.grid(nst.stylize, folder=tmp_path, seed=[0], **fixed | {"steps": 1})
    table, kept = runs.table(), runs[0].folder.path / "scores.json"
    scores = json.loads(kept.read_text())
    kept.write_text(json.dumps(scores | {"content": 7.0}))
    assert runs.table().content_distance[0] == 7  # of the same version: kept
    kept.write_text(json.dumps(scores | {"content": 7.0, "referee": scores["referee"] - 1}))
    assert runs.table().equals(table)
    assert json.loads(kept.read_text()) == scores


def test_a_run_whose_lock_is_another_users_is_one_rows_fault(tmp_path, fixed):
    axes = {"folder": tmp_path, "beta": [1.0, 100.0], **fixed}
    (tmp_path / f".{name_of(nst.stylize, {**fixed, 'beta': 1.0}, {})}.lock").mkdir()  # cannot be opened as a file
    runs = nst.grid(nst.stylize, **axes)
    assert list(runs.table().state) == ["failed", "done"]
    assert ["cannot be changed" in error for error in runs.errors.values()] == [True]


def test_scores_that_cannot_be_kept_are_in_the_table_all_the_same(made):
    table, kept = made.table(), made[0].folder.path / "scores.json"
    scores = kept.read_bytes()
    kept.unlink()
    kept.mkdir()  # so that no file can be written there
    try:
        assert made.table().equals(table)
        assert list(kept.parent.glob(".*.part")) == []
    finally:
        kept.rmdir()
        kept.write_bytes(scores)


def test_a_damaged_run_is_one_rows_fault(tmp_path, fixed):
    runs = nst.grid(nst.stylize, folder=tmp_path, seed=[0, 1, 2], init="noise", **fixed | {"steps": 1})
    damaged, replaced, whole = (run.folder.path for run in runs.runs)
    (damaged / "manifest.json").write_text("{")
    nst.save_image(replaced / "result.png", picture(36, 48))
    (whole / "scores.json").write_text("[1]")
    table = runs.table()
    assert list(table.state) == ["damaged", "done", "done"]
    assert np.isnan(table.content_distance[1])
    assert np.isfinite(table.content_distance[2])  # scored again
    assert runs.sheet(columns="seed").image.shape[1] > 0
