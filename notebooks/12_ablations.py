# %% [markdown]
# # 12 · Ablations
#
# **Question.** Which of the method's choices matter: layers, pooling, normalisation, optimiser, start? And how does one
# find out in a way that can be defended?
#
# **Cost.** 2 minutes or less on two CPU cores, no download. The tables of the full run (about a quarter of an hour on two cores)
# come with the package: `python -m nst_jax.research.studies` makes them. Reading and exercises: 60 minutes.
#
# An ablation changes one thing and keeps all others. It allows a conclusion when four conditions hold: results are
# scored by a measure that no run has optimised, runs that differ by chance alone tell how large chance is, every level
# of a factor has had the same budget, and a level with a knob, as an optimiser has its rate, has had the best setting
# of it.

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
import tempfile

import matplotlib.pyplot as plt
import numpy as np

import nst_jax as nst
from nst_jax import course, show
from nst_jax.course.questions import ABLATIONS
from nst_jax.course.quiz import quiz
from nst_jax.images.recolouring import match_colours
from nst_jax.research import studies
from nst_jax.research.effects import ranking

SIZE, STEPS, SEEDS = course.size(fast=(32, 4, [0, 1]), full=(128, 150, [0, 1, 2]))
plt.rcParams["figure.dpi"] = 72
RUNS = tempfile.mkdtemp()  # name a folder of your own, and runs are kept from one session to the next

# %% [markdown]
# ## 1. The referee
#
# The final loss cannot judge an ablation: with other layers, another pooling or another network it is a different quantity.
# The referee measures all pictures in the same way, in three networks with random weights that no run has optimised
# for:
#
# $$d_{\text{content}} = 1 - \Big\langle \frac{\langle F - \bar F,\, P - \bar P\rangle}{\lVert F - \bar F\rVert\,
# \lVert P - \bar P\rVert} \Big\rangle, \qquad
# d_{\text{style}} = \Big\langle \frac{\lVert G/M - A/M_a\rVert}{\lVert A/M_a\rVert} \Big\rangle,$$
#
# means over networks and layers. $F$ and $P$ are features at conv4_2 of the *structure* of picture and photo: their
# luminance, less its mean around each position, divided by its deviation there. $\bar F$ is the mean over positions. So
# the content distance is one less a correlation: 0 for the photo, 1 for a picture that has nothing to do with it. The
# referee also measures the distance of colours (Fréchet distance in CIELAB) and 1 − SSIM. Before a referee is believed,
# it must pass tests whose answers are known.

# %%
p, a = (nst.load_image(name, 128) for name in (studies.PHOTO, studies.PAINTINGS[0]))
referee = nst.Referee(p, a)
size = p.shape[:2]
known = {
    "the photo": p,
    "in grey": np.repeat((p @ [0.2125, 0.7154, 0.0721])[..., None], 3, axis=-1).astype(np.float32),
    "recoloured": np.clip(match_colours(p, a), 0, 1),
    "half of each": (p + nst.resize(a, size)) / 2,
    "the painting": nst.resize(a, size),
    "another photo": nst.resize(nst.load_image("coffee", 128), size),
    "noise": np.random.default_rng(0).uniform(size=p.shape).astype(np.float32),
}
scores = {name: referee(x) for name, x in known.items()}
content, style = ({name: s[of] for name, s in scores.items()} for of in ("content", "style"))
assert content["the photo"] == 0
assert max(content["in grey"], content["recoloured"]) < 0.15 < content["half of each"]
assert all(abs(content[name] - 1) < 0.2 for name in ("the painting", "another photo", "noise"))
assert style["the painting"] < style["recoloured"] < style["the photo"]
labels = [f"{name}\n{content[name]:.2f}, {style[name]:.2f}" for name in known]
show.pictures(dict(zip(labels, known.values(), strict=True)), width=80, quality=50)

