# %% [markdown]
# # 50 · Textures
#
# **Question.** Before style there was texture. Which numbers of two pictures must agree until people cannot tell them
# apart, and what does each choice of numbers not see?
#
# **Cost.** 6 minutes or less on two CPU cores; no download. Reading and exercises: 75 minutes.
#
# > "Here we introduce a new model of natural textures based on the feature spaces of convolutional neural networks
# > optimised for object recognition."
# >
# > Gatys, Ecker and Bethge, *Texture Synthesis Using Convolutional Neural Networks*, [arXiv
# > 1505.07376](https://arxiv.org/abs/1505.07376), abstract

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
from functools import partial

import numpy as np
import pandas as pd

import nst_jax as nst
from nst_jax import checks, course, show
from nst_jax.bundle import DATA
from nst_jax.course.questions import TEXTURES
from nst_jax.course.quiz import quiz
from nst_jax.history.bricks import bricks
from nst_jax.history.heeger_bergen import with_histogram
from nst_jax.history.julesz import julesz
from nst_jax.history.patch_fields import patches
from nst_jax.history.steerable import build
from nst_jax.history.texture_distances import autocorrelation, noise
from nst_jax.images.luminance import luminance
from nst_jax.images.picture import bytes8
from nst_jax.progress import bar

FAST = course.size(fast=True, full=False)  # small and quick, as the tests run it
SIZE, SIDE = course.size(fast=(64, 64), full=(96, 128))  # of the samples and of the textures made from them, in pixels
STEPS = course.size(fast=6, full=80)  # evaluations of the network's textures
pictures = partial(show.pictures, quality=45)


def shown(x):
    """A picture of pixels, enlarged without smoothing them."""
    return np.kron(x, np.ones((2, 2, 1), np.float32))


def grey(f):
    """A map of numbers, from its least, black, to its largest."""
    return np.repeat(show.stretched(f[..., None]), 3, axis=-1)


# %% [markdown]
# Three samples serve throughout. One is **periodic**: this wall repeats every 16 × 32 pixels. One is **stochastic**:
# gravel, of which no two places are alike and all are of one kind. One is **structured**: a painted evening, in which
# things have places.


