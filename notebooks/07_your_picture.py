# %% [markdown]
# # 07 · Your picture
#
# **Question.** How do I make a good picture of my own: which photo, which painting, which numbers, and how long will it
# take?
#
# **Cost.** 5 minutes or less on two CPU cores; no download. Reading and exercises: 45 minutes.
#
# > "Of course, image content and style cannot be completely disentangled. When synthesising an image that combines the
# > content of one image with the style of another, there usually does not exist an image that perfectly matches both
# > constraints at the same time."
# >
# > Gatys, Ecker and Bethge, *A Neural Algorithm of Artistic Style*, [arXiv
# > 1508.06576](https://arxiv.org/abs/1508.06576), main text

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

import nst_jax as nst
from nst_jax import checks, course, show
from nst_jax.course.questions import YOUR_PICTURE
from nst_jax.course.quiz import quiz
from nst_jax.images.bundled import STYLES
from nst_jax.networks.geometry import STYLE_LAYERS
from nst_jax.progress import bar
from nst_jax.research.roughness import roughness
from nst_jax.transfer.estimate import estimate
from nst_jax.transfer.job import prepare
from nst_jax.transfer.normalisation import normalized_for
from nst_jax.transfer.run_folder import RunFolder

SIZE, STEPS = course.size(fast=(64, 400), full=(320, 75))  # longest side; evaluations
SMALL, FEW = course.size(fast=(64, 20), full=(192, 75))  # of the runs from section 4 on
NETWORK = "vgg19-slim"  # or "vgg19", the paper's, after `nst_jax fetch vgg19`

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
p, a = nst.load_image(PHOTO, SIZE), nst.load_image(PAINTING, SIZE)
claim = course.claims(PHOTO, PAINTING, shipped=("coffee", "cutout"))
show.pictures({"photo p": p, "painting a": a}, width=160)

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
settings = {"network": NETWORK, "size": SIZE, "steps": STEPS}
result = nst.stylize(PHOTO, PAINTING, **settings, progress=True)
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
# `FOLDER` holds checkpoints and a manifest, which records everything that made the picture. To see whether it keeps its
# promise, the next cell starts the first command, kills it without warning as soon as there is a checkpoint, and then
# does what the second command does.

# %%
folder = Path(tempfile.mkdtemp())
command = [sys.executable, "-m", "nst_jax", "stylize", PHOTO, PAINTING]
command += ["--run", folder, "--network", NETWORK, "--size", str(SIZE)]
command += ["--steps", str(STEPS), "--checkpoint-every", "0.3"]
run = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
while run.poll() is None and not (folder / "checkpoint.npz").exists():
    time.sleep(0.02)
run.kill()
run.wait()
kept = RunFolder(folder)
print("after the kill: ", kept.manifest["stopped"] or "finished")
resumed = kept.follow(kept.reopen())
end = resumed.stopped or "finished"
print("after resuming: ", end, "after", resumed.evaluations, "evaluations")

# %%
same = np.array_equal(resumed.image, result.image)
print("the same picture as that of the run left alone, bit for bit:", same)
assert same or jax.default_backend() != "cpu"  # a GPU may choose other kernels
manifest = kept.manifest
for name, file in manifest["inputs"].items():
    print(f"{name:8} sha256 {file['sha256'][:16]}…")
versions = manifest["environment"]["versions"]
print(", ".join(f"{package} {version}" for package, version in versions.items()))

# %% [markdown]
# **What to see.** The run that was killed and the one that was left alone end in the same picture, to the last bit. The
# manifest names the pictures and the network by hashes of their content, so that a file that was renamed is recognised,
# and one that was changed is not mistaken for the old one.
#
# ## 4. What makes a good pair?
#
# Two photos, three paintings, 192 pixels. `paint` remembers what it has made: the same call is not computed twice.

# %%
# One network for all runs below, normalised once; `stylize` would do it for every pair.
vgg = normalized_for(nst.load_network(NETWORK), p, a)


