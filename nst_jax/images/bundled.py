"""Pictures that need no download: style pictures of our own, and photographs in scikit-image's data."""

from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from ..bundle import DATA
from ..errors import ImageError


@dataclass(frozen=True)
class BundledPicture:
    """A picture that comes with the package, or with scikit-image.

    Attributes:
        title: what it shows.
        file: its name in the data folder.
        licence: under which it is published.
        ours: whether this project drew it.
    """

    title: str
    file: str
    licence: str
    ours: bool = False

    @property
    def credit(self) -> str:
        """Who made it."""
        return "drawn by this project" if self.ours else "from scikit-image's data"

    @property
    def path(self) -> Path:
        """The file.

        Raises:
            ImageError: if it is missing from the installation.
        """
        path = (DATA / "styles" if self.ours else _skimage_data()) / self.file
        if not path.is_file():
            raise ImageError(f"{path}: is missing from the installation; install nst_jax and scikit-image again")
        return path


def _skimage_data() -> Path:
    found = find_spec("skimage")
    if found is None or found.origin is None:
        raise ImageError("scikit-image, whose data hold the photographs, is not installed; pip install scikit-image")
    return Path(found.origin).parent / "data"


PHOTOS = {
    "astronaut": BundledPicture("An astronaut", "astronaut.png", "public domain (NASA)"),
    "coffee": BundledPicture("A cup of coffee", "coffee.png", "CC0"),
    "chelsea": BundledPicture("Chelsea, a cat", "chelsea.png", "CC0"),
    "rocket": BundledPicture("A rocket on its launch pad", "rocket.jpg", "public domain (SpaceX)"),
    "retina": BundledPicture("A human retina", "retina.jpg", "CC0"),
    "hubble_deep_field": BundledPicture(
        "The Hubble eXtreme Deep Field", "hubble_deep_field.jpg", "public domain (NASA)"
    ),
    "motorcycle": BundledPicture(
        "A motorcycle in a garage", "motorcycle_left.png", "Middlebury 2014 stereo benchmark, for research and teaching"
    ),
    "brick": BundledPicture("A brick wall, grey", "brick.png", "CC0"),
    "grass": BundledPicture("Grass, grey", "grass.png", "CC0"),
    "gravel": BundledPicture("Gravel, grey", "gravel.png", "CC0"),
}
STYLES = {
    "vortex": BundledPicture("Night with vortices: flowing brush strokes", "vortex.jpg", "MIT", ours=True),
    "dabs": BundledPicture("Evening at the water: dabs of broken colour", "dabs.jpg", "MIT", ours=True),
    "woodcut": BundledPicture("Sun and waves: a woodcut", "woodcut.jpg", "MIT", ours=True),
    "cutout": BundledPicture("Leaves and corals: cut painted paper", "cutout.jpg", "MIT", ours=True),
    "mosaic": BundledPicture("Fish: a mosaic of glass and gold", "mosaic.jpg", "MIT", ours=True),
    "hatching": BundledPicture("A street in ink hatching", "hatching.jpg", "MIT", ours=True),
}
BUNDLED = PHOTOS | STYLES
