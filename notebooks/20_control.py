# %% [markdown]
# # 20 · Control
#
# **Question.** Which style, where, in which colours, and how large: how does a person decide that, and what does each
# decision do to the loss?
#
# **Cost.** 4 minutes or less on two CPU cores; no download. Reading and exercises: 75 minutes.
#
# > "Here we extend the existing method to introduce control over spatial location, colour information and across spatial
# > scale. We demonstrate how this enhances the method by allowing high-resolution controlled stylisation and helps to
# > alleviate common failure cases such as applying ground textures to sky regions."
# >
# > Gatys, Ecker, Bethge, Hertzmann and Shechtman, *Controlling Perceptual Factors in Neural Style Transfer*, [arXiv
# > 1611.07865](https://arxiv.org/abs/1611.07865), abstract
#
# The method stays what it was: features, Gram matrices, one loss. Control is a change of the *target*, of the
# *positions* that are summed over, or of the *pictures* that go in. The sections below take one each.

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
from functools import partial

import jax
import jax.numpy as jnp
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from scipy import ndimage

import nst_jax as nst
from nst_jax import checks, course, show
from nst_jax.course.questions import CONTROL
from nst_jax.course.quiz import quiz
from nst_jax.images.luminance import luminance
from nst_jax.images.masks import region_map
from nst_jax.images.recolouring import colour_statistics, match_colours
from nst_jax.losses.guides import guides
from nst_jax.networks.geometry import STYLE_LAYERS
from nst_jax.progress import bar
from nst_jax.transfer.job import prepare
from nst_jax.transfer.normalisation import normalized_for
from nst_jax.transfer.objective import objective_at
from nst_jax.transfer.segmenting import suggest_regions

FAST = course.size(fast=True, full=False)  # small and quick, as the tests run it
SIZE, STEPS = course.size(fast=(64, 15), full=(192, 75))  # longest side in pixels; evaluations
pictures = partial(show.pictures, quality=55)  # many pictures: a small file
NETWORK = "vgg19-slim"  # ours; "vgg19" is the paper's, after `python -m nst_jax fetch vgg19`

# %% [markdown]
# `paint` is `nst.stylize` at a small size, with one network for all runs.

# %%
cat = nst.load_image("chelsea", SIZE)
coffee = nst.resize(nst.load_image("coffee")[:398], cat.shape[:2])  # of one shape: what is compiled serves both
vgg = normalized_for(nst.load_network(NETWORK), cat, coffee)  # mean activation 1
setup = {"network": vgg, "normalize": False, "size": SIZE}


def paint(content, style=None, **settings):
    return nst.stylize(content, style, steps=STEPS, **setup, **settings)


@jax.jit
def grams(x):
    """Layer → Gram matrix per position, G / M."""
    return {l: nst.gram(F) / (F.shape[0] * F.shape[1]) for l, F in vgg(x, STYLE_LAYERS).items()}


def difference(G, A):
    """‖G − A‖ / ‖A‖, the mean over the layers."""
    return float(np.mean([np.linalg.norm(G[l] - A[l]) / np.linalg.norm(A[l]) for l in A]))


# %% [markdown]
# ## 1. Two styles
#
# With S styles, the obvious loss is a weighted sum, $\sum_s w_s \lVert G - A_s\rVert^2$ with $\sum_s w_s = 1$. Its
# gradient with respect to $G$ is
#
# $$\sum_s w_s\, 2\,(G - A_s) \;=\; 2\,(G - \bar A), \qquad \bar A = \sum_s w_s A_s .$$
#
# That is the gradient of $\lVert G - \bar A\rVert^2$ alone. So the two losses differ by a constant,
#
# $$\sum_s w_s \lVert G - A_s\rVert^2 \;=\; \lVert G - \bar A\rVert^2 + \sum_s w_s \lVert A_s - \bar A\rVert^2 ,$$
#
# and an optimiser, which sees gradients, cannot tell them apart. First by hand, at one layer.

# %%
vortex, mosaic = nst.load_image("vortex", SIZE), nst.load_image("mosaic", SIZE)
G = grams(cat)["conv3_1"]
A = np.stack([grams(vortex)["conv3_1"], grams(mosaic)["conv3_1"]])
w = np.array([0.7, 0.3])
blended = w[0] * A[0] + w[1] * A[1]


