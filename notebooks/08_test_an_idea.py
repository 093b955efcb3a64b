# %% [markdown]
# # 08 · Test an idea
#
# **Question.** I have an idea about this method. How do I find out whether it is true?
#
# **Cost.** 4 minutes or less on two CPU cores; no download. Reading and exercises: 45 minutes.
#
# > "For image synthesis we found that replacing the max-pooling operation by average pooling improves the gradient flow
# > and one obtains slightly more appealing results, which is why the images shown were generated with average pooling."
# >
# > Gatys, Ecker and Bethge, *A Neural Algorithm of Artistic Style*, [arXiv
# > 1508.06576](https://arxiv.org/abs/1508.06576), Methods
#
# "We found": how would one find that? This notebook tests a part of that sentence, from the plan to what may be written
# in the end, and leaves a form for a sentence of yours.

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
from functools import cache
from itertools import product
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from IPython.display import Markdown
from scipy.stats import t as student

import nst_jax as nst
from nst_jax import checks, course, show
from nst_jax.course.questions import TEST_AN_IDEA
from nst_jax.course.quiz import quiz
from nst_jax.progress import bar
from nst_jax.research.roughness import roughness as of_package
from nst_jax.transfer.normalisation import normalized_for

SIZE, STEPS, SHORT = course.size(fast=(64, 40, 20), full=(128, 300, 100))
NETWORK = "vgg19-slim"  # or "vgg19", the paper's, after `nst_jax fetch vgg19`

# %% [markdown]
# ## 1. One run, one number
#
# An idea can be tested once it says two things: what is *changed*, and what is *measured*. Here are one photo and one
# painting (put your own, as in notebook 07), a function that makes a picture with any setting changed, and a measure.
# The measure is the **roughness** of a picture, the mean absolute Laplacian: how far a pixel is from the mean of its four
# neighbours, times four,
#
# $$R(\vec x) = \frac{1}{n} \sum_{i,j} \left|\, x_{i+1,j} + x_{i-1,j} + x_{i,j+1} + x_{i,j-1} - 4\, x_{i,j} \,\right|.$$

# %%
PHOTO = nst.picture("coffee")  # or "holiday.jpg"
PAINTING = nst.picture("cutout")  # or "painting.jpg"


def roughness(x):
    """The mean absolute Laplacian of a picture [h, w, 3]."""
    beside = x[1:-1, 2:] + x[1:-1, :-2]
    return float(np.abs(x[2:, 1:-1] + x[:-2, 1:-1] + beside - 4 * x[1:-1, 1:-1]).mean())


claim = course.claims(PHOTO, PAINTING, shipped=("coffee", "cutout"))


# %%
@cache
def network(pool="avg"):
    """One network for all runs with this pooling, normalised once."""
    pair = nst.load_image(PHOTO, 320), nst.load_image(PAINTING, 320)
    return normalized_for(nst.load_network(NETWORK, pool=pool), *pair)


@cache
def paint(pool="avg", **settings):
    return nst.stylize(
        PHOTO, PAINTING, network=network(pool), normalize=False, **settings
    )


# %%
base = {"init": "noise", "size": SIZE, "steps": STEPS}
first = paint(seed=0, **base).image
a = nst.load_image(PAINTING, SIZE)
relative = roughness(first) / roughness(a)
np.testing.assert_allclose(relative, of_package(first, a), rtol=1e-5)
examples = {
    "flat": np.full_like(first, 0.5),
    "painting": a,
    "a run": first,
    "white noise": course.noise(first),
}
labels = {f"{name}\nR = {roughness(x):.3f}": x for name, x in examples.items()}
show.pictures(labels, width=140, quality=60)

# %% [markdown]
# **What to see.** A measure has to be looked at before it is believed: it is 0 for a flat picture, and large for white
# noise. A run from noise lies between, and so does the painting, which has edges. (The package has it too, relative to
# the painting's.) What this number is *not* is a
# judgement of beauty.
#
# One run gives one number, and a second run of the same setting from another noise gives another one. So before two
# settings are compared: how much do two runs of *one* setting differ?

