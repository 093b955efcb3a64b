"""The methods of the history by name, one line or two each; a module is imported when its method is needed."""

from ..errors import SettingError
from .method import Method

METHODS: dict[str, Method] = {
    each.name: each
    for each in (
        Method("haeberli", "dabs:haeberli", 1990, "Haeberli, Paint by Numbers: Abstract Image Representations",
               "dabs at random places, each of the photo's colour there, lying along its edges", "none", "strokes"),
        Method("litwinowicz", "litwinowicz:litwinowicz", 1997, "Litwinowicz, Processing Images and Video",
               "short strokes everywhere, in random order, clipped at edges", "none", "strokes"),
        Method("hertzmann", "hertzmann:hertzmann", 1998, "Hertzmann, Painterly Rendering with Curved Brush Strokes",
               "curved strokes, large to small, where the canvas differs from the photo", "optional", "strokes"),
        Method("mosaic", "mosaic:mosaic", 2001, "after Hausner, Simulating Decorative Mosaics",
               "square pieces of one colour, in rows along the outlines, with grout between", "none", "strokes"),
        Method("stippling", "stippling:stippling", 2002, "Secord, Weighted Voronoi Stippling",
               "equal dots in the middles of equally dark regions", "none", "strokes"),
        Method("hatching", "hatching:hatching", 1994, "after Winkenbach and Salesin, Pen-and-Ink Illustration",
               "pen strokes along the forms, closer and crossed where it is darker", "none", "strokes"),
        Method("cartoon", "cartoon:cartoon", 2006, "Winnemöller, Olsen and Gooch, Real-Time Video Abstraction",
               "smoothed within edges, in few steps of lightness, with lines of ink", "none", "filter"),
        Method("kuwahara", "kuwahara:kuwahara", 2009, "Kyprianidis, Kang and Döllner, Anisotropic Kuwahara Filtering",
               "each pixel takes the mean of the most even sectors around it, drawn out along the edges",
               "none", "filter"),
        Method("xdog", "xdog:xdog", 2012, "Winnemöller, Kyprianidis and Olsen, XDoG",
               "ink where a sharpened blur across the edges is dark, smoothed along them", "none", "filter"),
        Method("kotovenko", "kotovenko:kotovenko", 2021, "Kotovenko et al., arXiv 2103.17185",
               "Bézier strokes moved down the gradient of the networks' own objective", "needed", "strokes"),
        Method("quilting-transfer", "quilting_transfer:quilting_transfer", 2001,
               "Efros and Freeman, Image Quilting for Texture Synthesis and Transfer",
               "blocks of the painting that look like the photo, joined along the cheapest cuts", "needed", "patches"),
        Method("image-analogy", "analogies:image_analogy", 2001, "Hertzmann et al., Image Analogies",
               "each pixel copies the pixel of the painting with the most similar surroundings, or continues its "
               "neighbour's", "needed", "patches"),
        Method("nearest-patches", "nearest_patches:nearest_patches", 2009, "Barnes et al., PatchMatch",
               "all patches of the photo vote for their nearest ones of the painting, from coarse to fine",
               "needed", "patches"),
        Method("texture-transfer", "texture_transfer:texture_transfer", 2017,
               "Elad and Milanfar, Style-Transfer via Texture-Synthesis, arXiv 1609.03057",
               "large patches of the painting, joined by a robust mean and fused with the photo where it has content",
               "needed", "patches"),
        Method("julesz", "textures:julesz_of_the_photos_size", 1978,
               "Julesz, Gilbert and Victor, Identical Third-Order Statistics",
               "random cells, an even or odd number of them white in each block: only four together tell",
               "none", "texture"),
        Method("heeger-bergen", "textures:heeger_bergen_texture", 1995,
               "Heeger and Bergen, Pyramid-Based Texture Analysis/Synthesis",
               "noise with the histograms of the painting and of each band of its pyramid", "needed", "texture"),
        Method("efros-leung", "textures:efros_leung_texture", 1999,
               "Efros and Leung, Texture Synthesis by Non-parametric Sampling",
               "pixel by pixel outwards, each drawn from where the painting looks alike", "needed", "texture"),
        Method("portilla-simoncelli", "textures:portilla_simoncelli_texture", 2000,
               "Portilla and Simoncelli, A Parametric Texture Model",
               "noise with the painting's correlations of wavelets across places, orientations and scales",
               "needed", "texture"),
        Method("ashikhmin", "textures:ashikhmin_texture", 2001, "Ashikhmin, Synthesizing Natural Textures",
               "each pixel continues the piece of the painting that one of its neighbours is from",
               "needed", "texture"),
        Method("quilting-texture", "textures:quilting_texture", 2001, "Efros and Freeman, Image Quilting",
               "blocks of the painting that overlap, joined along the cheapest cut", "needed", "texture"),
    )
}  # fmt: skip


def method_named(name: str) -> Method:
    """A method by its name.

    Raises:
        SettingError: for an unknown name.
    """
    if name not in METHODS:
        raise SettingError(f"method {name!r:.40} is not known; use one of {', '.join(METHODS)}")
    return METHODS[name]
