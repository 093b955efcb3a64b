# %% [markdown]
# # 01 · The pipeline, traced
#
# **Question.** What happens, number by number, between two pictures and the third that is made from them?
#
# **Cost.** 2 minutes or less on two CPU cores; no download. Reading and exercises: 60 minutes.
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
import os
import time
from dataclasses import replace

import jax
import numpy as np
import pandas as pd

import nst_jax as nst
from nst_jax import checks, show
from nst_jax.course.questions import PIPELINE
from nst_jax.course.quiz import quiz
from nst_jax.networks.geometry import STYLE_LAYERS
from nst_jax.transfer.normalisation import normalized_for

FAST = os.environ.get("NST_MODE") == "fast"  # small and quick, as the tests run it
NETWORK = "vgg19-slim"  # or "vgg19", the paper's own, after: python -m nst_jax fetch vgg19
SIZE, STEPS = (96, 40) if FAST else (224, 200)  # pixels; evaluations of the loss

# %% [markdown]
# This notebook follows one small picture through the whole method, and stops at every station to look at the numbers.
# Each idea on the way has its own notebook; this one connects them.
#
# ## 1 · Two pictures, as numbers
#
# A photo $\vec p$ and a painting $\vec a$, both brought to one size, as in the paper. (It is 224 × 224, the size that
# VGG-19 was trained on; any other would do.)


# %%
def square(name):
    """The middle square of a picture that comes with the package: [SIZE, SIZE, 3]."""
    x = nst.load_image(name)
    h, w = x.shape[:2]
    s, top, left = min(h, w), max(0, h - w) // 2, max(0, w - h) // 2
    return nst.resize(x[top : top + s, left : left + s], (SIZE, SIZE))


p, a = square("rocket"), square("vortex")
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
# addition for each number of its kernel at each position.

# %%
vgg = normalized_for(nst.load_network(NETWORK), p, a)  # each filter's mean activation is 1


TO_CONV5_1 = nst.LAYERS[:13]  # no deeper layer is needed


def full_width():
    """VGG-19 to conv5_1 with all of its filters, and every weight 0: good for counting only."""
    weights, C = {"preprocess.kernel": np.eye(3), "preprocess.bias": np.zeros(3)}, 3
    for layer in TO_CONV5_1:
        N = {"1": 64, "2": 128, "3": 256, "4": 512, "5": 512}[layer[4]]
        weights |= {f"{layer}.kernel": np.zeros((3, 3, C, N), np.float32), f"{layer}.bias": np.zeros(N)}
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
through = jax.eval_shape(lambda x: full(x, full.layers), picture)  # a pass in shapes alone
assert {layer: F.shape for layer, F in through.items()} == full.shapes(224, 224)
assert through["conv4_2"].shape == (28, 28, 512)

for name, network in ((NETWORK, vgg), ("full width", full)):
    total = count(network)[["parameters", "M multiply-adds"]].sum()
    print(f"{name}: {total.iloc[0]:,} parameters, {total.iloc[1] / 1e3:.1f} G multiply-adds at 224 × 224")

# %% [markdown]
# **What to see.** Height and width halve at each pooling, and the number of filters grows: conv4_2 at full width is
# 28 × 28 × 512. The *parameters* sit in the deep layers. The *work* is spread more evenly, since a shallow layer has
# fewer filters and more positions; in the bundled network conv1_2 alone is nearly a third of it. In total that network
# takes a twelfth of the work, which is why this notebook is quick. It is not the paper's network: its pictures are alike,
# and its numbers are its own.

# %% [markdown]
# ## 3 · Content and style, as features
#
# The photo's **content** is the response of one layer, conv4_2: $P^l$, with $N_l$ filters at $M_l$ positions. The
# painting's **style** is, for five layers, which filters answer *together*, summed over all positions $k$:
#
# $$A^l_{ij} = \sum_k F^l_{ik}(\vec a)\, F^l_{jk}(\vec a),$$
#
# the Gram matrix, which is the subject of notebook 03.

# %%
LAYERS = (*STYLE_LAYERS, "conv4_2")
features = jax.jit(lambda network, x: network(x, LAYERS))

