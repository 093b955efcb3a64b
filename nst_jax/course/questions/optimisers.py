"""The quiz of notebook 05 · Optimisers."""

from ..quiz import Question

OPTIMISERS = (
    Question(
        "You multiply the loss by 100 and leave everything else alone. What changes?",
        (
            "the minimum",
            "gradient descent's path, but not L-BFGS's or Adam's",
            "the path of all optimisers",
            "nothing",
        ),
        1,
        (
            "A constant factor moves no minimum.",
            "The step of gradient descent is a hundred times as long; Adam divides by the size of the "
            "gradient, and L-BFGS by its change.",
            "In Adam and L-BFGS the factor cancels, but for rounding.",
            "The gradient is a hundred times as large, and gradient descent follows it.",
        ),
    ),
    Question(
        "Optimiser A reaches a loss in 50 steps, B in 80. Which is faster?",
        ("A", "B", "that cannot be said"),
        2,
        (
            "A step of A may hold many evaluations, in a line search.",
            "That does not follow either.",
            "Ask for evaluations: each is one pass through the network and back, where the time goes.",
        ),
    ),
    Question(
        "What does L-BFGS compute that gradient descent does not?",
        (
            "the matrix of second derivatives",
            "several gradients in each evaluation",
            "nothing new: it remembers how picture and gradient changed",
        ),
        2,
        (
            "It would have as many rows as the picture has numbers. Nobody writes it down.",
            "An evaluation is one loss and one gradient, for all of them.",
            "From pairs of differences it learns where the valley is steep and where it is flat.",
        ),
    ),
    Question(
        "Two pictures have the same loss under the same objective. What follows?",
        ("they look alike", "they look equally good", "neither"),
        2,
        (
            "Section 6 has two that do not: the loss hardly sees the finest detail.",
            "The loss was made to be minimised, not to judge pictures.",
            "The loss is one number; many pictures share it.",
        ),
    ),
)
