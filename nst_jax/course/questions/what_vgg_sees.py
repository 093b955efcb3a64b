"""The quiz of notebook 02 · What VGG sees."""

from ..quiz import Question

WHAT_VGG_SEES = (
    Question(
        "Filter by filter, what can conv1_1 tell apart?",
        ("faces from cups", "edges and colours within 3 × 3 pixels", "textures", "styles"),
        1,
        (
            "Its units see 3 × 3 pixels; a face is larger.",
            "It is one convolution of 3 × 3 pixels and a ReLU.",
            "A texture repeats over more than three pixels.",
            "Not by a single unit, and not by three pixels.",
        ),
    ),
    Question(
        "Why does a pooling make the receptive field of all later convolutions grow faster?",
        (
            "it sees 2 × 2 units",
            "neighbouring units are twice as many pixels apart after it",
            "it drops odd edges",
            "it has more filters",
        ),
        1,
        (
            "That widens the field once, by one step.",
            "Each 3 × 3 convolution adds two steps, and the step has doubled.",
            "That changes the size of the map, not what a unit sees.",
            "A pooling has no filters.",
        ),
    ),
    Question(
        "The photo is reconstructed from conv5_1. What is most reliable in the result?",
        ("the colour of each pixel", "fine texture", "where the large things are", "the sharpness of edges"),
        2,
        (
            "Colours run; their correlation with the photo's is far below that of coarse lightness.",
            "Nothing of it comes back: the correlation is about 0.",
            "Coarse lightness correlates with the photo's almost as well as from the shallow layers.",
            "Edges between 1 and 8 pixels are half lost.",
        ),
    ),
    Question(
        "The halves of conv4_1's maps are exchanged before a reconstruction. What comes back?",
        ("the photo", "noise", "the photo with its halves exchanged", "the photo mirrored"),
        2,
        (
            "Only if the place in the map did not matter.",
            "Only at the seam, where the features fit no picture.",
            "Place is kept as the position in the map: things move with their features.",
            "Exchanging halves mirrors nothing.",
        ),
    ),
    Question(
        "A friend's code swaps red and blue for photo, painting and result alike. What will the result show?",
        (
            "an error",
            "the colours of the painting, exchanged",
            "nearly what the right code would make",
            "the photo, unchanged",
        ),
        2,
        (
            "Nothing is wrong with the shapes, so nothing complains.",
            "That happens where only x is swapped, and the targets are not.",
            "All three are misread alike. The features are wrong by a lot, and the picture hardly shows it.",
            "The loss is minimised as usual.",
        ),
    ),
)
