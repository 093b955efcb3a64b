"""The quiz of notebook 06 · α, β and what they weigh."""

from ..quiz import Question

ALPHA_BETA = (
    Question(
        "Both α and β are multiplied by 10. The picture …",
        ("becomes more stylised", "keeps more of the photo", "stays the same"),
        2,
        (
            "β would have to grow more than α.",
            "α would have to grow more than β.",
            "The loss is ten times as large everywhere, so its minimum is where it was.",
        ),
    ),
    Question(
        "A run has come close to its minimum. Its weighted content loss is 2.6 times its weighted style loss. So …",
        (
            "content pulls 2.6 times as hard as style",
            "the front of the trade-off has a slope of about −2.6 there, on log–log axes",
            "the run has not converged: the two should be equal",
        ),
        1,
        (
            "At a minimum the two gradients are equally long and opposite, whatever the losses are.",
            "Along the front α dC + β dS = 0, and so d log S / d log C = −αC / (βS).",
            "What must be equal at a minimum are the gradients, not the losses.",
        ),
    ),
    Question(
        "You type the paper's 1e-3 into a program that has the paper's terms as they are printed, and the photo comes "
        "back nearly unchanged. The likeliest reason?",
        (
            "The optimiser is broken",
            "The style layers are wrong",
            "The content term is a sum over all features, so that 1e-3 weighs millions of times more than with means",
        ),
        2,
        (
            "It does what the loss asks for: with these weights the photo is nearly the minimum.",
            "They decide what the style is, not whether there is any.",
            "The factor between means and the paper's terms is 2NM, about 3 million for a picture of 512 × 384.",
        ),
    ),
    Question(
        "The same α and β in the paper's terms, at twice the side. The picture …",
        ("has less style", "has more style", "has the same balance of the two terms"),
        0,
        (
            "M is four times as large, and so is the content term; E_l is divided by M² and stays.",
            "The reverse: it is the content term that grows with M.",
            "That would need means. The paper's content term is a sum over positions.",
        ),
    ),
    Question(
        "At α/β = 0.0002, edges of the photo can still be found in the picture. What left them there?",
        ("the content term", "the start from the photo", "the style term"),
        1,
        (
            "From noise, with the same weight of the content term, they are not there.",
            "The run goes from the photo to a texture nearby, and is stopped on the way.",
            "It knows nothing about the photo.",
        ),
    ),
)
