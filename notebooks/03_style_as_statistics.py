# %% [markdown]
# # 03 · Style as statistics
#
# **Question.** How can a few matrices of numbers hold the style of a picture? What do they keep of it, and what do
# they lose?
#
# **Cost.** 4 minutes or less on two CPU cores; no download. Reading and exercises: 75 minutes.
#
# > "This feature space is built on top of the filter responses in each layer of the network. It consists of the
# > correlations between the different filter responses over the spatial extent of the feature maps (see Methods for
# > details). By including the feature correlations of multiple layers, we obtain a stationary, multi-scale
# > representation of the input image, which captures its texture information but not the global arrangement."
# >
# > Gatys, Ecker and Bethge, arXiv 1508.06576, main text, where the style representation is introduced

# %% slideshow={"slide_type": "skip"}
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

# %% slideshow={"slide_type": "skip"}
from functools import cache, partial

import jax
import jax.numpy as jnp
import matplotlib.pyplot as plt
import numpy as np
from skimage.feature import match_template

import nst_jax as nst
from nst_jax import checks, course, show
from nst_jax.course.questions import STYLE_AS_STATISTICS
from nst_jax.course.quiz import quiz
from nst_jax.images.bundled import PHOTOS, STYLES
from nst_jax.networks.geometry import STYLE_LAYERS

pictures = partial(show.pictures, quality=55)  # many pictures: a small file

# %% [markdown] slideshow={"slide_type": "skip"}
# The network is the bundled `vgg19-slim`, a narrow VGG-19 that this project trained. For figures with the paper's own
# network, run `nst_jax fetch vgg19` once and set `NETWORK = "vgg19"`. As in the paper, every filter is rescaled to a
# mean activation of 1, here over the sixteen bundled pictures. (`jax.jit` and what else JAX has that NumPy has not: the
# end of section 7 of [notebook 00](00_quickstart.ipynb).)

# %% slideshow={"slide_type": "skip"}
NETWORK = "vgg19-slim"
SIZE, STEPS = course.size(fast=(96, 40), full=(192, 200))  # of pictures from noise


def part(name, top, left, side, size=192):
    """A square of a bundled picture, at `size` pixels."""
    x = nst.load_image(name)[top : top + side, left : left + side]
    return nst.resize(x, (size, size))


names = [*STYLES, *PHOTOS]
everything = {name: nst.resize(nst.load_image(name), (192, 192)) for name in names}
vgg = nst.load_network(NETWORK).normalized(everything.values(), rare=2)
features = jax.jit(lambda vgg, x: vgg(x, STYLE_LAYERS))
woodcut = part("woodcut", 50, 300, 400)

# %% [markdown]
# ## 1 · The Gram matrix, by hand
#
# At layer $l$ the network has $N_l$ filters. Each of them gives one number at each of $M_l = h_l w_l$ positions.
# The paper writes them as a matrix $F^l$ with one row per filter and one column per position. The Gram matrix holds
# the inner product of every two rows:
#
# $$G^l_{ij} = \sum_{k=1}^{M_l} F^l_{ik} F^l_{jk} \qquad\text{(eq. 3)}$$
#
# Take two filters and six positions. The numbers are small: check them on paper before you run the cell.

# %%
F = np.array(
    [[1, 0, 2, 0, 1, 0],  # filter 1 at the positions 1 to 6
     [0, 3, 1, 1, 0, 2]]  # filter 2
)  # fmt: skip
N, M = F.shape
G = np.zeros((N, N))
for i in range(N):
    for j in range(N):
        for k in range(M):
            G[i, j] += F[i, k] * F[j, k]

# On paper: 1+4+1, 2·1 (only position 3), 9+1+1+4.
np.testing.assert_array_equal(G, [[6, 2], [2, 15]])
# The same sum in the notation of indices, and as a product of matrices.
np.testing.assert_array_equal(G, np.einsum("ik,jk->ij", F, F))
np.testing.assert_array_equal(G, F @ F.T)
print(G)

# %% [markdown] slideshow={"slide_type": "subslide"}
# Now real features. Arrays here are `[h, w, N]`: the filter is the *last* axis. Flattening the two axes of position
# gives one row per position, `[M, N]`, which is the transpose of the paper's $F$. So $G = F F^\top$ becomes
# `X.T @ X`. The package does exactly this.

# %%
F_31 = np.asarray(features(vgg, woodcut)["conv3_1"])  # [h, w, N]
X = F_31.reshape(-1, F_31.shape[-1])  # [M, N]
G_31 = X.T @ X  # [N, N]
np.testing.assert_allclose(G_31, nst.gram(F_31), rtol=1e-4)
np.testing.assert_allclose(G_31, np.einsum("hwi,hwj->ij", F_31, F_31), rtol=1e-4)
M_31, N_31 = X.shape
print(f"features {F_31.shape}: {M_31} positions, {N_31} filters; G {G_31.shape}")

# %% [markdown]
# ## 2 · What one entry says
#
# Multiply the maps of two filters, position by position. $G_{ij}$ is the sum of the product. It is large where both
# filters respond strongly **at the same place**, wherever that place is. The next cell looks for the two filters of
# conv2_1 that go together most, and for two that avoid each other.

