"""The quiz of notebook 08 · Test an idea."""

from ..quiz import Question

TEST_AN_IDEA = (
    Question(
        "Two settings were compared with one run each, and one came out 3 % smoother. What follows?",
        (
            "it is smoother",
            "nothing yet: how much do two runs of the *same* setting differ?",
            "nothing ever, since pictures are a matter of taste",
        ),
        1,
        (
            "Perhaps. Two seeds of one setting may differ by as much.",
            "The spread over seeds is the ruler by which a difference is measured.",
            "Taste is hard to measure; roughness is not. Just say which of the two you claim.",
        ),
    ),
    Question(
        "The interval of the mean difference contains 0. What may be written?",
        ("there is no difference", "the hypothesis is refuted", "these runs cannot tell the two apart"),
        2,
        (
            "No difference was shown, which says less: with more seeds the interval shrinks.",
            "Only if the whole interval lies on the other side of 0.",
            "State the interval too: it says how large a difference could have been missed.",
        ),
    ),
    Question(
        "Maximum pooling gave rougher pictures. Before you say that pooling is the cause, what do you ask?",
        (
            "what else changed with it, and what happens if that is held equal",
            "whether the pictures are pretty",
            "whether the difference has four digits",
        ),
        0,
        (
            "The share of total variation, and how far each run had come, changed too: each needs its own control.",
            "That is another hypothesis, with another measure.",
            "Digits do not say where a difference comes from.",
        ),
    ),
)