# %% [markdown]
# **What to see.** Above each picture its distances, content and style. In grey and in the painting's colours the photo
# is still the photo, near 0 in content; another photo, the painting and noise are near 1. The style distance asks for
# colours and texture, so that colours alone are some of it. The blend keeps more of the photo than nearly all
# pictures below, and is a poor one: a referee of two numbers sees only what it measures. Look at the sheets, too. An earlier version
# of this referee compared features in colours; it put the photo in grey at 0.5 and noise at 0.8, with everything that
# was ever painted between, so that most differences in content were differences in colour.
#
# ## 2. A grid of runs
#
# `nst.grid` runs a function for every combination of the lists it is given. Each run has a folder, named by a hash of
# its settings and of the bytes of its pictures and network: what is done is not done again, and a grid that was killed
# resumes. Here a small one, made now: two poolings, started from noise with different seeds.

# %%
axes = studies.BASE | {"size": SIZE, "steps": STEPS, "pool": ["avg", "max"], "seed": SEEDS}
pictures = {"content": studies.PHOTO, "style": studies.PAINTINGS[0]}
runs = nst.grid(nst.stylize, folder=RUNS, **pictures, **axes)
again = nst.grid(nst.stylize, folder=RUNS, **pictures, **axes)  # at once: all is done
assert again.table().equals(runs.table())
runs.table().drop(columns="run").round(3)

# %%
runs.sheet("pool", "seed", width=84)

# %% [markdown]
# **What to see.** A row of the table for each run, a picture for each. The seeds of one pooling differ in detail and
# look alike; how much they differ in numbers is the *chance* that every comparison below is measured against.
#
# A grid survives being killed: run it as a script, press Ctrl-C or pull the plug, and start it again. With
# `executor=` it runs elsewhere: any executor in the manner of `concurrent.futures` will do, such as Dask's
# `client.get_executor()` or submitit's `AutoExecutor` on a Slurm cluster. `evaluations=` or `seconds=` limit what one
# call may spend.
#
# ## 3. Eight studies
#
# One factor at a time around a base: 128 pixels, 150 evaluations of the objective, start from noise, average pooling,
# two paintings, three seeds. Every level has the same evaluations: a step of one optimiser may cost more than one of
# another. $\alpha$ and $\beta$ are the same, too; where a level pulls harder towards the style, it has less of the photo,
# so read both distances together. What follows is read from the tables of the full run. `studies.study(name, folder)`
# makes them again.


# %%
def measures(name):
    """Content and style distance of each level, as far as measured: all runs as dots, their mean as a bar."""
    table, factor = studies.table(name), next(iter(studies.STUDIES[name]))
    measured = [of for of in ("content_distance", "style_distance") if of in table]
    _, axes = plt.subplots(1, len(measured), figsize=(7, 2.3), layout="constrained", sharey=True, squeeze=False)
    for ax, of in zip(axes[0], measured, strict=True):
        for i, (_, level) in enumerate(table.groupby(factor, sort=False)):
            for marker, (_, runs) in zip("os", level.groupby("style", sort=False), strict=False):
                ax.scatter(runs[of], [i] * len(runs), s=18, marker=marker, alpha=0.6, color=f"C{i}")
            ax.barh(i, level[of].mean(), color=f"C{i}", alpha=0.25)
        ax.set(xlabel=of.replace("_", " "), yticks=range(i + 1), yticklabels=map(str, table[factor].unique()))
        ax.spines[["top", "right"]].set_visible(False)
    axes[0, 0].invert_yaxis()
    for of in measured:
        print(nst.conclusion(table, factor, of))


# %% [markdown]
# Dots are single runs, circles for the vortex painting and squares for the mosaic; the bar is their mean. The sentences
# are computed from the table. Runs of the best and the worst level are paired that share painting and seed, and the
# difference counts if the 95 % interval of its mean excludes 0, as in notebook 08:
#
# $$\bar d \pm t\, s / \sqrt n,$$
#
# where $s$ is what the $n$ differences of one painting differ by. Of five levels the best and the worst are one of ten
# comparisons, and among ten chance alone makes a large one; so $t$ leaves out 5 % / 10, not 5 %.
#
# ### Layers for the content

