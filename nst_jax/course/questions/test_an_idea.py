"""The quiz of notebook 06 · Your own."""

from ..quiz import Question

YOUR_OWN = (
    Question(
        "Your painting has beautiful strokes, but in the result they are much too fine. What helps?",
        ("a larger β", "cropping the painting, or a smaller size of the result", "more evaluations"),
        1,
        (
            "It asks more strongly for the same statistics, at the same scale.",
            "The network sees a fixed number of pixels; what counts is how many pixels wide a stroke is.",
            "They bring the picture closer to the same goal, whose strokes are just as fine.",
        ),
    ),
    Question(
        "A fast, feed-forward network paints in one pass. When was its work done?",
        ("earlier, in training on many photos", "never, it needs none", "while the picture is painted"),
        0,
        (
            "There, the loss of this course was minimised over the network's weights, not over a picture's pixels.",
            "It needs training: for each style, for a set of styles, or on very many paintings.",
            "That is the method of this course.",
        ),
    ),
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
)
