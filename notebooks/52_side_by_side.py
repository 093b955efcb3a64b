# %% [markdown]
# # 52 · Side by side
#
# **Question.** Sixty years of methods on the same photo and the same painting: which is best, and who says so?
#
# **Cost.** 7 minutes or less on two CPU cores; no download. Reading and exercises: 60 minutes.
#
# > "Yet, the initial approach suggested by Gatys et al. [11] remains one of the best in terms of image quality,
# > especially in the artistic style transfer scenario, with one style image and one content image."
# >
# > Kotovenko, Wright, Heimbrecht and Ommer, *Rethinking Style Transfer: From Pixels to Parameterized Brushstrokes*,
# > [arXiv 2103.17185](https://arxiv.org/abs/2103.17185), introduction

# %%
from importlib.util import find_spec

if find_spec("nst_jax") is None:  # on a hosted service: install the package, and leave its JAX as it is
    from importlib.metadata import version
    from pathlib import Path

    from IPython import get_ipython

    repository = ""  # OWNER/NAME on GitHub, stamped by `python -m notebooks.publish --repository`
    checkout = [folder for folder in (Path(), Path("..")) if (folder / "pyproject.toml").is_file()]
    archives = [*Path().glob("nst_jax*.whl"), *Path().glob("nst_jax*.zip"), *Path().glob("nst_jax*.tar.gz")]
    found = [*checkout, *archives, *([f"git+https://github.com/{repository}"] if repository else [])]
    if not found:
        raise SystemExit("nst_jax is not installed: upload its archive (nst_jax….zip) beside this notebook")
    kept = [f"{name}=={version(name)}" for name in ("jax", "jaxlib", "flax", "optax") if find_spec(name)]
    get_ipython().run_line_magic("pip", f"install -q '{found[0]}[notebook]' {' '.join(kept)}")

# %%
import tempfile
from functools import partial

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from IPython.display import Markdown

import nst_jax as nst
from nst_jax import checks, course, show
from nst_jax.bundle import DATA
from nst_jax.course.questions import SIDE_BY_SIDE
from nst_jax.course.quiz import quiz
from nst_jax.notebook.time_line import time_line
from nst_jax.progress import bar
from nst_jax.research.forced_choice import trials_needed
from nst_jax.research.picture_makers import PICTURE_MAKERS
from nst_jax.research.side_by_side import conclusions, front, referees_of, row, summary

FAST = course.size(fast=True, full=False)  # small and quick, as the tests run it
SIZE, STEPS = course.size(fast=(48, 3), full=(128, 60))  # longest side in pixels; evaluations of the optimiser
FEW = (
    "photo",
    "recoloured photo",
    "hertzmann",
    "xdog",
    "quilting-texture",
    "image-analogy",
    "many styles",
    "one pass",
    "optimiser, gram",
)
RUNS = tempfile.mkdtemp()  # name a folder of your own, and pictures are kept from one session to the next
pictures = partial(show.pictures, quality=50)

# %% [markdown]
# ## 1 · A time line
#
# Each line is a cited work, each filled dot a method that this package has, under the name in brackets. The table is
# [`data/history/time-line.csv`](../data/history/time-line.csv).

# %%
time_line()

# %% [markdown]
# **What to see.** Textures begin with a question about people, strokes with a wish of artists, and until 2015 the two
# hardly meet. Patches take both from pictures, and the networks' first work on style is, word for word, a texture
# model with a photo added.
#
# ## 2 · All of them, on one photo
#
# `PICTURE_MAKERS` lists every way of this package to make a picture. Each is a function that `nst.grid` takes, so each
# picture has a run folder and is made once; a new method is one line in the list.

# %%
CONTENT, STYLE = "coffee", "woodcut"
names = [name for name in PICTURE_MAKERS if not FAST or name in FEW]


def made(name):
    maker = PICTURE_MAKERS[name]
    settings = dict(maker.settings)
    if maker.run is nst.stylize:  # small pictures: one scale, and fewer evaluations than by default
        settings = {"steps": STEPS, "scales": 1} | settings
    runs = nst.grid(maker.run, folder=RUNS, content=CONTENT, style=STYLE, size=SIZE, **settings)
    assert not runs.errors, runs.errors
    return runs[0].folder


folders = {name: made(name) for name in bar(names)}
images = {name: folder.image for name, folder in folders.items()}

# %%
p, a = nst.load_image(CONTENT, SIZE), nst.load_image(STYLE, SIZE)
shown = {name.replace(", ", "\n"): nst.resize(x, p.shape[:2]) for name, x in images.items()}
show.gallery({"painting": nst.resize(a, p.shape[:2])} | shown, 6, width=124, quality=50)

