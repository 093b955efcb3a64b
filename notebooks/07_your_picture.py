# %% [markdown]
# # 06 · Your own
#
# **Question.** How do I make a good picture of my own, and how do I find out whether an idea of mine is true?
#
# **Cost.** 7 minutes or less on two CPU cores; no download. Reading and exercises: 60 minutes.
#
# > "For image synthesis we found that replacing the max-pooling operation by average pooling improves the gradient flow
# > and one obtains slightly more appealing results, which is why the images shown were generated with average pooling."
# >
# > Gatys, Ecker and Bethge, *A Neural Algorithm of Artistic Style*, [arXiv
# > 1508.06576](https://arxiv.org/abs/1508.06576), Methods
#
# "We found": how would one find that? The first half of this notebook makes pictures, the second half tests a sentence
# like this one, and leaves a form for a sentence of yours.

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
import subprocess
import sys
import tempfile
import time
from functools import cache
from itertools import product
from pathlib import Path

import jax
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from IPython.display import Markdown
from scipy.stats import t as student

import nst_jax as nst
from nst_jax import checks, show
from nst_jax.course.questions import YOUR_OWN
from nst_jax.course.quiz import quiz
from nst_jax.images.bundled import STYLES
from nst_jax.networks.geometry import STYLE_LAYERS
from nst_jax.progress import bar
from nst_jax.transfer.estimate import estimate
from nst_jax.transfer.job import prepare
from nst_jax.transfer.normalisation import normalized_for
from nst_jax.transfer.run_folder import RunFolder

FAST = os.environ.get("NST_MODE") == "fast"  # small and quick, as the tests run it
NETWORK = "vgg19-slim"  # ours; "vgg19" is the paper's, after `python -m nst_jax fetch vgg19`

# %% [markdown]
# ## 1. Your pictures
#
# Put the path of a photo and of a painting instead of the names; on a hosted service, upload them first (the
# folder icon at the left). Any JPEG, PNG, WebP, TIFF or GIF file will do: it is turned upright, its colour profile is
# applied, and transparent parts become white. Then run the notebook: all of it runs on your pair. What the text says was
# seen on the two pictures named here; on others a claim may turn out otherwise, and the notebook says so.

# %%
PHOTO = nst.picture("coffee")  # or "holiday.jpg"
PAINTING = nst.picture("cutout")  # or "painting.jpg"
SIZE, STEPS = (64, 400) if FAST else (320, 75)  # longest side in pixels; evaluations at each scale

p, a = nst.load_image(PHOTO, SIZE), nst.load_image(PAINTING, SIZE)
show.pictures({"photo p": p, "painting a": a}, width=160)


def claim(holds, text):
    """Check what the text says; on pictures of your own it is a question, and this prints the answer."""
    shipped = {"coffee", "cutout"} == {Path(PHOTO).stem, Path(PAINTING).stem}
    assert holds or not shipped, text
    if not shipped:
        print(f"{'as with our pair' if holds else 'not with this pair'}: {text}")


# %% [markdown]
# ## 2. What will it take?
#
# Time grows with the number of pixels times the number of evaluations: twice the size is four times the time.
# `estimate` makes six evaluations and scales them up, so that you know before you wait. `prepare` checks pictures and
# settings.

# %%
job = prepare(PHOTO, PAINTING, network=NETWORK, size=SIZE, steps=STEPS)
told = estimate(job)
print(f"scales of {job.sizes} pixels, {sum(job.steps)} evaluations")
print(f"to come: about {told.seconds:.0f} s and {told.bytes / 1e9:.1f} GB of memory")

# %%
result = nst.stylize(PHOTO, PAINTING, network=NETWORK, size=SIZE, steps=STEPS, progress=True)
print(f"it took {result.seconds:.0f} s")
show.pictures({"x": result.image}, width=288)