P = np.asarray(features(vgg, p)["conv4_2"])  # [h, w, N]
F_a = features(vgg, a)
A = {layer: np.asarray(nst.gram(F_a[layer])) for layer in STYLE_LAYERS}  # [N, N]
assert P.shape == vgg.shapes(SIZE, SIZE)["conv4_2"]

strongest = np.argsort(-P.mean((0, 1)))[:5]
rows = [[show.coloured(P[:, :, c]) for c in strongest], [show.coloured(np.sqrt(G)) for G in A.values()]]
titles = [f"P: channel {c}\nA: {layer}" for c, layer in zip(strongest, A, strict=True)]
show.pictures(rows, titles, ["content\nof p", "style\nof a"], width=112, quality=65)

# %% [markdown]
# **What to see.** Above, five of the channels of $P$, as maps: one still knows where in the photo something is. Below,
# the five Gram matrices, one row and one column a filter: they know no places any more. (The figure shows their
# square roots, so that small entries are visible.)

# %% [markdown]
# ## 4 · The losses, as numbers
#
# For any picture $\vec x$ with features $F^l$ and Gram matrices $G^l$,
#
# $$\mathcal L_{total} = \alpha\, \underbrace{\tfrac12 \sum_{ij} (F^l_{ij} - P^l_{ij})^2}_{\mathcal L_{content}}
# + \beta \sum_l w_l \underbrace{\frac{1}{4 N_l^2 M_l^2} \sum_{ij} (G^l_{ij} - A^l_{ij})^2}_{E_l}.$$
#
# We take the package's usual weights, α = 1 and β = 50 in the convention of the paper's author's code, and translate
# them into the paper's, which the objective is written in. (Why the same letters mean such different numbers is the
# subject of notebook 05.) A little total variation, which the paper does not have, keeps the picture smooth.

# %%
given = nst.loss_weights(alpha=1, beta=50)  # conv4_2; five style layers with w_l = 1/5
of_paper = nst.convert(given, "author", "paper", vgg.shapes(SIZE, SIZE))
objective = nst.build_objective(vgg, p, a, of_paper.content, of_paper.style, tv=3 / p.size)

noise = np.random.default_rng(0).uniform(size=p.shape).astype(np.float32)
terms = jax.jit(lambda objective, x: objective.breakdown(x))
starts = {"x = p": p, "x = a": a, "x = noise": noise}
table = pd.DataFrame({name: terms(objective, x) for name, x in starts.items()}).astype(float)

assert table.loc["content/conv4_2", "x = p"] == 0
assert (table["x = a"] < 1e-6 * table["x = p"])[[f"style/{layer}" for layer in STYLE_LAYERS]].all()
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
    objective = nst.build_objective(vgg, p, a, of_paper.content, of_paper.style, tv=3 / p.size)
    return jax.value_and_grad(objective)(x)


np.testing.assert_allclose(once(objective, noise)[1], each_time(vgg, p, a, noise)[1], rtol=1e-3, atol=1e-6)


# %%
def seconds(function, *arguments):
    """The best of eleven, after one that compiles."""
    ticks = [time.perf_counter()]
    for _ in range(12):
        jax.block_until_ready(function(*arguments))
        ticks.append(time.perf_counter())
    return min(np.diff(ticks)[1:])


fast, slow = seconds(once, objective, noise), seconds(each_time, vgg, p, a, noise)
print(f"loss and gradient, targets computed once:     {1e3 * fast:.0f} ms")
print(f"loss and gradient, targets at every step:     {1e3 * slow:.0f} ms, {slow / fast:.1f} times as long")

# %% [markdown]
# ## 6 · The picture is what is optimised
#
# $$\vec x \leftarrow \vec x - (\text{a step along}) \; \frac{\partial \mathcal L_{total}}{\partial \vec x}$$
#
# The network is frozen; the unknowns are the numbers of $\vec x$. L-BFGS chooses the step (notebook 04 says how). Here
# is the log of two runs of the same objective, one started from the photo, one from noise.

# %%
MARKS = (1, 10, 20, 30, STEPS)


def trace(x0):
    """The pictures after 1, 10, 20, … evaluations, and all losses."""
    pictures = {1: x0}  # the first evaluation is of the start itself
    for snapshot in nst.optimize(objective, x0, nst.lbfgs(), steps=STEPS, every=10, interval=float("inf")):
        pictures[snapshot.evaluations] = snapshot.image
    return pictures, snapshot


