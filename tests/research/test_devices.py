"""Grids elsewhere: on several devices of one machine, and by submitit, whose jobs are preempted and resume."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

import nst_jax as nst
from nst_jax.files import read_arrays
from nst_jax.networks.formats import write_weights
from tests.support.pictures import picture
from tests.support.weights import random_weights

ROOT = Path(__file__).parents[2]
GUIDE = ROOT / "docs" / "guides" / "cluster.md"
LAYERS = {"content_layers": ("conv2_2",), "style_layers": ("conv1_1", "conv2_1")}
PROGRAM = """
import json, sys, threading
import jax.numpy as jnp
import nst_jax as nst

fixed = {name: tuple(v) if isinstance(v, list) else v for name, v in json.loads(sys.argv[1]).items()}
meeting = threading.Barrier(2)  # where two runs wait for each other: so they run at the same time

def where(seed, **fixed):
    meeting.wait(60)
    result = nst.stylize(**fixed, seed=seed)
    (device,) = jnp.zeros(()).devices()
    seen.append(device.id)
    return result

seen = []
runs = nst.grid(where, folder=sys.argv[2], executor=nst.device_executor(2), seed=[0, 1, 2, 3], init="noise", **fixed)
print(json.dumps({"devices": sorted(seen), "states": list(runs.table().state)}))
"""


@pytest.fixture(scope="module")
def fixed(tmp_path_factory):
    folder = tmp_path_factory.mktemp("files")
    nst.save_image(folder / "photo.png", picture(36, 48))
    nst.save_image(folder / "painting.png", picture(40, 30, 1))
    weights = {name: array for name, array in random_weights().items() if name[:5] in ("prepr", "conv1", "conv2")}
    write_weights(folder / "narrow.safetensors", weights, {})
    names = {"content": "photo.png", "style": "painting.png", "network": "narrow.safetensors"}
    return {name: str(folder / file) for name, file in names.items()} | {"size": 48, "steps": 5, **LAYERS}


def test_runs_are_spread_over_the_devices_of_the_machine(fixed, tmp_path):
    flags = {"XLA_FLAGS": "--xla_force_host_platform_device_count=2", "PYTHONPATH": str(ROOT)}
    program = [sys.executable, "-c", PROGRAM, json.dumps(fixed), str(tmp_path / "runs")]
    done = subprocess.run(program, env=os.environ | flags, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.splitlines()[-1]) == {"devices": [0, 0, 1, 1], "states": ["done"] * 4}


def test_more_devices_than_there_are_are_refused():
    with pytest.raises(nst.SettingError, match="devices=2: JAX sees 1 device here"):
        nst.device_executor(2)
    with pytest.raises(nst.SettingError, match="devices=0"):
        nst.device_executor(0)


def test_a_job_of_submitit_that_is_preempted_resumes(fixed, tmp_path):
    submitit = pytest.importorskip("submitit", reason="submitit is not installed")
    if not Path("/proc/self/task").exists():
        pytest.skip("finds submitit's process as Linux lists it")
    executor = submitit.LocalExecutor(folder=tmp_path / "jobs")
    executor.update_parameters(timeout_min=60)
    before = {}

    class Preempting:
        """submitit's executor, whose first job is told to leave as soon as it has a checkpoint."""

        def submit(self, function, /, *arguments):
            job = executor.submit(function, *arguments)
            checkpoint = arguments[1] / "checkpoint.npz"
            while not checkpoint.exists():
                assert not job.done(), job.stderr()
                time.sleep(0.02)
            before.update(read_arrays(checkpoint, "scale"))
            (task,) = Path(f"/proc/{job.job_id}/task/{job.job_id}/children").read_text().split()
            os.kill(int(task), signal.SIGUSR2)  # what submitit asks Slurm to send before it takes a node away
            return job

    axes = {**fixed, "scales": 2, "steps": [(4, 2000)], "optimizer": "adam"}
    runs = nst.grid(nst.stylize, folder=tmp_path / "runs", executor=Preempting(), **axes)
    assert list(runs.table().state) == ["done"]
    folder = runs[0].folder.path
    assert "this job is preempted" in next((tmp_path / "jobs").glob("*_log.err")).read_text()
    seconds = np.loadtxt(folder / "seconds.csv", skiprows=1, delimiter=",", ndmin=2)
    assert runs[0].folder.manifest["evaluations"] == 2004
    kept = before["losses/seconds"]  # of the process that was sent away
    np.testing.assert_allclose(kept, seconds[: len(kept), -1], rtol=1e-3)


def test_the_array_job_of_the_guide_makes_each_run_once(tmp_path):
    """`sweep.py`, with three seeds for thirty: two tasks, then a call without a number, which makes the third's."""
    (program,) = (block for block in GUIDE.read_text().split("```python\n") if "SLURM_ARRAY_TASK_ID" in block)
    (tmp_path / "sweep.py").write_text(program.split("```")[0].replace("range(30)", "range(3)"))

    def called(task: str | None) -> tuple[str, dict[str, int]]:
        env = {name: value for name, value in os.environ.items() if name != "SLURM_ARRAY_TASK_ID"}
        env |= {"PYTHONPATH": str(ROOT)} | ({} if task is None else {"SLURM_ARRAY_TASK_ID": task})
        done = subprocess.run([sys.executable, "sweep.py"], cwd=tmp_path, env=env, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return done.stdout, {path.parent.name: path.stat().st_mtime_ns for path in tmp_path.glob("runs/*/result.png")}

    first, one = called("0")
    _, two = called("2")
    table, three = called(None)
    assert len(first.splitlines()) == 2
    assert len(table.splitlines()) == 4
    assert len(three) == 3
    assert one.items() <= two.items() <= three.items()
