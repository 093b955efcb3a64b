"""The quiz of notebook 30 · Fast networks."""

from ..quiz import Question

FAST_NETWORKS = (
    Question(
        "A network of one style is trained. What is minimised, and over what?",
        (
            "the loss of one picture, over its pixels",
            "the loss of the pictures that it makes, averaged over photographs, over its weights",
            "the distance to pictures that an optimiser has made, over its weights",
        ),
        1,
        (
            "That is what the optimiser does, for each picture again.",
            "The loss is the same as ever; what is changed are the weights, which all photos share.",
            "No such pictures are needed: the loss itself says how good a picture is, and has a gradient.",
        ),
    ),
    Question(
        "The network of `vortex` is given another photo, and is asked for `mosaic`. What comes?",
        (
            "the photo in the style of vortex: there is no input for a style",
            "a mixture of both",
            "the photo in the style of mosaic, less well",
        ),
        0,
        (
            "Its only input is the photo. The style is in its weights.",
            "It has seen nothing of the mosaic, neither in training nor now.",
            "How would it know the mosaic?",
        ),
    ),
    Question(
        "A network of six styles has the same kernels for all of them. Where are the styles?",
        (
            "in six copies of its last layer",
            "in the scales and shifts γ and β of every filter",
            "in the mean and variance of the photo's features",
        ),
        1,
        (
            "There is one last layer. Its γ and β, like those of all others, differ.",
            "1,350 numbers a style, beside 349 thousand that all share.",
            "These are taken out of the features. What replaces them is the style's.",
        ),
    ),
    Question(
        "A network that was trained on crops of 96 pixels paints a photo of 512. How large are the strokes?",
        (
            "as large in pixels, and so small in the picture",
            "as large as in the style picture at 512 pixels",
            "five times as large in pixels",
        ),
        0,
        (
            "It is made of convolutions: what it does to a neighbourhood of pixels does not depend on the picture's "
            "size.",
            "The style picture was looked at in training, at one size, and is not any more.",
            "Then its kernels would have to grow with the picture.",
        ),
    ),
    Question(
        "The training takes 180 seconds, the optimiser 20 seconds a picture, one pass next to nothing. When does it "
        "pay?",
        (
            "at once: one pass is a hundred times as fast",
            "never, since the optimiser reaches a lower loss",
            "from the tenth picture in this style on",
        ),
        2,
        (
            "A pass is; but the first picture has waited for the training.",
            "It may reach a lower loss, which is another question. In seconds it pays at some number of pictures.",
            "Nine pictures take 180 seconds by the optimiser too. For another style, the count begins again.",
        ),
    ),
    Question(
        "γ and β of two styles are averaged. Is the picture the average of the two pictures?",
        (
            "yes, since γ and β enter linearly",
            "no: it shows strokes between the two, where an average of pictures shows both through each other",
            "no, since the network was not trained for it, and nothing comes of it",
        ),
        1,
        (
            "They do in each layer. Between layers stand ReLUs, and all of this is repeated fourteen times.",
            "And it keeps its contrast, of which an average of two pictures loses a part.",
            "It was not trained for it, and yet pictures come that look like a style.",
        ),
    ),
)
