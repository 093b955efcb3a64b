# %% [markdown]
# # 31 · Any style
#
# **Question.** The optimiser needs a hundred evaluations for a style that it will forget at once. Can a picture be
# painted in the style of *any* painting in one pass, without training for it, and what is lost?
#
# **Cost.** 2 minutes or less on two CPU cores; no download. Reading and exercises: 75 minutes.
#
# > "The whitening and coloring transforms reflect a direct matching of feature covariance of the content image to a
# > given style image, which shares similar spirits with the optimization of Gram matrix based cost in neural style
# > transfer."
# >
# > Li, Fang, Yang, Wang, Lu and Yang, *Universal Style Transfer via Feature Transforms*, [arXiv
# > 1705.08086](https://arxiv.org/abs/1705.08086), abstract

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

import jax
import jax.numpy as jnp
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from scipy import ndimage

import nst_jax as nst
from nst_jax import checks, course, show
from nst_jax.course.questions import ANY_STYLE
from nst_jax.course.quiz import quiz
from nst_jax.feedforward.colouring import Target, mixed, painted, style_moments
from nst_jax.feedforward.decoder import LEVELS, STAGES, decode, initial
from nst_jax.feedforward.paint import networks
from nst_jax.feedforward.transforms import CUT, TRANSFORMS, monge_kantorovich, whitening
from nst_jax.images.bundled import STYLES
from nst_jax.images.luminance import luminance
from nst_jax.images.symmetric import power
from nst_jax.progress import bar
from nst_jax.transfer.job import prepare
from nst_jax.transfer.run import run

FAST = course.size(fast=True, full=False)  # small and quick, as the tests run it
SIZE, STEPS = course.size(fast=(64, 12), full=(192, 50))  # longest side in pixels; evaluations of the optimiser
H, W = SIZE * 2 // 3 // 8 * 8, SIZE  # of all pictures: what is compiled serves them all
pictures = partial(show.pictures, quality=45)  # many pictures: a small file

# %% [markdown]
# Six styles and three photos serve throughout, all cut to one shape.


# %%
def picture(name, middle=(0.5, 0.5), zoom=1.0):
    """A known picture, cut to H : W about a point in it."""
    x = nst.load_image(name)
    h = min(x.shape[0], x.shape[1] * H / W) / zoom
    part = h, h * W / H
    top, left = (int(np.clip(m * n - k / 2, 0, n - k)) for m, n, k in zip(middle, x.shape, part, strict=False))
    return nst.resize(x[top : top + int(part[0]), left : left + int(part[1])], (H, W))


styles = {name: picture(name) for name in STYLES}
coffee, rocket, face = picture("coffee"), picture("rocket"), picture("astronaut", (0.28, 0.43), zoom=1.6)


def paint(p, style=None, **settings):
    return nst.paint(p, style, size=SIZE, **settings)


first = paint(coffee, styles["vortex"])
results = {name: paint(coffee, a) for name, a in bar(styles.items())}
seconds = np.median([result.seconds for result in results.values()])
print(f"{first.seconds:.1f} s for the first, with what is compiled once; {seconds:.2f} s for each further style")

# %%
pictures([list(styles.values()), [result.image for result in results.values()]], list(styles), ["style", "painted"],
         width=150)  # fmt: skip

# %% [markdown]
# **What to see.** The same cup in six styles, one pass each. Colours and contrasts come from the style picture, and so
# does part of the grain; the drawing comes from the photo. Nothing was trained for any of these six, and nothing was
# minimised. Nor is everything right: section 6 comes back to the flat parts.
#
# ## What is amortised, and what is not
#
# | method | once and for all | for each style | for each picture |
# |---|---|---|---|
# | optimiser | the loss network | its Gram matrices | tens to hundreds of evaluations |
# | network of one style | the loss network | **training**: thousands of evaluations | one pass |
# | any style, here | the loss network, **and training a decoder** | means and covariances, in one pass | one pass |
#
# To *amortise* is to pay once for what is used many times. A network of one style moves the evaluations into its
# training: it pays off for a style that serves many pictures. The method of this notebook moves what does not depend on
# the style, the way back from features to a picture, and leaves to each style only what can be measured.
#
# **Two misconceptions.** "*A network of one style serves others.*" Its style is in its weights: there is no input for
# another. "*It works on any picture, instantly, without training.*" The paper trains without any *style*; that is not
# without training. The decoder here was trained for thousands of steps, on photographs alone. What it costs
# is in [`data/networks`](../data/networks/README.md). Without it, everything else is the same: the encoder, the
# whitening, the colouring.

