"""What a run's folder holds is checked before it is used: every field and array, missing or of another kind."""

import json

import numpy as np
import pytest

import nst_jax as nst
from nst_jax.networks.formats import write_weights
from nst_jax.research.scores import row_of, side_by_side
from nst_jax.transfer.run import run
from nst_jax.transfer.run_folder import RunFolder
from tests.support.damage import WRONG, edited, fault_of, places
from tests.support.pictures import picture
from tests.support.weights import random_weights


@pytest.fixture(scope="module")
def interrupted(tmp_path_factory):
    """The folder of a run that was interrupted at its second scale."""
    folder = tmp_path_factory.mktemp("run")
    nst.save_image(folder / "photo.png", picture(40, 48))
    nst.save_image(folder / "painting.png", picture(48, 40, 1))
    weights = {name: array for name, array in random_weights().items() if name[:5] in ("prepr", "conv1")}
    write_weights(folder / "narrow.safetensors", weights, {})
    job = RunFolder(folder).begin(
        folder / "photo.png",
        folder / "painting.png",
        network=folder / "narrow.safetensors",
        size=48,
        scales=2,
        steps=3,
        content_layers="conv1_2",
        style_layers="conv1_1",
        optimizer="adam",
        normalize=False,
        save_every=2,
    )
    RunFolder(folder).follow(job)
    manifest = json.loads((folder / "manifest.json").read_text())
    (folder / "manifest.json").write_text(json.dumps(manifest | {"stopped": "interrupted"}))
    return folder


def test_a_manifest_with_a_field_that_is_missing_or_of_another_kind_gives_a_run_or_one_line(interrupted):
    path = interrupted / "manifest.json"
    whole = path.read_bytes()
    manifest = json.loads(whole)
    faults = []
    for place in places(manifest):
        for value in ((), *((wrong,) for wrong in WRONG)):
            path.write_text(json.dumps(edited(manifest, place, *value)))
            kept = RunFolder(interrupted)
            assert kept.state in ("begun", "damaged", "done", "diverged")
            assert row_of(kept)["state"] == kept.state
            faults += [fault_of(call) for call in (kept.reopen, lambda: side_by_side([interrupted]))]
    path.write_bytes(whole)
    assert all(len(fault.splitlines()) <= 1 for fault in faults)
    assert sum(fault != "" for fault in faults) > 200


def test_a_checkpoint_with_an_array_that_is_missing_or_of_another_kind_is_refused(interrupted):
    job = RunFolder(interrupted).reopen()
    checkpoint = next(snapshot for snapshot in run(job, every=1) if snapshot.scale == 1).checkpoint()
    resumed = list(run(job, resume=checkpoint))
    assert resumed[-1].scale == 1
    for name, array in checkpoint.items():
        if name == "version":  # it is only reported
            continue
        others = (np.stack([array, array]), array.astype(str), np.asarray([]), np.asarray({}, dtype=object))
        rest = {key: each for key, each in checkpoint.items() if key != name}
        for wrong in (rest, *(rest | {name: other} for other in others)):
            with pytest.raises(nst.RunError, match="checkpoint") as caught:
                list(run(job, resume=wrong))
            assert len(str(caught.value).splitlines()) == 1
    for scale in (-1, 2, 10**9):
        with pytest.raises(nst.RunError, match="is of another run, or damaged"):
            list(run(job, resume=checkpoint | {"scale": np.asarray(scale)}))


@pytest.mark.parametrize("content", [b"", b"PK\3\4", b"\x93NUMPY", b"\x80\4N.", bytes(200)])
def test_a_file_that_is_no_checkpoint_is_one_line(interrupted, content):
    path = interrupted / "checkpoint.npz"
    path.write_bytes(content)
    with pytest.raises(nst.RunError, match=r"checkpoint\.npz: cannot be read .*; delete it") as caught:
        _ = RunFolder(interrupted).checkpoint
    assert len(str(caught.value).splitlines()) == 1
    path.unlink()


def test_a_checkpoint_cut_anywhere_is_one_line(interrupted):
    job = RunFolder(interrupted).reopen()
    path = interrupted / "checkpoint.npz"
    np.savez(path, **next(run(job, every=1)).checkpoint())
    data = path.read_bytes()
    for end in range(0, len(data), 1024):
        path.write_bytes(data[:end])
        with pytest.raises(nst.RunError, match="cannot be read"):
            _ = RunFolder(interrupted).checkpoint
    path.unlink()
