# %% [markdown]
# # 00 · Quickstart
#
# **Question.** Can a program paint my photo in the style of a painting, and how does it do it?
#
# **Cost.** Under 2 minutes on two CPU cores; no download. Reading and exercises: 25 minutes.
#
# **How to run it.** Click into a cell and press Shift + Enter: it runs, and what it makes appears below it. `[*]` beside
# a cell means that it is at work, or waits for the one before it. The picture of section 2 changes while it is made;
# *Run → Run All Cells* ends at the last cell, so scroll back up to watch. When you open a notebook again, or restart its
# kernel, the figures are still there and the names are not (`NameError`): choose *Run → Run All Above Selected Cell*.
#
# > "The system uses neural representations to separate and recombine content and style of arbitrary images, providing a
# > neural algorithm for the creation of artistic images."
# >
# > Gatys, Ecker and Bethge, *A Neural Algorithm of Artistic Style*, [arXiv
# > 1508.06576](https://arxiv.org/abs/1508.06576), abstract

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
import json
import tempfile
from pathlib import Path

import jax
import matplotlib.pyplot as plt
import numpy as np
from skimage.exposure import match_histograms

import nst_jax as nst
from nst_jax import checks, course, show
from nst_jax.course.questions import QUICKSTART
from nst_jax.course.quiz import quiz
from nst_jax.networks.geometry import STYLE_LAYERS
from nst_jax.transfer.normalisation import normalized_for

# Longest side in pixels; evaluations at each scale, with the view and without.
SIZE, STEPS, SHORT = course.size(fast=(64, 10, 60), full=(256, 300, 75))
NETWORK = "vgg19-slim"  # or "vgg19", the paper's, after `nst_jax fetch vgg19`

# %% [markdown]
# ## 1. Two pictures
#
# The method takes two pictures: a photo $\vec p$, of which we want the **content** (what it shows, and where), and
# a painting $\vec a$, of which we want the **style** (colours, strokes, textures, whatever they depict). To use your own,
# put a path instead of a name: `photo = "holiday.jpg"`.

# %%
photo = nst.picture("chelsea")  # a path; both pictures come with the package
painting = nst.picture("vortex")
p = nst.load_image(photo, SIZE)  # [h, w, 3], RGB in [0, 1]
a = nst.load_image(painting, SIZE)
show.pictures({"photo p": p, "painting a": a}, width=240)

# %% [markdown]
# ## 2. The picture is made while you watch
#
# A third picture $\vec x$ starts as a copy of the photo. It is then changed, a little at a time, to make one number
# smaller: the loss
#
# $$\mathcal{L}_{\mathrm{total}}(\vec p, \vec a, \vec x) = \alpha\, \mathcal{L}_{\mathrm{content}}(\vec p, \vec x)
# + \beta\, \mathcal{L}_{\mathrm{style}}(\vec a, \vec x).$$
#
# $\mathcal{L}_{\mathrm{content}}$ is small if $\vec x$ shows what the photo shows; $\mathcal{L}_{\mathrm{style}}$ is
# small if $\vec x$ has the look of the painting. The numbers $\alpha$ and $\beta$ say how much each counts.

# %%
view = nst.live(photo, painting, network=NETWORK, size=SIZE, steps=STEPS)
view

# %% [markdown]
# **What to see.** To the left is $\vec x$. To the right is each term of the loss at each evaluation, on a log scale.
# All style terms (yellow to red, shallow to deep) fall, most of them by a factor of a hundred or more; the content term
# (blue) *rises* from zero, since the start is the photo itself. What is gained in style is paid for in content. The
# jump in the middle is where the picture, first made at half the size, was enlarged and worked on again. The curves
# end jagged because the steps of the optimiser, Adam, do not get smaller; the picture shown is an average of the last
# ones.

