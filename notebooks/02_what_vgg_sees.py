# %% [markdown]
# # 02 · What VGG sees
#
# **Question.** What does each layer of the network keep of a picture, and what does it lose?
#
# **Cost.** 4 minutes or less on two CPU cores; no download. Reading and exercises: 75 minutes.
#
# > "Higher layers in the network capture the high-level content in terms of objects and their arrangement in the input
# > image but do not constrain the exact pixel values of the reconstruction."
# >
# > Gatys, Ecker and Bethge, *A Neural Algorithm of Artistic Style*,
# > [arXiv 1508.06576](https://arxiv.org/abs/1508.06576), on figure 1

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
from dataclasses import replace

import jax
import jax.numpy as jnp
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from numpy.lib.stride_tricks import sliding_window_view
from skimage.filters import gaussian

import nst_jax as nst
from nst_jax import checks, course, show
from nst_jax.course.questions import WHAT_VGG_SEES
from nst_jax.course.quiz import quiz
from nst_jax.images.bundled import BUNDLED
from nst_jax.networks.vgg import average_pool, max_pool
from nst_jax.transfer.normalisation import normalized_for

NETWORK = "vgg19-slim"  # or "vgg19", the paper's, after `nst_jax fetch vgg19`
LAYERS = ("conv1_1", "conv2_1", "conv3_1", "conv4_1", "conv5_1")  # those of figure 1
# Pixels and evaluations of a reconstruction; evaluations of the runs of section 8.
SIZE, STEPS, SHORT = course.size(fast=(96, 60, 40), full=(192, 200, 75))

# %% [markdown]
# The network here is `vgg19-slim`: VGG-19's layers as far as conv5_1, narrower than the original, trained by this
# project to respond to pictures as VGG-19 does. What is said of *sizes* below holds for any VGG-19. What is said of
# *single channels* holds for this one: the paper's own network has others, and more of them. conv4_2 is the second
# convolution of the fourth block; a pooling, which halves height and width, stands between two blocks. (`jax.jit`,
# `jax.grad` and `kernel[...]`: the end of section 7 of [notebook 00](00_quickstart.ipynb).)

# %%
vgg = nst.load_network(NETWORK)


@jax.jit
def features(network, x):
    return network(x, LAYERS)


photo = course.square("astronaut", 256)
F = features(vgg, photo)

# %% [markdown]
# ## 1 · The first layer, by hand
#
# A layer slides small filters over what the layer below it says, adds a number to each response, and cuts off what is
# negative. With $\hat x$ the picture in the range that the network was trained on (in code `photo @ to_range + shift`;
# section 8 says why), filter $n$ of conv1_1 responds at position $(i, j)$
#
# $$F_n(i, j) = \max\Big(0,\; b_n + \sum_{u, v = -1}^{1} \sum_{c = 1}^{3} K_{u v c n}\; \hat x_c(i + u,\, j + v)\Big).$$
#
# Outside of the picture $\hat x$ is 0. That is the whole layer: for each filter $27$ numbers $K$, over 3 rows $u$, 3
# columns $v$ and 3 colours $c$, and one number $b_n$.


# %%
def numbers_of(part):
    return np.asarray(part.kernel[...]), np.asarray(part.bias[...])


to_range, shift = numbers_of(vgg.preprocess)
K, b = numbers_of(vgg.conv1_1)  # [3, 3, 3, N], [N]

x_hat = np.pad(photo @ to_range + shift, ((1, 1), (1, 1), (0, 0)))  # a ring of zeros
windows = sliding_window_view(x_hat, (3, 3), axis=(0, 1))  # [h, w, c, u, v]
sums = np.einsum("hwcuv,uvcn->hwn", windows, K)
by_hand = np.maximum(0, sums + b)  # [h, w, N]

np.testing.assert_allclose(by_hand, F["conv1_1"], atol=1e-4)
print(f"conv1_1 of a photo {photo.shape}: {by_hand.shape}, ", end="")
print("the same by hand and in the package")

# %% [markdown]
# Each filter of conv1_1 is itself a picture of 3 × 3 pixels. Grey is 0, what is brighter is wanted, what is darker is
# unwanted. They are in order of how much of a filter is about colour. Below, the first three and the last three with
# their maps; above each stand its number and the share of its squares that is colour.

# %%
# In terms of the picture's own R, G, B: [N, 3, 3, 3].
filters = np.einsum("uvcn,rc->nuvr", K, to_range)
of_colour = filters - filters.mean(axis=-1, keepdims=True)
share = (of_colour**2).sum((1, 2, 3)) / (filters**2).sum((1, 2, 3))  # [N]
order = np.argsort(share)

