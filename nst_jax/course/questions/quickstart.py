"""The quiz of notebook 00 · Quickstart."""

from ..quiz import Question

QUICKSTART = (
    Question(
        "What changes during the run?",
        ("the weights of the network", "the pixels of the picture x", "the Gram matrices of the painting"),
        1,
        (
            "The network was trained before, and is fixed here. It is only used to compare pictures.",
            "256 × 170 pixels of three colours: some 130,000 unknowns, and a gradient for each.",
            "They are the target. They are computed once for each size of the painting, and kept.",
        ),
    ),
    Question(
        "You move α/β to a value ten times larger. What happens?",
        ("the photo shows more", "the strokes become stronger", "the run takes ten times as long"),
        0,
        (
            "α is the weight of the content loss: departing from the photo's features costs more now.",
            "The reverse: the style loss asks for strokes, and it now counts for less.",
            "An evaluation costs the same, whatever the weights are.",
        ),
    ),
    Question(
        "What does the style loss know of the painting?",
        (
            "the brush strokes, cut out of it",
            "its title and its painter",
            "how often its features occur together, at five depths of the network",
        ),
        2,
        (
            "No piece of the painting is kept: the Gram matrices have no positions (notebook 03).",
            "Nothing is named anywhere in the program.",
            "That is all, and still strokes come out: notebook 03 asks how that can be.",
        ),
    ),
)