# %% [markdown]
# **What to see.** The cup, the spoon and the rim of the saucer are where they were; table and saucer are made of leaves
# and patches of flat colour, as the painting is. Where the photo has an edge, the leaves follow it; elsewhere they lie
# freely.
#
# ## 3. Keep it, and resume after a power cut
#
# A run in the notebook is kept by `result.save(folder)`. A long run belongs on the command line, in its own
# folder:
#
# ```sh
# python -m nst_jax stylize PHOTO PAINTING --size 1024 --run FOLDER
# python -m nst_jax resume FOLDER
# ```
#
# `FOLDER` holds checkpoints and a manifest, which records everything that made the picture. To see whether it keeps its promise,
# the next cell starts the first command, kills it without warning as soon as there is a checkpoint, and then does what
# the second command does.

# %%
folder = Path(tempfile.mkdtemp())
command = [sys.executable, "-m", "nst_jax", "stylize", PHOTO, PAINTING, "--run", folder, "--network", NETWORK]
command += ["--size", str(SIZE), "--steps", str(STEPS), "--checkpoint-every", "0.3"]
run = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
while run.poll() is None and not (folder / "checkpoint.npz").exists():
    time.sleep(0.02)
run.kill()
run.wait()
kept = RunFolder(folder)
print("after the kill: ", kept.manifest["stopped"] or "finished")
resumed = kept.follow(kept.reopen())
print("after resuming: ", resumed.stopped or "finished", "after", resumed.evaluations, "evaluations")

# %%
same = np.array_equal(resumed.image, result.image)
print("the same picture as that of the run left alone, bit for bit:", same)
assert same or jax.default_backend() != "cpu"  # a GPU's libraries may choose other kernels each time
manifest = kept.manifest
for name, file in manifest["inputs"].items():
    print(f"{name:8} sha256 {file['sha256'][:16]}…")
print(", ".join(f"{package} {version}" for package, version in manifest["environment"]["versions"].items()))

# %% [markdown]
# **What to see.** The run that was killed and the one that was left alone end in the same picture, to the last bit. The
# manifest names the pictures and the network by hashes of their content, so that a file that was renamed is recognised,
# and one that was changed is not mistaken for the old one.
#
# ## 4. What makes a good pair?
#
# Two photos, three paintings, 192 pixels. `paint` remembers what it has made: the same call is not computed twice.

# %%
SMALL, FEW = (64, 20) if FAST else (192, 75)


@cache
def network(pool="avg"):
    """One network for all runs below, normalised once; `stylize` alone would do it again for every pair."""
    return normalized_for(nst.load_network(NETWORK, pool=pool), p, a)


@cache
def paint(photo, painting, pool="avg", **settings):
    settings = {"size": SMALL, "steps": FEW, "network": network(pool), "normalize": False} | settings
    return nst.stylize(photo, painting, **settings)


# %%
photos = [PHOTO, nst.picture("rocket")]
paintings = [PAINTING, nst.picture("mosaic"), nst.picture("hatching")]
rows = [[nst.load_image(photo, SMALL)] for photo in photos]
for i, painting in bar(list(product(range(2), paintings))):
    rows[i].append(paint(photos[i], painting).image)
show.pictures(rows, ["photo", *(Path(path).stem for path in paintings)], width=112)

# %% [markdown]
# **What to see.** The cup has large shapes with clear edges, and stands up to all three paintings. In the second photo
# the rocket itself survives, the largest bright shape there is; the thin masts are half lost, and the empty sky, where
# the content loss has little to hold on to, is filled with things that nobody photographed.
#
# - **Photo:** one subject, large in the picture, with clear edges against what is behind it. Empty parts are filled.
# - **Painting:** a texture that covers all of it. What is there only once (a face, a horizon) has no place in
#   statistics over all positions, and comes back as a patch anywhere.
# - **Strokes and size:** both pictures are brought to the same longest side. Crop the painting to make its strokes
#   larger in the result; make the picture larger to make them finer.
# - **Rights:** paintings and photos have owners. To publish a result, you need pictures that you are allowed to use.
#
# ## 5. What the numbers do
#
# One number is changed in each row, the others are at their defaults (the middle column).

