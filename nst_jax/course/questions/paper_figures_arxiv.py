"""The quiz of notebook 10 · The figures of the first paper."""

from ..quiz import Question

PAPER_FIGURES_ARXIV = (
    Question(
        "α/β = 10⁻³ of the paper's terms. What is it in those of the author's code?",
        ("the same", "2NM times as large", "4 times as large"),
        1,
        (
            "The content term is a sum in one and a mean in the other.",
            "α counts NM/2 times as much, β a quarter.",
            "Four is the constant of the style term alone.",
        ),
    ),
    Question(
        "A panel comes out as a texture with no photo in it, where the paper shows a town. What is worth trying first?",
        ("another seed", "more evaluations", "a larger picture, or a larger α/β"),
        2,
        (
            "Another seed gives another texture.",
            "The optimum for this ratio is a texture; more evaluations come closer to it.",
            "Both shift the balance towards the photo.",
        ),
    ),
    Question(
        "All features are divided by c. By how much must α/β change, for the picture to stay the same?",
        ("not at all: both terms shrink", "it is multiplied by c²", "it is divided by c²"),
        2,
        (
            "They shrink by different powers.",
            "That is the wrong way around: style has shrunk more, and content would weigh still more.",
            "Content shrinks by c², style by c⁴: without a change content weighs c² times as much as before.",
        ),
    ),
    Question(
        "Why are rebuilt photos covered with dots?",
        (
            "Noise of the start is left where the layer hardly sees it",
            "The JPEG compression of this page",
            "The network has too few filters",
        ),
        0,
        (
            "The pooling averages it away, and without total variation nothing else removes it.",
            "The pictures have it before they are compressed.",
            "At conv1_1, with the fewest filters, there are none.",
        ),
    ),
)
