"""The run: a Python loop over jitted chunks of evaluations, as a generator of frames."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, partial
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
import optax
from jax import Array, lax

from .errors import DivergedError, RunError, SettingError
from .optimizers import Optimizer
from .progress import bar

CHUNK = 64  # evaluations at most between two looks from Python


@dataclass(frozen=True)
class Frame:
    """A look at a running optimisation.

    image: float32 [h, w, 3], the picture that the optimiser would keep now, clipped to [0, 1]; loss: L_total of the
    iterate evaluated last, or accepted last by a line search, before it is clipped; losses: name → [rows], one row an
    update: "total", each term, the sums "content" and "style", "gradient_norm", and, counted from the start,
    "evaluations" of the objective with its gradient, "failures" of the line search to find a lower loss, and "seconds";
    stalled: the run ended early, since rounding is all that is left.
    """

    image: np.ndarray
    loss: float
    losses: dict[str, np.ndarray]
    evaluations: int
    seconds: float
    stalled: bool
    checkpoint: Callable[[], dict[str, np.ndarray]]  # what `optimize(resume=)` needs; call it before the next frame


class _Carry(NamedTuple):
    x: Array  # to be evaluated next
    state: Any  # of the optimiser
    picture: Array  # kept
    loss: Array  # of the picture kept
    evaluations: Array
    bad: Array  # the loss or its gradient is not finite
    stalled: Array


def optimize(
    objective,
    x0: np.ndarray,
    optimizer: Optimizer | optax.GradientTransformation,
    steps: int = 300,
    *,
    every: int | None = None,
    interval: float = 0.5,
    resume: dict[str, np.ndarray] | None = None,
    steer: Callable[[Any, int], Any] | None = None,
) -> Iterator[Frame]:
    """Minimise `objective` from the picture `x0` and yield frames: about one an `interval`, and the last.

    objective: a pytree with `breakdown(x)` → dict of scalars whose sum is L_total, and their `names`; x0: [h, w, 3];
    optimizer: one of this package's, or any Optax transformation (it is told value, grad and value_fn);
    steps: evaluations to spend; one that searches along a line by itself may overrun by its last search;
    every: yield a frame also at each multiple of so many evaluations; interval: in seconds, infinite for those alone;
    resume: a frame's `checkpoint()`, from a run of the same objective and optimiser, with its picture's shape;
    steer: asked before each chunk of evaluations, with `objective` and the evaluations spent, for the objective to use
    in it: other weights or targets (leaves) compile nothing. L-BFGS, which compares losses, is not to be steered.
    However the frames fall, the numbers are the same bit for bit, unless the run is steered.
    Raises DivergedError, which holds the last good frame, as soon as a loss or gradient is not finite.
    """
    if steps < 1 or (every is not None and every < 1):
        raise SettingError(f"steps={steps}, every={every}: both count evaluations, from 1 up")
    if not isinstance(optimizer, Optimizer):
        optimizer = _adopt(optimizer)
    carry = _start(jnp.asarray(x0, jnp.float32), optimizer)
    rows: list[dict[str, np.ndarray]] = []
    if resume is not None:
        carry, rows = _restore(carry, resume)
    seconds_before = float(rows[0]["seconds"][-1]) if rows else 0.0
    began = shown = time.perf_counter()
    spent, compiled, per_evaluation = int(carry.evaluations), False, None
    while spent < steps and not bool(carry.stalled):
        # Two chunks of one evaluation: the first compiles, the second tells the speed.
        chunk = max(1, min(CHUNK, round(min(0.5, interval) / per_evaluation))) if per_evaluation else 1
        mark = (spent // every + 1) * every if every else steps
        before = time.perf_counter()
        current = objective if steer is None else steer(objective, spent)
        carry, history, n = _run_chunk(current, optimizer, carry, min(spent + chunk, mark, steps))
        n = int(n)
        now = time.perf_counter()
        per_evaluation = (now - before) / n if compiled else None
        compiled = True
        ticks = seconds_before + before - began + (now - before) * np.arange(1, n + 1) / n
        rows.append({name: np.asarray(column)[:n] for name, column in history.items()} | {"seconds": ticks})
        if bool(carry.bad):
            raise _diverged(carry, rows)
        spent = int(carry.evaluations)
        last = spent >= steps or bool(carry.stalled)
        if last or now - shown >= interval or (every and spent % every == 0):
            shown = now
            yield _frame(carry, rows)
    if not compiled and rows:  # resumed from the last frame of a run
        yield _frame(carry, rows)


def minimize(objective, x0: np.ndarray, optimizer, steps: int = 300, **how) -> Frame:
    """`optimize` to its end, on a progress bar: its last frame. Arguments and errors are those of `optimize`."""
    with bar(total=steps, leave=False) as shown:
        for frame in optimize(objective, x0, optimizer, steps, **how):
            shown.n = min(frame.evaluations, steps)
            shown.set_postfix_str(f"loss {frame.loss:.4g}")
    return frame


def minimize_together(objectives: Sequence, starts: Sequence[np.ndarray], optimizer, steps: int) -> list[Frame]:
    """`minimize` for several runs at once on one device, by vmap: the last frame of each.

    objectives: of one structure and of equal network and targets, whose terms' weights may differ; starts: [h, w, 3]
    each. For optimisers without branches, such as Adam: under vmap both sides of a branch are computed.
    Equal to runs one by one but for rounding. Raises SettingError where objectives differ in more than weights,
    DivergedError, for all, where one of them diverges.
    """
    if not isinstance(optimizer, Optimizer):
        optimizer = _adopt(optimizer)
    objective, axes = _stacked(objectives)
    carries = [_start(jnp.asarray(x0, jnp.float32), optimizer) for x0 in starts]
    carry = jax.tree.map(lambda *leaves: jnp.stack(leaves), *carries)
    rows: list[list[dict[str, np.ndarray]]] = [[] for _ in starts]
    began = time.perf_counter()
    for spent in range(0, steps, CHUNK):
        until = min(spent + CHUNK, steps)
        carry, history, _ = _run_chunks(objective, axes, optimizer, carry, until)
        ticks = np.linspace(0, time.perf_counter() - began, until + 1)[1 + spent :]
        for i, row in enumerate(rows):
            row.append({name: np.asarray(column[i])[: until - spent] for name, column in history.items()})
            row[-1]["seconds"] = ticks
            if bool(carry.bad[i]):
                raise _diverged(jax.tree.map(lambda leaf, i=i: leaf[i], carry), row)
    return [_frame(jax.tree.map(lambda leaf, i=i: leaf[i], carry), row) for i, row in enumerate(rows)]


def _stacked(objectives):
    """One objective whose terms' weights are stacked, and which of its leaves that are: 0, or None."""
    first = objectives[0]
    leaves, structure = jax.tree.flatten(first)
    weights = {id(term.weight) for term in first.terms}
    which = [0 if id(leaf) in weights else None for leaf in leaves]
    others = [jax.tree.flatten(objective) for objective in objectives[1:]]
    for found, shape in others:
        if shape != structure or not all(
            axis == 0 or leaf is other or np.array_equal(leaf, other)
            for axis, leaf, other in zip(which, leaves, found, strict=True)
        ):
            raise SettingError("objectives that are minimised together may differ in the weights of their terms alone")
    columns = zip(leaves, *(found for found, _ in others), strict=True)
    stacked = [
        leaf[0] if axis is None else jnp.stack(list(map(jnp.asarray, leaf)))
        for axis, leaf in zip(which, columns, strict=True)
    ]
    return jax.tree.unflatten(structure, stacked), tuple(which)


