# %% [markdown]
# # 04 · Losses and gradients
#
# **Question.** The loss is one number and the picture is tens of thousands of numbers. How does the one say in which
# direction each of the others should change?
#
# **Cost.** 2 minutes or less on two CPU cores; no download. Reading and exercises: 60 minutes.
#
# > "… from which the gradient with respect to the image $\vec x$ can be computed using standard error
# > back-propagation. Thus we can change the initially random image $\vec x$ until it generates the same response in a
# > certain layer of the CNN as the original image $\vec p$."
# >
# > Gatys, Ecker and Bethge, *A Neural Algorithm of Artistic Style*, [arXiv
# > 1508.06576](https://arxiv.org/abs/1508.06576), Methods

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
import jax
import jax.numpy as jnp
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

import nst_jax as nst
from nst_jax import checks, course, show
from nst_jax.course.questions import LOSSES_AND_GRADIENTS
from nst_jax.course.quiz import quiz
from nst_jax.networks.geometry import STYLE_LAYERS
from nst_jax.notebook.knobs import reweighted
from nst_jax.progress import bar
from nst_jax.transfer.normalisation import normalized_for

SIZE, STEPS = course.size(fast=(64, 60), full=(128, 240))  # pixels; evaluations
NETWORK = "vgg19-slim"  # or "vgg19", the paper's, after `nst_jax fetch vgg19`

# %% [markdown]
# ## 1. The losses, by hand
#
# A photo $\vec p$, a painting $\vec a$, and the picture $\vec x$ that is to be made. At layer $l$ the network responds
# to the first with features $P^l$ and to the last with $F^l$: $N_l$ filters at $M_l$ positions each. The paper's two
# losses (its equations 1, 3 and 4) are sums of squares:
#
# $$\mathcal{L}_{\mathrm{content}} = \tfrac12 \sum_{ij} \left(F^l_{ij} - P^l_{ij}\right)^2, \qquad
# E_l = \frac{1}{4 N_l^2 M_l^2} \sum_{ij} \left(G^l_{ij} - A^l_{ij}\right)^2, \qquad
# G^l_{ij} = \sum_k F^l_{ik} F^l_{jk}.$$
#
# $G^l$ and $A^l$ are the Gram matrices of $\vec x$ and of $\vec a$; notebook 03 builds them. In code, features are
# arrays `[h, w, N]`, so that a row of $F^l$ is a channel `F[..., i]`. (`jnp`, `jax.jit` and `jax.grad`: the end of
# section 7 of [notebook 00](00_quickstart.ipynb).)

