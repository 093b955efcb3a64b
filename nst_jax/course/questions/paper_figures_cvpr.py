"""The quiz of notebook 11 · The figures of the second paper."""

from ..quiz import Question

PAPER_FIGURES_CVPR = (
    Question(
        "Two runs have the same settings and another white noise. What do they have in common?",
        ("every pixel", "the statistics that the loss asks for, nearly", "nothing"),
        1,
        (
            "Strokes in sky and water lie elsewhere: figure 6.",
            "Both end near a minimum of the same loss, at different places.",
            "Content and style are those of the same two pictures.",
        ),
    ),
    Question(
        "A picture started from the painting looks like the painting at the end. What does that say?",
        ("the content term is too weak to choose another arrangement", "the run diverged", "L-BFGS is broken"),
        0,
        (
            "The painting's own arrangement has no style loss, and nothing pulls away from it.",
            "A run that diverges says so in its panel.",
            "It found what it was asked for: the style loss is nearly zero there from the start.",
        ),
    ),
    Question(
        "A number is tagged *open*. What does that mean?",
        ("it is wrong", "the paper and its code do not give it; it was chosen here", "any value does as well"),
        1,
        (
            "Nobody knows.",
            "A reproduction has to say so.",
            "It may well matter: size and ratio do.",
        ),
    ),
)
