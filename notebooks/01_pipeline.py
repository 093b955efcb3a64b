# %% [markdown]
# # 01 · The pipeline, traced
#
# **Question.** What happens, number by number, between two pictures and the third that is made from them?
#
# **Cost.** 2 minutes or less on two CPU cores; no download. Reading and exercises: 45 minutes.
#
# > "To generate the images that mix the content of a photograph with the style of a painting we jointly minimise the
# > distance of a white noise image from the content representation of the photograph in one layer of the network and
# > the style representation of the painting in a number of layers of the CNN."
# >
# > Gatys, Ecker and Bethge, *A Neural Algorithm of Artistic Style*,
# > [arXiv 1508.06576](https://arxiv.org/abs/1508.06576), *Methods*

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
import time

import jax
import numpy as np
import pandas as pd

import nst_jax as nst
from nst_jax import checks, course, show
from nst_jax.course.questions import PIPELINE
from nst_jax.course.quiz import quiz
from nst_jax.networks.geometry import STYLE_LAYERS
from nst_jax.transfer.normalisation import normalized_for

NETWORK = "vgg19-slim"  # or "vgg19", the paper's, after `nst_jax fetch vgg19`
SIZE, STEPS = course.size(fast=(96, 40), full=(224, 200))  # pixels; evaluations

# %% [markdown]
# This notebook follows one small picture through the whole method, and stops at every station to look at the numbers.
# Each idea on the way has its own notebook; this one connects them. (`jax.jit` and what else JAX has that NumPy has not:
# the end of section 7 of [notebook 00](00_quickstart.ipynb).)
#
# ## 1 · Two pictures, as numbers
#
# A photo $\vec p$ and a painting $\vec a$, both brought to one size, as in the paper. (It is 224 × 224, the size that
# VGG-19 was trained on; any other would do.)


# %%
p, a = course.square("rocket", SIZE), course.square("vortex", SIZE)
print(f"p: {p.dtype} {p.shape}, {p.size:,} numbers from {p.min():.2f} to {p.max():.2f}")
show.pictures({"photo p": p, "painting a": a}, width=224)

# %% [markdown]
# ## 2 · The network, as a table
#
# VGG-19 is a chain: 3 × 3 convolutions that keep the size, and four poolings that halve it, one before each block from
# the second on. The network that comes with this package, `vgg19-slim`, has the same chain with fewer filters, and ends
# at conv5_1, the deepest layer that the method needs. Beside it stands VGG-19 at full width.
#
# For both we count what a layer has learned (its parameters) and what it takes to compute it: a multiplication and an
# addition for each number of its kernel at each position. (M is a million of them, G a thousand million.)

# %%
vgg = normalized_for(nst.load_network(NETWORK), p, a)  # each filter's mean is 1


TO_CONV5_1 = nst.LAYERS[:13]  # no deeper layer is needed


def full_width():
    """VGG-19 to conv5_1 with all filters, every weight 0: good for counting only."""
    weights, C = {"preprocess.kernel": np.eye(3), "preprocess.bias": np.zeros(3)}, 3
    for layer in TO_CONV5_1:
        N = {"1": 64, "2": 128, "3": 256, "4": 512, "5": 512}[layer[4]]
        weights[f"{layer}.kernel"] = np.zeros((3, 3, C, N), np.float32)
        weights[f"{layer}.bias"] = np.zeros(N)
        C = N
    return nst.VGG19(weights)


# %%
def count(network, side=224):
    """One row a layer, for a picture of side × side; multiply-adds in millions."""
    rows = {}
    for layer, (h, w, N) in network.shapes(side, side, TO_CONV5_1).items():
        conv = getattr(network, layer)
        rows[layer] = {
            "shape": f"{h}×{w}×{N}",
            "parameters": conv.kernel[...].size + conv.bias[...].size,
            "M multiply-adds": round(h * w * conv.kernel[...].size / 1e6),
        }
    return pd.DataFrame(rows).T


full = full_width()
pd.concat({NETWORK: count(vgg), "full width": count(full)}, axis=1)