# %%
encoder, decoder = networks()
layers = [name for stage in STAGES.values() for name in stage.convolutions if name != "picture"]
untrained = initial({name: encoder.width(name) for name in (LEVELS[0], *layers)}, seed=0)
encode = jax.jit(lambda vgg, x: vgg(x, LEVELS))
shapes = encoder.shapes(H, W, LEVELS)
ones = {level: jnp.ones(shapes[level][:2]) for level in LEVELS}


def target(a):
    """What features become, everywhere: mean and covariance of the style's, at each level."""
    return Target({level: mixed([S], [1.0]) for level, S in style_moments(encoder, a, ones).items()}, ones)


def through(weights, p, target, strength, detail=0.3):
    """The picture, with a strength for each level: what `paint` does."""
    r = {level: strength.get(level, 0.0) * ones[level] for level in LEVELS}
    return painted(encoder, weights, p, [target], r, detail)


# %%
vortex, everywhere = target(styles["vortex"]), dict.fromkeys(LEVELS, 0.6)
ways = {"trained": through(decoder, coffee, vortex, everywhere)}
np.testing.assert_allclose(ways["trained"], results["vortex"].image, atol=1e-4)
ways["before training"] = through(untrained, coffee, vortex, everywhere)
print(f"{sum(weight.size for weight in decoder.values()):,} numbers were learned")
pictures({"photo": coffee} | ways, width=180)

# %% [markdown]
# **What to see.** Untrained, the decoder has the same size and the same input, and no idea what features mean in
# colours.
#
# ## 1 · Whitening and colouring by hand
#
# A layer gives $M$ vectors $f_k$, one a position, with mean $\mu$ and covariance $C = \frac1M \sum_k (f_k - \mu)(f_k -
# \mu)^\top$. The style has $\mu^*$ and $C^*$. Look for a linear map that gives the photo's features both:
#
# $$y_k = A\,(f_k - \mu) + \mu^*, \qquad A\,C\,A^\top = C^* .$$
#
# The mean is right whatever $A$ is. For the covariance go by way of white: first take away the photo's, then give the
# style's. A symmetric matrix has a basis of eigenvectors, $C = Q \Lambda Q^\top$, and a power of it is
# $C^s = Q \Lambda^s Q^\top$. **Whitening** is $C^{-1/2}$:


# %%
def rows(F):
    return np.asarray(F, np.float64).reshape(-1, F.shape[-1])  # [M, N]


def moments(f):
    return f.mean(axis=0), np.cov(f, rowvar=False, bias=True)


F_p, F_a = encode(encoder, coffee), encode(encoder, styles["vortex"])
f, g = rows(F_p["conv3_1"]), rows(F_a["conv3_1"])
(mu, C), (mu_a, C_a) = moments(f), moments(g)
eigenvalues, Q = np.linalg.eigh(C)  # ascending; eigenvectors in columns
kept = eigenvalues > CUT * eigenvalues[-1]  # what varies less is rounding
W_half = (Q[:, kept] / np.sqrt(eigenvalues[kept])) @ Q[:, kept].T  # C^−½
white = (f - mu) @ W_half
np.testing.assert_allclose(moments(white)[1], Q[:, kept] @ Q[:, kept].T, atol=1e-6)  # the identity, if all are kept
smallest, largest = np.sqrt(eigenvalues[kept][[0, -1]])
print(
    f"{len(f)} positions, {kept.sum()} of {len(kept)} directions kept; spreads along them {smallest:.3f} to {largest:.1f}"
)

