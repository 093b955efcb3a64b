"""What is installed with what: the core without the extras, and dependencies stated once."""

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import nst_jax as nst

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def without(packages, program):
    """Run a program where these packages cannot be imported."""
    block = f"import sys; sys.modules.update(dict.fromkeys({packages!r}))\n"
    return subprocess.run([sys.executable, "-c", block + program], capture_output=True, text=True, cwd=ROOT)


@pytest.mark.parametrize(
    ("command", "ending"),
    [
        (["stylize", "--steps", "2"], "png"),
        (["paint"], "png"),
        (["history", "hertzmann", "chelsea"], "png"),
        (["video", "pan", "--steps", "2", "--warm-steps", "1", "--frames", ":4"], "gif"),
    ],
    ids=lambda each: each[0] if isinstance(each, list) else each,
)
def test_a_picture_is_made_without_the_extras(tmp_path, command, ending):
    """By the command line, with the core's dependencies alone."""
    extras = ["pandas", "matplotlib", "h5py", "ipywidgets", "anywidget", "scipy.stats", "torch", "av", "cv2"]
    out = tmp_path / f"x.{ending}"
    arguments = [*command, "-o", str(out), "--size", "32"]
    done = without(extras, f"from nst_jax.cli.main import main; sys.exit(main({arguments}))")
    assert done.returncode == 0, done.stderr
    assert nst.load_image(out).shape[1] == 32


@pytest.mark.parametrize(
    ("package", "program", "message"),
    [
        ("pandas", "nst_jax.grid", 'grids, tables and figures need pandas; run pip install "nst_jax[research]"'),
        ("ipywidgets", "nst_jax.form('coffee', 'vortex')", 'run pip install "nst_jax[notebook]"'),
        ("anywidget", "nst_jax.paint_mask('coffee')", 'needs anywidget; run pip install "nst_jax[notebook]"'),
        (
            "av",
            "import numpy; nst_jax.write_clip('x.mp4', [numpy.zeros((8, 8, 3), 'f4')], 10)",
            'video files need PyAV; run pip install "nst_jax[video]"',
        ),
    ],
)
def test_what_needs_an_extra_names_it(package, program, message):
    done = without(
        [package], f"import nst_jax\ntry:\n    {program}\nexcept nst_jax.NSTError as error:\n    print(error)"
    )
    assert message in done.stdout, done.stderr


def test_dependencies_are_stated_once():
    lines = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if line and not line.startswith("#")] == ["-e ."]
    stated = [*PROJECT["project"]["dependencies"]]
    stated += [each for extra in PROJECT["project"]["optional-dependencies"].values() for each in extra]
    names = [line.split("[")[0].split(">")[0].split("=")[0] for line in stated if not line.startswith("nst_jax")]
    assert len(set(names)) == len(names)


def test_every_file_of_the_package_is_in_the_wheel():
    setuptools = PROJECT["tool"]["setuptools"]
    patterns = setuptools["package-data"]["*"]
    for path in (ROOT / "nst_jax").rglob("*"):
        if path.is_file() and path.suffix != ".pyc":
            assert ".".join(path.relative_to(ROOT).parent.parts) in setuptools["packages"], path
            assert path.suffix == ".py" or any(path.match(pattern) for pattern in patterns), path


def test_the_version_has_one_source():
    assert PROJECT["project"]["dynamic"] == ["version"]
    assert "version" not in PROJECT["project"]
    assert PROJECT["tool"]["setuptools"]["dynamic"]["version"] == {"attr": "nst_jax.__version__"}
    assert f"## {nst.__version__}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert "\nversion:" not in (ROOT / "CITATION.cff").read_text(encoding="utf-8")