# %%
picture = jax.ShapeDtypeStruct((224, 224, 3), "float32")
in_shapes_alone = jax.eval_shape(lambda x: full(x, full.layers), picture)
through = {layer: F.shape for layer, F in in_shapes_alone.items()}
assert through == full.shapes(224, 224)
assert through["conv4_2"] == (28, 28, 512)

for name, network in ((NETWORK, vgg), ("full width", full)):
    learned, work = count(network)[["parameters", "M multiply-adds"]].sum()
    print(f"{name}: {learned:,} parameters, {work / 1e3:.1f} G multiply-adds")

# %% [markdown]
# **What to see.** Height and width halve at each pooling, and the number of filters grows: conv4_2 at full width is
# 28 × 28 × 512. The *parameters* sit in the deep layers. The *work* is spread more evenly, since a shallow layer has
# fewer filters and more positions; in the bundled network conv1_2 alone is nearly a third of it. In total that network
# takes a twelfth of the work, which is why this notebook is quick. It is not the paper's network: its pictures are alike,
# and its numbers are its own.

# %% [markdown]
# ## 3 · Content and style, as features
#
# The photo's **content** is the response of one layer, conv4_2: $P$, an array `[h, w, N]`. The painting's **style** is,
# for five layers, an array $A^l$ of the shape `[N, N]`, the *Gram matrix*: one number for each pair of filters, large
# where both respond together, wherever in the picture that is. Notebook 02 shows what the features are, notebook 03
# builds the Gram matrix and asks why it should be style; here they are two kinds of arrays, and their shapes are what
# matters.

# %%
LAYERS = (*STYLE_LAYERS, "conv4_2")
features = jax.jit(lambda network, x: network(x, LAYERS))

P = np.asarray(features(vgg, p)["conv4_2"])  # [h, w, N]
F_a = features(vgg, a)
A = {layer: np.asarray(nst.gram(F_a[layer])) for layer in STYLE_LAYERS}  # [N, N]
assert P.shape == vgg.shapes(SIZE, SIZE)["conv4_2"]

strongest = np.argsort(-P.mean((0, 1)))[:5]
of_p = [show.coloured(P[:, :, c]) for c in strongest]
of_a = [show.coloured(np.sqrt(G)) for G in A.values()]
shapes = {"P at conv4_2": P.shape} | {f"A at {l}": G.shape for l, G in A.items()}
print(", ".join(f"{name}: {shape}" for name, shape in shapes.items()))

titles = [f"P: channel {c}\nA: {layer}" for c, layer in zip(strongest, A, strict=True)]
sides = ["content\nof p", "style\nof a"]
show.pictures([of_p, of_a], titles, sides, width=112, quality=65)

# %% [markdown]
# **What to see.** Above, five of the channels of $P$, as maps: one still knows where in the photo something is. Below,
# the five Gram matrices, one row and one column a filter: they know no places any more. (The figure shows their
# square roots, so that small entries are visible.)

# %% [markdown]
# ## 4 · The losses, as numbers
#
# Any picture $\vec x$ gets features $F^l$ and Gram matrices $G^l$ of its own, of the same shapes. Two kinds of numbers
# say how far they are from what is wanted, and one number adds them up:
#
# $$\mathcal L_{content}: F^l \text{ against } P^l, \qquad E_l: G^l \text{ against } A^l, \qquad
# \mathcal L_{total} = \alpha\, \mathcal L_{content} + \beta \sum_l w_l E_l.$$
#
# Both are sums of squared differences; notebook 04 writes them down and differentiates them. We take the package's usual
# weights, $\alpha = 1$ and $\beta = 50$ in the convention of the paper's author's code, and translate them into the
# paper's, which the objective is written in (notebook 06 says why). A little total variation, which the paper does not
# have, keeps the picture smooth.

# %%
given = nst.loss_weights(alpha=1, beta=50)  # conv4_2; five style layers with w_l = 1/5
of_paper = nst.convert(given, "author", "paper", vgg.shapes(SIZE, SIZE))
content, style = of_paper.content, of_paper.style  # layer → weight
objective = nst.build_objective(vgg, p, a, content, style, tv=3 / p.size)