# %% [markdown] slideshow={"slide_type": "subslide"}
# **With a live kernel** the picture changes before your eyes, and you can do more than watch. (On a fixed page
# you see the end of the run; read on, all figures are here.)
#
# - **Stop** ends the run and keeps the picture; **Run again** starts it again, with the knobs where they are.
# - **Steer it.** Move α/β during the run: to the right the photo comes back, to the left the strokes take over.
#   The curves mark where you moved it, and nothing has to be compiled again: α and β are only numbers.
# - **Total variation** is a penalty on differences between neighbouring pixels: more of it makes the picture smoother.
# - *Weights of the layers* opens five more knobs: how much style is asked for at each depth of the network.
#
# The next cell waits for the end of the run, and `await` leaves the kernel free to hear the button and the knobs
# meanwhile. (Older kernels do one thing at a time: if the knobs do not answer, interrupt with ■ in the toolbar, which
# keeps the picture, and press *Run again*.)

# %%
result = await view
scales = len(result.scales)
print(f"{result.evaluations} evaluations, {scales} scale(s) {result.stopped}")
for kind, weight in (("style", "β"), ("content", "α")):
    first, *_, last = result.losses[kind]
    print(f"{kind:7} loss {first:8.2f} → {last:.2f}   ({weight} included)")

# %% [markdown]
# ## 3. Before and after
#
# The result is an array like the photo, so the two can be laid over each other.

# %%
nst.before_after(p, result.image, labels=("photo", "result"))

# %% [markdown]
# **What to see.** Drag the divider, or compare the two side by side. Eyes, nose and the line of the brow are where they
# were: content. Fur and background, which the photo leaves soft, are filled with curved strokes in the painting's blues
# and yellows: style. Nothing told the program where the eyes are.
#
# ## 4. Change one thing: another painting
#
# One call, without a view. The same photo, the same network, another $\vec a$; nothing is trained for it. `stylize`
# uses L-BFGS instead of the view's optimiser; it cannot be steered but needs fewer evaluations (notebook 05
# compares them).

# %%
woodcut = nst.load_image("woodcut", SIZE)
settings = {"network": NETWORK, "size": SIZE, "steps": SHORT}
other = nst.stylize(photo, nst.picture("woodcut"), **settings, progress=True)
style, content = other.losses["style"], other.losses["content"]
assert style[-1] < 0.1 * style[0]  # the style loss has fallen to less than a tenth ...
assert content[-1] > content[0]  # ... and the content loss has paid for it
show.pictures({"photo p": p, "painting a": woodcut, "result x": other.image}, width=240)

# %% [markdown]
# **What to see.** The woodcut's parallel lines run along the fur and the brow, and its three colours replace those of
# the cat. A red disc has landed beside the eye, where the photo has plain fur: the style loss knows that there is such
# a thing as a patch of red with a round edge, but not where it belongs.
#
# ## 5. Prepare the next run
#
# The form shows what else can be chosen, and what the choice means as a formula. With a live kernel, **Run** opens a
# view below it. Try *start from: noise*, as the paper does, or only one style layer. (Knobs that stand at 0 are terms of
# later papers, which are left out: *Laplacian* keeps the photo's edges, *self-similarity* keeps which of its places are
# alike.)

# %%
nst.form(photo, nst.picture("cutout"), network=NETWORK, size=SIZE, steps=STEPS)

# %% [markdown]
# **What to see.** On the fixed page, the formula of the settings as they are: one content term and five style terms,
# whose features come from layers of the network. The last term, total variation, is not in the paper. Numbers before a
# term are weights in the convention of the paper's author's code; notebook 06 explains why that has to be said.
#
# ## 6. What the network sees
#
# Both losses compare what a **network** makes of the pictures, not the pixels. It is a VGG-19, built to tell kinds of
# objects apart; here a narrow copy that we trained to respond as it does (figures of the paper's own network need
# `python -m nst_jax fetch vgg19`, and `NETWORK = "vgg19"` above). Each of its layers turns a picture into a stack of
# maps, the **features**: one map for each filter, bright where the picture has what the filter looks for.