grey = 0.5 + 0.5 * filters / np.abs(filters).max((1, 2, 3), keepdims=True)
tiles = list(grey[order])
show.pictures([tiles[i : i + 8] for i in range(0, 32, 8)], width=40)

# %%
chosen = [*order[:3], *order[-3:]]
maps = [np.asarray(F["conv1_1"][:, :, n]) for n in chosen]
bright = [show.coloured(m, limit=np.percentile(m, 99.5)) for m in maps]
titles = [f"{n}\n{share[n]:.0%} colour" for n in chosen]
sides = ["filter", "its map"]
show.pictures([list(grey[chosen]), bright], titles, sides, width=84, quality=55)

# %% [markdown]
# **What to see.** Some filters are nearly grey: light on one side and dark on the other. They respond to an edge of one
# direction, and are silent where nothing changes. Others have one colour all over. They respond to an area of that
# colour, whatever its shape: two of them light up the orange suit. Nothing here knows what a suit is.

# %% [markdown]
# ## 2 · Feature maps
#
# The responses of one filter at all positions are a map, and a layer is a stack of maps. Choose a layer and a channel
# with the sliders: channels are sorted, the strongest on this photo first. (On a page without a kernel the picture shows
# the first choice: photo, one map, and the sixteen strongest of the layer. The sheet after it has all five layers.)

# %%
nst.browse(vgg, photo, LAYERS)


# %%
def strongest(maps):
    return np.argsort(-np.asarray(maps).mean((0, 1)))[:4]


sheet = [[show.coloured(F[l][:, :, c]) for c in strongest(F[l])] for l in LAYERS]
show.pictures(sheet, rows=LAYERS, width=88, quality=50)

# %%
table = {
    "map": [f"{F[l].shape[0]} × {F[l].shape[1]}" for l in LAYERS],
    "channels": [F[l].shape[2] for l in LAYERS],
    "numbers, per number of the photo": [F[l].size / photo.size for l in LAYERS],
    "share of zeros": [float((F[l] == 0).mean()) for l in LAYERS],
}
pd.DataFrame(table, index=LAYERS).round(2)

# %% [markdown]
# **What to see.** conv1_1 still shows the whole photo, in one colour or by its edges. In conv3_1 single channels light
# up at strokes of one direction. In conv5_1 a channel responds at two or three places of the whole picture, and a place
# is now 16 × 16 pixels. The maps become coarser faster than they become more: from conv4_1 on this network holds fewer
# numbers than the photo has, so that something must be lost. (With the paper's 512 channels it is conv5_1 that does.)

# %% [markdown]
# ## 3 · Receptive fields
#
# How much of the photo can one unit of a layer know about? Let $r_l$ be the side of the square that it sees, and $j_l$
# the distance between neighbouring units, both in pixels. A window of $k_l$ units with a stride of $s_l$ makes
#
# $$r_l = r_{l-1} + (k_l - 1)\, j_{l-1}, \qquad j_l = s_l\, j_{l-1}, \qquad r_0 = j_0 = 1.$$
#
# A convolution has $k = 3$ and $s = 1$, a pooling $k = s = 2$. So conv1_1 sees 3 pixels, conv1_2 sees 5, the pooling 6,
# and conv2_1, whose neighbours are two pixels apart, $6 + 2 \cdot 2 = 10$.

# %%
field, step, fields = 1, 1, {}
layers = iter(nst.LAYERS)
for kind in "CCPCCPCCCCPCCCCPC":  # the convolutions and poolings as far as conv5_1
    window, stride = (3, 1) if kind == "C" else (2, 2)
    field, step = field + (window - 1) * step, stride * step
    if kind == "C":
        fields[next(layers)] = field, step

pd.DataFrame({layer: fields[layer] for layer in LAYERS}, index=["field r", "step j"])

# %% [markdown]
# That can be measured. The gradient of a unit with respect to the photo is zero at every pixel that the unit does not
# see. We take the units in the middle of each layer, all channels together, and look where the gradient is not zero.