noise = course.noise(p)
terms = jax.jit(lambda objective, x: objective.breakdown(x))
starts = {"x = p": p, "x = a": a, "x = noise": noise}
table = pd.DataFrame({name: terms(objective, x) for name, x in starts.items()})
table = table.astype(float)

assert table.loc["content/conv4_2", "x = p"] == 0
styles = table.loc[[f"style/{layer}" for layer in STYLE_LAYERS]]
assert (styles["x = a"] < 1e-6 * styles["x = p"]).all()
pd.concat([table, table.sum().to_frame("total").T]).round(4)

# %% [markdown]
# **What to see.** The photo has no content loss, and the painting no style loss: each is the answer to one half of the
# question. What we look for is between them. Noise is wrong in both ways, and more in style than the photo is, at every
# layer. The weights are part of these numbers: without α, β and $w_l$ they could not be compared.

# %% [markdown]
# ## 5 · Targets are computed once
#
# $P^l$ and $A^l$ depend on $\vec p$ and $\vec a$, and on nothing else. They are computed once, before the first step,
# and are constants from then on: no gradient goes into them. Code that computes them at every step gives the same
# numbers, and pays three passes forward and one back instead of one and one.


# %%
@jax.jit
def once(objective, x):
    return jax.value_and_grad(objective)(x)


@jax.jit
def each_time(vgg, p, a, x):
    anew = nst.build_objective(vgg, p, a, content, style, tv=3 / p.size)
    return jax.value_and_grad(anew)(x)


g, g_anew = once(objective, noise)[1], each_time(vgg, p, a, noise)[1]
np.testing.assert_allclose(g, g_anew, rtol=1e-3, atol=1e-6)


# %%
def seconds(function, *arguments):
    """The best of eleven, after one that compiles."""
    ticks = [time.perf_counter()]
    for _ in range(12):
        jax.block_until_ready(function(*arguments))
        ticks.append(time.perf_counter())
    return min(np.diff(ticks)[1:])


fast, slow = seconds(once, objective, noise), seconds(each_time, vgg, p, a, noise)
print(f"loss and gradient, targets computed once: {1e3 * fast:.0f} ms")
print(f"loss and gradient, targets at every step: {1e3 * slow:.0f} ms, ", end="")
print(f"{slow / fast:.1f} times as long")

# %% [markdown]
# ## 6 · The picture is what is optimised
#
# $$\vec x \leftarrow \vec x - (\text{a step along}) \; \frac{\partial \mathcal L_{total}}{\partial \vec x}$$
#
# The network is frozen; the unknowns are the numbers of $\vec x$. L-BFGS chooses the step (notebook 05 says how). Here
# is the log of two runs of the same objective, one started from the photo, one from noise.

# %%
MARKS = (1, 10, 20, 30, STEPS)


def trace(x0):
    """The pictures after 1, 10, 20, … evaluations, and all losses."""
    pictures = {1: x0}  # the first evaluation is of the start itself
    settings = {"steps": STEPS, "every": 10, "interval": float("inf")}
    for snapshot in nst.optimize(objective, x0, nst.lbfgs(), **settings):
        pictures[snapshot.evaluations] = snapshot.image
    return pictures, snapshot


def log(snapshot):
    """The losses at the marks, in groups."""
    styles = [f"style/{layer}" for layer in STYLE_LAYERS]
    names = ["total", "content/conv4_2", *styles, "tv", "gradient_norm"]
    losses = pd.DataFrame(snapshot.losses).set_index("evaluations")
    rows = losses.loc[list(MARKS), names]
    pairs = [("", *name.split("/"))[-2:] for name in names]
    rows.columns = pd.MultiIndex.from_tuples(pairs)
    return rows.rename_axis("iteration").map("{:.3g}".format)


from_p, last_p = trace(p)
log(last_p)

# %%
from_noise, last_noise = trace(noise)
log(last_noise)


