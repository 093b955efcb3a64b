"""The quiz of notebook 50 · Textures."""

from ..quiz import Question

TEXTURES = (
    Question(
        "Julesz's even and odd textures look different at a glance. In what do they differ?",
        (
            "in the distribution of single cells",
            "in the products of four cells at the corners of a block",
            "in the correlation of two cells",
        ),
        1,
        (
            "Half of the cells are white in both.",
            "It is +1 everywhere in the even one and −1 everywhere in the odd one; fewer cells tell nothing.",
            "Averaged over many textures it is 0 in both, at every distance.",
        ),
    ),
    Question(
        "Heeger and Bergen's bricks are a rough wall without bricks. What do histograms of bands not hold?",
        (
            "which colours there are",
            "how much contrast each size and direction has",
            "whether bands are strong at the same places",
        ),
        2,
        (
            "The picture's own histogram is matched, too.",
            "That is what the spread of a band's histogram says.",
            "A corner is a horizontal and a vertical band, strong at one place. Each histogram is of one band alone.",
        ),
    ),
    Question(
        "The network's Gram matrices make bricks with corners, in rows that wander. Why?",
        (
            "the distance from row to row is longer than what products of features at one position see",
            "too few evaluations",
            "the small network does not know bricks",
        ),
        0,
        (
            "All that is kept are means over positions of products at one position. What stands farther apart than a "
            "unit sees is not in them.",
            "More evaluations lower the loss. The minimum itself has wandering rows.",
            "It was not trained on bricks and gives them corners; with the large network rows wander, too.",
        ),
    ),
    Question(
        "Quilting is near to the sample in most distances of the table. What does that say?",
        (
            "it found the right statistic of texture",
            "little: most of its windows are the sample's own",
            "the sample is periodic",
        ),
        1,
        (
            "It measures none.",
            'A copy agrees in every statistic. The question is what else it can make, and the column "copied" asks it.',
            "It is as close for gravel, which is not.",
        ),
    ),
    Question(
        "A method is best of all by one distance. What do you ask first?",
        (
            "whether it minimised this very distance",
            "whether it is the newest",
            "whether it is the fastest",
        ),
        0,
        (
            "Then the table says who optimised what. A referee is a measure that nobody optimised.",
            "A year is not a measure.",
            "A good question, and another one.",
        ),
    ),
)