def log(snapshot):
    names = ["total", "content/conv4_2", *(f"style/{layer}" for layer in STYLE_LAYERS), "tv", "gradient_norm"]
    rows = pd.DataFrame(snapshot.losses).set_index("evaluations").loc[list(MARKS), names]
    rows.columns = pd.MultiIndex.from_tuples([("", *name.split("/"))[-2:] for name in names])
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
    return f"{name}: {L['total']:.3g}\ncontent {L['content']:.2g}, style {L['style']:.3g}"


for snapshot in (last_p, last_noise):  # at each mark a lower loss than at the one before
    assert np.diff([at(snapshot, mark)["total"] for mark in MARKS]).max() < 0

labels = [
    f"iteration {m}\n\n{line('from the photo', at(last_p, m))}\n\n{line('from noise', at(last_noise, m))}"
    for m in MARKS
]
rows = [[from_p[m], from_noise[m]] for m in MARKS]
show.pictures(rows, ["from the photo", "from noise"], labels, width=136, quality=70)

# %% [markdown]
# **What to see.** From the photo, ten iterations take most of the loss away, and yet the sky is only rippled and
# blue; the strokes come between 10 and 30, and the large vortices after that, while the loss falls from about 4 to 3. The
# loss is what is minimised; it says little about how a picture looks. Content begins at 0, rises at once, and comes down again
# slowly.
#
# From noise the painting's texture comes first, and the rocket last: after 30 iterations there is hardly a trace of it,
# and the content loss is not far below that of noise. In the end it stands in the middle, and the pictures are not the same.

# %% [markdown]
# ### What each stage costs
#
# Multiply-adds of one iteration. The backward pass to the picture costs as much as the forward pass: through a frozen convolution
# the gradient is a convolution again, with the kernel rotated. No gradient of any weight is ever computed.


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
print(f"One iteration took {1e3 * fast:.0f} ms here, with {NETWORK}. Million multiply-adds at {SIZE} × {SIZE}:")
cost.round(0).astype(int)

# %% [markdown]
# ## 7 · Preprocessing done wrong, on purpose
#
# A network responds correctly only to pictures in the range that it was trained on. The package takes RGB in [0, 1] and does
# the rest inside the network, as one matrix and one vector, $\hat x = x K + b$. For the bundled network that is
# $\hat x = 4 x - 1.8$; for the paper's it is Caffe's: B, G, R from 0 to 255, minus their means. If you load weights into
# other code you do it by hand, and three mistakes are easy to make. Here they are, made on purpose.

# %%
K, b = np.asarray(vgg.preprocess.kernel[...]), np.asarray(vgg.preprocess.bias[...])
print(f"K =\n{K}\nb = {b}")

PREPROCESSING = {
    "right": (K, b),
    "colours swapped": (K[::-1], b),  # B, G, R where R, G, B are meant
    "range too small": (K / np.abs(K).max(), b),  # left in [0, 1], not multiplied
    "mean not subtracted": (K, 0 * b),
}


# %%
def behind(K, b):
    """The same network behind another preprocessing."""
    weights = {"preprocess.kernel": K, "preprocess.bias": b}
    for layer in vgg.layers:
        conv = getattr(vgg, layer)
        weights |= {f"{layer}.kernel": conv.kernel[...], f"{layer}.bias": conv.bias[...]}
    return nst.VGG19(weights, pool=vgg.pool)


networks = {name: behind(*how) for name, how in PREPROCESSING.items()}

# %% [markdown]
# First the features: how far are they from the right ones, $\lVert F' - F \rVert / \lVert F \rVert$? At 1 a guess of
# zero would do as well.

# %%
right = features(vgg, p)


def feature_errors(network):
    F = features(network, p)
    return {l: float(np.linalg.norm(F[l] - right[l]) / np.linalg.norm(right[l])) for l in sorted(LAYERS)}


errors = pd.DataFrame({name: feature_errors(network) for name, network in networks.items()})
assert (errors["right"] == 0).all()
assert (errors.drop(columns="right") > 0.15).all(axis=None)
errors.round(2)

