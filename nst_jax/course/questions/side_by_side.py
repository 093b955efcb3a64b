"""The quiz of notebook 52 · Side by side."""

from ..quiz import Question

SIDE_BY_SIDE = (
    Question(
        "The table has no style distance for stippling. Why not?",
        (
            "black and white pictures cannot be measured",
            "it was forgotten",
            "stippling has never seen the painting, so that a distance to it says nothing about the method",
        ),
        2,
        (
            "They can: the number would be a number.",
            "An empty cell is a statement here.",
            "It would change with the painting, and the picture would not.",
        ),
    ),
    Question(
        "Two methods are on the front. What is known?",
        (
            "each is nearer than the other in one distance",
            "they are equally good",
            "they are the two best",
        ),
        0,
        (
            "Nobody beats them, not even each other. Which one is better depends on what you want.",
            "There is no scale on which they are equal.",
            "The front has as many members as there are trade-offs.",
        ),
    ),
    Question(
        "The painting in shuffled tiles has nearly the painting's style by the referee. Why?",
        (
            "the referee's networks are random",
            "Gram matrices are means over places: where things are does not count",
            "tiles of 16 pixels are invisible",
        ),
        1,
        (
            "Trained networks give Gram matrices without places, too.",
            "Inside a tile all is as it was; only at the seams something is new.",
            "To the referee nearly, to you not.",
        ),
    ),
    Question(
        "When is it decided how many people are asked, and what?",
        (
            "when the answers begin to show a difference",
            "after the first ten",
            "before the first answer",
        ),
        2,
        (
            "Then chance decides when you stop, and it looks like a difference.",
            "The same, a little later.",
            "`trials_needed` says how many answers a difference of a given size takes.",
        ),
    ),
    Question(
        "Somebody minimises the referee's style distance. What becomes of the referee?",
        (
            "it has become a loss, and says no more about that method than any loss does",
            "it improves",
            "nothing; a measure is a measure",
        ),
        0,
        (
            "What is optimised finds what the measure does not see. Keep a referee that nobody optimises.",
            "It is the same function.",
            "Its value falls whether pictures improve or not.",
        ),
    ),
)
