# %% [markdown]
# # 51 · Strokes and patches
#
# **Question.** Can a painter be written down as a program, or be cut out of a painting, without any learning? And how
# much of that is in the method of the networks?
#
# **Cost.** 6 minutes or less on two CPU cores; no download. Reading and exercises: 75 minutes.
#
# > "However, we argue that this representation is unnatural because paintings usually consist of brushstrokes rather
# > than pixels."
# >
# > Kotovenko, Wright, Heimbrecht and Ommer, *Rethinking Style Transfer: From Pixels to Parameterized Brushstrokes*,
# > [arXiv 2103.17185](https://arxiv.org/abs/2103.17185), abstract

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

import matplotlib.pyplot as plt
import numpy as np
from scipy import ndimage
from skimage.color import rgb2lab

import nst_jax as nst
from nst_jax import checks, course, show
from nst_jax.course.questions import STROKES_AND_PATCHES
from nst_jax.course.quiz import quiz
from nst_jax.history.curves import curves_of, render
from nst_jax.history.hertzmann import MANNERS, normals
from nst_jax.history.kotovenko import optimised
from nst_jax.history.quilting import minimum_cut
from nst_jax.history.stippling import lloyd, sampled
from nst_jax.history.tone import darkness_of
from nst_jax.history.xdog import xdog
from nst_jax.images.luminance import luminance
from nst_jax.progress import bar
from nst_jax.transfer.job import prepare
from nst_jax.transfer.objective import objective_at

FAST = course.size(fast=True, full=False)  # small and quick, as the tests run it
SIZE, WORK, STEPS = course.size(fast=(96, 48, 3), full=(256, 128, 60))  # pixels; pixels and updates of the last section
pictures = partial(show.pictures, quality=50)


def make(method, *given, **parameters):
    return nst.make(method, *given, size=SIZE, **parameters).image


cat, face = nst.load_image("chelsea", SIZE), nst.load_image("astronaut")[:340, 60:400]
face, painting = nst.resize(face, (SIZE, SIZE)), nst.load_image("woodcut", SIZE)

# %% [markdown]
# ## 1 · A painter's rules (1990 to 1998)
#
# Haeberli let a program ask the photo for a colour, and lay a dab of it. Hertzmann's painter has a procedure. Large
# brush first: blur the photo so that only what the brush can paint is left; lay a stroke where the canvas is still
# wrong; take a smaller brush. So detail is painted only where the photo has some. A stroke runs **across the
# gradient**, along the contour:
#
# $$d = f_c\, n + (1 - f_c)\, d_\text{last}, \qquad n = (-\partial_y L,\ \partial_x L) / |\nabla L| .$$


# %%
def direction(p):
    L = luminance(p).astype(float)
    n = np.stack([-ndimage.sobel(L, axis=0), ndimage.sobel(L, axis=1)], axis=-1)
    return n / np.maximum(np.linalg.norm(n, axis=-1, keepdims=True), 1e-6)


np.testing.assert_allclose(direction(cat), normals(cat), atol=1e-6)
layers = [make("hertzmann", cat, radii=radii) for radii in ((8.0,), (8.0, 4.0), (8.0, 4.0, 2.0))]
pictures({"photo": cat} | dict(zip(["brush of 8", "and of 4", "and of 2"], layers, strict=True)), width=192)

# %%
pictures({name: make("hertzmann", cat, manner=name) for name in bar(MANNERS)}, width=192)

# %% [markdown]
# **What to see.** The small brush goes to the eyes and the nose; the background keeps its large strokes. The four
# manners are one program with other numbers: how far a stroke may go, how fast it turns, how exact its colour is. A
# *style* here is a table of eleven numbers, which its author found by trying; no painting was looked at.
#
# ## 2 · Filters and ink (1994 to 2012)
#
# **Kuwahara's filter** looks at four windows that touch a pixel, and takes the mean of the one that varies least: an
# edge is never averaged across.


