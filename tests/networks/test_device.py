"""Flags of JAX's that a user may have set: each works, or is one line."""

import os
import subprocess
import sys
from contextlib import nullcontext

import jax
import numpy as np
import pytest

import nst_jax as nst
from tests.support.pictures import picture
from tests.support.precision import double_precision
from tests.support.weights import random_weights

FLAGS = {
    "64 bits": double_precision,
    "checks of NaN": lambda: jax.debug_nans(True),
    "checks of infinity": lambda: jax.debug_infs(True),
    "not compiled": jax.disable_jit,
    "strict promotion of types": lambda: jax.numpy_dtype_promotion("strict"),
    "no promotion of ranks": lambda: jax.numpy_rank_promotion("raise"),
}


def made(tmp_path, context):
    """A picture, of a network that is read from its file, made within a context."""
    weights = {name: array for name, array in random_weights().items() if name[:5] in ("prepr", "conv1")}
    from nst_jax.networks.formats import write_weights

    write_weights(tmp_path / "a.safetensors", weights, {})
    with context:
        return nst.stylize(
            picture(20, 24), picture(24, 20, 1), network=tmp_path / "a.safetensors", size=24, scales=1, steps=3,
            content_layers="conv1_2", style_layers="conv1_1",
        )  # fmt: skip


@pytest.fixture(scope="module")
def plain(tmp_path_factory):
    return made(tmp_path_factory.mktemp("plain"), nullcontext())


@pytest.mark.parametrize("flag", FLAGS)
def test_a_flag_changes_nothing(tmp_path, plain, flag):
    found = made(tmp_path, FLAGS[flag]())
    assert found.image.dtype == np.float32
    np.testing.assert_array_equal(found.image, plain.image)


def test_who_consumes_a_run_keeps_the_flags(tmp_path):
    from nst_jax.transfer.job import prepare
    from nst_jax.transfer.run import run

    job = prepare(
        picture(20, 24), picture(24, 20, 1), network=nst.VGG19(random_weights()), size=24, scales=1, steps=2,
        content_layers="conv1_2", style_layers="conv1_1", normalize=False,
    )  # fmt: skip
    with double_precision():
        for _ in run(job, every=1):
            assert jax.numpy.ones(1).dtype == np.float64


def call(*arguments, **environment):
    command = [sys.executable, "-m", "nst_jax", *arguments]
    return subprocess.run(command, capture_output=True, text=True, env=os.environ | environment, timeout=300)


@pytest.mark.parametrize(
    ("flag", "value"), [("JAX_PLATFORMS", "nonsense"), ("JAX_ENABLE_X64", "maybe"), ("JAX_DEFAULT_DEVICE", "nonsense")]
)
def test_a_flag_that_jax_does_not_take_is_one_line(tmp_path, flag, value):
    done = call("stylize", "-o", str(tmp_path / "a.png"), "--size", "32", "--steps", "1", **{flag: value})
    assert done.returncode == 2, done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert done.stderr.startswith("nst_jax: JAX does not start (")
    assert f"{flag}={value}" in done.stderr


@pytest.mark.parametrize(("flag", "value"), [("JAX_PLATFORMS", "nonsense"), ("XLA_FLAGS", "--nonsense=1")])
def test_the_doctor_says_why_jax_does_not_start(flag, value):
    done = call("doctor", **{flag: value})
    assert done.returncode == 2, done.stderr
    assert f"{flag}={value}" in done.stdout
    (fault,) = [line for line in done.stdout.splitlines() if line.startswith("FAULT")]
    assert "JAX does not start: " in fault
    assert "nonsense" in fault.split("; the flags are")[0]
