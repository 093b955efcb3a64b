"""The methods that make a picture of patches of a painting."""

from .analogies import image_analogy
from .method import Method
from .nearest_patches import nearest_patches
from .quilting_transfer import quilting_transfer
from .texture_transfer import texture_transfer

PATCHES = (
    Method(
        "quilting-transfer",
        quilting_transfer,
        2001,
        "Efros and Freeman, Image Quilting for Texture Synthesis and Transfer",
        "blocks of the painting that look like the photo, joined along the cheapest cuts",
        "needed",
    ),
    Method(
        "image-analogy",
        image_analogy,
        2001,
        "Hertzmann et al., Image Analogies",
        "each pixel copies the pixel of the painting with the most similar surroundings, or continues its neighbour's",
        "needed",
    ),
    Method(
        "nearest-patches",
        nearest_patches,
        2009,
        "Barnes et al., PatchMatch",
        "all patches of the photo vote for their nearest ones of the painting, from coarse to fine",
        "needed",
    ),
    Method(
        "texture-transfer",
        texture_transfer,
        2017,
        "Elad and Milanfar, Style-Transfer via Texture-Synthesis, arXiv 1609.03057",
        "large patches of the painting, joined by a robust mean and fused with the photo where it has content",
        "needed",
    ),
)
