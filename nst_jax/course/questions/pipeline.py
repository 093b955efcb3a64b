"""The quiz of notebook 01 · The pipeline, traced."""

from ..quiz import Question

PIPELINE = (
    Question(
        "Photo and painting are 224 × 224. What is the shape of P at conv4_2 in the paper's network?",
        ("14 × 14 × 512", "28 × 28 × 512", "28 × 28 × 256", "224 × 224 × 3"),
        1,
        (
            "One pooling too many: the fourth stands after block 4.",
            "Three poolings before block 4: 224 / 8 = 28. Block 4 has 512 filters.",
            "256 is the width of block 3.",
            "That is the photo itself. Its features have one number for each filter and position.",
        ),
    ),
    Question(
        "What does an iteration change?",
        ("the picture x", "the network's kernels", "the Gram matrices of the painting", "α and β"),
        0,
        (
            "The picture is the parameter. All else is constant during a run.",
            "The network is frozen: no gradient of a kernel is even computed.",
            "They are targets, computed once from the painting.",
            "They are chosen before the run.",
        ),
    ),
    Question(
        "A run starts from the photo. What is its content loss at the first evaluation?",
        ("that of noise", "0", "the same as its style loss", "it depends on α"),
        1,
        (
            "Only if it started from noise.",
            "F = P there, so every difference is 0. It can only rise.",
            "The two have nothing to do with each other.",
            "α multiplies 0.",
        ),
    ),
    Question(
        "The targets are computed. What does each iteration cost from then on?",
        (
            "one pass forward, to conv5_1, and one back to the picture",
            "three passes forward, of p, a and x, and one back",
            "one pass forward for each of the six layers",
        ),
        0,
        (
            "The features of all layers come from the same pass.",
            "p and a do not change, and neither do their features: they went through once, before the run.",
            "A pass to conv5_1 goes through all of them on its way.",
        ),
    ),
)