@partial(jax.jit, static_argnames=("axes", "optimizer"))
def _run_chunks(objective, axes, optimizer, carry, until):
    leaves, structure = jax.tree.flatten(objective)

    def one(leaves, carry):
        return _run_chunk(jax.tree.unflatten(structure, leaves), optimizer, carry, until)

    return jax.vmap(one, in_axes=(list(axes), 0))(leaves, carry)


@partial(jax.jit, static_argnames="optimizer", donate_argnames="carry")
def _run_chunk(objective, optimizer, carry, until):
    """Evaluate until `until` evaluations are spent. The length is no constant of the program: one compilation serves
    chunks of every length, and they are bit for bit the same steps."""

    def value_and_parts(x):
        parts = objective.breakdown(x)
        return sum(parts.values()), parts

    def more(loop):
        carry, _, n = loop
        return (carry.evaluations < until) & (n < CHUNK) & ~carry.bad & ~carry.stalled

    def step(loop):
        carry, history, n = loop
        (value, parts), g = jax.value_and_grad(value_and_parts, has_aux=True)(carry.x)
        norm = jnp.sqrt(jnp.vdot(g, g))
        row = {"total": value, **parts, "gradient_norm": norm}
        value = jnp.where(jnp.isfinite(norm), value, jnp.nan)
        updates, state = optimizer.update(
            g, carry.state, carry.x, value=value, grad=g, value_fn=lambda x: value_and_parts(x)[0]
        )
        picture, loss = optimizer.kept(state, carry.x, value)
        bad = ~jnp.isfinite(loss)
        evaluations = carry.evaluations + 1 + _line_search_evaluations(state)
        row["evaluations"] = evaluations
        row["failures"] = getattr(state, "failures", 0)
        history = {name: history[name].at[n].set(row[name]) for name in history}
        carry = _Carry(
            x=optax.apply_updates(carry.x, updates),
            state=state,
            picture=jnp.where(bad, carry.picture, picture),
            loss=jnp.where(bad, carry.loss, loss),
            evaluations=evaluations,
            bad=bad,
            stalled=jnp.asarray(getattr(state, "stalled", False)),
        )
        return carry, history, n + 1

    history = {name: jnp.zeros(CHUNK) for name in ("total", *objective.names, "gradient_norm")}
    history |= {name: jnp.zeros(CHUNK, jnp.int32) for name in ("evaluations", "failures")}
    return lax.while_loop(more, step, (carry, history, jnp.zeros((), jnp.int32)))