# %%
knobs = {
    "beta": (1.0, 50.0, 1000.0),
    "tv": (0.1, 3.0, 1000.0),
    "steps": (5, FEW, 60) if FAST else (10, FEW, 300),
    "size": (SMALL, SMALL, 96) if FAST else (96, SMALL, 320),
}
default = {"beta": 50.0, "tv": 3.0, "steps": FEW, "size": SMALL}
todo = [(name, value) for name, values in knobs.items() for value in values]
made = {(name, value): paint(PHOTO, PAINTING, **(default | {name: value})) for name, value in bar(todo)}
rows = [[made[name, value].image for value in values] for name, values in knobs.items()]
labels = [f"{name}\n" + ", ".join(f"{value:g}" for value in values) for name, values in knobs.items()]
show.pictures(rows, rows=labels, width=136)


# %%
def roughness(x):
    """Mean absolute Laplacian: four times the distance of a pixel from the mean of its four neighbours."""
    neighbours = x[2:, 1:-1] + x[:-2, 1:-1] + x[1:-1, 2:] + x[1:-1, :-2]
    return float(np.abs(neighbours - 4 * x[1:-1, 1:-1]).mean())


first, _, last = ([made[name, values[i]] for name, values in knobs.items()] for i in range(3))
claim(last[0].losses["content"][-1] > first[0].losses["content"][-1], "more beta leads further from the photo")
claim(roughness(last[1].image) < roughness(first[1].image), "more tv makes a smoother picture")
claim(last[2].loss < first[2].loss, "more evaluations reach a smaller loss")

# %% [markdown]
# **What to see.** *beta* is the knob between photo and painting: at 1 the wood is still wood, at 1000 the saucer's rim
# breaks up. *tv* smooths: from 0.1 to 3 there is little to see at this size, at 1000 edges are soft. *steps*: after 10
# evaluations colours and edges have only begun to move; from 75 to 300 the change is smaller than from 10 to 75. *size*
# is often mistaken for a matter of sharpness alone: the network sees the same number of pixels around each point at
# every size, so that in a larger picture leaves are smaller relative to the cup, and there are more of them.
#
# ## 6. Two misconceptions
#
# ### "A higher style weight is always more style"
#
# Up to a point. Here is the style loss without its weight, $\sum_l w_l E_l$, and the content loss, for β from 1 to
# 100,000, after the same number of evaluations.

# %%
betas = (1.0, 10.0, 100.0, 1e3, 1e4, 1e5)
swept = [paint(PHOTO, PAINTING, **(default | {"beta": beta})) for beta in bar(betas)]
style = np.array([run.losses["style"][-1] / beta for run, beta in zip(swept, betas, strict=True)])
content = np.array([run.losses["content"][-1] for run in swept])
claim(style[2] < 0.3 * style[0], "from β = 1 to 100 most of the style loss goes")
claim(style[5] > 0.8 * style[3], "from β = 1,000 to 100,000 hardly any more goes")
fig, ax = plt.subplots(figsize=(6, 2.6), layout="constrained")
ax.loglog(betas, style / style[0], "o-", color="#c8102e", label="style loss, without β")
ax.loglog(betas, content / content[0], "s-", color="#1f6fb4", label="content loss")
ax.set(xlabel="β, at α = 1", ylabel="relative to β = 1")
ax.spines[["top", "right"]].set_visible(False)
ax.legend(frameon=False)
show.drawing(fig)

# %%
show.pictures({f"β = {betas[i]:g}": swept[i].image for i in (0, 3, 5)}, width=150)

