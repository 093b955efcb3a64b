"""The quiz of notebook 07 · Your picture."""

from ..quiz import Question

YOUR_PICTURE = (
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
        "A run at 256 pixels took 20 seconds. About how long does one at 1024 take, with as many evaluations?",
        ("40 seconds", "80 seconds", "5 minutes"),
        2,
        (
            "A side twice as long is four times the pixels already.",
            "The side is 4 times as long, but the picture has 16 times as many pixels.",
            "16 times as many pixels, 16 times as long: 320 seconds.",
        ),
    ),
    Question(
        "You make β ten thousand times larger, and the style loss hardly falls. What could lower it?",
        ("a still larger β", "more evaluations", "a smaller α"),
        1,
        (
            "The loss is nearly all style by now; a factor does not move a minimum.",
            "The run stopped on its way. Weights cannot replace evaluations.",
            "Only the ratio counts: that is a larger β again.",
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
)
