# %% [markdown]
# # 05 · Optimisers
#
# **Question.** The gradient says in which direction each pixel should change (notebook 04). What is the best way to
# follow it?
#
# **Cost.** 5 minutes or less on two CPU cores; no download. Reading and exercises: 60 minutes.
#
# > "Here we use L-BFGS, which we found to work best for image synthesis."
# >
# > Gatys, Ecker and Bethge, *Image Style Transfer Using Convolutional Neural Networks*, CVPR 2016, section 2.3

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
from itertools import pairwise

import jax
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

import nst_jax as nst
from nst_jax import checks, course, show
from nst_jax.course.questions import OPTIMISERS
from nst_jax.course.quiz import quiz
from nst_jax.notebook.knobs import reweighted
from nst_jax.progress import bar
from nst_jax.transfer.normalisation import normalized_for

SIZE, SEEDS = course.size(fast=(64, 2), full=(128, 3))  # pixels; starts from noise
STEPS, PROBE = course.size(fast=(80, 40), full=(240, 120))  # evaluations; of a try
ROUNDS = course.size(fast=3, full=25)  # in which the time of an evaluation is taken
NETWORK = "vgg19-slim"  # or "vgg19", the paper's, after `nst_jax fetch vgg19`

# %% [markdown]
# ## 1. What an optimiser is given
#
# A photo, a painting, and the objective of notebook 04: content at `conv4_2`, style at five layers, a little total
# variation. All that any optimiser learns of it comes from **evaluations**: it names a picture $\vec x$, and is told
# $\mathcal{L}(\vec x)$, one number, and $\nabla \mathcal{L}(\vec x)$, a number for each colour of each pixel.