# %%
nst.browse(nst.load_network(NETWORK), p)

# %% [markdown]
# **What to see.** The photo, one map, and the layer's strongest sixteen. At conv1_1 the maps are still pictures of the
# cat, in one colour or with its edges alone. With a live kernel, move to conv3_1, where some maps show eyes and nose
# and little else, and on to conv4_1 and conv5_1: the maps become coarse, and what a single one responds to is hard to
# name. Content is compared at conv4_2, map by map and place by place. Style is compared at five depths, and only by
# *which maps are bright together*, not where.
#
# ## 7. What just happened, in ten lines
#
# 1. Two pictures $\vec p$ and $\vec a$ were read as arrays of numbers in [0, 1].
# 2. A network with fixed weights turned each of them into features: $P^l$ of the photo, those of the painting likewise.
# 3. The content to be kept is $P^l$ at one layer, conv4_2.
# 4. The style to be reached is, at five layers, the table $A^l$ of products of all pairs of the painting's maps, summed
#    over positions: the Gram matrix.
# 5. A picture $\vec x$ was started, from the photo (or from noise).
# 6. The same network turned $\vec x$ into features $F^l$, and these into Gram matrices $G^l$.
# 7. $\mathcal{L}_{\mathrm{content}} = \frac12 \sum (F^l - P^l)^2$ and $\mathcal{L}_{\mathrm{style}} = \sum_l w_l E_l$
#    with $E_l = \frac{1}{4 N_l^2 M_l^2} \sum (G^l - A^l)^2$ were added, weighted with $\alpha$ and $\beta$.
# 8. The gradient of the sum, with respect to every *pixel* of $\vec x$, came back through the network.
# 9. The pixels took a small step against the gradient. The network did not change.
# 10. Lines 6 to 9 were repeated a few hundred times; that is all.
#
# | notebook | the question it answers | lines |
# |---|---|---|
# | [01](01_pipeline.ipynb) pipeline | What exactly is computed, in which order and in which shapes? | all |
# | [02](02_what_vgg_sees.ipynb) what VGG sees | What do the layers keep of a photo, and what do they lose? | 2, 3 |
# | [03](03_style_as_statistics.ipynb) style as statistics | How can a table of products be a style? | 4, 6 |
# | [04](04_losses_and_gradients.ipynb) losses and gradients | What are the two losses, and what does each ask of every pixel? | 7, 8 |
# | [05](05_optimisers.ipynb) optimisers | Which way of following the gradient gets down fastest? | 9 |
# | [06](06_alpha_beta.ipynb) α/β | How do content and style trade, and what does "1e-3" mean? | 7 |
# | [07](07_your_picture.ipynb) your picture | How do I make a good one of my own? | |
# | [08](08_test_an_idea.ipynb) test an idea | How do I find out whether an idea of mine is true? | |
#
# %% [markdown] slideshow={"slide_type": "skip"}
# **If you know NumPy and not JAX,** five things are new in the code of this course:
#
# - `jax.numpy` (`jnp`) has NumPy's functions, for arrays that are never changed in place: `y = x.at[0].set(1)` is a new
#   one. NumPy's functions take them too, and `np.asarray(x)` makes a NumPy array of one.
# - `jax.grad(f)` is the function that computes the gradient of `f` with respect to its first argument, and
#   `jax.value_and_grad(f)` computes both. Here `x` is the picture, and the gradient has its shape.
# - `jax.jit(f)`, or `@jax.jit` above a `def`, is `f` **compiled**: the first call with arrays of new shapes takes seconds,
#   the next ones are fast. That is why the first run of a cell takes longer than the second.
# - A compiled function also takes objects that hold arrays, such as a network or a loss. The arrays and numbers in
#   them are their **leaves**: with other values there, another α for example, nothing is compiled again.
# - `network.conv1_1.kernel[...]` is the array in one of the network's variables.