# %% [markdown]
# **What to see.** Cover the names and sort the pictures: which know the photo, which the painting, which both? Drawings
# and filters know no painting. Textures know no photo: there is no cup in them. What knows both differs in what it
# keeps: patches the print's lines (quilting has lost the cup over them), strokes a painter's form, the optimiser colours
# and curves, one pass the photo. Where the optimiser matches patches, or whole distributions of features, it hangs the
# print's sun where the photo has something round. `many styles` learned its six styles at 384 pixels, and its strokes
# have one size in pixels: on a picture as small as this they are as wide as the cup's rim.
#
# ## 3 · A referee
#
# Distances to the photo and to the painting, in networks that nothing optimised (`nst.Referee`); `structure` is one less
# the structural similarity. Where a method has no painting, a distance to it means nothing, and the table leaves it out.
# Seconds include what is compiled once.

# %%
referees = {"random": nst.Referee(p, a)}
seconds = {name: folder.manifest["seconds"] for name, folder in folders.items()}
rows = [row(PICTURE_MAKERS[name], "coffee + woodcut", x, seconds[name], referees) for name, x in images.items()]
own = pd.DataFrame(rows).astype({"year": "Int64"})
summary(own).style.format(precision=2, na_rep="–")

# %% [markdown]
# One pair of pictures is an anecdote. The package has a table of four pairs of real photos and paintings, with a second
# referee, a network that was trained on photographs (`python -m benchmarks.grand_comparison`; about it,
# [`data/history`](../data/history/README.md)).

# %%
table = pd.read_csv(DATA / "history" / "side-by-side.csv").astype({"year": "Int64"})
means = summary(table)
means.style.format(precision=2, na_rep="–")

# %%
Markdown("\n".join(f"- {sentence}" for sentence in conclusions(table)))

# %% [markdown]
# These sentences are computed from the table. "Lower", or "higher", is: the mean change over the pairs exceeds three times its
# standard error. Two distances, and no reason to weigh one against the other: so one method **beats** another if it is
# no farther in both, and nearer in one. Those that nobody beats are the **front**.

# %%
both = means[(means["photo"] == "yes") & (means["painting"] == "yes")]
figure, panels = plt.subplots(1, 2, figsize=(9.4, 4.2), layout="constrained")
for axes, name in zip(panels, referees_of(table), strict=True):
    x, y = both[f"content {name}"], both[f"style {name}"]
    kept = front(both, [f"style {name}", f"content {name}"])
    for kind, rows in both.groupby("kind", sort=False):
        axes.scatter(x[rows.index], y[rows.index], s=22, label=kind)
    line = both.loc[kept].sort_values(f"content {name}")
    axes.plot(line[f"content {name}"], line[f"style {name}"], color="0.7", linewidth=0.8, zorder=0)
    axes.set(title=f"referee: {name}", xlabel="content distance", ylabel="style distance", yscale="log")
    axes.set_xlim(-0.06, 1.3 * x.max())
    show.label_points(axes, {method: (x[method], y[method]) for method in both.index})
panels[0].legend(fontsize=7, frameon=False)
show.drawing(figure, colours=256)

# %% [markdown]
# **What to see.** Fronts are long: most of what people would call different tastes are different places on one. They begin
# with the photo in the painting's colours, and end with the optimiser. The referees nearly agree who is near to the
# painting, and who is near to the photo; not quite: part of an order is the referee's.
# By `lite0`, patches of 2001 are about as near in style as the optimiser: they are the painting. `many styles` learned
# each of these paintings first, in a thousand steps that changed γ and β alone, and is no nearer to them than colours:
# its kernels were made for six drawn pictures, and a fine weave lies over what it paints.
#
# ## 4 · What the numbers do not see
#
# Now cheat. Here are five pictures that nobody would call style transfer.