# %% [markdown]
# **What to see.** From 1 to 1000 the style loss falls and the content loss rises: a trade. From there on the red curve
# is flat. With so large a β the loss *is* the style loss, but for a constant factor, and a factor does not move a
# minimum. Whatever style is still missing then, more weight cannot bring it; more evaluations, size or layers may.
#
# ### "Any style works without training in the fast networks"
#
# Two families of methods are mixed up here.
#
# - **This one** optimises the picture. The network was trained once, on photographs, and knew none of the paintings
#   below; for a new painting nothing is trained. The price is paid for each picture: a few hundred passes forward *and
#   back*.
# - **Fast, feed-forward networks** paint in a single pass forward. The first of them (Johnson, Alahi and Fei-Fei,
#   [arXiv 1603.08155](https://arxiv.org/abs/1603.08155); Ulyanov, Lebedev, Vedaldi and Lempitsky, [arXiv
#   1603.03417](https://arxiv.org/abs/1603.03417)) are trained for **one** style each, with losses like ours, on many
#   photos. Later ones hold a fixed set of styles (Dumoulin, Shlens and Kudlur, [arXiv
#   1610.07629](https://arxiv.org/abs/1610.07629)), or accept any painting (Huang and Belongie, [arXiv
#   1703.06868](https://arxiv.org/abs/1703.06868)), after training on many paintings. The training never disappears;
#   somebody else has done it.
#
# So here is the row that the first fast networks would need six trainings for: one network, one photo, six paintings.

# %%
paths = [nst.picture(name) for name in STYLES]
six = [paint(PHOTO, path).image for path in bar(paths)]
show.pictures(dict(zip(STYLES, six, strict=True)), width=104)

# %% [markdown]
# Is each of them really in the style of *its* painting? Let the network compare each result with each painting: the
# mean over the style layers of $\lVert G/M - A/M_a \rVert / \lVert A/M_a \rVert$, which is 0 where all Gram matrices
# agree.


# %%
@jax.jit
def grams(vgg, x):
    return {l: nst.gram(F) / (F.shape[0] * F.shape[1]) for l, F in vgg(x, STYLE_LAYERS).items()}


def distance(G, A):
    return np.mean([np.linalg.norm(G[l] - A[l]) / np.linalg.norm(A[l]) for l in STYLE_LAYERS])


vgg, shape = nst.load_network(NETWORK), six[0].shape[:2]
A = [grams(vgg, nst.resize(nst.load_image(path), shape)) for path in paths]
D = np.array([[distance(grams(vgg, x), A_a) for A_a in A] for x in six])
claim((D.argmin(axis=1) == np.arange(6)).all(), "each result is nearest to its own painting")
pd.DataFrame(D.round(2), index=[f"result, {name}" for name in STYLES], columns=list(STYLES))

# %% [markdown]
# **What to see.** The smallest number of each row stands on the diagonal, and is less than a third of the next. The
# same network, with the same weights, served all six.
#
# ## 7. An ablation, worked through
#
# An *ablation* changes one thing, keeps all others, and measures. It is worth what its plan is worth, and the plan is
# made before the run. Here it is for the sentence at the top of this notebook.
#
# | | |
# |---|---|
# | **Hypothesis** | Average pooling gives smoother pictures than maximum pooling. |
# | **Why it might be so** | The gradient of a maximum goes to one position of four, that of a mean to all four alike. |
# | **Measure** | `roughness`, the mean absolute Laplacian, chosen before the run. |
# | **Prediction** | roughness(max) − roughness(avg) > 0. |
# | **Chance** | Three starts from noise (seeds). One seed is one noise for both, so that differences are *paired*. |
# | **Rule** | Supported if the 95 % interval of the mean difference is above 0, refuted if below, else undecided. |
#
# With $n$ paired differences $d_s$ of mean $\bar d$ and standard deviation $s_d$, the interval is
#
# $$\bar d \pm t_{0.975,\,n-1}\, \frac{s_d}{\sqrt n}.$$
#
# For $n = 3$ the factor $t$ is 4.30, more than twice the 1.96 that is often remembered: three runs are few.


# %%
def ablate(factor, values, seeds, measure, **settings):
    """Run every value with every seed: a table of one row a run, with the measure and the picture."""
    rows = []
    for value, seed in bar(list(product(values, seeds))):
        image = paint(PHOTO, PAINTING, seed=seed, **{factor: value}, **settings).image
        rows.append({factor: str(value), "seed": seed, "measure": measure(image), "image": image})
    return pd.DataFrame(rows)


def differences(table, factor):
    """Second value minus first, one number a seed."""
    wide = table.pivot(index="seed", columns=factor, values="measure")
    first, second = table[factor].unique()
    return (wide[second] - wide[first]).to_numpy()


