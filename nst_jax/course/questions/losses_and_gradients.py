"""The quiz of notebook 04 · Losses and gradients."""

from ..quiz import Question

LOSSES_AND_GRADIENTS = (
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
        "Filters i and j are active together more than in the painting, G_ij > A_ij. What does this entry ask for?",
        (
            "i less active where j is, and j less active where i is",
            "both less active, everywhere",
            "i and j exchanged",
        ),
        0,
        (
            "The gradient at a position is G − A times the features there: each is pushed down as far as the other is "
            "active.",
            "Where j is zero, this entry says nothing to i.",
            "Nothing in the gradient exchanges filters; it makes them more or less active.",
        ),
    ),
    Question(
        "In single precision, a finite difference gets worse again as its step shrinks. Why?",
        (
            "the gradient is wrong there",
            "the two losses agree in nearly all digits, and their difference is rounding",
            "a shorter step leaves the tangent",
        ),
        1,
        (
            "In double precision the same step confirms it.",
            "Seven digits are kept; what the subtraction leaves is the last of them.",
            "The other way round: the shorter, the closer to the tangent.",
        ),
    ),
)
