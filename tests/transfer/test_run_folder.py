"""Runs in folders: killed at any moment and resumed, they end in the bytes of one that was left alone."""

import json
import os
import signal
import subprocess
import sys
import time

import numpy as np
import pytest
from filelock import FileLock

import nst_jax as nst
from nst_jax.files import write_arrays
from nst_jax.networks.formats import write_weights
from nst_jax.transfer import run as running
from nst_jax.transfer import run_folder
from nst_jax.transfer.run_folder import UNFINISHED, RunFolder
from tests.support.pictures import picture
from tests.support.weights import random_weights

SETTINGS = ["--size", "256", "--steps", "40", "60", "--scales", "2", "--tv", "1", "--save-every", "20"]
LAYERS = ["--content-layers", "conv2_2", "--style-layers", "conv1_1", "conv2_1=0.5"]


@pytest.fixture(scope="module")
def material(tmp_path_factory):
    """A folder with a photo, a painting and a narrow network, in files."""
    folder = tmp_path_factory.mktemp("material")
    nst.save_image(folder / "photo.png", picture(96, 128))
    nst.save_image(folder / "painting.png", picture(120, 100, 1))
    weights = {name: array for name, array in random_weights().items() if name[:5] in ("prepr", "conv1", "conv2")}
    write_weights(folder / "narrow.safetensors", weights, {})
    return folder


def command(material, folder, *more):
    pictures = [str(material / "photo.png"), str(material / "painting.png")]
    network = ["--network", str(material / "narrow.safetensors")]
    run = ["--run", str(folder), "--checkpoint-every", "0.05"]
    return [sys.executable, "-m", "nst_jax", "stylize", *pictures, *network, *run, *SETTINGS, *LAYERS, *more]


def resume_command(folder):
    return [sys.executable, "-m", "nst_jax", "resume", str(folder)]


def call(arguments, status=0):
    done = subprocess.run(arguments, capture_output=True, text=True, timeout=300)
    assert done.returncode == status, done.stderr
    return done


def outcome(folder):
    """Name → bytes of everything that is to be the same."""
    pictures = sorted((folder / "pictures").iterdir())
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in (folder / "result.png", folder / "losses.csv", *pictures)
    }


@pytest.fixture(scope="module")
def undisturbed(material, tmp_path_factory):
    folder = tmp_path_factory.mktemp("undisturbed") / "run"
    call(command(material, folder, "-o", str(folder.parent / "out.jpg")))
    return folder


def test_everything_of_a_run_is_in_its_folder(undisturbed):
    assert {path.name for path in undisturbed.iterdir()} == {
        "result.png", "losses.csv", "seconds.csv", "manifest.json", "pictures",
    }  # fmt: skip
    assert [path.name for path in sorted((undisturbed / "pictures").iterdir())] == [
        "128px-00020.png", "128px-00040.png", "256px-00020.png", "256px-00040.png", "256px-00060.png",
    ]  # fmt: skip
    manifest = json.loads((undisturbed / "manifest.json").read_text())
    assert manifest["stopped"] == ""
    assert manifest["evaluations"] == 100
    assert manifest["settings"]["style_layers"] == {"conv1_1": 1.0, "conv2_1": 0.5}
    assert (undisturbed / "result.png").read_bytes() == (undisturbed / "pictures" / "256px-00060.png").read_bytes()
    assert (
        np.abs(nst.load_image(undisturbed.parent / "out.jpg") - nst.load_image(undisturbed / "result.png")).mean()
        < 0.02
    )


def test_the_same_command_gives_the_same_bytes(material, undisturbed, tmp_path):
    call(command(material, tmp_path / "run"))
    assert outcome(tmp_path / "run") == outcome(undisturbed)


def at_start(folder):
    return (folder / "manifest.json").exists()


def at_the_first_checkpoint(folder):
    return (folder / "checkpoint.npz").exists()


def in_the_second_scale(folder):
    return (folder / "pictures" / "256px-00020.png").exists()


def while_a_checkpoint_is_written(folder):
    """A new checkpoint is half there beside the old one."""
    return (folder / "checkpoint.npz").exists() and any(folder.glob(".checkpoint.npz.*.part"))