def weighted_losses(G):
    return w[0] * jnp.sum((G - A[0]) ** 2) + w[1] * jnp.sum((G - A[1]) ** 2)


def loss_of_blend(G):
    return jnp.sum((G - blended) ** 2)


# %%
constant = sum(w_s * np.sum((A_s - blended) ** 2) for w_s, A_s in zip(w, A, strict=True))
np.testing.assert_allclose(jax.grad(weighted_losses)(G), jax.grad(loss_of_blend)(G), rtol=1e-4, atol=1e-5)
np.testing.assert_allclose(weighted_losses(G), loss_of_blend(G) + constant, rtol=1e-4)
print(f"weighted losses {weighted_losses(G):.1f} = loss of the blend {loss_of_blend(G):.1f} + {constant:.1f}")

# %% [markdown]
# The package does this for all layers. `stylize(content, [a, (b, 0.3)])` takes styles alone or with a weight (1 unless
# given), and divides the weights by their sum. `prepare` and `objective_at` are what `stylize` does before it begins.
# The gradients here are with respect to the *pixels*.


# %%
def objective(style, content=cat, **settings):
    """The objective of one run; without content and total variation, so that style is all there is."""
    return objective_at(prepare(content, style, scales=1, **setup, alpha=0, tv=0, **settings), 0)


gradient = jax.jit(jax.grad(lambda objective, x: objective(x), argnums=1))
both = objective([("vortex", 0.7), ("mosaic", 0.3)])
one, other = objective("vortex"), objective("mosaic")
g, g_one, g_other = (np.asarray(gradient(each, cat)) for each in (both, one, other))
off = np.abs(g - (0.7 * g_one + 0.3 * g_other)).max() / np.abs(g).max()
print(f"largest difference of the two gradients: {off:.0e} of the largest value")
assert off < 1e-3  # rounding of float32
assert jax.tree.structure(both) == jax.tree.structure(one)
assert [leaf.shape for leaf in jax.tree.leaves(both)] == [leaf.shape for leaf in jax.tree.leaves(one)]
print("terms with two styles:", len(both.terms), "· with one:", len(one.terms))

# %% [markdown]
# **Why it costs nothing.** The last two assertions say it: the objective of two styles has the same terms, with arrays
# of the same shapes. Only the numbers in its targets are others. It is the same program, and JAX does not even compile
# it again. Three or ten styles are no slower than one. That the gradients agree holds for squared differences of sums
# over positions. For other distances a blended target is another method (Wasserstein's barycentre, the mean of sorted
# values); and without one, as for matched patches, the package adds the losses.

# %%
shares = (1.0, 0.75, 0.5, 0.25, 0.0)
two = [[(name, share) for name, share in (("vortex", v), ("mosaic", 1 - v)) if share] for v in shares]
row = [paint(cat, styles) for styles in bar(two)]
labels = ["vortex", *(f"{v:g} : {1 - v:g}" for v in shares[1:-1]), "mosaic"]
pictures(dict(zip(labels, [made.image for made in row], strict=True)), width=152)

# %%
A_vortex, A_mosaic = grams(vortex), grams(mosaic)
table = pd.DataFrame(index=pd.Index(labels, name="vortex : mosaic"))
table["from vortex"] = [difference(grams(made.image), A_vortex) for made in row]
table["from mosaic"] = [difference(grams(made.image), A_mosaic) for made in row]
assert FAST or table["from vortex"].is_monotonic_increasing
assert FAST or table["from mosaic"].is_monotonic_decreasing
table.round(2)

# %% [markdown]
# **What to see.** From left to right the long blue strokes give way to tesserae in warm colours, without a jump. The
# table says the same in numbers: each step leads away from one painting and towards the other. In the middle there are
# not some places with strokes and others with tesserae. Every place serves one target, the Gram matrix of an imagined
# picture that has its positions from both paintings, in these shares.
#
# **A misconception:** "The blend of two styles is the style of the blended picture." Features are not linear in the
# pixels, and a Gram matrix is not linear in the features.

