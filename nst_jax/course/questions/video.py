"""The quiz of notebook 40 · Video."""

from ..quiz import Question

VIDEO = (
    Question(
        "The camera stands still, the scene too; only the noise of the camera differs from frame to frame. Frames are "
        "painted one by one by the optimiser. Do the pictures flicker?",
        (
            "No: what is the same is painted the same",
            "Yes: small changes of the photo lead to other minima",
            "Only if the style picture is noisy",
        ),
        1,
        (
            "It would be, if the frames were the same to the last bit.",
            "The objective has many minima that are nearly as good, and the way down amplifies small differences.",
            "The style picture is the same for all frames: it adds nothing that changes.",
        ),
    ),
    Question(
        "A flow w leads from frame t to frame t − 1. What does `warp(x, w)` give, for a picture x of frame t − 1?",
        (
            "x moved to where its contents are in frame t",
            "x moved to where its contents were in frame t − 2",
            "the difference of the two frames",
        ),
        0,
        (
            "Each pixel of the new picture asks where it was, and reads there. So no pixel stays empty.",
            "That would need the flow from t − 1 to t − 2.",
            "The difference is taken afterwards, and is 0 where the flow is right and the light has not changed.",
        ),
    ),
    Question(
        "Behind a ball a wall comes into sight. What happens there without a mask?",
        (
            "nothing: the flow knows where the wall was",
            "the wall is held to the picture of the ball",
            "the picture becomes black",
        ),
        1,
        (
            "The wall was nowhere: the earlier frame shows the ball in its place.",
            "Whatever the flow says, the earlier picture has only the ball to offer: it leaves a trail.",
            "The warp always reads something.",
        ),
    ),
    Question(
        "Which frames does the long-term loss help with?",
        (
            "with those in which something reappears that was hidden for a while",
            "with all of them, since more comparisons hold better",
            "with the first frame",
        ),
        0,
        (
            "The frame before does not show it, one farther back does. Closest first, every pixel has one partner.",
            "A pixel that the frame before shows is compared with that one alone: c_j − Σ c_k is 0 for the others.",
            "The first frame has nothing before it.",
        ),
    ),
    Question(
        "A clip has a warping error of 0. Is it a good result?",
        (
            "Yes, it does not flicker",
            "Not necessarily: a grey picture has it as well",
            "That is impossible",
        ),
        1,
        (
            "So does a clip in which nothing is painted. Flicker is one number of two: the style is the other.",
            "Always read it beside the style distance, and beside the photo's own error, the floor.",
            "A constant picture has it, whatever the flow.",
        ),
    ),
    Question(
        "x ← (1 − s c) x + s c y blends in a share s of the earlier picture y. Each frame alone has independent noise "
        "of variance σ². What is left of it after many frames of a still scene?",
        (
            "(1 − s) σ²",
            "(1 − s) / (1 + s) σ²",
            "s σ²",
        ),
        1,
        (
            "The new noise enters with its weight squared, (1 − s)² σ², and some of the earlier noise stays.",
            "V = (1 − s)² σ² + s² V, so V = (1 − s)² σ² / (1 − s²).",
            "For s = 0 nothing is blended in, and all of σ² must be left.",
        ),
    ),
)
