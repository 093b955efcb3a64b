"""The methods of the history by name, one line or two each; a module is imported when its method is needed."""

from ..errors import SettingError
from .method import Method

METHODS: dict[str, Method] = {
    each.name: each
    for each in (
        Method("haeberli", "dabs:haeberli", 1990, "Haeberli, Paint by Numbers: Abstract Image Representations",
               "dabs at random places, each of the photo's colour there, lying along its edges", "none"),
        Method("litwinowicz", "litwinowicz:litwinowicz", 1997, "Litwinowicz, Processing Images and Video",
               "short strokes everywhere, in random order, clipped at edges", "none"),
        Method("hertzmann", "hertzmann:hertzmann", 1998, "Hertzmann, Painterly Rendering with Curved Brush Strokes",
               "curved strokes, large to small, where the canvas differs from the photo", "optional"),
        Method("mosaic", "mosaic:mosaic", 2001, "after Hausner, Simulating Decorative Mosaics",
               "square pieces of one colour, in rows along the outlines, with grout between", "none"),
        Method("stippling", "stippling:stippling", 2002, "Secord, Weighted Voronoi Stippling",
               "equal dots in the middles of equally dark regions", "none"),
        Method("hatching", "hatching:hatching", 1994, "after Winkenbach and Salesin, Pen-and-Ink Illustration",
               "pen strokes along the forms, closer and crossed where it is darker", "none"),
        Method("cartoon", "cartoon:cartoon", 2006, "Winnemöller, Olsen and Gooch, Real-Time Video Abstraction",
               "smoothed within edges, in few steps of lightness, with lines of ink", "none"),
        Method("kuwahara", "kuwahara:kuwahara", 2009, "Kyprianidis, Kang and Döllner, Anisotropic Kuwahara Filtering",
               "each pixel takes the mean of the most even sectors around it, drawn out along the edges", "none"),
        Method("xdog", "xdog:xdog", 2012, "Winnemöller, Kyprianidis and Olsen, XDoG",
               "ink where a sharpened blur across the edges is dark, smoothed along them", "none"),
        Method("kotovenko", "kotovenko:kotovenko", 2021, "Kotovenko et al., arXiv 2103.17185",
               "Bézier strokes moved down the gradient of the networks' own objective", "needed"),
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
