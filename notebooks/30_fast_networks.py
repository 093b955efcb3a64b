# %% [markdown]
# # 30 · Fast networks
#
# **Question.** A network paints a photo in a style in a fraction of a second, where the optimiser takes half a minute.
# What did it pay before, what does it know, and what does it not know?
#
# **Cost.** 5 minutes on two CPU cores, half of them a training that you watch; no download. Reading and exercises: 75
# minutes.
#
# > "We combine the benefits of both approaches, and propose the use of perceptual loss functions for training
# > feed-forward networks for image transformation tasks."
# >
# > Johnson, Alahi and Fei-Fei, *Perceptual Losses for Real-Time Style Transfer and Super-Resolution*, [arXiv
# > 1603.08155](https://arxiv.org/abs/1603.08155), abstract

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
from functools import partial

import jax
import jax.numpy as jnp
import matplotlib.pyplot as plt
import numpy as np
import optax
import pandas as pd

import nst_jax as nst
from nst_jax import checks, course, show
from nst_jax.course.questions import FAST_NETWORKS
from nst_jax.course.quiz import quiz
from nst_jax.feedforward.style_network import EPSILON, Geometry, at_strides, everywhere, initial, normalised
from nst_jax.feedforward.style_network_files import read_style_network
from nst_jax.feedforward.style_network_losses import goals
from nst_jax.feedforward.style_network_settings import TrainSettings
from nst_jax.images.bundled import STYLES
from nst_jax.images.luminance import luminance
from nst_jax.losses.style.gram import GRAM
from nst_jax.progress import bar
from nst_jax.transfer.normalisation import normalized_for

FAST = course.size(fast=True, full=False)  # small and quick, as the tests run it
SIDE, STEPS, BATCH = course.size(fast=(32, 6, 1), full=(96, 600, 2))  # pixels of a crop; updates; crops in each
SIZE, EVALUATIONS = course.size(fast=(64, 6), full=(256, 50))  # of whole pictures; of the optimiser
pictures = partial(show.pictures, quality=45)  # many pictures: a small file
network = read_style_network("six-styles")

# %% [markdown]
# First what comes out: one network that comes with the package, asked for the six styles that it was trained for.

# %%
photo = nst.load_image("chelsea", SIZE)
fast = {name: nst.paint(photo, name, network="six-styles", size=SIZE) for name in bar(network.names)}
seconds = np.median([result.seconds for result in list(fast.values())[1:]])
print(f"{next(iter(fast.values())).seconds:.1f} s for the first, with what is compiled once; then {seconds:.2f} s each")
originals = [nst.load_image(name, SIZE)[: photo.shape[0]] for name in network.names]
pictures([originals, [result.image for result in fast.values()]], list(fast), ["style", "one pass"], width=150)

# %% [markdown]
# **What to see.** Six styles, one network, one pass each; colours and short strokes are the style's. The *vortex*'s
# spirals and the *woodcut*'s large shapes have not arrived. A weave of dots has, plainest in *mosaic*, *dabs* and
# *hatching*, which no brush made: section 6 comes back to both. Nothing is minimised in this cell. What was minimised before is the subject
# of this notebook.
#
# ## 1 · The same loss, another unknown
#
# The optimiser of notebook 05 changes the pixels of one picture:
#
# $$x^* = \arg\min_x \; \mathcal{L}(x;\, p, a), \qquad \mathcal{L} = \alpha\, \mathcal{L}_\text{content}(x, p) +
# \beta\, \mathcal{L}_\text{style}(x, a) .$$
#
# A photo $p$ goes in, a picture comes out, and each photo costs a minimisation. Now let a network $f_\theta$ make the
# picture, $x = f_\theta(p)$, and change its weights $\theta$ so that the *same* loss is small **on average over
# photographs**:
#
# $$\theta^* = \arg\min_\theta \; \mathbb{E}_p \; \mathcal{L}\big(f_\theta(p);\, p, a\big) .$$
#
# That is all. There are no pictures to copy: the loss says how good a picture is, and its gradient passes through the
# pixels into the weights. The minimisation is paid once and serves every photo: it is **amortised**. And $a$ is not
# among the inputs of $f_\theta$: the style goes into $\theta$.
#
# The loss, with the functions of notebooks 03 and 04, and asserted equal to that of the package:

# %%
style = "vortex"
recipe = TrainSettings(size=SIDE, style_size=64 if FAST else 256)
a = nst.load_image(style, recipe.style_size)
vgg = normalized_for(nst.load_network("vgg19-slim"), a)