# %%
def at(snapshot, mark):
    """The losses of one iteration: name → number."""
    row = list(snapshot.losses["evaluations"]).index(mark)
    return {name: float(column[row]) for name, column in snapshot.losses.items()}


def line(name, L):
    parts = f"content {L['content']:.2g}, style {L['style']:.3g}"
    return f"{name}: {L['total']:.3g}\n{parts}"


for snapshot in (last_p, last_noise):  # at each mark lower than at the one before
    assert np.diff([at(snapshot, mark)["total"] for mark in MARKS]).max() < 0

runs = {"from the photo": last_p, "from noise": last_noise}
labels = [
    "\n\n".join(
        [f"iteration {m}", *(line(name, at(run, m)) for name, run in runs.items())]
    )
    for m in MARKS
]
rows = [[from_p[m], from_noise[m]] for m in MARKS]
show.pictures(rows, list(runs), labels, width=136, quality=70)

# %% [markdown]
# **What to see.** From the photo, ten iterations take most of the loss away, and yet the sky is only rippled and blue;
# the strokes come between 10 and 30, and the large vortices after that, while the loss falls from about 4 to 3. The
# loss is what is minimised; it says little about how a picture looks. Content begins at 0, rises at once, and comes
# down again slowly.
#
# From noise the painting's texture comes first, and the rocket last: after 30 iterations there is hardly a trace of it,
# and the content loss is not far below that of noise. In the end it stands in the middle, and the pictures are not the
# same.

# %% [markdown]
# ### What each stage costs
#
# Multiply-adds of one iteration. The backward pass to the picture costs as much as the forward pass: through a frozen
# convolution the gradient is a convolution again, with the kernel rotated. No gradient of any weight is ever computed.


# %%
def stages(network):
    forward = sum(count(network, SIZE)["M multiply-adds"])
    shapes = network.shapes(SIZE, SIZE, STYLE_LAYERS)
    return {
        "forward, to conv5_1": forward,
        "five Gram matrices": sum(h * w * N**2 for h, w, N in shapes.values()) / 1e6,
        "back to the picture": forward,
        "L-BFGS, 30 pairs": 4 * 30 * p.size / 1e6,
        "the targets, once": 2 * forward,
    }


cost = pd.DataFrame({NETWORK: stages(vgg), "full width": stages(full)})
assert (cost.loc["five Gram matrices"] < 0.1 * cost.loc["forward, to conv5_1"]).all()
print(f"One iteration took {1e3 * fast:.0f} ms here, with {NETWORK}.")
print(f"Million multiply-adds at {SIZE} × {SIZE}:")
cost.round(0).astype(int)

# %% [markdown]
# ## Misconceptions
#
# **"The network is trained on the painting."** Nothing in it changes. Below is everything that a run of L-BFGS carries
# from one iteration to the next, enough to resume it bit for bit: sixty-odd pictures' worth of numbers, and no kernel.

# %%
everything = last_p.checkpoint()
carried = {k: everything[k].shape for k in everything if k.startswith("carry/")}
kernels = {getattr(vgg, layer).kernel[...].shape for layer in vgg.layers}
assert not kernels & set(carried.values())
numbers = sum(int(np.prod(shape)) for shape in carried.values())
print(f"{numbers:,} numbers are carried: {numbers / p.size:.1f} times ", end="")
print(f"the {p.size:,} of the picture")
print("(30 pairs of differences, and a few copies of x). The network's ", end="")
print(f"{count(vgg)['parameters'].sum():,} parameters are not among them.")

# %% [markdown]
# **"The loss has one best picture, and every start leads to it."** The two runs of section 6 had the same objective.

# %%
ends = {"from the photo": from_p[STEPS], "from noise": from_noise[STEPS]}
apart = course.rmse(*ends.values())
assert apart > 0.05
totals = [at(run, STEPS)["total"] for run in runs.values()]
print(f"losses at the end: {totals[0]:.2f} and {totals[1]:.2f}")
print(f"root mean square difference of the two pictures: {apart:.2f}, ", end="")
print("where black and white differ by 1")
show.pictures(ends, width=160, quality=75)