# %%
p = nst.load_image("astronaut", SIZE)
a = nst.load_image("vortex", 4 * SIZE // 3)[:SIZE, -SIZE:]  # as large as the photo
vgg = normalized_for(nst.load_network(NETWORK), p, a)  # mean activation 1
h, w, _ = p.shape
given = nst.loss_weights(alpha=1, beta=50)
weights = nst.convert(given, "author", "paper", vgg.shapes(h, w))
v, w_l = weights.content, weights.style
objective = nst.build_objective(vgg, p, a, v, w_l, tv=3 / p.size)


@jax.jit
def loss_and_gradient(objective, x):
    return jax.value_and_grad(lambda x: objective(x))(x)


def evaluate(x):
    loss, g = loss_and_gradient(objective, np.asarray(x, np.float32))
    return float(loss), np.asarray(g)


# %%
noise = course.noise(p, seed=0)
places = {"photo": p, "noise": noise, "painting": a}
at = {name: evaluate(x) for name, x in places.items()}
pixels = {f"{name}\nloss {at[name][0]:.1f}": x for name, x in places.items()}
wanted = {f"−∇L at the {name}": show.stretched(-g) for name, (_, g) in at.items()}
show.pictures(pixels | wanted, width=105, quality=55)

# %% [markdown]
# **What to see.** Two starts, photo and noise, and the painting. Its loss is not zero, nor would any picture's be: the
# painting has the wrong content, the photo the wrong style. Beside them, what one evaluation says of each (grey: leave
# it). The rest of this notebook asks what to do with such answers.
#
# ## 2. Four ways to go downhill
#
# Write $\vec g_t$ for the gradient at $\vec x_t$. **Gradient descent** follows it, with a step size $\eta$:
#
# $$\vec x_{t+1} = \vec x_t - \eta\, \vec g_t .$$
#
# **Momentum** (the heavy ball) adds up past gradients, with a decay $\mu$: what they agree on grows, what changes sign
# each time cancels.
#
# $$\vec v_{t+1} = \mu\, \vec v_t + \vec g_t, \qquad \vec x_{t+1} = \vec x_t - \eta\, \vec v_{t+1} .$$
#
# **Adam** (Kingma and Ba, [arXiv 1412.6980](https://arxiv.org/abs/1412.6980)) keeps running means of the gradient and
# of its square, pixel by pixel, and divides the one by the root of the other; the factors $1 - b^t$ correct for both
# starting at zero.
#
# $$\vec m_{t} = b_1 \vec m_{t-1} + (1 - b_1)\, \vec g_t, \qquad \vec s_{t} = b_2 \vec s_{t-1} + (1 - b_2)\, \vec g_t^2,
# \qquad \vec x_{t+1} = \vec x_t - \eta\, \frac{\vec m_t / (1 - b_1^t)}{\sqrt{\vec s_t / (1 - b_2^t)}} .$$
#
# Each is a rule from $(\vec x, \vec g)$ and what it remembers to a new $\vec x$.


# %%
def gradient_descent(lr):
    return None, lambda x, g, memory: (x - lr * g, memory)


def momentum(lr, decay=0.9):
    def rule(x, g, v):
        v = decay * v + g
        return x - lr * v, v

    return 0.0, rule


# %%
def adam(lr, b1=0.9, b2=0.99, low=0.0, high=1.0):
    def rule(x, g, memory):
        t, m, s = memory
        t, m, s = t + 1, b1 * m + (1 - b1) * g, b2 * s + (1 - b2) * g**2
        m_hat, s_hat = m / (1 - b1**t), s / (1 - b2**t)
        step = lr * m_hat / (np.sqrt(s_hat) + 1e-12)  # 1e-12: never 0
        return np.clip(x - step, low, high), (t, m, s)

    return (0, 0.0, 0.0), rule


# %% [markdown]
# `low, high`: as in the package, our Adam keeps every pixel within $[0, 1]$. The others are free to leave it, as in the
# paper, and are clipped only when the picture is shown.


# %%
def descend(evaluate, x, way, evaluations):
    """Yields loss and picture, evaluation by evaluation, until the loss explodes."""
    memory, rule = way
    first = None
    for _ in range(evaluations):
        loss, g = evaluate(x)
        first = loss if first is None else first
        if not loss < 1e3 * first:
            return
        yield loss, x
        x, memory = rule(x, g, memory)


# %% [markdown]
# ### L-BFGS
#
# The fourth way asks how the *gradient itself* changes. Newton's method would step to $\vec x - H \vec g$, with $H$ the
# inverse of the matrix of second derivatives: in a long narrow valley it steps straight to the bottom. For a picture
# that matrix has as many rows as the picture has numbers, and nobody computes it. But after a step
# $\vec s = \vec x_{t+1} - \vec x_t$ we have seen how the gradient changed, $\vec y = \vec g_{t+1} - \vec g_t$, for
# free. Whatever $H$ is, it should undo that: $H \vec y = \vec s$, the *secant equation*. **BFGS** starts from a
# multiple of the identity, $\gamma I$, and corrects it for each pair $(\vec s, \vec y)$ by the smallest change that
# makes the equation true for it. The **L** is for limited memory: keep the last few pairs only, and never write $H$
# down. All that is needed is the product $H \vec g$, and with one pair, $\rho = 1 / (\vec s \cdot \vec y)$, it takes
# six lines (Nocedal and Wright, *Numerical Optimization*, algorithm 7.4):
#
# $$a = \rho\, \vec s \cdot \vec g, \quad \vec q = \vec g - a\, \vec y, \quad \gamma = \frac{\vec s \cdot \vec y}{\vec y
# \cdot \vec y}, \quad \vec r = \gamma\, \vec q, \quad b = \rho\, \vec y \cdot \vec r, \quad
# H \vec g = \vec r + (a - b)\, \vec s .$$
#
# Read it as: take out of $\vec g$ what the pair can explain, scale the rest as the pair suggests, and put the explained
# part back in as a step. With more pairs, the first two formulas are a loop from the newest pair to the oldest and the
# last two a loop back: the *two-loop recursion*.


# %%
def direction(g, pairs):
    """-H g, from pairs (s, y), the oldest first."""
    q, a = g, {}
    for i, (s, y) in reversed(list(enumerate(pairs))):
        a[i] = np.vdot(s, q) / np.vdot(s, y)
        q = q - a[i] * y
    s, y = pairs[-1]
    r = q * np.vdot(s, y) / np.vdot(y, y)
    for i, (s, y) in enumerate(pairs):
        r = r + (a[i] - np.vdot(y, r) / np.vdot(s, y)) * s
    return -r


# %% [markdown]
# With one pair it must be the six lines; with several it must still fulfil the secant equation for the newest pair.
# Here they come from a bowl with second derivatives between 1 and 10.

# %%
steps = np.random.default_rng(0).normal(size=(4, 50))
pairs = [(s, np.linspace(1, 10, 50) * s) for s in steps]
s, y = pairs[-1]
np.testing.assert_allclose(-direction(y, pairs), s)  # for the newest pair
checks.lbfgs_direction(lambda g, s, y: direction(g, [(s, y)]))

# %% [markdown]
# A full step along that direction is the first try. If it does not lower the loss, a shorter one is tried: a *line
# search*. A rejected try has cost an evaluation like any other, which gives the rule for all comparisons below: **count
# evaluations, not steps.** An implementation that spends ten evaluations inside each step looks ten times better
# than it is if steps are counted.


# %%
def lbfgs(evaluate, x, evaluations, memory=10, first_step=0.1):
    """As `descend`; yields accepted points and rejected tries: both are paid for."""
    loss, g = evaluate(x)
    yield loss, x
    pairs, d, t = [], -g * first_step / np.linalg.norm(g), 1.0
    for _ in range(evaluations - 1):
        tried, g_tried = evaluate(x + t * d)
        yield tried, x + t * d
        if not tried < loss + 1e-4 * t * np.vdot(g, d):  # not low enough
            t = t / 2
            continue
        # The slope has grown, as in a valley: a pair to learn from.
        if np.vdot(d, g_tried - g) > 0:
            pairs = [*pairs, (t * d, g_tried - g)][-memory:]
        x, loss, g = x + t * d, tried, g_tried
        d, t = direction(g, pairs) if pairs else -g, 1.0


# %% [markdown]
# ### A valley of two dimensions
#
# Before the picture, a case that can be drawn: a valley forty times as steep across as along, lying at an angle. All
# four start at the same point.

# %%
turn = np.array([[np.cos(0.5), -np.sin(0.5)], [np.sin(0.5), np.cos(0.5)]])
hessian = turn @ np.diag([1.0, 40.0]) @ turn.T
begin = turn @ np.array([-3.0, 0.6])


def valley(x):
    return 0.5 * x @ hessian @ x, hessian @ x


# %%
ways = {"gradient descent": gradient_descent(0.045), "momentum": momentum(0.045, 0.6)}
ways["Adam"] = adam(0.3, low=-np.inf, high=np.inf)
paths = {name: list(descend(valley, begin, way, 300)) for name, way in ways.items()}
paths["L-BFGS"] = list(lbfgs(valley, begin, 300))


def count(path):
    """Evaluations to a loss of 1e-6."""
    return next(i for i, (f, _) in enumerate(path, 1) if f < 1e-6)


reached = {name: count(path) for name, path in paths.items()}
assert reached["L-BFGS"] < 0.5 * min(reached[name] for name in ways)
said = ", ".join(f"{name} {n}" for name, n in reached.items())
print("evaluations to a loss of 1e-6:", said)

# %%
side = np.linspace(-3.2, 1.2, 200), np.linspace(-2.2, 1.2, 200)
grid = np.stack(np.meshgrid(*side), axis=-1)
height = 0.5 * np.einsum("...i,ij,...j", grid, hessian, grid)
figure, panels = plt.subplots(1, 4, figsize=(7, 2.1), layout="constrained", sharey=True)
for i, (axes, (name, path)) in enumerate(zip(panels, paths.items(), strict=True)):
    axes.contour(*side, np.sqrt(height), 12, colors="#cccccc", linewidths=0.6)
    axes.plot(0, 0, "k+", markersize=7)
    points = np.transpose([x for _, x in path[:25]])
    axes.plot(*points, "o-", color=f"C{i}", markersize=2.5, linewidth=1)
    axes.set(title=name, xticks=[], yticks=[], aspect="equal")
    axes.title.set_fontsize(9)
show.drawing(figure)

# %% [markdown]
# **What to see.** The first 25 evaluations; the cross is the bottom. Gradient descent jumps from wall to wall, since
# the step that is right along the valley is too long across it: a longer one would diverge, a shorter one would never
# arrive. Momentum averages the jumps away and rolls through. Adam's first step is the same in both coordinates whatever
# the slope; it divides each coordinate on its own, which helps little in a valley that lies at an angle. L-BFGS feels
# its way for a few evaluations and, once it has seen pairs in both directions, steps to the bottom. The loss of a
# picture is such a valley in tens of thousands of dimensions.
#
# ## 3. Step sizes: a search in the open
#
# Three of the four have a step size, and a comparison is worth nothing if one of them was given a bad one. So try a row
# of them, half a power of ten apart, from both starts, for a short run each. We choose the step size whose *worse* run
# is best. A run whose loss exceeds a thousand times its first has diverged.

# %%
WAYS = {"gradient descent": gradient_descent, "momentum": momentum, "Adam": adam}
RATES = (0.01, 0.03, 0.1, 0.3, 1.0)
starts = {"content": p, "noise": noise}


def last_loss(name, rate, start):
    path = descend(evaluate, starts[start], WAYS[name](rate), PROBE)
    losses = [loss for loss, _ in path]
    return losses[-1] if len(losses) == PROBE else np.inf


tries = [(name, start) for name in WAYS for start in starts]
search = {}
for name, start in bar(tries):
    search[name, start] = [last_loss(name, rate, start) for rate in RATES]
worse = {
    name: np.max([search[name, start] for start in starts], axis=0) for name in WAYS
}
rate = {name: RATES[int(np.argmin(losses))] for name, losses in worse.items()}
print("chosen:", ", ".join(f"{name} {best}" for name, best in rate.items()))

# %%
axes = plt.subplots(figsize=(6, 2.6), layout="constrained")[1]
for (name, start), losses in search.items():
    i, dashes = list(WAYS).index(name), "-" if start == "content" else "--"
    look = {"color": f"C{i}", "ms": 4, "label": f"{name}, from {start}"}
    axes.loglog(RATES, losses, f"{'os^'[i]}{dashes}", **look)
axes.set(xlabel="step size", ylabel=f"loss after {PROBE} evaluations")
axes.legend(frameon=False, fontsize=8, loc="center left", bbox_to_anchor=(1, 0.5))
axes.spines[["top", "right"]].set_visible(False)
show.drawing(axes.figure)

# %% [markdown]
# **What to see.** To the right, longer steps get further, up to a point. Curves that end early have diverged beyond it:
# momentum, and gradient descent from noise, do best right at the edge of that cliff. Adam has no cliff, since its step
# cannot be much longer than $\eta$ in any pixel; beyond its best it only gets worse. L-BFGS is not in the figure, as it
# has nothing to choose. That is worth something: the search has cost as many evaluations as several runs.
#
# ## 4. The comparison
#
# Now with the package's optimisers, which are the same rules compiled into one loop. Ours must agree with them; the
# first evaluations show it. (Not the hundredth: rounding errors grow.)

# %%
METHODS = {
    "gradient descent": nst.gradient_descent(rate["gradient descent"]),
    "momentum": nst.momentum(rate["momentum"]),
    "Adam": nst.adam(rate["Adam"]),
    "L-BFGS": nst.lbfgs(),
}
for name, optimiser in bar(METHODS.items()):
    compiled = nst.minimize(objective, p, optimiser, 5)  # and compiles, for below
    if name in WAYS:
        ours = [loss for loss, _ in descend(evaluate, p, WAYS[name](rate[name]), 5)]
        np.testing.assert_allclose(compiled.losses["total"], ours, rtol=2e-3)

# %% [markdown]
# The package's L-BFGS differs from the textbook's, which we wrote above, in its first guess: not $\gamma I$ but
# $\gamma K$, where $K$ damps fine detail, so that broad changes come first (`help(nst.lbfgs)`). Exercise 3 takes that
# away.
#
# With a live kernel, `nst.watch(objective, p, METHODS["Adam"], steps=1000)` in a new cell shows a run at work, with
# the loss of every term; each slider multiplies one term's weight. Here is every optimiser from the photo and from
# several pictures of noise, with the same number of evaluations for each.

# %%
STARTS = {"content": [p], "noise": [course.noise(p, seed) for seed in range(SEEDS)]}
tasks = [(start, name) for start in STARTS for name in METHODS]
runs = {}
for start, name in bar(tasks):
    ways_down = [
        nst.minimize(objective, x, METHODS[name], STEPS) for x in STARTS[start]
    ]
    runs[start, name] = ways_down


# %%
def best_so_far(snapshot):
    return np.minimum.accumulate(snapshot.losses["total"][:STEPS])


final = {
    key: np.mean([best_so_far(snapshot)[-1] for snapshot in snapshots])
    for key, snapshots in runs.items()
}
for start in STARTS:
    plain, _, by_adam, by_lbfgs = (final[start, name] for name in METHODS)
    assert by_lbfgs < 0.97 * by_adam < 0.9 * plain


# %%
def two_panels(height):
    return plt.subplots(1, 2, figsize=(6.6, height), layout="constrained", sharey=True)


figure, panels = two_panels(2.6)
evaluations = np.arange(1, STEPS + 1)
for axes, start in zip(panels, STARTS, strict=True):
    each = {
        name: np.array([best_so_far(s) for s in runs[start, name]]) for name in METHODS
    }
    mean = {name: values.mean(axis=0) for name, values in each.items()}
    lines = {name: {"evaluations": evaluations, "total": mean[name]} for name in each}
    show.curves(lines, axes=axes)
    for i, values in enumerate(each.values()):
        band = values.min(axis=0), values.max(axis=0)
        axes.fill_between(evaluations, *band, color=f"C{i}", alpha=0.25, linewidth=0)
    seeds = f", {SEEDS} seeds" if start == "noise" else ""
    axes.set(title=f"from {start}{seeds}", xscale="log")
    axes.set_ylabel("" if seeds else "lowest loss so far")
show.drawing(figure)

# %% [markdown]
# **What to see.** The lowest loss so far, against evaluations; both scales are logarithmic. From noise the line is the
# mean over seeds and the band reaches from the best seed to the worst: it is narrow, so the order does not depend on the
# seed. L-BFGS is lowest at the end in both; Adam and momentum, with steps that were searched for, end close to
# each other; plain gradient descent is far behind. From noise everything takes longer.
#
# Evaluations are a fair currency only if they cost the same. Against seconds:

# %%
figure, panels = two_panels(2.4)
for axes, start in zip(panels, STARTS, strict=True):
    first = {name: runs[start, name][0].losses for name in METHODS}
    show.curves(first, against="seconds", axes=axes)
    axes.set(title=f"from {start}", ylim=(None, 100))
    axes.set_ylabel("loss" if start == "content" else "")
show.drawing(figure)

# %%
cost = dict.fromkeys(METHODS, np.inf)  # seconds an evaluation, the best of many tries
for _ in bar(range(ROUNDS)):
    for name, optimiser in METHODS.items():
        seconds = nst.minimize(objective, p, optimiser, 22).losses["seconds"]
        cost[name] = min(cost[name], (seconds[-1] - seconds[1]) / 20)

# %%
cells = {}
for (start, name), snapshots in runs.items():
    best = np.mean([best_so_far(snapshot) for snapshot in snapshots], axis=0)
    ups = [(np.diff(each.losses["total"]) >= 0).sum() for each in snapshots]
    seen = np.mean([evaluate(each.image)[0] for each in snapshots])
    price = cost[name] / cost["gradient descent"]
    meanwhile = int(STEPS * min(cost.values()) / cost[name])  # evaluations in one time
    after = (STEPS // 10, STEPS // 3, STEPS)
    cells[start, name] = {f"loss after {n}": f"{best[n - 1]:.2f}" for n in after} | {
        "of the picture shown": f"{seen:.2f}",
        "evaluations that went up": f"{np.mean(ups):.0f}",
        "time of an evaluation": f"{price:.2f} ×",
        "loss in the same time": f"{best[meanwhile - 1]:.2f}",
    }
pd.DataFrame(cells).T

# %% [markdown]
# **What to see.** The curves against seconds were recorded while the machine did other work: how far to the right each
# of them ends says more about that work than about the optimiser. So take the price of an evaluation from the table: it
# is relative to gradient descent, and the best of many measurements taken in turn, which other work disturbs least. All
# four evaluate the same network, where most of the time goes, even with one as narrow as this, so that a price near 1
# is to be expected; what exceeds it is the optimiser's own work, such as the memory of L-BFGS, and what other work has
# left in the measurement. The last column allows for the price: the loss that each had reached in the time in which the
# cheapest made all of its evaluations. The curves against seconds show every evaluation, not the best so far: Adam,
# whose step does not shrink, begins to bounce when the others settle. *Evaluations that went up* are, for L-BFGS,
# rejected tries. And *the picture shown* is not quite what was optimised: gradient descent, momentum and L-BFGS leave
# $[0, 1]$ and are clipped when shown, and Adam shows an average of its last iterates. The loss of what you see is
# higher than the curve says.

# %%
panels = [[STARTS[start][0]] for start in STARTS]
for row, start in zip(panels, STARTS, strict=True):
    row += [runs[start, name][0].image for name in METHODS]
sides = [f"from\n{start}" for start in STARTS]
show.pictures(panels, ["start", *METHODS], sides, width=118, quality=55)

# %% [markdown]
# **What to see.** The same objective, the same number of evaluations, eight pictures. From the photo, gradient descent
# has recoloured and has hardly begun to paint; the others have gone a good deal further, and agree. From noise,
# gradient descent still shows the noise, as a fine pattern of dots. Why are the dots so hard to get rid of? Add a weak
# random pattern, coarse or fine, to the best picture, and see how much the loss rises.


# %%
def pattern(low, high, seed):
    """Noise of low to high frequencies, in cycles per pixel; root mean square 0.02."""
    f = np.hypot(np.fft.fftfreq(h)[:, None], np.fft.fftfreq(w))[..., None]
    white = np.random.default_rng(seed).normal(size=p.shape)
    spectrum = np.fft.fft2(white, axes=(0, 1))
    u = np.real(np.fft.ifft2(spectrum * ((low <= f) & (f < high)), axes=(0, 1)))
    return 0.02 * u / np.sqrt(np.mean(u**2))


def rise(x, u):
    return (evaluate(x + u)[0] + evaluate(x - u)[0]) / 2 - evaluate(x)[0]


# %%
x = runs["content", "L-BFGS"][0].image
edges = (0, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.71)  # 0.5: changes at each pixel
bands = {f"{low} to {high}": (low, high) for low, high in pairwise(edges)}
rises = {
    name: np.mean([rise(x, pattern(*band, seed)) for seed in range(4)])
    for name, band in bands.items()
}
assert rises["0.05 to 0.1"] > 30 * rises["0.5 to 0.71"]
table = pd.DataFrame({"the loss rises by": rises}).rename_axis("cycles per pixel")
table.T.map("{:.4f}".format)

# %% [markdown]
# **What to see.** A coarse pattern is punished; one of the same strength that changes from pixel to pixel hardly at
# all. Here is the narrow valley: steep in the coarse directions, which forbid a longer step, and nearly flat in the
# finest, in which gradient descent with that step gets nowhere. L-BFGS learns both slopes from its pairs.
#
# ### Which one, when, and with which step size
#
# | what you do | take | step size |
# |---|---|---|
# | one picture with fixed weights | `nst.lbfgs()`, as `stylize` does | none to choose |
# | turn weights during the run (`nst.live`, `nst.watch`) | `nst.adam(0.1, average=0.9)`: L-BFGS compares losses of one objective, and a turned weight makes another | 0.1 here; less if the curves bounce |
# | use a style statistic whose gradient jumps (notebook 21) | Adam, as `stylize` does there by itself | as above |
# | compare two things under one optimiser | either, at the best step size of *each* of the two: half a power of ten apart, both starts, a short run, as in section 3 | searched for, and reported |
# | understand what the others improve on | gradient descent, momentum | the longest that does not diverge, searched for again whenever the loss is scaled (section 5) |
#
# A rule of thumb for Adam: no pixel moves much further than the step size in one evaluation, so that crossing the range
# $[0, 1]$ takes about one over the step size. With 0.01 that is a hundred evaluations, most of the 120 of section 3, and
# from noise the picture is not there yet; with 1 a pixel can never settle.
#
# ## 5. What goes wrong
#
# ### A step that is too long
#
# Ten times the chosen step. Multiplying the loss by ten multiplies the gradient by ten, which for gradient descent is
# the same; `reweighted` multiplies the weights of the terms and compiles nothing.

# %%
names = [term.name for term in objective.terms]
steep = reweighted(objective, dict.fromkeys(names, 10.0))
try:
    nst.minimize(steep, p, METHODS["gradient descent"], STEPS)
    raise AssertionError("this should have diverged")
except nst.DivergedError as error:
    print(str(error).replace("; ", ";\n"))
    stopped = error.snapshot
wild = [(loss, x) for loss, x in descend(evaluate, p, adam(1.0), 30)]
losses = stopped.losses["total"] / 10
said = ", ".join(f"{loss:.3g}" for loss in losses)
print("gradient descent, loss at each evaluation:", said)
print("Adam with a step size of 1:", ", ".join(f"{loss:.3g}" for loss, _ in wild[::5]))

# %%
three = {
    "chosen step": runs["content", "gradient descent"][0].image,
    "ten times it:\nwhat was kept": stopped.image,
    "Adam, step 1": wild[-1][1],
}
show.pictures(three, width=120, quality=55)

# %% [markdown]
# **What to see.** The loss of gradient descent does not rise slowly: each step overshoots further, and the loss grows
# as the fourth power of the picture's values, so within a few evaluations it is no longer finite. The package stops
# there and keeps the last picture whose loss was finite (`error.snapshot`); finite, but useless. Adam cannot explode,
# as its pixels stay within $[0, 1]$; with too long a step each of them jumps between the ends of that range.
#
# ### A loss that is not normalised
#
# Multiply the loss by a constant $c$: the minimum is where it was. Codes differ in such constants by factors of
# millions (notebook 06). Each optimiser with the same step size as before, from the photo:

# %%
SCALES, SHORT = (1e-6, 1.0, 1e3), STEPS // 2
outcome, kept = {}, {}
for c in bar(SCALES):
    scaled = reweighted(objective, dict.fromkeys(names, c))
    for name, optimiser in METHODS.items():
        try:
            snapshot = nst.minimize(scaled, p, optimiser, SHORT)
            outcome[name, c] = best_so_far(snapshot)[-1] / c
            kept[name, c] = snapshot.image
        except nst.DivergedError:
            outcome[name, c], kept[name, c] = np.inf, "diverged"
for name in ("Adam", "L-BFGS"):
    np.testing.assert_allclose(outcome[name, 1e-6], outcome[name, 1.0], rtol=0.1)
    np.testing.assert_allclose(outcome[name, 1e3], outcome[name, 1.0], rtol=0.1)
assert outcome["gradient descent", 1e-6] > 0.99 * evaluate(p)[0]
assert np.isinf(outcome["gradient descent", 1e3])

# %%
columns = ["gradient\ndescent", "momentum", "Adam", "L-BFGS"]
labels = {1e-6: "c = 10⁻⁶", 1.0: "c = 1", 1e3: "c = 1000"}
rows = [[kept[name, c] for name in METHODS] for c in SCALES]
show.pictures(rows, columns, [*labels.values()], width=90, quality=55)

# %%
table = pd.DataFrame(
    {labels[c]: {name: outcome[name, c] for name in METHODS} for c in SCALES}
)
table.rename_axis(f"loss / c after {SHORT} evaluations").map("{:.2f}".format)

# %% [markdown]
# **What to see.** Gradient descent and momentum do nothing at all for $c = 10^{-6}$ and diverge for $c = 1000$: their
# step size has a unit, that of one over the loss. Adam divides by the size of the gradient and L-BFGS by its change, so
# that $c$ cancels. In exact arithmetic they would take the same path, but for the $10^{-12}$ in Adam; what is left is
# rounding. Whoever says "I used gradient descent with a step of 1" has said nothing until they say how the loss
# was normalised.
#
# ## 6. Misconceptions
#
# **"The loss at the end says how good the picture is."** From the photo, the picture after 20 evaluations of L-BFGS.
# From noise, momentum, stopped as soon as its picture has as low a loss. The loss is that of the pictures shown.

# %%
early = nst.minimize(objective, p, nst.lbfgs(), 20).image
most = 3 * (2 * h * w - h - w)  # total variation of a checkerboard
reached_by = evaluate(early)[0]
one_by_one = {"every": 1, "interval": np.inf}
snapshots = nst.optimize(objective, noise, METHODS["momentum"], STEPS, **one_by_one)
dotted = next(each for each in snapshots if evaluate(each.image)[0] <= reached_by)
pair = {
    "from the photo": early,
    f"from noise, {dotted.evaluations} evaluations": dotted.image,
}
loss_of = [evaluate(x)[0] for x in pair.values()]
roughness = [float(nst.total_variation(x)) / most for x in pair.values()]
assert loss_of[1] <= loss_of[0] < 1.2 * loss_of[1]
assert roughness[1] > 3 * roughness[0]
rows = zip(pair.items(), loss_of, roughness, strict=True)
text = {f"{name}\nloss {loss:.1f}, V: {V:.1%}": x for (name, x), loss, V in rows}
show.pictures(text, width=180, quality=60)

# %% [markdown]
# The right picture has as low a loss as the left one, and nobody would choose it. The loss hardly sees the pattern of
# dots, as section 4 has shown, but we do. It counts what it was told to count; how a picture looks is another question,
# and needs a judge that was not optimised.
#
# **"More evaluations make a better picture."** One run of L-BFGS, looked at on its way.

# %%
LOOKS = (10, 20, 40, 80, STEPS)
by_tens = {"every": 10, "interval": np.inf}
snapshots = nst.optimize(objective, p, METHODS["L-BFGS"], LOOKS[-1], **by_tens)
way = {each.evaluations: each for each in snapshots if each.evaluations in LOOKS}
gone = [course.rmse(snapshot.image, p) for snapshot in way.values()]
losses = {n: evaluate(each.image)[0] for n, each in way.items()}  # of what is shown
assert np.all(np.diff([*losses.values()]) < 0)
assert gone[-1] > 1.2 * gone[0]  # distance from the photo
text = {f"{n} evaluations\nloss {losses[n]:.2f}": each.image for n, each in way.items()}
show.pictures(text, width=120, quality=55)

# %% [markdown]
# The loss falls to the very end. But most of the fall is in the first evaluations, and a viewer may well like an
# earlier picture best: the face goes last. From the photo, stopping early is one more weight on the content, and it is
# written in no formula. Whoever reports a result should report the number of evaluations with it.
#
# **"L-BFGS is better because it computes second derivatives."** It computes none: it gets the same loss and gradient at
# each evaluation as the others do, and remembers differences.

# %%
n, memory = p.size, 30  # 30 pairs: the package's default
print(f"the picture has {n:,} numbers; the matrix of its second derivatives ", end="")
print(f"would have {n**2:,}")
print(f"in single precision: {4e-9 * n**2:.1f} GB; ", end="")
print(f"L-BFGS keeps {4e-6 * 2 * memory * n:.0f} MB")

# %% [markdown]
# ## Summary
#
# - Count evaluations. L-BFGS is lowest for the same number, then Adam and momentum, plain gradient descent last; the
#   step sizes of the last three were searched for, and those of momentum and gradient descent hold for one scaling of
#   the loss.
# - A step that is too long does not only slow a run down: it destroys it, and how long is too long depends on how the
#   loss is normalised. Adam and L-BFGS do not depend on that.
# - A lower loss is not a better picture: neither between starts, nor always along one run.
#
# ## Exercises
#
# `checks.progress()` shows what you have done so far, and `checks.report("your name")` makes a line of it for your
# teacher.
#
# **1. One pair, no loops (medium).** Write the L-BFGS direction for a single pair from the six formulas of section 2,
# without looking at the code. The attempt below forgets something; the check says what.


# %%
def lbfgs_direction(g, s, y):  # change this until the check is happy
    rho = 1 / (s * y).sum()
    a = rho * (s * g).sum()
    r = g - a * y
    b = rho * (y * r).sum()
    return -(r + (a - b) * s)


checks.lbfgs_direction(lbfgs_direction)

# %%
checks.hint("lbfgs_direction", 2)

# %% [markdown]
# <details><summary>Solution (teachers: reveal)</summary>
#
# Run `checks.solution("lbfgs_direction")`. What was missing is γ = s·y / y·y. Without it the secant equation still holds
# for this pair, so a test of `H y = s` alone would pass; but in all other directions the step has the wrong length.
#
# </details>
#
# **2. Steps against evaluations (hard).** Give `optax.lbfgs()` to `nst.minimize` instead of ours; it searches
# along each line by itself. The column `evaluations` of its losses jumps. Draw its loss against *updates* (rows) and
# against evaluations, beside ours. Which of the two figures would you print, and what would a reader of the other one
# believe?
#
# <details><summary>Solution (teachers: reveal)</summary>
#
# Against rows the two lie nearly on each other. But each of its updates took two evaluations (its line search and the
# loop around it evaluate the same picture), so that after 100 evaluations it is where ours was after 50: 4.6 against
# 4.0 from the photo, 6.2 against 4.6 from noise. Whoever sees only steps concludes that there is no difference.
# Compiling takes longer too, since it traces the objective several times.
#
# </details>
#
# **3. Research: what does the first guess do?** `nst.lbfgs(cutoff=None)` is the textbook's L-BFGS, with $\gamma I$;
# `nst.lbfgs(cutoff=0.05)` is the default, with $\gamma K$. From noise and from content, with three seeds each, measure
# the loss and the total variation after 50, 100 and 300 evaluations, at two sizes of picture. Predict first: where
# should it help most? Then move the idea to a first-order method: apply $K$ to the gradient in `descend` (the filter is
# `half_filter` of `nst_jax.optim.half_filter`, twice), search for its step size again, and see how much of the distance
# to L-BFGS is gone.
#
# <details><summary>Solution (teachers: reveal)</summary>
#
# The prediction that comes to mind, "it helps most from noise, where all that is fine is wrong", was not what we found
# at 128 pixels. From the photo K was ahead early (7.6 against 8.3 after 20 evaluations) and level from 100 on. From
# noise it was a little *behind* until 100 (6.3 against 6.0 after 50), level at 240, and left more fine detail, perhaps
# because the noise has to be removed, and K shortens exactly the steps that do it. For the preconditioned first-order
# method no result is given here. Report the spread over seeds, and count the evaluations of the search for its step
# size.
#
# </details>
#
# **4. Research: a judge.** Section 6 shows as low a loss with a worse picture. Find a number, computed by something
# that was not optimised (another network's features, total variation, a classifier of textures), which orders the eight
# pictures of section 4 as people do. Let five people order them first, without knowing how they were made. How often do
# two people agree? That is the most that any number can reach.
#
# <details><summary>Solution (teachers: reveal)</summary>
#
# Open. Total variation alone separates the noisy pictures from the others, but prefers a blurred picture to all of
# them. Measures with features of a network other than the one optimised are the usual choice; whether a network that
# shares its architecture is independent enough is a question to test, not to assume.
#
# </details>
#
# ## Quiz

# %%
quiz(*OPTIMISERS)

# %% [markdown]
# <details><summary>Answers</summary>
#
# **1** b): a step size of gradient descent has the unit of one over the loss. **2** c): count evaluations, not steps.
# **3** c): it remembers differences. **4** c): the loss is one number.
#
# </details>
