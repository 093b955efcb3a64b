# %% [markdown]
# # 22 · Large pictures
#
# **Question.** A poster has a hundred times the pixels of a picture on the screen. What does that cost, and how is it
# computed on a machine that cannot hold it?
#
# **Cost.** 4 minutes or less on two CPU cores; no download. Reading and exercises: 75 minutes.
#
# > "Both, the dimensionality of the optimisation problem as well as the number of units in the Convolutional Neural
# > Network grow linearly with the number of pixels. Therefore the speed of the synthesis procedure depends heavily on
# > image resolution."
# >
# > Gatys, Ecker and Bethge, *Image Style Transfer Using Convolutional Neural Networks*, CVPR 2016, section 4

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
import re
from collections import Counter
from functools import partial

# Four devices out of one CPU, for section 6. JAX reads this when it starts, so it stands first.
os.environ["JAX_PLATFORMS"] = "cpu"
os.environ["XLA_FLAGS"] = os.environ.get("XLA_FLAGS", "") + " --xla_force_host_platform_device_count=4"

import jax
import jax.numpy as jnp
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

import nst_jax as nst
from nst_jax import checks, course, show
from nst_jax.course.questions import LARGE_PICTURES
from nst_jax.course.quiz import quiz
from nst_jax.losses.shared import is_turned, turned
from nst_jax.networks.geometry import LAYERS, reach, stride
from nst_jax.networks.mesh import by_rows, mesh_of
from nst_jax.progress import bar
from nst_jax.transfer.plan import Needs, plan_scale

FAST = course.size(fast=True, full=False)  # small and quick, as the tests run it
SIZE = course.size(fast=96, full=192)  # longest side of the pictures that sections 2 to 4 and 6 measure, in pixels
H, W = SIZE * 2 // 3, SIZE
SIZES, STEPS = course.size(fast=((64, 96, 128), 6), full=((128, 256, 384), 25))  # of section 5
pictures = partial(show.pictures, quality=60)

# %%
vgg = nst.load_network("vgg19-slim")
photo, a = nst.load_image("coffee"), nst.load_image("vortex", size=SIZE)
p = nst.resize(photo, (H, W))
vgg = vgg.normalized([p, a])
x = np.clip(p + 0.1 * np.random.default_rng(0).normal(size=p.shape), 0, 1).astype(np.float32)  # some picture on the way
SHALLOW = ("conv1_1", "conv2_1", "conv3_1")  # three style layers serve sections 2 to 4 and 6
value_and_gradient = jax.jit(lambda objective, x: jax.value_and_grad(lambda x: objective(x))(x))

# %% [markdown]
# ## 1 · Where the memory goes
#
# To compute the gradient, the features of every layer are kept until the way back has used them. A layer has
# $N_l$ filters and one position for every $\text{stride}^2$ pixels, so that each of its convolutions keeps
# $4 N_l / \text{stride}^2$ bytes a pixel. L-BFGS keeps $2m$ pictures, its $m$ pairs. All of it is proportional to the
# number of pixels; the weights of the network and the Gram matrices are not.

# %%
WIDTHS = {1: 64, 2: 128, 3: 256, 4: 512, 5: 512}  # of VGG-19
needed = LAYERS[: LAYERS.index("conv5_1") + 1]
bytes_of = {layer: 4 * WIDTHS[int(layer[4])] / stride(layer) ** 2 for layer in needed}
blocks = pd.Series(bytes_of).groupby(lambda layer: f"features, block {layer[4]}").sum()
blocks["L-BFGS, 30 pairs"] = 2 * 30 * 3 * 4
blocks["L-BFGS, 5 pairs"] = 2 * 5 * 3 * 4
blocks["Adam"] = 2 * 3 * 4
table = pd.DataFrame({"bytes a pixel": blocks, "at 512 × 384, MB": blocks * 512 * 384 / 1e6})
table["at 4096 × 3072, GB"] = blocks * 4096 * 3072 / 1e9
table.round(2)

# %%
figure, ax = plt.subplots(figsize=(6.8, 2.4), layout="constrained")
left = 0.0
for layer, size in bytes_of.items():
    ax.barh("features", size, left=left, color=plt.cm.viridis(int(layer[4]) / 6), edgecolor="white")
    if size > 60:
        ax.text(left + size / 2, "features", layer[4:], ha="center", va="center", fontsize=7, color="white")
    left += size
