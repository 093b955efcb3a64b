"""Whether JAX starts: with the flags that a user has set, on the devices that there are."""

import os

from ..errors import NSTError


def why_jax_does_not_start() -> str | None:
    """What keeps JAX from starting, in one line; None if it starts."""
    try:
        import jax

        jax.devices()
    except Exception as error:  # of a flag that it cannot read, a platform that is not there, a broken installation
        return (str(error).strip().splitlines() or [type(error).__name__])[0]
    return None


def check_jax() -> None:
    """Raise an error in one line if JAX does not start.

    Raises:
        NSTError: if so; it names the flags that are set.
    """
    if fault := why_jax_does_not_start():
        remedy = f"is {', '.join(flags())} what you want?" if flags() else "run python -m nst_jax doctor"
        raise NSTError(f"JAX does not start ({fault}); {remedy}")


def flags() -> list[str]:
    """The environment's flags for JAX and XLA, as NAME=VALUE."""
    return [f"{name}={value}" for name, value in sorted(os.environ.items()) if name.startswith(("JAX_", "XLA_"))]