# %%
side = min(vortex.shape[:2])
x, y = vortex[:side, :side], nst.resize(mosaic, (side, side))
of_pictures, of_targets = grams((x + y) / 2), {l: (grams(x)[l] + grams(y)[l]) / 2 for l in STYLE_LAYERS}
apart = difference(of_pictures, of_targets)
print(f"Gram matrices of the mean picture, against the mean of Gram matrices: {apart:.0%} apart")
assert apart > 0.3

# %% [markdown]
# ## 2. Regions
#
# ### The guided Gram matrix
#
# A *mask* says how much of each pixel belongs to a region. At a layer it becomes a *guide*: a weight $T_k$ for each
# position $k$. The Gram matrix of the region is a mean with these weights,
#
# $$G_r = \frac{\sum_k T_k\, f_k f_k^\top}{\sum_k T_k},$$
#
# where $f_k$ is the vector of all filters at position $k$. By hand, for a cup on a saucer:

# %%
h, w, _ = coffee.shape
down, across = (np.indices((h, w)) + 0.5) / np.array([h, w])[:, None, None]  # 0 to 1
ready = (((across - 0.47) / 0.335) ** 2 + ((down - 0.51) / 0.475) ** 2 < 1).astype(np.float32)  # cup and saucer
F = np.asarray(vgg(coffee, ["conv3_1"])["conv3_1"])
T = guides(ready, coffee.shape, vgg, ["conv3_1"])["conv3_1"]
G = np.zeros(2 * F.shape[-1:])
for f, t in zip(F.reshape(-1, F.shape[-1]), T.ravel(), strict=True):
    G += t * np.outer(f, f)
G /= T.sum()
np.testing.assert_allclose(G, nst.GRAM.target(F, T).total, rtol=1e-3, atol=1e-4)
print(f"guide {T.shape}: {T.sum():.1f} of {T.size} positions belong to the cup")

# %% [markdown]
# ### T, or T²?
#
# In the paper the *features* are multiplied by the guide, $F_r = T_r \circ F$, and then the Gram matrix is taken. The
# product of two features has $T^2$ then. Where T is 0 or 1 this is the same. On a soft edge it is not. Two
# regions that share a seam, $T_1 + T_2 = 1$, keep
#
# $$\sum_k (T_{1k} + T_{2k})\,\lvert f_k\rvert^2 = \sum_k \lvert f_k\rvert^2 \qquad\text{but}\qquad
# \sum_k (T_{1k}^2 + T_{2k}^2)\,\lvert f_k\rvert^2 .$$
#
# In the middle of the seam $T^2$ leaves $\tfrac14 + \tfrac14$: half. Over a seam in which T runs evenly from 0 to 1, the
# mean is $\int_0^1 t^2 + (1-t)^2\, dt = \tfrac23$.

# %%
h, w, _ = cat.shape
right = np.repeat(np.clip(2 * (np.arange(w) + 0.5) / w - 0.5, 0, 1)[None], h, 0).astype(np.float32)  # soft: ¼ to ¾
F = np.asarray(vgg(cat, ["conv2_1"])["conv2_1"])
T = guides(right, cat.shape, vgg, ["conv2_1"])["conv2_1"]
energy = (F**2).sum(axis=2)  # |f|² of each position
seam = (T[0] > 0) & (T[0] < 1)
by_T, by_T2 = T + (1 - T), T**2 + (1 - T) ** 2
kept = [float((each * energy)[:, seam].sum() / energy[:, seam].sum()) for each in (by_T, by_T2)]
print("energy that is kept in the seam: {:.3f} with T, {:.3f} with T²".format(*kept))
assert abs(kept[0] - 1) < 1e-5
assert abs(kept[1] - 2 / 3) < 0.06

# %% [markdown]
# Does this show in a picture? Here is the hardest test: *both* regions have the same style, so that nobody should see
# where they meet. A statistic with T² is one line: the package's Gram matrix, measured with the guide squared.

# %%
squared = replace(nst.GRAM, name="T²", measure=lambda F, T: nst.GRAM.measure(F, None if T is None else T**2))
halves = [(right, "vortex"), (1 - right, "vortex")]
seams = {
    "one region": row[0].image,
    "two, T": paint(cat, regions=halves).image,
    "two, T²": paint(cat, regions=halves, statistic=squared).image,
}
pictures({"mask": np.repeat(right[..., None], 3, 2)} | seams, width=190)