for name in ("L-BFGS, 30 pairs", "L-BFGS, 5 pairs", "Adam"):
    ax.barh(name, blocks[name], color="#c8102e")
ax.set_xlabel("bytes a pixel, full-width VGG-19 to conv5_1")
ax.spines[["top", "right"]].set_visible(False)
show.drawing(figure)

# %% [markdown]
# **What to see.** Almost half of it all is the features of two convolutions, the first two: they have a position for every
# pixel. The deep layers, which are expensive in weights, cost next to nothing here. At 30 pairs L-BFGS is about as large
# as the first two blocks together; nothing in the method needs 30 of them at a scale of 20 evaluations.
#
# What a compiler needs is more than what is kept: it works in further copies. It can be asked without running anything.


# %%
def bytes_needed(h, w, layers):
    """A pixel: what a compiled evaluation with its gradient works in."""
    objective = nst.build_objective(vgg, np.zeros((h, w, 3), np.float32), a, {}, dict.fromkeys(layers, 1.0))
    compiled = value_and_gradient.lower(objective, jnp.zeros((h, w, 3))).compile()
    return compiled.memory_analysis().temp_size_in_bytes / (h * w)


asked = {f"{w} × {h}": bytes_needed(h, w, SHALLOW) for h, w in bar(((H // 2, W // 2), (H, W)))}
kept = sum(4 * np.prod(shape) for shape in vgg.shapes(H, W, LAYERS[: LAYERS.index("conv3_1") + 1]).values()) / (H * W)
print(f"slim network to conv3_1: features {kept:.0f} bytes a pixel; compiled, {asked} (in bytes a pixel)")
smaller, larger = asked.values()
assert FAST or 0.7 < larger / smaller < 1.3  # proportional to the pixels

# %% [markdown]
# ## 2 · What can be summed over tiles
#
# Cut the positions of a layer into parts, $T_1, T_2, \dots$ The Gram matrix is a sum over positions, and so
#
# $$G = \sum_k f_k f_k^\top = \sum_t \sum_{k \in T_t} f_k f_k^\top = \sum_t G_t .$$
#
# A part needs to know nothing of the others. A nearest neighbour is of another kind. Let $d_j = \min_k \lVert f_k - s_j
# \rVert$ be how near the picture comes to a patch $s_j$ of the style. The parts have minima of their own, and their sum
# says nothing: the smallest counts, and that one alone has a gradient.

# %%
F = np.asarray(vgg(x, ("conv2_1",))["conv2_1"], np.float64)
top, bottom = F[: len(F) // 2], F[len(F) // 2 :]
G, parts = nst.gram(F), [nst.gram(part) for part in (top, bottom)]
np.testing.assert_allclose(parts[0] + parts[1], G, rtol=1e-4)
S = np.asarray(vgg(a, ("conv2_1",))["conv2_1"], np.float64).reshape(-1, F.shape[-1])[
    ::97
]  # some positions of the style


def nearest(F):
    f = F.reshape(-1, 1, F.shape[-1])
    return np.min(np.linalg.norm(f - S, axis=-1), axis=0)  # [style positions]


whole, halves = nearest(F), [nearest(part) for part in (top, bottom)]
np.testing.assert_allclose(np.minimum(*halves), whole)
print(f"sums of the Gram matrix's entries: {parts[0].sum():.4g} + {parts[1].sum():.4g} = {G.sum():.4g}")
print(
    f"mean distance to the nearest: {halves[0].mean():.3f} and {halves[1].mean():.3f}; of the whole {whole.mean():.3f}"
)

# %% [markdown]
# Minima could be compared across tiles, at the price of a table of all positions by all positions of the style. A
# sorted list (sliced Wasserstein), or a ratio to the nearest of all (contextual loss), has no parts at all. The package
# tiles what is a sum, and refuses the rest in one line:

# %%
pd.Series(
    {name: statistic.additive for name, statistic in nst.STATISTICS.items()}, name="a sum over positions"
).to_frame().T

# %%
nearest_neighbours = nst.build_objective(vgg, p, a, {}, {"conv2_1": 1.0}, statistic=nst.STATISTICS["nearest"])
try:
    nst.tiled(nearest_neighbours)
except nst.SettingError as error:
    print(error)

# %% [markdown]
# ### Two passes, by hand
#
# The loss is not a sum over tiles: $E = \lVert G - A \rVert^2$ couples all of them. But it depends on them through $G$
# alone, and the chain rule takes it apart:
#
# $$\frac{\partial E}{\partial x} = \sum_t \left(\frac{\partial G_t}{\partial x}\right)^{\!\top}
# \frac{\partial E}{\partial G} .$$
#
# **First pass:** add up the $G_t$, and keep nothing else. Then $\partial E / \partial G$ follows, an $N \times N$
# matrix. **Second pass:** compute the features of a tile once more, and pull the matrix back to its pixels. The memory
# is that of one tile; the price is one more pass forward. Two tiles, one layer, and no halo yet: `conv1_1` sees one
# pixel beyond its own, so each window has one row more at the cut.

# %%
layer, cut = "conv1_1", H // 2
A = nst.gram(vgg(a, (layer,))[layer]) * (H * W / np.prod(a.shape[:2]))  # as many positions as the picture has


def part(x, rows):
    """G_t of the rows of a window that a tile owns."""
    return nst.gram(vgg(x, (layer,))[layer][rows])


def E(G):
    return nst.style_loss(G, A, H * W)


windows = ((np.s_[: cut + 1], np.s_[:cut]), (np.s_[cut - 1 :], np.s_[1:]))  # rows of the picture; of those, its own
G = sum(part(x[window], own) for window, own in windows)  # first pass
to_G = jax.grad(E)(G)
g = np.zeros_like(x)
for window, own in windows:  # second pass
    _, pull_back = jax.vjp(lambda x, own=own: part(x, own), jnp.asarray(x[window]))
    g[window] += pull_back(to_G)[0]

# %%
by_hand = value_and_gradient(nst.build_objective(vgg, None, a, {}, {layer: 1.0}), x)
np.testing.assert_allclose(E(G), by_hand[0], rtol=1e-4)
np.testing.assert_allclose(g, by_hand[1], atol=1e-5 * abs(g).max())
print(f"loss by two tiles {float(E(G)):.6g}, in one piece {float(by_hand[0]):.6g}")

# %% [markdown]
# ## 3 · The halo
#
# A unit of `conv1_1` sees 3 × 3 pixels: one beyond its own, on each side. Every further convolution sees one unit more,
# and units are as far apart as the stride. So a unit of layer $l$ sees
#
# $$r_l = \sum_{m \le l} \text{stride}_m$$
#
# pixels beyond the square of $\text{stride}_l$ pixels that it stands for, summed over all convolutions up to the layer.
# Poolings add nothing: what they join is that square. The receptive field has a side of $\text{stride}_l + 2 r_l$. A
# tile needs a halo of $r_l$ pixels, of the deepest layer. Does the formula hold? The gradient of one unit tells which
# pixels it sees.


# %%
def seen(layer):
    """Pixels from the first to the last that a unit in the middle sees."""
    i = H // stride(layer) // 2
    unit = jax.jit(jax.grad(lambda x: vgg(x, (layer,))[layer][i, i].sum()))
    rows = np.flatnonzero(np.abs(unit(jnp.asarray(x))).sum((1, 2)))
    return rows[-1] - rows[0] + 1


table = pd.DataFrame(index=pd.Index(["conv1_1", "conv1_2", "conv2_1", "conv2_2", "conv3_1"], name="layer"))
table["stride"], table["halo"] = ([f(layer) for layer in table.index] for f in (stride, reach))
table["stride + 2 halo"] = table["stride"] + 2 * table["halo"]
table["seen"] = [seen(layer) for layer in bar(table.index)]
assert (table["seen"] <= table["stride + 2 halo"]).all()
print("halo of the default, to conv5_1:", reach("conv5_1"))
table

# %% [markdown]
# Where a ReLU is silent, a unit may see less than it could; never more. And is all of it needed? Tiles of a third of
# the picture's width with a halo that is too small, against the whole:

# %%
objective = nst.build_objective(vgg, p, a, {}, dict.fromkeys(SHALLOW, 1.0))
value, g = value_and_gradient(objective, x)
halos = (0, 2, 4, 6, 8, reach("conv3_1"))
errors = []
for halo in bar(halos):
    _, of_tiles = value_and_gradient(nst.tiled(objective, SIZE // 3, halo), x)
    errors.append(float(abs(of_tiles - g).max() / abs(g).max()))
assert errors[-1] < 1e-5 < errors[0]

# %%
figure, ax = plt.subplots(figsize=(5, 2.4), layout="constrained")
ax.semilogy(halos, errors, "o-", color="#1f6fb4")
ax.axvline(reach("conv3_1"), color="#c8102e", linewidth=1)
ax.text(reach("conv3_1") - 0.2, max(errors), "exact", color="#c8102e", ha="right", va="top", fontsize=8)
ax.set(xlabel="halo, pixels", ylabel="largest error of the gradient")
ax.spines[["top", "right"]].set_visible(False)
show.drawing(figure)

# %% [markdown]
# **What to see.** Without a halo, pixels at the borders of tiles have gradients that are plainly wrong. With 8 of the 10
# pixels some are still off by several per cent of the largest gradient, since beyond a window a convolution finds zeros
# in place of the picture. At $r_l$ the error falls to rounding, and a wider halo would change nothing. (Tiles begin at
# multiples of the stride, here 4, so that a halo on one side is rounded up: hence the steps.)
#
# A halo is not free. A tile of $s$ pixels computes $(s + 2r)^2$: with `conv5_1`, $r = 70$ and tiles of 1024 pixels that
# is 1.29 times as much, besides the second pass forward. So tiles are made as large as the memory allows.
#
# ## 4 · Exact and careless tiles
#
# The obvious way to paint a large picture is another: cut the photo, paint the pieces, put them together. Three ways,
# the same settings, the same number of evaluations:

# %%
RUN = {"network": vgg, "normalize": False, "scales": 1, "steps": 4 if FAST else 30, "style_layers": SHALLOW,
       "content_layers": "conv3_1", "size": SIZE}  # fmt: skip
one_piece = nst.stylize(p, a, **RUN).image
half = W // 2
pieces = [nst.stylize(p[:, columns], a, **{**RUN, "size": max(H, half)}).image
          for columns in (np.s_[:half], np.s_[half:])]  # fmt: skip
careless = np.concatenate(pieces, axis=1)
content, style = ({layer: w for layer in layers} for layers, w in ((("conv3_1",), 1e-5), (SHALLOW, 10.0)))
loss = nst.build_objective(vgg, p, a, content, style, tv=1e-4)
n = RUN["steps"]
whole, tiles = (nst.minimize(each, p, nst.adam(), n).image for each in (loss, nst.tiled(loss, SIZE // 3)))

# %%
middle = np.s_[:, half - SIZE // 6 : half + SIZE // 6]
around = {"photo": p, "one piece": one_piece, "two pieces": careless}
pictures([list(around.values()), [np.kron(x[middle], np.ones((2, 2, 1), np.float32)) for x in around.values()]],
         list(around), ["whole", "the middle, enlarged"], width=200)  # fmt: skip


# %%
def jumps(x):
    """Mean difference between neighbouring columns, at each column."""
    return np.abs(np.diff(x, axis=1)).mean((0, 2))


at_cut = {name: float(jumps(x)[half - 1] / np.median(jumps(x))) for name, x in around.items()}
print("jump at the cut, in parts of the median jump:", {name: f"{jump:.1f}" for name, jump in at_cut.items()})
print(
    f"one loss, in tiles and in one piece, {n} evaluations: pictures differ by {abs(tiles - whole).mean():.0e} on average"
)
assert FAST or at_cut["two pieces"] > 1.2 * at_cut["one piece"]

# %% [markdown]
# **What to see.** Down the middle of the two pieces runs a seam: colours change there and strokes break off. Each piece
# was asked to have the statistics of the *whole* painting, so that each has its own share of every colour, and nothing
# told it how its neighbour continues. Blending the pieces at the seam would hide the break and not the difference. The
# tiles of this package are a way to compute one loss of one picture. After the same evaluations the picture is the
# same, but for rounding, which an optimiser enlarges from one evaluation to the next.
#
# ## 5 · Scale: strokes at larger sizes
#
# A receptive field has a size in *pixels*. The same painting at the same size in pixels gives strokes of the same
# width in pixels, and on a larger picture they look finer. The default resizes the painting along with the picture, so
# that strokes keep their share of it, as long as the painting has the pixels; and it works from coarse to fine, so that
# what no receptive field sees at the fine scale was laid out at a coarse one.

# %%
given = {"network": "vgg19-slim", "steps": STEPS}
larger = {size: nst.stylize("coffee", "vortex", size=size, **given) for size in bar(SIZES)}
alone = nst.stylize("coffee", "vortex", size=SIZES[-1], scales=1, **given)
fine = nst.stylize("coffee", "vortex", size=SIZES[-1], style_scale=SIZES[0] / SIZES[-1], **given)
pictures({f"{size} pixels": result.image for size, result in larger.items()}, width=230)


# %%
def crop(x, share=0.35):
    """The same part of the motif, at 100 %."""
    h, w, _ = x.shape
    return x[int(h * 0.3) : int(h * (0.3 + share)), int(w * 0.35) : int(w * (0.35 + share))]


sides = {"from coarse to fine": larger[SIZES[-1]], "one scale": alone, "small strokes": fine}
pictures({name: crop(result.image) for name, result in sides.items()}, width=230)

# %% [markdown]
# **What to see.** Above, one motif at three sizes: the forms stay, and detail is added. Below, the same part of the
# largest at 100 %. With one scale alone, after as many evaluations at the full size, the coffee's orange is still there:
# what a coarse scale lays out in cheap evaluations had to be made of dear ones. With the painting shrunk to the smallest
# of the sizes, the marks are smaller.
#
# On a machine with little memory, a poster needs nothing but a budget. The plan is known before anything is computed:

# %%
layers = ("conv4_2", *(f"conv{block}_1" for block in range(1, 6)))
needs = Needs(vgg, layers, ("conv4_2",), nst.lbfgs(), lowers=True)
for size in (512, 1024, 2048, 4096):
    plan = plan_scale(needs, (size * 3 // 4, size), max(20, 20_000 // size), 5_000_000_000)
    print(plan or f"{size} pixels: does not fit in 5GB, even in tiles")

# %% [markdown]
# `nst.stylize(…, memory="5GB")` and `--memory 5GB` do this. Three things give way in turn: pairs of L-BFGS down to
# ten, then one piece to tiles, then further pairs.
#
# ## 6 · One picture over four devices
#
# Tiles take turns on one device. Several devices can each have a part, at the same time. Nothing needs to be written
# for it: the picture is *placed* so that each device holds a quarter of its rows, and the compiler splits every
# operation. (These four devices are one CPU that pretends; see the first cell.)

# %%
mesh = mesh_of(4)
turn = is_turned(x.shape, SHALLOW, 4)  # whether rows do not divide by four, and columns do
upright, y = (turned(objective), x.swapaxes(0, 1)) if turn else (objective, x)
y = jax.device_put(y, by_rows(mesh))
print({str(shard.device): shard.data.shape for shard in y.addressable_shards})
compiled = {1: value_and_gradient.lower(objective, x).compile(),
            4: value_and_gradient.lower(nst.shared(upright, 4), y).compile()}  # fmt: skip
found, slope = compiled[4](nst.shared(upright, 4), y)
slope = np.asarray(slope).swapaxes(0, 1) if turn else np.asarray(slope)
print(f"loss {float(value):.7g} and {float(found):.7g}; gradients differ by {abs(slope - g).max() / abs(g).max():.0e}")
np.testing.assert_allclose(slope, g, atol=1e-5 * float(abs(g).max()))

# %%
sent = re.findall(r" (all-gather|all-reduce|all-to-all|collective-permute)(?:-start)?\(", compiled[4].as_text())
memory = {n: program.memory_analysis().temp_size_in_bytes / 1e6 for n, program in compiled.items()}
print("operations between devices:", dict(Counter(sent)))
print("working memory of each device, MB:", {n: round(size, 1) for n, size in memory.items()})
assert "all-gather" not in sent
assert memory[4] < memory[1]

# %% [markdown]
# **What to see.** Two kinds of operations do all of it. A *collective-permute* is the halo: at each convolution, a
# device sends the row at its border to its neighbour; one row a convolution instead of 70 pixels a tile, since features
# are exchanged and not computed twice. An *all-reduce* is the sum over parts, of matrices. There is no *all-gather*: no
# device ever holds the whole. That is section 2 and section 3 again, written by a compiler.
#
# `nst.stylize(…, devices=4)` and `--devices 4` do it for a run. Where rows do not divide evenly the picture is turned on
# its side, and where neither side does, a size that would is named.
#
# ## Summary
#
# - Memory is proportional to the pixels, and almost half of what features take lies in the first block. L-BFGS takes 24
#   bytes a pixel for each pair.
# - What is a sum over positions can be computed in parts: tiles in turn, or devices at once. Nearest neighbours,
#   sorted lists and ratios cannot.
# - Two passes: sums, then gradients, with the matrix $\partial E / \partial G$ of the whole in between.
# - A halo of $r_l$, the sum of all strides up to the layer, makes it exact. Less is wrong at borders.
# - Pieces that are painted separately minimise another loss, and have seams.
# - Size is not scale: strokes are as large as the painting is resized to, and forms are laid out at coarse scales.
#
# ## Exercises
#
# `checks.hint(name, 1)` to `3` say more and more.
#
# **1 (10 minutes).** Write `halo(layer)`: how many pixels a unit sees beyond those that it stands for, on each side.


# %%
def my_halo(layer):
    return LAYERS.index(layer) + 1  # change this until the check is happy


checks.halo(my_halo)

# %%
checks.hint("halo", 1)

# %% [markdown]
# **2 (15 minutes).** Write `gram_of_tiles(windows, owned)`: the Gram matrix of the whole picture, from the features of
# windows that overlap in their halos.


# %%
def my_gram_of_tiles(windows, owned):
    return sum(F.reshape(-1, F.shape[-1]).T @ F.reshape(-1, F.shape[-1]) for F in windows)  # change this


checks.gram_of_tiles(my_gram_of_tiles)

# %%
checks.hint("gram_of_tiles", 1)

# %% [markdown]
# **3 (10 minutes).** *Predict first:* you leave out `conv1_1` and `conv2_1` from the style layers. How much of the
# memory do you save? And if you leave out `conv5_1`? Check with `bytes_needed`.
#
# **4 (15 minutes).** Tiles of $s$ pixels with a halo of $r$ cost $1.5\,((s + 2r)/s)^2$ of the whole picture. Which $s$
# keeps that below 2 for `conv5_1`, and which for `conv3_1`? How much memory does such a tile take at full width?
#
# **5 (15 minutes).** The total variation is a sum over pairs of neighbouring pixels. To which tile does a pair belong
# that lies across a border? Write it, and show that two tiles give `nst.total_variation`.
#
# **6 (research).** With half the halo, gradients are off at the borders of tiles. Can it be seen? Make a picture of two
# halves with `nst.tiled(objective, halo=…)`, and ask people with `nst.ask`, after stating how large a preference you
# could detect.
#
# <details><summary>Solution (teachers: reveal)</summary>
#
# **1.** `checks.solution("halo")`. The cell as given counts every convolution as one pixel.
#
# **2.** `checks.solution("gram_of_tiles")`. The cell as given counts the halos twice.
#
# **3.** Nothing, without the two: their features are needed on the way to deeper layers, and are kept for the gradient.
# Without `conv5_1`, less than a hundredth: its positions are few.
#
# **4.** $(1 + 2r/s)^2 < 4/3$ gives $s > 2r / 0.155$: 905 pixels for `conv5_1` ($r = 70$), and 130 for `conv3_1`
# ($r = 10$). At some 2,150 bytes a pixel, 1045² pixels are 2.3 GB.
#
# **5.** To either, if it is always the same one: the package gives a pair to the tile of the upper or left pixel.
#
# **6.** Open.
#
# </details>
#
# ## Quiz

# %%
quiz(*LARGE_PICTURES)

# %% [markdown]
# <details><summary>Answers</summary>
#
# 1 b (the first two blocks), 2 b (the whole's Gram matrix), 3 b (another loss), 4 a (30 pixels), 5 b (the smallest
# counts), 6 b (rows at borders, and sums).
#
# </details>
