"""The quiz of notebook 20 · Control."""

from ..quiz import Question

CONTROL = (
    Question(
        "Three styles with the Gram loss: how much longer does one evaluation take than with one style?",
        ("three times as long", "no longer", "it depends on the weights"),
        1,
        (
            "Only if each style has a loss term. The gradient of their weighted sum is that of one blended target.",
            "The targets are blended once, before the run; the loss then compares with one matrix a layer.",
            "The weights change the numbers in the target, not the amount of work.",
        ),
    ),
    Question(
        "In a guided Gram matrix a position with T = ½ should count half. What has to be multiplied by T?",
        ("the features F, before the product", "the picture, before the network", "the product f fᵀ of each position"),
        2,
        (
            "Then T counts twice: the position counts T² = ¼.",
            "A dimmed picture has other features, and the edge of the mask becomes an edge in the picture.",
            "Σ T f fᵀ / Σ T: T is the weight of a position in a mean.",
        ),
    ),
    Question(
        "A region of the sky is painted, but some of the ground's texture has spilled across the horizon. What helps?",
        ('guides="inside"', "a larger β", "a softer mask"),
        0,
        (
            "Only units that see nothing but the region are then measured and moved, in each layer.",
            "It asks more strongly for the same thing, the spill included.",
            "It widens the band in which both textures are asked for.",
        ),
    ),
    Question(
        'What does `colour="luminance"` lose that `colour="content"` keeps?',
        (
            "the colours of the photo",
            "the way in which strokes and hues go together in the painting",
            "the shapes of the photo",
        ),
        1,
        (
            "It keeps them best of all, pixel by pixel.",
            "The network sees grey pictures, so that a stroke cannot differ from its ground in hue alone.",
            "The content term holds them in both.",
        ),
    ),
    Question(
        "A painting has 400 pixels, the picture 400, and `style_scale` is 2. What is the size of the strokes?",
        ("that of scale 1", "twice that of scale 1", "half that of scale 1"),
        0,
        (
            "A style picture is never enlarged: it has no more detail to give. The result's `notes` say so.",
            "It would be, if the painting had 800 pixels.",
            "That is `style_scale=0.5`.",
        ),
    ),
)
