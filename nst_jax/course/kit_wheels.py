"""Wheels of this package and of all that it needs, for laptops of other systems: found by uv, brought by pip."""

import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from ..errors import DownloadError

PYTHONS = ("3.11", "3.12", "3.13")


class Platform(NamedTuple):
    """What wheels for a kind of laptop are called.

    Attributes:
        resolver: its name for uv, which finds what is needed there.
        tags: the platform tags of the wheels that fit it.
    """

    resolver: str
    tags: tuple[str, ...]


_MANYLINUX = tuple(f"manylinux_2_{n}_x86_64" for n in range(28, 16, -1))
PLATFORMS = {
    "linux": Platform("x86_64-manylinux_2_28", (*_MANYLINUX, "manylinux2014_x86_64", "linux_x86_64")),
    "macos": Platform("aarch64-apple-darwin", ("macosx_14_0_arm64", "macosx_14_0_universal2")),
    "windows": Platform("x86_64-pc-windows-msvc", ("win_amd64",)),
}


def own_wheel(project: Path, wheels: Path) -> None:
    """Build the wheel of a checkout, in the place of an earlier one.

    Raises:
        DownloadError: if pip cannot build it.
    """
    for old in wheels.glob("nst_jax-*.whl"):
        old.unlink()
    with TemporaryDirectory() as built:  # setuptools leaves its build folder beside what it builds
        source = Path(built, "source")
        copy_source(project, source)
        _run(["pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", str(wheels), str(source)], "this package")


def copy_source(project: Path, target: Path) -> None:
    """Copy what the package is built from."""
    for name in ("nst_jax", "data"):
        shutil.copytree(project / name, target / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(project / name, target / name)


def wheels_for(project: Path, wheels: Path, platform: Platform, python: str) -> None:
    """Bring the wheels that the package needs on a platform.

    Raises:
        DownloadError: if a wheel cannot be had.
    """
    with TemporaryDirectory() as place:
        pinned = Path(place, "pinned.txt")
        resolve = ["uv", "pip", "compile", "--quiet", "--extra", "notebook", "--no-annotate", "--no-header"]
        resolve += ["--python-platform", platform.resolver, "--python-version", python, "--only-binary", ":all:"]
        _run([*resolve, "--output-file", str(pinned), str(project / "pyproject.toml")], f"what Python {python} needs")
        tags = [option for tag in platform.tags for option in ("--platform", tag)]
        get = ["pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps", "--only-binary", ":all:"]
        get += ["--implementation", "cp", "--python-version", python, *tags, "--dest", str(wheels)]
        _run([*get, "--requirement", str(pinned)], f"wheels for {platform.resolver}, Python {python}")


def _run(module: list[str], what: str) -> None:
    done = subprocess.run([sys.executable, "-m", *module], capture_output=True, text=True)
    if done.returncode:
        lines = [line.removeprefix("ERROR: ").strip() for line in done.stderr.splitlines() if line.strip()]
        reason = lines[-1] if lines else "it says nothing"
        raise DownloadError(f"{what}: cannot be had by {module[0]} ({reason}); see to the connection and try again")