# %%
h, w = p.shape[:2]
painting = nst.resize(a, (h, w))
b = 16
tiles = painting[: h // b * b, : w // b * b].reshape(h // b, b, w // b, b, 3).swapaxes(1, 2).reshape(-1, b, b, 3)
tiles = np.random.default_rng(0).permutation(tiles)
shuffled = tiles.reshape(h // b, w // b, b, b, 3).swapaxes(1, 2).reshape(h // b * b, w // b * b, 3)
cheats = {
    "the photo": p,
    "the painting": painting,
    "the painting, mirrored": painting[:, ::-1],
    "the painting, in shuffled tiles": nst.resize(np.ascontiguousarray(shuffled), (h, w)),
    "half of each": (p + painting) / 2,
}
real = {name: images[name] for name in ("optimiser, gram", "image-analogy")}
scores = pd.DataFrame({name: referees["random"](np.ascontiguousarray(x)) for name, x in (cheats | real).items()}).T
pictures(cheats, width=150)

# %%
scores[["style", "content", "structure"]].round(2)

# %% [markdown]
# **What to see.** Doing nothing has the least content distance, and the painting itself the least style distance;
# mirrored or in shuffled tiles it keeps most of that. A Gram matrix has no places, so a referee made of them cannot
# tell a composition from a heap. Between "the photo" and "the painting" there is a double exposure that beats both
# honest pictures in structure.
#
# The numbers do not see whether strokes follow forms, whether a face is one, whether there are seams, whether a
# picture is *good*. They do not see that a patch was copied. They cannot compare a drawing without a painting with
# anything but the photo. What they are for: to say, of two settings of *one* method, which is nearer; to find faults at
# once; to choose what people are asked about.
#
# ## 5 · Ask people
#
# A folder of results is a session. Every pair comes twice with sides swapped, and a blurred picture shows who does not
# look. How many answers does it take?

# %%
for share in (0.6, 0.7, 0.8):
    print(f"if {share:.0%} prefer one of two, ask {trials_needed(share)} people")

# %%
asked = ("optimiser, gram", "one pass", "image-analogy")  # decide before you look at any answer
nst.ask(
    {name: folders[name] for name in asked},
    CONTENT,
    STYLE,
    rater="",
    question="Which is the better painting of the cup?",
)

# %% [markdown]
# In a class everyone runs that cell under their own name, `rater="ann"`, with a log, `log="answers/ann.csv"`; all logs go
# into one folder. Then
#
# ```python
# from pathlib import Path
#
# from nst_jax.research.forced_choice import raters, read_log, scores
#
# log = read_log(*Path("answers").glob("*.csv"))
# raters(log)  # who missed a blurred picture, or always chose one side
# scores(log)  # the results, the best first, with intervals over raters
# ```
#
# With the pictures of `python -m benchmarks.grand_comparison -o out-grand`, which are larger and of real paintings:
# `from benchmarks.grand_comparison import groups` in the checkout's folder, and `nst.ask(groups("out-grand"), …)`.
#
# ## Summary
#
# - One list, one referee, one sheet: sixty years can be compared, and should be compared on more than one pair.
# - A method without a painting has no style distance. An empty cell is a result.
# - Of two distances there is a front, not a winner.
# - Every referee can be cheated; a number that nobody optimised is better than one that somebody did.
# - In the end people are asked, after it was decided how many and what.
#
# ## Exercises
#
# `checks.hint(name, 1)` to `3` say more and more.
#
# **1 (15 minutes).** Write `beaten_by(D)`: for each row of distances, how many other rows are no larger anywhere and
# smaller somewhere.


# %%
def my_beaten_by(D):
    return (D[None] < D[:, None]).all(2).sum(1)  # change this until the check is happy


checks.beaten_by(my_beaten_by)

# %%
checks.hint("beaten_by", 1)

# %% [markdown]
# **2 (10 minutes).** *Predict first:* on which side of the front is `hybrid, 30 evaluations` from `optimiser, gram`?
# Is the difference one of the start, or of the number of evaluations? Which run would tell?
#
# **3 (15 minutes).** Find a picture, by whatever means, that the referee prefers to all others in the style distance
# and in the content distance at once. What does it look like? Why is a referee that you can compute with never safe
# from you?
#
# **4 (20 minutes).** Add a method: `nst.Method("mine", make, 2026, "we", "what it does", "none")`, with
# `make(p, a, *, seed)`. Make pictures with `nst.make` and give it a place in the figure of section 3.
#
# **5 (research).** Let a class answer section 5. Which of the distances orders the methods as people do? State before
# how many answers you need.
#
# <details><summary>Solution (teachers: reveal)</summary>
#
# **1.** `checks.solution("beaten_by")`. The cell as given asks for less in every distance.
#
# **2.** Nearer to the photo, and farther from the painting, if the start matters less than the number of evaluations. A
# run of the optimiser with 30 evaluations from the photo would tell.
#
# **3.** Mix the photo with the painting, or minimise the referee itself. Once it is minimised it is a loss, and no
# referee any more (Goodhart's law).
#
# **4, 5.** Open.
#
# </details>
#
# ## Quiz

# %%
quiz(*SIDE_BY_SIDE)

# %% [markdown]
# <details><summary>Answers</summary>
#
# 1 c (its style distance means nothing), 2 a (none is nearer in both), 3 b (the referee has no places), 4 c (decide
# before), 5 a (it has become a loss).
#
# </details>