# %%
@jax.jit
def gradient(network, x, which):
    """The gradient [h, w, 3] of the middle units; which: layer → [N], what counts."""

    def units(x):
        maps = network(x, LAYERS)
        middles = {l: f[f.shape[0] // 2, f.shape[1] // 2] for l, f in maps.items()}
        return sum((which[l] * middles[l]).sum() for l in LAYERS)

    return jax.grad(units)(x)


def only(layer, channel=slice(None)):
    which = {l: np.zeros(vgg.width(l), np.float32) for l in LAYERS}
    which[layer][channel] = 1
    return which


# %%
def side(seen, axis):
    """From the first to the last row, or column, that is seen at all."""
    places = np.flatnonzero(seen.any(axis))
    return int(places[-1] - places[0] + 1)


seen = {l: np.abs(gradient(vgg, photo, only(l))).sum(-1) for l in LAYERS}  # [h, w]
for layer in LAYERS:
    tall, wide = side(seen[layer], 1), side(seen[layer], 0)
    assert tall == wide == fields[layer][0], f"{layer}: {tall} × {wide}"
    print(f"{layer}: {tall} × {wide} pixels measured, ", end="")
    print(f"{fields[layer][0]} by the formula")


# %%
def corner(layer, i):
    """The first row, or column, that unit i of the layer sees."""
    field, step = fields[layer]
    return step * i - (field - step) // 2


def framed(x, top, left, side):
    mask = np.zeros(x.shape[:2], bool)
    mask[top - 2 : top + side + 2, left - 2 : left + side + 2] = True
    mask[top : top + side, left : left + side] = False
    return np.where(mask[..., None], np.float32([0.1, 1, 0.9]), x)


# %%
squares, inside, sides = photo, {}, [fields[layer][0] for layer in LAYERS]
for layer in LAYERS:
    first = corner(layer, F[layer].shape[0] // 2)
    squares = framed(squares, first, first, fields[layer][0])
    inside[layer] = slice(first, first + fields[layer][0])

weight = [show.coloured(seen[l][inside[l], inside[l]]) for l in LAYERS[2:]]
titles = ["what a unit sees:\n{}, {}, {}, {}, {} px".format(*sides)]
titles += [f"how much it\ncounts: {layer}" for layer in LAYERS[2:]]
show.pictures([[squares, *weight]], titles, width=170, quality=60)

# %%
for layer in ("conv4_1", "conv5_1"):
    s = seen[layer][inside[layer], inside[layer]]
    q = len(s) // 4
    middle = s[q:-q, q:-q].sum() / s.sum()
    print(f"{layer}: the middle quarter of its area has {middle:.0%} of the gradient")
    assert middle > 0.5

# %% [markdown]
# **What to see.** Left, the squares that one unit in the middle of each layer sees: a few pixels of the collar from
# conv1_1 and conv2_1, more than half of the photo's width from conv5_1. Beside it, the size of the gradient within the
# square of three layers, dark for none. The square is exact, but it is only a bound: most of what a deep unit responds to
# is near the middle of its square, which many paths through the network reach, while few reach the edges.

# %% [markdown]
# ## 4 · Content reconstruction: figure 1, top
#
# What a layer keeps can be made visible. Take the photo's features $P^l$ at one layer, forget the photo, and look for a
# picture $\vec x$ with the same features, starting from white noise:
#
# $$\vec x^{\,*} = \arg\min_{\vec x} \; \mathcal L_{content}, \qquad
# \mathcal L_{content}(\vec p, \vec x, l) = \tfrac12 \sum_{ij} \big(F^l_{ij} - P^l_{ij}\big)^2.$$
#
# What comes back was in $P^l$. What does not come back, $P^l$ has lost, or the optimiser has not found. One thing departs
# from the paper: a little total variation (weight 0.3), so that noise which the layer does not see fades.
#
# Two things in the code change nothing of that. The filters are rescaled first, so that the mean of each over the photo
# is 1, as in the paper (`normalized`; `rare` keeps filters that hardly respond from being blown up). And the loss is
# divided by half the number of features, so that the total variation weighs alike at every layer. `nst.minimize` follows
# the gradient by the paper's optimiser, L-BFGS (notebook 05). The cell after the next makes five pictures of 200
# evaluations each: up to a minute of `[*]`, and longer the first time, when it is compiled.

# %%
p = course.square("astronaut", SIZE)
networks = {
    pool: nst.load_network(NETWORK, pool=pool).normalized([p], rare=2.0)
    for pool in ("avg", "max")
}
P = features(networks["avg"], p)


def reconstruct(network, P, layer, seed=0):
    """From noise, a picture whose features at `layer` are P[layer]."""
    # The others weigh 0. Weights are leaves: one compiled program serves all layers.
    weights = {l: jnp.float32(2 * (l == layer) / P[l].size) for l in LAYERS}
    terms = [nst.Content(l, P[l], weights[l]) for l in LAYERS]
    terms.append(nst.TotalVariation(jnp.float32(0.3 / p.size)))
    objective = nst.Objective(network, tuple(terms))
    return nst.minimize(objective, course.noise(p, seed), nst.lbfgs(), STEPS).image


# %%
rebuilt = {layer: reconstruct(networks["avg"], P, layer) for layer in LAYERS}
errors = {layer: course.rmse(x, p) for layer, x in rebuilt.items()}
assert errors["conv1_1"] < errors["conv5_1"]
assert errors["conv2_1"] < errors["conv3_1"] < errors["conv4_1"] < errors["conv5_1"]

titles = ["photo", *(f"{layer}\nerror {errors[layer]:.3f}" for layer in LAYERS)]
show.pictures([[p, *rebuilt.values()]], titles, width=132, quality=60)

# %% [markdown]
# **What to see.** (The error is the root mean square over all pixels, where black and white differ by 1.) From conv1_1 to
# conv3_1 the photo comes back, to the eye, as it was. From conv4_1 smooth areas have become noisy, but every edge stands
# where it stood. From conv5_1 the colours run and the face is gone, and still hair, collar, badge, helmet and shuttle are
# in their places: this is what "objects and their arrangement" means.
#
# One number is odd: conv1_1, which should know most, has a larger error than conv2_1. That says nothing about the layer.
# The optimiser is not done: after 1000 evaluations instead of 200 we measured an error of 0.003. What an
# unfinished optimisation lacks can look like lost information; exercise 6 comes back to this.

# %% [markdown]
# ## 5 · What is lost where
#
# One number a layer hides what kind of thing is lost. So we split a picture into four parts that add up to it: its
# lightness blurred over 8 pixels (**coarse**), what a blur over 1 pixel adds to that (**medium**), the rest of the
# lightness (**fine**), and the **colour**, which is the picture minus its lightness. For each part: how well does the
# reconstruction's correlate with the photo's? 1 is perfect, 0 is chance.


# %%
def parts(x):
    light = x @ np.float32([0.299, 0.587, 0.114])
    less, much = gaussian(light, 1), gaussian(light, 8)
    of_light = {"coarse": much, "medium": less - much, "fine": light - less}
    return of_light | {"colour": x - light[..., None]}


def correlation(x, y):
    return float(np.corrcoef(np.ravel(x), np.ravel(y))[0, 1])


def kept(x):
    """part → correlation with the photo's."""
    ours, photos = parts(x), parts(p)
    return {part: correlation(ours[part], photos[part]) for part in ours}


loss = pd.DataFrame({layer: kept(x) for layer, x in rebuilt.items()}).T
loss.round(2)

# %%
assert loss.coarse["conv5_1"] > loss.medium["conv5_1"] > loss.fine["conv5_1"]
assert loss.fine["conv5_1"] < 0.1
assert loss.coarse["conv5_1"] > 0.5
axes = plt.subplots(figsize=(5.4, 2.7), dpi=75, layout="constrained")[1]
for part, line in zip(loss, ("o-", "s-", "^-", "d--"), strict=True):
    axes.plot(LAYERS, loss[part], line, label=part, markersize=5)
axes.set(ylim=(-0.05, 1.05), ylabel="correlation with the photo")
axes.spines[["top", "right"]].set_visible(False)
axes.legend(frameon=False)
show.drawing(axes.figure)

# %% [markdown]
# **What to see.** Fine structure goes first, between conv3_1 and conv4_1, and from conv5_1 nothing of it comes back.
# Colour and medium structure follow. Coarse lightness, the places of large things, hardly falls. A good
# *content* layer for style transfer keeps what is where, and leaves the rest to the style: that is why the paper takes
# conv4_2 and not conv1_1, which would hold every pixel fast.

# %% [markdown]
# ## 6 · Average against maximum pooling
#
# > "For image synthesis we found that replacing the max-pooling operation by average pooling improves the gradient flow
# > and one obtains slightly more appealing results, which is why the images shown were generated with average pooling."
# >
# > The same paper, *Methods*
#
# A pooling has no numbers to learn; it only says how four units become one. Going back, the average gives a quarter of
# the gradient to each of the four. The maximum gives all to one, and nothing to the others.

# %%
# [2, 4, 1]: two windows side by side.
window = jnp.float32(np.random.default_rng(0).uniform(size=(2, 4, 1)))
with_gradient = {}
for pool in (average_pool, max_pool):
    g = jax.grad(lambda F, pool=pool: pool(F).sum())(window)
    with_gradient[pool.__name__] = float((g != 0).mean())
    print(f"{pool.__name__}:\n{g[:, :, 0]}\n")
assert with_gradient == {"average_pool": 1.0, "max_pool": 0.25}

# %%
channel = int(F["conv4_1"][16, 16].argmax())  # the strongest in the middle
maps, titles, alike = [], [], {}
for pool in ("avg", "max"):
    g = gradient(nst.load_network(NETWORK, pool=pool), photo, only("conv4_1", channel))
    g = np.asarray(g[inside["conv4_1"], inside["conv4_1"]])
    alike[pool] = correlation(g[:, 1:], g[:, :-1])  # of neighbouring pixels
    maps.append(show.stretched(g))
    titles.append(f"{pool}: neighbours\ncorrelate {alike[pool]:.2f}")
assert alike["avg"] > alike["max"]
show.pictures([maps], titles, width=170, quality=75)

# %% [markdown]
# **What to see.** Where one unit of conv4_1 wants the photo to change (grey: nowhere). Three poolings by the average
# spread its wish smoothly. With the maximum it is grainy, since each pooling picks single units.
#
# An optimiser follows this gradient thousands of units at a time. Is a grainy one worse to follow? The same
# reconstructions with both poolings (up to half a minute), and how well their features match in the end,
# $\lVert F - P \rVert / \lVert P \rVert$:


# %%
def miss(network, x, P, layer):
    gap = features(network, x)[layer] - P[layer]
    return float(np.linalg.norm(gap) / np.linalg.norm(P[layer]))


DEEP = ("conv4_1", "conv5_1")
targets = {"avg": P, "max": features(networks["max"], p)}
by_max = {l: reconstruct(networks["max"], targets["max"], l) for l in DEEP}
both = {"avg": rebuilt, "max": by_max}

# %%
row, titles = [], []
for layer in DEEP:
    for pool, made in both.items():
        row.append(made[layer])
        left = miss(networks[pool], made[layer], targets[pool], layer)
        error = course.rmse(made[layer], p)
        titles.append(f"{layer}, {pool}\nerror {error:.2f}, features {left:.0%}")
    assert course.rmse(rebuilt[layer], p) < course.rmse(by_max[layer], p)
show.pictures([row], titles, width=144, quality=60)

# %% [markdown]
# **What to see.** With maximum pooling the same number of evaluations ends far from the photo, and its features are
# further from their targets too: the optimiser has not come as far. So this is not (only) information that the maximum
# has lost. It is what the paper calls gradient flow, and exercise 7 is about telling the two apart. Both are the same
# weights; the bundled network was trained with both poolings in turn, so that neither is foreign to it. (To write an
# `average_pool` of your own is an exercise of notebook 08.)

# %% [markdown]
# ## 7 · What excites a channel
#
# A channel's number says nothing. But we can ask which places of which pictures it responds to most. For four channels,
# here are the strongest places in sixteen pictures that come with the package, one place a picture, cut out as large as
# the receptive field; the strongest on the left. The channels were chosen by eye, because something can be said of
# them.

# %%
CHANNELS = {"conv3_1": (36,), "conv4_1": (77, 51), "conv5_1": (85,)}
everything = {name: course.square(name, 256) for name in BUNDLED}
answers = {name: features(vgg, x) for name, x in everything.items()}


def best(layer, channel, count=5):
    """The strongest places, cut out; units that see beyond the edge are left out."""
    (field, step), found = fields[layer], []
    edge = -(-(field - step) // (2 * step))
    for name, x in everything.items():
        m = np.asarray(answers[name][layer][edge:-edge, edge:-edge, channel])
        i, j = np.unravel_index(m.argmax(), m.shape)
        top, left = corner(layer, i + edge), corner(layer, j + edge)
        found.append((m[i, j], x[top : top + field, left : left + field]))
    return [crop for _, crop in sorted(found, key=lambda pair: -pair[0])[:count]]


# %%
chosen_by_eye = [(layer, c) for layer, channels in CHANNELS.items() for c in channels]
labels = [f"{layer}\nchannel {c}" for layer, c in chosen_by_eye]
crops = [best(layer, c) for layer, c in chosen_by_eye]
show.pictures(crops, rows=labels, width=76, quality=50)

# %% [markdown]
# **What to see.** Channel 36 of conv3_1 wants a line or an edge that falls to the right, whatever it belongs to: waves of
# a woodcut, a helmet's rim, a cup, a paper leaf, hatching. In conv4_1, channel 77 responds where something red or orange
# ends at a slanting or curved border, channel 51 at round outlines. Channel 85 of conv5_1 responds to a collar, an eye, a
# vortex, a cup: something round with a rim, seen as a whole. It does not care whether the round thing is photographed or
# painted. So one and the same list of channels can describe a photo and a painting.

# %% [markdown]
# ## 8 · Preprocessing done wrong, on purpose
#
# A network responds correctly only to pictures in the range that it was trained on. The package takes RGB in [0, 1] and
# does the rest inside the network, as one matrix and one vector, $\hat x = x T + s$ (section 1 has them as `to_range` and
# `shift`). For the bundled network that is $\hat x = 4 x - 1.8$; for the paper's it is that of Caffe, the program in
# which VGG was trained: B, G, R from 0 to 255, minus their means. If you load weights into other code you do it by hand, and three mistakes are easy to make. Here they
# are, made on purpose, on a photo and a painting.

# %%
print(f"T =\n{to_range}\ns = {shift}")

PREPROCESSING = {
    "right": (to_range, shift),
    "colours swapped": (to_range[::-1], shift),  # B, G, R where R, G, B are meant
    "range too small": (to_range / np.abs(to_range).max(), shift),  # left in [0, 1]
    "mean not subtracted": (to_range, 0 * shift),
}


# %%
rocket, vortex = (course.square(name, SIZE) for name in ("rocket", "vortex"))
sound = normalized_for(nst.load_network(NETWORK), rocket, vortex)  # mean activation 1


def behind(T, s):
    """The same network behind another preprocessing."""
    weights = {"preprocess.kernel": T, "preprocess.bias": s}
    for layer in sound.layers:
        conv = getattr(sound, layer)
        weights[f"{layer}.kernel"] = conv.kernel[...]
        weights[f"{layer}.bias"] = conv.bias[...]
    return nst.VGG19(weights, pool=sound.pool)


readers = {name: behind(*how) for name, how in PREPROCESSING.items()}

# %% [markdown]
# First the features: how far are they from the right ones, $\lVert F' - F \rVert / \lVert F \rVert$? At 1 a guess of
# zero would do as well.

# %%
right = features(sound, rocket)
wrong = pd.DataFrame(
    {
        name: [miss(reader, rocket, right, l) for l in LAYERS]
        for name, reader in readers.items()
    },
    index=LAYERS,
)
assert (wrong["right"] == 0).all()
assert (wrong.drop(columns="right") > 0.15).all(axis=None)
wrong.round(2)

# %% [markdown]
# **What to see.** Swapped colours change the shallow layers most, which look at colour, and the deep ones least. A wrong
# range spoils all layers: what is subtracted is then larger than the picture. No layer is right under any of the three.
#
# Then the pictures of style transfer, with the two losses of notebook 01, from the photo. Above, everything goes through
# the wrong preprocessing: $\vec p$, $\vec a$ and $\vec x$. In the middle only $\vec x$ does, and the targets are right,
# as when they come from another program. Below, what to expect of that: the optimiser looks for the $\vec x'$ that looks
# to the network, *after* the wrong preprocessing, as the right picture does after the right one: $x' T' + s' = x T + s$.
# (α and β are stated as the paper's author's own code counts them, and converted: notebook 06. The cell makes eight
# pictures: up to a minute.)

# %%
usual = nst.loss_weights(alpha=1, beta=50)  # in the terms of the author's code
of_paper = nst.convert(usual, "author", "paper", sound.shapes(SIZE, SIZE))


def built_for(network):
    content, style = of_paper.content, of_paper.style
    tv = 3 / rocket.size
    return nst.build_objective(network, rocket, vortex, content, style, tv=tv)


def run(objective):
    return nst.minimize(objective, rocket, nst.lbfgs(), SHORT).image


objective = built_for(readers["right"])
throughout = {name: run(built_for(reader)) for name, reader in readers.items()}
alone = {
    name: run(replace(objective, network=reader)) for name, reader in readers.items()
}

# %%
good = throughout["right"]
expected = {
    name: np.clip((good @ to_range + shift - s) @ np.linalg.inv(T), 0, 1)
    for name, (T, s) in PREPROCESSING.items()
}
for name in list(readers)[1:]:
    near, far = expected[name], good
    assert course.rmse(alone[name], near) < course.rmse(alone[name], far)

three = [list(made.values()) for made in (throughout, alone, expected)]
sides = ["wrong for\np, a, x", "wrong for\nx alone", "expected\nof that"]
show.pictures(three, list(readers), sides, width=104, quality=55)

# %%
value = jax.jit(lambda objective, x: objective(x))
judged = {name: float(value(objective, x)) for name, x in throughout.items()}
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
# **"Deep layers have forgotten where things are."** They hold fewer positions, not none: a map is a grid of places. If
# that is so, then moving *features* must move *things*. Exchange the left and the right half of every map of $P^l$, and
# look for the picture with those features.


# %%
def swapped(x):
    """Left and right half exchanged."""
    return np.roll(np.asarray(x), x.shape[1] // 2, axis=1)


Q = {layer: swapped(f) for layer, f in P.items()}
moved = {layer: reconstruct(networks["avg"], Q, layer) for layer in DEEP}


def alike_in_light(x, y):
    return correlation(parts(x)["coarse"], parts(y)["coarse"])


exchanged, as_it_was = (alike_in_light(moved["conv4_1"], y) for y in (swapped(p), p))
assert exchanged > 0.5 > as_it_was
titles = [f"halves of {layer}'s\nmaps exchanged" for layer in moved]
show.pictures([list(moved.values())], titles, width=160, quality=55)

# %% [markdown]
# Nobody moved a pixel, and the woman stands on the right, the shuttle on the left. The same holds exactly: where the
# camera moves by 16 pixels, conv5_1's map moves by one position. (Units that see beyond the edge are left out: there the
# zeros around the picture come in.)

# %%
larger = course.square("astronaut", 272)
views = (larger[:256, x : x + 256] for x in (0, 16))
before, after = (np.asarray(features(vgg, view)["conv5_1"]) for view in views)
np.testing.assert_allclose(after[:, 5:10], before[:, 6:11], rtol=1e-3, atol=1e-3)
assert np.abs(after[:, 5:10] - before[:, 5:10]).max() > 1  # it is another map

# %% [markdown]
# What does forget the place is the sum over all positions that notebook 03 is about, the Gram matrix.
#
# **"The network stores the photo."** Its weights were there before the photo was, and stay as they are. All that a
# reconstruction knows of it is $P^l$, and from conv4_1 on that is fewer numbers than the photo has. So many pictures
# share the same features, and which of them comes back depends on the noise at the start:

# %%
first, second = rebuilt["conv5_1"], reconstruct(networks["avg"], P, "conv5_1", seed=1)
apart = course.rmse(first, second)
missed = [miss(networks["avg"], x, P, "conv5_1") for x in (first, second)]
from_photo = [course.rmse(x, p) for x in (first, second)]
assert P["conv5_1"].size < p.size
assert apart > 0.1
print(f"P has {P['conv5_1'].size:,} numbers, the photo {p.size:,}")
print(f"features missed by {missed[0]:.0%} and {missed[1]:.0%}")
print(f"pixels apart by {apart:.2f}, and from the photo by ", end="")
print(f"{from_photo[0]:.2f} and {from_photo[1]:.2f}")
titles = ["another noise\nat the start", "difference to\nsection 4's"]
show.pictures([[second, show.stretched(first - second)]], titles, width=140, quality=65)

# %% [markdown]
# The two are equally good answers to one question, and as far from each other as from the photo.
# (With more evaluations they come closer, to each other more than to the photo: exercise 6.)
#
# **"Channel 85 is the helmet detector."** In section 7 the collar of the space suit came first, and whoever had looked at
# that alone would believe it. An eye, a vortex and a cup came next: always look at more than the best one.
#
# **"If the preprocessing were wrong, I would see it."** You would not: see the first row of section 8.

# %% [markdown]
# ## Summary
#
# - A layer is a stack of maps: one filter's response at every position. Shallow maps are edges and colours, deep maps say
#   roughly where some larger form is.
# - A unit of conv5_1 sees 156 × 156 pixels, but mostly the middle of them.
# - A picture can be rebuilt from one layer's features. Going deeper, fine structure is lost first, then colour and
#   medium structure; coarse arrangement stays.
# - Place is kept, as a position in the map. Exact pixels are not.
# - Average pooling passes a smooth gradient, maximum pooling a grainy one, from which the photo is harder to find.
# - A network's preprocessing belongs to its weights. Done wrong throughout, it is hard to see, and wrong.

# %% [markdown]
# ## Exercises
#
# `checks.progress()` shows what you have done so far, and `checks.report("your name")` makes a line of it for your
# teacher.
#
# **1 (easy).** Write `receptive_field(layer)` for any layer of VGG-19, from "conv1_1" to "conv5_4". Section 3 has the
# formula for a chain of windows; what is missing is the way from the name of a layer to its chain. The attempt below is
# wrong: run it, read what it says, and change it.


# %%
def receptive_field(layer):
    convolutions = nst.LAYERS.index(layer) + 1
    return 1 + 2 * convolutions  # change this until the check is happy


checks.receptive_field(receptive_field)

# %%
checks.hint("receptive_field", 1)  # 2 and 3 say more

# %% [markdown]
# **2 (easy).** Write `preprocess(x)` for the paper's network, as Caffe wants it: from RGB in [0, 1], `[h, w, 3]`, to
# B, G, R in 0 to 255, minus the means 103.939, 116.779, 123.68 (of blue, green and red). The attempt is wrong.


# %%
def preprocess(x):
    means = np.array([103.939, 116.779, 123.68])
    return 255 * x - means  # change this until the check is happy


checks.preprocess(preprocess)

# %%
checks.hint("preprocess", 1)  # 2 and 3 say more

# %% [markdown]
# **3 (easy).** With the sliders of section 2, find a channel of conv1_1 that lights up where the photo is dark. What must
# its filter look like? Say so first, then draw it: `show.pictures([[grey[channel]]], width=84)`.
#
# **4 (medium).** Reconstruct from *every* layer, conv1_1, conv1_2, … conv5_1, and draw the error against depth. Does it
# jump at the poolings, or grow with each convolution? Say what you expect first. (`features` and `reconstruct` know the
# layers of `LAYERS` alone: copy both into a new cell, under other names, with `nst.LAYERS[:13]` in its place.)
#
# **5 (medium).** In a copy of `reconstruct`, start from another photo, such as `course.square("chelsea", SIZE)`, instead of
# `course.noise(p, seed)`. What of it is left in the picture, from conv3_1 and from conv5_1?
#
# **6 (research).** *Lost, or not found?* Reconstruct from conv5_1 with 200, 1000 and 5000 evaluations, two seeds each,
# with and without total variation. Measure how far the features are from their targets, the pictures from each other,
# and each from the photo. Which part of the error of figure 1 is information that the layer lacks, and which part is the
# optimiser's? Find a way to show the former directly, without any optimiser.
#
# **7 (research).** *Is maximum pooling bad for the gradient or for the information?* Start the reconstruction with
# maximum pooling from the result of the one with average pooling, and the other way round. If the maximum had lost the
# information, what would happen to the good picture? Then look for what could make the gradient of the maximum flow:
# a soft maximum whose sharpness grows, noise, another optimiser. We know of no clean answer.
#
# **8 (research).** *Does a preprocessing that is wrong throughout matter for the pictures people would choose?* Vary the
# preprocessing (right and three wrong), ten photos and paintings, and three seeds of noise. Hold the content loss in the
# *right* network equal by choosing β for each run, or else you compare trade-offs and not networks. Measure the style
# loss in a network that made none of the pictures, and let people choose blindly. Say beforehand which result would
# change your mind.
#
# <details><summary>Solution (teachers: reveal)</summary>
#
# **1.** `checks.solution("receptive_field")`. The attempt counts convolutions alone, as if all layers had the picture's
# resolution: after each pooling a step to the neighbour is twice as many pixels.
#
# **2.** `checks.solution("preprocess")`. The attempt does not reverse the colours.
#
# **3.** Filter 30 of the bundled network: mostly dark, so that it is largest where its input is most negative. Its map
# shows helmet and collar.
#
# **4.** With the settings of section 4 we measured 0.019 (conv2_1), 0.026 (2_2), 0.041 (3_1), 0.058, 0.073, 0.098 (3_4),
# 0.147 (4_1), 0.216 (4_2), and no clean order after that (0.19 to 0.29). It grows with each convolution, and poolings do
# not stand out: a convolution with ReLU loses something too, and makes what is left harder to find.
#
# **5.** From a cat, 200 evaluations: the error is that of the start from noise (0.04 from conv3_1, 0.25 from conv5_1),
# and no cat is to be seen, not even from conv5_1. What the layer does not fix is finer than a cat.
#
# **6.** From conv5_1, with total variation, 200 evaluations: features missed by 20 %, the two seeds 0.27 apart, each 0.27
# from the photo. 1000 evaluations: 4 %, 0.11 and 0.15. Without total variation, 1000 evaluations: 23 %, 0.34 and 0.29. So
# much of the error at 200 is the optimiser's; what stays is partly chosen by total variation, which prefers one smooth
# picture of the many. Directly: the Jacobian of $P^l$ has fewer rows than columns, so that there are directions in which
# the picture can change and the features do not; find some with `jax.jvp` and `jax.vjp`, and look at them.
#
# **7.** With 200 evaluations at conv4_1 we measured errors of 0.15 (average) and 0.30 (maximum), after 1000 of 0.08 and
# 0.18. Started from the average's picture, the maximum's features were missed by 10 % instead of 31 %, and the picture
# stayed good (0.14). So the information is there, and the way to it is not. How to make it passable is open.
#
# **8.** Open. For one pair, section 8 has a start: at 75 iterations the right network gives the wrong ones a clearly
# larger loss, but it is also the network that made its own picture, and so not a fair judge. What is known is only that
# the features differ by more than a fifth at every layer.
#
# </details>
#
# ## Quiz

# %%
quiz(*WHAT_VGG_SEES)

# %% [markdown]
# <details><summary>Answers</summary>
#
# 1 b: edges and colours. 2 b: the step doubles. 3 c: where the large things are. 4 c: things move with their features.
# 5 c: the same mistake for all three is hard to see.
#
# </details>
