"""Where the data that come with the package are."""

from pathlib import Path

# Beside the package in a checkout, inside it once it is installed from a wheel.
DATA = next(
    (folder for folder in (Path(__file__).parent / "data", Path(__file__).parents[1] / "data") if folder.is_dir()),
    Path(__file__).parent / "data",
)
