"""A street with arches as a field of distances, and rays that march through it: what a drawing of it has to show."""

import numpy as np

EYE = np.array([0.55, 1.75, -1.0])
SUNWARD = np.array([0.62, 0.62, -0.50]) / np.linalg.norm([0.62, 0.62, -0.50])
FAR = 70.0
# x, z, height
PEOPLE = [(0.14, 9.0, 1.74), (-0.27, 9.3, 1.62)]


def box(p: np.ndarray, middle: tuple[float, float, float], half: tuple[float, float, float]) -> np.ndarray:
    """Distance (or less, off a corner) from p [..., 3] to a box."""
    x, y, z = (np.abs(p[..., i] - np.float32(middle[i])) - np.float32(half[i]) for i in range(3))
    return np.maximum(np.maximum(x, y), z)


def opening(across: np.ndarray, up: np.ndarray, half: float, spring: float) -> np.ndarray:
    """Distance in the plane to an arched opening of half width `half` whose arch begins at height `spring`."""
    return np.where(up > spring, np.hypot(across, up - spring) - half, np.maximum(np.abs(across) - half, -up - 1))


def facade(p: np.ndarray, side: float, offset: float) -> np.ndarray:
    """Houses along one side of the street: blocks of uneven height with arcades below and windows above."""
    house = np.floor((p[..., 2] + offset) / 5.2)
    z = (p[..., 2] + offset) - 5.2 * house - 2.6
    chance = np.modf(np.abs(np.sin(house * 12.9898 + 7.1 * side + 0.7) * 43758.5453))[0]
    top = 6.4 + 2.6 * chance if side < 0 else 5.5 + 1.4 * chance
    x = side * p[..., 0] - (3.1 - 0.35 * (chance > 0.5))  # into the wall is positive
    y = p[..., 1]
    wall = np.maximum(np.maximum(-x, y - top), np.abs(z) - 2.6)
    cornice = np.maximum(np.maximum(-x - 0.32, y - top), top - 0.28 - y)
    band = np.maximum(np.maximum(-x - 0.12, y - 4.05), 3.88 - y)
    arcade = np.maximum(opening(z, y, 1.35, 1.75), x - 1.9)
    windows = np.maximum(opening(np.abs(z) - 1.15, y - 4.55, 0.42, 0.95), x - 0.45)
    windows = np.maximum(windows, 4.55 - y)
    sills = np.maximum(np.maximum(np.abs(np.abs(z) - 1.15) - 0.58, np.abs(y - 4.5) - 0.08), -x - 0.2)
    solid = np.minimum(np.minimum(wall, np.maximum(cornice, x - 1)), np.maximum(band, x - 1))
    solid = np.minimum(np.maximum(np.maximum(solid, -arcade), -windows), np.maximum(sills, x - 0.5))
    if side > 0:  # a lane comes in from the right, and the sun with it
        solid = np.maximum(solid, np.minimum(p[..., 2] - 6.3, 8.6 - p[..., 2]))
    # no ray may jump over the corner of the next house
    return np.minimum(solid, np.maximum(np.maximum(2.65 - np.abs(z), -x - 0.8), y - 9.1))


def bridge(p: np.ndarray, z: float, top: float, half: float, spring: float) -> np.ndarray:
    """A wall across the street with an arch to pass below."""
    q = p - np.array([0, 0, z], np.float32)
    body = np.maximum(np.maximum(np.abs(q[..., 2]) - 1.1, q[..., 1] - top), np.abs(q[..., 0]) - 3.6)
    rib = np.maximum(np.abs(q[..., 2]) - 1.45, np.abs(opening(q[..., 0], q[..., 1], half + 0.22, spring)) - 0.2)
    rib = np.maximum(rib, spring - 0.2 - q[..., 1])
    coping = np.minimum(box(q, (0, top, 0), (3.6, 0.14, 1.3)), box(q, (0, top - 0.5, 0), (3.6, 0.07, 1.2)))
    imposts = box(np.abs(q), (half + 0.4, spring - 0.1, 0), (0.55, 0.12, 1.3))
    solid = np.minimum(np.minimum(body, rib), np.minimum(coping, imposts))
    return np.maximum(solid, -opening(q[..., 0], q[..., 1], half, spring))