# %%
measures("content-layer")

# %%
studies.sheet("content-layer")

# %% [markdown]
# **What to see.** From left to right the photo lets go: at conv2_2 edges and the dark helmet stay where they were and
# the painting is laid over them; at conv5_1 places remain and shapes have become the painting's. The referee agrees, as
# the next cell asserts: content distance rises with depth. What is gained in style is small beside that.

# %%
means = (
    studies.table("content-layer").groupby("content_layers", sort=False)[["content_distance", "style_distance"]].mean()
)
assert means.content_distance.is_monotonic_increasing
assert np.ptp(means.content_distance) > 3 * np.ptp(means.style_distance)
means.round(2)

# %% [markdown]
#
# ### Layers for the style, one alone

# %%
measures("style-layer")

# %%
studies.sheet("style-layer")

# %% [markdown]
# **What to see.** The style is a different thing at each depth: grain at conv1_1, the palette and short strokes at
# conv2_1 and conv3_1, large forms in wrong colours at conv4_1 and conv5_1, which do not see the palette. No layer alone comes near
# the distance of all five below.
#
# ### Layers for the style, cumulative

# %%
measures("style-layers")

# %%
studies.sheet("style-layers")

# %% [markdown]
# **What to see.** Each further layer adds larger structures, swirls or rows of tiles, and lowers the style distance, by
# less each time. The content pays for it from the third layer on.
#
# ### Pooling

# %%
measures("pooling")

# %%
studies.sheet("pooling")

# %% [markdown]
# **What to see.** From noise at one scale, average pooling gives clean strokes; with maximum pooling noise is left in
# the picture, and the style distance is half as large again. The referee's own networks pool by averages, which may favour
# them; the eye sees the same here.
#
# ### Normalisation of the network

# %%
measures("normalisation")

# %%
studies.sheet("normalisation")

# %% [markdown]
# **What to see.** Next to nothing, to the eye. The bundled network was distilled with features of similar scale, so
# normalising it changes α/β little: a different network may respond differently, and the table says how small the
# difference is beside those of the other studies.
#
# ### Optimiser, at equal evaluations

# %%
measures("optimiser")

# %%
studies.sheet("optimiser")

# %% [markdown]
# **What to see.** `adam` alone is the package's default for it: a rate of 0.02, and a picture that is an average of about
# a hundred iterates, so that after 150 evaluations the noise of the start is in it. Against that, L-BFGS looks like a
# triumph. It is a comparison with an untuned opponent, which notebook 05 forbids: the other columns are Adam with its
# last iterate, by its rate. The next cell compares L-BFGS with the rate that has the lowest loss on average. For one
# optimiser against another the loss is a fair measure, since the objective is the same. This is a statement about 150
# evaluations from noise.

# %%
table = studies.table("optimiser")
losses = table.groupby("optimizer", sort=False)["loss"].mean()
best = losses.drop(["lbfgs", "adam"]).idxmin()
assert best == studies.TUNED and losses[best] < losses["adam"]
print(losses.round(2).to_string())
two = table[table.optimizer.isin(["lbfgs", best])]
for of in ("loss", "content_distance", "style_distance"):
    print(nst.conclusion(two, "optimizer", of))

# %% [markdown]
# A rate of 0.2 and more is no better: the loss is that of the last iterate, and at such rates single runs have just been
# thrown far off when they end. Averaging the iterates is a remedy for that.
#
# ### Start

# %%
measures("start")

# %%
studies.sheet("start")

# %% [markdown]
# **What to see.** From the photo, the content is kept best; from the painting, the style; noise leaves some
# grain. The objective is the same in all three: they are different minima, or different distances from one. From photo
# or painting a seed has no effect, so that three runs are one: two paintings are two pairs, and two pairs show little.
#
# ## 4. Which factor matters most?
#
# A grid of several factors at once shows how much of the variance each explains. With $y_f$ the mean over the runs of
# one level and $\bar y$ that over all,
#
# $$\eta^2 = \frac{\sum_f n_f\,(y_f - \bar y)^2}{\sum (y - \bar y)^2}.$$