# %%
F_21 = np.asarray(features(vgg, woodcut)["conv2_1"])
G_21 = np.asarray(nst.gram(F_21))
length = np.sqrt(np.diag(G_21))
cosine = G_21 / np.outer(length, length)  # 1: always together; 0: never
strong = np.flatnonzero(F_21.mean(axis=(0, 1)) > 0.5)  # that answer this picture at all
pairs = [(m, n) for m in strong for n in strong if m < n]
rows = []
for pick in (max, min):
    m, n = pick(pairs, key=lambda pair: cosine[pair])
    maps = F_21[..., m], F_21[..., n], F_21[..., m] * F_21[..., n]
    scaled = zip(maps, (6, 6, 12), strict=True)
    rows.append([show.coloured(each, limit) for each, limit in scaled])
    mean_product = maps[2].mean()
    print(f"filters {m:2} and {n:2}: G_ij / M = {mean_product:.2f}, ", end="")
    print(f"cosine {cosine[m, n]:.2f}")
pictures(rows, ["F_i", "F_j", "F_i · F_j"], ["together", "apart"], width=120)

# %% [markdown]
# **What to see.** Above, both filters respond to the red of the sun, so their product is the sun again, and its sum is
# large. Below, the first is the same filter; the second responds to the light parts of sky and water, which the first
# does not. Where one responds the other is silent, the product is almost black, and its sum is small. Style, in this
# method, is the list of all such sums: which features of a picture occur together.
#
# ## 3 · What it ignores
#
# Let $\Pi$ be a permutation of the positions. It reorders the columns of $F$, and $\Pi\Pi^\top = I$:
#
# $$(F\,\Pi)(F\,\Pi)^\top = F\,\Pi\,\Pi^\top F^\top = F F^\top = G.$$
#
# So the Gram matrix of a layer does not change when the features of that layer are moved around. The same holds for
# the picture itself, with its three colours as filters.

# %% slideshow={"slide_type": "-", "hide_code": true}
rng = np.random.default_rng(0)


def jigsaw(x, side):
    """x [h, w, N], cut into squares of `side`, which are put together at random."""
    h, w, n = x.shape
    rows, columns = h // side, w // side
    pieces = x.reshape(rows, side, columns, side, n).swapaxes(1, 2)
    pieces = rng.permutation(pieces.reshape(-1, side, side, n))
    placed = pieces.reshape(rows, columns, side, side, n).swapaxes(1, 2)
    return placed.reshape(h, w, n)


for f in (np.asarray(features(vgg, woodcut)["conv1_1"]), woodcut):  # features, pixels
    np.testing.assert_allclose(nst.gram(jigsaw(f, 1)), nst.gram(f), rtol=1e-4)
cuts = {f"pieces of {side} px": jigsaw(woodcut, side) for side in (32, 8, 1)}
shuffled = {"a": woodcut} | cuts
pictures(shuffled, width=120)

# %% [markdown]
# **What to see.** All four pictures have the same pixels and so the same Gram matrix of the pixels, 3 × 3 numbers.
# The last one is noise to the eye. If style were the Gram matrix of the *pixels*, it would be a matter of colours only.
#
# But the features are not pixels. Each one looks at a neighbourhood, its receptive field: 3 pixels wide at conv1_1,
# 156 at conv5_1. Shuffling the *picture* changes what the filters see. The next cell measures how much the Gram
# matrix of each layer changes, $\lVert G - A\rVert / \lVert A\rVert$, when the picture is cut into pieces.


# %% slideshow={"slide_type": "subslide"}
def grams(x):
    """Layer → Gram matrix per position, G / M, of the style layers."""
    return {l: np.asarray(G) for l, G in course.grams(vgg, x).items()}


def change(G, A):
    return np.linalg.norm(G - A) / np.linalg.norm(A)


sides = (1, 2, 4, 8, 16, 32, 64)
whole, cut = grams(woodcut), [grams(jigsaw(woodcut, side)) for side in sides]
changes = {l: [change(each[l], whole[l]) for each in cut] for l in STYLE_LAYERS}

# %% slideshow={"slide_type": "-", "hide_code": true}
figure, axes = plt.subplots(figsize=(6.4, 3), layout="constrained")
shades = plt.cm.viridis(np.linspace(0, 0.8, 5))
looks = zip("osD^v", shades, changes.items(), strict=True)
for marker, shade, (layer, values) in looks:
    axes.plot(sides, values, f"{marker}-", color=shade, ms=4, lw=1.4, label=layer)
axes.set_xscale("log", base=2)
axes.set(xticks=sides, xticklabels=sides, ylabel="change of G", ylim=0)
axes.set_xlabel("side of the pieces, pixels")
axes.spines[["top", "right"]].set_visible(False)
show.label_ends(axes)
show.drawing(figure)

# %% slideshow={"slide_type": "-", "hide_code": true}
small, large = ([values[k] for values in changes.values()] for k in (0, -1))
assert min(small) > 0.3  # shuffled pixels: another style at every layer
# Large pieces: the deeper, the more it notices.
assert large == sorted(large) and large[-1] > 4 * large[0]
by_layer = zip(changes, large, strict=True)
print("pieces of 64 pixels:", ", ".join(f"{layer} {c:.2f}" for layer, c in by_layer))

# %% [markdown]
# **What to see.** Shuffled pixels (left end) change every layer, conv1_1 too. At conv1_1 and conv2_1, whose curves
# nearly coincide, pieces of 2 pixels change even more than single ones; from 2 pixels on every curve falls, and those of
# shallow layers are down first. Pieces of 64 pixels are larger than the receptive fields of conv1_1 to conv3_1 (3 to 24
# pixels), which see little but the seams, and smaller than that of conv5_1 (156), which still notices. No piece here is
# larger than 156 pixels, so that the figure does not show where the curve of conv5_1 ends. What it shows is the meaning
# of "multi-scale" in the quotation: a shallow layer holds fine grain, a deep one larger structures.
#
# ## 4 · Pictures of Gram matrices
#
# A Gram matrix can be looked at. The order of the filters is arbitrary, so we sort them once, by how strongly they
# respond to `vortex`, and use this order for all pictures. Colours are comparable along each row.