@pytest.mark.parametrize(
    "moments",
    [[at_start], [at_the_first_checkpoint, in_the_second_scale], [while_a_checkpoint_is_written]],
    ids=lambda moments: ", ".join(moment.__name__ for moment in moments),
)
def test_a_run_that_is_killed_and_resumed_ends_in_the_same_bytes(material, undisturbed, tmp_path, moments):
    folder, arguments = tmp_path / "run", command(material, tmp_path / "run")
    for moment in moments:
        process = subprocess.Popen(arguments, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + 120
        while not moment(folder):
            assert process.poll() is None, "the run ended before the moment came"
            assert time.monotonic() < deadline
            time.sleep(0.0005)
        process.send_signal(signal.SIGKILL)
        process.wait()
        assert json.loads((folder / "manifest.json").read_text())["stopped"] == UNFINISHED
        if moment is while_a_checkpoint_is_written:
            assert any(folder.glob(".checkpoint.npz.*.part")), "the checkpoint was whole before the kill"
        arguments = resume_command(folder)
    call(arguments)
    assert outcome(folder) == outcome(undisturbed)
    assert not list(folder.rglob(".*.part"))
    assert not (folder / "checkpoint.npz").exists()


def test_ctrl_c_leaves_a_picture_and_a_run_that_goes_on(material, undisturbed, tmp_path):
    folder, out = tmp_path / "run", tmp_path / "out.png"
    process = subprocess.Popen(command(material, folder, "-o", str(out)), stderr=subprocess.PIPE, text=True)
    while not in_the_second_scale(folder):
        assert process.poll() is None
        time.sleep(0.001)
    process.send_signal(signal.SIGINT)
    error = process.communicate(timeout=60)[1]
    assert process.returncode == 130
    assert f"interrupted before its end; resume it with: python -m nst_jax resume {folder}" in error
    assert json.loads((folder / "manifest.json").read_text())["stopped"] == "interrupted"
    assert out.read_bytes() == (folder / "result.png").read_bytes()
    call(resume_command(folder))
    assert outcome(folder) == outcome(undisturbed)
    assert out.read_bytes() == (undisturbed / "result.png").read_bytes()


def refused(folder, message):
    done = call(resume_command(folder), status=2)
    assert message in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_what_cannot_be_resumed_is_named(material, undisturbed, tmp_path):
    refused(undisturbed, "this run is finished; its picture is")
    refused(tmp_path, "holds no run (manifest.json is missing); start one with stylize --run")
    again = call(command(material, undisturbed), status=2)
    assert "holds a run already; resume it, or choose another folder" in again.stderr


@pytest.fixture
def unfinished(material, tmp_path):
    """A run that has only begun, of a photo of its own."""
    photo = tmp_path / "photo.png"
    photo.write_bytes((material / "photo.png").read_bytes())
    layers = {"content_layers": ["conv1_1"], "style_layers": ["conv1_1"]}
    network = str(material / "narrow.safetensors")
    RunFolder(tmp_path / "run").begin(photo, material / "painting.png", network=network, size=64, steps=2, **layers)
    return tmp_path / "run", photo


def test_changed_inputs_are_noticed(unfinished):
    folder, photo = unfinished
    nst.save_image(photo, picture(96, 128, 9))
    with pytest.raises(nst.RunError, match=r"photo\.png: is not the content that the run was started with"):
        RunFolder(folder).reopen()
    photo.unlink()
    with pytest.raises(nst.ImageError, match=r"photo\.png: no such file"):
        RunFolder(folder).reopen()


def test_a_damaged_manifest_or_checkpoint_is_named(unfinished):
    folder, _ = unfinished
    job = RunFolder(folder).reopen()
    (folder / "checkpoint.npz").write_bytes(b"PK\3\4 half")
    with pytest.raises(nst.RunError, match=r"checkpoint\.npz: cannot be read .* delete it to start this run"):
        RunFolder(folder).follow(job)
    for checkpoint in (b"", b"\x93NUMPY"):
        (folder / "checkpoint.npz").write_bytes(checkpoint)
        with pytest.raises(nst.RunError, match=r"checkpoint\.npz: cannot be read"):
            RunFolder(folder).follow(job)
    for manifest in ("{", "{}", "[]", "null", "3"):
        (folder / "manifest.json").write_text(manifest)
        with pytest.raises(nst.RunError, match=r"manifest\.json: cannot be read"):
            RunFolder(folder).reopen()


def test_a_run_resumes_without_the_facts_of_its_pictures(unfinished):
    folder, _ = unfinished
    manifest = json.loads((folder / "manifest.json").read_text())
    for each in manifest["inputs"].values():
        each.pop("shape", None)
    (folder / "manifest.json").write_text(json.dumps(manifest))
    assert RunFolder(folder).follow(RunFolder(folder).reopen()).evaluations == 2


def test_a_run_that_ends_badly_at_the_very_end_can_still_be_finished(unfinished, monkeypatch, tmp_path):
    """Stopped while the result is written: nothing that the manifest asked for is forgotten."""
    folder, _ = unfinished
    manifest = json.loads((folder / "manifest.json").read_text())
    (folder / "manifest.json").write_text(json.dumps(manifest | {"out": str(tmp_path / "out.png"), "save_every": 1}))

    def killed(*args):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("nst_jax.transfer.run_folder.write_manifest", killed)
        patch.setattr("nst_jax.transfer.result.write_manifest", killed)
        with pytest.raises(KeyboardInterrupt):
            RunFolder(folder).follow(RunFolder(folder).reopen())
    (tmp_path / "out.png").unlink()
    RunFolder(folder).follow(RunFolder(folder).reopen())
    assert (tmp_path / "out.png").read_bytes() == (folder / "result.png").read_bytes()
    finished = json.loads((folder / "manifest.json").read_text())
    assert (finished["stopped"], finished["save_every"]) == ("", 1)
    assert finished["began_with"] == manifest["began_with"]


def test_a_checkpoint_of_a_run_that_is_gone_is_not_taken_up(unfinished, material):
    folder, photo = unfinished
    job = RunFolder(folder).reopen()
    fresh = RunFolder(folder).follow(job)
    (folder / "checkpoint.npz").write_bytes(b"of another run")
    (folder / "manifest.json").unlink()
    settings = {"network": str(material / "narrow.safetensors"), "size": 64, "steps": 2}
    layers = {"content_layers": ["conv1_1"], "style_layers": ["conv1_1"]}
    job = RunFolder(folder).begin(photo, material / "painting.png", **settings, **layers)
    again = RunFolder(folder).follow(job)
    np.testing.assert_array_equal(again.image, fresh.image)


def test_another_process_on_the_same_folder_is_refused(unfinished):
    folder, _ = unfinished
    kept = RunFolder(folder)
    job = kept.reopen()
    with FileLock(folder / ".lock"), pytest.raises(nst.RunError, match="another process works on this run"):
        kept.follow(job)
    kept.follow(job)
    assert not (folder / ".lock").exists()
    with pytest.raises(nst.RunError, match="this run is finished"):
        kept.follow(job)


def test_a_checkpoint_of_another_run_is_not_taken_up(unfinished):
    """Of another style, say: its arrays have the same names and shapes."""
    folder, _ = unfinished
    checkpoint = next(running.run(RunFolder(folder).reopen(), every=1)).checkpoint()
    path = folder / "checkpoint.npz"
    write_arrays(path, checkpoint | {"run": np.asarray(RunFolder(folder).manifest.get("run"))})
    assert RunFolder(folder).checkpoint is not None
    for other in (checkpoint, checkpoint | {"run": np.asarray("0123456789abcdef")}):
        write_arrays(path, other)
        with pytest.raises(nst.RunError, match=r"checkpoint\.npz: is of another run; delete it to start"):
            RunFolder(folder).follow(RunFolder(folder).reopen())


def test_only_the_runs_own_rests_are_swept_away(unfinished):
    folder, _ = unfinished
    ours, others = folder / ".checkpoint.npz.0123abcd.part", folder / "sub" / ".mine.part"
    others.parent.mkdir()
    for path in (ours, others):
        path.write_text("half")
    RunFolder(folder).follow(RunFolder(folder).reopen())
    assert others.exists()
    assert not ours.exists()


def test_settings_that_are_refused_leave_no_run_behind(material, tmp_path):
    for wrong in (["--alpha", "0", "--beta", "0", "--tv", "0"], ["--content-layers", "conv1_1=-1"]):
        call([*command(material, tmp_path / "run"), *wrong], status=2)
        assert not (tmp_path / "run").exists()


def test_results_of_arrays_say_that_they_cannot_be_resumed(tmp_path):
    shallow = {"content_layers": ["conv1_1"], "style_layers": ["conv1_1"], "network": nst.VGG19(random_weights())}
    result = nst.stylize(picture(40, 40), picture(40, 40, 1), size=40, steps=1, **shallow)
    result.save(tmp_path)
    manifest = json.loads((tmp_path / "manifest.json").read_text())
    (tmp_path / "manifest.json").write_text(json.dumps(manifest | {"stopped": "interrupted"}))
    with pytest.raises(nst.RunError, match="was made from arrays, which are not kept"):
        RunFolder(tmp_path).reopen()


def test_pictures_without_a_file_cannot_be_kept_in_a_run(tmp_path, material):
    with pytest.raises(nst.SettingError, match="give content by its name"):
        RunFolder(tmp_path).begin(
            picture(40, 40), material / "painting.png", network=str(material / "narrow.safetensors"),
            content_layers=["conv1_1"], style_layers=["conv1_1"],
        )  # fmt: skip


def test_a_diverged_run_keeps_its_last_good_picture(unfinished, monkeypatch):
    folder, _ = unfinished
    job = RunFolder(folder).reopen()
    import dataclasses

    steps, descent = (50,) * len(job.sizes), nst.gradient_descent(1e30)
    plan = tuple(dataclasses.replace(each, optimizer=descent) for each in job.plan)
    wild = dataclasses.replace(job, plan=plan, steps=steps)
    with pytest.raises(nst.DivergedError):
        RunFolder(folder).follow(wild)
    assert np.isfinite(nst.load_image(folder / "result.png")).all()
    assert "not finite" in json.loads((folder / "manifest.json").read_text())["stopped"]


def test_the_folder_may_be_one_that_cannot_be_written(material, tmp_path):
    (tmp_path / "file").write_text("")
    done = call(command(material, tmp_path / "file" / "run"), status=2)
    assert "cannot be written" in done.stderr
    assert os.listdir(tmp_path) == ["file"]


@pytest.mark.parametrize("kept", [False, True])
def test_ctrl_c_pressed_again_and_again_still_leaves_the_picture(material, tmp_path, kept):
    out = tmp_path / "out.png"
    arguments = command(material, tmp_path / "run", "-o", str(out), "--steps", "40", "100000")
    if not kept:
        i = arguments.index("--run")
        arguments = [*arguments[:i], *arguments[i + 4 :]]
        arguments.remove("--save-every")
        arguments.remove("20")
    process = subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout is not None
    while "estimate" not in process.stdout.readline():  # the run begins
        assert process.poll() is None
    time.sleep(0.5)
    for _ in range(20):
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
        time.sleep(0.02)
    error = process.communicate(timeout=60)[1]
    assert process.returncode == 130, error
    assert error.count("stopping after this evaluation") >= 1
    assert "Traceback" not in error
    assert nst.load_image(out).shape in ((96, 128, 3), (192, 256, 3))  # of the scale that it had reached


def test_in_a_kernel_an_interrupted_cell_ends_with_its_result_kept(unfinished, monkeypatch):
    """So that the cells queued behind it do not run."""

    class Kernel:
        class IPKernelApp:
            initialized = staticmethod(lambda: True)

    folder, _ = unfinished
    real = run_folder.run

    def interrupted_at_once(*args, **how):
        for snapshot in real(*args, **how):
            os.kill(os.getpid(), signal.SIGINT)
            yield snapshot

    job = RunFolder(folder).reopen()
    monkeypatch.setitem(sys.modules, "ipykernel.kernelapp", Kernel)
    monkeypatch.setattr(run_folder, "run", interrupted_at_once)
    monkeypatch.setattr(run_folder, "ended", lambda job, snapshot: False)  # however fast its few evaluations are
    with pytest.raises(nst.Interrupted, match=r"the picture so far is kept as sys\.last_value\.result") as caught:
        RunFolder(folder).follow(job)
    assert caught.value.result.stopped == "interrupted"
    assert (folder / "result.png").exists()