# %%
together = studies.table("together")
factors = ["style", *studies.STUDIES["together"], "seed"]
ranked = {of: nst.effects(together, factors, of) for of in ("content_distance", "style_distance")}
_, axes = plt.subplots(1, 2, figsize=(7, 2.3), layout="constrained")
for ax, (of, table) in zip(axes, ranked.items(), strict=True):
    ax.barh(table.factor, table.share)
    ax.set(xlabel="share of the variance, η²", title=of.replace("_", " "), xlim=(0, 1))
    ax.spines[["top", "right"]].set_visible(False)
    ax.invert_yaxis()
    assert table.share.sum() <= 1 + 1e-9
    print(ranking(table, of))

# %% [markdown]
# **What to see.** The sentences say "most" of a factor that explains more than half. The optimiser takes part with
# Adam's tuned rate: with the untuned one it headed the list, by a choice of ours. The shares do not add up to 1: what is
# left is the interplay of the factors and chance, which exercise 2 takes apart.
#
# ## Misconceptions
#
# *"The run with the lower loss is the better one."* Losses of different objectives are different quantities. In the
# study of style layers the loss and the referee do not even agree on the order:

# %%
table = studies.table("style-layer")
means = table.groupby("style_layers", sort=False)[["loss", "style_distance"]].mean()
order = {of: list(means[of].sort_values().index) for of in means}
assert order["loss"] != order["style_distance"]
means.round(3)

# %% [markdown]
# *"Three seeds are a formality."* They are the measure of chance. Without them the smallest difference above could not
# be told from none.
#
# *"What holds here holds for VGG-19."* These runs are of the bundled network, a compressed VGG-19, at 128 pixels, on
# one photo and two paintings. With `vgg19` in the cache, `studies.study(name, folder, network="vgg19", size=512)` asks
# again.
#
# ## Summary
#
# - A referee that nothing has optimised makes runs comparable; it is tested before it is believed, and it sees only
#   what it measures.
# - Seeds tell chance from effect; equal evaluations and tuned opponents make the comparison fair.
# - Conclusions are computed from the table, and the pictures are looked at.
#
# ## Exercises
#
# 1. *Easy.* Add a painting to the small grid of section 2. Does pooling still matter, by `nst.conclusion`?
# 2. *Medium.* `nst.effects` gives shares that sum to less than 1. What is in the rest? Compute the share of the
#    interplay of two factors: group the table by both, and take off the shares of each.
# 3. *Hard.* Is the referee's opinion yours? Show ten pairs of pictures to a few people without telling which is which,
#    and compare their choices with the distances: in how many pairs do they agree?
# 4. *Research.* Which weights $w_l$ of the five style layers minimise the style distance at a given content distance?
#    The grid with `style_layers=[{"conv1_1": 0.5, …}, …]` is the tool; a budget in evaluations makes it honest.
#
# <details><summary>Notes for teachers (reveal)</summary>
#
# 1. `pictures | {"style": [nst.picture("vortex"), nst.picture("woodcut")]}`; `nst.conclusion(runs.table(), "pool",
#    "style_distance")`. The blocks are the paintings, so that their difference does not count as chance.
# 2. Interplay and chance. For factors A and B: η²(A, B together) − η²(A) − η²(B); group by `["pool", "optimizer"]`.
# 3. Open. A binomial test tells whether agreement is better than a coin's.
# 4. Open. Expect deep layers to matter more for what people call style than for the distance, which weighs all layers
#    alike.
#
# </details>
#
# ## Quiz

# %%
quiz(*ABLATIONS)

# %% [markdown]
# <details><summary>Answers</summary>
#
# 1: because a run may please its own network and no other. 2: nothing yet. 3: yes, where a step is one evaluation.
#
# </details>