def interval(d):
    """Mean, and half the width of its 95 % interval."""
    return d.mean(), student.ppf(0.975, len(d) - 1) * d.std(ddof=1) / np.sqrt(len(d))


# %%
SEEDS = (0, 1, 2)
common = {"init": "noise", "size": 64 if FAST else 128, "steps": 40 if FAST else 300}
pooling = ablate("pool", ("avg", "max"), SEEDS, roughness, **common)
pooling.groupby("pool", sort=False)["measure"].agg(["mean", "std", "count"]).round(4)


# %%
def middles(table, factor):
    """The middle of every picture, to be shown enlarged: a row for each value, a column for each seed."""
    rows = [[*group["image"]] for _, group in table.groupby(factor, sort=False)]
    h, w = rows[0][0].shape[:2]
    return [[x[h // 4 : 3 * h // 4, w // 4 : 3 * w // 4] for x in row] for row in rows]


show.pictures(middles(pooling, "pool"), [f"seed {seed}" for seed in SEEDS], ["average", "maximum"], width=128)


# %%
def conclusion(table, factor, hypothesis):
    """The sentence that the numbers allow; hypothesis: that the second value has the larger measure."""
    d = differences(table, factor)
    mean, half = interval(d)
    verdict = "supported" if mean > half else "refuted" if mean < -half else "undecided"
    return Markdown(
        f"**“{hypothesis}” is {verdict}** by {len(d)} seeds, at these settings: the mean difference is "
        f"{mean:.4f} ± {half:.4f} (95 %); single differences: {', '.join(f'{x:.4f}' for x in d)}."
    )


conclusion(pooling, "pool", "Average pooling gives smoother pictures than maximum pooling")

# %%
claim((differences(pooling, "pool") > 0).all(), "with every seed the picture made with maxima is rougher")

# %% [markdown]
# **What to see.** The middles of the pictures, enlarged until single pixels can be seen. In the lower row more of them
# stand out from their neighbours. The sentence below the pictures was written by the cell, not by us: had the numbers
# come out otherwise, it would say so.
#
# ### Is it the pooling?
#
# A supported hypothesis is the place to start doubting. *Something else may have changed with it.* Two suspicions, each
# with its own control:
#
# - **Total variation.** Its weight is the same in both arms, but the other terms need not be: if their gradients are
#   larger with maximum pooling, the same weight smooths less. *Control:* a hundredth of the weight in both arms.
# - **Unfinished runs.** They start from noise, which is as rough as can be. Maximum pooling may only be slower to clear
#   it away. *Control:* a third of the evaluations in both arms; if the gap shrinks as runs get longer, beware.

# %%
third = common | {"steps": common["steps"] // 3}
arms = {
    "as above": pooling,
    "tv / 100": ablate("pool", ("avg", "max"), SEEDS, roughness, tv=0.03, **common),
    "steps / 3": ablate("pool", ("avg", "max"), SEEDS, roughness, **third),
}
rows = []
for name, table in arms.items():
    mean, half = interval(differences(table, "pool"))
    avg = table[table["pool"] == "avg"]["measure"].mean()
    rows.append({"arm": name, "max − avg": mean, "± (95 %)": half, "relative to avg": f"{mean / avg:+.0%}"})
pd.DataFrame(rows).set_index("arm").round(4)

# %%
fig, ax = plt.subplots(figsize=(6, 2.6), layout="constrained")
for i, table in enumerate(arms.values()):
    for shift, pool, colour, mark in ((-0.1, "avg", "#1f6fb4", "o"), (0.1, "max", "#c8102e", "s")):
        y = table[table["pool"] == pool]["measure"]
        ax.plot([i + shift] * len(y), y, mark, color=colour, alpha=0.5, label=pool if i == 0 else None)
        ax.errorbar(i + shift + 0.06, y.mean(), y.std(), color=colour, marker="_", capsize=3)
own = roughness(nst.load_image(PAINTING, common["size"]))
ax.axhline(own, color="grey", linestyle=":", label="the painting itself")
ax.set(xticks=range(3), xticklabels=list(arms), ylabel="roughness", ylim=(0, None))
ax.spines[["top", "right"]].set_visible(False)
ax.legend(frameon=False, ncols=3, loc="lower center", bbox_to_anchor=(0.5, 1.0))
show.drawing(fig)

# %% [markdown]
# **What to see.** Dots are runs, bars are mean and standard deviation. Maximum pooling is rougher in every arm: the
# *sign* is safe. The *size* is not.
#
# - With a hundredth of the total variation the gap is about as large as before, so that the first suspicion does not
#   hold. But both arms are some three times as rough, and relative to that the gap is a tenth, and no longer more than
#   a third. A ratio alone would have said the opposite: state the numbers.
# - With a third of the evaluations the gap is nearly twice as large. It closes as the runs proceed, and the second
#   suspicion stands: some of it is only the time that maximum pooling needs to clear away the noise. What is left at
#   the end of all runs is not known from this.
# - The painting itself, at this size, lies *between* the two at the top settings. Smoother was what the hypothesis
#   said. It did not say better, and "slightly more appealing" is another hypothesis with another measure.
#
# So what may be written is: with 300 evaluations from noise at 128 pixels, this network and this pair, average pooling
# gave smoother pictures for all of three seeds; how much smoother depends on the budget.
#
# ## 8. The form for yours
#
# Copy the table, the next three cells and the conclusion, fill in the table *before* you run, and change the choices at
# the top. As it stands it asks a question whose answer you can guess, so that you see it work.
#
# | | |
# |---|---|
# | **Hypothesis** | … (one sentence that can turn out false) |
# | **Why it might be so** | … |
# | **Factor, its two values** | … (a setting of `stylize`, such as tv, init, pool, style_layers; all else is equal) |
# | **Measure** | … (a function of the picture, or of the run; not chosen after seeing the pictures) |
# | **Prediction** | … (which sign, and how large at least, to matter) |
# | **Seeds, budget** | … (three or more; the same number of evaluations for both) |
# | **Rule** | … (what would make you say: supported, refuted, undecided) |
# | **What else changes with it?** | … (each with its control) |

# %%
HYPOTHESIS = "A total variation of 1 gives rougher pictures than one of 10"
FACTOR, VALUES = "tv", (10.0, 1.0)  # the second is predicted to have the larger measure
CHANCE = (0, 1) if FAST else (0, 1, 2)  # seeds
SETTINGS = common | {"steps": 20 if FAST else 100}
MEASURE = roughness  # any function of a picture [h, w, 3]

mine = ablate(FACTOR, VALUES, CHANCE, MEASURE, **SETTINGS)
mine.groupby(FACTOR, sort=False)["measure"].agg(["mean", "std", "count"]).round(4)

# %%
rows = [f"{FACTOR} = {value}" for value in VALUES]
show.pictures([row[:1] for row in middles(mine, FACTOR)], [f"seed {CHANCE[0]}"], rows, width=128)

# %%
conclusion(mine, FACTOR, HYPOTHESIS)

# %% [markdown]
# **Conclusion.** … (the computed sentence; what was controlled; what was not; on which pictures, which size, which
# network it holds.) A result on one photo and one painting is a result *on one photo and one painting*: repeat it on
# others before you leave out that part of the sentence. For more than a dozen runs use `nst.grid`, which keeps each run
# in a folder, skips what is done, and gives a table.
#
# ## Summary
#
# - A good pair has a large subject with clear edges, and a painting whose texture covers all of it.
# - α/β trades content for style, up to a point; size decides how large the strokes are; time grows with pixels times
#   evaluations, and can be estimated before.
# - A run in a folder survives a kill, and its manifest says what made the picture.
# - This method needs no training for a new painting, but an optimisation for each picture; fast networks are the other
#   way round.
# - An ablation is a plan: one factor, a measure and a rule chosen before, several seeds, and controls for what else has
#   changed. The conclusion is computed, and says where it holds.
#
# ## Exercises
#
# **1. The two poolings (easy).** Write `average_pool(F)` for features [h, w, N]: the mean of each window of 2 × 2, odd
# edges dropped. The attempt below has the right shape and is wrong.


# %%
def my_pool(F):
    h, w, N = F.shape
    windows = F[: h // 2 * 2, : w // 2 * 2].reshape(2, h // 2, 2, w // 2, N)
    return windows.mean(axis=(0, 2))  # change this until the check is happy


checks.average_pool(my_pool)

# %%
checks.hint("average_pool", 1)  # 2 and 3 say more

# %% [markdown]
# <details><summary>Solution (teachers: reveal)</summary>
#
# Run `checks.solution("average_pool")`. In memory the faster index is the one further right: neighbours in a row are
# next to each other, so that the 2 has to stand *after* h // 2, and after w // 2. The gradient of this function with
# respect to F is 1/4 at every position; that of the maximum is 1 at one position of four and 0 at the others.
#
# </details>
#
# **2. Larger strokes (easy).** Cut the middle out of your painting, half as high and half as wide as all of it, and
# paint with it: `nst.stylize(PHOTO, part, …)` takes arrays too. Predict first: larger or smaller leaves? Does the style
# loss at the end say which of the two looks better?
#
# <details><summary>What to expect (teachers: reveal)</summary>
#
# Twice as large: part and whole are brought to the same longest side. (A part with fewer pixels than the result is not
# enlarged, and its strokes grow by less.) The two losses have different targets, so that they cannot be compared, let
# alone say which looks better.
#
# </details>
#
# **3. One cell of the form (medium).** Test: "A start from the photo keeps more of the photo than a start from noise,
# at the same α/β." Choose the measure first. The content loss at the end is one candidate; why is `nst.Referee(p,
# a)(x)["content"]` a better one for other hypotheses, such as one on content layers?
#
# <details><summary>What to expect (teachers: reveal)</summary>
#
# Supported in our runs (this pair, 128 pixels, 75 and 300 evaluations). Nothing is random in a start from the photo:
# three seeds of it are one run, made three times. All the spread comes from the noise; say so. Where the factor changes
# the loss itself (its layers, its weights, its network), the losses of the two arms are different quantities; the
# referee's networks have random weights, no run is optimised for them, and they measure both arms alike.
#
# </details>
#
# **4. The average pooling of section 7, to the end (research-grade).** Does the gap in roughness survive at
# convergence, and does it come from the gradient or from the features? *Vary* the pooling; evaluations (100 to 5000,
# tenfold apart); the weight of total variation, chosen in each arm so that it has the same share of the total loss at
# the end; five seeds or more; three pairs of pictures; if you can, the paper's network. *Measure* roughness and the
# referee's four scores. Separate the two explanations: write a network that pools by maximum forward but sends the
# gradient of the mean back (`jax.custom_vjp`), and one the other way round.
#
# <details><summary>What is known (teachers: reveal)</summary>
#
# At the settings of section 7 the sign is clear and the size depends on the budget, as its table shows. What happens at
# convergence we have not measured. A gradient that is not that of the loss does not minimise the loss: in the mixed
# networks, report the true loss too. A null result is a result.
#
# </details>
#
# **5. Does the number see what people see? (research-grade).** Is `roughness` what people mean by "smooth"? Show twenty
# pairs of pictures, in random order and without labels, to ten people, who choose the smoother one. State beforehand how
# often they must agree with the number for it to be believed, and give the interval of that frequency.
#
# <details><summary>What to watch for (teachers: reveal)</summary>
#
# Pairs of one photo are not independent, and neither are the answers of one person: resample persons and pairs, not
# answers. Pairs whose roughness hardly differs say little; choose them to cover the range. If people disagree among
# themselves, no number can agree with all of them: report how often two people agree as well.
#
# </details>
#
# ## Quiz

# %%
quiz(*YOUR_OWN)

# %% [markdown]
# <details><summary>Answers</summary>
#
# 1 b (crop the painting, or make the result smaller), 2 a (earlier, in training), 3 b (nothing yet), 4 c (these runs
# cannot tell the two apart).
#
# </details>