def tower(p: np.ndarray) -> np.ndarray:
    """A bell tower at the end of the street."""
    q = p - np.array([-0.9, 0, 30.0], np.float32)
    shaft = box(q, (0, 8, 0), (1.9, 8.6, 1.9))
    bells = np.minimum(*(np.maximum(opening(q[..., i], q[..., 1] - 13.2, 0.75, 1.3), 13.2 - q[..., 1]) for i in (0, 2)))
    ledges = np.minimum(box(q, (0, 12.4, 0), (2.15, 0.18, 2.15)), box(q, (0, 16.5, 0), (2.2, 0.22, 2.2)))
    roof = np.maximum(
        (np.maximum(np.abs(q[..., 0]), np.abs(q[..., 2])) * 1.9 + q[..., 1] - 20.6) * 0.46, 16.6 - q[..., 1]
    )
    return np.minimum(np.minimum(np.maximum(shaft, -bells), ledges), roof)


def people(p: np.ndarray) -> np.ndarray:
    """Distance from p [..., 3] to the people in the street, in long cloaks."""
    near = np.full(p.shape[:-1], 9.0, np.float32)
    for x, z, tall in PEOPLE:
        q = (p - np.array([x, 0.0, z], np.float32)) / tall
        around = np.hypot(q[..., 0], q[..., 2])
        cloak = np.interp(q[..., 1], [0, 0.5, 0.74, 0.82, 0.86], [0.125, 0.085, 0.115, 0.09, 0.025])
        head = np.hypot(around, q[..., 1] - 0.93) - 0.07
        near = np.minimum(near, tall * np.minimum(np.maximum(0.8 * (around - cloak), q[..., 1] - 0.87), head))
    return near


def distance(p: np.ndarray) -> np.ndarray:
    """Distance [...] (or less) from p [..., 3] to the nearest stone."""
    x, y, z = np.moveaxis(p, -1, 0)
    rise = 0.16 * np.clip(np.floor((z - 13.5) / 0.9) + 1, 0, 6)  # steps behind the first arch
    ground = y - rise - 0.03 * np.sin(1.3 * x) * np.sin(0.9 * z)
    kerb = np.maximum(2.35 - np.abs(x), y - 0.16 - rise)
    solid = np.minimum(np.minimum(ground, kerb), np.minimum(facade(p, -1, 3.0), facade(p, 1, 0.9)))
    solid = np.minimum(solid, np.minimum(bridge(p, 11.5, 5.2, 2.1, 2.3), bridge(p, 21.0, 6.0, 1.9, 3.0)))
    return np.minimum(np.minimum(solid, tower(p)), people(p))


def march(origin: np.ndarray, ray: np.ndarray, steps: int, reach: float | np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """How far [n] each ray goes before it meets stone (`reach` at most) and how near it came, relative to its way."""
    origin, ray = origin.astype(np.float32), ray.astype(np.float32)
    t, closest = np.full(len(ray), 0.05, np.float32), np.ones(len(ray), np.float32)
    active = np.arange(len(ray))
    for _ in range(steps):
        d = distance(origin[active] + t[active, None] * ray[active])
        closest[active] = np.minimum(closest[active], 30 * d / t[active])
        t[active] += 0.7 * np.clip(d, 0.004, 2.0)
        active = active[(d > 0.004) & (t[active] < reach)]
    return t, closest


def view(width: int, height: int) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """What the eye sees: points [h, w, 3], normals [h, w, 3], light [h, w] in [0, 1], and a mask [h, w] of the sky."""
    y, x = np.mgrid[:height, :width]
    u, v = (x + 0.5) / height - 0.5 * width / height, 0.5 - (y + 0.5) / height
    ray = np.stack([u - 0.02, v + 0.155, np.full(u.shape, 0.82)], axis=-1).reshape(-1, 3)
    ray /= np.linalg.norm(ray, axis=1, keepdims=True)
    t, _ = march(np.broadcast_to(EYE, ray.shape), ray, 160, FAR)
    sky = t >= FAR
    p = EYE + t[:, None] * ray
    e = 0.012 * np.eye(3)
    normal = np.stack([distance(p + e[i]) - distance(p - e[i]) for i in range(3)], axis=-1)
    normal /= np.linalg.norm(normal, axis=1, keepdims=True) + 1e-9
    start = p + 0.04 * normal
    way, closest = march(start, np.broadcast_to(SUNWARD, p.shape), 110, 18.0)
    sun = np.where(way >= 18, np.clip(closest, 0, 1), 0) * np.clip(normal @ SUNWARD, 0, 1)
    open_sky = np.mean([np.clip(distance(p + r * normal) / r, 0, 1) for r in (0.15, 0.5, 1.2)], axis=0)
    light = 0.75 * sun + 0.30 * open_sky * (0.6 + 0.4 * normal[:, 1]) + 0.05
    shape = (height, width)
    return p.reshape(*shape, 3), normal.reshape(*shape, 3), light.reshape(shape), sky.reshape(shape)