# %% [markdown]
# ## 8. Keep it
#
# `save` writes the picture, every loss at every evaluation, and a manifest: all settings, hashes of the pictures and of
# the network's weights, and versions. With it, the picture can be made again. Here into a folder that is deleted
# afterwards; give a path of your own to keep it.

# %%
with tempfile.TemporaryDirectory() as folder:
    other.save(folder)
    for file in sorted(Path(folder).iterdir()):
        print(f"{file.name:15}{file.stat().st_size:9,} bytes")
    manifest = json.loads((Path(folder) / "manifest.json").read_text(encoding="utf-8"))
shown = ("size", "steps", "alpha", "beta", "tv", "init", "optimizer")
print({name: manifest["settings"][name] for name in shown})

# %% [markdown]
# ## A misconception: "it only changes colours"
#
# It is easy to change colours alone. *Histogram matching* gives each pixel of the photo a new value, so that red, green
# and blue are distributed as in the painting: as many dark pixels, as many light ones. Then let the network measure how
# much of the style is still missing, layer by layer: $E_l$ of a picture, relative to $E_l$ of the photo.

# %% slideshow={"slide_type": "-", "hide_code": true}
recoloured = match_histograms(p, woodcut, channel_axis=-1).astype(np.float32)
three = {"photo": p, "its colours matched": recoloured, "style transfer": other.image}
means = [x.mean((0, 1)) for x in (recoloured, woodcut)]
assert np.abs(means[0] - means[1]).max() < 0.02  # the colours do agree
vgg = normalized_for(nst.load_network(NETWORK), p, woodcut)  # as `stylize` does
weights = dict.fromkeys(STYLE_LAYERS, 1.0)
E = nst.build_objective(vgg, None, woodcut, {}, weights)  # Σ E_l
terms = jax.jit(nst.Objective.breakdown)
E_p, E_colours, E_x = (np.array([*terms(E, x).values()]) for x in three.values())
# From conv3_1 on colours alone leave most of it, and style transfer does not.
assert (E_colours[2:] > 0.5 * E_p[2:]).all()
assert E_x.sum() < 0.2 * E_colours.sum()
show.pictures(three, width=240)

# %% slideshow={"slide_type": "-", "hide_code": true}
fig, ax = plt.subplots(figsize=(6, 2.4), layout="constrained")
ax.plot(100 * E_colours / E_p, "s", ms=9, color="#7b8794", label="colours matched")
ax.plot(100 * E_x / E_p, "o", ms=9, color="#c8102e", label="style transfer")
ax.set(yscale="log", ylim=(0.2, 130), xlim=(-0.5, 4.5))
ax.set_ylabel("style loss left\n% of the photo's")
ax.set_xticks(range(5), STYLE_LAYERS)
ax.yaxis.set_major_formatter("{x:g}")
ax.spines[["top", "right"]].set_visible(False)
ax.legend(frameon=False, ncols=2, loc="lower center", bbox_to_anchor=(0.5, 1.0))
show.drawing(fig)

# %% [markdown]
# **What to see.** In the middle, red, green and blue are each as frequent as in the woodcut, and it is still a
# photograph of a cat: soft fur, no line. The grey squares say the same in the network's terms: at the first two layers
# about half of the style loss is left, and at the deeper ones, which see more than colour, about four fifths. The red
# circles have to be low, since this sum is what was minimised; they show how far it can be brought down.
#
# ## Summary
#
# - The picture itself is what is optimised: its pixels are the unknowns, and the network's weights stay as they are.
# - The loss has two parts. Content compares features place by place; style compares which features occur together.
# - α/β trades one for the other, even during the run.
# - A new painting needs no training, but a new optimisation: a few hundred evaluations of network and gradient.
# - Style is more than colours: matching these leaves most of the style loss where it was.
#
# ## Exercises
#
# `checks.progress()` shows what you have done in all notebooks; `checks.report("your name")` makes a line of it for your
# teacher.
#
# **1. One step downhill (easy).** Line 9 of the ten, in its simplest form, is gradient descent:
#
# $$\vec x \leftarrow \vec x - \lambda\, \frac{\partial \mathcal{L}_{\mathrm{total}}}{\partial \vec x}$$
#
# Write `gradient_step(x, g, lr)` for a picture `x` and its gradient `g`, arrays of the shape [h, w, 3], and a number
# `lr`, the $\lambda$ above. The first attempt below runs, but it is wrong; the check says which mistake it looks like.