@cache
def paint(photo, painting, **settings):
    small = {"size": SMALL, "steps": FEW, "network": vgg, "normalize": False}
    return nst.stylize(photo, painting, **(small | settings))


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
    "steps": (FEW // 7, FEW, 4 * FEW),
    "size": (SMALL // 2, SMALL, 5 * SMALL // 3),
}
default = {"beta": 50.0, "tv": 3.0, "steps": FEW, "size": SMALL}
todo = [(name, value) for name, values in knobs.items() for value in values]
made = {
    (name, value): paint(PHOTO, PAINTING, **(default | {name: value}))
    for name, value in bar(todo)
}
rows = [[made[name, value].image for value in values] for name, values in knobs.items()]
values_of = {name: ", ".join(f"{value:g}" for value in knobs[name]) for name in knobs}
labels = [f"{name}\n{values}" for name, values in values_of.items()]
show.pictures(rows, rows=labels, width=136)


# %%
runs = [[made[name, value] for value in values] for name, values in knobs.items()]
first, last = ([row[i] for row in runs] for i in (0, -1))
less, more = (row[0].losses["content"][-1] for row in (first, last))
claim(more > less, "more beta leads further from the photo")
rough = [roughness(run[1].image, a) for run in (first, last)]
claim(rough[1] < rough[0], "more tv makes a smoother picture")
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
style = np.array([run.losses["style"][-1] for run in swept]) / betas
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
def distance(G, A):
    norm = np.linalg.norm
    return np.mean([norm(G[l] - A[l]) / norm(A[l]) for l in STYLE_LAYERS])


raw, shape = nst.load_network(NETWORK), six[0].shape[:2]  # not normalised over any pair
theirs = [course.grams(raw, nst.resize(nst.load_image(path), shape)) for path in paths]
ours = [course.grams(raw, x) for x in six]
D = np.array([[distance(G, A) for A in theirs] for G in ours])
on_diagonal = (D.argmin(axis=1) == np.arange(6)).all()
claim(on_diagonal, "each result is nearest to its own painting")
labels = [f"result, {name}" for name in STYLES]
pd.DataFrame(D.round(2), index=labels, columns=list(STYLES))

# %% [markdown]
# **What to see.** The smallest number of each row stands on the diagonal, and is less than a third of the next. The
# same network, with the same weights, served all six.
#
# ## Summary
#
# - A good pair has a large subject with clear edges, and a painting whose texture covers all of it.
# - α/β trades content for style, up to a point; size decides how large the strokes are; time grows with pixels times
#   evaluations, and can be estimated before.
# - A run in a folder survives a kill, and its manifest says what made the picture.
# - This method needs no training for a new painting, but an optimisation for each picture; fast networks are the other
#   way round.
#
# ## Exercises
#
# `checks.progress()` shows what you have done so far, and `checks.report("your name")` makes a line of it for your
# teacher.
#
# **1. As large as time allows (easy).** A run at `size` pixels took `seconds`; you have `budget` seconds for the same
# pair, with as many evaluations. Write `affordable_size(size, seconds, budget)`: the longest side, in whole pixels, that
# is surely done in time. The attempt below has the wrong idea of how time grows.


# %%
def affordable_size(size, seconds, budget):
    return int(size * budget / seconds)  # change this until the check is happy


checks.affordable_size(affordable_size)

# %%
checks.hint("affordable_size", 1)  # 2 and 3 say more

# %% [markdown]
# <details><summary>Solution (teachers: reveal)</summary>
#
# Run `checks.solution("affordable_size")`. Pixels, and with them time, grow with the square of the side, so the side
# grows with the root of the time. Round down: one pixel more would take longer than there is. The rule leaves out what
# does not grow, reading and compiling; at small sizes the run at the new one is therefore done earlier than told.
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
# **3. Mix the pictures, or the losses? (medium).** The quotation at the top says that no picture matches both
# constraints. Make the knob's two ends, `beta=1` and `beta=1000`, for three pairs, and a third picture as the mean of the
# two, pixel by pixel. Where do its content loss and its style loss lie, beside those of a run with β in between? Measure
# all of them by one objective, as in section 1 of notebook 04: `objective.breakdown(x)`. Why does mixing pictures not do
# what mixing losses does?
#
# <details><summary>What to expect (teachers: reveal)</summary>
#
# At 192 pixels, at α = β = 1, of the pictures as they are shown (`losses` are those before the picture is clipped, and
# lower), coffee and cutout: β = 1 content 0.84 and style 1.20, β = 50 2.9 and 0.15, β = 1000 5.4 and 0.10. The mean of
# the two ends has content 2.9, that of β = 50, and style 1.34: nine times as much as the run with the same content, and
# more than either end, as in two other pairs (rocket and mosaic, chelsea and vortex). Mixing pixels lays a pale copy of the strokes over the photo: each is half as strong, and style loss compares squares
# and products of features. The run in between has whole strokes where they cost little content.
#
# </details>
#
# **4. Which pairs go well? (research-grade).** Section 4 has rules of thumb. Make them a number: for twenty pairs,
# measure something of photo and painting *before* the run (the share of the photo without edges; the distance of the
# painting's four quarters from each other in Gram matrices, as in notebook 03), and let ten people say which results they
# would hang up, without telling them how they were made. Does one of your numbers predict the answers for pairs that it
# was not chosen on?
#
# <details><summary>What is known (teachers: reveal)</summary>
#
# We have not measured it. Choose the numbers on ten pairs and judge them on the other ten: a number that was chosen among
# many on the pairs that it predicts will always look good. Notebook 08 is about such plans.
#
# </details>
#
# ## Quiz

# %%
quiz(*YOUR_PICTURE)

# %% [markdown]
# <details><summary>Answers</summary>
#
# 1 b (crop the painting, or make the result smaller), 2 c (16 times as many pixels), 3 b (more evaluations), 4 a
# (earlier, in training).
#
# </details>