# %%
def kuwahara(x, r=4):
    L, best, spread = luminance(x).astype(float), np.zeros_like(x), np.full(x.shape[:2], np.inf)
    for dy in (-r // 2, r // 2):
        for dx in (-r // 2, r // 2):
            mean, mean2 = (ndimage.shift(ndimage.uniform_filter(f, r + 1), (dy, dx), mode="nearest") for f in (L, L**2))
            colour = ndimage.shift(ndimage.uniform_filter(x, (r + 1, r + 1, 0)), (dy, dx, 0), mode="nearest")
            better = mean2 - mean**2 < spread
            spread = np.where(better, mean2 - mean**2, spread)
            best = np.where(better[..., None], colour, best)
    return best


pictures({"photo": cat, "four windows": kuwahara(cat), "sectors along the edges": make("kuwahara", cat),
          "cartoon": make("cartoon", cat)}, width=192)  # fmt: skip

# %% [markdown]
# **What to see.** By hand, blocks show: four squares are a coarse choice. The anisotropic filter of 2009 has eight
# sectors, drawn out along the edges, and paints. The cartoon adds steps of lightness and lines.
#
# **Lines** come from a difference of two blurs, sharpened and thresholded softly (XDoG):
# $u = (1 + p)\, G_\sigma * L - p\, G_{k\sigma} * L$, and ink where $u$ is below $\varepsilon$. **Stippling** asks for
# dots as dense as the photo is dark, and evenly spread: Lloyd's algorithm moves each dot to the middle of what is
# nearest to it.

# %%
L = rgb2lab(face)[..., 0]
narrow, wide = (ndimage.gaussian_filter(L, sigma) for sigma in (1.2, 1.2 * 1.6))
u = (1 + 18) * narrow - 18 * wide
ink = np.where(u >= 60, 1, np.clip(1 + np.tanh(0.2 * (u - 60)), 0, 1))
np.testing.assert_allclose(ink, xdog(face, seed=0, flow=0.0, epsilon=60.0)[..., 0], atol=1e-5)
dots = {"detail 0": make("stippling", face, detail=0.0, dots=SIZE * 40)}
dots["detail 1"] = make("stippling", face, dots=SIZE * 40)
pictures({"photo": face, "xdog": make("xdog", face), "hatching": make("hatching", face)} | dots, width=192)

# %%
density = darkness_of(face, 1.0, 0.0, 1.0) ** 1.3
energies = [energy for _, energy in lloyd(sampled(np.random.default_rng(0), density, 500), density, 15)]
assert (np.diff(energies) <= 0).all()
figure, axes = plt.subplots(figsize=(4.6, 2.2), layout="constrained")
axes.plot(energies, color="#1f6fb4")
axes.set(xlabel="iteration of Lloyd's algorithm", ylabel="Σ ρ |x − dot|²", ylim=(0, None))
axes.spines[["top", "right"]].set_visible(False)
show.drawing(figure)

# %% [markdown]
# **What to see.** The energy never rises: each half of a step (who is nearest? where is the middle?) is the best that
# it can be. In the portraits, *where it fails*: dots have one size, and what is smaller than the distance of two dots
# is lost. A face whose eyes differ little from its skin, dark or light, is a grey oval. `detail` enlarges what differs
# from its surroundings before the dots are sown, and the eyes come back; more and smaller dots do the same at a price.
#
# ## 3 · Cut out of a painting (2001 to 2009)
#
# A painting holds its strokes already. **Quilting** lays blocks of it where they look like the photo, with an overlap,
# and cuts along the path on which two blocks differ least. There are exponentially many paths; dynamic programming
# looks at each pixel once: $E_{ij} = e_{ij} + \min(E_{i-1,j-1}, E_{i-1,j}, E_{i-1,j+1})$.

# %%
y, x = len(painting) // 2, SIZE // 10
one, two = painting[y : y + 32, x : x + 32], painting[y : y + 32, x + 20 : x + 52]  # two blocks, laid over each other
e = ((one - two) ** 2).sum(-1)
cut = minimum_cut(e)
joined = np.where((np.arange(32) < cut[:, None])[..., None], one, two)
marked = joined.copy()
marked[np.arange(32), cut] = (1, 0, 0)
straight = np.where((np.arange(32) < 16)[None, :, None], one, two)
print(f"cost along the cut {e[np.arange(32), cut].sum():.2f}, along the middle {e[:, 16].sum():.2f}")
pictures(
    {"one": one, "two": two, "joined in the middle": straight, "along the cut": joined, "the cut": marked}, width=128
)

# %%
patches = {"photo": cat, "painting": painting}
for name in bar(("quilting-transfer", "image-analogy", "nearest-patches")):
    patches[name] = make(name, cat, painting)
pictures(patches, width=192)

# %% [markdown]
# **What to see.** All three are made of the print, and of nothing else. *Quilting* has its lines and colours; where
# nothing in the print is like the photo, blocks show. An *image analogy* asks $A : A' :: B : B'$: the print is to its own blur as the result is to the
# photo; pixels continue what their neighbours copied, so pieces of wave run through the fur. *Nearest patches* let all
# patches over a pixel vote, and a mean of many is soft. *Where they fail*: the print has no eye, so what stands for the
# eye is a piece of something else; and in flat parts of the photo the same patch of the print is the nearest of all
# again and again, which leaves a faint weave in the last picture (exact search has it, too). What must be in the
# painting to paint a cat? More than most paintings have.
#
# ## 4 · The bridge: strokes under the networks' objective (2021)
#
# Sections 1 and 3 are two halves. Strokes have a *form* that is a painter's, and rules of their own. Patches look at a
# painting, and have no form. Now take the course's objective, and do not ask for pixels:
#
# $$\min_\theta\ \alpha L_\text{content}(R(\theta)) + \beta L_\text{style}(R(\theta)),$$
#
# where $\theta$ are strokes, places, bends, widths and colours, and the renderer $R$ draws them *differentiably*. The
# loss, the network, the gradient: all as they were. Only the space of pictures is another.

# %%
job = prepare(cat, painting, size=WORK, scales=1, alpha=1.0, beta=30.0, tv=0.0, network="vgg19-slim")
objective, shape = objective_at(job, 0), job.content.shape[:2]
strokes = curves_of(job.content, 150 if FAST else 700, np.random.default_rng(0))
moved, losses = zip(*optimised(strokes, objective, shape, STEPS, nearest=8), strict=True)
first, last = (np.asarray(render(each, shape, 8)) for each in (strokes, moved[-1]))
assert losses[-1] < losses[0]
print(f"objective {losses[0]:.3g} at first, {losses[-1]:.3g} after {STEPS} updates")

# %%
pixels = nst.stylize(cat, painting, network="vgg19-slim", size=WORK, scales=1, beta=30.0, steps=STEPS).image
pictures({"photo": job.content, "strokes at first": first, "strokes": last, "pixels": pixels}, width=192)

# %% [markdown]
# **What to see.** At first each stroke is a superpixel of the photo. Then strokes turn into the waves' direction, and
# most take the print's colours. Under the same content and style terms (pixels have the total variation, too), pixels do more: they draw lines finer than a stroke. That is what
# pixels are free to do, and it is also why they can put noise where a painter could not.
#
# ## Summary
#
# - A painter as rules: form is in the program, style in a few numbers; no painting is looked at.
# - Filters and ink keep the photo and change its rendering.
# - Patches: everything is the painting's, as long as the painting has it.
# - The networks' objective does not care who moves the picture: pixels, a decoder, or strokes.
#
# ## Exercises
#
# `checks.hint(name, 1)` to `3` say more and more.
#
# **1 (20 minutes).** Write `cheapest_cut(e)`: the column in each row of the path along which `e` sums to the least.


# %%
def my_cheapest_cut(e):
    return e.argmin(axis=1)  # change this until the check is happy


checks.cheapest_cut(my_cheapest_cut)

# %%
checks.hint("cheapest_cut", 1)

# %% [markdown]
# **2 (10 minutes).** *Predict first:* what does Hertzmann's painter make of a photo that is one colour? Of white noise?
# Of a photo turned by 90°: is the result turned, too? Try all three.
#
# **3 (15 minutes).** Choose a painting in which a cat's eye *can* be found, for example one with round dark spots
# (`dabs`? `mosaic`? your own). Which of the patch methods uses it, and what must κ be for the image analogy?
#
# **4 (15 minutes).** Give Hertzmann's painter the print's colours (`nst.make("hertzmann", cat, painting)`). Is it nearer
# to the print, by `nst.Referee(cat, painting)`, than the photo in the print's colours? Than the patches?
#
# **5 (research).** Strokes that are initialised where Hertzmann lays them, then optimised as in section 4: is the loss
# lower after the same number of updates, and do people prefer the picture (`nst.ask`)?
#
# <details><summary>Solution (teachers: reveal)</summary>
#
# **1.** `checks.solution("cheapest_cut")`. The cell as given takes the least of each row, and is torn.
#
# **2.** The one colour: the canvas is right from the start, and no stroke is needed after the first brush. Noise: each
# brush paints its blur, small strokes everywhere. Turned: nearly; the order of strokes is random, and their overlaps
# differ.
#
# **3.** Depends on the painting. Large κ copies whole pieces, and an eye is a piece.
#
# **4.** In colours yes; in its Gram distances hardly: its strokes are its own. The patches are nearer, being the print.
#
# **5.** Open.
#
# </details>
#
# ## Quiz

# %%
quiz(*STROKES_AND_PATCHES)

# %% [markdown]
# <details><summary>Answers</summary>
#
# 1 b (across the gradient), 2 a (a few numbers in a program), 3 c (each row adds the least of three sums), 4 a (the
# painting has none), 5 b (the space of pictures).
#
# </details>
