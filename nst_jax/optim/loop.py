"""The run: a Python loop over jitted chunks of evaluations, as a generator of snapshots."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple, Protocol, TypeVar

import jax
import jax.numpy as jnp
import numpy as np
import optax
from jax import Array, lax
from jax.sharding import Mesh
from jaxtyping import Float

from ..errors import DivergedError, RunError, SettingError
from ..networks.mesh import by_rows, shardings
from ..progress import bar
from .leaves import copied_leaves, restored
from .optimizer import Optimizer, of_optax
from .snapshot import Arrays, Snapshot, State, TermKey, are_columns

CHUNK = 64  # most evaluations in one jitted call
COUNTS = ("evaluations", "failures", "seconds")


class NamedTerm(Protocol):
    """What the loop needs from a term: its name in tables, the kind by which losses are summed, and its layer."""

    @property
    def name(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def layer(self) -> str | None: ...


class Minimizable(Protocol):
    """What `optimize` minimises: a pytree with terms, and their values for a picture, which sum to L_total."""

    @property
    def terms(self) -> Sequence[NamedTerm]: ...

    def breakdown(self, x: Array) -> Mapping[str, Array]: ...


O = TypeVar("O", bound=Minimizable)


class _Carry(NamedTuple):
    x: Array  # to be evaluated next
    state: Any  # of the optimiser
    picture: Array  # kept
    loss: Array  # of the picture kept
    evaluations: Array
    bad: Array  # the loss or its gradient is not finite
    stalled: Array


def optimize(
    objective: O,
    x0: Float[np.ndarray | Array, "h w 3"],
    optimizer: Optimizer | optax.GradientTransformation,
    steps: int = 300,
    *,
    every: int | None = None,
    interval: float = 0.5,
    resume: Arrays | None = None,
    steer: Callable[[O, int], O] | None = None,
    mesh: Mesh | None = None,
) -> Iterator[Snapshot]:
    """Minimise an objective from the picture `x0`, and yield snapshots on the way.

    When snapshots are taken does not change the result, bit for bit, unless the run is steered.

    Args:
        objective: a pytree with `terms` and `breakdown(x)` → name → scalar; the scalars sum to L_total.
        x0: [h, w, 3], the start.
        optimizer: one of this package's, or any Optax transformation (it receives value, grad and value_fn).
        steps: evaluations to spend; an optimiser with its own line search may exceed this by its last search.
        every: also take a snapshot at each multiple of this many evaluations.
        interval: about how many seconds between snapshots; infinite for those of `every` alone.
        resume: a snapshot's `checkpoint()`, from a run of the same objective, optimiser and picture's shape.
        steer: (objective, evaluations spent) → the objective for the next chunk of evaluations. Other weights or
            targets (leaves) compile nothing. Not for L-BFGS, whose line search compares losses.
        mesh: the devices that share the rows of the picture, of an objective that is `shared`; None for one device.

    Yields:
        Snapshots, the last one at the end of the run.

    Raises:
        DivergedError: as soon as a loss or gradient is not finite; it holds the last good snapshot.
        RunError: if the checkpoint does not fit the run.
        SettingError: if `steps` or `every` is below 1.
    """
    if steps < 1 or (every is not None and every < 1):
        raise SettingError(f"steps={steps}, every={every}: both count evaluations, from 1 up")
    if not isinstance(optimizer, Optimizer):
        optimizer = of_optax(optimizer)
    if mesh is None:
        carry = _start(jnp.asarray(x0, jnp.float32), optimizer)
    else:
        optimizer = optimizer if optimizer.for_devices is None else optimizer.for_devices(mesh)
        carry = _start_shared(x0, optimizer, mesh)
    terms = {term.name: TermKey(term.kind, term.layer) for term in objective.terms}
    rows: list[Arrays] = []
    if resume is not None:
        carry, rows = _restore(carry, resume, {"total", *terms, "gradient_norm", *COUNTS})
    seconds_before = float(rows[0]["seconds"][-1]) if rows else 0.0
    began = shown = time.perf_counter()
    spent, compiled, per_evaluation = int(carry.evaluations), False, None
    while spent < steps and not bool(carry.stalled):
        # Two chunks of one evaluation: the first compiles, the second shows the speed.
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
            raise _diverged(carry, rows, terms)
        spent = int(carry.evaluations)
        last = spent >= steps or bool(carry.stalled)
        if last or now - shown >= interval or (every and spent % every == 0):
            shown = now
            snapshot = _snapshot(carry, rows, terms)
            yield snapshot
            snapshot.state.settle()  # the next chunk is given the carry's memory
    if not compiled and rows:  # resumed from the last snapshot of a run
        yield _snapshot(carry, rows, terms)


def minimize(
    objective: Minimizable,
    x0: Float[np.ndarray | Array, "h w 3"],
    optimizer: Optimizer | optax.GradientTransformation,
    steps: int = 300,
    *,
    progress: bool = False,
    **how: Any,
) -> Snapshot:
    """Run `optimize` to its end.

    Args:
        objective: as in `optimize`.
        x0: [h, w, 3], the start.
        optimizer: as in `optimize`.
        steps: evaluations to spend.
        progress: show a progress bar.
        **how: every, interval, resume and steer, as in `optimize`.

    Returns:
        The last snapshot.

    Raises:
        DivergedError: as in `optimize`.
        RunError: as in `optimize`.
        SettingError: as in `optimize`.
    """
    snapshot = None
    with bar(total=steps, leave=False, visible=progress) as shown:
        for snapshot in optimize(objective, x0, optimizer, steps, **how):
            shown.n = min(snapshot.evaluations, steps)
            shown.set_postfix_str(f"loss {snapshot.loss:.4g}")
    assert snapshot is not None  # a run of one evaluation or more has a last snapshot
    return snapshot


@partial(jax.jit, static_argnames="optimizer", donate_argnames="carry")
def _run_chunk(objective: Minimizable, optimizer: Optimizer, carry: _Carry, until: Array | int):
    """Evaluate until `until` evaluations are spent: (carry, history, updates).

    The length is a runtime value, so one compilation serves every chunk, and chunks of any lengths are the same updates
    bit for bit.
    """

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
        counts = optimizer.counts(state)
        bad = ~jnp.isfinite(loss)
        evaluations = carry.evaluations + 1 + counts.line_search_evaluations
        row["evaluations"] = evaluations
        row["failures"] = counts.failures
        history = {name: history[name].at[n].set(row[name]) for name in history}
        carry = _Carry(
            x=carry.x + updates,
            state=state,
            picture=jnp.where(bad, carry.picture, picture),
            loss=jnp.where(bad, carry.loss, loss),
            evaluations=evaluations,
            bad=bad,
            stalled=jnp.asarray(counts.stalled),
        )
        return carry, history, n + 1

    history = {name: jnp.zeros(CHUNK) for name in ("total", *(t.name for t in objective.terms), "gradient_norm")}
    history |= {name: jnp.zeros(CHUNK, jnp.int32) for name in ("evaluations", "failures")}
    return lax.while_loop(more, step, (carry, history, jnp.zeros((), jnp.int32)))


def _start(x0: Array, optimizer: Optimizer) -> _Carry:
    no = jnp.zeros((), bool)
    carry = _Carry(
        x=x0,
        state=optimizer.init(x0),
        picture=x0,
        loss=jnp.full((), jnp.nan),
        evaluations=jnp.zeros((), jnp.int32),
        bad=no,
        stalled=no,
    )
    # Copies, because the carry is donated; strongly typed, since a weak type, as in some of Optax's states, would
    # compile the second chunk again.
    return jax.tree.map(lambda leaf: jnp.array(leaf, dtype=jnp.asarray(leaf).dtype), carry)


def _start_shared(x0: Any, optimizer: Optimizer, mesh: Mesh) -> _Carry:
    """`_start` on devices that share the picture: no array of its size is ever whole on one of them."""
    x0 = jax.device_put(np.asarray(x0, np.float32), by_rows(mesh))
    shapes = jax.eval_shape(lambda x: _start(x, optimizer), x0)
    return jax.jit(lambda x: _start(x, optimizer), out_shardings=shardings(shapes, x0.shape, mesh))(x0)


def _snapshot(carry: _Carry, rows: list[Arrays], terms: Mapping[str, TermKey]) -> Snapshot:
    columns = {name: np.concatenate([chunk[name] for chunk in rows]) for name in rows[0]}
    rows[:] = [columns]
    sums = {}
    for kind in dict.fromkeys(key.kind for key in terms.values()):
        parts = [columns[name] for name, key in terms.items() if key.kind == kind]
        if kind not in terms:  # a term of that name is already the sum
            sums[kind] = np.sum(parts, axis=0)
    scale = {"scale": np.full(len(columns["total"]), max(carry.x.shape[:2]))}
    losses = scale | {name: columns[name] for name in (*COUNTS, "total")} | sums | columns
    evaluations = int(carry.evaluations)
    return Snapshot(
        image=np.clip(np.asarray(carry.picture), 0, 1),
        iterate=np.array(carry.x),
        loss=float(carry.loss),
        losses=losses,
        terms=terms,
        evaluations=evaluations,
        seconds=float(columns["seconds"][-1]),
        stalled=bool(carry.stalled),
        scale=0,
        spent_here=evaluations,
        state=State(lambda: _save(carry, columns)),
    )


def _save(carry: _Carry, columns: Arrays) -> Arrays:
    return {**copied_leaves(carry, "carry"), **{f"losses/{name}": column for name, column in columns.items()}}


def _restore(carry: _Carry, checkpoint: Arrays, names: set[str]) -> tuple[_Carry, list[Arrays]]:
    carry = restored(carry, checkpoint, "carry")
    columns = {name.removeprefix("losses/"): a for name, a in checkpoint.items() if name.startswith("losses/")}
    if set(columns) != names or not are_columns(columns):
        raise RunError("the checkpoint's losses are those of another run, or damaged; start the run again")
    return carry, [columns]


def _diverged(carry: _Carry, rows: list[Arrays], terms: Mapping[str, TermKey]) -> DivergedError:
    evaluation = int(rows[-1]["evaluations"][-1])
    rows[-1] = {name: column[:-1] for name, column in rows[-1].items()}  # the last row is the one that failed
    good = any(len(chunk["total"]) for chunk in rows)
    kept = "the last good picture is kept" if good else "there is no picture to keep"
    return DivergedError(
        f"evaluation {evaluation}: the loss or its gradient is not finite; {kept}; take a smaller step or weight",
        evaluation,
        _snapshot(carry, rows, terms) if good else None,
    )