# %%
of = {name: grams(picture) for name, picture in everything.items()}
four = ("vortex", "woodcut", "mosaic", "hatching")
panels = [[everything[name] for name in four]]
for layer in ("conv1_1", "conv3_1"):
    order = np.argsort(-np.diag(of["vortex"][layer]))
    order = order[:: len(order) // 32]  # 32 of them: enough to look at
    limit = np.percentile([of[name][layer] for name in four], 98)
    ordered = [of[name][layer][np.ix_(order, order)] for name in four]
    panels.append([show.coloured(G, limit) for G in ordered])
pictures(panels, four, ["", "conv1_1", "conv3_1"], width=112)

# %% [markdown]
# **What to see.** The matrices differ at a glance. At conv1_1, `vortex` has one bright block, of filters that respond to
# its blues together; `woodcut` and `hatching` are dark there, and have their bright squares further down, among other
# filters. A dark cross is a filter that a picture hardly uses. At conv3_1 the diagonal stands out: each filter responds
# to its own thing, and fewer of them go together.
#
# ## 5 · All second moments
#
# Divide by the number of positions: $G_{ij}/M$ is the *mean* of the product $F_i F_j$, a second moment. With the mean
# $\mu_i$ of each filter and the covariance $C_{ij}$ of each pair,
#
# $$\frac{1}{M}\,G_{ij} = C_{ij} + \mu_i\,\mu_j .$$
#
# So $G/M$ mixes two statistics: how active each filter is on average, and how filters vary together around that.
# More: for any mixture of filters with weights $v$, the mean of $(v\cdot F)^2$ is $v^\top G\,v / M$. The Gram matrix
# knows the energy of *every* linear combination of filters. It says nothing of products of three (third moments), and
# nothing of how a value at one position goes with a value at another.


# %%
def moments(F):
    """G / M, the means μ and the covariance C of features [h, w, N]."""
    X = np.asarray(F).reshape(-1, F.shape[-1])
    G, mu, C = X.T @ X / len(X), X.mean(axis=0), np.cov(X.T, bias=True)
    np.testing.assert_allclose(G, C + np.outer(mu, mu), rtol=1e-3, atol=1e-4)
    v = rng.normal(size=len(mu))
    np.testing.assert_allclose(np.mean((X @ v) ** 2), v @ G @ v, rtol=1e-3)
    return G, np.outer(mu, mu), np.abs(C)


for layer, f in features(vgg, woodcut).items():
    trio = dict(zip(("G / M", "μ μᵀ", "|C|"), moments(f), strict=True))
    share = np.linalg.norm(trio["μ μᵀ"]) / np.linalg.norm(trio["G / M"])
    print(f"{layer}: |μμᵀ| / |G/M| = {share:.2f}")
    if layer == "conv3_1":
        limit = np.percentile(trio["G / M"], 98)
        shown = {name: show.coloured(S, limit) for name, S in trio.items()}
pictures(shown, width=112)

# %% [markdown]
# **What to see.** Features after ReLU are never negative, so their means are large, and $\mu\mu^\top$ is most of the
# Gram matrix (the printed ratio; 1 would mean that there is nothing else). The stripes of $G$ are those of
# $\mu\mu^\top$; the diagonal and the single bright points are the covariance. How much the smaller part matters to the
# eye is the question of section 10.
#
# ## 6 · The distance of two Gram matrices, and its factor
#
# With $G$ of the generated picture and $A$ of the style picture, the paper's contribution of layer $l$ is
#
# $$E_l = \frac{1}{4 N_l^2 M_l^2} \sum_{i,j} \left(G^l_{ij} - A^l_{ij}\right)^2 \qquad\text{(eq. 4)}.$$
#
# Each part of the factor has a reason.
#
# - $1/M^2$: $G$ is a sum over $M$ positions. Dividing $G - A$ by $M$ makes it a difference of means. A texture of four
#   times the area then has the same $E_l$.
# - $1/N^2$: there are $N^2$ entries, and dividing by their number makes a mean. A layer of 512 filters does not
#   outweigh one of 64 merely by its size.
# - $1/4$: the derivative of $(G-A)^2$ brings a 2, and $G = FF^\top$, which has $F$ twice, another. They cancel the 4:
#   $\partial E_l / \partial F = (G - A)\,F / (N^2 M^2)$, in the paper's layout. Notebook 04 derives it.
#
# The first two claims can be tested exactly: repeat all positions, or repeat all filters.


# %% slideshow={"slide_type": "subslide"}
def E(F, P):
    positions = F.shape[0] * F.shape[1]
    return float(nst.style_loss(nst.gram(F), nst.gram(P), positions=positions))


def close(a, b):
    np.testing.assert_allclose(a, b, rtol=1e-4)


gravel, brick = (part(name, 0, 0, 384) for name in ("gravel", "brick"))
f, f_a = (np.asarray(features(vgg, x)["conv3_1"]) for x in (gravel, brick))
h, w, n = f.shape
squares = (np.asarray(nst.gram(f) - nst.gram(f_a), np.float64) ** 2).sum()
close(E(f, f_a), squares / (4 * n**2 * (h * w) ** 2))  # eq. 4
close(E(np.tile(f, (2, 2, 1)), np.tile(f_a, (2, 2, 1))), E(f, f_a))  # M → 4 M
close(E(np.tile(f, 2), np.tile(f_a, 2)), E(f, f_a))  # N → 2 N

# %% slideshow={"slide_type": "-", "hide_code": true}
print("gravel against brick at conv3_1\nside   Σ (G − A)²      E_l")
table = {}
for side in (96, 192, 384):  # crops at their own resolution: more of the same texture
    crops = [part(name, 64, 64, side, side) for name in ("gravel", "brick")]
    f, f_a = (features(vgg, crop)["conv3_1"] for crop in crops)
    table[side] = float(jnp.sum((nst.gram(f) - nst.gram(f_a)) ** 2)), E(f, f_a)
    print("{:4}     {:9.3g}   {:.4f}".format(side, *table[side]))
assert table[384][0] > 100 * table[96][0] and 0.5 < table[384][1] / table[96][1] < 2

# %% [markdown]
# **What to see.** From 96 to 384 pixels a side there are 16 times as many positions and the sum of squares grows by
# hundreds, about $16^2 = 256$. $E_l$ changes by a quarter: another crop shows other stones, and the smaller it is, the
# more of its features lie at the border, where the network sees its padding.
#
# The factor cannot do everything. It supposes that both pictures have $M$ positions; the package keeps $A/M$ instead,
# so that a style picture of another size serves as it is. And it corrects for the *number* of filters, not for how
# strong they are: that is why the network is normalised first.
#
# ## 7 · How far apart are styles?
#
# If the Gram matrix is a fair description of style, two parts of one painting should be near to each other. $E_l$
# grows with the fourth power of the contrast, so bold pictures would be far from everything. For a comparison between
# pictures we use the relative distance, averaged over the five layers:
#
# $$d(a, b) = \frac{1}{5} \sum_l \frac{\lVert A^l - B^l \rVert}{\sqrt{\lVert A^l \rVert\,\lVert B^l \rVert}}$$


# %% slideshow={"slide_type": "-", "hide_code": true}
def distance(A, B):
    norm = np.linalg.norm
    return np.mean([norm(A[l] - B[l]) / np.sqrt(norm(A[l]) * norm(B[l])) for l in A])


def quarters(name, size=192):
    """Four crops of half the height, one in each corner."""
    x = nst.load_image(name)
    h, w, s = *x.shape[:2], x.shape[0] // 2
    corners = [(i, j) for i in (0, h - s) for j in (0, w - s)]
    return [nst.resize(x[i : i + s, j : j + s], (size, size)) for i, j in corners]


corners = [grams(x) for name in STYLES for x in quarters(name)]


def all_pairs(styles):
    return np.array([[distance(A, B) for B in styles] for A in styles])


between_crops, between_pictures = all_pairs(corners), all_pairs([*of.values()])

# %% slideshow={"slide_type": "-", "hide_code": true}
figure, axes = plt.subplots(1, 2, figsize=(7, 3.4), layout="constrained")
tables = (
    ("four crops of each style", between_crops, STYLES),
    ("whole pictures", between_pictures, everything),
)
for ax, (title, values, ticks) in zip(axes, tables, strict=True):
    image = ax.imshow(values, cmap="magma", vmin=0, vmax=1.5, interpolation="nearest")
    each = len(values) // len(ticks)
    middles = np.arange(len(ticks)) * each + (each - 1) / 2
    ax.set_xticks(middles, ticks, rotation=90, fontsize=7)
    ax.set_yticks(middles, ticks, fontsize=7)
    ax.set_title(title, fontsize=9)
figure.colorbar(image, ax=axes, shrink=0.8, label="d")
show.drawing(figure)


# %% slideshow={"slide_type": "skip"}
def nearest(distances):
    """For each the nearest of the others: one is not its own neighbour."""
    return (distances + np.diag(np.full(len(distances), np.inf))).argmin(axis=1)


style_of = np.repeat(np.arange(len(STYLES)), 4)
for s, name in enumerate(STYLES):
    mine = style_of == s
    within = between_crops[mine][:, mine].sum() / 12
    without = between_crops[mine][:, ~mine].mean()
    assert within < 0.75 * without, name
    print(f"{name:9} own crops {within:.2f}, crops of other styles {without:.2f}")
hits = np.mean(style_of[nearest(between_crops)] == style_of)
assert hits >= 0.9  # by chance it would be 3 of 23
print(f"the nearest crop is of the same style for {hits:.0%} of the crops")

# %% slideshow={"slide_type": "skip"}
others = [names[s] for s in nearest(between_pictures)]
found = [f"{name} → {other}" for name, other in zip(names, others, strict=True)]
print("the nearest picture:")
print(
    "\n".join(
        "".join(f"{each:32}" for each in found[s : s + 3]) for s in range(0, 16, 3)
    )
)

# %% [markdown]
# **What to see.** Left: dark squares along the diagonal. The four crops of a painting show different things, sky and
# water, sun and fish, and yet they are nearer to each other than to other paintings. Right: the grey textures `grass`
# and `gravel` are nearest to each other, and so are `cutout` and `mosaic`, both made of pieces in strong colours. But
# nearest need not be near. `motorcycle` is nearest to three pictures, and its whole row is rather dark: it holds many
# things, and such a mixture is not very far from anything. A Gram matrix is one average over the picture; it describes
# a style well where the picture is of one style.
#
# ## 8 · Texture synthesis: the statistics and nothing else
#
# The best test of a description is to make something from it. Drop the content term ($\alpha = 0$) and look for any
# picture with the right Gram matrices, from noise:
#
# $$x^\ast = \arg\min_x \sum_l w_l\, E_l(x), \qquad w_l = \tfrac{1}{5}.$$
#
# This is the method of the authors' earlier paper on textures (arXiv 1505.07376). As elsewhere in this package, a
# little total variation keeps the noise down; the paper has none.


# %% slideshow={"slide_type": "-", "hide_code": true}
def synthesise(a, layers=STYLE_LAYERS, seed=1):
    """A picture with the Gram matrices of `a` at `layers`, from noise."""
    weights = {layer: 1 / len(layers) for layer in layers}
    objective = nst.build_objective(vgg, None, a, {}, weights, tv=0.005 / a.size)
    return nst.minimize(objective, course.noise(a, seed), nst.lbfgs(), STEPS).image


a = {
    "gravel": part("gravel", 0, 0, 384, SIZE),
    "brick": part("brick", 0, 0, 384, SIZE),
    "vortex": part("vortex", 112, 0, 384, SIZE),
    "chelsea": part("chelsea", 0, 75, 300, SIZE),
}
x = {name: synthesise(picture) for name, picture in a.items()}
pictures([list(a.values()), list(x.values())], list(a), ["a", "x"], width=150)

# %% slideshow={"slide_type": "skip"}
noise = course.noise(a["gravel"])


def left(picture, target):
    """Layer → E_l of a picture, in parts of its value for noise."""
    ours, theirs, start = (grams(each) for each in (picture, target, noise))
    gaps = {l: [np.sum((G[l] - theirs[l]) ** 2) for G in (ours, start)] for l in ours}
    return {l: E_x / E_noise for l, (E_x, E_noise) in gaps.items()}


print("E_l of x, in parts of its value for noise:")
for name in a:
    rest = left(x[name], a[name])
    print(f"{name:8}", ", ".join(f"{l} {value:.0e}" for l, value in rest.items()))
    assert max(rest.values()) < 0.15

# %% [markdown]
# **What to see.** Gravel is convincing: other stones, the same heap. The bricks have their colour, their joints and
# their direction, but the courses do not line up, and some bricks melt into each other. The painting comes back as
# swirls of brush strokes in its colours, in another arrangement. The cat shows best what is kept: fur, stripes and
# eyes, and no face. To the Gram matrix a photo is a style like any other.
#
# Dark water has stayed at the lower edge. The network pads with zeros, so its features can tell where the border is:
# the Gram matrix is blind to positions, but what it is made of is not quite. Load the network with `padding="reflect"`
# and take `seed=3`, and there is water at the upper edge too.
#
# ## 9 · One layer after the other
#
# Figure 1 of the paper, lower part: the same synthesis with the Gram matrices of conv1_1 alone, then of conv1_1 and
# conv2_1, and so on to all five.

# %%
a_style = part("woodcut", 50, 300, 400, SIZE)
made = {"a": a_style}
for depth in range(1, 6):
    plus = "+ " if depth > 1 else ""
    made[plus + STYLE_LAYERS[depth - 1]] = synthesise(a_style, STYLE_LAYERS[:depth])
pictures(made, width=144)

# %% slideshow={"slide_type": "skip"}
print("E_l, in parts of its value for noise; * used")
print(" " * 10 + "".join(f"{layer:>9}" for layer in STYLE_LAYERS))
rest = np.zeros((5, 5))
for row, (name, picture) in enumerate(list(made.items())[1:]):
    rest[row] = [*left(picture, a_style).values()]
    stars = "*" * (row + 1) + " " * (4 - row)
    values = [f"{v:8.4f}{star}" for v, star in zip(rest[row], stars, strict=True)]
    print(f"{name:10}" + "".join(values))
used, before = np.diag(rest)[1:], np.diag(rest, 1)  # of the layer that is added
assert all(used < 0.6 * before)  # far better as soon as it is used
assert all(before > np.diag(rest)[:-1])  # the first that is not used is worse

# %% [markdown]
# **What to see.** From left to right structures grow. conv1_1: flecks of the three inks. With conv2_1: short bent
# lines, blue beside cream, and red patches without a shape. With conv3_1: longer lines, side by side, and outlines
# around parts of the patches. With conv4_1: lines that follow the outlines. With conv5_1: two discs of nearly the size
# of the sun, closed by a rim, and lines that bend around them. Two, and elsewhere: that there is one sun, above the
# horizon, is nowhere in the matrices.

# %% [markdown] slideshow={"slide_type": "skip"}
# The table says it in numbers. Right of the stars are layers that were not asked for: the next one is matched only in
# part, those further on mostly less, and each is matched as soon as it is used. In the last row the shallow layers are
# matched less well than before: five demands share the same 200 evaluations.

# %% [markdown]
# ## 10 · How many numbers does it take?
#
# Which statistic is needed is a question that one can test: replace $G$ by another and synthesise again. A style
# statistic is one object: how it is measured, and how far two measurements are apart. This one takes any function of
# the features, and compares by mean squared differences.


# %% slideshow={"slide_type": "skip"}
@cache  # another object would compile again
def statistic_of(measure):
    """The style statistic of measure(F), a tuple of arrays: mean squared difference."""

    def distance(S, target):
        return sum(jnp.mean((s - t) ** 2) for s, t in zip(S, target, strict=True))

    name = measure.__name__
    return nst.Statistic(name, lambda F, guide: measure(F), distance, formula="")


# %% slideshow={"slide_type": "-", "hide_code": true}
def mean(F):
    return (F.mean(axis=(0, 1)),)


def mean_and_deviation(F):
    return F.mean(axis=(0, 1)), jnp.sqrt(F.var(axis=(0, 1)) + 1e-3)


def synthesise_with(measure, a, seed=1):
    """A picture with this statistic of `a` at the five style layers, from noise."""
    layers = dict.fromkeys(STYLE_LAYERS, 5.0)
    settings = {"tv": 0.05 / a.size, "statistic": statistic_of(measure)}
    objective = nst.build_objective(vgg, None, a, {}, layers, **settings)
    return nst.minimize(objective, course.noise(a, seed), nst.lbfgs(), STEPS).image


# %% slideshow={"slide_type": "-", "hide_code": true}
widths = [vgg.width(layer) for layer in STYLE_LAYERS]
numbers = {"mean": sum(widths), "mean and deviation": 2 * sum(widths)}
numbers["Gram"] = sum(n * (n + 1) // 2 for n in widths)
compared = [synthesise_with(measure, a_style) for measure in (mean, mean_and_deviation)]
labels = [f"{name}\n{count:,} numbers" for name, count in numbers.items()]
print(f"the picture itself has {a_style.size:,} numbers")
pictures([[*compared, made["+ conv5_1"]]], labels, width=144)

# %% [markdown]
# **What to see.** The mean activations of five layers, 365 numbers, already make bent lines and red regions, with
# colours that the print does not have and shapes that run into each other. With the deviations the colours are those of
# the print. Means and deviations are what adaptive instance normalisation matches (arXiv 1703.06868). With the products
# of *different* filters the red closes to discs with a rim. This is one print and one seed; exercises 6 to 9 continue.
#
# Count the numbers, too. With `vgg19-slim` there are far fewer Gram entries than numbers in the picture: many pictures
# share them. The widths of the paper's network, 64, 128, 256, 512 and 512, give 305,888 entries, more than a picture
# of 192 pixels a side has numbers.
#
# ## 11 · What second-order statistics miss
#
# **Long-range order.** Nothing in $G$ ties a position to another one further away than the receptive field. A grid of
# dots has order without end: knowing one dot, you know them all. A number for it is the autocorrelation, the
# correlation of the picture with itself moved to the right.

# %% slideshow={"slide_type": "-", "hide_code": true}
period = SIZE // 6
down, right = np.mgrid[:period, :period] - (period - 1) / 2
disc = (down**2 + right**2 < (period / 4) ** 2)[..., None]
red, ground = np.float32([0.8, 0.2, 0.1]), np.float32([0.95, 0.92, 0.8])
dots = np.tile(np.where(disc, red, ground), (6, 6, 1))
made_dots = synthesise(dots)
pictures({"a": dots, "x": made_dots}, width=160)


# %% slideshow={"slide_type": "-", "hide_code": true}
def autocorrelation(x):
    grey = x.mean(axis=-1)
    pairs = [(grey[:, : SIZE - d], grey[:, d:]) for d in range(SIZE * 3 // 4)]
    return [np.corrcoef(here.ravel(), there.ravel())[0, 1] for here, there in pairs]


of_dots, of_x = autocorrelation(dots), autocorrelation(made_dots)
moves = np.arange(len(of_dots)) / period
figure, axes = plt.subplots(figsize=(6.4, 2.4), layout="constrained")
axes.plot(moves, of_dots, color="#7a7a7a", lw=1.4, label="dots, a")
of_made = "made from their statistics, x"
axes.plot(moves, of_x, "--", color="#c0392b", lw=1.4, label=of_made)
axes.set(xlabel="moved by, in distances of two dots", ylabel="autocorrelation")
axes.spines[["top", "right"]].set_visible(False)
above = {"loc": "lower center", "bbox_to_anchor": (0.5, 1), "ncols": 2}
axes.legend(frameon=False, fontsize=8, **above)
show.drawing(figure)

# %% slideshow={"slide_type": "-", "hide_code": true}
two_dots, two_x = of_dots[2 * period], of_x[2 * period]  # moved by two dots
assert two_dots > 0.9 > 0.5 > two_x  # the order of the dots has no end; that of x fades
print(f"moved by two dots: {two_dots:.2f} for the dots, ", end="")
print(f"{two_x:.2f} for what was made of their statistics")

# %% [markdown]
# **What to see.** Red dots are there, of about the right size, and they stray; some are brown, and the ground is
# blotched. The grey curve returns to 1 at every whole distance. The red one has a low peak at the next dot, another
# near the second, and then nothing. The wall of section 8 has the same fault: the joints are right, the courses are
# not. Regular patterns are the classical failure of this description.
#
# **The shape of a distribution.** Mean and mean square are two numbers. Here are two filters over ten positions that
# agree in both and in nothing else:

# %% slideshow={"slide_type": "subslide"}
first = np.array([0, 0, 0, 0, 0, 2, 2, 2, 2, 2.0])
second = np.array([0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 3, 3])
constant = np.ones(10)  # a filter that answers everywhere alike: G holds the means too
both = [np.array([each, constant]) for each in (first, second)]
G_first, G_second = (two @ two.T for two in both)
np.testing.assert_allclose(G_first, G_second)
print(G_first, "\nthird moments:", (first**3).mean(), (second**3).mean())
assert abs((first**3).mean() - (second**3).mean()) > 1

# %% [markdown]
# The first has two equal halves; the second is mostly dark with a few bright spots. To the Gram matrix they are the
# same. Risser, Wilmot and Barnes (arXiv 1701.08893) find here a cause of unstable results, and match histograms of the
# features besides.
#
# ## Misconceptions
#
# **"Style transfer copies brush strokes pixel by pixel."** Then each patch of the synthesised painting would be found
# in the original. Look for it: the correlation of a patch with the most similar place in the original, where 1.00 is a
# copy. To know which similarity arises without copying, compare with patches from *another part of the same painting*,
# which surely copies nothing.


# %% slideshow={"slide_type": "-", "hide_code": true}
def best_match(y, a, side, n=60):
    """For n random patches of y: the highest correlation with any place in a."""
    y, a = y.mean(axis=-1), a.mean(axis=-1)
    corners = np.random.default_rng(0).integers(0, len(y) - side, size=(n, 2))
    patches = [y[i : i + side, j : j + side] for i, j in corners]
    rough = [patch for patch in patches if patch.std() > 0.02]
    return np.array([match_template(a, patch).max() for patch in rough])


elsewhere = part("vortex", 112, 384, 384, SIZE)
print("side   made   another part   a copy")
three = (x["vortex"], elsewhere, a["vortex"])
for side in (8, 16, 24, 32):
    values = [np.median(best_match(y, a["vortex"], side)) for y in three]
    print("{:4}   {:.2f}       {:.2f}         {:.2f}".format(side, *values))
    assert values[0] < 0.9 and values[2] > 0.999

# %% slideshow={"slide_type": "-", "hide_code": true}
again = synthesise(a["vortex"], seed=2)
grey = [each.mean(axis=-1).ravel() for each in (a["vortex"], x["vortex"], again)]
alike = np.corrcoef(grey)[np.triu_indices(3, 1)]
assert np.abs(alike).max() < 0.4
said = "correlation of pixels: a, x {:.2f}; a, x' {:.2f}; x, x' {:.2f}"
print(said.format(*alike))
titles = ("a", "another part", "x", "x', other noise")
pictures([[*three[2:0:-1], three[0], again]], titles, width=140)

# %% [markdown]
# **What to see.** The best matches of what was made are about as good as those of another part of the painting: strokes
# of the same kind, not the same strokes. And two runs from different noise have nearly the same Gram matrices, while
# their pixels have little to do with the painting's or with each other's. The optimiser never sees the painting: all
# that it is given are five matrices.

# %% [markdown] slideshow={"slide_type": "subslide"}
# **"The Gram matrix knows where things are."** Two eyes and a nose, arranged twice. The pieces are moved by multiples
# of 16 pixels, which is one step of conv5_1, and kept so far apart that no unit sees two of them, or one and the
# border.

# %% slideshow={"slide_type": "-", "hide_code": true}
cat = nst.load_image("chelsea")
corners = ((55, 120), (90, 270), (195, 215))  # two eyes and a nose
pieces = [cat[i : i + 96, j : j + 96] for i, j in corners]


def arranged(places):
    """The pieces on a plain ground, in three of the cells of a grid of 3 × 3."""
    scene = np.full((928, 928, 3), np.float32([0.93, 0.9, 0.82]))
    for piece, (row, column) in zip(pieces, places, strict=False):
        scene[160 + 256 * row :, 160 + 256 * column :][:96, :96] = piece
    return scene


scenes = {
    "a face": arranged([(0, 0), (0, 2), (2, 1)]),
    "no face": arranged([(1, 0), (2, 2), (0, 1)]),
    "two pieces taken away": arranged([(0, 0)]),
}
face, *others = map(grams, scenes.values())
for layer in STYLE_LAYERS:
    moved, taken = (change(other[layer], face[layer]) for other in others)
    print(f"{layer}: moved {moved:.0e}, taken away {taken:.0e}")
    assert moved < 1e-4 < 1e-2 < taken
pictures({name: scene[96:832, 96:832] for name, scene in scenes.items()}, width=160)

# %% [markdown]
# **What to see.** The first two pictures have the same Gram matrices at all five layers, up to rounding. The third,
# where two pieces are missing, has not. The matrices know *what* there is and how much of it. They do not know where.
#
# ## Summary
#
# - $G^l = F^l F^{l\top}$ sums the products of filters over positions: what occurs together, wherever it is.
# - Shuffling the features of a layer leaves its $G$ alone. Shuffling the picture does not, unless the pieces are larger
#   than the receptive field.
# - $G/M$ is the covariance plus $\mu\mu^\top$. The factor $1/(4N^2M^2)$ makes $E_l$ a mean, whatever the number of
#   positions and of filters.
# - Crops of one painting are near to each other in $G$: it is a fair measure of style.
# - From $G$ alone textures can be made, and deeper layers add larger structures. What is lost is order beyond the
#   receptive field, and everything that second moments do not fix.
#
# ## Exercises
#
# `checks.progress()` shows what you have done so far, and `checks.report("your name")` makes a line of it for your
# teacher.
#
# **1 (on paper, 5 minutes).** Two filters at four positions: $F_1 = (2, 0, 1, 0)$, $F_2 = (0, 1, 1, 3)$. What is $G$?
# Find another $F$ with the same $G$ that is not just this one with its positions permuted.
#
# **2 (10 minutes).** Write `gram(F)` for features `[h, w, N]`. The attempt below has the right shape and is wrong.


# %%
def my_gram(F):
    X = F.reshape(F.shape[-1], -1)  # change this until the check is happy
    return X @ X.T


checks.gram(my_gram)

# %% slideshow={"slide_type": "skip"}
checks.hint("gram", 1)


# %% [markdown] slideshow={"slide_type": "subslide"}
# **3 (10 minutes).** Write `style_loss(G, A, positions)`, eq. 4.


# %%
def my_style_loss(G, A, positions):
    return np.mean((G - A) ** 2) / 4  # change this until the check is happy


checks.style_loss(my_style_loss)

# %% slideshow={"slide_type": "skip"}
checks.hint("style_loss", 1)

# %% [markdown] slideshow={"slide_type": "subslide"}
# **4 (10 minutes).** *Predict first:* a mirror image, the picture upside down, turned by 180°, and on its side. Which
# of them changes the Gram matrices much, for `woodcut` and for `gravel`? The picture rolled around by 64 pixels tells
# what is small. Add the others to the cell.

# %%
for name in ("woodcut", "gravel"):
    b = everything[name]
    turns = {"rolled": np.roll(b, (64, 64), (0, 1)), "mirrored": b[:, ::-1]}
    for how, y in turns.items():
        turned = {l: change(G_y, of[name][l]) for l, G_y in grams(y).items()}
        changed = " ".join(f"{l} {value:.2f} " for l, value in turned.items())
        print(f"{name:8} {how:9}", changed)

# %% [markdown] slideshow={"slide_type": "subslide"}
# **5 (15 minutes).** Which layer alone tells the styles apart best? Repeat section 7 with one layer at a time in
# `distance` and count how many crops find a crop of their own style. What if you add crops of the ten photos?
#
# **6 (20 minutes).** Match the *covariance* instead of the Gram matrix: write `covariance(F)` for `synthesise_with`. It
# returns a tuple, as `mean` does, and uses `jnp` and not `np`, since it is compiled and differentiated. It leaves the
# means free. Predict what goes wrong, then look.
#
# **7 (research).** *Third moments.* Add the cube root of $\frac{1}{M}\sum_k (F_{ik} - \mu_i)^3$ to
# `mean_and_deviation`. Vary its weight against the others' and the seed (five or more). Measure the greatest distance
# of the cumulative distributions of $F_i$ in $x$ and in $a$, averaged over the filters. Is it nearer to the original's
# than that of the Gram matrix, which has many more numbers? Do people prefer the pictures?
#
# **8 (research).** *Shifted products.* Berger and Memisevic (arXiv 1606.01286) add products of one feature map with
# another that is *shifted*, $\sum_k F_{i,k}\, F_{j,k+\delta}$. Write this as a statistic for `synthesise_with`, for
# shifts to the right and downwards, and vary the largest $\delta$. Measure the autocorrelation of section 11 for the
# dots, and the correlation of pixels and `best_match` for `woodcut`. At which $\delta$ does order return, and where
# does copying begin?
#
# **9 (research, open).** *How much of $G$ is needed?* Keep only the $r$ leading eigenvectors of each $A$, or $m$ random
# projections $v^\top G\, v$. Find the smallest $r$ and $m$ for which people cannot tell the results from those of the
# full matrix, and compare the count of numbers with that of `mean_and_deviation`. For which textures does the answer
# differ?
#
# <details><summary>Solution (teachers: reveal)</summary>
#
# **1.** $G_{11} = 5$, $G_{12} = 1$, $G_{22} = 11$. Only the lengths of the two rows and the angle between them are
# fixed: $F_1 = (2, 0, 1, 0)$, $F_2 = (0, \sqrt{10}, 1, 0)$ will do. Multiplying $F$ by any orthogonal matrix from the
# right leaves $G$ alone; permutations are a few of them.
#
# **2.** `checks.solution("gram")`. `reshape(N, -1)` cuts the array in the order of memory, where the filter is the last
# axis. The product is symmetric and of the right shape, and every number in it is wrong.
#
# **3.** `checks.solution("style_loss")`. The mean divides by $N^2$; $M^2$ is still missing, so that the loss would grow
# with the fourth power of the picture's side.
#
# **4.** `b[::-1]`, `b[::-1, ::-1]`, `np.rot90(b)`. `gravel` hardly changes (at most 0.13), since it has no direction.
# For `woodcut` the mirror image and the picture upside down change 0.12 to 0.3, turned by 180° 0.03 to 0.18, and on its
# side 0.7 to 1.0. Its lines are nearly level. A mirror image swaps those that rise for those that fall, a turn by 180°
# gives them back, and a turn by 90° makes all of them upright. At conv5_1 the seams of the rolled picture alone make
# 0.23.
#
# **5.** Of 24 crops of styles: conv1_1 20, conv2_1, conv3_1 and conv4_1 24 each, conv5_1 22. Of 64 with the photos:
# 54, 56, 61, 61, 57, and 61 with all five layers. Those that fail are mostly crops of the astronaut: quarters of
# a photo of things are not of one style.
#
# **6.** `Z = F - F.mean(axis=(0, 1))`, then `(nst.gram(Z) / (F.shape[0] * F.shape[1]),)`. Less goes wrong than one
# expects: lines, discs and even the mean colour (to 0.01) are there. Features are not negative, so those that vary must
# be large somewhere, and the covariance fixes the means nearly by itself.
#
# **7.** With equal weights, and 1e-3 added under the cube root to keep its gradient finite, `woodcut` was noisier,
# without better discs, for the two seeds that we tried, and gravel and dots were no better. Weights and histograms have
# not been measured.
#
# **8.** `F[:, d:]` and `F[:, :-d]` are the factors for a shift to the right. With shifts of 1, 2, 4 and 8 positions of
# each layer (where it is more than twice as wide) a run takes several times as long. In one run each: the dots stand in
# a grid in about a third of the picture; `woodcut` comes back with one sun, the ridge and the reflection nearly in
# their places, with a correlation of pixels of 0.24 where the Gram matrix alone gave 0.00. So order returns together
# with copying; which shifts give the one without the other is open.
#
# **9.** Not known here. Report the spread over seeds and textures, and how people were asked.
#
# </details>
#
# ## Quiz

# %% slideshow={"slide_type": "-", "hide_code": true}
quiz(*STYLE_AS_STATISTICS)

# %% [markdown]
# <details><summary>Answers</summary>
#
# 1 b (stays the same), 2 b (changes, since filters look at neighbourhoods), 3 a (G is a sum over M positions),
# 4 b (how often two features meet).
#
# </details>
