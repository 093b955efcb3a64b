"""The quiz of notebook 04 · Losses and optimisers."""

from ..quiz import Question

LOSSES_AND_OPTIMISERS = (
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
        "At x = p, which term of the objective has gradient zero?",
        ("style", "total variation", "content", "all: it is a minimum"),
        2,
        (
            "The photo does not have the painting's Gram matrices.",
            "The photo has edges, and this term wants them gone.",
            "F = P there, and the gradient is F − P, through the network.",
            "It is the minimum of the content term alone.",
        ),
    ),
    Question(
        "Where does the factor 1/4 of E_l go when its gradient is taken?",
        (
            "the square brings a 2, and F stands in G twice, which brings another",
            "ReLU removes it",
            "it stays: the paper's gradient has a 4, too",
        ),
        0,
        (
            "2 · 2 / 4 = 1: the gradient is (G − A) F / (N² M²).",
            "ReLU only masks: it sets entries to zero.",
            "In equation 6 there is no 4.",
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
        "Two pictures have the same loss under the same objective. What follows?",
        ("they look alike", "they look equally good", "neither"),
        2,
        (
            "Section 9 has two that do not: the loss hardly sees the finest detail.",
            "The loss was made to be minimised, not to judge pictures.",
            "The loss is one number; many pictures share it.",
        ),
    ),
)