# %% [markdown]
# **What to see.** Swapped colours change the shallow layers most, which look at colour, and the deep ones least. A wrong
# range spoils all layers: what is subtracted is then larger than the picture. No layer is right under any of the three.
#
# Then the pictures, from the photo. Above, everything goes through the wrong preprocessing: $\vec p$, $\vec a$ and
# $\vec x$. In the middle only $\vec x$ does, and the targets are right, as when they come from another program. Below,
# what to expect of that: the optimiser looks for the $\vec x'$ that looks to the network, *after* the wrong
# preprocessing, as the right picture does after the right one: $x' K' + b' = x K + b$.

# %%
SHORT = min(STEPS, 75)


def run(objective):
    return nst.minimize(objective, p, nst.lbfgs(), SHORT).image


def rmse(x, y):
    return float(np.sqrt(np.mean((x - y) ** 2)))


def built_for(network):
    return nst.build_objective(network, p, a, of_paper.content, of_paper.style, tv=3 / p.size)


throughout = {name: run(built_for(network)) for name, network in networks.items()}
alone = {name: run(replace(objective, network=network)) for name, network in networks.items()}

# %%
made = throughout["right"]
expected = {
    name: np.clip((made @ K + b - b_wrong) @ np.linalg.inv(K_wrong), 0, 1)
    for name, (K_wrong, b_wrong) in PREPROCESSING.items()
}
for name in list(networks)[1:]:
    assert rmse(alone[name], expected[name]) < rmse(alone[name], made)

rows = [list(made.values()) for made in (throughout, alone, expected)]
sides = ["wrong for\np, a, x", "wrong for\nx alone", "expected\nof that"]
show.pictures(rows, list(networks), sides, width=140, quality=65)

# %%
judged = {name: float(once(objective, x)[0]) for name, x in throughout.items()}
assert min(judged, key=judged.get) == "right"
pd.DataFrame({"loss of the picture, by the right network": judged}).round(2)

# %% [markdown]
# **What to see.** In the middle row nobody can overlook the mistake, and the last row explains each picture: swapped
# colours, four times too bright, 0.45 too dark. (Values beyond black and white are cut off in the figure.)
#
# The first row is the dangerous one. There is no error and no warning, the loss falls as it should, and the pictures
# look nearly right: photo, painting and result are misread in the same way. Only the right network tells them apart, in
# the table. Such a mistake can live long in code that seems to work.

# %% [markdown]
# ## Misconceptions
#
# **"The network is trained on the painting."** Nothing in it changes. Below is everything that a run of L-BFGS carries
# from one iteration to the next, enough to resume it bit for bit: a few pictures' worth of numbers, and no kernel.

# %%
carried = {name: array.shape for name, array in last_p.checkpoint().items() if name.startswith("carry/")}
kernels = {getattr(vgg, layer).kernel[...].shape for layer in vgg.layers}
assert not kernels & set(carried.values())
numbers, learned = sum(int(np.prod(shape)) for shape in carried.values()), count(vgg)["parameters"].sum()
print(f"{numbers:,} numbers are carried: {numbers / p.size:.1f} times the {p.size:,} of the picture")
print("(30 pairs of differences, and a few copies of x).")
print(f"The network's {learned:,} parameters are not among them.")

# %% [markdown]
# **"The loss has one best picture, and every start leads to it."** The two runs of section 6 had the same objective.

# %%
ends = {"from the photo": from_p[STEPS], "from noise": from_noise[STEPS]}
apart = rmse(*ends.values())
assert apart > 0.05
print(f"losses at the end: {at(last_p, STEPS)['total']:.2f} and {at(last_noise, STEPS)['total']:.2f}")
print(f"root mean square difference of the two pictures: {apart:.2f}, where black and white differ by 1")
show.pictures(ends, width=160, quality=75)

# %% [markdown]
# The losses are close, and the vortices are in other places. The loss asks for *some* picture with these statistics, and
# there are many; the start chooses among them. (Figure 6 of the CVPR paper
# compares starts, too.)
#
# **"If the preprocessing were wrong, I would see it."** You would not: see the first row of section 7.

