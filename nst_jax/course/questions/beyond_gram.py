"""The quiz of notebook 21 · Beyond the Gram matrix."""

from ..quiz import Question

BEYOND_GRAM = (
    Question(
        "Two pictures have the same Gram matrices at `conv3_1`. Their features there have the same …",
        ("mean and spread of every filter", "second moments", "distribution"),
        1,
        (
            "A filter that is always half active and one that is rarely and strongly active can have the same mean of "
            "squares, and differ in both.",
            "G / M is the mean of all products of two filters, and the loss is the discrepancy of a kernel that sees "
            "these alone.",
            "Many distributions share their second moments: the arc, the far arc and the sheet of section 2.",
        ),
    ),
    Question(
        "Even and odd textures agree in all second-order statistics of their pixels. Why can a Gram matrix of "
        "`conv1_1`, which holds second moments, tell them apart?",
        (
            "It holds products of *features*, and the ReLU makes a feature a non-linear function of nine pixels",
            "It compares positions that are far from each other",
            "It has more entries than the autocorrelation of the pixels",
        ),
        0,
        (
            "Without the ReLU a feature is a weighted sum of pixels, and a product of two features a sum of products "
            "of two pixels: these agree.",
            "A Gram matrix holds products at one position. How far apart pixels count is the filter's size.",
            "Linear filters could have any number of entries and would see no more than their pixels' second moments.",
        ),
    ),
    Question(
        "Why are the matches of `patches` frozen during a run of L-BFGS?",
        (
            "to save memory",
            "so that the picture copies the style exactly",
            "so that the gradient is that of one function, whose curvature L-BFGS learns from earlier evaluations",
        ),
        2,
        (
            "The frozen target is as large as the features. It saves time, since the search is made once a stage.",
            "Overlapping patches vote, and the content term has a say: few patches are copied exactly.",
            "When a match changes, the gradient jumps, and what L-BFGS takes for curvature is the jump.",
        ),
    ),
    Question(
        "Dots in a grid, and the same dots moved at random, further apart than a unit of `conv2_1` sees. Which "
        "statistic of `conv2_1` tells them apart?",
        ("the Gram matrix", "sliced Wasserstein", "the shifted Gram matrix"),
        2,
        (
            "It is a sum over positions: each dot contributes the same, wherever it is.",
            "It knows the whole distribution of the features at single positions, and that is the same.",
            "It multiplies features at a distance. In the grid the next dot always stands there.",
        ),
    ),
    Question(
        "A statistic of your own compares sums over positions, not means. What goes wrong?",
        (
            "nothing, since the optimiser rescales it",
            "a style picture of another size than the photo asks for features that are too strong or too weak",
            "the gradient is not finite",
        ),
        1,
        (
            "A factor would do no harm. But the sums of two pictures of different sizes differ even for one texture.",
            "Of a style picture four times as large the sums are four times as large. Divide by the mass of each.",
            "It is finite, and leads to the wrong picture.",
        ),
    ),
)