# %%
change = {name: np.abs(x - cat).mean(axis=(0, 2)) for name, x in seams.items()}  # of each column
middle = np.abs(np.arange(w) / w - 0.5) < 0.125
ratio = {name: float(each[middle].mean() / each[~middle].mean()) for name, each in change.items()}
figure, axes = plt.subplots(figsize=(6.2, 2.6), layout="constrained")
looks = ((":", "#777777"), ("--", "#1f6fb4"), ("-", "#c8102e"))
for (name, each), (dash, colour) in zip(change.items(), looks, strict=True):
    axes.plot((np.arange(w) + 0.5) / w, ndimage.gaussian_filter1d(each, w / 25), dash, color=colour, label=name)
axes.axvspan(0.25, 0.75, color="#f2f2f2", zorder=0)
axes.set(xlabel="column (the seam is grey)", ylabel="mean |x − p|", ylim=0, xlim=(0, 1))
axes.spines[["top", "right"]].set_visible(False)
show.label_ends(axes)
show.drawing(figure)

# %%
print("change in the middle of the seam, relative to the rest:")
print(" · ".join(f"{name} {value:.2f}" for name, value in ratio.items()))
assert FAST or ratio["two, T²"] < 0.8 * ratio["one region"]
assert FAST or ratio["two, T"] > 0.85 * ratio["one region"]

# %% [markdown]
# **What to see.** With T² the bridge of the nose and the fur around it stay nearly as they are in the photo: an unstyled
# seam, which users of several programs report. With T as a weight the middle changes as much as with one region. (The
# red curve is higher outside of the seam, because `stylize` makes any other statistic pull as strongly, in all, as the
# Gram matrix does.) Neither total variation nor more evaluations help with T²: the loss itself asks for less there.
#
# ### Paint a mask
#
# Choose a region and paint over it with the mouse, a pen or a finger; the cup is there already, to begin with. Clear it
# and paint what you like. The cells below use what you have painted, whenever they are run again.

# %%
painter = nst.paint_mask(coffee, ["cup"], start=region_map([ready, 1 - ready], ("e69f00", "000000")))
painter

# %%
painted = painter.masks["cup"]
cup = painted if painted.any() else ready  # nothing painted: the ready one
made = {
    "one style": paint(coffee, "woodcut").image,
    "two": paint(coffee, regions=[(cup, "mosaic"), (1 - cup, "woodcut")]).image,
    "the cup is kept": paint(coffee, "woodcut", regions=[(cup, None)]).image,
}
inside = cup == 1
np.testing.assert_allclose(made["the cup is kept"][inside], coffee[inside], atol=1e-6)
pictures({"photo": coffee} | made, width=190)

# %% [markdown]
# **What to see.** With one style the cup goes under in the waves. With two it stands out, although neither of the two
# styles was made for it. Each region has its mask and its style; what no mask covers is painted with the style that
# stands outside of `regions`. A region of style `None` keeps the photo, pixel by pixel, as the assertion says. A
# transparent photo is treated alike: what is transparent is kept, stays transparent in the file, and its hidden colours
# do not bleed in.
#
# Masks may also be files, white in the region; or all in one file of flat colours with a legend,
# `regions=("map.png", {"red": "mosaic", "blue": None})`.
#
# ### Which units belong to a region?
#
# A unit of conv3_1 sees 24 × 24 pixels, one of conv4_1 68 × 68. At the edge of a region it sees both sides. `guides=`
# says what becomes of such units: *simple* counts them by their place, *inside* takes only those that see nothing but
# the region, *all* takes all that see any of it.

# %%
modes = ("simple", "inside", "all")
maps = [[guides(cup, coffee.shape, vgg, [layer], mode)[layer] for mode in modes] for layer in ("conv2_1", "conv3_1")]
reach = [
    gradient(objective(None, coffee, regions=[(cup, "mosaic")], guides=mode).replace(kept=None), coffee)
    for mode in modes
]
forces = [np.linalg.norm(g, axis=2) for g in reach]
outside = {mode: force[cup == 0].sum() / force.sum() for mode, force in zip(modes, forces, strict=True)}
print("share of the force that pulls at pixels outside:", {mode: f"{share:.0%}" for mode, share in outside.items()})
assert outside["inside"] == 0 < outside["simple"] < outside["all"]
panels = [[show.coloured(t, 1) for t in row] for row in maps]
panels.append([show.coloured(np.sqrt(force / force.max()), 1) for force in forces])
pictures(panels, modes, ["conv2_1", "conv3_1", "force"], width=170)

