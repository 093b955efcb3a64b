"""The quiz of notebook 51 · Strokes and patches."""

from ..quiz import Question

STROKES_AND_PATCHES = (
    Question(
        "Which way does a stroke of Hertzmann's painter run?",
        (
            "along the gradient of the luminance",
            "across the gradient, along the contour",
            "at random; only its colour is the photo's",
        ),
        1,
        (
            "That leads from dark to light, over the edge.",
            "The normal of the gradient is the direction in which the luminance does not change.",
            "The order of strokes is random, their direction is not.",
        ),
    ),
    Question(
        'Where is the style in "expressionist"?',
        (
            "in a few numbers of the program, such as how long strokes are and how fast they turn",
            "in statistics of expressionist paintings",
            "in the weights of a network",
        ),
        0,
        (
            "The author chose them by eye. No painting was measured.",
            "The program never sees a painting.",
            "There is none.",
        ),
    ),
    Question(
        "There are about 3³² paths through an overlap of 32 rows. Why is the cheapest one found in milliseconds?",
        (
            "most paths are skipped at random",
            "it is only nearly the cheapest",
            "the cheapest way to a pixel goes on from the cheapest way to one of three pixels above it",
        ),
        2,
        (
            "Nothing is random about it.",
            "It is exactly the cheapest; a brute force over all paths agrees.",
            "So each pixel is looked at once, with a minimum of three.",
        ),
    ),
    Question(
        "An image analogy puts a piece of wave where the cat has its eye. Why?",
        (
            "the painting has no eye, and a pixel can only be copied from what there is",
            "the search finds only nearly the nearest pixel",
            "kappa is too small",
        ),
        0,
        (
            "Everything in the result is somewhere in the painting.",
            "The exact search has the same paintings to search.",
            "A larger one copies larger pieces, of the same painting.",
        ),
    ),
    Question(
        "Kotovenko's strokes and `nst.stylize` minimise the same objective. What differs?",
        (
            "the network",
            "the space of pictures: renderings of strokes, or all arrays of pixels",
            "the style statistic",
        ),
        1,
        (
            "The network and its layers are the same.",
            "R(θ) can only be made of strokes, so its pictures are, and its loss is higher.",
            "Gram matrices in both.",
        ),
    ),
)
