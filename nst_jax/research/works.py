"""The works that this package implements, as data for citations. Sources: the works' own title pages and arXiv."""

from typing import NamedTuple


class Work(NamedTuple):
    """A published work.

    Attributes:
        kind: of BibTeX.
        author: "Last, First and Last, First".
        title: as printed.
        year: of its publication.
        where: journal, book, institution or conference; "" for arXiv alone.
        arxiv: its number there; "" for none.
        pages: "first--last"; "" if not known, or without.
        volume: of a journal; "" without.
    """

    kind: str
    author: str
    title: str
    year: int
    where: str = ""
    arxiv: str = ""
    pages: str = ""
    volume: str = ""


_GATYS = "Gatys, Leon A. and Ecker, Alexander S. and Bethge, Matthias"
_CVPR = "IEEE Conference on Computer Vision and Pattern Recognition"
_NIPS = "Advances in Neural Information Processing Systems"
_ICLR = "International Conference on Learning Representations"
_ICCV = "IEEE International Conference on Computer Vision"
_ECCV = "European Conference on Computer Vision"
_SIGGRAPH = "Proceedings of SIGGRAPH"
_NPAR = "International Symposium on Non-Photorealistic Animation and Rendering"

WORKS = {
    # What is implemented
    "gatys2015neural": Work("misc", _GATYS, "A Neural Algorithm of Artistic Style", 2015, arxiv="1508.06576"),
    "gatys2016image": Work(
        "inproceedings", _GATYS, "Image Style Transfer Using Convolutional Neural Networks", 2016, _CVPR,
        pages="2414--2423",
    ),
    "gatys2015texture": Work(
        "inproceedings", _GATYS, "Texture Synthesis Using Convolutional Neural Networks", 2015, _NIPS, "1505.07376"
    ),
    "simonyan2015very": Work(
        "inproceedings", "Simonyan, Karen and Zisserman, Andrew",
        "Very Deep Convolutional Networks for Large-Scale Image Recognition", 2015, _ICLR, "1409.1556",
    ),
    "mahendran2015understanding": Work(
        "inproceedings", "Mahendran, Aravindh and Vedaldi, Andrea",
        "Understanding Deep Image Representations by Inverting Them", 2015, _CVPR, "1412.0035",
    ),
    "liu1989limited": Work(
        "article", "Liu, Dong C. and Nocedal, Jorge",
        "On the Limited Memory {BFGS} Method for Large Scale Optimization", 1989, "Mathematical Programming",
        pages="503--528", volume="45",
    ),
    "kingma2015adam": Work(
        "inproceedings", "Kingma, Diederik P. and Ba, Jimmy", "Adam: A Method for Stochastic Optimization", 2015,
        _ICLR, "1412.6980",
    ),
    # Control
    "gatys2016preserving": Work(
        "misc", "Gatys, Leon A. and Bethge, Matthias and Hertzmann, Aaron and Shechtman, Eli",
        "Preserving Color in Neural Artistic Style Transfer", 2016, arxiv="1606.05897",
    ),
    "gatys2017controlling": Work(
        "inproceedings",
        f"{_GATYS} and Hertzmann, Aaron and Shechtman, Eli",
        "Controlling Perceptual Factors in Neural Style Transfer", 2017, _CVPR, "1611.07865",
    ),
    "li2017laplacian": Work(
        "inproceedings", "Li, Shaohua and Xu, Xinxing and Nie, Liqiang and Chua, Tat-Seng",
        "Laplacian-Steered Neural Style Transfer", 2017, "ACM International Conference on Multimedia", "1707.01253",
    ),
    "galerne2022scaling": Work(
        "misc", "Galerne, Bruno and Raad, Lara and Lezama, Jos{\\'e} and Morel, Jean-Michel",
        "Scaling Painting Style Transfer", 2022, arxiv="2212.13459",
    ),
    # Statistics
    "li2017demystifying": Work(
        "inproceedings", "Li, Yanghao and Wang, Naiyan and Liu, Jiaying and Hou, Xiaodi",
        "Demystifying Neural Style Transfer", 2017, "International Joint Conference on Artificial Intelligence",
        "1701.01036",
    ),
    "huang2017arbitrary": Work(
        "inproceedings", "Huang, Xun and Belongie, Serge",
        "Arbitrary Style Transfer in Real-Time with Adaptive Instance Normalization", 2017, _ICCV, "1703.06868",
    ),
    "olkin1982distance": Work(
        "article", "Olkin, Ingram and Pukelsheim, Friedrich",
        "The Distance between Two Random Vectors with Given Dispersion Matrices", 1982,
        "Linear Algebra and its Applications", pages="257--263", volume="48",
    ),
    "kalischek2021light": Work(
        "inproceedings", "Kalischek, Nikolai and Wegner, Jan D. and Schindler, Konrad",
        "In the Light of Feature Distributions: Moment Matching for Neural Style Transfer", 2021, _CVPR, "2103.07208",
    ),
    "risser2017stable": Work(
        "misc", "Risser, Eric and Wilmot, Pierre and Barnes, Connelly",
        "Stable and Controllable Neural Texture Synthesis and Style Transfer Using Histogram Losses", 2017,
        arxiv="1701.08893",
    ),
    "heitz2021sliced": Work(
        "inproceedings", "Heitz, Eric and Vanhoey, Kenneth and Chambon, Thomas and Belcour, Laurent",
        "A Sliced {Wasserstein} Loss for Neural Texture Synthesis", 2021, _CVPR, "2006.07229",
    ),
    "berger2017incorporating": Work(
        "inproceedings", "Berger, Guillaume and Memisevic, Roland",
        "Incorporating Long-Range Consistency in {CNN}-Based Texture Generation", 2017, _ICLR, "1606.01286",
    ),
    "liu2016texture": Work(
        "inproceedings", "Liu, Gang and Gousseau, Yann and Xia, Gui-Song",
        "Texture Synthesis through Convolutional Neural Networks and Spectrum Constraints", 2016,
        "International Conference on Pattern Recognition", "1605.01141",
    ),
    "li2016combining": Work(
        "inproceedings", "Li, Chuan and Wand, Michael",
        "Combining {Markov} Random Fields and Convolutional Neural Networks for Image Synthesis", 2016, _CVPR,
        "1601.04589",
    ),
    "kolkin2022neural": Work(
        "misc",
        "Kolkin, Nicholas and Kucera, Michal and Paris, Sylvain and S{\\'y}kora, Daniel and Shechtman, Eli and "
        "Shakhnarovich, Greg",
        "Neural Neighbor Style Transfer", 2022, arxiv="2203.13215",
    ),
    "mechrez2018contextual": Work(
        "inproceedings", "Mechrez, Roey and Talmi, Itamar and Zelnik-Manor, Lihi",
        "The Contextual Loss for Image Transformation with Non-Aligned Data", 2018, _ECCV, "1803.02077",
    ),
    "kolkin2019style": Work(
        "inproceedings", "Kolkin, Nicholas and Salavon, Jason and Shakhnarovich, Gregory",
        "Style Transfer by Relaxed Optimal Transport and Self-Similarity", 2019, _CVPR, "1904.12785",
    ),
    # One pass
    "li2017universal": Work(
        "inproceedings",
        "Li, Yijun and Fang, Chen and Yang, Jimei and Wang, Zhaowen and Lu, Xin and Yang, Ming-Hsuan",
        "Universal Style Transfer via Feature Transforms", 2017, _NIPS, "1705.08086",
    ),
    "johnson2016perceptual": Work(
        "inproceedings", "Johnson, Justin and Alahi, Alexandre and Fei-Fei, Li",
        "Perceptual Losses for Real-Time Style Transfer and Super-Resolution", 2016, _ECCV, "1603.08155",
    ),
    "dumoulin2017learned": Work(
        "inproceedings", "Dumoulin, Vincent and Shlens, Jonathon and Kudlur, Manjunath",
        "A Learned Representation for Artistic Style", 2017, _ICLR, "1610.07629",
    ),
    # Clips
    "ruder2016artistic": Work(
        "inproceedings", "Ruder, Manuel and Dosovitskiy, Alexey and Brox, Thomas",
        "Artistic Style Transfer for Videos", 2016, "German Conference on Pattern Recognition", "1604.08610",
        pages="26--36",
    ),
    # Before networks
    "julesz1978visual": Work(
        "article", "Julesz, Bela and Gilbert, Edgar N. and Victor, Jonathan D.",
        "Visual Discrimination of Textures with Identical Third-Order Statistics", 1978, "Biological Cybernetics",
        pages="137--140", volume="31",
    ),
    "haeberli1990paint": Work(
        "inproceedings", "Haeberli, Paul", "Paint by Numbers: Abstract Image Representations", 1990, _SIGGRAPH
    ),
    "winkenbach1994computer": Work(
        "inproceedings", "Winkenbach, Georges and Salesin, David H.", "Computer-Generated Pen-and-Ink Illustration",
        1994, _SIGGRAPH,
    ),
    "heeger1995pyramid": Work(
        "inproceedings", "Heeger, David J. and Bergen, James R.",
        "Pyramid-Based Texture Analysis/Synthesis", 1995, _SIGGRAPH,
    ),
    "litwinowicz1997processing": Work(
        "inproceedings", "Litwinowicz, Peter",
        "Processing Images and Video for an Impressionist Effect", 1997, _SIGGRAPH,
    ),
    "hertzmann1998painterly": Work(
        "inproceedings", "Hertzmann, Aaron",
        "Painterly Rendering with Curved Brush Strokes of Multiple Sizes", 1998, _SIGGRAPH,
    ),
    "efros1999texture": Work(
        "inproceedings", "Efros, Alexei A. and Leung, Thomas K.",
        "Texture Synthesis by Non-Parametric Sampling", 1999, _ICCV,
    ),
    "portilla2000parametric": Work(
        "article", "Portilla, Javier and Simoncelli, Eero P.",
        "A Parametric Texture Model Based on Joint Statistics of Complex Wavelet Coefficients", 2000,
        "International Journal of Computer Vision", pages="49--70", volume="40",
    ),
    "efros2001image": Work(
        "inproceedings", "Efros, Alexei A. and Freeman, William T.",
        "Image Quilting for Texture Synthesis and Transfer", 2001, _SIGGRAPH,
    ),
    "hertzmann2001image": Work(
        "inproceedings",
        "Hertzmann, Aaron and Jacobs, Charles E. and Oliver, Nuria and Curless, Brian and Salesin, David H.",
        "Image Analogies", 2001, _SIGGRAPH,
    ),
    "ashikhmin2001synthesizing": Work(
        "inproceedings", "Ashikhmin, Michael",
        "Synthesizing Natural Textures", 2001, "Symposium on Interactive {3D} Graphics",
    ),
    "hausner2001simulating": Work(
        "inproceedings", "Hausner, Alejo", "Simulating Decorative Mosaics", 2001, _SIGGRAPH
    ),
    "secord2002weighted": Work("inproceedings", "Secord, Adrian", "Weighted {Voronoi} Stippling", 2002, _NPAR),
    "winnemoller2006real": Work(
        "article", 'Winnem{\\"o}ller, Holger and Olsen, Sven C. and Gooch, Bruce', "Real-Time Video Abstraction", 2006,
        "ACM Transactions on Graphics", volume="25",
    ),
    "barnes2009patchmatch": Work(
        "article", "Barnes, Connelly and Shechtman, Eli and Finkelstein, Adam and Goldman, Dan B",
        "{PatchMatch}: A Randomized Correspondence Algorithm for Structural Image Editing", 2009,
        "ACM Transactions on Graphics", volume="28",
    ),
    "kyprianidis2009image": Work(
        "article", 'Kyprianidis, Jan Eric and Kang, Henry and D{\\"o}llner, J{\\"u}rgen',
        "Image and Video Abstraction by Anisotropic {Kuwahara} Filtering", 2009, "Computer Graphics Forum",
        volume="28",
    ),
    "winnemoller2012xdog": Work(
        "article", 'Winnem{\\"o}ller, Holger and Kyprianidis, Jan Eric and Olsen, Sven C.',
        "{XDoG}: An eXtended Difference-of-Gaussians Compendium Including Advanced Image Stylization", 2012,
        "Computers \\& Graphics", volume="36",
    ),
    "elad2017style": Work(
        "article", "Elad, Michael and Milanfar, Peyman", "Style Transfer via Texture Synthesis", 2017,
        "IEEE Transactions on Image Processing", "1609.03057", volume="26",
    ),
    "kotovenko2021rethinking": Work(
        "inproceedings",
        "Kotovenko, Dmytro and Wright, Matthias and Heimbrecht, Arthur and Ommer, Bj{\\\"o}rn",
        "Rethinking Style Transfer: From Pixels to Parameterized Brushstrokes", 2021, _CVPR, "2103.17185",
    ),
}  # fmt: skip
