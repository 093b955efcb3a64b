"""Exercises on steps of optimisers."""

import numpy as np

from .model import SIZES, Case, Exercise, Mistake, normal, pictures, uniform


def gradient_step(x, g, lr):
    return x - lr * g


def lbfgs_direction(g, s, y):
    rho = 1 / (s * y).sum()
    a = rho * (s * g).sum()
    q = g - a * y
    gamma = (s * y).sum() / (y * y).sum()
    r = gamma * q
    b = rho * (y * r).sum()
    return -(r + (a - b) * s)


def _lbfgs(seed, h, w):
    s = normal(seed, h, w, 3)
    return {"g": normal(seed + 100, h, w, 3), "s": s, "y": 1.7 * s + 0.4 * normal(seed + 200, h, w, 3)}


GRADIENT_STEP = Exercise(
    "gradient_step",
    tuple(
        Case({"x": uniform(seed, h, w), "g": normal(seed, h, w, 3), "lr": lr}, {"h": h, "w": w})
        for seed, (lr, (h, w, _)) in enumerate(zip((0.1, 0.5, 0.03, 2.0, 0.7), SIZES, strict=True))
    ),
    lambda x, g, lr: x - lr * g,
    gradient_step,
    (
        "The gradient points uphill.",
        "x ← x - lr · g.",
        "One line: return x minus lr times g, as a new array.",
    ),
    (
        Mistake(
            "uphill",
            lambda x, g, lr: x + lr * g,
            "This goes uphill: the gradient points to larger losses. Subtract it.",
        ),
        Mistake("no_lr", lambda x, g, lr: x - g, "The step ignores lr: multiply the gradient by it."),
        Mistake(
            "uphill_no_lr",
            lambda x, g, lr: x + g,
            "This adds the gradient, and ignores lr: subtract lr times the gradient.",
        ),
        Mistake(
            "divided",
            lambda x, g, lr: x - g / lr,
            "The gradient is divided by lr. Multiply: a small lr is a small step.",
        ),
        Mistake("only_step", lambda x, g, lr: -lr * g, "This is the step alone. Add it to x."),
        Mistake(
            "only_step_uphill", lambda x, g, lr: lr * g, "This is lr times the gradient alone. Subtract it from x."
        ),
        Mistake("exchanged", lambda x, g, lr: g - lr * x, "The arguments x and g have changed places."),
        Mistake(
            "scaled_all",
            lambda x, g, lr: lr * (x - g),
            "Here lr multiplies the picture too. It belongs to the gradient alone.",
        ),
        Mistake(
            "brackets",
            lambda x, g, lr: (x - lr) * g,
            "This subtracts lr from the picture and multiplies the result by the gradient. Write x - lr * g.",
        ),
        Mistake("backwards", lambda x, g, lr: lr * g - x, "The difference is the wrong way round: x minus lr times g."),
        Mistake(
            "sign_only",
            lambda x, g, lr: x - lr * np.sign(g),
            "Only the gradient's sign is used. How steep it is counts too.",
        ),
        Mistake(
            "normalised",
            lambda x, g, lr: x - lr * g / np.sqrt((g**2).sum()),
            "The gradient is normalised to length 1. Plain descent uses it as it is.",
        ),
        Mistake(
            "clipped",
            lambda x, g, lr: np.clip(x - lr * g, 0, 1),
            "The step is right, but then clipped to [0, 1]. The paper leaves the picture free while it is optimised.",
        ),
        Mistake("unchanged", lambda x, g, lr: x, "The picture comes back as it was."),
    ),
)


def _two_loops(g, s, y, *, gamma=None, back=None):
    """As the solution; gamma(sy, yy, ss) and back(a, b) stand for its scaling and for what multiplies s at the end."""
    sy = (s * y).sum()
    a = (s * g).sum() / sy
    r = (gamma or (lambda sy, yy, ss: sy / yy))(sy, (y * y).sum(), (s * s).sum()) * (g - a * y)
    b = (y * r).sum() / sy
    return -(r + (back or (lambda a, b: a - b))(a, b) * s)


def _no_rho(g, s, y):
    a = (s * g).sum()
    r = (s * y).sum() / (y * y).sum() * (g - a * y)
    return -(r + (a - (y * r).sum()) * s)


LBFGS_DIRECTION = Exercise(
    "lbfgs_direction",
    pictures(_lbfgs),
    _two_loops,
    lbfgs_direction,
    (
        "y = H⁻¹ s for the last step: when the gradient changed by y, the picture had moved by s. H must know that: H "
        "y = s.",
        "ρ = 1/(s·y); a = ρ s·g; q = g - a y; r = γ q with γ = (s·y)/(y·y); b = ρ y·r; d = -(r + (a - b) s). Each dot "
        "sums over all of the picture.",
        "Write s·y as (s * y).sum(), and the six formulas one below the other. Check: for g = y the direction is -s.",
    ),
    (
        Mistake(
            "sign", lambda g, s, y: -_two_loops(g, s, y), "This is +H g, uphill. The direction of descent is -H g."
        ),
        Mistake("gradient", lambda g, s, y: -g, "This is steepest descent: s and y are not used."),
        Mistake(
            "no_gamma",
            lambda g, s, y: _two_loops(g, s, y, gamma=lambda sy, yy, ss: 1),
            "γ is missing (H starts as the identity): the first guess of the scale is (s·y)/(y·y).",
        ),
        Mistake(
            "gamma_inverted",
            lambda g, s, y: _two_loops(g, s, y, gamma=lambda sy, yy, ss: yy / sy),
            "γ is upside down: it is (s·y)/(y·y), the size of a step per gradient.",
        ),
        Mistake(
            "gamma_of_steps",
            lambda g, s, y: _two_loops(g, s, y, gamma=lambda sy, yy, ss: ss / sy),
            "γ is (s·s)/(s·y), the other step length of Barzilai and Borwein. L-BFGS takes (s·y)/(y·y).",
        ),
        Mistake(
            "not_summed",
            lambda g, s, y: -g * s / y,  # a = g/y, so that q and r are 0
            "The dots are not summed: s·y is one number, (s * y).sum(), not a picture of products.",
        ),
        Mistake("no_rho", _no_rho, "ρ = 1/(s·y) is missing from a and b."),
        Mistake(
            "no_second_loop",
            lambda g, s, y: _two_loops(g, s, y, back=lambda a, b: 0),
            "The second loop is missing: add (a - b) s at the end.",
        ),
        Mistake(
            "no_b",
            lambda g, s, y: _two_loops(g, s, y, back=lambda a, b: a),
            "The b of the second loop is missing: at the end (a - b) s is added.",
        ),
        Mistake(
            "plus_b",
            lambda g, s, y: _two_loops(g, s, y, back=lambda a, b: a + b),
            "Here a and b are added: it is (a - b) s.",
        ),
        Mistake(
            "b_minus_a",
            lambda g, s, y: _two_loops(g, s, y, back=lambda a, b: b - a),
            "The difference is the wrong way round: it is (a - b) s.",
        ),
        Mistake(
            "exchanged",
            lambda g, s, y: _two_loops(g, y, s),
            "The roles of s and y are exchanged: s is the step of the picture, y that of the gradient.",
        ),
    ),
)