def crop(x, side, rng):
    """A random square, of a random part of a picture, at `side` pixels."""
    part = min(x.shape[0], x.shape[1], round(side * np.exp(rng.uniform(0, np.log(4)))))
    top, left = (rng.integers(0, n - part + 1) for n in x.shape[:2])
    return nst.resize(x[top : top + part, left : left + part], (side, side))


seen = [nst.load_image(name, 512) for name in ("astronaut", "coffee", "rocket", "retina", "hubble_deep_field")]
unseen = nst.load_image("chelsea", 512)  # never trained on
rng = np.random.default_rng(0)
test = np.stack([crop(unseen, SIDE, rng) for _ in range(4)])
package = goals(vgg, [a], test[0], GRAM, recipe)  # what `nst.train` minimises

# %%
layers = tuple(term.layer for term in package.styles)
A = {
    layer: nst.gram(F) / (F.shape[0] * F.shape[1]) for layer, F in vgg(a, layers).items()
}  # of the style, per position


@jax.jit
def L(x, p):
    """L(x; p, a): content at conv4_2 and five Gram matrices, with the weights of the recipe."""
    F, P = vgg(x, (*layers, "conv4_2")), vgg(p, ("conv4_2",))
    total = package.content["conv4_2"] * nst.content_loss(F["conv4_2"], P["conv4_2"])
    for term in package.styles:
        M = F[term.layer].shape[0] * F[term.layer].shape[1]
        total += term.weight[0] * nst.style_loss(nst.gram(F[term.layer]), M * A[term.layer], positions=M)
    return total + package.tv * nst.total_variation(x)


some = np.random.default_rng(1).uniform(size=test[0].shape).astype(np.float32)
theirs = package.objective(jnp.asarray(test[0]), jnp.asarray(0))(jnp.asarray(some))
np.testing.assert_allclose(L(some, test[0]), theirs, rtol=1e-4)
print(f"the loss of noise: {L(some, test[0]):.1f}; of the photo itself: {L(test[0], test[0]):.1f}")

# %% [markdown]
# ## 2 · The network, and one idea in it
#
# Johnson's network is a funnel and back: a 9 × 9 convolution, two with stride 2, some *residual blocks* (a block adds
# to what comes in), two enlargements, and a 9 × 9 convolution to three colours. Ours here is tiny, so that it trains
# while you watch.
#
# The idea is what stands after every convolution. The loss asks for the style's contrast, whatever the photo's contrast
# is. So take the photo's out: **instance normalisation** gives each filter of *this one picture* mean 0 and spread 1,
# and then a learned spread $\gamma$ and mean $\beta$ (Ulyanov, Vedaldi and Lempitsky, [arXiv
# 1607.08022](https://arxiv.org/abs/1607.08022)):
#
# $$F_{kn} \leftarrow \gamma_n \, \frac{F_{kn} - \mu_n}{\sqrt{\sigma_n^2 + \varepsilon}} + \beta_n, \qquad \mu_n = \frac1M
# \sum_k F_{kn}, \quad \sigma_n^2 = \frac1M \sum_k (F_{kn} - \mu_n)^2 .$$

# %%
tiny = initial(Geometry(widths=(8, 16, 24), blocks=2), styles=1, seed=0)
print(f"{sum(k.size for k in tiny.kernels.values()):,} weights of kernels, {2 * tiny.geometry.numbers} of γ and β")
F = np.random.default_rng(0).normal(2, 3, (7, 9, 5)).astype(np.float32)  # [h, w, N]
mu, variance = F.mean((0, 1)), F.var((0, 1))
by_hand = (F - mu) / np.sqrt(variance + EPSILON)
np.testing.assert_allclose(by_hand, normalised(F[None])[0], atol=1e-5)
np.testing.assert_allclose(normalised(0.2 * F[None] + 0.5)[0], by_hand, atol=2e-2)  # contrast and brightness are gone

# %%
pale = 0.25 * photo + 0.5
both = [nst.paint(p, style, network="six-styles", size=SIZE).image for p in (photo, pale)]
spreads = [float(x.std()) for x in (photo, pale, *both)]
print("spread of the pixels: {:.3f} and {:.3f} before, {:.3f} and {:.3f} after".format(*spreads))
pictures({"photo": photo, "painted": both[0], "pale photo": pale, "painted ": both[1]}, width=190)