# %%
p = nst.load_image("astronaut", SIZE)
a = nst.load_image("vortex", 4 * SIZE // 3)[:SIZE, -SIZE:]  # as large as the photo
vgg = normalized_for(nst.load_network(NETWORK), p, a)  # mean activation 1
noise = course.noise(p)  # each number uniform in [0, 1]
show.pictures({"photo p": p, "painting a": a}, width=130)


# %%
def content_loss(F, P):
    return 0.5 * jnp.sum((F - P) ** 2)


def style_loss(G, A, positions):
    N, M = G.shape[0], positions
    return jnp.sum((G - A) ** 2) / (4.0 * N**2 * M**2)


# %% [markdown]
# Are they right? On features of `conv3_1`, with the noise for $\vec x$, they agree with the package's; and
# `checks`, which names a mistake where there is one, finds none.

# %%
LAYERS = (*STYLE_LAYERS, "conv4_2")
features = jax.jit(lambda vgg, x: vgg(x, LAYERS))
# Each: layer → [h_l, w_l, N_l].
F_x, F_p, F_a = (features(vgg, x) for x in (noise, p, a))
F, P = F_x["conv3_1"], F_p["conv3_1"]
G, A, M = nst.gram(F), nst.gram(F_a["conv3_1"]), F.shape[0] * F.shape[1]
np.testing.assert_allclose(content_loss(F, P), nst.content_loss(F, P), rtol=1e-5)
E_l = nst.style_loss(G, A, positions=M)
np.testing.assert_allclose(style_loss(G, A, M), E_l, rtol=1e-5)
checks.content_loss(content_loss)

# %% [markdown]
# The third term is not the paper's, but nearly all code has it. **Total variation** (Mahendran and Vedaldi,
# [arXiv 1412.0035](https://arxiv.org/abs/1412.0035), equation 5) looks at the picture and not at its features. It asks
# neighbouring pixels to be alike:
#
# $$V(\vec x) = \sum_{i,j} \left(x_{i+1,j} - x_{i,j}\right)^2 + \left(x_{i,j+1} - x_{i,j}\right)^2 .$$
#
# **A test that needs no computer.** On a checkerboard of 0 and 1, every pair of neighbours differs by 1. A picture of
# $h$ by $w$ pixels has $(h-1)\,w$ pairs one above the other and $h\,(w-1)$ pairs side by side, in each of three
# colours. So $V = 3\,(2hw - h - w)$ exactly, and no picture within $[0, 1]$ has more.


# %%
def total_variation(x):
    down, right = x[1:] - x[:-1], x[:, 1:] - x[:, :-1]
    return jnp.sum(down**2) + jnp.sum(right**2)


h, w, _ = p.shape
rows, columns = np.indices((h, w))
squares = np.float32((rows + columns) % 2)
checkerboard = np.repeat(squares[..., None], 3, axis=2)
most = 3 * (2 * h * w - h - w)
assert total_variation(checkerboard) == most == nst.total_variation(checkerboard)
checks.total_variation(total_variation)

# %%
soft = nst.resize(nst.resize(p, (h // 4, w // 4)), (h, w))
four = {"checkerboard": checkerboard, "noise": noise, "photo": p}
four["photo, blurred"] = soft
share = {name: float(total_variation(x)) / most for name, x in four.items()}
assert share["photo, blurred"] < 0.5 * share["photo"] < 0.5 * share["noise"]
np.testing.assert_allclose(share["noise"], 1 / 6, rtol=0.05)  # see below
detail = np.s_[h // 12 : h // 12 + 20, 3 * w // 8 : 3 * w // 8 + 20]
zoomed = {f"{name}\nV: {share[name]:.1%}": x[detail] for name, x in four.items()}
show.pictures(zoomed, width=120, quality=50)

# %% [markdown]
# **What to see.** A detail of four pictures, enlarged, with $V$ in per cent of the checkerboard's. Uniform noise has
# one sixth of it: two independent numbers in $[0, 1]$ have an expected squared difference of
# $2 \cdot \tfrac1{12} = \tfrac16$. A photo has far less, a blurred one less still. So a little of this term takes noise
# out of a picture, and too much of it makes the picture soft.
#
# Together, and over all style layers with weights $w_l$:
#
# $$\mathcal{L}_{\mathrm{total}} = \alpha\, \mathcal{L}_{\mathrm{content}} + \beta \sum_l w_l E_l
# + \gamma\, V(\vec x).$$
#
# Here $\gamma$ is the weight of the total variation, $3$ over the count of numbers in the picture. The package keeps
# this sum as an *objective*: a list of terms over one pass of the network. The values of $\alpha$ and
# $\beta$ are the package's own defaults, which are stated in the terms of the code that the paper's author released,
# and translated to the paper's here; notebook 06 is about that. The next cell builds the objective and checks its total
# against our three functions, at the noise.

# %%
given = nst.loss_weights(alpha=1, beta=50)
weights = nst.convert(given, "author", "paper", vgg.shapes(h, w))
v, w_l = weights.content["conv4_2"], weights.style  # α; layer → β w_l
objective = nst.build_objective(vgg, p, a, weights.content, w_l, tv=3 / p.size)
terms = jax.jit(lambda objective, x: objective.breakdown(x))


@jax.jit
def terms_by_hand(F, x):
    parts = {"content/conv4_2": v * content_loss(F["conv4_2"], F_p["conv4_2"])}
    for l in STYLE_LAYERS:
        M = F[l].shape[0] * F[l].shape[1]
        E_l = style_loss(nst.gram(F[l]), nst.gram(F_a[l]), positions=M)
        parts[f"style/{l}"] = w_l[l] * E_l
    return parts | {"tv": 3 / x.size * total_variation(x)}


# %%
by_hand, packaged = terms_by_hand(F_x, noise), terms(objective, noise)
for name in packaged:
    np.testing.assert_allclose(by_hand[name], packaged[name], rtol=1e-3)
both = {"at the photo": terms(objective, p), "at the noise": packaged}
pd.DataFrame(both).astype(float).round(2)

# %% [markdown]
# At the photo the content term is zero, as it must be, and nearly all of the loss is style. At the noise it is not
# zero, and still small beside the style.
#
# ## 2. The gradient of the style loss, step by step
#
# To lower $\mathcal{L}_{\mathrm{total}}$ we need its derivative with respect to every pixel. The network does the last
# part, from features back to pixels. The first part, from $E_l$ to the features, fits on half a page. Drop the index
# $l$, and begin from the outside.
#
# **Step 1, the square.** $E$ depends on the entries of $G$, each on its own:
#
# $$\frac{\partial E}{\partial G_{ij}} = \frac{2\,(G_{ij} - A_{ij})}{4 N^2 M^2} = \frac{G_{ij} - A_{ij}}{2 N^2 M^2}.$$
#
# **Step 2, the Gram matrix.** $G_{ij} = \sum_k F_{ik} F_{jk}$ contains the number $F_{mn}$ (filter $m$, position $n$)
# where $i = m$ and where $j = m$, and the product rule gives one term for each, with $\delta_{im} = 1$ where $i = m$ and
# 0 elsewhere:
#
# $$\frac{\partial G_{ij}}{\partial F_{mn}} = \delta_{im} F_{jn} + \delta_{jm} F_{in}.$$
#
# **Step 3, the chain rule.** Sum over all $i$ and $j$; each $\delta$ removes one of the sums:
#
# $$\frac{\partial E}{\partial F_{mn}} = \sum_{ij} \frac{\partial E}{\partial G_{ij}}\,
# \frac{\partial G_{ij}}{\partial F_{mn}} = \frac{1}{2 N^2 M^2} \left[\sum_j (G - A)_{mj} F_{jn} +
# \sum_i (G - A)_{im} F_{in}\right].$$
#
# **Step 4, symmetry.** $G$ and $A$ are symmetric, so that the two sums are the same number, and the 2 cancels:
#
# $$\frac{\partial E}{\partial F_{mn}} = \frac{1}{N^2 M^2} \big[(G - A)\, F\big]_{mn}.$$
#
# At each position, the $N$ features are multiplied by the matrix $G - A$. In words: where two filters are active
# together too often ($G_{ij} > A_{ij}$), each is pushed to be less active wherever the other is active.
#
# **Step 5, ReLU.** $F = \max(0, Z)$, where $Z$ is what the convolution gives, and what was cut off at zero passes nothing on. The paper writes the gradient back
# through this ReLU (its equation 6):
#
# $$\frac{\partial E}{\partial Z_{mn}} = \begin{cases} \dfrac{1}{N^2 M^2} \big[(G - A)\,F\big]_{mn} & \text{if } F_{mn}
# > 0 \\ 0 & \text{if } F_{mn} = 0. \end{cases}$$
#
# In code, $F$ is `[h, w, N]`: at each position, $N$ numbers times a matrix.


# %%
def without_mask(F, G, A):
    N, M = F.shape[-1], F.shape[0] * F.shape[1]
    return F @ (G - A) / float(N * M) ** 2  # float: N² M² exceeds 32-bit integers


def style_gradient(F, G, A):
    return without_mask(F, G, A) * (F > 0)


# %% [markdown]
# Automatic differentiation knows none of this algebra. It must give the same numbers.


# %%
def E(F):
    return style_loss(nst.gram(F), A, M)


def close(ours, theirs):
    size = np.abs(theirs).max()
    np.testing.assert_allclose(ours, theirs, rtol=1e-3, atol=1e-4 * size)


close(without_mask(F, G, A), jax.grad(E)(F))  # steps 1 to 4, on features of conv3_1
Z = jnp.where(F > 0, F, -1.0)  # before ReLU: any negative numbers will do
close(style_gradient(F, G, A), jax.grad(lambda Z: E(jax.nn.relu(Z)))(Z))  # step 5
print(f"{np.mean(F == 0):.0%} of the features of conv3_1 are exactly zero, ", end="")
print("and pass nothing on")

# %% [markdown]
# The formula equals automatic differentiation. What if the mask is forgotten? `checks` says so:

# %%
checks.style_gradient(without_mask)

# %%
checks.style_gradient(style_gradient)

# %% [markdown]
# ## 3. The gradient of everything
#
# From here on, automatic differentiation does it all: one **evaluation** gives $\mathcal{L}_{\mathrm{total}}$ and its
# gradient, one number for each colour of each pixel. Is it right? The oldest test there is: step a little way
# $\epsilon$ along a random direction $\vec u$, forwards and backwards, and compare.
#
# $$\frac{\mathcal{L}(\vec x + \epsilon \vec u) - \mathcal{L}(\vec x - \epsilon \vec u)}{2 \epsilon} \approx
# \vec u \cdot \nabla \mathcal{L}(\vec x)$$


# %%
@jax.jit
def loss_and_gradient(objective, x):
    return jax.value_and_grad(lambda x: objective(x))(x)


def evaluate(x):
    loss, g = loss_and_gradient(objective, np.asarray(x, np.float32))
    return float(loss), np.asarray(g)


# %%
def errors(value, x, epsilons, seed):
    u = np.random.default_rng(seed).normal(size=x.shape)
    slope = np.vdot(u, evaluate(x)[1])
    found = [(value(x + e * u) - value(x - e * u)) / (2 * e) for e in epsilons]
    return [abs(each / slope - 1) for each in found]


epsilons = np.logspace(-7, 0, 8)


def in_single(x):
    return evaluate(x)[0]


single = [errors(in_single, noise, epsilons, seed) for seed in bar(range(3))]

# %% [markdown]
# The package computes in single precision, seven digits. The same in double precision, sixteen digits:

# %%
jax.config.update("jax_enable_x64", True)
objective64 = jax.tree.map(lambda leaf: np.asarray(leaf, np.float64), objective)
value64 = jax.jit(lambda x: objective64(x))


def in_double(x):
    return float(value64(x))


double = [errors(in_double, noise, epsilons, seed) for seed in bar(range(3))]
jax.config.update("jax_enable_x64", False)
smallest = np.min(double, axis=1)
assert np.all(smallest < 1e-4)
print("smallest relative errors:", ", ".join(f"{error:.0e}" for error in smallest))

# %%
axes = plt.subplots(figsize=(5.5, 2.6), layout="constrained")[1]
looks = (("single", single, "C1", "s--"), ("double", double, "C0", "o-"))
for name, error, colour, look in looks:
    lines = axes.loglog(epsilons, np.transpose(error), look, color=colour, ms=3, lw=1)
    lines[0].set_label(f"{name} precision")
axes.set(xlabel="step ε", ylabel="relative error")
axes.legend(frameon=False, fontsize=8)
axes.spines[["top", "right"]].set_visible(False)
show.drawing(axes.figure)

# %% [markdown]
# **What to see.** Three directions, each twice. From right to left the error falls, since a shorter step stays closer
# to the tangent. In single precision it soon rises again: the two losses agree in nearly all of their digits, and what
# the subtraction leaves is rounding. In double precision it falls on, but slowly, as long as the step switches some
# features on or off: at such a kink of ReLU there is no tangent. We counted 28,000 of 1.7 million at a step of 0.01, five
# at $10^{-6}$ and none at $10^{-7}$, where the gradient is confirmed to about six digits. Finite differences test a
# gradient; computing one with them would take two evaluations for each number of the picture.
#
# ## 4. The gradient is a picture
#
# It has the shape of the picture, so look at it. Since the loss is a sum, so is the gradient, and each term can be
# asked separately what it wants changed. The gradient points uphill, so its negative is shown, the change that lowers
# the term fastest. Grey means "leave it"; the other colours are stretched, each panel on its own.


# %%
names = [term.name for term in objective.terms]


def gradient_of(term, x):
    others = {name: 0.0 for name in names if name != term}
    changed = reweighted(objective, others)  # compiles nothing
    return np.asarray(loss_and_gradient(changed, x)[1])


early = nst.minimize(objective, p, nst.lbfgs(), 20).image  # after 20 evaluations
shown = ("content/conv4_2", "style/conv1_1", "style/conv3_1", "style/conv5_1", "tv")
panels, norms = [], {}
for place, x in {"the photo": p, "after 20": early}.items():
    g = {term: gradient_of(term, x) for term in names}
    close(sum(g.values()), evaluate(x)[1])  # that of a sum is the sum of all
    norms[place] = {term: float(np.linalg.norm(each)) for term, each in g.items()}
    there = {term for term, norm in norms[place].items() if norm > 1e-3}
    seen = [show.stretched(-g[term]) if term in there else "zero" for term in shown]
    panels.append([x, *seen])

# %%
at_photo = norms["the photo"]
assert at_photo["content/conv4_2"] < 1e-3 * at_photo["style/conv3_1"]
columns = ["x", *(term.replace("/", "\n") for term in shown)]
show.pictures(panels, columns, ["the\nphoto", "after 20"], width=105, quality=55)

# %%
pd.DataFrame(norms).round(3).rename_axis("length of the gradient of")

# %% [markdown]
# **What to see.** Upper row: at the photo, the content term asks for nothing; its gradient is zero. `conv1_1` sees
# three pixels at once: it wants whole areas recoloured and edges changed, and its gradient is as sharp as the photo.
# Deeper layers see wider: their gradients are patches and waves rather than lines. Total variation points at edges, all
# of them. Lower row: as soon as the picture has moved, the content term responds. All of these are added to one picture,
# $-\nabla\mathcal{L}$, and that is the direction to go.
#
# ## 5. Misconceptions
#
# **"The gradient says how the picture should change."** It says in which direction, for a step that is short, and not
# how far. Here is the loss along that direction, $\mathcal{L}(\vec p - \eta\, \vec g)$ with
# $\vec g = \nabla\mathcal{L}(\vec p)$, and what the gradient promises, $\mathcal{L}(\vec p) - \eta\, \lVert \vec
# g \rVert^2$.

# %%
start_loss, g_p = evaluate(p)
etas = np.logspace(-3, 0.5, 22)
along = np.array([evaluate(p - eta * g_p)[0] for eta in etas])
promised = start_loss - etas * np.sum(g_p**2)
best = int(along.argmin())
missing = abs(along[0] - promised[0])
assert missing < 0.2 * (start_loss - promised[0])  # a short step: as promised
assert along[best] < 0.9 * start_loss < start_loss < along[-1]  # down, and up again
print(f"at the photo {start_loss:.1f}; ", end="")
print(f"lowest {along[best]:.1f}, at η = {etas[best]:.2g}")

# %%
axes = plt.subplots(figsize=(5.5, 2.6), layout="constrained")[1]
axes.semilogx(etas, along, "o-", ms=3, lw=1, label="the loss")
axes.semilogx(etas, promised, "--", lw=1, label="what the gradient promises")
axes.axhline(start_loss, color="grey", linestyle=":", linewidth=1, label="at the photo")
axes.set(xlabel="step size η", ylabel="loss", ylim=(0, 2 * start_loss))
axes.legend(frameon=False, fontsize=8, loc="upper left")
axes.spines[["top", "right"]].set_visible(False)
show.drawing(axes.figure)

# %% [markdown]
# **What to see.** For a short step loss and promise agree, and nearly nothing is gained. A longer one gains less than
# promised, and beyond the lowest point the loss rises again, soon above where it began. The best single step along
# this direction takes only a part of the loss away; then the gradient has to be asked again. How to make the most of each
# answer is the subject of notebook 05.
#
# **"The lower the loss, the better the picture."** Divide the weight $\alpha$ of the content by ten and by a hundred,
# and minimise each loss by the same optimiser, L-BFGS.

# %%
shares = {"α as above": 1.0, "α / 10": 0.1, "α / 100": 0.01}
made = {}
for label, factor in bar(shares.items()):
    less = reweighted(objective, {"content/conv4_2": factor})
    made[label] = nst.minimize(less, p, nst.lbfgs(), STEPS)
losses = [snapshot.loss for snapshot in made.values()]
contents = [terms(objective, each.image)["content/conv4_2"] for each in made.values()]
assert losses[0] > 2 * losses[1] > 2 * losses[2]  # "better" each time
assert contents[0] < 0.8 * contents[1] < contents[2]
ends = zip(made.items(), losses, contents, strict=True)
text = {
    f"{name}\nloss {loss:.2f}, content {content:.1f}": snapshot.image
    for (name, snapshot), loss, content in ends
}
show.pictures(text, width=140, quality=60)

# %% [markdown]
# **What to see.** The loss gets lower and the photo disappears. *Loss* is what L-BFGS minimised, before the picture is
# clipped. *Content* is the content term of the picture shown with the weight of the left picture, so that the three
# compare. No curve warns of this: the right run ends lowest of all. Losses of different objectives say nothing about each
# other.
#
# ## Summary
#
# - The loss is a sum of squares over features, Gram matrices and neighbouring pixels; each is a line of code.
# - $\partial E_l / \partial F = (G - A) F / (N^2 M^2)$, masked by ReLU. It equals automatic differentiation, and finite
#   differences confirm the gradient of the whole.
# - The gradient is a picture; each term asks for something else, and content asks for nothing at the photo.
# - It is a direction, right for a short step; how far to go it does not say.
# - A lower loss of another objective is not a better picture.
#
# ## Exercises
#
# `checks.progress()` shows what you have done so far, and `checks.report("your name")` makes a line of it for your
# teacher.
#
# **1. Content gradient (easy).** Differentiate $\tfrac12 \sum (F - P)^2$ with respect to what comes *before* the ReLU
# (the paper's equation 2). The attempt below has a mask, but the wrong one.


# %%
def content_gradient(F, P):  # change this until the check is happy
    return np.maximum(F - P, 0)


checks.content_gradient(content_gradient)

# %%
checks.hint("content_gradient", 1)

# %% [markdown]
# <details><summary>Solution (teachers: reveal)</summary>
#
# Run `checks.solution("content_gradient")`. The ½ cancels the 2 of the square, so that F − P is left, and it passes the
# ReLU only where F > 0. What matters is whether the unit was active, not the sign of the difference: a gradient may be
# negative.
#
# </details>
#
# **2. The gradient of V (medium, on paper).** Which pixels does $\partial V / \partial x_{i,j}$ contain? Write it down,
# compare with `jax.grad(nst.total_variation)`, and say what one step of gradient descent on $V$ alone does to a
# picture, and at which step size it diverges.
#
# <details><summary>Solution (teachers: reveal)</summary>
#
# Inside the picture it is 2 · (4 x − the sum of the four neighbours): minus twice the discrete Laplacian. A step
# with size η < 1/8 replaces each pixel by a mixture of itself and its neighbours, which is a blur (the heat equation).
# The largest eigenvalue of this linear map is close to 16, reached by the checkerboard, so that gradient descent
# diverges from η = 2/16 = 1/8 on, and a checkerboard is what then grows.
#
# </details>
#
# **3. What does the mask do? (medium)** Section 2: features that are zero pass nothing on. Start from a black picture
# (`0 * p`), and from a grey one, with `nst.minimize` as in section 4. Does the run get stuck? What share of the features
# of each style layer is zero at the start, and after 50 evaluations?
#
# <details><summary>Solution (teachers: reveal)</summary>
#
# It does not get stuck. For black and for grey, between 7 % and 47 % of the features of a style layer are zero (as for
# a photo or noise); the others pass the gradient on. Filters have biases, so that even black makes some of them active.
# After 50 evaluations of L-BFGS the shares are the same for all starts to within a few per cent, since the style fixes
# them. A constant picture has equal features at all positions away from the border: structure must grow from the border
# and from the content term, and the losses of the first ten evaluations are higher than from the photo.
#
# </details>
#
# **4. Research: do the layers agree?** Section 4 shows that the style terms ask for different things. Measure the
# cosine between the gradients of every two style terms, and of each with the content's, at the photo, and after 20 and
# 200 evaluations, for three pairs of pictures. Predict first: which layers agree most, and which of them opposes the
# content? Does the sum of the five point where its largest member points?
#
# <details><summary>Solution (teachers: reveal)</summary>
#
# Measured for three pairs at 128 pixels (astronaut and vortex, coffee and cutout, rocket and hatching). Neighbouring
# layers agree most, conv1_1 and conv2_1 with a cosine of 0.6 to 0.8 at the photo, and conv1_1 and conv5_1 hardly at all
# (−0.1 to 0.1). After 200 evaluations the two deep layers oppose the content most (−0.35 to −0.66), the shallow ones
# little (at most −0.25). At the photo conv5_1 had the longest gradient or nearly so, and for one pair the sum of the
# five was nearly its direction (0.97); after 20 evaluations the sum was closest to conv1_1 in all three. What is open
# is why: try the layers between, other networks, and pictures from noise.
#
# </details>
#
# ## Quiz

# %%
quiz(*LOSSES_AND_GRADIENTS)

# %% [markdown]
# <details><summary>Answers</summary>
#
# **1** c): F = P at the photo. **2** a): two factors of 2 meet one of 1/4. **3** a): each pushes the other down where
# it is active. **4** b): the difference of two nearly equal losses is rounding.
#
# </details>
