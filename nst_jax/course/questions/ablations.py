"""The quiz of notebook 12 · Ablations."""

from ..quiz import Question

ABLATIONS = (
    Question(
        "Why does the referee use networks that no run has optimised for?",
        (
            "They are faster",
            "A run may please its own network and no other",
            "They are larger",
        ),
        1,
        (
            "Speed is not the point.",
            "A picture can lower its own objective in ways that no other network confirms.",
            "They are of half the width of VGG-19.",
        ),
    ),
    Question(
        "Two levels differ by one standard error. What may be concluded?",
        ("The better one is better", "Nothing yet: these runs cannot tell them apart", "They are equal"),
        1,
        (
            "Chance alone makes such differences all the time.",
            "More seeds may tell.",
            "That a difference was not found does not show that the levels are equal.",
        ),
    ),
    Question(
        "Adam took 150 steps and L-BFGS 150 evaluations. Is that fair?",
        ("Yes, where a step of Adam is one evaluation", "No, L-BFGS is always cheaper", "Only on a GPU"),
        0,
        (
            "What is counted is evaluations of the objective with its gradient.",
            "An evaluation costs the same for both.",
            "The device has nothing to do with it.",
        ),
    ),
)
