"""Damage: bytes that are mutated, fields of another kind, and what comes of a call."""

import nst_jax as nst

WRONG = (None, True, -1, 1.5, 10**30, "x", "", [], {}, [3], {"x": 1})


def places(held, path=()):
    """The paths to every field of a JSON object."""
    for name, value in held.items():
        yield (*path, name)
        if isinstance(value, dict):
            yield from places(value, (*path, name))


def edited(held, path, *value):
    """The object with another value at a path, or without one."""
    name, *rest = path
    if rest:
        return held | {name: edited(held[name], rest, *value)}
    return held | {name: value[0]} if value else {key: each for key, each in held.items() if key != name}


def fault_of(call):
    """The message of a fault that a user can cause; "" for none."""
    try:
        call()
        return ""
    except nst.NSTError as error:
        return str(error)


def mutations(data, rng, n):
    """The same bytes with a few of them changed, a piece cut out, or the end missing."""
    for i in range(n):
        changed = bytearray(data)
        if i % 3 == 0:
            for place in rng.integers(0, len(data), size=rng.integers(1, 5)):
                changed[place] = rng.integers(256)
        else:
            start, length = rng.integers(0, len(data)), rng.integers(1, 200)
            del changed[start : (start + length if i % 3 == 1 else None)]
        yield bytes(changed)
