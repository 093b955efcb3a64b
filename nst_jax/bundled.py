"""What comes with the package, and needs no download: a network, style pictures of our own, and photographs."""

from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from .errors import ImageError

# Beside the package in a checkout, inside it once it is installed from a wheel.
DATA = next(
    (folder for folder in (Path(__file__).parent / "data", Path(__file__).parents[1] / "data") if folder.is_dir()),
    Path(__file__).parent / "data",
)
NETWORKS = {"vgg19-slim": DATA / "networks" / "vgg19-slim.safetensors"}

LICENCE = "MIT; attributions in data/networks/README.md"


@dataclass(frozen=True)
class Bundled:
    """A picture that comes with the package, or with scikit-image, whose data it is part of."""

    title: str
    file: str
    licence: str
    ours: bool = False

    @property
    def credit(self) -> str:
        return "drawn by this project" if self.ours else "from scikit-image's data"

    @property
    def path(self) -> Path:
        """Raises ImageError where it is missing from the installation."""
        folder = DATA / "styles" if self.ours else Path(find_spec("skimage").origin).parent / "data"
        path = folder / self.file
        if not path.is_file():
            raise ImageError(f"{path}: is missing from the installation; install nst_jax and scikit-image anew")
        return path


PHOTOS = {
    "astronaut": Bundled("An astronaut", "astronaut.png", "public domain (NASA)"),
    "coffee": Bundled("A cup of coffee", "coffee.png", "CC0"),
    "chelsea": Bundled("Chelsea, a cat", "chelsea.png", "CC0"),
    "rocket": Bundled("A rocket on its launch pad", "rocket.jpg", "public domain (SpaceX)"),
    "retina": Bundled("A human retina", "retina.jpg", "CC0"),
    "hubble_deep_field": Bundled("The Hubble eXtreme Deep Field", "hubble_deep_field.jpg", "public domain (NASA)"),
    "motorcycle": Bundled(
        "A motorcycle in a garage", "motorcycle_left.png", "Middlebury 2014 stereo benchmark, for research and teaching"
    ),
    "brick": Bundled("A brick wall, grey", "brick.png", "CC0"),
    "grass": Bundled("Grass, grey", "grass.png", "CC0"),
    "gravel": Bundled("Gravel, grey", "gravel.png", "CC0"),
}
STYLES = {
    "vortex": Bundled("Night with vortices: flowing brush strokes", "vortex.jpg", "MIT", ours=True),
    "dabs": Bundled("Evening at the water: dabs of broken colour", "dabs.jpg", "MIT", ours=True),
    "woodcut": Bundled("Sun and waves: a woodcut", "woodcut.jpg", "MIT", ours=True),
    "cutout": Bundled("Leaves and corals: cut painted paper", "cutout.jpg", "MIT", ours=True),
    "mosaic": Bundled("Fish: a mosaic of glass and gold", "mosaic.jpg", "MIT", ours=True),
    "hatching": Bundled("A street in ink hatching", "hatching.jpg", "MIT", ours=True),
}
PICTURES = PHOTOS | STYLES