# %%
def middle(name):
    x = nst.load_image(name, 2 * SIZE)
    top, left = ((side - SIZE) // 2 for side in x.shape[:2])
    return np.ascontiguousarray(x[top : top + SIZE, left : left + SIZE])


samples = {"periodic": bricks(SIZE), "stochastic": middle("gravel"), "structured": middle("dabs")}
pictures({name: shown(a) for name, a in samples.items()}, width=192)

# %% [markdown]
# ## 1 · Julesz: how many pixels must one look at together?
#
# In 1962 Béla Julesz asked which textures people tell apart at once, without scrutiny, and looked for the answer in
# statistics: of single pixels (how bright?), of pairs (how alike are two pixels at a distance?), of triples. A strong
# test of such an idea is a pair of textures that *agree* in all of these, and that people tell apart all the same. He
# and others found some. Here are two. Cell $(i, j)$ is white if
#
# $$r_i + c_j + p\, i j \quad\text{is odd,}$$
#
# with a random bit $r_i$ for each row and $c_j$ for each column; $p = 0$ gives the **even** texture and $p = 1$ the
# **odd** one.

# %%
CELL = 4
even, odd = (julesz((SIZE, SIZE), seed=1, parity=parity, cell=CELL) for parity in ("even", "odd"))
pictures({"even": shown(even), "odd": shown(odd)}, width=192)

# %% [markdown]
# You saw it before you read on. Now count, over many such textures. A cell is $s = +1$ (white) or $-1$ (black). Take
# the mean of one cell, of products of two neighbours, of three cells of a block of 2 × 2, and of all four.


# %%
def cells(seed, parity):
    x = julesz((16 * CELL, 16 * CELL), seed=seed, parity=parity, cell=CELL)[::CELL, ::CELL, 0]
    return np.sign(x - 0.5)


def means(parity, draws=400):
    s = np.stack([cells(seed, parity) for seed in range(draws)])
    a, b, c, d = s[:, :-1, :-1], s[:, :-1, 1:], s[:, 1:, :-1], s[:, 1:, 1:]
    products = {"one cell": s, "two, side by side": a * b, "three": a * b * c, "four": a * b * c * d}
    return {name: float(product.mean()) for name, product in products.items()}


table = pd.DataFrame({parity: means(parity) for parity in ("even", "odd")})
np.testing.assert_allclose(table.iloc[:3], 0, atol=0.1)  # what chance leaves of 400 textures
np.testing.assert_allclose(table.loc["four"], [1, -1])
table.round(3)

# %% [markdown]
# **What to see.** Up to three cells the two are one: every mean is 0 but for chance. The product of four is $+1$ in
# every block of the even texture and $-1$ in every block of the odd one. Why? The $r$ and $c$ of a block come twice
# each and cancel; $p\,ij$ summed over the block is odd exactly once if $p = 1$. People see the difference, so what
# they use is not the statistics of three pixels.
#
# Does a **Gram matrix** see it? That depends on *of what*. The Gram matrix of the pixels' colours holds second moments
# at one place. The Gram matrices of a network hold second moments of features, each a function of many pixels.

# %%
vgg = nst.load_network("vgg19-slim")
layers = ("conv1_1", "conv2_1", "conv3_1", "conv4_1")


def grams(x):
    features = {"pixels": x} | vgg(x, layers)
    return {layer: np.asarray(nst.gram(F)) / F[..., 0].size for layer, F in features.items()}


def apart(x, y):
    G, A = grams(x), grams(y)
    return {layer: np.linalg.norm(G[layer] - A[layer]) / np.linalg.norm(A[layer]) for layer in G}


one, two = (julesz((SIZE, SIZE), seed=seed, parity="even", cell=CELL) for seed in (2, 3))
pairs = {"even, even": (one, two), "even, odd": (even, odd)}
pd.DataFrame({name: apart(*pair) for name, pair in pairs.items()}).round(2)

# %% [markdown]
# **What to see.** The first column is what chance does: two textures of one kind. At `conv1_1` and `conv2_1` even and odd are
# no farther apart than that, and for pixels both are near 0. Deeper they are, and at `conv4_1` about three times as far: the network tells
# even from odd, and nobody taught it to. To see four cells at once takes a product of two features that see two each.
#
# ## 2 · Histograms, of the picture and of its bands (1995)
#
# Heeger and Bergen start from white noise and give it the histogram of the sample; then the same for each band of a
# pyramid, in which a picture is split by size and direction; and again, five times. The step that is repeated is a
# sorting: the value of rank $i$ becomes the sample's value of rank $i$.


# %%
def matched(x, a):
    y = np.empty(x.size, np.float32)
    y[np.argsort(x, axis=None, kind="stable")] = np.sort(a, axis=None)
    return y.reshape(x.shape)


rng = np.random.default_rng(0)
gravel = luminance(samples["stochastic"])
x = rng.standard_normal(gravel.shape).astype(np.float32)
np.testing.assert_allclose(matched(x, gravel), with_histogram(x, np.sort(gravel, None)), atol=1e-6)
bands = build(gravel, scales=3, orientations=4).bands
rows = [[grey(np.real(band)) for band in scale] for scale in bands]
show.pictures(rows, ["0°", "45°", "90°", "135°"], ["fine", "middle", "coarse"], width=96)

# %% [markdown]
# **What to see.** Gravel, taken apart: in each panel what changes along one direction, at one size; lines run across it. Keep the histograms of
# these panels and nothing else, and let us see what is left of a texture.


# %%
def textures(method, **settings):
    return {
        name: nst.make(method, np.full((SIDE, SIDE, 3), 0.5, np.float32), a, size=SIDE, **settings).image
        for name, a in bar(samples.items())
    }


made = {"sample": samples, "noise": {name: noise((SIDE, SIDE), a) for name, a in samples.items()}}
made["heeger-bergen"] = textures("heeger-bergen", scales=3)


def sheet(*methods):
    return pictures([[made[m][name] for m in methods] for name in samples], methods, list(samples), width=128)


sheet("sample", "noise", "heeger-bergen")

# %% [markdown]
# **What to see.** (The textures are larger than their samples, and all are shown at one width: bricks and pebbles look
# smaller.) The noise has the sample's colours, and is no texture. With the histograms of the bands gravel looks
# like a rough stone: the right grain, without pebbles. The bricks are gone. A brick is a line *here* together with a
# line *there*; histograms forget where.
#
# ## 3 · What goes together (2000)
#
# Portilla and Simoncelli keep, besides, how strong bands go together: neighbouring places, directions, sizes. These
# are means of products of two, as in a Gram matrix, of features that were designed, not learned. The picture follows
# by gradient descent on its pixels, as in this course's own method.

# %%
made["portilla-simoncelli"] = textures("portilla-simoncelli", scales=3, **({"steps": 3} if FAST else {}))
sheet("sample", "heeger-bergen", "portilla-simoncelli")

# %% [markdown]
# **What to see.** The gravel is nearer, with dark gaps between its grains, and the evening has trunks. The bricks are
# horizontal and vertical pieces that go together, without a rule that says every second row is shifted. The statistics
# reach a few pixels far; a period that is longer is outside of them.
#
# ## 4 · No statistic at all: copy (1999 to 2001)
#
# Efros and Leung asked no longer which numbers agree. From a few pixels of the sample the texture grows outwards. At
# each new pixel $p$ they look at the part of its window that is filled, $\omega(p)$, compare it with *all* windows of
# the sample,
#
# $$d(\omega) = \sum_u g_u\, (\omega_u - \omega(p)_u)^2 \Big/ \sum_u g_u ,\qquad u \text{ filled, } g \text{ a Gaussian,}$$
#
# and draw one from those with $d \le 1.1 \min d$; its middle is the new pixel. What is continued looks right by
# construction. One number is left to choose: the side of the window.

# %%
GROWN = {side: f"efros-leung,\nwindow {side}" for side in (11, 19)}
for side, name in GROWN.items():
    made[name] = textures("efros-leung", window=side)
sheet("sample", *GROWN.values())

# %% [markdown]
# **What to see.** A brick is 16 pixels long. A window of 11 sees a joint, or the next one, never both: it makes bricks of any
# length, and nothing tells it that it is wrong. A window of 19 sees a whole brick, and continues the wall. The pebbles
# are smaller than both windows, and good with both. In the evening the large window copies whole trees; where nothing
# in the sample continues what has grown, it repeats one place, and the growth is stuck in stripes: the authors call
# it growing garbage.
#
# That was a search among thousands of windows for each pixel. Ashikhmin looks at a few: each pixel continues the piece
# that one of its neighbours is from. Quilting lays down whole blocks, and cuts where two of them differ least.

# %%
made["ashikhmin"], made["quilting"] = textures("ashikhmin"), textures("quilting-texture")
sheet("sample", "ashikhmin", "quilting")

# %% [markdown]
# **What to see.** Quilting, too, continues the wall without a fault, and the gravel could be a photograph.
# In the painted evening the same piece stands in many places. Where does such a picture come from? Count the windows of
# 9 × 9 pixels that are in the sample as they are.


# %%
def windows(x):
    return [window.tobytes() for window in patches(bytes8(x), 9).reshape(-1, 3 * 9**2)]


def copied(x, a):
    known = set(windows(a))
    return np.mean([window in known for window in windows(x)])


methods = ("heeger-bergen", "portilla-simoncelli", *GROWN.values(), "ashikhmin", "quilting")
shares = {m: {name: copied(made[m][name], a) for name, a in samples.items()} for m in methods}
pd.DataFrame(shares).style.format("{:.0%}")

# %% [markdown]
# **What to see.** More than half of quilting's windows are the sample's own, and nearly all that the window of 19 makes of
# the wall: where it continues without a fault, it copies. Statistics copy nothing.
#
# ## 5 · Gram matrices of a network (2015)
#
# The same idea as in section 3, with learned features: minimise the distance of the Gram matrices, from noise.
# `nst.stylize` with $\alpha = 0$ does that, since nothing of a photo counts.

# %%
made["gram"] = {
    name: nst.stylize(np.full((SIDE, SIDE, 3), 0.5, np.float32), a, network="vgg19-slim", size=SIDE, scales=1,
                      alpha=0, init="noise", steps=STEPS).image
    for name, a in bar(samples.items())
}  # fmt: skip
sheet("sample", "portilla-simoncelli", "gram")

# %% [markdown]
# **What to see.** Objects: bricks with corners, pebbles with gaps, trunks of trees. And a new kind of fault: the bricks
# have forgotten their rows, there is grain, and some colours are wrong, since the statistics of this small network fix
# colours only loosely. Nothing here is copied; nothing here knows of a period either.
#
# ## 6 · Who sees what
#
# A statistic is best understood by what it does *not* see. The autocorrelation of the luminance knows periods:

# %%
reach = SIZE // 4
shown_methods = ("sample", "portilla-simoncelli", "gram", "quilting")
maps = [[grey(autocorrelation(made[m][name], reach)) for m in shown_methods] for name in samples]
show.pictures(maps, list(shown_methods), list(samples), width=96)

# %% [markdown]
# **What to see.** The wall's autocorrelation is a lattice of peaks. Quilting keeps it; in the others it fades within a
# few bricks. This table was made with larger pictures, on six textures (`data/history`): distances to the sample, in parts
# of that of white noise, so that 0 is the sample's own.

# %%
table = pd.read_csv(DATA / "history" / "textures.csv")
columns = ["histogram", "period", "joint", "gram", "copied"]
best = {c: table[table["method"] != "noise"].pivot(index="texture", columns="method", values=c) for c in columns}
means = pd.DataFrame({c: each.mean() for c, each in best.items()}).loc[list(table["method"][1:7])]
means.style.format("{:.2f}").background_gradient(cmap="Blues", axis=0)

# %%
nearest = pd.DataFrame({c: best[c].idxmin(axis=1) for c in columns[:4]})
nearest

# %% [markdown]
# And by method: where it stands best among the six, where worst, and what a texture costs.

# %%
ranks = means[columns[:4]].rank()
seconds = table.groupby("method")["seconds"].median()
of_method = {"matches": ranks.idxmin(axis=1), "fails": ranks.idxmax(axis=1), "seconds": seconds}
pd.DataFrame(of_method).loc[means.index].style.format({"seconds": "{:.1f}"})

# %% [markdown]
# **What to see.** Heeger and Bergen win in histograms, Portilla and Simoncelli in joint statistics, the network in Gram
# matrices on four textures of six: mostly, each wins by its own measure. So a table of one measure says who was
# measured by it. Look at where a method is good by *another's* measure, and at the last column of the first table:
# quilting is near in much, and more than half of it is the sample itself.
#
# ## Summary
#
# - A texture model is a list of numbers, and a way to make pictures that agree in them.
# - Textures that agree in all statistics of three pixels can differ at a glance (Julesz).
# - Histograms of bands: grain. Products of neighbouring bands: short lines. Products of learned features: objects.
# - What no mean over places sees: a period longer than the features reach, and where things are.
# - Copying looks best and explains least; it cannot make what the sample does not have.
#
# ## Exercises
#
# `checks.hint(name, 1)` to `3` say more and more.
#
# **1 (10 minutes).** Write `match_histogram(x, a)`: the values of `a`, each once, the smallest where `x` is smallest.


# %%
def my_match_histogram(x, a):
    return (x - x.mean()) / x.std() * a.std() + a.mean()  # change this until the check is happy


checks.match_histogram(my_match_histogram)

# %%
checks.hint("match_histogram", 1)

# %% [markdown]
# **2 (10 minutes).** *Predict first:* which distance of section 6 is 0 for the sample turned by 90°? For its mirror
# image? For its pixels in random order? Then measure, with `TextureDistances` of `nst_jax.history.texture_distances`.
#
# **3 (15 minutes).** Make the wall with bricks of twice the size. Which methods fail now, and why those? Which of them
# are cured by a larger window or block (`help(nst.METHODS["quilting-texture"].function)`)?
#
# **4 (15 minutes).** The statistic `shifted-gram` holds products of features *at a distance*. Make the wall with it,
# as in section 5, and compare the autocorrelations.
#
# **5 (research).** Julesz's question with people: show a class the sample and one texture for a fifth of a second, and
# ask which is which. Which statistic must agree until they cannot tell? `nst.ask` logs the answers.
#
# <details><summary>Solution (teachers: reveal)</summary>
#
# **1.** `checks.solution("match_histogram")`. The cell as given matches two numbers, not a distribution.
#
# **2.** The histogram in all three cases. Turned: joint and Gram change, since lines that ran across now run down; the
# period's map is turned. Mirrored: the same for what leans to one side; nearly nothing for walls. Shuffled: all but
# the histogram are those of noise.
#
# **3.** Ashikhmin and Efros–Leung lose the rows as soon as a window does not hold a joint; quilting with blocks of two
# bricks keeps them. The network's bricks come out right only as long as a unit of `conv4_1` sees a whole one.
#
# **4.** The peaks at the shifts that it holds come back, and only those.
#
# **5.** Open.
#
# </details>
#
# ## Quiz

# %%
quiz(*TEXTURES)

# %% [markdown]
# <details><summary>Answers</summary>
#
# 1 b (four cells together), 2 c (where bands are strong together), 3 a (the sample's period is longer than its
# features reach), 4 b (it is made of the sample), 5 a (each is measured by its own statistic).
#
# </details>