# %% [markdown]
# Eigenvalues must not be taken as they come: a direction in which nothing varies has an eigenvalue of 0 up to rounding,
# and its root is divided by. The package leaves out what lies below a share `CUT` of the largest. (Released codes cut
# at a fixed value, whatever the scale of the features.) **Colouring** is $C^{*\,1/2}$, and the two together are one
# matrix, $A = C^{*\,1/2}\, C^{-1/2}$:

# %%
eigenvalues_a, Q_a = np.linalg.eigh(C_a)
root_a = (Q_a * np.sqrt(np.maximum(eigenvalues_a, 0))) @ Q_a.T  # C*^½
y = white @ root_a + mu_a
A = root_a @ W_half
np.testing.assert_allclose(y, (f - mu) @ A.T + mu_a, atol=1e-8)
np.testing.assert_allclose(A, whitening(C, C_a), atol=1e-2 * abs(A).max())  # which cuts the style's rounding too
np.testing.assert_allclose(moments(y)[0], mu_a, atol=1e-8)
off = abs(moments(y)[1] - C_a).max() / abs(C_a).max()
print(f"mean as the style's; covariance differs by at most {off:.0e} of its largest entry")
assert FAST or off < 1e-6
of_package = vortex.moments["conv3_1"]
np.testing.assert_allclose(of_package.covariance, C_a, atol=1e-4 * abs(C_a).max())

# %% [markdown]
# Two of the 64 filters, those whose correlation changes most:

