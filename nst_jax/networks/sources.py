"""Where networks come from: those that come with the package, and published files of weights."""

from dataclasses import dataclass

from ..bundle import DATA

NETWORKS = {"vgg19-slim": DATA / "networks" / "vgg19-slim.safetensors"}
LICENCE = "MIT; attributions in data/networks/README.md"


@dataclass(frozen=True)
class Source:
    """A published file of weights.

    Attributes:
        url: where it is downloaded from.
        filename: what it is called there.
        hash: "sha256:…" or "md5:…".
        bytes: its size.
        licence: under which it is published.
    """

    url: str
    filename: str
    hash: str
    bytes: int
    licence: str


SOURCES = {
    "vgg19": Source(
        url="https://storage.googleapis.com/tensorflow/keras-applications/vgg19/"
        "vgg19_weights_tf_dim_ordering_tf_kernels_notop.h5",
        filename="vgg19_weights_tf_dim_ordering_tf_kernels_notop.h5",
        hash="md5:253f8cb515780f3b799900260a226db6",
        bytes=80_134_624,
        licence="Creative Commons Attribution 4.0; Visual Geometry Group, University of Oxford",
    ),
    "vgg19-torchvision": Source(
        url="https://huggingface.co/timm/vgg19.tv_in1k/resolve/128d4708565b3a414bcbb9bbad440b2fe37b9f18/model.safetensors",
        filename="vgg19.tv_in1k.safetensors",
        hash="sha256:11aea017b543ff59233749d8f1cf544cda749378f5790d2fedab841fb86b7669",
        bytes=575_000_000,
        licence="BSD 3-Clause; torchvision",
    ),
}