# %% [markdown]
# **What to see.** The upper rows are guides at two layers: the deeper the layer, the smaller the disc becomes with
# *inside*, and the larger with *all*. The lower row shows which pixels the style loss of the region pulls at (the root of
# the gradient's length). With *simple* and *all* it pulls far outside of the region, since deep units see that far: so
# the texture of a ground spills into a sky. With *inside* the force is exactly 0 outside. The price is a rim of the
# region that no deep layer looks after, and small regions vanish at deep layers. The result's `notes` say at which.
#
# ### The swap test
#
# How would one find out that regions do what they should? Take a picture of two halves, A | B, and ask for exactly that:
# left in the style of the left half, right in the style of the right. It is there already, so the loss has to be 0. Then
# ask for the opposite, B | A, and the textures have to change places. A region may be given a mask of its *style
# picture*, too: `(mask, style, mask of the style)`.

# %%
h, w, _ = cat.shape
a, b = (nst.resize(nst.load_image(name)[:400, -300:], (h, w // 2)) for name in ("woodcut", "vortex"))
pair = np.concatenate([a, b], axis=1)
left = (np.indices((h, w))[1] < w // 2).astype(np.float32)
as_it_is = [(left, pair, left), (1 - left, pair, 1 - left)]
swapped = [(left, pair, 1 - left), (1 - left, pair, left)]
loss = jax.jit(nst.Objective.__call__)
losses = [float(loss(objective(None, pair, regions=regions), pair)) for regions in (as_it_is, swapped)]
print("style loss of the picture itself: {:.1e} as it is, {:.1e} swapped".format(*losses))
assert losses[0] < 1e-6 * losses[1]

# %%
result = nst.stylize(pair, regions=swapped, beta=1e5, steps=3 * STEPS, **setup).image
G_a, G_b = grams(a), grams(b)
distances = {}
for name, x in {"A | B, the start": pair, "swapped": result}.items():
    first, second = grams(x[:, : w // 2]), grams(x[:, w // 2 :])
    distances[name] = difference(first, G_a), difference(first, G_b), difference(second, G_a), difference(second, G_b)
columns = ["left, from A", "left, from B", "right, from A", "right, from B"]
swap = pd.DataFrame(distances, columns).T
assert FAST or swap.loc["swapped", columns[0]] > swap.loc["swapped", columns[1]]
assert FAST or swap.loc["swapped", columns[3]] > swap.loc["swapped", columns[2]]
swap.round(2)

# %%
pictures({"A | B": pair, "asked for: B | A": result}, width=300)

# %% [markdown]
# **What to see.** Strokes and colours have changed places: blue whorls at the left, a red disc and engraved lines at the
# right. Each half is now nearer to the other's Gram matrices than to its own old ones, and both meet where they met
# before. Of the start little is left: the whorl at the far left stands where the sun was.
#
# ### Masks from nothing
#
# `suggest_regions` cuts both pictures into regions and pairs them, by colour and by features. It is a suggestion:
# look at it before you use it.

# %%
suggested = suggest_regions(coffee, nst.load_image("woodcut", SIZE), n=2, vgg=vgg)
suggested.sheet(width=150)

# %%
regions = [(T, suggested.pictures[1], S) for T, S in zip(suggested.content, suggested.style, strict=True)]
paired = paint(coffee, regions=regions)
print("\n".join(paired.notes) or "no notes")
covered = np.sum([nst.resize(T[..., None], coffee.shape[:2]) for T in suggested.content], axis=0)
np.testing.assert_allclose(covered, 1, atol=1e-3)  # each pixel belongs to one region
pictures({"photo": coffee, "woodcut, all of it": made["one style"], "region by region": paired.image}, width=230)

# %% [markdown]
# **What to see.** All that is warm in the photo was paired with the red sun, and its shadows with the rest of the woodcut.
# So coffee and table are made of red discs, where the whole woodcut had put grey lines. Whether that is *better* is for
# you to judge. It shows what a pairing does: a region that is paired with one thing consists of many of that thing.
#
# ## 3. Colour
#
# > "We describe simple linear methods for transferring style while preserving colors."
# >
# > Gatys, Bethge, Hertzmann and Shechtman, *Preserving Color in Neural Artistic Style Transfer*, [arXiv
# > 1606.05897](https://arxiv.org/abs/1606.05897), abstract
#
# Recolour the *style picture* before the run, so that its Gram matrices ask for strokes in the photo's colours. A linear
# map $y = A(x - \mu) + \mu^\ast$ gives any picture the mean $\mu^\ast$; it also gives the covariance $C^\ast$ if
#
# $$A\,C A^\top = C^\ast .$$
#
# Many A do that. The one of Monge and Kantorovich moves the colours least, and is symmetric:
#
# $$A = C^{-1/2}\left(C^{1/2}\,C^\ast\,C^{1/2}\right)^{1/2} C^{-1/2} .$$


# %%
def root(C):
    """The symmetric S with S S = C."""
    variances, axes = np.linalg.eigh(C)
    return (axes * np.sqrt(variances)) @ axes.T


mu, C = colour_statistics(vortex)
mu_photo, C_photo = colour_statistics(cat)
R = root(C)
A = np.linalg.inv(R) @ root(R @ C_photo @ R) @ np.linalg.inv(R)
by_hand = (vortex - mu) @ A.T + mu_photo

np.testing.assert_allclose(A, A.T, atol=1e-9)
np.testing.assert_allclose(A @ C @ A.T, C_photo, atol=1e-9)
np.testing.assert_allclose(by_hand, match_colours(vortex, cat, most_gain=np.inf), atol=1e-4)
print(A.round(2))

# %%
methods = ("monge-kantorovich", "pca", "cholesky", "histogram")
recoloured = {method: match_colours(vortex, cat, method) for method in methods}
moved = {method: float(np.mean((x - vortex) ** 2)) for method, x in recoloured.items()}
print("mean squared change:", " · ".join(f"{method} {value:.4f}" for method, value in moved.items()))
assert moved["monge-kantorovich"] == min(moved[method] for method in methods[:3])  # the linear ones
shown = {method: np.clip(x, 0, 1) for method, x in recoloured.items()}
pictures({"photo": cat, "vortex": vortex} | shown, width=128)

# %% [markdown]
# **What to see.** The linear maps have the browns of the cat; light strokes stay light, and what was one colour stays one
# colour. The histogram matches each channel by itself, and makes hues that neither picture has, such as lilac.
#
# Three settings: `colour="style"` does nothing. `"content"` recolours the style before the run and the picture after it.
# `"luminance"` lets the network see grey pictures, and puts the photo's colours back, pixel by pixel.

# %%
colours = {"style": row[0].image} | {how: paint(cat, "vortex", colour=how).image for how in ("content", "luminance")}
pictures({"photo": cat} | {f'"{how}"': x for how, x in colours.items()}, width=190)


# %%
def chroma(x):
    """A picture without its luminance."""
    return x - luminance(x)[..., None]


def fine(x):
    """What is smaller than about 4 pixels."""
    return x - ndimage.gaussian_filter(x, (2, 2) + (0,) * (x.ndim - 2))


def palette(x):
    """How far mean and covariance of the colours are from the photo's, relative to its spread."""
    mean, covariance = colour_statistics(x)
    return np.linalg.norm(mean - mu_photo) / np.sqrt(np.trace(C_photo)), np.linalg.norm(
        covariance - C_photo
    ) / np.linalg.norm(C_photo)


# %%
table = pd.DataFrame(index=list(colours))
table[["mean of colours", "their covariance"]] = [palette(x) for x in colours.values()]
table["hue of a pixel"] = [np.sqrt(np.mean((chroma(x) - chroma(cat)) ** 2)) for x in colours.values()]
table["strokes in hue"] = [fine(chroma(x)).std() / fine(luminance(x)).std() for x in colours.values()]
assert table["hue of a pixel"].idxmin() == "luminance"
assert table.loc["content", "their covariance"] < 0.1 * table.loc["style", "their covariance"]
assert table["strokes in hue"].idxmin() == "luminance"
table.round(3)

# %% [markdown]
# **What to see.** The first two columns say how far the palette is from the photo's, the third how far the hue of each
# pixel is, the last how much of the fine detail is in hue rather than in lightness.
#
# - **Bought:** with `"content"` the palette is that of the photo, mean and covariance, up to the clipping to [0, 1]. With
#   `"luminance"` each *pixel* has the hue of the photo, and the palette differs in lightness alone.
# - **Lost:** with `"luminance"`, what the painter did with hue. A blue stroke beside a yellow one of the same lightness
#   does not exist for the network, and cannot come back; the fine detail in hue that is left is the photo's own. With
#   `"content"` hue still belongs to strokes, but a palette is not a place: brown may come where the photo had white.
#
# ## 4. The size of strokes
#
# A layer sees a fixed number of pixels. If the style picture is looked at in twice the size, a stroke is twice as wide
# there, other units respond to it, and the Gram matrices ask for strokes of twice the width. That is `style_scale`: the
# longest side of the style picture relative to the picture that is made.

# %%
scales, paintings = (0.5, 1.0, 2.0), ("vortex", "woodcut")
todo = [(name, scale) for name in paintings for scale in scales]
scaled = {each: paint(cat, each[0], style_scale=each[1], beta=200).image for each in bar(todo)}
rows = [[scaled[name, scale] for scale in scales] for name in paintings]
pictures(rows, [f"style_scale {scale:g}" for scale in scales], paintings, width=192)


# %%
def wavelength(x):
    """Mean wavelength of what was added to the photo, in pixels, weighted by energy."""
    added = luminance(x - cat)
    power = np.abs(np.fft.fft2(added - added.mean())) ** 2
    frequency = np.hypot(*np.meshgrid(*map(np.fft.fftfreq, added.shape), indexing="ij"))
    return float(power.sum() / (power * frequency).sum())


waves = pd.DataFrame([[wavelength(x) for x in row] for row in rows], paintings, [f"{s:g}" for s in scales])
assert FAST or waves.loc["vortex"].is_monotonic_increasing
waves.rename_axis("pixels").round(1)

# %%
small = nst.load_image("vortex", SIZE)
print(*prepare(cat, small, style_scale=2, **setup).notes)
assert "is not enlarged" in prepare(cat, small, style_scale=2, **setup).notes[0]
assert not prepare(cat, "vortex", style_scale=2, **setup).notes

# %% [markdown]
# **What to see.** At 0.5 there are many small whorls, and many small suns; at 2 there are large areas of one colour, one
# sun at most, and bolder lines. For the vortex the measure agrees: what was added to the photo has longer waves. It
# grows by less than the factor, since the content term and the photo's own edges have a say, too. For the woodcut it does
# *not* agree. A likely reason: at half the size its fine lines are lost, and large shapes are all that is left to
# measure. One number is not the size of strokes.
#
# The last cell gives a style picture that has only as many pixels as the result. It is used as it is, and the run's
# `notes` say so: enlarging it would show the network blurred strokes, and it would paint the blur. For larger strokes
# than that, make the *picture* smaller, or find a larger scan.
#
# ## Summary
#
# - Several styles: the gradient of the weighted losses is that of one blended target. S styles cost what one costs.
# - Regions: a guide is the weight of a position, T and not T², in a mean. Multiplying features by it leaves a soft seam
#   half unstyled. *Inside* never moves a pixel outside of its region.
# - A region of style `None` keeps the photo. A mask may be painted, read, or suggested.
# - Colour: recolour the style, not the loss. Monge–Kantorovich moves colours least. Luminance keeps each pixel's hue,
#   and loses what strokes did with hue.
# - Scale: look at the style larger or smaller. It is never enlarged beyond its pixels.
#
# ## Exercises
#
# **1 (10 minutes).** Write `blend_targets(A, weights)`: A `[S, N, N]` holds the target of each style, weights `[S]` are
# positive and sum to anything. The attempt below gives a picture with too much contrast.


# %%
def my_blend(A, weights):
    return (weights[:, None, None] * A).sum(axis=0)  # change this until the check is happy


checks.blend_targets(my_blend)

# %%
checks.hint("blend_targets", 1)  # 2 and 3 say more

# %% [markdown]
# **2 (10 minutes).** Write `guided_gram(F, T)` for features `[h, w, N]` and a guide `[h, w]`. The attempt is what most
# people write first.


# %%
def my_guided_gram(F, T):
    X = (F * T[..., None]).reshape(-1, F.shape[-1])  # change this until the check is happy
    return X.T @ X / T.sum()


checks.guided_gram(my_guided_gram)

# %%
checks.hint("guided_gram", 1)

# %% [markdown]
# **3 (15 minutes).** Write `cholesky_match(x, to)`, which gives x the colours of `to` by another A: with the lower
# Cholesky factors $C = L L^\top$ and $C^\ast = L^\ast L^{\ast\top}$, it is $A = L^\ast L^{-1}$. Why does it depend on
# the order of the channels?


# %%
def my_match(x, to):
    L, L_to = (np.linalg.cholesky(np.cov(colours.reshape(-1, 3), rowvar=False)) for colours in (x, to))
    A = L @ np.linalg.inv(L_to)  # change this until the check is happy
    return (x - x.mean(axis=(0, 1))) @ A.T + to.mean(axis=(0, 1))


checks.cholesky_match(my_match)

# %%
checks.hint("cholesky_match", 1)

# %% [markdown]
# <details><summary>Solutions to 1, 2 and 3 (teachers: reveal)</summary>
#
# `checks.solution("blend_targets")`, `checks.solution("guided_gram")`, `checks.solution("cholesky_match")`. In 1 the
# weights are not divided by their sum. In 2 the features are multiplied, so that T counts twice; multiply one of the two
# factors. In 3 the map leads from `to` to x. The factor L is triangular: the first channel of the result depends on the
# first of x alone, the last on all three, so that with the channels in another order it is another map.
#
# </details>
#
# **4 (on paper, 10 minutes).** For absolute differences, $\sum_s w_s \lvert G - A_s\rvert$ with one number G and three
# styles of weight ⅓: where is the minimum? Is it the minimum of $\lvert G - \bar A\rvert$? What follows for blending?
#
# **5 (10 minutes).** `paint(coffee, "woodcut", regions=[(cup, ["mosaic", ("vortex", 0.5)])])` blends two styles within a
# region. Predict what `style_scale=[2, 2, 0.5]` changes, and in which order the three numbers count. Then look.
#
# **6 (20 minutes).** Paint a mask of a narrow region, the spoon for example, and give it a style with `guides="inside"`.
# Print `notes`. At which size of the picture does the region come back at conv4_1?
#
# **7 (research).** *Is there a best width for a soft seam?* Take two styles, left and right, and seams of 0 to half of
# the width. Vary the width, the seed of a noise start, and three pairs of styles; measure, along the columns, the
# distance of the Gram matrices of a narrow window to each of the two styles. Does the transition in the picture have
# the width of the mask's, or that of the receptive fields?
#
# **8 (research, open).** *Blends by other means.* The mean of Gram matrices is one way between two styles. Compare it
# with $\exp(w \log A_1 + (1-w) \log A_2)$ and with the Bures barycentre (`statistic="wasserstein"`), at the same five
# weights and at equal content distance, by a forced choice of people (`nst.ask`).
#
# <details><summary>Solutions (teachers: reveal)</summary>
#
# **4.** At the median of the three, whatever the mean is: the gradient is the sum of three signs. $\lvert G -
# \bar A\rvert$ has its minimum at the mean. So for absolute differences a blended target is *another method*, not a
# cheaper way to the same gradient.
#
# **5.** The strokes of the mosaic and of the vortex within the cup become larger, those of the woodcut around it finer:
# the numbers count in the order of the regions' styles, then those of the rest. `help(nst.stylize)` says so.
#
# **6.** It depends on what was painted. *Inside* needs a region wider than what a unit of the layer sees (68 pixels at
# conv4_1): one of 20 pixels comes back only when the picture is made about three and a half times as large.
#
# **7, 8.** Not known here. Report the spread over seeds and pairs.
#
# </details>
#
# ## Quiz

# %%
quiz(*CONTROL)

# %% [markdown]
# <details><summary>Answers</summary>
#
# 1 b (no longer), 2 c (the product of each position), 3 a (guides="inside"), 4 b (how strokes and hues go together),
# 5 a (that of scale 1).
#
# </details>
