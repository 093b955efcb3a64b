"""L-BFGS for pictures (Nocedal and Wright, Numerical Optimization, algorithms 7.4 and 7.5), one evaluation an update.

It departs from the textbook in three ways, and minimises the same function:

1. The line search is unrolled over the updates. Each update receives the loss and gradient at one trial picture and
   returns the next trial: along a new direction if the loss fell enough, a shorter step if not. So the objective is
   traced once, and besides the accepted steps only rejected trials are spent.
2. The two loops run on inner products (Chen, Wang and Zhou, "Large-scale L-BFGS using MapReduce", 2014): the memory is
   read by four matrix-vector products an update, not by 4 · memory vector operations.
3. The first guess of the inverse Hessian is γK instead of γI: K damps high frequencies, as the spectra of natural
   pictures do, so that broad changes come first. This is plain L-BFGS on z, where x = K^½ z.
"""

from functools import cache, partial
from typing import NamedTuple

import jax.numpy as jnp
from jax import Array, lax
from jax.sharding import Mesh

from ..errors import SettingError
from .half_filter import half_filter
from .optimizer import Counts, Optimizer

_matmul = partial(jnp.matmul, precision="highest")  # differences of products need their digits, on a GPU too

FIRST_STEP = 0.01  # root mean square change of the picture in a step without known curvature
DECREASE = 1e-4  # accept a trial if L(x + t d) < L(x) + DECREASE · t · d·∇L(x) (Armijo)
CURVATURE = 1e-6  # remember a pair only if s·y > CURVATURE · |s| |y|
TRIALS = 12  # of one direction; then the line search has failed


class Products(NamedTuple):
    """Inner products of the remembered pairs, the rows of S and Y: a ring buffer."""

    Sg: Array  # [memory] s_i·g, for the gradient accepted last
    Yg: Array  # [memory] y_i·g
    SY: Array  # [memory, memory] s_i·y_j, where pair j is no older than pair i
    YY: Array  # [memory, memory] y_i·y_j
    place: Array  # of the next pair
    pairs: Array  # how many there are


class Point(NamedTuple):
    """Where the line search stands: the next trial is x + t · step."""

    x: Array  # [h, w, 3], the picture accepted last
    value: Array  # its loss
    g: Array  # [n], n = 3hw, its gradient to z
    d: Array  # [n], direction of z
    step: Array  # [h, w, 3], direction of x: K^½ d
    t: Array
    trials: Array  # spent on this direction
    failures: Array  # line searches that found no lower loss
    stalled: Array  # the last of them along the gradient itself, or the gradient is 0: rounding is all that is left


class LBFGSState(NamedTuple):
    S: Array  # [memory, n] changes of z
    Y: Array  # [memory, n] changes of g
    products: Products
    point: Point


