"""The quiz of notebook 03 · Style as statistics."""

from ..quiz import Question

STYLE_AS_STATISTICS = (
    Question(
        "The positions of conv3_1 are put into another order, the same for every filter. Its Gram matrix …",
        ("changes a little", "stays the same", "is transposed"),
        1,
        (
            "It is a sum over positions, and a sum does not depend on the order of its terms.",
            "(FΠ)(FΠ)ᵀ = FΠΠᵀFᵀ = FFᵀ for every permutation Π.",
            "It is symmetric, so this would change nothing; but the sum does not change at all.",
        ),
    ),
    Question(
        "And if the pixels of the picture are put into another order? The Gram matrix of conv3_1 …",
        ("stays the same, by the same argument", "changes, since the filters look at neighbourhoods"),
        1,
        (
            "The argument holds for the features of one layer. Other pixels side by side make other features.",
            "Each unit of conv3_1 sees 24 × 24 pixels, and these have changed.",
        ),
    ),
    Question(
        "Why does E_l divide by M²?",
        (
            "G is a sum over M positions, and E_l has its square",
            "there are M² entries in the matrix",
            "to give deep layers more weight",
        ),
        0,
        (
            "(G − A)/M is a difference of means, which does not depend on the size of the picture.",
            "The matrix has N² entries: one for each pair of filters.",
            "It makes layers comparable; their weights are w_l.",
        ),
    ),
    Question(
        "Which of these can be told from the Gram matrices of a picture?",
        (
            "where the sun stands",
            "how often blue and yellow edges meet",
            "whether the columns of a façade are evenly spaced over the whole picture",
        ),
        1,
        (
            "The sum over positions has forgotten every position.",
            "That is a product of two features at one place, summed over all places.",
            "That is order over long distances: no product of features at one place holds it.",
        ),
    ),
)