# %% [markdown]
# ## Summary
#
# - $\vec p$ gives $P^l$ at conv4_2, $\vec a$ gives five Gram matrices $A^l$, both once. Then $\vec x$ is optimised, and
#   nothing else.
# - One iteration is a pass forward to conv5_1, five Gram matrices, and a pass back to the picture.
# - A loss is a number for each layer. The total says whether the run goes well; it says little about how the picture looks.
# - Where the run starts decides which of many pictures it finds.
# - A network's preprocessing belongs to its weights. Done wrong throughout, it is hard to see, and wrong.

# %% [markdown]
# ## Exercises
#
# **1 (easy).** Write `preprocess(x)` for the paper's network, as Caffe wants it: from RGB in [0, 1], `[h, w, 3]`, to
# B, G, R in 0 to 255, minus the means 103.939, 116.779, 123.68 (of blue, green and red). Below is a wrong first attempt.
# Run it, read what it says, and change it. `checks` runs your function on small arrays and compares.


# %%
def preprocess(x):
    return 255 * x - np.array([103.939, 116.779, 123.68])  # change this until the check is happy


checks.preprocess(preprocess)

# %%
checks.hint("preprocess", 1)  # 2 and 3 say more

# %% [markdown]
# **2 (easy).** Write `feature_shape(layer, h, w)` for VGG-19 at full width: (28, 28, 512) for conv4_2 and 224 × 224.


# %%
def feature_shape(layer, h, w):
    block = int(layer[4])  # 4 for conv4_2
    N = {1: 64, 2: 128, 3: 256, 4: 512, 5: 512}[block]
    return h // 2**block, w // 2**block, N  # change this until the check is happy


checks.feature_shape(feature_shape)

# %% [markdown]
# **3 (medium).** Write `parameters(layer)`: how many numbers VGG-19 learns in one layer. Compare with the table of
# section 2.


# %%
def parameters(layer):
    widths = {1: 64, 2: 128, 3: 256, 4: 512, 5: 512}
    block, number = int(layer[4]), int(layer[6])
    C = widths[block] if number > 1 else widths.get(block - 1, 3)
    return 9 * C * widths[block]  # change this until the check is happy


checks.parameters(parameters)

# %% [markdown]
# **4 (medium).** Exchange photo and painting in section 1. Before you run it, write down which numbers of the table of
# section 4 will be 0, and which picture each start of section 6 will look like after one iteration. Then run it.
#
# **5 (medium).** How early could you stop? In section 6 set `MARKS` and `STEPS` for up to 1000 iterations. At which
# iteration would a friend who sees the pictures without their numbers say that nothing changes any more? Which share of
# the fall of the loss was over by then?
#
# **6 (research).** *Does a preprocessing that is wrong throughout matter for the pictures people would choose?* Vary the
# preprocessing (right and three wrong), ten photos and paintings, and three seeds of noise. Hold the content loss in the
# *right* network equal by choosing β for each run, or else you compare trade-offs and not networks. Measure the style
# loss in a network that made none of the pictures, and let people choose blindly. Say beforehand which result would
# change your mind.
#
# <details><summary>Solution (teachers: reveal)</summary>
#
# **1, 2, 3.** `checks.solution("preprocess")`, `checks.solution("feature_shape")`, `checks.solution("parameters")`. The
# attempts fail because the colours are not reversed; because the pooling stands *before* a block, so that conv4_2
# comes after three; and because each filter has a bias, N more in all.
#
# **4.** The roles change: content is 0 at the new $\vec p$ (the painting), style at the new $\vec a$. After one
# iteration each run shows its own start, whatever the objective: the first evaluation is of the start itself.
#
# **5.** Answers differ between people, and that is the point. In the run above, from the photo, more than nine tenths of
# the fall of the loss were over at iteration 20, and the picture was not.
#
# **6.** Open. For one pair, section 7 has a start: at 75 iterations the right network gives the wrong ones a clearly
# larger loss, but it is also the network that made its own picture, and so not a fair judge. What is known is only that the
# features differ by more than a fifth at every layer.
#
# </details>

# %%
quiz(*PIPELINE)

# %% [markdown]
# <details><summary>Answers</summary>
#
# 1 b: three poolings, 512 filters. 2 a: the picture alone. 3 b: the photo answers itself. 4 c: the same mistake for all
# three is hard to see.
#
# </details>