# %% [markdown]
# The losses are close, and the vortices are in other places. The loss asks for *some* picture with these statistics, and
# there are many; the start chooses among them. (Figure 6 of the CVPR paper compares starts, too.)

# %% [markdown]
# ## Summary
#
# - $\vec p$ gives $P^l$ at conv4_2, $\vec a$ gives five Gram matrices $A^l$, both once. Then $\vec x$ is optimised, and
#   nothing else.
# - One iteration is a pass forward to conv5_1, five Gram matrices, and a pass back to the picture.
# - A loss is a number for each layer. The total says whether the run goes well; it says little about how the picture
#   looks.
# - Where the run starts decides which of many pictures it finds.

# %% [markdown]
# ## Exercises
#
# `checks` runs a function of yours on small inputs, compares, and says which mistake it looks like. `checks.progress()`
# shows what you have done so far, and `checks.report("your name")` makes a line of it for your teacher.
#
# **1 (easy).** Write `feature_shape(layer, h, w)` for VGG-19 at full width: (28, 28, 512) for conv4_2 and 224 × 224.


# %%
def feature_shape(layer, h, w):
    block = int(layer[4])  # 4 for conv4_2
    N = {1: 64, 2: 128, 3: 256, 4: 512, 5: 512}[block]
    return h // 2**block, w // 2**block, N  # change this until the check is happy


checks.feature_shape(feature_shape)

# %%
checks.hint("feature_shape", 1)  # 2 and 3 say more

# %% [markdown]
# **2 (medium).** Write `parameters(layer)`: how many numbers VGG-19 learns in one layer. Compare with the table of
# section 2.


# %%
def parameters(layer):
    widths = {1: 64, 2: 128, 3: 256, 4: 512, 5: 512}
    block, number = int(layer[4]), int(layer[6])
    C = widths[block] if number > 1 else widths.get(block - 1, 3)
    return 9 * C * widths[block]  # change this until the check is happy


checks.parameters(parameters)

# %% [markdown]
# **3 (medium).** Exchange photo and painting in section 1. Before you run it, write down which numbers of the table of
# section 4 will be 0, and which picture each start of section 6 will look like after one iteration. Then run it.
#
# **4 (medium).** How early could you stop? In section 6 set `MARKS` and `STEPS` for up to 1000 iterations. At which
# iteration would a friend who sees the pictures without their numbers say that nothing changes any more? Which share of
# the fall of the loss was over by then?
#
# **5 (research).** *What does a start decide?* Section 6 and the second misconception have two starts. Take ten of noise,
# the photo, and mixtures of both. Measure the losses at the end, the distance of every two results in pixels, and the
# same distance in the features of conv4_2. Is there a mixture from which on the runs end near the photo's? Do the
# results differ in what the content loss sees, or only in where the strokes lie? Predict first.
#
# <details><summary>Solution (teachers: reveal)</summary>
#
# **1, 2.** `checks.solution("feature_shape")`, `checks.solution("parameters")`. The attempts fail because the pooling
# stands *before* a block, so that conv4_2 comes after three; and because each filter has a bias, N more in all.
#
# **3.** The roles change: content is 0 at the new $\vec p$ (the painting), style at the new $\vec a$. After one
# iteration each run shows its own start, whatever the objective: the first evaluation is of the start itself.
#
# **4.** Answers differ between people, and that is the point. In the run above, from the photo, more than nine tenths of
# the fall of the loss were over at iteration 20, and the picture was not.
#
# **5.** Open. Exercise 3 of notebook 00 has what we measured of three seeds, and notebook 11 shows four. Give each number
# with its spread over seeds and over pairs of pictures.
#
# </details>
#
# ## Quiz

# %%
quiz(*PIPELINE)

# %% [markdown]
# <details><summary>Answers</summary>
#
# 1 b: three poolings, 512 filters. 2 a: the picture alone. 3 b: the photo answers itself. 4 a: one pass each way.
#
# </details>