# %%
clouds = {"photo": f, "white": white, "coloured": y, "style": g}
alive = [i for i in range(len(mu)) if min(C[i, i], C_a[i, i]) > 0.05 * np.median(np.diag(C))]
change = abs(np.corrcoef(f[:, alive].T) - np.corrcoef(g[:, alive].T))
i, j = (alive[k] for k in np.unravel_index(change.argmax(), change.shape))
figure, axes = plt.subplots(1, 4, figsize=(8.6, 2.5), layout="constrained")
turn = np.linspace(0, 2 * np.pi, 100)
for ax, (name, cloud) in zip(axes, clouds.items(), strict=True):
    two = cloud[:, [i, j]]
    ax.scatter(*two[:: max(1, len(two) // 800)].T, s=4, color="#1f6fb4", alpha=0.35, linewidths=0)
    m, S = moments(two)
    ax.plot(*(m[:, None] + 2 * power(S, 0.5) @ [np.cos(turn), np.sin(turn)]), color="#c8102e", linewidth=1.5)
    ax.set_title(f"{name}\ncorrelation {np.corrcoef(two.T)[0, 1]:.2f}", fontsize=9)
    ax.set_xlabel(f"filter {i}")
    ax.spines[["top", "right"]].set_visible(False)
axes[0].set_ylabel(f"filter {j}")
show.drawing(figure)

# %% [markdown]
# **What to see.** The red ellipse is drawn from mean and covariance, two standard deviations around. White features
# have a circle of radius 2 about 0. Coloured ones have the ellipse of the style, to the last digit; not its cloud. In
# the first and in the last panel many points lie exactly on an axis: one of the filters is silent there, as the ReLU
# has it. The map mixes 64 filters, so coloured points leave the axes, and some values fall below 0, which no ReLU
# gives.
#
# ### The map is not a network
#
# $A$ and $\mu$ belong to this photo *and* this style. Freeze them: what is left is a fixed $1 \times 1$ convolution, a
# small network of one style. Give it another photo, and ask how far its covariance is from the style's.


# %%
def apart(X, Y):
    """‖X − Y‖ / ‖Y‖."""
    return float(np.linalg.norm(X - Y) / np.linalg.norm(Y))


other = rows(encode(encoder, rocket)["conv3_1"])
mu_o, C_o = moments(other)
frozen, own = (other - mu) @ A.T + mu_a, (other - mu_o) @ whitening(C_o, C_a).T + mu_a
distances = {name: apart(moments(x)[1], C_a) for name, x in (("own map", own), ("the cup's map", frozen))}
print("the rocket's covariance, from the style's:", {name: f"{d:.1%}" for name, d in distances.items()})
assert distances["the cup's map"] > 10 * distances["own map"]

# %% [markdown]
# A network that is *trained* on many photos does better than this one, which was fitted to one. But it too has its
# style inside, and has to serve every photo with one set of weights. Here the photo is measured, every time.
#
# ## 2 · The Gram matrix, again
#
# Why should a covariance be style? Write $f_k = \mu + (f_k - \mu)$ and multiply out; the mixed terms sum to 0:
#
# $$\frac{G}{M} = \frac1M \sum_k f_k f_k^\top = C + \mu\mu^\top .$$
#
# Whoever has mean and covariance has the Gram matrix, and so the style loss of this layer is 0: in one step, and
# without a gradient. The optimiser works at it for a hundred evaluations and does not get there.


# %%
def gram(f):
    return f.T @ f / len(f)  # per position


@partial(jax.jit, static_argnames="level")
def decoded(weights, F, level):
    """The picture of the features at a level, through all finer ones."""
    for each in LEVELS[LEVELS.index(level) :]:
        F = decode(weights, F, each)
    return jnp.clip(F, 0, 1)


np.testing.assert_allclose(gram(f), C + np.outer(mu, mu), atol=1e-8 * abs(gram(f)).max())
again = rows(encode(encoder, decoded(decoder, jnp.float32(y.reshape(F_p["conv3_1"].shape)), "conv3_1"))["conv3_1"])
everything = through(decoder, coffee, vortex, dict.fromkeys(LEVELS, 1.0))  # whitened and coloured at four levels
stations = {"photo": f, "coloured": y, "coloured, cut at 0": np.maximum(y, 0), "decoded, encoded again": again,
            "the same, at all four levels": rows(encode(encoder, everything)["conv3_1"])}  # fmt: skip
left = {name: apart(gram(x), gram(g)) for name, x in stations.items()}
copy = rows(encode(encoder, decoded(decoder, F_p["conv3_1"], "conv3_1"))["conv3_1"])
print(f"{(y < 0).mean():.0%} of the coloured features are below 0")
print(f"the photo itself, decoded and encoded again: {apart(gram(copy), gram(f)):.1%} from its own Gram matrix")
assert FAST or left["coloured"] < 1e-6 < min(list(left.values())[2:])

# %%
figure, ax = plt.subplots(figsize=(6, 1.9), layout="constrained")
ax.barh(list(left)[::-1], list(left.values())[::-1], color="#1f6fb4")
for name, value in left.items():
    ax.text(value, name, f" {value:.1%}" if value > 1e-4 else " 0", va="center", fontsize=8)
ax.set(xlabel="distance from the style's Gram matrix at conv3_1", xlim=(0, 1.15 * max(left.values())))
ax.spines[["top", "right"]].set_visible(False)
show.drawing(figure)

# %% [markdown]
# **What to see.** In features the style loss falls to 0, and on the way through a picture it comes back. The last bar
# is that of a picture that `paint` makes, whitened and coloured at all four levels (section 3). There are three
# reasons, and the numbers tell them apart.
#
# 1. *The ReLU.* Coloured features have values below 0. No picture has such features; cut them, and the Gram matrix is
#    another one.
# 2. *The decoder.* It is an approximation, of 226 thousand numbers: even the photo's own features come back with a
#    distance (printed above). Left alone after `conv3_1`, it may end further from the style than the photo was.
# 3. *No picture need have those features.* A position of `conv3_1` sees 24 pixels, and its neighbour sees nearly the
#    same ones. A map that treats each position by itself knows nothing of that; the decoder has to settle for a picture
#    whose features come near.
#
# The optimiser never leaves pictures, and so it has none of the three problems. It has only its price.
#
# ### Many maps match; which one moves least?
#
# $A\,C\,A^\top = C^*$ leaves a choice: with any rotation $U$, $C^{*\,1/2}\, U\, C^{-1/2}$ does it too. All have the
# same Gram matrix. What differs is how far features travel from where they were, $\frac1M \sum_k \lVert y_k - f_k
# \rVert^2$, and that is what is left of the photo. Of all of them the map of **Monge and Kantorovich**,
#
# $$A = C^{-1/2} \left( C^{1/2}\, C^*\, C^{1/2} \right)^{1/2} C^{-1/2},$$
#
# moves least; the least is the squared Wasserstein distance of two Gaussians (notebook 21). The cheapest choice is the
# diagonal: each filter takes the style's mean and spread, $A = \mathrm{diag}(\sigma^*_i / \sigma_i)$. This is
# **adaptive instance normalisation**, AdaIN (Huang and Belongie, [arXiv 1703.06868](https://arxiv.org/abs/1703.06868)).

# %%
U = np.linalg.qr(np.random.default_rng(0).normal(size=C.shape))[0]
maps = {name: transform(C, C_a) for name, transform in TRANSFORMS.items()}
maps["a random rotation"] = root_a @ U @ W_half
table = pd.DataFrame(index=pd.Index(list(maps), name="map"))
moved = {name: (f - mu) @ A.T + mu_a for name, A in maps.items()}
table["mean squared way"] = [np.mean(np.sum((x - f) ** 2, axis=1)) for x in moved.values()]
table["Gram distance"] = [apart(gram(x), gram(g)) for x in moved.values()]
shortest = np.sum((mu - mu_a) ** 2) + np.trace(C + C_a - 2 * power(power(C, 0.5) @ C_a @ power(C, 0.5), 0.5))
np.testing.assert_allclose(table.loc["monge-kantorovich", "mean squared way"], shortest, rtol=1e-2 if FAST else 1e-4)
assert table.loc[["whitening", "a random rotation"], "mean squared way"].min() >= shortest
table.round(3)

# %%
D, D_a = np.diag(np.diag(C)), np.diag(np.diag(C_a))  # without correlations the three are one
for transform in TRANSFORMS.values():
    np.testing.assert_allclose(transform(D, D_a), monge_kantorovich(D, D_a), atol=1e-6 * abs(A).max())
made = {name: paint(coffee, styles["mosaic"], strength=1, transform=name).image for name in bar(TRANSFORMS)}
pictures({"photo": coffee} | made, width=180)

# %% [markdown]
# **What to see.** Three of the four maps bring the Gram distance to 0, and by very different ways: the random rotation
# sends features furthest, and whitening's way is only a little longer than the least. AdaIN's is shorter still, since
# it does not go all the way: what it leaves of the distance are the correlations. In the pictures the first two are
# close, as their ways are. AdaIN's is further off: correlations between filters are left as they were in the photo,
# and the decoder turns them into other colours and contrasts than the style's.
#
# ## 3 · Level by level
#
# One layer is not enough. `paint` goes from deep to fine: whiten and colour at `conv4_1`, decode to `conv3_1`, whiten
# and colour there, and so on to the picture. The strength $r$ says how far: $F \leftarrow F + r\,(y - F)$. With $r = 0$
# a level is only passed. So the strengths of the four levels say which of them work.

# %%
none = through(decoder, coffee, vortex, {})
alone = [through(decoder, coffee, vortex, {level: 1.0}) for level in bar(LEVELS)]
up_to = [LEVELS[: k + 1] for k in range(len(LEVELS))]
together = [alone[0], *(through(decoder, coffee, vortex, dict.fromkeys(levels, 1.0)) for levels in bar(up_to[1:]))]
pictures([[none, *alone], [None, *together]], ["none", *LEVELS], ["alone", "up to it"], width=150)


# %%
def from_style(x, a):
    """Level → the distance of the Gram matrix per position from the style's."""
    F, S = encode(encoder, x), encode(encoder, a)
    return {level: apart(gram(rows(F[level])), gram(rows(S[level]))) for level in LEVELS}


columns = {"none": none} | dict(zip([f"up to {level}" for level in LEVELS], together, strict=True))
table = pd.DataFrame({name: from_style(x, styles["vortex"]) for name, x in columns.items()})
table.index.name = "Gram distance at"
table.round(2)

# %% [markdown]
# **What to see.** With none of the levels the photo comes back. At `conv4_1` alone next to nothing changes, though its
# features do: what deep features say goes through three more stages, and at each of them the photo's own features join
# (the default detail of 0.3). `conv3_1` and `conv2_1` change forms and contrast, and `conv1_1` has the last word on
# colours. The table adds what single pictures do not show: a level that is matched in features is not matched in the
# picture until the finer ones are, too.
#
# ## 4 · In a person's hands
#
# The words are those of `stylize`. **Strength** says how far features go at every level; **detail** how much of the
# photo's own features joins at each finer one.

# %%
strengths, details = (0.0, 0.3, 0.6, 1.0), (0.0, 0.3, 0.6, 1.0)
by_strength = [paint(face, styles["dabs"], strength=r).image for r in bar(strengths)]
by_detail = [paint(face, styles["dabs"], strength=1, detail=d).image for d in bar(details)]
pictures(dict(zip([f"strength {r:g}" for r in strengths], by_strength, strict=True)), width=150)

# %%
pictures(dict(zip([f"detail {d:g}" for d in details], by_detail, strict=True)), width=150)

# %%
P = rows(encode(encoder, face)["conv4_1"])
table = pd.DataFrame(index=pd.Index(strengths, name="strength"))
table["from the style"] = [np.mean(list(from_style(x, styles["dabs"]).values())) for x in by_strength]
table["from the photo"] = [apart(rows(encode(encoder, x)["conv4_1"]), P) for x in by_strength]
table.round(2)

# %% [markdown]
# **What to see.** At strength 0 the photo comes back, 0.3 tints it, and from 0.6 on dabs lie over the face. Detail has
# two ends that say what it is. At 0, all that is left of the photo has come through `conv4_1`: large dabs, and
# contours that have come loose. At 1, every level starts from the photo's own features, so only what `conv1_1` did last is seen: a
# photo, recoloured.
#
# **Several styles** have one mean and one covariance, those of an imagined picture of which each style fills its share:
# $\mu = \sum_s w_s \mu_s$ and $C = \sum_s w_s (C_s + \mu_s\mu_s^\top) - \mu\mu^\top$, as Gram matrices were blended in
# notebook 20. **A region** is measured and painted by itself. And the strength may be a picture: white for 1.

# %%
shares = (1.0, 0.75, 0.5, 0.25, 0.0)
both = styles["woodcut"], styles["mosaic"]
row = [paint(rocket, [pair for pair in zip(both, (v, 1 - v), strict=True) if pair[1]]).image for v in bar(shares)]
pictures(dict(zip(["woodcut", *(f"{v:g} : {1 - v:g}" for v in shares[1:-1]), "mosaic"], row, strict=True)), width=150)

# %%
down, across = (np.indices((H, W)) + 0.5) / np.array([H, W])[:, None, None]  # 0 to 1
cup = (((across - 0.47) / 0.335) ** 2 + ((down - 0.51) / 0.48) ** 2 < 1).astype(np.float32)  # and saucer
made = {
    "two regions": paint(coffee, regions=[(cup, styles["mosaic"]), (1 - cup, styles["vortex"])]).image,
    "the cup is kept": paint(coffee, styles["vortex"], regions=[(cup, None)]).image,
    "strength from left to right": paint(coffee, styles["woodcut"], strength=across.astype(np.float32)).image,
}
np.testing.assert_allclose(made["the cup is kept"][cup == 1], coffee[cup == 1], atol=1e-6)
pictures({"mask": np.repeat(cup[..., None], 3, 2)} | made, width=180)

# %% [markdown]
# **What to see.** Each region has the statistics of its own style; what is kept is kept pixel by pixel, as the
# assertion says; and from left to right the photo passes into the print.
#
# ## 5 · The hybrid: a painted start for the optimiser
#
# One pass is fast and inexact; the optimiser is exact and slow, and its first evaluations go into what one pass has
# already: colours and contrasts. `nst.stylize(…, init="paint")` starts where `paint` ends, at strength 1. The same
# loss, one scale, two starts:

# %%
FEW = 10
histories, early, late = {}, {}, {}
for name, init in {"photo": "content", "painted": "paint"}.items():
    job = prepare(coffee, styles["vortex"], init=init, size=SIZE, scales=1, steps=STEPS)
    for snapshot in run(job, every=FEW):
        if name not in early and snapshot.evaluations >= FEW:
            early[name] = snapshot.image
    histories[name], late[name] = snapshot.losses, snapshot.image

# %%
spent = {name: np.asarray(losses["evaluations"]) for name, losses in histories.items()}
least = {name: np.minimum.accumulate(losses["total"]) for name, losses in histories.items()}  # so far
figure, ax = plt.subplots(figsize=(6.2, 2.8), layout="constrained")
for (name, losses), dash, colour in zip(least.items(), ("-", "--"), ("#1f6fb4", "#c8102e"), strict=True):
    ax.plot(spent[name], losses, dash, color=colour, label=f"start: {name}", linewidth=1.6)
ax.set(yscale="log", xlabel="evaluations", ylabel="total loss, least so far")
ax.spines[["top", "right"]].set_visible(False)
show.label_ends(ax)
show.drawing(figure)


# %%
def after(name, n):
    return least[name][max(np.searchsorted(spent[name], n, side="right") - 1, 0)]


def needed(name, loss):
    """Evaluations until the loss is reached; NaN if it is not."""
    reached = np.flatnonzero(least[name] <= loss)
    return spent[name][reached[0]] if len(reached) else np.nan


table = pd.DataFrame(index=pd.Index([n for n in (1, 5, 10, 20, 30, 40, 50) if n <= STEPS], name="evaluations"))
table["from the photo"], table["painted"] = ([after(name, n) for n in table.index] for name in ("photo", "painted"))
table["the photo needs"] = [needed("photo", loss) for loss in table["painted"]]
table["saved"] = table["the photo needs"] - table.index
table.round(2)

# %%
start = paint(coffee, styles["vortex"], strength=1).image
row = {"painted, 0": start, f"painted, {FEW}": early["painted"], f"photo, {FEW}": early["photo"]}
pictures(row | {f"photo, {STEPS}": late["photo"]}, width=180)

# %% [markdown]
# **What to see.** After 10 evaluations the run from the photo still has the photo's red saucer, and the painted start
# is all in the painting's blues and yellows, with its strokes; the run from the photo looks like that after 50. The
# last column of the table says how many evaluations it is ahead (NaN where the photo's run has not reached that loss).
# The curves draw together at the right: it is one loss, and a start is forgotten. This is one pair, whose colours are
# far apart; exercise 6 asks for others.
#
# ## 6 · Where it fails
#
# **Long-range structure.** All that is measured of a style is measured at single positions, the deepest of which see 68
# pixels. A whorl larger than that is not in the statistics.

# %%
whorls = {"style": styles["vortex"], "one pass": start, "optimiser": late["photo"], "hybrid": late["painted"]}
corner = np.s_[: H * 3 // 4, : W * 3 // 4]
pictures({name: x[corner] for name, x in whorls.items()}, width=180)

# %% [markdown]
# **What to see.** One pass has the painting's colours and short strokes, and they lead nowhere. The optimiser and the
# hybrid bend strokes around the cup and curl them on the table. The great whorl of the painting is in none of them: no
# statistic of single positions holds it.
#
# **Faces, and flat skies.** A face is known by small differences, and a style that is strong enough for the clothes is
# too strong for it. A sky has next to no contrast; whitening divides by it.

# %%
high = [paint(face, styles["woodcut"], strength=r).image for r in bar((0.6, 1.0))]
skies = [paint(rocket, styles["woodcut"], strength=r).image for r in (0.6, 1.0)]
pictures([[face, *high], [rocket, *skies]], ["photo", "0.6", "1"], ["a face", "a sky"], width=180)


# %%
def roughness(x):
    """Root mean square of the Laplacian of the luminance, in the empty part of the sky."""
    return np.sqrt(np.mean(ndimage.laplace(luminance(x))[: H // 2, W // 5 : W * 2 // 5] ** 2))


print("roughness of the sky, in parts of the photo's:", [f"{roughness(x) / roughness(rocket):.1f}" for x in skies])

# %% [markdown]
# **What to see.** At 0.6 the face has lines across it, and at 1 eyes and mouth have to stand against them. In
# the sky, where the photo has next to nothing, there are clouds and lines that come from nowhere: its faint differences
# are enlarged until they have the print's contrast, and the decoder's own weave with them. Less strength where it
# matters is what masks, and strength as a picture, are for. A start for the optimiser is another cure: it sees the
# picture.
#
# ## Summary
#
# - A Gram matrix per position is $C + \mu\mu^\top$. A linear map gives features the style's mean and covariance, and so
#   its Gram matrix, in one step.
# - What is matched in features is not all matched in the picture: the ReLU, the decoder, and features that no picture
#   has.
# - Many maps match. Whitening and colouring is one, Monge–Kantorovich's moves least, AdaIN is the diagonal.
# - Nothing is trained for a style, and something *is* trained: the decoder, once. A network of one style amortises its
#   style, this one the way back to a picture.
# - As a start for the optimiser a painted picture saves its first evaluations, and not the last.
#
# ## Exercises
#
# `checks.hint(name, 1)` to `3` say more and more.
#
# **1 (15 minutes).** Write `whiten(F)`: features with mean 0 and the identity as their covariance, $C^{-1/2}(f_k -
# \mu)$.


# %%
def my_whiten(F):
    return (F - F.mean((0, 1))) / F.std((0, 1))  # change this until the check is happy


checks.whiten(my_whiten)

# %%
checks.hint("whiten", 1)

# %% [markdown]
# **2 (10 minutes).** Write `adain(F, S)`: features with the mean and the spread of the style's, filter by filter.


# %%
def my_adain(F, S):
    return F - F.mean((0, 1)) + S.mean((0, 1))  # change this until the check is happy


checks.adain(my_adain)

# %%
checks.hint("adain", 1)

# %% [markdown]
# **3 (10 minutes).** *Predict first:* at half strength, $F + \frac12 (y - F)$, is the mean halfway between the photo's
# and the style's? Is the covariance? Compute both at `conv3_1`, and find the formula of the second.
#
# **4 (10 minutes).** *Predict first:* shuffle the positions of the style's *features* at all four levels. What becomes
# of the painted picture? Then shuffle the style's *pixels*, and paint again.
#
# **5 (15 minutes).** Whiten with Cholesky's factor, $A = L^* L^{-1}$ with $C = L L^\top$. Show that the Gram distance
# is 0, compare its mean squared way with the table of section 2, and paint with it: `painted(…, transform=…)` takes a
# name of `TRANSFORMS`, a dictionary that a notebook may add to.
#
# **6 (research).** The curve of section 5 is of one pair. Make it for four, with two seeds of the noise, and report the
# evaluations saved at a loss of your choice. For which pairs does a painted start save least?
#
# **7 (research).** Is the hybrid after 10 evaluations as good, to people, as the photo's start after 50? Let a class
# choose with `nst.ask`, and state before how large a preference you can detect.
#
# <details><summary>Solution (teachers: reveal)</summary>
#
# **1.** `checks.solution("whiten")`. The cell as given is instance normalisation: it leaves the correlations.
#
# **2.** `checks.solution("adain")`. The cell as given matches the means alone.
#
# **3.** The mean is. The features are $\frac12 (I + A)(f_k - \mu)$ and a constant, so the covariance is
# $\frac14 (I + A)\, C\, (I + A)^\top$. That is not $\frac12 (C + C^*)$: with one filter, spreads are averaged, not
# variances.
#
# **4.** Nothing changes: means and covariances have no places. Shuffled pixels are another picture, noise in the
# painting's colours, and its features are others.
#
# **5.** The distance is 0 up to rounding, as for any map with $A C A^\top = C^*$, and the way is at least
# Monge–Kantorovich's. What it looks like depends on the order of the filters, which has no meaning: a reason not to use
# it.
#
# **6, 7.** Open.
#
# </details>
#
# ## Quiz

# %%
quiz(*ANY_STYLE)

# %% [markdown]
# <details><summary>Answers</summary>
#
# 1 b (means and covariances), 2 c (means, covariances, Gram matrix), 3 a (no such picture need exist), 4 a (the
# correlations), 5 c (that which moves least), 6 b (a good picture after few evaluations).
#
# </details>