@cache
def _adopt(transformation):
    """An Optax transformation as an Optimizer; cached, since another object would compile again."""
    return Optimizer(*optax.with_extra_args_support(transformation))


def _line_search_evaluations(state):
    """What a transformation with a line search of its own (`optax.lbfgs`) has spent on it in this update."""
    return optax.tree_utils.tree_get(state, "num_linesearch_steps", 0)


def _start(x0, optimizer):
    carry = _Carry(
        x=x0,
        state=optimizer.init(x0),
        picture=x0,
        loss=jnp.nan,
        evaluations=0,
        bad=False,
        stalled=False,
    )
    # Arrays of their own, since the carry is given away, and of a strong type: a weak one would compile twice.
    return jax.tree.map(lambda leaf: jnp.array(leaf, dtype=jnp.asarray(leaf).dtype), carry)


def _frame(carry, rows):
    columns = {name: np.concatenate([chunk[name] for chunk in rows]) for name in rows[0]}
    rows[:] = [columns]
    sums = {}
    for kind in ("content", "style"):
        parts = [column for name, column in columns.items() if name.startswith(f"{kind}/")]
        if parts:
            sums[kind] = np.sum(parts, axis=0)
    counts = {name: columns[name] for name in ("evaluations", "failures", "seconds")}
    losses = counts | {"total": columns["total"]} | sums | columns
    return Frame(
        image=np.clip(np.asarray(carry.picture), 0, 1),
        loss=float(carry.loss),
        losses=losses,
        evaluations=int(carry.evaluations),
        seconds=float(columns["seconds"][-1]),
        stalled=bool(carry.stalled),
        checkpoint=lambda: _save(carry, columns),
    )


def _save(carry, columns):
    # Copies: the arrays themselves are given away to the next chunk.
    leaves = {f"carry/{i}": np.array(leaf) for i, leaf in enumerate(jax.tree.leaves(carry))}
    return leaves | {f"losses/{name}": column for name, column in columns.items()}


def _restore(carry, checkpoint):
    leaves, structure = jax.tree.flatten(carry)
    saved = [checkpoint.get(f"carry/{i}") for i in range(len(leaves))]
    for leaf, array in zip(leaves, saved, strict=True):
        if array is None or array.shape != leaf.shape or array.dtype != leaf.dtype:
            raise RunError(
                "the checkpoint is of another optimiser or another size of picture; resume with its own settings"
            )
    columns = {
        name.removeprefix("losses/"): column for name, column in checkpoint.items() if name.startswith("losses/")
    }
    return jax.tree.unflatten(structure, [jnp.array(array) for array in saved]), [columns]


def _diverged(carry, rows):
    evaluation = int(rows[-1]["evaluations"][-1])
    rows[-1] = {name: column[:-1] for name, column in rows[-1].items()}  # the last row is the one that failed
    good = any(len(chunk["total"]) for chunk in rows)
    kept = "the last good picture is kept" if good else "there is no picture to keep"
    return DivergedError(
        f"evaluation {evaluation}: the loss or its gradient is not finite; {kept}; take a smaller step or weight",
        evaluation,
        _frame(carry, rows) if good else None,
    )
