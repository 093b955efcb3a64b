"""The quiz of notebook 31 · Any style."""

from ..quiz import Question

ANY_STYLE = (
    Question(
        "A painting comes that nobody has seen before. What does `paint` need of it?",
        (
            "a training of its decoder with this painting",
            "its means and covariances at four layers",
            "a hundred evaluations of a style loss",
        ),
        1,
        (
            "A network of one style would. This decoder was trained once, and knows features, not one style.",
            "One pass of the encoder gives them, and a matrix A for each level follows by eigenvalues.",
            "That is what the optimiser needs, for every pair of pictures. Here nothing is minimised.",
        ),
    ),
    Question(
        "Features at `conv3_1` are whitened and coloured. What of the style's features have they, exactly?",
        (
            "their distribution",
            "their arrangement in the picture",
            "their means and covariances, and with these the Gram matrix per position",
        ),
        2,
        (
            "The map is linear: the shape of the photo's distribution stays, stretched and turned.",
            "Every position keeps its place; what is measured of the style has no places.",
            "G / M = C + μ μᵀ: whoever has C and μ has the Gram matrix.",
        ),
    ),
    Question(
        "They are decoded, and the picture is encoded again. Its Gram matrix at `conv3_1` is not the style's. Why?",
        (
            "Nothing says that a picture with these features exists, and the decoder only approximates one",
            "The eigenvalues were rounded",
            "The encoder was not trained for this style",
        ),
        0,
        (
            "Some of them are negative, which no ReLU gives; others go together at neighbouring positions as in no "
            "picture.",
            "In float64 rounding is some thirteen digits below what is seen here.",
            "The encoder measures features of any picture. It is the same one that measured the style.",
        ),
    ),
    Question(
        "AdaIN matches the mean and the spread of every filter. What does it leave as it was?",
        (
            "the correlations of filters",
            "the contrast",
            "nothing: mean and spread determine the covariance",
        ),
        0,
        (
            "It is whitening and colouring with the diagonals of both covariances.",
            "The contrast of a filter is its spread, and that is matched.",
            "They determine its diagonal. Between N filters there are N (N − 1) / 2 correlations.",
        ),
    ),
    Question(
        "C*^½ U C^−½ gives features the covariance C*, whichever rotation U is. Which of these maps is "
        "Monge–Kantorovich's?",
        (
            "that with U = 1",
            "that whose result has the smallest Gram distance to the style",
            "that which moves the features least",
        ),
        2,
        (
            "That is whitening and colouring with symmetric roots. The two agree where C and C* have the same axes.",
            "All of them have the same Gram matrix, the style's.",
            "Of all maps between the two covariances its mean squared way is the least, the Wasserstein distance of "
            "two Gaussians.",
        ),
    ),
    Question(
        "What does a start from `paint` buy the optimiser?",
        (
            "a lower loss at the end than any other start",
            "a good picture after few evaluations",
            "freedom from the loss network",
        ),
        1,
        (
            "With evaluations enough the curves meet: it is the same loss, and the start is forgotten.",
            "Colours and contrasts, which take most of the first evaluations, are there already.",
            "The loss is measured at every evaluation, as ever.",
        ),
    ),
)