# %%
def my_step(x, g, lr):
    return x + lr * g  # change this until the check is happy


checks.gradient_step(my_step)

# %% slideshow={"slide_type": "skip"}
checks.hint("gradient_step", 1)  # 2 and 3 say more

# %% [markdown] slideshow={"slide_type": "subslide"}
# <details><summary>Solution (teachers: reveal)</summary>
#
# Run `checks.solution("gradient_step")`. The gradient points to where the loss grows fastest, so a multiple of it is
# subtracted. The result is a new array: the optimiser keeps the old one where it needs it.
#
# </details>
#
# **2. Predict, then turn (easy).** Write down what you expect of α/β ten times larger, and ten times smaller, for the
# eyes, the background and the two losses. Then press *Run again* and move the knob by one decade each way. What did you
# not expect? Without a kernel of your own, look at the sheets of notebook 06.
#
# <details><summary>What to expect (teachers: reveal)</summary>
#
# Larger: the fur's own brown comes back. Smaller: background and fur dissolve into strokes; the eyes stay for longest.
# We measured, at 192 pixels: with α/β ten times larger the content loss without its α falls to half and the style loss
# grows to nearly five times; ten times smaller, the content loss nearly doubles and the style loss falls to less than
# half. The curves include α, so that the blue one *rises* with it though the picture comes closer to the photo.
#
# </details>
#
# **3. From noise (medium).** In the form, start from noise, twice, with seeds 0 and 1. Are the two results more alike
# than result and photo? Say how you measured it (as arrays: `nst.stylize(photo, painting, init="noise", seed=1,
# **settings).image`, with the `settings` of section 4). What does the start decide that the loss does not?
#
# <details><summary>What to expect (teachers: reveal)</summary>
#
# Hardly. At 192 pixels, made at one scale, we measured a root mean square difference of 0.29 to 0.30 between two of
# three seeds, and of 0.32 between a result and the photo: the strokes lie elsewhere each time. The losses of the three
# seeds were within about a tenth of each other, and a start from the photo ended lower in both. So the loss has many
# minima of nearly the same value, and the start decides which of them is found, or not yet found. Two seeds are too few
# to state such a number: notebook 08 shows how to.
#
# </details>
#
# **4. Does a run forget? (research-grade).** Steer a run: α/β = 1 for the first half, 0.02 for the second. Compare its
# end with a run that had 0.02 from the start. *Vary* the moment of the change (10, 30, 50, 70, 90 % of the evaluations)
# and the seed (five or more, from noise). *Measure* both losses at the end under the final α/β, and the distance of the
# two pictures in pixels and in the features of conv4_2. *Question:* is there a moment after which the past can be seen
# in the losses, and not only in the pixels?
#
# <details><summary>What is known (teachers: reveal)</summary>
#
# We have not measured it. `nst.stylize(photo, painting, init=first.image, scales=1, …)` starts a run from the picture
# of another one, so no knob is needed. A start from a coarser scale leads to another minimum
# ([measured](../docs/measured.md)); so a memory in the pixels is to be expected, and the losses are the open part.
# State the result with its spread over seeds.
#
# </details>
#
# ## Quiz

# %% slideshow={"slide_type": "-", "hide_code": true}
quiz(*QUICKSTART)

# %% [markdown]
# <details><summary>Answers</summary>
#
# 1 b (the pixels of the picture x), 2 a (the photo shows more), 3 c (how often features occur together).
#
# </details>