# %% [markdown]
# **What to see.** A photo with a quarter of the contrast is painted with the same contrast. Without the normalisation
# each layer would have to undo the photo's contrast by itself. What is lost with it: a network with instance
# normalisation cannot know whether it is night.
#
# ## 3 · A training, live
#
# Adam, as in notebook 05; but the gradient is now with respect to the weights, and each update sees other crops. Only
# five photographs are at hand: crops, at random sizes, make many pictures of them. The sixth, the cat, is never trained
# on. Losses of it are **held out**: they say how the network does on a photo that it has not seen.


# %%
def f(theta, p):
    """The network's pictures of photos p [B, h, w, 3]."""
    return theta(p, everywhere(jnp.ones((len(p), 1))))


def average(theta, p):
    return jnp.mean(jax.vmap(L)(f(theta, p), p))  # the estimate of E_p L(f_θ(p); p, a)


rate = optax.warmup_cosine_decay_schedule(0.0, 5e-3, STEPS // 10, STEPS)
adam = optax.chain(optax.clip_by_global_norm(1.0), optax.adam(rate))


@jax.jit
def update(theta, moments, p):
    value, g = jax.value_and_grad(average)(theta, p)
    change, moments = adam.update(g, moments, theta)
    return optax.apply_updates(theta, change), moments, value


measure = jax.jit(average)

# %%
theta, moments, rng = tiny, adam.init(tiny), np.random.default_rng(0)
log, on_the_way, update_time = [], {0: f(theta, test[:1])[0]}, 0.0
for step in bar(range(1, STEPS + 1)):
    p = np.stack([crop(seen[rng.integers(len(seen))], SIDE, rng) for _ in range(BATCH)])
    began = time.perf_counter()
    theta, moments, value = jax.block_until_ready(update(theta, moments, p))
    update_time += (time.perf_counter() - began) * (step > 1)  # the first compiles
    if step == 1 or step % (STEPS // 30 or 1) == 0:
        log.append((step, float(value), float(measure(theta, test))))
    if step in (STEPS // 10, STEPS // 3, STEPS):
        on_the_way[step] = f(theta, test[:1])[0]
training = update_time * STEPS / (STEPS - 1)
print(f"{STEPS} updates in {training / 60:.1f} minutes, {training / STEPS:.3f} s each")

# %%
steps, trained_on, held_out = np.transpose(log)
figure, ax = plt.subplots(figsize=(6.2, 2.8), layout="constrained")
ax.plot(steps, trained_on, "--", color="#1f6fb4", linewidth=1, label="crops of this update")
ax.plot(steps, held_out, color="#c8102e", linewidth=1.8, label="held out: the cat")
alone = float(np.mean([L(p, p) for p in test]))
ax.axhline(alone, color="#777777", linewidth=1, linestyle=":")
ax.text(steps[-1], alone, "the photo itself ", va="bottom", ha="right", fontsize=8)
ax.set(yscale="log", xlabel="updates", ylabel="loss of the pictures made")
ax.spines[["top", "right"]].set_visible(False)
ax.legend(frameon=False, fontsize=8)
show.drawing(figure)

# %%
columns = {"photo": test[0]} | {f"{step} updates": np.asarray(x) for step, x in on_the_way.items()}
assert FAST or held_out[-1] < 0.2 * held_out[0]
pictures(columns | {"style": nst.resize(a[: min(a.shape[:2]), : min(a.shape[:2])], (SIDE, SIDE))}, width=120)

# %% [markdown]
# **What to see.** The loss on the cat falls with that on the crops: what is learned is not these five photos. (The blue
# line jumps, since some crops are harder than others.) Before the first update the network knows nothing: this is what
# "*works on any image instantly, without training*" looks like. The painting's blue has come after a tenth of the
# updates, strokes after a third.
#
# ## 4 · What is lost against the optimiser
#
# Both minimise the same loss of the same photo. How far does each come, in how many seconds?

# %%
p = test[0]
objective = package.objective(jnp.asarray(p), jnp.asarray(0))
list(nst.optimize(objective, p, nst.lbfgs(), 2, every=2))  # compiles
frames = list(nst.optimize(objective, p, nst.lbfgs(), EVALUATIONS, every=2))
spent = [(snapshot.seconds, float(L(snapshot.image, p))) for snapshot in frames]
painter = jax.jit(f)
jax.block_until_ready(painter(theta, p[None]))
began = time.perf_counter()
x = np.asarray(painter(theta, p[None]))[0]
one_pass, reached = time.perf_counter() - began, float(L(x, p))

# %%
optimised = np.array(spent)
least = np.minimum.accumulate(optimised[:, 1])
figure, ax = plt.subplots(figsize=(6.2, 2.8), layout="constrained")
ax.plot(optimised[:, 0], least, color="#1f6fb4", marker=".", label=f"optimiser, {EVALUATIONS} evaluations")
ax.plot([one_pass], [reached], "D", color="#c8102e", label="one pass of the tiny network")
ax.axhline(reached, color="#c8102e", linewidth=0.8, linestyle=":")
ax.set(xscale="log", yscale="log", xlabel="seconds for this photo, training not counted", ylabel="loss")
ax.spines[["top", "right"]].set_visible(False)
ax.legend(frameon=False, fontsize=8)
show.drawing(figure)

# %%
as_good = np.flatnonzero(least <= reached)
equal = optimised[as_good[0], 0] if len(as_good) else optimised[-1, 0]
table = pd.DataFrame(index=pd.Index(["one pass", "optimiser, as good", "optimiser, to the end"], name=""))
table["seconds a photo"] = [one_pass, equal, optimised[-1, 0]]
table["loss"] = [reached, least[as_good[0] if len(as_good) else -1], least[-1]]
pays = int(training // max(equal - one_pass, 1e-9)) + 1
print(f"training took {training:.0f} s: from picture {pays} on it is faster than an optimiser that is as good")
table.round(3)

# %%
pictures({"photo": p, "one pass": x, "optimiser": frames[-1].image}, width=150)

# %% [markdown]
# **What to see.** One pass is one point, far to the left: it costs a few hundredths of a second for this crop, or less,
# and its loss is what it is. The optimiser passes that loss after some twenty evaluations, and ends at half of it.
# Two things are lost. *Quality*: one set of weights has to serve all photos, and this tiny network was trained for
# minutes, not hours. *Freedom*: for another α/β, another style, another layer, another stroke size, the training begins
# again. And the seconds of the training are seconds: below the printed number of pictures **in this one style**, the
# optimiser is the faster way.
#
# ## 5 · Many styles in one network
#
# Six styles need not be six networks. Dumoulin, Shlens and Kudlur ([arXiv
# 1610.07629](https://arxiv.org/abs/1610.07629)) found that all kernels may be shared: a style is nothing but its own
# $\gamma$ and $\beta$. This is **conditional instance normalisation**. The bundled network has that form:

# %%
styles = network.network
kernels = sum(k.size for k in styles.kernels.values())
print(
    f"{kernels:,} numbers are shared; {styles.gamma.shape[1]} γ and as many β are a style: {len(network.names)} of them"
)
vortex, mosaic = (network.names.index(name) for name in ("vortex", "mosaic"))
x0 = photo[: photo.shape[0] // 4 * 4, : photo.shape[1] // 4 * 4]
run = jax.jit(lambda net, p, w: net(p[None], w)[0])


def row(i):
    """The weights that choose one style, [1, S]."""
    return jnp.eye(len(network.names))[i][None]


one = styles.replace(gamma=styles.gamma[mosaic][None], beta=styles.beta[mosaic][None])  # a network of one style
chosen = run(styles, x0, everywhere(row(mosaic)))
np.testing.assert_allclose(run(one, x0, everywhere(jnp.ones((1, 1)))), chosen, atol=1e-5)

# %% [markdown]
# Between two styles lie others, with $\gamma = \sum_s w_s \gamma_s$ and $\beta = \sum_s w_s \beta_s$. The weights may
# differ from pixel to pixel: $w$ is then a map.

# %%
shares = (1.0, 0.75, 0.5, 0.25, 0.0)
mixed = [run(styles, x0, everywhere(v * row(vortex) + (1 - v) * row(mosaic))) for v in shares]
names = ["vortex", *(f"{v:g} : {1 - v:g}" for v in shares[1:-1]), "mosaic"]
pictures(dict(zip(names, map(np.asarray, mixed), strict=True)), width=150)

# %%
h, w, _ = x0.shape
across = np.linspace(0, 1, w, dtype=np.float32) * np.ones((h, 1), np.float32)
maps = np.stack([across if i == mosaic else 1 - across if i == vortex else 0 * across for i in range(6)], axis=-1)
by_map = np.asarray(run(styles, x0, at_strides(maps)))
average_of_pictures = (np.asarray(mixed[0]) + np.asarray(mixed[-1])) / 2
for name, x in {"γ and β averaged": mixed[2], "pictures averaged": average_of_pictures}.items():
    print(f"{name}: spread of the luminance {luminance(np.asarray(x)).std():.3f}")
with_package = nst.paint(x0, "vortex", regions=[(across, "mosaic")], network="six-styles", size=max(h, w)).image
np.testing.assert_allclose(with_package, by_map, atol=2e-2)
row_of_three = {"by a map": by_map, "γ and β averaged": np.asarray(mixed[2]), "pictures averaged": average_of_pictures}
pictures(row_of_three, width=200)

# %% [markdown]
# **What to see.** From left to right one style becomes the other, with strokes that neither has. The average of the two
# *pictures* is another thing: both show through each other. A map does the same within one picture, without a seam.
# Nobody trained the network for mixtures.
#
# A new style is trained with all kernels frozen: γ and β alone are changed, the other styles stay as they are to the
# byte (`python -m nst_jax train --add PAINTING --to NETWORK`).
#
# ## 6 · Where it fails
#
# **"A network of one style serves others."** Here is the tiny one, trained for `vortex`, asked for `mosaic`: there is no
# place to say so. What it makes is measured against all six styles. And a network of six styles, asked for a seventh,
# says no:


# %%
def style_distance(x, name):
    """Σ_l of the relative distances of Gram matrices per position."""
    F, S = (vgg(each, layers) for each in (x, nst.load_image(name, recipe.style_size)))

    def per_position(F):
        return nst.gram(F) / (F.shape[0] * F.shape[1])

    return float(sum(jnp.linalg.norm(per_position(F[l]) - per_position(S[l])) / jnp.linalg.norm(per_position(S[l])) for l in layers))  # fmt: skip


made = {"one style: vortex": np.asarray(f(theta, x0[None])[0])}
made |= {f"six: {name}": fast[name].image for name in ("vortex", "mosaic")}
table = pd.DataFrame({name: {s: style_distance(x, s) for s in STYLES} for name, x in made.items()})
table.index.name = "distance to"
try:
    nst.paint(photo, "starry_night", network="six-styles", size=SIZE)
except nst.NSTError as error:
    print(error)
table.round(2)

# %%
pictures({"photo": x0} | made, width=160)

# %% [markdown]
# **What to see.** The one-style network's picture is nearest to its own style, and asking does not move it. That
# of six styles has a number for each of its six, and no more.
#
# **"It works on any picture, instantly."** What it learned, it learned from photographs. Other pictures are not refused;
# they are painted as if they were photographs:

# %%
side = SIZE * 2 // 3 // 4 * 4
flat = np.full((side, side, 3), 0.6, np.float32)
noise = np.random.default_rng(0).uniform(size=(side, side, 3)).astype(np.float32)
drawn = (np.indices((side, side)).sum(axis=0) // (side // 8) % 2)[..., None] * np.ones(3, np.float32)
odd = {"one colour": flat, "noise": noise, "a drawing": drawn}
after = [nst.paint(x, "dabs", network="six-styles", size=side).image for x in odd.values()]
print(f"the flat picture comes back with a spread of {after[0].std():.3f}")
pictures([list(odd.values()), after], list(odd), ["given", "painted"], width=130)

# %% [markdown]
# **What to see.** In one colour there is nothing to normalise, and no strokes come. Noise becomes a texture, and the
# stripes get a rim of dabs along the border and a weave between, which are neither in them nor in the painting.
#
# **Resolution.** A network of convolutions takes any size. But its strokes have the size, in pixels, that they had in
# training:

# %%
large = nst.load_image("coffee", 2 * SIZE)
small = nst.resize(large, (large.shape[0] // 4, large.shape[1] // 4))
at_large = nst.paint(large, "mosaic", network="six-styles", size=2 * SIZE).image
at_small = nst.paint(small, "mosaic", network="six-styles", size=max(small.shape[:2])).image
enlarged = nst.resize(at_small, large.shape[:2])
pictures({f"at {2 * SIZE}": at_large, f"at {SIZE // 2}, enlarged": enlarged}, width=330)

# %% [markdown]
# **What to see.** The same network, the same photo. At the larger size tiles are small and the photo shines through; at
# the smaller one they are large, and detail is gone. The optimiser would look at the style picture at another size;
# here that size is in the weights, and only the photo's can be chosen.
#
# **Spirals.** What is larger than what the loss sees, or than what a few convolutions can lay out, is not painted:

# %%
by_optimiser = nst.stylize(photo, style, size=SIZE, scales=1, steps=EVALUATIONS).image
curls = {"style": originals[vortex], "one pass": fast[style].image, f"optimiser, {EVALUATIONS}": by_optimiser}
pictures({name: x[: SIZE * 2 // 5, : SIZE // 2] for name, x in curls.items()}, width=220)

# %% [markdown]
# **What to see.** The style has whorls. The network has spots and short strokes in their colours, and its weave shows,
# since the picture is enlarged; the optimiser bends strokes around what is in the photo. Neither has the great whorl
# (notebook 31 says why). Such a picture can also be the optimiser's start: notebook 31, section 5.
#
# ## Summary
#
# - The loss is the optimiser's. The unknown is a network's weights, and the loss is averaged over photographs:
#   amortised.
# - A style is paid for in training; then each photo costs one pass. Below the break-even number of pictures the
#   optimiser is faster, and with time it is better.
# - Instance normalisation takes the photo's contrast out; γ and β are what is put in its place. With γ and β for each
#   style, one network has many styles, and styles can be mixed, everywhere or by a map.
# - A network knows its styles and no others, the stroke size of its training, and photographs.
#
# ## Exercises
#
# `checks.hint(name, 1)` to `3` say more and more.
#
# **1 (10 minutes).** Write `instance_norm(F, gamma, beta)` for one picture's features [h, w, N], with $\varepsilon =
# 10^{-3}$.


# %%
def my_instance_norm(F, gamma, beta):
    return gamma * (F - F.mean()) / np.sqrt(F.var() + 1e-3) + beta  # change this until the check is happy


checks.instance_norm(my_instance_norm)

# %%
checks.hint("instance_norm", 1)

# %% [markdown]
# **2 (5 minutes).** Write `break_even(training, optimiser, one_pass)`: the fewest pictures in one style for which
# training and passes take less time than the optimiser.


# %%
def my_break_even(training, optimiser, one_pass):
    return training / (optimiser - one_pass)  # change this until the check is happy


checks.break_even(my_break_even)

# %%
checks.hint("break_even", 1)

# %% [markdown]
# **3 (10 minutes).** *Predict first:* paint the photo at half its brightness with the *tiny* network, and compare. Is the
# picture exactly the same? Where does it differ, and why?
#
# **4 (15 minutes).** *Predict first:* mix with weights outside [0, 1]: $w = (2, -1)$ for `vortex` and `mosaic`.
# What does "more vortex than vortex" look like?
#
# **5 (20 minutes).** Train the tiny network once more with one photo alone, and compare the curves. How far apart are
# the loss on its crops and the loss held out? Add photos one by one.
#
# **6 (research).** Halve the training: with `STEPS // 2`, how much higher is the held-out loss? Fit a line to the
# logarithms, and say how long a training would take to reach the optimiser's loss, if the line went on. Why will it
# not?
#
# <details><summary>Solution (teachers: reveal)</summary>
#
# **1.** `checks.solution("instance_norm")`. The cell as given takes mean and variance over the whole layer.
#
# **2.** `checks.solution("break_even")`. The cell as given leaves out that pictures are whole.
#
# **3.** Nearly. The first convolution is linear and has no bias, its borders are mirrored, so halving the photo halves
# its differences, and the normalisation takes the factor out, but for ε beside the variance: it differs where features
# hardly vary. The $2p - 1$ at the entrance changes nothing: a constant is taken out with the mean.
#
# **4.** γ and β lie on the line beyond vortex. Colours and contrasts are exaggerated away from mosaic's; too far out the
# picture saturates.
#
# **5.** With one photo the loss on its crops falls as fast and the held-out one stays behind: the network learns what
# this photo has. Each further photo brings the curves together; texture networks have been trained with 16 pictures.
#
# **6.** A power law holds for a while and flattens: 34,000 weights cannot minimise the loss of every photo at once,
# and the optimiser's loss is that of each photo's own minimum.
#
# </details>
#
# ## Quiz

# %%
quiz(*FAST_NETWORKS)

# %% [markdown]
# <details><summary>Answers</summary>
#
# 1 b (its pictures' loss, over photographs), 2 a (vortex), 3 b (γ and β), 4 a (as large in pixels), 5 c (from the
# tenth), 6 b (strokes between the two).
#
# </details>
