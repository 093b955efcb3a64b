"""The quiz of notebook 22 · Large pictures."""

from ..quiz import Question

LARGE_PICTURES = (
    Question(
        "An evaluation of VGG-19 with its gradient at 4096 × 3072 needs 25 GB, far more than L-BFGS with five pairs. "
        "Where does most of it lie?",
        (
            "in the weights of the network",
            "in the features of the first two blocks, which are kept for the gradient",
            "in the Gram matrices",
        ),
        1,
        (
            "They have the same size for every picture.",
            "They have the most positions. Each pooling leaves a quarter of them, and only doubles the filters.",
            "N × N numbers a layer, whatever the picture's size.",
        ),
    ),
    Question(
        "Why does an evaluation in tiles need two passes over the tiles?",
        (
            "the first one warms up the cache",
            "the gradient at a tile depends on the Gram matrix of the whole picture, which is known after the first",
            "one pass for the content, one for the style",
        ),
        1,
        (
            "It computes what the second one cannot do without.",
            "∂E/∂G is a function of G − A, and G is a sum over all tiles.",
            "Both are sums over positions, and take part in both passes.",
        ),
    ),
    Question(
        "Each tile is compared with the style's Gram matrix by itself, and the gradients are put together. What does "
        "that minimise?",
        (
            "the same loss, up to rounding",
            "another loss: every tile has to have the whole painting's statistics",
            "nothing",
        ),
        1,
        (
            "A sum of squares of differences is not the square of their sum.",
            "A piece of sky is then to be as rich as the painting. Without a halo there are seams besides.",
            "It has a minimum. It is that of another loss.",
        ),
    ),
    Question(
        "`conv4_1` has a stride of 8 and a receptive field of 68 pixels. Which halo does a tile need for its features?",
        ("30 pixels", "34 pixels", "68 pixels"),
        0,
        (
            "(68 − 8) / 2: what lies beyond the 8 pixels that the unit stands for, on each side.",
            "That is counted from the middle of the unit; the tile has the 8 pixels themselves.",
            "That is the whole field, both sides and the middle.",
        ),
    ),
    Question(
        "A loss asks, for every patch of the style, how near the nearest patch of the picture is. Can it be summed "
        "over tiles?",
        (
            "yes, the nearest patches of the tiles are added",
            "no: of the tiles' distances the smallest counts, and one tile alone has a gradient from it",
            "yes, if the halo is wide enough",
        ),
        1,
        (
            "Two tiles that hold the patch exactly would have a distance of 0, and so would one.",
            "A minimum over parts is the least of the parts' minima, not their sum.",
            "A halo helps with what a unit sees. This looks at the whole picture.",
        ),
    ),
    Question(
        "Four devices share a picture by rows. What do they send to each other during an evaluation?",
        (
            "their features, so that each has all of them",
            "rows at their borders at each convolution, and sums of N × N numbers a style layer",
            "nothing",
        ),
        1,
        (
            "Then each would need the memory of the whole picture.",
            "A 3 × 3 convolution sees one row beyond; a Gram matrix is a sum over the devices' positions.",
            "The row beyond the border is on the neighbour.",
        ),
    ),
)