@cache
def lbfgs(memory: int = 30, cutoff: float | None = 0.05, mesh: Mesh | None = None) -> Optimizer:
    """Limited-memory BFGS with a backtracking line search, for deterministic objectives.

    The first trial of a direction is the full step. Pairs without positive curvature are left out. A line search that
    fails is counted in `Counts.failures` and empties the memory; one that fails along the gradient, or a gradient of 0,
    sets `Counts.stalled`, and the picture no longer moves. Not for `vmap`, which runs both branches of each decision.

    Args:
        memory: pairs of differences kept; each costs two copies of the picture.
        cutoff: in cycles per pixel; K = (1 + (f / cutoff)²)^−½ at frequency f. None for K = I, the textbook's L-BFGS.
        mesh: the devices that share the rows of the picture; None for one device.

    Returns:
        The optimiser; it keeps the picture accepted last.

    Raises:
        SettingError: for a memory below 1 or a cutoff that is not positive.

    Source: Nocedal and Wright, Numerical Optimization, algorithms 7.4 and 7.5.
    """
    if not isinstance(memory, int) or memory < 1:
        raise SettingError(f"lbfgs needs a memory of 1 pair or more, not {memory!r}")
    if cutoff is not None and not cutoff > 0:
        raise SettingError(f"lbfgs needs a cutoff above 0 cycles per pixel, or None, not {cutoff}")

    def init(x):
        zero, none, row = jnp.zeros(()), jnp.zeros((), jnp.int32), jnp.zeros(memory)
        flat, square, pairs = jnp.zeros(x.size), jnp.zeros((memory, memory)), jnp.zeros((memory, x.size))
        return LBFGSState(
            S=pairs,
            Y=pairs,
            products=Products(Sg=row, Yg=row, SY=square, YY=square, place=none, pairs=none),
            point=Point(x=x, value=zero + jnp.inf, g=flat, d=flat, step=jnp.zeros_like(x), t=zero,
                        trials=none, failures=none, stalled=jnp.zeros((), bool)),
        )  # fmt: skip

    def update(g, state, x, *, value, **_):
        K_half = half_filter(x.shape, cutoff, mesh)
        S, Y, products, point = state
        g = K_half(g).ravel()
        first = ~jnp.isfinite(point.value)
        slope = jnp.vdot(point.g, point.d)
        accepted = first | (value < point.value + DECREASE * point.t * slope)  # False if value is not a number

        s, y = point.t * point.d, g - point.g
        sy, yy = jnp.vdot(s, y), jnp.vdot(y, y)
        remembered = accepted & ~first & (sy > CURVATURE * jnp.sqrt(jnp.vdot(s, s) * yy))
        # Outside the branches, which would copy these arrays.
        place = products.place
        S = S.at[place].set(jnp.where(remembered, s, S[place]))
        Y = Y.at[place].set(jnp.where(remembered, y, Y[place]))

        def accept():
            Sg, Yg = _matmul(S, g), _matmul(Y, g)
            grown = Products(
                Sg=Sg,
                Yg=Yg,
                SY=products.SY.at[:, place].set((Sg - products.Sg).at[place].set(sy)),
                YY=_symmetric(products.YY, place, (Yg - products.Yg).at[place].set(yy)),
                place=(place + 1) % memory,
                pairs=jnp.minimum(products.pairs + 1, memory),
            )
            now = lax.cond(remembered, lambda: grown, lambda: products._replace(Sg=Sg, Yg=Yg))
            d = -inverse_hessian_times(g, S, Y, now)
            arrived = point._replace(x=x, value=value, g=g, stalled=~jnp.any(g != 0))
            return now, _aim(arrived, d, K_half, now.pairs)

        def shorten():
            # The minimum of the parabola through the loss and slope at x and the loss at the trial.
            parabola = -slope * point.t**2 / (2 * (value - point.value - point.t * slope))
            t = jnp.clip(jnp.where(jnp.isfinite(parabola), parabola, 0), 0.1 * point.t, 0.5 * point.t)
            return products, point._replace(t=t, trials=point.trials + 1)

        def forget():
            failed = point._replace(failures=point.failures + 1, stalled=products.pairs == 0)
            emptied = products._replace(pairs=jnp.zeros((), jnp.int32))
            return emptied, _aim(failed, -point.g, K_half, emptied.pairs)

        products, point = lax.cond(accepted, accept, lambda: lax.cond(point.trials + 1 < TRIALS, shorten, forget))
        return point.x + point.t * point.step - x, LBFGSState(S, Y, products, point)

    def kept(state, x, value):
        return state.point.x, state.point.value

    def counts(state):
        return Counts(failures=state.point.failures, stalled=state.point.stalled)

    def for_devices(mesh):
        return lbfgs(memory, cutoff, mesh)

    return Optimizer(init, update, kept, counts, steerable=False, for_devices=for_devices)


def _symmetric(matrix, place, row):
    return matrix.at[:, place].set(row).at[place].set(row)


def _aim(point, d, K_half, pairs):
    """Start along d: a full step if curvature is known, else one of a fixed length."""
    step = K_half(d.reshape(point.x.shape))
    length = jnp.sqrt(jnp.mean(step**2))
    t = jnp.where(pairs > 0, 1.0, FIRST_STEP / jnp.where(length > 0, length, 1.0))
    return point._replace(d=d, step=step, t=t, trials=jnp.zeros((), jnp.int32))


def inverse_hessian_times(g: Array, S: Array, Y: Array, products: Products) -> Array:
    """H g by the two-loop recursion, on inner products.

    r = γ (g − Σ a_i y_i) + Σ c_i s_i, where from the newest pair to the oldest a_i = s_i·q / s_i·y_i with
    q = g − Σ_newer a_j y_j, and from the oldest to the newest c_i = a_i − y_i·r / s_i·y_i with the r so far.

    Args:
        g: [n], the gradient.
        S: [memory, n], changes of z.
        Y: [memory, n], changes of the gradient.
        products: their inner products.

    Returns:
        [n]
    """
    Sg, Yg, SY, YY, place, pairs = products
    memory = len(Sg)

    def nth_newest(i):
        return (place - 1 - i) % memory

    def first_loop(k, a):
        i = nth_newest(k)
        return a.at[i].set((Sg[i] - SY[i] @ a) / SY[i, i])

    a = lax.fori_loop(0, pairs, first_loop, jnp.zeros(memory))
    newest = nth_newest(0)
    gamma = jnp.where(pairs > 0, SY[newest, newest] / YY[newest, newest], 1.0)

    def second_loop(k, c):
        i = nth_newest(pairs - 1 - k)
        return c.at[i].set(a[i] - (gamma * (Yg[i] - YY[i] @ a) + SY[:, i] @ c) / SY[i, i])

    c = lax.fori_loop(0, pairs, second_loop, jnp.zeros(memory))
    return gamma * (g - _matmul(a, Y)) + _matmul(c, S)