# %%
SEEDS = (0, 1, 2)
same = [roughness(paint(seed=seed, **base).image) for seed in SEEDS]
spread = np.std(same, ddof=1)
print("one setting, three seeds:", ", ".join(f"{r:.4f}" for r in same))
print(f"mean {np.mean(same):.4f}, standard deviation {spread:.4f}")

# %% [markdown]
# This spread is the ruler for everything below: a difference of one run against one run that is no larger says nothing.
#
# ## 2. An ablation, worked through
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
    """Every value with every seed: a table of one row a run."""
    rows = []
    for value, seed in bar(list(product(values, seeds))):
        image = paint(**(settings | {factor: value, "seed": seed})).image
        row = {factor: str(value), "seed": seed}
        rows.append(row | {"measure": measure(image), "image": image})
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
pooling = ablate("pool", ("avg", "max"), SEEDS, roughness, **base)
pooling.groupby("pool", sort=False)["measure"].agg(["mean", "std", "count"]).round(4)


# %%
def middles(table, factor):
    """The middles of the pictures: a row for each value, a column for each seed."""
    rows = [[*group["image"]] for _, group in table.groupby(factor, sort=False)]
    h, w = rows[0][0].shape[:2]
    return [[x[h // 4 : 3 * h // 4, w // 4 : 3 * w // 4] for x in row] for row in rows]


seeds = [f"seed {seed}" for seed in SEEDS]
show.pictures(middles(pooling, "pool"), seeds, ["average", "maximum"], width=128)


# %%
def conclusion(table, factor, hypothesis):
    """What the numbers allow; hypothesis: the second value has the larger measure."""
    d = differences(table, factor)
    mean, half = interval(d)
    verdict = "supported" if mean > half else "refuted" if mean < -half else "undecided"
    singles = ", ".join(f"{x:.4f}" for x in d)
    return Markdown(
        f"**“{hypothesis}” is {verdict}** by {len(d)} seeds, at these settings: "
        f"the mean difference is {mean:.4f} ± {half:.4f} (95 %); "
        f"single differences: {singles}."
    )


said = "Average pooling gives smoother pictures than maximum pooling"
conclusion(pooling, "pool", said)

# %%
rougher = (differences(pooling, "pool") > 0).all()
claim(rougher, "with every seed the picture made with maxima is rougher")

# %% [markdown]
# **What to see.** The middles of the pictures, enlarged until single pixels can be seen. In the lower row more of them
# stand out from their neighbours. The sentence below the pictures was written by the cell, not by us: had the numbers
# come out otherwise, it would say so.
#
# ## 3. Is it the pooling?
#
# A supported hypothesis is the place to start doubting. *Something else may have changed with it.* Two suspicions, each
# with its own control:
#
# - **Total variation.** Its weight is the same in both arms, but the other terms need not be: if their gradients are
#   larger with maximum pooling, the same weight smooths less. *Control:* a hundredth of the weight in both arms.
# - **Unfinished runs.** They start from noise, which is as rough as can be. Maximum pooling may only be slower to clear
#   it away. *Control:* a third of the evaluations in both arms; if the gap shrinks as runs get longer, beware.

# %%
third = base | {"steps": base["steps"] // 3}
arms = {
    "as above": pooling,
    "tv / 100": ablate("pool", ("avg", "max"), SEEDS, roughness, tv=0.03, **base),
    "steps / 3": ablate("pool", ("avg", "max"), SEEDS, roughness, **third),
}
rows = []
for name, table in arms.items():
    mean, half = interval(differences(table, "pool"))
    avg = table[table["pool"] == "avg"]["measure"].mean()
    row = {"arm": name, "max − avg": mean, "± (95 %)": half}
    rows.append(row | {"relative to avg": f"{mean / avg:+.0%}"})
pd.DataFrame(rows).set_index("arm").round(4)

# %%
LOOKS = {"avg": (-0.1, "#1f6fb4", "o"), "max": (0.1, "#c8102e", "s")}
fig, ax = plt.subplots(figsize=(6, 2.6), layout="constrained")
for i, table in enumerate(arms.values()):
    for pool, (shift, colour, mark) in LOOKS.items():
        y = table[table["pool"] == pool]["measure"]
        label = pool if i == 0 else None
        ax.plot([i + shift] * len(y), y, mark, color=colour, alpha=0.5, label=label)
        bar_at, look = i + shift + 0.06, {"marker": "_", "capsize": 3}
        ax.errorbar(bar_at, y.mean(), y.std(), color=colour, **look)
own = roughness(a)
ax.axhline(own, color="grey", linestyle=":", label="the painting itself")
ax.set(xticks=range(3), xticklabels=list(arms), ylabel="roughness", ylim=(0, None))
ax.spines[["top", "right"]].set_visible(False)
ax.legend(frameon=False, ncols=3, loc="lower center", bbox_to_anchor=(0.5, 1.0))
show.drawing(fig)

# %% [markdown]
# **What to see.** Dots and squares are runs, bars are mean and standard deviation. Maximum pooling is rougher in every
# arm: the *sign* is safe. The *size* is not.
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
# ## 4. The form for yours
#
# Copy the table, the next three cells and the conclusion, fill in the table *before* you run, and change the choices at
# the top. As it stands it asks a question whose answer you can guess, so that you see it work.
#
# | | |
# |---|---|
# | **Hypothesis** | … (one sentence that can turn out false) |
# | **Why it might be so** | … |
# | **Factor, its two values** | … (a setting of `stylize`, such as tv, init, pool, style_layers; all else is equal) |
# | **Measure** | … (a function of the picture; not chosen after seeing the pictures) |
# | **Prediction** | … (which sign, and how large at least, to matter) |
# | **Seeds, budget** | … (three or more; the same number of evaluations for both) |
# | **Rule** | … (what would make you say: supported, refuted, undecided) |
# | **What else changes with it?** | … (each with its control) |

# %%
HYPOTHESIS = "A total variation of 1 gives rougher pictures than one of 10"
FACTOR, VALUES = "tv", (10.0, 1.0)  # the second is predicted to have the larger measure
CHANCE = SEEDS
SETTINGS = base | {"steps": SHORT}
MEASURE = roughness  # any function of a picture [h, w, 3]

mine = ablate(FACTOR, VALUES, CHANCE, MEASURE, **SETTINGS)
mine.groupby(FACTOR, sort=False)["measure"].agg(["mean", "std", "count"]).round(4)

# %%
rows = [f"{FACTOR} = {value}" for value in VALUES]
first_of_each = [row[:1] for row in middles(mine, FACTOR)]
show.pictures(first_of_each, [f"seed {CHANCE[0]}"], rows, width=128)

# %%
conclusion(mine, FACTOR, HYPOTHESIS)

# %% [markdown]
# **Conclusion.** … (the computed sentence; what was controlled; what was not; on which pictures, which size, which
# network it holds.) A result on one photo and one painting is a result *on one photo and one painting*: repeat it on
# others before you leave out that part of the sentence. For more than a dozen runs use `nst.grid`, which keeps each run
# in a folder, skips what is done, and gives a table.
#
# ## 5. Misconceptions
#
# **"All three seeds agree, so it is true."** Suppose that the factor does nothing: then each paired difference is chance,
# with either sign. How often do three of them agree? And **"the test found no difference, so there is none"**: suppose
# that the factor does something, on average as much as the differences scatter. How often is it found? Ten thousand
# imaginary experiments each.


# %%
def imagined(effect, seeds, count=10_000):
    """Shares of imaginary experiments: all signs agree; the interval excludes 0."""
    d = np.random.default_rng(0).normal(effect, 1.0, size=(count, seeds))
    half = student.ppf(0.975, seeds - 1) * d.std(axis=1, ddof=1) / np.sqrt(seeds)
    agree = (np.sign(d) == np.sign(d[:, :1])).all(axis=1)
    return agree.mean(), (np.abs(d.mean(axis=1)) > half).mean()


cases = {
    (effect, seeds): imagined(effect, seeds)
    for effect in (0, 1)
    for seeds in (3, 5, 10)
}
assert 0.23 < cases[0, 3][0] < 0.27
assert all(0.04 < cases[0, seeds][1] < 0.06 for seeds in (3, 5, 10))
assert cases[1, 3][1] < 0.25 < 0.75 < cases[1, 10][1]
imaginary = pd.DataFrame(cases, index=["all signs agree", "interval excludes 0"]).T
imaginary.rename_axis(["effect, in standard deviations", "seeds"]).map("{:.0%}".format)

# %% [markdown]
# **What to see.** Without any effect three signs agree in a quarter of all experiments, and the interval excludes 0 in one
# of twenty, which is what 95 % means. With an effect as large as the scatter, three seeds miss it in four of five
# experiments, and ten seeds find it in four of five. So "undecided" is an answer too, and the way out is more seeds, not another rule.
#
# ## Summary
#
# - An ablation is a plan: one factor, a measure and a rule chosen before, several seeds, and controls for what else has
#   changed. The conclusion is computed, and says where it holds.
# - Two runs of one setting differ. Their spread is the ruler; starts from the same noise make differences *paired*.
# - The interval of the mean difference decides: above 0, below, or undecided. It also says how large a difference could
#   have been missed.
# - A supported hypothesis is where doubting begins: what else has changed with the factor?
#
# ## Exercises
#
# `checks.progress()` shows what you have done so far, and `checks.report("your name")` makes a line of it for your
# teacher.
#
# **1. The paper's pooling (easy).** Write `average_pool(F)` for features [h, w, N]: the mean of each window of 2 × 2, odd
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
# **2. One cell of the form (medium).** Test: "A start from the photo keeps more of the photo than a start from noise,
# at the same α/β." The factor is `init`, its values are "content" and "noise". Choose the measure first. The content loss
# at the end is one candidate; it belongs to the run and not to the picture, so that `ablate` has to take it from
# `paint(…).losses["content"][-1]`. With `p = nst.load_image(PHOTO, SIZE)`, why is `nst.Referee(p, a)(x)["content"]` a
# better one for other hypotheses, such as one on content layers?
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
# **3. The average pooling of section 2, to the end (research-grade).** Does the gap in roughness survive at
# convergence, and does it come from the gradient or from the features? *Vary* the pooling; evaluations (100, 700
# and 5000); the weight of total variation, chosen in each arm so that it has the same share of the total loss at
# the end; five seeds or more; three pairs of pictures; if you can, the paper's network. *Measure* roughness and the
# referee's four scores. Separate the two explanations: write a network that pools by maximum forward but sends the
# gradient of the mean back (`jax.custom_vjp`), and one the other way round.
#
# <details><summary>What is known (teachers: reveal)</summary>
#
# At the settings of section 2 the sign is clear and the size depends on the budget, as the table of section 3 shows.
# What happens at convergence we have not measured. A gradient that is not that of the loss does not minimise the loss:
# in the mixed networks, report the true loss too. A null result is a result.
#
# </details>
#
# **4. Does the number see what people see? (research-grade).** Is `roughness` what people mean by "smooth"? Show twenty
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
quiz(*TEST_AN_IDEA)

# %% [markdown]
# <details><summary>Answers</summary>
#
# 1 b (nothing yet), 2 c (these runs cannot tell the two apart), 3 a (what else changed with it).
#
# </details>
